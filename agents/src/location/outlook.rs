//! What firms expect of places: unit costs, duties and grants over the horizon of a move, computed once a tick.

use engine::grid::Grid;
use engine::math::exp;

use super::choice::annuity;
use super::costs::{expected_prices, input_costs, unit_costs};
use super::path::Path;
use super::sites::Sites;
use crate::axes::{AreaId, Border, Branch, Importer, Industry, LocalBranch, Origin, Product, RegionId};
use crate::geography::{Area, Geography};
use crate::given::Given;
use crate::markets::routing::Routes;
use crate::purpose::Purpose;
use crate::state::{Regions, Sourcing};
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

/// Expectations of a tick.
pub struct Outlook {
    /// Region of each area.
    region: Vec<usize>,
    /// Unit cost of a product in an area relative to the base year, numeraire per numeraire, with what local suppliers gained
    /// or lost, by what counts.
    cost: Grid<LocalBranch, [f64; 3]>,
    /// Duty factor relative to the base year, mean over the horizon.
    duty: Grid<Border, f64>,
    /// Share of new capital that the government pays by measures: of a plant announced now, and of one whose
    /// construction begins now.
    grant: [Grid<LocalBranch, f64>; 2],
    /// Share of material inputs from producers of the region, now and at the base.
    local: Grid<Branch, [f64; 2]>,
    industries: Vec<Means>,
    /// Cost of carriage from an area abroad and to buyers of its region, relative to the mean of its region's plants.
    carriage: Grid<LocalBranch, [f64; 2]>,
    /// Nearness of suppliers in an area relative to the mean of its region's plants.
    density: Grid<LocalBranch, f64>,
    /// Earnings in an area relative to the mean of its region's plants.
    earnings: Grid<LocalBranch, f64>,
    /// Present value of one a year over the horizon.
    pub annuity: f64,
}

/// Averages over the world's plants of an industry at the base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Means {
    /// Price over unit cost.
    pub(super) markup: f64,
    /// Capital per output of a tick.
    pub(super) capital: f64,
    /// Compensation of employees per unit of output.
    pub(super) compensation: f64,
    /// Share of cost that is not paid for inputs.
    own_share: f64,
}

impl Means {
    /// Averages of an industry, given the cost of inputs per unit of output at the base.
    fn of(base: &Base, inputs: &Grid<Branch, f64>, j: usize) -> Self {
        let output: f64 = base.regions.iter().map(|b| b.output[j]).sum();
        let per_output = |of: &dyn Fn(&BaseRegion) -> f64| base.regions.iter().map(of).sum::<f64>() / output;
        let inputs: f64 =
            base.regions.iter().enumerate().map(|(k, b)| b.output[j] * inputs[(RegionId(k), Industry(j))]).sum();
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
    /// Source: none; what a firm does itself is its value added, so the share follows from the table.
    pub(super) fn own_reasons(self, advantage: f64) -> f64 {
        // Rule: an industry adds some value.
        1.0 + self.own_share.max(0.0) * (exp(-advantage) - 1.0)
    }
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

/// Share of material inputs from producers of the region, now and at the base.
fn local_supply(base: &Base, sourcing: &Sourcing, region: usize, industry: usize) -> [f64; 2] {
    let now = |x: usize, o: usize| {
        sourcing.ordered[(Purpose::Intermediate, Importer(region), Product(x), Origin(o))].as_f64()
    };
    let then = |x: usize, o: usize| base.origins(Purpose::Intermediate, region, x)[o];
    [local_share(base, region, industry, now), local_share(base, region, industry, then)]
}

/// Factor of unit cost by what local suppliers are worth. It counts as it changed: that of the base year is part of why firms are
/// where they are.
///
/// Equation: `(l / l_0)^(-e)`, with the share `l` of inputs from producers of the region, its base `l_0` and the elasticity `e`.
/// Source: Ellison, Glaeser and Kerr (2010), suppliers near by as a reason of agglomeration; the constant elasticity is ours.
fn network([now, then]: [f64; 2], elasticity: f64) -> f64 {
    if now > 0.0 && then > 0.0 { engine::math::pow(now / then, -elasticity) } else { 1.0 }
}

/// What holds of an area relative to the mean of the plants of an industry in all areas of its region.
fn relative(geography: &Geography, area: usize, industry: usize, of: impl Fn(usize) -> f64) -> f64 {
    let (areas, region) = (&geography.areas, geography.areas[area].region as usize);
    if areas[area].zones.len() == geography.regions[region].zones.len() {
        return 1.0;
    }
    let mean = |a: usize| areas[a].employment[industry] * of(a);
    of(area) / geography.areas_of(region).map(mean).sum::<f64>()
}

/// Duty factors relative to the base year, means over the horizon.
fn duties(base: &Base, path: &Path) -> Grid<Border, f64> {
    let duty = |cell| {
        let then = base.tariff[cell];
        // Rule: an embargo is at least as bad as any duty it stands on.
        path.charge(then, cell, Some(then.max(EMBARGO_AS_DUTY)))
    };
    Grid::from_fn(base.tariff.shape(), |cell| (1.0 + duty(cell)) / (1.0 + base.tariff[cell]))
}

/// Share of new capital that measures pay, of a plant announced now and of one whose construction begins now.
fn grants(given: &Given, path: &Path, sites: &Sites) -> [Grid<LocalBranch, f64>; 2] {
    let (p, areas, g) = (&given.p.location, &given.geography.areas, given.base.products);
    // Rule: no plant is expected to be paid for more than once.
    let granted = |window: (f64, f64)| {
        Grid::from_fn([areas.len(), g], |cell| {
            let (AreaId(a), Industry(j)) = cell;
            let most = 1.0 - given.base.regions[areas[a].region as usize].grant_rate[j];
            path.during(window, |s| s.investment_subsidy[cell] + sites.expected_subsidy(s, cell)).min(most)
        })
    };
    let (planning, building) = (p.planning_time / 12.0, p.building_time / 12.0);
    [granted((planning, planning + building)), granted((0.0, building))]
}

impl Outlook {
    /// Looks ahead from a tick.
    #[must_use]
    pub fn new(given: &Given, regions: &Regions, sourcing: &Sourcing, routes: &Routes, sites: &Sites) -> Self {
        let Given { p, base, geography, .. } = given;
        let (r, g) = given.size();
        let rate = p.firms.required_return + p.monetary.neutral_rate;
        let path = Path::new(given, routes, rate);
        let inputs = input_costs(base);
        let prices = expected_prices(given, &path, regions, sourcing, routes);
        let areas = &geography.areas;
        let local = Grid::<Branch, _>::from_fn([r, g], |(RegionId(k), Industry(j))| local_supply(base, sourcing, k, j));
        let shape = [areas.len(), g];
        let region = |a: usize| areas[a].region as usize;
        Self {
            region: (0..areas.len()).map(region).collect(),
            cost: Grid::from_fn(shape, |(AreaId(a), industry)| {
                let here = (RegionId(region(a)), industry);
                let network = network(local[here], p.location.supplier_elasticity);
                unit_costs(given, regions, &path, (a, industry.0), (inputs[here], &prices[region(a)]))
                    .map(|x| x * network)
            }),
            duty: duties(base, &path),
            grant: grants(given, &path, sites),
            industries: (0..g).map(|j| Means::of(base, &inputs, j)).collect(),
            carriage: Grid::from_fn(shape, |(AreaId(a), Industry(j))| {
                [0, 1].map(|way| relative(geography, a, j, |a| 1.0 + areas[a].freight[way]))
            }),
            density: Grid::from_fn(shape, |(AreaId(a), Industry(j))| {
                relative(geography, a, j, |other| nearness(base, &areas[other], region(a), j))
            }),
            earnings: Grid::from_fn(shape, |(AreaId(a), Industry(j))| relative(geography, a, j, |a| areas[a].wage)),
            local,
            annuity: annuity(rate, p.location.horizon_years),
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
        let of = |a: usize| self.carriage[(AreaId(a), Industry(product))][usize::from(self.region[a] == sold)];
        if self.region[from] == self.region[to] { (of(to) / of(from)).max(1.0) } else { of(to) }
    }

    /// Carriage to a region relative to the mean of the plants of the area's region.
    #[must_use]
    pub fn carriage_of(&self, area: usize, sold: usize, product: usize) -> f64 {
        self.carriage[(AreaId(area), Industry(product))][usize::from(self.region[area] == sold)]
    }

    /// Nearness of suppliers in an area relative to the mean of its region's plants.
    #[must_use]
    pub fn density(&self, area: usize, product: usize) -> f64 {
        self.density[(AreaId(area), Industry(product))]
    }

    /// Earnings in an area relative to the mean of its region's plants.
    #[must_use]
    pub fn earnings(&self, area: usize, product: usize) -> f64 {
        self.earnings[(AreaId(area), Industry(product))]
    }

    /// Duty factor of goods from one region in another relative to the base.
    #[must_use]
    pub fn duty_factor(&self, made: usize, sold: usize, product: usize) -> f64 {
        if made == sold { 1.0 } else { self.duty[(Importer(sold), Origin(made), Product(product))] }
    }

    /// Unit cost in an area relative to the base.
    #[must_use]
    pub fn cost(&self, area: usize, product: usize, counting: Counting) -> f64 {
        self.cost[(AreaId(area), Industry(product))][counting as usize]
    }

    /// Averages over the world's plants of an industry at the base.
    pub(super) fn industry(&self, product: usize) -> Means {
        self.industries[product]
    }

    /// Share of new capital the government is expected to pay by measures: of a plant announced now, or of one past its planning.
    #[must_use]
    pub fn grant(&self, area: usize, product: usize, planned: bool) -> f64 {
        self.grant[usize::from(planned)][(AreaId(area), Industry(product))]
    }

    /// Share of material inputs that local producers supply now, and at the base.
    #[must_use]
    pub fn local(&self, region: usize, product: usize) -> [f64; 2] {
        self.local[(RegionId(region), Industry(product))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_reasons_count_in_what_a_firm_adds() {
        let industry = |own_share| Means { markup: 1.1, capital: 3.0, compensation: 0.2, own_share };
        // Ten percent off (log) of a fifth of cost: 1 - 0.2 (1 - exp(-0.1)).
        assert!((industry(0.2).own_reasons(0.1) - 0.980_967_5).abs() < 1e-6);
        // Who only passes inputs on, or loses on them, has no own way.
        assert!((industry(0.0).own_reasons(0.5) - 1.0).abs() < 1e-15);
        assert!((industry(-0.1).own_reasons(0.5) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn more_suppliers_at_home_make_work_there_cheaper() {
        // Twice the share at an elasticity of one half: 2^-0.5.
        crate::testing::near(network([0.4, 0.2], 0.5), 0.5_f64.sqrt());
        crate::testing::near(network([0.0, 0.2], 0.5), 1.0);
    }
}
