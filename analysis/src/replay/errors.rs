//! How far a simulated path lies from what was observed, over the months since the first measure.

use std::ops::Range;

/// Errors of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errors {
    /// Months that are compared.
    pub count: usize,
    /// Root mean squared error, in the unit of the series.
    pub root_mean_square: f64,
    /// Mean error, model less observed.
    pub bias: f64,
    /// Mean absolute error.
    pub mean_absolute: f64,
    /// Correlation of changes from month to month, -1 to 1; from three changes on.
    pub change_correlation: Option<f64>,
    /// Share of months in which model and observation have moved in the same direction since before the first measure.
    pub sign_agreement: Option<f64>,
    /// Theil's U against no change since before the first measure; below 1 the model is better.
    pub u_no_change: Option<f64>,
    /// Theil's U against the model's baseline without measures; below 1 the measures bring the model closer.
    pub u_baseline: Option<f64>,
}

/// Changes from which a correlation is computed: of two it is 1 or -1 whatever they are.
const CHANGES: usize = 3;

/// Errors of a model's path; `None` if no month from `first` on is observed. Values that are not numbers are not there. All
/// paths are by tick; `before` are the ticks that stand for the time before the first measure.
///
/// Equations, with `e_t = model_t - observed_t` over the `n` months observed from `first` on and `y_0` the mean over `before`:
/// bias `sum e / n`; mean absolute error `sum |e| / n`; root mean square `sqrt(sum e^2 / n)`;
/// `U = sqrt(sum e^2 / sum (naive - observed)^2)` with the naive path `y_0` of the observations, or the baseline; correlation of
/// `model_t - model_(t-1)` with `observed_t - observed_(t-1)`; agreement of the signs of `model_t - y_0` and `observed_t - y_0`,
/// each with its own `y_0` over the months of `before` that are observed.
///
/// Source: Theil (1966), Applied Economic Forecasting, chapter 2 (U, in the form that compares with a naive forecast); Pearson (1895)
/// for the correlation; Pesaran and Timmermann (1992) count signs of changes. Changed: Theil's naive forecast is the last month's
/// value; a simulation that begins years before does not know it, so the level before the first measure stands in its place.
#[must_use]
pub fn errors(model: &[f64], observed: &[f64], baseline: &[f64], before: Range<usize>, first: usize) -> Option<Errors> {
    let there = |t: &usize| model[*t].is_finite() && observed[*t].is_finite();
    let months: Vec<usize> = (first..observed.len()).filter(there).collect();
    if months.is_empty() {
        return None;
    }
    let n = months.len() as f64;
    let squares = |naive: &dyn Fn(usize) -> f64| -> f64 {
        months.iter().map(|&t| (naive(t) - observed[t]) * (naive(t) - observed[t])).sum()
    };
    let own = squares(&|t| model[t]);
    let theil = |naive: f64| (naive > 0.0).then(|| (own / naive).sqrt());
    let known: Vec<usize> = before.filter(there).collect();
    let level = |path: &[f64]| known.iter().map(|&t| path[t]).sum::<f64>() / known.len() as f64;
    let start = (!known.is_empty()).then(|| [level(model), level(observed)]);
    let agrees = |t: &&usize, [model_0, observed_0]: [f64; 2]| {
        sign(model[**t] - model_0, model_0) == sign(observed[**t] - observed_0, observed_0)
    };
    Some(Errors {
        count: months.len(),
        root_mean_square: (own / n).sqrt(),
        bias: months.iter().map(|&t| model[t] - observed[t]).sum::<f64>() / n,
        mean_absolute: months.iter().map(|&t| (model[t] - observed[t]).abs()).sum::<f64>() / n,
        change_correlation: change_correlation(model, observed, first),
        sign_agreement: start.map(|start| months.iter().filter(|t| agrees(t, start)).count() as f64 / n),
        u_no_change: start.and_then(|start| theil(squares(&|_| start[1]))),
        u_baseline: theil(squares(&|t| baseline[t])),
    })
}

/// -1, 0 or 1; what rounding leaves of a level is 0.
fn sign(change: f64, level: f64) -> i8 {
    if change.abs() <= 1e-12 * level.abs() {
        0
    } else if change > 0.0 {
        1
    } else {
        -1
    }
}

/// Correlation of the changes into each month from `first` on whose month before is there too.
fn change_correlation(model: &[f64], observed: &[f64], first: usize) -> Option<f64> {
    let change = |path: &[f64], t: usize| path[t] - path[t - 1];
    let (a, b): (Vec<f64>, Vec<f64>) = (first.max(1)..observed.len())
        .map(|t| (change(model, t), change(observed, t)))
        .filter(|pair| pair.0.is_finite() && pair.1.is_finite())
        .unzip();
    let n = a.len() as f64;
    let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let product = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum()
    };
    let spread = (product(&a, mean_a, &a, mean_a) * product(&b, mean_b, &b, mean_b)).sqrt();
    (a.len() >= CHANGES && spread > 0.0).then(|| (product(&a, mean_a, &b, mean_b) / spread).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: f64 = f64::NAN;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn errors_by_hand() {
        // Two months before the first measure, then four; errors 1, -1, 2, 0.
        let model = [10.0, 12.0, 13.0, 13.0, 15.0, 16.0];
        let observed = [9.0, 11.0, 12.0, 14.0, 13.0, 16.0];
        let baseline = [10.0, 12.0, 11.0, 11.0, 11.0, 11.0];
        let found = errors(&model, &observed, &baseline, 0..2, 2).expect("months");
        assert_eq!(found.count, 4);
        close(found.root_mean_square, 1.5_f64.sqrt());
        close(found.bias, 0.5);
        close(found.mean_absolute, 1.0);
        // No change: 10 against 12, 14, 13, 16: 4 + 16 + 9 + 36 = 65. Baseline: 1 + 9 + 4 + 25 = 39.
        close(found.u_no_change.expect("U"), (6.0_f64 / 65.0).sqrt());
        close(found.u_baseline.expect("U"), (6.0_f64 / 39.0).sqrt());
        // Both are above where they began (11 and 10) in all months.
        close(found.sign_agreement.expect("signs"), 1.0);
        // Changes 1, 0, 2, 1 and 1, 2, -1, 3: deviations 0, -1, 1, 0 and -0.25, 0.75, -2.25, 1.75.
        let expected = -3.0 / (2.0 * (0.0625 + 0.5625 + 5.0625 + 3.0625_f64)).sqrt();
        close(found.change_correlation.expect("a correlation"), expected);
    }

    #[test]
    fn the_model_itself_has_no_errors() {
        let model = [10.0, 12.0, 13.0, 13.0, 15.0, 16.0];
        let found = errors(&model, &model, &[10.0; 6], 0..2, 2).expect("months");
        close(found.root_mean_square + found.bias.abs() + found.mean_absolute, 0.0);
        close(found.u_no_change.expect("U") + found.u_baseline.expect("U"), 0.0);
        close(found.sign_agreement.expect("signs"), 1.0);
        close(found.change_correlation.expect("a correlation"), 1.0);
    }

    #[test]
    fn what_is_not_observed_is_not_compared() {
        let model = [10.0, 12.0, 13.0, 13.0, 9.0, 16.0];
        // Nothing before: no level to begin from. One month after.
        let found = errors(&model, &[NONE, NONE, NONE, 12.0, NONE, NONE], &[12.0; 6], 0..2, 2).expect("a month");
        assert_eq!((found.count, found.change_correlation), (1, None));
        assert_eq!((found.sign_agreement, found.u_no_change, found.u_baseline), (None, None, None));
        close(found.bias, 1.0);
        // Only the second month before counts, for the model too: 12 and 12; months up and down, down and down.
        let found = errors(&model, &[NONE, 12.0, NONE, 11.0, 11.0, NONE], &[12.0; 6], 0..2, 2).expect("months");
        close(found.sign_agreement.expect("signs"), 0.5);
        close(found.u_no_change.expect("U"), (8.0_f64 / 2.0).sqrt());
        assert_eq!(errors(&model, &[9.0, 9.0, NONE, NONE, NONE, NONE], &[12.0; 6], 0..2, 2), None);
    }
}
