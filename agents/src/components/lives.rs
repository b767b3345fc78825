//! What persons and households carry besides, where households are units that live lives of their own
//!; elsewhere there are no such rows.

use engine::money::{Money, round_half_even};
use serde::{Deserialize, Serialize};

use crate::households::attachment::Attachment;

/// What makes a person able, and what jobs have done to pay. Beside every [`super::Person`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Career {
    /// Log ability that moves, standard deviations.
    pub ability: f32,
    /// Log ability for life, standard deviations.
    pub origin: f32,
    /// Log pay that losing jobs and being without one have taken.
    pub scar: f32,
    /// Pay of the last job, minor units a tick at base-year wages; of the retired the pension, minor units a tick.
    pub last: f32,
    /// Attachment to the labour force.
    pub attachment: Attachment,
    /// Whether the person lives on a pension.
    pub retired: bool,
}
engine::content!(Career { ability, origin, scar, last, attachment, retired });

/// How far something is from the mean of all, in standard deviations: of a normal distribution, to 1 in 4,096 of one, up to eight of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation(i16);
engine::content!(newtype Deviation);

/// Steps of a [`Deviation`] in a standard deviation.
const STEPS: f64 = 4096.0;

impl Deviation {
    /// The nearest there is.
    #[must_use]
    pub fn of(deviations: f64) -> Self {
        Self(round_half_even(deviations * STEPS).clamp(i16::MIN.into(), i16::MAX.into()) as i16)
    }

    /// The number of steps, from 0 to 65,535: those below the mean come last.
    #[must_use]
    pub fn code(self) -> i64 {
        i64::from(self.0 as u16)
    }

    /// Standard deviations.
    #[must_use]
    #[inline]
    pub fn get(self) -> f64 {
        f64::from(self.0) / STEPS
    }
}

/// A household's home and debt, and what runs in it from one generation to the next. Beside every [`super::Household`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    /// What it owes the bank, minor units: a mortgage if it owns a home, else consumer credit.
    pub debt: Money,
    /// Its home, in units of a thousandth of a mean pay of a month; none if it rents one.
    pub homes: u32,
    /// Log ability that runs in the family.
    pub family: Deviation,
    /// How much it is inclined to keep in the bank.
    pub caution: Deviation,
    /// Weight of its shares in what the fund pays out: returns that persist.
    pub returns: f32,
    /// Births of the line so far.
    pub generation: u16,
}

impl Lineage {
    /// Whether the household lives in a home of its own.
    #[must_use]
    #[inline]
    pub fn owns(&self) -> bool {
        self.homes > 0
    }

    /// What is owed on the home, minor units.
    #[must_use]
    #[inline]
    pub fn mortgage(&self) -> Money {
        if self.owns() { self.debt } else { 0 }
    }

    /// What is owed without one, minor units.
    #[must_use]
    #[inline]
    pub fn consumer_credit(&self) -> Money {
        if self.owns() { 0 } else { self.debt }
    }
}
engine::content!(Lineage { debt, homes, family, caution, returns, generation });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn deviations_are_kept_to_a_step_and_within_eight() {
        // 0.3 is 1,228.8 steps.
        near(Deviation::of(0.3).get(), 1229.0 / 4096.0);
        near(Deviation::of(-9.0).get(), -8.0);
        assert_eq!([0.3, -0.3].map(|x| Deviation::of(x).code()), [1_229, 64_307]);
        assert_eq!(size_of::<Lineage>(), 24, "bytes of a household");
        assert_eq!(
            size_of::<crate::components::Household>() + size_of::<Lineage>(),
            72,
            "with what all households have"
        );
    }
}
