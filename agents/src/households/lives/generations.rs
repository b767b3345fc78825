//! Retirement, deaths, heirs and births, and who moves in.

use bevy_ecs::prelude::{Query, ResMut};
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
use crate::households::alone::life::{expected_of_pensions, newborn};
use crate::households::demography::rows::Chances;
use crate::paying::{Institutions, Sums};
use crate::state::{RegionState, Settings};
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};

/// What the dead of a zone leave to another household of it.
struct Bequest {
    /// Which of those that are lived in, from 0 to 1.
    heir: f64,
    money: Money,
    shares: i64,
}

/// A tick of a region's lives.
struct Month<'a> {
    life: &'a Life,
    terms: Terms<'a>,
    pace: Pace<'a>,
    /// Wages relative to the base, and over what pensions follow, by base-year tenth.
    wages: f64,
    real_wages: Vec<f64>,
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
            wages: state.labour.wage_index,
            real_wages: state.treasury.transfer_index.iter().map(|index| state.labour.wage_index / index).collect(),
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
            let heir = unit(self.keys[1].with(home.id));
            if self.is_followed(home) {
                passed.bequests.push(self.bequeath(home.household, heir));
                self.renew(home);
            } else {
                let (money, shares) = (home.household.deposits, home.household.fund_shares);
                passed.bequests.push(Bequest { heir, money, shares });
                home.vacate();
            }
        } else if home.kind() == 0 && drawn < die_working + retire {
            let at_work = home.persons.iter().filter(|x| x.status == Status::Employed);
            let earned: f64 = at_work.map(|x| f64::from(x.efficiency)).sum::<f64>() * self.life.net / self.life.wage;
            home.leave(plants, zone.firms.start);
            let (mut pensions, wages) = (0.0, self.real_wages.get(home.household.decile as usize).unwrap_or(&1.0));
            for (person, career) in home.persons.iter().zip(home.careers.iter_mut()) {
                // Rule: pensions begin with wages, and follow prices from then on.
                let pension = wages * self.pension(person, career);
                (career.last, career.retired) = (pension as f32, true);
                pensions += pension / wages;
                // What a pensioner can earn follows in turn.
            }
            home.household.income_permanent *= expected_of_pensions(earned, pensions) as f32;
        }
    }

    /// Whether others take the place of the dead.
    ///
    /// Rule: a home that nobody bought is lived in by heirs.
    fn is_followed(&self, home: &Unit) -> bool {
        let chance = self.chances.follow;
        chance >= 1.0 || home.lineage.owns() || unit(self.keys[3].with(home.id)) < chance
    }

    /// Young people found a household where nobody lives.
    fn move_in(&self, home: &mut Unit) {
        home.household.members = home.household.members.moved_in();
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
    fn bequeath(&self, household: &mut Household, heir: f64) -> Bequest {
        let share = self.life.setting.estate;
        // Rule: debts are not inherited.
        let money = ad_valorem(household.deposits.max(0), share);
        let shares = (household.fund_shares as f64 * share) as i64;
        household.deposits -= money;
        household.fund_shares -= shares;
        Bequest { heir, money, shares }
    }

    /// The next generation takes the place of the dead: young, with what the family passes on. It expects what the middle household has.
    fn renew(&self, home: &mut Unit) {
        let s = &self.life.setting;
        let size = needs(home.household.members.count().into(), EQUIVALENCE);
        home.household.income_permanent = (self.life.median * self.wages * size) as f32;
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
            let status = born.state.into();
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

/// Households get what the dead of their zone leave them: one of those that are lived in, or the first row where there is none.
fn inherit(households: &mut [Household], bequests: &mut Vec<Bequest>) {
    if bequests.is_empty() {
        return;
    }
    let living: Vec<usize> = (0..households.len()).filter(|&at| households[at].members.live_here()).collect();
    for Bequest { heir, money, shares } in bequests.drain(..) {
        let at = living.get((heir * living.len() as f64) as usize).map_or(0, |&at| at);
        households[at].deposits += money;
        households[at].fund_shares += shares;
    }
}

/// Permanent income per equivalent adult of the middle household of those that are lived in, given wages relative to the base: at base-year
/// wages, minor units a tick. Without anybody nothing is known.
fn middle(households: &[Household], wages: f64) -> Option<f64> {
    let living = households.iter().filter(|x| x.members.live_here());
    let mut all: Vec<f64> =
        living.map(|x| f64::from(x.income_permanent) / needs(x.members.count().into(), EQUIVALENCE) / wages).collect();
    let at = all.len() / 2;
    (!all.is_empty()).then(|| *all.select_nth_unstable_by(at, f64::total_cmp).1)
}

/// System: a tick of lives; nothing happens where households are persons alone.
pub fn live(
    given: Given,
    mut lives: ResMut<Lives>,
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
    if tick.0 > 0 && tick.0.is_multiple_of(settings.ticks_per_year) {
        // Rule: who is rich and who is poor is relative to the middle of the living, looked up once a year.
        let found: Vec<Option<f64>> = folk
            .by_region(geography)
            .into_par_iter()
            .zip(&*states)
            .map(|(people, state)| middle(people.households, state.labour.wage_index))
            .collect();
        for (life, found) in lives.regions.iter_mut().zip(found) {
            life.median = found.unwrap_or(life.median);
        }
    }
    let lives = &*lives;
    let aged = lives.regions.iter().zip(states.iter_mut()).enumerate();
    let chances: Vec<Option<Chances>> = aged.map(|(r, (life, state))| age(&given, life, state, r)).collect();
    let regions = lives.regions.iter().zip(&*states).zip(chances);
    let month = |((life, state), chances)| Month::of(life, state, settings, tick.0, chances);
    let months: Vec<Month> = regions.map(month).collect();
    let plants = split_spans(columns_mut(&mut plants), &geography.firm_spans(), 1);
    let of_zone = |(z, (mut people, plants)): (usize, (OfZone, &mut [Plant]))| {
        let zone = &geography.zones[z];
        let mut passed = months[zone.region as usize].live(zone, &mut people, plants);
        inherit(people.households, &mut passed.bequests);
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
    use crate::households::attachment::Attachment;
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
        let Bequest { heir, money, shares } = month.bequeath(&mut dead, 0.4);
        assert_eq!((heir.to_bits(), money + dead.deposits, shares + dead.fund_shares), (0.4_f64.to_bits(), 101, 7));
        assert_eq!(shares, 3);
    }
    #[test]
    fn the_middle_is_that_of_the_living() {
        let unit = |members, income_permanent| Household { income_permanent, members, ..Household::default() };
        let of = crate::components::Members::of;
        // 50, 40 a head of four equivalent, 90; nobody lives in the last. At wages twice those of the base.
        let households = [unit(of(1), 50.0), unit(of(1), 90.0), unit(of(1), 40.0), unit(of(1).left(), 900.0)];
        assert_eq!(middle(&households, 2.0), Some(25.0));
        assert_eq!(middle(&households[3..], 2.0), None);
    }

    #[test]
    fn heirs_are_those_who_live_there() {
        let lived_in = |here: bool| {
            let members = crate::components::Members::of(1);
            Household { members: if here { members } else { members.left() }, ..Household::default() }
        };
        // The third and fourth row are vacant: of three that are lived in the last one inherits, and the second.
        let mut households = [true, true, false, false, true].map(lived_in);
        let mut bequests = [(0.99, 50, 3), (0.4, 20, 0)]
            .map(|(heir, money, shares)| Bequest { heir, money, shares })
            .into_iter()
            .collect::<Vec<_>>();
        inherit(&mut households, &mut bequests);
        assert_eq!(households.map(|x| (x.deposits, x.fund_shares)), [(0, 0), (20, 0), (0, 0), (0, 0), (50, 3)]);
    }

    #[test]
    fn nobody_is_surprised_by_a_pension() {
        for ((earned, pensions), expected) in
            [((0.0, 5.0), 1.0), ((10.0, 4.0), 0.4), ((10.0, 1.0), 0.3), ((1.0, 2.0), 1.0)]
        {
            crate::testing::near(expected_of_pensions(earned, pensions), expected);
        }
    }
}
