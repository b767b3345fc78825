//! Calibrated constants: the base year as a stationary month.

use super::maths::ratio;
use super::{DECILES, MONTHS, Parameters, Tables};

/// Users of one product in one region that share an origin mix.
pub(super) const GROUPS: usize = 3;
/// Intermediate and government purchases.
pub(super) const INPUTS: usize = 0;
/// Retail purchases of goods and household purchases of services.
pub(super) const RETAIL: usize = 1;
/// Investment purchases.
pub(super) const INVESTMENT: usize = 2;

/// Constants of a calibrated economy. Flows are millions a month; volumes are at base-year prices. A *use*
/// has index `(region * products + product) * 3 + group`, a *cell* `region * products + product`.
#[derive(Debug, Clone)]
pub struct Base {
    /// Number of regions.
    pub regions: usize,
    /// Number of products.
    pub products: usize,
    /// Region codes.
    pub region_names: Vec<String>,
    /// Product codes.
    pub product_names: Vec<String>,
    /// Whether the product is a good.
    pub goods: Vec<bool>,
    /// Whether the industry is manufacturing.
    pub manufacturing: Vec<bool>,
    /// Index of the trade industry, whose sales to households at home are the retail margin.
    pub trade_industry: usize,
    /// Tariffs, index `(importer * products + product) * regions + exporter`.
    pub tariff: Vec<f64>,
    /// Volume of a use.
    pub use_volume: Vec<f64>,
    /// Origin shares in volume, index `use * regions + origin`.
    pub share: Vec<f64>,
    /// Tariff-inclusive price of a use.
    pub use_price: Vec<f64>,
    /// Input per unit of output, index `cell * products + input`.
    pub coefficient: Vec<f64>,
    /// Output of a cell.
    pub output: Vec<f64>,
    /// Compensation of a cell.
    pub compensation: Vec<f64>,
    /// Employment of a cell, thousand persons.
    pub employment: Vec<f64>,
    /// Capital of a cell.
    pub capital: Vec<f64>,
    /// Value added at basic prices per unit of output.
    pub value_added_rate: Vec<f64>,
    /// Production tax per unit of sales.
    pub production_tax: Vec<f64>,
    /// Price over unit cost.
    pub markup: Vec<f64>,
    /// Replacement of capital in unit cost, per unit of output (never above the surplus).
    pub replacement_cost: Vec<f64>,
    /// Share of replacement paid by the government.
    pub grant_share: Vec<f64>,
    /// Depreciation per year, by region.
    pub depreciation: Vec<f64>,
    /// Price of the investment basket, by region.
    pub capital_price: Vec<f64>,
    /// Volume of a product in a unit of investment, by cell.
    pub investment_mix: Vec<f64>,
    /// Government purchases, by cell (region of the government, product).
    pub purchases: Vec<f64>,
    /// Trade services per unit of goods sold to households, by region.
    pub margin: Vec<f64>,
    /// Household purchases, index `(region * 10 + decile) * products + product`.
    pub basket: Vec<f64>,
    /// Purchaser price of a product to households, by cell.
    pub consumer_price: Vec<f64>,
    /// Household spending at purchaser prices, index `region * 10 + decile`.
    pub spending: Vec<f64>,
    /// Subsistence volumes of a household decile, by cell.
    pub subsistence: Vec<f64>,
    /// Marginal budget shares, same index as `basket`.
    pub marginal_share: Vec<f64>,
    /// Disposable income before the regional pool, index `region * 10 + decile`.
    pub income: Vec<f64>,
    /// Share of the decile in wages and transfers, index `region * 10 + decile`.
    pub labour_income_share: Vec<f64>,
    /// Share of the decile in dividends and interest, index `region * 10 + decile`.
    pub capital_income_share: Vec<f64>,
    /// Wealth, index `region * 10 + decile`.
    pub wealth: Vec<f64>,
    /// Disposable income of all households, by region.
    pub disposable: Vec<f64>,
    /// Dividends, by region.
    pub dividends: Vec<f64>,
    /// Transfers to households, by region.
    pub transfers: Vec<f64>,
    /// Income tax rate, by region.
    pub income_tax: Vec<f64>,
    /// Duties, by region.
    pub duties: Vec<f64>,
    /// Net income and transfers from the rest of the world, by region.
    pub foreign_transfer: Vec<f64>,
    /// Trade balance ratio (X - M) / (X + M), by region.
    pub trade_balance: Vec<f64>,
    /// Public debt, by region.
    pub debt: Vec<f64>,
    /// Firm debt, by region.
    pub firm_debt: Vec<f64>,
    /// Value added at basic prices, by region.
    pub gdp: Vec<f64>,
    /// Labour force, thousand persons, by region.
    pub labour_force: Vec<f64>,
    /// Unemployment rate, by region.
    pub unemployment: Vec<f64>,
    /// Policy rate, per year, by region.
    pub policy_rate: Vec<f64>,
    /// Elasticity of substitution by product.
    pub sigma: Vec<f64>,
}

impl Base {
    /// Index of a region's product or industry.
    #[must_use]
    pub fn cell(&self, region: usize, product: usize) -> usize {
        region * self.products + product
    }

    /// Index of a use.
    #[must_use]
    pub fn use_index(&self, region: usize, product: usize, group: usize) -> usize {
        (region * self.products + product) * GROUPS + group
    }

    /// Calibrates to `tables`.
    ///
    /// # Panics
    /// If the tables have no industry with code `TRD`.
    #[must_use]
    pub fn new(tables: &Tables, parameters: &Parameters) -> Self {
        let mut base = Self::empty(tables, parameters);
        base.read_uses(tables);
        base.read_production(tables);
        base.trade_balance = super::state::base_trade(&base).iter().map(|(x, m)| (x - m) / (x + m)).collect();
        for region in 0..base.regions {
            base.read_households(tables, region, parameters.subsistence);
            base.close_region(tables, region, parameters);
        }
        base
    }

    /// Copies what the tables hold and makes room for the rest.
    fn empty(tables: &Tables, parameters: &Parameters) -> Self {
        let (regions, products) = (tables.regions.len(), tables.products.len());
        let trade_industry = tables.products.iter().position(|code| code == "TRD").expect("trade industry TRD");
        let (cells, rows) = (regions * products, regions * DECILES);
        let zeros = |n: usize| vec![0.0; n];
        let monthly = |values: &[f64]| values.iter().map(|v| v / MONTHS).collect::<Vec<f64>>();
        let sigma = |theta: &f64| {
            if theta.is_nan() { parameters.services_sigma } else { 1.0 + parameters.theta_factor * theta }
        };
        Self {
            regions,
            products,
            region_names: tables.regions.clone(),
            product_names: tables.products.clone(),
            goods: tables.goods.clone(),
            manufacturing: tables.manufacturing.clone(),
            trade_industry,
            tariff: tables.tariff.clone(),
            use_volume: zeros(cells * GROUPS),
            share: zeros(cells * GROUPS * regions),
            use_price: vec![1.0; cells * GROUPS],
            coefficient: zeros(cells * products),
            output: monthly(&tables.output),
            compensation: monthly(&tables.compensation),
            employment: tables.employment.clone(),
            capital: tables.capital.clone(),
            value_added_rate: zeros(cells),
            production_tax: (0..cells).map(|c| tables.taxes[c] / tables.output[c]).collect(),
            markup: vec![1.0; cells],
            replacement_cost: zeros(cells),
            grant_share: zeros(cells),
            depreciation: zeros(regions),
            capital_price: vec![1.0; regions],
            investment_mix: zeros(cells),
            purchases: zeros(cells),
            margin: zeros(regions),
            basket: zeros(rows * products),
            consumer_price: vec![1.0; cells],
            spending: zeros(rows),
            subsistence: zeros(cells),
            marginal_share: zeros(rows * products),
            income: zeros(rows),
            labour_income_share: zeros(rows),
            capital_income_share: zeros(rows),
            wealth: zeros(rows),
            disposable: zeros(regions),
            dividends: zeros(regions),
            transfers: zeros(regions),
            income_tax: zeros(regions),
            duties: zeros(regions),
            foreign_transfer: zeros(regions),
            trade_balance: zeros(regions),
            debt: zeros(regions),
            firm_debt: zeros(regions),
            gdp: zeros(regions),
            labour_force: zeros(regions),
            unemployment: tables.unemployment.clone(),
            policy_rate: tables.policy_rate.clone(),
            sigma: tables.theta.iter().map(sigma).collect(),
        }
    }

    /// Volumes, origin shares and prices of every use; coefficients, purchases, investment mix.
    fn read_uses(&mut self, tables: &Tables) {
        let (regions, products) = (self.regions, self.products);
        for origin in 0..regions {
            for product in 0..products {
                let seller = self.cell(origin, product);
                for user in 0..regions {
                    let row = (seller * regions + user) * products;
                    let buyer = self.cell(user, product);
                    let inputs: f64 = tables.intermediate[row..row + products].iter().sum();
                    let at = seller * regions + user;
                    let margin = product == self.trade_industry && origin == user;
                    let household = if margin { 0.0 } else { tables.household[at] };
                    let groups = [inputs + tables.government[at], household, tables.investment[at]];
                    for (group, value) in groups.iter().enumerate() {
                        let index = buyer * GROUPS + group;
                        self.use_volume[index] += value / MONTHS;
                        self.share[index * regions + origin] = value / MONTHS;
                    }
                    for industry in 0..products {
                        let cell = self.cell(user, industry);
                        self.coefficient[cell * products + product] +=
                            tables.intermediate[row + industry] / tables.output[cell];
                    }
                    self.purchases[buyer] += tables.government[at] / MONTHS;
                    self.investment_mix[buyer] += tables.investment[at];
                    let value =
                        (inputs + tables.household[at] + tables.government[at] + tables.investment[at]) / MONTHS;
                    if origin != user {
                        self.foreign_transfer[user] += value;
                        self.foreign_transfer[origin] -= value;
                    }
                }
            }
        }
        for index in 0..self.use_volume.len() {
            let (volume, buyer) = (self.use_volume[index], index / GROUPS);
            let mut price = 0.0;
            for origin in 0..regions {
                let share = ratio(
                    self.share[index * regions + origin],
                    volume,
                    f64::from(u8::from(origin == buyer / products)),
                );
                self.share[index * regions + origin] = share;
                price += share * (1.0 + self.tariff[buyer * regions + origin]);
                self.duties[buyer / products] += volume * share * self.tariff[buyer * regions + origin];
            }
            self.use_price[index] = price;
        }
    }

    /// Depreciation, capital prices, markups and grants of every cell.
    fn read_production(&mut self, tables: &Tables) {
        for region in 0..self.regions {
            let cells = region * self.products..(region + 1) * self.products;
            let investment: f64 = self.investment_mix[cells.clone()].iter().sum();
            self.depreciation[region] = investment / self.capital[cells.clone()].iter().sum::<f64>();
            self.capital_price[region] = 0.0;
            for cell in cells.clone() {
                self.investment_mix[cell] /= investment;
                self.capital_price[region] += self.investment_mix[cell] * self.use_price[cell * GROUPS + INVESTMENT];
            }
            for cell in cells {
                let output = self.output[cell];
                let inputs: f64 = (0..self.products)
                    .map(|g| {
                        self.coefficient[cell * self.products + g] * self.use_price[self.use_index(region, g, INPUTS)]
                    })
                    .sum();
                let labour = self.compensation[cell] / output;
                let surplus = 1.0 - self.production_tax[cell] - labour - inputs;
                let replacement =
                    self.depreciation[region] / MONTHS * self.capital[cell] * self.capital_price[region] / output;
                let covered = replacement.min(surplus.max(0.0));
                self.replacement_cost[cell] = covered / self.capital_price[region];
                self.grant_share[cell] = 1.0 - covered / replacement;
                self.markup[cell] = (1.0 - self.production_tax[cell]) / (labour + inputs + covered);
                self.value_added_rate[cell] =
                    (tables.compensation[cell] + tables.taxes[cell] + tables.surplus[cell]) / tables.output[cell];
                self.gdp[region] += self.value_added_rate[cell] * output;
            }
        }
    }

    /// Baskets, prices and marginal shares of a region's deciles.
    fn read_households(&mut self, tables: &Tables, region: usize, subsistence: f64) {
        let (products, trade) = (self.products, self.trade_industry);
        let column = |g: usize| -> f64 {
            (0..self.regions).map(|o| tables.household[(o * products + g) * self.regions + region]).sum::<f64>()
                / MONTHS
        };
        let total: f64 = (0..products).map(column).sum();
        let domestic_trade = tables.household[(region * products + trade) * self.regions + region] / MONTHS;
        let goods: f64 = (0..products).filter(|g| self.goods[*g]).map(column).sum();
        let foreign_trade = 1.0 - ratio(domestic_trade, column(trade), 1.0);
        self.margin[region] = domestic_trade / goods;
        for g in 0..products {
            let margin = if self.goods[g] { self.margin[region] } else { 0.0 };
            self.consumer_price[region * products + g] = self.use_price[self.use_index(region, g, RETAIL)] + margin;
            // Rounded baskets are scaled so that deciles add up to the household column.
            let spent: f64 = (0..DECILES).map(|d| decile_spending(tables, region, d, g, products)).sum();
            let scale = ratio(column(g), total * spent, 0.0) * total * if g == trade { foreign_trade } else { 1.0 };
            for d in 0..DECILES {
                self.basket[(region * DECILES + d) * products + g] =
                    scale * decile_spending(tables, region, d, g, products);
            }
        }
        for g in 0..products {
            let of = |d: usize| self.basket[(region * DECILES + d) * products + g];
            let least = (0..DECILES).map(of).fold(f64::INFINITY, f64::min);
            self.subsistence[region * products + g] = (subsistence * of(0)).min(0.9 * least);
        }
        for d in 0..DECILES {
            let row = (region * DECILES + d) * products;
            let cost = |volume: &dyn Fn(usize) -> f64| -> f64 {
                (0..products).map(|g| volume(g) * self.consumer_price[region * products + g]).sum()
            };
            let spending = cost(&|g| self.basket[row + g]);
            let free = spending - cost(&|g| self.subsistence[region * products + g]);
            self.spending[region * DECILES + d] = spending;
            for g in 0..products {
                let above = self.basket[row + g] - self.subsistence[region * products + g];
                self.marginal_share[row + g] = above * self.consumer_price[region * products + g] / free;
            }
        }
    }

    /// Taxes, transfers, dividends, incomes and stocks that make the base month stationary.
    fn close_region(&mut self, tables: &Tables, region: usize, parameters: &Parameters) {
        let cells = region * self.products..(region + 1) * self.products;
        let gdp = self.gdp[region];
        let wages: f64 = self.compensation[cells.clone()].iter().sum();
        let (mut taxes, mut purchases, mut grants, mut profit) = (0.0, 0.0, 0.0, 0.0);
        for cell in cells.clone() {
            let replacement = self.depreciation[region] / MONTHS * self.capital[cell] * self.capital_price[region];
            taxes += self.production_tax[cell] * self.output[cell];
            purchases += self.purchases[cell] * self.use_price[cell * GROUPS + INPUTS];
            grants += self.grant_share[cell] * replacement;
            let unit_cost = (1.0 - self.production_tax[cell]) / self.markup[cell];
            let surplus =
                1.0 - self.production_tax[cell] - unit_cost + self.replacement_cost[cell] * self.capital_price[region];
            profit += surplus * self.output[cell] - (1.0 - self.grant_share[cell]) * replacement;
        }
        let corporate = parameters.corporate_tax * profit.max(0.0);
        let dividends = profit - corporate;
        let other = taxes + self.duties[region] + corporate;
        let wanted = (tables.revenue_share[region] * gdp - other).max(0.02 * (wages + dividends));
        let least = purchases + grants + 0.03 * gdp - self.foreign_transfer[region] - other;
        self.income_tax[region] = wanted.max(least) / (wages + dividends);
        self.dividends[region] = dividends;
        self.transfers[region] =
            other + self.income_tax[region] * (wages + dividends) + self.foreign_transfer[region] - purchases - grants;
        let after_tax = 1.0 - self.income_tax[region];
        self.disposable[region] = (wages + dividends) * after_tax + self.transfers[region];
        self.debt[region] = tables.debt_share[region] * gdp * MONTHS;
        self.firm_debt[region] = parameters.firm_debt * gdp * MONTHS;
        self.labour_force[region] = self.employment[cells].iter().sum::<f64>() / (1.0 - self.unemployment[region]);
        self.share_incomes(tables, region, dividends * after_tax);
    }

    /// Splits income by source so that each decile has its share of income and no source is negative.
    fn share_incomes(&mut self, tables: &Tables, region: usize, dividends: f64) {
        let row = region * DECILES;
        let total = self.disposable[region];
        let capital = dividends.max(0.0) / total;
        let positive: f64 = (0..DECILES).map(|d| tables.wealth_share[row + d].max(0.0)).sum();
        let sum: f64 = (0..DECILES).map(|d| tables.income_share[row + d]).sum();
        let mut mix = 1.0_f64;
        for d in 0..DECILES {
            let (own, of_wealth) =
                (tables.income_share[row + d] / sum, tables.wealth_share[row + d].max(0.0) / positive);
            // Wages and transfers keep at least half of every decile's income.
            if capital * of_wealth > 0.5 * own {
                mix = mix.min(((0.5 * own - capital * own) / (capital * (of_wealth - own))).max(0.0));
            }
        }
        for d in 0..DECILES {
            let (own, of_wealth) =
                (tables.income_share[row + d] / sum, tables.wealth_share[row + d].max(0.0) / positive);
            let capital_share = mix * of_wealth + (1.0 - mix) * own;
            self.capital_income_share[row + d] = capital_share;
            self.labour_income_share[row + d] = (own - capital * capital_share) / (1.0 - capital);
            self.income[row + d] = own * total;
            self.wealth[row + d] = tables.wealth_share[row + d] * (self.debt[region] + self.firm_debt[region]);
        }
    }
}

fn decile_spending(tables: &Tables, region: usize, decile: usize, product: usize, products: usize) -> f64 {
    let row = region * DECILES + decile;
    tables.consumption_share[row] * tables.basket[row * products + product]
}
