//! Experiments over seeds: the tariff facts, the scoreboard, the baseline at rest, what brings factories home and what moves
//! without policy, what reserves are worth, who gains and who loses, and how policies settle. Each says which worlds it needs and what it makes of their
//! recordings; one runner does the runs, each once, and keeps them.

mod adopt;
mod alike;
mod arm;
mod backup;
mod baseline;
mod churn;
mod displacement;
mod facts;
mod fork;
mod gains;
mod grow;
mod interview;
mod kept;
mod meter;
mod reshoring;
mod results;
mod runner;
mod score;
mod stability;

use agents::record::Detail;
use analysis::recording::Recording;
use analysis::table::Table;
use engine::files::{Together, write_bytes_atomically};

use crate::arguments::{Command, EnsembleArguments};
use crate::config::{Overrides, Population, ResolvedConfig, load_scenario};
use crate::failure::{Failure, Panics, file_error};
use crate::provenance;
use crate::signals::Interrupt;
use crate::terminal::{note, say};
use crate::threads::set_threads;

use arm::{Arm, Run};
use interview::{Answer, Question};
use kept::Kept;
use runner::Missing;

pub use results::results;

#[cfg(test)]
mod tests;

/// Shipped scenario that raises the duties on all origins.
const UNIFORM: &str = "us-uniform-10";
/// Region that raises its duties.
const IMPORTER: &str = "USA";

/// A question over seeds: which worlds answer it, and the tables that are made of them.
trait Experiment {
    /// Name of its command and of its tables.
    fn name(&self) -> &'static str;

    /// The worlds it needs.
    fn arms(&self) -> &[Arm];

    /// What their recordings say.
    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure>;

    /// A page, and the words by which it is known to be about the same as this one, where a command can make pages about this and that.
    fn about(&self) -> Option<(&'static str, String)> {
        None
    }
}

/// What an experiment found.
struct Tables {
    /// Names and contents of files.
    files: Vec<(&'static str, String)>,
    /// The table that is printed.
    short: Table,
    /// What is said at the end; may be empty.
    last: String,
}

/// The recorded worlds of an experiment.
struct Worlds<'a> {
    kept: &'a Kept,
    arms: &'a [Arm],
}

impl Worlds<'_> {
    /// The recording of an arm with a seed.
    fn recording(&self, arm: usize, seed: u64) -> Result<Recording<'static>, Failure> {
        self.kept.recording(&self.arms[arm].run(seed))
    }

    /// What an arm with a seed answered to a question.
    fn answer(&self, arm: usize, seed: u64, question: Question) -> Result<Answer, Failure> {
        self.kept.answer(&self.arms[arm].run(seed), question)
    }
}

/// An experiment, or why it cannot be made.
type Made = Result<Box<dyn Experiment>, Failure>;

/// What an experiment is made with.
struct Laboratory<'a> {
    arguments: &'a EnsembleArguments,
    seeds: u32,
    ticks: u32,
}

impl Laboratory<'_> {
    /// A shipped scenario with the settings of the command line and more.
    fn arm(&self, scenario: &str, more: &[&str], detail: Detail) -> Result<Arm, Failure> {
        let more = more.iter().map(ToString::to_string);
        let overrides = Overrides {
            ticks: Some(self.ticks),
            households_per_region: Some(self.arguments.households_per_region),
            settings: self.arguments.settings.iter().cloned().chain(more).collect(),
            ..Overrides::default()
        };
        Ok(Arm::new(load_scenario(scenario, &overrides)?, detail, self.seeds))
    }

    /// Writes the tables, prints the short one and says where the others are.
    fn publish(&self, tables: &Tables) -> Result<(), Failure> {
        let out = &self.arguments.out;
        std::fs::create_dir_all(out).map_err(|error| file_error("create", out, error))?;
        let mut together = Together::default();
        for (name, text) in &tables.files {
            let path = out.join(name);
            together.note(&path);
            write_bytes_atomically(&path, text.as_bytes())?;
        }
        together.keep();
        say(&tables.short.to_text());
        say(&format!("\nwritten: {}\n", out.display()));
        if !tables.last.is_empty() {
            say(&format!("{}\n", tables.last));
        }
        Ok(())
    }
}

/// Measures seed after seed: 1, 2, ..
fn each_seed<T>(seeds: u32, measure: impl FnMut(u64) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    (1..=u64::from(seeds)).map(measure).collect()
}

/// All runs of some experiments.
fn runs_of(arms: &[Arm]) -> Vec<Run> {
    arms.iter().flat_map(|arm| (1..=u64::from(arm.seeds)).map(|seed| arm.run(seed))).collect()
}

/// An experiment of the command line that is ready to be done.
struct Planned<'a> {
    laboratory: Laboratory<'a>,
    experiment: Box<dyn Experiment>,
}

impl Planned<'_> {
    /// Makes the tables of runs that are kept.
    fn tables(&self, kept: &Kept) -> Result<Tables, Failure> {
        let mut tables = self.experiment.tables(&Worlds { kept, arms: self.experiment.arms() })?;
        let pages = tables.files.iter_mut();
        let settings = self.laboratory.arguments.settings.join("`, `");
        let adopted = adopt::noted(kept);
        for (name, text) in pages.filter(|x| std::path::Path::new(x.0).extension().is_some_and(|end| end == "md")) {
            if !settings.is_empty() {
                // Pages of other parameters are told apart.
                let what = if name.ends_with(".zh.md") { "参数设定：" } else { "Settings: " };
                *text += &["\n", what, "`", &settings, "`\n"].concat();
            }
            if !adopted.is_empty() {
                *text += &["\nRuns: ", &adopted, ".\n"].concat();
            }
        }
        Ok(tables)
    }

    /// Does the runs that are not kept yet, then makes the tables.
    fn make(&self, panics: &Panics) -> Result<(), Failure> {
        let out = &self.laboratory.arguments.out;
        if let Some((name, words)) = self.experiment.about() {
            let page = out.join(name);
            if std::fs::read_to_string(&page).is_ok_and(|text| !text.contains(&words)) {
                return Err(Failure::File(format!(
                    "cannot write {}: the page there is not about {words}; give another --out, or --overwrite to replace it",
                    page.display()
                )));
            }
        }
        let kept = Kept::beside(out);
        let missing = Missing::of(&runs_of(self.experiment.arms()), &kept);
        note(&missing.text(&kept));
        missing.make(&Interrupt::listen()?, panics, &kept)?;
        let tables = self.tables(&kept)?;
        self.laboratory.publish(&tables)
    }
}

/// An experiment as the command line asks for it; `None` for a command that is not one.
fn planned(command: &Command) -> Result<Option<Planned<'_>>, Failure> {
    let laboratory = |ensemble, seeds, ticks| Laboratory { arguments: ensemble, seeds, ticks };
    let with = |laboratory, experiment: &dyn Fn(&Laboratory<'_>) -> Made| {
        Ok(Some(Planned { experiment: experiment(&laboratory)?, laboratory }))
    };
    match command {
        Command::Alike(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &alike::Alike::plan),
        Command::Backup(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &backup::Backup::plan),
        Command::Baseline(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &baseline::Baseline::plan),
        Command::Churn(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &churn::Churned::plan),
        Command::Displacement(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks()), &displacement::Displaced::plan),
        Command::Facts(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &facts::Facts::plan),
        Command::Gains(x) => {
            with(laboratory(&x.ensemble, x.seeds, x.ticks), &|laboratory| gains::Gains::plan(laboratory, x))
        }
        Command::Reshoring(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &reshoring::Reshoring::plan),
        Command::Score(x) => {
            with(laboratory(&x.ensemble, x.seeds, score::LONG), &|laboratory| score::Scoreboard::plan(laboratory, x))
        }
        Command::Stability(x) => with(laboratory(&x.ensemble, x.seeds, x.ticks), &stability::Stability::plan),
        _ => Ok(None),
    }
}

/// Does the experiment of a command.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn experiment(command: &Command, panics: &Panics) -> Result<(), Failure> {
    let planned = planned(command)?.ok_or_else(|| Failure::Internal("a command that is no experiment".to_owned()))?;
    set_threads(planned.laboratory.arguments.threads)?;
    planned.make(panics)
}

/// Some columns of a table, those that fit a terminal.
fn columns<const N: usize>(table: &Table, keep: [usize; N]) -> Table {
    let row = |row: &Vec<String>| keep.map(|column| row[column].clone()).to_vec();
    Table { head: row(&table.head), rows: table.rows.iter().map(row).collect() }
}

/// Number of seeds, ticks and agents, in words.
fn size(config: &ResolvedConfig, seeds: u32) -> String {
    let population = match config.population {
        Population::HouseholdsPerRegion(count) => format!("{count} household agents a region"),
        Population::PersonsPerAgent(count) => format!("{count} persons a household agent"),
    };
    let plural = if seeds == 1 { "" } else { "s" };
    format!("{seeds} seed{plural}, {} ticks, {population}", config.ticks)
}

/// The same in Chinese.
fn size_in_chinese(config: &ResolvedConfig, seeds: u32) -> String {
    let population = match config.population {
        Population::HouseholdsPerRegion(count) => format!("每地区 {count} 个家庭个体"),
        Population::PersonsPerAgent(count) => format!("每个家庭个体代表 {count} 人"),
    };
    format!("{seeds} 个种子，{} 期，{population}", config.ticks)
}

/// The command and version that made a file, in Chinese.
fn maker_in_chinese(command: &str) -> String {
    format!("由 `autarky {command}` {} 生成，提交 {}。", provenance::VERSION, provenance::COMMIT)
}

/// The command and version that made a file.
fn maker(command: &str) -> String {
    format!("Made by `autarky {command}` {}, commit {}.", provenance::VERSION, provenance::COMMIT)
}
