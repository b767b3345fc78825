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

/// What changes careers in a tick of a region.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Persistence of ability.
    persistence: f64,
    /// Share of a scar that heals.
    heals: f64,
    /// Log pay lost without a job.
    erosion: f64,
    /// Chance that attachment is drawn anew.
    anew: f64,
    /// Keys of the draws of ability, of pay noise and of attachment.
    keys: [Key; 3],
}

impl Pace {
    /// Of a region in a tick. Pay noise lasts half a year.
    #[must_use]
    pub fn of(setting: &Setting, settings: &Settings, tick: u32) -> Self {
        let of_a_tick = |of_a_year: f64| pow(of_a_year, 1.0 / f64::from(settings.ticks_per_year));
        let half_year = tick / (settings.ticks_per_year / 2).max(1);
        let key = |draw: Draw, at: u32| draw.key(settings.seed, u64::from(at));
        Self {
            persistence: of_a_tick(setting.persistence),
            heals: 1.0 - of_a_tick(1.0 - setting.scar.heals),
            erosion: setting.scar.erosion * settings.months_per_tick(),
            anew: settings.monthly(setting.attachment_anew),
            keys: [key(Draw::Ability, tick), key(Draw::Noise, half_year), key(Draw::Attachment, tick)],
        }
    }
}

/// Log ability of a person, from skill, what moves and what is for life.
#[must_use]
pub fn latent(setting: &Setting, skill: u8, career: &Career) -> f64 {
    setting.premium[skill as usize]
        + setting.ability_spread * f64::from(career.ability)
        + setting.origin_spread * f64::from(career.origin)
}

/// Pay weight of a person who works, given pay noise in standard deviations: ability, attachment, post, scar and noise.
#[must_use]
pub fn weight(life: &Life, person: &Person, career: &Career, noise: f64) -> f64 {
    let setting = &life.setting;
    let factor = match career.attachment {
        _ if career.retired => setting.pensioners.pay,
        Attachment::Marginal => setting.marginal_pay,
        _ => 1.0,
    };
    let log_pay = life.curve.log_pay(latent(setting, person.skill, career)) + ln(factor);
    pay_weight(log_pay, f64::from(career.premium), f64::from(career.scar), setting.noise * noise)
}

/// A tick of a career: ability moves, scars heal or deepen, attachment may be drawn anew; pay and the pay that benefits follow are set.
pub fn advance(life: &Life, pace: &Pace, id: u64, person: &mut Person, career: &mut Career) {
    let setting = &life.setting;
    let [moves, noise, attaches] = pace.keys.map(|key| key.with(id));
    let erosion = match (person.status, career.attachment) {
        _ if career.retired => 0.0,
        (Status::Unemployed, _) => pace.erosion,
        // Whoever never meant to work unlearns nothing.
        (Status::Inactive, Attachment::Core | Attachment::Marginal) => pace.erosion / 4.0,
        _ => 0.0,
    };
    career.ability = ability(f64::from(career.ability), nearly_normal(moves), pace.persistence) as f32;
    career.scar = scar(f64::from(career.scar), pace.heals, 0.0, erosion, setting.scar.floor) as f32;
    let (anew, k) = (unit(attaches), person.skill as usize);
    if anew < pace.anew {
        career.attachment = Attachment::drawn(anew / pace.anew, setting.out[k], setting.marginal[k]);
    }
    person.efficiency = (life.wage * weight(life, person, career, nearly_normal(noise))) as f32;
    if person.status == Status::Employed && !career.retired {
        career.last = person.efficiency;
    }
}
