//! The report of a run or of a pair of runs: one page that opens anywhere, without a server or network.
//!
//! Drawings are made here, so the page shows without scripts; a script adds reading off values, tables and downloads.

mod chart;
mod content;
mod page;
mod svg;

pub use chart::{Bar, Chart, Series, bars, heat, lines, tiles};
pub use content::{Source, report};
pub use page::{Answer, Report, Section};
pub use svg::{Anchor, Axis, Drawing, diverging, escaped};

/// Languages of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    /// The text in this language.
    #[must_use]
    pub const fn of(self, texts: [&str; 2]) -> &str {
        match self {
            Self::English => texts[0],
            Self::Chinese => texts[1],
        }
    }
}

/// Style of a drawing that stands alone.
pub const DRAWING_STYLE: &str = include_str!("drawing.css");
