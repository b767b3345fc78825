use super::*;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} is not {b}");
}

/// A seed of two regions over 20 years: region A follows `a` by month, region B stays.
fn seed(a: impl Fn(usize) -> f64) -> Seed {
    Seed { deviation: vec![(0..240).map(a).collect(), vec![0.0; 240]], inflation: vec![vec![0.0; 20]; 2] }
}

fn codes() -> Vec<String> {
    vec!["A".into(), "B".into()]
}

fn verdict(findings: &[Finding], bar: &str) -> &'static str {
    let found = findings.iter().find(|found| found.bar == format!("test: {bar}")).unwrap_or_else(|| panic!("no {bar}"));
    if found.holds() { "yes" } else { "no" }
}

fn found(seeds: &[Seed]) -> Vec<Finding> {
    Experiment { scenario: "test", regions: &codes(), seeds, ticks_per_year: 12 }.findings()
}

#[test]
fn amplitude_and_swing_by_hand() {
    close(amplitude(&[1.0, -2.0, 0.5]), 3.0);
    // On the line 2 + 3 t nothing swings.
    close(swing(&[2.0, 5.0, 8.0, 11.0]), 0.0);
    // 1, -1, -1, 1 has no slope; squares sum to 4, two degrees of freedom.
    close(swing(&[1.0, -1.0, -1.0, 1.0]), 2.0_f64.sqrt());
    close(swing(&[1.0, 2.0]), 0.0);
}

#[test]
fn contrasts_cancel_the_common_part_and_keep_the_noise() {
    assert!(contrasts(1).is_empty());
    for (seeds, ways) in [(2, 2), (3, 3), (4, 6), (8, 70), (12, 252)] {
        let found = contrasts(seeds);
        assert_eq!(found.len(), ways);
        for weights in found {
            close(weights.iter().sum(), 0.0);
            close(weights.iter().map(|weight| weight * weight).sum(), 1.0 / seeds as f64);
        }
    }
}

#[test]
fn noise_floor_by_hand() {
    // A common rise of ten a year cancels; half the difference of the seeds is left: A 1, -1 then 0, 0; B 2, 0 then 1, -1.
    let one = vec![vec![1.0, 9.0, 20.0, 30.0], vec![2.0, 10.0, 21.0, 29.0]];
    let other = vec![vec![-1.0, 11.0, 20.0, 30.0], vec![-2.0, 10.0, 19.0, 31.0]];
    let floors = noise_floors(&[one.clone(), other], &[0..2, 2..4]);
    // Amplitudes of A: 2 and 0, mean 1, largest ratio 2; of B: 2 and 2, mean 2, ratio 1. The ratio 2 counts for both.
    close(floors[0], 2.0);
    close(floors[1], 4.0);
    assert_eq!(noise_floors(&[one], &[0..2, 2..4]), [0.0, 0.0]);
}

#[test]
fn a_world_that_settles() {
    let seeds =
        [seed(|month| -1.0 - (-(month as f64) / 12.0).exp()), seed(|month| -1.2 - (-(month as f64) / 12.0).exp())];
    let found = found(&seeds);
    for finding in &found {
        let bar = finding.bar.strip_prefix("test: ").expect("a scenario");
        assert_eq!(verdict(&found, bar), "yes", "{bar}");
    }
    let settling = settling(&seeds, 12).expect("long enough");
    assert!((settling[0].mean.mean + 1.1).abs() < 1e-3);
}

#[test]
fn a_jump_is_far_from_the_mean() {
    // Month 168 of 96 to 240 is in the middle: the mean is 2.5, and every month is 2.5 from it.
    let jump = |month: usize| if month < 168 { 0.0 } else { 5.0 };
    let found = found(&[seed(jump), seed(jump)]);
    assert_eq!(verdict(&found, "settles"), "no");
    close(found[0].value.expect("run").mean.abs(), 2.5);
    assert_eq!(verdict(&found, "does not grow"), "yes", "it moves between the spans, not in the second");
}

#[test]
fn a_rising_oscillation_is_seen() {
    let rising = |sign: f64| move |month: usize| sign * month as f64 / 240.0 * (month as f64 / 5.0).sin();
    let slow = |month: usize| month as f64 / 240.0 * (month as f64 / 12.0).sin();
    let together = found(&[seed(slow), seed(|month| slow(month) * 1.01)]);
    assert_eq!((verdict(&together, "does not grow"), verdict(&together, "no rising swing")), ("no", "no"));
    // Opposite phases cancel in the mean over seeds, not in the swings of single seeds.
    let apart = found(&[seed(rising(1.0)), seed(rising(-1.0))]);
    assert_eq!((verdict(&apart, "does not grow"), verdict(&apart, "no rising swing")), ("yes", "no"));
    let falling = found(&[seed(|month| rising(1.0)(240 - month)), seed(|month| rising(1.0)(240 - month))]);
    assert_eq!((verdict(&falling, "does not grow"), verdict(&falling, "no rising swing")), ("yes", "yes"));
}

#[test]
fn inflation_of_the_last_five_years() {
    let mut one = seed(|_| 0.0);
    one.inflation[1][14] = 9.0;
    one.inflation[1][15] = -1.5;
    let found = found(&[one]);
    assert_eq!(verdict(&found, "inflation is back"), "no");
    let finding = found.last().expect("findings");
    assert_eq!((finding.place.as_str(), finding.when.as_str()), ("B", "year 16"));
}

#[test]
fn a_short_run_is_not_judged() {
    let mut short = seed(|month| -(month as f64) / 10.0);
    short.deviation.iter_mut().for_each(|series| series.truncate(18));
    short.inflation.iter_mut().for_each(|rates| rates.truncate(1));
    let seeds = [short];
    let experiment = Experiment { scenario: "test", regions: &codes(), seeds: &seeds, ticks_per_year: 12 };
    assert!(experiment.findings().iter().all(|finding| finding.value.is_none()));
    assert!(experiment.table().rows.is_empty());
    // Quarterly means -0.1, -0.4 .. -1.6.
    let response = experiment.response(0);
    close(response[0].value.expect("six quarters").mean, -1.6);
    close(response[1].value.expect("six quarters").mean, -0.1);
    let mut table = Table::new(["variable", "region", "year", "mean", "low", "high"]);
    experiment.push_years(&mut table);
    assert_eq!(table.rows.len(), 4);
    assert_eq!(table.rows[0][..4], ["test: real GDP, % of baseline", "A", "1", "-0.55000"]);
}
