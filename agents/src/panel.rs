//! The panel: households and firms drawn once that a run follows one by one, and what each of these households received in the tick.
//!
//! It lives within a tick and decides nothing: a run with a panel is the run without. The draw depends on seed and map alone, so
//! that worlds that differ in policy follow the same households and firms.

use bevy_ecs::prelude::Resource;
use engine::money::Money;
use engine::rng::Streams;

use crate::geography::{Geography, Span};
use crate::parameters::Parameters;
use crate::state::Settings;
use crate::world::stream;

/// What a household received in a tick, money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipts {
    /// Wages and severance pay of its members.
    pub wages: Money,
    /// Mixed income.
    pub mixed_income: Money,
    /// Dividends of the fund.
    pub dividends: Money,
    /// What the fund returned to its owners out of what others put into it: no part of disposable income in the accounts.
    pub fund_returns: Money,
    /// Interest on deposits.
    pub interest: Money,
    /// Rents of a home of one's own.
    pub rents: Money,
    /// Interest paid on what is owed on it.
    pub mortgage_interest: Money,
    /// Interest paid on consumer credit.
    pub credit_interest: Money,
    /// Income tax paid.
    pub income_tax: Money,
    /// Unemployment benefits and allowances for courses.
    pub benefits: Money,
    /// Pensions, contributions to pension funds taken off.
    pub pensions: Money,
    /// Other transfers, by entitlement or need, and prizes won by lot.
    pub assistance: Money,
    /// Equal payment to every person.
    pub lump_sum: Money,
    /// Child benefits.
    pub child_benefits: Money,
    /// What pensions were topped up by.
    pub pension_supplements: Money,
    /// Deposits when all of this has come in and debts are made and repaid, before anything is bought in shops.
    pub cash: Money,
}

impl Receipts {
    /// Adds what another household received, source by source.
    #[inline]
    pub fn add(&mut self, other: &Self) {
        let Self {
            wages,
            mixed_income,
            dividends,
            fund_returns,
            interest,
            rents,
            mortgage_interest,
            credit_interest,
            income_tax,
            benefits,
            pensions,
            assistance,
            lump_sum,
            child_benefits,
            pension_supplements,
            cash,
        } = other;
        self.wages += wages;
        self.mixed_income += mixed_income;
        self.dividends += dividends;
        self.fund_returns += fund_returns;
        self.interest += interest;
        self.rents += rents;
        self.mortgage_interest += mortgage_interest;
        self.credit_interest += credit_interest;
        self.income_tax += income_tax;
        self.benefits += benefits;
        self.pensions += pensions;
        self.assistance += assistance;
        self.lump_sum += lump_sum;
        self.child_benefits += child_benefits;
        self.pension_supplements += pension_supplements;
        self.cash += cash;
    }

    /// What is earned before tax.
    #[must_use]
    pub fn market(&self) -> Money {
        self.wages + self.mixed_income + self.dividends + self.interest
    }

    /// Rents of a home less interest on debts: neither is taxed.
    #[must_use]
    pub fn housing(&self) -> Money {
        self.rents - self.mortgage_interest - self.credit_interest
    }

    /// Disposable income as in the accounts, pensions included: all of this after tax but for what the fund returned.
    #[must_use]
    pub fn disposable(&self) -> Money {
        self.market() - self.income_tax
            + self.benefits
            + self.pensions
            + self.assistance
            + self.lump_sum
            + self.child_benefits
            + self.pension_supplements
            + self.housing()
    }
}

/// The households and firms that are followed, by ascending row, and what happened to them in the tick.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// Households.
    pub households: Vec<u32>,
    /// Firms.
    pub firms: Vec<u32>,
    /// What each household received in the tick.
    pub receipts: Vec<Receipts>,
}

/// Rows of every region that are followed: so many of each, all where there are not more.
fn drawn(spans: impl Iterator<Item = Span>, count: u32, streams: Streams, kind: u64) -> Vec<u32> {
    let of_region = |(region, span): (usize, Span)| {
        let mut rows: Vec<u32> = (span.start..span.end).collect();
        if (count as usize) < rows.len() {
            streams.sequence(stream::PANEL, 0, 2 * region as u64 + kind).shuffle(&mut rows);
            rows.truncate(count as usize);
            rows.sort_unstable();
        }
        rows
    };
    spans.enumerate().flat_map(of_region).collect()
}

impl Panel {
    /// Draws the panel of a world.
    #[must_use]
    pub fn of(geography: &Geography, p: &Parameters, settings: &Settings) -> Self {
        let streams = Streams::new(settings.seed);
        let regions = || geography.regions.iter();
        Self {
            households: drawn(regions().map(|x| x.households), p.output.panel_households, streams, 0),
            firms: drawn(regions().map(|x| x.firms), p.output.panel_firms, streams, 1),
            receipts: Vec::new(),
        }
    }

    /// Number of households and of firms that a world would follow.
    #[must_use]
    pub fn sizes(geography: &Geography, p: &Parameters) -> [usize; 2] {
        let of = |count: u32, span: fn(&crate::geography::Region) -> Span| {
            geography.regions.iter().map(|region| span(region).len().min(count as usize)).sum()
        };
        [of(p.output.panel_households, |x| x.households), of(p.output.panel_firms, |x| x.firms)]
    }

    /// What is to be noted of the households of a run of rows.
    #[must_use]
    pub fn notes(&self, households: Span) -> Notes<'_> {
        let before = |row: u32| self.households.partition_point(|&known| known < row);
        Notes { rows: &self.households[before(households.start)..before(households.end)], found: Vec::new() }
    }
}

/// What is noted of some households that are visited in their order.
#[derive(Clone, Debug, Default)]
pub struct Notes<'a> {
    /// Those followed that are still to come.
    rows: &'a [u32],
    /// What the others received.
    pub found: Vec<Receipts>,
}

impl Notes<'_> {
    /// Notes what the household of a row received, if it is followed.
    #[inline]
    pub fn take(&mut self, row: u32, received: &Receipts) {
        if let Some((&next, rest)) = self.rows.split_first()
            && next == row
        {
            self.found.push(*received);
            self.rows = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_are_drawn_whatever_the_policy_and_each_is_noted_once() {
        let spans = || [Span { start: 0, end: 10 }, Span { start: 10, end: 13 }].into_iter();
        let rows = drawn(spans(), 4, Streams::new(7), 0);
        assert_eq!(rows, drawn(spans(), 4, Streams::new(7), 0));
        assert_ne!(rows, drawn(spans(), 4, Streams::new(8), 0));
        // Four of ten, all of three, in order.
        assert_eq!(rows.len(), 7);
        assert!(rows.is_sorted() && rows[4..] == [10, 11, 12]);
        let panel = Panel { households: vec![2, 5, 11], ..Panel::default() };
        let mut notes = panel.notes(Span { start: 3, end: 13 });
        for row in 3..13 {
            notes.take(row, &Receipts { wages: row.into(), ..Receipts::default() });
        }
        assert_eq!(notes.found.iter().map(|x| x.wages).collect::<Vec<_>>(), [5, 11]);
    }

    #[test]
    fn what_came_in_adds_up() {
        let received = Receipts {
            wages: 100,
            mixed_income: 10,
            dividends: 20,
            fund_returns: 7,
            interest: 3,
            rents: 9,
            mortgage_interest: 5,
            credit_interest: 1,
            income_tax: 30,
            benefits: 5,
            pensions: 2,
            assistance: 1,
            lump_sum: 4,
            child_benefits: 8,
            pension_supplements: 6,
            cash: 0,
        };
        assert_eq!((received.market(), received.disposable()), (133, 132));
    }
}
