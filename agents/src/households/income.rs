//! Wages, benefits, dividends, taxes, pensions and the consumption budget of the tick.

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use engine::columns::{columns, columns_mut};
use engine::money::{Money, ad_valorem, round_half_even};
use rayon::prelude::*;

use super::lives::benefits::Benefits;
use super::lives::payday::Market;
use super::lives::payroll::{OfUnits, ZoneSums};
use super::lives::{Folk, Life, Lives, OfZone};
use super::lottery::Lottery;
use super::saving::{HIGHEST_TAX, permanent_income, spending_scale};
use super::wages::PlantPayments;
use crate::accounts::Why;
use crate::axes::RegionId;
use crate::components::{Books, Flows, Household, Person, Plant, Status};
use crate::geography::{DECILES, Geography, Zone, split_spans};
use crate::given::Given;
use crate::government::finance::income_tax_cut;
use crate::location::sites::Moves;
use crate::markets::labour::DuePayments;
use crate::panel::{Panel, Receipts};
use crate::parameters::Parameters;
use crate::paying::Institutions;
use crate::state::{HouseholdRule, HouseholdRules, RegionState, Settings};
use crate::tally::{Tally, add};

/// Consumption, money a tick.
///
/// Equation: `C = (chi Y + (1 - chi) Y_p + omega (W - k Y_p) + phi_e k_e Y_p (q - 1)) (1 - eta (r - r0)) exp(s)`, limited to cash on
/// hand, with current and permanent income `Y` and `Y_p`, deposits `W`, their target `k Y_p`, the fund's price `q` relative to the base,
/// the policy rate `r` and its neutral value `r0`, both in trend units a year, and the demand shock `s`. Spending follows current income the more the smaller the buffer `W - Y`:
/// `chi = 1 - (1 - chi_d) min(1, (W - Y) / (B Y_p))`, with `chi_d` of the decile and the buffer `B` that allows smoothing.
/// Source: Carroll (1997), buffer-stock saving, linear around a wealth target so that a steady state exists; Kaplan and
/// Violante (2014), spending out of current income by liquid wealth.
#[must_use]
pub fn consumption(income: Money, permanent: f64, deposits: Money, rule: Consumption) -> Money {
    let target = rule.wealth_target * permanent;
    let before = (deposits - income) as f64;
    let flow = smoothed_income(income as f64, permanent, before, rule.current_share, rule.buffer);
    let wish = flow + rule.adjustment * (deposits as f64 - target) + rule.equity_gain * permanent;
    round_half_even((wish * rule.scale).min(deposits as f64).max(0.0))
}

/// Income consumed where deposits are at their target, money a tick.
///
/// Equation: `chi Y + (1 - chi) Y_p`, with `chi` of [`consumption`], deposits `before` the income `Y` and permanent income `Y_p`.
/// Source: as there.
#[inline]
#[must_use]
pub fn smoothed_income(income: f64, permanent: f64, before: f64, current_share: f64, buffer: f64) -> f64 {
    let cover = (before / (buffer * permanent).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
    income + (1.0 - current_share) * cover * (permanent - income)
}

/// Wealth that households aim at, relative to what they aim at where they are used to the real rate of the base year.
///
/// Equation: `k / k_0 = exp(sigma (r_s - r_0))`, with the real rate `r_s` that savers are used to, an average over what they lived through, the base
/// year's `r_0` and the semi-elasticity `sigma`.
/// Where saving earns more for good, more is saved. Without it, a rate that falls for good takes income from those who own public
/// debt and leaves their wish for wealth as it was: they save the more, and demand falls with the rate.
/// Source: Auclert, Malmberg, Martenet and Rognlie (2021), semi-elasticity of the demand for assets.
#[must_use]
pub fn wealth_aimed_at(rate_saving: f64, p: &Parameters) -> f64 {
    engine::math::exp(p.households.wealth_rate_response * (rate_saving - p.monetary.neutral_rate))
}

/// Share of current income in the income consumed of a decile's households with a full buffer, a fraction.
///
/// Equation: `chi_d = chi_1 + (chi_10 - chi_1) (d - 1) / 9`, from the poorest decile to the richest in equal steps.
/// Source: of the two ends, at their parameters; the straight line between them is ours.
#[must_use]
pub fn current_share(decile: usize, p: &crate::parameters::list::Households) -> f64 {
    let step = decile as f64 / (DECILES - 1) as f64;
    p.current_income_share_poorest + (p.current_income_share_richest - p.current_income_share_poorest) * step
}

/// Rates that enter [`consumption`], per tick: how households of a decile spend.
#[derive(Clone, Copy, Debug, Default)]
pub struct Consumption {
    /// Share of current income in the income consumed of a household with a full buffer.
    pub current_share: f64,
    /// Deposits that allow smoothing in full, in ticks of permanent income.
    pub buffer: f64,
    /// Target deposits in ticks of permanent income, the income of the tick included.
    pub wealth_target: f64,
    /// Share of the wealth gap spent a tick.
    pub adjustment: f64,
    /// Spending out of revalued fund shares, share of permanent income.
    pub equity_gain: f64,
    /// Interest-rate effect and demand shock, a factor.
    pub scale: f64,
}

impl Consumption {
    /// How households of every decile of a region spend in a tick.
    #[must_use]
    pub fn of(rule: &HouseholdRule, state: &RegionState, p: &Parameters, settings: &Settings) -> [Self; DECILES] {
        let households = &p.households;
        let target = wealth_aimed_at(state.rates.saving, p);
        let equity = settings.per_tick(households.equity_wealth_effect) * (state.fund.share_price - 1.0);
        let gap = state.rates.policy_rate - state.rates.neutral_rate;
        let scale = spending_scale(households.rate_response, gap, state.shocks.demand);
        std::array::from_fn(|decile| Self {
            current_share: current_share(decile, households),
            buffer: households.buffer / settings.months_per_tick(),
            // Households decide when the tick's income, one tick of it, has come in.
            wealth_target: rule.wealth_target[decile] * target + 1.0,
            adjustment: settings.per_tick(households.wealth_adjustment),
            equity_gain: equity * rule.equity_ratio[decile],
            scale,
        })
    }
}

/// What every household of a region faces in a tick.
struct Payroll<'a> {
    rule: &'a HouseholdRule,
    state: &'a RegionState,
    /// Benefit of the unemployed relative to the wage of their ability, a fraction.
    replacement: f64,
    /// Allowance for a course, in ticks of pay.
    course: f64,
    /// Change of the rate of income tax, a fraction.
    tax_change: f64,
    /// Paid out by the fund, money a share.
    per_share: f64,
    /// In the pension fund, money.
    pool: f64,
    /// On deposits, per tick.
    interest: f64,
    /// Weight of new income in permanent income, per tick.
    smoothing: f64,
    spending: [Consumption; DECILES],
    /// Prizes by lot.
    lottery: Lottery,
    /// What units face, where households are units.
    units: Option<OfUnits<'a>>,
}

impl<'a> Payroll<'a> {
    /// What every household of a region faces in the tick.
    fn of(
        given: &Given,
        rule: &'a HouseholdRule,
        state: &'a RegionState,
        (region, life): (usize, Option<&'a Life>),
    ) -> Self {
        let Given { settings, p, .. } = given;
        let tax_change =
            given.measures().income_tax[region] - income_tax_cut(&state.treasury, p) + state.treasury.debt_tax;
        Self {
            units: life.map(|life| OfUnits {
                market: Market::of(given, life, state, tax_change),
                benefits: Benefits::of(given, life, state, region),
                lottery: Lottery::of(given, region),
                state,
                zones: given.geography.regions[region].zones.len() as i64,
            }),
            lottery: Lottery::of(given, region),
            rule,
            state,
            replacement: p.government.replacement_rate,
            course: p.labour.course_allowance / settings.months_per_tick(),
            tax_change,
            // Rule: the fund pays out what it has; having put more into firms than it received, it pays nothing until that is made up.
            per_share: (1.0 - life.map_or(0.0, |life| life.mixed)) * state.fund.dividends.max(0) as f64
                / state.fund.shares as f64,
            pool: state.fund.pension_pool.max(0) as f64,
            interest: settings.per_tick(state.rates.deposits),
            smoothing: settings.monthly(p.households.permanent_income_smoothing),
            spending: Consumption::of(rule, state, p, settings),
        }
    }
}

impl Payroll<'_> {
    /// Unemployment benefit, and the allowance for a course, of a person in a tick.
    fn benefit(&self, person: &Person, allowance: f64) -> Money {
        if person.status == Status::Unemployed {
            let share = self.replacement + allowance;
            round_half_even(share * f64::from(person.efficiency) * self.state.labour.wage_index)
        } else {
            0
        }
    }
}

/// Firms as employers, with their plants.
#[derive(SystemParam)]
pub struct Employers<'w, 's> {
    plants: Query<'w, 's, &'static Plant>,
    firms: Query<'w, 's, (&'static mut Books, &'static mut Flows)>,
}

/// What the payment of incomes counts.
#[derive(SystemParam)]
pub struct Counts<'w> {
    moves: ResMut<'w, Moves>,
    tally: ResMut<'w, Tally>,
    panel: ResMut<'w, Panel>,
}

/// System: plants pay wages, the fund and the government pay households, households set their budgets.
pub fn pay_incomes(
    given: Given,
    rules: Res<HouseholdRules>,
    lives: Res<Lives>,
    due: Res<DuePayments>,
    mut institutions: Institutions,
    mut employers: Employers,
    mut folk: Folk,
    mut counts: Counts,
) {
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let (books, flows) = columns_mut(&mut employers.firms);
    let plants = columns(&employers.plants);
    let geography = &given.geography;
    let firm_spans = geography.firm_spans();
    let faced = rules.regions.iter().zip(&regions.states).enumerate();
    let payrolls: Vec<Payroll> =
        faced.map(|(r, (rule, state))| Payroll::of(&given, rule, state, (r, lives.regions.get(r)))).collect();
    let panel = &*counts.panel;
    let sums: Vec<ZoneSums> = folk
        .by_zone(geography)
        .into_par_iter()
        .zip(split_spans(books, &firm_spans, 1))
        .zip(split_spans(flows, &firm_spans, 1))
        .enumerate()
        .map(|(z, ((mut people, books), flows))| {
            let zone = &geography.zones[z];
            let pay = &payrolls[zone.region as usize];
            let mut sums = ZoneSums { notes: panel.notes(zone.households), ..ZoneSums::default() };
            let plants = &plants[zone.firms.range()];
            let posts = pay.units.as_ref().map(|units| (&units.market.life.posts, given.settings.seed));
            let mut payments = PlantPayments::new(zone, &due, (pay.state, pay.course), plants, people.persons, posts);
            match &pay.units {
                None => {
                    pay_households(pay, zone, &mut people, &mut payments, &mut sums);
                }
                Some(units) => units.pay(zone, &mut people, &mut payments, &mut sums),
            }
            let (owed, severance) = payments.owed();
            sums.severance = severance;
            for ((books, flows), owed) in books.iter_mut().zip(flows.iter_mut()).zip(owed) {
                flows.wages += owed;
                flows.social_contributions = ad_valorem(flows.wages, given.p.government.social_rate);
                books.deposits -= flows.wages + flows.social_contributions;
                sums.paid.add(Why::SocialContributions, flows.social_contributions);
                sums.paid.add(Why::Wages, flows.wages);
            }
            sums
        })
        .collect();
    let year: Vec<[f64; 2]> = payrolls.iter().map(|pay| [pay.per_share, pay.interest]).collect();
    for (state, [per_share, interest]) in payments.regions.states.iter_mut().zip(year) {
        state.fund.dividends_year += per_share;
        state.rates.interest_year += interest;
        state.incomes_below_zero = 0;
    }
    if !lives.regions.is_empty() {
        note_trade(&mut payments.regions.states, geography, &sums);
    }
    let mut received = Vec::with_capacity(panel.households.len());
    for (z, (zone, s)) in geography.zones.iter().zip(sums).enumerate() {
        let r = zone.region as usize;
        received.extend(s.notes.found);
        counts.moves.severance[r] += s.severance;
        let tally = &mut counts.tally;
        add(tally.income_market.row_mut((RegionId(r),)), &s.market);
        add(tally.income_disposable.row_mut((RegionId(r),)), &s.disposable);
        add(tally.pension_net.row_mut((RegionId(r),)), &s.pension);
        payments.regions.states[r].incomes_below_zero += s.below_zero;
        payments.post_all(geography.bank_of(z as u32), &s.paid);
    }
    counts.panel.receipts = received;
}

/// The fund takes note of who owns it after a tick's trade, and what wages were.
fn note_trade(states: &mut [RegionState], geography: &Geography, sums: &[ZoneSums]) {
    for (state, region) in states.iter_mut().zip(&geography.regions) {
        let sums = &sums[region.zones.range()];
        state.fund.wages = sums.iter().map(|x| x.paid.of(Why::Wages)).sum::<Money>() as f64;
        state.fund.shares = sums.iter().map(|x| x.shares).sum();
        state.treasury.children = sums.iter().map(|x| x.children).sum();
        state.demography.note_pensions(sums.iter().map(|x| x.pensions).sum());
        state.homes.let_out -= sums.iter().map(|x| x.homes).sum::<i64>();
        state.fund.weighted = sums.iter().map(|x| x.weighted).sum();
    }
}

/// Wages, severance pay and allowances of persons alone, and what they receive besides.
fn pay_households(pay: &Payroll, zone: &Zone, people: &mut OfZone, payments: &mut PlantPayments, sums: &mut ZoneSums) {
    let wages = payments.all(zone.persons.start, people.persons);
    let mut persons = (zone.persons.start..).zip(people.persons.iter()).zip(wages);
    for (row, household) in (zone.households.start..).zip(people.households.iter_mut()) {
        let prize = pay.lottery.prize(row.into(), household.income_permanent.into());
        let mut earned = Earned { prize, ..Earned::default() };
        for ((i, person), wage) in persons.by_ref().take(household.members.rows()) {
            earned.wage += wage;
            earned.benefit += pay.benefit(person, payments.allowance(i));
        }
        let received = receive(household, earned, pay, sums);
        sums.notes.take(row, &received);
    }
}

/// What persons alone earn in a tick.
#[derive(Clone, Copy, Default)]
struct Earned {
    /// Wages and severance pay.
    wage: Money,
    /// Unemployment benefits and allowances for courses.
    benefit: Money,
    /// What the household won by lot.
    prize: Money,
}

/// One household's receipts, taxes and budget.
fn receive(household: &mut Household, earned: Earned, pay: &Payroll, sums: &mut ZoneSums) -> Receipts {
    let d = household.decile as usize;
    let fund = (household.fund_shares as f64 * pay.per_share) as i64;
    let interest = (household.deposits.max(0) as f64 * pay.interest) as i64;
    let Earned { wage, benefit, prize } = earned;
    let lump_sum = pay.state.treasury.lump_sum * f64::from(household.members.count());
    let transfer = round_half_even(
        pay.rule.transfer[d] * pay.state.treasury.transfer_index[d] * pay.state.treasury.debt_transfers + lump_sum,
    ) + prize;
    let market = wage + fund + interest;
    let tax = ad_valorem(market.max(0), (pay.rule.tax_rate[d] + pay.tax_change).clamp(0.0, HIGHEST_TAX));
    let disposable = market - tax + benefit + transfer;
    let contribution = ad_valorem(disposable.max(0), pay.rule.pension_contribution[d]);
    let pension = (pay.rule.pension_payout[d] * pay.pool) as i64;
    let income = disposable - contribution + pension;
    household.deposits += income;
    household.labour_year += wage as f32;
    household.net_year += income as f32;
    household.income_year += (market + benefit + transfer + pension) as f32;
    let inflation = pay.state.prices.decile_inflation[d];
    let permanent = permanent_income(f64::from(household.income_permanent), income as f64, inflation, pay.smoothing);
    household.income_permanent = permanent as f32;
    household.budget = consumption(income, permanent, household.deposits, pay.spending[d]);
    sums.below_zero += u32::from(disposable < 0);
    for (why, amount) in [
        (Why::IncomeTax, tax),
        (Why::UnemploymentBenefits, benefit),
        (Why::Transfers, transfer),
        (Why::FundPayout, fund),
        (Why::DepositInterest, interest),
        (Why::PensionContributions, contribution),
        (Why::PensionPayout, pension),
    ] {
        sums.paid.add(why, amount);
    }
    sums.market[d] += market;
    sums.disposable[d] += disposable;
    sums.pension[d] += pension - contribution;
    let lump_sum = round_half_even(lump_sum);
    Receipts {
        wages: wage,
        dividends: fund,
        interest,
        income_tax: tax,
        benefits: benefit,
        pensions: pension - contribution,
        assistance: transfer - lump_sum,
        lump_sum,
        cash: household.deposits,
        ..Receipts::default()
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::testing::near;

    #[test]
    fn a_household_consumes_its_income_and_part_of_what_lies_above_its_target() {
        let rule = Consumption {
            current_share: 0.25,
            buffer: 1.0,
            wealth_target: 3.0,
            adjustment: 0.01,
            equity_gain: 0.002,
            scale: 0.99,
        };
        // Income 1200, of which 1000 are permanent: 1050. Deposits of 4000 above a target of 3000: 10. Fund shares: 2. 1% less for the rate.
        assert_eq!(consumption(1_200, 1_000.0, 4_000, rule), 1_051);
        // Nothing beyond cash on hand: without a buffer all of the income of 900 and, below the target of 3000, 21 less.
        assert_eq!(consumption(900, 1_000.0, 900, Consumption { scale: 1.0, equity_gain: 0.0, ..rule }), 879);
    }

    #[test]
    fn the_poor_spend_more_out_of_current_income() {
        let mut p = crate::testing::parameters().households;
        (p.current_income_share_poorest, p.current_income_share_richest) = (0.9, 0.0);
        near(current_share(0, &p), 0.9);
        near(current_share(3, &p), 0.6);
        near(current_share(9, &p), 0.0);
        // Half a buffer of 2 ticks: half of the way from the income of 120 to the part of it, 0.6 x 120 + 0.4 x 100.
        near(smoothed_income(120.0, 100.0, 100.0, 0.6, 2.0), 116.0);
    }

    #[test]
    fn more_is_saved_where_saving_earns_more() {
        let mut p = crate::testing::parameters();
        (p.households.wealth_rate_response, p.monetary.neutral_rate) = (20.0, 0.01);
        assert!((wealth_aimed_at(0.01, &p) - 1.0).abs() < 1e-15);
        // One point more: exp(0.2).
        assert!((wealth_aimed_at(0.02, &p) - 1.221_402_758).abs() < 1e-9);
    }
}
