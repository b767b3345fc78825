//! `autarky churn`: what moves where policy never changes, over seeds.

use agents::record::Detail;
use analysis::recording::Recording;
use analysis::reshoring::{Case, Churn, churn_table};

use super::{Laboratory, maker, size, with};
use crate::arguments::ChurnArguments;
use crate::failure::Failure;

/// Runs the worlds, prints and writes the table.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn churn(arguments: &ChurnArguments) -> Result<(), Failure> {
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, arguments.ticks)?;
    let (scenario, settings) = Case::Baseline.scenario();
    let loaded = laboratory.load(scenario, settings)?;
    let seeds = laboratory.each_seed(|seed| {
        let run = laboratory.recorded(&with(&loaded.config, seed, &[]), &loaded.calibration, Detail::Standard)?;
        Ok(match run {
            Some(recorder) => Some(Churn::of(&Recording::of(&recorder.content()))?),
            None => None,
        })
    })?;
    let codes: Vec<String> = loaded.calibration.regions.iter().map(|region| region.code.clone()).collect();
    let found = churn_table(&codes, &seeds);
    let text = format!(
        "# What moves without policy\n\nCapacity of manufacturing that moved, percent of base-year output, mean of {}. Of {} \
         intervals at 95 percent {:.2} miss zero by chance, in the mean, if nothing drifts. {}\n\n{}",
        size(&loaded.config, seeds.len()),
        found.rows.len(),
        0.05 * found.rows.len() as f64,
        maker("churn"),
        found.to_markdown()
    );
    laboratory.publish(&[("churn.md", &text), ("churn.csv", &found.to_csv())], &found)
}
