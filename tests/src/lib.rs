//! Helpers of the contract tests, and the mean-field oracle.

pub mod bands;
pub mod mean_field;
pub mod sources;
pub mod worlds;
