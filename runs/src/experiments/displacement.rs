//! `autarky displacement`: what a lost job costs in good and in bad times, over paired seeds.

use agents::record::Detail;
use analysis::displaced::{Earnings, Losses, Seed, figure, page, table};
use analysis::report::Language;
use configs::measures::MeasureKind;

use super::arm::Arm;
use super::interview::{Answer, DISPLACED, FOLLOWED, Question, TENURE};
use super::{Experiment, Laboratory, Made, Tables, Worlds, columns, each_seed, maker, size};
use crate::config::Population;
use crate::failure::Failure;

/// Shipped scenarios: good times, and bad.
const SCENARIOS: [&str; 2] = ["displacement", "displacement-in-a-slump"];

/// Ticks of the whole experiment.
pub(super) const TICKS: u32 = DISPLACED + FOLLOWED;

/// Worlds without displacement and with it, in good and in bad times.
pub(super) struct Displaced {
    arms: Vec<Arm>,
    share: f64,
}

impl Displaced {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        Ok(Box::new(Self::worlds(laboratory)?))
    }

    /// Its worlds.
    pub(super) fn worlds(laboratory: &Laboratory<'_>) -> Result<Self, Failure> {
        let mut arms = Vec::new();
        let mut share = None;
        for scenario in SCENARIOS {
            let with = laboratory.arm(scenario, &[], Detail::Standard)?;
            let measure = with.config.measures.iter().find(|measure| measure.kind == MeasureKind::Displacement);
            let start = measure.map(|measure| with.config.calendar().tick_of(measure.start));
            let found = measure.and_then(|measure| measure.cells.first()).map(|cell| cell.1);
            if start != Some(DISPLACED) || measure.and_then(|measure| measure.tenure) != Some(TENURE) || found < share {
                let message = format!("the shipped scenario `{scenario}` displaces others than those who are followed");
                return Err(Failure::Internal(message));
            }
            share = found;
            let common: Vec<_> = with.config.measures.iter().filter(|measure| measure.shared).cloned().collect();
            arms.push(with.with(&common, with.config.ticks).asked(Question::Earnings));
            arms.push(with.asked(Question::Earnings));
        }
        Ok(Self { arms, share: share.unwrap_or_default() })
    }

    /// Name of the world.
    pub(super) fn world(&self) -> &str {
        &self.arms[0].config.world
    }

    /// What a seed says, given the place of the first of its worlds among all.
    pub(super) fn seed(&self, worlds: &Worlds<'_>, first: usize, seed: u64) -> Result<Seed, Failure> {
        let earnings = |arm: usize| match worlds.answer(first + arm, seed, Question::Earnings)? {
            Answer::Earnings(found) => Ok(found),
            _ => Err(Failure::Internal("another question was answered".to_owned())),
        };
        let worlds: [[Earnings; 2]; 2] = [[earnings(0)?, earnings(1)?], [earnings(2)?, earnings(3)?]];
        let of = |struck| worlds.each_ref().map(|[without, with]| Losses::of(with, without, self.share, struck));
        Ok(Seed { struck: of(true), spared: of(false) })
    }
}

impl Experiment for Displaced {
    fn name(&self) -> &'static str {
        "displacement"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, seeds, .. } = &self.arms[0];
        let found = each_seed(*seeds, |seed| self.seed(worlds, 0, seed))?;
        let table = table(&found);
        let runs = size(config, *seeds);
        let text = format!(
            "# What a lost job costs\n\nPaired over {runs}; United States. Scenarios: `{}` and `{}`. {} of those who have been in their job \
             for {TENURE} months or more lose it in tick {DISPLACED}; the same persons are followed for {} years in the world in which they do and in that in which \
             they do not, with the same random numbers. Months without a job count with nothing, who has retired or died in either world is left \
             out from then on. Present values at 5% a year, in years of the mean pay in the month before. Those not displaced are all others of \
             that tenure: what the two worlds differ by anyway. {}\n\n{}",
            SCENARIOS[0],
            SCENARIOS[1],
            format_args!("{}%", 100.0 * self.share),
            FOLLOWED / 12,
            maker(self.name()),
            table.to_markdown(),
        );
        let year = config.calendar().first_day(DISPLACED).year();
        let households = match config.population {
            Population::HouseholdsPerRegion(count) | Population::PersonsPerAgent(count) => count.to_string(),
        };
        let about = |language| page(&found, year, &households, &maker(self.name()), language);
        let (english, chinese) = (about(Language::English), about(Language::Chinese));
        let files = vec![
            ("displacement.md", text),
            ("displacement.csv", table.to_csv()),
            ("displacement.svg", figure(&english)),
            ("displacement-zh.svg", figure(&chinese)),
            ("displacement.html", english.html()),
            ("displacement-zh.html", chinese.html()),
        ];
        Ok(Tables { files, short: columns(&table, [0, 1, 2, 3, 4, 5, 6, 7]), last: String::new() })
    }
}
