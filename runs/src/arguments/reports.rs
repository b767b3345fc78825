//! Arguments of what shows results: `report`, `plot`, `indicators`, `benchmark-static`, `replay`, `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{DecimalSign, TICKS};

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
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
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
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
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
