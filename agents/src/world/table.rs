//! The calibration as the builders read it: one accessor a figure.

use engine::grid::Grid;

use crate::axes::Border;
use crate::calibration::{AreaInfo, Calibration, FinalUse, IndustryRole};
use crate::parameters::Parameters;
use crate::policy::tariffs_of;

/// A calibration with the figures that depend on parameters filled in.
pub struct Table<'a> {
    source: &'a Calibration,
    /// Elasticity of substitution between origins, by product.
    pub elasticities: Vec<f64>,
    /// Base tariff, index `(importer * regions + exporter) * products + product`.
    pub tariffs: Grid<Border, f64>,
    /// Persons by region.
    pub population: Vec<f64>,
    /// Labour force by region, persons.
    pub labour_force: Vec<f64>,
    /// Unemployment rate by region, a fraction.
    pub unemployment_rate: Vec<f64>,
    /// Reserve-currency government bonds held by each region's central bank, mn USD.
    pub reserve_bonds: Vec<f64>,
    /// Government debt over yearly output, a ratio.
    pub public_debt_share: Vec<f64>,
    /// General government revenue over yearly output, a fraction.
    pub government_revenue_share: Vec<f64>,
}

impl<'a> Table<'a> {
    /// Reads a calibration.
    #[must_use]
    pub fn new(c: &'a Calibration, p: &Parameters) -> Self {
        let of = |f: fn(&crate::calibration::RegionMacro) -> f64| c.macro_figures.iter().map(f).collect::<Vec<f64>>();
        Self {
            source: c,
            elasticities: c
                .substitution_elasticities(p.trade.service_elasticity)
                .iter()
                .map(|s| 1.0 + p.trade.elasticity_scale * (s - 1.0))
                .collect(),
            tariffs: tariffs_of(c),
            population: of(|m| m.population),
            labour_force: of(|m| m.labour_force),
            unemployment_rate: of(|m| m.unemployment_rate),
            reserve_bonds: of(|m| m.treasury_holdings),
            public_debt_share: of(|m| m.public_debt_share),
            government_revenue_share: of(|m| m.government_revenue_share),
        }
    }

    /// The calibration itself.
    #[must_use]
    pub fn source(&self) -> &Calibration {
        self.source
    }
    /// Areas of a region, with their places in the calibration: the first stands for all where areas are not told apart.
    #[must_use]
    pub fn areas(&self, r: usize, apart: bool) -> Vec<(usize, &AreaInfo)> {
        let own = self.source.areas.iter().enumerate().filter(|(_, a)| a.region == r);
        own.take(if apart { usize::MAX } else { 1 }).collect()
    }
    /// Number of areas.
    #[must_use]
    pub fn area_count(&self) -> usize {
        self.source.areas.len()
    }
    /// Number of regions.
    #[must_use]
    pub fn region_count(&self) -> usize {
        self.source.region_count()
    }
    /// Number of products.
    #[must_use]
    pub fn product_count(&self) -> usize {
        self.source.industry_count()
    }
    fn at(&self, r: usize, g: usize) -> usize {
        r * self.product_count() + g
    }
    /// Intermediate flow, mn USD a year.
    #[must_use]
    pub fn intermediate(&self, o: usize, g: usize, d: usize, j: usize) -> f64 {
        self.source.intermediate(o, g, d, j)
    }
    /// Household purchases, mn USD a year.
    #[must_use]
    pub fn household(&self, o: usize, g: usize, d: usize) -> f64 {
        self.source.final_purchases(o, g, d, FinalUse::Household)
    }
    /// Government purchases, mn USD a year.
    #[must_use]
    pub fn government(&self, o: usize, g: usize, d: usize) -> f64 {
        self.source.final_purchases(o, g, d, FinalUse::Government)
    }
    /// Investment purchases, mn USD a year.
    #[must_use]
    pub fn investment(&self, o: usize, g: usize, d: usize) -> f64 {
        self.source.final_purchases(o, g, d, FinalUse::Investment)
    }
    /// Gross output, mn USD a year.
    #[must_use]
    pub fn output(&self, r: usize, g: usize) -> f64 {
        self.source.gross_output[self.at(r, g)]
    }
    /// Compensation of employees, mn USD a year.
    #[must_use]
    pub fn compensation(&self, r: usize, g: usize) -> f64 {
        self.source.compensation[self.at(r, g)]
    }
    /// Taxes on production, mn USD a year.
    #[must_use]
    pub fn production_tax(&self, r: usize, g: usize) -> f64 {
        self.source.production_taxes[self.at(r, g)]
    }
    /// Capital stock, mn USD.
    #[must_use]
    pub fn capital(&self, r: usize, g: usize) -> f64 {
        self.source.capital[self.at(r, g)]
    }
    /// Persons employed.
    #[must_use]
    pub fn employment(&self, r: usize, g: usize) -> f64 {
        self.source.employment[self.at(r, g)]
    }
    /// Value added, mn USD a year.
    #[must_use]
    pub fn value_added(&self, r: usize, g: usize) -> f64 {
        self.source.value_added(r, g)
    }
    /// Share of a product in a decile's spending.
    #[must_use]
    pub fn basket(&self, r: usize, d: usize, g: usize) -> f64 {
        self.source.baskets[(r * 10 + d) * self.product_count() + g]
    }
    /// Share of a decile in disposable income.
    #[must_use]
    pub fn income_share(&self, r: usize, d: usize) -> f64 {
        self.source.income_shares[r * 10 + d]
    }
    /// Share of a decile in consumption.
    #[must_use]
    pub fn consumption_share(&self, r: usize, d: usize) -> f64 {
        self.source.consumption_shares[r * 10 + d]
    }
    /// Share of a decile in wealth.
    #[must_use]
    pub fn wealth_share(&self, r: usize, d: usize) -> f64 {
        self.source.wealth_shares[r * 10 + d]
    }
    /// The region whose bonds are held as reserves.
    #[must_use]
    pub fn reserve_currency(&self) -> usize {
        self.source.reserve_region().unwrap_or(0)
    }
    /// Region code.
    #[must_use]
    pub fn region_code(&self, r: usize) -> &str {
        &self.source.regions[r].code
    }
    /// Region name.
    #[must_use]
    pub fn region_name(&self, r: usize) -> &str {
        &self.source.regions[r].name
    }
    /// Product code.
    #[must_use]
    pub fn product_code(&self, g: usize) -> &str {
        &self.source.industries[g].code
    }
    /// Product name.
    #[must_use]
    pub fn product_name(&self, g: usize) -> &str {
        &self.source.industries[g].name
    }
    /// Whether the product is a good.
    #[must_use]
    pub fn is_good(&self, g: usize) -> bool {
        self.source.industries[g].goods
    }
    /// Whether the industry counts as manufacturing.
    #[must_use]
    pub fn is_manufacturing(&self, g: usize) -> bool {
        self.source.industries[g].manufacturing
    }
    /// Whether the industry distributes goods to households.
    #[must_use]
    pub fn is_distribution(&self, g: usize) -> bool {
        self.source.industries[g].role == IndustryRole::Distribution
    }
}
