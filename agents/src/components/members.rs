//! How many live in a household, and whether anybody does.

use serde::{Deserialize, Serialize};

/// Rows of persons of a household, and in the highest bit whether nobody lives there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members(u8);
engine::content!(newtype Members);

/// The bit of a vacant household.
const VACANT: u8 = 1 << 7;

impl Members {
    /// A household that is lived in, with so many members.
    #[must_use]
    pub const fn of(members: u8) -> Self {
        Self(members & !VACANT)
    }

    /// The same rows with nobody in them.
    #[must_use]
    pub const fn left(self) -> Self {
        Self(self.0 | VACANT)
    }

    /// The same rows with somebody in each.
    #[must_use]
    pub const fn moved_in(self) -> Self {
        Self(self.0 & !VACANT)
    }

    /// Rows of persons that stand side by side.
    #[must_use]
    #[inline]
    pub const fn rows(self) -> usize {
        (self.0 & !VACANT) as usize
    }

    /// Whether somebody lives there.
    #[must_use]
    #[inline]
    pub const fn live_here(self) -> bool {
        self.0 & VACANT == 0
    }

    /// Persons who live there.
    #[must_use]
    #[inline]
    pub const fn count(self) -> u8 {
        if self.live_here() { self.0 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vacant_household_keeps_its_rows() {
        let three = Members::of(3);
        assert_eq!((three.rows(), three.count(), three.live_here()), (3, 3, true));
        let left = three.left();
        assert_eq!((left.rows(), left.count(), left.live_here()), (3, 0, false));
        assert_eq!((left.moved_in(), size_of::<Members>()), (three, 1));
    }
}
