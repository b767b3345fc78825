//! Worlds that leave the range of numbers: parameters or measures under which prices, wealth or wages explode or vanish.
//!
//! Money is kept in integers that must hold it exactly, so the engine stops where an amount has no value or no room. With
//! extreme parameters that is no bug: it is said with the tick, and with what is extreme.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use agents::parameters::{PARAMETERS, ParameterInfo, ParameterSet};

use crate::config::{ResolvedConfig, shipped_parameters};

/// What the engine says when an amount is no number or has no room, and nothing else is wrong.
const SIGNS: [&str; 12] = [
    "is not finite",
    "exceeds 2^63",
    "over 2^52 minor units",
    "weights that are all zero",
    "weights must be finite",
    "attempt to add with overflow",
    "attempt to subtract with overflow",
    "attempt to multiply with overflow",
    "attempt to negate with overflow",
    "must not be negative",
    "too large to round",
    "the income of a household",
];

/// Whether a panic says that an amount left the range of numbers.
#[must_use]
pub fn is_range(message: &str) -> bool {
    SIGNS.iter().any(|sign| message.contains(sign))
}

fn message_of(payload: &(dyn Any + Send)) -> Option<&str> {
    payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied())
}

/// Does something that may take an amount out of its range; then what was said of it. Other panics go on.
///
/// # Errors
/// What left its range.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => Ok(value),
        Err(payload) => match message_of(payload.as_ref()).filter(|message| is_range(message)) {
            Some(message) => Err(message.to_owned()),
            None => resume_unwind(payload),
        },
    }
}

/// What to say of a world that left its range: when, what, and which parameters are extreme.
#[must_use]
pub fn explained(config: &ResolvedConfig, tick: Option<u32>, message: &str) -> String {
    let when = match tick {
        None => "the world cannot be built".to_owned(),
        Some(tick) => {
            let month = config.calendar().first_day(tick).to_string()[..7].to_owned();
            format!("the economy left the range of numbers in tick {} ({month})", tick + 1)
        }
    };
    let extreme = extremes(&config.parameters);
    let remedy = if extreme.is_empty() {
        "make the world or the measures less extreme (`size`, `[[measure]]`), or households_per_region larger"
            .to_owned()
    } else {
        format!("move parameters back towards what is shipped: {}", extreme.join(", "))
    };
    format!("{when}: {message}; {remedy}")
}

/// Parameters at an end of their range that are not there in the shipped parameters; if there are none, all that differ.
fn extremes(parameters: &ParameterSet) -> Vec<String> {
    const SHOWN: usize = 12;
    let shipped = shipped_parameters().map_or_else(Vec::new, |set| set.values.shown());
    let values = parameters.values.shown();
    let differ = || PARAMETERS.iter().zip(values.iter().zip(&shipped)).filter(|(_, (value, usual))| value != usual);
    let at_end = |info: &ParameterInfo, value: &str| {
        let number = value.parse::<f64>().ok();
        let near = |end: f64| number.is_some_and(|x| (x - end).abs() <= 1e-9 * end.abs().max(1.0));
        info.max > info.min && (near(info.min) || near(info.max))
    };
    let written = |(info, (value, _)): (&ParameterInfo, (&String, &String))| format!("{} = {value}", info.path());
    let mut found: Vec<String> = differ().filter(|(info, (value, _))| at_end(info, value)).map(written).collect();
    if found.is_empty() {
        found = differ().map(written).collect();
    }
    if found.len() > SHOWN {
        let more = found.len() - SHOWN;
        found.truncate(SHOWN);
        found.push(format!("and {more} more"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Overrides, load_scenario};

    #[test]
    fn only_amounts_out_of_range_are_caught() {
        assert_eq!(guarded(|| 3), Ok(3));
        let found = guarded(|| engine::money::payment(f64::INFINITY, 3)).expect_err("infinite");
        assert!(found.contains("not finite"), "{found}");
        let other = std::panic::catch_unwind(|| guarded(|| panic!("a bug")));
        assert!(other.is_err(), "a bug stays a bug");
    }

    #[test]
    fn what_is_extreme_is_named() {
        let settings = vec!["households.buffer=24".to_owned()];
        let loaded = load_scenario("baseline", &Overrides { settings, ..Overrides::default() }).expect("a scenario");
        let text = explained(&loaded.config, Some(2), "a zone spends over 2^52 minor units");
        assert!(text.contains("in tick 3 (") && text.contains("households.buffer = 24"), "{text}");
    }
}
