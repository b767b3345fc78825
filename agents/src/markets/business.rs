//! The goods market between firms (inputs, capital goods, goods for resale) and with governments.
//!
//! Purchasers order from their named suppliers in parallel; every seller adds up its orders and serves pro rata;
//! what was not served is asked of another seller of the same origin in the next round. Each delivery is a payment
//! between two agents, with the import duty settled in the same step. Sums are integers, so the outcome does not
//! depend on the order in which threads work.

use std::sync::atomic::{AtomicI64, Ordering};

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use engine::columns::{columns, columns_mut};
use engine::ledger::Ledger;
use engine::money::{ad_valorem, payment, ratio_q32, round_half_even, scale_q32};
use engine::rng::hash;
use rayon::prelude::*;

use super::sourcing::{SellerChoice, draw_seller};
use crate::accounts::Why;
use crate::components::{Books, Firm, Flows, Government, Offer, Plan, Plant};
use crate::geography::{Geography, NONE};
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::state::{Inventories, Policy, Regions, Settings, Sourcing, Supply, Tick};
use crate::tally::{Tally, add};
use crate::world::base::{Base, PURPOSES, Purpose};
use crate::world::works::{cover, input_months, resale_months};

const FULL: u64 = engine::money::ONE_Q32;

/// Scratch of the market: orders by link and sums by seller. Rebuilt each tick, never saved.
#[derive(Resource, Default)]
pub struct Orders {
    /// Volume still to be delivered by link.
    pub quantity: Vec<i64>,
    /// Seller asked this round by link.
    pub seller: Vec<u32>,
    /// Volume asked of each seller this round.
    asked: Vec<AtomicI64>,
    /// What buyers see of each seller, and what they bought.
    counters: Vec<Counter>,
}

/// A seller as its buyers meet it: what they read and write of it lies together.
#[derive(Default)]
#[repr(align(32))]
struct Counter {
    /// Price, own currency.
    price: f64,
    /// Share of its orders it can serve this round (Q32, in the low 48 bits) and its region (in the high 16).
    ratio_and_region: u64,
    /// Volume sold this round.
    sold: AtomicI64,
    /// Receipts of this round, own currency.
    receipts: AtomicI64,
}

impl Counter {
    fn open(price: f64, ratio: u64, region: u16) -> Self {
        Self { price, ratio_and_region: ratio | u64::from(region) << 48, ..Self::default() }
    }

    fn ratio(&self) -> u64 {
        self.ratio_and_region & ((1 << 48) - 1)
    }

    fn region(&self) -> usize {
        (self.ratio_and_region >> 48) as usize
    }
}

/// A fixed run of purchasers of one region, the unit of parallel work.
struct Batch {
    region: usize,
    from: usize,
    to: usize,
}

/// Batches that tile all purchasers: firms by region in chunks, then one batch a government.
fn batches(geography: &Geography) -> Vec<Batch> {
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

/// Splits a column into the pieces of the batches: `width(from, to)` elements each.
fn pieces<'a, T>(mut rest: &'a mut [T], batches: &[Batch], width: impl Fn(&Batch) -> usize) -> Vec<&'a mut [T]> {
    batches
        .iter()
        .map(|batch| {
            let (piece, tail) = std::mem::take(&mut rest).split_at_mut(width(batch));
            rest = tail;
            piece
        })
        .collect()
}

/// Order for an input, volume: expected use plus part of the gap to the target stock.
///
/// Equation: `q = max(0, U + lambda (m U_e - (M + U)))`, with planned use `U`, expected use `U_e`, `m` ticks of use in
/// an opening stock (see [`cover`]) and present stock `M`.
#[must_use]
pub fn restocking_order(planned_use: f64, expected_use: f64, stock: i64, ticks: f64, adjustment: f64) -> f64 {
    (planned_use + adjustment * (ticks * expected_use - stock as f64 - planned_use)).max(0.0)
}

/// System: every purchaser states what it wants on each line and splits it over its supplier links.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn place_orders(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    geography: Res<Geography>,
    policy: Res<Policy>,
    supply: Res<Supply>,
    inventories: Res<Inventories>,
    firms: Query<(&Firm, &Offer, &Plan)>,
    mut orders: ResMut<Orders>,
    mut sourcing: ResMut<Sourcing>,
) {
    let (firm, offer, plan) = columns(&firms);
    let (r, g) = (geography.region_count(), base.products);
    let links = supply.sellers.len();
    orders.quantity.resize(links, 0);
    orders.seller.resize(links, 0);
    let state = policy.0.at(tick.0);
    let batches = batches(&geography);
    let link_width = |b: &Batch| {
        (supply.link_start[supply.line_start[b.to] as usize] - supply.link_start[supply.line_start[b.from] as usize])
            as usize
    };
    let Orders { quantity, seller, asked, .. } = &mut *orders;
    asked.resize_with(geography.firms, AtomicI64::default);
    asked.par_iter_mut().for_each(|x| *x.get_mut() = 0);
    let asked = &*asked;
    let home: Vec<u16> = firm.iter().map(|f| f.region).collect();
    let restock = settings.monthly(p.firms.inventory_adjustment);
    let months = settings.months_per_tick();
    let cells = PURPOSES * g * r;
    let rows: Vec<(usize, Vec<i64>)> = pieces(quantity, &batches, link_width)
        .into_par_iter()
        .zip(pieces(seller, &batches, link_width))
        .zip(&batches)
        .map(|((quantity, chosen), batch)| {
            let d = batch.region;
            let offset = supply.link_start[supply.line_start[batch.from] as usize] as usize;
            let mut sums = vec![0; cells];
            for purchaser in batch.from..batch.to {
                for line in supply.lines_of(purchaser) {
                    let item = supply.lines[line];
                    let x = item.product as usize;
                    let want = if purchaser < geography.firms {
                        let (f, o, pl) = (&firm[purchaser], &offer[purchaser], &plan[purchaser]);
                        let wish = match item.purpose {
                            Purpose::Intermediate => {
                                let a = base.requirement(d, f.industry as usize, x);
                                restocking_order(
                                    a * pl.output as f64,
                                    a * o.demand_expected,
                                    inventories.inputs[purchaser * g + x],
                                    cover(input_months(&p, base.goods[x]), months),
                                    restock,
                                )
                            }
                            Purpose::Capital => pl.investment as f64 * base.regions[d].capital_mix[x],
                            Purpose::Resale => {
                                let at = f.outlet as usize * g + x;
                                let stock = cover(resale_months(&p, base.goods[x]), months);
                                (inventories.resale_expected[at]
                                    + restock
                                        * (stock * inventories.resale_expected[at] - inventories.resale[at] as f64))
                                    .max(0.0)
                            }
                            Purpose::Government => 0.0,
                        };
                        wish * pl.affordable
                    } else {
                        base.regions[d].government_volume[x] * state.government_volume[d]
                    };
                    let want = round_half_even(want);
                    let range = supply.links_of(line);
                    let last = range.end - 1;
                    let mut left = want;
                    for link in range {
                        let part = if link == last {
                            left
                        } else {
                            ((want as f64 * f64::from(supply.shares[link])) as i64).min(left)
                        };
                        left -= part;
                        let k = supply.sellers[link];
                        quantity[link - offset] = part;
                        chosen[link - offset] = k;
                        if part > 0 {
                            asked[k as usize].fetch_add(part, Ordering::Relaxed);
                            let o = home[k as usize] as usize;
                            sums[((item.purpose as usize) * g + x) * r + o] += part;
                        }
                    }
                }
            }
            (d, sums)
        })
        .collect();
    sourcing.ordered.fill(0);
    for (d, sums) in rows {
        for purpose in 0..PURPOSES {
            let into = ((purpose * r + d) * g) * r;
            let from = purpose * g * r;
            add(&mut sourcing.ordered[into..into + g * r], &sums[from..from + g * r]);
        }
    }
}

/// Purchases of one purpose and product from one origin.
#[derive(Clone, Copy, Default)]
struct Cell {
    volume: i64,
    value: i64,
    receipts: i64,
    duty: i64,
}

/// What a batch bought, by (purpose, product, origin) of its region.
struct Bought {
    region: usize,
    cells: Vec<Cell>,
    spent_by_government: i64,
    government_duty: i64,
    capital: i64,
}

/// Columns of firms a batch of purchasers may write.
struct Desk<'a> {
    books: &'a mut [Books],
    flows: &'a mut [Flows],
    plants: &'a mut [Plant],
    inputs: &'a mut [i64],
}

/// System: one round of deliveries and payments. `first` marks the first round, in which sellers keep back what they
/// expect to sell to households.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
fn round(
    first: bool,
    p: &Parameters,
    base: &Base,
    geography: &Geography,
    state: &PolicyState,
    regions: &mut Regions,
    supply: &Supply,
    inventories: &mut Inventories,
    firm: &[Firm],
    offer: &mut [Offer],
    books: &mut [Books],
    flows: &mut [Flows],
    plants: &mut [Plant],
    governments: &mut [Government],
    orders: &mut Orders,
    tally: &mut Tally,
    ledger: &mut Ledger,
) {
    let (r, g) = (geography.region_count(), base.products);
    let Orders { quantity, seller, asked, counters } = orders;
    let sellers = offer.par_iter().zip(asked.par_iter()).zip(firm.par_iter());
    sellers
        .map(|((o, asked), f)| {
            let kept = if first { (o.stock as f64 * o.household_share) as i64 } else { 0 };
            let available = (o.stock - kept).max(0);
            let asked = asked.load(Ordering::Relaxed);
            Counter::open(o.price, if asked > available { ratio_q32(available, asked) } else { FULL }, f.region)
        })
        .collect_into_vec(counters);
    let counters = &*counters;
    let batches = batches(geography);
    let link_width = |b: &Batch| {
        (supply.link_start[supply.line_start[b.to] as usize] - supply.link_start[supply.line_start[b.from] as usize])
            as usize
    };
    let firm_width = |b: &Batch| if b.from < geography.firms { b.to - b.from } else { 0 };
    let desks: Vec<Desk> = pieces(books, &batches, firm_width)
        .into_iter()
        .zip(pieces(flows, &batches, firm_width))
        .zip(pieces(plants, &batches, firm_width))
        .zip(pieces(&mut inventories.inputs, &batches, |b| firm_width(b) * g))
        .map(|(((books, flows), plants), inputs)| Desk { books, flows, plants, inputs })
        .collect();
    let outlet_width = |b: &Batch| {
        if b.from < geography.firms { firm[b.from..b.to].iter().filter(|f| f.outlet != NONE).count() * g } else { 0 }
    };
    let shelves = pieces(&mut inventories.resale, &batches, outlet_width);
    let rates: Vec<f64> = regions.states.iter().map(|s| s.exchange_rate).collect();
    let bought: Vec<Bought> = pieces(quantity, &batches, link_width)
        .into_par_iter()
        .zip(pieces(seller, &batches, link_width))
        .zip(desks)
        .zip(shelves)
        .zip(&batches)
        .map(|((((quantity, seller), desk), shelf), batch)| {
            deliver(batch, quantity, seller, desk, shelf, counters, state, supply, firm, (r, g), &rates)
        })
        .collect();
    let sellers = offer.par_iter_mut().zip(books.par_iter_mut()).zip(counters.par_iter()).zip(asked.par_iter());
    sellers.for_each(|(((o, b), counter), asked)| {
        let [asked, sold, receipts] = [asked, &counter.sold, &counter.receipts].map(|x| x.load(Ordering::Relaxed));
        o.stock -= sold;
        o.sold += sold;
        o.revenue += receipts;
        b.deposits += receipts;
        if first {
            o.ordered += asked;
            o.service += p.trade.service_smoothing * (counter.ratio() as f64 / FULL as f64 - o.service);
        }
    });
    book(&bought, (r, g), regions, governments, tally, ledger);
}

/// Deliveries of one batch.
#[expect(clippy::too_many_arguments, reason = "one kernel over the columns of a batch")]
fn deliver(
    batch: &Batch,
    quantity: &mut [i64],
    seller: &mut [u32],
    desk: Desk,
    shelf: &mut [i64],
    counters: &[Counter],
    state: &PolicyState,
    supply: &Supply,
    firm: &[Firm],
    (r, g): (usize, usize),
    rates: &[f64],
) -> Bought {
    let d = batch.region;
    let mut out = Bought {
        region: d,
        cells: vec![Cell::default(); PURPOSES * g * r],
        spent_by_government: 0,
        government_duty: 0,
        capital: 0,
    };
    let offset = supply.link_start[supply.line_start[batch.from] as usize] as usize;
    let first_outlet =
        firm.get(batch.from..batch.to).and_then(|f| f.iter().map(|x| x.outlet).find(|&x| x != NONE)).unwrap_or(0)
            as usize;
    for purchaser in batch.from..batch.to {
        let row = purchaser - batch.from;
        for line in supply.lines_of(purchaser) {
            let item = supply.lines[line];
            let (x, purpose) = (item.product as usize, item.purpose);
            let (mut got, mut cost, mut dues) = (0, 0, 0);
            for link in supply.links_of(line) {
                let asked = quantity[link - offset];
                if asked == 0 {
                    continue;
                }
                let view = &counters[seller[link - offset] as usize];
                let o = view.region();
                if state.embargo[(d * r + o) * g + x] {
                    continue;
                }
                let volume = if view.ratio() >= FULL { asked } else { scale_q32(asked, view.ratio()) };
                quantity[link - offset] = asked - volume;
                let received = payment(view.price, volume);
                let paid = if o == d { received } else { payment(rates[o] / rates[d], received) };
                let duty = if o == d { 0 } else { ad_valorem(paid, state.tariffs[(d * r + o) * g + x]) };
                view.sold.fetch_add(volume, Ordering::Relaxed);
                view.receipts.fetch_add(received, Ordering::Relaxed);
                let cell = &mut out.cells[((purpose as usize) * g + x) * r + o];
                cell.volume += volume;
                cell.value += paid;
                cell.receipts += received;
                cell.duty += duty;
                got += volume;
                cost += paid;
                dues += duty;
            }
            if purpose == Purpose::Government {
                out.spent_by_government += cost + dues;
                out.government_duty += dues;
                continue;
            }
            let flow = &mut desk.flows[row];
            desk.books[row].deposits -= cost + dues;
            match purpose {
                Purpose::Intermediate => {
                    desk.inputs[row * g + x] += got;
                    flow.inputs += cost;
                    flow.duties_current += dues;
                    flow.materials_change += cost + dues;
                }
                Purpose::Capital => {
                    desk.plants[row].capital += got;
                    out.capital += got;
                    flow.investment += cost;
                    flow.duties_capital += dues;
                }
                Purpose::Resale => {
                    shelf[(firm[purchaser].outlet as usize - first_outlet) * g + x] += got;
                    flow.resale += cost;
                    flow.duties_current += dues;
                    flow.materials_change += cost + dues;
                }
                Purpose::Government => {}
            }
        }
    }
    out
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

macro_rules! settlement {
    ($(#[$doc:meta])* $name:ident, $first:literal) => {
        $(#[$doc])*
        #[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
        pub fn $name(
            tick: Res<Tick>, p: Res<Parameters>, base: Res<Base>, geography: Res<Geography>, policy: Res<Policy>,
            supply: Res<Supply>, choice: Res<SellerChoice>, mut regions: ResMut<Regions>, mut inventories: ResMut<Inventories>,
            mut firms: Query<(&Firm, &mut Offer, &mut Books, &mut Flows)>, mut plants: Query<&mut Plant>,
            mut governments: Query<&mut Government>, (mut orders, mut tally, mut ledger): (ResMut<Orders>, ResMut<Tally>, ResMut<Ledger>),
        ) {
            let (firm, offer, books, flows) = columns_mut(&mut firms);
            if !$first { ask_others(&geography, &choice, firm, u64::from(tick.0), &mut orders); }
            round($first, &p, &base, &geography, policy.0.at(tick.0), &mut regions, &supply, &mut inventories, firm, offer, books, flows,
                columns_mut(&mut plants), columns_mut(&mut governments), &mut orders, &mut tally, &mut ledger);
        }
    };
}

settlement! {
    /// System: first round, each purchaser with its named suppliers.
    settle_first_round, true
}
settlement! {
    /// System: second round, what was not served is asked of other sellers of the same origin.
    settle_second_round, false
}

/// Redirects what is still wanted to another seller of the same origin and product.
fn ask_others(geography: &Geography, choice: &SellerChoice, firm: &[Firm], tick: u64, orders: &mut Orders) {
    let g = geography.product_count();
    let Orders { quantity, seller, asked, .. } = orders;
    asked.par_iter_mut().for_each(|x| *x.get_mut() = 0);
    let asked = &*asked;
    quantity.par_iter().zip(seller.par_iter_mut()).enumerate().filter(|(_, (q, _))| **q > 0).for_each(
        |(link, (&q, seller))| {
            let old = &firm[*seller as usize];
            let cell = old.region as usize * g + old.industry as usize;
            *seller = draw_seller(geography, choice, cell, hash(link as u64, tick, 11));
            asked[*seller as usize].fetch_add(q, Ordering::Relaxed);
        },
    );
}
