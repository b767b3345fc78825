//! Contract: what the program ships can be listed, checked and measured.

mod common;

use common::Folder;
use runs::config::{policy_names, scenario_names, world_names};

#[test]
fn everything_shipped_is_listed_with_a_line_about_it() {
    let text = Folder::new("list").succeed("list");
    for name in scenario_names().into_iter().chain(policy_names()).chain(world_names()) {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        let words = line.unwrap_or_else(|| panic!("{name} is not in\n{text}")).split_whitespace().count();
        assert!(words > 2, "nothing is said about {name}");
    }
}

#[test]
fn every_shipped_scenario_passes_its_check() {
    let folder = Folder::new("check");
    for name in scenario_names() {
        let text = folder.succeed(&format!("check {name}"));
        for part in
            ["# Size", "regions 15, industries 21", "household agents 300000", "# Estimate", "#   memory", "#   time"]
        {
            assert!(text.contains(part), "{part} is not in the check of {name}");
        }
    }
}

#[test]
fn facts_are_measured_and_written() {
    let folder = Folder::new("facts");
    let text = folder.succeed("facts --seeds 2 --ticks 26 --households-per-region 400 --out results");
    for id in ["T1 ", "T2 ", "T11 ", "T35 ", "T38 "] {
        let line = text.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("no {id}in\n{text}"));
        assert!(!line.contains("not run"), "{line}");
    }
    for id in ["revenue ", "revenue-budget "] {
        let line = text.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("no {id}in\n{text}"));
        assert!(line.ends_with("yes"), "{line}");
    }
    let responses = String::from_utf8(folder.bytes("results/responses.csv")).expect("text");
    let before = responses.lines().find(|line| line.starts_with("real_gdp (percent),11,")).expect("tick 11");
    assert_eq!(before, "real_gdp (percent),11,2024-12,0.00000,0.00000,0.00000", "the policy begins in tick 12");
    assert!(folder.path("results/facts.md").exists() && folder.path("results/facts.csv").exists());
}
