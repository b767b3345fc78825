//! Volumes as a type of their own.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

use bytemuck::{Pod, Zeroable};
use serde::{Deserialize, Serialize};

use super::{Money, round_half_even};

/// A volume in minor units at base-year prices (the quantity that one minor unit bought in the base year).
///
/// Volumes add up with volumes and scale with numbers. To money they lead only through a price ([`payment`](super::payment)),
/// or by name where that price is the one of the base year ([`Volume::at_base_prices`]). In memory, in digests, snapshots and
/// recordings a volume is the integer it counts.
///
/// ```
/// use engine::money::{Volume, payment};
///
/// let (stock, sold) = (Volume::new(10), Volume::new(4));
/// assert_eq!(payment(1.5, stock - sold), 9);
/// ```
///
/// ```compile_fail
/// let (money, stock) = (10_i64, engine::money::Volume::new(10));
/// assert!(money >= stock);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable, Serialize, Deserialize)]
#[repr(transparent)]
#[serde(transparent)]
pub struct Volume(i64);

impl Volume {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest volume.
    pub const MAX: Self = Self(i64::MAX);

    /// A volume of so many minor units.
    #[must_use]
    #[inline]
    pub const fn new(units: i64) -> Self {
        Self(units)
    }

    /// The volume nearest to `x`, halves to the even neighbour.
    ///
    /// # Panics
    /// If `x` is not finite or lies outside the range of i64.
    #[must_use]
    #[inline]
    #[track_caller]
    pub fn rounded(x: f64) -> Self {
        Self(round_half_even(x))
    }

    /// The whole units of `x`, rounded towards zero: the largest volume within a limit that is no whole number. What is
    /// outside the range gives its end, and what is no number nothing.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the part below one is meant to be cut off")]
    pub const fn within(x: f64) -> Self {
        Self(x as i64)
    }

    /// The minor units it counts: for recording, and for sums in wider integers.
    #[must_use]
    #[inline]
    pub const fn count(self) -> i64 {
        self.0
    }

    /// As a number: for shares and rates.
    #[must_use]
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "what is computed from it is rounded anyway")]
    pub const fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// What it is worth at prices of the base year ([`BASE_PRICE`](super::BASE_PRICE)).
    #[must_use]
    #[inline]
    pub const fn at_base_prices(self) -> Money {
        self.0
    }

    /// Whether it is none at all.
    #[must_use]
    #[inline]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether there is any.
    #[must_use]
    #[inline]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether it is owed.
    #[must_use]
    #[inline]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// What there is of it: nothing in place of less than nothing.
    #[must_use]
    #[inline]
    pub fn or_nothing(self) -> Self {
        self.max(Self::ZERO)
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Add for Volume {
    type Output = Self;

    #[inline]
    #[track_caller]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Volume {
    type Output = Self;

    #[inline]
    #[track_caller]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Volume {
    #[inline]
    #[track_caller]
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Volume {
    #[inline]
    #[track_caller]
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Neg for Volume {
    type Output = Self;

    #[inline]
    #[track_caller]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul<i64> for Volume {
    type Output = Self;

    #[inline]
    #[track_caller]
    fn mul(self, times: i64) -> Self {
        Self(self.0 * times)
    }
}

impl Sum for Volume {
    #[inline]
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        Self(items.map(|x| x.0).sum())
    }
}

impl<'a> Sum<&'a Self> for Volume {
    #[inline]
    fn sum<I: Iterator<Item = &'a Self>>(items: I) -> Self {
        Self(items.map(|x| x.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_add_up_and_scale() {
        let [some, more] = [3, 7].map(Volume::new);
        assert_eq!(more - some, Volume::new(4));
        assert_eq!([some, more].iter().sum::<Volume>(), some + more);
        assert_eq!([some, more].into_iter().sum::<Volume>() * 2, Volume::new(20));
        assert!((-some).is_negative() && some.is_positive() && (some - some).is_zero());
        assert_eq!((some - more).or_nothing(), Volume::ZERO);
        assert_eq!(some.to_string(), "3");
    }

    #[test]
    fn numbers_become_volumes_by_name() {
        assert_eq!(Volume::rounded(2.5), Volume::new(2));
        assert_eq!(Volume::rounded(-1.5), Volume::new(-2));
        assert_eq!([2.9, -2.9, f64::NAN].map(Volume::within), [2, -2, 0].map(Volume::new));
        assert_eq!(Volume::within(1e30), Volume::MAX);
    }

    #[test]
    fn a_volume_is_written_as_the_integer_it_counts() {
        use crate::content::Content;
        let (volumes, counts) = ([5, -1, i64::MAX].map(Volume::new).to_vec(), vec![5, -1, i64::MAX]);
        let digest = |feed: &dyn Fn(&mut crate::digest::Digest)| {
            let mut digest = crate::digest::Digest::new();
            feed(&mut digest);
            digest.finish()
        };
        assert_eq!(digest(&|out| volumes.feed(out)), digest(&|out| counts.feed(out)));
        assert_eq!(digest(&|out| volumes[0].feed(out)), digest(&|out| counts[0].feed(out)));
        let pack = |rows: &dyn Fn(&mut Vec<u8>)| {
            let mut out = vec![];
            rows(&mut out);
            out
        };
        assert_eq!(pack(&|out| volumes.pack(out)), pack(&|out| counts.pack(out)));
        assert_eq!(
            crate::codec::encode_to_vec(&volumes).expect("bytes"),
            crate::codec::encode_to_vec(&counts).expect("bytes")
        );
    }
}
