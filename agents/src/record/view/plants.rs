//! Sums over the plants opened during the run.

use engine::columns::columns;
use engine::grid::Grid;
use engine::money::Volume;

use crate::axes::{Branch, FirmId, Host, Origin, RegionId};
use crate::components::{Books, Firm, Offer, Plant};
use crate::geography::Geography;
use crate::location::sites::{CAUSES, Site, Sites, Stage};
use crate::simulation::Simulation;
use crate::state::{Inventories, Regions};

/// Plants opened during the run, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Plants that produce.
    pub plants: i64,
    /// Plants that are planned.
    pub planned: i64,
    /// Plants under construction.
    pub building: i64,
    /// Plants at rest.
    pub resting: i64,
    /// Agents employed.
    pub employees: i64,
    /// Output of the tick, volume.
    pub output: Volume,
    /// Output at full build and normal use of plants that produce, volume a tick.
    pub design: Volume,
    /// Fixed capital, volume.
    pub capital: Volume,
    /// Efficiency times design output of plants that produce.
    pub efficient: f64,
    /// Own funds, money.
    pub own_funds: f64,
    /// Design output of plants that produce, of work that came from another region, volume a tick.
    pub arrived: Volume,
    /// Design output of plants in other regions, of work that left, volume a tick.
    pub departed: Volume,
}

impl Standing {
    fn add(&mut self, site: &Site, plant: &Plant) {
        let open = site.stage == Stage::Open;
        self.plants += i64::from(open);
        self.planned += i64::from(site.stage == Stage::Planned);
        self.building += i64::from(site.stage == Stage::Building);
        self.resting += i64::from(site.stage == Stage::Standby);
        self.employees += plant.employees.iter().map(|&n| i64::from(n)).sum::<i64>();
        self.output += plant.output;
        self.capital += plant.capital;
        if open {
            self.design += Volume::within(site.output);
            self.efficient += plant.efficiency * site.output;
        }
    }
}

/// What a cause decided: shares of it in plants of the run, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Decided {
    /// Agents employed.
    pub employees: f64,
    /// Output of the tick, volume.
    pub output: f64,
    /// Output at full build and normal use of plants that produce, volume a tick.
    pub design: f64,
}

/// Sums by place and origin (own funds: by place and owner), by place and industry, by place and cause.
type Sums = (Grid<(Host, Origin), Standing>, Grid<Branch, Standing>, Vec<[Decided; CAUSES]>);

/// Sums over the plants of the run.
pub(super) fn plants_of_the_run(sim: &Simulation, inventories: &Inventories) -> Sums {
    let world = sim.world();
    let known = "a world has firms and plants";
    let firms = world.try_query::<(&Firm, &Books, &Offer)>().expect(known);
    let plants = world.try_query::<&Plant>().expect(known);
    let (firms, plants) = (firms.query_manual(world), plants.query_manual(world));
    let ((firm, books, offer), plants) = (columns(&firms), columns(&plants));
    let geography = sim.get::<Geography>();
    let (r, g) = (geography.region_count(), geography.product_count());
    let (mut pairs, mut cells) =
        (Grid::filled([r, r], Standing::default()), Grid::<Branch, _>::filled([r, g], Standing::default()));
    let mut causes = vec![[Decided::default(); CAUSES]; r];
    for site in &sim.get::<Sites>().sites {
        let row = site.firm as usize;
        let (k, plant, here) = (firm[row].region as usize, &plants[row], firm[row].branch());
        pairs[(Host(k), Origin(site.origin as usize))].add(site, plant);
        cells[here].add(site, plant);
        if site.stage == Stage::Open && site.origin as usize != k {
            cells[here].arrived += Volume::within(site.output);
            cells[(RegionId(site.origin as usize), here.1)].departed += Volume::within(site.output);
        }
        let staff: u32 = plant.employees.iter().sum();
        let design = if site.stage == Stage::Open { site.output } else { 0.0 };
        for (sum, share) in causes[k].iter_mut().zip(site.causes.map(f64::from)) {
            sum.employees += share * f64::from(staff);
            sum.output += share * plant.output.as_f64();
            sum.design += share * design;
        }
        if let Some(owner) = firm[row].owner() {
            let owner = firm[owner].region as usize;
            let state = &sim.get::<Regions>().states[k];
            let inputs: f64 = inventories
                .inputs
                .row((FirmId(row),))
                .iter()
                .zip(&state.prices.inputs)
                .map(|(&volume, price)| volume.as_f64() * price)
                .sum();
            pairs[(Host(k), Origin(owner))].own_funds += (books[row].deposits - books[row].loans) as f64
                + plant.capital.as_f64() * state.prices.capital
                + offer[row].stock.as_f64() * offer[row].price
                + inputs;
        }
    }
    (pairs, cells, causes)
}
