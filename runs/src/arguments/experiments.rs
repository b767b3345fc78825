//! Arguments of the experiments over seeds, and of the command that makes all of them.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `facts`.
#[derive(Debug, Args)]
pub struct FactsArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: a year before the policy and at least a year of it
    #[arg(long, default_value_t = 132, value_parser = clap::value_parser!(u32).range(24..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `gains`.
#[derive(Debug, Args)]
pub struct GainsArguments {
    /// Scenario: the name of a shipped one (see `autarky list`) or the path of a .toml file
    #[arg(default_value = "us-uniform-10")]
    pub scenario: String,
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: a year before the policy and at least a year of it
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u32).range(24..=2400))]
    pub ticks: u32,
    /// Region [default: the one the measures are about]
    #[arg(long, value_name = "CODE")]
    pub region: Option<String>,
    /// Compare it with other scenarios in one table, with what each costs the government
    #[arg(long, value_name = "SCENARIO,..", value_delimiter = ',', conflicts_with = "uses")]
    pub beside: Vec<String>,
    /// Compare uses of the revenue of duties: less debt, equal payments, child benefit, lower income tax, lower tax on profits
    #[arg(long)]
    pub uses: bool,
    /// Replace pages of another scenario or region in the folder
    #[arg(long)]
    pub overwrite: bool,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `reshoring`.
#[derive(Debug, Args)]
pub struct ReshoringArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: a year before the policy and at least two years of it
    #[arg(long, default_value_t = 96, value_parser = clap::value_parser!(u32).range(36..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `churn`.
#[derive(Debug, Args)]
pub struct ChurnArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: at least a year
    #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(12..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: the shocks come after five years
    #[arg(long, default_value_t = 96, value_parser = clap::value_parser!(u32).range(1..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `alike`.
#[derive(Debug, Args)]
pub struct AlikeArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: a year before the policy and at least a year of it; the last year is compared
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u32).range(24..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `displacement`.
#[derive(Debug, Args)]
pub struct DisplacementArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Years for which the displaced are followed; twenty for what is published
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub years: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

impl DisplacementArguments {
    /// Ticks of the runs: three years come before.
    #[must_use]
    pub const fn ticks(&self) -> u32 {
        12 * (3 + self.years)
    }
}

/// Arguments of `score`.
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// Number of seeds: 1, 2, ..; the curve of revenue takes every second one
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Facts to measure, by identifier, separated by commas [default: all]
    #[arg(long, value_name = "ID,..", value_delimiter = ',')]
    pub only: Vec<String>,
    /// World: the name of a shipped one or the path of a folder
    #[arg(long, default_value = "world-15x21")]
    pub world: String,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub struct BaselineArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks of the runs with shocks, at least a year
    #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(12..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// Arguments of `stability`.
#[derive(Debug, Args)]
pub struct StabilityArguments {
    /// Number of seeds: 1, 2, ..
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Number of ticks: a year before the policy and at least a year of it; twenty for all that is measured
    #[arg(long, default_value_t = 252, value_parser = clap::value_parser!(u32).range(24..=2400))]
    pub ticks: u32,
    /// Size, settings and output.
    #[command(flatten)]
    pub ensemble: EnsembleArguments,
}

/// What all experiments over seeds take.
#[derive(Debug, Args)]
pub struct EnsembleArguments {
    /// Household agents of every region
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub households_per_region: u64,
    /// Set a parameter; may be given several times
    #[arg(long = "set", value_name = "SECTION.KEY=VALUE")]
    pub settings: Vec<String>,
    /// Folder for the tables
    #[arg(long, default_value = "analysis/results")]
    pub out: PathBuf,
    /// Threads [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

/// Arguments of `results`.
#[derive(Debug, Args)]
pub struct ResultsArguments {
    /// Experiments to make, separated by commas [default: all]
    #[arg(long, value_name = "NAME,..", value_delimiter = ',')]
    pub only: Vec<String>,
    /// The same tables from a tenth of the households and half of the seeds, with wider intervals, for daily work
    #[arg(long)]
    pub quick: bool,
    /// Seeds of every experiment [default: 24 of churn, 4 of score, 8 of the others]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: Option<u32>,
    /// Household agents of every region [default: 10000; with --quick 1000]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub households_per_region: Option<u64>,
    /// Say what is out of date and what it takes, and make nothing
    #[arg(long)]
    pub plan: bool,
    /// Take over the kept runs of a former build, named by its folder in `.runs`: two runs of every experiment, of different worlds,
    /// are repeated first, and only if all they recorded is equal bit for bit is anything taken (else exit code 3)
    #[arg(long, value_name = "BUILD", conflicts_with = "plan")]
    pub adopt: Option<String>,
    /// Make them even if they are up to date
    #[arg(long)]
    pub again: bool,
    /// Folder for the tables [default: analysis/results; with --quick analysis/results/quick]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}
