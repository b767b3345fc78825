//! Imports are forbidden.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["imports forbidden", "禁止进口"],
    meaning: "Imports are forbidden.",
    rate: RateKind::Ban,
    ..Instrument::new("embargo")
};
