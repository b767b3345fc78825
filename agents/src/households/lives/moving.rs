//! People move from one area of their region to another: who, where to, and into which home.
//!
//! Rows of households stay where they are, so who moves changes places with a row of the same size that nobody lives in. Owners exchange their
//! home for one of the same worth.

use bevy_ecs::prelude::{Query, ResMut};
use engine::columns::columns_mut;
use engine::math::{exp, ln};
use engine::rng::{Key, unit};

use super::generations::leave;
use super::{Draw, Folk, OfZone};
use crate::accounts::Why;
use crate::components::{Career, Person, Plant, Status};
use crate::geography::{Geography, Region, split_spans};
use crate::given::Given;
use crate::markets::lots::{Lot, struck};
use crate::parameters::list::Households;
use crate::paying::{Institutions, Sums};
use crate::state::{Prospect, Settings};
use crate::tally::Tally;

/// How often owners of homes move, relative to tenants.
///
/// Source: United States Census Bureau, CPS Historical Migration Tables, table A-4: a fifth of tenants and a twentieth of owners move in a year,
/// less apart over long distances; number from memory.
const OWNERS: f64 = 0.3;

/// How often pensioners move, relative to others. Chosen: half as often or less at long distances.
const RETIRED: f64 = 0.4;

/// Months over which people look at where work is to be found. Chosen.
const SEEN: f64 = 12.0;

/// Where people of a region can move to: areas that are told apart.
fn areas(geography: &Geography, region: usize) -> Vec<usize> {
    geography.areas_of(region).filter(|&a| !geography.areas[a].zones.is_empty()).collect()
}

/// Whether people of a region move between its areas.
#[must_use]
pub fn moves_in(geography: &Geography, region: usize, p: &Households) -> bool {
    p.units && p.area_moves > 0.0 && areas(geography, region).len() > 1
}

/// Chances of a year to move from each area to each other, given those of all, how they answer, shares of areas in the population at the base
/// and log employment rates relative to the base.
///
/// Equation: `m_ab = m n_b exp(b (e_b - e_a)) / (1 - sum n^2)`: with equal prospects as many move one way as the other, and `m` of all move.
/// Source: gravity; Harris and Todaro (1970) for chances of work as what draws people; Amior and Manning (2018), the employment rate as all
/// that need be known of it.
#[must_use]
pub fn rates(moves: f64, response: f64, population: &[f64], prospects: &[f64]) -> Vec<Vec<f64>> {
    let all: f64 = population.iter().sum();
    let share = |a: usize| population[a] / all;
    let apart = 1.0 - (0..population.len()).map(|a| share(a) * share(a)).sum::<f64>();
    let rate = |a: usize, b: usize| {
        if a == b { 0.0 } else { moves * share(b) / apart * exp(response * (prospects[b] - prospects[a])) }
    };
    (0..population.len()).map(|a| (0..population.len()).map(|b| rate(a, b)).collect()).collect()
}

/// What a tick adds to what people know of where work is to be found.
///
/// Equation: `e' = e + (ln(E / W) - e) / T`, employed `E` and persons of working age `W`, ticks of a year `T`; what is seen first is the base.
/// Where nobody is of working age nothing is seen.
/// Source: see [`rates`]; the average is ours.
#[must_use]
pub fn seen(before: Option<Prospect>, [employed, of_working_age]: [u32; 2], ticks: f64) -> Prospect {
    if let (Some(before), 0) = (before, of_working_age) {
        return before;
    }
    // Bound of the rule: an area without work is one with a job.
    let rate = ln(f64::from(employed.max(1)) / f64::from(of_working_age.max(1)));
    let Prospect { base, now } = before.unwrap_or(Prospect { base: rate, now: rate });
    Prospect { base, now: now + (rate - now) / ticks }
}

/// The people of a region on the move.
struct Moving<'a> {
    geography: &'a Geography,
    region: &'a Region,
    /// Areas, places on the map.
    areas: Vec<usize>,
    /// Area of each zone of the region, by place among these.
    area_of: Vec<usize>,
    people: OfZone<'a>,
    /// First row of persons of each household of the region.
    first: Vec<usize>,
    /// Keys of who moves and where to, in the tick, and of homes, in all ticks.
    keys: [Key; 3],
}

/// Somebody who is about to move.
struct Mover {
    /// Row of the household in the region.
    from: usize,
    /// Area it leaves, and the one it goes to.
    way: [usize; 2],
}

impl<'a> Moving<'a> {
    fn new(geography: &'a Geography, r: usize, people: OfZone<'a>, settings: &Settings, tick: u32) -> Self {
        let region = &geography.regions[r];
        let areas = areas(geography, r);
        let place = |area: u16| areas.iter().position(|&a| a == area as usize).unwrap_or(0);
        let area_of = geography.zones[region.zones.range()].iter().map(|zone| place(zone.area)).collect();
        let mut first = Vec::with_capacity(people.households.len());
        let mut from = 0;
        for household in people.households.iter() {
            first.push(from);
            from += household.members.rows();
        }
        let key = |draw: Draw, tick: u32| draw.key(settings.seed, tick.into());
        let keys = [key(Draw::Move, tick), key(Draw::Place, tick), key(Draw::Row, 0)];
        Self { geography, region, areas, area_of, people, first, keys }
    }

    /// Rows of households of the region by area.
    fn rows(&self) -> Vec<Vec<usize>> {
        let mut out = vec![vec![]; self.areas.len()];
        for (zone, &area) in self.geography.zones[self.region.zones.range()].iter().zip(&self.area_of) {
            out[area].extend(zone.households.range().map(|row| row - self.region.households.start as usize));
        }
        out
    }

    /// Employed and persons of working age by area.
    fn at_work(&self, rows: &[Vec<usize>]) -> Vec<[u32; 2]> {
        let of_area = |rows: &Vec<usize>| {
            let mut sum = [0, 0];
            for &row in rows.iter().filter(|&&row| self.people.households[row].members.live_here()) {
                let members = self.first[row]..self.first[row] + self.people.households[row].members.rows();
                for (person, career) in self.people.persons[members.clone()].iter().zip(&self.people.careers[members]) {
                    sum[0] += u32::from(person.status == Status::Employed && !career.retired);
                    sum[1] += u32::from(!career.retired);
                }
            }
            sum
        };
        rows.iter().map(of_area).collect()
    }

    /// How often a household moves relative to a tenant of working age.
    fn weight(&self, row: usize) -> f64 {
        if !self.people.households[row].members.live_here() {
            return 0.0;
        }
        let retired = self.people.careers[self.first[row]].retired;
        (if self.people.lineages[row].owns() { OWNERS } else { 1.0 }) * if retired { RETIRED } else { 1.0 }
    }

    /// Who moves in the tick, and where to, given chances of a tick by area.
    fn movers(&self, rows: &[Vec<usize>], chances: &[Vec<f64>]) -> Vec<Mover> {
        let mut movers = Vec::new();
        for (area, rows) in rows.iter().enumerate() {
            let out: f64 = chances[area].iter().sum();
            let id = |row: usize| u64::from(self.region.households.start) + row as u64;
            let weights: Vec<f64> = rows.iter().map(|&row| self.weight(row)).collect();
            let lived_in = weights.iter().filter(|&&weight| weight > 0.0).count();
            let mean = weights.iter().sum::<f64>() / (lived_in.max(1)) as f64;
            let lots = rows.iter().zip(&weights).map(|(&row, weight)| {
                // Bound of the rule: a chance. Where nobody lives nobody moves.
                let chance = (out * weight / mean.max(f64::MIN_POSITIVE)).min(1.0);
                Lot { chance, drawn: unit(self.keys[0].with(id(row))) }
            });
            let start = unit(self.keys[0].with(u64::MAX - self.areas[area] as u64));
            for at in struck(lots, start) {
                let drawn = unit(self.keys[1].with(id(rows[at]))) * out;
                let mut upto = 0.0;
                let to = chances[area].iter().position(|chance| {
                    upto += chance;
                    drawn < upto
                });
                movers.extend(to.map(|to| Mover { from: rows[at], way: [area, to] }));
            }
        }
        movers.sort_by_key(|mover| mover.from);
        movers
    }

    /// A home of the size of a household that nobody lives in, in an area: the same in worlds that differ in little.
    fn home(&self, mover: &Mover, rows: &[Vec<usize>]) -> Option<usize> {
        let size = self.people.households[mover.from].members.rows();
        let fits = |row: &&usize| {
            let members = self.people.households[**row].members;
            !members.live_here() && members.rows() == size
        };
        let order = |row: &&usize| self.keys[2].with((mover.from as u64) << 32 | **row as u64);
        rows[mover.way[1]].iter().filter(fits).min_by_key(order).copied()
    }

    /// A household moves, and its members leave their jobs; who had one or looked for one looks for one there.
    fn carry_out(&mut self, from: usize, to: usize, plants: &mut [Plant]) {
        let rows = self.people.households[from].members.rows();
        let (old, new) = (self.first[from], self.first[to]);
        let OfZone { persons, careers, households, lineages } = &mut self.people;
        for (person, career) in persons[old..old + rows].iter_mut().zip(&mut careers[old..old + rows]) {
            uproot(person, career, plants, self.region.firms.start);
        }
        households.swap(from, to);
        lineages.swap(from, to);
        (0..rows).for_each(|k| {
            persons.swap(old + k, new + k);
            careers.swap(old + k, new + k);
        });
    }

    /// The zone of a row of the region.
    fn zone(&self, row: usize) -> u32 {
        let row = self.region.households.start + row as u32;
        self.geography.zones.partition_point(|zone| zone.households.end <= row) as u32
    }

    /// What a household owes goes to the bank of the place: the old one is repaid with what the new one lends. Deposits follow when banks settle.
    fn debts(&self, from: usize, to: usize) -> Option<[(usize, Sums); 2]> {
        let lineage = &self.people.lineages[to];
        let banks = [from, to].map(|row| self.geography.bank_of(self.zone(row)));
        if lineage.debt == 0 || banks[0] == banks[1] {
            return None;
        }
        let whys = if lineage.owns() {
            [Why::MortgagesRepaid, Why::MortgagesGranted]
        } else {
            [Why::CreditRepaid, Why::CreditGranted]
        };
        Some([0, 1].map(|k| {
            let mut paid = Sums::default();
            paid.add(whys[k], lineage.debt);
            (banks[k], paid)
        }))
    }
}

/// A person leaves the job to move.
fn uproot(person: &mut Person, career: &mut Career, plants: &mut [Plant], first: u32) {
    if person.status != Status::Employed {
        return;
    }
    let (pay, retired) = (person.efficiency, career.retired);
    leave(person, plants, first);
    if !retired {
        (person.status, career.last) = (Status::Unemployed, pay);
    }
}

/// System: people move between the areas of their region; nothing happens where areas are not told apart or households are persons alone.
pub fn move_on(
    given: Given,
    mut institutions: Institutions,
    mut folk: Folk,
    mut plants: Query<&mut Plant>,
    mut tally: ResMut<Tally>,
) {
    let Given { geography, settings, tick, p, .. } = &given;
    let moving: Vec<usize> = (0..geography.region_count()).filter(|&r| moves_in(geography, r, &p.households)).collect();
    if moving.is_empty() {
        return;
    }
    tally.area_moves = vec![[0; 3]; geography.areas.len()];
    let mut payments = institutions.open();
    let firms: Vec<crate::geography::Span> = geography.regions.iter().map(|region| region.firms).collect();
    let plants = split_spans(columns_mut(&mut plants), &firms, 1);
    for (r, (people, plants)) in folk.by_region(geography).into_iter().zip(plants).enumerate() {
        if !moving.contains(&r) {
            continue;
        }
        let mut moving = Moving::new(geography, r, people, settings, tick.0);
        let rows = moving.rows();
        let state = &mut payments.regions.states[r];
        let at_work = moving.at_work(&rows);
        let before = &state.labour.prospects;
        let seen =
            |(a, found): (usize, &[u32; 2])| seen(before.get(a).copied(), *found, SEEN / settings.months_per_tick());
        state.labour.prospects = at_work.iter().enumerate().map(seen).collect();
        let prospects: Vec<f64> = state.labour.prospects.iter().map(|x| x.now - x.base).collect();
        let population: Vec<f64> = moving.areas.iter().map(|&a| geography.areas[a].population).collect();
        let a_tick = settings.months_per_tick() / 12.0;
        let mut chances = rates(p.households.area_moves, p.households.area_moves_response, &population, &prospects);
        let settled: Vec<f64> = moving.areas.iter().map(|&a| given.measures().settlement[a]).collect();
        for (a, chances) in chances.iter_mut().enumerate() {
            for (b, chance) in chances.iter_mut().enumerate().filter(|x| x.0 != a) {
                *chance = (*chance + settled[b]) * a_tick;
            }
        }
        for mover in moving.movers(&rows, &chances) {
            let persons = moving.people.households[mover.from].members.rows() as u32;
            let [out, into] = mover.way.map(|area| moving.areas[area]);
            let Some(to) = moving.home(&mover, &rows) else {
                tally.area_moves[into][2] += persons;
                continue;
            };
            tally.area_moves[out][1] += persons;
            tally.area_moves[into][0] += persons;
            moving.carry_out(mover.from, to, plants);
            for (bank, paid) in moving.debts(mover.from, to).into_iter().flatten() {
                payments.post_all(bank, &paid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn with_equal_prospects_as_many_move_one_way_as_the_other() {
        let rates = rates(0.012, 3.0, &[0.4, 0.6], &[0.0; 2]);
        // 0.012 x 0.6 / 0.48 and 0.012 x 0.4 / 0.48.
        near(rates[0][1], 0.015);
        near(rates[1][0], 0.01);
        near(0.4 * rates[0][1] + 0.6 * rates[1][0], 0.012);
        near(rates[0][0] + rates[1][1], 0.0);
    }

    #[test]
    fn people_go_where_work_is_found() {
        // A point less of employment where one is, one more where one goes: exp(3 x 0.02).
        let rates = rates(0.012, 3.0, &[0.4, 0.6], &[-0.01, 0.01]);
        near(rates[0][1] / 0.015, 1.061_836_546_545_359_6);
        near(rates[1][0] / 0.01, 0.941_764_533_584_248_7);
    }

    #[test]
    fn prospects_are_seen_over_a_year() {
        let first = seen(None, [600, 800], 12.0);
        near(first.base, ln(0.75));
        near(first.now, ln(0.75));
        // A twelfth of the way to half.
        let next = seen(Some(first), [400, 800], 12.0);
        near(next.base, first.base);
        near(next.now, ln(0.75) + (ln(0.5) - ln(0.75)) / 12.0);
        assert_eq!(seen(Some(next), [0, 0], 12.0), next);
    }

    #[test]
    fn who_moves_leaves_the_job_and_looks_for_one() {
        let mut plants = vec![Plant { employees: [0, 3, 0], ..Plant::default() }];
        let works = Person { status: Status::Employed, employer: 7, post: 1, efficiency: 900.0, ..Person::default() };
        let (mut person, mut career) = (works, Career::default());
        uproot(&mut person, &mut career, &mut plants, 7);
        assert_eq!((person.status, person.tenure_ticks, plants[0].employees), (Status::Unemployed, 0, [0, 2, 0]));
        near(career.last.into(), 900.0);
        // A pensioner stops working; who has no job changes nothing.
        let mut pensioner = Career { retired: true, last: 5.0, ..Career::default() };
        let mut person = works;
        uproot(&mut person, &mut pensioner, &mut plants, 7);
        assert_eq!((person.status, plants[0].employees), (Status::Inactive, [0, 1, 0]));
        near(pensioner.last.into(), 5.0);
        let idle = Person { status: Status::Unemployed, tenure_ticks: 4, ..Person::default() };
        let mut person = idle;
        uproot(&mut person, &mut career, &mut plants, 7);
        assert_eq!(person, idle);
    }
}
