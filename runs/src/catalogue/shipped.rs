//! What is shipped, with its policy in words.

use analysis::report::Language;
use configs::catalogue::scenario;
use configs::measures::parse_measures;

use super::Entry;
use crate::arguments::EntryKind;
use crate::config::{Loaded, Overrides, load_scenario, shipped_text};
use crate::failure::Failure;
use crate::policy_words::{Words, names_of};

/// A scenario from a file of the user.
///
/// # Errors
/// If anything in it is wrong.
pub(super) fn scenario_file(path: &str) -> Result<Entry, Failure> {
    let loaded = load_scenario(path, &Overrides::default())?;
    let text = loaded.raw.first().map_or_else(String::new, |file| file.text.to_string());
    let about = scenario(path, loaded.config.title.clone(), &text).fact("file", path).text(told(&loaded, &text));
    Ok(Entry::of(EntryKind::Scenario, about))
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
