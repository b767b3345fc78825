//! Interest, the external item, bond issues, bank and central-bank profits, duty revenue and the debt rule.

use bevy_ecs::prelude::Query;
use engine::columns::columns_mut;
use engine::money::{Money, ad_valorem, converted, round_half_even};

use crate::accounts::{Budget, Why};
use crate::axes::{From, To};
use crate::components::{Bank, Government};
use crate::geography::Geography;
use crate::given::Given;
use crate::households::lives::homes::value_homes;
use crate::markets::clearing::split;
use crate::parameters::list::Fiscal;
use crate::parameters::{DutyRevenueUse, Parameters};
use crate::paying::{Institutions, Payments};
use crate::state::{RegionState, Regions, Settings, Treasury};
use crate::world::base::{Base, BaseRegion};

/// System: a tick's budgets start empty.
pub fn open_budgets(mut governments: Query<&mut Government>, mut banks: Query<&mut Bank>) {
    for gov in columns_mut(&mut governments) {
        gov.budget = Budget::default();
    }
    for bank in columns_mut(&mut banks) {
        bank.losses = 0;
    }
}

/// System: interest, external transfers, profits of bank and central bank, bond issues.
pub fn close_budgets(given: Given, mut institutions: Institutions) {
    let Given { settings, p, base, geography, .. } = &given;
    let measures = given.measures();
    let mut payments = institutions.open();
    let r = geography.region_count();
    external_items(base, &mut payments);
    for k in 0..r {
        pay_interest(k, &mut payments, settings);
    }
    let n = f64::from(settings.ticks_per_year);
    for k in 0..r {
        for bank in payments.banks_of(k) {
            let dividend = pay_out(&mut payments.banks[bank], p, n);
            payments.pay_bank_dividend(bank, dividend);
            let bank = &mut payments.banks[bank];
            bank.own_funds += std::mem::take(&mut bank.earned);
        }
        let yields = (p.households.equity_discount_rate, measures.share_premium[k]);
        let state = &mut payments.regions.states[k];
        value_fund(&base.regions[k], state, 1.0 / n, yields);
        value_homes(state, (base.regions[k].policy_rate, measures.home_premium[k]), settings);
        issue_bonds(k, p, &mut payments);
    }
    for k in 0..r {
        use_of_duties(k, p, base, geography, &payments.governments[k], payments.regions, n);
    }
}

/// Dividend of a bank, money: expected profit plus part of the gap of its equity to the target, out of own funds above
/// the least that it must hold.
///
/// Equation: `Div = max(0, min(Pi + (E - Pi_t - E*) / T, E - E_min))`, with expected profit `Pi`, own funds `E` that hold the
/// tick's profit `Pi_t`, target `E*` and the time `T` in ticks. So losses are made good out of profits over years, and
/// profits above the usual reach owners over years.
/// Source: Lintner (1956), as for firms.
#[must_use]
pub fn bank_dividend(expected: f64, own_funds: f64, profit: f64, target: f64, least: f64, ticks: f64) -> Money {
    let wish = expected + (own_funds - profit - target) / ticks;
    round_half_even(wish.min(own_funds - least).max(0.0))
}

/// Takes note of the tick's profit of a bank and decides on its dividend.
fn pay_out(bank: &mut Bank, p: &Parameters, ticks_per_year: f64) -> Money {
    let ticks = p.credit.payout_years * ticks_per_year;
    let (own_funds, loans) = (bank.equity() as f64, bank.weighted());
    let profit = own_funds - bank.own_funds as f64;
    bank.profit_expected += (profit - bank.profit_expected) / ticks;
    let (target, least) = (p.credit.bank_capital_target * loans, p.credit.bank_capital_ratio * loans);
    bank_dividend(bank.profit_expected, own_funds, profit, target, least, ticks)
}

/// Price of a fund share relative to the base.
///
/// Equation: `q = (D / D_0) r_0 / (r_0 + x)`, with expected dividends `D`, those of the base `D_0`, the yield `r_0` at the base and what owners ask
/// for beyond it `x`, of measures.
/// Source: Gordon (1959), price of a flow of dividends at a constant yield. Bound of the rule: shares yield a hundredth a year at least.
#[must_use]
pub fn share_price(dividends: f64, base_dividends: f64, (rate, premium): (f64, f64)) -> f64 {
    if base_dividends > 0.0 { dividends / base_dividends * (rate / (rate + premium).max(0.01)) } else { 1.0 }
}

/// The fund's price follows its smoothed dividends relative to the base, and the yield that owners ask for.
fn value_fund(base: &BaseRegion, state: &mut RegionState, weight: f64, yields: (f64, f64)) {
    state.fund.dividends_expected += weight * (state.fund.dividends as f64 - state.fund.dividends_expected);
    let base_dividends = base.dividends.iter().sum::<f64>() + base.bank_dividends;
    state.fund.share_price = share_price(state.fund.dividends_expected, base_dividends, yields);
}

/// Net primary income and transfers with the rest of the world: constant in the payer's currency.
fn external_items(base: &Base, payments: &mut Payments) {
    let r = base.regions.len();
    for (from, to) in (0..r).flat_map(|from| (0..r).map(move |to| (from, to))) {
        let amount = round_half_even(base.external_transfer[(From(from), To(to))]);
        if amount != 0 {
            payments.send_abroad((from, to), (Why::ExternalTransfersPaid, Why::ExternalTransfersReceived), amount);
        }
    }
}

/// Interest on public debt and on reserves; what the central bank earns beyond it goes to the budget.
fn pay_interest(k: usize, payments: &mut Payments, settings: &Settings) {
    let r = payments.central.len();
    let rate = settings.per_tick(payments.regions.states[k].rates.bonds);
    let to_central = ad_valorem(payments.central[k].bonds, rate);
    for bank in payments.banks_of(k) {
        payments.post_at(bank, Why::BondInterestBank, ad_valorem(payments.banks[bank].bonds, rate));
    }
    payments.post(k, Why::BondInterestCentralBank, to_central);
    for holder in 0..r {
        let interest = ad_valorem(payments.central[holder].foreign_bonds[k], rate);
        if interest != 0 {
            payments.send_abroad((k, holder), (Why::BondInterestAbroad, Why::BondInterestFromAbroad), interest);
        }
    }
    let policy_rate = settings.per_tick(payments.regions.states[k].rates.policy_rate);
    let mut on_reserves = 0;
    for bank in payments.banks_of(k) {
        let interest = ad_valorem(payments.banks[bank].reserves, policy_rate);
        payments.post_at(bank, Why::ReserveInterest, interest);
        on_reserves += interest;
    }
    let foreign: Money = (0..r)
        .map(|d| {
            let rate = settings.per_tick(payments.regions.states[d].rates.bonds);
            converted(ad_valorem(payments.central[k].foreign_bonds[d], rate), payments.exchange_rate(d, k))
        })
        .sum();
    payments.post(k, Why::CentralBankProfit, to_central + foreign - on_reserves);
}

/// Bonds cover what the account lacks; the central bank takes its share of the change, banks the rest by their deposits.
fn issue_bonds(k: usize, p: &Parameters, payments: &mut Payments) {
    let need = -payments.governments[k].account;
    let to_central = ad_valorem(need, p.monetary.bond_share).max(-payments.central[k].bonds);
    payments.post(k, Why::BondsToCentralBank, to_central);
    let banks = payments.banks_of(k);
    let deposits: Vec<Money> = payments.banks[banks.clone()].iter().map(|bank| bank.deposits).collect();
    for (bank, part) in banks.zip(split(need - to_central, &deposits)) {
        payments.post_at(bank, Why::BondsToBank, part);
    }
}

/// What the debt rule changes: income-tax rates by points, purchases and transfers by factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DebtRule {
    /// Rise of income-tax rates, a fraction.
    pub tax: f64,
    /// Purchases relative to plan.
    pub purchases: f64,
    /// Transfers relative to entitlement.
    pub transfers: f64,
}

/// Answer of the budget to debt.
///
/// Equation: the primary balance is to rise by `R = b (D - D*) / n`, with debt `D`, the debt `D*` that is the base year's ratio to
/// its output at today's prices and the response `b` a year. Purchases fall by `s_g R`, transfers by `s_t R`, income-tax rates
/// rise by `(1 - s_g - s_t) R / B` points with market incomes `B`. Interest that changes is not passed on: it
/// moves debt, and taxes follow over years.
/// Source: Bohn (1998); split over instruments as in Leeper, Plante and Traum (2010).
/// What we changed: rates rise by equal points in every tenth; purchases and transfers fall by at most half.
#[must_use]
pub fn debt_rule(rise: f64, market_income: f64, purchases: f64, transfers: f64, p: &Fiscal) -> DebtRule {
    let by_tax = (1.0 - p.debt_purchases_share - p.debt_transfers_share).max(0.0);
    let factor = |share: f64, flow: f64| if flow > 0.0 { (1.0 - share * rise / flow).clamp(0.5, 1.5) } else { 1.0 };
    DebtRule {
        tax: if market_income > 0.0 { by_tax * rise / market_income } else { 0.0 },
        purchases: factor(p.debt_purchases_share, purchases),
        transfers: factor(p.debt_transfers_share, transfers),
    }
}

/// Cut of the rate of income tax that duties pay for, a fraction.
#[must_use]
pub fn income_tax_cut(treasury: &Treasury, p: &Parameters) -> f64 {
    if p.fiscal.duty_revenue_use == DutyRevenueUse::CorporateTax { 0.0 } else { treasury.duty_tax_cut }
}

/// The same of the tax on profits.
#[must_use]
pub fn profit_tax_cut(treasury: &Treasury, p: &Parameters) -> f64 {
    if p.fiscal.duty_revenue_use == DutyRevenueUse::CorporateTax { treasury.duty_tax_cut } else { 0.0 }
}

/// Cut of the tax on profits that hands out so much money, given the cut in force and the tax that was paid under it.
///
/// Equation: `c' = min(t, E / B)`, with profits taxed `B = T / (t - c)`, the rate `t` without the cut `c` in force, the tax `T` paid and the money `E`; where nothing was
/// paid, the cut stays.
/// Source: balanced budget; ours. Bound of the rule: nobody is paid for profits.
#[must_use]
pub fn cut_of_profit_tax(extra: f64, paid: f64, rate: f64, cut: f64) -> f64 {
    let left = rate - cut;
    if paid > 0.0 && left > 0.0 { (extra * left / paid).min(MOST_CUT * rate) } else { cut.min(MOST_CUT * rate) }
}

/// Largest part of the tax on profits that duties replace: the rest shows what profits are taxed.
const MOST_CUT: f64 = 0.95;

/// Hands out duty revenue above its base under the chosen use, and lets the budget answer debt slowly ([`debt_rule`]).
fn use_of_duties(
    k: usize,
    p: &Parameters,
    base: &Base,
    geography: &Geography,
    gov: &Government,
    regions: &mut Regions,
    n: f64,
) {
    let b = &base.regions[k];
    let state = &mut regions.states[k];
    // Rule: rows of vacant households are nobody.
    let agents = (geography.regions[k].persons.len() as i64 - state.demography.rows[2]) as f64;
    let extra = gov.budget.duties as f64 - b.duties.iter().sum::<f64>();
    let gap = gov.debt as f64 - state.treasury.debt_ratio_base * b.gdp * n * state.prices.consumer;
    let rise = p.fiscal.debt_response / n * gap;
    let income = state.market_income;
    let planned = gov.budget.consumption as f64 / state.treasury.debt_purchases;
    let granted = gov.budget.transfers + gov.budget.child_benefits + gov.budget.pension_supplements;
    let entitled = granted as f64 / state.treasury.debt_transfers;
    let rule = debt_rule(rise, income, planned, entitled, &p.fiscal);
    (state.treasury.debt_tax, state.treasury.debt_purchases, state.treasury.debt_transfers) =
        (rule.tax, rule.purchases, rule.transfers);
    (state.treasury.lump_sum, state.treasury.child_benefit) = (0.0, 0.0);
    let children = state.treasury.children as f64;
    let before = std::mem::take(&mut state.treasury.duty_tax_cut);
    // Rule: nobody pays a tax a head. Duties that fall short of the base are made up for by income tax, or by borrowing if the
    // use of duties is debt.
    match p.fiscal.duty_revenue_use {
        DutyRevenueUse::Debt => {}
        DutyRevenueUse::LumpSum if extra > 0.0 => state.treasury.lump_sum = extra / agents,
        DutyRevenueUse::ChildBenefit if extra > 0.0 && children > 0.0 => {
            state.treasury.child_benefit = extra / children;
        }
        DutyRevenueUse::CorporateTax => {
            let (paid, rate) = (gov.budget.corporate_tax as f64, p.government.corporate_tax_rate);
            state.treasury.duty_tax_cut = cut_of_profit_tax(extra, paid, rate, before);
        }
        DutyRevenueUse::LumpSum | DutyRevenueUse::ChildBenefit | DutyRevenueUse::IncomeTax => {
            state.treasury.duty_tax_cut = extra / income.max(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fiscal(purchases: f64, transfers: f64) -> Fiscal {
        Fiscal {
            debt_response: 0.04,
            debt_purchases_share: purchases,
            debt_transfers_share: transfers,
            duty_revenue_use: DutyRevenueUse::Debt,
        }
    }

    #[test]
    fn shares_are_worth_the_less_the_more_owners_ask_for() {
        let near = crate::testing::near;
        near(share_price(90.0, 100.0, (0.06, 0.0)), 0.9);
        // 6% of 8%: three quarters.
        near(share_price(90.0, 100.0, (0.06, 0.02)), 0.675);
        near(share_price(90.0, 100.0, (0.06, -0.055)), 5.4);
        near(share_price(90.0, 0.0, (0.06, 0.02)), 1.0);
    }

    #[test]
    fn profits_are_taxed_less_by_what_duties_bring() {
        let near = crate::testing::near;
        // At 20% less 5 points, 30 are paid on 200: 10 more are 5 points of these.
        near(cut_of_profit_tax(10.0, 30.0, 0.2, 0.05), 0.05);
        near(cut_of_profit_tax(-10.0, 30.0, 0.2, 0.05), -0.05);
        // No more than nearly all; where nobody paid, it stays.
        near(cut_of_profit_tax(100.0, 30.0, 0.2, 0.05), 0.19);
        near(cut_of_profit_tax(10.0, 0.0, 0.2, 0.05), 0.05);
        let (treasury, mut p) = (Treasury { duty_tax_cut: 0.01, ..Treasury::default() }, crate::testing::parameters());
        near(income_tax_cut(&treasury, &p) - profit_tax_cut(&treasury, &p), 0.01);
        p.fiscal.duty_revenue_use = DutyRevenueUse::CorporateTax;
        near(profit_tax_cut(&treasury, &p) - income_tax_cut(&treasury, &p), 0.01);
    }

    #[test]
    fn debt_is_answered_by_taxes_purchases_and_transfers() {
        // A rise of 6 on market incomes of 300: two points.
        let all = debt_rule(6.0, 300.0, 100.0, 60.0, &fiscal(0.0, 0.0));
        assert_eq!((all.tax, all.purchases, all.transfers), (0.02, 1.0, 1.0));
        // Half by purchases of 100: 3%; a quarter by transfers of 60: 2.5%; the rest, 1.5 of 300: half a point.
        let split = debt_rule(6.0, 300.0, 100.0, 60.0, &fiscal(0.5, 0.25));
        assert!((split.tax - 0.005).abs() < 1e-15);
        assert!((split.purchases - 0.97).abs() < 1e-15 && (split.transfers - 0.975).abs() < 1e-15);
        // Nothing to tax or to cut: nothing happens.
        let none = debt_rule(6.0, 0.0, 0.0, 0.0, &fiscal(0.5, 0.25));
        assert_eq!((none.tax, none.purchases, none.transfers), (0.0, 1.0, 1.0));
    }

    #[test]
    fn a_bank_keeps_profits_until_its_capital_is_on_target() {
        // On target: own funds 120 after a profit of 6, target 114: what is expected is paid.
        assert_eq!(bank_dividend(6.0, 120.0, 6.0, 114.0, 80.0, 36.0), 6);
        // A loss has taken 72: the gap of 72 is made good over 36 ticks, 2 a tick.
        assert_eq!(bank_dividend(6.0, 1048.0, 6.0, 1114.0, 800.0, 36.0), 4);
        // Near the least capital only what lies above it is paid, below nothing.
        assert_eq!(bank_dividend(6.0, 83.0, 6.0, 80.0, 80.0, 36.0), 3);
        assert_eq!(bank_dividend(6.0, 70.0, 6.0, 80.0, 80.0, 36.0), 0);
    }
}
