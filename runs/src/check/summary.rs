//! What `autarky check` says: ten lines for a reader, the same as JSON for a program.

use std::fmt::Write as _;

use agents::geography::Geography;
use analysis::report::Language;
use configs::calibration::Calibration;
use configs::parameters::PARAMETERS;
use serde::Serialize;

use crate::arguments::{RunArguments, ScenarioArguments};
use crate::config::{ResolvedConfig, shipped_parameters};
use crate::failure::Failure;
use crate::measures::in_force;
use crate::models::ECONOMY;
use crate::policy_words::{Words, names_of};
use crate::seeds::{self, Taken};
use crate::terminal::duration;

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
    /// What `autarky run` of it takes where nothing more is asked for.
    pub estimate: Takes,
}

/// An estimate.
#[derive(Clone, Debug, Serialize)]
pub struct Takes {
    /// Runs: of every seed one, or one with the measures, one without and one with a placebo.
    pub runs: usize,
    /// Seeds.
    pub seeds: u32,
    /// Household agents of each run: of several seeds fewer than in the scenario.
    pub households: u64,
    /// Runs at the same time.
    pub jobs: usize,
    /// Most memory, bytes.
    pub memory_bytes: f64,
    /// Recordings before compression, bytes.
    pub recording_bytes: f64,
    /// Seconds of one core: founding, and all ticks.
    pub core_seconds: f64,
    /// Seconds on the cores of this machine.
    pub seconds: f64,
    /// Cores of this machine.
    pub cores: usize,
}

impl Takes {
    /// Of a scenario; `row` is the size of a recorded tick, bytes.
    fn of(
        scenario: &ScenarioArguments,
        config: &ResolvedConfig,
        calibration: &Calibration,
        row: f64,
    ) -> Result<Self, Failure> {
        let run = RunArguments { scenario: scenario.clone(), ..RunArguments::default() };
        let Taken { seeds, households, whole } = seeds::taken(&run, config, calibration)?;
        let recording = row * f64::from(config.ticks);
        Ok(Self {
            runs: whole.runs,
            seeds,
            households,
            jobs: whole.jobs,
            // Held twice while it is written.
            memory_bytes: whole.memory + 2.0 * whole.jobs as f64 * recording,
            recording_bytes: recording * whole.runs as f64,
            core_seconds: whole.core_seconds,
            seconds: whole.seconds,
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        })
    }

    /// The runs, in words.
    #[must_use]
    pub fn runs_in_words(&self) -> String {
        match (self.runs, self.seeds) {
            (1, _) => "1 run".to_owned(),
            (runs, 1) => format!("{runs} runs, one of them the baseline,"),
            (runs, seeds) => format!(
                "{runs} runs ({seeds} seeds: policy, baseline, placebo; {} household agents each)",
                self.households
            ),
        }
    }
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
    /// Of a scenario; `row` is the size of a recorded tick, bytes.
    ///
    /// # Errors
    /// If `autarky run` would refuse it.
    pub fn of(
        scenario: &ScenarioArguments,
        (config, calibration): (&ResolvedConfig, &Calibration),
        geography: &Geography,
        row: f64,
    ) -> Result<Self, Failure> {
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
        Ok(Self {
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
            estimate: Takes::of(scenario, config, calibration, row)?,
        })
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
        let takes = &self.estimate;
        let _ = writeln!(
            text,
            "estimate    {} take{} {} on {} cores, {:.2} GB of memory, {:.0} MB before compression",
            takes.runs_in_words(),
            if takes.runs == 1 { "s" } else { "" },
            duration(takes.seconds),
            takes.cores,
            takes.memory_bytes / 1e9,
            takes.recording_bytes / 1e6
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
