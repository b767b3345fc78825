//! Facts of the business cycle, in a world without policy: volatilities, comovement, Beveridge and Okun.

use engine::math::ln;

use crate::facts::{Observation, jobs};
use crate::filters::hodrick_prescott;
use crate::moments::{autocorrelation, correlation, cross_correlation, deviation, slope};
use crate::recording::{Recording, RecordingError};
use crate::response::averaged;

/// Smoothness of the trend of quarters. Source: Hodrick and Prescott (1997).
const SMOOTHNESS: f64 = 1600.0;

/// Years left out at the start, while the first shocks spread.
const SKIPPED_YEARS: usize = 1;

/// Quarters needed before a cycle is spoken of: ten years.
const QUARTERS: usize = 40;

/// Deviations of the log of quarterly means from their trend.
///
/// Equation: `c = ln x - HP_1600(ln x)`. Source: Hodrick and Prescott (1997); Kydland and Prescott (1990).
#[must_use]
pub fn cycle(monthly: &[f64], ticks_per_year: usize) -> Vec<f64> {
    let skipped = (SKIPPED_YEARS * ticks_per_year).min(monthly.len());
    let quarters = averaged(&monthly[skipped..], (ticks_per_year / 4).max(1));
    hodrick_prescott(&quarters.iter().map(|x| ln(*x)).collect::<Vec<_>>(), SMOOTHNESS)
}

/// Okun's coefficient: the slope of the change of unemployment on growth, both yearly, points on percent.
///
/// Equation: `du = a + b dy`, `u` the mean rate of a year in percent, `dy` a hundred times the change of the log of output.
/// Source: Ball, Leigh and Loungani (2017), equation 4 (first differences).
#[must_use]
pub fn okun(output: &[f64], unemployment: &[f64], ticks_per_year: usize) -> f64 {
    let (output, rate) = (averaged(output, ticks_per_year), averaged(unemployment, ticks_per_year));
    let growth: Vec<f64> = output.windows(2).map(|pair| 100.0 * ln(pair[1] / pair[0])).collect();
    let change: Vec<f64> = rate.windows(2).map(|pair| 100.0 * (pair[1] - pair[0])).collect();
    slope(&growth, &change)
}

/// Cycles of one region.
struct Cycles {
    output: Vec<f64>,
    consumption: Vec<f64>,
    investment: Vec<f64>,
    exports: Vec<f64>,
    imports: Vec<f64>,
    employment: Vec<f64>,
    unemployment: Vec<f64>,
    vacancies: Vec<f64>,
}

impl Cycles {
    fn read(recording: &Recording<'_>, region: usize, ticks_per_year: usize) -> Result<Self, RecordingError> {
        let of = |name: &str| Ok::<_, RecordingError>(cycle(&recording.array(name)?.series(&[region]), ticks_per_year));
        Ok(Self {
            output: of("real_gdp")?,
            consumption: of("real_household_consumption")?,
            investment: of("real_fixed_capital_formation")?,
            exports: of("real_exports")?,
            imports: of("real_imports")?,
            employment: cycle(&jobs(recording, region, |_| true)?, ticks_per_year),
            unemployment: of("unemployment_rate")?,
            vacancies: of("vacancy_rate")?,
        })
    }

    fn observations(&self) -> Vec<Observation> {
        let y = &self.output;
        let relative = |series: &[f64]| deviation(series) / deviation(y);
        vec![
            ("A1", relative(&self.consumption)),
            ("A2", relative(&self.investment)),
            ("A3", relative(&self.exports)),
            ("A3-imports", relative(&self.imports)),
            ("A4", autocorrelation(y, 1)),
            ("A4-2", autocorrelation(y, 2)),
            ("A4-3", autocorrelation(y, 3)),
            ("A5", correlation(y, &self.consumption)),
            ("A5-investment", correlation(y, &self.investment)),
            ("A5-exports", correlation(y, &self.exports)),
            ("A5-imports", correlation(y, &self.imports)),
            ("A5-employment", cross_correlation(y, &self.employment, 1)),
            ("A6", correlation(&self.unemployment, &self.vacancies)),
        ]
    }
}

/// Facts A1 to A7 of a region in a run without policy, as far as the run is long enough.
///
/// # Errors
/// If the recording lacks a variable or the region.
pub fn cycles(
    recording: &Recording<'_>,
    region: &str,
    ticks_per_year: usize,
) -> Result<Vec<Observation>, RecordingError> {
    let place = recording.place("region", region)?;
    let mut found = Vec::new();
    let cycles = Cycles::read(recording, place, ticks_per_year)?;
    if cycles.output.len() >= QUARTERS {
        found.extend(cycles.observations());
        let (output, rate) = (recording.array("real_gdp")?, recording.array("unemployment_rate")?);
        let of = |region: usize| okun(&output.series(&[region]), &rate.series(&[region]), ticks_per_year);
        let all: Vec<f64> = (0..output.shape[1]).map(of).filter(|slope| slope.is_finite()).collect();
        found.push(("A7", of(place)));
        found.push(("A7-regions", all.iter().sum::<f64>() / all.len() as f64));
    }
    Ok(found)
}
