//! Ad valorem import duty, fraction of the pre-duty value, paid by the importer.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["import duty", "进口关税"],
    meaning: "Ad valorem import duty, fraction of the pre-duty value, paid by the importer.",
    rate: RateKind::Duty,
    from_base: true,
    ..Instrument::new("tariff")
};
