//! Whether two recordings are a pair: the same in all but their measures. Every command that compares files asks here.

use std::collections::BTreeSet;

use analysis::recording::Recording;
use analysis::report::Language;
use engine::clock::Date;

use crate::failure::Failure;

/// Differences that are listed.
const SHOWN: usize = 12;

/// Characters of a value that are shown.
const LONGEST: usize = 120;

/// Keys of a configuration that say what a run is called and what its policy is, or that are compared elsewhere.
const OWN: [&str; 7] = ["answers", "title", "description", "measure", "policies", "seed", "world"];

/// Attributes two runs must have in common, and what it means if they have not.
const COMMON: [(&str, &str); 7] = [
    ("seed", " (different seeds: their difference is noise as much as policy)"),
    ("calibration_digest", " (worlds with different tables)"),
    ("households", " (different numbers of households)"),
    ("firms", " (different numbers of firms)"),
    ("source", " (different versions of the program)"),
    ("commit", " (different versions of the program)"),
    ("commit_changed", " (different versions of the program)"),
];

/// What two recordings differ in besides their measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Their files.
    names: [String; 2],
    /// A line each, with both values.
    pub lines: Vec<String>,
}

impl Differences {
    /// Whether they are a pair.
    #[must_use]
    pub const fn none(&self) -> bool {
        self.lines.is_empty()
    }

    /// The differences as they stand above a page, figure or table that was forced; nothing for a pair.
    #[must_use]
    pub fn warnings(&self, language: Language) -> Vec<String> {
        if self.none() {
            return vec![];
        }
        let [here, there] = &self.names;
        let head = language.of([
            "NOT A PAIR, shown because of --force: these runs differ in more than their measures, so this is not the effect of policy",
            "并非配对，因 --force 而显示：两次模拟除政策外另有差异，以下变化并非政策的影响",
        ]);
        std::iter::once(format!("{head} ({here} / {there})")).chain(self.listed()).collect()
    }

    fn listed(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.lines.iter().take(SHOWN).cloned().collect();
        if self.lines.len() > SHOWN {
            lines.push(format!("and {} more", self.lines.len() - SHOWN));
        }
        lines
    }

    fn refusal(&self, remedy: &str) -> Failure {
        let [here, there] = &self.names;
        let lines = self.listed().join("\n  ");
        Failure::File(format!(
            "the recordings cannot be compared: {here} and {there} differ in more than their measures (first / second):\n  {lines}\n{remedy}"
        ))
    }
}

/// Checks that two runs are the same in all but their measures. With `force` they are compared all the same, over the
/// ticks both have, and what they differ in is given back to be shown.
///
/// # Errors
/// What they differ in; also with `force`, if they have not the same places and months, or one is damaged.
pub fn paired(a: &mut Recording<'_>, b: &mut Recording<'_>, force: bool) -> Result<Differences, Failure> {
    let mut found = Differences { names: [name(a), name(b)], lines: differences(a, b)? };
    let apart = cannot_be_laid_side_by_side(a, b)?;
    if let Some(apart) = apart {
        found.lines.insert(0, apart);
        return Err(
            found.refusal("give a recording of the same world that begins on the same day: --force cannot help here")
        );
    }
    if found.none() {
        return Ok(found);
    }
    if !force {
        return Err(found.refusal(
            "name the run of the same configuration and seed with --against, or record both with `autarky run`; --force compares them all the same, and says so in red",
        ));
    }
    let ticks = a.dates()?.len().min(b.dates()?.len());
    a.keep_ticks(ticks);
    b.keep_ticks(ticks);
    Ok(found)
}

fn name(recording: &Recording<'_>) -> String {
    recording.reader().map_or_else(|| "the run".to_owned(), |reader| reader.path().display().to_string())
}

/// Why the values of two runs have no common places or ticks, if so.
fn cannot_be_laid_side_by_side(a: &Recording<'_>, b: &Recording<'_>) -> Result<Option<String>, Failure> {
    for dimension in ["region", "industry"] {
        let (here, there) = (a.labels(dimension)?, b.labels(dimension)?);
        if here != there {
            return Ok(Some(shown(dimension, &here.join(" "), &there.join(" "), " (different worlds)")));
        }
    }
    let (here, there) = (a.dates()?, b.dates()?);
    let common = here.len().min(there.len());
    let same = common > 0 && here[..common] == there[..common];
    Ok((!same).then(|| shown("recorded", &span(&here), &span(&there), " (different ticks)")))
}

/// What two runs differ in besides their measures, a line each.
fn differences(a: &Recording<'_>, b: &Recording<'_>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let nothing = || "nothing".to_owned();
    for (name, meaning) in COMMON {
        let (here, there) = (a.attribute(name).ok(), b.attribute(name).ok());
        if here != there {
            if name == "calibration_digest" {
                // Named alike or not: the same tables are the same world.
                let world = |recording: &Recording<'_>| recording.attribute("world").unwrap_or_else(|_| nothing());
                let (here, there) = (world(a), world(b));
                found.extend((here != there).then(|| shown("world", &here, &there, "")));
            }
            found.push(shown(name, &here.unwrap_or_else(nothing), &there.unwrap_or_else(nothing), meaning));
        }
    }
    compare("", &settings(a)?, &settings(b)?, &mut found);
    let (here, there) = (a.dates()?, b.dates()?);
    if here.len() != there.len() {
        found.push(shown("recorded", &span(&here), &span(&there), " (different ticks)"));
    }
    Ok(found)
}

/// The configuration of a run without what is its own.
fn settings(recording: &Recording<'_>) -> Result<toml::Value, Failure> {
    let text = recording.document("configuration")?;
    let mut table = text.parse::<toml::Table>().map_err(|error| {
        Failure::File(format!("{}: its `configuration` is not TOML: {}", name(recording), error.message()))
    })?;
    for key in OWN {
        table.remove(key);
    }
    // How many ticks were planned: those that were done are compared.
    if let Some(time) = table.get_mut("time").and_then(toml::Value::as_table_mut) {
        time.remove("ticks");
    }
    Ok(toml::Value::Table(table))
}

fn span(dates: &[Date]) -> String {
    let shown = |date: Option<&Date>| date.map_or_else(String::new, ToString::to_string);
    format!("{} ticks from {} to {}", dates.len(), shown(dates.first()), shown(dates.last()))
}

fn shown(key: &str, here: &str, there: &str, meaning: &str) -> String {
    let short = |text: &str| {
        if text.chars().count() > LONGEST {
            text.chars().take(LONGEST).chain("..".chars()).collect()
        } else {
            text.to_owned()
        }
    };
    format!("{key}: {} / {}{meaning}", short(here), short(there))
}

fn compare(place: &str, here: &toml::Value, there: &toml::Value, found: &mut Vec<String>) {
    match (here, there) {
        // A parameter is its value: where that comes from changes nothing. It is called as in --set.
        (toml::Value::Table(a), toml::Value::Table(b)) if a.contains_key("value") && b.contains_key("value") => {
            let name = place.strip_prefix("parameters.").unwrap_or(place);
            compare(name, &a["value"], &b["value"], found);
        }
        (toml::Value::Table(a), toml::Value::Table(b)) => {
            let none = toml::Value::String("nothing".to_owned());
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let inner = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                compare(&inner, a.get(key).unwrap_or(&none), b.get(key).unwrap_or(&none), found);
            }
        }
        (toml::Value::Array(a), toml::Value::Array(b)) if a.len() == b.len() => {
            for (number, (here, there)) in a.iter().zip(b).enumerate() {
                compare(&format!("{place}[{}]", number + 1), here, there, found);
            }
        }
        _ if here != there => {
            let plain = |value: &toml::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            found.push(shown(place, &plain(here), &plain(there), ""));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use engine::netcdf::{Content, Dimension, Values, Variable};

    use super::*;

    fn content(seed: i64, configuration: &str, days: &[i64]) -> Content<'static> {
        let dimension = |name: &str, values: Values<'static>, units: &str| Dimension {
            name: name.to_owned(),
            size: values.len(),
            coordinates: Some(values),
            attributes: vec![("units".to_owned(), units.into())],
        };
        let codes = || Values::Text(vec!["A".to_owned(), "B".to_owned()].into());
        Content {
            dimensions: vec![
                dimension("time", Values::I64(days.to_vec().into()), "days since 2024-01-01"),
                dimension("region", codes(), "1"),
                dimension("industry", codes(), "1"),
            ],
            variables: vec![
                Variable {
                    name: "configuration".to_owned(),
                    dimensions: vec![],
                    values: Values::Text(vec![configuration.to_owned()].into()),
                    attributes: vec![],
                },
                Variable {
                    name: "x".to_owned(),
                    dimensions: vec![0, 1],
                    values: Values::F64((0..2 * days.len()).map(|n| n as f64).collect()),
                    attributes: vec![],
                },
            ],
            attributes: vec![("seed".to_owned(), seed.into()), ("households".to_owned(), 900_i64.into())],
        }
    }

    const PLAIN: &str = "seed = 1\ntitle = \"a\"\n[time]\nticks = 3\n[trade]\nshare = [1, 2]\nx = 0.5\n[parameters.fiscal.tax]\nvalue = 0.1\nsource = \"a book\"\n";

    #[test]
    fn measures_and_names_may_differ() {
        let a = content(1, PLAIN, &[0, 31]);
        let other = format!(
            "{}[[measure]]\nrate = 1\n",
            PLAIN.replace("\"a\"", "\"b\"").replace("a book", "a guess").replace("ticks = 3", "ticks = 9")
        );
        let b = content(1, &other, &[0, 31]);
        let found = paired(&mut Recording::of(&a), &mut Recording::of(&b), false).expect("a pair");
        assert!(found.none() && found.warnings(Language::English).is_empty());
    }

    #[test]
    fn whatever_else_differs_is_named_with_both_values() {
        let a = content(1, PLAIN, &[0, 31]);
        let other = PLAIN
            .replace("[1, 2]", "[1, 3]")
            .replace("x = 0.5", "y = 0.5")
            .replace("seed = 1", "seed = 2")
            .replace("value = 0.1", "value = 0.2");
        let b = content(2, &other, &[0, 31, 60]);
        let error = paired(&mut Recording::of(&a), &mut Recording::of(&b), false).expect_err("no pair").to_string();
        for part in [
            "seed: 1 / 2 (different seeds",
            "trade.share[2]: 2 / 3",
            "trade.x: 0.5 / nothing",
            "\n  fiscal.tax: 0.1 / 0.2",
            "trade.y: nothing / 0.5",
            "2 ticks from 2024-01-01 to 2024-02-01 / 3 ticks",
            "--force",
        ] {
            assert!(error.contains(part), "{part} is not in {error}");
        }
        assert_eq!(error.matches("seed: ").count(), 1, "{error}");
        let (mut a, mut b) = (Recording::of(&a), Recording::of(&b));
        let found = paired(&mut a, &mut b, true).expect("forced");
        assert_eq!(found.warnings(Language::English).len(), 1 + found.lines.len());
        // Both are cut to the ticks they have in common.
        assert_eq!(b.dates().expect("dates").len(), 2);
        assert_eq!(b.array("x").expect("x").values, a.array("x").expect("x").values);
    }

    #[test]
    fn other_places_and_days_cannot_be_forced() {
        let (a, b) = (content(1, PLAIN, &[0, 31]), content(1, PLAIN, &[31, 60]));
        let error = paired(&mut Recording::of(&a), &mut Recording::of(&b), true).expect_err("other days").to_string();
        assert!(error.contains("--force cannot help") && error.contains("2024-02-01"), "{error}");
        let mut c = content(1, PLAIN, &[0, 31]);
        c.dimensions[1].coordinates = Some(Values::Text(vec!["A".to_owned(), "C".to_owned()].into()));
        let error = paired(&mut Recording::of(&a), &mut Recording::of(&c), true).expect_err("other places").to_string();
        assert!(error.contains("region: A B / A C"), "{error}");
    }
}
