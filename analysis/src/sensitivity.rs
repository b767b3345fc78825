//! Which factors of a design matter for a result: Sobol indices and Morris' elementary effects.

use engine::rng::{below, hash};

use crate::paired::Estimate;

/// Resamples of a bootstrap.
const RESAMPLES: u64 = 1000;

/// 97.5% quantile of the normal distribution.
const Z: f64 = 1.959_964;

/// Sobol indices of a factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndex {
    /// Share of the variance that the factor explains alone.
    pub first: Estimate,
    /// Share of the variance that would vanish last if all other factors were known: alone and with others.
    pub total: Estimate,
}

/// Sobol indices of `factors` factors from the results of a Saltelli design: for every sample A, A with each factor of B, B.
/// `None` without samples or if nothing varies.
///
/// Equations: `S_i = mean(f(B) (f(A_B^i) - f(A))) / V` (Saltelli et al. 2010, table 2, b) and
/// `T_i = mean((f(A) - f(A_B^i))^2) / (2 V)` (Jansen 1999), V the variance of all f(A) and f(B), after taking the mean of all
/// results from each. Intervals: 1.96 standard deviations over bootstrap resamples of the samples.
///
/// # Panics
/// If the results are not whole blocks of `factors + 2`.
#[must_use]
pub fn sobol(results: &[f64], factors: usize) -> Option<Vec<SobolIndex>> {
    assert!(results.len().is_multiple_of(factors + 2), "results of a Saltelli design come in blocks");
    let mean = results.iter().sum::<f64>() / results.len() as f64;
    let centred: Vec<Vec<f64>> =
        results.chunks(factors + 2).map(|block| block.iter().map(|x| x - mean).collect()).collect();
    let all: Vec<usize> = (0..centred.len()).collect();
    let found = indices(&centred, &all, factors)?;
    let resampled = bootstrap(centred.len(), |sample| indices(&centred, sample, factors));
    Some(
        (0..factors)
            .map(|f| SobolIndex {
                first: spread(found[f].0, &resampled, |x| x[f].0, centred.len()),
                total: spread(found[f].1, &resampled, |x| x[f].1, centred.len()),
            })
            .collect(),
    )
}

/// First and total index of every factor from some of the blocks.
fn indices(blocks: &[Vec<f64>], sample: &[usize], factors: usize) -> Option<Vec<(f64, f64)>> {
    let n = sample.len() as f64;
    let ends = || sample.iter().flat_map(|&k| [blocks[k][0], blocks[k][factors + 1]]);
    let mean = ends().sum::<f64>() / (2.0 * n);
    let variance = ends().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (2.0 * n);
    if sample.is_empty() || variance <= 0.0 {
        return None;
    }
    let of = |f: usize| {
        let (mut first, mut total) = (0.0, 0.0);
        for &k in sample {
            let (a, mixed, b) = (blocks[k][0], blocks[k][1 + f], blocks[k][factors + 1]);
            first += b * (mixed - a);
            total += (a - mixed) * (a - mixed);
        }
        (first / n / variance, total / (2.0 * n) / variance)
    };
    Some((0..factors).map(of).collect())
}

/// Elementary effects of a factor, per unit of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MorrisIndex {
    /// Mean effect.
    pub mean: f64,
    /// Mean absolute effect (Campolongo, Cariboni and Saltelli 2007), with its interval.
    pub absolute: Estimate,
    /// Standard deviation of the effects: how far the factor acts with others or not in proportion.
    pub deviation: f64,
}

/// Elementary effects from the points of a Morris design, each in `[0, 1]` a factor, and their results; `None` without any.
///
/// Source: Morris (1991). The interval of the absolute effect is 1.96 standard deviations over bootstrap resamples.
///
/// # Panics
/// If the points are not whole trajectories, each step changing one factor.
#[must_use]
pub fn morris(points: &[Vec<f64>], results: &[f64]) -> Option<Vec<MorrisIndex>> {
    assert_eq!(points.len(), results.len(), "every point has a result");
    let factors = points.first()?.len();
    assert!(points.len().is_multiple_of(factors + 1), "points of a Morris design come in trajectories");
    let mut effects = vec![Vec::new(); factors];
    for (points, results) in points.chunks(factors + 1).zip(results.chunks(factors + 1)) {
        for step in 0..factors {
            let changed = (0..factors).find(|&f| (points[step + 1][f] - points[step][f]).abs() > 1e-9);
            let f = changed.expect("every step changes a factor");
            effects[f].push((results[step + 1] - results[step]) / (points[step + 1][f] - points[step][f]));
        }
    }
    let index = |effects: &Vec<f64>| {
        let n = effects.len() as f64;
        let mean = effects.iter().sum::<f64>() / n;
        let squares: f64 = effects.iter().map(|x| (x - mean) * (x - mean)).sum();
        let absolute = effects.iter().map(|x| x.abs()).sum::<f64>() / n;
        let resampled = bootstrap(effects.len(), |sample| {
            Some(sample.iter().map(|&k| effects[k].abs()).sum::<f64>() / sample.len() as f64)
        });
        MorrisIndex {
            mean,
            absolute: spread(absolute, &resampled, |x| *x, effects.len()),
            deviation: if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { f64::NAN },
        }
    };
    Some(effects.iter().map(index).collect())
}

/// A statistic of resamples with replacement; the draws are always the same.
fn bootstrap<T>(count: usize, statistic: impl Fn(&[usize]) -> Option<T>) -> Vec<T> {
    (0..RESAMPLES)
        .filter_map(|resample| {
            let draw = |k: u64| below(hash(0xb007, resample, k), count as u32) as usize;
            statistic(&(0..count as u64).map(draw).collect::<Vec<_>>())
        })
        .collect()
}

/// An estimate whose interval is as wide as the resampled ones spread.
fn spread<T>(found: f64, resampled: &[T], of: impl Fn(&T) -> f64, count: usize) -> Estimate {
    let n = resampled.len() as f64;
    let mean = resampled.iter().map(&of).sum::<f64>() / n;
    let variance = resampled.iter().map(|x| (of(x) - mean) * (of(x) - mean)).sum::<f64>() / (n - 1.0);
    let half_width = if count > 1 && n > 1.0 { Z * variance.sqrt() } else { f64::INFINITY };
    Estimate { mean: found, half_width, count }
}

#[cfg(test)]
mod tests {
    use engine::math::sin;
    use engine::rng::unit;

    use super::*;

    /// Ishigami and Homma (1990): sin x + 7 sin^2 y + 0.1 z^4 sin x on [-pi, pi]^3. Its indices are known.
    fn ishigami(x: &[f64]) -> f64 {
        let at = |k: usize| std::f64::consts::PI * (2.0 * x[k] - 1.0);
        sin(at(0)) + 7.0 * sin(at(1)) * sin(at(1)) + 0.1 * at(2).powi(4) * sin(at(0))
    }

    #[test]
    fn the_indices_of_ishigami() {
        let draw = |n: u64, f: u64, which: u64| unit(hash(which, n, f));
        let mut results = Vec::new();
        for n in 0..8192 {
            let a: Vec<f64> = (0..3).map(|f| draw(n, f, 1)).collect();
            let b: Vec<f64> = (0..3).map(|f| draw(n, f, 2)).collect();
            results.push(ishigami(&a));
            for f in 0..3 {
                let mut mixed = a.clone();
                mixed[f] = b[f];
                results.push(ishigami(&mixed));
            }
            results.push(ishigami(&b));
        }
        let found = sobol(&results, 3).expect("indices");
        for (index, (first, total)) in found.iter().zip([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]) {
            assert!((index.first.mean - first).abs() < 0.04, "{index:?}");
            assert!((index.total.mean - total).abs() < 0.04, "{index:?}");
            assert!((index.first.mean - first).abs() < 2.0 * index.first.half_width + 1e-9, "{index:?}");
        }
    }

    #[test]
    fn nothing_varies() {
        assert_eq!(sobol(&[3.0; 10], 3), None);
        assert_eq!(sobol(&[], 3), None);
        assert_eq!(morris(&[], &[]), None);
    }

    #[test]
    fn elementary_effects_by_hand() {
        // 2 x - 3 y + 4 x y along two trajectories with steps of 2/3.
        let f = |x: f64, y: f64| 2.0 * x - 3.0 * y + 4.0 * x * y;
        let step = 2.0 / 3.0;
        let points = vec![
            vec![0.0, 0.0],
            vec![step, 0.0],
            vec![step, step],
            vec![1.0, 1.0],
            vec![1.0, 1.0 - step],
            vec![1.0 - step, 1.0 - step],
        ];
        let results: Vec<f64> = points.iter().map(|p| f(p[0], p[1])).collect();
        let found = morris(&points, &results).expect("effects");
        // Effects of x: 2 at y = 0, and 2 + 4/3 at y = 1/3; of y: -3 + 8/3 at x = 2/3, and -3 + 4 at x = 1.
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} is not {b}");
        close(found[0].mean, 8.0 / 3.0);
        close(found[0].deviation, (2.0 / 3.0) * (2.0_f64).sqrt());
        close(found[1].mean, 1.0 / 3.0);
        close(found[1].absolute.mean, 2.0 / 3.0);
    }
}
