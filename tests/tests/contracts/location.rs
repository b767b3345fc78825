//! Contract: plants that open, move, are given up, closed and sold conserve capital, jobs and ownership, in integers and in
//! every tick, in random worlds under duties that come and go; and they do so at any thread count and after a restart. Without
//! shocks and without a change of policy nobody moves.

use engine::money::Volume;

use std::fmt::Write as _;

use agents::components::{Firm, Phase, Plant};
use agents::geography::Geography;
use agents::location::sites::{Moves, Sites, Stage};
use agents::simulation::{Simulation, SimulationError};
use agents::statistics::audit::AuditReport;
use agents::world::base::Base;
use tests::worlds::Case;

/// Firms that review nearly every month, find places of much worth to them, and build in a third of a year.
const RESTLESS: &str = "location = { enabled = true, review_share = 0.5, match_sd = 1.0, hurdle = 0.0, fixed_cost = 0.0, candidates = 8, \
                        building_time = 4, site_share = 2.0, training_time = 1, learning_years = 0.5 }\n";

/// High duties of one region on another that come and go, and subsidies to invest.
fn come_and_go(case: &Case, seed: u64) -> String {
    let regions = &case.calibration.regions;
    let code = |n: u64| &regions[(engine::rng::hash(seed, n, 0) % regions.len() as u64) as usize].code;
    let mut text = String::new();
    for n in 0..4 {
        let (start, end) = (2 + 14 * n, 9 + 14 * n);
        let date = |tick: u64| format!("{}-{:02}-01", 2024 + tick / 12, 1 + tick % 12);
        let (importer, subsidised) = (code(n), code(n + 10));
        let _ = write!(
            text,
            "[[measure]]\nlabel = \"duty {n}\"\nkind = \"tariff\"\nimporters = [\"{importer}\"]\nexporters = \"all\"\nproducts = \"all-goods\"\nrate = 0.8\nannounced = {0}\nstart = {0}\nend = {1}\nend_announced = {1}\nsource = \"test\"\n\
             [[measure]]\nlabel = \"subsidy {n}\"\nkind = \"investment_subsidy\"\nregions = [\"{subsidised}\"]\nindustries = \"manufacturing\"\nrate = 0.3\nannounced = {0}\nstart = {0}\nend = {1}\nend_announced = {1}\nsource = \"test\"\n",
            date(start),
            date(end)
        );
    }
    text
}

/// Sums of what moved over a run.
#[derive(Debug, Default)]
struct Seen {
    announced: i64,
    opened: i64,
    cancelled: i64,
    closed: i64,
    sold: i64,
    shipped: Volume,
    scrapped: Volume,
    invested: i64,
    income: i64,
    severance: i64,
    offices: usize,
    too_coarse: i64,
}

impl Seen {
    fn add(&mut self, sim: &mut Simulation) {
        let m = sim.get::<Moves>();
        let sum = |column: &[i64]| column.iter().sum::<i64>();
        self.announced += sum(m.announced.as_slice());
        self.opened += sum(m.opened.as_slice());
        self.cancelled += sum(m.cancelled.as_slice());
        self.closed += sum(m.closed.as_slice());
        self.sold += sum(m.orphaned.as_slice());
        self.shipped += m.shipped.as_slice().iter().sum();
        self.scrapped += m.scrapped.iter().sum();
        self.invested += sum(m.invested.as_slice());
        self.income += sum(m.income.as_slice());
        self.severance += sum(&m.severance);
        self.too_coarse += sum(&m.too_coarse);
        self.offices = sim.column::<Firm>().iter().filter(|f| f.phase == Phase::Office).count();
    }
}

#[test]
fn identities_hold_while_plants_move_and_are_given_up() {
    let (mut all, mut checked) = (Seen::default(), 0);
    for seed in 1..=6_u64 {
        let (regions, industries) = (2 + (seed % 3) as usize, 3 + (seed % 4) as usize);
        let mut case = Case::random(regions, industries, seed);
        if seed == 6 {
            case.ticks_per_year = 4;
        }
        let text = come_and_go(&case, seed);
        (case.policy, case.parameters) = (&text, RESTLESS);
        let mut sim = case.build(true);
        let mut seen = Seen::default();
        for _ in 0..72 {
            if let Err(error) = sim.step() {
                panic!("seed {seed}, {regions} x {industries}: {error}\n{seen:?}");
            }
            seen.add(&mut sim);
            only_sites_of_the_run_are_taken(&mut sim);
            checked += new_plants_fit(&mut sim);
            every_industry_stays(&mut sim);
        }
        let report = sim.get::<AuditReport>();
        assert!(report.failed == 0 && report.checked > 1000, "{} checks", report.checked);
        all.announced += seen.announced;
        all.opened += seen.opened;
        all.cancelled += seen.cancelled;
        all.closed += seen.closed;
        all.sold += seen.sold;
        all.shipped += seen.shipped;
        all.scrapped += seen.scrapped;
        all.invested += seen.invested;
        all.income += seen.income;
        all.severance += seen.severance;
        all.offices += seen.offices;
    }
    // Everything that can happen to a plant happened in some of the runs.
    let counts = [all.announced, all.opened, all.cancelled, all.closed, all.shipped.count(), all.scrapped.count()];
    assert!(counts.iter().all(|&x| x > 0), "{all:?}");
    assert!(all.invested > 0 && all.income > 0 && all.severance > 0 && all.offices > 0, "{all:?}");
    assert!(all.opened + all.cancelled <= all.announced, "{all:?}");
    assert!(checked > 0, "{all:?}");
}

#[test]
fn work_of_few_agents_stays_where_it_is() {
    let mut case = Case::random(3, 4, 2);
    let text = come_and_go(&case, 2);
    (case.policy, case.parameters, case.households) = (&text, RESTLESS, 120);
    let mut sim = case.build(true);
    let mut seen = Seen::default();
    for _ in 0..36 {
        sim.step().expect("a tick");
        seen.add(&mut sim);
        new_plants_fit(&mut sim);
    }
    assert!(seen.too_coarse > 0, "{seen:?}");
}

/// Where plants are announced, the work of a worker agent of either place is at most an eighth of the industry of both.
/// Returns how many were looked at.
fn new_plants_fit(sim: &mut Simulation) -> usize {
    let firms = sim.column::<Firm>();
    let (sites, base, geography) = (sim.get::<Sites>(), sim.get::<Base>(), sim.get::<Geography>());
    let mut seen = 0;
    for site in sites.sites.iter().filter(|s| !s.reserve && firms[s.firm as usize].region != s.origin) {
        let firm = &firms[site.firm as usize];
        let (ends, j) = ([firm.region as usize, site.origin as usize], firm.industry as usize);
        let output = ends.map(|k| base.regions[k].output[j]);
        let agents = ends.map(|k| base.regions[k].employment[j] / geography.regions[k].persons_per_agent);
        let largest = (output[0] / agents[0]).max(output[1] / agents[1]);
        assert!(8.0 * largest <= output[0].min(output[1]) * (1.0 + 1e-9), "{site:?}: {largest} of {output:?}");
        seen += 1;
    }
    seen
}

/// An industry of a region keeps a firm that produces, however many plants close in a tick.
fn every_industry_stays(sim: &mut Simulation) {
    let firms = sim.column::<Firm>();
    for members in sim.get::<Geography>().cells.as_slice() {
        let runs = |&i: &u32| firms[i as usize].produces();
        assert!(members.iter().any(runs), "nobody is left of {:?}", &firms[members[0] as usize]);
    }
}

/// A vacant site has neither owner, staff nor capital unless it was closed in this tick.
fn only_sites_of_the_run_are_taken(sim: &mut Simulation) {
    let (firms, plants) = (sim.column::<Firm>(), sim.column::<Plant>());
    let sites = sim.get::<Sites>();
    for (i, (firm, plant)) in firms.iter().zip(&plants).enumerate() {
        let closing = sites.of(i).is_some_and(|s| s.stage == Stage::Closing);
        let empty = plant.capital.is_zero() && plant.employees == [0; 3] && firm.owner().is_none();
        assert!(!firm.is_vacant() || empty || closing, "row {i}: {firm:?} {plant:?}");
        assert!(firm.phase != Phase::Building || plant.employees == [0; 3], "row {i} builds and employs");
    }
}

fn restless(seed: u64) -> (String, Case<'static>) {
    let case = Case { parameters: RESTLESS, ..Case::random(3, 5, seed) };
    (come_and_go(&case, seed), case)
}

#[test]
fn moves_do_not_depend_on_threads_or_restarts() {
    let (text, case) = restless(7);
    let case = Case { policy: &text, ..case };
    let seen = case.same_on_all_ways(30, &[1, 5, 6, 7, 13, 22, 29], |sim| {
        (sim.digest().combined(), sim.get::<Sites>().sites.len())
    });
    assert!(seen[29].1 > 0, "plants stand");
}

#[test]
fn without_shocks_and_policy_nobody_moves() {
    let case = Case { shocks: false, parameters: RESTLESS, ..Case::random(3, 5, 3) };
    let mut sim = case.build(true);
    let mut reviewed = 0;
    for _ in 0..24 {
        sim.step().expect("balances");
        assert_eq!(sim.get::<Moves>().announced.as_slice().iter().sum::<i64>(), 0);
        reviewed += sim.get::<Moves>().reviewed.iter().sum::<i64>();
    }
    assert!(reviewed > 0, "firms look, and stay");
}

#[test]
fn a_world_without_sites_or_reviews_stays_where_it_is() {
    let off = [
        "",
        "location = { enabled = true, site_share = 0.0 }\n",
        "location = { enabled = true, review_share = 0.0 }\n",
    ];
    for parameters in off {
        let case = Case { parameters, ..Case::random(2, 4, 3) };
        let mut sim = case.build(true);
        for _ in 0..12 {
            sim.step().expect("balances");
        }
        assert!(sim.get::<Sites>().sites.is_empty());
        let vacant = sim.column::<Firm>().iter().filter(|f| f.is_vacant()).count();
        assert_eq!(vacant == 0, !parameters.contains("review_share"));
    }
}

#[test]
fn the_audit_catches_capital_and_owners_that_vanish() {
    let (text, case) = restless(7);
    let case = Case { policy: &text, ..case };
    let caught = |part: &str, breaking: &dyn Fn(&mut Simulation)| {
        let mut sim = case.build(true);
        while sim.get::<Sites>().sites.iter().all(|s| s.stage != Stage::Open) {
            sim.step().expect("an unbroken world balances");
        }
        breaking(&mut sim);
        match sim.step() {
            Err(SimulationError::Audit(found)) => {
                assert!(found.iter().any(|v| v.identity.contains(part)), "expected `{part}` among {found:?}");
            }
            other => panic!("the audit missed a broken `{part}`: {:?}", other.err().map(|e| e.to_string())),
        }
    };
    let open = |sim: &Simulation| {
        let sites = &sim.get::<Sites>().sites;
        sites.iter().find(|s| s.stage == Stage::Open).expect("an open plant").firm as usize
    };
    caught("capital:", &|sim| {
        let row = open(sim);
        sim.tamper_column(|i, p: &mut Plant| p.capital -= Volume::new(i64::from(i == row)));
    });
    caught("one owner", &|sim| {
        let row = open(sim);
        sim.tamper_column(|i, f: &mut Firm| f.parent = if i == row { row as u32 } else { f.parent });
    });
    caught("affiliates = plants", &|sim| sim.tamper::<Sites>(|s| s.sites.clear()));
}
