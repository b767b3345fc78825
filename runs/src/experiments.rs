//! `autarky facts`: paired experiments over seeds, and the table of tariff facts.

use std::fmt::Write as _;

use agents::calibration::Calibration;
use agents::policy::{Measure, parse_measures};
use agents::record::Detail;
use analysis::facts::{Case, Observation, table};
use analysis::recording::Recording;
use analysis::response::{Scale, response};
use analysis::table::Table;
use engine::files::write_bytes_atomically;
use engine::recorder::Recorder;

use crate::arguments::FactsArguments;
use crate::checkpoint::Options;
use crate::config::{Loaded, Overrides, Population, ResolvedConfig, load_scenario};
use crate::failure::{Failure, file_error};
use crate::provenance;
use crate::run::set_threads;
use crate::session::{Session, first_policy_tick};
use crate::signals::Interrupt;
use crate::terminal::say;

/// Shipped scenario that raises the duties on all origins.
const UNIFORM: &str = "us-uniform-10";
/// Region that raises its duties.
const IMPORTER: &str = "USA";
/// Origin of the experiment with one origin.
const ORIGIN: &str = "CHN";

/// Duty on one origin: within the 10 to 25 percent of the studies behind fact T1.
const SINGLE: &str = r#"[[measure]]
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
    set_threads(arguments.threads)?;
    let interrupt = Interrupt::listen()?;
    std::fs::create_dir_all(&arguments.out).map_err(|error| file_error("create", &arguments.out, error))?;
    let overrides = Overrides {
        ticks: Some(arguments.ticks),
        households_per_region: Some(arguments.households_per_region),
        settings: arguments.settings.clone(),
        ..Overrides::default()
    };
    let Loaded { config, calibration, .. } = load_scenario(UNIFORM, &overrides)?;
    let single = parse_measures("experiment", SINGLE, &calibration.codes())
        .map_err(|issues| Failure::Internal(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    let mut seeds = Vec::new();
    for seed in 1..=u64::from(arguments.seeds) {
        eprintln!("seed {seed} of {}", arguments.seeds);
        match measure(&ResolvedConfig { seed, ..config.clone() }, &single, &calibration, &interrupt)? {
            Some(found) => seeds.push(found),
            None => break,
        }
    }
    if seeds.is_empty() {
        return Err(Failure::Stopped);
    }
    let observations: Vec<Vec<Observation>> = seeds.iter().map(|seed| seed.observations.clone()).collect();
    let facts = table(&observations);
    let text = report(&facts, &config, seeds.len());
    let responses = responses(&seeds, &config);
    for (name, text) in [("facts.md", &text), ("facts.csv", &facts.to_csv()), ("responses.csv", &responses.to_csv())] {
        write_bytes_atomically(&arguments.out.join(name), text.as_bytes())?;
    }
    say(&short(&facts).to_text());
    say(&format!("\nwritten: {}\n", arguments.out.display()));
    Ok(())
}

/// Runs the three worlds of a seed; `None` if a signal arrived.
fn measure(
    config: &ResolvedConfig,
    single: &[Measure],
    calibration: &Calibration,
    interrupt: &Interrupt,
) -> Result<Option<Seed>, Failure> {
    let run = |measures: &[Measure]| {
        recorded(&ResolvedConfig { measures: measures.to_vec(), ..config.clone() }, calibration, interrupt)
    };
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

/// Runs a world to its end in memory; `None` if a signal arrived.
fn recorded(
    config: &ResolvedConfig,
    calibration: &Calibration,
    interrupt: &Interrupt,
) -> Result<Option<Recorder>, Failure> {
    let options = Options { audit_stops: true, detail: Detail::Full, compare: false };
    let mut session = Session::begin(config.clone(), calibration, options)?;
    while session.tick() < config.ticks {
        if interrupt.requested() {
            return Ok(None);
        }
        session.step()?;
    }
    Ok(Some(session.into_recorder()))
}

/// The columns that fit a terminal.
fn short(facts: &Table) -> Table {
    let keep = [0, 1, 3, 4, 5, 6];
    let row = |row: &Vec<String>| keep.map(|column| row[column].clone()).to_vec();
    Table { head: row(&facts.head), rows: facts.rows.iter().map(row).collect() }
}

fn report(facts: &Table, config: &ResolvedConfig, seeds: usize) -> String {
    let population = match config.population {
        Population::HouseholdsPerRegion(count) => format!("{count} household agents a region"),
        Population::PersonsPerAgent(count) => format!("{count} persons a household agent"),
    };
    let mut text = String::from("# Tariff facts\n\n");
    let _ = writeln!(
        text,
        "Paired differences over {seeds} seeds, {} ticks, {}; {IMPORTER} raises its duties on all goods in tick {}: by ten \
         points on all origins (uniform), or by 25 points on {ORIGIN} (single). Bands and sources: `analysis/facts.csv`. \
         Made by `autarky facts` {}, commit {}.\n",
        config.ticks,
        population,
        first_policy_tick(config).unwrap_or(0),
        provenance::VERSION,
        provenance::COMMIT
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
            let month = config.calendar().first_day(tick as u32).to_string()[..7].to_owned();
            let number = |value: f64| format!("{value:.5}");
            let values = [number(found.mean), number(found.low()), number(found.high())];
            table.push([format!("{name} ({unit})"), tick.to_string(), month].into_iter().chain(values));
        }
    }
    table
}
