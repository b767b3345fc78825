//! The goods market between firms (inputs, capital goods, goods for resale) and with governments.
//!
//! Purchasers order from their named suppliers in parallel and pay at once as if every seller could serve in full; the
//! few sellers that cannot then serve pro rata and pay back the rest, which buyers ask of another seller of the same
//! origin in the second round. Each delivery is a payment between two agents, with the import duty settled in the same
//! step. Sums are integers, so the outcome does not depend on the order in which threads work.

mod counters;
mod orders;
mod settlement;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use engine::columns::columns_mut;
use engine::grid::Grid;
use engine::money::{Volume, scale_q32};
use engine::rng::hash;
use rayon::prelude::*;

use self::counters::{Counter, Counters, FULL, Row};
pub use self::orders::restocking_order;
use self::orders::{Desires, Purchaser, orders_ahead, wishes};
use self::settlement::{Bought, Desk, Holdings, Terms, book, collect_receipts, desks};
use super::batches::{Batch, batches, link_width, pieces};
use super::landed::{Borders, Delivery, LandedPrice};
use super::sourcing::SellerChoice;
use super::suppliers::draw_seller;
use crate::axes::{Lane, Origin, OutletId, Product};
use crate::components::{Books, Firm, Flows, Offer, Plan, Plant};
use crate::given::Given;
use crate::parameters::Parameters;
use crate::paying::Institutions;
use crate::state::{Inventories, LineItem, Sourcing, Supply};
use crate::tally::Tally;

/// Scratch of the market, never saved: orders by link, sellers as buyers meet them, and what the first round left.
#[derive(Resource, Default)]
pub struct Orders {
    /// Volume ordered by link in the first round.
    quantity: Vec<Volume>,
    counters: Counters,
    /// Orders the first round did not serve, by batch of purchasers.
    residuals: Vec<Vec<Residual>>,
}

/// An order that its seller could not serve.
struct Residual {
    purchaser: u32,
    item: LineItem,
    link: u32,
    /// Seller asked.
    seller: u32,
    /// Volume still wanted.
    volume: Volume,
}

/// Firms as buyers and sellers, with their plants and stocks.
#[derive(SystemParam)]
pub struct Traders<'w, 's> {
    firms: Query<'w, 's, (&'static Firm, &'static mut Offer, &'static Plan, &'static mut Books, &'static mut Flows)>,
    plants: Query<'w, 's, &'static mut Plant>,
    inventories: ResMut<'w, Inventories>,
}

/// A [`Traders`] that is open: columns of firms, and what they pay and hold.
struct Floor<'a> {
    firm: &'a [Firm],
    offer: &'a mut [Offer],
    plan: &'a [Plan],
    holdings: Holdings<'a>,
    resale_expected: &'a Grid<(OutletId, Product), f64>,
}

impl Traders<'_, '_> {
    fn open(&mut self) -> Floor<'_> {
        let (firm, offer, plan, books, flows) = columns_mut(&mut self.firms);
        let Inventories { inputs, resale, resale_expected } = &mut *self.inventories;
        let (inputs, resale) = (inputs.as_mut_slice(), resale.as_mut_slice());
        let holdings = Holdings { books, flows, plants: columns_mut(&mut self.plants), inputs, resale };
        Floor { firm, offer, plan, holdings, resale_expected }
    }
}

/// System: first round. Every purchaser states what it wants on each line, splits it over its supplier links and pays;
/// sellers keep back what they expect to sell to households and pay back what they cannot deliver of the rest.
pub fn trade_with_suppliers(
    given: Given,
    supply: Res<Supply>,
    borders: Borders,
    mut sourcing: ResMut<Sourcing>,
    mut institutions: Institutions,
    mut traders: Traders,
    mut orders: ResMut<Orders>,
    mut tally: ResMut<Tally>,
) {
    let Given { settings, tick, p, base, geography, policy } = &given;
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let Floor { firm, offer, plan, mut holdings, resale_expected } = traders.open();
    let ((r, g), state) = (given.size(), given.measures());
    let batches = batches(geography);
    let Orders { quantity, counters, residuals } = &mut *orders;
    quantity.resize(supply.sellers.len(), Volume::ZERO);
    counters.open(offer, firm);
    let Sourcing { ordered, market_factor, .. } = &mut *sourcing;
    let passing = state.passing(geography);
    let ways = (&*borders.landed, &passing);
    let terms: Vec<Terms> = (0..r).map(|d| Terms::new(state, regions, ways, market_factor, d)).collect();
    // Rule: where people are counted, a government buys as much a head as at the base.
    let scaled: Vec<f64> = regions.states.iter().map(|s| s.treasury.debt_purchases * s.demography.growth()).collect();
    let desires = Desires {
        wishes: wishes(p, base, state, &scaled, &supply.lines, settings.months_per_tick()),
        products: g,
        firm,
        offer,
        plan,
        resale_expected,
        restock: settings.monthly(p.firms.inventory_adjustment),
        goods: &base.goods,
        ahead: orders_ahead(&policy.0, tick.0, p, base, &borders.routes, settings.months_per_tick()),
    };
    let round = Round { terms: &terms, supply: &supply };
    let mut bought: Vec<Bought> = pieces(quantity, &batches, |b| link_width(&supply.lines, b))
        .into_par_iter()
        .zip(desks(geography, &batches, firm, &mut holdings))
        .zip(&batches)
        .map(|((quantity, desk), batch)| round.order(batch, quantity, desk, counters.row(), &desires))
        .collect();
    let counters = counters.gather();
    let short = ration(p, offer, counters);
    *residuals = pieces(quantity, &batches, |b| link_width(&supply.lines, b))
        .into_par_iter()
        .zip(desks(geography, &batches, firm, &mut holdings))
        .zip(&batches)
        .zip(&mut bought)
        .map(|(((quantity, desk), batch), bought)| round.take_back(batch, quantity, desk, &short, bought))
        .collect();
    collect_receipts(offer, holdings.books, counters);
    note_orders(&bought, ordered);
    book(&bought, r, &mut payments, &mut tally);
}

/// Orders of the tick.
fn note_orders(bought: &[Bought], ordered: &mut Grid<Lane, Volume>) {
    ordered.as_mut_slice().fill(Volume::ZERO);
    for b in bought {
        for ((purpose, product), cells) in b.cells.rows() {
            for (sum, cell) in ordered.row_mut((purpose, b.importer, product)).iter_mut().zip(cells) {
                *sum += cell.ordered;
            }
        }
    }
}

/// A round of trade: terms of trade of every region, who buys from whom.
struct Round<'a> {
    terms: &'a [Terms<'a>],
    supply: &'a Supply,
}

impl Round<'_> {
    /// Orders and payments of one batch, as if every seller could serve in full.
    fn order(&self, batch: &Batch, quantity: &mut [Volume], mut desk: Desk, sellers: Row, desires: &Desires) -> Bought {
        let (terms, lines) = (&self.terms[batch.region], &self.supply.lines);
        let buying = Buying { terms, supply: self.supply, sellers, desires };
        let mut out = Bought::new(batch.region, terms.rates.len(), desires.products);
        let offset = lines.first_link(batch.from);
        let mut met: Vec<(f64, Origin)> = Vec::new();
        for purchaser in batch.from..batch.to {
            let links = lines.first_link(purchaser)..lines.first_link(purchaser + 1);
            let quantity = &mut quantity[links.start - offset..links.end - offset];
            if desires.firm.get(purchaser).is_some_and(|f| !f.phase.buys()) {
                quantity.fill(Volume::ZERO);
                continue;
            }
            // Quantities first, and a look at every seller, so that the sellers' memory is fetched together.
            buying.split(purchaser, links.start, &desires.purchaser(purchaser, &desk), quantity, &mut met);
            buying.buy(purchaser, quantity, &met, &mut desk, &mut out);
        }
        out
    }

    /// Takes back what short sellers cannot deliver of a batch's orders; returns what is still wanted.
    fn take_back(
        &self,
        batch: &Batch,
        quantity: &[Volume],
        mut desk: Desk,
        short: &Short,
        bought: &mut Bought,
    ) -> Vec<Residual> {
        let (terms, lines) = (&self.terms[batch.region], &self.supply.lines);
        let offset = lines.first_link(batch.from);
        let mut residuals = Vec::new();
        for purchaser in batch.from..batch.to {
            if desk.firm.get(purchaser).is_some_and(|f| !f.phase.buys()) {
                continue;
            }
            for (line, item) in lines.of(purchaser) {
                for link in lines.links_of(line) {
                    let part = quantity[link - offset];
                    let seller = self.supply.sellers[link];
                    let Some(counter) = short.get(seller).filter(|_| !part.is_zero()) else {
                        continue;
                    };
                    let product = item.product();
                    let full = terms.deliver(counter.price, counter.origin(), product, part);
                    let served = scale_q32(part, counter.ratio());
                    let change = terms.deliver(counter.price, counter.origin(), product, served) - full;
                    residuals.push(Residual {
                        purchaser: purchaser as u32,
                        item,
                        link: link as u32,
                        seller,
                        volume: part - served,
                    });
                    desk.settle(purchaser, item, counter, change, bought);
                }
            }
        }
        residuals
    }
}

/// Purchasers of a region order: its terms of trade, who buys from whom, sellers as this thread meets them.
struct Buying<'a> {
    terms: &'a Terms<'a>,
    supply: &'a Supply,
    sellers: Row<'a>,
    desires: &'a Desires<'a>,
}

impl Buying<'_> {
    /// Splits what a purchaser wants on each line over its suppliers; `met` is what it meets them with, price and region.
    #[inline]
    fn split(
        &self,
        purchaser: usize,
        first_link: usize,
        buyer: &Purchaser,
        quantity: &mut [Volume],
        met: &mut Vec<(f64, Origin)>,
    ) {
        let (lines, desires) = (&self.supply.lines, self.desires);
        met.clear();
        let first = lines.line_start[purchaser] as usize;
        let list = &desires.wishes[lines.pattern[purchaser] as usize];
        for (line, wish) in (first..).zip(list) {
            let want = buyer.want(wish, desires.restock);
            let range = lines.links_of(line);
            let last = range.end - 1;
            let mut left = want;
            for link in range {
                let share = || Volume::within(want.as_f64() * f64::from(lines.shares[link]));
                let part = if link == last { left } else { share().min(left) };
                left -= part;
                quantity[link - first_link] = part;
                met.push(self.sellers.meet(self.supply.sellers[link]));
            }
        }
    }

    /// Orders of a purchaser as far as policy and ports let them, more of them ahead of a duty, and their payment.
    #[inline]
    fn buy(&self, purchaser: usize, quantity: &mut [Volume], met: &[(f64, Origin)], desk: &mut Desk, out: &mut Bought) {
        let Self { terms, desires, .. } = self;
        let mut links = quantity.iter_mut().zip(met);
        for (line, item) in self.supply.lines.of(purchaser) {
            let product = item.product();
            let cells = out.cells.row_mut((item.purpose, product));
            let mut got = Delivery::default();
            let ahead = desires.ahead_of(terms.importer, item);
            for (link, (quantity, &(price, origin))) in self.supply.lines.links_of(line).zip(&mut links) {
                let mut part = *quantity;
                if part.is_zero() {
                    continue;
                }
                let cell = &mut cells[origin.0];
                cell.ordered += part;
                if terms.banned(origin, product) {
                    *quantity = Volume::ZERO;
                    continue;
                }
                if let Some(ahead) = ahead {
                    part += Volume::rounded(part.as_f64() * ahead[(origin, product)]);
                    *quantity = part;
                }
                if desires.goods[product.0] && !terms.passing.is_empty() {
                    part = terms.let_pass(origin, part);
                    *quantity = part;
                }
                let delivery = terms.deliver(price, origin, product, part);
                self.sellers.add(self.supply.sellers[link], part, delivery.received);
                cell.delivered += delivery;
                got += delivery;
            }
            desk.book(purchaser, item, got, out);
        }
    }
}

/// Sellers that cannot serve in full.
struct Short<'a> {
    /// Those of all.
    counters: &'a [Counter],
    /// A bit each: small enough to stay in cache while all links are gone through.
    bits: Vec<u64>,
}

impl Short<'_> {
    /// The counter of a seller, if it is one of them.
    #[inline]
    fn get(&self, seller: u32) -> Option<&Counter> {
        let short = self.bits[seller as usize / 64] >> (seller % 64) & 1 == 1;
        short.then(|| &self.counters[seller as usize])
    }
}

/// Sets every seller's ratio from what it was asked for and has, less what it keeps for households.
fn ration<'a>(p: &Parameters, offer: &mut [Offer], counters: &'a mut [Counter]) -> Short<'a> {
    let words = offer.par_chunks_mut(64).zip(counters.par_chunks_mut(64)).map(|(offer, counters)| {
        let mut word = 0;
        for (k, (o, counter)) in offer.iter_mut().zip(counters).enumerate() {
            let kept = Volume::within(o.stock.as_f64() * o.household_share);
            let ratio = counter.ration((o.stock - kept).or_nothing());
            o.ordered += counter.sold();
            o.service += p.trade.service_smoothing * (ratio as f64 / FULL as f64 - o.service);
            word |= u64::from(ratio < FULL) << k;
        }
        word
    });
    let bits = words.collect();
    Short { counters, bits }
}

/// System: second round. What was not served is asked of other sellers of the same origin.
pub fn trade_with_others(
    given: Given,
    choice: Res<SellerChoice>,
    landed: Res<LandedPrice>,
    sourcing: Res<Sourcing>,
    mut institutions: Institutions,
    mut traders: Traders,
    mut orders: ResMut<Orders>,
    mut tally: ResMut<Tally>,
) {
    let Given { tick, geography, .. } = &given;
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let Floor { firm, offer, mut holdings, .. } = traders.open();
    let ((r, g), state) = (given.size(), given.measures());
    let batches = batches(geography);
    let Orders { counters, residuals, .. } = &mut *orders;
    let counters = counters.gather();
    counters.par_iter_mut().for_each(Counter::reset);
    residuals.par_iter_mut().flatten().for_each(|x| {
        let cell = x.item.makers_in(firm[x.seller as usize].region as usize);
        x.seller = draw_seller(geography, &choice, cell, hash(u64::from(x.link), u64::from(tick.0), 11));
        counters[x.seller as usize].ask(x.volume);
    });
    offer.par_iter().zip(counters.par_iter_mut()).for_each(|(o, counter)| {
        counter.ration(o.stock.or_nothing());
        counter.reset();
    });
    // What ports hold up never left the first round.
    let open = Grid::default();
    let ways = (&*landed, &open);
    let terms: Vec<Terms> = (0..r).map(|d| Terms::new(state, regions, ways, &sourcing.market_factor, d)).collect();
    let bought: Vec<Bought> = residuals
        .par_iter()
        .zip(desks(geography, &batches, firm, &mut holdings))
        .zip(&batches)
        .filter(|((residuals, _), _)| !residuals.is_empty())
        .map(|((residuals, mut desk), batch)| {
            let terms = &terms[batch.region];
            let mut out = Bought::new(batch.region, r, g);
            for x in residuals {
                let counter = &counters[x.seller as usize];
                let volume = scale_q32(x.volume, counter.ratio());
                let got = terms.deliver(counter.price, counter.origin(), x.item.product(), volume);
                desk.settle(x.purchaser as usize, x.item, counter, got, &mut out);
            }
            out
        })
        .collect();
    residuals.clear();
    collect_receipts(offer, holdings.books, counters);
    book(&bought, r, &mut payments, &mut tally);
}
