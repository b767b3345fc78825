//! State of the world that is not carried by a single agent: supplier links, inventories by product, prices and
//! customer relations of outlets, market indices. Everything here is part of the checkpoint.

mod demography;
mod region;

use bevy_ecs::prelude::Resource;
use engine::grid::Grid;
use engine::money::{Money, Volume};
use serde::{Deserialize, Serialize};

pub use self::demography::Demography;
pub use self::region::{Fund, Homes, InterestRates, LabourMarket, Prices, Prospect, RegionState, Shocks, Treasury};
use crate::axes::{
    Border, Branch, Debtor, Decile, FirmId, Holder, Importer, Industry, Lane, Origin, OutletId, Product, RegionId, Slot,
};

use crate::purpose::Purpose;

/// Run-wide settings that never change.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Root seed of all draws.
    pub seed: u64,
    /// Ticks in a year: 12 or 4.
    pub ticks_per_year: u32,
    /// Whether the audit stops the run at the first violation (else it only reports).
    pub audit_stops: bool,
    /// Whether exogenous shocks are drawn.
    pub shocks: bool,
}

impl Settings {
    /// A yearly linear rate per tick.
    #[must_use]
    pub fn per_tick(&self, per_year: f64) -> f64 {
        per_year / f64::from(self.ticks_per_year)
    }

    /// A monthly share or probability per tick: `1 - (1 - p)^months`.
    #[must_use]
    pub fn monthly(&self, per_month: f64) -> f64 {
        match self.ticks_per_year {
            12 => per_month,
            _ => 1.0 - engine::math::pow(1.0 - per_month, self.months_per_tick()),
        }
    }

    /// Months in a tick.
    #[must_use]
    pub fn months_per_tick(&self) -> f64 {
        12.0 / f64::from(self.ticks_per_year)
    }
}

/// The tick now running (or the next to run between ticks).
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick(pub u32);
engine::content!(newtype Tick);

/// One product a purchaser buys for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineItem {
    /// Product.
    pub product: u16,
    /// Purpose.
    pub purpose: Purpose,
}
engine::content!(LineItem { product, purpose });

impl LineItem {
    /// Its product as a place on an axis.
    #[must_use]
    #[inline]
    pub fn product(self) -> Product {
        Product(self.product as usize)
    }

    /// The row of its origins when a region buys it.
    #[must_use]
    #[inline]
    pub fn bought_by(self, region: usize) -> (Purpose, Importer, Product) {
        (self.purpose, Importer(region), self.product())
    }

    /// The industry of an origin that makes it.
    #[must_use]
    #[inline]
    pub fn makers_in(self, origin: usize) -> Branch {
        (RegionId(origin), Industry(self.product as usize))
    }
}

/// What every purchaser buys, and how its lines are split over links.
///
/// Purchasers are the firms by id, then the governments by region. A purchaser has lines (product and purpose), the
/// same for all firms of a region and industry; a line has links, each with a share of the line. Both in compressed
/// rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SupplyLines {
    /// Shopping lists: one each region and industry, then one each government.
    pub patterns: Vec<Vec<LineItem>>,
    /// Shopping list of each purchaser.
    pub pattern: Vec<u32>,
    /// First line of each purchaser, with one closing entry.
    pub line_start: Vec<u32>,
    /// First link of each line, with one closing entry.
    pub link_start: Vec<u32>,
    /// Share of its line each link carries; the last link of a line takes the remainder.
    pub shares: Vec<f32>,
}
engine::content!(SupplyLines { patterns, pattern, line_start, link_start, shares });

impl SupplyLines {
    /// Lines of a purchaser with what they are for.
    pub fn of(&self, purchaser: usize) -> impl Iterator<Item = (usize, LineItem)> + '_ {
        let first = self.line_start[purchaser] as usize;
        self.patterns[self.pattern[purchaser] as usize].iter().enumerate().map(move |(k, &item)| (first + k, item))
    }

    /// Number of lines of all purchasers.
    #[must_use]
    pub fn count(&self) -> usize {
        self.line_start.last().map_or(0, |&n| n as usize)
    }

    /// Links of a line.
    #[must_use]
    pub fn links_of(&self, line: usize) -> std::ops::Range<usize> {
        self.link_start[line] as usize..self.link_start[line + 1] as usize
    }

    /// First link of a purchaser (or, after the last one, the number of links).
    #[must_use]
    pub fn first_link(&self, purchaser: usize) -> usize {
        self.link_start[self.line_start[purchaser] as usize] as usize
    }

    /// What a link of a purchaser is for.
    ///
    /// # Panics
    /// If the purchaser does not have the link.
    #[must_use]
    pub fn item_of(&self, purchaser: usize, link: usize) -> LineItem {
        let lines = self.line_start[purchaser] as usize..self.line_start[purchaser + 1] as usize;
        let k = self.link_start[lines].partition_point(|&start| start as usize <= link) - 1;
        self.patterns[self.pattern[purchaser] as usize][k]
    }
}

/// Who buys what from whom: named supplier links of firms and governments.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Supply {
    /// Lines and shares.
    pub lines: SupplyLines,
    /// Seller (firm) of each link.
    pub sellers: Vec<u32>,
}
engine::content!(Supply { lines, sellers });

/// Inventories of inputs (each firm) and of goods for resale (each outlet), by product.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inventories {
    /// Input stocks.
    pub inputs: Grid<(FirmId, Product), Volume>,
    /// Stocks for resale.
    pub resale: Grid<(OutletId, Product), Volume>,
    /// Expected retail demand, volume a tick.
    pub resale_expected: Grid<(OutletId, Product), f64>,
}
engine::content!(Inventories { inputs, resale, resale_expected });

/// Retail side of the trade industry.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Retail {
    /// Posted prices.
    pub price: Grid<(OutletId, Slot), f64>,
}
engine::content!(Retail { price });

/// Which local seller serves which group of customers: `SEGMENTS` customer groups a zone and market.
///
/// Market 0 is the outlets, market `1 + k` local firms of service `k`. An entry is the seller's position within
/// the zone's sellers of that market. A household belongs to one group in each market for life.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Customers {
    /// Seller of each group, index `(zone * markets + market) * SEGMENTS + group`.
    pub seller: Vec<u16>,
    /// Number of markets a zone.
    pub markets: usize,
}
engine::content!(Customers { seller, markets });

/// Customer groups a zone and market.
pub const SEGMENTS: usize = 512;

/// Origin shares of imports and the state of re-choice, by (purpose, importer, product).
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sourcing {
    /// Volumes ordered last tick.
    pub ordered: Grid<Lane, Volume>,
    /// Base shares.
    pub share_base: Grid<Lane, f64>,
    /// Probability that a link to the origin is given up this tick.
    pub release: Grid<Lane, f64>,
    /// Volume by which the origin is above its target.
    pub surplus: Grid<Lane, f64>,
    /// Cumulative probability of the new origin.
    pub choice: Grid<Lane, f64>,
    /// Average price of sellers, own currency.
    pub origin_price: Grid<(Origin, Product), f64>,
    /// Price that exporters charge in a market relative to their price at home.
    pub market_factor: Grid<Border, f64>,
}
engine::content!(Sourcing { ordered, share_base, release, surplus, choice, origin_price, market_factor });

/// Macroeconomic state of all regions.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// One entry a region.
    pub states: Vec<RegionState>,
    /// Claims in the currency of the debtor.
    pub claims: Grid<(Holder, Debtor), Money>,
}
engine::content!(Regions { states, claims });

/// Rules of households that follow from the base-year deciles, by region.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HouseholdRules {
    /// One entry a region.
    pub regions: Vec<HouseholdRule>,
}
engine::content!(HouseholdRules { regions });

/// Taxes, transfers, saving and baskets by base-year decile of one region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HouseholdRule {
    /// Effective income tax rate by decile, a fraction.
    pub tax_rate: Vec<f64>,
    /// Transfer per household agent by decile, money a tick.
    pub transfer: Vec<f64>,
    /// Pension and life insurance contribution by decile, share of disposable income.
    pub pension_contribution: Vec<f64>,
    /// Share of the pension pool paid to each household agent of the decile.
    pub pension_payout: Vec<f64>,
    /// Target ratio of deposits to permanent income by decile, ticks. Where households save much against spells without
    /// work it lies below what they hold, and may be negative.
    pub wealth_target: Vec<f64>,
    /// Subsistence quantity of each shopping slot per household agent, volume a tick.
    pub subsistence: Vec<f64>,
    /// Marginal budget share of each slot by decile.
    pub marginal_share: Grid<(Decile, Slot), f64>,
    /// Budget share of each slot at the base by decile.
    pub base_share: Grid<(Decile, Slot), f64>,
    /// Fund wealth at the base relative to permanent income by decile, ticks.
    pub equity_ratio: Vec<f64>,
}
engine::content!(HouseholdRule {
    tax_rate,
    transfer,
    pension_contribution,
    pension_payout,
    wealth_target,
    subsistence,
    marginal_share,
    base_share,
    equity_ratio,
});

/// The dated policy schedule, compiled for the run.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
pub struct Policy(pub crate::policy::CompiledSchedule);

/// Share of replacement investment that government grants pay, by firm, a fraction.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GrantRates(pub Vec<f32>);
engine::content!(newtype GrantRates);
