//! A second model, of a dozen lines of economics: regions without agents whose income is what is spent on them.
//!
//! It stands on the same world, parameters and measures as the economy, and shows what a model must give to be run, swept,
//! compared and checked as the economy is ([`engine::model::Model`]); begin here to add one. Its answers are those of a textbook, not for
//! papers: no firms, no classes, no prices but duties, nobody who moves or runs out of money.

use engine::clock::Clock;
use engine::digest::TickDigest;
use engine::grid::Grid;
use engine::math::{exp, pow};
use engine::model::{Detail, Fault, Model};
use engine::netcdf::Attributes;
use engine::recorder::{Kind, Labels, Recorder, Schema, SchemaError, VariableSpec};
use engine::rng::{Stream, Streams, normal};
use serde::{Deserialize, Serialize};

use crate::axes::{Border, Importer, Origin, Product, for_all_purposes};
use crate::model::{CURRENCY, base_year};
use crate::policy::CompiledSchedule;
use crate::simulation::Setup;

/// Draws of spending by region.
const SPENDING: Stream = Stream::new(0, "spending");
/// Standard deviation of spending a tick, a fraction: small beside the effect of a duty.
const SPENDING_SPREAD: f64 = 0.002;

/// A region: its base year, money a tick, and the last tick.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Nation {
    code: String,
    base_income: f64,
    base_consumption: f64,
    /// Spending on it that does not depend on income or trade.
    autonomous: f64,
    income: f64,
    consumption: f64,
    price: f64,
    imports: f64,
    duties: f64,
}

/// Regions linked by trade, whose income follows spending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Multiplier {
    streams: Streams,
    shocks: bool,
    schedule: CompiledSchedule,
    tick: u32,
    nations: Vec<Nation>,
    /// Purchases of the base year before duties `(importer * R + origin) * G + g`, money a tick.
    purchases: Grid<Border, f64>,
    /// Substitution between origins by product.
    elasticity: Vec<f64>,
}

/// Consumption of a region, money a tick at base-year prices.
///
/// Equation: `C = c Y / P`, with the share of income spent in the base year `c`, income of the tick before and prices.
/// Source: the consumption function of Keynes (1936), General Theory, chapter 8.
#[must_use]
pub fn consumption(propensity: f64, income_before: f64, price: f64) -> f64 {
    propensity * income_before / price
}

/// Purchases of a product from an origin, money a tick at base-year prices.
///
/// Equation: `M = M_0 D ((1 + t) / (1 + t_0))^-s` with demand relative to the base year `D`, the duty `t` and that of the base
/// year `t_0`; at home both are none.
/// Source: Armington (1969), A Theory of Demand for Products Distinguished by Place of Production, IMF Staff Papers 16.
#[must_use]
pub fn purchased(base: f64, demand: f64, duty: f64, base_duty: f64, elasticity: f64) -> f64 {
    base * demand * pow((1.0 + duty) / (1.0 + base_duty), -elasticity)
}

/// Income of a region, money a tick at base-year prices.
///
/// Equation: `Y = C + A + X - M`, with autonomous spending `A`, exports and imports.
/// Source: Metzler (1942), Underemployment Equilibrium in International Trade, Econometrica 10.
#[must_use]
pub fn income(consumption: f64, autonomous: f64, exports: f64, imports: f64) -> f64 {
    consumption + autonomous + exports - imports
}

impl Multiplier {
    /// Base duty, and that in force in this tick.
    fn duties(&self, cell: Border) -> (f64, f64) {
        (self.schedule.base_tariffs()[cell], self.schedule.at(self.tick).tariffs[cell])
    }

    /// Purchases of a region, by origin, at prices and duties of this tick; sets its prices, imports and duties.
    fn trade(&mut self, importer: usize, demand: f64) -> Vec<f64> {
        let (r, g) = (self.nations.len(), self.elasticity.len());
        let (mut by_origin, mut duties, mut paid, mut paid_before) = (vec![0.0; r], 0.0, 0.0, 0.0);
        for (origin, bought) in by_origin.iter_mut().enumerate() {
            for product in 0..g {
                let cell = (Importer(importer), Origin(origin), Product(product));
                let base = self.purchases[cell];
                let (before, duty) = if origin == importer { (0.0, 0.0) } else { self.duties(cell) };
                let volume = purchased(base, demand, duty, before, self.elasticity[product]);
                *bought += volume;
                duties += duty * volume;
                (paid, paid_before) = (paid + (1.0 + duty) * base, paid_before + (1.0 + before) * base);
            }
        }
        let nation = &mut self.nations[importer];
        (nation.duties, nation.price) = (duties, paid / paid_before);
        nation.imports = by_origin.iter().enumerate().filter(|(origin, _)| *origin != importer).map(|x| x.1).sum();
        by_origin
    }

    fn advance(&mut self) {
        let r = self.nations.len();
        let mut bought = Vec::with_capacity(r);
        for importer in 0..r {
            let [a, b] = self.streams.draws(SPENDING, self.tick, importer as u64);
            let luck = if self.shocks { exp(SPENDING_SPREAD * normal(a, b)) } else { 1.0 };
            let nation = &mut self.nations[importer];
            let propensity = nation.base_consumption / nation.base_income;
            nation.consumption = luck * consumption(propensity, nation.income, nation.price);
            let demand = nation.consumption / nation.base_consumption;
            bought.push(self.trade(importer, demand));
        }
        for (at, nation) in self.nations.iter_mut().enumerate() {
            let abroad = bought.iter().enumerate().filter(|(importer, _)| *importer != at);
            let exports = abroad.map(|(_, by_origin)| by_origin[at]).sum();
            nation.income = income(nation.consumption, nation.autonomous, exports, nation.imports);
        }
        self.tick += 1;
    }
}

/// Unit of what is in prices of the base year.
const REAL: &str = "minor units a tick at base-year prices";
/// Real income of the base year.
const BASE: &str = "base_real_gdp";

/// What is recorded of a region.
type Recorded = (&'static str, &'static str, &'static str, &'static str, fn(&Nation) -> f64);
const RECORDED: [Recorded; 5] = [
    ("real_gdp", REAL, "real income", "consumption, autonomous spending and exports less imports", |x| x.income),
    ("real_consumption", REAL, "real consumption", "share of income spent in the base year", |x| x.consumption),
    ("real_imports", REAL, "real imports", "before duties", |x| x.imports),
    ("consumer_price", "1", "price of the base-year purchases, 1 in the base year", "moved by duties alone", |x| {
        x.price
    }),
    ("budget_duties", "minor units a tick", "duties paid", "duty times purchases", |x| x.duties),
];

impl Model for Multiplier {
    type Setup = Setup;
    type Snapshot = Self;

    fn build(setup: &Setup) -> Result<Self, Fault> {
        let base = base_year(setup)?;
        let (r, g) = (base.regions.len(), base.products);
        let purchases = Grid::<Border, f64>::from_fn([r, r, g], |cell| for_all_purposes(&base.flow, cell));
        let between = |importer: usize, origin: usize| -> f64 {
            let row = (Importer(importer), Origin(origin));
            if importer == origin { 0.0 } else { purchases.row(row).iter().sum() }
        };
        let codes = setup.calibration.codes().regions;
        let nation = |(at, (region, code)): (usize, (&crate::world::base::BaseRegion, String))| {
            let (base_income, base_consumption) =
                (region.gdp - region.duties.iter().sum::<f64>(), region.consumption.iter().sum::<f64>());
            let imports: f64 = (0..r).map(|origin| between(at, origin)).sum();
            let exports: f64 = (0..r).map(|importer| between(importer, at)).sum();
            let autonomous = base_income - base_consumption - exports + imports;
            let (income, consumption) = (base_income, base_consumption);
            Nation {
                code,
                base_income,
                base_consumption,
                autonomous,
                income,
                consumption,
                imports,
                price: 1.0,
                duties: 0.0,
            }
        };
        let nations = base.regions.iter().zip(codes).enumerate().map(nation).collect();
        let Setup { schedule, settings, .. } = setup;
        let elasticity = base.elasticity.clone();
        let streams = Streams::new(settings.seed);
        Ok(Self {
            streams,
            shocks: settings.shocks,
            schedule: schedule.clone(),
            tick: 0,
            nations,
            purchases,
            elasticity,
        })
    }

    fn step(&mut self) -> Result<Vec<String>, Fault> {
        self.advance();
        let lost = self.nations.iter().find(|nation| !nation.income.is_finite());
        lost.map_or(Ok(Vec::new()), |nation| Err(Fault::Range(format!("income of {} has no value", nation.code))))
    }

    fn tick(&self) -> u32 {
        self.tick
    }

    fn digest(&self) -> TickDigest {
        let mut digest = TickDigest::new(self.tick);
        // Everything but the schedule, which says of its measures where they were written; its rates of this tick instead.
        digest.part("nations", |digest| {
            digest.serializable(&self.nations).expect("numbers and texts can be encoded");
        });
        digest.part("given", |digest| {
            digest.value(self.streams.seed()).value(self.shocks).value(self.tick);
            digest.slice(self.purchases.as_slice()).slice(&self.elasticity);
            digest.slice(self.schedule.at(self.tick).tariffs.as_slice());
        });
        digest
    }

    fn snapshot(&self) -> Self {
        self.clone()
    }

    fn restore(snapshot: Self) -> Result<Self, Fault> {
        let (r, g) = (snapshot.nations.len(), snapshot.elasticity.len());
        let fits = r > 0
            && g > 0
            && snapshot.purchases.shape() == [r, r, g]
            && snapshot.schedule.base_tariffs().shape() == [r, r, g];
        if fits { Ok(snapshot) } else { Err(Fault::State("the state contradicts itself".to_owned())) }
    }

    fn under(snapshot: Self, setup: &Setup) -> Self {
        Self { schedule: setup.schedule.clone(), ..snapshot }
    }

    fn schema(&self, clock: Clock, _: Detail) -> Result<Schema, SchemaError> {
        let mut schema = Schema::new(clock);
        let region = schema.dimension(
            "region",
            "region",
            Labels::texts(self.nations.iter().map(|nation| nation.code.clone())),
        )?;
        for (name, unit, long_name, definition, _) in RECORDED {
            let spec = VariableSpec::new(name, Kind::F64, &[region]);
            schema.series(spec.units(unit).long_name(long_name).definition(definition))?;
        }
        let base = VariableSpec::new(BASE, Kind::F64, &[region]);
        schema.constant(
            base.units(REAL)
                .long_name("real income of the base year")
                .definition("product at market prices less duties"),
        )?;
        schema.digests(&self.digest().names())?;
        Ok(schema)
    }

    fn planned(setup: &Setup, clock: Clock) -> Result<Schema, Fault> {
        Ok(Self::build(setup)?.schema(clock, Detail::Full)?)
    }

    fn record_constants(&self, recorder: &mut Recorder) {
        let base: Vec<f64> = self.nations.iter().map(|nation| nation.base_income).collect();
        let variable = recorder.schema().variable(BASE).expect("declared by schema()");
        recorder.set_constant(variable, &base);
    }

    fn record(&mut self, _: Detail, recorder: &mut Recorder) {
        for (name, .., value) in RECORDED {
            let row: Vec<f64> = self.nations.iter().map(value).collect();
            recorder.push_named(name, &row);
        }
        recorder.push_digest(&self.digest());
        recorder.end_tick(self.tick - 1);
    }

    fn about(&self) -> Attributes {
        vec![("currency".to_owned(), CURRENCY.into())]
    }

    fn headline(&self) -> String {
        let (now, base): (f64, f64) =
            self.nations.iter().fold((0.0, 0.0), |sum, nation| (sum.0 + nation.income, sum.1 + nation.base_income));
        format!("income {:+.2} %", 100.0 * (now / base - 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    #[test]
    fn rules_by_hand() {
        // 0.6 of 200 at prices 20% higher.
        near(consumption(0.6, 200.0, 1.2), 100.0);
        // 10% more demand; a duty from 0 to 25% at elasticity 2 divides by 1.25 squared.
        near(purchased(100.0, 1.1, 0.25, 0.0, 2.0), 110.0 / 1.5625);
        near(income(60.0, 50.0, 20.0, 30.0), 100.0);
    }
}
