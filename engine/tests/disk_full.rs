//! Contract: a write that the disk cuts short leaves the old file as it was, nothing else beside it, and an error that
//! names the file and the remedy.
//!
//! The disk is made "full" by a limit on file size that the shell sets for a child process: this test runs itself again
//! under that limit. The limit needs a Unix shell; elsewhere the test does nothing.

#![cfg(unix)]

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::Command;

use engine::checkpoint;
use engine::netcdf::{Content, Dimension, Values, Variable};
use engine::rng::hash;

const DIRECTORY: &str = "ENGINE_TEST_FULL_DISK";

fn content(points: u64) -> Content<'static> {
    let values = (0..points).map(|i| hash(i, 0, 0) as i64).collect();
    Content {
        dimensions: vec![Dimension {
            name: "time".to_owned(),
            size: points as usize,
            coordinates: None,
            attributes: Vec::new(),
        }],
        variables: vec![Variable {
            name: "noise".to_owned(),
            dimensions: vec![0],
            values: Values::I64(Cow::Owned(values)),
            attributes: Vec::new(),
        }],
        attributes: Vec::new(),
    }
}

/// What the child does: fails to write files that are too large for its limit.
fn fail_to_write(directory: &Path) {
    let recording = directory.join("run.nc");
    let message = content(100_000).write(&recording).expect_err("the disk is full").to_string();
    assert!(message.contains("run.nc") && message.contains("free some space"), "{message}");
    let saved = directory.join("run.ckpt");
    let message = checkpoint::write(&saved, 1, &vec![7_i64; 100_000]).expect_err("the disk is full").to_string();
    assert!(message.contains("run.ckpt") && message.contains("free some space"), "{message}");
    // The process is not harmed: small files still work.
    content(10).write(&directory.join("small.nc")).expect("written");
}

#[test]
fn a_full_disk_leaves_the_old_files() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        return fail_to_write(Path::new(&directory));
    }
    let directory: PathBuf = std::env::temp_dir().join(format!("engine-full-disk-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let (recording, saved) = (directory.join("run.nc"), directory.join("run.ckpt"));
    content(100).write(&recording).expect("written");
    checkpoint::write(&saved, 1, &vec![1_i64; 100]).expect("written");
    let before = [std::fs::read(&recording).expect("there"), std::fs::read(&saved).expect("there")];

    // Ignoring the signal turns the limit into an error of the write, like a full disk; the unit is 512 or 1024 bytes.
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" --exact a_full_disk_leaves_the_old_files --nocapture"])
        .arg(std::env::current_exe().expect("this test"))
        .env(DIRECTORY, &directory)
        .output()
        .expect("a shell");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));

    let after = [std::fs::read(&recording).expect("there"), std::fs::read(&saved).expect("there")];
    assert!(before == after, "an old file changed");
    let mut names: Vec<_> =
        std::fs::read_dir(&directory).expect("there").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["run.ckpt", "run.nc", "small.nc"]);
    std::fs::remove_dir_all(&directory).expect("removed");
}
