//! The goods market between firms (inputs, capital goods, goods for resale) and with governments.
//!
//! Purchasers order from their named suppliers in parallel and pay at once as if every seller could serve in full; the
//! few sellers that cannot then serve pro rata and pay back the rest, which buyers ask of another seller of the same
//! origin in the second round. Each delivery is a payment between two agents, with the import duty settled in the same
//! step. Sums are integers, so the outcome does not depend on the order in which threads work.

mod orders;
mod settlement;

use std::sync::atomic::Ordering;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::columns_mut;
use engine::money::{Volume, round_half_even, scale_q32};
use engine::rng::hash;
use rayon::prelude::*;

pub use self::orders::restocking_order;
use self::orders::{Desires, orders_ahead, wishes};
use self::settlement::{Bought, Counter, Delivery, Desk, FULL, Terms, book, collect_receipts, desks};
use super::batches::{Batch, batches, link_width, pieces};
use super::routing::Routes;
use super::sourcing::{SellerChoice, draw_seller};
use crate::components::{Books, Firm, Flows, Offer, Plan, Plant};
use crate::geography::{Geography, NONE};
use crate::parameters::Parameters;
use crate::paying::Institutions;
use crate::purpose::PURPOSES;
use crate::state::{Inventories, LineItem, Policy, Settings, Sourcing, Supply, Tick};
use crate::tally::Tally;
use crate::world::base::Base;

/// Scratch of the market, never saved: orders by link, sellers as buyers meet them, and what the first round left.
#[derive(Resource, Default)]
pub struct Orders {
    /// Volume ordered by link in the first round.
    quantity: Vec<Volume>,
    counters: Vec<Counter>,
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

/// System: first round. Every purchaser states what it wants on each line, splits it over its supplier links and pays;
/// sellers keep back what they expect to sell to households and pay back what they cannot deliver of the rest.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn trade_with_suppliers(
    (settings, tick, p): (Res<Settings>, Res<Tick>, Res<Parameters>),
    base: Res<Base>,
    geography: Res<Geography>,
    policy: Res<Policy>,
    supply: Res<Supply>,
    mut institutions: Institutions,
    mut inventories: ResMut<Inventories>,
    mut firms: Query<(&Firm, &mut Offer, &Plan, &mut Books, &mut Flows)>,
    mut plants: Query<&mut Plant>,
    (mut orders, mut sourcing, routes): (ResMut<Orders>, ResMut<Sourcing>, Res<Routes>),
    mut tally: ResMut<Tally>,
) {
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let (firm, offer, plan, books, flows) = columns_mut(&mut firms);
    let (r, g) = (geography.region_count(), base.products);
    let state = policy.0.at(tick.0);
    let batches = batches(&geography);
    let Orders { quantity, counters, residuals } = &mut *orders;
    quantity.resize(supply.sellers.len(), 0);
    offer.par_iter().zip(firm).map(|(o, f)| Counter::open(o.price, f.region)).collect_into_vec(counters);
    let Sourcing { ordered, market_price, .. } = &mut *sourcing;
    let passing = state.passing(&geography);
    let ways = (&*routes, &passing[..]);
    let terms: Vec<Terms> = (0..r).map(|d| Terms::new(state, regions, ways, market_price, d, g)).collect();
    let Inventories { inputs, resale, resale_expected } = &mut *inventories;
    let plants = columns_mut(&mut plants);
    let debt_purchases: Vec<f64> = regions.states.iter().map(|s| s.debt_purchases).collect();
    let desires = Desires {
        wishes: wishes(&p, &base, state, &debt_purchases, &supply.lines, settings.months_per_tick()),
        products: g,
        firm,
        offer,
        plan,
        resale_expected,
        restock: settings.monthly(p.firms.inventory_adjustment),
        goods: &base.goods,
        ahead: orders_ahead(&policy.0, tick.0, &p, &base, &routes, settings.months_per_tick()),
    };
    let mut bought: Vec<Bought> = pieces(quantity, &batches, |b| link_width(&supply.lines, b))
        .into_par_iter()
        .zip(desks(&geography, &batches, firm, books, flows, plants, inputs, resale))
        .zip(&batches)
        .map(|((quantity, desk), batch)| order(batch, quantity, desk, counters, &terms, &supply, &desires))
        .collect();
    let short = ration(&p, offer, counters);
    *residuals = pieces(quantity, &batches, |b| link_width(&supply.lines, b))
        .into_par_iter()
        .zip(desks(&geography, &batches, firm, books, flows, plants, inputs, resale))
        .zip(&batches)
        .zip(&mut bought)
        .map(|(((quantity, desk), batch), bought)| {
            take_back(batch, quantity, desk, counters, &short, &terms, &supply, firm, bought)
        })
        .collect();
    collect_receipts(offer, books, counters);
    ordered.fill(0);
    for b in &bought {
        for purpose in 0..PURPOSES {
            let into = ((purpose * r + b.region) * g) * r;
            let cells = &b.cells[purpose * g * r..(purpose + 1) * g * r];
            for (sum, cell) in ordered[into..into + g * r].iter_mut().zip(cells) {
                *sum += cell.ordered;
            }
        }
    }
    book(&bought, (r, g), &mut payments, &mut tally);
}

/// Orders and payments of one batch, as if every seller could serve in full.
fn order(
    batch: &Batch,
    quantity: &mut [Volume],
    mut desk: Desk,
    counters: &[Counter],
    terms: &[Terms],
    supply: &Supply,
    desires: &Desires,
) -> Bought {
    let terms = &terms[batch.region];
    let (r, g) = (terms.regions, terms.products);
    let mut out = Bought::new(batch.region, r, g);
    let offset = supply.lines.first_link(batch.from);
    let mut met: Vec<(f64, usize)> = Vec::new();
    for purchaser in batch.from..batch.to {
        let row = purchaser - batch.from;
        let firm = desires.firm.get(purchaser);
        if firm.is_some_and(|f| !f.phase.buys()) {
            let links = supply.lines.first_link(purchaser)..supply.lines.first_link(purchaser + 1);
            quantity[links.start - offset..links.end - offset].fill(0);
            continue;
        }
        let outlet = firm.map_or(NONE, |f| f.outlet);
        // Quantities first, and a look at every seller, so that the sellers' memory is fetched together.
        met.clear();
        let buyer = desires.purchaser(purchaser, row, &desk);
        let first = supply.lines.line_start[purchaser] as usize;
        let list = &desires.wishes[supply.lines.pattern[purchaser] as usize];
        for (line, wish) in (first..).zip(list) {
            let want = buyer.want(wish, desires.restock);
            let range = supply.lines.links_of(line);
            let last = range.end - 1;
            let mut left = want;
            for link in range {
                let part = if link == last {
                    left
                } else {
                    ((want as f64 * f64::from(supply.lines.shares[link])) as i64).min(left)
                };
                left -= part;
                quantity[link - offset] = part;
                let counter = &counters[supply.sellers[link] as usize];
                met.push((counter.price, counter.region()));
            }
        }
        let mut met = met.iter();
        for (line, item) in supply.lines.of(purchaser) {
            let cells = &mut out.cells[((item.purpose as usize) * g + item.product as usize) * r..][..r];
            let mut got = Delivery::default();
            let ahead = desires.ahead_of(terms.region, item, r);
            for (link, &(price, origin)) in supply.lines.links_of(line).zip(&mut met) {
                let mut part = quantity[link - offset];
                if part == 0 {
                    continue;
                }
                let cell = &mut cells[origin];
                cell.ordered += part;
                if terms.banned(origin, item.product as usize) {
                    quantity[link - offset] = 0;
                    continue;
                }
                if let Some(ahead) = ahead {
                    part += round_half_even(part as f64 * ahead[origin * g]);
                    quantity[link - offset] = part;
                }
                if desires.goods[item.product as usize] && !terms.passing.is_empty() {
                    part = terms.let_pass(origin, part);
                    quantity[link - offset] = part;
                }
                let delivery = terms.deliver(price, origin, item.product as usize, part);
                counters[supply.sellers[link] as usize].add(part, delivery.received);
                cell.volume += part;
                cell.value += delivery.paid;
                cell.receipts += delivery.received;
                cell.duty += delivery.duty;
                got += delivery;
            }
            desk.book(row, outlet, item, got, &mut out);
        }
    }
    out
}

/// Sellers that cannot serve in full, a bit each: small enough to stay in cache while all links are gone through.
struct Short(Vec<u64>);

impl Short {
    fn contains(&self, seller: u32) -> bool {
        self.0[seller as usize / 64] >> (seller % 64) & 1 == 1
    }
}

/// Sets every seller's ratio from what it was asked for and has, less what it keeps for households.
fn ration(p: &Parameters, offer: &mut [Offer], counters: &mut [Counter]) -> Short {
    let words = offer.par_chunks_mut(64).zip(counters.par_chunks_mut(64)).map(|(offer, counters)| {
        let mut word = 0;
        for (k, (o, counter)) in offer.iter_mut().zip(counters).enumerate() {
            let kept = (o.stock as f64 * o.household_share) as i64;
            let ratio = counter.ration((o.stock - kept).max(0));
            o.ordered += *counter.sold.get_mut();
            o.service += p.trade.service_smoothing * (ratio as f64 / FULL as f64 - o.service);
            word |= u64::from(ratio < FULL) << k;
        }
        word
    });
    Short(words.collect())
}

/// Takes back what short sellers cannot deliver of a batch's orders; returns what is still wanted.
#[expect(clippy::too_many_arguments, reason = "one kernel over the columns of a batch")]
fn take_back(
    batch: &Batch,
    quantity: &[Volume],
    mut desk: Desk,
    counters: &[Counter],
    short: &Short,
    terms: &[Terms],
    supply: &Supply,
    firm: &[Firm],
    bought: &mut Bought,
) -> Vec<Residual> {
    let terms = &terms[batch.region];
    let offset = supply.lines.first_link(batch.from);
    let mut residuals = Vec::new();
    for purchaser in batch.from..batch.to {
        if firm.get(purchaser).is_some_and(|f| !f.phase.buys()) {
            continue;
        }
        for (line, item) in supply.lines.of(purchaser) {
            for link in supply.lines.links_of(line) {
                let part = quantity[link - offset];
                let seller = supply.sellers[link];
                if part == 0 || !short.contains(seller) {
                    continue;
                }
                let counter = &counters[seller as usize];
                let product = item.product as usize;
                let full = terms.deliver(counter.price, counter.region(), product, part);
                let served = scale_q32(part, counter.ratio());
                let change = terms.deliver(counter.price, counter.region(), product, served) - full;
                residuals.push(Residual {
                    purchaser: purchaser as u32,
                    item,
                    link: link as u32,
                    seller,
                    volume: part - served,
                });
                settle(counter, change, purchaser, batch, item, firm, &mut desk, bought, terms);
            }
        }
    }
    residuals
}

/// Books a change of one delivery with the seller, the purchaser and the batch.
#[expect(clippy::too_many_arguments, reason = "both sides of a payment")]
fn settle(
    counter: &Counter,
    change: Delivery,
    purchaser: usize,
    batch: &Batch,
    item: LineItem,
    firm: &[Firm],
    desk: &mut Desk,
    bought: &mut Bought,
    terms: &Terms,
) {
    counter.add(change.volume, change.received);
    let at = ((item.purpose as usize) * terms.products + item.product as usize) * terms.regions + counter.region();
    let cell = &mut bought.cells[at];
    cell.volume += change.volume;
    cell.value += change.paid;
    cell.receipts += change.received;
    cell.duty += change.duty;
    let outlet = firm.get(purchaser).map_or(NONE, |f| f.outlet);
    desk.book(purchaser - batch.from, outlet, item, change, bought);
}

/// System: second round. What was not served is asked of other sellers of the same origin.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn trade_with_others(
    tick: Res<Tick>,
    base: Res<Base>,
    geography: Res<Geography>,
    policy: Res<Policy>,
    (sourcing, choice, routes): (Res<Sourcing>, Res<SellerChoice>, Res<Routes>),
    mut institutions: Institutions,
    mut inventories: ResMut<Inventories>,
    mut firms: Query<(&Firm, &mut Offer, &mut Books, &mut Flows)>,
    mut plants: Query<&mut Plant>,
    (mut orders, mut tally): (ResMut<Orders>, ResMut<Tally>),
) {
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let (firm, offer, books, flows) = columns_mut(&mut firms);
    let (r, g) = (geography.region_count(), base.products);
    let state = policy.0.at(tick.0);
    let batches = batches(&geography);
    let Orders { counters, residuals, .. } = &mut *orders;
    counters.par_iter_mut().for_each(|counter| {
        (*counter.sold.get_mut(), *counter.receipts.get_mut()) = (0, 0);
    });
    residuals.par_iter_mut().flatten().for_each(|x| {
        let cell = firm[x.seller as usize].region as usize * g + x.item.product as usize;
        x.seller = draw_seller(&geography, &choice, cell, hash(u64::from(x.link), u64::from(tick.0), 11));
        counters[x.seller as usize].sold.fetch_add(x.volume, Ordering::Relaxed);
    });
    offer.par_iter().zip(counters.par_iter_mut()).for_each(|(o, counter)| {
        counter.ration(o.stock.max(0));
        *counter.sold.get_mut() = 0;
    });
    // What ports hold up never left the first round.
    let ways = (&*routes, &[][..]);
    let terms: Vec<Terms> = (0..r).map(|d| Terms::new(state, regions, ways, &sourcing.market_price, d, g)).collect();
    let Inventories { inputs, resale, .. } = &mut *inventories;
    let bought: Vec<Bought> = residuals
        .par_iter()
        .zip(desks(&geography, &batches, firm, books, flows, columns_mut(&mut plants), inputs, resale))
        .zip(&batches)
        .filter(|((residuals, _), _)| !residuals.is_empty())
        .map(|((residuals, mut desk), batch)| {
            let terms = &terms[batch.region];
            let mut out = Bought::new(batch.region, r, g);
            for x in residuals {
                let counter = &counters[x.seller as usize];
                let volume = scale_q32(x.volume, counter.ratio());
                let got = terms.deliver(counter.price, counter.region(), x.item.product as usize, volume);
                settle(counter, got, x.purchaser as usize, batch, x.item, firm, &mut desk, &mut out, terms);
            }
            out
        })
        .collect();
    residuals.clear();
    collect_receipts(offer, books, counters);
    book(&bought, (r, g), &mut payments, &mut tally);
}
