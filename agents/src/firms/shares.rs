//! New shares of firms, and shares that firms buy back: what owners put into the fund beyond what it returns to them.

use std::ops::Range;

use bevy_ecs::prelude::{Query, Res};
use engine::columns::{columns, columns_mut};
use engine::money::{Money, ad_valorem};
use rayon::prelude::*;

use crate::accounts::Why;
use crate::axes::{Branch, Industry, RegionId};
use crate::components::{Bank, Books, Firm, Flows, Phase, Plant};
use crate::geography::Geography;
use crate::given::Given;
use crate::households::lives::Lives;
use crate::households::lives::homes::build_homes;
use crate::paying::Institutions;
use crate::state::Fund;

/// Share of a gap between what the fund keeps and aims at that goes into shares of firms in a month, or is taken out of them.
///
/// Chosen: money that owners put in is at work within a year or so, and a month's trade moves no firm.
const INVESTED: f64 = 1.0 / 12.0;

/// What the fund pays firms for new shares, money; below zero what firms pay for shares that they buy back.
///
/// Equation: `S = (R - R*) / T`, with the reserve `R` that the fund keeps, what it aims at `R*`, and the time `T`.
/// Source: System of National Accounts 2008, 4.116 and 11.94: what is paid into an investment fund is invested for its owners and no income of
/// theirs; the time is ours.
#[must_use]
pub fn invested(fund: &Fund, speed: f64) -> f64 {
    speed * (fund.reserve as f64 - fund.reserve_target)
}

/// Part of their weights that firms trade, by the bank they are customers of, given what the fund pays, weights, and what banks can lend.
///
/// Firms repay loans with what the fund pays them, each in proportion to what it owes; for what they pay the fund they borrow, in proportion to
/// what their capital is still worth to a bank, as far as banks can lend. What nobody can take or pay stays in the reserve.
///
/// Equation: `s = min(1, |S| / sum w)` at every bank, with weights `w` of loans `B`, or of room to borrow `max(0, v P K - B)`; of the latter no more
/// than the bank's own funds allow, `min(s, L_b / w_b)`.
/// Source: Modigliani and Miller (1958), shares in the place of debt; Kiyotaki and Moore (1997), loans within the value of what stands behind them.
#[must_use]
pub fn traded(paid: f64, weights: &[f64], lendable: &[f64]) -> Vec<f64> {
    let all: f64 = weights.iter().sum();
    let part = if all > 0.0 { (paid.abs() / all).min(1.0) } else { 0.0 };
    let limited = |(&weight, &room): (&f64, &f64)| if part * weight > room { room / weight } else { part };
    if paid > 0.0 { vec![part; weights.len()] } else { weights.iter().zip(lendable).map(limited).collect() }
}

/// Capital of an industry of a region, volume.
fn of_homes(geography: &Geography, plants: &[Plant], of: Branch) -> f64 {
    geography.cells[of].iter().map(|&firm| plants[firm as usize].capital.as_f64()).sum()
}

/// Whether the fund trades shares of a firm: it works, and no other firm owns it.
fn open_to_the_fund(firm: &Firm) -> bool {
    firm.owner().is_none() && matches!(firm.phase, Phase::Running | Phase::Office)
}

/// System: firms repay loans with what the fund pays for new shares, or borrow to buy shares back; homes of the fund are built as capital that is
/// homes grows. Where households are persons alone the fund keeps nothing, and nothing happens.
pub fn trade_shares(
    given: Given,
    lives: Res<Lives>,
    mut institutions: Institutions,
    mut firms: Query<(&Firm, &mut Books, &mut Flows)>,
    plants: Query<&Plant>,
) {
    let Given { settings, p, geography, .. } = &given;
    let mut payments = institutions.open();
    let (firm, books, flows) = columns_mut(&mut firms);
    let (plants, speed) = (columns(&plants), settings.monthly(INVESTED));
    for region in 0..lives.regions.len() {
        if let Some(industry) = geography.products.housing {
            let capital = of_homes(geography, plants, (RegionId(region), Industry(industry)));
            build_homes(&mut payments.regions.states[region], capital / given.base.regions[region].capital[industry]);
        }
        let state = &payments.regions.states[region];
        let (paid, worth) = (invested(&state.fund, speed), p.firms.loan_to_value_limit * state.prices.capital);
        let weight = |i: usize, books: &Books| match () {
            () if !open_to_the_fund(&firm[i]) => 0,
            () if paid > 0.0 => books.loans,
            () => ((worth * plants[i].capital.as_f64()) as Money - books.loans).max(0),
        };
        let banks = geography.banks_of(region);
        let rows: Vec<Range<usize>> = banks.clone().map(|bank| geography.customers(bank).1).collect();
        let sum = |rows: &Range<usize>| rows.clone().into_par_iter().map(|i| i128::from(weight(i, &books[i]))).sum();
        let weights: Vec<f64> = rows.iter().map(|rows| -> i128 { sum(rows) }).map(|sum| sum as f64).collect();
        let lendable = |bank: &Bank| (bank.equity() as f64 / p.credit.bank_capital_ratio - bank.weighted()).max(0.0);
        let lendable: Vec<f64> = payments.banks[banks.clone()].iter().map(lendable).collect();
        for ((bank, rows), part) in banks.zip(rows).zip(traded(paid, &weights, &lendable)) {
            let (first, sign) = (rows.start, if paid > 0.0 { -1 } else { 1 });
            let trade = |(at, (books, flows)): (usize, (&mut Books, &mut Flows))| {
                let amount = ad_valorem(weight(first + at, books), part);
                books.loans += sign * amount;
                flows.net_borrowing += sign * amount;
                amount
            };
            let pairs = books[rows.clone()].par_iter_mut().zip(&mut flows[rows]);
            let amount: Money = pairs.enumerate().map(trade).sum();
            let (shares, debt) = if paid > 0.0 {
                (Why::SharesIssued, Why::LoansRepaid)
            } else {
                (Why::SharesRetired, Why::LoansGranted)
            };
            payments.post_at(bank, shares, amount);
            payments.post_at(bank, debt, amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn what_is_put_into_the_fund_goes_into_shares_within_a_year() {
        let fund = |reserve| Fund { reserve, reserve_target: 1_000.0, ..Fund::default() };
        // A twelfth of 240 more, or less, than it aims at.
        near(invested(&fund(1_240), 1.0 / 12.0), 20.0);
        near(invested(&fund(760), 1.0 / 12.0), -20.0);
    }

    #[test]
    fn firms_repay_what_they_owe_and_borrow_as_far_as_banks_can_lend() {
        // 20 of loans of 150 and 50; no more than all.
        assert_eq!(traded(20.0, &[150.0, 50.0], &[0.0; 2]), [0.1; 2]);
        assert_eq!(traded(300.0, &[150.0, 50.0], &[0.0; 2]), [1.0; 2]);
        // For 20 that are bought back the first bank would lend 15, and can lend 3.
        assert_eq!(traded(-20.0, &[150.0, 50.0], &[3.0, 9.0]), [0.02, 0.1]);
        assert_eq!(traded(20.0, &[0.0], &[9.0]), [0.0]);
    }
}
