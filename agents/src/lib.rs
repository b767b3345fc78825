//! The economy of Autarky: agents, markets, policy and the order of a tick.
//!
//! This crate opens no file and reads no clock. It turns a calibration, parameters and a policy schedule into a
//! world of households, firms, plants, banks, governments and central banks, and steps it.

pub mod accounts;
pub mod axes;
pub mod components;
pub mod firms;
pub mod geography;
mod given;
pub mod government;
mod holders;
pub mod households;
pub mod location;
pub mod markets;
pub mod model;
pub mod multiplier;
pub mod panel;
mod paying;
pub mod policy;
pub mod purpose;
pub mod record;
pub mod sequence;
pub mod simulation;
pub mod state;
pub mod statistics;
pub mod store;
pub mod tally;
#[cfg(test)]
mod testing;
pub mod world;

use configs::{calibration, parameters};
