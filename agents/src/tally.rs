//! Sums of one tick by region, purpose, product and origin: the raw material of the accounts. Cleared each tick.

use std::ops::AddAssign;

use bevy_ecs::prelude::Resource;
use engine::grid::Grid;
use engine::money::{Money, Volume};
use serde::{Deserialize, Serialize};

use crate::axes::{Branch, Decile, Goods, Lane, RegionId, Slot};
use crate::geography::DECILES;
use crate::purpose::PURPOSES;

/// Business purchases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchases {
    /// Volume delivered.
    pub volume: Grid<Lane, Volume>,
    /// Value before duty, buyer's currency.
    pub value: Grid<Lane, Money>,
    /// Value received by sellers, seller's currency.
    pub receipts: Grid<Lane, Money>,
    /// Import duty, buyer's currency.
    pub duty: Grid<Lane, Money>,
}

impl Purchases {
    /// No purchases in a world of this size.
    #[must_use]
    pub fn zero(regions: usize, products: usize) -> Self {
        let shape = [PURPOSES, regions, products, regions];
        let none = || Grid::filled(shape, 0);
        Self { volume: Grid::filled(shape, Volume::ZERO), value: none(), receipts: none(), duty: none() }
    }
}

/// Everything counted during one tick.
#[derive(Resource, Clone, Debug, Default)]
pub struct Tally {
    /// Business purchases.
    pub purchases: Purchases,
    /// Input volume used in production, by region and product used.
    pub input_use: Grid<Goods, Volume>,
    /// Output volume.
    pub output: Grid<Branch, Volume>,
    /// Household spending, tax included.
    pub spending: Grid<(RegionId, Decile, Slot), Money>,
    /// Household volumes.
    pub volume: Grid<(RegionId, Decile, Slot), Volume>,
    /// Volume households wanted and nobody delivered.
    pub unserved: Grid<(RegionId, Slot), Volume>,
    /// Trade services rendered with retail goods, volume by region.
    pub margin_volume: Vec<Volume>,
    /// Volume sold at retail by product (bundle split).
    pub retail_volume: Grid<Goods, Volume>,
    /// Gross market income by decile (wages, dividends, interest).
    pub income_market: Grid<(RegionId, Decile), Money>,
    /// Disposable income by decile.
    pub income_disposable: Grid<(RegionId, Decile), Money>,
    /// Net pension flows by decile (received less paid).
    pub pension_net: Grid<(RegionId, Decile), Money>,
    /// Capital: fixed capital formation and consumption of fixed capital, volume by region.
    pub capital_formed: Vec<Volume>,
    /// Consumption of fixed capital, volume by region.
    pub capital_consumed: Vec<Volume>,
    /// Firms wound up and founded by region.
    pub exits: Vec<u32>,
    /// Loan losses by region.
    pub loan_losses: Vec<Money>,
    /// Separations and hires by region, agents.
    pub separations: Vec<u32>,
    /// Hires by region, agents.
    pub hires: Vec<u32>,
    /// Moves from post to post by region, agents.
    pub job_moves: Vec<u32>,
    /// Persons who moved into each area from another of its region, and out of it, and who would have moved there and found no home, agents.
    pub area_moves: Vec<[u32; 3]>,
    /// Value of goods for resale withdrawn from stock, money by region.
    pub goods_sold_cost: Vec<Money>,
    /// Usual orders whose buyers changed from sellers abroad to sellers at home, and from these abroad, volume a tick by
    /// importer.
    pub switched: Vec<[Volume; 2]>,
}

impl Tally {
    /// Empty sums for a world of this size.
    #[must_use]
    pub fn new(regions: usize, products: usize, slots: usize) -> Self {
        Self {
            purchases: Purchases::zero(regions, products),
            input_use: Grid::filled([regions, products], Volume::ZERO),
            output: Grid::filled([regions, products], Volume::ZERO),
            retail_volume: Grid::filled([regions, products], Volume::ZERO),
            spending: Grid::filled([regions, DECILES, slots], 0),
            volume: Grid::filled([regions, DECILES, slots], Volume::ZERO),
            unserved: Grid::filled([regions, slots], Volume::ZERO),
            margin_volume: vec![Volume::ZERO; regions],
            income_market: Grid::filled([regions, DECILES], 0),
            income_disposable: Grid::filled([regions, DECILES], 0),
            pension_net: Grid::filled([regions, DECILES], 0),
            capital_formed: vec![Volume::ZERO; regions],
            capital_consumed: vec![Volume::ZERO; regions],
            exits: vec![0; regions],
            loan_losses: vec![0; regions],
            separations: vec![0; regions],
            hires: vec![0; regions],
            job_moves: vec![0; regions],
            area_moves: vec![],
            goods_sold_cost: vec![0; regions],
            switched: vec![[Volume::ZERO; 2]; regions],
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

/// Adds two equally long columns of money or of volumes.
pub fn add<T: AddAssign + Copy>(into: &mut [T], other: &[T]) {
    for (a, b) in into.iter_mut().zip(other) {
        *a += *b;
    }
}
