//! Polarization over the density of incomes, without groups.

use engine::math::{exp, pow, sqrt};

use super::sample::Sample;

/// Up to so many units the density at each is the sum of all kernels, beyond it is computed on a grid. All kernels of a thousand units would cost
/// a small world as much as half a year of everything else.
const EXACT: usize = 300;
/// Points of the grid a bandwidth.
const FINENESS: f64 = 8.0;
/// Bandwidths after which a kernel is taken for nothing, `exp(-18)` of its height.
const REACH: f64 = 6.0;

/// Polarization over the density of incomes: how many are like oneself, by how far one is from the others. 0 where the mean is not above zero
/// or all have the same.
///
/// Equation: `P = mu^(a - 1) sum_i (n_i / N) f(x_i)^a A(x_i)`, which does not change with the unit of income, with the density `f` at the
/// income of unit `i`, its mean distance to all persons `A`, persons `n`, all persons `N`, mean `mu`, and sensitivity `a` from 0.25 to 1. The density
/// has a Gaussian kernel of bandwidth `h = 4.7 U^(-1/2) s a^0.1`, with `U` units and the standard deviation `s` of a sample. At `a = 0` it is
/// twice the Gini coefficient.
/// Source: Duclos, Esteban and Ray (2004), equations 3 and 8 and their bandwidth for distributions that are not very skewed.
///
/// What we changed: above three hundred units incomes are shared out between the two nearest points of a grid, and so is `f^a` (linear binning, Wand 1994),
/// which costs little more than a pass over the units; the index then differs by less than 1 in 1,000 (test).
#[must_use]
pub fn duclos_esteban_ray<const K: usize>(sample: &Sample, sensitivities: [f64; K]) -> [f64; K] {
    let Some(spread) = Spread::of(sample) else { return [0.0; K] };
    let widest = sensitivities.iter().copied().fold(0.0, f64::max);
    let step = spread.bandwidth(widest) / FINENESS;
    let points = if sample.units() <= EXACT { spread.points(sample) } else { spread.grid(sample, step) };
    sensitivities.map(|a| {
        let density = if sample.units() <= EXACT {
            all_kernels(&points, spread.bandwidth(a))
        } else {
            near_kernels(&points, spread.bandwidth(a), step)
        };
        index(&points, &density, a)
    })
}

/// Identification times alienation, summed over persons.
fn index(points: &[Point], density: &[f64], sensitivity: f64) -> f64 {
    points.iter().zip(density).map(|(point, &f)| point.alienation * pow(f, sensitivity)).sum()
}

/// Persons at an income.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Point {
    /// Income over the mean.
    place: f64,
    /// Share of persons.
    share: f64,
    /// That share times their mean distance to all persons, over the mean.
    alienation: f64,
}

/// Location and spread of a sample.
struct Spread {
    units: f64,
    mean: f64,
    /// Standard deviation of a sample over the mean.
    deviation: f64,
}

impl Spread {
    /// Nothing where the mean is not above zero or all have the same.
    fn of(sample: &Sample) -> Option<Self> {
        let (mean, units) = (sample.mean()?, sample.units() as f64);
        let square = |(value, persons): (i64, i64)| {
            let away = value as f64 / mean - 1.0;
            persons as f64 * away * away
        };
        let variance = sample.iter().map(square).sum::<f64>() / sample.persons() as f64 * units / (units - 1.0);
        (variance > 0.0).then(|| Self { units, mean, deviation: sqrt(variance) })
    }

    /// Bandwidth over the mean.
    fn bandwidth(&self, sensitivity: f64) -> f64 {
        4.7 / sqrt(self.units) * self.deviation * pow(sensitivity, 0.1)
    }

    /// Shows every unit to `take`, in ascending order.
    ///
    /// The mean distance to all is `mu + x (2 F - 1) - 2 S`, with the share of persons `F` and the part of the mean `S` up to and with the unit.
    fn each(&self, sample: &Sample, mut take: impl FnMut(Point)) {
        let all = sample.persons() as f64;
        let (mut below, mut part) = (0, 0.0);
        for (value, persons) in sample.iter() {
            below += persons;
            let (place, share) = (value as f64 / self.mean, persons as f64 / all);
            part += share * place;
            let distance = 1.0 + place * (2.0 * below as f64 / all - 1.0) - 2.0 * part;
            take(Point { place, share, alienation: share * distance });
        }
    }

    fn points(&self, sample: &Sample) -> Vec<Point> {
        let mut points = Vec::with_capacity(sample.units());
        self.each(sample, |point| points.push(point));
        points
    }

    /// Units shared out between the two nearest points of a grid, each the more the nearer it is. Points that nobody is near are left out.
    fn grid(&self, sample: &Sample, step: f64) -> Vec<Point> {
        let mut grid: Vec<Point> = Vec::new();
        self.each(sample, |unit| {
            let left = (unit.place / step).floor();
            let part = unit.place / step - left;
            if grid.last().is_none_or(|last| last.place < left + 1.0) {
                // The lower of the two may be there already, as the upper of those before.
                if grid.last().is_none_or(|last| last.place < left) {
                    grid.push(Point { place: left, ..Point::default() });
                }
                grid.push(Point { place: left + 1.0, ..Point::default() });
            }
            let end = grid.len();
            for (point, part) in grid[end - 2..].iter_mut().zip([1.0 - part, part]) {
                point.share += part * unit.share;
                point.alienation += part * unit.alienation;
            }
        });
        grid
    }
}

/// Height of a Gaussian kernel in its middle.
fn height(bandwidth: f64) -> f64 {
    1.0 / (bandwidth * sqrt(2.0 * std::f64::consts::PI))
}

/// Density at every point, the sum of all kernels.
fn all_kernels(points: &[Point], bandwidth: f64) -> Vec<f64> {
    let density = |at: &Point| {
        let kernel = |point: &Point| {
            let away = (at.place - point.place) / bandwidth;
            point.share * exp(-0.5 * away * away)
        };
        height(bandwidth) * points.iter().map(kernel).sum::<f64>()
    };
    points.iter().map(density).collect()
}

/// Density at every point of a grid, whose places are counted in steps, from the points within reach.
fn near_kernels(grid: &[Point], bandwidth: f64, step: f64) -> Vec<f64> {
    let reach = (REACH * bandwidth / step) as usize;
    let kernel: Vec<f64> = (0..=reach)
        .map(|steps| {
            let away = steps as f64 * step / bandwidth;
            height(bandwidth) * exp(-0.5 * away * away)
        })
        .collect();
    let mut density: Vec<f64> = grid.iter().map(|point| kernel[0] * point.share).collect();
    for (here, point) in grid.iter().enumerate() {
        let near = grid[here + 1..].iter().take_while(|other| other.place - point.place <= reach as f64);
        for (other, there) in near.zip(here + 1..) {
            let k = kernel[(other.place - point.place) as usize];
            density[here] += k * other.share;
            density[there] += k * point.share;
        }
    }
    density
}

#[cfg(test)]
mod tests {
    use super::super::inequality::gini;
    use super::*;
    use crate::testing::near;

    #[test]
    fn density_by_hand() {
        // 1 and 3 over their mean 2: 0.5 and 1.5, deviation 1/sqrt(2), h = 4.7/sqrt(2) x 1/sqrt(2) = 2.35; each is 1/2 from all on average.
        let [p] = duclos_esteban_ray(&Sample::new(vec![1, 3]), [1.0]);
        let height = 1.0 / (2.35 * (2.0 * std::f64::consts::PI).sqrt());
        near(p, 0.5 * height * 0.5 * (1.0 + (-0.5 / (2.35_f64 * 2.35)).exp()));
        // Incomes in another unit: the same. All the same, or nobody: none.
        near(p, duclos_esteban_ray(&Sample::new(vec![1000, 3000]), [1.0])[0]);
        near(duclos_esteban_ray(&Sample::new(vec![4; 3]), [0.5])[0], 0.0);
        near(duclos_esteban_ray(&Sample::default(), [0.5])[0], 0.0);
        // Without identification it is twice the Gini coefficient.
        let sample = Sample::of_persons(vec![(5, 1), (9, 3), (40, 2), (41, 1)]);
        let spread = Spread::of(&sample).expect("unequal");
        near(spread.points(&sample).iter().map(|x| x.alienation).sum(), 2.0 * gini(&sample));
        near(spread.grid(&sample, 0.01).iter().map(|x| x.alienation).sum(), 2.0 * gini(&sample));
        near(spread.grid(&sample, 0.3).iter().map(|x| x.share).sum(), 1.0);
    }

    #[test]
    fn a_grid_loses_little() {
        // Incomes with a thin lower and a thick upper tail, a hundredth of them ten times as high.
        let income = |k: u64| {
            let rank = ((k * 7_919 % 104_729) as f64 + 0.5) / 104_729.0;
            let tail = if k.is_multiple_of(100) { 10.0 } else { 1.0 };
            (1e6 * tail * pow(rank / (1.0 - rank), 0.45)) as i64
        };
        for (count, bound) in [(300, 1e-14), (301, 1e-3), (1_000, 1e-3), (4_000, 1e-3)] {
            let sample = Sample::new((0..count).map(income).collect());
            let spread = Spread::of(&sample).expect("unequal");
            let points = spread.points(&sample);
            let all = [0.25, 0.5, 1.0];
            for (a, found) in all.into_iter().zip(duclos_esteban_ray(&sample, all)) {
                let exact = index(&points, &all_kernels(&points, spread.bandwidth(a)), a);
                assert!((found / exact - 1.0).abs() < bound, "{count} units: {found}, exactly {exact}");
            }
        }
    }
}
