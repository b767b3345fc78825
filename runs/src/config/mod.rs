//! From a scenario's name or path to everything a run needs to know: `configs` reads it, and here mistakes are shown with the
//! line they stand on.

mod excerpt;
mod report;

use configs::calibration::Calibration;
use configs::scenario::{self, Known};

use crate::models;

pub use configs::scenario::{
    KEYS as SCENARIO_KEYS, Loaded, Overrides, Population, RawFile, ResolvedConfig, Trouble as ErrorKind, is_path,
    within,
};
pub use configs::shipped::{
    chinese_names, describe_policy, describe_scenario, describe_world, parameters as shipped_parameters, policy_names,
    scenario_names, text as shipped_text, world_names,
};
pub use report::ConfigError;

/// Loads a scenario by the name of a shipped one, or from a path (anything with a separator or `.toml`).
///
/// # Errors
/// Everything wrong in the scenario, its parameters and policies, or the world; unreadable files.
pub fn load_scenario(name_or_path: &str, overrides: &Overrides) -> Result<Loaded, ConfigError> {
    Ok(with_known(|known| scenario::load_scenario(name_or_path, overrides, known))?)
}

/// Loads a scenario from its text; `name` stands for it in messages and names the configuration.
///
/// # Errors
/// As [`load_scenario`].
pub fn load_scenario_text(name: &str, text: &str, overrides: &Overrides) -> Result<Loaded, ConfigError> {
    Ok(with_known(|known| scenario::load_scenario_text(name, text, overrides, known))?)
}

/// Does something with what a scenario can name.
fn with_known<T>(work: impl FnOnce(Known<'_>) -> T) -> T {
    let models: Vec<&str> = models::names().collect();
    let indicators: Vec<&str> = analysis::indicators::all().map(|indicator| indicator.id).collect();
    work(Known { models: &models, indicators: &indicators })
}

/// Loads a world by the name of a shipped one, or from the path of a folder.
///
/// # Errors
/// Unreadable files and everything wrong in them.
pub fn load_world(name_or_path: &str) -> Result<Calibration, ConfigError> {
    Ok(scenario::load_world(name_or_path)?)
}

#[cfg(test)]
mod tests;
