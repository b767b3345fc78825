//! What there is, in words, for lists and pages about one of them: from where it is declared or shipped.

mod declared;
mod files;
mod places;

pub use declared::{measures, parameters};
pub use files::{policies, scenario, scenarios, worlds};
pub use places::{industries, regions};

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name, unique among its kind.
    pub name: String,
    /// One line about it.
    pub title: String,
    /// What is known about it: name and value.
    pub facts: Vec<(&'static str, String)>,
    /// What is to be said besides.
    pub text: String,
}

impl About {
    /// One of which nothing but its title is known.
    #[must_use]
    pub fn new(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self { name: name.into(), title: title.into(), facts: Vec::new(), text: String::new() }
    }

    /// Adds a fact, unless there is none.
    #[must_use]
    pub fn fact(mut self, key: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push((key, value));
        }
        self
    }

    /// Says more.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}
