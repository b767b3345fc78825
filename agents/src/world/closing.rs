//! The base year as monthly flows that close: every sector of every region lends net zero.
//!
//! From the calibration's yearly table (basic prices) come, per region, the purchases of each use, the retail
//! margin, duties at base-year tariffs, depreciation that equals investment, the grants that let cells with small
//! surpluses replace their capital, and the external item that holds each bilateral current account at zero.
//! All numbers are `f64` in minor units a tick at national scale; the builders of agents turn them into integers. At basic
//! prices of the base year ([`BASE_PRICE`]) a volume and its value are the same number.

use engine::grid::Grid;
use engine::money::BASE_PRICE;
use rayon::prelude::*;

use super::base::{Base, BaseRegion};
use super::memo;
use super::table::Table as Calibration;
use crate::axes::{Decile, From, Importer, Industry, Origin, Product, RegionId, Slot, To};
use crate::firms::liquidity::liquidity_target;
use crate::geography::{DECILES, Products};
use crate::government::monetary::deposit_rate;
use crate::markets::resting::{MarketRates, RestingMarket, steady_separation};
use crate::parameters::Parameters;
use crate::purpose::{PURPOSES, Purpose};

/// Minor units in one million of a currency.
const MINOR_PER_MILLION: f64 = 1e8;

/// Closes the base year of a calibration whose labour force has the skills that follow from parameters.
#[must_use]
pub fn close(calibration: &Calibration, products: &Products, parameters: &Parameters, ticks_per_year: u32) -> Base {
    let market = |region| labour_market(calibration, region, parameters, ticks_per_year);
    let markets = (0..calibration.region_count()).into_par_iter().map(market).collect();
    close_with(calibration, products, parameters, ticks_per_year, markets)
}

/// As [`close`], given for every region the chance that a job ends in a tick, and its labour market at rest.
#[must_use]
pub fn close_with(
    calibration: &Calibration,
    products: &Products,
    parameters: &Parameters,
    ticks_per_year: u32,
    markets: Vec<(f64, RestingMarket)>,
) -> Base {
    let scale = MINOR_PER_MILLION / f64::from(ticks_per_year);
    let mut base = flows(calibration, products, scale);
    for (region, market) in markets.into_iter().enumerate() {
        production(&mut base, calibration, region, market, parameters, ticks_per_year, scale);
        consumption(&mut base, calibration, products, region, (scale, parameters.households.one_basket));
    }
    external(&mut base, calibration, parameters, ticks_per_year);
    for region in 0..base.regions.len() {
        finance(&mut base, calibration, region, parameters, ticks_per_year);
    }
    base
}

/// Arranges the table by purpose and computes input requirements.
fn flows(c: &Calibration, products: &Products, scale: f64) -> Base {
    let (r, g) = (c.region_count(), c.product_count());
    let mut base = Base {
        regions: vec![BaseRegion::default(); r],
        products: g,
        goods: products.is_good.clone(),
        input_requirement: Grid::filled([r, g, g], 0.0),
        intermediate: Grid::filled([r, g, g, r], 0.0),
        flow: Grid::filled([PURPOSES, r, g, r], 0.0),
        tariff: c.tariffs.clone(),
        external_transfer: Grid::filled([r, r], 0.0),
        elasticity: c.elasticities.clone(),
    };
    for d in 0..r {
        for p in 0..g {
            for o in 0..r {
                let (buyer, product, origin) = (Importer(d), Product(p), Origin(o));
                for j in 0..g {
                    let volume = c.intermediate(o, p, d, j) * scale;
                    base.intermediate[(buyer, Industry(j), product, origin)] = volume;
                    base.flow[(Purpose::Intermediate, buyer, product, origin)] += volume;
                    base.input_requirement[(RegionId(d), Industry(j), product)] += volume / (c.output(d, j) * scale);
                }
                let mut put = |purpose: Purpose, volume: f64| {
                    base.flow[(purpose, buyer, product, origin)] = volume * scale;
                };
                put(Purpose::Capital, c.investment(o, p, d));
                put(Purpose::Government, c.government(o, p, d));
                if products.is_good[p] || o != d {
                    put(Purpose::Resale, c.household(o, p, d));
                }
            }
        }
    }
    base
}

/// Sum of base duties of a region for a purpose and product set, money a tick.
fn duties(base: &Base, region: usize, purpose: Purpose) -> f64 {
    let mut sum = 0.0;
    for p in 0..base.products {
        for (o, volume) in base.origins(purpose, region, p).iter().enumerate() {
            sum += volume * base.tariff(region, o, p);
        }
    }
    sum
}

/// Costs, surplus, replacement and profit of each industry of a region.
fn production(
    base: &mut Base,
    c: &Calibration,
    region: usize,
    (separation_rate, market): (f64, RestingMarket),
    parameters: &Parameters,
    ticks_per_year: u32,
    scale: f64,
) {
    let (r, g) = (base.regions.len(), base.products);
    let capital: Vec<f64> = (0..g).map(|j| c.capital(region, j) * MINOR_PER_MILLION).collect();
    let capital_total: f64 = capital.iter().sum();
    let mix: Vec<f64> = (0..g).map(|p| base.origins(Purpose::Capital, region, p).iter().sum()).collect();
    let investment: f64 = mix.iter().sum();
    let capital_duty = duties(base, region, Purpose::Capital);
    let depreciation_rate = investment / capital_total;
    let capital_price = BASE_PRICE + capital_duty / investment;
    let n = |x: usize| vec![0.0; x];
    let mut out = BaseRegion {
        output: n(g),
        compensation: n(g),
        production_tax_rate: n(g),
        grant_rate: n(g),
        markup: n(g),
        dividends: n(g),
        corporate_tax: n(g),
        loans: n(g),
        firm_deposits: n(g),
        employment: n(g),
        capital_mix: mix.iter().map(|m| m / investment).collect(),
        government_volume: (0..g).map(|p| base.origins(Purpose::Government, region, p).iter().sum()).collect(),
        depreciation_rate,
        depreciation_rate_year: depreciation_rate * f64::from(ticks_per_year),
        capital_price,
        bonds_abroad: n(r),
        population: c.population[region],
        labour_force: c.labour_force[region],
        unemployment_rate: c.unemployment_rate[region],
        policy_rate: parameters.monetary.neutral_rate,
        separation_rate,
        market,
        capital,
        ..BaseRegion::default()
    };
    for j in 0..g {
        industry(&mut out, base, c, (region, j), parameters, ticks_per_year, scale);
    }
    for purpose in [Purpose::Intermediate, Purpose::Capital, Purpose::Resale, Purpose::Government] {
        out.duties[purpose as usize] = duties(base, region, purpose);
    }
    let value_added: f64 = (0..g).map(|j| c.value_added(region, j) * scale).sum();
    out.gdp = value_added + out.duties.iter().sum::<f64>();
    let social = parameters.government.social_rate;
    out.social_contributions = out.compensation.iter().sum::<f64>() * social / (1.0 + social);
    base.regions[region] = out;
}

/// Separation rate a tick of a region, and its labour market at rest with it.
fn labour_market(c: &Calibration, region: usize, parameters: &Parameters, ticks_per_year: u32) -> (f64, RestingMarket) {
    let months = 12.0 / f64::from(ticks_per_year);
    let monthly = steady_separation(c.unemployment_rate[region], parameters.labour.job_finding_rate);
    let separation = 1.0 - engine::math::pow(1.0 - monthly, months);
    let force = super::persons::labour_force_by_skill(&parameters.labour);
    let (idle, rates) = (c.unemployment_rate[region], MarketRates::new(separation, force, months, &parameters.labour));
    (separation, RestingMarket::clone(&memo::MARKETS.of(&[&idle, &rates], || RestingMarket::at(idle, rates))))
}

/// Costs, surplus, replacement and profit of an industry of a region whose capital and its price are known.
fn industry(
    out: &mut BaseRegion,
    base: &Base,
    c: &Calibration,
    (region, j): (usize, usize),
    parameters: &Parameters,
    ticks_per_year: u32,
    scale: f64,
) {
    let g = base.products;
    let loan_rate = (parameters.monetary.neutral_rate + parameters.credit.loan_premium) / f64::from(ticks_per_year);
    let months = 12.0 / f64::from(ticks_per_year);
    let output = c.output(region, j) * scale;
    let mut inputs = 0.0;
    for p in 0..g {
        for (o, volume) in base.input_origins(region, j, p).iter().enumerate() {
            inputs += volume * (1.0 + base.tariff(region, o, p));
        }
    }
    let compensation = c.compensation(region, j) * scale;
    let tax = c.production_tax(region, j) * scale;
    let replacement = out.depreciation_rate * out.capital[j] * out.capital_price;
    let loans = parameters.firms.loan_to_capital * out.capital[j];
    let surplus = output - inputs - compensation - tax;
    let profit = surplus - replacement - loan_rate * loans;
    // A cell that cannot replace its capital out of its surplus is public or household investment: grants pay, and
    // leave it a small profit, so that chance does not push half of its firms into loss.
    let grant = (parameters.firms.supported_margin * output - profit).max(0.0);
    let profit = profit + grant;
    let corporate_tax = parameters.government.corporate_tax_rate * profit;
    out.output[j] = output;
    out.compensation[j] = compensation;
    out.production_tax_rate[j] = tax / output;
    out.grant_rate[j] = grant / replacement;
    out.corporate_tax[j] = corporate_tax;
    out.dividends[j] = profit - corporate_tax;
    out.markup[j] = output / (inputs + compensation + tax + replacement - grant);
    out.loans[j] = loans;
    out.firm_deposits[j] = liquidity_target(&parameters.firms, months, output, BASE_PRICE);
    out.employment[j] = c.employment(region, j);
}

/// Baskets by decile at consumer prices, fitted to the table's household column.
fn consumption(base: &mut Base, c: &Calibration, products: &Products, region: usize, (scale, one_basket): (f64, bool)) {
    let slots = products.shopping_slots();
    let goods = products.goods.len();
    let goods_volume: f64 =
        products.goods.iter().map(|&p| base.origins(Purpose::Resale, region, p).iter().sum::<f64>()).sum();
    let margin = c.household(region, products.trade, region) * scale / goods_volume;
    let mut volume = vec![0.0; slots];
    let mut price = vec![BASE_PRICE; slots];
    for (slot, &p) in products.goods.iter().enumerate() {
        let origins = base.origins(Purpose::Resale, region, p);
        let total: f64 = origins.iter().sum();
        let duty: f64 = origins.iter().enumerate().map(|(o, v)| v * base.tariff(region, o, p)).sum();
        volume[slot] = total;
        price[slot] = BASE_PRICE + if total > 0.0 { duty / total } else { 0.0 } + margin;
    }
    let foreign: Vec<f64> = (0..products.len())
        .map(|p| if products.is_good[p] { 0.0 } else { base.origins(Purpose::Resale, region, p).iter().sum() })
        .collect();
    volume[goods] = foreign.iter().sum();
    for (k, &p) in products.services.iter().enumerate() {
        volume[goods + 1 + k] = c.household(region, p, region) * scale;
    }
    let total: f64 = volume.iter().zip(&price).map(|(v, p)| v * p).sum();
    let mut value = Grid::<(Decile, Slot), f64>::filled([DECILES, slots], 0.0);
    // Where all buy one basket, what a product is of the region's consumption it is of every tenth's.
    let of_all = |p: usize| (0..DECILES).map(|d| c.basket(region, d, p) * c.consumption_share(region, d)).sum::<f64>();
    let basket = |p: usize, d: usize| if one_basket { of_all(p) } else { c.basket(region, d, p) };
    let share = |p: usize, d: usize| basket(p, d) * c.consumption_share(region, d);
    for d in 0..DECILES {
        for (slot, &p) in products.goods.iter().enumerate() {
            value[(Decile(d), Slot(slot))] = share(p, d) * price[slot];
        }
        for (k, &p) in products.services.iter().enumerate() {
            let domestic = volume[goods + 1 + k];
            let all = domestic + foreign[p];
            if all > 0.0 {
                value[(Decile(d), Slot(goods + 1 + k))] = share(p, d) * domestic / all;
                value[(Decile(d), Slot(goods))] += share(p, d) * foreign[p] / all;
            }
        }
    }
    let rows: Vec<f64> = (0..DECILES).map(|d| c.consumption_share(region, d) * total).collect();
    let columns: Vec<f64> = volume.iter().zip(&price).map(|(v, p)| v * p).collect();
    fit(&mut value, &rows, &columns);
    let out = &mut base.regions[region];
    out.margin_rate = margin;
    out.bundle_mix = foreign.iter().map(|f| if volume[goods] > 0.0 { f / volume[goods] } else { 0.0 }).collect();
    out.consumption.copy_from_slice(&rows);
    out.consumption_volume = Grid::from_fn([DECILES, slots], |cell: (Decile, Slot)| value[cell] / price[cell.1.0]);
    out.consumer_price = price;
}

/// Biproportional fitting of a positive matrix to row and column sums (Deming and Stephan 1940).
pub(super) fn fit(matrix: &mut Grid<(Decile, Slot), f64>, rows: &[f64], columns: &[f64]) {
    for _ in 0..200 {
        for ((_, row), total) in matrix.rows_mut().zip(rows) {
            let sum: f64 = row.iter().sum();
            if sum > 0.0 {
                for x in row.iter_mut() {
                    *x *= total / sum;
                }
            }
        }
        for (k, total) in columns.iter().enumerate() {
            let sum: f64 = (0..rows.len()).map(|d| matrix[(Decile(d), Slot(k))]).sum();
            for d in 0..rows.len() {
                // A product nobody's basket names is bought in proportion to spending.
                let cell = &mut matrix[(Decile(d), Slot(k))];
                *cell = if sum > 0.0 { *cell * total / sum } else { total * rows[d] / rows.iter().sum::<f64>() };
            }
        }
    }
}

/// Bilateral items that hold every current account at zero in the base year.
fn external(base: &mut Base, c: &Calibration, parameters: &Parameters, ticks_per_year: u32) {
    let (r, g) = (base.regions.len(), base.products);
    let reserve = c.reserve_currency();
    for region in 0..r {
        let held = c.reserve_bonds[region] * MINOR_PER_MILLION;
        if region != reserve {
            base.regions[reserve].bonds_abroad[region] = held;
        }
    }
    let bond_rate = parameters.monetary.neutral_rate / f64::from(ticks_per_year);
    let exports = |base: &Base, from: usize, to: usize| -> f64 {
        let mut sum = 0.0;
        for purpose in [Purpose::Intermediate, Purpose::Capital, Purpose::Resale, Purpose::Government] {
            for p in 0..g {
                sum += base.flow(purpose, from, p, to);
            }
        }
        sum + base.regions[to].bonds_abroad[from] * bond_rate
    };
    for a in 0..r {
        let (mut sold, mut bought) = (0.0, 0.0);
        for b in (0..r).filter(|&b| b != a) {
            let net = exports(base, a, b) - exports(base, b, a);
            base.external_transfer[(From(a), To(b))] = net.max(0.0);
            for purpose in [Purpose::Intermediate, Purpose::Capital, Purpose::Resale, Purpose::Government] {
                for p in 0..g {
                    sold += base.flow(purpose, a, p, b);
                    bought += base.flow(purpose, b, p, a);
                }
            }
        }
        base.regions[a].trade_balance_ratio = if sold + bought > 0.0 { (sold - bought) / (sold + bought) } else { 0.0 };
    }
}

/// Balance sheets and the income tax rate of a region.
fn finance(base: &mut Base, c: &Calibration, region: usize, parameters: &Parameters, ticks_per_year: u32) {
    let per_tick = f64::from(ticks_per_year);
    let reserve_holdings: f64 = base.regions.iter().map(|b| b.bonds_abroad[region]).sum();
    let b = &mut base.regions[region];
    let abroad: f64 = b.bonds_abroad.iter().sum();
    // Bonds abroad are data, debt is an estimate: where they clash, residents are left a quarter on top of what is abroad.
    b.debt = (c.public_debt_share[region] * b.gdp * per_tick).max(abroad * 1.25);
    b.bonds_central_bank = parameters.monetary.bond_share * (b.debt - abroad);
    b.reserves = b.bonds_central_bank + reserve_holdings;
    let loans: f64 = b.loans.iter().sum();
    let bank_bonds = b.debt - abroad - b.bonds_central_bank;
    let rate = parameters.monetary.neutral_rate / per_tick;
    let loan_rate = (parameters.monetary.neutral_rate + parameters.credit.loan_premium) / per_tick;
    // The bank pays out what it earns, less what deposits of households earn (or, below target inflation, lose); these are
    // what remains of its liabilities after equity, firms and the fund, which holds a tick's dividends.
    let earned = loan_rate * loans + rate * (bank_bonds + b.reserves);
    let held = (1.0 - parameters.credit.bank_capital_target) * loans + bank_bonds + b.reserves
        - b.firm_deposits.iter().sum::<f64>()
        - b.dividends.iter().sum::<f64>();
    let deposit_rate = deposit_rate(parameters.monetary.neutral_rate, parameters) / per_tick;
    b.household_deposits = (held - earned) / (1.0 - deposit_rate);
    b.deposit_interest = deposit_rate * b.household_deposits;
    b.bank_dividends = earned - b.deposit_interest;
    let wages = b.compensation.iter().sum::<f64>() - b.social_contributions;
    let income = wages + b.dividends.iter().sum::<f64>() + b.bank_dividends + b.deposit_interest;
    let production_tax: f64 = b.production_tax_rate.iter().zip(&b.output).map(|(t, x)| t * x).sum();
    let other =
        production_tax + b.duties.iter().sum::<f64>() + b.corporate_tax.iter().sum::<f64>() + b.social_contributions;
    let wanted = c.government_revenue_share[region] * b.gdp - other;
    // A starting point only: the deciles' rates and transfers then close the budget at whatever rate this gives.
    b.income_tax_rate = (wanted / income).clamp(0.05, 0.45);
}
