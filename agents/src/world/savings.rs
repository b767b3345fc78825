//! The first deposits and permanent incomes of households: what a life of jobs found and lost leaves behind.
//!
//! Households that all held their target would unlearn it for decades: spells without work and new jobs at other wages
//! spread deposits out, and those who come near the end of theirs save more than those above target spend. So every decile of a region is founded
//! with the spread at rest. It is drawn by simulating households of the decile, with the rules of
//! [`crate::households::income`] and the labour market at rest, until their spread no longer changes; the target of the
//! rule is at every step the one at which they together spend their income, so deposits stay at their calibrated sum.

use engine::rng::{hash, unit};

use crate::components::Status;
use crate::geography::SKILLS;
use crate::households::income::{permanent_income, smoothed_income};
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

/// Savings at rest of the households of a decile: by skill and status, sorted so that ranks can be compared.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// With a job, by level of its wage, then deposits.
    employed: [Vec<Savings>; SKILLS],
    /// Without, by ticks since it was lost, then deposits.
    unemployed: [Vec<Savings>; SKILLS],
    /// Those whose income never changes.
    inactive: Option<Savings>,
}

impl Spread {
    /// Savings of the household of a rank in `[0, 1)` among those of its skill and status.
    #[must_use]
    pub fn at(&self, skill: u8, status: Status, rank: f64) -> Option<Savings> {
        let sorted = match status {
            Status::Employed => &self.employed[skill as usize],
            Status::Unemployed => &self.unemployed[skill as usize],
            Status::Inactive => return self.inactive,
        };
        sorted.get((rank * sorted.len() as f64) as usize).copied()
    }
}

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

/// Spending rule and labour market of a decile.
#[derive(Clone, Copy, Debug)]
pub struct Habits<'a> {
    /// Spending rule.
    pub rates: Rates,
    /// Probability of losing a job a tick, by skill.
    pub separation: [f64; SKILLS],
    /// Labour market at rest.
    pub market: &'a RestingMarket,
    /// Key of the draws.
    pub key: u64,
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

/// A simulated household.
struct Path {
    skill: usize,
    /// Weight in the decile's income.
    weight: f64,
    /// Income at work at the mean wage, the wage in it and income out of work, relative to the mean.
    incomes: [f64; 3],
    idle_ticks: Option<u16>,
    /// Level of the wage of the last job.
    level: u16,
    savings: Savings,
    /// Income of the tick.
    income: f64,
    /// Income consumed if the wealth gap is nil.
    flow: f64,
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
pub fn at_rest(means: &Means, habits: &Habits<'_>) -> Spread {
    let mut paths = Vec::new();
    for skill in (0..SKILLS).filter(|&s| means.active[s] > 0.0) {
        let mean = means.active[skill];
        for k in 0..PATHS {
            let incomes = [means.at_work[skill], means.wages[skill], means.idle[skill]].map(|x| x / mean);
            paths.push(Path { level: (k % LEVELS) as u16, ..Path::new(skill, mean / PATHS as f64, incomes) });
        }
    }
    if means.inactive > 0.0 {
        paths.push(Path::new(SKILLS, means.inactive, [1.0, 0.0, 1.0]));
    }
    let total: f64 = paths.iter().map(|x| x.weight).sum();
    let wanted = means.deposits;
    for x in &mut paths {
        x.savings.deposits = wanted / total;
    }
    let ticks = (LIVES / habits.rates.adjustment.max(1e-3)) as usize;
    let stay: [[f64; 2]; SKILLS] = std::array::from_fn(|s| staying(habits.market, habits.separation[s], s));
    let mut shots: Vec<(usize, Option<u16>, u16, Savings)> = Vec::new();
    for tick in 0..ticks {
        for (k, path) in paths.iter_mut().enumerate() {
            if path.skill < SKILLS {
                let key = hash(habits.key, k as u64, tick as u64);
                path.work(habits.separation[path.skill], &stay[path.skill], key, habits.market.duration[0].len());
            }
            let level = means.levels.get(path.skill).map_or(1.0, |x| x[usize::from(path.level)]);
            path.earn(level, wanted / total, &habits.rates);
        }
        spend(&mut paths, wanted, habits.rates.adjustment);
        let left = ticks - tick - 1;
        if left < ticks / 2 && left.is_multiple_of((ticks / 2).div_ceil(SNAPSHOTS)) {
            shots.extend(paths.iter().map(Path::shot));
        }
    }
    let (mut spread, mut inactive) = (Spread::default(), vec![]);
    shots.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)).then(a.3.deposits.total_cmp(&b.3.deposits)));
    for (skill, idle, _, savings) in shots {
        match (skill, idle) {
            (SKILLS, _) => inactive.push(savings),
            (_, None) => spread.employed[skill].push(savings),
            (_, Some(_)) => spread.unemployed[skill].push(savings),
        }
    }
    if !inactive.is_empty() {
        let mean = |f: fn(&Savings) -> f64| inactive.iter().map(f).sum::<f64>() / inactive.len() as f64;
        spread.inactive = Some(Savings { deposits: mean(|x| x.deposits), permanent: mean(|x| x.permanent) });
    }
    spread
}

/// All spend by the rule, with the wealth target at which deposits keep their sum.
fn spend(paths: &mut [Path], wanted: f64, adjustment: f64) {
    let (mut free, mut held, mut permanent, mut before) = (0.0, 0.0, 0.0, 0.0);
    for x in paths.iter() {
        free += x.weight * (x.flow - x.income);
        held += x.weight * (x.savings.deposits + x.income);
        permanent += x.weight * x.savings.permanent;
        before += x.weight * x.savings.deposits;
    }
    let target = balancing_target(free - CORRECTION * (before - wanted), held, permanent, adjustment);
    for x in paths.iter_mut() {
        let held = x.savings.deposits + x.income;
        let wish = x.flow + adjustment * (held - target * x.savings.permanent);
        x.savings.deposits = held - wish.min(held).max(0.0);
    }
}

/// Wealth target, ticks of permanent income, at which spending equals income.
///
/// Equation: `k = (F + a W) / (a Y_p)`, with what smoothing adds to current income `F`, deposits with the tick's income `W`
/// and permanent income `Y_p`, all summed over households, and the share of the gap spent `a`.
#[must_use]
pub fn balancing_target(free: f64, held: f64, permanent: f64, adjustment: f64) -> f64 {
    (free + adjustment * held) / (adjustment * permanent)
}

impl Path {
    fn new(skill: usize, weight: f64, incomes: [f64; 3]) -> Self {
        let savings = Savings { deposits: 0.0, permanent: 1.0 };
        Self { skill, weight, incomes, idle_ticks: None, level: 0, savings, income: 1.0, flow: 1.0 }
    }

    /// Skill, ticks without a job, level of the wage where there is one, and savings.
    fn shot(&self) -> (usize, Option<u16>, u16, Savings) {
        let level = if self.idle_ticks.is_some() { 0 } else { self.level };
        (self.skill, self.idle_ticks, level, self.savings)
    }

    /// Loses or finds a job; its wage is that of a drawn level.
    fn work(&mut self, separation: f64, stay: &[f64; 2], key: u64, durations: usize) {
        let before = self.idle_ticks;
        if before.is_none() && unit(hash(key, 0, 0)) >= separation {
            return;
        }
        let waited = before.map_or(0, |n| n + 1);
        let long = usize::from(usize::from(waited) + 1 >= durations);
        self.idle_ticks = (unit(hash(key, 1, 0)) < stay[long]).then_some(waited);
        if self.idle_ticks.is_none() {
            self.level = (unit(hash(key, 2, 0)) * LEVELS as f64) as u16;
        }
    }

    /// Earns the tick's income and learns from it.
    /// Income of the tick; incomes hold the interest on mean deposits, so only what differs from these is added.
    fn earn(&mut self, level: f64, mean_deposits: f64, rates: &Rates) {
        let [at_work, wage, idle] = self.incomes;
        self.income = if self.idle_ticks.is_some() { idle } else { at_work + wage * (level - 1.0) };
        self.income += rates.interest * (self.savings.deposits - mean_deposits);
        self.savings.permanent = permanent_income(self.savings.permanent, self.income, 1.0, rates.smoothing);
        self.flow = smoothed_income(
            self.income,
            self.savings.permanent,
            self.savings.deposits,
            rates.current_share,
            rates.buffer,
        );
    }
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

    fn habits(market: &RestingMarket, separation: f64) -> Habits<'_> {
        let rates =
            Rates { current_share: 0.3, buffer: 1.0, adjustment: 0.05 / 12.0, smoothing: 1.0 / 36.0, interest: 0.0 };
        Habits { rates, separation: [separation; SKILLS], market, key: 1 }
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
