//! Contract: the benchmark gives what theory says where theory has closed forms, and accounts always balance.

mod accounts;
mod closed_forms;
mod optimal_duty;
mod side_by_side;

use engine::rng::{hash, unit};

use super::*;

/// A random world: home purchases weigh more, duties up to 30%, inputs about two fifths of output.
fn random(regions: usize, industries: usize, seed: u64) -> TradeEconomy {
    let draw = |table: u64, place: usize| unit(hash(seed, table, place as u64));
    let (r, g) = (regions, industries);
    let mut economy = TradeEconomy {
        regions: r,
        industries: g,
        purchases: vec![0.0; USES * r * g * r],
        input_spending: vec![0.0; r * g * g],
        duty_rates: vec![0.0; r * r * g],
        trade_elasticities: (0..g).map(|p| 1.5 + 5.0 * draw(1, p)).collect(),
    };
    for d in 0..r {
        for o in (0..r).filter(|&o| o != d) {
            for p in 0..g {
                let at = economy.pair(d, o, p);
                economy.duty_rates[at] = 0.3 * draw(2, at);
            }
        }
    }
    let size = |region: usize| 1.0 + 3.0 * draw(3, region);
    for (at, purchase) in economy.purchases.iter_mut().enumerate() {
        let (row, o) = (at / r, at % r);
        let (purpose, d) = (row / g / r, row / g % r);
        let weight = [0.7, 0.5, 0.2, 0.3][purpose] * if o == d { 4.0 } else { 0.5 };
        *purchase = weight * (0.3 + draw(4, at)) * size(o) * size(d);
    }
    spread_inputs(&mut economy, |region, industry, product| 0.5 + draw(5, (region * g + industry) * g + product));
    economy
}

/// Shares what a region buys as inputs out to its industries, in proportion to their output and a weight.
fn spread_inputs(economy: &mut TradeEconomy, weight: impl Fn(usize, usize, usize) -> f64) {
    let (r, g) = (economy.regions, economy.industries);
    let (output, spending) = (economy.output(), economy.spending());
    for d in 0..r {
        for p in 0..g {
            let all: f64 = (0..g).map(|j| weight(d, j, p) * output[d * g + j]).sum();
            for j in 0..g {
                let share = weight(d, j, p) * output[d * g + j] / all;
                economy.input_spending[(d * g + j) * g + p] = share * spending[d * g + p];
            }
        }
    }
}

/// A world of one product for consumption, without duties.
/// `flows[buyer][origin]` are purchases.
fn one_product(flows: &[&[f64]], theta: f64) -> TradeEconomy {
    let r = flows.len();
    let mut economy = TradeEconomy {
        regions: r,
        industries: 1,
        purchases: vec![0.0; USES * r * r],
        input_spending: vec![0.0; r],
        duty_rates: vec![0.0; r * r],
        trade_elasticities: vec![theta],
    };
    for (d, row) in flows.iter().enumerate() {
        for (o, &value) in row.iter().enumerate() {
            let at = economy.flow(Use::Household as usize, d, 0, o);
            economy.purchases[at] = value;
        }
    }
    economy
}

/// The economy with deficits closed and without duties.
fn free_and_balanced(economy: &TradeEconomy) -> TradeEconomy {
    let duty_rates = vec![0.0; economy.duty_rates.len()];
    let change = Change { duty_rates, deficits: Deficits::Closed, ..Change::none(economy) };
    solve(economy, &change).expect("an equilibrium").economy
}

/// No trade across borders any more.
fn autarky(economy: &TradeEconomy) -> Change {
    let mut change = Change { deficits: Deficits::Closed, ..Change::none(economy) };
    for d in 0..economy.regions {
        for o in (0..economy.regions).filter(|&o| o != d) {
            for p in 0..economy.industries {
                change.trade_costs[economy.pair(d, o, p)] = f64::INFINITY;
            }
        }
    }
    change
}

/// The duties of one region on all origins become `rate`.
fn with_duty(economy: &TradeEconomy, importer: usize, rate: f64) -> Change {
    let mut change = Change::none(economy);
    for o in (0..economy.regions).filter(|&o| o != importer) {
        for p in 0..economy.industries {
            change.duty_rates[economy.pair(importer, o, p)] = rate;
        }
    }
    change
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{found} is not {expected}");
}
