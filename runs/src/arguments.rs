//! The command line.

mod experiments;
mod found;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use experiments::{
    BackupArguments, BaselineArguments, ChurnArguments, EnsembleArguments, FactsArguments, ReshoringArguments,
    ResultsArguments, ScoreArguments, StabilityArguments,
};
pub use found::{
    CompletionsArguments, EntryKind, ListArguments, ManArguments, NewArguments, SchemaArguments, SchemaKind,
    ShowArguments,
};

/// Exit codes, shown by `--help`.
const EXIT_CODES: &str = "Exit codes:
   0  done
   1  diff, reproduce: the two differ; verify: the file is not sound
   2  wrong usage of the command line
   3  bad configuration: scenario, policy, parameter or size; amounts that leave the range of numbers
   4  bad data: a table of a world, or of observations
   5  a file that is missing, unreadable or unwritable, a full disk; too little memory, too few threads
   6  bad checkpoint
   7  the accounts do not balance
  70  internal error: please report it
  85  interrupted; what was done is kept, and `autarky resume` or the same command goes on
 130  stopped at once by a second signal";

/// An agent-based simulator of the world economy: calibrated regions and industries, exact accounts, dated policy.
#[derive(Debug, Parser)]
#[command(name = "autarky", version = crate::provenance::LONG_VERSION, after_help = EXIT_CODES, max_term_width = 110)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario and record it
    Run(RunArguments),
    /// Go on with a run from its checkpoint
    Resume(ResumeArguments),
    /// Validate a scenario; sum up what it does, its size, and what a run would take
    Check(CheckArguments),
    /// Compare two recordings or checkpoints: configuration, then the first differing tick and part
    Diff(DiffArguments),
    /// Run again what a recording or ensemble holds, and compare the worlds tick by tick
    Reproduce(ReproduceArguments),
    /// Check a file without running it: checksums, identities of the accounts, and where it comes from
    Verify(VerifyArguments),
    /// Write a page about a run, a pair of runs or an ensemble that opens in any browser, without a network
    Report(ReportArguments),
    /// Write one figure of the page for a paper (.svg, .png)
    Plot(PlotArguments),
    /// Show indicators of a recording, or their change against its baseline; without a file, their definitions
    Indicators(IndicatorsArguments),
    /// Compute what a scenario's duties do in a static general equilibrium of the same world, beside the model's path
    BenchmarkStatic(BenchmarkStaticArguments),
    /// Lay a scenario's months beside what was observed: trade by partner, collected rates, prices, jobs; with error measures
    Replay(ReplayArguments),
    /// Write a recording or ensemble as tables for R, Stata, pandas and others (.csv, .parquet)
    Export(ExportArguments),
    /// List what there is: scenarios, worlds, policies, parameters, measures, regions, industries, variables, indicators, figures
    List(ListArguments),
    /// Show everything that is known about a name: a scenario, a parameter, a variable, a region ..
    Show(ShowArguments),
    /// Write a scenario to begin with
    New(NewArguments),
    /// Print completions for a shell
    Completions(CompletionsArguments),
    /// Print the manual page, or write the pages of all commands into a folder
    Man(ManArguments),
    /// Print the JSON Schema of a kind of input file, for editors and programs
    Schema(SchemaArguments),
    /// Measure the tariff facts as paired differences over seeds
    Facts(FactsArguments),
    /// Compare every published fact with the model over seeds, misses and what cannot be measured included
    Score(ScoreArguments),
    /// Measure over seeds what brings factories home: duties, subsidies, doubts about both, skills
    Reshoring(ReshoringArguments),
    /// Measure over seeds what moves without policy, and whether it balances in every region
    Churn(ChurnArguments),
    /// Measure over seeds what reserve capacity is worth under an embargo, closed ports and lost factories, and what it costs
    Backup(BackupArguments),
    /// Measure over seeds whether the world without policy stays at its calibration
    Baseline(BaselineArguments),
    /// Measure over seeds whether the world settles after the shipped experiments
    Stability(StabilityArguments),
    /// Make all shipped results that are out of date: the tables of the seven commands above, no run twice
    Results(ResultsArguments),
    /// Plan and do many runs of one experiment, and bring them together in one ensemble
    Sweep {
        /// What to do.
        #[command(subcommand)]
        command: SweepCommand,
    },
    /// Panic (to test how that is reported)
    #[command(hide = true)]
    Panic,
}

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

/// Largest number of ticks of a run.
const TICKS: std::ops::RangeInclusive<i64> = 1..=2400;

/// How the resolved configuration differs from the scenario.
#[derive(Clone, Debug, Default, Args)]
pub struct ScenarioArguments {
    /// Scenario: the name of a shipped one (see `autarky list`) or the path of a .toml file
    pub scenario: String,
    /// Seed of all random draws
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    pub seed: Option<u64>,
    /// Number of ticks
    #[arg(long, value_parser = clap::value_parser!(u32).range(TICKS))]
    pub ticks: Option<u32>,
    /// Persons behind every household agent
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "households_per_region")]
    pub persons_per_agent: Option<u64>,
    /// Household agents of every region
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub households_per_region: Option<u64>,
    /// Set a parameter; may be given several times
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub settings: Vec<String>,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// Scenario and its changes.
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Where and how it is recorded.
    #[command(flatten)]
    pub output: OutputArguments,
    /// Pairs of runs, with the seed and those after it; with one the two runs are recorded in files of their own
    /// [default: 4 at 4000 household agents of every region if the scenario has more and none are given here; 1 without
    /// measures, with --against none, --checkpoint-every, --record standard or --audit report]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: Option<u32>,
    /// Runs at the same time, with several seeds [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub jobs: Option<u32>,
    /// Compare with the baseline of the same seed, which is run too [default: baseline if the scenario has measures]
    #[arg(long, value_enum)]
    pub against: Option<Against>,
    /// What happens when an identity of the accounts fails
    #[arg(long, value_enum, default_value_t = Audit::Stop)]
    pub audit: Audit,
    /// How much is recorded
    #[arg(long, value_enum, default_value_t = Record::Full)]
    pub record: Record,
}

/// Arguments of `resume`.
#[derive(Debug, Args)]
pub struct ResumeArguments {
    /// Checkpoint (.ckpt)
    pub checkpoint: PathBuf,
    /// Number of ticks of the whole run [default: as planned when it began]
    #[arg(long, value_parser = clap::value_parser!(u32).range(TICKS))]
    pub ticks: Option<u32>,
    /// Where and how it is recorded.
    #[command(flatten)]
    pub output: OutputArguments,
}

/// Where and how a run is recorded.
#[derive(Clone, Debug, Default, Args)]
pub struct OutputArguments {
    /// Recording (.h5) [default: <scenario>.h5 here, of one seed <scenario>-<seed>.h5, or beside the checkpoint]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace a recording of another configuration
    #[arg(long)]
    pub overwrite: bool,
    /// Write a checkpoint every so many ticks and at the end
    #[arg(long, value_name = "TICKS", value_parser = clap::value_parser!(u32).range(TICKS))]
    pub checkpoint_every: Option<u32>,
    /// Write the recording every so many ticks; 0 only at the end
    #[arg(long, value_name = "TICKS", default_value_t = 24)]
    pub flush_every: u32,
    /// Threads [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Scenario and its changes.
    #[command(flatten)]
    pub scenario: ScenarioArguments,
    /// Print the whole configuration with every default, which is itself a scenario file
    #[arg(long)]
    pub details: bool,
    /// For programs: sizes, estimates, when measures act, as JSON
    #[arg(long, conflicts_with = "details")]
    pub json: bool,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// Recording or ensemble (.h5), checkpoint (.ckpt), or the folder of a sweep that is merged
    pub a: PathBuf,
    /// Another of the kind
    pub b: PathBuf,
    /// For programs: what differs, and where first, as JSON
    #[arg(long)]
    pub json: bool,
}

/// Languages of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
}

/// What a report is made from.
#[derive(Debug, Args)]
pub struct ReportSource {
    /// Recording or ensemble (.h5), or the folder of a sweep that is merged
    pub file: PathBuf,
    /// Arm of an ensemble [default: the first that has a baseline]
    #[arg(long, value_name = "NAME")]
    pub arm: Option<String>,
    /// Recording of the same seed it is compared with [default: <file>.baseline.h5 beside it, if it is there]
    #[arg(long, value_name = "FILE", conflicts_with = "alone")]
    pub against: Option<PathBuf>,
    /// Compare files that differ in more than their measures too, and say so in red
    #[arg(long, conflicts_with = "alone")]
    pub force: bool,
    /// Compare with nothing
    #[arg(long)]
    pub alone: bool,
    /// Region [default: the one the measures are about]
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Language
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub lang: Lang,
}

/// Arguments of `report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// What it is made from.
    #[command(flatten)]
    pub from: ReportSource,
    /// Page (.html) [default: <file>.html]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Arguments of `plot`.
#[derive(Debug, Args)]
pub struct PlotArguments {
    /// Figure, such as real-gdp, imports-by-origin, sectors or map
    pub figure: String,
    /// What it is made from.
    #[command(flatten)]
    pub from: ReportSource,
    /// Drawing (.svg) or picture (.png) [default: <figure>.svg here]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Pixels a unit of the drawing, of a picture
    #[arg(long, value_name = "PIXELS", default_value_t = 3.0)]
    pub scale: f32,
}

/// Arguments of `indicators`.
#[derive(Debug, Args)]
pub struct IndicatorsArguments {
    /// Recording or ensemble (.h5), or the folder of a sweep that is merged
    pub file: Option<PathBuf>,
    /// Arm of an ensemble [default: the first that has a baseline]
    #[arg(long, value_name = "NAME", requires = "file")]
    pub arm: Option<String>,
    /// Recording of the same seed it is compared with
    #[arg(long, value_name = "FILE", requires = "file")]
    pub against: Option<PathBuf>,
    /// Compare files that differ in more than their measures too, and say so in red
    #[arg(long, requires = "against")]
    pub force: bool,
    /// Region [default: the one the measures are about]
    #[arg(long, value_name = "CODE", requires = "file")]
    pub region: Option<String>,
    /// Write all regions and ticks to a file (.csv)
    #[arg(long, value_name = "FILE", requires = "file")]
    pub csv: Option<PathBuf>,
    /// For programs: means of all years, or without a file all that is known of the indicators, as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `benchmark-static`.
#[derive(Debug, Args)]
pub struct BenchmarkStaticArguments {
    /// Scenario: the name of a shipped one (see `autarky list`) or the path of a .toml file
    pub scenario: String,
    /// Recording of the scenario (.h5) that is shown beside the benchmark [default: runs are done in memory]
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
    /// Its baseline [default: <file>.baseline.h5 beside it]
    #[arg(long, value_name = "FILE", requires = "run")]
    pub against: Option<PathBuf>,
    /// Compare files that differ in more than their measures too, and say so in red
    #[arg(long, requires = "run")]
    pub force: bool,
    /// Pairs of runs in memory, with seeds 1, 2, ..; 0 shows the benchmark alone
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=1000), conflicts_with = "run")]
    pub seeds: u32,
    /// Household agents of every region in these runs
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub households_per_region: u64,
    /// Number of ticks: the duties in force in the last one are looked at [default: of the scenario or recording]
    #[arg(long, value_parser = clap::value_parser!(u32).range(TICKS), conflicts_with = "run")]
    pub ticks: Option<u32>,
    /// Set a parameter; may be given several times
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub settings: Vec<String>,
    /// Begin from a base year in which every region's trade is balanced
    #[arg(long)]
    pub close_deficits: bool,
    /// Region [default: the one the measures are about]
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Write all regions, partners and products to a file (.csv)
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// For programs: all regions, partners and products, as JSON
    #[arg(long)]
    pub json: bool,
    /// Threads [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

/// How observations are prepared, shown by `replay --help`.
const OBSERVATIONS: &str = "Observations:
  Fill column `observed` of observed-template.csv, or of a file with the same columns (month, series, partner, unit, observed;
  in any order, others are ignored; comments are not read). Rows may be left empty or out.
  The model is written in trend units: it has neither target inflation nor trend growth, and no seasons. So take seasonally adjusted
  figures, and from amounts, prices and jobs take out the trend: in month t after the base months divide by
  (1 + yearly trend)^(t/12), with the trend of the years before, or the inflation target for prices.
  Shares and rates (percent) are compared as they are. Indices may have any base: they are rebased on the months before the first
  measure, at most twelve, of which at least one must be given. Amounts are compared as they are, unless --rebase levels.
  Errors count months since the first measure; what stands in errors.csv is defined on the page.";

/// Which observations are rebased on the months before the first measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rebased {
    /// Indices
    Index,
    /// Indices and amounts of money
    Levels,
    /// None
    None,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = OBSERVATIONS)]
pub struct ReplayArguments {
    /// Scenario, such as trade-war-2025: the name of a shipped one or the path of a .toml file; with months as ticks
    pub scenario: String,
    /// What was observed (.csv)
    #[arg(long, value_name = "FILE")]
    pub observed: Option<PathBuf>,
    /// Observed series that are rebased on the months before the first measure
    #[arg(long, value_enum, default_value_t = Rebased::Index)]
    pub rebase: Rebased,
    /// Folder for the tables and the page [default: replay-<scenario> here]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Recording of the scenario (.h5) with --record full [default: runs are done in memory]
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
    /// Its baseline [default: <file>.baseline.h5 beside it]
    #[arg(long, value_name = "FILE", requires = "run")]
    pub against: Option<PathBuf>,
    /// Compare files that differ in more than their measures too, and say so in red
    #[arg(long, requires = "run")]
    pub force: bool,
    /// Pairs of runs in memory, with seeds 1, 2, ..
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000), conflicts_with = "run")]
    pub seeds: u32,
    /// Household agents of every region in these runs
    #[arg(long, default_value_t = 4_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub households_per_region: u64,
    /// Number of ticks [default: of the scenario or recording]
    #[arg(long, value_parser = clap::value_parser!(u32).range(TICKS), conflicts_with = "run")]
    pub ticks: Option<u32>,
    /// Set a parameter; may be given several times
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub settings: Vec<String>,
    /// Importing region [default: the one the measures are about]
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Language of the page; tables stay as they are
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub lang: Lang,
    /// Threads [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("format").required(true).multiple(true)))]
pub struct ExportArguments {
    /// Recording or ensemble (.h5), or the folder of a sweep that is merged
    pub file: PathBuf,
    /// Comma-separated values: a file (.csv), described by <OUT>-metadata.json, a folder for one per set of dimensions, or
    /// - for standard output
    #[arg(long, value_name = "OUT", group = "format")]
    pub csv: Option<PathBuf>,
    /// Apache Parquet: a file (.parquet), or a folder for one per set of dimensions
    #[arg(long, value_name = "OUT", group = "format")]
    pub parquet: Option<PathBuf>,
    /// Sign before decimals in .csv [default: point]
    #[arg(long, value_name = "SIGN", requires = "csv")]
    pub decimal: Option<DecimalSign>,
    /// Variables [default: into a file all by time and region, into a folder all]
    #[arg(long, value_name = "NAME,..", value_delimiter = ',')]
    pub variables: Vec<String>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// Recording or ensemble (.h5), checkpoint (.ckpt), or folder of a sweep
    pub file: PathBuf,
    /// For programs: what was found, a line each, as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `reproduce`.
#[derive(Debug, Args)]
pub struct ReproduceArguments {
    /// Recording or ensemble (.h5)
    pub file: PathBuf,
    /// Run of an ensemble, by its id [default: the first that was done]
    #[arg(long, value_name = "ID")]
    pub run: Option<String>,
    /// Threads [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

/// What a run is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
pub enum Against {
    /// The same world and seed without measures
    Baseline,
    /// Nothing
    None,
}

/// What happens when an identity fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Audit {
    /// The run stops
    Stop,
    /// The run goes on and reports it
    Report,
}

/// How numbers of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DecimalSign {
    /// 0.065, values separated by commas
    Point,
    /// 0,065, values separated by semicolons: for spreadsheets of languages that write numbers so
    Comma,
}

/// How much is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Record {
    /// Without the cubes of region by partner by industry
    Standard,
    /// Everything
    Full,
}
