//! Contract: files that differ in more than their measures are not compared, by whatever command, unless this is forced;
//! then the page, figure or table says in red what they differ in.

use std::process::Output;

use crate::common::{Folder, SCENARIO, shown};

/// Standard error without the frame around messages.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A run with its baseline, and others that differ in one thing each.
fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    folder.succeed("run small.toml --set trade.rechoice_share=0.03 --against none --out parameter.h5");
    folder.succeed("run small.toml --seed 4 --against none --out seed.h5");
    folder.succeed("run small.toml --ticks 4 --against none --out short.h5");
    folder.succeed("run small.toml --households-per-region 400 --against none --out large.h5");
    folder
}

const DIFFERENCES: [(&str, &[&str]); 4] = [
    ("parameter.h5", &["trade.rechoice_share: 0.025 / 0.03"]),
    ("seed.h5", &["seed: 3 / 4", "different seeds"]),
    ("short.h5", &["6 ticks from 2024-01-01", "/ 4 ticks", "different ticks"]),
    ("large.h5", &["households: 900 / 1200", "size.households_per_region: 300 / 400"]),
];

#[test]
fn files_that_differ_in_more_than_measures_are_refused() {
    let folder = prepared("pairing-refused");
    let commands = [
        "report run.h5 --out page.html",
        "plot real-gdp run.h5 --out figure.svg",
        "indicators run.h5 --csv table.csv",
        "replay small.toml --run run.h5 --out replayed",
        "benchmark-static small.toml --run run.h5 --csv table.csv",
    ];
    for (other, differences) in DIFFERENCES {
        for command in commands {
            let output = folder.autarky(&format!("{command} --against {other}"));
            assert_eq!(output.status.code(), Some(5), "{command}, {other}: {}", shown(&output));
            let text = said(&output);
            for part in differences.iter().chain(&[other, "run.h5", "--force"]) {
                assert!(text.contains(part), "{command}, {other}: {part} is not in {text}");
            }
        }
    }
    for made in ["page.html", "figure.svg", "table.csv", "replayed"] {
        assert!(!folder.path(made).exists(), "{made} was written");
    }
    // The baseline is looked for beside a run; another one in its place is no better.
    folder.put("run.baseline.h5", folder.bytes("parameter.h5"));
    let output = folder.autarky("report run.h5 --out page.html");
    assert!(output.status.code() == Some(5) && said(&output).contains("trade.rechoice_share"), "{}", shown(&output));
}

#[test]
fn what_is_forced_says_so_in_red() {
    let folder = prepared("pairing-forced");
    for (other, differences) in DIFFERENCES {
        folder.succeed(&format!("report run.h5 --against {other} --force --out page.html"));
        let page = String::from_utf8(folder.bytes("page.html")).expect("text");
        folder.succeed(&format!("plot real-gdp run.h5 --against {other} --force --out figure.svg"));
        let figure = String::from_utf8(folder.bytes("figure.svg")).expect("text");
        let table = folder.succeed(&format!("indicators run.h5 --against {other} --force"));
        for text in [&page, &figure, &table] {
            assert!(text.contains("NOT A PAIR"), "{other}: {text:.2000}");
        }
        for part in differences {
            assert!(page.contains(part), "{other}: {part}");
            assert!(table.contains(part), "{other}: {part} is not in {table}");
        }
        assert!(page.contains("<p class=\"warning\" role=\"alert\">NOT A PAIR"));
        assert!(figure.contains("class=\"alarm\""));
        folder.succeed(&format!("plot real-gdp run.h5 --against {other} --force --out figure.png"));
    }
    // These two take a run and a baseline without measures.
    folder.succeed("run small.toml --seed 4 --seeds 1 --out four.h5");
    let text = folder.succeed("benchmark-static small.toml --run run.h5 --against four.baseline.h5 --force");
    assert!(text.starts_with("NOT A PAIR") && text.contains("seed: 3 / 4"), "{text}");
    folder.succeed("report run.h5 --against seed.h5 --force --lang zh --out page.html");
    assert!(String::from_utf8(folder.bytes("page.html")).expect("text").contains("并非配对"));
    let text = folder.succeed("replay small.toml --run run.h5 --against four.baseline.h5 --force --out replayed");
    assert!(text.starts_with("NOT A PAIR"), "{text}");
    assert!(String::from_utf8(folder.bytes("replayed/replay.html")).expect("text").contains("seed: 3 / 4"));
    // A sound pair is not marked, forced or not.
    folder.succeed("report run.h5 --force --out page.html");
    assert!(!String::from_utf8(folder.bytes("page.html")).expect("text").contains("NOT A PAIR"));
}

#[test]
fn other_policies_are_compared_and_the_same_world_by_another_name() {
    let folder = prepared("pairing-policies");
    folder.put("harsh.toml", SCENARIO.replace("rate = 0.1", "rate = 0.4").replace("A duty", "Another duty"));
    folder.succeed("run harsh.toml --against none --out harsh.h5");
    folder.succeed("indicators harsh.h5 --against run.h5");
    folder.succeed("report harsh.h5 --against run.baseline.h5 --out page.html");
    std::fs::rename(folder.path("tiny"), folder.path("moved")).expect("a folder");
    folder.put("elsewhere.toml", SCENARIO.replace("./tiny", "./moved"));
    folder.succeed("run elsewhere.toml --against none --out elsewhere.h5");
    let output = folder.autarky("indicators elsewhere.h5 --against run.baseline.h5");
    assert!(output.status.success(), "{}", shown(&output));
}

#[test]
fn other_places_cannot_be_forced() {
    let folder = Folder::new("pairing-places");
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    folder.put("later.toml", SCENARIO.replace("2024-01\"", "2024-02\""));
    folder.succeed("run later.toml --against none --out later.h5");
    let output = folder.autarky("report run.h5 --against later.h5 --force --out page.html");
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    assert!(
        said(&output).contains("--force cannot help here") && !folder.path("page.html").exists(),
        "{}",
        shown(&output)
    );
}
