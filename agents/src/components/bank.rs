//! Banks.

use bevy_ecs::prelude::Component;
use engine::money::Money;
use serde::{Deserialize, Serialize};

/// The bank of a region.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bank {
    /// Region.
    pub region: u16,
    /// Loans to firms.
    pub loans: Money,
    /// Loans to households on their homes.
    pub mortgages: Money,
    /// Loans to households for what they spent.
    pub consumer_credit: Money,
    /// Government bonds held.
    pub bonds: Money,
    /// Reserves at the central bank; negative is a central-bank advance.
    pub reserves: Money,
    /// Deposits owed to households, firms and the equity fund.
    pub deposits: Money,
    /// Share of requested credit granted this tick, a fraction.
    pub credit_granted_share: f64,
    /// Loan losses of the tick.
    pub losses: Money,
    /// Own funds at the end of the last tick, after dividends: what it began with and has earned since.
    pub own_funds: Money,
    /// Earned in the tick so far, by the reasons that were posted at it; dividends paid are taken off.
    pub earned: Money,
    /// Smoothed profit, minor units a tick.
    pub profit_expected: f64,
}
engine::content!(Bank {
    region,
    loans,
    mortgages,
    consumer_credit,
    bonds,
    reserves,
    deposits,
    credit_granted_share,
    losses,
    own_funds,
    earned,
    profit_expected,
});

/// Own funds held for a mortgage, relative to a loan to a firm.
pub const MORTGAGE_WEIGHT: f64 = 0.35;
/// And for consumer credit.
pub const CREDIT_WEIGHT: f64 = 0.75;

impl Bank {
    /// Own funds: assets less deposits.
    #[must_use]
    pub fn equity(&self) -> Money {
        self.lent() + self.bonds + self.reserves - self.deposits
    }

    /// All that it has lent, but to governments.
    #[must_use]
    pub fn lent(&self) -> Money {
        self.loans + self.mortgages + self.consumer_credit
    }

    /// What it has lent, weighted by the own funds that are held for it, minor units.
    ///
    /// Equation: `L + 0.35 M + 0.75 C`, loans to firms `L`, mortgages `M` and consumer credit `C`.
    /// Source: Basel Committee on Banking Supervision (2006), International Convergence of Capital Measurement, standardised approach, 69 and 72.
    #[must_use]
    pub fn weighted(&self) -> f64 {
        self.loans as f64 + MORTGAGE_WEIGHT * self.mortgages as f64 + CREDIT_WEIGHT * self.consumer_credit as f64
    }
}
