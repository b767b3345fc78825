//! Impulse responses: the effect of a policy tick by tick, as a mean over seeds.

use crate::paired::{Estimate, estimate};

/// How a policy series is compared with its baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Percent of the baseline.
    Percent,
    /// Difference in the unit of the series.
    Difference,
}

/// Effect of the policy in each tick of one seed.
///
/// # Panics
/// If the series are not equally long.
#[must_use]
pub fn effect(policy: &[f64], baseline: &[f64], scale: Scale) -> Vec<f64> {
    assert_eq!(policy.len(), baseline.len(), "both runs cover the same ticks");
    policy
        .iter()
        .zip(baseline)
        .map(|(policy, baseline)| match scale {
            Scale::Percent => 100.0 * (policy / baseline - 1.0),
            Scale::Difference => policy - baseline,
        })
        .collect()
}

/// Mean effect and interval in each tick over seeds. Seeds in the outer list.
///
/// # Panics
/// If the seeds cover different numbers of ticks.
#[must_use]
pub fn response(effects: &[Vec<f64>]) -> Vec<Estimate> {
    let Some(first) = effects.first() else {
        return Vec::new();
    };
    assert!(effects.iter().all(|effect| effect.len() == first.len()), "all seeds cover the same ticks");
    (0..first.len())
        .filter_map(|tick| estimate(&effects.iter().map(|effect| effect[tick]).collect::<Vec<_>>()))
        .collect()
}

/// Means of consecutive groups of `length` ticks; an incomplete last group is left out.
#[must_use]
pub fn averaged(series: &[f64], length: usize) -> Vec<f64> {
    series.chunks_exact(length.max(1)).map(|group| group.iter().sum::<f64>() / group.len() as f64).collect()
}

/// The lowest and the highest of the first six quarterly means of an effect, if they were run.
#[must_use]
pub fn six_quarters(effect: &[f64], ticks_per_year: usize) -> Option<[f64; 2]> {
    let quarters = averaged(effect, (ticks_per_year / 4).max(1));
    let first = quarters.get(..6)?;
    let fold = |start: f64, choose: fn(f64, f64) -> f64| first.iter().copied().fold(start, choose);
    Some([fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_in_percent_and_in_units() {
        assert_eq!(effect(&[110.0, 95.0], &[100.0, 100.0], Scale::Difference), [10.0, -5.0]);
        let percent = effect(&[110.0, 95.0], &[100.0, 50.0], Scale::Percent);
        assert!((percent[0] - 10.0).abs() < 1e-9 && (percent[1] - 90.0).abs() < 1e-9);
    }

    #[test]
    fn a_response_is_the_mean_over_seeds() {
        let found = response(&[vec![0.0, 1.0], vec![0.0, 3.0]]);
        assert_eq!(found.len(), 2);
        assert!((found[1].mean - 2.0).abs() < 1e-12);
        // Two observations 1 and 3: s = sqrt(2), s / sqrt(2) = 1, times 12.706.
        assert!((found[1].half_width - 12.706).abs() < 1e-9);
        assert!(response(&[]).is_empty());
    }

    #[test]
    fn averages_leave_out_an_incomplete_group() {
        assert_eq!(averaged(&[1.0, 2.0, 3.0, 4.0, 5.0, 9.0, 100.0], 3), [2.0, 6.0]);
    }

    #[test]
    fn six_quarters_of_months_by_hand() {
        // Quarterly means 0, -1, -2, -3, -4, -5 and a seventh that is left out.
        let months: Vec<f64> = (0..21).map(|month| -f64::from(month / 3) + f64::from(month % 3) - 1.0).collect();
        assert_eq!(six_quarters(&months, 12), Some([-5.0, 0.0]));
        assert_eq!(six_quarters(&months[..17], 12), None);
    }
}
