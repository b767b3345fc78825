//! Births, retirement, deaths.

use engine::math::{ln, pow, sqrt};
use engine::rng::{Key, normal, unit};

use super::setting::Setting;
use super::{Chances, Draw, Flows, People, Person, State, Unit};
use crate::households::attachment::Attachment;
use crate::households::earnings::{PENSION_OF_THE_IDLE, PayCurve};

/// Draws of one being, in their order.
struct Draws(Key, u64);

impl Draws {
    fn unit(&mut self) -> f64 {
        self.1 += 1;
        unit(self.0.with(self.1))
    }

    fn normal(&mut self) -> f64 {
        self.1 += 2;
        normal(self.0.with(self.1 - 1), self.0.with(self.1))
    }
}

/// A person who enters adult life in a family of some origin.
#[must_use]
pub fn newborn(unit: u32, family: f64, s: &Setting, key: Key) -> Person {
    let mut draws = Draws(key, 0);
    let origin = sqrt(s.assortment) * family + sqrt(1.0 - s.assortment) * draws.normal();
    let rank = normal_share(0.5 * origin + sqrt(0.75) * draws.normal());
    let skill = usize::from(rank > s.skills[0]) + usize::from(rank > s.skills[0] + s.skills[1]);
    let attachment = Attachment::drawn(draws.unit(), s.out[skill], s.marginal[skill]);
    let ability = draws.normal();
    let premium = s.premiums * draws.normal();
    let state = match attachment {
        Attachment::Out => State::Inactive,
        _ if draws.unit() < 0.85 => State::Employed,
        _ => State::Unemployed,
    };
    Person { unit, skill: skill as u8, attachment, state, ability, origin, premium, last_pay: 1.0, ..Person::default() }
}

/// Share of a standard normal distribution below a value.
fn normal_share(x: f64) -> f64 {
    0.5 * (1.0 + engine::math::erf(x / sqrt(2.0)))
}

impl People {
    /// The first people of a region, not yet at rest.
    #[must_use]
    pub fn new(setting: Setting, persons: usize, seed: u64) -> Self {
        let s = &setting;
        let mean = s.sizes[0] + 2.0 * s.sizes[1] + 3.0 * s.sizes[2];
        let count = (persons as f64 / mean) as usize;
        let key = Key::new(seed, 0x0a11_0000);
        let mut units = Vec::with_capacity(count);
        let mut people = Vec::with_capacity(persons + 2);
        let old = s.retire / (s.retire + s.die);
        for id in 0..count {
            let mut draws = Draws(Key::new(key.with(id as u64), 1), 0);
            let size = draws.unit();
            let size = 1 + u8::from(size > s.sizes[0]) + u8::from(size > s.sizes[0] + s.sizes[1]);
            let unit = Unit {
                first: people.len() as u32,
                size,
                retired: draws.unit() < old,
                family: draws.normal(),
                caution: draws.normal(),
                returns: draws.normal(),
                ..Unit::default()
            };
            for member in 0..u64::from(size) {
                let mut person = newborn(id as u32, unit.family, s, Key::new(key.with(id as u64), 100 + member));
                person.premium += 0.15;
                person.tenure = -40.0 * ln(1.0 - draws.unit());
                if unit.retired || (person.state != State::Inactive && draws.unit() > 0.85) {
                    person.state = State::Inactive;
                }
                people.push(person);
            }
            units.push(unit);
        }
        let chances = Chances { loss: s.dismissals, find: [0.30; 3], offer: 0.08, leave: s.leaving, enter: 0.05 };
        let mut people = Self {
            curve: PayCurve::straight(),
            persons: people,
            units,
            chances,
            month: 0,
            flows: Flows::default(),
            cycle: 1.0,
            fund: 0.0,
            seed,
            median: 1.0,
            weighted: 1.0,
            setting,
        };
        people.endow(key);
        people
    }

    /// Permanent incomes, pensions, fortunes, deposits and homes to begin with.
    fn endow(&mut self, key: Key) {
        let s = self.setting.clone();
        for i in 0..self.persons.len() {
            let potential = self.potential(&self.persons[i]);
            let person = &mut self.persons[i];
            person.pension = s.pension.fixed + s.pension.share * potential;
            person.pay = potential;
        }
        let mut order: Vec<(f64, usize)> = Vec::new();
        for id in 0..self.units.len() {
            let income = self.income_of(&self.units[id], 0.0).1.max(0.1);
            self.units[id].permanent = income;
            order.push((income - 0.3 * ln(1.0 - unit(Key::new(key.with(id as u64), 2).with(0))), id));
        }
        self.fund = s.fund.worth * 12.0 * self.units.iter().map(|u| u.permanent).sum::<f64>() / 0.88;
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Quantiles, not draws: the tail at first has no noise.
        let mut places: Vec<(u64, usize)> = (0..order.len()).map(|k| (key.with(1 << 40 | k as u64), k)).collect();
        places.sort_unstable();
        let n = order.len() as f64;
        for (k, &(_, id)) in order.iter().enumerate() {
            let rank = (k as f64 + 0.5) / n;
            let u = (places[k].1 as f64 + 0.5) / n;
            let tail = if rank > 1.0 - s.fortunes.owners { pow(1.0 - u, -1.0 / s.fortunes.exponent) } else { 0.02 };
            self.units[id].shares = tail * rank * rank * self.units[id].permanent;
        }
        let all: f64 = self.units.iter().map(|u| u.shares).sum();
        self.units.iter_mut().for_each(|u| u.shares /= all);
        self.look_around();
        let ranks = super::facts::ranks(&self.units.iter().map(|u| u.permanent).collect::<Vec<_>>());
        for id in 0..self.units.len() {
            let means = self.means(id, 0.0, 0.0, 0.0);
            let target = s.habits.target(means.relative, means.caution, means.equity / means.permanent);
            let mut draws = Draws(Key::new(key.with(id as u64), 3), 0);
            let owner = draws.unit() < s.homes.owners * (0.35 + 1.3 * ranks[id]).clamp(0.0, 1.4);
            let unit = &mut self.units[id];
            unit.deposits = target * unit.permanent;
            unit.home = if owner { s.homes.worth * 12.0 * unit.permanent } else { 0.0 };
            unit.debt = if unit.retired { 0.0 } else { unit.home * s.homes.loan * draws.unit() };
            unit.consumption = unit.permanent;
        }
    }

    /// Median income and the sum of returns, which a month takes from the one before.
    pub(super) fn look_around(&mut self) {
        let mut relative: Vec<f64> = self.units.iter().map(|u| u.permanent / u.needs()).collect();
        let middle = relative.len() / 2;
        self.median = *relative.select_nth_unstable_by(middle, f64::total_cmp).1;
        let spread = self.setting.returns.spread;
        self.weighted = self.units.iter().map(|u| u.shares * engine::math::exp(spread * u.returns)).sum();
    }

    /// Retirement and death of whole units; half of an estate stays, half goes to another unit.
    pub(super) fn live(&mut self) {
        let (s, month) = (self.setting.clone(), self.month);
        for id in 0..self.units.len() {
            let draw = self.unit(Draw::Retire, month, id);
            if !self.units[id].retired {
                if draw < s.retire {
                    self.retire(id);
                }
                continue;
            }
            if draw >= s.die {
                continue;
            }
            let heir = (self.unit(Draw::Heir, month, id) * self.units.len() as f64) as usize;
            let key = Key::new(self.key(Draw::Birth, month).with(id as u64), 0);
            let mut draws = Draws(key, 0);
            let unit = &mut self.units[id];
            unit.sell();
            let (money, shares) = (s.estate * unit.deposits, s.estate * unit.shares);
            // Rule: debts are not inherited.
            (unit.deposits, unit.debt) = (unit.deposits - money, 0.0);
            unit.shares -= shares;
            unit.family = s.inherited * unit.family + sqrt(1.0 - s.inherited * s.inherited) * draws.normal();
            unit.caution = 0.5 * unit.caution + 0.866 * draws.normal();
            (unit.retired, unit.generation) = (false, unit.generation + 1);
            let (first, size, family) = (unit.first as usize, usize::from(unit.size), unit.family);
            for member in 0..size {
                self.persons[first + member] =
                    newborn(id as u32, family, &s, Key::new(key.with(1000), member as u64 + 1));
            }
            self.units[heir].deposits += money;
            self.units[heir].shares += shares;
        }
    }

    fn retire(&mut self, id: usize) {
        let s = &self.setting;
        let (first, size) = (self.units[id].first as usize, usize::from(self.units[id].size));
        self.units[id].retired = true;
        for i in first..first + size {
            let pay = self.potential(&self.persons[i]);
            let person = &mut self.persons[i];
            let worked = if person.attachment == Attachment::Out { PENSION_OF_THE_IDLE } else { 1.0 };
            person.pension = s.pension.fixed + s.pension.share * pay * worked;
            (person.state, person.tenure, person.without) = (State::Inactive, 0.0, 0.0);
        }
    }
}
