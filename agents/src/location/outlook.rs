//! What firms expect of places: unit costs, duties and grants over the horizon of a move, computed once a tick.

use engine::math::exp;

use super::choice::{annuity, expected_rate};
use super::sites::Sites;
use crate::geography::{Area, Geography};
use crate::markets::routing::Routes;
use crate::parameters::Parameters;
use crate::policy::{CompiledSchedule, PolicyState};
use crate::purpose::Purpose;
use crate::state::{Regions, Settings, Sourcing};
use crate::world::base::{Base, BaseRegion};

/// Duty in whose place an embargo stands in the eyes of who weighs a move, a fraction.
const EMBARGO_AS_DUTY: f64 = 2.0;

/// Which measures count in what firms expect of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// Duties and subsidies as they are expected.
    All,
    /// Subsidies, with the duties of the base year.
    Subsidies,
    /// Neither.
    Neither,
}

/// Expectations of a tick. R regions, G products; `a` is the place of an area.
pub struct Outlook {
    regions: usize,
    products: usize,
    /// Region of each area.
    region: Vec<usize>,
    /// Unit cost of a product in an area relative to the base year, numeraire per numeraire, with what local suppliers gained
    /// or lost, by what counts `[a*G + g]`.
    cost: Vec<[f64; 3]>,
    /// Duty factor relative to the base year `[(importer*R + exporter)*G + g]`, mean over the horizon.
    duty: Vec<f64>,
    /// Share of new capital that the government pays by measures `[a*G + g]`: of a plant announced now, and of one whose
    /// construction begins now.
    grant: [Vec<f64>; 2],
    /// Share of material inputs from producers of the region, now and at the base `[r*G + g]`.
    local: Vec<[f64; 2]>,
    industries: Vec<Industry>,
    /// Cost of carriage from an area abroad and to buyers of its region, relative to the mean of its region's plants
    /// `[a*G + g]`.
    carriage: Vec<[f64; 2]>,
    /// Nearness of suppliers in an area relative to the mean of its region's plants `[a*G + g]`.
    density: Vec<f64>,
    /// Earnings in an area relative to the mean of its region's plants `[a*G + g]`.
    earnings: Vec<f64>,
    /// Present value of one a year over the horizon.
    pub annuity: f64,
}

/// Averages over the world's plants of an industry at the base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Industry {
    /// Price over unit cost.
    pub(super) markup: f64,
    /// Capital per output of a tick.
    pub(super) capital: f64,
    /// Compensation of employees per unit of output.
    pub(super) compensation: f64,
    /// Share of cost that is not paid for inputs.
    own_share: f64,
}

impl Industry {
    /// Averages of an industry, given the cost of inputs per unit of output at the base `[r*G + g]`.
    fn of(base: &Base, inputs: &[f64], j: usize) -> Self {
        let output: f64 = base.regions.iter().map(|b| b.output[j]).sum();
        let per_output = |of: &dyn Fn(&BaseRegion) -> f64| base.regions.iter().map(of).sum::<f64>() / output;
        let inputs: f64 =
            base.regions.iter().enumerate().map(|(k, b)| b.output[j] * inputs[k * base.products + j]).sum();
        let markup = per_output(&|b| b.markup[j] * b.output[j]);
        Self {
            markup,
            capital: per_output(&|b| b.capital[j]),
            compensation: per_output(&|b| b.compensation[j]),
            own_share: 1.0 - markup * inputs / output,
        }
    }

    /// Factor of unit cost by what a place is worth to a firm for reasons of its own.
    ///
    /// Equation: `1 + v (exp(-a) - 1)`, with the advantage `a` in what the firm does itself and the share `v` of that in cost:
    /// inputs cost there what they cost others.
    pub(super) fn own_reasons(self, advantage: f64) -> f64 {
        // Rule: an industry adds some value.
        1.0 + self.own_share.max(0.0) * (exp(-advantage) - 1.0)
    }
}

/// Cost of inputs per unit of output at the base, numeraire, duties included `[r*G + g]`.
fn input_costs(base: &Base) -> Vec<f64> {
    let g = base.products;
    (0..base.regions.len())
        .flat_map(|k| {
            let price: Vec<f64> = (0..g).map(|x| base.purchase_price(Purpose::Intermediate, k, x)).collect();
            (0..g).map(move |j| (0..g).map(|x| base.requirement(k, j, x) * price[x]).sum())
        })
        .collect()
}

/// Share of the material inputs of an industry that producers of its region supply, a fraction.
fn local_share(base: &Base, region: usize, industry: usize, origins: impl Fn(usize, usize) -> f64) -> f64 {
    let r = base.regions.len();
    let (mut here, mut all) = (0.0, 0.0);
    for x in (0..base.products).filter(|&x| base.goods[x]) {
        let total: f64 = (0..r).map(|o| origins(x, o)).sum();
        if total > 0.0 {
            let need = base.requirement(region, industry, x);
            here += need * origins(x, region) / total;
            all += need;
        }
    }
    if all > 0.0 { here / all } else { 1.0 }
}

/// Nearness of the suppliers of an industry in an area: mean location quotient of what it buys, weighted with its needs of goods.
fn nearness(base: &Base, area: &Area, region: usize, industry: usize) -> f64 {
    let (mut near, mut all) = (0.0, 0.0);
    for x in (0..base.products).filter(|&x| base.goods[x]) {
        let need = base.requirement(region, industry, x);
        near += need * area.employment[x] / area.population;
        all += need;
    }
    if all > 0.0 && near > 0.0 { near / all } else { 1.0 }
}

impl Outlook {
    /// Looks ahead from a tick.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "all that firms expect of places follows from these")]
    pub fn new(
        settings: &Settings,
        tick: u32,
        p: &Parameters,
        (base, geography): (&Base, &Geography),
        policy: &CompiledSchedule,
        regions: &Regions,
        sourcing: &Sourcing,
        routes: &Routes,
        sites: &Sites,
    ) -> Self {
        let (r, g) = (base.regions.len(), base.products);
        let rate = p.firms.required_return + p.monetary.neutral_rate;
        let years = p.location.horizon_years;
        let mut path = Path::new(settings, tick, p, policy, rate);
        // Shipping through a third region competes with moving there.
        for state in &mut path.states {
            routes.foresee(&p.routing, state, r);
        }
        let duty = |cell: usize| {
            let then = base.tariff[cell];
            // Rule: an embargo is at least as bad as any duty it stands on.
            path.mean(then, |s| if s.banned(cell) { then.max(EMBARGO_AS_DUTY) } else { s.tariffs[cell] })
        };
        let duty: Vec<f64> = (0..r * r * g).map(|cell| (1.0 + duty(cell)) / (1.0 + base.tariff[cell])).collect();
        // Rule: no plant is expected to be paid for more than once.
        let areas = &geography.areas;
        let granted = |window: (f64, f64)| -> Vec<f64> {
            let of = |cell: usize| {
                let most = 1.0 - base.regions[areas[cell / g].region as usize].grant_rate[cell % g];
                path.during(window, |s| s.investment_subsidy[cell] + sites.expected_subsidy(s, cell)).min(most)
            };
            (0..areas.len() * g).map(of).collect()
        };
        let (planning, building) = (p.location.planning_time / 12.0, p.location.building_time / 12.0);
        let grant = [granted((planning, planning + building)), granted((0.0, building))];
        let inputs = input_costs(base);
        let charged = charged(p, base, policy, routes, tick);
        // What an embargo keeps out is bought elsewhere before long: as a cost of inputs it is no duty.
        let on_inputs: Vec<f64> = (0..r * r * g)
            .map(|cell| (1.0 + path.mean(base.tariff[cell], |s| s.tariffs[cell])) / (1.0 + charged[cell]))
            .collect();
        let at_base: Vec<f64> = (0..r * r * g).map(|cell| (1.0 + base.tariff[cell]) / (1.0 + charged[cell])).collect();
        let prices: Vec<[Vec<f64>; 2]> = (0..r)
            .map(|k| [&on_inputs, &at_base].map(|change| input_prices(base, change, regions, sourcing, k)))
            .collect();
        let (mut cost, mut local) = (Vec::new(), Vec::new());
        for k in 0..r {
            for j in 0..g {
                let row = |x: usize, o: usize| sourcing.ordered[(k * g + x) * r + o] as f64;
                let then = |x: usize, o: usize| base.origins(Purpose::Intermediate, k, x)[o];
                local.push([local_share(base, k, j, row), local_share(base, k, j, then)]);
            }
        }
        let (mut carriage, mut density, mut earnings) = (Vec::new(), Vec::new(), Vec::new());
        for (a, area) in areas.iter().enumerate() {
            let k = area.region as usize;
            for j in 0..g {
                let [now, then] = local[k * g + j];
                // What local suppliers are worth counts as it changed: that of the base year is part of why firms are where they are.
                let network = if now > 0.0 && then > 0.0 {
                    engine::math::pow(now / then, -p.location.supplier_elasticity)
                } else {
                    1.0
                };
                let costs = unit_costs(p, base, regions, &path, a * g + j, (k, j), (inputs[k * g + j], &prices[k]));
                cost.push(costs.map(|x| x * network));
                // Relative to the plants of the industry in all areas of the region.
                let relative = |of: &dyn Fn(usize) -> f64| {
                    if area.zones.len() == geography.regions[k].zones.len() {
                        return 1.0;
                    }
                    let mean = |a: usize| areas[a].employment[j] * of(a);
                    of(a) / geography.areas_of(k).map(mean).sum::<f64>()
                };
                carriage.push([0, 1].map(|way| relative(&|a| 1.0 + areas[a].freight[way])));
                density.push(relative(&|a| nearness(base, &areas[a], k, j)));
                earnings.push(relative(&|a| areas[a].wage));
            }
        }
        let region = areas.iter().map(|area| area.region as usize).collect();
        let industries = (0..g).map(|j| Industry::of(base, &inputs, j)).collect();
        let annuity = annuity(rate, years);
        Self {
            regions: r,
            products: g,
            region,
            cost,
            duty,
            grant,
            local,
            industries,
            carriage,
            density,
            earnings,
            annuity,
        }
    }

    /// Cost of a unit made in an area and sold in a region, numeraire per unit at base-year prices relative to the base.
    #[must_use]
    pub fn delivered(&self, area: usize, sold: usize, product: usize) -> f64 {
        self.duty_factor(self.region[area], sold, product) * self.cost(area, product, Counting::All)
    }

    /// Factor of the unit cost of work that moves from one area to another and is sold in a region: carriage.
    ///
    /// Relative to the mean of the plants of the place; within a region only what carriage costs more, since where firms are
    /// at the base they are for reasons.
    #[must_use]
    pub fn carriage(&self, from: usize, to: usize, sold: usize, product: usize) -> f64 {
        let of = |a: usize| self.carriage[a * self.products + product][usize::from(self.region[a] == sold)];
        if self.region[from] == self.region[to] { (of(to) / of(from)).max(1.0) } else { of(to) }
    }

    /// Carriage to a region relative to the mean of the plants of the area's region.
    #[must_use]
    pub fn carriage_of(&self, area: usize, sold: usize, product: usize) -> f64 {
        self.carriage[area * self.products + product][usize::from(self.region[area] == sold)]
    }

    /// Nearness of suppliers in an area relative to the mean of its region's plants.
    #[must_use]
    pub fn density(&self, area: usize, product: usize) -> f64 {
        self.density[area * self.products + product]
    }

    /// Earnings in an area relative to the mean of its region's plants.
    #[must_use]
    pub fn earnings(&self, area: usize, product: usize) -> f64 {
        self.earnings[area * self.products + product]
    }

    /// Duty factor of goods from one region in another relative to the base.
    #[must_use]
    pub fn duty_factor(&self, made: usize, sold: usize, product: usize) -> f64 {
        if made == sold { 1.0 } else { self.duty[(sold * self.regions + made) * self.products + product] }
    }

    /// Unit cost in an area relative to the base.
    #[must_use]
    pub fn cost(&self, area: usize, product: usize, counting: Counting) -> f64 {
        self.cost[area * self.products + product][counting as usize]
    }

    /// Averages over the world's plants of an industry at the base.
    pub(super) fn industry(&self, product: usize) -> Industry {
        self.industries[product]
    }

    /// Share of new capital the government is expected to pay by measures: of a plant announced now, or of one past its planning.
    #[must_use]
    pub fn grant(&self, area: usize, product: usize, planned: bool) -> f64 {
        self.grant[usize::from(planned)][area * self.products + product]
    }

    /// Share of material inputs that local producers supply now, and at the base.
    #[must_use]
    pub fn local(&self, region: usize, product: usize) -> [f64; 2] {
        self.local[region * self.products + product]
    }
}

/// The announced path of policy at yearly steps with the weight of each.
struct Path {
    states: Vec<PolicyState>,
    /// Discount weight and expected persistence of each step; weights sum to one.
    steps: Vec<(f64, f64)>,
    /// Rate at which policy is expected to be undone, per year.
    reversal: f64,
}

impl Path {
    fn new(settings: &Settings, tick: u32, p: &Parameters, policy: &CompiledSchedule, rate: f64) -> Self {
        let horizon = p.location.horizon_years.ceil() as u32;
        if policy.measures().is_empty() {
            let states = vec![policy.at(tick).clone()];
            return Self { states, steps: vec![(1.0, 1.0)], reversal: p.location.reversal_rate };
        }
        let step = |k: u32| (1.0 / exp(rate * f64::from(k)), f64::from(k));
        let sum: f64 = (0..horizon).map(|k| step(k).0).sum();
        let persistence = |years: f64| expected_rate(0.0, 1.0, p.location.reversal_rate, years);
        let states = (0..horizon)
            .map(|k| match k {
                0 => policy.at(tick).clone(),
                _ => policy.announced(tick, tick + k * settings.ticks_per_year),
            })
            .collect();
        let steps = (0..horizon).map(|k| (step(k).0 / sum, persistence(step(k).1))).collect();
        Self { states, steps, reversal: p.location.reversal_rate }
    }

    /// Mean of a rate that is zero at the base over some time from now, years: measures fade as they may be undone. Measures are
    /// known at yearly steps; the last one holds beyond.
    fn during(&self, (from, to): (f64, f64), rate: impl Fn(&PolicyState) -> f64) -> f64 {
        let last = self.states.len() - 1;
        let part = |k: usize| {
            let end = if k == last { to.max(from) } else { (k + 1) as f64 };
            let (a, b) = (from.max(k as f64), end.min(to));
            if b <= a {
                0.0
            } else {
                (b - a) / (to - from) * expected_rate(0.0, 1.0, self.reversal, f64::midpoint(a, b))
            }
        };
        self.states.iter().enumerate().map(|(k, state)| part(k) * rate(state)).sum()
    }

    /// Mean of a rate over the horizon, each step moved towards the base-year rate as measures may be undone.
    fn mean(&self, base: f64, rate: impl Fn(&PolicyState) -> f64) -> f64 {
        let steps = self.states.iter().zip(&self.steps);
        base + steps.map(|(state, (weight, persistence))| weight * persistence * (rate(state) - base)).sum::<f64>()
    }
}

/// Duties, detours included, in the prices of inputs that are known: those of the tick before, of the base year in the first.
fn charged(p: &Parameters, base: &Base, policy: &CompiledSchedule, routes: &Routes, tick: u32) -> Vec<f64> {
    let Some(before) = tick.checked_sub(1) else { return base.tariff.clone() };
    let mut state = policy.at(before).clone();
    routes.foresee(&p.routing, &mut state, base.regions.len());
    std::mem::take(&mut state.tariffs)
}

/// Prices of inputs in a region if the duty factor of every origin changed as given `[(importer*R + exporter)*G + g]`.
///
/// Equation: `p (1 + sum_o s_o (f_o - 1))`, with the price `p` of now, the share `s_o` of an origin in what firms order and the
/// change `f_o` of its duty factor. Border prices follow duties nearly one for one (T1, T2).
fn input_prices(base: &Base, change: &[f64], regions: &Regions, sourcing: &Sourcing, k: usize) -> Vec<f64> {
    let (r, g) = (base.regions.len(), base.products);
    let price = |x: usize| {
        let ordered = &sourcing.ordered[(k * g + x) * r..][..r];
        let total: i64 = ordered.iter().sum();
        let of = |o: usize| ordered[o] as f64 / total as f64 * (change[(k * r + o) * g + x] - 1.0);
        let sum: f64 = if total > 0 { (0..r).filter(|&o| o != k && ordered[o] > 0).map(of).sum() } else { 0.0 };
        regions.states[k].input_price[x] * (1.0 + sum)
    };
    (0..g).map(price).collect()
}

/// Unit cost of an industry in a region (measures of the area in `here`), given what its inputs cost then and prices of inputs
/// (see [`input_prices`]), relative to the base year, in the numeraire, by what counts (see [`Counting`]).
///
/// Equation: `e (w (1 + s - s_w) l + sum_x a_x p_x + d k P_K (1 - q) + t - s_y + dt_c m) / c0`, with the exchange rate `e`, wages `w`,
/// contributions `s` and wage subsidy `s_w`, labour cost `l`, inputs `a` at tariff-inclusive prices `p`, replacement of capital `d k` at its
/// price, grants `q`, production tax `t` and subsidy `s_y`, the change of the profit tax `dt_c` on the margin `m`; `c0` the same at the base.
/// Measures count at their mean over the horizon; prices without duties, wages and the exchange rate as they are.
/// Source: shared model notes, section 6.
fn unit_costs(
    p: &Parameters,
    base: &Base,
    regions: &Regions,
    path: &Path,
    here: usize,
    (k, j): (usize, usize),
    (inputs_then, input_prices): (f64, &[Vec<f64>; 2]),
) -> [f64; 3] {
    let (b, s) = (&base.regions[k], &regions.states[k]);
    let cell = k * base.products + j;
    let measure = |rate: &dyn Fn(&PolicyState) -> f64| path.mean(0.0, rate);
    let social = p.government.social_rate;
    let labour = b.compensation[j] / b.output[j] / (1.0 + social);
    let capital = b.depreciation_rate * b.capital[j] / b.output[j];
    let cost_of = |price: &[f64]| -> f64 { (0..base.products).map(|x| base.requirement(k, j, x) * price[x]).sum() };
    let inputs = [cost_of(&input_prices[0]), cost_of(&input_prices[1])];
    // A margin below zero (no markup) pays no profit tax.
    let profit_tax = measure(&|x| x.corporate_tax[k]) * (1.0 - 1.0 / b.markup[j]).max(0.0);
    let then = labour * (1.0 + social)
        + inputs_then
        + capital * b.capital_price * (1.0 - b.grant_rate[j])
        + b.production_tax_rate[j];
    let taxes = measure(&|x| x.production_tax[cell]);
    let now = |inputs: f64, (wage_subsidy, production_subsidy): (f64, f64)| {
        let tax = b.production_tax_rate[j] + taxes - production_subsidy + profit_tax;
        let cost = s.wage_index * labour * (1.0 + social - wage_subsidy)
            + inputs
            + capital * s.capital_price * (1.0 - b.grant_rate[j])
            + tax;
        s.exchange_rate * cost / then
    };
    let subsidies = (measure(&|x| x.wage_subsidy[here]), measure(&|x| x.production_subsidy[here]));
    [now(inputs[0], subsidies), now(inputs[1], subsidies), now(inputs[1], (0.0, 0.0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_reasons_count_in_what_a_firm_adds() {
        let industry = |own_share| Industry { markup: 1.1, capital: 3.0, compensation: 0.2, own_share };
        // Ten percent off (log) of a fifth of cost: 1 - 0.2 (1 - exp(-0.1)).
        assert!((industry(0.2).own_reasons(0.1) - 0.980_967_5).abs() < 1e-6);
        // Who only passes inputs on, or loses on them, has no own way.
        assert!((industry(0.0).own_reasons(0.5) - 1.0).abs() < 1e-15);
        assert!((industry(-0.1).own_reasons(0.5) - 1.0).abs() < 1e-15);
    }

    /// An announced subsidy of one half that starts in a year, seen today in yearly steps, undone at a tenth a year.
    fn path() -> Path {
        let world = crate::calibration::synthetic(2, 3, 1);
        let text = "[[measure]]\nlabel = \"subsidy\"\nkind = \"investment_subsidy\"\nsource = \"test\"\nregions = [\"R01\"]\nindustries = [\"G02\"]\nrate = 0.5\nannounced = 2024-01-01\nstart = 2025-01-01\n";
        let schedule = crate::policy::tests::compiled_for(&world, text);
        let states = (0..3).map(|k| schedule.announced(0, 12 * k)).collect();
        Path { states, steps: vec![(1.0 / 3.0, 1.0); 3], reversal: 0.1 }
    }

    #[test]
    fn grants_count_as_they_are_announced_for_the_time_of_building() {
        let during = |from: f64, to: f64| path().during((from, to), |s| s.investment_subsidy[1]);
        assert!(during(0.0, 1.0).abs() < 1e-15, "not yet");
        // Half of the time from a half to a year and a half, at a mean of a year and a quarter.
        assert!((during(0.5, 1.5) - 0.5 * 0.5 * exp(-0.125)).abs() < 1e-12);
        // Beyond the horizon the last step holds: two years and a half to five, in one piece.
        assert!((during(2.5, 5.0) - 0.5 * exp(-0.375)).abs() < 1e-12);
    }

    #[test]
    fn prices_hold_the_duties_of_the_tick_before() {
        let world = crate::calibration::synthetic(3, 5, 1);
        let text = include_str!("../../../configs/parameters.toml");
        let p = crate::parameters::ParameterSet::parse("parameters.toml", text).expect("shipped parameters").values;
        let table = crate::world::table::Table::new(&world, &p);
        let bundles = crate::world::build::products(&table).expect("one distribution industry");
        let base = crate::world::closing::close(&table, &bundles, &p, 12);
        let text = "[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.5\nstart = 2024-03-01\n";
        let schedule = crate::policy::tests::compiled_for(&world, text);
        let duties = |tick: u32| charged(&p, &base, &schedule, &Routes::default(), tick);
        // It starts in the third month and is in the prices that are known in the fourth.
        assert_eq!((duties(0), duties(2)), (base.tariff.clone(), base.tariff.clone()));
        // R01 from R02 of G01.
        assert!((duties(3)[5] - base.tariff[5] - 0.5).abs() < 1e-12);
    }
}
