//! A run and the baseline of the same seed: recorded before, or run in memory.

use std::path::Path;

use agents::calibration::Calibration;
use agents::record::Detail;
use analysis::recording::Recording;
use engine::recorder::Recorder;

use crate::checkpoint::Options;
use crate::config::{Loaded, Overrides, ResolvedConfig, load_scenario};
use crate::failure::Failure;
use crate::report::beside;
use crate::session::{Session, digest_of};
use crate::signals::Interrupt;
use crate::sources::{paired, single};

/// A run and its baseline on disk.
pub struct Recorded {
    /// With the measures.
    pub policy: Recording<'static>,
    /// Without them.
    pub baseline: Recording<'static>,
}

impl Recorded {
    /// Opens a recording and its baseline, given or beside it.
    ///
    /// # Errors
    /// If one of them is missing or cannot be read, or they do not belong together.
    pub fn open(run: &Path, against: Option<&Path>) -> Result<Self, Failure> {
        let policy = single(run)?;
        let found = against.map(Path::to_path_buf).or_else(|| beside(run)).ok_or_else(|| {
            let remedy = "name it with --against, or record both with `autarky run`";
            Failure::File(format!("there is no baseline beside {}; {remedy}", run.display()))
        })?;
        let baseline = single(&found)?;
        paired(&policy, &baseline)?;
        Ok(Self { policy, baseline })
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
        let measures = |recording: &Recording<'_>| -> Result<(String, usize), Failure> {
            let text = recording.document("configuration")?;
            let count = text.matches("[[measure]]").count();
            Ok((text, count))
        };
        let (text, count) = measures(&self.policy)?;
        if count != config.measures.len() || !config.measures.iter().all(|x| text.contains(&x.to_toml())) {
            return differs("it has other measures");
        }
        if measures(&self.baseline)?.1 > 0 {
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
