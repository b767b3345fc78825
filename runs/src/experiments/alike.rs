//! `autarky alike`: what differences between households make of a duty on all goods, over paired seeds.

use agents::record::Detail;
use analysis::alike::{World, effects, table};
use analysis::placebo;

use super::arm::Arm;
use super::{Experiment, IMPORTER, Laboratory, Made, Tables, UNIFORM, Worlds, each_seed, maker, size};
use crate::failure::Failure;

/// Kinds of worlds: name, shipped scenario and settings; all are compared with the last.
const KINDS: [(&str, &str, &[&str]); 3] = [
    ("units", UNIFORM, &["households.units=true"]),
    ("tenths", UNIFORM, &["households.units=false"]),
    ("alike", "us-uniform-10-alike", &[]),
];

/// Worlds of every kind: the baseline, the policy and the placebo.
pub(super) struct Alike {
    arms: Vec<Arm>,
}

impl Alike {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let mut arms = Vec::new();
        for (_, scenario, settings) in KINDS {
            let arm = laboratory.arm(scenario, settings, Detail::Standard)?;
            arms.extend([arm.with(&[], arm.config.ticks), arm.clone(), arm.placebo()?]);
        }
        Ok(Box::new(Self { arms }))
    }
}

impl Experiment for Alike {
    fn name(&self) -> &'static str {
        "alike"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, seeds, .. } = &self.arms[0];
        let ticks = config.ticks as usize;
        let window = ticks - config.ticks_per_year as usize..ticks;
        let found = each_seed(*seeds, |seed| {
            let world = |first: usize| -> Result<World, Failure> {
                let run = |arm: usize| worlds.recording(3 * first + arm, seed);
                let (baseline, policy, placebo) = (run(0)?, run(1)?, run(2)?);
                Ok(World {
                    effects: effects(&policy, &baseline, IMPORTER, &window)?,
                    chance: effects(&placebo, &baseline, IMPORTER, &window)?,
                })
            };
            (0..KINDS.len()).map(world).collect::<Result<Vec<World>, Failure>>()
        })?;
        let found = table(&KINDS.map(|kind| kind.0), &found);
        let shown = placebo::marked(&found, "effect");
        let text = format!(
            "# What differences between households make of a duty\n\nTen points on all goods imports of the United States (`{UNIFORM}`), in the last of {} years; paired over {}. \
             `units`: households of several persons with careers, wealth and habits of their own (`households.units`); `tenths`: persons alone, whose baskets and \
             propensities differ by tenth; `alike`: one basket, one propensity, no units (`{}`). Tenths are those of the base year. Below each figure: how the effects of the first two differ \
             from that where all are alike, seed by seed. {}\n\n{}\n\n{}",
            config.ticks / config.ticks_per_year,
            size(config, *seeds),
            KINDS[2].1,
            maker(self.name()),
            placebo::LEGEND,
            shown.to_markdown(),
        );
        let files = vec![("alike.md", text), ("alike.csv", found.to_csv())];
        Ok(Tables { files, short: shown, last: String::new() })
    }
}
