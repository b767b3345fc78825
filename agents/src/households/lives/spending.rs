//! What a unit buys with what it has received: shares, a home, its budget for shops; what it owes in the end.

use engine::math::smaller;
use engine::money::{Money, round_half_even};
use engine::rng::unit;

use super::begins;
use super::homes::settle;
use super::payday::{Market, Standing, YEAR};
use crate::accounts::Why;
use crate::components::{Household, Lineage};
use crate::households::alone::nearly_normal;
use crate::households::homes::WRITTEN_OFF_FROM;
use crate::households::saving::{Intent, luck, return_weight};
use crate::paying::Sums;

/// What a unit did, beyond what is posted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// Shares bought less sold, number.
    pub shares: i64,
    /// Homes bought less sold, in their units.
    pub homes: i64,
    /// Shares weighted by the unit's returns.
    pub weighted: f64,
}

/// Notes what shares cost, or brought.
fn post_trade(cost: Money, paid: &mut Sums) {
    paid.add(if cost > 0 { Why::SharesBought } else { Why::SharesSold }, cost.abs());
}

impl Market<'_> {
    /// What a unit does with what it has received: budget, shares, home and debts. A zone has so much of homes for sale.
    #[inline]
    pub fn spend(
        &self,
        id: u64,
        (household, lineage): (&mut Household, &mut Lineage),
        (standing, plan): (&Standing, Intent),
        for_sale: i64,
        paid: &mut Sums,
    ) -> Done {
        let (life, terms) = (self.life, &self.terms);
        let &Standing { ref means, mut liquid, repayment, sold, .. } = standing;
        // Rule: nobody buys shares with money that is not there.
        let (mut shares, cost) = self.trade(household, smaller(plan.shares, liquid.max(0) as f64));
        post_trade(cost, paid);
        liquid -= cost + repayment;
        paid.add(Why::MortgagesRepaid, repayment);
        lineage.debt -= repayment;
        let wish = plan.scaled(life.spending * self.scale) + terms.gains(lineage);
        let room = terms.room(lineage, means.permanent);
        // Rule: nobody spends what is neither there nor lent.
        let budget = round_half_even(smaller(wish, liquid as f64 + room).max(0.0));
        settle(liquid - budget, household, lineage, paid);
        household.deposits += budget;
        household.budget = budget;
        let mut homes = -sold;
        let drawn = unit(self.keys[3].with(id)) < self.buys_home;
        if drawn && !lineage.owns() && lineage.debt == 0 && !means.retired && means.relative > life.setting.homes.least
        {
            let equity = if self.buys_back { household.fund_shares as f64 * self.price } else { 0.0 };
            let wanted = terms.wanted(means.permanent, (household.deposits - budget) as f64, equity);
            if let Some(home) = wanted.filter(|home| i64::from(home.units) <= for_sale) {
                let sold = self.trade(household, -(home.of_shares as f64) - self.price);
                post_trade(sold.1, paid);
                household.deposits -= sold.1;
                shares += sold.0;
                home.carry_out(household, lineage, paid);
                homes += i64::from(home.units);
            }
        } else if lineage.consumer_credit() as f64 > WRITTEN_OFF_FROM * life.setting.credit.most * means.permanent {
            paid.add(Why::CreditWrittenOff, lineage.debt);
            lineage.debt = 0;
        }
        self.venture(id, household, lineage);
        Done { shares, homes, weighted: f64::from(lineage.returns) * household.fund_shares as f64 }
    }

    /// Buys or sells shares for about so much money: their number and what they cost, both below zero where sold.
    fn trade(&self, household: &mut Household, money: f64) -> (i64, Money) {
        let wanted = (money / self.price) as i64;
        let number = if wanted < 0 && !self.buys_back { 0 } else { wanted.max(-household.fund_shares) };
        household.fund_shares += number;
        (number, (number as f64 * self.price) as Money)
    }

    /// Luck of what is not spread over many firms: once a year a holding grows or shrinks against others.
    fn venture(&self, id: u64, household: &mut Household, lineage: &mut Lineage) {
        if !begins(self.tick, id, YEAR) {
            return;
        }
        let drawn = luck(nearly_normal(self.keys[0].with(id)), self.life.setting.returns.luck);
        household.fund_shares = round_half_even(household.fund_shares as f64 * drawn);
        if unit(self.keys[2].with(id)) < self.anew {
            let spread = self.life.setting.returns.spread;
            lineage.returns = return_weight(nearly_normal(self.keys[1].with(id)), spread) as f32;
        }
    }
}
