//! `autarky stability`: whether the world settles after the shipped experiments.

use std::fmt::Write as _;

use agents::record::Detail;
use analysis::bars::table;
use analysis::stability::Seed;
use analysis::table::Table;

use super::arm::Arm;
use super::{
    Experiment, IMPORTER, Laboratory, Made, Tables, UNIFORM, Worlds, baseline, columns, each_seed, maker, size,
};
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::session::first_policy_tick;

/// Shipped scenarios that are compared with the baseline.
const SCENARIOS: [&str; 3] = [UNIFORM, "government-cut-5", "embargo-1y"];

/// The baseline and the worlds that are compared with it.
pub(super) struct Stability {
    arms: Vec<Arm>,
}

impl Stability {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let scenarios = [baseline::SCENARIO].into_iter().chain(SCENARIOS);
        let arm = |scenario| laboratory.arm(scenario, &[], Detail::Standard);
        Ok(Box::new(Self { arms: scenarios.map(arm).collect::<Result<_, _>>()? }))
    }

    /// The pairs of a seed.
    fn measure(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Vec<Seed>, Failure> {
        let baseline = worlds.recording(0, seed)?;
        let pair = |(arm, policy): (usize, &Arm)| {
            let start = first_policy_tick(&policy.config).unwrap_or(0) as usize;
            let recording = worlds.recording(arm, seed)?;
            Ok(Seed::of(&recording, &baseline, start, policy.config.ticks_per_year as usize)?)
        };
        self.arms.iter().enumerate().skip(1).map(pair).collect()
    }
}

impl Experiment for Stability {
    fn name(&self) -> &'static str {
        "stability"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, calibration, seeds, .. } = &self.arms[0];
        let found = each_seed(*seeds, |seed| self.measure(worlds, seed))?;
        let codes: Vec<String> = calibration.regions.iter().map(|region| region.code.clone()).collect();
        let mut findings = Vec::new();
        let mut tables = String::new();
        let mut years = Table::new(["variable", "region", "year", "mean", "low", "high"]);
        for (place, scenario) in SCENARIOS.into_iter().enumerate() {
            let seeds: Vec<Seed> = found.iter().map(|seed| seed[place].clone()).collect();
            let ticks_per_year = config.ticks_per_year as usize;
            let experiment =
                analysis::stability::Experiment { scenario, regions: &codes, seeds: &seeds, ticks_per_year };
            findings.extend(experiment.findings());
            if let (UNIFORM, Some(region)) = (scenario, codes.iter().position(|code| code == IMPORTER)) {
                findings.extend(experiment.response(region));
            }
            let _ = write!(tables, "\n## {scenario}\n\n{}", experiment.table().to_markdown());
            experiment.push_years(&mut years);
        }
        let bars = table(&findings);
        let text = introduction(config, *seeds) + &bars.to_markdown() + &tables;
        Ok(Tables {
            short: columns(&bars, [0, 1, 2, 3, 4, 5, 6]),
            files: vec![
                ("stability.md", text),
                ("stability.csv", bars.to_csv()),
                ("stability_years.csv", years.to_csv()),
            ],
            last: String::new(),
        })
    }
}

fn introduction(config: &ResolvedConfig, seeds: u32) -> String {
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
