//! Households one by one before a lottery and after it: what winners spend more than they would have.

use crate::components::Household;
use crate::geography::Geography;
use crate::households::lottery::Draws;
use crate::simulation::Simulation;
use crate::state::Settings;
use crate::store::rows_of;

/// A household before a lottery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spender {
    /// Deposits over the permanent income of a month.
    pub liquidity: f64,
    /// Permanent income of a month, minor units.
    pub month: f64,
    /// Draw of the lottery of the next tick, from 0 to 1: those below the share of winners win.
    pub draw: f64,
}

fn households(sim: &Simulation, region: usize) -> &[Household] {
    &rows_of::<Household>(sim.world())[sim.get::<Geography>().regions[region].households.range()]
}

/// The households of a region before the next tick.
#[must_use]
pub fn spenders(sim: &Simulation, region: usize) -> Vec<Spender> {
    let settings = sim.get::<Settings>();
    let draws = Draws::new(settings.seed, sim.tick());
    let ids = sim.get::<Geography>().regions[region].households.range();
    let of = |(id, household): (usize, &Household)| {
        let month = (f64::from(household.income_permanent) / settings.months_per_tick()).max(f64::MIN_POSITIVE);
        Spender { liquidity: household.deposits as f64 / month, month, draw: draws.of(id as u64) }
    };
    ids.zip(households(sim, region)).map(of).collect()
}

/// What they mean to spend in the tick that has just run, minor units.
#[must_use]
pub fn budgets(sim: &Simulation, region: usize) -> Vec<f64> {
    households(sim, region).iter().map(|household| household.budget as f64).collect()
}
