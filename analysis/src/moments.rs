//! Moments of series: how much they vary, how long deviations last, and what moves with what.

/// Sample standard deviation; not a number for fewer than two values.
#[must_use]
pub fn deviation(series: &[f64]) -> f64 {
    let n = series.len() as f64;
    let mean = series.iter().sum::<f64>() / n;
    (series.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}

/// Autocorrelation at a lag: the products of deviations from the mean over the whole sum of squares (the usual estimator,
/// which leans towards zero).
#[must_use]
pub fn autocorrelation(series: &[f64], lag: usize) -> f64 {
    let mean = series.iter().sum::<f64>() / series.len() as f64;
    let products = series.iter().zip(series.iter().skip(lag)).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>();
    products / series.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
}

/// Pearson's correlation of two series.
///
/// # Panics
/// If they are not equally long.
#[must_use]
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "both series cover the same ticks");
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let product = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>();
    let square = |series: &[f64], mean: f64| series.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    product / (square(a, ma) * square(b, mb)).sqrt()
}

/// Correlation of `a` with `b` some ticks later (earlier if `lead` is negative), over the ticks both have.
#[must_use]
pub fn cross_correlation(a: &[f64], b: &[f64], lead: i32) -> f64 {
    let shift = lead.unsigned_abs() as usize;
    if shift >= a.len().min(b.len()) {
        return f64::NAN;
    }
    let (first, second) = if lead >= 0 { (a, b) } else { (b, a) };
    correlation(&first[..first.len() - shift], &second[shift..])
}

/// Slope of the least-squares line of `y` on `x`; not a number if `x` does not vary.
#[must_use]
pub fn slope(x: &[f64], y: &[f64]) -> f64 {
    correlation(x, y) * deviation(y) / deviation(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::hodrick_prescott;
    use crate::filters::tests::sample;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
    }

    // statsmodels 0.14, acf(c, fft=False), and numpy's corrcoef(c[2:], c[:-2]), c the cycle of the filters' sample.
    #[test]
    fn correlations_as_statsmodels_and_numpy() {
        let cycle = hodrick_prescott(&sample(), 1600.0);
        for (lag, expected) in [(0, 1.0), (1, 0.810_836_409_7), (2, 0.700_327_279_7), (3, 0.504_778_527_9)] {
            close(autocorrelation(&cycle, lag), expected);
        }
        close(cross_correlation(&cycle, &cycle, 2), 0.720_882_876_3);
        close(cross_correlation(&cycle, &cycle, -2), 0.720_882_876_3);
        assert!(cross_correlation(&cycle, &cycle, 99).is_nan());
    }

    #[test]
    fn a_line_by_hand() {
        let (x, y) = ([1.0, 2.0, 3.0, 4.0], [5.0, 3.0, 4.0, 0.0]);
        // Sums of squares 5 and 14, of products -7.
        close(slope(&x, &y), -1.4);
        close(correlation(&x, &y), -7.0 / (5.0_f64 * 14.0).sqrt());
        close(deviation(&y), (14.0_f64 / 3.0).sqrt());
    }
}
