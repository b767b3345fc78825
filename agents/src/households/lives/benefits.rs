//! What measures grant to units by age: pensions topped up to a least pension, and payments for children.
//!
//! Children are no rows: a household has as many as chance gives it, drawn anew every fifteen years.

use engine::math::exp;
use engine::money::{Money, round_half_even};
use engine::rng::unit;

use super::ageing::more_children;
use super::{Draw, Life};
use crate::components::Career;
use crate::given::Given;
use crate::parameters::DutyRevenueUse;
use crate::state::RegionState;

/// Months for which a child is one, and its household has as many as it has: under 15, the age group of the table.
const CHILDHOOD: u64 = 180;

/// Most children of a household. Bound of the rule: at 1.6 expected, the most of any region, one in 30,000 has more.
const MOST: u32 = 8;

/// Benefits of a region in a tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Benefits {
    /// Least pension of a person, money, without the index of prices.
    least_pension: f64,
    /// Payment for a child, money, without the index of prices.
    a_child: f64,
    /// Payment for a child out of duties, money.
    of_duties: f64,
    /// Children expected a person of working age; none where nothing is paid for them.
    expected: f64,
    seed: u64,
    tick: u64,
}

/// Number of children, given the expected number and a uniform draw.
///
/// Equation: the least `n` with `sum_{k <= n} e^-m m^k / k! > u`, with the expected number `m` and the draw `u`: a Poisson number.
/// Source: Winkelmann (2008), Econometric Analysis of Count Data, for counts of children; one mean for all incomes is chosen, since the tables give
/// ages by region and not by income.
#[must_use]
pub fn number_of_children(expected: f64, drawn: f64) -> u32 {
    let mut part = exp(-expected);
    let (mut below, mut number) = (part, 0);
    while drawn >= below && number < MOST {
        number += 1;
        part *= expected / f64::from(number);
        below += part;
    }
    number
}

impl Benefits {
    /// Of a region.
    #[must_use]
    pub fn of(given: &Given, life: &Life, state: &RegionState, region: usize) -> Self {
        let (measures, treasury) = (given.measures(), &state.treasury);
        let rate = |rate: f64| rate * life.net * given.settings.months_per_tick() * treasury.debt_transfers;
        let paid = measures.child_benefit[region] > 0.0;
        let asked = paid || given.p.fiscal.duty_revenue_use == DutyRevenueUse::ChildBenefit;
        Self {
            least_pension: rate(measures.minimum_pension[region]),
            a_child: rate(measures.child_benefit[region]),
            of_duties: treasury.child_benefit,
            expected: if asked { life.setting.children * more_children(life, state) } else { 0.0 },
            seed: given.settings.seed,
            tick: given.tick.0.into(),
        }
    }

    /// What the pension of a person is topped up by, given the index of prices.
    ///
    /// Equation: `max(0, P_min i - P)`, with the least pension `P_min`, prices `i` and the pension `P`.
    /// Source: minimum pensions, OECD, Pensions at a Glance.
    #[must_use]
    pub fn topped_up(&self, career: &Career, pension: Money, index: f64) -> Money {
        if career.retired { (round_half_even(self.least_pension * index) - pension).max(0) } else { 0 }
    }

    /// Children who live in a household; none with pensioners.
    #[must_use]
    pub fn children(&self, household: u64, members: u8, retired: bool) -> u32 {
        if retired || self.expected <= 0.0 {
            return 0;
        }
        // Households take turns, as everywhere.
        let turn = (self.tick + CHILDHOOD - household % CHILDHOOD) / CHILDHOOD;
        let drawn = unit(Draw::Child.key(self.seed, turn).with(household));
        number_of_children(self.expected * f64::from(members), drawn)
    }

    /// What is paid for so many children, given the index of prices.
    #[must_use]
    pub fn of_children(&self, children: u32, index: f64) -> Money {
        round_half_even((self.a_child * index + self.of_duties) * f64::from(children))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_pensions_are_topped_up_and_nobody_elses() {
        let benefits = Benefits { least_pension: 200.0, ..Benefits::default() };
        let retired = Career { retired: true, ..Career::default() };
        // At prices 5% higher, 210.
        assert_eq!([0, 150, 210, 300].map(|pension| benefits.topped_up(&retired, pension, 1.05)), [210, 60, 0, 0]);
        assert_eq!(benefits.topped_up(&Career::default(), 0, 1.05), 0);
        assert_eq!(Benefits::default().topped_up(&retired, 0, 1.0), 0);
    }

    #[test]
    fn children_are_as_many_as_the_table_has_and_stay_for_fifteen_years() {
        // At one expected: 37% have none, 74% at most one, 92% at most two.
        assert_eq!([0.36, 0.37, 0.73, 0.74, 0.919, 0.92].map(|u| number_of_children(1.0, u)), [0, 1, 1, 2, 2, 3]);
        assert_eq!((number_of_children(0.0, 0.999), number_of_children(1.0, 1.0)), (0, MOST));
        let at = |tick| Benefits { expected: 0.3, seed: 7, tick, a_child: 40.0, of_duties: 2.0, ..Benefits::default() };
        let all = |tick, members| (0..20_000).map(|id| at(tick).children(id, members, false)).collect::<Vec<_>>();
        let mean = |found: &[u32]| f64::from(found.iter().sum::<u32>()) / found.len() as f64;
        let (one, two) = (all(1, 1), all(1, 2));
        assert!((mean(&one) - 0.3).abs() < 0.02 && (mean(&two) - 0.6).abs() < 0.03, "{} {}", mean(&one), mean(&two));
        assert_eq!(at(1).children(5, 3, true), 0);
        // In a month one household in 180 draws anew, and in fifteen years all do once.
        let moved = |to: u64| (0..20_000_usize).filter(|&id| two[id] != all_of(&at(to), id)).count();
        assert!(moved(2) < 20_000 / 180 + 1, "{}", moved(2));
        assert!(moved(181) > 8_000);
        // Two children: 2 x (40 x 1.1 + 2).
        assert_eq!(at(1).of_children(2, 1.1), 92);
    }

    fn all_of(benefits: &Benefits, id: usize) -> u32 {
        benefits.children(id as u64, 2, false)
    }
}
