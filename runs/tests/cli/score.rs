//! Contract: the scoreboard shows every fact that is asked for, misses and what cannot be measured included, and ends well.

use crate::common::{Folder, shown};

fn line<'a>(text: &'a str, id: &str) -> &'a str {
    let found = text.lines().find(|line| line.split_whitespace().next() == Some(id));
    found.unwrap_or_else(|| panic!("no {id} in\n{text}"))
}

#[test]
fn facts_of_several_experiments_are_measured_and_written() {
    let folder = Folder::new("score");
    let text = folder.succeed("score --seeds 2 --households-per-region 300 --only T3,T6,T9,T28,T43 --out results");
    for id in ["T3", "T9"] {
        let line = line(&text, id);
        assert!(line.contains("inside") || line.contains("outside"), "{line}");
    }
    assert!(line(&text, "T6").contains("not measured: no mechanism: outlets"), "{}", line(&text, "T6"));
    assert!(line(&text, "T28-retaliation").contains("not comparable"), "{}", line(&text, "T28-retaliation"));
    for id in ["T43", "T43-policy"] {
        assert!(line(&text, id).contains("no band"), "{}", line(&text, id));
    }
    let last = text.lines().last().unwrap_or_default();
    assert!(last.starts_with("7 rows: ") && last.contains("Outside: "), "{text}");
    let json: serde_json::Value = serde_json::from_slice(&folder.bytes("results/score.json")).expect("JSON");
    assert_eq!(json["facts"].as_array().map(Vec::len), Some(7));
    assert_eq!(json["facts"][0]["runs"], 2);
    let markdown = String::from_utf8(folder.bytes("results/score.md")).expect("text");
    assert!(markdown.contains("`autarky score --seeds 2 --households-per-region 300 --only T3,T6,T9,T28,T43`"));
    let page = String::from_utf8(folder.bytes("results/score.html")).expect("text");
    assert!(page.contains("<svg") && page.contains("<th scope=\"row\">T3</th>"));
    assert_eq!(String::from_utf8(folder.bytes("results/score.csv")).expect("text").lines().count(), 8);
}

#[test]
fn the_baseline_and_its_survey_are_measured() {
    let folder = Folder::new("score-baseline");
    let text = folder.succeed("score --seeds 1 --households-per-region 300 --only A7,A8,A10,A13,T13 --out results");
    for id in ["A7", "A7-regions", "A10", "A13-mean"] {
        assert!(line(&text, id).contains("no band"), "{}", line(&text, id));
    }
    for id in ["A8", "T13"] {
        assert!(line(&text, id).contains("calibrated input"), "{}", line(&text, id));
    }
}

#[test]
fn people_are_measured_in_worlds_of_units() {
    let folder = Folder::new("score-people");
    let text = folder.succeed("score --seeds 1 --households-per-region 300 --only P1,L7,A12 --out results");
    for id in ["P1", "P1-fourth", "L7", "A12", "A12-high"] {
        let line = line(&text, id);
        assert!(line.contains("(fitted)"), "{line}");
    }
    let markdown = String::from_utf8(folder.bytes("results/score.md")).expect("text");
    assert!(markdown.contains("; without shocks "), "{markdown}");
}

#[test]
fn a_world_without_these_regions_is_explained() {
    let folder = Folder::new("score-tiny");
    let text = folder.succeed("score --seeds 1 --world ./tiny --households-per-region 300 --out results");
    for id in ["T1", "T34", "A1", "A8"] {
        assert!(line(&text, id).contains("not measured: the world has no region `USA`"), "{}", line(&text, id));
    }
    assert!(text.lines().last().is_some_and(|line| line.contains("0 inside, 0 outside")), "{text}");
}

#[test]
fn an_unknown_fact_is_refused() {
    let output = Folder::new("score-unknown").autarky("score --only T99");
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(shown(&output).contains("there is no fact `T99`"), "{}", shown(&output));
}
