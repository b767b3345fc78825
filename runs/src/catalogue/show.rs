//! `autarky list` and `autarky show`.

use std::fmt::Write as _;

use configs::reading::did_you_mean;

use super::{Entry, entries, shipped};
use crate::arguments::{EntryKind, ListArguments, ShowArguments};
use crate::config::is_path;
use crate::failure::Failure;
use crate::terminal::{json, say};

/// What is listed if no kind is named.
const SHIPPED: [EntryKind; 3] = [EntryKind::Scenario, EntryKind::World, EntryKind::Policy];

/// Lists everything of a kind, or what comes with the program, with a line each.
///
/// # Errors
/// A world or a shipped file that cannot be read.
pub fn list(arguments: &ListArguments) -> Result<(), Failure> {
    let world = arguments.world.as_deref();
    let kinds = arguments.kind.map_or(SHIPPED.to_vec(), |kind| vec![kind]);
    let found = kinds.iter().map(|&kind| entries(kind, world)).collect::<Result<Vec<_>, _>>()?;
    if arguments.json {
        return json(&found.concat());
    }
    let mut text = String::new();
    for (kind, entries) in kinds.iter().zip(&found) {
        let _ = writeln!(text, "{}", headed(*kind));
        text.push_str(&lines(entries));
    }
    if arguments.kind.is_none() {
        let others: Vec<String> =
            EntryKind::all().iter().filter(|kind| !SHIPPED.contains(kind)).map(|kind| kind.plural()).collect();
        let _ = writeln!(text, "\nautarky list {}\nautarky show NAME", others.join(" | "));
    }
    say(&text);
    Ok(())
}

/// The heading of a list.
fn headed(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Scenario => "Scenarios (autarky run NAME)",
        EntryKind::World => "Worlds (`world` in a scenario)",
        EntryKind::Policy => "Policies (`policies` in a scenario)",
        EntryKind::Parameter => "Parameters (--set NAME=VALUE, or [parameters.SECTION] in a scenario)",
        EntryKind::Measure => "Kinds of measures (`kind` in [[measure]])",
        EntryKind::Region => "Regions, and areas of regions (importers, exporters, regions in [[measure]])",
        EntryKind::Industry => "Industries and their products (products, industries in [[measure]])",
        EntryKind::Model => "Models (`model` in a scenario)",
        EntryKind::Variable => "Variables of a recording (export --variables, sweep effects --variable)",
        EntryKind::Indicator => "Indicators (autarky indicators FILE)",
        EntryKind::Figure => "Figures (autarky plot NAME FILE)",
    }
}

/// What stands beside a name in a list, before the title.
fn beside(entry: &Entry) -> String {
    match entry.kind {
        EntryKind::Parameter => [entry.known("default"), entry.known("unit")].join(" ").trim().to_owned(),
        EntryKind::Region => [entry.known("currency"), entry.known("area_of")].concat(),
        EntryKind::Industry => entry.known("product").to_owned(),
        EntryKind::Variable => entry.known("dimensions").to_owned(),
        EntryKind::Indicator => entry.known("unit").to_owned(),
        _ => String::new(),
    }
}

/// A line an entry.
fn lines(entries: &[Entry]) -> String {
    let width = |cell: &dyn Fn(&Entry) -> usize| entries.iter().map(cell).max().unwrap_or(0);
    let (name, side) = (width(&|x| x.name.chars().count()), width(&|x| beside(x).chars().count()));
    let mut text = String::new();
    for entry in entries {
        let between = if side > 0 { format!("  {:<side$}", beside(entry)) } else { String::new() };
        let _ = writeln!(text, "  {:<name$}{between}  {}", entry.name, entry.title);
    }
    text
}

/// Shows everything that has a name.
///
/// # Errors
/// Nothing has the name, or a file cannot be read.
pub fn show(arguments: &ShowArguments) -> Result<(), Failure> {
    let mut found = Vec::new();
    if is_path(&arguments.name) {
        found.push(shipped::scenario_file(&arguments.name)?);
    } else {
        for entry in named(arguments)? {
            found.push(match entry.kind {
                EntryKind::Scenario => shipped::scenario_in_full(entry)?,
                EntryKind::Policy => shipped::policy_in_full(entry)?,
                _ => entry,
            });
        }
    }
    if arguments.json {
        return json(&found);
    }
    let mut text = String::new();
    if found.len() > 1 {
        let kinds: Vec<String> =
            found.iter().map(|entry| format!("{} {}", entry.kind.singular(), entry.name)).collect();
        let _ = writeln!(text, "{} is the name of: {} (--kind shows one)\n", arguments.name, kinds.join(", "));
    }
    text.push_str(&found.iter().map(in_full).collect::<Vec<_>>().join("\n"));
    say(&text);
    Ok(())
}

/// The entries that a name means: those of exactly this name, or else those it is part of the name or the title of.
fn named(arguments: &ShowArguments) -> Result<Vec<Entry>, Failure> {
    let world = arguments.world.as_deref();
    let kinds = arguments.kind.map_or(EntryKind::all().to_vec(), |kind| vec![kind]);
    let all = kinds.into_iter().map(|kind| entries(kind, world)).collect::<Result<Vec<_>, _>>()?.concat();
    let name = arguments.name.trim();
    let exact: Vec<Entry> = all.iter().filter(|entry| entry.name == name).cloned().collect();
    let found = if exact.is_empty() { all.iter().filter(|x| x.is_called(name)).cloned().collect() } else { exact };
    if found.is_empty() { Err(unknown(name, arguments.kind, &all)) } else { Ok(found) }
}

/// Most names that are offered.
const OFFERED: usize = 8;

/// Longest name that is looked for in parts of others.
const LONGEST: usize = 60;

/// That there is nothing of a name, with the nearest there is.
fn unknown(name: &str, kind: Option<EntryKind>, all: &[Entry]) -> Failure {
    let what = kind.map_or_else(|| "nothing".to_owned(), |kind| format!("no {}", kind.singular()));
    let shown: String = name.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let message = format!("there is {what} called `{shown}`");
    let small = name.to_lowercase();
    let holds =
        |entry: &&Entry| entry.name.to_lowercase().contains(&small) || entry.title.to_lowercase().contains(&small);
    let parts: Vec<&str> = if (3..=LONGEST).contains(&name.len()) {
        all.iter().filter(holds).map(|entry| entry.name.as_str()).take(OFFERED).collect()
    } else {
        Vec::new()
    };
    let names = all.iter().flat_map(|entry| {
        let key = entry.name.rsplit('.').next().filter(|_| entry.kind == EntryKind::Parameter);
        [Some(entry.name.as_str()), key].into_iter().flatten()
    });
    let near = did_you_mean(name, names);
    let remedy = match (parts.is_empty(), near.starts_with("did you mean")) {
        (false, _) => format!("did you mean {}?", parts.join(", ")),
        (true, true) => near,
        (true, false) => {
            let kind = kind.map_or_else(|| "scenarios | parameters | variables | ..".to_owned(), EntryKind::plural);
            format!("see `autarky list {kind}`")
        }
    };
    Failure::Configuration(format!("{message}: {remedy}"))
}

/// An entry with all that is known.
fn in_full(entry: &Entry) -> String {
    let mut text = format!("{} {}\n  {}\n\n", entry.kind.singular(), entry.name, entry.title);
    let width = entry.facts.iter().map(|fact| fact.0.len()).max().unwrap_or(0);
    for (key, value) in &entry.facts {
        let _ = writeln!(text, "  {:<width$}  {value}", key.replace('_', " "));
    }
    if !entry.text.is_empty() {
        let _ = write!(text, "\n{}\n", entry.text.trim_end());
    }
    text
}
