//! Why a purchaser buys.

use serde::{Deserialize, Serialize};

/// Why a purchaser buys: the column block of the input-output table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Purpose {
    /// Inputs to production.
    Intermediate = 0,
    /// Capital goods.
    Capital = 1,
    /// Goods and foreign services for sale to households.
    Resale = 2,
    /// Government consumption.
    Government = 3,
}
engine::content!(code Purpose);

impl Purpose {
    /// All, in the order of tables.
    pub const ALL: [Self; PURPOSES] = [Self::Intermediate, Self::Capital, Self::Resale, Self::Government];
}

/// Number of purposes.
pub const PURPOSES: usize = 4;
