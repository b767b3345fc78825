//! Contract: every rule of the economy, told by the equation in its comment, says where it comes from and has a test, beside it or among the
//! contracts.

use std::collections::BTreeSet;

use tests::sources::{UNIT_TESTS, sources};

/// Names that a text calls.
fn calls_of(text: &str) -> impl Iterator<Item = &str> {
    text.split('(').filter_map(|before| before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next())
}

/// A function with the comment above it.
struct Documented<'a> {
    name: &'a str,
    comment: String,
}

/// Functions of a source with their comments, tests left out.
fn documented(source: &str) -> Vec<Documented<'_>> {
    let (mut found, mut comment) = (Vec::new(), String::new());
    let rules = source.split(UNIT_TESTS).next().unwrap_or(source);
    for line in rules.lines().map(str::trim_start) {
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
        } else if !line.starts_with("#[") {
            let name = line.split_once("fn ").filter(|(before, _)| before.is_empty() || before.ends_with([' ', ')']));
            let name = name.and_then(|(_, rest)| rest.split(['(', '<']).next());
            if let Some(name) = name.filter(|_| !comment.is_empty()) {
                found.push(Documented { name, comment: std::mem::take(&mut comment) });
            }
            comment.clear();
        }
    }
    found
}

#[test]
fn every_rule_has_a_source_and_a_test_by_hand() {
    let texts = sources(&["agents/src"]);
    let is_tests = |path: &str| path.ends_with("tests.rs");
    let unit_tests = texts.iter().filter_map(|(path, text)| {
        if is_tests(path) { Some(text.as_str()) } else { text.split_once(UNIT_TESTS).map(|x| x.1) }
    });
    let contracts = sources(&["tests/tests"]);
    let called: BTreeSet<&str> =
        unit_tests.chain(contracts.iter().map(|(_, text)| text.as_str())).flat_map(calls_of).collect();
    let (mut rules, mut lacking) = (0, Vec::new());
    for (path, text) in texts.iter().filter(|(path, _)| !is_tests(path)) {
        for rule in documented(text).into_iter().filter(|rule| rule.comment.contains("Equation")) {
            rules += 1;
            let place = format!("{path}: {}", rule.name);
            if !rule.comment.contains("Source:") {
                lacking.push(format!("{place} says no source"));
            }
            if !called.contains(rule.name) {
                lacking.push(format!("{place} has no test"));
            }
        }
    }
    assert!(rules >= 57, "only {rules} rules were found");
    assert!(lacking.is_empty(), "{lacking:#?}");
}
