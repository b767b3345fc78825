//! Many runs in one file: results run by run, and paired differences arm by arm.

use std::ops::Range;

use engine::netcdf::{Reader, Values};

use crate::paired::{Estimate, estimate};
use crate::recording::RecordingError;
use crate::response::Scale;

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
    /// If the file is no ensemble.
    pub fn open(reader: &'a Reader) -> Result<Self, RecordingError> {
        let baselines = reader.integers("baseline")?;
        let done = reader.texts("status")?.iter().map(|status| status == "done").collect();
        Ok(Self {
            reader,
            arms: reader.texts("arm")?,
            baselines: baselines.into_iter().map(|place| usize::try_from(place).ok()).collect(),
            done,
            failures: reader.texts("failure")?,
        })
    }

    /// Mean of a variable by region over some ticks, run by run; not a number for runs that were not done.
    ///
    /// # Errors
    /// If there is no such variable, it is not by run, time and region, or it has no such region or ticks.
    pub fn means(&self, variable: &str, region: &str, ticks: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let info = self.reader.variable(variable)?;
        let mismatch = |what: String| RecordingError::Mismatch(format!("{variable} {what}"));
        if info.dimensions.get(..2) != Some(&["run".to_owned(), "time".to_owned()]) {
            return Err(mismatch("is not a variable over run and time".to_owned()));
        }
        if ticks.is_empty() || ticks.end > info.shape[1] {
            return Err(mismatch(format!(
                "has ticks 1 to {}, not {} to {}",
                info.shape[1],
                ticks.start + 1,
                ticks.end
            )));
        }
        let place = match &info.dimensions[2..] {
            [] => 0,
            [dimension] if dimension == "region" => match self.reader.dimension("region")?.coordinates {
                Some(Values::Text(labels)) => labels
                    .iter()
                    .position(|label| label == region)
                    .ok_or_else(|| mismatch(format!("has no region {region}; it has {}", labels.join(", "))))?,
                _ => return Err(mismatch("has regions without names".to_owned())),
            },
            _ => return Err(mismatch(format!("is over {}: choose one by region", info.dimensions.join(", ")))),
        };
        let width: usize = info.shape[2..].iter().product();
        let size = info.shape[1] * width;
        let mut means = Vec::with_capacity(self.done.len());
        self.reader.blocks(variable, BLOCK_BYTES, |runs, values| -> Result<(), RecordingError> {
            for (number, run) in runs.enumerate() {
                let at = |tick: usize| number * size + tick * width + place;
                let sum: f64 = match values {
                    Values::F64(values) => ticks.clone().map(|tick| values[at(tick)]).sum(),
                    Values::F32(values) => ticks.clone().map(|tick| f64::from(values[at(tick)])).sum(),
                    Values::I64(values) => ticks.clone().map(|tick| values[at(tick)] as f64).sum(),
                    Values::Text(_) => return Err(mismatch("holds texts".to_owned())),
                };
                means.push(if self.done[run] { sum / ticks.len() as f64 } else { f64::NAN });
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

    /// The effect of an arm on a result, from the runs whose baseline was done too; `None` if there is none. `results` are
    /// by run, as [`Ensemble::means`] gives them.
    #[must_use]
    pub fn effect(&self, arm: &str, results: &[f64], scale: Scale) -> Option<Effect> {
        let runs = (0..self.arms.len()).filter(|&run| self.arms[run] == arm);
        let pairs: Vec<(f64, f64)> = runs
            .filter_map(|run| Some((results[run], results[self.baselines[run]?])))
            .filter(|pair| pair.0.is_finite() && pair.1.is_finite())
            .collect();
        Some(Effect { change: estimate(&changes(&pairs, scale))?, pairing: pairing(&pairs) })
    }
}

/// Change of every pair of a run and its baseline.
fn changes(pairs: &[(f64, f64)], scale: Scale) -> Vec<f64> {
    let change = |&(policy, baseline): &(f64, f64)| match scale {
        Scale::Percent => 100.0 * (policy / baseline - 1.0),
        Scale::Difference => policy - baseline,
    };
    pairs.iter().map(change).collect()
}

/// Sample variance.
fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    values.map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)
}

/// Variance-reduction factor: `(Var policy + Var baseline) / Var (policy - baseline)`.
fn pairing(pairs: &[(f64, f64)]) -> f64 {
    let apart = variance(pairs.iter().map(|x| x.0)) + variance(pairs.iter().map(|x| x.1));
    apart / variance(pairs.iter().map(|x| x.0 - x.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_by_hand() {
        // Policy 12, 14, 19; baseline 10, 13, 16: variances 13 and 9, that of the differences 2, 1, 3 is 1.
        let pairs = [(12.0, 10.0), (14.0, 13.0), (19.0, 16.0)];
        assert!((pairing(&pairs) - 22.0).abs() < 1e-12);
        let percent = changes(&pairs, Scale::Percent);
        assert!((percent[0] - 20.0).abs() < 1e-12 && (percent[2] - 18.75).abs() < 1e-12);
        assert_eq!(changes(&pairs, Scale::Difference), [2.0, 1.0, 3.0]);
    }
}
