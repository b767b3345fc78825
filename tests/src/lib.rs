//! Helpers of the contract tests, and the mean-field oracle.

pub mod mean_field;
pub mod worlds;
