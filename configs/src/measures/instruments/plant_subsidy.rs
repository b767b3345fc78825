//! Paid to firms that open plants, fraction of the value of the plant's investment until it is finished; may have a yearly budget.

use super::{Instrument, Need, RateKind};
use crate::reading::keys::{Holds, Key, optional};

/// Keys of subsidies with a budget.
const BUDGET: &[Key] =
    &[optional("budget_per_year", Holds::Number, "what is paid in a year at most, millions of the region's currency")];

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["subsidy on new plants", "新建工厂补贴"],
    meaning: "Paid to firms that open plants, fraction of the value of the plant's investment until it is finished; may have a yearly budget.",
    rate: RateKind::Level,
    keys: BUDGET,
    needs: Some(Need {
        met: |p| p.location.enabled,
        why: "a plant subsidy has no effect where firms cannot move: no plants are opened",
        remedy: "set `location.enabled = true`, or remove the measure",
    }),
    ..Instrument::new("plant_subsidy")
};
