use super::*;

/// The shipped world.
fn shipped_files() -> CalibrationFiles {
    crate::shipped::world("world-15x21").expect("shipped")
}

fn world_of(result: Result<Calibration, Vec<CalibrationIssue>>) -> Calibration {
    result.unwrap_or_else(|issues| panic!("{}", issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn the_shipped_world_loads_and_holds_known_figures() {
    let world = world_of(Calibration::parse(&shipped_files()));
    assert_eq!((world.region_count(), world.industry_count()), (15, 21));
    // USA AGR -> USA FOD and the 2024 duty on Chinese textiles, as in the shared tables.
    assert!((world.intermediate(0, 0, 0, 2) - 289_278.921).abs() < 1e-9);
    assert!((world.tariff(0, 1, 3) - 0.1822).abs() < 1e-12);
    assert_eq!((world.distribution_industry(), world.housing_industry()), (Some(14), Some(18)));
    assert_eq!(world.reserve_region(), Some(0));
    let value_added: f64 = (0..21).map(|g| world.value_added(0, g)).sum();
    assert!((value_added / 25_462_641.66 - 1.0).abs() < 1e-6);
    let back = world_of(Calibration::parse(&world.to_files()));
    assert_eq!(back, world);
}

#[test]
fn synthetic_worlds_of_several_sizes_pass_the_checks_and_survive_writing() {
    for (regions, industries, seed) in [(1, 2, 0), (2, 3, 1), (3, 5, 2), (7, 11, 3)] {
        let world = synthetic(regions, industries, seed);
        let read = world_of(Calibration::parse(&world.to_files()));
        assert_eq!(read, world, "{regions}x{industries}");
        assert!(world.distribution_industry().is_some());
    }
    assert_eq!(synthetic(2, 3, 5), synthetic(2, 3, 5));
    assert_ne!(synthetic(2, 3, 5).canonical_bytes(), synthetic(2, 3, 6).canonical_bytes());
}

/// What is wrong, the file, how to break its text (from, to), key, part of message and of remedy.
type BadTable = (&'static str, usize, &'static str, &'static str, &'static str, &'static str, &'static str);

const BAD_TABLES: [BadTable; 23] = [
    ("unknown region", 2, "\nUSA,AGR,CHN", "\nUSA,AGR,CHM", "region", "unknown region `CHM`", "CHN"),
    ("unknown industry", 3, "\nUSA,MIN,", "\nUSA,MNI,", "industry", "unknown industry `MNI`", "did you mean"),
    ("missing row", 3, "\nUSA,MIN,", "\nUSA,MNI,", "USA MIN", "no row for USA MIN", "add the row"),
    ("unknown column", 3, "surplus", "surpluss", "surpluss", "unknown column", "did you mean `surplus`?"),
    ("missing column", 3, "surplus", "surpluss", "surplus", "missing column", "add the column"),
    ("negative", 2, ",176230.929,", ",-176230.929,", "AGR", "negative", "zero or more"),
    ("not a number", 2, ",176230.929,", ",many,", "AGR", "`many` is not a number", "decimal"),
    ("unbalanced sales", 2, ",176230.929,", ",276230.929,", "USA AGR", "unbalanced: output", "gross_output"),
    ("unbalanced costs", 3, ",123630.92,", ",223630.92,", "USA AGR", "inputs and value added", "compensation"),
    ("duplicate", 2, "\nUSA,AGR,CHN", "\nUSA,AGR,USA", "USA AGR -> USA", "second row", "keep one"),
    ("ragged", 2, ",176230.929,", ",176230.929,,", "USA", "cells in a row", "header"),
    ("shares", 4, "USA,D1,0.018,", "USA,D1,0.118,", "USA income_share", "shares sum to 1.1", "scale"),
    ("basket sum", 5, "USA,D1,0.0", "USA,D1,0.1", "USA D1", "shares sum to", "scale"),
    ("self tariff", 7, "\nUSA,CHN,", "\nUSA,USA,", "USA <- USA", "from itself", "remove"),
    ("missing pair", 7, "\nUSA,CHN,", "\nUSA,USA,", "USA <- CHN", "no row", "add"),
    ("employment", 6, ",0.042,", ",0.142,", "USA", "persons employed", "labour_force"),
    (
        "area shares",
        9,
        "USA_south,South,0.389,",
        "USA_south,South,0.489,",
        "population",
        "areas of USA add up to 1.1",
        "correct",
    ),
    ("area named as a region", 9, "CHN,CHN_coast", "CHN,JPN", "area", "second row for area `JPN`", "keep one"),
    ("area of nowhere", 9, "CHN,CHN_coast", "CHM,CHN_coast", "region", "unknown region `CHM`", "CHN"),
    (
        "skills",
        10,
        "\nUSA,0.8230,1.872,0.2260,0.09,",
        "\nUSA,0.8230,1.872,0.2260,0.7,",
        "low_skill",
        "leave nobody",
        "at most",
    ),
    ("household of none", 10, "\nJPN,0.8820,1.774,", "\nJPN,0.8820,0.5,", "members", "", ""),
    ("people of nowhere", 10, "\nJPN,0.8820,", "\nJPX,0.8820,", "region", "unknown region `JPX`", "JPN"),
    ("flag", 1, ",1,0,,2.91", ",yes,0,,2.91", "goods", "neither 0 nor 1", "write 0 or 1"),
];

#[test]
fn bad_tables_are_refused_where_they_stand() {
    for (name, file, from, to, key, message, remedy) in BAD_TABLES {
        let mut texts = shipped_files().texts().map(str::to_owned);
        assert!(texts[file].contains(from), "{name}");
        texts[file] = texts[file].replacen(from, to, 1);
        let issues = Calibration::parse(&CalibrationFiles::from_texts("w", texts)).expect_err(name);
        let file = format!("w/{}", CalibrationFiles::NAMES[file]);
        let hit = issues.iter().any(|issue| {
            issue.file == file && issue.key == key && issue.message.contains(message) && issue.remedy.contains(remedy)
        });
        assert!(hit, "{name}: {:#?}", &issues[..issues.len().min(5)]);
    }
}

#[test]
fn a_world_without_a_file_of_areas_has_one_a_region() {
    let mut texts = shipped_files().texts().map(str::to_owned);
    let all = Calibration::parse(&CalibrationFiles::from_texts("w", texts.clone())).expect("balances");
    assert_eq!(all.areas.len(), 19);
    let coast = all.areas.iter().find(|area| area.code == "CHN_coast").expect("an area");
    assert_eq!((coast.region, all.regions[coast.region].code.as_str()), (1, "CHN"));
    assert!((coast.employment[10] - 0.74).abs() < 1e-12 && (coast.port - 0.93).abs() < 1e-12);
    texts[9] = String::new();
    let plain = Calibration::parse(&CalibrationFiles::from_texts("w", texts)).expect("balances");
    assert_eq!(plain.areas.len(), 15);
    assert_eq!((plain.areas[3].code.as_str(), plain.areas[3].region), ("JPN", 3));
}

#[test]
fn people_may_be_known_or_not() {
    let mut texts = shipped_files().texts().map(str::to_owned);
    let world = Calibration::parse(&CalibrationFiles::from_texts("w", texts.clone())).expect("balances");
    assert!(world.people.iter().all(Option::is_some));
    assert_eq!(Calibration::parse(&world.to_files()).expect("balances").people, world.people);
    texts[10] = String::new();
    let plain = Calibration::parse(&CalibrationFiles::from_texts("w", texts)).expect("balances");
    assert_eq!(plain.people, vec![None; 15]);
}

#[test]
fn ages_may_be_known_or_not_and_sum_to_one() {
    let mut texts = shipped_files().texts().map(str::to_owned);
    let world = Calibration::parse(&CalibrationFiles::from_texts("w", texts.clone())).expect("balances");
    let known = |code: &str| {
        let at = world.regions.iter().position(|region| region.code == code).expect("a region");
        world.demography[at].expect("known")
    };
    assert!(known("KOR").fertility < 1.0 && known("JPN").life_expectancy > 84.0);
    assert!((known("IND").ages[..3].iter().sum::<f64>() - 0.241_956).abs() < 1e-5);
    assert_eq!(Calibration::parse(&world.to_files()).expect("balances").demography, world.demography);
    let odd = texts[11].replacen("\nKOR,0.74,33.3,84.4,0.024582", "\nKOR,0.74,33.3,84.4,0.034582", 1);
    let whole = std::mem::replace(&mut texts[11], odd);
    assert_ne!(texts[11], whole);
    let issues = Calibration::parse(&CalibrationFiles::from_texts("w", texts.clone())).expect_err("more than all");
    assert!(issues[0].to_string().contains("shares of ages sum to 1.01"), "{}", issues[0]);
    texts[11] = String::new();
    let plain = Calibration::parse(&CalibrationFiles::from_texts("w", texts)).expect("balances");
    assert_eq!(plain.demography, vec![None; 15]);
}

#[test]
fn the_only_area_of_a_region_is_refused_in_its_line() {
    let mut texts = shipped_files().texts().map(str::to_owned);
    texts[9] = texts[9].replacen("\nCHN,CHN_interior", "\nJPN,JPN_all", 1);
    let issues = Calibration::parse(&CalibrationFiles::from_texts("w", texts)).expect_err("two regions of one area");
    let [first, second] = &issues[..] else { panic!("{issues:#?}") };
    assert!(first.to_string().starts_with("w/areas.csv:6:1: CHN: CHN has only one area"), "{first}");
    assert!(second.to_string().starts_with("w/areas.csv:7:1: JPN: JPN has only one area"), "{second}");
    assert!(second.remedy.contains("at least two"), "{second}");
}

#[test]
fn an_issue_names_line_and_column() {
    let mut texts = shipped_files().texts().map(str::to_owned);
    texts[2] = texts[2].replacen(",176230.929,", ",many,", 1);
    let issues = Calibration::parse(&CalibrationFiles::from_texts("w", texts)).expect_err("not a number");
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].to_string(), "w/flows.csv:2:13: AGR: `many` is not a number (write a finite decimal number)");
}

#[test]
fn baskets_that_miss_the_household_column_are_refused() {
    let mut world = synthetic(2, 4, 9);
    world.baskets.swap(0, 1);
    let issues = Calibration::parse(&world.to_files()).expect_err("baskets");
    assert!(issues.iter().all(|issue| issue.file.ends_with("baskets.csv")) && issues.len() == 2, "{issues:#?}");
}

#[test]
fn a_large_synthetic_world_passes_the_checks() {
    let world = synthetic(40, 60, 1);
    assert_eq!(world_of(Calibration::parse(&world.to_files())), world);
}
