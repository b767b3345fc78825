//! Relative change of the volume of government purchases.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["government purchases", "政府采购"],
    meaning: "Relative change of the volume of government purchases.",
    rate: RateKind::Factor,
    ..Instrument::new("government_consumption")
};
