//! What households of a zone put into their baskets: prices of their sellers, quantities that follow from their budgets.
//!
//! Source: Stone (1954), linear expenditure system `p q = p gamma + beta (m - sum p gamma)`.

use engine::money::nearest;
use engine::rng::hash;

use crate::axes::Decile;
use crate::components::Household;
use crate::state::{HouseholdRule, SEGMENTS};

/// Draws of customer groups packed into one hash: groups have nine bits.
const GROUPS_PER_HASH: usize = 7;
const GROUP_BITS: u32 = 9;
const _: () = assert!(1 << GROUP_BITS == SEGMENTS);

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
    pub(super) fn place(&self, sellers: &[u16], slot: usize) -> usize {
        match slot.checked_sub(self.outlet_slots) {
            None => sellers[0] as usize * self.outlet_slots + slot,
            Some(k) => self.service_start[k] + sellers[1 + k] as usize,
        }
    }

    /// Price of a slot at a place.
    pub(super) fn price(&self, slot: usize, at: usize) -> f64 {
        if slot < self.outlet_slots { self.outlet_price[at] } else { self.service_price[at] }
    }
}

/// Seller positions of one household: its outlet, then one seller a service.
#[inline]
pub(super) fn visit(prices: &ZonePrices, id: u64, round: u64, sellers: &mut [u16]) {
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

/// Largest integer not above an amount below 2^51.
#[inline]
fn floor(x: f64) -> f64 {
    let near = nearest(x);
    near - f64::from(u8::from(near > x))
}

/// What a service seller charges, and what it was asked for and paid in the first round: whole amounts.
#[derive(Clone, Copy, Default)]
pub(super) struct Till {
    pub(super) price: f64,
    /// Price, tax included, and one over it.
    taxed: f64,
    inverse: f64,
    pub(super) asked: f64,
    pub(super) receipts: f64,
    pub(super) tax: f64,
}

/// One household's sellers and quantities, whole amounts.
pub(super) struct Basket {
    pub(super) sellers: Vec<u16>,
    pub(super) quantity: Vec<f64>,
}

/// The market of one zone while it clears: prices, and how baskets follow from budgets.
pub(super) struct Stall<'a> {
    pub(super) prices: &'a ZonePrices<'a>,
    rule: &'a HouseholdRule,
    pub(super) first_id: u64,
    /// Cost of the subsistence quantities sold at each outlet, tax included.
    outlet_floor: Vec<f64>,
    /// One over the price, tax included.
    inverse_outlet: Vec<f64>,
    pub(super) tills: Vec<Till>,
}

impl<'a> Stall<'a> {
    pub(super) fn new(prices: &'a ZonePrices<'a>, rule: &'a HouseholdRule, first_id: u64) -> Self {
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

    pub(super) fn basket(&self) -> Basket {
        Basket { sellers: vec![0; 1 + self.prices.services()], quantity: vec![0.0; self.prices.slots()] }
    }

    /// Sellers and quantities of a household in the first round, by the linear expenditure system at its budget.
    #[inline]
    pub(super) fn fill(&self, place: usize, household: &Household, basket: &mut Basket) {
        let (prices, width) = (self.prices, self.prices.outlet_slots);
        visit(prices, self.first_id + place as u64, 0, &mut basket.sellers);
        let (outlet, services) = (basket.sellers[0] as usize, &basket.sellers[1..]);
        let (needs_goods, needs_services) = self.rule.subsistence.split_at(width);
        let mut floor_cost = self.outlet_floor[outlet];
        for ((&seller, &start), need) in services.iter().zip(&prices.service_start).zip(needs_services) {
            floor_cost += self.tills[start + seller as usize].taxed * need;
        }
        let budget = household.budget as f64;
        let (scale, free) = if budget < floor_cost { (budget / floor_cost, 0.0) } else { (1.0, budget - floor_cost) };
        let beta = self.rule.marginal_share.row((Decile(household.decile as usize),));
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
