//! Expected demand, output, staff, investment and credit wishes of a firm.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::columns_mut;
use engine::money::{Volume, round_half_even};
use engine::rng::{Streams, hash, normal, unit};
use rayon::prelude::*;

use super::automation::Techniques;
use super::liquidity::liquidity_target;
use crate::components::{Books, Firm, Flows, Offer, Phase, Plan, Plant};
use crate::firms::stocks::stock_months;
use crate::given::Given;
use crate::location::sites::Sites;
use crate::parameters::Parameters;
use crate::state::{RegionState, Regions};
use crate::world::base::BaseRegion;

/// Planned output, volume: expected demand plus part of the gap to the target stock.
///
/// Equation: `Y = max(0, D + lambda (S* - S))`, `lambda` per tick, `S* = m D`.
/// Source: Metzler (1941): output for expected sales and for stocks in proportion to them; Blinder and Maccini (1991), slow adjustment.
#[must_use]
pub fn planned_output(demand: f64, stock: Volume, stock_target: f64, adjustment: f64) -> f64 {
    (demand + adjustment * (stock_target - stock.as_f64())).max(0.0)
}

/// Persons wanted: the staff planned for, with an allowance for vacancies that take time to fill.
///
/// Equation: `n* = floor(N (1 + v) + u)`, planned staff `N`, normal vacancy rate `v`, `u` a fixed number in [0, 1) of the
/// firm, so that staff of many small firms responds smoothly. A firm keeps at least one job.
///
/// Planned staff follows the staff that expected demand needs at normal hours and normal productivity,
/// `N += a (D / A - N)`: hours meet passing shocks, and staff grows as slowly as it shrinks. Were hiring faster than
/// layoffs, fluctuations alone would leave firms with idle staff.
/// Source: Hamermesh (1993), partial adjustment of labour to expected output; the allowance for vacancies is ours.
#[must_use]
pub fn staff_wanted(planned: f64, vacancy_rate: f64, dither: f64) -> u32 {
    ((1.0 + vacancy_rate) * planned + dither).clamp(1.0, 4e9) as u32
}

/// [`staff_wanted`] of a firm, with its own fixed number.
#[must_use]
pub fn firm_staff_wanted(seed: u64, firm: usize, planned: f64, vacancy_rate: f64) -> u32 {
    staff_wanted(planned, vacancy_rate, unit(hash(seed, firm as u64, 77)))
}

/// Investment wanted, volume: replacement plus part of the gap to the capital that serves expected demand at normal
/// use, which falls when capital is dear (see [`user_cost_effect`]).
///
/// Equation: `I = max(0, delta K + a (K* - K))`, `K* = D / (kappa u) q`, with the effect `q` of its user cost.
/// Source: Jorgenson (1963), replacement and partial adjustment to wanted capital.
#[must_use]
pub fn investment_wanted(
    capital: f64,
    depreciation: f64,
    demand: f64,
    kappa_at_normal_use: f64,
    adjustment: f64,
    user_cost: f64,
) -> f64 {
    let wanted = demand / kappa_at_normal_use * user_cost;
    (depreciation + adjustment * (wanted - capital)).max(0.0)
}

/// Wanted capital relative to the base as its user cost changes.
///
/// Equation: `(q (rho + delta + r_long) / (rho + delta + r0))^(-eta)`, with `q` the price of capital relative to
/// consumer prices and the base, `rho` the required return, `delta` depreciation, `r0` the base real rate.
/// Source: Jorgenson (1963), user cost of capital.
#[must_use]
pub fn user_cost_effect(region: &RegionState, base: &BaseRegion, p: &Parameters) -> f64 {
    let relative = region.prices.capital / base.capital_price / region.prices.consumer;
    let carry = p.firms.required_return + base.depreciation_rate_year;
    let cost = relative * (carry + region.rates.long) / (carry + base.policy_rate);
    engine::math::pow(cost, -p.firms.capital_user_cost_elasticity)
}

/// A row that does not produce plans nothing and has nothing to sell.
fn rest(offer: &mut Offer, plan: &mut Plan, plant: &mut Plant) {
    (offer.demand_expected, offer.demand_lasting, offer.capacity, offer.service) = (0.0, 0.0, 0.0, 0.0);
    (offer.ordered, offer.sold, offer.revenue) = (Volume::ZERO, Volume::ZERO, 0);
    *plan = Plan { affordable: 1.0, ..Plan::default() };
    (plant.staff_planned, plant.employees_desired) = (0.0, 0);
}

/// Loans that a firm asks for, money.
///
/// Equation: `min(max(0, s L - D) + e P max(0, G), max(0, v P K - B))`, with deposits `D` short of a part `s` of the liquidity `L` that is
/// wished for, the part `e` of growth `G` that debt pays, capital `K` at its price `P`, of which banks lend on the part `v`, and the
/// loans `B` that it has.
/// Source: Kiyotaki and Moore (1997), loans within the value of what stands behind them; the parts at their parameters.
fn credit_wanted(price: f64, growth: f64, liquidity: f64, plant: &Plant, books: &Books, p: &Parameters) -> f64 {
    let expansion = growth.max(0.0) * price;
    let shortfall = (p.firms.credit_line_share * liquidity - books.deposits as f64).max(0.0);
    let room = (p.firms.loan_to_value_limit * plant.capital.as_f64() * price - books.loans as f64).max(0.0);
    (shortfall + p.firms.expansion_debt_share * expansion).min(room)
}

/// System: firms revise expectations and plan the tick; last tick's flows are cleared.
pub fn plan(
    given: Given,
    regions: Res<Regions>,
    sites: Res<Sites>,
    mut firms: Query<(&mut Firm, &mut Offer, &mut Plan, &mut Flows, &Books)>,
    mut plants: Query<&mut Plant>,
) {
    let Given { settings, tick, p, base, .. } = &given;
    let (firm, offer, plan, flows, books) = columns_mut(&mut firms);
    let plants = columns_mut(&mut plants);
    let smoothing = settings.monthly(p.firms.demand_smoothing);
    let restock = settings.monthly(p.firms.inventory_adjustment);
    let months = settings.months_per_tick();
    let lasting = 1.0 / (p.firms.capital_horizon_years * f64::from(settings.ticks_per_year));
    let staffing = settings.monthly(p.labour.staff_adjustment);
    let invest = settings.per_tick(p.firms.investment_adjustment);
    let mut words = vec![0u64; if settings.shocks { 2 * firm.len() } else { 0 }];
    Streams::new(settings.seed).fill(crate::world::stream::FIRM_SHOCKS, tick.0, 2, &mut words);
    let keep = engine::math::pow(p.shocks.firm_productivity_persistence, months);
    let lost = &given.measures().lost_capacity;
    let user_cost: Vec<f64> =
        regions.states.iter().zip(&base.regions).map(|(region, b)| user_cost_effect(region, b, p)).collect();
    let techniques = Techniques::new(&given, &regions);
    firm.par_iter_mut()
        .zip(offer.par_iter_mut())
        .zip(plan.par_iter_mut())
        .zip(flows.par_iter_mut())
        .zip(books.par_iter())
        .zip(plants.par_iter_mut())
        .enumerate()
        .for_each(|(i, (((((firm, offer), plan), flows), books), plant))| {
            let region = &regions.states[firm.region as usize];
            let b = &base.regions[firm.region as usize];
            *flows = Flows::default();
            if settings.shocks {
                plant.productivity_shock = keep * plant.productivity_shock
                    + p.shocks.firm_productivity_sd * normal(words[2 * i], words[2 * i + 1]);
            }
            firm.age_ticks += 1;
            plant.severance = 0.0;
            plant.depreciation = Volume::rounded(b.depreciation_rate * plant.capital.as_f64());
            if firm.phase == Phase::Standby {
                plant.depreciation = Volume::rounded(p.location.idle_wear * plant.depreciation.as_f64());
            }
            if !firm.produces() {
                rest(offer, plan, plant);
                return;
            }
            offer.demand_expected += smoothing * (offer.ordered.as_f64() - offer.demand_expected);
            offer.demand_lasting += (offer.demand_expected - offer.demand_lasting) * lasting;
            offer.ordered = Volume::ZERO;
            offer.sold = Volume::ZERO;
            offer.revenue = 0;
            offer.capacity = plant.capacity(lost[firm.local_branch()]);
            let demand = offer.demand_expected;
            let target = stock_months(p, base.goods[firm.industry as usize]) / months * demand;
            plan.output = Volume::rounded(planned_output(demand, offer.stock, target, restock));
            let needed = demand / (plant.labour_productivity * plant.efficiency);
            plant.staff_planned += staffing * (needed - plant.staff_planned);
            plant.employees_desired = firm_staff_wanted(settings.seed, i, plant.staff_planned, b.market.vacancy_rate);
            let kappa = plant.capital_productivity * p.firms.capacity_utilisation;
            let wanted = investment_wanted(
                plant.capital.as_f64(),
                plant.depreciation.as_f64(),
                offer.demand_lasting,
                kappa,
                invest,
                user_cost[firm.region as usize],
            ) * techniques.replacement(plant, i, &sites);
            plan.investment = Volume::rounded(wanted);
            let liquidity = liquidity_target(&p.firms, months, demand, offer.price);
            let growth = wanted - plant.depreciation.as_f64();
            plan.credit = round_half_even(credit_wanted(region.prices.capital, growth, liquidity, plant, books, p));
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{InterestRates, Prices};
    use crate::testing::{near, parameters};

    #[test]
    fn output_follows_demand_and_fills_stocks() {
        // 100 + 0.5 (80 - 50)
        near(planned_output(100.0, Volume::new(50), 80.0, 0.5), 115.0);
        near(planned_output(100.0, Volume::new(500), 80.0, 0.5), 0.0);
    }

    #[test]
    fn staff_has_an_allowance_for_vacancies() {
        // 10 x 1.05 + 0.4 = 10.9, + 0.5 = 11.0
        assert_eq!((staff_wanted(10.0, 0.05, 0.4), staff_wanted(10.0, 0.05, 0.5)), (10, 11));
        assert_eq!(staff_wanted(0.0, 0.05, 0.4), 1, "one job at least");
    }

    #[test]
    fn investment_replaces_and_closes_part_of_the_gap() {
        // Wanted 60 / 0.5 x 0.9 = 108: 2 + 0.1 (108 - 100).
        near(investment_wanted(100.0, 2.0, 60.0, 0.5, 0.1, 0.9), 2.8);
        near(investment_wanted(100.0, 2.0, 10.0, 0.5, 0.1, 0.9), 0.0);
    }

    #[test]
    fn loans_fill_a_gap_and_pay_for_growth_within_the_value_of_capital() {
        let mut p = parameters();
        (p.firms.credit_line_share, p.firms.expansion_debt_share, p.firms.loan_to_value_limit) = (0.5, 0.4, 0.6);
        let plant = Plant { capital: Volume::new(100), ..Plant::default() };
        let books = |loans| Books { deposits: 20, loans, ..Books::default() };
        // 0.5 x 60 - 20, and 0.4 x 2 x 5; capital is worth 200, of which 120 can be borrowed.
        near(credit_wanted(2.0, 5.0, 60.0, &plant, &books(0), &p), 14.0);
        near(credit_wanted(2.0, -5.0, 60.0, &plant, &books(0), &p), 10.0);
        near(credit_wanted(2.0, 5.0, 60.0, &plant, &books(111), &p), 9.0);
        near(credit_wanted(2.0, 5.0, 60.0, &plant, &books(130), &p), 0.0);
    }

    #[test]
    fn dear_capital_is_wanted_less() {
        let mut p = parameters();
        p.firms.capital_user_cost_elasticity = 0.5;
        p.firms.required_return = 0.07;
        let base =
            BaseRegion { capital_price: 1.0, depreciation_rate_year: 0.05, policy_rate: 0.03, ..BaseRegion::default() };
        let state = |capital, long| RegionState {
            prices: Prices { capital, consumer: 1.0, ..Prices::default() },
            rates: InterestRates { long, ..InterestRates::default() },
            ..RegionState::default()
        };
        near(user_cost_effect(&state(1.0, 0.03), &base, &p), 1.0);
        // At a price of 1.21: 1.21^-0.5. At a rate of 0.48 the cost is (0.12 + 0.48) / 0.15 = 4: 4^-0.5.
        near(user_cost_effect(&state(1.21, 0.03), &base, &p), 1.0 / 1.1);
        near(user_cost_effect(&state(1.0, 0.48), &base, &p), 0.5);
    }
}
