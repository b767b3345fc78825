//! Facts about people: worlds whose households are units, with shocks and without.

use analysis::facts::{Observation, known};
use analysis::score::windfall;
use configs::calibration::Calibration;
use configs::measures::Measure;

use super::super::arm::Arm;
use super::super::interview::{Answer, Question, WATCHED};
use super::super::{IMPORTER, Worlds};
use super::arms::read;
use crate::failure::Failure;

/// Share of households that win a prize.
const WINNERS: f64 = 0.3;

/// A lottery in the tick in which it is looked for.
fn prizes(calibration: &Calibration) -> Result<Vec<Measure>, Failure> {
    let text = format!(
        "[[measure]]\nlabel = \"experiment: prizes by lot\"\nkind = \"lottery\"\nsource = \"experiment\"\nregions = [\"{IMPORTER}\"]\nrate = {WINNERS}\nstart = 2033-01-01\nend = 2033-02-01\n"
    );
    read(&text, calibration)
}

/// Places of their worlds among all arms.
pub(super) struct People {
    /// With the usual shocks.
    shaken: usize,
    /// Without.
    calm: usize,
    /// With shocks, and prizes by lot.
    prizes: usize,
}

impl People {
    /// Adds the worlds to the arms.
    pub(super) fn plan(world: &Arm, arms: &mut Vec<Arm>) -> Result<Self, Failure> {
        let mut add = |name: &str, shocks: bool| {
            let mut arm = world.with(&[], WATCHED).called(name).asked(Question::People);
            let p = &mut arm.config.parameters.values;
            p.households.units = true;
            p.shocks.enabled &= shocks;
            arms.push(arm);
            arms.len() - 1
        };
        let (shaken, calm) = (add("people", true), add("people without shocks", false));
        // Asked both: spending is compared with that of the world with prizes.
        arms[shaken].asked.insert(Question::Spending);
        let prizes =
            arms[shaken].with(&prizes(&world.calibration)?, WATCHED).called("prizes").asked(Question::Spending);
        arms.push(prizes);
        Ok(Self { shaken, calm, prizes: arms.len() - 1 })
    }

    /// What a seed says.
    pub(super) fn found(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Vec<Observation>, Failure> {
        let mut found = watched(worlds, self.shaken, seed)?;
        let spending = |arm| worlds.answer(arm, seed, Question::Spending);
        if let (Answer::Spending(with), Answer::Spending(without)) = (spending(self.prizes)?, spending(self.shaken)?) {
            found.extend(windfall(&with, &without, WINNERS));
        }
        Ok(found)
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
