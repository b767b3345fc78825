use super::*;
use crate::calibration::{Calibration, synthetic, synthetic_divided};
use crate::parameters::Parameters;

/// Three regions R01..R03, goods G01 G02 G03, services S01 (distribution) S02.
fn world() -> Calibration {
    synthetic(3, 5, 1)
}

fn parameters() -> Parameters {
    crate::shipped::parameters().expect("shipped parameters").values
}

fn tariff(extra: &str) -> String {
    format!("[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\n{extra}\n")
}

fn measures(text: &str) -> Vec<Measure> {
    parse_measures("test.toml", text, &world().codes()).unwrap_or_else(|issues| panic!("{issues:?}"))
}

fn reserve(extra: &str) -> String {
    format!(
        "[[measure]]\nlabel = \"reserve\"\nkind = \"reserve_capacity\"\nsource = \"test\"\nstart = 2024-01-01\n{extra}\n"
    )
}

#[test]
fn people_are_displaced_from_some_tenure_on() {
    let measure = |extra: &str| {
        format!(
            "[[measure]]\nlabel = \"d\"\nkind = \"displacement\"\nsource = \"test\"\nstart = 2024-01-01\nregions = [\"R02\"]\n{extra}\n"
        )
    };
    let read = measures(&measure("tenure = 36\nrate = 0.1"));
    assert_eq!((read[0].tenure, &read[0].cells[..]), (Some(36.0), &[(1, 0.1)][..]));
    let mut again = measures(&read[0].to_toml());
    again[0].place = read[0].place.clone();
    assert_eq!(again, read);
    for (extra, message, remedy) in [
        ("rate = 0.1", "missing key", "tenure = 36"),
        ("tenure = -1\nrate = 0.1", "tenure of -1 months", "between 0 and 480"),
        ("tenure = 36\nrate = 1.5", "", "between 0 and 1"),
        ("tenure = 36\nindustries = \"all\"\nrate = 0.1", "unknown key", ""),
    ] {
        let issues = parse_measures("test.toml", &measure(extra), &world().codes()).expect_err(extra);
        let hit = issues.iter().any(|issue| issue.message.contains(message) && issue.remedy.contains(remedy));
        assert!(hit, "{extra}: {issues:#?}");
    }
    let lottery = measure("tenure = 36\nrate = 0.1").replace("displacement", "lottery");
    assert!(parse_measures("test.toml", &lottery, &world().codes()).is_err(), "a lottery asks nobody's tenure");
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

#[test]
fn reserves_and_areas_are_refused_where_they_stand() {
    let world = synthetic_divided(3, 5, 1);
    for (name, text, key, message, remedy) in [
        (
            "no terms",
            reserve("regions = \"all\"\nindustries = [\"G01\"]\nrate = 0.1\nupkeep = 0.1"),
            "grant",
            "missing key",
            "grant = 0.5",
        ),
        (
            "grant",
            reserve("regions = \"all\"\nindustries = [\"G01\"]\nrate = 0.1\nupkeep = 0.1\ngrant = 50"),
            "grant",
            "not between 0 and 1",
            "share of the cost",
        ),
        (
            "share",
            reserve("regions = \"all\"\nindustries = [\"G01\"]\nrate = 1.5\nupkeep = 0.1\ngrant = 0.5"),
            "measure[1]",
            "a share of 1.5",
            "between 0 and 1",
        ),
        (
            "services",
            reserve("regions = \"all\"\nindustries = [\"S02\"]\nrate = 0.1\nupkeep = 0.1\ngrant = 0.5"),
            "industries",
            "reserve capacity is of manufacturing",
            "manufacturing",
        ),
        (
            "area",
            reserve("regions = [\"R01_costa\"]\nindustries = [\"G01\"]\nrate = 0.1\nupkeep = 0.1\ngrant = 0.5"),
            "regions",
            "unknown region `R01_costa`",
            "R01_coast",
        ),
        (
            "duty on an area",
            tariff("exporters = [\"R01_coast\"]\nproducts = \"all\"\nrate = 0.1\nstart = 2024-01-01"),
            "exporters",
            "unknown region",
            "R0",
        ),
        (
            "terms of another kind",
            tariff("exporters = [\"R02\"]\nproducts = \"all\"\nrate = 0.1\nstart = 2024-01-01\ngrant = 0.5"),
            "grant",
            "unknown key",
            "",
        ),
    ] {
        let issues = parse_measures("test.toml", &text, &world.codes()).expect_err(name);
        let hit =
            issues.iter().any(|x| x.key.contains(key) && x.message.contains(message) && x.remedy.contains(remedy));
        assert!(hit, "{name}: {issues:#?}");
    }
}
