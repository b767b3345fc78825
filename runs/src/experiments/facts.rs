//! `autarky facts`: paired experiments over seeds, and the table of tariff facts.

use std::fmt::Write as _;

use agents::calibration::Calibration;
use agents::policy::{Measure, parse_measures};
use agents::record::Detail;
use analysis::facts::{Case, Observation, table};
use analysis::recording::Recording;
use analysis::response::{Scale, response};
use analysis::table::Table;

use super::{IMPORTER, Laboratory, UNIFORM, columns, maker, size, with};
use crate::arguments::FactsArguments;
use crate::config::{Loaded, ResolvedConfig};
use crate::failure::Failure;
use crate::session::first_policy_tick;

/// Origin of the experiment with one origin.
pub(super) const ORIGIN: &str = "CHN";

/// Duty on one origin: within the 10 to 25 percent of the studies behind fact T1.
pub(super) const SINGLE: &str = r#"[[measure]]
label = "experiment: 25 points on one origin"
kind = "tariff"
source = "experiment"
importers = ["USA"]
exporters = ["CHN"]
products = "all-goods"
rate = 0.25
start = 2025-01-01
"#;

/// Variables whose responses are written: name, scale, factor.
const RESPONSES: [(&str, Scale, f64); 8] = [
    ("real_gdp", Scale::Percent, 1.0),
    ("consumer_price", Scale::Percent, 1.0),
    ("real_imports", Scale::Percent, 1.0),
    ("real_exports", Scale::Percent, 1.0),
    ("real_household_consumption", Scale::Percent, 1.0),
    ("real_fixed_capital_formation", Scale::Percent, 1.0),
    ("unemployment_rate", Scale::Difference, 100.0),
    ("policy_rate", Scale::Difference, 100.0),
];

/// What is kept of one seed.
struct Seed {
    observations: Vec<Observation>,
    /// Response of each variable of [`RESPONSES`] in the uniform experiment.
    responses: Vec<Vec<f64>>,
}

/// Measures the tariff facts, prints and writes the tables.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn facts(arguments: &FactsArguments) -> Result<(), Failure> {
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, arguments.ticks)?;
    let Loaded { config, calibration, .. } = laboratory.load(UNIFORM, &[])?;
    let single = parse_measures("experiment", SINGLE, &calibration.codes())
        .map_err(|issues| Failure::Internal(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    let seeds = laboratory.each_seed(|seed| measure(&laboratory, seed, &config, &single, &calibration))?;
    let observations: Vec<Vec<Observation>> = seeds.iter().map(|seed| seed.observations.clone()).collect();
    let facts = table(&observations);
    let text = report(&facts, &config, seeds.len());
    let responses = responses(&seeds, &config).to_csv();
    laboratory.publish(
        &[("facts.md", &text), ("facts.csv", &facts.to_csv()), ("responses.csv", &responses)],
        &columns(&facts, [0, 1, 3, 4, 5, 6]),
    )
}

/// Runs the three worlds of a seed; `None` if a signal arrived.
fn measure(
    laboratory: &Laboratory<'_>,
    seed: u64,
    config: &ResolvedConfig,
    single: &[Measure],
    calibration: &Calibration,
) -> Result<Option<Seed>, Failure> {
    let run = |measures: &[Measure]| laboratory.recorded(&with(config, seed, measures), calibration, Detail::Full);
    let (Some(baseline), Some(uniform), Some(single)) = (run(&[])?, run(&config.measures)?, run(single)?) else {
        return Ok(None);
    };
    let (baseline, uniform, single) = (baseline.content(), uniform.content(), single.content());
    let (baseline, uniform, single) = (Recording::of(&baseline), Recording::of(&uniform), Recording::of(&single));
    let case = |policy, origins| Case {
        policy,
        baseline: &baseline,
        importer: IMPORTER,
        origins,
        start: first_policy_tick(config).unwrap_or(0) as usize,
        ticks_per_year: config.ticks_per_year as usize,
    };
    let of_one = case(&single, vec![ORIGIN.to_owned()]);
    let of_all = case(&uniform, baseline.labels("region")?);
    let mut observations = of_one.single()?;
    observations.extend(of_all.uniform()?);
    let region = baseline.place("region", IMPORTER)?;
    let response = |(name, scale, factor): &(&str, Scale, f64)| -> Result<Vec<f64>, Failure> {
        Ok(of_all.response(name, region, *scale)?.iter().map(|value| factor * value).collect())
    };
    let responses: Result<Vec<_>, Failure> = RESPONSES.iter().map(response).collect();
    Ok(Some(Seed { observations, responses: responses? }))
}

fn report(facts: &Table, config: &ResolvedConfig, seeds: usize) -> String {
    let mut text = String::from("# Tariff facts\n\n");
    let _ = writeln!(
        text,
        "Paired differences over {}; {IMPORTER} raises its duties on all goods in tick {}: by ten points on all origins \
         (uniform), or by 25 points on {ORIGIN} (single). Bands and sources: `analysis/facts.csv`. {}\n",
        size(config, seeds),
        first_policy_tick(config).unwrap_or(0),
        maker("facts")
    );
    text + &facts.to_markdown()
}

/// Mean and interval of every response in every tick.
fn responses(seeds: &[Seed], config: &ResolvedConfig) -> Table {
    let mut table = Table::new(["variable", "tick", "month", "mean", "low", "high"]);
    for (place, (name, scale, _)) in RESPONSES.iter().enumerate() {
        let effects: Vec<Vec<f64>> = seeds.iter().map(|seed| seed.responses[place].clone()).collect();
        let unit = if *scale == Scale::Percent { "percent" } else { "points" };
        for (tick, found) in response(&effects).iter().enumerate() {
            let month = config.calendar().first_day(tick as u32).year_month();
            let number = |value: f64| format!("{value:.5}");
            let values = [number(found.mean), number(found.low()), number(found.high())];
            table.push([format!("{name} ({unit})"), tick.to_string(), month].into_iter().chain(values));
        }
    }
    table
}
