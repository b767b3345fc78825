//! Arguments of `sweep`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with a sweep.
#[derive(Debug, Subcommand)]
pub enum SweepCommand {
    /// List the runs of an experiment, say what they take, and write the plan
    Plan(SweepPlanArguments),
    /// Do the runs that have not ended; may be stopped at any moment and called again
    Run(SweepRunArguments),
    /// Do the runs that failed again, and those that have not ended
    Retry(SweepRunArguments),
    /// Submit a job array to Slurm that does the runs that have not ended, and a job that merges them
    Submit(SweepSubmitArguments),
    /// Cancel the jobs of a sweep; what was done is kept
    Cancel(SweepCancelArguments),
    /// Say what is done, what failed and why, from the files of a sweep
    Status(SweepStatusArguments),
    /// Bring all runs together in one ensemble
    Merge(SweepMergeArguments),
    /// Show the effect of every arm: paired differences against the baseline of the same seed
    Effects(SweepEffectsArguments),
    /// Show which factors matter: Sobol indices (design saltelli) or elementary effects (design morris)
    Indices(SweepIndicesArguments),
}

/// Arguments of `sweep plan`.
#[derive(Debug, Args)]
pub struct SweepPlanArguments {
    /// Experiment file (.toml)
    pub experiment: PathBuf,
    /// Folder of the sweep [default: <experiment>.sweep here]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Largest number of runs, baselines apart, that is planned [default: 100000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub max_runs: Option<u64>,
}

/// Arguments of `sweep run`.
#[derive(Debug, Args)]
pub struct SweepRunArguments {
    /// Experiment file (.toml), or the folder of a sweep that is planned
    pub sweep: PathBuf,
    /// Folder of the sweep [default: <experiment>.sweep here]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Runs at the same time [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    /// Threads of each run [default: the cores shared by the jobs]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Do part i of n only; `auto` or `auto/n` reads them from the job array of Slurm, PBS, SGE or Kubernetes
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Record a run as failed once it was begun so often and never ended, as one that needs too much memory
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub attempts: Option<u32>,
    /// Do failed runs again
    #[arg(long)]
    pub retry: bool,
}

/// Arguments of `sweep submit`.
#[derive(Debug, Args)]
pub struct SweepSubmitArguments {
    /// Experiment file (.toml), or the folder of a sweep that is planned; every node must see the folder
    pub sweep: PathBuf,
    /// Folder of the sweep [default: <experiment>.sweep here]
    #[arg(long)]
    pub dir: Option<PathBuf>,
    /// Tasks of the job array [default: as many as take half an hour each, at most 1000]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub tasks: Option<u32>,
    /// Most tasks at the same time [default: as many as Slurm allows]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub throttle: Option<u32>,
    /// Runs of a task at the same time
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: u32,
    /// Threads of each run
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// Time limit of a task, minutes [default: twice the estimate and ten minutes]
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..))]
    pub time: Option<u32>,
    /// Memory of a task, megabytes [default: from the estimate]
    #[arg(long, value_name = "MEGABYTES", value_parser = clap::value_parser!(u64).range(1..))]
    pub memory: Option<u64>,
    /// Seconds before the time limit at which a task saves its runs [default: 120]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=65535))]
    pub warning: Option<u32>,
    /// Record a run as failed once it was begun so often and never ended
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub attempts: Option<u32>,
    /// Do failed runs again
    #[arg(long)]
    pub retry: bool,
    /// Show the script instead of submitting it
    #[arg(long)]
    pub dry_run: bool,
    /// Options for sbatch, such as --partition=short
    #[arg(last = true)]
    pub sbatch: Vec<String>,
}

/// Arguments of `sweep cancel`.
#[derive(Debug, Args)]
pub struct SweepCancelArguments {
    /// Folder of the sweep
    pub dir: PathBuf,
}

/// Arguments of `sweep status`.
#[derive(Debug, Args)]
pub struct SweepStatusArguments {
    /// Folder of the sweep
    pub dir: PathBuf,
    /// For programs: counts, failures and what is left, as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `sweep merge`.
#[derive(Debug, Args)]
pub struct SweepMergeArguments {
    /// Folder of the sweep
    pub dir: PathBuf,
    /// Ensemble (.h5) [default: ensemble.h5 in the folder]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Merge what there is where runs have not ended
    #[arg(long)]
    pub partial: bool,
}

/// Which results of an ensemble are looked at.
#[derive(Debug, Args)]
pub struct ResultArguments {
    /// Ensemble (.h5), or the folder of a sweep that is merged
    pub sweep: PathBuf,
    /// Region [default: the one the measures are about]
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Place along another dimension, such as industry=ELE; may be given several times [default: all places, each by itself]
    #[arg(long, value_name = "DIMENSION=LABEL", value_delimiter = ',')]
    pub at: Vec<String>,
    /// Ticks over which results are averaged, FIRST-LAST from 1 [default: the last year]
    #[arg(long, value_name = "FIRST-LAST")]
    pub ticks: Option<String>,
}

/// Arguments of `sweep effects`.
#[derive(Debug, Args)]
pub struct SweepEffectsArguments {
    /// Where, when and of what.
    #[command(flatten)]
    pub of: ResultArguments,
    /// Variable over time; may be given several times [default: output, prices, consumption, trade, unemployment]
    #[arg(long = "variable", value_name = "NAME")]
    pub variables: Vec<String>,
    /// Write the whole table to a file (.csv)
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// For programs: the whole table, as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `sweep indices`.
#[derive(Debug, Args)]
pub struct SweepIndicesArguments {
    /// Where, when and of what.
    #[command(flatten)]
    pub of: ResultArguments,
    /// Variable by region
    #[arg(long, default_value = "real_gdp", value_name = "NAME")]
    pub variable: String,
    /// Take the level of the variable, not its change against the baseline
    #[arg(long)]
    pub level: bool,
    /// Write the table to a file (.csv)
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// For programs: the table, as JSON
    #[arg(long)]
    pub json: bool,
}
