//! Issues shown with the line they stand on.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use configs::reading::Issue;
use configs::scenario::{Refusal, Trouble};
use miette::{Diagnostic, LabeledSpan, SourceCode, SourceSpan};

use super::excerpt::Excerpt;

/// Everything wrong with the input, each issue with its source line underlined.
#[derive(Debug)]
pub struct ConfigError {
    issues: Vec<IssueReport>,
    /// Issues that are not shown.
    more: usize,
    kind: Trouble,
}

/// Most issues that are shown.
const SHOWN: usize = 20;

/// One issue with the text it is in.
#[derive(Debug)]
struct IssueReport {
    issue: Issue,
    source: Option<Excerpt>,
}

impl ConfigError {
    /// Joins issues with the texts of their files; an issue in a file without text is shown without snippet.
    #[must_use]
    pub(crate) fn new(issues: Vec<Issue>, texts: &BTreeMap<String, Arc<str>>, kind: Trouble) -> Self {
        let more = issues.len().saturating_sub(SHOWN);
        let issues = issues
            .into_iter()
            .take(SHOWN)
            .map(|issue| {
                let source = texts
                    .get(&issue.file)
                    .filter(|_| issue.span != (0..0))
                    .map(|text| Excerpt::new(&issue.file, text, &issue.span, issue.line));
                IssueReport { issue, source }
            })
            .collect();
        Self { issues, more, kind }
    }

    /// What kind of input is at fault: the first that was found so.
    #[must_use]
    pub fn kind(&self) -> Trouble {
        self.kind
    }

    /// Number of issues that are not shown.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }

    /// The issues that are shown.
    pub fn issues(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter().map(|report| &report.issue)
    }
}

impl From<Refusal> for ConfigError {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.issues, &refusal.texts, refusal.trouble)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.issues.len() + self.more {
            1 => write!(f, "the input has an error"),
            count => write!(f, "the input has {count} errors"),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Diagnostic for ConfigError {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.issues.iter().map(|report| report as &dyn Diagnostic)))
    }
}

impl fmt::Display for IssueReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Issue { file, line, column, key, message, .. } = &self.issue;
        match (&self.source, key.is_empty()) {
            (Some(_), _) => write!(f, "{file}:{line}:{column}: {key}: {message}"),
            (None, true) => write!(f, "{file}: {message}"),
            (None, false) => write!(f, "{file}: {key}: {message}"),
        }
    }
}

impl std::error::Error for IssueReport {}

impl Diagnostic for IssueReport {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.issue.remedy.is_empty()).then(|| Box::new(&self.issue.remedy) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = SourceSpan::from(self.source.as_ref()?.span.clone());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(None, span))) as Box<_>)
    }
}
