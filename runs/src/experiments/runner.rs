//! Does the runs that experiments ask for, each once, several at a time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use super::arm::Run;
use super::fork;
use super::grow::Grower;
use super::kept::Kept;
use super::meter::Meter;
use crate::check::estimate;
use crate::failure::{Failure, Panics};
use crate::memory;
use crate::signals::Interrupt;
use crate::terminal::duration;
use crate::threads;

/// Worlds that a worker may hold at once: a trunk, a branch of it, and one of that.
const DEPTH: f64 = 3.0;

/// Runs that are not kept yet, by family.
pub(super) struct Missing {
    /// Families, those that take longest first.
    families: Vec<Vec<Run>>,
    /// Runs.
    pub runs: usize,
    /// Ticks to simulate.
    pub ticks: u64,
    /// Ticks of all runs that are asked for, if each were done alone, those of the same world and seed too.
    pub asked: u64,
    /// Seconds of one core, by the estimate: every family is founded once.
    pub seconds: f64,
    /// Most memory of a world, bytes, by the estimate.
    memory: f64,
}

impl Missing {
    /// Which of some runs are to be done.
    pub(super) fn of(asked: &[Run], kept: &Kept) -> Self {
        let mut needed: BTreeMap<u64, Run> = BTreeMap::new();
        for run in asked {
            needed.entry(run.key).and_modify(|known| known.serve(run)).or_insert_with(|| run.clone());
        }
        let mut families: BTreeMap<u64, Vec<Run>> = BTreeMap::new();
        for run in needed.into_values().filter(|run| kept.find(run).is_none()) {
            families.entry(run.family).or_default().push(run);
        }
        let mut found = Self {
            families: Vec::new(),
            runs: families.values().map(Vec::len).sum(),
            ticks: 0,
            asked: asked.iter().map(|run| u64::from(run.config.ticks)).sum(),
            seconds: 0.0,
            memory: 0.0,
        };
        let mut costs = Vec::new();
        for family in families.into_values() {
            let ticks = ticks(&family);
            let one = estimate(&family[0].config, &family[0].calibration);
            let seconds = one.of_ticks(ticks as f64, 1);
            found.ticks += ticks;
            found.seconds += seconds;
            found.memory = found.memory.max(one.memory);
            costs.push((seconds, family));
        }
        // The sort is stable: families of one length stay in the order of their keys.
        costs.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.families = costs.into_iter().map(|cost| cost.1).collect();
        found
    }

    /// What there is to do, in words.
    pub(super) fn text(&self, kept: &Kept) -> String {
        if self.runs == 0 {
            return format!("all runs are kept in {}", kept.folder().display());
        }
        let time = duration(self.seconds / rayon::current_num_threads() as f64);
        let (runs, ticks) = (self.runs, self.ticks);
        format!("{runs} runs to do, {ticks} ticks without what they have in common, about {time} with these threads")
    }

    /// Does them. What is done when a signal arrives is kept.
    pub(super) fn make(&self, interrupt: &Interrupt, panics: &Panics, kept: &Kept) -> Result<(), Failure> {
        if self.families.is_empty() {
            return Ok(());
        }
        let all = rayon::current_num_threads();
        let workers = all.min(self.families.len());
        memory::check(self.memory * DEPTH.min(1.0 + self.runs as f64) * workers as f64)?;
        let meter = Meter::begin(self.runs as u64, self.ticks);
        let grower = Grower { kept, interrupt, meter: &meter };
        let queue = Mutex::new(self.families.iter().collect::<VecDeque<_>>());
        let next = || queue.lock().ok().and_then(|mut queue| queue.pop_front());
        let mut failures = threads::jobs(workers, panics, &|_| {
            let pool = threads::pool((all / workers).max(1))?;
            while let Some(family) = next() {
                let runs: Vec<&Run> = family.iter().collect();
                let done = pool.install(|| grower.grow(&runs));
                if done.is_err() {
                    // The others end what they are at: one failure is enough.
                    while next().is_some() {}
                }
                done?;
            }
            Ok(())
        });
        meter.end();
        // That a run failed says more than that others were stopped.
        failures.sort_by_key(|failure| matches!(failure, Failure::Stopped));
        match failures.into_iter().next() {
            Some(Failure::Stopped) => Err(Failure::Kept {
                done: meter.ended_runs() as usize,
                runs: self.runs,
                folder: kept.folder().to_owned(),
            }),
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }
}

/// Ticks to simulate for a family.
fn ticks(family: &[Run]) -> u64 {
    fork::ticks(&family.iter().collect::<Vec<_>>(), 0)
}
