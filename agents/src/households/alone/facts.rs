//! What is measured of people at rest: who stays where, who owns what.

use engine::math::{ln, ordered_sum};

use super::months::Shock;
use super::{Flows, People, State};
use crate::statistics::polarization::mobility::{Moves, moves, stayed};

/// Places of values from the lowest to the highest; of equal values the first comes first.
#[must_use]
pub fn ascending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// Place of every value among all, from 0 to 1; of equal values the first comes first.
#[must_use]
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut ranks = vec![0.0; values.len()];
    for (place, i) in ascending(values).into_iter().enumerate() {
        ranks[i] = (place as f64 + 0.5) / values.len() as f64;
    }
    ranks
}

/// Shares of `N` groups of equal number in the sum of values, in the order of other values.
#[must_use]
pub fn shares<const N: usize>(values: &[f64], ranks: &[f64]) -> [f64; N] {
    let mut sums = [0.0; N];
    for (value, rank) in values.iter().zip(ranks) {
        sums[(rank * N as f64) as usize] += value;
    }
    let all: f64 = sums.iter().sum();
    sums.map(|x| x / all)
}

/// Value between ten entries of a row, at a place counted in entries; beyond the ends those.
#[must_use]
pub fn between(row: &[f64; 10], place: f64) -> f64 {
    let at = place.clamp(0.0, 9.0);
    let below = (at as usize).min(8);
    row[below] + (at - below as f64) * (row[below + 1] - row[below])
}

/// A year of units.
#[derive(Clone, Debug, Default)]
pub struct Year {
    /// Income per equivalent adult.
    pub income: Vec<f64>,
    /// Income.
    pub all: Vec<f64>,
    /// Consumption.
    pub consumption: Vec<f64>,
    /// Births of the line at its end.
    pub generations: Vec<u32>,
    /// Whether it lives on pensions at its end.
    pub retired: Vec<bool>,
    /// Means of monthly counts.
    pub flows: Flows,
}

impl People {
    /// Goes on for a year and adds up.
    pub fn year(&mut self, adapting: bool) -> Year {
        let mut year =
            Year { all: vec![0.0; self.units.len()], consumption: vec![0.0; self.units.len()], ..Year::default() };
        for _ in 0..12 {
            self.step(Shock { adapting, ..Shock::default() });
            year.take(self);
        }
        let scaled = |(income, unit): (&f64, &super::Unit)| income / unit.needs();
        year.income = year.all.iter().zip(&self.units).map(scaled).collect();
        year.generations = self.units.iter().map(|unit| unit.generation).collect();
        year.retired = self.units.iter().map(|unit| unit.retired).collect();
        year
    }

    /// Deposits of units.
    #[must_use]
    pub fn deposits(&self) -> Vec<f64> {
        self.units.iter().map(|u| u.deposits).collect()
    }

    /// Net worth of units.
    #[must_use]
    pub fn worth(&self) -> Vec<f64> {
        self.units.iter().map(|u| u.deposits + u.shares * self.fund + u.home - u.debt).collect()
    }
}

impl Year {
    fn take(&mut self, people: &People) {
        for (id, unit) in people.units.iter().enumerate() {
            self.all[id] += unit.income;
            self.consumption[id] += unit.consumption;
        }
        self.flows.add(&people.flows);
    }
}

impl Flows {
    /// Adds those of another month.
    pub fn add(&mut self, other: &Self) {
        let groups = [
            (&mut self.employed, other.employed),
            (&mut self.dismissed, other.dismissed),
            (&mut self.unemployed, other.unemployed),
            (&mut self.working, other.working),
        ];
        for (sum, x) in groups {
            sum.iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
        }
        self.moved += other.moved;
        self.left += other.left;
        self.entered += other.entered;
        self.outside += other.outside;
        self.of_working_age += other.of_working_age;
        self.duration += other.duration;
    }
}

/// Units whose line did not change between two years, with their ranks in both.
fn pairs(from: &Year, to: &Year) -> Vec<(f64, f64)> {
    let (a, b) = (ranks(&from.income), ranks(&to.income));
    let same = from.generations.iter().zip(&to.generations).map(|(a, b)| a == b);
    a.into_iter().zip(b).zip(same).filter(|x| x.1).map(|x| x.0).collect()
}

/// Share of each of `N` groups that is in it again, over pairs of years `apart` years from each other.
#[must_use]
pub fn stay<const N: usize>(years: &[Year], apart: usize) -> [f64; N] {
    let group = |rank: f64| (rank * N as f64) as usize;
    let both = years.iter().zip(&years[apart..]).flat_map(|(from, to)| pairs(from, to));
    let table: Moves<N> = moves(both.map(|(a, b)| (group(a), group(b))));
    stayed(&table).map(Option::unwrap_or_default)
}

/// Correlation of ranks of a year and the next, mean over years.
#[must_use]
pub fn rank_correlation(years: &[Year]) -> f64 {
    let of = |pairs: Vec<(f64, f64)>| {
        let n = pairs.len() as f64;
        let mean = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
        let (a, b) = (mean(&|x| x.0), mean(&|x| x.1));
        let cov = mean(&|x| (x.0 - a) * (x.1 - b));
        cov / (mean(&|x| (x.0 - a) * (x.0 - a)) * mean(&|x| (x.1 - b) * (x.1 - b))).sqrt()
    };
    let all: Vec<f64> = years.windows(2).map(|x| of(pairs(&x[0], &x[1]))).collect();
    all.iter().sum::<f64>() / all.len() as f64
}

/// Shares of the top hundredth, top tenth and bottom half in wealth, and the Pareto exponent of the top hundredth (Hill 1975).
#[must_use]
pub fn wealth(worth: &[f64]) -> [f64; 4] {
    let mut sorted = worth.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (n, all) = (sorted.len(), ordered_sum(&sorted));
    let top = |k: usize| ordered_sum(&sorted[..k]) / all;
    let k = n / 100;
    let hill = k as f64 / sorted[..k].iter().map(|x| ln(x / sorted[k])).sum::<f64>();
    [top(k), top(n / 10), 1.0 - top(n / 2), hill]
}

/// Lorenz ordinates of deposits at 20, 40, 60 and 80 percent, debts counted as nothing.
#[must_use]
pub fn liquid(deposits: &[f64]) -> [f64; 4] {
    let mut sorted: Vec<f64> = deposits.iter().map(|x| x.max(0.0)).collect();
    sorted.sort_by(f64::total_cmp);
    let all = ordered_sum(&sorted);
    [1, 2, 3, 4].map(|k| ordered_sum(&sorted[..sorted.len() * k / 5]) / all)
}

/// Spending out of a windfall of a month of permanent income within a year: of all money, and by tenth of liquid wealth.
#[must_use]
pub fn spent_of_a_windfall(people: &People) -> (f64, [f64; 10]) {
    let liquid: Vec<f64> =
        people.units.iter().map(|u| u.deposits / u.permanent + 1e-3 * u.shares * people.fund / u.permanent).collect();
    let ranks = ranks(&liquid);
    let got: Vec<f64> = people.units.iter().map(|u| u.permanent).collect();
    let (mut with, mut without) = (people.clone(), people.clone());
    let mut more = vec![0.0; got.len()];
    for month in 0..12 {
        with.step(Shock { windfall: if month == 0 { 1.0 } else { 0.0 }, ..Shock::default() });
        without.step(Shock::default());
        for (more, (a, b)) in more.iter_mut().zip(with.units.iter().zip(&without.units)) {
            *more += a.consumption - b.consumption;
        }
    }
    let (mut sums, mut counts) = ([0.0; 10], [0.0; 10]);
    for (rank, (more, got)) in ranks.iter().zip(more.iter().zip(&got)) {
        sums[(rank * 10.0) as usize] += more / got;
        counts[(rank * 10.0) as usize] += 1.0;
    }
    (more.iter().sum::<f64>() / got.iter().sum::<f64>(), std::array::from_fn(|k| sums[k] / counts[k]))
}

/// Earnings lost by those displaced after three years in a job, present value over 20 years at 5%, in years of their pay; with
/// the unemployment rate when it happened. `slump` is the share by which finding a job falls for 30 months.
#[must_use]
pub fn displacement(people: &People, slump: f64) -> (f64, f64) {
    let mut people = people.clone();
    let cycle = |month: usize| {
        let wears_off = if month < 30 { 1.0 } else { engine::math::exp(-((month - 30) as f64) / 24.0) };
        1.0 - slump * wears_off
    };
    for month in 0..12 {
        people.cycle = cycle(month);
        people.step(Shock::default());
    }
    let unemployment = people.unemployment();
    let struck: Vec<bool> = people
        .persons
        .iter()
        .enumerate()
        .map(|(i, x)| {
            let drawn = engine::rng::unit(engine::rng::hash(5, i as u64, 0)) < 0.3;
            x.state == State::Employed && x.tenure >= 36.0 && drawn && !people.units[x.unit as usize].retired
        })
        .collect();
    let before: f64 = people.persons.iter().zip(&struck).filter(|x| *x.1).map(|x| x.0.pay).sum();
    let base = 12.0 * before / struck.iter().filter(|x| **x).count() as f64;
    let lines: Vec<u32> = people.units.iter().map(|unit| unit.generation).collect();
    let (mut spared, mut hit, mut followed) = (people.clone(), people, struck.clone());
    let mut value = 0.0;
    for year in 0..20 {
        let mut lost = 0.0;
        for month in 0..12 {
            let at = 12 + year * 12 + month;
            (spared.cycle, hit.cycle) = (cycle(at), cycle(at));
            spared.step(Shock::default());
            hit.step(Shock { displaced: (year == 0 && month == 0).then_some(&struck), ..Shock::default() });
            let earned = |x: &super::Person| if x.state == State::Employed { x.pay } else { 0.0 };
            for (i, followed) in followed.iter_mut().enumerate() {
                let unit = spared.persons[i].unit as usize;
                // Until they retire; an heir in their place is somebody else.
                let works_on = |u: &super::Unit| !u.retired && u.generation == lines[unit];
                *followed &= works_on(&spared.units[unit]) && works_on(&hit.units[unit]);
                if *followed {
                    lost += earned(&spared.persons[i]) - earned(&hit.persons[i]);
                }
            }
        }
        let count = followed.iter().filter(|x| **x).count() as f64;
        value += lost / f64::max(count, 1.0) / base / 1.05_f64.powf(f64::from(year as u32) + 0.5);
    }
    (value, unemployment)
}

/// What is measured of people at rest over years without any change around them.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Share that is in the same fifth again after 3 and 2 years.
    pub stays: [[f64; 5]; 2],
    /// Rank correlation of a year's income and the next.
    pub rank_correlation: f64,
    /// Share that is in the same tenth again after a year.
    pub tenths: [f64; 10],
    /// Share of units in another fifth after nine years.
    pub changed: f64,
    /// Moves from post to post over all separations.
    pub moves_of_separations: f64,
    /// Moves from post to post over those at work, a month.
    pub moves: f64,
    /// Dismissals over those at work by skill, a quarter.
    pub dismissals: [f64; 3],
    /// Unemployment by skill.
    pub unemployment: [f64; 3],
    /// From work out of the labour force, and from outside into work, a month.
    pub participation_flows: [f64; 2],
    /// Mean weeks of the unemployed without work so far.
    pub weeks: f64,
    /// Shares of tenths in income in the first and the last year.
    pub shares: [[f64; 10]; 2],
    /// Wealth at the beginning and the end: see [`wealth`].
    pub wealth: [[f64; 4]; 2],
    /// Lorenz ordinates of deposits at the beginning and the end.
    pub liquid: [[f64; 4]; 2],
    /// Saving over income of units of working age, by fifth of income, over all years.
    pub saving: [f64; 5],
}

impl Facts {
    /// Lets people live for some years and measures.
    #[must_use]
    pub fn of(people: &mut People, years: usize) -> Self {
        let owned = |people: &People| [wealth(&people.worth()), liquid(&people.deposits())];
        let before = owned(people);
        let years: Vec<Year> = (0..years).map(|_| people.year(false)).collect();
        Self::found(&years, [before, owned(people)])
    }

    /// From years, and what units owned before and after them ([`wealth`] and [`liquid`]).
    #[must_use]
    pub fn found(years: &[Year], owned: [[[f64; 4]; 2]; 2]) -> Self {
        let mut f = Flows::default();
        for year in years {
            f.add(&year.flows);
        }
        let (employed, dismissed): (f64, f64) = (f.employed.iter().sum(), f.dismissed.iter().sum());
        let unemployed: f64 = f.unemployed.iter().sum();
        let (first, last) = (&years[0], &years[years.len() - 1]);
        let tenths = |year: &Year| shares(&year.income, &ranks(&year.income));
        Self {
            stays: [stay(years, 3), stay(years, 2)],
            rank_correlation: rank_correlation(years),
            tenths: stay(years, 1),
            changed: 1.0 - stay::<5>(years, 9).iter().sum::<f64>() / 5.0,
            moves_of_separations: f.moved / (f.moved + dismissed + f.left),
            moves: f.moved / employed,
            dismissals: std::array::from_fn(|k| 3.0 * f.dismissed[k] / f.employed[k]),
            unemployment: std::array::from_fn(|k| f.unemployed[k] / (f.unemployed[k] + f.working[k])),
            participation_flows: [f.left / employed, f.entered / f.outside],
            weeks: f.duration / unemployed * 365.25 / 12.0 / 7.0,
            shares: [tenths(first), tenths(last)],
            wealth: owned.map(|x| x[0]),
            liquid: owned.map(|x| x[1]),
            saving: saving(years),
        }
    }
}

impl Facts {
    /// Mean of those of two worlds.
    #[must_use]
    pub fn mean(&self, other: &Self) -> Self {
        fn of<const N: usize>(a: &[f64; N], b: &[f64; N]) -> [f64; N] {
            std::array::from_fn(|k| f64::midpoint(a[k], b[k]))
        }
        fn of_two<const N: usize>(a: &[[f64; N]; 2], b: &[[f64; N]; 2]) -> [[f64; N]; 2] {
            std::array::from_fn(|k| of(&a[k], &b[k]))
        }
        Self {
            stays: of_two(&self.stays, &other.stays),
            rank_correlation: f64::midpoint(self.rank_correlation, other.rank_correlation),
            tenths: of(&self.tenths, &other.tenths),
            changed: f64::midpoint(self.changed, other.changed),
            moves_of_separations: f64::midpoint(self.moves_of_separations, other.moves_of_separations),
            moves: f64::midpoint(self.moves, other.moves),
            dismissals: of(&self.dismissals, &other.dismissals),
            unemployment: of(&self.unemployment, &other.unemployment),
            participation_flows: of(&self.participation_flows, &other.participation_flows),
            weeks: f64::midpoint(self.weeks, other.weeks),
            shares: of_two(&self.shares, &other.shares),
            wealth: of_two(&self.wealth, &other.wealth),
            liquid: of_two(&self.liquid, &other.liquid),
            saving: of(&self.saving, &other.saving),
        }
    }
}

/// Saving over income of units of working age, by fifth of income in all years.
///
/// Source: Dynan, Skinner and Zeldes (2004), saving by lifetime income: who is poor for a year lives on what there is.
fn saving(years: &[Year]) -> [f64; 5] {
    let (mut spent, mut had) = ([0.0; 5], [0.0; 5]);
    let lasting: Vec<f64> =
        (0..years[0].income.len()).map(|id| years.iter().map(|year| year.income[id]).sum()).collect();
    let ranks = ranks(&lasting);
    for year in years {
        for (id, rank) in ranks.iter().enumerate() {
            if !year.retired[id] {
                spent[(rank * 5.0) as usize] += year.consumption[id];
                had[(rank * 5.0) as usize] += year.all[id];
            }
        }
    }
    std::array::from_fn(|k| 1.0 - spent[k] / had[k])
}
