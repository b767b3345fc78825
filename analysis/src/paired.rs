//! Means and intervals over seeds, of paired differences.
//!
//! A policy run and a baseline run of the same seed share their draws, so the noise they have in common cancels in
//! their difference.

/// A mean over seeds with its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Half the width of the 95% interval of the mean; infinite for a single observation.
    pub half_width: f64,
    /// Number of observations.
    pub count: usize,
}

impl Estimate {
    /// Lower end of the interval.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.mean - self.half_width
    }

    /// Upper end of the interval.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.mean + self.half_width
    }
}

/// Mean and 95% interval of observations that are independent draws of one normal variable; `None` without any.
///
/// Equation: `m +- t_{0.975, n-1} s / sqrt(n)`. Source: Student (1908).
#[must_use]
pub fn estimate(observations: &[f64]) -> Option<Estimate> {
    let count = observations.len();
    if count == 0 {
        return None;
    }
    let n = count as f64;
    let mean = observations.iter().sum::<f64>() / n;
    if count == 1 {
        return Some(Estimate { mean, half_width: f64::INFINITY, count });
    }
    let variance = observations.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    Some(Estimate { mean, half_width: student_quantile(count - 1) * (variance / n).sqrt(), count })
}

/// Mean and 95% interval of `policy - baseline`, pair by pair.
///
/// # Panics
/// If the two are not equally long.
#[must_use]
pub fn paired(policy: &[f64], baseline: &[f64]) -> Option<Estimate> {
    assert_eq!(policy.len(), baseline.len(), "every policy run needs its baseline");
    let differences: Vec<f64> = policy.iter().zip(baseline).map(|(a, b)| a - b).collect();
    estimate(&differences)
}

/// Ratio of two means of paired observations with its 95% interval; `None` for fewer than two, or where the lower one is nothing.
///
/// Equation: `r = mean(a) / mean(b)`, `s^2 = sum (a_i - r b_i)^2 / (n (n - 1)) / mean(b)^2`. Source: Cochran (1977), ratio estimator, equation 2.46. A mean of
/// ratios would be ruled by the seeds whose lower number is near zero.
///
/// # Panics
/// If the two are not equally long.
#[must_use]
pub fn ratio(above: &[f64], below: &[f64]) -> Option<Estimate> {
    assert_eq!(above.len(), below.len(), "observations come in pairs");
    let (count, n) = (above.len(), above.len() as f64);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (a, b) = (mean(above), mean(below));
    if count < 2 || b == 0.0 {
        return None;
    }
    let r = a / b;
    let spread: f64 = above.iter().zip(below).map(|(a, b)| (a - r * b) * (a - r * b)).sum();
    let error = (spread / (n * (n - 1.0))).sqrt() / b.abs();
    Some(Estimate { mean: r, half_width: student_quantile(count - 1) * error, count })
}

/// 97.5% quantiles of Student's distribution with 1 to 30 degrees of freedom.
const QUANTILES: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/// 97.5% quantile of Student's distribution, to three digits; beyond 30 degrees of freedom by the first terms of its
/// expansion around the normal quantile (Fisher and Cornish 1960).
///
/// # Panics
/// Without degrees of freedom.
#[must_use]
pub fn student_quantile(degrees_of_freedom: usize) -> f64 {
    assert!(degrees_of_freedom > 0, "an interval needs two observations");
    if let Some(quantile) = QUANTILES.get(degrees_of_freedom - 1) {
        return *quantile;
    }
    let (z, n) = (1.959_964_f64, degrees_of_freedom as f64);
    let (z3, z5) = (z * z * z, z * z * z * z * z);
    z + (z3 + z) / (4.0 * n) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within, "{a} is not {b}");
    }

    #[test]
    fn four_pairs_by_hand() {
        // Differences 1, 2, 3, 6: mean 3, squared deviations 4 + 1 + 0 + 9 = 14, s^2 = 14/3, s/sqrt(4) = 1.0801.
        let found = paired(&[11.0, 12.0, 13.0, 16.0], &[10.0; 4]).expect("four pairs");
        close(found.mean, 3.0, 1e-12);
        close(found.half_width, 3.182 * (14.0_f64 / 12.0).sqrt(), 1e-9);
        assert_eq!(found.count, 4);
        close(found.low(), 3.0 - 3.4370, 1e-4);
    }

    #[test]
    fn common_noise_cancels() {
        let noise = [5.0, -80.0, 33.0];
        let policy: Vec<f64> = noise.iter().map(|x| x + 2.0).collect();
        let found = paired(&policy, &noise).expect("three pairs");
        close(found.mean, 2.0, 1e-12);
        close(found.half_width, 0.0, 1e-12);
    }

    #[test]
    fn a_ratio_of_means_by_hand() {
        // Means 4 and 2: 2. Deviations 3 - 2, 4 - 4, 5 - 6: squares 1 + 0 + 1 over 3 x 2, root over 2.
        let found = ratio(&[3.0, 4.0, 5.0], &[1.0, 2.0, 3.0]).expect("three pairs");
        close(found.mean, 2.0, 1e-12);
        close(found.half_width, 4.303 * (2.0_f64 / 6.0).sqrt() / 2.0, 1e-9);
        assert_eq!(ratio(&[1.0], &[1.0]), None);
        assert_eq!(ratio(&[1.0, 2.0], &[0.0, 0.0]), None);
    }

    #[test]
    fn few_observations() {
        assert_eq!(estimate(&[]), None);
        let one = estimate(&[7.0]).expect("one");
        close(one.mean, 7.0, 0.0);
        assert!(one.half_width.is_infinite());
    }

    #[test]
    fn quantiles_join_the_expansion() {
        close(student_quantile(7), 2.365, 1e-9);
        close(student_quantile(31), 2.0395, 5e-4);
        close(student_quantile(60), 2.0003, 5e-4);
        close(student_quantile(100_000), 1.96, 1e-3);
    }
}
