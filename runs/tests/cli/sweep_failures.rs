//! Sweeps in which something goes wrong: runs that fail, are interrupted or killed, files that do not fit together.

use std::fmt::Write as _;
use std::process::{Child, Stdio};
use std::time::Duration;

use agents::state::Regions;
use engine::netcdf::{AttributeValue, Reader};
use runs::checkpoint::Options;
use runs::session::Session;
use runs::sweep::plan::Bench;
use runs::sweep::shard::{Writer, frame_of};

use crate::common::{DUTIES, Folder, shown};

const OPTIONS: Options = Options { audit_stops: true, detail: agents::record::Detail::Full, compare: false };

fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("duties.toml", DUTIES);
    folder
}

/// A checkpoint of a run from which its accounts fail in the fourth tick.
fn undermine(folder: &Folder, sweep: &str, run: usize) -> String {
    let bench = Bench::open(&folder.path(sweep)).expect("a plan");
    let planned = &bench.plan.runs[run];
    let config = bench.config(planned.arm, planned.replicate).expect("a configuration");
    let mut session = Session::begin(config, bench.calibration(planned.arm), OPTIONS).expect("a world");
    for _ in 0..3 {
        session.step().expect("sound accounts");
    }
    session.tamper(|sim| {
        sim.tamper::<Regions>(|regions| regions.claims[(agents::axes::Holder(0), agents::axes::Debtor(1))] += 1);
    });
    std::fs::create_dir_all(folder.path(&format!("{sweep}/checkpoints"))).expect("a folder");
    session.save(&folder.path(&format!("{sweep}/checkpoints/{}.ckpt", planned.id))).expect("written");
    planned.id.clone()
}

/// What the program says on standard error, as one line.
fn complaint(folder: &Folder, arguments: &str, code: i32) -> String {
    let output = folder.autarky(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {}", shown(&output));
    let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn values_of_runs_that_were_not_done_are_missing() {
    let folder = prepared("sweep-missing");
    folder.succeed("sweep run duties.toml --dir whole");
    folder.succeed("sweep plan duties.toml --dir a");
    // Runs lie replicate by replicate, the baseline first.
    undermine(&folder, "a", 0);
    let text = folder.succeed("sweep run a");
    assert!(text.contains("8 of 9 runs done, 1 failed"), "{text}");
    let fill = |file: &str| {
        let reader = Reader::open(&folder.path(file)).expect("an ensemble");
        let attributes = reader.variable("real_gdp").expect("real GDP").attributes;
        attributes.into_iter().find(|x| x.0 == "_FillValue").map(|x| x.1)
    };
    assert_eq!(fill("a/ensemble.h5"), Some(AttributeValue::Integer(i64::MIN)));
    // Where nothing is missing, integers stay integers.
    assert_eq!(fill("whole/ensemble.h5"), None);
    assert!(folder.succeed("verify a/ensemble.h5").contains("ensemble.h5: sound"));
    let effects = folder.succeed("sweep effects a --region R01 --ticks 4-6 --variable real_gdp");
    let pairs: Vec<&str> = effects.lines().filter(|line| line.starts_with("duty=")).collect();
    assert_eq!(pairs.len(), 2, "{effects}");
    assert!(pairs.iter().all(|line| line.split_whitespace().rev().nth(1) == Some("2")), "{effects}");
    // Two ensembles in which a run was done in neither say so.
    folder.succeed("sweep plan duties.toml --dir b");
    undermine(&folder, "b", 0);
    folder.succeed("sweep run b --jobs 1");
    let text = folder.succeed("diff a/ensemble.h5 b/ensemble.h5");
    assert!(text.contains("runs in both: 8 equal, 0 differ, 1 done in neither"), "{text}");
    let ready = std::process::Command::new("python3").args(["-c", "import xarray, h5netcdf, netCDF4"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        crate::common::skipped("python3 with xarray, h5netcdf and netCDF4 is not there");
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/failed_runs.py");
    let output = std::process::Command::new("python3").arg(script).arg(folder.path("a/ensemble.h5")).output();
    let output = output.expect("python3");
    assert!(output.status.success(), "{}", shown(&output));
}

/// A run that goes wrong on its way: its accounts fail after three ticks, since its checkpoint was tampered with.
#[test]
fn a_run_that_fails_half_way_keeps_its_ticks() {
    let folder = prepared("sweep-half-way");
    folder.succeed("sweep run duties.toml --dir whole");
    folder.succeed("sweep plan duties.toml --dir a");
    let id = undermine(&folder, "a", 1);
    let text = folder.succeed("sweep run a");
    assert!(text.contains("8 of 9 runs done, 1 failed") && text.contains(&format!("a/failed/{id}.h5")), "{text}");
    let kept = Reader::open(&folder.path(&format!("a/failed/{id}.h5"))).expect("a recording");
    assert_eq!(kept.dates().expect("dates").len(), 3);
    let ensemble = Reader::open(&folder.path("a/ensemble.h5")).expect("an ensemble");
    let failure = &ensemble.texts("failure").expect("failures")[1];
    assert!(failure.starts_with("after 3 ticks (code 7): the accounts do not balance"), "{failure}");
    let text = folder.succeed("sweep effects a --region R01 --ticks 4-6 --variable real_gdp");
    assert!(text.contains("9 runs: 8 done, 1 failed, 0 missing"), "{text}");
    // Done again, it begins anew.
    folder.succeed("sweep retry a");
    assert!(folder.bytes("whole/ensemble.h5") == folder.bytes("a/ensemble.h5"));
}

/// Where all runs fail alike, what the first of them had done is kept, not that of thousands.
#[test]
fn what_is_kept_of_failed_runs_is_limited() {
    let folder = prepared("sweep-kept");
    let many = DUTIES.replace("replicates = 3", "replicates = 54\nbaseline = false").replace("[0.05, 0.2]", "[0.2]");
    folder.put("many.toml", many);
    folder.succeed("sweep plan many.toml --dir a");
    for run in 1..54 {
        undermine(&folder, "a", run);
    }
    let text = folder.succeed("sweep run a --jobs 1");
    assert!(text.contains("1 of 54 runs done, 53 failed"), "{text}");
    assert_eq!(std::fs::read_dir(folder.path("a/failed")).expect("what was kept").count(), 50);
    let ensemble = Reader::open(&folder.path("a/ensemble.h5")).expect("an ensemble");
    let failures = ensemble.texts("failure").expect("failures");
    assert!(failures[1..].iter().all(|text| text.starts_with("after 3 ticks (code 7)")), "{failures:?}");
}

/// What goes wrong in the ticks that arms share is told of each of them.
#[test]
fn a_shared_start_that_fails_fails_every_arm() {
    let folder = prepared("sweep-shared");
    let arms = [("good", 300, 0.05), ("small", 3, 0.05), ("small too", 3, 0.2)];
    let mut text = String::from("scenario = \"small.toml\"\nseed = 1\nreplicates = 2\nbaseline = false\n");
    text += "[[factor]]\nname = \"households\"\npath = \"size.households_per_region\"\n";
    text += "[[factor]]\nname = \"duty\"\npath = \"measure.duty of R01.rate\"\n";
    for (name, households, duty) in arms {
        let _ = write!(text, "[[arm]]\nname = \"{name}\"\nhouseholds = {households}\nduty = {duty}\n");
    }
    folder.put("shared.toml", text);
    let text = folder.succeed("sweep run shared.toml --dir a --jobs 1");
    assert!(text.contains("2 of 6 runs done, 4 failed, 0 to do") && text.contains("failed 4 x:"), "{text}");
    let ensemble = Reader::open(&folder.path("a/ensemble.h5")).expect("an ensemble");
    for (run, failure) in ensemble.texts("failure").expect("failures").iter().enumerate() {
        let expected = if run % 3 == 0 { "" } else { "after 0 ticks (code 3)" };
        assert!(failure.starts_with(expected) && failure.is_empty() == expected.is_empty(), "{run}: {failure}");
    }
}

/// Starts a sweep of long runs, one after another, and waits until one of them has begun, then a little.
fn at_work(folder: &Folder, more: &str) -> Child {
    let shards = folder.path("a/shards");
    let size = || -> u64 {
        let files = std::fs::read_dir(&shards).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|found| found.len()).sum()
    };
    // Looked at before the worker is there, so that its first word is never overlooked.
    let before = size();
    let mut command = folder.command(&format!("sweep run long.toml --dir a --jobs 1 {more}"));
    let mut worker = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    while size() <= before {
        assert!(worker.try_wait().expect("a child").is_none(), "the sweep ended by itself");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(400));
    assert!(worker.try_wait().expect("a child").is_none(), "the sweep ended by itself");
    worker
}

#[test]
fn attempts_count_what_was_lost_and_not_what_was_interrupted() {
    let folder = prepared("sweep-attempts");
    let long = DUTIES.replace("seed = 7", "seed = 7\nticks = 2000").replace("= 3\n", "= 1\n");
    folder.put("long.toml", long);
    // A healthy run that gets three slices of time.
    for round in 0..3 {
        let mut worker = at_work(&folder, "--attempts 1");
        std::process::Command::new("kill").arg(worker.id().to_string()).status().expect("a signal is sent");
        assert_eq!(worker.wait().expect("it ends").code(), Some(85), "round {round}");
    }
    let status = folder.succeed("sweep status a");
    assert!(status.contains("0 failed") && !status.contains("never ended"), "{status}");
    let saved = || std::fs::read_dir(folder.path("a/checkpoints")).expect("checkpoints").count();
    assert_eq!(saved(), 1);
    // Then its worker is killed.
    let mut worker = at_work(&folder, "");
    worker.kill().expect("killed");
    worker.wait().expect("it ends");
    let text = folder.succeed("sweep run a --attempts 1");
    assert!(text.contains("2 of 3 runs done, 1 failed"), "{text}");
    assert!(text.contains("begun 1 times and never ended: its worker was killed"), "{text}");
    // What it had done is kept, and it goes on from there.
    assert_eq!(saved(), 1, "the checkpoint was removed");
    folder.succeed("sweep retry a");
    assert_eq!(saved(), 0);
    folder.succeed("sweep run long.toml --dir b");
    assert!(folder.bytes("a/ensemble.h5") == folder.bytes("b/ensemble.h5"));
}

#[test]
fn a_damaged_plan_is_named() {
    let folder = prepared("sweep-plan");
    folder.succeed("sweep plan duties.toml --dir a");
    let good = String::from_utf8(folder.bytes("a/plan.json")).expect("text");
    for (from, to, expected) in [
        ("\"arm\":2", "\"arm\":9", "contradict each other"),
        ("\"scenario\":0", "\"scenario\":4", "contradict each other"),
        ("\"replicate\":2", "\"replicate\":3", "contradict each other"),
        ("\"runs\"", "\"rums\"", "not a plan of a sweep"),
    ] {
        // However the file is laid out.
        let (spaced_from, spaced_to) = (from.replace(':', ": "), to.replace(':', ": "));
        let text = good.replace(from, to).replace(&spaced_from, &spaced_to);
        assert!(text != good, "{from} is not in the plan");
        folder.put("a/plan.json", text);
        for command in ["status", "run", "merge"] {
            let text = complaint(&folder, &format!("sweep {command} a"), 5);
            assert!(text.contains("a/plan.json") && text.contains(expected), "{text}");
        }
    }
}

#[test]
fn a_folder_is_verified_to_the_end() {
    let folder = prepared("verify-folder");
    for part in ["1/3", "2/3", "3/3"] {
        folder.succeed(&format!("sweep run duties.toml --dir a --jobs 1 --shard {part}"));
    }
    let shard = |part: usize| format!("a/shards/part-0000{part}-of-00003-000.shard");
    let verified = |code: i32| {
        let output = folder.autarky("verify a");
        assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
        String::from_utf8(output.stdout).expect("text")
    };
    let text = verified(0);
    assert!(text.contains("runs: 9 of 9 have ended, and can stand in one ensemble"), "{text}");
    // A torn end is no defect.
    let last = folder.bytes(&shard(2));
    folder.put(&shard(2), &last[..last.len() - 10]);
    let text = verified(0);
    assert!(text.contains("note ") && text.contains("bytes are torn") && text.contains("8 of 9"), "{text}");
    // A shard that cannot be read does not hide the others.
    folder.put(&shard(0), b"AUTARKYSnothing");
    let text = verified(1);
    assert!(text.contains("WRONG  shard a/shards/part-00000-of-00003-000.shard is damaged"), "{text}");
    assert!(text.contains("ok     a/shards/part-00001-of-00003-000.shard: 3 runs"), "{text}");
    assert!(text.contains("a: NOT sound"), "{text}");
}

#[test]
fn a_run_that_was_done_twice_with_different_results_is_named() {
    let folder = prepared("sweep-twice");
    folder.succeed("sweep run duties.toml --dir a");
    let bench = Bench::open(&folder.path("a")).expect("a plan");
    let mut session =
        Session::begin(bench.config(0, 0).expect("configured"), bench.calibration(0), OPTIONS).expect("a world");
    while session.tick() < bench.plan.ticks {
        session.step().expect("sound accounts");
    }
    let digest = session.digest();
    let recorder = session.into_recorder();
    let content = recorder.content();
    let frame = frame_of(&content, &[], false).expect("a frame");
    let mut writer = Writer::open(&folder.path("a"), "other", bench.digest(), 1).expect("a shard");
    writer.done(0, digest, 1.0, &frame, &content, false).expect("written");
    // Twice with the same result is only a waste.
    let before = folder.bytes("a/ensemble.h5");
    folder.succeed("sweep merge a");
    assert!(before == folder.bytes("a/ensemble.h5"));
    assert!(folder.succeed("verify a").contains("a: sound"));
    writer.done(0, digest ^ 1, 1.0, &frame, &content, false).expect("written");
    let text = complaint(&folder, "sweep merge a", 5);
    assert!(text.contains("was done twice with different results"), "{text}");
    let output = folder.autarky("verify a");
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("WRONG  run "), "{}", shown(&output));
}
