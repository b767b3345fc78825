//! Price indices and smoothed signals that agents read in the next tick.

use bevy_ecs::prelude::{Res, ResMut};
use engine::money::{Money, Volume};

use crate::axes::{Decile, Importer, Origin, Product, RegionId, Slot};
use crate::geography::{DECILES, Geography};
use crate::parameters::Parameters;
use crate::purpose::Purpose;
use crate::state::{HouseholdRules, Regions, Settings};
use crate::tally::Tally;
use crate::world::base::Base;

/// Laspeyres index of slot prices with base-year budget shares, 1 at the base.
///
/// Equation: `P = sum_s w_s p_s / p0_s`.
/// Source: International Labour Organization and others (2020), consumer price index manual.
#[must_use]
pub fn laspeyres(weights: &[f64], price: &[f64], base: &[f64]) -> f64 {
    weights.iter().zip(price).zip(base).map(|((w, p), p0)| w * p / p0).sum()
}

/// Direct effect of duties above their base-year rates on consumer prices once outlets have repriced, points.
///
/// Equation: `sum_x v_x (d_x - d0_x) / C`, with base-year household volume `v_x` of a good, duty per unit bought for
/// resale `d_x` now and at the base `d0_x`, and base-year consumption `C`.
/// Source: Eurostat, consumer prices at constant tax rates: full and immediate pass-through of the tax; here of duties.
fn duty_content(base: &Base, geography: &Geography, tally: &Tally, k: usize) -> f64 {
    let b = &base.regions[k];
    let mut content = 0.0;
    for (slot, &x) in geography.products.goods.iter().enumerate() {
        let row = (Purpose::Resale, Importer(k), Product(x));
        let origins = base.origins(Purpose::Resale, k, x);
        let total: f64 = origins.iter().sum();
        let before: f64 = origins.iter().enumerate().map(|(o, v)| v * base.tariff(k, o, x)).sum();
        let volume = tally.purchases.volume.row(row).iter().sum::<Volume>().as_f64();
        let duty = tally.purchases.duty.row(row).iter().sum::<Money>() as f64;
        if volume > 0.0 && total > 0.0 {
            let bought: f64 = (0..DECILES).map(|d| b.consumption_volume[(Decile(d), Slot(slot))]).sum();
            content += bought * (duty / volume - before / total);
        }
    }
    content / b.consumption.iter().sum::<f64>()
}

/// System: consumer, purchase and capital prices of the tick from actual transactions.
pub fn update_indices(
    settings: Res<Settings>,
    p: Res<Parameters>,
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
            let deciles = || (0..DECILES).map(|d| (RegionId(k), Decile(d), Slot(s)));
            let spent: Money = deciles().map(|at| tally.spending[at]).sum();
            let volume: Volume = deciles().map(|at| tally.volume[at]).sum();
            if volume.is_positive() {
                state.prices.by_slot[s] = spent as f64 / volume.as_f64();
            }
        }
        state.prices.consumer_history.remove(0);
        state.prices.consumer_history.push(state.prices.consumer);
        let total: f64 = b.consumption.iter().sum();
        let mut all = 0.0;
        for d in 0..DECILES {
            let weights = rules.regions[k].base_share.row((Decile(d),));
            let price = laspeyres(weights, &state.prices.by_slot, &b.consumer_price);
            state.prices.decile_inflation[d] = price / state.prices.by_decile[d];
            state.prices.by_decile[d] = price;
            all += state.prices.by_decile[d] * b.consumption[d] / total;
        }
        state.prices.consumer = all;
        let reviewed = settings.monthly(p.retail.price_review_probability);
        let content = p.retail.pass_through * duty_content(&base, &geography, &tally, k);
        state.prices.duty_content += reviewed * (content - state.prices.duty_content);
        state.prices.core_history.remove(0);
        state.prices.core_history.push(state.prices.core);
        state.prices.core = all - p.monetary.duty_look_through * state.prices.duty_content;
        let paid = |purpose: Purpose, x: usize| -> Option<f64> {
            let (row, bought) = ((purpose, Importer(k), Product(x)), &tally.purchases);
            let volume: Volume = bought.volume.row(row).iter().sum();
            let value: Money = bought.value.row(row).iter().chain(bought.duty.row(row)).sum();
            volume.is_positive().then(|| value as f64 / volume.as_f64())
        };
        for x in 0..g {
            if let Some(price) = paid(Purpose::Intermediate, x) {
                state.prices.inputs[x] = price;
            }
            if let Some(price) = paid(Purpose::Resale, x) {
                state.prices.resale[x] = price;
            }
        }
        let capital: f64 = (0..g).map(|x| b.capital_mix[x] * paid(Purpose::Capital, x).unwrap_or(1.0)).sum();
        state.prices.capital = capital;
        let (mut sold, mut bought) = (0.0, 0.0);
        for purpose in Purpose::ALL {
            for x in (0..g).map(Product) {
                for other in (0..r).filter(|&o| o != k) {
                    sold += tally.purchases.receipts[(purpose, Importer(other), x, Origin(k))] as f64;
                    bought += tally.purchases.value[(purpose, Importer(k), x, Origin(other))] as f64;
                }
            }
        }
        let ratio = if sold + bought > 0.0 { (sold - bought) / (sold + bought) } else { 0.0 };
        let weight = 1.0 / f64::from(settings.ticks_per_year);
        state.trade_balance_ratio += weight * (ratio - state.trade_balance_ratio);
        state.market_income = tally.income_market.row((RegionId(k),)).iter().sum::<i64>() as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn an_index_weighs_by_base_year_budgets() {
        // 0.25 x 12 / 10 + 0.75 x 4 / 4
        near(laspeyres(&[0.25, 0.75], &[12.0, 4.0], &[10.0, 4.0]), 1.05);
    }

    #[test]
    fn duties_on_what_is_bought_for_resale_are_in_prices() {
        let world = crate::testing::world();
        let (base, geography) = (world.resource::<Base>(), world.resource::<Geography>());
        let (r, g, slots) = (base.regions.len(), base.products, geography.products.shopping_slots());
        // Base-year volumes from every origin, as many times 1000 as there are, at base-year duties: nothing new.
        let bought = |extra: f64| {
            let mut tally = Tally::new(r, g, slots);
            for &x in &geography.products.goods {
                for (o, volume) in base.origins(Purpose::Resale, 0, x).iter().enumerate() {
                    let at = (Purpose::Resale, Importer(0), Product(x), Origin(o));
                    let volume = 1e6 * volume;
                    tally.purchases.volume[at] = Volume::within(volume);
                    tally.purchases.duty[at] = (volume * (base.tariff(0, o, x) + extra)) as i64;
                }
            }
            duty_content(base, geography, &tally, 0)
        };
        assert!(bought(0.0).abs() < 1e-6);
        // Ten points more on everything: a tenth of the volume of goods, over consumption.
        let b = &base.regions[0];
        let goods: f64 = (0..DECILES)
            .flat_map(|d| (0..geography.products.goods.len()).map(move |slot| (Decile(d), Slot(slot))))
            .map(|at| b.consumption_volume[at])
            .sum();
        let expected = 0.1 * goods / b.consumption.iter().sum::<f64>();
        assert!((bought(0.1) - expected).abs() < 1e-5 * expected, "{} {expected}", bought(0.1));
    }
}
