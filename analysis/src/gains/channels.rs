//! How the change of a household's real income comes about.

/// Channels: prices, wages, jobs, profits and wealth, taxes and transfers.
pub const CHANNELS: usize = 5;

/// Their names, and those in Chinese.
pub const NAMES: [[&str; 2]; CHANNELS] = [
    ["prices", "价格"],
    ["wages", "工资"],
    ["jobs", "就业"],
    ["profits and wealth", "利润与财富"],
    ["taxes and transfers", "税收与转移"],
];

/// A household's year in one world, money.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Disposable income at base-year prices.
    pub real: i64,
    /// Wages.
    pub labour: i64,
    /// Members with a job, summed over ticks.
    pub employed: i64,
    /// Mixed income, dividends, interest, and rents of a home of one's own less interest on debts.
    pub property: i64,
    /// Pensions, benefits and other transfers less income tax.
    pub state: i64,
    /// Consumer prices of its tenth, 1 at the base.
    pub price: f64,
}

/// What each channel adds to the real income of a household, money at base-year prices; the sum is the change, exactly.
///
/// Equation: `d(y / p) = sum_k q dy_k + Y d(1 / p)`, with the sources `y_k` of income `Y`, the price index `p` of the household's tenth and
/// `q` the mean of `1 / p` of both worlds. Of labour income `w E` with employment `E` (members with a job, summed over ticks), `w dE` is jobs and
/// `E dw` wages, both at means of the two worlds; who has no job in one of them changes by jobs alone.
/// Source: exact first-order decomposition at midpoints (Shapley value of two factors), as in Shorrocks (2013).
/// Rounding: sources to integers, half away from zero; prices take what is left, changes of prices and incomes within the year included.
#[must_use]
pub fn channels(before: Budget, after: Budget) -> [i64; CHANNELS] {
    let q = f64::midpoint(1.0 / before.price, 1.0 / after.price);
    let real = |change: f64| (q * change).round() as i64;
    let labour = (after.labour - before.labour) as f64;
    let jobs = if before.employed > 0 && after.employed > 0 {
        let pay = |x: Budget| x.labour as f64 / x.employed as f64;
        f64::midpoint(pay(before), pay(after)) * (after.employed - before.employed) as f64
    } else if before.employed != after.employed {
        labour
    } else {
        0.0
    };
    let wages = real(labour - jobs);
    let jobs = real(jobs);
    let property = real((after.property - before.property) as f64);
    let state = real((after.state - before.state) as f64);
    [after.real - before.real - wages - jobs - property - state, wages, jobs, property, state]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_by_hand() {
        let before = Budget { real: 1_000, labour: 1_200, employed: 12, property: 100, state: -300, price: 1.0 };
        // Prices rise by a quarter; pay of a month from 100 to 104, ten months of work; 80 of property, 60 less of tax.
        let after = Budget { real: 704, labour: 1_040, employed: 10, property: 80, state: -240, price: 1.25 };
        // q = 0.9. Jobs: 102 x -2 = -204; wages: -160 + 204 = 44.
        let found = channels(before, after);
        assert_eq!(found[1..], [40, -184, -18, 54]);
        assert_eq!(found.iter().sum::<i64>(), 704 - 1_000);
        // Of prices: mean income 940 at 1 / p from 1 to 0.8 is -188.
        assert_eq!(found[0], -188);
    }

    #[test]
    fn who_is_without_a_job_in_one_world_changes_by_jobs_alone() {
        let idle = Budget { real: 300, labour: 0, employed: 0, property: 0, state: 300, price: 1.0 };
        let busy = Budget { real: 900, labour: 1_000, employed: 12, property: 0, state: -100, price: 1.0 };
        assert_eq!(channels(idle, busy), [0, 0, 1_000, 0, -400]);
        assert_eq!(channels(busy, idle), [0, 0, -1_000, 0, 400]);
        // Severance pay of somebody who has no job in either.
        assert_eq!(channels(idle, Budget { labour: 50, real: 350, ..idle }), [0, 50, 0, 0, 0]);
        assert_eq!(channels(busy, busy), [0; CHANNELS]);
    }
}
