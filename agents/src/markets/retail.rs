//! The household market of one zone: few local sellers, pro-rata rounds, everything in cache.
//!
//! A household shops for goods and the bundle of imported services at the outlet of its customer group, and for
//! each other service at the local firm of its group. Quantities follow the linear expenditure system of its
//! base-year decile at the prices of its own sellers. All wants of a round are added up first, then every seller
//! serves pro rata, so the outcome does not depend on any order; what stays unserved is asked of another seller in
//! the next round.
//!
//! Source: Stone (1954), linear expenditure system `p q = p gamma + beta (m - sum p gamma)`.

use engine::money::{Money, Volume, payment, ratio_q32, scale_q32};
use engine::rng::hash;

use crate::components::{Person, Wallet};
use crate::geography::DECILES;
use crate::state::{HouseholdRule, SEGMENTS};

/// Draws of customer groups packed into one hash: groups have nine bits.
const GROUPS_PER_HASH: usize = 7;
const GROUP_BITS: u32 = 9;
const _: () = assert!(1 << GROUP_BITS == SEGMENTS);

/// Full service, as a Q32 ratio.
const FULL: u64 = 1 << 32;

/// Prices and customer groups of one zone.
pub struct ZonePrices<'a> {
    /// Posted price, index `outlet * outlet_slots + slot`.
    pub outlet_price: &'a [f64],
    /// Slots an outlet sells.
    pub outlet_slots: usize,
    /// Price of local service sellers, all services one after the other.
    pub service_price: Vec<f64>,
    /// First seller of each service in `service_price`, with one closing entry.
    pub service_start: Vec<usize>,
    /// Customer groups, index `market * SEGMENTS + group`.
    pub groups: &'a [u16],
    /// Consumption tax rate, a fraction.
    pub tax_rate: f64,
}

impl ZonePrices<'_> {
    /// Number of services sold locally.
    #[must_use]
    pub fn services(&self) -> usize {
        self.service_start.len() - 1
    }

    /// Length of a shopping list.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.outlet_slots + self.services()
    }

    /// Number of outlets.
    #[must_use]
    pub fn outlets(&self) -> usize {
        self.outlet_price.len() / self.outlet_slots
    }
}

/// Seller positions of one household: its outlet, then one seller a service.
#[inline]
fn visit(prices: &ZonePrices, id: u64, round: u64, sellers: &mut [u16]) {
    let mut word = 0;
    for (market, seller) in sellers.iter_mut().enumerate() {
        if market % GROUPS_PER_HASH == 0 {
            word = hash(id, round, (market / GROUPS_PER_HASH) as u64);
        }
        let group = (word & (SEGMENTS as u64 - 1)) as usize;
        word >>= GROUP_BITS;
        *seller = prices.groups[market * SEGMENTS + group];
    }
}

/// Wants of a zone's households and the sums each seller sees.
#[derive(Clone, Debug, Default)]
pub struct Wants {
    /// Volume wanted, index `household * slots + slot`.
    pub want: Vec<Volume>,
    /// Wants at outlets, index `outlet * outlet_slots + slot`.
    pub outlet: Vec<Volume>,
    /// Wants at service sellers.
    pub service: Vec<Volume>,
    /// Sellers of each household in the first round, index `household * markets + market`.
    sellers: Vec<u16>,
}

/// First-round wants of every household of a zone at its budget.
#[must_use]
pub fn wants(
    prices: &ZonePrices,
    rule: &HouseholdRule,
    first_id: u64,
    persons: &[Person],
    wallets: &[Wallet],
) -> Wants {
    let slots = prices.slots();
    let outlet_slots = prices.outlet_slots;
    let mut out = Wants {
        want: vec![0; persons.len() * slots],
        outlet: vec![0; prices.outlet_price.len()],
        service: vec![0; prices.service_price.len()],
        sellers: vec![0; persons.len() * (1 + prices.services())],
    };
    let tax = 1.0 + prices.tax_rate;
    let outlet_floor: Vec<f64> = prices
        .outlet_price
        .chunks(outlet_slots)
        .map(|row| row.iter().zip(&rule.subsistence).map(|(p, q)| p * q).sum())
        .collect();
    let inverse_outlet: Vec<f64> = prices.outlet_price.iter().map(|p| 1.0 / p).collect();
    let inverse_service: Vec<f64> = prices.service_price.iter().map(|p| 1.0 / p).collect();
    let households = persons.iter().zip(wallets).zip(out.want.chunks_mut(slots));
    for (i, (((person, wallet), want), sellers)) in
        households.zip(out.sellers.chunks_mut(1 + prices.services())).enumerate()
    {
        visit(prices, first_id + i as u64, 0, sellers);
        let outlet = sellers[0] as usize;
        let budget = wallet.budget as f64 / tax;
        let mut floor = outlet_floor[outlet];
        for (k, seller) in sellers[1..].iter().enumerate() {
            floor +=
                prices.service_price[prices.service_start[k] + *seller as usize] * rule.subsistence[outlet_slots + k];
        }
        let (scale, free) = if budget < floor { (budget / floor, 0.0) } else { (1.0, budget - floor) };
        let beta = &rule.marginal_share[person.decile as usize * slots..][..slots];
        let at = outlet * outlet_slots;
        for s in 0..outlet_slots {
            let q = (scale * rule.subsistence[s] + beta[s] * free * inverse_outlet[at + s]) as i64;
            want[s] = q;
            out.outlet[at + s] += q;
        }
        for (k, seller) in sellers[1..].iter().enumerate() {
            let (s, at) = (outlet_slots + k, prices.service_start[k] + *seller as usize);
            let q = (scale * rule.subsistence[s] + beta[s] * free * inverse_service[at]) as i64;
            want[s] = q;
            out.service[at] += q;
        }
    }
    out
}

/// Adds up the wants left after a round at the sellers of the next round's groups.
fn ask_again(prices: &ZonePrices, first_id: u64, round: u64, wants: &mut Wants) {
    let slots = prices.slots();
    wants.outlet.fill(0);
    wants.service.fill(0);
    let mut sellers = vec![0; 1 + prices.services()];
    for (i, want) in wants.want.chunks(slots).enumerate() {
        if want.iter().all(|&q| q == 0) {
            continue;
        }
        visit(prices, first_id + i as u64, round, &mut sellers);
        for s in 0..prices.outlet_slots {
            wants.outlet[sellers[0] as usize * prices.outlet_slots + s] += want[s];
        }
        for k in 0..prices.services() {
            wants.service[prices.service_start[k] + sellers[1 + k] as usize] += want[prices.outlet_slots + k];
        }
    }
}

/// What the sellers of a zone can still deliver.
pub struct Shelves {
    /// Goods on the shelf, index `outlet * outlet_slots + slot`.
    pub goods: Vec<Volume>,
    /// Trade services each outlet can still render.
    pub trade: Vec<Volume>,
    /// Services on offer by seller.
    pub service: Vec<Volume>,
    /// Trade services needed per unit of goods.
    pub margin_rate: f64,
}

/// What was sold to households in a zone.
#[derive(Clone, Debug, Default)]
pub struct Sales {
    /// Volume sold, index `outlet * outlet_slots + slot`.
    pub goods: Vec<Volume>,
    /// Receipts of outlets, tax excluded.
    pub outlet_receipts: Vec<Money>,
    /// Consumption tax collected by outlets.
    pub outlet_tax: Vec<Money>,
    /// Volume sold by service sellers.
    pub service: Vec<Volume>,
    /// Receipts of service sellers, tax excluded.
    pub service_receipts: Vec<Money>,
    /// Consumption tax collected by service sellers.
    pub service_tax: Vec<Money>,
    /// Spending by decile and slot, tax included, index `decile * slots + slot`.
    pub spending: Vec<Money>,
    /// Volume bought by decile and slot, same index.
    pub volume: Vec<Volume>,
    /// Volume nobody could deliver by slot.
    pub unserved: Vec<Volume>,
}

impl Sales {
    fn new(prices: &ZonePrices) -> Self {
        let (outlets, sellers, slots) = (prices.outlets(), prices.service_price.len(), prices.slots());
        Self {
            goods: vec![0; prices.outlet_price.len()],
            outlet_receipts: vec![0; outlets],
            outlet_tax: vec![0; outlets],
            service: vec![0; sellers],
            service_receipts: vec![0; sellers],
            service_tax: vec![0; sellers],
            spending: vec![0; DECILES * slots],
            volume: vec![0; DECILES * slots],
            unserved: vec![0; slots],
        }
    }
}

/// Share of the wants each seller can serve, as Q32 ratios.
struct Ratios {
    goods: Vec<u64>,
    service: Vec<u64>,
    all_full: bool,
}

fn ratios(prices: &ZonePrices, wants: &Wants, shelves: &Shelves) -> Ratios {
    let width = prices.outlet_slots;
    let mut goods = vec![FULL; wants.outlet.len()];
    for (outlet, row) in wants.outlet.chunks(width).enumerate() {
        let volume: Volume = row[..width - 1].iter().sum();
        let needed = (volume as f64 * shelves.margin_rate) as i64;
        let trade = if needed > shelves.trade[outlet] { ratio_q32(shelves.trade[outlet].max(0), needed) } else { FULL };
        for (s, &want) in row.iter().enumerate() {
            let shelf = shelves.goods[outlet * width + s].max(0);
            let own = if want > shelf { ratio_q32(shelf, want) } else { FULL };
            goods[outlet * width + s] = if s + 1 < width { own.min(trade) } else { own };
        }
    }
    let service: Vec<u64> = wants
        .service
        .iter()
        .zip(&shelves.service)
        .map(|(&want, &shelf)| if want > shelf.max(0) { ratio_q32(shelf.max(0), want) } else { FULL })
        .collect();
    let all_full = goods.iter().chain(&service).all(|&q| q == FULL);
    Ratios { goods, service, all_full }
}

/// Runs the rounds of a zone: households pay, sellers deliver. Returns the sales; wallets are debited.
pub fn trade(
    prices: &ZonePrices,
    first_id: u64,
    persons: &[Person],
    wallets: &mut [Wallet],
    mut wants: Wants,
    shelves: &mut Shelves,
    rounds: u64,
) -> Sales {
    let mut sales = Sales::new(prices);
    for round in 0..rounds {
        let service = ratios(prices, &wants, shelves);
        if round == 0 && service.all_full {
            settle_in_full(prices, persons, wallets, &wants, &mut sales);
            take(prices, shelves, &service, &wants);
            return sales;
        }
        settle(prices, first_id, round, persons, wallets, &mut wants, &service, &mut sales, shelves);
        if service.all_full {
            break;
        }
        if round + 1 < rounds {
            ask_again(prices, first_id, round + 1, &mut wants);
        }
    }
    let slots = prices.slots();
    for want in wants.want.chunks(slots) {
        for (s, q) in want.iter().enumerate() {
            sales.unserved[s] += q;
        }
    }
    sales
}

/// Settlement of a first round in which every seller has what is wanted: the same as [`settle`] with full service.
fn settle_in_full(prices: &ZonePrices, persons: &[Person], wallets: &mut [Wallet], wants: &Wants, sales: &mut Sales) {
    let slots = prices.slots();
    let width = prices.outlet_slots;
    let households = wants.want.chunks(slots).zip(wallets).zip(persons);
    for (((want, wallet), person), sellers) in households.zip(wants.sellers.chunks(1 + prices.services())) {
        let cell = person.decile as usize * slots;
        let spending = &mut sales.spending[cell..cell + slots];
        let volume = &mut sales.volume[cell..cell + slots];
        for (sum, got) in volume.iter_mut().zip(want) {
            *sum += got;
        }
        let (goods, services) = want.split_at(width);
        let (spent_goods, spent_services) = spending.split_at_mut(width);
        let outlet = sellers[0] as usize;
        let (mut pay_all, mut tax_all) = (0, 0);
        let row = &prices.outlet_price[outlet * width..(outlet + 1) * width];
        for ((&price, &got), spent) in row.iter().zip(goods).zip(spent_goods) {
            let pay = payment(price, got);
            let tax = levy(pay, prices.tax_rate);
            *spent += pay + tax;
            pay_all += pay;
            tax_all += tax;
        }
        sales.outlet_receipts[outlet] += pay_all;
        sales.outlet_tax[outlet] += tax_all;
        let mut paid = pay_all + tax_all;
        for (((&got, spent), &seller), &start) in
            services.iter().zip(spent_services).zip(&sellers[1..]).zip(&prices.service_start)
        {
            let at = start + seller as usize;
            let pay = payment(prices.service_price[at], got);
            let tax = levy(pay, prices.tax_rate);
            sales.service_receipts[at] += pay;
            sales.service_tax[at] += tax;
            *spent += pay + tax;
            paid += pay + tax;
        }
        wallet.deposits -= paid;
    }
    sales.goods.copy_from_slice(&wants.outlet);
    sales.service.copy_from_slice(&wants.service);
}

/// One settlement: each household receives its share and pays for it.
#[expect(clippy::too_many_arguments, reason = "one kernel over the columns of a zone")]
fn settle(
    prices: &ZonePrices,
    first_id: u64,
    round: u64,
    persons: &[Person],
    wallets: &mut [Wallet],
    wants: &mut Wants,
    service: &Ratios,
    sales: &mut Sales,
    shelves: &mut Shelves,
) {
    let slots = prices.slots();
    let width = prices.outlet_slots;
    let mut sellers = vec![0; 1 + prices.services()];
    for (i, want) in wants.want.chunks_mut(slots).enumerate() {
        if round > 0 && want.iter().all(|&q| q == 0) {
            continue;
        }
        visit(prices, first_id + i as u64, round, &mut sellers);
        let cell = persons[i].decile as usize * slots;
        let mut paid = 0;
        let outlet = sellers[0] as usize;
        for s in 0..width {
            let at = outlet * width + s;
            let got = serve(want[s], service.goods[at]);
            let pay = payment(prices.outlet_price[at], got);
            let tax = levy(pay, prices.tax_rate);
            want[s] -= got;
            sales.goods[at] += got;
            sales.outlet_receipts[outlet] += pay;
            sales.outlet_tax[outlet] += tax;
            sales.spending[cell + s] += pay + tax;
            sales.volume[cell + s] += got;
            paid += pay + tax;
        }
        for k in 0..prices.services() {
            let (s, at) = (width + k, prices.service_start[k] + sellers[1 + k] as usize);
            let got = serve(want[s], service.service[at]);
            let pay = payment(prices.service_price[at], got);
            let tax = levy(pay, prices.tax_rate);
            want[s] -= got;
            sales.service[at] += got;
            sales.service_receipts[at] += pay;
            sales.service_tax[at] += tax;
            sales.spending[cell + s] += pay + tax;
            sales.volume[cell + s] += got;
            paid += pay + tax;
        }
        wallets[i].deposits -= paid;
    }
    take(prices, shelves, service, wants);
}

/// Takes what a round sold off the shelves, seller by seller.
fn take(prices: &ZonePrices, shelves: &mut Shelves, service: &Ratios, wants: &Wants) {
    let width = prices.outlet_slots;
    for (outlet, row) in wants.outlet.chunks(width).enumerate() {
        let mut goods = 0;
        for (s, &asked) in row.iter().enumerate() {
            // Floors of parts never exceed the floor of the sum, so no household got more than leaves the shelf.
            let sold = serve(asked, service.goods[outlet * width + s]);
            shelves.goods[outlet * width + s] -= sold;
            if s + 1 < width {
                goods += sold;
            }
        }
        shelves.trade[outlet] -= (goods as f64 * shelves.margin_rate) as i64;
    }
    for (at, &asked) in wants.service.iter().enumerate() {
        shelves.service[at] -= serve(asked, service.service[at]);
    }
}

#[inline]
fn serve(want: Volume, ratio: u64) -> Volume {
    if ratio >= FULL { want } else { scale_q32(want, ratio) }
}

#[inline]
fn levy(base: Money, rate: f64) -> Money {
    if rate.abs() < f64::EPSILON { 0 } else { engine::money::ad_valorem(base, rate) }
}
