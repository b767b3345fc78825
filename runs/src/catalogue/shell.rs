//! `autarky completions` and `autarky man`.

use std::fmt::Write as _;

use clap::CommandFactory as _;
use clap::builder::PossibleValuesParser;
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use engine::files::write_bytes_atomically;

use super::entries;
use crate::arguments::{Cli, CompletionsArguments, EntryKind, ManArguments};
use crate::failure::{Failure, file_error};
use crate::terminal::say;

/// What may stand for an argument, by the argument's name, which means the same in every command.
struct Names(Vec<(&'static str, Vec<&'static str>)>);

impl Names {
    fn gathered() -> Result<Self, Failure> {
        let mut all: Vec<&'static str> = Vec::new();
        let mut of = Vec::new();
        for &kind in EntryKind::all() {
            let names: Vec<&'static str> = entries(kind, None)?.into_iter().map(|entry| kept(entry.name)).collect();
            all.extend(&names);
            of.push((kind, names));
        }
        all.sort_unstable();
        all.dedup();
        let listed = |kind| of.iter().find(|x| x.0 == kind).map_or_else(Vec::new, |x| x.1.clone());
        let before = |prefix: &str, names: Vec<&'static str>, after: &str| -> Vec<&'static str> {
            names.into_iter().map(|name| kept(format!("{prefix}{name}{after}"))).collect()
        };
        // Areas of regions can be named by measures, not by what is looked at.
        let regions: Vec<&'static str> = listed(EntryKind::Region).into_iter().filter(|x| !x.contains('_')).collect();
        let mut places = before("industry=", listed(EntryKind::Industry), "");
        places.extend(before("partner=", regions.clone(), ""));
        Ok(Self(vec![
            ("scenario", listed(EntryKind::Scenario)),
            ("from", listed(EntryKind::Scenario)),
            ("world", listed(EntryKind::World)),
            ("figure", listed(EntryKind::Figure)),
            ("settings", before("", listed(EntryKind::Parameter), "=")),
            ("region", regions),
            ("variable", listed(EntryKind::Variable)),
            ("variables", listed(EntryKind::Variable)),
            ("at", places),
            ("name", all),
        ]))
    }

    /// A command and those below it with these names as values. What is hidden is left out.
    fn put_into(&self, command: clap::Command) -> clap::Command {
        let command = command.mut_args(|argument| {
            let names = self.0.iter().find(|x| argument.get_id() == x.0).map(|x| &x.1);
            match names {
                Some(names) => argument.value_parser(PossibleValuesParser::new(names.iter().copied())),
                None => argument,
            }
        });
        command.mut_subcommands(|below| self.put_into(below))
    }
}

/// The command line with the names of what there is where a name is asked for.
fn with_names(names: &Names) -> clap::Command {
    let whole = Cli::command();
    let shown = whole.get_subcommands().filter(|x| !x.is_hide_set()).cloned();
    names.put_into(clap::Command::new("autarky").version(crate::provenance::LONG_VERSION).subcommands(shown))
}

/// A name for as long as the process lives, as clap wants it.
fn kept(name: String) -> &'static str {
    Box::leak(name.into_boxed_str())
}

/// Prints the completions of a shell: commands, options, and the names of scenarios, parameters, regions, variables, figures
/// and all that can be shown.
///
/// # Errors
/// If a shipped file is broken.
pub fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut text = Vec::new();
    let mut command = with_names(&Names::gathered()?);
    generate(arguments.shell, &mut command, "autarky", &mut text);
    let mut text = String::from_utf8_lossy(&text).into_owned();
    match arguments.shell {
        Shell::Bash => text.push_str(BASH),
        Shell::Zsh => text = text.lines().map(zsh).collect(),
        Shell::Fish => fish(&command, "__fish_autarky_using_subcommand", &mut text),
        _ => (),
    }
    say(&text);
    Ok(())
}

/// After a parameter's `=` its value follows at once, without a space.
const BASH: &str = r#"
_autarky_without_space() {
    _autarky "$@"
    [[ "${COMPREPLY[0]}" != *= ]] || compopt -o nospace
}
complete -F _autarky_without_space -o bashdefault -o default autarky
"#;

/// A line of the script for zsh: parameters are completed without a space, and beside names the paths of files where these may
/// stand too.
fn zsh(line: &str) -> String {
    let found = line.strip_suffix(")' \\").and_then(|rest| rest.rsplit_once(":("));
    match found {
        Some((before, names)) if names.ends_with('=') => format!("{before}:{{compadd -S \"\" -- {names}}}' \\\n"),
        Some((before, names)) if before.contains("the path of a") => {
            format!("{before}:{{compadd -- {names}; _files}}' \\\n")
        }
        _ => format!("{line}\n"),
    }
}

/// Values of what stands without an option, which the generator for fish leaves out: of every command, those of its first.
fn fish(command: &clap::Command, condition: &str, text: &mut String) {
    for below in command.get_subcommands() {
        let joint = if condition.ends_with("using_subcommand") { " " } else { "; and __fish_seen_subcommand_from " };
        let condition = format!("{condition}{joint}{}", below.get_name());
        if let Some(first) = below.get_positionals().next() {
            let values = first.get_possible_values();
            let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
            // Where a path may stand too, files are offered beside the names.
            let path = first.get_help().is_some_and(|help| help.to_string().contains("the path of"));
            let files = if path { "" } else { " -f" };
            if !names.is_empty() {
                let _ = writeln!(text, "complete -c autarky -n \"{condition}\"{files} -a \"{}\"", names.join(" "));
            }
        }
        fish(below, &condition, text);
    }
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
