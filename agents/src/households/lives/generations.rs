//! Retirement, deaths, heirs and births, and who moves in.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::columns_mut;
use engine::math::sqrt;
use engine::money::{Money, ad_valorem};
use engine::rng::{Key, normal, unit};
use rayon::prelude::*;

use super::ageing::age;
use super::careers::{Pace, latent};
use super::homes::{Terms, settle};
use super::{Draw, Folk, Life, Lives, OfZone};
use crate::accounts::Why;
use crate::components::{Career, Deviation, Household, Lineage, Person, Plant, Status};
use crate::geography::{NONE, Zone, split_spans};
use crate::given::Given;
use crate::households::alone::life::newborn;
use crate::households::attachment::Attachment;
use crate::households::demography::rows::Chances;
use crate::paying::{Institutions, Sums};
use crate::state::{RegionState, Settings};
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};

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
    /// Chances to die and to retire, and that somebody moves in.
    chances: Chances,
    /// The largest of them: nothing befalls a household whose draw is above.
    befalls: f64,
    /// Whether rows are counted by who lives in them.
    counts: bool,
    /// Keys of the draws of lineages, of heirs, of births and of who is followed.
    keys: [Key; 4],
}

/// What the people of a zone went through.
#[derive(Default)]
struct Passed {
    bequests: Vec<Bequest>,
    paid: Sums,
    /// Homes sold.
    homes: i64,
    /// Rows of persons of working age, of the retired and of vacant households.
    rows: [i64; 3],
}

/// A household with the rows of its persons.
struct Unit<'a> {
    id: u64,
    household: &'a mut Household,
    lineage: &'a mut Lineage,
    /// Id of the first person.
    first: u64,
    persons: &'a mut [Person],
    careers: &'a mut [Career],
}

impl Unit<'_> {
    /// Place among rows by who lives in them.
    fn kind(&self) -> usize {
        if self.household.members.live_here() { usize::from(self.careers[0].retired) } else { 2 }
    }

    /// All leave their jobs.
    fn leave(&mut self, plants: &mut [Plant], first: u32) {
        self.persons.iter_mut().for_each(|person| leave(person, plants, first));
    }

    /// Nobody lives here any more; what there was is gone.
    fn vacate(&mut self) {
        let Household { decile, members, .. } = *self.household;
        *self.household = Household { decile, members: members.left(), ..Household::default() };
        for (person, career) in self.persons.iter_mut().zip(self.careers.iter_mut()) {
            (*person, *career) = (nobody(), Career::default());
        }
    }
}

/// The row of a person where nobody lives.
#[must_use]
pub fn nobody() -> Person {
    Person { employer: NONE, status: Status::Absent, ..Person::default() }
}

impl<'a> Month<'a> {
    fn of(life: &'a Life, state: &RegionState, settings: &Settings, tick: u32, chances: Option<Chances>) -> Self {
        let s = &life.setting;
        // Rule: where nobody is born or ages by year, others take the place of all who die.
        let (retire, die_retired) = (settings.monthly(s.retire), settings.monthly(s.die));
        let at_rest = || Chances { retire, die_retired, follow: 1.0, ..Chances::default() };
        let counts = chances.is_some();
        let chances = chances.unwrap_or_else(at_rest);
        Self {
            life,
            terms: Terms::of(life, state, settings),
            pace: Pace::of(life, settings, tick),
            befalls: (chances.die_working + chances.retire).max(chances.die_retired).max(chances.found),
            counts,
            chances,
            keys: [Draw::Lineage, Draw::Heir, Draw::Birth, Draw::Follow]
                .map(|draw| draw.key(settings.seed, u64::from(tick))),
        }
    }

    /// The people of a zone live on.
    fn live(&self, zone: &Zone, people: &mut OfZone, plants: &mut [Plant]) -> Passed {
        let OfZone { persons, careers, households, lineages } = people;
        let mut passed = Passed::default();
        let mut from = 0;
        for (at, (household, lineage)) in households.iter_mut().zip(lineages.iter_mut()).enumerate() {
            let id = u64::from(zone.households.start) + at as u64;
            let members = from..from + household.members.rows();
            from = members.end;
            let drawn = unit(self.keys[0].with(id));
            // Nothing befalls most, whoever they are.
            if drawn >= self.befalls && !self.counts {
                continue;
            }
            let first = u64::from(zone.persons.start) + members.start as u64;
            let (persons, careers) = (&mut persons[members.clone()], &mut careers[members]);
            let mut unit = Unit { id, household, lineage, first, persons, careers };
            self.pass(&mut unit, drawn, zone, plants, &mut passed);
            passed.rows[unit.kind()] += unit.persons.len() as i64;
        }
        passed
    }

    /// A household retires, dies, or is moved into.
    fn pass(&self, home: &mut Unit, drawn: f64, zone: &Zone, plants: &mut [Plant], passed: &mut Passed) {
        let Chances { die_working, die_retired, retire, found, .. } = self.chances;
        let dies = match home.kind() {
            0 => drawn < die_working,
            1 => drawn < die_retired,
            _ => {
                if drawn < found {
                    self.move_in(home);
                }
                return;
            }
        };
        if dies {
            home.leave(plants, zone.firms.start);
            passed.homes += self.terms.sell(home.household, home.lineage, &mut passed.paid);
            forgive(home.household, home.lineage, &mut passed.paid);
            let heir = (unit(self.keys[1].with(home.id)) * zone.households.len() as f64) as usize;
            if self.is_followed(home) {
                passed.bequests.push(self.bequeath(home.household, heir));
                self.renew(home);
            } else {
                let (money, shares) = (home.household.deposits, home.household.fund_shares);
                passed.bequests.push(Bequest { heir, money, shares });
                home.vacate();
            }
        } else if home.kind() == 0 && drawn < die_working + retire {
            home.leave(plants, zone.firms.start);
            for (person, career) in home.persons.iter().zip(home.careers.iter_mut()) {
                career.last = self.pension(person, career) as f32;
                career.retired = true;
                // What a pensioner can earn follows in turn.
            }
        }
    }

    /// Whether others take the place of the dead.
    ///
    /// Rule: a home that nobody bought is lived in by heirs.
    fn is_followed(&self, home: &Unit) -> bool {
        let chance = self.chances.follow;
        chance >= 1.0 || home.lineage.owns() || unit(self.keys[3].with(home.id)) < chance
    }

    /// Young people found a household where nobody lives; they expect what the middle household has.
    fn move_in(&self, home: &mut Unit) {
        home.household.members = home.household.members.moved_in();
        let size = needs(home.household.members.count().into(), EQUIVALENCE);
        home.household.income_permanent = (self.life.median * size) as f32;
        self.renew(home);
    }

    /// Pension of a person who retires, minor units a tick.
    ///
    /// Equation: `p + s G`, with the fixed part `p`, the share `s` of the pay `G` that ability brings; less for whoever never worked.
    /// Source: two parts, flat and by earnings, as in OECD, Pensions at a Glance; numbers of the recipe.
    fn pension(&self, person: &Person, career: &Career) -> f64 {
        let s = &self.life.setting;
        let potential = engine::math::exp(self.life.curve.log_pay(latent(s, person.skill, career)));
        self.life.net * s.pension.of(career.attachment, potential)
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
    fn renew(&self, home: &mut Unit) {
        let s = &self.life.setting;
        let key = Key::new(self.keys[2].with(home.id), 0);
        let drawn = |k: u64| normal(key.with(2 * k), key.with(2 * k + 1));
        let passed_on = |before: Deviation, drawn: f64| {
            Deviation::of(s.inherited * before.get() + sqrt(1.0 - s.inherited * s.inherited) * drawn)
        };
        let lineage = &mut *home.lineage;
        lineage.family = passed_on(lineage.family, drawn(1));
        lineage.caution = passed_on(lineage.caution, drawn(2));
        lineage.generation = lineage.generation.wrapping_add(1);
        for (k, (person, career)) in (0..).zip(home.persons.iter_mut().zip(home.careers.iter_mut())) {
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
            person.efficiency = self.pace.pay(home.first + k, person, career);
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
pub(super) fn leave(person: &mut Person, plants: &mut [Plant], first: u32) {
    if person.status == Status::Employed {
        plants[(person.employer - first) as usize].employees[person.post as usize] -= 1;
    }
    (person.employer, person.status, person.tenure_ticks) = (NONE, Status::Inactive, 0);
}

/// The household from a place on that is lived in, around the zone.
fn next_living(households: &[Household], from: usize) -> usize {
    let around = (from..households.len()).chain(0..from);
    around.into_iter().find(|&at| households[at].members.live_here()).unwrap_or(from)
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
    let states = &mut payments.regions.states;
    let aged = lives.regions.iter().zip(states.iter_mut()).enumerate();
    let chances: Vec<Option<Chances>> = aged.map(|(r, (life, state))| age(&given, life, state, r)).collect();
    let regions = lives.regions.iter().zip(&*states).zip(chances);
    let month = |((life, state), chances)| Month::of(life, state, settings, tick.0, chances);
    let months: Vec<Month> = regions.map(month).collect();
    let plants = split_spans(columns_mut(&mut plants), &geography.firm_spans(), 1);
    let of_zone = |(z, (mut people, plants)): (usize, (OfZone, &mut [Plant]))| {
        let zone = &geography.zones[z];
        let mut passed = months[zone.region as usize].live(zone, &mut people, plants);
        for Bequest { heir, money, shares } in passed.bequests.drain(..) {
            let heir = next_living(people.households, heir);
            people.households[heir].deposits += money;
            people.households[heir].fund_shares += shares;
        }
        passed
    };
    let zones: Vec<Passed> = folk.by_zone(geography).into_par_iter().zip(plants).enumerate().map(of_zone).collect();
    for (life, state) in lives.regions.iter().zip(&mut payments.regions.states) {
        if life.vital.is_some() {
            state.demography.rows = [0; 3];
        }
    }
    for (z, (zone, passed)) in (0..).zip(geography.zones.iter().zip(zones)) {
        payments.post_all(geography.bank_of(z), &passed.paid);
        let state = &mut payments.regions.states[zone.region as usize];
        state.homes.let_out += passed.homes;
        if lives.regions[zone.region as usize].vital.is_some() {
            state.demography.rows.iter_mut().zip(passed.rows).for_each(|(sum, rows)| *sum += rows);
        }
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
        let month = Month::of(&life, &state, &settings, 0, None);
        let pension = |attachment| month.pension(&Person::default(), &Career { attachment, ..Career::default() });
        // 900 (0.1 + 0.3), and 900 (0.1 + 0.3 x 0.4).
        assert!((pension(Attachment::Core) - 360.0).abs() < 1e-9 && (pension(Attachment::Out) - 198.0).abs() < 1e-9);
        let mut dead = Household { deposits: 101, fund_shares: 7, ..Household::default() };
        let Bequest { heir, money, shares } = month.bequeath(&mut dead, 4);
        assert_eq!((heir, money + dead.deposits, shares + dead.fund_shares), (4, 101, 7));
        assert_eq!(shares, 3);
    }
}
