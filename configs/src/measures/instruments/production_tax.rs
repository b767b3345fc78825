//! Paid by producers, fraction of the value of output, on top of the base-year tax.

use super::{Instrument, RateKind, Scope};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["tax on output", "生产税"],
    meaning: "Paid by producers, fraction of the value of output, on top of the base-year tax.",
    scope: Scope::RegionIndustries,
    rate: RateKind::Level,
    ..Instrument::new("production_tax")
};
