//! Households: income, taxes, saving and the consumption budget.

pub mod alone;
pub mod attachment;
pub mod demography;
pub mod earnings;
pub mod homes;
pub mod income;
pub mod lives;
pub mod lottery;
pub mod posts;
pub mod saving;
pub mod wages;
pub mod worth;
