//! What the runs of a sweep will take, and whether the disk has room for them.

use std::path::Path;

use super::plan::Bench;
use crate::check::{Estimate, estimate, recorded_values};
use crate::failure::Failure;

/// What the runs will take.
pub struct Costs {
    /// Seconds of one core, and bytes of memory, of a run.
    pub run: Estimate,
    /// Bytes that a run takes on disk before compression.
    pub bytes: f64,
}

/// Share of a run's bytes that is left at least when they are compressed. Measured: 0.57 in shards and
/// 0.49 in the ensemble, double precision and default variables of `us-uniform-10`, 32 runs of 60 ticks.
const COMPRESSED: f64 = 0.5;

impl Costs {
    /// Estimates them from the first arm.
    ///
    /// # Errors
    /// If that arm is wrong.
    pub fn of(bench: &Bench) -> Result<Self, Failure> {
        let config = bench.config(0, 0)?;
        let values = recorded_values(&config, bench.calibration(0), &bench.plan.variables)?;
        let bytes = values as f64 * f64::from(bench.plan.ticks) * if bench.plan.single { 4.0 } else { 8.0 };
        Ok(Self { run: estimate(&config, bench.calibration(0)), bytes })
    }

    /// In words, for so many runs.
    #[must_use]
    pub fn text(&self, runs: usize) -> String {
        let (one, runs) = (self.run, runs as f64);
        format!(
            "estimate: {:.0} s of a core and {:.0} MB of memory a run, {:.1} core hours in all; {:.1} MB on disk, twice that once merged, before compression\n",
            one.seconds,
            one.memory / 1e6,
            one.seconds * runs / 3600.0,
            self.bytes * runs / 1e6
        )
    }

    /// Checks that the disk has room for the runs to do and the ensemble of all.
    ///
    /// # Errors
    /// If it surely has not. Where it may not, a warning is printed.
    pub fn check_space(&self, folder: &Path, left: usize, all: usize) -> Result<(), Failure> {
        let Some(free) = free_space(folder) else { return Ok(()) };
        let needed = self.bytes * (left + all) as f64;
        let advice = "keep fewer variables (outputs.variables) or single precision (outputs.precision), make fewer runs, or give a --dir with more room";
        if needed * COMPRESSED > free {
            return Err(Failure::File(format!(
                "the design is too large for the disk: {left} runs and their ensemble need {:.1} to {:.1} GB, and {} has {:.1} GB free; {advice}",
                needed * COMPRESSED / 1e9,
                needed / 1e9,
                folder.display(),
                free / 1e9
            )));
        }
        if needed > free {
            eprintln!(
                "warning: the disk may become full: {left} runs and their ensemble need up to {:.1} GB, and {} has {:.1} GB free; {advice}",
                needed / 1e9,
                folder.display(),
                free / 1e9
            );
        }
        Ok(())
    }
}

/// Bytes free on the disk of a folder that may not be there yet.
fn free_space(folder: &Path) -> Option<f64> {
    let absolute = std::path::absolute(folder).ok()?;
    let found = absolute.ancestors().find_map(|folder| rustix::fs::statvfs(folder).ok())?;
    Some(found.f_bavail as f64 * found.f_frsize as f64)
}
