//! `autarky new`: a scenario to begin with.

use std::path::Path;

use configs::reading::did_you_mean;

use crate::arguments::NewArguments;
use crate::config::{Overrides, is_path, load_scenario, scenario_names, shipped_text};
use crate::failure::{Failure, file_error};
use crate::terminal::say;

/// A duty in eight lines.
const SCENARIO: &str = r#"title = "My duty"
world = "world-15x21"                          # autarky list worlds
time = { start = "2024-01", ticks = 36 }       # months
size = { households_per_region = 2000 }        # agents; more are slower and less noisy

[[measure]]                                    # autarky list measures; autarky show tariff
label = "US duty on steel and other metals"
kind = "tariff"
importers = ["USA"]                            # autarky list regions
exporters = "all"
products = ["MET"]                             # autarky list industries; or "all-goods"
rate = 0.25                                    # a fraction: 25%
start = 2025-01-01                             # first day in force; `end` is the first day no longer in force
source = "my own"                              # where the measure is written down
"#;

/// Writes a scenario to begin with, that runs as it is.
///
/// # Errors
/// There is a file already, it cannot be written, or the scenario it begins as is wrong or not found from there.
pub fn new_scenario(arguments: &NewArguments) -> Result<(), Failure> {
    let file = &arguments.file;
    if file.extension().is_none_or(|extension| extension != "toml") {
        let message = format!("{}: a scenario's name ends in .toml", file.display());
        return Err(Failure::Configuration(message));
    }
    let text = match &arguments.from {
        Some(name) => text_of(name)?,
        None => SCENARIO.to_owned(),
    };
    write_new(file, &text)?;
    // Paths in a scenario are relative to its file: it may not be found from another folder.
    let path = if is_path(&file.to_string_lossy()) { file.clone() } else { Path::new(".").join(file) };
    if let Err(error) = load_scenario(&path.to_string_lossy(), &Overrides::default()) {
        std::fs::remove_file(file).map_err(|source| file_error("remove", file, source))?;
        return Err(error.into());
    }
    let shown = file.display();
    say(&format!("written: {shown}\nautarky check {shown}\nautarky run {shown}\n"));
    Ok(())
}

/// The text of a scenario by its name or path.
fn text_of(name: &str) -> Result<String, Failure> {
    if is_path(name) {
        let loaded = load_scenario(name, &Overrides::default())?;
        return Ok(loaded.raw.first().map_or_else(String::new, |file| file.text.to_string()));
    }
    shipped_text(&format!("scenarios/{name}.toml")).map(|text| format!("# As {name} at first.\n{text}")).ok_or_else(
        || {
            let remedy = did_you_mean(name, scenario_names().into_iter());
            Failure::Configuration(format!("there is no scenario called `{name}`: {remedy}"))
        },
    )
}

/// Writes a file that is not there yet.
fn write_new(file: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    let mut opened = opened.map_err(|source| {
        if source.kind() == std::io::ErrorKind::AlreadyExists {
            return Failure::File(format!(
                "{} is there already and is not replaced: choose another name",
                file.display()
            ));
        }
        file_error("write", file, source)
    })?;
    let written = opened.write_all(text.as_bytes()).and_then(|()| opened.sync_all());
    written.map_err(|source| {
        let _ = std::fs::remove_file(file);
        file_error("write", file, source)
    })
}
