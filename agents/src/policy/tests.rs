mod places;

use std::fmt::Write as _;

use super::*;
use crate::calibration::{Calibration, synthetic};
use crate::testing::parameters;

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
fn dates_count_days_and_ticks() {
    assert_eq!(date("2025-01-01").day_number() - date("2024-01-01").day_number(), 366);
    assert_eq!(date("2001-01-01").day_number(), 730_485);
    assert_eq!(Date::new(2023, 2, 29), None);
    assert_eq!(date("2025-04"), date("2025-04-01"));
    let calendar = monthly("2024-01-15");
    assert_eq!(calendar.first_day(0), date("2024-01-01"));
    assert_eq!(calendar.first_day(15), date("2025-04-01"));
    assert_eq!((calendar.tick_of(date("2025-04-30")), calendar.tick_of(date("2019-01-01"))), (15, 0));
    let quarterly = TickCalendar::new(date("2024-01-01"), 4).expect("a calendar");
    assert_eq!((quarterly.first_day(5), quarterly.tick_of(date("2025-06-30"))), (date("2025-04-01"), 5));
    assert_eq!(TickCalendar::new(date("2024-01-01"), 5), None);
}

#[test]
fn without_measures_the_base_year_tariffs_hold_for_ever() {
    let (world, schedule) = (world(), compiled(""));
    assert_eq!(schedule.change_ticks(), &[0]);
    for tick in [0, 1, 500] {
        assert_eq!(schedule.at(tick).tariffs, world.tariffs);
        assert!(schedule.at(tick).embargo.iter().all(|banned| *banned <= 0.0));
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
    let expected = |seen: u32, tick: u32| schedule.announced(seen, tick).tariffs[5];
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
    assert!(close(path[0].tariffs[5], base) && close(path[1].tariffs[5], base + 0.1));
}

#[test]
fn a_measure_enacted_in_a_run_holds_from_its_start_as_if_it_had_been_known() {
    let text = tariff("exporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.1\nstart = 2024-03-01\nend = 2025-03-01");
    let answer = text.replace("duty\"", "answer\"").replace("2024-03-01", "2024-08-10");
    let (mut schedule, known) = (compiled(&text), compiled(&format!("{text}{answer}")));
    let before = schedule.clone();
    schedule.enact(measures(&answer).remove(0), 5).expect("a later start");
    for tick in 0..40 {
        assert_eq!(schedule.at(tick), known.at(tick), "tick {tick}");
        assert!(tick > 6 || schedule.at(tick) == before.at(tick), "tick {tick} is past");
    }
    assert_eq!(schedule.change_ticks(), known.change_ticks());
    // Neither the past nor a second measure of the same name.
    assert!(before.clone().enact(measures(&answer).remove(0), 7).expect_err("past")[0].remedy.contains("later"));
    let same = schedule.clone();
    assert!(schedule.enact(measures(&answer).remove(0), 5).is_err());
    assert_eq!(schedule, same);
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
    assert!(close(state.production_subsidy[6], 0.01) && close(sum(&state.production_subsidy), 0.03));
    assert!(close(state.wage_subsidy[6], 0.02) && close(sum(&state.wage_subsidy), 0.04));
    assert!(close(state.investment_subsidy[12], 0.03) && close(sum(&state.investment_subsidy), 0.03));
    assert!(close(state.production_tax[9], 0.04) && close(sum(&state.production_tax), 0.04));
    assert!(close(state.consumption_tax[5], 0.05) && close(sum(&state.consumption_tax), 0.25));
    assert!(close(state.income_tax[0], 0.06) && close(state.income_tax[1], -0.06));
    assert!(close(state.corporate_tax[0], -0.07) && close(sum(&state.corporate_tax), -0.07));
    assert!(close(state.government_volume[2], 0.95) && close(sum(&state.government_volume), 2.95));
    assert!(close(state.exchange_rate[1], 0.92) && close(sum(&state.exchange_rate), 2.92));
    let banned: Vec<usize> = (0..45).filter(|cell| state.banned(*cell)).collect();
    assert_eq!(banned, [5, 9]);
    // Goods of R02 and R03 in R01; the duties themselves stay.
    let charged: Vec<usize> = (0..45).filter(|cell| close(state.transshipment[*cell], 0.4)).collect();
    assert_eq!(charged, [5, 6, 7, 10, 11, 12]);
    assert!(close(sum(&state.transshipment), 2.4));
    assert_eq!(state.tariffs, world().tariffs);
}

#[test]
fn a_transshipment_duty_is_read_as_a_duty_on_all_origins_unless_some_are_named() {
    let measure = |extra: &str| {
        format!(
            "[[measure]]\nlabel = \"t\"\nkind = \"transshipment_duty\"\nsource = \"test\"\nstart = 2024-01-01\n{extra}\n"
        )
    };
    let good = measure("importers = [\"R01\"]\nexporters = [\"R03\"]\nproducts = [\"G02\"]\nrate = 0.4");
    assert_eq!(measures(&good)[0].cells, [(11, 0.4)]);
    let all = measures(&measure("importers = [\"R01\"]\nproducts = [\"G02\"]\nrate = 0.4"));
    assert_eq!(all[0].cells, [(6, 0.4), (11, 0.4)]);
    let mut again = measures(&all[0].to_toml());
    again[0].place = all[0].place.clone();
    assert_eq!(again, all);
    for (extra, line, message, remedy) in [
        ("regions = [\"R01\"]\nproducts = [\"G02\"]\nrate = 0.4", 6, "unknown key", "exporters"),
        ("importers = [\"R01\"]\nrate = 0.4", 1, "missing key", "products"),
        ("importers = [\"R01\"]\nproducts = [\"S02\"]\nrate = 0.4", 7, "service", "goods"),
        ("importers = [\"R01\"]\nexporters = [\"R01\"]\nproducts = [\"G02\"]\nrate = 0.4", 6, "both", "itself"),
        ("importers = [\"R01\"]\nproducts = [\"G02\"]\nrate = 40", 8, "out of range", "percent"),
        ("importers = [\"R01\"]\nproducts = [\"G02\"]", 1, "missing key", "add `rate"),
    ] {
        let issues = parse_measures("test.toml", &measure(extra), &world().codes()).expect_err(extra);
        let hit = issues
            .iter()
            .any(|issue| issue.line == line && issue.message.contains(message) && issue.remedy.contains(remedy));
        assert!(hit, "{extra}: {issues:#?}");
    }
    let mut p = parameters();
    assert!(check_needs(&all, &p).expect_err("off")[0].remedy.contains("routing.enabled"));
    p.routing.enabled = true;
    assert!(check_needs(&all, &p).is_ok());
}

#[test]
fn a_measure_prints_as_a_table_that_reads_back() {
    let text = tariff(
        "rates = { R02 = { G01 = 0.3 }, R03 = { G02 = 0.4 } }\nmode = \"replace\"\nlegal_basis = \"a \\\"law\\\"\"\nannounced = 2024-01-01\nstart = 2024-02-01\nend = 2024-03-01\nend_announced = 2024-02-05\nmark = \"S\"\nnote = \"n\"",
    ) + "[[measure]]\nlabel = \"cut\"\nkind = \"government_consumption\"\nregions = { set = \"all\", except = [\"R02\"] }\nrate = -0.05\nstart = 2024-02-01\nsource = \"test\"";
    let first = measures(&text);
    let printed: String = first.iter().map(Measure::to_toml).collect();
    let mut second = measures(&printed);
    for (a, b) in second.iter_mut().zip(&first) {
        a.place = b.place.clone();
    }
    assert_eq!(second, first);
}

/// What is wrong, the lines after the common head, line of the issue, part of key, message and remedy.
type BadMeasure = (&'static str, &'static str, usize, &'static str, &'static str, &'static str);

const BAD_MEASURES: [BadMeasure; 17] = [
    (
        "unknown key",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1\nexporter = 1",
        10,
        "measure[1].exporter",
        "unknown key",
        "exporters",
    ),
    (
        "unknown region",
        "exporters = [\"R2\"]\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1",
        6,
        "exporters",
        "unknown region `R2`",
        "R02",
    ),
    (
        "unknown product",
        "exporters = \"all\"\nproducts = [\"G1\"]\nstart = 2025-01-01\nrate = 0.1",
        7,
        "products",
        "unknown product `G1`",
        "G01",
    ),
    (
        "unknown region in rates",
        "rates = { R9 = 0.1 }\nproducts = \"all\"\nstart = 2025-01-01",
        6,
        "rates.R9",
        "unknown region",
        "R0",
    ),
    (
        "two rates for a product",
        "rates = { R02 = { G02 = 0.3, manufacturing = 0.2 } }\nstart = 2025-01-01",
        1,
        "rates",
        "two rates for G02 of R01 from R02: 0.3 and 0.2",
        "name each place once",
    ),
    (
        "self",
        "exporters = [\"R01\"]\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1",
        5,
        "importers",
        "both importer and exporter",
        "itself",
    ),
    (
        "service",
        "exporters = \"all\"\nproducts = [\"S02\"]\nstart = 2025-01-01\nrate = 0.1",
        7,
        "products",
        "service",
        "goods",
    ),
    (
        "percent as fraction",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = 25",
        9,
        "rate",
        "out of range",
        "percent",
    ),
    (
        "below minus one",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = -1.5",
        9,
        "rate",
        "out of range",
        "fraction",
    ),
    (
        "wrong unit",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = { value = 1, unit = \"per year\" }",
        9,
        "rate",
        "wrong unit",
        "percent",
    ),
    ("no rate", "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01", 1, "rate", "missing key", "add `rate"),
    (
        "end first",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1\nend = 2025-01-01",
        10,
        "end",
        "not after its start",
        "no longer in force",
    ),
    (
        "start before announced",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1\nannounced = 2025-02-01",
        8,
        "start",
        "before it is announced",
        "announce",
    ),
    (
        "no such day",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1\nend = \"2025-02-30\"",
        10,
        "end",
        "expected a calendar date",
        "2025-04-09",
    ),
    ("no start", "exporters = \"all\"\nproducts = \"all\"\nrate = 0.1", 1, "start", "missing key", "start"),
    (
        "unknown mode",
        "exporters = \"all\"\nproducts = \"all\"\nstart = 2025-01-01\nrate = 0.1\nmode = \"ad\"",
        10,
        "mode",
        "unknown choice",
        "did you mean `add`",
    ),
    ("syntax", "exporters = [", 6, "syntax", "", "toml.io"),
];

#[test]
fn bad_measures_are_refused_where_they_stand() {
    for (name, extra, line, key, message, remedy) in BAD_MEASURES {
        let issues = parse_measures("test.toml", &tariff(extra), &world().codes()).expect_err(name);
        let hit = issues.iter().any(|issue| {
            issue.line == line
                && issue.key.contains(key)
                && issue.message.contains(message)
                && issue.remedy.contains(remedy)
        });
        assert!(hit, "{name}: {issues:#?}");
    }
}

#[test]
fn measures_that_contradict_each_other_are_refused() {
    let replace = |label: &str, products: &str, start: &str, end: &str| {
        format!(
            "[[measure]]\nlabel = \"{label}\"\nkind = \"tariff\"\nmode = \"replace\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = \"all\"\nproducts = {products}\nrate = 0.1\nstart = {start}\nend = {end}\n"
        )
    };
    let first = replace("a", "\"all-goods\"", "2025-01-01", "2025-06-01");
    let check = |second: String| check_measures(&measures(&(first.clone() + &second)));
    let issues = check(replace("b", "[\"G02\"]", "2025-05-31", "2025-12-01")).expect_err("overlap");
    assert_eq!((issues.len(), issues[0].line, issues[0].key.as_str()), (1, 12, "b"));
    assert!(issues[0].message.contains("overlaps `a` (test.toml:1)") && issues[0].message.contains("2 cells"));
    assert_eq!(check(replace("b", "[\"G02\"]", "2025-06-01", "2025-12-01")), Ok(()), "one after the other");
    assert!(check(replace("a", "[\"G02\"]", "2026-06-01", "2026-12-01")).is_err(), "same label");
}

#[test]
fn exchange_rate_measures_need_the_path_and_leave_a_currency_its_value() {
    let measure = |label: &str, rate: f64| {
        format!(
            "[[measure]]\nlabel = \"{label}\"\nkind = \"exchange_rate\"\nsource = \"test\"\nregions = [\"R02\"]\nrate = {rate}\nstart = 2024-01-01\n"
        )
    };
    let (one, both) = (measures(&measure("a", -0.6)), measures(&(measure("a", -0.6) + &measure("b", -0.4))));
    let mut p = parameters();
    assert_eq!(check_needs(&one, &p).expect_err("fixed").len(), 1);
    p.external.regime = crate::parameters::ExchangeRateRegime::Path;
    assert!(check_needs(&one, &p).is_ok());
    let issues = check_needs(&both, &p).expect_err("worth nothing");
    assert_eq!((issues.len(), issues[0].key.as_str()), (1, "b"));
}
