//! What is shipped: scenarios, policies, worlds.

use super::About;
use crate::shipped::{
    describe_policy, describe_scenario, describe_world, policy_names, scenario_names, text, world_names,
};

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
#[must_use]
pub fn scenarios() -> Vec<About> {
    scenario_names().into_iter().map(shipped_scenario).collect()
}

fn shipped_scenario(name: &str) -> About {
    let file = format!("scenarios/{name}.toml");
    scenario(name, describe_scenario(name), text(&file).unwrap_or_default()).fact("file", format!("configs/{file}"))
}

/// A scenario by its text.
#[must_use]
pub fn scenario(name: &str, title: String, text: &str) -> About {
    let document = parsed(text);
    let own = document.get("measure").and_then(toml::Value::as_array).map_or(0, Vec::len);
    let settings = document.get("parameters").and_then(toml::Value::as_table);
    let settings = settings.into_iter().flatten().flat_map(|(section, keys)| {
        keys.as_table().into_iter().flatten().map(move |(key, _)| format!("{section}.{key}"))
    });
    About::new(name, title)
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

/// The policies that come with the program.
#[must_use]
pub fn policies() -> Vec<About> {
    let entry = |name: &str| {
        let file = format!("policies/{name}.toml");
        let document = parsed(text(&file).unwrap_or_default());
        let measures = document.get("measure").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let mut kinds: Vec<&str> = measures.iter().filter_map(|measure| measure.get("kind")?.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let users = scenario_names().into_iter().filter(|scenario| uses(scenario, name));
        About::new(name, describe_policy(name))
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
    let document = parsed(text(&format!("scenarios/{scenario}.toml")).unwrap_or_default());
    let lists = ["policies", "baseline_policies"].into_iter().filter_map(|key| document.get(key)?.as_array());
    lists.flatten().any(|item| item.as_str() == Some(policy))
}

/// The worlds that come with the program.
#[must_use]
pub fn worlds() -> Vec<About> {
    let entry = |name: &str| {
        About::new(name, describe_world(name))
            .fact("folder", format!("configs/worlds/{name}"))
            .fact("regions", format!("autarky list regions --world {name}"))
            .fact("industries", format!("autarky list industries --world {name}"))
    };
    world_names().into_iter().map(entry).collect()
}
