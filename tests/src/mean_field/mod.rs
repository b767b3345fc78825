//! Mean-field version of the economy: one representative firm per region-industry and one household
//! per region-decile, in `f64`, one month a step, without any draw.
//!
//! It follows the rules of `agents` at the level of averages and serves as an oracle: a run of the agent
//! version with its shocks off must answer a measure with the same sign and a similar size and speed.
//! All amounts are millions of US dollars of the base year a month (stocks: millions), in units of the
//! deterministic trend, so that the baseline is stationary. One unit of volume costs 1 in the base year.

mod base;
mod firms;
mod households;
mod market;
mod maths;
mod measures;
mod parameters;
mod policy;
mod record;
mod state;
mod tables;

pub use base::Base;
pub use measures::{Measure, RevenueUse, Scenario};
pub use parameters::{ExchangeRegime, Parameters};
pub use record::{Record, RegionMonth};
pub use state::{Flows, State};
pub use tables::Tables;

/// Household deciles of each region.
pub const DECILES: usize = 10;
/// Months in a year: one step is one month.
pub const MONTHS: f64 = 12.0;

/// A mean-field economy: constants, parameters, the scenario and the state it has reached.
#[derive(Debug, Clone)]
pub struct Economy {
    /// Calibrated constants.
    pub base: Base,
    /// Behavioural parameters.
    pub parameters: Parameters,
    /// Measures and shocks in force.
    pub scenario: Scenario,
    /// State at the end of the last month.
    pub state: State,
}

impl Economy {
    /// Calibrates an economy to `tables` and places it at its stationary baseline.
    #[must_use]
    pub fn new(tables: &Tables, parameters: Parameters, scenario: Scenario) -> Self {
        let base = Base::new(tables, &parameters);
        let state = State::new(&base, &parameters);
        Self { base, parameters, scenario, state }
    }

    /// Advances one month and returns its flows.
    ///
    /// The order is the one of the agent version: policy, landed prices and origin choice, plans,
    /// employment, production, household budgets, goods markets, payments and incomes, then prices, wages,
    /// the policy rate, exchange rates and expectations for the next month.
    pub fn step(&mut self) -> Flows {
        let (base, parameters) = (&self.base, &self.parameters);
        let state = &mut self.state;
        let mut flows = Flows::new(base);
        measures::apply(base, &self.scenario, state.month, &mut flows);
        market::update_landed_prices(base, state, &mut flows);
        market::update_shares(base, parameters, state, &flows);
        firms::plan_and_produce(base, parameters, state, &mut flows);
        households::set_budgets(base, parameters, state, &mut flows);
        households::order_for_retail(base, parameters, state, &mut flows);
        market::clear(base, parameters, state, &mut flows);
        households::receive(base, state, &mut flows);
        firms::receive(base, state, &mut flows);
        policy::settle_incomes(base, parameters, &self.scenario, state, &mut flows);
        households::update_prices(base, parameters, state, &mut flows);
        firms::update_prices(base, parameters, state, &flows);
        policy::update_wages(base, parameters, state, &flows);
        policy::update_rates(base, parameters, state);
        policy::update_exchange_rates(base, parameters, state);
        firms::update_expectations(parameters, state, &flows);
        state.month += 1;
        flows
    }

    /// Runs `months` months and records them.
    pub fn run(&mut self, months: usize) -> Record {
        let mut record = Record::new(&self.base);
        for _ in 0..months {
            let flows = self.step();
            record.push(&self.base, &self.state, &flows);
        }
        record
    }
}
