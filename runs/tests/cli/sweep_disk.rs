//! Sweeps on disks that are full, too small or read-only: a clear error, nothing lost, and the same ensemble in the end.

use std::process::{Command, Output};

use crate::common::{DUTIES, Folder, shown, skipped};

fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("duties.toml", DUTIES.replace("replicates = 3", "replicates = 6"));
    folder.succeed("sweep run duties.toml --dir whole --jobs 1");
    folder
}

/// A shell script in the folder, with the program as `$A`.
fn script(folder: &Folder, command: &[&str], text: &str) -> Output {
    let (program, arguments) = command.split_first().expect("a shell");
    Command::new(program)
        .args(arguments)
        .arg(text)
        .current_dir(&folder.0)
        .env("A", env!("CARGO_BIN_EXE_autarky"))
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("a shell")
}

/// Text as one line: messages are wrapped.
fn flat(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("│ ", "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The disk is made full by a limit on file size, which the shell sets; ignoring the signal turns it into an error.
#[test]
#[cfg(unix)]
fn a_shard_that_cannot_grow_ends_the_sweep_and_goes_on_later() {
    let folder = prepared("sweep-limit");
    let shard = "shards/part-00000-of-00001-000.shard";
    let blocks = folder.bytes(&format!("whole/{shard}")).len() / 512 / 2;
    let output = script(
        &folder,
        &["sh", "-c"],
        &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$A\" sweep run duties.toml --dir full --jobs 1"),
    );
    let text = flat(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    assert!(text.contains("cannot write") && text.contains(shard) && text.contains("free some space"), "{text}");
    let status = folder.succeed("sweep status full");
    let done: usize = status
        .split(" of 18 runs done")
        .next()
        .and_then(|x| x.split_whitespace().last()?.parse().ok())
        .expect("a count");
    assert!((1..18).contains(&done), "{status}");
    folder.succeed("sweep run full --jobs 1");
    assert!(folder.bytes("whole/ensemble.h5") == folder.bytes("full/ensemble.h5"));
    assert!(!folder.succeed("sweep status full").contains("more than once"));
}

/// How file systems can be mounted for one process only; `None` where that is not allowed.
fn namespace() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "-m", "sh", "-c"], vec!["unshare", "-rm", "sh", "-c"]];
    ways.into_iter().find(|way| {
        let tried = Command::new(way[0]).args(&way[1..]).arg("mount -t tmpfs none /mnt").output();
        tried.is_ok_and(|output| output.status.success())
    })
}

#[test]
fn a_full_disk_and_a_read_only_folder() {
    let Some(way) = namespace() else {
        skipped("file systems cannot be mounted here, not even for one process");
        return;
    };
    let folder = prepared("sweep-mounted");
    let size = folder.bytes("whole/shards/part-00000-of-00001-000.shard").len() / 1024;
    std::fs::create_dir(folder.path("disk")).expect("a folder");
    // A disk with room for the shard but not for the ensemble too; then one that has grown.
    let output = script(
        &folder,
        &way,
        &format!(
            "mount -t tmpfs -o size={}k none disk || exit 99
             \"$A\" sweep run duties.toml --dir disk/s --jobs 1 2>error.txt; echo $? >code.txt
             ls -a disk/s >files.txt
             mount -o remount,size=100m disk || exit 99
             \"$A\" sweep run disk/s --jobs 2 && cp disk/s/ensemble.h5 out.h5",
            size + 64
        ),
    );
    assert!(output.status.success(), "{}", shown(&output));
    assert_eq!(folder.bytes("code.txt"), b"5\n", "{}", flat(&folder.bytes("error.txt")));
    let text = flat(&folder.bytes("error.txt"));
    assert!(text.contains("disk/s") && text.contains("No space left"), "{text}");
    let files = String::from_utf8(folder.bytes("files.txt")).expect("text");
    assert!(!files.contains("ensemble"), "half an ensemble: {files}");
    assert!(folder.bytes("whole/ensemble.h5") == folder.bytes("out.h5"));
    // A folder that has become read-only.
    folder.succeed("sweep plan duties.toml --dir fixed");
    let output = script(
        &folder,
        &way,
        "mount --bind fixed fixed && mount -o remount,ro,bind fixed || exit 99
         \"$A\" sweep status fixed >status.txt || exit 98
         exec \"$A\" sweep run fixed",
    );
    let text = flat(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    assert!(text.contains("fixed/ensemble.h5") && text.contains("Read-only"), "{text}");
    folder.succeed("sweep run fixed");
    assert!(folder.bytes("whole/ensemble.h5") == folder.bytes("fixed/ensemble.h5"));
}

#[test]
fn a_design_that_is_too_large_for_the_disk_is_refused() {
    let folder = Folder::new("sweep-large");
    // Half a terabyte for each of many seeds' worth of runs.
    let large =
        DUTIES.replace("seed = 7\nreplicates = 3", "seed = 7\nticks = 2400\nreplicates = 1000000\nbaseline = false");
    folder.put("large.toml", large.replace("[0.05, 0.2]", "[0.05]"));
    let output = folder.autarky("sweep plan large.toml --max-runs 1000000");
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    let text = flat(&output.stderr);
    assert!(text.contains("too large for the disk") && text.contains("outputs.variables"), "{text}");
    assert!(!folder.path("large.sweep/plan.json").exists());
}
