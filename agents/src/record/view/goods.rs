//! Sums of trade between regions, and of stocks for resale.

use crate::geography::Geography;
use crate::purpose::PURPOSES;
use crate::state::{Inventories, Sourcing};
use crate::tally::Tally;

/// Purchases between regions summed over purposes, index `(importer * regions + origin) * products + product`.
#[derive(Clone, Debug, Default)]
pub struct Trade {
    /// Value before duty, importer's currency.
    pub value: Vec<i64>,
    /// Value received by sellers, origin's currency.
    pub receipts: Vec<i64>,
    /// Volume.
    pub volume: Vec<i64>,
    /// Duty, importer's currency.
    pub duty: Vec<i64>,
    /// Volume ordered in the first round.
    pub ordered: Vec<i64>,
}

/// Adds up trade over purposes.
pub(super) fn trade(tally: &Tally, sourcing: &Sourcing, r: usize, g: usize) -> Trade {
    let sum = |column: &[i64]| {
        let mut out = vec![0; r * r * g];
        for purpose in 0..PURPOSES {
            for importer in 0..r {
                for product in 0..g {
                    let row = ((purpose * r + importer) * g + product) * r;
                    for (origin, amount) in column[row..row + r].iter().enumerate() {
                        out[(importer * r + origin) * g + product] += amount;
                    }
                }
            }
        }
        out
    };
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
pub(super) fn resale(geography: &Geography, inventories: &Inventories) -> Vec<i64> {
    let g = geography.product_count();
    let mut out = vec![0; geography.region_count() * g];
    for (row, region) in out.chunks_mut(g).zip(&geography.regions) {
        for outlet in region.outlets.range() {
            for (sum, stock) in row.iter_mut().zip(&inventories.resale[outlet * g..(outlet + 1) * g]) {
                *sum += stock;
            }
        }
    }
    out
}
