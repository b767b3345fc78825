//! Households shop in their zone: the systems around the kernel in [`super::retail`].

use bevy_ecs::prelude::{Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use engine::columns::{Block, columns, columns_mut, rows_mut};
use engine::money::{Money, Volume, payment};
use engine::rng::{Streams, hash, unit};
use rayon::prelude::*;

use super::retail::{Asked, Sales, Shelves, order, trade_services};
use super::sourcing::{attraction, leaving};
use crate::accounts::Why;
use crate::axes::{OutletId, RegionId, Slot};
use crate::components::{Books, Flows, Household, Offer};
use crate::geography::{Geography, Products, split_spans};
use crate::given::Given;
use crate::paying::Institutions;
use crate::state::{Customers, HouseholdRules, Inventories, Regions, Retail, SEGMENTS};
use crate::tally::{Tally, add};
use crate::world::base::Base;
use crate::world::households::apportion;
use crate::world::stream;
use crate::world::works::zone_prices;

/// Rounds of the household market.
const ROUNDS: u64 = 3;

/// Outlet slot volumes turned into product volumes: goods one to one, the bundle by its mix.
fn products_of(geography: &Geography, base: &Base, region: usize, row: &[Volume]) -> Vec<Volume> {
    let goods = &geography.products.goods;
    let mut out = apportion(row[goods.len()], &base.regions[region].bundle_mix);
    for (slot, &x) in goods.iter().enumerate() {
        out[x] += row[slot];
    }
    out
}

/// How households shop: what they need by decile, whom they buy from, what outlets charge.
#[derive(SystemParam)]
pub struct Shopping<'w> {
    rules: Res<'w, HouseholdRules>,
    customers: Res<'w, Customers>,
    retail: Res<'w, Retail>,
}

/// System: the household market of every zone, in parallel.
pub fn shop(
    given: Given,
    shopping: Shopping,
    mut institutions: Institutions,
    mut inventories: ResMut<Inventories>,
    mut households: Query<&mut Block<Household>>,
    mut firms: Query<(&mut Offer, &mut Books, &mut Flows)>,
    mut tally: ResMut<Tally>,
) {
    let Given { settings, p, base, geography, .. } = &given;
    let mut payments = institutions.open();
    let regions = &*payments.regions;
    let g = base.products;
    let households = rows_mut(&mut households);
    let (offer, books, flows) = columns_mut(&mut firms);
    let household_spans = geography.household_spans();
    let firm_spans = geography.firm_spans();
    let outlet_spans: Vec<_> = geography.zones.iter().map(|z| z.outlets).collect();
    let Inventories { resale, resale_expected, .. } = &mut *inventories;
    let smoothing = settings.monthly(p.firms.demand_smoothing);
    let reports: Vec<ZoneReport> = split_spans(households, &household_spans, 1)
        .into_par_iter()
        .zip(split_spans(offer, &firm_spans, 1))
        .zip(split_spans(books, &firm_spans, 1))
        .zip(split_spans(flows, &firm_spans, 1))
        .zip(split_spans(resale.as_mut_slice(), &outlet_spans, g))
        .zip(split_spans(resale_expected.as_mut_slice(), &outlet_spans, g))
        .enumerate()
        .map(|(z, (((((households, offer), books), flows), stock), expected))| {
            let sellers = Sellers::new(&given, z, offer, books, flows, stock, expected);
            let resale_price = &regions.states[sellers.region].prices.resale;
            sellers.serve(&shopping, smoothing, resale_price, households)
        })
        .collect();
    for (zone, report) in geography.zones.iter().zip(reports) {
        let r = zone.region as usize;
        add(tally.spending.layer_mut(RegionId(r)), &report.sales.spending);
        add(tally.volume.layer_mut(RegionId(r)), &report.sales.volume);
        add(tally.unserved.row_mut((RegionId(r),)), &report.sales.unserved);
        add(tally.retail_volume.row_mut((RegionId(r),)), &report.products);
        tally.margin_volume[r] += report.margin;
        tally.goods_sold_cost[r] += report.cost;
        payments.post(r, Why::HouseholdPurchases, report.receipts + report.tax);
        payments.post(r, Why::ConsumptionTax, report.tax);
    }
}

/// What a zone reports to its region.
struct ZoneReport {
    sales: Sales,
    margin: Volume,
    cost: Money,
    products: Vec<Volume>,
    receipts: Money,
    tax: Money,
}

/// The sellers of a zone with their columns.
struct Sellers<'a> {
    given: &'a Given<'a>,
    zone: usize,
    region: usize,
    /// Rows of the sellers of services, one service after the other.
    services: Vec<usize>,
    /// Rows of the outlets.
    outlets: Vec<usize>,
    offer: &'a mut [Offer],
    books: &'a mut [Books],
    flows: &'a mut [Flows],
    /// Stocks for resale by outlet and product.
    stock: &'a mut [Volume],
    /// Sales expected by outlet and product.
    expected: &'a mut [f64],
}

impl<'a> Sellers<'a> {
    fn new(
        given: &'a Given<'a>,
        zone: usize,
        offer: &'a mut [Offer],
        books: &'a mut [Books],
        flows: &'a mut [Flows],
        stock: &'a mut [Volume],
        expected: &'a mut [f64],
    ) -> Self {
        let (z, products) = (&given.geography.zones[zone], &given.geography.products);
        let row = |f: usize| f - z.firms.start as usize;
        let services = products.services.iter().flat_map(|&x| z.industries[x].range()).map(row).collect();
        let outlets = z.industries[products.trade].range().map(row).collect();
        Self { given, zone, region: z.region as usize, services, outlets, offer, books, flows, stock, expected }
    }

    /// Households order, sellers hear what is asked of them, serve what they have, and book it.
    fn serve(
        mut self,
        shopping: &Shopping,
        smoothing: f64,
        resale_price: &[f64],
        households: &mut [Household],
    ) -> ZoneReport {
        let (geography, base) = (&*self.given.geography, &self.given.base);
        let (zone, r) = (&geography.zones[self.zone], self.region);
        let slots = geography.products.outlet_slots();
        let price =
            &shopping.retail.price.as_slice()[zone.outlets.start as usize * slots..zone.outlets.end as usize * slots];
        let taxes = self.given.measures().consumption_tax.row((RegionId(r),));
        let tax_rate = slot_taxes(&geography.products, &base.regions[r].bundle_mix, taxes);
        let own = |f: usize| self.offer[f - zone.firms.start as usize].price;
        let prices = zone_prices(geography, self.zone, &shopping.customers, price, own, tax_rate);
        let rule = &shopping.rules.regions[r];
        let ordered = order(&prices, rule, u64::from(zone.households.start), households);
        self.hear(&ordered.asked, smoothing);
        let mut shelves = self.shelves();
        let before = shelves.trade.clone();
        let sales = ordered.settle(households, &mut shelves, ROUNDS);
        self.deliver(sales, &before, &shelves, resale_price)
    }

    /// Sellers hear what was asked of them: orders, the share of households in them, what outlets expect to sell.
    fn hear(&mut self, asked: &Asked, smoothing: f64) {
        let Given { base, geography, .. } = self.given;
        let (g, slots) = (base.products, geography.products.outlet_slots());
        let margin = base.regions[self.region].margin_rate;
        let hear = |o: &mut Offer, household: Volume| {
            let all = household + o.ordered;
            if all.is_positive() {
                o.household_share += smoothing * (household.as_f64() / all.as_f64() - o.household_share);
            }
            o.ordered += household;
        };
        for (&f, &volume) in self.services.iter().zip(&asked.service) {
            hear(&mut self.offer[f], volume);
        }
        for (k, &f) in self.outlets.iter().enumerate() {
            let row = &asked.outlet[k * slots..(k + 1) * slots];
            let trade_volume = trade_services(row[..slots - 1].iter().sum(), margin);
            hear(&mut self.offer[f], trade_volume);
            let expected = self.expected[k * g..(k + 1) * g].iter_mut();
            for (e, q) in expected.zip(products_of(geography, base, self.region, row)) {
                *e += smoothing * (q.as_f64() - *e);
            }
        }
    }

    /// What sellers have to offer.
    fn shelves(&self) -> Shelves {
        let Given { base, geography, .. } = self.given;
        let stocks = self.stock.chunks(base.products);
        Shelves {
            goods: stocks.flat_map(|stock| outlet_shelf(geography, base, self.region, stock)).collect(),
            trade: self.outlets.iter().map(|&f| self.offer[f].stock).collect(),
            service: self.services.iter().map(|&f| self.offer[f].stock).collect(),
            margin_rate: base.regions[self.region].margin_rate,
        }
    }

    /// Books a zone's sales at its sellers, given what trade services outlets could render before and can after.
    fn deliver(self, sales: Sales, before: &[Volume], shelves: &Shelves, resale_price: &[f64]) -> ZoneReport {
        let Given { base, geography, .. } = self.given;
        let (g, slots) = (base.products, geography.products.outlet_slots());
        let mut report = ZoneReport {
            margin: Volume::ZERO,
            cost: 0,
            products: vec![Volume::ZERO; g],
            receipts: 0,
            tax: 0,
            sales: Sales::default(),
        };
        for (k, &f) in self.services.iter().enumerate() {
            let offer = &mut self.offer[f];
            offer.stock -= sales.service[k];
            offer.sold += sales.service[k];
            offer.revenue += sales.service_receipts[k];
            self.books[f].deposits += sales.service_receipts[k];
            report.receipts += sales.service_receipts[k];
            report.tax += sales.service_tax[k];
        }
        for (k, &f) in self.outlets.iter().enumerate() {
            let margin = before[k] - shelves.trade[k];
            self.offer[f].stock -= margin;
            self.offer[f].sold += margin;
            report.margin += margin;
            let sold = products_of(geography, base, self.region, &sales.goods[k * slots..(k + 1) * slots]);
            let mut cost = 0;
            for (x, &q) in sold.iter().enumerate() {
                self.stock[k * g + x] -= q;
                report.products[x] += q;
                cost += payment(resale_price[x], q);
            }
            self.flows[f].materials_change -= cost;
            self.flows[f].retail_sales += sales.outlet_receipts[k];
            self.books[f].deposits += sales.outlet_receipts[k];
            report.cost += cost;
            report.receipts += sales.outlet_receipts[k];
            report.tax += sales.outlet_tax[k];
        }
        report.sales = sales;
        report
    }
}

/// Consumption tax rate by shopping slot; that of the bundle is the mean over its products.
fn slot_taxes(products: &Products, bundle_mix: &[f64], by_product: &[f64]) -> Vec<f64> {
    let mut rates: Vec<f64> = products.goods.iter().map(|&x| by_product[x]).collect();
    rates.push(bundle_mix.iter().zip(by_product).map(|(m, rate)| m * rate).sum());
    rates.extend(products.services.iter().map(|&x| by_product[x]));
    rates
}

/// Volume on an outlet's shelf by slot; of the bundle as much as the scarcest of its products allows.
fn outlet_shelf(geography: &Geography, base: &Base, region: usize, stock: &[Volume]) -> Vec<Volume> {
    let mix = &base.regions[region].bundle_mix;
    let mut row: Vec<Volume> = geography.products.goods.iter().map(|&x| stock[x]).collect();
    let bundle = mix
        .iter()
        .zip(stock)
        .filter(|(m, _)| **m > 0.0)
        .map(|(m, &s)| ((s.as_f64() - 1.0) / m).max(0.0))
        .fold(f64::INFINITY, f64::min);
    row.push(if bundle.is_finite() { Volume::within(bundle) } else { Volume::ZERO });
    row
}

/// Target retail price: landed cost plus the margin at the outlet's own price for trade services, moved by a share of
/// the change in cost.
///
/// Equation: `P* = c0 + theta (c - c0) + m p`, with landed cost `c`, base landed cost `c0`, pass-through `theta`,
/// margin rate `m`, own price `p`.
/// Source: Nakamura and Zerom (2010): local costs of retail make pass-through of landed cost incomplete.
#[must_use]
pub fn retail_target(cost: f64, base_cost: f64, pass_through: f64, margin: f64, trade_price: f64) -> f64 {
    base_cost + pass_through * (cost - base_cost) + margin * trade_price
}

/// System: outlets drawn for a review reset the price of each slot.
pub fn review_retail_prices(
    Given { settings, tick, p, base, geography, .. }: Given,
    regions: Res<Regions>,
    offers: Query<&Offer>,
    mut retail: ResMut<Retail>,
) {
    let offer = columns(&offers);
    let slots = geography.products.outlet_slots();
    let chance = settings.monthly(p.retail.price_review_probability);
    let mut words = vec![0u64; retail.price.as_slice().len()];
    Streams::new(settings.seed).fill(stream::RETAIL_REVIEW, tick.0, slots, &mut words);
    for (r, region) in geography.regions.iter().enumerate() {
        let state = &regions.states[r];
        let b = &base.regions[r];
        let goods = &geography.products.goods;
        let cost: Vec<f64> = (0..slots)
            .map(|s| {
                if s < goods.len() {
                    state.prices.resale[goods[s]]
                } else {
                    b.bundle_mix.iter().zip(&state.prices.resale).map(|(m, q)| m * q).sum()
                }
            })
            .collect();
        let base_cost: Vec<f64> =
            (0..slots).map(|s| b.consumer_price[s] - if s < goods.len() { b.margin_rate } else { 0.0 }).collect();
        for k in region.outlets.range() {
            let own = offer[geography.outlet_firms[k] as usize].price;
            for s in 0..slots {
                if unit(words[k * slots + s]) >= chance {
                    continue;
                }
                let margin = if s < goods.len() { b.margin_rate } else { 0.0 };
                retail.price[(OutletId(k), Slot(s))] =
                    retail_target(cost[s], base_cost[s], p.retail.pass_through, margin, own);
            }
        }
    }
}

/// System: some customer groups leave local sellers that are dear for their market.
pub fn choose_local_sellers(
    Given { settings, tick, p, geography, .. }: Given,
    retail: Res<Retail>,
    rules: Res<HouseholdRules>,
    offers: Query<&Offer>,
    mut customers: ResMut<Customers>,
) {
    let offer = columns(&offers);
    let markets = customers.markets;
    let phi = settings.monthly(p.retail.customer_rechoice_share);
    let eta = p.trade.seller_elasticity;
    let key = hash(settings.seed, u64::from(tick.0), u64::from(stream::CUSTOMERS.id()));
    customers.seller.par_chunks_mut(SEGMENTS).enumerate().for_each(|(at, groups)| {
        let (zone, market) = (&geography.zones[at / markets], at % markets);
        let rule = &rules.regions[zone.region as usize];
        let level: Vec<(f64, &Offer)> = if market == 0 {
            zone.outlets
                .range()
                .map(|k| {
                    let row = retail.price.row((OutletId(k),));
                    let cost: f64 = row.iter().zip(&rule.subsistence).map(|(p, q)| p * q).sum();
                    (cost, &offer[geography.outlet_firms[k] as usize])
                })
                .collect()
        } else {
            zone.industries[geography.products.services[market - 1]]
                .range()
                .map(|f| (offer[f].price, &offer[f]))
                .collect()
        };
        let weight: f64 = level.iter().map(|x| x.1.demand_expected).sum();
        if weight <= 0.0 {
            return;
        }
        let mean = level.iter().map(|x| x.0 * x.1.demand_expected).sum::<f64>() / weight;
        if mean <= 0.0 {
            return;
        }
        let mut sum = 0.0;
        let cumulative: Vec<f64> = level
            .iter()
            .map(|x| {
                sum += attraction(x.1, x.0 / mean, eta);
                sum
            })
            .collect();
        for (group, seller) in groups.iter_mut().enumerate() {
            let id = (at * SEGMENTS + group) as u64;
            if unit(hash(key, id, 1)) >= phi {
                continue;
            }
            let (price, offer) = level[*seller as usize];
            let leave = leaving(offer, price / mean, eta);
            if unit(hash(key, id, 2)) < leave {
                let v = unit(hash(key, id, 3)) * sum;
                *seller = cumulative.partition_point(|&c| c <= v).min(level.len() - 1) as u16;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlets_pass_on_part_of_a_change_in_cost() {
        // 10 + 0.5 (12 - 10) + 0.3 x 2
        crate::testing::near(retail_target(12.0, 10.0, 0.5, 0.3, 2.0), 11.6);
    }
}
