//! Tables for people (plain text, Markdown) and for programs (CSV).

use std::fmt::Write as _;

/// A number for other programs, to its last digit; nothing where there is none.
#[must_use]
pub fn exact(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

/// A table of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Column headings.
    pub head: Vec<String>,
    /// Rows, as wide as the head.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new<S: Into<String>>(head: impl IntoIterator<Item = S>) -> Self {
        Self { head: head.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it is not as wide as the head.
    pub fn push<S: Into<String>>(&mut self, row: impl IntoIterator<Item = S>) {
        let row: Vec<String> = row.into_iter().map(Into::into).collect();
        assert_eq!(row.len(), self.head.len(), "a row is as wide as the head");
        self.rows.push(row);
    }

    /// Aligned columns: numbers to the right, the first column and other words to the left.
    #[must_use]
    pub fn to_text(&self) -> String {
        let widths = self.widths(|cell| cell.chars().count());
        // A mark may stand before a number.
        let number = |cell: &str| {
            let cell = cell.strip_prefix(crate::chance::MARK).unwrap_or(cell);
            cell.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-')
        };
        let words: Vec<bool> = (0..self.head.len())
            .map(|column| column == 0 || self.rows.iter().any(|row| !number(&row[column])))
            .collect();
        let line = |row: &[String]| {
            let mut text = String::new();
            for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                let _ = if words[column] {
                    write!(text, "{gap}{cell:<width$}")
                } else {
                    write!(text, "{gap}{cell:>width$}")
                };
            }
            text.trim_end().to_owned() + "\n"
        };
        std::iter::once(&self.head).chain(&self.rows).map(|row| line(row)).collect()
    }

    /// Markdown; pipes are escaped.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let line = |row: &[String]| {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let rule = format!("|{}\n", " --- |".repeat(self.head.len()));
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        line(&self.head) + &rule + &rows
    }

    /// Comma-separated values as in RFC 4180.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let quoted = |cell: &String| {
            if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        };
        let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
        std::iter::once(&self.head).chain(&self.rows).map(line).collect()
    }

    fn widths(&self, length: impl Fn(&String) -> usize) -> Vec<usize> {
        let rows = || std::iter::once(&self.head).chain(&self.rows);
        (0..self.head.len()).map(|column| rows().map(|row| length(&row[column])).max().unwrap_or(0)).collect()
    }
}

/// Reads comma-separated values with quotes; the first line is the head.
#[must_use]
pub fn parse_csv(text: &str) -> Table {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(split_csv);
    let head = lines.next().unwrap_or_default();
    let width = head.len();
    let rows = lines.map(|mut row| {
        row.resize(width, String::new());
        row
    });
    Table { rows: rows.collect(), head }
}

pub(crate) fn split_csv(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut inside) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if inside && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => inside = !inside,
            ',' if !inside => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(["what", "change"]);
        table.push(["prices, consumer", "1.5"]);
        table.push(["a|b \"c\"", "-10.0"]);
        table
    }

    #[test]
    fn text_is_aligned() {
        assert_eq!(
            sample().to_text(),
            "what              change\nprices, consumer     1.5\na|b \"c\"            -10.0\n"
        );
    }

    #[test]
    fn markdown_escapes_pipes() {
        assert_eq!(
            sample().to_markdown(),
            "| what | change |\n| --- | --- |\n| prices, consumer | 1.5 |\n| a\\|b \"c\" | -10.0 |\n"
        );
    }

    #[test]
    fn csv_returns() {
        assert_eq!(parse_csv(&sample().to_csv()), sample());
    }
}
