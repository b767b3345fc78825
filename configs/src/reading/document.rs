//! A TOML text as a tree that remembers where each value stands.
//!
//! Deriving a deserialiser stops at the first error and loses positions in flattened tables; reading
//! a tree lets every error of a file be shown at once, underlined.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::issue::{Problems, did_you_mean};
use crate::date::Date;

/// A value and its byte range in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Byte range of the value.
    pub span: Range<usize>,
    /// The value.
    pub value: Value,
}

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A boolean.
    Boolean(bool),
    /// A calendar date.
    Date(Date),
    /// An array.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// One `key = value` of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Byte range of the key.
    pub key_span: Range<usize>,
    /// The value.
    pub node: Node,
}

/// A table in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Byte range of the table (its header or braces).
    pub span: Range<usize>,
    /// Entries in the order of the file.
    pub entries: Vec<Entry>,
}

/// Parses a TOML text; a syntax error is reported and gives `None`.
pub fn parse_document(text: &str, problems: &mut Problems<'_>) -> Option<Table> {
    match DeTable::parse(text) {
        Ok(table) => {
            let span = table.span();
            Some(table_of(table.get_ref(), span, problems))
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            problems.report(span, "syntax", error.message().replace('\n', ", "), "see https://toml.io for the syntax");
            None
        }
    }
}

fn table_of(table: &DeTable<'_>, span: Range<usize>, problems: &mut Problems<'_>) -> Table {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: key.span(),
            node: Node { span: value.span(), value: value_of(value.get_ref(), value.span(), problems) },
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span.start);
    Table { span, entries }
}

fn value_of(value: &DeValue<'_>, span: Range<usize>, problems: &mut Problems<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(truth) => Value::Boolean(*truth),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix()).map_or_else(
            |_| {
                problems.report(span, "syntax", "integer too large", "use a number below 9e18");
                Value::Integer(0)
            },
            Value::Integer,
        ),
        DeValue::Float(float) => float.as_str().parse().map_or_else(
            |_| {
                problems.report(span, "syntax", "not a number", "write a decimal number");
                Value::Float(0.0)
            },
            Value::Float,
        ),
        DeValue::Datetime(moment) => moment
            .date
            .filter(|_| moment.time.is_none())
            .and_then(|date| Date::new(i32::from(date.year), u32::from(date.month), u32::from(date.day)))
            .map_or_else(|| Value::Text(moment.to_string()), Value::Date),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node { span: item.span(), value: value_of(item.get_ref(), item.span(), problems) })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(table_of(table, span, problems)),
    }
}

impl Value {
    /// The kind of value, as a person would name it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value as a number, if it is an integer or a float.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(integer) => Some(*integer as f64),
            Value::Float(float) => Some(*float),
            _ => None,
        }
    }
}

impl Node {
    fn expect<T>(&self, found: Option<T>, wanted: &str, key: &str, problems: &mut Problems<'_>) -> Option<T> {
        if found.is_none() {
            let message = format!("expected {wanted}, found {}", self.value.kind());
            problems.report(self.span.clone(), key, message, format!("write {wanted}"));
        }
        found
    }

    /// The value as a string, or a reported issue.
    pub fn text(&self, key: &str, problems: &mut Problems<'_>) -> Option<&str> {
        let found = if let Value::Text(text) = &self.value { Some(text.as_str()) } else { None };
        self.expect(found, "a string", key, problems)
    }

    /// The value as a finite number, or a reported issue.
    pub fn number(&self, key: &str, problems: &mut Problems<'_>) -> Option<f64> {
        let found = self.value.number().filter(|number| number.is_finite());
        self.expect(found, "a finite number", key, problems)
    }

    /// The value as a non-negative integer, or a reported issue.
    pub fn count(&self, key: &str, problems: &mut Problems<'_>) -> Option<u64> {
        let found = if let Value::Integer(integer) = self.value { u64::try_from(integer).ok() } else { None };
        if let (None, Value::Integer(integer)) = (found, &self.value) {
            problems.report(
                self.span.clone(),
                key,
                format!("{integer} is negative"),
                "write a whole number of zero or more",
            );
            return None;
        }
        self.expect(found, "a whole number", key, problems)
    }

    /// The value as true or false, or a reported issue.
    pub fn boolean(&self, key: &str, problems: &mut Problems<'_>) -> Option<bool> {
        let found = if let Value::Boolean(truth) = self.value { Some(truth) } else { None };
        self.expect(found, "true or false", key, problems)
    }

    /// The value as a calendar date (a TOML date or a string of the form 2025-04-09), or a reported issue.
    pub fn date(&self, key: &str, problems: &mut Problems<'_>) -> Option<Date> {
        let found = match &self.value {
            Value::Date(date) => Some(*date),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        };
        self.expect(found, "a calendar date such as 2025-04-09", key, problems)
    }

    /// The value as a list, or a reported issue.
    pub fn list(&self, key: &str, problems: &mut Problems<'_>) -> Option<&[Node]> {
        let found = if let Value::List(items) = &self.value { Some(items.as_slice()) } else { None };
        self.expect(found, "a list", key, problems)
    }

    /// The value as a table, or a reported issue.
    pub fn table(&self, key: &str, problems: &mut Problems<'_>) -> Option<&Table> {
        let found = if let Value::Table(table) = &self.value { Some(table) } else { None };
        self.expect(found, "a table", key, problems)
    }
}

impl Table {
    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value under a key that must be there, or a reported issue.
    pub fn require(&self, key: &str, path: &str, remedy: &str, problems: &mut Problems<'_>) -> Option<&Node> {
        let found = self.get(key);
        if found.is_none() {
            problems.report(self.span.clone(), &join(path, key), format!("missing key `{key}`"), remedy);
        }
        found
    }

    /// Reports every key that is not in `known`.
    pub fn reject_unknown(&self, known: &[&str], path: &str, problems: &mut Problems<'_>) {
        for entry in &self.entries {
            if !known.contains(&entry.key.as_str()) {
                let remedy = did_you_mean(&entry.key, known.iter().copied());
                problems.report(
                    entry.key_span.clone(),
                    &join(path, &entry.key),
                    format!("unknown key `{}`", entry.key),
                    remedy,
                );
            }
        }
    }
}

/// Joins a path and a key with a dot.
#[must_use]
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
