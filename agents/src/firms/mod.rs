//! Firms: prices, plans, production, profit, entry and exit.

pub mod automation;
pub mod entry;
pub mod liquidity;
pub mod planning;
pub mod pricing;
pub mod production;
pub mod profit;
pub mod shares;
pub mod stocks;
