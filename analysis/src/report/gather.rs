//! The numbers of a report, gathered pair by pair so that no more than one pair of runs is in memory.

use std::collections::{BTreeMap, BTreeSet};

use engine::math::ln;

use crate::indicators::{Data, Indicator, named};
use crate::paired::{Estimate, estimate};
use crate::recording::{Array, Recording, RecordingError};
use crate::response::{Scale, effect, response};
use crate::summary::Window;

use super::plants::{OVER_TIME, firms_move};

/// A run and the run it is compared with.
pub type RunPair<'a> = (Recording<'a>, Option<Recording<'a>>);

/// A number in the run and in its baseline (0 without one).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// In the run.
    pub policy: f64,
    /// In the baseline.
    pub baseline: f64,
}

impl Level {
    pub(super) fn difference(self) -> f64 {
        self.policy - self.baseline
    }

    pub(super) fn percent(self) -> f64 {
        100.0 * (self.policy / self.baseline - 1.0)
    }
}

/// A series of the region in each run and in each baseline.
#[derive(Clone, Debug, Default)]
pub struct Twins {
    /// Runs, then ticks.
    pub policy: Vec<Vec<f64>>,
    /// The same of the baselines; empty if there is none.
    pub baseline: Vec<Vec<f64>>,
}

/// Channels through which the consumption of a tenth of the people changes.
pub const CHANNELS: usize = 4;

/// What is drawn, pair by pair in the outer lists.
#[derive(Default)]
pub struct Gathered {
    /// Indicators in the region.
    pub series: BTreeMap<&'static str, Twins>,
    /// Real GDP of every region over the last window, as it is compared.
    pub map: Vec<Vec<f64>>,
    /// Imports by origin, and exports by buyer, over the last window, billions of own major units a year.
    pub imports: Vec<Vec<Level>>,
    /// See there.
    pub exports: Vec<Vec<Level>>,
    /// Real consumption of each decile over the last window, billions of major units a year.
    pub deciles: Vec<Vec<Level>>,
    /// Change of each decile's real consumption by channel, log points: market income, taxes and transfers, prices, saving.
    pub channels: Vec<Vec<[f64; CHANNELS]>>,
    /// Real output by region and industry, percent of the baseline or of the first tick.
    pub sectors: Vec<Vec<f64>>,
    /// Percent of the people of each tenth of income that are in each tenth a year later, row by row, in the last whole year;
    /// less that of the baseline. Empty where no two years were recorded.
    pub moves: Vec<Vec<f64>>,
    /// Series of plants that move, by chart and line; empty where no plant was announced.
    pub plants: BTreeMap<&'static str, Vec<Twins>>,
    /// Output at full build of plants opened during the run, by the region the work came from, and by the one it went to, over
    /// the last window, billions a year at base-year prices.
    pub capacity_in: Vec<Vec<Level>>,
    /// See there.
    pub capacity_out: Vec<Vec<Level>>,
    /// Variables that are not recorded, so that something is not drawn.
    pub missing: BTreeSet<String>,
}

/// What is asked of the pairs.
pub(super) struct Question<'a> {
    /// Place of the region.
    pub place: usize,
    /// Window that answers are about.
    pub last: &'a Window,
    /// Indicators wanted.
    pub wanted: &'a [&'static str],
}

/// Reads all pairs.
///
/// # Errors
/// If a file is damaged; what is not recorded is noted.
pub(super) fn gather(pairs: &[RunPair<'_>], question: &Question<'_>) -> Result<Gathered, RecordingError> {
    let mut gathered = Gathered::default();
    let moving = firms_move(pairs)?;
    for (policy, baseline) in pairs {
        let pair = Pair {
            policy: Data::of(policy)?,
            baseline: baseline.as_ref().map(Data::of).transpose()?,
            place: question.place,
            last: question.last,
        };
        for indicator in question.wanted.iter().filter_map(|id| named(id)) {
            let twins = gathered.series.entry(indicator.id).or_default();
            if let Some((policy, baseline)) = kept(pair.series(indicator), &mut gathered.missing)? {
                twins.policy.push(policy);
                twins.baseline.extend(baseline);
            }
        }
        gathered.map.extend(kept(pair.map(), &mut gathered.missing)?);
        gathered.imports.extend(kept(pair.partners(true), &mut gathered.missing)?);
        gathered.exports.extend(kept(pair.partners(false), &mut gathered.missing)?);
        gathered.deciles.extend(kept(pair.deciles(), &mut gathered.missing)?);
        gathered.sectors.extend(kept(pair.sectors(), &mut gathered.missing)?);
        gathered.moves.extend(kept(pair.moves(), &mut gathered.missing)?);
        if moving {
            pair.plants(&mut gathered)?;
        }
        if pair.baseline.is_some() {
            gathered.channels.extend(kept(pair.channels(), &mut gathered.missing)?);
        }
    }
    gathered.series.retain(|_, twins| !twins.policy.is_empty());
    Ok(gathered)
}

/// What was found, or nothing if a variable for it is not recorded.
fn kept<T>(found: Result<T, RecordingError>, missing: &mut BTreeSet<String>) -> Result<Option<T>, RecordingError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) => match error.missing() {
            Some(name) => {
                missing.insert(name.to_owned());
                Ok(None)
            }
            None => Err(error),
        },
    }
}

/// A pair in memory.
struct Pair<'a> {
    policy: Data<'a>,
    baseline: Option<Data<'a>>,
    place: usize,
    last: &'a Window,
}

impl Pair<'_> {
    /// An indicator in the region.
    fn series(&self, indicator: &Indicator) -> Result<(Vec<f64>, Option<Vec<f64>>), RecordingError> {
        let of = |data: &Data<'_>| Ok::<_, RecordingError>(indicator.values(data)?.swap_remove(self.place));
        Ok((of(&self.policy)?, self.baseline.as_ref().map(of).transpose()?))
    }

    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        self.last.ticks.clone().map(of).sum::<f64>() / self.last.ticks.len() as f64
    }

    fn map(&self) -> Result<Vec<f64>, RecordingError> {
        let gdp = named("real_gdp").ok_or_else(|| RecordingError::Mismatch("no indicator real_gdp".to_owned()))?;
        let mut panel = gdp.values(&self.policy)?;
        if let Some(baseline) = &self.baseline {
            let base = gdp.values(baseline)?;
            panel = panel.iter().zip(&base).map(|(a, b)| effect(a, b, gdp.scale)).collect();
        }
        Ok(panel.iter().map(|series| self.mean(|tick| series[tick])).collect())
    }

    /// Mean over the last window of a number made of several arrays.
    fn level(&self, names: &[&str], of: impl Fn(&[&Array], usize) -> f64) -> Result<Level, RecordingError> {
        let mean = |data: &Data<'_>| -> Result<f64, RecordingError> {
            let arrays = names.iter().map(|name| data.shared(name)).collect::<Result<Vec<_>, _>>()?;
            let arrays: Vec<&Array> = arrays.iter().map(AsRef::as_ref).collect();
            Ok(self.mean(|tick| of(&arrays, tick)))
        };
        let baseline = self.baseline.as_ref().map_or(Ok(0.0), mean)?;
        Ok(Level { policy: mean(&self.policy)?, baseline })
    }

    fn billions(&self) -> f64 {
        self.policy.per_year as f64 / 1e11
    }

    /// Trade with every partner, in the region's own currency.
    fn partners(&self, buys: bool) -> Result<Vec<Level>, RecordingError> {
        let (place, billions) = (self.place, self.billions());
        let partners = self.policy.shared("imports_bilateral")?.shape[2];
        let value = |arrays: &[&Array], tick: usize, partner: usize| {
            if buys {
                return arrays[0].at(tick, &[place, partner]);
            }
            // Recorded in the buyer's currency; a rate is what a currency is worth.
            let rate = |region: usize| arrays[1].at(tick, &[region]);
            arrays[0].at(tick, &[partner, place]) * rate(partner) / rate(place)
        };
        let names = ["imports_bilateral", "exchange_rate"];
        (0..partners)
            .map(|partner| self.level(&names, |arrays, tick| billions * value(arrays, tick, partner)))
            .collect()
    }

    fn deciles(&self) -> Result<Vec<Level>, RecordingError> {
        let billions = self.billions();
        let of = |decile: usize| {
            self.level(&["real_consumption_decile"], |arrays, tick| {
                billions * arrays[0].at(tick, &[self.place, decile])
            })
        };
        (0..10).map(of).collect()
    }

    /// Channels of the change of real consumption, decile by decile. See [`channels`].
    fn channels(&self) -> Result<Vec<[f64; CHANNELS]>, RecordingError> {
        let names =
            ["market_income_decile", "disposable_income_decile", "consumer_price_decile", "real_consumption_decile"];
        (0..10)
            .map(|decile| {
                let mut levels = [Level { policy: 0.0, baseline: 0.0 }; 4];
                for (level, name) in levels.iter_mut().zip(names) {
                    *level = self.level(&[name], |arrays, tick| arrays[0].at(tick, &[self.place, decile]))?;
                }
                Ok(channels(levels))
            })
            .collect()
    }

    /// Adds plants that move.
    fn plants(&self, gathered: &mut Gathered) -> Result<(), RecordingError> {
        for chart in &OVER_TIME {
            let policy = kept(chart.of(&self.policy, self.place), &mut gathered.missing)?;
            let baseline = self.baseline.as_ref().map(|data| chart.of(data, self.place)).transpose();
            let baseline = kept(baseline, &mut gathered.missing)?;
            let (Some(policy), Some(baseline)) = (policy, baseline) else { continue };
            let lines = gathered.plants.entry(chart.id).or_default();
            lines.resize_with(policy.len(), Twins::default);
            for (line, series) in lines.iter_mut().zip(policy) {
                line.policy.push(series);
            }
            for (line, series) in lines.iter_mut().zip(baseline.into_iter().flatten()) {
                line.baseline.push(series);
            }
        }
        gathered.capacity_in.extend(kept(self.capacity(true), &mut gathered.missing)?);
        gathered.capacity_out.extend(kept(self.capacity(false), &mut gathered.missing)?);
        Ok(())
    }

    /// Output at full build of plants opened during the run, of work from every partner or of work that went there.
    fn capacity(&self, arrived: bool) -> Result<Vec<Level>, RecordingError> {
        let (name, billions) = ("design_output_relocated", self.billions());
        let partners = self.policy.shared(name)?.shape[2];
        let of = |partner: usize| {
            let place = if arrived { [self.place, partner] } else { [partner, self.place] };
            self.level(&[name], |arrays, tick| billions * arrays[0].at(tick, &place))
        };
        (0..partners).map(of).collect()
    }

    /// Moves between tenths of income in the last whole year.
    fn moves(&self) -> Result<Vec<f64>, RecordingError> {
        let of = |data: &Data<'_>| -> Result<Vec<f64>, RecordingError> {
            let array = data.shared("income_transition")?;
            let [before, after] = [array.shape[2], array.shape[3]];
            let width = before * after;
            let table = |tick: usize| &array.tick(tick)[self.place * width..(self.place + 1) * width];
            let last = (0..array.ticks()).rev().map(table).find(|table| table.iter().any(|x| *x > 0.0));
            Ok(last.map_or_else(Vec::new, |table| percent_of_rows(table, after)))
        };
        let moves = of(&self.policy)?;
        let Some(baseline) = &self.baseline else { return Ok(moves) };
        Ok(moves.iter().zip(of(baseline)?).map(|(a, b)| a - b).collect())
    }

    /// Real output by region and industry, region by region.
    fn sectors(&self) -> Result<Vec<f64>, RecordingError> {
        let name = "sector_real_output";
        let array = self.policy.shared(name)?;
        let (regions, industries) = (array.shape[1], array.shape[2]);
        let cells = (0..regions).flat_map(|region| (0..industries).map(move |industry| [region, industry]));
        cells
            .map(|cell| {
                let mut level = self.level(&[name], |arrays, tick| arrays[0].at(tick, &cell))?;
                if self.baseline.is_none() {
                    level.baseline = array.at(0, &cell);
                }
                Ok(level.percent())
            })
            .collect()
    }
}

/// Each entry of a table in percent of its row.
fn percent_of_rows(table: &[f64], width: usize) -> Vec<f64> {
    let row = |row: &[f64]| {
        let all: f64 = row.iter().sum();
        row.iter().map(|x| 100.0 * x / all).collect::<Vec<_>>()
    };
    table.chunks(width).flat_map(row).collect()
}

/// Change of real consumption in log points, by channel: market income, taxes and transfers, prices, and saving.
///
/// Equation: `dln c = dM / L + dT / L - dln p + rest` with market income `M`, what taxes and transfers add to it `T`, the
/// logarithmic mean `L` of disposable income `M + T` in the two runs, so that the first two terms are `dln (M + T)`, the
/// price `p` of the decile's own basket, and a rest that is the change of the share of income that is consumed.
///
/// Source: logarithmic mean Divisia decomposition, Ang (2004).
fn channels([market, disposable, price, real]: [Level; 4]) -> [f64; CHANNELS] {
    let log = |level: Level| ln(level.policy / level.baseline);
    let income = log(disposable);
    let mean = if income.abs() < 1e-12 { disposable.baseline } else { disposable.difference() / income };
    let (earned, other) = (market.difference() / mean, (disposable.difference() - market.difference()) / mean);
    let prices = -log(price);
    let saving = log(real) - earned - other - prices;
    [earned, other, prices, saving].map(|x| 100.0 * x)
}

impl Twins {
    /// Whether there is anything to see in a run or a baseline: what is switched off is zero throughout.
    pub(super) fn has_something(&self) -> bool {
        self.policy.iter().chain(&self.baseline).flatten().any(|x| x.is_finite() && *x != 0.0)
    }

    /// The change tick by tick: mean and interval over runs, or the level where there is no baseline.
    pub(super) fn changes(&self, scale: Scale) -> (Vec<Estimate>, Vec<Vec<f64>>) {
        let runs: Vec<Vec<f64>> = if self.baseline.is_empty() {
            self.policy.clone()
        } else {
            self.policy.iter().zip(&self.baseline).map(|(a, b)| effect(a, b, scale)).collect()
        };
        (response(&runs), runs)
    }
}

/// Ends of the interval of each estimate, if there are several runs.
pub(super) fn band(estimates: &[Estimate]) -> Option<[Vec<f64>; 2]> {
    let several = estimates.first().is_some_and(|x| x.count > 1);
    several.then(|| [estimates.iter().map(Estimate::low).collect(), estimates.iter().map(Estimate::high).collect()])
}

/// Runs from which a range of runs can be drawn.
const ENOUGH: usize = 8;

/// Tick by tick, what a tenth of the runs lies below and what a tenth lies above, if there are enough runs.
pub(super) fn range(runs: &[Vec<f64>]) -> Option<[Vec<f64>; 2]> {
    if runs.len() < ENOUGH {
        return None;
    }
    let mut ends = [Vec::new(), Vec::new()];
    for tick in 0..runs[0].len() {
        let mut values: Vec<f64> = runs.iter().map(|run| run[tick]).collect();
        values.sort_by(f64::total_cmp);
        ends[0].push(quantile(&values, 0.1));
        ends[1].push(quantile(&values, 0.9));
    }
    Some(ends)
}

/// A quantile of sorted values, between the two next to it. Source: Hyndman and Fan (1996), definition 7.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, rest) = (at.floor() as usize, at - at.floor());
    let above = sorted[(below + 1).min(sorted.len() - 1)];
    sorted[below] + rest * (above - sorted[below])
}

/// Mean and interval over pairs, place by place.
pub(super) fn over_pairs<T>(pairs: &[Vec<T>], of: impl Fn(&T) -> f64) -> Vec<Estimate> {
    let places = pairs.first().map_or(0, Vec::len);
    let mean = |place: usize| estimate(&pairs.iter().map(|pair| of(&pair[place])).collect::<Vec<_>>());
    (0..places).filter_map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_add_up() {
        // Market income falls from 80 to 72, transfers rise from 20 to 24, prices by 2%, consumption falls by 5%.
        let level = |policy, baseline| Level { policy, baseline };
        let found = channels([level(72.0, 80.0), level(96.0, 100.0), level(1.02, 1.0), level(57.0, 60.0)]);
        let mean = (96.0 - 100.0) / (0.96_f64).ln();
        assert!((found[0] + 800.0 / mean).abs() < 1e-9 && (found[1] - 400.0 / mean).abs() < 1e-9, "{found:?}");
        assert!((found[2] + 100.0 * 1.02_f64.ln()).abs() < 1e-9, "{found:?}");
        assert!((found.iter().sum::<f64>() - 100.0 * 0.95_f64.ln()).abs() < 1e-9, "{found:?}");
        // Nothing changes.
        let same = channels([level(5.0, 5.0), level(7.0, 7.0), level(1.0, 1.0), level(3.0, 3.0)]);
        assert!(same.iter().all(|x| x.abs() < 1e-12), "{same:?}");
    }

    #[test]
    fn exports_are_in_the_sellers_currency() {
        use crate::indicators::tests::{BY_REGION, content};
        // In the second tick the buyer, region 1, spends 5e11 of its currency, worth half as much as that of region 0.
        let bought = [0.0, 4e11, 3e11, 0.0, 0.0, 4e11, 5e11, 0.0];
        let rates = [1.0, 1.0, 2.0, 1.0];
        let content = content(&[
            ("imports_bilateral", &["time", "region", "partner"], &bought),
            ("exchange_rate", BY_REGION, &rates),
        ]);
        let recording = Recording::of(&content);
        let last = Window { name: String::new(), ticks: 1..2 };
        let data = Data::of(&recording).expect("data");
        let pair = Pair { policy: data, baseline: None, place: 0, last: &last };
        let value = |buys: bool| pair.partners(buys).expect("trade")[1].policy;
        // Twelve times 2.5 and 4 billion major units.
        assert!((value(false) - 30.0).abs() < 1e-9, "{}", value(false));
        assert!((value(true) - 48.0).abs() < 1e-9, "{}", value(true));
    }

    #[test]
    fn moves_are_those_of_the_last_whole_year() {
        use crate::indicators::tests::content;
        // Region 1: a year ends in the first tick, none in the second. Of the first tenth a quarter rises by one.
        let mut counts = vec![0.0; 2 * 2 * 100];
        for tenth in 0..10 {
            counts[100 + tenth * 11] = 4.0;
        }
        (counts[100], counts[101]) = (3.0, 1.0);
        let content = content(&[("income_transition", &["time", "region", "rank_before", "rank"], &counts)]);
        let recording = Recording::of(&content);
        let last = Window { name: String::new(), ticks: 1..2 };
        let data = || Data::of(&recording).expect("data");
        let alone = Pair { policy: data(), baseline: None, place: 1, last: &last };
        let moves = alone.moves().expect("moves");
        assert_eq!((moves.len(), &moves[..3], moves[11], moves[99]), (100, &[75.0, 25.0, 0.0][..], 100.0, 100.0));
        let same = Pair { policy: data(), baseline: Some(data()), place: 1, last: &last };
        assert_eq!(same.moves().expect("moves"), [0.0; 100]);
        // Nothing was recorded of two years in region 0.
        let none = Pair { policy: data(), baseline: None, place: 0, last: &last };
        assert!(none.moves().expect("nothing").is_empty());
    }

    #[test]
    fn ranges_need_runs() {
        let runs: Vec<Vec<f64>> = (0..11).map(|k| vec![f64::from(10 - k), 1.0]).collect();
        assert_eq!(range(&runs), Some([vec![1.0, 1.0], vec![9.0, 1.0]]));
        assert_eq!(range(&runs[..5]), None);
        assert!((quantile(&[0.0, 1.0], 0.25) - 0.25).abs() < 1e-12);
        assert!((quantile(&[4.0], 0.9) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn an_interval_needs_two_runs() {
        let one = response(&[vec![1.0, 2.0]]);
        assert!(band(&one).is_none());
        let [low, high] = band(&response(&[vec![1.0], vec![3.0]])).expect("a band");
        assert!((low[0] - (2.0 - 12.706)).abs() < 1e-9 && (high[0] - 14.706).abs() < 1e-9);
    }
}
