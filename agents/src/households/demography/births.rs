//! How many more children are born where something is paid for them.

use engine::math::exp;

/// Births relative to those of the base year's rates that a payment leads to in the end.
///
/// Equation: `g* = exp(eta b)`, with the payment for a child `b`, fractions of the mean pay after tax of the same months, beyond what the base
/// year paid, and the response `eta`: births rise by about `eta` percent for a payment of one percent of pay.
/// Source: Gauthier and Hatzius (1997), Population Studies 51(3): family allowances a quarter higher raise fertility by 4% in the end, by 0.6%
/// at once; converted at the parameter. We let a payment for fifteen years count as one that goes on.
#[must_use]
pub fn in_the_end(payment: f64, response: f64) -> f64 {
    // Bound of the rule: no study is about payments that double births.
    exp(response * payment).min(MOST)
}

/// Births at most, relative to the base.
const MOST: f64 = 2.0;

/// Births relative to the base a year later.
///
/// Equation: `g' = g + lambda (g* - g)`, with the part `lambda` that follows within a year.
/// Source: partial adjustment, as Gauthier and Hatzius (1997) estimate it.
#[must_use]
pub fn a_year_later(before: f64, aim: f64, speed: f64) -> f64 {
    before + speed * (aim - before)
}

/// Payment for a child relative to pay of the same months, a fraction.
///
/// Equation: `b = (c p t + d) / W`, with the payment of measures `c` in mean pays after tax of the base, consumer prices `p`, the part that the
/// debt rule leaves `t`, payments out of duties `d` in the same pays and the wage index `W`.
/// Source: family allowances over a wage, the index of Gauthier and Hatzius (1997).
#[must_use]
pub fn payment(of_measures: f64, of_duties: f64, (prices, wages): (f64, f64), left: f64) -> f64 {
    (of_measures * prices * left + of_duties) / wages.max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn births_follow_payments_slowly() {
        // 3% a percent of pay, at once 15% of it.
        assert!((in_the_end(0.01, 3.0) - 1.030_454_533_953_5).abs() < 1e-12);
        near(in_the_end(0.0, 3.0), 1.0);
        near(in_the_end(5.0, 3.0), 2.0);
        near(a_year_later(1.0, 1.2, 0.15), 1.03);
    }

    #[test]
    fn a_payment_is_measured_in_pay() {
        // 0.05 at prices 1.2, nine tenths left, and 0.006 out of duties, at wages 1.5.
        near(payment(0.05, 0.006, (1.2, 1.5), 0.9), 0.04);
    }
}
