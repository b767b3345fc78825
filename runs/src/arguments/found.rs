//! Arguments of what finds things out: `list`, `show`, `new`, `completions`, `man`, `schema`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// What is listed [default: scenarios, worlds and policies]
    #[arg(value_enum)]
    pub kind: Option<EntryKind>,
    /// World whose regions and industries are listed: the name of a shipped one or the path of a folder
    #[arg(long, value_name = "WORLD")]
    pub world: Option<String>,
    /// For programs: everything that is known, as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// Name of anything that `autarky list` lists, such as us-uniform-10, `trade.elasticity_scale`, tariff, USA or `real_gdp`;
    /// or the path of a scenario (.toml)
    pub name: String,
    /// What it is, where a name is that of several things
    #[arg(long, value_enum)]
    pub kind: Option<EntryKind>,
    /// World of regions and industries: the name of a shipped one or the path of a folder
    #[arg(long, value_name = "WORLD")]
    pub world: Option<String>,
    /// For programs: everything that is known, as JSON
    #[arg(long)]
    pub json: bool,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize)]
pub enum EntryKind {
    /// Worlds with measures, to run
    #[value(name = "scenarios", alias = "scenario")]
    #[serde(rename = "scenario")]
    Scenario,
    /// Base-year worlds
    #[value(name = "worlds", alias = "world")]
    #[serde(rename = "world")]
    World,
    /// Dated measures
    #[value(name = "policies", alias = "policy")]
    #[serde(rename = "policy")]
    Policy,
    /// Economic numbers that --set changes
    #[value(name = "parameters", alias = "parameter")]
    #[serde(rename = "parameter")]
    Parameter,
    /// Kinds of measures
    #[value(name = "measures", alias = "measure")]
    #[serde(rename = "measure")]
    Measure,
    /// Regions of a world and their areas
    #[value(name = "regions", alias = "region")]
    #[serde(rename = "region")]
    Region,
    /// Industries of a world
    #[value(name = "industries", alias = "industry")]
    #[serde(rename = "industry")]
    Industry,
    /// What a run records
    #[value(name = "variables", alias = "variable")]
    #[serde(rename = "variable")]
    Variable,
    /// Models that a scenario can name
    #[value(name = "models", alias = "model")]
    #[serde(rename = "model")]
    Model,
    /// What is computed from a recording
    #[value(name = "indicators", alias = "indicator")]
    #[serde(rename = "indicator")]
    Indicator,
    /// What `plot` draws
    #[value(name = "figures", alias = "figure")]
    #[serde(rename = "figure")]
    Figure,
}

/// Arguments of `new`.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// Scenario that is written (.toml); nothing is ever replaced
    pub file: PathBuf,
    /// Scenario it begins as: the name of a shipped one (see `autarky list`) or the path of a .toml file
    #[arg(long, value_name = "SCENARIO")]
    pub from: Option<String>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArguments {
    /// Shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// Folder for a page of every command [default: the page of the program, to standard output]
    pub dir: Option<PathBuf>,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// Kind of file
    #[arg(value_enum)]
    pub kind: SchemaKind,
}

/// Kinds of input files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaKind {
    /// A scenario (.toml)
    Scenario,
    /// Dated measures (.toml)
    Policy,
    /// An experiment (.toml), for sweeps
    Experiment,
    /// Parameters (`configs/parameters.toml`)
    Parameters,
    /// Tables of a world (.csv): an object of every file, whose items are rows
    World,
    /// A table of observations (.csv), for replay: its rows
    Observed,
}
