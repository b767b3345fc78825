//! Taxes on production, subsidies, interest, profit tax and dividends of firms.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::{columns, columns_mut};
use engine::money::{Money, ad_valorem, payment, round_half_even};
use rayon::prelude::*;

use crate::accounts::Why;
use crate::components::{Books, Firm, Flows, Offer, Phase, Plant};
use crate::geography::NONE;
use crate::location::grants::{plant_grants, reserve_upkeep};
use crate::location::sites::{Moves, Sites};
use crate::parameters::Parameters;
use crate::paying::{Institutions, Payments, Sums};
use crate::state::{GrantRates, Policy, Settings, Tick};
use crate::tally::of_region;
use crate::world::base::Base;

/// Dividend of the tick, money: expected after-tax profit plus part of the liquidity above its target.
///
/// Equation: `Div = max(0, Pi + eta (D - D* - Pi))`, limited to deposits above half their target; `D` still holds the
/// tick's profit.
#[must_use]
pub fn dividend(profit_expected: f64, deposits: Money, target: f64, speed: f64) -> Money {
    let wish = profit_expected + speed * (deposits as f64 - target - profit_expected);
    round_half_even(wish.min(deposits as f64 - 0.5 * target).max(0.0))
}

/// Share of a firm's investment that general grants pay: those of the base year and a subsidy to investment.
#[must_use]
pub fn general_grant(base: f32, subsidy: f64) -> f64 {
    // Rule: no investment is paid for more than once.
    (f64::from(base) + subsidy).min(1.0)
}

/// Profit of the tick before tax, money.
#[must_use]
pub fn profit_before_tax(flows: &Flows, revenue: Money, depreciation_cost: Money) -> Money {
    revenue + flows.retail_sales + flows.finished_change - flows.inputs - flows.resale - flows.duties_current
        + flows.materials_change
        - flows.wages
        - flows.social_contributions
        - flows.production_tax
        + flows.subsidies
        + flows.grants
        - depreciation_cost
        - flows.interest
}

/// Affiliates pay their profits to the firms that own them, across the border where these are resident elsewhere. Owners
/// pay no tax on them again and expect them as part of their profit.
fn pay_owners(
    sites: &Sites,
    firm: &[Firm],
    books: &mut [Books],
    flows: &[Flows],
    smoothing: f64,
    payments: &mut Payments,
    moves: &mut Moves,
) {
    for site in &sites.sites {
        let row = site.firm as usize;
        if firm[row].parent == NONE {
            continue;
        }
        let (owner, amount) = (firm[row].parent as usize, flows[row].dividends);
        let (host, home) = (firm[row].region as usize, firm[owner].region as usize);
        // The amount has left the deposits of the affiliate already.
        books[row].deposits += amount;
        let why = (Why::AffiliateDividendsPaid, Why::AffiliateDividendsReceived);
        let received = payments.between_firms(((row, host), (owner, home)), why, amount, books);
        books[owner].profit_expected += smoothing * received as f64;
        moves.income[host * payments.banks.len() + home] += amount;
    }
}

/// System: firms pay the government, the bank and their owners.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn settle_accounts(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    policy: Res<Policy>,
    grants: Res<GrantRates>,
    mut institutions: Institutions,
    (mut sites, mut moves): (ResMut<Sites>, ResMut<Moves>),
    plants: Query<&Plant>,
    mut firms: Query<(&Firm, &mut Books, &mut Flows, &Offer)>,
) {
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let g = base.products;
    let state = policy.0.at(tick.0);
    let plants = columns(&plants);
    let (firm, books, flows, offer) = columns_mut(&mut firms);
    let months = settings.months_per_tick();
    let speed = settings.monthly(p.firms.payout_speed);
    let smoothing = settings.monthly(p.firms.profit_smoothing);
    let general = |i: usize| {
        let here = firm[i].area as usize * g + firm[i].industry as usize;
        general_grant(grants.0[i], state.investment_subsidy[here])
    };
    let capital_price = |i: usize| regions.states[firm[i].region as usize].capital_price;
    let columns = (firm, plants, &*flows);
    let for_plants = plant_grants(&mut sites, state, settings.ticks_per_year, g, columns, (general, capital_price));
    let kept = reserve_upkeep(&sites, state, settings.ticks_per_year, g, firm, plants, capital_price);
    for &(row, amount) in &kept {
        moves.reserve_upkeep[firm[row as usize].region as usize] += amount;
    }
    for grant in &for_plants {
        let k = firm[grant.row as usize].region as usize;
        let sum = if grant.reserve { &mut moves.reserve_grants } else { &mut moves.plant_grants };
        sum[k] += grant.paid;
        moves.plant_grants_asked[k] += if grant.reserve { 0 } else { grant.asked };
    }
    let for_plants: Vec<(u32, Money)> = for_plants.iter().map(|x| (x.row, x.paid)).collect();
    let due =
        |list: &[(u32, Money)], i: usize| list.binary_search_by_key(&(i as u32), |x| x.0).map_or(0, |at| list[at].1);
    let paid: Vec<(usize, Sums)> = firm
        .par_chunks(1024)
        .zip(books.par_chunks_mut(1024))
        .zip(flows.par_chunks_mut(1024))
        .zip(offer.par_chunks(1024))
        .enumerate()
        .flat_map_iter(|(chunk, (((firm, books), flows), offer))| {
            let mut sums: Vec<(usize, Sums)> = Vec::new();
            for k in 0..firm.len() {
                let i = chunk * 1024 + k;
                let (r, j) = (firm[k].region as usize, firm[k].industry as usize);
                let here = firm[k].area as usize * g + j;
                let sum = of_region(&mut sums, r);
                let (f, own) = (&mut flows[k], &regions.states[r]);
                let plant = &plants[firm[k].plant as usize];
                // Finished goods: made at this tick's price, sold at this tick's price.
                f.finished_change = payment(offer[k].price, plant.output - offer[k].sold);
                let value = payment(offer[k].price, plant.output);
                f.production_tax =
                    ad_valorem(value, base.regions[r].production_tax_rate[j] + state.production_tax[r * g + j]);
                f.subsidies = ad_valorem(value, state.production_subsidy[here])
                    + ad_valorem(f.wages + f.social_contributions, state.wage_subsidy[here])
                    + due(&kept, i);
                f.grants = ad_valorem(f.investment + f.duties_capital, general(i)) + due(&for_plants, i);
                f.interest = ad_valorem(books[k].loans, settings.per_tick(own.loan_rate));
                let replacement = payment(own.capital_price, plant.depreciation);
                let profit = profit_before_tax(f, offer[k].revenue, replacement);
                let taxable = (profit - books[k].losses_carried).max(0);
                books[k].losses_carried = (books[k].losses_carried - profit).max(0);
                f.corporate_tax = ad_valorem(taxable, p.government.corporate_tax_rate + state.corporate_tax[r]);
                let after_tax = profit - f.corporate_tax;
                books[k].profit_expected += smoothing * (after_tax as f64 - books[k].profit_expected);
                books[k].deposits += f.subsidies + f.grants - f.production_tax - f.interest - f.corporate_tax;
                let target = p.firms.liquidity_target / months * offer[k].demand_expected * offer[k].price;
                // Nothing is paid out of the equity of a plant under construction or about to be wound up.
                f.dividends = match firm[k].phase {
                    Phase::Running | Phase::Office | Phase::Standby => {
                        dividend(books[k].profit_expected, books[k].deposits, target, speed)
                    }
                    Phase::Building | Phase::Vacant => 0,
                };
                books[k].deposits -= f.dividends;
                sum.add(Why::ProductionTax, f.production_tax);
                sum.add(Why::Subsidies, f.subsidies);
                sum.add(Why::Grants, f.grants);
                sum.add(Why::LoanInterest, f.interest);
                sum.add(Why::CorporateTax, f.corporate_tax);
                sum.add(Why::Dividends, if firm[k].parent == NONE { f.dividends } else { 0 });
            }
            sums
        })
        .collect();
    pay_owners(&sites, firm, books, flows, smoothing, &mut payments, &mut moves);
    for (r, sums) in paid {
        payments.post_all(r, &sums);
    }
}
