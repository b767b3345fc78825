//! What a person can earn: ability that moves, the post held, what losing a job leaves behind.

use engine::math::{exp_near, larger, sqrt};
use serde::{Deserialize, Serialize};

/// Log ability a tick later, in standard deviations of its spread at rest.
///
/// Equation: `a' = rho a + sqrt(1 - rho^2) e`, persistence `rho` a tick, `e` standard normal.
/// Source: Meghir and Pistaferri (2004), persistent shocks to log pay.
#[must_use]
#[inline]
pub fn ability(before: f64, draw: f64, persistence: f64) -> f64 {
    persistence * before + sqrt(1.0 - persistence * persistence) * draw
}

/// Pension by earnings of whoever never worked, relative to that of others of the same ability. Chosen.
pub const PENSION_OF_THE_IDLE: f64 = 0.4;

/// Knots of a [`PayCurve`].
pub const KNOTS: usize = 12;

/// How log pay follows what makes a person able: a rising line through knots, of slope one beyond them.
///
/// Equation: `G(l)`, straight between knots, `G(l_1) + l - l_1` below the first and likewise above the last.
/// Source: fitted to the shares of tenths in a region's income; its form is ours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayCurve {
    /// Where the knots lie, ascending.
    pub at: [f64; KNOTS],
    /// Log pay there, not falling.
    pub log_pay: [f64; KNOTS],
}

impl PayCurve {
    /// Pay in proportion to ability.
    #[must_use]
    pub fn straight() -> Self {
        let at = std::array::from_fn(|k| k as f64 - 5.5);
        Self { at, log_pay: at }
    }

    /// Log pay.
    #[must_use]
    #[inline]
    pub fn log_pay(&self, latent: f64) -> f64 {
        let last = KNOTS - 1;
        if latent <= self.at[0] {
            return self.log_pay[0] + latent - self.at[0];
        }
        if latent >= self.at[last] {
            return self.log_pay[last] + latent - self.at[last];
        }
        let k: usize = self.at[1..last].iter().map(|&at| usize::from(at <= latent)).sum();
        let part = (latent - self.at[k]) / (self.at[k + 1] - self.at[k]);
        self.log_pay[k] + part * (self.log_pay[k + 1] - self.log_pay[k])
    }
}

/// What a person's share in a wage bill is proportional to.
///
/// Equation: `w = exp(G + f + s + n)`, with log pay `G` of the person, the premium `f` of the post, the scar `s` and pay noise `n`.
/// Source: a Mincer equation with match effect, Abowd, Kramarz and Margolis (1999).
#[must_use]
#[inline]
pub fn pay_weight(log_pay: f64, premium: f64, scar: f64, noise: f64) -> f64 {
    exp_near(log_pay + premium + scar + noise)
}

/// Log pay that losing jobs and being without one have taken, a tick later; not above zero.
///
/// Equation: `s' = max(s (1 - k) - d - e, s_min)`, with the share `k` that heals, the step `d` at a separation after long tenure, the
/// erosion `e` of a tick without work and the floor `s_min`.
/// Source: Jacobson, `LaLonde` and Sullivan (1993); Ortego-Marti (2016), erosion without work.
#[must_use]
#[inline]
pub fn scar(before: f64, heals: f64, step: f64, erosion: f64, floor: f64) -> f64 {
    larger(before * (1.0 - heals) - step - erosion, floor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn ability_keeps_its_spread() {
        // 0.6 x 1 + 0.8 x 0.5
        near(ability(1.0, 0.5, 0.6), 1.0);
        near(ability(-2.0, 0.0, 0.6), -1.2);
    }

    #[test]
    fn pay_follows_the_knots_and_goes_on_beyond_them() {
        let straight = PayCurve::straight();
        let mut log_pay = straight.at;
        log_pay[7] += 0.5;
        let curve = PayCurve { log_pay, ..straight };
        // Knots at 0.5, 1.5 (raised by half) and 2.5.
        near(curve.log_pay(1.0), 1.25);
        near(curve.log_pay(1.5), 2.0);
        near(curve.log_pay(2.0), 2.25);
        near(curve.log_pay(-7.5), -7.5);
        near(curve.log_pay(9.0), 9.0);
    }

    #[test]
    fn a_post_and_a_scar_change_pay() {
        near(pay_weight(0.5, 0.2, -0.3, -0.4), 1.0);
        // A tenth of a scar of 0.2 heals; 0.02 and 0.008 come on top; never below the floor.
        near(scar(-0.2, 0.1, 0.02, 0.008, -0.6), -0.208);
        near(scar(-0.59, 0.0, 0.02, 0.008, -0.6), -0.6);
    }
}
