//! Which origins importers turn to: target shares, and how fast links move towards them.
//!
//! For each purpose, importer and product the target share of an origin is its base share times its landed price
//! relative to the base, to the power minus the elasticity. Each tick a share phi of the gap is closed by links
//! that change hands; where shares are on target no link moves, so a steady world keeps its suppliers.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns;
use engine::grid::Grid;
use engine::money::Volume;
use rayon::prelude::*;

use super::landed::LandedPrice;
use crate::axes::{Border, Branch, Importer, Industry, Origin, Product, RegionId};
use crate::components::Offer;
use crate::given::Given;
use crate::policy::PolicyState;
use crate::purpose::Purpose;
use crate::state::{Regions, Sourcing};

/// Target origin shares of volume: `pi_o = s0_o rho_o^(-sigma) / sum`, with `rho_o` the landed price relative to the
/// base (so value shares move with `1 - sigma`).
///
/// Source: Armington (1969) demand in shares; calibrated so that base prices give base shares exactly.
pub fn target_shares(base_share: &[f64], relative: &[f64], sigma: f64, out: &mut [f64]) {
    let mut sum = 0.0;
    for ((target, &share), &rho) in out.iter_mut().zip(base_share).zip(relative) {
        *target = if share > 0.0 && rho.is_finite() { share * engine::math::pow(rho, -sigma) } else { 0.0 };
        sum += *target;
    }
    if sum > 0.0 {
        for x in out.iter_mut() {
            *x /= sum;
        }
    }
}

/// Price in a market relative to the price at home that an exporter aims at: it bears part of a duty above its
/// base-year rate.
///
/// Equation: `m = ((1 + tau) / (1 + tau_0))^(-kappa)`, with the absorbed share `kappa`.
/// Source: pricing to market (Krugman 1987); a share of duties borne abroad (Cavallo et al. 2021, AER: Insights 3(1)).
#[must_use]
pub fn market_factor(duty: f64, base_duty: f64, absorption: f64) -> f64 {
    engine::math::pow((1.0 + duty) / (1.0 + base_duty), -absorption)
}

/// Rate a tick at which buyers of a dear origin look for another: `phi` at the average price, faster the dearer it is.
///
/// Equation: hazard `h = -ln(1 - phi) max(1, rho / rho_m)^u`, rate `1 - exp(-h)`, with the origin's landed price `rho`
/// relative to the base, its mean `rho_m` over what is bought, and the urgency `u`: who loses more by staying looks sooner.
/// Source: proportional hazard, Cox (1972); that the gap in price drives it is ours.
#[must_use]
pub fn review_rate(phi: f64, relative_price: f64, urgency: f64) -> f64 {
    if relative_price > 1.0 {
        1.0 - engine::math::pow(1.0 - phi, engine::math::pow(relative_price, urgency))
    } else {
        phi
    }
}

/// How the links of an importer, purpose and product move between origins this tick.
pub struct Rechosen<'a> {
    /// Probability that a link to the origin is given up.
    pub release: &'a mut [f64],
    /// Volume by which the origin is above its target.
    pub surplus: &'a mut [f64],
    /// Cumulative probability of the new origin.
    pub choice: &'a mut [f64],
}

/// Release probability of links to each origin and the cumulative choice of new origins.
///
/// Equation: `s' = s + phi_o (pi - s)` on average, with the share `s` of an origin, its target `pi` and the rate of review `phi_o`,
/// by the fewest possible changes of supplier: origins above target release `phi_o (1 - pi / s)` of their links, origins below
/// receive them in proportion to their gap. A banned origin releases links at a rate of its own.
/// Source: partial adjustment; that no more change than must is ours.
pub fn rechoice(
    target: &[f64],
    ordered: &[Volume],
    banned: impl Fn(usize) -> Option<f64>,
    rate: impl Fn(usize) -> f64,
    moves: Rechosen<'_>,
) {
    let Rechosen { release, surplus, choice } = moves;
    let total = ordered.iter().sum::<Volume>().as_f64();
    let mut gain = 0.0;
    for o in 0..target.len() {
        let share = if total > 0.0 { ordered[o].as_f64() / total } else { target[o] };
        surplus[o] = (share - target[o]).max(0.0) * total;
        release[o] = if let Some(replaced) = banned(o) {
            replaced
        } else if share > target[o] {
            rate(o) * (1.0 - target[o] / share)
        } else {
            0.0
        };
        gain += (target[o] - share).max(0.0);
        choice[o] = gain;
    }
    if gain > 0.0 {
        for x in choice.iter_mut() {
            *x /= gain;
        }
    }
}

/// Weight of a seller for buyers in search: its spare capacity, discounted by price and by orders it could not serve.
///
/// Equation: `w = max(K - D, K / 50) rho^(-eta) q`, capacity `K`, expected demand `D`, price relative to the market
/// `rho`, service `q`. The floor on spare capacity keeps a seller that is full within reach, so that it can be asked
/// again when orders fall. A site without capacity attracts nobody.
/// Source: Poledna et al. (2023), sellers are chosen by price and size; spare capacity in place of size and service are ours.
#[must_use]
pub fn attraction(offer: &Offer, relative_price: f64, eta: f64) -> f64 {
    if offer.capacity <= 0.0 {
        return 0.0;
    }
    (offer.capacity - offer.demand_expected).max(0.02 * offer.capacity).max(1.0)
        * engine::math::pow(relative_price, -eta)
        * offer.service
}

/// Probability that a buyer drawn for a review leaves a seller: `1 - rho^(-eta) q`; nobody leaves a cheap, reliable one.
#[must_use]
pub fn leaving(offer: &Offer, relative_price: f64, eta: f64) -> f64 {
    (1.0 - engine::math::pow(relative_price, -eta) * offer.service).max(0.0)
}

/// Cumulative weights of the sellers of each product of each origin.
#[derive(bevy_ecs::prelude::Resource, Default)]
pub struct SellerChoice {
    /// Cumulative weight by member.
    pub cumulative: Grid<Branch, Vec<f64>>,
}

/// System: average prices of origins, target shares, release and choice probabilities.
pub fn update_targets(
    given: Given,
    regions: Res<Regions>,
    landed: Res<LandedPrice>,
    offers: Query<&Offer>,
    mut sourcing: ResMut<Sourcing>,
    mut choice: ResMut<SellerChoice>,
) {
    let Given { settings, p, base, geography, .. } = &given;
    let (offer, r) = (columns(&offers), given.geography.region_count());
    let cells = geography.cells.as_slice().par_iter();
    let weighed = cells.map(|members| weigh_sellers(members, offer, p.trade.seller_elasticity));
    let weighed: Vec<(f64, Vec<f64>)> = weighed.collect();
    choice.cumulative = geography.cells.map(|_| Vec::new());
    for (cell, (mean, cumulative)) in geography.cells.indices().zip(weighed) {
        let (RegionId(origin), Industry(product)) = cell;
        sourcing.origin_price[(Origin(origin), Product(product))] = mean;
        choice.cumulative[cell] = cumulative;
    }
    let reviewed = settings.monthly(p.trade.border_price_review_probability);
    let Sourcing { ordered, share_base, release, surplus, choice, origin_price, market_factor: in_market } =
        &mut *sourcing;
    for at in in_market.indices() {
        let aimed_at = market_factor(landed.duty(at), base.tariff[at], p.trade.exporter_absorption);
        let price = &mut in_market[at];
        *price += reviewed * (aimed_at - *price);
    }
    let origins = Origins::new(&given, &regions, &landed, origin_price, in_market);
    let rows = ordered
        .as_slice()
        .par_chunks(r)
        .zip(share_base.as_slice().par_chunks(r))
        .zip(release.as_mut_slice().par_chunks_mut(r))
        .zip(surplus.as_mut_slice().par_chunks_mut(r))
        .zip(choice.as_mut_slice().par_chunks_mut(r));
    rows.enumerate().for_each(|(row, ((((ordered, share), release), surplus), choice))| {
        origins.compare(share_base.row_name(row), ordered, share, Rechosen { release, surplus, choice });
    });
}

/// Average price of the sellers of a cell, and their cumulative weights for buyers in search.
fn weigh_sellers(members: &[u32], offer: &[Offer], eta: f64) -> (f64, Vec<f64>) {
    let (mut weight, mut value) = (0.0, 0.0);
    for &k in members {
        let o = &offer[k as usize];
        weight += o.demand_expected;
        value += o.demand_expected * o.price;
    }
    let mean = if weight > 0.0 { value / weight } else { 1.0 };
    let mut sum = 0.0;
    let cumulative = members
        .iter()
        .map(|&k| {
            let o = &offer[k as usize];
            sum += attraction(o, o.price / mean, eta);
            sum
        })
        .collect();
    (mean, cumulative)
}

/// What importers compare origins by.
struct Origins<'a> {
    given: &'a Given<'a>,
    regions: &'a Regions,
    landed: &'a LandedPrice,
    /// Price at home.
    price: &'a Grid<(Origin, Product), f64>,
    /// Price in a market relative to it.
    in_market: &'a Grid<Border, f64>,
    measures: &'a PolicyState,
    /// Share of goods that passes ports; empty where all are open.
    passing: Grid<(Importer, Origin), f64>,
    /// Share of buyers of an average origin that look for another in a tick.
    phi: f64,
}

impl<'a> Origins<'a> {
    fn new(
        given: &'a Given<'a>,
        regions: &'a Regions,
        landed: &'a LandedPrice,
        price: &'a Grid<(Origin, Product), f64>,
        in_market: &'a Grid<Border, f64>,
    ) -> Self {
        let measures = given.measures();
        let passing = measures.passing(&given.geography);
        let phi = given.settings.monthly(given.p.trade.rechoice_share);
        Self { given, regions, landed, price, in_market, measures, passing, phi }
    }

    /// Landed price of a product from an origin in a region relative to the base.
    fn landed(&self, at: Border) -> f64 {
        let (_, origin, product) = at;
        let (price, exchange) = (self.price[(origin, product)], self.regions.states[origin.0].exchange_rate);
        self.landed.with_duty(price, self.in_market[at], exchange, at) / (1.0 + self.given.base.tariff[at])
    }

    /// Share of the links of a purpose to a banned origin that are replaced in a tick: finished goods have close substitutes; inputs
    /// and machines have to fit.
    fn replacement(&self, purpose: Purpose) -> f64 {
        let fits = matches!(purpose, Purpose::Intermediate | Purpose::Capital);
        if fits { self.given.settings.monthly(self.given.p.trade.replacement_share) } else { 1.0 }
    }

    /// Compares the origins of a purpose, importer and product: target shares, and which links move towards them.
    fn compare(
        &self,
        (purpose, importer, product): (Purpose, Importer, Product),
        ordered: &[Volume],
        share: &[f64],
        moves: Rechosen,
    ) {
        let Given { p, base, .. } = self.given;
        let r = share.len();
        let relative: Vec<f64> = (0..r).map(|o| self.landed((importer, Origin(o), product))).collect();
        let banned = |o: usize| self.measures.banned((importer, Origin(o), product));
        // Who cannot get all of an order looks for others as far as that.
        let passing = |o: usize| self.passing.get((importer, Origin(o))).copied().unwrap_or(1.0);
        let pass = |o: usize| if base.goods[product.0] { passing(o) } else { 1.0 };
        let shares: Vec<f64> = (0..r).map(|o| if banned(o) { 0.0 } else { share[o] * pass(o) }).collect();
        let mut target = vec![0.0; r];
        target_shares(&shares, &relative, base.elasticity[product.0], &mut target);
        let bought: Volume = ordered.iter().sum();
        let bought_at = ordered.iter().zip(&relative).filter(|x| x.0.is_positive());
        let spent: f64 = bought_at.map(|(&q, price)| q.as_f64() * price).sum();
        let mean = if bought.is_positive() { spent / bought.as_f64() } else { 1.0 };
        let rate = |o: usize| review_rate(self.phi, relative[o] / mean, p.trade.rechoice_urgency);
        let replaced = |o: usize| banned(o).then(|| self.replacement(purpose));
        rechoice(&target, ordered, replaced, rate, moves);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_prices_keep_base_shares_and_release_nothing() {
        let share = [0.6, 0.3, 0.1];
        let mut target = [0.0; 3];
        target_shares(&share, &[1.0; 3], 4.0, &mut target);
        let (mut release, mut surplus, mut choice) = ([9.0; 3], [9.0; 3], [9.0; 3]);
        let moves = Rechosen { release: &mut release, surplus: &mut surplus, choice: &mut choice };
        rechoice(&target, &[600, 300, 100].map(Volume::new), |_| None, |_| 0.02, moves);
        for (a, b) in target.iter().zip(share) {
            assert!((a - b).abs() < 1e-15);
        }
        assert!(release.iter().all(|&x| x < 1e-15));
    }

    #[test]
    fn what_may_not_be_bought_any_more_is_replaced_with_time() {
        let target = [0.75, 0.25, 0.0];
        let (mut release, mut surplus, mut choice) = ([9.0; 3], [9.0; 3], [9.0; 3]);
        let moves = Rechosen { release: &mut release, surplus: &mut surplus, choice: &mut choice };
        rechoice(&target, &[600, 200, 200].map(Volume::new), |o| (o == 2).then_some(0.15), |_| 0.02, moves);
        assert!((release[2] - 0.15).abs() < 1e-15 && release[..2].iter().all(|&x| x < 1e-15), "{release:?}");
        // The others take over in proportion to what they lack: 0.15 and 0.05.
        assert!((choice[0] - 0.75).abs() < 1e-12 && (choice[2] - 1.0).abs() < 1e-12, "{choice:?}");
    }

    #[test]
    fn exporters_bear_their_share_of_a_duty() {
        assert!((market_factor(0.1, 0.1, 0.2) - 1.0).abs() < 1e-15);
        // ln m = -0.2 ln(1.1 / 1.0), so the landed price rises by 1.1^0.8.
        assert!((1.1 * market_factor(0.1, 0.0, 0.2) - 1.1_f64.powf(0.8)).abs() < 1e-12);
    }

    #[test]
    fn buyers_of_a_dear_origin_look_sooner() {
        assert!((review_rate(0.03, 0.8, 4.0) - 0.03).abs() < 1e-15);
        // Hazard times 1.5^2 = 2.25: 1 - 0.97^2.25.
        assert!((review_rate(0.03, 1.5, 2.0) - (1.0 - 0.97_f64.powf(2.25))).abs() < 1e-12);
    }

    #[test]
    fn a_tariff_moves_phi_of_the_gap() {
        let mut target = [0.0; 2];
        target_shares(&[0.5, 0.5], &[1.0, 1.1], 5.0, &mut target);
        let expected = 1.1_f64.powi(-5) / (1.0 + 1.1_f64.powi(-5));
        assert!((target[1] - expected).abs() < 1e-12);
        let (mut release, mut surplus, mut choice) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        let moves = Rechosen { release: &mut release, surplus: &mut surplus, choice: &mut choice };
        rechoice(&target, &[500, 500].map(Volume::new), |_| None, |_| 0.02, moves);
        assert!((release[1] * 0.5 - 0.02 * (0.5 - expected)).abs() < 1e-12);
        assert!((surplus[1] - 1000.0 * (0.5 - expected)).abs() < 1e-9);
        assert!(release[0] < 1e-15 && (choice[0] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn sellers_attract_by_room_price_and_service() {
        let offer = Offer { capacity: 200.0, demand_expected: 150.0, service: 0.5, ..Offer::default() };
        // 50 x 2^-3 x 0.5
        assert!((attraction(&offer, 2.0, 3.0) - 3.125).abs() < 1e-12);
        // Full: a fiftieth of capacity. No capacity: nothing.
        let full = Offer { demand_expected: 300.0, service: 1.0, ..offer };
        assert!((attraction(&full, 1.0, 3.0) - 4.0).abs() < 1e-12);
        assert!(attraction(&Offer { capacity: 0.0, ..offer }, 1.0, 3.0).abs() < 1e-15);
    }
}
