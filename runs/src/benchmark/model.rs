//! The model's path that the benchmark is shown beside: a pair of recordings, or pairs of runs in memory.

use std::ops::Range;
use std::path::Path;

use agents::calibration::Calibration;
use agents::record::Detail;
use analysis::recording::Recording;
use analysis::static_trade::{WindowResponse, mean_response, responses};
use engine::recorder::Recorder;

use crate::checkpoint::Options;
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::report::beside;
use crate::run::baseline_of;
use crate::session::{Session, digest_of, first_policy_tick};
use crate::signals::Interrupt;
use crate::sources::{paired, single};

/// A run and its baseline on disk.
pub struct Recorded {
    policy: Recording<'static>,
    baseline: Recording<'static>,
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
    ///
    /// # Errors
    /// If the recording is damaged.
    pub fn ticks(&self) -> Result<u32, Failure> {
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

    /// The responses over windows.
    ///
    /// # Errors
    /// If a recording lacks what is compared.
    pub fn responses(&self, windows: &[Range<usize>]) -> Result<Vec<WindowResponse>, Failure> {
        Ok(responses(&self.policy, &self.baseline, windows)?)
    }
}

/// First year of policy and last year of the run, in ticks.
#[must_use]
pub fn windows(config: &ResolvedConfig) -> [Range<usize>; 2] {
    let ticks = config.ticks as usize;
    let year = config.ticks_per_year as usize;
    let first = (first_policy_tick(config).unwrap_or(0) as usize).min(ticks.saturating_sub(1));
    [first..(first + year).min(ticks), ticks.saturating_sub(year).max(first)..ticks]
}

/// Runs pairs in memory and returns their mean responses.
///
/// # Errors
/// If a run fails, or a signal arrives.
pub fn simulate(
    config: &ResolvedConfig,
    calibration: &Calibration,
    seeds: u32,
    windows: &[Range<usize>],
) -> Result<Vec<WindowResponse>, Failure> {
    let interrupt = Interrupt::listen()?;
    let mut found = Vec::new();
    for seed in 1..=u64::from(seeds) {
        eprintln!("seed {seed} of {seeds}");
        let policy = ResolvedConfig { seed, ..config.clone() };
        let baseline = recorded(&baseline_of(&policy), calibration, &interrupt)?;
        let policy = recorded(&policy, calibration, &interrupt)?;
        let (policy, baseline) = (policy.content(), baseline.content());
        found.push(responses(&Recording::of(&policy), &Recording::of(&baseline), windows)?);
    }
    Ok(mean_response(&found))
}

fn recorded(config: &ResolvedConfig, calibration: &Calibration, interrupt: &Interrupt) -> Result<Recorder, Failure> {
    let options = Options { audit_stops: true, detail: Detail::Standard, compare: false };
    let mut session = Session::begin(config.clone(), calibration, options)?;
    while session.tick() < config.ticks {
        if interrupt.requested() {
            return Err(Failure::Stopped);
        }
        session.step()?;
    }
    Ok(session.into_recorder())
}
