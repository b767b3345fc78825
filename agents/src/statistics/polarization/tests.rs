//! All indices on the same incomes, as public packages compute them; and in a world.

use super::*;
use crate::testing::near;
use crate::world::base::Base;

/// Draws of a generator that other languages have too: 20 bits, and from 0 to 2.
fn draws(seed: u64, count: usize) -> impl Iterator<Item = (i64, u32)> {
    let draw = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some(((*state >> 44) as i64, ((*state >> 20) % 3) as u32))
    };
    (0..count).scan(seed, move |state, _| draw(state))
}

/// Skewed incomes, some zero, of units of one to three persons.
fn units() -> Vec<(i64, u32)> {
    let income = |u: i64| if u > 1 << 14 { u.pow(3) / (1 << 48) + u / (1 << 10) } else { 0 };
    draws(7, 300).map(|(u, more)| (income(u), 1 + more)).collect()
}

/// Frozen output of `tests/python/polarization.py`: `PySAL` inequality 1.1.2 (Gini, Theil, Wolfson, Lorenz curve), scipy 1.17.1 (density),
/// numpy 2.4.6 (the rest, by other means).
#[track_caller]
fn check(sample: &Sample, expected: &Indices) {
    let found = Indices::of(sample, sample, 1000.0);
    for (found, persons) in found.bands.into_iter().zip(expected.bands) {
        near(found, persons / expected.bands.iter().sum::<f64>());
    }
    let numbers = |x: &Indices| {
        let single = [x.median, x.gini, x.theil, x.palma, x.top_hundredth, x.top_tenth, x.wolfson];
        let many = [x.esteban_ray, x.esteban_gradin_ray, x.duclos_esteban_ray];
        [&single[..], many.as_flattened(), &[x.poverty_fixed, x.poverty_relative]].concat()
    };
    for (found, expected) in numbers(&found).into_iter().zip(numbers(expected)) {
        near(found, expected);
    }
    near(found.wealth_gini, expected.gini);
}

#[test]
fn public_packages_say_the_same() {
    let values = units().into_iter().map(|x| x.0).collect();
    check(
        &Sample::new(values),
        &Indices {
            median: 937.0,
            gini: 0.515_647_598_552_033_2,
            theil: 0.444_256_588_880_273_8,
            palma: 4.174_715_685_347_951,
            top_hundredth: 0.033_871_380_177_277_42,
            top_tenth: 0.299_877_576_051_069_57,
            wolfson: 0.745_334_163_405_668_3,
            esteban_ray: [0.286_561_578_492_005_5, 0.203_678_268_907_073_3, 0.145_325_558_908_997_1],
            esteban_gradin_ray: [0.266_897_723_528_052_47, 0.184_479_430_025_840_14, 0.125_040_796_492_644_7],
            duclos_esteban_ray: [0.765_860_239_490_595_3, 0.582_522_741_000_615, 0.359_882_911_227_242_03],
            poverty_fixed: 0.386_666_666_666_666_66,
            poverty_relative: 0.37,
            bands: [116.0, 18.0, 79.0, 87.0],
            ..Indices::default()
        },
    );
    check(
        &Sample::of_persons(units()),
        &Indices {
            median: 1009.0,
            gini: 0.510_351_896_056_967_6,
            theil: 0.434_788_826_190_404_04,
            palma: 3.938_470_649_196_831,
            top_hundredth: 0.032_475_492_090_554,
            top_tenth: 0.293_745_983_441_288_1,
            wolfson: 0.703_493_945_354_041,
            esteban_ray: [0.281_272_373_285_988_36, 0.199_014_513_757_383_33, 0.141_249_437_550_644],
            esteban_gradin_ray: [0.262_945_127_594_161_8, 0.180_278_629_431_406_1, 0.120_732_467_325_263_33],
            duclos_esteban_ray: [0.763_146_656_908_027_1, 0.582_442_535_998_428, 0.360_014_538_487_016_6],
            poverty_fixed: 0.371_428_571_428_571_44,
            poverty_relative: 0.371_428_571_428_571_44,
            bands: [221.0, 37.0, 162.0, 175.0],
            ..Indices::default()
        },
    );
}

#[test]
fn reference_income_keeps_its_purchasing_power() {
    // 100 a month; prices rise from 1 to 1.1 in mid-year: 600 + 660.
    let prices = (0..12).map(|month| if month < 6 { 1.0 } else { 1.1 });
    near(reference_income(100.0, prices), 1260.0);
}

#[test]
fn a_year_is_measured_at_its_end_and_nothing_between() {
    let mut sim = crate::testing::simulation(crate::testing::parameters());
    for tick in 0..12 {
        sim.step().expect("sound accounts");
        let measured = &sim.get::<Polarization>().regions;
        assert_eq!(measured.len(), 3);
        if tick < 11 {
            assert!(measured.iter().all(|indices| *indices == Indices::default()));
        }
    }
    for (indices, region) in sim.get::<Polarization>().regions.iter().zip(&sim.get::<Base>().regions) {
        near(indices.bands.iter().sum(), 1.0);
        // A year that is like the base year: its middle is the base year's.
        let ratio = indices.median / (12.0 * region.income_median);
        assert!((0.7..1.3).contains(&ratio), "{ratio}: {indices:?}");
        assert!(indices.gini > 0.1 && indices.gini < 0.7 && indices.wealth_gini > indices.gini, "{indices:?}");
        assert!(indices.duclos_esteban_ray[0] > indices.gini && indices.wolfson > 0.0, "{indices:?}");
    }
}

#[test]
fn threads_do_not_matter() {
    let measured = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let mut sim = crate::testing::simulation(crate::testing::parameters());
            (0..12).for_each(|_| sim.step().expect("sound accounts"));
            sim.get::<Polarization>().clone()
        })
    };
    let one = measured(1);
    assert!(one.regions.iter().all(|indices| indices.median > 0.0));
    assert!([2, 8].into_iter().all(|threads| measured(threads) == one));
}
