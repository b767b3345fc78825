//! What differences between households make of a policy: its effects in worlds that have them and in one where all are alike.

use std::ops::Range;

use crate::bars::{interval, shown};
use crate::placebo::{self, Tested};
use crate::recording::{Recording, RecordingError};
use crate::table::Table;

/// Figures of a region: what they are, and their unit.
pub const FIGURES: [(&str, &str); 8] = [
    ("real GDP", "%"),
    ("real household consumption", "%"),
    ("real consumption of the poorest tenth", "%"),
    ("real consumption of the richest tenth", "%"),
    ("loss of the poorest less that of the richest tenth", "points"),
    ("consumer prices", "%"),
    ("real imports", "%"),
    ("unemployment", "points"),
];

/// Effects of a policy on the figures, means over a window.
///
/// # Errors
/// If a recording lacks a variable or the region.
pub fn effects(
    policy: &Recording<'_>,
    baseline: &Recording<'_>,
    region: &str,
    window: &Range<usize>,
) -> Result<[f64; FIGURES.len()], RecordingError> {
    let place = baseline.place("region", region)?;
    let mean = |run: &Recording<'_>, name: &str, at: &[usize]| -> Result<f64, RecordingError> {
        let array = run.array(name)?;
        Ok(window.clone().map(|tick| array.at(tick, at)).sum::<f64>() / window.len() as f64)
    };
    let percent = |name: &str, at: &[usize]| -> Result<f64, RecordingError> {
        Ok(100.0 * (mean(policy, name, at)? / mean(baseline, name, at)? - 1.0))
    };
    let last = baseline.array("real_consumption_decile")?.shape[2] - 1;
    let tenth = |decile: usize| percent("real_consumption_decile", &[place, decile]);
    let (poorest, richest) = (tenth(0)?, tenth(last)?);
    let unemployment = mean(policy, "unemployment_rate", &[place])? - mean(baseline, "unemployment_rate", &[place])?;
    Ok([
        percent("real_gdp", &[place])?,
        percent("real_household_consumption", &[place])?,
        poorest,
        richest,
        richest - poorest,
        percent("consumer_price", &[place])?,
        percent("real_imports", &[place])?,
        100.0 * unemployment,
    ])
}

/// Effects of the policy and of the placebo in a world of some kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct World {
    /// Of the policy.
    pub effects: [f64; FIGURES.len()],
    /// Of the placebo.
    pub chance: [f64; FIGURES.len()],
}

/// Effects by kind of world, then how each kind differs from the last, of every figure; `seeds` have a world a kind.
///
/// Equation: `e_k - e_0` of the same seed, with the effect `e_k` in a world of a kind and `e_0` in the last; beside it the same of the
/// placebos.
/// Source: paired differences over seeds.
#[must_use]
pub fn table(kinds: &[&str], seeds: &[Vec<World>]) -> Table {
    let head = ["figure", "unit", "households", "effect", "95% interval"];
    let mut table = Table::new(head.into_iter().chain(placebo::HEAD));
    let alike = kinds.len() - 1;
    for (f, (name, unit)) in FIGURES.iter().enumerate() {
        let mut row = |kind: &str, change: Vec<f64>, chance: Vec<f64>| {
            let Some(tested) = Tested::of(&change, Some(&chance)) else { return };
            let found = tested.judged.change;
            let cells = [(*name).to_owned(), (*unit).to_owned(), kind.to_owned(), shown(found.mean), interval(&found)];
            table.push(cells.iter().chain(&placebo::cells(Some(&tested))));
        };
        let of = |kind: usize, number: fn(&World) -> &[f64; FIGURES.len()]| -> Vec<f64> {
            seeds.iter().map(|seed| number(&seed[kind])[f]).collect()
        };
        for (k, kind) in kinds.iter().enumerate() {
            row(kind, of(k, |world| &world.effects), of(k, |world| &world.chance));
        }
        let less = |a: Vec<f64>, b: Vec<f64>| a.into_iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        for (k, kind) in kinds[..alike].iter().enumerate() {
            let by = |number: fn(&World) -> &[f64; FIGURES.len()]| less(of(k, number), of(alike, number));
            let name = format!("{kind} less {}", kinds[alike]);
            row(&name, by(|world| &world.effects), by(|world| &world.chance));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_compared_with_the_last_seed_by_seed() {
        let world = |effect: f64, chance: f64| World { effects: [effect; 8], chance: [chance; 8] };
        // The seeds differ by ten, the kinds by one in each.
        let seeds: Vec<Vec<World>> =
            [-10.0, 0.0, 10.0].iter().map(|x| vec![world(x - 3.0, 0.01), world(x - 2.0, -0.01)]).collect();
        let table = table(&["units", "alike"], &seeds);
        assert_eq!(table.rows.len(), 8 * 3);
        assert_eq!(table.rows[0][..4], ["real GDP", "%", "units", "-3.000"]);
        assert_eq!(table.rows[2][2..5], ["units less alike", "-1.000", "-1.000 to -1.000"]);
        assert_eq!((table.rows[0][6].as_str(), table.rows[2][6].as_str()), ("interval", "apart"));
    }
}
