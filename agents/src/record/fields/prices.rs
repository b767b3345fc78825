//! Prices, rates and exchange rates.

use std::iter::Sum;

use engine::grid::Grid;
use engine::money::{Money, Volume};

use crate::axes::Border;
use crate::record::view::{View, ratio};

super::fields! {
    "consumer_price", REGION, Number, Number |v, [r, ..]| v.region(r).prices.consumer,
        "consumer price index, 1 in the base year", "Laspeyres, base-year baskets, prices paid at outlets and local firms";
    "duty_content", REGION, Number, Number |v, [r, ..]| v.region(r).prices.duty_content,
        "direct effect of duties above base-year rates on consumer prices", "points of the index, as outlets reprice; part of it is looked through by the central bank";
    "consumer_price_decile", DECILE, Number, Number |v, [r, d, _]| v.region(r).prices.by_decile[d],
        "consumer price index by income decile, 1 in the base year", "Laspeyres with the decile's base-year basket";
    "consumer_price_product", CELL, Number, Number |v, [r, g, _]| v.slots[g].map_or(f64::NAN, |slot| {
            v.region(r).prices.by_slot[slot] / v.base_region(r).consumer_price[slot]
        }),
        "consumer price by product, 1 in the base year",
        "mean price of the tick's purchases over the base-year price; not a number for trade services, which are a margin";
    "producer_price", CELL, Number, Number |v, [r, g, _]| v.cell(r, g).price(),
        "producer price, 1 in the base year", "posted prices of firms weighted with expected demand";
    "producer_price_index", REGION, Number, Number |v, [r, ..]| {
            let weights = &v.base_region(r).output;
            let total: f64 = weights.iter().sum();
            (0..v.products).map(|g| weights[g] / total * v.cell(r, g).price()).sum()
        },
        "producer price index, 1 in the base year", "Laspeyres over industries, base-year output";
    "input_price", CELL, Number, Number |v, [r, g, _]| v.region(r).prices.inputs[g],
        "price of products for intermediate use", "mean price paid, duties included";
    "capital_price", REGION, Number, Number |v, [r, ..]| v.region(r).prices.capital / v.base_region(r).capital_price,
        "price of capital goods, 1 in the base year", "base-year mix, duties included";
    "import_price", REGION, Number, Number |v, [r, ..]| unit_value(imports(v, &v.trade.value, r), imports(v, &v.trade.volume, r)),
        "import price index before duty", "unit value: value over volume at base-year prices, importer's currency";
    "import_price_landed", REGION, Number, Number |v, [r, ..]| {
            let paid = imports(v, &v.trade.value, r) + imports(v, &v.trade.duty, r);
            unit_value(paid, imports(v, &v.trade.volume, r))
        },
        "import price index, duties included", "unit value: value and duty over volume at base-year prices";
    "export_price", REGION, Number, Number |v, [r, ..]| unit_value(exports(v, &v.trade.receipts, r), exports(v, &v.trade.volume, r)),
        "export price index", "unit value: receipts over volume at base-year prices, exporter's currency";
    "import_price_product", CELL, Number, Number |v, [r, g, _]| {
            unit_value(v.imported(&v.trade.value, r, g), v.imported(&v.trade.volume, r, g))
        },
        "import price by product before duty", "unit value, importer's currency; not a number without imports";
    "export_price_product", CELL, Number, Number |v, [r, g, _]| {
            unit_value(v.exported(&v.trade.receipts, r, g), v.exported(&v.trade.volume, r, g))
        },
        "export price by product", "unit value, exporter's currency; not a number without exports";
    "exchange_rate", REGION, Number, Number |v, [r, ..]| v.region(r).exchange_rate,
        "exchange rate", "units of the numeraire per unit of own currency, 1 in the base year; up is an appreciation";
    "policy_rate", REGION, PerYear, Number |v, [r, ..]| v.region(r).rates.policy_rate,
        "policy rate", "of the central bank, above trend inflation";
    "loan_rate", REGION, PerYear, Number |v, [r, ..]| v.region(r).rates.loans,
        "average rate of loans to firms", "new loans pay the policy rate and a premium; trend units";
    "bond_rate", REGION, PerYear, Number |v, [r, ..]| v.region(r).rates.bonds,
        "average coupon of government bonds", "new bonds pay the policy rate; trend units";
    "deposit_rate", REGION, PerYear, Number |v, [r, ..]| v.region(r).rates.deposits,
        "rate on household deposits", "part of the nominal policy rate, less target inflation";
    "equity_price", REGION, Number, Number |v, [r, ..]| v.region(r).fund.share_price,
        "price of the equity fund's share, 1 in the base year", "smoothed dividends over those of the base year";
}

/// What was paid for a unit of volume; not a number where none was bought.
fn unit_value(value: Money, volume: Volume) -> f64 {
    ratio(value as f64, volume.as_f64())
}

fn imports<T: Copy + Sum>(v: &View<'_>, column: &Grid<Border, T>, region: usize) -> T {
    (0..v.products).map(|g| v.imported(column, region, g)).sum()
}

fn exports<T: Copy + Sum>(v: &View<'_>, column: &Grid<Border, T>, region: usize) -> T {
    (0..v.products).map(|g| v.exported(column, region, g)).sum()
}
