//! What is known of ages, births and deaths.

use serde::{Deserialize, Serialize};

/// Five-year age groups of a table of ages: under 5, and so on, the last 100 and over.
pub const AGE_GROUPS: usize = 21;

/// What is known of the ages of a region's people, of births and of deaths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RegionDemography {
    /// Total fertility rate: children a woman.
    pub fertility: f64,
    /// Mean age of mothers at birth, years.
    pub mother_age: f64,
    /// Life expectancy at birth, years.
    pub life_expectancy: f64,
    /// Shares of the population by five years of age; they sum to one.
    pub ages: [f64; AGE_GROUPS],
}
