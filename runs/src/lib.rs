//! The program `autarky`: everything that touches paths, threads, signals and the terminal.

pub mod arguments;
pub mod benchmark;
pub mod check;
pub mod checkpoint;
pub mod config;
pub mod diff;
pub mod experiments;
pub mod export;
pub mod failure;
pub mod indicators;
pub mod list;
pub mod pairs;
pub mod picture;
pub mod progress;
pub mod provenance;
pub mod replay;
pub mod report;
pub mod reproduce;
pub mod run;
pub mod seeds;
pub mod session;
pub mod signals;
pub mod sources;
pub mod sweep;
pub mod terminal;
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
    let cli = Cli::parse();
    let outcome = catch_unwind(AssertUnwindSafe(|| dispatch(cli.command, &panics)));
    let failure = match outcome {
        Ok(Ok(code)) => return code,
        Ok(Err(failure)) => failure,
        Err(_) => Failure::Internal(panics.take()),
    };
    failure.report();
    ExitCode::from(failure.code())
}

fn dispatch(command: Command, panics: &failure::Panics) -> Result<ExitCode, Failure> {
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
        Command::List => list::list().map(|()| ExitCode::SUCCESS),
        Command::Backup(arguments) => experiments::backup(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Reshoring(arguments) => experiments::reshoring(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Churn(arguments) => experiments::churn(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Facts(arguments) => experiments::facts(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Score(arguments) => experiments::score(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Baseline(arguments) => experiments::baseline(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Stability(arguments) => experiments::stability(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Sweep { command } => sweep::sweep(&command, panics),
        Command::Panic => panic!("asked to fail"),
    }
}
