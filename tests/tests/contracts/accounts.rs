//! Contract: every identity of the accounts holds in every tick, in integers, in random worlds under random policies;
//! and the audit catches a rule that is broken on purpose. The audit adds up all agents afresh each tick and compares
//! with what the ledger was told; a run in which it fails stops with the tick, the identity and the difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use agents::accounts::{Line, Why};
use agents::axes::{Debtor, Holder, Host, Origin};
use agents::components::{Bank, Books, CentralBank, Firm, Flows, Government, Household, Lineage, Offer, Person, Plant};
use agents::geography::NONE;
use agents::households::lives::Lives;
use agents::location::sites::{Moves, Sites};
use agents::simulation::{Simulation, SimulationError};
use agents::state::Regions;
use agents::statistics::audit::AuditReport;
use agents::store::{rows_of, rows_of_mut};
use agents::tally::Tally;
use agents::world::base::Base;
use bevy_ecs::component::Mutable;
use bevy_ecs::prelude::{Component, World};
use configs::measures::MeasureKind;
use configs::measures::instruments::{RateKind, Scope};
use engine::ledger::{AccountId, Ledger};
use engine::money::Volume;
use tests::worlds::{Case, RESTLESS, UNITS};

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
        let industries = codes(kind.scope() == Scope::Imports);
        let product = industries[number(industries.len())];
        let place = match kind.scope() {
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
            ["debt", "lump_sum", "income_tax", "corporate_tax"][(seed % 4) as usize]
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
    note_posted(&of_units(), &mut posted);
    note_posted(&squeezed(1), &mut posted);
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

/// A world of units that are helped and squeezed as chance has it: what assistance there is, what banks lend for spending and on homes, and
/// what homes cost changes every few months.
fn squeezed(seed: u64) -> Simulation {
    let mut sim = Case { parameters: UNITS, ..Case::random(3, 4, seed) }.build(true);
    for tick in 0..36_u64 {
        let drawn = |what: u64| engine::rng::unit(engine::rng::hash(seed, tick / 3, what));
        if tick % 3 == 0 {
            sim.tamper(|lives: &mut Lives| {
                for life in &mut lives.regions {
                    life.setting.assistance.floor *= 0.3 + 1.4 * drawn(1);
                    life.setting.credit.most = 3.0 * drawn(2);
                    life.setting.homes.loan = 0.5 + 0.6 * drawn(3);
                    life.setting.homes.again = drawn(4);
                    life.setting.homes.bought = 0.2 * drawn(5);
                    life.setting.pension.fixed *= 0.3 + 1.4 * drawn(6);
                    life.setting.die = 0.2 * drawn(7);
                }
            });
            sim.tamper(|regions: &mut Regions| {
                regions.states.iter_mut().for_each(|state| state.homes.price *= 0.3 + 1.5 * drawn(8));
            });
        }
        if let Err(error) = sim.step() {
            panic!("seed {seed}: {error}");
        }
    }
    sim
}

#[test]
fn identities_hold_whatever_becomes_of_transfers_credit_and_homes() {
    for seed in 2..=3 {
        let sim = squeezed(seed);
        let lineages = rows_of::<Lineage>(sim.world());
        assert!(lineages.iter().any(|x| x.mortgage() > 0) && lineages.iter().all(|x| x.debt >= 0));
        let households = rows_of::<Household>(sim.world());
        // Whoever finds a shop empty pays what another asks: until payday an account may be overdrawn by a trifle.
        let short = households.iter().zip(lineages).find(|x| x.0.deposits < -x.0.budget / 100);
        assert!(short.is_none(), "seed {seed}: a household owes more than its debts, {short:?}");
    }
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

/// Households are units, and duties beyond those of the base are handed out by child.
const WITH_CHILD_BENEFIT: &str = "households = { units = true }\nfiscal = { duty_revenue_use = \"child_benefit\" }\n";

/// A world whose households are units, with measures of every kind, after two years.
fn of_units() -> Simulation {
    let mut case = Case { parameters: WITH_CHILD_BENEFIT, ..Case::random(3, 4, 8) };
    // A least pension that tops up some.
    let least = "[[measure]]\nlabel = \"least\"\nkind = \"minimum_pension\"\nsource = \"test\"\nregions = \"all\"\nrate = 0.3\nstart = 2024-06-01\n";
    let text = random_policy(&case, 8) + least;
    case.policy = &text;
    let mut sim = case.build(true);
    for _ in 0..24 {
        sim.step().expect("balances");
    }
    sim
}

#[test]
fn duties_beyond_the_base_are_handed_out_by_child_a_tick_later() {
    let mut case = Case { parameters: WITH_CHILD_BENEFIT, households: 2_000, ..Case::random(2, 3, 5) };
    let text = policy(&case, 3);
    case.policy = &text;
    let mut sim = case.build(true);
    let posted = |sim: &Simulation| {
        let of = |why: Why| sim.get::<Ledger>().posted(0, why as u16);
        [of(Why::DutiesFirms) + of(Why::DutiesGovernment), of(Why::ChildBenefits)]
    };
    let (mut before, mut due, mut paid) = (posted(&sim), 0.0_f64, 0);
    for _ in 0..12 {
        sim.step().expect("balances");
        let after = posted(&sim);
        let (state, base) = (&sim.get::<Regions>().states[0], &sim.get::<Base>().regions[0]);
        let (children, received) = (state.treasury.children, (after[1] - before[1]) as f64);
        assert!(children > 0);
        // Whole units of money a household; who has drawn children anew since is one household in 180 a tick.
        assert!((received - due).abs() <= 0.02 * due + children as f64, "{received} of {due}");
        let extra = (after[0] - before[0]) as f64 - base.duties.iter().sum::<f64>();
        due = extra.max(0.0);
        assert!((state.treasury.child_benefit * children as f64 - due).abs() <= 1e-9 * due + 1e-6);
        paid += i32::from(received > 0.0);
        before = after;
    }
    assert!(paid >= 8, "{paid} ticks");
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

/// A rule that is broken on purpose: the identity that catches it, the stage after which it is, and what is done.
type Broken = (&'static str, &'static str, fn(&mut World));

/// Changes the first agent that has a component.
fn first<T: Component<Mutability = Mutable>>(world: &mut World, change: impl FnOnce(&mut T)) {
    let mut query = world.query::<&mut T>();
    change(&mut query.iter_mut(world).next().expect("an agent"));
}

/// One for every identity of the audit.
const BROKEN: &[Broken] = &[
    ("household deposits held = posted", "finance", |w| rows_of_mut::<Household>(w)[0].deposits += 1),
    ("firm deposits held = posted", "finance", |w| first(w, |x: &mut Books| x.deposits += 1)),
    ("fund deposits held = posted", "finance", |w| w.resource_mut::<Regions>().states[0].fund.deposits += 1),
    ("firm loans owed = posted", "finance", |w| first(w, |x: &mut Books| x.loans -= 1)),
    ("bank loans held = posted", "finance", |w| first(w, |x: &mut Bank| x.loans += 1)),
    ("bank bonds held = posted", "finance", |w| first(w, |x: &mut Bank| x.bonds += 1)),
    ("bank deposits owed = posted", "finance", |w| first(w, |x: &mut Bank| x.deposits += 1)),
    ("bank reserves held = posted", "finance", |w| first(w, |x: &mut Bank| x.reserves += 1)),
    ("government bonds owed = posted", "finance", |w| first(w, |x: &mut Government| x.debt += 1)),
    ("central bank bonds held = posted", "finance", |w| first(w, |x: &mut CentralBank| x.bonds += 1)),
    ("foreign bonds held = posted", "finance", |w| first(w, |x: &mut CentralBank| x.foreign_bonds[1] += 1)),
    ("government account held = posted", "finance", |w| first(w, |x: &mut Government| x.account += 1)),
    ("foreign liabilities = claims of others", "finance", |w| {
        w.resource_mut::<Regions>().claims[(Holder(0), Debtor(1))] += 1;
    }),
    // A deposit that nobody owes, bonds that nobody holds, and so on: both sides are held by agents.
    ("deposits held = bank liabilities", "finance", |w| rows_of_mut::<Household>(w)[0].deposits += 1),
    ("bonds held = bonds issued", "finance", |w| first(w, |x: &mut Government| x.debt += 1)),
    ("reserves held = reserves issued", "finance", |w| first(w, |x: &mut Bank| x.reserves += 1)),
    ("loans held = loans owed", "finance", |w| first(w, |x: &mut Books| x.loans += 1)),
    ("own funds of a bank = opening + earned", "finance", |w| first(w, |x: &mut Bank| x.earned += 1)),
    ("fund deposits = dividends and pensions not yet paid, and its reserve", "finance", |w| {
        w.resource_mut::<Regions>().states[0].fund.pension_pool += 1;
    }),
    ("fund shares held = issued", "finance", |w| rows_of_mut::<Household>(w)[0].fund_shares += 1),
    // Spending that no seller receives, a wage that is counted and not paid, a sale out of nothing.
    ("gdp: production = expenditure", "household_goods", |w| w.resource_mut::<Tally>().spending.as_mut_slice()[0] += 1),
    ("gdp: production = income", "incomes", |w| first(w, |x: &mut Flows| x.wages += 1)),
    ("real gdp: production = expenditure", "profits", |w| first(w, |x: &mut Offer| x.sold += Volume::new(1))),
    ("goods: opening + output + imports = uses + closing", "profits", |w| {
        first(w, |x: &mut Offer| x.stock += Volume::new(1));
    }),
    ("capital: opening + formed + arrived = consumed + shipped + scrapped + closing", "profits", |w| {
        first(w, |x: &mut Plant| x.capital += Volume::new(1));
    }),
    ("plants: opening + announced = cancelled + closed + closing", "reserves", |w| {
        w.resource_mut::<Moves>().announced[(Host(0), Origin(0))] += 1;
    }),
    ("every affiliate has one owner that exists", "finance", |w| {
        let row = w.resource::<Sites>().sites.first().expect("a plant of the run").firm as usize;
        let mut query = w.query::<&mut Firm>();
        query.iter_mut(w).nth(row).expect("its firm").parent = NONE - 1;
    }),
    ("affiliates = plants of the run with an owner", "finance", |w| first(w, |x: &mut Firm| x.parent = 1)),
    ("duties paid = duties received", "finance", |w| first(w, |x: &mut Government| x.budget.duties += 1)),
    ("no duty on domestic goods", "business_goods", |w| {
        w.resource_mut::<Tally>().purchases.duty.as_mut_slice()[0] += 1;
    }),
    ("employed persons = staff of plants", "production", |w| first(w, |x: &mut Plant| x.employees[0] += 1)),
    ("every worker is in exactly one place", "finance", |w| {
        let mut persons = rows_of_mut::<Person>(w).iter_mut();
        let person = persons.find(|person| person.employer != NONE).expect("somebody works");
        person.employer = NONE;
    }),
];

/// The same of worlds whose households are units: homes that nobody built, debts that nobody holds.
const BROKEN_UNITS: [Broken; 7] = [
    ("homes owned and let = built", "finance", |w| w.resource_mut::<Regions>().states[0].homes.let_out += 1),
    ("mortgages owed = posted", "finance", |w| owner(w).debt += 1),
    ("mortgages held = mortgages owed", "finance", |w| owner(w).debt += 1),
    ("bank mortgages held = posted", "finance", |w| first(w, |x: &mut Bank| x.mortgages += 1)),
    ("consumer credit owed = posted", "finance", |w| tenant(w).debt += 1),
    ("consumer credit held = owed", "finance", |w| tenant(w).debt += 1),
    ("bank consumer credit held = posted", "finance", |w| first(w, |x: &mut Bank| x.consumer_credit += 1)),
];

fn owner(w: &mut World) -> &mut Lineage {
    rows_of_mut::<Lineage>(w).iter_mut().find(|x| x.owns()).expect("a home")
}

fn tenant(w: &mut World) -> &mut Lineage {
    rows_of_mut::<Lineage>(w).iter_mut().find(|x| !x.owns()).expect("a tenant")
}

/// Breaks one rule in a tick of a world whose firms have moved, which must stop on the identity.
fn caught(whole: &Simulation, &(identity, stage, breaking): &Broken) {
    let mut sim = Simulation::restore(whole.snapshot()).expect("a whole snapshot");
    let tick = sim.tick();
    assert!(sim.stages().contains(&stage), "{stage}");
    let broken = move |world: &mut World, after: &'static str| {
        if after == stage {
            breaking(world);
        }
    };
    sim.tamper_within(broken).expect("a schedule");
    match sim.step() {
        Err(SimulationError::Audit(found)) => {
            assert!(found.iter().any(|x| x.identity == identity), "expected `{identity}` among {found:?}");
            assert!(found.iter().all(|x| x.tick == tick));
        }
        other => panic!("the audit missed a broken `{identity}`: {:?}", other.err().map(|error| error.to_string())),
    }
}

#[test]
fn every_identity_catches_a_rule_that_is_broken() {
    let sim = restless();
    assert!(!sim.get::<Sites>().sites.is_empty(), "nobody moved");
    for broken in BROKEN {
        caught(&sim, broken);
    }
    let units = Case { parameters: UNITS, ..Case::random(2, 3, 3) }.build(true);
    for broken in &BROKEN_UNITS {
        caught(&units, broken);
    }
    // The list is complete. What the ledger itself finds wrong is tested with it.
    let source = include_str!("../../../agents/src/statistics/audit.rs");
    let written =
        source.split("c.equal(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
    let names: BTreeSet<&str> = written.chain(Line::ALL.iter().filter_map(|line| line.identity())).collect();
    let tried: BTreeSet<&str> = BROKEN.iter().chain(&BROKEN_UNITS).map(|broken| broken.0).collect();
    assert_eq!(names, tried);
}

#[test]
fn the_audit_can_be_told_to_report_only() {
    let mut sim = Case::random(2, 3, 5).build(false);
    sim.step().expect("balances");
    sim.tamper_rows(|(i, x): (usize, &mut Household)| x.deposits += i64::from(i == 0));
    sim.step().expect("a reporting audit does not stop the run");
    assert!(sim.get::<AuditReport>().failed > 0);
}

/// Regions of two zones and two banks, in which firms move and measures of all kinds act.
#[test]
fn banks_of_a_region_keep_their_own_accounts() {
    let mut case = Case::random(2, 3, 7);
    case.households = 11_000;
    let policy = random_policy(&case, 7);
    let parameters = format!("{RESTLESS}credit = {{ banks = 2 }}\n");
    let case = Case { policy: &policy, parameters: &parameters, ..case };
    let seen = case.same_on_all_ways(8, &[3], |sim| {
        let mut banks = Vec::new();
        sim.tamper_column(|_, bank: &mut Bank| banks.push(*bank));
        (banks, sim.digest(), sim.get::<Ledger>().balance(0, AccountId(Line::BankLoans as u16)))
    });
    for (banks, ..) in &seen {
        assert_eq!(banks.iter().map(|b| b.region).collect::<Vec<_>>(), [0, 0, 1, 1]);
        assert!(banks.iter().all(|bank| bank.deposits > 0 && bank.loans > 0 && bank.equity() > 0), "{banks:?}");
    }
    // What is posted of a region is what its banks hold together.
    let (banks, _, posted) = &seen[7];
    assert_eq!(i128::from(banks[0].loans + banks[1].loans), *posted);
    let before = &seen[0].0;
    assert!((0..4).all(|k| banks[k].own_funds != before[k].own_funds && banks[k].deposits != before[k].deposits));
}
