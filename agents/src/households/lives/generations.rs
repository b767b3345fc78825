//! Retirement, deaths, heirs and births, and the tick of careers.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::columns_mut;
use engine::math::sqrt;
use engine::money::{Money, ad_valorem};
use engine::rng::{Key, normal, unit};
use rayon::prelude::*;

use super::careers::{Pace, latent};
use super::homes::{Terms, settle};
use super::{Draw, Folk, Life, Lives, OfZone};
use crate::accounts::Why;
use crate::components::{Career, Deviation, Household, Lineage, Person, Plant, Status};
use crate::geography::{NONE, Zone, split_spans};
use crate::given::Given;
use crate::households::alone::life::newborn;
use crate::households::attachment::Attachment;
use crate::households::earnings::PENSION_OF_THE_IDLE;
use crate::paying::{Institutions, Sums};
use crate::state::{RegionState, Settings};

/// What the dead of a zone leave to another household of it.
struct Bequest {
    heir: usize,
    money: Money,
    shares: i64,
}

/// A tick of a region's lives.
struct Month<'a> {
    life: &'a Life,
    terms: Terms<'a>,
    pace: Pace<'a>,
    /// Chances to retire, and of the retired to die.
    retires: f64,
    dies: f64,
    /// Keys of the draws of lineages, of heirs and of births.
    keys: [Key; 3],
}

/// What the people of a zone went through.
#[derive(Default)]
struct Passed {
    bequests: Vec<Bequest>,
    paid: Sums,
    /// Homes sold.
    homes: i64,
}

impl<'a> Month<'a> {
    fn of(life: &'a Life, state: &RegionState, settings: &Settings, tick: u32) -> Self {
        let s = &life.setting;
        Self {
            life,
            terms: Terms::of(life, state, settings),
            pace: Pace::of(life, settings, tick),
            retires: settings.monthly(s.retire),
            dies: settings.monthly(s.die),
            keys: [Draw::Lineage, Draw::Heir, Draw::Birth].map(|draw| draw.key(settings.seed, u64::from(tick))),
        }
    }

    /// The people of a zone live on.
    fn live(&self, zone: &Zone, people: &mut OfZone, plants: &mut [Plant]) -> Passed {
        let OfZone { persons, careers, households, lineages } = people;
        let mut passed = Passed::default();
        let mut from = 0;
        for (at, (household, lineage)) in households.iter_mut().zip(lineages.iter_mut()).enumerate() {
            let id = u64::from(zone.households.start) + at as u64;
            let members = from..from + usize::from(household.members);
            let drawn = unit(self.keys[0].with(id));
            let (own, careers) = (&mut persons[members.clone()], &mut careers[members.clone()]);
            let retired = careers[0].retired;
            if !retired && drawn < self.retires {
                own.iter_mut().zip(careers.iter_mut()).for_each(|(person, career)| {
                    leave(person, plants, zone.firms.start);
                    career.last = self.pension(person, career) as f32;
                    career.retired = true;
                    // What a pensioner can earn follows in turn.
                });
            } else if retired && drawn < self.dies {
                for person in own.iter_mut() {
                    leave(person, plants, zone.firms.start);
                }
                let heir = (unit(self.keys[1].with(id)) * zone.households.len() as f64) as usize;
                passed.homes += self.terms.sell(household, lineage, &mut passed.paid);
                forgive(household, lineage, &mut passed.paid);
                passed.bequests.push(self.bequeath(household, heir));
                self.renew(id, lineage, (u64::from(zone.persons.start) + members.start as u64, own), careers);
            }
            for (k, (person, career)) in own.iter_mut().zip(careers).enumerate() {
                if career.retired && person.status == Status::Unemployed {
                    // Rule: pensioners do not look for work.
                    person.status = Status::Inactive;
                }
                let person_id = u64::from(zone.persons.start) + (members.start + k) as u64;
                self.pace.advance(person_id, person, career);
            }
            from = members.end;
        }
        passed
    }

    /// Pension of a person who retires, minor units a tick.
    ///
    /// Equation: `p + s G`, with the fixed part `p`, the share `s` of the pay `G` that ability brings; less for whoever never worked.
    /// Source: two parts, flat and by earnings, as in OECD, Pensions at a Glance; numbers of the recipe.
    fn pension(&self, person: &Person, career: &Career) -> f64 {
        let s = &self.life.setting;
        let potential = engine::math::exp(self.life.curve.log_pay(latent(s, person.skill, career)));
        let worked = if career.attachment == Attachment::Out { PENSION_OF_THE_IDLE } else { 1.0 };
        self.life.net * (s.pension.fixed + s.pension.share * potential * worked)
    }

    /// Part of what the dead own goes to another household.
    fn bequeath(&self, household: &mut Household, heir: usize) -> Bequest {
        let share = self.life.setting.estate;
        // Rule: debts are not inherited.
        let money = ad_valorem(household.deposits.max(0), share);
        let shares = (household.fund_shares as f64 * share) as i64;
        household.deposits -= money;
        household.fund_shares -= shares;
        Bequest { heir, money, shares }
    }

    /// The next generation takes the place of the dead: young, with what the family passes on.
    fn renew(&self, id: u64, lineage: &mut Lineage, (first, persons): (u64, &mut [Person]), careers: &mut [Career]) {
        let s = &self.life.setting;
        let key = Key::new(self.keys[2].with(id), 0);
        let drawn = |k: u64| normal(key.with(2 * k), key.with(2 * k + 1));
        let passed_on = |before: Deviation, drawn: f64| {
            Deviation::of(s.inherited * before.get() + sqrt(1.0 - s.inherited * s.inherited) * drawn)
        };
        lineage.family = passed_on(lineage.family, drawn(1));
        lineage.caution = passed_on(lineage.caution, drawn(2));
        lineage.generation = lineage.generation.wrapping_add(1);
        for (k, (person, career)) in (0..).zip(persons.iter_mut().zip(careers)) {
            let born = newborn(0, lineage.family.get(), s, Key::new(key.with(1000), k));
            // Rule: whoever means to work looks for it first.
            let status = if born.attachment == Attachment::Out { Status::Inactive } else { Status::Unemployed };
            *person = Person { employer: NONE, status, skill: born.skill, post: born.skill, ..Person::default() };
            *career = Career {
                ability: born.ability as f32,
                origin: born.origin as f32,
                attachment: born.attachment,
                ..Career::default()
            };
            person.efficiency = self.pace.pay(first + k, person, career);
        }
    }
}

/// Debts of the dead that are not on a home are repaid as far as there is money, and the rest is written off.
fn forgive(household: &mut Household, lineage: &mut Lineage, paid: &mut Sums) {
    if lineage.owns() {
        // Nobody bought the home: heirs have it with what is owed on it.
        return;
    }
    settle(household.deposits - lineage.debt, household, lineage, paid);
    paid.add(Why::CreditWrittenOff, lineage.debt);
    lineage.debt = 0;
}

/// A person leaves the job and the labour force.
fn leave(person: &mut Person, plants: &mut [Plant], first: u32) {
    if person.status == Status::Employed {
        plants[(person.employer - first) as usize].employees[person.post as usize] -= 1;
    }
    (person.employer, person.status, person.tenure_ticks) = (NONE, Status::Inactive, 0);
}

/// System: a tick of lives; nothing happens where households are persons alone.
pub fn live(
    given: Given,
    lives: Res<Lives>,
    mut institutions: Institutions,
    mut folk: Folk,
    mut plants: Query<&mut Plant>,
) {
    if lives.regions.is_empty() {
        return;
    }
    let Given { geography, settings, tick, .. } = &given;
    let mut payments = institutions.open();
    let regions = lives.regions.iter().zip(&payments.regions.states);
    let months: Vec<Month> = regions.map(|(life, state)| Month::of(life, state, settings, tick.0)).collect();
    let plants = split_spans(columns_mut(&mut plants), &geography.firm_spans(), 1);
    let of_zone = |(z, (mut people, plants)): (usize, (OfZone, &mut [Plant]))| {
        let zone = &geography.zones[z];
        let mut passed = months[zone.region as usize].live(zone, &mut people, plants);
        for Bequest { heir, money, shares } in passed.bequests.drain(..) {
            people.households[heir].deposits += money;
            people.households[heir].fund_shares += shares;
        }
        passed
    };
    let zones: Vec<Passed> = folk.by_zone(geography).into_par_iter().zip(plants).enumerate().map(of_zone).collect();
    for (z, (zone, passed)) in (0..).zip(geography.zones.iter().zip(zones)) {
        payments.post_all(geography.bank_of(z), &passed.paid);
        payments.regions.states[zone.region as usize].homes.let_out += passed.homes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::life;

    #[test]
    fn a_pension_is_flat_and_by_what_could_be_earned() {
        let mut life = life();
        life.setting.pension = crate::households::alone::setting::Pension { fixed: 0.1, share: 0.3 };
        (life.setting.premium, life.setting.estate) = ([0.0; 3], 0.5);
        let settings = Settings { seed: 1, ticks_per_year: 12, audit_stops: true, shocks: false };
        let state = RegionState::default();
        let month = Month::of(&life, &state, &settings, 0);
        let pension = |attachment| month.pension(&Person::default(), &Career { attachment, ..Career::default() });
        // 900 (0.1 + 0.3), and 900 (0.1 + 0.3 x 0.4).
        assert!((pension(Attachment::Core) - 360.0).abs() < 1e-9 && (pension(Attachment::Out) - 198.0).abs() < 1e-9);
        let mut dead = Household { deposits: 101, fund_shares: 7, ..Household::default() };
        let Bequest { heir, money, shares } = month.bequeath(&mut dead, 4);
        assert_eq!((heir, money + dead.deposits, shares + dead.fund_shares), (4, 101, 7));
        assert_eq!(shares, 3);
    }
}
