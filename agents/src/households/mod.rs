//! Households: income, taxes, saving and the consumption budget.

pub mod income;
pub mod windfall;
