//! `autarky baseline`: whether the world without policy stays at its calibration.

use std::fmt::Write as _;

use agents::calibration::Calibration;
use agents::purpose::PURPOSES;
use agents::record::Detail;
use agents::world::base::Base;
use analysis::bars::table;
use analysis::baseline::{Seed, Start, findings, regions, years};
use analysis::recording::Recording;

use super::{Laboratory, columns, maker, size, with};
use crate::arguments::BaselineArguments;
use crate::checkpoint::Options;
use crate::config::{Loaded, ResolvedConfig};
use crate::failure::Failure;
use crate::session::Session;

/// Shipped scenario without policy.
pub(super) const SCENARIO: &str = "baseline";
/// Switches the shocks off.
const QUIET: &str = "shocks.enabled=false";
/// Years without shocks.
const QUIET_YEARS: u32 = 2;

/// Measures the baseline, prints and writes the tables.
///
/// # Errors
/// If a run fails or a file cannot be written.
pub fn baseline(arguments: &BaselineArguments) -> Result<(), Failure> {
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, arguments.ticks)?;
    let Loaded { config, calibration, .. } = laboratory.load(SCENARIO, &[])?;
    let mut quiet = laboratory.load(SCENARIO, &[QUIET])?.config;
    quiet.ticks = QUIET_YEARS * quiet.ticks_per_year;
    let start = start(&config, &calibration)?;
    let seeds = laboratory.each_seed(|seed| {
        let run = |config| laboratory.recorded(&with(config, seed, &[]), &calibration, Detail::Standard);
        let (Some(shocked), Some(quiet)) = (run(&config)?, run(&quiet)?) else {
            return Ok(None);
        };
        let (shocked, quiet) = (shocked.content(), quiet.content());
        let (shocked, quiet) = (Recording::of(&shocked), Recording::of(&quiet));
        Ok(Some(Seed::of(&shocked, &quiet, &start, config.ticks_per_year as usize)?))
    })?;
    let bars = table(&findings(&start, &seeds));
    let mut text = String::from("# The world without policy\n\n");
    let _ = writeln!(
        text,
        "Scenario `{SCENARIO}` over {}, with shocks; the quiet world without shocks over {} ticks. Means over seeds where \
         no single seed is named. Start and calibrated rates are those of the balanced table and the macro figures of the \
         world, not of the first tick. {}\n",
        size(&config, seeds.len()),
        quiet.ticks,
        maker("baseline")
    );
    text += &bars.to_markdown();
    text += "\nEvery region: lowest and highest year, means over seeds. GDP in percent of its start less 100, output of an \
             industry over its start, import shares in percent of their start.\n\n";
    text += &regions(&start, &seeds).to_markdown();
    laboratory.publish(
        &[
            ("baseline.md", &text),
            ("baseline.csv", &bars.to_csv()),
            ("baseline_years.csv", &years(&start, &seeds).to_csv()),
        ],
        &columns(&bars, [0, 1, 2, 3, 4, 5, 6]),
    )
}

/// What the calibration says, as the world is built from it.
fn start(config: &ResolvedConfig, calibration: &Calibration) -> Result<Start, Failure> {
    let options = Options { audit_stops: true, detail: Detail::Standard, compare: false };
    let session = Session::begin(config.clone(), calibration, options)?;
    let base = session.base();
    let codes = calibration.codes();
    Ok(Start {
        regions: codes.regions,
        industries: codes.industries,
        unemployment: base.regions.iter().map(|region| region.unemployment_rate).collect(),
        output: base.regions.iter().flat_map(|region| region.output.iter().copied()).collect(),
        flows: flows(base),
    })
}

/// Flows of all products for all purposes by importer and origin.
fn flows(base: &Base) -> Vec<f64> {
    let regions = base.regions.len();
    let mut flows = vec![0.0; regions * regions];
    for (at, &flow) in base.flow.iter().enumerate() {
        // Index ((purpose * regions + importer) * products + product) * regions + origin.
        let importer = at / (base.products * regions) % regions;
        flows[importer * regions + at % regions] += flow;
    }
    debug_assert_eq!(base.flow.len(), PURPOSES * base.products * regions * regions);
    flows
}
