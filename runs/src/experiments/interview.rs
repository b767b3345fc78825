//! What a world is asked tick by tick beyond what it records, and what it answered.

use agents::geography::Geography;
use agents::record::spenders::{budgets, spenders};
use agents::record::watch::Watch;
use agents::record::{earners, survey};
use agents::simulation::Simulation;
use agents::state::Regions;
use analysis::displaced::Earnings;
use analysis::score::{FirmAnswer, HouseholdAnswer, SpenderAnswer, Survey};
use configs::calibration::Calibration;
use serde::{Deserialize, Serialize};

use super::IMPORTER;

/// Tick after which households are asked: the end of twenty years.
pub(super) const SURVEYED: u32 = 240;
/// Years whose firms are asked, to this tick.
const SURVEYED_YEARS: u32 = 2;
/// Ticks over which people are watched: ten years.
pub(super) const WATCHED: u32 = 120;
/// Tick in which prizes are drawn; spending is watched for a year from it on.
pub(super) const DRAWN: u32 = WATCHED - 12;
/// Tick in which people are displaced.
pub(super) const DISPLACED: u32 = 36;
/// Months in the job of those who may be.
pub(super) const TENURE: f64 = 36.0;
/// Ticks for which they are followed: twenty years.
pub(super) const FOLLOWED: u32 = 240;

/// What a world is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Question {
    /// Firms and households of a region one by one, after twenty years.
    CrossSections,
    /// What ten years bring the units of all regions.
    People,
    /// What every household of a region spends in the year after prizes are drawn.
    Spending,
    /// What persons who have long been in a job earn in twenty years after some are displaced.
    Earnings,
}

impl Question {
    /// Its name in the name of a file.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::CrossSections => "survey",
            Self::People => "people",
            Self::Spending => "spending",
            Self::Earnings => "earnings",
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
    /// To [`Question::Spending`].
    Spending(Vec<SpenderAnswer>),
    /// To [`Question::Earnings`].
    Earnings(Earnings),
}

/// A question on its way.
#[derive(Clone)]
pub(super) enum Interview {
    /// See [`Question::CrossSections`].
    CrossSections(Survey),
    /// See [`Question::People`]: regions that are watched, and what was found at the end.
    People(Vec<Watch>, Vec<(String, f64)>),
    /// See [`Question::Spending`].
    Spending(Vec<SpenderAnswer>),
    /// See [`Question::Earnings`].
    Earnings(Box<Follow>),
}

/// Persons who are followed.
#[derive(Clone, Default)]
pub(super) struct Follow {
    /// Their places among the persons of the region.
    persons: Vec<usize>,
    /// Their lines before; they are followed as long as these stay and they have not retired.
    lines: Vec<Option<u32>>,
    found: Earnings,
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
            Question::Spending => Self::Spending(vec![]),
            Question::Earnings => Self::Earnings(Box::default()),
        }
    }

    /// The question.
    pub(super) const fn question(&self) -> Question {
        match self {
            Self::CrossSections(_) => Question::CrossSections,
            Self::People(..) => Question::People,
            Self::Spending(_) => Question::Spending,
            Self::Earnings(_) => Question::Earnings,
        }
    }

    /// Takes note of a tick that has just run.
    pub(super) fn tick(&mut self, world: &Simulation, calibration: &Calibration) {
        match self {
            Self::CrossSections(asked) => ask(world, asked),
            Self::People(watches, found) => watch(world, watches, found, calibration),
            Self::Spending(found) => note_spending(world, found),
            Self::Earnings(follow) => follow.tick(world),
        }
    }

    /// What was answered so far.
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::CrossSections(asked) => Answer::CrossSections(asked.clone()),
            Self::People(_, found) => Answer::People(found.clone()),
            Self::Spending(found) => Answer::Spending(found.clone()),
            Self::Earnings(follow) => Answer::Earnings(follow.found.clone()),
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
        let household = |found: survey::HouseholdFound| HouseholdAnswer { wealth: found.wealth };
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

/// Notes what households have before prizes are drawn, then what they spend.
fn note_spending(world: &Simulation, found: &mut Vec<SpenderAnswer>) {
    let (tick, Some(region)) = (world.tick(), place(world)) else { return };
    if tick == DRAWN {
        let of = |x: agents::record::spenders::Spender| SpenderAnswer {
            liquidity: x.liquidity,
            month: x.month,
            draw: x.draw,
            spent: 0.0,
        };
        *found = spenders(world, region).into_iter().map(of).collect();
    } else if (DRAWN + 1..=DRAWN + 12).contains(&tick) {
        found.iter_mut().zip(budgets(world, region)).for_each(|(x, spent)| x.spent += spent);
    }
}

impl Follow {
    /// Finds whom to follow before some are displaced, then what they earn.
    fn tick(&mut self, world: &Simulation) {
        let (tick, Some(region)) = (world.tick(), place(world)) else { return };
        if !(DISPLACED..=DISPLACED + FOLLOWED).contains(&tick) {
            return;
        }
        let (pay, lines) = (earners::pay(world, region), earners::lines(world, region));
        if tick == DISPLACED {
            let found = earners::earners(world, region, TENURE);
            self.persons = found.iter().map(|x| x.person).collect();
            self.lines = self.persons.iter().map(|&at| lines[at]).collect();
            self.found = Earnings {
                draws: found.iter().map(|x| x.draw).collect(),
                before: self.persons.iter().map(|&at| pay[at]).collect(),
                months: vec![],
                unemployment: world.get::<Regions>().states[region].labour.unemployment_rate,
            };
            return;
        }
        let (persons, before) = (self.persons.iter(), &mut self.lines);
        let earned = persons.zip(before).map(|(&at, line)| {
            if *line != lines[at] {
                *line = None;
            }
            line.map_or(Earnings::GONE, |_| pay[at] as f32)
        });
        self.found.months.push(earned.collect());
    }
}
