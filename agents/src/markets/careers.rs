//! Units in the labour market: who leaves a job and for what, who searches, who comes in from outside, who moves on.

use engine::math::{ln, sqrt};
use engine::rng::{Key, hash, unit};

use crate::components::{Career, Person, Plant, Status};
use crate::geography::SKILLS;
use crate::households::attachment::{call_back, coming_back, encouraged, tenure_risk};
use crate::households::earnings::scar;
use crate::households::lives::Life;
use crate::households::lives::careers::Pace;
use crate::markets::lots::{Lot, struck};
use crate::state::Settings;

/// Months of tenure beyond which risks fall no further.
const LONG: f64 = 120.0;

/// Place of the retired among attachments.
const RETIRED: usize = 3;

/// Months of tenure from which on a lost job leaves a scar.
///
/// Source: Jacobson, `LaLonde` and Sullivan (1993), high-tenure workers; three years as in Davis and von Wachter (2011).
const SCARRED_FROM: f64 = 36.0;

/// Months of tenure from which on offers are rarer.
const SETTLED_FROM: f64 = 24.0;

/// Share of dismissals that are layoffs by plants that shrink, where all is at rest: they come on top of what is drawn.
///
/// Chosen, for L3 in a living world.
const LAID_OFF: f64 = 0.05;

/// Offers relative to people alone. Chosen, for L2 in a living world: open posts there pay more than posts that people alone are offered.
const OFFERS: f64 = 0.85;

/// Chances of a tick in a region, by months where they fall with time.
#[derive(Clone, Debug)]
pub struct Risks<'a> {
    life: &'a Life,
    /// What those who are hired earn.
    pace: Pace<'a>,
    /// Why jobs end, by ticks of tenure, skill and attachment; and of the retired.
    ends: Vec<[[Ends; 4]; SKILLS]>,
    /// Chance that a job ends, likewise: all that most are asked for.
    either: Vec<[[f64; 4]; SKILLS]>,
    /// How much rarer somebody is called back, by ticks without a job.
    call_back: Vec<f64>,
    /// Chance to come back, by ticks outside and attachment; of the retired to take a small job.
    back: Vec<[f64; 4]>,
    /// Chance to give up the search, by attachment; the retired do not search.
    gives_up: [f64; 4],
    /// How much likelier people of a skill come back than usual.
    entry: [f64; SKILLS],
    months: f64,
    /// Keys of what is decided of a person, by [`Of`].
    keys: [Key; 5],
}

/// Why a job ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ends {
    /// Chance that it is lost.
    pub lost: f64,
    /// Chance that it is left for a life outside the labour force.
    pub left: f64,
}

impl Ends {
    /// Chance that it ends.
    #[must_use]
    #[inline]
    pub fn either(self) -> f64 {
        (self.lost + self.left).min(1.0)
    }
}

/// What somebody without a job may do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turning {
    /// Gives up the search.
    GivesUp,
    /// Takes a job at once, from outside the labour force.
    ComesIn,
    /// Takes a small job as a pensioner.
    SmallJob,
}

/// What is decided of a person, by name.
#[derive(Clone, Copy)]
#[repr(u64)]
enum Of {
    Participation,
    Search,
    Offer,
    End,
    Left,
}

impl<'a> Risks<'a> {
    /// Of a region in a tick.
    #[must_use]
    pub fn of(life: &'a Life, settings: &Settings, tick: u32) -> Self {
        let s = &life.setting;
        let months = settings.months_per_tick();
        let chances = &life.chances;
        let by_tick = 0..=(LONG / months) as usize;
        let spells = by_tick.map(|tick| (tick as f64 * months).floor());
        let ends = |months: f64| {
            let risk = tenure_risk(months, s.tenure_risk.floor, s.tenure_risk.extra);
            // Rule: probabilities.
            let of = |skill: usize, attachment: usize| match s.leaves.get(attachment) {
                Some(leaves) => Ends {
                    lost: ((1.0 - LAID_OFF) * chances.loss[skill] * risk).min(1.0),
                    left: (chances.leave * leaves * sqrt(risk)).min(1.0),
                },
                None => Ends { lost: 0.0, left: s.pensioners.leaves },
            };
            std::array::from_fn(|skill| std::array::from_fn(|attachment| of(skill, attachment)))
        };
        let back = |months: f64| {
            let [core, marginal, out] =
                s.enters.map(|enters| chances.enter * enters * coming_back(months, s.coming_back));
            [core, marginal, out, s.pensioners.takes]
        };
        let ends: Vec<[[Ends; 4]; SKILLS]> = spells.clone().map(ends).collect();
        Self {
            life,
            pace: Pace::of(life, settings, tick),
            either: ends.iter().map(|row| row.map(|row| row.map(Ends::either))).collect(),
            ends,
            gives_up: std::array::from_fn(|group| s.gives_up.get(group).copied().unwrap_or(0.0)),
            call_back: spells.clone().map(|months| call_back(months, s.call_back.floor, s.call_back.rate)).collect(),
            back: spells.map(back).collect(),
            entry: [1.0; SKILLS],
            months,
            keys: [Of::Participation, Of::Search, Of::Offer, Of::End, Of::Left].map(|of| {
                let stream = u64::from(crate::world::stream::CAREERS.id());
                Key::new(settings.seed ^ (of as u64 + 1) << 56, u64::from(tick) << 8 | stream)
            }),
        }
    }

    /// The same where so many of each skill are unemployed.
    #[must_use]
    pub fn among(mut self, unemployment: &[f64]) -> Self {
        let usual = self.life.setting.unemployment;
        for (factor, (found, usual)) in self.entry.iter_mut().zip(unemployment.iter().zip(usual)) {
            *factor = encouraged(*found, usual);
        }
        self
    }

    #[inline]
    fn draw(&self, id: u64, of: Of) -> f64 {
        unit(self.keys[of as usize].with(id))
    }

    /// A tick of the careers of persons side by side, given the id of the first.
    pub fn advance(&self, first: u64, persons: &mut [Person], careers: &mut [Career]) {
        self.pace.advance(first, persons, careers);
    }

    /// Chances that the job of a person ends in a tick.
    ///
    /// Equation: lost `(1 - l) c_k tau(m)`, as a share `l` is laid off anyway, left `c l_a sqrt(tau(m))`, with skill `k`, months of tenure `m`, attachment `a` and [`tenure_risk`] `tau`; of the
    /// retired a chance to leave and none to lose it.
    /// Source: people alone, where chances are those that keep the region's flows.
    #[must_use]
    #[inline]
    pub fn ends(&self, person: &Person, career: &Career) -> Ends {
        spell(&self.ends, person)[person.skill as usize][group(career)]
    }

    /// Chance that it ends, whatever for.
    #[must_use]
    #[inline]
    pub fn ends_at_all(&self, person: &Person, career: &Career) -> f64 {
        spell(&self.either, person)[person.skill as usize][group(career)]
    }

    /// Whether the job of a person ends, given the chance.
    #[must_use]
    #[inline]
    pub fn ending(&self, id: u64, chance: f64) -> Lot {
        Lot { chance, drawn: self.draw(id, Of::End) }
    }

    /// Whether a person whose job ends left it for a life outside the labour force, given the share of the staff laid off. Pensioners are not
    /// asked.
    ///
    /// Equation: `p = l / (d + l + f)`, with the chances to lose the job `d`, to leave it `l` and to be laid off `f`.
    /// Source: competing risks.
    #[must_use]
    pub fn leaving(&self, id: u64, laid_off: f64, person: &Person, career: &Career) -> Lot {
        let Ends { lost, left } = self.ends(person, career);
        let chance = if career.retired { 0.0 } else { left / (lost + left + laid_off) };
        Lot { chance, drawn: self.draw(id, Of::Left) }
    }

    /// What a person does whose job ends, given whether it was left; a job lost after years leaves a scar. Benefits will follow the last pay.
    pub fn end(&self, left: bool, person: &Person, career: &mut Career) -> Status {
        if !career.retired {
            career.last = person.efficiency;
        }
        if left || career.retired {
            return Status::Inactive;
        }
        if f64::from(person.tenure_ticks) * self.months >= SCARRED_FROM {
            let s = &self.life.setting.scar;
            career.scar = scar(f64::from(career.scar), 0.0, s.step, 0.0, s.floor) as f32;
        }
        Status::Unemployed
    }

    /// What somebody without a job may do in a tick.
    #[must_use]
    #[inline]
    pub fn turn_of(&self, id: u64, person: &Person, career: &Career) -> (Turning, Lot) {
        let (turning, chance) = match (person.status, career.retired) {
            // Pensioners do not come in the more for being encouraged.
            (_, true) => (Turning::SmallJob, self.life.setting.pensioners.takes),
            (Status::Unemployed, _) => (Turning::GivesUp, self.gives_up[group(career)]),
            _ => (Turning::ComesIn, spell(&self.back, person)[group(career)] * self.entry[person.skill as usize]),
        };
        // Rule: whoever has just left a job decides next time.
        let asked = person.tenure_ticks > 0 && person.status != Status::Absent;
        (turning, Lot { chance: if asked { chance } else { 0.0 }, drawn: self.draw(id, Of::Participation) })
    }

    /// Some of those without a job give up the search or begin one; returns who comes in from outside for a job, persons of the zone, given its
    /// persons with the id of the first, and what the tick draws. Of those outside some begin a search: the least likely to take a job at once.
    pub fn participate(
        &self,
        (first, persons, careers): (u64, &mut [Person], &[Career]),
        idle: &[u32],
        start: u64,
    ) -> Vec<u32> {
        let (mut groups, mut begin): ([Vec<(u32, Lot)>; 3], Vec<Lot>) = Default::default();
        let searches = self.life.setting.starts_search;
        for &i in idle {
            let (turning, lot) = self.turn_of(first + u64::from(i), &persons[i as usize], &careers[i as usize]);
            groups[turning as usize].push((i, lot));
            if turning == Turning::ComesIn {
                // Rule: as many as ever begin to search in a slump.
                let usual = lot.chance / self.entry[persons[i as usize].skill as usize];
                begin.push(Lot { chance: searches * usual, drawn: 1.0 - lot.drawn });
            }
        }
        let of = |turning: Turning| -> Vec<u32> {
            let group = &groups[turning as usize];
            let lots = group.iter().map(|x| x.1);
            struck(lots, unit(hash(start, turning as u64, 7))).into_iter().map(|at| group[at].0).collect()
        };
        let [give_up, mut come_in, small_jobs] = [Turning::GivesUp, Turning::ComesIn, Turning::SmallJob].map(of);
        let outside = &groups[Turning::ComesIn as usize];
        let search: Vec<u32> =
            struck(begin.iter().copied(), unit(hash(start, 3, 7))).into_iter().map(|at| outside[at].0).collect();
        for (who, status) in [(give_up, Status::Inactive), (search, Status::Unemployed)] {
            for i in who {
                let person = &mut persons[i as usize];
                (person.status, person.tenure_ticks) = (status, 0);
            }
        }
        come_in.extend(small_jobs);
        // Whoever begins a search and could take a job at once looks for one.
        come_in.retain(|&i| persons[i as usize].status == Status::Inactive);
        come_in.sort_unstable();
        come_in
    }

    /// Place in the queue of those who search: drawn by weight, so that who has just lost a job is called first.
    ///
    /// Equation: `-ln(u) / w`, with a uniform draw `u` and the weight `w` of [`call_back`]; those who come in from outside come first.
    /// Source: Efraimidis and Spirakis (2006), weighted sampling without replacement.
    #[must_use]
    pub fn place(&self, id: u64, person: &Person) -> u64 {
        let word = self.keys[Of::Search as usize].with(id);
        if person.status != Status::Unemployed {
            return word >> 40;
        }
        let drawn = -ln(unit(word).max(1e-18)) / spell(&self.call_back, person);
        (drawn * (1_u64 << 40) as f64) as u64
    }

    /// Somebody is hired: pay is what the person can earn now.
    pub fn hire(&self, id: u64, person: &mut Person, career: &Career) {
        person.efficiency = self.pace.pay(id, person, career);
    }

    /// Log premiums of plants side by side, given the id of the first.
    #[must_use]
    pub fn premiums(&self, first: u32, plants: &[Plant], seed: u64) -> Vec<f64> {
        self.life.posts.premiums(first, plants, seed)
    }

    /// Chance of an offer of whoever has not settled.
    #[inline]
    fn offers(&self) -> f64 {
        OFFERS * self.life.chances.offer
    }

    /// Whether a person would be offered another post where offers are likeliest.
    #[must_use]
    #[inline]
    pub fn may_be_offered(&self, id: u64) -> bool {
        self.draw(id, Of::Offer) < self.offers() * self.life.setting.settled.max(1.0)
    }

    /// Whether somebody at work is offered another post, which is taken if it pays more.
    ///
    /// Equation: with chance `c_j`, less for who has been in the post for two years.
    /// Source: job ladder of Burdett and Mortensen (1998); Fallick and Fleischman (2004) for how many move.
    #[must_use]
    #[inline]
    pub fn is_offered(&self, id: u64, person: &Person, career: &Career) -> bool {
        let settled = f64::from(person.tenure_ticks) * self.months > SETTLED_FROM;
        let chance = self.offers() * if settled { self.life.setting.settled } else { 1.0 };
        self.draw(id, Of::Offer) < chance && !career.retired
    }
}

/// Place of a person among attachments, the retired last.
#[inline]
fn group(career: &Career) -> usize {
    if career.retired { RETIRED } else { career.attachment as usize }
}

/// Row of a table by ticks of what somebody has been in so far.
#[inline]
fn spell<'t, T>(table: &'t [T], person: &Person) -> &'t T {
    &table[usize::from(person.tenure_ticks).min(table.len() - 1)]
}

/// Expected flows of a region's people in a tick, by skill, persons.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// At work.
    pub employed: [f64; SKILLS],
    /// Leave work, whatever for.
    pub leave: [f64; SKILLS],
    /// Search or come in from outside.
    pub seek: [f64; SKILLS],
}

/// Chances of a person of working age to leave the labour force or to come into it in a tick, but for retirement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Turn {
    /// Leaves it: for a life outside, or giving up the search.
    pub leaves: f64,
    /// Comes in: to take a job at once, or to look for one.
    pub comes: f64,
}

impl Risks<'_> {
    /// What is expected of a person of working age: see [`Risks::ends`] and [`Risks::turn_of`].
    #[must_use]
    pub fn turn(&self, person: &Person, career: &Career) -> Turn {
        match person.status {
            Status::Employed => Turn { leaves: self.ends(person, career).left, comes: 0.0 },
            Status::Unemployed => Turn { leaves: self.gives_up[group(career)], comes: 0.0 },
            Status::Inactive => {
                let back = spell(&self.back, person)[group(career)];
                Turn { leaves: 0.0, comes: (1.0 + self.life.setting.starts_search) * back }
            }
            Status::Absent => Turn::default(),
        }
    }

    /// Adds what is expected of a person.
    pub fn expect(&self, person: &Person, career: &Career, sum: &mut Expected) {
        let (s, k) = (&self.life.setting, person.skill as usize);
        match person.status {
            Status::Employed => {
                let Ends { lost, left } = self.ends(person, career);
                sum.employed[k] += 1.0;
                sum.leave[k] += lost / (1.0 - LAID_OFF) + left + if career.retired { s.die } else { s.retire };
            }
            Status::Unemployed => sum.seek[k] += 1.0,
            Status::Inactive if career.retired => sum.seek[k] += s.pensioners.takes,
            Status::Inactive => {
                sum.seek[k] += spell(&self.back, person)[career.attachment as usize];
            }
            Status::Absent => {}
        }
    }
}

#[cfg(test)]
mod tests;
