//! What a survey of one region finds: firms and households one by one, which recordings do not hold.

use bevy_ecs::prelude::{Component, World};

use crate::components::{Firm, Household, Offer, Person, Plant, Status};
use crate::geography::Geography;
use crate::simulation::Simulation;
use crate::state::{HouseholdRules, Regions, Settings};
use crate::statistics::classes::fund_share_price;
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
    /// Deposits and fund shares at their price, minor units.
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

/// The households of a region after a tick, in order.
///
/// A fund share is worth what the base-year fund wealth per income says, at the share's price now.
#[must_use]
pub fn households(sim: &Simulation, region: usize) -> Vec<HouseholdFound> {
    let (state, rule) = (&sim.get::<Regions>().states[region], &sim.get::<HouseholdRules>().regions[region]);
    let range = sim.get::<Geography>().regions[region].households.range();
    let households = &rows_of::<Household>(sim.world())[range];
    let share_price = fund_share_price(households, rule, state);
    let found = |household: &Household| HouseholdFound {
        wealth: household.deposits as f64 + share_price * household.fund_shares as f64,
    };
    households.iter().map(found).collect()
}
