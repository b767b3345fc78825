//! Reading documents so that every mistake is found at once and shown where it stands: trees with places, issues with
//! remedies, and keys that are declared once.

mod document;
mod issue;
pub mod keys;

pub use document::{Entry, Node, Table, Value, join, parse_document};
pub use issue::{Issue, Problems, did_you_mean};
