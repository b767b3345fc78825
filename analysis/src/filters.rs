//! Trend and cycle of a series.
//!
//! Lengths and periods are in ticks of the series: for quarters the usual choices are a smoothness of 1600 and a band of
//! 6 to 32, for months 129600 and 18 to 96 (Ravn and Uhlig 2002 for the smoothness).

use engine::math::sin;

use std::f64::consts::PI;

/// Deviations of a series from its Hodrick-Prescott trend, in its unit.
///
/// Equation: the trend minimizes `sum (x - trend)^2 + smoothness sum (second difference of trend)^2`, so it solves
/// `(I + smoothness K'K) trend = x` with K the second differences. Source: Hodrick and Prescott (1997).
#[must_use]
pub fn hodrick_prescott(series: &[f64], smoothness: f64) -> Vec<f64> {
    let n = series.len();
    if n < 3 {
        return vec![0.0; n];
    }
    // The matrix is symmetric with two bands beside its diagonal: its factors L D L' are found in one pass.
    let mut diagonal = vec![1.0; n];
    let mut near = vec![0.0; n];
    let mut far = vec![0.0; n];
    for row in 0..n - 2 {
        let weights = [1.0, -2.0, 1.0];
        for (k, weight) in weights.iter().enumerate() {
            diagonal[row + k] += smoothness * weight * weight;
        }
        near[row] += smoothness * weights[0] * weights[1];
        near[row + 1] += smoothness * weights[1] * weights[2];
        far[row] += smoothness * weights[0] * weights[2];
    }
    let (mut d, mut first, mut second) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    let mut trend = series.to_vec();
    for k in 0..n {
        let before = |back: usize, of: &[f64]| if k >= back { of[k - back] } else { 0.0 };
        let (l1, l2) = (before(1, &first), before(2, &second));
        d[k] = diagonal[k] - l1 * l1 * before(1, &d) - l2 * l2 * before(2, &d);
        let cross = if k >= 1 { second[k - 1] * first[k - 1] * d[k - 1] } else { 0.0 };
        first[k] = (near[k] - cross) / d[k];
        second[k] = far[k] / d[k];
        trend[k] -= l1 * before(1, &trend) + l2 * before(2, &trend);
    }
    for (value, d) in trend.iter_mut().zip(&d) {
        *value /= d;
    }
    for k in (0..n).rev() {
        let after = |ahead: usize| trend.get(k + ahead).copied().unwrap_or(0.0);
        trend[k] -= first[k] * after(1) + second[k] * after(2);
    }
    series.iter().zip(&trend).map(|(x, trend)| x - trend).collect()
}

/// Weights of the ideal filter that passes periods between `low` and `high`, for lags 0 to `last`.
fn ideal(low: f64, high: f64, last: usize) -> Vec<f64> {
    let (slow, fast) = (2.0 * PI / high, 2.0 * PI / low);
    let weight = |lag: f64| (sin(fast * lag) - sin(slow * lag)) / (PI * lag);
    std::iter::once((fast - slow) / PI).chain((1..=last).map(|lag| weight(lag as f64))).collect()
}

/// The part of a series with periods between `low` and `high`, in its unit: a moving average with `lead` ticks on either
/// side, which are lost at both ends. Empty if the series is not longer than that.
///
/// Source: Baxter and King (1999), with the weights shifted to sum to zero.
#[must_use]
pub fn baxter_king(series: &[f64], low: f64, high: f64, lead: usize) -> Vec<f64> {
    let weights = ideal(low, high, lead);
    let sum = weights[0] + 2.0 * weights[1..].iter().sum::<f64>();
    let shift = sum / (2 * lead + 1) as f64;
    let at = |window: &[f64]| (0..window.len()).map(|k| (weights[k.abs_diff(lead)] - shift) * window[k]).sum::<f64>();
    series.windows(2 * lead + 1).map(at).collect()
}

/// The part of a series with periods between `low` and `high`, in its unit, up to both ends, for a random walk without
/// drift.
///
/// Source: Christiano and Fitzgerald (2003), the asymmetric filter.
#[must_use]
pub fn christiano_fitzgerald(series: &[f64], low: f64, high: f64) -> Vec<f64> {
    let n = series.len();
    if n < 2 {
        return vec![0.0; n];
    }
    let weights = ideal(low, high, n);
    // What lies beyond an end is taken for the value at the end: all weights sum to zero.
    let end = |count: usize| -weights[0] / 2.0 - weights[1..count.max(1)].iter().sum::<f64>();
    let at = |t: usize| {
        let (before, after) = (t, n - 1 - t);
        let inner = weights[0] * series[t]
            + (1..after).map(|lag| weights[lag] * series[t + lag]).sum::<f64>()
            + (1..before).map(|lag| weights[lag] * series[t - lag]).sum::<f64>();
        match (before, after) {
            (0, _) => weights[0] / 2.0 * series[0] + inner - weights[0] * series[0] + end(after) * series[n - 1],
            (_, 0) => end(before) * series[0] + inner - weights[0] / 2.0 * series[n - 1],
            _ => end(before) * series[0] + inner + end(after) * series[n - 1],
        }
    };
    (0..n).map(at).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A trend, a cycle of twenty and a saw: what the reference values are computed from.
    pub(crate) fn sample() -> Vec<f64> {
        let at = |t: u32| 100.0 + 0.3 * f64::from(t) + 2.0 * sin(2.0 * PI * f64::from(t) / 20.0);
        (0..48).map(|t| at(t) + f64::from(t * 7 % 5) * 0.25).collect()
    }

    fn compare(found: &[f64], places: &[usize], expected: &[f64]) {
        for (&place, expected) in places.iter().zip(expected) {
            assert!((found[place] - expected).abs() < 1e-9, "{place}: {} is not {expected}", found[place]);
        }
    }

    // Solved in exact fractions; hpfilter(x, 1600) of statsmodels 0.14 is 5e-9 away from it, this 2e-11.
    #[test]
    fn hodrick_prescott_as_exact_fractions() {
        let expected = [
            -1.650_367_756_443_68,
            -0.442_788_045_361_38,
            -0.658_675_549_750_07,
            1.548_240_288_483_47,
            0.698_518_763_620_65,
            0.750_638_897_008_73,
        ];
        compare(&hodrick_prescott(&sample(), 1600.0), &[0, 1, 10, 25, 46, 47], &expected);
    }

    #[test]
    fn a_straight_line_is_all_trend() {
        let line: Vec<f64> = (0..30).map(|t| 5.0 - 0.2 * f64::from(t)).collect();
        assert!(hodrick_prescott(&line, 1600.0).iter().all(|x| x.abs() < 1e-10));
        assert!(baxter_king(&line, 6.0, 32.0, 8).iter().all(|x| x.abs() < 1e-10));
        assert_eq!(hodrick_prescott(&line[..2], 1600.0), [0.0, 0.0]);
        assert!(baxter_king(&line[..10], 6.0, 32.0, 8).is_empty());
    }

    // bkfilter(x, 6, 32, 12) of statsmodels 0.14.
    #[test]
    fn baxter_king_as_statsmodels() {
        let found = baxter_king(&sample(), 6.0, 32.0, 12);
        assert_eq!(found.len(), 24);
        let expected = [-1.159_212_314_7, -1.589_616_791_0, 1.863_129_137_9, -1.929_810_416_0];
        compare(&found, &[0, 5, 12, 23], &expected);
    }

    // cffilter(x, 6, 32, False) of statsmodels 0.14.
    #[test]
    fn christiano_fitzgerald_as_statsmodels() {
        let expected = [-0.593_596_892_5, 1.731_547_295_3, 0.069_619_595_9, 1.036_469_718_0];
        compare(&christiano_fitzgerald(&sample(), 6.0, 32.0), &[0, 5, 20, 47], &expected);
    }
}
