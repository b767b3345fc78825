//! Checkpoints of runs: configuration, world and the rows recorded so far.

use std::path::{Path, PathBuf};

use agents::record::Detail;
use agents::simulation::Snapshot;
use engine::checkpoint as container;
use engine::digest::of_texts;
use engine::recorder::Series;
use serde::{Deserialize, Serialize};

use crate::config::ResolvedConfig;
use crate::failure::Failure;

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

/// A run that stopped between two ticks.
#[derive(Deserialize)]
pub struct Saved {
    /// Configuration.
    pub config: ResolvedConfig,
    /// Options.
    pub options: Options,
    /// Digest of the calibration, as hexadecimal digits.
    pub calibration_digest: String,
    /// World.
    pub snapshot: Snapshot,
    /// Rows recorded.
    pub series: Series,
}

/// The same, borrowed, so that the rows are not copied to be written.
#[derive(Serialize)]
pub struct SavedRef<'a> {
    /// Configuration.
    pub config: &'a ResolvedConfig,
    /// Options.
    pub options: &'a Options,
    /// Digest of the calibration, as hexadecimal digits.
    pub calibration_digest: &'a str,
    /// World.
    pub snapshot: &'a Snapshot,
    /// Rows recorded.
    pub series: &'a Series,
}

/// Identifies the shape of a checkpoint: the sources of the types in it.
fn shape() -> u64 {
    of_texts(["autarky run", env!("AUTARKY_SHAPE")])
}

/// Writes a checkpoint and keeps the one before as `<path>.prev`.
///
/// # Errors
/// If it cannot be written.
pub fn write(path: &Path, state: &SavedRef<'_>) -> Result<(), Failure> {
    container::write(path, shape(), state)?;
    Ok(())
}

/// Reads a checkpoint.
///
/// # Errors
/// If the file is missing, damaged or of another version.
pub fn read(path: &Path) -> Result<Saved, Failure> {
    Ok(container::read(path, shape())?)
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
