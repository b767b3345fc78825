//! `autarky sweep`: many runs of one experiment, planned, done anywhere, and brought together in one ensemble.

pub mod ahead;
pub mod bars;
pub mod cluster;
pub mod costs;
pub mod design;
pub mod experiment;
pub mod factor;
pub mod merge;
pub mod part;
pub mod placebo;
pub mod plan;
pub mod results;
pub mod shard;
mod status;
pub mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use analysis::table::Table;

use crate::arguments::{SweepCommand, SweepMergeArguments, SweepPlanArguments, SweepRunArguments};
use crate::failure::{Failure, Panics};
use crate::outputs;
use crate::signals::Interrupt;
use crate::terminal::{say, warn};
use bars::Bars;
use costs::{Costs, Whole};
use design::Design;
use part::part_of;
use plan::Bench;
use shard::Program;
use status::Summary;
use work::{Job, Progress};

/// Name of the ensemble in the folder of a sweep.
pub const ENSEMBLE: &str = "ensemble.h5";

/// Rows of a table that are shown before it is cut.
const SHOWN: usize = 20;

/// Exit code of a sweep that was interrupted and can go on.
pub(crate) const INTERRUPTED: u8 = 85;

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
            let (bench, folder) = bench_of(&arguments.sweep, arguments.dir.as_ref(), ahead::RUNS)?;
            bench.write(&folder)?;
            warn_of_design(&bench);
            cluster::submit(&bench, &folder, arguments).map(|()| ExitCode::SUCCESS)
        }
        SweepCommand::Cancel(arguments) => cluster::cancel(&arguments.dir).map(|()| ExitCode::SUCCESS),
        SweepCommand::Status(arguments) => status::status(arguments).map(|()| ExitCode::SUCCESS),
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
fn bench_of(source: &Path, named: Option<&PathBuf>, most: u64) -> Result<(Bench, PathBuf), Failure> {
    if source.is_dir() {
        return Ok((Bench::open(source)?, source.to_owned()));
    }
    let (experiment, text) = experiment::read(source)?;
    let beside = source.parent().unwrap_or(Path::new(""));
    let bench = plan::make(&experiment, &text, beside, most)?;
    ahead::check_names(&bench, &source.display().to_string(), &text)?;
    Ok((bench, folder_of(source, named)))
}

/// Warns of a design that covers its range unevenly, and of measures that never act in some arms.
fn warn_of_design(bench: &Bench) {
    if let Design::Sobol { samples } = bench.plan.design
        && let Some((below, above)) = experiment::powers_around(samples)
    {
        warn(&format!(
            "{samples} samples of a Sobol sequence are no power of two and cover the cube unevenly; {below} or {above} are better"
        ));
    }
    for line in ahead::idle_measures(bench) {
        warn(&line);
    }
}

fn make_plan(arguments: &SweepPlanArguments) -> Result<(), Failure> {
    let (bench, folder) =
        bench_of(&arguments.experiment, arguments.dir.as_ref(), arguments.max_runs.unwrap_or(ahead::RUNS))?;
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
    warn_of_design(&bench);
    let costs = Costs::of(&bench)?;
    // As `sweep run` does them here where nothing else is asked for.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    say(&costs.text(&Whole::of(&bench, cores, 1)?));
    costs.check_space(&folder, plan.runs.len(), plan.runs.len())?;
    let path = bench.write(&folder)?;
    say(&format!("written: {}\ngo on with: autarky sweep run {}\n", path.display(), folder.display()));
    Ok(())
}

fn run(arguments: &SweepRunArguments, retry: bool, panics: &Panics) -> Result<ExitCode, Failure> {
    // Before anything else: a scheduler may already say that time is short.
    let interrupt = Interrupt::listen()?;
    let (bench, folder) = bench_of(&arguments.sweep, arguments.dir.as_ref(), ahead::RUNS)?;
    bench.write(&folder)?;
    // Before the runs are done and have nowhere to go.
    outputs::check_ensemble(&folder.join(ENSEMBLE), bench.digest())?;
    warn_of_design(&bench);
    let costs = Costs::of(&bench);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = arguments.jobs.map_or(cores, |jobs| jobs as usize);
    let threads = arguments.threads.map_or((cores / jobs).max(1), |threads| threads as usize);
    let part = part_of(arguments.shard.as_deref())?;
    let attempts = arguments.attempts.map(|limit| limit as usize);
    let job = Job { folder: folder.clone(), part, jobs, threads, retry, attempts };
    let shards = shard::open_all(&folder, bench.digest())?;
    // Before anything is computed that could not be merged.
    shard::check_program(&shards, &Program::this())?;
    let progress = Progress::read(&bench, &shards)?;
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
    say(&Summary::of(&bench, &folder, &progress).text());
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

fn merged(arguments: &SweepMergeArguments) -> Result<(), Failure> {
    let bench = Bench::open(&arguments.dir)?;
    let out = arguments.out.clone().unwrap_or_else(|| arguments.dir.join(ENSEMBLE));
    outputs::check_ensemble(&out, bench.digest())?;
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
