//! Households and the retail trade that serves them.

use super::base::{GROUPS, RETAIL};
use super::maths::ratio;
use super::state::PRICE_MEMORY;
use super::{Base, DECILES, Flows, MONTHS, Parameters, State};

/// Budgets: `C = (1 - b r) (chi Y + (1 - chi) Yp) + omega (W - k Yp)`, then the linear expenditure system.
pub(super) fn set_budgets(base: &Base, parameters: &Parameters, state: &State, flows: &mut Flows) {
    let (low, high) = parameters.hand_to_mouth;
    for region in 0..base.regions {
        let patience = 1.0 - parameters.consumption_rate * state.real_rate(parameters, region);
        for decile in 0..DECILES {
            let row = region * DECILES + decile;
            let chi = low + (high - low) * decile as f64 / (DECILES - 1) as f64;
            let lasting = chi * state.income[row] + (1.0 - chi) * state.permanent[row];
            let target = base.wealth[row] * state.permanent[row] / base.spending[row];
            let wealth = parameters.wealth_effect / MONTHS * (state.wealth[row] - target);
            let budget = (flows.consumption_factor[region] * patience * lasting + wealth).max(0.0);
            flows.budget[row] = budget;
            choose_basket(base, state, flows, region, row, budget);
        }
    }
}

/// Price a household faces: retail for goods, the use price for services.
fn price(base: &Base, state: &State, flows: &Flows, region: usize, product: usize) -> f64 {
    if base.goods[product] {
        state.retail_price[base.cell(region, product)]
    } else {
        flows.use_price[base.use_index(region, product, RETAIL)]
    }
}

fn choose_basket(base: &Base, state: &State, flows: &mut Flows, region: usize, row: usize, budget: f64) {
    let cost: f64 =
        (0..base.products).map(|g| base.subsistence[base.cell(region, g)] * price(base, state, flows, region, g)).sum();
    // Below subsistence the subsistence basket shrinks in proportion.
    let scale = ratio(budget, cost, 1.0).min(1.0);
    let free = budget - scale * cost;
    for product in 0..base.products {
        let at = row * base.products + product;
        let above = base.marginal_share[at] * free / price(base, state, flows, region, product);
        flows.consumption[at] = scale * base.subsistence[base.cell(region, product)] + above;
    }
}

/// Wanted sales and retail orders: expected sales plus part of the stock gap; services go straight to market.
pub(super) fn order_for_retail(base: &Base, parameters: &Parameters, state: &State, flows: &mut Flows) {
    for region in 0..base.regions {
        for product in 0..base.products {
            let cell = base.cell(region, product);
            let wanted: f64 =
                (0..DECILES).map(|d| flows.consumption[(region * DECILES + d) * base.products + product]).sum();
            if base.goods[product] {
                flows.retail_sales[cell] = wanted.min(state.retail[cell]);
                let gap = parameters.retail_months * state.retail_expected[cell] - state.retail[cell];
                let order = state.retail_expected[cell] + parameters.stock_gap_month * gap;
                flows.orders[cell * GROUPS + RETAIL] = order.max(0.0);
            } else {
                flows.orders[cell * GROUPS + RETAIL] = wanted;
            }
        }
    }
}

/// Sales from opening retail stocks, deliveries into them, spending of each decile, expected sales.
pub(super) fn receive(base: &Base, state: &mut State, flows: &mut Flows) {
    for region in 0..base.regions {
        for product in 0..base.products {
            let cell = base.cell(region, product);
            let row = |d: usize| (region * DECILES + d) * base.products + product;
            let wanted: f64 = (0..DECILES).map(|d| flows.consumption[row(d)]).sum();
            let index = cell * GROUPS + RETAIL;
            let served = if base.goods[product] {
                flows.retail_sales[cell] *= flows.margin_fill[region];
                state.retail[cell] += flows.orders[index] * flows.fill[index] - flows.retail_sales[cell];
                ratio(flows.retail_sales[cell], wanted, 1.0)
            } else {
                flows.fill[index]
            };
            let paid = price(base, state, flows, region, product);
            for d in 0..DECILES {
                flows.consumption[row(d)] *= served;
                flows.spending[region * DECILES + d] += paid * flows.consumption[row(d)];
            }
        }
    }
}

/// Retail prices move to landed cost plus margin; the consumer price index (Laspeyres) is recorded.
pub(super) fn update_prices(base: &Base, parameters: &Parameters, state: &mut State, flows: &mut Flows) {
    for region in 0..base.regions {
        let trade_price = state.price[base.cell(region, base.trade_industry)];
        for good in (0..base.products).filter(|g| base.goods[*g]) {
            let cell = base.cell(region, good);
            let target = flows.use_price[cell * GROUPS + RETAIL] + base.margin[region] * trade_price;
            let wanted: f64 =
                (0..DECILES).map(|d| flows.consumption[(region * DECILES + d) * base.products + good]).sum();
            state.retail_price[cell] += parameters.retail_review_month * (target - state.retail_price[cell]);
            state.retail_expected[cell] += parameters.expectation_gain_month * (wanted - state.retail_expected[cell]);
        }
        let index = consumer_price(base, state, flows, region, None);
        let row = region * PRICE_MEMORY;
        state.consumer_prices.copy_within(row + 1..row + PRICE_MEMORY, row);
        state.consumer_prices[row + PRICE_MEMORY - 1] = index;
    }
}

/// Laspeyres consumer price index of a region, or of one of its deciles (base 1).
pub(super) fn consumer_price(base: &Base, state: &State, flows: &Flows, region: usize, decile: Option<usize>) -> f64 {
    let deciles = decile.map_or(0..DECILES, |d| d..d + 1);
    let (mut cost, mut before) = (0.0, 0.0);
    for d in deciles {
        for product in 0..base.products {
            let volume = base.basket[(region * DECILES + d) * base.products + product];
            cost += volume * price(base, state, flows, region, product);
            before += volume * base.consumer_price[base.cell(region, product)];
        }
    }
    cost / before
}
