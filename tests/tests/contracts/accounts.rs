//! Contract: every identity of the accounts holds in every tick, in integers, in random worlds under random policies;
//! and the audit catches a rule that is broken on purpose. The audit adds up all agents afresh each tick and compares
//! with what the ledger was told; a run in which it fails stops with the tick, the identity and the difference.

use std::fmt::Write as _;

use agents::accounts::Why;
use agents::components::{Books, CentralBank, Government, Offer, Person, Plant, Wallet};
use agents::policy::MeasureKind;
use agents::policy::instruments::{RateKind, Scope};
use agents::simulation::{Simulation, SimulationError};
use agents::state::{Inventories, Regions};
use agents::statistics::audit::AuditReport;
use engine::ledger::Ledger;
use tests::worlds::{Case, RESTLESS};

/// Measures of every kind, with rates, scopes and dates drawn from the seed; all start in the first months.
fn random_policy(case: &Case, seed: u64) -> String {
    let regions: Vec<&str> = case.calibration.regions.iter().map(|r| r.code.as_str()).collect();
    let codes = |goods_only: bool| -> Vec<&str> {
        let all = case.calibration.industries.iter();
        all.filter(|i| i.goods || !goods_only).map(|i| i.code.as_str()).collect()
    };
    let mut draw = 0;
    let mut number = |n: usize| {
        draw += 1;
        (engine::rng::hash(seed, draw, 0) % n as u64) as usize
    };
    let mut text = String::new();
    for &kind in MeasureKind::ALL {
        let of = kind.instrument();
        let importer = number(regions.len());
        let exporter = (importer + 1 + number(regions.len() - 1)) % regions.len();
        let (here, there) = (regions[importer], regions[exporter]);
        let industries = codes(of.scope == Scope::Imports);
        let product = industries[number(industries.len())];
        let place = match of.scope {
            Scope::Imports => {
                format!("importers = [\"{here}\"]\nexporters = [\"{there}\"]\nproducts = [\"{product}\"]")
            }
            Scope::RegionIndustries | Scope::AreaIndustries if of.manufacturing => {
                format!("regions = [\"{here}\"]\nindustries = \"manufacturing\"")
            }
            Scope::RegionIndustries | Scope::AreaIndustries => {
                format!("regions = [\"{here}\"]\nindustries = [\"{product}\"]")
            }
            Scope::Regions | Scope::Areas => format!("regions = [\"{here}\"]"),
        };
        let rate = match of.rate {
            RateKind::Ban => String::new(),
            RateKind::Duty | RateKind::Share => format!("rate = 0.{}", 1 + number(9)),
            RateKind::Factor => format!("rate = {}0.1{}", ["", "-"][number(2)], number(10)),
            RateKind::Level => format!("rate = 0.0{}", 1 + number(9)),
        };
        let (mut rate, kind) = (rate, of.word);
        for key in of.keys.iter().filter(|key| key.required) {
            let _ = write!(rate, "\n{} = 0.{}", key.name, 1 + number(9));
        }
        let end = if number(2) == 0 { format!("end = 2025-{:02}-11", 1 + number(9)) } else { String::new() };
        let (month, day) = (1 + number(6), 1 + number(28));
        let _ = write!(
            text,
            "[[measure]]\nlabel = \"{kind}\"\nkind = \"{kind}\"\nsource = \"test\"\n{place}\n{rate}\nannounced = 2024-01-01\nstart = 2024-{month:02}-{day:02}\n{end}\n",
        );
    }
    text
}

#[test]
fn identities_hold_under_measures_of_every_kind_and_every_regime() {
    let mut posted = Vec::new();
    for seed in 1..=6_u64 {
        let (regions, industries) = (2 + (seed % 4) as usize, 3 + (seed % 5) as usize);
        let mut case = Case::random(regions, industries, seed);
        let text = random_policy(&case, seed);
        let parameters = format!(
            "external = {{ regime = \"path\" }}\nrouting = {{ enabled = true, hub_share = 2.0 }}\nfiscal = {{ duty_revenue_use = \"{}\" }}\n",
            ["debt", "lump_sum", "income_tax"][(seed % 3) as usize]
        );
        (case.policy, case.parameters) = (&text, &parameters);
        if seed % 2 == 0 {
            case.ticks_per_year = 4;
        }
        let mut sim = case.build(true);
        for _ in 0..30 {
            if let Err(error) = sim.step() {
                panic!("seed {seed}, {regions} x {industries}: {error}\n{text}");
            }
        }
        note_posted(&sim, &mut posted);
    }
    let mut floating = Case::random(3, 5, 9);
    let text = policy(&floating, 9);
    (floating.policy, floating.parameters) = (&text, "external = { regime = \"float\" }");
    let mut sim = floating.build(true);
    for _ in 0..30 {
        sim.step().expect("balances");
    }
    let moved = sim.get::<Regions>().states.iter().filter(|s| (s.exchange_rate - 1.0).abs() > 1e-6).count();
    assert_eq!(moved, 3, "exchange rates float");
    note_posted(&sim, &mut posted);
    note_posted(&restless(), &mut posted);
    note_posted(&ruined(), &mut posted);
    let missing: Vec<Why> = Why::ALL.iter().copied().filter(|why| !posted.contains(why)).collect();
    assert!(missing.is_empty(), "reasons that no world ever posted: {missing:?}");
}

/// Notes the reasons under which money moved in a world.
fn note_posted(sim: &Simulation, found: &mut Vec<Why>) {
    let ledger = sim.get::<Ledger>();
    let used = |why: &Why| (0..ledger.units()).any(|unit| ledger.posted(unit, *why as u16) != 0);
    found.extend(Why::ALL.iter().filter(|why| used(why)));
}

/// A world in which firms fail: they owe nearly what they own, and what each can make swings widely.
fn ruined() -> Simulation {
    let parameters =
        "firms = { loan_to_capital = 0.95, loan_to_value_limit = 1.0 }\nshocks = { firm_productivity_sd = 0.3 }\n";
    let mut sim = Case { parameters, ..Case::random(2, 3, 4) }.build(true);
    for _ in 0..60 {
        sim.step().expect("balances");
    }
    sim
}

/// A world in which firms look for other places often, after two years.
fn restless() -> Simulation {
    let mut sim = Case { parameters: RESTLESS, ..Case::random(3, 5, 2) }.build(true);
    for _ in 0..24 {
        sim.step().expect("balances");
    }
    sim
}

/// A tariff and a purchase cut with rates that follow from the seed.
fn policy(case: &Case, seed: u64) -> String {
    let code = |r: usize| case.calibration.regions[r].code.clone();
    let rate = 0.05 + 0.1 * (seed % 7) as f64;
    format!(
        "[[measure]]\nlabel = \"tariff\"\nkind = \"tariff\"\nlegal_basis = \"test\"\nimporters = [\"{}\"]\nexporters = \"all\"\nproducts = \"all-goods\"\nrate = {rate:.2}\nannounced = 2024-02-01\nstart = 2024-04-10\nsource = \"test\"\n\
         [[measure]]\nlabel = \"cut\"\nkind = \"government_consumption\"\nlegal_basis = \"test\"\nregions = [\"{}\"]\nrate = -0.1\nannounced = 2024-02-01\nstart = 2024-06-01\nsource = \"test\"\n",
        code(0),
        code(1)
    )
}

#[test]
fn identities_hold_in_random_worlds_under_random_policies() {
    for seed in 1..=6_u64 {
        let (regions, industries) = (2 + (seed % 3) as usize, 3 + (seed % 4) as usize);
        let mut case = Case::random(regions, industries, seed);
        let text = policy(&case, seed);
        case.policy = &text;
        let mut sim = case.build(true);
        for _ in 0..24 {
            if let Err(error) = sim.step() {
                panic!("seed {seed}, {regions} x {industries}: {error}");
            }
        }
        let report = sim.get::<AuditReport>();
        assert!(report.failed == 0 && report.checked > 1000, "{} checks", report.checked);
    }
}

/// Runs three ticks, breaks the world, and expects the next tick to stop on an identity whose name contains `part`.
fn caught(part: &str, breaking: impl FnOnce(&mut agents::simulation::Simulation)) {
    let mut sim = Case::random(2, 3, 5).build(true);
    for _ in 0..3 {
        sim.step().expect("an unbroken world balances");
    }
    breaking(&mut sim);
    match sim.step() {
        Err(SimulationError::Audit(found)) => {
            assert!(found.iter().any(|v| v.identity.contains(part)), "expected `{part}` among {found:?}");
            assert!(found.iter().all(|v| v.tick == 3));
        }
        other => panic!("the audit missed a broken `{part}`: {:?}", other.err().map(|e| e.to_string())),
    }
}

#[test]
fn the_audit_catches_broken_rules() {
    let first = |i: usize| i == 0;
    caught("household deposits", |s| s.tamper_column(|i, w: &mut Wallet| w.deposits += i64::from(first(i))));
    caught("firm deposits", |s| s.tamper_column(|i, b: &mut Books| b.deposits += i64::from(first(i))));
    caught("firm loans", |s| s.tamper_column(|i, b: &mut Books| b.loans -= i64::from(first(i))));
    caught("goods:", |s| s.tamper_column(|i, o: &mut Offer| o.stock += i64::from(first(i))));
    caught("goods:", |s| s.tamper::<Inventories>(|x| x.inputs[0] += 1));
    caught("capital:", |s| s.tamper_column(|i, p: &mut Plant| p.capital += i64::from(first(i))));
    caught("bonds owed", |s| s.tamper_column(|i, g: &mut Government| g.debt += i64::from(first(i))));
    caught("central bank bonds", |s| s.tamper_column(|i, c: &mut CentralBank| c.bonds += i64::from(first(i))));
    caught("foreign liabilities", |s| s.tamper::<Regions>(|x| x.claims[1] += 1));
    caught("fund deposits", |s| s.tamper::<Regions>(|x| x.states[0].fund_deposits += 1));
    let mut done = false;
    caught("employed persons", |s| {
        s.tamper_column(|_, p: &mut Person| {
            if !done && p.employer != agents::geography::NONE {
                p.employer = agents::geography::NONE;
                p.status = agents::components::Status::Unemployed;
                done = true;
            }
        });
    });
}

#[test]
fn the_audit_can_be_told_to_report_only() {
    let mut sim = Case::random(2, 3, 5).build(false);
    sim.step().expect("balances");
    sim.tamper_column(|i, w: &mut Wallet| w.deposits += i64::from(i == 0));
    sim.step().expect("a reporting audit does not stop the run");
    assert!(sim.get::<AuditReport>().failed > 0);
}
