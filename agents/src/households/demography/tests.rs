use super::*;
use crate::testing::near;

fn shipped(code: &str) -> RegionDemography {
    let world = configs::calibration::Calibration::parse(&configs::shipped::world("world-15x21").expect("shipped"))
        .expect("balances");
    let at = world.regions.iter().position(|x| x.code == code).expect("a region");
    world.demography[at].expect("known")
}

/// Years expected at birth by a population that is born and dies so.
fn expected(vital: &Vital) -> f64 {
    let (mut alive, mut years) = (vital.newborn, 0.0);
    for age in 0..AGES - 1 {
        years += alive;
        alive *= vital.survival[age];
    }
    // From 100 on as many stay every year: a share s of them, so 1 / (1 - s) years each.
    years + alive / (1.0 - vital.survival[AGES - 1])
}

#[test]
fn people_die_by_age_as_gompertz_and_makeham_say() {
    // exp(-0.0005 x 10 - 0.001 / 0.1 (e - 1)).
    near(alive(10.0, 0.001), (-0.005_f64 - 0.01 * (std::f64::consts::E - 1.0)).exp());
    near(alive(0.0, 0.001), 1.0);
    let [early, late] = [0.000_1, 0.000_01].map(|level| lived(level).iter().sum::<f64>());
    assert!(early < 70.0 && late > 80.0, "{early} {late}");
}

#[test]
fn tables_are_met_life_expectancy_and_children_a_woman() {
    for (code, years, children) in [("CHN", 78.3, 1.01), ("KOR", 84.4, 0.74), ("JPN", 84.9, 1.2), ("ROW", 68.0, 3.2)] {
        let vital = Vital::of(Some(&shipped(code)), 1e9);
        // The same from the rates by which people die in a year as from the curve: to the rounding of the table.
        assert!((expected(&vital) - years).abs() < 0.05, "{code} {}", expected(&vital));
        near(vital.total_fertility(), children);
        near(vital.base.iter().sum(), 1e9);
        let [children, _, old] = by_group(&vital.base).map(|x| x / 1e9);
        let table = shipped(code).ages;
        near(children, table[..3].iter().sum());
        near(old, table[13..].iter().sum());
    }
}

#[test]
fn mothers_have_their_children_around_a_mean_age() {
    let rates = fertility(2.0, 30.0);
    near(rates.iter().sum(), 2.0);
    // As often half a year before as half a year after the mean; one standard deviation off exp(-1/2) of that.
    near(rates[29], rates[30]);
    near(rates[35] / rates[24], 1.0);
    assert!(rates[14] <= 0.0 && rates[50] <= 0.0 && rates[15] > 0.0 && rates[49] > 0.0);
}

#[test]
fn a_year_by_hand() {
    // Nine in ten of all live on, of the newborn four fifths; women of 20 to 22 have half a child a year.
    let mut vital = Vital { base: vec![], survival: vec![0.9; AGES], newborn: 0.8, fertility: vec![0.0; AGES] };
    vital.fertility[20..23].fill(0.5);
    let mut ages = vec![0.0; AGES];
    (ages[20], ages[64], ages[99], ages[100]) = (205.0, 100.0, 10.0, 20.0);
    let year = advance(&vital, &ages, 2.0);
    // 100 women of 20 and 90 of 21: twice 0.5 x (100 / 2 + 90 / 2).
    near(year.births, 95.0);
    near(year.ages[0], 76.0);
    near(year.ages[21], 184.5);
    near(year.ages[65], 90.0);
    near(year.ages[100], 27.0);
    near(year.deaths, 20.5 + 10.0 + 3.0 + 19.0);
    near(year.die[0], 0.1);
    near(year.die[1], 0.1);
    for (found, by_hand) in by_group(&year.ages).into_iter().zip([76.0, 184.5, 117.0]) {
        near(found, by_hand);
    }
}

#[test]
fn who_is_nowhere_more_is_dead_and_who_is_nowhere_less_was_born() {
    let vital = Vital::of(Some(&shipped("IND")), 1.4e9);
    let year = advance(&vital, &vital.base, 1.0);
    let sum = |ages: &[f64]| ages.iter().sum::<f64>();
    near(sum(&year.ages), sum(&vital.base) + year.births - year.deaths);
    // About as many as are counted: 23 million births and 9 to 10 million deaths.
    assert!(
        (20e6..27e6).contains(&year.births) && (8e6..13e6).contains(&year.deaths),
        "{} {}",
        year.births,
        year.deaths
    );
}

#[test]
fn a_population_at_rest_stays_at_rest() {
    let vital = Vital::of(None, 1e6);
    let mut ages = vital.base.clone();
    for _ in 0..200 {
        let year = advance(&vital, &ages, 1.0);
        assert!((year.births / year.deaths - 1.0).abs() < 1e-9, "{} {}", year.births, year.deaths);
        ages = year.ages;
    }
    for (after, before) in ages.iter().zip(&vital.base) {
        assert!((after / before - 1.0).abs() < 1e-9, "{after} {before}");
    }
    // What replaces a woman: 2.05 children and those who die before they are mothers.
    assert!((2.05..2.15).contains(&vital.total_fertility()), "{}", vital.total_fertility());
}
