//! What a sweep costs beside its runs: throughput of two jobs over one, overhead, planning, status, and memory of a merge.
//!
//! `cargo bench -p runs --bench sweep [-- RUNS] [throughput] [planning] [merging]`: ratios of one machine and moment; times of runs are about a second.

#[path = "../tests/cli/common/mod.rs"]
mod common;

use std::time::Instant;

use agents::record::Detail;
use common::Folder;
use runs::checkpoint::Options;
use runs::session::Session;
use runs::sweep::plan::Bench;
use runs::sweep::shard::{Writer, frame_of};

const OPTIONS: Options = Options { audit_stops: true, detail: Detail::Full, compare: false };

/// Real world, runs of about a second, a baseline and nothing shared.
fn experiment(runs: usize) -> String {
    format!(
        "scenario = \"baseline\"\nseed = 3\nreplicates = {runs}\nticks = 24\nhouseholds_per_region = 2000\nbaseline = false\n"
    )
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// A number in the facts beside an ensemble.
fn fact(folder: &Folder, file: &str, name: &str) -> f64 {
    let text = String::from_utf8(folder.bytes(file)).expect("text");
    let line = text.lines().find(|line| line.trim_start().starts_with(&format!("\"{name}\":"))).expect("a fact");
    let number = line.split_once(':').expect("a value").1.trim().trim_end_matches(',');
    number.parse().expect("a number")
}

fn main() {
    let runs: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(10);
    let parts = ["throughput", "planning", "merging"];
    let named: Vec<String> = std::env::args().skip(1).filter(|text| parts.contains(&text.as_str())).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("throughput") {
        throughput(runs);
    }
    if wanted("planning") {
        planning();
    }
    if wanted("merging") {
        merging();
    }
}

/// Sweeps with one job and with two, by turns, each try short: one that is disturbed does not decide, since medians are told.
fn throughput(runs: usize) {
    let folder = Folder::new("bench-sweep");
    folder.put("e.toml", experiment(runs));
    let sweep = |dir: &str, jobs: usize| {
        folder.succeed(&format!("sweep plan e.toml --dir {dir}"));
        let wall = seconds(|| drop(folder.succeed(&format!("sweep run {dir} --jobs {jobs} --threads 1"))));
        (wall, fact(&folder, &format!("{dir}/ensemble.h5.json"), "seconds"))
    };
    let (mut ratios, mut shares, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        let (one, two) = (format!("one{pair}"), format!("two{pair}"));
        // Whichever is first: what drifts strikes both alike.
        let (first, second) = if pair % 2 == 0 {
            (sweep(&one, 1), sweep(&two, 2))
        } else {
            let second = sweep(&two, 2);
            (sweep(&one, 1), second)
        };
        println!("  one job {:.2} s, two jobs {:.2} s", first.0, second.0);
        ratios.push(first.0 / second.0);
        shares.push((first.0 - first.1) / first.1);
        lengths.push(first.1 / runs as f64);
        assert!(
            folder.bytes(&format!("{one}/ensemble.h5")) == folder.bytes(&format!("{two}/ensemble.h5")),
            "the ensembles differ"
        );
    }
    println!("{runs} runs of {:.2} s each, one thread a run; medians of {PAIRS} pairs of tries", median(&mut lengths));
    println!("  throughput of two jobs over one:            {:.3}", median(&mut ratios));
    println!(
        "  whole call but the runs over the runs:      {:.2}% (reading the plan, shards, ensemble and all)",
        100.0 * median(&mut shares)
    );
}

/// Pairs of tries.
const PAIRS: usize = 7;

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Plan and status of ten thousand runs.
fn planning() {
    let folder = Folder::new("bench-plan");
    let arms = (0..50).map(|k| format!("{:.4}", f64::from(k) * 0.004)).collect::<Vec<_>>().join(", ");
    folder.put(
        "e.toml",
        format!(
            "scenario = \"us-uniform-10\"\nreplicates = 200\nbaseline = false\n[[factor]]\nname = \"duty\"\npath = \"measure.US uniform duty of 10 points.rate\"\nvalues = [{arms}]\n[outputs]\nvariables = [\"real_gdp\"]\n"
        ),
    );
    let plan = seconds(|| drop(folder.succeed("sweep plan e.toml --dir s")));
    let status = seconds(|| drop(folder.succeed("sweep status s")));
    folder.put(
        "many.toml",
        "scenario = \"us-uniform-10\"\n[design]\nkind = \"saltelli\"\nsamples = 1024\n[[factor]]\nname = \"duty\"\npath = \"measure.US uniform duty of 10 points.rate\"\nrange = [0.0, 0.3]\n[[factor]]\nname = \"rechoice\"\npath = \"parameters.trade.rechoice_share\"\nrange = [0.1, 0.6]\n[[factor]]\nname = \"urgency\"\npath = \"parameters.trade.rechoice_urgency\"\nrange = [1.0, 8.0]\n[outputs]\nvariables = [\"real_gdp\"]\n",
    );
    let many = seconds(|| drop(folder.succeed("sweep plan many.toml --dir many")));
    let text = String::from_utf8(folder.bytes("many/plan.json")).expect("text");
    let runs = text.matches("\"replicate\":").count();
    println!("plan of 10,000 runs (50 arms): {plan:.2} s; status {status:.2} s; plan of {runs} arms: {many:.2} s");
}

/// Peak memory of a merge of so many runs, each with all variables by region over 60 ticks.
fn merging() {
    let folder = Folder::new("bench-merge");
    for runs in [1000, 10_000] {
        folder.put("e.toml", format!("scenario = \"small.toml\"\nticks = 60\nreplicates = {runs}\nbaseline = false\n"));
        folder.succeed(&format!("sweep plan e.toml --dir s{runs}"));
        let path = folder.path(&format!("s{runs}"));
        let bench = Bench::open(&path).expect("a plan");
        let config = bench.config(0, 0).expect("a configuration");
        let mut session = Session::begin(config, bench.calibration(0), OPTIONS).expect("a world");
        for _ in 0..60 {
            session.step().expect("sound accounts");
        }
        let recorder = session.into_recorder();
        let content = recorder.content();
        let frame = frame_of(&content, &[], false).expect("a frame");
        // One run stands for all: what is measured is the merge.
        for part in 0..4 {
            let mut writer = Writer::open(&path, &format!("part-{part}"), bench.digest(), 1).expect("a shard");
            for run in (part..runs).step_by(4) {
                writer.done(run, 7, 1.0, &frame, &content, false).expect("written");
            }
        }
        let time = seconds(|| drop(folder.succeed(&format!("sweep merge s{runs}"))));
        let peak = fact(&folder, &format!("s{runs}/ensemble.h5.json"), "peak_memory_bytes") / 1e6;
        let size = folder.path(&format!("s{runs}/ensemble.h5")).metadata().expect("a file").len() as f64 / 1e6;
        let status = seconds(|| drop(folder.succeed(&format!("sweep status s{runs}"))));
        println!(
            "merge of {runs} runs: {time:.1} s, {size:.0} MB, peak memory {peak:.0} MB; status then {status:.2} s"
        );
    }
}
