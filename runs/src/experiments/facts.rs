//! `autarky facts`: paired experiments over seeds, and the table of tariff facts.

use std::fmt::Write as _;

use agents::policy::parse_measures;
use agents::record::Detail;
use analysis::facts::{Case, Observation, table};
use analysis::response::{Scale, response};
use analysis::table::Table;

use super::arm::Arm;
use super::{Experiment, IMPORTER, Laboratory, Made, Tables, UNIFORM, Worlds, columns, each_seed, maker, size};
use crate::config::ResolvedConfig;
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

/// The baseline, the duty on all origins and that on one.
pub(super) struct Facts {
    arms: [Arm; 3],
}

impl Facts {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let uniform = laboratory.arm(UNIFORM, &[], Detail::Full)?;
        let single = parse_measures("experiment", SINGLE, &uniform.calibration.codes()).map_err(|issues| {
            Failure::Internal(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        let ticks = uniform.config.ticks;
        Ok(Box::new(Self { arms: [uniform.with(&[], ticks), uniform.clone(), uniform.with(&single, ticks)] }))
    }

    /// The three worlds of a seed.
    fn measure(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Seed, Failure> {
        let [baseline, uniform, single] = [0, 1, 2].map(|arm| worlds.recording(arm, seed));
        let (baseline, uniform, single) = (baseline?, uniform?, single?);
        let config = &self.arms[1].config;
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
        Ok(Seed { observations, responses: responses? })
    }
}

impl Experiment for Facts {
    fn name(&self) -> &'static str {
        "facts"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let Arm { config, seeds, .. } = &self.arms[1];
        let found = each_seed(*seeds, |seed| self.measure(worlds, seed))?;
        let observations: Vec<Vec<Observation>> = found.iter().map(|seed| seed.observations.clone()).collect();
        let facts = table(&observations);
        Ok(Tables {
            short: columns(&facts, [0, 1, 3, 4, 5, 6]),
            files: vec![
                ("facts.md", report(&facts, config, *seeds)),
                ("facts.csv", facts.to_csv()),
                ("responses.csv", responses(&found, config).to_csv()),
            ],
            last: String::new(),
        })
    }
}

fn report(facts: &Table, config: &ResolvedConfig, seeds: u32) -> String {
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
