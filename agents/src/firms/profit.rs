//! Taxes on production, subsidies, interest, profit tax and dividends of firms.

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::{columns, columns_mut};
use engine::money::{Money, ad_valorem, payment, round_half_even};
use rayon::prelude::*;

use super::liquidity::liquidity_target;
use crate::accounts::Why;
use crate::axes::{Host, Owner};
use crate::components::{Books, Firm, Flows, Offer, Phase, Plant};
use crate::given::Given;
use crate::government::finance::profit_tax_cut;
use crate::location::grants::{Grant, plant_grants, reserve_upkeep};
use crate::location::sites::{Moves, Sites};
use crate::paying::{Institutions, Sums};
use crate::policy::PolicyState;
use crate::state::{GrantRates, RegionState, Regions};
use crate::tally::of_run;

/// Dividend of the tick, money: expected after-tax profit plus part of the liquidity above its target.
///
/// Equation: `Div = max(0, Pi + eta (D - D* - Pi))`, limited to deposits above half their target; `D` still holds the
/// tick's profit.
/// Source: Lintner (1956): dividends move part of the way to their target; the target out of liquidity is ours.
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

/// Grants of the tick by row of the plant, ascending, money.
#[derive(Resource, Default)]
pub struct GrantsDue {
    /// To plants that are built.
    plants: Vec<(u32, Money)>,
    /// For the upkeep of reserves.
    upkeep: Vec<(u32, Money)>,
}

/// Amount of a row in a list of rows.
fn due(list: &[(u32, Money)], row: usize) -> Money {
    list.binary_search_by_key(&(row as u32), |x| x.0).map_or(0, |at| list[at].1)
}

/// Share of its investment that a firm is granted whatever it builds.
fn granted(measures: &PolicyState, firm: &Firm, base: f32) -> f64 {
    general_grant(base, measures.investment_subsidy[firm.local_branch()])
}

/// System: what plants that are built, and reserves, are granted within the budgets of measures.
pub fn grant_plants(
    given: Given,
    grants: Res<GrantRates>,
    regions: Res<Regions>,
    mut sites: ResMut<Sites>,
    mut moves: ResMut<Moves>,
    mut due: ResMut<GrantsDue>,
    firms: Query<(&Firm, &Flows)>,
    plants: Query<&Plant>,
) {
    let (state, ticks) = (given.measures(), given.settings.ticks_per_year);
    let (firm, flows) = columns(&firms);
    let plants = columns(&plants);
    let general = |i: usize| granted(state, &firm[i], grants.0[i]);
    let capital_price = |i: usize| regions.states[firm[i].region as usize].prices.capital;
    let for_plants = plant_grants(&mut sites, state, ticks, (firm, plants, flows), (general, capital_price));
    let kept = reserve_upkeep(&sites, state, ticks, firm, plants, capital_price);
    count_grants(&for_plants, &kept, firm, &mut moves);
    *due = GrantsDue { plants: for_plants.iter().map(|x| (x.row, x.paid)).collect(), upkeep: kept };
}

/// System: firms pay the government, the bank and their owners at home.
pub fn settle_accounts(
    given: Given,
    (grants, granted_now): (Res<GrantRates>, Res<GrantsDue>),
    mut institutions: Institutions,
    plants: Query<&Plant>,
    mut firms: Query<(&Firm, &mut Books, &mut Flows, &Offer)>,
) {
    let mut payments = institutions.open();
    let (regions, geography) = (&*payments.regions, &*given.geography);
    let plants = columns(&plants);
    let (firm, books, flows, offer) = columns_mut(&mut firms);
    let accounts = Settlement::new(&given, &regions.states);
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
                let (firm, f) = (&firm[k], &mut flows[k]);
                let sum = of_run(&mut sums, geography.bank_of(firm.zone));
                let plant = &plants[firm.plant as usize];
                let general = granted(accounts.measures, firm, grants.0[i]);
                f.grants = ad_valorem(f.investment + f.duties_capital, general) + due(&granted_now.plants, i);
                accounts.settle(firm, plant, &offer[k], due(&granted_now.upkeep, i), &mut books[k], f);
                sum.add(Why::ProductionTax, f.production_tax);
                sum.add(Why::Subsidies, f.subsidies);
                sum.add(Why::Grants, f.grants);
                sum.add(Why::LoanInterest, f.interest);
                sum.add(Why::CorporateTax, f.corporate_tax);
                sum.add(Why::Dividends, if firm.owner().is_none() { f.dividends } else { 0 });
            }
            sums
        })
        .collect();
    for (bank, sums) in paid {
        payments.post_all(bank, &sums);
    }
}

/// System: affiliates pay their profits to the firms that own them, across the border where these are resident elsewhere. Owners
/// pay no tax on them again and expect them as part of their profit.
pub fn pay_owners(
    given: Given,
    sites: Res<Sites>,
    mut institutions: Institutions,
    mut moves: ResMut<Moves>,
    mut firms: Query<(&Firm, &mut Books, &Flows)>,
) {
    let mut payments = institutions.open();
    let (firm, books, flows) = columns_mut(&mut firms);
    let smoothing = given.settings.monthly(given.p.firms.profit_smoothing);
    for site in &sites.sites {
        let row = site.firm as usize;
        let Some(owner) = firm[row].owner() else { continue };
        let amount = flows[row].dividends;
        let (host, home) = (firm[row].region as usize, firm[owner].region as usize);
        // The amount has left the deposits of the affiliate already.
        books[row].deposits += amount;
        let why = (Why::AffiliateDividendsPaid, Why::AffiliateDividendsReceived);
        let received = payments.between_firms(((row, host), (owner, home)), why, amount, books);
        books[owner].profit_expected += smoothing * received as f64;
        moves.income[(Host(host), Owner(home))] += amount;
    }
}

/// Counts what plants and reserves are granted, by region.
fn count_grants(for_plants: &[Grant], kept: &[(u32, Money)], firm: &[Firm], moves: &mut Moves) {
    for &(row, amount) in kept {
        moves.reserve_upkeep[firm[row as usize].region as usize] += amount;
    }
    for grant in for_plants {
        let k = firm[grant.row as usize].region as usize;
        let sum = if grant.reserve { &mut moves.reserve_grants } else { &mut moves.plant_grants };
        sum[k] += grant.paid;
        moves.plant_grants_asked[k] += if grant.reserve { 0 } else { grant.asked };
    }
}

/// What a firm's accounts of a tick are settled with: rates in force and speeds.
struct Settlement<'a> {
    given: &'a Given<'a>,
    measures: &'a PolicyState,
    regions: &'a [RegionState],
    months: f64,
    /// Speed at which profit that is expected follows profit.
    smoothing: f64,
    /// Speed at which liquidity beyond its target is paid out.
    payout: f64,
}

impl<'a> Settlement<'a> {
    fn new(given: &'a Given<'a>, regions: &'a [RegionState]) -> Self {
        let Given { settings, p, .. } = given;
        Self {
            given,
            measures: given.measures(),
            regions,
            months: settings.months_per_tick(),
            smoothing: settings.monthly(p.firms.profit_smoothing),
            payout: settings.monthly(p.firms.payout_speed),
        }
    }

    /// Taxes, subsidies (with `upkeep` for a reserve), interest and profit of a firm whose grants are known, and what its owners get.
    #[inline]
    fn settle(&self, firm: &Firm, plant: &Plant, offer: &Offer, upkeep: Money, books: &mut Books, f: &mut Flows) {
        let (Given { settings, p, base, .. }, state) = (self.given, self.measures);
        let (r, j) = (firm.region as usize, firm.industry as usize);
        let (here, own) = (firm.local_branch(), &self.regions[r]);
        // Finished goods: made at this tick's price, sold at this tick's price.
        f.finished_change = payment(offer.price, plant.output - offer.sold);
        let value = payment(offer.price, plant.output);
        f.production_tax =
            ad_valorem(value, base.regions[r].production_tax_rate[j] + state.production_tax[firm.branch()]);
        f.subsidies = ad_valorem(value, state.production_subsidy[here])
            + ad_valorem(f.wages + f.social_contributions, state.wage_subsidy[here])
            + upkeep;
        f.interest = ad_valorem(books.loans, settings.per_tick(own.rates.loans));
        let replacement = payment(own.prices.capital, plant.depreciation);
        let profit = profit_before_tax(f, offer.revenue, replacement);
        // Rule: losses are carried forward until profits use them up; a loss pays no tax and gets none back.
        let taxable = (profit - books.losses_carried).max(0);
        books.losses_carried = (books.losses_carried - profit).max(0);
        let rate = p.government.corporate_tax_rate + state.corporate_tax[r] - profit_tax_cut(&own.treasury, p);
        f.corporate_tax = ad_valorem(taxable, rate);
        let after_tax = profit - f.corporate_tax;
        books.profit_expected += self.smoothing * (after_tax as f64 - books.profit_expected);
        books.deposits += f.subsidies + f.grants - f.production_tax - f.interest - f.corporate_tax;
        let target = liquidity_target(&p.firms, self.months, offer.demand_expected, offer.price);
        // Nothing is paid out of the equity of a plant under construction or about to be wound up.
        f.dividends = match firm.phase {
            Phase::Running | Phase::Office | Phase::Standby => {
                dividend(books.profit_expected, books.deposits, target, self.payout)
            }
            Phase::Building | Phase::Vacant => 0,
        };
        books.deposits -= f.dividends;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dividends_are_profit_and_part_of_what_is_beyond_the_target() {
        // 10 + 0.2 (100 - 80 - 10)
        assert_eq!(dividend(10.0, 100, 80.0, 0.2), 12);
        // Not below half of the target: 60 - 50.
        assert_eq!(dividend(50.0, 60, 100.0, 0.0), 10);
        assert_eq!(dividend(10.0, 100, 190.0, 0.2), 0);
    }
}
