//! Which sources read which parameter, found in the text of the sources.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::meaning::meaning;

/// A parameter: section, the name of the section's type, key.
type Parameter = (String, String, String);

/// The parameters that a list declares.
fn declared(list: &str) -> Vec<Parameter> {
    let mut found = Vec::new();
    let mut section: Option<(String, String)> = None;
    for line in list.lines().skip_while(|line| !line.starts_with("parameters!")) {
        let Some((name, rest)) = line.trim().split_once(": ").filter(|x| is_word(x.0)) else { continue };
        if let Some(type_name) = rest.strip_suffix(" {") {
            section = Some((name.to_owned(), type_name.to_owned()));
        } else if let Some((section, type_name)) = section.as_ref().filter(|_| rest.ends_with(';')) {
            found.push((section.clone(), type_name.clone(), name.to_owned()));
        }
    }
    found
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

/// Words and single signs of a source.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|&end| end > 0);
            let length =
                if is_word(&rest[..first.len_utf8()]) { length.unwrap_or(rest.len()) } else { first.len_utf8() };
            if !first.is_whitespace() {
                found.push(&rest[..length]);
            }
            rest = &rest[length..];
        }
    }
    found
}

/// Whether a source reads a parameter: named by its section, by its key alone where the section or its type is named, or
/// by a key that no other section has, of what is called `p` as parameters are everywhere.
fn reads(tokens: &[&str], (section, type_name, key): &Parameter, unique: bool) -> bool {
    let typed =
        tokens.contains(&type_name.as_str()) || tokens.windows(2).any(|pair| pair[0] == "." && pair[1] == section);
    tokens.windows(3).enumerate().any(|(at, window)| {
        let called = tokens.get(at + 3) == Some(&"(");
        window[1] == "." && window[2] == key && !called && (typed || window[0] == section || unique && window[0] == "p")
    })
}

/// A constant of every parameter with the files that read it; `sources` are names and texts.
pub fn table(list: &str, sources: &[(String, String)]) -> String {
    let sources: Vec<(&str, Vec<&str>)> = sources.iter().map(|(name, text)| (name.as_str(), tokens(text))).collect();
    let mut text = String::from("&[\n");
    let parameters = declared(list);
    for parameter in &parameters {
        let unique = parameters.iter().filter(|other| other.2 == parameter.2).count() == 1;
        let files: Vec<&str> =
            sources.iter().filter(|source| reads(&source.1, parameter, unique)).map(|x| x.0).collect();
        let _ = writeln!(text, "    (\"{}.{}\", &{files:?}),", parameter.0, parameter.2);
    }
    text + "]\n"
}

/// Names of sources and what they mean.
pub fn texts(files: &[(String, PathBuf)]) -> Vec<(String, String)> {
    let text = |path: &PathBuf| meaning(&std::fs::read_to_string(path).ok()?);
    files.iter().filter_map(|(name, path)| Some((name.clone(), text(path)?))).collect()
}
