use super::*;

/// Two regions A and B, one industry. A produces 1000, buys 200 from B and sells it 100; B produces 500.
fn start() -> Start {
    Start {
        regions: vec!["A".into(), "B".into()],
        industries: vec!["X".into()],
        unemployment: vec![0.05, 0.1],
        output: vec![1000.0, 500.0],
        flows: vec![0.0, 200.0, 100.0, 0.0],
    }
}

/// A seed of two years in which nothing moves.
fn still() -> Seed {
    let panel = |places: usize, periods: usize, value: f64| vec![vec![value; periods]; places];
    Seed {
        gdp: panel(2, 2, 0.0),
        unemployment: panel(2, 2, 0.0),
        inflation: panel(2, 2, 0.0),
        output: panel(2, 2, 1.0),
        output_ticks: panel(2, 24, 1.0),
        shares: panel(4, 2, 0.0),
        first: panel(4, 1, 0.0),
        first_quiet: panel(4, 1, 0.0),
        quiet: panel(2, 24, 0.0),
    }
}

fn row<'a>(findings: &'a [Finding], bar: &str) -> &'a Finding {
    findings.iter().find(|found| found.bar == bar).unwrap_or_else(|| panic!("no {bar}"))
}

#[test]
fn purchases_by_hand() {
    // A: 1000 - 100 + 200; B: 500 - 200 + 100.
    assert_eq!(start().purchases(), [1100.0, 400.0]);
}

#[test]
fn shares_by_hand() {
    let found = Purchases {
        imports: vec![vec![0.0; 3], vec![210.0, 230.0, 1.0], vec![100.0, 104.0, 1.0], vec![0.0; 3]],
        all: vec![vec![1100.0, 1100.0, 1.0], vec![400.0, 416.0, 1.0]],
    };
    let shares = shares(&found, &start(), 2);
    // A from B: mean 220 of 1100 is a fifth, which is 10% above 2/11. B from A: 102 of 408 is the quarter of the start.
    assert!((shares[1][0] - 10.0).abs() < 1e-9 && shares[1].len() == 1);
    assert!(shares[2][0].abs() < 1e-9);
    assert!(shares[0][0].is_nan() && shares[3][0].is_nan(), "what is bought at home is not compared");
    let tiny = Start { flows: vec![0.0, 4.0, 100.0, 0.0], ..start() };
    assert!(super::shares(&found, &tiny, 2)[1][0].is_nan(), "below half a percent");
}

#[test]
fn first_flows_by_hand() {
    let volumes =
        Array { dimensions: Vec::new(), shape: vec![2, 2, 2], values: vec![7.0, 202.0, 99.0, 7.0, 9.0, 9.0, 9.0, 9.0] };
    let found = first_flows(&volumes, &start());
    assert!((found[1][0] - 1.0).abs() < 1e-9 && (found[2][0] + 1.0).abs() < 1e-9);
    assert!(found[0][0].is_nan() && found[3][0].is_nan());
}

#[test]
fn a_world_at_rest_holds_every_bar() {
    let found = findings(&start(), &[still(), still()]);
    assert_eq!(found.len(), BARS.len());
    for finding in &found {
        assert!(finding.holds(), "{}", finding.bar);
    }
}

#[test]
fn the_worst_place_and_time_are_named() {
    let (mut one, mut other) = (still(), still());
    (one.gdp[1][1], other.gdp[1][1]) = (-5.0, -3.0);
    (one.output[0][1], other.output[0][1]) = (0.02, 1.4);
    one.output_ticks[0][20] = 0.01;
    one.first_quiet[2][0] = 0.2;
    one.quiet[0][7] = 0.12;
    let seeds = [one, other];
    let found = findings(&start(), &seeds);
    let gdp = row(&found, "real GDP");
    assert_eq!((gdp.place.as_str(), gdp.when.as_str()), ("B", "year 2"));
    assert!((gdp.value.expect("measured").mean + 4.0).abs() < 1e-12);
    let holds = |bar| row(&found, bar).holds();
    assert!(!holds("real GDP") && holds("lowest output") && !holds("lowest month of a seed"));
    let lowest = row(&found, "lowest month of a seed");
    assert_eq!((lowest.place.as_str(), lowest.when.as_str()), ("A X", "tick 20"));
    assert!(
        row(&found, "first flows").place == "B from A" && !holds("first flows") && holds("first flows with shocks")
    );
    // The mean over seeds is 0.06.
    assert!(row(&found, "quiet GDP").when == "tick 7" && holds("quiet GDP") && !holds("quiet GDP of a seed"));

    let table = regions(&start(), &seeds);
    assert_eq!(table.rows[1][..5], ["B", "-4.00", "0.00", "-4.00", "10.00"]);
    assert_eq!(years(&start(), &seeds).rows.len(), 3 * 2 * 2);
}
