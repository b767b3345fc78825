//! Exact money and volumes, and the only roundings that lead into them.
//!
//! Floats enter through [`payment`], [`converted`], [`ad_valorem`], [`round_half_even`] and [`Volume::rounded`]; everything else is
//! integer arithmetic.
//!
//! Both are counted in minor units, so nothing about the numbers tells them apart; their types do. A [`Volume`] is a type of its
//! own, and [`Money`] the plain integer: one of the two being a type is enough that neither is compared with, or added to, the
//! other.
//!
//! Lossy casts and float arithmetic are denied in this file except in the functions that say why.

#![deny(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap
)]

mod volume;

use bytemuck::Pod;

pub use self::volume::Volume;
use crate::range::out_of_range;

/// An amount of money in minor units (cents) of a region's currency.
pub type Money = i64;

/// What a unit of any volume costs in the base year: a volume and its value at base-year prices are the same number.
pub const BASE_PRICE: f64 = 1.0;

/// The ratio 1 in the Q32 fixed-point form of [`ratio_q32`] and [`scale_q32`].
pub const ONE_Q32: u64 = 1 << 32;

/// Every f64 of at least this size is outside i64 (2^63, exact in binary).
const I64_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// Numbers below this size (2^51) are rounded by adding [`SHIFT`].
const SHIFT_LIMIT: f64 = 2_251_799_813_685_248.0;

/// One and a half times 2^52: numbers of this size have a spacing of one.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// The integer nearest to an `x` of less than 2^51, halves to the even neighbour, as a number: for loops over whole
/// amounts in `f64`.
#[must_use]
#[inline]
#[expect(clippy::float_arithmetic, reason = "the sum has no bits below one, so the addition itself rounds")]
pub fn nearest(x: f64) -> f64 {
    debug_assert!(x.abs() < SHIFT_LIMIT, "{x} is too large to round by shifting");
    (x + SHIFT) - SHIFT
}

/// Rounds `x` to the nearest integer, halves to the even neighbour.
///
/// # Panics
/// If `x` is not finite or lies outside the range of i64.
#[must_use]
#[inline]
#[track_caller]
#[expect(clippy::cast_possible_wrap, clippy::float_arithmetic, reason = "the range is checked before the cast")]
pub fn round_half_even(x: f64) -> i64 {
    if x.abs() < SHIFT_LIMIT {
        // The sum has no bits below one, so the addition itself rounds, halves to even; its low bits are the integer.
        return (x + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as i64;
    }
    large(x)
}

/// [`round_half_even`] of what is not small. Apart, as is [`large_or`], so that what is small, nearly all there is, needs one
/// comparison and no room for a message.
#[cold]
#[inline(never)]
#[track_caller]
#[expect(clippy::cast_possible_truncation, clippy::float_arithmetic, reason = "the range is checked before the cast")]
fn large(x: f64) -> i64 {
    let rounded = x.round_ties_even();
    if !(-I64_LIMIT..I64_LIMIT).contains(&rounded) {
        out_of_range(format!("cannot turn {x} into an integer amount: it is not finite or exceeds 2^63 minor units"));
    }
    rounded as i64
}

/// A product rounded half to even, or the end with a message.
#[inline]
#[track_caller]
fn rounded(product: f64, message: impl FnOnce() -> String) -> Money {
    if product.abs() < SHIFT_LIMIT { round_half_even(product) } else { large_or(product, message) }
}

#[cold]
#[inline(never)]
#[track_caller]
fn large_or(product: f64, message: impl FnOnce() -> String) -> Money {
    if product.abs() < I64_LIMIT { large(product) } else { out_of_range(message()) }
}

/// An exact sum as money.
///
/// # Panics
/// With an [`OutOfRange`](crate::range::OutOfRange) if it exceeds the range of money.
#[must_use]
pub fn narrowed(sum: i128) -> Money {
    Money::try_from(sum).unwrap_or_else(|_| out_of_range(format!("a sum of {sum} minor units exceeds 2^63")))
}

/// The money due for `volume` at `price` (money per unit of volume), rounded half to even.
///
/// The product is taken in f64: exact to the minor unit while the result stays below 2^53 (9e15), to 53 significant
/// bits beyond, and the same on every machine in either case.
///
/// # Panics
/// If the product is not finite or lies outside the range of i64.
#[must_use]
#[inline]
#[track_caller]
#[expect(clippy::float_arithmetic, reason = "the one product of a price and a volume")]
pub fn payment(price: f64, volume: Volume) -> Money {
    rounded(price * volume.as_f64(), || {
        format!("payment of {volume} units at price {price} is not finite or exceeds 2^63 minor units")
    })
}

/// `amount` in another currency at `rate` (units of that currency per unit of its own), rounded half to even.
///
/// # Panics
/// If the product is not finite or lies outside the range of i64.
#[must_use]
#[inline]
#[track_caller]
#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "the one product of a rate and an amount")]
pub fn converted(amount: Money, rate: f64) -> Money {
    rounded(rate * amount as f64, || {
        format!("{amount} minor units at the rate {rate} of another currency are not finite or exceed 2^63 minor units")
    })
}

/// The money due on `base` at the ad-valorem `rate` (0.1 is ten percent), rounded half to even.
///
/// # Panics
/// If the product is not finite or lies outside the range of i64.
#[must_use]
#[inline]
#[track_caller]
#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "the one product of a rate and a base")]
pub fn ad_valorem(base: Money, rate: f64) -> Money {
    rounded(rate * base as f64, || {
        format!("rate {rate} on a base of {base} minor units is not finite or exceeds 2^63 minor units")
    })
}

/// What can be split without loss: counts, money and volumes.
pub trait Whole: Pod {
    /// The units it counts.
    fn units(self) -> i64;
}

impl Whole for i64 {
    fn units(self) -> i64 {
        self
    }
}

impl Whole for Volume {
    fn units(self) -> i64 {
        self.count()
    }
}

/// Splits `total` in proportion to `weights` so that the parts in `out` sum to it exactly (largest remainder, ties to
/// the lower index).
///
/// Weights are read relative to the largest one with a resolution of 2^-52; a weight below that counts as zero. A
/// negative total is split like its absolute value with the sign turned. A zero total gives zeros whatever the weights.
///
/// # Panics
/// If the lengths differ, if a weight is negative or not finite, or if a non-zero total meets weights that are all zero.
#[track_caller]
#[expect(
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    reason = "weights become integers relative to the largest: at most 2^52, rounded"
)]
pub fn split_pro_rata<T: Whole>(total: T, weights: &[f64], out: &mut [T]) {
    const RESOLUTION: f64 = 4_503_599_627_370_496.0; // 2^52
    let mut largest = 0.0_f64;
    for (index, &weight) in weights.iter().enumerate() {
        if !weight.is_finite() || weight < 0.0 {
            out_of_range(format!(
                "weight {index} of a pro-rata split is {weight}: weights must be finite and not negative"
            ));
        }
        largest = largest.max(weight);
    }
    let (total, out) = (total.units(), bytemuck::cast_slice_mut(out));
    if largest <= 0.0 {
        return split_pro_rata_integer(total, &vec![0; weights.len()], out);
    }
    let scaled: Vec<i64> =
        weights.iter().map(|&weight| (weight / largest * RESOLUTION).round_ties_even() as i64).collect();
    split_pro_rata_integer(total, &scaled, out);
}

/// Splits `total` in proportion to integer `weights` so that the parts in `out` sum to it exactly (largest remainder,
/// ties to the lower index). All arithmetic is exact. An entry of weight zero receives nothing.
///
/// # Panics
/// If the lengths differ, if a weight is negative, or if a non-zero total meets weights that are all zero.
#[track_caller]
pub fn split_pro_rata_integer(total: i64, weights: &[i64], out: &mut [i64]) {
    assert_eq!(weights.len(), out.len(), "a pro-rata split needs one output per weight");
    out.fill(0);
    if total == 0 {
        return;
    }
    let mut sum: u128 = 0;
    for (index, &weight) in weights.iter().enumerate() {
        sum += u128::from(non_negative(weight, || format!("weight {index} of a pro-rata split")));
    }
    if sum == 0 {
        out_of_range(format!("cannot split {total} minor units over weights that are all zero"));
    }
    let magnitude = u128::from(total.unsigned_abs());
    let sign: i64 = if total < 0 { -1 } else { 1 };
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut given: u128 = 0;
    for (index, &weight) in weights.iter().enumerate() {
        // Below 2^64 * 2^63, so the product fits.
        let product = magnitude * u128::from(weight.unsigned_abs());
        let share = product / sum;
        given += share;
        out[index] = signed(share, sign);
        remainders.push((product % sum, index));
    }
    // The remainders sum to `left * sum` and each is below `sum`, so at least `left + 1` of them are positive (if any):
    // nothing of weight zero is served.
    let left = usize::try_from(magnitude - given).expect("fewer minor units are left over than there are weights");
    if left > 0 {
        remainders.select_nth_unstable_by(left - 1, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for &(_, index) in &remainders[..left] {
            out[index] += sign;
        }
    }
}

/// `floor(volume * ratio)` for a Q32 ratio, for instance from [`ratio_q32`].
///
/// # Panics
/// If the result lies outside the range of i64, which a ratio of at most [`ONE_Q32`] cannot cause.
#[must_use]
#[track_caller]
pub fn scale_q32(volume: Volume, ratio_q32: u64) -> Volume {
    let scaled = (i128::from(volume.count()) * i128::from(ratio_q32)) >> 32;
    let units = i64::try_from(scaled)
        .unwrap_or_else(|_| out_of_range(format!("{volume} scaled by {ratio_q32} / 2^32 exceeds 2^63 minor units")));
    Volume::new(units)
}

/// `floor(num / den)` as a Q32 fixed-point ratio, capped at [`ONE_Q32`]: the share of a demand `den` that a supply
/// `num` can serve. Parts scaled by it never sum to more than `num`. A zero `den` gives [`ONE_Q32`]: no demand is
/// left unserved.
///
/// # Panics
/// If either argument is negative.
#[must_use]
#[track_caller]
pub fn ratio_q32(num: Volume, den: Volume) -> u64 {
    let num = non_negative(num.count(), || "the numerator of a ratio".to_owned());
    let den = non_negative(den.count(), || "the denominator of a ratio".to_owned());
    if num >= den {
        return ONE_Q32;
    }
    let ratio = (u128::from(num) << 32) / u128::from(den);
    u64::try_from(ratio).expect("a ratio below one is below 2^32")
}

#[track_caller]
fn non_negative(value: i64, what: impl Fn() -> String) -> u64 {
    u64::try_from(value).unwrap_or_else(|_| out_of_range(format!("{} is {value}: it must not be negative", what())))
}

fn signed(share: u128, sign: i64) -> i64 {
    // i64::MIN has no positive counterpart, so the sign is applied in i128.
    let share = i128::try_from(share).expect("a share is at most 2^63");
    i64::try_from(share * i128::from(sign)).expect("a share is at most the total")
}

#[cfg(test)]
#[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "tests compare with float arithmetic")]
mod tests {
    use super::*;
    use crate::rng::hash;

    #[test]
    fn rounding_by_addition_is_rounding_to_even() {
        let limit = 1_i64 << 51;
        for x in
            [0.0, 0.5, 1.5, 2.5, -0.5, -1.5, 0.499_999_999_999_999_94, 1e15 + 0.5, limit as f64 - 0.5, limit as f64]
        {
            for x in [x, -x, x + 1.0, x - 1.0, x + 0.25] {
                assert!((round_half_even(x) as f64 - x.round_ties_even()).abs() < 0.5, "{x}");
                assert!(x.abs() >= limit as f64 || (nearest(x) - x.round_ties_even()).abs() < 0.5, "{x}");
            }
        }
    }

    #[test]
    fn rounding_goes_to_the_even_neighbour() {
        let rows = [(0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (-1.5, -2), (2.500_001, 3), (-2.4, -2), (7.0, 7)];
        for (x, expected) in rows {
            assert_eq!(round_half_even(x), expected, "{x}");
        }
        assert_eq!(round_half_even(-9_223_372_036_854_775_808.0), i64::MIN);
    }

    /// Whether something leaves the range of numbers, with these words.
    fn refused<T>(work: impl FnOnce() -> T, words: &str) -> bool {
        crate::range::within(work).is_err_and(|thrown| thrown.0.contains(words))
    }

    #[test]
    fn rounding_refuses_what_has_no_integer() {
        assert!(refused(|| round_half_even(f64::NAN), "cannot turn NaN into an integer amount"));
        assert!(refused(|| round_half_even(9_223_372_036_854_775_808.0), "exceeds 2^63"));
    }

    #[test]
    fn payments_and_shares() {
        for (price, volume, due) in [(1.0, 123, 123), (1.5, 3, 4), (0.5, -3, -2), (1.1, 0, 0)] {
            assert_eq!(payment(price, Volume::new(volume)), due);
            assert_eq!(converted(volume, price), due);
        }
        assert_eq!(ad_valorem(1_000, 0.1), 100);
        assert_eq!(ad_valorem(5, 0.1), 0);
        assert_eq!(ad_valorem(15, 0.1), 2);
        assert_eq!(ad_valorem(-1_000, 0.25), -250);
    }

    #[test]
    fn payments_out_of_range_name_the_price() {
        assert!(refused(|| payment(f64::INFINITY, Volume::new(3)), "payment of 3 units at price inf"));
        assert!(refused(|| payment(2.0, Volume::MAX), "payment of 9223372036854775807 units at price 2"));
        assert!(refused(|| ad_valorem(i64::MAX, f64::NAN), "rate NaN on a base of"));
    }

    #[test]
    fn split_gives_the_remainder_to_the_largest_then_the_lowest() {
        let rows: [(i64, &[i64], &[i64]); 7] = [
            (10, &[1, 1, 1], &[4, 3, 3]),
            (11, &[1, 1, 1], &[4, 4, 3]),
            (-11, &[1, 1, 1], &[-4, -4, -3]),
            (100, &[2, 0, 1], &[67, 0, 33]),
            (1, &[0, 0, 5, 5], &[0, 0, 1, 0]),
            (i64::MIN, &[1, 3], &[i64::MIN / 4, i64::MIN / 4 * 3]),
            (0, &[0, 0], &[0, 0]),
        ];
        for (total, weights, expected) in rows {
            let mut out = vec![9; weights.len()];
            split_pro_rata_integer(total, weights, &mut out);
            assert_eq!(out, expected, "{total} over {weights:?}");
        }
    }

    #[test]
    fn float_split_is_exact_and_near_proportional() {
        for case in 0..200_u64 {
            let n = 1 + case % 17;
            let weights: Vec<f64> =
                (0..n).map(|i| if i % 5 == 4 { 0.0 } else { crate::rng::unit(hash(case, i, 1)) + 1e-9 }).collect();
            let total = (hash(case, 0, 2) >> 4) as i64 - (1 << 59);
            let mut out = vec![0; weights.len()];
            split_pro_rata(total, &weights, &mut out);
            assert_eq!(out.iter().sum::<i64>(), total);
            let sum: f64 = weights.iter().sum();
            for (part, weight) in out.iter().zip(&weights) {
                let exact = total as f64 * weight / sum;
                assert!((*part as f64 - exact).abs() <= 1.0 + 1e-14 * (total as f64).abs(), "{part} {exact}");
                assert!(*weight > 0.0 || *part == 0);
            }
        }
    }

    #[test]
    fn subnormal_and_huge_weights_split_alike() {
        let mut small = [0; 2];
        let mut huge = [0; 2];
        split_pro_rata(9, &[f64::MIN_POSITIVE, 2.0 * f64::MIN_POSITIVE], &mut small);
        split_pro_rata(9, &[f64::MAX / 2.0, f64::MAX], &mut huge);
        assert_eq!(small, [3, 6]);
        assert_eq!(huge, [3, 6]);
    }

    #[test]
    fn split_refuses_weights_that_give_no_shares() {
        let zero = "cannot split 5 minor units over weights that are all zero";
        assert!(refused(|| split_pro_rata(5, &[0.0, 0.0], &mut [0; 2]), zero));
        assert!(refused(|| split_pro_rata(5, &[1.0, -1.0], &mut [0; 2]), "weight 1 of a pro-rata split is -1"));
        assert!(refused(|| ratio_q32(Volume::new(-1), Volume::new(2)), "the numerator of a ratio is -1"));
    }

    #[test]
    fn rationing_never_hands_out_more_than_there_is() {
        for case in 0..2_000_u64 {
            let asked = |i| Volume::new((hash(case, i, 3) >> (2 + case % 30)) as i64 >> 6);
            let demands: Vec<Volume> = (0..=case % 40).map(asked).collect();
            let demand: Volume = demands.iter().sum();
            let supply = Volume::new((hash(case, 7, 4) >> (2 + case % 33)) as i64);
            let ratio = ratio_q32(supply, demand);
            let served: Volume = demands.iter().map(|&d| scale_q32(d, ratio)).sum();
            assert!(ratio <= ONE_Q32 && served <= supply.min(demand), "case {case}");
            // Floors lose at most one unit and one step of the ratio a buyer.
            let lost = demands.len() as i64 + (demand.count() >> 32) + 1;
            assert!(served >= supply.min(demand) - Volume::new(lost), "case {case}: {served} of {supply}");
        }
    }

    #[test]
    fn ratio_edges() {
        let ratio = |num, den| ratio_q32(Volume::new(num), Volume::new(den));
        assert_eq!(ratio(0, 0), ONE_Q32);
        assert_eq!(ratio(5, 0), ONE_Q32);
        assert_eq!(ratio(0, 5), 0);
        assert_eq!(ratio(1, 2), ONE_Q32 / 2);
        assert_eq!(ratio(i64::MAX, 1), ONE_Q32);
        assert_eq!(scale_q32(Volume::MAX, ONE_Q32), Volume::MAX);
        assert_eq!(scale_q32(Volume::new(-3), ONE_Q32 / 2), Volume::new(-2), "floor, also below zero");
    }
}
