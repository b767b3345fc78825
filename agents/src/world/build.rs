//! Puts the initial world together: households, firms, links, inventories, balance sheets. No residual net worth:
//! every financial asset of one sector is created as the liability of another.

use engine::grid::Grid;
use engine::money::{BASE_PRICE, Money, Volume, round_half_even};

use super::base::Base;
use super::first::{Before, First};
use super::households::{Population, Start, apportion};
use super::layout::{Layout, Size, lay_out};
use super::lives::room;
use super::persons::scale_abilities;
use super::table::Table as Calibration;
use super::works::{base_accounts, factories, firm_states, household_demand, inventories, plants, unit_wage};
use crate::axes::{Industry, OutletId, RegionId, Slot};
use crate::components::{
    Bank, Books, Career, CentralBank, Firm, Government, Household, Lineage, Offer, Person, Phase, Plan, Plant,
};
use crate::geography::{Geography, NONE, Products};
use crate::government::monetary::deposit_rate;
use crate::households::lives::Lives;
use crate::markets::retail::ZONE_SPENDING_LIMIT;
use crate::parameters::Parameters;
use crate::purpose::Purpose;
use crate::state::{
    Customers, Fund, HouseholdRules, InterestRates, Inventories, LabourMarket, Prices, RegionState, Regions, Retail,
    SEGMENTS, Settings, Shocks, Sourcing, Supply, Treasury,
};

/// Everything the initial world holds, before it is put into the entity store.
pub struct Founding {
    /// Map.
    pub geography: Geography,
    /// Closed base year.
    pub base: Base,
    /// Persons by id.
    pub persons: Vec<Person>,
    /// Households by id.
    pub households: Vec<Household>,
    /// Firms by id.
    pub firms: Vec<Firm>,
    /// Books by firm id.
    pub books: Vec<Books>,
    /// Offers by firm id.
    pub offers: Vec<Offer>,
    /// Plans by firm id.
    pub plans: Vec<Plan>,
    /// Plants by id.
    pub plants: Vec<Plant>,
    /// Banks by region.
    pub banks: Vec<Bank>,
    /// Governments by region.
    pub governments: Vec<Government>,
    /// Central banks by region.
    pub central_banks: Vec<CentralBank>,
    /// Supplier links.
    pub supply: Supply,
    /// Inventories.
    pub inventories: Inventories,
    /// Outlet prices.
    pub retail: Retail,
    /// Customer relations.
    pub customers: Customers,
    /// Origin shares.
    pub sourcing: Sourcing,
    /// Macroeconomic state.
    pub regions: Regions,
    /// Household rules.
    pub rules: HouseholdRules,
    /// How people live, where households are units.
    pub lives: Lives,
    /// Careers by person, likewise.
    pub careers: Vec<Career>,
    /// Lineages by household, likewise.
    pub lineages: Vec<Lineage>,
    /// Share of replacement investment paid by grants, by firm.
    pub grant_rates: Vec<f32>,
}

/// Product list of a calibration.
///
/// # Errors
/// If there is not exactly one distribution industry.
pub fn products(c: &Calibration) -> Result<Products, String> {
    let g = c.product_count();
    let trade: Vec<usize> = (0..g).filter(|&p| c.is_distribution(p)).collect();
    let [trade] = trade[..] else {
        return Err(format!("industries: {} industries have role `distribution`; exactly one must", trade.len()));
    };
    Ok(Products {
        codes: (0..g).map(|p| c.product_code(p).to_string()).collect(),
        names: (0..g).map(|p| c.product_name(p).to_string()).collect(),
        goods: (0..g).filter(|&p| c.is_good(p)).collect(),
        services: (0..g).filter(|&p| !c.is_good(p) && p != trade).collect(),
        trade,
        housing: c.source().housing_industry(),
        manufacturing: (0..g).map(|p| c.is_manufacturing(p)).collect(),
        is_good: (0..g).map(|p| c.is_good(p)).collect(),
    })
}

/// Builds the initial world.
///
/// # Errors
/// If the calibration has no distribution industry or the world is too small for its industries.
pub fn build(c: &Calibration, p: &Parameters, settings: &Settings, size: &Size) -> Result<Founding, String> {
    let products = products(c)?;
    let (before, mut base) = Before::of((c, &products), size, p, settings)?;
    let mut layout = lay_out(c, &products, &base, size, p, &before.rows)?;
    let given = (c, p, settings);
    let mut first = First::settle(before, &mut layout, &base, given)?;
    let Layout { mut geography, firm_industry, firm_zone, staff, jobs, .. } = layout;
    first.place(&geography, &base, settings, (&jobs, &firm_industry));
    let labour: Vec<f64> = staff.iter().map(|&n| f64::from(n)).collect();
    let firms = firms(&geography, &firm_industry, &firm_zone, &staff);
    let shares = output_shares(&geography, &base, &firms, &labour);
    let unit_wages: Vec<f64> = firms.iter().map(|f| unit_wage(&base, p, f)).collect();
    let bills = |output: &dyn Fn(usize) -> f64| -> Vec<f64> {
        unit_wages.iter().enumerate().map(|(i, wage)| wage * output(i)).collect()
    };
    let planned = bills(&|i| shares[i]);
    first.even_out(&geography, &planned, settings.seed);
    let wages = scale_abilities(&geography, &base, p, first.persons());
    let planned = first.wages(&geography, &planned, None, settings.seed);
    let population = first.endow(&geography, &mut base, given, (&wages, &planned));
    let customers = customers(&geography, &shares);
    check_zone_budgets(&geography, &population)?;
    let market = household_demand(&geography, &base, &customers, &population);
    let mut works = factories(&geography, &base, &firms, &shares, &market);
    let bills = bills(&|i| works.output[i].as_f64());
    let wage_rate = first.wages(&geography, &bills, Some(&population.persons), settings.seed);
    let accounts = base_accounts(&geography, &base, p, settings, &firms, &works);
    works.needs = Vec::new();
    for (i, firm) in firms.iter().enumerate() {
        let region = &mut base.regions[firm.region as usize];
        if i == geography.regions[firm.region as usize].firms.start as usize {
            region.dividends.fill(0.0);
        }
        region.dividends[firm.industry as usize] += accounts[i].dividends;
    }
    first.retake(population);
    let mut population = first.endow(&geography, &mut base, given, (&wages, &wage_rate));
    for (region, &median) in base.regions.iter_mut().zip(&population.income_median) {
        region.income_median = median;
    }
    let plants = plants(&base, p, &firms, &works, &population.persons);
    let (books, offers, plans) = firm_states(&base, p, settings, &firms, &works, &accounts);
    let inventories = inventories(&geography, &base, p, settings, &firms, &works);
    let (banks, governments, central_banks) = institutions(&base, &geography);
    let mut regions = region_states(&base, p, settings, &population);
    let retail = retail(&geography, &base, &firms);
    let sourcing = sourcing(&geography, &base);
    let supply = std::mem::take(&mut works.supply);
    room::begin(given, &mut geography, &mut regions.states, &mut population);
    let Population { persons, households, rules, lives, careers, lineages, .. } = population;
    Ok(Founding {
        grant_rates: accounts.iter().map(|a| a.grant_rate as f32).collect(),
        geography,
        base,
        persons,
        households,
        firms,
        books,
        offers,
        plans,
        plants,
        banks,
        governments,
        central_banks,
        supply,
        inventories,
        retail,
        customers,
        sourcing,
        regions,
        rules: HouseholdRules { regions: rules },
        lives,
        careers,
        lineages,
    })
}

/// Prices of outlets at the base.
fn retail(geography: &Geography, base: &Base, firms: &[Firm]) -> Retail {
    let outlets = [geography.outlet_firms.len(), geography.products.outlet_slots()];
    Retail {
        price: Grid::from_fn(outlets, |(OutletId(k), Slot(s))| {
            base.regions[firms[geography.outlet_firms[k] as usize].region as usize].consumer_price[s]
        }),
    }
}

fn firms(geography: &Geography, industry: &[u16], zone: &[u32], staff: &[u32]) -> Vec<Firm> {
    let mut outlet = vec![NONE; industry.len()];
    for (k, &f) in geography.outlet_firms.iter().enumerate() {
        outlet[f as usize] = k as u32;
    }
    industry
        .iter()
        .zip(zone)
        .enumerate()
        .map(|(i, (&industry, &zone))| Firm {
            region: geography.zones[zone as usize].region,
            industry,
            area: geography.zones[zone as usize].area,
            zone,
            outlet: outlet[i],
            plant: i as u32,
            age_ticks: 0,
            parent: NONE,
            phase: if staff[i] > 0 { Phase::Running } else { Phase::Vacant },
        })
        .collect()
}

/// Each firm's share of its industry's output: its share of the industry's workers, each counted as the area pays them. So a
/// unit costs the same to make in every area at the base.
fn output_shares(geography: &Geography, base: &Base, firms: &[Firm], staff: &[f64]) -> Vec<f64> {
    let worth = |(n, f): (&f64, &Firm)| n * geography.areas[f.area as usize].wage;
    let labour: Vec<f64> = staff.iter().zip(firms).map(worth).collect();
    let mut shares = vec![0.0; labour.len()];
    for cell in geography.cells.indices() {
        let ((RegionId(k), Industry(j)), members) = (cell, &geography.cells[cell]);
        let total: f64 = members.iter().map(|&i| labour[i as usize]).sum();
        let output = base.regions[k].output[j];
        for &i in members {
            shares[i as usize] = labour[i as usize] / total * output;
        }
    }
    shares
}

/// Gives the customer groups of each zone and market to local sellers by size.
fn customers(geography: &Geography, output: &[f64]) -> Customers {
    let services = &geography.products.services;
    let markets = 1 + services.len();
    let mut seller = vec![0u16; geography.zones.len() * markets * SEGMENTS];
    for (z, zone) in geography.zones.iter().enumerate() {
        for market in 0..markets {
            let industry = if market == 0 { geography.products.trade } else { services[market - 1] };
            let weights: Vec<f64> = output[zone.industries[industry].range()].to_vec();
            let groups = apportion(SEGMENTS as i64, &weights);
            let at = (z * markets + market) * SEGMENTS;
            let order = groups.iter().enumerate().flat_map(|(k, &n)| std::iter::repeat_n(k as u16, n as usize));
            for (slot, k) in seller[at..at + SEGMENTS].iter_mut().zip(order) {
                *slot = k;
            }
        }
    }
    Customers { seller, markets }
}

/// Households of a zone must spend little enough for exact sums (see [`ZONE_SPENDING_LIMIT`]), with room for eightfold
/// prices.
fn check_zone_budgets(geography: &Geography, population: &Population) -> Result<(), String> {
    for zone in &geography.zones {
        let spent: i128 = population.households[zone.households.range()].iter().map(|x| i128::from(x.budget)).sum();
        if spent > i128::from(ZONE_SPENDING_LIMIT / 8) {
            return Err(format!(
                "region {} spends {spent} minor units a tick in one zone of {} household agents, more than sums can hold exactly; raise size.households_per_region (a zone has at most {} agents)",
                geography.regions[zone.region as usize].code,
                zone.households.len(),
                zone.households.len()
            ));
        }
    }
    Ok(())
}

fn institutions(base: &Base, geography: &Geography) -> (Vec<Bank>, Vec<Government>, Vec<CentralBank>) {
    let r = base.regions.len();
    let money = |x: f64| round_half_even(x);
    let mut banks = Vec::new();
    let mut governments = Vec::new();
    let mut central = Vec::new();
    for (k, b) in base.regions.iter().enumerate() {
        let abroad: Money = b.bonds_abroad.iter().map(|&x| money(x)).sum();
        let own = money(b.bonds_central_bank);
        let debt = money(b.debt);
        let foreign_bonds: Vec<Money> = (0..r).map(|d| money(base.regions[d].bonds_abroad[k])).collect();
        let foreign: Money = foreign_bonds.iter().sum();
        // Other banks of the region get their part when books are opened.
        let others = geography.banks_of(k).len() - 1;
        banks.push(Bank {
            region: k as u16,
            loans: 0,
            mortgages: 0,
            consumer_credit: 0,
            bonds: debt - abroad - own,
            reserves: own + foreign,
            deposits: 0,
            credit_granted_share: 1.0,
            losses: 0,
            own_funds: 0,
            earned: 0,
            profit_expected: b.bank_dividends,
        });
        banks.extend(vec![Bank { region: k as u16, credit_granted_share: 1.0, ..Bank::default() }; others]);
        governments.push(Government { region: k as u16, debt, ..Government::default() });
        central.push(CentralBank {
            region: k as u16,
            bonds: own,
            foreign_assets: foreign,
            foreign_liabilities: 0,
            foreign_bonds,
        });
    }
    (banks, governments, central)
}

fn region_states(base: &Base, p: &Parameters, settings: &Settings, population: &Population) -> Regions {
    let r = base.regions.len();
    let neutral = p.monetary.neutral_rate;
    let states = base
        .regions
        .iter()
        .enumerate()
        .map(|(k, b)| {
            let dividends = b.dividends.iter().sum::<f64>() + b.bank_dividends;
            let average = |purpose: Purpose| -> Vec<f64> {
                (0..base.products).map(|product| base.purchase_price(purpose, k, product)).collect()
            };
            let year = || vec![1.0; settings.ticks_per_year as usize];
            let deciles = || vec![1.0; crate::geography::DECILES];
            let (dividends_now, pension_pool) = (round_half_even(dividends), population.pension_pool[k]);
            let Start { reserve, weighted, wages } = population.funds.get(k).copied().unwrap_or_default();
            let reserve_now = round_half_even(reserve);
            RegionState {
                labour: LabourMarket {
                    wage_index: 1.0,
                    unemployment_rate: b.unemployment_rate,
                    vacancy_rate: 0.0,
                    by_skill: population.lives.regions.get(k).map_or(vec![], |x| x.setting.unemployment.to_vec()),
                    prospects: vec![],
                },
                rates: InterestRates {
                    policy_rate: neutral,
                    neutral_rate: neutral,
                    long: neutral,
                    saving: neutral,
                    loans: neutral + p.credit.loan_premium,
                    bonds: neutral,
                    deposits: deposit_rate(neutral, p),
                    interest_year: 0.0,
                },
                prices: Prices {
                    consumer: 1.0,
                    consumer_history: year(),
                    duty_content: 0.0,
                    core: 1.0,
                    core_history: year(),
                    by_decile: deciles(),
                    decile_inflation: deciles(),
                    by_slot: b.consumer_price.clone(),
                    capital: b.capital_price,
                    inputs: average(Purpose::Intermediate),
                    resale: average(Purpose::Resale),
                },
                fund: Fund {
                    dividends: dividends_now,
                    pension_pool,
                    reserve: reserve_now,
                    reserve_target: reserve,
                    weighted,
                    wages,
                    deposits: dividends_now + pension_pool + reserve_now,
                    shares: population.fund_shares[k],
                    dividends_year: 0.0,
                    share_price: 1.0,
                    dividends_expected: dividends,
                },
                homes: population.homes.get(k).cloned().unwrap_or_default(),
                shocks: Shocks::default(),
                treasury: Treasury {
                    debt_ratio_base: b.debt / (b.gdp * f64::from(settings.ticks_per_year)),
                    transfer_index: deciles(),
                    debt_purchases: 1.0,
                    debt_transfers: 1.0,
                    ..Treasury::default()
                },
                exchange_rate: 1.0,
                trade_balance_ratio: b.trade_balance_ratio,
                gdp: b.gdp,
                ..RegionState::default()
            }
        })
        .collect();
    Regions { states, claims: Grid::filled([r, r], 0) }
}

fn sourcing(geography: &Geography, base: &Base) -> Sourcing {
    let (r, g) = (geography.region_count(), base.products);
    let mut share = base.flow.clone();
    for (_, row) in share.rows_mut() {
        let total: f64 = row.iter().sum();
        if total > 0.0 {
            for x in row.iter_mut() {
                *x /= total;
            }
        }
    }
    Sourcing {
        ordered: base.flow.map(|&v| Volume::rounded(v)),
        release: share.map(|_| 0.0),
        surplus: share.map(|_| 0.0),
        choice: share.map(|_| 0.0),
        share_base: share,
        origin_price: Grid::filled([r, g], BASE_PRICE),
        market_factor: base.tariff.map(|_| 1.0),
    }
}
