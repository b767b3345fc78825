//! What a world is made from, as data: parameters, base-year tables, dated measures, scenarios.
//!
//! Everything is read from text and checked, with every issue at its place ([`reading`]); nothing here knows a world, a tick's
//! state or a rule of the economy, or the command line; no file is opened but one whose path is given ([`input`]). The shipped files are
//! compiled in ([`shipped`]).

pub mod calibration;
pub mod catalogue;
pub mod date;
pub mod input;
pub mod measures;
pub mod parameters;
pub mod reading;
pub mod scenario;
pub mod schema;
pub mod shipped;
#[cfg(test)]
mod tests;
pub mod units;
