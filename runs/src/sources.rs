//! Opening what was recorded: a run, a pair of runs, or an ensemble, with an error that says what is wrong with it.

use std::path::{Path, PathBuf};

use analysis::recording::Recording;

use crate::failure::Failure;
use crate::sweep::ENSEMBLE;
use crate::sweep::plan::Bench;

/// The file of a recording or ensemble, given it or the folder of a sweep.
#[must_use]
pub fn file_of(given: &Path) -> PathBuf {
    if given.is_dir() { given.join(ENSEMBLE) } else { given.to_owned() }
}

/// Opens a recording or ensemble, given the file or the folder of a sweep.
///
/// # Errors
/// It cannot be read, or the sweep has not been merged.
pub fn file_or_sweep(given: &Path) -> Result<Recording<'static>, Failure> {
    let path = file_of(given);
    if given.is_dir() && !path.exists() {
        return Err(Failure::File(format!(
            "there is no {} yet: do all runs with `autarky sweep run {}`, or bring together what there is with `autarky sweep merge {} --partial`",
            path.display(),
            given.display(),
            given.display()
        )));
    }
    Ok(Recording::open(&path)?)
}

/// Opens a recording of one run.
///
/// # Errors
/// It cannot be read, or holds many runs.
pub fn single(path: &Path) -> Result<Recording<'static>, Failure> {
    let recording = Recording::open(path)?;
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
/// It is damaged, of another version, or needs a world that has changed.
pub fn plan_of(ensemble: &Recording<'_>, path: &Path) -> Result<Bench, Failure> {
    Bench::parse(&ensemble.document("plan")?, &format!("the plan in {}", path.display()))
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
