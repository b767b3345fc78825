//! Contract: areas get their shares of people and jobs; reserves are built, kept, opened when an industry is short, and put to rest
//! again; ports that close and capital that is out of use bind. All of it in exact accounts, at any thread count and after
//! restarts.

use engine::money::Volume;

use agents::axes::{Host, Importer, Origin, Product};
use agents::components::{Firm, Phase, Plant};
use agents::geography::Geography;
use agents::location::sites::{Moves, Sites, Stage};
use agents::purpose::Purpose;
use agents::simulation::Simulation;
use agents::statistics::audit::AuditReport;
use agents::tally::Tally;
use agents::world::base::Base;
use configs::calibration::AreaInfo;
use tests::worlds::Case;

/// The first region has a rich coast with ports and a poor interior.
fn divided(case: &mut Case) {
    let g = case.calibration.industry_count();
    let area = |code: &str, population: f64, wage: f64, port: f64, freight: f64, share: f64| AreaInfo {
        region: 0,
        code: code.to_owned(),
        name: code.to_owned(),
        population,
        wage,
        port,
        freight_abroad: freight,
        freight_home: freight / 2.0,
        employment: vec![share; g],
    };
    let parts = [area("R01_coast", 0.5, 1.2, 0.9, 0.01, 0.6), area("R01_interior", 0.5, 0.8, 0.1, 0.05, 0.4)];
    case.calibration.areas.splice(0..1, parts);
}

const APART: &str =
    "location = { enabled = true, areas = true, review_share = 0.0, building_time = 4, rest_after = 3 }\n";

fn measure(kind: &str, scope: &str, from: &str, to: &str) -> String {
    let end = if to.is_empty() { String::new() } else { format!("end = {to}\nend_announced = {to}\n") };
    format!(
        "[[measure]]\nlabel = \"{kind} {from}\"\nkind = \"{kind}\"\n{scope}\nannounced = {from}\nstart = {from}\n{end}source = \"test\"\n"
    )
}

fn reserve(region: &str) -> String {
    let scope =
        format!("regions = [\"{region}\"]\nindustries = \"manufacturing\"\nrate = 0.1\ngrant = 0.5\nupkeep = 0.1");
    measure("reserve_capacity", &scope, "2024-01-01", "")
}

fn case(policy: &str) -> Case<'_> {
    let mut case = Case { policy, parameters: APART, households: 1000, ..Case::random(3, 6, 11) };
    divided(&mut case);
    case
}

/// Output of reserves at rest and opened in an area of a region, volume a tick.
fn reserves(sim: &mut Simulation) -> (f64, f64) {
    let sites = &sim.get::<Sites>().sites;
    let sum = |stage: Stage| sites.iter().filter(|s| s.reserve && s.stage == stage).map(|s| s.output).sum();
    (sum(Stage::Standby), sum(Stage::Open))
}

#[test]
fn areas_get_their_shares_and_the_region_stays_as_it_is() {
    let mut sim = case("").build(true);
    let geography = sim.get::<Geography>().clone();
    let [coast, interior] = [&geography.areas[0], &geography.areas[1]];
    assert_eq!((coast.code.as_str(), interior.code.as_str()), ("R01_coast", "R01_interior"));
    assert_eq!(geography.areas.len(), 4);
    let plants = sim.column::<Plant>();
    let staff = |zones: std::ops::Range<usize>| -> (f64, f64) {
        let rows: Vec<usize> = geography.zones[zones].iter().flat_map(|z| z.firms.range()).collect();
        let persons = rows.iter().map(|&i| plants[i].employees.iter().sum::<u32>()).sum::<u32>();
        (
            f64::from(persons),
            rows.iter()
                .map(|&i| {
                    plants[i].unit_wage
                        * plants[i].labour_productivity
                        * f64::from(plants[i].employees.iter().sum::<u32>())
                })
                .sum(),
        )
    };
    let ((near, paid_near), (far, paid_far)) = (staff(coast.zones.range()), staff(interior.zones.range()));
    assert!((near / (near + far) - 0.6).abs() < 0.02, "{near} {far}");
    // Earnings of 1.2 and 0.8 for the same work.
    assert!((paid_near / near / (paid_far / far) - 1.5).abs() < 0.05, "{}", paid_near / near / (paid_far / far));
    let people = |a: usize| -> usize {
        geography.zones[geography.areas[a].zones.range()].iter().map(|z| z.households.len()).sum()
    };
    assert_eq!((people(0), people(1)), (500, 500));
    for _ in 0..6 {
        sim.step().expect("balances");
    }
}

#[test]
fn reserves_are_built_kept_opened_and_rest_again() {
    let duty = measure(
        "lost_capacity",
        "regions = [\"R01_coast\"]\nindustries = \"manufacturing\"\nrate = 0.6",
        "2026-01-01",
        "2027-01-01",
    );
    let text = reserve("R01_interior") + &duty;
    let mut sim = Case { shocks: false, ..case(&text) }.build(true);
    let base = sim.get::<Base>().clone();
    let geography = sim.get::<Geography>().clone();
    let planned: f64 = (0..base.products)
        .filter(|&j| geography.products.manufacturing[j])
        .map(|j| 0.1 * base.regions[0].output[j] * 0.4 * (0.8 / (0.6 * 1.2 + 0.4 * 0.8)))
        .sum();
    let (mut upkeep, mut grants, mut woken, mut mothballed, mut shipped) = (0, 0, 0, 0, Volume::ZERO);
    let (mut path, mut made) = (vec![], vec![]);
    for tick in 0..60 {
        sim.step().unwrap_or_else(|error| panic!("tick {tick}: {error}"));
        let moves = sim.get::<Moves>();
        upkeep += moves.reserve_upkeep[0];
        grants += moves.reserve_grants[0];
        woken += moves.woken.as_slice().iter().sum::<i64>();
        mothballed += moves.mothballed.as_slice().iter().sum::<i64>();
        shipped += moves.shipped.as_slice().iter().sum::<Volume>();
        if tick == 23 {
            assert!(woken == 0, "nothing is short before the loss");
        }
        path.push(reserves(&mut sim));
        let output = sim.column::<Plant>();
        let open: Vec<_> = sim.get::<Sites>().sites.iter().filter(|s| s.stage == Stage::Open).cloned().collect();
        let whole: f64 = open.iter().map(|s| s.output).sum();
        made.push(open.iter().map(|s| (output[s.firm as usize].output).as_f64()).sum::<f64>() / whole.max(1.0));
        let (firms, plants) = (sim.column::<Firm>(), sim.column::<Plant>());
        for (firm, plant) in firms.iter().zip(&plants).filter(|x| x.0.phase == Phase::Standby) {
            assert!(plant.employees == [0; 3] && plant.output.is_zero(), "{firm:?} rests");
        }
    }
    let (resting, open) = path[23];
    assert!((resting / planned - 1.0).abs() < 0.06 && open.abs() < 1e-9, "{resting} of {planned}");
    assert!(upkeep > 0 && grants > 0);
    assert!(shipped.is_zero(), "no capital leaves another plant for a reserve");
    assert!(made.iter().any(|&x| x > 0.5), "open reserves make what they are built for: {made:?}");
    assert!(woken > 0, "opened when the coast is lost: {path:?}");
    assert!(path[24..40].iter().any(|x| x.1 > 0.5 * planned), "{path:?}");
    assert!(mothballed > 0 && path[59].1 < path[30].1, "at rest again: {path:?}");
}

#[test]
fn closed_ports_hold_up_goods() {
    let closed = measure("port_closure", "regions = [\"R01_coast\"]\nrate = 1.0", "2024-06-01", "2024-09-01");
    let imports = |policy: &str| -> Vec<Volume> {
        let mut sim = Case { shocks: false, ..case(policy) }.build(true);
        (0..9)
            .map(|_| {
                sim.step().expect("balances");
                let goods = sim.get::<Geography>().products.goods.clone();
                let tally = sim.get::<Tally>();
                let at = |(k, x, o)| tally.purchases.volume[(k, Importer(0), Product(x), Origin(o))];
                let cells = |k| goods.iter().flat_map(move |&x| (1..3).map(move |o| (k, x, o)));
                Purpose::ALL.into_iter().flat_map(cells).map(at).sum()
            })
            .collect()
    };
    let (open, shut) = (imports(""), imports(&closed));
    assert_eq!(open[..5], shut[..5]);
    // Nine tenths of the ports are closed.
    let share = shut[5].as_f64() / open[5].as_f64();
    assert!((0.08..0.12).contains(&share), "{share}");
    assert!(shut[8].as_f64() > 0.7 * open[8].as_f64(), "goods flow again");
}

#[test]
fn ports_of_a_region_whose_areas_are_not_told_apart_close_once() {
    let closed = measure("port_closure", "regions = [\"R01\"]\nrate = 0.4", "2024-01-01", "");
    let sim = Case { parameters: "", ..case(&closed) }.build(true);
    let state = sim.get::<agents::state::Policy>().0.at(0).clone();
    let passing = state.passing(sim.get::<Geography>());
    assert!(
        (passing[(Importer(0), Origin(1))] - 0.6).abs() < 1e-12
            && (passing[(Importer(1), Origin(0))] - 0.6).abs() < 1e-12,
        "{passing:?}"
    );
}

#[test]
fn identities_hold_and_bits_agree_under_stress() {
    let text = reserve("R01")
        + &reserve("R02").replace("2024-01-01", "2024-02-01")
        + &measure("port_closure", "regions = [\"R01_coast\"]\nrate = 0.7", "2025-01-01", "2025-06-01")
        + &measure(
            "embargo",
            "importers = [\"R01\"]\nexporters = \"all\"\nproducts = \"manufacturing\"",
            "2025-03-01",
            "2025-12-01",
        )
        .replace("\"all\"", "[\"R02\", \"R03\"]")
        + &measure(
            "lost_capacity",
            "regions = [\"R02\"]\nindustries = \"manufacturing\"\nrate = 0.5",
            "2025-06-01",
            "2026-01-01",
        )
        + &measure(
            "plant_subsidy",
            "regions = [\"R01_interior\"]\nindustries = \"manufacturing\"\nrate = 0.9",
            "2025-01-01",
            "",
        );
    let restless = "location = { enabled = true, areas = true, review_share = 0.5, match_sd = 1.0, hurdle = 0.0, fixed_cost = 0.0, candidates = 8, \
                    building_time = 4, site_share = 2.0, training_time = 1, rest_after = 2, rest_limit = 6 }\n";
    let case = Case { parameters: restless, ..case(&text) };
    case.same_on_all_ways(40, &[13, 20, 33], |sim| {
        assert!(sim.get::<AuditReport>().failed == 0);
        sim.digest().combined()
    });
    let mut sim = case.build(true);
    let (mut woken, mut traded, mut within, mut mothballed) = (0, 0, 0, 0);
    for _ in 0..72 {
        sim.step().expect("balances");
        let moves = sim.get::<Moves>();
        woken += moves.woken.as_slice().iter().sum::<i64>();
        traded += moves.bought.as_slice().iter().sum::<i64>();
        mothballed += moves.mothballed.as_slice().iter().sum::<i64>();
        within += moves.opened[(Host(0), Origin(0))];
    }
    assert!(
        woken > 0 && within > 0 && mothballed > 0,
        "{woken} woken, {traded} traded, {within} within, {mothballed} put to rest"
    );
}
