//! Paid by producers, fraction of the value of output, on top of the base-year tax.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["tax on output", "生产税"],
    meaning: "Paid by producers, fraction of the value of output, on top of the base-year tax.",
    rate: RateKind::Level,
    ..Instrument::new("production_tax")
};
