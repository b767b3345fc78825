//! Scenarios: dated tariffs, embargoes, purchases and small disturbances.

use super::{Base, Flows};

/// What a government does with duties above their base-year amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevenueUse {
    /// Lower the deficit.
    Debt,
    /// Equal payment to every person.
    LumpSum,
    /// Cut income tax, in proportion to income.
    IncomeTax,
}

/// One dated measure; `start` is the first month in force, `end` the first month after it.
#[derive(Debug, Clone)]
pub enum Measure {
    /// Adds `points` (fraction) to the importer's tariff on goods.
    Tariff {
        /// Importing region.
        importer: usize,
        /// Exporting regions; empty: all others.
        exporters: Vec<usize>,
        /// Products; empty: all goods.
        products: Vec<usize>,
        /// Increase, fraction of the pre-duty value.
        points: f64,
        /// First month.
        start: usize,
        /// First month after.
        end: usize,
    },
    /// Stops all shipments of a product from one region to another.
    Embargo {
        /// Importing region.
        importer: usize,
        /// Exporting region.
        exporter: usize,
        /// Product.
        product: usize,
        /// First month.
        start: usize,
        /// First month after.
        end: usize,
    },
    /// Multiplies a government's purchases.
    Purchases {
        /// Region.
        region: usize,
        /// Factor on the volume of purchases.
        factor: f64,
        /// First month.
        start: usize,
        /// First month after.
        end: usize,
    },
}

/// A set of measures and the disturbances they meet.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Dated measures.
    pub measures: Vec<Measure>,
    /// Use of additional duties.
    pub revenue_use: RevenueUse,
    /// Standard size of random monthly disturbances to consumption (fraction); 0 for none.
    pub disturbance: f64,
}

impl Default for Scenario {
    fn default() -> Self {
        Self { measures: Vec::new(), revenue_use: RevenueUse::Debt, disturbance: 0.0 }
    }
}

/// A uniform number in [-1, 1) keyed by two integers (splitmix64 finaliser).
fn keyed_uniform(a: u64, b: u64) -> f64 {
    let mut z = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xD1B5_4A32_D192_ED03);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// Writes tariffs, embargoes and purchases in force in `month` into `flows`.
pub(super) fn apply(base: &Base, scenario: &Scenario, month: usize, flows: &mut Flows) {
    flows.tariff.clone_from(&base.tariff);
    for measure in &scenario.measures {
        match measure {
            Measure::Tariff { importer, exporters, products, points, start, end } => {
                if (*start..*end).contains(&month) {
                    add_tariff(base, *importer, exporters, products, *points, flows);
                }
            }
            Measure::Embargo { importer, exporter, product, start, end } => {
                if (*start..*end).contains(&month) {
                    flows.blocked[(importer * base.products + product) * base.regions + exporter] = true;
                    flows.any_blocked = true;
                }
            }
            Measure::Purchases { region, factor, start, end } => {
                if (*start..*end).contains(&month) {
                    flows.purchases_factor[*region] *= factor;
                }
            }
        }
    }
    if scenario.disturbance > 0.0 {
        for region in 0..base.regions {
            let draw = keyed_uniform(month as u64 + 1, region as u64 + 1);
            flows.consumption_factor[region] = 1.0 + scenario.disturbance * 1.732 * draw;
        }
    }
}

fn add_tariff(base: &Base, importer: usize, exporters: &[usize], products: &[usize], points: f64, flows: &mut Flows) {
    for product in 0..base.products {
        if !base.goods[product] || !(products.is_empty() || products.contains(&product)) {
            continue;
        }
        for exporter in 0..base.regions {
            if exporter != importer && (exporters.is_empty() || exporters.contains(&exporter)) {
                flows.tariff[(importer * base.products + product) * base.regions + exporter] += points;
            }
        }
    }
}
