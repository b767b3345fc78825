//! People of a region's other areas are given residence in an area: share of their households, per year, who move there beyond those who would
//! anyway.

use super::{Instrument, Need, RateKind};

/// That people can move between areas.
const MOVES: Need = Need {
    met: |p| p.households.units && p.location.areas && p.households.area_moves > 0.0,
    why: "it lets people move to an area, and nobody moves between areas here",
    remedy: "set `location.areas = true`, `households.units = true` and `households.area_moves` above zero, or remove the measure",
};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["residence for people of other areas", "外来人口落户"],
    meaning: "People of a region's other areas are given residence in an area: share of their households, per year, who move there beyond those who would anyway.",
    rate: RateKind::Share,
    needs: Some(MOVES),
    ..Instrument::new("settlement")
};
