//! Contract: every rule of the economy, told by the equation in its comment, says where it comes from and has a test, beside it or among the
//! contracts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// All sources below a folder.
fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// Words of a text, names with underscores being one.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// A function with the comment above it.
struct Documented<'a> {
    name: &'a str,
    comment: String,
}

/// Functions of a source with their comments, tests left out.
fn documented(source: &str) -> Vec<Documented<'_>> {
    let (mut found, mut comment) = (Vec::new(), String::new());
    let rules = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or(source);
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
    let mut sources = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../agents/src"), &mut sources);
    let texts: Vec<(PathBuf, String)> = sources
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source");
            (path, text)
        })
        .collect();
    let is_tests = |path: &Path| path.ends_with("tests.rs");
    let tests: String = texts
        .iter()
        .filter_map(|(path, text)| {
            if is_tests(path) { Some(text.as_str()) } else { text.split_once("#[cfg(test)]\nmod tests {").map(|x| x.1) }
        })
        .collect();
    let mut contracts = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut contracts);
    let contracts: String = contracts.iter().map(|path| std::fs::read_to_string(path).expect("a source")).collect();
    let words: BTreeSet<&str> = words_of(&tests).chain(words_of(&contracts)).collect();
    let (mut rules, mut lacking) = (0, Vec::new());
    for (path, text) in texts.iter().filter(|(path, _)| !is_tests(path)) {
        for rule in documented(text).into_iter().filter(|rule| rule.comment.contains("Equation")) {
            rules += 1;
            let place = format!("{}: {}", path.display(), rule.name);
            if !rule.comment.contains("Source:") {
                lacking.push(format!("{place} says no source"));
            }
            if !words.contains(rule.name) {
                lacking.push(format!("{place} has no test"));
            }
        }
    }
    assert!(rules >= 57, "only {rules} rules were found");
    assert!(lacking.is_empty(), "{lacking:#?}");
}
