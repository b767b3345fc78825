//! A small reader of comma-separated tables that keeps the place of every cell.

use std::ops::Range;

use crate::parameters::{Problems, did_you_mean};

/// One table: a header and the lines of its rows, split only when they are read (a large world has
/// millions of cells).
#[derive(Debug)]
pub struct CsvTable<'t> {
    header: Vec<Cell>,
    lines: Vec<(usize, &'t str)>,
}

/// One cell: its text, unquoted, and its byte range.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Text without surrounding quotes.
    pub text: String,
    /// Byte range in the file.
    pub span: Range<usize>,
}

/// Splits one line, whose first byte is at `offset`, into cells.
fn split(line: &str, offset: usize) -> Vec<Cell> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let mut push = |start: usize, end: usize| {
        let raw = &line[start..end];
        let text = match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => raw.trim().to_owned(),
        };
        cells.push(Cell { text, span: offset + start..offset + end });
    };
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                push(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    push(start, line.len());
    cells
}

impl<'t> CsvTable<'t> {
    /// Finds the rows; one with too few or too many cells is reported and left out.
    #[must_use]
    pub fn parse(text: &'t str, problems: &mut Problems<'_>) -> Self {
        let mut offset = 0;
        let mut lines = Vec::new();
        for line in text.split('\n') {
            let trimmed = line.trim_end_matches('\r');
            if !trimmed.trim().is_empty() {
                lines.push((offset, trimmed));
            }
            offset += line.len() + 1;
        }
        let header = lines.first().map_or(Vec::new(), |(offset, line)| split(line, *offset));
        let mut table = Self { header, lines: lines.into_iter().skip(1).collect() };
        let width = table.header.len();
        table.lines.retain(|(offset, line)| {
            let row = split(line, *offset);
            if row.len() != width {
                let message = format!("{} cells in a row, the header has {width}", row.len());
                let remedy = "give every row as many cells as the header";
                problems.report(*offset..offset + line.len(), &row[0].text, message, remedy);
            }
            row.len() == width
        });
        table
    }

    /// Checks the header against the expected columns and gives the place of each expected column.
    pub fn columns(&self, expected: &[&str], problems: &mut Problems<'_>) -> Option<Vec<usize>> {
        let before = problems.issues.len();
        for cell in &self.header {
            if !expected.contains(&cell.text.as_str()) {
                let remedy = did_you_mean(&cell.text, expected.iter().copied());
                problems.report(cell.span.clone(), &cell.text, format!("unknown column `{}`", cell.text), remedy);
            }
        }
        let mut places = Vec::with_capacity(expected.len());
        for name in expected {
            let mut found = self.header.iter().enumerate().filter(|(_, cell)| cell.text == *name);
            match found.next() {
                Some((place, _)) => places.push(place),
                None => problems.report(0..0, name, format!("missing column `{name}`"), "add the column"),
            }
            if let Some((_, cell)) = found.next() {
                problems.report(cell.span.clone(), name, format!("column `{name}` appears twice"), "remove one");
            }
        }
        (problems.issues.len() == before).then_some(places)
    }

    /// Rows after the header.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        self.lines.iter().map(|(offset, line)| split(line, *offset))
    }
}

impl Cell {
    /// The cell as a finite number; an empty cell is zero.
    pub fn number(&self, key: &str, problems: &mut Problems<'_>) -> f64 {
        if self.text.is_empty() {
            return 0.0;
        }
        match self.text.parse::<f64>() {
            Ok(number) if number.is_finite() => number,
            _ => {
                problems.report(
                    self.span.clone(),
                    key,
                    format!("`{}` is not a number", self.text),
                    "write a finite decimal number",
                );
                0.0
            }
        }
    }

    /// The cell as a finite number of zero or more.
    pub fn amount(&self, key: &str, problems: &mut Problems<'_>) -> f64 {
        let number = self.number(key, problems);
        if number < 0.0 {
            problems.report(self.span.clone(), key, format!("{number} is negative"), "write a number of zero or more");
            return 0.0;
        }
        number
    }

    /// The place of the cell's code among `codes`, or a reported issue.
    pub fn code(&self, what: &str, codes: &[String], problems: &mut Problems<'_>) -> Option<usize> {
        let found = codes.iter().position(|code| *code == self.text);
        if found.is_none() {
            let remedy = did_you_mean(&self.text, codes.iter().map(String::as_str));
            problems.report(self.span.clone(), what, format!("unknown {what} `{}`", self.text), remedy);
        }
        found
    }
}
