//! Policy rate, loan, bond and deposit rates; wages follow slack.

use bevy_ecs::prelude::{Res, ResMut};

use crate::markets::labour::wage_growth;
use crate::parameters::Parameters;
use crate::state::{Regions, Settings, Tick};
use crate::world::base::Base;
use engine::rng::{Streams, normal};

/// Inertial Taylor rule in trend units, per year.
///
/// Equation: `i = rho i + (1 - rho) (n + a pi + b (u* - u))`, not below the bound; `pi` is inflation above target and
/// `n` the neutral rate.
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
    (smoothing * previous + (1.0 - smoothing) * target).max(p.lower_bound)
}

/// Inflation per year on a mix of the last quarter and the last year of consumer prices.
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
        let slack = normal_rate - state.unemployment_rate;
        let inflation = inflation_mix(state.core_price, &state.core_price_history, n);
        state.policy_rate = taylor(state.policy_rate, state.neutral_rate, inflation, slack, &p.monetary, smoothing);
        let year = state.consumer_price / state.consumer_price_history[0] - 1.0;
        let real = state.policy_rate - p.monetary.expected_inflation_weight * year;
        state.rate_long += (real - state.rate_long) / (p.monetary.long_rate_years * n);
        state.neutral_rate += (real - state.neutral_rate) / (p.monetary.neutral_learning_years * n)
            + (base.regions[r].policy_rate - state.neutral_rate) / (p.monetary.neutral_anchor_years * n);
        state.loan_rate = state.policy_rate + p.credit.loan_premium;
        state.bond_rate = state.policy_rate;
        state.deposit_rate = (state.policy_rate - p.credit.deposit_spread).max(0.0);
        state.wage_index *= 1.0 + wage_growth(state.unemployment_rate, normal_rate, &p.labour, n);
        if settings.shocks {
            let w = Streams::new(settings.seed).draws::<4>(crate::world::stream::SHOCKS, tick.0, r as u64);
            let keep = |persistence: f64| engine::math::pow(persistence, settings.months_per_tick());
            state.demand_shock = keep(p.shocks.region_demand_persistence) * state.demand_shock
                + p.shocks.region_demand_sd * normal(w[0], w[1]);
            state.productivity_shock = keep(p.shocks.region_productivity_persistence) * state.productivity_shock
                + p.shocks.region_productivity_sd * normal(w[2], w[3]);
        }
    }
}
