//! What a household would do with a windfall, all else as it is.

use engine::money::{Money, round_half_even};

use super::income::{Consumption, consumption};
use super::saving::permanent_income;

/// A household's position at the end of a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Deposits.
    pub deposits: Money,
    /// Permanent income, money a tick, which is also its income in every tick to come.
    pub income: f64,
    /// Weight of new income in permanent income, per tick.
    pub smoothing: f64,
}

/// Share of a windfall that is spent within some ticks, a fraction: the marginal propensity to consume.
///
/// Equation: `sum_t (C_t - C0_t) / x`, with consumption `C` and `C0` by the rule of [`consumption`] with and without the windfall `x`, which
/// comes with the income of the first tick; income and prices are constant and every wish is served.
/// Source: Fagereng, Holm and Natvik (2021), equation 1, who compare winners of prizes in a year; here the same household is compared with itself.
#[must_use]
pub fn windfall_spent(position: Position, windfall: Money, ticks: u32, rule: Consumption) -> f64 {
    let spent = |windfall| -> Money {
        let (mut deposits, mut permanent, mut sum) = (position.deposits, position.income, 0);
        for tick in 0..ticks {
            let income = round_half_even(position.income) + if tick == 0 { windfall } else { 0 };
            deposits += income;
            permanent = permanent_income(permanent, income as f64, 1.0, position.smoothing);
            let amount = consumption(income, permanent, deposits, rule);
            deposits -= amount;
            sum += amount;
        }
        sum
    };
    (spent(windfall) - spent(0)) as f64 / windfall as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spends `current_share` of transitory income at once and then a tenth a tick of what lies above the target.
    const RULE: Consumption = Consumption {
        current_share: 0.2,
        buffer: 1.0,
        wealth_target: 3.0,
        adjustment: 0.1,
        equity_gain: 0.0,
        scale: 1.0,
    };

    #[test]
    fn without_a_buffer_all_is_spent_at_once() {
        // Nothing is left at the end of a tick, and the wish exceeds cash on hand: the household is far above its target of nothing.
        let rule = Consumption { wealth_target: 0.0, ..RULE };
        let poor = Position { deposits: 0, income: 10_000.0, smoothing: 0.0 };
        assert!((windfall_spent(poor, 1_000, 1, rule) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn with_a_buffer_it_is_spread_out() {
        // Deposits of two incomes, with the income of the tick at the target of three. Of a windfall of 1000 a fifth is spent at once with a tenth of
        // all of it, 300; then a tenth a tick of the rest: 700, 630.
        let rich = Position { deposits: 20_000, income: 10_000.0, smoothing: 0.0 };
        assert!((windfall_spent(rich, 1_000, 1, RULE) - 0.3).abs() < 1e-9);
        assert!((windfall_spent(rich, 1_000, 3, RULE) - (0.3 + 0.07 + 0.063)).abs() < 1e-9);
    }
}
