//! What makes the people of a region, at rest, those of its tables: found once in long lives of many, then given to worlds of any size.

use engine::math::{exp, ln};

use super::facts::{Year, between, ranks, shares};
use super::months::Shock;
use super::owned::{HELD, Held, Housed};
use super::setting::Setting;
use super::{Chances, People, State};
use crate::households::attachment::Attachment;
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
const REST: usize = 84;
/// Rounds in which their first incomes are made those of the table.
const SCALED: usize = 8;

/// Months over which changes are averaged.
const CHANGES: usize = 24;

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
    /// Worth of the fund a unit, mean pays.
    pub fund: f64,
    /// Work of those below retirement, by attachment: where people begin, not what is aimed at, like what follows.
    pub work: [Work; 3],
    /// Homes of those who work and of the retired.
    pub homes: [Housed; 2],
    /// Shares of the fund.
    pub held: Held,
}

/// Work of people of an attachment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Share with a job.
    pub employed: f64,
    /// Share without one who look for it.
    pub unemployed: f64,
    /// Mean months in the job.
    pub tenure: f64,
    /// Mean months without one, of those who do not look for it.
    pub without: f64,
    /// Mean log pay lost.
    pub scar: f64,
}

impl Work {
    /// Where the search begins.
    fn begun(attachment: usize) -> Self {
        let out = attachment == Attachment::Out as usize;
        let [employed, unemployed] = if out { [0.0; 2] } else { [0.72, 0.13] };
        Self { employed, unemployed, tenure: 40.0, without: 12.0, scar: 0.0 }
    }

    /// Of people of an attachment below retirement.
    fn of(people: &People, attachment: usize) -> Self {
        let all = people.persons.iter().filter(|x| x.attachment as usize == attachment);
        let below = all.filter(|x| !people.units[x.unit as usize].retired);
        let (mut count, mut scar, mut states, mut months) = (0.0, 0.0, [0.0; 3], [0.0; 3]);
        for person in below {
            let state = person.state as usize;
            (count, scar) = (count + 1.0, scar + person.scar);
            states[state] += 1.0;
            months[state] += if person.state == State::Employed { person.tenure } else { person.without };
        }
        let share = |state: State| states[state as usize] / f64::max(count, 1.0);
        let mean = |state: State| months[state as usize] / f64::max(states[state as usize], 1.0);
        Self {
            employed: share(State::Employed),
            unemployed: share(State::Unemployed),
            tenure: mean(State::Employed),
            without: mean(State::Inactive),
            scar: scar / f64::max(count, 1.0),
        }
    }

    /// State of a person, with the months in it, given two draws from 0 to 1.
    pub(super) fn drawn(&self, state: f64, months: f64) -> (State, f64) {
        let long = -ln(1.0 - months);
        if state < self.employed {
            (State::Employed, self.tenure * long)
        } else if state < self.employed + self.unemployed {
            // Half a year, about.
            (State::Unemployed, 1.0 + 5.0 * long)
        } else {
            (State::Inactive, 1.0 + (self.without - 1.0).max(0.0) * long)
        }
    }
}

impl Fit {
    /// Where the search begins.
    pub(super) fn begun(s: &Setting) -> Self {
        let homes = Housed { owners: s.homes.owners, worth: s.homes.worth, owed: 0.5 * s.homes.loan };
        let persons = s.sizes[0] + 2.0 * s.sizes[1] + 3.0 * s.sizes[2];
        Self {
            floor: s.assistance.floor,
            fixed: s.pension.fixed,
            curve: PayCurve::straight(),
            chances: Chances { loss: s.dismissals, find: [0.30; 3], offer: 0.08, leave: s.leaving, enter: 0.05 },
            bought: s.homes.bought,
            // As if two thirds of all had mean pay.
            fund: s.fund.worth * 12.0 * persons * 2.0 / 3.0,
            work: std::array::from_fn(Work::begun),
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
            people.value();
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
        let homes = [false, true].map(|retired| Housed::of(people.units.iter().filter(|x| x.retired == retired)));
        Self {
            floor: people.setting.assistance.floor,
            fixed: people.setting.pension.fixed,
            curve: people.curve,
            chances: people.chances.clone(),
            bought: people.setting.homes.bought,
            fund: people.fund / people.units.len() as f64,
            work: std::array::from_fn(|attachment| Work::of(people, attachment)),
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
pub const NUMBERS: usize = 2 + 2 * KNOTS + 11 + 15 + 6 + HELD + 5;

impl Fit {
    /// All numbers, in the order of the fields.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        let Chances { loss, find, offer, leave, enter } = &self.chances;
        let mut row = vec![self.floor, self.fixed];
        row.extend(self.curve.at);
        row.extend(self.curve.log_pay);
        row.extend(loss.iter().chain(find));
        row.extend([*offer, *leave, *enter, self.bought, self.fund]);
        row.extend(self.work.iter().flat_map(|x| [x.employed, x.unemployed, x.tenure, x.without, x.scar]));
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
        let (bought, fund) = (next(), next());
        let work = std::array::from_fn(|_| Work {
            employed: next(),
            unemployed: next(),
            tenure: next(),
            without: next(),
            scar: next(),
        });
        let homes = std::array::from_fn(|_| Housed { owners: next(), worth: next(), owed: next() });
        let logs = std::array::from_fn(|_| next());
        let held = Held { logs, top: next(), income: next(), retired: next(), owners: next(), returns: next() };
        Self { floor, fixed, curve: PayCurve { at, log_pay }, chances, bought, fund, work, homes, held }
    }
}

/// People at rest that live by a fit; a last scaling of the first incomes by tenth fades as a scar does, and fortunes are those of the fit by rank:
/// the largest of one sample are its luck.
#[must_use]
pub fn at_rest(setting: Setting, fit: &Fit, persons: usize, seed: u64, tenths: &[f64; 10]) -> People {
    let mut people = rested(setting, fit, persons, seed);
    people.hold(&fit.held);
    for _ in 0..SCALED {
        people.scale(tenths);
    }
    people.news = people.clone().changes();
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
    /// What units spend in a month over what they would if nothing changed with them, less one, on average: whoever finds a job
    /// without a buffer spends the pay at once, and whoever loses one lives on savings.
    fn changes(&mut self) -> f64 {
        let (mut planned, mut spent) = (0.0, 0.0);
        for _ in 0..CHANGES {
            planned += self.unchanged();
            self.step(Shock::default());
            spent += self.units.iter().map(|unit| unit.consumption).sum::<f64>();
        }
        spent / planned - 1.0
    }

    /// Values the fund at what it is worth at the incomes that units expect.
    fn value(&mut self) {
        self.fund = self.setting.fund.worth * 12.0 * self.units.iter().map(|unit| unit.permanent).sum::<f64>();
    }

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
        let more = |unit: usize| between(&gap, ranks[unit] * 10.0 - 0.5);
        for person in &mut self.persons {
            let more = more(person.unit as usize);
            person.scar += more;
            // What they have now and had last is of the same people.
            for money in [&mut person.pay, &mut person.last_pay, &mut person.pension] {
                *money *= exp(more);
            }
        }
        for (id, unit) in self.units.iter_mut().enumerate() {
            unit.permanent *= exp(more(id));
        }
        self.setting.assistance.floor *= exp(0.6 * gap[0]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_work_as_often_as_those_at_rest() {
        let work = Work { employed: 0.6, unemployed: 0.1, tenure: 40.0, without: 21.0, scar: 0.0 };
        let half = 1.0 - exp(-0.5);
        assert_eq!(work.drawn(0.59, 0.0), (State::Employed, 0.0));
        let (state, months) = work.drawn(0.65, half);
        assert!(state == State::Unemployed && (months - 3.5).abs() < 1e-9);
        let (state, months) = work.drawn(0.7, half);
        assert!(state == State::Inactive && (months - 11.0).abs() < 1e-9);
    }

    #[test]
    fn a_fit_is_its_numbers() {
        let fit = Fit::begun(&Setting::united_states());
        let numbers: [f64; NUMBERS] = fit.numbers().try_into().expect("as many as there are");
        assert_eq!(Fit::from_numbers(&numbers), fit);
        let row: [f64; NUMBERS] = std::array::from_fn(|k| k as f64);
        assert_eq!(Fit::from_numbers(&row).numbers(), row);
    }
}
