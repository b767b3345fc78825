//! How far the runs of experiments are: a bar on a terminal, a line a run elsewhere.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::{duration, note};

/// Shows the progress of all runs on standard error.
pub(super) struct Meter {
    bar: Option<ProgressBar>,
    begun: Instant,
    ticks: u64,
    done: AtomicU64,
    runs: u64,
    ended: AtomicU64,
}

impl Meter {
    /// Begins with nothing done of some runs and their ticks.
    pub(super) fn begin(runs: u64, ticks: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(ticks), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("[{bar:24}] tick {pos}/{len}  {msg}  {eta} left") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Self { bar, begun: Instant::now(), ticks, done: AtomicU64::new(0), runs, ended: AtomicU64::new(0) }
    }

    /// Counts a tick.
    pub(super) fn tick(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
    }

    /// Counts a run.
    pub(super) fn ended(&self, name: &str) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let text = format!("run {ended} of {}: {name}", self.runs);
        if let Some(bar) = &self.bar {
            bar.set_message(text);
            return;
        }
        let done = self.done.load(Ordering::Relaxed);
        let left = self.begun.elapsed().as_secs_f64() * (self.ticks as f64 / done.max(1) as f64 - 1.0);
        note(&format!("{text} done (tick {done} of {}, {} left)", self.ticks, duration(left)));
    }

    /// Runs that ended.
    pub(super) fn ended_runs(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
