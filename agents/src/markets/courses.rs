//! Courses for those who look for work.

use engine::rng::{hash, unit};

use crate::components::{Person, Status};
use crate::geography::SKILLS;
use crate::world::stream;

/// Unemployed persons below high skill complete a course with a probability and rise by a level of skill. Returns them, by
/// household.
pub fn complete(persons: &mut [Person], first: u32, share: f64, seed: u64, tick: u32) -> Vec<u32> {
    let key = hash(seed, u64::from(tick), u64::from(stream::COURSES.id()));
    let mut trained = Vec::new();
    for (i, person) in (first..).zip(persons) {
        let eligible = person.status == Status::Unemployed && usize::from(person.skill) + 1 < SKILLS;
        if eligible && unit(hash(key, u64::from(i), 0)) < share {
            person.skill += 1;
            trained.push(i);
        }
    }
    trained
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unemployed_below_high_skill_rise_by_a_level() {
        let person = |status, skill| Person { status, skill, ..Person::default() };
        let mut persons =
            [(Status::Unemployed, 0), (Status::Employed, 0), (Status::Unemployed, 2)].map(|(s, k)| person(s, k));
        assert_eq!(complete(&mut persons, 7, 0.0, 1, 3), Vec::<u32>::new());
        assert_eq!(complete(&mut persons, 7, 1.0, 1, 3), [7]);
        assert_eq!(persons.map(|x| x.skill), [1, 0, 2]);
    }
}
