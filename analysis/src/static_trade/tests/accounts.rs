//! No change, markets, budgets, units and the order of steps.

use super::*;

/// A change of all duties and some trade costs.
fn shaken(economy: &TradeEconomy, seed: u64) -> Change {
    let mut change = Change::none(economy);
    for d in 0..economy.regions {
        for o in (0..economy.regions).filter(|&o| o != d) {
            for p in 0..economy.industries {
                let at = economy.pair(d, o, p);
                change.duty_rates[at] = 0.5 * unit(hash(seed, 11, at as u64));
                change.trade_costs[at] = 0.8 + 0.5 * unit(hash(seed, 12, at as u64));
            }
        }
    }
    change
}

#[test]
fn without_a_change_nothing_changes() {
    for seed in 0..5 {
        let economy = random(4, 3, seed);
        let found = solve(&economy, &Change::none(&economy)).expect("an equilibrium");
        for ratio in found.factor_price.iter().chain(&found.unit_cost).chain(&found.composite_price) {
            near(*ratio, 1.0, 1e-13);
        }
        for (after, before) in found.economy.purchases.iter().zip(&economy.purchases) {
            near(*after, *before, 1e-12);
        }
        for region in outcome(&economy, &found) {
            for change in [
                region.real_income,
                region.real_wage,
                region.real_gdp,
                region.real_consumption,
                region.terms_of_trade,
                region.real_imports,
                region.real_exports,
                region.factor_price,
                region.relative_factor_price,
            ] {
                near(change, 0.0, 1e-12);
            }
        }
    }
}

#[test]
fn markets_clear_and_budgets_balance() {
    for seed in 0..5 {
        let economy = random(4, 3, seed);
        let found = solve(&economy, &shaken(&economy, seed)).expect("an equilibrium");
        let after = &found.economy;
        // Inputs are what industries spend on them, and output covers inputs: `check` looks at both.
        after.check().expect("a sound economy");
        let world: f64 = economy.factor_income().iter().sum();
        // The factor earns its price times what there is of it; the numeraire is the world's value added.
        for (d, income) in after.factor_income().iter().enumerate() {
            near(*income, found.factor_price[d] * economy.factor_income()[d], 1e-10);
        }
        near(after.factor_income().iter().sum(), world, 1e-11);
        // Deficits are what they were, and final spending is income, duties and deficit.
        for (d, spent) in after.final_spending().iter().enumerate() {
            near(after.deficits()[d], economy.deficits()[d], 1e-9);
            near(*spent, after.factor_income()[d] + after.duties()[d] + after.deficits()[d], 1e-10);
        }
        // Composition by use and product stays (Cobb-Douglas).
        for at in economy.regions * economy.industries..economy.spending().len() {
            let region = at / economy.industries % economy.regions;
            let share = |of: &TradeEconomy| of.spending()[at] / of.final_spending()[region];
            near(share(after), share(&economy), 1e-11);
        }
    }
}

/// Volumes add up as values do: output less inputs is final spending less imports plus exports.
#[test]
fn volumes_add_up() {
    for seed in 0..5 {
        let economy = random(4, 3, seed);
        let found = solve(&economy, &shaken(&economy, seed)).expect("an equilibrium");
        let (imports, exports) = (economy.imports(), economy.exports());
        for (d, region) in outcome(&economy, &found).iter().enumerate() {
            let final_uses = economy.sum_of(d, |purpose, _, _, value| if purpose == 0 { 0.0 } else { value });
            let gdp = final_uses - imports[d] + exports[d];
            let expected =
                final_uses * region.real_spending - imports[d] * region.real_imports + exports[d] * region.real_exports;
            near(gdp * region.real_gdp, expected, 1e-10);
            assert!(region.real_gdp.abs() > 1e-4, "something has changed: {region:?}");
        }
    }
}

#[test]
fn units_of_money_do_not_matter() {
    let economy = random(3, 4, 8);
    let times = |values: &[f64]| values.iter().map(|x| 1000.0 * x).collect::<Vec<f64>>();
    let larger = TradeEconomy {
        purchases: times(&economy.purchases),
        input_spending: times(&economy.input_spending),
        ..economy.clone()
    };
    let (a, b) = (solve(&economy, &shaken(&economy, 3)), solve(&larger, &shaken(&larger, 3)));
    let (a, b) = (a.expect("an equilibrium"), b.expect("an equilibrium"));
    for (a, b) in a.factor_price.iter().zip(&b.factor_price).chain(a.unit_cost.iter().zip(&b.unit_cost)) {
        near(*a, *b, 1e-9);
    }
}

#[test]
fn regions_have_no_order() {
    let economy = random(3, 2, 4);
    let change = shaken(&economy, 4);
    // Region d of the mirror is region 2 - d.
    let mut mirror = economy.clone();
    let mut mirrored = change.clone();
    for d in 0..3 {
        for o in 0..3 {
            for p in 0..2 {
                let (here, there) = (economy.pair(d, o, p), economy.pair(2 - d, 2 - o, p));
                mirror.duty_rates[there] = economy.duty_rates[here];
                mirrored.duty_rates[there] = change.duty_rates[here];
                mirrored.trade_costs[there] = change.trade_costs[here];
                for purpose in 0..USES {
                    let value = economy.purchases[economy.flow(purpose, d, p, o)];
                    let there = economy.flow(purpose, 2 - d, p, 2 - o);
                    mirror.purchases[there] = value;
                }
            }
        }
        let width = economy.industries * economy.industries;
        let row = economy.input_spending[d * width..(d + 1) * width].to_vec();
        mirror.input_spending[(2 - d) * width..(3 - d) * width].copy_from_slice(&row);
    }
    let (a, b) = (solve(&economy, &change), solve(&mirror, &mirrored));
    let (a, b) = (a.expect("an equilibrium"), b.expect("an equilibrium"));
    for d in 0..3 {
        near(a.factor_price[d], b.factor_price[2 - d], 1e-9);
    }
}

/// The economy after one change is a base for another, and two steps are one.
#[test]
fn two_steps_are_one() {
    let economy = random(3, 3, 9);
    let (first, last) = (shaken(&economy, 1), shaken(&economy, 2));
    let once = solve(&economy, &last).expect("an equilibrium");
    let between = solve(&economy, &first).expect("an equilibrium");
    let trade_costs = last.trade_costs.iter().zip(&first.trade_costs).map(|(b, a)| b / a).collect();
    let rest = Change { trade_costs, ..last };
    let twice = solve(&between.economy, &rest).expect("an equilibrium");
    for d in 0..3 {
        near(between.factor_price[d] * twice.factor_price[d], once.factor_price[d], 1e-9);
    }
    for (a, b) in twice.economy.purchases.iter().zip(&once.economy.purchases) {
        near(*a, *b, 1e-9);
    }
}

#[test]
fn deficits_are_closed() {
    let economy = random(4, 2, 6);
    assert!(economy.deficits().iter().any(|deficit| deficit.abs() > 0.1), "there is something to close");
    let change = Change { deficits: Deficits::Closed, ..Change::none(&economy) };
    let found = solve(&economy, &change).expect("an equilibrium");
    for (deficit, imports) in found.economy.deficits().iter().zip(found.economy.imports()) {
        assert!(deficit.abs() < 1e-9 * imports, "{deficit}");
    }
    // Who could spend less than it earned has more to spend, and its goods become dearer (the transfer problem).
    for (d, deficit) in economy.deficits().iter().enumerate().filter(|x| x.1.abs() > 0.1) {
        let region = outcome(&economy, &found)[d];
        assert!(region.real_income * deficit < 0.0, "{region:?}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let economy = random(2, 2, 1);
    let none = Change::none(&economy);
    let mut bad = economy.clone();
    bad.purchases.pop();
    assert!(matches!(solve(&bad, &none), Err(StaticTradeError::Size { what: "purchases", .. })));
    let mut bad = economy.clone();
    bad.trade_elasticities[1] = 0.0;
    assert!(matches!(solve(&bad, &none), Err(StaticTradeError::Range { what: "trade elasticity", place: 1, .. })));
    let mut bad = economy.clone();
    bad.input_spending[0] *= 1.01;
    assert!(matches!(solve(&bad, &none), Err(StaticTradeError::Unbalanced { region: 0, product: 0, .. })));
    let mut bad = economy.clone();
    for value in &mut bad.input_spending[2..4] {
        *value *= 50.0;
    }
    assert!(matches!(solve(&bad, &none), Err(StaticTradeError::NoValueAdded { region: 0, industry: 1, .. })));
    // A region that buys a product from one origin only cannot do without it.
    let mut hostage = economy.clone();
    for purpose in 0..USES {
        let at = hostage.flow(purpose, 0, 1, 0);
        hostage.purchases[at] = 0.0;
    }
    spread_inputs(&mut hostage, |_, _, _| 1.0);
    assert_eq!(solve(&hostage, &autarky(&hostage)), Err(StaticTradeError::NoSupplier { region: 0, product: 1 }));
    // Held deficits need trade.
    let closed = Change { deficits: Deficits::Held, ..autarky(&economy) };
    assert!(matches!(solve(&economy, &closed), Err(StaticTradeError::NotConverged { .. })));
}
