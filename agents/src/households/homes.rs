//! Homes of one's own and the debt that stands on them: what a home is worth, who buys one, what may be owed.

use engine::money::round_half_even;
use serde::{Deserialize, Serialize};

/// Homes of a region, and lending on them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Homes {
    /// Worth of a home when it is bought, years of permanent income at base-year prices of homes.
    pub worth: f64,
    /// Chance a month that a tenant who can buys one.
    pub bought: f64,
    /// Loan over worth when bought, at most.
    pub loan: f64,
    /// Debt over worth up to which owners borrow more to live on.
    pub again: f64,
    /// Debt over what is repaid of it a month.
    pub months: f64,
    /// Interest and repayment over permanent income when bought, at most.
    pub burden: f64,
    /// Units that own one at first, share.
    pub owners: f64,
    /// Least log of income relative to the median of who buys.
    pub least: f64,
    /// Rent over worth a year, at base-year rates.
    pub rent: f64,
    /// Share of what a home has gained in worth that is spent a year.
    pub spent: f64,
    /// Interest on debt that stands on homes, a year, at base-year rates.
    pub rate: f64,
}

/// What a home is worth relative to the base, once buyers and sellers have looked around.
///
/// Equation: `R (r_0 + w) / (r + w) (h / h_0)^k`, with rents `R` relative to the base, the long rate `r`, its base `r_0`, the part `w` of
/// the yield that is no interest, the share of homes owned by who lives in them `h` relative to the base `h_0` and the answer `k` of the price.
/// Source: user cost of housing, Poterba (1984); bids by what owners hold, ours.
#[must_use]
pub fn worth_aimed_at(rent: f64, (rate, base_rate): (f64, f64), owned: f64) -> f64 {
    // Bound of the rule: the yield of a home stays above a hundredth a year.
    let discount = |rate: f64| (rate + ABOVE_RATE).max(0.01);
    rent * discount(base_rate) / discount(rate) * engine::math::pow(owned.max(0.01), ANSWER)
}

/// Rent of a home relative to the base.
///
/// Equation: `P (n / s)^k`, with consumer prices `P`, people `n` and homes `s` relative to the base, and the answer `k` of rents.
/// Source: Saiz (2007), immigration and housing rents in American cities: people who come and are one in a hundred of a city's raise rents by
/// about one in a hundred.
#[must_use]
pub fn rent(prices: f64, people: f64, homes: f64) -> f64 {
    // Bound of the rule: some homes are left.
    prices * engine::math::pow(people / homes.max(0.01), RENTS)
}

/// Answer of rents to people over homes, an elasticity: see [`rent`].
const RENTS: f64 = 1.0;

/// Homes that there are, given those of the base, capital that is homes relative to the base, and homes that households own.
///
/// Equation: `max(S_0 K, h)`, with the stock `S_0` of the base, capital `K` and owned homes `h`: no more fall down than are let.
/// Source: European System of Accounts 2010, 3.127 and annex 7.1: dwellings are capital of the real estate industry, those of owners who live in
/// them included.
#[must_use]
pub fn standing(stock_base: f64, capital: f64, owned: i64) -> i64 {
    round_half_even(stock_base * capital).max(owned)
}

/// Yield of a home above the long rate: upkeep, risk, taxes. Design note of this block: three points.
pub const ABOVE_RATE: f64 = 0.03;

/// Answer of the price of homes to how many owners want to hold, an elasticity. Chosen.
const ANSWER: f64 = 0.5;

/// Share of the way to the worth aimed at that prices go in a month: Case and Shiller (1989), prices of homes that move for years. Chosen.
pub const PRICE_SPEED: f64 = 1.0 / 12.0;

/// Consumer credit over what is lent at most, from which on it is written off. Chosen.
pub const WRITTEN_OFF_FROM: f64 = 1.5;

impl Homes {
    /// What lenders give to who buys a home.
    ///
    /// Equation: `min(l P, b y_p / (i + 1 / T))`, with the worth `P`, its share `l`, permanent income `y_p` a month, the share `b` of it that may
    /// be paid, interest `i` a month and the repaid share `1 / T` of a debt.
    /// Source: loan-to-value and debt-service-to-income limits, European Systemic Risk Board, A Review of Macroprudential Policy in the EU.
    #[must_use]
    pub fn loan(&self, worth: f64, permanent: f64, rate: f64) -> f64 {
        (self.loan * worth).min(self.burden * permanent / (rate + 1.0 / self.months))
    }

    /// What an owner can still borrow on a home.
    #[must_use]
    pub fn room(&self, worth: f64, debt: f64) -> f64 {
        (self.again * worth - debt).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn rents_follow_prices_people_and_homes() {
        // A tenth more people in a tenth more homes; a hundredth fewer people.
        near(rent(1.2, 1.1, 1.1), 1.2);
        near(rent(1.0, 0.99, 1.0), 0.99);
    }

    #[test]
    fn homes_are_built_as_their_capital_grows() {
        assert_eq!(standing(1_000.0, 1.0304, 950), 1_030);
        assert_eq!(standing(1_000.0, 1.0306, 950), 1_031);
        // Of a tenth that falls down no more than the 50 let.
        assert_eq!(standing(1_000.0, 0.9, 950), 950);
    }

    fn homes() -> Homes {
        Homes {
            worth: 1.7,
            bought: 0.008,
            loan: 0.9,
            again: 0.8,
            months: 400.0,
            burden: 0.35,
            owners: 0.6,
            least: 0.0,
            rent: 0.04,
            spent: 0.05,
            rate: 0.03,
        }
    }

    #[test]
    fn lenders_look_at_worth_and_income() {
        // Nine tenths of 200; at a tenth of that income 0.35 x 10 / (0.0025 + 0.0025).
        near(homes().loan(200.0, 100.0, 0.002_5), 180.0);
        near(homes().loan(1_000.0, 10.0, 0.002_5), 700.0);
        near(homes().room(200.0, 100.0), 60.0);
        near(homes().room(200.0, 170.0), 0.0);
    }

    #[test]
    fn homes_are_worth_the_more_the_lower_the_rate() {
        near(worth_aimed_at(1.1, (0.02, 0.02), 1.0), 1.1);
        // (0.01 + 0.03) / (0.00 + 0.03), and the root of 1.21.
        near(worth_aimed_at(1.0, (0.0, 0.01), 1.21), 1.1 * 4.0 / 3.0);
        near(worth_aimed_at(1.0, (-0.05, 0.01), 1.0), 4.0);
    }
}
