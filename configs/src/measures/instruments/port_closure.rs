//! Ports and border crossings are closed: share of the trade of an area that cannot pass.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["ports closed", "港口关闭"],
    meaning: "Ports and border crossings are closed: share of the trade of an area that cannot pass.",
    rate: RateKind::Share,
    ..Instrument::new("port_closure")
};
