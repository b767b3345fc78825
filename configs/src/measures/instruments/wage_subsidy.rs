//! Paid to producers, fraction of the wage bill.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["subsidy on wages", "工资补贴"],
    meaning: "Paid to producers, fraction of the wage bill.",
    rate: RateKind::Level,
    ..Instrument::new("wage_subsidy")
};
