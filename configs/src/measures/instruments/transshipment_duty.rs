//! Paid by importers of goods that customs find declared as made elsewhere, fraction of the pre-duty value, on top of the duty on goods of their true origin.

use super::{Instrument, Need, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["duty on goods found to be shipped through third regions", "转运货物关税"],
    meaning: "Paid by importers of goods that customs find declared as made elsewhere, fraction of the pre-duty value, on top of the duty on goods of their true origin.",
    rate: RateKind::Duty,
    bounds: Some((0.0, 10.0, "a fine on what is found cannot be negative")),
    exporters: Some("all"),
    needs: Some(Need {
        met: |p| p.routing.enabled,
        why: "a transshipment duty has no effect where nothing is shipped through third regions",
        remedy: "set `routing.enabled = true`, or remove the measure",
    }),
    ..Instrument::new("transshipment_duty")
};
