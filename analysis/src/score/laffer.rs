//! The duty that raises most: a curve over a grid of rates.

use std::ops::Range;

use crate::facts::Observation;
use crate::recording::{Recording, RecordingError};

/// What a run under one rate brings in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Rate, a fraction.
    pub rate: f64,
    /// Import duties over consumer prices, minor units at base-year prices a tick.
    pub revenue: f64,
    /// Real household consumption, minor units at base-year prices a tick.
    pub consumption: f64,
}

impl Point {
    /// Means over a window of a run.
    ///
    /// # Errors
    /// If the recording lacks a variable or the region.
    pub fn read(rate: f64, run: &Recording<'_>, region: &str, window: Range<usize>) -> Result<Self, RecordingError> {
        let place = run.place("region", region)?;
        let series = |name| Ok::<_, RecordingError>(run.array(name)?.series(&[place])[window.clone()].to_vec());
        let (duties, prices) = (series("budget_duties")?, series("consumer_price")?);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let revenue: Vec<f64> = duties.iter().zip(&prices).map(|(duty, price)| duty / price).collect();
        Ok(Self { rate, revenue: mean(&revenue), consumption: mean(&series("real_household_consumption")?) })
    }
}

/// Rate at which a curve is highest: the vertex of the parabola through the best point and its neighbours; the end of the grid where
/// that is best. Rates in increasing order. `None` without points.
#[must_use]
pub fn peak(curve: &[(f64, f64)]) -> Option<f64> {
    let best = (0..curve.len()).max_by(|&a, &b| curve[a].1.total_cmp(&curve[b].1))?;
    if best == 0 || best + 1 == curve.len() {
        return Some(curve[best].0);
    }
    let ((x0, y0), (x1, y1), (x2, y2)) = (curve[best - 1], curve[best], curve[best + 1]);
    let (left, right) = ((y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1));
    // The slope falls evenly from the middle of the left piece to that of the right one.
    let (a, b) = (f64::midpoint(x0, x1), f64::midpoint(x1, x2));
    Some(if left > right { a + left * (b - a) / (left - right) } else { x1 })
}

/// Facts T34 of one seed: `alone` without and `reciprocal` with an answer in kind, the run without a duty first.
#[must_use]
pub fn laffer(alone: &[Point], reciprocal: &[Point]) -> Vec<Observation> {
    let curve = |points: &[Point], of: fn(&Point) -> f64| -> Vec<(f64, f64)> {
        points.iter().map(|point| (100.0 * point.rate, of(point))).collect()
    };
    let peaks = [
        ("T34", peak(&curve(alone, |point| point.revenue))),
        ("T34-reciprocal", peak(&curve(reciprocal, |point| point.revenue))),
        ("T34-consumption", peak(&curve(alone, |point| point.consumption))),
    ];
    peaks.into_iter().filter_map(|(id, rate)| Some((id, rate?))).collect()
}
