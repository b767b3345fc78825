//! What tenths need and what they buy beyond it, from what they buy in the base year.

use engine::grid::Grid;

use crate::axes::{Decile, Slot};
use crate::components::Household;
use crate::geography::DECILES;
use crate::parameters::Parameters;
use crate::state::HouseholdRule;

/// Linear expenditure system by decile (Stone 1954): subsistence from the smallest basket, marginal shares so that the
/// decile's households, each with its own budget, together buy the base-year basket at base prices. A household that
/// cannot pay for subsistence buys as much of it as it can.
pub fn baskets(
    bought: &Grid<(Decile, Slot), f64>,
    consumer_price: &[f64],
    p: &Parameters,
    count: &[usize; DECILES],
    purses: &[Household],
    rule: &mut HouseholdRule,
) {
    let slots = consumer_price.len();
    let per_head = |d: usize, s: usize| bought[(Decile(d), Slot(s))] / count[d] as f64;
    rule.subsistence = (0..slots)
        .map(|s| p.households.subsistence_share * (0..DECILES).map(|d| per_head(d, s)).fold(f64::INFINITY, f64::min))
        .collect();
    let floor: f64 = rule.subsistence.iter().zip(consumer_price).map(|(q, price)| q * price).sum();
    let mut scale = [0.0; DECILES];
    for purse in purses {
        let budget = purse.budget as f64;
        let d = purse.decile as usize;
        scale[d] += (budget / floor).min(1.0);
    }
    (rule.marginal_share, rule.base_share) = (Grid::filled([DECILES, slots], 0.0), Grid::filled([DECILES, slots], 0.0));
    for d in 0..DECILES {
        let decile = (Decile(d),);
        let volume = bought.row(decile);
        let spending: f64 = volume.iter().zip(consumer_price).map(|(q, price)| q * price).sum();
        let above: Vec<f64> =
            (0..slots).map(|s| (volume[s] - rule.subsistence[s] * scale[d]) * consumer_price[s]).collect();
        rule.marginal_share.row_mut(decile).copy_from_slice(&marginal_shares(&above));
        for ((share, q), price) in rule.base_share.row_mut(decile).iter_mut().zip(volume).zip(consumer_price) {
            *share = q * price / spending;
        }
    }
}

/// Shares of each slot in what a decile spends above subsistence, from what it buys `above` it in the base year.
///
/// They sum to one whatever the budgets of the first tick can pay for: with more than one in all, households would pay more
/// than they have. A decile that buys nothing above subsistence has no shares.
fn marginal_shares(above: &[f64]) -> Vec<f64> {
    let basket: f64 = above.iter().sum();
    above.iter().map(|x| x / basket.max(f64::MIN_POSITIVE)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_household_spends_more_than_its_budget() {
        assert_eq!(marginal_shares(&[3.0, 1.0, 0.0]), [0.75, 0.25, 0.0]);
        assert_eq!(marginal_shares(&[0.0; 3]), [0.0; 3], "nothing is bought above subsistence");
    }
}
