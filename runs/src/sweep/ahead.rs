//! What can be said of an experiment before anything is computed: its size, the names it uses, measures that never act.

use std::collections::BTreeMap;

use configs::reading::{Node, Problems, Table, Value, did_you_mean, parse_document};
use engine::recorder::Schema;

use super::design::Design;
use super::experiment::Experiment;
use super::factor::Levels;
use super::plan::Bench;
use crate::check::{estimate, schema_of};
use crate::config::{ConfigError, ErrorKind, ResolvedConfig};
use crate::failure::Failure;
use crate::measures::in_force;
use configs::calibration::Calibration;

/// Most runs that are planned unless more are allowed.
pub const RUNS: u64 = 100_000;

/// Bytes of a run in a plan, measured with three factors.
const PLAN_BYTES: f64 = 500.0;

/// Names of the ensemble's own that a recording does not have.
const OF_ENSEMBLES: [&str; 3] = ["run", "plan", "time"];

/// Arms that are looked at for measures that never act: those of a large design differ in numbers only.
const LOOKED_AT: usize = 2000;

/// Number of arms of an experiment without baselines, before equal points are joined.
#[must_use]
pub fn arms(experiment: &Experiment) -> u64 {
    let values = |levels: &Levels| match levels {
        Levels::Values(values) => values.len() as u64,
        Levels::Range { .. } => 1,
    };
    let counts = experiment.factors.iter().map(|factor| values(&factor.levels));
    match experiment.design {
        Design::Grid => counts.fold(1, u64::saturating_mul),
        Design::OneAtATime => counts.fold(1, |sum: u64, count| sum.saturating_add(count.saturating_sub(1))),
        Design::List => experiment.arms.len() as u64,
        drawn => drawn.size(experiment.factors.len()),
    }
}

/// Refuses an experiment of more than `most` runs, before they are laid out.
///
/// # Errors
/// Its number of runs, what they and their plan would take, and how more are allowed.
pub fn check_size(
    experiment: &Experiment,
    config: &ResolvedConfig,
    calibration: &Calibration,
    most: u64,
) -> Result<(), Failure> {
    let arms = arms(experiment);
    let runs = arms.saturating_mul(u64::from(experiment.replicates));
    if runs <= most {
        return Ok(());
    }
    let hours = estimate(config, calibration).seconds(1) * runs as f64 / 3600.0;
    Err(Failure::Configuration(format!(
        "the experiment is too large: {arms} arms with {} replicates each are {runs} runs (baselines apart), about {hours:.0} core hours, and their plan alone {:.1} GB; at most {most} runs are planned: give fewer samples, values or replicates, or allow more with `autarky sweep plan --max-runs {runs}`",
        experiment.replicates,
        PLAN_BYTES * runs as f64 / 1e9,
    )))
}

/// Checks the names of factors and output variables against those of the recordings.
///
/// # Errors
/// Every factor called as something else in the file, and every variable that is not recorded, with its place.
pub fn check_names(bench: &Bench, file: &str, text: &str) -> Result<(), Failure> {
    let Ok(config) = bench.config(0, 0) else { return Ok(()) };
    let Ok(schema) = schema_of(&config, bench.calibration(0)) else { return Ok(()) };
    let mut problems = Problems::new(file, text);
    if let Some(document) = parse_document(text, &mut problems) {
        factor_names(&document, &schema, &mut problems);
        variable_names(&document, &schema, &mut problems);
    }
    if problems.issues.is_empty() {
        return Ok(());
    }
    let texts = BTreeMap::from([(file.to_owned(), text.into())]);
    Err(ConfigError::new(problems.issues, &texts, ErrorKind::Configuration).into())
}

fn items<'a>(table: &'a Table, key: &str) -> &'a [Node] {
    match table.get(key).map(|node| &node.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn factor_names(document: &Table, schema: &Schema, problems: &mut Problems<'_>) {
    for (n, item) in items(document, "factor").iter().enumerate() {
        let Value::Table(table) = &item.value else { continue };
        let Some(Node { span, value: Value::Text(name) }) = table.get("name") else { continue };
        let what = if schema.dimension_names().any(|x| x == name) || OF_ENSEMBLES.contains(&name.as_str()) {
            "a dimension or variable of every ensemble"
        } else if schema.names().any(|x| x == name) {
            "a variable that is recorded"
        } else if name.starts_with("factor_") || ["real", "currency"].contains(&name.as_str()) {
            "kept for names that the program gives"
        } else {
            continue;
        };
        let message = format!("a factor cannot be called `{name}`: that is {what}");
        let remedy = format!("give it another name, such as `{name}_set`");
        problems.report(span.clone(), &format!("factor[{n}].name"), message, remedy.replace("factor_", ""));
    }
}

fn variable_names(document: &Table, schema: &Schema, problems: &mut Problems<'_>) {
    let Some(Value::Table(outputs)) = document.get("outputs").map(|node| &node.value) else { return };
    for item in items(outputs, "variables") {
        let Value::Text(name) = &item.value else { continue };
        if !schema.series_names().any(|known| known == name) {
            let remedy = did_you_mean(name, schema.series_names());
            let message = format!("no variable `{name}` is recorded");
            problems.report(item.span.clone(), "outputs.variables", message, remedy);
        }
    }
}

/// What the arms say of measures: a line for every measure that never acts in some of them, and one if there are arms in
/// which none does, which then cannot differ from their baselines.
#[must_use]
pub fn idle_measures(bench: &Bench) -> Vec<String> {
    let plan = &bench.plan;
    let mut idle: BTreeMap<String, usize> = BTreeMap::new();
    let (mut arms, mut without, mut last) = (0, 0, String::new());
    for (number, arm) in plan.arms.iter().enumerate().filter(|x| !x.1.without_measures).take(LOOKED_AT) {
        let Ok(config) = bench.config(number, 0) else { continue };
        let own: Vec<bool> = config
            .measures
            .iter()
            .map(|measure| {
                let acts = in_force(&config, measure).is_some();
                if !acts {
                    *idle.entry(measure.label.clone()).or_default() += 1;
                }
                acts && (!measure.shared || arm.baseline.is_none())
            })
            .collect();
        arms += 1;
        if !own.is_empty() && !own.contains(&true) {
            without += 1;
            last = config.calendar().first_day(config.ticks - 1).year_month();
        }
    }
    let mut lines: Vec<String> = idle
        .into_iter()
        .take(10)
        .map(|(label, count)| format!("measure `{label}` is never in force in {count} of {arms} arms"))
        .collect();
    if without > 0 {
        lines.push(format!(
            "in {without} of {arms} arms no measure is in force before the runs end ({last}, {} ticks): they cannot differ from their baselines; give more `ticks`, or correct the dates of the measures",
            plan.ticks
        ));
    }
    lines
}
