//! The household market of one zone: few local sellers, pro-rata rounds, everything in cache.
//!
//! A household shops for goods and the bundle of imported services at the outlet of its customer group, and for
//! each other service at the local firm of its group. Quantities follow the linear expenditure system of its
//! base-year decile at the prices of its own sellers. All wants of a round are added up first, then every seller
//! serves pro rata, so the outcome does not depend on any order; what stays unserved is asked of another seller in
//! the next round. Nearly every want is served in the first round, so orders are paid at once as if all were, and
//! what a seller turns out not to have is paid back.
//!
//! The first round counts in `f64`: whole amounts whose sums stay below 2^52 are exact and vectorise.
//!
//! Source: Stone (1954), linear expenditure system `p q = p gamma + beta (m - sum p gamma)`.

use engine::money::{Money, Volume, nearest, payment, ratio_q32, scale_q32};
use engine::range::out_of_range;
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
    /// Consumption tax rate by shopping slot, a fraction.
    pub tax_rate: Vec<f64>,
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

    /// Where a slot is bought, given a household's sellers: index into outlet prices or into service sellers.
    fn place(&self, sellers: &[u16], slot: usize) -> usize {
        match slot.checked_sub(self.outlet_slots) {
            None => sellers[0] as usize * self.outlet_slots + slot,
            Some(k) => self.service_start[k] + sellers[1 + k] as usize,
        }
    }

    /// Price of a slot at a place.
    fn price(&self, slot: usize, at: usize) -> f64 {
        if slot < self.outlet_slots { self.outlet_price[at] } else { self.service_price[at] }
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

/// Largest sum a zone may spend in a tick, minor units: sums of whole amounts in `f64` are exact up to here.
pub const ZONE_SPENDING_LIMIT: i64 = 1 << 52;

/// Largest integer not above an amount below 2^51.
#[inline]
fn floor(x: f64) -> f64 {
    let near = nearest(x);
    near - f64::from(u8::from(near > x))
}

/// A sum of whole amounts in `f64` as an integer. One that has no value, or is too large to have been exact, would lose
/// money without a word.
fn exact(sum: f64) -> i64 {
    if sum.abs() <= ZONE_SPENDING_LIMIT as f64 {
        return sum as i64;
    }
    out_of_range(format!("the shops of a zone sell {sum:e} minor units in a tick: no number, or over 2^52"))
}

/// What a service seller charges, and what it was asked for and paid in the first round: whole amounts.
#[derive(Clone, Copy, Default)]
struct Till {
    price: f64,
    /// Price, tax included, and one over it.
    taxed: f64,
    inverse: f64,
    asked: f64,
    receipts: f64,
    tax: f64,
}

/// One household's sellers and quantities, whole amounts.
struct Basket {
    sellers: Vec<u16>,
    quantity: Vec<f64>,
}

/// The market of one zone while it clears: prices, and how baskets follow from budgets.
struct Stall<'a> {
    prices: &'a ZonePrices<'a>,
    rule: &'a HouseholdRule,
    first_id: u64,
    /// Cost of the subsistence quantities sold at each outlet, tax included.
    outlet_floor: Vec<f64>,
    /// One over the price, tax included.
    inverse_outlet: Vec<f64>,
    tills: Vec<Till>,
}

impl<'a> Stall<'a> {
    fn new(prices: &'a ZonePrices<'a>, rule: &'a HouseholdRule, first_id: u64) -> Self {
        let rows = || prices.outlet_price.chunks(prices.outlet_slots);
        let taxed = |row: &'a [f64]| row.iter().zip(&prices.tax_rate).map(|(p, t)| p * (1.0 + t));
        let outlet_floor = rows().map(|row| taxed(row).zip(&rule.subsistence).map(|(p, q)| p * q).sum()).collect();
        let inverse_outlet = rows().flat_map(|row| taxed(row).map(|p| 1.0 / p)).collect();
        let mut tills = Vec::with_capacity(prices.service_price.len());
        for (k, span) in prices.service_start.windows(2).enumerate() {
            let tax = 1.0 + prices.tax_rate[prices.outlet_slots + k];
            for &price in &prices.service_price[span[0]..span[1]] {
                tills.push(Till { price, taxed: price * tax, inverse: 1.0 / (price * tax), ..Till::default() });
            }
        }
        Self { prices, rule, first_id, outlet_floor, inverse_outlet, tills }
    }

    fn basket(&self) -> Basket {
        Basket { sellers: vec![0; 1 + self.prices.services()], quantity: vec![0.0; self.prices.slots()] }
    }

    /// Sellers and quantities of a household in the first round, by the linear expenditure system at its budget.
    #[inline]
    fn fill(&self, household: usize, person: &Person, budget: Money, basket: &mut Basket) {
        let (prices, width) = (self.prices, self.prices.outlet_slots);
        visit(prices, self.first_id + household as u64, 0, &mut basket.sellers);
        let (outlet, services) = (basket.sellers[0] as usize, &basket.sellers[1..]);
        let (needs_goods, needs_services) = self.rule.subsistence.split_at(width);
        let mut floor_cost = self.outlet_floor[outlet];
        for ((&seller, &start), need) in services.iter().zip(&prices.service_start).zip(needs_services) {
            floor_cost += self.tills[start + seller as usize].taxed * need;
        }
        let budget = budget as f64;
        let (scale, free) = if budget < floor_cost { (budget / floor_cost, 0.0) } else { (1.0, budget - floor_cost) };
        let beta = &self.rule.marginal_share[person.decile as usize * prices.slots()..][..prices.slots()];
        let (beta_goods, beta_services) = beta.split_at(width);
        let (goods, rest) = basket.quantity.split_at_mut(width);
        let inverse = &self.inverse_outlet[outlet * width..(outlet + 1) * width];
        for (((q, need), beta), inverse) in goods.iter_mut().zip(needs_goods).zip(beta_goods).zip(inverse) {
            *q = floor(scale * need + beta * free * inverse);
        }
        let shares = needs_services.iter().zip(beta_services);
        for (((q, (need, beta)), &seller), &start) in
            rest.iter_mut().zip(shares).zip(services).zip(&prices.service_start)
        {
            *q = floor(scale * need + beta * free * self.tills[start + seller as usize].inverse);
        }
    }
}

/// Volumes that sellers were asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// At outlets, index `outlet * outlet_slots + slot`.
    pub outlet: Vec<Volume>,
    /// At service sellers.
    pub service: Vec<Volume>,
}

/// A household's want that its seller could not serve.
struct Residual {
    household: u32,
    slot: u32,
    volume: Volume,
}

/// A zone whose households have ordered and paid as if every seller could serve in full.
pub struct Ordered<'a> {
    stall: Stall<'a>,
    /// What was asked of each seller.
    pub asked: Asked,
    sales: Sales,
}

/// First round: every household orders at its budget and pays; what sellers turn out not to have is paid back by
/// [`Ordered::settle`].
///
/// # Panics
/// With [`engine::range::OutOfRange`] if the zone's households mean to spend or to buy more than
/// [`ZONE_SPENDING_LIMIT`].
#[must_use]
pub fn order<'a>(
    prices: &'a ZonePrices<'a>,
    rule: &'a HouseholdRule,
    first_id: u64,
    persons: &[Person],
    wallets: &mut [Wallet],
) -> Ordered<'a> {
    let (slots, width) = (prices.slots(), prices.outlet_slots);
    let mut stall = Stall::new(prices, rule, first_id);
    let mut basket = stall.basket();
    let mut asked = vec![0.0; prices.outlet_price.len()];
    let mut outlets = vec![(0.0, 0.0); prices.outlets()];
    let (mut spending, mut volume) = (vec![0.0; DECILES * slots], vec![0.0; DECILES * slots]);
    let mut total: i64 = 0;
    for (i, (person, wallet)) in persons.iter().zip(wallets).enumerate() {
        total += wallet.budget;
        if total > ZONE_SPENDING_LIMIT {
            out_of_range("a zone spends over 2^52 minor units in a tick: use smaller zones".to_owned());
        }
        stall.fill(i, person, wallet.budget, &mut basket);
        let cell = person.decile as usize * slots;
        let (spent_goods, spent_services) = spending[cell..cell + slots].split_at_mut(width);
        for (sum, q) in volume[cell..cell + slots].iter_mut().zip(&basket.quantity) {
            *sum += q;
        }
        let (goods, services) = basket.quantity.split_at(width);
        let outlet = basket.sellers[0] as usize;
        let shelf = outlet * width..(outlet + 1) * width;
        let (mut pay_all, mut tax_all) = (0.0, 0.0);
        let (goods_tax, service_tax) = prices.tax_rate.split_at(width);
        let row = prices.outlet_price[shelf.clone()].iter().zip(&mut asked[shelf]).zip(goods_tax);
        for ((((&price, asked), rate), &q), spent) in row.zip(goods).zip(spent_goods) {
            let pay = nearest(price * q);
            let tax = nearest(rate * pay);
            *asked += q;
            *spent += pay + tax;
            pay_all += pay;
            tax_all += tax;
        }
        outlets[outlet].0 += pay_all;
        outlets[outlet].1 += tax_all;
        let mut paid = pay_all + tax_all;
        let sellers = basket.sellers[1..].iter().zip(&prices.service_start).zip(service_tax);
        for ((&q, spent), ((&seller, &start), rate)) in services.iter().zip(spent_services).zip(sellers) {
            let till = &mut stall.tills[start + seller as usize];
            let pay = nearest(till.price * q);
            let tax = nearest(rate * pay);
            till.asked += q;
            till.receipts += pay;
            till.tax += tax;
            *spent += pay + tax;
            paid += pay + tax;
        }
        wallet.deposits -= paid as i64;
    }
    let whole = |x: &[f64]| x.iter().map(|&x| exact(x)).collect::<Vec<i64>>();
    let of_tills = |f: fn(&Till) -> f64| stall.tills.iter().map(|till| exact(f(till))).collect::<Vec<i64>>();
    let asked = Asked { outlet: whole(&asked), service: of_tills(|till| till.asked) };
    let sales = Sales {
        goods: asked.outlet.clone(),
        outlet_receipts: outlets.iter().map(|x| exact(x.0)).collect(),
        outlet_tax: outlets.iter().map(|x| exact(x.1)).collect(),
        service: asked.service.clone(),
        service_receipts: of_tills(|till| till.receipts),
        service_tax: of_tills(|till| till.tax),
        spending: whole(&spending),
        volume: whole(&volume),
        unserved: vec![0; slots],
    };
    Ordered { stall, asked, sales }
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
    /// Books a delivery, or takes one back where `volume` is negative.
    fn book(&mut self, prices: &ZonePrices, sold: Sold) {
        let Sold { decile, slot, at, volume, pay, tax } = sold;
        if slot < prices.outlet_slots {
            self.goods[at] += volume;
            self.outlet_receipts[at / prices.outlet_slots] += pay;
            self.outlet_tax[at / prices.outlet_slots] += tax;
        } else {
            self.service[at] += volume;
            self.service_receipts[at] += pay;
            self.service_tax[at] += tax;
        }
        let cell = decile * prices.slots() + slot;
        self.spending[cell] += pay + tax;
        self.volume[cell] += volume;
    }
}

/// A delivery of one slot from the seller at `at` to a household of a decile.
struct Sold {
    decile: usize,
    slot: usize,
    at: usize,
    volume: Volume,
    pay: Money,
    tax: Money,
}

/// Share of the wants each seller can serve, as Q32 ratios.
struct Ratios {
    goods: Vec<u64>,
    service: Vec<u64>,
    all_full: bool,
}

impl Ratios {
    fn of(&self, slot: usize, outlet_slots: usize, at: usize) -> u64 {
        if slot < outlet_slots { self.goods[at] } else { self.service[at] }
    }
}

fn ratios(prices: &ZonePrices, asked: &Asked, shelves: &Shelves) -> Ratios {
    let width = prices.outlet_slots;
    let mut goods = vec![FULL; asked.outlet.len()];
    for (outlet, row) in asked.outlet.chunks(width).enumerate() {
        let volume: Volume = row[..width - 1].iter().sum();
        let needed = (volume as f64 * shelves.margin_rate) as i64;
        let trade = if needed > shelves.trade[outlet] { ratio_q32(shelves.trade[outlet].max(0), needed) } else { FULL };
        for (s, &want) in row.iter().enumerate() {
            let shelf = shelves.goods[outlet * width + s].max(0);
            let own = if want > shelf { ratio_q32(shelf, want) } else { FULL };
            goods[outlet * width + s] = if s + 1 < width { own.min(trade) } else { own };
        }
    }
    let service: Vec<u64> = asked
        .service
        .iter()
        .zip(&shelves.service)
        .map(|(&want, &shelf)| if want > shelf.max(0) { ratio_q32(shelf.max(0), want) } else { FULL })
        .collect();
    let all_full = goods.iter().chain(&service).all(|&q| q == FULL);
    Ratios { goods, service, all_full }
}

impl Ordered<'_> {
    /// Takes back what sellers do not have, asks other sellers for it in further rounds, and returns the sales.
    pub fn settle(mut self, persons: &[Person], wallets: &mut [Wallet], shelves: &mut Shelves, rounds: u64) -> Sales {
        let prices = self.stall.prices;
        let service = ratios(prices, &self.asked, shelves);
        let mut residuals = if service.all_full { vec![] } else { self.take_back(persons, wallets, &service) };
        take(prices, shelves, &service, &self.asked);
        for round in 1..rounds {
            if residuals.is_empty() {
                break;
            }
            let asked = self.ask_again(&residuals, round);
            let service = ratios(prices, &asked, shelves);
            self.serve_residuals(persons, wallets, &service, &mut residuals, round);
            take(prices, shelves, &service, &asked);
        }
        for residual in residuals {
            self.sales.unserved[residual.slot as usize] += residual.volume;
        }
        self.sales
    }

    /// Pays back what short sellers cannot deliver of the first round's orders; returns what is still wanted.
    fn take_back(&mut self, persons: &[Person], wallets: &mut [Wallet], service: &Ratios) -> Vec<Residual> {
        let Self { stall, sales, .. } = self;
        let (prices, width) = (stall.prices, stall.prices.outlet_slots);
        let short_outlet: Vec<bool> = service.goods.chunks(width).map(|row| row.iter().any(|&q| q < FULL)).collect();
        let mut basket = stall.basket();
        let mut residuals = Vec::new();
        for (i, (person, wallet)) in persons.iter().zip(wallets).enumerate() {
            visit(prices, stall.first_id + i as u64, 0, &mut basket.sellers);
            let mut sellers = basket.sellers[1..].iter().zip(&prices.service_start);
            let short = short_outlet[basket.sellers[0] as usize]
                || sellers.any(|(&seller, &start)| service.service[start + seller as usize] < FULL);
            if !short {
                continue;
            }
            stall.fill(i, person, wallet.budget, &mut basket);
            for (slot, &q) in basket.quantity.iter().enumerate() {
                let at = prices.place(&basket.sellers, slot);
                let ratio = service.of(slot, width, at);
                let want = q as i64;
                if ratio >= FULL || want == 0 {
                    continue;
                }
                let got = scale_q32(want, ratio);
                let price = prices.price(slot, at);
                let due = |volume| {
                    let pay = payment(price, volume);
                    (pay, levy(pay, prices.tax_rate[slot]))
                };
                let ((pay_all, tax_all), (pay, tax)) = (due(want), due(got));
                let decile = person.decile as usize;
                let (pay, tax) = (pay - pay_all, tax - tax_all);
                sales.book(prices, Sold { decile, slot, at, volume: got - want, pay, tax });
                wallet.deposits -= pay + tax;
                residuals.push(Residual { household: i as u32, slot: slot as u32, volume: want - got });
            }
        }
        residuals
    }

    /// Adds up what is still wanted at the sellers of a round's groups.
    fn ask_again(&self, residuals: &[Residual], round: u64) -> Asked {
        let prices = self.stall.prices;
        let mut asked = Asked { outlet: vec![0; prices.outlet_price.len()], service: vec![0; self.stall.tills.len()] };
        self.each_residual(residuals, round, |residual, at| {
            let slot = residual.slot as usize;
            let sum = if slot < prices.outlet_slots { &mut asked.outlet[at] } else { &mut asked.service[at] };
            *sum += residual.volume;
        });
        asked
    }

    /// Calls `each` with every residual and the place of the seller it asks in a round.
    fn each_residual(&self, residuals: &[Residual], round: u64, mut each: impl FnMut(&Residual, usize)) {
        let prices = self.stall.prices;
        let mut sellers = vec![0; 1 + prices.services()];
        let mut last = u32::MAX;
        for residual in residuals {
            if residual.household != last {
                last = residual.household;
                visit(prices, self.stall.first_id + u64::from(last), round, &mut sellers);
            }
            each(residual, prices.place(&sellers, residual.slot as usize));
        }
    }

    /// One more round: sellers deliver their share of what is still wanted.
    fn serve_residuals(
        &mut self,
        persons: &[Person],
        wallets: &mut [Wallet],
        service: &Ratios,
        residuals: &mut Vec<Residual>,
        round: u64,
    ) {
        let (prices, width) = (self.stall.prices, self.stall.prices.outlet_slots);
        let mut got = Vec::with_capacity(residuals.len());
        self.each_residual(residuals, round, |residual, at| {
            got.push((at, serve(residual.volume, service.of(residual.slot as usize, width, at))));
        });
        for (residual, (at, volume)) in residuals.iter_mut().zip(got) {
            let slot = residual.slot as usize;
            let pay = payment(prices.price(slot, at), volume);
            let tax = levy(pay, prices.tax_rate[slot]);
            let decile = persons[residual.household as usize].decile as usize;
            self.sales.book(prices, Sold { decile, slot, at, volume, pay, tax });
            wallets[residual.household as usize].deposits -= pay + tax;
            residual.volume -= volume;
        }
        residuals.retain(|residual| residual.volume > 0);
    }
}

/// Takes what a round sold off the shelves, seller by seller.
fn take(prices: &ZonePrices, shelves: &mut Shelves, service: &Ratios, asked: &Asked) {
    let width = prices.outlet_slots;
    for (outlet, row) in asked.outlet.chunks(width).enumerate() {
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
    for (at, &asked) in asked.service.iter().enumerate() {
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
