//! `autarky benchmark-static`: a static general equilibrium of the same world beside the model's path.
//!
//! The benchmark compares the duties and embargoes in force in the last tick of the scenario (the mean of its days) with
//! those of the base year; `--ticks` looks at an earlier time. What else a scenario does is left out and named.
//!
//! Differences of construction that no number of the output singles out: the benchmark's buyers shift spending between
//! products (Cobb-Douglas) where the model's industries need fixed inputs and its households have subsistence needs; the
//! model's exporters bear a part of a duty (`trade.exporter_absorption`); its retail margin goes with goods, and its
//! households buy foreign services as a bundle.

mod economy;
mod model;

use std::fmt::Write as _;

use agents::policy::{CompiledSchedule, PolicyState};
use analysis::report::Language;
use analysis::static_trade::{
    Change, Comparison, Deficits, Equilibrium, StaticTradeError, TradeEconomy, explanations, responses, solve,
};
use configs::calibration::Calibration;
use configs::measures::Measure;
use configs::parameters::{DutyRevenueUse, ExchangeRateRegime};
use engine::files;
use serde::Serialize;

use crate::arguments::BenchmarkStaticArguments;
use crate::config::{Loaded, Overrides, ResolvedConfig};
use crate::failure::Failure;
use crate::pairs::{Recorded, loaded};
use crate::rows::{Rows, written};
use crate::run::set_threads;
use crate::session::{focus, schedule_of};
use crate::sources::place_of_region;
use crate::terminal::{json, reddened, say};

/// Computes the benchmark and shows it beside the model's path.
///
/// # Errors
/// Bad input, a scenario that changes no duty at its end, a benchmark without an answer, or a run that fails.
pub fn benchmark_static(arguments: &BenchmarkStaticArguments) -> Result<(), Failure> {
    let open = |run: &std::path::PathBuf| Recorded::open(run, arguments.against.as_deref(), arguments.force);
    let recorded = arguments.run.as_ref().map(open).transpose()?;
    let doubts = recorded.as_ref().map(|recorded| recorded.differences.clone()).unwrap_or_default();
    let overrides = Overrides {
        ticks: arguments.ticks,
        households_per_region: Some(arguments.households_per_region),
        settings: arguments.settings.clone(),
        ..Overrides::default()
    };
    let Loaded { config, calibration, .. } = loaded(&arguments.scenario, overrides, recorded.as_ref())?;
    let codes: Vec<String> = calibration.regions.iter().map(|region| region.code.clone()).collect();
    let industries: Vec<String> = calibration.industries.iter().map(|industry| industry.code.clone()).collect();
    let code = arguments.region.clone().unwrap_or_else(|| focus(&config, &codes).to_owned());
    let region = place_of_region(&codes, &code)?;
    let schedule = schedule_of(&config, &calibration)?;
    let state = schedule.at(config.ticks - 1);
    let left_out = left_out(&config, &schedule);
    let base = economy::economy(&calibration, &config.parameters.values);
    let change = economy::change(state);
    if change == Change::none(&base) {
        return Err(nothing_to_compare(&config, &left_out));
    }
    let (base, found) = answer(base, change, arguments.close_deficits, (&codes, &industries))?;
    arguments.csv.iter().try_for_each(|path| files::check(path))?;
    set_threads(arguments.threads)?;
    let windows = model::windows(&config);
    let found_by_model = match &recorded {
        Some(recorded) => {
            recorded.check(&config, &calibration)?;
            responses(&recorded.policy, &recorded.baseline, &windows)?
        }
        None if arguments.seeds > 0 => model::simulate(&config, &calibration, arguments.seeds, &windows)?,
        None => Vec::new(),
    };
    let names = windows.iter().map(|window| months(&config, window));
    let comparison = Comparison::new((&codes, &industries), &base, &found, names.zip(found_by_model).collect());
    let warnings = doubts.warnings(Language::English);
    if arguments.json {
        let numbers = ["benchmark", "model_first_year", "model_last_year"];
        json(&Document {
            title: &config.title,
            month: month(&config, config.ticks as usize - 1),
            left_out: &left_out,
            deficits_closed: arguments.close_deficits,
            model: model_in_words(arguments),
            model_years: comparison.model.iter().map(|window| window.0.as_str()).collect(),
            warnings,
            rows: Rows::of(comparison.everything(), &numbers),
        })?;
    } else {
        say(&reddened(&warnings));
        say(&page(arguments, &config, &calibration, &comparison, (region, state, &left_out)));
    }
    written(arguments.csv.as_ref(), || comparison.everything(), arguments.json)
}

/// The benchmark for programs.
#[derive(Debug, Serialize)]
struct Document<'a> {
    title: &'a str,
    /// Whose duties are compared with those of the base year.
    month: String,
    /// Measures that the benchmark leaves out.
    left_out: &'a [String],
    deficits_closed: bool,
    /// What stands beside the benchmark.
    model: String,
    /// Months of its first and last year.
    model_years: Vec<&'a str>,
    /// What the files differ in besides their measures, if that was forced.
    warnings: Vec<String>,
    rows: Rows,
}

/// The runs beside the benchmark.
fn model_in_words(arguments: &BenchmarkStaticArguments) -> String {
    match (&arguments.run, arguments.seeds) {
        (Some(run), _) => run.display().to_string(),
        (None, 0) => "not run".to_owned(),
        (None, seeds) => {
            let plural = if seeds == 1 { "" } else { "s" };
            format!("mean of {seeds} pair{plural}, {} household agents a region", arguments.households_per_region)
        }
    }
}

/// The base year, with deficits closed if asked, and the equilibrium after the change.
fn answer(
    base: TradeEconomy,
    change: Change,
    close_deficits: bool,
    names: (&[String], &[String]),
) -> Result<(TradeEconomy, Equilibrium), Failure> {
    let failure =
        |error: StaticTradeError| Failure::Configuration(format!("static benchmark: {}", named(&error, names)));
    let base = if close_deficits {
        let closed = Change { deficits: Deficits::Closed, ..Change::none(&base) };
        solve(&base, &closed).map_err(failure)?.economy
    } else {
        base
    };
    let found = solve(&base, &change).map_err(failure)?;
    Ok((base, found))
}

/// An error with codes instead of places.
fn named(error: &StaticTradeError, (regions, industries): (&[String], &[String])) -> String {
    match error {
        StaticTradeError::NoSupplier { region, product } => format!(
            "{} buys {} only from origins that are forbidden, so there is no equilibrium; let one of them sell",
            regions[*region], industries[*product]
        ),
        StaticTradeError::NoValueAdded { region, industry, value_added } => format!(
            "inputs and the duties on them leave {} {} value added of {value_added:.3} mn, and it needs more than nothing",
            regions[*region], industries[*industry]
        ),
        other => other.to_string(),
    }
}

/// Names that are given of measures out of force; of more there is only the number.
const NAMED: usize = 3;

/// Measures that the benchmark leaves out, with the reason: other kinds one by one, those out of force in short.
fn left_out(config: &ResolvedConfig, schedule: &CompiledSchedule) -> Vec<String> {
    let last = config.ticks - 1;
    let calendar = schedule.calendar();
    let (on_imports, others): (Vec<&Measure>, Vec<&Measure>) =
        config.measures.iter().partition(|measure| measure.kind.on_imports());
    let mut parts: Vec<String> =
        others.iter().map(|measure| format!("{} ({}, no duty)", measure.label, measure.kind.word())).collect();
    let out = on_imports.into_iter().filter(|x| calendar.share_in_force(last, x.start, x.end) <= 0.0);
    let (ahead, ended): (Vec<&Measure>, Vec<&Measure>) = out.partition(|x| calendar.tick_of(x.start) > last);
    for (measures, when) in [(ahead, "not yet in force"), (ended, "no longer in force")] {
        if measures.len() > NAMED {
            parts.push(format!("{} measures {when}", measures.len()));
        } else {
            parts.extend(measures.iter().map(|measure| format!("{} ({when})", measure.label)));
        }
    }
    parts
}

fn nothing_to_compare(config: &ResolvedConfig, left_out: &[String]) -> Failure {
    let measures = if left_out.is_empty() {
        "it has no measures".to_owned()
    } else {
        format!("its measures do not count: {}", left_out.join(", "))
    };
    Failure::Configuration(format!(
        "{}: duties at the end ({}) are those of the base year, so a static benchmark has nothing to compare; {measures}; \
         --ticks looks at an earlier end",
        config.name,
        month(config, config.ticks as usize - 1),
    ))
}

fn month(config: &ResolvedConfig, tick: usize) -> String {
    config.calendar().first_day(tick as u32).year_month()
}

/// First and last month of a window.
fn months(config: &ResolvedConfig, window: &std::ops::Range<usize>) -> String {
    format!("{} to {}", month(config, window.start), month(config, window.end - 1))
}

/// Everything that is shown.
fn page(
    arguments: &BenchmarkStaticArguments,
    config: &ResolvedConfig,
    calibration: &Calibration,
    comparison: &Comparison<'_>,
    (region, state, left_out): (usize, &PolicyState, &[String]),
) -> String {
    let parameters = &config.parameters.values;
    let mut text = format!(
        "{}\nstatic general equilibrium: duties of {} against those of the base year\n\n",
        config.title,
        month(config, config.ticks as usize - 1)
    );
    let _ = writeln!(text, "duties     {}", duties(calibration, comparison, state));
    let _ = writeln!(text, "elasticity {}", elasticities(calibration, comparison.base));
    let deficits = if arguments.close_deficits {
        "closed before and after, so the base year is not that of the model"
    } else {
        "held at their shares of the world's value added"
    };
    let _ = writeln!(text, "deficits   {deficits}");
    let _ =
        writeln!(text, "left out   {}", if left_out.is_empty() { "nothing".to_owned() } else { left_out.join(", ") });
    let _ = writeln!(text, "model      {}\n", model_in_words(arguments));
    for table in [
        comparison.measures(region),
        comparison.partners(region),
        comparison.products(region),
        comparison.all_regions(),
    ] {
        let _ = writeln!(text, "{}", table.to_text());
    }
    let use_of_duties = match parameters.fiscal.duty_revenue_use {
        DutyRevenueUse::Debt => "less borrowing",
        DutyRevenueUse::LumpSum => "an equal payment to every person",
        DutyRevenueUse::IncomeTax => "a lower income tax",
        DutyRevenueUse::CorporateTax => "a lower tax on profits",
        DutyRevenueUse::ChildBenefit => "a payment for every child",
    };
    let rates = match parameters.external.regime {
        ExchangeRateRegime::Fixed => "fixed",
        ExchangeRateRegime::Float => "floating",
        ExchangeRateRegime::Path => "on a given path",
    };
    let reasons = explanations(comparison, region, use_of_duties, rates);
    if !reasons.is_empty() {
        let _ = writeln!(text, "Why they differ, {}\n", comparison.regions[region]);
    }
    for reason in reasons {
        let _ = writeln!(text, "- {reason}");
    }
    text
}

/// Who changes duties, by how much on goods imports of the base year, and what is forbidden.
fn duties(calibration: &Calibration, comparison: &Comparison<'_>, state: &PolicyState) -> String {
    let goods = |product: usize| calibration.industries[product].goods;
    let mean = |region: usize| 100.0 * comparison.duty_change(region, |product, _| goods(product));
    let regions = (0..calibration.region_count()).map(|region| (region, mean(region)));
    let mut parts: Vec<String> = regions
        .filter(|(_, points)| points.abs() > 5e-3)
        .map(|(region, points)| format!("{} {points:+.2} points", calibration.regions[region].code))
        .collect();
    if !parts.is_empty() {
        parts.push("on average on goods imports of the base year".to_owned());
    }
    let forbidden = state.embargo.indices().filter(|cell| state.banned(*cell)).count();
    if forbidden > 0 {
        parts.push(format!("{forbidden} flow{} forbidden", if forbidden == 1 { "" } else { "s" }));
    }
    parts.join(", ")
}

/// The range of trade elasticities of goods and services.
fn elasticities(calibration: &Calibration, base: &TradeEconomy) -> String {
    let range = |goods: bool| {
        let of = calibration.industries.iter().zip(&base.trade_elasticities).filter(|x| x.0.goods == goods);
        let (low, high) = of.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (x.1.min(low), x.1.max(high)));
        if low < high { format!("{low:.2} to {high:.2}") } else { format!("{low:.2}") }
    };
    format!("goods {}, services {} (those of the model's long-run sourcing)", range(true), range(false))
}
