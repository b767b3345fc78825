//! Exchange rates, clearing and valuation of claims between central banks.

use bevy_ecs::prelude::Res;
use engine::math::exp;
use engine::money::{Money, converted};

use crate::accounts::{Line, Why};
use crate::axes::{Debtor, Holder};
use crate::geography::Geography;
use crate::parameters::{ExchangeRateRegime, Parameters};
use crate::paying::{Institutions, Payments};
use crate::state::{Policy, Settings, Tick};
use crate::world::base::Base;

/// Log change of the value of a currency in a tick.
///
/// Equation: `dln e = k_x (b - b0) + k_r (r - r_world) - k_pi (pi - pi_world)`, per year. The currency of
/// a region with a rising trade balance or a higher real rate appreciates.
/// Source: Kouri (1976), the currency of a region in surplus appreciates; that the three add up is ours.
#[must_use]
pub fn appreciation(
    balance_gap: f64,
    rate_gap: f64,
    inflation_gap: f64,
    p: &crate::parameters::list::External,
    ticks_per_year: f64,
) -> f64 {
    (p.trade_balance_response * balance_gap + p.rate_response * rate_gap - p.inflation_response * inflation_gap)
        / ticks_per_year
}

/// System: exchange rates move by the rule or along the given path; claims are cleared bilaterally and revalued.
pub fn update_exchange_rates(
    (settings, tick, p): (Res<Settings>, Res<Tick>, Res<Parameters>),
    base: Res<Base>,
    geography: Res<Geography>,
    policy: Res<Policy>,
    mut institutions: Institutions,
) {
    let mut payments = institutions.open();
    let regions = &mut *payments.regions;
    let n = f64::from(settings.ticks_per_year);
    if p.external.regime == ExchangeRateRegime::Path {
        for (s, rate) in regions.states.iter_mut().zip(&policy.0.at(tick.0).exchange_rate) {
            s.exchange_rate = *rate;
        }
    } else if p.external.regime == ExchangeRateRegime::Float {
        let weight: f64 = base.regions.iter().map(|b| b.gdp).sum();
        let mean = |f: &dyn Fn(usize) -> f64| {
            (0..base.regions.len()).map(|k| base.regions[k].gdp * f(k)).sum::<f64>() / weight
        };
        let inflation = |k: usize| {
            let s = &regions.states[k];
            s.prices.consumer / s.prices.consumer_history[0] - 1.0
        };
        let rate = mean(&|k| regions.states[k].rates.policy_rate - base.regions[k].policy_rate);
        let world = mean(&inflation);
        let changes: Vec<f64> = (0..base.regions.len())
            .map(|k| {
                let s = &regions.states[k];
                appreciation(
                    s.trade_balance_ratio - base.regions[k].trade_balance_ratio,
                    s.rates.policy_rate - base.regions[k].policy_rate - rate,
                    inflation(k) - world,
                    &p.external,
                    n,
                )
            })
            .collect();
        for (s, change) in regions.states.iter_mut().zip(changes) {
            s.exchange_rate *= exp(change);
        }
    }
    clear_claims(geography.region_count(), &mut payments);
    revalue(geography.region_count(), &mut payments);
}

/// Offsets mutual claims of two regions at the current rate; what remains is one-sided.
fn clear_claims(r: usize, payments: &mut Payments) {
    for a in 0..r {
        for b in a + 1..r {
            // a's claim on b is in b's currency, and the other way round.
            let (on_b, on_a) =
                (payments.regions.claims[(Holder(a), Debtor(b))], payments.regions.claims[(Holder(b), Debtor(a))]);
            if on_a <= 0 || on_b <= 0 {
                continue;
            }
            let rate = payments.exchange_rate(a, b);
            let on_a_in_b = converted(on_a, rate);
            let (off_b, off_a) =
                if on_a_in_b <= on_b { (on_a_in_b, on_a) } else { (on_b, converted(on_b, 1.0 / rate).min(on_a)) };
            payments.regions.claims[(Holder(a), Debtor(b))] -= off_b;
            payments.regions.claims[(Holder(b), Debtor(a))] -= off_a;
            // Each side's asset falls by the value of what it gives up, in its own currency.
            payments.post(a, Why::ClearingAssets, converted(off_b, 1.0 / rate));
            payments.post(a, Why::ClearingLiabilities, off_a);
            payments.post(b, Why::ClearingAssets, converted(off_a, rate));
            payments.post(b, Why::ClearingLiabilities, off_b);
        }
    }
}

/// Values foreign claims and bonds at current rates; the difference to book value is a revaluation.
fn revalue(r: usize, payments: &mut Payments) {
    for k in 0..r {
        let (regions, central) = (&*payments.regions, &*payments.central);
        let own = regions.states[k].exchange_rate;
        let value: Money = (0..r)
            .map(|d| {
                let claims = regions.claims[(Holder(k), Debtor(d))] + central[k].foreign_bonds[d];
                converted(claims, regions.states[d].exchange_rate / own)
            })
            .sum();
        let owed = (0..r).map(|h| regions.claims[(Holder(h), Debtor(k))]).sum();
        let book = payments.balance(k, Line::ForeignAssets);
        payments.post(k, Why::Revaluation, value - book);
        payments.central[k].foreign_assets = value;
        payments.central[k].foreign_liabilities = owed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{near, parameters};

    #[test]
    fn surplus_and_rates_make_a_currency_dear_and_inflation_makes_it_cheap() {
        let mut p = parameters().external;
        (p.trade_balance_response, p.rate_response, p.inflation_response) = (0.2, 0.5, 1.0);
        // (0.2 x 0.1 + 0.5 x 0.02 - 1 x 0.006) / 12
        near(appreciation(0.1, 0.02, 0.006, &p, 12.0), 0.002);
    }
}
