//! The model's own answer, read from a run and its baseline, in the measures of the benchmark.

use std::ops::Range;

use engine::math::{exp, ln};

use super::comparison::{MEASURES, place_of};
use crate::indicators::{Data, named};
use crate::panel::{Panel, summed};
use crate::recording::{Array, Recording, RecordingError};
use crate::response::Scale;

/// Changes of all regions over a window of ticks, in percent or points, against the baseline of the same seed.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowResponse {
    /// Measures of each region, in the order of [`MEASURES`].
    pub measures: Vec<Vec<f64>>,
    /// Volume of imports, percent `[importer][partner]`; not a number where there are none.
    pub imports_from: Vec<Vec<f64>>,
    /// Volume of imports, percent `[importer][product]`; not a number where there are none.
    pub imports_of: Vec<Vec<f64>>,
    /// Compensation of employees in the baseline, percent of value added `[region]`.
    pub labour_share: Vec<f64>,
}

/// A run and its baseline.
struct Pair<'a> {
    policy: Data<'a>,
    baseline: Data<'a>,
}

/// Means of a panel over a window, region by region.
fn means(panel: &Panel, window: &Range<usize>) -> Vec<f64> {
    let ticks = window.len() as f64;
    panel.iter().map(|series| series[window.clone()].iter().sum::<f64>() / ticks).collect()
}

fn change(policy: f64, baseline: f64, scale: Scale) -> f64 {
    match scale {
        Scale::Percent => 100.0 * (policy / baseline - 1.0),
        Scale::Difference => policy - baseline,
    }
}

/// Mean over a window of every place of an array below the region `[region][place]`.
fn places(array: &Array, window: &Range<usize>) -> Vec<Vec<f64>> {
    let width: usize = array.shape[2..].iter().product();
    let ticks = window.len() as f64;
    let mean = |at: usize| window.clone().map(|tick| array.tick(tick)[at]).sum::<f64>() / ticks;
    (0..array.shape[1]).map(|region| (region * width..(region + 1) * width).map(mean).collect()).collect()
}

impl Pair<'_> {
    /// Change of a sum of indicators.
    fn indicators(&self, ids: &[&str], scale: Scale, window: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let level = |data: &Data<'_>| -> Result<Vec<f64>, RecordingError> {
            let mut sum: Vec<f64> = Vec::new();
            for id in ids {
                let indicator =
                    named(id).ok_or_else(|| RecordingError::Missing { what: "indicator", name: (*id).to_owned() })?;
                let found = means(&indicator.values(data)?, window);
                sum = if sum.is_empty() { found } else { sum.iter().zip(&found).map(|(a, b)| a + b).collect() };
            }
            Ok(sum)
        };
        let (policy, baseline) = (level(&self.policy)?, level(&self.baseline)?);
        Ok(policy.iter().zip(&baseline).map(|(a, b)| change(*a, *b, scale)).collect())
    }

    /// Change of one variable over another, both summed below the region, in points.
    fn share(&self, part: &str, whole: &str, window: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let level = |data: &Data<'_>| -> Result<Vec<f64>, RecordingError> {
            let of = |name: &str| Ok::<_, RecordingError>(means(&summed(data.shared(name)?.as_ref()), window));
            Ok(of(part)?.iter().zip(of(whole)?).map(|(a, b)| 100.0 * a / b).collect())
        };
        let (policy, baseline) = (level(&self.policy)?, level(&self.baseline)?);
        Ok(policy.iter().zip(&baseline).map(|(a, b)| a - b).collect())
    }

    /// Change of one variable, summed below the region, in percent.
    fn percent(&self, name: &str, window: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let level = |data: &Data<'_>| Ok::<_, RecordingError>(means(&summed(data.shared(name)?.as_ref()), window));
        let (policy, baseline) = (level(&self.policy)?, level(&self.baseline)?);
        Ok(policy.iter().zip(&baseline).map(|(a, b)| change(*a, *b, Scale::Percent)).collect())
    }

    /// Change of every place of a variable below the region, in percent.
    fn each(&self, name: &str, window: &Range<usize>) -> Result<Vec<Vec<f64>>, RecordingError> {
        let level = |data: &Data<'_>| Ok::<_, RecordingError>(places(data.shared(name)?.as_ref(), window));
        let (policy, baseline) = (level(&self.policy)?, level(&self.baseline)?);
        let percent = |a: &f64, b: &f64| if *b > 0.0 { change(*a, *b, Scale::Percent) } else { f64::NAN };
        let row = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| percent(a, b)).collect();
        Ok(policy.iter().zip(&baseline).map(row).collect())
    }

    /// Change of wages in common currency against those of the partners, weighted with the baseline's imports, percent.
    fn relative_wage(&self, window: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        let (wage, currency) = (self.percent("wage_index", window)?, self.percent("exchange_rate", window)?);
        let log: Vec<f64> =
            wage.iter().zip(&currency).map(|(w, e)| ln(1.0 + w / 100.0) + ln(1.0 + e / 100.0)).collect();
        let imports = places(self.baseline.shared("imports_bilateral")?.as_ref(), window);
        let of = |region: usize| {
            let total: f64 = imports[region].iter().sum();
            let abroad: f64 = imports[region].iter().zip(&log).map(|(weight, log)| weight / total * log).sum();
            100.0 * (exp(log[region] - abroad) - 1.0)
        };
        Ok((0..log.len()).map(of).collect())
    }

    fn measure(&self, id: &str, window: &Range<usize>) -> Result<Vec<f64>, RecordingError> {
        match id {
            // A number of the benchmark alone.
            "real_income" => Ok(vec![f64::NAN; self.policy.shared("real_gdp")?.shape[1]]),
            "real_spending" => {
                self.indicators(&["real_consumption", "real_government", "real_investment"], Scale::Percent, window)
            }
            "duty_share" => self.share("budget_duties", "gdp_production", window),
            "capital" => self.percent("capital", window),
            "relative_wage" => self.relative_wage(window),
            known => {
                let scale = named(known).map_or(Scale::Percent, |indicator| indicator.scale);
                self.indicators(&[known], scale, window)
            }
        }
    }
}

/// Responses over some windows.
///
/// # Errors
/// If a recording lacks what is compared.
pub fn responses(
    policy: &Recording<'_>,
    baseline: &Recording<'_>,
    windows: &[Range<usize>],
) -> Result<Vec<WindowResponse>, RecordingError> {
    let pair = Pair { policy: Data::of(policy)?, baseline: Data::of(baseline)? };
    let of = |window: &Range<usize>| {
        let columns: Result<Vec<Vec<f64>>, _> = MEASURES.iter().map(|x| pair.measure(x.id, window)).collect();
        let columns = columns?;
        let regions = columns[place_of("real_gdp")].len();
        let labour = named("labour_share").map(|indicator| indicator.values(&pair.baseline)).transpose()?;
        Ok(WindowResponse {
            measures: (0..regions).map(|r| columns.iter().map(|column| column[r]).collect()).collect(),
            imports_from: pair.each("real_imports_bilateral", window)?,
            imports_of: pair.each("real_imports_product", window)?,
            labour_share: labour.map_or_else(Vec::new, |panel| means(&panel, window)),
        })
    };
    windows.iter().map(of).collect()
}

/// Means over seeds, window by window. Seeds in the outer list.
#[must_use]
pub fn mean_response(seeds: &[Vec<WindowResponse>]) -> Vec<WindowResponse> {
    let count = seeds.len() as f64;
    let windows = seeds.first().map_or(0, Vec::len);
    let tables = |window: usize, of: fn(&WindowResponse) -> &Vec<Vec<f64>>| -> Vec<Vec<f64>> {
        let mut sum = of(&seeds[0][window]).clone();
        for seed in &seeds[1..] {
            for (sum, row) in sum.iter_mut().zip(of(&seed[window])) {
                for (sum, value) in sum.iter_mut().zip(row) {
                    *sum += value;
                }
            }
        }
        sum.iter().map(|row| row.iter().map(|x| x / count).collect()).collect()
    };
    let labour = |window: usize| -> Vec<f64> {
        let regions = seeds[0][window].labour_share.len();
        (0..regions).map(|r| seeds.iter().map(|seed| seed[window].labour_share[r]).sum::<f64>() / count).collect()
    };
    (0..windows)
        .map(|window| WindowResponse {
            measures: tables(window, |x| &x.measures),
            imports_from: tables(window, |x| &x.imports_from),
            imports_of: tables(window, |x| &x.imports_of),
            labour_share: labour(window),
        })
        .collect()
}
