//! `autarky sweep`: many runs of one experiment, planned, done anywhere, and brought together in one ensemble.

pub mod cluster;
pub mod design;
pub mod experiment;
pub mod factor;
pub mod merge;
pub mod plan;
pub mod results;
pub mod shard;
pub mod work;

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use analysis::table::Table;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::arguments::{
    SweepCommand, SweepMergeArguments, SweepPlanArguments, SweepRunArguments, SweepStatusArguments,
};
use crate::check::{Estimate, estimate, recorded_values};
use crate::failure::{Failure, Panics};
use crate::signals::Interrupt;
use crate::terminal::say;
use plan::Bench;
use shard::Outcome;
use work::{Job, Progress, Watch};

/// Name of the ensemble in the folder of a sweep.
const ENSEMBLE: &str = "ensemble.h5";

/// Rows of a table that are shown before it is cut.
const SHOWN: usize = 20;

/// Exit code of a sweep that was interrupted and can go on.
const INTERRUPTED: u8 = 85;

/// Does what `autarky sweep` is asked.
///
/// # Errors
/// Whatever keeps it from being done.
pub fn sweep(command: &SweepCommand, panics: &Panics) -> Result<ExitCode, Failure> {
    match command {
        SweepCommand::Plan(arguments) => make_plan(arguments).map(|()| ExitCode::SUCCESS),
        SweepCommand::Run(arguments) => run(arguments, arguments.retry, panics),
        SweepCommand::Retry(arguments) => run(arguments, true, panics),
        SweepCommand::Submit(arguments) => {
            let (bench, folder) = bench_of(&arguments.sweep, arguments.dir.as_ref())?;
            bench.write(&folder)?;
            cluster::submit(&bench, &folder, arguments).map(|()| ExitCode::SUCCESS)
        }
        SweepCommand::Cancel(arguments) => cluster::cancel(&arguments.dir).map(|()| ExitCode::SUCCESS),
        SweepCommand::Status(arguments) => status(arguments).map(|()| ExitCode::SUCCESS),
        SweepCommand::Merge(arguments) => merged(arguments).map(|()| ExitCode::SUCCESS),
        SweepCommand::Effects(arguments) => results::effects(arguments).map(|()| ExitCode::SUCCESS),
        SweepCommand::Indices(arguments) => results::indices(arguments).map(|()| ExitCode::SUCCESS),
    }
}

/// The folder of a sweep: the one named, or one beside the working directory called after the experiment.
fn folder_of(experiment: &Path, named: Option<&PathBuf>) -> PathBuf {
    named.cloned().unwrap_or_else(|| {
        let stem = experiment.file_stem().map_or_else(|| "sweep".into(), |stem| stem.to_string_lossy());
        PathBuf::from(format!("{stem}.sweep"))
    })
}

/// Reads an experiment, or the plan in the folder of a sweep; the folder with it.
fn bench_of(source: &Path, named: Option<&PathBuf>) -> Result<(Bench, PathBuf), Failure> {
    if source.is_dir() {
        return Ok((Bench::open(source)?, source.to_owned()));
    }
    let (experiment, text) = experiment::read(source)?;
    let beside = source.parent().unwrap_or(Path::new(""));
    Ok((plan::make(&experiment, &text, beside)?, folder_of(source, named)))
}

fn make_plan(arguments: &SweepPlanArguments) -> Result<(), Failure> {
    let (bench, folder) = bench_of(&arguments.experiment, arguments.dir.as_ref())?;
    let plan = &bench.plan;
    let mut table = Table { head: ["arm", "compared with"].map(str::to_owned).to_vec(), rows: Vec::new() };
    table.head.extend(plan.factors.iter().map(|factor| factor.name.clone()));
    table.head.push("first run".to_owned());
    for (n, arm) in plan.arms.iter().take(SHOWN).enumerate() {
        let mut row = vec![arm.name.clone(), arm.baseline.map_or_else(String::new, |b| plan.arms[b].name.clone())];
        row.extend(arm.values.iter().map(|value| value.as_ref().map_or_else(String::new, ToString::to_string)));
        row.push(plan.runs[n].id.clone());
        table.rows.push(row);
    }
    say(&format!("{}\n\n{}", plan.title, table.to_text()));
    if plan.arms.len() > SHOWN {
        say(&format!(".. and {} more arms\n", plan.arms.len() - SHOWN));
    }
    say(&format!(
        "\n{} runs: {} arms x {} replicates, {} ticks each\n",
        plan.runs.len(),
        plan.arms.len(),
        plan.seeds.len(),
        plan.ticks
    ));
    let costs = Costs::of(&bench)?;
    say(&costs.text(plan.runs.len()));
    costs.check_space(&folder, plan.runs.len(), plan.runs.len())?;
    let path = bench.write(&folder)?;
    say(&format!("written: {}\ngo on with: autarky sweep run {}\n", path.display(), folder.display()));
    Ok(())
}

/// What the runs will take.
struct Costs {
    /// Seconds of one core, and bytes of memory, of a run.
    run: Estimate,
    /// Bytes that a run takes on disk before compression.
    bytes: f64,
}

/// Share of a run's bytes that is left at least when they are compressed. Measured: 0.58 in double precision with the default
/// variables of `us-uniform-10`, 60 ticks (`autarky sweep run`, size of the shard over the estimate).
const COMPRESSED: f64 = 0.5;

impl Costs {
    fn of(bench: &Bench) -> Result<Self, Failure> {
        let config = bench.config(0, 0)?;
        let values = recorded_values(&config, bench.calibration(0), &bench.plan.variables)?;
        let bytes = values as f64 * f64::from(bench.plan.ticks) * if bench.plan.single { 4.0 } else { 8.0 };
        Ok(Self { run: estimate(&config, bench.calibration(0)), bytes })
    }

    fn text(&self, runs: usize) -> String {
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
    fn check_space(&self, folder: &Path, left: usize, all: usize) -> Result<(), Failure> {
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

fn run(arguments: &SweepRunArguments, retry: bool, panics: &Panics) -> Result<ExitCode, Failure> {
    // Before anything else: a scheduler may already say that time is short.
    let interrupt = Interrupt::listen()?;
    let (bench, folder) = bench_of(&arguments.sweep, arguments.dir.as_ref())?;
    bench.write(&folder)?;
    let costs = Costs::of(&bench);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = arguments.jobs.map_or(cores, |jobs| jobs as usize);
    let threads = arguments.threads.map_or((cores / jobs).max(1), |threads| threads as usize);
    let part = part_of(arguments.shard.as_deref())?;
    let attempts = arguments.attempts.map(|limit| limit as usize);
    let job = Job { folder: folder.clone(), part, jobs, threads, retry, attempts };
    let progress = Progress::read(&bench, &shard::open_all(&folder, bench.digest())?)?;
    let all = job.runs(bench.plan.runs.len());
    let count = all.len();
    let left = progress.pending(all, job.retry).count();
    // An arm that is wrong is a failed run, not a reason to do none.
    if let Ok(costs) = costs {
        costs.check_space(&folder, left, bench.plan.runs.len())?;
    }
    let watch = Bars::new(jobs.min(left.max(1)), count, count - left);
    let complete = work::work(&bench, &job, &progress, panics, &interrupt, &watch);
    watch.end();
    let complete = complete?;
    let progress = Progress::read(&bench, &shard::open_all(&folder, bench.digest())?)?;
    say(&summary(&bench, &folder, &progress));
    if !complete {
        say(&format!("interrupted; go on with: autarky sweep run {}\n", folder.display()));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    let all_ended = progress.outcomes.iter().all(Option::is_some);
    if all_ended && part.1 == 1 {
        let out = folder.join(ENSEMBLE);
        merge::merge(&bench, &folder, &out, false)?;
        say(&format!("merged: {}\n", out.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Which part of the runs this worker does: from `--shard i/n`, or from the variables of a scheduler's job array.
fn part_of(given: Option<&str>) -> Result<(usize, usize), Failure> {
    let Some(text) = given else { return Ok((0, 1)) };
    let wrong = || {
        Failure::Configuration(format!(
            "--shard {text}: write i/n with i from 1 to n, such as --shard 3/10, or `auto`, or auto/n"
        ))
    };
    let (number, count) = match text.split_once('/') {
        None if text == "auto" => array_task(None)?,
        Some(("auto", count)) => array_task(Some(count.parse().map_err(|_| wrong())?))?,
        Some((number, count)) => number.parse().ok().zip(count.parse().ok()).ok_or_else(wrong)?,
        None => return Err(wrong()),
    };
    if number == 0 || number > count { Err(wrong()) } else { Ok((number - 1, count)) }
}

/// Number, from 1, of a task of a job array and how many there are, by the variables of Slurm, SGE, Kubernetes or PBS.
fn array_task(count: Option<usize>) -> Result<(usize, usize), Failure> {
    let number = |name: &str| std::env::var(name).ok()?.trim().parse::<usize>().ok();
    let slurm = || {
        let first = number("SLURM_ARRAY_TASK_MIN")?;
        let step = number("SLURM_ARRAY_TASK_STEP").unwrap_or(1).max(1);
        Some((number("SLURM_ARRAY_TASK_ID")?.checked_sub(first)? / step + 1, number("SLURM_ARRAY_TASK_COUNT")?))
    };
    let sge = || {
        let (first, last) = (number("SGE_TASK_FIRST")?, number("SGE_TASK_LAST")?);
        let step = number("SGE_TASK_STEPSIZE").unwrap_or(1).max(1);
        Some((number("SGE_TASK_ID")?.checked_sub(first)? / step + 1, last.checked_sub(first)? / step + 1))
    };
    // These two do not say how many tasks there are.
    let kubernetes = || Some((number("JOB_COMPLETION_INDEX")? + 1, count?));
    let pbs = || Some((number("PBS_ARRAY_INDEX").or_else(|| number("PBS_ARRAYID"))?, count?));
    let task = slurm().or_else(sge).or_else(kubernetes).or_else(pbs);
    let (task, tasks) = task.ok_or_else(|| {
        Failure::Configuration(
            "--shard auto: no job array found; it reads SLURM_ARRAY_TASK_ID with _MIN and _COUNT, or SGE_TASK_ID with _FIRST, _LAST and _STEPSIZE; auto/n reads JOB_COMPLETION_INDEX of Kubernetes (from 0), or PBS_ARRAY_INDEX or PBS_ARRAYID (from 1)".to_owned(),
        )
    })?;
    match count {
        Some(count) if count != tasks => Err(Failure::Configuration(format!(
            "--shard auto/{count}: the job array has {tasks} tasks; leave /{count} out"
        ))),
        _ => Ok((task, tasks)),
    }
}

fn summary(bench: &Bench, folder: &Path, progress: &Progress) -> String {
    let mut counts = [0; 3];
    let mut reasons: Vec<(String, usize, String)> = Vec::new();
    for (run, outcome) in bench.plan.runs.iter().zip(&progress.outcomes) {
        match outcome {
            Some(Outcome::Done { .. }) => counts[0] += 1,
            Some(Outcome::Failed { reason, .. }) => {
                counts[1] += 1;
                match reasons.iter_mut().find(|x| x.0 == *reason) {
                    Some(known) => known.1 += 1,
                    None => reasons.push((reason.clone(), 1, run.id.clone())),
                }
            }
            None => counts[2] += 1,
        }
    }
    let mut text =
        format!("{} of {} runs done, {} failed, {} to do\n", counts[0], bench.plan.runs.len(), counts[1], counts[2]);
    if progress.repeated > 0 {
        let _ = writeln!(
            text,
            "{} runs were done more than once, by workers that did not know of each other",
            progress.repeated
        );
    }
    for (reason, count, id) in reasons.iter().take(SHOWN) {
        let kept = folder.join(work::FAILED).join(format!("{id}.h5"));
        let before =
            if kept.exists() { format!("; the ticks before are in {}", kept.display()) } else { String::new() };
        let _ = writeln!(text, "failed {count} x: {reason} (for instance run {id}{before})");
    }
    text
}

fn status(arguments: &SweepStatusArguments) -> Result<(), Failure> {
    let bench = Bench::open(&arguments.dir)?;
    let shards = shard::open_all(&arguments.dir, bench.digest())?;
    let progress = Progress::read(&bench, &shards)?;
    say(&format!("{}\n{}", bench.plan.title, summary(&bench, &arguments.dir, &progress)));
    let open = progress.outcomes.iter().zip(&progress.started).enumerate().filter(|(_, x)| x.0.is_none());
    let begun: Vec<(usize, usize)> = open.map(|(run, x)| (run, *x.1)).filter(|x| x.1 > 0).collect();
    if !begun.is_empty() {
        let count = begun.len();
        say(&format!("{count} of those to do were begun: they are running, or their workers were stopped\n"));
    }
    for (run, times) in begun.iter().filter(|x| x.1 >= 3).take(SHOWN) {
        let id = &bench.plan.runs[*run].id;
        say(&format!("run {id} was begun {times} times and never ended; if it kills its worker, use --attempts\n"));
    }
    let left = progress.outcomes.iter().filter(|x| x.is_none()).count();
    if !progress.seconds.is_empty() && left > 0 {
        let mean = progress.seconds.iter().sum::<f64>() / progress.seconds.len() as f64;
        say(&format!("{mean:.1} s a run so far; {:.2} core hours left\n", mean * left as f64 / 3600.0));
    }
    Ok(())
}

fn merged(arguments: &SweepMergeArguments) -> Result<(), Failure> {
    let bench = Bench::open(&arguments.dir)?;
    let out = arguments.out.clone().unwrap_or_else(|| arguments.dir.join(ENSEMBLE));
    let counts = merge::merge(&bench, &arguments.dir, &out, arguments.partial)?;
    say(&format!(
        "merged {}: {} runs done, {} failed, {} missing\n",
        out.display(),
        counts.done,
        counts.failed,
        counts.missing
    ));
    Ok(())
}

/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// A bar for all runs and one for each at work; lines every now and then where there is no terminal.
struct Bars {
    shown: Option<(MultiProgress, ProgressBar, Vec<ProgressBar>)>,
    count: usize,
    before: usize,
    ended: AtomicUsize,
    failed: AtomicUsize,
    start: Instant,
    last_line: Mutex<Option<Instant>>,
}

impl Bars {
    fn new(workers: usize, count: usize, before: usize) -> Self {
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

    fn end(&self) {
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
            eprintln!("failed: {name}: {reason}");
        }
        let Ok(mut last) = self.last_line.lock() else { return };
        let done = self.before + ended;
        if last.is_none_or(|last| last.elapsed() >= BETWEEN_LINES) || done == self.count {
            *last = Some(Instant::now());
            let left = self.start.elapsed().as_secs_f64() / ended as f64 * (self.count - done) as f64;
            eprintln!("{done} of {} runs ended, {failures} failed; {left:.0} s left", self.count);
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
