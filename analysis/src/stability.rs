//! Whether the world settles after a change of policy: what is measured in pairs of runs, and its bars.
//!
//! Every measure but inflation is about the paired deviation: real GDP under the policy less that of the baseline of
//! the same seed, percent of the baseline. Time counts from the first tick of the policy. Two spans of six years, from
//! year 8 to 14 and from 14 to 20, are compared: what has settled moves no more in the second than in the first.

use std::ops::Range;

use crate::bars::{Band, Finding, interval, shown};
use crate::facts::facts;
use crate::paired::{Estimate, estimate};
use crate::panel::{Extreme, Panel, by_place, extreme, inflation, push_means, yearly};
use crate::recording::{Recording, RecordingError};
use crate::response::{Scale, averaged, effect, six_quarters};
use crate::table::Table;

/// Years from the policy to the beginning, the middle and the end of the time that is compared.
const YEARS: [usize; 3] = [8, 14, 20];
/// Largest distance of the deviation from its mean, percent of output.
const DISTANCE: f64 = 2.0;
/// Largest inflation at the end, points from the target.
const INFLATION: f64 = 1.0;
/// Years at the end in which inflation is back.
const LAST: usize = 5;
/// Seeds of which halves are formed for the noise floor: all halves of more would be too many.
const HALVED: usize = 10;

/// What is kept of one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// Paired deviation of real GDP, percent, by region and tick of the policy.
    pub deviation: Panel,
    /// Consumer-price inflation under the policy, percent, by region and year of the policy.
    pub inflation: Panel,
}

impl Seed {
    /// Reads a pair of runs with a policy that begins in tick `start`.
    ///
    /// # Errors
    /// If a recording lacks a variable.
    pub fn of(
        policy: &Recording<'_>,
        baseline: &Recording<'_>,
        start: usize,
        ticks_per_year: usize,
    ) -> Result<Self, RecordingError> {
        let (after, before) = (by_place(&policy.array("real_gdp")?), by_place(&baseline.array("real_gdp")?));
        let pairs = after.iter().zip(&before);
        let prices = by_place(&policy.array("consumer_price")?);
        let rates = |prices: &Vec<f64>| {
            let before = if start == 0 { 1.0 } else { prices[start - 1] };
            inflation(&prices[start..], before, ticks_per_year)
        };
        Ok(Self {
            deviation: pairs.map(|(a, b)| effect(&a[start..], &b[start..], Scale::Percent)).collect(),
            inflation: prices.iter().map(rates).collect(),
        })
    }
}

/// Difference between the largest and the smallest value.
#[must_use]
pub fn amplitude(values: &[f64]) -> f64 {
    let fold = |start: f64, choose: fn(f64, f64) -> f64| values.iter().copied().fold(start, choose);
    fold(f64::NEG_INFINITY, f64::max) - fold(f64::INFINITY, f64::min)
}

/// Standard deviation around the straight line of least squares, zero for fewer than three values.
#[must_use]
pub fn swing(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    if values.len() < 3 {
        return 0.0;
    }
    let (middle, mean) = ((count - 1.0) / 2.0, values.iter().sum::<f64>() / count);
    let (mut across, mut along) = (0.0, 0.0);
    for (place, value) in values.iter().enumerate() {
        let time = place as f64 - middle;
        across += time * (value - mean);
        along += time * time;
    }
    let slope = across / along;
    let rest = |(place, value): (usize, &f64)| (value - mean - slope * (place as f64 - middle)).powi(2);
    (values.iter().enumerate().map(rest).sum::<f64>() / (count - 2.0)).sqrt()
}

/// Weights of seeds that cancel what they have in common and keep the noise of their mean.
///
/// One half of the seeds enters with the opposite sign, in every way there is. The weights sum to zero and their
/// squares to `1 / seeds`, so noise that is independent between seeds has the variance it has in the mean over seeds.
#[must_use]
pub fn contrasts(seeds: usize) -> Vec<Vec<f64>> {
    let used = seeds.min(HALVED);
    let plus = used / 2;
    if plus == 0 {
        return Vec::new();
    }
    let (positive, negative) = (plus as f64, (used - plus) as f64);
    let scale = (1.0 / seeds as f64 / (1.0 / positive + 1.0 / negative)).sqrt();
    let weights = |half: u32| {
        let weight = |seed: usize| match (seed < used, half >> seed & 1 == 1) {
            (false, _) => 0.0,
            (true, true) => scale / positive,
            (true, false) => -scale / negative,
        };
        (0..seeds).map(weight).collect()
    };
    (0..1_u32 << used).filter(|half| half.count_ones() as usize == plus).map(weights).collect()
}

/// Amplitude that noise alone gives each region in a span of years: seeds in the outer list, then regions.
///
/// In every contrast of the seeds and every span the response that the seeds share cancels, and an amplitude is left
/// that is noise. The floor of a region is its mean noise amplitude times the largest ratio of a noise amplitude to
/// its region's mean that any region shows: that many regions are compared at once. Zero for a single seed.
#[must_use]
pub fn noise_floors(seeds: &[Panel], spans: &[Range<usize>]) -> Vec<f64> {
    let regions = seeds.first().map_or(0, Vec::len);
    let contrasts = contrasts(seeds.len());
    let of_region = |region: usize| -> Vec<f64> {
        let mixed = |weights: &Vec<f64>, year: usize| -> f64 {
            weights.iter().zip(seeds).map(|(weight, seed)| weight * seed[region][year]).sum()
        };
        let in_span = |weights: &Vec<f64>, span: &Range<usize>| {
            amplitude(&span.clone().map(|year| mixed(weights, year)).collect::<Vec<_>>())
        };
        contrasts.iter().flat_map(|weights| spans.iter().map(move |span| in_span(weights, span))).collect()
    };
    let found: Vec<Vec<f64>> = (0..regions).map(of_region).collect();
    let mean = |values: &[f64]| estimate(values).map_or(0.0, |found| found.mean);
    let ratio = |values: &Vec<f64>| values.iter().map(|value| value / mean(values)).fold(0.0, f64::max);
    let largest = found.iter().map(ratio).fold(0.0, f64::max);
    found.iter().map(|values| mean(values) * largest).collect()
}

/// How a region settles.
#[derive(Clone, Debug, PartialEq)]
pub struct Settling {
    /// Mean of the deviation over all the time that is compared, percent.
    pub mean: Estimate,
    /// Largest distance of the mean deviation of a tick from that, percent.
    pub distance: Extreme,
    /// Amplitudes of the yearly means over seeds in both spans, percent.
    pub amplitudes: [f64; 2],
    /// Amplitude that noise alone gives.
    pub floor: f64,
    /// Log of the swing in the second span over that in the first, by seed.
    pub growth: Vec<f64>,
}

impl Settling {
    /// What the second amplitude should not exceed.
    #[must_use]
    pub fn allowed(&self) -> f64 {
        self.amplitudes[0].max(self.floor)
    }

    /// Whether the amplitude grows.
    #[must_use]
    pub fn grows(&self) -> bool {
        self.amplitudes[1] > self.allowed()
    }
}

/// What the seeds agree on: the lower end of the interval, or the value of a single seed.
fn sure(values: &[f64]) -> f64 {
    estimate(values).map_or(f64::NAN, |found| if found.count == 1 { found.mean } else { found.low() })
}

/// How every region settles; nothing if the runs are too short.
#[must_use]
pub fn settling(seeds: &[Seed], ticks_per_year: usize) -> Option<Vec<Settling>> {
    let [from, middle, to] = YEARS.map(|year| year * ticks_per_year);
    let regions = seeds.first()?.deviation.len();
    if seeds.iter().any(|seed| seed.deviation.iter().any(|series| series.len() < to)) {
        return None;
    }
    let spans = [0..YEARS[1] - YEARS[0], YEARS[1] - YEARS[0]..YEARS[2] - YEARS[0]];
    let cut = |seed: &Seed| seed.deviation.iter().map(|series| series[from..to].to_vec()).collect::<Panel>();
    let years: Vec<Panel> = seeds.iter().map(|seed| yearly(&cut(seed), ticks_per_year)).collect();
    let floors = noise_floors(&years, &spans);
    let of_region = |region: usize| -> Option<Settling> {
        let series: Vec<&[f64]> = seeds.iter().map(|seed| &seed.deviation[region][from..to]).collect();
        let means: Vec<f64> = series.iter().map(|series| averaged(series, to - from)[0]).collect();
        let centred = |(series, mean): (&&[f64], &f64)| vec![series.iter().map(|value| value - mean).collect()];
        let centred: Vec<Panel> = series.iter().zip(&means).map(centred).collect();
        let yearly_mean = |year: usize| estimate(&years.iter().map(|seed| seed[region][year]).collect::<Vec<_>>());
        let yearly_means: Vec<f64> = (0..spans[1].end).filter_map(yearly_mean).map(|found| found.mean).collect();
        let (early, late) = (..middle - from, middle - from..);
        // The smallest numbers keep a region that does not move at all at zero.
        let moved = |values: &[f64]| swing(values) + f64::EPSILON;
        let growth = |series: &&[f64]| (moved(&series[late.clone()]) / moved(&series[early])).ln();
        Some(Settling {
            mean: estimate(&means)?,
            distance: extreme(&centred.iter().collect::<Vec<_>>(), f64::abs)?,
            amplitudes: spans.clone().map(|span| amplitude(&yearly_means[span])),
            floor: floors[region],
            growth: series.iter().map(growth).collect(),
        })
    };
    (0..regions).map(of_region).collect()
}

/// The region where `key` is largest; what is not a number comes last.
fn worst(regions: &[Settling], key: impl Fn(&Settling) -> f64) -> Option<(usize, &Settling)> {
    let key = |found: &Settling| Some(key(found)).filter(|value| !value.is_nan()).unwrap_or(f64::NEG_INFINITY);
    regions.iter().enumerate().max_by(|a, b| key(a.1).total_cmp(&key(b.1)))
}

/// A value without interval.
fn plain(mean: f64) -> Estimate {
    Estimate { mean, half_width: f64::INFINITY, count: 1 }
}

/// A scenario with its pairs of runs.
pub struct Experiment<'a> {
    /// Name of the scenario.
    pub scenario: &'a str,
    /// Codes of the regions.
    pub regions: &'a [String],
    /// The seeds.
    pub seeds: &'a [Seed],
    /// Ticks a year.
    pub ticks_per_year: usize,
}

impl Experiment<'_> {
    /// A finding where there is something to show: place, time and value.
    fn finding(&self, bar: &str, found: Option<(String, String, Estimate)>, band: Band, measure: &str) -> Finding {
        let bar = format!("{}: {bar}", self.scenario);
        let measure = measure.to_owned();
        let Some((place, when, value)) = found else {
            let nothing = || "-".to_owned();
            return Finding { bar, place: nothing(), when: nothing(), value: None, band, measure };
        };
        Finding { bar, place, when, value: Some(value), band, measure }
    }

    /// The bars with the worst place and time of each.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let settling = settling(self.seeds, self.ticks_per_year).unwrap_or_default();
        let far = worst(&settling, |found| found.distance.value.mean.abs());
        let far = far.map(|(region, found)| {
            let month = (YEARS[0] * self.ticks_per_year + found.distance.period) * 12 / self.ticks_per_year + 1;
            (self.regions[region].clone(), format!("month {month}"), found.distance.value)
        });
        let measure =
            "% of output; monthly paired deviation of real GDP from its mean over years 8 to 20, mean over seeds";
        vec![
            self.finding("settles", far, Band::around_zero(DISTANCE), measure),
            self.grown(&settling),
            self.swung(&settling),
            self.swung_together(&settling),
            self.inflated(),
        ]
    }

    fn grown(&self, settling: &[Settling]) -> Finding {
        let found = worst(settling, |found| found.amplitudes[1] / found.allowed());
        let allowed = found.map_or(f64::NAN, |(_, found)| found.allowed());
        let count = settling.iter().filter(|found| found.grows()).count();
        let when = format!("years 14 to 20; {count} of {} regions grow", settling.len());
        let found = found.map(|(region, found)| (self.regions[region].clone(), when, plain(found.amplitudes[1])));
        let measure = "% of output; highest less lowest yearly mean of the deviation, mean over seeds; the band is that of \
                       years 8 to 14, or what noise gives: the amplitude left when half the seeds enter with the \
                       opposite sign, at its largest of all halves, both spans and all regions, to the region's scale";
        self.finding("does not grow", found, Band::at_most(allowed), measure)
    }

    fn swung(&self, settling: &[Settling]) -> Finding {
        let found = worst(settling, |found| sure(&found.growth));
        let when = || "years 14 to 20".to_owned();
        let found = found.map(|(region, found)| (self.regions[region].clone(), when(), plain(sure(&found.growth))));
        let measure = "log of the swing (standard deviation around a straight line of a single seed's monthly deviation) in \
                       years 14 to 20 over that in 8 to 14; lower end of the 95% interval over seeds: above 0 the seeds \
                       agree that swings rise, as one region in 40 does by chance";
        self.finding("no rising swing", found, Band::at_most(0.0), measure)
    }

    fn swung_together(&self, settling: &[Settling]) -> Finding {
        let regions = settling.len() as f64;
        let of_seed = |seed: usize| settling.iter().map(|found| found.growth[seed]).sum::<f64>() / regions;
        let growth: Vec<f64> = (0..self.seeds.len()).map(of_seed).collect();
        let found = (!settling.is_empty()).then(|| plain(sure(&growth)));
        let found = found.map(|found| ("all regions".to_owned(), "years 14 to 20".to_owned(), found));
        let measure = "the same, of the mean over regions";
        self.finding("no rising swing on average", found, Band::at_most(0.0), measure)
    }

    fn inflated(&self) -> Finding {
        let found = self.last_inflation(|_| true).map(|(from, found)| {
            (self.regions[found.place].clone(), format!("year {}", from + found.period + 1), found.value)
        });
        let measure = "points from the target, 0 in trend units; consumer prices at the end of a year over its beginning; \
                       last five years, mean over seeds";
        self.finding("inflation is back", found, Band::around_zero(INFLATION), measure)
    }

    /// Worst inflation of the last years in some regions, and how many years come before.
    fn last_inflation(&self, include: impl Fn(usize) -> bool) -> Option<(usize, Extreme)> {
        let years = self.seeds.first()?.inflation.first()?.len();
        let from = years.checked_sub(LAST)?;
        let last = |seed: &Seed| -> Panel {
            let part = |(region, rates): (usize, &Vec<f64>)| {
                let rates = rates[from..].iter();
                rates.map(|&rate| if include(region) { rate } else { f64::NAN }).collect()
            };
            seed.inflation.iter().enumerate().map(part).collect()
        };
        let panels: Vec<Panel> = self.seeds.iter().map(last).collect();
        Some((from, extreme(&panels.iter().collect::<Vec<_>>(), f64::abs)?))
    }

    /// The response of a region within six quarters, as facts T39 measure it.
    #[must_use]
    pub fn response(&self, region: usize) -> Vec<Finding> {
        let quarters = |seed: &Seed| six_quarters(&seed.deviation[region], self.ticks_per_year);
        let found: Vec<[f64; 2]> = self.seeds.iter().filter_map(quarters).collect();
        let facts = facts();
        let fact = |(place, id): (usize, &str)| {
            let fact = facts.iter().find(|fact| fact.id == id)?;
            let value = estimate(&found.iter().map(|ends| ends[place]).collect::<Vec<_>>());
            let value = value.map(|value| (self.regions[region].clone(), fact.horizon.clone(), value));
            let measure = format!("{}; mean over seeds", fact.measure);
            Some(self.finding(&fact.fact, value, fact.band?, &measure))
        };
        [(0, "T39"), (1, "T39-high")].into_iter().filter_map(fact).collect()
    }

    /// How every region settles.
    #[must_use]
    pub fn table(&self) -> Table {
        let mut table = Table::new([
            "region",
            "mean deviation %",
            "largest distance",
            "amplitude 8 to 14",
            "14 to 20",
            "noise floor",
            "grows",
            "log growth of swing",
            "95% interval",
            "inflation, last years",
        ]);
        for (region, found) in settling(self.seeds, self.ticks_per_year).unwrap_or_default().iter().enumerate() {
            let growth = estimate(&found.growth).unwrap_or_else(|| plain(f64::NAN));
            let inflation = self.last_inflation(|place| place == region);
            let [early, late] = found.amplitudes;
            table.push([
                self.regions[region].clone(),
                shown(found.mean.mean),
                shown(found.distance.value.mean),
                shown(early),
                shown(late),
                shown(found.floor),
                if found.grows() { "yes" } else { "no" }.to_owned(),
                shown(growth.mean),
                interval(&growth),
                inflation.map_or_else(|| "-".to_owned(), |(_, found)| shown(found.value.mean)),
            ]);
        }
        table
    }

    /// Adds yearly means of deviation and inflation by region, with intervals, to a table.
    ///
    /// # Panics
    /// If the table has other columns than those of [`push_means`].
    pub fn push_years(&self, table: &mut Table) {
        let deviations: Vec<Panel> =
            self.seeds.iter().map(|seed| yearly(&seed.deviation, self.ticks_per_year)).collect();
        let name = |what: &str| format!("{}: {what}", self.scenario);
        push_means(table, &name("real GDP, % of baseline"), self.regions, &deviations.iter().collect::<Vec<_>>());
        let rates: Vec<&Panel> = self.seeds.iter().map(|seed| &seed.inflation).collect();
        push_means(table, &name("inflation %"), self.regions, &rates);
    }
}

#[cfg(test)]
mod tests;
