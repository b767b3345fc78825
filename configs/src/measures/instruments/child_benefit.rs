//! Paid to households for every child under 15, per month, fraction of the mean pay after tax of the base year.

use super::{Instrument, RateKind, UNITS};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["child benefit", "儿童津贴"],
    meaning: "Paid to households for every child under 15, per month, fraction of the mean pay after tax of the base year, in consumer prices.",
    rate: RateKind::Level,
    bounds: Some((0.0, 1.0, "give the payment for a child as a part of mean pay: a twentieth is 0.05")),
    needs: Some(UNITS),
    ..Instrument::new("child_benefit")
};
