//! What the economy carries from month to month, and what flows in a month.

use super::base::GROUPS;
use super::{Base, DECILES, Parameters};

/// Stocks, prices and expectations at the end of a month.
#[derive(Debug, Clone)]
pub struct State {
    /// Months since the start.
    pub month: usize,
    /// Producer price by cell, own currency.
    pub price: Vec<f64>,
    /// Wage index by region.
    pub wage: Vec<f64>,
    /// Value of a region's currency (base 1).
    pub exchange: Vec<f64>,
    /// Origin shares, index `use * regions + origin`.
    pub share: Vec<f64>,
    /// Employment by cell, thousand persons.
    pub employment: Vec<f64>,
    /// Capital by cell.
    pub capital: Vec<f64>,
    /// Finished stocks by cell.
    pub finished: Vec<f64>,
    /// Input stocks, index `cell * products + input`.
    pub inputs: Vec<f64>,
    /// Share of last month's input orders that was delivered, by cell (region, product).
    pub input_fill: Vec<f64>,
    /// Expected demand by cell.
    pub expected: Vec<f64>,
    /// Demand that capital is built for, by cell.
    pub lasting_demand: Vec<f64>,
    /// Retail stocks by cell (region, good).
    pub retail: Vec<f64>,
    /// Expected retail sales by cell (region, good).
    pub retail_expected: Vec<f64>,
    /// Retail price by cell (region, good).
    pub retail_price: Vec<f64>,
    /// Permanent income, index `region * 10 + decile`.
    pub permanent: Vec<f64>,
    /// Last month's disposable income, index `region * 10 + decile`.
    pub income: Vec<f64>,
    /// Wealth, index `region * 10 + decile`.
    pub wealth: Vec<f64>,
    /// Public debt by region.
    pub debt: Vec<f64>,
    /// Net deposits of firms by region (negative: debt).
    pub firm_cash: Vec<f64>,
    /// Net foreign assets by region, in the common unit (a basket of all currencies).
    pub foreign_assets: Vec<f64>,
    /// Dividends by region, smoothed.
    pub dividends: Vec<f64>,
    /// Duties above base, last month, by region.
    pub extra_duties: Vec<f64>,
    /// Policy rate less its base, per year, by region.
    pub policy_rate: Vec<f64>,
    /// Estimated change of the neutral rate, per year, by region.
    pub neutral_rate: Vec<f64>,
    /// Long real rate less its base, per year, by region.
    pub long_rate: Vec<f64>,
    /// Rate paid on debt less its base, per year, by region.
    pub debt_rate: Vec<f64>,
    /// Consumer prices of the last 13 months, newest last, index `region * 13 + age`.
    pub consumer_prices: Vec<f64>,
    /// Smoothed exports and imports by region, own currency.
    pub trade: Vec<(f64, f64)>,
}

/// Months of consumer prices kept.
pub(super) const PRICE_MEMORY: usize = 13;

impl State {
    /// The baseline state.
    #[must_use]
    pub fn new(base: &Base, parameters: &Parameters) -> Self {
        let cells = base.regions * base.products;
        let (finished, inputs, retail_expected) = base_stocks(base, parameters);
        let rows = base.regions * DECILES;
        let income: Vec<f64> = (0..rows).map(|i| base.spending[i]).collect();
        Self {
            month: 0,
            price: vec![1.0; cells],
            wage: vec![1.0; base.regions],
            exchange: vec![1.0; base.regions],
            share: base.share.clone(),
            employment: base.employment.clone(),
            capital: base.capital.clone(),
            finished,
            inputs,
            input_fill: vec![1.0; cells],
            expected: base.output.clone(),
            lasting_demand: base.output.clone(),
            retail: retail_expected.iter().map(|v| v * parameters.retail_months).collect(),
            retail_expected,
            retail_price: base.consumer_price.clone(),
            permanent: income.clone(),
            income,
            wealth: base.wealth.clone(),
            debt: base.debt.clone(),
            firm_cash: base.firm_debt.iter().map(|d| -d).collect(),
            foreign_assets: vec![0.0; base.regions],
            dividends: base.dividends.clone(),
            extra_duties: vec![0.0; base.regions],
            policy_rate: vec![0.0; base.regions],
            neutral_rate: vec![0.0; base.regions],
            long_rate: vec![0.0; base.regions],
            debt_rate: vec![0.0; base.regions],
            consumer_prices: vec![1.0; base.regions * PRICE_MEMORY],
            trade: base_trade(base),
        }
    }

    /// Unemployment rate of a region.
    #[must_use]
    pub fn unemployment(&self, base: &Base, region: usize) -> f64 {
        let cells = region * base.products..(region + 1) * base.products;
        1.0 - self.employment[cells].iter().sum::<f64>() / base.labour_force[region]
    }

    /// Consumer price index of a region (base 1).
    #[must_use]
    pub fn consumer_price(&self, region: usize) -> f64 {
        self.consumer_prices[region * PRICE_MEMORY + PRICE_MEMORY - 1]
    }

    /// Inflation over the last `months` months, per year, relative to trend.
    #[must_use]
    pub fn inflation(&self, region: usize, months: usize) -> f64 {
        let last = region * PRICE_MEMORY + PRICE_MEMORY - 1;
        super::maths::log(self.consumer_prices[last] / self.consumer_prices[last - months]) * super::MONTHS
            / months as f64
    }

    /// Expected real short rate less its base: expectations mix the target and last year's inflation.
    #[must_use]
    pub fn real_rate(&self, parameters: &Parameters, region: usize) -> f64 {
        self.policy_rate[region] - parameters.inflation_backward_weight * self.inflation(region, 12)
    }
}

/// Finished stocks by cell, input stocks by cell and input, and retail sales by cell in the base month.
fn base_stocks(base: &Base, parameters: &Parameters) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let cells = base.regions * base.products;
    let months = |good: f64, service: f64, index: usize| {
        if base.goods[index % base.products] { good } else { service }
    };
    let (goods, services) = (parameters.finished_goods_months, parameters.finished_services_months);
    let finished = (0..cells).map(|c| months(goods, services, c) * base.output[c]).collect();
    let (goods, services) = (parameters.input_goods_months, parameters.input_services_months);
    let inputs = (0..cells * base.products)
        .map(|i| months(goods, services, i) * base.coefficient[i] * base.output[i / base.products])
        .collect();
    let sales = (0..cells).map(|c| months(base.use_volume[c * GROUPS + super::base::RETAIL], 0.0, c)).collect();
    (finished, inputs, sales)
}

/// Exports and imports of the base month by region.
pub(super) fn base_trade(base: &Base) -> Vec<(f64, f64)> {
    let mut trade = vec![(0.0, 0.0); base.regions];
    for index in 0..base.use_volume.len() {
        let user = index / GROUPS / base.products;
        for origin in 0..base.regions {
            if origin != user {
                let value = base.use_volume[index] * base.share[index * base.regions + origin];
                trade[origin].0 += value;
                trade[user].1 += value;
            }
        }
    }
    trade
}

/// Flows of one month. Index conventions as in [`Base`]; amounts in the region's own currency.
#[derive(Debug, Clone)]
pub struct Flows {
    /// Tariffs in force, index `(importer * products + product) * regions + exporter`.
    pub tariff: Vec<f64>,
    /// Embargoes in force, same index.
    pub blocked: Vec<bool>,
    /// Whether any embargo is in force.
    pub any_blocked: bool,
    /// Factor on government purchases by region.
    pub purchases_factor: Vec<f64>,
    /// Factor on household budgets by region.
    pub consumption_factor: Vec<f64>,
    /// Tariff-inclusive price by (importer, product, exporter), index as `tariff`.
    pub landed: Vec<f64>,
    /// Average tariff-inclusive price of a use.
    pub use_price: Vec<f64>,
    /// Orders of a use.
    pub orders: Vec<f64>,
    /// Input orders, index `cell * products + input`.
    pub input_orders: Vec<f64>,
    /// Investment by cell.
    pub investment: Vec<f64>,
    /// Output by cell.
    pub output: Vec<f64>,
    /// Hours per worker relative to normal, by cell.
    pub hours: Vec<f64>,
    /// Wage bill by cell.
    pub wages: Vec<f64>,
    /// Orders received by cell.
    pub demand: Vec<f64>,
    /// Volume sold by cell.
    pub sold: Vec<f64>,
    /// Volume delivered, index `use * regions + origin`.
    pub delivered: Vec<f64>,
    /// Delivered share of orders of a use.
    pub fill: Vec<f64>,
    /// Trade services bought for goods sold to households, by region.
    pub margin_fill: Vec<f64>,
    /// Household budget, index `region * 10 + decile`.
    pub budget: Vec<f64>,
    /// Household purchases, index `(region * 10 + decile) * products + product`.
    pub consumption: Vec<f64>,
    /// Retail sales wanted, then made, by cell (region, good).
    pub retail_sales: Vec<f64>,
    /// Household spending at purchaser prices, index `region * 10 + decile`.
    pub spending: Vec<f64>,
    /// Duties by region.
    pub duties: Vec<f64>,
    /// Firms' receipts less wages, inputs, production taxes, by region.
    pub operating_cash: Vec<f64>,
    /// Replacement investment net of grants, by region.
    pub replacement: Vec<f64>,
    /// Spending on investment by region.
    pub investment_value: Vec<f64>,
    /// Exports and imports by region at pre-duty prices, own currency.
    pub trade: Vec<(f64, f64)>,
    /// Production taxes by region.
    pub production_taxes: Vec<f64>,
    /// Government purchases at purchaser prices by region.
    pub purchases_value: Vec<f64>,
    /// Grants by region.
    pub grants: Vec<f64>,
    /// Largest relative error of the flow-of-funds identity over regions.
    pub identity_error: f64,
}

impl Flows {
    /// Empty flows.
    #[must_use]
    pub fn new(base: &Base) -> Self {
        let (regions, cells) = (base.regions, base.regions * base.products);
        let (uses, pairs, rows) = (cells * GROUPS, cells * regions, regions * DECILES);
        let zeros = |n: usize| vec![0.0; n];
        Self {
            tariff: zeros(pairs),
            blocked: vec![false; pairs],
            any_blocked: false,
            purchases_factor: vec![1.0; regions],
            consumption_factor: vec![1.0; regions],
            landed: zeros(pairs),
            use_price: zeros(uses),
            orders: zeros(uses),
            input_orders: zeros(cells * base.products),
            investment: zeros(cells),
            output: zeros(cells),
            hours: zeros(cells),
            wages: zeros(cells),
            demand: zeros(cells),
            sold: zeros(cells),
            delivered: zeros(uses * regions),
            fill: vec![1.0; uses],
            margin_fill: vec![1.0; regions],
            budget: zeros(rows),
            consumption: zeros(rows * base.products),
            retail_sales: zeros(cells),
            spending: zeros(rows),
            duties: zeros(regions),
            operating_cash: zeros(regions),
            replacement: zeros(regions),
            investment_value: zeros(regions),
            trade: vec![(0.0, 0.0); regions],
            production_taxes: zeros(regions),
            purchases_value: zeros(regions),
            grants: zeros(regions),
            identity_error: 0.0,
        }
    }
}
