//! The plan of an experiment: its scenarios are read, its arms and seeds laid out.

use std::path::Path;
use std::sync::Arc;

use configs::calibration::Calibration;

use super::super::ahead;
use super::super::costs::Costs;
use super::super::experiment::Experiment;
use super::super::factor::Levels;
use super::arms::{arms_of, with_baselines};
use super::{Bench, FORMAT, Plan, Scenario, replicate_seed};
use crate::config::{Loaded, Overrides, ResolvedConfig, is_path, load_scenario};
use crate::failure::Failure;
use crate::provenance;
use crate::session::digest_of;

/// Makes the plan of an experiment of at most so many runs.
///
/// # Errors
/// A scenario or factor that is wrong, with the arm it is wrong in.
pub fn make(experiment: &Experiment, text: &str, folder: &Path, most: u64) -> Result<Bench, Failure> {
    let names = scenario_names(experiment)?;
    let (scenarios, loaded) = load(experiment, &names, folder)?;
    ahead::check_size(experiment, &loaded[0].0, &loaded[0].1, most)?;
    check_worlds(&loaded, &names)?;
    let seeds = seeds_of(experiment)?;
    let (arms, points) = arms_of(experiment, &names)?;
    let (arms, before) = with_baselines(arms, experiment, &loaded);
    let points = points.into_iter().map(|arm| before + arm).collect();
    let plan = Plan {
        format: FORMAT,
        version: provenance::VERSION.to_owned(),
        commit: provenance::COMMIT.to_owned(),
        title: if experiment.title.is_empty() { loaded[0].0.title.clone() } else { experiment.title.clone() },
        experiment: text.to_owned(),
        scenarios,
        design: experiment.design,
        factors: experiment.factors.clone(),
        variables: experiment.variables.clone(),
        single: experiment.single,
        ticks: loaded[0].0.ticks,
        values: None,
        arms,
        points,
        seeds,
        runs: Vec::new(),
    };
    let mut bench = Bench { plan, loaded };
    bench.plan.runs = bench.runs()?;
    bench.plan.values = Costs::values_of(&bench).ok();
    Ok(bench)
}

/// Scenarios that an experiment names, each once, its own first.
fn scenario_names(experiment: &Experiment) -> Result<Vec<String>, Failure> {
    let mut names = vec![experiment.scenario.clone()];
    for factor in experiment.factors.iter().filter(|factor| factor.path == "scenario") {
        let Levels::Values(values) = &factor.levels else {
            return Err(Failure::Configuration(format!("factor {}: list scenarios as `values`", factor.name)));
        };
        names.extend(values.iter().map(ToString::to_string).filter(|name| !name.is_empty()));
    }
    names.extend(experiment.arms.iter().filter_map(|(_, values)| {
        let factor = experiment.factors.iter().find(|factor| factor.path == "scenario")?;
        values.get(&factor.name).map(ToString::to_string)
    }));
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    Ok(names)
}

/// A configuration with the tables of its world.
type World = (ResolvedConfig, Arc<Calibration>);

/// Reads scenarios at the size of an experiment.
fn load(experiment: &Experiment, names: &[String], folder: &Path) -> Result<(Vec<Scenario>, Vec<World>), Failure> {
    let overrides = Overrides {
        ticks: experiment.ticks,
        households_per_region: experiment.households_per_region,
        ..Overrides::default()
    };
    let mut scenarios = Vec::new();
    let mut loaded = Vec::new();
    for name in names {
        // Paths are relative to the experiment file.
        let place = if is_path(name) { folder.join(name).display().to_string() } else { name.clone() };
        let Loaded { config, calibration, .. } = load_scenario(&place, &overrides)?;
        scenarios.push(Scenario {
            name: name.clone(),
            configuration: config.to_toml(),
            calibration_digest: digest_of(&calibration),
        });
        loaded.push((config, Arc::new(calibration)));
    }
    Ok((scenarios, loaded))
}

/// Checks that all runs can stand in one ensemble: one world, one start, as many ticks.
fn check_worlds(loaded: &[World], names: &[String]) -> Result<(), Failure> {
    let first = &loaded[0].0;
    for ((config, _), name) in loaded.iter().zip(names) {
        if (config.ticks, config.ticks_per_year, config.start) != (first.ticks, first.ticks_per_year, first.start)
            || config.world != first.world
        {
            return Err(Failure::Configuration(format!(
                "scenario `{name}` has another world, start or number of ticks than `{}`: their runs cannot stand in one ensemble; set `ticks` in the experiment, or give both the same world and start",
                names[0]
            )));
        }
    }
    Ok(())
}

/// Seeds of the replicates of an experiment, all different.
fn seeds_of(experiment: &Experiment) -> Result<Vec<u64>, Failure> {
    let seeds: Vec<u64> = (0..experiment.replicates as usize).map(|k| replicate_seed(experiment.seed, k)).collect();
    let mut sorted = seeds.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < seeds.len() {
        return Err(Failure::Configuration(format!(
            "two replicates have the same seed under root seed {}: choose another `seed`",
            experiment.seed
        )));
    }
    Ok(seeds)
}
