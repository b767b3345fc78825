//! The search for the equilibrium after a change.
//!
//! Given factor prices, unit costs solve a contraction (a part of every cost is value added), and then spending is a
//! contraction too. Factor prices move with excess demand until there is none (Alvarez and Lucas 2007).

use engine::math::pow;

use super::{Change, Deficits, StaticTradeError, TradeEconomy, USES, in_range};

/// Largest excess demand for a factor, relative to its income.
const GAP: f64 = 1e-11;
/// Largest relative step of costs and spending at which they count as found.
const STEP: f64 = 1e-14;
/// Most steps of factor prices.
const OUTER_STEPS: usize = 20_000;
/// Most steps of costs and of spending for each of them.
const INNER_STEPS: usize = 10_000;
/// First share of the relative excess demand by which a factor price moves.
const FIRST_SPEED: f64 = 0.3;
/// Largest such share.
const TOP_SPEED: f64 = 1.0;

/// The world after a change, relative to before. R regions, G industries.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Price of the factor over that before `[region]`; the world's value added has the same value as before.
    pub factor_price: Vec<f64>,
    /// Unit cost, and so basic price, over that before `[region*G + industry]`.
    pub unit_cost: Vec<f64>,
    /// Price of the composite over origins, duties included, over that before `[(use*R + region)*G + product]`.
    pub composite_price: Vec<f64>,
    /// Values afterwards.
    pub economy: TradeEconomy,
    /// Steps of factor prices it took.
    pub iterations: usize,
    /// Largest excess demand for a factor that is left, relative to its income.
    pub gap: f64,
}

/// Shares of the base year, and what the change makes of trade costs.
struct Shares<'a> {
    economy: &'a TradeEconomy,
    duty_rates: &'a [f64],
    /// Shares of origins in spending, duties included, index as `purchases`.
    origins: Vec<f64>,
    /// Whether anything is bought `[(use*R + region)*G + product]`.
    bought: Vec<bool>,
    /// Shares of value added in output `[region*G + industry]`.
    value_added: Vec<f64>,
    /// Shares of inputs in output, index as `input_spending`.
    inputs: Vec<f64>,
    /// Shares in final spending `[(use*R + region)*G + product]`; the first use is empty.
    finals: Vec<f64>,
    /// Change of landed over basic prices to the power minus theta, index as `duty_rates`.
    reach: Vec<f64>,
    /// Income of the factor before `[region]`.
    factor_income: Vec<f64>,
    /// Deficits afterwards `[region]`.
    deficits: Vec<f64>,
}

/// Computes the equilibrium after a change.
///
/// # Errors
/// An economy or change with numbers out of range, a product nobody can supply any more, or a search without end.
pub fn solve(economy: &TradeEconomy, change: &Change) -> Result<Equilibrium, StaticTradeError> {
    economy.check()?;
    let expected = economy.duty_rates.len();
    for (what, found) in [("duty rates", change.duty_rates.len()), ("trade costs", change.trade_costs.len())] {
        if found != expected {
            return Err(StaticTradeError::Size { what, found, expected });
        }
    }
    in_range("duty rate", &change.duty_rates, "a number above -1", |x| x.is_finite() && x > -1.0)?;
    in_range("trade cost", &change.trade_costs, "above 0", |x| x > 0.0)?;
    let shares = Shares::of(economy, change);
    let mut factor_price = vec![1.0; economy.regions];
    let mut unit_cost = vec![1.0; economy.regions * economy.industries];
    let mut output = economy.output();
    let (mut speed, mut last) = (FIRST_SPEED, f64::INFINITY);
    for iterations in 1..=OUTER_STEPS {
        shares.costs(&factor_price, &mut unit_cost)?;
        let prices = shares.prices(&unit_cost, 0..USES)?;
        let origins = shares.origins_after(&unit_cost, &prices);
        let spending = shares.spend(&factor_price, &origins, &mut output);
        let excess = shares.excess(&factor_price, &output);
        let gap = excess.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        if gap < GAP {
            let after = shares.after(&origins, &spending, &output);
            return Ok(Equilibrium {
                factor_price,
                unit_cost,
                composite_price: prices,
                economy: after,
                iterations,
                gap,
            });
        }
        if !gap.is_finite() || iterations == OUTER_STEPS {
            return Err(StaticTradeError::NotConverged { iterations, gap });
        }
        // A step that made things worse was too long.
        speed = if gap > last { 0.6 * speed } else { (1.02 * speed).min(TOP_SPEED) };
        last = gap;
        for (price, excess) in factor_price.iter_mut().zip(&excess) {
            *price *= 1.0 + speed * excess.clamp(-0.5, 0.5);
        }
        shares.normalize(&mut factor_price);
    }
    Err(StaticTradeError::NotConverged { iterations: OUTER_STEPS, gap: last })
}

impl<'a> Shares<'a> {
    fn of(economy: &'a TradeEconomy, change: &'a Change) -> Self {
        let (r, g) = (economy.regions, economy.industries);
        let spending = economy.spending();
        let over = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let origins = economy.purchases.iter().enumerate().map(|(at, value)| {
            let (row, origin) = (at / r, at % r);
            let landed = value * (1.0 + economy.duty_rates[economy.pair(row / g % r, origin, row % g)]);
            over(landed, spending[row])
        });
        let output = economy.output();
        let value_added = economy.value_added();
        let final_spending = economy.final_spending();
        let finals = spending
            .iter()
            .enumerate()
            .map(|(at, &value)| if at < r * g { 0.0 } else { over(value, final_spending[at / g % r]) });
        let landed = change.duty_rates.iter().zip(&economy.duty_rates).zip(&change.trade_costs);
        let reach = landed.enumerate().map(|(at, ((after, before), cost))| {
            pow((1.0 + after) / (1.0 + before) * cost, -economy.trade_elasticities[at % g])
        });
        let deficits = match change.deficits {
            Deficits::Held => economy.deficits(),
            Deficits::Closed => vec![0.0; r],
        };
        Self {
            origins: origins.collect(),
            bought: spending.iter().map(|&x| x > 0.0).collect(),
            value_added: value_added.iter().zip(&output).map(|(&a, &y)| over(a, y)).collect(),
            inputs: economy.input_spending.iter().enumerate().map(|(at, &x)| over(x, output[at / g])).collect(),
            finals: finals.collect(),
            reach: reach.collect(),
            factor_income: economy.factor_income(),
            deficits,
            duty_rates: &change.duty_rates,
            economy,
        }
    }

    /// `s (k c)^(-theta)` of an origin, given `c^(-theta)`.
    fn term(&self, row: usize, origin: usize, competitiveness: &[f64]) -> f64 {
        let (r, g) = (self.economy.regions, self.economy.industries);
        let (buyer, product) = (row / g % r, row % g);
        let share = self.origins[row * r + origin];
        if share > 0.0 {
            share * self.reach[(buyer * r + origin) * g + product] * competitiveness[origin * g + product]
        } else {
            0.0
        }
    }

    /// Unit costs to the power minus theta.
    fn competitiveness(&self, unit_cost: &[f64]) -> Vec<f64> {
        let theta = &self.economy.trade_elasticities;
        unit_cost.iter().enumerate().map(|(cell, &cost)| pow(cost, -theta[cell % theta.len()])).collect()
    }

    /// Prices of composites for some uses; 1 where nothing is bought.
    fn prices(&self, unit_cost: &[f64], uses: std::ops::Range<usize>) -> Result<Vec<f64>, StaticTradeError> {
        let (r, g) = (self.economy.regions, self.economy.industries);
        let competitiveness = self.competitiveness(unit_cost);
        let price = |row: usize| {
            if !self.bought[row] {
                return Ok(1.0);
            }
            let sum: f64 = (0..r).map(|origin| self.term(row, origin, &competitiveness)).sum();
            if sum > 0.0 {
                Ok(pow(sum, -1.0 / self.economy.trade_elasticities[row % g]))
            } else {
                Err(StaticTradeError::NoSupplier { region: row / g % r, product: row % g })
            }
        };
        (uses.start * r * g..uses.end * r * g).map(price).collect()
    }

    /// Unit costs that belong to factor prices.
    fn costs(&self, factor_price: &[f64], unit_cost: &mut [f64]) -> Result<(), StaticTradeError> {
        let g = self.economy.industries;
        let mut step = f64::INFINITY;
        for _ in 0..INNER_STEPS {
            let prices = self.prices(unit_cost, 0..1)?;
            let logs: Vec<f64> = prices.iter().map(|&price| engine::math::ln(price)).collect();
            step = 0.0;
            for (cell, cost) in unit_cost.iter_mut().enumerate() {
                if self.value_added[cell] <= 0.0 {
                    continue;
                }
                let region = cell / g;
                let inputs = &self.inputs[cell * g..(cell + 1) * g];
                let of_inputs: f64 = inputs.iter().zip(&logs[region * g..]).map(|(share, log)| share * log).sum();
                let own = self.value_added[cell] * engine::math::ln(factor_price[region]);
                let next = engine::math::exp(own + of_inputs);
                step = step.max((next / *cost - 1.0).abs());
                *cost = next;
            }
            if step < STEP {
                return Ok(());
            }
        }
        // A last digit that flips for ever is no failure: the gap of the factor markets is what counts.
        if step < GAP { Ok(()) } else { Err(StaticTradeError::NotConverged { iterations: INNER_STEPS, gap: step }) }
    }

    /// Shares of origins after the change, index as `purchases`.
    fn origins_after(&self, unit_cost: &[f64], prices: &[f64]) -> Vec<f64> {
        let (r, theta) = (self.economy.regions, &self.economy.trade_elasticities);
        let competitiveness = self.competitiveness(unit_cost);
        let mut shares = Vec::with_capacity(self.origins.len());
        for (row, &price) in prices.iter().enumerate() {
            let level = pow(price, theta[row % theta.len()]);
            shares.extend((0..r).map(|origin| level * self.term(row, origin, &competitiveness)));
        }
        shares
    }

    /// Spending on composites at given factor prices and shares of origins, and the output it calls for.
    fn spend(&self, factor_price: &[f64], origins: &[f64], output: &mut [f64]) -> Vec<f64> {
        let (r, g) = (self.economy.regions, self.economy.industries);
        let mut spending = vec![0.0; USES * r * g];
        let mut duties = self.economy.duties();
        let wealth: f64 = self.factor_income.iter().sum();
        for _ in 0..INNER_STEPS {
            for (region, &duties) in duties.iter().enumerate() {
                let income = factor_price[region] * self.factor_income[region] + duties + self.deficits[region];
                for product in 0..g {
                    let used = |j: usize| self.inputs[(region * g + j) * g + product] * output[region * g + j];
                    spending[region * g + product] = (0..g).map(used).sum();
                    for purpose in 1..USES {
                        let row = (purpose * r + region) * g + product;
                        spending[row] = self.finals[row] * income;
                    }
                }
            }
            let mut next = vec![0.0; r * g];
            let mut collected = vec![0.0; r];
            for (row, &spent) in spending.iter().enumerate() {
                let (buyer, product) = (row / g % r, row % g);
                for (origin, share) in origins[row * r..(row + 1) * r].iter().enumerate() {
                    let rate = self.duty_rates[(buyer * r + origin) * g + product];
                    let value = share * spent / (1.0 + rate);
                    next[origin * g + product] += value;
                    collected[buyer] += rate * value;
                }
            }
            let far = |now: &[f64], next: &[f64]| now.iter().zip(next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            let step = far(output, &next).max(far(&duties, &collected));
            output.copy_from_slice(&next);
            duties = collected;
            if step < STEP * wealth / (r * g) as f64 {
                break;
            }
        }
        spending
    }

    /// Demand for each factor less its supply, over its supply.
    fn excess(&self, factor_price: &[f64], output: &[f64]) -> Vec<f64> {
        let g = self.economy.industries;
        let of = |region: usize| {
            let wanted: f64 = (region * g..(region + 1) * g).map(|cell| self.value_added[cell] * output[cell]).sum();
            let supply = factor_price[region] * self.factor_income[region];
            if supply > 0.0 { wanted / supply - 1.0 } else { 0.0 }
        };
        (0..factor_price.len()).map(of).collect()
    }

    /// Scales factor prices so that the world's value added is what it was.
    fn normalize(&self, factor_price: &mut [f64]) {
        let before: f64 = self.factor_income.iter().sum();
        let after: f64 = self.factor_income.iter().zip(&*factor_price).map(|(income, price)| income * price).sum();
        for price in factor_price {
            *price *= before / after;
        }
    }

    /// The values of an equilibrium.
    fn after(&self, origins: &[f64], spending: &[f64], output: &[f64]) -> TradeEconomy {
        let (r, g) = (self.economy.regions, self.economy.industries);
        let purchases = origins.iter().enumerate().map(|(at, share)| {
            let (row, origin) = (at / r, at % r);
            share * spending[row] / (1.0 + self.duty_rates[(row / g % r * r + origin) * g + row % g])
        });
        TradeEconomy {
            regions: r,
            industries: g,
            purchases: purchases.collect(),
            input_spending: self.inputs.iter().enumerate().map(|(at, share)| share * output[at / g]).collect(),
            duty_rates: self.duty_rates.to_vec(),
            trade_elasticities: self.economy.trade_elasticities.clone(),
        }
    }
}
