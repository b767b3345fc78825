//! Tariff facts: what is measured in a pair of runs, and the bands it should fall into.
//!
//! Two experiments raise United States (or other) duties on all goods for good: `single` on one origin, `uniform` on
//! all. Every measure compares a run with the baseline of the same seed. Bands and sources are in `facts.csv`.

use crate::bars::{Band, interval, shown};
use crate::paired::estimate;
use crate::recording::{Array, Recording, RecordingError};
use crate::response::{Scale, effect, six_quarters};
use crate::table::{Table, parse_csv};

/// A fact with its band.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Identifier.
    pub id: String,
    /// What it says.
    pub fact: String,
    /// How it is measured.
    pub measure: String,
    /// Lower end of the band.
    pub low: f64,
    /// Upper end of the band.
    pub high: f64,
    /// When it is measured.
    pub horizon: String,
    /// Where the band comes from.
    pub source: String,
}

impl Fact {
    /// The band.
    #[must_use]
    pub fn band(&self) -> Band {
        Band { low: self.low, high: self.high }
    }
}

/// The facts of `analysis/facts.csv`.
///
/// # Panics
/// If the file that is compiled in has a row without numbers, which a test rules out.
#[must_use]
pub fn facts() -> Vec<Fact> {
    let table = parse_csv(include_str!("../facts.csv"));
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("facts.csv: `{text}` is not a number"));
    let fact = |row: Vec<String>| Fact {
        id: row[0].clone(),
        fact: row[1].clone(),
        measure: row[3].clone(),
        low: number(&row[4]),
        high: number(&row[5]),
        horizon: row[6].clone(),
        source: row[7].clone(),
    };
    table.rows.into_iter().map(fact).collect()
}

/// A measured value of one seed.
pub type Observation = (&'static str, f64);

/// A policy run and its baseline.
pub struct Case<'a> {
    /// Run under the policy.
    pub policy: &'a Recording<'a>,
    /// Run without it.
    pub baseline: &'a Recording<'a>,
    /// Code of the region that raises its duties.
    pub importer: &'a str,
    /// Codes of the origins that pay them.
    pub origins: Vec<String>,
    /// First tick of the policy.
    pub start: usize,
    /// Ticks a year.
    pub ticks_per_year: usize,
}

/// Arrays on the imports of one region, of both runs.
struct Trade {
    value: [Array; 2],
    volume: [Array; 2],
    duty: [Array; 2],
    rate: [Array; 2],
    /// Places of importer, origins and goods.
    importer: usize,
    origins: Vec<usize>,
    goods: Vec<usize>,
}

impl Trade {
    fn read(case: &Case<'_>) -> Result<Self, RecordingError> {
        let both = |name| Ok::<_, RecordingError>([case.policy.array(name)?, case.baseline.array(name)?]);
        let flags = case.policy.array("goods")?.values;
        let importer = case.policy.place("region", case.importer)?;
        let origins: Result<Vec<usize>, _> =
            case.origins.iter().map(|code| case.policy.place("partner", code)).collect();
        Ok(Self {
            value: both("trade_value")?,
            volume: both("trade_volume")?,
            duty: both("trade_duty")?,
            rate: both("duty_rate_statutory")?,
            importer,
            origins: origins?.into_iter().filter(|&origin| origin != importer).collect(),
            goods: (0..flags.len()).filter(|&good| flags[good] > 0.5).collect(),
        })
    }

    /// Sum of an array over a window for one flow.
    fn flow(&self, array: &Array, window: &std::ops::Range<usize>, origin: usize, good: usize) -> f64 {
        window.clone().map(|tick| array.at(tick, &[self.importer, origin, good])).sum()
    }

    /// All flows of goods from the origins.
    fn flows(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.origins.iter().flat_map(|&origin| self.goods.iter().map(move |&good| (origin, good)))
    }

    /// Sum of an array over a window and all flows.
    fn total(&self, array: &Array, window: &std::ops::Range<usize>) -> f64 {
        self.flows().map(|(origin, good)| self.flow(array, window, origin, good)).sum()
    }

    /// Mean change of the log of one plus the duty, weighted with base imports.
    fn duty_change(&self, window: &std::ops::Range<usize>) -> f64 {
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
    fn pass_through(&self, window: &std::ops::Range<usize>) -> f64 {
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
    fn elasticity(&self, window: &std::ops::Range<usize>) -> f64 {
        let change = (self.total(&self.value[0], window) / self.total(&self.value[1], window)).ln();
        change / self.duty_change(window)
    }

    /// Duties over imports of goods from the origins, a fraction.
    fn effective_rate(&self, side: usize, window: &std::ops::Range<usize>) -> f64 {
        self.total(&self.duty[side], window) / self.total(&self.value[side], window)
    }

    /// Duties collected over base times rate, less one, over all ticks from `start`.
    fn revenue_gap(&self, start: usize) -> f64 {
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

impl Case<'_> {
    /// Ticks of months `from` to `to` of the policy, if they were run.
    fn months(&self, from: usize, to: usize) -> Option<std::ops::Range<usize>> {
        let tick = |months: usize| self.start + months * self.ticks_per_year / 12;
        let window = tick(from - 1)..tick(to).max(tick(from - 1) + 1);
        (window.end <= self.policy.array("real_gdp").map_or(0, |array| array.ticks())).then_some(window)
    }

    /// Facts of a duty on one origin.
    ///
    /// # Errors
    /// If a recording lacks a variable (recordings without cubes do).
    pub fn single(&self) -> Result<Vec<Observation>, RecordingError> {
        let trade = Trade::read(self)?;
        let mut found = Vec::new();
        if let Some(window) = self.months(10, 12) {
            found.push(("T1", trade.pass_through(&window)));
            found.push(("T11", trade.elasticity(&window)));
        }
        found.extend(self.months(84, 120).map(|window| ("T12", trade.elasticity(&window))));
        Ok(found)
    }

    /// Facts of a duty on all origins.
    ///
    /// # Errors
    /// As [`Case::single`].
    pub fn uniform(&self) -> Result<Vec<Observation>, RecordingError> {
        let trade = Trade::read(self)?;
        let mut found = Vec::new();
        found.extend(self.months(1, 8).map(|window| ("T2", trade.pass_through(&window))));
        if let Some(window) = self.months(10, 12) {
            found.push(("T11-all", trade.elasticity(&window)));
            let losses = self.losses(&window)?;
            found.push(("T35", losses[0] / losses[losses.len() - 1]));
            let rising = losses.windows(2).filter(|pair| pair[1] >= pair[0]).count();
            found.push(("T35-fall", rising as f64));
            let points = 100.0 * (trade.effective_rate(0, &window) - trade.effective_rate(1, &window));
            let level = |recording: &Recording<'_>| -> Result<f64, RecordingError> {
                let prices = recording.array("consumer_price")?;
                Ok(window.clone().map(|tick| prices.at(tick, &[trade.importer])).sum())
            };
            let rise = 100.0 * (level(self.policy)? / level(self.baseline)? - 1.0);
            found.push(("T38", rise / points));
        }
        found.extend(self.months(84, 120).map(|window| ("T12-all", trade.elasticity(&window))));
        if self.months(1, 18).is_some() {
            let gdp = self.response("real_gdp", trade.importer, Scale::Percent)?;
            let quarters = six_quarters(&gdp[self.start..], self.ticks_per_year);
            found.extend(quarters.into_iter().flat_map(|[low, high]| [("T39", low), ("T39-high", high)]));
        }
        found.push(("revenue", trade.revenue_gap(self.start)));
        found.push(("revenue-budget", self.budget_gap(&trade)?));
        Ok(found)
    }

    /// Loss of each decile of the importer: the rise of its prices times consumption over disposable income.
    fn losses(&self, window: &std::ops::Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let region = self.policy.place("region", self.importer)?;
        let sum = |array: &Array, decile: usize| -> f64 {
            window.clone().map(|tick| array.at(tick, &[region, decile])).sum()
        };
        let (after, before) =
            (self.policy.array("consumer_price_decile")?, self.baseline.array("consumer_price_decile")?);
        let consumption = self.baseline.array("consumption_decile")?;
        let income = self.baseline.array("disposable_income_decile")?;
        let loss = |d: usize| (sum(&after, d) / sum(&before, d) - 1.0) * sum(&consumption, d) / sum(&income, d);
        Ok((0..consumption.shape[2]).map(loss).collect())
    }

    /// Largest difference between the duties in trade and in the budgets, minor units.
    fn budget_gap(&self, trade: &Trade) -> Result<f64, RecordingError> {
        let budget = self.policy.array("budget_duties")?;
        let width: usize = trade.duty[0].shape[2..].iter().product();
        let mut largest: f64 = 0.0;
        for tick in 0..budget.ticks() {
            for (paid, received) in trade.duty[0].tick(tick).chunks(width).zip(budget.tick(tick)) {
                largest = largest.max((paid.iter().sum::<f64>() - received).abs());
            }
        }
        Ok(largest)
    }

    /// Effect of the policy on a variable of a region in each tick.
    ///
    /// # Errors
    /// If a recording lacks the variable.
    pub fn response(&self, name: &str, region: usize, scale: Scale) -> Result<Vec<f64>, RecordingError> {
        let series = |recording: &Recording<'_>| Ok::<_, RecordingError>(recording.array(name)?.series(&[region]));
        Ok(effect(&series(self.policy)?, &series(self.baseline)?, scale))
    }
}

/// The facts with means over seeds, intervals, and whether they hold.
#[must_use]
pub fn table(seeds: &[Vec<Observation>]) -> Table {
    let head = ["id", "fact", "horizon", "band", "mean", "95% interval", "holds", "measure", "source"];
    let mut table = Table::new(head);
    for fact in facts() {
        let band = fact.band();
        let values: Vec<f64> =
            seeds.iter().flatten().filter(|(id, _)| *id == fact.id).map(|(_, value)| *value).collect();
        let (mean, interval, verdict) = match estimate(&values) {
            None => ("-".to_owned(), "-".to_owned(), "not run"),
            Some(found) => (shown(found.mean), interval(&found), band.verdict(&found)),
        };
        let band = band.to_string();
        table.push([
            &fact.id,
            &fact.fact,
            &fact.horizon,
            &band,
            &mean,
            &interval,
            verdict,
            &fact.measure,
            &fact.source,
        ]);
    }
    table
}

#[cfg(test)]
mod tests;
