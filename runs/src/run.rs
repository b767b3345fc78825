//! `autarky run` and `autarky resume`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use agents::record::Detail;
use analysis::chance::ONE_SEED;
use analysis::recording::Recording;
use analysis::summary::{outcome, tables, windows};
use configs::calibration::Calibration;
use engine::files;

use crate::arguments::{Against, Audit, OutputArguments, Record, ResumeArguments, RunArguments, ScenarioArguments};
use crate::check::{estimate, session_memory};
use crate::checkpoint::{self, Options};
use crate::config::{Loaded, Overrides, ResolvedConfig, load_scenario, load_world};
use crate::failure::{Failure, Panics};
use crate::memory;
use crate::outputs;
use crate::seeds;
use crate::session::{Plan, Session, digest_of};
use crate::signals::Interrupt;
use crate::terminal::say;
pub use crate::threads::set_threads;

/// Ending of the baseline's recording.
pub(crate) const BASELINE: &str = "baseline.h5";

/// Loads a scenario with the changes of the command line.
///
/// # Errors
/// If anything in it is wrong.
pub fn load(arguments: &ScenarioArguments) -> Result<Loaded, Failure> {
    let overrides = Overrides {
        seed: arguments.seed,
        ticks: arguments.ticks,
        persons_per_agent: arguments.persons_per_agent,
        households_per_region: arguments.households_per_region,
        settings: arguments.settings.clone(),
    };
    Ok(load_scenario(&arguments.scenario, &overrides)?)
}

fn plan(output: &OutputArguments, out: PathBuf) -> Plan {
    Plan { out, checkpoint_every: output.checkpoint_every, flush_every: output.flush_every }
}

/// Makes sure, before the work, that a run can be recorded and replaces nothing but itself; claims its output for this
/// process.
///
/// # Errors
/// If the recording or its baseline cannot be written, or another process writes it.
pub fn ready(
    out: &Path,
    config: &ResolvedConfig,
    compare: bool,
    goes_on: bool,
    overwrite: bool,
) -> Result<files::Claim, Failure> {
    outputs::check_recording(out)?;
    let claim = files::claim(out)?;
    outputs::check_same(out, config, goes_on, overwrite)?;
    if compare {
        let baseline = outputs::beside(out, BASELINE);
        outputs::check_recording(&baseline)?;
        outputs::check_same(&baseline, &baseline_of(config), goes_on, overwrite)?;
    }
    Ok(claim)
}

/// Runs a scenario.
///
/// # Errors
/// Whatever keeps it from being run and recorded to its end.
pub fn run(arguments: &RunArguments, panics: &Panics) -> Result<ExitCode, Failure> {
    let loaded = load(&arguments.scenario)?;
    crate::measures::warn(&loaded.config);
    let seeds = seeds::count(arguments, &loaded.config)?;
    if seeds > 1 {
        return seeds::run(arguments, loaded, seeds, panics);
    }
    one(arguments, loaded).map(|()| ExitCode::SUCCESS)
}

/// Runs a scenario with one seed.
fn one(arguments: &RunArguments, loaded: Loaded) -> Result<(), Failure> {
    let Loaded { config, calibration, .. } = loaded;
    let compare = !config.measures.is_empty() && arguments.against != Some(Against::None);
    let options = Options {
        audit_stops: arguments.audit == Audit::Stop,
        detail: if arguments.record == Record::Full { Detail::Full } else { Detail::Standard },
        compare,
    };
    let out = arguments.output.out.clone();
    let out = out.unwrap_or_else(|| PathBuf::from(format!("{}-{}.h5", config.name, config.seed)));
    let _claim = ready(&out, &config, compare, false, arguments.output.overwrite)?;
    memory::check(estimate(&config, &calibration).memory)?;
    set_threads(arguments.output.threads)?;
    let interrupt = Interrupt::listen()?;
    let plan = plan(&arguments.output, out);
    let session = Session::begin(config, &calibration, options)?;
    finish(session, &plan, &interrupt, || Ok(calibration))
}

/// Goes on with a run.
///
/// # Errors
/// As [`run`], and if the checkpoint cannot be used.
pub fn resume(arguments: &ResumeArguments) -> Result<(), Failure> {
    let beside = || outputs::recording_of(&arguments.checkpoint, "ckpt");
    let out = arguments.output.out.clone().or_else(beside);
    let out = out.unwrap_or_else(|| arguments.checkpoint.with_extension("h5"));
    outputs::check_recording(&out)?;
    set_threads(arguments.output.threads)?;
    let interrupt = Interrupt::listen()?;
    let session = Session::resume(checkpoint::read(&arguments.checkpoint)?, arguments.ticks)?;
    memory::check(session_memory(&session))?;
    let _claim = ready(&out, &session.config, session.options.compare, true, arguments.output.overwrite)?;
    if session.tick() > session.config.ticks {
        return Err(Failure::Configuration(format!(
            "the checkpoint is at tick {}, beyond the {} ticks asked for; give more with --ticks",
            session.tick(),
            session.config.ticks
        )));
    }
    let (world, digest) = (session.config.world.clone(), session.calibration_digest().to_owned());
    let calibration = || {
        let calibration = load_world(&world)?;
        if digest_of(&calibration) == digest {
            Ok(calibration)
        } else {
            let remedy = "restore its tables, or run the scenario anew";
            Err(Failure::Checkpoint(format!("the world {world} has changed since the run began; {remedy}")))
        }
    };
    finish(session, &plan(&arguments.output, out), &interrupt, calibration)
}

/// Runs a session to its end, then its baseline if it is to be compared, and prints what came out.
fn finish(
    mut session: Session,
    plan: &Plan,
    interrupt: &Interrupt,
    calibration: impl FnOnce() -> Result<Calibration, Failure>,
) -> Result<(), Failure> {
    session.run(plan, interrupt)?;
    let (config, options) = (session.config.clone(), session.options);
    drop(session);
    say(&format!("recorded {} ({} ticks)\n", plan.out.display(), config.ticks));
    if options.compare {
        let baseline = Plan { out: outputs::beside(&plan.out, BASELINE), ..plan.clone() };
        let mut other = Session::begin(baseline_of(&config), &calibration()?, Options { compare: false, ..options })?;
        other.run(&baseline, interrupt)?;
        drop(other);
        say(&format!("recorded {} (its baseline)\n", baseline.out.display()));
        print_comparison(&plan.out, &baseline.out)
    } else if let Some(policy) = policy_of(&plan.out) {
        print_comparison(&policy, &plan.out)
    } else {
        let recording = Recording::open(&plan.out)?;
        say(&format!("\n{}", outcome(&recording, config.ticks_per_year)?.to_text()));
        Ok(())
    }
}

/// The same world and seed without measures but those that are part of its baseline.
#[must_use]
pub fn baseline_of(config: &ResolvedConfig) -> ResolvedConfig {
    ResolvedConfig {
        name: format!("{}.baseline", config.name),
        title: format!("{}: baseline", config.title),
        description: "The same world and seed without measures but those that are part of its baseline.".to_owned(),
        measures: config.measures.iter().filter(|measure| measure.shared).cloned().collect(),
        ..config.clone()
    }
}

/// The recording a baseline belongs to, if it is there.
fn policy_of(baseline: &Path) -> Option<PathBuf> {
    let policy = outputs::recording_of(baseline, BASELINE)?;
    policy.is_file().then_some(policy)
}

fn print_comparison(policy: &Path, baseline: &Path) -> Result<(), Failure> {
    let (policy, baseline) = (Recording::open(policy)?, Recording::open(baseline)?);
    let per_year: u32 = policy.attribute("ticks_per_year")?.parse().unwrap_or(12);
    let first: usize = policy.attribute("first_policy_tick")?.parse().unwrap_or(0);
    let ticks = policy.dates()?.len().min(baseline.dates()?.len());
    let windows = windows(first, ticks, per_year as usize);
    if windows.is_empty() {
        say("no measure comes into force within the run, so there is nothing to compare\n");
        return Ok(());
    }
    let (short, long) = tables(&policy, &baseline, &policy.attribute("focus_region")?, &windows, per_year)?;
    say(&format!(
        "\n{}: change against the same-seed baseline\n{ONE_SEED}\n\n{}\nall regions at the end\n\n{}",
        policy.attribute("title")?,
        short.to_text(),
        long.to_text()
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_without_its_policy_run_has_nothing_to_compare() {
        assert_eq!(policy_of(Path::new("/nowhere/x.baseline.h5")), None);
        assert_eq!(policy_of(Path::new("x.h5")), None);
    }
}
