//! Inequality and polarization of income and wealth within a region, once a year.
//!
//! Rules take plain samples of units ([`sample::Sample`]), so that they do not know what a unit is. Income is that before tax where households are persons
//! alone, after tax where they are units. Of income each member of a household counts
//! with the household's equivalised income ([`sample::EQUIVALENCE`]), of wealth each household counts once.

pub mod density;
pub mod groups;
pub mod inequality;
pub mod mobility;
pub mod sample;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::{Block, rows};
use engine::money::round_half_even;
use rayon::prelude::*;

use self::density::duclos_esteban_ray;
use self::groups::{BANDS, POVERTY, bands, esteban_gradin_ray, esteban_ray, most_alike, poverty};
use self::inequality::{gini, palma, richest_share, theil, wolfson};
use self::sample::{EQUIVALENCE, Sample, equivalised};
use crate::components::{Household, Lineage};
use crate::given::Given;
use crate::households::lives::Lives;
use crate::households::worth::Worth;
use crate::state::{HouseholdRules, Regions};

/// Number of sensitivities to polarization that are looked at.
pub const SENSITIVITIES: usize = 3;
/// Sensitivities to polarization between groups: the range that Esteban and Ray (1994) allow, above 0 to 1.6.
pub const BETWEEN_GROUPS: [f64; SENSITIVITIES] = [1.0, 1.3, 1.6];
/// Sensitivities to polarization over the density: the range that Duclos, Esteban and Ray (2004) allow, 0.25 to 1.
pub const OVER_DENSITY: [f64; SENSITIVITIES] = [0.25, 0.5, 1.0];
/// Weight of what persons of a group differ by within it. Source: Esteban, Gradin and Ray (2007), who use 1.
const WITHIN_GROUPS: f64 = 1.0;
/// Groups of the most alike. Source: Esteban, Gradin and Ray (2007), who look at two to four.
const ALIKE: usize = 3;

/// Indices of the regions at the end of a year. All zero in ticks that end no year.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct Polarization {
    /// One entry a region.
    pub regions: Vec<Indices>,
}

/// Inequality and polarization of one region.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Indices {
    /// Equivalised income of the year that half of the persons are below, money.
    pub median: f64,
    /// Gini coefficient of income.
    pub gini: f64,
    /// Theil's index of income.
    pub theil: f64,
    /// Palma ratio of income.
    pub palma: f64,
    /// Share of the richest hundredth in income, a fraction.
    pub top_hundredth: f64,
    /// Share of the richest tenth in income, a fraction.
    pub top_tenth: f64,
    /// Wolfson's index of income.
    pub wolfson: f64,
    /// Polarization of Esteban and Ray between classes by fixed thresholds, by [`BETWEEN_GROUPS`].
    pub esteban_ray: [f64; SENSITIVITIES],
    /// Polarization of Esteban, Gradin and Ray between the most alike, by [`BETWEEN_GROUPS`].
    pub esteban_gradin_ray: [f64; SENSITIVITIES],
    /// Polarization of Duclos, Esteban and Ray over the density, by [`OVER_DENSITY`].
    pub duclos_esteban_ray: [f64; SENSITIVITIES],
    /// Share of persons below the fixed line of poverty, a fraction.
    pub poverty_fixed: f64,
    /// Share of persons below the relative line, a fraction.
    pub poverty_relative: f64,
    /// Shares of persons by class of fixed thresholds, fractions.
    pub bands: [f64; BANDS],
    /// Gini coefficient of wealth.
    pub wealth_gini: f64,
    /// Share of the richest hundredth in wealth, a fraction.
    pub wealth_top_hundredth: f64,
    /// Share of the richest tenth in wealth, a fraction.
    pub wealth_top_tenth: f64,
}

impl Indices {
    /// Indices of units by income, and by wealth. Fixed thresholds are relative to a `reference` income.
    #[must_use]
    pub fn of(income: &Sample, wealth: &Sample, reference: f64) -> Self {
        let (median, classes, alike) = (income.median(), bands(income, reference), most_alike::<ALIKE>(income));
        let gini_income = gini(income);
        Self {
            median,
            gini: gini_income,
            theil: theil(income),
            palma: palma(income),
            top_hundredth: richest_share(income, 0.01),
            top_tenth: richest_share(income, 0.1),
            wolfson: wolfson(income),
            esteban_ray: BETWEEN_GROUPS.map(|a| esteban_ray(&classes, a)),
            esteban_gradin_ray: BETWEEN_GROUPS.map(|a| esteban_gradin_ray(gini_income, &alike, a, WITHIN_GROUPS)),
            duclos_esteban_ray: duclos_esteban_ray(income, OVER_DENSITY),
            poverty_fixed: poverty(income, POVERTY * reference),
            poverty_relative: poverty(income, POVERTY * median),
            bands: classes.map(|class| class.persons as f64 / (income.persons() as f64).max(1.0)),
            wealth_gini: gini(wealth),
            wealth_top_hundredth: richest_share(wealth, 0.01),
            wealth_top_tenth: richest_share(wealth, 0.1),
        }
    }
}

/// Income of the base year in the middle at the year's prices, money: what fixed thresholds are relative to.
///
/// Equation: `T y_0 (1/T) sum_t p_t = y_0 sum_t p_t`, with base-year income `y_0` a tick, the consumer price index `p` relative to the base, and ticks `t` of the year.
/// Source: purchasing power of the base year, as in fixed lines of poverty (Ravallion 2016).
#[must_use]
pub fn reference_income(base: f64, prices: impl Iterator<Item = f64>) -> f64 {
    base * prices.sum::<f64>()
}

/// System: at the end of a year inequality and polarization are measured.
pub fn measure(
    given: Given,
    rules: Res<HouseholdRules>,
    lives: Res<Lives>,
    regions: Res<Regions>,
    mut polarization: ResMut<Polarization>,
    (households, lineages): (Query<&Block<Household>>, Query<&Block<Lineage>>),
) {
    let Given { settings, tick, geography, base, .. } = &given;
    polarization.regions.clear();
    polarization.regions.resize(geography.region_count(), Indices::default());
    if !(tick.0 + 1).is_multiple_of(settings.ticks_per_year) {
        return;
    }
    let (households, lineages) = (rows(&households), rows(&lineages));
    let of = |(r, indices): (usize, &mut Indices)| {
        let (range, state, life) = (geography.regions[r].households.range(), &regions.states[r], lives.regions.get(r));
        let (households, lineages) = (&households[range.clone()], lineages.get(range).unwrap_or_default());
        let worth = Worth::of(households, life, &rules.regions[r], state).net(households, lineages);
        let lived_in = |x: &&Household| x.members.live_here();
        let earned = |x: &Household| {
            let members = u32::from(x.members.count());
            let income = if life.is_some() { x.net_year } else { x.income_year };
            (equivalised(f64::from(income), members, EQUIVALENCE), members)
        };
        let income = Sample::of_persons(households.iter().filter(lived_in).map(earned).collect());
        let owned = households.iter().zip(worth).filter(|x| x.0.members.live_here());
        let wealth = Sample::new(owned.map(|x| round_half_even(x.1)).collect());
        // The history ends with the tick before.
        let prices = state.prices.consumer_history[1..].iter().copied().chain([state.prices.consumer]);
        *indices = Indices::of(&income, &wealth, reference_income(base.regions[r].income_median, prices));
    };
    polarization.regions.par_iter_mut().enumerate().for_each(of);
}

#[cfg(test)]
mod tests;
