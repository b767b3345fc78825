//! `autarky reshoring`: what brings factories home, over paired seeds.

use agents::record::Detail;
use analysis::placebo;
use analysis::reshoring::{Case, Seed, World, figures, table};

use super::arm::Arm;
use super::{Experiment, IMPORTER, Laboratory, Made, Tables, Worlds, columns, each_seed, maker, size};
use crate::failure::Failure;
use crate::session::first_policy_tick;

/// Worlds whose firms move, one for each case, and the placebo at the end.
pub(super) struct Reshoring {
    arms: Vec<Arm>,
}

impl Reshoring {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let arm = |(scenario, settings)| laboratory.arm(scenario, settings, Detail::Standard);
        let mut arms: Vec<Arm> = Case::ALL.map(Case::scenario).into_iter().map(arm).collect::<Result<_, _>>()?;
        arms.push(arms[Case::Duty as usize].placebo()?);
        Ok(Box::new(Self { arms }))
    }
}

impl Experiment for Reshoring {
    fn name(&self) -> &'static str {
        "reshoring"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, seeds, .. } = &self.arms[0];
        let start = self.arms.iter().filter_map(|arm| first_policy_tick(&arm.config)).min().unwrap_or(0) as usize;
        let found = each_seed(*seeds, |seed| {
            let world = |arm| Ok::<_, Failure>(World::of(&worlds.recording(arm, seed)?, IMPORTER, start)?);
            let all: Vec<World> = (0..Case::ALL.len()).map(world).collect::<Result<_, _>>()?;
            let all = all.try_into().map_err(|_| Failure::Internal("a world is missing".to_owned()))?;
            Ok(Seed::new(all, world(Case::ALL.len())?))
        })?;
        let (found, summary) = (table(&found), placebo::summary(&figures(&found)));
        let shown = placebo::marked(&found, "mean");
        let text = format!(
            "# What brings factories home\n\nPaired differences over {}; region {IMPORTER}. Scenarios: `configs/scenarios`. A sign \
             holds if the whole interval has it. {}\n\n{} Questions about two policies have the placebo of \
             the duties on final goods less the baseline, as all others; the cost of a job is told apart only if the jobs are.\n\n{}\n\n{}",
            size(config, *seeds),
            maker(self.name()),
            placebo::LEGEND,
            summary.replace('\n', "\n\n"),
            shown.to_markdown()
        );
        let files = vec![("reshoring.md", text), ("reshoring.csv", found.to_csv())];
        Ok(Tables { files, short: columns(&shown, [1, 2, 3, 4, 9, 5, 6]), last: summary })
    }
}
