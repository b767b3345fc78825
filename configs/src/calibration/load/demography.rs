//! The table of ages, births and deaths.

use super::super::csv::CsvTable;
use super::super::{AGE_GROUPS, Calibration, RegionDemography};
use super::Names;
use super::people::each_region;
use crate::reading::Problems;

/// Columns before those of ages, with what can be.
const COLUMNS: [(&str, f64, f64); 4] =
    [("region", 0.0, 0.0), ("fertility", 0.1, 10.0), ("mother_age", 22.0, 38.0), ("life_expectancy", 40.0, 95.0)];

/// Years of a group of ages.
const YEARS: usize = 5;

/// Names of the columns, in order.
pub(in crate::calibration) fn columns() -> Vec<String> {
    let ages = (0..AGE_GROUPS).map(|group| format!("age_{}", YEARS * group));
    COLUMNS.iter().map(|column| column.0.to_owned()).chain(ages).collect()
}

/// Reads what is known of ages, births and deaths.
pub(super) fn read(world: &mut Calibration, names: &Names, table: &CsvTable<'_>, problems: &mut Problems<'_>) {
    let all = columns();
    let Some(at) = table.columns(&all.iter().map(String::as_str).collect::<Vec<_>>(), problems) else {
        return;
    };
    each_region(names, table, at[0], problems, |region, row, problems| {
        let mut take = |column: usize| {
            let (low, high) = COLUMNS.get(column).map_or((0.0, 1.0), |known| (known.1, known.2));
            row[at[column]].within(&all[column], (low, high), problems)
        };
        let [fertility, mother_age, life_expectancy] = [1, 2, 3].map(&mut take);
        let ages: [f64; AGE_GROUPS] = std::array::from_fn(|group| take(COLUMNS.len() + group));
        let sum: f64 = ages.iter().sum();
        if (sum - 1.0).abs() > 1e-6 {
            let message = format!("shares of ages sum to {sum:.8}, not 1");
            problems.report(row[at[COLUMNS.len()]].span.clone(), "age_0", message, "scale the row to sum to one");
        }
        world.demography[region] = Some(RegionDemography { fertility, mother_age, life_expectancy, ages });
    });
}
