//! `autarky baseline`: whether the world without policy stays at its calibration.

use std::fmt::Write as _;

use agents::record::Detail;
use agents::world::base::Base;
use analysis::bars::table;
use analysis::baseline::{Seed, Start, findings, regions, years};
use configs::calibration::Calibration;

use super::arm::Arm;
use super::{Experiment, Laboratory, Made, Tables, Worlds, columns, each_seed, maker, size};
use crate::checkpoint::Options;
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::session::Session;

/// Shipped scenario without policy.
pub(super) const SCENARIO: &str = "baseline";
/// Switches the shocks off.
const QUIET: &str = "shocks.enabled=false";
/// Years without shocks.
const QUIET_YEARS: u32 = 2;

/// The world without policy, with shocks and without.
pub(super) struct Baseline {
    arms: [Arm; 2],
}

impl Baseline {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>) -> Made {
        let shocked = laboratory.arm(SCENARIO, &[], Detail::Standard)?;
        let mut quiet = laboratory.arm(SCENARIO, &[QUIET], Detail::Standard)?;
        quiet.config.ticks = QUIET_YEARS * quiet.config.ticks_per_year;
        Ok(Box::new(Self { arms: [shocked, quiet].map(|arm| arm.with(&[], arm.config.ticks)) }))
    }
}

impl Experiment for Baseline {
    fn name(&self) -> &'static str {
        "baseline"
    }

    fn arms(&self) -> &[Arm] {
        &self.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let [Arm { config, calibration, seeds, .. }, quiet] = &self.arms;
        let start = start(config, calibration)?;
        let seeds = each_seed(*seeds, |seed| {
            let (shocked, quiet) = (worlds.recording(0, seed)?, worlds.recording(1, seed)?);
            Ok(Seed::of(&shocked, &quiet, &start, config.ticks_per_year as usize)?)
        })?;
        let bars = table(&findings(&start, &seeds));
        let mut text = String::from("# The world without policy\n\n");
        let _ = writeln!(
            text,
            "Scenario `{SCENARIO}` over {}, with shocks; the quiet world without shocks over {} ticks. Means over seeds where \
             no single seed is named. Start and calibrated rates are those of the balanced table and the macro figures of the \
             world, not of the first tick. {}\n",
            size(config, self.arms[0].seeds),
            quiet.config.ticks,
            maker(self.name())
        );
        text += &bars.to_markdown();
        text += "\nEvery region: lowest and highest year, means over seeds. GDP in percent of its start less 100, output of an \
                 industry over its start, import shares in percent of their start.\n\n";
        text += &regions(&start, &seeds).to_markdown();
        Ok(Tables {
            short: columns(&bars, [0, 1, 2, 3, 4, 5, 6]),
            files: vec![
                ("baseline.md", text),
                ("baseline.csv", bars.to_csv()),
                ("baseline_years.csv", years(&start, &seeds).to_csv()),
            ],
            last: String::new(),
        })
    }
}

/// What the calibration says, as the world is built from it.
fn start(config: &ResolvedConfig, calibration: &Calibration) -> Result<Start, Failure> {
    let options = Options { audit_stops: true, detail: Detail::Standard, compare: false };
    let session = Session::begin(config.clone(), calibration, options)?;
    let base: &Base = session.world()?.get();
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
    for ((_, importer, _), row) in base.flow.rows() {
        for (sum, flow) in flows[importer.0 * regions..][..regions].iter_mut().zip(row) {
            *sum += flow;
        }
    }
    flows
}
