//! The report of a run, of a pair of runs or of an ensemble: one page that opens anywhere, without a server or network.
//!
//! Drawings are made here, so the page shows without scripts; a script adds reading off values, tables and downloads.

mod chart;
mod chinese;
mod content;
mod doses;
mod figures;
mod gather;
mod names;
mod over_time;
mod page;
mod palette;
mod places;
mod plants;
mod sentences;
mod svg;

pub use chart::{
    Bar, Chart, Look, Mark, Series, Tile, bars, doses, dotted_lines, heading_of, heat, lines, marked_lines, stacks,
    tiles,
};
pub use content::{Source, report};
pub use doses::{Dose, Swept};
pub use figures::{Figure, figures};
pub use gather::RunPair;
pub use names::Names;
pub use page::{Answer, Policy, Report, Section, Sentence};
pub use palette::light;
pub use svg::{Anchor, Axis, Drawing, Heading, diverging, escaped};

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

/// Style of a drawing in a page.
const DRAWING_STYLE: &str = include_str!("drawing.css");

/// A number to six digits; nothing where there is none.
pub(crate) fn number(value: f64) -> String {
    if value.is_finite() {
        let text = format!("{value:.6}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        String::new()
    }
}
