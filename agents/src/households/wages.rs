//! What plants pay: wages by ability, severance pay.

use std::iter::Peekable;
use std::slice;

use engine::money::{Money, round_half_even};

use crate::components::{Person, Plant, Status};
use crate::firms::pricing::productivity;
use crate::geography::{NONE, Span, Zone};
use crate::markets::labour::{DuePayments, SeverancePay};
use crate::state::RegionState;

/// What plants of a zone pay their staff and those who leave.
pub struct PlantPayments<'a> {
    /// Wage of a unit of ability by plant, money a tick, and at the end that of whoever has no job.
    rate: Vec<f64>,
    /// What each plant owes, money, side by side: rows of flows would be some cache lines apart. At the end nothing.
    pub owed: Vec<Money>,
    /// Severance pay so far, money.
    pub paid_severance: Money,
    first: u32,
    severance: Peekable<slice::Iter<'a, SeverancePay>>,
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
    ) -> Self {
        Self {
            rate: ability_wages(persons, plants, zone.firms.start, state),
            owed: vec![0; plants.len() + 1],
            paid_severance: 0,
            first: zone.firms.start,
            severance: of_zone(&due.severance, |x| x.person, zone.persons).iter().peekable(),
            courses: of_zone(&due.courses, |&x| x, zone.persons).iter().peekable(),
            wage_index: state.labour.wage_index,
            course,
        }
    }

    /// Wage and severance pay of a person, money, and the allowance for a course in ticks of pay. Persons come in the order of ids.
    pub fn pay(&mut self, id: u32, person: &Person) -> (Money, f64) {
        let at = place(person, self.first, self.rate.len());
        let mut got = round_half_even(self.rate[at] * f64::from(person.efficiency));
        self.owed[at] += got;
        if let Some(x) = self.severance.next_if(|x| x.person == id) {
            let amount = round_half_even(x.amount * self.wage_index);
            self.owed[(x.plant - self.first) as usize] += amount;
            self.paid_severance += amount;
            got += amount;
        }
        (got, if self.courses.next_if(|&&x| x == id).is_some() { self.course } else { 0.0 })
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

/// Wage of a unit of ability at each plant of a zone, money a tick: the plant's wage bill over the ability of its staff.
///
/// Equation: `w = W B / (sum of abilities)`, bill `B = unit wage x output x A / A'`, wage index `W`, normal and present
/// productivity `A` and `A'`. The bill follows output, as the price does; ability decides who gets what part of it,
/// so that a firm neither gains nor loses by the persons it happens to employ. The staff of a plant that has just opened is paid
/// for the output of normal hours while it learns.
/// Source: wages by efficiency units, as in Aiyagari (1994); the sharing of the bill is ours.
pub(crate) fn ability_wages(persons: &[Person], plants: &[Plant], first: u32, state: &RegionState) -> Vec<f64> {
    let mut ability = vec![0.0; plants.len() + 1];
    for person in persons {
        ability[place(person, first, plants.len() + 1)] += f64::from(person.efficiency);
    }
    ability[plants.len()] = 0.0;
    for (rate, plant) in ability.iter_mut().zip(plants) {
        if *rate > 0.0 {
            let present = productivity(plant, state.shocks.productivity);
            let normal_over_present = plant.labour_productivity / present;
            let hours = if plant.learning { plant.labour * present } else { 0.0 };
            // Rule: staff that learns is paid normal hours, and overtime if it works more.
            let output = plant.output.as_f64().max(hours);
            *rate = state.labour.wage_index * plant.unit_wage * output * normal_over_present / *rate;
        }
    }
    ability
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
        let wages = ability_wages(&persons, &[plant, learner, plant], 5, &state);
        // 1.1 x 2 x 100 / 4, 1.1 x 2 x 50 / 2.
        near(wages[0], 55.0);
        near(wages[1], 55.0);
        near(wages[2], 0.0);
    }
}
