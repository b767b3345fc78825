//! Experiments over seeds, run in memory: the tariff facts, the scoreboard, the baseline at rest, what brings factories home and what moves without policy, what reserves are worth, and how policies settle.

mod backup;
mod baseline;
mod churn;
mod facts;
mod reshoring;
mod score;
mod stability;

use agents::calibration::Calibration;
use agents::policy::Measure;
use agents::record::Detail;
use analysis::table::Table;
use engine::files::{Together, write_bytes_atomically};
use engine::recorder::Recorder;

use crate::arguments::EnsembleArguments;
use crate::checkpoint::Options;
use crate::config::{Loaded, Overrides, Population, ResolvedConfig, load_scenario};
use crate::failure::{Failure, file_error};
use crate::provenance;
use crate::run::set_threads;
use crate::session::Session;
use crate::signals::Interrupt;
use crate::terminal::{note, say};

pub use backup::backup;
pub use baseline::baseline;
pub use churn::churn;
pub use facts::facts;
pub use reshoring::reshoring;
pub use score::score;
pub use stability::stability;

/// Shipped scenario that raises the duties on all origins.
const UNIFORM: &str = "us-uniform-10";
/// Region that raises its duties.
const IMPORTER: &str = "USA";

/// What the experiments of one command share.
struct Laboratory<'a> {
    arguments: &'a EnsembleArguments,
    seeds: u32,
    ticks: u32,
    interrupt: Interrupt,
}

impl<'a> Laboratory<'a> {
    /// Sets the threads, listens for signals and makes the folder for the tables.
    fn open(arguments: &'a EnsembleArguments, seeds: u32, ticks: u32) -> Result<Self, Failure> {
        set_threads(arguments.threads)?;
        let interrupt = Interrupt::listen()?;
        std::fs::create_dir_all(&arguments.out).map_err(|error| file_error("create", &arguments.out, error))?;
        Ok(Self { arguments, seeds, ticks, interrupt })
    }

    /// Loads a shipped scenario with the settings of the command line and more.
    fn load(&self, scenario: &str, more: &[&str]) -> Result<Loaded, Failure> {
        let more = more.iter().map(ToString::to_string);
        let overrides = Overrides {
            ticks: Some(self.ticks),
            households_per_region: Some(self.arguments.households_per_region),
            settings: self.arguments.settings.iter().cloned().chain(more).collect(),
            ..Overrides::default()
        };
        Ok(load_scenario(scenario, &overrides)?)
    }

    /// Measures seed after seed until all are done or a signal arrives (`None`).
    fn each_seed<T>(&self, mut measure: impl FnMut(u64) -> Result<Option<T>, Failure>) -> Result<Vec<T>, Failure> {
        let mut seeds = Vec::new();
        for seed in 1..=u64::from(self.seeds) {
            note(&format!("seed {seed} of {}", self.seeds));
            match measure(seed)? {
                Some(found) => seeds.push(found),
                None => break,
            }
        }
        if seeds.is_empty() { Err(Failure::Stopped) } else { Ok(seeds) }
    }

    /// Runs a world to its end in memory; `None` if a signal arrived.
    fn recorded(
        &self,
        config: &ResolvedConfig,
        calibration: &Calibration,
        detail: Detail,
    ) -> Result<Option<Recorder>, Failure> {
        let options = Options { audit_stops: true, detail, compare: false };
        let mut session = Session::begin(config.clone(), calibration, options)?;
        while session.tick() < config.ticks {
            if self.interrupt.requested() {
                return Ok(None);
            }
            session.step()?;
        }
        Ok(Some(session.into_recorder()))
    }

    /// Writes the tables, prints the short one and says where the others are.
    fn publish(&self, files: &[(&str, &str)], short: &Table) -> Result<(), Failure> {
        let mut together = Together::default();
        for (name, text) in files {
            let path = self.arguments.out.join(name);
            together.note(&path);
            write_bytes_atomically(&path, text.as_bytes())?;
        }
        together.keep();
        say(&short.to_text());
        say(&format!("\nwritten: {}\n", self.arguments.out.display()));
        Ok(())
    }
}

/// A configuration with another seed and other measures.
fn with(config: &ResolvedConfig, seed: u64, measures: &[Measure]) -> ResolvedConfig {
    ResolvedConfig { seed, measures: measures.to_vec(), ..config.clone() }
}

/// Some columns of a table, those that fit a terminal.
fn columns<const N: usize>(table: &Table, keep: [usize; N]) -> Table {
    let row = |row: &Vec<String>| keep.map(|column| row[column].clone()).to_vec();
    Table { head: row(&table.head), rows: table.rows.iter().map(row).collect() }
}

/// Number of seeds, ticks and agents, in words.
fn size(config: &ResolvedConfig, seeds: usize) -> String {
    let population = match config.population {
        Population::HouseholdsPerRegion(count) => format!("{count} household agents a region"),
        Population::PersonsPerAgent(count) => format!("{count} persons a household agent"),
    };
    let plural = if seeds == 1 { "" } else { "s" };
    format!("{seeds} seed{plural}, {} ticks, {population}", config.ticks)
}

/// The command and version that made a file.
fn maker(command: &str) -> String {
    format!("Made by `autarky {command}` {}, commit {}.", provenance::VERSION, provenance::COMMIT)
}
