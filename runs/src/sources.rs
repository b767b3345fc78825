//! Opening what was recorded: a run, a pair of runs, or an ensemble, with an error that says what is wrong with it.

use std::path::{Path, PathBuf};

use analysis::ensemble::Ensemble;
use analysis::recording::Recording;

use crate::failure::Failure;
use crate::layout;
use crate::sweep::ENSEMBLE;
use crate::sweep::plan::Bench;

/// The file of a recording or ensemble, given it or the folder of a sweep.
#[must_use]
pub fn file_of(given: &Path) -> PathBuf {
    if given.is_dir() { given.join(ENSEMBLE) } else { given.to_owned() }
}

/// Opens a recording or ensemble whose layout is sound. What is read of it is compared with its checksums.
///
/// # Errors
/// It cannot be read, is damaged, or is no recording.
pub fn opened(path: &Path) -> Result<Recording<'static>, Failure> {
    let recording = Recording::open(path)?;
    layout::check(&recording)?;
    Ok(recording)
}

/// As [`opened`], with all of an ensemble compared with its checksums.
///
/// # Errors
/// As [`opened`].
pub fn opened_whole(path: &Path) -> Result<Recording<'static>, Failure> {
    let recording = Recording::open_whole(path)?;
    layout::check(&recording)?;
    Ok(recording)
}

/// As [`file_of`], of a folder only if its sweep has been merged.
///
/// # Errors
/// It has not.
pub fn merged_file_of(given: &Path) -> Result<PathBuf, Failure> {
    let path = file_of(given);
    if given.is_dir() && !path.exists() {
        return Err(Failure::File(format!(
            "there is no {} yet: do all runs with `autarky sweep run {}`, or bring together what there is with `autarky sweep merge {} --partial`",
            path.display(),
            given.display(),
            given.display()
        )));
    }
    Ok(path)
}

/// Opens a recording or ensemble, given the file or the folder of a sweep.
///
/// # Errors
/// It cannot be read, or the sweep has not been merged.
pub fn file_or_sweep(given: &Path) -> Result<Recording<'static>, Failure> {
    opened(&merged_file_of(given)?)
}

/// Opens a recording of one run.
///
/// # Errors
/// It cannot be read, or holds many runs.
pub fn single(path: &Path) -> Result<Recording<'static>, Failure> {
    let recording = opened(path)?;
    if recording.is_ensemble()? {
        return Err(Failure::Configuration(format!(
            "{} is an ensemble of many runs: see `autarky sweep effects {}`",
            path.display(),
            path.display()
        )));
    }
    Ok(recording)
}

/// The plan of an ensemble; `path` is its file.
///
/// # Errors
/// It is damaged, of another version, its runs are not those of the plan, or it needs a world that has changed.
pub fn plan_of(ensemble: &Recording<'_>, path: &Path) -> Result<Bench, Failure> {
    let text = ensemble.document("plan")?;
    // Who reads which run is which before: damage is named before a plan that this version cannot read.
    let found = ensemble.reader().map(Ensemble::open).transpose()?;
    let bench = Bench::parse(&text, &format!("the plan in {}", path.display())).map_err(|error| match error {
        // It is no input of the user, so it is the file that is wrong, or of another version.
        Failure::Input(error) => Failure::File(format!(
            "{}: this version cannot read the plan in it: {}",
            path.display(),
            Failure::Input(error).text().trim()
        )),
        other => other,
    })?;
    if let Some(found) = found
        && let Some(what) = of_another_plan(ensemble, &found, &bench)?
    {
        return Err(Failure::File(format!("{}: {what}: the file is damaged", path.display())));
    }
    Ok(bench)
}

/// What an ensemble says of its runs that its plan does not.
fn of_another_plan(ensemble: &Recording<'_>, found: &Ensemble<'_>, bench: &Bench) -> Result<Option<String>, Failure> {
    let plan = &bench.plan;
    if found.arms.len() != plan.runs.len() {
        return Ok(Some(format!("it has {} runs, its plan {}", found.arms.len(), plan.runs.len())));
    }
    let ticks = ensemble.dates()?.len();
    if ticks != plan.ticks as usize {
        return Ok(Some(format!("it has {ticks} ticks, its plan {}", plan.ticks)));
    }
    let seeds = ensemble.integers("seed", None)?.values;
    for (number, run) in plan.runs.iter().enumerate() {
        let arm = &plan.arms[run.arm];
        let base = arm.baseline.map(|base| run.replicate * plan.arms.len() + base);
        let right = found.arms[number] == arm.name
            && found.baselines[number] == base
            && seeds[number] as u64 == plan.seeds[run.replicate];
        if !right {
            return Ok(Some(format!("run {} has not the arm, baseline and seed of its plan", run.id)));
        }
    }
    Ok(None)
}

/// The region asked for, or else the one the measures are about.
///
/// # Errors
/// The world has no such region.
pub fn region_of(recording: &Recording<'_>, asked: Option<&str>) -> Result<String, Failure> {
    let Some(region) = asked else { return Ok(recording.attribute("focus_region")?) };
    place_of_region(&recording.labels("region")?, region)?;
    Ok(region.to_owned())
}

/// Place of a region among those of a world.
///
/// # Errors
/// There is no such region.
pub fn place_of_region(codes: &[String], code: &str) -> Result<usize, Failure> {
    codes.iter().position(|known| known == code).ok_or_else(|| {
        Failure::Configuration(format!("--region {code}: there is none; the world has {}", codes.join(", ")))
    })
}
