//! Incomes of units that close the accounts of the base year.

use crate::households::saving::Intent;

/// A unit at the base, in units of mean pay after tax.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flow {
    /// Pay of members.
    pub pay: f64,
    /// Unemployment benefits.
    pub benefit: f64,
    /// Pensions.
    pub pension: f64,
    /// Assistance.
    pub help: f64,
    /// Income from capital.
    pub capital: f64,
    /// Shares bought less sold.
    pub shares: f64,
    /// Shares that are expected to be sold for a home.
    pub for_home: f64,
    /// Planned consumption.
    pub consumption: f64,
    /// How far it is a choice: see [`crate::households::saving::Intent::scaled`].
    pub chosen: f64,
    /// Rents of a home.
    pub rents: f64,
    /// Interest on debt.
    pub owed: f64,
}

impl Flow {
    /// What is neither from capital nor from a home.
    #[must_use]
    pub fn own(&self) -> f64 {
        self.pay + self.benefit + self.pension + self.help
    }

    /// What it means to do.
    #[must_use]
    pub fn intent(&self) -> Intent {
        Intent { consumption: self.consumption, shares: self.shares, chosen: self.chosen }
    }
}

/// Factor on consumption that is a choice at which units spend so much.
///
/// Equation: `f = 1 + (C - sum c) / sum(w c)`, with planned consumption `c` and the part `w` that is a choice.
/// Source: closed accounts of the base year.
#[must_use]
pub fn spending(flows: &[Flow], left: f64) -> f64 {
    let sum = |of: fn(&Flow) -> f64| flows.iter().map(of).sum::<f64>();
    1.0 + (left - sum(|x| x.consumption)) / sum(|x| x.chosen * x.consumption)
}

/// What makes incomes of units those of the base year's table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closure {
    /// Money of a unit of mean pay after tax, a tick.
    pub net: f64,
    /// Rate of tax.
    pub tax: f64,
    /// Share of dividends that goes by pay.
    pub mixed: f64,
}

/// Sums over units, in units of mean pay: pay, benefits, pensions and assistance, income from capital, and shares bought less sold.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    /// Pay.
    pub pay: f64,
    /// Benefits, pensions and assistance.
    pub transfers: f64,
    /// Income from capital.
    pub capital: f64,
    /// Rents of homes of one's own, less interest on debts.
    pub housing: f64,
    /// Shares bought less sold.
    pub bought: f64,
}

impl Totals {
    /// Of flows.
    #[must_use]
    pub fn of(flows: &[Flow]) -> Self {
        let sum = |of: fn(&Flow) -> f64| flows.iter().map(of).sum::<f64>();
        Self {
            pay: sum(|x| x.pay),
            transfers: sum(|x| x.own() - x.pay),
            capital: sum(|x| x.capital),
            housing: sum(|x| x.rents - x.owed),
            bought: sum(|x| x.shares - x.for_home),
        }
    }

    /// What is left to be spent.
    #[must_use]
    pub fn left(&self) -> f64 {
        self.pay + self.transfers + self.capital + self.housing - self.bought
    }
}

/// Closes incomes of units, given what the table says households buy, wages, dividends and interest, money a tick.
///
/// Equations: consumption `C` of the table is what is left of incomes after shares are bought, `C = u (w + g + k + h - b)`, which gives the
/// money `u` of a unit of mean pay after tax, with what homes bring less interest on debts `h`, which no tax is on; the tax `t` leaves that of
/// wages `W`, dividends but rents `D` and interest `I`, `(1 - t) (W + D + I) = u (w + k - b)`; the part `m` of dividends goes by pay,
/// `(1 - t) (W + m D) = u w`. What is put into the fund, `u b`, it returns to its owners; interest on debts it gets from banks.
/// Source: closed accounts of the base year; proprietors' income and rental income of persons, Bureau of Economic Analysis, NIPA table 2.1, for
/// dividends that go to who works.
#[must_use]
pub fn closure(totals: Totals, spent: f64, wages: f64, dividends: f64, interest: impl Fn(f64) -> f64) -> Closure {
    let Totals { pay, capital, housing, bought, .. } = totals;
    let net = spent / totals.left();
    let dividends = dividends - net * housing;
    let tax = 1.0 - net * (pay + capital - bought) / (wages + dividends);
    // Bounds of the rule: a share. Where wages alone are more than pay, all dividends go by shares.
    let mixed = ((net * pay / (1.0 - tax) - wages) / (dividends - interest(net))).clamp(0.0, 1.0);
    Closure { net, tax, mixed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn incomes_close_the_base_year() {
        // Units of pay 80, transfers 20, capital 15, of which 5 are put into shares: 110, for 2200 of consumption.
        let totals = Totals { pay: 80.0, transfers: 20.0, capital: 15.0, housing: 0.0, bought: 5.0 };
        let found = closure(totals, 2_200.0, 1_500.0, 900.0, |net| 5.0 * net);
        near(found.net, 20.0);
        // 20 (80 + 15 - 5) = 1800 are left of 2400.
        near(found.tax, 0.25);
        // 1600 after tax are 2133.3 before: 633.3 of the 800 that are no interest.
        near(found.mixed, 0.791_666_666_666_666_7);
        // Capital after tax but for what is returned: 0.75 (0.2083 x 800 + 100) = 200 = 20 (15 - 5).
        near((1.0 - found.tax) * ((1.0 - found.mixed) * 800.0 + 100.0), 200.0);
    }

    #[test]
    fn those_who_can_choose_make_up_for_what_is_left() {
        let flow = |consumption, chosen| Flow { consumption, chosen, ..Flow::default() };
        // 20 more than planned, of 100 that are a choice.
        near(spending(&[flow(100.0, 0.5), flow(50.0, 1.0), flow(30.0, 0.0)], 200.0), 1.2);
    }

    #[test]
    fn homes_bring_income_without_tax() {
        // As above, with homes that bring 10 more than debts on them cost: 200 of dividends less, 2200 / 120 a unit.
        let totals = Totals { pay: 80.0, transfers: 20.0, capital: 15.0, housing: 10.0, bought: 5.0 };
        let found = closure(totals, 2_400.0, 1_500.0, 1_100.0, |net| 5.0 * net);
        near(found.net, 20.0);
        near(found.tax, 0.25);
        near(found.mixed, 0.791_666_666_666_666_7);
    }
}
