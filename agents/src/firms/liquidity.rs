//! What firms mean to keep in the bank.

use crate::parameters::list::Firms;

/// Deposits a firm aims at, money.
///
/// Equation: `L = m / n d p`, with the months `m` of turnover that are covered, months in a tick `n`, and the turnover of a tick that is
/// expected: demand `d`, volume, at the price `p`.
/// Source: Mulligan (1997), Journal of Political Economy 105(5): cash of firms rises with their sales at an elasticity of about 0.8; Bover and
/// Watson (2001), CEPR DP2818, find 0.7 to 1. In proportion here.
#[must_use]
pub fn liquidity_target(p: &Firms, months_per_tick: f64, demand: f64, price: f64) -> f64 {
    p.liquidity_target / months_per_tick * demand * price
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{near, parameters};

    #[test]
    fn a_firm_keeps_months_of_turnover() {
        let p = Firms { liquidity_target: 1.5, ..parameters().firms };
        // A month and a half of sales of 40 at 5; of a quarter's 120, half a tick.
        near(liquidity_target(&p, 1.0, 40.0, 5.0), 300.0);
        near(liquidity_target(&p, 3.0, 120.0, 5.0), 300.0);
    }
}
