//! What `autarky check` says: ten lines for a reader, the same as JSON for a program.

use std::fmt::Write as _;

use agents::geography::Geography;
use analysis::report::Language;
use configs::calibration::Calibration;
use configs::parameters::PARAMETERS;
use serde::Serialize;

use super::CORES;
use crate::config::{ResolvedConfig, shipped_parameters};
use crate::measures::in_force;
use crate::models::{self, Cost, ECONOMY};
use crate::policy_words::{Words, names_of};

/// Measures that are said in words.
const SAID: usize = 2;

/// Parameters that are named.
const NAMED: usize = 4;

/// A scenario that was checked.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Name of the scenario.
    pub name: String,
    /// Title.
    pub title: String,
    /// World.
    pub world: String,
    /// Regions of the world.
    pub regions: usize,
    /// Industries of the world.
    pub industries: usize,
    /// Zones of the world.
    pub zones: usize,
    /// Household agents.
    pub households: u64,
    /// Firm agents.
    pub firms: u64,
    /// Seed.
    pub seed: u64,
    /// Ticks.
    pub ticks: u32,
    /// First month.
    pub first_month: String,
    /// Month of the last tick.
    pub last_month: String,
    /// Measures.
    pub measures: Vec<Acts>,
    /// Parameters that are not at their defaults: name, default, value here.
    pub parameters: Vec<[String; 3]>,
    /// Memory of a run, bytes.
    pub memory_bytes: f64,
    /// Recording before compression, bytes.
    pub recording_bytes: f64,
    /// Seconds of a run on the cores of this machine.
    pub seconds: f64,
    /// Cores of this machine.
    pub cores: f64,
}

/// A measure and when it acts.
#[derive(Clone, Debug, Serialize)]
pub struct Acts {
    /// Label.
    pub label: String,
    /// Kind.
    pub kind: &'static str,
    /// First tick in which it is in force, from 1.
    pub first_tick: Option<u32>,
    /// Last tick in which it is in force.
    pub last_tick: Option<u32>,
}

impl Summary {
    /// Of a configuration; `row` is the size of a recorded tick, bytes.
    #[must_use]
    pub fn of(config: &ResolvedConfig, calibration: &Calibration, geography: &Geography, row: f64) -> Self {
        // Held twice while it is written.
        let recording = row * f64::from(config.ticks);
        let cost = models::cost(&config.model);
        let Cost { bytes: world, seconds: tick } = cost(geography.households as f64, geography.firms as f64);
        let cores = std::thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64);
        let month = |tick: u32| config.calendar().first_day(tick).year_month();
        let acts = |measure: &configs::measures::Measure| {
            let ticks = in_force(config, measure);
            Acts {
                label: measure.label.clone(),
                kind: measure.kind.word(),
                first_tick: ticks.map(|x| x.0 + 1),
                last_tick: ticks.map(|x| x.1 + 1),
            }
        };
        Self {
            name: config.name.clone(),
            title: config.title.clone(),
            world: config.world.clone(),
            regions: calibration.region_count(),
            industries: calibration.industry_count(),
            zones: geography.zones.len(),
            households: geography.households as u64,
            firms: geography.firms as u64,
            seed: config.seed,
            ticks: config.ticks,
            first_month: month(0),
            last_month: month(config.ticks - 1),
            measures: config.measures.iter().map(acts).collect(),
            parameters: changed(config),
            memory_bytes: world + 2.0 * recording,
            recording_bytes: recording,
            seconds: tick * (CORES / cores).max(0.25) * f64::from(config.ticks),
            cores,
        }
    }

    /// In at most ten lines.
    #[must_use]
    pub fn lines(&self, config: &ResolvedConfig, calibration: &Calibration, called: &str) -> String {
        let plain = |text: &str| -> String { text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
        let mut text = format!("{}: {}\n", plain(called), plain(&self.title));
        let _ = writeln!(
            text,
            "world       {}: {} regions, {} industries; {} household agents, {} firm agents",
            plain(&self.world),
            self.regions,
            self.industries,
            self.households,
            self.firms
        );
        if config.model != ECONOMY {
            let _ = writeln!(text, "model       {}", plain(&config.model));
        }
        let _ = writeln!(text, "time        {} ticks, {} to {}", self.ticks, self.first_month, self.last_month);
        let acting = self.measures.iter().filter(|measure| measure.first_tick.is_some()).count();
        let first = self.measures.iter().filter_map(|measure| measure.first_tick).min();
        let since = first.map_or_else(String::new, |tick| format!(", the first from tick {tick} on"));
        let _ = writeln!(text, "measures    {}, {acting} of them in force in the run{since}", self.measures.len());
        let names = names_of(calibration);
        let words = Words { names: &names, language: Language::English }.policy(config).words;
        for (line, measure) in words.iter().zip(&self.measures).take(SAID) {
            let idle = if measure.first_tick.is_none() { " Never in this run." } else { "" };
            let _ = writeln!(text, "  {}{idle}", plain(line));
        }
        if self.measures.len() > SAID {
            let _ = writeln!(text, "  and {} more", self.measures.len() - SAID);
        }
        if !self.parameters.is_empty() {
            let named =
                self.parameters.iter().take(NAMED).map(|[name, default, here]| format!("{name} {here} ({default})"));
            let more = self.parameters.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(text, "parameters  {}{more}", named.collect::<Vec<_>>().join(", "));
        }
        let _ = writeln!(
            text,
            "estimate    {:.0} s on {} cores, {:.1} GB of memory, {:.0} MB recorded before compression{}",
            self.seconds,
            self.cores,
            self.memory_bytes / 1e9,
            self.recording_bytes / 1e6,
            if self.measures.is_empty() { "" } else { "; as much again for the baseline" }
        );
        text + "sound; --details shows the whole configuration, --json this for programs\n"
    }
}

/// Parameters that are not at their defaults.
fn changed(config: &ResolvedConfig) -> Vec<[String; 3]> {
    let Some(defaults) = shipped_parameters() else { return Vec::new() };
    let values = defaults.values.shown().into_iter().zip(config.parameters.values.shown());
    let other = PARAMETERS.iter().zip(values).filter(|x| x.1.0 != x.1.1);
    other.map(|(info, (default, here))| [info.path(), default, here]).collect()
}
