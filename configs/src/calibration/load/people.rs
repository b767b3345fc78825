//! The tables about people and firms' sizes: households, baskets, macro figures, size classes.

use super::super::csv::{Cell, CsvTable};
use super::super::{Calibration, DECILES, FirmSizeClass, RegionMacro, RegionPeople};
use super::{Expected, Names};
use crate::reading::Problems;

/// Columns of `macro.csv`.
pub(in crate::calibration) const MACRO_COLUMNS: [&str; 14] = [
    "region",
    "population",
    "labour_force",
    "unemployment_rate",
    "self_employed_share",
    "inflation",
    "policy_rate",
    "household_saving_rate",
    "government_revenue_share",
    "government_spending_share",
    "public_debt_share",
    "current_account",
    "fx_reserves",
    "treasury_holdings",
];
/// Columns of `macro.csv` that may be negative.
const SIGNED_MACRO: [&str; 1] = ["current_account"];
/// Columns of `macro.csv` that are fractions, with what can be.
const MACRO_RANGES: [(&str, f64, f64); 8] = [
    ("unemployment_rate", 0.0, 0.95),
    ("self_employed_share", 0.0, 1.0),
    ("inflation", -0.5, 10.0),
    ("policy_rate", -0.5, 10.0),
    ("household_saving_rate", -1.0, 1.0),
    ("government_revenue_share", 0.0, 1.0),
    ("government_spending_share", 0.0, 1.0),
    ("public_debt_share", 0.0, 20.0),
];

/// Columns of `people.csv`, with what can be.
pub(in crate::calibration) const PEOPLE_COLUMNS: [(&str, f64, f64); 12] = [
    ("region", 0.0, 0.0),
    ("adults", 0.3, 1.0),
    ("members", 1.0, 3.0),
    ("retired", 0.0, 0.6),
    ("low_skill", 0.01, 0.98),
    ("high_skill", 0.01, 0.98),
    ("turnover", 0.05, 3.0),
    ("benefit", 0.0, 1.0),
    ("benefit_months", 0.0, 60.0),
    ("owners", 0.0, 1.0),
    ("luck", 0.0, 1.0),
    ("small_fortunes", 0.0, 1.0),
];

/// Reads what is known of people; regions without a row are as parameters say.
pub(super) fn read_people(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let Some(at) = table.columns(&PEOPLE_COLUMNS.map(|column| column.0), problems) else {
        return;
    };
    each_region(names, table, at[0], problems, |region, row, problems| {
        let mut take = |column: usize| {
            let (name, low, high) = PEOPLE_COLUMNS[column];
            row[at[column]].within(name, (low, high), problems)
        };
        let found = RegionPeople {
            adults: take(1),
            members: take(2),
            retired: take(3),
            low_skill: take(4),
            high_skill: take(5),
            turnover: take(6),
            benefit: take(7),
            benefit_months: take(8),
            owners: take(9),
            luck: take(10),
            small_fortunes: take(11),
        };
        if found.low_skill + found.high_skill > 0.99 {
            let message =
                format!("{} of low and {} of high skill leave nobody between", found.low_skill, found.high_skill);
            problems.report(row[at[4]].span.clone(), "low_skill", message, "together at most 0.99");
        }
        world.people[region] = Some(found);
    });
}

/// Reads a table with at most one row a region, which the column `at` names: `read` gets the region and the cells. Returns which were there.
pub(super) fn each_region(
    names: &Names,
    table: &CsvTable<'_>,
    at: usize,
    problems: &mut Problems<'_>,
    mut read: impl FnMut(usize, &[Cell], &mut Problems<'_>),
) -> Expected {
    let mut expected = Expected::new(names.regions.len());
    for row in table.rows() {
        let Some(region) = row[at].code("region", &names.regions, problems) else {
            continue;
        };
        if expected.mark(region, &row, &row[at].text, problems) {
            read(region, &row, problems);
        }
    }
    expected
}

/// Reads a table with a row for every decile of every region, whose first two columns `at` say which: `read` gets the place of each row
/// among all, its cells and its name.
fn each_decile(
    names: &Names,
    table: &CsvTable<'_>,
    at: &[usize],
    problems: &mut Problems<'_>,
    mut read: impl FnMut(usize, &[Cell], &str, &mut Problems<'_>),
) {
    let mut expected = Expected::new(names.regions.len() * DECILES);
    for row in table.rows() {
        let region = row[at[0]].code("region", &names.regions, problems);
        let decile = row[at[1]].code("decile", &names.deciles, problems);
        let (Some(region), Some(decile)) = (region, decile) else {
            continue;
        };
        let (place, key) = (region * DECILES + decile, format!("{} {}", row[at[0]].text, row[at[1]].text));
        if expected.mark(place, &row, &key, problems) {
            read(place, &row, &key, problems);
        }
    }
    expected.report_missing(
        |place| format!("{} {}", names.regions[place / DECILES], names.deciles[place % DECILES]),
        problems,
    );
}

pub(super) fn read_households(
    world: &mut Calibration,
    names: &Names,
    table: &CsvTable<'_>,
    problems: &mut Problems<'_>,
) {
    let columns = ["region", "decile", "income_share", "consumption_share", "wealth_share"];
    let Some(at) = table.columns(&columns, problems) else {
        return;
    };
    each_decile(names, table, &at, problems, |cell, row, _, problems| {
        world.income_shares[cell] = row[at[2]].within(columns[2], (0.0, 1.0), problems);
        world.consumption_shares[cell] = row[at[3]].within(columns[3], (0.0, 1.0), problems);
        world.wealth_shares[cell] = row[at[4]].number(columns[4], problems);
    });
    for (region, code) in names.regions.iter().enumerate() {
        for (name, values) in [
            (columns[2], &world.income_shares),
            (columns[3], &world.consumption_shares),
            (columns[4], &world.wealth_shares),
        ] {
            check_sum(&values[region * DECILES..(region + 1) * DECILES], &format!("{code} {name}"), problems);
        }
    }
}

/// Reports shares that do not sum to one within 1e-6.
fn check_sum(shares: &[f64], key: &str, problems: &mut Problems<'_>) {
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-6 {
        problems.report(
            0..0,
            key,
            format!("shares sum to {sum:.8}, not 1"),
            "scale the shares so that they sum to one",
        );
    }
}

pub(super) fn read_baskets(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let g = world.industry_count();
    let mut columns = vec!["region", "decile"];
    columns.extend(names.industries.iter().map(String::as_str));
    let Some(at) = table.columns(&columns, problems) else {
        return;
    };
    each_decile(names, table, &at, problems, |cell, row, key, problems| {
        for product in 0..g {
            world.baskets[cell * g + product] = row[at[2 + product]].within(columns[2 + product], (0.0, 1.0), problems);
        }
        let sum: f64 = world.baskets[cell * g..(cell + 1) * g].iter().sum();
        if (sum - 1.0).abs() > 1e-6 {
            let span = row[0].span.start..row[row.len() - 1].span.end;
            problems.report(span, key, format!("shares sum to {sum:.8}, not 1"), "scale the row to sum to one");
        }
    });
}

pub(super) fn read_macro(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let Some(at) = table.columns(&MACRO_COLUMNS, problems) else {
        return;
    };
    let mut figures: Vec<Option<RegionMacro>> = vec![None; world.region_count()];
    let expected = each_region(names, table, at[0], problems, |region, row, problems| {
        let mut take = |column: usize| {
            let (name, cell) = (MACRO_COLUMNS[column], &row[at[column]]);
            match MACRO_RANGES.iter().find(|range| range.0 == name) {
                Some((_, low, high)) => cell.within(name, (*low, *high), problems),
                None if SIGNED_MACRO.contains(&name) => cell.number(name, problems),
                None => cell.amount(name, problems),
            }
        };
        figures[region] = Some(RegionMacro {
            population: take(1),
            labour_force: take(2),
            unemployment_rate: take(3),
            self_employed_share: take(4),
            inflation: take(5),
            policy_rate: take(6),
            household_saving_rate: take(7),
            government_revenue_share: take(8),
            government_spending_share: take(9),
            public_debt_share: take(10),
            current_account: take(11),
            fx_reserves: take(12),
            treasury_holdings: take(13),
        });
    });
    expected.report_missing(|region| names.regions[region].clone(), problems);
    world.macro_figures = figures.into_iter().flatten().collect();
}

pub(super) fn read_firm_sizes(
    world: &mut Calibration,
    names: &Names,
    table: &CsvTable<'_>,
    problems: &mut Problems<'_>,
) {
    let columns = ["region", "persons_from", "persons_to", "firm_share", "employment_share"];
    let Some(at) = table.columns(&columns, problems) else {
        return;
    };
    for row in table.rows() {
        let any = row[at[0]].text == "*";
        let region = if any { None } else { row[at[0]].code("region", &names.regions, problems) };
        if region.is_none() && !any {
            continue;
        }
        let mut number = |column: usize| row[at[column]].amount(columns[column], problems);
        world.firm_sizes.push(FirmSizeClass {
            region,
            persons_from: number(1) as u64,
            persons_to: (!row[at[2]].text.is_empty()).then(|| number(2) as u64),
            firm_share: number(3),
            employment_share: number(4),
        });
    }
    for (region, code) in names.regions.iter().enumerate() {
        if world.firm_sizes_of(region).is_empty() {
            problems.report(0..0, code, format!("no firm sizes for {code}"), "add rows for it, or rows for `*`");
        }
    }
}
