//! Contract: modules of `agents`, and of `configs`, form no circle, so that each can be read and changed after those it stands on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Source of every module by its path, `markets::labour` for `markets/labour.rs` and `markets` for `markets/mod.rs`,
/// without unit tests.
fn modules(folder: &Path, prefix: &str, out: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("sources") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|x| x.to_str()).expect("a name").to_owned();
        let inner = if prefix.is_empty() { name.clone() } else { format!("{prefix}::{name}") };
        if path.is_dir() {
            modules(&path, &inner, out);
        } else if !matches!(name.as_str(), "lib" | "tests") {
            let text = fs::read_to_string(&path).expect("a source");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            out.insert(if name == "mod" { prefix.to_owned() } else { inner }, code);
        }
    }
}

/// Adds the paths that a list of imports names, `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn expand(prefix: &str, list: &str, out: &mut Vec<String>) {
    let mut depth = 0;
    let items = list.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    for item in items.map(str::trim).filter(|item| !item.is_empty()) {
        let path = format!("{prefix}{item}");
        match path.split_once('{') {
            Some((head, inner)) => expand(head, inner.strip_suffix('}').unwrap_or(inner), out),
            None => out.push(path),
        }
    }
}

/// Paths within the crate that a module names, imports and others, documentation included.
fn named(code: &str) -> Vec<String> {
    let mut out = vec![];
    let flat = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in flat.match_indices(start) {
            let before = flat[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let rest = &flat[at..];
            if flat[..at].ends_with("use ") {
                expand("", rest.split(';').next().unwrap_or_default(), &mut out);
            } else {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
                out.push(rest[..end].to_owned());
            }
        }
    }
    out
}

/// The module that a path leads to, seen from another.
fn target(from: &str, path: &str, all: &BTreeMap<String, String>) -> Option<String> {
    let mut base: Vec<&str> = from.split("::").collect();
    let mut rest = path;
    if let Some(path) = rest.strip_prefix("crate::") {
        (base, rest) = (vec![], path);
    }
    rest = rest.strip_prefix("self::").unwrap_or(rest);
    while let Some(path) = rest.strip_prefix("super::") {
        base.pop();
        rest = path;
    }
    base.extend(rest.split("::"));
    (1..=base.len()).rev().map(|n| base[..n].join("::")).find(|name| all.contains_key(name) && name != from)
}

/// Modules that are in a circle, or stand on one.
fn circles(all: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = all
        .iter()
        .map(|(name, code)| (name.clone(), named(code).iter().filter_map(|path| target(name, path, all)).collect()))
        .collect();
    loop {
        let free: BTreeSet<String> =
            edges.iter().filter(|(_, to)| to.is_empty()).map(|(name, _)| name.clone()).collect();
        if free.is_empty() {
            return edges;
        }
        edges.retain(|name, _| !free.contains(name));
        for to in edges.values_mut() {
            to.retain(|name| !free.contains(name));
        }
    }
}

#[test]
fn no_circle_between_modules() {
    for (package, least) in [("agents", 60), ("configs", 30)] {
        let mut all = BTreeMap::new();
        modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{package}/src")), "", &mut all);
        assert!(all.len() > least, "{} modules of {package}: not all were found", all.len());
        let circles = circles(&all);
        assert!(circles.is_empty(), "in circles, or standing on one, with what they name there: {circles:#?}");
    }
}

#[test]
fn a_circle_is_found() {
    let world = |texts: [(&str, &str); 3]| texts.map(|(name, code)| (name.to_owned(), code.to_owned())).into();
    let chain = [("a", "use crate::b::{X, y::Z};"), ("b", "use self::y::Z;"), ("b::y", "fn f() {}")];
    assert!(circles(&world(chain)).is_empty());
    let child = [("a", "use crate::b::X;"), ("b", "use self::y::Z;"), ("b::y", "use super::X;")];
    assert_eq!(circles(&world(child)).into_keys().collect::<Vec<_>>(), ["a", "b", "b::y"]);
    let inline = [("a", "fn f() { crate::b::g() }"), ("b", "use crate::a;"), ("b::y", "")];
    assert_eq!(circles(&world(inline)).into_keys().collect::<Vec<_>>(), ["a", "b"]);
}
