//! Contract: machines that take over tasks leave every identity in place and the same bits at any thread count and after a
//! restart, also while firms move; cheaper machines take jobs and hardly any output, and at the prices of the base
//! nothing is automated.

use std::fmt::Write as _;

use agents::components::{Firm, Plant};
use agents::geography::Geography;
use agents::location::sites::{Sites, Stage};
use agents::simulation::Simulation;
use agents::statistics::audit::AuditReport;
use agents::world::base::Base;
use tests::worlds::Case;

const QUIET: &str = "automation = { enabled = true, progress = 0.0 }\n";
const CHEAPER: &str = "automation = { enabled = true, progress = 0.08 }\n";
const RESTLESS: &str = "automation = { enabled = true, progress = 0.08 }\n\
     location = { enabled = true, review_share = 0.5, match_sd = 1.0, hurdle = 0.0, fixed_cost = 0.0, candidates = 8, \
     building_time = 4, site_share = 2.0, training_time = 1, learning_years = 0.5 }\n";

/// Subsidies to investment, to plants and to wages that come and go.
fn come_and_go(case: &Case) -> String {
    let code = |n: usize| &case.calibration.regions[n % case.calibration.region_count()].code;
    let mut text = String::new();
    for (n, kind) in ["investment_subsidy", "wage_subsidy", "plant_subsidy"].iter().enumerate() {
        let _ = write!(
            text,
            "[[measure]]\nlabel = \"{kind}\"\nkind = \"{kind}\"\nregions = [\"{}\"]\nindustries = \"manufacturing\"\nrate = 0.3\n\
             announced = 2024-0{}-01\nstart = 2024-0{}-01\nend = 2026-0{}-01\nend_announced = 2026-01-01\nsource = \"test\"\n",
            code(n),
            n + 2,
            n + 2,
            n + 2
        );
    }
    text
}

fn run(case: &Case, ticks: u32) -> Simulation {
    let mut sim = case.build(true);
    for _ in 0..ticks {
        sim.step().expect("balances");
    }
    sim
}

/// Output-weighted share of automated tasks, staff and output of manufacturing.
fn manufacturing(mut sim: Simulation) -> [f64; 3] {
    let plants = sim.column::<Plant>();
    let made = &sim.get::<Geography>().products.manufacturing;
    let plants = plants.iter().filter(|p| made[p.industry as usize]);
    let (mut automated, mut staff, mut output) = (0.0, 0.0, 0.0);
    for p in plants {
        automated += p.automated * p.output.as_f64();
        staff += f64::from(p.employees.iter().sum::<u32>());
        output += p.output.as_f64();
    }
    [automated / output, staff, output]
}

#[test]
fn identities_hold_while_machines_take_over_and_plants_move() {
    let mut opened = 0;
    for seed in 1..=4_u64 {
        let mut case = Case::random(2 + (seed % 3) as usize, 4 + (seed % 3) as usize, seed);
        if seed == 4 {
            case.ticks_per_year = 4;
        }
        let text = come_and_go(&case);
        (case.policy, case.parameters) = (&text, RESTLESS);
        let mut sim = run(&case, 60);
        let (firms, plants) = (sim.column::<Firm>(), sim.column::<Plant>());
        let report = sim.get::<AuditReport>();
        assert!(report.failed == 0 && report.checked > 1000, "{} checks", report.checked);
        let made = &sim.get::<Geography>().products.manufacturing;
        for (firm, plant) in firms.iter().zip(&plants) {
            assert!((0.0..=0.6).contains(&plant.automated), "{plant:?}");
            assert!(plant.automated <= 0.0 || made[plant.industry as usize], "{plant:?}");
            // Fewer people for the same pay a head: what a worker makes at normal hours costs as much as ever.
            if firm.produces() && plant.automated > 0.0 {
                let base = &sim.get::<Base>().regions[plant.region as usize];
                let j = plant.industry as usize;
                let by_hand = base.compensation[j] / base.output[j] / 1.15;
                assert!((plant.unit_wage / (1.0 - plant.automated) / by_hand - 1.0).abs() < 1e-9, "{plant:?}");
            }
        }
        let sites = sim.get::<Sites>();
        for site in sites.sites.iter().filter(|s| s.stage == Stage::Open) {
            assert!(plants[site.firm as usize].automated >= 0.1 - 1e-12, "a new plant is laid out for machines");
            opened += 1;
        }
    }
    assert!(opened > 0, "plants stand");
}

#[test]
fn digests_do_not_depend_on_threads_or_restarts() {
    let case = Case::random(3, 5, 7);
    let text = come_and_go(&case);
    let case = Case { policy: &text, parameters: RESTLESS, ..case };
    let seen = case.same_on_all_ways(30, &[1, 6, 7, 13, 22, 29], |sim| {
        let automated: Vec<u64> = sim.column::<Plant>().iter().map(|p| p.automated.to_bits()).collect();
        (sim.digest().combined(), automated, sim.get::<Sites>().sites.len())
    });
    assert!(seen[29].2 > 0, "plants stand");
}

#[test]
fn at_the_prices_of_the_base_nothing_is_automated() {
    // One agent is a quarter of a percent of the staff; at 400 households it is 0.6, more than the bound.
    let case = Case { shocks: false, households: 1_000, parameters: QUIET, ..Case::random(3, 5, 3) };
    let [automated, staff, output] = manufacturing(run(&case, 48));
    assert!(automated < 1e-3, "{automated}");
    let off = Case { parameters: "", ..case };
    let [none, staff_off, output_off] = manufacturing(run(&off, 48));
    assert!(none <= 0.0 && (staff / staff_off - 1.0).abs() < 5e-3 && (output / output_off - 1.0).abs() < 2e-3);
}

#[test]
fn cheaper_machines_take_jobs_and_hardly_any_output() {
    let with = |parameters| {
        let case = Case { shocks: false, households: 2_000, parameters, ..Case::random(3, 5, 3) };
        manufacturing(run(&case, 96))
    };
    let ([_, staff_dear, output_dear], [automated, staff, output]) = (with(QUIET), with(CHEAPER));
    // Eight years of a fall by 8 percent: machines cost half, which pays for a third of the tasks; plants are renewed more slowly.
    assert!((0.05..0.15).contains(&automated), "{automated}");
    let jobs_per_output = staff / output * output_dear / staff_dear;
    assert!((jobs_per_output - (1.0 - automated)).abs() < 0.02, "{jobs_per_output} with {automated} automated");
    // Machines are made too, and what they make gets cheaper: output rises somewhat, jobs fall.
    assert!((0.99..1.04).contains(&(output / output_dear)), "{}", output / output_dear);
    assert!(staff < 0.98 * staff_dear, "{staff} of {staff_dear}");
}

#[test]
fn grants_to_invest_automate_and_grants_to_employ_do_not() {
    let case = Case { shocks: false, parameters: QUIET, ..Case::random(2, 4, 5) };
    let measure = |kind: &str| {
        format!(
            "[[measure]]\nlabel = \"s\"\nkind = \"{kind}\"\nregions = \"all\"\nindustries = \"manufacturing\"\nrate = 0.3\n\
             announced = 2024-01-01\nstart = 2024-01-01\nsource = \"test\"\n"
        )
    };
    let (invest, employ) = (measure("investment_subsidy"), measure("wage_subsidy"));
    let [by_capital, ..] = manufacturing(run(&Case { policy: &invest, ..case_of(&case) }, 36));
    let [by_wages, ..] = manufacturing(run(&Case { policy: &employ, ..case_of(&case) }, 36));
    assert!(by_capital > 0.01 && by_wages < 1e-3, "{by_capital} {by_wages}");
}

fn case_of<'a>(case: &Case<'a>) -> Case<'a> {
    Case { calibration: case.calibration.clone(), ..*case }
}
