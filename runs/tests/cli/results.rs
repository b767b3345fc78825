//! Contract: `autarky results` makes what is out of date, does no run twice, goes on where it was stopped, and says what it will
//! take before it begins.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::common::{Folder, shown};

const SMALL: &str = "results --only baseline,stability --seeds 1 --households-per-region 210 --out results";

/// Runs that a text says are to be done.
fn to_do(text: &str) -> usize {
    let before = text.split(" runs to do").next().expect("a text");
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[test]
fn results_are_made_once_and_again_when_they_are_out_of_date() {
    let folder = Folder::new("results");
    let plan = folder.succeed(&format!("{SMALL} --plan"));
    assert!(plan.contains("never made") && !folder.path("results").exists(), "{plan}");
    // The shocked baseline is that of stability too.
    assert!(plan.contains("6 runs are asked for") && to_do(&plan) == 5, "{plan}");

    // Stopped after its first run, it goes on from there.
    let mut child = folder.command(SMALL).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let first = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("run 1 of 5"));
    assert!(first.is_some(), "no run ended");
    let killed = Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert_eq!(child.wait().expect("it ends").code(), Some(85), "{rest:?}");
    let last = rest.last().expect("a message");
    assert!(last.contains("interrupted after ") && last.contains("the same command goes on"), "{last}");

    let made = folder.succeed(SMALL);
    assert!(to_do(&made) < 5, "{made}");
    for name in ["baseline.md", "stability.md", "made.csv"] {
        assert!(folder.path("results").join(name).exists(), "{name}");
    }
    let tables = folder.bytes("results/stability.md");

    // What is up to date is left alone, and so is what the others made of the same runs.
    let again = folder.succeed(SMALL);
    assert!(again.matches("up to date").count() == 2 && !again.contains("runs to do"), "{again}");
    let alone = folder.succeed("baseline --seeds 1 --households-per-region 210 --out results");
    assert!(alone.contains("written: results"), "{alone}");

    // Tables that were changed by hand are made again, from runs that are kept.
    folder.put("results/stability.md", "better");
    let edited = folder.succeed(SMALL);
    assert!(edited.contains("changed by hand") && edited.contains("all runs are kept"), "{edited}");
    assert!(folder.bytes("results/stability.md") == tables);

    // A command of other sizes is another result.
    let other = folder.succeed(&format!("{} --plan", SMALL.replace("--seeds 1", "--seeds 2")));
    assert!(other.contains("out of date") && to_do(&other) == 5, "{other}");

    // A damaged run is not used.
    let runs = folder.path("results/.runs");
    let version = std::fs::read_dir(&runs).expect("runs").flatten().find(|entry| entry.path().is_dir()).expect("one");
    let files = std::fs::read_dir(version.path()).expect("runs").flatten().map(|entry| entry.path());
    for file in files.filter(|path| path.extension().is_some_and(|end| end == "h5")) {
        let mut bytes = std::fs::read(&file).expect("a run");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        std::fs::write(&file, bytes).expect("it can be written");
    }
    let damaged = folder.autarky(&format!("{SMALL} --again"));
    assert_eq!(damaged.status.code(), Some(5), "{}", shown(&damaged));
    // Where its lines break depends on what was hit.
    let words = shown(&damaged).replace('\u{2502}', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("remove this file and run the command again"), "{words}");
}

#[test]
fn an_unknown_experiment_is_refused() {
    let output = Folder::new("results-unknown").autarky("results --only tariffs");
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(shown(&output).contains("there is no experiment `tariffs`; known are baseline"), "{}", shown(&output));
}
