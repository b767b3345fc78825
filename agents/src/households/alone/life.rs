//! Births, retirement, deaths.

use engine::math::{exp, ln, sqrt};
use engine::rng::{Key, normal, unit};

use super::fit::Fit;
use super::setting::Setting;
use super::{Draw, Flows, People, Person, State, Unit};
use crate::households::attachment::Attachment;

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

/// A person who enters adult life in a family of some origin: whoever means to work looks for it first, and no benefits are due yet.
#[must_use]
pub fn newborn(unit: u32, family: f64, s: &Setting, key: Key) -> Person {
    let mut draws = Draws(key, 0);
    let origin = sqrt(s.assortment) * family + sqrt(1.0 - s.assortment) * draws.normal();
    let rank = normal_share(0.5 * origin + sqrt(0.75) * draws.normal());
    let skill = usize::from(rank > s.skills[0]) + usize::from(rank > s.skills[0] + s.skills[1]);
    let attachment = Attachment::drawn(draws.unit(), s.out[skill], s.marginal[skill]);
    let ability = draws.normal();
    let premium = s.premiums * draws.normal();
    let state = if attachment == Attachment::Out { State::Inactive } else { State::Unemployed };
    Person { unit, skill: skill as u8, attachment, state, ability, origin, premium, without: 1.0, ..Person::default() }
}

/// Income that a unit expects when it retires, over what it expected: nobody is surprised by a pension.
///
/// Equation: `P / E` for pensions `P` and what members earned `E`, between 0.3 and 1; 1 where nobody did.
/// Source: ours; without it the retired would take a year to learn what they get.
#[must_use]
pub fn expected_of_pensions(earned: f64, pensions: f64) -> f64 {
    if earned > 0.0 { (pensions / earned).clamp(0.3, 1.0) } else { 1.0 }
}

/// Share of a standard normal distribution below a value.
fn normal_share(x: f64) -> f64 {
    0.5 * (1.0 + engine::math::erf(x / sqrt(2.0)))
}

impl People {
    /// The first people of a region, of which nothing is known yet.
    #[must_use]
    pub fn new(setting: Setting, persons: usize, seed: u64) -> Self {
        let fit = Fit::begun(&setting);
        Self::founded(setting, &fit, persons, seed)
    }

    /// The first people of a region that live by what was found for it, not yet at rest.
    #[must_use]
    pub fn founded(mut setting: Setting, fit: &Fit, persons: usize, seed: u64) -> Self {
        (setting.pension.fixed, setting.assistance.floor, setting.homes.bought) = (fit.fixed, fit.floor, fit.bought);
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
                let work = &fit.work[person.attachment as usize];
                let (state, months) = work.drawn(draws.unit(), draws.unit());
                person.state = if unit.retired { State::Inactive } else { state };
                (person.tenure, person.without) =
                    if person.state == State::Employed { (months, 0.0) } else { (0.0, months) };
                // Bound of the rule: see [`scar`](crate::households::earnings::scar).
                person.scar = (work.scar * -ln(1.0 - draws.unit())).max(s.scar.floor);
                people.push(person);
            }
            units.push(unit);
        }
        let mut people = Self {
            curve: fit.curve,
            persons: people,
            units,
            chances: fit.chances.clone(),
            month: 0,
            flows: Flows::default(),
            cycle: 1.0,
            fund: 0.0,
            seed,
            median: 1.0,
            weighted: 1.0,
            news: 0.0,
            setting,
        };
        people.endow(fit, key);
        people
    }

    /// Permanent incomes, pensions, fortunes, deposits and homes to begin with.
    fn endow(&mut self, fit: &Fit, key: Key) {
        let s = self.setting.clone();
        for i in 0..self.persons.len() {
            let potential = self.potential(&self.persons[i]);
            let person = &mut self.persons[i];
            person.pension = s.pension.of(person.attachment, potential);
            person.pay = potential * exp(person.scar);
            person.last_pay = person.pay;
        }
        for id in 0..self.units.len() {
            self.units[id].permanent = self.income_of(&self.units[id], 0.0).1.max(0.1);
        }
        self.fund = fit.fund * self.units.len() as f64;
        let incomes: Vec<f64> = self.units.iter().map(|u| u.permanent).collect();
        let mut draws: Vec<Draws> =
            (0..self.units.len()).map(|id| Draws(Key::new(key.with(id as u64), 3), 0)).collect();
        for ((unit, draws), rank) in self.units.iter_mut().zip(&mut draws).zip(super::facts::ranks(&incomes)) {
            let of = fit.homes[usize::from(unit.retired)];
            if draws.unit() < of.chance(rank) {
                // Bound of the rule: nobody begins with more debt than a home is worth.
                let owed = (2.0 * of.owed * draws.unit()).min(1.0);
                // A home brings income, too: what it saves in rent, less interest.
                let yields = s.homes.rent - s.homes.rate * owed;
                unit.home = 12.0 * of.worth * unit.permanent / (1.0 - of.worth * yields);
                unit.debt = owed * unit.home;
                unit.permanent += yields / 12.0 * unit.home;
            }
        }
        let held = fit.held.drawn(&self.units, |id| Draws(Key::new(key.with(id as u64), 2), 0).normal());
        self.share_out(&held);
        self.look_around();
        for id in 0..self.units.len() {
            let means = self.means(id, 0.0, 0.0, 0.0);
            let target = s.habits.target(means.relative, means.caution, means.equity / means.permanent);
            let unit = &mut self.units[id];
            unit.deposits = target * unit.permanent;
            unit.consumption = unit.permanent;
        }
    }

    /// Median income and the sum of returns, which a month takes from the one before.
    pub(super) fn look_around(&mut self) {
        let mut relative: Vec<f64> = self.units.iter().map(|u| u.permanent / u.needs()).collect();
        let middle = relative.len() / 2;
        self.median = *relative.select_nth_unstable_by(middle, f64::total_cmp).1;
        let spread = self.setting.returns.spread;
        self.weighted = self.units.iter().map(|u| u.shares * exp(spread * u.returns)).sum();
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
            // Rule: the young expect what the middle unit has.
            unit.permanent = self.median * unit.needs();
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
        let (mut earned, mut pensions) = (0.0, 0.0);
        for i in first..first + size {
            let pay = self.potential(&self.persons[i]);
            let person = &mut self.persons[i];
            person.pension = s.pension.of(person.attachment, pay);
            earned += if person.state == State::Employed { person.pay } else { 0.0 };
            pensions += person.pension;
            (person.state, person.tenure, person.without) = (State::Inactive, 0.0, 0.0);
        }
        self.units[id].permanent *= expected_of_pensions(earned, pensions);
    }
}
