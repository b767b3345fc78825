//! Whether two recordings are a pair: the same in all but their measures.

use analysis::recording::Recording;

use crate::failure::Failure;

/// Differences that are listed.
const SHOWN: usize = 12;

/// Keys of a configuration that say what a run is called and what its policy is.
const OWN: [&str; 4] = ["title", "description", "measure", "policies"];

/// Attributes two runs must have in common.
const COMMON: [&str; 8] =
    ["seed", "world", "calibration_digest", "households", "firms", "source", "commit", "commit_changed"];

/// What two runs differ in besides their measures, a line each.
///
/// # Errors
/// If one of them is damaged.
pub fn differences(a: &Recording<'_>, b: &Recording<'_>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for name in COMMON {
        let (here, there) = (a.attribute(name).ok(), b.attribute(name).ok());
        let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        if here != there {
            found.push(format!("{name}: {} / {}", shown(here), shown(there)));
        }
    }
    let settings = |recording: &Recording<'_>| -> Result<toml::Table, Failure> {
        let text = recording.document("configuration")?;
        let mut table = text
            .parse::<toml::Table>()
            .map_err(|error| Failure::File(format!("`configuration` is not TOML: {}", error.message())))?;
        OWN.iter().for_each(|key| drop(table.remove(*key)));
        Ok(table)
    };
    let (here, there) = (settings(a)?, settings(b)?);
    compare("", &toml::Value::Table(here), &toml::Value::Table(there), &mut found);
    let span = |recording: &Recording<'_>| -> Result<String, Failure> {
        let dates = recording.dates()?;
        let shown = |date: Option<&engine::clock::Date>| date.map_or_else(String::new, ToString::to_string);
        Ok(format!("{} ticks from {} to {}", dates.len(), shown(dates.first()), shown(dates.last())))
    };
    let (here, there) = (span(a)?, span(b)?);
    if here != there {
        found.push(format!("recorded: {here} / {there}"));
    }
    found.dedup();
    Ok(found)
}

fn compare(place: &str, here: &toml::Value, there: &toml::Value, found: &mut Vec<String>) {
    if let (toml::Value::Table(a), toml::Value::Table(b)) = (here, there) {
        let none = toml::Value::String("nothing".to_owned());
        let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
        for key in keys {
            let inner = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
            compare(&inner, a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none), found);
        }
    } else if here != there && !(place == "seed" && found.iter().any(|line| line.starts_with("seed: "))) {
        let short = |value: &toml::Value| {
            let text = value.to_string();
            if text.chars().count() > 60 { format!("{}..", text.chars().take(58).collect::<String>()) } else { text }
        };
        let line = format!("{place}: {} / {}", short(here), short(there));
        let unquoted = line.replace('"', "");
        if !found.contains(&unquoted) {
            found.push(line);
        }
    }
}

/// Checks that two runs are the same in all but their measures.
///
/// # Errors
/// What else they differ in.
pub fn same_but_measures(a: &Recording<'_>, b: &Recording<'_>) -> Result<(), Failure> {
    let found = differences(a, b)?;
    if found.is_empty() {
        return Ok(());
    }
    let mut lines = found.iter().take(SHOWN).fold(String::new(), |all, line| all + "\n  " + line);
    if found.len() > SHOWN {
        lines += &format!("\n  and {} more", found.len() - SHOWN);
    }
    let file = |recording: &Recording<'_>| {
        recording.reader().map_or_else(|| "the run".to_owned(), |reader| reader.path().display().to_string())
    };
    Err(Failure::File(format!(
        "the recordings cannot be compared: {} and {} differ in more than their measures (here / there):{lines}\nname the run of the same configuration and seed with --against, or record both with `autarky run`",
        file(a),
        file(b)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_differ_are_listed_with_their_place() {
        let parse = |text: &str| toml::Value::Table(text.parse::<toml::Table>().expect("TOML"));
        let (a, b) = (parse("seed = 1\n[size]\nx = 2\ny = 1"), parse("seed = 1\n[size]\nx = 3\nz = 1"));
        let mut found = vec![];
        compare("", &a, &b, &mut found);
        assert_eq!(found, ["size.x: 2 / 3", "size.y: 1 / \"nothing\"", "size.z: \"nothing\" / 1"]);
        found.clear();
        compare("", &a, &a, &mut found);
        assert!(found.is_empty());
    }
}
