//! People brought to rest, with the shares of tenths that a region's table gives.

use engine::math::{exp, ln};

use super::facts::{Year, between, ranks, shares};
use super::months::Shock;
use super::setting::Setting;
use super::{Chances, People, State};
use crate::households::earnings::{KNOTS, PayCurve};

/// Months in which chances find their size.
const WARM: usize = 144;
/// Rounds of two years in which the pay curve is fitted.
const ROUNDS: usize = 9;
/// Months of rest after them, the last two years with chances as they are.
const REST: usize = 96;
/// Of these, those in which chances still follow flows.
const ADAPTED: usize = REST - 24;
/// And over the last of which their mean is taken.
const AVERAGED: usize = 60;

/// People at rest whose units have the given shares in income, tenth by tenth (units by income per equivalent adult).
///
/// Pay follows ability by a curve through twelve knots, fitted together with the floor of assistance and the fixed part of
/// pensions; a last scaling of the first incomes by tenth fades as a scar does.
#[must_use]
pub fn at_rest(setting: Setting, persons: usize, seed: u64, tenths: &[f64; 10]) -> People {
    let mut people = People::new(setting, persons, seed);
    for month in 0..WARM {
        people.step(Shock { adapting: month > 6, ..Shock::default() });
    }
    people.curve = knots(&people);
    for _ in 0..ROUNDS {
        people.year(true);
        let year = people.year(true);
        people.bend(&year, tenths);
    }
    let mut found = Vec::new();
    for month in 0..REST {
        people.step(Shock { adapting: month < ADAPTED, ..Shock::default() });
        match month + 1 {
            // Of chances that follow flows of few people, the mean over some years.
            ADAPTED => people.chances = Chances::mean(&found),
            month if (ADAPTED - AVERAGED..ADAPTED).contains(&month) => found.push(people.chances.clone()),
            _ => {}
        }
    }
    for _ in 0..8 {
        people.scale(tenths);
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

impl Chances {
    /// Mean of some.
    fn mean(all: &[Self]) -> Self {
        let of = |one: &dyn Fn(&Self) -> f64| all.iter().map(one).sum::<f64>() / all.len() as f64;
        Self {
            loss: std::array::from_fn(|k| of(&|x| x.loss[k])),
            find: std::array::from_fn(|k| of(&|x| x.find[k])),
            offer: of(&|x| x.offer),
            leave: of(&|x| x.leave),
            enter: of(&|x| x.enter),
        }
    }
}

impl People {
    /// Bends the pay curve towards the shares of tenths.
    fn bend(&mut self, year: &Year, tenths: &[f64; 10]) {
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
            highest = (log_pay[k] + 0.9 * sums[k] / f64::max(counts[k], 1.0) + 1e-3 * k as f64).max(highest);
            log_pay[k] = highest - level;
        }
        self.curve.log_pay = log_pay;
        self.setting.assistance.floor *= exp(0.5 * ln(tenths[0] / got[0]));
        let low = |x: &[f64; 10]| x[1] + x[2] + x[3];
        self.setting.pension.fixed *= exp(0.3 * ln(low(tenths) / low(&got)));
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
