//! Classes by fixed thresholds, poverty, and polarization between groups.

use std::ops::Range;

use engine::math::pow;

use super::sample::Sample;

/// Thresholds of classes, relative to a reference income: poor below the first, then lower, middle, and upper above the last.
///
/// Source: OECD (2019), Under Pressure: The Squeezed Middle Class (75 to 200% of the median); 60% of the median is Eurostat's line of the risk of poverty.
pub const THRESHOLDS: [f64; 3] = [0.6, 0.75, 2.0];
/// Number of classes by thresholds.
pub const BANDS: usize = THRESHOLDS.len() + 1;
/// Share of the median below which one is poor.
pub const POVERTY: f64 = THRESHOLDS[0];

/// Persons alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Persons.
    pub persons: i64,
    /// Sum of what they have.
    pub sum: i128,
}

impl Group {
    fn with(self, other: Self) -> Self {
        Self { persons: self.persons + other.persons, sum: self.sum + other.sum }
    }

    fn without(self, other: Self) -> Self {
        Self { persons: self.persons - other.persons, sum: self.sum - other.sum }
    }

    fn mean(&self) -> f64 {
        self.sum as f64 / self.persons as f64
    }
}

/// Groups of persons with a label each, from 0: label, value, persons.
#[must_use]
pub fn labelled<const N: usize>(units: impl IntoIterator<Item = (usize, i64, u32)>) -> [Group; N] {
    let mut groups = [Group::default(); N];
    for (label, value, persons) in units {
        groups[label].persons += i64::from(persons);
        groups[label].sum += i128::from(value) * i128::from(persons);
    }
    groups
}

/// Classes by fixed thresholds: poor, lower, middle, upper.
///
/// Equation: class `k` holds `t_(k-1) y <= x < t_k y`, with a reference income `y` and [`THRESHOLDS`] `t`; the middle class holds its
/// upper end too.
/// Source: as of the thresholds.
#[must_use]
pub fn bands(sample: &Sample, reference: f64) -> [Group; BANDS] {
    let [poor, lower, middle] = THRESHOLDS.map(|threshold| threshold * reference);
    let ends = [sample.units_below(poor), sample.units_below(lower), sample.units_up_to(middle), sample.units()];
    let mut from = 0;
    std::array::from_fn(|band| {
        let ranks = from..ends[band].max(from);
        from = ranks.end;
        Group { persons: sample.persons_of(ranks.clone()), sum: sample.sum(ranks) }
    })
}

/// Share of persons whose income lies below a line, a fraction.
///
/// Equation: `H = q / N`, with `q` persons below the line of `N`. A fixed line is an income of the base year at prices of now, a relative
/// line is [`POVERTY`] times the median of now.
/// Source: Foster, Greer and Thorbecke (1984), with exponent 0.
#[must_use]
pub fn poverty(sample: &Sample, line: f64) -> f64 {
    let all = sample.persons();
    if all > 0 { sample.persons_of(0..sample.units_below(line)) as f64 / all as f64 } else { 0.0 }
}

/// Polarization between groups: how far persons belong to few groups that are alike within and far apart. 0 where the mean is not
/// above zero.
///
/// Equation: `sum_i sum_j p_i^(1 + a) p_j |y_i - y_j| / mu`, with shares `p` of persons, means `y` of groups, the mean `mu` of all and
/// sensitivity `a` above 0, at most 1.6. At `a = 0` it is twice the Gini coefficient between groups.
/// Source: Esteban and Ray (1994), equation 4, with their free factor `K` set to 1 and incomes over their mean.
#[must_use]
pub fn esteban_ray(groups: &[Group], sensitivity: f64) -> f64 {
    let (persons, sum) = groups.iter().fold((0, 0), |(n, sum), group| (n + group.persons, sum + group.sum));
    if persons == 0 || sum <= 0 {
        return 0.0;
    }
    let mean = sum as f64 / persons as f64;
    let held = || groups.iter().filter(|group| group.persons > 0);
    let share = |group: &Group| group.persons as f64 / persons as f64;
    let alienation = |a: &Group| held().map(|b| share(b) * (a.mean() - b.mean()).abs()).sum::<f64>();
    held().map(|a| pow(share(a), 1.0 + sensitivity) * alienation(a)).sum::<f64>() / mean
}

/// Polarization between groups, less for what they are not alike within.
///
/// Equation: `ER(a) - b (G - G_b)`, with [`esteban_ray`] of the groups, the Gini coefficient `G` of all their persons, `G_b` between the groups
/// (each person with the mean of the group), and weight `b` of the error.
/// Source: Esteban, Gradin and Ray (2007), equation 3.
#[must_use]
pub fn esteban_gradin_ray(gini: f64, groups: &[Group], sensitivity: f64, weight: f64) -> f64 {
    let between = esteban_ray(groups, 0.0) / 2.0;
    esteban_ray(groups, sensitivity) - weight * (gini - between)
}

/// The `N` groups of neighbours in income that are most alike within: those between which most of the inequality lies.
///
/// Equation: groups end at `z_k = (P_k + P_(k+1))^-1 (Y_k + Y_(k+1))`, the mean of the two that meet there, with persons `P` and sums `Y`: the Lorenz
/// curve is farthest from the chord between its neighbours where its slope is that of the chord. Found by moving one end after the other
/// from groups of equal number; no move makes inequality between groups less, and one that leaves it as it is moves down, so that it ends.
/// Source: Aghevli and Mehran (1981); Davies and Shorrocks (1989); used by Esteban, Gradin and Ray (2007).
#[must_use]
pub fn most_alike<const N: usize>(sample: &Sample) -> [Group; N] {
    let of = |ranks: Range<usize>| Group { persons: sample.persons_of(ranks.clone()), sum: sample.sum(ranks) };
    let mut ends: [usize; N] = std::array::from_fn(|k| (k + 1) * sample.units() / N);
    let start = |ends: &[usize; N], k: usize| if k == 0 { 0 } else { ends[k - 1] };
    let mut groups: [Group; N] = std::array::from_fn(|k| of(start(&ends, k)..ends[k]));
    loop {
        let before = ends;
        for k in 0..N - 1 {
            let both = groups[k].with(groups[k + 1]);
            let end = sample.units_below_mean(both.sum, both.persons).clamp(start(&ends, k), ends[k + 1]);
            let moved = of(end.min(ends[k])..end.max(ends[k]));
            groups[k] = if end < ends[k] { groups[k].without(moved) } else { groups[k].with(moved) };
            groups[k + 1] = both.without(groups[k]);
            ends[k] = end;
        }
        if ends == before {
            return groups;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    fn group(persons: i64, sum: i128) -> Group {
        Group { persons, sum }
    }

    #[test]
    fn classes_by_thresholds() {
        // A reference of 100: below 60, 60 to 75, 75 to 200 with both ends, above.
        let sample = Sample::new(vec![-5, 59, 60, 74, 75, 200, 201, 900]);
        assert_eq!(bands(&sample, 100.0), [group(2, 54), group(2, 134), group(2, 275), group(2, 1101)]);
        near(poverty(&sample, 60.0), 0.25);
        near(poverty(&Sample::of_persons(vec![(10, 3), (70, 1)]), 60.0), 0.75);
        near(poverty(&Sample::default(), 60.0), 0.0);
        assert_eq!(bands(&Sample::default(), 100.0), [Group::default(); BANDS]);
    }

    #[test]
    fn labels_make_groups() {
        let groups: [Group; 3] = labelled([(2, 10, 1), (0, 4, 2), (2, 20, 3)]);
        assert_eq!(groups, [group(2, 8), group(0, 0), group(4, 70)]);
    }

    #[test]
    fn polarization_between_groups_by_hand() {
        // Halves with 1 and 3, mean 2: 2 x (1/2)^(2 + a) x 2 / 2.
        let halves = [group(5, 5), group(5, 15)];
        near(esteban_ray(&halves, 1.0), 0.25);
        near(esteban_ray(&halves, 0.0), 0.5);
        // A quarter with 0 and three with 4, mean 3: ((1/4)^2 3/4 + (3/4)^2 1/4) 4 / 3. An empty group is none.
        let uneven = [group(1, 0), group(0, 0), group(3, 12)];
        near(esteban_ray(&uneven, 1.0), (3.0 / 64.0 + 9.0 / 64.0) * 4.0 / 3.0);
        near(esteban_ray(&[Group::default()], 1.0), 0.0);
        // 1, 3 | 5, 7: between groups 2 and 6 of mean 4 the Gini coefficient is 1/4, in all 5/16.
        let pairs = [group(2, 4), group(2, 12)];
        let gini = super::super::inequality::gini(&Sample::new(vec![1, 3, 5, 7]));
        near(gini, 0.3125);
        near(esteban_gradin_ray(gini, &pairs, 1.0, 1.0), 0.25 - 0.0625);
        near(esteban_gradin_ray(gini, &pairs, 1.0, 0.5), 0.25 - 0.03125);
    }

    #[test]
    fn groups_are_as_alike_as_can_be() {
        let halves: [Group; 2] = most_alike(&Sample::new(vec![1, 3, 5, 7]));
        assert_eq!(halves, [group(2, 4), group(2, 12)]);
        // Three heaps of unequal size are found.
        let heaps = [1, 2, 50, 51, 52, 53, 54, 900, 901];
        assert_eq!(most_alike::<3>(&Sample::new(heaps.to_vec())), [group(2, 3), group(5, 260), group(2, 1801)]);
        let persons = Sample::of_persons(vec![(1, 2), (50, 3), (900, 1)]);
        assert_eq!(most_alike::<3>(&persons), [group(2, 2), group(3, 150), group(1, 900)]);
        assert_eq!(most_alike::<3>(&Sample::default()), [Group::default(); 3]);
        // All alike: one group.
        let alike = most_alike::<3>(&Sample::new(vec![4; 6]));
        assert_eq!(alike.iter().filter(|group| group.persons > 0).count(), 1);
    }
}
