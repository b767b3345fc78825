//! What plants pay people of equal ability, where households are units.

use engine::math::{exp_near, ln, ln_near, sqrt};
use engine::rng::hash;
use serde::{Deserialize, Serialize};

use crate::components::Plant;
use crate::households::alone::nearly_normal;

/// Share of the variance of what posts pay that lies between industries; the rest is between plants of an industry.
///
/// Chosen: half. Krueger and Summers (1988) find industries as far apart as 0.09 to 0.14 log points once ability is allowed for.
const BETWEEN_INDUSTRIES: f64 = 0.5;

/// Posts of a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Posts {
    /// Elasticity of what a post pays to what its plant pays a head in a normal tick.
    pub elasticity: f64,
    /// Standard deviation of log pay between plants that pay the same a head.
    pub spread: f64,
    /// Log premium that the ability of people is measured at: the mean of the posts they hold at the base.
    pub level: f64,
}

impl Posts {
    /// Of a region, given the standard deviation of premiums among people alone, their level, and workers and pay a head of every industry.
    ///
    /// Equation: elasticity `s sqrt(b) / sd(ln h)` and spread `s sqrt(1 - b)`, with the deviation `s`, the share `b` between industries and
    /// pay a head `h`: plants differ less than what they pay a head, as those that pay more have abler people.
    /// Source: Abowd, Kramarz and Margolis (1999), firm and person effects.
    #[must_use]
    pub fn of(premiums: f64, level: f64, industries: &[(f64, f64)]) -> Self {
        let there = || industries.iter().filter(|x| x.0 > 0.0 && x.1 > 0.0);
        let workers: f64 = there().map(|x| x.0).sum();
        let mean = |of: &dyn Fn(f64) -> f64| there().map(|x| x.0 * of(ln(x.1))).sum::<f64>() / workers;
        let middle = mean(&|x| x);
        let apart = sqrt(mean(&|x| (x - middle) * (x - middle)));
        // Bound of the rule: no further apart than what they pay a head.
        let elasticity = (premiums * sqrt(BETWEEN_INDUSTRIES) / apart.max(f64::MIN_POSITIVE)).min(1.0);
        Self { elasticity, spread: premiums * sqrt(1.0 - BETWEEN_INDUSTRIES), level }
    }

    /// Log premium of a plant's posts, on a scale of the region, given its pay a head in a normal tick.
    ///
    /// Equation: `f = e ln(h) + s z`, with elasticity `e`, pay a head `h`, spread `s` and the plant's draw `z`.
    /// Source: as [`Posts::of`].
    #[must_use]
    #[inline]
    pub fn premium(&self, plant: u32, a_head: f64, seed: u64) -> f64 {
        let drawn = nearly_normal(hash(seed, crate::world::stream::POSTS.id().into(), plant.into()));
        self.elasticity * ln_near(a_head.max(f64::MIN_POSITIVE)) + self.spread * drawn
    }

    /// Premiums of plants side by side, given the id of the first.
    #[must_use]
    pub fn premiums(&self, first: u32, plants: &[Plant], seed: u64) -> Vec<f64> {
        (first..).zip(plants).map(|(k, x)| self.premium(k, a_head(x), seed)).collect()
    }
}

/// Pay a head in a normal tick at base-year wages, money.
#[must_use]
#[inline]
pub fn a_head(plant: &Plant) -> f64 {
    plant.unit_wage * plant.labour_productivity
}

/// Wage of a unit of ability at each plant of a zone, money a tick, given its wage bill, the ability of its staff, the premium of its posts and
/// hours worked by a head relative to normal ones.
///
/// Equation: `w = exp(f) u (sum of B) / (sum of exp(f) u A)`, premium `f`, hours `u`, bills `B` and abilities `A` of plants with staff.
/// A plant's staff are a few agents that stand for thousands: were its bill split among them, as where households are persons, an able one would
/// cost the others their pay. So plants of a zone share what they pay for ability, and differ by premium and by hours.
/// Source: as [`Posts::of`]; that a zone is one market for ability is ours.
#[must_use]
pub fn wages(bills: &[f64], abilities: &[f64], premiums: &[f64], hours: &[f64]) -> Vec<f64> {
    let mut out: Vec<f64> = premiums.iter().zip(hours).map(|(f, u)| exp_near(*f) * u).collect();
    let (mut paid, mut worth) = (0.0, 0.0);
    for ((bill, ability), w) in bills.iter().zip(abilities).zip(&out) {
        if *ability > 0.0 {
            paid += bill;
            worth += ability * w;
        }
    }
    let level = if worth > 0.0 { paid / worth } else { 0.0 };
    for w in &mut out {
        *w *= level;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn posts_differ_less_than_pay_a_head() {
        // Two industries of the same size, of 1 and e^2 a head: one from the middle.
        let posts = Posts::of(0.13, 0.1, &[(5.0, 1.0), (5.0, 7.389_056_098_930_65), (0.0, 9.0)]);
        near(posts.elasticity, 0.13 * 0.707_106_781_186_547_5);
        near(posts.spread, 0.13 * 0.707_106_781_186_547_5);
        near(Posts { spread: 0.0, ..posts }.premium(3, 7.389_056_098_930_65, 1), 2.0 * posts.elasticity);
        // All alike: as far apart as they are.
        near(Posts::of(0.13, 0.0, &[(5.0, 2.0), (3.0, 2.0)]).elasticity, 1.0);
    }

    #[test]
    fn plants_of_a_zone_share_what_they_pay_for_ability() {
        // The first pays twice as much for ability, the second works half the hours; 30 are paid for 2 + 2 of ability; nobody works in the third.
        let wages = wages(&[20.0, 10.0, 5.0], &[1.0, 4.0, 0.0], &[2.0_f64.ln(), 0.0, 0.0], &[1.0, 0.5, 1.0]);
        near(wages[0], 15.0);
        near(wages[1], 3.75);
    }
}
