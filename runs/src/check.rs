//! `autarky check`.

mod summary;

use std::fmt::Write as _;

use agents::geography::Geography;
use agents::model::laid_out;
use configs::calibration::Calibration;
use engine::model::Detail;
use engine::recorder::{Kind, Schema};
use serde::{Deserialize, Serialize};

use crate::arguments::CheckArguments;
use crate::checkpoint::Options;
use crate::config::{Loaded, Population, ResolvedConfig, shipped_parameters};
use crate::failure::Failure;
use crate::measures;
use crate::models::{self, Cost, Extent};
use crate::run::load;
use crate::session::{Session, clock, setup_of, size};
use crate::sweep::plan::EVERYTHING;
use crate::terminal::{duration, json, say};

use summary::Summary;

/// What agents cost. Measured with the release build on a 2020s server: peak memory and times of `autarky run baseline` on one
/// thread, 1 and 13 ticks, 300 to 60,000 households of every region, 3 to 100 of them a firm; least squares of the relative
/// errors, which are below 5%. What does not depend on agents is the work on the input-output table.
pub(crate) mod cost {
    use crate::models::{Cost, Extent};

    /// Bytes a household agent, recording and schedule apart.
    const HOUSEHOLD_BYTES: f64 = 100.0;
    /// Bytes a firm agent with its links and inventories.
    const FIRM_BYTES: f64 = 2050.0;
    /// Bytes of program, tables and base year.
    const FIXED_BYTES: f64 = 2.5e7;
    /// Seconds of the start of a run and of its file, whatever its world.
    const START: f64 = 0.04;
    /// Seconds of a founding, a place of the table: 0.36 s of a world of 15 regions and 21 industries.
    const FLOW_FOUNDING: f64 = 3.6e-6;
    /// Seconds of a founding, a household agent.
    const HOUSEHOLD_FOUNDING: f64 = 9.2e-7;
    /// Seconds of a founding, a firm agent.
    const FIRM_FOUNDING: f64 = 7.0e-6;
    /// Seconds of a tick, a place of the table.
    const FLOW_TICK: f64 = 1.47e-7;
    /// Seconds of a tick, a household agent.
    const HOUSEHOLD_TICK: f64 = 2.24e-7;
    /// The same three of a household of several persons: bytes, seconds of a founding, of a tick. Rough: the tick is that of 2,112 ticks of
    /// 20,000 households a region on two cores, the rest is chosen.
    const UNIT: [f64; 3] = [300.0, 3e-6, 1e-6];
    /// Households up to which the sample of people grows that a world is founded on, and its seconds for one of them.
    const SAMPLED: f64 = 22_500.0;
    const SAMPLE_FOUNDING: f64 = 6e-5;
    /// Seconds of a tick, a firm agent.
    const FIRM_TICK: f64 = 2.31e-6;

    /// What a world takes.
    #[must_use]
    pub fn of(Extent { households, units, firms, flows }: Extent) -> Cost {
        let [bytes, founding, tick] = if units { UNIT } else { [HOUSEHOLD_BYTES, HOUSEHOLD_FOUNDING, HOUSEHOLD_TICK] };
        // Units are found in a sample, which grows with the world until it is large enough.
        let sample = if units { households.min(SAMPLED) * SAMPLE_FOUNDING } else { 0.0 };
        Cost {
            bytes: FIXED_BYTES + households * bytes + firms * FIRM_BYTES,
            founding: START + flows * FLOW_FOUNDING + households * founding + sample + firms * FIRM_FOUNDING,
            tick: flows * FLOW_TICK + households * tick + firms * FIRM_TICK,
        }
    }
}

/// Validates a scenario and sums it up, or prints what it resolves to, which is itself a scenario file.
///
/// # Errors
/// If anything in the scenario is wrong or its world cannot be built.
pub fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let Loaded { config, calibration, .. } = load(&arguments.scenario)?;
    let geography = layout(&config, &calibration)?;
    let schema = schema_of(&config, &calibration)?;
    let values: usize =
        schema.names().filter_map(|name| schema.variable(name)).map(|variable| schema.row_len(variable)).sum();
    measures::warn(&config);
    if shipped_parameters().is_some_and(|shipped| shipped.values != config.parameters.values) {
        try_out(&config, &calibration)?;
    }
    let summary = Summary::of(&arguments.scenario, (&config, &calibration), &geography, 8.0 * values as f64)?;
    if arguments.json {
        return json(&summary);
    }
    say(&if arguments.details {
        config.to_toml() + &measures::lines(&config) + &sizes(&summary)
    } else {
        summary.lines(&config, &calibration, &arguments.scenario.scenario)
    });
    Ok(())
}

/// Households of every region in the small copy of a world that is tried.
const TRIED: u64 = 300;

/// Builds a small copy of a world and steps it once: parameters that are each within their range may not go together.
fn try_out(config: &ResolvedConfig, calibration: &Calibration) -> Result<(), Failure> {
    let least = (10 * calibration.industry_count() as u64).max(TRIED);
    let mut small = config.clone();
    if size(config, calibration).households.iter().any(|&count| count as u64 > least) {
        small.population = Population::HouseholdsPerRegion(least);
        small.households_per_firm = config.households_per_firm.min(10);
    }
    let options = Options { audit_stops: true, detail: Detail::Standard, compare: false };
    match Session::begin(small, calibration, options).and_then(|mut session| Ok(session.step()?)) {
        // That the copy is too small, or its accounts, are no matter of the world itself.
        Err(Failure::Range(message)) => Err(Failure::Range(message)),
        _ => Ok(()),
    }
}

/// Values recorded a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedValues {
    /// Numbers with a fraction.
    pub numbers: usize,
    /// Integers.
    pub integers: usize,
}

/// Values recorded a tick of the variables wanted by name, or else of all by region; those of `always` are recorded too.
///
/// # Errors
/// If the world cannot be laid out.
pub fn recorded_values(
    config: &ResolvedConfig,
    calibration: &Calibration,
    wanted: &[String],
    always: &[&str],
) -> Result<RecordedValues, Failure> {
    let (schema, regions) = (schema_of(config, calibration)?, calibration.region_count());
    let mut values = RecordedValues::default();
    for (name, variable) in schema.names().filter_map(|name| Some((name, schema.variable(name)?))) {
        let length = schema.row_len(variable);
        let named = || wanted.iter().any(|x| x == name || x == EVERYTHING);
        let kept = if wanted.is_empty() { length == regions } else { named() };
        if !kept && !always.contains(&name) {
            continue;
        }
        if schema.kind(variable) == Kind::I64 {
            values.integers += length;
        } else {
            values.numbers += length;
        }
    }
    Ok(values)
}

/// What a run of a configuration records, in full.
///
/// # Errors
/// If the world cannot be laid out.
pub fn schema_of(config: &ResolvedConfig, calibration: &Calibration) -> Result<Schema, Failure> {
    let setup = setup_of(config, calibration, OPTIONS)?;
    Ok(models::of(&config.model)?.planned(&setup, clock(config)?)?)
}

/// Lays the world out without founding anybody.
fn layout(config: &ResolvedConfig, calibration: &Calibration) -> Result<Geography, Failure> {
    Ok(laid_out(&setup_of(config, calibration, OPTIONS)?)?)
}

/// What matters for nothing that is asked before a run.
const OPTIONS: Options = Options { audit_stops: true, detail: Detail::Full, compare: false };

/// What a run takes.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Seconds of its founding.
    pub founding: f64,
    /// Seconds of a tick on one thread.
    pub tick: f64,
    /// Ticks.
    pub ticks: u32,
    /// Bytes of memory, the recording apart.
    pub memory: f64,
}

impl Estimate {
    /// Seconds on so many threads, from the founding to the last tick.
    #[must_use]
    pub fn seconds(&self, threads: usize) -> f64 {
        self.of_ticks(f64::from(self.ticks), threads)
    }

    /// Seconds of a founding and some ticks on so many threads.
    #[must_use]
    pub fn of_ticks(&self, ticks: f64, threads: usize) -> f64 {
        self.founding + self.tick * ticks / threads as f64
    }
}

/// Estimates what a run takes from its number of agents.
#[must_use]
pub fn estimate(config: &ResolvedConfig, calibration: &Calibration) -> Estimate {
    let size = size(config, calibration);
    let households: f64 = size.households.iter().map(|&count| count as f64).sum();
    let firms = households / size.households_per_firm;
    let flows = ((calibration.region_count() * calibration.industry_count()) as f64).powi(2);
    let units = config.parameters.values.households.units;
    let Cost { bytes, founding, tick } = models::cost(&config.model)(Extent { households, units, firms, flows });
    Estimate { founding, tick, ticks: config.ticks, memory: bytes }
}

/// Memory that a run in memory takes as it goes on, bytes.
#[must_use]
pub fn session_memory(session: &Session) -> f64 {
    // Other models take next to nothing.
    session.world().map_or(0.0, |world| {
        let geography: &Geography = world.get();
        let (households, firms) = (geography.households as f64, geography.firms as f64);
        let units = world.get::<configs::parameters::Parameters>().households.units;
        cost::of(Extent { households, units, firms, flows: 0.0 }).bytes
    })
}

/// Sizes and estimates as TOML comments.
fn sizes(summary: &Summary) -> String {
    let mut text = String::from("\n# Size\n");
    let Summary { regions, industries, zones, households, firms, ticks, estimate, .. } = summary;
    let _ = writeln!(text, "#   regions {regions}, industries {industries}, zones {zones}");
    let _ =
        writeln!(text, "#   household agents {households}, firm agents {firms}, measures {}", summary.measures.len());
    let _ = writeln!(text, "#   ticks {ticks} from {} to {}", summary.first_month, summary.last_month);
    let _ = writeln!(text, "# Estimate of `autarky run`");
    let (memory, recording) = (estimate.memory_bytes / 1e9, estimate.recording_bytes / 1e6);
    let _ = writeln!(text, "#   {}", estimate.runs_in_words());
    let _ = writeln!(text, "#   memory {memory:.2} GB, recordings {recording:.0} MB before compression");
    let (all, core) = (duration(estimate.seconds), duration(estimate.core_seconds));
    let _ = writeln!(text, "#   time {all} on {} cores, {core} of one", estimate.cores);
    text
}
