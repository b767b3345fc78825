//! Contract: where people are born, age and die by the ages of their region, households come and go with them; who is not there has nothing,
//! does nothing and is counted nowhere, and accounts and bits are as exact as elsewhere.

use agents::components::{Career, Household, Lineage, Person, Status};
use agents::geography::{Geography, NONE};
use agents::households::demography::by_group;
use agents::households::lives::Lives;
use agents::record::view::View;
use agents::simulation::Simulation;
use agents::state::{Demography, Regions};
use agents::statistics::classes::Classes;
use agents::store::rows_of;
use agents::tally::Tally;
use configs::calibration::RegionDemography;
use tests::worlds::{Case, UNITS, shipped};

const AGEING: &str = "households = { units = true, demography = true }\n";

/// A small world of a region that dies out fast and one that grows fast.
fn apart(seed: u64) -> Case<'static> {
    let mut case = Case { parameters: AGEING, ..Case::random(2, 3, seed) };
    let of = |code: &str| {
        let world = shipped();
        let at = world.regions.iter().position(|x| x.code == code).expect("a region");
        world.demography[at].expect("known")
    };
    let dying = RegionDemography { life_expectancy: 62.0, ..of("JPN") };
    case.calibration.demography = vec![Some(dying), Some(of("ROW"))];
    case
}

/// Persons of working age, of the retired and of vacant rows of a region, one by one.
fn counted(sim: &Simulation, region: usize) -> [i64; 3] {
    let place = &sim.get::<Geography>().regions[region];
    let mut careers = rows_of::<Career>(sim.world())[place.persons.range()].iter();
    let mut rows = [0; 3];
    for household in &rows_of::<Household>(sim.world())[place.households.range()] {
        for _ in 0..household.members.rows() {
            let retired = careers.next().expect("a row").retired;
            rows[if household.members.live_here() { usize::from(retired) } else { 2 }] += 1;
        }
    }
    rows
}

fn population(sim: &Simulation, region: usize) -> &Demography {
    &sim.get::<Regions>().states[region].demography
}

#[test]
fn rows_follow_the_population() {
    let mut sim = apart(4).build(true);
    let begun: Vec<[i64; 3]> = (0..2).map(|r| counted(&sim, r)).collect();
    (0..96).for_each(|_| sim.step().expect("balances"));
    for (r, begun) in begun.iter().enumerate() {
        let (state, vital) = (population(&sim, r), sim.get::<Lives>().regions[r].vital.clone().expect("ages"));
        assert_eq!(counted(&sim, r), state.rows, "{r}");
        assert_eq!(state.rows.iter().sum::<i64>(), begun.iter().sum::<i64>(), "no row is made or lost");
        let base = by_group(&vital.base);
        for k in 0..2 {
            let asked = begun[k] as f64 * state.now[k + 1] / base[k + 1];
            let found = state.rows[k] as f64;
            // Households of three and a year to make up for chance: some persons.
            assert!((found - asked).abs() < 0.03 * asked + 6.0, "{r} {k}: {found}, not {asked}");
        }
    }
    let adults = |rows: [i64; 3]| rows[0] + rows[1];
    assert!(adults(population(&sim, 0).rows) < adults(begun[0]) - 20, "{:?}", population(&sim, 0).rows);
    assert!(adults(population(&sim, 1).rows) > adults(begun[1]) + 40, "{:?}", population(&sim, 1).rows);
}

#[test]
fn who_is_not_there_has_nothing_and_is_counted_nowhere() {
    let mut case = apart(5);
    let policy = "[[measure]]\nlabel = \"child\"\nkind = \"child_benefit\"\nsource = \"test\"\nregions = \"all\"\nrate = 0.05\nstart = 2024-02-01\n";
    case.policy = policy;
    let mut sim = case.build(true);
    (0..36).for_each(|_| sim.step().expect("balances"));
    let (careers, lineages) = (rows_of::<Career>(sim.world()), rows_of::<Lineage>(sim.world()));
    let (persons, households) = (rows_of::<Person>(sim.world()), rows_of::<Household>(sim.world()));
    let (mut first, mut vacant) = (0, 0);
    for (household, lineage) in households.iter().zip(lineages) {
        let rows = first..first + household.members.rows();
        first = rows.end;
        if household.members.live_here() {
            assert!(persons[rows].iter().all(|x| x.status != Status::Absent));
            continue;
        }
        vacant += 1;
        let Household { decile, members, .. } = *household;
        assert_eq!(*household, Household { decile, members, ..Household::default() });
        assert_eq!((lineage.homes, lineage.debt), (0, 0));
        for person in &persons[rows.clone()] {
            assert_eq!(
                *person,
                Person {
                    status: Status::Absent,
                    employer: NONE,
                    tenure_ticks: person.tenure_ticks,
                    ..Person::default()
                }
            );
        }
        assert!(careers[rows].iter().all(|career| *career == Career::default()));
    }
    assert!(vacant > 20, "{vacant}");
    let view = View::new(&sim);
    for r in 0..2 {
        let [working, retired, _] = counted(&sim, r);
        let classes = &sim.get::<Classes>().regions[r];
        assert_eq!(classes.persons.iter().flatten().sum::<i64>(), working + retired, "in classes");
        let tenths: Vec<i64> = (0..10).map(|d| classes.persons.iter().map(|source| source[d]).sum()).collect();
        assert!(tenths.iter().all(|n| (n * 10 - working - retired).abs() < 60), "{tenths:?}");
        let people = &view.people[r];
        let sum = |x: [i64; 10]| x.iter().sum::<i64>();
        let of = |status| rows_with(&sim, r, status);
        assert_eq!((sum(people.employed), sum(people.unemployed)), (of(Status::Employed), of(Status::Unemployed)));
        let rate = of(Status::Unemployed) as f64 / (of(Status::Unemployed) + of(Status::Employed)) as f64;
        assert!((sim.get::<Regions>().states[r].labour.unemployment_rate - rate).abs() < 1e-12);
    }
    assert!(sim.get::<Tally>().separations.iter().all(|n| *n < 400));
    // Children follow the ages of the region, relative to the base.
    for r in 0..2 {
        let (state, life) = (&sim.get::<Regions>().states[r], &sim.get::<Lives>().regions[r]);
        let base = by_group(&life.vital.as_ref().expect("ages").base);
        let relative = |groups: [f64; 3]| groups[0] / groups[1];
        let a_head = life.setting.children * relative(state.demography.now) / relative(base);
        let expected = a_head * counted(&sim, r)[0] as f64;
        let found = state.treasury.children as f64;
        assert!((found / expected - 1.0).abs() < 0.25, "{r}: {found}, not {expected}");
        assert!(state.demography.pensions > 0);
    }
}

fn rows_with(sim: &Simulation, region: usize, status: Status) -> i64 {
    let place = sim.get::<Geography>().regions[region].persons.range();
    rows_of::<Person>(sim.world())[place].iter().filter(|x| x.status == status).count() as i64
}

/// Where a region is at rest, it is as where others take the place of all who die.
#[test]
fn a_population_at_rest_lives_as_where_nobody_is_counted() {
    let run = |parameters| {
        let mut sim = Case { parameters, households: 1_500, shocks: false, ..Case::random(2, 3, 6) }.build(true);
        let mut sums = [0.0; 4];
        for tick in 0..60 {
            sim.step().expect("balances");
            if tick >= 48 {
                let view = View::new(&sim);
                let people = &view.people[0];
                let [working, retired, _] = counted(&sim, 0);
                let spent: i64 = sim.get::<Tally>().spending.as_slice().iter().sum();
                let of_tick = [people.employed.iter().sum::<i64>(), working, retired, spent];
                sums.iter_mut().zip(of_tick).for_each(|(sum, x)| *sum += x as f64 / 12.0);
            }
        }
        sums
    };
    let (off, on) = (run(UNITS), run(AGEING));
    for (what, (off, on)) in ["employed", "of working age", "retired", "spent"].iter().zip(off.iter().zip(on)) {
        // A twentieth: what chance does to the retired of 1,500 households.
        let band = if *what == "retired" { 0.12 } else { 0.04 };
        assert!((on / off - 1.0).abs() < band, "{what}: {on}, not {off}");
    }
}

#[test]
fn ageing_does_not_depend_on_threads_or_restarts() {
    let seen = apart(3).same_on_all_ways(26, &[12, 13], |sim| sim.digest().combined());
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn a_region_that_outgrows_its_rows_stops_and_says_what_helps() {
    let case =
        Case { parameters: "households = { units = true, demography = true, demography_years = 0 }\n", ..apart(7) };
    let mut sim = case.build(true);
    let found = engine::range::within(|| (0..48).for_each(|_| sim.step().expect("balances")));
    let text = found.expect_err("no room").to_string();
    assert!(text.starts_with("region R02 has more people of working age in tick "), "{text}");
    assert!(text.ends_with("give households.demography_years more than 0"), "{text}");
}

#[test]
fn persons_alone_are_told_that_they_cannot_age() {
    let case = Case { parameters: "households = { demography = true }\n", ..Case::random(2, 3, 1) };
    let error = Simulation::new(&case.setup(true)).err().expect("no units").to_string();
    assert!(error.contains("households.units = true"), "{error}");
}

/// Identities hold where many die at once, nobody follows, many come, and back, as chance has it.
#[test]
fn accounts_balance_through_any_ages() {
    for seed in [1, 2, 3] {
        let mut sim = apart(seed).build(true);
        for tick in 0..48_u64 {
            let drawn = |what: u64| engine::rng::unit(engine::rng::hash(seed, tick / 6, what));
            if tick % 6 == 0 {
                sim.tamper(|lives: &mut Lives| {
                    for life in &mut lives.regions {
                        let vital = life.vital.as_mut().expect("ages");
                        let gone = if drawn(1) < 0.3 { 0.5 * drawn(2) } else { 0.02 * drawn(2) };
                        vital.survival.iter_mut().for_each(|x| *x = 1.0 - gone);
                        life.setting.estate = drawn(3);
                    }
                });
            }
            sim.step().unwrap_or_else(|error| panic!("seed {seed}, tick {tick}: {error}"));
            for r in 0..2 {
                assert_eq!(counted(&sim, r), population(&sim, r).rows);
            }
        }
    }
}
