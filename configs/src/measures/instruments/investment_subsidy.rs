//! Paid to investors, fraction of the value of investment.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["subsidy on investment", "投资补贴"],
    meaning: "Paid to investors, fraction of the value of investment.",
    rate: RateKind::Level,
    ..Instrument::new("investment_subsidy")
};
