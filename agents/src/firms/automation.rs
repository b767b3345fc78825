//! Automation: machines take over tasks from labour as plants renew their capital.
//!
//! A unit of output needs all tasks `x` in [0, 1]. At the base they are done as they were; machines can take over those below
//! some share on top, which needs less labour and more capital per unit of output. Machines are ordinary capital, bought
//! as any. What a plant does not renew it keeps as it is.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::{columns, columns_mut};
use engine::grid::Grid;
use engine::math::{ln, pow};
use rayon::prelude::*;

use crate::axes::{AreaId, Industry, LocalBranch};
use crate::components::{Firm, Flows, Plant};
use crate::given::Given;
use crate::location::sites::Sites;
use crate::parameters::Parameters;
use crate::parameters::list::Automation;
use crate::state::Regions;
use crate::world::base::BaseRegion;

/// Share of tasks for which machines are the cheaper way, a fraction.
///
/// Equation: `theta = 1 - q^(-eta)` for `q > 1`, else 0, at most `limit`; cost `q` of labour over that of machines relative to
/// the base, elasticity `eta` above zero of the labour per unit of output with respect to it.
/// Source: Acemoglu and Restrepo (2018), task model: the marginal task costs the same either way; a constant elasticity is ours.
#[must_use]
pub fn wanted_share(relative_cost: f64, substitution: f64, limit: f64) -> f64 {
    // Rule: machines take over what they do better; tasks they do at the base stay with them.
    if relative_cost > 1.0 { (1.0 - pow(relative_cost, -substitution)).min(limit) } else { 0.0 }
}

/// Machines that do a share of the tasks, relative to what they would be were every task as easy as the first, a number.
///
/// Equation: `M(theta) = int_0^theta (1 - x)^(-1/eta) dx`, so that the next task to be taken over costs `(1 - theta)^(-1/eta)` times
/// the first: with it [`wanted_share`] minimises cost. `theta` below 1.
/// Source: Acemoglu and Restrepo (2018), tasks in the order of what it costs to take them over; the power form is ours.
#[must_use]
pub fn machines(automated: f64, substitution: f64) -> f64 {
    let left = 1.0 - automated;
    let rise = 1.0 / substitution - 1.0;
    if rise.abs() < 1e-9 { -ln(left) } else { (pow(left, -rise) - 1.0) / rise }
}

/// Share of the output a plant can make that rests on the capital bought last, a fraction.
///
/// Equation: `(B / k') / (B / k' + (K - B) / k)`, with `B` bought of the capital `K`, capital per unit of output `k` so far and `k'`
/// of what was bought.
/// Source: capital by vintages, Solow (1960): what is bought last has the technology of its time.
#[must_use]
pub fn renewed(bought: f64, capital: f64, before: f64, now: f64) -> f64 {
    // Rule: no more is new than stands.
    let bought = bought.clamp(0.0, capital);
    let (new, old) = (bought / now, (capital - bought) / before);
    if new > 0.0 { new / (new + old) } else { 0.0 }
}

/// A way to lay out a plant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Technique {
    /// Share of the tasks of the base year that machines do, a fraction.
    pub automated: f64,
    /// Capital per unit of output relative to the base.
    pub capital: f64,
}

impl Technique {
    /// That of the base year.
    pub const BASE: Self = Self { automated: 0.0, capital: 1.0 };

    /// Labour per unit of output relative to the base.
    #[must_use]
    pub fn labour(self) -> f64 {
        1.0 - self.automated
    }
}

/// What tasks cost in a region and industry.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tasks {
    /// Cost of labour over that of machines relative to the base, before grants.
    relative_cost: f64,
    /// Machines of the easiest task, relative to the capital of the base, both per unit of output.
    easiest: f64,
    /// Capital per unit of output at the base, volume per volume of a tick.
    capital: f64,
    /// Technique of plants that stand.
    usual: Technique,
    /// The same of plants opened during the run.
    later: Technique,
}

/// Techniques that pay at the prices of a tick.
pub struct Techniques {
    rules: Automation,
    /// Use of capacity in normal times.
    utilisation: f64,
    /// None where machines do not replace labour: automation is off or it is not manufacturing.
    tasks: Grid<LocalBranch, Option<Tasks>>,
}

impl Techniques {
    /// Techniques of all areas and industries at a tick.
    #[must_use]
    pub fn new(given: &Given, regions: &Regions) -> Self {
        let Given { settings, p, base, geography, .. } = given;
        let (g, policy) = (base.products, given.measures());
        let areas = if p.automation.enabled { geography.areas.len() } else { 0 };
        let (rules, utilisation) = (p.automation.clone(), p.firms.capacity_utilisation);
        let mut out = Self { rules, utilisation, tasks: Grid::filled([areas, g], None) };
        let years = f64::from(given.tick.0) / f64::from(settings.ticks_per_year);
        let progress = pow(1.0 - p.automation.progress, years);
        for cell in out.tasks.indices() {
            let (AreaId(area), Industry(j)) = cell;
            let k = geography.areas[area].region as usize;
            let (b, state) = (&base.regions[k], &regions.states[k]);
            if !geography.products.manufacturing[j] || b.capital[j] <= 0.0 {
                continue;
            }
            let social = 1.0 + p.government.social_rate;
            let wages = state.labour.wage_index * (social - policy.wage_subsidy[cell]) / social;
            let carry = p.firms.required_return + b.depreciation_rate_year;
            let interest = (carry + state.rates.long) / (carry + b.policy_rate);
            let price = state.prices.capital / b.capital_price * interest * progress;
            let user_cost = (carry + b.policy_rate) / f64::from(settings.ticks_per_year) * b.capital_price;
            let tasks = Tasks {
                relative_cost: wages / price,
                easiest: progress * b.compensation[j] / (user_cost * b.capital[j]),
                capital: b.capital[j] / b.output[j],
                usual: Technique::BASE,
                later: Technique::BASE,
            };
            let grant = policy.investment_subsidy[cell];
            let (usual, later) = (out.best(tasks, grant, 0.0), out.best(tasks, grant, p.automation.greenfield));
            out.tasks[cell] = Some(Tasks { usual, later, ..tasks });
        }
        out
    }

    /// The cheapest technique given the share of new capital that the government pays, with a share of automated tasks at least.
    fn best(&self, tasks: Tasks, grant: f64, least: f64) -> Technique {
        let p = &self.rules;
        // Rule: where capital costs nothing all that can be automated is.
        let cost = if grant < 1.0 { tasks.relative_cost / (1.0 - grant) } else { f64::INFINITY };
        let automated = wanted_share(cost, p.substitution, p.limit).max(least.min(p.limit));
        Technique { automated, capital: 1.0 + tasks.easiest * machines(automated, p.substitution) }
    }

    /// Technique of a plant that is to be opened with a share of its capital paid by the government.
    #[must_use]
    pub fn greenfield(&self, area: usize, industry: usize, grant: f64) -> Technique {
        let tasks = self.tasks.get((AreaId(area), Industry(industry))).copied().flatten();
        tasks.map_or(Technique::BASE, |tasks| self.best(tasks, grant, self.rules.greenfield))
    }

    fn tasks(&self, plant: &Plant) -> Option<Tasks> {
        self.tasks.get((AreaId(plant.area as usize), Industry(plant.industry as usize))).copied().flatten()
    }

    /// Capital per unit of output of a plant, volume per volume of a tick at normal use.
    fn intensity(&self, plant: &Plant) -> f64 {
        1.0 / (plant.capital_productivity * self.utilisation)
    }

    /// Capital per unit of output of what a plant buys now, relative to that of what stands: as much more it buys to replace it.
    #[must_use]
    pub fn replacement(&self, plant: &Plant, row: usize, sites: &Sites) -> f64 {
        self.tasks(plant).map_or(1.0, |tasks| tasks.pays(row, sites).capital * tasks.capital / self.intensity(plant))
    }

    /// A site is laid out for a plant to come.
    pub fn lay_out(&self, plant: &mut Plant, technique: Technique) {
        if let Some(tasks) = self.tasks(plant) {
            let capital = technique.capital * tasks.capital;
            plant.capital_productivity = 1.0 / (capital * self.utilisation);
            automate(plant, technique.automated);
        }
    }

    /// A plant renews part of itself with what it bought; what it can make does not change but by that.
    fn renew(&self, plant: &mut Plant, bought: f64, row: usize, sites: &Sites) {
        let Some(tasks) = self.tasks(plant) else { return };
        let technique = tasks.pays(row, sites);
        let (before, now) = (self.intensity(plant), technique.capital * tasks.capital);
        let share = renewed(bought, plant.capital.as_f64(), before, now);
        let capital = before + share * (now - before);
        plant.capital_productivity = 1.0 / (capital * self.utilisation);
        automate(plant, plant.automated + share * (technique.automated - plant.automated));
    }
}

impl Tasks {
    /// What pays for a plant on a row: less may pay for a plant of the run than it is laid out for.
    fn pays(&self, row: usize, sites: &Sites) -> Technique {
        if sites.of(row).is_some() { self.later } else { self.usual }
    }
}

/// Machines come to do a share of a plant's tasks: fewer people make as much, for the same pay a head.
fn automate(plant: &mut Plant, share: f64) {
    let labour = (1.0 - share) / (1.0 - plant.automated);
    plant.labour_productivity /= labour;
    plant.unit_wage *= labour;
    plant.automated = share;
}

/// Return on the machines that took over tasks, per unit of output in units of capital a tick.
///
/// Equation: `(rho + r0) mu / n`, with the return required `rho`, base real rate `r0`, machines `mu` per unit of output of a tick and
/// `n` ticks a year. Owners ask it of machines as the markup gives it to them for the capital of the base; without it prices would
/// fall by the wages saved and profits with them.
/// Source: Jorgenson (1963), user cost of capital: the return part.
#[must_use]
pub fn machine_return(plant: &Plant, base: &BaseRegion, p: &Parameters, ticks_per_year: u32) -> f64 {
    if plant.automated <= 0.0 {
        return 0.0;
    }
    let j = plant.industry as usize;
    let capital = 1.0 / (plant.capital_productivity * p.firms.capacity_utilisation);
    // Rule: a rounding of the base year is no machine.
    let added = (capital - base.capital[j] / base.output[j]).max(0.0);
    (p.firms.required_return + base.policy_rate) / f64::from(ticks_per_year) * added
}

/// System: plants that bought capital are laid out anew in part.
pub fn renew_plants(
    given: Given,
    regions: Res<Regions>,
    sites: Res<Sites>,
    firms: Query<(&Firm, &Flows)>,
    mut plants: Query<&mut Plant>,
) {
    if !given.p.automation.enabled {
        return;
    }
    let techniques = Techniques::new(&given, &regions);
    let (firm, flows) = columns(&firms);
    let plants = columns_mut(&mut plants);
    plants.par_iter_mut().zip(firm.par_iter()).zip(flows.par_iter()).enumerate().for_each(
        |(i, ((plant, firm), flows))| {
            if firm.produces() {
                let price = regions.states[firm.region as usize].prices.capital;
                let bought = (flows.investment + flows.duties_capital) as f64 / price;
                techniques.renew(plant, bought, i, &sites);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_take_over_the_tasks_they_do_cheaper() {
        // Labour a quarter dearer than machines, elasticity one half: 1 - 1.25^(-0.5) = 0.10557.
        assert!((wanted_share(1.25, 0.5, 0.6) - 0.105_573).abs() < 1e-6);
        // Twice as dear and an elasticity of one: half, unless less can be automated.
        assert!((wanted_share(2.0, 1.0, 0.6) - 0.5).abs() < 1e-15);
        assert!((wanted_share(2.0, 1.0, 0.4) - 0.4).abs() < 1e-15);
        assert!((wanted_share(f64::INFINITY, 0.5, 0.6) - 0.6).abs() < 1e-15);
        assert!(wanted_share(1.0, 0.5, 0.6) <= 0.0 && wanted_share(0.5, 0.5, 0.6) <= 0.0);
    }

    #[test]
    fn each_task_needs_more_machines_than_the_one_before() {
        // Elasticity one half: theta / (1 - theta); one: -ln(1 - theta); two: 2 (1 - sqrt(1 - theta)).
        assert!((machines(0.2, 0.5) - 0.25).abs() < 1e-15);
        assert!((machines(0.5, 1.0) - std::f64::consts::LN_2).abs() < 1e-15);
        assert!((machines(0.19, 2.0) - 0.2).abs() < 1e-15);
        assert!(machines(0.0, 0.5).abs() < 1e-15);
    }

    #[test]
    fn the_wanted_share_costs_least() {
        // Labour 1.3 times as dear: (1 - theta) 1.3 + M(theta) is least at the wanted share, where it is 2 sqrt(1.3) - 1.
        let cost = |x: f64| 1.3 * (1.0 - x) + machines(x, 0.5);
        let best = wanted_share(1.3, 0.5, 0.9);
        assert!((cost(best) - (2.0 * 1.3_f64.sqrt() - 1.0)).abs() < 1e-12);
        assert!(cost(best - 0.02) > cost(best) && cost(best + 0.02) > cost(best) && cost(0.0) > cost(best));
    }

    #[test]
    fn what_is_bought_renews_as_much_as_it_can_make() {
        // 100 of capital, 25 of it new at 5 a unit of output, the rest at 3: 5 of 30 units.
        assert!((renewed(25.0, 100.0, 3.0, 5.0) - 1.0 / 6.0).abs() < 1e-15);
        assert!(renewed(0.0, 100.0, 3.0, 5.0).abs() < 1e-15 && renewed(0.0, 0.0, 3.0, 5.0).abs() < 1e-15);
        assert!((renewed(120.0, 100.0, 3.0, 5.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn automation_lowers_the_staff_not_the_pay() {
        let mut plant = Plant { labour_productivity: 10.0, unit_wage: 0.3, ..Plant::default() };
        automate(&mut plant, 0.2);
        assert!((plant.labour_productivity - 12.5).abs() < 1e-12 && (plant.unit_wage - 0.24).abs() < 1e-12);
        // Pay of a worker at normal hours is as it was, and returning to the base gives the base.
        assert!((plant.labour_productivity * plant.unit_wage - 3.0).abs() < 1e-12);
        automate(&mut plant, 0.0);
        assert!((plant.labour_productivity - 10.0).abs() < 1e-12 && (plant.unit_wage - 0.3).abs() < 1e-12);
    }

    #[test]
    fn owners_ask_a_return_on_machines_only() {
        let p = crate::testing::parameters();
        let base =
            BaseRegion { capital: vec![1200.0], output: vec![100.0], policy_rate: 0.01, ..BaseRegion::default() };
        // 15 of capital per unit of output instead of 12: 3 of machines, at 7 percent a year.
        let plant = |automated: f64| Plant {
            automated,
            capital_productivity: 1.0 / (15.0 * p.firms.capacity_utilisation),
            ..Plant::default()
        };
        assert!((machine_return(&plant(0.2), &base, &p, 12) - 0.07 * 3.0 / 12.0).abs() < 1e-12);
        assert!(machine_return(&plant(0.0), &base, &p, 12).abs() < 1e-15);
    }
}
