//! Who moved between classes: tables of persons by class before (rows) and after (columns).

use std::ops::Range;

/// Persons by class before and after.
pub type Moves<const N: usize> = [[i64; N]; N];

/// Persons by class before and after, from each one's two classes.
#[must_use]
pub fn moves<const N: usize>(classes: impl IntoIterator<Item = (usize, usize)>) -> Moves<N> {
    let mut table = [[0; N]; N];
    for (before, after) in classes {
        table[before][after] += 1;
    }
    table
}

/// Shorrocks' index of mobility: 0 if all stay, 1 if where one comes from says nothing; over the classes that held somebody.
///
/// Equation: `(n - sum_i P_ii) / (n - 1)`, with the share `P_ii` of a class that stays.
/// Source: Shorrocks (1978), trace index.
#[must_use]
pub fn shorrocks<const N: usize>(moves: &Moves<N>) -> f64 {
    let held: Vec<f64> = stayed(moves).into_iter().flatten().collect();
    let (classes, stay) = (held.len() as f64, held.iter().sum::<f64>());
    if classes > 1.0 { (classes - stay) / (classes - 1.0) } else { 0.0 }
}

/// Share of each class that is in it again; nothing for a class that nobody was in.
#[must_use]
pub fn stayed<const N: usize>(moves: &Moves<N>) -> [Option<f64>; N] {
    std::array::from_fn(|class| {
        let held: i64 = moves[class].iter().sum();
        (held > 0).then(|| moves[class][class] as f64 / held as f64)
    })
}

/// Shares of the middle classes that are below and above them afterwards, fractions.
///
/// Equation: `sum_(i in m, j below m) P_ij / sum_(i in m, all j) P_ij`, and the same for `j` above, with persons `P` by class before and after.
/// Source: transition matrix, as in OECD (2019), Under Pressure: The Squeezed Middle Class.
#[must_use]
pub fn out_of_the_middle<const N: usize>(moves: &Moves<N>, middle: Range<usize>) -> [f64; 2] {
    let rows = &moves[middle.clone()];
    let sum = |columns: Range<usize>| rows.iter().map(|row| row[columns.clone()].iter().sum::<i64>()).sum::<i64>();
    let held = sum(0..N);
    let share = |persons: i64| if held > 0 { persons as f64 / held as f64 } else { 0.0 };
    [share(sum(0..middle.start)), share(sum(middle.end..N))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn moves_by_hand() {
        // Of four in class 1, one falls and two rise.
        let table: Moves<3> = moves([(0, 0), (1, 0), (1, 1), (1, 2), (1, 2), (2, 2)]);
        assert_eq!(table, [[1, 0, 0], [1, 1, 2], [0, 0, 1]]);
        assert_eq!(stayed(&table), [Some(1.0), Some(0.25), Some(1.0)]);
        assert_eq!(stayed(&[[1, 1, 0], [1, 3, 0], [0, 0, 0]]), [Some(0.5), Some(0.75), None]);
        // (3 - (1 + 1/4 + 1)) / 2
        near(shorrocks(&table), 0.375);
        assert_eq!(out_of_the_middle(&table, 1..2).map(|x| (4.0 * x) as i64), [1, 2]);
        // All change places at random: 1. Nobody was anything before: 0.
        near(shorrocks(&[[1; 4]; 4]), 1.0);
        near(shorrocks::<4>(&[[0; 4]; 4]), 0.0);
        near(out_of_the_middle::<4>(&[[0; 4]; 4], 1..3)[0], 0.0);
        // A class that nobody was in is left out: (2 - 1) / 1.
        near(shorrocks(&[[1, 1, 0], [1, 1, 0], [0, 0, 0]]), 1.0);
    }
}
