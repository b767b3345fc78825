//! A region's population by age, and the rows that stand for it.

use engine::money::Money;
use serde::{Deserialize, Serialize};

/// The population of a region where `households.demography` is on; else empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Demography {
    /// Persons by single year of age at the begin of the year, the last of 100 and over.
    pub ages: Vec<f64>,
    /// Persons at the base.
    pub base: f64,
    /// Births relative to those of the base year's rates.
    pub relative: f64,
    /// Payments for a child relative to pay of the year so far, sum of fractions.
    pub payments_year: f64,
    /// Persons under 15, of working age and over 65 at the end of the tick.
    pub now: [f64; 3],
    /// Births of the tick, persons.
    pub births: f64,
    /// Children a woman has over her life at the rates of the year.
    pub fertility: f64,
    /// Deaths of the tick, persons.
    pub deaths: f64,
    /// Pensions paid in the tick, what they are topped up by left out, money.
    pub pensions: Money,
    /// Rows of persons of working age, of the retired, and of households where nobody lives, at the end of the tick.
    pub rows: [i64; 3],
    /// Rows of persons of working age and of the retired at the base.
    pub rows_base: [i64; 2],
}
engine::content!(Demography {
    ages,
    base,
    relative,
    payments_year,
    now,
    births,
    fertility,
    deaths,
    pensions,
    rows,
    rows_base
});

impl Demography {
    /// Takes note of what was paid to pensioners, where people age.
    pub fn note_pensions(&mut self, paid: Money) {
        if !self.ages.is_empty() {
            self.pensions = paid;
        }
    }

    /// Persons relative to the base; one where nobody is counted.
    #[must_use]
    pub fn growth(&self) -> f64 {
        if self.base > 0.0 { self.now.iter().sum::<f64>() / self.base } else { 1.0 }
    }

    /// Persons over 65 a person of working age.
    #[must_use]
    pub fn dependency(&self) -> f64 {
        let [_, working, old] = self.now;
        if working > 0.0 { old / working } else { 0.0 }
    }
}
