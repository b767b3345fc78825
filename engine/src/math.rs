//! Transcendental functions that give the same bits on every machine, and sums that give the same bits on any
//! number of threads.
//!
//! Whoever needs `exp`, `ln` or `pow` calls this module and never the methods of `f64`, whose last bit depends on the
//! platform's C library. The functions come from the `libm` crate (1.2 to 3.3 times the cost of the platform's).

use rayon::prelude::*;

/// The number of elements that [`ordered_sum`] and its relatives add up before combining. Part of the definition of
/// the result: changing it changes the last bits of every recorded sum.
pub const SUM_CHUNK: usize = 4096;

const LANES: usize = 8;

/// e to the power `x`.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// e to the power `x` to a part in 10^11, at a third of the cost of [`exp`]; beyond +-700 that of the bound.
///
/// `2^n` times the Taylor polynomial of ninth degree of what is left, at most `ln(2) / 2`.
#[must_use]
#[inline]
pub fn exp_near(x: f64) -> f64 {
    // The sum has no bits below one, so the addition itself rounds; its low bits are the integer.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + SHIFT;
    let r = x - (shifted - SHIFT) * std::f64::consts::LN_2;
    let (r2, r4) = (r * r, (r * r) * (r * r));
    let low = (1.0 + r) + r2 * (1.0 / 2.0 + r * (1.0 / 6.0));
    let middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
    let high = 1.0 / 40_320.0 + r * (1.0 / 362_880.0);
    let rest = low + r4 * (middle + r4 * high);
    f64::from_bits(rest.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// The larger of two numbers neither of which is NaN: one instruction, where `f64::max` takes six to look for NaN.
#[must_use]
#[inline]
pub fn larger(a: f64, b: f64) -> f64 {
    debug_assert!(!a.is_nan() && !b.is_nan());
    if a > b { a } else { b }
}

/// The smaller of two, likewise.
#[must_use]
#[inline]
pub fn smaller(a: f64, b: f64) -> f64 {
    debug_assert!(!a.is_nan() && !b.is_nan());
    if a < b { a } else { b }
}

/// Natural logarithm to 10^-10, at a third of the cost of [`ln`], of numbers that are positive, finite and not subnormal.
///
/// `n ln(2)` plus twice the inverse hyperbolic tangent of `(m - 1) / (m + 1)`, as a polynomial; `m` is within a root of two of one.
#[must_use]
#[inline]
pub fn ln_near(x: f64) -> f64 {
    const ROOT_OF_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    debug_assert!((f64::MIN_POSITIVE..f64::INFINITY).contains(&x), "{x} has no logarithm here");
    let power = x.to_bits().wrapping_sub(ROOT_OF_HALF).cast_signed() >> 52;
    let m = f64::from_bits(x.to_bits().wrapping_sub((power << 52).cast_unsigned()));
    let s = (m - 1.0) / (m + 1.0);
    let (s2, s4) = (s * s, (s * s) * (s * s));
    let low = 1.0 + s2 * (1.0 / 3.0);
    let middle = 1.0 / 5.0 + s2 * (1.0 / 7.0);
    let high = 1.0 / 9.0 + s2 * (1.0 / 11.0);
    power as f64 * std::f64::consts::LN_2 + 2.0 * s * (low + s4 * (middle + s4 * high))
}

/// e to the power `x`, minus one, accurate near zero.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Natural logarithm; NaN below zero, minus infinity at zero.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Natural logarithm of `1 + x`, accurate near zero.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// `base` to the power `exponent`; small whole exponents are products.
#[must_use]
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    const MINUS_TWO: u64 = (-2.0_f64).to_bits();
    const MINUS_ONE: u64 = (-1.0_f64).to_bits();
    const ONE: u64 = 1.0_f64.to_bits();
    const TWO: u64 = 2.0_f64.to_bits();
    match exponent.to_bits() {
        MINUS_TWO => 1.0 / (base * base),
        MINUS_ONE => 1.0 / base,
        ONE => base,
        TWO => base * base,
        _ => libm::pow(base, exponent),
    }
}

/// Square root (correctly rounded, hence the same everywhere).
#[must_use]
#[inline]
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}

/// Hyperbolic tangent.
#[must_use]
pub fn tanh(x: f64) -> f64 {
    libm::tanh(x)
}

/// Sine of an angle in radians.
#[must_use]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Error function.
#[must_use]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// Logistic function `1 / (1 + exp(-x))`, without overflow for large arguments of either sign.
#[must_use]
pub fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exp(-x))
    } else {
        let e = exp(x);
        e / (1.0 + e)
    }
}

/// The sum of `values`, the same bits for any number of threads: chunks of [`SUM_CHUNK`] are summed in parallel, each
/// in a fixed order, and the partial sums are combined in order in the same way.
#[must_use]
pub fn ordered_sum(values: &[f64]) -> f64 {
    ordered_sum_by(values, |&value| value)
}

/// The sum of `f` over `items`, the same bits for any number of threads and equal to [`ordered_sum`] over the mapped
/// values.
#[must_use]
pub fn ordered_sum_by<T: Sync>(items: &[T], f: impl Fn(&T) -> f64 + Sync) -> f64 {
    if items.len() <= SUM_CHUNK {
        return chunk_sum(items, &f);
    }
    let partials: Vec<f64> = items.par_chunks(SUM_CHUNK).map(|chunk| chunk_sum(chunk, &f)).collect();
    ordered_sum(&partials)
}

fn chunk_sum<T>(items: &[T], f: &impl Fn(&T) -> f64) -> f64 {
    // Eight running sums let the processor overlap the additions; their order is fixed by the index alone.
    let mut lanes = [0.0_f64; LANES];
    let (blocks, tail) = items.as_chunks::<LANES>();
    for block in blocks {
        for (lane, item) in lanes.iter_mut().zip(block) {
            *lane += f(item);
        }
    }
    for (lane, item) in lanes.iter_mut().zip(tail) {
        *lane += f(item);
    }
    ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]))
}

/// The exact sum of `values`. Cannot overflow: it would take 2^64 elements.
#[must_use]
pub fn exact_sum(values: &[i64]) -> i128 {
    exact_sum_by(values, |&value| value)
}

/// The exact sum of `f` over `items`. Integer addition commutes, so the order of the threads does not matter.
#[must_use]
pub fn exact_sum_by<T: Sync>(items: &[T], f: impl Fn(&T) -> i64 + Sync) -> i128 {
    let sum = |chunk: &[T]| chunk.iter().map(|item| i128::from(f(item))).sum::<i128>();
    if items.len() <= SUM_CHUNK { sum(items) } else { items.par_chunks(SUM_CHUNK).map(sum).sum() }
}

/// Folds `items` chunk by chunk in parallel and hands the partial results to `merge` in the order of the chunks, so
/// that even a merge that does not commute gives the same result on any number of threads. `fold` receives the index
/// of the first item of its chunk.
///
/// # Panics
/// If `chunk` is zero.
pub fn ordered_fold<T: Sync, A: Send>(
    items: &[T],
    chunk: usize,
    fold: impl Fn(usize, &[T]) -> A + Sync,
    mut merge: impl FnMut(A),
) {
    assert!(chunk > 0, "ordered_fold needs chunks of at least one item");
    let partials: Vec<A> = items.par_chunks(chunk).enumerate().map(|(index, part)| fold(index * chunk, part)).collect();
    for partial in partials {
        merge(partial);
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these tests are about exact bits")]
mod tests {
    use super::*;
    use crate::rng::{hash, unit};

    fn pool(threads: usize) -> rayon::ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
    }

    #[test]
    fn known_values_bit_for_bit() {
        // Correctly rounded reference values, except where libm is one unit in the last place above them (exp(1), and
        // pow by exact rational arithmetic): exactly the kind of bit this module pins down.
        assert_eq!(exp(1.0).to_bits(), std::f64::consts::E.to_bits() + 1);
        assert_eq!(ln(2.0), std::f64::consts::LN_2);
        assert_eq!(pow(2.0, 0.5), std::f64::consts::SQRT_2);
        assert_eq!(pow(1.02, 12.0).to_bits(), 0x3ff4_4ab7_e871_1051_u64 + 1);
        assert_eq!(sqrt(2.0), std::f64::consts::SQRT_2);
        assert_eq!(tanh(0.0), 0.0);
        assert_eq!(logistic(0.0), 0.5);
        assert_eq!(logistic(-1000.0), 0.0);
        assert_eq!(logistic(1000.0), 1.0);
    }

    #[test]
    fn near_functions_are_as_near_as_they_say() {
        let mut worst = [0.0_f64; 2];
        for i in 0..200_000 {
            let x = unit(hash(i, 1, 2)) * 1_400.0 - 700.0;
            let small = x / 350.0;
            for x in [x, small] {
                worst[0] = worst[0].max((exp_near(x) / exp(x) - 1.0).abs());
                worst[1] = worst[1].max((ln_near(exp(x)) - ln(exp(x))).abs());
            }
        }
        assert!(worst[0] < 1e-11 && worst[1] < 1e-10, "{worst:?}");
        assert_eq!([exp_near(0.0), ln_near(1.0), exp_near(-9_000.0)], [1.0, 0.0, exp_near(-700.0)]);
    }

    #[test]
    fn sums_do_not_depend_on_threads() {
        for n in [0, 1, 7, 8, 4095, 4096, 4097, 100_003] {
            let values: Vec<f64> = (0..n).map(|i| unit(hash(i, 1, 2)) * exp(unit(hash(i, 3, 4)) * 40.0)).collect();
            let one = pool(1).install(|| ordered_sum(&values));
            for threads in [2, 3, 8] {
                assert_eq!(pool(threads).install(|| ordered_sum(&values)).to_bits(), one.to_bits(), "{n} {threads}");
            }
            let naive: f64 = values.iter().sum();
            assert!((naive - one).abs() <= naive.abs() * 1e-12);
            assert_eq!(ordered_sum_by(&values, |v| *v).to_bits(), one.to_bits());
        }
    }

    #[test]
    fn integer_sums_leave_the_range_of_i64() {
        let values = vec![i64::MAX; 10_000];
        assert_eq!(exact_sum(&values), i128::from(i64::MAX) * 10_000);
        assert_eq!(exact_sum(&[]), 0);
        assert_eq!(exact_sum_by(&[1_u8, 2, 3], |&v| -i64::from(v)), -6);
    }

    #[test]
    fn fold_merges_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        let mut seen = Vec::new();
        pool(4).install(|| {
            ordered_fold(
                &items,
                64,
                |first, part| {
                    assert_eq!(first, part[0]);
                    part.to_vec()
                },
                |part| seen.extend(part),
            );
        });
        assert_eq!(seen, items);
    }
}
