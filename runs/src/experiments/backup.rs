//! `autarky backup`: what reserve capacity is worth under stress, over paired seeds.

use agents::record::Detail;
use analysis::backup::{Seed, Shock, World, table};

use super::arm::Arm;
use super::{Experiment, Laboratory, Made, Tables, Worlds, columns, each_seed, maker, size};
use crate::config::ResolvedConfig;
use crate::failure::Failure;

/// Region that keeps the reserve.
const REGION: &str = "CHN";
/// Shocks and the shipped scenarios in which they meet a reserve.
const SHOCKS: [(&str, &str); 4] = [
    ("embargo", "embargo-with-and-without-backup"),
    ("closed ports", "ports-closed-with-and-without-backup"),
    ("lost factories", "factories-lost-with-and-without-backup"),
    ("lost coast", "coast-lost-with-and-without-backup"),
];

/// Worlds without and with a reserve: calm, then under each shock.
pub(super) struct Backup {
    arms: Vec<Arm>,
    shocks: Vec<Shock>,
}

impl Backup {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let mut arms = pair(&laboratory.arm("interior-backup", &[], Detail::Standard)?).to_vec();
        let mut shocks = Vec::new();
        for (name, scenario) in SHOCKS {
            let arm = laboratory.arm(scenario, &[], Detail::Standard)?;
            shocks.push(shock(name, &arm.config));
            arms.extend(pair(&arm));
        }
        if let Some(late) = shocks.iter().find(|shock| shock.start + 12 > laboratory.ticks as usize) {
            return Err(Failure::Configuration(format!(
                "the shock `{}` comes at tick {}; give --ticks of {} or more",
                late.name,
                late.start,
                late.start + 12
            )));
        }
        Ok(Box::new(Self { arms, shocks }))
    }
}

/// A world without its own measures, and with them.
fn pair(arm: &Arm) -> [Arm; 2] {
    let shared: Vec<_> = arm.config.measures.iter().filter(|measure| measure.shared).cloned().collect();
    [arm.with(&shared, arm.config.ticks), arm.clone()]
}

/// When the shock of a scenario comes and goes.
fn shock(name: &str, config: &ResolvedConfig) -> Shock {
    let tick = |date| config.calendar().tick_of(date) as usize;
    let shared = || config.measures.iter().filter(|measure| measure.shared);
    Shock {
        name: name.to_owned(),
        start: shared().map(|measure| tick(measure.start)).min().unwrap_or(0),
        end: shared().filter_map(|measure| measure.end).map(tick).max().unwrap_or(0),
    }
}

impl Experiment for Backup {
    fn name(&self) -> &'static str {
        "backup"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, seeds, .. } = &self.arms[0];
        let found = each_seed(*seeds, |seed| {
            let world = |arm| Ok::<_, Failure>(World::of(&worlds.recording(arm, seed)?, REGION)?);
            let both = |place: usize| Ok::<_, Failure>([world(2 * place)?, world(2 * place + 1)?]);
            let shocks = (1..=self.shocks.len()).map(both).collect::<Result<_, _>>()?;
            Ok(Seed { calm: both(0)?, shocks })
        })?;
        let found = table(&self.shocks, &found, config.ticks_per_year as usize);
        let text = format!(
            "# What reserve capacity is worth\n\nPaired over {}; region {REGION}. Scenarios: `interior-backup`, {}. Losses are against \
             the calm world with the same reserve, from the shock to a year after it. A sign holds if the whole interval has it. {}\n\n{}",
            size(config, *seeds),
            SHOCKS.map(|shock| format!("`{}`", shock.1)).join(", "),
            maker(self.name()),
            found.to_markdown(),
        );
        let files = vec![("backup.md", text), ("backup.csv", found.to_csv())];
        Ok(Tables { files, short: columns(&found, [0, 1, 2, 3, 4, 5, 6]), last: String::new() })
    }
}
