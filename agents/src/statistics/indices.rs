//! Price indices and smoothed signals that agents read in the next tick.

use bevy_ecs::prelude::{Res, ResMut};

use crate::geography::{DECILES, Geography};
use crate::state::{HouseholdRules, Regions, Settings};
use crate::tally::Tally;
use crate::world::base::{Base, PURPOSES, Purpose};

/// Laspeyres index of slot prices with base-year budget shares, 1 at the base.
///
/// Equation: `P = sum_s w_s p_s / p0_s`.
#[must_use]
pub fn laspeyres(weights: &[f64], price: &[f64], base: &[f64]) -> f64 {
    weights.iter().zip(price).zip(base).map(|((w, p), p0)| w * p / p0).sum()
}

/// System: consumer, purchase and capital prices of the tick from actual transactions.
pub fn update_indices(
    settings: Res<Settings>,
    base: Res<Base>,
    geography: Res<Geography>,
    rules: Res<HouseholdRules>,
    tally: Res<Tally>,
    mut regions: ResMut<Regions>,
) {
    let (r, g) = (geography.region_count(), base.products);
    let slots = geography.products.shopping_slots();
    for (k, state) in regions.states.iter_mut().enumerate() {
        let b = &base.regions[k];
        for s in 0..slots {
            let sum = |column: &[i64]| -> i64 { (0..DECILES).map(|d| column[(k * DECILES + d) * slots + s]).sum() };
            let (spent, volume) = (sum(&tally.spending), sum(&tally.volume));
            if volume > 0 {
                state.slot_price[s] = spent as f64 / volume as f64;
            }
        }
        state.consumer_price_history.remove(0);
        state.consumer_price_history.push(state.consumer_price);
        let total: f64 = b.consumption.iter().sum();
        let mut all = 0.0;
        for d in 0..DECILES {
            let weights = &rules.regions[k].base_share[d * slots..(d + 1) * slots];
            state.decile_price[d] = laspeyres(weights, &state.slot_price, &b.consumer_price);
            all += state.decile_price[d] * b.consumption[d] / total;
        }
        state.consumer_price = all;
        let paid = |purpose: Purpose, x: usize| -> Option<f64> {
            let at = ((purpose as usize * r + k) * g + x) * r;
            let volume: i64 = tally.purchases.volume[at..at + r].iter().sum();
            let value: i64 = tally.purchases.value[at..at + r].iter().sum::<i64>()
                + tally.purchases.duty[at..at + r].iter().sum::<i64>();
            (volume > 0).then(|| value as f64 / volume as f64)
        };
        for x in 0..g {
            if let Some(price) = paid(Purpose::Intermediate, x) {
                state.input_price[x] = price;
            }
            if let Some(price) = paid(Purpose::Resale, x) {
                state.resale_price[x] = price;
            }
        }
        let capital: f64 = (0..g).map(|x| b.capital_mix[x] * paid(Purpose::Capital, x).unwrap_or(1.0)).sum();
        state.capital_price = capital;
        let (mut sold, mut bought) = (0.0, 0.0);
        for purpose in 0..PURPOSES {
            for x in 0..g {
                for other in (0..r).filter(|&o| o != k) {
                    sold += tally.purchases.receipts[((purpose * r + other) * g + x) * r + k] as f64;
                    bought += tally.purchases.value[((purpose * r + k) * g + x) * r + other] as f64;
                }
            }
        }
        let ratio = if sold + bought > 0.0 { (sold - bought) / (sold + bought) } else { 0.0 };
        let weight = 1.0 / f64::from(settings.ticks_per_year);
        state.trade_balance_ratio += weight * (ratio - state.trade_balance_ratio);
        state.market_income = tally.income_market[k * DECILES..(k + 1) * DECILES].iter().sum::<i64>() as f64;
    }
}
