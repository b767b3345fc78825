//! The files of `configs/`, compiled in.

use agents::parameters::ParameterSet;

macro_rules! embed {
    ($($path:literal),+ $(,)?) => {
        /// Path below `configs/` and text of every embedded file.
        pub(super) const FILES: &[(&str, &str)] = &[
            $(($path, include_str!(concat!("../../../configs/", $path)))),+
        ];
    };
}

embed![
    "chinese.csv",
    "parameters.toml",
    "policies/china-coast-lost.toml",
    "policies/china-factories-lost.toml",
    "policies/china-interior-reserve.toml",
    "policies/china-ports-closed.toml",
    "policies/embargo-1y.toml",
    "policies/embargo-on-china.toml",
    "policies/friends-40.toml",
    "policies/government-cut-5.toml",
    "policies/liberation-day.toml",
    "policies/retaliation-on-us-25.toml",
    "policies/trade-war-2018.toml",
    "policies/trade-war-2025.toml",
    "policies/us-china-60-manufactures.toml",
    "policies/us-china-60.toml",
    "policies/us-electricals-25.toml",
    "policies/us-final-goods-25.toml",
    "policies/us-final-goods-on-off.toml",
    "policies/us-inputs-25.toml",
    "policies/us-plants-30.toml",
    "policies/us-plants-concentrated.toml",
    "policies/us-plants-thin.toml",
    "policies/us-skills-programme.toml",
    "policies/us-south-plants-30.toml",
    "policies/us-transshipment-40.toml",
    "policies/us-uniform-10.toml",
    "scenarios/baseline.toml",
    "scenarios/both-with-uncertainty.toml",
    "scenarios/both.toml",
    "scenarios/coast-lost-with-and-without-backup.toml",
    "scenarios/connector-countries.toml",
    "scenarios/duties-on-electricals.toml",
    "scenarios/duties-on-inputs.toml",
    "scenarios/embargo-1y.toml",
    "scenarios/embargo-with-and-without-backup.toml",
    "scenarios/factories-lost-with-and-without-backup.toml",
    "scenarios/friend-shoring.toml",
    "scenarios/government-cut-5.toml",
    "scenarios/interior-backup.toml",
    "scenarios/liberation-day.toml",
    "scenarios/ports-closed-with-and-without-backup.toml",
    "scenarios/reshoring-automated.toml",
    "scenarios/reshoring-subsidy.toml",
    "scenarios/reshoring-tariff.toml",
    "scenarios/retaliation.toml",
    "scenarios/shipping-through-checked.toml",
    "scenarios/shipping-through.toml",
    "scenarios/skills-programme.toml",
    "scenarios/subsidy-concentrated.toml",
    "scenarios/subsidy-thin.toml",
    "scenarios/subsidy-to-the-south.toml",
    "scenarios/trade-war-2018.toml",
    "scenarios/trade-war-2025.toml",
    "scenarios/us-china-60.toml",
    "scenarios/us-uniform-10.toml",
    "worlds/world-15x21/areas.csv",
    "worlds/world-15x21/baskets.csv",
    "worlds/world-15x21/firm_sizes.csv",
    "worlds/world-15x21/flows.csv",
    "worlds/world-15x21/households.csv",
    "worlds/world-15x21/industries.csv",
    "worlds/world-15x21/macro.csv",
    "worlds/world-15x21/regions.csv",
    "worlds/world-15x21/tariffs.csv",
    "worlds/world-15x21/value_added.csv",
];

/// Text of an embedded file, by its path below `configs/`.
#[must_use]
pub fn text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Names of the files in a folder, without their extension.
fn names(folder: &str) -> Vec<&'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".toml")).collect()
}

/// Names of the shipped scenarios.
#[must_use]
pub fn scenario_names() -> Vec<&'static str> {
    names("scenarios")
}

/// Names of the shipped policy files.
#[must_use]
pub fn policy_names() -> Vec<&'static str> {
    names("policies")
}

/// Names of the shipped worlds.
#[must_use]
pub fn world_names() -> Vec<&'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_prefix("worlds/")?.strip_suffix("/regions.csv")).collect()
}

/// The table of names in Chinese.
#[must_use]
pub fn chinese_names() -> &'static str {
    text("chinese.csv").unwrap_or_default()
}

/// The shipped parameters.
#[must_use]
pub fn shipped_parameters() -> Option<ParameterSet> {
    ParameterSet::parse("configs/parameters.toml", text("parameters.toml")?).ok()
}

/// The value of a text key in the first lines of an embedded file.
fn headline(path: &str, key: &str) -> String {
    let line =
        text(path).and_then(|text| text.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_prefix('=')));
    line.map_or_else(String::new, |value| value.trim().trim_matches('"').to_owned())
}

/// One line about a shipped scenario.
#[must_use]
pub fn describe_scenario(name: &str) -> String {
    headline(&format!("scenarios/{name}.toml"), "title")
}

/// One line about a shipped policy.
#[must_use]
pub fn describe_policy(name: &str) -> String {
    headline(&format!("policies/{name}.toml"), "title")
}

/// One line about a shipped world: its size.
#[must_use]
pub fn describe_world(name: &str) -> String {
    let rows = |file: &str| {
        let text = text(&format!("worlds/{name}/{file}")).unwrap_or_default();
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count().saturating_sub(1)
    };
    format!("{} regions, {} industries", rows("regions.csv"), rows("industries.csv"))
}
