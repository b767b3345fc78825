//! Contract: where households are units, what is known of people holds in a living world too, and its accounts and bits are as exact.

use agents::components::{Career, Household, Lineage, Person, Status};
use agents::geography::Geography;
use agents::households::lives::Lives;
use agents::households::lottery::Draws;
use agents::markets::displacement::drawn;
use agents::record::survey;
use agents::record::watch::Watch;
use agents::simulation::Simulation;
use agents::state::Regions;
use agents::statistics::polarization::Polarization;
use agents::statistics::polarization::inequality::{gini, richest_share};
use agents::statistics::polarization::sample::{EQUIVALENCE, Sample, needs};
use agents::store::rows_of;
use agents::world::base::Base;
use engine::money::round_half_even;
use tests::bands::{Miss, hold};
use tests::worlds::{Case, UNITS, shipped};

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
    hold(&f.rows(), &MISSES);
    let wealth = f.rows_of_wealth(1);
    let liquid: Vec<_> = wealth.into_iter().filter(|row| row.0.starts_with("W1")).collect();
    hold(&liquid, &[]);
    let table = case_shares();
    // In the first year a tenth is off by up to 2.7% (three seeds).
    hold(&[("G1", f.off(0, &table)), ("G1-10", f.off(1, &table))], &[("G1", 0.0, 3.0)]);
}

/// What lies outside its published band here in some seeds, and where it is held: of middle tenths 31 to 33% stay, 22 to 32 in the
/// facts; noise of pay that moves more of them away takes the rank correlation below its band.
const MISSES: [Miss; 1] = [("P3-middle", 22.0, 33.5)];

fn case_shares() -> Vec<f64> {
    shipped().income_shares[..10].to_vec()
}

#[test]
fn units_spend_at_first_what_the_table_says_and_the_fund_returns_what_it_takes() {
    let mut sim = united_states();
    let base: f64 = sim.get::<Base>().regions[0].consumption.iter().sum();
    let budgets: i64 = {
        let range = sim.get::<Geography>().regions[0].households.range();
        rows_of::<Household>(sim.world())[range].iter().map(|x| x.budget).sum()
    };
    within("budgets over the table", budgets as f64 / base, 0.999, 1.001);
    let reserve = |sim: &Simulation| sim.get::<Regions>().states[0].fund.reserve as f64;
    let before = reserve(&sim);
    for _ in 0..24 {
        sim.step().expect("balances");
    }
    within("reserve after two years, months of consumption gained", (reserve(&sim) - before) / base, -1.0, 1.0);
}

/// Whoever lives on capital is not poor: tenths of the base year are by all that is expected. By what is not from capital alone, the richest tenth
/// had three quarters of its income and a fifth of the fund.
#[test]
fn tenths_of_the_base_year_are_by_all_income() {
    let mut sim = united_states();
    (0..12).for_each(|_| sim.step().expect("balances"));
    let range = sim.get::<Geography>().regions[0].households.range();
    let (mut income, mut held) = ([0.0; 10], [0.0; 10]);
    for household in &rows_of::<Household>(sim.world())[range] {
        let d = household.decile as usize;
        income[d] += f64::from(household.net_last) / needs(household.members.count().into(), EQUIVALENCE);
        held[d] += household.fund_shares as f64;
    }
    let of = |x: &[f64; 10], d: usize| x[d] / x.iter().sum::<f64>();
    // The luck of a year is not expected: those who have it in the first are of all tenths.
    within("income of the richest tenth over the table's", of(&income, 9) / case_shares()[9], 0.92, 1.0);
    within("and of the poorest", of(&income, 0) / case_shares()[0], 1.0, 1.35);
    within("its part of the fund", of(&held, 9), 0.5, 0.75);
}

/// A share of dividends that reaches its bound is no solution: what is missing would fall on wages.
#[test]
fn profits_go_by_pay_in_part_only() {
    let sim = united_states();
    for (life, region) in sim.get::<Lives>().regions.iter().zip(&shipped().regions) {
        within(&format!("dividends that go by pay, {}", region.code), life.mixed, 0.05, 0.9999);
    }
}

/// What is told of wealth in a world, each by its own means, is about the same net worth.
#[test]
fn wealth_is_net_worth_wherever_it_is_told() {
    let mut sim = Case { parameters: UNITS, ..Case::random(2, 3, 1) }.build(true);
    (0..12).for_each(|_| sim.step().expect("balances"));
    let range = sim.get::<Geography>().regions[0].households.range();
    let households = &rows_of::<Household>(sim.world())[range.clone()];
    let lineages = &rows_of::<Lineage>(sim.world())[range];
    let (life, state) = (&sim.get::<Lives>().regions[0], &sim.get::<Regions>().states[0]);
    // Worth of the fund over its shares; homes are counted in thousandths of a mean pay after tax.
    let share = life.worth * state.fund.share_price / state.fund.shares as f64;
    let home = 0.001 * life.net * state.homes.price;
    let by_hand = |(x, lineage): (&Household, &Lineage)| {
        x.deposits as f64 + share * x.fund_shares as f64 + home * f64::from(lineage.homes) - lineage.debt as f64
    };
    let worth: Vec<f64> = households.iter().zip(lineages).map(by_hand).collect();
    assert!(lineages.iter().any(|x| x.mortgage() > 0) && lineages.iter().any(|x| x.consumer_credit() > 0));
    for (found, by_hand) in survey::households(&sim, 0).iter().zip(&worth) {
        within("of the survey", found.wealth - by_hand, -1.0, 1.0);
    }
    let sample = Sample::new(worth.iter().map(|&x| round_half_even(x)).collect());
    let told = &sim.get::<Polarization>().regions[0];
    within("Gini", told.wealth_gini - gini(&sample), -1e-9, 1e-9);
    within("top tenth", told.wealth_top_tenth - richest_share(&sample, 0.1), -1e-9, 1e-9);
    // Who is in a higher tenth by wealth owns more.
    let mut ranked: Vec<(usize, f64)> =
        households.iter().zip(&worth).map(|(x, &worth)| (x.class.parts().expect("a class")[2], worth)).collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    assert!(ranked.is_sorted_by_key(|x| x.0));
}

#[test]
fn units_do_not_depend_on_threads_or_restarts() {
    let case = Case { parameters: UNITS, ..Case::random(2, 3, 3) };
    let seen = case.same_on_all_ways(8, &[0, 5], |sim| sim.digest().combined());
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]));
}

/// Worlds of units with a measure in the third month and without, after some months.
fn pair(measure: &str, months: usize) -> [Simulation; 2] {
    let policy = format!(
        "[[measure]]\nlabel = \"experiment\"\nsource = \"test\"\nregions = [\"R01\"]\nstart = 2024-03-01\nend = 2024-04-01\n{measure}\n"
    );
    [policy.as_str(), ""].map(|policy| {
        let mut sim = Case { parameters: UNITS, policy, households: 1_000, ..Case::random(2, 3, 5) }.build(true);
        for _ in 0..months {
            sim.step().expect("balances");
        }
        sim
    })
}

#[test]
fn jobs_are_lost_by_lot_and_the_same_people_can_be_told_in_both_worlds() {
    const SHARE: f64 = 0.4;
    let [hit, spared] = pair(&format!("kind = \"displacement\"\ntenure = 24\nrate = {SHARE}"), 3);
    let (mut struck, mut others) = (0, 0);
    let (a, b) = (persons(&hit), persons(&spared));
    let careers = rows_of::<Career>(hit.world());
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let long = b.status == Status::Employed && b.tenure_ticks >= 24 && !careers[i].retired;
        // Those of the second region are left alone.
        if long && i < hit.get::<Geography>().regions[0].persons.end as usize && drawn(5, 2, i as u32) < SHARE {
            assert_eq!((a.status, a.tenure_ticks), (Status::Unemployed, 0), "{i}");
            struck += 1;
        } else {
            others += u32::from(a.status == b.status);
        }
    }
    assert!(struck > 60 && f64::from(others) > 0.97 * f64::from(a.len() as u32 - struck), "{struck} {others}");
}

#[test]
fn prizes_are_won_by_lot_and_paid_by_the_government() {
    const LOTTERY: &str = "kind = \"lottery\"\nrate = 0.2";
    let [with, without] = pair(LOTTERY, 3);
    let [before, _] = pair(LOTTERY, 2);
    let draws = Draws::new(5, 2);
    let (a, b) = (rows_of::<Household>(with.world()), rows_of::<Household>(without.world()));
    let first = with.get::<Geography>().regions[0].households.range();
    let won = |id: usize| first.contains(&id) && draws.of(id as u64) < 0.2;
    let (mut winners, mut spent, mut row) = (0.0, 0.0, 0);
    let lives = |sim: &Simulation, id: usize, row: usize| {
        (rows_of::<Lineage>(sim.world())[id].generation, rows_of::<Career>(sim.world())[row].retired)
    };
    for (id, (a, b)) in a.iter().zip(b).enumerate() {
        let first = row;
        row += a.members.rows();
        if lives(&before, id, first) != lives(&with, id, first) {
            // Who retires or is born in the tick expects something else when the prize is paid.
            continue;
        }
        let month = f64::from(rows_of::<Household>(before.world())[id].income_permanent);
        let more = f64::from(a.net_year - b.net_year);
        let prize = if won(id) { month } else { 0.0 };
        assert!((more - prize).abs() < 0.01 * month, "{id}: {more}, not {prize}");
        winners += f64::from(u8::from(won(id)));
        spent += if won(id) { (a.budget - b.budget) as f64 / month } else { 0.0 };
    }
    assert!(winners > 70.0 && (0.1..0.9).contains(&(spent / winners)), "{winners} {spent}");
}

fn persons(sim: &Simulation) -> &[Person] {
    rows_of::<Person>(sim.world())
}
