//! Imports of one region in a pair of runs.

use std::ops::Range;

use crate::recording::{Array, RecordingError};

use super::Case;

/// Arrays on the imports of one region, of both runs.
pub(crate) struct Trade {
    pub(crate) value: [Array; 2],
    pub(crate) volume: [Array; 2],
    pub(crate) duty: [Array; 2],
    /// Duties in law: those effects are counted by, and the baseline's.
    pub(crate) rate: [Array; 2],
    /// Places of importer, origins and goods.
    pub(crate) importer: usize,
    pub(crate) origins: Vec<usize>,
    pub(crate) goods: Vec<usize>,
}

impl Trade {
    pub(crate) fn read(case: &Case<'_>) -> Result<Self, RecordingError> {
        let both = |name| Ok::<_, RecordingError>([case.policy.array(name)?, case.baseline.array(name)?]);
        let flags = case.policy.array("goods")?.values;
        let importer = case.policy.place("region", case.importer)?;
        let origins: Result<Vec<usize>, _> =
            case.origins.iter().map(|code| case.policy.place("partner", code)).collect();
        Ok(Self {
            value: both("trade_value")?,
            volume: both("trade_volume")?,
            duty: both("trade_duty")?,
            rate: case.rates()?,
            importer,
            origins: origins?.into_iter().filter(|&origin| origin != importer).collect(),
            goods: (0..flags.len()).filter(|&good| flags[good] > 0.5).collect(),
        })
    }

    /// Sum of an array over a window for one flow.
    pub(crate) fn flow(&self, array: &Array, window: &Range<usize>, origin: usize, good: usize) -> f64 {
        window.clone().map(|tick| array.at(tick, &[self.importer, origin, good])).sum()
    }

    /// All flows of goods from the origins.
    pub(crate) fn flows(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.origins.iter().flat_map(|&origin| self.goods.iter().map(move |&good| (origin, good)))
    }

    /// Sum of an array over a window and all flows.
    pub(crate) fn total(&self, array: &Array, window: &Range<usize>) -> f64 {
        self.flows().map(|(origin, good)| self.flow(array, window, origin, good)).sum()
    }

    /// Mean change of the log of one plus the duty, weighted with base imports.
    pub(crate) fn duty_change(&self, window: &Range<usize>) -> f64 {
        let months = window.len() as f64;
        let (mut change, mut weight) = (0.0, 0.0);
        for (origin, good) in self.flows() {
            let value = self.flow(&self.value[1], window, origin, good);
            let rate = |side: usize| 1.0 + self.flow(&self.rate[side], window, origin, good) / months;
            change += value * (rate(0) / rate(1)).ln();
            weight += value;
        }
        change / weight
    }

    /// Change of the log of the duty-inclusive import price over that of one plus the duty, weighted with base imports.
    pub(crate) fn pass_through(&self, window: &Range<usize>) -> f64 {
        let (mut prices, mut weight) = (0.0, 0.0);
        for (origin, good) in self.flows() {
            let price = |side: usize| {
                let paid = self.flow(&self.value[side], window, origin, good)
                    + self.flow(&self.duty[side], window, origin, good);
                paid / self.flow(&self.volume[side], window, origin, good)
            };
            let value = self.flow(&self.value[1], window, origin, good);
            let change = (price(0) / price(1)).ln();
            // A flow that one of the runs does not have says nothing about prices.
            if change.is_finite() {
                prices += value * change;
                weight += value;
            }
        }
        prices / weight / self.duty_change(window)
    }

    /// Change of the log of imports before duty over that of one plus the duty.
    pub(crate) fn elasticity(&self, window: &Range<usize>) -> f64 {
        let change = (self.total(&self.value[0], window) / self.total(&self.value[1], window)).ln();
        change / self.duty_change(window)
    }

    /// Duties over imports of goods from the origins, a fraction.
    pub(crate) fn effective_rate(&self, side: usize, window: &Range<usize>) -> f64 {
        self.total(&self.duty[side], window) / self.total(&self.value[side], window)
    }

    /// Duties collected over base times rate, less one, over all ticks from `start`.
    pub(crate) fn revenue_gap(&self, start: usize) -> f64 {
        let ticks = start..self.value[0].ticks();
        let mut due = 0.0;
        for tick in ticks.clone() {
            for (origin, good) in self.flows() {
                let place = [self.importer, origin, good];
                due += self.value[0].at(tick, &place) * self.rate[0].at(tick, &place);
            }
        }
        self.total(&self.duty[0], &ticks) / due - 1.0
    }
}
