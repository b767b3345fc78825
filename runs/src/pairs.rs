//! A run and the baseline of the same seed: recorded before, or run in memory.

use std::path::Path;

use agents::record::Detail;
use analysis::cache::RunCache;
use analysis::ensemble::Ensemble;
use analysis::recording::Recording;
use configs::calibration::Calibration;
use engine::recorder::Recorder;

use crate::checkpoint::Options;
use crate::config::{Loaded, Overrides, ResolvedConfig, load_scenario};
use crate::failure::Failure;
use crate::pairing::{Differences, paired};
use crate::report::beside;
use crate::session::{Session, digest_of};
use crate::signals::Interrupt;
use crate::sources::{opened, plan_of, single};
use crate::sweep::plan::POLICY;

/// A run and its baseline on disk.
pub struct Recorded {
    /// With the measures.
    pub policy: Recording<'static>,
    /// Without them.
    pub baseline: Recording<'static>,
    /// Configurations of the two.
    configurations: [String; 2],
    /// What the two differ in besides their measures, if they are compared all the same.
    pub differences: Differences,
}

/// The first seed of an ensemble of one scenario, as a run and its baseline.
fn first_pair(ensemble: Recording<'static>, path: &Path) -> Result<Recorded, Failure> {
    // Runs are read from the file as long as the program lives.
    let ensemble: &'static Recording<'static> = Box::leak(Box::new(ensemble));
    let reader = ensemble.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
    let cache: &'static RunCache<'static> = Box::leak(Box::new(RunCache::new(reader)));
    let bench = plan_of(ensemble, path)?;
    let found = Ensemble::open(reader)?;
    let (run, base) = found.pairs(POLICY).next().ok_or_else(|| {
        let message = "has no run called `policy` with a baseline; give a recording of one run, or an ensemble that `autarky run` wrote";
        Failure::Configuration(format!("{} {message}", path.display()))
    })?;
    let text = |run: usize| -> Result<String, Failure> {
        let planned = &bench.plan.runs[run];
        Ok(bench.config(planned.arm, planned.replicate)?.to_toml())
    };
    Ok(Recorded {
        policy: Recording::of_run(cache, run),
        baseline: Recording::of_run(cache, base),
        configurations: [text(run)?, text(base)?],
        differences: Differences::default(),
    })
}

impl Recorded {
    /// Opens a recording and its baseline, given or beside it.
    ///
    /// # Errors
    /// If one of them is missing or cannot be read, or they do not belong together and this is not forced.
    pub fn open(run: &Path, against: Option<&Path>, force: bool) -> Result<Self, Failure> {
        let recording = opened(run)?;
        if against.is_none() && recording.is_ensemble()? {
            return first_pair(recording, run);
        }
        let mut policy = single(run)?;
        let found = against.map(Path::to_path_buf).or_else(|| beside(run)).ok_or_else(|| {
            let remedy = "name it with --against, or record both with `autarky run`";
            Failure::File(format!("there is no baseline beside {}; {remedy}", run.display()))
        })?;
        let mut baseline = single(&found)?;
        let differences = paired(&mut policy, &mut baseline, force)?;
        let configurations = [policy.document("configuration")?, baseline.document("configuration")?];
        Ok(Self { policy, baseline, configurations, differences })
    }

    /// Number of ticks.
    fn ticks(&self) -> Result<u32, Failure> {
        Ok(self.policy.dates()?.len() as u32)
    }

    /// Checks that this was recorded from a scenario: the same world, first day and measures, none in the baseline.
    ///
    /// # Errors
    /// What differs.
    pub fn check(&self, config: &ResolvedConfig, calibration: &Calibration) -> Result<(), Failure> {
        let differs = |what: &str| {
            let remedy = "give the scenario it was made from, or leave --run out to do the runs now";
            Err(Failure::Configuration(format!("--run: the recording is not of this scenario: {what}; {remedy}")))
        };
        for recording in [&self.policy, &self.baseline] {
            if recording.attribute("calibration_digest")? != digest_of(calibration) {
                return differs("it has another world");
            }
        }
        if self.policy.attribute("ticks_per_year")? != config.ticks_per_year.to_string()
            || self.policy.dates()?.first().map(ToString::to_string) != Some(config.start.to_string())
        {
            return differs("it has another calendar");
        }
        let [text, base] = &self.configurations;
        let measures = |text: &str| text.matches("[[measure]]").count();
        let count = measures(text);
        if count != config.measures.len() || !config.measures.iter().all(|x| text.contains(&x.to_toml())) {
            return differs("it has other measures");
        }
        if measures(base) > 0 {
            return differs("its baseline has measures");
        }
        Ok(())
    }
}

/// Loads a scenario, as long as its recording if there is one.
///
/// # Errors
/// If the recording is damaged or anything in the scenario is wrong.
pub fn loaded(scenario: &str, mut overrides: Overrides, recorded: Option<&Recorded>) -> Result<Loaded, Failure> {
    if let Some(recorded) = recorded {
        overrides.ticks = Some(recorded.ticks()?);
    }
    Ok(load_scenario(scenario, &overrides)?)
}

/// Runs a world to its end in memory.
///
/// # Errors
/// If the run fails, or a signal arrives.
pub fn in_memory(
    config: &ResolvedConfig,
    calibration: &Calibration,
    detail: Detail,
    interrupt: &Interrupt,
) -> Result<Recorder, Failure> {
    let options = Options { audit_stops: true, detail, compare: false };
    let mut session = Session::begin(config.clone(), calibration, options)?;
    while session.tick() < config.ticks {
        if interrupt.requested() {
            return Err(Failure::Stopped);
        }
        session.step()?;
    }
    Ok(session.into_recorder())
}
