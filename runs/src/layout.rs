//! Whether a file is laid out as this program records: every variable over its dimensions, of its type, in its range.
//! Checksums say that a file is what was written; this says that what was written is a recording. Whatever reads one asks
//! here before, so that nothing after it has to doubt a rank, a size or a date.

use std::collections::{BTreeMap, BTreeSet};

use agents::record::layout;
use analysis::recording::{RUN, Recording};
use engine::netcdf::{Number, Reader, Values};

use crate::failure::Failure;
use crate::provenance;

/// Dimensions that are as long in every world, where sources of income are told apart by one of two lists.
const SIZES: [(&str, &[usize]); 10] = [
    ("decile", &[10]),
    ("rank", &[10]),
    ("rank_before", &[10]),
    ("skill", &[3]),
    ("source", &[3, 7]),
    ("source_before", &[3, 7]),
    ("cause", &[3]),
    ("income_class", &[4]),
    ("sensitivity", &[3]),
    ("density_sensitivity", &[3]),
];

/// Attributes that are numbers, and the largest that they can be.
const NUMBERS: [(&str, i64); 2] = [("ticks_per_year", 366), ("first_policy_tick", u32::MAX as i64)];

/// Texts by run of an ensemble, and integers.
const OF_RUNS: [(&str, bool); 6] =
    [("arm", false), ("status", false), ("failure", false), ("baseline", true), ("seed", true), ("replicate", true)];

/// Checks a recording or an ensemble; reads no values but labels.
///
/// # Errors
/// What is not as it must be.
pub fn check(recording: &Recording<'_>) -> Result<(), Failure> {
    let Some(reader) = recording.reader() else { return Ok(()) };
    let wrong =
        |what: String| Err(Failure::File(format!("{}: {what}; {}", reader.path().display(), remedy(recording))));
    if let Some(what) = dimensions(recording, reader)? {
        return wrong(what);
    }
    if let Some(what) = variables(reader)? {
        return wrong(what);
    }
    for (name, most) in NUMBERS {
        let Ok(text) = recording.attribute(name) else { continue };
        let least = i64::from(name == "ticks_per_year");
        let fits = text.parse::<i64>().is_ok_and(|number| number >= least && number <= most);
        if !(fits || least == 0 && text == "-1") {
            return wrong(format!("attribute {name} is {text}, which it cannot be"));
        }
    }
    Ok(())
}

/// Who wrote a file that is not laid out as it must be, and what to do.
fn remedy(recording: &Recording<'_>) -> String {
    let of = |name: &str| recording.attribute(name).ok();
    let (Some(source), Some(commit)) = (of("source"), of("commit")) else {
        return "the file was not written by this program: give one that `autarky run` or `autarky sweep merge` wrote"
            .to_owned();
    };
    if of("source_digest").is_some_and(|digest| digest == provenance::SOURCES) {
        return "this version writes no such file: it was changed since; copy it again, or run again".to_owned();
    }
    let here = format!("autarky {}, commit {}", provenance::VERSION, provenance::COMMIT);
    format!(
        "the file is of another version ({source}, commit {commit}), which laid files out otherwise than this one ({here}): read it with the program that wrote it, or record it anew with this one"
    )
}

/// What is wrong with the dimensions.
fn dimensions(recording: &Recording<'_>, reader: &Reader) -> Result<Option<String>, Failure> {
    let all = reader.dimensions()?;
    let mut labels: BTreeMap<&str, &[String]> = BTreeMap::new();
    for dimension in &all {
        let name = dimension.name.as_str();
        if dimension.size == 0 {
            return Ok(Some(format!("dimension {name} has no places")));
        }
        let known = SIZES.iter().find(|known| known.0 == name);
        if let Some((_, sizes)) = known.filter(|known| !known.1.contains(&dimension.size)) {
            let sizes = sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
            return Ok(Some(format!("dimension {name} has {} places instead of {sizes}", dimension.size)));
        }
        match &dimension.coordinates {
            Some(Values::Text(texts)) => {
                let unique: BTreeSet<&String> = texts.iter().collect();
                if unique.len() != texts.len() {
                    return Ok(Some(format!("dimension {name} has a label twice")));
                }
                labels.insert(name, texts);
            }
            _ if ["region", "partner", "industry", "part", RUN].contains(&name) => {
                return Ok(Some(format!("dimension {name} has no labels")));
            }
            _ => {}
        }
    }
    // Other models need not know industries.
    let needed =
        if recording.attribute("model").is_ok() { &["time", "region"][..] } else { &["time", "region", "industry"] };
    for name in needed.iter().copied() {
        if !all.iter().any(|dimension| dimension.name == name) {
            return Ok(Some(format!("there is no dimension {name}")));
        }
    }
    if labels.get("partner").is_some_and(|partners| Some(partners) != labels.get("region")) {
        return Ok(Some("its partners are not its regions".to_owned()));
    }
    let dates = recording.dates()?;
    Ok(dates.windows(2).any(|pair| pair[0] >= pair[1]).then(|| "its ticks are not one after the other".to_owned()))
}

/// What is wrong with the variables.
fn variables(reader: &Reader) -> Result<Option<String>, Failure> {
    let by_run = reader.dimensions()?.iter().any(|dimension| dimension.name == RUN);
    let known: BTreeMap<&str, Vec<&str>> = layout().collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for variable in reader.variables()? {
        let name = variable.name.as_str();
        let number = reader.number(name)?;
        if let Some(over) = known.get(name) {
            let over: Vec<&str> = by_run.then_some(RUN).into_iter().chain(over.iter().copied()).collect();
            if variable.dimensions != over {
                let is =
                    if variable.dimensions.is_empty() { "nothing".to_owned() } else { variable.dimensions.join(", ") };
                return Ok(Some(format!("`{name}` is over {is}, not over {}", over.join(", "))));
            }
            if number.is_none() {
                return Ok(Some(format!("`{name}` holds texts, not numbers")));
            }
            if name.starts_with("digest_") && number != Some(Number::I64) {
                return Ok(Some(format!("`{name}` holds numbers that are no integers")));
            }
        }
        if let Some((_, integers)) = OF_RUNS.iter().find(|x| by_run && x.0 == name) {
            let right = number == integers.then_some(Number::I64) && variable.dimensions == [RUN];
            if !right {
                let what = if *integers { "integer" } else { "text" };
                return Ok(Some(format!("`{name}` is not one {what} for every run")));
            }
        }
        if ["plan", "configuration"].contains(&name) && (number.is_some() || !variable.dimensions.is_empty()) {
            return Ok(Some(format!("`{name}` is not a text")));
        }
        found.insert(variable.name, variable.dimensions);
    }
    let lacking = OF_RUNS.iter().map(|x| x.0).chain(["plan"]).find(|name| by_run && !found.contains_key(*name));
    Ok(lacking.map(|name| format!("it has many runs, but no `{name}` of them")))
}
