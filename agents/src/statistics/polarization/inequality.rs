//! How unequally something is spread. Each index is 0 where nobody is or the mean is not above zero.

use engine::math::ln;

use super::sample::Sample;

/// Gini coefficient: 0 if all have the same, 1 if one has all; above 1 only where values below zero are many.
///
/// Equation: `sum_i sum_j |x_i - x_j| / (2 N^2 mu)` over persons, which of units in ascending order is
/// `sum_i n_i x_i (2 C_(i-1) + n_i - N) / (N X)`, with persons `n_i`, all persons `N`, those before `C_(i-1)`, and the sum of values `X`.
/// Source: Gini (1912); Cowell (2011), chapter 2.
#[must_use]
pub fn gini(sample: &Sample) -> f64 {
    if sample.mean().is_none() {
        return 0.0;
    }
    let all = sample.persons();
    let (mut before, mut sum) = (0, 0_i128);
    for (value, persons) in sample.iter() {
        sum += i128::from(value) * i128::from(persons * (2 * before + persons - all));
        before += persons;
    }
    sum as f64 / (all as f64 * sample.total() as f64)
}

/// Theil's index T: 0 if all have the same, the logarithm of the number of persons if one has all.
///
/// Equation: `sum_i (n_i / N) (x_i / mu) ln(x_i / mu)`. Rule: who has nothing adds the limit, 0; who has less than nothing counts as
/// having nothing, in the mean `mu` too, as bottom-coded surveys do.
/// Source: Theil (1967); Cowell (2011), chapter 3.
#[must_use]
pub fn theil(sample: &Sample) -> f64 {
    let first = sample.units_below(1.0);
    let total = sample.sum(first..sample.units()) as f64;
    if total <= 0.0 {
        return 0.0;
    }
    let mean = total / sample.persons() as f64;
    let (mut sum, mut last, mut logarithm) = (0.0, 0, 0.0);
    for (value, persons) in sample.iter().skip(first) {
        // Neighbours that have the same are frequent: transfers are alike.
        if value != last {
            (last, logarithm) = (value, ln(value as f64 / mean));
        }
        sum += persons as f64 * value as f64 * logarithm;
    }
    sum / total
}

/// Share of the whole that the poorest have, a fraction: the Lorenz curve at a `share` of persons, a straight line within a unit.
///
/// Equation: `L(p) = sum of x_i over the poorest p N persons / X`.
/// Source: Lorenz (1905).
#[must_use]
pub fn poorest_share(sample: &Sample, share: f64) -> f64 {
    if sample.mean().is_none() {
        return 0.0;
    }
    let wanted = share * sample.persons() as f64;
    let (mut counted, mut sum) = (0, 0_i128);
    for (value, persons) in sample.iter() {
        if (counted + persons) as f64 >= wanted {
            let part = (wanted - counted as f64) * value as f64;
            return (sum as f64 + part) / sample.total() as f64;
        }
        counted += persons;
        sum += i128::from(value) * i128::from(persons);
    }
    1.0
}

/// Share of the whole that the richest have, a fraction.
///
/// Equation: `1 - L(1 - p)`, with `L` of [`poorest_share`].
/// Source: Lorenz (1905); as top shares in the World Inequality Database.
#[must_use]
pub fn richest_share(sample: &Sample, share: f64) -> f64 {
    if sample.mean().is_none() { 0.0 } else { 1.0 - poorest_share(sample, 1.0 - share) }
}

/// Palma ratio: what the richest tenth have over what the poorest four tenths have; 0 where these have nothing.
///
/// Equation: `(1 - L(0.9)) / L(0.4)`.
/// Source: Palma (2011); Cobham and Sumner (2013).
#[must_use]
pub fn palma(sample: &Sample) -> f64 {
    let poorest = poorest_share(sample, 0.4);
    if poorest > 0.0 { richest_share(sample, 0.1) / poorest } else { 0.0 }
}

/// Wolfson's index of bipolarization: 0 if all have the same, 1 if half have nothing and the other half the same.
///
/// Equation: `4 (mu / m) (1/2 - L(1/2) - G/2)`, with mean `mu`, median `m`, Lorenz curve `L` and Gini coefficient `G`; 0 where the
/// median is not above zero.
/// Source: Wolfson (1994), who writes `2 (2 T - G) mu / m` with `T = 1/2 - L(1/2)`: that is this. Foster and Wolfson (2010, first 1992) leave the
/// leading 2 away, and so do programs that follow them: theirs is half of this.
#[must_use]
pub fn wolfson(sample: &Sample) -> f64 {
    match (sample.mean(), sample.median()) {
        (Some(mean), median) if median > 0.0 => {
            4.0 * mean / median * (0.5 - poorest_share(sample, 0.5) - gini(sample) / 2.0)
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    /// 1 to 10.
    fn ladder() -> Sample {
        Sample::new((1..=10).rev().collect())
    }

    #[test]
    fn inequality_by_hand() {
        // Of 1 to n: (n^2 - 1) / (3 n (n + 1)). Of one who has all: 1 - 1/n.
        near(gini(&ladder()), 0.3);
        near(gini(&Sample::new(vec![0, 0, 0, 8])), 0.75);
        near(gini(&Sample::new(vec![5; 7])), 0.0);
        // 1, 3, 3, 3, of which the three live together: mean 2.5; six of sixteen ordered pairs differ by 2.
        let family = Sample::of_persons(vec![(3, 3), (1, 1)]);
        near(gini(&family), 6.0 * 2.0 / (2.0 * 16.0 * 2.5));
        // -1 and 3 differ by 4, twice, over 2 x 4 x 1.
        near(gini(&Sample::new(vec![-1, 3])), 1.0);
        near(theil(&Sample::new(vec![0, 0, 0, 8])), 4.0_f64.ln());
        near(theil(&family), (0.4 * 0.4_f64.ln() + 3.0 * 1.2 * 1.2_f64.ln()) / 4.0);
        // Less than nothing counts as nothing.
        near(theil(&Sample::new(vec![-5, 8])), 2.0_f64.ln());
    }

    #[test]
    fn shares_by_hand() {
        near(poorest_share(&ladder(), 0.4), 10.0 / 55.0);
        // Half of the ninth lies within it.
        near(poorest_share(&ladder(), 0.85), (36.0 + 4.5) / 55.0);
        near(richest_share(&ladder(), 0.1), 10.0 / 55.0);
        near(richest_share(&ladder(), 0.01), 1.0 / 55.0);
        near(palma(&ladder()), 1.0);
        near(palma(&Sample::new(vec![0, 0, 0, 0, 0, 1, 1, 1, 1, 1])), 0.0);
        near(poorest_share(&Sample::of_persons(vec![(3, 3), (1, 1)]), 0.5), 4.0 / 10.0);
    }

    #[test]
    fn two_poles_are_wholly_polarized() {
        near(wolfson(&Sample::new(vec![7; 4])), 0.0);
        // Median 1, mean 1, half have nothing: 4 (1/2 - 0 - 1/4).
        near(wolfson(&Sample::new(vec![0, 0, 2, 2])), 1.0);
        // Mean and median 5.5: 4 (1/2 - 15/55 - 0.15).
        near(wolfson(&ladder()), 4.0 * (0.5 - 15.0 / 55.0 - 0.15));
    }

    #[test]
    fn nothing_is_relative_to_a_mean_of_nothing() {
        for sample in [Sample::default(), Sample::new(vec![-3, 1]), Sample::new(vec![0; 3])] {
            let indices = [gini, palma, wolfson].map(|index| index(&sample));
            assert_eq!(indices.map(f64::to_bits), [0; 3]);
            near(richest_share(&sample, 0.1), 0.0);
        }
        near(theil(&Sample::new(vec![0, -2])), 0.0);
    }
}
