//! Output, spending, prices and the budget.

use super::{Data, Heading, Indicator, Theme, percent_of, sum, with};
use crate::panel::Panel;
use crate::recording::RecordingError;
use crate::response::Scale::{Difference, Percent};

/// A volume of the accounts in billions a year.
macro_rules! volume {
    ($id:literal, $name:literal, $chinese:literal, $variable:literal, $drawn:expr) => {
        Indicator {
            id: $id,
            theme: Theme::Accounts,
            name: [$name, $chinese],
            unit: "billion a year, base-year prices",
            scale: Percent,
            definition: [concat!("variable ", $variable), concat!("变量 ", $variable)],
            source: "SNA 2008",
            drawn: $drawn,
            compute: |data| Ok(data.billions(data.region($variable)?)),
        }
    };
}

fn balance(data: &Data<'_>) -> Result<Panel, RecordingError> {
    let parts = [(1.0, "budget_revenue"), (1.0, "budget_external_transfers"), (-1.0, "budget_expenditure")];
    let of = |(sign, name): (f64, &str)| Ok((sign, data.region(name)?));
    Ok(sum(&parts.into_iter().map(of).collect::<Result<Vec<_>, RecordingError>>()?))
}

/// Percent change of prices over a year; before the first tick they were those of the base year, 1.
fn inflation(data: &Data<'_>) -> Result<Panel, RecordingError> {
    let change = |prices: &Vec<f64>| {
        let before = |tick: usize| tick.checked_sub(data.per_year).map_or(1.0, |tick| prices[tick]);
        (0..prices.len()).map(|tick| 100.0 * (prices[tick] / before(tick) - 1.0)).collect()
    };
    Ok(data.region("consumer_price")?.iter().map(change).collect())
}

pub(super) const INDICATORS: &[Indicator] = &[
    volume!("real_gdp", "real GDP", "实际国内生产总值", "real_gdp", Some(Heading::Output)),
    volume!(
        "real_consumption",
        "real household consumption",
        "实际居民消费",
        "real_household_consumption",
        Some(Heading::Output)
    ),
    volume!("real_government", "real government consumption", "实际政府消费", "real_government_consumption", None),
    volume!(
        "real_investment",
        "real fixed capital formation",
        "实际固定资本形成",
        "real_fixed_capital_formation",
        Some(Heading::Output)
    ),
    volume!("real_exports", "real exports", "实际出口", "real_exports", Some(Heading::Trade)),
    volume!("real_imports", "real imports", "实际进口", "real_imports", Some(Heading::Trade)),
    Indicator {
        id: "gdp_deflator",
        theme: Theme::Accounts,
        name: ["GDP deflator", "国内生产总值平减指数"],
        unit: "about 1 in the base year",
        scale: Percent,
        definition: [
            "GDP at basic prices (without taxes on products) over real GDP; duties on inputs are in the numerator only, so the base year is up to 2% below 1",
            "按基本价格计算的国内生产总值（不含产品税）除以实际国内生产总值；中间投入的关税只在分子中，因此基年最多比 1 低 2%",
        ],
        source: "SNA 2008, chapter 15",
        drawn: None,
        compute: |data| {
            let basic = sum(&[(1.0, data.region("gdp_production")?), (-1.0, data.region("taxes_on_products")?)]);
            Ok(with(&basic, &data.region("real_gdp")?, |value, volume| value / volume))
        },
    },
    Indicator {
        id: "consumer_price",
        theme: Theme::Accounts,
        name: ["consumer prices", "消费者价格"],
        unit: "1 in the base year",
        scale: Percent,
        definition: [
            "variable consumer_price: Laspeyres index of base-year baskets",
            "变量 consumer_price：基年篮子的拉氏指数",
        ],
        source: "ILO and others, Consumer Price Index Manual (2020)",
        drawn: Some(Heading::Output),
        compute: |data| data.region("consumer_price"),
    },
    Indicator {
        id: "inflation",
        theme: Theme::Accounts,
        name: ["inflation over twelve months", "同比通货膨胀率"],
        unit: "percent",
        scale: Difference,
        definition: [
            "change of consumer prices over a year; trend inflation is taken out of the model",
            "消费者价格十二个月变化；模型已剔除趋势通胀",
        ],
        source: "ILO and others, Consumer Price Index Manual (2020)",
        drawn: Some(Heading::Output),
        compute: inflation,
    },
    Indicator {
        id: "producer_price",
        theme: Theme::Accounts,
        name: ["producer prices", "生产者价格"],
        unit: "1 in the base year",
        scale: Percent,
        definition: [
            "variable producer_price_index: posted prices weighted with base-year output",
            "变量 producer_price_index：以基年产出加权的出厂报价",
        ],
        source: "IMF, Producer Price Index Manual (2004)",
        drawn: None,
        compute: |data| data.region("producer_price_index"),
    },
    Indicator {
        id: "labour_share",
        theme: Theme::Accounts,
        name: ["labour share", "劳动报酬占比"],
        unit: "percent of value added",
        scale: Difference,
        definition: ["compensation of employees over GDP at basic prices", "雇员报酬除以按基本价格计算的国内生产总值"],
        source: "SNA 2008",
        drawn: Some(Heading::Output),
        compute: |data| {
            let basic = sum(&[(1.0, data.region("gdp_production")?), (-1.0, data.region("taxes_on_products")?)]);
            Ok(percent_of(&data.region("compensation_of_employees")?, &basic))
        },
    },
    Indicator {
        id: "investment_share",
        theme: Theme::Accounts,
        name: ["investment share", "投资率"],
        unit: "percent of GDP",
        scale: Difference,
        definition: ["gross fixed capital formation over GDP", "固定资本形成总额除以国内生产总值"],
        source: "SNA 2008",
        drawn: None,
        compute: |data| Ok(percent_of(&data.region("fixed_capital_formation")?, &data.region("gdp_production")?)),
    },
    Indicator {
        id: "duty_revenue",
        theme: Theme::Budget,
        name: ["duty revenue", "关税收入"],
        unit: "billion a year, own currency",
        scale: Difference,
        definition: ["import duties received by the budget", "财政收到的进口关税"],
        source: "SNA 2008, D.2121",
        drawn: Some(Heading::Budget),
        compute: |data| Ok(data.billions(data.region("budget_duties")?)),
    },
    Indicator {
        id: "duty_revenue_share",
        theme: Theme::Budget,
        name: ["duty revenue over all revenue", "关税占财政收入比"],
        unit: "percent of revenue",
        scale: Difference,
        definition: ["import duties over all receipts of the budget", "进口关税除以全部财政收入"],
        source: "IMF, Government Finance Statistics Manual (2014)",
        drawn: None,
        compute: |data| Ok(percent_of(&data.region("budget_duties")?, &data.region("budget_revenue")?)),
    },
    Indicator {
        id: "budget_balance",
        theme: Theme::Budget,
        name: ["budget balance", "财政余额"],
        unit: "percent of GDP",
        scale: Difference,
        definition: [
            "receipts less outlays of the government, net transfers from abroad included, over GDP; the deficit is what bonds are issued for",
            "政府收入减支出（含来自国外的净转移）除以国内生产总值；赤字等于新发行国债",
        ],
        source: "IMF, Government Finance Statistics Manual (2014)",
        drawn: Some(Heading::Budget),
        compute: |data| Ok(percent_of(&balance(data)?, &data.region("gdp_production")?)),
    },
    Indicator {
        id: "debt_ratio",
        theme: Theme::Budget,
        name: ["public debt", "公共债务率"],
        unit: "percent of a year's GDP",
        scale: Difference,
        definition: [
            "government bonds outstanding over GDP of the tick times the ticks of a year",
            "未偿国债除以当期国内生产总值与全年期数之积",
        ],
        source: "IMF, Government Finance Statistics Manual (2014)",
        drawn: Some(Heading::Budget),
        compute: |data| {
            let year = data.per_year as f64;
            let ratio = percent_of(&data.region("government_debt")?, &data.region("gdp_production")?);
            Ok(ratio.into_iter().map(|series| series.into_iter().map(|x| x / year).collect()).collect())
        },
    },
    Indicator {
        id: "debt_abroad",
        theme: Theme::Budget,
        name: ["public debt held abroad", "外国持有国债占比"],
        unit: "percent of public debt",
        scale: Difference,
        definition: [
            "government bonds held by foreign central banks over all outstanding",
            "外国央行持有的国债除以全部未偿国债",
        ],
        source: "SNA 2008",
        drawn: None,
        compute: |data| Ok(percent_of(&data.summed("debt_held_abroad", |_| true)?, &data.region("government_debt")?)),
    },
];

#[cfg(test)]
mod tests {
    use super::super::tests::{BY_REGION, check};

    #[test]
    fn volumes_are_billions_a_year() {
        // 5e9 minor units a month are 5e7 major units, so 0.6 billion a year.
        check("real_gdp", &[("real_gdp", BY_REGION, &[5e9, 1e11, 0.0, 2e11])], [[0.6, 0.0], [12.0, 24.0]]);
        check("duty_revenue", &[("budget_duties", BY_REGION, &[5e9, 1e11, 0.0, 2e11])], [[0.6, 0.0], [12.0, 24.0]]);
    }

    #[test]
    fn ratios_by_hand() {
        let gdp = ("gdp_production", BY_REGION, &[100.0, 200.0, 110.0, 0.0][..]);
        let taxes = ("taxes_on_products", BY_REGION, &[20.0, 0.0, 10.0, 0.0][..]);
        check(
            "gdp_deflator",
            &[gdp, taxes, ("real_gdp", BY_REGION, &[80.0, 100.0, 50.0, 1.0])],
            [[1.0, 2.0], [2.0, 0.0]],
        );
        check(
            "labour_share",
            &[gdp, taxes, ("compensation_of_employees", BY_REGION, &[40.0, 120.0, 60.0, 0.0])],
            [[50.0, 60.0], [60.0, f64::NAN]],
        );
        check(
            "investment_share",
            &[gdp, ("fixed_capital_formation", BY_REGION, &[25.0, 20.0, 22.0, 1.0])],
            [[25.0, 20.0], [10.0, f64::NAN]],
        );
        // A debt of a year's GDP is 100 percent.
        check(
            "debt_ratio",
            &[gdp, ("government_debt", BY_REGION, &[1200.0, 1200.0, 660.0, 5.0])],
            [[100.0, 50.0], [50.0, f64::NAN]],
        );
        check(
            "debt_abroad",
            &[
                ("government_debt", BY_REGION, &[100.0, 50.0, 100.0, 0.0]),
                ("debt_held_abroad", &["time", "region", "partner"], &[0.0, 30.0, 5.0, 0.0, 10.0, 30.0, 0.0, 0.0]),
            ],
            [[30.0, 40.0], [10.0, f64::NAN]],
        );
    }

    #[test]
    fn prices_are_passed_on_and_compared_with_the_year_before() {
        let prices = ("consumer_price", BY_REGION, &[1.02, 1.0, 1.05, 0.99][..]);
        check("consumer_price", &[prices], [[1.02, 1.05], [1.0, 0.99]]);
        // Within the first year against the base year.
        check("inflation", &[prices], [[2.0, 5.0], [0.0, -1.0]]);
        check(
            "producer_price",
            &[("producer_price_index", BY_REGION, &[1.0, 2.0, 3.0, 4.0])],
            [[1.0, 3.0], [2.0, 4.0]],
        );
    }

    #[test]
    fn the_budget_by_hand() {
        let mut variables: Vec<(&str, &[&str], &[f64])> = vec![
            ("budget_duties", BY_REGION, &[6.0, 0.0, 8.0, 0.0]),
            ("budget_revenue", BY_REGION, &[24.0, 20.0, 32.0, 10.0]),
            ("budget_expenditure", BY_REGION, &[18.0, 20.0, 40.0, 5.0]),
            ("budget_external_transfers", BY_REGION, &[-2.0, 0.0, 0.0, 0.0]),
        ];
        variables.push(("gdp_production", BY_REGION, &[100.0, 100.0, 100.0, 50.0]));
        check("budget_balance", &variables, [[4.0, -8.0], [0.0, 10.0]]);
        check("duty_revenue_share", &variables, [[25.0, 25.0], [0.0, 0.0]]);
    }
}
