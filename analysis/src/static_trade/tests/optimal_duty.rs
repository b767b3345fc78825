//! The duty that is best for a region.
//!
//! Source: Gros (1987), Journal of International Economics 23: even a small region has market power over its own product,
//! and its best duty is `1 / (theta L*)`, with the share `L*` that the rest of the world spends on its own product: `1 / theta`
//! where the region is small.

use super::*;

/// Duty at which the real income of the first region is highest, by ternary search, and the partner's domestic share then.
fn best(economy: &TradeEconomy) -> (f64, f64) {
    let at = |duty: f64| {
        let found = solve(economy, &with_duty(economy, 0, duty)).expect("an equilibrium");
        let after = &found.economy;
        let domestic = after.purchases[after.flow(1, 1, 0, 1)] / after.final_spending()[1];
        (outcome(economy, &found)[0].real_income, domestic)
    };
    let (mut low, mut high) = (0.0, 2.0);
    // Near its top the curve is flat, so duties closer than this cannot be told apart.
    while high - low > 1e-4 {
        let (a, b) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if at(a).0 < at(b).0 { low = a } else { high = b }
    }
    let duty = f64::midpoint(low, high);
    (duty, at(duty).1)
}

#[test]
fn the_best_duty_of_a_small_region() {
    for theta in [2.0, 5.0] {
        // Half of its spending goes abroad, and it is a ten-thousandth of the world.
        let economy = one_product(&[&[0.5, 0.5], &[0.5, 9999.0]], theta);
        near(best(&economy).0, 1.0 / theta, 2e-3);
    }
}

#[test]
fn the_best_duty_of_a_large_region() {
    let theta = 3.0;
    let economy = one_product(&[&[6.0, 4.0], &[4.0, 6.0]], theta);
    let (duty, domestic) = best(&economy);
    near(duty, 1.0 / (theta * domestic), 2e-3);
    assert!(duty > 1.1 / theta, "a large region has more to win: {duty}");
}
