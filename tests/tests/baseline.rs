//! Contract: the mean-field oracle is stationary at the shipped calibration.

use tests::mean_field::{Economy, Parameters, Scenario};
use tests::worlds::{mean_field_tables, shipped};

#[test]
fn the_mean_field_oracle_is_stationary() {
    let mut economy = Economy::new(&mean_field_tables(&shipped()), Parameters::default(), Scenario::default());
    let record = economy.run(120);
    for region in 0..15 {
        let (first, last) = (record.at(0, region).gdp, record.at(119, region).gdp);
        assert!((last / first - 1.0).abs() < 1e-9, "region {region}: {first} to {last}");
    }
}
