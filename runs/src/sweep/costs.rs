//! What the runs of a sweep will take, and whether the disk has room for them.

use std::path::Path;

use super::plan::Bench;
use super::shard::DIGESTS;
use super::work::laid_out;
use crate::check::{Estimate, RecordedValues, estimate, recorded_values};
use crate::failure::Failure;
use crate::terminal::{duration, note};

/// Units of runs that are looked at: those of a large design are much alike.
const LOOKED_AT: usize = 64;

/// What all runs of a plan take when they are done together: runs that begin as the same world share that beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whole {
    /// Runs.
    pub runs: usize,
    /// Runs at the same time.
    pub jobs: usize,
    /// Seconds of one core.
    pub core_seconds: f64,
    /// Seconds until all have ended.
    pub seconds: f64,
    /// Most bytes of memory, recordings apart.
    pub memory: f64,
}

impl Whole {
    /// Estimates it for so many runs at the same time, each on so many threads.
    ///
    /// # Errors
    /// An arm that is wrong.
    pub fn of(bench: &Bench, jobs: usize, threads: usize) -> Result<Self, Failure> {
        let runs = bench.plan.runs.len();
        let jobs = jobs.min(runs).max(1);
        let units = laid_out(bench, (0..runs).map(|run| (run, 0)).collect(), jobs);
        let step = units.len().div_ceil(LOOKED_AT).max(1);
        let (mut looked_at, mut core, mut time) = (0, 0.0, 0.0);
        let (mut longest, mut memory) = (0.0_f64, 0.0_f64);
        for unit in units.iter().step_by(step) {
            let first = &bench.plan.runs[unit[0].0];
            let one = estimate(&bench.config(first.arm, first.replicate)?, bench.calibration(first.arm));
            let shared = if unit.len() > 1 { bench.common(unit)?.map_or(0, |common| common.1) } else { 0 };
            let (foundings, worlds) = if shared > 0 { (1, 2.0) } else { (unit.len(), 1.0) };
            // The founding of each, and its ticks beyond those that all share.
            let ticks = f64::from(shared) + unit.len() as f64 * f64::from(one.ticks - shared);
            let all = Estimate { founding: one.founding * foundings as f64, ..one };
            let seconds = all.of_ticks(ticks, threads);
            (looked_at, core, time) = (looked_at + unit.len(), core + all.of_ticks(ticks, 1), time + seconds);
            (longest, memory) = (longest.max(seconds), memory.max(worlds * one.memory));
        }
        let scale = runs as f64 / f64::from(u32::try_from(looked_at).unwrap_or(u32::MAX)).max(1.0);
        Ok(Self {
            runs,
            jobs,
            core_seconds: core * scale,
            seconds: (time * scale / jobs as f64).max(longest),
            memory: memory * jobs as f64,
        })
    }
}

/// What the runs will take.
pub struct Costs {
    /// What the first run takes.
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

    /// In words, for all runs of a plan.
    #[must_use]
    pub fn text(&self, whole: &Whole) -> String {
        format!(
            "estimate: {} of a core and {:.0} MB of memory a run, {} of it to found the world; all runs {} with {} at the same time (--jobs), {:.1} core hours; {:.1} MB on disk, twice that once merged, before compression\n",
            duration(self.run.seconds(1)),
            self.run.memory / 1e6,
            duration(self.run.founding),
            duration(whole.seconds),
            whole.jobs,
            whole.core_seconds / 3600.0,
            self.bytes * whole.runs as f64 / 1e6
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
        let run = Estimate { founding: 1.0, tick: 1.0, ticks: 1, memory: 1.0 };
        let costs = Costs { run, bytes: 1e6 };
        let room = |free: f64| costs.check_room(free, Path::new("here"), 60, 140);
        // 200 MB before compression.
        assert!(room(1e9).is_ok() && room(5e7).is_ok() && room(1.01e7).is_ok());
        let error = room(0.99e7).expect_err("too little").to_string();
        assert!(error.contains("too large for the disk") && error.contains("0.1 GB"), "{error}");
    }
}
