//! What a person can earn, tick by tick.

use engine::math::{ln, pow};
use engine::rng::{Key, unit};

use super::{Draw, Life};
use crate::components::{Career, Person, Status};
use crate::households::alone::nearly_normal;
use crate::households::alone::setting::Setting;
use crate::households::attachment::Attachment;
use crate::households::earnings::{ability, pay_weight, scar};
use crate::state::Settings;

/// Ticks after which a career is looked at again: half a year of months. People take turns, so that every tick has as many.
pub const TURN: u64 = 6;

/// What changes careers of a region in a tick.
#[derive(Clone, Copy, Debug)]
pub struct Pace<'a> {
    life: &'a Life,
    /// Persistence of ability over a turn.
    persistence: f64,
    /// Share of a scar that heals in a turn.
    heals: f64,
    /// Log pay lost in a tick, by labour status and attachment, that of pensioners last.
    erosion: [[f64; 4]; 4],
    /// Chance that attachment is drawn anew in a turn.
    anew: f64,
    /// Log pay of those who come and go, and of pensioners.
    marginal: f64,
    retired: f64,
    /// Keys of the draws of ability and of attachment.
    keys: [Key; 2],
    /// Keys of pay noise: of those whose turn has not begun in this round of turns, and of the others.
    noise: [Key; 2],
    /// The tick within a round of turns.
    at: u64,
}

impl<'a> Pace<'a> {
    /// Of a region in a tick.
    #[must_use]
    pub fn of(life: &'a Life, settings: &Settings, tick: u32) -> Self {
        let s = &life.setting;
        let years = TURN as f64 / f64::from(settings.ticks_per_year);
        let of_a_turn = |of_a_year: f64| pow(of_a_year, years);
        Self {
            life,
            persistence: of_a_turn(s.persistence),
            heals: 1.0 - of_a_turn(1.0 - s.scar.heals),
            erosion: eroded(s.scar.erosion * settings.months_per_tick()),
            anew: 1.0 - pow(1.0 - settings.monthly(s.attachment_anew), TURN as f64),
            marginal: ln(s.marginal_pay),
            retired: ln(s.pensioners.pay),
            keys: [Draw::Ability, Draw::Attachment].map(|draw| draw.key(settings.seed, tick.into())),
            noise: [0, 1].map(|later| Draw::Noise.key(settings.seed, u64::from(tick) / TURN + later)),
            at: u64::from(tick) % TURN,
        }
    }

    /// Pay of a person who works, money a tick at base-year wages in a post of the level at which ability is measured: what can be earned,
    /// attachment, scar, and noise that lasts a turn.
    #[must_use]
    pub fn pay(&self, id: u64, person: &Person, career: &Career) -> f32 {
        self.paid(id, self.log_pay(person, career), career)
    }

    /// Log pay but for post, scar and noise.
    #[inline]
    fn log_pay(&self, person: &Person, career: &Career) -> f64 {
        let less = match career.attachment {
            _ if career.retired => self.retired,
            Attachment::Marginal => self.marginal,
            _ => 0.0,
        };
        self.life.curve.log_pay(latent(&self.life.setting, person.skill, career)) + less
    }

    /// Pay, given log pay but for post, scar and noise.
    #[inline]
    fn paid(&self, id: u64, log_pay: f64, career: &Career) -> f32 {
        let key = self.noise[usize::from(id % TURN <= self.at)];
        let noise = self.life.setting.noise * nearly_normal(key.with(id));
        (self.life.wage * pay_weight(log_pay, self.life.posts.level, f64::from(career.scar), noise)) as f32
    }

    /// A tick of careers of persons side by side, given the id of the first: without a job the scar deepens. In their turn ability moves,
    /// the scar heals, attachment may be drawn anew, and pay follows.
    pub fn advance(&self, first: u64, persons: &mut [Person], careers: &mut [Career]) {
        let floor = self.life.setting.scar.floor;
        for (person, career) in persons.iter_mut().zip(careers.iter_mut()) {
            if career.retired && person.status == Status::Unemployed {
                // Rule: pensioners do not look for work.
                person.status = Status::Inactive;
            }
            let group = if career.retired { 3 } else { career.attachment as usize };
            let erosion = self.erosion[person.status as usize][group];
            career.scar = scar(f64::from(career.scar), 0.0, 0.0, erosion, floor) as f32;
        }
        // Nobody else is asked whether it is their turn. Step by step for all, since a person's steps wait for each other.
        let next = (self.at + TURN - first % TURN) % TURN;
        let mut turns: Vec<usize> = (next as usize..persons.len()).step_by(TURN as usize).collect();
        // Where nobody lives nothing goes on.
        turns.retain(|&at| persons[at].status != Status::Absent);
        for &at in &turns {
            self.begin(first + at as u64, &persons[at], &mut careers[at]);
        }
        let log_pay: Vec<f64> = turns.iter().map(|&at| self.log_pay(&persons[at], &careers[at])).collect();
        for (at, log_pay) in turns.into_iter().zip(log_pay) {
            persons[at].efficiency = self.paid(first + at as u64, log_pay, &careers[at]);
        }
    }

    /// What changes in a person's turn but for pay.
    #[inline]
    fn begin(&self, id: u64, person: &Person, career: &mut Career) {
        let s = &self.life.setting;
        let [moves, anew] = self.keys.map(|key| key.with(id));
        career.ability = ability(f64::from(career.ability), nearly_normal(moves), self.persistence) as f32;
        career.scar = scar(f64::from(career.scar), self.heals, 0.0, 0.0, s.scar.floor) as f32;
        let (anew, k) = (unit(anew), person.skill as usize);
        if anew < self.anew {
            career.attachment = Attachment::drawn(anew / self.anew, s.out[k], s.marginal[k]);
        }
    }
}

/// Log pay lost in a tick, given that of the unemployed: a row without a branch, as nobody could foresee which way it goes.
fn eroded(unemployed: f64) -> [[f64; 4]; 4] {
    let mut lost = [[0.0; 4]; 4];
    lost[Status::Unemployed as usize][..3].fill(unemployed);
    // Whoever never meant to work unlearns nothing.
    for attachment in [Attachment::Core, Attachment::Marginal] {
        lost[Status::Inactive as usize][attachment as usize] = unemployed / 4.0;
    }
    lost
}

/// Log ability of a person, from skill, what moves and what is for life.
#[must_use]
#[inline]
pub fn latent(setting: &Setting, skill: u8, career: &Career) -> f64 {
    setting.premium[skill as usize]
        + setting.ability_spread * f64::from(career.ability)
        + setting.origin_spread * f64::from(career.origin)
}

#[cfg(test)]
mod tests {
    use std::slice::from_mut;

    use super::*;
    use crate::testing::{life, near};

    fn settings() -> Settings {
        Settings { seed: 7, ticks_per_year: 12, audit_stops: true, shocks: false }
    }

    #[test]
    fn pay_follows_ability_post_and_attachment() {
        let mut life = life();
        life.setting.noise = 0.0;
        life.posts.level = 0.1;
        let pace = Pace::of(&life, &settings(), 3);
        let career = Career { ability: 1.0, scar: -0.2, ..Career::default() };
        let person = Person { skill: 2, ..Person::default() };
        // exp(0.40 + 0.494 + 0.1 - 0.2) = exp(0.794); straight curve.
        let pay = |career: &Career| f64::from(pace.pay(5, &person, career)) / 1_000.0;
        assert!((pay(&career) - 2.212_226).abs() < 1e-5, "{}", pay(&career));
        let marginal = Career { attachment: Attachment::Marginal, ..career };
        assert!((pay(&marginal) / pay(&career) - life.setting.marginal_pay).abs() < 1e-6);
        let retired = Career { retired: true, ..marginal };
        assert!((pay(&retired) / pay(&career) - life.setting.pensioners.pay).abs() < 1e-6);
    }

    #[test]
    fn people_take_turns_and_the_idle_unlearn() {
        let life = life();
        let (mut changed, mut idle) = (0, Career::default());
        let unemployed = Person { status: Status::Unemployed, ..Person::default() };
        for id in 0..600 {
            let mut career = Career::default();
            let mut person = Person { status: Status::Employed, ..unemployed };
            Pace::of(&life, &settings(), 4).advance(id, from_mut(&mut person), from_mut(&mut career));
            changed += u32::from(career.ability.abs() > 0.0);
        }
        // A sixth of them in a tick.
        assert_eq!(changed, 100);
        Pace::of(&life, &settings(), 4).advance(5, from_mut(&mut unemployed.clone()), from_mut(&mut idle));
        near(f64::from(idle.scar), f64::from(-life.setting.scar.erosion as f32));
        let mut out = Career { attachment: Attachment::Out, ..Career::default() };
        let mut inactive = Person { status: Status::Inactive, ..unemployed };
        Pace::of(&life, &settings(), 4).advance(5, from_mut(&mut inactive), from_mut(&mut out));
        // Turns go on wherever a row of people begins: of ids 7 to 26 that of 10, 16 and 22.
        let (mut persons, mut careers) = (vec![inactive; 20], vec![out; 20]);
        Pace::of(&life, &settings(), 4).advance(7, &mut persons, &mut careers);
        let began: Vec<usize> = (0..20).filter(|&k| careers[k].ability.abs() > 0.0).collect();
        assert_eq!(began, [3, 9, 15]);
        near(f64::from(out.scar), 0.0);
    }
}
