//! Prizes by lot: share, per month, of households that win a month of their usual income from the government.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["prizes by lot", "抽奖奖金"],
    meaning: "Prizes by lot: share, per month, of households that win a month of their usual income from the government.",
    rate: RateKind::Share,
    ..Instrument::new("lottery")
};
