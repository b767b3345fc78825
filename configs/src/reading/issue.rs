//! What is wrong with an input file, said so that the reader can mend it.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Range;

/// One thing wrong in an input file: where it is, what it is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Name of the file as the loader was given it.
    pub file: String,
    /// Byte range in the file's text; empty at 0 when the trouble is something absent.
    pub span: Range<usize>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The key, column or cell concerned, for example `households.wealth_adjustment`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}: {}", self.file, self.line, self.column, self.key, self.message)?;
        if self.remedy.is_empty() { Ok(()) } else { write!(f, " ({})", self.remedy) }
    }
}

impl std::error::Error for Issue {}

/// A named text and the issues found in it so far.
#[derive(Debug)]
pub struct Problems<'s> {
    file: &'s str,
    text: &'s str,
    /// Where the lines begin, found when the first place is asked for: a file may have many issues.
    lines: OnceCell<Vec<usize>>,
    /// Issues in the order found.
    pub issues: Vec<Issue>,
}

/// Longest part of a key or message that repeats what the file says, bytes.
const LONGEST: usize = 300;

/// Most names that a remedy lists.
const LISTED: usize = 60;

/// A text cut in the middle if it is long.
fn shortened(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let head = text.floor_char_boundary(LONGEST * 2 / 3);
    let tail = text.ceil_char_boundary(text.len() - LONGEST / 3);
    format!("{} [..] {}", &text[..head], &text[tail..])
}

impl<'s> Problems<'s> {
    /// Starts an empty list for the given file.
    #[must_use]
    pub fn new(file: &'s str, text: &'s str) -> Self {
        Self { file, text, lines: OnceCell::new(), issues: Vec::new() }
    }

    /// Line and column, both from 1, of a byte of the text.
    #[must_use]
    pub fn locate(&self, at: usize) -> (usize, usize) {
        let starts = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        });
        let at = self.text.floor_char_boundary(at);
        let line = starts.partition_point(|start| *start <= at);
        (line, self.text[starts[line - 1]..at].chars().count() + 1)
    }

    /// Records an issue at a byte range of the text.
    pub fn report(&mut self, span: Range<usize>, key: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let start = span.start.min(self.text.len());
        let (line, column) = self.locate(start);
        self.issues.push(Issue {
            file: self.file.to_owned(),
            line,
            column,
            span: start..span.end.min(self.text.len()).max(start),
            key: shortened(key.to_owned()),
            message: shortened(message.into()),
            remedy: remedy.into(),
        });
    }
}

/// The remedy for an unknown name: the nearest known one when it is near, else all known ones.
#[must_use]
pub fn did_you_mean<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    // A name of the length of a page is no slip of a known one, and comparing it takes long.
    let nearest = known
        .iter()
        .filter(|_| unknown.len() <= LONGEST)
        .map(|name| (strsim::damerau_levenshtein(&unknown.to_lowercase(), &name.to_lowercase()), *name))
        .min();
    // A name cut short is a likelier slip than a distance in letters says.
    let completes = |name: &&&str| name.to_lowercase().starts_with(&unknown.to_lowercase());
    let completions: Vec<&&str> = known.iter().filter(|_| unknown.len() <= LONGEST).filter(completes).collect();
    let enough = if completions.len() == 1 { 2 } else { 4 };
    if let Some(name) = completions.first().filter(|_| unknown.len() >= enough) {
        return format!("did you mean `{name}`?");
    }
    // Of a code of two or three letters little is left where two differ.
    let letters = unknown.chars().count();
    let slip = if letters <= 3 { 1 } else { 2.max(letters / 3) };
    match nearest {
        Some((distance, name)) if distance <= slip && distance < name.chars().count() => {
            format!("did you mean `{name}`?")
        }
        _ if known.is_empty() => "nothing is allowed here; remove it".to_owned(),
        _ if known.len() > LISTED => {
            format!("use one of: {} .. and {} more", known[..LISTED].join(", "), known.len() - LISTED)
        }
        _ => format!("use one of: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_in_any_order() {
        let problems = Problems::new("x", "a\n\u{e9}b\n\nc");
        assert_eq!(
            [6, 0, 4, 2, 1, 99, 3].map(|at| problems.locate(at)),
            [(3, 1), (1, 1), (2, 2), (2, 1), (1, 2), (4, 2), (2, 1)]
        );
    }

    #[test]
    fn what_repeats_a_long_text_is_cut() {
        let mut problems = Problems::new("x", "");
        problems.report(0..0, &"\u{e9}".repeat(70_000), format!("unknown `{}`", "k".repeat(70_000)), "");
        assert!(problems.issues[0].key.len() < 400 && problems.issues[0].message.len() < 400);
        let names: Vec<String> = (0..2000).map(|n| format!("name{n:04}")).collect();
        let remedy = did_you_mean(&"x".repeat(100_000), names.iter().map(String::as_str));
        assert!(remedy.len() < 1000 && remedy.ends_with("and 1940 more"), "{remedy}");
    }
}
