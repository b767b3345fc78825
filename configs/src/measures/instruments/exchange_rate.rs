//! Relative change of the value of the currency against the base year, under the regime `path`.

use super::{Instrument, Need, RateKind};
use crate::parameters::ExchangeRateRegime;

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["value of the currency", "币值"],
    meaning: "Relative change of the value of the currency against the base year, under the regime `path`.",
    rate: RateKind::Factor,
    checked_apart: true,
    needs: Some(Need {
        met: |p| p.external.regime == ExchangeRateRegime::Path,
        why: "an exchange-rate measure has no effect under this regime",
        remedy: "set `external.regime = \"path\"`, or remove the measure",
    }),
    ..Instrument::new("exchange_rate")
};
