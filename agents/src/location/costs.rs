//! Unit costs that firms expect of places, with prices of inputs as duties are expected to change them.

use engine::grid::Grid;
use engine::money::Volume;

use super::path::Path;
use crate::axes::{AreaId, Border, Branch, Goods, Importer, Industry, Origin, Product, RegionId};
use crate::given::Given;
use crate::markets::landed::LandedPrice;
use crate::markets::routing::Routes;
use crate::parameters::Parameters;
use crate::policy::{CompiledSchedule, PolicyState};
use crate::purpose::Purpose;
use crate::state::{Regions, Sourcing};
use crate::world::base::Base;

/// Cost of inputs per unit of output at the base, numeraire, duties included.
pub(super) fn input_costs(base: &Base) -> Grid<Branch, f64> {
    let (r, g) = (base.regions.len(), base.products);
    let price = Grid::<Goods, f64>::from_fn([r, g], |(RegionId(k), Product(x))| {
        base.purchase_price(Purpose::Intermediate, k, x)
    });
    Grid::from_fn([r, g], |(region, industry)| {
        let needs = base.input_requirement.row((region, industry)).iter();
        needs.zip(price.row((region,))).map(|(need, price)| need * price).sum()
    })
}

/// Duties, detours included, in the prices of inputs that are known: those of the tick before, of the base year in the first.
fn charged(p: &Parameters, base: &Base, policy: &CompiledSchedule, routes: &Routes, tick: u32) -> Grid<Border, f64> {
    let Some(before) = tick.checked_sub(1) else { return base.tariff.clone() };
    let landed = LandedPrice::under(policy.at(before), routes, &p.routing);
    Grid::from_fn(base.tariff.shape(), |cell| landed.charge(cell))
}

/// Prices of inputs in each region as they will be with the duties of the path, and with those of the base year.
pub(super) fn expected_prices(
    given: &Given,
    path: &Path,
    regions: &Regions,
    sourcing: &Sourcing,
    routes: &Routes,
) -> Vec<[Vec<f64>; 2]> {
    let base = &given.base;
    let charged = charged(&given.p, base, &given.policy.0, routes, given.tick.0);
    let shape = base.tariff.shape();
    // What an embargo keeps out is bought elsewhere before long: as a cost of inputs it is no duty.
    let expected =
        Grid::from_fn(shape, |cell| (1.0 + path.charge(base.tariff[cell], cell, None)) / (1.0 + charged[cell]));
    let at_base = Grid::from_fn(shape, |cell| (1.0 + base.tariff[cell]) / (1.0 + charged[cell]));
    let of = |k: usize| [&expected, &at_base].map(|change| input_prices(base, change, regions, sourcing, k));
    (0..base.regions.len()).map(of).collect()
}

/// Prices of inputs in a region if the duty factor of every origin changed as given.
///
/// Equation: `p (1 + sum_o s_o (f_o - 1))`, with the price `p` of now, the share `s_o` of an origin in what firms order and the
/// change `f_o` of its duty factor. Border prices follow duties nearly one for one (T1, T2).
/// Source: Shephard (1953): to first order a price moves cost by its share.
fn input_prices(base: &Base, change: &Grid<Border, f64>, regions: &Regions, sourcing: &Sourcing, k: usize) -> Vec<f64> {
    let r = base.regions.len();
    let price = |x: usize| {
        let ordered = sourcing.ordered.row((Purpose::Intermediate, Importer(k), Product(x)));
        let total: Volume = ordered.iter().sum();
        let of = |o: usize| ordered[o].as_f64() / total.as_f64() * (change[(Importer(k), Origin(o), Product(x))] - 1.0);
        let sum: f64 = if total.is_positive() {
            (0..r).filter(|&o| o != k && ordered[o].is_positive()).map(of).sum()
        } else {
            0.0
        };
        regions.states[k].prices.inputs[x] * (1.0 + sum)
    };
    (0..base.products).map(price).collect()
}

/// Unit cost of an industry in an area, given what its inputs cost then and prices of inputs in the region
/// (see [`input_prices`]), relative to the base year, in the numeraire: as expected, without duties, and
/// without subsidies too.
///
/// Equation: `e (w (1 + s - s_w) l + sum_x a_x p_x + d k P_K (1 - q) + t - s_y + dt_c m) / c0`, with the exchange rate `e`, wages `w`,
/// contributions `s` and wage subsidy `s_w`, labour cost `l`, inputs `a` at tariff-inclusive prices `p`, replacement of capital `d k` at its
/// price, grants `q`, production tax `t` and subsidy `s_y`, the change of the profit tax `dt_c` on the margin `m`; `c0` the same at the base.
/// Measures count at their mean over the horizon; prices without duties, wages and the exchange rate as they are.
/// Source: cost of a Leontief technology; the user cost of capital as in Hall and Jorgenson (1967), without its financing.
pub(super) fn unit_costs(
    given: &Given,
    regions: &Regions,
    path: &Path,
    (area, j): (usize, usize),
    (inputs_then, input_prices): (f64, &[Vec<f64>; 2]),
) -> [f64; 3] {
    let Given { p, base, geography, .. } = given;
    let (k, here) = (geography.areas[area].region as usize, (AreaId(area), Industry(j)));
    let (b, s) = (&base.regions[k], &regions.states[k]);
    let cell = (RegionId(k), Industry(j));
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
        let cost = s.labour.wage_index * labour * (1.0 + social - wage_subsidy)
            + inputs
            + capital * s.prices.capital * (1.0 - b.grant_rate[j])
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
    fn prices_hold_the_duties_of_the_tick_before() {
        let world = crate::calibration::synthetic(3, 5, 1);
        let p = crate::testing::parameters();
        let table = crate::world::table::Table::new(&world, &p);
        let bundles = crate::world::build::products(&table).expect("one distribution industry");
        let base = crate::world::closing::close(&table, &bundles, &p, 12);
        let text = "[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.5\nstart = 2024-03-01\n";
        let schedule = crate::policy::tests::compiled_for(&world, text);
        let duties = |tick: u32| charged(&p, &base, &schedule, &Routes::default(), tick);
        // It starts in the third month and is in the prices that are known in the fourth.
        assert_eq!((duties(0), duties(2)), (base.tariff.clone(), base.tariff.clone()));
        let cell = (Importer(0), Origin(1), Product(0));
        assert!((duties(3)[cell] - base.tariff[cell] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn prices_of_inputs_move_by_the_share_of_what_is_ordered_there() {
        let world = crate::testing::world();
        let (base, mut regions) = (world.resource::<Base>(), world.resource::<Regions>().clone());
        regions.states[0].prices.inputs[1] = 2.0;
        let mut sourcing = Sourcing { ordered: base.flow.map(|_| Volume::ZERO), ..Sourcing::default() };
        let (here, product) = (Importer(0), Product(1));
        // 60 at home, 30 and 10 from the others.
        sourcing
            .ordered
            .row_mut((Purpose::Intermediate, here, product))
            .copy_from_slice(&[60, 30, 10].map(Volume::new));
        let mut change = base.tariff.map(|_| 1.0);
        // The duty factor of the second rises by a tenth; at home there is none.
        (change[(here, Origin(0), product)], change[(here, Origin(1), product)]) = (9.0, 1.1);
        // 2 (1 + 0.3 x 0.1)
        crate::testing::near(input_prices(base, &change, &regions, &sourcing, 0)[1], 2.06);
    }

    #[test]
    fn unit_costs_are_one_at_the_base_and_move_with_their_parts() {
        let mut world = crate::testing::world();
        let mut state = bevy_ecs::system::SystemState::<Given>::new(&mut world);
        let given = state.get(&world).expect("all resources are there");
        let mut regions = world.resource::<Regions>().clone();
        let routes = world.resource::<Routes>();
        let path = Path::new(&given, routes, 0.05);
        let base = &given.base;
        let inputs = input_costs(base);
        let prices = expected_prices(&given, &path, &regions, world.resource::<Sourcing>(), routes);
        let (area, j) = (0, 2);
        let cell = (RegionId(0), Industry(j));
        let cost = |regions: &Regions| unit_costs(&given, regions, &path, (area, j), (inputs[cell], &prices[0]));
        for counted in cost(&regions) {
            assert!((counted - 1.0).abs() < 1e-3, "{counted}");
        }
        // Wages a tenth higher: a tenth of the share of labour; the currency a fifth dearer: all of it.
        let b = &base.regions[0];
        let labour = b.compensation[j] / b.output[j];
        let capital = b.depreciation_rate * b.capital[j] / b.output[j] * b.capital_price * (1.0 - b.grant_rate[j]);
        let all = labour + inputs[cell] + capital + b.production_tax_rate[j];
        let before = cost(&regions)[0];
        regions.states[0].labour.wage_index *= 1.1;
        crate::testing::near(cost(&regions)[0] - before, 0.1 * labour / all);
        let wages = cost(&regions)[0];
        regions.states[0].exchange_rate *= 1.2;
        crate::testing::near(cost(&regions)[0], 1.2 * wages);
    }
}
