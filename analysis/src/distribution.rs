//! How unequally something is spread: over persons in groups, or over firms and partners.

use engine::math::ln;

/// A group of persons who all have the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    /// Number of persons.
    pub persons: f64,
    /// What each of them has.
    pub value: f64,
}

/// Groups of equal size, such as deciles, from what each group has in sum.
#[must_use]
pub fn quantile_groups(sums: &[f64]) -> Vec<Group> {
    sums.iter().map(|&value| Group { persons: 1.0, value }).collect()
}

fn sorted(groups: &[Group]) -> Vec<Group> {
    let mut sorted = groups.to_vec();
    sorted.sort_by(|a, b| a.value.total_cmp(&b.value));
    sorted
}

/// Number of persons and mean; `None` if there is nobody or the mean is not above zero.
fn mean(groups: &[Group]) -> Option<(f64, f64)> {
    let persons: f64 = groups.iter().map(|g| g.persons).sum();
    let mean = groups.iter().map(|g| g.persons * g.value).sum::<f64>() / persons;
    (persons > 0.0 && mean > 0.0).then_some((persons, mean))
}

/// Gini coefficient, 0 if all have the same: the mean difference of two persons over twice the mean. Inequality within groups
/// is not seen, so of deciles it is a lower bound. `None` if nobody has anything.
///
/// Equation: `1 - sum_k p_k (L_k + L_{k-1})`, L the Lorenz curve. Source: Gini (1912); Cowell (2011), chapter 2.
#[must_use]
pub fn gini(groups: &[Group]) -> Option<f64> {
    let (persons, mean) = mean(groups)?;
    let (mut lorenz, mut area) = (0.0, 0.0);
    for group in sorted(groups) {
        let share = group.persons / persons;
        let next = lorenz + share * group.value / mean;
        area += share * (lorenz + next);
        lorenz = next;
    }
    Some(1.0 - area)
}

/// Theil's index, 0 if all have the same: `mean of (x / mean) ln (x / mean)`. Source: Theil (1967). `None` if nobody has
/// anything or somebody less than nothing.
#[must_use]
pub fn theil(groups: &[Group]) -> Option<f64> {
    let (persons, mean) = mean(groups)?;
    if groups.iter().any(|g| g.value < 0.0) {
        return None;
    }
    let term = |g: &Group| {
        let ratio = g.value / mean;
        if ratio > 0.0 { g.persons / persons * ratio * ln(ratio) } else { 0.0 }
    };
    Some(groups.iter().map(term).sum())
}

/// Share of the whole that the poorest `share` of persons have.
#[must_use]
pub fn poorest_share(groups: &[Group], share: f64) -> Option<f64> {
    let (persons, mean) = mean(groups)?;
    let (mut left, mut sum) = (share, 0.0);
    for group in sorted(groups) {
        let taken = (group.persons / persons).min(left);
        sum += taken * group.value / mean;
        left -= taken;
    }
    Some(sum)
}

/// Palma ratio: what the richest tenth have over what the poorest four tenths have. Source: Palma (2011). `None` if the poorest
/// have nothing.
#[must_use]
pub fn palma(groups: &[Group]) -> Option<f64> {
    let poorest = poorest_share(groups, 0.4)?;
    (poorest > 0.0).then_some((1.0 - poorest_share(groups, 0.9)?) / poorest)
}

/// Wolfson's index of bipolarization, 0 if all have the same: how far the middle class has thinned out towards two poles.
///
/// Equation: `2 (mean / median) (2 (1/2 - L(1/2)) - G)`, L the Lorenz curve and G the Gini coefficient. Source: Wolfson (1994). The
/// median is that of the groups, in the middle of two where half the persons end between them.
#[must_use]
pub fn wolfson(groups: &[Group]) -> Option<f64> {
    let (persons, mean) = mean(groups)?;
    let sorted = sorted(groups);
    let mut below = 0.0;
    let mut median = sorted.last()?.value;
    for (place, group) in sorted.iter().enumerate() {
        below += group.persons / persons;
        if (below - 0.5).abs() < 1e-12 {
            median = f64::midpoint(group.value, sorted.get(place + 1)?.value);
            break;
        }
        if below > 0.5 {
            median = group.value;
            break;
        }
    }
    let half = poorest_share(groups, 0.5)?;
    (median > 0.0).then_some(2.0 * mean / median * (2.0 * (0.5 - half) - gini(groups)?))
}

/// Polarization of Esteban and Ray: how far persons belong to few groups that are alike within and far apart.
///
/// Equation: `sum_i sum_j p_i^(1 + alpha) p_j |x_i - x_j| / mean`, p the shares of persons, alpha from 1 to 1.6.
/// Source: Esteban and Ray (1994), with values over their mean.
#[must_use]
pub fn esteban_ray(groups: &[Group], alpha: f64) -> Option<f64> {
    let (persons, mean) = mean(groups)?;
    let mut sum = 0.0;
    for a in groups {
        let identification = engine::math::pow(a.persons / persons, 1.0 + alpha);
        for b in groups {
            sum += identification * b.persons / persons * (a.value - b.value).abs() / mean;
        }
    }
    Some(sum)
}

/// Herfindahl-Hirschman index of shares in a whole, from `1 / n` for equal ones to 1; parts without anything do not count.
/// Its inverse is the number of equal parts that would be as concentrated. `None` if the whole is not above zero.
#[must_use]
pub fn herfindahl(parts: &[f64]) -> Option<f64> {
    let whole: f64 = parts.iter().sum();
    (whole > 0.0).then(|| parts.iter().map(|x| (x / whole) * (x / whole)).sum())
}

/// Share of the largest `count` parts in the whole.
#[must_use]
pub fn largest_share(parts: &[f64], count: usize) -> Option<f64> {
    let whole: f64 = parts.iter().sum();
    let mut sorted = parts.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    (whole > 0.0).then(|| sorted.iter().take(count).sum::<f64>() / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        let found = found.expect("a number");
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn four_persons_by_hand() {
        // 1, 2, 3 and 4: mean 2.5; the mean difference of two of the 16 pairs is 20 / 16, so the Gini is 1.25 / 5.
        let groups = quantile_groups(&[3.0, 1.0, 4.0, 2.0]);
        close(gini(&groups), 0.25);
        close(poorest_share(&groups, 0.5), 0.3);
        close(poorest_share(&groups, 0.375), 0.2);
        // Median 2.5, so 2 (0.4 - 0.25).
        close(wolfson(&groups), 0.3);
        let term = |x: f64| x / 2.5 * (x / 2.5).ln() / 4.0;
        close(theil(&groups), term(1.0) + term(2.0) + term(3.0) + term(4.0));
        // The richest tenth has 0.1 * 4 of 2.5, the poorest four tenths 0.25 * 1 + 0.15 * 2.
        close(palma(&groups), 0.4 / 0.55);
    }

    #[test]
    fn equal_persons() {
        let groups = quantile_groups(&[2.0; 5]);
        close(gini(&groups), 0.0);
        close(theil(&groups), 0.0);
        close(wolfson(&groups), 0.0);
        close(esteban_ray(&groups, 1.3), 0.0);
        assert_eq!(gini(&quantile_groups(&[0.0; 3])), None);
        assert_eq!(gini(&[]), None);
    }

    #[test]
    fn groups_are_weighted_with_their_persons() {
        // Three persons with 1 and one with 5, in groups and one by one.
        let grouped = [Group { persons: 1.0, value: 5.0 }, Group { persons: 3.0, value: 1.0 }];
        let single = quantile_groups(&[1.0, 1.0, 1.0, 5.0]);
        for measure in [gini, theil, palma, wolfson] {
            close(measure(&grouped), measure(&single).expect("a number"));
        }
    }

    #[test]
    fn two_poles_are_more_polarized_than_a_middle_class() {
        let (poles, middle) = (quantile_groups(&[1.0, 1.0, 5.0, 5.0]), quantile_groups(&[1.0, 3.0, 3.0, 5.0]));
        assert!(wolfson(&poles) > wolfson(&middle));
        // Two groups of a half each, 2 apart around a mean of 1: 2 * 0.5^(2 + alpha) * 2 for values 0 and 2.
        let halves = [Group { persons: 1.0, value: 0.0 }, Group { persons: 1.0, value: 2.0 }];
        close(esteban_ray(&halves, 1.0), 2.0 * 0.125 * 2.0);
    }

    #[test]
    fn concentration_by_hand() {
        close(herfindahl(&[50.0, 30.0, 20.0, 0.0]), 0.38);
        close(largest_share(&[20.0, 50.0, 30.0], 2), 0.8);
        assert_eq!(herfindahl(&[0.0, 0.0]), None);
    }
}
