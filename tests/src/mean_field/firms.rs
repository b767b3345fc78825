//! Firms: plans, production, stocks, investment, employment, prices, expectations.

use super::base::{GROUPS, INPUTS, INVESTMENT};
use super::maths::{power, ratio};
use super::{Base, Flows, MONTHS, Parameters, State, market};

/// Plans output for expected demand and the stock gap, produces within hours, capital and inputs, orders
/// inputs and investment, and adjusts employment.
pub(super) fn plan_and_produce(base: &Base, parameters: &Parameters, state: &mut State, flows: &mut Flows) {
    market::average_prices(base, state, flows);
    let tightness: Vec<f64> =
        (0..base.regions).map(|r| (state.unemployment(base, r) / base.unemployment[r]).max(0.0)).collect();
    for cell in 0..base.output.len() {
        let region = cell / base.products;
        produce(base, parameters, state, flows, cell);
        order_inputs(base, parameters, state, flows, cell);
        flows.investment[cell] = investment(base, parameters, state, flows, cell);
        let hired = power(tightness[region], parameters.matching_elasticity);
        let wanted = base.employment[cell] * state.expected[cell] / base.output[cell];
        let gap = wanted - state.employment[cell];
        let speed = parameters.employment_gap_month * if gap > 0.0 { hired.min(2.0) } else { 1.0 };
        state.employment[cell] += speed.min(1.0) * gap;
    }
}

fn months(base: &Base, good: f64, service: f64, product: usize) -> f64 {
    if base.goods[product] { good } else { service }
}

/// Output: the plan, cut to overtime hours, spare capital and essential inputs.
fn produce(base: &Base, parameters: &Parameters, state: &mut State, flows: &mut Flows, cell: usize) {
    let (products, output) = (base.products, base.output[cell]);
    let held = months(base, parameters.finished_goods_months, parameters.finished_services_months, cell % products);
    let gap = held * state.expected[cell] - state.finished[cell];
    let plan = (state.expected[cell] + parameters.stock_gap_month * gap).max(0.0);
    let staff = state.employment[cell] / base.employment[cell];
    let by_labour = parameters.hours_max * staff * output;
    let by_capital = parameters.spare_capacity * state.capital[cell] / base.capital[cell] * output;
    let mut made = plan.min(by_labour).min(by_capital);
    let limit = made;
    let critical =
        if base.goods[cell % products] { parameters.input_criticality } else { parameters.service_criticality };
    for input in 0..products {
        let need = base.coefficient[cell * products + input] * limit;
        if need <= 0.0 {
            continue;
        }
        let missing = (1.0 - state.inputs[cell * products + input] / need).max(0.0);
        // Firms whose supplier failed last month stop while the industry's average stock is still there.
        let failed = 1.0 - state.input_fill[cell / products * products + input];
        let short = missing.max(failed * (1.0 - parameters.input_pooling));
        made = made.min(limit * (1.0 - critical * short));
    }
    flows.output[cell] = made;
    flows.hours[cell] = made / (staff * output);
    state.finished[cell] += made;
    for input in 0..products {
        let stock = &mut state.inputs[cell * products + input];
        *stock -= (base.coefficient[cell * products + input] * made).min(*stock);
    }
    let pay = pay_factor(parameters, flows.hours[cell]);
    flows.wages[cell] = state.wage[cell / products] * base.compensation[cell] * staff * pay;
}

/// Pay per worker relative to a normal month: hours above normal cost more, hours short save part.
fn pay_factor(parameters: &Parameters, hours: f64) -> f64 {
    1.0 + parameters.overtime_pay * (hours - 1.0).max(0.0) - parameters.short_time_saving * (1.0 - hours).max(0.0)
}

/// Orders what was used and part of the gap to the target stock.
fn order_inputs(base: &Base, parameters: &Parameters, state: &State, flows: &mut Flows, cell: usize) {
    for input in 0..base.products {
        let at = cell * base.products + input;
        let coefficient = base.coefficient[at];
        if coefficient <= 0.0 {
            continue;
        }
        let used = coefficient * flows.output[cell];
        let held = months(base, parameters.input_goods_months, parameters.input_services_months, input);
        let gap = held * coefficient * state.expected[cell] - (state.inputs[at] + used);
        flows.input_orders[at] = (used + parameters.stock_gap_month * gap).max(0.0);
    }
}

/// Price of the region's investment basket.
fn capital_price(base: &Base, flows: &Flows, region: usize) -> f64 {
    (0..base.products)
        .map(|g| base.investment_mix[base.cell(region, g)] * flows.use_price[base.use_index(region, g, INVESTMENT)])
        .sum()
}

/// Volume of investment: replacement plus part of the gap to desired capital,
/// `K* = K0 (lasting demand / base output) (user cost / base)^-elasticity`.
fn investment(base: &Base, parameters: &Parameters, state: &State, flows: &Flows, cell: usize) -> f64 {
    let region = cell / base.products;
    let base_rate = parameters.user_cost_return + base.depreciation[region];
    let rate = (base_rate + state.long_rate[region]).max(0.2 * base_rate);
    let price = capital_price(base, flows, region) / base.capital_price[region] / state.price[cell];
    let user_cost = power(price * rate / base_rate, -parameters.capital_user_cost);
    let desired = base.capital[cell] * state.lasting_demand[cell] / base.output[cell] * user_cost;
    let yearly =
        base.depreciation[region] * state.capital[cell] + parameters.capital_gap * (desired - state.capital[cell]);
    yearly.max(0.0) / MONTHS
}

/// Receives inputs and capital goods, and sums the firm sector's cash flow by region.
pub(super) fn receive(base: &Base, state: &mut State, flows: &mut Flows) {
    let products = base.products;
    for region in 0..base.regions {
        let fill = |g: usize, group: usize| flows.fill[base.use_index(region, g, group)];
        let built: f64 = (0..products).map(|g| base.investment_mix[base.cell(region, g)] * fill(g, INVESTMENT)).sum();
        let price = capital_price(base, flows, region);
        let (mut cash, mut taxes, mut grants, mut replacement) = (0.0, 0.0, 0.0, 0.0);
        for product in 0..products {
            state.input_fill[base.cell(region, product)] = fill(product, INPUTS);
        }
        for industry in 0..products {
            let cell = base.cell(region, industry);
            let revenue = state.price[cell] * flows.sold[cell];
            taxes += base.production_tax[cell] * revenue;
            cash += revenue * (1.0 - base.production_tax[cell]) - flows.wages[cell];
            for input in 0..products {
                let at = cell * products + input;
                let received = flows.input_orders[at] * fill(input, INPUTS);
                state.inputs[at] += received;
                cash -= received * flows.use_price[base.use_index(region, input, INPUTS)];
            }
            let worn = base.depreciation[region] / MONTHS * state.capital[cell];
            grants += base.grant_share[cell] * worn * price;
            replacement += (1.0 - base.grant_share[cell]) * worn * price;
            state.capital[cell] += flows.investment[cell] * built - worn;
        }
        // Margin services are sold by the trade industry to its own outlets.
        let margin_cell = base.cell(region, base.trade_industry);
        let goods: f64 = (0..products).map(|g| flows.retail_sales[base.cell(region, g)]).sum();
        cash -= state.price[margin_cell] * base.margin[region] * goods;
        for good in (0..products).filter(|g| base.goods[*g]) {
            let cell = base.cell(region, good);
            cash += state.retail_price[cell] * flows.retail_sales[cell];
        }
        flows.operating_cash[region] = cash - market::retail_purchases(base, flows, region);
        flows.production_taxes[region] = taxes;
        flows.grants[region] = grants;
        flows.replacement[region] = replacement;
        flows.investment_value[region] =
            (0..products).map(|g| market::value_of_use(base, flows, region, g, INVESTMENT)).sum();
        flows.purchases_value[region] = (0..products)
            .map(|g| {
                let cell = base.cell(region, g);
                base.purchases[cell]
                    * flows.purchases_factor[region]
                    * fill(g, INPUTS)
                    * flows.use_price[cell * GROUPS + INPUTS]
            })
            .sum();
    }
}

/// Reviewing firms set `price = markup * unit cost * (utilisation)^pull`; unit cost has wages with overtime,
/// tariff-inclusive inputs and replacement of capital.
pub(super) fn update_prices(base: &Base, parameters: &Parameters, state: &mut State, flows: &Flows) {
    for cell in 0..base.output.len() {
        let region = cell / base.products;
        let hours = flows.hours[cell];
        let overtime = if hours > 1.0 { pay_factor(parameters, hours) / hours } else { 1.0 };
        let labour = state.wage[region] * base.compensation[cell] / base.output[cell] * overtime;
        let inputs: f64 = (0..base.products)
            .map(|g| base.coefficient[cell * base.products + g] * flows.use_price[base.use_index(region, g, INPUTS)])
            .sum();
        let capital = base.replacement_cost[cell] * capital_price(base, flows, region);
        let used = flows.output[cell] / base.output[cell] * ratio(base.capital[cell], state.capital[cell], 1.0);
        let pull = power(used.max(0.1), parameters.demand_pull);
        let cost = base.markup[cell] * (labour + inputs + capital) / (1.0 - base.production_tax[cell]) * pull;
        let weight = if base.goods[cell % base.products] { parameters.competitor_weight } else { 0.0 };
        let target = power(cost, 1.0 - weight) * power(home_price(base, flows, cell), weight);
        state.price[cell] += parameters.price_review_month * (target - state.price[cell]);
    }
}

/// What buyers in the region pay for the product of a cell relative to the base month.
fn home_price(base: &Base, flows: &Flows, cell: usize) -> f64 {
    let uses = cell * GROUPS..(cell + 1) * GROUPS;
    let paid: f64 = uses.clone().map(|u| base.use_volume[u] * flows.use_price[u]).sum();
    let before: f64 = uses.map(|u| base.use_volume[u] * base.use_price[u]).sum();
    ratio(paid, before, 1.0)
}

/// Adaptive expectations of demand.
pub(super) fn update_expectations(parameters: &Parameters, state: &mut State, flows: &Flows) {
    for (expected, demand) in state.expected.iter_mut().zip(&flows.demand) {
        *expected += parameters.expectation_gain_month * (demand - *expected);
    }
    let weight = 1.0 / (MONTHS * parameters.capital_demand_years).max(1.0);
    for (lasting, expected) in state.lasting_demand.iter_mut().zip(&state.expected) {
        *lasting += weight * (expected - *lasting);
    }
}
