//! Contract: every kind of bad input ends with a documented exit code and a message that names file, line, key and
//! remedy, and leaves no file behind.

use crate::common::{Folder, SCENARIO};

/// What is wrong with a scenario, and how it is broken (from, to).
const SCENARIOS: [(&str, &str, &str); 12] = [
    ("unknown_key", "ticks = 6", "tick = 6"),
    ("wrong_unit", "[size]", "[parameters.trade]\nrechoice_share = { value = 3, unit = \"months\" }\n\n[size]"),
    ("negative_size", "households_per_region = 300", "households_per_region = -300"),
    ("too_small", "households_per_region = 300", "households_per_region = 30"),
    ("end_before_start", "start = 2024-03-01", "start = 2024-03-01\nend = 2024-02-01"),
    ("unknown_region", "[\"R01\"]", "[\"R11\"]"),
    ("unknown_product", "\"all-goods\"", "[\"G99\"]"),
    ("missing_policy", "seed = 3", "seed = 3\npolicies = [\"gone.toml\"]"),
    ("missing_world", "./tiny", "./gone"),
    ("several_issues", "ticks = 6", "tick = 6\nstart_day = 3"),
    ("syntax", "seed = 3", "seed = "),
    ("odd_quarter", "start = \"2024-01\"\nticks = 6", "start = \"2024-02\"\nticks = 6\nticks_per_year = 4"),
];

#[test]
fn bad_scenarios() {
    let folder = Folder::new("scenarios");
    for (name, from, to) in SCENARIOS {
        assert!(SCENARIO.contains(from), "{name}: nothing to replace");
        folder.put("bad.toml", SCENARIO.replacen(from, to, 1));
        folder.snapshot(name, "run bad.toml");
    }
}

#[test]
fn overlapping_measures() {
    let folder = Folder::new("overlap");
    let measure = SCENARIO.split_once("[[measure]]").expect("a measure").1;
    let first = format!("[[measure]]{measure}mode = \"replace\"\n");
    let second = first.replace("duty of R01", "second duty").replace("2024-03-01", "2024-05-01");
    let head = SCENARIO.split_once("[[measure]]").expect("a measure").0;
    folder.put("bad.toml", format!("{head}{first}\n{second}"));
    folder.snapshot("overlapping_measures", "run bad.toml");
}

#[test]
fn unbalanced_table() {
    let folder = Folder::new("unbalanced");
    let table = String::from_utf8(folder.bytes("tiny/value_added.csv")).expect("text");
    folder.put("tiny/value_added.csv", table.replacen("R02,G02,", "R02,G02,9", 1));
    folder.snapshot("unbalanced_table", "run small.toml");
}

#[test]
fn command_line() {
    let folder = Folder::new("command_line");
    for (name, arguments) in [
        ("no_command", ""),
        ("unknown_option", "run small.toml --tick 3"),
        ("zero_ticks", "run small.toml --ticks 0"),
        ("two_sizes", "run small.toml --persons-per-agent 3 --households-per-region 4"),
        ("unknown_scenario", "run basline"),
        ("missing_scenario", "check gone.toml"),
        ("unknown_setting", "run small.toml --set trade.rechoice=0.03"),
        ("not_a_setting", "run small.toml --set trade"),
        ("setting_out_of_range", "run small.toml --set trade.rechoice_share=30"),
        ("missing_folder", "run small.toml --out gone/run.h5"),
        ("out_is_a_folder", "run small.toml --out tiny"),
        ("out_is_a_checkpoint", "run small.toml --out run.ckpt"),
        ("internal_error", "panic"),
    ] {
        let output = folder.autarky(arguments);
        // Version and commit change with every build.
        if name == "internal_error" {
            assert_eq!(output.status.code(), Some(70));
            let text = String::from_utf8_lossy(&output.stderr);
            for part in ["internal error: asked to fail (runs/src/lib.rs:", "please report it", "commit"] {
                assert!(text.contains(part), "{part} is not in {text}");
            }
        } else {
            folder.snapshot(name, arguments);
        }
    }
}

#[test]
fn checkpoints() {
    let folder = Folder::new("checkpoints");
    folder.succeed("run small.toml --out good.h5 --checkpoint-every 3 --against none");
    let good = folder.bytes("good.ckpt");
    folder.put("truncated.ckpt", &good[..good.len() / 2]);
    let mut damaged = good.clone();
    damaged[good.len() / 2] ^= 1;
    folder.put("damaged.ckpt", damaged);
    folder.put(
        "text.ckpt",
        "not a checkpoint, but long enough to hold a header of eighty bytes, which is what is read first",
    );
    folder.snapshot("damaged_checkpoint", "resume damaged.ckpt");
    folder.snapshot("text_checkpoint", "resume text.ckpt");
    folder.snapshot("missing_checkpoint", "resume gone.ckpt");
    folder.snapshot("resumed_to_its_past", "resume good.ckpt --ticks 2");
    folder.snapshot("diff_of_text", "diff good.h5 small.toml");
    // The sizes in this message depend on the state.
    let output = folder.autarky("resume truncated.ckpt");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(6) && text.contains("truncated.ckpt has a payload of"), "{text}");
}

/// The disk is made full by a limit on file size, which the shell sets; ignoring the signal turns it into an error.
#[test]
#[cfg(unix)]
fn full_disk() {
    let folder = Folder::new("full_disk");
    folder.succeed("run small.toml --out run.h5 --against none --ticks 3");
    let before = folder.bytes("run.h5");
    let limited = |arguments: &str| {
        std::process::Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 20; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_autarky")])
            .args(arguments.split_whitespace())
            .current_dir(&folder.0)
            .output()
            .expect("a shell")
    };
    for (arguments, file) in [
        ("run small.toml --out run.h5 --against none --overwrite", "run.h5"),
        ("run small.toml --out run.h5 --against none --checkpoint-every 2 --overwrite", "run.ckpt"),
    ] {
        let output = limited(arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(5), "{text}");
        assert!(text.contains(&format!("cannot write {file}")) && text.contains("free some space"), "{text}");
    }
    assert!(folder.bytes("run.h5") == before, "the old recording was touched");
    assert!(!folder.path("run.h5.tmp").exists() && !folder.path("run.ckpt").exists());
}

/// Exit codes are promised in `--help`.
#[test]
fn help_lists_the_exit_codes() {
    let help = Folder::new("help").succeed("--help");
    for code in ["0  done", "3  bad configuration", "6  bad checkpoint", "70  internal error", "85  interrupted"] {
        assert!(help.contains(code), "{code} is not in\n{help}");
    }
}
