//! Contract: where areas are told apart, households move between those of their region, into homes that nobody lives in; none is made or lost,
//! work draws them, and accounts and bits are as exact as elsewhere. Where nobody moves not a bit changes.

use agents::components::{Career, Household, Lineage, Person, Status};
use agents::geography::Geography;
use agents::households::lives::Lives;
use agents::simulation::Simulation;
use agents::state::Regions;
use agents::store::rows_of;
use agents::tally::Tally;
use configs::calibration::AreaInfo;
use tests::worlds::Case;

const APART: &str =
    "households = { units = true, area_moves = 0.2, area_room = 0.25 }\nlocation = { enabled = true, areas = true }\n";

/// Two regions of which the first has an east and a west that are alike but for their size.
fn case(seed: u64) -> Case<'static> {
    let mut case = Case { parameters: APART, households: 1_000, ..Case::random(2, 3, seed) };
    let areas = divided(&case, 0);
    case.calibration.areas.splice(0..1, areas);
    case
}

/// An east and a west of a region.
fn divided(case: &Case, region: usize) -> [AreaInfo; 2] {
    let g = case.calibration.industry_count();
    let area = |code: &str, share: f64| AreaInfo {
        region,
        code: code.to_owned(),
        name: code.to_owned(),
        population: share,
        wage: 1.0,
        port: share,
        freight_abroad: 0.0,
        freight_home: 0.0,
        employment: vec![share; g],
    };
    let code = |side: &str| format!("{}_{side}", case.calibration.regions[region].code);
    [area(&code("east"), 0.4), area(&code("west"), 0.6)]
}

/// Persons by area, and households that are lived in by region and size.
fn living(sim: &Simulation) -> (Vec<i64>, Vec<[usize; 4]>) {
    let geography = sim.get::<Geography>();
    let persons = rows_of::<Person>(sim.world());
    let there = |area: &agents::geography::Area| {
        let zones = &geography.zones[area.zones.range()];
        let rows = zones.iter().flat_map(|zone| zone.persons.range());
        rows.filter(|&i| persons[i].status != Status::Absent).count() as i64
    };
    let of_region = |region: &agents::geography::Region| {
        let mut sizes = [0; 4];
        for household in &rows_of::<Household>(sim.world())[region.households.range()] {
            sizes[usize::from(household.members.count())] += 1;
        }
        sizes
    };
    (geography.areas.iter().map(there).collect(), geography.regions.iter().map(of_region).collect())
}

#[test]
fn households_move_and_none_is_made_or_lost() {
    let mut sim = case(4).build(true);
    let (mut before, begun) = living(&sim);
    let (mut came, mut left, mut short) = (0, 0, 0);
    for _ in 0..36 {
        sim.step().expect("balances");
        let (now, sizes) = living(&sim);
        // Nobody dies without an heir here.
        assert_eq!(sizes, begun);
        let moves = sim.get::<Tally>().area_moves.clone();
        for (area, [arrived, departed, unhoused]) in moves.into_iter().enumerate() {
            assert_eq!(now[area] - before[area], i64::from(arrived) - i64::from(departed), "{area}");
            (came, left, short) = (came + arrived, left + departed, short + unhoused);
        }
        before = now;
    }
    assert_eq!(came, left);
    // A fifth of 1,000 households of 1.7 persons in a year, as long as there are homes.
    assert!(came > 500 && short < came, "{came} {short}");
    assert_eq!(sim.get::<Tally>().area_moves.len(), sim.get::<Geography>().areas.len());
    // Where all have left nothing is left behind.
    let (careers, lineages) = (rows_of::<Career>(sim.world()), rows_of::<Lineage>(sim.world()));
    let (persons, mut first) = (rows_of::<Person>(sim.world()), 0);
    for (household, lineage) in rows_of::<Household>(sim.world()).iter().zip(lineages) {
        let rows = first..first + household.members.rows();
        first = rows.end;
        let absent = persons[rows.clone()].iter().filter(|x| x.status == Status::Absent).count();
        assert_eq!(absent, if household.members.live_here() { 0 } else { rows.len() });
        if !household.members.live_here() {
            let Household { decile, members, .. } = *household;
            assert_eq!(*household, Household { decile, members, ..Household::default() });
            assert_eq!((lineage.homes, lineage.debt), (0, 0));
            assert!(careers[rows].iter().all(|career| *career == Career::default()));
        }
    }
}

#[test]
fn work_draws_people() {
    let moved = |policy: &'static str| {
        let parameters = "households = { units = true, area_moves = 0.1, area_moves_response = 5.0, area_room = 0.5 }\nlocation = { enabled = true, areas = true }\n";
        let mut sim = Case { policy, parameters, shocks: false, ..case(5) }.build(true);
        let begun = living(&sim).0[0];
        // Before people have moved on it, it is largest.
        let mut gap = 0.0_f64;
        for _ in 0..48 {
            sim.step().expect("balances");
            let prospects = &sim.get::<Regions>().states[0].labour.prospects;
            assert_eq!((prospects.len(), sim.get::<Regions>().states[1].labour.prospects.len()), (2, 0));
            gap = gap.min(prospects[0].now - prospects[0].base - prospects[1].now + prospects[1].base);
        }
        (living(&sim).0[0] - begun, gap)
    };
    let (usual, noise) = moved("");
    let (hit, gap) = moved(
        "[[measure]]\nlabel = \"lost\"\nkind = \"lost_capacity\"\nregions = [\"R01_east\"]\nindustries = \"manufacturing\"\nrate = 0.8\nannounced = 2024-02-01\nstart = 2024-02-01\nsource = \"test\"\n",
    );
    assert!(gap < noise - 0.02, "work is harder to find in the east: {gap}, otherwise {noise}");
    assert!(hit < usual - 10, "people leave it: {hit}, otherwise {usual}");
}

#[test]
fn people_who_are_given_residence_move_there() {
    let moved = |policy: &'static str| {
        let mut sim = Case { policy, ..case(7) }.build(true);
        let (mut into, mut out) = (0, 0);
        for _ in 0..12 {
            sim.step().expect("balances");
            let [arrived, departed, unhoused] = sim.get::<Tally>().area_moves[0];
            (into, out) = (into + arrived + unhoused, out + departed);
        }
        (f64::from(into), f64::from(out))
    };
    let usual = moved("");
    let settled = moved(
        "[[measure]]\nlabel = \"residence\"\nkind = \"settlement\"\nregions = [\"R01_east\"]\nrate = 0.1\nannounced = 2024-01-01\nstart = 2024-01-01\nsource = \"test\"\n",
    );
    // A tenth of six in ten of 1,000 households of 1.7 persons in a year; as many as ever go the other way.
    assert!((settled.0 - usual.0 - 102.0).abs() < 35.0, "{usual:?} {settled:?}");
    assert!((settled.1 - usual.1).abs() < 30.0, "{usual:?} {settled:?}");
}

/// What they owe goes with those who move, from bank to bank, and people who come into the world move in beside them.
#[test]
fn accounts_balance_between_banks_and_with_births() {
    let parameters = "households = { units = true, demography = true, area_moves = 0.4, area_room = 0.3 }\nlocation = { enabled = true, areas = true }\ncredit = { banks = 2 }\n";
    let mut case = Case { parameters, ..case(8) };
    let last = case.calibration.areas.len() - 1;
    let areas = divided(&case, 1);
    case.calibration.areas.splice(last.., areas);
    let mut sim = case.build(true);
    let mut moved = 0;
    for _ in 0..24 {
        sim.step().expect("balances");
        moved += sim.get::<Tally>().area_moves.iter().map(|x| x[0]).sum::<u32>();
    }
    assert!(moved > 1_000, "{moved}");
    let owing = rows_of::<Lineage>(sim.world()).iter().filter(|x| x.debt > 0).count();
    assert!(owing > 100, "{owing}");
}

#[test]
fn moves_do_not_depend_on_threads_or_restarts() {
    let seen = case(3).same_on_all_ways(16, &[0, 7], |sim| sim.digest().combined());
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn where_nobody_moves_not_a_bit_changes() {
    let digests = |parameters: &'static str| {
        let mut sim = Case { parameters, ..case(6) }.build(true);
        assert!(!sim.get::<Lives>().regions.is_empty());
        (0..6)
            .map(|_| {
                sim.step().expect("balances");
                sim.digest().combined()
            })
            .collect::<Vec<_>>()
    };
    // In one area, moves or not; in two that nobody can move between, room or not.
    assert_eq!(
        digests("households = { units = true, area_moves = 0.2 }\n"),
        digests("households = { units = true, area_moves = 0.0 }\n")
    );
    assert_eq!(
        digests("households = { units = true, area_moves = 0.0, area_room = 0.0 }\nlocation = { areas = true }\n"),
        digests("households = { units = true, area_moves = 0.0, area_room = 0.3 }\nlocation = { areas = true }\n")
    );
}
