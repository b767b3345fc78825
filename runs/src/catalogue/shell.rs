//! `autarky completions` and `autarky man`.

use std::fmt::Write as _;

use clap::CommandFactory as _;
use clap::builder::PossibleValuesParser;
use clap_complete::generate;
use clap_mangen::Man;
use engine::files::write_bytes_atomically;

use super::entries;
use crate::arguments::{Cli, CompletionsArguments, EntryKind, ManArguments};
use crate::config::scenario_names;
use crate::failure::{Failure, file_error};
use crate::terminal::say;

/// The command line with the names of what there is where a name is asked for.
fn with_names() -> Result<clap::Command, Failure> {
    let scenarios = scenario_names();
    let figures: Vec<&'static str> = entries(EntryKind::Figure, None)?.into_iter().map(|x| kept(x.name)).collect();
    let mut names: Vec<String> = Vec::new();
    for &kind in EntryKind::all() {
        names.extend(entries(kind, None)?.into_iter().map(|entry| entry.name));
    }
    names.sort();
    names.dedup();
    let names: Vec<&'static str> = names.into_iter().map(kept).collect();
    let mut command = Cli::command();
    for name in ["run", "check", "benchmark-static", "replay"] {
        command = command.mut_subcommand(name, |x| with_values(x, "scenario", &scenarios));
    }
    command = command.mut_subcommand("plot", |x| with_values(x, "figure", &figures));
    Ok(command.mut_subcommand("show", |x| with_values(x, "name", &names)))
}

/// A name for as long as the process lives, as clap wants it.
fn kept(name: String) -> &'static str {
    Box::leak(name.into_boxed_str())
}

fn with_values(command: clap::Command, argument: &str, names: &[&'static str]) -> clap::Command {
    command.mut_arg(argument, |x| x.value_parser(PossibleValuesParser::new(names.iter().copied())))
}

/// Prints the completions of a shell: commands, options, and, for bash and zsh, the names of
/// scenarios, figures and all that can be shown.
///
/// # Errors
/// If a shipped file is broken.
pub fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut text = Vec::new();
    let mut command = with_names()?;
    generate(arguments.shell, &mut command, "autarky", &mut text);
    say(&String::from_utf8_lossy(&text));
    Ok(())
}

/// Prints the manual page, or writes the pages of all commands into a folder.
///
/// # Errors
/// A page cannot be written.
pub fn man(arguments: &ManArguments) -> Result<(), Failure> {
    let mut command = Cli::command();
    // Options of the whole program, such as --help, are said on every page.
    command.build();
    let Some(folder) = &arguments.dir else {
        say(&page(command)?);
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| file_error("create", folder, error))?;
    let mut pages = Vec::new();
    collect(&command, "autarky", &mut pages);
    let mut text = String::new();
    for (name, command) in &pages {
        let path = folder.join(format!("{name}.1"));
        write_bytes_atomically(&path, page(command.clone())?.as_bytes())?;
        let _ = writeln!(text, "written: {}", path.display());
    }
    say(&text);
    Ok(())
}

/// A command and those below it, each with the name of its page.
fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, clap::Command)>) {
    pages.push((name.to_owned(), command.clone().name(kept(name.to_owned()))));
    for below in command.get_subcommands().filter(|x| !x.is_hide_set() && x.get_name() != "help") {
        collect(below, &format!("{name}-{}", below.get_name()), pages);
    }
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text).map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
