//! The first deposits and permanent incomes of households: what a life of jobs found and lost leaves behind.
//!
//! Households that all held their target would unlearn it for decades: spells without work and new jobs at other wages
//! spread deposits out, and those who come near the end of theirs save more than those above target spend. So every decile of a region is founded
//! with the spread at rest. It is drawn by simulating households of the decile, with the rules of
//! [`crate::households::income`] and the labour market at rest, until their spread no longer changes; the target of the
//! rule is at every step the one at which they together spend their income, so deposits stay at their calibrated sum.

use engine::rng::{Key, hash, unit};

use crate::components::Status;
use crate::geography::SKILLS;
use crate::households::income::smoothed_income;
use crate::households::saving::permanent_income;
use crate::markets::resting::RestingMarket;

/// Simulated households of a decile and skill.
const PATHS: usize = 96;

/// Simulated time, in units of the time in which the gap to the wealth target closes; the first half is discarded.
const LIVES: f64 = 4.0;

/// Levels of the wage rates that jobs pay, equally likely.
pub const LEVELS: usize = 16;

/// Snapshots of the second half.
const SNAPSHOTS: usize = 40;

/// Share of a deviation of the deposits' sum from its calibrated value that spending takes back a tick.
const CORRECTION: f64 = 0.1;

/// A household's savings, relative to its mean income.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Savings {
    /// Deposits, ticks of mean income.
    pub deposits: f64,
    /// Permanent income, a ratio.
    pub permanent: f64,
}

engine::content!(Savings { deposits, permanent });

/// Savings at rest of the households of a decile: by skill and status, sorted so that ranks can be compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// With a job, by level of its wage, then deposits.
    employed: [Vec<Savings>; SKILLS],
    /// Without, by ticks since it was lost, then deposits.
    unemployed: [Vec<Savings>; SKILLS],
    /// Those whose income never changes.
    inactive: Option<Savings>,
}

engine::content!(Spread { employed, unemployed, inactive });

impl Spread {
    /// Only what so many households with and without a job of each skill take, if that is less: who has the rank of the
    /// `i`-th of them takes the same as before.
    #[must_use]
    pub fn taken_by(self, takers: &Takers) -> Self {
        let thinned = |sorted: Vec<Savings>, count: usize| {
            if count >= sorted.len() {
                return sorted;
            }
            (0..count).map(|i| sorted[place(rank(i, count), sorted.len())]).collect()
        };
        let thin = |rows: [Vec<Savings>; SKILLS], counts: &[usize; SKILLS]| {
            let mut counts = counts.iter();
            rows.map(|row| thinned(row, counts.next().copied().unwrap_or_default()))
        };
        Self {
            employed: thin(self.employed, &takers.employed),
            unemployed: thin(self.unemployed, &takers.unemployed),
            inactive: self.inactive,
        }
    }

    /// Savings of the household of a rank in `[0, 1)` among those of its skill and status.
    #[must_use]
    pub fn at(&self, skill: u8, status: Status, rank: f64) -> Option<Savings> {
        let sorted = match status {
            Status::Employed => &self.employed[skill as usize],
            Status::Unemployed => &self.unemployed[skill as usize],
            Status::Inactive | Status::Absent => return self.inactive,
        };
        sorted.get(place(rank, sorted.len())).copied()
    }
}

/// Rank in `[0, 1)` of the `i`-th of so many households.
#[must_use]
pub fn rank(i: usize, count: usize) -> f64 {
    (i as f64 + 0.5) / count as f64
}

/// Place of a rank in a row of so many.
fn place(rank: f64, count: usize) -> usize {
    (rank * count as f64) as usize
}

/// Households of a decile that take savings at rest, by skill.
#[derive(Clone, Copy, Debug, Default)]
pub struct Takers {
    /// With a job.
    pub employed: [usize; SKILLS],
    /// Without.
    pub unemployed: [usize; SKILLS],
}

engine::content!(Takers { employed, unemployed });

/// Rates of a decile's spending rule.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Share of current income consumed with a full buffer.
    pub current_share: f64,
    /// Buffer, ticks of permanent income.
    pub buffer: f64,
    /// Share of the wealth gap spent a tick.
    pub adjustment: f64,
    /// Weight of new income in permanent income, per tick.
    pub smoothing: f64,
    /// Interest on deposits, per tick.
    pub interest: f64,
}

engine::content!(Rates { current_share, buffer, adjustment, smoothing, interest });

/// Spending rule and labour market of a decile.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Spending rule.
    pub rates: Rates,
    /// Probability of losing a job a tick, by skill.
    pub separation: [f64; SKILLS],
    /// Chances to stay without a job a tick, by skill: up to the last and from the last duration on.
    pub staying: [[f64; 2]; SKILLS],
    /// Durations without a job that are told apart, ticks.
    pub durations: usize,
    /// Key of the draws.
    pub key: u64,
}

engine::content!(Habits { rates, separation, staying, durations, key });

impl Habits {
    /// Habits of a decile in a labour market at rest.
    #[must_use]
    pub fn new(rates: Rates, separation: [f64; SKILLS], market: &RestingMarket, key: u64) -> Self {
        let staying = std::array::from_fn(|s| staying(market, separation[s], s));
        Self { rates, separation, staying, durations: market.duration[0].len(), key }
    }
}

/// What a decile earns and holds, summed over households, money a tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Means {
    /// Mean income of the labour force by skill.
    pub active: [f64; SKILLS],
    /// Income of the same households at work, at the mean wage.
    pub at_work: [f64; SKILLS],
    /// What of it is wage.
    pub wages: [f64; SKILLS],
    /// Wage at each level of jobs relative to the mean, by skill.
    pub levels: [[f64; LEVELS]; SKILLS],
    /// Income out of work of the same households.
    pub idle: [f64; SKILLS],
    /// Income of those out of the labour force.
    pub inactive: f64,
    /// Deposits, money.
    pub deposits: f64,
}

engine::content!(Means { active, at_work, wages, levels, idle, inactive, deposits });

/// The simulated households of a decile, a column for each of their traits: one pass over a column after the other is
/// several times faster than one over households.
struct Paths {
    /// Skills simulated and the row of the first household of each; one without risk follows last, if there are any.
    skills: Vec<(usize, usize)>,
    /// Weight in the decile's income.
    weight: Vec<f64>,
    /// Begin of the key of the draws.
    key: Vec<Key>,
    /// Draws of the tick, of who loses a job: made for all at once, which no branch holds up.
    draw: Vec<f64>,
    /// Ticks without a job, of those without.
    idle_ticks: Vec<Option<u16>>,
    /// Level of the wage of the last job.
    level: Vec<u16>,
    /// Income without what interest adds, relative to the mean.
    earned: Vec<f64>,
    /// Deposits, ticks of mean income.
    deposits: Vec<f64>,
    /// Permanent income, a ratio.
    permanent: Vec<f64>,
    /// Income of the tick.
    income: Vec<f64>,
    /// Income consumed if the wealth gap is nil.
    flow: Vec<f64>,
}

/// Chances that an unemployed person stays without a job this tick: up to the last and from the last duration on.
fn staying(market: &RestingMarket, separation: f64, skill: usize) -> [f64; 2] {
    let u = market.unemployment[skill];
    let duration = &market.duration[skill];
    let ratio = |a: f64, b: f64| if b > 0.0 { (a / b).min(1.0) } else { 0.0 };
    let (last, long) = (duration[duration.len() - 1], duration.len() - 1);
    let before = if long > 0 { duration[long - 1] } else { 0.0 };
    [ratio(duration[0] * u, separation * (1.0 - u)), ratio(last, before + last)]
}

/// Simulates the households of a decile to rest.
#[must_use]
pub fn at_rest(means: &Means, habits: &Habits) -> Spread {
    let mut paths = Paths::new(means, habits);
    let total: f64 = paths.weight.iter().sum();
    let wanted = means.deposits;
    paths.deposits.fill(wanted / total);
    let ticks = (LIVES / habits.rates.adjustment.max(1e-3)) as usize;
    let mut shots = Shots::default();
    for tick in 0..ticks {
        paths.work(tick as u64, means, habits);
        paths.earn(wanted / total, &habits.rates);
        paths.spend(wanted, habits.rates.adjustment);
        let left = ticks - tick - 1;
        if left < ticks / 2 && left.is_multiple_of((ticks / 2).div_ceil(SNAPSHOTS)) {
            shots.take(&paths);
        }
    }
    shots.sorted()
}

/// What was seen of the households, so far as it decides their order: by skill and level of the wage, or ticks without a
/// job.
#[derive(Default)]
struct Shots {
    employed: [[Vec<Savings>; LEVELS]; SKILLS],
    unemployed: [Vec<Vec<Savings>>; SKILLS],
    inactive: Vec<Savings>,
}

impl Shots {
    fn take(&mut self, paths: &Paths) {
        let savings = |k: usize| Savings { deposits: paths.deposits[k], permanent: paths.permanent[k] };
        for &(skill, first) in &paths.skills {
            for k in first..first + PATHS {
                let group = match paths.idle_ticks[k] {
                    None => &mut self.employed[skill][usize::from(paths.level[k])],
                    Some(ticks) => {
                        let groups = &mut self.unemployed[skill];
                        groups.resize_with(groups.len().max(usize::from(ticks) + 1), Vec::new);
                        &mut groups[usize::from(ticks)]
                    }
                };
                group.push(savings(k));
            }
        }
        self.inactive.extend((paths.skills.len() * PATHS..paths.weight.len()).map(savings));
    }

    fn sorted(mut self) -> Spread {
        let groups = self.employed.iter_mut().flatten().chain(self.unemployed.iter_mut().flatten());
        groups.chain([&mut self.inactive]).for_each(|group| group.sort_by(|a, b| a.deposits.total_cmp(&b.deposits)));
        let mean = |f: fn(&Savings) -> f64| self.inactive.iter().map(f).sum::<f64>() / self.inactive.len() as f64;
        Spread {
            employed: self.employed.map(|groups| groups.concat()),
            unemployed: self.unemployed.map(|groups| groups.concat()),
            inactive: (!self.inactive.is_empty())
                .then(|| Savings { deposits: mean(|x| x.deposits), permanent: mean(|x| x.permanent) }),
        }
    }
}

/// Wealth target, ticks of permanent income, at which spending equals income.
///
/// Equation: `k = (F + a W) / (a Y_p)`, with what smoothing adds to current income `F`, deposits with the tick's income `W`
/// and permanent income `Y_p`, all summed over households, and the share of the gap spent `a`.
/// Source: spending equal to income, solved for the target of the rule of consumption.
#[must_use]
pub fn balancing_target(free: f64, held: f64, permanent: f64, adjustment: f64) -> f64 {
    (free + adjustment * held) / (adjustment * permanent)
}

impl Paths {
    fn new(means: &Means, habits: &Habits) -> Self {
        let skills: Vec<usize> = (0..SKILLS).filter(|&s| means.active[s] > 0.0).collect();
        let weight = |&s: &usize| std::iter::repeat_n(means.active[s] / PATHS as f64, PATHS);
        let inactive = (means.inactive > 0.0).then_some(means.inactive);
        let weight: Vec<f64> = skills.iter().flat_map(weight).chain(inactive).collect();
        let rows = weight.len();
        let mut paths = Self {
            skills: skills.into_iter().enumerate().map(|(i, skill)| (skill, i * PATHS)).collect(),
            weight,
            key: (0..rows).map(|k| Key::new(habits.key, k as u64)).collect(),
            draw: vec![1.0; rows],
            idle_ticks: vec![None; rows],
            level: (0..rows).map(|k| (k % PATHS % LEVELS) as u16).collect(),
            earned: vec![1.0; rows],
            deposits: vec![0.0; rows],
            permanent: vec![1.0; rows],
            income: vec![1.0; rows],
            flow: vec![1.0; rows],
        };
        for (skill, first) in paths.skills.clone() {
            (first..first + PATHS).for_each(|k| paths.earned[k] = earned(means, skill, None, paths.level[k]));
        }
        paths
    }

    /// Some lose or find a job; its wage is that of a drawn level.
    fn work(&mut self, tick: u64, means: &Means, habits: &Habits) {
        for (draw, key) in self.draw.iter_mut().zip(&self.key) {
            *draw = unit(hash(key.with(tick), 0, 0));
        }
        for &(skill, first) in &self.skills {
            let (separation, stay) = (habits.separation[skill], &habits.staying[skill]);
            for k in first..first + PATHS {
                let before = self.idle_ticks[k];
                if before.is_none() && self.draw[k] >= separation {
                    continue;
                }
                let key = self.key[k].with(tick);
                let waited = before.map_or(0, |n| n + 1);
                let long = usize::from(usize::from(waited) + 1 >= habits.durations);
                self.idle_ticks[k] = (unit(hash(key, 1, 0)) < stay[long]).then_some(waited);
                if self.idle_ticks[k].is_none() {
                    self.level[k] = (unit(hash(key, 2, 0)) * LEVELS as f64) as u16;
                }
                self.earned[k] = earned(means, skill, self.idle_ticks[k], self.level[k]);
            }
        }
    }

    /// All earn the tick's income and learn from it. What they earn holds the interest on mean deposits, so only what
    /// differs from these is added.
    fn earn(&mut self, mean_deposits: f64, rates: &Rates) {
        let Self { earned, deposits, permanent, income, flow, .. } = self;
        let columns = income.iter_mut().zip(permanent).zip(flow).zip(earned.iter().zip(deposits.iter()));
        for (((income, permanent), flow), (&earned, &deposits)) in columns {
            *income = earned + rates.interest * (deposits - mean_deposits);
            *permanent = permanent_income(*permanent, *income, 1.0, rates.smoothing);
            *flow = smoothed_income(*income, *permanent, deposits, rates.current_share, rates.buffer);
        }
    }

    /// All spend by the rule, with the wealth target at which deposits keep their sum.
    fn spend(&mut self, wanted: f64, adjustment: f64) {
        let Self { weight, deposits, permanent, income, flow, .. } = self;
        let (mut free, mut held, mut usual, mut before) = (0.0, 0.0, 0.0, 0.0);
        let columns = weight.iter().zip(deposits.iter()).zip(permanent.iter()).zip(income.iter().zip(flow.iter()));
        for (((weight, deposits), permanent), (income, flow)) in columns {
            free += weight * (flow - income);
            held += weight * (deposits + income);
            usual += weight * permanent;
            before += weight * deposits;
        }
        let target = balancing_target(free - CORRECTION * (before - wanted), held, usual, adjustment);
        let columns = deposits.iter_mut().zip(permanent.iter()).zip(income.iter().zip(flow.iter()));
        for ((deposits, permanent), (income, flow)) in columns {
            let held = *deposits + income;
            let wish = flow + adjustment * (held - target * permanent);
            // Rule: nobody spends more than there is, or less than nothing.
            *deposits = held - wish.min(held).max(0.0);
        }
    }
}

/// Income of a household of a skill without what interest adds, relative to the skill's mean.
fn earned(means: &Means, skill: usize, idle_ticks: Option<u16>, level: u16) -> f64 {
    let mean = means.active[skill];
    if idle_ticks.is_some() {
        return means.idle[skill] / mean;
    }
    means.at_work[skill] / mean + means.wages[skill] / mean * (means.levels[skill][usize::from(level)] - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn market(unemployment: f64) -> RestingMarket {
        // A flat chance of 0.7 to stay without a job: durations fall by it, the last holds the rest.
        let duration: Vec<f64> = (0..7).map(|k| if k < 6 { 0.3 * 0.7_f64.powi(k) } else { 0.7_f64.powi(6) }).collect();
        RestingMarket {
            vacancy_rate: 0.0,
            unemployment: [unemployment; SKILLS],
            downgraded: [0.0; SKILLS],
            duration: std::array::from_fn(|_| duration.clone()),
        }
    }

    fn habits(market: &RestingMarket, separation: f64) -> Habits {
        let rates =
            Rates { current_share: 0.3, buffer: 1.0, adjustment: 0.05 / 12.0, smoothing: 1.0 / 36.0, interest: 0.0 };
        Habits::new(rates, [separation; SKILLS], market, 1)
    }

    fn means(deposits: f64) -> Means {
        Means {
            active: [1000.0, 0.0, 0.0],
            at_work: [1020.0, 0.0, 0.0],
            wages: [900.0, 0.0, 0.0],
            levels: [[1.0; LEVELS]; SKILLS],
            idle: [620.0, 0.0, 0.0],
            inactive: 500.0,
            deposits,
        }
    }

    #[test]
    fn the_balancing_target_makes_spending_equal_income() {
        // Two households with income 10 each: flows 9 and 11.5, deposits with income 30 and 50, permanent income 9 and 13.
        let target = balancing_target(0.5, 80.0, 22.0, 0.01);
        let spent = (9.0 + 0.01 * (30.0 - target * 9.0)) + (11.5 + 0.01 * (50.0 - target * 13.0));
        assert!((spent - 20.0).abs() < 1e-12);
    }

    #[test]
    fn chances_of_staying_are_those_of_the_resting_market() {
        // Of those who lost a job in a tick, 0.7 stay without: separations s (1 - u) = 0.3 u / 0.7.
        let u = 0.05;
        let [early, late] = staying(&market(u), 0.3 * u / 0.7 / (1.0 - u), 0);
        assert!((early - 0.7).abs() < 1e-12 && (late - 0.7).abs() < 1e-12);
    }

    #[test]
    fn without_risk_all_hold_the_mean() {
        let spread = at_rest(&Means { at_work: [1000.0, 0.0, 0.0], ..means(3000.0) }, &habits(&market(0.0), 0.0));
        for savings in spread.employed[0].iter().chain(&spread.inactive) {
            assert!((savings.deposits - 2.0).abs() < 1e-9 && (savings.permanent - 1.0).abs() < 1e-9, "{savings:?}");
        }
        assert!(spread.at(0, Status::Unemployed, 0.5).is_none());
    }

    #[test]
    fn takers_of_a_thinned_spread_take_what_they_would_have_taken() {
        let u = 0.05;
        let habits = habits(&market(u), 0.3 * u / 0.7 / (1.0 - u));
        let spread = at_rest(&means(3000.0), &habits);
        for (employed, unemployed) in [(0, 0), (1, 7), (37, 1), (2_000, 450), (100_000, 100_000)] {
            let takers = Takers { employed: [employed; SKILLS], unemployed: [unemployed; SKILLS] };
            let thin = spread.clone().taken_by(&takers);
            for (status, count) in [(Status::Employed, employed), (Status::Unemployed, unemployed)] {
                for i in 0..count {
                    assert_eq!(thin.at(0, status, rank(i, count)), spread.at(0, status, rank(i, count)), "{i} {count}");
                }
            }
            assert!(thin.employed[0].len() <= employed && thin.inactive == spread.inactive);
        }
    }

    #[test]
    fn risk_spreads_deposits_and_keeps_their_sum() {
        let u = 0.05;
        let market = market(u);
        let habits = habits(&market, 0.3 * u / 0.7 / (1.0 - u));
        let mut levels = [[1.0; LEVELS]; SKILLS];
        levels[0] = std::array::from_fn(|k| 0.5 + k as f64 / 15.0);
        let spread = at_rest(&Means { levels, ..means(3000.0) }, &habits);
        let all: Vec<Savings> = spread.employed[0].iter().chain(&spread.unemployed[0]).copied().collect();
        let mean = all.iter().map(|x| x.deposits).sum::<f64>() / all.len() as f64;
        let total = 1000.0 * mean + 500.0 * spread.inactive.expect("inactive households").deposits;
        assert!((total / 3000.0 - 1.0).abs() < 0.02, "{total}");
        let idle = spread.unemployed[0].len() as f64 / all.len() as f64;
        assert!((idle / u - 1.0).abs() < 0.2, "{idle}");
        // Ranks follow the level of the wage: who earns more than before saves, so holds more than the mean.
        let at = |rank: f64| spread.at(0, Status::Employed, rank).expect("employed households");
        assert!(at(0.03).permanent < at(0.97).permanent);
        let low = all.iter().filter(|x| x.deposits < 0.5 * mean).count();
        assert!(low > all.len() / 20, "{low} of {}", all.len());
    }
}
