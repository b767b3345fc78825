//! `autarky reshoring`: what brings factories home, over paired seeds.

use agents::calibration::Calibration;
use agents::record::Detail;
use analysis::recording::Recording;
use analysis::reshoring::{Case, Seed, World, table};

use super::{IMPORTER, Laboratory, columns, maker, size, with};
use crate::arguments::ReshoringArguments;
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::session::first_policy_tick;

/// Runs the worlds, prints and writes the table.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn reshoring(arguments: &ReshoringArguments) -> Result<(), Failure> {
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, arguments.ticks)?;
    let mut configs = Vec::new();
    for (scenario, settings) in Case::ALL.map(Case::scenario) {
        configs.push(laboratory.load(scenario, settings)?);
    }
    let calibration = configs[0].calibration.clone();
    let configs: Vec<ResolvedConfig> = configs.into_iter().map(|loaded| loaded.config).collect();
    let seeds = laboratory.each_seed(|seed| measure(&laboratory, seed, &configs, &calibration))?;
    let found = table(&seeds);
    let text = format!(
        "# What brings factories home\n\nPaired differences over {}; region {IMPORTER}. Scenarios: `configs/scenarios`. A sign \
         holds if the whole interval has it. {}\n\n{}",
        size(&configs[0], seeds.len()),
        maker("reshoring"),
        found.to_markdown()
    );
    laboratory
        .publish(&[("reshoring.md", &text), ("reshoring.csv", &found.to_csv())], &columns(&found, [1, 2, 3, 4, 5, 6]))
}

/// Runs the worlds of a seed; `None` if a signal arrived.
fn measure(
    laboratory: &Laboratory<'_>,
    seed: u64,
    configs: &[ResolvedConfig],
    calibration: &Calibration,
) -> Result<Option<Seed>, Failure> {
    let start = configs.iter().filter_map(first_policy_tick).min().unwrap_or(0) as usize;
    let mut worlds = Vec::new();
    for config in configs {
        let run = laboratory.recorded(&with(config, seed, &config.measures), calibration, Detail::Standard)?;
        let Some(recorder) = run else {
            return Ok(None);
        };
        let content = recorder.content();
        worlds.push(World::of(&Recording::of(&content), IMPORTER, start)?);
    }
    let worlds = worlds.try_into().map_err(|_| Failure::Internal("a world is missing".to_owned()))?;
    Ok(Some(Seed::new(worlds)))
}
