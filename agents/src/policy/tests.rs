mod places;

use std::fmt::Write as _;

use configs::date::{Date, TickCalendar};
use configs::measures::{Measure, parse_measures};
use engine::grid::Grid;

use super::*;
use crate::axes::{AreaId, Border, Branch, Importer, Industry, LocalBranch, Origin, Product, RegionId};
use crate::calibration::{Calibration, synthetic};

/// Three regions R01..R03, goods G01 G02 G03, services S01 (distribution) S02.
fn world() -> Calibration {
    synthetic(3, 5, 1)
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn monthly(start: &str) -> TickCalendar {
    TickCalendar::new(date(start), 12).expect("a calendar")
}

fn tariff(extra: &str) -> String {
    format!("[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\n{extra}\n")
}

fn measures(text: &str) -> Vec<Measure> {
    parse_measures("test.toml", text, &world().codes()).unwrap_or_else(|issues| panic!("{issues:?}"))
}

fn compiled(text: &str) -> CompiledSchedule {
    compiled_for(&world(), text)
}

/// Measures of a text, compiled for a world in months from January 2024.
pub(crate) fn compiled_for(world: &Calibration, text: &str) -> CompiledSchedule {
    let measures = parse_measures("test.toml", text, &world.codes()).unwrap_or_else(|issues| panic!("{issues:?}"));
    CompiledSchedule::compile(measures, world, monthly("2024-01-01")).unwrap_or_else(|issues| panic!("{issues:?}"))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn without_measures_the_base_year_tariffs_hold_for_ever() {
    let (world, schedule) = (world(), compiled(""));
    assert_eq!(schedule.change_ticks(), &[0]);
    for tick in [0, 1, 500] {
        assert_eq!(schedule.at(tick).tariffs.as_slice(), world.tariffs);
        assert!(schedule.at(tick).embargo.as_slice().iter().all(|banned| *banned <= 0.0));
        assert!(schedule.at(tick).government_volume.iter().all(|factor| close(*factor, 1.0)));
    }
}

#[test]
fn a_duty_adds_to_the_base_rate_from_its_day_with_the_share_of_the_month() {
    let world = world();
    let schedule = compiled(&tariff(
        "exporters = \"all\"\nproducts = \"all\"\nrate = 0.1\nannounced = 2025-03-20\nstart = 2025-04-16\nend = 2025-06-01\nend_announced = 2025-05-02",
    ));
    // April 2025 is tick 15; the duty is in force on 15 of its 30 days.
    assert_eq!(schedule.change_ticks(), &[0, 15, 16, 17]);
    for (tick, added) in [(14, 0.0), (15, 0.05), (16, 0.1), (17, 0.0), (40, 0.0)] {
        for exporter in [1, 2] {
            for g in 0..5 {
                let expected = world.tariff(0, exporter, g) + if g < 3 { added } else { 0.0 };
                assert!(close(schedule.tariff(tick, 0, exporter, g), expected), "tick {tick} product {g}");
            }
            assert!(close(schedule.tariff(tick, exporter, 0, 0), world.tariff(exporter, 0, 0)));
        }
        assert!(close(schedule.tariff(tick, 0, 0, 0), 0.0));
    }
}

#[test]
fn expectations_know_what_is_announced_and_no_more() {
    let schedule = compiled(&tariff(
        "exporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.1\nannounced = 2025-03-20\nstart = 2025-05-01\nend = 2025-09-01\nend_announced = 2025-07-10",
    ));
    let base = world().tariff(0, 1, 0);
    let cell = (Importer(0), Origin(1), Product(0));
    let expected = |seen: u32, tick: u32| schedule.announced(seen, tick).tariffs[cell];
    assert!(close(expected(13, 16), base), "not yet announced in February");
    assert!(close(expected(14, 16), base + 0.1), "announced in March");
    assert!(close(expected(16, 20), base + 0.1), "the end is not known in May");
    assert!(close(expected(18, 20), base), "the end is known in July");
    assert!(!schedule.has_announced_change(13, 12));
    assert!(schedule.has_announced_change(14, 2));
    assert!(!schedule.has_announced_change(14, 1));
    assert!(!schedule.has_announced_change(17, 12));
    assert!(schedule.has_announced_change(18, 2));
    let path = schedule.announced_path(14, 3);
    assert!(close(path[0].tariffs[cell], base) && close(path[1].tariffs[cell], base + 0.1));
}

#[test]
fn a_measure_enacted_in_a_run_holds_from_its_start_as_if_it_had_been_known() {
    let text = tariff("exporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.1\nstart = 2024-03-01\nend = 2025-03-01");
    let answer = text.replace("duty\"", "answer\"").replace("2024-03-01", "2024-08-10");
    let (mut schedule, known) = (compiled(&text), compiled(&format!("{text}{answer}")));
    let before = schedule.clone();
    let mut enacted = Enacted::default();
    enacted.enact(&mut schedule, measures(&answer).remove(0), 5).expect("a later start");
    // In a run that goes on under another schedule it stays in force.
    let mut other = compiled("");
    enacted.carry_to(&mut other);
    assert_eq!(other, compiled(&answer));
    for tick in 0..40 {
        assert_eq!(schedule.at(tick), known.at(tick), "tick {tick}");
        assert!(tick > 6 || schedule.at(tick) == before.at(tick), "tick {tick} is past");
    }
    assert_eq!(schedule.change_ticks(), known.change_ticks());
    // Neither the past nor a second measure of the same name.
    assert!(before.clone().enact(measures(&answer).remove(0), 7).expect_err("past")[0].remedy.contains("later"));
    let same = schedule.clone();
    assert!(enacted.enact(&mut schedule, measures(&answer).remove(0), 5).is_err());
    assert_eq!((&schedule, enacted.all().len()), (&same, 1));
}

#[test]
fn replacing_sets_the_total_and_tables_of_rates_set_each_cell() {
    let text = tariff(
        "rates = { R02 = { G01 = 0.3, manufacturing = 0.2 }, R03 = { S01 = 0.4 } }\nmode = \"replace\"\nstart = 2024-02-01",
    ) + "[[measure]]\nlabel = \"more\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nrates = { R02 = 0.5, R03 = { value = 7, unit = \"percent\" } }\nproducts = { set = \"all-goods\", except = [\"G02\"] }\nstart = 2024-02-01";
    let (world, schedule) = (world(), compiled(&text));
    assert!(close(schedule.tariff(1, 0, 1, 0), 0.3), "replaced");
    assert!(close(schedule.tariff(1, 0, 1, 1), 0.2));
    assert!(close(schedule.tariff(1, 0, 2, 2), world.tariff(0, 2, 2) + 0.07));
    assert!(close(schedule.tariff(1, 0, 2, 1), world.tariff(0, 2, 1)), "excepted");
    assert!(close(schedule.tariff(1, 0, 2, 3), 0.0), "services bear no duty");
}

#[test]
fn other_kinds_act_on_their_own_tables() {
    let mut text = String::new();
    for (kind, scope) in [
        ("production_subsidy", "regions = \"all\"\nindustries = [\"G02\"]\nrate = 0.01"),
        ("wage_subsidy", "regions = [\"R02\"]\nindustries = \"manufacturing\"\nrate = 0.02"),
        ("investment_subsidy", "rates = { R03 = { G03 = 0.03 } }"),
        ("production_tax", "regions = [\"R02\"]\nindustries = [\"S02\"]\nrate = 0.04"),
        ("consumption_tax", "regions = [\"R02\"]\nrate = 0.05"),
        ("income_tax", "rates = { R01 = 0.06, R02 = -0.06 }"),
        ("corporate_tax", "regions = [\"R01\"]\nrate = -0.07"),
        ("government_consumption", "regions = [\"R03\"]\nrate = -0.05"),
        ("exchange_rate", "regions = [\"R02\"]\nrate = -0.08"),
        ("embargo", "importers = [\"R01\"]\nexporters = [\"R02\"]\nproducts = [\"G01\", \"S02\"]"),
        ("transshipment_duty", "importers = [\"R01\"]\nproducts = \"all\"\nrate = 0.4"),
    ] {
        let _ = write!(
            text,
            "[[measure]]\nlabel = \"{kind}\"\nkind = \"{kind}\"\nsource = \"test\"\nstart = 2024-01-01\n{scope}\n"
        );
    }
    let schedule = compiled(&text);
    let state = schedule.at(0);
    let sum = |table: &[f64]| table.iter().sum::<f64>();
    let of = |table: &Grid<LocalBranch, f64>, area: usize, industry: usize, rate: f64, total: f64| {
        close(table[(AreaId(area), Industry(industry))], rate) && close(sum(table.as_slice()), total)
    };
    assert!(of(&state.production_subsidy, 1, 1, 0.01, 0.03));
    assert!(of(&state.wage_subsidy, 1, 1, 0.02, 0.04));
    assert!(of(&state.investment_subsidy, 2, 2, 0.03, 0.03));
    let of = |table: &Grid<Branch, f64>, region: usize, industry: usize, rate: f64, total: f64| {
        close(table[(RegionId(region), Industry(industry))], rate) && close(sum(table.as_slice()), total)
    };
    assert!(of(&state.production_tax, 1, 4, 0.04, 0.04));
    assert!(of(&state.consumption_tax, 1, 0, 0.05, 0.25));
    assert!(close(state.income_tax[0], 0.06) && close(state.income_tax[1], -0.06));
    assert!(close(state.corporate_tax[0], -0.07) && close(sum(&state.corporate_tax), -0.07));
    assert!(close(state.government_volume[2], 0.95) && close(sum(&state.government_volume), 2.95));
    assert!(close(state.exchange_rate[1], 0.92) && close(sum(&state.exchange_rate), 2.92));
    let cells = |which: &dyn Fn(Border) -> bool| -> Vec<(usize, usize, usize)> {
        state.embargo.indices().filter(|cell| which(*cell)).map(|(d, o, x)| (d.0, o.0, x.0)).collect()
    };
    assert_eq!(cells(&|cell| state.banned(cell)), [(0, 1, 0), (0, 1, 4)]);
    // Goods of R02 and R03 in R01; the duties themselves stay.
    let charged = cells(&|cell| close(state.transshipment[cell], 0.4));
    assert_eq!(charged, [(0, 1, 0), (0, 1, 1), (0, 1, 2), (0, 2, 0), (0, 2, 1), (0, 2, 2)]);
    assert!(close(sum(state.transshipment.as_slice()), 2.4));
    assert_eq!(state.tariffs.as_slice(), world().tariffs);
}
