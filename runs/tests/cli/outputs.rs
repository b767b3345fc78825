//! Contract: an output replaces nothing but an earlier state of itself, and nothing is lost when what is around the program
//! fails: readers of its messages, disks, limits, names.

#![cfg(unix)]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::process::{Command, Output, Stdio};

use crate::common::{DUTIES, Folder, SCENARIO, shown};
use analysis::recording::Recording;

/// The program in a shell, where `$A` is the program.
fn shell(folder: &Folder, text: &str) -> Output {
    Command::new("bash")
        .args(["-c", text])
        .current_dir(&folder.0)
        .env("A", env!("CARGO_BIN_EXE_autarky"))
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("a shell")
}

/// Ends with a code and words in its messages.
fn refuses(output: &Output, code: i32, words: &str) {
    let text = shown(output);
    assert!(output.status.code() == Some(code) && text.replace('\n', " ").contains(words), "{words}:\n{text}");
}

fn left_over(folder: &Folder) -> Vec<String> {
    let names = std::fs::read_dir(&folder.0).expect("a folder").flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| [".tmp", ".lock"].iter().any(|end| name.ends_with(end))).collect()
}

const NONE: &str = "--against none";

#[test]
fn an_output_never_replaces_an_input() {
    let folder = Folder::new("inputs");
    folder.put("extra.toml", SCENARIO.split_once("[[measure]]").map(|x| format!("[[measure]]{}", x.1)).expect("one"));
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    symlink("small.toml", folder.path("link.toml")).expect("linked");
    std::fs::hard_link(folder.path("run.h5"), folder.path("hard.h5")).expect("linked");
    folder.put("e.toml", DUTIES);
    folder.succeed("sweep run e.toml --dir s");
    let kept =
        ["small.toml", "tiny/value_added.csv", "run.h5", "run.baseline.h5", "e.toml", "s/plan.json", "s/ensemble.h5"];
    let before: Vec<Vec<u8>> = kept.iter().map(|name| folder.bytes(name)).collect();
    for arguments in [
        "run small.toml --out small.toml",
        "run small.toml --out link.toml",
        "run small.toml --out tiny/value_added.csv",
        "run small.toml --out ./tiny/../small.toml",
        "report run.h5 --out run.h5",
        "report run.h5 --out hard.h5",
        "report run.h5 --out run.baseline.h5",
        "report run.h5 --out small.toml",
        "plot real-gdp run.h5 --out s/plan.json",
        "indicators run.h5 --csv run.h5",
        "indicators run.h5 --csv s/plan.json",
        "indicators run.h5 --csv small.toml",
        "sweep merge s --out s/plan.json",
        "sweep merge s --out run.h5",
        "sweep effects s --csv s/ensemble.h5",
        "sweep effects s --csv s/plan.json",
        "sweep effects s/ensemble.h5 --csv e.toml",
    ] {
        let output = folder.autarky(arguments);
        let code = output.status.code();
        assert!(matches!(code, Some(3 | 5)), "{arguments}: {}", shown(&output));
        for (name, bytes) in kept.iter().zip(&before) {
            assert!(folder.bytes(name) == *bytes, "{arguments} changed {name}");
        }
    }
    assert!(left_over(&folder).is_empty());
}

#[test]
fn devices_pipes_and_links_stay_what_they_are() {
    let folder = Folder::new("devices");
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    assert!(Command::new("mkfifo").arg(folder.path("pipe.csv")).status().expect("mkfifo").success());
    for arguments in
        ["indicators run.h5 --csv pipe.csv", "report run.h5 --out pipe.csv", "export run.h5 --csv pipe.csv"]
    {
        refuses(&folder.autarky(arguments), 5, "pipe or socket");
    }
    assert!(std::fs::symlink_metadata(folder.path("pipe.csv")).expect("there").file_type().is_fifo());
    for arguments in
        ["run small.toml --out /dev/null", "indicators run.h5 --csv /dev/full", "report run.h5 --out /dev/null"]
    {
        refuses(&folder.autarky(arguments), 5, "it is a device");
    }
    std::fs::create_dir(folder.path("far")).expect("made");
    for (link, arguments) in [
        ("l.html", "report run.h5 --out l.html"),
        ("l.csv", "export run.h5 --csv l.csv"),
        ("l.h5", "run small.toml --out l.h5"),
    ] {
        symlink(format!("far/{link}"), folder.path(link)).expect("linked");
        folder.succeed(arguments);
        assert!(std::fs::symlink_metadata(folder.path(link)).expect("there").is_symlink(), "{link}");
        assert!(!folder.bytes(&format!("far/{link}")).is_empty());
    }
    folder.put("notes.csv", "my notes\nand more of them\n");
    refuses(&folder.autarky("indicators run.h5 --csv notes.csv"), 5, "the file there is another text");
    refuses(&folder.autarky("report run.h5 --out notes.csv"), 5, "the file there is another text");
    assert_eq!(folder.bytes("notes.csv"), b"my notes\nand more of them\n");
}

#[test]
fn a_recording_is_replaced_by_the_same_run_only() {
    let folder = Folder::new("replaced");
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    let before = folder.bytes("run.h5");
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    for (more, words) in [
        ("--set trade.rechoice_share=0.5", "rechoice_share"),
        ("--ticks 5", "ticks = 5"),
        ("--seed 4", "seed = 4"),
        ("--households-per-region 301", "households_per_region = 301"),
    ] {
        let output = folder.autarky(&format!("run small.toml --seeds 1 --out run.h5 {more}"));
        refuses(&output, 5, words);
        refuses(&output, 5, "--overwrite");
        assert!(folder.bytes("run.h5") == before, "{more}");
    }
    // The baseline of another run, under the name of the recording and the other way round.
    refuses(&folder.autarky(&format!("run small.toml --out run.baseline.h5 {NONE}")), 5, "another configuration");
    folder.succeed(&format!("run small.toml --out run.h5 --ticks 5 --overwrite {NONE}"));
    assert!(folder.bytes("run.h5") != before);
    // Two names, two sets of files.
    folder.succeed(&format!("run small.toml --out x.nc --checkpoint-every 3 {NONE}"));
    folder.succeed(&format!("run small.toml --out x.h5 --seed 9 --checkpoint-every 3 {NONE}"));
    assert!(folder.path("x.nc.ckpt").exists() && folder.path("x.ckpt").exists());
    folder.succeed("resume x.nc.ckpt --ticks 8");
    assert_eq!(Recording::open(&folder.path("x.nc")).expect("it opens").dates().expect("dates").len(), 8);
    refuses(&folder.autarky("resume x.ckpt --ticks 8 --out x.nc"), 5, "seed = 9");
    refuses(&folder.autarky(&format!("run small.toml --out x {NONE}")), 5, "x.h5 is there");
}

#[test]
fn two_programs_do_not_write_one_output() {
    let folder = Folder::new("two");
    let run = |seed: u32| {
        let mut command = folder.command(&format!("run small.toml --ticks 40 --seed {seed} --out same.h5 {NONE}"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    let ends: Vec<Output> =
        (1..=4).map(run).collect::<Vec<_>>().into_iter().map(|x| x.wait_with_output().expect("ends")).collect();
    let done = ends.iter().filter(|x| x.status.success()).count();
    assert_eq!(done, 1, "{:?}", ends.iter().map(shown).collect::<Vec<_>>());
    assert!(ends.iter().all(|x| matches!(x.status.code(), Some(0 | 5)) && !shown(x).contains("rename")));
    assert!(Recording::open(&folder.path("same.h5")).is_ok() && left_over(&folder).is_empty());
}

#[test]
fn nobody_has_to_read_what_is_said() {
    let folder = Folder::new("unread");
    folder.put("e.toml", DUTIES);
    for (number, command) in [
        "$A run small.toml --out r$N.h5 2>&1 >/dev/null | head -0",
        "$A run small.toml --out r$N.h5 2>/dev/full >/dev/full",
        "$A run small.toml --out r$N.h5 | head -0",
        "$A run small.toml --out r$N.h5 2>&- >&-",
        "$A sweep run e.toml --dir s$N 2>/dev/full | head -0",
        "$A sweep run e.toml --dir s$N >/dev/full 2>&1",
        "$A report r0.h5 --out p.html >/dev/full 2>/dev/full",
    ]
    .iter()
    .enumerate()
    {
        let output = shell(&folder, &format!("set -o pipefail; N={number}; {command}"));
        assert!(output.status.success(), "{command}: {}", shown(&output));
    }
    for name in ["r0.h5", "r1.h5", "r2.h5", "r3.h5", "s4/ensemble.h5", "s5/ensemble.h5", "p.html"] {
        assert!(folder.path(name).exists(), "{name}");
    }
    // Where the output is all there is, its loss is an error; a reader that wants no more is none.
    for command in ["$A check small.toml >/dev/full", "$A list >/dev/full", "$A export r0.h5 --csv - >/dev/full"] {
        let output = shell(&folder, command);
        assert_eq!(output.status.code(), Some(5), "{command}: {}", shown(&output));
    }
    assert!(shell(&folder, "set -o pipefail; $A list | head -1").status.success());
}

#[test]
fn tables_go_through_pipes() {
    let folder = Folder::new("pipes");
    folder.succeed(&format!("run small.toml --out r.h5 {NONE}"));
    folder.succeed("export r.h5 --csv t.csv --variables real_gdp");
    for name in ["-", "/dev/stdout", "/dev/fd/1"] {
        let table = folder.succeed(&format!("export r.h5 --csv {name} --variables real_gdp"));
        assert!(table.as_bytes() == folder.bytes("t.csv"), "{name}");
    }
    assert!(shell(&folder, "set -o pipefail; $A export r.h5 --csv - | head -2").status.success());
    refuses(&folder.autarky("export r.h5 --parquet -"), 3, "ends in .parquet");
}

#[test]
fn signals_of_schedulers_and_terminals_save_the_run() {
    for name in ["HUP", "USR1", "USR2", "XCPU"] {
        // Whoever runs the tests under nohup has the signal ignored: the program is to find it as a terminal leaves it.
        let folder = Folder::new(&format!("told-{name}"));
        let text = format!(
            "env --default-signal=HUP $A run small.toml --ticks 2400 --households-per-region 4000 --out r.h5 {NONE} 2>e & P=$!; while ! grep -q tick e; do sleep 0.05; done; kill -{name} $P; wait $P"
        );
        refuses(&shell(&folder, &text), 85, "");
        assert!(folder.path("r.ckpt").exists() && folder.path("r.h5").exists(), "{name}");
    }
    let folder = Folder::new("nohup");
    let text = format!(
        "(trap '' HUP; $A run small.toml --ticks 60 --out r.h5 {NONE} 2>e & P=$!; sleep 0.3; kill -HUP $P; wait $P)"
    );
    refuses(&shell(&folder, &text), 0, "");
}

#[test]
fn limits_are_errors_with_a_documented_code() {
    let folder = Folder::new("limits");
    let file = shell(&folder, &format!("ulimit -f 20; $A run small.toml --out r.h5 {NONE}"));
    refuses(&file, 5, "free some space");
    folder.succeed(&format!("run small.toml --out ok.h5 {NONE}"));
    refuses(&shell(&folder, "ulimit -f 1; $A export ok.h5 --csv t.csv"), 5, "free some space");
    refuses(&shell(&folder, "ulimit -f 1; $A export ok.h5 --csv tables --parquet more"), 5, "free some space");
    refuses(&shell(&folder, "ulimit -f 1; $A report ok.h5"), 5, "free some space");
    for name in ["r.h5", "t.csv", "t.csv-metadata.json", "tables", "more", "ok.html"] {
        assert!(!folder.path(name).exists(), "{name} was left");
    }
    assert!(left_over(&folder).is_empty());
    let memory = shell(
        &folder,
        &format!("ulimit -v 400000; $A run small.toml --households-per-region 4000000 --out r.h5 {NONE}"),
    );
    refuses(&memory, 5, "not enough memory");
    for limit in [60_000, 90_000, 130_000] {
        let output = shell(
            &folder,
            &format!("ulimit -v {limit}; $A run small.toml --households-per-region 20000 --out m{limit}.h5 {NONE}"),
        );
        assert!(matches!(output.status.code(), Some(0 | 5 | 70 | 127)), "{limit}: {}", shown(&output));
    }
    let threads =
        shell(&folder, &format!("RAYON_NUM_THREADS=99999 timeout 60 $A run small.toml --ticks 1 --out t.h5 {NONE}"));
    refuses(&threads, 3, "threads are 1 to 1024");
}

#[test]
fn odd_names_work_or_are_refused_at_once() {
    let folder = Folder::new("names");
    folder.put("e.toml", DUTIES);
    folder.succeed(&format!("run small.toml --out r.h5 {NONE}"));
    let run = |arguments: &[OsString]| {
        let mut command = folder.command("");
        command.args(arguments).output().expect("it starts")
    };
    for name in [&b"s\xe9.x"[..], b"100% %d.x", "\u{7ecf}\u{6d4e} 1.x".as_bytes(), b"a'b\"c.x"] {
        let name = |ending: &str| {
            let mut name = name.to_vec();
            name.truncate(name.len() - 2);
            name.extend(ending.as_bytes());
            OsString::from_vec(name)
        };
        let text = |text: &str| OsString::from(text);
        for arguments in [
            vec![text("run"), text("small.toml"), text("--out"), name(".h5")],
            vec![text("report"), name(".h5")],
            vec![text("verify"), name(".h5")],
            vec![text("indicators"), name(".h5"), text("--csv"), name(".csv")],
            vec![text("export"), name(".h5"), text("--csv"), name(".t.csv"), text("--parquet"), name(".parquet")],
            vec![text("sweep"), text("run"), text("e.toml"), text("--dir"), name(".sweep")],
            vec![text("sweep"), text("effects"), name(".sweep"), text("--csv"), name(".e.csv")],
        ] {
            let output = run(&arguments);
            assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
        }
    }
    let long = "n".repeat(250);
    refuses(&folder.autarky(&format!("run small.toml --out {long}.h5")), 5, "longer than 255 bytes");
    refuses(&folder.autarky(&format!("export r.h5 --csv {long}.csv")), 5, "longer than 255 bytes");
    assert!(left_over(&folder).is_empty());
}

#[test]
fn long_texts_are_stored() {
    let folder = Folder::new("long");
    let label = "l".repeat(2000);
    for (number, title, description) in
        [(0, "t".repeat(70_000), "d".repeat(300_000)), (1, "\u{7ecf}".repeat(30_000), "a\\u0000b".to_owned())]
    {
        let head = format!("title = \"{title}\"\ndescription = \"{description}\"\n");
        let text = SCENARIO.lines().filter(|x| !x.starts_with("title") && !x.starts_with("description"));
        let text: Vec<String> = text.map(|line| line.replace("duty of R01", &label)).collect();
        folder.put("long.toml", head + &text.join("\n"));
        folder.succeed(&format!("run long.toml --seeds 1 --out l{number}.h5"));
        let recording = Recording::open(&folder.path(&format!("l{number}.h5"))).expect("it opens");
        let whole = recording.document("configuration").expect("kept");
        assert!(whole.contains(&title) && whole.contains(&label));
        folder.succeed(&format!("report l{number}.h5"));
    }
}

#[test]
fn scripts_of_slurm_hold_no_foreign_commands() {
    let folder = Folder::new("script");
    folder.put("e.toml", DUTIES);
    for name in ["x\ntouch pwned\n#", "x\r#", "x\u{1b}y"] {
        let mut command = folder.command("sweep submit e.toml --dry-run --dir");
        refuses(&command.arg(name).output().expect("it starts"), 3, "line breaks, control characters");
    }
    let mut command = folder.command("sweep submit e.toml --dry-run --dir a -- ");
    refuses(&command.arg("--comment=a\nrm b").output().expect("it starts"), 3, "line breaks");
    refuses(&folder.autarky("sweep submit e.toml --dir a --dry-run --time 4294967295"), 3, "more than a year");
    refuses(
        &folder.autarky("sweep submit e.toml --dir a --dry-run --time 71582789 --warning 65535"),
        3,
        "more than a year",
    );
    let mut command = folder.command("sweep submit e.toml --dry-run --dir");
    let script = command.arg("a b 100%").output().expect("it starts");
    assert!(String::from_utf8_lossy(&script.stdout).contains("a b 100%%/slurm/task-%A_%a.log\""), "{}", shown(&script));
}
