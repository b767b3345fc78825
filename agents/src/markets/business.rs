//! The goods market between firms (inputs, capital goods, goods for resale) and with governments.
//!
//! Purchasers order from their named suppliers in parallel and pay at once as if every seller could serve in full; the
//! few sellers that cannot then serve pro rata and pay back the rest, which buyers ask of another seller of the same
//! origin in the second round. Each delivery is a payment between two agents, with the import duty settled in the same
//! step. Sums are integers, so the outcome does not depend on the order in which threads work.

use std::sync::atomic::{AtomicI64, Ordering};

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::columns_mut;
use engine::ledger::Ledger;
use engine::money::{Money, Volume, ad_valorem, payment, ratio_q32, round_half_even, scale_q32};
use engine::rng::hash;
use rayon::prelude::*;

use super::sourcing::{SellerChoice, draw_seller};
use crate::accounts::Why;
use crate::components::{Books, Firm, Flows, Government, Offer, Plan, Plant};
use crate::geography::{Geography, NONE};
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::state::{Inventories, LineItem, Policy, Regions, Settings, Sourcing, Supply, SupplyLines, Tick};
use crate::tally::Tally;
use crate::world::base::{Base, PURPOSES, Purpose};
use crate::world::works::{cover, input_months, resale_months};

const FULL: u64 = engine::money::ONE_Q32;

/// Scratch of the market, never saved: orders by link, sellers as buyers meet them, and what the first round left.
#[derive(Resource, Default)]
pub struct Orders {
    /// Volume ordered by link in the first round.
    quantity: Vec<Volume>,
    counters: Vec<Counter>,
    /// Orders the first round did not serve, by batch of purchasers.
    residuals: Vec<Vec<Residual>>,
}

/// A seller as its buyers meet it: what they read and write of it lies together.
#[derive(Default)]
#[repr(align(32))]
struct Counter {
    /// Price, own currency.
    price: f64,
    /// Share of its orders it can serve this round (Q32, in the low 48 bits) and its region (in the high 16).
    ratio_and_region: u64,
    /// Volume sold this round: at first all that was asked.
    sold: AtomicI64,
    /// Receipts of this round, own currency.
    receipts: AtomicI64,
}

impl Counter {
    fn open(price: f64, region: u16) -> Self {
        Self { price, ratio_and_region: FULL | u64::from(region) << 48, ..Self::default() }
    }

    fn ratio(&self) -> u64 {
        self.ratio_and_region & ((1 << 48) - 1)
    }

    fn region(&self) -> usize {
        (self.ratio_and_region >> 48) as usize
    }

    /// Sets the ratio from what the seller has, and returns it.
    fn ration(&mut self, available: Volume) -> u64 {
        let asked = *self.sold.get_mut();
        let ratio = if asked > available { ratio_q32(available, asked) } else { FULL };
        self.ratio_and_region = ratio | (self.region() as u64) << 48;
        ratio
    }

    fn add(&self, volume: Volume, receipts: Money) {
        self.sold.fetch_add(volume, Ordering::Relaxed);
        self.receipts.fetch_add(receipts, Ordering::Relaxed);
    }
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

/// A fixed run of purchasers of one region, the unit of parallel work.
pub struct Batch {
    /// Region of the purchasers.
    pub region: usize,
    /// First purchaser.
    pub from: usize,
    /// One past the last purchaser.
    pub to: usize,
}

/// Batches that tile all purchasers: firms by region in chunks, then one batch a government.
#[must_use]
pub fn batches(geography: &Geography) -> Vec<Batch> {
    const CHUNK: usize = 512;
    let mut out = Vec::new();
    for (region, r) in geography.regions.iter().enumerate() {
        let span = r.firms.range();
        for from in span.clone().step_by(CHUNK) {
            out.push(Batch { region, from, to: (from + CHUNK).min(span.end) });
        }
    }
    for region in 0..geography.region_count() {
        let at = geography.firms + region;
        out.push(Batch { region, from: at, to: at + 1 });
    }
    out
}

/// Splits a column into the pieces of the batches: `width(batch)` elements each.
pub fn pieces<'a, T>(mut rest: &'a mut [T], batches: &[Batch], width: impl Fn(&Batch) -> usize) -> Vec<&'a mut [T]> {
    batches
        .iter()
        .map(|batch| {
            let (piece, tail) = std::mem::take(&mut rest).split_at_mut(width(batch));
            rest = tail;
            piece
        })
        .collect()
}

/// Links of a batch.
#[must_use]
pub fn link_width(lines: &SupplyLines, batch: &Batch) -> usize {
    lines.first_link(batch.to) - lines.first_link(batch.from)
}

/// Order for an input, volume: expected use plus part of the gap to the target stock.
///
/// Equation: `q = max(0, U + lambda (m U_e - (M + U)))`, with planned use `U`, expected use `U_e`, `m` ticks of use in
/// an opening stock (see [`cover`]) and present stock `M`.
#[must_use]
pub fn restocking_order(planned_use: f64, expected_use: f64, stock: i64, ticks: f64, adjustment: f64) -> f64 {
    (planned_use + adjustment * (ticks * expected_use - stock as f64 - planned_use)).max(0.0)
}

/// What a line of a shopping list asks for, the same for all purchasers with the list.
#[derive(Clone, Copy)]
struct Wish {
    item: LineItem,
    /// Inputs: volume per unit of output. Capital goods: volume per unit of investment. Governments: volume a tick.
    rate: f64,
    /// Ticks of use or of sales in the stock aimed at.
    ticks: f64,
}

/// What purchasers read while they order.
struct Desires<'a> {
    /// Wishes of every shopping list.
    wishes: Vec<Vec<Wish>>,
    products: usize,
    firm: &'a [Firm],
    offer: &'a [Offer],
    plan: &'a [Plan],
    resale_expected: &'a [f64],
    /// Share of the gap to a stock that is ordered.
    restock: f64,
    /// Rise of orders ahead of announced duties by importer, origin and product, or nothing.
    ahead: Vec<f64>,
}

/// Rise of orders of goods ahead of announced duties, a fraction, index `(importer * regions + origin) * products +
/// product`; empty where no change is near.
///
/// Equation: `f = min(f_max, f_0 max(0, ln((1 + tau') / (1 + tau))))`, with the highest duty `tau'` announced for the
/// months ahead.
pub(super) fn orders_ahead(
    policy: &crate::policy::CompiledSchedule,
    tick: u32,
    p: &Parameters,
    base: &Base,
    months: f64,
) -> Vec<f64> {
    let horizon = (p.trade.front_loading_horizon / months).ceil() as u32;
    if !policy.has_announced_change(tick, horizon) {
        return vec![];
    }
    let now = &policy.at(tick).tariffs;
    let mut ahead = vec![0.0_f64; now.len()];
    for state in policy.announced_path(tick, horizon) {
        for (at, rise) in ahead.iter_mut().enumerate().filter(|(at, _)| base.goods[at % base.products]) {
            let change = engine::math::ln((1.0 + state.tariffs[at]) / (1.0 + now[at]));
            *rise = rise.max((p.trade.front_loading * change).min(p.trade.front_loading_limit));
        }
    }
    ahead
}

/// Wishes of every shopping list: see [`Wish`].
fn wishes(p: &Parameters, base: &Base, state: &PolicyState, lines: &SupplyLines, months: f64) -> Vec<Vec<Wish>> {
    let g = base.products;
    let firms = base.regions.len() * g;
    let wish = |pattern: usize, item: LineItem| {
        let x = item.product as usize;
        let region = if pattern < firms { pattern / g } else { pattern - firms };
        let b = &base.regions[region];
        let (rate, stock) = match item.purpose {
            Purpose::Intermediate => (base.requirement(region, pattern % g, x), input_months(p, base.goods[x])),
            Purpose::Capital => (b.capital_mix[x], 0.0),
            Purpose::Resale => (1.0, resale_months(p, base.goods[x])),
            Purpose::Government => (b.government_volume[x] * state.government_volume[region], 0.0),
        };
        Wish { item, rate, ticks: cover(stock, months) }
    };
    let lists = lines.patterns.iter().enumerate();
    lists.map(|(pattern, list)| list.iter().map(|&item| wish(pattern, item)).collect()).collect()
}

/// A firm as a purchaser: what its wishes depend on.
struct Purchaser<'a> {
    output: f64,
    demand: f64,
    investment: f64,
    affordable: f64,
    /// Stocks of inputs, and of goods for resale with their expected sales, by product.
    inputs: &'a [Volume],
    resale: &'a [Volume],
    resale_expected: &'a [f64],
}

impl Purchaser<'_> {
    /// Volume wanted on a line.
    #[inline]
    fn want(&self, wish: &Wish, restock: f64) -> Volume {
        let x = wish.item.product as usize;
        let volume = match wish.item.purpose {
            Purpose::Intermediate => {
                let (planned, expected) = (wish.rate * self.output, wish.rate * self.demand);
                restocking_order(planned, expected, self.inputs[x], wish.ticks, restock)
            }
            Purpose::Capital => self.investment * wish.rate,
            Purpose::Resale => {
                let expected = self.resale_expected[x];
                (expected + restock * (wish.ticks * expected - self.resale[x] as f64)).max(0.0)
            }
            Purpose::Government => wish.rate,
        };
        round_half_even(volume * self.affordable)
    }
}

impl Desires<'_> {
    /// Rise of orders on a line ahead of announced duties, every `products`-th entry from the first on by origin.
    fn ahead_of(&self, region: usize, item: LineItem, regions: usize) -> Option<&[f64]> {
        let stored = matches!(item.purpose, Purpose::Intermediate | Purpose::Resale);
        (stored && !self.ahead.is_empty())
            .then(|| &self.ahead[region * regions * self.products + item.product as usize..])
    }

    /// A purchaser, given its stocks at the desk. A government has neither plan nor stocks.
    fn purchaser<'d>(&'d self, purchaser: usize, row: usize, desk: &'d Desk) -> Purchaser<'d> {
        let g = self.products;
        let Some(firm) = self.firm.get(purchaser) else {
            let none = (&[], &[], &[]);
            let (inputs, resale, resale_expected) = none;
            return Purchaser {
                output: 0.0,
                demand: 0.0,
                investment: 0.0,
                affordable: 1.0,
                inputs,
                resale,
                resale_expected,
            };
        };
        let (resale, resale_expected) = match firm.outlet {
            NONE => (&[][..], &[][..]),
            outlet => {
                let outlet = outlet as usize;
                (&desk.shelf[(outlet - desk.first_outlet) * g..][..g], &self.resale_expected[outlet * g..][..g])
            }
        };
        let plan = &self.plan[purchaser];
        Purchaser {
            output: plan.output as f64,
            demand: self.offer[purchaser].demand_expected,
            investment: plan.investment as f64,
            affordable: plan.affordable,
            inputs: &desk.inputs[row * g..(row + 1) * g],
            resale,
            resale_expected,
        }
    }
}

/// Purchases of one purpose and product from one origin.
#[derive(Clone, Copy, Default)]
struct Cell {
    ordered: Volume,
    volume: Volume,
    value: Money,
    receipts: Money,
    duty: Money,
}

/// A delivery as it is paid; negative where it is taken back.
#[derive(Clone, Copy, Default)]
struct Delivery {
    volume: Volume,
    paid: Money,
    received: Money,
    duty: Money,
}

impl std::ops::Sub for Delivery {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            volume: self.volume - other.volume,
            paid: self.paid - other.paid,
            received: self.received - other.received,
            duty: self.duty - other.duty,
        }
    }
}

impl std::ops::AddAssign for Delivery {
    fn add_assign(&mut self, other: Self) {
        self.volume += other.volume;
        self.paid += other.paid;
        self.received += other.received;
        self.duty += other.duty;
    }
}

/// Terms of trade of a region with every origin.
struct Terms<'a> {
    state: &'a PolicyState,
    region: usize,
    regions: usize,
    products: usize,
    /// Units of the region's currency per unit of the origin's.
    rates: Vec<f64>,
    /// Price in the region relative to the seller's price at home, by origin and product.
    market_price: &'a [f64],
}

impl<'a> Terms<'a> {
    fn new(state: &'a PolicyState, regions: &Regions, market_price: &'a [f64], region: usize, products: usize) -> Self {
        let own = regions.states[region].exchange_rate;
        let rates: Vec<f64> = regions.states.iter().map(|s| s.exchange_rate / own).collect();
        let width = rates.len() * products;
        let market_price = &market_price[region * width..(region + 1) * width];
        Self { state, region, regions: rates.len(), products, rates, market_price }
    }

    fn banned(&self, origin: usize, product: usize) -> bool {
        self.state.embargo[(self.region * self.regions + origin) * self.products + product]
    }

    /// What a volume at a seller's price costs in the region.
    #[inline]
    fn deliver(&self, price: f64, origin: usize, product: usize, volume: Volume) -> Delivery {
        if origin == self.region {
            let received = payment(price, volume);
            return Delivery { volume, paid: received, received, duty: 0 };
        }
        self.import(price, origin, product, volume)
    }

    fn import(&self, price: f64, origin: usize, product: usize, volume: Volume) -> Delivery {
        let received = payment(price * self.market_price[origin * self.products + product], volume);
        let paid = payment(self.rates[origin], received);
        let rate = self.state.tariffs[(self.region * self.regions + origin) * self.products + product];
        Delivery { volume, paid, received, duty: ad_valorem(paid, rate) }
    }
}

/// What a batch bought, by (purpose, product, origin) of its region.
struct Bought {
    region: usize,
    cells: Vec<Cell>,
    spent_by_government: Money,
    government_duty: Money,
    capital: Volume,
}

impl Bought {
    fn new(region: usize, regions: usize, products: usize) -> Self {
        let cells = vec![Cell::default(); PURPOSES * products * regions];
        Self { region, cells, spent_by_government: 0, government_duty: 0, capital: 0 }
    }
}

/// Columns of firms a batch of purchasers may write.
struct Desk<'a> {
    books: &'a mut [Books],
    flows: &'a mut [Flows],
    plants: &'a mut [Plant],
    inputs: &'a mut [Volume],
    shelf: &'a mut [Volume],
    first_outlet: usize,
    products: usize,
}

impl Desk<'_> {
    /// Books what a purchaser received on a line.
    fn book(&mut self, row: usize, outlet: u32, item: LineItem, got: Delivery, bought: &mut Bought) {
        let (cost, x) = (got.paid + got.duty, item.product as usize);
        if item.purpose == Purpose::Government {
            bought.spent_by_government += cost;
            bought.government_duty += got.duty;
            return;
        }
        self.books[row].deposits -= cost;
        let flow = &mut self.flows[row];
        match item.purpose {
            Purpose::Intermediate => {
                self.inputs[row * self.products + x] += got.volume;
                flow.inputs += got.paid;
                flow.duties_current += got.duty;
                flow.materials_change += cost;
            }
            Purpose::Capital => {
                self.plants[row].capital += got.volume;
                bought.capital += got.volume;
                flow.investment += got.paid;
                flow.duties_capital += got.duty;
            }
            Purpose::Resale => {
                self.shelf[(outlet as usize - self.first_outlet) * self.products + x] += got.volume;
                flow.resale += got.paid;
                flow.duties_current += got.duty;
                flow.materials_change += cost;
            }
            Purpose::Government => {}
        }
    }
}

/// Cuts the columns of firms into the desks of the batches.
#[expect(clippy::too_many_arguments, reason = "one desk over the columns of a batch")]
fn desks<'a>(
    geography: &Geography,
    batches: &[Batch],
    firm: &[Firm],
    books: &'a mut [Books],
    flows: &'a mut [Flows],
    plants: &'a mut [Plant],
    inputs: &'a mut [Volume],
    resale: &'a mut [Volume],
) -> Vec<Desk<'a>> {
    let g = geography.product_count();
    let firm_width = |b: &Batch| if b.from < geography.firms { b.to - b.from } else { 0 };
    let outlets = |b: &Batch| firm[b.from..b.from + firm_width(b)].iter().map(|f| f.outlet).filter(|&x| x != NONE);
    let outlet_width = |b: &Batch| if firm_width(b) > 0 { outlets(b).count() * g } else { 0 };
    let first_outlet = |b: &Batch| if firm_width(b) > 0 { outlets(b).next().unwrap_or(0) as usize } else { 0 };
    pieces(books, batches, firm_width)
        .into_iter()
        .zip(pieces(flows, batches, firm_width))
        .zip(pieces(plants, batches, firm_width))
        .zip(pieces(inputs, batches, |b| firm_width(b) * g))
        .zip(pieces(resale, batches, outlet_width))
        .zip(batches)
        .map(|(((((books, flows), plants), inputs), shelf), batch)| Desk {
            books,
            flows,
            plants,
            inputs,
            shelf,
            first_outlet: first_outlet(batch),
            products: g,
        })
        .collect()
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
    mut regions: ResMut<Regions>,
    mut inventories: ResMut<Inventories>,
    mut firms: Query<(&Firm, &mut Offer, &Plan, &mut Books, &mut Flows)>,
    mut plants: Query<&mut Plant>,
    mut governments: Query<&mut Government>,
    (mut orders, mut sourcing): (ResMut<Orders>, ResMut<Sourcing>),
    (mut tally, mut ledger): (ResMut<Tally>, ResMut<Ledger>),
) {
    let (firm, offer, plan, books, flows) = columns_mut(&mut firms);
    let (r, g) = (geography.region_count(), base.products);
    let state = policy.0.at(tick.0);
    let batches = batches(&geography);
    let Orders { quantity, counters, residuals } = &mut *orders;
    quantity.resize(supply.sellers.len(), 0);
    offer.par_iter().zip(&*firm).map(|(o, f)| Counter::open(o.price, f.region)).collect_into_vec(counters);
    let Sourcing { ordered, market_price, .. } = &mut *sourcing;
    let terms: Vec<Terms> = (0..r).map(|d| Terms::new(state, &regions, market_price, d, g)).collect();
    let Inventories { inputs, resale, resale_expected } = &mut *inventories;
    let plants = columns_mut(&mut plants);
    let desires = Desires {
        wishes: wishes(&p, &base, state, &supply.lines, settings.months_per_tick()),
        products: g,
        firm,
        offer,
        plan,
        resale_expected,
        restock: settings.monthly(p.firms.inventory_adjustment),
        ahead: orders_ahead(&policy.0, tick.0, &p, &base, settings.months_per_tick()),
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
    book(&bought, (r, g), &mut regions, columns_mut(&mut governments), &mut tally, &mut ledger);
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
        let outlet = desires.firm.get(purchaser).map_or(NONE, |f| f.outlet);
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

/// Sellers hand over what they sold and take what they were paid in a round.
fn collect_receipts(offer: &mut [Offer], books: &mut [Books], counters: &mut [Counter]) {
    offer.par_iter_mut().zip(books.par_iter_mut()).zip(counters.par_iter_mut()).for_each(|((o, b), counter)| {
        let (sold, receipts) = (*counter.sold.get_mut(), *counter.receipts.get_mut());
        o.stock -= sold;
        o.sold += sold;
        o.revenue += receipts;
        b.deposits += receipts;
    });
}

/// System: second round. What was not served is asked of other sellers of the same origin.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn trade_with_others(
    tick: Res<Tick>,
    base: Res<Base>,
    geography: Res<Geography>,
    policy: Res<Policy>,
    (sourcing, choice): (Res<Sourcing>, Res<SellerChoice>),
    mut regions: ResMut<Regions>,
    mut inventories: ResMut<Inventories>,
    mut firms: Query<(&Firm, &mut Offer, &mut Books, &mut Flows)>,
    mut plants: Query<&mut Plant>,
    mut governments: Query<&mut Government>,
    (mut orders, mut tally, mut ledger): (ResMut<Orders>, ResMut<Tally>, ResMut<Ledger>),
) {
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
    let terms: Vec<Terms> = (0..r).map(|d| Terms::new(state, &regions, &sourcing.market_price, d, g)).collect();
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
    book(&bought, (r, g), &mut regions, columns_mut(&mut governments), &mut tally, &mut ledger);
}

/// Books the purchases of a round: ledger, budgets, foreign claims.
fn book(
    bought: &[Bought],
    (r, g): (usize, usize),
    regions: &mut Regions,
    governments: &mut [Government],
    tally: &mut Tally,
    ledger: &mut Ledger,
) {
    const DOMESTIC: [Why; PURPOSES] =
        [Why::InputPurchases, Why::CapitalPurchases, Why::ResalePurchases, Why::GovernmentPurchases];
    const FOREIGN: [Why; PURPOSES] =
        [Why::ImportsInputs, Why::ImportsCapital, Why::ImportsResale, Why::ImportsGovernment];
    for b in bought {
        let d = b.region;
        tally.capital_formed[d] += b.capital;
        let mut duties = 0;
        for purpose in 0..PURPOSES {
            let into = (purpose * r + d) * g * r;
            let from = purpose * g * r;
            for (at, cell) in b.cells[from..from + g * r].iter().enumerate() {
                tally.purchases.volume[into + at] += cell.volume;
                tally.purchases.value[into + at] += cell.value;
                tally.purchases.receipts[into + at] += cell.receipts;
                tally.purchases.duty[into + at] += cell.duty;
                duties += cell.duty;
                let (o, value, received) = (at % r, cell.value, cell.receipts);
                if value == 0 && received == 0 {
                    continue;
                }
                if o == d {
                    ledger.post(d, DOMESTIC[purpose] as u16, value);
                } else {
                    ledger.post(d, FOREIGN[purpose] as u16, value);
                    ledger.post(o, Why::Exports as u16, received);
                    regions.claims[o * r + d] += value;
                }
            }
        }
        let gov = &mut governments[d];
        gov.account -= b.spent_by_government;
        gov.budget.consumption += b.spent_by_government - b.government_duty;
        gov.account += duties;
        gov.budget.duties += duties;
        gov.budget.duties_own += b.government_duty;
        ledger.post(d, Why::DutiesFirms as u16, duties - b.government_duty);
        ledger.post(d, Why::DutiesGovernment as u16, b.government_duty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::synthetic;
    use crate::policy::{CompiledSchedule, TickCalendar, parse_measures};
    use crate::world::base::close;
    use crate::world::build::products;
    use crate::world::table::Table;

    #[test]
    fn orders_rise_between_announcement_and_start_of_a_duty() {
        let world = synthetic(3, 5, 1);
        let text = include_str!("../../../configs/parameters.toml");
        let mut p = crate::parameters::ParameterSet::parse("parameters.toml", text).expect("shipped parameters").values;
        (p.trade.front_loading, p.trade.front_loading_limit, p.trade.front_loading_horizon) = (2.0, 0.5, 3.0);
        let table = Table::new(&world, &p);
        let base = close(&table, &products(&table).expect("one distribution industry"), &p, 12);
        let policy = "[[measure]]\nlabel = \"duty\"\nkind = \"tariff\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = [\"R02\"]\nproducts = [\"G01\"]\nrate = 0.1\nannounced = 2024-03-01\nstart = 2024-06-01\n";
        let calendar = TickCalendar::new("2024-01-01".parse().expect("a date"), 12).expect("a calendar");
        let measures = parse_measures("test", policy, &world.codes()).expect("valid");
        let schedule = CompiledSchedule::compile(measures, &world, calendar).expect("a schedule");
        let ahead = |tick| orders_ahead(&schedule, tick, &p, &base, 1.0);
        assert!(ahead(1).is_empty(), "not announced yet");
        for tick in 2..5 {
            // R01 from R02, product G01: cell (0 * 3 + 1) * 5 + 0.
            let rise = ahead(tick);
            let duty = world.tariff(0, 1, 0);
            let expected = 2.0 * ((1.1 + duty) / (1.0 + duty)).ln();
            assert!((rise[5] - expected).abs() < 1e-12, "tick {tick}: {}", rise[5]);
            assert!((rise.iter().sum::<f64>() - expected).abs() < 1e-12);
        }
        assert!(ahead(5).iter().all(|&x| x.abs() < 1e-15), "in force");
    }
}
