//! From a scenario's name or path to everything a run needs to know.
//!
//! The shipped worlds, policies, scenarios and parameters are embedded, so the bare binary runs without any
//! file; a path given by the user is read from disk instead. [`load_scenario`] gives the scenario as written
//! ([`Loaded::raw`]) and as resolved ([`Loaded::config`]); the latter prints as TOML that loads again.

mod excerpt;
mod report;
mod resolve;
mod scenario;

pub use configs::shipped::{
    chinese_names, describe_policy, describe_scenario, describe_world, parameters as shipped_parameters, policy_names,
    scenario_names, text as shipped_text, world_names,
};
pub use report::{ConfigError, ErrorKind};
pub use resolve::{Loaded, Overrides, RawFile, is_path, load_scenario, load_scenario_text, load_world};
pub(crate) use scenario::within;
pub use scenario::{KEYS as SCENARIO_KEYS, Population, ResolvedConfig};

#[cfg(test)]
mod tests;
