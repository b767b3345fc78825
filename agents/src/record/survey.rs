//! What a survey of one region finds: firms and households one by one, which recordings do not hold.

use bevy_ecs::prelude::{Component, World};

use crate::components::{Firm, Household, Lineage, Offer, Person, Plant, Status};
use crate::geography::Geography;
use crate::households::lives::Lives;
use crate::households::worth::Worth;
use crate::simulation::Simulation;
use crate::state::{HouseholdRules, Regions, Settings};
use crate::store::rows_of;

/// A firm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirmFound {
    /// Industry.
    pub industry: usize,
    /// Ticks since it was founded.
    pub age_ticks: u32,
    /// Workers, agents.
    pub employees: f64,
    /// Volume sold in the tick.
    pub sold: f64,
    /// Posted price.
    pub price: f64,
}

/// A household.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HouseholdFound {
    /// Net worth, minor units.
    pub wealth: f64,
}

/// All rows of a component in id order.
fn rows<T: Component + Clone>(world: &World) -> Vec<T> {
    world.try_query::<&T>().map(|query| query.query_manual(world).iter().cloned().collect()).unwrap_or_default()
}

/// The firms of a region after a tick, in order.
#[must_use]
pub fn firms(sim: &Simulation, region: usize) -> Vec<FirmFound> {
    let range = sim.get::<Geography>().regions[region].firms.range();
    let (firms, offers, plants) = (rows::<Firm>(sim.world()), rows::<Offer>(sim.world()), rows::<Plant>(sim.world()));
    let found = |at: usize| FirmFound {
        industry: firms[at].industry as usize,
        age_ticks: firms[at].age_ticks,
        employees: plants[firms[at].plant as usize].employees.iter().map(|&count| f64::from(count)).sum(),
        sold: offers[at].sold.as_f64(),
        price: offers[at].price,
    };
    range.filter(|&at| firms[at].produces()).map(found).collect()
}

/// Months since they lost their job, of the unemployed of a region after a tick; a spell is counted as begun in the middle of its tick.
#[must_use]
pub fn unemployed_months(sim: &Simulation, region: usize) -> Vec<f64> {
    let range = sim.get::<Geography>().regions[region].persons.range();
    let months = sim.get::<Settings>().months_per_tick();
    let persons = rows_of::<Person>(sim.world());
    let unemployed = persons[range].iter().filter(|person| person.status == Status::Unemployed);
    unemployed.map(|person| months * (f64::from(person.tenure_ticks) + 0.5)).collect()
}

/// The households of a region that are lived in after a tick, in order.
#[must_use]
pub fn households(sim: &Simulation, region: usize) -> Vec<HouseholdFound> {
    let (state, rule) = (&sim.get::<Regions>().states[region], &sim.get::<HouseholdRules>().regions[region]);
    let range = sim.get::<Geography>().regions[region].households.range();
    let households = &rows_of::<Household>(sim.world())[range.clone()];
    let lineages = rows_of::<Lineage>(sim.world()).get(range).unwrap_or_default();
    let worth = Worth::of(households, sim.get::<Lives>().regions.get(region), rule, state);
    let net = households.iter().zip(worth.net(households, lineages));
    net.filter(|x| x.0.members.live_here()).map(|x| HouseholdFound { wealth: x.1 }).collect()
}
