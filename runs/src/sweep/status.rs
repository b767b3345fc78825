//! `autarky sweep status`: what is done, what failed and why, from the files of a sweep alone.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::SHOWN;
use super::plan::Bench;
use super::shard::{self, Outcome};
use super::work::{self, Progress};
use crate::arguments::SweepStatusArguments;
use crate::failure::Failure;
use crate::terminal::{json, say};

/// How often a run is begun without an end before it is named.
const OFTEN: usize = 3;

/// How many runs ended, and how.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    runs: usize,
    done: usize,
    failed: usize,
    to_do: usize,
    /// Runs that were done more than once, by workers that did not know of each other.
    repeated: usize,
    failures: Vec<Cause>,
}

/// Why some runs failed.
#[derive(Debug, Serialize)]
struct Cause {
    reason: String,
    runs: usize,
    /// The first of them.
    example: String,
    /// What is kept of it.
    kept: Option<String>,
}

impl Summary {
    pub(super) fn of(bench: &Bench, folder: &Path, progress: &Progress) -> Self {
        let mut summary = Self {
            runs: bench.plan.runs.len(),
            done: 0,
            failed: 0,
            to_do: 0,
            repeated: progress.repeated,
            failures: vec![],
        };
        for (run, outcome) in bench.plan.runs.iter().zip(&progress.outcomes) {
            match outcome {
                Some(Outcome::Done { .. }) => summary.done += 1,
                Some(Outcome::Failed { reason, .. }) => {
                    summary.failed += 1;
                    match summary.failures.iter_mut().find(|known| known.reason == *reason) {
                        Some(known) => known.runs += 1,
                        None => summary.failures.push(Cause {
                            reason: reason.clone(),
                            runs: 1,
                            example: run.id.clone(),
                            kept: None,
                        }),
                    }
                }
                None => summary.to_do += 1,
            }
        }
        for failure in &mut summary.failures {
            let kept = folder.join(work::FAILED).join(format!("{}.h5", failure.example));
            failure.kept = kept.exists().then(|| kept.display().to_string());
        }
        summary
    }

    pub(super) fn text(&self) -> String {
        let Self { runs, done, failed, to_do, repeated, failures } = self;
        let mut text = format!("{done} of {runs} runs done, {failed} failed, {to_do} to do\n");
        if *repeated > 0 {
            let _ =
                writeln!(text, "{repeated} runs were done more than once, by workers that did not know of each other");
        }
        for Cause { reason, runs, example, kept } in failures.iter().take(SHOWN) {
            let before = kept.as_ref().map_or_else(String::new, |kept| format!("; the ticks before are in {kept}"));
            let _ = writeln!(text, "failed {runs} x: {reason} (for instance run {example}{before})");
        }
        text
    }
}

/// Where a sweep stands.
#[derive(Debug, Serialize)]
struct Status<'a> {
    title: &'a str,
    #[serde(flatten)]
    summary: Summary,
    /// Runs to do that were begun: they are running, or their workers were stopped.
    begun: usize,
    /// Those that were begun again and again.
    never_ended: Vec<Lost<'a>>,
    /// Means over the runs that ended.
    seconds_per_run: Option<f64>,
    core_hours_left: Option<f64>,
}

/// A run that was begun and never ended.
#[derive(Debug, Serialize)]
struct Lost<'a> {
    run: &'a str,
    begun: usize,
}

impl<'a> Status<'a> {
    fn of(bench: &'a Bench, folder: &Path, progress: &Progress) -> Self {
        let open = progress.outcomes.iter().zip(&progress.started).filter(|x| x.0.is_none());
        let often = progress.lost.iter().zip(&bench.plan.runs).filter(|x| *x.0 >= OFTEN);
        let summary = Summary::of(bench, folder, progress);
        let seconds = &progress.seconds;
        let seconds_per_run = (!seconds.is_empty()).then(|| seconds.iter().sum::<f64>() / seconds.len() as f64);
        Self {
            title: &bench.plan.title,
            begun: open.filter(|x| *x.1 > 0).count(),
            never_ended: often.map(|(&begun, run)| Lost { run: &run.id, begun }).collect(),
            seconds_per_run,
            core_hours_left: seconds_per_run.map(|mean| mean * summary.to_do as f64 / 3600.0),
            summary,
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n{}", self.title, self.summary.text());
        if self.begun > 0 {
            let _ = writeln!(
                text,
                "{} of those to do were begun: they are running, or their workers were stopped",
                self.begun
            );
        }
        for Lost { run, begun } in self.never_ended.iter().take(SHOWN) {
            let _ = writeln!(
                text,
                "run {run} was begun {begun} times and never ended; if it kills its worker, use --attempts"
            );
        }
        if let (Some(mean), Some(left)) = (self.seconds_per_run, self.core_hours_left.filter(|left| *left > 0.0)) {
            let _ = writeln!(text, "{mean:.1} s a run so far; {left:.2} core hours left");
        }
        text
    }
}

/// Says where a sweep stands.
///
/// # Errors
/// Its plan or a shard cannot be read.
pub(super) fn status(arguments: &SweepStatusArguments) -> Result<(), Failure> {
    let bench = Bench::open(&arguments.dir)?;
    let shards = shard::open_all(&arguments.dir, bench.digest())?;
    let progress = Progress::read(&bench, &shards)?;
    let status = Status::of(&bench, &arguments.dir, &progress);
    if arguments.json {
        return json(&status);
    }
    say(&status.text());
    Ok(())
}
