//! A live world: built from a setup, stepped tick by tick, digested, saved and restored.

use bevy_ecs::prelude::{Mut, World};
use engine::digest::TickDigest;
use engine::ledger::Ledger;
use engine::schedule::{ScheduleBuilder, TickSchedule};

use crate::accounts::{Line, chart};
use crate::calibration::Calibration;
use crate::components::Flows;
use crate::firms::profit::GrantsDue;
use crate::holders::{Customers, Holders};
use crate::location::sites::{Moves, Sites};
use crate::location::{HandOvers, Prospects, Quarter};
use crate::markets::business::Orders;
use crate::markets::clearing::{of_customers, open_banks};
use crate::markets::labour::DuePayments;
use crate::markets::landed::LandedPrice;
use crate::markets::routing::Routes;
use crate::markets::sourcing::SellerChoice;
use crate::panel::Panel;
use crate::parameters::Parameters;
use crate::policy::{CompiledSchedule, Enacted};
use crate::state::{GrantRates, Policy, Settings, Tick};
use crate::statistics::accounts::Accounts;
use crate::statistics::audit::{AuditReport, Violation, goods_stocks};
use crate::statistics::classes::Classes;
use crate::statistics::polarization::Polarization;
pub use crate::store::Snapshot;
use crate::tally::Tally;
use crate::world::build::{Founding, build};
use crate::world::layout::Size;
use crate::world::table::Table;

/// Everything a world is made from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Calibration.
    pub calibration: Calibration,
    /// Parameters.
    pub parameters: Parameters,
    /// Policy schedule.
    pub schedule: CompiledSchedule,
    /// Size.
    pub size: Size,
    /// Seed, calendar and switches.
    pub settings: Settings,
}

/// Why a simulation could not be made or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The world cannot be built.
    #[error("{0}")]
    Build(String),
    /// The order of the tick is ambiguous.
    #[error(transparent)]
    Schedule(#[from] engine::schedule::ScheduleError),
    /// An identity failed.
    #[error("the accounts do not balance: {}", .0.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Audit(Vec<Violation>),
    /// A snapshot does not fit.
    #[error("{0}")]
    Snapshot(String),
    /// An amount has no value or is too large to be held: what happened, when, and what to do.
    #[error("{0}")]
    Range(String),
}

/// A live world and its schedule.
pub struct Simulation {
    world: World,
    schedule: TickSchedule,
}

impl Simulation {
    /// Builds a world at tick 0.
    ///
    /// # Errors
    /// If the calibration does not support the world, or the tick's order is ambiguous.
    pub fn new(setup: &Setup) -> Result<Self, SimulationError> {
        let table = Table::new(&setup.calibration, &setup.parameters);
        let founding =
            build(&table, &setup.parameters, &setup.settings, &setup.size).map_err(SimulationError::Build)?;
        let mut ledger = Ledger::new(chart(), founding.geography.regions.iter().map(|r| r.code.clone()).collect());
        let founding = open_books(founding, &mut ledger);
        let stocks = goods_stocks(&founding.geography, &founding.inventories, &founding.firms, &founding.offers);
        let capital = founding
            .geography
            .regions
            .iter()
            .map(|r| founding.plants[r.firms.range()].iter().map(|p| p.capital).sum())
            .collect();
        Self::assemble(Snapshot {
            settings: setup.settings.clone(),
            parameters: setup.parameters.clone(),
            schedule: Policy(setup.schedule.clone()),
            enacted: Enacted::default(),
            tick: Tick(0),
            ledger,
            sites: Sites::new(founding.geography.region_count()),
            audit: AuditReport { stocks, capital, ..AuditReport::default() },
            routes: Routes::new(&setup.parameters.routing, founding.geography.region_count(), founding.base.products),
            grants: GrantRates(founding.grant_rates),
            flows: vec![Flows::default(); founding.firms.len()],
            geography: founding.geography,
            base: founding.base,
            supply: founding.supply,
            inventories: founding.inventories,
            retail: founding.retail,
            customers: founding.customers,
            sourcing: founding.sourcing,
            regions: founding.regions,
            rules: founding.rules,
            persons: founding.persons,
            households: founding.households,
            lives: founding.lives,
            careers: founding.careers,
            lineages: founding.lineages,
            firms: founding.firms,
            books: founding.books,
            offers: founding.offers,
            plans: founding.plans,
            plants: founding.plants,
            banks: founding.banks,
            governments: founding.governments,
            central_banks: founding.central_banks,
        })
    }

    /// Restores a world from a snapshot.
    ///
    /// # Errors
    /// If the snapshot was taken under another chart of accounts.
    pub fn restore(snapshot: Snapshot) -> Result<Self, SimulationError> {
        let ledger = snapshot.ledger.under(chart()).map_err(|e| SimulationError::Snapshot(e.to_string()))?;
        Self::assemble(Snapshot { ledger, ..snapshot })
    }

    fn assemble(snapshot: Snapshot) -> Result<Self, SimulationError> {
        let mut world = World::new();
        let (regions, products) = (snapshot.geography.region_count(), snapshot.geography.product_count());
        // What lives within a tick: before the agents, as all resources.
        world.insert_resource(Tally::new(regions, products, snapshot.geography.products.shopping_slots()));
        world.insert_resource(Moves::new(regions));
        world.insert_resource(DuePayments::default());
        world.insert_resource(Accounts::default());
        world.insert_resource(Classes::default());
        world.insert_resource(Polarization::default());
        world.insert_resource(Orders::default());
        world.insert_resource(SellerChoice::default());
        world.insert_resource(LandedPrice::default());
        world.insert_resource(Prospects::default());
        world.insert_resource(GrantsDue::default());
        world.insert_resource(Quarter::default());
        world.insert_resource(HandOvers::default());
        world.insert_resource(Panel::of(&snapshot.geography, &snapshot.parameters, &snapshot.settings));
        snapshot.into_world(&mut world);
        let schedule = crate::sequence::build(&mut world)?;
        Ok(Self { world, schedule })
    }

    /// Runs one tick.
    ///
    /// # Errors
    /// [`SimulationError::Audit`] if an identity fails and the audit is told to stop the run.
    pub fn step(&mut self) -> Result<(), SimulationError> {
        self.schedule.run(&mut self.world);
        let report = self.world.resource::<AuditReport>();
        if !report.violations.is_empty() && self.world.resource::<Settings>().audit_stops {
            return Err(SimulationError::Audit(report.violations.clone()));
        }
        self.world.resource_mut::<Tick>().0 += 1;
        Ok(())
    }

    /// Ticks completed.
    #[must_use]
    pub fn tick(&self) -> u32 {
        self.world.resource::<Tick>().0
    }

    /// Calls `observer` with the name of each stage after it ran, for instance to measure its time.
    ///
    /// # Errors
    /// If the schedule cannot be built again.
    pub fn observe(&mut self, observer: impl Fn(&'static str) + Send + Sync + 'static) -> Result<(), SimulationError> {
        let builder = ScheduleBuilder::new().observe(move |_, stage| observer(stage));
        self.schedule = crate::sequence::stages(builder, &mut self.world)?;
        Ok(())
    }

    /// Lets `change` into the world after each stage, with the stage's name. For tests that break a rule on purpose.
    ///
    /// # Errors
    /// If the schedule cannot be built again.
    pub fn tamper_within(
        &mut self,
        change: impl Fn(&mut World, &'static str) + Send + Sync + 'static,
    ) -> Result<(), SimulationError> {
        let builder = ScheduleBuilder::new().observe(change);
        self.schedule = crate::sequence::stages(builder, &mut self.world)?;
        Ok(())
    }

    /// The world, to read.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world itself.
    #[cfg(test)]
    pub(crate) fn into_world(self) -> World {
        self.world
    }

    /// Names of the stages of a tick, in order.
    #[must_use]
    pub fn stages(&self) -> &[&'static str] {
        self.schedule.stages()
    }

    /// A resource of the world, to read.
    #[must_use]
    pub fn get<R: bevy_ecs::prelude::Resource>(&self) -> &R {
        self.world.resource::<R>()
    }

    /// A copy of a component column in id order.
    pub fn column<T: bevy_ecs::prelude::Component + Clone>(&mut self) -> Vec<T> {
        self.world.query::<&T>().iter(&self.world).cloned().collect()
    }

    /// The complete state, to be saved.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.world)
    }

    /// Digest of every part of the state after the last tick.
    #[must_use]
    pub fn digest(&self) -> TickDigest {
        crate::store::digest(&self.world, self.tick())
    }

    /// Changes the world in place. For tests that break a rule on purpose.
    pub fn tamper<R: bevy_ecs::prelude::Resource<Mutability = bevy_ecs::component::Mutable>>(
        &mut self,
        change: impl FnOnce(&mut R),
    ) {
        self.world.resource_scope(|_, mut resource: Mut<R>| change(&mut resource));
    }

    /// Changes a component column in place. For tests that break a rule on purpose.
    pub fn tamper_column<T: bevy_ecs::prelude::Component<Mutability = bevy_ecs::component::Mutable>>(
        &mut self,
        mut change: impl FnMut(usize, &mut T),
    ) {
        let mut query = self.world.query::<&mut T>();
        for (i, mut item) in query.iter_mut(&mut self.world).enumerate() {
            change(i, &mut item);
        }
    }

    /// As [`Self::tamper_column`] of agents in a block.
    pub fn tamper_rows<T: Send + Sync + 'static>(&mut self, change: impl FnMut((usize, &mut T))) {
        crate::store::rows_of_mut::<T>(&mut self.world).iter_mut().enumerate().for_each(change);
    }
}

/// Sets the balances that follow from agents (bank loans and deposits) and opens the ledger.
fn open_books(mut f: Founding, ledger: &mut Ledger) -> Founding {
    let customers = Customers::new(&f.geography, &f.households, &f.lineages, &f.books);
    for k in 0..f.geography.region_count() {
        let with = of_customers(&customers, k);
        open_banks(&mut f.banks[f.geography.banks_of(k)], &with, f.regions.states[k].fund.deposits);
        let holders = Holders {
            customers: &customers,
            states: &f.regions.states,
            banks: &f.banks,
            governments: &f.governments,
            central_banks: &f.central_banks,
        };
        let mut open = |line: Line, amount: i128| ledger.open(k, line.into(), amount);
        for &line in Line::ALL {
            if let Some(held) = holders.of(k, line) {
                open(line, held);
            }
        }
        let reserves = holders.of(k, Line::BankReserves).unwrap_or_default();
        let foreign = i128::from(f.central_banks[k].foreign_assets);
        open(Line::ForeignBonds, f.central_banks.iter().map(|c| i128::from(c.foreign_bonds[k])).sum());
        open(Line::CentralBankReserves, reserves);
        open(Line::ForeignAssets, foreign);
        open(Line::WorldDebts, foreign);
    }
    f
}
