//! Paid to investors, fraction of the value of investment.

use super::{Instrument, RateKind, Scope};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["subsidy on investment", "投资补贴"],
    meaning: "Paid to investors, fraction of the value of investment.",
    scope: Scope::AreaIndustries,
    rate: RateKind::Level,
    ..Instrument::new("investment_subsidy")
};
