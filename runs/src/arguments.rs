//! The command line.

mod experiments;
mod found;
mod reports;
mod sweep;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use experiments::{
    AlikeArguments, BackupArguments, BaselineArguments, ChurnArguments, DisplacementArguments, EnsembleArguments,
    FactsArguments, GainsArguments, ReshoringArguments, ResultsArguments, ScoreArguments, StabilityArguments,
};
pub use found::{
    CompletionsArguments, EntryKind, ListArguments, ManArguments, NewArguments, SchemaArguments, SchemaKind,
    ShowArguments,
};
pub use reports::{
    BenchmarkStaticArguments, ExportArguments, IndicatorsArguments, Lang, PlotArguments, Rebased, ReplayArguments,
    ReportArguments, ReportSource,
};
pub use sweep::{
    ResultArguments, SweepCancelArguments, SweepCommand, SweepEffectsArguments, SweepIndicesArguments,
    SweepMergeArguments, SweepPlanArguments, SweepRunArguments, SweepStatusArguments, SweepSubmitArguments,
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
   8  verify: nothing is wrong, but another version made the file, and only that can check the rest
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
    /// Measure over seeds what a job costs that is lost at random, in good and in bad times, over twenty years
    Displacement(DisplacementArguments),
    /// Measure over seeds what differences between households make of a duty on all goods: units, tenths, or all alike
    Alike(AlikeArguments),
    /// Measure over seeds who gains and who loses from a scenario's policy, household by household, by what, and beside a placebo
    Gains(GainsArguments),
    /// Measure over seeds whether the world without policy stays at its calibration
    Baseline(BaselineArguments),
    /// Measure over seeds whether the world settles after the shipped experiments
    Stability(StabilityArguments),
    /// Make all shipped results that are out of date: the tables of nine of the commands above, no run twice
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
#[derive(Debug, Default, Args)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Audit {
    /// The run stops
    #[default]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Record {
    /// Without the cubes of region by partner by industry
    Standard,
    /// Everything
    #[default]
    Full,
}
