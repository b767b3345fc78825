//! Banks of a region settle what their customers paid each other.
//!
//! Payments within a region move deposits of customers and leave banks alone; whatever else moves a bank is booked at one bank, and where
//! it earns or loses by it, at the right one ([`crate::paying::Payments::post_at`]). At the end of the tick deposits and loans of every
//! bank are those of its customers, and reserves make up for it. A region with one bank has nothing to settle.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::{Block, columns, rows};
use engine::money::{Money, ad_valorem, narrowed, round_half_even};

use crate::accounts::Line;
use crate::components::{Bank, Books, Household, Lineage};
use crate::geography::Geography;
use crate::holders::Customers;
use crate::paying::Institutions;

/// What the customers of a bank hold and owe there, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtBank {
    /// Deposits of households and firms.
    pub deposits: Money,
    /// Loans of firms.
    pub loans: Money,
    /// Mortgages.
    pub mortgages: Money,
    /// Consumer credit.
    pub consumer_credit: Money,
}

/// Settles the banks of a region, given what their customers hold and owe; that of the first bank, which also keeps the accounts of the
/// region's fund, is what is left. Loans to households are booked where they are granted.
///
/// Equation: `D_b = sum of its customers' deposits`, `L_b` likewise, `R_b' = R_b + (D_b - D_b^0) - (L_b - L_b^0)`, so own funds of no bank
/// move.
/// Source: settlement in central-bank money, CPMI-IOSCO, Principles for financial market infrastructures (2012), principle 9.
pub fn settle(banks: &mut [Bank], customers: &[AtBank]) {
    let Some((first, others)) = banks.split_first_mut() else { return };
    for (bank, with) in others.iter_mut().zip(&customers[1..]) {
        let (gained, lent) = (with.deposits - bank.deposits, with.loans - bank.loans);
        bank.deposits += gained;
        bank.loans += lent;
        bank.reserves += gained - lent;
        first.deposits -= gained;
        first.loans -= lent;
        first.reserves -= gained - lent;
    }
}

/// Cuts an amount into parts in proportion to weights, whole minor units; the first part is what is left.
#[must_use]
pub fn split(amount: Money, weights: &[Money]) -> Vec<Money> {
    let total: i128 = weights.iter().map(|&x| i128::from(x.max(0))).sum();
    let share = |weight: Money| if total > 0 { weight.max(0) as f64 / total as f64 } else { 0.0 };
    let mut parts: Vec<Money> = weights.iter().map(|&weight| ad_valorem(amount, share(weight))).collect();
    if let Some((first, others)) = parts.split_first_mut() {
        *first = amount - others.iter().sum::<Money>();
    }
    parts
}

/// What the households and firms that each bank of a region serves hold and owe there.
#[must_use]
pub fn of_customers(customers: &Customers<'_>, region: usize) -> Vec<AtBank> {
    let of = |bank: usize| {
        let with = |line: Line| narrowed(customers.with(bank, line));
        AtBank {
            deposits: with(Line::BankDeposits),
            loans: with(Line::BankLoans),
            mortgages: with(Line::BankMortgages),
            consumer_credit: with(Line::BankConsumerCredit),
        }
    };
    customers.geography().banks_of(region).map(of).collect()
}

/// Opens the accounts of a region's banks, given what their customers hold and owe and deposits of the fund at the first bank, which brings
/// bonds and reserves of all.
///
/// Bonds are shared by deposits, own funds and the profit that is expected by what is lent, weighted (the ratio of both is what banks are held
/// to); reserves are what is left.
pub fn open_banks(banks: &mut [Bank], customers: &[AtBank], fund: Money) {
    let Some((first, others)) = banks.split_first_mut() else { return };
    for with in customers {
        first.deposits += with.deposits;
        first.loans += with.loans;
        first.mortgages += with.mortgages;
        first.consumer_credit += with.consumer_credit;
    }
    first.deposits += fund;
    let deposits: Vec<Money> = customers.iter().map(|with| with.deposits).collect();
    let weighted = |with: &AtBank| {
        let AtBank { loans, mortgages, consumer_credit, .. } = *with;
        round_half_even(Bank { loans, mortgages, consumer_credit, ..Bank::default() }.weighted())
    };
    let lent: Vec<Money> = customers.iter().map(weighted).collect();
    let (bonds, funds, all) = (split(first.bonds, &deposits), split(first.equity(), &lent), lent.iter().sum::<Money>());
    let expected = first.profit_expected;
    for (at, bank) in (1..).zip(others) {
        let AtBank { deposits, loans, mortgages, consumer_credit } = customers[at];
        (bank.deposits, bank.loans, bank.bonds) = (deposits, loans, bonds[at]);
        (bank.mortgages, bank.consumer_credit) = (mortgages, consumer_credit);
        bank.reserves = funds[at] + deposits - bank.lent() - bonds[at];
        bank.own_funds = bank.equity();
        bank.profit_expected = if all > 0 { expected * lent[at] as f64 / all as f64 } else { 0.0 };
        first.deposits -= bank.deposits;
        first.loans -= bank.loans;
        first.mortgages -= bank.mortgages;
        first.consumer_credit -= bank.consumer_credit;
        first.bonds -= bank.bonds;
        first.reserves -= bank.reserves;
        first.profit_expected -= bank.profit_expected;
    }
    first.own_funds = first.equity();
}

/// System: banks of a region settle.
pub fn settle_banks(
    geography: Res<Geography>,
    mut institutions: Institutions,
    (households, lineages): (Query<&Block<Household>>, Query<&Block<Lineage>>),
    books: Query<&Books>,
) {
    if geography.banks.len() == geography.region_count() {
        return;
    }
    let payments = institutions.open();
    let customers = Customers::new(&geography, rows(&households), rows(&lineages), columns(&books));
    for k in 0..geography.region_count() {
        settle(&mut payments.banks[geography.banks_of(k)], &of_customers(&customers, k));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(deposits: Money, loans: Money) -> AtBank {
        AtBank { deposits, loans, ..AtBank::default() }
    }

    #[test]
    fn reserves_make_up_for_what_customers_paid() {
        let bank = |deposits, loans, reserves| Bank { loans, reserves, deposits, ..Bank::default() };
        let mut banks = [bank(100, 60, 50), bank(80, 40, 50)];
        let before = banks.map(|b| b.equity());
        // Customers of the second got 15 from those of the first, and 5 in credit that was booked at the first.
        settle(&mut banks, &[with(85, 55), with(100, 45)]);
        assert_eq!((banks[1].deposits, banks[1].loans, banks[1].reserves), (100, 45, 65));
        assert_eq!((banks[0].deposits, banks[0].loans, banks[0].reserves), (80, 55, 35));
        assert_eq!(banks.map(|b| b.equity()), before);
    }

    #[test]
    fn banks_open_with_the_same_own_funds_to_loans() {
        let mut banks = [Bank { bonds: 90, reserves: 70, profit_expected: 4.0, ..Bank::default() }, Bank::default()];
        // Deposits of 200 and 20 of the fund, loans of 100: own funds of 40.
        open_banks(&mut banks, &[with(120, 75), with(80, 25)], 20);
        assert_eq!(banks.each_ref().map(|b| (b.deposits, b.loans, b.bonds)), [(140, 75, 54), (80, 25, 36)]);
        assert_eq!(banks.each_ref().map(Bank::equity), [30, 10]);
        assert_eq!(banks.each_ref().map(|b| (b.reserves, b.own_funds)), [(41, 30), (29, 10)]);
        assert!((banks[1].profit_expected - 1.0).abs() < 1e-12);
        let mut one = [Bank { bonds: 90, reserves: 70, profit_expected: 4.0, ..Bank::default() }];
        open_banks(&mut one, &[with(200, 100)], 20);
        assert_eq!((one[0].bonds, one[0].reserves, one[0].own_funds), (90, 70, 40));
        let lent = Bank { loans: 100, mortgages: 100, consumer_credit: 20, ..Bank::default() };
        // 100 + 0.35 x 100 + 0.75 x 20
        assert!((lent.weighted() - 150.0).abs() < 1e-12 && lent.lent() == 220);
        // Mortgages of 100, a third of the own funds of as many loans: 0.35 / 1.35 of 60 for the first, here the second bank has the loans.
        let mut two = [Bank { bonds: 20, reserves: 80, ..Bank::default() }, Bank::default()];
        open_banks(&mut two, &[AtBank { mortgages: 100, ..with(140, 0) }, with(100, 100)], 0);
        assert_eq!(two.each_ref().map(|b| (b.mortgages, b.loans, b.own_funds)), [(100, 0, 16), (0, 100, 44)]);
    }

    #[test]
    fn an_amount_is_cut_without_loss() {
        assert_eq!(split(100, &[1, 2]), [33, 67]);
        assert_eq!(split(-100, &[1, 2]), [-33, -67]);
        assert_eq!(split(7, &[5]), [7]);
        assert_eq!(split(7, &[0, 0]), [7, 0]);
    }
}
