//! The experiment file: what is run, what varies, how often, and what is kept.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use configs::reading::keys::{Holds, Key, names, optional, required};
use configs::reading::{Node, Problems, Table, Value, did_you_mean, join, parse_document};

use super::design::Design;
use super::factor::{Factor, Levels, Setting, Target};
use crate::config::{ConfigError, ErrorKind, within};
use crate::failure::Failure;
use crate::input;

/// An experiment as its file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Title.
    pub title: String,
    /// Scenario of every arm that does not vary it.
    pub scenario: String,
    /// Root of all seeds.
    pub seed: u64,
    /// Runs of every arm.
    pub replicates: u32,
    /// Whether every arm is paired with the same world without measures.
    pub baseline: bool,
    /// Number of ticks, if not the scenario's.
    pub ticks: Option<u32>,
    /// Household agents of every region, if not the scenario's.
    pub households_per_region: Option<u64>,
    /// Design.
    pub design: Design,
    /// Factors.
    pub factors: Vec<Factor>,
    /// Listed arms: a name and the values of some factors.
    pub arms: Vec<(String, BTreeMap<String, Setting>)>,
    /// Variables kept; empty for those by time and region.
    pub variables: Vec<String>,
    /// Whether they are kept in single precision.
    pub single: bool,
}

/// Reads an experiment file.
///
/// # Errors
/// The file cannot be read, or everything that is wrong in it.
pub fn read(path: &Path) -> Result<(Experiment, String), Failure> {
    engine::files::protect(path);
    let text =
        input::text(path, input::DOCUMENT).map_err(|error| input::failure(error, path, Failure::Configuration))?;
    let experiment = parse(&path.display().to_string(), &text)?;
    Ok((experiment, text))
}

/// Reads an experiment from its text; `name` is that of the file.
///
/// # Errors
/// Everything that is wrong in it.
pub fn parse(name: &str, text: &str) -> Result<Experiment, ConfigError> {
    let mut problems = Problems::new(name, text);
    let experiment = parse_document(text, &mut problems).and_then(|document| document_of(&document, &mut problems));
    match experiment {
        Some(experiment) if problems.issues.is_empty() => Ok(experiment),
        _ => {
            let texts = BTreeMap::from([(name.to_owned(), Arc::from(text))]);
            Err(ConfigError::new(problems.issues, &texts, ErrorKind::Configuration))
        }
    }
}

/// Keys of `[design]`.
const DESIGN: &[Key] = &[
    optional("kind", Holds::Text, "grid, list, one-at-a-time, random, latin-hypercube, sobol, saltelli or morris"),
    optional(
        "samples",
        Holds::Count(1, u32::MAX as u64),
        "samples of a random, Latin-hypercube, Sobol or Saltelli design",
    ),
    optional("trajectories", Holds::Count(1, u32::MAX as u64), "trajectories of a Morris design"),
    optional("levels", Holds::Count(2, 1000), "levels of a Morris design"),
];

/// Keys of `[[factor]]`.
const FACTOR: &[Key] = &[
    required("name", Holds::Text, "name of a coordinate of the ensemble"),
    required("path", Holds::Text, "what it sets, such as measure.LABEL.rate or a parameter"),
    optional("unit", Holds::Text, "unit of its values"),
    optional("values", Holds::List(&Holds::Anything), "its values"),
    optional("range", Holds::List(&Holds::Number), "lowest and highest value"),
    optional("scale", Holds::Word(&["linear", "log"]), "how a range is drawn from"),
];

/// Keys of `[[arm]]` besides the names of factors.
pub const ARM_KEYS: &[Key] = &[required("name", Holds::Text, "name of the arm")];

/// Keys of `[outputs]`.
const OUTPUTS: &[Key] = &[
    optional("variables", Holds::Texts, "variables that are kept; all by time and region unless given"),
    optional("precision", Holds::Text, "single or double"),
];

/// Keys of an experiment.
pub const KEYS: &[Key] = &[
    optional("title", Holds::Text, "one line about it"),
    required("scenario", Holds::Text, "name of a shipped scenario, or path of a file"),
    optional("seed", Holds::Count(0, u32::MAX as u64), "root of all seeds"),
    optional("replicates", Holds::Count(1, 1_000_000), "runs of every arm"),
    optional("baseline", Holds::Flag, "whether every arm is paired with the same world without measures"),
    optional("ticks", Holds::Count(1, 2400), "number of ticks, if not the scenario's"),
    optional("households_per_region", Holds::Count(1, 1_000_000_000), "household agents, if not the scenario's"),
    optional("design", Holds::Table(DESIGN), "how factors are combined"),
    optional("factor", Holds::List(&Holds::Table(FACTOR)), "what varies"),
    optional("arm", Holds::List(&Holds::Anything), "listed combinations of values"),
    optional("outputs", Holds::Table(OUTPUTS), "what is kept"),
];

fn document_of(document: &Table, problems: &mut Problems<'_>) -> Option<Experiment> {
    document.reject_unknown(&names(KEYS), "", problems);
    let scenario = document
        .require("scenario", "", "add `scenario = \"us-uniform-10\"` or the path of a scenario file", problems)
        .and_then(|node| node.text("scenario", problems))
        .map(str::to_owned);
    let title = document.get("title").and_then(|node| node.text("title", problems)).unwrap_or_default().to_owned();
    let seed = bounded(document, "", "seed", (0, u64::from(u32::MAX)), problems).unwrap_or(1);
    let replicates = bounded(document, "", "replicates", (1, 1_000_000), problems).unwrap_or(1) as u32;
    let baseline = document.get("baseline").and_then(|node| node.boolean("baseline", problems)).unwrap_or(true);
    let ticks = bounded(document, "", "ticks", (1, 2400), problems).map(|ticks| ticks as u32);
    let households_per_region = bounded(document, "", "households_per_region", (1, 1_000_000_000), problems);
    let factors: Vec<Factor> = tables(document, "factor", problems)
        .into_iter()
        .enumerate()
        .filter_map(|(n, table)| factor(table, n, problems))
        .collect();
    for (n, factor) in factors.iter().enumerate() {
        if factors[..n].iter().any(|x| x.name == factor.name || x.path == factor.path) {
            let message = format!("two factors are called `{}` or set `{}`", factor.name, factor.path);
            problems.report(document.span.clone(), "factor", message, "give every factor its own name and path");
        }
    }
    let arms = tables(document, "arm", problems)
        .into_iter()
        .enumerate()
        .filter_map(|(n, table)| arm(table, n, &factors, problems))
        .collect::<Vec<_>>();
    let design = design(document, &factors, &arms, problems)?;
    let (variables, single) = outputs(document, problems);
    Some(Experiment {
        title,
        scenario: scenario?,
        seed,
        replicates,
        baseline,
        ticks,
        households_per_region,
        design,
        factors,
        arms,
        variables,
        single,
    })
}

fn bounded(table: &Table, path: &str, key: &str, range: (u64, u64), problems: &mut Problems<'_>) -> Option<u64> {
    within(table.get(key)?, &join(path, key), range, problems)
}

fn tables<'a>(document: &'a Table, key: &str, problems: &mut Problems<'_>) -> Vec<&'a Table> {
    let Some(node) = document.get(key) else { return Vec::new() };
    let Some(items) = node.list(key, problems) else { return Vec::new() };
    items.iter().filter_map(|item| item.table(key, problems)).collect()
}

fn setting(node: &Node, key: &str, problems: &mut Problems<'_>) -> Option<Setting> {
    match &node.value {
        Value::Boolean(flag) => Some(Setting::Flag(*flag)),
        Value::Text(text) => Some(Setting::Text(text.clone())),
        Value::Date(date) => Some(Setting::Text(date.to_string())),
        Value::Integer(_) | Value::Float(_) => node.number(key, problems).map(Setting::Number),
        other => {
            let message = format!("a value cannot be {}", other.kind());
            problems.report(node.span.clone(), key, message, "write a number, a string, a date, true or false");
            None
        }
    }
}

fn factor(table: &Table, n: usize, problems: &mut Problems<'_>) -> Option<Factor> {
    let key = format!("factor[{n}]");
    table.reject_unknown(&names(FACTOR), &key, problems);
    let text = |name: &str, problems: &mut Problems<'_>| {
        table
            .get(name)
            .map_or(Some(String::new()), |node| node.text(&format!("{key}.{name}"), problems).map(str::to_owned))
    };
    let name = table
        .require("name", &key, "add `name = \"..\"`, the name of a coordinate of the ensemble", problems)
        .and_then(|node| Some((node, node.text(&format!("{key}.name"), problems)?)))
        .and_then(|(node, name)| {
            let good = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !good {
                let remedy = "write letters, digits and `_`, with a letter first";
                problems.report(node.span.clone(), &format!("{key}.name"), format!("`{name}` is no name"), remedy);
            }
            good.then(|| name.to_owned())
        });
    let path = table
        .require("path", &key, "add `path = \"measure.LABEL.rate\"` or another", problems)
        .and_then(|node| Some((node, node.text(&format!("{key}.path"), problems)?)))
        .and_then(|(node, path)| match Target::of(path) {
            Ok(_) => Some(path.to_owned()),
            Err(message) => {
                let (message, remedy) = message.split_once("; ").unwrap_or((&message, "see the manual"));
                problems.report(node.span.clone(), &format!("{key}.path"), message, remedy);
                None
            }
        });
    let unit = text("unit", problems);
    let levels = levels(table, &key, problems);
    Some(Factor { name: name?, path: path?, unit: unit?, levels: levels? })
}

fn levels(table: &Table, key: &str, problems: &mut Problems<'_>) -> Option<Levels> {
    let logarithmic = match table.get("scale") {
        None => false,
        Some(node) => match node.text(&format!("{key}.scale"), problems)? {
            "linear" => false,
            "log" => true,
            other => {
                let message = format!("there is no scale `{other}`");
                problems.report(node.span.clone(), &format!("{key}.scale"), message, "write \"linear\" or \"log\"");
                return None;
            }
        },
    };
    match (table.get("values"), table.get("range")) {
        (Some(node), None) => {
            let path = format!("{key}.values");
            let items = node.list(&path, problems)?;
            if items.is_empty() {
                problems.report(node.span.clone(), &path, "no values", "list at least one");
            }
            let values: Vec<Setting> = items.iter().filter_map(|item| setting(item, &path, problems)).collect();
            (!values.is_empty() && values.len() == items.len()).then_some(Levels::Values(values))
        }
        (None, Some(node)) => {
            let path = format!("{key}.range");
            let ends: Vec<f64> =
                node.list(&path, problems)?.iter().filter_map(|item| item.number(&path, problems)).collect();
            let good = matches!(ends[..], [low, high] if low < high && (!logarithmic || low > 0.0));
            if !good {
                let remedy = "write [lowest, highest]; on a logarithmic scale both above zero";
                problems.report(node.span.clone(), &path, "not a range", remedy);
                return None;
            }
            Some(Levels::Range { low: ends[0], high: ends[1], logarithmic })
        }
        // Listed arms bring their own values.
        (None, None) => Some(Levels::Values(Vec::new())),
        _ => {
            let remedy = "give `values = [..]` or `range = [lowest, highest]`, one of the two";
            problems.report(table.span.clone(), key, "two ways of giving values", remedy);
            None
        }
    }
}

fn arm(
    table: &Table,
    n: usize,
    factors: &[Factor],
    problems: &mut Problems<'_>,
) -> Option<(String, BTreeMap<String, Setting>)> {
    let key = format!("arm[{n}]");
    let name = table.require("name", &key, "add `name = \"..\"`", problems)?.text(&format!("{key}.name"), problems)?;
    let mut values = BTreeMap::new();
    for entry in table.entries.iter().filter(|entry| entry.key != "name") {
        if !factors.iter().any(|factor| factor.name == entry.key) {
            let remedy = did_you_mean(&entry.key, factors.iter().map(|factor| factor.name.as_str()));
            problems.report(entry.key_span.clone(), &key, format!("there is no factor `{}`", entry.key), remedy);
            continue;
        }
        if let Some(setting) = setting(&entry.node, &key, problems) {
            values.insert(entry.key.clone(), setting);
        }
    }
    Some((name.to_owned(), values))
}

fn design(
    document: &Table,
    factors: &[Factor],
    arms: &[(String, BTreeMap<String, Setting>)],
    problems: &mut Problems<'_>,
) -> Option<Design> {
    let empty = Table { span: document.span.clone(), entries: Vec::new() };
    let node = document.get("design");
    let table = node.map_or(Some(&empty), |node| node.table("design", problems))?;
    let span = table.span.clone();
    let kind = match table.get("kind") {
        Some(node) => node.text("design.kind", problems)?,
        None if arms.is_empty() => "grid",
        None => "list",
    };
    let number = |key: &str, least: u64, problems: &mut Problems<'_>| -> Option<u32> {
        let remedy = format!("add `{key} = ..`");
        table.require(key, "design", &remedy, problems)?;
        bounded(table, "design", key, (least, u64::from(u32::MAX)), problems).map(|x| x as u32)
    };
    let (design, keys): (Design, &[&str]) = match kind {
        "grid" => (Design::Grid, &["kind"]),
        "list" => (Design::List, &["kind"]),
        "one-at-a-time" => (Design::OneAtATime, &["kind"]),
        "random" => (Design::Random { samples: number("samples", 1, problems)? }, &["kind", "samples"]),
        "latin-hypercube" => {
            (Design::LatinHypercube { samples: number("samples", 1, problems)? }, &["kind", "samples"])
        }
        "sobol" => (Design::Sobol { samples: number("samples", 1, problems)? }, &["kind", "samples"]),
        "saltelli" => (Design::Saltelli { samples: number("samples", 1, problems)? }, &["kind", "samples"]),
        "morris" => {
            let trajectories = number("trajectories", 1, problems)?;
            let levels = bounded(table, "design", "levels", (2, 1000), problems).unwrap_or(4) as u32;
            if levels % 2 == 1 {
                let message = format!("{levels} levels: a step of half the levels needs an even number");
                problems.report(span.clone(), "design.levels", message, "write 4, 6 or 8");
                return None;
            }
            (Design::Morris { trajectories, levels }, &["kind", "trajectories", "levels"])
        }
        other => {
            let known = ["grid", "list", "one-at-a-time", "random", "latin-hypercube", "sobol", "saltelli", "morris"];
            let remedy = did_you_mean(other, known.into_iter());
            problems.report(span, "design.kind", format!("there is no design `{other}`"), remedy);
            return None;
        }
    };
    table.reject_unknown(keys, "design", problems);
    check_power(design, table, problems);
    let listed = |factor: &&Factor| matches!(factor.levels, Levels::Range { .. });
    let complaint = match design {
        Design::List if arms.is_empty() => Some("a list without arms: add [[arm]] tables"),
        _ if !matches!(design, Design::List) && factors.iter().any(|x| x.levels == Levels::Values(vec![])) => {
            Some("a factor without values: give it `values = [..]` or `range = [lowest, highest]`")
        }
        Design::Grid | Design::OneAtATime if factors.iter().any(|factor| listed(&factor)) => {
            Some("this design combines listed values: give every factor `values`")
        }
        _ if !matches!(design, Design::List) && !arms.is_empty() => {
            Some("arms are listed, but the design is another: set design.kind = \"list\" or remove them")
        }
        _ if design.is_drawn() && factors.is_empty() => Some("a drawn design needs factors"),
        _ => None,
    };
    if let Some(complaint) = complaint {
        problems.report(span, "design", complaint, "see `autarky sweep --help`");
        return None;
    }
    Some(design)
}

/// The powers of two on either side of a number that is none.
#[must_use]
pub fn powers_around(samples: u32) -> Option<(u64, u64)> {
    let above = u64::from(samples).next_power_of_two();
    (above != u64::from(samples)).then_some((above / 2, above))
}

/// Sobol indices need a power of two.
fn check_power(design: Design, table: &Table, problems: &mut Problems<'_>) {
    if let (Design::Saltelli { samples }, Some(node)) = (design, table.get("samples"))
        && let Some((below, above)) = powers_around(samples)
    {
        let message = format!("{samples} samples are no power of two, so the sequence leaves parts of the cube out");
        problems.report(node.span.clone(), "design.samples", message, format!("write {below} or {above}"));
    }
}

fn outputs(document: &Table, problems: &mut Problems<'_>) -> (Vec<String>, bool) {
    let Some(table) = document.get("outputs").and_then(|node| node.table("outputs", problems)) else {
        return (Vec::new(), false);
    };
    table.reject_unknown(&names(OUTPUTS), "outputs", problems);
    let variables = table.get("variables").and_then(|node| node.list("outputs.variables", problems)).map_or_else(
        Vec::new,
        |items| {
            items
                .iter()
                .filter_map(|item| item.text("outputs.variables", problems).map(str::to_owned))
                .collect::<Vec<_>>()
        },
    );
    let single = match table.get("precision") {
        None => false,
        Some(node) => match node.text("outputs.precision", problems) {
            Some("single") => true,
            Some("double") | None => false,
            Some(other) => {
                let message = format!("there is no precision `{other}`");
                let remedy = "write \"double\" or \"single\"";
                problems.report(node.span.clone(), "outputs.precision", message, remedy);
                false
            }
        },
    };
    (variables, single)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
title = "Duties"
scenario = "us-uniform-10"
seed = 3
replicates = 4
ticks = 24

[design]
kind = "latin-hypercube"
samples = 10

[[factor]]
name = "duty"
path = "measure.US uniform duty of 10 points.rate"
range = [0.05, 0.2]

[[factor]]
name = "rechoice"
path = "parameters.trade.rechoice_share"
unit = "per month"
range = [0.01, 0.1]
scale = "log"

[outputs]
variables = ["real_gdp"]
precision = "single"
"#;

    #[test]
    fn an_experiment_is_read() {
        let read = parse("e.toml", GOOD).expect("good");
        assert_eq!((read.seed, read.replicates, read.ticks, read.baseline), (3, 4, Some(24), true));
        assert_eq!(read.design, Design::LatinHypercube { samples: 10 });
        assert_eq!(read.factors.len(), 2);
        assert_eq!(read.factors[1].levels, Levels::Range { low: 0.01, high: 0.1, logarithmic: true });
        assert_eq!((read.variables, read.single), (vec!["real_gdp".to_owned()], true));
    }

    #[test]
    fn errors_name_key_and_remedy() {
        let cases = [
            ("title = \"x\"", "scenario"),
            ("scenario = \"a\"\nseeds = 3", "seeds"),
            ("scenario = \"a\"\n[design]\nkind = \"lhs\"", "no design"),
            ("scenario = \"a\"\n[design]\nkind = \"sobol\"", "samples"),
            ("scenario = \"a\"\n[[factor]]\nname = \"f\"\npath = \"nowhere\"\nvalues = [1]", "nothing at"),
            ("scenario = \"a\"\n[[factor]]\nname = \"f\"\npath = \"scenario\"", "without values"),
            ("scenario = \"a\"\n[[factor]]\nname = \"f\"\npath = \"scenario\"\nrange = [2, 1]", "not a range"),
            ("scenario = \"a\"\n[[arm]]\nname = \"x\"\nduty = 1", "no factor"),
            ("scenario = \"a\"\n[design]\nkind = \"morris\"\ntrajectories = 2\nlevels = 3", "even"),
            ("scenario = \"a\"\nreplicates = 0", "out of range"),
        ];
        for (text, expected) in cases {
            let error = parse("e.toml", text).expect_err(text);
            let said: Vec<String> =
                error.issues().map(|issue| format!("{} {} {}", issue.key, issue.message, issue.remedy)).collect();
            assert!(said.iter().any(|x| x.contains(expected)), "{text}: {said:?}");
        }
    }
}
