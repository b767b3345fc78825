//! Arms of an experiment: the points of its design, and before them what they are compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use configs::calibration::Calibration;

use super::super::design::Design;
use super::super::experiment::Experiment;
use super::super::factor::{Factor, Levels, Setting, Target};
use super::{Arm, BASELINE, design_key};
use crate::config::ResolvedConfig;
use crate::failure::Failure;

/// Values of the factors at a point, with the name that the experiment gives it.
type Point = (Option<String>, Vec<Option<Setting>>);

/// The points of an experiment's design.
fn points_of(experiment: &Experiment) -> Vec<Point> {
    let factors = &experiment.factors;
    let listed = |factor: &Factor| match &factor.levels {
        Levels::Values(values) => values.clone(),
        Levels::Range { .. } => Vec::new(),
    };
    match experiment.design {
        Design::List => experiment
            .arms
            .iter()
            .map(|(name, values)| {
                (Some(name.clone()), factors.iter().map(|factor| values.get(&factor.name).cloned()).collect())
            })
            .collect(),
        Design::Grid => {
            let mut points = vec![Vec::new()];
            for factor in factors {
                points = points
                    .iter()
                    .flat_map(|point: &Vec<Option<Setting>>| {
                        listed(factor).into_iter().map(move |value| {
                            let mut point = point.clone();
                            point.push(Some(value));
                            point
                        })
                    })
                    .collect();
            }
            points.into_iter().map(|point| (None, point)).collect()
        }
        Design::OneAtATime => {
            let base: Vec<Option<Setting>> = factors.iter().map(|factor| listed(factor).into_iter().next()).collect();
            let mut points = vec![(None, base.clone())];
            for (f, factor) in factors.iter().enumerate() {
                for value in listed(factor).into_iter().skip(1) {
                    let mut point = base.clone();
                    point[f] = Some(value);
                    points.push((None, point));
                }
            }
            points
        }
        drawn => drawn
            .points(factors.len(), design_key(experiment.seed))
            .into_iter()
            .map(|point| (None, factors.iter().zip(point).map(|(factor, place)| Some(factor.at(place))).collect()))
            .collect(),
    }
}

/// The arms of an experiment, and for a drawn design the arm of every point.
pub(super) fn arms_of(experiment: &Experiment, names: &[String]) -> Result<(Vec<Arm>, Vec<usize>), Failure> {
    let factors = &experiment.factors;
    let points = points_of(experiment);
    let mut arms: Vec<Arm> = Vec::with_capacity(points.len());
    let mut taken = BTreeSet::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut places = Vec::new();
    for (n, (name, values)) in points.into_iter().enumerate() {
        if experiment.design.is_drawn() {
            // Points on a grid of levels or of listed values may be the same.
            let place = *known.entry(written(&values)).or_insert(arms.len());
            places.push(place);
            if place < arms.len() {
                continue;
            }
        }
        let mut scenario = 0;
        for (factor, value) in factors.iter().zip(&values).filter(|(factor, _)| factor.path == "scenario") {
            let Some(value) = value else { continue };
            let value = value.to_string();
            scenario = names.iter().position(|name| *name == value).ok_or_else(|| {
                Failure::Configuration(format!("factor {}: there is no scenario `{value}`", factor.name))
            })?;
        }
        let name = name.unwrap_or_else(|| {
            let short = |(factor, value): (&Factor, &Option<Setting>)| {
                value.as_ref().map(|value| format!("{}={value}", factor.name))
            };
            if factors.is_empty() {
                names[scenario].clone()
            } else if experiment.design.is_drawn() {
                format!("point {n}")
            } else {
                factors.iter().zip(&values).filter_map(short).collect::<Vec<_>>().join(" ")
            }
        });
        if !taken.insert(name.clone()) {
            return Err(Failure::Configuration(format!("two arms are called `{name}`: give every arm its own name")));
        }
        arms.push(Arm { name, scenario, values, without_measures: false, placebo: false, baseline: None });
    }
    Ok((arms, places))
}

/// Values of factors as one text.
pub(super) fn written(values: &[Option<Setting>]) -> String {
    let shown = |value: &Option<Setting>| value.as_ref().map_or_else(String::new, |x| format!("={x}"));
    values.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// Puts before the arms, for every one with measures, the same arm without, once where several share it. Returns how many.
pub(super) fn with_baselines(
    arms: Vec<Arm>,
    experiment: &Experiment,
    loaded: &[(ResolvedConfig, Arc<Calibration>)],
) -> (Vec<Arm>, usize) {
    if !experiment.baseline {
        return (arms, 0);
    }
    let measure_of = |path: &str| Target::of(path).ok().and_then(|target| target.measure().map(str::to_owned));
    let labels: Vec<Option<String>> = experiment.factors.iter().map(|x| measure_of(&x.path)).collect();
    let mut bases: Vec<Arm> = Vec::new();
    let mut known: BTreeMap<(usize, String), usize> = BTreeMap::new();
    let mut partner = Vec::with_capacity(arms.len());
    for arm in &arms {
        let measures = &loaded[arm.scenario].0.measures;
        if measures.iter().all(|measure| measure.shared) {
            partner.push(None);
            continue;
        }
        // Measures that are part of the baseline keep their factors there.
        let shared = |label: &String| measures.iter().any(|measure| measure.shared && measure.label == *label);
        let kept = |(value, label): (&Option<Setting>, &Option<String>)| {
            value.clone().filter(|_| label.as_ref().is_none_or(shared))
        };
        let values: Vec<Option<Setting>> = arm.values.iter().zip(&labels).map(kept).collect();
        let number = *known.entry((arm.scenario, written(&values))).or_insert(bases.len());
        if number == bases.len() {
            bases.push(Arm {
                name: if number == 0 { BASELINE.to_owned() } else { format!("{BASELINE} {number}") },
                scenario: arm.scenario,
                values,
                without_measures: true,
                placebo: false,
                baseline: None,
            });
        }
        partner.push(Some(number));
    }
    let paired = arms.into_iter().zip(partner).map(|(arm, baseline)| Arm { baseline, ..arm });
    let before = bases.len();
    let mut all = bases;
    all.extend(paired);
    (all, before)
}
