//! Capacity is out of use (flood, blackout, blockade): share of the capital of an industry.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["capacity out of use", "产能停用"],
    meaning: "Capacity is out of use (flood, blackout, blockade): share of the capital of an industry.",
    rate: RateKind::Share,
    ..Instrument::new("lost_capacity")
};
