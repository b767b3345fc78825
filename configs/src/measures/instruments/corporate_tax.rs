//! Change of the corporate-tax rate, fraction of profit.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["corporate tax", "企业所得税"],
    meaning: "Change of the corporate-tax rate, fraction of profit.",
    rate: RateKind::Level,
    bounds: Some((-1.0, 1.0, "no tax takes or gives more than all of it: a tenth is 0.1")),
    ..Instrument::new("corporate_tax")
};
