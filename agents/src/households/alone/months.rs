//! A month of people at base-year aggregates.

use engine::math::{exp_near, ln, pow};
use engine::rng::unit;

use super::setting::Pensioners;
use super::{Draw, Flows, People, Person, State, Unit, nearly_normal};
use crate::households::attachment::{Attachment, call_back, coming_back, tenure_risk};
use crate::households::earnings::{ability, pay_weight, scar};
use crate::households::homes::WRITTEN_OFF_FROM;
use crate::households::saving::{LEAST_EXPECTED, Means, assistance, learnt, luck, relative};

/// What is done to people from outside in a month.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shock<'a> {
    /// Persons who lose their job if they have one.
    pub displaced: Option<&'a [bool]>,
    /// Months of permanent income that every unit gets.
    pub windfall: f64,
    /// Whether chances are drawn towards the flows of the region.
    pub adapting: bool,
}

/// What a month holds for a person.
#[derive(Clone, Copy)]
struct Lot {
    /// Loses the job whatever happens.
    displaced: bool,
    /// Decides on leaving the state.
    out: f64,
    /// Whose lot it is.
    id: u64,
}

impl Flows {
    /// Counts a person of working age.
    pub fn note(&mut self, before: &Person, after: &Person) {
        let k = after.skill as usize;
        let one = |happened: bool| f64::from(u8::from(happened));
        self.of_working_age += 1.0;
        match before.state {
            State::Employed => {
                self.employed[k] += 1.0;
                self.dismissed[k] += one(after.state == State::Unemployed);
                self.left += one(after.state == State::Inactive);
                self.moved += one(after.state == State::Employed && after.tenure < before.tenure + 1.0);
            }
            State::Inactive => {
                self.outside += 1.0;
                self.entered += one(after.state == State::Employed);
            }
            State::Unemployed => {}
        }
        match after.state {
            State::Employed => self.working[k] += 1.0,
            State::Unemployed => {
                self.unemployed[k] += 1.0;
                self.duration += after.without;
            }
            State::Inactive => {}
        }
    }
}

impl People {
    /// One month.
    pub fn step(&mut self, shock: Shock) {
        self.live();
        self.flows = Flows::default();
        let of_a_month = |of_a_year: f64| pow(of_a_year, 1.0 / 12.0);
        let persistence = of_a_month(self.setting.persistence);
        let heals = 1.0 - of_a_month(1.0 - self.setting.scar.heals);
        for i in 0..self.persons.len() {
            self.work(i, shock.displaced.is_some_and(|displaced| displaced[i]), persistence, heals);
        }
        if shock.adapting {
            self.adapt();
        }
        self.look_around();
        let mut sum = 0.0;
        for id in 0..self.units.len() {
            sum += self.spend(id, shock.windfall);
        }
        // New shares dilute all.
        self.units.iter_mut().for_each(|unit| unit.shares /= sum);
        self.month += 1;
    }

    /// Pay that ability brings, without post, scar and noise.
    pub(super) fn potential(&self, person: &Person) -> f64 {
        exp_near(self.curve.log_pay(self.latent(person)))
    }

    /// Ability, labour status and pay of a person in the month, given the persistence of ability and the share of a scar that heals.
    fn work(&mut self, i: usize, displaced: bool, persistence: f64, heals: f64) {
        let month = self.month;
        let word = |draw: Draw| self.key(draw, month).with(i as u64);
        let s = &self.setting;
        let retired = self.units[self.persons[i].unit as usize].retired;
        let person = &self.persons[i];
        let lot = Lot { displaced, out: unit(word(Draw::Out)), id: i as u64 };
        let (mut next, [step, erosion]) = match (retired, person.state) {
            (true, _) => (self.pensioner(person, lot), [0.0; 2]),
            (_, State::Employed) => self.worker(person, lot),
            (_, State::Unemployed) => (self.seeker(person, lot), [0.0, s.scar.erosion]),
            // Whoever never meant to work unlearns nothing.
            (_, State::Inactive) if person.attachment == Attachment::Out => (self.outsider(person, lot), [0.0; 2]),
            (_, State::Inactive) => (self.outsider(person, lot), [0.0, s.scar.erosion / 4.0]),
        };
        next.ability = ability(person.ability, nearly_normal(word(Draw::Ability)), persistence);
        next.scar = scar(person.scar, heals, step, erosion, s.scar.floor);
        let (anew, k) = (unit(word(Draw::Attachment)), person.skill as usize);
        if anew < s.attachment_anew {
            next.attachment = Attachment::drawn(anew / s.attachment_anew, s.out[k], s.marginal[k]);
        }
        let factor = match next.attachment {
            _ if retired => s.pensioners.pay,
            Attachment::Marginal => s.marginal_pay,
            _ => 1.0,
        };
        // Drawn anew twice a year: people take turns.
        let half_year = (month + (i % 6) as i64).div_euclid(6);
        let noise = s.noise * nearly_normal(self.key(Draw::Noise, half_year).with(i as u64));
        let log_pay = self.curve.log_pay(self.latent(&next)) + ln(factor);
        next.pay = pay_weight(log_pay, next.premium, next.scar, noise);
        if !retired {
            self.flows.note(person, &next);
        }
        self.persons[i] = next;
    }

    /// Premium of the post that is offered.
    fn premium(&self, lot: Lot) -> f64 {
        self.setting.premiums * nearly_normal(self.key(Draw::Offer, self.month).with(lot.id))
    }

    /// The person in a new post.
    fn hired(&self, person: &Person, lot: Lot) -> Person {
        let premium = self.premium(lot);
        Person { state: State::Employed, premium, tenure: 0.0, without: 0.0, ..person.clone() }
    }

    /// A pensioner, who may take a small job or leave it.
    fn pensioner(&self, person: &Person, lot: Lot) -> Person {
        let Pensioners { takes, leaves, .. } = self.setting.pensioners;
        let state = match person.state {
            State::Employed if lot.out >= leaves => State::Employed,
            State::Employed => State::Inactive,
            _ if lot.out < takes => State::Employed,
            _ => State::Inactive,
        };
        Person { state, tenure: person.tenure + 1.0, without: 0.0, ..person.clone() }
    }

    /// Somebody at work: dismissed, gone, moved on or staying; with the step that is scarred and the erosion.
    fn worker(&self, person: &Person, lot: Lot) -> (Person, [f64; 2]) {
        let (s, chances) = (&self.setting, &self.chances);
        let (k, c) = (person.skill as usize, person.attachment as usize);
        let tau = tenure_risk(person.tenure, s.tenure_risk.floor, s.tenure_risk.extra);
        // In a slump, jobs are lost the more.
        let worse = 1.0 + (1.0 - self.cycle).max(0.0);
        let lost = lot.displaced || lot.out < chances.loss[k] * tau * worse;
        let left = !lost && lot.out > 1.0 - chances.leave * s.leaves[c] * engine::math::sqrt(tau);
        if lost || left {
            let state = if lost { State::Unemployed } else { State::Inactive };
            let step = if lost && person.tenure >= 36.0 { s.scar.step } else { 0.0 };
            let gone = Person { state, last_pay: person.pay, tenure: 0.0, without: 1.0, ..person.clone() };
            return (gone, [step, 0.0]);
        }
        let settled = if person.tenure > 24.0 { s.settled } else { 1.0 };
        let offered = unit(self.key(Draw::Move, self.month).with(lot.id)) < chances.offer * self.cycle * settled;
        if offered {
            let premium = self.premium(lot);
            if premium > person.premium {
                return (Person { premium, tenure: 0.0, ..person.clone() }, [0.0; 2]);
            }
        }
        (Person { tenure: person.tenure + 1.0, ..person.clone() }, [0.0; 2])
    }

    /// Somebody without work who looks for it.
    fn seeker(&self, person: &Person, lot: Lot) -> Person {
        let s = &self.setting;
        let called = call_back(person.without, s.call_back.floor, s.call_back.rate);
        if lot.out < self.chances.find[person.skill as usize] * called * self.cycle {
            self.hired(person, lot)
        } else if lot.out > 1.0 - s.gives_up[person.attachment as usize] {
            Person { state: State::Inactive, without: 1.0, ..person.clone() }
        } else {
            Person { without: person.without + 1.0, ..person.clone() }
        }
    }

    /// Somebody who does not look for work.
    fn outsider(&self, person: &Person, lot: Lot) -> Person {
        let s = &self.setting;
        let back = self.chances.enter
            * s.enters[person.attachment as usize]
            * (0.5 + 0.5 * self.cycle)
            * coming_back(person.without, s.coming_back);
        if lot.out < back {
            self.hired(person, lot)
        } else if lot.out > 1.0 - s.starts_search * back {
            Person { state: State::Unemployed, without: 1.0, ..person.clone() }
        } else {
            Person { without: person.without + 1.0, ..person.clone() }
        }
    }

    /// Chances are moved towards what makes flows and stocks those of the region.
    fn adapt(&mut self) {
        const STEP: f64 = 0.04;
        let (s, f, c) = (&self.setting, &self.flows, &mut self.chances);
        let all: f64 = f.employed.iter().sum();
        let towards = |goal: f64, found: f64, gain: f64| exp_near(STEP * gain * ln(goal / found.max(1e-4)));
        for k in 0..3 {
            c.loss[k] *= towards(s.dismissals[k], f.dismissed[k] / f.employed[k].max(1.0), 1.0);
            let rate = f.unemployed[k] / (f.unemployed[k] + f.working[k]).max(1.0);
            // Bound of the search: a chance a month stays below one.
            c.find[k] = (c.find[k] * towards(rate.max(1e-4), s.unemployment[k], 1.0)).min(0.9);
        }
        c.offer *= towards(s.moves, f.moved / all, 1.0);
        c.leave *= towards(s.leaving, f.left / all, 1.0);
        let force: f64 = f.working.iter().chain(&f.unemployed).sum();
        c.enter *= towards(s.participation, force / f.of_working_age, 3.0);
        let owners = self.units.iter().filter(|unit| unit.owns()).count() as f64 / self.units.len() as f64;
        let homes = &mut self.setting.homes;
        // Bound of the search: odds are a number where all own theirs.
        let odds = |share: f64| share / (1.0 - share.min(0.999));
        // Slowly: who owns changes over decades. Bound of the search: who can buy is about to, within a year.
        homes.bought = (homes.bought * towards(odds(homes.owners), odds(owners), 0.1)).min(0.1);
    }

    /// Income but from capital, and with it, of a unit in the month.
    pub(super) fn income_of(&self, unit: &Unit, capital: f64) -> (f64, f64) {
        let s = &self.setting;
        let one = |person: &Person| {
            let pension = if unit.retired { person.pension } else { 0.0 };
            pension
                + match person.state {
                    State::Employed => person.pay,
                    State::Unemployed if person.without <= s.benefit.months => s.benefit.share * person.last_pay,
                    _ => 0.0,
                }
        };
        let earned: f64 = self.members(unit).iter().map(one).sum();
        let help = assistance(earned + capital, s.assistance.floor, unit.needs(), s.assistance.disregard);
        // Of a loss, nothing is made up beyond the floor.
        let all = (earned + capital).max(0.0).max(earned + capital + help);
        (all - capital, all)
    }

    /// What a unit knows.
    pub(super) fn means(&self, id: usize, income: f64, capital: f64, windfall: f64) -> Means {
        let unit = &self.units[id];
        Means {
            income,
            capital,
            windfall,
            permanent: unit.permanent,
            deposits: unit.liquid(),
            equity: unit.shares * self.fund,
            usual_equity: unit.shares * self.fund,
            relative: relative(unit.permanent, unit.needs(), self.median),
            caution: unit.caution,
            retired: unit.retired,
            repayment: unit.mortgage() / self.setting.homes.months,
        }
    }

    /// Income of a unit in the month but from capital, from it, and in all.
    fn incomes(&self, unit: &Unit) -> (f64, f64, f64) {
        let s = &self.setting;
        let held = unit.shares * exp_near(s.returns.spread * unit.returns) / self.weighted;
        let interest = (s.deposit_rate * unit.deposits - s.credit.rate * unit.consumer_credit()) / 12.0;
        let capital = held * self.fund * s.fund.dividends / 12.0 + interest;
        let housing = (s.homes.rent * unit.home - s.homes.rate * unit.mortgage()) / 12.0;
        let (earned, all) = self.income_of(unit, capital);
        (earned + housing, capital, all + housing)
    }

    /// What a unit expects to have in a month: what it has learnt to, and what it owns brings now.
    #[must_use]
    pub fn expects(&self, unit: &Unit) -> f64 {
        unit.permanent + self.incomes(unit).1
    }

    /// What units would spend in the coming month if nothing changed with them.
    pub(super) fn unchanged(&self) -> f64 {
        let of = |id: usize| {
            let (income, capital, _) = self.incomes(&self.units[id]);
            self.setting.habits.plan(&self.means(id, income, capital, 0.0)).consumption
        };
        (0..self.units.len()).map(of).sum()
    }

    /// Income, plan and holdings of a unit in the month; returns its holding before all are made to sum to one.
    fn spend(&mut self, id: usize, windfall: f64) -> f64 {
        let (s, month) = (&self.setting, self.month);
        let unit = &self.units[id];
        let (income, capital, all) = self.incomes(unit);
        // Rule: nobody expects less than a twentieth of a mean pay, and eats at least a fiftieth of one.
        let permanent = learnt(unit.permanent, income, s.learning).max(LEAST_EXPECTED);
        let least = s.habits.least * permanent;
        let cash = |unit: &Unit| {
            let room = if unit.owns() { s.homes.room(unit.home, unit.debt) } else { s.credit.most * permanent };
            unit.liquid() + all + windfall * permanent + room
        };
        // Whoever cannot live on it sells the home.
        let pressed = unit.owns() && cash(unit) - unit.debt / s.homes.months < least;
        let mut unit = unit.clone();
        unit.permanent = permanent;
        if pressed {
            unit.sell();
        }
        self.units[id] = unit.clone();
        let means = self.means(id, income, capital, windfall * permanent);
        let plan = s.habits.plan(&means);
        let left = cash(&unit) - plan.shares.max(-means.equity) - means.repayment;
        let consumption = plan.consumption.min(left).max(0.02);
        let draw = |draw: Draw| self.unit(draw, month, id);
        let (buys, anew) = (draw(Draw::Home), draw(Draw::ReturnsAnew));
        let key = |draw: Draw| nearly_normal(self.key(draw, month).with(id as u64));
        let (luck, returns) = (luck(key(Draw::Luck), s.returns.luck / engine::math::sqrt(12.0)), key(Draw::Returns));
        (unit.income, unit.consumption) = (all, consumption);
        let liquid = means.deposits + all + means.windfall - consumption - plan.shares - means.repayment;
        unit.debt -= means.repayment;
        unit.settle(liquid);
        // Debts far above what is lent are written off.
        if unit.consumer_credit() > WRITTEN_OFF_FROM * s.credit.most * permanent {
            unit.debt = 0.0;
        }
        let mut bought = plan.shares;
        if buys < s.homes.bought && means.relative > s.homes.least {
            bought -= self.buy(&mut unit, means.equity);
        }
        unit.shares = (unit.shares + bought / self.fund).max(0.0) * luck;
        if anew > 1.0 - self.setting.returns.anew {
            unit.returns = returns;
        }
        let shares = unit.shares;
        self.units[id] = unit;
        shares
    }

    /// A tenant who can buys a home; returns what it sells of its shares for it.
    fn buy(&self, unit: &mut Unit, equity: f64) -> f64 {
        let homes = &self.setting.homes;
        let price = homes.worth * 12.0 * unit.permanent;
        let loan = homes.loan(price, unit.permanent, homes.rate / 12.0);
        let down = price - loan;
        if unit.retired || unit.owns() || unit.debt > 0.0 || unit.deposits + equity <= down {
            return 0.0;
        }
        let from_deposits = unit.deposits.min(down);
        unit.deposits -= from_deposits;
        (unit.home, unit.debt) = (price, loan);
        down - from_deposits
    }
}
