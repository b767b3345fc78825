//! The tables of a world: columns by name, and every cell with its place.

use std::ops::Range;

use engine::csv::{Rows, no_number};

use crate::reading::{Problems, did_you_mean};

/// One table: a header and its rows, split only when they are read (a large world has millions of cells).
#[derive(Debug)]
pub struct CsvTable<'t> {
    header: Vec<Cell>,
    /// Nothing where the text is no table.
    rows: Option<Rows<'t>>,
    /// Rows with as many cells as the header.
    whole: Vec<usize>,
}

/// One cell: its text, unquoted, and its byte range.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Text without surrounding quotes.
    pub text: String,
    /// Byte range in the file.
    pub span: Range<usize>,
}

/// Largest figure of any table, whatever its unit: money of a world is well below it.
const LARGEST: f64 = 1e12;

impl<'t> CsvTable<'t> {
    /// Finds the rows; one with too few or too many cells is reported and left out.
    #[must_use]
    pub fn parse(text: &'t str, problems: &mut Problems<'_>) -> Self {
        let rows = match Rows::parse(text) {
            Ok(rows) => rows,
            Err(flaw) => {
                problems.report(flaw.span, "table", flaw.message, flaw.remedy);
                return Self { header: Vec::new(), rows: None, whole: Vec::new() };
            }
        };
        let header: Vec<Cell> =
            if rows.is_empty() { Vec::new() } else { rows.cells(0).into_iter().map(Cell::from).collect() };
        let width = header.len();
        let mut whole = Vec::with_capacity(rows.len());
        for row in 1..rows.len() {
            let cells = rows.cells_of_width(row, width);
            if cells.len() == width {
                whole.push(row);
                continue;
            }
            let message = format!("{} cells in a row, the header has {width}", cells.len());
            problems.report(rows.span(row), &cells[0].text, message, "give every row as many cells as the header");
        }
        Self { header, rows: Some(rows), whole }
    }

    /// Checks the header against the expected columns and gives the place of each expected column.
    pub fn columns(&self, expected: &[&str], problems: &mut Problems<'_>) -> Option<Vec<usize>> {
        self.rows.as_ref()?;
        let before = problems.issues.len();
        for cell in &self.header {
            if !expected.contains(&cell.text.as_str()) {
                let remedy = did_you_mean(&cell.text, expected.iter().copied());
                problems.report(cell.span.clone(), &cell.text, format!("unknown column `{}`", cell.text), remedy);
            }
        }
        let mut places = Vec::with_capacity(expected.len());
        let mut missing: Vec<&str> = Vec::new();
        for name in expected {
            let mut found = self.header.iter().enumerate().filter(|(_, cell)| cell.text == *name);
            match found.next() {
                Some((place, _)) => places.push(place),
                None => missing.push(name),
            }
            if let Some((_, cell)) = found.next() {
                problems.report(cell.span.clone(), name, format!("column `{name}` appears twice"), "remove one");
            }
        }
        match missing[..] {
            [] => {}
            [name] => problems.report(0..0, name, format!("missing column `{name}`"), "add the column"),
            _ => {
                let message = format!("missing columns `{}`", missing.join("`, `"));
                problems.report(0..0, missing[0], message, "add the columns");
            }
        }
        (problems.issues.len() == before).then_some(places)
    }

    /// Rows after the header.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        let rows = self.rows.as_ref();
        let cells = move |rows: &Rows<'t>, row| rows.cells_of_width(row, self.header.len()).into_iter();
        rows.into_iter()
            .flat_map(move |rows| self.whole.iter().map(move |&row| cells(rows, row).map(Cell::from).collect()))
    }
}

impl From<engine::csv::Cell> for Cell {
    fn from(cell: engine::csv::Cell) -> Self {
        Self { text: cell.text, span: cell.span }
    }
}

impl Cell {
    /// The cell as a finite number in the unit of its column; an empty cell is zero.
    pub fn number(&self, key: &str, problems: &mut Problems<'_>) -> f64 {
        if self.text.is_empty() {
            return 0.0;
        }
        match self.text.parse::<f64>() {
            Ok(number) if number.abs() <= LARGEST => number,
            Ok(number) if number.is_finite() => {
                let message = format!("`{}` is larger than any figure of a world", self.text);
                problems.report(self.span.clone(), key, message, format!("write a number up to {LARGEST:e}"));
                0.0
            }
            _ => {
                let (message, remedy) = no_number(&self.text);
                problems.report(self.span.clone(), key, message, remedy);
                0.0
            }
        }
    }

    /// The cell as a number from `range`, both in the unit of its column, or a reported issue.
    pub fn within(&self, key: &str, range: (f64, f64), problems: &mut Problems<'_>) -> f64 {
        let before = problems.issues.len();
        let number = self.number(key, problems);
        if problems.issues.len() == before && !(range.0..=range.1).contains(&number) {
            let remedy = format!(
                "write a number from {} to {}; shares and rates are fractions (5 percent is 0.05)",
                range.0, range.1
            );
            problems.report(self.span.clone(), key, format!("{number} cannot be"), remedy);
        }
        number.clamp(range.0, range.1)
    }

    /// The cell as a finite number of zero or more in the unit of its column.
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
