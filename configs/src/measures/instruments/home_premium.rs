//! Change of the yield at which homes are valued, per year.

use super::{Instrument, RateKind, UNITS};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["discount of homes", "住房折价"],
    meaning: "Change of the yield at which homes are valued, per year: their price falls over a year or so as it rises.",
    rate: RateKind::Level,
    bounds: Some((-0.05, 1.0, "give points of yield a year: one point is 0.01")),
    needs: Some(UNITS),
    checked_apart: true,
    ..Instrument::new("home_premium")
};
