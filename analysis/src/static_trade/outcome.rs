//! What an equilibrium means for each region.

use engine::math::{exp, ln};

use super::{Equilibrium, TradeEconomy, USES, Use};

/// Changes of a region between two equilibria. Changes are fractions, shares are fractions of GDP.
///
/// Volumes are values at the basic prices of the base year: the value after the change over the change of the origin's unit
/// cost, as in the recorded runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionOutcome {
    /// Real income: final spending over its price index (Cobb-Douglas over uses and products), welfare in these models.
    pub real_income: f64,
    /// Volume of final spending: that of all final uses. It lies above real income where buyers have been moved from what
    /// they liked best, as volumes are added up at base-year prices.
    pub real_spending: f64,
    /// Price of the factor over consumer prices: the real wage.
    pub real_wage: f64,
    /// Real GDP: volume of output less volume of inputs.
    pub real_gdp: f64,
    /// Volume of household consumption.
    pub real_consumption: f64,
    /// Price of exports over that of imports before duty, unit values (value over volume).
    pub terms_of_trade: f64,
    /// Volume of imports.
    pub real_imports: f64,
    /// Volume of exports.
    pub real_exports: f64,
    /// Price of the factor, in shares of the world's value added.
    pub factor_price: f64,
    /// Price of the factor relative to the other regions', weighted with base-year imports from them.
    pub relative_factor_price: f64,
    /// Duties over GDP (value added and duties) before.
    pub duty_share_before: f64,
    /// Duties over GDP afterwards.
    pub duty_share_after: f64,
    /// Exports less imports over GDP before.
    pub trade_balance_before: f64,
    /// Exports less imports over GDP afterwards.
    pub trade_balance_after: f64,
}

/// Volume of purchases for all uses afterwards, at base-year basic prices `[(buyer*G + product)*R + origin]`.
#[must_use]
pub fn trade_volumes(found: &Equilibrium) -> Vec<f64> {
    let economy = &found.economy;
    let (r, g) = (economy.regions, economy.industries);
    let volume = |at: usize| {
        let (buyer, product, origin) = (at / r / g, at / r % g, at % r);
        economy.bought(buyer, product, origin) / found.unit_cost[origin * g + product]
    };
    (0..r * g * r).map(volume).collect()
}

/// What changes for each region from `base` to what was found.
#[must_use]
pub fn outcome(base: &TradeEconomy, found: &Equilibrium) -> Vec<RegionOutcome> {
    let after = &found.economy;
    let (r, g) = (base.regions, base.industries);
    let volumes = trade_volumes(found);
    let traded = |of: &dyn Fn(usize, usize, usize) -> f64, importer: Option<usize>, exporter: Option<usize>| -> f64 {
        let wanted = |chosen: Option<usize>, place: usize| chosen.is_none_or(|chosen| chosen == place);
        let mut sum = 0.0;
        for d in (0..r).filter(|&d| wanted(importer, d)) {
            for o in (0..r).filter(|&o| o != d && wanted(exporter, o)) {
                sum += (0..g).map(|p| of(d, p, o)).sum::<f64>();
            }
        }
        sum
    };
    let then = |d: usize, p: usize, o: usize| base.bought(d, p, o);
    let now = |d: usize, p: usize, o: usize| after.bought(d, p, o);
    let volume = |d: usize, p: usize, o: usize| volumes[(d * g + p) * r + o];
    let (spent, spent_after) = (base.final_spending(), after.final_spending());
    let share = |part: &[f64], economy: &TradeEconomy, region: usize| {
        part[region] / (economy.factor_income()[region] + economy.duties()[region])
    };
    let (duties, duties_after) = (base.duties(), after.duties());
    let (deficits, deficits_after) = (base.deficits(), after.deficits());
    let household = Use::Household as usize..Use::Government as usize;
    let of = |region: usize| {
        let (imports, exports) = (traded(&volume, Some(region), None), traded(&volume, None, Some(region)));
        let price = |value: f64, volume: f64| if volume > 0.0 { value / volume } else { f64::NAN };
        let export_price = price(traded(&now, None, Some(region)), exports);
        let import_price = price(traded(&now, Some(region), None), imports);
        let partners: f64 = traded(&then, Some(region), None);
        let abroad = |d: usize, p: usize, o: usize| then(d, p, o) * ln(found.factor_price[o]);
        let ratio = |after: f64, before: f64| if before > 0.0 { after / before - 1.0 } else { f64::NAN };
        RegionOutcome {
            real_income: spent_after[region] / spent[region] / price_index(base, found, region, 1..USES) - 1.0,
            real_wage: found.factor_price[region] / price_index(base, found, region, household.clone()) - 1.0,
            real_gdp: real_gdp(base, found, region) / base.factor_basic(region) - 1.0,
            real_consumption: volume_of(after, &found.unit_cost, region, household.clone())
                / volume_of(base, &[], region, household.clone())
                - 1.0,
            real_spending: volume_of(after, &found.unit_cost, region, 1..USES) / volume_of(base, &[], region, 1..USES)
                - 1.0,
            terms_of_trade: export_price / import_price - 1.0,
            real_imports: ratio(imports, partners),
            real_exports: ratio(exports, traded(&then, None, Some(region))),
            factor_price: found.factor_price[region] - 1.0,
            relative_factor_price: found.factor_price[region] / exp(traded(&abroad, Some(region), None) / partners)
                - 1.0,
            duty_share_before: share(&duties, base, region),
            duty_share_after: share(&duties_after, after, region),
            trade_balance_before: -share(&deficits, base, region),
            trade_balance_after: -share(&deficits_after, after, region),
        }
    };
    (0..r).map(of).collect()
}

/// Price index of some uses together over that before: `prod (P'/P)^b` with base-year shares `b` of spending.
fn price_index(base: &TradeEconomy, found: &Equilibrium, region: usize, uses: std::ops::Range<usize>) -> f64 {
    let (r, g) = (base.regions, base.industries);
    let spending = base.spending();
    let rows = || uses.clone().flat_map(|purpose| (0..g).map(move |p| (purpose * r + region) * g + p));
    let total: f64 = rows().map(|row| spending[row]).sum();
    exp(rows().map(|row| spending[row] / total * ln(found.composite_price[row])).sum())
}

/// Volume of some uses together at base-year basic prices; base-year costs are 1 where none are given.
fn volume_of(economy: &TradeEconomy, unit_cost: &[f64], region: usize, uses: std::ops::Range<usize>) -> f64 {
    let (r, g) = (economy.regions, economy.industries);
    let mut sum = 0.0;
    for purpose in uses {
        for product in 0..g {
            for origin in 0..r {
                let value = economy.purchases[economy.flow(purpose, region, product, origin)];
                sum += value / unit_cost.get(origin * g + product).unwrap_or(&1.0);
            }
        }
    }
    sum
}

/// Volume of output less volume of inputs, both at base-year basic prices.
fn real_gdp(base: &TradeEconomy, found: &Equilibrium, region: usize) -> f64 {
    let (r, g) = (base.regions, base.industries);
    let output = found.economy.output();
    let mut sum: f64 = (0..g).map(|j| output[region * g + j] / found.unit_cost[region * g + j]).sum();
    for product in 0..g {
        for origin in 0..r {
            let at = base.flow(Use::Intermediate as usize, region, product, origin);
            sum -= found.economy.purchases[at] / found.unit_cost[origin * g + product];
        }
    }
    sum
}

impl TradeEconomy {
    /// Output less inputs before duty.
    fn factor_basic(&self, region: usize) -> f64 {
        let output: f64 = self.output()[region * self.industries..(region + 1) * self.industries].iter().sum();
        let width = self.industries * self.regions;
        output - self.purchases[region * width..(region + 1) * width].iter().sum::<f64>()
    }
}
