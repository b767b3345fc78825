//! What makes the people of a region, at rest, those of its tables: found once in long lives of many, then given to worlds of any size.

use engine::math::{exp, ln};

use super::facts::{Year, between, ranks, shares};
use super::months::Shock;
use super::owned::{HELD, Held, Housed};
use super::setting::Setting;
use super::{Chances, People, State};
use crate::households::earnings::{KNOTS, PayCurve};

/// Persons in whose lives the fits that are shipped are found: a tenth has 1,300 households.
pub const PERSONS: usize = 24_000;
/// Their seed.
const SEED: u64 = 1;
/// Months in which chances find their size.
const WARM: usize = 144;
/// Rounds of two years in which the pay curve finds its form.
const COARSE: usize = 9;
/// Rounds in which it follows what comes to rest in decades: homes, debts and scars.
const FINE: usize = 36;
/// Of these, the last over which means are taken.
const AVERAGED: usize = 15;
/// Worlds of other seeds in which pay and pensions are fitted once more, and of them the last over which means are taken: who is rich in one
/// is so by luck, which a pay curve is not to make up for.
const WORLDS: u64 = 8;
/// Of them, those that count.
const COUNTED: u64 = 5;
/// Rounds of two years in each.
const ROUNDS: usize = 3;

/// Months in which people who begin with what is owned at rest come to rest in all else.
const REST: usize = 36;
/// Rounds in which their first incomes are made those of the table.
const SCALED: usize = 6;

/// What is found for the people of a region.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Assistance to a single person without other income, mean pays.
    pub floor: f64,
    /// What everybody gets as a pension, mean pays.
    pub fixed: f64,
    /// How pay follows ability.
    pub curve: PayCurve,
    /// Into work and out of it.
    pub chances: Chances,
    /// Chance a month that a tenant who can buys a home.
    pub bought: f64,
    /// Mean log pay lost, by attachment: where people begin, not what is aimed at, like what follows.
    pub scars: [f64; 3],
    /// Homes of those who work and of the retired.
    pub homes: [Housed; 2],
    /// Shares of the fund.
    pub held: Held,
}

impl Fit {
    /// Where the search begins.
    pub(super) fn begun(s: &Setting) -> Self {
        let homes = Housed { owners: s.homes.owners, worth: s.homes.worth, owed: 0.5 * s.homes.loan };
        Self {
            floor: s.assistance.floor,
            fixed: s.pension.fixed,
            curve: PayCurve::straight(),
            chances: Chances { loss: s.dismissals, find: [0.30; 3], offer: 0.08, leave: s.leaving, enter: 0.05 },
            bought: s.homes.bought,
            scars: [0.0; 3],
            homes: [homes, Housed { owed: 0.0, ..homes }],
            held: Held::begun(s),
        }
    }

    /// Found so that people at rest have the given shares in income, tenth by tenth (units by income per equivalent adult), and the
    /// region's flows on the labour market and its owners of homes.
    ///
    /// Pay follows ability by a curve through twelve knots, fitted together with the floor of assistance and the fixed part of
    /// pensions, two years at a time, until what takes decades is at rest, too.
    #[must_use]
    pub fn found(setting: &Setting, tenths: &[f64; 10], persons: usize) -> Self {
        let mut people = People::new(setting.clone(), persons, SEED);
        for month in 0..WARM {
            people.step(Shock { adapting: month > 6, ..Shock::default() });
        }
        people.curve = knots(&people);
        let mut found = Vec::new();
        for round in 0..COARSE + FINE {
            people.year(true);
            let year = people.year(true);
            people.bend(&year, tenths, if round < COARSE { 1.0 } else { 0.3 });
            if round >= COARSE + FINE - AVERAGED {
                found.push(Self::now(&people));
            }
        }
        Self::mean(&found).evened(setting, tenths, persons)
    }

    /// With pay and pensions that hold in the mean of worlds that begin with it.
    fn evened(mut self, setting: &Setting, tenths: &[f64; 10], persons: usize) -> Self {
        let mut found = Vec::new();
        for world in 1..=WORLDS {
            let mut people = rested(setting.clone(), &self, persons, SEED + world);
            for round in 0..ROUNDS {
                people.year(false);
                let year = people.year(false);
                people.bend(&year, tenths, 0.4);
                if world > WORLDS - COUNTED && round > 0 {
                    found.push(Self::now(&people));
                }
            }
            let Self { floor, fixed, curve, .. } = Self::now(&people);
            (self.floor, self.fixed, self.curve) = (floor, fixed, curve);
        }
        let Self { floor, fixed, curve, .. } = Self::mean(&found);
        Self { floor, fixed, curve, ..self }
    }

    fn now(people: &People) -> Self {
        let scars = std::array::from_fn(|attachment| {
            let of = people.persons.iter().filter(|x| x.attachment as usize == attachment);
            let (sum, count) = of.fold((0.0, 0.0), |(sum, count), x| (sum + x.scar, count + 1.0));
            sum / f64::max(count, 1.0)
        });
        let homes = [false, true].map(|retired| Housed::of(people.units.iter().filter(|x| x.retired == retired)));
        Self {
            floor: people.setting.assistance.floor,
            fixed: people.setting.pension.fixed,
            curve: people.curve,
            chances: people.chances.clone(),
            bought: people.setting.homes.bought,
            scars,
            homes,
            held: Held::of(&people.units),
        }
    }

    /// Mean of some, number by number.
    fn mean(all: &[Self]) -> Self {
        let rows: Vec<Vec<f64>> = all.iter().map(Self::numbers).collect();
        let mean = |k: usize| rows.iter().map(|row| row[k]).sum::<f64>() / rows.len() as f64;
        Self::from_numbers(&std::array::from_fn(mean))
    }
}

/// Numbers of a fit.
pub const NUMBERS: usize = 2 + 2 * KNOTS + 10 + 3 + 6 + HELD + 5;

impl Fit {
    /// All numbers, in the order of the fields.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        let Chances { loss, find, offer, leave, enter } = &self.chances;
        let mut row = vec![self.floor, self.fixed];
        row.extend(self.curve.at);
        row.extend(self.curve.log_pay);
        row.extend(loss.iter().chain(find));
        row.extend([*offer, *leave, *enter, self.bought]);
        row.extend(self.scars);
        row.extend(self.homes.iter().flat_map(|x| [x.owners, x.worth, x.owed]));
        row.extend(self.held.logs);
        row.extend([self.held.top, self.held.income, self.held.retired, self.held.owners, self.held.returns]);
        row
    }

    /// From its numbers.
    #[must_use]
    pub fn from_numbers(row: &[f64; NUMBERS]) -> Self {
        let mut rest = row.iter().copied();
        let mut next = || rest.next().unwrap_or_default();
        let (floor, fixed) = (next(), next());
        let at = std::array::from_fn(|_| next());
        let log_pay = std::array::from_fn(|_| next());
        let [loss, find] = std::array::from_fn(|_| std::array::from_fn(|_| next()));
        let chances = Chances { loss, find, offer: next(), leave: next(), enter: next() };
        let bought = next();
        let scars = std::array::from_fn(|_| next());
        let homes = std::array::from_fn(|_| Housed { owners: next(), worth: next(), owed: next() });
        let logs = std::array::from_fn(|_| next());
        let held = Held { logs, top: next(), income: next(), retired: next(), owners: next(), returns: next() };
        Self { floor, fixed, curve: PayCurve { at, log_pay }, chances, bought, scars, homes, held }
    }
}

/// People at rest that live by a fit; a last scaling of the first incomes by tenth fades as a scar does.
#[must_use]
pub fn at_rest(setting: Setting, fit: &Fit, persons: usize, seed: u64, tenths: &[f64; 10]) -> People {
    let mut people = rested(setting, fit, persons, seed);
    for _ in 0..SCALED {
        people.scale(tenths);
    }
    people
}

/// People who begin with a fit, come to rest.
fn rested(setting: Setting, fit: &Fit, persons: usize, seed: u64) -> People {
    let mut people = People::founded(setting, fit, persons, seed);
    for _ in 0..REST {
        people.step(Shock::default());
    }
    people
}

/// A straight curve with knots at quantiles of ability.
fn knots(people: &People) -> PayCurve {
    const AT: [f64; KNOTS] = [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 0.995];
    let mut latent: Vec<f64> = people.persons.iter().map(|person| people.latent(person)).collect();
    latent.sort_by(f64::total_cmp);
    let at = AT.map(|q| latent[(q * (latent.len() - 1) as f64) as usize]);
    PayCurve { at, log_pay: at }
}

impl People {
    /// Bends the pay curve towards the shares of tenths, by so much of a whole step.
    fn bend(&mut self, year: &Year, tenths: &[f64; 10], step: f64) {
        let (ranks, at) = (ranks(&year.income), self.curve.at);
        let got: [f64; 10] = shares(&year.income, &ranks);
        let middle: [f64; KNOTS - 1] = std::array::from_fn(|k| f64::midpoint(at[k], at[k + 1]));
        let (mut sums, mut counts) = ([0.0; KNOTS], [0.0; KNOTS]);
        let (mut pay, mut working) = (0.0, 0.0);
        for person in self.persons.iter().filter(|person| person.state == State::Employed) {
            let tenth = (ranks[person.unit as usize] * 10.0) as usize;
            let latent = self.latent(person);
            let knot = middle.iter().take_while(|&&x| x <= latent).count();
            sums[knot] += ln(tenths[tenth] / got[tenth]);
            counts[knot] += 1.0;
            pay += person.pay;
            working += 1.0;
        }
        let mut log_pay = self.curve.log_pay;
        let mut highest = f64::NEG_INFINITY;
        // The wage bill is given: mean pay of the employed is one.
        let level = ln(pay / working);
        for k in 0..KNOTS {
            highest = (log_pay[k] + 0.9 * step * sums[k] / f64::max(counts[k], 1.0) + 1e-3 * k as f64).max(highest);
            log_pay[k] = highest - step * level;
        }
        self.curve.log_pay = log_pay;
        self.setting.assistance.floor *= exp(0.5 * step * ln(tenths[0] / got[0]));
        let low = |x: &[f64; 10]| x[1] + x[2] + x[3];
        self.setting.pension.fixed *= exp(0.7 * step * ln(low(tenths) / low(&got)));
    }

    /// Scales pay, pensions and the floor by tenth of the coming year, smoothly in rank.
    fn scale(&mut self, tenths: &[f64; 10]) {
        let year = self.clone().year(false);
        let ranks = ranks(&year.income);
        let got: [f64; 10] = shares(&year.income, &ranks);
        let gap: [f64; 10] = std::array::from_fn(|k| ln(tenths[k] / got[k]));
        for person in &mut self.persons {
            let more = between(&gap, ranks[person.unit as usize] * 10.0 - 0.5);
            person.scar += more;
            person.pension *= exp(more);
        }
        self.setting.assistance.floor *= exp(0.6 * gap[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_is_its_numbers() {
        let fit = Fit::begun(&Setting::united_states());
        let numbers: [f64; NUMBERS] = fit.numbers().try_into().expect("as many as there are");
        assert_eq!(Fit::from_numbers(&numbers), fit);
        let row: [f64; NUMBERS] = std::array::from_fn(|k| k as f64);
        assert_eq!(Fit::from_numbers(&row).numbers(), row);
    }
}
