//! Comma-separated tables as people save them: rows that keep the place of every cell.
//!
//! Form (RFC 4180 and what spreadsheets make of it): cells are separated by commas; a cell in double quotes may hold
//! commas, line breaks and doubled quotes; lines end with LF, CRLF or CR; a byte-order mark may come first. Rows
//! without any content (blank lines, or commas only) count for nothing, and so do empty cells after the last column.
//! What is something else (semicolons, tabs, UTF-16) is refused as a whole, by one [`Flaw`] that says what to do.

use std::ops::Range;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Text without surrounding quotes or blanks.
    pub text: String,
    /// Byte range in the file, quotes included.
    pub span: Range<usize>,
}

/// Why a text is no table that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Byte range.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Where the rows of a table lie; cells are split only when they are read, since a large world has millions.
#[derive(Debug, Clone)]
pub struct Rows<'t> {
    text: &'t str,
    rows: Vec<Range<usize>>,
}

/// Separators that are not ours, with their names.
const OTHERS: [(u8, &str); 3] = [(b';', "semicolons (`;`)"), (b'\t', "tabs"), (b'|', "bars (`|`)")];

/// The text of a table from the bytes of its file.
///
/// # Errors
/// It is in another encoding than UTF-8: which one it seems to be, and what to do.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    let remedy = "save it as UTF-8 (in a spreadsheet: `CSV UTF-8`)";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(format!("it is written in UTF-16; {remedy}"));
    }
    if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
        let line = bytes[..at].split(|&byte| byte == b'\n').count();
        return Err(format!("line {line} holds a zero byte, so it is written in UTF-16 or is no text; {remedy}"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = bytes[..at].split(|&byte| byte == b'\n').count();
        let (byte, shown) = (bytes[at], char::from(bytes[at]));
        format!(
            "it is not text in UTF-8: byte 0x{byte:02X} in line {line} is `{shown}` in Latin-1 (Windows-1252); {remedy}"
        )
    })
}

impl<'t> Rows<'t> {
    /// Finds the rows that have content; the first is the header.
    ///
    /// # Errors
    /// Another separator than the comma, or a quote that is never closed.
    pub fn parse(text: &'t str) -> Result<Self, Flaw> {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let bytes = text.as_bytes();
        let mut rows = Vec::new();
        let (mut from, mut at) = (start, start);
        while at < bytes.len() {
            let end = row_end(bytes, at)?;
            if bytes[from..end].iter().any(|&byte| !matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'"')) {
                rows.push(from..end);
            }
            at = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
            from = at;
        }
        if let Some(header) = rows.first() {
            check_separator(&text[header.clone()], header.start)?;
        }
        Ok(Self { text, rows })
    }

    /// Number of rows, the header included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Byte range of a row.
    #[must_use]
    pub fn span(&self, row: usize) -> Range<usize> {
        self.rows[row].clone()
    }

    /// Cells of a row without the empty ones at its end.
    #[must_use]
    pub fn cells(&self, row: usize) -> Vec<Cell> {
        let span = self.span(row);
        let mut cells = split(&self.text[span.clone()], span.start);
        while cells.last().is_some_and(|cell| cell.text.is_empty()) {
            cells.pop();
        }
        cells
    }

    /// Cells of a row, filled up with empty ones to `width` as far as the row has commas for them.
    #[must_use]
    pub fn cells_of_width(&self, row: usize, width: usize) -> Vec<Cell> {
        let span = self.span(row);
        let mut cells = split(&self.text[span.clone()], span.start);
        while cells.len() > width && cells.last().is_some_and(|cell| cell.text.is_empty()) {
            cells.pop();
        }
        cells
    }

    /// Lines, from 1, on which the rows begin.
    #[must_use]
    pub fn lines(&self) -> Vec<usize> {
        let bytes = self.text.as_bytes();
        let (mut line, mut at) = (1, 0);
        let mut lines = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            for place in at..row.start {
                // A CR that an LF follows is half of one line end.
                let ends = bytes[place] == b'\n' || (bytes[place] == b'\r' && bytes.get(place + 1) != Some(&b'\n'));
                line += usize::from(ends);
            }
            at = row.start;
            lines.push(line);
        }
        lines
    }
}

/// Where the row that begins at `at` ends.
fn row_end(bytes: &[u8], mut at: usize) -> Result<usize, Flaw> {
    let mut fresh = true;
    while at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r') {
        if bytes[at] == b'"' && fresh {
            at = quote_end(bytes, at)?;
            fresh = false;
            continue;
        }
        fresh = bytes[at] == b',' || (fresh && bytes[at] == b' ');
        at += 1;
    }
    Ok(at)
}

/// The byte after the quoted text that begins at `from`.
fn quote_end(bytes: &[u8], from: usize) -> Result<usize, Flaw> {
    let mut at = from + 1;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'"', Some(b'"')) => at += 2,
            (b'"', _) => return Ok(at + 1),
            _ => at += 1,
        }
    }
    Err(Flaw {
        span: from..from + 1,
        message: "a quote is opened and never closed".to_owned(),
        remedy: "close it, or double a quote that is part of the text".to_owned(),
    })
}

/// Refuses a header that another separator divides.
fn check_separator(header: &str, offset: usize) -> Result<(), Flaw> {
    let outside = |wanted: u8| {
        let mut quoted = false;
        let count = header.bytes().filter(|&byte| {
            quoted ^= byte == b'"';
            !quoted && byte == wanted
        });
        count.count()
    };
    let commas = outside(b',');
    let found = OTHERS.iter().map(|(byte, name)| (outside(*byte), *name)).max_by_key(|x| x.0);
    if let Some((count, name)) = found
        && count > commas
    {
        return Err(Flaw {
            span: offset..offset + header.len(),
            message: format!("the columns are separated by {name}"),
            remedy: "separate columns by commas, and write decimals with a point (as in 0.25)".to_owned(),
        });
    }
    Ok(())
}

/// Splits a row, whose first byte is at `offset`, into cells.
fn split(row: &str, offset: usize) -> Vec<Cell> {
    let bytes = row.as_bytes();
    let mut cells = Vec::new();
    let (mut from, mut at, mut fresh) = (0, 0, true);
    let mut push = |from: usize, to: usize| {
        let raw = row[from..to].trim();
        let inner = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let text = inner.map_or_else(|| raw.to_owned(), |inner| inner.replace("\"\"", "\""));
        cells.push(Cell { text, span: offset + from..offset + to });
    };
    while at < bytes.len() {
        if bytes[at] == b'"' && fresh {
            at = quote_end(bytes, at).unwrap_or(bytes.len());
            fresh = false;
            continue;
        }
        fresh = bytes[at] == b',' || (fresh && bytes[at] == b' ');
        if bytes[at] == b',' {
            push(from, at);
            from = at + 1;
        }
        at += 1;
    }
    push(from, row.len());
    cells
}

/// What to say of a cell that should be a number and is none.
#[must_use]
pub fn no_number(text: &str) -> (String, &'static str) {
    let commas = text.matches(',').count();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b"+-., eE%".contains(&b));
    match () {
        () if digits && commas == 1 && !text.contains('.') => (
            format!("`{text}` is not a number: it has a decimal comma"),
            "write a decimal point and no commas, as in 1234.5",
        ),
        () if digits && commas > 0 => (
            format!("`{text}` is not a number: it has commas between thousands"),
            "write digits with a decimal point only, as in 1234.5",
        ),
        () if digits && text.ends_with('%') => (
            format!("`{text}` is not a number: it has a percent sign"),
            "write the number alone, in the unit of the column",
        ),
        () => (format!("`{text}` is not a number"), "write a finite decimal number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Vec<Vec<String>> {
        let rows = Rows::parse(text).expect(text);
        (0..rows.len()).map(|row| rows.cells(row).into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn tables_of_spreadsheets_are_read() {
        let expected = [["a", "b"], ["1", "2"]];
        for text in [
            "a,b\n1,2\n",
            "\u{feff}a,b\r\n1,2\r\n",
            "a,b\r1,2",
            "\n\na,b\n,\n1,2\n,,\n \n",
            "\"a\",\"b\"\n\"1\",\"2\"\n",
            "a,b,,\n1,2,,\n,,,\n",
            " a , b \n 1 ,\"2\" \n",
            "a,b\n\"\",\"\"\n1,2",
        ] {
            assert_eq!(table(text), expected, "{text:?}");
        }
        assert_eq!(table("a,b\n\"x, \"\"y\"\"\n z\",5' 6\"\n"), [["a", "b"], ["x, \"y\"\n z", "5' 6\""]]);
        assert!(table("").is_empty() && table("\u{feff}\r\n").is_empty());
    }

    #[test]
    fn rows_know_their_lines_and_places() {
        let text = "\u{feff}a,b\r\n\r\n\"x\ny\",2\r3,4\n";
        let rows = Rows::parse(text).expect("rows");
        assert_eq!(rows.lines(), [1, 3, 5]);
        assert_eq!(&text[rows.cells(2)[1].span.clone()], "4");
    }

    #[test]
    fn other_forms_are_named() {
        for (text, expected) in [
            ("a;b;c\n1,5;2;3\n", "semicolons"),
            ("a\tb\n1\t2\n", "tabs"),
            ("a|b\n", "bars"),
            ("\u{feff}\"a\";\"b\"\r\n", "semicolons"),
            ("a,b\n\"1,2\n3,4\n", "never closed"),
        ] {
            let flaw = Rows::parse(text).expect_err(text);
            assert!(flaw.message.contains(expected), "{text:?}: {flaw:?}");
        }
        for (bytes, expected) in [
            (vec![0xff, 0xfe, b'a', 0], "UTF-16"),
            (vec![0xfe, 0xff, 0, b'a'], "UTF-16"),
            (vec![b'a', 0, b',', 0], "UTF-16"),
            (b"a\nM\xe9xico".to_vec(), "not text in UTF-8: byte 0xE9 in line 2 is `\u{e9}` in Latin-1"),
        ] {
            let message = decode(bytes).expect_err("another encoding");
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn numbers_that_are_none_are_explained() {
        for (text, expected) in [
            ("1,5", "decimal comma"),
            ("1,234.5", "thousands"),
            ("5%", "percent"),
            ("x", "not a number"),
            ("nan", "not"),
        ] {
            assert!(no_number(text).0.contains(expected), "{text}");
        }
    }
}
