//! Government, central bank, bank and the external accounts of a region.

pub mod finance;
pub mod monetary;
