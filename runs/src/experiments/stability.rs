//! `autarky stability`: whether the world settles after the shipped experiments.

use std::fmt::Write as _;

use agents::calibration::Calibration;
use agents::record::Detail;
use analysis::bars::table;
use analysis::recording::Recording;
use analysis::stability::{Experiment, Seed};
use analysis::table::Table;

use super::{IMPORTER, Laboratory, UNIFORM, baseline, columns, maker, size, with};
use crate::arguments::StabilityArguments;
use crate::config::{Loaded, ResolvedConfig};
use crate::failure::Failure;
use crate::session::first_policy_tick;

/// Shipped scenarios that are compared with the baseline.
const SCENARIOS: [&str; 3] = [UNIFORM, "government-cut-5", "embargo-1y"];

/// Measures the experiments, prints and writes the tables.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn stability(arguments: &StabilityArguments) -> Result<(), Failure> {
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, arguments.ticks)?;
    let Loaded { config, calibration, .. } = laboratory.load(baseline::SCENARIO, &[])?;
    let policies = SCENARIOS.map(|scenario| laboratory.load(scenario, &[]).map(|loaded| loaded.config));
    let policies = policies.into_iter().collect::<Result<Vec<_>, _>>()?;
    let seeds = laboratory.each_seed(|seed| measure(&laboratory, seed, &config, &policies, &calibration))?;
    let codes: Vec<String> = calibration.regions.iter().map(|region| region.code.clone()).collect();
    let mut findings = Vec::new();
    let mut tables = String::new();
    let mut years = Table::new(["variable", "region", "year", "mean", "low", "high"]);
    for (place, scenario) in SCENARIOS.into_iter().enumerate() {
        let seeds: Vec<Seed> = seeds.iter().map(|seed| seed[place].clone()).collect();
        let ticks_per_year = config.ticks_per_year as usize;
        let experiment = Experiment { scenario, regions: &codes, seeds: &seeds, ticks_per_year };
        findings.extend(experiment.findings());
        if let (UNIFORM, Some(region)) = (scenario, codes.iter().position(|code| code == IMPORTER)) {
            findings.extend(experiment.response(region));
        }
        let _ = write!(tables, "\n## {scenario}\n\n{}", experiment.table().to_markdown());
        experiment.push_years(&mut years);
    }
    let bars = table(&findings);
    let text = introduction(&config, seeds.len()) + &bars.to_markdown() + &tables;
    laboratory.publish(
        &[("stability.md", &text), ("stability.csv", &bars.to_csv()), ("stability_years.csv", &years.to_csv())],
        &columns(&bars, [0, 1, 2, 3, 4, 5, 6]),
    )
}

/// Runs the baseline and every experiment of a seed; `None` if a signal arrived.
fn measure(
    laboratory: &Laboratory<'_>,
    seed: u64,
    config: &ResolvedConfig,
    policies: &[ResolvedConfig],
    calibration: &Calibration,
) -> Result<Option<Vec<Seed>>, Failure> {
    let run = |config: &ResolvedConfig| {
        laboratory.recorded(&with(config, seed, &config.measures), calibration, Detail::Standard)
    };
    let Some(baseline) = run(config)? else {
        return Ok(None);
    };
    let baseline = baseline.content();
    let mut pairs = Vec::new();
    for policy in policies {
        let Some(recorder) = run(policy)? else {
            return Ok(None);
        };
        let start = first_policy_tick(policy).unwrap_or(0) as usize;
        let (content, ticks_per_year) = (recorder.content(), config.ticks_per_year as usize);
        pairs.push(Seed::of(&Recording::of(&content), &Recording::of(&baseline), start, ticks_per_year)?);
    }
    Ok(Some(pairs))
}

fn introduction(config: &ResolvedConfig, seeds: usize) -> String {
    format!(
        "# How the world settles after a change of policy\n\nPaired deviations of real GDP from the baseline of the same \
         seed, percent, over {}. Months and years count from the first tick of the policy. {}\n\nThe noise floor of a \
         region is what noise alone gives: half of the seeds enter the mean with the opposite sign, so what they share \
         cancels and the noise of the mean remains; of all halves and both spans of years the mean amplitude, times the \
         largest ratio to its region's mean found in any region, as that many regions are compared at once.\n\n",
        size(config, seeds),
        maker("stability")
    )
}
