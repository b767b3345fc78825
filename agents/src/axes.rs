//! The axes of tables: places that cannot be taken for each other, and the names that cells of common tables have.
//!
//! A region has several names by what it does in a table (it imports, it is where goods come from, it holds a claim), so that two
//! regions that name one cell cannot change places unseen. Products and industries are numbered alike: an industry makes its product.

use std::iter::Sum;

use engine::grid::{Axis, Grid};

use crate::purpose::Purpose;

engine::axis! {
    /// A region, where only one matters.
    pub RegionId,
    /// An area of a region.
    pub AreaId,
    /// An industry.
    pub Industry,
    /// A product.
    pub Product,
    /// A tenth of the households of a region by their income in the base year.
    pub Decile,
    /// A place on the shopping list of households.
    pub Slot,
    /// A firm, by its row.
    pub FirmId,
    /// An outlet of the trade industry.
    pub OutletId,
    /// Region that buys, at home or abroad.
    pub Importer,
    /// Region that goods, plants or work come from.
    pub Origin,
    /// Region that goods are shipped through.
    pub Via,
    /// Region where a plant stands.
    pub Host,
    /// Region of an owner.
    pub Owner,
    /// Region that holds a claim.
    pub Holder,
    /// Region that owes it.
    pub Debtor,
    /// Region that something leaves.
    pub From,
    /// Region that something arrives in.
    pub To,
}

impl Axis for Purpose {
    #[inline]
    fn place(number: usize) -> Self {
        Self::ALL[number]
    }

    #[inline]
    fn number(self) -> usize {
        self as usize
    }
}

/// What a region buys for a purpose, by product and origin.
pub type Lane = (Purpose, Importer, Product, Origin);

/// Sum of a table over purposes.
#[must_use]
pub fn for_all_purposes<T: Copy + Sum>(table: &Grid<Lane, T>, (importer, origin, product): Border) -> T {
    Purpose::ALL.into_iter().map(|purpose| table[(purpose, importer, product, origin)]).sum()
}

/// Imports as customs see them.
pub type Border = (Importer, Origin, Product);

/// A product in a region.
pub type Goods = (RegionId, Product);

/// An industry of a region.
pub type Branch = (RegionId, Industry);

/// An industry of an area.
pub type LocalBranch = (AreaId, Industry);
