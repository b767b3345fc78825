//! Homes of units, and what they owe: prices, rents and rates that all face, and the money that moves.

use engine::money::{Money, round_half_even};

use super::Life;
use crate::accounts::Why;
use crate::components::{Household, Lineage};
use crate::households::homes::{PRICE_SPEED, rent, standing, worth_aimed_at};
use crate::paying::Sums;
use crate::state::{RegionState, Settings};

/// What homes are counted in: worth so many mean pays after tax of a month, at the base.
pub const UNIT: f64 = 0.001;

/// Interest on consumer credit above the policy rate, a year. Federal Reserve, G.19: rates on credit cards and personal loans less the
/// federal funds rate, some 8 to 15 points.
pub const CREDIT_PREMIUM: f64 = 0.08;

/// Worth of a unit of homes, money.
#[must_use]
pub fn unit_worth(life: &Life, state: &RegionState) -> f64 {
    UNIT * life.net * state.homes.price
}

/// Rents relative to the base.
#[must_use]
pub fn rents(state: &RegionState) -> f64 {
    rent(state.prices.consumer, state.demography.growth(), state.homes.relative())
}

/// Homes are built, or fall down, as capital that is homes grows, given it relative to the base: the fund owns and lets them.
pub fn build_homes(state: &mut RegionState, capital: f64) {
    let homes = &mut state.homes;
    let owned = homes.owned();
    homes.stock = standing(homes.stock_base, capital, owned);
    homes.let_out = homes.stock - owned;
}

/// What homes and debts cost in a region in a tick.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    life: &'a Life,
    /// Worth of a unit of homes, money.
    pub worth: f64,
    /// Part of it that is a gain against consumer prices since the base.
    pub gain: f64,
    /// Rent of a unit of homes, money a tick.
    pub rent: f64,
    /// Interest on mortgages, per tick.
    pub mortgage: f64,
    /// On consumer credit, per tick.
    pub credit: f64,
    /// Whether the fund has money to buy homes.
    pub fund_buys: bool,
    /// Months in a tick.
    months: f64,
}

impl<'a> Terms<'a> {
    /// Of a region.
    ///
    /// Rule: rents are paid out of dividends of the fund, before all others; where these do not do, all owners get less.
    #[must_use]
    pub fn of(life: &'a Life, state: &RegionState, settings: &Settings) -> Self {
        let unit = UNIT * life.net;
        let owned = state.homes.owned() as f64;
        let rent = life.setting.homes.rent / 12.0 * settings.months_per_tick() * unit * rents(state);
        let paid = (state.fund.dividends.max(0) as f64 / (rent * owned).max(1.0)).min(1.0);
        // Rule: nobody is paid for owing.
        let rate = |rate: f64| settings.per_tick(rate.max(0.0));
        Self {
            life,
            worth: unit_worth(life, state),
            gain: 1.0 - (state.prices.consumer / state.homes.price.max(f64::MIN_POSITIVE)),
            rent: rent * paid,
            mortgage: rate(state.rates.loans),
            credit: rate(state.rates.policy_rate + CREDIT_PREMIUM),
            fund_buys: state.fund.reserve > 0,
            months: settings.months_per_tick(),
        }
    }

    /// Worth of a home, money.
    #[must_use]
    #[inline]
    pub fn value(&self, lineage: &Lineage) -> f64 {
        f64::from(lineage.homes) * self.worth
    }

    /// Rents that a unit receives in the tick, and interest that it pays on its home and on consumer credit.
    #[must_use]
    #[inline]
    pub fn flows(&self, lineage: &Lineage) -> [Money; 3] {
        let interest = |debt: Money, rate: f64| round_half_even(debt as f64 * rate);
        [
            (f64::from(lineage.homes) * self.rent) as Money,
            interest(lineage.mortgage(), self.mortgage),
            interest(lineage.consumer_credit(), self.credit),
        ]
    }

    /// What is spent of what the home has gained against consumer prices, money a tick; the indebted spend more.
    ///
    /// Equation: `k g P (1 + D / P) / 12`, with the share `k` spent a year, the gained part `g` of the worth `P`, and debt `D`.
    /// Source: Mian, Rao and Sufi (2013), household balance sheets: five to seven cents of a dollar, more by the indebted.
    #[must_use]
    #[inline]
    pub fn gains(&self, lineage: &Lineage) -> f64 {
        let worth = self.value(lineage);
        // Bound of the rule: who owes more than the home is worth spends as one who owes all of it.
        let levered = 1.0 + (lineage.debt as f64 / worth.max(1.0)).min(1.0);
        self.life.setting.homes.spent * self.gain * worth * levered * self.months / 12.0
    }

    /// What a unit can still borrow, money.
    #[must_use]
    #[inline]
    pub fn room(&self, lineage: &Lineage, permanent: f64) -> f64 {
        let Life { setting, .. } = self.life;
        if lineage.owns() {
            setting.homes.room(self.value(lineage), lineage.debt as f64)
        } else {
            setting.credit.most * permanent
        }
    }

    /// A home goes to the fund, which lets it; what was owed for it is repaid, or owed without it. Returns how much of homes was sold.
    pub fn sell(&self, household: &mut Household, lineage: &mut Lineage, paid: &mut Sums) -> i64 {
        let (sold, worth, owed) = (lineage.homes, self.value(lineage) as Money, lineage.mortgage());
        if sold == 0 || !self.fund_buys {
            return 0;
        }
        paid.add(Why::HomesSold, worth);
        paid.add(Why::MortgagesRepaid, owed);
        (lineage.homes, lineage.debt) = (0, 0);
        settle(household.deposits + worth - owed, household, lineage, paid);
        sold.into()
    }

    /// A tenant who has come by the chance buys a home, if there is one, out of money beyond the budget and shares. Returns how much it buys
    /// and what it needs to sell of its shares, money.
    #[must_use]
    pub fn wanted(&self, permanent: f64, spare: f64, equity: f64) -> Option<Purchase> {
        let homes = &self.life.setting.homes;
        // Bound of the rule: nobody owns more than a number holds.
        let units = (homes.worth * 12.0 * permanent / (UNIT * self.life.net)).min(f64::from(u32::MAX)) as u32;
        let price = (f64::from(units) * self.worth) as Money;
        let loan = homes.loan(price as f64, permanent, self.mortgage) as Money;
        let down = price - loan;
        let spare = (spare.max(0.0) as Money).min(down);
        ((spare as f64) + equity > down as f64 && units > 0).then_some(Purchase {
            units,
            price,
            loan,
            of_shares: down - spare,
        })
    }
}

/// A home that is about to be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// How much of homes.
    pub units: u32,
    /// Its price, money.
    pub price: Money,
    /// The mortgage, money.
    pub loan: Money,
    /// What shares are sold for it, money.
    pub of_shares: Money,
}

impl Purchase {
    /// The home and the mortgage are the household's; shares have been sold.
    pub fn carry_out(self, household: &mut Household, lineage: &mut Lineage, paid: &mut Sums) {
        paid.add(Why::MortgagesGranted, self.loan);
        paid.add(Why::HomesBought, self.price);
        household.deposits += self.loan - self.price;
        (lineage.homes, lineage.debt) = (self.units, self.loan);
    }
}

/// What a unit has after all payments, money, less what it owes if it owns no home: what is short is borrowed, what was borrowed without
/// a home is repaid as far as money goes.
#[inline]
pub fn settle(liquid: Money, household: &mut Household, lineage: &mut Lineage, paid: &mut Sums) {
    let (kept, granted, repaid) = if lineage.owns() {
        (lineage.debt, Why::MortgagesGranted, Why::MortgagesRepaid)
    } else {
        (0, Why::CreditGranted, Why::CreditRepaid)
    };
    let debt = kept + (-liquid).max(0);
    let change = debt - lineage.debt;
    paid.add(if change > 0 { granted } else { repaid }, change.abs());
    (household.deposits, lineage.debt) = (liquid.max(0), debt);
}

/// Price of homes a tick later, given the long rate of the base and what is asked for beyond it, of measures.
pub fn value_homes(state: &mut RegionState, (base_rate, premium): (f64, f64), settings: &Settings) {
    let rents = rents(state);
    let homes = &mut state.homes;
    if homes.stock == 0 {
        return;
    }
    let owned = homes.owned() as f64 / homes.owned_base / homes.relative();
    let aim = worth_aimed_at(rents, (state.rates.long + premium, base_rate), owned);
    homes.price += (aim - homes.price) * (1.0 - engine::math::pow(1.0 - PRICE_SPEED, settings.months_per_tick()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{life, near};

    fn state() -> RegionState {
        let mut state = RegionState::default();
        (state.prices.consumer, state.homes.price) = (1.0, 1.0);
        (state.homes.stock, state.homes.let_out, state.homes.owned_base) = (1_000_000, 400_000, 600_000.0);
        (state.rates.loans, state.rates.policy_rate) = (0.03, 0.01);
        (state.fund.dividends, state.fund.reserve) = (1_000_000_000, 1);
        state
    }

    fn settings() -> Settings {
        Settings { seed: 1, ticks_per_year: 12, audit_stops: true, shocks: false }
    }

    #[test]
    fn new_homes_are_let_and_lower_rents_and_prices() {
        let mut state = state();
        (state.homes.stock_base, state.rates.long) = (1_000_000.0, 0.01);
        // As many as at the base, then a tenth more.
        build_homes(&mut state, 1.0);
        assert_eq!((state.homes.stock, state.homes.let_out), (1_000_000, 400_000));
        build_homes(&mut state, 1.1);
        assert_eq!((state.homes.stock, state.homes.let_out, state.homes.owned()), (1_100_000, 500_000, 600_000));
        near(rents(&state), 1.0 / 1.1);
        value_homes(&mut state, (0.01, 0.0), &settings());
        // Rents of 1 / 1.1, and the root of the share that is owned, 1 / 1.1.
        near(state.homes.price, 1.0 + (1.0 / (1.1 * 1.1_f64.sqrt()) - 1.0) / 12.0);
    }

    #[test]
    fn homes_yield_rents_and_debts_cost_interest() {
        let (life, state) = (life(), state());
        let terms = Terms::of(&life, &state, &settings());
        // A thousandth of 900; 4% a year of it.
        near(terms.worth, 0.9);
        near(terms.rent, 0.003);
        let owner = Lineage { homes: 20_000, debt: 9_000, ..Lineage::default() };
        // 9000 x 0.03 / 12 = 22.5, half to even.
        assert_eq!(terms.flows(&owner), [60, 22, 0]);
        // Without a home: 9% a year.
        assert_eq!(terms.flows(&Lineage { homes: 0, ..owner }), [0, 0, 68]);
        // Dividends that do for half of the rents only.
        let mut poor = state;
        poor.fund.dividends = 900;
        near(Terms::of(&life, &poor, &settings()).rent, 0.001_5);
    }

    #[test]
    fn what_is_short_is_borrowed_and_repaid_first() {
        let (mut household, mut lineage, mut paid) = (Household::default(), Lineage::default(), Sums::default());
        settle(-50, &mut household, &mut lineage, &mut paid);
        assert_eq!((household.deposits, lineage.debt, paid.of(Why::CreditGranted)), (0, 50, 50));
        settle(30, &mut household, &mut lineage, &mut paid);
        assert_eq!((household.deposits, lineage.debt, paid.of(Why::CreditRepaid)), (30, 0, 50));
        (lineage.homes, lineage.debt) = (10, 500);
        settle(-20, &mut household, &mut lineage, &mut paid);
        assert_eq!((household.deposits, lineage.debt, paid.of(Why::MortgagesGranted)), (0, 520, 20));
    }

    #[test]
    fn a_home_is_bought_and_sold_and_what_it_does_not_bring_is_owed() {
        let (mut life, state) = (life(), state());
        (life.setting.homes.worth, life.setting.homes.loan) = (1.7, 0.9);
        let terms = Terms::of(&life, &state, &settings());
        // 1.7 years of 900: 20,400 units of 0.9; nine tenths of 18,360 are lent; 300 of the rest come out of shares.
        let wanted = terms.wanted(900.0, 1_536.0, 400.0).expect("can pay");
        assert_eq!(wanted, Purchase { units: 20_400, price: 18_360, loan: 16_524, of_shares: 300 });
        assert_eq!(terms.wanted(900.0, 1_536.0, 299.0), None);
        let (mut household, mut lineage, mut paid) =
            (Household { deposits: 2_000, ..Household::default() }, Lineage::default(), Sums::default());
        wanted.carry_out(&mut household, &mut lineage, &mut paid);
        assert_eq!((household.deposits, lineage.homes, lineage.debt), (164, 20_400, 16_524));
        // At half the price it brings 9180; with deposits of 164, 7180 are still owed.
        let fallen = Terms { worth: 0.45, ..terms };
        assert_eq!(fallen.sell(&mut household, &mut lineage, &mut paid), 20_400);
        assert_eq!((household.deposits, lineage.homes, lineage.consumer_credit()), (0, 0, 7_180));
        assert_eq!(
            [Why::HomesSold, Why::MortgagesRepaid, Why::CreditGranted].map(|why| paid.of(why)),
            [9_180, 16_524, 7_180]
        );
    }

    #[test]
    fn gains_are_spent_the_more_the_more_is_owed() {
        let (life, mut state) = (life(), state());
        state.homes.price = 1.25;
        let terms = Terms::of(&life, &state, &settings());
        let owner = Lineage { homes: 16_000, debt: 9_000, ..Lineage::default() };
        // Of 18,000 a fifth is gained; 4% a year of it, half as much again since half is owed.
        near(terms.gains(&owner), life.setting.homes.spent * 0.2 * 18_000.0 * 1.5 / 12.0);
        near(terms.gains(&Lineage::default()), 0.0);
    }

    #[test]
    fn prices_of_homes_follow_rents_rates_and_owners() {
        let mut state = state();
        state.rates.long = 0.01;
        value_homes(&mut state, (0.01, 0.0), &settings());
        near(state.homes.price, 1.0);
        // A point more: 4 over 5, of which a twelfth in a month.
        state.rates.long = 0.02;
        value_homes(&mut state, (0.01, 0.0), &settings());
        near(state.homes.price, 1.0 - 0.2 / 12.0);
        // The same where the rate has not risen but a point more is asked for.
        (state.rates.long, state.homes.price) = (0.01, 1.0);
        value_homes(&mut state, (0.01, 0.01), &settings());
        near(state.homes.price, 1.0 - 0.2 / 12.0);
    }
}
