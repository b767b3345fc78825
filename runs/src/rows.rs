//! Tables for programs: in files as CSV, on standard output as JSON.

use std::path::PathBuf;

use analysis::table::Table;
use engine::files::write_bytes_atomically;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use crate::failure::Failure;
use crate::terminal::{note, say};

/// Writes a table to the file that was asked for, if one was, and says so; `json` if standard output is JSON, with which that
/// must not mix.
///
/// # Errors
/// The file cannot be written.
pub fn written(path: Option<&PathBuf>, table: impl FnOnce() -> Table, json: bool) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    write_bytes_atomically(path, table().to_csv().as_bytes())?;
    let line = format!("written: {}", path.display());
    if json {
        note(&line);
    } else {
        say(&(line + "\n"));
    }
    Ok(())
}

/// The rows of a table as objects, with the headings as keys in their order.
#[derive(Clone, Debug)]
pub struct Rows {
    table: Table,
    /// Whether each column holds numbers: nothing else may be read as one, not even a code that looks like it.
    numbers: Vec<bool>,
}

impl Rows {
    /// Of a table for programs, whose numbers are exact; `numbers` are the headings of its columns of numbers.
    ///
    /// # Panics
    /// If the table has no such column.
    #[must_use]
    pub fn of<S: AsRef<str>>(table: Table, numbers: &[S]) -> Self {
        let is = |head: &String, name: &S| head == name.as_ref();
        assert!(numbers.iter().all(|name| table.head.iter().any(|head| is(head, name))), "columns of the table");
        let numbers = table.head.iter().map(|head| numbers.iter().any(|name| is(head, name))).collect();
        Self { table, numbers }
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.table.rows.len()))?;
        for row in &self.table.rows {
            list.serialize_element(&Row(row, self))?;
        }
        list.end()
    }
}

struct Row<'a>(&'a [String], &'a Rows);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for ((head, cell), &number) in self.1.table.head.iter().zip(self.0).zip(&self.1.numbers) {
            if !number {
                map.serialize_entry(head, cell)?;
            } else if let Ok(whole) = cell.parse::<i64>() {
                map.serialize_entry(head, &whole)?;
            } else {
                // No number is nothing, in JSON as in the table.
                map.serialize_entry(head, &cell.parse::<f64>().ok().filter(|x| x.is_finite()))?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_of_numbers_are_numbers() {
        let mut table = Table::new(["run", "change", "pairs", "low"]);
        table.push(["118599175580e529", "-0.30000000000000004", "4", ""]);
        let text = serde_json::to_string(&Rows::of(table, &["change", "pairs", "low"])).expect("JSON");
        assert_eq!(text, r#"[{"run":"118599175580e529","change":-0.30000000000000004,"pairs":4,"low":null}]"#);
    }
}
