//! Finding, reading and joining the files of a scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Known, Population, RawScenario, ResolvedConfig, ends_in_calendar, read};
use crate::calibration::{Calibration, CalibrationFiles};
use crate::input::{self, Unread};
use crate::measures::{Codes, Measure, check_measures, check_needs, check_totals, parse_measures, read_measures};
use crate::parameters::ParameterSet;
use crate::reading::{Issue, Node, Problems, did_you_mean, parse_document};
use crate::shipped;

/// Values that take precedence over the scenario's (from the command line).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Seed.
    pub seed: Option<u64>,
    /// Number of ticks.
    pub ticks: Option<u32>,
    /// Persons behind every household agent.
    pub persons_per_agent: Option<u64>,
    /// Household agents of every region; beats `persons_per_agent`.
    pub households_per_region: Option<u64>,
    /// Parameters, as `section.key=value`; the value in TOML (a word needs no quotes).
    pub settings: Vec<String>,
}

impl Overrides {
    fn population(&self) -> Option<Population> {
        let by_region = self.households_per_region.map(Population::HouseholdsPerRegion);
        by_region.or(self.persons_per_agent.map(Population::PersonsPerAgent))
    }
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFile {
    /// Name in messages: a path, or `configs/..` for an embedded file.
    pub name: String,
    /// Text.
    pub text: Arc<str>,
}

/// A scenario with all it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The scenario, policy and parameter files as written.
    pub raw: Vec<RawFile>,
    /// The configuration with every default and reference resolved.
    pub config: ResolvedConfig,
    /// The world.
    pub calibration: Calibration,
}

/// What kind of input is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A scenario, policy or parameter.
    Configuration,
    /// A table of a world.
    Data,
    /// A file that cannot be read.
    File,
}

/// Everything wrong with the input, and the texts it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Every issue.
    pub issues: Vec<Issue>,
    /// Texts that were read, by the names that issues give them.
    pub texts: BTreeMap<String, Arc<str>>,
    /// What kind of input is at fault: the first that was found so.
    pub trouble: Trouble,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, issue) in self.issues.iter().enumerate() {
            write!(f, "{}{issue}", if place == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Loads a scenario by the name of a shipped one, or from a path (anything with a separator or `.toml`); given what it
/// can name.
///
/// # Errors
/// Everything wrong in the scenario, its parameters and policies, or the world; unreadable files.
pub fn load_scenario(name_or_path: &str, overrides: &Overrides, known: Known<'_>) -> Result<Loaded, Refusal> {
    let mut loader = Loader::default();
    loader.scenario(name_or_path, overrides, known).ok_or_else(|| loader.refusal())
}

/// Loads a scenario from its text; `name` stands for it in messages and names the configuration.
///
/// # Errors
/// As [`load_scenario`].
pub fn load_scenario_text(name: &str, text: &str, overrides: &Overrides, known: Known<'_>) -> Result<Loaded, Refusal> {
    let mut loader = Loader::default();
    let text = loader.keep(name, text);
    let origin = Origin { name, file: name.to_owned(), base: PathBuf::new() };
    loader.scenario_of(origin, text, overrides, known).ok_or_else(|| loader.refusal())
}

/// Loads a world by the name of a shipped one, or from the path of a folder.
///
/// # Errors
/// Unreadable files and everything wrong in them.
pub fn load_world(name_or_path: &str) -> Result<Calibration, Refusal> {
    let mut loader = Loader::default();
    loader.world(name_or_path, Path::new(""), None).ok_or_else(|| loader.refusal())
}

/// Files read and issues found so far.
#[derive(Default)]
struct Loader {
    texts: BTreeMap<String, Arc<str>>,
    raw: Vec<RawFile>,
    issues: Vec<Issue>,
    /// What kind of trouble came first, if it is not the configuration.
    kind: Option<Trouble>,
}

/// Where a scenario comes from.
struct Origin<'a> {
    /// Name or path, as it was given.
    name: &'a str,
    /// Name in messages.
    file: String,
    /// Folder to which paths in it are relative.
    base: PathBuf,
}

/// The reference to a file: where it stands in the scenario, for messages.
type Reference<'a> = Option<(&'a str, &'a Node, &'a str)>;

/// Whether a name is the path of a file and not that of a shipped one.
#[must_use]
pub fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || Path::new(name).extension().is_some_and(|extension| extension == "toml")
}

fn plain_issue(file: &str, message: String, remedy: String) -> Issue {
    Issue { file: file.to_owned(), span: 0..0, line: 1, column: 1, key: String::new(), message, remedy }
}

impl Loader {
    fn refusal(self) -> Refusal {
        Refusal { issues: self.issues, texts: self.texts, trouble: self.kind.unwrap_or(Trouble::Configuration) }
    }

    fn keep(&mut self, name: &str, text: &str) -> Arc<str> {
        let text: Arc<str> = Arc::from(text);
        self.texts.insert(name.to_owned(), Arc::clone(&text));
        text
    }

    /// Runs `read` on a kept text and takes over its issues.
    fn with_problems<T>(&mut self, name: &str, text: &str, read: impl FnOnce(&mut Problems<'_>) -> T) -> T {
        let mut problems = Problems::new(name, text);
        let value = read(&mut problems);
        self.issues.append(&mut problems.issues);
        value
    }

    /// Reads a file from disk, or reports why it cannot be read (at the reference, if there is one).
    fn disk(&mut self, path: &Path, limit: u64, reference: Reference<'_>) -> Option<(String, Arc<str>)> {
        let name = path.display().to_string();
        engine::files::protect(path);
        match input::text(path, limit) {
            Ok(text) => {
                let text = self.keep(&name, &text);
                Some((name, text))
            }
            Err(error) => {
                let (kind, remedy) = match &error {
                    Unread::Text(_) if limit == input::TABLE => (Trouble::Data, ""),
                    Unread::Text(_) => (Trouble::Configuration, ""),
                    Unread::Kind(_) => (Trouble::File, ""),
                    Unread::System(_) => (Trouble::File, "check the path and its permissions"),
                };
                self.kind.get_or_insert(kind);
                let message = match reference {
                    Some(_) => format!("cannot read {name}: {error}"),
                    None => format!("cannot be read: {error}"),
                };
                self.fail(reference, &name, message, remedy);
                None
            }
        }
    }

    /// Reports an issue at a reference in the scenario, or against a file as a whole.
    fn fail(&mut self, reference: Reference<'_>, file: &str, message: String, remedy: &str) {
        match reference {
            Some((scenario, node, key)) => {
                let text = self.texts.get(scenario).cloned().unwrap_or_default();
                let span = node.span.clone();
                self.with_problems(scenario, &text, |problems| {
                    problems.report(span, key, message, remedy);
                });
            }
            None => self.issues.push(plain_issue(file, message, remedy.to_owned())),
        }
    }

    /// Finds a file by name among the embedded ones of `folder`, or by path from `base`.
    fn file(&mut self, folder: &str, name: &str, base: &Path, reference: Reference<'_>) -> Option<(String, Arc<str>)> {
        if is_path(name) {
            return self.disk(&base.join(name), input::DOCUMENT, reference);
        }
        let path = format!("{folder}/{name}.toml");
        if let Some(text) = shipped::text(&path) {
            let shown = format!("configs/{path}");
            let text = self.keep(&shown, text);
            return Some((shown, text));
        }
        let known = if folder == "scenarios" { shipped::scenario_names() } else { shipped::policy_names() };
        let what = if folder == "scenarios" { "scenario" } else { "policy" };
        let remedy = format!("{} (or give a path ending in .toml)", did_you_mean(name, known.into_iter()));
        self.fail(reference, name, format!("no {what} is called `{name}`"), &remedy);
        None
    }

    fn scenario(&mut self, name_or_path: &str, overrides: &Overrides, known: Known<'_>) -> Option<Loaded> {
        let (file, text) = self.file("scenarios", name_or_path, Path::new(""), None)?;
        let base = if is_path(name_or_path) { Path::new(name_or_path).parent().map(PathBuf::from) } else { None }
            .unwrap_or_default();
        self.scenario_of(Origin { name: name_or_path, file, base }, text, overrides, known)
    }

    /// A scenario from its text.
    fn scenario_of(
        &mut self,
        origin: Origin<'_>,
        text: Arc<str>,
        overrides: &Overrides,
        known: Known<'_>,
    ) -> Option<Loaded> {
        let Origin { name: name_or_path, file, base } = origin;
        self.raw.push(RawFile { name: file.clone(), text: Arc::clone(&text) });
        let document = self.with_problems(&file, &text, |problems| parse_document(&text, problems))?;
        let raw = self.with_problems(&file, &text, |problems| read(&document, known, problems));
        let mut parameters = self.parameters();
        if let (Some(parameters), Some(node)) = (&mut parameters, document.get("parameters")) {
            self.with_problems(&file, &text, |problems| {
                if let Some(table) = node.table("parameters", problems) {
                    parameters.override_with(table, &format!("scenario {file}"), problems);
                }
            });
        }
        if let Some(parameters) = &mut parameters {
            self.settings(&overrides.settings, parameters);
        }
        let mut raw = raw?;
        raw.population = overrides.population().unwrap_or(raw.population);
        let raw = raw;
        let (world, node) = &raw.world;
        let calibration = self.world(world, &base, Some((&file, node, "world")))?;
        let codes = calibration.codes();
        let mut measures = self.policies(&raw, &file, &base, &codes);
        measures.extend(
            self.with_problems(&file, &text, |problems| read_measures(&document, &file, &text, &codes, problems)),
        );
        if let Err(mut issues) = check_measures(&measures) {
            self.issues.append(&mut issues);
        }
        if let Err(mut issues) = check_totals(&measures, &calibration) {
            self.issues.append(&mut issues);
        }
        if let Some(Err(mut issues)) = parameters.as_ref().map(|set| check_needs(&measures, &set.values)) {
            self.issues.append(&mut issues);
        }
        self.check_sizes(&raw, &calibration, &file, document.get("size"));
        self.check_end(&raw, overrides.ticks.unwrap_or(raw.ticks), &file, document.get("time"));
        if !self.issues.is_empty() {
            return None;
        }
        let world = if shipped::world_names().contains(&world.as_str()) {
            world.clone()
        } else {
            let path = base.join(world);
            std::path::absolute(&path).unwrap_or(path).display().to_string()
        };
        let config = ResolvedConfig {
            name: Path::new(name_or_path)
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default(),
            title: raw.title,
            description: raw.description,
            answers: raw.answers,
            model: raw.model,
            world,
            seed: overrides.seed.unwrap_or(raw.seed),
            start: raw.start,
            ticks: overrides.ticks.unwrap_or(raw.ticks),
            ticks_per_year: raw.ticks_per_year,
            population: raw.population,
            households_per_firm: raw.households_per_firm,
            parameters: parameters?,
            measures,
        };
        Some(Loaded { raw: std::mem::take(&mut self.raw), config, calibration })
    }

    /// Applies `section.key=value` settings of the command line.
    fn settings(&mut self, settings: &[String], parameters: &mut ParameterSet) {
        for setting in settings {
            let name = format!("--set {setting}");
            let Some((section, key, value)) = setting.split_once('=').and_then(|(path, value)| {
                path.split_once('.').map(|(section, key)| (section.trim(), key.trim(), value.trim()))
            }) else {
                let remedy = "write --set section.key=value, such as --set trade.rechoice_share=0.03";
                self.issues.push(plain_issue(&name, "not a setting".to_owned(), remedy.to_owned()));
                continue;
            };
            let plain = value.parse::<f64>().is_ok()
                || ["true", "false"].contains(&value)
                || value.starts_with(['"', '{', '\'']);
            let text = if plain {
                format!("{section} = {{ {key} = {value} }}")
            } else {
                format!("{section} = {{ {key} = {value:?} }}")
            };
            self.keep(&name, &text);
            self.with_problems(&name, &text, |problems| {
                if let Some(table) = parse_document(&text, problems) {
                    parameters.override_with(&table, "command line", problems);
                }
            });
        }
    }

    fn parameters(&mut self) -> Option<ParameterSet> {
        let name = "configs/parameters.toml";
        let text = shipped::text("parameters.toml")?;
        let text = self.keep(name, text);
        self.raw.push(RawFile { name: name.to_owned(), text: Arc::clone(&text) });
        match ParameterSet::parse(name, &text) {
            Ok(set) => Some(set),
            Err(mut issues) => {
                self.issues.append(&mut issues);
                None
            }
        }
    }

    fn policies(&mut self, raw: &RawScenario, file: &str, base: &Path, codes: &Codes) -> Vec<Measure> {
        let mut measures = Vec::new();
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        let own = raw.policies.iter().map(|x| (x, false, "policies"));
        let shared = raw.baseline_policies.iter().map(|x| (x, true, "baseline_policies"));
        for ((policy, node), shared, key) in own.chain(shared) {
            // Two names of one file are one policy; a name that is read ten thousand times takes all memory.
            let same = if is_path(policy) { std::fs::canonicalize(base.join(policy)).ok() } else { None };
            if !seen.insert(same.unwrap_or_else(|| PathBuf::from(policy))) {
                twice.push((policy, node, key));
                continue;
            }
            let Some((name, text)) = self.file("policies", policy, base, Some((file, node, key))) else {
                continue;
            };
            self.raw.push(RawFile { name: name.clone(), text: Arc::clone(&text) });
            match parse_measures(&name, &text, codes) {
                Ok(read) => {
                    measures.extend(read.into_iter().map(|m| Measure { shared: m.shared || shared, ..m }));
                }
                Err(mut issues) => self.issues.append(&mut issues),
            }
        }
        let text = self.texts.get(file).cloned().unwrap_or_default();
        self.with_problems(file, &text, |problems| {
            for (policy, node, key) in twice {
                let message = format!("policy `{policy}` is named twice");
                problems.report(node.span.clone(), key, message, "name every policy once");
            }
        });
        measures
    }

    fn world(&mut self, name: &str, base: &Path, reference: Reference<'_>) -> Option<Calibration> {
        let mut texts: [String; 12] = Default::default();
        let shipped = shipped::world_names().contains(&name);
        if !shipped && !is_path(name) && !base.join(name).is_dir() {
            let remedy =
                format!("{} (or give the path of a folder)", did_you_mean(name, shipped::world_names().into_iter()));
            self.fail(reference, name, format!("no world is called `{name}`"), &remedy);
            return None;
        }
        let folder = if shipped { format!("configs/worlds/{name}") } else { base.join(name).display().to_string() };
        if !shipped && !Path::new(&folder).is_dir() {
            self.kind.get_or_insert(Trouble::File);
            let message = format!("there is no folder {folder}");
            self.fail(reference, &folder, message, "check the path; it is relative to the scenario's folder");
            return None;
        }
        let mut complete = true;
        for (file, slot) in CalibrationFiles::NAMES.iter().zip(&mut texts) {
            let shown = format!("{folder}/{file}");
            let optional = CalibrationFiles::is_optional(file);
            if optional && !shipped && !Path::new(&shown).exists() {
                continue;
            }
            let found = if shipped {
                shipped::text(&format!("worlds/{name}/{file}")).map(|text| self.keep(&shown, text))
            } else {
                self.disk(Path::new(&shown), input::TABLE, None).map(|(_, text)| text)
            };
            match found {
                Some(text) => text.as_ref().clone_into(slot),
                None => complete &= optional && shipped,
            }
        }
        if !complete {
            return None;
        }
        match Calibration::parse(&CalibrationFiles::from_texts(&folder, texts)) {
            Ok(mut world) => {
                // Messages carry the whole path; the world itself is called by its folder.
                if let Some(short) = Path::new(name).file_name() {
                    world.name = short.to_string_lossy().into_owned();
                }
                Some(world)
            }
            Err(mut issues) => {
                self.kind.get_or_insert(Trouble::Data);
                self.issues.append(&mut issues);
                None
            }
        }
    }

    /// Every tick must lie within the calendar, the one after the last too.
    fn check_end(&mut self, raw: &RawScenario, ticks: u32, file: &str, time: Option<&Node>) {
        if !ends_in_calendar(raw.start, ticks, raw.ticks_per_year) {
            let message = format!("{ticks} ticks from {} end after the year 9999", raw.start);
            self.fail(time.map(|node| (file, node, "time")), file, message, "start earlier, or give fewer ticks");
        }
    }

    /// Every region-industry needs a firm and every decile a household.
    fn check_sizes(&mut self, raw: &RawScenario, world: &Calibration, file: &str, size: Option<&Node>) {
        let needed = 10 * world.industry_count() as u64;
        let (smallest, region) = match raw.population {
            Population::HouseholdsPerRegion(count) => (count, String::new()),
            Population::PersonsPerAgent(persons) => {
                let smallest = world
                    .macro_figures
                    .iter()
                    .zip(&world.regions)
                    .min_by(|(a, _), (b, _)| a.population.total_cmp(&b.population));
                smallest.map_or((0, String::new()), |(figures, region)| {
                    (figures.population as u64 / persons, format!(" in {}", region.code))
                })
            }
        };
        if smallest < needed {
            let message =
                format!("{smallest} households{region} are too few for {} industries", world.industry_count());
            let remedy = format!("give every region at least {needed} household agents");
            self.fail(size.map(|node| (file, node, "size")), file, message, &remedy);
        }
    }
}
