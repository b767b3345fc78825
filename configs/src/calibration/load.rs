//! From the texts of a world to dense tables.

mod demography;
mod people;

use super::csv::{Cell, CsvTable};
use super::{
    AreaInfo, Calibration, CalibrationFiles, CalibrationIssue, DECILES, FINAL_USES, IndustryInfo, IndustryRole,
    RegionInfo, RegionRole, check,
};
use crate::reading::Problems;
pub(super) use demography::columns as demography_columns;
pub(super) use people::{MACRO_COLUMNS, PEOPLE_COLUMNS};
use people::{read_baskets, read_firm_sizes, read_households, read_macro};

/// Columns of `flows.csv` after the industries.
pub(super) const FINAL_COLUMNS: [&str; FINAL_USES] = ["household", "government", "investment"];
/// Columns of `value_added.csv`.
pub(super) const VALUE_ADDED_COLUMNS: [&str; 8] =
    ["region", "industry", "gross_output", "compensation", "production_taxes", "surplus", "capital", "employment"];
/// Columns of `areas.csv` before the industries.
pub(super) const AREA_COLUMNS: [&str; 8] =
    ["region", "area", "name", "population", "wage", "port", "freight_abroad", "freight_home"];
/// Largest base-year duty, fraction of value.
const HIGHEST_DUTY: f64 = 10.0;
/// Most cells (regions times industries) of a world: its table of flows has the square of it.
const CELLS: usize = 10_000;
/// Name of decile `i` (from 0).
pub(super) fn decile_name(i: usize) -> String {
    format!("D{}", i + 1)
}

/// Parses one file, hands table and problems to `read`, and keeps the issues.
fn with_file<T>(
    files: &CalibrationFiles,
    which: usize,
    issues: &mut Vec<CalibrationIssue>,
    read: impl FnOnce(&CsvTable<'_>, &mut Problems<'_>) -> T,
) -> T {
    let name = format!("{}/{}", files.name, CalibrationFiles::NAMES[which]);
    let mut problems = Problems::new(&name, files.texts()[which]);
    let table = CsvTable::parse(files.texts()[which], &mut problems);
    let value = read(&table, &mut problems);
    issues.append(&mut problems.issues);
    value
}

/// Which of the expected rows were there: reports a second row for the same cell, and missing ones.
struct Expected {
    seen: Vec<bool>,
}

impl Expected {
    fn new(count: usize) -> Self {
        Self { seen: vec![false; count] }
    }

    fn mark(&mut self, place: usize, row: &[Cell], key: &str, problems: &mut Problems<'_>) -> bool {
        if self.seen[place] {
            problems.report(row[0].span.clone(), key, format!("second row for {key}"), "keep one row");
            return false;
        }
        self.seen[place] = true;
        true
    }

    fn report_missing(&self, name: impl Fn(usize) -> String, problems: &mut Problems<'_>) {
        for place in (0..self.seen.len()).filter(|place| !self.seen[*place]) {
            let key = name(place);
            problems.report(0..0, &key, format!("no row for {key}"), "add the row");
        }
    }
}

pub(super) fn parse(files: &CalibrationFiles) -> Result<Calibration, Vec<CalibrationIssue>> {
    let mut issues = Vec::new();
    let regions = with_file(files, 0, &mut issues, read_regions);
    let industries = with_file(files, 1, &mut issues, read_industries);
    if !issues.is_empty() {
        return Err(issues);
    }
    let (r, g) = (regions.len(), industries.len());
    if r * g > CELLS {
        let name = format!("{}/{}", files.name, CalibrationFiles::NAMES[0]);
        let mut problems = Problems::new(&name, files.texts()[0]);
        let message = format!("{r} regions with {g} industries each are too many");
        problems.report(
            0..0,
            "region",
            message,
            format!("put some together: regions times industries are {CELLS} at most"),
        );
        return Err(problems.issues);
    }
    let mut world = Calibration {
        name: files.name.clone(),
        flows_intermediate: vec![0.0; r * g * r * g],
        final_demand: vec![0.0; r * g * r * FINAL_USES],
        gross_output: vec![0.0; r * g],
        compensation: vec![0.0; r * g],
        production_taxes: vec![0.0; r * g],
        surplus: vec![0.0; r * g],
        capital: vec![0.0; r * g],
        employment: vec![0.0; r * g],
        income_shares: vec![0.0; r * DECILES],
        consumption_shares: vec![0.0; r * DECILES],
        wealth_shares: vec![0.0; r * DECILES],
        baskets: vec![0.0; r * DECILES * g],
        tariffs: vec![0.0; r * r * g],
        macro_figures: Vec::new(),
        firm_sizes: Vec::new(),
        areas: Vec::new(),
        people: vec![None; r],
        demography: vec![None; r],
        regions,
        industries,
    };
    let codes = Names::of(&world);
    with_file(files, 2, &mut issues, |table, problems| {
        read_flows(&mut world, &codes, table, problems);
    });
    with_file(files, 3, &mut issues, |table, problems| {
        read_value_added(&mut world, &codes, table, problems);
    });
    with_file(files, 4, &mut issues, |table, problems| {
        read_households(&mut world, &codes, table, problems);
    });
    with_file(files, 5, &mut issues, |table, problems| {
        read_baskets(&mut world, &codes, table, problems);
    });
    with_file(files, 6, &mut issues, |table, problems| {
        read_macro(&mut world, &codes, table, problems);
    });
    with_file(files, 7, &mut issues, |table, problems| {
        read_tariffs(&mut world, &codes, table, problems);
    });
    with_file(files, 8, &mut issues, |table, problems| {
        read_firm_sizes(&mut world, &codes, table, problems);
    });
    if files.areas.trim().is_empty() {
        let whole = |(r, info)| AreaInfo::whole(r, info, g);
        world.areas = world.regions.iter().enumerate().map(whole).collect();
    } else {
        world.areas = with_file(files, 9, &mut issues, |table, problems| read_areas(&world, &codes, table, problems));
    }
    read_known(&mut world, &codes, files, &mut issues);
    if issues.is_empty() {
        issues = check::check(&world, files);
    }
    if issues.is_empty() { Ok(world) } else { Err(issues) }
}

/// Reads what is known of people, and of their ages, births and deaths: files that a world may do without.
fn read_known(world: &mut Calibration, codes: &Names, files: &CalibrationFiles, issues: &mut Vec<CalibrationIssue>) {
    if !files.people.trim().is_empty() {
        with_file(files, 10, issues, |table, problems| people::read_people(world, codes, table, problems));
    }
    if !files.demography.trim().is_empty() {
        with_file(files, 11, issues, |table, problems| demography::read(world, codes, table, problems));
    }
}

/// Codes as lists of strings, in index order.
struct Names {
    regions: Vec<String>,
    industries: Vec<String>,
    deciles: Vec<String>,
}

impl Names {
    fn of(world: &Calibration) -> Self {
        Self {
            regions: world.regions.iter().map(|region| region.code.clone()).collect(),
            industries: world.industries.iter().map(|industry| industry.code.clone()).collect(),
            deciles: (0..DECILES).map(decile_name).collect(),
        }
    }
}

fn flag(cell: &Cell, key: &str, problems: &mut Problems<'_>) -> bool {
    if cell.text != "0" && cell.text != "1" {
        problems.report(cell.span.clone(), key, format!("`{}` is neither 0 nor 1", cell.text), "write 0 or 1");
    }
    cell.text == "1"
}

/// A role: which of the words that are allowed besides the empty cell.
fn role<T: Copy>(cell: &Cell, words: &[(&str, T)], problems: &mut Problems<'_>) -> Option<T> {
    let found = words.iter().find(|(word, _)| cell.text == *word).map(|&(_, role)| role);
    if found.is_none() && !cell.text.is_empty() {
        let message = format!("unknown role `{}`", cell.text);
        let known: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        problems.report(cell.span.clone(), "role", message, format!("write {} or leave it empty", known.join(", ")));
    }
    found
}

fn fresh_code(cell: &Cell, what: &str, seen: &mut Vec<String>, problems: &mut Problems<'_>) {
    if cell.text.is_empty() || !cell.text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        let message = format!("`{}` is not a code", cell.text);
        problems.report(cell.span.clone(), what, message, "use letters, digits and underscores");
    }
    if seen.contains(&cell.text) {
        problems.report(cell.span.clone(), what, format!("second row for {what} `{}`", cell.text), "keep one row");
    }
    seen.push(cell.text.clone());
}

fn read_regions(table: &CsvTable<'_>, problems: &mut Problems<'_>) -> Vec<RegionInfo> {
    let Some(at) = table.columns(&["region", "name", "currency", "role"], problems) else {
        return Vec::new();
    };
    let (mut seen, mut regions): (Vec<String>, Vec<RegionInfo>) = (Vec::new(), Vec::new());
    for row in table.rows() {
        fresh_code(&row[at[0]], "region", &mut seen, problems);
        let reserve = role(&row[at[3]], &[("reserve", ())], problems).is_some();
        if reserve && regions.iter().any(|region| region.role == RegionRole::Reserve) {
            problems.report(row[at[3]].span.clone(), "role", "a second reserve region", "keep one");
        }
        regions.push(RegionInfo {
            code: row[at[0]].text.clone(),
            name: row[at[1]].text.clone(),
            currency: row[at[2]].text.clone(),
            role: if reserve { RegionRole::Reserve } else { RegionRole::Ordinary },
        });
    }
    if regions.is_empty() {
        problems.report(0..0, "region", "no regions", "add at least one row");
    }
    regions
}

fn read_industries(table: &CsvTable<'_>, problems: &mut Problems<'_>) -> Vec<IndustryInfo> {
    let columns = ["industry", "name", "goods", "manufacturing", "role", "trade_elasticity"];
    let Some(at) = table.columns(&columns, problems) else {
        return Vec::new();
    };
    let (mut seen, mut industries): (Vec<String>, Vec<IndustryInfo>) = (Vec::new(), Vec::new());
    for row in table.rows() {
        fresh_code(&row[at[0]], "industry", &mut seen, problems);
        let goods = flag(&row[at[2]], "goods", problems);
        let roles = [IndustryRole::Distribution, IndustryRole::Housing].map(|role| (role.word(), role));
        let role = role(&row[at[4]], &roles, problems).unwrap_or(IndustryRole::Ordinary);
        let taken = industries.iter().any(|industry| industry.role == role);
        if role != IndustryRole::Ordinary && (goods || taken) {
            let message = format!("{} must be one industry that is not a good", role.word());
            problems.report(row[at[4]].span.clone(), "role", message, "clear the role");
        }
        let elasticity = &row[at[5]];
        if goods && elasticity.text.is_empty() {
            problems.report(elasticity.span.clone(), "trade_elasticity", "missing for a good", "add the elasticity");
        }
        industries.push(IndustryInfo {
            code: row[at[0]].text.clone(),
            name: row[at[1]].text.clone(),
            goods,
            manufacturing: flag(&row[at[3]], "manufacturing", problems),
            role,
            trade_elasticity: (!elasticity.text.is_empty()).then(|| elasticity.amount("trade_elasticity", problems)),
        });
    }
    if industries.is_empty() {
        problems.report(0..0, "industry", "no industries", "add at least one row");
    }
    industries
}

fn read_flows(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let (r, g) = (world.region_count(), world.industry_count());
    let mut columns = vec!["origin", "product", "destination"];
    columns.extend(names.industries.iter().map(String::as_str));
    columns.extend(FINAL_COLUMNS);
    let Some(at) = table.columns(&columns, problems) else {
        return;
    };
    let mut expected = Expected::new(r * g * r);
    for row in table.rows() {
        let origin = row[at[0]].code("region", &names.regions, problems);
        let product = row[at[1]].code("industry", &names.industries, problems);
        let destination = row[at[2]].code("region", &names.regions, problems);
        let (Some(o), Some(p), Some(d)) = (origin, product, destination) else {
            continue;
        };
        let place = (o * g + p) * r + d;
        let key = format!("{} {} -> {}", row[at[0]].text, row[at[1]].text, row[at[2]].text);
        if !expected.mark(place, &row, &key, problems) {
            continue;
        }
        for j in 0..g {
            world.flows_intermediate[place * g + j] = row[at[3 + j]].amount(columns[3 + j], problems);
        }
        for use_ in 0..FINAL_USES {
            world.final_demand[place * FINAL_USES + use_] =
                row[at[3 + g + use_]].amount(columns[3 + g + use_], problems);
        }
    }
}

fn read_value_added(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let g = world.industry_count();
    let Some(at) = table.columns(&VALUE_ADDED_COLUMNS, problems) else {
        return;
    };
    let mut expected = Expected::new(world.region_count() * g);
    for row in table.rows() {
        let region = row[at[0]].code("region", &names.regions, problems);
        let industry = row[at[1]].code("industry", &names.industries, problems);
        let (Some(region), Some(industry)) = (region, industry) else {
            continue;
        };
        let cell = region * g + industry;
        if !expected.mark(cell, &row, &format!("{} {}", row[at[0]].text, row[at[1]].text), problems) {
            continue;
        }
        world.production_taxes[cell] = row[at[4]].number(VALUE_ADDED_COLUMNS[4], problems);
        world.surplus[cell] = row[at[5]].amount(VALUE_ADDED_COLUMNS[5], problems);
        for (column, values) in [
            (2, &mut world.gross_output),
            (3, &mut world.compensation),
            (6, &mut world.capital),
            (7, &mut world.employment),
        ] {
            let name = VALUE_ADDED_COLUMNS[column];
            values[cell] = row[at[column]].number(name, problems);
            if values[cell] <= 0.0 {
                let message = format!("{} is not positive", values[cell]);
                problems.report(row[at[column]].span.clone(), name, message, "every region-industry must produce");
            }
        }
    }
    expected.report_missing(|cell| format!("{} {}", names.regions[cell / g], names.industries[cell % g]), problems);
}

/// Areas by region in the order of their rows; regions without rows have one. A single row is refused: an area that is all
/// of its region has neither wages nor carriage of its own, so its figures would have no effect.
fn read_areas(world: &Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) -> Vec<AreaInfo> {
    let g = world.industry_count();
    let mut columns = AREA_COLUMNS.to_vec();
    columns.extend(names.industries.iter().map(String::as_str));
    let Some(at) = table.columns(&columns, problems) else {
        return Vec::new();
    };
    let mut seen = names.regions.clone();
    let mut areas = Vec::new();
    let mut stands = vec![0..0; names.regions.len()];
    for row in table.rows() {
        let region = row[at[0]].code("region", &names.regions, problems);
        fresh_code(&row[at[1]], "area", &mut seen, problems);
        let Some(region) = region else {
            continue;
        };
        let figure = |column: usize, problems: &mut Problems<'_>| row[at[column]].amount(columns[column], problems);
        let wage = figure(4, problems);
        if wage <= 0.0 {
            problems.report(row[at[4]].span.clone(), "wage", format!("{wage} is not positive"), "1 is the mean");
        }
        stands[region] = row[at[0]].span.clone();
        areas.push(AreaInfo {
            region,
            code: row[at[1]].text.clone(),
            name: row[at[2]].text.clone(),
            population: figure(3, problems),
            wage,
            port: figure(5, problems),
            freight_abroad: figure(6, problems),
            freight_home: figure(7, problems),
            employment: (0..g).map(|j| figure(8 + j, problems)).collect(),
        });
    }
    for (r, info) in world.regions.iter().enumerate() {
        let own: Vec<&AreaInfo> = areas.iter().filter(|a| a.region == r).collect();
        if own.is_empty() {
            areas.push(AreaInfo::whole(r, info, g));
            continue;
        }
        if own.len() == 1 {
            let message = format!("{} has only one area, whose wage and freight would have no effect", info.code);
            let remedy = "add its other areas, or remove the row: a region needs no area or at least two";
            problems.report(stands[r].clone(), &info.code, message, remedy);
            continue;
        }
        let mut check = |column: &str, share: &dyn Fn(&AreaInfo) -> f64| {
            let sum: f64 = own.iter().map(|a| share(a)).sum();
            if (sum - 1.0).abs() > 1e-6 {
                let message = format!("shares of the areas of {} add up to {sum}, not 1", info.code);
                problems.report(0..0, column, message, "correct the shares");
            }
        };
        check("population", &|a| a.population);
        check("port", &|a| a.port);
        for (j, code) in names.industries.iter().enumerate() {
            check(code, &|a| a.employment[j]);
        }
    }
    areas.sort_by_key(|a| a.region);
    areas
}

fn read_tariffs(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let (r, g) = (world.region_count(), world.industry_count());
    let goods: Vec<usize> = (0..g).filter(|product| world.industries[*product].goods).collect();
    let mut columns = vec!["importer", "exporter"];
    columns.extend(goods.iter().map(|product| names.industries[*product].as_str()));
    let Some(at) = table.columns(&columns, problems) else {
        return;
    };
    let mut expected = Expected::new(r * r);
    for row in table.rows() {
        let importer = row[at[0]].code("region", &names.regions, problems);
        let exporter = row[at[1]].code("region", &names.regions, problems);
        let (Some(importer), Some(exporter)) = (importer, exporter) else {
            continue;
        };
        let key = format!("{} <- {}", row[at[0]].text, row[at[1]].text);
        if importer == exporter {
            problems.report(row[at[1]].span.clone(), &key, "a region cannot tax imports from itself", "remove the row");
        } else if expected.mark(importer * r + exporter, &row, &key, problems) {
            for (column, product) in goods.iter().enumerate() {
                world.tariffs[(importer * r + exporter) * g + product] =
                    row[at[2 + column]].within(columns[2 + column], (0.0, HIGHEST_DUTY), problems);
            }
        }
    }
    for region in 0..r {
        expected.seen[region * r + region] = true;
    }
    expected.report_missing(|pair| format!("{} <- {}", names.regions[pair / r], names.regions[pair % r]), problems);
}
