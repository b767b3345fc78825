//! What a unit receives in a tick, what it means to spend and what it buys or sells of the fund.

use engine::math::pow;
use engine::money::{Money, ad_valorem, round_half_even};
use engine::rng::{Key, unit};

use super::homes::{Terms, settle};
use super::{Draw, Life, begins};
use crate::accounts::Why;
use crate::components::{Career, Household, Lineage, Person, Status};
use crate::given::Given;
use crate::households::alone::nearly_normal;
use crate::households::homes::WRITTEN_OFF_FROM;
use crate::households::saving::{
    HIGHEST_TAX, LEAST_EXPECTED, Means, assistance, luck, permanent_income, relative, return_weight, spending_scale,
};
use crate::panel::Receipts;
use crate::paying::Sums;
use crate::state::RegionState;
use crate::statistics::polarization::sample::{EQUIVALENCE, needs};

/// What every unit of a region faces in a tick.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a> {
    /// How people live.
    pub life: &'a Life,
    /// What homes and debts cost.
    pub terms: Terms<'a>,
    /// Chance that a tenant buys a home.
    pub buys_home: f64,
    /// Rate of tax, measures and the debt rule included, a fraction.
    pub tax: f64,
    /// Mixed income, money a money of wages.
    pub mixed: f64,
    /// Dividends, money a weighted share.
    pub dividends: f64,
    /// What the fund returns to its owners, money a weighted share.
    pub returns: f64,
    /// On deposits, per tick.
    pub interest: f64,
    /// Price of a share, money.
    pub price: f64,
    /// At the base, in present money.
    pub usual_price: f64,
    /// Whether the fund buys shares back: not where it has nothing left to do so.
    pub buys_back: bool,
    /// Weight of new income in permanent income.
    pub smoothing: f64,
    /// Wages relative to the base.
    pub wages: f64,
    /// Consumption relative to plan: rates of interest and the demand shock.
    pub scale: f64,
    /// Months in a tick.
    pub months: f64,
    /// Equal payment to every person, money.
    pub lump_sum: f64,
    /// Pensions and assistance relative to entitlement, without the index of prices.
    pub transfers: f64,
    /// Keys of the draws of luck, of returns, of whether these are drawn anew and of who buys a home.
    pub keys: [Key; 4],
    /// Chance that returns are drawn anew in a year.
    pub anew: f64,
    /// The tick.
    pub tick: u64,
}

/// What the members of a unit earn in a tick, and what they are entitled to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Earned {
    /// Wages and severance pay.
    pub wage: Money,
    /// Unemployment benefits and allowances for courses.
    pub benefit: Money,
    /// Pensions.
    pub pension: Money,
    /// What they are topped up by.
    pub pension_supplement: Money,
    /// Child benefits.
    pub child_benefit: Money,
    /// What the unit won by lot.
    pub prize: Money,
    /// Whether they live on pensions.
    pub retired: bool,
}

/// What a unit received and did, beyond what is posted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Received {
    /// What came in, by source.
    pub receipts: Receipts,
    /// Shares bought less sold, number.
    pub shares: i64,
    /// Homes bought less sold, in their units.
    pub homes: i64,
    /// Share weighted by the unit's returns.
    pub weighted: f64,
}

/// What a unit has received in a tick.
#[derive(Clone, Copy)]
struct Got {
    /// Income but from capital, rents of its home in it, less interest on it.
    income: Money,
    /// Income from capital, less interest on consumer credit.
    capital: Money,
    /// What it won by lot.
    prize: Money,
    /// Permanent income.
    permanent: f64,
    /// What its members need relative to a person living alone.
    size: f64,
    /// Whether it lives on pensions.
    retired: bool,
}

/// Notes what shares cost, or brought.
fn post_trade(cost: Money, paid: &mut Sums) {
    paid.add(if cost > 0 { Why::SharesBought } else { Why::SharesSold }, cost.abs());
}

/// Ticks after which luck strikes a holding again: a year of months. Holdings take turns.
const YEAR: u64 = 12;

/// Posts what a unit received, and what it owed of it.
fn post(received: &Receipts, paid: &mut Sums) {
    for (why, amount) in [
        (Why::IncomeTax, received.income_tax),
        (Why::UnemploymentBenefits, received.benefits),
        (Why::Transfers, received.pensions + received.assistance + received.lump_sum),
        (Why::ChildBenefits, received.child_benefits),
        (Why::PensionSupplements, received.pension_supplements),
        (Why::FundPayout, received.dividends),
        (Why::MixedIncome, received.mixed_income),
        (Why::FundReturns, received.fund_returns),
        (Why::DepositInterest, received.interest),
        (Why::HomeRents, received.rents),
        (Why::MortgageInterest, received.mortgage_interest),
        (Why::CreditInterest, received.credit_interest),
    ] {
        paid.add(why, amount);
    }
}

impl<'a> Market<'a> {
    /// What units of a region face in a tick, given the change of the rate of tax.
    #[must_use]
    pub fn of(given: &Given, life: &'a Life, state: &RegionState, tax_change: f64) -> Self {
        let Given { settings, p, tick, .. } = given;
        let (fund, treasury, rates) = (&state.fund, &state.treasury, &state.rates);
        let (pot, kept) = (fund.dividends.max(0) as f64, fund.reserve as f64);
        let returned = life.returned * state.prices.consumer;
        let a_weighted = |amount: f64| if fund.weighted > 0.0 { amount / fund.weighted } else { 0.0 };
        let terms = Terms::of(life, state, settings);
        let pot = pot - terms.rent * state.homes.owned() as f64;
        Self {
            life,
            terms,
            buys_home: settings.monthly(life.setting.homes.bought),
            tax: (life.tax + tax_change).clamp(0.0, HIGHEST_TAX),
            mixed: if fund.wages > 0.0 { life.mixed * pot / fund.wages } else { 0.0 },
            dividends: a_weighted((1.0 - life.mixed) * pot),
            // Rule: owners get back what is there, and are never asked for money.
            returns: a_weighted(returned.min(kept).max(0.0)),
            interest: settings.per_tick(rates.deposits),
            price: Self::price(life, state),
            usual_price: life.worth * state.prices.consumer / (fund.shares.max(1) as f64),
            buys_back: fund.reserve > 0,
            smoothing: 1.0 / life.setting.learning,
            wages: state.labour.wage_index,
            scale: spending_scale(
                p.households.rate_response,
                rates.policy_rate - rates.neutral_rate,
                state.shocks.demand,
            ),
            months: settings.months_per_tick(),
            lump_sum: treasury.lump_sum,
            transfers: treasury.debt_transfers,
            keys: [Draw::Luck, Draw::Returns, Draw::ReturnsAnew, Draw::Home]
                .map(|draw| draw.key(settings.seed, tick.0.into())),
            anew: 1.0 - pow(1.0 - settings.monthly(life.setting.returns.anew), YEAR as f64),
            tick: tick.0.into(),
        }
    }

    /// Price of a share: the worth of the fund, as its dividends say, over its shares.
    #[must_use]
    pub fn price(life: &Life, state: &RegionState) -> f64 {
        // Bound of the rule: a fund that expects losses is still worth a hundredth of its base, so that a share has a price.
        life.worth * state.fund.share_price.max(0.01) / (state.fund.shares.max(1) as f64)
    }

    /// Benefit of a person, with the allowance for a course in ticks of pay, and pension.
    #[must_use]
    pub fn entitled(&self, person: &Person, career: &Career, allowance: f64, index: f64) -> (Money, Money) {
        let benefit = &self.life.setting.benefit;
        let last = f64::from(career.last);
        if career.retired {
            return (0, round_half_even(last * index * self.transfers));
        }
        if person.status != Status::Unemployed {
            return (0, 0);
        }
        let paid = f64::from(person.tenure_ticks) * self.months < benefit.months;
        // Of last pay after tax: benefits are not taxed.
        let of_last = if paid { benefit.share * last * self.life.net / self.life.wage } else { 0.0 };
        (round_half_even((of_last + allowance * f64::from(person.efficiency)) * self.wages), 0)
    }

    /// A unit's receipts, taxes, purchases of shares and of a home, debts and budget. A zone has so much of homes for sale.
    pub fn receive(
        &self,
        id: u64,
        (household, lineage): (&mut Household, &mut Lineage),
        earned: Earned,
        (index, inflation): (f64, f64),
        for_sale: i64,
        paid: &mut Sums,
    ) -> Received {
        let life = self.life;
        let weight = f64::from(lineage.returns) * household.fund_shares as f64;
        let mixed = round_half_even(self.mixed * earned.wage as f64);
        let dividends = (weight * self.dividends) as Money;
        let returned = (weight * self.returns) as Money;
        let interest = (household.deposits.max(0) as f64 * self.interest) as Money;
        let [rents, on_home, for_spending] = self.terms.flows(lineage);
        let market = earned.wage + mixed + dividends + interest;
        let tax = ad_valorem(market.max(0), self.tax);
        let capital_tax = ad_valorem((dividends + interest).max(0), self.tax);
        let lump_sum = round_half_even(self.lump_sum * f64::from(household.members.count()));
        // What is not from capital, after tax.
        let entitled = earned.benefit + earned.pension + earned.pension_supplement + earned.child_benefit + lump_sum;
        let own = market - dividends - interest - (tax - capital_tax) + entitled;
        let capital = dividends + interest - capital_tax + returned;
        let size = needs(household.members.count().into(), EQUIVALENCE);
        let floor = life.setting.assistance.floor * life.net * index * self.transfers;
        let help = round_half_even(assistance((own + capital) as f64, floor, size, life.setting.assistance.disregard));
        // Of debts, interest on those that stand on homes is no more a cost of saving than rents are its fruits.
        let (income, capital) = (own + help + rents - on_home, capital - for_spending);
        let all = income + capital;
        household.labour_year += (earned.wage + mixed) as f32;
        household.net_year += (all + earned.prize) as f32;
        household.income_year += (market + entitled + help + earned.prize) as f32;
        let least = LEAST_EXPECTED * life.net * self.wages;
        let before = f64::from(household.income_permanent);
        // Rule: nobody expects less than the least; of a loss nothing is taxed.
        let permanent = permanent_income(before, income as f64, inflation, self.smoothing).max(least);
        household.income_permanent = permanent as f32;
        let mut receipts = Receipts {
            wages: earned.wage,
            mixed_income: mixed,
            dividends,
            fund_returns: returned,
            interest,
            rents,
            mortgage_interest: on_home,
            credit_interest: for_spending,
            income_tax: tax,
            benefits: earned.benefit,
            pensions: earned.pension,
            assistance: help + earned.prize,
            lump_sum,
            child_benefits: earned.child_benefit,
            pension_supplements: earned.pension_supplement,
            cash: 0,
        };
        post(&receipts, paid);
        let got = Got { income, capital, prize: earned.prize, permanent, size, retired: earned.retired };
        let (shares, homes) = self.spend(id, (household, lineage), got, for_sale, paid);
        receipts.cash = household.deposits;
        self.venture(id, household, lineage);
        Received { receipts, shares, homes, weighted: f64::from(lineage.returns) * household.fund_shares as f64 }
    }

    /// What a unit does with what it has received: budget, shares, home and debts. Returns shares and homes bought less sold.
    fn spend(
        &self,
        id: u64,
        (household, lineage): (&mut Household, &mut Lineage),
        got: Got,
        for_sale: i64,
        paid: &mut Sums,
    ) -> (i64, i64) {
        let Got { income, capital, prize, permanent, size, retired } = got;
        let (life, terms) = (self.life, &self.terms);
        let habits = &life.setting.habits;
        household.deposits += income + capital + prize;
        let mut liquid = household.deposits - lineage.consumer_credit();
        let due = |lineage: &Lineage| lineage.mortgage() as f64 / life.setting.homes.months * self.months;
        let room = terms.room(lineage, permanent);
        let mut traded = 0;
        if lineage.owns() && liquid as f64 + room - due(lineage) < habits.least * permanent {
            // Whoever cannot live on it sells the home.
            traded = -terms.sell(household, lineage, paid);
            liquid = household.deposits - lineage.consumer_credit();
        }
        let repayment = round_half_even(due(lineage));
        let means = Means {
            income: income as f64,
            capital: capital as f64,
            windfall: prize as f64,
            permanent,
            deposits: (liquid - income - capital - prize) as f64,
            equity: household.fund_shares as f64 * self.price,
            usual_equity: household.fund_shares as f64 * self.usual_price,
            relative: relative(permanent, size, life.median * self.wages),
            caution: lineage.caution.get(),
            retired,
            repayment: repayment as f64,
        };
        let plan = habits.plan(&means);
        // Rule: nobody buys shares with money that is not there.
        let bought = self.trade(household, plan.shares.min(liquid.max(0) as f64));
        post_trade(bought.1, paid);
        liquid -= bought.1 + repayment;
        paid.add(Why::MortgagesRepaid, repayment);
        lineage.debt -= repayment;
        let wish = plan.scaled(life.spending * self.scale) + terms.gains(lineage);
        let room = terms.room(lineage, permanent);
        // Rule: nobody spends what is neither there nor lent.
        let budget = round_half_even(wish.min(liquid as f64 + room).max(0.0));
        settle(liquid - budget, household, lineage, paid);
        household.deposits += budget;
        household.budget = budget;
        let mut shares = bought.0;
        let can = !lineage.owns() && lineage.debt == 0 && !retired && means.relative > life.setting.homes.least;
        if can && unit(self.keys[3].with(id)) < self.buys_home {
            let equity = if self.buys_back { household.fund_shares as f64 * self.price } else { 0.0 };
            let wanted = terms.wanted(permanent, (household.deposits - budget) as f64, equity);
            if let Some(home) = wanted.filter(|home| i64::from(home.units) <= for_sale) {
                let sold = self.trade(household, -(home.of_shares as f64) - self.price);
                post_trade(sold.1, paid);
                household.deposits -= sold.1;
                shares += sold.0;
                home.carry_out(household, lineage, paid);
                traded += i64::from(home.units);
            }
        } else if lineage.consumer_credit() as f64 > WRITTEN_OFF_FROM * life.setting.credit.most * permanent {
            paid.add(Why::CreditWrittenOff, lineage.debt);
            lineage.debt = 0;
        }
        (shares, traded)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::Members;
    use crate::state::Settings;
    use crate::testing::{life, near};

    fn market(life: &Life) -> Market<'_> {
        let settings = Settings { seed: 1, ticks_per_year: 12, audit_stops: true, shocks: false };
        Market {
            life,
            terms: Terms::of(life, &RegionState::default(), &settings),
            buys_home: 0.0,
            tax: 0.2,
            mixed: 0.1,
            dividends: 0.02,
            returns: 0.01,
            interest: 0.001,
            price: 5.0,
            usual_price: 5.0,
            buys_back: true,
            smoothing: 0.5,
            wages: 1.1,
            scale: 1.0,
            months: 1.0,
            lump_sum: 0.0,
            transfers: 1.0,
            keys: [Key::new(1, 1); 4],
            anew: 0.0,
            tick: 1,
        }
    }

    #[test]
    fn the_unemployed_get_a_share_of_their_last_pay_for_some_months_and_the_retired_a_pension() {
        let mut life = life();
        life.setting.benefit = crate::households::alone::setting::Benefit { share: 0.5, months: 6.0 };
        let market = market(&life);
        let idle = |tenure_ticks| Person {
            status: Status::Unemployed,
            tenure_ticks,
            efficiency: 2_000.0,
            ..Person::default()
        };
        let career = Career { last: 1_000.0, ..Career::default() };
        // Half of 1000 x 0.9 after tax, at wages 1.1 of the base.
        assert_eq!(market.entitled(&idle(5), &career, 0.0, 1.2), (495, 0));
        // After six months nothing but an allowance of a tenth of pay: 200 x 1.1.
        assert_eq!(market.entitled(&idle(6), &career, 0.1, 1.2), (220, 0));
        let retired = Career { retired: true, ..career };
        assert_eq!(market.entitled(&Person::default(), &retired, 0.0, 1.2), (0, 1_200));
    }

    #[test]
    fn what_a_unit_receives_is_posted_and_nothing_else() {
        let life = life();
        let market = market(&life);
        let start = Household {
            deposits: 3_000,
            fund_shares: 10_000,
            income_permanent: 900.0,
            members: Members::of(1),
            ..Household::default()
        };
        let (mut unit, mut lineage, mut paid) =
            (start, Lineage { returns: 1.0, ..Lineage::default() }, Sums::default());
        let earned = Earned { wage: 1_000, ..Earned::default() };
        let received = market.receive(11, (&mut unit, &mut lineage), earned, (1.0, 1.0), 0, &mut paid);
        // Wage 1000, mixed income 100, dividends 200, interest 3; a fifth of 1303 in tax; 100 are returned.
        assert_eq!([Why::MixedIncome, Why::FundPayout, Why::DepositInterest].map(|why| paid.of(why)), [100, 200, 3]);
        assert_eq!([Why::IncomeTax, Why::FundReturns, Why::Transfers].map(|why| paid.of(why)), [261, 100, 0]);
        assert_eq!((received.receipts.market(), received.receipts.disposable()), (1_303, 1_042));
        let bought = paid.of(Why::SharesBought) - paid.of(Why::SharesSold);
        assert_eq!(unit.deposits, 3_000 + 1_303 - 261 + 100 - bought);
        assert_eq!(unit.fund_shares, 10_000 + received.shares);
        // What is not from capital after tax is 880: 900 + (880 - 900) / 2, less the rounding of tax.
        assert!((f64::from(unit.income_permanent) - 890.0).abs() < 1.0);
        assert!(unit.budget > 0 && unit.budget <= unit.deposits);
    }

    #[test]
    fn a_prize_is_a_windfall_of_which_part_is_spent_at_once() {
        let life = life();
        let market = market(&life);
        let start =
            Household { deposits: 9_000, income_permanent: 900.0, members: Members::of(1), ..Household::default() };
        let with = |prize| {
            let (mut unit, mut paid) = (start, Sums::default());
            let earned = Earned { wage: 1_000, prize, ..Earned::default() };
            market.receive(11, (&mut unit, &mut Lineage::default()), earned, (1.0, 1.0), 0, &mut paid);
            (unit, paid)
        };
        let ((before, poor), (after, rich)) = (with(0), with(500));
        assert_eq!(rich.of(Why::Transfers) - poor.of(Why::Transfers), 500);
        // Of money that does not return nothing is learnt; spent is what is spent at once by whoever has a buffer.
        assert!((after.income_permanent - before.income_permanent).abs() < f32::EPSILON);
        near((after.budget - before.budget) as f64, (500.0 * life.setting.habits.at_once * life.spending).round());
        let bought = |paid: &Sums| paid.of(Why::SharesBought) - paid.of(Why::SharesSold);
        assert_eq!(after.deposits + bought(&rich) - before.deposits - bought(&poor), 500);
    }

    #[test]
    fn the_poor_are_helped_and_nobody_sells_what_a_fund_does_not_buy_back() {
        let life = life();
        let poor = Household {
            deposits: 0,
            fund_shares: 100,
            income_permanent: 100.0,
            members: Members::of(1),
            ..Household::default()
        };
        let mut paid = Sums::default();
        let market = Market { buys_back: false, dividends: 0.0, returns: 0.0, ..market(&life) };
        let mut unit = poor;
        market.receive(11, (&mut unit, &mut Lineage::default()), Earned::default(), (1.0, 1.0), 0, &mut paid);
        // The floor of a single person: 0.10 of 900.
        near(paid.of(Why::Transfers) as f64, 900.0 * life.setting.assistance.floor);
        assert_eq!((unit.fund_shares, paid.of(Why::SharesSold)), (100, 0));
    }

    #[test]
    fn returns_that_persist_weigh_shares_and_a_share_is_worth_its_part_of_the_fund() {
        let life = life();
        // exp(0.4 x 2)
        near(return_weight(2.0, 0.4), 2.225_540_928_492_5);
        let mut state = RegionState::default();
        (state.fund.share_price, state.fund.shares) = (1.2, 1_000);
        near(Market::price(&life, &state), 6_000.0);
    }
}
