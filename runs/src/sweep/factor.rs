//! What an experiment varies: a parameter, a measure, the size of the world or the scenario.

use configs::calibration::Calibration;
use configs::date::Date;
use configs::measures::{
    Measure, Rates, check_measures, check_needs, check_totals, looks_like_percent, parse_measures,
};
use configs::reading::{Problems, parse_document};
use serde::{Deserialize, Serialize};

use crate::config::{Population, ResolvedConfig};

/// A value of a factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// True or false.
    Flag(bool),
    /// A number, in the unit of the factor.
    Number(f64),
    /// A word, a date or a name.
    Text(String),
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Setting {
    /// As a TOML value.
    fn toml(&self) -> String {
        match self {
            Self::Text(text) => format!("{text:?}"),
            other => other.to_string(),
        }
    }
}

/// Which values a factor takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Levels {
    /// These.
    Values(Vec<Setting>),
    /// Numbers between two.
    Range {
        /// Lowest.
        low: f64,
        /// Highest.
        high: f64,
        /// Whether equal ratios are equally likely, instead of equal differences.
        logarithmic: bool,
    },
}

/// Something that an experiment varies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Name, that of a coordinate of the ensemble.
    pub name: String,
    /// Path of what is set, see [`Target`].
    pub path: String,
    /// Unit of its numbers; empty for the unit of what is set.
    pub unit: String,
    /// Values.
    pub levels: Levels,
}

impl Factor {
    /// The value at a place in `[0, 1]`.
    #[must_use]
    pub fn at(&self, place: f64) -> Setting {
        match &self.levels {
            Levels::Values(values) => {
                let at = (place * values.len() as f64) as usize;
                values[at.min(values.len() - 1)].clone()
            }
            Levels::Range { low, high, logarithmic: false } => Setting::Number(low + place * (high - low)),
            Levels::Range { low, high, logarithmic: true } => {
                let (low, high) = (engine::math::ln(*low), engine::math::ln(*high));
                Setting::Number(engine::math::exp(low + place * (high - low)))
            }
        }
    }
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `scenario`: the scenario of the arm.
    Scenario,
    /// `parameters.section.key`.
    Parameter(String, String),
    /// `size.households_per_region`.
    HouseholdsPerRegion,
    /// `size.households_per_firm`.
    HouseholdsPerFirm,
    /// `measure.LABEL.rate`: the rate of a measure that has one for all.
    Rate(String),
    /// `measure.LABEL.scale`: a factor on all rates of a measure.
    Scale(String),
    /// `measure.LABEL.announced`, `.start` or `.end`: a date.
    Date(String, DateOf),
}

/// A date of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOf {
    /// First day on which it is known.
    Announced,
    /// First day in force.
    Start,
    /// First day no longer in force.
    End,
}

/// Paths there are, for messages.
const PATHS: &str = "scenario, parameters.SECTION.KEY, size.households_per_region, size.households_per_firm, measure.LABEL.rate, .scale, .announced, .start or .end";

impl Target {
    /// What a path names.
    ///
    /// # Errors
    /// What is wrong with it and what would be right.
    pub fn of(path: &str) -> Result<Self, String> {
        let unknown = || format!("there is nothing at `{path}`; a path is one of {PATHS}");
        match path {
            "scenario" => return Ok(Self::Scenario),
            "size.households_per_region" => return Ok(Self::HouseholdsPerRegion),
            "size.households_per_firm" => return Ok(Self::HouseholdsPerFirm),
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("parameters.") {
            let (section, key) = rest.split_once('.').ok_or_else(unknown)?;
            return Ok(Self::Parameter(section.to_owned(), key.to_owned()));
        }
        let rest = path.strip_prefix("measure.").ok_or_else(unknown)?;
        // Labels may contain dots.
        let (label, field) = rest.rsplit_once('.').ok_or_else(unknown)?;
        let label = label.to_owned();
        match field {
            "rate" => Ok(Self::Rate(label)),
            "scale" => Ok(Self::Scale(label)),
            "announced" => Ok(Self::Date(label, DateOf::Announced)),
            "start" => Ok(Self::Date(label, DateOf::Start)),
            "end" => Ok(Self::Date(label, DateOf::End)),
            _ => Err(unknown()),
        }
    }

    /// Whether it changes measures only, so that runs without measures are the same whatever its value.
    #[must_use]
    pub fn is_policy(&self) -> bool {
        self.measure().is_some()
    }

    /// Label of the measure it sets something of.
    #[must_use]
    pub fn measure(&self) -> Option<&str> {
        match self {
            Self::Rate(label) | Self::Scale(label) | Self::Date(label, _) => Some(label),
            _ => None,
        }
    }
}

fn number(setting: &Setting) -> Result<f64, String> {
    match setting {
        Setting::Number(number) if number.is_finite() => Ok(*number),
        other => Err(format!("{other} is not a number")),
    }
}

fn count(setting: &Setting, limit: u64) -> Result<u64, String> {
    let value = number(setting)?;
    if value.fract().abs() > 0.0 || value < 1.0 || value > limit as f64 {
        return Err(format!("{value} is not a whole number from 1 to {limit}"));
    }
    Ok(value as u64)
}

fn date(setting: &Setting) -> Result<Date, String> {
    let Setting::Text(text) = setting else { return Err(format!("{setting} is not a date such as 2025-04-09")) };
    text.parse().map_err(|_| format!("{text} is not a date such as 2025-04-09"))
}

/// Gives a factor a value in a configuration.
///
/// # Errors
/// What is wrong with the path, the unit or the value.
pub fn set(
    config: &mut ResolvedConfig,
    factor: &Factor,
    setting: &Setting,
    calibration: &Calibration,
) -> Result<(), String> {
    let target = Target::of(&factor.path)?;
    let unitless = |what: &str| {
        if factor.unit.is_empty() { Ok(()) } else { Err(format!("{what} has no unit; leave `unit` out")) }
    };
    match target {
        Target::Scenario => unitless("a scenario"),
        Target::Parameter(section, key) => set_parameter(config, factor, setting, [&section, &key]),
        Target::HouseholdsPerRegion => {
            unitless("a number of households")?;
            config.population = Population::HouseholdsPerRegion(count(setting, 1_000_000_000)?);
            Ok(())
        }
        Target::HouseholdsPerFirm => {
            unitless("a number of households")?;
            config.households_per_firm = count(setting, 1_000_000)?;
            Ok(())
        }
        Target::Rate(label) => set_rate(config, factor, setting, calibration, &label),
        Target::Scale(label) => scale_rates(config, factor, setting, calibration, &label),
        Target::Date(label, which) => {
            unitless("a date")?;
            let day = date(setting)?;
            change(config, &label, calibration, |measure| {
                match which {
                    DateOf::Announced => measure.announced = day,
                    DateOf::Start => measure.start = day,
                    DateOf::End => measure.end = Some(day),
                }
                Ok(())
            })
        }
    }
}

/// Gives a parameter a value, as an entry of the file of parameters would.
fn set_parameter(
    config: &mut ResolvedConfig,
    factor: &Factor,
    setting: &Setting,
    [section, key]: [&str; 2],
) -> Result<(), String> {
    let unit = if factor.unit.is_empty() { String::new() } else { format!(", unit = {:?}", factor.unit) };
    let source = format!("experiment, factor {}", factor.name);
    let value = setting.toml();
    let text = if matches!(setting, Setting::Number(_)) && !factor.unit.is_empty() {
        format!("[{section}]\n{key} = {{ value = {value}{unit}, source = {source:?} }}\n")
    } else {
        format!("[{section}]\n{key} = {value}\n")
    };
    let mut problems = Problems::new(&factor.path, &text);
    if let Some(table) = parse_document(&text, &mut problems) {
        config.parameters.override_with(&table, &source, &mut problems);
    }
    match problems.issues.first() {
        Some(issue) => Err(format!("{}; {}", issue.message, issue.remedy)),
        None => Ok(()),
    }
}

/// Gives a measure with a single rate another one.
fn set_rate(
    config: &mut ResolvedConfig,
    factor: &Factor,
    setting: &Setting,
    calibration: &Calibration,
    label: &str,
) -> Result<(), String> {
    check_fraction(&factor.unit)?;
    let rate = number(setting)?;
    let kind = config.measures.iter().find(|measure| measure.label == label).map(|measure| measure.kind);
    if kind.is_some_and(|kind| looks_like_percent(kind, rate)) && factor.unit.is_empty() {
        return Err(format!(
            "rate {rate} is {} percent: write {} if {rate} percent is meant, else give the factor `unit = \"ratio\"`",
            rate * 100.0,
            (rate * 1e10).round() / 1e12
        ));
    }
    change(config, label, calibration, |measure| {
        if !matches!(measure.rates, Rates::One(_)) {
            return Err(format!("measure `{label}` has several rates; vary `measure.{label}.scale` instead"));
        }
        measure.rates = Rates::One(rate);
        Ok(())
    })
}

/// Multiplies all rates of a measure.
fn scale_rates(
    config: &mut ResolvedConfig,
    factor: &Factor,
    setting: &Setting,
    calibration: &Calibration,
    label: &str,
) -> Result<(), String> {
    check_fraction(&factor.unit)?;
    let scale = number(setting)?;
    change(config, label, calibration, |measure| {
        match &mut measure.rates {
            Rates::None => return Err(format!("measure `{label}` has no rate")),
            Rates::One(rate) => *rate *= scale,
            Rates::ByFirst(rates) => rates.iter_mut().for_each(|(_, rate)| *rate *= scale),
            Rates::ByBoth(rates) => {
                rates.iter_mut().flat_map(|(_, rates)| rates).for_each(|(_, rate)| *rate *= scale);
            }
        }
        Ok(())
    })
}

fn check_fraction(unit: &str) -> Result<(), String> {
    if ["", "fraction", "ratio", "1"].contains(&unit) {
        Ok(())
    } else {
        Err(format!("a rate is a fraction of a value, not `{unit}`; write 0.25 for 25 percent and leave `unit` out"))
    }
}

/// Changes a measure and reads it anew, so that everything a policy file is checked for is checked.
fn change(
    config: &mut ResolvedConfig,
    label: &str,
    calibration: &Calibration,
    edit: impl FnOnce(&mut Measure) -> Result<(), String>,
) -> Result<(), String> {
    let labels: Vec<String> = config.measures.iter().map(|measure| format!("`{}`", measure.label)).collect();
    let Some(measure) = config.measures.iter_mut().find(|measure| measure.label == label) else {
        return Err(if labels.is_empty() {
            format!("there is no measure `{label}`: the scenario has none")
        } else {
            format!("there is no measure `{label}`; the scenario has {}", labels.join(", "))
        });
    };
    edit(measure)?;
    let read = parse_measures(&format!("measure {label}"), &measure.to_toml(), &calibration.codes());
    match read.map(|mut measures| measures.pop()) {
        Ok(Some(read)) => {
            *measure = Measure { place: measure.place.clone(), ..read };
            Ok(())
        }
        Ok(None) => Err(format!("measure `{label}` cannot be read back")),
        Err(issues) => Err(first(&issues)),
    }
}

fn first(issues: &[configs::reading::Issue]) -> String {
    issues.first().map_or_else(String::new, |issue| format!("{}; {}", issue.message, issue.remedy))
}

/// Checks the measures of a configuration against each other.
///
/// # Errors
/// The first that do not go together.
pub fn check(config: &ResolvedConfig, calibration: &Calibration) -> Result<(), String> {
    check_measures(&config.measures).map_err(|issues| first(&issues))?;
    check_totals(&config.measures, calibration).map_err(|issues| first(&issues))?;
    check_needs(&config.measures, &config.parameters.values).map_err(|issues| first(&issues))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Loaded, Overrides, load_scenario};

    fn loaded() -> Loaded {
        load_scenario("us-uniform-10", &Overrides::default()).expect("a shipped scenario")
    }

    fn factor(path: &str, unit: &str) -> Factor {
        let levels = Levels::Range { low: 0.0, high: 1.0, logarithmic: false };
        Factor { name: "x".to_owned(), path: path.to_owned(), unit: unit.to_owned(), levels }
    }

    #[test]
    fn paths_set_what_they_name() {
        let Loaded { mut config, calibration, .. } = loaded();
        let mut set = |path: &str, unit: &str, setting: Setting| {
            super::set(&mut config, &factor(path, unit), &setting, &calibration)
        };
        set("parameters.trade.rechoice_share", "per year", Setting::Number(0.24)).expect("set");
        set("parameters.shocks.enabled", "", Setting::Flag(false)).expect("set");
        set("measure.US uniform duty of 10 points.rate", "", Setting::Number(0.25)).expect("set");
        set("measure.US uniform duty of 10 points.scale", "", Setting::Number(2.0)).expect("set");
        set("measure.US uniform duty of 10 points.end", "", Setting::Text("2026-01-01".to_owned())).expect("set");
        set("size.households_per_region", "", Setting::Number(500.0)).expect("set");
        assert!((config.parameters.values.trade.rechoice_share - 0.02).abs() < 1e-15);
        assert!(!config.parameters.values.shocks.enabled);
        assert_eq!(config.measures[0].rates, Rates::One(0.5));
        assert!(config.measures[0].cells.iter().all(|cell| (cell.1 - 0.5).abs() < 1e-15));
        assert_eq!(config.measures[0].end, Date::new(2026, 1, 1));
        assert_eq!(config.population, Population::HouseholdsPerRegion(500));
    }

    #[test]
    fn wrong_factors_are_explained() {
        let Loaded { config, calibration, .. } = loaded();
        let cases = [
            ("parameters.trade.rechoice_shar", "", Setting::Number(0.1), "rechoice_share"),
            ("parameters.trade.rechoice_share", "months", Setting::Number(0.1), "unit"),
            ("parameters.trade.rechoice_share", "per month", Setting::Number(7.0), "1"),
            ("parameters.trade.rechoice_share", "", Setting::Text("much".to_owned()), "number"),
            ("measure.No such.rate", "", Setting::Number(0.1), "US uniform duty of 10 points"),
            ("measure.US uniform duty of 10 points.rate", "percent", Setting::Number(10.0), "fraction"),
            ("measure.US uniform duty of 10 points.end", "", Setting::Text("2020-01-01".to_owned()), "end"),
            ("measure.US uniform duty of 10 points.start", "", Setting::Number(3.0), "date"),
            ("size.households_per_region", "", Setting::Number(0.5), "whole number"),
            ("tariff", "", Setting::Number(0.5), "measure.LABEL.rate"),
        ];
        for (path, unit, setting, expected) in cases {
            let found = set(&mut config.clone(), &factor(path, unit), &setting, &calibration);
            let message = found.expect_err(path);
            assert!(message.contains(expected), "{path}: {message}");
        }
    }

    #[test]
    fn places_become_values() {
        let mut factor = factor("scenario", "");
        assert_eq!(factor.at(0.25), Setting::Number(0.25));
        factor.levels = Levels::Range { low: 1.0, high: 100.0, logarithmic: true };
        assert!(matches!(factor.at(0.5), Setting::Number(x) if (x - 10.0).abs() < 1e-9));
        factor.levels = Levels::Values(vec![Setting::Flag(false), Setting::Flag(true)]);
        assert_eq!(
            (factor.at(0.49), factor.at(0.5), factor.at(1.0)),
            (Setting::Flag(false), Setting::Flag(true), Setting::Flag(true))
        );
    }
}
