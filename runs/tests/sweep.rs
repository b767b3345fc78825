//! Sweeps: the same ensemble whoever does the runs, in whatever order, however often they are killed.

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::Folder;
use engine::netcdf::{Reader, Values};

/// Two duties and two rates of re-choice, three seeds, and an arm that cannot be built.
const EXPERIMENT: &str = r#"title = "Duty and re-choice"
scenario = "small.toml"
seed = 7
replicates = 3

[[factor]]
name = "duty"
path = "measure.duty of R01.rate"

values = [0.05, 0.2]

[[factor]]
name = "rechoice"
path = "parameters.trade.rechoice_share"
unit = "per month"
values = [0.01, 0.05]
"#;

fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("duties.toml", EXPERIMENT);
    folder
}

#[test]
fn an_ensemble_does_not_depend_on_who_did_the_runs() {
    let folder = prepared("sweep-shards");
    let plan = folder.succeed("sweep plan duties.toml --dir a");
    assert!(plan.contains("18 runs: 6 arms x 3 replicates, 6 ticks each"), "{plan}");
    let run = folder.succeed("sweep run a --jobs 1");
    assert!(run.contains("18 of 18 runs done, 0 failed, 0 to do"), "{run}");
    let whole = folder.bytes("a/ensemble.h5");
    // Three parts in another order, two of them with two jobs.
    for part in ["--shard 3/3 --jobs 2", "--shard 1/3 --jobs 1", "--shard 2/3 --jobs 2"] {
        folder.succeed(&format!("sweep run duties.toml --dir b {part}"));
    }
    let merged = folder.succeed("sweep merge b");
    assert!(merged.contains("18 runs done, 0 failed, 0 missing"), "{merged}");
    assert!(whole == folder.bytes("b/ensemble.h5"), "two ensembles of one plan differ");
    // So many jobs that every run is simulated from its own first tick.
    folder.succeed("sweep run duties.toml --dir c --jobs 18 --threads 1");
    assert!(whole == folder.bytes("c/ensemble.h5"), "runs that share their first ticks differ from those that do not");
    // Merging again changes nothing, nor does running again.
    folder.succeed("sweep run b --jobs 2");
    folder.succeed("sweep merge a --out again.h5");
    assert!(whole == folder.bytes("b/ensemble.h5") && whole == folder.bytes("again.h5"));
}

#[test]
fn a_run_of_an_ensemble_is_the_run_of_its_scenario() {
    let folder = prepared("sweep-same");
    folder.succeed("sweep run duties.toml --dir a");
    let ensemble = Reader::open(&folder.path("a/ensemble.h5")).expect("an ensemble");
    let arms = ensemble.texts("arm").expect("arms");
    let seeds = ensemble.integers("seed").expect("seeds");
    let place = (0..arms.len()).filter(|&run| arms[run] == "duty=0.2 rechoice=0.05").nth(1).expect("a run");
    folder.put("alone.toml", common::SCENARIO.replace("rate = 0.1", "rate = 0.2"));
    let seed = seeds[place];
    folder.succeed(&format!(
        "run alone.toml --seed {seed} --set trade.rechoice_share=0.05 --against none --out alone.h5"
    ));
    let alone = Reader::open(&folder.path("alone.h5")).expect("a recording");
    for name in ["real_gdp", "consumer_price", "digest_high", "digest_low"] {
        let (Ok(Values::F64(_) | Values::I64(_)), Ok(one)) = (ensemble.values(name), alone.numbers_of(name)) else {
            panic!("no {name}");
        };
        let all = ensemble.numbers_of(name).expect("numbers");
        let size = one.len();
        assert_eq!(&all[place * size..(place + 1) * size], &one[..], "{name}");
    }
    // Its baseline has the same seed, no measures, and the same re-choice.
    let baseline = ensemble.integers("baseline").expect("baselines")[place] as usize;
    assert_eq!(seeds[baseline], seed);
    assert!(arms[baseline].starts_with("baseline"));
}

/// Numbers of either type.
trait Numbers {
    fn numbers_of(&self, name: &str) -> Result<Vec<f64>, engine::netcdf::NetcdfError>;
}

impl Numbers for Reader {
    fn numbers_of(&self, name: &str) -> Result<Vec<f64>, engine::netcdf::NetcdfError> {
        self.numbers(name).or_else(|_| self.integers(name).map(|x| x.into_iter().map(|x| x as f64).collect()))
    }
}

#[test]
fn workers_that_are_killed_lose_nothing_and_repeat_nothing() {
    let folder = prepared("sweep-killed");
    folder.succeed("sweep run duties.toml --dir whole");
    let whole = folder.bytes("whole/ensemble.h5");
    let (mut ended, mut finished) = (0, 0);
    for round in 0..100_u64 {
        let jobs = 1 + round % 2;
        let mut worker = folder
            .command(&format!("sweep run duties.toml --dir killed --jobs {jobs}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // Moments spread over the time that some runs take.
        std::thread::sleep(Duration::from_millis(15 + engine::rng::hash(round, 1, 2) % 150));
        let _ = worker.kill();
        let _ = worker.wait();
        let status = folder.autarky("sweep status killed");
        if !status.status.success() {
            // Killed before the plan was there.
            assert!(!folder.path("killed/plan.json").exists());
            continue;
        }
        let text = String::from_utf8(status.stdout).expect("text");
        let count: usize = text
            .lines()
            .find_map(|line| line.split_once(" of 18 runs done, 0 failed"))
            .and_then(|(count, _)| count.parse().ok())
            .unwrap_or_else(|| panic!("{text}"));
        assert!(count >= ended, "a run was lost: {text}");
        ended = count;
        if folder.path("killed/ensemble.h5").exists() {
            assert!(whole == folder.bytes("killed/ensemble.h5"), "the ensemble differs after kills");
            std::fs::remove_dir_all(folder.path("killed")).expect("removed");
            (ended, finished) = (0, finished + 1);
        }
    }
    folder.succeed("sweep run duties.toml --dir killed --jobs 2");
    assert!(whole == folder.bytes("killed/ensemble.h5"), "the ensemble differs after kills");
    let status = folder.succeed("sweep status killed");
    assert!(!status.contains("more than once"), "{status}");
    assert!(finished < 50, "the workers were hardly ever killed at work: {finished} sweeps ended");
}

#[test]
fn an_interrupted_run_goes_on_from_its_checkpoint() {
    let folder = prepared("sweep-interrupted");
    folder.put("duties.toml", EXPERIMENT.replace("seed = 7", "seed = 7\nticks = 400").replace("= 3\n", "= 1\n"));
    let mut worker = folder
        .command("sweep run duties.toml --dir a --jobs 1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(Duration::from_millis(900));
    std::process::Command::new("kill").arg(worker.id().to_string()).status().expect("a signal is sent");
    let code = worker.wait().expect("it ends").code();
    assert_eq!(code, Some(85), "exit code of an interrupted sweep");
    assert_eq!(std::fs::read_dir(folder.path("a/checkpoints")).expect("checkpoints").count(), 1);
    folder.succeed("sweep run a --jobs 2");
    assert_eq!(std::fs::read_dir(folder.path("a/checkpoints")).expect("checkpoints").count(), 0);
    folder.succeed("sweep run duties.toml --dir b --jobs 1");
    assert!(folder.bytes("a/ensemble.h5") == folder.bytes("b/ensemble.h5"));
}

#[test]
fn a_failing_arm_is_recorded_and_stops_no_other() {
    let folder = prepared("sweep-failing");
    let listed = r#"scenario = "small.toml"
seed = 1
replicates = 2
baseline = false

[[factor]]
name = "households"
path = "size.households_per_region"

[[arm]]
name = "good"
households = 300

[[arm]]
name = "too small"
households = 3
"#;
    folder.put("list.toml", listed);
    let run = folder.succeed("sweep run list.toml --dir a");
    assert!(run.contains("2 of 4 runs done, 2 failed, 0 to do"), "{run}");
    assert!(run.contains("failed 2 x:"), "{run}");
    let ensemble = Reader::open(&folder.path("a/ensemble.h5")).expect("an ensemble");
    assert_eq!(ensemble.texts("status").expect("status"), ["done", "failed", "done", "failed"]);
    let failures = ensemble.texts("failure").expect("failures");
    assert!(failures[0].is_empty() && failures[1].starts_with("after 0 ticks (code 3)"), "{failures:?}");
    let prices = ensemble.numbers("consumer_price").expect("prices");
    let size = prices.len() / 4;
    assert!(prices[..size].iter().all(|x| x.is_finite()) && prices[size..2 * size].iter().all(|x| x.is_nan()));
    // Failed runs are done again when asked to, and fail again.
    let again = folder.succeed("sweep run a --retry");
    assert!(again.contains("2 of 4 runs done, 2 failed, 0 to do"), "{again}");
}

#[test]
fn what_does_not_fit_together_is_named() {
    let folder = prepared("sweep-errors");
    folder.succeed("sweep run duties.toml --dir a --jobs 1");
    let fails = |arguments: &str, code: i32, expected: &[&str]| {
        let output = folder.autarky(arguments);
        let text = String::from_utf8(output.stderr).expect("text").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {text}");
        for expected in expected {
            assert!(text.replace("│ ", "").contains(expected), "{arguments}: {text}");
        }
    };
    folder.put("unit.toml", EXPERIMENT.replace("per month", "months"));
    fails("sweep plan unit.toml", 3, &["rechoice", "unit"]);
    folder.put("path.toml", EXPERIMENT.replace("rechoice_share", "rechoice_rate"));
    fails("sweep plan path.toml", 3, &["rechoice_rate"]);
    folder.put("rate.toml", EXPERIMENT.replace("0.2]", "\"high\"]"));
    fails("sweep plan rate.toml", 3, &["duty", "high is not a number"]);
    folder.put("other.toml", EXPERIMENT.replace("seed = 7", "seed = 8"));
    fails("sweep run other.toml --dir a", 5, &["holds another plan", "--dir"]);
    fails("sweep status nowhere", 5, &["there is no plan"]);
    fails("sweep run a --shard 4/3", 3, &["--shard 4/3", "i from 1 to n"]);
    fails("sweep run a --shard auto", 3, &["no job array"]);
    folder.succeed("sweep run duties.toml --dir half --shard 1/2");
    fails("sweep merge half", 5, &["9 of 18 runs have not ended", "--partial"]);
    folder.succeed("sweep merge half --partial");
    // A shard of another plan.
    folder.succeed("sweep plan other.toml --dir other");
    std::fs::create_dir_all(folder.path("other/shards")).expect("a folder");
    let shard = "shards/part-00000-of-00001-000.shard";
    std::fs::copy(folder.path("a").join(shard), folder.path("other").join(shard)).expect("copied");
    fails("sweep status other", 5, &["belongs to another plan"]);
    // A damaged shard: one byte in the middle.
    let mut bytes = folder.bytes(&format!("a/{shard}"));
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    folder.put(&format!("a/{shard}"), &bytes);
    fails("sweep merge a", 5, &["is damaged", "checksum"]);
    // A torn shard is cut, and what was lost is done again.
    let kept = bytes.len() - 10;
    bytes[middle] ^= 1;
    let before = folder.bytes("a/ensemble.h5");
    folder.put(&format!("a/{shard}"), &bytes[..kept]);
    let status = folder.succeed("sweep status a");
    assert!(status.contains("17 of 18 runs done"), "{status}");
    folder.succeed("sweep run a");
    assert!(before == folder.bytes("a/ensemble.h5"));
}

#[test]
fn runs_are_reproduced_from_the_file_they_are_in() {
    let folder = prepared("reproduce");
    folder.succeed("run small.toml --against none --out one.h5");
    let again = folder.succeed("reproduce one.h5 --threads 1");
    assert!(again.contains("small, seed 3: 6 ticks") && again.contains("identical: 9 parts"), "{again}");
    folder.succeed("sweep run duties.toml --dir a");
    let again = folder.succeed("reproduce a/ensemble.h5");
    assert!(again.contains("identical"), "{again}");
    let ensemble = Reader::open(&folder.path("a/ensemble.h5")).expect("an ensemble");
    let Some(Values::Text(ids)) = ensemble.dimension("run").expect("runs").coordinates else { panic!("no ids") };
    let again = folder.succeed(&format!("reproduce a/ensemble.h5 --run {}", ids[7]));
    assert!(again.contains(&ids[7]) && again.contains("identical"), "{again}");
    let unknown = folder.autarky("reproduce a/ensemble.h5 --run 0123");
    assert_eq!(unknown.status.code(), Some(3));
    // A world whose tables changed cannot be reproduced.
    folder.put("other.toml", common::SCENARIO.replace("./tiny", "./tiny2"));
    std::fs::create_dir(folder.path("tiny2")).expect("a folder");
    for (name, text) in agents::calibration::CalibrationFiles::NAMES
        .iter()
        .zip(agents::calibration::synthetic(3, 5, 8).to_files().texts())
    {
        folder.put(&format!("tiny2/{name}"), text);
        folder.put(&format!("tiny/{name}"), text);
    }
    let changed = folder.autarky("reproduce one.h5");
    assert_eq!(changed.status.code(), Some(3), "{}", common::shown(&changed));
}
