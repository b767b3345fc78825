//! Measures that came into being in a run.

use bevy_ecs::prelude::Resource;
use configs::measures::Measure;
use configs::reading::Issue;
use engine::codec::encode_to_vec;
use engine::content::Content;
use serde::{Deserialize, Serialize};

use super::compile::CompiledSchedule;

/// A measure, and the tick in which somebody decided on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enactment {
    /// Tick of the decision; the measure starts in a later one.
    pub tick: u32,
    /// The measure.
    pub measure: Measure,
}

impl Content for Enactment {
    fn pack(&self, out: &mut Vec<u8>) {
        // A measure is a table for people with many kinds of fields; as it is saved, it is digested.
        out.extend(encode_to_vec(self).expect("what comes from a checked measure can be saved"));
    }
}

/// Measures that came into being since the run began, in the order of decisions. Those known from its start are an input.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Enacted(Vec<Enactment>);
engine::content!(newtype Enacted);

impl Enacted {
    /// Lets a measure come into being in tick `now`, and takes note of it.
    ///
    /// # Errors
    /// As [`CompiledSchedule::enact`]; then nothing has changed.
    pub fn enact(&mut self, schedule: &mut CompiledSchedule, measure: Measure, now: u32) -> Result<(), Vec<Issue>> {
        schedule.enact(measure.clone(), now)?;
        self.0.push(Enactment { tick: now, measure });
        Ok(())
    }

    /// Brings them under another schedule: they go on where a world does.
    pub fn carry_to(&self, schedule: &mut CompiledSchedule) {
        if let Some(first) = self.0.iter().map(|enactment| enactment.tick).min() {
            schedule.take_in(self.0.iter().map(|enactment| enactment.measure.clone()), first);
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Enactment] {
        &self.0
    }
}
