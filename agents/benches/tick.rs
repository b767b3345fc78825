//! What a tick costs, as ratios measured in one run: `cargo bench -p agents [-- HOUSEHOLDS_PER_REGION [HOUSEHOLDS_PER_FIRM]] [moves]`;
//! with `moves` firms review where they produce; with `units` only ticks of households as units against those of persons alone.
//!
//! Machines are noisy, so nothing is asserted here and only ratios mean anything across machines. Times are medians.

use std::hint::black_box;
use std::mem::size_of;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use agents::components::Household;
use agents::geography::DECILES;
use agents::markets::retail::{Shelves, ZonePrices, order};
use agents::policy::CompiledSchedule;
use agents::simulation::{Setup, Simulation};
use agents::state::{HouseholdRule, SEGMENTS, Settings};
use agents::world::layout::{Size, ZONE_HOUSEHOLDS};
use bevy_ecs::prelude::World;
use configs::calibration::{Calibration, CalibrationFiles};
use configs::date::TickCalendar;
use configs::parameters::ParameterSet;
use engine::columns::{Block, rows_mut};
use engine::money::Volume;
use engine::rng::{hash, unit};

const REPETITIONS: usize = 9;

/// Median seconds of several repetitions.
fn median(mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..REPETITIONS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    middle(&mut times)
}

/// The median of some numbers.
fn middle(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Median of the ratio of `work` to `reference`, timed in turns so that both see the same machine, and median seconds of `work`.
fn ratio(mut work: impl FnMut(), mut reference: impl FnMut()) -> (f64, f64) {
    let seconds = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let pairs: Vec<(f64, f64)> = (0..15 * REPETITIONS).map(|_| (seconds(&mut work), seconds(&mut reference))).collect();
    let (mut ratios, mut times): (Vec<f64>, Vec<f64>) = pairs.iter().map(|x| (x.0 / x.1, x.0)).unzip();
    (middle(&mut ratios), middle(&mut times))
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool")
}

fn main() {
    let numbers: Vec<f64> = std::env::args().skip(1).filter_map(|x| x.parse().ok()).collect();
    let (households, per_firm) =
        (numbers.first().map_or(20_000, |&n| n as usize), numbers.get(1).copied().unwrap_or(10.0));
    if asked("units") {
        return units(households, per_firm);
    }
    visits();
    columns();
    ticks(households, per_firm);
}

/// Whether the command line has a word.
fn asked(word: &str) -> bool {
    std::env::args().any(|x| x == word)
}

/// A goods visit (one household at one seller) against a hash and a gather from a table that fits in L2.
fn visits() {
    const HOUSEHOLDS: usize = 5_000;
    const SERVICES: usize = 7;
    const OUTLET_SLOTS: usize = 14;
    const SELLERS: usize = 40;
    let slots = OUTLET_SLOTS + SERVICES;
    let groups: Vec<u16> =
        (0..(1 + SERVICES) * SEGMENTS).map(|x| (hash(x as u64, 7, 0) % SELLERS as u64) as u16).collect();
    let near_one = |x: usize| 0.9 + 0.2 * unit(hash(x as u64, 8, 0));
    let outlet_price: Vec<f64> = (0..SELLERS * OUTLET_SLOTS).map(near_one).collect();
    let prices = ZonePrices {
        outlet_price: &outlet_price,
        outlet_slots: OUTLET_SLOTS,
        service_price: (0..SELLERS * SERVICES).map(near_one).collect(),
        service_start: (0..=SERVICES).map(|k| k * SELLERS).collect(),
        groups: &groups,
        tax_rate: vec![0.0; slots],
    };
    let rule = HouseholdRule {
        subsistence: vec![1e6; slots],
        marginal_share: engine::grid::Grid::filled([DECILES, slots], 1.0 / slots as f64),
        ..HouseholdRule::default()
    };
    let household = |i: usize| Household {
        deposits: i64::MAX / 1_000_000,
        budget: 100_000_000,
        decile: (i * DECILES / HOUSEHOLDS) as u8,
        ..Household::default()
    };
    let mut households: Vec<Household> = (0..HOUSEHOLDS).map(household).collect();
    let plenty = Volume::new(i64::MAX / 1_000_000);
    let shop = median(|| {
        let mut shelves = Shelves {
            goods: vec![plenty; SELLERS * OUTLET_SLOTS],
            trade: vec![plenty; SELLERS],
            service: vec![plenty; SELLERS * SERVICES],
            margin_rate: 0.2,
        };
        let ordered = order(&prices, &rule, 0, &mut households);
        black_box(ordered.settle(&mut households, &mut shelves, 3));
    });
    let table: Vec<u64> = (0..65_536).collect();
    let gathers = HOUSEHOLDS * (1 + SERVICES);
    let floor = median(|| {
        let sum = (0..gathers as u64).fold(0u64, |sum, i| sum.wrapping_add(table[(hash(i, 1, 2) & 0xffff) as usize]));
        black_box(sum);
    });
    let per = |seconds: f64, n: usize| seconds * 1e9 / n as f64;
    println!("goods visit (household at seller)            {:>8.1} ns", per(shop, gathers));
    println!("  of it a slot bought                        {:>8.1} ns", per(shop, HOUSEHOLDS * slots));
    println!("hash and gather from half a megabyte         {:>8.1} ns", per(floor, gathers));
    println!(
        "visit over hash and gather                   {:>8.2}    slot over hash and gather {:.2}",
        shop / floor,
        shop / floor * gathers as f64 / (HOUSEHOLDS * slots) as f64
    );
}

/// One household step over the columns of the entity store and over plain vectors.
fn columns() {
    // Just below a power of two, where the entity store's own tables are full.
    const HOUSEHOLDS: usize = (1 << 20) - 1024;
    let household = |i: usize| Household { income_permanent: i as f32, ..Household::default() };
    let before = memory("VmRSS:");
    let mut world = World::new();
    world.spawn(Block::new((0..HOUSEHOLDS).map(household).collect::<Vec<Household>>()));
    if let (Some(before), Some(after)) = (before, memory("VmRSS:")) {
        let each = (after - before) / HOUSEHOLDS as f64;
        let row = size_of::<Household>();
        println!("household in a block {each:>26.1} bytes, of a row {row} ({:.3})", each / row as f64);
    }
    let mut query = world.query::<&mut Block<Household>>();
    let step = |households: &mut [Household]| {
        for household in households {
            household.income_permanent += 0.1 * (household.deposits as f32 - household.income_permanent);
            household.budget = f64::from(household.income_permanent) as i64;
        }
    };
    let mut plain: Vec<Household> = (0..HOUSEHOLDS).map(household).collect();
    let of_columns = || {
        let mut query = query.query_mut(&mut world);
        step(rows_mut(&mut query));
    };
    let (over_vectors, ecs) = ratio(of_columns, || step(&mut plain));
    println!(
        "household step, entity columns over vectors  {:>8.2}    ({:.2} ns a household)",
        over_vectors,
        ecs * 1e9 / HOUSEHOLDS as f64
    );
}

/// Seconds spent in each stage.
struct StageClock {
    last: Instant,
    costs: Vec<(&'static str, f64)>,
}

/// Measures the stages of every tick from now on; time between ticks counts for the first stage.
fn stage_clock(sim: &mut Simulation) -> Arc<Mutex<StageClock>> {
    let clock = Arc::new(Mutex::new(StageClock { last: Instant::now(), costs: vec![] }));
    let seen = Arc::clone(&clock);
    sim.observe(move |stage| {
        let clock = &mut *seen.lock().expect("a lock");
        let seconds = clock.last.elapsed().as_secs_f64();
        clock.last = Instant::now();
        match clock.costs.iter_mut().find(|c| c.0 == stage) {
            Some(cost) => cost.1 += seconds,
            None => clock.costs.push((stage, seconds)),
        }
    })
    .expect("the same schedule");
    clock
}

/// The shipped world at some size.
fn shipped(households: usize, per_firm: f64, units: bool) -> Setup {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/worlds/world-15x21/");
    let texts =
        CalibrationFiles::NAMES.map(|name| std::fs::read_to_string(format!("{folder}{name}")).expect("a table"));
    let calibration = Calibration::parse(&CalibrationFiles::from_texts("world-15x21", texts)).expect("balances");
    let calendar = TickCalendar::new("2024-01-01".parse().expect("a date"), 12).expect("a calendar");
    let mut parameters =
        ParameterSet::parse("parameters.toml", include_str!("../../configs/parameters.toml")).expect("shipped").values;
    parameters.location.enabled = asked("moves");
    parameters.households.units = units;
    Setup {
        schedule: CompiledSchedule::compile(vec![], &calibration, calendar).expect("a schedule"),
        size: Size {
            households: vec![households; calibration.region_count()],
            households_per_firm: per_firm,
            zone_households: ZONE_HOUSEHOLDS,
        },
        settings: Settings { seed: 1, ticks_per_year: 12, audit_stops: true, shocks: true },
        parameters,
        calibration,
    }
}

/// Ticks of households as units over those of persons alone, in turns, on one thread.
fn units(households: usize, per_firm: f64) {
    let mut worlds = [false, true].map(|units| {
        let (start, before) = (Instant::now(), memory("VmRSS:").unwrap_or(0.0));
        let mut sim = Simulation::new(&shipped(households, per_firm, units)).expect("a world");
        let geography = sim.get::<agents::geography::Geography>();
        let agents = geography.regions.iter().map(|region| region.households.len()).sum::<usize>() as f64;
        let persons = geography.regions.iter().map(|region| region.persons.len()).sum::<usize>();
        let bytes = (memory("VmRSS:").unwrap_or(0.0) - before) / agents;
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "units {units}: households {agents}, persons {persons}, build {seconds:.2} s, {bytes:.0} bytes a household"
        );
        let stages = stage_clock(&mut sim);
        (sim, stages, vec![])
    });
    let pool = pool(1);
    // A year and the first of the next, so that what is done once a year is in it.
    for tick in 0..=12 {
        for (sim, stages, times) in &mut worlds {
            stages.lock().expect("a lock").last = Instant::now();
            let start = Instant::now();
            pool.install(|| sim.step().expect("balances"));
            times.push(start.elapsed().as_secs_f64());
            if tick == 0 {
                stages.lock().expect("a lock").costs.clear();
            }
        }
    }
    let [(_, alone, before), (_, of_units, after)] = worlds;
    let mut ratios: Vec<f64> = before.iter().zip(&after).skip(1).map(|(a, b)| b / a).collect();
    let of = |times: &[f64]| times[1..].iter().sum::<f64>() / 12.0 * 1e3;
    println!(
        "tick, persons alone {:.1} ms, units {:.1} ms, median ratio {:.3}, of sums {:.3}",
        of(&before),
        of(&after),
        middle(&mut ratios),
        of(&after) / of(&before)
    );
    let (alone, of_units) = (alone.lock().expect("a lock"), of_units.lock().expect("a lock"));
    for (stage, seconds) in &of_units.costs {
        let before = alone.costs.iter().find(|x| x.0 == *stage).map_or(0.0, |x| x.1);
        println!(
            "  stage {stage:<20} {:>8.1} ms {:>8.1} ms {:>+8.1}",
            before / 12.0 * 1e3,
            seconds / 12.0 * 1e3,
            (seconds - before) / 12.0 * 1e3
        );
    }
}

/// The whole tick of the shipped world at one and two threads.
fn ticks(households: usize, per_firm: f64) {
    let setup = shipped(households, per_firm, false);
    let start = Instant::now();
    let mut sim = Simulation::new(&setup).expect("a world");
    let build = start.elapsed().as_secs_f64();
    let agents = households * setup.size.households.len();
    let built = memory("VmRSS:");
    let supply = sim.get::<agents::state::Supply>();
    println!(
        "households {agents}, firms {}, lines {}, links {}",
        sim.get::<agents::geography::Geography>().firms,
        supply.lines.count(),
        supply.sellers.len()
    );
    let stages = stage_clock(&mut sim);
    let pools = [pool(1), pool(2)];
    let mut times = [vec![], vec![]];
    // Turn by turn, so that a machine that slows down slows both.
    for _ in 0..=REPETITIONS {
        for (pool, times) in pools.iter().zip(&mut times) {
            let start = Instant::now();
            pool.install(|| sim.step().expect("balances"));
            times.push(start.elapsed().as_secs_f64());
        }
    }
    let [one, two] = times.map(|mut times| {
        times.remove(0);
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    println!("build of {agents} households and their firms  {build:>6.2} s");
    println!(
        "tick, one thread                             {:>8.1} ms {:>7.0} ns a household",
        one * 1e3,
        one * 1e9 / agents as f64
    );
    println!(
        "tick, two threads                            {:>8.1} ms {:>7.0} ns a household",
        two * 1e3,
        two * 1e9 / agents as f64
    );
    println!("one thread over two                          {:>8.2}", one / two);
    let digest = median(|| drop(black_box(pools[0].install(|| sim.digest()))));
    println!(
        "digest of the state, one thread              {:>8.1} ms {:>7.0} ns a household, {:.3} of a tick",
        digest * 1e3,
        digest * 1e9 / agents as f64,
        digest / one
    );
    let mut costs: Vec<(&str, f64)> = stages.lock().expect("a lock").costs.drain(..).collect();
    costs.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total: f64 = costs.iter().map(|c| c.1).sum();
    for (stage, seconds) in costs {
        println!("  stage {stage:<20}                 {:>8.1} %", 100.0 * seconds / total);
    }
    for (what, bytes) in [("after the build", built), ("now", memory("VmRSS:")), ("at its peak", memory("VmHWM:"))] {
        if let Some(bytes) = bytes {
            let each = bytes / agents as f64;
            println!("memory {what:<24}              {each:>8.0} bytes a household, firms and links included");
        }
    }
}

/// A line of this process's memory statistics, bytes; `None` where there are none.
fn memory(line: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with(line))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? * 1024.0)
}
