//! Contract: without policy the world stays where the calibration puts it.

use agents::axes::{Importer, Origin, Product};
use agents::geography::Geography;
use agents::purpose::Purpose;
use agents::state::Regions;
use agents::tally::Tally;
use agents::world::base::Base;
use tests::mean_field::{Economy, Parameters, Scenario};
use tests::worlds::{Case, UNITS, mean_field_tables, shipped};

#[test]
fn the_mean_field_oracle_is_stationary() {
    let mut economy = Economy::new(&mean_field_tables(&shipped()), Parameters::default(), Scenario::default());
    let record = economy.run(120);
    for region in 0..15 {
        let (first, last) = (record.at(0, region).gdp, record.at(119, region).gdp);
        assert!((last / first - 1.0).abs() < 1e-9, "region {region}: {first} to {last}");
    }
}

/// The shipped world at default size, without shocks.
fn quiet(households: usize) -> Case<'static> {
    Case { calibration: shipped(), households, shocks: false, ..Case::random(2, 3, 1) }
}

#[test]
fn first_bilateral_flows_equal_the_table() {
    let mut sim = quiet(20_000).build(true);
    sim.step().expect("balances");
    let (base, tally) = (sim.get::<Base>(), sim.get::<Tally>());
    let (r, g) = (sim.get::<Geography>().region_count(), base.products);
    let mut compared = 0;
    for importer in 0..r {
        for origin in (0..r).filter(|&o| o != importer) {
            let (mut table, mut bought) = (0.0, 0.0);
            for purpose in Purpose::ALL {
                for product in 0..g {
                    let at = (purpose, Importer(importer), Product(product), Origin(origin));
                    table += base.flow[at];
                    bought += tally.purchases.volume[at].as_f64();
                }
            }
            assert!((bought / table - 1.0).abs() < 1e-3, "{origin} to {importer}: {bought} against {table}");
            compared += 1;
        }
    }
    assert_eq!(compared, 15 * 14);
}

#[test]
fn without_shocks_output_and_jobs_stay() {
    stays(&quiet(20_000), 1e-3, 5e-3);
}

/// Units are some of a sample, and what befalls each by chance is seen in its region.
#[test]
fn without_shocks_output_and_jobs_of_units_stay() {
    stays(&Case { parameters: UNITS, ..quiet(10_000) }, 1e-2, 1e-2);
}

/// Asserts that output and unemployment of no region are farther from the base in the second year, a ratio and a share.
fn stays(case: &Case, output: f64, unemployment: f64) {
    let mut sim = case.build(true);
    let mut sums = vec![(0.0, 0.0); 15];
    for tick in 0..24 {
        sim.step().expect("balances");
        if tick >= 12 {
            for (sum, state) in sums.iter_mut().zip(&sim.get::<Regions>().states) {
                sum.0 += state.gdp / state.prices.consumer / 12.0;
                sum.1 += state.labour.unemployment_rate / 12.0;
            }
        }
    }
    for (r, (sum, base)) in sums.iter().zip(&sim.get::<Base>().regions).enumerate() {
        assert!((sum.0 / base.gdp - 1.0).abs() < output, "region {r}: output {} of {}", sum.0, base.gdp);
        let apart = (sum.1 - base.unemployment_rate).abs();
        assert!(apart < unemployment, "region {r}: unemployment {}", sum.1);
    }
}

#[test]
fn quarters_give_the_same_world_as_months() {
    let mut sim = Case { ticks_per_year: 4, ..quiet(5_000) }.build(true);
    for _ in 0..12 {
        sim.step().expect("balances");
    }
    for (r, (state, base)) in sim.get::<Regions>().states.iter().zip(&sim.get::<Base>().regions).enumerate() {
        let output = state.gdp / state.prices.consumer;
        assert!((output / base.gdp - 1.0).abs() < 0.03, "region {r}: output {output} of {}", base.gdp);
    }
}

#[test]
fn a_duty_for_good_sends_no_economy_off_in_a_century() {
    // Interest feeds those who own public debt: unless they save more the more it earns, rates that move for good push demand the wrong
    // way, and the economy ends in a deflation at the nominal bound or in an inflation.
    let duty = "[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = \"all\"\n\
                products = \"all-goods\"\nrate = 0.1\nstart = 2024-03-01\n";
    for policy in ["", duty] {
        let case = Case { households: 300, policy, ..Case::random(3, 5, 7) };
        let mut sim = case.build(true);
        let mut means = [[0.0; 2]; 3];
        for tick in 0..1_200 {
            sim.step().expect("sound accounts");
            if tick >= 1_080 {
                for (mean, state) in means.iter_mut().zip(&sim.get::<Regions>().states) {
                    mean[0] += state.labour.unemployment_rate / 120.0;
                    mean[1] += state.prices.consumer / 120.0;
                }
            }
        }
        for (mean, base) in means.iter().zip(&sim.get::<Base>().regions) {
            let [unemployment, prices] = *mean;
            assert!((unemployment - base.unemployment_rate).abs() < 0.015, "{policy} {means:?}");
            assert!((prices - 1.0).abs() < 0.12, "{policy} {means:?}");
        }
    }
}
