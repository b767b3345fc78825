//! Change of the income-tax rate, fraction of income.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["income tax", "所得税"],
    meaning: "Change of the income-tax rate, fraction of income.",
    rate: RateKind::Level,
    bounds: Some((-1.0, 1.0, "no tax takes or gives more than all of it: a tenth is 0.1")),
    ..Instrument::new("income_tax")
};
