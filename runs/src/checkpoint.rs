//! Checkpoints of runs: configuration, world and the rows recorded so far.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use engine::checkpoint as container;
use engine::model::Detail;
use engine::recorder::Series;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::models::{self, ECONOMY, Live, MODELS};

/// What a run is besides its configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Whether the audit stops the run.
    pub audit_stops: bool,
    /// How much is recorded.
    pub detail: Detail,
    /// Whether a baseline is run and compared with when this run is done.
    pub compare: bool,
}

/// Which run it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Configuration.
    pub config: ResolvedConfig,
    /// Options.
    pub options: Options,
    /// Digest of the calibration, as hexadecimal digits.
    pub calibration_digest: String,
}

/// A run that stopped between two ticks.
pub struct Saved {
    /// Which run it is.
    pub head: Head,
    /// Rows recorded.
    pub series: Series,
    /// World.
    pub model: Box<dyn Live>,
}

/// Writes a checkpoint of a shape and keeps the one before as `<path>.prev`. Rows and world are borrowed, not copied.
///
/// # Errors
/// If it cannot be written.
pub fn write<S: Serialize>(path: &Path, shape: u64, head: &Head, rows: &Series, world: &S) -> Result<(), Failure> {
    container::write(path, shape, &(head, rows, world))?;
    Ok(())
}

/// Reads a checkpoint of a shape, with its world as it was saved.
///
/// # Errors
/// If the file is missing, damaged or of another version.
pub fn read_as<S: DeserializeOwned>(path: &Path, shape: u64) -> Result<(Head, Series, S), Failure> {
    Ok(container::read(path, shape)?)
}

/// Does something with a state as it was saved: one whose checksum is right may still contradict itself.
///
/// # Errors
/// As `work`, and [`Failure::Checkpoint`] where that panics.
pub fn believed<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let contradicts = |_| Failure::Checkpoint("the world in the checkpoint contradicts itself".to_owned());
    catch_unwind(AssertUnwindSafe(work)).map_err(contradicts)?
}

/// Reads a checkpoint of any model.
///
/// # Errors
/// If the file is missing, damaged or of another version, or what it holds contradicts itself.
pub fn read(path: &Path) -> Result<Saved, Failure> {
    let shape = container::read_header(path)?.schema;
    match MODELS.iter().find(|model| model.shape() == shape) {
        Some(model) => model.read(path),
        // Of another version: says so.
        None => models::of(ECONOMY)?.read(path),
    }
}

/// The checkpoint of a recording: the same name with the ending `.ckpt` ([`crate::outputs::beside`]).
#[must_use]
pub fn path_for(recording: &Path) -> PathBuf {
    crate::outputs::beside(recording, "ckpt")
}

/// Whether a file begins like a checkpoint.
#[must_use]
pub fn is_checkpoint(path: &Path) -> bool {
    use std::io::Read as _;
    let mut magic = [0; 8];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok_and(|()| &magic == b"AUTARKYC")
}
