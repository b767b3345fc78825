//! What a unit costs to make, and when the price follows.

use bevy_ecs::prelude::{Query, Res};
use engine::columns::{columns, columns_mut};
use engine::rng::{Streams, unit};
use rayon::prelude::*;

use super::automation::machine_return;
use super::liquidity::liquidity_target;
use super::profit::general_grant;
use crate::axes::{Importer, Origin, Product};
use crate::components::{Books, Firm, Offer, Plant};
use crate::given::Given;
use crate::markets::landed::LandedPrice;
use crate::parameters::list::Firms;
use crate::purpose::Purpose;
use crate::state::{GrantRates, Regions, Sourcing, Supply};
use crate::world::stream;

/// Cost components of one unit of output, money per volume.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct UnitCost {
    /// Inputs at tariff-inclusive purchase prices.
    pub inputs: f64,
    /// Wages and social contributions less wage subsidies.
    pub labour: f64,
    /// Replacement of capital at current prices less grants, and a return on machines that replaced labour.
    pub capital: f64,
    /// Production tax less subsidy.
    pub tax: f64,
}

impl UnitCost {
    /// Sum of the components.
    #[must_use]
    pub fn total(self) -> f64 {
        self.inputs + self.labour + self.capital + self.tax
    }
}

/// Target price, money per volume: a markup on unit cost, raised when demand presses on capacity and when the firm is
/// short of cash.
///
/// Equation: `P* = mu UC u^epsilon (1 + lambda (1 - D / D*))`, with `mu` the base-year markup, `UC` unit cost, `u` expected
/// demand over normal capacity output (1 at the base, counted between one half and two: beyond that pressure says no
/// more about cost), `epsilon` the demand-pull elasticity, `D / D*` deposits over their target (counted between minus
/// one and three) and `lambda` the response to it, by which firms rebuild what chance took from them.
/// Source for the last factor: Gilchrist, Schoenle, Sim and Zakrajsek (2017), firms short of liquidity raise prices.
/// Source: Poledna et al. (2023), eq. for cost-push pricing; Hommes et al. (2025), demand-pull form. Changed: levels
/// instead of growth rates, so that prices carry no drift.
#[must_use]
pub fn target_price(markup: f64, unit_cost: f64, pressure: f64, liquidity: f64, p: &Firms) -> f64 {
    markup
        * unit_cost
        * engine::math::pow(pressure.clamp(0.5, 2.0), p.demand_pull)
        * (1.0 + p.liquidity_pricing * (1.0 - liquidity.clamp(-1.0, 3.0)))
}

/// Prices and origins of sellers as a buyer sees them.
pub struct Sellers<'a> {
    /// Price of each firm, own currency.
    pub price: &'a [f64],
    /// Region of each firm.
    pub region: &'a [u16],
}

/// Tariff-inclusive cost of inputs per unit of output at a firm's own suppliers.
///
/// `landed(origin, product)` is the price in the buyer's region, duty included, over the seller's price at home;
/// `rate(origin)` converts the origin's currency into the buyer's.
pub fn input_cost(
    supply: &Supply,
    firm: usize,
    sellers: &Sellers,
    requirement: impl Fn(usize) -> f64,
    landed: impl Fn(usize, usize) -> f64,
    rate: impl Fn(usize) -> f64,
) -> f64 {
    let mut cost = 0.0;
    for (line, item) in supply.lines.of(firm) {
        if item.purpose != Purpose::Intermediate {
            continue;
        }
        let product = item.product as usize;
        let mut price = 0.0;
        for link in supply.lines.links_of(line) {
            let seller = supply.sellers[link] as usize;
            let origin = sellers.region[seller] as usize;
            price +=
                f64::from(supply.lines.shares[link]) * sellers.price[seller] * rate(origin) * landed(origin, product);
        }
        cost += requirement(product) * price;
    }
    cost
}

/// Capital replacement per unit of output, volume: depreciation of the capital a unit needs at normal use.
#[must_use]
pub fn replacement_per_unit(plant: &Plant, depreciation_rate: f64, utilisation: f64) -> f64 {
    depreciation_rate / (plant.capital_productivity * utilisation)
}

/// Systems: firms drawn for a review set their price to the target.
pub fn review_prices(
    given: Given,
    regions: Res<Regions>,
    supply: Res<Supply>,
    sourcing: Res<Sourcing>,
    landed: Res<LandedPrice>,
    grants: Res<GrantRates>,
    plants: Query<&Plant>,
    mut firms: Query<(&Firm, &Books, &mut Offer)>,
) {
    let Given { settings, tick, p, base, .. } = &given;
    let plants = columns(&plants);
    let (firm, books, offer) = columns_mut(&mut firms);
    let months = settings.months_per_tick();
    let state = given.measures();
    let price: Vec<f64> = offer.par_iter().map(|o| o.price).collect();
    let region: Vec<u16> = firm.par_iter().map(|f| f.region).collect();
    let sellers = Sellers { price: &price, region: &region };
    let mut words = vec![0u64; firm.len()];
    Streams::new(settings.seed).fill(stream::PRICE_REVIEW, tick.0, 1, &mut words);
    let chance = [p.firms.service_price_review_probability, p.firms.goods_price_review_probability]
        .map(|chance| settings.monthly(chance));
    offer.par_iter_mut().zip(firm.par_iter()).zip(books.par_iter()).enumerate().for_each(
        |(i, ((offer, firm), books))| {
            let (home, j) = (firm.region as usize, firm.industry as usize);
            let here = firm.local_branch();
            if unit(words[i]) >= chance[usize::from(base.goods[j])] {
                return;
            }
            let own = &regions.states[home];
            let plant = &plants[firm.plant as usize];
            let (b, subsidy) = (&base.regions[home], state.investment_subsidy[here]);
            let cost = UnitCost {
                inputs: input_cost(
                    &supply,
                    i,
                    &sellers,
                    |x| base.requirement(home, j, x),
                    |o, x| {
                        let at = (Importer(home), Origin(o), Product(x));
                        landed.with_duty(1.0, sourcing.market_factor[at], 1.0, at)
                    },
                    |o| regions.states[o].exchange_rate / own.exchange_rate,
                ),
                labour: own.labour.wage_index
                    * (1.0 + p.government.social_rate - state.wage_subsidy[here])
                    * plant.unit_wage
                    * plant.labour_productivity
                    / productivity(plant, own.shocks.productivity),
                capital: replacement_per_unit(plant, b.depreciation_rate, p.firms.capacity_utilisation)
                    * own.prices.capital
                    * (1.0 - general_grant(grants.0[i], subsidy))
                    + machine_return(plant, b, p, settings.ticks_per_year)
                        * own.prices.capital
                        * (1.0 - general_grant(0.0, subsidy)),
                tax: (b.production_tax_rate[j] + state.production_tax[firm.branch()] - state.production_subsidy[here])
                    * offer.price,
            };
            let normal = plant.capacity(0.0) * p.firms.capacity_utilisation;
            // Capacity that measures put out of use makes the rest scarce; with none left the limit of the pressure counts.
            let usable = (normal * (1.0 - state.lost_capacity[here])).max(f64::MIN_POSITIVE);
            let pressure = if normal > 0.0 { offer.demand_expected / usable } else { 1.0 };
            let wanted = liquidity_target(&p.firms, months, offer.demand_expected, offer.price);
            let liquidity = if wanted > 0.0 { books.deposits as f64 / wanted } else { 1.0 };
            offer.price = target_price(offer.markup, cost.total(), pressure, liquidity, &p.firms);
        },
    );
}

/// Output per worker with shocks and at the plant's present efficiency, volume a tick at normal hours.
#[must_use]
pub fn productivity(plant: &Plant, region_shock: f64) -> f64 {
    let shock = plant.productivity_shock + region_shock;
    // The test keeps exp off the common path of a world without shocks.
    let normal = plant.labour_productivity * plant.efficiency;
    if shock.abs() < f64::MIN_POSITIVE { normal } else { normal * engine::math::exp(shock) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{near, parameters};

    #[test]
    fn prices_are_a_markup_moved_by_demand_and_cash() {
        let p = Firms { demand_pull: 0.5, liquidity_pricing: 0.1, ..parameters().firms };
        near(target_price(1.2, 10.0, 1.0, 1.0, &p), 12.0);
        // Demand 1.44 of capacity: x 1.2; no cash at all: x 1.1.
        near(target_price(1.2, 10.0, 1.44, 0.0, &p), 15.84);
        // Beyond twice the capacity and three times the cash nothing more follows.
        near(target_price(1.0, 1.0, 9.0, 9.0, &p), 2.0_f64.sqrt() * 0.8);
    }
}
