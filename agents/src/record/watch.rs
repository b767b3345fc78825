//! What a year brings the units of a region one by one, followed through a run: facts about people in a living world, by the rules that
//! measure people alone.

use crate::components::{Career, Household, Lineage, Person, Status};
use crate::geography::{DECILES, Geography};
use crate::households::alone::facts::{Facts, Year, liquid, wealth};
use crate::households::alone::rows::Row;
use crate::households::alone::{self, Flows, State};
use crate::households::lives::Lives;
use crate::households::worth::Worth;
use crate::simulation::Simulation;
use crate::state::{HouseholdRules, Regions, Settings};
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};
use crate::store::rows_of;

/// Years of a region's units, as far as they have been watched.
#[derive(Clone, Debug)]
pub struct Watch {
    region: usize,
    persons: Vec<alone::Person>,
    flows: Flows,
    consumption: Vec<f64>,
    /// Years so far.
    pub years: Vec<Year>,
    before: [[f64; 4]; 2],
}

/// A person of a world as people alone have them, as far as flows are concerned.
fn plain(person: &Person, months: f64) -> alone::Person {
    let spell = f64::from(person.tenure_ticks) * months;
    let (state, tenure, without) = match person.status {
        Status::Employed => (State::Employed, spell, 0.0),
        Status::Unemployed => (State::Unemployed, 0.0, spell + 1.0),
        Status::Inactive | Status::Absent => (State::Inactive, 0.0, spell + 1.0),
    };
    alone::Person { skill: person.skill, state, tenure, without, ..alone::Person::default() }
}

impl Watch {
    /// Begins to watch a region.
    #[must_use]
    pub fn new(sim: &Simulation, region: usize) -> Self {
        let (persons, households) = rows(sim, region);
        let months = sim.get::<Settings>().months_per_tick();
        Self {
            region,
            persons: persons.iter().map(|x| plain(x, months)).collect(),
            flows: Flows::default(),
            consumption: vec![0.0; households.len()],
            years: vec![],
            before: owned(sim, region),
        }
    }

    /// Takes note of a tick that has just run.
    pub fn tick(&mut self, sim: &Simulation) {
        let (persons, households) = rows(sim, self.region);
        let settings = sim.get::<Settings>();
        let careers = &rows_of::<Career>(sim.world())[sim.get::<Geography>().regions[self.region].persons.range()];
        let mut flows = Flows::default();
        for ((before, person), career) in self.persons.iter_mut().zip(persons).zip(careers) {
            let after = plain(person, settings.months_per_tick());
            if !career.retired {
                flows.note(before, &after);
            }
            *before = after;
        }
        self.flows.add(&flows);
        for (sum, household) in self.consumption.iter_mut().zip(households) {
            *sum += household.budget as f64;
        }
        if !sim.tick().is_multiple_of(settings.ticks_per_year) {
            return;
        }
        let lineages = &rows_of::<Lineage>(sim.world())[sim.get::<Geography>().regions[self.region].households.range()];
        let all: Vec<f64> = households.iter().map(|x| f64::from(x.net_last)).collect();
        let scaled = |(all, x): (&f64, &Household)| all / needs(x.members.rows() as u32, EQUIVALENCE);
        self.years.push(Year {
            income: all.iter().zip(households).map(scaled).collect(),
            consumption: std::mem::replace(&mut self.consumption, vec![0.0; households.len()]),
            retired: retired(sim, self.region),
            generations: lineages.iter().map(|x| u32::from(x.generation)).collect(),
            flows: std::mem::take(&mut self.flows),
            all,
        });
    }

    /// What has been found in the years so far.
    ///
    /// # Panics
    /// If no year has passed.
    #[must_use]
    pub fn facts(&self, sim: &Simulation) -> Facts {
        Facts::found(&self.years, [self.before, owned(sim, self.region)])
    }
}

/// Figures of the years in which all regions were watched, by the row of the table of published facts they belong to: of a region, and
/// how far the shares of tenths are from a table with ten entries a region at most.
///
/// # Panics
/// As [`Watch::facts`], or if the region was not watched.
#[must_use]
pub fn figures(sim: &Simulation, watches: &[Watch], region: usize, income_shares: &[f64]) -> Vec<Row> {
    let all: Vec<Facts> = watches.iter().map(|watch| watch.facts(sim)).collect();
    let off = |at: usize| {
        let tables = income_shares.chunks(DECILES);
        all.iter().zip(tables).map(|(facts, table)| facts.off(at, table)).fold(0.0, f64::max)
    };
    let mut found = all[region].rows();
    found.extend(all[region].rows_of_wealth(1));
    found.extend([("G1", off(0)), ("G1-10", off(1))]);
    found
}

/// Whether each of a region's households lives on pensions.
fn retired(sim: &Simulation, region: usize) -> Vec<bool> {
    let place = &sim.get::<Geography>().regions[region];
    let careers = &rows_of::<Career>(sim.world())[place.persons.range()];
    let mut first = 0;
    let of = |household: &Household| {
        let at = first;
        first += household.members.rows();
        careers[at].retired
    };
    rows_of::<Household>(sim.world())[place.households.range()].iter().map(of).collect()
}

/// Persons and households of a region.
fn rows(sim: &Simulation, region: usize) -> (&[Person], &[Household]) {
    let place = &sim.get::<Geography>().regions[region];
    (
        &rows_of::<Person>(sim.world())[place.persons.range()],
        &rows_of::<Household>(sim.world())[place.households.range()],
    )
}

/// Shares in wealth and Lorenz ordinates of deposits of a region's units: see [`wealth`] and [`liquid`].
#[must_use]
pub fn owned(sim: &Simulation, region: usize) -> [[f64; 4]; 2] {
    let (_, households) = rows(sim, region);
    let (life, state) = (sim.get::<Lives>().regions.get(region), &sim.get::<Regions>().states[region]);
    let lineages = &rows_of::<Lineage>(sim.world())[sim.get::<Geography>().regions[region].households.range()];
    let rule = &sim.get::<HouseholdRules>().regions[region];
    let worth = Worth::of(households, life, rule, state).net(households, lineages);
    let deposits: Vec<f64> = households.iter().map(|x| x.deposits as f64).collect();
    [wealth(&worth), liquid(&deposits)]
}
