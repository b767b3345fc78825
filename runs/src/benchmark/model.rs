//! The model's path that the benchmark is shown beside: a pair of recordings, or pairs of runs in memory.

use std::ops::Range;

use agents::record::Detail;
use analysis::recording::Recording;
use analysis::static_trade::{WindowResponse, mean_response, responses};
use configs::calibration::Calibration;

use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::pairs::in_memory;
use crate::run::baseline_of;
use crate::session::first_policy_tick;
use crate::signals::Interrupt;

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
        crate::terminal::note(&format!("seed {seed} of {seeds}"));
        let policy = ResolvedConfig { seed, ..config.clone() };
        let baseline = in_memory(&baseline_of(&policy), calibration, Detail::Standard, &interrupt)?;
        let policy = in_memory(&policy, calibration, Detail::Standard, &interrupt)?;
        let (policy, baseline) = (policy.content(), baseline.content());
        found.push(responses(&Recording::of(&policy), &Recording::of(&baseline), windows)?);
    }
    Ok(mean_response(&found))
}
