//! Contract: where households are units, what is known of people holds in a living world too, and its accounts and bits are as exact.

use agents::record::watch::Watch;
use agents::simulation::Simulation;
use agents::state::Regions;
use agents::world::base::Base;
use tests::worlds::{Case, shipped};

const UNITS: &str = "households = { units = true }\n";

/// Asserts that a figure lies in a band.
#[track_caller]
fn within(name: &str, value: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&value), "{name}: {value} is outside {low} to {high}");
}

/// The shipped world without shocks, with many people in the United States.
fn united_states() -> Simulation {
    let case =
        Case { calibration: shipped(), parameters: UNITS, shocks: false, households: 500, ..Case::random(2, 3, 1) };
    let mut setup = case.setup(true);
    setup.size.households[0] = 12_000;
    Simulation::new(&setup).expect("a world")
}

#[test]
fn facts_about_people_hold_in_a_living_world() {
    let mut sim = united_states();
    let mut watch = Watch::new(&sim, 0);
    for _ in 0..120 {
        sim.step().expect("balances");
        watch.tick(&sim);
    }
    let f = watch.facts(&sim);
    within("P1 bottom", f.stays[0][0], 0.56, 0.68);
    (1..4).for_each(|k| within("P1 middle", f.stays[0][k], 0.35, 0.53));
    within("P1 top", f.stays[0][4], 0.60, 0.72);
    within("P2 bottom", f.stays[1][0], 0.654, 0.774);
    within("P2 top", f.stays[1][4], 0.619, 0.747);
    within("P3 tenths", f.tenths[0], 0.65, 0.78);
    within("P3 middle tenths", f64::midpoint(f.tenths[4], f.tenths[5]), 0.22, 0.32);
    within("P3 top tenth", f.tenths[9], 0.65, 0.78);
    within("P3 rank correlation", f.rank_correlation, 0.90, 0.94);
    within("P4", f.changed, 0.50, 0.62);
    within("L1", f.moves_of_separations, 0.40, 0.55);
    within("L2", f.moves, 0.018, 0.028);
    for (k, share) in [0.062, 0.031, 0.019].into_iter().enumerate() {
        within("L3", f.dismissals[k], 0.75 * share, 1.25 * share);
    }
    for (k, rate) in [0.085, 0.044, 0.027].into_iter().enumerate() {
        within("L4", f.unemployment[k], rate - 0.015, rate + 0.015);
    }
    within("L6 out", f.participation_flows[0], 0.012, 0.027);
    within("L6 in", f.participation_flows[1], 0.045, 0.089);
    within("L7", f.weeks, 16.0, 26.0);
    for (k, ordinate) in [0.0003, 0.0035, 0.0184, 0.0742].into_iter().enumerate() {
        within("W1", f.liquid[1][k], 0.5 * ordinate, 2.0 * ordinate);
    }
    let table = &case_shares();
    for (at, off) in f.shares.iter().zip([0.03, 0.10]) {
        for (share, wanted) in at.iter().zip(table) {
            within("G1", share / wanted, 1.0 - off, 1.0 + off);
        }
    }
}

fn case_shares() -> Vec<f64> {
    shipped().income_shares[..10].to_vec()
}

#[test]
fn units_spend_at_first_what_the_table_says_and_the_fund_returns_what_it_takes() {
    let mut sim = united_states();
    let base: f64 = sim.get::<Base>().regions[0].consumption.iter().sum();
    let budgets: i64 = {
        let range = sim.get::<agents::geography::Geography>().regions[0].households.range();
        agents::store::rows_of::<agents::components::Household>(sim.world())[range].iter().map(|x| x.budget).sum()
    };
    within("budgets over the table", budgets as f64 / base, 0.999, 1.001);
    let reserve = |sim: &Simulation| sim.get::<Regions>().states[0].fund.reserve as f64;
    let before = reserve(&sim);
    for _ in 0..24 {
        sim.step().expect("balances");
    }
    within("reserve after two years, months of consumption gained", (reserve(&sim) - before) / base, -1.0, 1.0);
}

#[test]
fn units_do_not_depend_on_threads_or_restarts() {
    let case = Case { parameters: UNITS, ..Case::random(2, 3, 3) };
    let seen = case.same_on_all_ways(8, &[0, 5], |sim| sim.digest().combined());
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
}
