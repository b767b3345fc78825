//! `autarky indicators`: what economists look at, with definitions, of a recording or a pair.

mod ensemble;

use std::fmt::Write as _;

use analysis::bars::shown;
use analysis::chance::ONE_SEED;
use analysis::indicators::{Data, Indicator, all};
use analysis::report::Language;
use analysis::response::{Scale, effect};
use analysis::table::{Table, exact};
use engine::files::{self, write_bytes_atomically};

use crate::arguments::IndicatorsArguments;
use crate::failure::Failure;
use crate::pairing::{Differences, paired};
use crate::sources::{file_or_sweep, region_of, single};
use crate::terminal::{reddened, say};

/// Years that fit beside a name on a terminal.
const YEARS: usize = 6;

/// Lists the indicators, or shows those of a recording.
///
/// # Errors
/// A file cannot be read, two files do not belong together, or there is no such region.
pub fn indicators(arguments: &IndicatorsArguments) -> Result<(), Failure> {
    let Some(path) = &arguments.file else {
        say(&definitions());
        return Ok(());
    };
    arguments.csv.iter().try_for_each(|path| files::check(path))?;
    let mut recording = file_or_sweep(path)?;
    if recording.is_ensemble()? {
        if arguments.against.is_some() {
            let message = format!("{} is an ensemble and holds its own baselines: leave --against out", path.display());
            return Err(Failure::Configuration(message));
        }
        return ensemble::show(&recording, arguments, path);
    }
    let mut against = arguments.against.as_ref().map(|path| single(path)).transpose()?;
    let differences = match &mut against {
        Some(other) => paired(&mut recording, other, arguments.force)?,
        None => Differences::default(),
    };
    let codes = recording.labels("region")?;
    let region = region_of(&recording, arguments.region.as_deref())?;
    let place = recording.place("region", &region)?;
    let data = Data::of(&recording)?;
    let other = against.as_ref().map(Data::of).transpose()?;
    let dates = recording.dates()?;
    let years: Vec<String> = dates.chunks(data.per_year.max(1)).map(|year| year[0].year_month()).collect();
    let columns: Vec<usize> = spread(years.len(), YEARS);
    let mut short = Table::new(
        ["indicator".to_owned(), "unit".to_owned()].into_iter().chain(columns.iter().map(|&x| years[x].clone())),
    );
    let mut full = Table::new(["indicator", "unit", "region", "month", "value", "baseline", "change", "change_unit"]);
    let mut missing = Vec::new();
    for indicator in all() {
        let values = match indicator.values(&data) {
            Ok(values) => values,
            Err(error) if error.missing().is_some() => {
                missing.push(indicator.id);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let base = other.as_ref().map(|other| indicator.values(other)).transpose()?;
        let change = base.as_ref().map(|base| effect(&values[place], &base[place], indicator.scale));
        // The last year may be a part of one.
        let mean = |year: &[f64]| year.iter().sum::<f64>() / year.len() as f64;
        let series = change.as_ref().unwrap_or(&values[place]);
        let yearly: Vec<f64> = series.chunks(data.per_year.max(1)).map(mean).collect();
        let number = |x: f64| if x.is_finite() { shown(x) } else { "-".to_owned() };
        let unit = if change.is_some() { change_unit(indicator) } else { indicator.unit };
        let cells = columns.iter().map(|&year| number(yearly[year]));
        short.push([indicator.name[0].to_owned(), unit.to_owned()].into_iter().chain(cells));
        if arguments.csv.is_some() {
            push(&mut full, indicator, &values, base.as_ref(), &codes, &dates);
        }
    }
    let chance = format!("{ONE_SEED}\n");
    let what = if against.is_some() { "change against the baseline, " } else { "" };
    let chance = if against.is_some() { chance.as_str() } else { "" };
    say(&format!(
        "{}{}\n{region}, {what}means of years beginning in\n{chance}\n{}",
        reddened(&differences.warnings(Language::English)),
        recording.attribute("title")?,
        short.to_text()
    ));
    if !missing.is_empty() {
        say(&format!("\nnot recorded, so left out: {}\n", missing.join(", ")));
    }
    if let Some(path) = &arguments.csv {
        write_bytes_atomically(path, full.to_csv().as_bytes())?;
        say(&format!("written: {}\n", path.display()));
    }
    Ok(())
}

/// Unit of a change: percent of the baseline, or that of the indicator.
fn change_unit(indicator: &Indicator) -> &'static str {
    if indicator.scale == Scale::Percent { "percent" } else { indicator.unit }
}

/// All ticks of all regions.
fn push(
    table: &mut Table,
    indicator: &Indicator,
    values: &[Vec<f64>],
    base: Option<&Vec<Vec<f64>>>,
    codes: &[String],
    dates: &[engine::clock::Date],
) {
    for (region, code) in codes.iter().enumerate() {
        let change = base.map(|base| effect(&values[region], &base[region], indicator.scale));
        for (tick, date) in dates.iter().enumerate() {
            table.push([
                indicator.id.to_owned(),
                indicator.unit.to_owned(),
                code.clone(),
                date.year_month(),
                exact(values[region][tick]),
                base.map_or_else(String::new, |base| exact(base[region][tick])),
                change.as_ref().map_or_else(String::new, |change| exact(change[tick])),
                change.as_ref().map_or_else(String::new, |_| change_unit(indicator).to_owned()),
            ]);
        }
    }
}

/// At most `most` of `count` places, evenly spread, the first and last among them.
fn spread(count: usize, most: usize) -> Vec<usize> {
    if count <= most {
        return (0..count).collect();
    }
    (0..most).map(|k| k * (count - 1) / (most - 1)).collect()
}

/// Every indicator with unit, definition and source.
fn definitions() -> String {
    let mut text = String::new();
    let mut theme = None;
    for indicator in all() {
        if theme != Some(indicator.theme) {
            theme = Some(indicator.theme);
            let [english, chinese] = indicator.theme.name();
            let _ = writeln!(text, "\n{english} · {chinese}\n");
        }
        let _ = writeln!(text, "{}: {} · {}", indicator.id, indicator.name[0], indicator.name[1]);
        let _ = writeln!(text, "    {}; {} ({})", indicator.unit, indicator.definition, indicator.source);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_spread_evenly() {
        assert_eq!(spread(3, 6), [0, 1, 2]);
        assert_eq!(spread(20, 6), [0, 3, 7, 11, 15, 19]);
        assert!(spread(0, 6).is_empty());
    }
}
