//! What a unit receives in a tick, what it means to spend and what it buys or sells of the fund.

use engine::math::{larger, pow};
use engine::money::{Money, ad_valorem, round_half_even};
use engine::rng::Key;

use super::homes::Terms;
use super::{Draw, Life};
use crate::accounts::Why;
use crate::components::{Career, Household, Lineage, Person};
use crate::given::Given;
use crate::households::saving::{
    HIGHEST_TAX, Intent, LEAST_EXPECTED, Means, Together, assistance, permanent_income, relative, spending_scale,
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
    /// Permanent income per equivalent adult of the middle household at these wages, money.
    pub median: f64,
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

/// A unit between what it has received and what it buys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    /// What came in, by source.
    pub receipts: Receipts,
    /// What it knows when it plans.
    pub means: Means,
    /// What its members need relative to a person living alone.
    size: f64,
    /// Deposits less consumer credit, money.
    pub(super) liquid: Money,
    /// Repayment of debt due, money.
    pub(super) repayment: Money,
    /// Homes sold, in their units.
    pub(super) sold: i64,
}

/// Ticks after which luck strikes a holding again: a year of months. Holdings take turns.
pub(super) const YEAR: u64 = 12;

/// Posts what units received, and what they owed of it.
pub fn post(received: &Receipts, paid: &mut Sums) {
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
            median: life.median * state.labour.wage_index,
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

    /// Pension of somebody retired, given the index of prices.
    #[must_use]
    #[inline]
    pub fn pension(&self, career: &Career, index: f64) -> Money {
        round_half_even(f64::from(career.last) * index * self.transfers)
    }

    /// Benefit of somebody unemployed, with the allowance for a course in ticks of pay.
    #[must_use]
    pub fn benefit(&self, person: &Person, career: &Career, allowance: f64) -> Money {
        let benefit = &self.life.setting.benefit;
        let last = f64::from(career.last);
        let paid = f64::from(person.tenure_ticks) * self.months < benefit.months;
        // Of last pay after tax: benefits are not taxed.
        let of_last = if paid { benefit.share * last * self.life.net / self.life.wage } else { 0.0 };
        round_half_even((of_last + allowance * f64::from(person.efficiency)) * self.wages)
    }

    /// A unit's receipts and taxes, and where it stands before it plans. Returns what it earned before
    /// tax and disposable income, money.
    #[inline]
    pub fn take_in(
        &self,
        (household, lineage): (&mut Household, &mut Lineage),
        earned: Earned,
        (index, inflation): (f64, f64),
        paid: &mut Sums,
        out: &mut Standing,
    ) -> [Money; 2] {
        let (life, terms) = (self.life, &self.terms);
        let weight = f64::from(lineage.returns) * household.fund_shares as f64;
        let mixed = round_half_even(self.mixed * earned.wage as f64);
        let dividends = (weight * self.dividends) as Money;
        let returned = (weight * self.returns) as Money;
        let interest = (household.deposits.max(0) as f64 * self.interest) as Money;
        let [rents, on_home, for_spending] = terms.flows(lineage);
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
        let came = income + capital + earned.prize;
        household.labour_year += (earned.wage + mixed) as f32;
        household.net_year += came as f32;
        household.income_year += (market + entitled + help + earned.prize) as f32;
        let least = LEAST_EXPECTED * life.net * self.wages;
        let before = f64::from(household.income_permanent);
        // Rule: nobody expects less than the least; of a loss nothing is taxed.
        let permanent = larger(permanent_income(before, income as f64, inflation, self.smoothing), least);
        household.income_permanent = permanent as f32;
        household.deposits += came;
        out.means = Means {
            income: income as f64,
            capital: capital as f64,
            windfall: earned.prize as f64,
            permanent,
            caution: lineage.caution.get(),
            retired: earned.retired,
            ..Means::default()
        };
        out.size = size;
        out.receipts = Receipts {
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
        self.stand((household, lineage), came, paid, out);
        // What the fund returns is no part of disposable income in the accounts.
        [market, came - returned]
    }

    /// Where a unit stands before it plans, given what has come in: whoever cannot live on it has sold the home.
    #[inline]
    fn stand(
        &self,
        (household, lineage): (&mut Household, &mut Lineage),
        came: Money,
        paid: &mut Sums,
        out: &mut Standing,
    ) {
        let (life, terms, permanent) = (self.life, &self.terms, out.means.permanent);
        let mut liquid = household.deposits - lineage.consumer_credit();
        let mut due = lineage.mortgage() as f64 / life.setting.homes.months * self.months;
        let mut sold = 0;
        let short = liquid as f64 + terms.room(lineage, permanent) - due < life.setting.habits.least * permanent;
        if short && lineage.owns() {
            // Whoever cannot live on it sells the home.
            sold = terms.sell(household, lineage, paid);
            liquid = household.deposits - lineage.consumer_credit();
            due = lineage.mortgage() as f64 / life.setting.homes.months * self.months;
        }
        (out.liquid, out.sold, out.repayment) = (liquid, sold, round_half_even(due));
        out.means.repayment = out.repayment as f64;
        out.means.deposits = (liquid - came) as f64;
        out.means.equity = household.fund_shares as f64 * self.price;
        out.means.usual_equity = household.fund_shares as f64 * self.usual_price;
    }

    /// What some units mean to do, at least one.
    pub fn plan<const N: usize>(&self, standings: &mut [Standing], plans: &mut [Intent; N]) {
        for standing in standings.iter_mut() {
            standing.means.relative = relative(standing.means.permanent, standing.size, self.median);
        }
        self.life.setting.habits.plan_all(&Together::of(standings.iter().map(|x| &x.means)), plans);
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_mut;

    use super::*;
    use crate::components::{Members, Status};
    use crate::households::lives::spending::Done;
    use crate::households::saving::return_weight;
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
            median: life.median * 1.1,
            scale: 1.0,
            months: 1.0,
            lump_sum: 0.0,
            transfers: 1.0,
            keys: [Key::new(1, 1); 4],
            anew: 0.0,
            tick: 1,
        }
    }

    /// A unit of row 11, where nothing is for sale, receives and spends; what came in and what it did.
    fn lives(
        market: &Market,
        (household, lineage): (&mut Household, &mut Lineage),
        earned: Earned,
        paid: &mut Sums,
    ) -> (Receipts, Done) {
        let mut standing = Standing::default();
        let summed = market.take_in((household, lineage), earned, (1.0, 1.0), paid, &mut standing);
        assert_eq!(summed, [standing.receipts.market(), standing.receipts.disposable()]);
        post(&standing.receipts, paid);
        let mut plan = [Intent::default()];
        market.plan(from_mut(&mut standing), &mut plan);
        let [plan] = plan;
        (standing.receipts, market.spend(11, (household, lineage), (&standing, plan), 0, paid))
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
        assert_eq!(market.benefit(&idle(5), &career, 0.0), 495);
        // After six months nothing but an allowance of a tenth of pay: 200 x 1.1.
        assert_eq!(market.benefit(&idle(6), &career, 0.1), 220);
        assert_eq!(market.pension(&Career { retired: true, ..career }, 1.2), 1_200);
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
        let (received, done) = lives(&market, (&mut unit, &mut lineage), earned, &mut paid);
        // Wage 1000, mixed income 100, dividends 200, interest 3; a fifth of 1303 in tax; 100 are returned.
        assert_eq!([Why::MixedIncome, Why::FundPayout, Why::DepositInterest].map(|why| paid.of(why)), [100, 200, 3]);
        assert_eq!([Why::IncomeTax, Why::FundReturns, Why::Transfers].map(|why| paid.of(why)), [261, 100, 0]);
        assert_eq!((received.market(), received.disposable()), (1_303, 1_042));
        let bought = paid.of(Why::SharesBought) - paid.of(Why::SharesSold);
        assert_eq!(unit.deposits, 3_000 + 1_303 - 261 + 100 - bought);
        assert_eq!(unit.fund_shares, 10_000 + done.shares);
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
            lives(&market, (&mut unit, &mut Lineage::default()), earned, &mut paid);
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
        lives(&market, (&mut unit, &mut Lineage::default()), Earned::default(), &mut paid);
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
