//! What it takes to summarize a large ensemble: time and peak memory of `report` and of `sweep effects`.
//!
//! `cargo bench -p runs --bench summary [-- RUNS]`: an ensemble of so many runs (1,000) of the world of 15 regions and 240
//! ticks, with as many values as 200 variables by region have. Two real runs stand for all, each copy with noise of its own.

#[path = "../tests/cli/common/mod.rs"]
mod common;

use std::time::Instant;

use agents::record::Detail;
use common::Folder;
use engine::netcdf::{Content, Values, Variable};
use engine::rng::hash;
use runs::checkpoint::Options;
use runs::session::Session;
use runs::sweep::plan::Bench;
use runs::sweep::shard::{Writer, frame_of};

const OPTIONS: Options = Options { audit_stops: true, detail: Detail::Full, compare: false };

const TICKS: u32 = 240;

/// Values a tick that 200 variables of 15 regions have.
const VALUES: usize = 200 * 15;

/// Variables with more dimensions that the figures of a report need.
const CUBES: [&str; 9] = [
    "imports_bilateral",
    "real_consumption_decile",
    "market_income_decile",
    "disposable_income_decile",
    "consumer_price_decile",
    "sector_real_output",
    "sector_output",
    "imports_product",
    "duties_product",
];

fn main() {
    let runs: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(1000);
    let folder = Folder::new("bench-summary");
    let experiment = |variables: &str| {
        format!(
            "scenario = \"us-uniform-10\"\nreplicates = {}\nticks = {TICKS}\nhouseholds_per_region = 300\n[outputs]\nvariables = [{variables}]\n",
            runs / 2
        )
    };
    folder.put("probe.toml", experiment(""));
    folder.succeed("sweep plan probe.toml --dir probe");
    let probe = Bench::open(&folder.path("probe")).expect("a plan");
    let names = chosen(&probe);
    folder.put("e.toml", experiment(&names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")));
    folder.succeed("sweep plan e.toml --dir s");
    let bench = Bench::open(&folder.path("s")).expect("a plan");
    fill(&folder, &bench);
    let merging = Instant::now();
    folder.succeed("sweep merge s");
    let size = folder.path("s/ensemble.h5").metadata().expect("a file").len() as f64 / 1e9;
    println!(
        "ensemble of {} runs, {} variables, {size:.1} GB, merged in {:.0} s",
        bench.plan.runs.len(),
        names.len(),
        merging.elapsed().as_secs_f64()
    );
    let by_region = names.iter().filter(|name| !CUBES.contains(&name.as_str()));
    let all: Vec<String> = by_region.map(|name| format!("--variable {name}")).collect();
    for command in
        ["report s/ensemble.h5 --out page.html".to_owned(), format!("sweep effects s --csv all.csv {}", all.join(" "))]
    {
        let (seconds, peak) = measured(&folder, &command);
        let shown: String = command.chars().take(40).collect();
        println!("{shown:<40} {seconds:>6.1} s {:>6.0} MB", peak / 1e6);
    }
}

/// Names of variables that together have the values wanted: all by region, those of the figures, and others by industry.
fn chosen(bench: &Bench) -> Vec<String> {
    let mut session =
        Session::begin(bench.config(0, 0).expect("configured"), bench.calibration(0), OPTIONS).expect("a world");
    session.step().expect("sound accounts");
    let recorder = session.into_recorder();
    let content = recorder.content();
    let over = |variable: &Variable<'_>| -> Vec<String> {
        variable.dimensions.iter().map(|&at| content.dimensions[at].name.clone()).collect()
    };
    let length = |variable: &Variable<'_>| variable.values.len();
    let region = |variable: &&Variable<'_>| over(variable) == ["time", "region"];
    let mut names: Vec<String> = content.variables.iter().filter(region).map(|x| x.name.clone()).collect();
    names.extend(CUBES.map(str::to_owned));
    let count =
        |names: &[String]| -> usize { content.variables.iter().filter(|x| names.contains(&x.name)).map(length).sum() };
    for variable in &content.variables {
        if count(&names) >= VALUES {
            break;
        }
        if over(variable) == ["time", "region", "industry"] && !names.contains(&variable.name) {
            names.push(variable.name.clone());
        }
    }
    assert!(count(&names) >= VALUES, "{} values a tick", count(&names));
    names
}

/// Writes shards as if the runs had been done.
fn fill(folder: &Folder, bench: &Bench) {
    let arms: Vec<_> = (0..bench.plan.arms.len())
        .map(|arm| {
            let config = bench.config(arm, 0).expect("configured");
            let mut session = Session::begin(config, bench.calibration(arm), OPTIONS).expect("a world");
            for _ in 0..TICKS {
                session.step().expect("sound accounts");
            }
            session.into_recorder()
        })
        .collect();
    std::thread::scope(|scope| {
        for part in 0..2 {
            let arms = &arms;
            scope.spawn(move || {
                let frame = frame_of(&arms[0].content(), &bench.plan.variables, false).expect("a frame");
                let name = format!("part-{part}");
                let mut writer = Writer::open(&folder.path("s"), &name, bench.digest(), 1).expect("a shard");
                for (number, run) in bench.plan.runs.iter().enumerate().skip(part).step_by(2) {
                    let content = arms[run.arm].content();
                    let content = noisy(&content, &bench.plan.variables, run.replicate as u64);
                    writer.done(number, 7, 1.0, &frame, &content, false).expect("written");
                }
            });
        }
    });
}

/// The same with noise of a thousandth in what is kept, which the arms of a replicate share.
fn noisy<'a>(content: &'a Content<'a>, kept: &[String], replicate: u64) -> Content<'a> {
    let mut content = content.clone();
    let noise = |place: usize| 1.0 + 1e-3 * (hash(replicate, 1, place as u64) as f64 / u64::MAX as f64 - 0.5);
    for variable in content.variables.iter_mut().filter(|x| kept.contains(&x.name)) {
        variable.values = match &variable.values {
            Values::F64(all) => Values::F64(all.iter().enumerate().map(|(n, x)| x * noise(n)).collect()),
            Values::I64(all) => {
                Values::I64(all.iter().enumerate().map(|(n, x)| (*x as f64 * noise(n)) as i64).collect())
            }
            other => other.clone(),
        };
    }
    content
}

/// Seconds and peak bytes of memory of the program.
fn measured(folder: &Folder, arguments: &str) -> (f64, f64) {
    let start = Instant::now();
    let mut child = folder.command(arguments).stdout(std::process::Stdio::null()).spawn().expect("the program starts");
    let mut peak = 0.0;
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
        peak = f64::max(peak, 1e3 * kilobytes.unwrap_or(0.0));
        if let Some(ended) = child.try_wait().expect("a child") {
            assert!(ended.success(), "{arguments}");
            return (start.elapsed().as_secs_f64(), peak);
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
