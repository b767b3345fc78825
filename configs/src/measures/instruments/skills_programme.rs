//! Courses for the unemployed: share of those below high skill who rise by a level of skill, per month.

use super::{Instrument, RateKind};

/// See the module.
pub const INSTRUMENT: Instrument = Instrument {
    names: ["courses for the unemployed", "失业者培训"],
    meaning: "Courses for the unemployed: share of those below high skill who rise by a level of skill, per month.",
    rate: RateKind::Level,
    bounds: Some((0.0, 1.0, "give the share per month, between 0 and 1: a tenth is 0.1")),
    ..Instrument::new("skills_programme")
};
