//! Sweeps: the same ensemble whoever does the runs, in whatever order, however often they are killed.

use std::process::Stdio;
use std::time::Duration;

use crate::common::Folder;
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
    folder.put("alone.toml", crate::common::SCENARIO.replace("rate = 0.1", "rate = 0.2"));
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
    let again = folder.succeed("sweep retry a");
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
    assert!(again.contains("small, seed 3: 6 ticks") && again.contains("identical: 27 parts"), "{again}");
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
    folder.put("other.toml", crate::common::SCENARIO.replace("./tiny", "./tiny2"));
    std::fs::create_dir(folder.path("tiny2")).expect("a folder");
    for (name, text) in configs::calibration::CalibrationFiles::NAMES
        .iter()
        .zip(configs::calibration::synthetic(3, 5, 8).to_files().texts())
    {
        folder.put(&format!("tiny2/{name}"), text);
        folder.put(&format!("tiny/{name}"), text);
    }
    let changed = folder.autarky("reproduce one.h5");
    assert_eq!(changed.status.code(), Some(3), "{}", crate::common::shown(&changed));
}

#[test]
fn files_are_verified_without_running_them() {
    let folder = prepared("verify");
    folder.succeed("run small.toml --against none --out one.h5 --checkpoint-every 6");
    let text = folder.succeed("verify one.h5");
    for part in ["ok     checksums: ", "identities: 27 hold", "no identity failed", "tiny has digest", "one.h5: sound"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(folder.succeed("verify one.ckpt").contains("after tick 6"));
    folder.succeed("sweep run duties.toml --dir a");
    let text = folder.succeed("verify a/ensemble.h5");
    for part in ["ids and seeds of all 18", "no seed twice", "ok     identities: 11 hold", "ensemble.h5: sound"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(folder.succeed("verify a").contains("a: sound"));
    // One bit of a compressed variable of either.
    for (file, kind) in [("one.h5", "checksum of "), ("a/ensemble.h5", "checksum of ")] {
        let bytes = folder.bytes(file);
        let content = |name: &str| {
            let reader = Reader::open(&folder.path(name)).ok()?;
            let variables = reader.variables().ok()?;
            Some(variables.iter().map(|x| reader.values(&x.name).ok().map(|x| format!("{x:?}"))).collect::<Vec<_>>())
        };
        let good = content(file);
        // Where such a chunk may begin: not what HDF5 itself notices as the variables are listed, nor what is unused.
        let mut places = bytes.windows(2).enumerate().filter(|x| x.1 == [0x78, 0x01]).map(|x| x.0 + 12);
        let damaged = places.any(|place| {
            let mut bytes = bytes.clone();
            bytes[place] ^= 16;
            folder.put("damaged.h5", &bytes);
            content("damaged.h5").is_some_and(|found| Some(found) != good)
        });
        assert!(damaged, "no compressed chunk in {file}");
        let output = folder.autarky("verify damaged.h5");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{}", crate::common::shown(&output));
        assert!(text.contains("WRONG") && text.contains(kind) && text.contains("damaged.h5: NOT sound"), "{text}");
    }
    // A world whose tables changed is not the one that was run.
    for (name, text) in configs::calibration::CalibrationFiles::NAMES
        .iter()
        .zip(configs::calibration::synthetic(3, 5, 8).to_files().texts())
    {
        folder.put(&format!("tiny/{name}"), text);
    }
    let output = folder.autarky("verify one.h5");
    assert_eq!(output.status.code(), Some(1), "{}", crate::common::shown(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("its tables have changed"));
}

#[test]
fn ensembles_are_compared_by_plan_then_run_by_run() {
    let folder = prepared("sweep-diff");
    folder.put("more.toml", EXPERIMENT.replace("[0.05, 0.2]", "[0.05, 0.3]"));
    folder.succeed("sweep run duties.toml --dir a");
    folder.succeed("sweep run duties.toml --dir b --jobs 1");
    folder.succeed("sweep run more.toml --dir c");
    let same = folder.succeed("diff a/ensemble.h5 b/ensemble.h5");
    assert_eq!(
        same,
        "plan: equal\nruns: 18 in both, 0 in the first only, 0 in the second only\nruns in both: 18 equal, 0 differ\n"
    );
    let output = folder.autarky("diff a/ensemble.h5 c/ensemble.h5");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [
        "factor[1].values: [0.05, 0.2] / [0.05, 0.3]",
        "12 in both, 6 in the first only, 6 in the second only",
        "12 equal, 0 differ",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    folder.succeed("run small.toml --against none --out one.h5");
    let output = folder.autarky("diff one.h5 a/ensemble.h5");
    assert_eq!(output.status.code(), Some(3), "{}", crate::common::shown(&output));
}

#[test]
fn shards_of_other_programs_are_named() {
    let folder = prepared("sweep-versions");
    for part in ["1/2", "2/2"] {
        folder.succeed(&format!("sweep run duties.toml --dir a --jobs 1 --shard {part}"));
    }
    // The header of a shard says which version wrote it.
    let name = "a/shards/part-00001-of-00002-000.shard";
    let good = folder.bytes(name);
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    let at = good.windows(version.len()).position(|window| window == version).expect("a version");
    let mut other = good.clone();
    other[at] = b'9';
    folder.put(name, &other);
    let fails = |arguments: &str| {
        let output = folder.autarky(arguments);
        assert_eq!(output.status.code(), Some(5), "{}", crate::common::shown(&output));
        let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("version 9") && text.contains("different programs cannot stand in one"), "{text}");
    };
    fails("sweep merge a");
    fails("sweep run a --jobs 1 --shard 2/2 --retry");
    // Before anything is computed that could not be merged, in a shard of its own too.
    let shards = || std::fs::read_dir(folder.path("a/shards")).expect("shards").count();
    let before = shards();
    fails("sweep run a --jobs 1 --shard 1/3");
    fails("sweep submit a --dry-run --retry --tasks 2");
    assert_eq!(shards(), before);
    let output = folder.autarky("verify a");
    assert_eq!(output.status.code(), Some(1), "{}", crate::common::shown(&output));
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("WRONG  a/shards/part-00000-of-00002-000.shard was written")
    );
    folder.put(name, &good);
    folder.succeed("sweep merge a");
}

#[test]
fn parts_come_from_job_arrays() {
    let folder = prepared("sweep-arrays");
    let run = |variables: &[(&str, &str)], shard: &str| {
        let mut command = folder.command(&format!("sweep run duties.toml --dir a --jobs 1 --shard {shard}"));
        command.envs(variables.iter().copied()).output().expect("the program starts")
    };
    let slurm = [("SLURM_ARRAY_TASK_ID", "10"), ("SLURM_ARRAY_TASK_MIN", "10"), ("SLURM_ARRAY_TASK_COUNT", "6")];
    let sge = [("SGE_TASK_ID", "3"), ("SGE_TASK_FIRST", "1"), ("SGE_TASK_LAST", "11"), ("SGE_TASK_STEPSIZE", "2")];
    let done = |count: usize| {
        let status = folder.succeed("sweep status a");
        assert!(status.contains(&format!("{count} of 18 runs done")), "{status}");
    };
    // Each is another sixth.
    for (n, (variables, shard)) in [
        (&slurm[..], "auto"),
        (&sge[..], "auto"),
        (&[("JOB_COMPLETION_INDEX", "2")][..], "auto/6"),
        (&[("PBS_ARRAY_INDEX", "4")][..], "auto/6"),
        (&[("PBS_ARRAYID", "5")][..], "auto/6"),
        (&[][..], "6/6"),
    ]
    .into_iter()
    .enumerate()
    {
        let output = run(variables, shard);
        assert!(output.status.success(), "{}", crate::common::shown(&output));
        done(3 * (n + 1));
    }
    let gaps = [
        ("SLURM_ARRAY_TASK_ID", "5"),
        ("SLURM_ARRAY_TASK_MIN", "1"),
        ("SLURM_ARRAY_TASK_MAX", "9"),
        ("SLURM_ARRAY_TASK_COUNT", "3"),
    ];
    let output = run(&gaps, "auto");
    assert_eq!(output.status.code(), Some(3), "{}", crate::common::shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("have gaps"), "{}", crate::common::shown(&output));
    let output = run(&slurm, "auto/7");
    assert_eq!(output.status.code(), Some(3), "{}", crate::common::shown(&output));
    let output = run(&[("PBS_ARRAY_INDEX", "4")], "auto");
    assert_eq!(output.status.code(), Some(3), "{}", crate::common::shown(&output));
}
