//! Interest, the external item, bond issues, bank and central-bank profits, duty revenue and the debt rule.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns_mut;
use engine::ledger::Ledger;
use engine::money::{Money, ad_valorem, payment, round_half_even};

use crate::accounts::Why;
use crate::components::{Bank, Budget, CentralBank, Government};
use crate::geography::Geography;
use crate::parameters::{DutyRevenueUse, Parameters};
use crate::state::{RegionState, Regions, Settings};
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
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn close_budgets(
    settings: Res<Settings>,
    p: Res<Parameters>,
    base: Res<Base>,
    geography: Res<Geography>,
    mut regions: ResMut<Regions>,
    mut ledger: ResMut<Ledger>,
    mut governments: Query<&mut Government>,
    mut banks: Query<&mut Bank>,
    mut central: Query<&mut CentralBank>,
) {
    let governments = columns_mut(&mut governments);
    let banks = columns_mut(&mut banks);
    let central = columns_mut(&mut central);
    let r = geography.region_count();
    external_items(&base, &mut regions, &mut ledger, governments);
    for k in 0..r {
        let rate = settings.per_tick(regions.states[k].bond_rate);
        pay_interest(k, rate, governments, banks, central, &mut regions, &mut ledger, &settings);
    }
    for k in 0..r {
        // Bank: own funds above target are paid out, below they are rebuilt from profit.
        let bank = &mut banks[k];
        bank.reserves = balance(&ledger, k, crate::accounts::Line::BankReserves);
        bank.deposits = balance(&ledger, k, crate::accounts::Line::BankDeposits);
        let target = (p.credit.bank_capital_target * bank.loans as f64) as i64;
        let dividend = (bank.equity() - target).max(0);
        ledger.post(k, Why::BankDividends as u16, dividend);
        bank.deposits += dividend;
        regions.states[k].fund_dividends += dividend;
        regions.states[k].fund_deposits += dividend;
        value_fund(&base.regions[k], &mut regions.states[k], 1.0 / f64::from(settings.ticks_per_year));
        issue_bonds(k, &p, &mut governments[k], &mut banks[k], &mut central[k], &mut ledger);
    }
    let n = f64::from(settings.ticks_per_year);
    for k in 0..r {
        use_of_duties(k, &p, &base, &geography, &governments[k], &mut regions, n);
    }
}

/// The fund's price follows its smoothed dividends relative to the base, at a constant discount rate.
fn value_fund(base: &BaseRegion, state: &mut RegionState, weight: f64) {
    state.dividends_expected += weight * (state.fund_dividends as f64 - state.dividends_expected);
    let base_dividends = base.dividends.iter().sum::<f64>() + base.bank_dividends;
    state.equity_price = if base_dividends > 0.0 { state.dividends_expected / base_dividends } else { 1.0 };
}

/// Balance of a ledger account with the open tick, minor units.
///
/// # Panics
/// If the balance leaves the range of money.
#[must_use]
pub fn balance(ledger: &Ledger, unit: usize, line: crate::accounts::Line) -> Money {
    i64::try_from(ledger.balance(unit, engine::ledger::AccountId(line as u16)))
        .expect("a balance exceeds 2^63 minor units")
}

/// Net primary income and transfers with the rest of the world: constant in the payer's currency.
fn external_items(base: &Base, regions: &mut Regions, ledger: &mut Ledger, governments: &mut [Government]) {
    let r = governments.len();
    for from in 0..r {
        for to in 0..r {
            let amount = round_half_even(base.external_transfer[from * r + to]);
            if amount == 0 {
                continue;
            }
            let received = payment(regions.states[from].exchange_rate / regions.states[to].exchange_rate, amount);
            ledger.post(from, Why::ExternalTransfersPaid as u16, amount);
            ledger.post(to, Why::ExternalTransfersReceived as u16, received);
            governments[from].account -= amount;
            governments[from].budget.external_transfers -= amount;
            governments[to].account += received;
            governments[to].budget.external_transfers += received;
            regions.claims[to * r + from] += amount;
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one step over the institutions of a region")]
fn pay_interest(
    k: usize,
    rate: f64,
    governments: &mut [Government],
    banks: &mut [Bank],
    central: &mut [CentralBank],
    regions: &mut Regions,
    ledger: &mut Ledger,
    settings: &Settings,
) {
    let r = central.len();
    let to_bank = ad_valorem(banks[k].bonds, rate);
    let to_central = ad_valorem(central[k].bonds, rate);
    ledger.post(k, Why::BondInterestBank as u16, to_bank);
    ledger.post(k, Why::BondInterestCentralBank as u16, to_central);
    let mut abroad = 0;
    for holder in 0..r {
        let interest = ad_valorem(central[holder].foreign_bonds[k], rate);
        if interest == 0 {
            continue;
        }
        let received = payment(regions.states[k].exchange_rate / regions.states[holder].exchange_rate, interest);
        ledger.post(k, Why::BondInterestAbroad as u16, interest);
        ledger.post(holder, Why::BondInterestFromAbroad as u16, received);
        regions.claims[holder * r + k] += interest;
        abroad += interest;
    }
    governments[k].account -= to_bank + to_central + abroad;
    governments[k].budget.interest += to_bank + to_central + abroad;
    // Interest on reserves follows the policy rate; what the central bank earns on bonds beyond it goes to the budget.
    let reserves = balance(ledger, k, crate::accounts::Line::BankReserves);
    let on_reserves = ad_valorem(reserves, settings.per_tick(regions.states[k].policy_rate));
    ledger.post(k, Why::ReserveInterest as u16, on_reserves);
    let foreign: Money = (0..r)
        .map(|d| {
            payment(
                regions.states[d].exchange_rate / regions.states[k].exchange_rate,
                ad_valorem(central[k].foreign_bonds[d], settings.per_tick(regions.states[d].bond_rate)),
            )
        })
        .sum();
    let profit = to_central + foreign - on_reserves;
    ledger.post(k, Why::CentralBankProfit as u16, profit);
    governments[k].account += profit;
    governments[k].budget.central_bank_profit += profit;
}

/// Bonds cover what the account lacks; the central bank takes its share of the change, the bank the rest.
fn issue_bonds(
    k: usize,
    p: &Parameters,
    gov: &mut Government,
    bank: &mut Bank,
    central: &mut CentralBank,
    ledger: &mut Ledger,
) {
    let need = -gov.account;
    let to_central = ad_valorem(need, p.monetary.bond_share).max(-central.bonds);
    let to_bank = need - to_central;
    ledger.post(k, Why::BondsToCentralBank as u16, to_central);
    ledger.post(k, Why::BondsToBank as u16, to_bank);
    central.bonds += to_central;
    bank.bonds += to_bank;
    bank.reserves -= to_bank;
    gov.debt += need;
    gov.account += need;
    gov.budget.bonds_issued += need;
}

/// Hands out duty revenue above its base under the chosen use, and lets transfers answer debt slowly.
///
/// Debt rule: lump-sum transfers fall by the change of the interest bill and by a share of the gap between the debt
/// ratio and its base (Bohn 1998).
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
    let agents = geography.regions[k].households.len() as f64;
    let extra = gov.budget.duties as f64 - b.duties.iter().sum::<f64>();
    let debt_target = state.debt_ratio_base * b.gdp * n * state.consumer_price;
    let gap = gov.debt as f64 - debt_target;
    let interest_change = gov.budget.interest as f64 - debt_target * p.monetary.neutral_rate / n;
    let correction = -(p.fiscal.debt_response * (1.0 / n) * gap + interest_change);
    state.lump_sum = correction / agents;
    state.duty_tax_cut = 0.0;
    match p.fiscal.duty_revenue_use {
        DutyRevenueUse::Debt => {}
        DutyRevenueUse::LumpSum => state.lump_sum += extra / agents,
        DutyRevenueUse::IncomeTax => state.duty_tax_cut = extra / state.market_income.max(1.0),
    }
}
