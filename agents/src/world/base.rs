//! Base-year flows and balance sheets of a closed world.
//!
//! All numbers are `f64` in minor units a tick at national scale; the builders of agents turn them into integers.

use bevy_ecs::prelude::Resource;
use engine::grid::Grid;
use engine::money::{Money, round_half_even};
use serde::{Deserialize, Serialize};

use crate::axes::{Border, Decile, From, Importer, Industry, Lane, Origin, Product, RegionId, Slot, To};
use crate::geography::DECILES;
use crate::markets::resting::RestingMarket;
use crate::purpose::{PURPOSES, Purpose};

/// Base-year flows and closure of one region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BaseRegion {
    /// Compensation of employees by industry, money a tick, employers' contributions included.
    pub compensation: Vec<f64>,
    /// Gross output by industry, volume a tick.
    pub output: Vec<f64>,
    /// Capital stock by industry, volume.
    pub capital: Vec<f64>,
    /// Production tax rate on output by industry, a fraction.
    pub production_tax_rate: Vec<f64>,
    /// Share of replacement investment paid by government grants, by industry, a fraction.
    pub grant_rate: Vec<f64>,
    /// Price over unit cost by industry, a ratio.
    pub markup: Vec<f64>,
    /// After-tax profit distributed by industry, money a tick.
    pub dividends: Vec<f64>,
    /// Corporate tax by industry, money a tick.
    pub corporate_tax: Vec<f64>,
    /// Depreciation rate, per tick.
    pub depreciation_rate: f64,
    /// Depreciation rate, per year.
    pub depreciation_rate_year: f64,
    /// Price of capital goods, duties included, money per volume.
    pub capital_price: f64,
    /// Composition of capital goods by product, shares.
    pub capital_mix: Vec<f64>,
    /// Government purchases by product, volume a tick.
    pub government_volume: Vec<f64>,
    /// Trade services per unit of goods sold at retail, volume per volume.
    pub margin_rate: f64,
    /// Composition of the bundle of imported services by product, shares.
    pub bundle_mix: Vec<f64>,
    /// Retail or local price of each shopping slot, money per volume.
    pub consumer_price: Vec<f64>,
    /// Household purchases by decile and shopping slot, volume a tick.
    pub consumption_volume: Grid<(Decile, Slot), f64>,
    /// Household spending by decile, money a tick.
    pub consumption: [f64; DECILES],
    /// Equivalised income before tax, transfers and pensions included, in the middle: mean of the fifth and sixth tenths, money a tick.
    pub income_median: f64,
    /// Duties by purpose, money a tick.
    pub duties: [f64; PURPOSES],
    /// Trend-unit gross domestic product at market prices, money a tick.
    pub gdp: f64,
    /// Employers' social contributions, money a tick.
    pub social_contributions: f64,
    /// Household income tax rate before decile adjustment, a fraction.
    pub income_tax_rate: f64,
    /// Loans by industry, money.
    pub loans: Vec<f64>,
    /// Government debt, money.
    pub debt: f64,
    /// Bonds held by the region's central bank, money.
    pub bonds_central_bank: f64,
    /// Bonds held by foreign central banks by holder, money.
    pub bonds_abroad: Vec<f64>,
    /// Reserves of the bank, money.
    pub reserves: f64,
    /// Bank dividends, money a tick.
    pub bank_dividends: f64,
    /// Deposits of households and of the pension pool, money.
    pub household_deposits: f64,
    /// Interest on them in trend units, money a tick.
    pub deposit_interest: f64,
    /// Interest that households pay, money a tick.
    pub debt_interest: f64,
    /// Deposits of firms by industry, money.
    pub firm_deposits: Vec<f64>,
    /// Net trade balance over gross trade, `(exports - imports) / (exports + imports)`, a ratio.
    pub trade_balance_ratio: f64,
    /// Policy rate in trend units, per year.
    pub policy_rate: f64,
    /// Calibrated unemployment rate, a fraction.
    pub unemployment_rate: f64,
    /// Average probability of losing one's job, per tick.
    pub separation_rate: f64,
    /// The labour market at rest at the calibrated unemployment rate.
    pub market: RestingMarket,
    /// Persons.
    pub population: f64,
    /// Persons in the labour force.
    pub labour_force: f64,
    /// Persons employed by industry.
    pub employment: Vec<f64>,
}

/// The closed base year.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Base {
    /// Regions.
    pub regions: Vec<BaseRegion>,
    /// Number of products.
    pub products: usize,
    /// Whether each product is a good.
    pub goods: Vec<bool>,
    /// Input requirement per unit of output.
    pub input_requirement: Grid<(RegionId, Industry, Product), f64>,
    /// Intermediate flow by buyer and origin, volume a tick.
    pub intermediate: Grid<(Importer, Industry, Product, Origin), f64>,
    /// Flow by purpose, volume a tick.
    pub flow: Grid<Lane, f64>,
    /// Base tariff.
    pub tariff: Grid<Border, f64>,
    /// External item that a region pays another, payer's currency a tick.
    pub external_transfer: Grid<(From, To), f64>,
    /// Armington elasticity of substitution between origins by product.
    pub elasticity: Vec<f64>,
}

impl Base {
    /// Deposits of households by region, money: what remains of bank liabilities after firms and the fund.
    #[must_use]
    pub fn household_deposits(&self) -> Vec<Money> {
        self.regions.iter().map(|b| round_half_even(b.household_deposits)).collect()
    }

    /// Flow of a product between two regions for a purpose, volume a tick.
    #[must_use]
    pub fn flow(&self, purpose: Purpose, origin: usize, product: usize, destination: usize) -> f64 {
        self.flow[(purpose, Importer(destination), Product(product), Origin(origin))]
    }

    /// Base tariff of an importer on a product of an exporter, a fraction.
    #[must_use]
    pub fn tariff(&self, importer: usize, exporter: usize, product: usize) -> f64 {
        self.tariff[(Importer(importer), Origin(exporter), Product(product))]
    }

    /// Price of a product for a purpose at the base, duty included, average over origins, money per volume; 1 if it is not bought.
    #[must_use]
    pub fn purchase_price(&self, purpose: Purpose, region: usize, product: usize) -> f64 {
        let origins = self.origins(purpose, region, product);
        let total: f64 = origins.iter().sum();
        let paid: f64 = origins.iter().enumerate().map(|(o, v)| v * (1.0 + self.tariff(region, o, product))).sum();
        if total > 0.0 { paid / total } else { 1.0 }
    }

    /// Input of a product per unit of an industry's output, volume per volume.
    #[must_use]
    pub fn requirement(&self, region: usize, industry: usize, input: usize) -> f64 {
        self.input_requirement[(RegionId(region), Industry(industry), Product(input))]
    }

    /// Origin volumes of an input to an industry, one entry a region.
    #[must_use]
    pub fn input_origins(&self, region: usize, industry: usize, input: usize) -> &[f64] {
        self.intermediate.row((Importer(region), Industry(industry), Product(input)))
    }

    /// Origin volumes of a product for a purpose, one entry a region.
    #[must_use]
    pub fn origins(&self, purpose: Purpose, destination: usize, product: usize) -> &[f64] {
        self.flow.row((purpose, Importer(destination), Product(product)))
    }
}
