//! The world of one tick, added up for recording.

use bevy_ecs::prelude::{Component, World};
use engine::columns::columns;
use engine::money::payment;
use rayon::prelude::*;

use crate::components::{
    Bank, Books, CentralBank, Firm, Flows, Government, Offer, Person, Phase, Plant, Status, Wallet,
};
use crate::firms::profit::profit_before_tax;
use crate::geography::{DECILES, Geography, NONE, Region, SKILLS};
use crate::location::sites::{CAUSES, Moves, Site, Sites, Stage};
use crate::markets::routing::{Declared, Routes};
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::purpose::PURPOSES;
use crate::simulation::Simulation;
use crate::state::{Inventories, Policy, RegionState, Regions, Sourcing};
use crate::statistics::accounts::{Accounts, NationalAccounts};
use crate::statistics::audit::AuditReport;
use crate::statistics::classes::Classes;
use crate::tally::Tally;
use crate::world::base::{Base, BaseRegion};

/// Sums over the firms of one region and industry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell {
    /// Number of firms that produce.
    pub firms: i64,
    /// Expected demand, the weight of prices, volume a tick.
    pub demand: f64,
    /// Prices times expected demand, money a tick.
    pub priced: f64,
    /// Mean price without weights times firms, for cells nobody expects to buy from.
    pub prices: f64,
    /// Finished goods on hand, volume.
    pub finished: i64,
    /// Inputs on hand, volume of all products.
    pub inputs: i64,
    /// First-choice orders received, volume.
    pub ordered: i64,
    /// Volume sold.
    pub sold: i64,
    /// Wages paid.
    pub wages: i64,
    /// Employers' social contributions.
    pub social_contributions: i64,
    /// Production taxes less subsidies.
    pub net_taxes: i64,
    /// Subsidies and investment grants received.
    pub subsidies: i64,
    /// Profit before tax.
    pub profit: i64,
    /// Dividends paid.
    pub dividends: i64,
    /// Gross fixed capital formation, duties included.
    pub investment: i64,
    /// Loans outstanding.
    pub loans: i64,
    /// Deposits.
    pub deposits: i64,
    /// Fixed capital, volume.
    pub capital: i64,
    /// Hours times efficiency units of labour.
    pub worked: f64,
    /// Efficiency units of labour.
    pub labour: f64,
    /// Output times the share of tasks that machines have taken over, volume.
    pub automated: f64,
    /// Output, volume.
    pub output: f64,
    /// Agents whose work machines do.
    pub displaced: f64,
    /// Agents employed by skill.
    pub employees: [i64; SKILLS],
    /// Vacancies by skill, agents.
    pub vacancies: [i64; SKILLS],
}

/// Sums over the households of one region.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Deposits by decile.
    pub deposits: [i64; DECILES],
    /// Fund shares by decile.
    pub fund_shares: [i64; DECILES],
    /// Employed agents by decile.
    pub employed: [i64; DECILES],
    /// Unemployed agents by decile.
    pub unemployed: [i64; DECILES],
    /// Unemployed agents by skill.
    pub unemployed_skill: [i64; SKILLS],
}

/// Purchases between regions summed over purposes, index `(importer * regions + origin) * products + product`.
#[derive(Clone, Debug, Default)]
pub struct Trade {
    /// Value before duty, importer's currency.
    pub value: Vec<i64>,
    /// Value received by sellers, origin's currency.
    pub receipts: Vec<i64>,
    /// Volume.
    pub volume: Vec<i64>,
    /// Duty, importer's currency.
    pub duty: Vec<i64>,
    /// Volume ordered in the first round.
    pub ordered: Vec<i64>,
}

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
    /// Sums of the tick.
    pub tally: &'a Tally,
    /// State of the regions.
    pub state: &'a Regions,
    /// Accounts of the tick.
    pub accounts: &'a Accounts,
    /// Classes at the end of a year.
    pub classes: &'a Classes,
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
    /// Sums over firms, index `region * products + industry`.
    pub cells: Vec<Cell>,
    /// Sums over households by region.
    pub people: Vec<People>,
    /// Trade.
    pub trade: Trade,
    /// Imports as they were declared to customs.
    pub declared: Declared,
    /// Stocks for resale, volume, index `region * products + product`.
    pub resale: Vec<i64>,
    /// What moved in the tick.
    pub moves: &'a Moves,
    /// Plants of the run.
    pub sites: &'a Sites,
    /// Sums over these by place and origin of the work; own funds by place and region of the owner.
    pub standing: Vec<Standing>,
    /// Places of the areas that are told apart.
    pub apart: Vec<usize>,
    /// Sums over the firms and persons of each of them.
    pub local: Vec<Local>,
    /// Sums over these by place and industry.
    pub relocated: Vec<Standing>,
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
        let trade = trade(tally, sim.get::<Sourcing>(), regions, products);
        let rules = &sim.get::<Parameters>().routing;
        Self {
            moves: sim.get::<Moves>(),
            sites: sim.get::<Sites>(),
            local: local(sim, geography, &apart),
            apart,
            standing,
            relocated,
            causes,
            regions,
            products,
            geography,
            base,
            tally,
            state,
            accounts: sim.get::<Accounts>(),
            classes: sim.get::<Classes>(),
            policy,
            audit: sim.get::<AuditReport>(),
            governments: copied(sim.world()),
            banks: copied(sim.world()),
            central_banks: copied(sim.world()),
            cells: cells(sim.world(), geography, inventories, state),
            people: people(sim.world(), geography),
            declared: sim.get::<Routes>().declared(rules, policy, regions, &trade.value),
            trade,
            resale: resale(geography, inventories),
            slots,
        }
    }

    /// National accounts of a region.
    #[must_use]
    pub fn national(&self, region: usize) -> &NationalAccounts {
        &self.accounts.national[region]
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
        &self.cells[region * self.products + industry]
    }

    /// Sums over the firms of a region.
    #[must_use]
    pub fn sum_cells(&self, region: usize, of: impl Fn(&Cell) -> i64) -> i64 {
        self.cells[region * self.products..(region + 1) * self.products].iter().map(of).sum()
    }

    /// Mean efficiency of the plants of the run in a region, weighted with design output.
    #[must_use]
    pub fn efficiency(&self, region: usize) -> f64 {
        let row = &self.standing[region * self.regions..(region + 1) * self.regions];
        ratio(row.iter().map(|x| x.efficient).sum(), row.iter().map(|x| x.design as f64).sum())
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
    pub fn flow(&self, importer: usize, origin: usize, product: usize) -> usize {
        (importer * self.regions + origin) * self.products + product
    }

    /// Sum over products of a column between two regions.
    #[must_use]
    pub fn bilateral(&self, column: &[i64], importer: usize, origin: usize) -> i64 {
        let at = self.flow(importer, origin, 0);
        column[at..at + self.products].iter().sum()
    }

    /// As [`Self::bilateral`], of manufactured products only.
    #[must_use]
    pub fn bilateral_manufactured(&self, column: &[i64], importer: usize, origin: usize) -> i64 {
        let made = self.geography.products.manufacturing.iter().enumerate().filter(|x| *x.1);
        made.map(|(product, _)| column[self.flow(importer, origin, product)]).sum()
    }

    /// Sum over foreign origins of a column of imports of a product.
    #[must_use]
    pub fn imported(&self, column: &[i64], importer: usize, product: usize) -> i64 {
        (0..self.regions).filter(|&o| o != importer).map(|o| column[self.flow(importer, o, product)]).sum()
    }

    /// Sum over foreign destinations of a column of exports of a product.
    #[must_use]
    pub fn exported(&self, column: &[i64], origin: usize, product: usize) -> i64 {
        (0..self.regions).filter(|&d| d != origin).map(|d| column[self.flow(d, origin, product)]).sum()
    }

    /// Entry of a household column (spending, volume) of a decile and slot.
    #[must_use]
    pub fn shopping(&self, column: &[i64], region: usize, decile: usize, slot: usize) -> i64 {
        column[(region * DECILES + decile) * self.geography.products.shopping_slots() + slot]
    }
}

/// An area, added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Local {
    /// Agents employed by industry.
    pub employees: Vec<i64>,
    /// Output of the tick by industry, volume.
    pub output: Vec<i64>,
    /// Output of reserve plants at full build and normal use by industry, volume a tick: at rest, and opened.
    pub reserve: Vec<[i64; 2]>,
    /// Wages of the tick, money.
    pub wages: i64,
    /// Persons in the labour force, agents.
    pub labour_force: i64,
    /// Unemployed, agents.
    pub unemployed: i64,
}

fn local(sim: &Simulation, geography: &Geography, areas: &[usize]) -> Vec<Local> {
    let known = "a world has firms, plants and households";
    let world = sim.world();
    let firms = world.try_query::<(&Firm, &Flows)>().expect(known);
    let plants = world.try_query::<&Plant>().expect(known);
    let persons = world.try_query::<&Person>().expect(known);
    let (firms, plants, persons) = (firms.query_manual(world), plants.query_manual(world), persons.query_manual(world));
    let ((firm, flows), plants, persons) = (columns(&firms), columns(&plants), columns(&persons));
    let g = geography.product_count();
    let sum = |&a: &usize| {
        let zero = || vec![0; g];
        let mut out = Local { employees: zero(), output: zero(), reserve: vec![[0; 2]; g], ..Local::default() };
        for zone in &geography.zones[geography.areas[a].zones.range()] {
            for i in zone.firms.range() {
                let (j, plant) = (firm[i].industry as usize, &plants[i]);
                out.employees[j] += plant.employees.iter().map(|&n| i64::from(n)).sum::<i64>();
                out.output[j] += plant.output;
                out.wages += flows[i].wages;
            }
            // Where areas are not told apart the figures of regions are known already.
            let people = if areas.len() > geography.region_count() { zone.households.range() } else { 0..0 };
            for person in &persons[people] {
                out.labour_force += i64::from(person.status != Status::Inactive);
                out.unemployed += i64::from(person.status == Status::Unemployed);
            }
        }
        out
    };
    let mut out: Vec<Local> = areas.par_iter().map(sum).collect();
    for site in sim.get::<Sites>().sites.iter().filter(|s| s.reserve) {
        let row = &firm[site.firm as usize];
        if let Some(at) = areas.iter().position(|&a| a == row.area as usize) {
            let [resting, open] = &mut out[at].reserve[row.industry as usize];
            *resting += if site.stage == Stage::Standby { site.output as i64 } else { 0 };
            *open += if site.stage == Stage::Open { site.output as i64 } else { 0 };
        }
    }
    out
}

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
    pub output: i64,
    /// Output at full build and normal use of plants that produce, volume a tick.
    pub design: i64,
    /// Fixed capital, volume.
    pub capital: i64,
    /// Efficiency times design output of plants that produce.
    pub efficient: f64,
    /// Own funds, money.
    pub own_funds: f64,
    /// Design output of plants that produce, of work that came from another region, volume a tick.
    pub arrived: i64,
    /// Design output of plants in other regions, of work that left, volume a tick.
    pub departed: i64,
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
            self.design += site.output as i64;
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

/// Sums over the plants of the run: by place and origin (own funds: by place and owner), by place and industry, by place and cause.
fn plants_of_the_run(
    sim: &Simulation,
    inventories: &Inventories,
) -> (Vec<Standing>, Vec<Standing>, Vec<[Decided; CAUSES]>) {
    let world = sim.world();
    let known = "a world has firms and plants";
    let firms = world.try_query::<(&Firm, &Books, &Offer)>().expect(known);
    let plants = world.try_query::<&Plant>().expect(known);
    let (firms, plants) = (firms.query_manual(world), plants.query_manual(world));
    let ((firm, books, offer), plants) = (columns(&firms), columns(&plants));
    let geography = sim.get::<Geography>();
    let (r, g) = (geography.region_count(), geography.product_count());
    let (mut pairs, mut cells) = (vec![Standing::default(); r * r], vec![Standing::default(); r * g]);
    let mut causes = vec![[Decided::default(); CAUSES]; r];
    for site in &sim.get::<Sites>().sites {
        let row = site.firm as usize;
        let (k, j, plant) = (firm[row].region as usize, firm[row].industry as usize, &plants[row]);
        pairs[k * r + site.origin as usize].add(site, plant);
        cells[k * g + j].add(site, plant);
        if site.stage == Stage::Open && site.origin as usize != k {
            cells[k * g + j].arrived += site.output as i64;
            cells[site.origin as usize * g + j].departed += site.output as i64;
        }
        let staff: u32 = plant.employees.iter().sum();
        let design = if site.stage == Stage::Open { site.output } else { 0.0 };
        for (sum, share) in causes[k].iter_mut().zip(site.causes.map(f64::from)) {
            sum.employees += share * f64::from(staff);
            sum.output += share * plant.output as f64;
            sum.design += share * design;
        }
        if firm[row].parent != NONE {
            let owner = firm[firm[row].parent as usize].region as usize;
            let state = &sim.get::<Regions>().states[k];
            let inputs: f64 = inventories.inputs[row * g..(row + 1) * g]
                .iter()
                .zip(&state.input_price)
                .map(|(&volume, price)| volume as f64 * price)
                .sum();
            pairs[k * r + owner].own_funds += (books[row].deposits - books[row].loans) as f64
                + plant.capital as f64 * state.capital_price
                + offer[row].stock as f64 * offer[row].price
                + inputs;
        }
    }
    (pairs, cells, causes)
}

/// A ratio, or not-a-number when there is nothing to divide by.
#[must_use]
pub fn ratio(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { f64::NAN } else { numerator / denominator }
}

/// A copy of a small component column in id order.
fn copied<T: Component + Clone>(world: &World) -> Vec<T> {
    world.try_query::<&T>().map(|query| query.query_manual(world).iter().cloned().collect()).unwrap_or_default()
}

fn cells(world: &World, geography: &Geography, inventories: &Inventories, state: &Regions) -> Vec<Cell> {
    let known = "a world has firms and plants";
    let firms = world.try_query::<(&Firm, &Books, &Offer, &Flows)>().expect(known);
    let plants = world.try_query::<&Plant>().expect(known);
    let (firms, plants) = (firms.query_manual(world), plants.query_manual(world));
    let ((firm, books, offer, flows), plants) = (columns(&firms), columns(&plants));
    let g = geography.product_count();
    let sum = |(r, region): (usize, &Region)| {
        let mut cells = vec![Cell::default(); g];
        for i in region.firms.range() {
            let plant = &plants[firm[i].plant as usize];
            let running = firm[i].phase == Phase::Running;
            let cell = &mut cells[firm[i].industry as usize];
            let inputs = &inventories.inputs[i * g..(i + 1) * g];
            cell.firms += i64::from(running);
            cell.prices += if running { offer[i].price } else { 0.0 };
            cell.add(&books[i], &offer[i], &flows[i], plant, inputs, state.states[r].capital_price);
        }
        cells
    };
    geography.regions.par_iter().enumerate().map(sum).flatten_iter().collect()
}

impl Cell {
    fn add(&mut self, books: &Books, offer: &Offer, f: &Flows, plant: &Plant, inputs: &[i64], capital_price: f64) {
        self.demand += offer.demand_expected;
        self.priced += offer.demand_expected * offer.price;
        self.finished += offer.stock;
        self.inputs += inputs.iter().sum::<i64>();
        self.ordered += offer.ordered;
        self.sold += offer.sold;
        self.wages += f.wages;
        self.social_contributions += f.social_contributions;
        self.net_taxes += f.production_tax - f.subsidies;
        self.subsidies += f.subsidies + f.grants;
        self.profit += profit_before_tax(f, offer.revenue, payment(capital_price, plant.depreciation));
        self.dividends += f.dividends;
        self.investment += f.investment + f.duties_capital;
        self.loans += books.loans;
        self.deposits += books.deposits;
        self.capital += plant.capital;
        self.worked += plant.hours * plant.labour;
        self.labour += plant.labour;
        let staff: u32 = plant.employees.iter().sum();
        self.automated += plant.automated * plant.output as f64;
        self.output += plant.output as f64;
        self.displaced += f64::from(staff) * plant.automated / (1.0 - plant.automated);
        for skill in 0..SKILLS {
            self.employees[skill] += i64::from(plant.employees[skill]);
            self.vacancies[skill] += i64::from(plant.vacancies[skill]);
        }
    }

    /// Price of the cell: mean of posted prices weighted with expected demand.
    #[must_use]
    pub fn price(&self) -> f64 {
        if self.demand > 0.0 { self.priced / self.demand } else { ratio(self.prices, self.firms as f64) }
    }
}

fn people(world: &World, geography: &Geography) -> Vec<People> {
    let households = world.try_query::<(&Person, &Wallet)>().expect("a world has households");
    let households = households.query_manual(world);
    let (persons, wallets) = columns(&households);
    let chunk = |persons: &[Person], wallets: &[Wallet]| {
        let mut sum = People::default();
        for (person, wallet) in persons.iter().zip(wallets) {
            let d = person.decile as usize;
            sum.deposits[d] += wallet.deposits;
            sum.fund_shares[d] += wallet.fund_shares;
            match person.status {
                Status::Employed => sum.employed[d] += 1,
                Status::Unemployed => {
                    sum.unemployed[d] += 1;
                    sum.unemployed_skill[person.skill as usize] += 1;
                }
                Status::Inactive => {}
            }
        }
        sum
    };
    let of_region = |region: &Region| {
        let range = region.households.range();
        let (persons, wallets) = (&persons[range.clone()], &wallets[range]);
        persons
            .par_chunks(1 << 14)
            .zip(wallets.par_chunks(1 << 14))
            .map(|(persons, wallets)| chunk(persons, wallets))
            .reduce(People::default, People::merged)
    };
    geography.regions.iter().map(of_region).collect()
}

impl People {
    /// Sums of two groups. Integers only, so that the order does not matter.
    #[expect(clippy::needless_pass_by_value, reason = "the form that a parallel reduction asks for")]
    fn merged(mut self, other: Self) -> Self {
        let add = |into: &mut [i64], other: &[i64]| into.iter_mut().zip(other).for_each(|(a, b)| *a += b);
        add(&mut self.deposits, &other.deposits);
        add(&mut self.fund_shares, &other.fund_shares);
        add(&mut self.employed, &other.employed);
        add(&mut self.unemployed, &other.unemployed);
        add(&mut self.unemployed_skill, &other.unemployed_skill);
        self
    }
}

fn trade(tally: &Tally, sourcing: &Sourcing, r: usize, g: usize) -> Trade {
    let sum = |column: &[i64]| {
        let mut out = vec![0; r * r * g];
        for purpose in 0..PURPOSES {
            for importer in 0..r {
                for product in 0..g {
                    let row = ((purpose * r + importer) * g + product) * r;
                    for (origin, amount) in column[row..row + r].iter().enumerate() {
                        out[(importer * r + origin) * g + product] += amount;
                    }
                }
            }
        }
        out
    };
    let p = &tally.purchases;
    Trade {
        value: sum(&p.value),
        receipts: sum(&p.receipts),
        volume: sum(&p.volume),
        duty: sum(&p.duty),
        ordered: sum(&sourcing.ordered),
    }
}

fn resale(geography: &Geography, inventories: &Inventories) -> Vec<i64> {
    let g = geography.product_count();
    let mut out = vec![0; geography.region_count() * g];
    for (row, region) in out.chunks_mut(g).zip(&geography.regions) {
        for outlet in region.outlets.range() {
            for (sum, stock) in row.iter_mut().zip(&inventories.resale[outlet * g..(outlet + 1) * g]) {
                *sum += stock;
            }
        }
    }
    out
}
