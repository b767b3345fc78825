//! What the runs of a sweep will take, and whether the disk has room for them.

use std::path::Path;

use super::plan::Bench;
use super::shard::DIGESTS;
use crate::check::{Estimate, RecordedValues, estimate, recorded_values};
use crate::failure::Failure;
use crate::terminal::note;

/// What the runs will take.
pub struct Costs {
    /// Seconds of one core, and bytes of memory, of a run.
    pub run: Estimate,
    /// Bytes that a run takes on disk before compression.
    pub bytes: f64,
}

/// Share of a run's bytes that is left of most variables when they are compressed. Measured: 0.57 in shards and
/// 0.49 in the ensemble, double precision and default variables of `us-uniform-10`, 32 runs of 60 ticks.
const COMPRESSED: f64 = 0.5;

/// Share that is left of variables that hardly change: with less room than this a sweep is not begun.
const COMPRESSED_BEST: f64 = 0.05;

impl Costs {
    /// Estimates them from the first arm.
    ///
    /// # Errors
    /// If that arm is wrong.
    pub fn of(bench: &Bench) -> Result<Self, Failure> {
        // The plan says it, unless that arm is wrong: then this says why.
        let values = bench.plan.values.map_or_else(|| Self::values_of(bench), Ok)?;
        let config = bench.config(0, 0)?;
        let row = |count: usize, width: f64| count as f64 * width;
        let number = if bench.plan.single { 4.0 } else { 8.0 };
        let bytes = f64::from(bench.plan.ticks) * (row(values.numbers, number) + row(values.integers, 8.0));
        Ok(Self { run: estimate(&config, bench.calibration(0)), bytes })
    }

    /// Values that a run of the first arm records a tick.
    ///
    /// # Errors
    /// If that arm is wrong.
    pub fn values_of(bench: &Bench) -> Result<RecordedValues, Failure> {
        recorded_values(&bench.config(0, 0)?, bench.calibration(0), &bench.plan.variables, &DIGESTS)
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
        free_space(folder).map_or(Ok(()), |free| self.check_room(free, folder, left, all))
    }

    fn check_room(&self, free: f64, folder: &Path, left: usize, all: usize) -> Result<(), Failure> {
        let needed = self.bytes * (left + all) as f64;
        let advice = "keep fewer variables (outputs.variables) or single precision (outputs.precision), make fewer runs, or give a --dir with more room";
        if needed * COMPRESSED_BEST > free {
            return Err(Failure::File(format!(
                "the design is too large for the disk: {left} runs and their ensemble need about {:.1} GB, hardly less than {:.1}, and {} has {:.1} GB free; {advice}",
                needed * COMPRESSED / 1e9,
                needed * COMPRESSED_BEST / 1e9,
                folder.display(),
                free / 1e9
            )));
        }
        if needed * COMPRESSED > free {
            note(&format!(
                "warning: the disk may become full: {left} runs and their ensemble need about {:.1} GB, and {} has {:.1} GB free; {advice}",
                needed * COMPRESSED / 1e9,
                folder.display(),
                free / 1e9
            ));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_surely_does_not_fit_is_refused() {
        let costs = Costs { run: Estimate { seconds: 1.0, memory: 1.0 }, bytes: 1e6 };
        let room = |free: f64| costs.check_room(free, Path::new("here"), 60, 140);
        // 200 MB before compression.
        assert!(room(1e9).is_ok() && room(5e7).is_ok() && room(1.01e7).is_ok());
        let error = room(0.99e7).expect_err("too little").to_string();
        assert!(error.contains("too large for the disk") && error.contains("0.1 GB"), "{error}");
    }
}
