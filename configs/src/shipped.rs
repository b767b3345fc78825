//! The files of this folder, compiled in: the build script lists them.

use crate::calibration::CalibrationFiles;
use crate::parameters::ParameterSet;

/// Path below `configs/` and text of every embedded file, in the order of paths.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

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
pub fn parameters() -> Option<ParameterSet> {
    ParameterSet::parse("configs/parameters.toml", text("parameters.toml")?).ok()
}

/// The tables of a shipped world.
#[must_use]
pub fn world(name: &str) -> Option<CalibrationFiles> {
    text(&format!("worlds/{name}/regions.csv"))?;
    let texts =
        CalibrationFiles::NAMES.map(|file| text(&format!("worlds/{name}/{file}")).unwrap_or_default().to_owned());
    Some(CalibrationFiles::from_texts(name, texts))
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
