//! `autarky results`: the tables of all shipped experiments, made again where they are out of date.

use std::path::{Path, PathBuf};

use agents::record::Detail;
use analysis::table::{Table, parse_csv};
use clap::Parser as _;
use engine::digest::of_texts;
use engine::files::write_bytes_atomically;

use super::adopt::{adopt, noted};
use super::arm::Run;
use super::kept::Kept;
use super::runner::Missing;
use super::{planned, runs_of};
use crate::arguments::{Cli, Command, ResultsArguments};
use crate::failure::{Failure, Panics};
use crate::provenance::{COMMIT, TABLE_SOURCES, VERSION};
use crate::signals::Interrupt;
use crate::terminal::{note, say};
use crate::threads::set_threads;

/// The shipped experiments.
const SHIPPED: [Shipped; 9] = [
    Shipped { name: "baseline", seeds: 8, question: "does the world without policy stay at its calibration?" },
    Shipped { name: "facts", seeds: 8, question: "what does a tariff do, beside published facts?" },
    Shipped { name: "stability", seeds: 8, question: "does the world settle after a lasting change of policy?" },
    Shipped { name: "score", seeds: 4, question: "which published facts does the model meet?" },
    Shipped { name: "reshoring", seeds: 8, question: "what brings factories home?" },
    Shipped { name: "churn", seeds: 24, question: "what moves where policy never changes, and does it balance?" },
    Shipped { name: "displacement", seeds: 8, question: "what does a lost job cost, in good and in bad times?" },
    Shipped { name: "alike", seeds: 8, question: "what do differences between households make of a duty?" },
    Shipped { name: "backup", seeds: 8, question: "what is reserve capacity worth?" },
];

/// Households of every region, and of a quick look.
const HOUSEHOLDS: [u64; 2] = [10_000, 1_000];

/// A shipped experiment.
struct Shipped {
    /// Its command.
    name: &'static str,
    question: &'static str,
    /// Seeds; half of them for a quick look.
    seeds: u32,
}

impl Shipped {
    /// The command that makes it.
    fn line(&self, arguments: &ResultsArguments) -> String {
        let usual = if arguments.quick { self.seeds.div_ceil(2) } else { self.seeds };
        let households = HOUSEHOLDS[usize::from(arguments.quick)];
        format!(
            "{} --seeds {} --households-per-region {}",
            self.name,
            arguments.seeds.unwrap_or(usual),
            arguments.households_per_region.unwrap_or(households)
        )
    }
}

/// Where it is noted what the tables were made from.
const NOTES: &str = "made.csv";

/// Head of the notes.
const HEAD: [&str; 8] = ["experiment", "question", "command", "version", "commit", "files", "key", "adopted"];

/// Makes the tables that are out of date.
///
/// # Errors
/// If an experiment is not known, a run fails or a file cannot be written.
pub fn results(arguments: &ResultsArguments, panics: &Panics) -> Result<(), Failure> {
    set_threads(arguments.threads)?;
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(if arguments.quick { "analysis/results/quick" } else { "analysis/results" }));
    let chosen = chosen(&arguments.only)?;
    let lines: Vec<String> = chosen.iter().map(|shipped| shipped.line(arguments)).collect();
    let commands: Vec<Command> = lines.iter().map(|line| command(line, &out)).collect::<Result<_, _>>()?;
    let (mut due, mut asked, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let (kept, notes) = (Kept::beside(&out), Notes::read(&out));
    let mut list = Table::new(["experiment", "question", "state"]);
    for ((shipped, line), command) in chosen.iter().zip(&lines).zip(&commands) {
        let planned =
            planned(command)?.ok_or_else(|| Failure::Internal(format!("`{}` is no experiment", shipped.name)))?;
        let runs = runs_of(planned.experiment.arms());
        let made = Made { name: shipped.name, question: shipped.question, command: line, key: key(&runs, line) };
        let state = notes.state(&made, &out);
        let wanted = arguments.again || state != State::Current;
        let words = if wanted { state.text() } else { "up to date" };
        list.push([shipped.name, shipped.question, words].map(str::to_owned));
        all.push((shipped.name, runs.clone()));
        if wanted {
            asked.extend(runs);
            due.push((made, planned));
        }
    }
    say(&list.to_text());
    if let Some(digest) = &arguments.adopt {
        adopt(digest, &all, &out, panics)?;
    }
    if due.is_empty() {
        return Ok(());
    }
    let missing = Missing::of(&asked, &kept);
    say(&format!(
        "\n{} runs are asked for, {} ticks one by one; {}\n",
        asked.len(),
        missing.asked,
        missing.text(&kept)
    ));
    if arguments.plan {
        return Ok(());
    }
    missing.make(&Interrupt::listen()?, panics, &kept)?;
    for (made, planned) in &due {
        note(&format!("{}: {}", made.name, made.question));
        let tables = planned.tables(&kept)?;
        planned.laboratory.publish(&tables)?;
        let files: Vec<&str> = tables.files.iter().map(|file| file.0).collect();
        Notes::read(&out).with(made, &files, &noted(&kept), &out)?;
    }
    say(&format!(
        "runs are kept in {} ({:.1} GB), for tables that change; the folder may be removed\n",
        kept.folder().display(),
        kept.bytes() as f64 / 1e9
    ));
    Ok(())
}

/// The experiments asked for by name.
fn chosen(only: &[String]) -> Result<Vec<&'static Shipped>, Failure> {
    for name in only {
        if !SHIPPED.iter().any(|shipped| shipped.name == name) {
            let known: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).collect();
            return Err(Failure::Configuration(format!(
                "--only: there is no experiment `{name}`; known are {}",
                known.join(", ")
            )));
        }
    }
    let wanted = |shipped: &&Shipped| only.is_empty() || only.iter().any(|name| name == shipped.name);
    Ok(SHIPPED.iter().filter(wanted).collect())
}

/// A command of this program, with a folder for its tables.
fn command(line: &str, out: &Path) -> Result<Command, Failure> {
    let words = std::iter::once("autarky").chain(line.split(' ')).map(Into::into);
    let words = words.chain(["--out".into(), out.as_os_str().to_owned()]);
    Cli::try_parse_from(words)
        .map(|cli| cli.command)
        .map_err(|error| Failure::Internal(format!("the shipped command `{line}`: {error}")))
}

/// Digest of all that decides what the tables say: the sources, every run, and the command.
fn key(runs: &[Run], line: &str) -> u64 {
    let runs = runs.iter().map(|run| {
        let full = run.detail == Detail::Full;
        let asked: Vec<&str> = run.asked.iter().map(|question| question.word()).collect();
        format!("{:016x} {} {full} {}", run.key, run.config.ticks, asked.join(" "))
    });
    let texts: Vec<String> = [TABLE_SOURCES.to_owned(), line.to_owned()].into_iter().chain(runs).collect();
    of_texts(texts.iter().map(String::as_str))
}

/// Tables that are to be made.
struct Made<'a> {
    name: &'static str,
    question: &'static str,
    command: &'a str,
    key: u64,
}

/// How the tables of an experiment stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Current,
    Never,
    Changed,
    Edited,
}

impl State {
    const fn text(self) -> &'static str {
        match self {
            Self::Current => "to be made again",
            Self::Never => "never made",
            Self::Changed => "out of date: rules, configuration or command changed",
            Self::Edited => "the files are gone or were changed by hand",
        }
    }
}

/// What is noted of the tables in a folder: a row an experiment.
struct Notes(Table);

/// Digest of some files.
fn digest_of(files: &[&str], out: &Path) -> u64 {
    let contents = files.iter().map(|name| std::fs::read_to_string(out.join(name)).unwrap_or_default());
    let contents: Vec<String> = contents.collect();
    of_texts(contents.iter().map(String::as_str))
}

impl Notes {
    /// The notes in a folder; none where there are none, or they are not ours.
    fn read(out: &Path) -> Self {
        let mut found = parse_csv(&std::fs::read_to_string(out.join(NOTES)).unwrap_or_default());
        // Notes from before runs could be adopted.
        if found.head == HEAD[..HEAD.len() - 1] {
            found.head = HEAD.map(str::to_owned).to_vec();
            found.rows.iter_mut().for_each(|row| row.push(String::new()));
        }
        Self(if found.head == HEAD { found } else { Table::new(HEAD) })
    }

    fn state(&self, made: &Made<'_>, out: &Path) -> State {
        let Some(row) = self.0.rows.iter().find(|row| row[0] == made.name) else { return State::Never };
        let [.., files, key, _] = row.as_slice() else { return State::Never };
        let (now, files_then) = key.split_once(' ').unwrap_or_default();
        let files: Vec<&str> = files.split(' ').collect();
        if now != format!("{:016x}", made.key) {
            State::Changed
        } else if files_then != format!("{:016x}", digest_of(&files, out)) {
            State::Edited
        } else {
            State::Current
        }
    }

    /// Notes that tables were made.
    fn with(mut self, made: &Made<'_>, files: &[&str], adopted: &str, out: &Path) -> Result<(), Failure> {
        self.0.rows.retain(|row| row[0] != made.name);
        let key = format!("{:016x} {:016x}", made.key, digest_of(files, out));
        self.0.push([made.name, made.question, made.command, VERSION, COMMIT, &files.join(" "), &key, adopted]);
        let place = |name: &str| SHIPPED.iter().position(|shipped| shipped.name == name);
        self.0.rows.sort_by_key(|row| place(&row[0]));
        write_bytes_atomically(&out.join(NOTES), self.0.to_csv().as_bytes())?;
        Ok(())
    }
}
