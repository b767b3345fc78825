//! A run: the world, its recording, and the loop that steps one and fills the other.

use std::path::{Path, PathBuf};
use std::time::Instant;

use agents::policy::CompiledSchedule;
use agents::simulation::{Setup, Simulation};
use agents::state::Settings;
use agents::world::layout::{Size, ZONE_HOUSEHOLDS};
use configs::calibration::Calibration;
use configs::measures::MeasureKind;
use engine::clock::Clock;
use engine::digest::Digest;
use engine::model::Fault;
use engine::netcdf::Attributes;
use engine::range;
use engine::recorder::{Recorder, Schema};

use crate::checkpoint::{self, Head, Options, Saved};
use crate::config::{Population, ResolvedConfig};
use crate::extremes;
use crate::failure::Failure;
use crate::models::{self, ECONOMY, Live};
use crate::progress::{Progress, Status};
use crate::provenance::{self, Execution};
use crate::signals::Interrupt;
use crate::terminal::note;

/// When files are written.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Recording.
    pub out: PathBuf,
    /// A checkpoint every so many ticks.
    pub checkpoint_every: Option<u32>,
    /// The recording every so many ticks; 0 only at the end.
    pub flush_every: u32,
}

/// A run in memory.
pub struct Session {
    /// Configuration.
    pub config: ResolvedConfig,
    /// Options.
    pub options: Options,
    calibration_digest: String,
    model: Box<dyn Live>,
    recorder: Recorder,
    times: Times,
}

/// Where the time went, seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Stepping the world.
    pub stepping: f64,
    /// Digests and rows.
    pub recording: f64,
    /// Writing files.
    pub writing: f64,
}

/// Does something and adds the time it took.
fn timed<T>(seconds: &mut f64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let value = work();
    *seconds += start.elapsed().as_secs_f64();
    value
}

/// Household agents of each region and the rest of a world's size.
#[must_use]
pub fn size(config: &ResolvedConfig, calibration: &Calibration) -> Size {
    let agents = |population: f64| match config.population {
        Population::HouseholdsPerRegion(count) => count as usize,
        Population::PersonsPerAgent(persons) => (population / persons as f64).round() as usize,
    };
    Size {
        households: calibration.macro_figures.iter().map(|figures| agents(figures.population)).collect(),
        households_per_firm: config.households_per_firm as f64,
        zone_households: ZONE_HOUSEHOLDS,
    }
}

/// Digest of a calibration as hexadecimal digits.
#[must_use]
pub fn digest_of(calibration: &Calibration) -> String {
    format!("{:016x}", Digest::new().slice(&calibration.canonical_bytes()).finish())
}

/// The clock of a run.
///
/// # Errors
/// If quarters do not begin with a calendar quarter.
pub fn clock(config: &ResolvedConfig) -> Result<Clock, Failure> {
    let (year, month) = (config.start.year(), config.start.month());
    Clock::new(year, month as u8, config.ticks_per_year)
        .map_err(|error| Failure::Configuration(format!("time.start: {error}")))
}

/// First tick in which a measure is in force, if there is any.
#[must_use]
pub fn first_policy_tick(config: &ResolvedConfig) -> Option<u32> {
    config.measures.iter().map(|measure| config.calendar().tick_of(measure.start)).min()
}

/// The region a summary is about: the first that a trade measure names as importer, else the first that any measure names or
/// names an area of, else the first of the world.
#[must_use]
pub fn focus<'a>(config: &'a ResolvedConfig, regions: &'a [String]) -> &'a str {
    let trade_first = |kind: MeasureKind| usize::from(!kind.on_imports());
    let mut measures: Vec<_> = config.measures.iter().collect();
    measures.sort_by_key(|measure| trade_first(measure.kind));
    let mut named = measures.iter().flat_map(|measure| {
        let whole = |code| measure.areas.iter().find(|(area, _)| area == code).map_or(code, |(_, region)| region);
        measure.importers.base.iter().map(whole)
    });
    named.find(|code| regions.contains(code)).or(regions.first()).map_or("", String::as_str)
}

impl Session {
    /// A run at its start.
    ///
    /// # Errors
    /// If the world cannot be built.
    pub fn begin(config: ResolvedConfig, calibration: &Calibration, options: Options) -> Result<Self, Failure> {
        let (setup, clock) = (setup_of(&config, calibration, options)?, clock(&config)?);
        let built = range::within(|| models::of(&config.model).map(|entry| entry.build(&setup)));
        let model = built.map_err(|left| Failure::Range(extremes::explained(&config, None, &left)))???;
        let schema = schema_of(&*model, clock, options)?;
        let calibration_digest = digest_of(calibration);
        let mut recorder = described(Recorder::new(schema), &config, options, &calibration_digest, model.about());
        model.record_constants(&mut recorder);
        Ok(Self { config, options, calibration_digest, model, recorder, times: Times::default() })
    }

    /// A run as it was saved, planned to go on to `ticks`.
    ///
    /// # Errors
    /// If the saved world does not fit this program.
    pub fn resume(saved: Saved, ticks: Option<u32>) -> Result<Self, Failure> {
        let Saved { head: Head { mut config, options, calibration_digest }, series, model } = saved;
        config.ticks = ticks.unwrap_or(config.ticks);
        if !config.ends_in_calendar() {
            let message =
                format!("{} ticks from {} end after the year 9999: give fewer --ticks", config.ticks, config.start);
            return Err(Failure::Configuration(message));
        }
        let recorder = checkpoint::believed(|| {
            let schema = schema_of(&*model, clock(&config)?, options)?;
            let recorder = Recorder::resume(schema, series).map_err(|error| Failure::Checkpoint(error.to_string()))?;
            Ok(described(recorder, &config, options, &calibration_digest, model.about()))
        })?;
        Ok(Self { config, options, calibration_digest, model, recorder, times: Times::default() })
    }

    /// A run that goes on from here with the measures of another configuration, which must agree with this one in all
    /// else and in all that is in force or announced so far: the run is then the one begun with that configuration.
    ///
    /// # Errors
    /// If the measures do not fit the world.
    pub fn branch(&self, config: ResolvedConfig, calibration: &Calibration) -> Result<Self, Failure> {
        let model = self.model.branch(&setup_of(&config, calibration, self.options)?)?;
        let schema = schema_of(&*model, clock(&config)?, self.options)?;
        let recorder = Recorder::resume(schema, self.recorder.series().clone())
            .map_err(|error| Failure::Internal(error.to_string()))?;
        let recorder = described(recorder, &config, self.options, &self.calibration_digest, model.about());
        let (options, calibration_digest) = (self.options, self.calibration_digest.clone());
        Ok(Self { config, options, calibration_digest, model, recorder, times: Times::default() })
    }

    /// Ticks done.
    #[must_use]
    pub fn tick(&self) -> u32 {
        self.model.tick()
    }

    /// Digest of the world after the last tick.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.model.digest().combined()
    }

    /// Digests after the last tick: of the whole world, then of its parts.
    #[must_use]
    pub fn digests(&self) -> Vec<u64> {
        self.model.digest().values()
    }

    /// What is recorded so far.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Number of ticks recorded.
    #[must_use]
    pub fn recorded(&self) -> u32 {
        self.recorder.series().ticks().len() as u32
    }

    /// What is recorded, without the world.
    #[must_use]
    pub fn into_recorder(self) -> Recorder {
        self.recorder
    }

    /// The world, to read, if it is one of agents.
    ///
    /// # Errors
    /// If another model is run.
    pub fn world(&self) -> Result<&Simulation, Failure> {
        self.model.as_any().downcast_ref().ok_or_else(|| {
            let model = &self.config.model;
            Failure::Configuration(format!(
                "this is asked of the model `{ECONOMY}`, but `{model}` is run: leave `model` out"
            ))
        })
    }

    /// Changes the world, if it is one of agents. For tests that break a rule on purpose.
    pub fn tamper(&mut self, change: impl FnOnce(&mut Simulation)) {
        if let Some(world) = self.model.as_any_mut().downcast_mut() {
            change(world);
        }
    }

    /// Digest of the world the run was begun with, as hexadecimal digits.
    #[must_use]
    pub fn calibration_digest(&self) -> &str {
        &self.calibration_digest
    }

    /// Runs one tick and records it. What failed but only gets reported is returned.
    ///
    /// # Errors
    /// If the accounts do not balance and the audit stops the run, or an amount leaves the range of numbers.
    pub fn step(&mut self) -> Result<Vec<String>, Fault> {
        let tick = self.tick();
        let Self { model, times, recorder, options, .. } = self;
        let stepped = range::within(|| timed(&mut times.stepping, || model.step()));
        let out_of_range = |left| Fault::Range(extremes::explained(&self.config, Some(tick), &left));
        let reported = stepped.map_err(out_of_range)??;
        // A stock of goods that no payment was made for may first be valued here. What has no end is not written.
        range::within(|| timed(&mut times.recording, || model.record(options.detail, recorder)))
            .map_err(out_of_range)?;
        Ok(reported)
    }

    /// Runs to the planned end, or until it is interrupted, and writes what is planned.
    ///
    /// # Errors
    /// If a file cannot be written, the accounts do not balance, or a signal arrives.
    pub fn run(&mut self, plan: &Plan, interrupt: &Interrupt) -> Result<(), Failure> {
        let execution = Execution::begin(self.tick());
        let mut progress = Progress::begin(&self.config.name, self.tick(), self.config.ticks);
        let due = |every: u32, tick: u32| every > 0 && tick.is_multiple_of(every);
        while self.tick() < self.config.ticks {
            match self.step() {
                Ok(violations) => progress.warn(&violations),
                Err(error) => {
                    progress.end();
                    return Err(self.stopped(error, plan, &execution));
                }
            }
            let tick = self.tick();
            progress.show(&self.status(), &execution);
            if tick == self.config.ticks {
                break;
            }
            let stop = interrupt.requested();
            if stop || plan.checkpoint_every.is_some_and(|every| due(every, tick)) {
                self.save(&checkpoint::path_for(&plan.out))?;
            }
            if stop || due(plan.flush_every, tick) {
                self.put(plan, &execution, if stop { "interrupted" } else { "running" })?;
            }
            if stop {
                progress.end();
                let checkpoint = checkpoint::path_for(&plan.out);
                return Err(Failure::Interrupted { checkpoint, ticks: (tick, self.config.ticks) });
            }
        }
        progress.end();
        if plan.checkpoint_every.is_some() {
            self.save(&checkpoint::path_for(&plan.out))?;
        }
        self.put(plan, &execution, "done")
    }

    /// Writes the recording and the facts about this execution beside it.
    fn put(&mut self, plan: &Plan, execution: &Execution, ended: &str) -> Result<(), Failure> {
        let bytes = timed(&mut self.times.writing, || self.recorder.write(&plan.out))?;
        if let Err(failure) = execution.write(&plan.out, bytes, self.tick(), ended, &self.times) {
            // The recording is whole without the facts about how it was made.
            note(&format!("warning: {failure}; the recording {} is complete without it", plan.out.display()));
        }
        Ok(())
    }

    /// Keeps what was recorded before the accounts failed.
    fn stopped(&mut self, error: Fault, plan: &Plan, execution: &Execution) -> Failure {
        match Failure::from(error) {
            Failure::Accounts { message, .. } => {
                let recorded = !self.recorder.series().ticks().is_empty();
                let written = recorded && self.put(plan, execution, "accounts violated").is_ok();
                Failure::Accounts { message, recording: written.then(|| plan.out.clone()) }
            }
            Failure::Range(message) => {
                let recorded = !self.recorder.series().ticks().is_empty();
                let written = recorded && self.put(plan, execution, "out of range").is_ok();
                let kept = if written {
                    format!("; the ticks before it are in {}", plan.out.display())
                } else {
                    String::new()
                };
                Failure::Range(message + &kept)
            }
            other => other,
        }
    }

    /// Writes a checkpoint.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&mut self, path: &Path) -> Result<(), Failure> {
        let start = Instant::now();
        let (config, options, calibration_digest) =
            (self.config.clone(), self.options, self.calibration_digest.clone());
        self.model.save(path, &Head { config, options, calibration_digest }, &self.recorder)?;
        self.times.writing += start.elapsed().as_secs_f64();
        Ok(())
    }

    /// State of the world for the progress line.
    fn status(&self) -> Status {
        let tick = self.tick();
        let month = self.config.calendar().first_day(tick - 1).year_month();
        Status { tick, text: format!("{month}  {}", self.model.headline()) }
    }
}

/// What the model of a run is made from.
///
/// # Errors
/// If its measures contradict each other.
pub fn setup_of(config: &ResolvedConfig, calibration: &Calibration, options: Options) -> Result<Setup, Failure> {
    let parameters = config.parameters.values.clone();
    let settings = Settings {
        seed: config.seed,
        ticks_per_year: config.ticks_per_year,
        audit_stops: options.audit_stops,
        shocks: parameters.shocks.enabled,
    };
    let (schedule, size) = (schedule_of(config, calibration)?, size(config, calibration));
    Ok(Setup { calibration: calibration.clone(), parameters, schedule, size, settings })
}

/// The measures of a run, compiled.
///
/// # Errors
/// If they contradict each other.
pub fn schedule_of(config: &ResolvedConfig, calibration: &Calibration) -> Result<CompiledSchedule, Failure> {
    let compiled = CompiledSchedule::compile(config.measures.clone(), calibration, config.calendar());
    compiled
        .map_err(|issues| Failure::Configuration(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

fn schema_of(model: &dyn Live, clock: Clock, options: Options) -> Result<Schema, Failure> {
    model.schema(clock, options.detail).map_err(|error| Failure::Internal(error.to_string()))
}

/// Adds everything that says where the recording comes from. Nothing here may differ between two equal runs.
fn described(
    recorder: Recorder,
    config: &ResolvedConfig,
    options: Options,
    digest: &str,
    about: Attributes,
) -> Recorder {
    let codes = recorder.schema().labels("region").unwrap_or_default();
    let described = recorder
        .attribute("title", config.title.as_str())
        .attribute("summary", config.description.as_str())
        .attribute("source", format!("autarky {}", provenance::VERSION))
        .attribute("commit", provenance::COMMIT)
        .attribute("commit_changed", provenance::DIRTY)
        .attribute("source_digest", provenance::SOURCES)
        .attribute("target", provenance::TARGET)
        .attribute("engine_version", engine::VERSION)
        .attribute("scenario", config.name.as_str())
        .attribute("seed", config.seed)
        .attribute("world", config.world.as_str())
        .attribute("calibration_digest", digest)
        .attribute("ticks_per_year", i64::from(config.ticks_per_year))
        .attribute("focus_region", focus(config, &codes))
        .attribute("first_policy_tick", first_policy_tick(config).map_or(-1, i64::from))
        .attribute("audit", if options.audit_stops { "stop" } else { "report" })
        .document(
            "configuration",
            "resolved configuration, a scenario file that gives this run again",
            config.to_toml(),
        )
        // Seeds are below 2^63.
        .mark("seed", "seed of the run", config.seed as i64);
    // Named only where it is not the usual one, which older files do not name either.
    let model = (config.model != ECONOMY).then(|| ("model".to_owned(), config.model.as_str().into()));
    about.into_iter().chain(model).fold(described, |recorder, (name, value)| recorder.attribute(&name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Overrides, load_scenario};

    #[test]
    fn a_summary_is_about_the_region_of_the_area_that_a_measure_names() {
        for (scenario, region) in [("china-settlement", "CHN"), ("interior-backup", "CHN"), ("us-uniform-10", "USA")] {
            let loaded = load_scenario(scenario, &Overrides::default()).expect("a shipped scenario");
            assert_eq!(focus(&loaded.config, &loaded.calibration.codes().regions), region, "{scenario}");
        }
    }
}
