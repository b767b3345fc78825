//! The units of one region in the order of what they have: what every index is computed from.
//!
//! Counts and sums are integers, so that they are exact and do not depend on the order of units.

use engine::math::{pow, sqrt};
use engine::money::round_half_even;

/// Units in ascending order of a value, such as income in minor units. A unit counts as many persons as live in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// Ascending.
    values: Vec<i64>,
    /// Persons of each, in the order of values; none where every unit counts once.
    persons: Vec<u32>,
    /// Persons in all.
    all: i64,
    /// Sum of the values of all persons.
    total: i128,
}

/// Elasticity of needs to persons that results are shown with. Source: square root of size, as in OECD income statistics.
pub const EQUIVALENCE: f64 = 0.5;

/// What a unit of some persons needs relative to a person living alone.
///
/// Equation: `n^e`, with persons `n` and the elasticity `e` of needs: 1 divides by heads, at 0 nobody needs more.
/// Source: Buhmann, Rainwater, Schmaus and Smeeding (1988).
#[must_use]
#[inline]
pub fn needs(persons: u32, elasticity: f64) -> f64 {
    let persons = f64::from(persons);
    // The elasticity that results are shown with needs no power.
    if persons.to_bits() == 1.0_f64.to_bits() || elasticity.to_bits() == EQUIVALENCE.to_bits() {
        return sqrt(persons);
    }
    pow(persons, elasticity)
}

/// Income of a unit as a person living alone would need it for the same standard, minor units rounded half to even.
///
/// Equation: `x / n^e`, with the income `x` of the unit and [`needs`].
/// Source: as there.
#[must_use]
pub fn equivalised(income: f64, persons: u32, elasticity: f64) -> i64 {
    round_half_even(income / needs(persons, elasticity))
}

impl Sample {
    /// Units that count once each.
    #[must_use]
    pub fn new(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        Self::sorted(values, Vec::new())
    }

    /// Units that count as many persons as live in them: value, persons.
    #[must_use]
    pub fn of_persons(mut units: Vec<(i64, u32)>) -> Self {
        if units.iter().all(|unit| unit.1 == 1) {
            // Takes half the room and time.
            return Self::new(units.into_iter().map(|unit| unit.0).collect());
        }
        units.sort_unstable();
        let (values, persons) = units.into_iter().unzip();
        Self::sorted(values, persons)
    }

    fn sorted(values: Vec<i64>, persons: Vec<u32>) -> Self {
        let mut sample = Self { values, persons, all: 0, total: 0 };
        let ranks = 0..sample.units();
        (sample.all, sample.total) = (sample.persons_of(ranks.clone()), sample.sum(ranks));
        sample
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.values.len()
    }

    /// Persons of the unit of a rank.
    #[inline]
    pub(super) fn weight(&self, rank: usize) -> i64 {
        self.persons.get(rank).map_or(1, |&persons| i64::from(persons))
    }

    /// Value and persons of each unit, in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.values.iter().enumerate().map(|(rank, &value)| (value, self.weight(rank)))
    }

    /// Persons in all.
    #[must_use]
    pub fn persons(&self) -> i64 {
        self.all
    }

    /// Sum of the values of all persons.
    #[must_use]
    pub fn total(&self) -> i128 {
        self.total
    }

    /// Number of persons of units of some ranks.
    pub(super) fn persons_of(&self, ranks: std::ops::Range<usize>) -> i64 {
        if self.persons.is_empty() {
            return ranks.len() as i64;
        }
        self.persons[ranks].iter().map(|&x| i64::from(x)).sum()
    }

    /// Sum of the values of the persons of some ranks.
    pub(super) fn sum(&self, ranks: std::ops::Range<usize>) -> i128 {
        if self.persons.is_empty() {
            return self.values[ranks].iter().map(|&value| i128::from(value)).sum();
        }
        ranks.map(|rank| i128::from(self.values[rank]) * i128::from(self.persons[rank])).sum()
    }

    /// Mean of all persons; nothing where nobody is, or where the mean is not above zero, so that nothing is relative to it.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let mean = self.total() as f64 / self.persons() as f64;
        (mean > 0.0).then_some(mean)
    }

    /// Value that half of the persons are below; in the middle of two units where half of the persons end between them. 0 where
    /// nobody is.
    #[must_use]
    pub fn median(&self) -> f64 {
        let all = self.persons();
        let mut below = 0;
        for (rank, (value, persons)) in self.iter().enumerate() {
            below += persons;
            if 2 * below == all {
                return f64::midpoint(value as f64, self.values[rank + 1] as f64);
            }
            if 2 * below > all {
                return value as f64;
            }
        }
        0.0
    }

    /// Number of units whose value lies below a line.
    #[must_use]
    pub fn units_below(&self, line: f64) -> usize {
        self.values.partition_point(|&value| (value as f64) < line)
    }

    /// Number of units whose value lies below a line or on it.
    #[must_use]
    pub fn units_up_to(&self, line: f64) -> usize {
        self.values.partition_point(|&value| (value as f64) <= line)
    }

    /// Number of units whose value lies below the mean of persons who have a sum together; exact.
    pub(super) fn units_below_mean(&self, sum: i128, persons: i64) -> usize {
        self.values.partition_point(|&value| i128::from(value) * i128::from(persons) < sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn two_need_less_than_twice_as_much_as_one() {
        near(needs(1, 0.5), 1.0);
        near(needs(4, 0.5), 2.0);
        near(needs(4, 1.0), 4.0);
        assert_eq!(equivalised(300.0, 1, 0.5), 300);
        assert_eq!(equivalised(400.0, 4, 0.5), 200);
        // 300 / 1.732
        assert_eq!(equivalised(300.0, 3, 0.5), 173);
    }

    #[test]
    fn units_count_their_persons() {
        assert_eq!(Sample::of_persons(vec![(2, 1), (1, 1)]), Sample::new(vec![1, 2]));
        let units = Sample::new(vec![30, -10, 10, 20]);
        assert_eq!((units.units(), units.persons(), units.total()), (4, 4, 50));
        near(units.median(), 15.0);
        near(units.mean().expect("a mean"), 12.5);
        let persons = Sample::of_persons(vec![(30, 2), (10, 1), (20, 1)]);
        assert_eq!((persons.units(), persons.persons(), persons.total()), (3, 4, 90));
        // Two of four end between 20 and 30.
        near(persons.median(), 25.0);
        near(Sample::of_persons(vec![(30, 3), (10, 1)]).median(), 30.0);
        assert_eq!(persons.units_below(20.0), 1);
        assert_eq!(persons.units_below(20.5), 2);
        assert_eq!(persons.units_up_to(20.0), 2);
        assert_eq!([persons.units_below_mean(60, 3), persons.units_below_mean(61, 3)], [1, 2]);
    }

    #[test]
    fn nobody_has_no_mean() {
        assert_eq!(Sample::default().mean(), None);
        assert_eq!(Sample::new(vec![-1, 1]).mean(), None);
        near(Sample::default().median(), 0.0);
    }
}
