//! `autarky churn`: what moves where policy never changes, over seeds.

use agents::record::Detail;
use analysis::reshoring::{Case, Churn, churn_table};

use super::arm::Arm;
use super::{Experiment, Laboratory, Made, Tables, Worlds, each_seed, maker, size};
use crate::failure::Failure;

/// A world whose firms move, without policy.
pub(super) struct Churned {
    arm: Arm,
}

impl Churned {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let (scenario, settings) = Case::Baseline.scenario();
        let arm = laboratory.arm(scenario, settings, Detail::Standard)?;
        Ok(Box::new(Self { arm: arm.with(&[], arm.config.ticks) }))
    }
}

impl Experiment for Churned {
    fn name(&self) -> &'static str {
        "churn"
    }

    fn arms(&self) -> &[Arm] {
        std::slice::from_ref(&self.arm)
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, calibration, seeds, .. } = &self.arm;
        let found = each_seed(*seeds, |seed| Ok(Churn::of(&worlds.recording(0, seed)?)?))?;
        let codes: Vec<String> = calibration.regions.iter().map(|region| region.code.clone()).collect();
        let found = churn_table(&codes, &found);
        let text = format!(
            "# What moves without policy\n\nCapacity of manufacturing that moved, percent of base-year output, mean of {}. Of {} \
             intervals at 95 percent {:.2} miss zero by chance, in the mean, if nothing drifts. {}\n\n{}",
            size(config, *seeds),
            found.rows.len(),
            0.05 * found.rows.len() as f64,
            maker(self.name()),
            found.to_markdown()
        );
        let files = vec![("churn.md", text), ("churn.csv", found.to_csv())];
        Ok(Tables { files, short: found, last: String::new() })
    }
}
