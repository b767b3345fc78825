//! What is measured at the end of a tick: price indices, national accounts, classes, inequality and polarization, the audit.

pub mod accounts;
pub mod audit;
pub mod classes;
pub mod indices;
pub mod polarization;
