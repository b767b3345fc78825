//! Frames: what the recordings of all runs of a plan have in common, kept once in a shard.

use engine::netcdf::{Attributes, Content, Dimension, Number, Streamed, Values, Variable};
use serde::{Deserialize, Serialize};

use super::super::plan::EVERYTHING;
use crate::failure::Failure;

/// Dimensions and variables of a recording without its values: the same for all runs of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Dimensions.
    pub dimensions: Vec<Dimension<'static>>,
    /// Variables in blocks; those that are the same in all runs are not here.
    pub variables: Vec<Streamed>,
    /// Attributes of the recording that do not differ between runs.
    pub attributes: Attributes,
}

/// Names of variables that are always kept: they say whether two runs were the same.
pub const DIGESTS: [&str; 2] = ["digest_high", "digest_low"];

/// Attributes and variables without dimensions that differ between the runs of a plan.
const OF_A_RUN: [&str; 10] = [
    "title",
    "summary",
    "scenario",
    "seed",
    "seed_text",
    "first_policy_tick",
    "focus_region",
    "households",
    "firms",
    "coordinates",
];

/// The frame of a recording: the variables wanted by name, or all by time and region, and what does not change over time.
///
/// # Errors
/// A variable that is not recorded, with those that are.
pub fn frame_of(content: &Content<'_>, wanted: &[String], single: bool) -> Result<Frame, Failure> {
    let time = content.dimensions.iter().position(|x| x.name == "time");
    let by_name: Vec<&str> = content.dimensions.iter().map(|x| x.name.as_str()).collect();
    let timed = |x: &&Variable<'_>| x.dimensions.first().copied() == time && time.is_some();
    let known: Vec<&str> = content.variables.iter().filter(timed).map(|x| x.name.as_str()).collect();
    let everything = wanted.iter().any(|name| name == EVERYTHING);
    let wanted = if everything { &[] } else { wanted };
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(&name.as_str())) {
        let remedy = configs::reading::did_you_mean(unknown, known.into_iter());
        return Err(Failure::Configuration(format!(
            "outputs.variables: no variable `{unknown}` is recorded; {remedy}"
        )));
    }
    let kept = |x: &&Variable<'_>| {
        let named = wanted.contains(&x.name);
        let by_region = x.dimensions.len() == 2 && by_name[x.dimensions[1]] == "region";
        everything || !timed(x) || named || DIGESTS.contains(&x.name.as_str()) || wanted.is_empty() && by_region
    };
    let variables: Vec<Streamed> = content
        .variables
        .iter()
        .filter(kept)
        .filter(|x| !(x.dimensions.is_empty() && OF_A_RUN.contains(&x.name.as_str())))
        .filter_map(|x| {
            let number = match x.values.number()? {
                Number::F64 if single => Number::F32,
                number => number,
            };
            Some(Streamed {
                name: x.name.clone(),
                dimensions: x.dimensions.clone(),
                number,
                attributes: x.attributes.clone(),
            })
        })
        .collect();
    let owned = |x: &Dimension<'_>| Dimension {
        name: x.name.clone(),
        size: x.size,
        coordinates: x.coordinates.as_ref().map(|values| match values {
            Values::F64(x) => Values::F64(x.to_vec().into()),
            Values::F32(x) => Values::F32(x.to_vec().into()),
            Values::I64(x) => Values::I64(x.to_vec().into()),
            Values::Text(x) => Values::Text(x.to_vec().into()),
        }),
        attributes: x.attributes.clone(),
    };
    let attributes = content.attributes.iter().filter(|x| !OF_A_RUN.contains(&x.0.as_str())).cloned().collect();
    Ok(Frame { dimensions: content.dimensions.iter().map(owned).collect(), variables, attributes })
}
