//! How far the scoreboard is: a bar on a terminal, a line a run elsewhere.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows the progress of all runs on standard error.
pub(super) struct Meter {
    bar: Option<ProgressBar>,
    done: u64,
    ticks: u64,
}

impl Meter {
    /// Begins with nothing done of some ticks.
    pub(super) fn begin(ticks: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(ticks), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("score [{bar:24}] {pos}/{len}  {msg}  {eta} left") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        });
        Self { bar, done: 0, ticks }
    }

    /// Says which run begins.
    pub(super) fn run(&self, name: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(name.to_owned()),
            None => crate::terminal::note(&format!("tick {} of {}: {name}", self.done, self.ticks)),
        }
    }

    /// Counts a tick.
    pub(super) fn tick(&mut self) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
