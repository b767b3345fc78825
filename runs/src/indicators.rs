//! `autarky indicators`: what economists look at, with definitions, of a recording or a pair.

mod ensemble;

use std::fmt::Write as _;

use analysis::bars::shown;
use analysis::chance::ONE_SEED;
use analysis::indicators::{Data, Indicator, all};
use analysis::recording::Recording;
use analysis::report::Language;
use analysis::response::{Scale, effect};
use analysis::table::{Table, exact};
use engine::files;
use serde::Serialize;

use crate::arguments::{EntryKind, IndicatorsArguments};
use crate::catalogue::entries;
use crate::failure::Failure;
use crate::pairing::{Differences, paired};
use crate::rows::{Rows, written};
use crate::sources::{file_or_sweep, region_of, single};
use crate::terminal::{json, reddened, say};

/// Years that fit beside a name on a terminal.
const YEARS: usize = 6;

/// Indicators for programs.
#[derive(Debug, Serialize)]
struct Document<'a> {
    /// Title of the scenario or experiment.
    title: String,
    region: String,
    /// Arm of an ensemble.
    arm: Option<&'a str>,
    /// Recording that is compared with.
    against: Option<String>,
    /// Pairs of runs; none if nothing is compared.
    pairs: usize,
    placebo: bool,
    /// How chance is shown, if something is compared.
    chance: Option<String>,
    /// What the files differ in besides their measures, if that was forced.
    warnings: Vec<String>,
    /// Indicators that are left out, as the file does not hold what they are computed from.
    not_recorded: Vec<&'static str>,
    /// Means of years: `month` is the first of each.
    rows: Rows,
}

/// Lists the indicators, or shows those of a recording.
///
/// # Errors
/// A file cannot be read, two files do not belong together, or there is no such region.
pub fn indicators(arguments: &IndicatorsArguments) -> Result<(), Failure> {
    let Some(path) = &arguments.file else {
        if arguments.json {
            return json(&entries(EntryKind::Indicator, None)?);
        }
        say(&definitions());
        return Ok(());
    };
    arguments.csv.iter().try_for_each(|path| files::check(path))?;
    let recording = file_or_sweep(path)?;
    if !recording.is_ensemble()? {
        return of_run(recording, arguments);
    }
    if arguments.against.is_some() {
        let message = format!("{} is an ensemble and holds its own baselines: leave --against out", path.display());
        return Err(Failure::Configuration(message));
    }
    ensemble::show(&recording, arguments, path)
}

/// An indicator of a run, by region and tick, and that of its baseline.
struct Found {
    indicator: &'static Indicator,
    values: Vec<Vec<f64>>,
    base: Option<Vec<Vec<f64>>>,
}

impl Found {
    /// The change against the baseline in a region.
    fn change(&self, region: usize) -> Option<Vec<f64>> {
        self.base.as_ref().map(|base| effect(&self.values[region], &base[region], self.indicator.scale))
    }
}

/// All indicators of a run, and those that cannot be computed from it.
fn found(data: &Data<'_>, other: Option<&Data<'_>>) -> Result<(Vec<Found>, Vec<&'static str>), Failure> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for indicator in all() {
        match indicator.values(data) {
            Ok(values) => {
                let base = other.map(|other| indicator.values(other)).transpose()?;
                found.push(Found { indicator, values, base });
            }
            Err(error) if error.missing().is_some() => missing.push(indicator.id),
            Err(error) => return Err(error.into()),
        }
    }
    Ok((found, missing))
}

/// Shows the indicators of a run, or their change against its baseline.
fn of_run(mut recording: Recording<'_>, arguments: &IndicatorsArguments) -> Result<(), Failure> {
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
    let (found, missing) = found(&data, other.as_ref())?;
    let months: Vec<String> = recording.dates()?.iter().map(|date| date.year_month()).collect();
    let chance = against.is_some().then(|| ONE_SEED.to_owned());
    let warnings = differences.warnings(Language::English);
    let title = recording.attribute("title")?;
    if arguments.json {
        json(&Document {
            rows: Rows::of(yearly(&found, place, &months, data.per_year), &["value", "baseline", "change"]),
            against: arguments.against.as_ref().map(|path| path.display().to_string()),
            arm: None,
            pairs: usize::from(against.is_some()),
            placebo: false,
            not_recorded: missing,
            title,
            region,
            chance,
            warnings,
        })?;
    } else {
        let what = if against.is_some() { "change against the baseline, " } else { "" };
        say(&format!(
            "{}{title}\n{region}, {what}means of years beginning in\n{}\n{}",
            reddened(&warnings),
            chance.map_or_else(String::new, |chance| chance + "\n"),
            short(&found, place, &months, data.per_year).to_text()
        ));
        left_out(&missing);
    }
    written(arguments.csv.as_ref(), || full(&found, &codes, &months), arguments.json)
}

/// Says which indicators are left out.
fn left_out(missing: &[&str]) {
    if !missing.is_empty() {
        say(&format!("\nnot recorded, so left out: {}\n", missing.join(", ")));
    }
}

/// Means of the years; the last may be a part of one.
fn means(series: &[f64], per_year: usize) -> Vec<f64> {
    series.chunks(per_year.max(1)).map(|year| year.iter().sum::<f64>() / year.len() as f64).collect()
}

/// Some years of a region, for people.
fn short(found: &[Found], place: usize, months: &[String], per_year: usize) -> Table {
    let years: Vec<&String> = months.iter().step_by(per_year.max(1)).collect();
    let columns = spread(years.len(), YEARS);
    let head = ["indicator", "unit"].map(str::to_owned).into_iter();
    let mut table = Table::new(head.chain(columns.iter().map(|&year| years[year].clone())));
    for of in found {
        let change = of.change(place);
        let unit = if change.is_some() { change_unit(of.indicator) } else { of.indicator.unit };
        let means = means(change.as_ref().unwrap_or(&of.values[place]), per_year);
        let number = |x: f64| if x.is_finite() { shown(x) } else { "-".to_owned() };
        let names = [of.indicator.name[0].to_owned(), unit.to_owned()].into_iter();
        table.push(names.chain(columns.iter().map(|&year| number(means[year]))));
    }
    table
}

/// All years of a region, for programs.
fn yearly(found: &[Found], place: usize, months: &[String], per_year: usize) -> Table {
    let mut table = Table::new(["indicator", "name", "unit", "month", "value", "baseline", "change", "change_unit"]);
    for of in found {
        let indicator = of.indicator;
        let change = of.change(place).map(|change| means(&change, per_year));
        let base = of.base.as_ref().map(|base| means(&base[place], per_year));
        let at = |means: &Option<Vec<f64>>, year: usize| means.as_ref().map_or_else(String::new, |x| exact(x[year]));
        let values = means(&of.values[place], per_year);
        for (year, (value, month)) in values.iter().zip(months.iter().step_by(per_year.max(1))).enumerate() {
            table.push([
                indicator.id.to_owned(),
                indicator.name[0].to_owned(),
                indicator.unit.to_owned(),
                month.clone(),
                exact(*value),
                at(&base, year),
                at(&change, year),
                change.as_ref().map_or_else(String::new, |_| change_unit(indicator).to_owned()),
            ]);
        }
    }
    table
}

/// Unit of a change: percent of the baseline, or that of the indicator.
fn change_unit(indicator: &Indicator) -> &'static str {
    if indicator.scale == Scale::Percent { "percent" } else { indicator.unit }
}

/// All ticks of all regions, for programs.
fn full(found: &[Found], codes: &[String], months: &[String]) -> Table {
    let mut table = Table::new(["indicator", "unit", "region", "month", "value", "baseline", "change", "change_unit"]);
    for of in found {
        let indicator = of.indicator;
        for (region, code) in codes.iter().enumerate() {
            let (base, change) = (of.base.as_ref().map(|base| &base[region]), of.change(region));
            for (tick, month) in months.iter().enumerate() {
                table.push([
                    indicator.id.to_owned(),
                    indicator.unit.to_owned(),
                    code.clone(),
                    month.clone(),
                    exact(of.values[region][tick]),
                    base.map_or_else(String::new, |base| exact(base[tick])),
                    change.as_ref().map_or_else(String::new, |change| exact(change[tick])),
                    change.as_ref().map_or_else(String::new, |_| change_unit(indicator).to_owned()),
                ]);
            }
        }
    }
    table
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
        let _ = writeln!(text, "    {}; {} ({})", indicator.unit, indicator.definition[0], indicator.source);
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
