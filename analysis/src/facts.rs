//! Tariff facts: what is measured in a pair of runs, and the bands it should fall into.
//!
//! Two experiments raise United States (or other) duties on all goods for good: `single` on one origin, `uniform` on
//! all. Every measure compares a run with the baseline of the same seed. Bands and sources are in `facts.csv`, which also holds the
//! facts of the other experiments of [`crate::score`].

mod catalogue;
mod trade;

use std::ops::Range;

use crate::bars::{interval, shown};
use crate::gains;
use crate::paired::estimate;
use crate::placebo::{self, Figure, Tested};
use crate::recording::{Array, Recording, RecordingError};
use crate::response::{Scale, averaged, effect, six_quarters};
use crate::table::Table;

pub use catalogue::{Fact, Status, facts, known};
pub(crate) use trade::Trade;

/// A measured value of one seed.
pub type Observation = (&'static str, f64);

/// Loss of the richest tenth, a fraction: what T35 is divided by.
const T35_BY: &str = "T35-by";

/// A policy run and its baseline.
pub struct Case<'a> {
    /// Run under the policy.
    pub policy: &'a Recording<'a>,
    /// Run without it.
    pub baseline: &'a Recording<'a>,
    /// Run whose duties effects are counted by, where it is not that under the policy: for a placebo, whose own duties are next to
    /// nothing, the policy's.
    pub per: Option<&'a Recording<'a>>,
    /// Code of the region that raises its duties.
    pub importer: &'a str,
    /// Codes of the origins that pay them.
    pub origins: Vec<String>,
    /// First tick of the policy.
    pub start: usize,
    /// Ticks a year.
    pub ticks_per_year: usize,
}

impl Case<'_> {
    /// The run whose duties effects are counted by.
    pub(crate) fn levied(&self) -> &Recording<'_> {
        self.per.unwrap_or(self.policy)
    }

    /// Duties in law that effects are counted by, and those of the baseline.
    pub(crate) fn rates(&self) -> Result<[Array; 2], RecordingError> {
        Ok([self.levied().array("duty_rate_statutory")?, self.baseline.array("duty_rate_statutory")?])
    }

    /// Ticks of months `from` to `to` of the policy, if they were run.
    pub(crate) fn months(&self, from: usize, to: usize) -> Option<Range<usize>> {
        let tick = |months: usize| self.start + months * self.ticks_per_year / 12;
        let window = tick(from - 1)..tick(to).max(tick(from - 1) + 1);
        let ticks = |run: &Recording<'_>| run.array("real_gdp").map_or(0, |array| array.ticks());
        (window.end <= ticks(self.policy).min(ticks(self.levied()))).then_some(window)
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
            let (losses, levied) = (self.losses(self.policy, &window)?, self.losses(self.levied(), &window)?);
            found.push(("T35", losses[0] / levied[levied.len() - 1]));
            found.push((T35_BY, losses[losses.len() - 1]));
            let rising = losses.windows(2).filter(|pair| pair[1] >= pair[0]).count();
            found.push(("T35-fall", rising as f64));
            let rate = match self.per {
                Some(policy) => {
                    let levied = Case { policy, per: None, origins: self.origins.clone(), ..*self };
                    Trade::read(&levied)?.effective_rate(0, &window)
                }
                None => trade.effective_rate(0, &window),
            };
            let points = 100.0 * (rate - trade.effective_rate(1, &window));
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
        found.extend(self.macro_response(trade.importer)?);
        if self.per.is_none() {
            found.push(("revenue", trade.revenue_gap(self.start)));
            found.push(("revenue-budget", self.budget_gap(&trade)?));
        }
        Ok(found)
    }

    /// Quarterly responses of output, prices, unemployment, employment and the policy rate of a region, as far as they were run.
    fn macro_response(&self, region: usize) -> Result<Vec<Observation>, RecordingError> {
        let quarters = |effect: &[f64]| averaged(&effect[self.start..], (self.ticks_per_year / 4).max(1));
        let of = |name, scale| Ok::<_, RecordingError>(quarters(&self.response(name, region, scale)?));
        let gdp = of("real_gdp", Scale::Percent)?;
        let (unemployment, rate) = (of("unemployment_rate", Scale::Difference)?, of("policy_rate", Scale::Difference)?);
        let persons = |recording: &Recording<'_>| jobs(recording, region, |_| true);
        let employment = quarters(&changed(&persons(self.policy)?, &persons(self.baseline)?, Scale::Percent));
        let prices = of("consumer_price", Scale::Percent)?;
        let highest = prices.get(..6).map(|first| first.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        let rows = [
            ("T39-1", gdp.first().copied()),
            ("T39-5", gdp.get(4).copied()),
            ("T39-9", gdp.get(8).copied()),
            ("T39-p", highest),
            ("T39-u", unemployment.get(4).map(|points| 100.0 * points)),
            ("T39-e", employment.get(5).copied()),
            ("T39-r", rate.get(1..3).map(|pair| 50.0 * (pair[0] + pair[1]))),
        ];
        Ok(rows.into_iter().filter_map(|(id, value)| Some((id, value?))).collect())
    }

    /// Loss of real income of each decile of the importer in a run, a fraction of what it has without the policy: simulated incomes
    /// (disposable income and pensions received less paid) at the prices of the decile's own basket. Where households are units and a panel was recorded, of
    /// tenths of its households by permanent income in the year before the policy, in the first year of it.
    fn losses(&self, run: &Recording<'_>, window: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let region = self.baseline.place("region", self.importer)?;
        let before = (self.start / self.ticks_per_year).checked_sub(1);
        if let Some(before) = before.filter(|_| gains::of_units(self.baseline)) {
            return gains::losses([self.baseline, run], region, before);
        }
        let real = |recording: &Recording<'_>| -> Result<Vec<f64>, RecordingError> {
            let income = recording.array("disposable_income_decile")?;
            let (pensions, price) =
                (recording.array("pensions_net_decile")?, recording.array("consumer_price_decile")?);
            let of = |d: usize, tick: usize| {
                let at = |array: &Array| array.at(tick, &[region, d]);
                (at(&income) + at(&pensions)) / at(&price)
            };
            Ok((0..income.shape[2]).map(|d| window.clone().map(|tick| of(d, tick)).sum()).collect())
        };
        let (after, before) = (real(run)?, real(self.baseline)?);
        Ok(after.iter().zip(&before).map(|(after, before)| 1.0 - after / before).collect())
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

    /// Effect of the policy on a variable of a region in each tick of the policy run; the baseline may go on for longer.
    ///
    /// # Errors
    /// If a recording lacks the variable.
    pub fn response(&self, name: &str, region: usize, scale: Scale) -> Result<Vec<f64>, RecordingError> {
        let series = |recording: &Recording<'_>| Ok::<_, RecordingError>(recording.array(name)?.series(&[region]));
        Ok(changed(&series(self.policy)?, &series(self.baseline)?, scale))
    }
}

/// The effect in each tick of the policy run; the baseline may go on for longer.
pub(crate) fn changed(policy: &[f64], baseline: &[f64], scale: Scale) -> Vec<f64> {
    effect(policy, &baseline[..policy.len().min(baseline.len())], scale)
}

/// Persons employed in a region in each tick, in the industries that are kept.
pub(crate) fn jobs(
    recording: &Recording<'_>,
    region: usize,
    keep: impl Fn(usize) -> bool,
) -> Result<Vec<f64>, RecordingError> {
    let persons = recording.array("employment")?;
    let (industries, skills) = (persons.shape[2], persons.shape[3]);
    let sum = |tick: usize| -> f64 {
        let row = &persons.tick(tick)[region * industries * skills..(region + 1) * industries * skills];
        row.iter().enumerate().filter(|(at, _)| keep(at / skills)).map(|(_, value)| value).sum()
    };
    Ok((0..persons.ticks()).map(sum).collect())
}

/// Values of a fact over seeds.
fn values(observations: &[Observation], id: &str) -> Vec<f64> {
    observations.iter().filter(|(known, _)| *known == id).map(|(_, value)| *value).collect()
}

/// How a fact stands against chance: `found` of the policies, `chance` of their placebos, empty if there is none. `None` for what
/// is no effect of a policy, or has no value.
#[must_use]
pub fn tested(fact: &Fact, found: &[Observation], chance: &[Observation]) -> Option<Tested> {
    let of = |id: &str| {
        let placebo = values(chance, id);
        Tested::of(&values(found, id), (!chance.is_empty()).then_some(&placebo))
    };
    let effect = fact.is_effect().then(|| of(&fact.id))??;
    Some(if fact.id == "T35" { effect.over(of(T35_BY)) } else { effect })
}

/// Those of some facts that are effects, and how they stand.
#[must_use]
pub fn figures(facts: &[Fact], found: &[Observation], chance: &[Observation]) -> Vec<Figure> {
    let figure = |fact: &Fact| {
        Some(Figure { id: fact.id.clone(), tested: tested(fact, found, chance)?, extreme: fact.is_extreme() })
    };
    facts.iter().filter_map(figure).collect()
}

/// The facts of the two experiments that have a band.
#[must_use]
pub fn with_bands() -> Vec<Fact> {
    let mut all = facts();
    all.retain(|fact| ["single", "uniform"].contains(&fact.experiment.as_str()) && fact.band.is_some());
    all
}

/// The facts of the two experiments that have a band, with means over seeds, intervals, whether they hold, and how they stand
/// against chance: observations of the policies, and of the placebo.
#[must_use]
pub fn table(found: &[Observation], chance: &[Observation]) -> Table {
    let head = ["id", "fact", "horizon", "band", "mean", "95% interval", "holds", "measure", "source"];
    let mut table = Table::new(head.into_iter().chain(placebo::HEAD));
    for fact in with_bands() {
        let Some(band) = fact.band else { continue };
        let tested = tested(&fact, found, chance);
        let (mean, interval, holds) = match estimate(&values(found, &fact.id)) {
            None => ("-".to_owned(), "-".to_owned(), "not run".to_owned()),
            Some(x) => (shown(x.mean), interval(&x), placebo::qualified(band.verdict(&x), tested.as_ref())),
        };
        let band = band.to_string();
        let row = [&fact.id, &fact.fact, &fact.horizon, &band, &mean, &interval, &holds, &fact.measure, &fact.source];
        table.push(row.into_iter().chain(&placebo::cells(tested.as_ref())));
    }
    table
}

#[cfg(test)]
mod tests;
