//! Households alone: the people of a region at base-year wages, prices and returns, tick by tick.
//!
//! With the economy around them at rest, what persons and units go through has a spread at rest too: who earns, who owns, who moves.
//! A world is founded on it ([`fit`]), and facts about people are measured in it before firms add theirs. A tick is a month, money is in
//! units of the mean pay of the employed.

pub mod cast;
pub mod facts;
pub mod fit;
pub mod life;
pub mod months;
pub mod owned;
pub mod rows;
pub mod setting;

use engine::rng::{Key, unit};
use serde::{Deserialize, Serialize};

use super::attachment::Attachment;
use super::earnings::PayCurve;
use crate::components::Status;
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};
use setting::Setting;

/// Whether and how somebody is in the labour force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// With a job.
    Employed,
    /// Without one and looking.
    Unemployed,
    /// Not looking.
    #[default]
    Inactive,
}

impl From<State> for Status {
    fn from(state: State) -> Self {
        match state {
            State::Employed => Self::Employed,
            State::Unemployed => Self::Unemployed,
            State::Inactive => Self::Inactive,
        }
    }
}

/// A person.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Unit.
    pub unit: u32,
    /// Skill, 0 to 2.
    pub skill: u8,
    /// Attachment to the labour force.
    pub attachment: Attachment,
    /// Labour status.
    pub state: State,
    /// Log ability that moves, standard deviations.
    pub ability: f64,
    /// Log ability for life, standard deviations.
    pub origin: f64,
    /// Log pay lost.
    pub scar: f64,
    /// Log premium of the post.
    pub premium: f64,
    /// Months in the post.
    pub tenure: f64,
    /// Months without one.
    pub without: f64,
    /// Pay of the month if at work, and of the last job.
    pub pay: f64,
    /// Pay before the job was lost.
    pub last_pay: f64,
    /// Pension.
    pub pension: f64,
}

/// A unit of one to three persons that pool what they earn.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// First person.
    pub first: u32,
    /// Persons.
    pub size: u8,
    /// Whether it lives on pensions.
    pub retired: bool,
    /// Births of the line so far.
    pub generation: u32,
    /// Log ability that runs in the family, standard deviations.
    pub family: f64,
    /// How much it is inclined to keep in the bank.
    pub caution: f64,
    /// Persistent part of its returns.
    pub returns: f64,
    /// Deposits.
    pub deposits: f64,
    /// Share of the fund.
    pub shares: f64,
    /// Worth of the home; none where it rents one.
    pub home: f64,
    /// What it owes: on its home; without one, for what it has spent.
    pub debt: f64,
    /// Permanent income.
    pub permanent: f64,
    /// Income of the month.
    pub income: f64,
    /// Consumption of the month.
    pub consumption: f64,
}

impl Unit {
    /// What it needs relative to a person living alone.
    #[must_use]
    pub fn needs(&self) -> f64 {
        needs(self.size.into(), EQUIVALENCE)
    }

    /// Whether it lives in a home of its own.
    #[must_use]
    pub fn owns(&self) -> bool {
        self.home > 0.0
    }

    /// What is owed on the home.
    #[must_use]
    pub fn mortgage(&self) -> f64 {
        if self.owns() { self.debt } else { 0.0 }
    }

    /// What is owed without one.
    #[must_use]
    pub fn consumer_credit(&self) -> f64 {
        if self.owns() { 0.0 } else { self.debt }
    }

    /// Deposits, less what is owed for what was spent.
    #[must_use]
    pub fn liquid(&self) -> f64 {
        self.deposits - self.consumer_credit()
    }

    /// Takes what is liquid, or short if below zero: a tenant then owes it, an owner owes it on the home.
    fn settle(&mut self, liquid: f64) {
        (self.deposits, self.debt) = (liquid.max(0.0), self.mortgage() + (-liquid).max(0.0));
    }

    /// Sells the home, if there is one: what it owed for it is repaid, or owed without it.
    fn sell(&mut self) {
        let liquid = self.liquid() + (self.home - self.mortgage());
        (self.home, self.debt) = (0.0, 0.0);
        self.settle(liquid);
    }
}

/// Chances that are found so that flows and stocks are those of the region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chances {
    /// Of losing a job at average tenure, a month, by skill.
    pub loss: [f64; 3],
    /// Of finding one at once, by skill.
    pub find: [f64; 3],
    /// Of an offer to somebody at work.
    pub offer: f64,
    /// Of leaving the labour force.
    pub leave: f64,
    /// Of coming back.
    pub enter: f64,
}

/// Counts of a month.
#[derive(Clone, Debug, Default)]
pub struct Flows {
    /// Persons of working age at work when the month began, by skill.
    pub employed: [f64; 3],
    /// Of them, dismissed.
    pub dismissed: [f64; 3],
    /// From post to post.
    pub moved: f64,
    /// Out of the labour force from work.
    pub left: f64,
    /// From outside into work.
    pub entered: f64,
    /// Outside when the month began.
    pub outside: f64,
    /// Unemployed at its end, by skill.
    pub unemployed: [f64; 3],
    /// At work at its end, by skill.
    pub working: [f64; 3],
    /// Below retirement.
    pub of_working_age: f64,
    /// Months without a job of the unemployed, summed.
    pub duration: f64,
}

/// The people of a region.
#[derive(Clone, Debug)]
pub struct People {
    /// What holds in the region.
    pub setting: Setting,
    /// How pay follows ability.
    pub curve: PayCurve,
    /// Persons, those of a unit side by side.
    pub persons: Vec<Person>,
    /// Units.
    pub units: Vec<Unit>,
    /// Found chances.
    pub chances: Chances,
    /// Month.
    pub month: i64,
    /// Of the last month.
    pub flows: Flows,
    /// Finding a job, relative to normal times.
    pub cycle: f64,
    /// Worth of the fund.
    pub fund: f64,
    seed: u64,
    /// Median of permanent income per equivalent adult.
    median: f64,
    /// Sum of holdings weighted by returns.
    weighted: f64,
    /// What units spend in a month over what they would if nothing changed with them, less one.
    pub news: f64,
}

/// A draw that is nearly normal: four uniform numbers of 16 bits, with mean zero and variance one.
///
/// Equation: `sqrt(3) (u_1 + u_2 + u_3 + u_4 - 2)`.
/// Source: sum of uniform draws (Irwin-Hall); what many of them add up to is normal.
#[must_use]
#[inline]
pub fn nearly_normal(word: u64) -> f64 {
    // Two fields of 17 bits at once.
    let pairs = (word & 0xffff_0000_ffff) + (word >> 16 & 0xffff_0000_ffff);
    let sum = (pairs & 0xffff_ffff) + (pairs >> 32);
    1.732_050_807_568_877_2 * ((sum as f64 + 2.0) / 65_536.0 - 2.0)
}

/// What is drawn for persons and units, by name.
#[derive(Clone, Copy)]
#[repr(u64)]
enum Draw {
    Ability,
    Noise,
    Out,
    Move,
    Offer,
    Attachment,
    Retire,
    Heir,
    Luck,
    Returns,
    ReturnsAnew,
    Home,
    Birth,
}

impl People {
    fn key(&self, draw: Draw, month: i64) -> Key {
        Key::new(self.seed ^ (draw as u64) << 56, month as u64)
    }

    fn unit(&self, draw: Draw, month: i64, id: usize) -> f64 {
        unit(self.key(draw, month).with(id as u64))
    }

    /// Bytes that they take up.
    #[must_use]
    pub fn heap(&self) -> usize {
        self.persons.capacity() * size_of::<Person>() + self.units.capacity() * size_of::<Unit>()
    }

    /// Persons of a unit.
    #[must_use]
    pub fn members(&self, unit: &Unit) -> &[Person] {
        &self.persons[unit.first as usize..unit.first as usize + usize::from(unit.size)]
    }

    /// Log ability, from skill, what moves and what is for life.
    #[must_use]
    pub fn latent(&self, person: &Person) -> f64 {
        let s = &self.setting;
        s.premium[person.skill as usize] + s.ability_spread * person.ability + s.origin_spread * person.origin
    }

    /// Unemployed over labour force.
    #[must_use]
    pub fn unemployment(&self) -> f64 {
        let (idle, working): (f64, f64) = (self.flows.unemployed.iter().sum(), self.flows.working.iter().sum());
        idle / (idle + working).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::nearly_normal;

    #[test]
    fn draws_are_nearly_normal() {
        let draws: Vec<f64> = (0..40_000).map(|k| nearly_normal(engine::rng::hash(1, k, 2))).collect();
        let mean = draws.iter().sum::<f64>() / 40_000.0;
        let variance = draws.iter().map(|x| x * x).sum::<f64>() / 40_000.0;
        let beyond_two = draws.iter().filter(|x| x.abs() > 2.0).count() as f64 / 40_000.0;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        // 4.6% of a normal distribution lie beyond two standard deviations.
        assert!((beyond_two - 0.046).abs() < 0.008, "{beyond_two}");
    }
}
