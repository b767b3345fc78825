//! Designs of experiments: which points of the unit cube are run.
//!
//! A point gives every factor a place in `[0, 1)`; what value lies there is the factor's affair. Designs depend on their
//! numbers and a key only, so a plan can be made anew anywhere.

use engine::rng::{hash, unit};
use serde::{Deserialize, Serialize};
use sobol::Sobol;
use sobol::params::JoeKuoD6;

/// How the points of an experiment are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Design {
    /// Every combination of the factors' values.
    Grid,
    /// The arms listed in the file.
    List,
    /// The first value of every factor, then each other value of each factor alone.
    OneAtATime,
    /// Independent uniform points.
    Random {
        /// Number of points.
        samples: u32,
    },
    /// Every factor takes one value in each of `samples` equal parts of its range (`McKay`, Beckman and Conover 1979).
    LatinHypercube {
        /// Number of points.
        samples: u32,
    },
    /// The Sobol sequence with the direction numbers of Joe and Kuo (2008), from its second point on.
    Sobol {
        /// Number of points; a power of two covers the cube evenly.
        samples: u32,
    },
    /// Saltelli's (2010) arrangement for Sobol indices: for each of `samples` pairs of points A and B of a sequence in twice
    /// the dimensions A, then A with one factor of B for each factor, then B.
    Saltelli {
        /// Number of pairs; a power of two.
        samples: u32,
    },
    /// Trajectories of Morris (1991): each changes one factor after the other by half the levels.
    Morris {
        /// Number of trajectories.
        trajectories: u32,
        /// Levels of each factor, even.
        levels: u32,
    },
}

impl Design {
    /// Whether points are drawn in the unit cube (the others combine listed values).
    #[must_use]
    pub fn is_drawn(self) -> bool {
        !matches!(self, Self::Grid | Self::List | Self::OneAtATime)
    }

    /// Number of points of a drawn design with this many factors.
    #[must_use]
    pub fn size(self, factors: usize) -> u64 {
        match self {
            Self::Grid | Self::List | Self::OneAtATime => 0,
            Self::Random { samples } | Self::LatinHypercube { samples } | Self::Sobol { samples } => u64::from(samples),
            Self::Saltelli { samples } => u64::from(samples) * (factors as u64 + 2),
            Self::Morris { trajectories, .. } => u64::from(trajectories) * (factors as u64 + 1),
        }
    }

    /// Points of a drawn design, each with a place in `[0, 1)` a factor; none for the others.
    #[must_use]
    pub fn points(self, factors: usize, key: u64) -> Vec<Vec<f64>> {
        match self {
            Self::Grid | Self::List | Self::OneAtATime => Vec::new(),
            Self::Random { samples } => {
                (0..u64::from(samples)).map(|n| (0..factors as u64).map(|f| unit(hash(key, n, f))).collect()).collect()
            }
            Self::LatinHypercube { samples } => latin_hypercube(samples as usize, factors, key),
            Self::Sobol { samples } => sequence(samples as usize, factors),
            Self::Saltelli { samples } => saltelli(samples as usize, factors),
            Self::Morris { trajectories, levels } => {
                (0..u64::from(trajectories)).flat_map(|n| trajectory(factors, levels, hash(key, n, 0))).collect()
            }
        }
    }
}

fn latin_hypercube(samples: usize, factors: usize, key: u64) -> Vec<Vec<f64>> {
    let mut points = vec![vec![0.0; factors]; samples];
    for f in 0..factors {
        let mut order: Vec<usize> = (0..samples).collect();
        order.sort_by_cached_key(|&n| (hash(key, f as u64, n as u64), n));
        for (point, part) in points.iter_mut().zip(order) {
            let within = unit(hash(hash(key, f as u64, 1), part as u64, 1));
            point[f] = (part as f64 + within) / samples as f64;
        }
    }
    points
}

/// Points of the Sobol sequence without the first, which is the corner of the cube.
fn sequence(samples: usize, dimensions: usize) -> Vec<Vec<f64>> {
    // Two sets of direction numbers: the small one is a tenth of the work where it suffices.
    let parameters = if dimensions <= 100 { JoeKuoD6::minimal() } else { JoeKuoD6::extended() };
    Sobol::<f64>::new(dimensions, &parameters).skip(1).take(samples).collect()
}

fn saltelli(samples: usize, factors: usize) -> Vec<Vec<f64>> {
    let mut points = Vec::with_capacity(samples * (factors + 2));
    for pair in sequence(samples, 2 * factors) {
        let (a, b) = pair.split_at(factors);
        points.push(a.to_vec());
        for f in 0..factors {
            let mut mixed = a.to_vec();
            mixed[f] = b[f];
            points.push(mixed);
        }
        points.push(b.to_vec());
    }
    points
}

/// `factors + 1` points on a grid of levels in `[0, 1]`, each one factor away from the one before.
fn trajectory(factors: usize, levels: u32, key: u64) -> Vec<Vec<f64>> {
    let half = levels / 2;
    let step = f64::from(half) / f64::from(levels - 1);
    let mut order: Vec<usize> = (0..factors).collect();
    order.sort_by_cached_key(|&f| (hash(key, f as u64, 1), f));
    let mut point: Vec<f64> = (0..factors)
        .map(|f| {
            // A level below the middle may go up, one above it down.
            let level = (unit(hash(key, f as u64, 2)) * f64::from(half)) as u32;
            let up = hash(key, f as u64, 3) & 1 == 0;
            f64::from(if up { level } else { level + half }) / f64::from(levels - 1)
        })
        .collect();
    let mut points = vec![point.clone()];
    for f in order {
        point[f] += if point[f] < 0.5 { step } else { -step };
        // Levels are exact multiples: what rounding adds would put equal levels apart.
        point[f] = (point[f] * f64::from(levels - 1)).round() / f64::from(levels - 1);
        points.push(point.clone());
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(points: &[Vec<f64>], f: usize) -> Vec<f64> {
        points.iter().map(|x| x[f]).collect()
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_every_part() {
        let design = Design::LatinHypercube { samples: 20 };
        let points = design.points(3, 7);
        for f in 0..3 {
            let mut parts: Vec<usize> = one(&points, f).iter().map(|x| (x * 20.0) as usize).collect();
            parts.sort_unstable();
            assert_eq!(parts, (0..20).collect::<Vec<_>>());
        }
        assert_ne!(design.points(3, 7), design.points(3, 8));
        assert_eq!(points, design.points(3, 7));
    }

    #[test]
    fn the_sobol_sequence_is_that_of_joe_and_kuo() {
        // The first points of the sequence in three dimensions, the corner left out (Joe and Kuo's own table).
        let points = Design::Sobol { samples: 4 }.points(3, 0);
        let expected = [[0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625]];
        for (point, expected) in points.iter().zip(expected) {
            for (a, b) in point.iter().zip(expected) {
                assert!((a - b).abs() < 1e-9, "{points:?}");
            }
        }
    }

    #[test]
    fn saltelli_changes_one_factor_at_a_time() {
        let design = Design::Saltelli { samples: 8 };
        let points = design.points(3, 0);
        assert_eq!(points.len() as u64, design.size(3));
        for block in points.chunks(5) {
            let (a, b) = (&block[0], &block[4]);
            for f in 0..3 {
                for g in 0..3 {
                    let expected = if f == g { b[g] } else { a[g] };
                    assert!((block[1 + f][g] - expected).abs() < 1e-15);
                }
            }
        }
    }

    #[test]
    fn morris_trajectories_step_through_every_factor_once() {
        let design = Design::Morris { trajectories: 10, levels: 4 };
        let points = design.points(5, 3);
        assert_eq!(points.len() as u64, design.size(5));
        for trajectory in points.chunks(6) {
            let mut moved = vec![0; 5];
            for pair in trajectory.windows(2) {
                let changed: Vec<usize> = (0..5).filter(|&f| (pair[0][f] - pair[1][f]).abs() > 1e-12).collect();
                assert_eq!(changed.len(), 1);
                moved[changed[0]] += 1;
                assert!(((pair[0][changed[0]] - pair[1][changed[0]]).abs() - 2.0 / 3.0).abs() < 1e-12);
            }
            assert_eq!(moved, [1; 5]);
            assert!(trajectory.iter().flatten().all(|&x| (-1e-12..=1.0 + 1e-12).contains(&x)));
        }
    }
}
