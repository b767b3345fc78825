//! What reserve capacity is worth under stress, and what it costs: paired worlds of the same seed.
//!
//! `autarky backup` runs the worlds; here is what is read from their recordings. Each shock is compared with the calm world that
//! has the same reserve, so that what the building of it does to the economy is not counted as an effect of the shock.

use std::ops::Range;

use crate::bars::{Band, interval, shown};
use crate::paired::estimate;
use crate::recording::{Recording, RecordingError};
use crate::table::Table;

/// Industries of the reserve.
pub const KEY: [&str; 3] = ["ELE", "MAC", "CHM"];
/// Years over which the cost of building is spread.
const LIFE: f64 = 20.0;
/// Fall against the calm world, percent, within which a series counts as recovered.
const RECOVERED: f64 = 2.0;

/// What is kept of a world of one seed: the region in question, by tick.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Real output of the industries of the reserve.
    pub key: Vec<f64>,
    /// Real gross domestic product.
    pub gdp: Vec<f64>,
    /// Real household consumption.
    pub consumption: Vec<f64>,
    /// Gross domestic product, money.
    pub nominal: Vec<f64>,
    /// Payments for keeping reserves ready, money.
    pub upkeep: Vec<f64>,
    /// Grants for their building, money.
    pub grants: Vec<f64>,
    /// Output of reserves that were opened, percent of the output of their industries in the first tick.
    pub opened: Vec<f64>,
}

impl World {
    /// Reads a recording.
    ///
    /// # Errors
    /// If it lacks a variable or the region.
    pub fn of(recording: &Recording<'_>, region: &str) -> Result<Self, RecordingError> {
        let place = recording.place("region", region)?;
        let codes = recording.labels("industry")?;
        let key: Vec<usize> = (0..codes.len()).filter(|&g| KEY.contains(&codes[g].as_str())).collect();
        let areas = recording.labels("area")?;
        let own = |code: &String| code == region || code.starts_with(&format!("{region}_"));
        let areas: Vec<usize> = (0..areas.len()).filter(|&a| own(&areas[a])).collect();
        let output = recording.array("sector_real_output")?;
        let open = recording.array("reserve_capacity_open")?;
        let series = |name: &str| Ok::<_, RecordingError>(recording.array(name)?.series(&[place]));
        let made = |tick: usize| key.iter().map(|&g| output.at(tick, &[place, g])).sum::<f64>();
        let opened = |tick: usize| -> f64 {
            areas.iter().flat_map(|&a| key.iter().map(move |&g| (a, g))).map(|(a, g)| open.at(tick, &[a, g])).sum()
        };
        Ok(Self {
            key: (0..output.ticks()).map(made).collect(),
            gdp: series("real_gdp")?,
            consumption: series("real_household_consumption")?,
            nominal: series("gdp_expenditure")?,
            upkeep: series("reserve_upkeep")?,
            grants: series("reserve_grants")?,
            opened: (0..output.ticks()).map(|tick| 100.0 * opened(tick) / made(0)).collect(),
        })
    }
}

/// The worlds of one seed: without and with the reserve.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Calm.
    pub calm: [World; 2],
    /// Under each of the shocks, in the order of [`Shock`]s.
    pub shocks: Vec<[World; 2]>,
}

/// A shock: its name, the tick at which it comes, and the one at which it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shock {
    /// Name.
    pub name: String,
    /// First tick.
    pub start: usize,
    /// First tick without it.
    pub end: usize,
}

/// What is lost against a calm world in some ticks, percent of a year of the calm world.
#[must_use]
pub fn lost(shocked: &[f64], calm: &[f64], ticks: Range<usize>, year: usize) -> f64 {
    let gap: f64 = calm[ticks.clone()].iter().zip(&shocked[ticks.clone()]).map(|(a, b)| a - b).sum();
    100.0 * gap / (calm[ticks.clone()].iter().sum::<f64>() / ticks.len() as f64 * year as f64)
}

/// Deepest fall against a calm world, mean of three ticks, percent.
#[must_use]
pub fn trough(shocked: &[f64], calm: &[f64], start: usize) -> f64 {
    gaps(shocked, calm, start).into_iter().fold(0.0, f64::min)
}

/// Ticks until a series is back within two percent of the calm world for good; the rest of the run if it never is.
#[must_use]
pub fn recovery(shocked: &[f64], calm: &[f64], start: usize) -> f64 {
    gaps(shocked, calm, start).iter().rposition(|&gap| gap < -RECOVERED).map_or(0.0, |at| (at + 1) as f64)
}

/// Differences to a calm world, percent, each the mean of up to three ticks.
fn gaps(shocked: &[f64], calm: &[f64], start: usize) -> Vec<f64> {
    let gap: Vec<f64> = shocked[start..].iter().zip(&calm[start..]).map(|(a, b)| 100.0 * (a / b - 1.0)).collect();
    (0..gap.len())
        .map(|at| {
            let part = &gap[at.saturating_sub(2)..=at];
            part.iter().sum::<f64>() / part.len() as f64
        })
        .collect()
}

const POSITIVE: Band = Band::at_least(0.0);
const ANY: Band = Band { low: f64::NEG_INFINITY, high: f64::INFINITY };

/// A series of a world.
type Series = fn(&World) -> &[f64];

/// What the reserve costs the government a year, money: keeping it ready, and its grants for the building spread over its life.
/// Upkeep is that of the second half of the run, after the building.
fn cost(calm: &[World; 2], year: usize) -> f64 {
    let with = &calm[1];
    let half = with.upkeep.len() / 2;
    let upkeep = with.upkeep[half..].iter().sum::<f64>() / (with.upkeep.len() - half) as f64 * year as f64;
    upkeep + with.grants.iter().sum::<f64>() / LIFE
}

/// Mean of a figure over seeds.
fn mean(seeds: &[Seed], of: &dyn Fn(&Seed) -> f64) -> f64 {
    seeds.iter().map(of).sum::<f64>() / seeds.len() as f64
}

/// Minor units of a billion.
const BILLION: f64 = 1e11;

/// Losses without and with the reserve under every shock, and what the reserve costs.
#[must_use]
pub fn table(shocks: &[Shock], seeds: &[Seed], year: usize) -> Table {
    let mut table = Table::new(["shock", "measure", "expected", "mean", "95% interval", "holds", "unit"]);
    let row = |table: &mut Table, shock: &str, measure: &str, band: Band, unit: &str, value: &dyn Fn(&Seed) -> f64| {
        let values: Vec<f64> = seeds.iter().map(value).filter(|x| x.is_finite()).collect();
        let expected = if band == POSITIVE { "above 0" } else { "as found" };
        let (mean, range, holds) = match estimate(&values) {
            None => ("-".to_owned(), "-".to_owned(), "not run"),
            Some(x) if band == ANY => (shown(x.mean), interval(&x), "-"),
            Some(x) if band.contains(x.low()) => (shown(x.mean), interval(&x), "yes"),
            Some(x) if band.contains(x.mean) => (shown(x.mean), interval(&x), "in the mean, not in the interval"),
            Some(x) => (shown(x.mean), interval(&x), "no"),
        };
        table.push([shock, measure, expected, &mean, &range, holds, unit]);
    };
    for (n, shock) in shocks.iter().enumerate() {
        let (name, start) = (shock.name.as_str(), shock.start);
        let ticks = |s: &Seed| start..(shock.end + year).min(s.calm[0].key.len());
        let series: [(&str, Series); 3] =
            [("key output", |w| &w.key), ("GDP", |w| &w.gdp), ("consumption", |w| &w.consumption)];
        for (what, of) in series {
            let lost = |s: &Seed, with: usize| lost(of(&s.shocks[n][with]), of(&s.calm[with]), ticks(s), year);
            row(&mut table, name, &format!("{what} lost without reserve"), ANY, "% of a year", &|s| lost(s, 0));
            row(&mut table, name, &format!("{what} lost with reserve"), ANY, "% of a year", &|s| lost(s, 1));
            row(&mut table, name, &format!("{what} saved by the reserve"), POSITIVE, "% of a year", &|s| {
                lost(s, 0) - lost(s, 1)
            });
        }
        let key = |s: &Seed, with: usize, of: fn(&[f64], &[f64], usize) -> f64| {
            of(&s.shocks[n][with].key, &s.calm[with].key, start)
        };
        for (with, word) in [(0, "without"), (1, "with")] {
            row(&mut table, name, &format!("deepest fall of key output {word} reserve"), ANY, "%", &|s| {
                key(s, with, trough)
            });
            row(&mut table, name, &format!("recovery of key output {word} reserve"), ANY, "ticks", &|s| {
                key(s, with, recovery)
            });
        }
        let opened = |s: &Seed| s.shocks[n][1].opened[ticks(s)].iter().copied().fold(0.0, f64::max);
        row(&mut table, name, "reserve opened at most", ANY, "% of key output", &opened);
        let worth = |s: &Seed| {
            let [without, with] = [0, 1].map(|k| {
                let (calm, shocked) = (&s.calm[k].gdp[ticks(s)], &s.shocks[n][k].gdp[ticks(s)]);
                calm.iter().zip(shocked).map(|(a, b)| a - b).sum::<f64>()
            });
            without - with
        };
        row(&mut table, name, "GDP saved", ANY, "bn USD of the base year", &|s| worth(s) / BILLION);
        // A ratio of means: single seeds in which little is saved would carry it to any height.
        let [saved, paid] = [&worth as &dyn Fn(&Seed) -> f64, &|s| cost(&s.calm, year)].map(|f| mean(seeds, f));
        let pays = if saved > 0.0 { shown(100.0 * paid / saved) } else { "never".to_owned() };
        table.push([
            name,
            "chance of the shock from which on GDP saved exceeds that cost",
            "as found",
            &pays,
            "-",
            "-",
            "% a year",
        ]);
    }
    row(&mut table, "none", "cost of the reserve to the government", ANY, "bn USD a year", &|s| {
        cost(&s.calm, year) / BILLION
    });
    row(&mut table, "none", "cost of the reserve to the government", ANY, "% of GDP", &|s| {
        let gdp = s.calm[1].nominal.iter().sum::<f64>() / s.calm[1].nominal.len() as f64 * year as f64;
        100.0 * cost(&s.calm, year) / gdp
    });
    row(&mut table, "none", "grants for building", ANY, "bn USD", &|s| s.calm[1].grants.iter().sum::<f64>() / BILLION);
    row(&mut table, "none", "GDP with the reserve less without", ANY, "% of a year", &|s| {
        -lost(&s.calm[1].gdp, &s.calm[0].gdp, 0..s.calm[0].gdp.len(), year)
    });
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_and_recovery_by_hand() {
        let calm = [100.0; 12];
        let mut shocked = calm;
        (shocked[4], shocked[5], shocked[6]) = (70.0, 85.0, 100.0);
        // 45 of a year of 1200.
        assert!((lost(&shocked, &calm, 4..12, 12) - 3.75).abs() < 1e-12);
        // Means of up to three ticks: -30, -22.5, -15, -5, 0.
        assert!((trough(&shocked, &calm, 4) + 30.0).abs() < 1e-12);
        assert!((recovery(&shocked, &calm, 4) - 4.0).abs() < 1e-12);
        assert!(recovery(&calm, &calm, 4).abs() < 1e-12);
    }

    fn world(key: f64, upkeep: f64) -> World {
        let flat = |x: f64| vec![x; 24];
        World {
            key: flat(key),
            gdp: flat(1e11 * key),
            consumption: flat(key),
            nominal: flat(1e13),
            upkeep: flat(upkeep),
            grants: flat(0.0),
            opened: flat(0.0),
        }
    }

    #[test]
    fn what_a_reserve_saves_by_hand() {
        let calm = [world(100.0, 0.0), world(100.0, 1e9)];
        let shocks = vec![[world(80.0, 0.0), world(90.0, 1e9)]];
        let seeds = vec![Seed { calm, shocks }; 2];
        let shock = Shock { name: "flood".to_owned(), start: 12, end: 14 };
        let table = table(&[shock], &seeds, 12);
        let of = |measure: &str| table.rows.iter().find(|row| row[1] == measure).expect("a row")[3].clone();
        // Twelve ticks at 80 and at 90 of 100.
        assert_eq!(of("key output lost without reserve"), "20.000");
        assert_eq!(of("key output saved by the reserve"), "10.000");
        assert_eq!(of("GDP saved"), "120.000");
        // 12e9 minor units a year are 0.12 bn, a thousandth of what is saved.
        assert_eq!(of("cost of the reserve to the government"), "0.120");
        assert_eq!(of("chance of the shock from which on GDP saved exceeds that cost"), "0.100");
        assert_eq!(of("recovery of key output with reserve"), "12.000");
    }
}
