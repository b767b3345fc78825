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
    let runs: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(40);
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

/// Runs without a sweep, a sweep with one job and one with two, by turns.
fn throughput(runs: usize) {
    let folder = Folder::new("bench-sweep");
    folder.put("e.toml", experiment(runs));
    folder.succeed("sweep plan e.toml --dir plan");
    let bench = Bench::open(&folder.path("plan")).expect("a plan");
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let (mut bare, mut one, mut two) = (0.0, 0.0, 0.0);
    for round in 0..2 {
        bare += seconds(|| {
            single.install(|| {
                for run in &bench.plan.runs {
                    let config = bench.config(run.arm, run.replicate).expect("a configuration");
                    let ticks = config.ticks;
                    let mut session = Session::begin(config, bench.calibration(run.arm), OPTIONS).expect("a world");
                    for _ in 0..ticks {
                        session.step().expect("sound accounts");
                    }
                    assert!(session.into_recorder().content().variables.len() > 100);
                }
            });
        });
        one += seconds(|| drop(folder.succeed(&format!("sweep run e.toml --dir one{round} --jobs 1 --threads 1"))));
        two += seconds(|| drop(folder.succeed(&format!("sweep run e.toml --dir two{round} --jobs 2 --threads 1"))));
    }
    let count = 2.0 * runs as f64;
    println!("{runs} runs of {:.2} s each, twice, one thread a run", bare / count);
    println!("  sweep with one job over bare runs: {:.4} (plan, world, shards, ensemble and all)", one / bare);
    println!("  throughput of two jobs over one:   {:.3}", one / two);
    assert!(folder.bytes("one0/ensemble.h5") == folder.bytes("two1/ensemble.h5"), "the ensembles differ");
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
