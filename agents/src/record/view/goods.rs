//! Sums of trade between regions, and of stocks for resale.

use std::iter::Sum;

use engine::grid::Grid;
use engine::money::{Money, Volume};

use crate::axes::{Border, Goods, Lane, OutletId, for_all_purposes};
use crate::geography::Geography;
use crate::state::{Inventories, Sourcing};
use crate::tally::Tally;

/// Purchases between regions summed over purposes.
#[derive(Clone, Debug, Default)]
pub struct Trade {
    /// Value before duty, importer's currency.
    pub value: Grid<Border, Money>,
    /// Value received by sellers, origin's currency.
    pub receipts: Grid<Border, Money>,
    /// Volume.
    pub volume: Grid<Border, Volume>,
    /// Duty, importer's currency.
    pub duty: Grid<Border, Money>,
    /// Volume ordered in the first round.
    pub ordered: Grid<Border, Volume>,
}

/// Adds up trade over purposes.
pub(super) fn trade(tally: &Tally, sourcing: &Sourcing) -> Trade {
    fn sum<T: Copy + Sum>(column: &Grid<Lane, T>) -> Grid<Border, T> {
        let [_, importers, products, origins] = column.shape();
        Grid::from_fn([importers, origins, products], |cell| for_all_purposes(column, cell))
    }
    let p = &tally.purchases;
    Trade {
        value: sum(&p.value),
        receipts: sum(&p.receipts),
        volume: sum(&p.volume),
        duty: sum(&p.duty),
        ordered: sum(&sourcing.ordered),
    }
}

/// Adds up stocks for resale.
pub(super) fn resale(geography: &Geography, inventories: &Inventories) -> Grid<Goods, Volume> {
    let g = geography.product_count();
    let mut out = Grid::filled([geography.region_count(), g], Volume::ZERO);
    for ((_, row), region) in out.rows_mut().zip(&geography.regions) {
        for outlet in region.outlets.range() {
            for (sum, stock) in row.iter_mut().zip(inventories.resale.row((OutletId(outlet),))) {
                *sum += *stock;
            }
        }
    }
    out
}
