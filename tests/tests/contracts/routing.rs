//! Contract: goods shipped through third regions pay the duties that were promised, every identity holds, and no bit depends
//! on threads or restarts; where routing is off, or no duty has moved apart from the others, the world is what it was without.

use agents::axes::{Border, Importer, Origin, Product, for_all_purposes};
use agents::markets::landed::LandedPrice;
use agents::markets::routing::{Declared, Routes};
use agents::purpose::Purpose;
use agents::simulation::Simulation;
use agents::state::{Policy, Sourcing};
use agents::statistics::audit::AuditReport;
use agents::tally::Tally;
use configs::parameters::Parameters;
use engine::grid::Grid;
use engine::money::Volume;
use tests::worlds::Case;

/// Much room in every third region.
const OPEN: &str = "routing = { enabled = true, hub_share = 1.0, adjustment = 0.5 }\n";

fn measure(kind: &str, exporters: &str, rest: &str) -> String {
    format!(
        "[[measure]]\nlabel = \"{kind}\"\nkind = \"{kind}\"\nimporters = [\"R01\"]\nexporters = {exporters}\nproducts = \"all-goods\"\n{rest}\nannounced = 2024-01-01\nstart = 2024-03-01\nsource = \"test\"\n"
    )
}

/// Eighty points on goods of R02 in R01.
fn on_one() -> String {
    measure("tariff", "[\"R02\"]", "rate = 0.8")
}

fn case<'a>(policy: &'a str, parameters: &'a str) -> Case<'a> {
    Case { policy, parameters, ..Case::random(4, 5, 7) }
}

fn after(case: &Case, ticks: u32) -> Simulation {
    let mut sim = case.build(true);
    for _ in 0..ticks {
        sim.step().expect("balances");
    }
    sim
}

/// Value and duty of the tick.
fn imports(sim: &Simulation) -> [Grid<Border, i64>; 2] {
    let (p, policy) = (&sim.get::<Tally>().purchases, &sim.get::<Policy>().0);
    [&p.value, &p.duty]
        .map(|column| Grid::from_fn(policy.base_tariffs().shape(), |cell| for_all_purposes(column, cell)))
}

/// Goods of R02 in R01.
fn target<T: Copy + std::iter::Sum<T>>(column: &Grid<Border, T>) -> T {
    column.row((Importer(0), Origin(1))).iter().copied().sum()
}

fn total<T: Copy + std::iter::Sum<T>>(column: &Grid<Border, T>) -> T {
    column.as_slice().iter().copied().sum()
}

fn declared(sim: &Simulation) -> Declared {
    let (policy, rules) = (sim.get::<Policy>(), &sim.get::<Parameters>().routing);
    let [value, _] = imports(sim);
    sim.get::<Routes>().declared(rules, policy.0.at(sim.tick() - 1), value)
}

/// Goods of R02 in R01: value, duty and collected rate.
fn of_target(sim: &Simulation) -> (i64, i64, f64) {
    let [value, duty] = imports(sim).map(|column| target(&column));
    (value, duty, duty as f64 / value as f64)
}

/// Digests of all parts but that of the routes.
fn without_routes(sim: &Simulation) -> Vec<(String, u64)> {
    let digest = sim.digest();
    digest.parts.iter().filter(|p| p.name != "routes").map(|p| (p.name.clone(), p.value)).collect()
}

#[test]
fn a_high_duty_on_one_origin_is_evaded_in_part() {
    let policy = on_one();
    let (off, on) = (after(&case(&policy, ""), 24), after(&case(&policy, OPEN), 24));
    assert!(off.get::<Routes>().share.is_empty());
    let share: f64 = on.get::<Routes>().share.as_slice().iter().sum();
    assert!(share > 0.1, "{share}");
    let ((_, _, full), (bought, paid, rate)) = (of_target(&off), of_target(&on));
    assert!(rate < full - 0.05, "{rate} of {full}");
    // Each delivery paid the rate of its cell, to half a minor unit.
    let (landed, [value, duty]) = (on.get::<LandedPrice>(), imports(&on));
    for cell in value.indices().filter(|&cell| value[cell] > 1_000_000) {
        let due = landed.duty(cell) * value[cell] as f64;
        assert!((duty[cell] as f64 - due).abs() <= 1e-4 * due.max(1e6), "{cell:?}: {} {due}", duty[cell]);
    }
    let seen = declared(&on);
    let through = target(&seen.through);
    assert!(through > 0 && through == total(&seen.through), "goods of R02 in R01 only");
    assert_eq!(total(&seen.dispatch), total(&value));
    assert_eq!(target(&seen.dispatch), bought - through);
    assert!(seen.evaded[0] > 0 && seen.on_found[0] > 0 && seen.on_found[0] < paid);
    // Cheaper goods are bought more.
    let inputs = |x| (Purpose::Intermediate, Importer(0), Product(x), Origin(1));
    let ordered = |sim: &Simulation| (0..5).map(|x| sim.get::<Sourcing>().ordered[inputs(x)]).sum::<Volume>();
    assert!(ordered(&on) > ordered(&off));
}

#[test]
fn checks_stop_it() {
    let policy = on_one();
    let certain = "routing = { enabled = true, hub_share = 1.0, adjustment = 0.5, detection = 1.0 }\n";
    let fined = policy.clone() + &measure("transshipment_duty", "\"all\"", "rate = { value = 9.0, unit = \"ratio\" }");
    let direct = imports(&after(&case(&policy, ""), 8));
    for case in [case(&policy, certain), case(&fined, OPEN)] {
        let sim = after(&case, 8);
        assert!(sim.get::<Routes>().share.as_slice().iter().all(|&x| x <= 0.0));
        assert_eq!(imports(&sim), direct, "every unit pays its duty");
    }
    // What is under way when checks begin ends at the speed at which it began.
    let late = policy
        + &measure("transshipment_duty", "\"all\"", "rate = { value = 9.0, unit = \"ratio\" }")
            .replace("start = 2024-03", "start = 2024-09");
    let (before, later) = (after(&case(&late, OPEN), 8), after(&case(&late, OPEN), 14));
    let share = |sim: &Simulation| sim.get::<Routes>().share.as_slice().iter().sum::<f64>();
    assert!(share(&before) > 0.0 && share(&later) < 0.02 * share(&before), "{} {}", share(&before), share(&later));
}

#[test]
fn nothing_happens_where_duties_are_equal_or_what_they_were() {
    let equal = measure("tariff", "\"all\"", "mode = \"replace\"\nrate = 0.8");
    let banned = measure("embargo", "[\"R02\"]", "");
    for policy in ["", &equal, &banned] {
        let (off, on) = (after(&case(policy, ""), 8), after(&case(policy, OPEN), 8));
        assert!(on.get::<Routes>().share.as_slice().iter().all(|&x| x <= 0.0), "{policy}");
        assert_eq!(without_routes(&off), without_routes(&on), "{policy}");
    }
}

#[test]
fn identities_hold_with_routing_in_months_and_quarters_and_where_firms_move() {
    let policy = on_one() + &measure("transshipment_duty", "\"all\"", "rate = 0.4");
    let moves =
        OPEN.to_owned() + "location = { enabled = true, review_share = 0.5, match_sd = 1.0, building_time = 4 }\n";
    for (seed, ticks_per_year) in [(1, 12), (2, 4), (3, 12)] {
        let case = Case { policy: &policy, parameters: &moves, ticks_per_year, ..Case::random(3, 5, seed) };
        let sim = after(&case, 24);
        let report = sim.get::<AuditReport>();
        assert!(report.failed == 0 && report.checked > 1000, "{} checks", report.checked);
        assert!(sim.get::<Routes>().share.as_slice().iter().any(|&x| x > 0.0), "seed {seed}");
    }
}

#[test]
fn routing_does_not_depend_on_threads_or_restarts() {
    let policy = on_one();
    let case = case(&policy, OPEN);
    // A recording names the parts of the world before the first tick.
    assert!(case.build(true).digest().parts.iter().any(|part| part.name == "routes"));
    case.same_on_all_ways(12, &[1, 2, 3, 7, 11], |sim| sim.digest().combined());
}
