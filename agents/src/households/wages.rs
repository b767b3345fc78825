//! What plants pay: wages by ability, severance pay.

use std::iter::Peekable;
use std::slice;

use engine::money::{Money, round_half_even};

use super::posts::{self, Posts, a_head};
use crate::components::{Person, Plant, Status};
use crate::firms::pricing::productivity;
use crate::geography::{NONE, Span, Zone};
use crate::markets::labour::{DuePayments, SeverancePay};
use crate::state::RegionState;

/// What plants of a zone pay their staff and those who leave.
pub struct PlantPayments<'a> {
    /// Wage of a unit of ability by plant, money a tick, and at the end that of whoever has no job.
    rate: Vec<f64>,
    /// Wages of each plant's staff, money, side by side: rows of flows would be some cache lines apart. At the end nothing.
    owed: Vec<Money>,
    /// Severance pay so far, money.
    paid_severance: Money,
    first: u32,
    severance: &'a [SeverancePay],
    /// Severance pay of the tick by plant of the zone.
    owed_for_leaving: Vec<(usize, Money)>,
    /// Wage bills by plant, where plants share what they pay for ability.
    shared: Option<Vec<f64>>,
    courses: Peekable<slice::Iter<'a, u32>>,
    wage_index: f64,
    course: f64,
}

impl<'a> PlantPayments<'a> {
    /// Of a zone, given the allowance for a course in ticks of pay.
    #[must_use]
    pub fn new(
        zone: &Zone,
        due: &'a DuePayments,
        (state, course): (&RegionState, f64),
        plants: &[Plant],
        persons: &[Person],
        posts: Option<(&Posts, u64)>,
    ) -> Self {
        let first = zone.firms.start;
        let (rate, bills) = rates(persons, plants, first, state, posts);
        let shared = posts.map(|_| bills);
        Self {
            rate,
            shared,
            owed_for_leaving: Vec::new(),
            owed: vec![0; plants.len() + 1],
            paid_severance: 0,
            first: zone.firms.start,
            severance: of_zone(&due.severance, |x| x.person, zone.persons),
            courses: of_zone(&due.courses, |&x| x, zone.persons).iter().peekable(),
            wage_index: state.labour.wage_index,
            course,
        }
    }

    /// Wages and severance pay of all persons of the zone, money, in the order of ids, given the first.
    pub fn all(&mut self, first: u32, persons: &[Person]) -> Vec<Money> {
        let (rate, owed) = (&self.rate[..], &mut self.owed[..]);
        let wage = |person: &Person| {
            let at = place(person, self.first, rate.len());
            let wage = round_half_even(rate[at] * f64::from(person.efficiency));
            owed[at] += wage;
            wage
        };
        let mut got: Vec<Money> = persons.iter().map(wage).collect();
        for x in self.severance {
            let amount = round_half_even(x.amount * self.wage_index);
            self.owed_for_leaving.push(((x.plant - self.first) as usize, amount));
            self.paid_severance += amount;
            got[(x.person - first) as usize] += amount;
        }
        got
    }

    /// The allowance for a course of a person, in ticks of pay. Whoever may get one is asked for in the order of ids.
    #[inline]
    pub fn allowance(&mut self, id: u32) -> f64 {
        if self.courses.next_if(|&&x| x == id).is_some() { self.course } else { 0.0 }
    }
}

impl PlantPayments<'_> {
    /// What each plant owes for the tick, money, and the severance pay in it.
    #[must_use]
    pub fn owed(mut self) -> (Vec<Money>, Money) {
        self.owed.pop();
        if let Some(bills) = &self.shared {
            let staffed: Vec<f64> =
                bills.iter().zip(&self.rate).map(|(bill, w)| if *w > 0.0 { *bill } else { 0.0 }).collect();
            let wages = self.owed.iter().sum();
            split_along(wages, &staffed, &mut self.owed);
        }
        for (plant, amount) in self.owed_for_leaving {
            self.owed[plant] += amount;
        }
        (self.owed, self.paid_severance)
    }
}

/// The plant of a person in rows of a zone's plants, and the last row of those without a job: no branch, as nobody could foresee which
/// way it goes.
#[inline]
fn place(person: &Person, first: u32, rows: usize) -> usize {
    debug_assert_eq!(person.status == Status::Employed, person.employer != NONE);
    (person.employer.wrapping_sub(first) as usize).min(rows - 1)
}

/// The part of a list in ascending order of persons that concerns a zone.
fn of_zone<T>(due: &[T], person: impl Fn(&T) -> u32, persons: Span) -> &[T] {
    let from = due.partition_point(|x| person(x) < persons.start);
    let to = due.partition_point(|x| person(x) < persons.end);
    &due[from..to]
}

/// Wage of a unit of ability at each plant of a zone, money a tick, and at the end that of whoever has no job; wage bills. Where households
/// are units, posts of the region and the seed of the run are given.
pub(crate) fn rates(
    persons: &[Person],
    plants: &[Plant],
    first: u32,
    state: &RegionState,
    posts: Option<(&Posts, u64)>,
) -> (Vec<f64>, Vec<f64>) {
    let bills: Vec<f64> = plants.iter().map(|plant| wage_bill(plant, state)).collect();
    let staff = abilities(persons, first, plants.len());
    let rates = match posts {
        None => ability_wages(&staff, &bills),
        Some((posts, seed)) => shared_wages(&staff, &bills, plants, &posts.premiums(first, plants, seed), state),
    };
    (rates, bills)
}

/// Wage bill of a plant in a tick, money.
///
/// Equation: `B = W unit wage x output x A / A'`, wage index `W`, normal and present productivity `A` and `A'`. The bill follows output, as
/// the price does. The staff of a plant that has just opened is paid for the output of normal hours while it learns.
/// Source: the price follows unit labour cost at normal use, [`crate::firms::pricing`]; what overtime costs is ours.
fn wage_bill(plant: &Plant, state: &RegionState) -> f64 {
    let present = productivity(plant, state.shocks.productivity);
    let normal_over_present = plant.labour_productivity / present;
    let hours = if plant.learning { plant.labour * present } else { 0.0 };
    // Rule: staff that learns is paid normal hours, and overtime if it works more.
    let output = plant.output.as_f64().max(hours);
    state.labour.wage_index * plant.unit_wage * output * normal_over_present
}

/// Ability of the staff of each plant of a zone, and at the end nothing, money a tick.
fn abilities(persons: &[Person], first: u32, plants: usize) -> Vec<f64> {
    let mut ability = vec![0.0; plants + 1];
    for person in persons {
        ability[place(person, first, plants + 1)] += f64::from(person.efficiency);
    }
    ability[plants] = 0.0;
    ability
}

/// Wage of a unit of ability at each plant of a zone, money a tick: the plant's wage bill over the ability of its staff.
///
/// Equation: `w = B / (sum of abilities)`, bill `B` of [`wage_bill`]. Ability decides who gets what part of it,
/// so that a firm neither gains nor loses by the persons it happens to employ.
/// Source: wages by efficiency units, as in Aiyagari (1994); the sharing of the bill is ours.
fn ability_wages(abilities: &[f64], bills: &[f64]) -> Vec<f64> {
    let rate = |(&ability, bill): (&f64, &f64)| if ability > 0.0 { bill / ability } else { 0.0 };
    abilities.iter().zip(bills.iter().chain([&0.0])).map(rate).collect()
}

/// The same where households are units: see [`posts::wages`].
fn shared_wages(abilities: &[f64], bills: &[f64], plants: &[Plant], premiums: &[f64], state: &RegionState) -> Vec<f64> {
    // Hours of an industry: those of a plant are off by the fraction of an agent that it has too many or too few.
    let mut industries: Vec<[f64; 2]> = Vec::new();
    for (plant, bill) in plants.iter().zip(bills).filter(|x| x.0.labour > 0.0) {
        let at = usize::from(plant.industry);
        if at >= industries.len() {
            industries.resize(at + 1, [0.0; 2]);
        }
        let [paid, normal] = &mut industries[at];
        *paid += bill;
        *normal += state.labour.wage_index * plant.labour * a_head(plant);
    }
    let worked = |plant: &Plant| match industries.get(usize::from(plant.industry)) {
        Some([paid, normal]) if plant.labour > 0.0 && *normal > 0.0 => paid / normal,
        _ => 0.0,
    };
    let hours: Vec<f64> = plants.iter().map(worked).collect();
    let mut wages = posts::wages(bills, abilities, premiums, &hours);
    wages.push(0.0);
    wages
}

/// Splits an amount along weights laid end to end, each end rounded half to even: parts are off by a minor unit at most.
fn split_along(total: Money, weights: &[f64], out: &mut [Money]) {
    let all: f64 = weights.iter().sum();
    let (scale, mut sum, mut before) = (if all > 0.0 { total as f64 / all } else { 0.0 }, 0.0, 0);
    for (out, weight) in out.iter_mut().zip(weights) {
        sum += weight;
        let upto = round_half_even(sum * scale).min(total);
        *out = upto - before;
        before = upto;
    }
    // What the last digits of sums have left goes to the largest.
    let largest = (0..weights.len()).reduce(|a, b| if weights[b] > weights[a] { b } else { a });
    if let Some(at) = largest {
        out[at] += total - before;
    }
}

#[cfg(test)]
mod tests {
    use engine::money::Volume;

    use super::*;
    use crate::testing::near;

    #[test]
    fn ability_shares_the_wage_bill() {
        let works =
            |employer, efficiency| Person { status: Status::Employed, employer, efficiency, ..Person::default() };
        let persons =
            [works(5, 1.0), works(5, 3.0), works(6, 2.0), Person { status: Status::Unemployed, ..works(NONE, 9.0) }];
        let plant = Plant {
            unit_wage: 2.0,
            output: Volume::new(100),
            labour_productivity: 1.0,
            efficiency: 1.0,
            ..Plant::default()
        };
        // The second learns: it makes 30 and is paid for the normal hours of its staff, 50. The third has no staff.
        let learner = Plant { learning: true, labour: 50.0, output: Volume::new(30), ..plant };
        let labour = crate::state::LabourMarket { wage_index: 1.1, ..crate::state::LabourMarket::default() };
        let state = RegionState { labour, ..RegionState::default() };
        let plants = [plant, learner, plant];
        let bills = plants.map(|plant| wage_bill(&plant, &state));
        let wages = ability_wages(&abilities(&persons, 5, 3), &bills);
        // 1.1 x 2 x 100 / 4, 1.1 x 2 x 50 / 2.
        near(wages[0], 55.0);
        near(wages[1], 55.0);
        near(wages[2], 0.0);
    }
}
