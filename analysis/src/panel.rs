//! Panels: values by place and period, of one seed, and their means over seeds.

use crate::paired::{Estimate, estimate};
use crate::recording::Array;
use crate::response::averaged;
use crate::table::Table;

/// Values by place (outer) and period (inner).
pub type Panel = Vec<Vec<f64>>;

/// The series of every place of an array, the last dimension varying fastest.
#[must_use]
pub fn by_place(array: &Array) -> Panel {
    let width: usize = array.shape[1..].iter().product();
    (0..width).map(|place| (0..array.ticks()).map(|tick| array.tick(tick)[place]).collect()).collect()
}

/// Sums of an array over all but the first of its places, by tick.
#[must_use]
pub fn summed(array: &Array) -> Panel {
    let width: usize = array.shape[2..].iter().product();
    let sums = |tick: usize| array.tick(tick).chunks(width).map(|group| group.iter().sum::<f64>()).collect::<Vec<_>>();
    let ticks: Vec<Vec<f64>> = (0..array.ticks()).map(sums).collect();
    (0..array.shape[1]).map(|place| ticks.iter().map(|row| row[place]).collect()).collect()
}

/// Means of whole years.
#[must_use]
pub fn yearly(panel: &[Vec<f64>], ticks_per_year: usize) -> Panel {
    panel.iter().map(|series| averaged(series, ticks_per_year)).collect()
}

/// Inflation of whole years, percent: prices at the end of a year over those at its beginning.
///
/// This is the mean of the year's rates. `before` is the price before the first tick.
#[must_use]
pub fn inflation(prices: &[f64], before: f64, ticks_per_year: usize) -> Vec<f64> {
    let mut last = before;
    let rate = |year: &[f64]| {
        let end = year[year.len() - 1];
        100.0 * (end / std::mem::replace(&mut last, end) - 1.0)
    };
    prices.chunks_exact(ticks_per_year.max(1)).map(rate).collect()
}

/// Mean and interval over seeds at every place and period.
///
/// # Panics
/// If the seeds have different places or periods.
#[must_use]
pub fn ensemble(seeds: &[&Panel]) -> Vec<Vec<Estimate>> {
    let Some(first) = seeds.first() else {
        return Vec::new();
    };
    let at = |place: usize, period: usize| {
        let values: Vec<f64> = seeds.iter().map(|seed| seed[place][period]).collect();
        estimate(&values).expect("there is a seed")
    };
    let place = |(place, series): (usize, &Vec<f64>)| (0..series.len()).map(|period| at(place, period)).collect();
    first.iter().enumerate().map(place).collect()
}

/// A value with its place and period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extreme {
    /// Place.
    pub place: usize,
    /// Period.
    pub period: usize,
    /// Value.
    pub value: Estimate,
}

/// Where the mean over seeds is largest by `key`, if it is a number anywhere; the first of several.
#[must_use]
pub fn extreme(seeds: &[&Panel], key: impl Fn(f64) -> f64) -> Option<Extreme> {
    let mut found: Option<Extreme> = None;
    for (place, series) in ensemble(seeds).iter().enumerate() {
        for (period, &value) in series.iter().enumerate() {
            let better = found.is_none_or(|best| key(value.mean) > key(best.value.mean));
            if better && !value.mean.is_nan() {
                found = Some(Extreme { place, period, value });
            }
        }
    }
    found
}

/// As [`extreme`], of the values of single seeds.
#[must_use]
pub fn single_extreme(seeds: &[&Panel], key: impl Fn(f64) -> f64) -> Option<Extreme> {
    let each = seeds.iter().filter_map(|seed| extreme(&[seed], &key));
    each.max_by(|a, b| key(a.value.mean).total_cmp(&key(b.value.mean)))
}

/// Adds a row for every place and year to a table of name, place, year, mean, low and high.
///
/// # Panics
/// If the table has other columns.
pub fn push_means(table: &mut Table, name: &str, places: &[String], seeds: &[&Panel]) {
    for (place, series) in places.iter().zip(ensemble(seeds)) {
        for (year, found) in series.iter().enumerate() {
            let numbers = [found.mean, found.low(), found.high()].map(|value| format!("{value:.5}"));
            let names = [name.to_owned(), place.clone(), (year + 1).to_string()];
            table.push(names.into_iter().chain(numbers));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(shape: &[usize], values: &[f64]) -> Array {
        Array { dimensions: Vec::new(), shape: shape.to_vec(), values: values.to_vec() }
    }

    #[test]
    fn places_and_sums_of_two_ticks() {
        let found = array(&[2, 2, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
        assert_eq!(by_place(&found), [[1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]]);
        assert_eq!(summed(&found), [[3.0, 11.0], [7.0, 15.0]]);
        assert_eq!(yearly(&by_place(&found)[..1], 2), [[3.0]]);
    }

    #[test]
    fn inflation_compares_ends_of_years() {
        let prices = [1.0, 1.02, 1.03, 1.0302, 9.0];
        let found = inflation(&prices, 1.0, 2);
        assert_eq!(found.len(), 2, "the fifth tick is no year");
        assert!((found[0] - 2.0).abs() < 1e-9 && (found[1] - 1.0).abs() < 1e-9);
    }

    #[test]
    fn extremes_of_the_mean_and_of_single_seeds() {
        let (one, other) = (vec![vec![1.0, -4.0], vec![f64::NAN, 2.0]], vec![vec![1.0, 2.0], vec![f64::NAN, -1.0]]);
        let seeds = [&one, &other];
        // Means: 1, -1, none, 0.5.
        let largest = extreme(&seeds, f64::abs).expect("numbers");
        assert_eq!((largest.place, largest.period), (0, 0));
        assert!((largest.value.mean - 1.0).abs() < 1e-12);
        let lowest = extreme(&seeds, |x| -x).expect("numbers");
        assert_eq!((lowest.place, lowest.period), (0, 1));
        let single = single_extreme(&seeds, f64::abs).expect("numbers");
        assert!((single.value.mean + 4.0).abs() < 1e-12 && single.period == 1);
        assert_eq!(extreme(&[&vec![vec![f64::NAN]]], f64::abs), None);
    }
}
