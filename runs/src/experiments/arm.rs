//! A world that an experiment asks for, and the runs of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use agents::record::Detail;
use configs::calibration::Calibration;
use configs::measures::Measure;
use engine::digest::of_texts;

use super::interview::Question;
use crate::config::{Loaded, ResolvedConfig};
use crate::failure::Failure;
use crate::models::ECONOMY;
use crate::provenance::WORLD_SOURCES;
use crate::session::digest_of;
use crate::sweep::placebo;

/// A world that an experiment asks for, the same for all its seeds but for these.
#[derive(Clone)]
pub(super) struct Arm {
    /// Configuration; its seed does not count.
    pub config: ResolvedConfig,
    /// The world's tables.
    pub calibration: Arc<Calibration>,
    calibration_digest: String,
    /// What is recorded.
    pub detail: Detail,
    /// What is asked besides.
    pub asked: BTreeSet<Question>,
    /// It is run with the seeds 1, 2, .. to this.
    pub seeds: u32,
}

/// A run that somebody needs: an arm with a seed.
#[derive(Clone)]
pub(super) struct Run {
    /// Equal for runs with the same tick after tick, as far as both go.
    pub key: u64,
    /// Equal for runs that differ at most in their measures and length.
    pub family: u64,
    /// Configuration.
    pub config: ResolvedConfig,
    /// The world's tables.
    pub calibration: Arc<Calibration>,
    /// Their digest.
    pub tables: String,
    /// What is recorded.
    pub detail: Detail,
    /// What is asked besides.
    pub asked: BTreeSet<Question>,
}

impl Arm {
    /// A loaded scenario, to be run with some seeds.
    pub(super) fn new(loaded: Loaded, detail: Detail, seeds: u32) -> Self {
        let Loaded { config, calibration, .. } = loaded;
        let calibration_digest = digest_of(&calibration);
        Self { config, calibration: Arc::new(calibration), calibration_digest, detail, asked: BTreeSet::new(), seeds }
    }

    /// The same world with other measures and another length.
    pub(super) fn with(&self, measures: &[Measure], ticks: u32) -> Self {
        let config = ResolvedConfig { measures: measures.to_vec(), ticks, ..self.config.clone() };
        Self { config, asked: BTreeSet::new(), ..self.clone() }
    }

    /// The same world with a placebo in place of its own measures: a duty of one basis point.
    pub(super) fn placebo(&self) -> Result<Self, Failure> {
        let measures = placebo::measures(&self.config, &self.calibration).map_err(|problem| {
            Failure::Configuration(format!("no placebo can be made of the scenario `{}`: {problem}", self.config.name))
        })?;
        Ok(self.with(&measures, self.config.ticks).called("placebo"))
    }

    /// The same by another name.
    pub(super) fn called(mut self, name: &str) -> Self {
        name.clone_into(&mut self.config.name);
        self
    }

    /// The same, asked a question besides.
    pub(super) fn asked(mut self, question: Question) -> Self {
        self.asked.insert(question);
        self
    }

    /// The run with a seed.
    pub(super) fn run(&self, seed: u64) -> Run {
        let config = ResolvedConfig { seed, ..self.config.clone() };
        let tables = self.calibration_digest.clone();
        let [family, key] = Self::family_and_key(&config, &tables, WORLD_SOURCES);
        let calibration = Arc::clone(&self.calibration);
        Run { key, family, config, calibration, tables, detail: self.detail, asked: self.asked.clone() }
    }

    /// What names a run of a build with some sources.
    fn family_and_key(config: &ResolvedConfig, calibration_digest: &str, sources: &str) -> [u64; 2] {
        let family = of_texts(Self::alike(config, calibration_digest, sources).iter().map(String::as_str));
        let measures: Vec<String> = config.measures.iter().map(Measure::to_toml).collect();
        let family_text = format!("{family:016x}");
        [family, of_texts(std::iter::once(family_text.as_str()).chain(measures.iter().map(String::as_str)))]
    }

    /// All that decides what happens, but measures. Names, sources and remarks do not.
    fn alike(config: &ResolvedConfig, calibration_digest: &str, sources: &str) -> [String; 8] {
        let ResolvedConfig {
            name: _,
            title: _,
            description: _,
            answers: _,
            model,
            world: _,
            seed,
            start,
            ticks: _,
            ticks_per_year,
            population,
            households_per_firm,
            parameters,
            measures: _,
        } = config;
        [
            format!("{sources}{}", if model == ECONOMY { "" } else { model.as_str() }),
            calibration_digest.to_owned(),
            seed.to_string(),
            start.to_string(),
            ticks_per_year.to_string(),
            format!("{population:?}"),
            households_per_firm.to_string(),
            format!("{:?}", parameters.values),
        ]
    }
}

impl Run {
    /// The key of the same run in a build with other sources.
    pub(super) fn key_of(&self, sources: &str) -> u64 {
        Arm::family_and_key(&self.config, &self.tables, sources)[1]
    }

    /// Makes this serve for another run of the same key as well.
    pub(super) fn serve(&mut self, other: &Self) {
        debug_assert_eq!(self.key, other.key, "two runs of one key");
        self.config.ticks = self.config.ticks.max(other.config.ticks);
        self.asked.extend(&other.asked);
        if other.detail == Detail::Full {
            self.detail = Detail::Full;
        }
    }

    /// Scenario and seed, for people.
    pub(super) fn name(&self) -> String {
        format!("{} seed {}", self.config.name, self.config.seed)
    }
}
