//! Change of the yield that owners of fund shares ask for, per year.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["risk premium of shares", "股权风险溢价"],
    meaning: "Change of the yield that owners of fund shares ask for, per year: their price falls as it rises.",
    rate: RateKind::Level,
    bounds: Some((-0.05, 1.0, "give points of yield a year: two points are 0.02")),
    checked_apart: true,
    ..Instrument::new("share_premium")
};
