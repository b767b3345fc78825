//! Goods markets: landed prices, choice of origin with inertia, pro-rata rationing with one retry.

use super::base::{GROUPS, INPUTS, INVESTMENT, RETAIL};
use super::maths::{power, ratio};
use super::{Base, Flows, Parameters, State};

/// Tariff-inclusive price of every exporter in every market: `(1 + tariff) e_s / e_d P_s`.
pub(super) fn update_landed_prices(base: &Base, state: &State, flows: &mut Flows) {
    for importer in 0..base.regions {
        for product in 0..base.products {
            for exporter in 0..base.regions {
                let at = base.cell(importer, product) * base.regions + exporter;
                let rate = state.exchange[exporter] / state.exchange[importer];
                flows.landed[at] = (1.0 + flows.tariff[at]) * rate * state.price[base.cell(exporter, product)];
            }
        }
    }
}

/// Moves origin shares a fraction of the way to `s0 (landed / landed0)^-sigma` (normalised), and averages
/// prices with the new shares. Shares are in volume: the value share then has exponent `1 - sigma`.
/// With a macro elasticity, home and the bundle of imports are compared with it first.
pub(super) fn update_shares(base: &Base, parameters: &Parameters, state: &mut State, flows: &Flows) {
    let regions = base.regions;
    let mut weight = vec![0.0; regions];
    let mut pull = vec![0.0; regions];
    for buyer in 0..regions * base.products {
        let (home, product) = (buyer / base.products, buyer % base.products);
        let sigma = base.sigma[product];
        for origin in 0..regions {
            let at = buyer * regions + origin;
            let relative = flows.landed[at] / (1.0 + base.tariff[at]);
            pull[origin] = if flows.blocked[at] { 0.0 } else { power(relative, -sigma) };
        }
        for group in 0..GROUPS {
            let index = buyer * GROUPS + group;
            if base.use_volume[index] <= 0.0 {
                continue;
            }
            let shares = &base.share[index * regions..(index + 1) * regions];
            for origin in 0..regions {
                weight[origin] = shares[origin] * pull[origin];
            }
            if let Some(macro_sigma) = parameters.macro_sigma {
                nest(home, shares, sigma, macro_sigma, &mut weight);
            }
            let total: f64 = weight.iter().sum();
            let row = &mut state.share[index * regions..(index + 1) * regions];
            let review = parameters.relation_review_month;
            let mut broken = 0.0;
            for origin in 0..regions {
                row[origin] += review * (ratio(weight[origin], total, 0.0) - row[origin]);
                if flows.blocked[buyer * regions + origin] {
                    broken += parameters.broken_review_month * row[origin];
                    row[origin] *= 1.0 - parameters.broken_review_month;
                }
            }
            if broken > 0.0 {
                for origin in 0..regions {
                    row[origin] += broken * ratio(weight[origin], total, 0.0);
                }
            }
        }
    }
}

/// Rescales the weights of imports so that the home share answers with `macro_sigma`.
fn nest(home: usize, shares: &[f64], sigma: f64, macro_sigma: f64, weight: &mut [f64]) {
    let imports: f64 = weight.iter().sum::<f64>() - weight[home];
    let base_imports = 1.0 - shares[home];
    if imports <= 0.0 || base_imports <= 0.0 || shares[home] <= 0.0 {
        return;
    }
    // The bundle's price falls out of its mean pull: (mean pull)^(-1/sigma).
    let bundle = base_imports * power(imports / base_imports, macro_sigma / sigma);
    for (origin, value) in weight.iter_mut().enumerate() {
        if origin != home {
            *value *= bundle / imports;
        }
    }
    weight[home] = shares[home] * power(weight[home] / shares[home], macro_sigma / sigma);
}

/// Average tariff-inclusive price of every use at current shares.
pub(super) fn average_prices(base: &Base, state: &State, flows: &mut Flows) {
    let regions = base.regions;
    for index in 0..base.use_volume.len() {
        let buyer = index / GROUPS;
        let mut price = 0.0;
        for origin in 0..regions {
            price += state.share[index * regions + origin] * flows.landed[buyer * regions + origin];
        }
        flows.use_price[index] = price;
    }
}

/// Collects orders, serves them pro rata from finished stocks, lets unserved buyers try once more, and
/// books duties, trade and deliveries.
pub(super) fn clear(base: &Base, parameters: &Parameters, state: &mut State, flows: &mut Flows) {
    collect_orders(base, flows);
    let orders = flows.orders.clone();
    let mut open = share_orders(base, state, flows, &orders);
    for region in 0..base.regions {
        let cell = base.cell(region, base.trade_industry);
        let goods: f64 = (0..base.products).map(|g| flows.retail_sales[base.cell(region, g)]).sum();
        flows.demand[cell] += base.margin[region] * goods;
    }
    let first = serve(base, state, flows, &mut open);
    for region in 0..base.regions {
        let cell = base.cell(region, base.trade_industry);
        let goods: f64 = (0..base.products).map(|g| flows.retail_sales[base.cell(region, g)]).sum();
        flows.margin_fill[region] = first[cell];
        flows.sold[cell] += base.margin[region] * goods * first[cell];
    }
    retry(base, parameters, state, flows, &orders, &first);
    for index in 0..orders.len() {
        let row = &flows.delivered[index * base.regions..(index + 1) * base.regions];
        flows.fill[index] = ratio(row.iter().sum(), orders[index], 1.0);
    }
    for cell in 0..state.finished.len() {
        state.finished[cell] -= flows.sold[cell];
    }
    book(base, state, flows);
}

fn collect_orders(base: &Base, flows: &mut Flows) {
    for region in 0..base.regions {
        let investment: f64 = (0..base.products).map(|j| flows.investment[base.cell(region, j)]).sum();
        for product in 0..base.products {
            let buyer = base.cell(region, product);
            let inputs: f64 =
                (0..base.products).map(|j| flows.input_orders[base.cell(region, j) * base.products + product]).sum();
            let purchases = base.purchases[buyer] * flows.purchases_factor[region];
            flows.orders[buyer * GROUPS + INPUTS] = inputs + purchases;
            flows.orders[buyer * GROUPS + INVESTMENT] = investment * base.investment_mix[buyer];
        }
    }
}

/// Splits orders over origins and adds them to sellers' demand; returns orders by use and origin.
fn share_orders(base: &Base, state: &State, flows: &mut Flows, orders: &[f64]) -> Vec<f64> {
    let regions = base.regions;
    let mut split = vec![0.0; orders.len() * regions];
    for (index, order) in orders.iter().enumerate() {
        let (buyer, product) = (index / GROUPS, index / GROUPS % base.products);
        for origin in 0..regions {
            if !flows.blocked[buyer * regions + origin] {
                let value = order * state.share[index * regions + origin];
                split[index * regions + origin] = value;
                flows.demand[base.cell(origin, product)] += value;
            }
        }
    }
    split
}

/// Serves first-round orders; returns the served fraction by seller.
fn serve(base: &Base, state: &State, flows: &mut Flows, split: &mut [f64]) -> Vec<f64> {
    let regions = base.regions;
    let served: Vec<f64> = (0..state.finished.len())
        .map(|cell| ratio(state.finished[cell], flows.demand[cell], 1.0).clamp(0.0, 1.0))
        .collect();
    for index in 0..split.len() / regions {
        let product = index / GROUPS % base.products;
        for origin in 0..regions {
            let seller = base.cell(origin, product);
            let volume = split[index * regions + origin] * served[seller];
            flows.delivered[index * regions + origin] = volume;
            flows.sold[seller] += volume;
        }
    }
    served
}

/// Second round: a fraction of unserved orders goes to sellers that served all of the first round.
fn retry(base: &Base, parameters: &Parameters, state: &State, flows: &mut Flows, orders: &[f64], first: &[f64]) {
    if !flows.any_blocked && first.iter().all(|f| *f >= 1.0) {
        return;
    }
    let regions = base.regions;
    let mut split = vec![0.0; orders.len() * regions];
    let mut demand = vec![0.0; first.len()];
    for index in 0..orders.len() {
        let (buyer, product) = (index / GROUPS, index / GROUPS % base.products);
        let row = index * regions..(index + 1) * regions;
        let unmet = parameters.retry_fraction * (orders[index] - flows.delivered[row].iter().sum::<f64>());
        let open = |origin: usize| !flows.blocked[buyer * regions + origin] && first[base.cell(origin, product)] >= 1.0;
        let reach: f64 = (0..regions).filter(|o| open(*o)).map(|o| state.share[index * regions + o]).sum();
        if unmet <= 1e-12 * orders[index] || reach <= 0.0 {
            continue;
        }
        for origin in (0..regions).filter(|o| open(*o)) {
            let value = unmet * state.share[index * regions + origin] / reach;
            split[index * regions + origin] = value;
            demand[base.cell(origin, product)] += value;
        }
    }
    let served: Vec<f64> = (0..first.len())
        .map(|cell| ratio(state.finished[cell] - flows.sold[cell], demand[cell], 1.0).clamp(0.0, 1.0))
        .collect();
    for index in 0..orders.len() {
        let product = index / GROUPS % base.products;
        for origin in 0..regions {
            let seller = base.cell(origin, product);
            let volume = split[index * regions + origin] * served[seller];
            flows.delivered[index * regions + origin] += volume;
            flows.sold[seller] += volume;
        }
    }
    for (cell, value) in demand.iter().enumerate() {
        flows.demand[cell] += value;
    }
}

/// Duties, exports and imports of the month; average prices of what was delivered.
fn book(base: &Base, state: &State, flows: &mut Flows) {
    let regions = base.regions;
    for index in 0..base.use_volume.len() {
        let (buyer, product) = (index / GROUPS, index / GROUPS % base.products);
        let user = buyer / base.products;
        let (mut volume, mut value) = (0.0, 0.0);
        for origin in 0..regions {
            let at = buyer * regions + origin;
            let delivered = flows.delivered[index * regions + origin];
            let before_duty = delivered * state.price[base.cell(origin, product)];
            flows.duties[user] += before_duty * flows.tariff[at] * state.exchange[origin] / state.exchange[user];
            volume += delivered;
            value += delivered * flows.landed[at];
            if origin != user {
                flows.trade[origin].0 += before_duty;
                flows.trade[user].1 += before_duty * state.exchange[origin] / state.exchange[user];
            }
        }
        flows.use_price[index] = ratio(value, volume, flows.use_price[index]);
    }
}

/// Value at purchaser prices of what a use received.
pub(super) fn value_of_use(base: &Base, flows: &Flows, region: usize, product: usize, group: usize) -> f64 {
    let index = base.use_index(region, product, group);
    flows.orders[index] * flows.fill[index] * flows.use_price[index]
}

/// Value at purchaser prices of the goods retail received, by region.
pub(super) fn retail_purchases(base: &Base, flows: &Flows, region: usize) -> f64 {
    (0..base.products).filter(|g| base.goods[*g]).map(|g| value_of_use(base, flows, region, g, RETAIL)).sum()
}
