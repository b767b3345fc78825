//! Checks that span several tables of a world.

use super::{Calibration, CalibrationFiles, CalibrationIssue, DECILES, FINAL_USES, FinalUse};
use crate::reading::Problems;

/// Largest allowed gap of an identity, relative to output.
const BALANCE_TOLERANCE: f64 = 1e-6;
/// Largest allowed gap between decile baskets and the household column, relative to household spending.
const BASKET_TOLERANCE: f64 = 1e-5;
/// Largest allowed gap between employment and labour force less unemployment.
const EMPLOYMENT_TOLERANCE: f64 = 0.01;
/// How many of the worst cells of a check are named.
const WORST: usize = 5;

/// A cell whose identity does not hold.
struct Gap {
    key: String,
    /// How the row to show begins.
    row: String,
    relative: f64,
    message: String,
}

/// Every cross-table check; an empty list when all hold.
pub(super) fn check(world: &Calibration, files: &CalibrationFiles) -> Vec<CalibrationIssue> {
    let mut issues = Vec::new();
    let mut add = |file, gaps, tolerance, remedy| {
        issues.extend(worst_issues(files, file, gaps, tolerance, remedy));
    };
    let sales = "scale the flows or the gross_output so that sales add up to output";
    add(2, sales_gaps(world), BALANCE_TOLERANCE, sales);
    let costs = "make compensation + production_taxes + surplus the output less the column of flows.csv";
    add(3, input_gaps(world), BALANCE_TOLERANCE, costs);
    let baskets = "fit the baskets to the household column of flows.csv (decile-weighted by consumption_share)";
    add(5, basket_gaps(world), BASKET_TOLERANCE, baskets);
    let employment = "make labour_force * (1 - unemployment_rate) the employment of value_added.csv";
    add(6, employment_gaps(world), EMPLOYMENT_TOLERANCE, employment);
    issues
}

/// Names the worst gaps above the tolerance, each at the first row that begins as the gap says.
fn worst_issues(
    files: &CalibrationFiles,
    file: usize,
    gaps: Vec<Gap>,
    tolerance: f64,
    remedy: &str,
) -> Vec<CalibrationIssue> {
    let name = format!("{}/{}", files.name, CalibrationFiles::NAMES[file]);
    let text = files.texts()[file];
    let mut problems = Problems::new(&name, text);
    let mut gaps: Vec<Gap> = gaps.into_iter().filter(|gap| gap.relative > tolerance || gap.relative.is_nan()).collect();
    gaps.sort_by(|a, b| b.relative.total_cmp(&a.relative));
    let count = gaps.len();
    for (place, gap) in gaps.into_iter().take(WORST).enumerate() {
        let rest =
            if place + 1 == WORST && count > WORST { format!("; {} more cells", count - WORST) } else { String::new() };
        let span = text.find(&format!("\n{}", gap.row)).map_or(0..0, |at| at + 1..at + 1 + gap.row.len());
        let (message, relative) = (gap.message, gap.relative);
        let message = format!("{message} (gap {relative:.2e} of the total, allowed {tolerance:.0e}){rest}");
        problems.report(span, &gap.key, message, remedy);
    }
    problems.issues
}

/// Codes of a region-industry with something between.
fn cell_name(world: &Calibration, cell: usize, between: &str) -> String {
    let industries = world.industry_count();
    let (region, industry) = (&world.regions[cell / industries], &world.industries[cell % industries]);
    format!("{}{between}{}", region.code, industry.code)
}

/// Output less intermediate and final sales.
fn sales_gaps(world: &Calibration) -> Vec<Gap> {
    let (regions, industries) = (world.region_count(), world.industry_count());
    (0..regions * industries)
        .map(|cell| {
            let width = regions * industries;
            let intermediate: f64 = world.flows_intermediate[cell * width..(cell + 1) * width].iter().sum();
            let width = regions * FINAL_USES;
            let final_sales: f64 = world.final_demand[cell * width..(cell + 1) * width].iter().sum();
            let (output, sales) = (world.gross_output[cell], intermediate + final_sales);
            Gap {
                key: cell_name(world, cell, " "),
                row: cell_name(world, cell, ","),
                relative: (output - sales).abs() / output,
                message: format!("unbalanced: output {output:.3}, sales {sales:.3}"),
            }
        })
        .collect()
}

/// Output less inputs and value added.
fn input_gaps(world: &Calibration) -> Vec<Gap> {
    let (regions, industries) = (world.region_count(), world.industry_count());
    let width = regions * industries;
    let mut inputs = vec![0.0; width];
    for row in world.flows_intermediate.chunks(width) {
        for (total, value) in inputs.iter_mut().zip(row) {
            *total += value;
        }
    }
    (0..width)
        .map(|cell| {
            let output = world.gross_output[cell];
            let costs = inputs[cell] + world.value_added(cell / industries, cell % industries);
            Gap {
                key: cell_name(world, cell, " "),
                row: cell_name(world, cell, ","),
                relative: (output - costs).abs() / output,
                message: format!("unbalanced: output {output:.3}, inputs and value added {costs:.3}"),
            }
        })
        .collect()
}

/// Household purchases of a product less what the decile baskets add up to.
fn basket_gaps(world: &Calibration) -> Vec<Gap> {
    let (regions, industries) = (world.region_count(), world.industry_count());
    let mut gaps = Vec::with_capacity(regions * industries);
    for r in 0..regions {
        let column: Vec<f64> = (0..industries)
            .map(|g| (0..regions).map(|o| world.final_purchases(o, g, r, FinalUse::Household)).sum())
            .collect();
        let total: f64 = column.iter().sum();
        for g in 0..industries {
            let share: f64 = (0..DECILES)
                .map(|i| r * DECILES + i)
                .map(|group| world.consumption_shares[group] * world.baskets[group * industries + g])
                .sum();
            let wanted = column[g] / total;
            gaps.push(Gap {
                key: cell_name(world, r * industries + g, " "),
                row: format!("{},", world.regions[r].code),
                relative: (share - wanted).abs(),
                message: format!("baskets give {share:.6} of household spending, the household column {wanted:.6}"),
            });
        }
    }
    gaps
}

/// Employment less what labour force and unemployment imply.
fn employment_gaps(world: &Calibration) -> Vec<Gap> {
    let industries = world.industry_count();
    (0..world.region_count())
        .map(|r| {
            let employed: f64 = world.employment[r * industries..(r + 1) * industries].iter().sum();
            let figures = &world.macro_figures[r];
            let implied = figures.labour_force * (1.0 - figures.unemployment_rate);
            Gap {
                key: world.regions[r].code.clone(),
                row: format!("{},", world.regions[r].code),
                relative: (employed - implied).abs() / implied,
                message: format!("{employed:.0} persons employed, labour force and unemployment imply {implied:.0}"),
            }
        })
        .collect()
}
