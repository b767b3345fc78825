//! What is wrong with an input file, said so that the reader can mend it.

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
    /// Issues in the order found.
    pub issues: Vec<Issue>,
}

impl<'s> Problems<'s> {
    /// Starts an empty list for the given file.
    #[must_use]
    pub fn new(file: &'s str, text: &'s str) -> Self {
        Self { file, text, issues: Vec::new() }
    }

    /// Records an issue at a byte range of the text.
    pub fn report(&mut self, span: Range<usize>, key: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let start = span.start.min(self.text.len());
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.issues.push(Issue {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            span: start..span.end.min(self.text.len()).max(start),
            key: key.to_owned(),
            message: message.into(),
            remedy: remedy.into(),
        });
    }
}

/// The remedy for an unknown name: the nearest known one when it is near, else all known ones.
#[must_use]
pub fn did_you_mean<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&unknown.to_lowercase(), &name.to_lowercase()), *name))
        .min();
    // A name cut short is a likelier slip than a distance in letters says.
    let completion = known.iter().find(|name| unknown.len() >= 4 && name.starts_with(unknown));
    if let Some(name) = completion {
        return format!("did you mean `{name}`?");
    }
    match nearest {
        Some((distance, name)) if distance <= 2.max(unknown.chars().count() / 3) && distance < name.chars().count() => {
            format!("did you mean `{name}`?")
        }
        _ if known.is_empty() => "nothing is allowed here; remove it".to_owned(),
        _ => format!("use one of: {}", known.join(", ")),
    }
}
