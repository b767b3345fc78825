//! The program `autarky`: everything that touches paths, threads, signals and the terminal.

pub mod arguments;
pub mod benchmark;
pub mod catalogue;
pub mod check;
pub mod checkpoint;
pub mod config;
pub mod diff;
pub mod experiments;
pub mod export;
pub mod extremes;
pub mod failure;
pub mod indicators;
pub mod input;
pub mod layout;
#[cfg(test)]
mod meaning;
pub mod measures;
pub mod memory;
pub mod models;
pub mod outputs;
pub mod pairing;
pub mod pairs;
pub mod picture;
pub mod policy_words;
pub mod progress;
pub mod provenance;
pub mod replay;
pub mod report;
pub mod reproduce;
pub mod rows;
pub mod run;
pub mod seeds;
pub mod session;
pub mod signals;
#[cfg(test)]
mod source_digest;
pub mod sources;
pub mod sweep;
pub mod terminal;
pub mod threads;
pub mod verify;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use arguments::{Cli, Command};
use failure::Failure;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let panics = failure::catch_panics();
    signals::limits_are_errors();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let command = Cli::parse().command;
        let kept = keeps_its_work_in_files(&command);
        dispatch(command, &panics).and_then(|code| said(code, kept))
    }));
    let failure = match outcome {
        Ok(Ok(code)) => return code,
        Ok(Err(failure)) => failure,
        Err(_) => Failure::Internal(panics.take()),
    };
    failure.report();
    ExitCode::from(failure.code())
}

/// Whether what a command prints only sums up what it has written to files.
fn keeps_its_work_in_files(command: &Command) -> bool {
    use arguments::SweepCommand::{Cancel, Merge, Plan, Retry, Run, Submit};
    match command {
        Command::Check(_)
        | Command::Diff(_)
        | Command::Verify(_)
        | Command::Reproduce(_)
        | Command::List(_)
        | Command::Show(_)
        | Command::Completions(_)
        | Command::Schema(_) => false,
        Command::Man(x) => x.dir.is_some(),
        Command::Indicators(x) => x.csv.is_some(),
        Command::BenchmarkStatic(x) => x.csv.is_some(),
        Command::Export(x) => !x.csv.as_ref().is_some_and(|out| export::is_stdout(out)),
        Command::Sweep { command } => match command {
            Plan(_) | Run(_) | Retry(_) | Cancel(_) | Merge(_) => true,
            Submit(x) => !x.dry_run,
            _ => false,
        },
        _ => true,
    }
}

/// The end of a command whose output may have been lost: an error where the output was all there is.
fn said(code: ExitCode, kept: bool) -> Result<ExitCode, Failure> {
    if !terminal::lost() {
        return Ok(code);
    }
    let text = "standard output could not be written";
    if kept {
        terminal::note(&format!("warning: {text}; the files are complete"));
        return Ok(code);
    }
    Err(Failure::File(format!("{text}: free some space or send it elsewhere, then run again")))
}

/// Whether a command sets the threads by itself, from its own option.
fn has_threads(command: &Command) -> bool {
    !matches!(
        command,
        Command::Check(_)
            | Command::Diff(_)
            | Command::Report(_)
            | Command::Plot(_)
            | Command::Verify(_)
            | Command::Indicators(_)
            | Command::Export(_)
            | Command::List(_)
            | Command::Show(_)
            | Command::New(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Schema(_)
            | Command::Sweep { .. }
    )
}

fn dispatch(command: Command, panics: &failure::Panics) -> Result<ExitCode, Failure> {
    outputs::protect_inputs(&command);
    if !has_threads(&command) {
        threads::set_threads(None)?;
    }
    match command {
        Command::Run(arguments) => run::run(&arguments, panics),
        Command::Resume(arguments) => run::resume(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Check(arguments) => check::check(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Diff(arguments) => diff::diff(&arguments),
        Command::Report(arguments) => report::page(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Plot(arguments) => report::plot(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::Indicators(arguments) => indicators::indicators(&arguments).map(|()| ExitCode::SUCCESS),
        Command::BenchmarkStatic(arguments) => benchmark::benchmark_static(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Replay(arguments) => replay::replay(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Export(arguments) => export::export(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Reproduce(arguments) => reproduce::reproduce(&arguments),
        Command::List(arguments) => catalogue::list(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Show(arguments) => catalogue::show(&arguments).map(|()| ExitCode::SUCCESS),
        Command::New(arguments) => catalogue::new_scenario(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Completions(arguments) => catalogue::completions(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Man(arguments) => catalogue::man(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Schema(arguments) => catalogue::schema(arguments.kind).map(|()| ExitCode::SUCCESS),
        Command::Alike(_)
        | Command::Backup(_)
        | Command::Reshoring(_)
        | Command::Churn(_)
        | Command::Displacement(_)
        | Command::Gains(_)
        | Command::Facts(_)
        | Command::Score(_)
        | Command::Baseline(_)
        | Command::Stability(_) => experiments::experiment(&command, panics).map(|()| ExitCode::SUCCESS),
        Command::Results(arguments) => experiments::results(&arguments, panics).map(|()| ExitCode::SUCCESS),
        Command::Sweep { command } => sweep::sweep(&command, panics),
        Command::Panic => panic!("asked to fail"),
    }
}
