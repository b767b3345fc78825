//! Which origin, then which seller: supplier links are re-chosen slowly, and only where shares are off their target.
//!
//! For each purpose, importer and product the target share of an origin is its base share times its landed price
//! relative to the base, to the power minus the elasticity. Each tick a share phi of the gap is closed by links
//! that change hands; where shares are on target no link moves, so a steady world keeps its suppliers.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns;
use engine::rng::{hash, unit};
use rayon::prelude::*;

use crate::components::{Firm, Offer, Plan};
use crate::geography::Geography;
use crate::parameters::Parameters;
use crate::state::{Inventories, LineItem, Policy, Regions, Settings, Sourcing, Supply, Tick};
use crate::world::base::{Base, PURPOSES, Purpose};

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

/// Release probability of links to each origin and the cumulative choice of new origins.
///
/// Expected share dynamics: `s' = s + phi (pi - s)` with the fewest possible changes of supplier: origins above
/// target release `phi (1 - pi / s)` of their links, origins below receive them in proportion to their gap.
pub fn rechoice(
    target: &[f64],
    ordered: &[i64],
    banned: impl Fn(usize) -> bool,
    phi: f64,
    release: &mut [f64],
    choice: &mut [f64],
) {
    let total: i64 = ordered.iter().sum();
    let mut gain = 0.0;
    for o in 0..target.len() {
        let share = if total > 0 { ordered[o] as f64 / total as f64 } else { target[o] };
        release[o] = if banned(o) {
            1.0
        } else if share > target[o] {
            phi * (1.0 - target[o] / share)
        } else {
            0.0
        };
        // Links a ban sets free go by target shares, the others by the gap.
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
/// again when orders fall.
#[must_use]
pub fn attraction(offer: &Offer, relative_price: f64, eta: f64) -> f64 {
    (offer.capacity - offer.demand_expected).max(0.02 * offer.capacity).max(1.0)
        * engine::math::pow(relative_price, -eta)
        * offer.service
}

/// Probability that a buyer drawn for a review leaves a seller: `1 - rho^(-eta) q`; nobody leaves a cheap, reliable one.
#[must_use]
pub fn leaving(offer: &Offer, relative_price: f64, eta: f64) -> f64 {
    (1.0 - engine::math::pow(relative_price, -eta) * offer.service).max(0.0)
}

/// Cumulative weights of the sellers of each (origin, product) cell.
#[derive(bevy_ecs::prelude::Resource, Default)]
pub struct SellerChoice {
    /// Cumulative weight by cell and member.
    pub cumulative: Vec<Vec<f64>>,
}

/// System: average prices of origins, target shares, release and choice probabilities.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn update_targets(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    geography: Res<Geography>,
    policy: Res<Policy>,
    regions: Res<Regions>,
    offers: Query<&Offer>,
    mut sourcing: ResMut<Sourcing>,
    mut choice: ResMut<SellerChoice>,
) {
    let offer = columns(&offers);
    let (r, g) = (geography.region_count(), base.products);
    let eta = p.trade.seller_elasticity;
    let cells: Vec<(f64, Vec<f64>)> = geography
        .cells
        .par_iter()
        .map(|members| {
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
        })
        .collect();
    choice.cumulative = Vec::with_capacity(cells.len());
    for (cell, (mean, cumulative)) in cells.into_iter().enumerate() {
        sourcing.origin_price[cell] = mean;
        choice.cumulative.push(cumulative);
    }
    let state = policy.0.at(tick.0);
    let phi = settings.monthly(p.trade.rechoice_share);
    let Sourcing { ordered, share_base, release, choice, origin_price } = &mut *sourcing;
    let rows = ordered
        .par_chunks(r)
        .zip(share_base.par_chunks(r))
        .zip(release.par_chunks_mut(r))
        .zip(choice.par_chunks_mut(r));
    rows.enumerate().for_each(|(row, (((ordered, share), release), choice))| {
        let (d, product) = (row / g % r, row % g);
        debug_assert!(row / g / r < PURPOSES);
        let tariff = |o: usize| (state.tariffs[(d * r + o) * g + product], base.tariff(d, o, product));
        let relative: Vec<f64> = (0..r)
            .map(|o| {
                let (now, then) = tariff(o);
                origin_price[o * g + product] * regions.states[o].exchange_rate * (1.0 + now) / (1.0 + then)
            })
            .collect();
        let banned = |o: usize| state.embargo[(d * r + o) * g + product];
        let shares: Vec<f64> = (0..r).map(|o| if banned(o) { 0.0 } else { share[o] }).collect();
        let mut target = vec![0.0; r];
        target_shares(&shares, &relative, base.elasticity[product], &mut target);
        rechoice(&target, ordered, banned, phi, release, choice);
    });
}

/// What a purchaser usually orders on a line, volume a tick.
struct Usual<'a> {
    base: &'a Base,
    inventories: &'a Inventories,
    firm: &'a [Firm],
    offer: &'a [Offer],
    plan: &'a [Plan],
}

impl Usual<'_> {
    fn order(&self, purchaser: usize, region: usize, item: LineItem) -> f64 {
        let x = item.product as usize;
        let b = &self.base.regions[region];
        match item.purpose {
            Purpose::Intermediate => {
                self.base.requirement(region, self.firm[purchaser].industry as usize, x)
                    * self.offer[purchaser].demand_expected
            }
            Purpose::Capital => self.plan[purchaser].investment as f64 * b.capital_mix[x],
            Purpose::Resale => {
                self.inventories.resale_expected[self.firm[purchaser].outlet as usize * self.base.products + x]
            }
            Purpose::Government => b.government_volume[x],
        }
    }
}

/// System: links drawn for re-choice change origin or seller.
///
/// A link larger than twice what its origin has too much stays: moving it would leave shares further off than before.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn choose_suppliers(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    geography: Res<Geography>,
    sourcing: Res<Sourcing>,
    inventories: Res<Inventories>,
    choice: Res<SellerChoice>,
    firms: Query<(&Firm, &Offer, &Plan)>,
    mut supply: ResMut<Supply>,
) {
    let (firm, offer, plan) = columns(&firms);
    let usual = Usual { base: &base, inventories: &inventories, firm, offer, plan };
    let phi = settings.monthly(p.trade.rechoice_share);
    let (r, g) = (geography.region_count(), geography.product_count());
    let phi_seller = settings.monthly(p.trade.seller_rechoice_share);
    let eta = p.trade.seller_elasticity;
    let key = hash(settings.seed, u64::from(tick.0), u64::from(crate::world::stream::RECHOICE.id()));
    let ceilings: Vec<f64> =
        sourcing.release.chunks(r).map(|row| row.iter().copied().fold(phi_seller, f64::max)).collect();
    let Supply { line_start, lines, link_start, sellers, shares } = &mut *supply;
    let spans: Vec<(usize, usize, usize)> = purchaser_chunks(line_start, link_start);
    let mut pieces: Vec<(usize, usize, &mut [u32])> = Vec::with_capacity(spans.len());
    let mut rest = &mut sellers[..];
    for &(from, to, links) in &spans {
        let (piece, tail) = rest.split_at_mut(links);
        pieces.push((from, to, piece));
        rest = tail;
    }
    let firms_total = geography.firms;
    pieces.into_par_iter().for_each(|(from, to, piece)| {
        let offset = link_start[line_start[from] as usize] as usize;
        for purchaser in from..to {
            let d = if purchaser < firms_total { firm[purchaser].region as usize } else { purchaser - firms_total };
            for line in line_start[purchaser] as usize..line_start[purchaser + 1] as usize {
                let (purpose, product) = (lines[line].purpose as usize, lines[line].product as usize);
                let row = ((purpose * r + d) * g + product) * r;
                let release = &sourcing.release[row..row + r];
                let ceiling = ceilings[row / r];
                let mut pair = 0;
                for link in link_start[line] as usize..link_start[line + 1] as usize {
                    // One hash has the draws of two links, 32 bits each.
                    if link & 1 == 0 || pair == 0 {
                        pair = hash(key, (link >> 1) as u64, 1);
                    }
                    let u = f64::from((pair >> (32 * (link & 1))) as u32) / 4_294_967_296.0;
                    if u >= ceiling {
                        continue;
                    }
                    let seller = &mut piece[link - offset];
                    let origin = firm[*seller as usize].region as usize;
                    let carried = f64::from(shares[link]) * usual.order(purchaser, d, lines[line]);
                    let find = |cell: usize, purpose: u64| {
                        able_seller(&geography, &choice, offer, cell, carried, hash(key, link as u64, purpose))
                    };
                    if u < release[origin] {
                        let excess = release[origin] / phi * sourcing.ordered[row + origin] as f64;
                        if release[origin] < 1.0 && carried > 2.0 * excess {
                            continue;
                        }
                        let v = unit(hash(key, link as u64, 2));
                        let row_choice = &sourcing.choice[row..row + r];
                        let o = row_choice.partition_point(|&c| c <= v);
                        if o < r && row_choice[r - 1] > 0.0 {
                            *seller = find(o * g + product, 3);
                        }
                    } else if u < phi_seller {
                        let old = &offer[*seller as usize];
                        let leave = leaving(old, old.price / sourcing.origin_price[origin * g + product], eta);
                        if unit(hash(key, link as u64, 4)) < leave {
                            *seller = find(origin * g + product, 5);
                        }
                    }
                }
            }
        }
    });
}

/// A seller of a cell, drawn by size and price.
#[must_use]
pub fn draw_seller(geography: &Geography, choice: &SellerChoice, cell: usize, word: u64) -> u32 {
    let cumulative = &choice.cumulative[cell];
    let total = cumulative.last().copied().unwrap_or(0.0);
    let at = cumulative.partition_point(|&c| c <= unit(word) * total).min(cumulative.len() - 1);
    geography.cells[cell][at]
}

/// Sellers a buyer looks at before it takes the one that can serve most of its order.
const CANDIDATES: u64 = 8;

/// The first of some drawn sellers whose spare capacity covers an order, volume a tick; if none does, the one with the
/// most. A large buyer does not end at a seller it would swamp.
fn able_seller(
    geography: &Geography,
    choice: &SellerChoice,
    offer: &[Offer],
    cell: usize,
    order: f64,
    word: u64,
) -> u32 {
    let spare = |k: u32| offer[k as usize].capacity - offer[k as usize].demand_expected;
    let mut best = draw_seller(geography, choice, cell, word);
    for n in 1..CANDIDATES {
        if spare(best) >= order {
            break;
        }
        let other = draw_seller(geography, choice, cell, hash(word, n, 0));
        if spare(other) > spare(best) {
            best = other;
        }
    }
    best
}

/// Purchasers in fixed chunks: `(first, one past last, links)`.
#[must_use]
pub fn purchaser_chunks(line_start: &[u32], link_start: &[u32]) -> Vec<(usize, usize, usize)> {
    const CHUNK: usize = 512;
    let purchasers = line_start.len() - 1;
    (0..purchasers)
        .step_by(CHUNK)
        .map(|from| {
            let to = (from + CHUNK).min(purchasers);
            let links = link_start[line_start[to] as usize] - link_start[line_start[from] as usize];
            (from, to, links as usize)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_prices_keep_base_shares_and_release_nothing() {
        let share = [0.6, 0.3, 0.1];
        let mut target = [0.0; 3];
        target_shares(&share, &[1.0; 3], 4.0, &mut target);
        let (mut release, mut choice) = ([9.0; 3], [9.0; 3]);
        rechoice(&target, &[600, 300, 100], |_| false, 0.02, &mut release, &mut choice);
        for (a, b) in target.iter().zip(share) {
            assert!((a - b).abs() < 1e-15);
        }
        assert!(release.iter().all(|&x| x < 1e-15));
    }

    #[test]
    fn a_tariff_moves_phi_of_the_gap() {
        let mut target = [0.0; 2];
        target_shares(&[0.5, 0.5], &[1.0, 1.1], 5.0, &mut target);
        let expected = 1.1_f64.powi(-5) / (1.0 + 1.1_f64.powi(-5));
        assert!((target[1] - expected).abs() < 1e-12);
        let (mut release, mut choice) = ([0.0; 2], [0.0; 2]);
        rechoice(&target, &[500, 500], |_| false, 0.02, &mut release, &mut choice);
        assert!((release[1] * 0.5 - 0.02 * (0.5 - expected)).abs() < 1e-12);
        assert!(release[0] < 1e-15 && (choice[0] - 1.0).abs() < 1e-12);
    }
}
