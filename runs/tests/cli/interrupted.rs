//! Contract: SIGINT and SIGTERM end a run after its tick with a checkpoint, a recording and exit code 85; SIGKILL
//! leaves a recording that opens, up to the last time it was written.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::common::Folder;
use analysis::recording::Recording;

/// Starts a run that is far too long to end by itself.
fn long_run(folder: &Folder, more: &str) -> Child {
    let arguments = format!("run small.toml --ticks 2400 --out run.h5 --against none {more}");
    folder.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

#[test]
fn signals_end_a_run_that_can_go_on() {
    for name in ["INT", "TERM"] {
        let folder = Folder::new(&format!("signal-{name}"));
        let mut child = long_run(&folder, "");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let first = lines.next().expect("progress").expect("text");
        assert!(first.contains("tick 1/2400"), "{first}");
        signal(&child, name);
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        assert_eq!(child.wait().expect("it ends").code(), Some(85), "{rest:?}");
        let last = rest.last().expect("a message");
        assert!(last.contains("of 2400 ticks; go on with: autarky resume run.ckpt"), "{last}");

        let done = Recording::open(&folder.path("run.h5")).expect("it opens").dates().expect("dates").len();
        folder.succeed(&format!("resume run.ckpt --ticks {}", done + 2));
        folder.succeed(&format!("run small.toml --ticks {} --out straight.h5 --against none", done + 2));
        assert!(folder.bytes("run.h5") == folder.bytes("straight.h5"));
    }
}

#[test]
fn a_killed_run_leaves_what_was_written() {
    let folder = Folder::new("killed");
    let mut child = long_run(&folder, "--flush-every 1");
    while !folder.path("run.h5.json").exists() {
        assert!(child.try_wait().expect("a child").is_none(), "the run ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let recording = Recording::open(&folder.path("run.h5")).expect("it opens");
    let ticks = recording.dates().expect("dates").len();
    assert!(ticks >= 1);
    assert_eq!(recording.array("real_gdp").expect("recorded").ticks(), ticks);
}
