//! A static general-equilibrium benchmark: what a change of duties does in the long run when everybody has adjusted.
//!
//! Many regions and industries with input-output links; every product is differentiated by origin, and the answer to a
//! change is computed from shares of the base year and trade elasticities alone ("exact hat algebra"): [`solve`] takes a
//! [`TradeEconomy`] and a [`Change`] and returns the [`Equilibrium`] after it, whose values are again a [`TradeEconomy`].
//! [`outcome`] says what that means for each region.
//!
//! Equations, with ratios of after to before written `x'/x`, region `d` buying product `g` from `o` for use `u`:
//!
//! - unit cost: `c_dj'/c_dj = (w_d'/w_d)^v_dj prod_g (P_0dg'/P_0dg)^a_djg`, with the shares `v` of value added and `a` of
//!   inputs in output (Cobb-Douglas);
//! - price of a composite over origins: `P_udg'/P_udg = [sum_o s_udgo (k_dgo c_og'/c_og)^(-theta_g)]^(-1/theta_g)`, with the
//!   origins' shares `s` in spending, duties included, and `k` the change of one plus the duty, times that of other trade
//!   costs;
//! - shares after: `s_udgo' = s_udgo (k_dgo c_og'/c_og)^(-theta_g) (P_udg'/P_udg)^theta_g`;
//! - output: `Y_og' = sum_ud s_udgo' X_udg' / (1 + t_dgo')`; spending on inputs `X_0dg' = sum_j a_djg Y_dj'`, on final uses
//!   `X_udg' = b_udg F_d'` with base-year shares `b`;
//! - final spending: `F_d' = w_d' L_d + duties_d' + D_d'`: income of the factor, the duties, handed back, and the trade
//!   deficit `D`;
//! - the factor is fully employed: `sum_j v_dj Y_dj' = w_d' L_d`.
//!
//! Value added is earned by one factor, labour equipped with capital, fixed in each region and mobile between its
//! industries: what is kept constant is what a region can produce with, not its unemployment. Taxes on production are part
//! of its price. Money is measured in shares of the world's value added, which is held constant; deficits are fixed in that
//! unit, or closed ([`Deficits`]).
//!
//! Source: Dekle, Eaton and Kortum (2008), IMF Staff Papers 55(3) (hat algebra, deficits); Caliendo and Parro (2015), Review
//! of Economic Studies 82(1) (input-output links, duties handed back); Costinot and Rodriguez-Clare (2014), Handbook of
//! International Economics 4 (the class of models: Armington, Eaton and Kortum 2002). What we changed: the shares of
//! origins differ between uses, as in the table, where these papers have one composite for all.
//!
//! How it is checked (`tests/`): closed forms of gains from trade and of trade costs, an economy solved in levels by
//! bisection, the optimal duty, accounts and homogeneity. **The published results on NAFTA are not reproduced**: Caliendo and
//! Parro (2015) find that its tariff cuts raised welfare by 1.31% in Mexico and 0.08% in the United States and lowered it by
//! 0.06% in Canada, from data of 1993 for 31 countries and 40 sectors that this project does not have. On the shipped world
//! only the order of such gains in real wages is compared (`runs`, `benchmark/economy.rs`).

mod comparison;
mod equilibrium;
mod explanation;
mod outcome;
mod recorded;
#[cfg(test)]
mod tests;

pub use comparison::{Comparison, ImportChange, MEASURES, Measure, benchmark_value, place_of};
pub use equilibrium::{Equilibrium, solve};
pub use explanation::explanations;
pub use outcome::{RegionOutcome, outcome, trade_volumes};
pub use recorded::{WindowResponse, mean_response, responses};

/// What a product is bought for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Inputs of industries.
    Intermediate = 0,
    /// Household consumption.
    Household = 1,
    /// Government consumption.
    Government = 2,
    /// Investment, inventories included.
    Investment = 3,
}

/// Number of uses.
pub const USES: usize = 4;

/// Largest gap of an identity of the base year, relative to the total it belongs to.
const BALANCE_TOLERANCE: f64 = 1e-6;

/// A year of a world of R regions and G industries, in money of one unit. Indices count the last one fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct TradeEconomy {
    /// Number of regions.
    pub regions: usize,
    /// Number of industries, each with one product.
    pub industries: usize,
    /// Purchases before duty `[((use*R + buyer)*G + product)*R + origin]`, use as [`Use`].
    pub purchases: Vec<f64>,
    /// Spending on inputs, duties included `[(region*G + industry)*G + product]`.
    pub input_spending: Vec<f64>,
    /// Ad valorem duty, a fraction of the value before duty `[(importer*R + exporter)*G + product]`; zero at home.
    pub duty_rates: Vec<f64>,
    /// Trade elasticity: minus the elasticity of relative spending on an origin to its relative price `[product]`, above 0.
    pub trade_elasticities: Vec<f64>,
}

/// What happens to trade deficits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deficits {
    /// They stay what they are, in shares of the world's value added.
    Held,
    /// Every region's imports become as large as its exports.
    Closed,
}

/// What changes. Indices as [`TradeEconomy::duty_rates`].
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Duty rates afterwards.
    pub duty_rates: Vec<f64>,
    /// Other costs of trade relative to before (iceberg: paid in the good itself), 1 for no change; infinity ends the trade.
    pub trade_costs: Vec<f64>,
    /// Deficits afterwards.
    pub deficits: Deficits,
}

impl Change {
    /// No change.
    #[must_use]
    pub fn none(economy: &TradeEconomy) -> Self {
        Self {
            duty_rates: economy.duty_rates.clone(),
            trade_costs: vec![1.0; economy.duty_rates.len()],
            deficits: Deficits::Held,
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StaticTradeError {
    /// A table has the wrong size.
    #[error("{what} has {found} numbers instead of {expected}")]
    Size {
        /// Table.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A number is out of its range.
    #[error("{what} {place} is {value}; it must be {range}")]
    Range {
        /// Table.
        what: &'static str,
        /// Place in the table.
        place: usize,
        /// Number.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// Inputs and duties on them leave an industry nothing.
    #[error("industry {industry} of region {region} has value added of {value_added:.3e}, which cannot pay its factor")]
    NoValueAdded {
        /// Region.
        region: usize,
        /// Industry.
        industry: usize,
        /// Output less inputs with duties.
        value_added: f64,
    },
    /// Spending on inputs by industries differs from purchases of inputs with duties.
    #[error(
        "region {region} buys product {product} as an input for {purchases:.6e}, and its industries spend {spending:.6e} on it"
    )]
    Unbalanced {
        /// Region.
        region: usize,
        /// Product.
        product: usize,
        /// Purchases with duties.
        purchases: f64,
        /// Spending of industries.
        spending: f64,
    },
    /// All trade in what a region needs has ended.
    #[error("region {region} needs product {product}, and no origin is left that could sell it")]
    NoSupplier {
        /// Region.
        region: usize,
        /// Product.
        product: usize,
    },
    /// The search for prices did not end.
    #[error("no equilibrium was found: after {iterations} steps factor markets are off by {gap:.1e} of their income")]
    NotConverged {
        /// Steps taken.
        iterations: usize,
        /// Largest gap left.
        gap: f64,
    },
}

impl TradeEconomy {
    /// Place of a flow in [`Self::purchases`].
    #[must_use]
    pub fn flow(&self, purpose: usize, buyer: usize, product: usize, origin: usize) -> usize {
        ((purpose * self.regions + buyer) * self.industries + product) * self.regions + origin
    }

    /// Place of a rate in [`Self::duty_rates`].
    #[must_use]
    pub fn pair(&self, importer: usize, exporter: usize, product: usize) -> usize {
        (importer * self.regions + exporter) * self.industries + product
    }

    /// Purchases before duty for all uses.
    #[must_use]
    pub fn bought(&self, buyer: usize, product: usize, origin: usize) -> f64 {
        (0..USES).map(|purpose| self.purchases[self.flow(purpose, buyer, product, origin)]).sum()
    }

    /// Output at basic prices: all that is sold `[region*G + industry]`.
    #[must_use]
    pub fn output(&self) -> Vec<f64> {
        let mut output = vec![0.0; self.regions * self.industries];
        for (row, origins) in self.purchases.chunks(self.regions).enumerate() {
            for (origin, value) in origins.iter().enumerate() {
                output[origin * self.industries + row % self.industries] += value;
            }
        }
        output
    }

    /// Value added by industry: output less inputs and the duties on them, taxes on production included.
    #[must_use]
    pub fn value_added(&self) -> Vec<f64> {
        let inputs = self.input_spending.chunks(self.industries).map(|row| row.iter().sum::<f64>());
        self.output().into_iter().zip(inputs).map(|(output, inputs)| output - inputs).collect()
    }

    /// Value added of a region.
    #[must_use]
    pub fn factor_income(&self) -> Vec<f64> {
        self.value_added().chunks(self.industries).map(|row| row.iter().sum()).collect()
    }

    /// Sum over purchases of a region.
    fn sum_of(&self, buyer: usize, term: impl Fn(usize, usize, usize, f64) -> f64) -> f64 {
        let mut sum = 0.0;
        for purpose in 0..USES {
            for product in 0..self.industries {
                for origin in 0..self.regions {
                    let value = self.purchases[self.flow(purpose, buyer, product, origin)];
                    sum += term(purpose, product, origin, value);
                }
            }
        }
        sum
    }

    /// Duties a region collects.
    #[must_use]
    pub fn duties(&self) -> Vec<f64> {
        let rate = |buyer, product, origin| self.duty_rates[self.pair(buyer, origin, product)];
        (0..self.regions).map(|d| self.sum_of(d, |_, product, o, value| value * rate(d, product, o))).collect()
    }

    /// Imports before duty.
    #[must_use]
    pub fn imports(&self) -> Vec<f64> {
        (0..self.regions).map(|d| self.sum_of(d, |_, _, o, value| if o == d { 0.0 } else { value })).collect()
    }

    /// Exports before duty.
    #[must_use]
    pub fn exports(&self) -> Vec<f64> {
        let sold = |o: usize, d: usize| self.sum_of(d, |_, _, origin, value| if origin == o { value } else { 0.0 });
        (0..self.regions).map(|o| (0..self.regions).filter(|&d| d != o).map(|d| sold(o, d)).sum()).collect()
    }

    /// Imports less exports.
    #[must_use]
    pub fn deficits(&self) -> Vec<f64> {
        self.imports().iter().zip(self.exports()).map(|(into, out)| into - out).collect()
    }

    /// Spending on a composite, duties included `[(use*R + buyer)*G + product]`.
    #[must_use]
    pub fn spending(&self) -> Vec<f64> {
        let paid = |(row, origins): (usize, &[f64])| {
            let (buyer, product) = (row / self.industries % self.regions, row % self.industries);
            let landed = |(o, value): (usize, &f64)| value * (1.0 + self.duty_rates[self.pair(buyer, o, product)]);
            origins.iter().enumerate().map(landed).sum()
        };
        self.purchases.chunks(self.regions).enumerate().map(paid).collect()
    }

    /// Final spending of a region, duties included.
    #[must_use]
    pub fn final_spending(&self) -> Vec<f64> {
        let width = self.regions * self.industries;
        let spending = self.spending();
        let of = |d: usize, purpose: usize| {
            spending[purpose * width + d * self.industries..][..self.industries].iter().sum::<f64>()
        };
        (0..self.regions).map(|d| (1..USES).map(|purpose| of(d, purpose)).sum()).collect()
    }

    /// Checks sizes, ranges and that inputs are what industries spend on them.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn check(&self) -> Result<(), StaticTradeError> {
        let (r, g) = (self.regions, self.industries);
        for (what, found, expected) in [
            ("purchases", self.purchases.len(), USES * r * g * r),
            ("input spending", self.input_spending.len(), r * g * g),
            ("duty rates", self.duty_rates.len(), r * r * g),
            ("trade elasticities", self.trade_elasticities.len(), g),
        ] {
            if found != expected {
                return Err(StaticTradeError::Size { what, found, expected });
            }
        }
        in_range("purchase", &self.purchases, "a number and not below 0", |x| x.is_finite() && x >= 0.0)?;
        in_range("spending on inputs", &self.input_spending, "a number and not below 0", |x| {
            x.is_finite() && x >= 0.0
        })?;
        in_range("duty rate", &self.duty_rates, "a number above -1", |x| x.is_finite() && x > -1.0)?;
        in_range("trade elasticity", &self.trade_elasticities, "a number above 0", |x| x.is_finite() && x > 0.0)?;
        let output = self.output();
        for (cell, &value_added) in self.value_added().iter().enumerate() {
            // Without output there is nothing to pay, and without inputs nothing is needed.
            if value_added < 0.0 || (value_added == 0.0 && output[cell] > 0.0) {
                return Err(StaticTradeError::NoValueAdded { region: cell / g, industry: cell % g, value_added });
            }
        }
        let spending = self.spending();
        for (cell, &purchases) in spending[..r * g].iter().enumerate() {
            let (region, product) = (cell / g, cell % g);
            let spent: f64 = (0..g).map(|j| self.input_spending[(region * g + j) * g + product]).sum();
            if (spent - purchases).abs() > BALANCE_TOLERANCE * purchases.max(spent) {
                return Err(StaticTradeError::Unbalanced { region, product, purchases, spending: spent });
            }
        }
        Ok(())
    }
}

fn in_range(
    what: &'static str,
    values: &[f64],
    range: &'static str,
    holds: impl Fn(f64) -> bool,
) -> Result<(), StaticTradeError> {
    match values.iter().position(|&value| !holds(value)) {
        Some(place) => Err(StaticTradeError::Range { what, place, value: values[place], range }),
        None => Ok(()),
    }
}
