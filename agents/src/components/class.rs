//! Classes of households.

use serde::{Deserialize, Serialize};

use crate::geography::DECILES;

/// Class of a household: main source of income, decile of income and decile of wealth in the region; or none yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class(u16);
engine::content!(newtype Class);

impl Class {
    /// Source (0 labour, 1 capital, 2 transfers), income decile and wealth decile, both from 0 for the poorest.
    #[must_use]
    pub const fn new(source: u8, income: u8, wealth: u8) -> Self {
        Self(1 + (source as u16 * DECILES as u16 + income as u16) * DECILES as u16 + wealth as u16)
    }

    /// Source, income decile and wealth decile.
    #[must_use]
    pub fn parts(self) -> Option<[usize; 3]> {
        let number = usize::from(self.0.checked_sub(1)?);
        Some([number / (DECILES * DECILES), number / DECILES % DECILES, number % DECILES])
    }

    /// A number of its own for every class, 0 for none.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}
