//! Policy rate, loan, bond and deposit rates; wages follow slack.

use bevy_ecs::prelude::{Res, ResMut};

use crate::markets::labour::wage_growth;
use crate::parameters::Parameters;
use crate::state::{Regions, Settings, Tick};
use crate::world::base::Base;
use engine::rng::{Streams, normal};

/// Inertial Taylor rule in trend units, per year.
///
/// Equation: `i = rho i + (1 - rho) (n + a pi + b (u* - u))`, not below the nominal bound less target inflation; `pi` is
/// inflation above target, `n` the neutral rate, `u* - u` slack of the labour market (a fraction) and `rho` the weight of the rate
/// before in a tick.
/// Source: Taylor (1993), with smoothing (Clarida, Gali and Gertler 1999).
#[must_use]
pub fn taylor(
    previous: f64,
    neutral: f64,
    inflation_gap: f64,
    slack: f64,
    p: &crate::parameters::list::Monetary,
    smoothing: f64,
) -> f64 {
    let target = neutral + p.inflation_response * inflation_gap + p.slack_response * slack;
    (smoothing * previous + (1.0 - smoothing) * target).max(p.lower_bound - p.inflation_target)
}

/// Rate on households' deposits in trend units, per year.
///
/// Equation: `i_d = phi max(0, i + pi*) - pi*`, with the policy rate `i` in trend units, target inflation `pi*` and the
/// pass-through `phi`: banks pass on part of the nominal rate and never charge for deposits. Below target inflation
/// deposits lose against the trend.
/// Source: Drechsler, Savov and Schnabl (2017), deposit spreads that widen with the policy rate.
#[must_use]
pub fn deposit_rate(policy_rate: f64, p: &Parameters) -> f64 {
    let target = p.monetary.inflation_target;
    p.credit.deposit_pass_through * (policy_rate + target).max(0.0) - target
}

/// Average rate of contracts outstanding after a tick in which some were renewed; transfers follow prices in the same way.
///
/// Equation: `c' = c + (r - c) / m`, with the rate `r` of new contracts and their average maturity `m` in ticks: each tick one in
/// `m` falls due and is renewed.
/// Source: Woodford (2001), debt with geometrically falling maturities.
#[must_use]
pub fn average_rate(average: f64, new: f64, maturity_ticks: f64) -> f64 {
    average + (new - average) / maturity_ticks.max(1.0)
}

/// Inflation that the central bank looks at, a fraction a year; `history` are the consumer prices of the year before, one a tick.
///
/// Equation: `pi = (pi_y + 4 pi_q) / 2`, with the change of prices over the last year `pi_y` and over the last quarter `pi_q`.
/// Source: ours; the year is what targets are set for, the quarter is news.
#[must_use]
pub fn inflation_mix(price: f64, history: &[f64], ticks_per_year: f64) -> f64 {
    let year = price / history[0] - 1.0;
    let quarter_ticks = (ticks_per_year / 4.0).max(1.0) as usize;
    let quarter = price / history[history.len() - quarter_ticks] - 1.0;
    0.5 * year + 0.5 * quarter * 4.0
}

/// System: shocks, wages and interest rates of the tick.
pub fn set_rates_and_wages(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    mut regions: ResMut<Regions>,
) {
    let n = f64::from(settings.ticks_per_year);
    let smoothing = 1.0 - settings.monthly(1.0 - p.monetary.smoothing);
    for (r, state) in regions.states.iter_mut().enumerate() {
        let normal_rate = base.regions[r].unemployment_rate;
        let slack = normal_rate - state.labour.unemployment_rate;
        let inflation = inflation_mix(state.prices.core, &state.prices.core_history, n);
        state.rates.policy_rate =
            taylor(state.rates.policy_rate, state.rates.neutral_rate, inflation, slack, &p.monetary, smoothing);
        let year = state.prices.consumer / state.prices.consumer_history[0] - 1.0;
        let real = state.rates.policy_rate - p.monetary.expected_inflation_weight * year;
        state.rates.long += (real - state.rates.long) / (p.monetary.long_rate_years * n);
        state.rates.saving = average_rate(state.rates.saving, real, p.households.wealth_rate_years * n);
        state.rates.neutral_rate += (real - state.rates.neutral_rate) / (p.monetary.neutral_learning_years * n)
            + (base.regions[r].policy_rate - state.rates.neutral_rate) / (p.monetary.neutral_anchor_years * n);
        let ticks = |months: f64| months / settings.months_per_tick();
        let new_loans = state.rates.policy_rate + p.credit.loan_premium;
        state.rates.loans = average_rate(state.rates.loans, new_loans, ticks(p.credit.loan_fixation));
        state.rates.bonds = average_rate(state.rates.bonds, state.rates.policy_rate, ticks(p.monetary.bond_maturity));
        state.rates.deposits = deposit_rate(state.rates.policy_rate, &p);
        let lag = ticks(p.government.transfer_index_lag);
        for (index, price) in state.treasury.transfer_index.iter_mut().zip(&state.prices.by_decile) {
            *index = average_rate(*index, *price, lag);
        }
        state.labour.wage_index *= 1.0 + wage_growth(state.labour.unemployment_rate, normal_rate, &p.labour, n);
        if settings.shocks {
            let w = Streams::new(settings.seed).draws::<4>(crate::world::stream::SHOCKS, tick.0, r as u64);
            let keep = |persistence: f64| engine::math::pow(persistence, settings.months_per_tick());
            state.shocks.demand = keep(p.shocks.region_demand_persistence) * state.shocks.demand
                + p.shocks.region_demand_sd * normal(w[0], w[1]);
            state.shocks.productivity = keep(p.shocks.region_productivity_persistence) * state.shocks.productivity
                + p.shocks.region_productivity_sd * normal(w[2], w[3]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::parameters;

    #[test]
    fn contracts_are_renewed_over_their_maturity() {
        // One in forty of the contracts at 3% is renewed at 1%.
        assert!((average_rate(0.03, 0.01, 40.0) - 0.0295).abs() < 1e-15);
        // Contracts that are renewed every tick follow at once.
        assert!((average_rate(0.03, 0.01, 1.0) - 0.01).abs() < 1e-15);
    }

    #[test]
    fn deposits_earn_part_of_the_nominal_rate() {
        let mut p = parameters();
        (p.credit.deposit_pass_through, p.monetary.inflation_target) = (0.4, 0.02);
        // 3% nominal: 1.2% on deposits, 0.8% less than the trend.
        assert!((deposit_rate(0.01, &p) + 0.008).abs() < 1e-15);
        // No nominal rate below zero.
        assert!((deposit_rate(-0.03, &p) + 0.02).abs() < 1e-15);
    }

    #[test]
    fn the_rate_follows_inflation_and_slack() {
        let mut p = parameters();
        (p.monetary.inflation_response, p.monetary.slack_response, p.monetary.lower_bound) = (1.5, 0.5, 0.0);
        // Half of 0.02, and half of 0.01 + 1.5 x 0.02 - 0.5 x 0.01.
        assert!((taylor(0.02, 0.01, 0.02, -0.01, &p.monetary, 0.5) - 0.0275).abs() < 1e-15);
    }

    #[test]
    fn a_year_and_a_quarter_of_prices_count_alike() {
        // 4% over the year, 1% over the last of four quarters: 4% a year each.
        assert!((inflation_mix(1.04, &[1.0, 1.01, 1.02, 1.04 / 1.01], 4.0) - 0.04).abs() < 1e-12);
    }

    #[test]
    fn the_lower_bound_is_nominal() {
        let mut p = parameters();
        (p.monetary.lower_bound, p.monetary.inflation_target) = (0.0, 0.02);
        assert!((taylor(0.01, 0.01, -0.2, 0.0, &p.monetary, 0.0) + 0.02).abs() < 1e-15);
    }
}
