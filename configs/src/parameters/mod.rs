//! The economic numbers of the model: declared once with meaning, unit and range, valued in
//! `configs/parameters.toml`, overridden by scenarios.
//!
//! To add one: a line in [`list`], an entry in `configs/parameters.toml`.

pub mod list;
mod read;

use std::collections::BTreeMap;
use std::fmt::Write as _;

pub use list::{DutyRevenueUse, ExchangeRateRegime, PARAMETERS, Parameters};
pub use read::{ParameterInfo, ParameterValue, ReadKey, Strictness, read_choice, read_key};

use serde::{Deserialize, Serialize};

use crate::reading::{Issue, Problems, Table, join, parse_document};

/// What is known about one parameter.
#[must_use]
pub fn find(section: &str, key: &str) -> Option<&'static ParameterInfo> {
    PARAMETERS.iter().find(|info| info.section == section && info.key == key)
}

/// A section's table; an absent section is an empty one, so that each missing key is named.
fn section(document: &Table, name: &str, path: &str, problems: &mut Problems<'_>) -> Option<Table> {
    match document.get(name) {
        Some(node) => node.table(&join(path, name), problems).cloned(),
        None => Some(Table { span: document.span.clone(), entries: Vec::new() }),
    }
}

/// All parameters with the stated source of each value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParameterSet {
    /// The values, in canonical units.
    pub values: Parameters,
    /// `section.key` to the source of its value.
    pub sources: BTreeMap<String, String>,
}

/// Appends a text as TOML. Most need no escape; asking what kind of string one is best written as takes longer than all else.
fn quote(text: &str, out: &mut String) {
    if text.chars().any(|c| c == '"' || c == '\\' || c.is_control()) {
        let _ = write!(out, "{}", toml::Value::from(text));
    } else {
        out.extend(["\"", text, "\""]);
    }
}

impl ParameterSet {
    /// Reads a complete set: every key present, with value, unit and source.
    ///
    /// # Errors
    /// Every issue found: syntax, unknown or missing key, wrong type or unit, value out of range, no source.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Issue>> {
        let mut problems = Problems::new(file, text);
        let mut sources = BTreeMap::new();
        let values = parse_document(text, &mut problems)
            .and_then(|table| Parameters::read(&table, "", None, Strictness::Complete, &mut sources, &mut problems));
        match values {
            Some(values) if problems.issues.is_empty() => Ok(Self { values, sources }),
            _ => Err(problems.issues),
        }
    }

    /// Replaces the values that `table` (a scenario's `[parameters]`) states; `origin` stands in for a
    /// source that is not stated. Issues go to `problems`, and the set is then left as it was.
    pub fn override_with(&mut self, table: &Table, origin: &str, problems: &mut Problems<'_>) {
        let mut sources = BTreeMap::new();
        let before = problems.issues.len();
        let values =
            Parameters::read(table, "parameters", Some(&self.values), Strictness::Override, &mut sources, problems);
        if let Some(values) = values
            && problems.issues.len() == before
        {
            self.values = values;
            for (path, source) in sources {
                let source = if source.trim().is_empty() { origin.to_owned() } else { source };
                self.sources.insert(path, source);
            }
        }
    }

    /// The set as TOML that [`Self::parse`] reads back (with `prefix` empty) or that a scenario accepts
    /// (with `prefix` `parameters.`).
    #[must_use]
    pub fn to_toml(&self, prefix: &str) -> String {
        let mut text = String::new();
        let mut section = "";
        for (info, value) in PARAMETERS.iter().zip(self.values.shown()) {
            if info.section != section {
                section = info.section;
                let _ = writeln!(text, "{}[{prefix}{section}]", if text.is_empty() { "" } else { "\n" });
            }
            let unit = if info.unit.is_empty() { String::new() } else { format!("unit = {:?}, ", info.unit) };
            let source = self.sources.get(&info.path()).map_or("", String::as_str);
            let _ = write!(text, "{} = {{ value = {value}, {unit}source = ", info.key);
            quote(source, &mut text);
            text.push_str(" }\n");
        }
        text
    }
}

#[cfg(test)]
mod tests;
