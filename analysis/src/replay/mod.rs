//! Replays: monthly series of a scenario laid beside what was observed.
//!
//! The model is written in trend units: target inflation and trend growth are removed, and it begins from the trade of its base
//! year. Shares and rates can be compared as they are; amounts and prices are compared as indices, 100 on average over the
//! months before the first measure, and a user takes the trend out of what was observed.

mod chinese;
mod errors;
mod observed;
mod page;
mod series;
mod tables;

use std::ops::Range;

use engine::clock::Date;

use crate::paired::Estimate;
use crate::recording::{Recording, RecordingError};
use crate::response::response;

pub use errors::{Errors, errors};
pub use observed::{COLUMNS, Compared, Observed, Problem, Rebase};
pub use page::{Heading, page};
pub use series::{Kind, Over, SERIES, Series, Trade};
pub use tables::{errors_table, has_observations, replay_table, summary, template};

/// Months that indices are based on: a year, as seasons and single months must not matter.
const BASE_MONTHS: usize = 12;

/// What is replayed: which region, and when.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Codes of the regions.
    pub codes: Vec<String>,
    /// Place of the importing region among them.
    pub region: usize,
    /// First days of the months.
    pub dates: Vec<Date>,
    /// First month with a measure in force.
    pub first: usize,
}

/// A series of the region, or of one partner.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The series.
    pub series: &'static Series,
    /// The partner, if it is of one.
    pub partner: Option<usize>,
}

/// Name of all partners together.
pub const ALL: &str = "all";

impl Frame {
    /// Months before the first measure, at most a year.
    #[must_use]
    pub fn before(&self) -> Range<usize> {
        self.first.saturating_sub(BASE_MONTHS)..self.first
    }

    /// A month as in `2025-02`.
    #[must_use]
    pub fn month(&self, tick: usize) -> String {
        self.dates[tick].year_month()
    }

    /// First and last month of some.
    #[must_use]
    pub fn months(&self, ticks: &Range<usize>) -> String {
        format!("{} to {}", self.month(ticks.start), self.month(ticks.end - 1))
    }

    /// All series, each of all partners together first.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for series in SERIES {
            if series.over != Over::Partners {
                items.push(Item { series, partner: None });
            }
            if series.over != Over::Total {
                let partners = (0..self.codes.len()).filter(|&partner| partner != self.region);
                items.extend(partners.map(|partner| Item { series, partner: Some(partner) }));
            }
        }
        items
    }

    /// Name of a partner.
    #[must_use]
    pub fn partner(&self, item: &Item) -> &str {
        item.partner.map_or(ALL, |partner| &self.codes[partner])
    }
}

/// Values of all items in a run, by item and tick.
///
/// # Errors
/// If the recording lacks a variable: it must hold the flows of region by partner by industry.
pub fn values(frame: &Frame, recording: &Recording<'_>) -> Result<Vec<Vec<f64>>, RecordingError> {
    let trade = Trade::of(recording, frame.region)?;
    let of = |item: &Item| {
        let mut values = item.series.values(&trade, item.partner)?;
        if item.series.kind == Kind::Index {
            let base = mean(&values[frame.before()]);
            for value in &mut values {
                *value *= 100.0 / base;
            }
        }
        Ok(values)
    };
    frame.items().iter().map(of).collect()
}

/// Mean of some values.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The path of an item over runs.
#[derive(Clone, Debug)]
pub struct Path {
    /// The item.
    pub item: Item,
    /// With the measures: mean over runs and its interval, by tick.
    pub model: Vec<Estimate>,
    /// The mean over baselines, by tick.
    pub baseline: Vec<f64>,
}

impl Path {
    /// Means over runs.
    #[must_use]
    pub fn means(&self) -> Vec<f64> {
        self.model.iter().map(|x| x.mean).collect()
    }

    /// Ends of the interval, if there are several runs.
    #[must_use]
    pub fn band(&self) -> Option<[Vec<f64>; 2]> {
        let several = self.model.first().is_some_and(|x| x.count > 1);
        several
            .then(|| [self.model.iter().map(Estimate::low).collect(), self.model.iter().map(Estimate::high).collect()])
    }
}

/// Values of a run and of its baseline, as [`values`] gives them.
pub type Pair = [Vec<Vec<f64>>; 2];

/// Paths over pairs of runs.
#[must_use]
pub fn paths(frame: &Frame, pairs: &[Pair]) -> Vec<Path> {
    let over = |side: usize, place: usize| {
        let runs: Vec<Vec<f64>> = pairs.iter().map(|pair| pair[side][place].clone()).collect();
        response(&runs)
    };
    let path = |(place, item): (usize, Item)| Path {
        item,
        model: over(0, place),
        baseline: over(1, place).iter().map(|x| x.mean).collect(),
    };
    frame.items().into_iter().enumerate().map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two regions, six months, a measure from the third.
    pub(super) fn frame() -> Frame {
        Frame {
            codes: vec!["A".to_owned(), "B".to_owned()],
            region: 0,
            dates: (1..7).map(|month| Date::new(2025, month, 1).expect("a date")).collect(),
            first: 2,
        }
    }

    /// Paths that rise by one a month from 10, and a baseline that stays.
    pub(super) fn rising(frame: &Frame) -> Vec<Path> {
        let count = frame.items().len();
        let run = |values: [f64; 6]| vec![values.to_vec(); count];
        let flat = run([10.0; 6]);
        let up = run([10.0, 10.0, 11.0, 12.0, 13.0, 14.0]);
        let above = run([10.0, 10.0, 13.0, 14.0, 15.0, 16.0]);
        paths(frame, &[[up, flat.clone()], [above, flat]])
    }

    #[test]
    fn items_and_months() {
        let frame = frame();
        assert_eq!((frame.before(), frame.months(&(2..6))), (0..2, "2025-03 to 2025-06".to_owned()));
        let items = frame.items();
        assert_eq!(items.len(), SERIES.iter().map(|x| if x.over == Over::Both { 2 } else { 1 }).sum::<usize>());
        assert_eq!(frame.partner(&items[0]), "all");
        assert_eq!(frame.partner(&items[1]), "B");
    }

    #[test]
    fn a_path_is_a_mean_over_runs() {
        let path = &rising(&frame())[0];
        assert_eq!(path.means(), [10.0, 10.0, 12.0, 13.0, 14.0, 15.0]);
        assert_eq!(path.baseline, [10.0; 6]);
        // 11 and 13: s / sqrt(2) = 1, times 12.706.
        let [low, _] = path.band().expect("two runs");
        assert!((low[2] - (12.0 - 12.706)).abs() < 1e-9 && (low[0] - 10.0).abs() < 1e-12);
    }
}
