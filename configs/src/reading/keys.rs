//! What the keys of an input file hold: declared once, for reading, for `autarky show` and for schemas.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A date, or a month as text.
    Date,
    /// True or false.
    Flag,
    /// A number.
    Number,
    /// A whole number within bounds.
    Count(u64, u64),
    /// A list of texts.
    Texts,
    /// A code, a list of codes, or a set with exceptions.
    Codes,
    /// A number, or a table of a value and its unit.
    Rate,
    /// A table of rates by code, or by two codes.
    Rates,
    /// Whatever the reader takes.
    Anything,
    /// A list of such things.
    List(&'static Holds),
    /// A table of keys of its own.
    Table(&'static [Key]),
}

/// A key of an input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// A key that may be left out.
#[must_use]
pub const fn optional(name: &'static str, holds: Holds, meaning: &'static str) -> Key {
    Key { name, holds, required: false, meaning }
}

/// A key that must be there.
#[must_use]
pub const fn required(name: &'static str, holds: Holds, meaning: &'static str) -> Key {
    Key { name, holds, required: true, meaning }
}

/// The names of some keys.
#[must_use]
pub fn names(keys: &[Key]) -> Vec<&'static str> {
    keys.iter().map(|key| key.name).collect()
}
