//! Who is where: regions, local markets (zones), industries and the dense ranges of agents in each.
//!
//! Households are sorted by zone and firms by (zone, industry), so that every local market is one contiguous
//! run of rows. Identity is the dense index, never an `Entity`.

use bevy_ecs::prelude::Resource;
use engine::grid::Grid;
use serde::{Deserialize, Serialize};

use crate::axes::Branch;

/// Number of base-year income deciles of households.
pub const DECILES: usize = 10;
/// Number of skill levels: low, middle, high.
pub const SKILLS: usize = 3;
/// "No employer", "no outlet": the absent dense index.
pub const NONE: u32 = u32::MAX;

/// A half-open run of dense ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First id.
    pub start: u32,
    /// One past the last id.
    pub end: u32,
}

impl Span {
    /// The span as an index range.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of ids.
    #[must_use]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no id.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end == self.start
    }
}

/// What the products are, and the order in which households buy them.
///
/// A household's shopping list has one slot a good (bought at an outlet of the trade industry), one slot for the
/// bundle of imported services (bought there too), and one slot a service bought from local firms. Trade services
/// reach households as the margin on goods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Products {
    /// Product codes in calibration order.
    pub codes: Vec<String>,
    /// Product names in calibration order.
    pub names: Vec<String>,
    /// Products that are goods, ascending.
    pub goods: Vec<usize>,
    /// The distribution (wholesale and retail trade) industry.
    pub trade: usize,
    /// The industry whose capital is homes, if there is one.
    pub housing: Option<usize>,
    /// Services other than trade, ascending.
    pub services: Vec<usize>,
    /// Whether each product counts as manufacturing.
    pub manufacturing: Vec<bool>,
    /// Whether each product is a good.
    pub is_good: Vec<bool>,
}

impl Products {
    /// Number of products (and of industries).
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no product.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Slots sold by outlets: one a good, then the bundle of imported services.
    #[must_use]
    pub fn outlet_slots(&self) -> usize {
        self.goods.len() + 1
    }

    /// Length of a household's shopping list.
    #[must_use]
    pub fn shopping_slots(&self) -> usize {
        self.outlet_slots() + self.services.len()
    }
}

/// One region: its codes and the ids it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Code, for example `USA`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Zones of the region.
    pub zones: Span,
    /// Households of the region.
    pub households: Span,
    /// Persons of the region, those of a household side by side and in its order.
    pub persons: Span,
    /// Firms (and first plants) of the region.
    pub firms: Span,
    /// Outlets of the region.
    pub outlets: Span,
    /// Persons that a row of a person stands for: of all ages where a row is anybody, adults where households are units.
    pub persons_per_agent: f64,
}

/// A named part of a region: local markets of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Code, for example `CHN_coast`.
    pub code: String,
    /// Region of the area.
    pub region: u16,
    /// Zones of the area; none where areas are not told apart and another stands for the whole region.
    pub zones: Span,
    /// Earnings for the same work relative to other areas of the region.
    pub wage: f64,
    /// Share of the region's foreign trade in goods that passes through it.
    pub port: f64,
    /// Cost of carriage to the border and to buyers of the region, fraction of value.
    pub freight: [f64; 2],
    /// Share of the region's employment by industry.
    pub employment: Vec<f64>,
    /// Share of the region's population.
    pub population: f64,
}

/// One local market for labour and retail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Region of the zone.
    pub region: u16,
    /// Area of the zone.
    pub area: u16,
    /// Households of the zone.
    pub households: Span,
    /// Persons of the zone, those of a household side by side and in its order.
    pub persons: Span,
    /// Firms (and first plants) of the zone, sorted by industry.
    pub firms: Span,
    /// Firms of each industry within the zone.
    pub industries: Vec<Span>,
    /// Outlets (trade firms, dense outlet ids) of the zone.
    pub outlets: Span,
}

/// Whom a bank serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankDistrict {
    /// Region of the bank.
    pub region: u16,
    /// Zones whose households and firms are its customers.
    pub zones: Span,
}

/// The fixed map of the world.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geography {
    /// Regions in calibration order.
    pub regions: Vec<Region>,
    /// Areas, sorted by region.
    pub areas: Vec<Area>,
    /// Zones, sorted by area.
    pub zones: Vec<Zone>,
    /// Banks, sorted by region; together they serve every zone once. The first of a region keeps the account of its fund.
    pub banks: Vec<BankDistrict>,
    /// Products and shopping list.
    pub products: Products,
    /// Firm of each outlet.
    pub outlet_firms: Vec<u32>,
    /// Firms of each industry of a region, ascending ids.
    pub cells: Grid<Branch, Vec<u32>>,
    /// Total households.
    pub households: usize,
    /// Total persons.
    pub persons: usize,
    /// Total firms.
    pub firms: usize,
}

impl Geography {
    /// Number of regions.
    #[must_use]
    pub fn region_count(&self) -> usize {
        self.regions.len()
    }

    /// Number of products.
    #[must_use]
    pub fn product_count(&self) -> usize {
        self.products.len()
    }

    /// Share of the goods between a region and others that passes its ports, given the closed share of each area's.
    #[must_use]
    pub fn passing(&self, region: usize, closed: &[f64]) -> f64 {
        1.0 - self.areas_of(region).map(|a| self.areas[a].port * closed[a]).sum::<f64>()
    }

    /// Areas of a region, by place.
    pub fn areas_of(&self, region: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.areas.len()).filter(move |&a| self.areas[a].region as usize == region)
    }

    /// Banks of a region.
    #[must_use]
    pub fn banks_of(&self, region: usize) -> std::ops::Range<usize> {
        rows_of(&self.banks, |bank| bank.region, region)
    }

    /// The bank of a customer: that of the zone where a household lives or a firm stands.
    #[must_use]
    pub fn bank_of(&self, zone: u32) -> usize {
        self.banks.partition_point(|bank| bank.zones.start <= zone) - 1
    }

    /// Rows of the households and firms that a bank serves.
    #[must_use]
    pub fn customers(&self, bank: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let zones = &self.zones[self.banks[bank].zones.range()];
        let span = |of: fn(&Zone) -> Span| {
            let ends = zones.first().zip(zones.last());
            ends.map_or(0..0, |(first, last)| of(first).start as usize..of(last).end as usize)
        };
        (span(|zone| zone.households), span(|zone| zone.firms))
    }

    /// Household rows of each zone, in order.
    #[must_use]
    pub fn household_spans(&self) -> Vec<Span> {
        self.zones.iter().map(|z| z.households).collect()
    }

    /// Person rows of each zone, in order.
    #[must_use]
    pub fn person_spans(&self) -> Vec<Span> {
        self.zones.iter().map(|z| z.persons).collect()
    }

    /// Firm rows of each zone, in order.
    #[must_use]
    pub fn firm_spans(&self) -> Vec<Span> {
        self.zones.iter().map(|z| z.firms).collect()
    }
}

/// Rows of a region among rows that are sorted by region.
#[must_use]
pub fn rows_of<T>(rows: &[T], region_of: impl Fn(&T) -> u16, region: usize) -> std::ops::Range<usize> {
    let before = |least: usize| rows.partition_point(|row| (region_of(row) as usize) < least);
    before(region)..before(region + 1)
}

/// Cuts a slice into the consecutive pieces given by spans that tile it.
///
/// # Panics
/// If the spans do not tile the slice from its first element on.
pub fn split_spans<'a, T>(mut rest: &'a mut [T], spans: &[Span], width: usize) -> Vec<&'a mut [T]> {
    let mut pieces = Vec::with_capacity(spans.len());
    for span in spans {
        let (piece, tail) = rest.split_at_mut(span.len() * width);
        pieces.push(piece);
        rest = tail;
    }
    assert!(rest.is_empty(), "spans must tile the slice");
    pieces
}
