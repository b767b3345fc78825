//! Facts of firms and households one by one, from a survey of the world at the end of a run.

use engine::math::{ln, pow};
use serde::{Deserialize, Serialize};

use crate::facts::Observation;

/// What a firm says at one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FirmAnswer {
    /// Industry.
    pub industry: usize,
    /// Ticks since it was founded.
    pub age_ticks: u32,
    /// Workers.
    pub employees: f64,
    /// Volume sold in the tick.
    pub sold: f64,
    /// Posted price.
    pub price: f64,
}

/// What a household says at the last tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HouseholdAnswer {
    /// Deposits and shares at their price.
    pub wealth: f64,
}

/// A survey of one region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Answers of all firms, tick by tick, the last tick last.
    pub firms: Vec<Vec<FirmAnswer>>,
    /// Answers of all households in the last tick.
    pub households: Vec<HouseholdAnswer>,
    /// Months without work of all unemployed of the last year, in every tick of it.
    pub unemployed_months: Vec<f64>,
}

/// Weeks of a month.
const WEEKS: f64 = 365.25 / 12.0 / 7.0;

/// Exponent of the counter-cumulative distribution of sizes: `P(S > s) ~ s^-zeta`.
///
/// Equation: least squares of `ln(rank - 1/2)` on `ln size`, times -1. Source: Gabaix and Ibragimov (2011), equation 1.6; Axtell (2001) for
/// firms. Not a number for fewer than two sizes.
#[must_use]
pub fn zipf_exponent(sizes: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = sizes.iter().copied().filter(|size| *size > 0.0).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let size: Vec<f64> = sorted.iter().map(|size| ln(*size)).collect();
    let rank: Vec<f64> = (0..sorted.len()).map(|place| ln(place as f64 + 0.5)).collect();
    -crate::moments::slope(&size, &rank)
}

/// Exponent of the upper tail by the largest `count` values.
///
/// Equation: `1 / mean(ln x_i - ln x_(count + 1))` over the largest `count`. Source: Hill (1975). Not a number if there are not more
/// values than that, or not enough above zero.
#[must_use]
pub fn hill(values: &[f64], count: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    match sorted.get(count) {
        Some(&least) if count > 0 && least > 0.0 => {
            count as f64 / sorted[..count].iter().map(|x| ln(x / least)).sum::<f64>()
        }
        _ => f64::NAN,
    }
}

/// Shape `b` of a Subbotin (exponential power) distribution around the median: 1 is Laplace, 2 normal, less has fatter tails.
///
/// Equation: the density is `exp(-|x - m|^b / (b a^b)) / (2 a b^(1/b) Gamma(1 + 1/b))`; with `a^b = mean |x - m|^b` the mean log
/// likelihood is `-ln(2 a b^(1/b) Gamma(1 + 1/b)) - 1/b`, which is maximized over `b` in 0.1 to 5. Source: Subbotin (1923); Bottazzi and Secchi (2006),
/// section 2. `m` is the median rather than estimated along.
#[must_use]
pub fn subbotin_shape(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(&middle) = sorted.get(sorted.len() / 2) else { return f64::NAN };
    let distances: Vec<f64> = sorted.iter().map(|x| (x - middle).abs()).collect();
    let likelihood = |b: f64| {
        let scale = distances.iter().map(|d| pow(*d, b)).sum::<f64>() / distances.len() as f64;
        -(ln(2.0) + ln(scale) / b + ln(b) / b + ln_gamma(1.0 + 1.0 / b)) - 1.0 / b
    };
    // One maximum in this range: narrowed by thirds.
    let (mut low, mut high) = (0.1, 5.0);
    for _ in 0..60 {
        let third = (high - low) / 3.0;
        if likelihood(low + third) < likelihood(high - third) {
            low += third;
        } else {
            high -= third;
        }
    }
    f64::midpoint(low, high)
}

/// Logarithm of the gamma function above zero: Stirling's series after a shift by eight. Source: Abramowitz and Stegun (1964), 6.1.41.
fn ln_gamma(x: f64) -> f64 {
    let shift: f64 = (0..8).map(|k| ln(x + f64::from(k))).sum();
    let z = x + 8.0;
    let series = 1.0 / (12.0 * z) - 1.0 / (360.0 * z * z * z) + 1.0 / (1260.0 * pow(z, 5.0));
    (z - 0.5) * ln(z) - z + 0.5 * ln(2.0 * std::f64::consts::PI) + series - shift
}

/// Share of the whole that the richest `share` of persons have, percent.
#[must_use]
pub fn richest_share(wealth: &[f64], share: f64) -> f64 {
    let mut sorted = wealth.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let whole: f64 = sorted.iter().sum();
    let count = (share * sorted.len() as f64).round() as usize;
    100.0 * sorted[..count.min(sorted.len())].iter().sum::<f64>() / whole
}

/// Median and mean; not numbers without values.
#[must_use]
pub fn median_and_mean(values: &[f64]) -> [f64; 2] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let median = match (sorted.get(n.saturating_sub(1) / 2), sorted.get(n / 2)) {
        (Some(a), Some(b)) => f64::midpoint(*a, *b),
        _ => f64::NAN,
    };
    [median, sorted.iter().sum::<f64>() / n as f64]
}

/// Changes of the log of a firm's sales from one year to the next, less the mean of its industry, of firms that lived through both.
#[must_use]
pub fn sales_growth(firms: &[Vec<FirmAnswer>], year: usize) -> Vec<f64> {
    let Some(start) = firms.len().checked_sub(2 * year) else { return Vec::new() };
    let last = &firms[firms.len() - 1];
    let sum = |firm: usize, from: usize| firms[from..from + year].iter().map(|tick| tick[firm].sold).sum::<f64>();
    let mut growth = Vec::new();
    for (firm, answer) in last.iter().enumerate() {
        let (before, after) = (sum(firm, start), sum(firm, start + year));
        if answer.age_ticks as usize >= 2 * year && before > 0.0 && after > 0.0 {
            growth.push((answer.industry, ln(after / before)));
        }
    }
    let mean = |industry: usize| {
        let own: Vec<f64> = growth.iter().filter(|x| x.0 == industry).map(|x| x.1).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    let industries = growth.iter().map(|x| x.0).max().map_or(0, |last| last + 1);
    let means: Vec<f64> = (0..industries).map(mean).collect();
    growth.iter().map(|(industry, growth)| growth - means[*industry]).collect()
}

/// Months a posted price lasts: `-1 / ln(1 - f)`, `f` the mean share of prices that differ from the tick before.
///
/// Source: Nakamura and Steinsson (2008), section II.
#[must_use]
pub fn price_duration(firms: &[Vec<FirmAnswer>], months_per_tick: f64) -> f64 {
    let (mut changed, mut pairs) = (0_usize, 0_usize);
    for two in firms.windows(2) {
        changed += two[0].iter().zip(&two[1]).filter(|(a, b)| a.price.to_bits() != b.price.to_bits()).count();
        pairs += two[0].len();
    }
    -months_per_tick / ln(1.0 - changed as f64 / pairs as f64)
}

/// A household in the year after a lottery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpenderAnswer {
    /// Deposits over a month of permanent income, before.
    pub liquidity: f64,
    /// Permanent income of a month, before.
    pub month: f64,
    /// Draw of the lottery: those below the share of winners won.
    pub draw: f64,
    /// Consumption in the year.
    pub spent: f64,
}

/// A12: spent within a year out of a prize of a month's permanent income, by households in the worlds with a lottery and without.
///
/// Equation: `sum (C - C0) / sum y_p` over winners less the same of those who did not win, which is what the two worlds differ by anyway;
/// consumption `C` and `C0` with and without the lottery, of all and of the tenths with the least and the most deposits over income.
/// Source: Fagereng, Holm and Natvik (2021), equation 1, who compare winners of prizes with others.
#[must_use]
pub fn windfall(with: &[SpenderAnswer], without: &[SpenderAnswer], share: f64) -> Vec<Observation> {
    let mut order: Vec<usize> = (0..without.len()).collect();
    order.sort_by(|&a, &b| without[a].liquidity.total_cmp(&without[b].liquidity));
    let more = |part: &[usize], won: bool| {
        let own = part.iter().filter(|&&k| (without[k].draw < share) == won);
        let (spent, prizes) = own.fold((0.0, 0.0), |(spent, prizes), &k| {
            (spent + with[k].spent - without[k].spent, prizes + without[k].month)
        });
        spent / prizes
    };
    let tenth = order.len().div_ceil(10);
    let parts = [("A12", &order[..]), ("A12-low", &order[..tenth]), ("A12-high", &order[order.len() - tenth..])];
    parts.map(|(id, part)| (id, more(part, true) - more(part, false))).to_vec()
}

/// Facts A8 to A10, A13 and A14, as far as the survey covers them.
#[must_use]
pub fn survey_facts(survey: &Survey, ticks_per_year: usize) -> Vec<Observation> {
    let mut found = Vec::new();
    if let Some(last) = survey.firms.last() {
        found.push(("A8", zipf_exponent(&last.iter().map(|firm| firm.employees).collect::<Vec<_>>())));
        let growth = sales_growth(&survey.firms, ticks_per_year);
        let sizes: Vec<f64> = growth.iter().map(|x| x.abs()).collect();
        found.push(("A9", subbotin_shape(&growth)));
        found.push(("A9-tail", hill(&sizes, sizes.len() / 20)));
        let year = &survey.firms[survey.firms.len().saturating_sub(ticks_per_year + 1)..];
        found.push(("A14", price_duration(year, 12.0 / ticks_per_year as f64)));
    }
    if !survey.households.is_empty() {
        let wealth: Vec<f64> = survey.households.iter().map(|household| household.wealth).collect();
        found.push(("A10", richest_share(&wealth, 0.1)));
        found.push(("A10-1", richest_share(&wealth, 0.01)));
        found.push(("A10-50", 100.0 - richest_share(&wealth, 0.5)));
        found.push(("A10-tail", hill(&wealth, wealth.len() / 100)));
    }
    let [median, mean] = median_and_mean(&survey.unemployed_months);
    found.push(("A13", median * WEEKS));
    found.push(("A13-mean", mean * WEEKS));
    found.retain(|(_, value)| !value.is_nan());
    found
}

/// Sizes at even quantiles of a Pareto distribution with an exponent, for tests and drawings: `(1 - p)^(-1 / zeta)`.
#[cfg(test)]
pub(super) fn pareto(exponent: f64, count: usize) -> Vec<f64> {
    (0..count).map(|k| engine::math::exp(-ln((k as f64 + 0.5) / count as f64) / exponent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[Observation], id: &str, expected: f64) {
        let value = found.iter().find(|(known, _)| *known == id).expect("a figure").1;
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1.0), "{id}: {value} is not {expected}");
    }

    #[test]
    fn winners_of_prizes_are_compared_with_themselves_and_with_others() {
        // Of every two households with as many months of deposits one wins; the world with the lottery buys 7 more for a reason of its own.
        let household = |k: u32| SpenderAnswer {
            liquidity: f64::from(k / 2),
            month: 100.0,
            draw: if k.is_multiple_of(2) { 0.1 } else { 0.9 },
            spent: 1_200.0,
        };
        let without: Vec<SpenderAnswer> = (0..40).rev().map(household).collect();
        let spends = |x: &SpenderAnswer| {
            let won = if x.draw < 0.5 { 100.0 * (1.0 - 0.05 * x.liquidity) } else { 0.0 };
            SpenderAnswer { spent: x.spent + 7.0 + won, ..*x }
        };
        let with: Vec<SpenderAnswer> = without.iter().map(spends).collect();
        let found = windfall(&with, &without, 0.5);
        check(&found, "A12", 1.0 - 0.05 * 9.5);
        check(&found, "A12-low", 1.0 - 0.05 * 0.5);
        check(&found, "A12-high", 1.0 - 0.05 * 18.5);
        let survey = Survey { unemployed_months: vec![1.0, 2.0, 6.0], ..Survey::default() };
        let found = survey_facts(&survey, 12);
        check(&found, "A13", 2.0 * 365.25 / 84.0);
        check(&found, "A13-mean", 3.0 * 365.25 / 84.0);
        assert!(!found.iter().any(|x| x.0 == "A8"), "no firm was asked");
    }
}
