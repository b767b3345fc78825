//! What a world is asked tick by tick beyond what it records, and what it answered.

use agents::geography::Geography;
use agents::record::survey;
use agents::record::watch::Watch;
use agents::simulation::Simulation;
use analysis::score::{FirmAnswer, HouseholdAnswer, Survey};
use configs::calibration::Calibration;
use serde::{Deserialize, Serialize};

use super::IMPORTER;

/// Tick after which households are asked: the end of twenty years.
pub(super) const SURVEYED: u32 = 240;
/// Years whose firms are asked, to this tick.
const SURVEYED_YEARS: u32 = 2;
/// Ticks over which people are watched: ten years.
pub(super) const WATCHED: u32 = 120;

/// What a world is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Question {
    /// Firms and households of a region one by one, after twenty years.
    CrossSections,
    /// What ten years bring the units of all regions.
    People,
}

impl Question {
    /// Its name in the name of a file.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::CrossSections => "survey",
            Self::People => "people",
        }
    }
}

/// What it answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Answer {
    /// To [`Question::CrossSections`].
    CrossSections(Survey),
    /// To [`Question::People`]: figures by the row of `facts.csv` they belong to.
    People(Vec<(String, f64)>),
}

/// A question on its way.
#[derive(Clone)]
pub(super) enum Interview {
    /// See [`Question::CrossSections`].
    CrossSections(Survey),
    /// See [`Question::People`]: regions that are watched, and what was found at the end.
    People(Vec<Watch>, Vec<(String, f64)>),
}

impl Interview {
    /// Begins before the first tick.
    pub(super) fn begin(question: Question, world: &Simulation) -> Self {
        match question {
            Question::CrossSections => Self::CrossSections(Survey::default()),
            Question::People => {
                let regions = 0..world.get::<Geography>().regions.len();
                Self::People(regions.map(|region| Watch::new(world, region)).collect(), vec![])
            }
        }
    }

    /// The question.
    pub(super) const fn question(&self) -> Question {
        match self {
            Self::CrossSections(_) => Question::CrossSections,
            Self::People(..) => Question::People,
        }
    }

    /// Takes note of a tick that has just run.
    pub(super) fn tick(&mut self, world: &Simulation, calibration: &Calibration) {
        match self {
            Self::CrossSections(asked) => ask(world, asked),
            Self::People(watches, found) => watch(world, watches, found, calibration),
        }
    }

    /// What was answered so far.
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::CrossSections(asked) => Answer::CrossSections(asked.clone()),
            Self::People(_, found) => Answer::People(found.clone()),
        }
    }
}

/// Place of the region that is asked.
fn place(world: &Simulation) -> Option<usize> {
    world.get::<Geography>().regions.iter().position(|region| region.code == IMPORTER)
}

/// Asks the firms and unemployed of the region for two years, and its households at the very end.
fn ask(world: &Simulation, asked: &mut Survey) {
    let tick = world.tick();
    if tick + 12 * SURVEYED_YEARS <= SURVEYED || tick > SURVEYED {
        return;
    }
    let Some(region) = place(world) else { return };
    let firm = |found: survey::FirmFound| FirmAnswer {
        industry: found.industry,
        age_ticks: found.age_ticks,
        employees: found.employees,
        sold: found.sold,
        price: found.price,
    };
    asked.firms.push(survey::firms(world, region).into_iter().map(firm).collect());
    if tick + 12 > SURVEYED {
        asked.unemployed_months.extend(survey::unemployed_months(world, region));
    }
    if tick == SURVEYED {
        let household = |found: survey::HouseholdFound| HouseholdAnswer {
            wealth: found.wealth,
            liquidity: found.liquidity,
            windfall_spent: found.windfall_spent,
        };
        asked.households = survey::households(world, region).into_iter().map(household).collect();
    }
}

/// Watches units for ten years; then nobody is watched any more.
fn watch(world: &Simulation, watches: &mut Vec<Watch>, found: &mut Vec<(String, f64)>, calibration: &Calibration) {
    for watch in watches.iter_mut() {
        watch.tick(world);
    }
    if world.tick() == WATCHED {
        let region = place(world).unwrap_or_default();
        let figures = agents::record::watch::figures(world, watches, region, &calibration.income_shares);
        *found = figures.into_iter().map(|(id, value)| (id.to_owned(), value)).collect();
        watches.clear();
    }
}
