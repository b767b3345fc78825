//! Measures at work: the dated measures that `configs` reads, compiled to dense tables a tick ([`CompiledSchedule`]).

mod compile;
mod enacted;
mod rates;

pub(crate) use compile::tariffs_of;
pub use compile::{CompiledSchedule, PolicyState};
pub use enacted::{Enacted, Enactment};
pub use rates::RatesInForce;

#[cfg(test)]
pub(crate) mod tests;
