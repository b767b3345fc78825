//! Bringing all runs of a sweep together in one ensemble, whatever shards they lie in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::netcdf::{AttributeValue, Content, Dimension, Number, Streamed, Values, Variable, write_streamed};
use serde_json::json;

use super::factor::Setting;
use super::plan::{Bench, INEXACT, Plan};
use super::shard::{self, Entry, Frame, Outcome, Shard};
use crate::failure::Failure;
use crate::provenance::{peak_memory, write_beside};

/// How a run is marked in the ensemble.
const DONE: &str = "done";
const FAILED: &str = "failed";
const MISSING: &str = "missing";

/// What a seed that is also written as a text begins with.
const SEED: char = 's';

/// Stands for an integer of a run that was not done.
const NO_INTEGER: i64 = i64::MIN;

/// What a merge found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs done.
    pub done: usize,
    /// Runs that failed.
    pub failed: usize,
    /// Runs that have not ended.
    pub missing: usize,
}

/// Where a run lies: shard and entry.
pub type Place = (usize, usize);

/// Finds every run; the last record of a run counts, but a run that is done twice must have ended in the same world.
fn find(bench: &Bench, shards: &[Shard]) -> Result<Vec<Option<Place>>, Failure> {
    let mut found: BTreeMap<u64, Place> = BTreeMap::new();
    let digest = |place: Place| match shards[place.0].entries[place.1].head.outcome {
        Outcome::Done { digest } => Some(digest),
        Outcome::Failed { .. } => None,
    };
    for (s, shard) in shards.iter().enumerate() {
        for (e, entry) in shard.entries.iter().enumerate() {
            let run = entry.head.run;
            let Some(&before) = found.get(&run) else {
                found.insert(run, (s, e));
                continue;
            };
            match (digest(before), digest((s, e))) {
                (Some(a), Some(b)) if a != b => {
                    let id = bench.plan.runs.get(run as usize).map_or("", |run| run.id.as_str());
                    return Err(Failure::File(format!(
                        "run {id} was done twice with different results, in {} and {}: one of the machines or programs is not to be trusted; move one of the shards away",
                        shards[before.0].path.display(),
                        shard.path.display()
                    )));
                }
                // A run that was done in the end has not failed.
                (None, _) => {
                    found.insert(run, (s, e));
                }
                _ => {}
            }
        }
    }
    Ok((0..bench.plan.runs.len() as u64).map(|run| found.get(&run).copied()).collect())
}

/// Checks that the runs in all shards can stand in one ensemble; gives the place of each.
///
/// # Errors
/// The shards are of different programs or hold different variables, or a run was done twice with different results.
pub fn survey(bench: &Bench, shards: &[Shard]) -> Result<Vec<Option<Place>>, Failure> {
    if let Some(other) = shards.iter().find(|shard| shard.program != shards[0].program) {
        return Err(Failure::File(format!(
            "{} was written by {}, {} by {}: runs of different programs cannot stand in one ensemble; move one of the two away and repeat its runs with the other program",
            shards[0].path.display(),
            shards[0].program,
            other.path.display(),
            other.program
        )));
    }
    let mut frames = shards.iter().filter_map(|shard| Some((shard, shard.frame.as_ref()?)));
    if let Some((first, frame)) = frames.next()
        && let Some((other, _)) = frames.find(|other| other.1 != frame)
    {
        return Err(Failure::File(format!(
            "{} and {} hold different variables: they were not written for the same plan by the same program",
            first.path.display(),
            other.path.display()
        )));
    }
    find(bench, shards)
}

/// Merges the shards of a sweep into an ensemble.
///
/// The bytes depend on the plan and the runs only: not on the shards, nor on the order in which runs were done.
///
/// # Errors
/// Runs are missing (unless `partial`), shards are damaged, of different plans or programs, or the file cannot be written.
pub fn merge(bench: &Bench, folder: &Path, out: &Path, partial: bool) -> Result<Counts, Failure> {
    let plan = &bench.plan;
    let shards = shard::open_all(folder, bench.digest())?;
    shards.iter().try_for_each(Shard::verify)?;
    let places = survey(bench, &shards)?;
    let entry = |run: usize| places[run].map(|(s, e)| (&shards[s], &shards[s].entries[e]));
    let mut counts = Counts::default();
    for run in 0..plan.runs.len() {
        match entry(run).map(|x| &x.1.head.outcome) {
            Some(Outcome::Done { .. }) => counts.done += 1,
            Some(Outcome::Failed { .. }) => counts.failed += 1,
            None => counts.missing += 1,
        }
    }
    if counts.missing > 0 && !partial {
        return Err(Failure::File(format!(
            "{} of {} runs have not ended: do them with `autarky sweep run {}`, or merge what there is with --partial",
            counts.missing,
            plan.runs.len(),
            folder.display()
        )));
    }
    let Some(frame) = shards.iter().find_map(|shard| shard.frame.as_ref()) else {
        return Err(Failure::File(format!("no run in {} was done, so there is nothing to merge", folder.display())));
    };
    let content = content(bench, frame, &|run| entry(run).map(|x| x.1));
    let streamed: Vec<Streamed> = frame
        .variables
        .iter()
        .map(|x| {
            let mut x = x.clone();
            x.dimensions = std::iter::once(0).chain(x.dimensions.iter().map(|d| d + 1)).collect();
            // Readers turn integers into floating point where they may be missing, so only where some are.
            if x.number == Number::I64 && counts.done < plan.runs.len() {
                x.attributes.push(("_FillValue".to_owned(), AttributeValue::Integer(NO_INTEGER)));
            }
            x
        })
        .collect();
    write_streamed(&content, &streamed, out, |variable, runs| -> Result<Values<'static>, Failure> {
        let x = &frame.variables[variable];
        let size: usize = x.dimensions.iter().map(|&d| frame.dimensions[d].size).product();
        let mut block = Block::new(x.number, size * runs.len());
        for run in runs {
            match entry(run) {
                Some((shard, entry)) if matches!(entry.head.outcome, Outcome::Done { .. }) => {
                    block.add(&shard.values(entry, variable, x.number)?, size, shard)?;
                }
                _ => block.fill(size),
            }
        }
        Ok(block.0)
    })?;
    write_beside(out, &execution(&shards, counts))?;
    Ok(counts)
}

/// Who did the runs, where and how long: what differs from one execution to the next, so it stands beside the ensemble.
fn execution(shards: &[Shard], counts: Counts) -> serde_json::Value {
    let seconds = |shard: &Shard| shard.entries.iter().map(|x| f64::from_bits(x.head.seconds)).sum::<f64>();
    let shard = |shard: &Shard| {
        json!({
            "shard": shard.path.file_name().map(|name| name.to_string_lossy()),
            "runs": shard.entries.len(),
            "seconds": (seconds(shard) * 1e3).round() / 1e3,
            "workers": shard.workers,
        })
    };
    json!({
        "done": counts.done,
        "failed": counts.failed,
        "missing": counts.missing,
        "seconds": (shards.iter().map(seconds).sum::<f64>() * 1e3).round() / 1e3,
        "peak_memory_bytes": peak_memory(),
        "program": shards.first().map(|shard| &shard.program),
        "shards": shards.iter().map(shard).collect::<Vec<_>>(),
    })
}

/// Values of several runs.
struct Block(Values<'static>);

impl Block {
    fn new(number: Number, capacity: usize) -> Self {
        Self(match number {
            Number::F64 => Values::F64(Vec::with_capacity(capacity).into()),
            Number::F32 => Values::F32(Vec::with_capacity(capacity).into()),
            Number::I64 => Values::I64(Vec::with_capacity(capacity).into()),
        })
    }

    fn add(&mut self, values: &Values<'static>, size: usize, shard: &Shard) -> Result<(), Failure> {
        match (&mut self.0, values) {
            _ if values.len() != size => {
                return Err(Failure::File(format!(
                    "a run in {} has another number of values than its frame says",
                    shard.path.display()
                )));
            }
            (Values::F64(all), Values::F64(x)) => all.to_mut().extend_from_slice(x),
            (Values::F32(all), Values::F32(x)) => all.to_mut().extend_from_slice(x),
            (Values::I64(all), Values::I64(x)) => all.to_mut().extend_from_slice(x),
            _ => {
                return Err(Failure::File(format!(
                    "a run in {} has values of another type than its frame says",
                    shard.path.display()
                )));
            }
        }
        Ok(())
    }

    /// A run without values: not a number, or the lowest integer.
    fn fill(&mut self, size: usize) {
        match &mut self.0 {
            Values::F64(all) => all.to_mut().extend(std::iter::repeat_n(f64::NAN, size)),
            Values::F32(all) => all.to_mut().extend(std::iter::repeat_n(f32::NAN, size)),
            Values::I64(all) => all.to_mut().extend(std::iter::repeat_n(NO_INTEGER, size)),
            Values::Text(_) => {}
        }
    }
}

fn text(name: &str, value: impl Into<AttributeValue>) -> (String, AttributeValue) {
    (name.to_owned(), value.into())
}

/// A text of every run.
fn texts(plan: &Plan, of: &dyn Fn(usize) -> String) -> Values<'static> {
    Values::Text(Cow::Owned((0..plan.runs.len()).map(of).collect()))
}

/// A variable with a value of every run.
fn over_runs(name: &str, long_name: &str, values: Values<'static>) -> Variable<'static> {
    Variable { name: name.to_owned(), dimensions: vec![0], values, attributes: vec![text("long_name", long_name)] }
}

/// Which run is which and how it ended.
fn about_runs<'a>(plan: &Plan, entry: &dyn Fn(usize) -> Option<&'a Entry>) -> Vec<Variable<'static>> {
    let texts = |f: &dyn Fn(usize) -> String| texts(plan, f);
    let integers = |f: &dyn Fn(usize) -> i64| Values::I64(Cow::Owned((0..plan.runs.len()).map(f).collect()));
    let outcome = |run: usize| entry(run).map(|x| x.head.outcome.clone());
    let arms = plan.arms.len();
    let mut variables = vec![
        over_runs("arm", "arm of the run", texts(&|run| plan.arms[plan.runs[run].arm].name.clone())),
        over_runs("replicate", "replicate of the run, from 1", integers(&|run| plan.runs[run].replicate as i64 + 1)),
        over_runs("seed", "seed of the run", integers(&|run| plan.seeds[plan.runs[run].replicate] as i64)),
        over_runs(
            "baseline",
            "place along `run` of the run with the same seed it is compared with; -1 if there is none",
            integers(&|run| {
                let at = plan.arms[plan.runs[run].arm].baseline;
                at.map_or(-1, |arm| (plan.runs[run].replicate * arms + arm) as i64)
            }),
        ),
        over_runs(
            "status",
            "done, failed or missing; the values of runs that are not done are missing (NaN, or the _FillValue of integers)",
            texts(&|run| {
                match outcome(run) {
                    Some(Outcome::Done { .. }) => DONE,
                    Some(Outcome::Failed { .. }) => FAILED,
                    None => MISSING,
                }
                .to_owned()
            }),
        ),
        over_runs(
            "failure",
            "why and after how many ticks a run failed",
            texts(&|run| match outcome(run) {
                Some(Outcome::Failed { tick, code, reason }) => format!("after {tick} ticks (code {code}): {reason}"),
                _ => String::new(),
            }),
        ),
    ];
    if plan.seeds.iter().any(|&seed| seed >= INEXACT) {
        let seed = |run: usize| format!("{SEED}{}", plan.seeds[plan.runs[run].replicate]);
        let about = "seed of the run as a text, after a letter so that no program makes a rounded number of it";
        variables.push(over_runs("seed_text", about, texts(&seed)));
    }
    variables
}

/// Values of the factors of every run, under names that are not taken.
fn about_factors(plan: &Plan, taken: &BTreeSet<String>) -> Vec<Variable<'static>> {
    let mut variables = Vec::new();
    for (f, factor) in plan.factors.iter().enumerate() {
        let value = |run: usize| plan.arms[plan.runs[run].arm].values[f].as_ref();
        let numeric =
            plan.arms.iter().filter_map(|arm| arm.values[f].as_ref()).all(|x| matches!(x, Setting::Number(_)));
        let values = if numeric {
            let number = |run: usize| match value(run) {
                Some(Setting::Number(number)) => *number,
                _ => f64::NAN,
            };
            Values::F64(Cow::Owned((0..plan.runs.len()).map(number).collect()))
        } else {
            texts(plan, &|run| value(run).map_or_else(String::new, ToString::to_string))
        };
        // A factor may be called as one of the ensemble's own variables, or in an old plan as one that is recorded.
        let name = if taken.contains(&factor.name) { format!("factor_{}", factor.name) } else { factor.name.clone() };
        let mut variable = over_runs(&name, &format!("factor: {}", factor.path), values);
        if !factor.unit.is_empty() {
            variable.attributes.push(text("units", factor.unit.as_str()));
        }
        variables.push(variable);
    }
    variables
}

/// Everything of the ensemble that is not written block by block.
fn content<'a>(bench: &Bench, frame: &Frame, entry: &dyn Fn(usize) -> Option<&'a Entry>) -> Content<'static> {
    let plan = &bench.plan;
    let mut variables = about_runs(plan, entry);
    let own = variables.iter().map(|x| x.name.clone()).chain(["run", "plan"].map(str::to_owned));
    let recorded =
        frame.variables.iter().map(|x| x.name.clone()).chain(frame.dimensions.iter().map(|x| x.name.clone()));
    let taken: BTreeSet<String> = own.chain(recorded).collect();
    variables.extend(about_factors(plan, &taken));
    variables.push(Variable {
        name: "plan".to_owned(),
        dimensions: vec![],
        values: Values::Text(Cow::Owned(vec![bench.to_json()])),
        attributes: vec![text("long_name", "plan of the sweep: all that the runs depend on")],
    });
    let mut dimensions = vec![Dimension {
        name: "run".to_owned(),
        size: plan.runs.len(),
        coordinates: Some(texts(plan, &|run| plan.runs[run].id.clone())),
        attributes: vec![text("long_name", "run, by the digest of all it depends on")],
    }];
    dimensions.extend(frame.dimensions.iter().cloned());
    let mut attributes = vec![
        text("title", plan.title.as_str()),
        text(
            "summary",
            format!("ensemble of {} runs: {} arms, {} replicates", plan.runs.len(), plan.arms.len(), plan.seeds.len()),
        ),
        text("plan_digest", format!("{:016x}", bench.digest())),
    ];
    attributes.extend(frame.attributes.iter().cloned());
    attributes.push(text("coordinates", coordinates_of(&variables)));
    Content { dimensions, variables, attributes }
}

/// Names of the variables that say which run is which, where xarray looks for them.
fn coordinates_of(variables: &[Variable<'_>]) -> String {
    let over_runs = variables.iter().filter(|variable| variable.dimensions == [0]);
    over_runs.map(|variable| variable.name.as_str()).collect::<Vec<_>>().join(" ")
}
