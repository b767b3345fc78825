//! `autarky run` over several seeds: with the measures, without them, and with a placebo, in one ensemble.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use analysis::cache::RunCache;
use analysis::chance::{PLACEBO, legend, step_of_jobs};
use analysis::ensemble::Ensemble;
use analysis::recording::{Recording, RecordingError};
use analysis::summary::{RunPair, outcome_of_seeds, tables_of_seeds, windows};
use configs::calibration::Calibration;
use engine::files;

use crate::arguments::{Against, Audit, Record, RunArguments};
use crate::check::estimate;
use crate::config::{Loaded, Population, ResolvedConfig};
use crate::failure::{Failure, Panics, file_error};
use crate::memory;
use crate::outputs;
use crate::session::{first_policy_tick, focus, schedule_of, size};
use crate::signals::Interrupt;
use crate::sweep::bars::Bars;
use crate::sweep::costs::{Costs, Whole};
use crate::sweep::plan::{self, Bench, POLICY};
use crate::sweep::shard::{self, Outcome, Program};
use crate::sweep::work::{Job, Progress, work};
use crate::sweep::{INTERRUPTED, merge};
use crate::terminal::{note, say, say_judged};

/// Seeds where none are asked for, and the most household agents of a region then. Measured with 60 ticks of
/// `us-uniform-10`: twelve runs of 4,000 with all they record take about 85 s of a core.
const SEEDS: u32 = 4;
const HOUSEHOLDS: u64 = 4_000;

/// Ending of the folder in which runs are kept until all are done.
const PARTS: &str = ".parts";

/// Whether a run has measures of its own and is compared with its baseline.
fn is_compared(arguments: &RunArguments, config: &ResolvedConfig) -> bool {
    config.measures.iter().any(|x| !x.shared) && arguments.against != Some(Against::None)
}

/// Number of seeds of a run.
///
/// # Errors
/// More than one is asked for together with what is for one, or seeds would be too large.
pub fn count(arguments: &RunArguments, config: &ResolvedConfig) -> Result<u32, Failure> {
    let alone = [
        ("--checkpoint-every", arguments.output.checkpoint_every.is_some()),
        ("--record standard", arguments.record == Record::Standard),
        ("--audit report", arguments.audit == Audit::Report),
    ];
    let alone = alone.into_iter().find(|x| x.1).map(|x| x.0);
    let compared = is_compared(arguments, config);
    let seeds = match (arguments.seeds, alone) {
        (Some(seeds), Some(option)) if seeds > 1 => {
            let message = format!("{option} is for one seed: leave it out, or write --seeds 1 instead of {seeds}");
            return Err(Failure::Configuration(message));
        }
        (Some(seeds), _) => seeds,
        (None, None) if compared => SEEDS,
        (None, _) => 1,
    };
    if config.seed > i64::MAX as u64 - u64::from(seeds) {
        let message = format!("seed {} leaves no room for {seeds} seeds after it; choose a smaller one", config.seed);
        return Err(Failure::Configuration(message));
    }
    Ok(seeds)
}

/// The agents of the scenario, but no more than are needed where there are many seeds.
fn sized(arguments: &RunArguments, config: &ResolvedConfig) -> ResolvedConfig {
    let given = arguments.scenario.households_per_region.is_some() || arguments.scenario.persons_per_agent.is_some();
    match config.population {
        Population::HouseholdsPerRegion(count) if count > HOUSEHOLDS && !given => {
            ResolvedConfig { population: Population::HouseholdsPerRegion(HOUSEHOLDS), ..config.clone() }
        }
        _ => config.clone(),
    }
}

/// What a run takes: its runs, how long, how much memory without recordings.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Seeds.
    pub seeds: u32,
    /// Household agents of each run.
    pub households: u64,
    /// All of its runs.
    pub whole: Whole,
}

/// Estimates what [`crate::run::run`] takes.
///
/// # Errors
/// As [`count`], and if an arm is wrong.
pub fn taken(arguments: &RunArguments, config: &ResolvedConfig, calibration: &Calibration) -> Result<Taken, Failure> {
    let seeds = count(arguments, config)?;
    let job = job_of(arguments, Path::new(""));
    let cores = job.jobs * job.threads;
    let config = if seeds > 1 { sized(arguments, config) } else { config.clone() };
    let households = size(&config, calibration).households.iter().map(|&count| count as u64).sum();
    let whole = if seeds > 1 {
        let compare = is_compared(arguments, &config);
        Whole::of(&plan::of_scenario(config, calibration.clone(), seeds, compare)?, job.jobs, job.threads)?
    } else {
        // One after the other, each on all cores.
        let runs = 1 + usize::from(!config.measures.is_empty() && arguments.against != Some(Against::None));
        let one = estimate(&config, calibration);
        let all = |threads| runs as f64 * one.seconds(threads);
        Whole { runs, jobs: 1, core_seconds: all(1), seconds: all(cores), memory: one.memory }
    };
    Ok(Taken { seeds, households, whole })
}

/// Runs a scenario with several seeds.
///
/// # Errors
/// Whatever keeps it from being run and recorded to its end.
pub fn run(arguments: &RunArguments, loaded: Loaded, seeds: u32, panics: &Panics) -> Result<ExitCode, Failure> {
    let interrupt = Interrupt::listen()?;
    let Loaded { config, calibration, .. } = loaded;
    let asked = config.population;
    let config = sized(arguments, &config);
    if let (Population::HouseholdsPerRegion(count), true) = (asked, asked != config.population) {
        note(&format!(
            "{seeds} seeds of {HOUSEHOLDS} household agents a region; the scenario's {count} with --households-per-region {count}, or with --seeds 1"
        ));
    }
    let out = arguments.output.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.h5", config.name)));
    outputs::check_recording(&out)?;
    let _claim = files::claim(&out)?;
    let compare = is_compared(arguments, &config);
    let bench = plan::of_scenario(config, calibration, seeds, compare)?;
    // What is wrong with the scenario is said before anything is written.
    let costs = Costs::of(&bench)?;
    if !arguments.output.overwrite {
        outputs::check_ensemble(&out, bench.digest())?;
    }
    for arm in 0..bench.plan.arms.len() {
        schedule_of(&bench.config(arm, 0)?, bench.calibration(arm))?;
    }
    let folder = parts_of(&out);
    let job = job_of(arguments, &folder);
    memory::check(costs.run.memory * job.jobs as f64)?;
    write_plan(&bench, &folder, &out)?;
    let shards = shard::open_all(&folder, bench.digest())?;
    shard::check_program(&shards, &Program::this())?;
    let progress = Progress::read(&bench, &shards)?;
    let runs = bench.plan.runs.len();
    let left = progress.pending(0..runs, true).count();
    costs.check_space(&folder, left, runs)?;
    let watch = Bars::new(job.jobs.min(left.max(1)), runs, runs - left);
    let complete = work(&bench, &job, &progress, panics, &interrupt, &watch);
    watch.end();
    let complete = complete?;
    let progress = Progress::read(&bench, &shard::open_all(&folder, bench.digest())?)?;
    if !complete {
        let done = progress.outcomes.iter().filter(|x| x.is_some()).count();
        note(&format!("interrupted: {done} of {runs} runs done; the same command goes on"));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    finish(&bench, &folder, &out, &progress)?;
    Ok(ExitCode::SUCCESS)
}

fn parts_of(out: &Path) -> PathBuf {
    files::with_suffix(out, PARTS)
}

fn write_plan(bench: &Bench, folder: &Path, out: &Path) -> Result<(), Failure> {
    let held = std::fs::read_to_string(folder.join(plan::FILE));
    if held.is_ok_and(|text| text != bench.to_json()) {
        return Err(Failure::File(format!(
            "{} holds the runs of another configuration, which were interrupted: call that command again to go on, remove the folder, or record to another file than {} with --out",
            folder.display(),
            out.display()
        )));
    }
    bench.write(folder).map(|_| ())
}

fn job_of(arguments: &RunArguments, folder: &Path) -> Job {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = arguments.output.threads.map_or(1, |threads| threads as usize);
    let jobs = arguments.jobs.map_or((cores / threads).max(1), |jobs| jobs as usize);
    Job { folder: folder.to_owned(), part: (0, 1), jobs, threads, retry: true, attempts: None }
}

/// Brings the runs together, takes what they were kept in away, and prints what came out.
fn finish(bench: &Bench, folder: &Path, out: &Path, progress: &Progress) -> Result<(), Failure> {
    let failure = progress.outcomes.iter().zip(&bench.plan.runs).find_map(|(outcome, run)| match outcome {
        Some(Outcome::Failed { code, reason, tick }) => {
            let (arm, seed) = (&bench.plan.arms[run.arm].name, bench.plan.seeds[run.replicate]);
            Some(failed(*code, format!("{arm} run of seed {seed} failed after {tick} ticks: {reason}"), folder))
        }
        _ => None,
    });
    if !progress.outcomes.iter().any(|x| matches!(x, Some(Outcome::Done { .. }))) {
        return failure.map_or(Ok(()), Err);
    }
    merge::merge(bench, folder, out, false)?;
    let seeds = &bench.plan.seeds;
    let arms: Vec<&str> = bench.plan.arms.iter().map(|arm| arm.name.as_str()).collect();
    say(&format!(
        "recorded {} ({} ticks, seeds {} to {}: {})\n",
        out.display(),
        bench.plan.ticks,
        seeds[0],
        seeds[seeds.len() - 1],
        arms.join(", ")
    ));
    if let Some(failure) = failure {
        return Err(failure);
    }
    std::fs::remove_dir_all(folder).map_err(|error| file_error("remove", folder, error))?;
    print(bench, out)
}

/// The failure a run ended with, as if it had been alone.
fn failed(code: u8, message: String, folder: &Path) -> Failure {
    match code {
        3 => Failure::Configuration(message),
        4 => Failure::Data(message),
        5 => Failure::File(message),
        7 => Failure::Accounts { message, recording: Some(folder.join(crate::sweep::work::FAILED)) },
        _ => Failure::Internal(message),
    }
}

/// Runs of an arm with the baselines of their seeds.
fn pairs_of<'a>(cache: &'a RunCache<'a>, ensemble: &Ensemble<'_>, arm: &str) -> Vec<RunPair<'a>> {
    ensemble.pairs(arm).map(|(run, base)| (Recording::of_run(cache, run), Recording::of_run(cache, base))).collect()
}

fn print(bench: &Bench, out: &Path) -> Result<(), Failure> {
    let recording = Recording::open(out)?;
    let reader = recording.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
    let (ensemble, cache) = (Ensemble::open(reader)?, RunCache::new(reader));
    let pairs = pairs_of(&cache, &ensemble, POLICY);
    if pairs.is_empty() {
        let done = (0..ensemble.arms.len()).filter(|&run| ensemble.done[run]);
        let runs: Vec<Recording<'_>> = done.map(|run| Recording::of_run(&cache, run)).collect();
        let table = outcome_of_seeds(&runs, bench.config(0, 0)?.ticks_per_year)?;
        say(&format!("\nmeans of {} seeds with 95% intervals\n\n{}", runs.len(), table.to_text()));
        return Ok(());
    }
    let arm = bench.plan.arms.iter().position(|arm| arm.name == POLICY).unwrap_or(0);
    let config = bench.config(arm, 0)?;
    let first = first_policy_tick(&config).unwrap_or(config.ticks) as usize;
    let windows = windows(first, config.ticks as usize, config.ticks_per_year as usize);
    if windows.is_empty() {
        say("no measure comes into force within the run, so there is nothing to compare\n");
        return Ok(());
    }
    let codes = recording.labels("region")?;
    let region = focus(&config, &codes);
    let placebo = pairs_of(&cache, &ensemble, PLACEBO);
    let resolution = match step(&config, bench.calibration(arm), &pairs[0].1, region) {
        // A model without agents has none.
        Err(error) if error.missing().is_some() => String::new(),
        found => found? + "\n",
    };
    let (short, long) = tables_of_seeds(&pairs, &placebo, region, &windows, config.ticks_per_year)?;
    say_judged(&format!(
        "\n{}: change against the same-seed baseline\n{}\n\n{}\n{}\nall regions at the end\n\n{}",
        config.title,
        legend(pairs.len(), !placebo.is_empty()),
        short.to_text(),
        resolution,
        long.to_text()
    ));
    Ok(())
}

/// The resolution of one person agent: how much one job more or less moves the jobs of manufacturing.
///
/// # Errors
/// If the recording lacks jobs or regions.
pub fn step(
    config: &ResolvedConfig,
    calibration: &Calibration,
    baseline: &Recording<'_>,
    region: &str,
) -> Result<String, RecordingError> {
    let place = baseline.place("region", region)?;
    let step = step_of_jobs(baseline, place)?;
    let agents = size(config, calibration).households[place];
    let persons = baseline.array("persons_per_agent")?.values[place];
    Ok(format!(
        "resolution: {agents} household agents of {region}, in which a person stands for {persons:.0}, so manufacturing jobs move in steps of {step:.2} %"
    ))
}
