//! The world of one tick, added up for recording.

mod firms;
mod goods;
mod households;
mod plants;

use std::iter::Sum;

use bevy_ecs::prelude::{Component, World};
use engine::grid::Grid;
use engine::ledger::{AccountId, Ledger};
use engine::money::Volume;

pub use self::firms::{Cell, Local, ratio};
use self::firms::{cells, local};
pub use self::goods::Trade;
use self::goods::{resale, trade};
pub use self::households::People;
use self::households::people;
use self::plants::plants_of_the_run;
pub use self::plants::{Decided, Standing};
use crate::accounts::Line;
use crate::axes::{Border, Branch, Decile, Goods, Host, Importer, Industry, Origin, Product, RegionId, Slot};
use crate::components::{Bank, CentralBank, Government};
use crate::geography::{Geography, Region};
use crate::households::lives::Lives;
use crate::location::sites::{CAUSES, Moves, Sites};
use crate::markets::routing::{Declared, Routes};
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::simulation::Simulation;
use crate::state::{Inventories, Policy, RegionState, Regions, Sourcing};
use crate::statistics::accounts::{Accounts, NationalAccounts};
use crate::statistics::audit::AuditReport;
use crate::statistics::classes::{Classes, SOURCES, SOURCES_OF_UNITS};
use crate::statistics::polarization::{Indices, Polarization};
use crate::tally::Tally;
use crate::world::base::{Base, BaseRegion};

/// Everything a field reads.
pub struct View<'a> {
    /// Number of regions.
    pub regions: usize,
    /// Number of products.
    pub products: usize,
    /// Map.
    pub geography: &'a Geography,
    /// Base year.
    pub base: &'a Base,
    /// Books of the regions.
    pub ledger: &'a Ledger,
    /// Sums of the tick.
    pub tally: &'a Tally,
    /// State of the regions.
    pub state: &'a Regions,
    /// Accounts of the tick.
    pub accounts: &'a Accounts,
    /// Classes at the end of a year.
    pub classes: &'a Classes,
    /// Inequality and polarization at the end of a year.
    pub polarization: &'a Polarization,
    /// Policy in force.
    pub policy: &'a PolicyState,
    /// Audit.
    pub audit: &'a AuditReport,
    /// Governments.
    pub governments: Vec<Government>,
    /// Banks.
    pub banks: Vec<Bank>,
    /// Central banks.
    pub central_banks: Vec<CentralBank>,
    /// Sums over firms.
    pub cells: Grid<Branch, Cell>,
    /// Sums over households by region.
    pub people: Vec<People>,
    /// Trade.
    pub trade: Trade,
    /// Imports as they were declared to customs.
    pub declared: Declared,
    /// Stocks for resale, volume.
    pub resale: Grid<Goods, Volume>,
    /// What moved in the tick.
    pub moves: &'a Moves,
    /// Plants of the run.
    pub sites: &'a Sites,
    /// Sums over these by place and origin of the work; own funds by place and region of the owner.
    pub standing: Grid<(Host, Origin), Standing>,
    /// Number of main sources of income that are told apart.
    pub sources: usize,
    /// Places of the areas that are told apart.
    pub apart: Vec<usize>,
    /// Sums over the firms and persons of each of them.
    pub local: Vec<Local>,
    /// Sums over these.
    pub relocated: Grid<Branch, Standing>,
    /// What of them each cause decided, by place and cause.
    pub causes: Vec<[Decided; CAUSES]>,
    /// Slot of each product on shopping lists, if it has one of its own.
    pub slots: Vec<Option<usize>>,
}

impl<'a> View<'a> {
    /// Adds up the world after a tick.
    ///
    /// # Panics
    /// If no tick has been run.
    #[must_use]
    pub fn new(sim: &'a Simulation) -> Self {
        let (geography, base) = (sim.get::<Geography>(), sim.get::<Base>());
        let (regions, products) = (geography.region_count(), geography.product_count());
        let (tally, state) = (sim.get::<Tally>(), sim.get::<Regions>());
        let inventories = sim.get::<Inventories>();
        let shopping = &geography.products;
        let slots = (0..products)
            .map(|x| {
                let good = shopping.goods.iter().position(|&p| p == x);
                let service = shopping.services.iter().position(|&p| p == x);
                good.or(service.map(|place| place + shopping.outlet_slots()))
            })
            .collect();
        let apart: Vec<usize> = (0..geography.areas.len()).filter(|&a| !geography.areas[a].zones.is_empty()).collect();
        let (standing, relocated, causes) = plants_of_the_run(sim, inventories);
        let policy = sim.get::<Policy>().0.at(sim.tick() - 1);
        let trade = trade(tally, sim.get::<Sourcing>());
        let rules = &sim.get::<Parameters>().routing;
        Self {
            moves: sim.get::<Moves>(),
            sites: sim.get::<Sites>(),
            local: local(sim, geography, &apart),
            sources: if sim.get::<Lives>().regions.is_empty() { SOURCES.len() } else { SOURCES_OF_UNITS.len() },
            apart,
            standing,
            relocated,
            causes,
            regions,
            products,
            geography,
            base,
            ledger: sim.get::<Ledger>(),
            tally,
            state,
            accounts: sim.get::<Accounts>(),
            classes: sim.get::<Classes>(),
            polarization: sim.get::<Polarization>(),
            policy,
            audit: sim.get::<AuditReport>(),
            governments: copied(sim.world()),
            banks: copied(sim.world()),
            central_banks: copied(sim.world()),
            cells: cells(sim.world(), geography, inventories, state),
            people: people(sim.world(), geography),
            declared: sim.get::<Routes>().declared(rules, policy, trade.value.clone()),
            trade,
            resale: resale(geography, inventories),
            slots,
        }
    }

    /// All banks of a region as one; the share of credit granted is a mean by loans.
    #[must_use]
    pub fn bank(&self, region: usize) -> Bank {
        let of = &self.banks[self.geography.banks_of(region)];
        let mut sum = of[0];
        for bank in &of[1..] {
            sum.loans += bank.loans;
            sum.mortgages += bank.mortgages;
            sum.consumer_credit += bank.consumer_credit;
            sum.bonds += bank.bonds;
            sum.reserves += bank.reserves;
            sum.deposits += bank.deposits;
        }
        if of.len() > 1 && sum.loans > 0 {
            let weighed = |bank: &Bank| bank.credit_granted_share * bank.loans as f64;
            sum.credit_granted_share = of.iter().map(weighed).sum::<f64>() / sum.loans as f64;
        }
        sum
    }

    /// National accounts of a region.
    #[must_use]
    pub fn national(&self, region: usize) -> &NationalAccounts {
        &self.accounts.national[region]
    }

    /// Balance of a line of a region's books, minor units.
    #[must_use]
    pub fn line(&self, region: usize, line: Line) -> i64 {
        self.ledger.balance(region, AccountId(line as u16)) as i64
    }

    /// Inequality and polarization of a region at the end of a year.
    #[must_use]
    pub fn indices(&self, region: usize) -> &Indices {
        &self.polarization.regions[region]
    }

    /// State of a region.
    #[must_use]
    pub fn region(&self, region: usize) -> &RegionState {
        &self.state.states[region]
    }

    /// Base year of a region.
    #[must_use]
    pub fn base_region(&self, region: usize) -> &BaseRegion {
        &self.base.regions[region]
    }

    /// Place of a region on the map.
    #[must_use]
    pub fn place(&self, region: usize) -> &Region {
        &self.geography.regions[region]
    }

    /// Sums over the firms of a region and industry.
    #[must_use]
    pub fn cell(&self, region: usize, industry: usize) -> &Cell {
        &self.cells[(RegionId(region), Industry(industry))]
    }

    /// Sums over the firms of a region.
    #[must_use]
    pub fn sum_cells(&self, region: usize, of: impl Fn(&Cell) -> i64) -> i64 {
        self.cells.row((RegionId(region),)).iter().map(of).sum()
    }

    /// Mean efficiency of the plants of the run in a region, weighted with design output.
    #[must_use]
    pub fn efficiency(&self, region: usize) -> f64 {
        let row = self.standing.row((Host(region),));
        ratio(row.iter().map(|x| x.efficient).sum(), row.iter().map(|x| x.design.as_f64()).sum())
    }

    /// Agents of an area as persons.
    #[must_use]
    pub fn agents_of_area(&self, area: usize, agents: i64) -> f64 {
        self.persons(self.geography.areas[self.apart[area]].region as usize, agents)
    }

    /// Agents as persons.
    #[must_use]
    pub fn persons(&self, region: usize, agents: i64) -> f64 {
        agents as f64 * self.place(region).persons_per_agent
    }

    /// Place of a flow between regions in [`Trade`].
    #[must_use]
    pub fn flow(&self, importer: usize, origin: usize, product: usize) -> Border {
        (Importer(importer), Origin(origin), Product(product))
    }

    /// Sum over products of a column between two regions.
    #[must_use]
    pub fn bilateral<T: Copy + Sum>(&self, column: &Grid<Border, T>, importer: usize, origin: usize) -> T {
        column.row((Importer(importer), Origin(origin))).iter().copied().sum()
    }

    /// As [`Self::bilateral`], of manufactured products only.
    #[must_use]
    pub fn bilateral_manufactured<T: Copy + Sum>(&self, column: &Grid<Border, T>, importer: usize, origin: usize) -> T {
        let made = self.geography.products.manufacturing.iter().enumerate().filter(|x| *x.1);
        made.map(|(product, _)| column[self.flow(importer, origin, product)]).sum()
    }

    /// Sum over foreign origins of a column of imports of a product.
    #[must_use]
    pub fn imported<T: Copy + Sum>(&self, column: &Grid<Border, T>, importer: usize, product: usize) -> T {
        (0..self.regions).filter(|&o| o != importer).map(|o| column[self.flow(importer, o, product)]).sum()
    }

    /// Sum over foreign destinations of a column of exports of a product.
    #[must_use]
    pub fn exported<T: Copy + Sum>(&self, column: &Grid<Border, T>, origin: usize, product: usize) -> T {
        (0..self.regions).filter(|&d| d != origin).map(|d| column[self.flow(d, origin, product)]).sum()
    }

    /// Entry of a household column (spending, volume) of a decile and slot.
    #[must_use]
    pub fn shopping<T: Copy>(
        &self,
        column: &Grid<(RegionId, Decile, Slot), T>,
        region: usize,
        decile: usize,
        slot: usize,
    ) -> T {
        column[(RegionId(region), Decile(decile), Slot(slot))]
    }
}

/// A copy of a small component column in id order.
fn copied<T: Component + Clone>(world: &World) -> Vec<T> {
    world.try_query::<&T>().map(|query| query.query_manual(world).iter().cloned().collect()).unwrap_or_default()
}
