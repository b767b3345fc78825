//! The first households: incomes, taxes and wealth that reproduce the calibration.

use std::sync::Arc;

use engine::money::{Money, Whole, round_half_even, split_pro_rata};
use engine::rng::hash;
use rayon::prelude::*;

use super::base::Base;
use super::baskets::baskets;
use super::memo;
use super::savings::{Habits, LEVELS, Means, Rates, Savings, Spread, Takers, at_rest, balancing_target, rank};
use super::stream;
use super::table::Table as Calibration;
use crate::components::{Career, Household, Lineage, Person, Status};
use crate::geography::{DECILES, Geography, SKILLS, Span, split_spans};
use crate::government::monetary::deposit_rate;
use crate::households::income::{Consumption, consumption, current_share, smoothed_income};
use crate::households::lives::Lives;
use crate::households::saving::permanent_income;
use crate::markets::resting::separation_factor;
use crate::parameters::Parameters;
use crate::state::{Homes, HouseholdRule, Settings};
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};

/// Persons, households and rules of all regions.
#[derive(Default)]
pub struct Population {
    /// Persons by id.
    pub persons: Vec<Person>,
    /// Households by id.
    pub households: Vec<Household>,
    /// Rules by region.
    pub rules: Vec<HouseholdRule>,
    /// Fund shares outstanding by region.
    pub fund_shares: Vec<i64>,
    /// Monthly pension pool by region, minor units.
    pub pension_pool: Vec<Money>,
    /// Equivalised income before tax in the middle by region, minor units a tick.
    pub income_median: Vec<f64>,
    /// What the fund begins with by region, where households trade its shares.
    pub funds: Vec<Start>,
    /// Homes by region, where households are units.
    pub homes: Vec<Homes>,
    /// How people live, where households are units.
    pub lives: Lives,
    /// Careers by person, likewise.
    pub careers: Vec<Career>,
    /// Lineages by household, likewise.
    pub lineages: Vec<Lineage>,
}

/// What a fund begins with whose shares are traded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    /// What it keeps, money.
    pub reserve: f64,
    /// Shares weighted by returns.
    pub weighted: f64,
    /// Wages of the region, money a tick.
    pub wages: f64,
}

/// Splits a total over weights by largest remainder.
#[must_use]
pub fn apportion<T: Whole>(total: T, weights: &[f64]) -> Vec<T> {
    let mut out = vec![T::zeroed(); weights.len()];
    split_pro_rata(total, weights, &mut out);
    out
}

/// Wage of a unit of ability at each firm: its wage bill over the ability of its staff.
#[must_use]
pub fn ability_wages(bills: &[f64], persons: &[Person]) -> Vec<f64> {
    let mut ability = vec![0.0; bills.len()];
    for person in persons.iter().filter(|x| x.status == Status::Employed) {
        ability[person.employer as usize] += f64::from(person.efficiency);
    }
    bills.iter().zip(ability).map(|(bill, a)| bill / a).collect()
}

/// Wage of a person at the base, money a tick.
fn base_wage(person: &Person, wage_rate: &[f64]) -> f64 {
    if person.status == Status::Employed {
        f64::from(person.efficiency) * wage_rate[person.employer as usize]
    } else {
        0.0
    }
}

/// What a world is founded on.
#[derive(Clone, Copy)]
pub struct Basis<'a> {
    /// The map.
    pub geography: &'a Geography,
    /// The closed base year.
    pub base: &'a Base,
    /// The calibration.
    pub c: &'a Calibration<'a>,
    /// Parameters.
    pub p: &'a Parameters,
    /// Settings of the run.
    pub settings: &'a Settings,
}

/// Persons, households and known savings of a region.
type OfRegion<'a> = ((&'a mut [Person], &'a mut [Household]), &'a mut Vec<Arc<Spread>>);

/// Incomes, taxes, transfers, pensions, wealth and permanent income of a region's households at the base. `spreads` are
/// the savings at rest of every region's deciles, simulated where there are none yet.
#[must_use]
pub fn endow(
    basis: Basis,
    household_deposits: &[Money],
    (mut persons, mut households): (Vec<Person>, Vec<Household>),
    wage_rate: &[f64],
    spreads: &mut Vec<Vec<Arc<Spread>>>,
) -> Population {
    let Basis { geography, base, c, p, settings } = basis;
    spreads.resize(geography.regions.len(), vec![]);
    let spans: Vec<Span> = geography.regions.iter().map(|region| region.households).collect();
    let one = |(r, ((people, purses), spreads)): (usize, OfRegion)| {
        let count = decile_counts(purses);
        let weights: Vec<f64> = (0..DECILES).map(|d| wealth_weight(c, r, d)).collect();
        let units = 1_000_000_i64 * people.len() as i64;
        deal(purses, &apportion(units, &weights), |w, x| w.fund_shares = x);
        let (mut rule, pool, median) = income_rules(basis, r, people, purses, units, &count, wage_rate);
        // The pool is held with the bank too, so it comes out of the households' deposits.
        let held = household_deposits[r] - pool;
        let deposits = apportion(held, &weights);
        let groups =
            Groups::of(people, purses, wage_rate, hash(settings.seed, u64::from(stream::SAVINGS.id()), r as u64));
        let dividends = base.regions[r].dividends.iter().sum::<f64>() + base.regions[r].bank_dividends;
        let interest = (0..DECILES).map(|d| base.regions[r].deposit_interest * weights[d] / count[d] as f64).collect();
        let prospects =
            Prospects { base, p, settings, r, rule: &rule, pool, units, dividends, interest, wage_rate, groups };
        if spreads.is_empty() {
            *spreads = prospects.spreads(people, purses, &deposits);
        }
        rule.wealth_target = save(&prospects, spreads, &deposits, people, purses);
        let b = &base.regions[r];
        baskets(&b.consumption_volume, &b.consumer_price, p, &count, purses, &mut rule);
        let permanent = decile_sum(purses, |purse| f64::from(purse.income_permanent));
        let value = |d: usize| weights[d] / weights.iter().sum::<f64>();
        let worth = dividends / settings.per_tick(p.households.equity_discount_rate);
        rule.equity_ratio = (0..DECILES).map(|d| worth * value(d) / permanent[d]).collect();
        (rule, units, pool, median)
    };
    let pieces = split_spans(&mut persons, &spans, 1).into_par_iter().zip(split_spans(&mut households, &spans, 1));
    let regions: Vec<_> = pieces.zip(spreads.par_iter_mut()).enumerate().map(one).collect();
    let mut population = Population { persons, households, ..Population::default() };
    for (rule, units, pool, median) in regions {
        population.rules.push(rule);
        population.fund_shares.push(units);
        population.pension_pool.push(pool);
        population.income_median.push(median);
    }
    population
}

/// Share of a decile in its region's deposits and fund shares. Survey wealth of the poorest is negative; nobody starts in debt
/// here, so a decile has at least a fifth of a percent before shares are made to sum to one.
fn wealth_weight(c: &Calibration, r: usize, decile: usize) -> f64 {
    let weight = |d: usize| c.wealth_share(r, d).max(0.002);
    weight(decile) / (0..DECILES).map(weight).sum::<f64>()
}

fn decile_counts(households: &[Household]) -> [usize; DECILES] {
    let mut count = [0; DECILES];
    for household in households {
        count[household.decile as usize] += 1;
    }
    count
}

fn decile_sum(households: &[Household], f: impl Fn(&Household) -> f64) -> [f64; DECILES] {
    let mut sum = [0.0; DECILES];
    for household in households {
        sum[household.decile as usize] += f(household);
    }
    sum
}

/// Deals each decile's total equally to its households, the remainder one by one in id order.
fn deal(households: &mut [Household], totals: &[i64], mut put: impl FnMut(&mut Household, i64)) {
    let count = decile_counts(households);
    let mut seen = [0i64; DECILES];
    for household in households {
        let d = household.decile as usize;
        let n = count[d] as i64;
        let extra = i64::from(seen[d] < totals[d].rem_euclid(n));
        put(household, totals[d].div_euclid(n) + extra);
        seen[d] += 1;
    }
}

/// Solves taxes and transfers by decile for the income shares, and pension flows for the consumption shares.
fn income_rules(
    Basis { base, c, p, .. }: Basis,
    r: usize,
    people: &[Person],
    purses: &[Household],
    units: i64,
    count: &[usize; DECILES],
    wage_rate: &[f64],
) -> (HouseholdRule, Money, f64) {
    let b = &base.regions[r];
    let total: f64 = b.consumption.iter().sum();
    let dividends = b.dividends.iter().sum::<f64>() + b.bank_dividends;
    let mut market: [f64; DECILES] = std::array::from_fn(|d| b.deposit_interest * wealth_weight(c, r, d));
    let (mut benefits, mut heads) = ([0.0; DECILES], [0.0; DECILES]);
    for (person, purse) in people.iter().zip(purses) {
        let d = purse.decile as usize;
        heads[d] += needs(purse.members.count().into(), EQUIVALENCE);
        market[d] += dividends * purse.fund_shares as f64 / units as f64;
        match person.status {
            Status::Employed => market[d] += base_wage(person, wage_rate),
            Status::Unemployed => benefits[d] += p.government.replacement_rate * f64::from(person.efficiency),
            Status::Inactive | Status::Absent => {}
        }
    }
    let mut rule = HouseholdRule::default();
    let mut disposable = [0.0; DECILES];
    for d in 0..DECILES {
        disposable[d] = c.income_share(r, d) * total;
        let net = (1.0 - b.income_tax_rate) * market[d] + benefits[d];
        let (rate, transfer) = if net > disposable[d] {
            (1.0 - (disposable[d] - benefits[d]) / market[d], 0.0)
        } else {
            (b.income_tax_rate, disposable[d] - net)
        };
        rule.tax_rate.push(rate);
        rule.transfer.push(transfer / count[d] as f64);
    }
    let gap: Vec<f64> = (0..DECILES).map(|d| b.consumption[d] - disposable[d]).collect();
    let pool: f64 = gap.iter().map(|x| x.max(0.0)).sum();
    for d in 0..DECILES {
        rule.pension_contribution.push((-gap[d]).max(0.0) / disposable[d]);
        rule.pension_payout.push(if pool > 0.0 { gap[d].max(0.0) / pool / count[d] as f64 } else { 0.0 });
    }
    let middle = |d: usize| (market[d] + benefits[d] + rule.transfer[d] * count[d] as f64 + gap[d].max(0.0)) / heads[d];
    let median = f64::midpoint(middle(DECILES / 2 - 1), middle(DECILES / 2));
    (rule, round_half_even(pool), median)
}

/// Households of a region by decile, skill and status, in the order in which they take savings.
struct Groups {
    /// Households, index `(decile * SKILLS + skill) * 3 + status`: with a job by level of its wage rate, then drawn;
    /// without by the ticks since it was lost, then drawn; others drawn.
    members: Vec<Vec<(u64, u32)>>,
    /// Mean wage rate by decile and skill.
    rate: Vec<f64>,
    /// Mean wage rate of each level relative to that, by decile and skill.
    levels: Vec<[f64; LEVELS]>,
}

impl Groups {
    fn of(people: &[Person], purses: &[Household], wage_rate: &[f64], key: u64) -> Self {
        let mut members = vec![Vec::new(); DECILES * SKILLS * 3];
        let rate_of = |i: u32| wage_rate[people[i as usize].employer as usize];
        for (i, (person, purse)) in people.iter().zip(purses).enumerate() {
            let group = (purse.decile as usize * SKILLS + person.skill as usize) * 3 + person.status as usize;
            let first = match person.status {
                Status::Employed => rate_of(i as u32).to_bits(),
                Status::Unemployed => u64::from(person.tenure_ticks) << 48 | hash(key, i as u64, 0) >> 16,
                Status::Inactive | Status::Absent => hash(key, i as u64, 0),
            };
            members[group].push((first, i as u32));
        }
        members.par_iter_mut().for_each(|group| group.sort_unstable());
        let (mut rate, mut levels) = (vec![1.0; DECILES * SKILLS], vec![[1.0; LEVELS]; DECILES * SKILLS]);
        for (at, group) in members.chunks_mut(3).map(|x| &mut x[Status::Employed as usize]).enumerate() {
            let count = group.len();
            if count < LEVELS {
                continue;
            }
            rate[at] = group.iter().map(|x| rate_of(x.1)).sum::<f64>() / count as f64;
            for (level, mean) in levels[at].iter_mut().enumerate() {
                let part = &mut group[level * count / LEVELS..(level + 1) * count / LEVELS];
                *mean = part.iter().map(|x| rate_of(x.1)).sum::<f64>() / part.len() as f64 / rate[at];
                part.sort_by_cached_key(|x| hash(key, u64::from(x.1), 0));
            }
        }
        Self { members, rate, levels }
    }

    /// Households of a decile that take savings.
    fn takers(&self, decile: usize) -> Takers {
        let count = |status: Status| {
            std::array::from_fn(|skill| self.members[(decile * SKILLS + skill) * 3 + status as usize].len())
        };
        Takers { employed: count(Status::Employed), unemployed: count(Status::Unemployed) }
    }
}

/// What households may earn at the base.
struct Prospects<'a> {
    base: &'a Base,
    p: &'a Parameters,
    settings: &'a Settings,
    r: usize,
    rule: &'a HouseholdRule,
    pool: Money,
    units: i64,
    /// What the fund pays out a tick.
    dividends: f64,
    /// Interest on deposits a household by decile, money a tick.
    interest: Vec<f64>,
    wage_rate: &'a [f64],
    groups: Groups,
}

/// Incomes of a household after taxes and pension flows, money a tick.
#[derive(Clone, Copy)]
struct Prospect {
    /// With a job at the mean wage of the household's decile and skill.
    at_work: f64,
    /// The wage in it.
    wage: f64,
    /// Without a job.
    idle: f64,
    /// Of the tick.
    now: f64,
    /// Expected over times with and without a job.
    mean: f64,
}

impl Prospects<'_> {
    /// Incomes of a household, `m = (1 - u) Y_e + u Y_u` on average, with the unemployment rate `u` of the skill.
    fn of(&self, person: &Person, purse: &Household) -> Prospect {
        let b = &self.base.regions[self.r];
        let (d, s) = (purse.decile as usize, person.skill as usize);
        let fund = self.dividends * purse.fund_shares as f64 / self.units as f64;
        let income = |wage: f64, benefit: f64| {
            let disposable =
                (1.0 - self.rule.tax_rate[d]) * (wage + fund + self.interest[d]) + benefit + self.rule.transfer[d];
            disposable * (1.0 - self.rule.pension_contribution[d]) + self.rule.pension_payout[d] * self.pool as f64
        };
        let other = income(0.0, 0.0);
        if person.status == Status::Inactive {
            return Prospect { at_work: other, wage: 0.0, idle: other, now: other, mean: other };
        }
        let efficiency = f64::from(person.efficiency);
        let at_work = income(efficiency * self.groups.rate[d * SKILLS + s], 0.0);
        let idle = income(0.0, self.p.government.replacement_rate * efficiency);
        let employed = person.status == Status::Employed;
        let now = if employed { income(base_wage(person, self.wage_rate), 0.0) } else { idle };
        let u = b.market.unemployment[s];
        Prospect { at_work, wage: at_work - other, idle, now, mean: (1.0 - u) * at_work + u * idle }
    }

    /// Savings at rest of every decile, see [`super::savings`].
    fn spreads(&self, people: &[Person], purses: &[Household], deposits: &[Money]) -> Vec<Arc<Spread>> {
        let mut means = vec![Means::default(); DECILES];
        for (person, purse) in people.iter().zip(purses) {
            let (x, to) = (self.of(person, purse), &mut means[purse.decile as usize]);
            let s = person.skill as usize;
            if person.status == Status::Inactive {
                to.inactive += x.mean;
            } else {
                to.active[s] += x.mean;
                to.at_work[s] += x.at_work;
                to.wages[s] += x.wage;
                to.idle[s] += x.idle;
            }
        }
        let b = &self.base.regions[self.r];
        let key = hash(self.settings.seed, u64::from(stream::SAVINGS.id()), self.r as u64);
        let separation = std::array::from_fn(|s| separation_factor(s as u8, &self.p.labour) * b.separation_rate);
        let spread = |d: usize| {
            let habits = Habits::new(self.rates(d), separation, &b.market, hash(key, d as u64, 1));
            let levels = std::array::from_fn(|s| self.groups.levels[d * SKILLS + s]);
            let means = Means { deposits: deposits[d] as f64, levels, ..means[d] };
            let takers = self.groups.takers(d);
            memo::SAVINGS.of(&[&means, &habits, &takers], || at_rest(&means, &habits).taken_by(&takers))
        };
        (0..DECILES).into_par_iter().map(spread).collect()
    }

    fn rates(&self, decile: usize) -> Rates {
        let h = &self.p.households;
        Rates {
            current_share: current_share(decile, h),
            buffer: h.buffer / self.settings.months_per_tick(),
            adjustment: self.settings.per_tick(h.wealth_adjustment),
            smoothing: self.settings.monthly(h.permanent_income_smoothing),
            interest: self.settings.per_tick(deposit_rate(self.p.monetary.neutral_rate, self.p)),
        }
    }
}

/// Gives households deposits, permanent incomes and budgets of the first tick; returns the wealth target by decile at
/// which they spend what they earn.
///
/// Savings are those at rest ([`super::savings`]) of a household of the same decile, skill, status and wage level or time
/// without a job. Permanent incomes of a decile sum to its income of the base tick.
fn save(
    prospects: &Prospects,
    spreads: &[Arc<Spread>],
    deposits: &[Money],
    people: &[Person],
    purses: &mut [Household],
) -> Vec<f64> {
    let mut held = vec![0.0; people.len()];
    for group in &prospects.groups.members {
        for (place, &(_, i)) in group.iter().enumerate() {
            let i = i as usize;
            let (person, purse) = (&people[i], &mut purses[i]);
            let mean = prospects.of(person, purse).mean;
            let savings = spreads[purse.decile as usize].at(person.skill, person.status, rank(place, group.len()));
            let Savings { deposits, permanent } = savings.unwrap_or(Savings { deposits: 1.0, permanent: 1.0 });
            purse.income_permanent = (permanent * mean) as f32;
            held[i] = deposits * mean;
        }
    }
    let mut sums = [[0.0; 3]; DECILES];
    for ((person, purse), held) in people.iter().zip(purses.iter()).zip(&held) {
        let sum = &mut sums[purse.decile as usize];
        sum[0] += prospects.of(person, purse).now;
        sum[1] += f64::from(purse.income_permanent);
        sum[2] += held;
    }
    for (purse, held) in purses.iter_mut().zip(&held) {
        let d = purse.decile as usize;
        let [now, permanent, all_held] = sums[d];
        purse.income_permanent = (f64::from(purse.income_permanent) * now / permanent) as f32;
        purse.deposits = if all_held > 0.0 { round_half_even(held * deposits[d] as f64 / all_held) } else { 0 };
    }
    let drift = deposits.iter().sum::<Money>() - purses.iter().map(|w| w.deposits).sum::<Money>();
    purses[people.len() - 1].deposits += drift;
    let targets = targets(prospects, people, purses);
    for (person, purse) in people.iter().zip(purses.iter_mut()) {
        let d = purse.decile as usize;
        let (rates, income) = (prospects.rates(d), round_half_even(prospects.of(person, purse).now));
        let before = f64::from(purse.income_permanent);
        let permanent = permanent_income(before, income as f64, 1.0, rates.smoothing);
        let rule = Consumption {
            current_share: rates.current_share,
            buffer: rates.buffer,
            wealth_target: targets[d],
            adjustment: rates.adjustment,
            equity_gain: 0.0,
            scale: 1.0,
        };
        purse.budget = consumption(income, permanent, purse.deposits + income, rule);
    }
    targets.iter().map(|k| k - 1.0).collect()
}

/// Wealth targets, the tick's income included, at which every decile spends its income.
fn targets(prospects: &Prospects, people: &[Person], purses: &[Household]) -> Vec<f64> {
    let mut sums = [[0.0; 3]; DECILES];
    for (person, purse) in people.iter().zip(purses) {
        let d = purse.decile as usize;
        let (rates, income) = (prospects.rates(d), prospects.of(person, purse).now);
        let permanent = permanent_income(f64::from(purse.income_permanent), income, 1.0, rates.smoothing);
        let before = purse.deposits as f64;
        let flow = smoothed_income(income, permanent, before, rates.current_share, rates.buffer);
        for (sum, x) in sums[d].iter_mut().zip([flow - income, before + income, permanent]) {
            *sum += x;
        }
    }
    let target = |d: usize| balancing_target(sums[d][0], sums[d][1], sums[d][2], prospects.rates(d).adjustment);
    (0..DECILES).map(target).collect()
}
