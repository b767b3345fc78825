//! Least pension of a person, per month, fraction of the mean pay after tax of the base year: lower ones are topped up.

use super::{Instrument, RateKind, UNITS};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["minimum pension", "最低养老金"],
    meaning: "Least pension of a person, per month, fraction of the mean pay after tax of the base year, in consumer prices: lower ones are topped up.",
    rate: RateKind::Level,
    bounds: Some((0.0, 1.0, "give the least pension as a part of mean pay: a fifth is 0.2")),
    needs: Some(UNITS),
    ..Instrument::new("minimum_pension")
};
