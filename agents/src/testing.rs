//! What tests of rules begin with: the shipped parameters, and a small world before its first tick.

use bevy_ecs::world::World;
use configs::date::TickCalendar;

use crate::calibration::synthetic;
use crate::parameters::Parameters;
use crate::policy::CompiledSchedule;
use crate::simulation::{Setup, Simulation};
use crate::state::Settings;
use crate::world::layout::{Size, ZONE_HOUSEHOLDS};

/// Parameters as shipped.
pub(crate) fn parameters() -> Parameters {
    configs::shipped::parameters().expect("shipped parameters").values
}

/// A world of 3 regions and 5 industries without policy.
pub(crate) fn simulation(parameters: Parameters) -> Simulation {
    let calibration = synthetic(3, 5, 7);
    let calendar = TickCalendar::new("2024-01".parse().expect("a date"), 12).expect("months");
    let schedule = CompiledSchedule::compile(Vec::new(), &calibration, calendar).expect("no measures");
    let size = Size { households: vec![400; 3], households_per_firm: 10.0, zone_households: ZONE_HOUSEHOLDS };
    let settings = Settings { seed: 5, ticks_per_year: 12, audit_stops: true, shocks: false };
    Simulation::new(&Setup { calibration, parameters, schedule, size, settings }).expect("a small world")
}

/// The same, to look at with queries.
pub(crate) fn world() -> World {
    simulation(parameters()).into_world()
}

/// How people live where a unit of pay is 1,000 before tax and 900 after it.
pub(crate) fn life() -> crate::households::lives::Life {
    crate::households::lives::Life {
        setting: crate::households::alone::setting::Setting::united_states(),
        curve: crate::households::earnings::PayCurve::straight(),
        chances: crate::households::alone::Chances {
            loss: [0.02, 0.01, 0.01],
            find: [0.3; 3],
            offer: 0.2,
            leave: 0.04,
            enter: 0.02,
        },
        posts: crate::households::posts::Posts::default(),
        wage: 1_000.0,
        net: 900.0,
        tax: 0.2,
        mixed: 0.5,
        worth: 5e6,
        returned: 0.0,
        median: 900.0,
        spending: 1.0,
        vital: None,
    }
}

/// Asserts that two numbers are the same but for rounding.
#[track_caller]
pub(crate) fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found}, by hand {expected}");
}
