//! A sweep on a real Slurm: a node is drained, workers are killed, tasks are requeued and run out of time, and an arm
//! fails; the ensemble is that of one machine.
//!
//! Needs a cluster of its own, so it runs only where `AUTARKY_TEST_SLURM` is set, as `.ci/run` does after starting one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::common::{Folder, shown};

/// Ten arms, one of which cannot be built, and twenty seeds.
fn experiment() -> String {
    let mut text = String::from(
        "title = \"On a cluster\"\nscenario = \"small.toml\"\nseed = 11\nreplicates = 20\nticks = 360\nbaseline = false\n\n\
         [[factor]]\nname = \"duty\"\npath = \"measure.duty of R01.rate\"\n\n\
         [[factor]]\nname = \"households\"\npath = \"size.households_per_region\"\n",
    );
    for arm in 0..9 {
        let _ = write!(text, "\n[[arm]]\nname = \"duty {arm}\"\nduty = 0.0{}\nhouseholds = 600\n", arm + 1);
    }
    text + "\n[[arm]]\nname = \"too small\"\nduty = 0.1\nhouseholds = 3\n"
}

fn slurm(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("a command of Slurm");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Tasks of the array that have not ended: id, state and reason.
fn tasks() -> Vec<(String, String, String)> {
    let text = slurm("squeue", &["--noheader", "--array", "--format=%i|%T|%r|%j"]);
    let rows = text.lines().filter_map(|line| {
        let [id, state, reason, _] = line.split('|').map(str::to_owned).collect::<Vec<_>>().try_into().ok()?;
        Some((id, state, reason))
    });
    rows.collect()
}

/// Waits until no job is left, starting requeued tasks at once (Slurm would let them wait two minutes). `act` is called
/// every second with the seconds passed and the running tasks.
fn wait(mut act: impl FnMut(u64, &[String])) {
    let start = Instant::now();
    let mut last = u64::MAX;
    loop {
        let tasks = tasks();
        if tasks.is_empty() {
            return;
        }
        let seconds = start.elapsed().as_secs();
        assert!(seconds < 900, "the cluster does not come to an end: {tasks:?}");
        for (id, ..) in tasks.iter().filter(|task| task.2 == "BeginTime") {
            slurm("scontrol", &["update", &format!("jobid={id}"), "starttime=now", "timelimit=10"]);
        }
        if seconds != last {
            last = seconds;
            let running: Vec<String> = tasks.iter().filter(|x| x.1 == "RUNNING").map(|x| x.0.clone()).collect();
            act(seconds, &running);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// What the tasks wrote.
fn logs(folder: &Folder) -> String {
    let files = std::fs::read_dir(folder.path("s/slurm")).expect("logs").flatten();
    files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect()
}

fn workers(folder: &Folder) -> Vec<String> {
    let pattern = format!("sweep run {}", folder.path("s").display());
    let found = Command::new("pgrep").args(["-f", &pattern]).output().expect("pgrep");
    let own = |pid: &&str| std::fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe.ends_with("autarky"));
    let text = String::from_utf8_lossy(&found.stdout).into_owned();
    text.split_whitespace().filter(own).map(str::to_owned).collect()
}

#[test]
fn a_cluster_that_fails_in_every_way_gives_the_ensemble_of_one_machine() {
    if std::env::var_os("AUTARKY_TEST_SLURM").is_none() {
        eprintln!("skipped: AUTARKY_TEST_SLURM is not set, so there is no cluster to test on");
        return;
    }
    let folder = Folder::new("slurm");
    folder.put("cluster.toml", experiment());
    // Later the time of some tasks is cut to a minute, of which they have notice 45 seconds before.
    let submitted = folder.succeed("sweep submit cluster.toml --dir s --tasks 6 --time 10 --warning 45 --memory 200");
    assert!(submitted.contains("6 tasks for 200 runs"), "{submitted}");
    let (mut killed, mut requeued, mut step) = (0, BTreeSet::new(), 0);
    // One trouble a second, each once the tasks are at work.
    wait(|seconds, running| {
        let at_work = workers(&folder);
        match step {
            0 if running.len() > 2 && at_work.len() > 2 => {
                slurm("scontrol", &["update", "nodename=node2", "state=drain", "reason=test"]);
                step = 1;
            }
            1 | 3 if !at_work.is_empty() => {
                for pid in at_work.into_iter().take(2) {
                    Command::new("kill").args(["-9", &pid]).status().expect("a signal is sent");
                    killed += 1;
                }
                step += 1;
            }
            2 => {
                if let Some(id) = running.first() {
                    slurm("scontrol", &["requeue", id]);
                    requeued.insert(id.clone());
                    step = 3;
                }
            }
            4 if seconds > 10 => {
                slurm("scontrol", &["update", "nodename=node2", "state=resume"]);
                for id in running {
                    slurm("scontrol", &["update", &format!("jobid={id}"), "timelimit=1"]);
                }
                step = 5;
            }
            _ => {}
        }
    });
    slurm("scontrol", &["update", "nodename=node2", "state=resume"]);
    assert!(killed > 0 && !requeued.is_empty(), "{killed} killed, {requeued:?} requeued");
    let status = folder.succeed("sweep status s");
    assert!(!status.contains(" 0 to do"), "killed tasks must have left runs undone: {status}");
    let interrupted = logs(&folder).matches("interrupted; go on with").count();
    eprintln!(
        "{killed} workers killed, {} tasks requeued, {interrupted} interrupted as their time ran out",
        requeued.len()
    );
    assert!(interrupted > 0 && folder.path("s/checkpoints").exists(), "no task ran out of time");
    // Submitted again, only the parts with something left are tasks.
    let again = folder.succeed("sweep submit s --tasks 6 --time 5");
    assert!(again.contains("submitted job array"), "{again}");
    wait(|_, _| {});
    let status = folder.succeed("sweep status s");
    assert!(status.contains("180 of 200 runs done, 20 failed, 0 to do"), "{status}");
    assert!(!status.contains("more than once"), "{status}");
    let local = folder.autarky("sweep run cluster.toml --dir local --jobs 2");
    assert!(local.status.success(), "{}", shown(&local));
    assert!(folder.path("s/ensemble.h5").exists(), "the last job did not merge");
    assert!(folder.bytes("s/ensemble.h5") == folder.bytes("local/ensemble.h5"), "the ensembles differ");
}
