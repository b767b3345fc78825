//! National accounts three ways, output and value added by industry, and the audit.

use crate::axes::{Industry, RegionId};

super::fields! {
    "gdp_production", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).gdp_production(),
        "gross domestic product, production approach",
        "output less intermediate consumption plus taxes on products; SNA 2008, 2.138";
    "gdp_income", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).gdp_income(),
        "gross domestic product, income approach",
        "compensation, net taxes on production, gross operating surplus and taxes on products; SNA 2008, 2.140";
    "gdp_expenditure", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).gdp_expenditure(),
        "gross domestic product, expenditure approach",
        "final consumption, capital formation and exports less imports; SNA 2008, 2.139";
    "output", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).output,
        "output at basic prices", "sales of own output, trade margins and change in finished goods";
    "intermediate_consumption", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).intermediate_consumption,
        "intermediate consumption", "at purchasers' prices, duties included";
    "taxes_on_products", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).taxes_on_products,
        "taxes on products", "lines of the budget that are taxes on products, such as duties and taxes on consumption; SNA 2008, 7.88";
    "compensation_of_employees", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).compensation_of_employees,
        "compensation of employees", "wages and employers' social contributions";
    "net_taxes_on_production", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).net_taxes_on_production,
        "taxes less subsidies on production", "investment grants are capital transfers and not included";
    "gross_operating_surplus", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).gross_operating_surplus,
        "gross operating surplus", "from the cash accounts of firms";
    "household_consumption", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).household_consumption,
        "household final consumption", "at purchasers' prices";
    "government_consumption", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).government_consumption,
        "government final consumption", "duties on own purchases included";
    "fixed_capital_formation", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).fixed_capital_formation,
        "gross fixed capital formation", "duties included";
    "inventory_change", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).inventory_change,
        "changes in inventories", "finished goods, inputs and goods for resale at the tick's prices";
    "exports", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).exports,
        "exports of goods and services", "receipts of sellers in their own currency";
    "imports", REGION, MoneyFlow, Integer |v, [r, ..]| v.national(r).imports,
        "imports of goods and services", "before duty, in the importer's currency";
    "real_gdp", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_gdp,
        "real gross domestic product", "output less intermediate use, both at base-year prices";
    "real_gdp_expenditure", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_gdp_expenditure(),
        "real gross domestic product, expenditure approach", "final uses less imports at base-year basic prices";
    "real_household_consumption", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_household_consumption,
        "real household consumption", "at base-year basic prices, trade margins included";
    "real_government_consumption", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_government_consumption,
        "real government consumption", "at base-year basic prices";
    "real_fixed_capital_formation", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_fixed_capital_formation,
        "real gross fixed capital formation", "at base-year basic prices";
    "real_inventory_change", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_inventory_change,
        "real changes in inventories", "at base-year basic prices";
    "real_exports", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_exports,
        "real exports", "at base-year basic prices";
    "real_imports", REGION, VolumeFlow, Volume |v, [r, ..]| v.national(r).real_imports,
        "real imports", "at base-year basic prices of the origin";
    "sector_output", CELL, MoneyFlow, Integer |v, [r, g, _]| sector_output(v, r, g),
        "output at basic prices by industry", "of the trade industry: its margin, not the goods it resells";
    "sector_real_output", CELL, VolumeFlow, Volume |v, [r, g, _]| v.tally.output[(RegionId(r), Industry(g))],
        "output by industry at base-year prices", "volume produced";
    "sector_value_added", CELL, MoneyFlow, Integer |v, [r, g, _]| {
            let cell = v.cell(r, g);
            v.accounts.surplus[(RegionId(r), Industry(g))] + cell.wages + cell.social_contributions + cell.net_taxes
        },
        "gross value added by industry",
        "output less intermediate consumption; sums to gross domestic product less taxes on products";
    "sector_surplus", CELL, MoneyFlow, Integer |v, [r, g, _]| v.accounts.surplus[(RegionId(r), Industry(g))],
        "gross operating surplus by industry", "value added less compensation and net taxes on production";
    "sector_real_value_added", CELL, VolumeFlow, Number |v, [r, g, _]| {
            let inputs: f64 = (0..v.products).map(|x| v.base.requirement(r, g, x)).sum();
            v.tally.output[(RegionId(r), Industry(g))].as_f64() * (1.0 - inputs)
        },
        "real gross value added by industry", "double deflation: output volume less base-year input requirements";
    "identities_checked", SCALAR, Number, Integer |v, _| v.audit.checked as i64,
        "identities checked by the audit since the start of the run", "every identity of the accounts, in integers";
    "identities_failed", SCALAR, Number, Integer |v, _| v.audit.failed as i64,
        "identities that failed since the start of the run", "0 in a sound run";
}

/// Output of an industry in money. The statistics value goods for resale at their sales, so their cost is taken off.
fn sector_output(v: &super::View<'_>, region: usize, industry: usize) -> i64 {
    let resold = if industry == v.geography.products.trade { v.tally.goods_sold_cost[region] } else { 0 };
    v.accounts.output[(RegionId(region), Industry(industry))] - resold
}
