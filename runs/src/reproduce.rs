//! `autarky reproduce`: runs again what a file says it holds, and compares the worlds tick by tick.

use std::process::ExitCode;

use agents::calibration::Calibration;
use agents::record::Detail;
use engine::netcdf::Reader;

use crate::arguments::ReproduceArguments;
use crate::checkpoint::Options;
use crate::config::{Overrides, ResolvedConfig, load_scenario_text};
use crate::failure::Failure;
use crate::provenance;
use crate::run::set_threads;
use crate::session::{Session, digest_of};
use crate::signals::Interrupt;
use crate::sweep::plan::Bench;
use crate::terminal::say;

/// A run as a file holds it.
struct Recorded {
    name: String,
    /// Names of the digested parts.
    parts: Vec<String>,
    /// Digests of all parts, a row a tick.
    ticks: Vec<Vec<u64>>,
    audit_stops: bool,
}

/// Where the two first differ.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    tick: usize,
    parts: Vec<String>,
}

/// Runs a recorded run again; the exit code is 0 if the worlds are identical and 1 if not.
///
/// # Errors
/// The file cannot be read, the run is not in it or has not been done, or its world has changed.
pub fn reproduce(arguments: &ReproduceArguments) -> Result<ExitCode, Failure> {
    set_threads(arguments.threads)?;
    let interrupt = Interrupt::listen()?;
    let reader = Reader::open(&arguments.file)?;
    let attribute = |name: &str| -> Result<String, Failure> {
        let found = reader.attributes()?.into_iter().find(|(known, _)| known == name);
        Ok(found.map_or_else(String::new, |(_, value)| match value {
            engine::netcdf::AttributeValue::Text(text) => text,
            other => format!("{other:?}"),
        }))
    };
    let (then, now) = (attribute("commit")?, provenance::COMMIT);
    if then != now || provenance::DIRTY == "true" || attribute("commit_changed")? == "true" {
        let changed = |dirty: &str| if dirty == "true" { " with changes" } else { "" };
        eprintln!(
            "recorded by commit {then}{}, this is commit {now}{}: results may differ",
            changed(&attribute("commit_changed")?),
            changed(provenance::DIRTY)
        );
    }
    let is_ensemble = reader.variables()?.iter().any(|variable| variable.name == "plan");
    let (recorded, config, calibration) =
        if is_ensemble { of_ensemble(&reader, arguments)? } else { of_recording(&reader, arguments, &attribute)? };
    say(&format!("{}: {} ticks\n", recorded.name, recorded.ticks.len()));
    match again(&recorded, config, &calibration, &interrupt)? {
        None => {
            let parts = recorded.parts.len() - 1;
            say(&format!("identical: {parts} parts of the world in {} ticks\n", recorded.ticks.len()));
            Ok(ExitCode::SUCCESS)
        }
        Some(Difference { tick, parts }) => {
            say(&format!("differs: first in tick {}, in {}\n", tick + 1, parts.join(", ")));
            Ok(ExitCode::from(1))
        }
    }
}

type Source = (Recorded, ResolvedConfig, Calibration);

/// Digests of `ticks` rows of `parts`, from two halves.
fn words(high: &[i64], low: &[i64], parts: usize) -> Vec<Vec<u64>> {
    let words: Vec<u64> = high.iter().zip(low).map(|(&high, &low)| (high as u64) << 32 | low as u64).collect();
    words.chunks(parts).map(<[u64]>::to_vec).collect()
}

fn labels(reader: &Reader, dimension: &str) -> Result<Vec<String>, Failure> {
    match reader.dimension(dimension)?.coordinates {
        Some(engine::netcdf::Values::Text(labels)) => Ok(labels.into_owned()),
        _ => Err(Failure::File(format!("the dimension `{dimension}` has no names: this is no file of autarky"))),
    }
}

fn of_recording(
    reader: &Reader,
    arguments: &ReproduceArguments,
    attribute: &dyn Fn(&str) -> Result<String, Failure>,
) -> Result<Source, Failure> {
    if arguments.run.is_some() {
        let message = format!("{} holds one run: leave --run out", arguments.file.display());
        return Err(Failure::Configuration(message));
    }
    let text = reader.texts("configuration")?.pop().unwrap_or_default();
    let name = attribute("scenario")?;
    let loaded = load_scenario_text(&name, &text, &Overrides::default())?;
    let digest = attribute("calibration_digest")?;
    if digest_of(&loaded.calibration) != digest {
        return Err(Failure::Configuration(format!(
            "the world `{}` has changed since {} was recorded: restore its tables",
            loaded.config.world,
            arguments.file.display()
        )));
    }
    let parts = labels(reader, "part")?;
    let ticks = words(&reader.integers("digest_high")?, &reader.integers("digest_low")?, parts.len());
    let recorded = Recorded {
        name: format!("{name}, seed {}", loaded.config.seed),
        parts,
        ticks,
        audit_stops: attribute("audit")? == "stop",
    };
    Ok((recorded, loaded.config, loaded.calibration))
}

fn of_ensemble(reader: &Reader, arguments: &ReproduceArguments) -> Result<Source, Failure> {
    let text = reader.texts("plan")?.pop().unwrap_or_default();
    let bench = Bench::parse(&text, &format!("the plan in {}", arguments.file.display()))?;
    let status = reader.texts("status")?;
    let place = match &arguments.run {
        Some(id) => bench.plan.runs.iter().position(|run| run.id == *id).ok_or_else(|| {
            let known: Vec<&str> = bench.plan.runs.iter().take(3).map(|run| run.id.as_str()).collect();
            Failure::Configuration(format!(
                "{} has no run {id}; it has {} runs, such as {}",
                arguments.file.display(),
                bench.plan.runs.len(),
                known.join(", ")
            ))
        })?,
        None => status
            .iter()
            .position(|status| status == "done")
            .ok_or_else(|| Failure::Configuration(format!("no run in {} was done", arguments.file.display())))?,
    };
    let run = &bench.plan.runs[place];
    if status[place] != "done" {
        let why = reader.texts("failure")?.swap_remove(place);
        return Err(Failure::Configuration(format!("run {} is {}: {why}", run.id, status[place])));
    }
    let parts = labels(reader, "part")?;
    let rows = words(&reader.integers("digest_high")?, &reader.integers("digest_low")?, parts.len());
    let ticks = bench.plan.ticks as usize;
    let recorded = Recorded {
        name: format!("run {}, {} #{}", run.id, bench.plan.arms[run.arm].name, run.replicate + 1),
        parts,
        ticks: rows[place * ticks..(place + 1) * ticks].to_vec(),
        audit_stops: true,
    };
    let calibration = bench.calibration(run.arm).as_ref().clone();
    Ok((recorded, bench.config(run.arm, run.replicate)?, calibration))
}

/// Runs again until the worlds differ or the recorded ticks end.
fn again(
    recorded: &Recorded,
    config: ResolvedConfig,
    calibration: &Calibration,
    interrupt: &Interrupt,
) -> Result<Option<Difference>, Failure> {
    let options = Options { audit_stops: recorded.audit_stops, detail: Detail::Standard, compare: false };
    let mut session = Session::begin(config, calibration, options)?;
    for (tick, expected) in recorded.ticks.iter().enumerate() {
        if interrupt.requested() {
            return Err(Failure::Stopped);
        }
        session.step()?;
        let found = session.digests();
        if found != *expected {
            let names = recorded.parts.iter().zip(expected.iter().zip(&found)).skip(1);
            let mut parts: Vec<String> = names.filter(|x| x.1.0 != x.1.1).map(|x| x.0.clone()).collect();
            if expected.len() != found.len() || parts.is_empty() {
                parts = vec!["parts that the other does not digest".to_owned()];
            }
            return Ok(Some(Difference { tick, parts }));
        }
    }
    Ok(None)
}
