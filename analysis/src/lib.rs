//! Reads recorded runs: series, paired differences over seeds, impulse responses, tariff facts, tables.
//!
//! This crate sees recordings only, never a live world.

pub mod facts;
pub mod paired;
pub mod recording;
pub mod response;
pub mod summary;
pub mod table;
