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

pub use super::baskets::ZonePrices;
use super::baskets::{Stall, Till, visit};
use crate::components::Household;
use crate::geography::DECILES;
use crate::state::HouseholdRule;

/// Full service, as a Q32 ratio.
const FULL: u64 = 1 << 32;

/// Largest sum a zone may spend in a tick, minor units: sums of whole amounts in `f64` are exact up to here.
pub const ZONE_SPENDING_LIMIT: i64 = 1 << 52;

/// A sum of whole amounts in `f64` as an integer. One that has no value, or is too large to have been exact, would lose
/// money without a word.
fn exact(sum: f64) -> i64 {
    if sum.abs() <= ZONE_SPENDING_LIMIT as f64 {
        return sum as i64;
    }
    out_of_range(format!("the shops of a zone sell {sum:e} minor units in a tick: no number, or over 2^52"))
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
    households: &mut [Household],
) -> Ordered<'a> {
    let (slots, width) = (prices.slots(), prices.outlet_slots);
    let mut stall = Stall::new(prices, rule, first_id);
    let mut basket = stall.basket();
    let mut asked = vec![0.0; prices.outlet_price.len()];
    let mut outlets = vec![(0.0, 0.0); prices.outlets()];
    let (mut spending, mut volume) = (vec![0.0; DECILES * slots], vec![0.0; DECILES * slots]);
    let mut total: i64 = 0;
    for (i, household) in households.iter_mut().enumerate() {
        total += household.budget;
        if total > ZONE_SPENDING_LIMIT {
            out_of_range("a zone spends over 2^52 minor units in a tick: use smaller zones".to_owned());
        }
        stall.fill(i, household, &mut basket);
        let cell = household.decile as usize * slots;
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
        household.deposits -= paid as i64;
    }
    let whole = |x: &[f64]| x.iter().map(|&x| Volume::new(exact(x))).collect::<Vec<Volume>>();
    let of_tills = |f: fn(&Till) -> f64| stall.tills.iter().map(|till| exact(f(till))).collect::<Vec<Money>>();
    let asked_of_tills = stall.tills.iter().map(|till| Volume::new(exact(till.asked))).collect();
    let asked = Asked { outlet: whole(&asked), service: asked_of_tills };
    let sales = Sales {
        goods: asked.outlet.clone(),
        outlet_receipts: outlets.iter().map(|x| exact(x.0)).collect(),
        outlet_tax: outlets.iter().map(|x| exact(x.1)).collect(),
        service: asked.service.clone(),
        service_receipts: of_tills(|till| till.receipts),
        service_tax: of_tills(|till| till.tax),
        spending: spending.iter().map(|&x| exact(x)).collect(),
        volume: whole(&volume),
        unserved: vec![Volume::ZERO; slots],
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

/// Trade services that an outlet renders with so much of goods.
#[must_use]
pub fn trade_services(goods: Volume, margin_rate: f64) -> Volume {
    Volume::within(goods.as_f64() * margin_rate)
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
        let needed = trade_services(row[..width - 1].iter().sum(), shelves.margin_rate);
        let rendered = shelves.trade[outlet];
        let trade = if needed > rendered { ratio_q32(rendered.or_nothing(), needed) } else { FULL };
        for (s, &want) in row.iter().enumerate() {
            let shelf = shelves.goods[outlet * width + s].or_nothing();
            let own = if want > shelf { ratio_q32(shelf, want) } else { FULL };
            goods[outlet * width + s] = if s + 1 < width { own.min(trade) } else { own };
        }
    }
    let service: Vec<u64> = asked
        .service
        .iter()
        .zip(&shelves.service)
        .map(|(&want, &shelf)| if want > shelf.or_nothing() { ratio_q32(shelf.or_nothing(), want) } else { FULL })
        .collect();
    let all_full = goods.iter().chain(&service).all(|&q| q == FULL);
    Ratios { goods, service, all_full }
}

impl Ordered<'_> {
    /// Takes back what sellers do not have, asks other sellers for it in further rounds, and returns the sales.
    pub fn settle(mut self, households: &mut [Household], shelves: &mut Shelves, rounds: u64) -> Sales {
        let prices = self.stall.prices;
        let service = ratios(prices, &self.asked, shelves);
        let mut residuals = if service.all_full { vec![] } else { self.take_back(households, &service) };
        take(prices, shelves, &service, &self.asked);
        for round in 1..rounds {
            if residuals.is_empty() {
                break;
            }
            let asked = self.ask_again(&residuals, round);
            let service = ratios(prices, &asked, shelves);
            self.serve_residuals(households, &service, &mut residuals, round);
            take(prices, shelves, &service, &asked);
        }
        for residual in residuals {
            self.sales.unserved[residual.slot as usize] += residual.volume;
        }
        self.sales
    }

    /// Pays back what short sellers cannot deliver of the first round's orders; returns what is still wanted.
    fn take_back(&mut self, households: &mut [Household], service: &Ratios) -> Vec<Residual> {
        let Self { stall, sales, .. } = self;
        let (prices, width) = (stall.prices, stall.prices.outlet_slots);
        let short_outlet: Vec<bool> = service.goods.chunks(width).map(|row| row.iter().any(|&q| q < FULL)).collect();
        let mut basket = stall.basket();
        let mut residuals = Vec::new();
        for (i, household) in households.iter_mut().enumerate() {
            visit(prices, stall.first_id + i as u64, 0, &mut basket.sellers);
            let mut sellers = basket.sellers[1..].iter().zip(&prices.service_start);
            let short = short_outlet[basket.sellers[0] as usize]
                || sellers.any(|(&seller, &start)| service.service[start + seller as usize] < FULL);
            if !short {
                continue;
            }
            stall.fill(i, household, &mut basket);
            for (slot, &q) in basket.quantity.iter().enumerate() {
                let at = prices.place(&basket.sellers, slot);
                let ratio = service.of(slot, width, at);
                let want = Volume::within(q);
                if ratio >= FULL || want.is_zero() {
                    continue;
                }
                let got = scale_q32(want, ratio);
                let price = prices.price(slot, at);
                let due = |volume| {
                    let pay = payment(price, volume);
                    (pay, levy(pay, prices.tax_rate[slot]))
                };
                let ((pay_all, tax_all), (pay, tax)) = (due(want), due(got));
                let decile = household.decile as usize;
                let (pay, tax) = (pay - pay_all, tax - tax_all);
                sales.book(prices, Sold { decile, slot, at, volume: got - want, pay, tax });
                household.deposits -= pay + tax;
                residuals.push(Residual { household: i as u32, slot: slot as u32, volume: want - got });
            }
        }
        residuals
    }

    /// Adds up what is still wanted at the sellers of a round's groups.
    fn ask_again(&self, residuals: &[Residual], round: u64) -> Asked {
        let prices = self.stall.prices;
        let mut asked = Asked {
            outlet: vec![Volume::ZERO; prices.outlet_price.len()],
            service: vec![Volume::ZERO; self.stall.tills.len()],
        };
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
        households: &mut [Household],
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
            let household = &mut households[residual.household as usize];
            let decile = household.decile as usize;
            self.sales.book(prices, Sold { decile, slot, at, volume, pay, tax });
            household.deposits -= pay + tax;
            residual.volume -= volume;
        }
        residuals.retain(|residual| residual.volume.is_positive());
    }
}

/// Takes what a round sold off the shelves, seller by seller.
fn take(prices: &ZonePrices, shelves: &mut Shelves, service: &Ratios, asked: &Asked) {
    let width = prices.outlet_slots;
    for (outlet, row) in asked.outlet.chunks(width).enumerate() {
        let mut goods = Volume::ZERO;
        for (s, &asked) in row.iter().enumerate() {
            // Floors of parts never exceed the floor of the sum, so no household got more than leaves the shelf.
            let sold = serve(asked, service.goods[outlet * width + s]);
            shelves.goods[outlet * width + s] -= sold;
            if s + 1 < width {
                goods += sold;
            }
        }
        shelves.trade[outlet] -= trade_services(goods, shelves.margin_rate);
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
