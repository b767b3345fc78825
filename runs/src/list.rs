//! `autarky list`.

use std::fmt::Write as _;

use crate::config::{describe_policy, describe_scenario, describe_world, policy_names, scenario_names, world_names};
use crate::failure::Failure;
use crate::terminal::say;

/// Prints the shipped scenarios, worlds and policies with a line each.
///
/// # Errors
/// If a shipped file is broken.
pub fn list() -> Result<(), Failure> {
    let mut text = String::new();
    let mut part = |title: &str, lines: Vec<(&str, String)>| {
        let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let _ = writeln!(text, "{title}");
        for (name, line) in lines {
            let _ = writeln!(text, "  {name:<width$}  {line}");
        }
    };
    part(
        "Scenarios (autarky run NAME)",
        scenario_names().into_iter().map(|name| (name, describe_scenario(name))).collect(),
    );
    part(
        "Worlds (`world` in a scenario)",
        world_names().into_iter().map(|name| (name, describe_world(name))).collect(),
    );
    part(
        "Policies (`policies` in a scenario)",
        policy_names().into_iter().map(|name| (name, describe_policy(name))).collect(),
    );
    say(&text);
    Ok(())
}
