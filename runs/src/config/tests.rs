use std::path::{Path, PathBuf};

use configs::calibration::{Calibration, CalibrationFiles, synthetic};
use configs::measures::Measure;

use super::*;

/// A folder of its own for a test, removed at its end.
struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn folder(name: &str) -> Folder {
    let path = std::env::temp_dir().join(format!("autarky-config-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&path).expect("a writable temporary folder");
    Folder(path)
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a writable temporary folder");
    path.display().to_string()
}

fn load(name: &str) -> Loaded {
    load_scenario(name, &Overrides::default())
        .unwrap_or_else(|error| panic!("{name}: {:?}", miette::Report::new(error)))
}

/// The issues of a scenario that must not load, as lines.
fn refusals(name: &str) -> Vec<String> {
    let error = load_scenario(name, &Overrides::default()).expect_err(name);
    error.issues().map(ToString::to_string).collect()
}

const SMALL: &str = "world = \"world-15x21\"\npolicies = []\n[time]\nstart = \"2024-01\"\nticks = 12\n[size]\nhouseholds_per_region = 1000\n";

#[test]
fn every_shipped_scenario_loads_and_its_resolved_form_loads_again() {
    let folder = folder("resolved");
    for name in scenario_names() {
        let loaded = load(name);
        assert_eq!(loaded.config.name, name);
        assert_eq!(loaded.calibration.region_count(), 15);
        let path = put(&folder, &format!("{name}.toml"), &loaded.config.to_toml());
        let mut again = load(&path);
        let places: Vec<&Measure> = loaded.config.measures.iter().collect();
        for (measure, first) in again.config.measures.iter_mut().zip(places) {
            measure.place = first.place.clone();
        }
        assert_eq!(again.config, loaded.config, "{name}");
        assert_eq!(again.calibration, loaded.calibration);
    }
}

#[test]
fn the_trade_war_follows_its_dates() {
    let Loaded { config, calibration, .. } = load("trade-war-2025");
    let schedule = agents::policy::CompiledSchedule::compile(config.measures.clone(), &calibration, config.calendar())
        .expect("compiles");
    let region = |code: &str| calibration.regions.iter().position(|region| region.code == code).expect("a region");
    let (usa, china, canada) = (region("USA"), region("CHN"), region("CAN"));
    // Mean added duty weighted with the world's own flows: the effective levels were weighted with
    // customs data, so they agree to a point or two.
    let added = |tick: u32, importer: usize, exporter: usize| {
        let (mut duty, mut value) = (0.0, 0.0);
        for g in 0..calibration.industry_count() {
            if calibration.industries[g].goods {
                let flow = calibration.purchases(exporter, g, importer);
                value += flow;
                duty +=
                    flow * (schedule.tariff(tick, importer, exporter, g) - calibration.tariff(importer, exporter, g));
            }
        }
        duty / value
    };
    let month = |text: &str| config.calendar().tick_of(text.parse().expect("a date"));
    for (date, importer, exporter, expected, within) in [
        ("2025-01", usa, china, 0.0, 1e-12),
        ("2025-02", usa, china, 0.1 * 25.0 / 28.0, 1e-12),
        ("2025-06", usa, china, 0.2705, 0.02),
        ("2025-12", usa, china, 0.189, 0.02),
        ("2027-01", usa, china, 0.1194, 0.02),
        ("2025-06", usa, region("EUU"), 0.1151, 0.02),
        ("2025-12", usa, canada, 0.1008, 0.02),
        ("2025-07", china, usa, 0.1 + 0.0235, 0.01),
        ("2025-05", canada, usa, 0.25 * 42.0 / 272.0, 0.005),
        ("2025-10", canada, usa, 0.25 * 0.44 * 24.5 / 272.0, 0.002),
    ] {
        let found = added(month(date), importer, exporter);
        assert!((found - expected).abs() <= within, "{date}: {found:.4}, expected {expected:.4}");
    }
    assert!(added(month("2025-04"), china, usa) > 0.5);
}

#[test]
fn overrides_take_precedence_and_keep_the_rest() {
    let plain = load("baseline").config;
    let overrides =
        Overrides { seed: Some(7), ticks: Some(3), persons_per_agent: Some(100_000), ..Overrides::default() };
    let config = load_scenario("baseline", &overrides).expect("loads").config;
    assert_eq!((config.seed, config.ticks), (7, 3));
    assert_eq!(config.population, Population::PersonsPerAgent(100_000));
    assert_eq!(config.parameters, plain.parameters);
}

#[test]
fn paths_given_by_the_user_are_read_from_disk() {
    let folder = folder("paths");
    std::fs::create_dir_all(folder.join("tiny")).expect("a writable temporary folder");
    let world: Calibration = synthetic(2, 3, 4);
    for (name, text) in CalibrationFiles::NAMES.iter().zip(world.to_files().texts()) {
        put(&folder.join("tiny"), name, text);
    }
    put(
        &folder,
        "duty.toml",
        "[[measure]]\nlabel = \"d\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = \"all\"\nproducts = \"all\"\nrate = 0.1\nstart = 2024-03-01\n",
    );
    let text = SMALL.replace("world-15x21", "./tiny").replace("[]", "[\"duty.toml\"]")
        + "households_per_firm = 5\n[parameters.trade]\nrechoice_share = 0.03\n";
    let loaded = load(&put(&folder, "own.toml", &text));
    assert_eq!((loaded.calibration.region_count(), loaded.config.measures.len()), (2, 1));
    assert!((loaded.config.parameters.values.trade.rechoice_share - 0.03).abs() < 1e-15);
    assert_eq!(loaded.raw.len(), 3);
    let again = load(&put(&folder, "again.toml", &loaded.config.to_toml()));
    assert_eq!((again.config.world, again.calibration), (loaded.config.world, loaded.calibration));
}

/// What is wrong, how to break the small scenario (from, to), how the issue begins after the path, its remedy.
const BAD_SCENARIOS: [(&str, &str, &str, &str, &str); 16] = [
    ("unknown key", "ticks = 12", "tick = 12", ":5:1: time.tick: unknown key `tick`", "did you mean `ticks`?"),
    ("missing key", "ticks = 12", "", ":3:1: time.ticks: missing key `ticks`", "add `ticks"),
    (
        "wrong type",
        "ticks = 12",
        "ticks = \"12\"",
        ":5:9: time.ticks: expected a whole number, found a string",
        "whole number",
    ),
    (
        "negative size",
        "region = 1000",
        "region = -1000",
        ":7:25: size.households_per_region: -1000 is negative",
        "zero or more",
    ),
    ("no ticks", "ticks = 12", "ticks = 0", ":5:9: time.ticks: 0 is out of range", "from 1"),
    (
        "odd ticks",
        "ticks = 12",
        "ticks = 12\nticks_per_year = 5",
        ":6:18: time.ticks_per_year: 5 ticks a year",
        "12 or 4",
    ),
    ("bad date", "2024-01", "2024-13", ":4:9: time.start: expected a calendar date", "such as 2025-04-09"),
    (
        "unknown world",
        "world-15x21",
        "world-15x12",
        ":1:9: world: no world is called `world-15x12`",
        "did you mean `world-15x21`?",
    ),
    (
        "unknown policy",
        "[]",
        "[\"us-uniform\"]",
        ":2:13: policies: no policy is called `us-uniform`",
        "did you mean `us-uniform-10`?",
    ),
    ("missing file", "[]", "[\"gone.toml\"]", ":2:13: policies: cannot read ", "check the path"),
    ("too few", "region = 1000", "region = 20", ":6:1: size: 20 households are too few", "at least 210"),
    (
        "both sizes",
        "region = 1000",
        "region = 1000\npersons_per_agent = 5",
        ":8:21: size.persons_per_agent: both",
        "keep one",
    ),
    (
        "wrong unit",
        "[size]",
        "[parameters.trade]\nrechoice_share = { value = 1, unit = \"months\" }\n[size]",
        ":7:38: trade.rechoice_share: wrong unit `months`",
        "per month",
    ),
    (
        "unknown parameter",
        "[size]",
        "[parameters.trade]\nrechoice = 1\n[size]",
        ":7:1: trade.rechoice: unknown key",
        "rechoice_share",
    ),
    (
        "unknown region",
        "[size]",
        "[[measure]]\nlabel = \"x\"\nkind = \"income_tax\"\nsource = \"t\"\nregions = [\"USSA\"]\nrate = 0.1\nstart = 2024-02-01\n[size]",
        ":10:12: measure[1].regions: unknown region `USSA`",
        "did you mean `USA`?",
    ),
    ("syntax", "ticks = 12", "ticks = ", ":5:9: syntax", "toml.io"),
];

#[test]
fn bad_scenarios_are_refused_where_they_stand() {
    let folder = folder("bad");
    for (name, from, to, start, remedy) in BAD_SCENARIOS {
        let path = put(&folder, &format!("{}.toml", name.replace(' ', "-")), &SMALL.replace(from, to));
        let found = refusals(&path);
        let start = format!("{path}{start}");
        assert!(
            found.iter().any(|line| line.starts_with(&start) && line.contains(remedy)),
            "{name}: expected {start} .. {remedy}\n{found:#?}"
        );
    }
}

#[test]
fn missing_things_named_on_the_command_line_are_explained() {
    let found = refusals("us-unifrom-10");
    assert!(
        found[0].contains("no scenario is called `us-unifrom-10`")
            && found[0].contains("did you mean `us-uniform-10`?"),
        "{found:?}"
    );
    let found = refusals("no/such/file.toml");
    assert!(found[0].contains("no/such/file.toml:1:1: : cannot be read: "), "{found:?}");
    assert!(load_world("no/such/folder").is_err());
}

#[test]
fn an_unbalanced_world_on_disk_is_shown_with_file_and_line() {
    let folder = folder("unbalanced");
    let world = synthetic(2, 3, 4);
    for (name, text) in CalibrationFiles::NAMES.iter().zip(world.to_files().texts()) {
        let text = if *name == "value_added.csv" { text.replacen("R02,G02,", "R02,G02,9", 1) } else { text.to_owned() };
        put(&folder, name, &text);
    }
    let error = load_world(&folder.display().to_string()).expect_err("unbalanced");
    let shown = format!("{:?}", miette::Report::new(error));
    for part in ["value_added.csv:6:1", "R02 G02: unbalanced", "help: ", "make compensation"] {
        assert!(shown.contains(part), "{part} not in\n{shown}");
    }
}
