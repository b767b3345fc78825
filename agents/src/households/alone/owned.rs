//! What units own when a world begins: homes and shares of the fund, as unequal as they are at rest.

use engine::math::{exp, ln, sqrt};

use super::facts::ranks;
use super::setting::Setting;
use super::{People, Unit};

/// Homes of units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Housed {
    /// Share that own theirs.
    pub owners: f64,
    /// Worth of a home, years of what its owners expect to have.
    pub worth: f64,
    /// Owed on it, share of its worth.
    pub owed: f64,
}

impl Housed {
    /// Of some units; none own a home at first.
    pub(super) fn of<'a>(units: impl Iterator<Item = &'a Unit>) -> Self {
        let (mut all, mut owners, mut worth, mut owed, mut expected) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for unit in units {
            all += 1.0;
            if unit.owns() {
                owners += 1.0;
                worth += unit.home;
                owed += unit.debt;
                expected += 12.0 * unit.permanent;
            }
        }
        Self {
            owners: owners / f64::max(all, 1.0),
            worth: worth / f64::max(expected, 1e-9),
            owed: owed / f64::max(worth, 1e-9),
        }
    }

    /// Chance that a unit of some rank in income owns its home.
    ///
    /// Equation: odds `s / (1 - s) exp(a (r - 1/2))`, with the share `s` of owners, the rank `r` and slope `a`.
    /// Source: a logit; its slope is chosen, ownership by fifth of income in the Survey of Consumer Finances 2022 in view (from memory).
    pub(super) fn chance(&self, rank: f64) -> f64 {
        const SLOPE: f64 = 2.6;
        // Bound of the rule: a share whose odds are a number.
        let share = self.owners.clamp(0.01, 0.99);
        let odds = share / (1.0 - share) * exp(SLOPE * (rank - 0.5));
        odds / (1.0 + odds)
    }
}

/// Places of knots of [`Held`] among units, from the least shares to the most.
const PLACES: [f64; HELD] = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99];
/// How many there are.
pub const HELD: usize = 14;

/// Shares of the fund that units hold: how unequal they are, and who holds them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Logs of what units at the [`PLACES`] hold, relative to the mean.
    pub logs: [f64; HELD],
    /// Share of the units beyond the last, a hundredth of all.
    pub top: f64,
    /// Score of holdings for a score of expected income.
    pub income: f64,
    /// More for the retired.
    pub retired: f64,
    /// And for who owns a home.
    pub owners: f64,
    /// And for a standard deviation of returns that persist.
    pub returns: f64,
}

impl Held {
    /// Where the search begins: three tenths own more than a trifle.
    pub(super) fn begun(s: &Setting) -> Self {
        let few = 1.0 - s.fortunes.owners;
        let logs =
            PLACES.map(|p| if p < few { -4.0 } else { ln(0.5) + ln((1.0 - few) / (1.0 - p)) / s.fortunes.exponent });
        Self { logs, top: 0.3, income: 0.5, retired: 0.0, owners: 0.0, returns: 0.0 }
    }

    /// Of units.
    pub(super) fn of(units: &[Unit]) -> Self {
        let shares: Vec<f64> = units.iter().map(|x| x.shares * units.len() as f64).collect();
        let mut sorted = shares.clone();
        sorted.sort_by(f64::total_cmp);
        // Bound of the measure: who holds nothing has no log.
        let logs = PLACES.map(|place| ln(sorted[(place * sorted.len() as f64) as usize].max(1e-6)));
        let beyond = &sorted[(PLACES[HELD - 1] * sorted.len() as f64) as usize..];
        let top = beyond.iter().sum::<f64>() / sorted.len() as f64;
        let scores = |of: &[f64]| -> Vec<f64> { ranks(of).into_iter().map(score).collect() };
        let (held, expected) = (scores(&shares), scores(&expected(units)));
        let known = |i: usize| [1.0, expected[i], one(units[i].retired), one(units[i].owns()), units[i].returns];
        let [_, income, retired, owners, returns] = least_squares((0..units.len()).map(|i| (known(i), held[i])));
        Self { logs, top, income, retired, owners, returns }
    }

    /// What a unit holds whose place among all is given, relative to the mean.
    ///
    /// Equation: straight lines between knots of logs; `q (1 - p_n)^(1 / a) (1 - p)^(-1 / a)` beyond the last, `q` at `p_n`, with the exponent
    /// `a = S / (S - (1 - p_n) q)` of a tail whose share is `S`.
    /// Source: Pareto's law of large fortunes.
    fn at(&self, place: f64) -> f64 {
        let last = HELD - 1;
        if place >= PLACES[last] {
            let beyond = 1.0 - PLACES[last];
            // Bound of the rule: a share less than its least member's would have no tail.
            let exponent = self.top / (self.top - beyond * exp(self.logs[last])).max(0.1 * self.top);
            return exp(self.logs[last] + ln(beyond / (1.0 - place)) / exponent);
        }
        let k = PLACES[1..last].iter().take_while(|&&x| x <= place).count();
        let part = (place - PLACES[k]) / (PLACES[k + 1] - PLACES[k]);
        exp(self.logs[k] + part * (self.logs[k + 1] - self.logs[k]))
    }

    /// What units hold to begin with, relative to the mean, given a standard normal draw for each. Quantiles, not draws, make up how
    /// unequal they are: the tail at first has no noise.
    pub(super) fn drawn(&self, units: &[Unit], draws: impl Fn(usize) -> f64) -> Vec<f64> {
        let expected: Vec<f64> = ranks(&expected(units)).into_iter().map(score).collect();
        let explained = |unit: &Unit| {
            self.retired * one(unit.retired) + self.owners * one(unit.owns()) + self.returns * unit.returns
        };
        let known: Vec<f64> = units.iter().zip(&expected).map(|(x, y)| self.income * y + explained(x)).collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        let variance = known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / known.len() as f64;
        // Bound of the rule: what is known leaves something to chance.
        let noise = sqrt((1.0 - variance).max(0.01));
        let scores: Vec<f64> = known.iter().enumerate().map(|(i, x)| x + noise * draws(i)).collect();
        self.by_rank(&scores)
    }

    /// What units hold, relative to the mean, in the order of some values.
    fn by_rank(&self, values: &[f64]) -> Vec<f64> {
        ranks(values).into_iter().map(|place| self.at(place)).collect()
    }
}

impl People {
    /// Shares of the fund are as unequal as those that are given; who holds more than whom does not change. Whoever holds more than
    /// before keeps more in the bank, as it means to: otherwise the largest fortunes would begin by filling their accounts.
    ///
    /// Equation: `D' = max(0, D + y (k(E') - k(E)))`, deposits `D`, permanent income `y`, and what is [kept](crate::households::saving::Habits::kept_of_shares)
    /// `k` for shares worth `E` before and `E'` after, in months of it.
    /// Source: ours; the target is that of [`crate::households::saving::Habits::target`].
    pub(super) fn hold(&mut self, given: &Held) {
        let shares: Vec<f64> = self.units.iter().map(|unit| unit.shares).collect();
        let (habits, fund) = (self.setting.habits, self.fund);
        let kept = |unit: &Unit| habits.kept_of_shares(unit.shares * fund / unit.permanent) * unit.permanent;
        let before: Vec<f64> = self.units.iter().map(kept).collect();
        self.share_out(&given.by_rank(&shares));
        for (unit, before) in self.units.iter_mut().zip(before) {
            unit.deposits = (unit.deposits + kept(unit) - before).max(0.0);
        }
        self.look_around();
    }

    /// Units share the fund in proportion to what they hold.
    pub(super) fn share_out(&mut self, held: &[f64]) {
        let all: f64 = held.iter().sum();
        self.units.iter_mut().zip(held).for_each(|(unit, held)| unit.shares = held / all);
    }
}

/// One if it is so.
fn one(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// What best tells a number from others, in the mean of squares.
///
/// Equation: `b = (X' X)^(-1) X' y`, by elimination.
/// Source: ordinary least squares.
fn least_squares<const K: usize>(rows: impl Iterator<Item = ([f64; K], f64)>) -> [f64; K] {
    let (mut products, mut right) = ([[0.0; K]; K], [0.0; K]);
    for (x, y) in rows {
        for a in 0..K {
            right[a] += x[a] * y;
            for b in 0..K {
                products[a][b] += x[a] * x[b];
            }
        }
    }
    for a in 0..K {
        // Rule: what never varies tells nothing.
        let pivot = products[a][a];
        let scale = if pivot > 1e-9 { 1.0 / pivot } else { 0.0 };
        for b in (0..K).filter(|&b| b != a) {
            let times = products[b][a] * scale;
            let row = products[a];
            products[b].iter_mut().zip(row).for_each(|(x, y)| *x -= times * y);
            right[b] -= times * right[a];
        }
    }
    std::array::from_fn(|a| if products[a][a] > 1e-9 { right[a] / products[a][a] } else { 0.0 })
}

/// A score of a place among all: mean zero, variance one.
///
/// Equation: `sqrt(3) / pi ln(p / (1 - p))`.
/// Source: quantiles of the logistic distribution.
fn score(place: f64) -> f64 {
    sqrt(3.0) / std::f64::consts::PI * ln(place / (1.0 - place))
}

/// What units expect per equivalent adult.
fn expected(units: &[Unit]) -> Vec<f64> {
    units.iter().map(|x| x.permanent / x.needs()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    fn held() -> Held {
        // From a tenth of the mean at the first knot up by equal steps of logs.
        let logs = std::array::from_fn(|k| ln(0.1) + 0.3 * k as f64);
        Held { logs, top: 0.3, income: 0.6, retired: 0.2, owners: 0.15, returns: 0.1 }
    }

    #[test]
    fn owners_are_as_many_as_they_are() {
        let housed = Housed { owners: 0.6, worth: 2.0, owed: 0.3 };
        near(housed.chance(0.5), 0.6);
        // Odds of 1.5 exp(1.3), and of 1.5 exp(-1.3).
        near(housed.chance(1.0), 1.5 * exp(1.3) / (1.0 + 1.5 * exp(1.3)));
        near(housed.chance(0.0), 1.5 * exp(-1.3) / (1.0 + 1.5 * exp(-1.3)));
        let units = [(24.0, 6.0, 1.0), (0.0, 3.0, 1.0), (12.0, 3.0, 0.5)];
        let units = units.map(|(home, debt, permanent)| Unit { home, debt, permanent, size: 1, ..Unit::default() });
        let found = Housed::of(units.iter());
        near(found.owners, 2.0 / 3.0);
        // 36 over twelve times 1.5; nine owed, what the tenant owes not counted.
        near(found.worth, 2.0);
        near(found.owed, 0.25);
    }

    #[test]
    fn a_score_has_variance_one() {
        near(score(0.5), 0.0);
        // Odds of three: ln 3 = 1.0986 of a standard deviation of pi over the root of three.
        near(score(0.75), 1.098_612_288_668_11 * 0.551_328_895_421_792);
        let draws: Vec<f64> = (0..10_000).map(|k| score((f64::from(k) + 0.5) / 10_000.0)).collect();
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 10_000.0;
        assert!((variance - 1.0).abs() < 0.01, "{variance}");
    }

    #[test]
    fn what_tells_a_number_is_found() {
        // y = 2 + 3 a - b, of what never varies nothing.
        let rows = [(0.0, 1.0), (1.0, 0.0), (2.0, 5.0), (4.0, 3.0)];
        let found = least_squares(rows.into_iter().map(|(a, b)| ([1.0, a, b, 0.0], 2.0 + 3.0 * a - b)));
        found.into_iter().zip([2.0, 3.0, -1.0, 0.0]).for_each(|(x, y)| near(x, y));
    }

    #[test]
    fn holdings_have_a_tail() {
        let held = held();
        near(held.at(0.1), 0.1);
        near(held.at(0.175), 0.1 * exp(0.15));
        let last = 0.1 * exp(3.9);
        near(held.at(0.99), last);
        // An exponent of 0.3 / (0.3 - 0.01 x 4.94) = 1.197; ten times as rare, 10^(1 / 1.197) times as much.
        let exponent = 0.3 / (0.3 - 0.01 * last);
        near(held.at(0.999), last * engine::math::pow(10.0, 1.0 / exponent));
    }

    #[test]
    fn whose_share_is_made_larger_keeps_more_in_the_bank() {
        let mut people = People::new(Setting::united_states(), 2_000, 1);
        // Enough in the bank that nobody would be left with less than nothing.
        people.units.iter_mut().for_each(|unit| unit.deposits = 1e6);
        let (habits, fund) = (people.setting.habits, people.fund);
        // Months of shares above the bound, each with its part in the bank.
        let kept = |x: &Unit| {
            let months = (x.shares * fund / x.permanent - habits.shares_bound).max(0.0);
            habits.shares_kept * months * x.permanent
        };
        let before: Vec<[f64; 2]> = people.units.iter().map(|x| [x.shares, kept(x)]).collect();
        people.hold(&held());
        let mut richer = 0;
        for (unit, [shares, kept_before]) in people.units.iter().zip(before) {
            let more = unit.deposits - 1e6;
            assert!((more - (kept(unit) - kept_before)).abs() < 1e-6, "{more}");
            richer += usize::from(unit.shares > shares && more > 0.0);
        }
        assert!(richer > 0, "somebody is made richer");
    }

    #[test]
    fn who_has_more_holds_more() {
        let unit = |k: usize| Unit { size: 1, permanent: 1.0 + k as f64, ..Unit::default() };
        let units: Vec<Unit> = (0..40).map(unit).collect();
        // Without chance, in the order of incomes.
        let drawn = held().drawn(&units, |_| 0.0);
        assert!(drawn.is_sorted());
        near(drawn[4], held().at(4.5 / 40.0));
    }

    #[test]
    fn what_was_drawn_is_found_again() {
        let draw = |seed: u64, i: usize| super::super::nearly_normal(engine::rng::hash(seed, i as u64, 0));
        let unit = |i: usize| Unit {
            size: 1,
            permanent: exp(draw(1, i)),
            retired: i.is_multiple_of(4),
            home: if i.is_multiple_of(3) { 1.0 } else { 0.0 },
            returns: draw(2, i),
            ..Unit::default()
        };
        let mut units: Vec<Unit> = (0..40_000).map(unit).collect();
        let wanted = Held {
            logs: std::array::from_fn(|k| -3.0 + 0.35 * k as f64),
            top: 0.25,
            income: 0.6,
            retired: 0.2,
            owners: 0.3,
            returns: 0.1,
        };
        let drawn = wanted.drawn(&units, |i| draw(3, i));
        let all: f64 = drawn.iter().sum();
        units.iter_mut().zip(drawn).for_each(|(unit, held)| unit.shares = held / all);
        let found = Held::of(&units);
        let close = |a: f64, b: f64, by: f64| assert!((a - b).abs() < by, "{a} {b}");
        let apart = |k: usize| (found.logs[k] - found.logs[0]) - (wanted.logs[k] - wanted.logs[0]);
        (0..HELD).for_each(|k| close(apart(k), 0.0, 0.02));
        close(found.income, 0.6, 0.05);
        close(found.retired, 0.2, 0.05);
        close(found.owners, 0.3, 0.05);
        close(found.returns, 0.1, 0.03);
    }
}
