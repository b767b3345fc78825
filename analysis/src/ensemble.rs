//! Many runs in one file: results run by run, and paired differences arm by arm.

use std::collections::BTreeMap;
use std::ops::Range;

use engine::netcdf::{Reader, Values, VariableInfo};

use crate::chance::{Judged, PLACEBO};
use crate::paired::{Estimate, estimate};
use crate::recording::{RUN, RecordingError};
use crate::response::{Scale, effect};

/// Bytes of a variable that are read at once.
const BLOCK_BYTES: usize = 1 << 26;

/// An ensemble: which run is which. Values are read when they are asked for.
pub struct Ensemble<'a> {
    reader: &'a Reader,
    /// Arm of every run.
    pub arms: Vec<String>,
    /// Place of the run each is compared with.
    pub baselines: Vec<Option<usize>>,
    /// Whether each run was done.
    pub done: Vec<bool>,
    /// Why each of the others was not, or nothing if it is only missing.
    pub failures: Vec<String>,
    /// Runs of every arm.
    members: BTreeMap<String, Vec<usize>>,
}

/// A cell of a variable below run and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its place, the last dimension varying fastest.
    pub place: usize,
    /// Its label along every dimension.
    pub at: Vec<(String, String)>,
}

impl Cell {
    /// Where it lies, besides its region: `industry=ELE, skill=1`.
    #[must_use]
    pub fn name(&self) -> String {
        let named = self.at.iter().filter(|x| x.0 != "region").map(|(dimension, label)| format!("{dimension}={label}"));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// How the change of a result is expressed.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What results are multiplied by.
    pub factor: f64,
    /// How runs are compared with their baselines.
    pub scale: Scale,
    /// Unit of the change.
    pub unit: String,
}

impl Measure {
    /// Rates and shares change by percentage points, what is always positive by percent, and all else, where percent
    /// would say nothing, in its own unit. `results` are by run; those that are not finite do not count.
    #[must_use]
    pub fn of(variable: &VariableInfo, results: &[f64]) -> Self {
        let name = variable.name.as_str();
        let unit = variable.text("units").unwrap_or("1");
        let points = ["_rate", "_share"].iter().any(|end| name.ends_with(end)) && name != "exchange_rate";
        if points {
            Self { factor: 100.0, scale: Scale::Difference, unit: "points".to_owned() }
        } else if results.iter().all(|x| !x.is_finite() || *x > 0.0) {
            Self { factor: 1.0, scale: Scale::Percent, unit: "%".to_owned() }
        } else {
            Self { factor: 1.0, scale: Scale::Difference, unit: unit.to_owned() }
        }
    }

    /// Results in the unit in which they are compared.
    #[must_use]
    pub fn scaled(&self, results: &[f64]) -> Vec<f64> {
        results.iter().map(|x| self.factor * x).collect()
    }
}

/// The effect of an arm on a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean change over replicates, percent or points.
    pub change: Estimate,
    /// Variance of the difference of two unpaired runs over that of paired ones: how many times more runs the same interval
    /// would take without pairing. Infinite if the paired differences are all the same.
    pub pairing: f64,
}

impl<'a> Ensemble<'a> {
    /// Reads which run is which.
    ///
    /// # Errors
    /// If the file is no ensemble, or says of another number of runs what they are.
    pub fn open(reader: &'a Reader) -> Result<Self, RecordingError> {
        let baselines = reader.integers("baseline")?;
        let status = reader.texts("status")?;
        let arms = reader.texts("arm")?;
        let failures = reader.texts("failure")?;
        let runs = reader.dimension(RUN)?.size;
        let lengths =
            [("baseline", baselines.len()), ("status", status.len()), ("arm", arms.len()), ("failure", failures.len())];
        if let Some((name, length)) = lengths.into_iter().find(|x| x.1 != runs) {
            let what = format!("`{name}` has {length} values for {runs} runs: the file is damaged");
            return Err(RecordingError::Mismatch(what));
        }
        // -1 stands for none.
        let wrong = baselines.iter().position(|&place| place < -1 || place >= runs as i64);
        if let Some(run) = wrong {
            let what = format!(
                "`baseline` of run {} is {}, but there are {runs} runs: the file is damaged",
                run + 1,
                baselines[run]
            );
            return Err(RecordingError::Mismatch(what));
        }
        let done = status.iter().map(|status| status == "done").collect();
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (run, arm) in arms.iter().enumerate() {
            members.entry(arm.clone()).or_default().push(run);
        }
        Ok(Self {
            reader,
            arms,
            members,
            baselines: baselines.into_iter().map(|place| usize::try_from(place).ok()).collect(),
            done,
            failures,
        })
    }

    /// The cells of a variable below run and time that lie at the labels asked for, all of them along other dimensions.
    /// A variable that is not by region is taken as it is.
    ///
    /// # Errors
    /// If there is no such variable, it is not by run and time, or it has no such dimension or label.
    pub fn cells(&self, variable: &str, at: &[(String, String)]) -> Result<Vec<Cell>, RecordingError> {
        let info = self.reader.variable(variable)?;
        let mismatch = |what: String| RecordingError::Mismatch(format!("{variable} {what}"));
        if info.dimensions.get(..2) != Some(&["run".to_owned(), "time".to_owned()]) {
            return Err(mismatch("is not a variable over run and time".to_owned()));
        }
        let over = &info.dimensions[2..];
        if let Some((dimension, _)) = at.iter().find(|x| x.0 != "region" && !over.contains(&x.0)) {
            return Err(mismatch(format!("is not over {dimension}, but over {}", info.dimensions.join(", "))));
        }
        let mut cells = vec![Cell { place: 0, at: Vec::new() }];
        for (dimension, &size) in over.iter().zip(&info.shape[2..]) {
            let labels = self.labels(dimension, size)?;
            let kept: Vec<usize> =
                match at.iter().find(|x| x.0 == *dimension) {
                    None => (0..size).collect(),
                    Some((_, label)) => {
                        let found = labels.iter().position(|known| known == label);
                        vec![found.ok_or_else(|| {
                            mismatch(format!("has no {dimension} {label}; it has {}", labels.join(", ")))
                        })?]
                    }
                };
            let below = |cell: &Cell, place: usize| {
                let mut at = cell.at.clone();
                at.push((dimension.clone(), labels[place].clone()));
                Cell { place: cell.place * size + place, at }
            };
            cells = cells.iter().flat_map(|cell| kept.iter().map(|&place| below(cell, place))).collect();
        }
        Ok(cells)
    }

    /// Labels of a dimension; numbers from 1 where it has none.
    fn labels(&self, dimension: &str, size: usize) -> Result<Vec<String>, RecordingError> {
        Ok(match self.reader.dimension(dimension)?.coordinates {
            Some(Values::Text(labels)) => labels.to_vec(),
            Some(Values::I64(labels)) => labels.iter().map(ToString::to_string).collect(),
            _ => (1..=size).map(|number| number.to_string()).collect(),
        })
    }

    /// Mean of a variable over some ticks in some cells, run by run; not a number for runs that were not done. Cells in the
    /// outer list.
    ///
    /// # Errors
    /// If there is no such variable, or it has no such ticks.
    pub fn means(&self, variable: &str, cells: &[Cell], ticks: &Range<usize>) -> Result<Vec<Vec<f64>>, RecordingError> {
        let info = self.reader.variable(variable)?;
        let mismatch = |what: String| RecordingError::Mismatch(format!("{variable} {what}"));
        if ticks.is_empty() || ticks.end > info.shape[1] {
            let (first, last) = (ticks.start + 1, ticks.end);
            return Err(mismatch(format!("has ticks 1 to {}, not {first} to {last}", info.shape[1])));
        }
        let width: usize = info.shape[2..].iter().product();
        let size = info.shape[1] * width;
        let mut means = vec![Vec::with_capacity(self.done.len()); cells.len()];
        self.reader.blocks(variable, BLOCK_BYTES, |runs, values| -> Result<(), RecordingError> {
            for (number, run) in runs.enumerate() {
                for (cell, means) in cells.iter().zip(&mut means) {
                    let at = |tick: usize| number * size + tick * width + cell.place;
                    let sum: f64 = match values {
                        Values::F64(values) => ticks.clone().map(|tick| values[at(tick)]).sum(),
                        Values::F32(values) => ticks.clone().map(|tick| f64::from(values[at(tick)])).sum(),
                        Values::I64(values) => ticks.clone().map(|tick| values[at(tick)] as f64).sum(),
                        Values::Text(_) => return Err(mismatch("holds texts".to_owned())),
                    };
                    means.push(if self.done[run] { sum / ticks.len() as f64 } else { f64::NAN });
                }
            }
            Ok(())
        })?;
        Ok(means)
    }

    /// Names of the arms that have a baseline, in order.
    #[must_use]
    pub fn compared(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (arm, _) in self.arms.iter().zip(&self.baselines).filter(|x| x.1.is_some()) {
            // Runs lie replicate by replicate: after the first all arms are known.
            if names.first() == Some(&arm.as_str()) {
                break;
            }
            names.push(arm);
        }
        names
    }

    /// Runs of an arm that were done, with the baselines of their seeds where those were done too.
    pub fn pairs(&self, arm: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
        let runs = self.members.get(arm).into_iter().flatten().filter(|&&run| self.done[run]);
        runs.filter_map(|&run| Some((run, self.baselines[run].filter(|&base| self.done[base])?)))
    }

    /// The effect of an arm on a result, from the runs whose baseline was done too; `None` if there is none. `results` are
    /// by run, as [`Ensemble::means`] gives them.
    #[must_use]
    pub fn effect(&self, arm: &str, results: &[f64], scale: Scale) -> Option<Effect> {
        let runs = self.members.get(arm)?.iter();
        let (policy, baseline): (Vec<f64>, Vec<f64>) = runs
            .filter_map(|&run| Some((results[run], results[self.baselines[run]?])))
            .filter(|pair| pair.0.is_finite() && pair.1.is_finite())
            .unzip();
        let change = estimate(&effect(&policy, &baseline, scale))?;
        Some(Effect { change, pairing: pairing(&policy, &baseline) })
    }

    /// As [`Ensemble::effect`], with the placebo's if the ensemble has one, so that it can be judged.
    #[must_use]
    pub fn judged(&self, arm: &str, results: &[f64], scale: Scale) -> Option<(Judged, f64)> {
        let Effect { change, pairing } = self.effect(arm, results, scale)?;
        let placebo = self.effect(PLACEBO, results, scale).map(|effect| effect.change);
        Some((Judged { change, placebo }, pairing))
    }

    /// Whether there is a placebo.
    #[must_use]
    pub fn has_placebo(&self) -> bool {
        self.compared().contains(&PLACEBO)
    }

    /// Change of every run against its baseline, run by run; not a number where one of the two was not done, or there is
    /// no baseline.
    #[must_use]
    pub fn changes(&self, results: &[f64], scale: Scale) -> Vec<f64> {
        let baseline: Vec<f64> =
            self.baselines.iter().map(|place| place.map_or(f64::NAN, |run| results[run])).collect();
        effect(results, &baseline, scale)
    }

    /// How changes of a variable are expressed, by the results of the runs that are compared.
    ///
    /// # Errors
    /// If there is no such variable.
    pub fn measure(&self, variable: &str, results: &[f64]) -> Result<Measure, RecordingError> {
        let both = |(run, place): (usize, &Option<usize>)| Some([results[run], results[(*place)?]]);
        let pairs =
            self.baselines.iter().enumerate().filter_map(both).filter(|pair| pair.iter().all(|x| x.is_finite()));
        Ok(Measure::of(&self.reader.variable(variable)?, &pairs.flatten().collect::<Vec<_>>()))
    }
}

/// Sample variance.
fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)
}

/// Variance-reduction factor: `(Var policy + Var baseline) / Var (policy - baseline)`.
fn pairing(policy: &[f64], baseline: &[f64]) -> f64 {
    let apart = variance(policy.iter().copied()) + variance(baseline.iter().copied());
    apart / variance(policy.iter().zip(baseline).map(|(policy, baseline)| policy - baseline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_by_hand() {
        // Policy 12, 14, 19; baseline 10, 13, 16: variances 13 and 9, that of the differences 2, 1, 3 is 1.
        assert!((pairing(&[12.0, 14.0, 19.0], &[10.0, 13.0, 16.0]) - 22.0).abs() < 1e-12);
    }

    #[test]
    fn changes_are_expressed_as_their_variable_allows() {
        let variable = |name: &str, unit: &str| VariableInfo {
            name: name.to_owned(),
            dimensions: vec![],
            shape: vec![],
            attributes: vec![("units".to_owned(), unit.to_owned().into())],
        };
        let unit = |name: &str, results: &[f64]| Measure::of(&variable(name, "persons"), results).unit;
        assert_eq!(unit("unemployment_rate", &[0.04, 0.05]), "points");
        assert_eq!(unit("exchange_rate", &[1.0, 1.1]), "%");
        assert_eq!(unit("real_gdp", &[3.0, f64::NAN, 4.0]), "%");
        // A balance may change its sign, and what begins at zero has no percent.
        assert_eq!(unit("inventory_change", &[3.0, -4.0]), "persons");
        assert_eq!(unit("exits", &[0.0, 4.0]), "persons");
        assert_eq!(Measure::of(&variable("loan_rate", "per year"), &[0.0]).scaled(&[0.02]), [2.0]);
    }
}
