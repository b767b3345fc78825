//! A world as CSV text.

use std::fmt::Write as _;

use super::load::{FINAL_COLUMNS, MACRO_COLUMNS, VALUE_ADDED_COLUMNS, decile_name};
use super::{Calibration, CalibrationFiles, DECILES, FINAL_USES, RegionRole};

/// The shortest decimal that reads back as the same number; zero is the empty cell.
fn show(value: f64) -> String {
    if value == 0.0 { String::new() } else { format!("{value}") }
}

fn quote(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

fn line(text: &mut String, cells: &[String]) {
    text.push_str(&cells.join(","));
    text.push('\n');
}

pub(super) fn to_files(world: &Calibration) -> CalibrationFiles {
    CalibrationFiles {
        name: world.name.clone(),
        regions: regions(world),
        industries: industries(world),
        flows: flows(world),
        value_added: value_added(world),
        households: households(world),
        baskets: baskets(world),
        macro_figures: macro_figures(world),
        tariffs: tariffs(world),
        firm_sizes: firm_sizes(world),
        areas: areas(world),
        people: people(world),
        demography: demography(world),
    }
}

/// What is known of people; empty if nothing is.
fn people(world: &Calibration) -> String {
    let mut text = String::new();
    for (region, known) in world.regions.iter().zip(&world.people) {
        let Some(x) = known else { continue };
        if text.is_empty() {
            line(&mut text, &super::load::PEOPLE_COLUMNS.map(|column| column.0.to_owned()));
        }
        let figures = [
            x.adults,
            x.members,
            x.retired,
            x.low_skill,
            x.high_skill,
            x.turnover,
            x.benefit,
            x.benefit_months,
            x.owners,
            x.luck,
            x.small_fortunes,
        ];
        let mut cells = vec![region.code.clone()];
        cells.extend(figures.iter().map(|x| format!("{x}")));
        line(&mut text, &cells);
    }
    text
}

/// What is known of ages, births and deaths; empty if nothing is.
fn demography(world: &Calibration) -> String {
    let mut text = String::new();
    for (region, known) in world.regions.iter().zip(&world.demography) {
        let Some(x) = known else { continue };
        if text.is_empty() {
            line(&mut text, &super::load::demography_columns());
        }
        let mut cells = vec![region.code.clone()];
        cells.extend([x.fertility, x.mother_age, x.life_expectancy].iter().chain(&x.ages).map(|x| format!("{x}")));
        line(&mut text, &cells);
    }
    text
}

/// Areas of the regions that have several; empty if none has.
fn areas(world: &Calibration) -> String {
    let several = |r: usize| world.areas.iter().filter(|a| a.region == r).count() > 1;
    let mut text = String::new();
    for area in world.areas.iter().filter(|a| several(a.region)) {
        if text.is_empty() {
            line(&mut text, &industry_header(world, &super::load::AREA_COLUMNS, false));
        }
        let figures = [area.population, area.wage, area.port, area.freight_abroad, area.freight_home];
        let mut cells = vec![world.regions[area.region].code.clone(), area.code.clone(), quote(&area.name)];
        cells.extend(figures.iter().chain(&area.employment).map(|x| show(*x)));
        line(&mut text, &cells);
    }
    text
}

fn regions(world: &Calibration) -> String {
    let mut text = "region,name,currency,role\n".to_owned();
    for region in &world.regions {
        let role = if region.role == RegionRole::Reserve { "reserve" } else { "" };
        let _ = writeln!(text, "{},{},{},{role}", region.code, quote(&region.name), region.currency);
    }
    text
}

fn industries(world: &Calibration) -> String {
    let mut text = "industry,name,goods,manufacturing,role,trade_elasticity\n".to_owned();
    for industry in &world.industries {
        let role = industry.role.word();
        let (goods, manufacturing) = (u8::from(industry.goods), u8::from(industry.manufacturing));
        let elasticity = industry.trade_elasticity.map_or(String::new(), |theta| theta.to_string());
        let name = quote(&industry.name);
        let _ = writeln!(text, "{},{name},{goods},{manufacturing},{role},{elasticity}", industry.code);
    }
    text
}

fn industry_header(world: &Calibration, first: &[&str], goods_only: bool) -> Vec<String> {
    let industries = world.industries.iter().filter(|industry| industry.goods || !goods_only);
    first.iter().map(|name| (*name).to_owned()).chain(industries.map(|industry| industry.code.clone())).collect()
}

fn flows(world: &Calibration) -> String {
    let (r, g) = (world.region_count(), world.industry_count());
    let mut header = industry_header(world, &["origin", "product", "destination"], false);
    header.extend(FINAL_COLUMNS.map(str::to_owned));
    let mut text = String::new();
    line(&mut text, &header);
    for place in 0..r * g * r {
        let intermediate = &world.flows_intermediate[place * g..(place + 1) * g];
        let final_demand = &world.final_demand[place * FINAL_USES..(place + 1) * FINAL_USES];
        if intermediate.iter().chain(final_demand).all(|value| *value == 0.0) {
            continue;
        }
        let (origin, product) = (&world.regions[place / r / g].code, &world.industries[place / r % g].code);
        let mut cells = vec![origin.clone(), product.clone(), world.regions[place % r].code.clone()];
        cells.extend(intermediate.iter().chain(final_demand).map(|value| show(*value)));
        line(&mut text, &cells);
    }
    text
}

fn value_added(world: &Calibration) -> String {
    let g = world.industry_count();
    let mut text = String::new();
    line(&mut text, &VALUE_ADDED_COLUMNS.map(str::to_owned));
    for cell in 0..world.region_count() * g {
        let mut cells = vec![world.regions[cell / g].code.clone(), world.industries[cell % g].code.clone()];
        for values in [
            &world.gross_output,
            &world.compensation,
            &world.production_taxes,
            &world.surplus,
            &world.capital,
            &world.employment,
        ] {
            cells.push(show(values[cell]));
        }
        line(&mut text, &cells);
    }
    text
}

fn households(world: &Calibration) -> String {
    let mut text = "region,decile,income_share,consumption_share,wealth_share\n".to_owned();
    for cell in 0..world.region_count() * DECILES {
        let (region, decile) = (&world.regions[cell / DECILES].code, decile_name(cell % DECILES));
        let (income, consumption) = (world.income_shares[cell], world.consumption_shares[cell]);
        let _ = writeln!(text, "{region},{decile},{income},{consumption},{}", world.wealth_shares[cell]);
    }
    text
}

fn baskets(world: &Calibration) -> String {
    let g = world.industry_count();
    let mut text = String::new();
    line(&mut text, &industry_header(world, &["region", "decile"], false));
    for cell in 0..world.region_count() * DECILES {
        let mut cells = vec![world.regions[cell / DECILES].code.clone(), decile_name(cell % DECILES)];
        cells.extend(world.baskets[cell * g..(cell + 1) * g].iter().map(|share| show(*share)));
        line(&mut text, &cells);
    }
    text
}

fn macro_figures(world: &Calibration) -> String {
    let mut text = String::new();
    line(&mut text, &MACRO_COLUMNS.map(str::to_owned));
    for (region, figures) in world.regions.iter().zip(&world.macro_figures) {
        let values = [
            figures.population,
            figures.labour_force,
            figures.unemployment_rate,
            figures.self_employed_share,
            figures.inflation,
            figures.policy_rate,
            figures.household_saving_rate,
            figures.government_revenue_share,
            figures.government_spending_share,
            figures.public_debt_share,
            figures.current_account,
            figures.fx_reserves,
            figures.treasury_holdings,
        ];
        let mut cells = vec![region.code.clone()];
        cells.extend(values.iter().map(f64::to_string));
        line(&mut text, &cells);
    }
    text
}

fn tariffs(world: &Calibration) -> String {
    let mut text = String::new();
    line(&mut text, &industry_header(world, &["importer", "exporter"], true));
    for (importer, buyer) in world.regions.iter().enumerate() {
        for (exporter, seller) in world.regions.iter().enumerate().filter(|(exporter, _)| *exporter != importer) {
            let mut cells = vec![buyer.code.clone(), seller.code.clone()];
            for (product, _) in world.industries.iter().enumerate().filter(|(_, industry)| industry.goods) {
                cells.push(show(world.tariff(importer, exporter, product)));
            }
            line(&mut text, &cells);
        }
    }
    text
}

fn firm_sizes(world: &Calibration) -> String {
    let mut text = "region,persons_from,persons_to,firm_share,employment_share\n".to_owned();
    for class in &world.firm_sizes {
        let region = class.region.map_or("*", |region| world.regions[region].code.as_str());
        let largest = class.persons_to.map_or(String::new(), |persons| persons.to_string());
        let (from, firms, employment) = (class.persons_from, class.firm_share, class.employment_share);
        let _ = writeln!(text, "{region},{from},{largest},{firms},{employment}");
    }
    text
}
