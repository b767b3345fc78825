//! What there is, by name: `autarky list` and `autarky show`.
//!
//! Everything comes from where it is declared or shipped ([`texts`], [`model`], [`results`]), as entries of one type that
//! are listed, shown, given to programs and completed alike.

mod example;
mod model;
mod results;
mod schema;
mod shell;
mod shipped;
mod show;

pub use example::new_scenario;
pub use schema::schema;
pub use shell::{completions, man};
pub use show::{list, show};

use clap::ValueEnum as _;
use configs::catalogue::{self as texts, About};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::arguments::EntryKind;
use crate::config::{load_world, world_names};
use crate::failure::Failure;

/// Something that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its name, unique among its kind.
    pub name: String,
    /// One line about it.
    pub title: String,
    /// What is known about it: name and value.
    #[serde(serialize_with = "in_order")]
    pub facts: Vec<(&'static str, String)>,
    /// What is to be said besides.
    pub text: String,
}

/// Facts as an object whose keys keep their order.
fn in_order<S: Serializer>(facts: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(facts.len()))?;
    facts.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
    map.end()
}

impl Entry {
    /// What `configs` knows about one of a kind.
    fn of(kind: EntryKind, about: About) -> Self {
        let About { name, title, facts, text } = about;
        Self { kind, name, title, facts, text }
    }

    /// An entry of which nothing but its title is known.
    fn new(kind: EntryKind, name: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind, name: name.into(), title: title.into(), facts: Vec::new(), text: String::new() }
    }

    /// Adds a fact, unless there is none.
    fn fact(mut self, key: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((key, value));
        }
        self
    }

    fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// A fact by its name; empty if there is none.
    fn known(&self, key: &str) -> &str {
        self.facts.iter().find(|fact| fact.0 == key).map_or("", |fact| &fact.1)
    }

    /// Whether a word means this entry: its name, a parameter's key without its section, or its title.
    fn is_called(&self, word: &str) -> bool {
        let key = self.name.rsplit('.').next().filter(|_| self.kind == EntryKind::Parameter);
        let names = [Some(self.name.as_str()), key, Some(self.title.as_str())];
        names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(word))
    }
}

impl EntryKind {
    /// Every kind, in the order of lists.
    #[must_use]
    pub fn all() -> &'static [Self] {
        Self::value_variants()
    }

    /// The word for several of a kind, as it is listed.
    #[must_use]
    pub fn plural(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The word for one of a kind.
    #[must_use]
    pub fn singular(self) -> String {
        let value = self.to_possible_value();
        let alias = value.as_ref().and_then(|value| value.get_name_and_aliases().nth(1));
        alias.unwrap_or_default().to_owned()
    }
}

/// All entries of a kind; those of regions and industries are of the world named, or else of the shipped one.
///
/// # Errors
/// A world or shipped file that cannot be read.
pub fn entries(kind: EntryKind, world: Option<&str>) -> Result<Vec<Entry>, Failure> {
    let world = || world.or_else(|| world_names().first().copied()).unwrap_or_default().to_owned();
    let told = |all: Vec<About>| all.into_iter().map(|about| Entry::of(kind, about)).collect();
    Ok(match kind {
        EntryKind::Scenario => told(texts::scenarios()),
        EntryKind::World => told(texts::worlds()),
        EntryKind::Policy => told(texts::policies()),
        EntryKind::Parameter => model::parameters(),
        EntryKind::Measure => told(texts::measures()),
        EntryKind::Region => told(texts::regions(&load_world(&world())?)),
        EntryKind::Industry => told(texts::industries(&load_world(&world())?)),
        EntryKind::Variable => model::variables(),
        EntryKind::Model => model::models(),
        EntryKind::Indicator => results::indicators(),
        EntryKind::Figure => results::figures(),
    })
}
