//! The calibration as dense tables: what a caller must provide.

/// Dense base-year tables. `R` regions, `G` products (as many industries); a *cell* is a region-industry
/// with index `region * G + product`. Amounts are millions of base-year dollars a year.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Region codes, length `R`.
    pub regions: Vec<String>,
    /// Product and industry codes, length `G`.
    pub products: Vec<String>,
    /// Whether the product is a good (tariffable and sold through retail), length `G`.
    pub goods: Vec<bool>,
    /// Whether the industry is manufacturing, length `G`.
    pub manufacturing: Vec<bool>,
    /// Intermediate flows, index `(origin cell * R + user region) * G + user industry`.
    pub intermediate: Vec<f64>,
    /// Household purchases, index `origin cell * R + user region`.
    pub household: Vec<f64>,
    /// Government purchases, index `origin cell * R + user region`.
    pub government: Vec<f64>,
    /// Investment purchases, index `origin cell * R + user region`.
    pub investment: Vec<f64>,
    /// Compensation of employees by cell.
    pub compensation: Vec<f64>,
    /// Net taxes on production by cell.
    pub taxes: Vec<f64>,
    /// Gross operating surplus by cell.
    pub surplus: Vec<f64>,
    /// Gross output by cell.
    pub output: Vec<f64>,
    /// Employment by cell, thousand persons.
    pub employment: Vec<f64>,
    /// Capital stock by cell, millions of base-year dollars.
    pub capital: Vec<f64>,
    /// Base-year tariff, fraction of the pre-duty value, index `(importer * G + product) * R + exporter`.
    pub tariff: Vec<f64>,
    /// Trade elasticity theta by product; NaN where the calibration has none (services).
    pub theta: Vec<f64>,
    /// Unemployment rate by region, fraction of the labour force.
    pub unemployment: Vec<f64>,
    /// General government revenue, fraction of value added, by region.
    pub revenue_share: Vec<f64>,
    /// Public debt, years of value added, by region.
    pub debt_share: Vec<f64>,
    /// Policy rate, fraction per year, by region.
    pub policy_rate: Vec<f64>,
    /// Share of the decile in household income, index `region * 10 + decile`.
    pub income_share: Vec<f64>,
    /// Share of the decile in household consumption, index `region * 10 + decile`.
    pub consumption_share: Vec<f64>,
    /// Share of the decile in household wealth, index `region * 10 + decile`.
    pub wealth_share: Vec<f64>,
    /// Share of a product in the decile's spending at basic prices, index `(region * 10 + decile) * G + product`.
    pub basket: Vec<f64>,
}
