//! Dated policy measures as data: tariffs, embargoes, subsidies, taxes and purchases.
//!
//! A measure states what it does, to whom, when it was announced, when it is in force and on what legal
//! basis. [`parse_measures`] reads them from TOML; the economy turns them into dense tables a tick.
//!
//! Conventions. `start` is the first day in force, `end` the first day no longer in force, so that a chain of
//! measures with `end` = next `start` has neither gap nor overlap. A measure that starts or ends within a
//! tick counts with the share of the tick's days on which it is in force. Measures of mode `add` add up (and
//! add to the base-year tariff); one of mode `replace` sets the total rate of its cells whatever else applies.

mod check;
pub mod instruments;
mod keys;
mod measure;
mod read;

pub use check::{check_measures, check_needs, check_totals, issue_at};
pub use instruments::MeasureKind;
pub use keys::keys;
pub use measure::{CodeSet, Codes, Measure, Mode, Place, Rates, ReserveTerms, looks_like_percent};
pub use read::{parse_measures, read_measures};

#[cfg(test)]
mod tests;
