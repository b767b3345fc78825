//! Budgets of all sectors, wages, the policy rate and exchange rates.

use super::maths::{exp, log};
use super::{Base, DECILES, ExchangeRegime, Flows, MONTHS, Parameters, RevenueUse, Scenario, State};

/// Nominal value added of a region relative to its base, at current producer prices.
fn nominal_output(base: &Base, state: &State, flows: &Flows, region: usize) -> f64 {
    let cells = region * base.products..(region + 1) * base.products;
    cells.map(|c| base.value_added_rate[c] * flows.output[c] * state.price[c]).sum::<f64>() / base.gdp[region]
}

/// What the firm sector of a region pays in a month.
struct FirmBudget {
    dividends: f64,
    corporate_tax: f64,
    interest: f64,
    /// Change of net deposits.
    saved: f64,
}

/// What the government of a region collects from and pays to households in a month.
struct PublicBudget {
    transfers: f64,
    interest: f64,
    surtax: f64,
    rebate: f64,
    deficit: f64,
}

/// Payments between firms, households, government and the rest of the world, with the flow-of-funds check
/// `d(household wealth) + d(firm deposits) = d(public debt) + current account`.
pub(super) fn settle_incomes(
    base: &Base,
    parameters: &Parameters,
    scenario: &Scenario,
    state: &mut State,
    flows: &mut Flows,
) {
    for region in 0..base.regions {
        let cells = region * base.products..(region + 1) * base.products;
        let nominal = nominal_output(base, state, flows, region);
        let wages: f64 = flows.wages[cells].iter().sum();
        let foreign = base.foreign_transfer[region] / state.exchange[region];
        let firms = settle_firms(base, parameters, state, flows, region, nominal);
        let taxed = wages + firms.dividends;
        let mut public = settle_government(base, parameters, scenario, state, flows, region, nominal);
        public.deficit -= base.income_tax[region] * taxed + firms.corporate_tax + foreign;
        let saved = settle_households(base, parameters, scenario, state, flows, region, (wages, &firms, &public));
        state.firm_cash[region] += firms.saved;
        state.debt[region] += public.deficit;
        let (exports, imports) = flows.trade[region];
        let current = exports - imports + foreign;
        state.foreign_assets[region] += current * state.exchange[region];
        let error = (saved + firms.saved - public.deficit - current).abs() / base.gdp[region];
        flows.identity_error = flows.identity_error.max(error);
        state.trade[region].0 += (exports - state.trade[region].0) / MONTHS;
        state.trade[region].1 += (imports - state.trade[region].1) / MONTHS;
    }
}

/// Smoothed dividends out of profit after tax and replacement; debt returns to its ratio to output.
fn settle_firms(
    base: &Base,
    parameters: &Parameters,
    state: &mut State,
    flows: &Flows,
    region: usize,
    nominal: f64,
) -> FirmBudget {
    let profit = flows.operating_cash[region] - flows.replacement[region];
    let corporate_tax = parameters.corporate_tax * profit.max(0.0);
    let smoothed = &mut state.dividends[region];
    *smoothed += (profit - corporate_tax - *smoothed) / parameters.dividend_months;
    let gap = state.firm_cash[region] + base.firm_debt[region] * nominal;
    let dividends = *smoothed + parameters.firm_debt_feedback / MONTHS * gap;
    let interest = -state.firm_cash[region] * state.debt_rate[region] / MONTHS;
    let investment = flows.investment_value[region] - flows.grants[region];
    let saved = flows.operating_cash[region] - corporate_tax - dividends - investment - interest;
    FirmBudget { dividends, corporate_tax, interest, saved }
}

/// Spending and taxes other than those on income; transfers keep their real value, the unemployed get benefits,
/// and a lump-sum tax covers changed interest and part of the gap of debt to its ratio to output.
fn settle_government(
    base: &Base,
    parameters: &Parameters,
    scenario: &Scenario,
    state: &mut State,
    flows: &Flows,
    region: usize,
    nominal: f64,
) -> PublicBudget {
    let cells = region * base.products..(region + 1) * base.products;
    let idle = state.unemployment(base, region) - base.unemployment[region];
    let staff: f64 = base.employment[cells.clone()].iter().sum();
    let mean_wage = state.wage[region] * base.compensation[cells].iter().sum::<f64>() / staff;
    let benefits = parameters.benefit_replacement * idle * base.labour_force[region] * mean_wage;
    let transfers = base.transfers[region] * state.consumer_price(region) + benefits;
    let interest = state.debt[region] * state.debt_rate[region] / MONTHS;
    let gap = state.debt[region] - base.debt[region] * nominal;
    let surtax = parameters.debt_feedback / MONTHS * gap + parameters.interest_cover * interest;
    let rebate = match scenario.revenue_use {
        RevenueUse::Debt => 0.0,
        RevenueUse::LumpSum | RevenueUse::IncomeTax => state.extra_duties[region],
    };
    state.extra_duties[region] = flows.duties[region] - base.duties[region] * nominal;
    let spending = flows.purchases_value[region] + transfers + flows.grants[region] + interest + rebate;
    let revenue = flows.production_taxes[region] + flows.duties[region] + surtax;
    PublicBudget { transfers, interest, surtax, rebate, deficit: spending - revenue }
}

/// Incomes of the deciles; returns what households of the region saved.
fn settle_households(
    base: &Base,
    parameters: &Parameters,
    scenario: &Scenario,
    state: &mut State,
    flows: &Flows,
    region: usize,
    (wages, firms, public): (f64, &FirmBudget, &PublicBudget),
) -> f64 {
    let after_tax = 1.0 - base.income_tax[region];
    let earned = wages * after_tax + public.transfers - public.surtax;
    let capital = firms.dividends * after_tax + public.interest + firms.interest;
    let total = earned + capital + public.rebate;
    let mut saved = 0.0;
    for row in region * DECILES..(region + 1) * DECILES {
        let share = match scenario.revenue_use {
            RevenueUse::LumpSum => 1.0 / DECILES as f64,
            RevenueUse::Debt | RevenueUse::IncomeTax => base.income[row] / base.disposable[region],
        };
        // The pool lets poor deciles spend above, and rich ones below, their income, as in the base year.
        let pool = (base.spending[row] - base.income[row]) * total / base.disposable[region];
        let income = base.labour_income_share[row] * earned
            + base.capital_income_share[row] * capital
            + share * public.rebate
            + pool;
        state.income[row] = income;
        state.permanent[row] += (income - state.permanent[row]) / (MONTHS * parameters.permanent_income_years);
        state.wealth[row] += income - flows.spending[row];
        saved += income - flows.spending[row];
    }
    saved
}

/// Wage curve: `dln w = slope (u* + c) ((u* + c) / (v + c) - 1) + indexation * inflation` per year, with
/// `v = u - weight (hours - 1)`. Convex: steep when few are without work, wages fall only slowly when many are.
/// The offset `c` keeps regions with very low normal unemployment from being far steeper than others.
pub(super) fn update_wages(base: &Base, parameters: &Parameters, state: &mut State, flows: &Flows) {
    let offset = parameters.wage_curve_offset;
    for region in 0..base.regions {
        let cells = region * base.products..(region + 1) * base.products;
        let staff: f64 = state.employment[cells.clone()].iter().sum();
        let hours = cells.map(|c| flows.hours[c] * state.employment[c]).sum::<f64>() / staff;
        let normal = base.unemployment[region] + offset;
        let slack = state.unemployment(base, region) - parameters.wage_hours_weight * (hours - 1.0) + offset;
        let growth = parameters.wage_slope * normal * (normal / slack.max(0.2 * normal) - 1.0)
            + parameters.wage_indexation * state.inflation(region, 12);
        state.wage[region] *= exp(growth / MONTHS);
    }
}

/// Inertial Taylor rule on the mean of three- and twelve-month inflation and the unemployment gap, with a
/// lower bound of zero, a slowly learned neutral rate, and the rates that follow it.
pub(super) fn update_rates(base: &Base, parameters: &Parameters, state: &mut State) {
    for region in 0..base.regions {
        let inflation = 0.5 * (state.inflation(region, 3) + state.inflation(region, 12));
        let slack = base.unemployment[region] - state.unemployment(base, region);
        let wanted =
            state.neutral_rate[region] + parameters.rate_inflation * inflation + parameters.rate_unemployment * slack;
        let rate = &mut state.policy_rate[region];
        *rate += (1.0 - parameters.rate_inertia_month) * (wanted - *rate);
        *rate = rate.max(-base.policy_rate[region].max(0.0));
        let real = state.real_rate(parameters, region);
        let slow = |years: f64| {
            if years > 0.0 { 1.0 / (years * MONTHS) } else { 0.0 }
        };
        state.neutral_rate[region] += slow(parameters.neutral_rate_years) * (real - state.neutral_rate[region]);
        state.long_rate[region] += slow(parameters.long_rate_years) * (real - state.long_rate[region]);
        let rate = state.policy_rate[region];
        state.debt_rate[region] += slow(parameters.debt_maturity_years) * (rate - state.debt_rate[region]);
    }
}

/// Float: `dln e = k_x (b - b0) + k_r (r - mean r)` with `b = (X - M) / (X + M)` over the last year; the
/// output-weighted mean of all rates stays 1.
pub(super) fn update_exchange_rates(base: &Base, parameters: &Parameters, state: &mut State) {
    if parameters.regime == ExchangeRegime::Fixed {
        return;
    }
    let world: f64 = base.gdp.iter().sum();
    let mean = |values: &dyn Fn(usize) -> f64| -> f64 {
        (0..base.regions).map(|r| base.gdp[r] * values(r)).sum::<f64>() / world
    };
    let real: Vec<f64> = (0..base.regions).map(|r| state.real_rate(parameters, r)).collect();
    let world_rate = mean(&|r| real[r]);
    let mut logs: Vec<f64> = Vec::with_capacity(base.regions);
    for region in 0..base.regions {
        let (exports, imports) = state.trade[region];
        let balance = (exports - imports) / (exports + imports);
        let base_balance = base.trade_balance[region];
        let change = parameters.float_trade_balance * (balance - base_balance)
            + parameters.float_rate * (real[region] - world_rate);
        logs.push(log(state.exchange[region]) + change / MONTHS);
    }
    let centre = mean(&|r| logs[r]);
    for region in 0..base.regions {
        state.exchange[region] = exp(logs[region] - centre);
    }
}
