//! Worlds that leave the range of numbers: parameters or measures under which prices, wealth or wages explode or vanish.
//!
//! The engine stops where an amount has no value or no room ([`engine::range`]). With extreme parameters that is no bug: it is
//! said with the tick, and with what is extreme.

use configs::parameters::{PARAMETERS, ParameterInfo, ParameterSet};
use engine::range::OutOfRange;

use crate::config::{ResolvedConfig, shipped_parameters};

/// What to say of a world that left its range: when, what, and which parameters are extreme.
#[must_use]
pub fn explained(config: &ResolvedConfig, tick: Option<u32>, left: &OutOfRange) -> String {
    let when = match tick {
        None => "the world cannot be built".to_owned(),
        Some(tick) => {
            let month = config.calendar().first_day(tick).year_month();
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
    format!("{when}: {left}; {remedy}")
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
    fn what_is_extreme_is_named() {
        let settings = vec!["households.buffer=24".to_owned()];
        let loaded = load_scenario("baseline", &Overrides { settings, ..Overrides::default() }).expect("a scenario");
        let text = explained(&loaded.config, Some(2), &OutOfRange("a zone spends too much".to_owned()));
        assert!(text.contains("in tick 3 (") && text.contains("households.buffer = 24"), "{text}");
    }
}
