//! What is shipped: scenarios, worlds, policies, and the regions and industries of a world.

use agents::calibration::Calibration;
use agents::policy::parse_measures;
use analysis::report::Language;

use super::Entry;
use crate::arguments::EntryKind;
use crate::config::{
    Loaded, Overrides, describe_policy, describe_scenario, describe_world, load_scenario, load_world, policy_names,
    scenario_names, shipped_text, world_names,
};
use crate::failure::Failure;
use crate::policy_words::{Words, names_of};

/// A text of a TOML document, by its path.
fn value(document: &toml::Table, path: &[&str]) -> String {
    let (last, folders) = path.split_last().expect("a path has a key");
    let table = folders.iter().try_fold(document, |table, key| table.get(*key)?.as_table());
    match table.and_then(|table| table.get(*last)) {
        Some(toml::Value::String(text)) => text.clone(),
        Some(toml::Value::Array(items)) => items.iter().filter_map(toml::Value::as_str).collect::<Vec<_>>().join(", "),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn parsed(text: &str) -> toml::Table {
    text.parse().unwrap_or_default()
}

/// The scenarios that come with the program.
pub(super) fn scenarios() -> Vec<Entry> {
    scenario_names().into_iter().map(shipped_scenario).collect()
}

fn shipped_scenario(name: &str) -> Entry {
    let file = format!("scenarios/{name}.toml");
    scenario_of(name, describe_scenario(name), shipped_text(&file).unwrap_or_default())
        .fact("file", format!("configs/{file}"))
}

/// A scenario by its text.
fn scenario_of(name: &str, title: String, text: &str) -> Entry {
    let document = parsed(text);
    let own = document.get("measure").and_then(toml::Value::as_array).map_or(0, Vec::len);
    let settings = document.get("parameters").and_then(toml::Value::as_table);
    let settings = settings.into_iter().flatten().flat_map(|(section, keys)| {
        keys.as_table().into_iter().flatten().map(move |(key, _)| format!("{section}.{key}"))
    });
    Entry::new(EntryKind::Scenario, name, title)
        .fact("description", value(&document, &["description"]))
        .fact("world", value(&document, &["world"]))
        .fact("policies", value(&document, &["policies"]))
        .fact("baseline_policies", value(&document, &["baseline_policies"]))
        .fact("own_measures", if own > 0 { own.to_string() } else { String::new() })
        .fact("start", value(&document, &["time", "start"]))
        .fact("ticks", value(&document, &["time", "ticks"]))
        .fact("households_per_region", value(&document, &["size", "households_per_region"]))
        .fact("persons_per_agent", value(&document, &["size", "persons_per_agent"]))
        .fact("parameters", settings.collect::<Vec<_>>().join(", "))
}

/// A scenario from a file of the user.
///
/// # Errors
/// If anything in it is wrong.
pub(super) fn scenario_file(path: &str) -> Result<Entry, Failure> {
    let loaded = load_scenario(path, &Overrides::default())?;
    let text = loaded.raw.first().map_or_else(String::new, |file| file.text.to_string());
    let entry = scenario_of(path, loaded.config.title.clone(), &text);
    Ok(entry.fact("file", path).text(told(&loaded, &text)))
}

/// A scenario with its policy in words and its file.
///
/// # Errors
/// If a shipped file is broken.
pub(super) fn scenario_in_full(entry: Entry) -> Result<Entry, Failure> {
    let loaded = load_scenario(&entry.name, &Overrides::default())?;
    let text = shipped_text(&format!("scenarios/{}.toml", entry.name)).unwrap_or_default();
    Ok(entry.text(told(&loaded, text)))
}

/// The policy of a scenario in words, then a text.
fn told(loaded: &Loaded, text: &str) -> String {
    let names = names_of(&loaded.calibration);
    let words = Words { names: &names, language: Language::English }.policy(&loaded.config).words;
    format!("{}\n\n{text}", words.join("\n"))
}

/// The policies that come with the program.
pub(super) fn policies() -> Vec<Entry> {
    let entry = |name: &str| {
        let file = format!("policies/{name}.toml");
        let document = parsed(shipped_text(&file).unwrap_or_default());
        let measures = document.get("measure").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let mut kinds: Vec<&str> = measures.iter().filter_map(|measure| measure.get("kind")?.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let users = scenario_names().into_iter().filter(|scenario| uses(scenario, name));
        Entry::new(EntryKind::Policy, name, describe_policy(name))
            .fact("description", value(&document, &["description"]))
            .fact("measures", measures.len().to_string())
            .fact("kinds", kinds.join(", "))
            .fact("scenarios", users.collect::<Vec<_>>().join(", "))
            .fact("file", format!("configs/{file}"))
    };
    policy_names().into_iter().map(entry).collect()
}

/// Whether a shipped scenario has a policy.
fn uses(scenario: &str, policy: &str) -> bool {
    let document = parsed(shipped_text(&format!("scenarios/{scenario}.toml")).unwrap_or_default());
    let lists = ["policies", "baseline_policies"].into_iter().filter_map(|key| document.get(key)?.as_array());
    lists.flatten().any(|item| item.as_str() == Some(policy))
}

/// A policy with its measures in words and its file.
///
/// # Errors
/// If a shipped file is broken.
pub(super) fn policy_in_full(entry: Entry) -> Result<Entry, Failure> {
    // Measures are told by the names of a world.
    let mut loaded = load_scenario("baseline", &Overrides::default())?;
    let file = format!("policies/{}.toml", entry.name);
    let text = shipped_text(&file).unwrap_or_default();
    loaded.config.measures = parse_measures(&file, text, &loaded.calibration.codes()).map_err(|issues| {
        Failure::Internal(issues.first().map_or_else(String::new, |issue| format!("{file}: {}", issue.message)))
    })?;
    Ok(entry.text(told(&loaded, text)))
}

/// The worlds that come with the program.
pub(super) fn worlds() -> Vec<Entry> {
    let entry = |name: &str| {
        Entry::new(EntryKind::World, name, describe_world(name))
            .fact("folder", format!("configs/worlds/{name}"))
            .fact("regions", format!("autarky list regions --world {name}"))
            .fact("industries", format!("autarky list industries --world {name}"))
    };
    world_names().into_iter().map(entry).collect()
}

/// A number of persons, in millions.
fn millions(persons: f64) -> String {
    format!("{:.1} million", persons / 1e6)
}

/// The regions of a world, and the areas of those that have several.
pub(super) fn regions(world: &str) -> Result<Vec<Entry>, Failure> {
    let world = load_world(world)?;
    let mut found = Vec::new();
    for (place, region) in world.regions.iter().enumerate() {
        let figures = &world.macro_figures[place];
        let areas: Vec<&str> = world
            .areas
            .iter()
            .filter(|x| x.region == place && x.code != region.code)
            .map(|x| x.code.as_str())
            .collect();
        found.push(
            Entry::new(EntryKind::Region, &region.code, &region.name)
                .fact("world", &world.name)
                .fact("currency", &region.currency)
                .fact("population", millions(figures.population))
                .fact("labour_force", millions(figures.labour_force))
                .fact("unemployment", format!("{:.1}% of the labour force", 100.0 * figures.unemployment_rate))
                .fact("areas", areas.join(", ")),
        );
    }
    found.extend(areas(&world));
    Ok(found)
}

/// The areas that are less than a region.
fn areas(world: &Calibration) -> Vec<Entry> {
    let parts = world.areas.iter().filter(|area| world.regions[area.region].code != area.code);
    let entry = |area: &agents::calibration::AreaInfo| {
        Entry::new(EntryKind::Region, &area.code, &area.name)
            .fact("world", &world.name)
            .fact("area_of", &world.regions[area.region].code)
            .fact("share_of_population", format!("{:.1}%", 100.0 * area.population))
            .fact("share_of_ports", format!("{:.1}%", 100.0 * area.port))
    };
    parts.map(entry).collect()
}

/// The industries of a world.
pub(super) fn industries(world: &str) -> Result<Vec<Entry>, Failure> {
    let world = load_world(world)?;
    let entry = |industry: &agents::calibration::IndustryInfo| {
        let product = if industry.goods { "good" } else { "service" };
        Entry::new(EntryKind::Industry, &industry.code, &industry.name)
            .fact("world", &world.name)
            .fact("product", product)
            .fact("manufacturing", if industry.manufacturing { "yes" } else { "no" })
            .fact("trade_elasticity", industry.trade_elasticity.map_or_else(String::new, |x| x.to_string()))
    };
    Ok(world.industries.iter().map(entry).collect())
}
