//! What a household owns less what it owes, at present prices: the only place that says what wealth is.

use engine::money::Money;
use rayon::prelude::*;

use super::lives::homes::unit_worth;
use super::lives::payday::Market;
use super::lives::{Life, Lives};
use crate::components::{Household, Lineage};
use crate::geography::Geography;
use crate::state::{HouseholdRule, HouseholdRules, RegionState};

/// Prices in a region of what households own, money.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth {
    /// Of a fund share.
    pub share: f64,
    /// Of a unit of homes; none where households are persons alone, whose homes are in the fund.
    pub home: f64,
}

/// What a household owns and owes, money.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Owned {
    /// Deposits at the bank.
    pub deposits: f64,
    /// Fund shares at their price.
    pub shares: f64,
    /// Its home, if there is one of its own, at the price of homes.
    pub home: f64,
    /// Mortgage or consumer credit.
    pub debt: f64,
}

impl Owned {
    /// Net worth.
    ///
    /// Equation: `D + q n + h - d`, with deposits `D`, `n` fund shares at their price `q`, the home's worth `h` and debt `d`.
    /// Source: net worth in the balance sheets of households, System of National Accounts 2008, chapter 13.
    #[must_use]
    pub fn net(self) -> f64 {
        self.deposits + self.shares + self.home - self.debt
    }
}

impl Worth {
    /// Prices in a region with some households.
    #[must_use]
    pub fn of(households: &[Household], life: Option<&Life>, rule: &HouseholdRule, state: &RegionState) -> Self {
        match life {
            Some(life) => Self { share: Market::price(life, state), home: unit_worth(life, state) },
            None => Self { share: fund_share_price(households, rule, state), home: 0.0 },
        }
    }

    /// Prices in every region.
    #[must_use]
    pub fn of_all(
        geography: &Geography,
        lives: &Lives,
        rules: &HouseholdRules,
        states: &[RegionState],
        households: &[Household],
    ) -> Vec<Self> {
        let of = |(r, state): (usize, &RegionState)| {
            let households = &households[geography.regions[r].households.range()];
            Self::of(households, lives.regions.get(r), &rules.regions[r], state)
        };
        states.iter().enumerate().map(of).collect()
    }

    /// What a household owns and owes; one that has no lineage has no home and no debt.
    #[must_use]
    pub fn owned(&self, household: &Household, lineage: Option<&Lineage>) -> Owned {
        let (homes, debt): (u32, Money) = lineage.map_or((0, 0), |lineage| (lineage.homes, lineage.debt));
        Owned {
            deposits: household.deposits as f64,
            shares: self.share * household.fund_shares as f64,
            home: self.home * f64::from(homes),
            debt: debt as f64,
        }
    }

    /// Net worth of every household of a region, money. There are as many lineages as households, or none.
    #[must_use]
    pub fn net(&self, households: &[Household], lineages: &[Lineage]) -> Vec<f64> {
        let of = |(at, household): (usize, &Household)| self.owned(household, lineages.get(at)).net();
        households.par_iter().enumerate().map(of).collect()
    }
}

/// Price of a share of the equity fund, minor units: what base-year fund wealth per income says, at the share's price now.
///
/// Equation: `q sum_i k_d(i) Y_p(i) / n`, with price `q` relative to the base, fund wealth per permanent income `k_d` at the base by
/// decile, permanent income `Y_p`, and `n` shares.
/// Source: balance of the fund: its worth over its shares.
fn fund_share_price(households: &[Household], rule: &HouseholdRule, state: &RegionState) -> f64 {
    // Sums of fixed pieces in their order: the same at any thread count.
    let piece = |households: &[Household]| -> f64 {
        households.iter().map(|x| rule.equity_ratio[x.decile as usize] * f64::from(x.income_permanent)).sum()
    };
    let pieces: Vec<f64> = households.par_chunks(1 << 14).map(piece).collect();
    let worth: f64 = pieces.iter().sum();
    if state.fund.shares > 0 { worth * state.fund.share_price / state.fund.shares as f64 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geography::DECILES;
    use crate::testing::{life, near};

    #[test]
    fn shares_of_persons_alone_are_worth_what_the_fund_is_worth() {
        let mut rule = HouseholdRule { equity_ratio: vec![0.0; DECILES], ..HouseholdRule::default() };
        rule.equity_ratio[2] = 10.0;
        rule.equity_ratio[7] = 20.0;
        let household = |decile, income_permanent| Household { income_permanent, decile, ..Household::default() };
        let state = |shares| RegionState {
            fund: crate::state::Fund { share_price: 1.5, shares, ..crate::state::Fund::default() },
            ..RegionState::default()
        };
        let found = |households: &[Household], shares| Worth::of(households, None, &rule, &state(shares));
        // 1.5 (10 x 30 + 20 x 40) / 100
        assert_eq!(found(&[household(2, 30.0), household(7, 40.0)], 100), Worth { share: 16.5, home: 0.0 });
        assert_eq!(found(&[household(2, 30.0)], 0), Worth::default());
        near(fund_share_price(&[household(7, 40.0)], &rule, &state(100)), 12.0);
    }

    #[test]
    fn net_worth_is_what_is_owned_less_what_is_owed() {
        let mut state = RegionState::default();
        (state.fund.share_price, state.fund.shares, state.homes.price) = (1.5, 1_000_000, 1.25);
        // Five millions over a million shares, at one and a half; a thousandth of 900, at one and a quarter.
        let worth = Worth::of(&[], Some(&life()), &HouseholdRule::default(), &state);
        near(worth.share, 7.5);
        near(worth.home, 1.125);
        let household = Household { deposits: 100, fund_shares: 10, ..Household::default() };
        let lineage = |homes, debt| Lineage { debt, homes, ..Lineage::default() };
        let owned = worth.owned(&household, Some(&lineage(800, 600)));
        assert_eq!(owned, Owned { deposits: 100.0, shares: 75.0, home: 900.0, debt: 600.0 });
        // An owner with a mortgage, a tenant with consumer credit, somebody without a lineage.
        near(owned.net(), 475.0);
        let two = [household, household];
        assert_eq!(worth.net(&two, &[lineage(800, 600), lineage(0, 300)]), [475.0, -125.0]);
        assert_eq!(worth.net(&two[..1], &[]), [175.0]);
    }
}
