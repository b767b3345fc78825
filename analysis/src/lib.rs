//! Reads recorded runs: series, paired differences over seeds, impulse responses, published facts, bars, tables.
//!
//! This crate sees recordings only, never a live world.

pub mod alike;
pub mod backup;
pub mod bars;
pub mod baseline;
pub mod cache;
pub mod chance;
pub mod displaced;
pub mod distribution;
pub mod ensemble;
pub mod export;
pub mod facts;
pub mod filters;
pub mod gains;
pub mod identities;
pub mod indicators;
pub mod moments;
pub mod paired;
pub mod panel;
pub mod placebo;
pub mod recording;
pub mod replay;
pub mod report;
pub mod reshoring;
pub mod response;
pub mod score;
pub mod sensitivity;
pub mod stability;
pub mod static_trade;
pub mod summary;
pub mod table;
