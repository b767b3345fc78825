//! Which origin, then which seller: supplier links are re-chosen slowly, and only where shares are off their target.
//!
//! For each purpose, importer and product the target share of an origin is its base share times its landed price
//! relative to the base, to the power minus the elasticity. Each tick a share phi of the gap is closed by links
//! that change hands; where shares are on target no link moves, so a steady world keeps its suppliers.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns;
use engine::money::round_half_even;
use engine::rng::{hash, unit};
use rayon::prelude::*;

use super::routing::Routes;
use crate::components::{Firm, Offer, Plan};
use crate::geography::Geography;
use crate::markets::batches::{Batch, batches, link_width, pieces};
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::purpose::{PURPOSES, Purpose};
use crate::state::{Inventories, LineItem, Policy, Regions, Settings, Sourcing, Supply, SupplyLines, Tick};
use crate::tally::{Tally, add};
use crate::world::base::Base;

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
pub fn market_price(duty: f64, base_duty: f64, absorption: f64) -> f64 {
    engine::math::pow((1.0 + duty) / (1.0 + base_duty), -absorption)
}

/// Rate a tick at which buyers of a dear origin look for another: `phi` at the average price, faster the dearer it is.
///
/// Equation: hazard `h = -ln(1 - phi) max(1, rho / rho_m)^u`, rate `1 - exp(-h)`, with the origin's landed price `rho`
/// relative to the base, its mean `rho_m` over what is bought, and the urgency `u`: who loses more by staying looks sooner.
#[must_use]
pub fn review_rate(phi: f64, relative_price: f64, urgency: f64) -> f64 {
    if relative_price > 1.0 {
        1.0 - engine::math::pow(1.0 - phi, engine::math::pow(relative_price, urgency))
    } else {
        phi
    }
}

/// How the links of an importer, purpose and product move between origins this tick.
pub struct Moves<'a> {
    /// Probability that a link to the origin is given up.
    pub release: &'a mut [f64],
    /// Volume by which the origin is above its target.
    pub surplus: &'a mut [f64],
    /// Cumulative probability of the new origin.
    pub choice: &'a mut [f64],
}

/// Release probability of links to each origin and the cumulative choice of new origins.
///
/// Expected share dynamics: `s' = s + phi_o (pi - s)` with the fewest possible changes of supplier: origins above
/// target release `phi_o (1 - pi / s)` of their links, origins below receive them in proportion to their gap. A banned
/// origin releases links at a rate of its own.
pub fn rechoice(
    target: &[f64],
    ordered: &[i64],
    banned: impl Fn(usize) -> Option<f64>,
    rate: impl Fn(usize) -> f64,
    moves: Moves<'_>,
) {
    let Moves { release, surplus, choice } = moves;
    let total: i64 = ordered.iter().sum();
    let mut gain = 0.0;
    for o in 0..target.len() {
        let share = if total > 0 { ordered[o] as f64 / total as f64 } else { target[o] };
        surplus[o] = (share - target[o]).max(0.0) * total as f64;
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
    (regions, routes): (Res<Regions>, Res<Routes>),
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
    let reviewed = settings.monthly(p.trade.border_price_review_probability);
    let urgency = p.trade.rechoice_urgency;
    // Finished goods have close substitutes; inputs and machines have to fit.
    let replacement = |purpose: usize| {
        let fits = purpose == Purpose::Intermediate as usize || purpose == Purpose::Capital as usize;
        if fits { settings.monthly(p.trade.replacement_share) } else { 1.0 }
    };
    let Sourcing { ordered, share_base, release, surplus, choice, origin_price, market_price: in_market } =
        &mut *sourcing;
    let passing = state.passing(&geography);
    let duty = |at: usize| (routes.duty[at], base.tariff[at]);
    for (at, price) in in_market.iter_mut().enumerate() {
        let (now, then) = duty(at);
        *price += reviewed * (market_price(now, then, p.trade.exporter_absorption) - *price);
    }
    let rows = ordered
        .par_chunks(r)
        .zip(share_base.par_chunks(r))
        .zip(release.par_chunks_mut(r))
        .zip(surplus.par_chunks_mut(r))
        .zip(choice.par_chunks_mut(r));
    rows.enumerate().for_each(|(row, ((((ordered, share), release), surplus), choice))| {
        let (d, product) = (row / g % r, row % g);
        let purpose = row / g / r;
        debug_assert!(purpose < PURPOSES);
        let relative: Vec<f64> = (0..r)
            .map(|o| {
                let at = (d * r + o) * g + product;
                let (now, then) = duty(at);
                let price = origin_price[o * g + product] * in_market[at] * routes.detour[at];
                price * regions.states[o].exchange_rate * (1.0 + now) / (1.0 + then)
            })
            .collect();
        let banned = |o: usize| state.banned((d * r + o) * g + product);
        // Who cannot get all of an order looks for others as far as that.
        let pass = |o: usize| if base.goods[product] { passing.get(d * r + o).copied().unwrap_or(1.0) } else { 1.0 };
        let shares: Vec<f64> = (0..r).map(|o| if banned(o) { 0.0 } else { share[o] * pass(o) }).collect();
        let mut target = vec![0.0; r];
        target_shares(&shares, &relative, base.elasticity[product], &mut target);
        let bought: i64 = ordered.iter().sum();
        let bought_at = ordered.iter().zip(&relative).filter(|x| *x.0 > 0);
        let spent: f64 = bought_at.map(|(&q, price)| q as f64 * price).sum();
        let mean = if bought > 0 { spent / bought as f64 } else { 1.0 };
        let rate = |o: usize| review_rate(phi, relative[o] / mean, urgency);
        let replaced = |o: usize| banned(o).then(|| replacement(purpose));
        rechoice(&target, ordered, replaced, rate, Moves { release, surplus, choice });
    });
}

/// What a purchaser usually orders on a line, volume a tick.
pub struct Usual<'a> {
    /// Base year.
    pub base: &'a Base,
    /// Inventories, with what outlets expect to sell.
    pub inventories: &'a Inventories,
    /// Firms.
    pub firm: &'a [Firm],
    /// Their offers.
    pub offer: &'a [Offer],
    /// Their plans for the tick.
    pub plan: &'a [Plan],
}

impl Usual<'_> {
    /// Whether a purchaser buys anything: firms that run or build, and governments.
    #[must_use]
    pub fn buys(&self, purchaser: usize) -> bool {
        self.firm.get(purchaser).is_none_or(|f| f.phase.buys())
    }

    /// Usual order of a purchaser of a region on a line, volume a tick.
    #[must_use]
    pub fn order(&self, purchaser: usize, region: usize, item: LineItem) -> f64 {
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

/// What a link under review may change to.
struct Review<'a> {
    geography: &'a Geography,
    sourcing: &'a Sourcing,
    choice: &'a SellerChoice,
    usual: Usual<'a>,
    /// Products that may not be imported, `(importer * regions + origin) * products + product`.
    policy: &'a PolicyState,
    key: u64,
    usual_rate: f64,
    phi_seller: f64,
    seller_elasticity: f64,
    urgent: Urgent,
}

/// A link of a purchaser of a region, drawn for a review with `u` in `[0, 1)`.
#[derive(Clone, Copy)]
struct Candidate {
    purchaser: usize,
    region: usize,
    item: LineItem,
    link: usize,
    share: f32,
    u: f64,
}

impl Review<'_> {
    /// Index of the first origin of a purpose, importer and product.
    fn row(&self, region: usize, item: LineItem) -> usize {
        let (r, g) = (self.geography.region_count(), self.geography.product_count());
        ((item.purpose as usize * r + region) * g + item.product as usize) * r
    }

    /// Changes the link's origin with the release probability, else its seller with the probability of leaving it. Returns the
    /// volume that came from abroad to sellers at home, and that went from them abroad.
    ///
    /// A link larger than twice what its origin has too much, or the new origin too little, stays: moving it would leave
    /// shares further off than before.
    fn review(&self, c: Candidate, seller: &mut u32) -> [i64; 2] {
        let (r, g) = (self.geography.region_count(), self.geography.product_count());
        let (row, product) = (self.row(c.region, c.item), c.item.product as usize);
        let origin = self.usual.firm[*seller as usize].region as usize;
        let release = self.sourcing.release[row + origin];
        let link = c.link as u64;
        if c.u < release {
            let carried = f64::from(c.share) * self.usual.order(c.purchaser, c.region, c.item);
            let surplus = &self.sourcing.surplus[row..row + r];
            let v = unit(hash(self.key, link, 2));
            let row_choice = &self.sourcing.choice[row..row + r];
            let o = row_choice.partition_point(|&x| x <= v);
            if o < r && row_choice[r - 1] > 0.0 {
                let chance = row_choice[o] - if o > 0 { row_choice[o - 1] } else { 0.0 };
                let gap = chance * surplus.iter().sum::<f64>();
                // What may not be bought any more is replaced however large it is.
                let banned = self.policy.banned((c.region * r + origin) * g + product);
                if !banned && release < 1.0 && carried > 2.0 * surplus[origin].min(gap) {
                    return [0; 2];
                }
                *seller = self.able_seller(o * g + product, carried, hash(self.key, link, 3));
                let volume = round_half_even(carried);
                return match (origin == c.region, o == c.region) {
                    (false, true) => [volume, 0],
                    (true, false) => [0, volume],
                    _ => [0; 2],
                };
            }
        } else if c.u < self.phi_seller {
            let old = &self.usual.offer[*seller as usize];
            let mean = self.sourcing.origin_price[origin * g + product];
            if unit(hash(self.key, link, 4)) < leaving(old, old.price / mean, self.seller_elasticity) {
                let carried = f64::from(c.share) * self.usual.order(c.purchaser, c.region, c.item);
                *seller = self.able_seller(origin * g + product, carried, hash(self.key, link, 5));
            }
        }
        [0; 2]
    }

    /// The first of some drawn sellers whose spare capacity covers an order, volume a tick; if none does, the one with
    /// the most. A large buyer does not end at a seller it would swamp.
    fn able_seller(&self, cell: usize, order: f64, word: u64) -> u32 {
        let spare = |k: u32| self.usual.offer[k as usize].capacity - self.usual.offer[k as usize].demand_expected;
        let mut best = draw_seller(self.geography, self.choice, cell, word);
        for n in 1..CANDIDATES {
            if spare(best) >= order {
                break;
            }
            let other = draw_seller(self.geography, self.choice, cell, hash(word, n, 0));
            if spare(other) > spare(best) {
                best = other;
            }
        }
        best
    }

    /// Reviews the links of a batch. Links are drawn with the usual probability by jumps from one to the next; lines
    /// that give up an origin faster (bans, high duties) are gone through one by one.
    fn review_batch(&self, lines: &SupplyLines, batch: &Batch, at: usize, sellers: &mut [u32]) -> [i64; 2] {
        let mut switched = [0; 2];
        let offset = lines.first_link(batch.from);
        let usual = self.usual_rate;
        let region = batch.region;
        let mut jumps = Jumps::new(usual, hash(self.key, at as u64, 6));
        let mut next = offset + jumps.next();
        for purchaser in batch.from..batch.to {
            let end = lines.first_link(purchaser + 1);
            while next < end {
                let item = lines.item_of(purchaser, next);
                if !self.urgent.contains(region, item) {
                    let u = usual * unit(hash(self.key, next as u64, 1));
                    let candidate = Candidate { purchaser, region, item, link: next, share: lines.shares[next], u };
                    add(&mut switched, &self.review(candidate, &mut sellers[next - offset]));
                }
                next += 1 + jumps.next();
            }
        }
        if !self.urgent.any[region] {
            return switched;
        }
        for purchaser in batch.from..batch.to {
            for (line, item) in lines.of(purchaser).filter(|x| self.urgent.contains(region, x.1)) {
                for link in lines.links_of(line) {
                    let u = unit(hash(self.key, link as u64, 1));
                    let candidate = Candidate { purchaser, region, item, link, share: lines.shares[link], u };
                    add(&mut switched, &self.review(candidate, &mut sellers[link - offset]));
                }
            }
        }
        switched
    }
}

/// Purposes and products of which a region gives up an origin faster than usual: bans and high duties.
struct Urgent {
    /// By purpose, importer and product.
    rows: Vec<bool>,
    /// By importer.
    any: Vec<bool>,
    products: usize,
}

impl Urgent {
    fn new(sourcing: &Sourcing, regions: usize, products: usize, usual: f64) -> Self {
        let rows: Vec<bool> = sourcing.release.chunks(regions).map(|row| row.iter().any(|&x| x > usual)).collect();
        let any = (0..regions)
            .map(|d| (0..PURPOSES).any(|k| rows[(k * regions + d) * products..][..products].iter().any(|&x| x)))
            .collect();
        Self { rows, any, products }
    }

    fn contains(&self, region: usize, item: LineItem) -> bool {
        self.rows[(item.purpose as usize * self.any.len() + region) * self.products + item.product as usize]
    }
}

/// Gaps between draws that come up with a fixed probability: geometric numbers.
struct Jumps {
    /// `1 / ln(1 - p)`.
    scale: f64,
    key: u64,
    count: u64,
}

impl Jumps {
    fn new(probability: f64, key: u64) -> Self {
        Self { scale: 1.0 / engine::math::ln(1.0 - probability.clamp(1e-9, 1.0 - 1e-9)), key, count: 0 }
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        let u = unit(hash(self.key, self.count, 0));
        (engine::math::ln(1.0 - u) * self.scale) as usize
    }
}

/// System: links drawn for re-choice change origin or seller.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn choose_suppliers(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    (base, policy): (Res<Base>, Res<Policy>),
    geography: Res<Geography>,
    sourcing: Res<Sourcing>,
    inventories: Res<Inventories>,
    choice: Res<SellerChoice>,
    firms: Query<(&Firm, &Offer, &Plan)>,
    (mut supply, mut tally): (ResMut<Supply>, ResMut<Tally>),
) {
    let (firm, offer, plan) = columns(&firms);
    let phi_seller = settings.monthly(p.trade.seller_rechoice_share);
    let usual_rate = settings.monthly(p.trade.rechoice_share).max(phi_seller);
    let review = Review {
        geography: &geography,
        sourcing: &sourcing,
        choice: &choice,
        usual: Usual { base: &base, inventories: &inventories, firm, offer, plan },
        policy: policy.0.at(tick.0),
        key: hash(settings.seed, u64::from(tick.0), u64::from(crate::world::stream::RECHOICE.id())),
        usual_rate,
        phi_seller,
        seller_elasticity: p.trade.seller_elasticity,
        urgent: Urgent::new(&sourcing, geography.region_count(), base.products, usual_rate),
    };
    let batches = batches(&geography);
    let Supply { lines, sellers } = &mut *supply;
    let switched: Vec<[i64; 2]> = pieces(sellers, &batches, |b| link_width(lines, b))
        .into_par_iter()
        .zip(&batches)
        .enumerate()
        .map(|(at, (sellers, batch))| review.review_batch(lines, batch, at, sellers))
        .collect();
    for (batch, switched) in batches.iter().zip(switched) {
        add(&mut tally.switched[batch.region], &switched);
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_prices_keep_base_shares_and_release_nothing() {
        let share = [0.6, 0.3, 0.1];
        let mut target = [0.0; 3];
        target_shares(&share, &[1.0; 3], 4.0, &mut target);
        let (mut release, mut surplus, mut choice) = ([9.0; 3], [9.0; 3], [9.0; 3]);
        let moves = Moves { release: &mut release, surplus: &mut surplus, choice: &mut choice };
        rechoice(&target, &[600, 300, 100], |_| None, |_| 0.02, moves);
        for (a, b) in target.iter().zip(share) {
            assert!((a - b).abs() < 1e-15);
        }
        assert!(release.iter().all(|&x| x < 1e-15));
    }

    #[test]
    fn what_may_not_be_bought_any_more_is_replaced_with_time() {
        let target = [0.75, 0.25, 0.0];
        let (mut release, mut surplus, mut choice) = ([9.0; 3], [9.0; 3], [9.0; 3]);
        let moves = Moves { release: &mut release, surplus: &mut surplus, choice: &mut choice };
        rechoice(&target, &[600, 200, 200], |o| (o == 2).then_some(0.15), |_| 0.02, moves);
        assert!((release[2] - 0.15).abs() < 1e-15 && release[..2].iter().all(|&x| x < 1e-15), "{release:?}");
        // The others take over in proportion to what they lack: 0.15 and 0.05.
        assert!((choice[0] - 0.75).abs() < 1e-12 && (choice[2] - 1.0).abs() < 1e-12, "{choice:?}");
    }

    #[test]
    fn exporters_bear_their_share_of_a_duty() {
        assert!((market_price(0.1, 0.1, 0.2) - 1.0).abs() < 1e-15);
        // ln m = -0.2 ln(1.1 / 1.0), so the landed price rises by 1.1^0.8.
        assert!((1.1 * market_price(0.1, 0.0, 0.2) - 1.1_f64.powf(0.8)).abs() < 1e-12);
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
        let moves = Moves { release: &mut release, surplus: &mut surplus, choice: &mut choice };
        rechoice(&target, &[500, 500], |_| None, |_| 0.02, moves);
        assert!((release[1] * 0.5 - 0.02 * (0.5 - expected)).abs() < 1e-12);
        assert!((surplus[1] - 1000.0 * (0.5 - expected)).abs() < 1e-9);
        assert!(release[0] < 1e-15 && (choice[0] - 1.0).abs() < 1e-12);
    }
}
