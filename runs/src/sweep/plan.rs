//! The plan of a sweep: which runs there are. It holds all that the runs depend on and never changes once it is written.

mod arms;
mod make;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use configs::calibration::Calibration;
use engine::digest::Digest;
use engine::files::write_bytes_atomically;
use engine::rng::hash;
use serde::{Deserialize, Serialize};

use self::arms::written;
pub use self::make::make;
use super::costs::Costs;
use super::design::Design;
use super::factor::{self, Factor, Setting, Target};
use super::placebo;
use super::shard;
use crate::check::RecordedValues;
use crate::config::{Overrides, ResolvedConfig, load_scenario_text};
use crate::failure::{Failure, file_error};
use crate::measures::common;
use crate::provenance;
use crate::session::digest_of;

/// Version of the plan's form.
const FORMAT: u32 = 3;

/// Name of the plan in the folder of a sweep.
pub const FILE: &str = "plan.json";

/// Name of the arm that others are compared with.
pub const BASELINE: &str = "baseline";

/// Name of the arm with the measures of a scenario that is run by itself.
pub const POLICY: &str = "policy";

/// Stands for all variables in the list of those that are kept.
pub const EVERYTHING: &str = "all";

/// A scenario with every default and reference resolved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// Resolved configuration, a scenario file.
    pub configuration: String,
    /// Digest of the world's tables.
    pub calibration_digest: String,
}

/// What is run with every seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Name, unique in the plan.
    pub name: String,
    /// Scenario, a place in [`Plan::scenarios`].
    pub scenario: usize,
    /// Value of every factor; `None` where it has no meaning for the arm (the rate of a duty where there is none).
    pub values: Vec<Option<Setting>>,
    /// Whether the measures of the scenario are left out.
    pub without_measures: bool,
    /// Whether a duty too small to do anything stands in their place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub placebo: bool,
    /// The arm it is compared with.
    pub baseline: Option<usize>,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Digest of all it depends on, after an [`ID`].
    pub id: String,
    /// Arm.
    pub arm: usize,
    /// Replicate, from 0.
    pub replicate: usize,
}

/// What ids of runs begin with: no hexadecimal digit, so that no program takes one for a number. `118599175580e529` is
/// infinity to most, and `0042...` loses its zeros.
const ID: char = 'r';

impl Run {
    /// The digest without the letter before it, which runs of earlier versions do not have.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.id.trim_start_matches(ID)
    }
}

/// Whether these are the same runs, in whatever version they were planned.
#[must_use]
pub fn same_runs(a: &[Run], b: &[Run]) -> bool {
    let what = |run: &Run| (run.arm, run.replicate, run.digest().to_owned());
    a.iter().map(what).eq(b.iter().map(what))
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of the form.
    pub format: u32,
    /// Version of the program that made the plan.
    pub version: String,
    /// Commit of that program.
    pub commit: String,
    /// Title of the experiment.
    pub title: String,
    /// The experiment file.
    pub experiment: String,
    /// Scenarios.
    pub scenarios: Vec<Scenario>,
    /// Design.
    pub design: Design,
    /// Factors.
    pub factors: Vec<Factor>,
    /// Variables kept.
    pub variables: Vec<String>,
    /// Whether they are kept in single precision.
    pub single: bool,
    /// Number of ticks of every run.
    pub ticks: u32,
    /// Values that the first run records a tick; nothing if its world cannot be laid out.
    pub values: Option<RecordedValues>,
    /// Arms.
    pub arms: Vec<Arm>,
    /// Arm of every point of a drawn design, in the order of the design; points may share one.
    pub points: Vec<usize>,
    /// Seed of every replicate.
    pub seeds: Vec<u64>,
    /// Runs, replicate by replicate.
    pub runs: Vec<Run>,
}

/// A plan with its scenarios loaded: gives the configuration of every run.
pub struct Bench {
    /// The plan.
    pub plan: Plan,
    loaded: Vec<(ResolvedConfig, Arc<Calibration>)>,
}

/// Makes the plan of one scenario over several seeds: with its measures and, if it is to be compared, without them and
/// with a placebo. Everything is kept.
///
/// # Errors
/// The scenario is wrong in one of the arms.
pub fn of_scenario(
    config: ResolvedConfig,
    calibration: Calibration,
    seeds: u32,
    compare: bool,
) -> Result<Bench, Failure> {
    let arm = |name: &str, without_measures, placebo, baseline| Arm {
        name: name.to_owned(),
        scenario: 0,
        values: Vec::new(),
        without_measures,
        placebo,
        baseline,
    };
    let arms = if compare {
        vec![
            arm(BASELINE, true, false, None),
            arm(POLICY, false, false, Some(0)),
            arm(analysis::chance::PLACEBO, false, true, Some(0)),
        ]
    } else {
        vec![arm(POLICY, false, false, None)]
    };
    let scenario = Scenario {
        name: config.name.clone(),
        configuration: config.to_toml(),
        calibration_digest: digest_of(&calibration),
    };
    let plan = Plan {
        format: FORMAT,
        version: provenance::VERSION.to_owned(),
        commit: provenance::COMMIT.to_owned(),
        title: config.title.clone(),
        experiment: format!("scenario = {:?}\nseed = {}\nreplicates = {seeds}\n", config.name, config.seed),
        scenarios: vec![scenario],
        design: Design::Grid,
        factors: Vec::new(),
        variables: vec![EVERYTHING.to_owned()],
        single: false,
        ticks: config.ticks,
        values: None,
        arms,
        points: Vec::new(),
        seeds: (0..u64::from(seeds)).map(|k| config.seed.saturating_add(k)).collect(),
        runs: Vec::new(),
    };
    let mut bench = Bench { plan, loaded: vec![(config, Arc::new(calibration))] };
    bench.plan.runs = bench.runs()?;
    bench.plan.values = Costs::values_of(&bench).ok();
    Ok(bench)
}

/// Seeds from here on are not all whole in double precision, in which spreadsheets and R hold every number.
pub const INEXACT: u64 = 1 << 53;

/// Seed of a replicate: a draw from the root, below [`INEXACT`] so that every reader gives it back.
fn replicate_seed(root: u64, replicate: usize) -> u64 {
    hash(root, replicate as u64, 0x5eed) >> 11
}

/// Key of the draws of a design.
#[must_use]
pub fn design_key(seed: u64) -> u64 {
    hash(seed, 0x00de_516e, 0)
}

impl Bench {
    /// Loads the plan of a sweep from its folder.
    ///
    /// # Errors
    /// The plan is missing, damaged, of another version, or needs a world that has changed.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                Failure::File(format!(
                    "there is no plan {}: make one with `autarky sweep plan EXPERIMENT --dir {}`",
                    path.display(),
                    folder.display()
                ))
            } else {
                file_error("read", &path, error)
            }
        })?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Loads a plan from its text; `name` stands for it in messages.
    ///
    /// # Errors
    /// As [`Bench::open`].
    pub fn parse(text: &str, name: &str) -> Result<Self, Failure> {
        let damaged = |reason: String| Failure::File(format!("{name} is not a plan of a sweep: {reason}"));
        let plan: Plan = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        if plan.format != FORMAT {
            return Err(damaged(format!("it has form {}, this program reads form {FORMAT}", plan.format)));
        }
        let (arms, seeds) = (plan.arms.len(), plan.seeds.len());
        // Runs lie replicate by replicate, in each arm by arm.
        let sound = plan
            .runs
            .iter()
            .enumerate()
            .all(|(n, run)| arms > 0 && run.arm == n % arms && run.replicate == n / arms && run.replicate < seeds)
            && plan.arms.iter().all(|arm| {
                arm.scenario < plan.scenarios.len()
                    && arm.values.len() == plan.factors.len()
                    && arm.baseline.is_none_or(|base| base < arms)
            })
            && plan.points.iter().all(|&arm| arm < arms);
        if !sound || plan.runs.len() != arms * seeds {
            return Err(damaged("its numbers contradict each other".to_owned()));
        }
        let mut loaded = Vec::new();
        for scenario in &plan.scenarios {
            let read = load_scenario_text(&scenario.name, &scenario.configuration, &Overrides::default())?;
            if digest_of(&read.calibration) != scenario.calibration_digest {
                return Err(Failure::Configuration(format!(
                    "the world of scenario `{}` has changed since {name} was written: restore its tables or plan anew",
                    scenario.name
                )));
            }
            loaded.push((read.config, Arc::new(read.calibration)));
        }
        Ok(Self { plan, loaded })
    }

    /// The plan as text.
    ///
    /// # Panics
    /// Never: a plan has no maps with other keys than texts.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.plan).expect("a plan is plain data");
        text.push('\n');
        text
    }

    /// Digest of the plan: what shards and ensembles name it by.
    #[must_use]
    pub fn digest(&self) -> u64 {
        engine::digest::of_texts([self.to_json().as_str()])
    }

    /// Whether this version writes the configurations in the plan as they are: it has the parameters of the one that made it.
    #[must_use]
    pub fn is_as_written(&self) -> bool {
        self.plan
            .scenarios
            .iter()
            .zip(&self.loaded)
            .all(|(scenario, (config, _))| scenario.configuration == config.to_toml())
    }

    /// Writes the plan, or finds the same plan there. Another plan is replaced as long as no run was begun for it.
    ///
    /// # Errors
    /// The folder holds another plan with runs, or cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, Failure> {
        std::fs::create_dir_all(folder).map_err(|error| file_error("create", folder, error))?;
        let path = folder.join(FILE);
        let text = self.to_json();
        match std::fs::read_to_string(&path) {
            Ok(before) if before == text => Ok(path),
            Ok(_) if shard::any(folder)? => Err(Failure::File(format!(
                "{} holds another plan, and runs were begun or submitted for it: give another --dir, or remove the folder if they are not needed",
                folder.display()
            ))),
            _ => {
                write_bytes_atomically(&path, text.as_bytes())?;
                Ok(path)
            }
        }
    }

    /// World of an arm.
    #[must_use]
    pub fn calibration(&self, arm: usize) -> &Arc<Calibration> {
        &self.loaded[self.plan.arms[arm].scenario].1
    }

    /// Configuration of an arm with the seed of a replicate.
    ///
    /// # Errors
    /// A factor that is wrong in this arm.
    pub fn config(&self, arm: usize, replicate: usize) -> Result<ResolvedConfig, Failure> {
        let Arm { name, scenario, values, without_measures, placebo, .. } = &self.plan.arms[arm];
        let (config, calibration) = &self.loaded[*scenario];
        let mut config = config.clone();
        config.seed = self.plan.seeds[replicate];
        for (factor, value) in self.plan.factors.iter().zip(values) {
            let Some(value) = value else { continue };
            factor::set(&mut config, factor, value, calibration).map_err(|message| {
                Failure::Configuration(format!("arm `{name}`, factor `{}` = {value}: {message}", factor.name))
            })?;
        }
        if *without_measures {
            config.measures.retain(|measure| measure.shared);
        }
        if *placebo {
            config.measures = placebo::measures(&config, calibration)
                .map_err(|message| Failure::Configuration(format!("arm `{name}`: {message}")))?;
        }
        factor::check(&config, calibration)
            .map_err(|message| Failure::Configuration(format!("arm `{name}`: {message}")))?;
        Ok(config)
    }

    /// For every arm the first arm that begins as the same world: the two differ in measures at most.
    #[must_use]
    pub fn starts(&self) -> Vec<usize> {
        let policy: Vec<bool> =
            self.plan.factors.iter().map(|x| Target::of(&x.path).is_ok_and(|target| target.is_policy())).collect();
        let mut first = BTreeMap::new();
        let arms = self.plan.arms.iter().enumerate();
        arms.map(|(number, arm)| {
            let values: Vec<Option<Setting>> = arm
                .values
                .iter()
                .zip(&policy)
                .filter(|(_, policy)| !**policy)
                .map(|(value, _)| value.clone())
                .collect();
            *first.entry((arm.scenario, written(&values))).or_insert(number)
        })
        .collect()
    }

    /// What some runs with the same start have in common: their configuration with the measures that all have, and the
    /// number of ticks before any other is announced or in force. `None` if there is no such tick.
    ///
    /// # Errors
    /// A factor that is wrong in one of them; that run will say so itself.
    pub fn common(&self, runs: &[(usize, usize)]) -> Result<Option<(ResolvedConfig, u32)>, Failure> {
        let configs: Vec<ResolvedConfig> = runs
            .iter()
            .filter_map(|&(run, _)| self.config(self.plan.runs[run].arm, self.plan.runs[run].replicate).ok())
            .collect();
        let Some(first) = configs.first() else { return Ok(None) };
        let (measures, parting) = common(&configs.iter().collect::<Vec<_>>());
        let ticks = parting.map_or(first.ticks, |tick| tick.min(first.ticks));
        Ok((ticks > 0).then(|| (ResolvedConfig { measures, ..first.clone() }, ticks)))
    }

    /// All runs with their ids, replicate by replicate.
    ///
    /// # Errors
    /// An arm that is wrong, or two arms that are the same.
    pub fn runs(&self) -> Result<Vec<Run>, Failure> {
        let arms = self.plan.arms.len();
        // Only the seed differs between the replicates of an arm.
        let contents: Vec<u64> = (0..arms)
            .map(|arm| {
                let mut config = self.config(arm, 0)?;
                config.seed = 0;
                for text in [&mut config.name, &mut config.title, &mut config.description] {
                    text.clear();
                }
                let world = &self.plan.scenarios[self.plan.arms[arm].scenario].calibration_digest;
                Ok(engine::digest::of_texts([config.to_toml().as_str(), world.as_str()]))
            })
            .collect::<Result<_, Failure>>()?;
        let mut first: BTreeMap<u64, usize> = BTreeMap::new();
        for (arm, content) in contents.iter().enumerate() {
            if let Some(other) = first.insert(*content, arm) {
                return Err(Failure::Configuration(format!(
                    "arms `{}` and `{}` are the same world and policy: remove one of them",
                    self.plan.arms[other].name, self.plan.arms[arm].name
                )));
            }
        }
        let id =
            |arm: usize, seed: u64| format!("{ID}{:016x}", Digest::new().value(contents[arm]).value(seed).finish());
        let seeds = self.plan.seeds.iter().enumerate();
        Ok(seeds
            .flat_map(|(replicate, &seed)| (0..arms).map(move |arm| (arm, replicate, seed)))
            .map(|(arm, replicate, seed)| Run { id: id(arm, seed), arm, replicate })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_of_replicates_are_whole_in_double_precision() {
        for root in [0, 1, 7, u64::from(u32::MAX)] {
            for replicate in 0..1_000 {
                let seed = replicate_seed(root, replicate);
                assert!(seed < INEXACT && (seed as f64) as u64 == seed, "{root} {replicate}");
            }
        }
    }
}
