//! Sums of one tick by region, purpose, product and origin: the raw material of the accounts. Cleared each tick.

use bevy_ecs::prelude::Resource;
use engine::grid::Grid;
use serde::{Deserialize, Serialize};

use crate::axes::{Branch, Goods, Lane};
use crate::geography::DECILES;
use crate::purpose::PURPOSES;

/// Business purchases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchases {
    /// Volume delivered.
    pub volume: Grid<Lane, i64>,
    /// Value before duty, buyer's currency.
    pub value: Grid<Lane, i64>,
    /// Value received by sellers, seller's currency.
    pub receipts: Grid<Lane, i64>,
    /// Import duty, buyer's currency.
    pub duty: Grid<Lane, i64>,
}

impl Purchases {
    /// No purchases in a world of this size.
    #[must_use]
    pub fn zero(regions: usize, products: usize) -> Self {
        let none = || Grid::filled([PURPOSES, regions, products, regions], 0);
        Self { volume: none(), value: none(), receipts: none(), duty: none() }
    }
}

/// Everything counted during one tick.
#[derive(Resource, Clone, Debug, Default)]
pub struct Tally {
    /// Business purchases.
    pub purchases: Purchases,
    /// Input volume used in production, by region and product used.
    pub input_use: Grid<Goods, i64>,
    /// Output volume.
    pub output: Grid<Branch, i64>,
    /// Household spending, tax included, index `(region * DECILES + decile) * slots + slot`.
    pub spending: Vec<i64>,
    /// Household volumes, same index.
    pub volume: Vec<i64>,
    /// Volume households wanted and nobody delivered, index `region * slots + slot`.
    pub unserved: Vec<i64>,
    /// Trade services rendered with retail goods, volume by region.
    pub margin_volume: Vec<i64>,
    /// Volume sold at retail by product (bundle split).
    pub retail_volume: Grid<Goods, i64>,
    /// Gross market income by decile (wages, dividends, interest), index `region * DECILES + decile`.
    pub income_market: Vec<i64>,
    /// Disposable income by decile, same index.
    pub income_disposable: Vec<i64>,
    /// Net pension flows by decile (received less paid), same index.
    pub pension_net: Vec<i64>,
    /// Capital: fixed capital formation and consumption of fixed capital, volume by region.
    pub capital_formed: Vec<i64>,
    /// Consumption of fixed capital, volume by region.
    pub capital_consumed: Vec<i64>,
    /// Firms wound up and founded by region.
    pub exits: Vec<u32>,
    /// Loan losses by region.
    pub loan_losses: Vec<i64>,
    /// Separations and hires by region, agents.
    pub separations: Vec<u32>,
    /// Hires by region, agents.
    pub hires: Vec<u32>,
    /// Value of goods for resale withdrawn from stock, money by region.
    pub goods_sold_cost: Vec<i64>,
    /// Usual orders whose buyers changed from sellers abroad to sellers at home, and from these abroad, volume a tick by
    /// importer.
    pub switched: Vec<[i64; 2]>,
}

impl Tally {
    /// Empty sums for a world of this size.
    #[must_use]
    pub fn new(regions: usize, products: usize, slots: usize) -> Self {
        Self {
            purchases: Purchases::zero(regions, products),
            input_use: Grid::filled([regions, products], 0),
            output: Grid::filled([regions, products], 0),
            retail_volume: Grid::filled([regions, products], 0),
            spending: vec![0; regions * DECILES * slots],
            volume: vec![0; regions * DECILES * slots],
            unserved: vec![0; regions * slots],
            margin_volume: vec![0; regions],
            income_market: vec![0; regions * DECILES],
            income_disposable: vec![0; regions * DECILES],
            pension_net: vec![0; regions * DECILES],
            capital_formed: vec![0; regions],
            capital_consumed: vec![0; regions],
            exits: vec![0; regions],
            loan_losses: vec![0; regions],
            separations: vec![0; regions],
            hires: vec![0; regions],
            goods_sold_cost: vec![0; regions],
            switched: vec![[0; 2]; regions],
        }
    }
}

/// The sum of `place` (a region, a bank) at the end of a list of sums by place: the last one, or a new one when the place changes.
///
/// Rows sorted by place then give one entry a place and chunk, which callers add up in order.
pub fn of_run<T: Default>(sums: &mut Vec<(usize, T)>, place: usize) -> &mut T {
    if sums.last().is_none_or(|s| s.0 != place) {
        sums.push((place, T::default()));
    }
    let last = sums.len() - 1;
    &mut sums[last].1
}

/// Adds two equally long integer columns.
pub fn add(into: &mut [i64], other: &[i64]) {
    for (a, b) in into.iter_mut().zip(other) {
        *a += b;
    }
}
