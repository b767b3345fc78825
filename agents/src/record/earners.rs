//! Persons one by one from a tick on: what those who have long been in a job go on to earn.

use crate::components::{Career, Household, Lineage, Person, Plant, Status};
use crate::geography::Geography;
use crate::households::lives::Lives;
use crate::households::wages::rates;
use crate::markets::displacement::{drawn, tenure};
use crate::simulation::Simulation;
use crate::state::{Regions, Settings};
use crate::store::rows_of;

/// Somebody who has long been in a job, before the tick in which some are displaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Earner {
    /// Person, counted in the region.
    pub person: usize,
    /// Draw of the displacement of the next tick, from 0 to 1: those below the share of the displaced are struck.
    pub draw: f64,
}

/// Those of a region who will have been in their job for at least so many months in the next tick.
#[must_use]
pub fn earners(sim: &Simulation, region: usize, months: f64) -> Vec<Earner> {
    let settings = sim.get::<Settings>();
    let ids = sim.get::<Geography>().regions[region].persons.range();
    let careers = &rows_of::<Career>(sim.world())[ids.clone()];
    let of = |(at, person): (usize, &Person)| {
        let long = tenure(person, settings)? + settings.months_per_tick() >= months && !careers[at].retired;
        long.then(|| Earner { person: at, draw: drawn(settings.seed, sim.tick(), (ids.start + at) as u32) })
    };
    rows_of::<Person>(sim.world())[ids.clone()].iter().enumerate().filter_map(of).collect()
}

/// Wage of every person of a region in the tick that has just run, minor units at base-year wages; nothing without a job.
#[must_use]
pub fn pay(sim: &Simulation, region: usize) -> Vec<f64> {
    let geography = sim.get::<Geography>();
    let state = &sim.get::<Regions>().states[region];
    let plants = sim
        .world()
        .try_query::<&Plant>()
        .map_or_else(Vec::new, |query| query.query_manual(sim.world()).iter().copied().collect::<Vec<Plant>>());
    let persons = rows_of::<Person>(sim.world());
    let seed = sim.get::<Settings>().seed;
    let posts = sim.get::<Lives>().regions.get(region).map(|life| (&life.posts, seed));
    let mut out = Vec::new();
    for zone in &geography.zones[geography.regions[region].zones.range()] {
        let (own, first) = (&persons[zone.persons.range()], zone.firms.start);
        let rate = rates(own, &plants[zone.firms.range()], first, state, posts).0;
        out.extend(own.iter().map(|person| match person.status {
            Status::Employed => {
                rate[(person.employer - first) as usize] * f64::from(person.efficiency) / state.labour.wage_index
            }
            _ => 0.0,
        }));
    }
    out
}

/// Births of the line that every person of a region belongs to, and none of who has retired: while it stays, so does the worker.
#[must_use]
pub fn lines(sim: &Simulation, region: usize) -> Vec<Option<u32>> {
    let place = &sim.get::<Geography>().regions[region];
    let careers = &rows_of::<Career>(sim.world())[place.persons.range()];
    let units = rows_of::<Household>(sim.world())[place.households.range()].iter();
    let lineages = &rows_of::<Lineage>(sim.world())[place.households.range()];
    let members =
        units.zip(lineages).flat_map(|(unit, line)| (0..unit.members.rows()).map(|_| u32::from(line.generation)));
    careers.iter().zip(members).map(|(career, line)| (!career.retired).then_some(line)).collect()
}
