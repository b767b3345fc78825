//! What regions and industries are in a world.

use serde::{Deserialize, Serialize};

/// What a region is to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionRole {
    /// Nothing special.
    Ordinary,
    /// Its government bonds are held by the others as reserves.
    Reserve,
}

/// What an industry is in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndustryRole {
    /// Nothing special.
    Ordinary,
    /// Carries goods to households; what households buy of it is the distribution margin.
    Distribution,
    /// Its capital is homes, those of who lives in them included.
    Housing,
}

impl IndustryRole {
    /// What it is called in `industries.csv`; nothing for an ordinary one.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "",
            Self::Distribution => "distribution",
            Self::Housing => "housing",
        }
    }
}
