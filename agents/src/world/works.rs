//! The founding firms: what they sell, make and own at base prices, and how they are linked.

use engine::grid::Grid;
use engine::money::{BASE_PRICE, Volume, round_half_even};
use rayon::prelude::*;

use super::base::Base;
use super::households::{Population, apportion};
use super::links::{connect, lines};
use crate::axes::{Industry, OutletId, Product, RegionId};
use crate::components::{Books, Firm, Offer, Person, Plan, Plant, Status};
use crate::firms::liquidity::liquidity_target;
use crate::firms::stocks::{cover, input_months, resale_months, stock_months};
use crate::geography::{Geography, NONE, SKILLS};
use crate::markets::retail::{Asked, ZonePrices, order, trade_services};
use crate::parameters::Parameters;
use crate::purpose::{PURPOSES, Purpose};
use crate::state::{Customers, Inventories, SEGMENTS, Settings, Supply};

/// Base-year retail demand by outlet and service firm, volume a tick.
pub(super) struct HouseholdDemand {
    /// Volume by outlet and slot.
    pub(super) outlet: Vec<Volume>,
    /// Volume by firm (services).
    pub(super) service: Vec<Volume>,
}

/// Prices and groups of a zone at given outlet prices and offers; prices in money a volume before tax, tax rates fractions of them.
#[must_use]
pub fn zone_prices<'a>(
    geography: &Geography,
    zone: usize,
    customers: &'a Customers,
    outlet_price: &'a [f64],
    price_of: impl Fn(usize) -> f64,
    tax_rate: Vec<f64>,
) -> ZonePrices<'a> {
    let z = &geography.zones[zone];
    let mut service_price = Vec::new();
    let mut service_start = vec![0];
    for &p in &geography.products.services {
        service_price.extend(z.industries[p].range().map(&price_of));
        service_start.push(service_price.len());
    }
    let width = customers.markets * SEGMENTS;
    ZonePrices {
        outlet_price,
        outlet_slots: geography.products.outlet_slots(),
        service_price,
        service_start,
        groups: &customers.seller[zone * width..(zone + 1) * width],
        tax_rate,
    }
}

/// What all households ask for in a tick at the base, by outlet and service firm, volume.
pub(super) fn household_demand(
    geography: &Geography,
    base: &Base,
    customers: &Customers,
    population: &Population,
) -> HouseholdDemand {
    let slots = geography.products.outlet_slots();
    let zones: Vec<Asked> = (0..geography.zones.len())
        .into_par_iter()
        .map(|z| {
            let zone = &geography.zones[z];
            let r = zone.region as usize;
            let row: Vec<f64> = base.regions[r].consumer_price[..slots].repeat(zone.outlets.len());
            let prices = zone_prices(
                geography,
                z,
                customers,
                &row,
                |_| BASE_PRICE,
                vec![0.0; geography.products.shopping_slots()],
            );
            order(
                &prices,
                &population.rules[r],
                u64::from(zone.households.start),
                &mut population.households[zone.households.range()].to_vec(),
            )
            .asked
        })
        .collect();
    let mut demand = HouseholdDemand { outlet: Vec::new(), service: vec![Volume::ZERO; geography.firms] };
    for (zone, found) in geography.zones.iter().zip(zones) {
        demand.outlet.extend(&found.outlet);
        let mut at = 0;
        for &p in &geography.products.services {
            for firm in zone.industries[p].range() {
                demand.service[firm] = found.service[at];
                at += 1;
            }
        }
    }
    demand
}

/// Volume of trade services an outlet renders with its goods, and its resale needs by product, both a tick.
pub(super) fn outlet_needs(geography: &Geography, base: &Base, region: usize, row: &[Volume]) -> (Volume, Vec<Volume>) {
    let b = &base.regions[region];
    let goods = geography.products.goods.len();
    let mut needs = apportion(row[goods], &b.bundle_mix);
    for (slot, &p) in geography.products.goods.iter().enumerate() {
        needs[p] += row[slot];
    }
    (trade_services(row[..goods].iter().sum(), b.margin_rate), needs)
}

/// Outputs, capital and links of the founding firms.
pub(super) struct Works {
    /// Output by firm, volume a tick.
    pub(super) output: Vec<Volume>,
    /// What of it households buy, volume a tick.
    pub(super) retail_output: Vec<Volume>,
    /// Capital by firm, volume.
    pub(super) capital: Vec<Volume>,
    /// Purchases by line, volume a tick.
    pub(super) needs: Vec<Volume>,
    /// Who supplies whom.
    pub(super) supply: Supply,
    /// Resale needs by outlet and product, volume a tick.
    pub(super) resale: Grid<(OutletId, Product), Volume>,
}

/// The founding firms: outputs and capital that make the base year's flows a tick (volume), and their links.
pub(super) fn factories(
    geography: &Geography,
    base: &Base,
    firms: &[Firm],
    target: &[f64],
    market: &HouseholdDemand,
) -> Works {
    let g = base.products;
    let slots = geography.products.outlet_slots();
    let mut retail_output = market.service.clone();
    let mut resale = Grid::filled([geography.outlet_firms.len(), g], Volume::ZERO);
    for (k, &f) in geography.outlet_firms.iter().enumerate() {
        let (volume, needs) = outlet_needs(
            geography,
            base,
            firms[f as usize].region as usize,
            &market.outlet[k * slots..(k + 1) * slots],
        );
        retail_output[f as usize] = volume;
        resale.row_mut((OutletId(k),)).copy_from_slice(&needs);
    }
    let mut capacity = vec![0.0; firms.len()];
    let mut output = vec![Volume::ZERO; firms.len()];
    for cell in geography.cells.indices() {
        let ((RegionId(k), Industry(j)), members) = (cell, &geography.cells[cell]);
        let total = Volume::rounded(base.regions[k].output[j]);
        let retail: Volume = members.iter().map(|&i| retail_output[i as usize]).sum();
        let mut weights: Vec<f64> =
            members.iter().map(|&i| (target[i as usize] - retail_output[i as usize].as_f64()).max(0.0)).collect();
        if weights.iter().sum::<f64>() <= 0.0 {
            weights = members.iter().map(|&i| target[i as usize]).collect();
        }
        let business = apportion((total - retail).or_nothing(), &weights);
        for ((&i, w), b) in members.iter().zip(&weights).zip(&business) {
            capacity[i as usize] = *w;
            output[i as usize] = retail_output[i as usize] + *b;
        }
    }
    let industry: Vec<u16> = firms.iter().map(|f| f.industry).collect();
    let region: Vec<u16> = firms.iter().map(|f| f.region).collect();
    let supply = lines(geography, base, &industry, &region);
    let capital: Vec<Volume> = firms
        .iter()
        .zip(&output)
        .map(|(f, &x)| {
            let b = &base.regions[f.region as usize];
            Volume::rounded(b.capital[f.industry as usize] * x.as_f64() / b.output[f.industry as usize])
        })
        .collect();
    let needs = line_needs(geography, base, firms, &supply, &output, &capital, &resale);
    let vacant: Vec<bool> = firms.iter().map(Firm::is_vacant).collect();
    let (supply, sales) = connect(geography, base, supply, &industry, &needs, &capacity, &vacant);
    for (x, (retail, business)) in output.iter_mut().zip(retail_output.iter().zip(&sales)) {
        *x = *retail + *business;
    }
    Works { output, retail_output, capital, needs, supply, resale }
}

/// What each line needs at the base, volume a tick.
pub(super) fn line_needs(
    geography: &Geography,
    base: &Base,
    firms: &[Firm],
    supply: &Supply,
    output: &[Volume],
    capital: &[Volume],
    resale: &Grid<(OutletId, Product), Volume>,
) -> Vec<Volume> {
    let mut needs = vec![Volume::ZERO; supply.lines.count()];
    for (i, firm) in firms.iter().enumerate() {
        let r = firm.region as usize;
        let b = &base.regions[r];
        for (line, item) in supply.lines.of(i) {
            let p = item.product as usize;
            needs[line] = match item.purpose {
                Purpose::Intermediate => {
                    Volume::rounded(base.requirement(r, firm.industry as usize, p) * output[i].as_f64())
                }
                Purpose::Capital => Volume::rounded(b.depreciation_rate * capital[i].as_f64() * b.capital_mix[p]),
                Purpose::Resale => resale[(OutletId(firm.outlet as usize), item.product())],
                Purpose::Government => Volume::ZERO,
            };
        }
    }
    for r in 0..base.regions.len() {
        for (line, item) in supply.lines.of(geography.firms + r) {
            needs[line] = Volume::rounded(base.regions[r].government_volume[item.product as usize]);
        }
    }
    needs
}

/// A founding firm's tick at base prices.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BaseAccount {
    /// Cost of a unit, money a volume.
    pub(super) unit_cost: f64,
    /// Dividends, money a tick.
    pub(super) dividends: f64,
    /// Grants over replacement investment, fraction.
    pub(super) grant_rate: f64,
    /// Profit after tax, money a tick.
    pub(super) profit: f64,
}

/// The tick of every founding firm at base prices, money a tick.
pub(super) fn base_accounts(
    geography: &Geography,
    base: &Base,
    p: &Parameters,
    settings: &Settings,
    firms: &[Firm],
    works: &Works,
) -> Vec<BaseAccount> {
    let g = base.products;
    let loan_rate = settings.per_tick(p.monetary.neutral_rate + p.credit.loan_premium);
    (0..firms.len())
        .into_par_iter()
        .map(|i| {
            let (r, j) = (firms[i].region as usize, firms[i].industry as usize);
            let b = &base.regions[r];
            let mut cost = [0.0; PURPOSES];
            for (line, item) in works.supply.lines.of(i) {
                for link in works.supply.lines.links_of(line) {
                    let origin = firms[works.supply.sellers[link] as usize].region as usize;
                    let value = works.needs[line].at_base_prices() as f64 * f64::from(works.supply.lines.shares[link]);
                    cost[item.purpose as usize] += value * (1.0 + base.tariff(r, origin, item.product as usize));
                }
            }
            let output = works.output[i].at_base_prices() as f64;
            if firms[i].is_vacant() {
                return BaseAccount {
                    unit_cost: BASE_PRICE / b.markup[j],
                    grant_rate: b.grant_rate[j],
                    ..BaseAccount::default()
                };
            }
            let wages = b.compensation[j] / b.output[j] * output;
            let tax = b.production_tax_rate[j] * output;
            let replacement = cost[Purpose::Capital as usize];
            let inputs = cost[Purpose::Intermediate as usize];
            let interest = loan_rate * p.firms.loan_to_capital * works.capital[i].at_base_prices() as f64;
            let mut receipts = output;
            if firms[i].outlet != NONE {
                let needs = works.resale.row((OutletId(firms[i].outlet as usize),));
                for (slot, &product) in geography.products.goods.iter().enumerate() {
                    receipts += needs[product].as_f64() * (b.consumer_price[slot] - b.margin_rate);
                }
                receipts += (0..g)
                    .filter(|&x| !geography.products.is_good[x])
                    .map(|x| needs[x].at_base_prices() as f64)
                    .sum::<f64>();
                receipts -= cost[Purpose::Resale as usize];
            }
            let profit = receipts - inputs - wages - tax - replacement - interest;
            // Rule: only who earns less than the margin is supported.
            let grant = (p.firms.supported_margin * output - profit).max(0.0);
            let after_tax = (profit + grant) * (1.0 - p.government.corporate_tax_rate);
            BaseAccount {
                unit_cost: (inputs + wages + tax + replacement - grant) / output,
                dividends: after_tax,
                grant_rate: if replacement > 0.0 { grant / replacement } else { 0.0 },
                profit: after_tax,
            }
        })
        .collect()
}

/// The plants of the founding firms with the staff they have: capital (volume), productivity (volume a worker and tick),
/// wages (money a volume).
pub(super) fn plants(base: &Base, p: &Parameters, firms: &[Firm], works: &Works, persons: &[Person]) -> Vec<Plant> {
    let mut staff = vec![[0u32; SKILLS]; firms.len()];
    let mut ability = vec![0.0; firms.len()];
    for person in persons.iter().filter(|x| x.status == Status::Employed) {
        staff[person.employer as usize][person.post as usize] += 1;
        ability[person.employer as usize] += f64::from(person.efficiency);
    }
    firms
        .iter()
        .enumerate()
        .map(|(i, firm)| {
            let workers: u32 = staff[i].iter().sum();
            let output = works.output[i].as_f64();
            if firm.is_vacant() {
                return vacant_plant(base, p, i, firm);
            }
            Plant {
                firm: i as u32,
                zone: firm.zone,
                area: firm.area,
                region: firm.region,
                industry: firm.industry,
                capital: works.capital[i],
                capital_productivity: output / (works.capital[i].as_f64().max(1.0) * p.firms.capacity_utilisation),
                labour_productivity: output / f64::from(workers),
                unit_wage: unit_wage(base, p, firm),
                automated: 0.0,
                efficiency: 1.0,
                learning: false,
                severance: 0.0,
                productivity_shock: 0.0,
                labour: f64::from(workers),
                hours: 1.0,
                employees: staff[i],
                skill_mix: staff[i],
                ability: ability[i],
                staff_planned: f64::from(workers),
                employees_desired: workers,
                layoff_rate: 0.0,
                vacancies: [0; SKILLS],
                output: works.output[i],
                depreciation: Volume::ZERO,
            }
        })
        .collect()
}

/// A plant before it is built: its industry's capital and wages per unit of output at the base, without staff or capital.
fn vacant_plant(base: &Base, p: &Parameters, at: usize, firm: &Firm) -> Plant {
    let (b, j) = (&base.regions[firm.region as usize], firm.industry as usize);
    Plant {
        firm: at as u32,
        zone: firm.zone,
        area: firm.area,
        region: firm.region,
        industry: firm.industry,
        capital_productivity: b.output[j] / (b.capital[j] * p.firms.capacity_utilisation),
        // Set when the plant opens; not zero, since costs are formed with it.
        labour_productivity: 1.0,
        unit_wage: unit_wage(base, p, firm),
        efficiency: 1.0,
        ..Plant::default()
    }
}

/// Normal wages per unit of output of a firm's region and industry, money per volume.
pub(super) fn unit_wage(base: &Base, p: &Parameters, firm: &Firm) -> f64 {
    let (b, j) = (&base.regions[firm.region as usize], firm.industry as usize);
    b.compensation[j] / b.output[j] / (1.0 + p.government.social_rate)
}

/// Books (money), offers (prices in money a volume; volumes a tick) and plans (volumes a tick) that firms begin with.
pub(super) fn firm_states(
    base: &Base,
    p: &Parameters,
    settings: &Settings,
    firms: &[Firm],
    works: &Works,
    accounts: &[BaseAccount],
) -> (Vec<Books>, Vec<Offer>, Vec<Plan>) {
    let months = settings.months_per_tick();
    let mut books = Vec::with_capacity(firms.len());
    let mut offers = Vec::with_capacity(firms.len());
    let mut plans = Vec::with_capacity(firms.len());
    for (i, firm) in firms.iter().enumerate() {
        let output = works.output[i];
        let good = base.goods[firm.industry as usize];
        books.push(Books {
            deposits: round_half_even(liquidity_target(&p.firms, months, output.as_f64(), BASE_PRICE)),
            loans: round_half_even(p.firms.loan_to_capital * works.capital[i].at_base_prices() as f64),
            profit_expected: accounts[i].profit,
            losses_carried: 0,
        });
        offers.push(Offer {
            price: BASE_PRICE,
            markup: BASE_PRICE / accounts[i].unit_cost,
            stock: Volume::rounded(stock_months(p, good) / months * output.as_f64()),
            demand_expected: output.as_f64(),
            demand_lasting: output.as_f64(),
            capacity: output.as_f64() / p.firms.capacity_utilisation,
            service: if firm.is_vacant() { 0.0 } else { 1.0 },
            household_share: works.retail_output[i].as_f64() / output.as_f64().max(1.0),
            ordered: output,
            sold: output,
            revenue: output.at_base_prices(),
        });
        plans.push(Plan { output, investment: Volume::ZERO, credit: 0, affordable: 1.0 });
    }
    (books, offers, plans)
}

/// Stocks of inputs that purchasers begin with, volume.
pub(super) fn inventories(
    geography: &Geography,
    base: &Base,
    p: &Parameters,
    settings: &Settings,
    firms: &[Firm],
    works: &Works,
) -> Inventories {
    let g = base.products;
    let months = settings.months_per_tick();
    let mut inputs = Grid::filled([firms.len(), g], Volume::ZERO);
    inputs.as_mut_slice().par_chunks_mut(g).enumerate().for_each(|(i, row)| {
        let firm = &firms[i];
        for (product, stock) in row.iter_mut().enumerate() {
            let use_ =
                base.requirement(firm.region as usize, firm.industry as usize, product) * works.output[i].as_f64();
            *stock = Volume::rounded(use_ * cover(input_months(p, geography.products.is_good[product]), months));
        }
    });
    Inventories {
        inputs,
        resale: Grid::from_fn(works.resale.shape(), |cell: (OutletId, Product)| {
            let ticks = cover(resale_months(p, geography.products.is_good[cell.1.0]), months);
            Volume::rounded(works.resale[cell].as_f64() * ticks)
        }),
        resale_expected: works.resale.map(|q| q.as_f64()),
    }
}
