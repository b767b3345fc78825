//! `autarky facts`: paired experiments over seeds, and the table of tariff facts.

use std::fmt::Write as _;

use agents::record::Detail;
use analysis::chance::verdict;
use analysis::facts::{Case, Observation, figures, table, with_bands};
use analysis::placebo;
use analysis::response::{Scale, response};
use analysis::table::Table;
use configs::measures::parse_measures;

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
    /// The same of the placebo.
    chance: Vec<Observation>,
    /// Response of each variable of [`RESPONSES`] in the uniform experiment, and in the placebo.
    responses: [Vec<Vec<f64>>; 2],
}

/// The baseline, the duty on all origins, that on one, and the placebo of both.
pub(super) struct Facts {
    arms: [Arm; 4],
}

impl Facts {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let uniform = laboratory.arm(UNIFORM, &[], Detail::Full)?;
        let single = parse_measures("experiment", SINGLE, &uniform.calibration.codes()).map_err(|issues| {
            Failure::Internal(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        let ticks = uniform.config.ticks;
        let placebo = uniform.placebo()?;
        Ok(Box::new(Self { arms: [uniform.with(&[], ticks), uniform.clone(), uniform.with(&single, ticks), placebo] }))
    }

    /// The worlds of a seed.
    fn measure(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Seed, Failure> {
        let [baseline, uniform, single, placebo] = [0, 1, 2, 3].map(|arm| worlds.recording(arm, seed));
        let (baseline, uniform, single, placebo) = (baseline?, uniform?, single?, placebo?);
        let config = &self.arms[1].config;
        let case = |policy, per, origins| Case {
            policy,
            baseline: &baseline,
            per,
            importer: IMPORTER,
            origins,
            start: first_policy_tick(config).unwrap_or(0) as usize,
            ticks_per_year: config.ticks_per_year as usize,
        };
        let (one, all) = (vec![ORIGIN.to_owned()], baseline.labels("region")?);
        let of_all = case(&uniform, None, all.clone());
        let mut observations = case(&single, None, one.clone()).single()?;
        observations.extend(of_all.uniform()?);
        let by_luck = case(&placebo, Some(&uniform), all);
        let mut chance = case(&placebo, Some(&single), one).single()?;
        chance.extend(by_luck.uniform()?);
        let region = baseline.place("region", IMPORTER)?;
        let responses = |case: &Case<'_>| -> Result<Vec<Vec<f64>>, Failure> {
            let response = |(name, scale, factor): &(&str, Scale, f64)| {
                Ok(case.response(name, region, *scale)?.iter().map(|value| factor * value).collect())
            };
            RESPONSES.iter().map(response).collect()
        };
        Ok(Seed { observations, chance, responses: [responses(&of_all)?, responses(&by_luck)?] })
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
        let observations: Vec<Observation> = found.iter().flat_map(|seed| seed.observations.clone()).collect();
        let chance: Vec<Observation> = found.iter().flat_map(|seed| seed.chance.clone()).collect();
        let facts = table(&observations, &chance);
        let summary = placebo::summary(&figures(&with_bands(), &observations, &chance));
        let shown = placebo::marked(&facts, "mean");
        Ok(Tables {
            short: columns(&shown, [0, 1, 3, 4, 5, 9, 6]),
            files: vec![
                ("facts.md", report(&shown, &summary, config, *seeds)),
                ("facts.csv", facts.to_csv()),
                ("responses.csv", responses(&found, config).to_csv()),
            ],
            last: summary,
        })
    }
}

fn report(facts: &Table, summary: &str, config: &ResolvedConfig, seeds: u32) -> String {
    let mut text = String::from("# Tariff facts\n\n");
    let _ = writeln!(
        text,
        "Paired differences over {}; {IMPORTER} raises its duties on all goods in tick {}: by ten points on all origins \
         (uniform), or by 25 points on {ORIGIN} (single). Bands and sources: `analysis/facts.csv`. {}\n",
        size(config, seeds),
        first_policy_tick(config).unwrap_or(0),
        maker("facts")
    );
    let _ = writeln!(text, "{}\n\n{}\n", placebo::LEGEND, summary.replace('\n', "\n\n"));
    text + &facts.to_markdown()
}

/// Mean and interval of every response in every tick, and how it stands against the placebo.
fn responses(seeds: &[Seed], config: &ResolvedConfig) -> Table {
    let mut table =
        Table::new(["variable", "tick", "month", "mean", "low", "high", "placebo_low", "placebo_high", "told_apart"]);
    for (place, (name, scale, _)) in RESPONSES.iter().enumerate() {
        let of = |side: usize| seeds.iter().map(|seed| seed.responses[side][place].clone()).collect::<Vec<Vec<f64>>>();
        let (effects, chance) = (of(0), of(1));
        let unit = if *scale == Scale::Percent { "percent" } else { "points" };
        let placebos = response(&chance);
        for (tick, (found, placebo)) in response(&effects).iter().zip(&placebos).enumerate() {
            let month = config.calendar().first_day(tick as u32).year_month();
            let number = |value: f64| format!("{value:.5}");
            let values = [found.mean, found.low(), found.high(), placebo.low(), placebo.high()].map(number);
            let apart = verdict(found, Some(placebo)).word().to_owned();
            table.push([format!("{name} ({unit})"), tick.to_string(), month].into_iter().chain(values).chain([apart]));
        }
    }
    table
}
