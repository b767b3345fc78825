//! Facts about people: worlds whose households are units, with shocks and without.

use analysis::facts::{Observation, known};

use super::super::Worlds;
use super::super::arm::Arm;
use super::super::interview::{Answer, Question, WATCHED};
use crate::failure::Failure;

/// Places of their worlds among all arms.
pub(super) struct People {
    /// With the usual shocks.
    shaken: usize,
    /// Without.
    calm: usize,
}

impl People {
    /// Adds the worlds to the arms.
    pub(super) fn plan(world: &Arm, arms: &mut Vec<Arm>) -> Self {
        let mut add = |name: &str, shocks: bool| {
            let mut arm = world.with(&[], WATCHED).called(name).asked(Question::People);
            let p = &mut arm.config.parameters.values;
            p.households.units = true;
            p.shocks.enabled &= shocks;
            arms.push(arm);
            arms.len() - 1
        };
        Self { shaken: add("people", true), calm: add("people without shocks", false) }
    }

    /// What a seed says.
    pub(super) fn found(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Vec<Observation>, Failure> {
        watched(worlds, self.shaken, seed)
    }

    /// What it says without shocks.
    pub(super) fn calm(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Vec<Observation>, Failure> {
        watched(worlds, self.calm, seed)
    }
}

/// What was found of the people of a world.
fn watched(worlds: &Worlds<'_>, arm: usize, seed: u64) -> Result<Vec<Observation>, Failure> {
    let Answer::People(found) = worlds.answer(arm, seed, Question::People)? else { return Ok(vec![]) };
    Ok(found.into_iter().filter_map(|(id, value)| Some((known(&id)?, value))).collect())
}
