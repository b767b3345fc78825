//! Gains from trade, duties and trade costs where theory has a formula, or an economy that can be solved otherwise.

use engine::math::{exp, ln, pow};

use super::*;

/// Three regions that trade in balance: what `d` buys from `o` is what `o` buys from `d`.
const BALANCED: [&[f64]; 3] = [&[8.0, 1.0, 0.5], &[1.0, 3.0, 0.25], &[0.5, 0.25, 1.0]];

/// Source: Arkolakis, Costinot and Rodriguez-Clare (2012), American Economic Review 102(1), equation 1: real income
/// changes with the domestic share to the power `-1/theta`.
#[test]
fn gains_from_trade_of_one_product() {
    for theta in [1.5, 4.0, 8.0] {
        let economy = one_product(&BALANCED, theta);
        let found = solve(&economy, &autarky(&economy)).expect("an equilibrium");
        for (d, region) in outcome(&economy, &found).iter().enumerate() {
            let domestic = BALANCED[d][d] / BALANCED[d].iter().sum::<f64>();
            near(1.0 + region.real_income, pow(domestic, 1.0 / theta), 1e-12);
            near(1.0 + region.real_wage, pow(domestic, 1.0 / theta), 1e-12);
            near(region.real_imports, -1.0, 1e-12);
        }
    }
}

/// The same with inputs made of the product itself: gains are those to the power of one over the share of value added.
///
/// Source: Costinot and Rodriguez-Clare (2014), section 3.4.
#[test]
fn gains_from_trade_with_inputs() {
    let (theta, inputs) = (4.0, 0.6);
    let mut economy = one_product(&BALANCED, theta);
    let width = 9;
    for at in 0..width {
        let all = economy.purchases[width + at];
        economy.purchases[at] = inputs * all;
        economy.purchases[width + at] = (1.0 - inputs) * all;
    }
    spread_inputs(&mut economy, |_, _, _| 1.0);
    let found = solve(&economy, &autarky(&economy)).expect("an equilibrium");
    for (d, region) in outcome(&economy, &found).iter().enumerate() {
        let domestic = BALANCED[d][d] / BALANCED[d].iter().sum::<f64>();
        near(1.0 + region.real_income, pow(domestic, 1.0 / (theta * (1.0 - inputs))), 1e-12);
    }
}

/// Many products and inputs: `ln W' / W = sum_g b_g (ln L_g / theta_g) + (the same of inputs through the Leontief inverse)`.
///
/// With `m = ln L_0 / theta` of inputs, unit costs in autarky solve `c = a (c - m)`, so `c = -(1 - a)^(-1) a m`.
/// Source: Costinot and Rodriguez-Clare (2014), section 3.4, with domestic shares by use.
#[test]
fn gains_from_trade_of_many_products() {
    for seed in 20..24 {
        let economy = free_and_balanced(&random(4, 3, seed));
        let (r, g) = (economy.regions, economy.industries);
        let found = solve(&economy, &autarky(&economy)).expect("an equilibrium");
        let (spending, output) = (economy.spending(), economy.output());
        let changes = outcome(&economy, &found);
        for d in 0..r {
            let domestic = |purpose: usize, p: usize| {
                economy.purchases[economy.flow(purpose, d, p, d)] / spending[(purpose * r + d) * g + p]
            };
            let dearer = |purpose: usize, p: usize| -ln(domestic(purpose, p)) / economy.trade_elasticities[p];
            let share = |j: usize, p: usize| economy.input_spending[(d * g + j) * g + p] / output[d * g + j];
            // The price of a composite rises by `-dearer`: home goods alone are a smaller choice.
            let mut cost = vec![0.0; g];
            for _ in 0..2000 {
                cost = (0..g).map(|j| (0..g).map(|p| share(j, p) * (cost[p] + dearer(0, p))).sum()).collect();
            }
            let all = economy.final_spending()[d];
            let mut log = 0.0;
            for purpose in 1..USES {
                for p in 0..g {
                    log -= spending[(purpose * r + d) * g + p] / all * (cost[p] + dearer(purpose, p));
                }
            }
            near(1.0 + changes[d].real_income, exp(log), 1e-11);
        }
    }
}

/// With a duty real income is also the duties that are handed back: `W'/W = (F'/F) / (w'/w) (L'/L)^(-1/theta)`.
#[test]
fn duties_handed_back() {
    let mut economy = random(4, 1, 31);
    // Consumption only.
    for purpose in [0, 2, 3] {
        for at in purpose * 16..(purpose + 1) * 16 {
            economy.purchases[at] = 0.0;
        }
    }
    economy.input_spending.fill(0.0);
    let found = solve(&economy, &with_duty(&economy, 1, 0.8)).expect("an equilibrium");
    let domestic = |of: &TradeEconomy, d: usize| of.purchases[of.flow(1, d, 0, d)] / of.final_spending()[d];
    for (d, region) in outcome(&economy, &found).iter().enumerate() {
        let spent = found.economy.final_spending()[d] / economy.final_spending()[d];
        let share = domestic(&found.economy, d) / domestic(&economy, d);
        let expected = spent / found.factor_price[d] * pow(share, -1.0 / economy.trade_elasticities[0]);
        near(1.0 + region.real_income, expected, 1e-11);
    }
}

/// Equal regions whose trade becomes cheaper by the same factor keep equal wages, so shares follow from the cost alone.
#[test]
fn cheaper_trade_between_equals() {
    let (theta, cost) = (5.0, 0.7);
    let economy = one_product(&[&[9.0, 1.0], &[1.0, 9.0]], theta);
    let mut change = Change::none(&economy);
    change.trade_costs[1] = cost;
    change.trade_costs[2] = cost;
    let found = solve(&economy, &change).expect("an equilibrium");
    let domestic = 0.9 / (0.9 + 0.1 * pow(cost, -theta));
    for d in 0..2 {
        near(found.factor_price[d], 1.0, 1e-11);
        near(found.economy.purchases[found.economy.flow(1, d, 0, d)], 10.0 * domestic, 1e-11);
        near(1.0 + outcome(&economy, &found)[d].real_income, pow(domestic / 0.9, -1.0 / theta), 1e-11);
    }
}

/// Two regions in levels: `w` is the wage of the first over that of the second, `size` their labour, `taste` what they
/// like of the other's product, `duty` what the first levies. Returns the excess of what the first buys over what it sells.
fn balance_in_levels(w: f64, size: [f64; 2], taste: f64, theta: f64, duty: f64) -> f64 {
    let foreign = |own: f64, other: f64| taste * pow(other, -theta) / (pow(own, -theta) + taste * pow(other, -theta));
    let (into, out) = (foreign(w, 1.0 + duty), foreign(1.0, w));
    // Spending is wages and duties, which are spent again.
    let spending = w * size[0] / (1.0 - into * duty / (1.0 + duty));
    into * spending / (1.0 + duty) - out * size[1]
}

/// The wage that balances trade, by bisection: dearer work at home buys more abroad and sells less.
fn wage_in_levels(size: [f64; 2], taste: f64, theta: f64, duty: f64) -> f64 {
    let (mut low, mut high) = (1e-3, 1e3);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if balance_in_levels(middle, size, taste, theta, duty) > 0.0 { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

#[test]
fn a_duty_between_two_regions_solved_in_levels() {
    let (taste, theta) = (0.3, 4.0);
    for (size, duty) in [([1.0, 1.0], 0.2), ([1.0, 1.0], 1.5), ([3.0, 1.0], 0.4), ([0.2, 1.0], 0.1)] {
        let before = wage_in_levels(size, taste, theta, 0.0);
        let after = wage_in_levels(size, taste, theta, duty);
        let foreign =
            |own: f64, other: f64| taste * pow(other, -theta) / (pow(own, -theta) + taste * pow(other, -theta));
        let (into, out) = (foreign(before, 1.0), foreign(1.0, before));
        let incomes = [before * size[0], size[1]];
        let economy = one_product(
            &[&[(1.0 - into) * incomes[0], into * incomes[0]], &[out * incomes[1], (1.0 - out) * incomes[1]]],
            theta,
        );
        let found = solve(&economy, &with_duty(&economy, 0, duty)).expect("an equilibrium");
        near(found.factor_price[0] / found.factor_price[1], after / before, 1e-9);
        // Utility is income over the price index, both in levels.
        let index = |w: f64, other: f64| pow(pow(w, -theta) + taste * pow(other, -theta), -1.0 / theta);
        let share = foreign(after, 1.0 + duty);
        let spending = after * size[0] / (1.0 - share * duty / (1.0 + duty));
        let utility = spending / index(after, 1.0 + duty) / (incomes[0] / index(before, 1.0));
        near(1.0 + outcome(&economy, &found)[0].real_income, utility, 1e-9);
        // Each region sells at the price of its work, of which there is as much as before.
        let region = outcome(&economy, &found)[0];
        near(1.0 + region.terms_of_trade, after / before, 1e-9);
        near(1.0 + region.relative_factor_price, after / before, 1e-9);
        near(region.real_gdp, 0.0, 1e-9);
        // The duty turns the terms of trade to the advantage of who levies it.
        assert!(outcome(&economy, &found)[0].terms_of_trade > 0.0);
        assert!(outcome(&economy, &found)[1].real_income < 0.0);
    }
}
