//! Paid by households, fraction of the duty-inclusive value, on top of the base-year tax.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["tax on consumption", "消费税"],
    meaning: "Paid by households, fraction of the duty-inclusive value, on top of the base-year tax.",
    rate: RateKind::Level,
    products: Some("all"),
    ..Instrument::new("consumption_tax")
};
