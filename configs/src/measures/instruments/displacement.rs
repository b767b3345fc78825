//! Jobs lost at random: share, per month, of those at work for at least so many months in one job who lose it.

use super::{Instrument, RateKind};
use crate::reading::keys::{Holds, Key, required};

/// Longest tenure that can be asked for, months.
pub const LONGEST: f64 = 480.0;

/// Keys of its own.
const TENURE: &[Key] = &[required("tenure", Holds::Number, "months in the job from which on somebody may be displaced")];

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["jobs lost at random", "随机失业"],
    meaning: "Jobs lost at random: share, per month, of those at work for at least `tenure` months in one job who lose it.",
    rate: RateKind::Share,
    keys: TENURE,
    ..Instrument::new("displacement")
};
