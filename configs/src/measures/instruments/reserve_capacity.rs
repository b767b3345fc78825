//! Reserve capacity of industries: planned share of the base-year output of an area's industry, built with a grant and kept ready for an upkeep.

use super::{Instrument, Need, RateKind};
use crate::reading::keys::{Holds, Key, required};

/// Keys of reserve capacity.
const RESERVE: &[Key] = &[
    required("grant", Holds::Number, "share of the cost of building that the government pays"),
    required("upkeep", Holds::Number, "payment a year for keeping it ready, fraction of the value of capital"),
];

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["reserve capacity", "储备产能"],
    meaning: "Reserve capacity of industries: planned share of the base-year output of an area's industry, built with a grant and kept ready for an upkeep.",
    rate: RateKind::Share,
    keys: RESERVE,
    manufacturing: true,
    needs: Some(Need {
        met: |p| p.location.enabled,
        why: "reserve capacity is built on vacant sites, and there are none",
        remedy: "set `location.enabled = true`, or remove the measure",
    }),
    ..Instrument::new("reserve_capacity")
};
