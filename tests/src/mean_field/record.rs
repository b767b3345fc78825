//! What a run records each month.

use super::base::GROUPS;
use super::{Base, DECILES, Flows, State, households};

/// One region in one month. Volumes at base-year prices, millions a month.
#[derive(Debug, Clone, Default)]
pub struct RegionMonth {
    /// Value added, volume.
    pub gdp: f64,
    /// Value added of manufacturing, volume.
    pub manufacturing: f64,
    /// Imports of goods before duty, value in own currency.
    pub goods_imports: f64,
    /// Exports, value in own currency.
    pub exports: f64,
    /// Imports, value in own currency.
    pub imports: f64,
    /// Consumer price index.
    pub consumer_price: f64,
    /// Producer price index (value-added weights).
    pub producer_price: f64,
    /// Wage index.
    pub wage: f64,
    /// Unemployment rate.
    pub unemployment: f64,
    /// Policy rate less base, per year.
    pub policy_rate: f64,
    /// Exchange rate (rise: appreciation).
    pub exchange: f64,
    /// Household consumption, volume.
    pub consumption: f64,
    /// Investment, volume.
    pub investment: f64,
    /// Capital stock, volume.
    pub capital: f64,
    /// Mean hours per worker relative to normal.
    pub hours: f64,
    /// Duties.
    pub duties: f64,
    /// Public debt.
    pub debt: f64,
    /// Household wealth.
    pub wealth: f64,
    /// Net foreign assets, common unit.
    pub foreign_assets: f64,
    /// Lowest fill rate of an intermediate use.
    pub worst_fill: f64,
    /// Price index of each decile.
    pub decile_price: [f64; DECILES],
    /// Disposable income of each decile.
    pub decile_income: [f64; DECILES],
    /// Spending of each decile.
    pub decile_spending: [f64; DECILES],
}

/// A recorded run.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Region-months, index `month * regions + region`.
    pub rows: Vec<RegionMonth>,
    /// Goods imports by pair before duty, importer's currency, index `(month * regions + importer) * regions + exporter`.
    pub goods_trade: Vec<f64>,
    /// Tariff-inclusive price of goods by pair (base-volume weights), same index as `goods_trade`.
    pub landed_price: Vec<f64>,
    /// Duty at base volumes relative to base landed value, same index.
    pub landed_tariff: Vec<f64>,
    /// Regions.
    pub regions: usize,
    /// Largest flow-of-funds error of any month.
    pub identity_error: f64,
}

impl Record {
    pub(super) fn new(base: &Base) -> Self {
        Self { regions: base.regions, ..Self::default() }
    }

    /// The row of a region in a month.
    #[must_use]
    pub fn at(&self, month: usize, region: usize) -> &RegionMonth {
        &self.rows[month * self.regions + region]
    }

    pub(super) fn push(&mut self, base: &Base, state: &State, flows: &Flows) {
        self.identity_error = self.identity_error.max(flows.identity_error);
        let pairs = base.regions * base.regions;
        let (mut trade, mut price, mut tariff, mut weight) =
            (vec![0.0; pairs], vec![0.0; pairs], vec![0.0; pairs], vec![0.0; pairs]);
        for index in 0..base.use_volume.len() {
            let (buyer, product) = (index / GROUPS, index / GROUPS % base.products);
            if !base.goods[product] {
                continue;
            }
            let importer = buyer / base.products;
            for exporter in (0..base.regions).filter(|o| *o != importer) {
                let pair = importer * base.regions + exporter;
                let at = buyer * base.regions + exporter;
                let volume = base.use_volume[index] * base.share[index * base.regions + exporter];
                price[pair] += volume * flows.landed[at];
                tariff[pair] += volume * (1.0 + flows.tariff[at]);
                weight[pair] += volume * (1.0 + base.tariff[at]);
                // Landed price less duty, in the importer's currency.
                let before_duty = flows.landed[at] / (1.0 + flows.tariff[at]);
                trade[pair] += flows.delivered[index * base.regions + exporter] * before_duty;
            }
        }
        for region in 0..base.regions {
            let imports = trade[region * base.regions..(region + 1) * base.regions].iter().sum();
            self.rows.push(region_month(base, state, flows, region, imports));
        }
        self.goods_trade.extend(trade);
        self.landed_price.extend(price.iter().zip(&weight).map(|(p, w)| p / w.max(1e-300)));
        self.landed_tariff.extend(tariff.iter().zip(&weight).map(|(t, w)| t / w.max(1e-300)));
    }
}

fn region_month(base: &Base, state: &State, flows: &Flows, region: usize, goods_imports: f64) -> RegionMonth {
    let cells = region * base.products..(region + 1) * base.products;
    let sum = |f: &dyn Fn(usize) -> f64| -> f64 { cells.clone().map(f).sum() };
    let added = |c: usize| base.value_added_rate[c] * flows.output[c];
    let rows = region * DECILES..(region + 1) * DECILES;
    let basket = rows.start * base.products..rows.end * base.products;
    let worst_fill = cells.clone().map(|c| flows.fill[c * GROUPS]).fold(1.0, f64::min);
    let by_decile = |values: &[f64]| std::array::from_fn(|d| values[region * DECILES + d]);
    RegionMonth {
        gdp: sum(&added),
        manufacturing: cells.clone().filter(|c| base.manufacturing[c % base.products]).map(added).sum(),
        goods_imports,
        exports: flows.trade[region].0,
        imports: flows.trade[region].1,
        consumer_price: state.consumer_price(region),
        producer_price: sum(&|c| state.price[c] * base.value_added_rate[c] * base.output[c]) / base.gdp[region],
        wage: state.wage[region],
        unemployment: state.unemployment(base, region),
        policy_rate: state.policy_rate[region],
        exchange: state.exchange[region],
        consumption: flows.consumption[basket].iter().sum(),
        investment: sum(&|c| flows.investment[c]),
        capital: sum(&|c| state.capital[c]),
        hours: sum(&|c| flows.hours[c] * state.employment[c]) / sum(&|c| state.employment[c]),
        duties: flows.duties[region],
        debt: state.debt[region],
        wealth: state.wealth[rows].iter().sum(),
        foreign_assets: state.foreign_assets[region],
        worst_fill,
        decile_price: std::array::from_fn(|d| households::consumer_price(base, state, flows, region, Some(d))),
        decile_income: by_decile(&state.income),
        decile_spending: by_decile(&flows.spending),
    }
}
