//! Contract: what the program ships can be listed, checked and measured.

use crate::common::{Folder, shown};
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
        let text = folder.succeed(&format!("check {name} --details"));
        for part in
            ["# Size", "regions 15, industries 21", "household agents 150000", "# Estimate", "#   memory", "#   time"]
        {
            assert!(text.contains(part), "{part} is not in the check of {name}");
        }
    }
}

#[test]
fn moves_are_measured_and_written() {
    let folder = Folder::new("reshoring");
    let text = folder.succeed("reshoring --seeds 2 --ticks 36 --households-per-region 1000 --out results");
    for part in ["duties on final goods bring capacity", "retaliation takes jobs away", "announced plants exceed"] {
        let line = text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no `{part}` in\n{text}"));
        assert!(!line.contains("not run"), "{line}");
    }
    let page = String::from_utf8(folder.bytes("results/reshoring.md")).expect("text");
    assert!(page.contains("| input-duty |"), "{page}");
}

#[test]
fn lost_jobs_are_followed_and_drawn_in_two_languages() {
    let folder = Folder::new("displacement");
    let text = folder.succeed("displacement --seeds 1 --years 2 --households-per-region 400 --out results");
    assert!(text.contains("earnings lost") && text.contains("bad times"), "{text}");
    for (file, words) in [
        ("displacement.md", "# What a lost job costs"),
        ("displacement.csv", "earnings lost in year 2"),
        ("displacement.svg", "<svg"),
        ("displacement.html", "What a lost job costs"),
        ("displacement-zh.html", "失去工作的代价"),
    ] {
        let written = String::from_utf8(folder.bytes(&format!("results/{file}"))).expect("text");
        assert!(written.contains(words), "{file}");
    }
}

#[test]
fn worlds_where_all_are_alike_are_compared() {
    let folder = Folder::new("alike");
    let text = folder.succeed("alike --seeds 2 --ticks 24 --households-per-region 400 --out results");
    assert!(text.contains("units less alike") && text.contains("real GDP"), "{text}");
    let table = String::from_utf8(folder.bytes("results/alike.csv")).expect("text");
    assert_eq!(table.lines().count(), 1 + 8 * 5);
}

#[test]
fn churn_is_measured_and_written() {
    let folder = Folder::new("churn");
    let text = folder.succeed("churn --seeds 2 --ticks 24 --households-per-region 1000 --out results");
    assert!(text.contains("net, all years") && !text.contains("not run"), "{text}");
    let page = String::from_utf8(folder.bytes("results/churn.md")).expect("text");
    assert!(page.contains("mean of 2 seeds, 24 ticks") && page.contains("| VNM |"), "{page}");
    let table = String::from_utf8(folder.bytes("results/churn.csv")).expect("text");
    assert_eq!(table.lines().count(), 16, "{table}");
}

#[test]
fn reserves_are_weighed_and_written() {
    let folder = Folder::new("backup");
    let text = folder.succeed("backup --seeds 1 --ticks 72 --households-per-region 1000 --out results");
    for part in [
        "key output saved by the reserve",
        "deepest fall of key output without reserve",
        "cost of the reserve to the government",
    ] {
        let line = text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no `{part}` in\n{text}"));
        assert!(!line.contains("not run"), "{line}");
    }
    let page = String::from_utf8(folder.bytes("results/backup.md")).expect("text");
    assert!(page.contains("| lost coast | GDP lost without reserve |"), "{page}");
    let told = shown(&folder.autarky("backup --seeds 1 --ticks 60 --out results"));
    assert!(told.starts_with("exit code 3") && told.contains("give --ticks of 72 or more"), "{told}");
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
    // Nothing moves, by the policy or by the placebo, and so nothing is told apart.
    let nothing = "real_gdp (percent),11,2024-12,0.00000,0.00000,0.00000,0.00000,0.00000,interval";
    assert_eq!(before, nothing, "the policy begins in tick 12");
    assert!(folder.path("results/facts.md").exists() && folder.path("results/facts.csv").exists());
}

/// The row of a table that begins with a text.
fn row<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start} in\n{text}"))
}

#[test]
fn the_baseline_is_measured_and_written() {
    let folder = Folder::new("baseline");
    let text = folder.succeed("baseline --seeds 2 --ticks 13 --households-per-region 400 --out results");
    for bar in ["real GDP", "unemployment", "inflation", "lowest output", "import shares", "first flows", "quiet GDP"] {
        assert!(!row(&text, bar).contains("not run"), "{}", row(&text, bar));
    }
    let years = String::from_utf8(folder.bytes("results/baseline_years.csv")).expect("text");
    assert_eq!(years.lines().count(), 1 + 3 * 15, "three variables of 15 regions in one whole year");
    let report = String::from_utf8(folder.bytes("results/baseline.md")).expect("text");
    assert!(report.contains("2 seeds, 13 ticks, 400 household agents a region") && report.contains("| USA |"));
    assert!(folder.path("results/baseline.csv").exists());
}

#[test]
fn stability_is_measured_and_written() {
    let folder = Folder::new("stability");
    let text = folder.succeed("stability --seeds 2 --ticks 30 --households-per-region 400 --out results");
    for scenario in ["us-uniform-10", "government-cut-5", "embargo-1y"] {
        let line = row(&text, &format!("{scenario}: settles"));
        assert!(line.ends_with("not run"), "twenty years of policy were not run: {line}");
    }
    let response = row(&text, "us-uniform-10: lowest real GDP within six quarters");
    assert!(response.contains("USA") && !response.contains("not run"), "{response}");
    let years = String::from_utf8(folder.bytes("results/stability_years.csv")).expect("text");
    assert_eq!(years.lines().count(), 1 + 3 * 2 * 15, "three scenarios, two variables, 15 regions, one whole year");
    for name in ["stability.md", "stability.csv"] {
        assert!(folder.path(&format!("results/{name}")).exists(), "{name}");
    }
}
