//! Into work, out of it and from post to post: chances of a tick.

use engine::math::{exp_near, pow};
use serde::{Deserialize, Serialize};

/// How a person is attached to the labour force; it changes now and then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Attachment {
    /// Works whenever there is work.
    #[default]
    Core,
    /// Comes and goes.
    Marginal,
    /// Stays out.
    Out,
}

engine::content!(code Attachment);

impl Attachment {
    /// Drawn from the shares of those who stay out and who come and go.
    #[must_use]
    pub fn drawn(unit: f64, out: f64, marginal: f64) -> Self {
        if unit < out {
            Self::Out
        } else if unit < out + marginal {
            Self::Marginal
        } else {
            Self::Core
        }
    }
}

/// How much likelier a person is to lose a job than one of average tenure: most losses strike the newly hired.
///
/// Equation: `tau = tau_0 + tau_1 exp(-m / 10)`, with tenure `m` in months.
/// Source: Topel and Ward (1992), hazard falling in tenure; numbers fitted to annual rank correlation of income.
#[must_use]
#[inline]
pub fn tenure_risk(months: f64, floor: f64, extra: f64) -> f64 {
    floor + extra * exp_near(-months / 10.0)
}

/// How much rarer somebody is called back than one who has just begun to search.
///
/// Equation: `max(d_0, exp(-k m))`, with months `m` without a job.
/// Source: Kroft, Lange and Notowidigdo (2016), duration dependence: 0.4 and 0.1.
#[must_use]
#[inline]
pub fn call_back(months: f64, floor: f64, rate: f64) -> f64 {
    exp_near(-rate * months).max(floor)
}

/// How much likelier somebody who has just left the labour force comes back: spells outside are short or long.
///
/// Equation: `1 + k exp(-m / 2)`, months `m` outside.
/// Source: fitted to L6 and annual rank correlation of income.
#[must_use]
#[inline]
pub fn coming_back(months: f64, extra: f64) -> f64 {
    1.0 + extra * exp_near(-months / 2.0)
}

/// Elasticity of [`encouraged`]. Chosen: where duties of ten points raise unemployment, participation falls by a fifth of that in the United States
/// to two thirds in Mexico, in the data by two thirds (Hobijn and Sahin 2021); with 1 it fell by some five times as much.
const ENCOURAGEMENT: f64 = 0.15;

/// How much likelier people come in from outside than where as many as usual are unemployed.
///
/// Equation: `(u_0 / u)^e`, with the ratio between a half and two, unemployment `u` and its usual rate `u_0`.
/// Source: Hobijn and Sahin (2021), participation follows finding and losing of jobs rather than rates of entry; Elsby, Hobijn and Sahin
/// (2015), entry into work from outside falls a little in recessions.
#[must_use]
pub fn encouraged(unemployment: f64, usual: f64) -> f64 {
    pow((usual / unemployment.max(1e-4)).clamp(0.5, 2.0), ENCOURAGEMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn risks_fall_with_time() {
        near(tenure_risk(0.0, 0.22, 2.18), 2.4);
        // 0.22 + 2.18 / e
        near(tenure_risk(10.0, 0.22, 2.18), 1.021_977_181_553_5);
        near(call_back(0.0, 0.4, 0.1), 1.0);
        near(call_back(5.0, 0.4, 0.1), 0.606_530_659_712_6);
        near(call_back(24.0, 0.4, 0.1), 0.4);
        // 1.25^0.15 and 2^0.15.
        near(encouraged(0.04, 0.05), 1.034_038_007_034_2);
        near(encouraged(0.0, 0.05), 1.109_569_472_067_8);
        near(coming_back(0.0, 6.0), 7.0);
        near(coming_back(2.0, 6.0), 3.207_276_647_028_7);
    }

    #[test]
    fn attachment_is_drawn_by_shares() {
        let drawn = [0.05, 0.2, 0.9].map(|unit| Attachment::drawn(unit, 0.1, 0.2));
        assert_eq!(drawn, [Attachment::Out, Attachment::Marginal, Attachment::Core]);
    }
}
