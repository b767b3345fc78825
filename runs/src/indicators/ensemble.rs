//! Indicators of an ensemble: computed run by run, compared pair by pair, shown with intervals.

use analysis::bars::shown;
use analysis::cache::RunCache;
use analysis::chance::{Judged, PLACEBO, legend, reach};
use analysis::ensemble::Ensemble;
use analysis::indicators::{Data, Indicator, all};
use analysis::paired::estimate;
use analysis::panel::Panel;
use analysis::recording::Recording;
use analysis::response::effect;
use analysis::table::{Table, exact};

use super::{Document, change_unit, left_out, spread};
use crate::arguments::IndicatorsArguments;
use crate::failure::Failure;
use crate::rows::{Rows, written};
use crate::session::focus;
use crate::sources::{place_of_region, plan_of};
use crate::terminal::{json, say_judged};

/// Years that fit beside a name, each with an interval.
const YEARS: usize = 3;

/// Changes by indicator, pair, region and tick; indicators that are not recorded are `None`.
type Changes = Vec<Option<Vec<Panel>>>;

/// The changes of an arm against its baselines.
fn changes(cache: &RunCache<'_>, ensemble: &Ensemble<'_>, arm: &str) -> Result<Changes, Failure> {
    let mut found: Changes = all().map(|_| Some(Vec::new())).collect();
    let runs = (0..ensemble.arms.len()).filter(|&run| ensemble.arms[run] == arm && ensemble.done[run]);
    for (run, base) in runs.filter_map(|run| Some((run, ensemble.baselines[run].filter(|&b| ensemble.done[b])?))) {
        let (policy, baseline) = (Recording::of_run(cache, run), Recording::of_run(cache, base));
        let (policy, baseline) = (Data::of(&policy)?, Data::of(&baseline)?);
        for (indicator, panels) in all().zip(&mut found) {
            let Some(list) = panels else { continue };
            let pair = indicator.values(&policy).and_then(|a| Ok((a, indicator.values(&baseline)?)));
            match pair {
                Ok((a, b)) => list.push(a.iter().zip(&b).map(|(a, b)| effect(a, b, indicator.scale)).collect()),
                Err(error) if error.missing().is_some() => *panels = None,
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(found)
}

/// The mean of a number over pairs, with the placebo's; pairs in which it is none are left out.
fn judged(policy: &[Panel], placebo: Option<&Vec<Panel>>, of: impl Fn(&Panel) -> f64) -> Option<Judged> {
    let over = |panels: &[Panel]| estimate(&panels.iter().map(&of).filter(|x| x.is_finite()).collect::<Vec<_>>());
    Some(Judged { change: over(policy)?, placebo: placebo.and_then(|panels| over(panels)) })
}

/// Shows the change of every indicator in an arm.
///
/// # Errors
/// The file cannot be read, or has no such arm or region.
pub fn show(recording: &Recording<'_>, arguments: &IndicatorsArguments, path: &std::path::Path) -> Result<(), Failure> {
    let reader = recording.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
    let (ensemble, cache) = (Ensemble::open(reader)?, RunCache::new(reader));
    let bench = plan_of(recording, path)?;
    let compared = ensemble.compared();
    let asked = arguments.arm.as_deref();
    let arm = compared.iter().copied().find(|arm| asked.is_none_or(|asked| asked == *arm)).ok_or_else(|| {
        let there = if compared.is_empty() { "no arm has a baseline".to_owned() } else { compared.join(", ") };
        Failure::Configuration(format!("--arm {}: there is none to compare; there are: {there}", asked.unwrap_or("-")))
    })?;
    let codes = recording.labels("region")?;
    let place = bench.plan.arms.iter().position(|x| x.name == arm).unwrap_or(0);
    let config = bench.config(place, 0)?;
    let region = arguments.region.clone().unwrap_or_else(|| focus(&config, &codes).to_owned());
    let here = place_of_region(&codes, &region)?;
    let policy = changes(&cache, &ensemble, arm)?;
    let placebo = if ensemble.has_placebo() { changes(&cache, &ensemble, PLACEBO)? } else { vec![None; policy.len()] };
    let per_year = config.ticks_per_year.max(1) as usize;
    let dates: Vec<String> = recording.dates()?.iter().map(|date| date.year_month()).collect();
    let found = Found { policy: &policy, placebo: &placebo, dates: &dates, per_year };
    let missing: Vec<&str> = all().zip(&policy).filter(|x| x.1.is_none()).map(|x| x.0.id).collect();
    let pairs = policy.iter().flatten().map(Vec::len).max().unwrap_or(0);
    let chance = legend(pairs, ensemble.has_placebo());
    if arguments.json {
        json(&Document {
            rows: Rows::of(found.yearly(here), &["change", "low", "high", "pairs", "placebo_reach"]),
            title: bench.plan.title.clone(),
            arm: Some(arm),
            against: None,
            placebo: ensemble.has_placebo(),
            chance: Some(chance),
            warnings: Vec::new(),
            not_recorded: missing,
            region,
            pairs,
        })?;
    } else {
        say_judged(&format!(
            "{}\n{region}, {arm}: change against the same-seed baseline, means of years beginning in\n{chance}\n\n{}",
            bench.plan.title,
            found.short(here).to_text()
        ));
        left_out(&missing);
    }
    written(arguments.csv.as_ref(), || full(arm, &codes, &dates, &policy, &placebo), arguments.json)
}

/// What was found over time.
struct Found<'a> {
    policy: &'a Changes,
    placebo: &'a Changes,
    dates: &'a [String],
    per_year: usize,
}

impl Found<'_> {
    /// First tick of every year.
    fn years(&self) -> Vec<usize> {
        (0..self.dates.len()).step_by(self.per_year).collect()
    }

    /// The mean change of the year that begins with tick `start` in a region.
    fn year(&self, start: usize, here: usize, panels: &[Panel], nothing: Option<&Vec<Panel>>) -> Option<Judged> {
        let ticks = start..(start + self.per_year).min(self.dates.len());
        let count = ticks.len() as f64;
        judged(panels, nothing, move |panel| panel[here][ticks.clone()].iter().sum::<f64>() / count)
    }

    /// Some years of a region, for people.
    fn short(&self, here: usize) -> Table {
        let starts = self.years();
        let columns: Vec<usize> = spread(starts.len(), YEARS).into_iter().map(|year| starts[year]).collect();
        let head = ["indicator", "unit"].map(str::to_owned).into_iter();
        let mut table = Table::new(head.chain(columns.iter().map(|&start| self.dates[start].clone())));
        for ((indicator, panels), nothing) in all().zip(self.policy).zip(self.placebo) {
            let Some(panels) = panels else { continue };
            let year = |start| self.year(start, here, panels, nothing.as_ref());
            let cells = columns.iter().map(|&start| year(start).map_or_else(|| "-".to_owned(), |found| cell(&found)));
            let names = [indicator.name[0].to_owned(), change_unit(indicator).to_owned()];
            table.push(names.into_iter().chain(cells));
        }
        table
    }

    /// All years of a region, for programs.
    fn yearly(&self, here: usize) -> Table {
        let mut table = Table::new(["indicator", "name", "month"].into_iter().chain(NUMBERS));
        for ((indicator, panels), nothing) in all().zip(self.policy).zip(self.placebo) {
            let Some(panels) = panels else { continue };
            for start in self.years() {
                let found = self.year(start, here, panels, nothing.as_ref());
                let names = [indicator.id, indicator.name[0], &self.dates[start]].map(str::to_owned);
                table.push(names.into_iter().chain(numbers(indicator, found.as_ref())));
            }
        }
        table
    }
}

/// Mean and half the width of the interval, marked if it is not told apart from chance.
fn cell(found: &Judged) -> String {
    let half = found.change.half_width;
    let width = if half.is_finite() { format!(" ±{}", shown(half)) } else { String::new() };
    found.marked(&format!("{}{width}", shown(found.change.mean)))
}

/// All ticks of all regions.
fn full(arm: &str, codes: &[String], dates: &[String], policy: &Changes, placebo: &Changes) -> Table {
    let mut table = Table::new(["indicator", "arm", "region", "month"].into_iter().chain(NUMBERS));
    for ((indicator, panels), nothing) in all().zip(policy).zip(placebo) {
        let Some(panels) = panels else { continue };
        for (region, code) in codes.iter().enumerate() {
            for (tick, date) in dates.iter().enumerate() {
                let found = judged(panels, nothing.as_ref(), |panel| panel[region][tick]);
                let names = [indicator.id, arm, code, date].map(str::to_owned);
                table.push(names.into_iter().chain(numbers(indicator, found.as_ref())));
            }
        }
    }
    table
}

/// Headings of what is told of a change.
const NUMBERS: [&str; 7] = ["change", "low", "high", "pairs", "placebo_reach", "verdict", "unit"];

/// What is told of a change, to the last digit.
fn numbers(indicator: &Indicator, found: Option<&Judged>) -> [String; 7] {
    let unit = change_unit(indicator).to_owned();
    let Some(judged) = found else {
        let [change, low, high, pairs, reach, verdict] = ["", "", "", "0", "", "unknown"].map(str::to_owned);
        return [change, low, high, pairs, reach, verdict, unit];
    };
    let change = judged.change;
    let reach = judged.placebo.map_or_else(String::new, |placebo| exact(reach(&placebo)));
    let [mean, low, high] = [change.mean, change.low(), change.high()].map(exact);
    [mean, low, high, change.count.to_string(), reach, judged.verdict().word().to_owned(), unit]
}
