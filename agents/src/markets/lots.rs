//! Whom chance strikes: as many as expected, and about the same people in worlds that differ in little.

/// A chance of somebody, and the draw that decides on it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lot {
    /// Probability.
    pub chance: f64,
    /// From 0 to 1: the same in every world of a seed.
    pub drawn: f64,
}

/// Whose ratio of draw and chance is above this is not looked at where there are enough others.
const NEAR: f64 = 2.0;

/// Places of those who are struck, ascending, given a draw from 0 to 1 that says what becomes of a part of one.
///
/// An agent stands for thousands of persons, so as many are struck as expected, to the nearest agent, and chance only says who.
///
/// Equation: the `n = floor(sum p_i + u)` with the least `u_i / p_i`, chances `p_i` and draws `u_i`.
/// Source: sequential Poisson sampling with permanent random numbers (Ohlsson 1998): who is struck in one world is so in another, unless
/// chances differ.
#[must_use]
pub fn struck(lots: impl Iterator<Item = Lot> + Clone, start: f64) -> Vec<usize> {
    let mut expected = start;
    let mut near = Vec::new();
    for (i, lot) in lots.clone().enumerate() {
        expected += lot.chance;
        if lot.drawn < NEAR * lot.chance {
            near.push((lot.drawn / lot.chance, i));
        }
    }
    let count = expected as usize;
    if near.len() < count {
        near =
            lots.enumerate().filter(|(_, lot)| lot.chance > 0.0).map(|(i, lot)| (lot.drawn / lot.chance, i)).collect();
    }
    if near.len() > count {
        near.select_nth_unstable_by(count, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near.truncate(count);
    }
    let mut places: Vec<usize> = near.into_iter().map(|(_, i)| i).collect();
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lots(of: &[(f64, f64)]) -> impl Iterator<Item = Lot> + Clone {
        of.iter().map(|&(chance, drawn)| Lot { chance, drawn })
    }

    #[test]
    fn as_many_are_struck_as_expected() {
        // 1.3 are expected: ratios of 3, 1.25, 0.5, 4 and none.
        let of = [(0.3, 0.9), (0.4, 0.5), (0.4, 0.2), (0.2, 0.8), (0.0, 0.1)];
        assert_eq!(struck(lots(&of), 0.5), [2]);
        assert_eq!(struck(lots(&of), 0.71), [1, 2]);
        // Those who are unlikely to be are if there is nobody else.
        let of = [(0.1, 0.9), (0.1, 0.8)];
        assert_eq!((struck(lots(&of), 0.7), struck(lots(&of), 0.8)), (vec![], vec![1]));
        assert_eq!(struck(lots(&[(1.0, 0.99), (1.0, 0.2)]), 0.0), [0, 1]);
    }

    #[test]
    fn all_are_struck_as_often_as_their_chance_says() {
        let draw = |k: u64| engine::rng::unit(engine::rng::hash(5, k, 0));
        let chances: Vec<f64> = (0..200).map(|i| 0.02 + 0.2 * draw(1_000_000 + i)).collect();
        let mut often = [0.0; 2];
        for round in 0..2_000 {
            let of = |i: usize| Lot { chance: chances[i], drawn: draw(round * 200 + i as u64) };
            for i in struck((0..200).map(of), draw(2_000_000 + round)) {
                often[usize::from(chances[i] > 0.12)] += 1.0;
            }
        }
        for (high, often) in often.into_iter().enumerate() {
            let expected: f64 = chances.iter().filter(|&&p| usize::from(p > 0.12) == high).sum();
            assert!((often / 2_000.0 / expected - 1.0).abs() < 0.02, "{often} {expected}");
        }
    }
}
