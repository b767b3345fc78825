//! What is shown while a sweep is at work.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::work::Watch;
use crate::terminal::note;

/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// A bar for all runs and one for each at work; lines every now and then where there is no terminal.
pub struct Bars {
    shown: Option<(MultiProgress, ProgressBar, Vec<ProgressBar>)>,
    count: usize,
    before: usize,
    ended: AtomicUsize,
    failed: AtomicUsize,
    start: Instant,
    last_line: Mutex<Option<Instant>>,
}

impl Bars {
    /// Bars for so many workers and runs, of which some ended before.
    #[must_use]
    pub fn new(workers: usize, count: usize, before: usize) -> Self {
        let shown = std::io::stderr().is_terminal().then(|| {
            let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
            let total = all.add(ProgressBar::new(count as u64).with_position(before as u64));
            if let Ok(style) = ProgressStyle::with_template("runs [{bar:30}] {pos}/{len}  {msg}  {eta} left") {
                total.set_style(style.progress_chars("=> "));
            }
            total.reset_eta();
            let each = (0..workers)
                .map(|_| {
                    let bar = all.add(ProgressBar::new(1));
                    if let Ok(style) = ProgressStyle::with_template("  [{bar:20}] {pos}/{len} {msg}") {
                        bar.set_style(style.progress_chars("=> "));
                    }
                    bar
                })
                .collect();
            (all, total, each)
        });
        Self {
            shown,
            count,
            before,
            ended: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
            start: Instant::now(),
            last_line: Mutex::new(None),
        }
    }

    /// Takes the bars away.
    pub fn end(&self) {
        if let Some((_, total, each)) = &self.shown {
            each.iter().chain([total]).for_each(ProgressBar::finish_and_clear);
        }
    }
}

impl Watch for Bars {
    fn ended(&self, _: usize, name: &str, failed: Option<&str>) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let failures = self.failed.fetch_add(usize::from(failed.is_some()), Ordering::Relaxed);
        let failures = failures + usize::from(failed.is_some());
        if let Some((all, total, _)) = &self.shown {
            total.set_position((self.before + ended) as u64);
            total.set_message(format!("{failures} failed"));
            if let Some(reason) = failed {
                let _ = all.println(format!("failed: {name}: {reason}"));
            }
            return;
        }
        if let Some(reason) = failed {
            note(&format!("failed: {name}: {reason}"));
        }
        let Ok(mut last) = self.last_line.lock() else { return };
        let done = self.before + ended;
        if last.is_none_or(|last| last.elapsed() >= BETWEEN_LINES) || done == self.count {
            *last = Some(Instant::now());
            let left = self.start.elapsed().as_secs_f64() / ended as f64 * (self.count - done) as f64;
            note(&format!("{done} of {} runs ended, {failures} failed; {left:.0} s left", self.count));
        }
    }

    fn tick(&self, worker: usize, name: &str, tick: u32, ticks: u32) {
        if let Some(bar) = self.shown.as_ref().and_then(|(_, _, each)| each.get(worker)) {
            bar.set_length(u64::from(ticks));
            bar.set_position(u64::from(tick));
            bar.set_message(name.to_owned());
        }
    }
}
