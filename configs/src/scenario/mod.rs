//! What a scenario says, and what it says once resolved.
//!
//! [`load_scenario`] goes from a name or path to everything a run needs to know: the scenario as written ([`Loaded::raw`]) and as
//! resolved ([`Loaded::config`]); the latter prints as TOML that loads again. Shipped files are embedded, so nothing is read from
//! disk but what a path names.

mod load;

use std::fmt::Write as _;

pub use load::{Loaded, Overrides, RawFile, Refusal, Trouble, is_path, load_scenario, load_scenario_text, load_world};

use serde::{Deserialize, Serialize};

use crate::date::{Date, TickCalendar};
use crate::measures::Measure;
use crate::parameters::ParameterSet;
use crate::reading::keys::{Holds, Key, names, optional, required};
use crate::reading::{Node, Problems, Table, did_you_mean, join};

/// Name of the model of scenarios that name none.
pub const ECONOMY: &str = "economy";

/// How many agents stand for the persons of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// The same number of household agents in every region, whatever its population.
    HouseholdsPerRegion(u64),
    /// The same number of persons behind every household agent.
    PersonsPerAgent(u64),
}

/// Everything a run depends on besides the tables of the world: no default left open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolvedConfig {
    /// Name of the scenario.
    pub name: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Indicators that answer its question.
    pub answers: Vec<String>,
    /// Model: one of the names that were known when it was read.
    pub model: String,
    /// World: the name of a shipped one, or the path of a folder.
    pub world: String,
    /// Seed of all random draws.
    pub seed: u64,
    /// First day of the first tick.
    pub start: Date,
    /// Number of ticks.
    pub ticks: u32,
    /// Ticks in a year: 12 (months) or 4 (quarters).
    pub ticks_per_year: u32,
    /// Agents and persons.
    pub population: Population,
    /// Household agents for each firm agent.
    pub households_per_firm: u64,
    /// Parameters with their sources.
    pub parameters: ParameterSet,
    /// Dated measures of all policy files and of the scenario itself.
    pub measures: Vec<Measure>,
}

impl ResolvedConfig {
    /// The calendar of the run.
    ///
    /// # Panics
    /// Never after loading: the number of ticks a year was checked then.
    #[must_use]
    pub fn calendar(&self) -> TickCalendar {
        TickCalendar::new(self.start, self.ticks_per_year)
            .expect("ticks_per_year was checked when the scenario was read")
    }

    /// Whether every tick, and the one after the last, begins within the calendar.
    #[must_use]
    pub fn ends_in_calendar(&self) -> bool {
        ends_in_calendar(self.start, self.ticks, self.ticks_per_year)
    }

    /// The configuration as a scenario file that resolves to the same configuration.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        for (key, value) in [("title", &self.title), ("description", &self.description), ("world", &self.world)] {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        if !self.answers.is_empty() {
            let answers: Vec<String> = self.answers.iter().map(|answer| quoted(answer)).collect();
            let _ = writeln!(text, "answers = [{}]", answers.join(", "));
        }
        if self.model != ECONOMY {
            let _ = writeln!(text, "model = {}", quoted(&self.model));
        }
        let _ = writeln!(text, "seed = {}\n", self.seed);
        let _ = writeln!(text, "[time]\nstart = \"{}\"\nticks = {}", self.start, self.ticks);
        let _ = writeln!(text, "ticks_per_year = {}\n\n[size]", self.ticks_per_year);
        let _ = match self.population {
            Population::HouseholdsPerRegion(count) => {
                writeln!(text, "households_per_region = {count}")
            }
            Population::PersonsPerAgent(count) => writeln!(text, "persons_per_agent = {count}"),
        };
        let _ = writeln!(text, "households_per_firm = {}\n", self.households_per_firm);
        text.push_str(&self.parameters.to_toml("parameters."));
        for measure in &self.measures {
            let _ = write!(text, "\n{}", measure.to_toml());
        }
        text
    }
}

/// Whether so many ticks from `start` and the one after them begin by the end of the year 9999.
fn ends_in_calendar(start: Date, ticks: u32, ticks_per_year: u32) -> bool {
    let months = u64::from(ticks) * 12 / u64::from(ticks_per_year.max(1));
    start.year() as u64 * 12 + u64::from(start.month()) - 1 + months < 10_000 * 12
}

/// A TOML string on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A scenario file as written, before its world, policies and parameters are looked up.
#[derive(Debug, Clone, PartialEq)]
struct RawScenario {
    title: String,
    description: String,
    answers: Vec<String>,
    model: String,
    world: (String, Node),
    policies: Vec<(String, Node)>,
    /// Policies that are in force in the world it is compared with too.
    baseline_policies: Vec<(String, Node)>,
    seed: u64,
    start: Date,
    ticks: u32,
    ticks_per_year: u32,
    population: Population,
    households_per_firm: u64,
}

/// Largest number of ticks: two centuries of months.
const TICKS_LIMIT: u64 = 2400;

/// Largest number of agents of a region, or persons behind one.
const AGENTS_LIMIT: u64 = 1_000_000_000;

/// Keys of `[time]`.
const TIME: &[Key] = &[
    required("start", Holds::Date, "first day of the first tick"),
    required("ticks", Holds::Count(1, TICKS_LIMIT), "number of ticks"),
    optional("ticks_per_year", Holds::Count(1, 12), "12: a tick is a month; 4: a quarter"),
];

/// Keys of `[size]`.
const SIZE: &[Key] = &[
    optional("households_per_region", Holds::Count(1, AGENTS_LIMIT), "household agents of every region"),
    optional("persons_per_agent", Holds::Count(1, AGENTS_LIMIT), "persons behind every household agent"),
    optional("households_per_firm", Holds::Count(1, 1_000_000), "household agents for each firm agent"),
];

/// Keys of a scenario; parameters and measures are declared where they are read.
pub const KEYS: &[Key] = &[
    optional("title", Holds::Text, "one line about it"),
    optional("description", Holds::Text, "what it is about"),
    optional("answers", Holds::Texts, "indicators that answer its question, first on the page of a report"),
    required("world", Holds::Text, "name of a shipped world, or path of a folder"),
    optional("model", Holds::Text, "name of a model, as `autarky list models` has them"),
    optional("policies", Holds::Texts, "names of shipped policies, or paths ending in .toml"),
    optional("baseline_policies", Holds::Texts, "policies in force in the world it is compared with too"),
    optional("seed", Holds::Count(0, i64::MAX as u64), "seed of all random draws"),
    required("time", Holds::Table(TIME), "when"),
    required("size", Holds::Table(SIZE), "how many agents"),
    optional("parameters", Holds::Anything, "parameters that differ, by section"),
    optional("measure", Holds::Anything, "measures of its own"),
];

/// What a scenario can name that is not of this crate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Names of models.
    pub models: &'a [&'a str],
    /// Names of indicators.
    pub indicators: &'a [&'a str],
}

/// Reads the scalar parts of a scenario, given what it can name; issues go to `problems`.
fn read(document: &Table, known: Known<'_>, problems: &mut Problems<'_>) -> Option<RawScenario> {
    document.reject_unknown(&names(KEYS), "", problems);
    let title = text(document, "title", problems);
    let description = text(document, "description", problems);
    let world = document
        .require("world", "", "add `world = \"world-15x21\"` or the path of a folder", problems)
        .and_then(|node| Some((node.text("world", problems)?.to_owned(), node.clone())));
    let answers = read_answers(document, known.indicators, problems);
    let model = read_model(document, known.models, problems);
    let policies = read_names(document, "policies", problems);
    let baseline_policies = read_names(document, "baseline_policies", problems);
    let seed = count(document, "", "seed", Some(1), (0, i64::MAX as u64), problems);
    let time = table(document, "time", problems);
    let size = table(document, "size", problems);
    time.reject_unknown(&names(TIME), "time", problems);
    let start = time
        .require("start", "time", "add `start = \"2024-01\"`", problems)
        .and_then(|node| node.date("time.start", problems));
    let ticks = count(&time, "time", "ticks", None, (1, TICKS_LIMIT), problems);
    let ticks_per_year = count(&time, "time", "ticks_per_year", Some(12), (1, 12), problems);
    if let (Some(node), Some(given)) = (time.get("ticks_per_year"), ticks_per_year)
        && given != 12
        && given != 4
    {
        let message = format!("{given} ticks a year: a tick is a month or a quarter");
        problems.report(node.span.clone(), "time.ticks_per_year", message, "write 12 or 4");
    }
    if let (Some(node), Some(start), Some(4)) = (time.get("start"), start, ticks_per_year)
        && !(start.month() - 1).is_multiple_of(3)
    {
        let message = format!("a run of quarters cannot start in month {}", start.month());
        problems.report(node.span.clone(), "time.start", message, "start in month 1, 4, 7 or 10");
    }
    let (population, households_per_firm) = read_size(&size, problems);
    Some(RawScenario {
        title,
        description,
        answers,
        model,
        world: world?,
        policies,
        baseline_policies,
        // Where a value could not be read an issue was reported, so what stands in for it is never run;
        // it lets the rest of the scenario be checked at once.
        seed: seed.unwrap_or(1),
        start: start.or_else(|| Date::new(2024, 1, 1))?,
        ticks: ticks.unwrap_or(1) as u32,
        ticks_per_year: ticks_per_year.unwrap_or(12) as u32,
        population: population.unwrap_or(Population::PersonsPerAgent(1)),
        households_per_firm: households_per_firm.unwrap_or(1),
    })
}

fn read_model(document: &Table, models: &[&str], problems: &mut Problems<'_>) -> String {
    let Some(node) = document.get("model") else { return ECONOMY.to_owned() };
    let model = node.text("model", problems).unwrap_or(ECONOMY).to_owned();
    if !models.contains(&model.as_str()) {
        let message = format!("no model is called `{model}`");
        problems.report(node.span.clone(), "model", message, did_you_mean(&model, models.iter().copied()));
    }
    model
}

fn text(document: &Table, key: &str, problems: &mut Problems<'_>) -> String {
    document.get(key).and_then(|node| node.text(key, problems)).unwrap_or_default().to_owned()
}

fn table(document: &Table, key: &str, problems: &mut Problems<'_>) -> Table {
    let empty = Table { span: document.span.clone(), entries: Vec::new() };
    document.get(key).map_or(Some(&empty), |node| node.table(key, problems)).cloned().unwrap_or(empty)
}

fn count(
    table: &Table,
    path: &str,
    key: &str,
    default: Option<u64>,
    range: (u64, u64),
    problems: &mut Problems<'_>,
) -> Option<u64> {
    let Some(node) = table.get(key) else {
        if default.is_none() {
            table.require(key, path, &format!("add `{key} = ..`"), problems);
        }
        return default;
    };
    within(node, &join(path, key), range, problems)
}

/// The value as a whole number in a range, or a reported issue.
pub fn within(node: &Node, path: &str, range: (u64, u64), problems: &mut Problems<'_>) -> Option<u64> {
    let value = node.count(path, problems)?;
    if value < range.0 || value > range.1 {
        let message = format!("{value} is out of range");
        problems.report(node.span.clone(), path, message, format!("must be from {} to {}", range.0, range.1));
        return None;
    }
    Some(value)
}

fn read_answers(document: &Table, indicators: &[&str], problems: &mut Problems<'_>) -> Vec<String> {
    let answers = read_names(document, "answers", problems);
    for (name, node) in answers.iter().filter(|x| !indicators.contains(&x.0.as_str())) {
        let remedy = did_you_mean(name, indicators.iter().copied());
        problems.report(node.span.clone(), "answers", format!("no indicator is called `{name}`"), remedy);
    }
    answers.into_iter().map(|x| x.0).collect()
}

fn read_names(document: &Table, key: &str, problems: &mut Problems<'_>) -> Vec<(String, Node)> {
    let Some(node) = document.get(key) else {
        return Vec::new();
    };
    let Some(items) = node.list(key, problems) else {
        return Vec::new();
    };
    items.iter().filter_map(|item| Some((item.text(key, problems)?.to_owned(), item.clone()))).collect()
}

fn read_size(size: &Table, problems: &mut Problems<'_>) -> (Option<Population>, Option<u64>) {
    size.reject_unknown(&names(SIZE), "size", problems);
    let per_firm = count(size, "size", "households_per_firm", Some(5), (1, 1_000_000), problems);
    let limit = (1, AGENTS_LIMIT);
    let population = match (size.get("households_per_region"), size.get("persons_per_agent")) {
        (Some(_), None) => {
            count(size, "size", "households_per_region", None, limit, problems).map(Population::HouseholdsPerRegion)
        }
        (None, Some(_)) => {
            count(size, "size", "persons_per_agent", None, limit, problems).map(Population::PersonsPerAgent)
        }
        (None, None) => {
            let remedy = "add `[size]` with `households_per_region = 10000` or `persons_per_agent = 10000`";
            problems.report(size.span.clone(), "size", "no size", remedy);
            None
        }
        (Some(_), Some(node)) => {
            let message = "both `households_per_region` and `persons_per_agent`";
            problems.report(node.span.clone(), "size.persons_per_agent", message, "keep one of the two");
            None
        }
    };
    (population, per_firm)
}
