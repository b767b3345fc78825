//! How far a run is: a bar on a terminal, a line every now and then elsewhere.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::provenance::Execution;
use crate::terminal::note;

/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);
/// Violations shown before the rest is only counted.
const SHOWN_VIOLATIONS: usize = 20;

/// The world after a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Ticks done.
    pub tick: u32,
    /// Month of the last tick, and the state of the world in a few words.
    pub text: String,
}

/// Shows the progress of one run on standard error.
pub struct Progress {
    name: String,
    first: u32,
    ticks: u32,
    bar: Option<ProgressBar>,
    last_line: Option<Instant>,
    violations: usize,
}

impl Progress {
    /// Begins at tick `first` of `ticks`.
    #[must_use]
    pub fn begin(name: &str, first: u32, ticks: u32) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(u64::from(ticks)), ProgressDrawTarget::stderr());
            let template = "{prefix} [{bar:24}] {pos}/{len}  {msg}  {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_prefix(name.to_owned());
            bar.with_position(u64::from(first))
        });
        Self { name: name.to_owned(), first, ticks, bar, last_line: None, violations: 0 }
    }

    /// Shows the state after a tick.
    pub fn show(&mut self, status: &Status, execution: &Execution) {
        if let Some(bar) = &self.bar {
            bar.set_position(u64::from(status.tick));
            bar.set_message(status.text.clone());
            return;
        }
        let due = self.last_line.is_none_or(|last| last.elapsed() >= BETWEEN_LINES);
        if due || status.tick == self.ticks {
            self.last_line = Some(Instant::now());
            let done = f64::from(status.tick - self.first);
            let left = execution.elapsed().as_secs_f64() / done * f64::from(self.ticks - status.tick);
            note(&format!("{}: tick {}/{}  {}  {left:.0} s left", self.name, status.tick, self.ticks, status.text));
        }
    }

    /// Shows identities that failed in a run that goes on all the same.
    pub fn warn(&mut self, violations: &[String]) {
        for violation in violations {
            self.violations += 1;
            if self.violations <= SHOWN_VIOLATIONS {
                self.print(&format!("warning: {violation}"));
            }
        }
    }

    fn print(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| note(line)),
            None => note(line),
        }
    }

    /// Ends the display.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if self.violations > 0 {
            note(&format!("warning: {} identities of the accounts failed in this run", self.violations));
        }
    }
}
