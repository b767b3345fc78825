//! Measures at work: the dated measures that `configs` reads, compiled to dense tables a tick ([`CompiledSchedule`]).

mod compile;
mod rates;

pub use compile::{CompiledSchedule, PolicyState};
pub use configs::date::{Date, TickCalendar};
pub use configs::measures::{
    CodeSet, Codes, Measure, MeasureKind, Mode, Place, Rates, ReserveTerms, check_measures, check_needs, check_totals,
    instruments, keys, looks_like_percent, parse_measures, read_measures,
};
pub use rates::RatesInForce;

#[cfg(test)]
pub(crate) mod tests;
