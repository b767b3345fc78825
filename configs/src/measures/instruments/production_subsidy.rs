//! Paid to producers, fraction of the value of output.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["subsidy on output", "产出补贴"],
    meaning: "Paid to producers, fraction of the value of output.",
    rate: RateKind::Level,
    ..Instrument::new("production_subsidy")
};
