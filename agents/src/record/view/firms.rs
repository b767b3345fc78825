//! Sums over firms by region and industry, and over the firms and persons of areas.

use bevy_ecs::prelude::World;
use engine::columns::columns;
use engine::grid::Grid;
use engine::money::{Money, Volume, payment};
use rayon::prelude::*;

use crate::axes::{Branch, FirmId};
use crate::components::{Books, Firm, Flows, Offer, Person, Plant, Status};
use crate::firms::profit::profit_before_tax;
use crate::geography::{Geography, Region, SKILLS};
use crate::location::sites::{Sites, Stage};
use crate::simulation::Simulation;
use crate::state::{Inventories, Regions};
use crate::store::rows_of;

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
    pub finished: Volume,
    /// Inputs on hand, volume of all products.
    pub inputs: Volume,
    /// First-choice orders received, volume.
    pub ordered: Volume,
    /// Volume sold.
    pub sold: Volume,
    /// Wages paid.
    pub wages: Money,
    /// Employers' social contributions.
    pub social_contributions: Money,
    /// Production taxes less subsidies.
    pub net_taxes: Money,
    /// Subsidies and investment grants received.
    pub subsidies: Money,
    /// Profit before tax.
    pub profit: Money,
    /// Dividends paid.
    pub dividends: Money,
    /// Gross fixed capital formation, duties included.
    pub investment: Money,
    /// Loans outstanding.
    pub loans: Money,
    /// Deposits.
    pub deposits: Money,
    /// Fixed capital, volume.
    pub capital: Volume,
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

/// Adds up the firms of every region and industry.
pub(super) fn cells(
    world: &World,
    geography: &Geography,
    inventories: &Inventories,
    state: &Regions,
) -> Grid<Branch, Cell> {
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
            let running = firm[i].produces();
            let cell = &mut cells[firm[i].industry as usize];
            let inputs = inventories.inputs.row((FirmId(i),));
            cell.firms += i64::from(running);
            cell.prices += if running { offer[i].price } else { 0.0 };
            cell.add(&books[i], &offer[i], &flows[i], plant, inputs, state.states[r].prices.capital);
        }
        cells
    };
    let sums = geography.regions.par_iter().enumerate().map(sum).flatten_iter().collect();
    Grid::from_vec([geography.region_count(), g], sums).expect("a row for every region")
}

impl Cell {
    fn add(&mut self, books: &Books, offer: &Offer, f: &Flows, plant: &Plant, inputs: &[Volume], capital_price: f64) {
        self.demand += offer.demand_expected;
        self.priced += offer.demand_expected * offer.price;
        self.finished += offer.stock;
        self.inputs += inputs.iter().sum::<Volume>();
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
        self.automated += plant.automated * plant.output.as_f64();
        self.output += plant.output.as_f64();
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

/// A ratio, or not-a-number when there is nothing to divide by.
#[must_use]
pub fn ratio(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { f64::NAN } else { numerator / denominator }
}

/// An area, added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Local {
    /// Agents employed by industry.
    pub employees: Vec<i64>,
    /// Output of the tick by industry, volume.
    pub output: Vec<Volume>,
    /// Output of reserve plants at full build and normal use by industry, volume a tick: at rest, and opened.
    pub reserve: Vec<[Volume; 2]>,
    /// Wages of the tick, money.
    pub wages: Money,
    /// Persons in the labour force, agents.
    pub labour_force: i64,
    /// Unemployed, agents.
    pub unemployed: i64,
    /// Who lives there, agents.
    pub adults: i64,
}

/// Adds up areas.
pub(super) fn local(sim: &Simulation, geography: &Geography, areas: &[usize]) -> Vec<Local> {
    let known = "a world has firms, plants and households";
    let world = sim.world();
    let firms = world.try_query::<(&Firm, &Flows)>().expect(known);
    let plants = world.try_query::<&Plant>().expect(known);
    let (firms, plants) = (firms.query_manual(world), plants.query_manual(world));
    let ((firm, flows), plants, persons) = (columns(&firms), columns(&plants), rows_of::<Person>(world));
    let g = geography.product_count();
    let sum = |&a: &usize| {
        let mut out = Local {
            employees: vec![0; g],
            output: vec![Volume::ZERO; g],
            reserve: vec![[Volume::ZERO; 2]; g],
            ..Local::default()
        };
        for zone in &geography.zones[geography.areas[a].zones.range()] {
            for i in zone.firms.range() {
                let (j, plant) = (firm[i].industry as usize, &plants[i]);
                out.employees[j] += plant.employees.iter().map(|&n| i64::from(n)).sum::<i64>();
                out.output[j] += plant.output;
                out.wages += flows[i].wages;
            }
            // Where areas are not told apart the figures of regions are known already.
            let people = if areas.len() > geography.region_count() { zone.persons.range() } else { 0..0 };
            for person in &persons[people] {
                out.adults += i64::from(person.status != Status::Absent);
                out.labour_force += i64::from(person.status.in_labour_force());
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
            *resting += if site.stage == Stage::Standby { Volume::within(site.output) } else { Volume::ZERO };
            *open += if site.stage == Stage::Open { Volume::within(site.output) } else { Volume::ZERO };
        }
    }
    out
}
