//! `autarky reproduce`: runs again what a file says it holds, and compares the worlds tick by tick.

use std::process::ExitCode;

use agents::record::Detail;
use analysis::recording::Recording;
use configs::calibration::Calibration;

use crate::arguments::ReproduceArguments;
use crate::checkpoint::Options;
use crate::config::{Overrides, ResolvedConfig, load_scenario_text};
use crate::diff::digests;
use crate::failure::Failure;
use crate::provenance;
use crate::run::set_threads;
use crate::session::{Session, digest_of};
use crate::signals::Interrupt;
use crate::sources::{opened_whole, plan_of};
use crate::terminal::{note, say};

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
    let file = opened_whole(&arguments.file)?;
    let (then, then_changed) = (file.attribute("commit")?, file.attribute("commit_changed")?);
    let now = provenance::COMMIT;
    // Recordings of earlier versions have no digest of the sources.
    let same_sources = file.attribute("source_digest").is_ok_and(|digest| digest == provenance::SOURCES);
    let same_commit = then == now && provenance::DIRTY != "true" && then_changed != "true";
    if !same_sources && !same_commit {
        let changed = |dirty: &str| if dirty == "true" { " with changes" } else { "" };
        note(&format!(
            "recorded by commit {then}{}, this is commit {now}{}: results may differ",
            changed(&then_changed),
            changed(provenance::DIRTY)
        ));
    }
    let (recorded, config, calibration) =
        if file.is_ensemble()? { of_ensemble(&file, arguments)? } else { of_recording(&file, arguments)? };
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

fn of_recording(file: &Recording<'_>, arguments: &ReproduceArguments) -> Result<Source, Failure> {
    if arguments.run.is_some() {
        let message = format!("{} holds one run: leave --run out", arguments.file.display());
        return Err(Failure::Configuration(message));
    }
    let text = file.document("configuration")?;
    let name = file.attribute("scenario")?;
    let loaded = load_scenario_text(&name, &text, &Overrides::default())?;
    if digest_of(&loaded.calibration) != file.attribute("calibration_digest")? {
        return Err(Failure::Configuration(format!(
            "the world `{}` has changed since {} was recorded: restore its tables",
            loaded.config.world,
            arguments.file.display()
        )));
    }
    let recorded = Recorded {
        name: format!("{name}, seed {}", loaded.config.seed),
        parts: file.labels("part")?,
        ticks: digests(file, None)?,
        audit_stops: file.attribute("audit")? == "stop",
    };
    Ok((recorded, loaded.config, loaded.calibration))
}

fn of_ensemble(file: &Recording<'_>, arguments: &ReproduceArguments) -> Result<Source, Failure> {
    let bench = plan_of(file, &arguments.file)?;
    let status = file.texts("status")?;
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
        let why = file.texts("failure")?.swap_remove(place);
        return Err(Failure::Configuration(format!("run {} is {}: {why}", run.id, status[place])));
    }
    let recorded = Recorded {
        name: format!("run {}, {} #{}", run.id, bench.plan.arms[run.arm].name, run.replicate + 1),
        parts: file.labels("part")?,
        ticks: digests(file, Some(place..place + 1))?,
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
