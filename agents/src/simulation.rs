//! A live world: built from a setup, stepped tick by tick, digested, saved and restored.

use bevy_ecs::prelude::{Mut, World};
use engine::columns::columns;
use engine::digest::TickDigest;
use engine::ledger::{AccountId, Ledger};
use engine::schedule::{ScheduleBuilder, TickSchedule};
use serde::{Deserialize, Serialize};

use crate::accounts::{Line, chart};
use crate::calibration::Calibration;
use crate::components::{Bank, Books, CentralBank, Firm, Flows, Government, Offer, Person, Plan, Plant, Wallet};
use crate::geography::Geography;
use crate::location::sites::{Moves, Sites};
use crate::markets::business::Orders;
use crate::markets::labour::DuePayments;
use crate::markets::routing::Routes;
use crate::markets::sourcing::SellerChoice;
use crate::parameters::Parameters;
use crate::policy::CompiledSchedule;
use crate::state::{
    Customers, GrantRates, HouseholdRules, Inventories, Policy, Regions, Retail, Settings, Sourcing, Supply, Tick,
};
use crate::statistics::accounts::Accounts;
use crate::statistics::audit::{AuditReport, Violation, goods_stocks};
use crate::statistics::classes::Classes;
use crate::tally::Tally;
use crate::world::base::Base;
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

/// The complete state of a world between two ticks.
#[derive(Serialize, Deserialize)]
pub struct Snapshot {
    tick: Tick,
    settings: Settings,
    parameters: Parameters,
    schedule: CompiledSchedule,
    geography: Geography,
    base: Base,
    persons: Vec<Person>,
    wallets: Vec<Wallet>,
    firms: Vec<Firm>,
    books: Vec<Books>,
    offers: Vec<Offer>,
    plans: Vec<Plan>,
    flows: Vec<Flows>,
    plants: Vec<Plant>,
    banks: Vec<Bank>,
    governments: Vec<Government>,
    central_banks: Vec<CentralBank>,
    supply: Supply,
    inventories: Inventories,
    retail: Retail,
    customers: Customers,
    sourcing: Sourcing,
    routes: Routes,
    regions: Regions,
    rules: HouseholdRules,
    grants: GrantRates,
    ledger: engine::ledger::Books,
    sites: Sites,
    stocks: Vec<i64>,
    capital: Vec<i64>,
    plants_opened: Vec<i64>,
    checked: u64,
    failed: u64,
}

impl Snapshot {
    /// The same world under another policy schedule. It goes on as a world that was under that schedule from its start
    /// if the two schedules agree, announcements included, in all ticks before this one.
    #[must_use]
    pub fn with_schedule(self, schedule: CompiledSchedule) -> Self {
        Self { schedule, ..self }
    }
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
        let sites = Sites::new(founding.geography.region_count());
        let flows = vec![Flows::default(); founding.firms.len()];
        let routes = Routes::new(&setup.parameters.routing, founding.geography.region_count(), founding.base.products);
        Self::assemble(Snapshot {
            tick: Tick(0),
            settings: setup.settings.clone(),
            parameters: setup.parameters.clone(),
            schedule: setup.schedule.clone(),
            geography: founding.geography,
            base: founding.base,
            persons: founding.persons,
            wallets: founding.wallets,
            firms: founding.firms,
            books: founding.books,
            offers: founding.offers,
            plans: founding.plans,
            flows,
            plants: founding.plants,
            banks: founding.banks,
            governments: founding.governments,
            central_banks: founding.central_banks,
            supply: founding.supply,
            inventories: founding.inventories,
            retail: founding.retail,
            customers: founding.customers,
            sourcing: founding.sourcing,
            routes,
            regions: founding.regions,
            rules: founding.rules,
            grants: GrantRates(founding.grant_rates),
            ledger: ledger.books().clone(),
            sites,
            stocks,
            capital,
            plants_opened: vec![],
            checked: 0,
            failed: 0,
        })
    }

    /// Restores a world from a snapshot.
    ///
    /// # Errors
    /// If the snapshot was taken under another chart of accounts.
    pub fn restore(snapshot: Snapshot) -> Result<Self, SimulationError> {
        Self::assemble(snapshot)
    }

    fn assemble(s: Snapshot) -> Result<Self, SimulationError> {
        let mut world = World::new();
        let (r, g, slots) =
            (s.geography.region_count(), s.geography.product_count(), s.geography.products.shopping_slots());
        let ledger = Ledger::from_books(chart(), s.ledger).map_err(|e| SimulationError::Snapshot(e.to_string()))?;
        // Resources first: the store keeps an array up to a resource's entity index for each of them, so a resource that
        // came after the agents would cost four bytes an agent.
        world.insert_resource(Tally::new(r, g, slots));
        world.insert_resource(AuditReport {
            violations: vec![],
            checked: s.checked,
            failed: s.failed,
            stocks: s.stocks,
            capital: s.capital,
            plants: s.plants_opened,
        });
        world.insert_resource(DuePayments::default());
        world.insert_resource(Moves::new(r));
        world.insert_resource(s.sites);
        world.insert_resource(Accounts::default());
        world.insert_resource(Classes::default());
        world.insert_resource(Orders::default());
        world.insert_resource(SellerChoice::default());
        world.insert_resource(Policy(s.schedule));
        world.insert_resource(s.tick);
        world.insert_resource(s.settings);
        world.insert_resource(s.parameters);
        world.insert_resource(s.geography);
        world.insert_resource(s.base);
        world.insert_resource(s.supply);
        world.insert_resource(s.inventories);
        world.insert_resource(s.retail);
        world.insert_resource(s.customers);
        world.insert_resource(s.sourcing);
        world.insert_resource(s.routes);
        world.insert_resource(s.regions);
        world.insert_resource(s.rules);
        world.insert_resource(s.grants);
        world.insert_resource(ledger);
        world.spawn_batch(s.persons.into_iter().zip(s.wallets));
        world.spawn_batch(
            s.firms
                .into_iter()
                .zip(s.books)
                .zip(s.offers)
                .zip(s.plans)
                .zip(s.flows)
                .map(|((((firm, books), offer), plan), flows)| (firm, books, offer, plan, flows)),
        );
        world.spawn_batch(s.plants);
        world.spawn_batch(s.banks);
        world.spawn_batch(s.governments);
        world.spawn_batch(s.central_banks);
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

    /// The world, to read.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
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
    pub fn snapshot(&mut self) -> Snapshot {
        macro_rules! copy {
            ($t:ty) => {
                self.world.resource::<$t>().clone()
            };
        }
        let report = copy!(AuditReport);
        Snapshot {
            tick: copy!(Tick),
            settings: copy!(Settings),
            parameters: copy!(Parameters),
            schedule: copy!(Policy).0,
            geography: copy!(Geography),
            base: copy!(Base),
            supply: copy!(Supply),
            inventories: copy!(Inventories),
            retail: copy!(Retail),
            customers: copy!(Customers),
            sourcing: copy!(Sourcing),
            routes: copy!(Routes),
            regions: copy!(Regions),
            rules: copy!(HouseholdRules),
            grants: copy!(GrantRates),
            ledger: self.world.resource::<Ledger>().books().clone(),
            persons: self.column(),
            wallets: self.column(),
            firms: self.column(),
            books: self.column(),
            offers: self.column(),
            plans: self.column(),
            flows: self.column(),
            plants: self.column(),
            banks: self.column(),
            governments: self.column(),
            central_banks: self.column(),
            sites: copy!(Sites),
            stocks: report.stocks,
            capital: report.capital,
            plants_opened: report.plants,
            checked: report.checked,
            failed: report.failed,
        }
    }

    /// Digest of every part of the state after the last tick.
    ///
    /// # Panics
    /// Never: a world has every kind of agent.
    #[must_use]
    pub fn digest(&self) -> TickDigest {
        let mut out = TickDigest::new(self.tick());
        let w = &self.world;
        macro_rules! columns {
            ($t:ty) => {
                w.try_query::<$t>().expect("a world has every kind of agent")
            };
        }
        let (people, firms, plants) =
            (columns!((&Person, &Wallet)), columns!((&Firm, &Books, &Offer)), columns!(&Plant));
        let (people, firms, plants) = (people.query_manual(w), firms.query_manual(w), plants.query_manual(w));
        let ((persons, wallets), (firms_fixed, books, offers), plants) =
            (columns(&people), columns(&firms), columns(&plants));
        out.part("persons", |d| {
            d.column(persons, |p| p.employer)
                .column(persons, |p| p.income_permanent.to_bits())
                .column(persons, |p| [p.status as u8, p.skill])
                .column(persons, |p| [p.income_year.to_bits(), p.labour_year.to_bits()])
                .column(persons, |p| p.class.number());
        });
        out.part("wallets", |d| {
            d.column(wallets, |w| [w.deposits, w.fund_shares, w.budget]);
        });
        out.part("books", |d| {
            d.column(books, |b| [b.deposits, b.loans]).column(firms_fixed, |f| [f.parent, f.phase as u32]);
        });
        out.part("offers", |d| {
            d.column(offers, |o| [o.stock, o.ordered, o.sold, o.revenue])
                .column(offers, |o| [o.price.to_bits(), o.demand_expected.to_bits()]);
        });
        out.part("plants", |d| {
            d.column(plants, |p| [p.capital, p.output]).column(plants, |p| p.employees);
        });
        out.part("supply", |d| {
            d.slice(&w.resource::<Supply>().sellers);
        });
        out.part("inventories", |d| {
            d.slice(&w.resource::<Inventories>().inputs).slice(&w.resource::<Inventories>().resale);
        });
        out.part("location", |d| {
            for site in &w.resource::<Sites>().sites {
                d.slice(&[site.firm, site.from, site.announced, site.opened, u32::from(site.complete)])
                    .slice(&[site.capital])
                    .slice(&[site.output, site.handed, site.made, site.trained]);
            }
            d.slice(&w.resource::<Sites>().uncertainty).slice(&w.resource::<Sites>().schooled);
        });
        let routes = &w.resource::<Routes>().share;
        // A world without routing has the digest it had before there was any.
        if !routes.is_empty() {
            out.part("routes", |d| {
                d.slice(routes);
            });
        }
        out.part("retail", |d| {
            d.slice(&w.resource::<Retail>().price).slice(&w.resource::<Customers>().seller);
        });
        out.part("regions", |d| {
            let regions = w.resource::<Regions>();
            d.slice(&regions.claims);
            for s in &regions.states {
                d.slice(&[
                    s.wage_index,
                    s.exchange_rate,
                    s.policy_rate,
                    s.consumer_price,
                    s.capital_price,
                    s.unemployment_rate,
                    s.lump_sum,
                    s.loan_rate,
                    s.bond_rate,
                    s.debt_tax,
                    s.debt_purchases,
                    s.debt_transfers,
                    s.dividends_year,
                    s.interest_year,
                ]);
                d.slice(&s.transfer_index);
                d.slice(&[s.fund_deposits, s.fund_dividends, s.pension_pool]);
            }
        });
        out
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
}

/// Sets the balances that follow from agents (bank loans and deposits) and opens the ledger.
fn open_books(mut f: Founding, ledger: &mut Ledger) -> Founding {
    for (k, region) in f.geography.regions.iter().enumerate() {
        let households: i64 = f.wallets[region.households.range()].iter().map(|w| w.deposits).sum();
        let firms: i64 = f.books[region.firms.range()].iter().map(|b| b.deposits).sum();
        let loans: i64 = f.books[region.firms.range()].iter().map(|b| b.loans).sum();
        let fund = f.regions.states[k].fund_deposits;
        let (bank, gov, central) = (&mut f.banks[k], &f.governments[k], &f.central_banks[k]);
        bank.loans = loans;
        bank.deposits = households + firms + fund;
        bank.own_funds = bank.equity();
        let abroad: i64 = f.central_banks.iter().map(|c| c.foreign_bonds[k]).sum();
        let mut open = |line: Line, amount: i64| ledger.open(k, AccountId(line as u16), i128::from(amount));
        open(Line::HouseholdDeposits, households);
        open(Line::FirmDeposits, firms);
        open(Line::FundDeposits, fund);
        open(Line::BankDeposits, households + firms + fund);
        open(Line::FirmLoans, loans);
        open(Line::BankLoans, loans);
        open(Line::GovernmentBonds, gov.debt);
        open(Line::BankBonds, bank.bonds);
        open(Line::CentralBankBonds, central.bonds);
        open(Line::ForeignBonds, abroad);
        open(Line::BankReserves, bank.reserves);
        open(Line::CentralBankReserves, bank.reserves);
        open(Line::ForeignAssets, central.foreign_assets);
        open(Line::WorldDebts, central.foreign_assets);
    }
    f
}
