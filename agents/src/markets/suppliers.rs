//! Which seller a link leads to: links under review change their origin, else their seller, one by one.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns;
use engine::grid::Grid;
use engine::money::Volume;
use engine::rng::{hash, unit};
use rayon::prelude::*;

use super::sourcing::{SellerChoice, leaving};
use crate::axes::{Branch, Importer, Origin, OutletId, Product};
use crate::components::{Firm, Offer, Plan};
use crate::geography::Geography;
use crate::given::Given;
use crate::markets::batches::{Batch, batches, link_width, pieces};
use crate::policy::PolicyState;
use crate::purpose::Purpose;
use crate::state::{Inventories, LineItem, Sourcing, Supply, SupplyLines};
use crate::tally::{Tally, add};
use crate::world::base::Base;

/// Sellers a buyer looks at before it takes the one that can serve most of its order.
const CANDIDATES: u64 = 8;

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
            Purpose::Capital => self.plan[purchaser].investment.as_f64() * b.capital_mix[x],
            Purpose::Resale => {
                self.inventories.resale_expected[(OutletId(self.firm[purchaser].outlet as usize), item.product())]
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
    /// What may not be imported.
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
    /// Changes the link's origin with the release probability, else its seller with the probability of leaving it. Returns the
    /// volume that came from abroad to sellers at home, and that went from them abroad.
    ///
    /// A link larger than twice what its origin has too much, or the new origin too little, stays: moving it would leave
    /// shares further off than before.
    fn review(&self, c: Candidate, seller: &mut u32) -> [Volume; 2] {
        let row = c.item.bought_by(c.region);
        let (importer, product) = (row.1, row.2);
        let origin = self.usual.firm[*seller as usize].region as usize;
        let release = self.sourcing.release.row(row)[origin];
        let link = c.link as u64;
        if c.u < release {
            let carried = f64::from(c.share) * self.usual.order(c.purchaser, c.region, c.item);
            let surplus = self.sourcing.surplus.row(row);
            let v = unit(hash(self.key, link, 2));
            let row_choice = self.sourcing.choice.row(row);
            let o = row_choice.partition_point(|&x| x <= v);
            if o < row_choice.len() && row_choice.last().is_some_and(|&x| x > 0.0) {
                let chance = row_choice[o] - if o > 0 { row_choice[o - 1] } else { 0.0 };
                let gap = chance * surplus.iter().sum::<f64>();
                // What may not be bought any more is replaced however large it is.
                let banned = self.policy.banned((importer, Origin(origin), product));
                if !banned && release < 1.0 && carried > 2.0 * surplus[origin].min(gap) {
                    return [Volume::ZERO; 2];
                }
                *seller = self.able_seller(c.item.makers_in(o), carried, hash(self.key, link, 3));
                let volume = Volume::rounded(carried);
                return match (origin == c.region, o == c.region) {
                    (false, true) => [volume, Volume::ZERO],
                    (true, false) => [Volume::ZERO, volume],
                    _ => [Volume::ZERO; 2],
                };
            }
        } else if c.u < self.phi_seller {
            let old = &self.usual.offer[*seller as usize];
            let mean = self.sourcing.origin_price[(Origin(origin), product)];
            if unit(hash(self.key, link, 4)) < leaving(old, old.price / mean, self.seller_elasticity) {
                let carried = f64::from(c.share) * self.usual.order(c.purchaser, c.region, c.item);
                *seller = self.able_seller(c.item.makers_in(origin), carried, hash(self.key, link, 5));
            }
        }
        [Volume::ZERO; 2]
    }

    /// The first of some drawn sellers whose spare capacity covers an order, volume a tick; if none does, the one with
    /// the most. A large buyer does not end at a seller it would swamp.
    fn able_seller(&self, cell: Branch, order: f64, word: u64) -> u32 {
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
    fn review_batch(&self, lines: &SupplyLines, batch: &Batch, at: usize, sellers: &mut [u32]) -> [Volume; 2] {
        let mut switched = [Volume::ZERO; 2];
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
    rows: Grid<(Purpose, Importer, Product), bool>,
    /// By importer.
    any: Vec<bool>,
}

impl Urgent {
    fn new(sourcing: &Sourcing, usual: f64) -> Self {
        let [purposes, regions, products, _] = sourcing.release.shape();
        let faster = |row| sourcing.release.row(row).iter().any(|&x| x > usual);
        let rows = Grid::from_fn([purposes, regions, products], faster);
        let of = |d: usize| Purpose::ALL.into_iter().any(|k| rows.row((k, Importer(d))).iter().any(|&x| x));
        Self { any: (0..regions).map(of).collect(), rows }
    }

    fn contains(&self, region: usize, item: LineItem) -> bool {
        self.rows[item.bought_by(region)]
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
pub fn choose_suppliers(
    given: Given,
    sourcing: Res<Sourcing>,
    inventories: Res<Inventories>,
    choice: Res<SellerChoice>,
    firms: Query<(&Firm, &Offer, &Plan)>,
    mut supply: ResMut<Supply>,
    mut tally: ResMut<Tally>,
) {
    let Given { settings, tick, p, base, geography, .. } = &given;
    let (firm, offer, plan) = columns(&firms);
    let phi_seller = settings.monthly(p.trade.seller_rechoice_share);
    // Links are drawn at the faster of the two rates; their draw then tells whether the origin or only the seller is reviewed.
    let usual_rate = settings.monthly(p.trade.rechoice_share).max(phi_seller);
    let review = Review {
        geography,
        sourcing: &sourcing,
        choice: &choice,
        usual: Usual { base, inventories: &inventories, firm, offer, plan },
        policy: given.measures(),
        key: hash(settings.seed, u64::from(tick.0), u64::from(crate::world::stream::RECHOICE.id())),
        usual_rate,
        phi_seller,
        seller_elasticity: p.trade.seller_elasticity,
        urgent: Urgent::new(&sourcing, usual_rate),
    };
    let batches = batches(geography);
    let Supply { lines, sellers } = &mut *supply;
    let switched: Vec<[Volume; 2]> = pieces(sellers, &batches, |b| link_width(lines, b))
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
pub fn draw_seller(geography: &Geography, choice: &SellerChoice, cell: Branch, word: u64) -> u32 {
    let cumulative = &choice.cumulative[cell];
    let total = cumulative.last().copied().unwrap_or(0.0);
    // A draw of nearly one may round to the total: the last seller.
    let at = cumulative.partition_point(|&c| c <= unit(word) * total).min(cumulative.len() - 1);
    geography.cells[cell][at]
}
