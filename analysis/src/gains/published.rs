//! From what is published of duties by tenth to what the model finds, step by step.
//!
//! Published figures are static: the rise of prices of what a tenth buys, times what it spends of its income. In surveys the poorest tenth
//! spends far more than the income of the year, so it loses the most. In a run households earn, borrow and save, and prices, wages,
//! jobs, profits and taxes change together. The steps lead from the one to the other and add up to the change of real income.

use super::channels::CHANNELS;
use super::{Figure, Sums};

/// What is neither wages, jobs, profits nor taxes: the published figure, and two steps from it to the channel of prices.
pub const STEPS: usize = 3;

/// Their names, and those in Chinese.
pub const NAMES: [[&str; 2]; STEPS] = [
    ["prices, spending as in surveys", "价格（按调查中的支出）"],
    ["spending as in the model", "改按模型中的支出"],
    ["prices of what is saved", "储蓄部分的价格"],
];

impl Sums {
    /// Consumption over real income without the policy.
    #[must_use]
    pub fn spent(&self) -> f64 {
        self.consumption[0] as f64 / self.real[0] as f64
    }

    /// A step, percent of the real income that there is without the policy.
    ///
    /// Equation: `-pi s`, `-pi (c - s)` and `P + pi c`, with the rise `pi` of prices of what is bought without the policy, its part `c` in
    /// income, that in surveys `s`, and the channel `P` of prices.
    /// Source: static incidence, Budget Lab at Yale (2025); the steps are ours.
    #[must_use]
    pub fn step(&self, step: usize) -> f64 {
        let spends = -100.0 * self.basket as f64 / self.real[0] as f64;
        let published = spends * self.surveyed / self.spent();
        match step {
            0 => published,
            1 => spends - published,
            _ => self.figure(Figure::Channel(0)) - spends,
        }
    }
}

/// All steps, and the change of real income to which they add up.
#[must_use]
pub fn figures() -> Vec<Figure> {
    let steps = (0..STEPS).map(Figure::Step);
    steps.chain((1..CHANNELS).map(Figure::Channel)).chain([Figure::Income]).collect()
}
