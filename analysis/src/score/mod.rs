//! The scoreboard: every published fact, what the model gives, and whether that lies in the published band.
//!
//! Nothing is left out: what misses its band stands as a miss, what is an input or another statistic than the published one is
//! shown without a verdict, and what cannot be measured says what the model lacks.

mod cycle;
mod laffer;
mod page;
mod people;
mod war;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::bars::{Band, interval, shown};
use crate::facts::{Fact, Observation, Status, facts, figures, tested};
use crate::paired::{Estimate, estimate};
use crate::placebo::{self, Figure, Tested};
use crate::recording::{Recording, RecordingError};
use crate::table::Table;

pub use cycle::{cycle, cycles, okun};
pub use laffer::{Point, laffer, peak};
pub use page::page;
pub use people::{FirmAnswer, HouseholdAnswer, SpenderAnswer, Survey, survey_facts, windfall};

/// Experiment of facts that are inputs without a number of their own.
const INPUT: &str = "input";

/// What the comparison with the published band comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The mean over seeds lies in the band.
    Inside,
    /// It does, but the effect is not told apart from chance, which may have put it there.
    Unclear,
    /// It does not.
    Outside,
    /// The fact was published without a band.
    NoBand,
    /// An input of the calibration.
    Input,
    /// Another statistic than the published one.
    NotComparable,
    /// There is no value.
    NotMeasured,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 7] =
        [Self::Inside, Self::Outside, Self::NoBand, Self::Input, Self::NotComparable, Self::NotMeasured, Self::Unclear];

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Unclear => "inside but not told apart",
            Self::Outside => "outside",
            Self::NoBand => "no band",
            Self::Input => "calibrated input",
            Self::NotComparable => "not comparable",
            Self::NotMeasured => "not measured",
        }
    }

    /// A sign that is told apart without colours.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Inside => "✓",
            Self::Unclear => "~",
            Self::Outside => "✗",
            Self::NoBand => "–",
            Self::Input => "=",
            Self::NotComparable => "≁",
            Self::NotMeasured => "?",
        }
    }
}

/// A fact with what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The fact.
    pub fact: Fact,
    /// Mean and interval over seeds, if there is a value.
    pub value: Option<Estimate>,
    /// Verdict.
    pub verdict: Verdict,
    /// How it stands against chance, if it is an effect.
    pub tested: Option<Tested>,
    /// What is to be said besides: why there is no value or no verdict, or which parameter was chosen for the fact.
    pub note: String,
}

impl Entry {
    /// Judges what was measured for a fact. `absent` says why an experiment was not run, if it was not.
    fn of(fact: Fact, values: &[f64], tested: Option<Tested>, absent: Option<&str>) -> Self {
        let unclear = tested.is_some_and(|found| !found.verdict().is_apart());
        let value = estimate(values).filter(|found| found.mean.is_finite());
        let verdict = match (&value, fact.judged(), &fact.status) {
            (None, _, Status::Input(_)) if fact.experiment == INPUT => Verdict::Input,
            (None, ..) => Verdict::NotMeasured,
            (_, _, Status::Input(_)) => Verdict::Input,
            (_, _, Status::Near(_)) => Verdict::NotComparable,
            (Some(found), Some(band), _) if band.contains(found.mean) && unclear => Verdict::Unclear,
            (Some(found), Some(band), _) if band.contains(found.mean) => Verdict::Inside,
            (_, Some(_), _) => Verdict::Outside,
            (_, None, _) => Verdict::NoBand,
        };
        let note = match (&fact.status, verdict) {
            (Status::Lacking(why), _) => format!("no mechanism: {why}"),
            (_, Verdict::NotMeasured) => absent.unwrap_or("the runs were too short, or gave no number").to_owned(),
            (Status::Fitted(why), _) => format!("fitted: {why}"),
            (status, _) => status.why().to_owned(),
        };
        Self { fact, value, verdict, tested, note }
    }

    /// The band that is shown: only one that was published.
    fn band(&self) -> Option<Band> {
        if matches!(self.fact.status, Status::OwnBand(_)) { None } else { self.fact.band }
    }

    /// Mean, in words.
    fn ours(&self) -> String {
        self.value.map_or_else(|| "-".to_owned(), |found| shown(found.mean))
    }

    /// Whether a number is shown that chance alone might give.
    fn is_luck(&self) -> bool {
        self.tested.is_some_and(|found| !found.verdict().is_apart())
    }

    /// Interval of the mean, in words.
    fn interval(&self) -> String {
        self.value.as_ref().map_or_else(|| "-".to_owned(), interval)
    }

    /// Verdict with its explanation.
    fn verdict_words(&self) -> String {
        match (self.verdict, &self.fact.status) {
            (Verdict::NotMeasured, _) => format!("not measured: {}", self.note),
            (_, Status::Fitted(_)) => format!("{} (fitted)", self.verdict.words()),
            (verdict, _) => verdict.words().to_owned(),
        }
    }
}

/// All facts that were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// In the order of the published list.
    pub entries: Vec<Entry>,
    /// Those that are effects.
    figures: Vec<Figure>,
}

impl Score {
    /// Judges the observations of all seeds; `chance` are those of placebos, none if there are none. `only` are the identifiers wanted, all if there are none; `absent` says of an experiment
    /// why it was not run.
    #[must_use]
    pub fn of(
        observations: &[Observation],
        chance: &[Observation],
        only: &[String],
        absent: &BTreeMap<String, String>,
    ) -> Self {
        let entry = |fact: Fact| {
            let own = observations.iter().filter(|(id, _)| *id == fact.id);
            let values: Vec<f64> = own.map(|(_, value)| *value).filter(|value| value.is_finite()).collect();
            let absent = absent.get(&fact.experiment).map(String::as_str);
            let tested = tested(&fact, observations, chance);
            Entry::of(fact, &values, tested, absent)
        };
        let mut asked = facts();
        asked.retain(|fact| wanted(fact, only));
        let figures = figures(&asked, observations, chance);
        Self { entries: asked.into_iter().map(entry).collect(), figures }
    }

    /// Says in the notes what worlds of another kind give, such as ones without shocks.
    #[must_use]
    pub fn beside(mut self, which: &str, observations: &[Observation]) -> Self {
        for entry in &mut self.entries {
            let own = observations.iter().filter(|(id, _)| *id == entry.fact.id).map(|(_, value)| *value);
            if let Some(found) = estimate(&own.collect::<Vec<_>>()).filter(|found| found.mean.is_finite()) {
                let gap = if entry.note.is_empty() { "" } else { "; " };
                let _ = write!(entry.note, "{gap}{which} {} ({})", shown(found.mean), interval(&found));
            }
        }
        self
    }

    /// Number of entries with a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.entries.iter().filter(|entry| entry.verdict == verdict).count()
    }

    /// Counts of all verdicts in a sentence.
    #[must_use]
    pub fn headline(&self) -> String {
        let fitted = self.entries.iter().filter(|entry| {
            entry.verdict == Verdict::Inside && matches!(entry.fact.status, Status::Fitted(_) | Status::Identity)
        });
        let counts: Vec<String> =
            Verdict::ALL.iter().map(|&verdict| format!("{} {}", self.count(verdict), verdict.words())).collect();
        let outside: Vec<&str> =
            self.entries.iter().filter(|x| x.verdict == Verdict::Outside).map(|x| x.fact.id.as_str()).collect();
        let missed = if outside.is_empty() { "none".to_owned() } else { outside.join(", ") };
        format!(
            "{} rows: {}. Of those inside, {} are fitted or hold by construction. Outside: {missed}.",
            self.entries.len(),
            counts.join(", "),
            fitted.count()
        )
    }

    /// How the placebo and the effects stand.
    #[must_use]
    pub fn chance(&self) -> String {
        placebo::summary(&self.figures)
    }

    /// The whole table.
    #[must_use]
    pub fn table(&self) -> Table {
        let head = [
            "id",
            "fact",
            "target",
            "band",
            "ours",
            "95% interval",
            "runs",
            "verdict",
            "horizon",
            "experiment",
            "measure",
            "note",
            "source",
        ];
        let mut table = Table::new(head.into_iter().chain(placebo::HEAD));
        for entry in &self.entries {
            let Fact { id, fact, target, horizon, experiment, measure, source, .. } = &entry.fact;
            let band = entry.band().map_or_else(|| "none".to_owned(), |band| band.to_string());
            let target = if target.is_empty() { "-" } else { target };
            let (ours, interval, verdict) = (entry.ours(), entry.interval(), entry.verdict_words());
            let runs = entry.value.map_or(0, |found| found.count).to_string();
            let cells: [&str; 13] = [
                id,
                fact,
                target,
                &band,
                &ours,
                &interval,
                &runs,
                &verdict,
                horizon,
                experiment,
                measure,
                &entry.note,
                source,
            ];
            let chance = placebo::cells(entry.tested.as_ref());
            table.push(cells.into_iter().chain(chance.each_ref().map(String::as_str)));
        }
        table
    }

    /// Everything as JSON; no number is `null`.
    #[must_use]
    pub fn json(&self, about: &str) -> Value {
        let number = |value: f64| if value.is_finite() { json!(value) } else { Value::Null };
        let entry = |entry: &Entry| {
            let value = entry.value.as_ref();
            json!({
                "id": entry.fact.id,
                "fact": entry.fact.fact,
                "experiment": entry.fact.experiment,
                "measure": entry.fact.measure,
                "horizon": entry.fact.horizon,
                "source": entry.fact.source,
                "target": entry.fact.target,
                "band": entry.band().map(|band| [band.low, band.high]),
                "ours": value.map(|found| number(found.mean)),
                "interval": value.map(|found| [number(found.low()), number(found.high())]),
                "runs": value.map_or(0, |found| found.count),
                "verdict": entry.verdict.words(),
                "fitted": matches!(entry.fact.status, Status::Fitted(_)),
                "note": entry.note,
                "placebo": entry.tested.and_then(|found| found.judged.placebo).map(|found| {
                    [number(found.low()), number(found.high())]
                }),
                "told_apart": entry.tested.map(|found| found.verdict().word()),
            })
        };
        let counts: serde_json::Map<String, Value> =
            Verdict::ALL.iter().map(|&verdict| (verdict.words().to_owned(), json!(self.count(verdict)))).collect();
        json!({ "about": about, "counts": counts, "facts": self.entries.iter().map(entry).collect::<Vec<_>>() })
    }
}

/// Whether a fact was asked for, by its identifier or by that of the published row it belongs to.
#[must_use]
pub fn wanted(fact: &Fact, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|id| fact.id == *id || fact.id.split('-').next() == Some(id))
}

/// A11: shares of the poorest and the richest decile in household consumption of a region in the last year, percent.
///
/// # Errors
/// If the recording lacks a variable or the region.
pub fn consumption_shares(
    recording: &Recording<'_>,
    region: &str,
    ticks_per_year: usize,
) -> Result<Vec<Observation>, RecordingError> {
    let place = recording.place("region", region)?;
    let consumption = recording.array("consumption_decile")?;
    let (ticks, deciles) = (consumption.ticks(), consumption.shape[2]);
    let year = ticks.saturating_sub(ticks_per_year)..ticks;
    let sum = |decile: usize| year.clone().map(|tick| consumption.at(tick, &[place, decile])).sum::<f64>();
    let whole: f64 = (0..deciles).map(sum).sum();
    Ok(vec![("A11", 100.0 * sum(0) / whole), ("A11-10", 100.0 * sum(deciles - 1) / whole)])
}

/// T13: mean trade elasticity, weighted with goods imports of a region in the first year.
///
/// # Errors
/// If the recording lacks a variable or the region.
pub fn mean_elasticity(
    recording: &Recording<'_>,
    region: &str,
    elasticities: &[Option<f64>],
    ticks_per_year: usize,
) -> Result<Vec<Observation>, RecordingError> {
    let place = recording.place("region", region)?;
    let imports = recording.array("imports_product")?;
    let (mut sum, mut weight) = (0.0, 0.0);
    for (product, elasticity) in elasticities.iter().enumerate() {
        let Some(elasticity) = elasticity else { continue };
        let value: f64 = (0..ticks_per_year.min(imports.ticks())).map(|tick| imports.at(tick, &[place, product])).sum();
        sum += elasticity * value;
        weight += value;
    }
    Ok(vec![("T13", sum / weight)])
}

#[cfg(test)]
mod tests;
