//! Names, units and definitions of the series in Chinese.

use super::Series;
use crate::report::Language;

/// Texts of a series in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Texts {
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// How it is computed.
    pub definition: &'static str,
    /// What is published that it can be laid beside.
    pub published: &'static str,
}

/// What a series is called and means; in English where there is no Chinese.
pub(super) fn texts(series: &Series, language: Language) -> Texts {
    let Series { name, unit, definition, published, .. } = *series;
    let english = Texts { name, unit, definition, published };
    match (language, CHINESE.iter().find(|x| x.0 == series.id)) {
        (Language::Chinese, Some((_, texts))) => *texts,
        _ => english,
    }
}

const INDEX: &str = "指数，首项措施之前各月平均 = 100";
const MONEY: &str = "十亿/月";
const OF_IMPORTS: &str = "占货物进口百分比";

/// Identifiers, and their texts in Chinese.
const CHINESE: [(&str, Texts); 15] = [
    (
        "imports",
        Texts {
            name: "货物进口",
            unit: MONEY,
            definition: "自国外购入的货物，按原产地，税前，进口方货币",
            published: "分国别货物进口，海关价值，经季节调整（美国普查局 FT-900）",
        },
    ),
    (
        "imports_index",
        Texts {
            name: "货物进口指数",
            unit: INDEX,
            definition: "货物进口除以首项措施之前的平均值",
            published: "同货物进口，单位不限，剔除趋势",
        },
    ),
    (
        "import_volume",
        Texts {
            name: "货物进口量",
            unit: INDEX,
            definition: "按原产地基年价格计算的货物进口除以首项措施之前的平均值",
            published: "实际货物进口（美国普查局 FT-900，链式美元），或价值除以价格指数；剔除趋势",
        },
    ),
    (
        "import_share",
        Texts {
            name: "货物进口份额",
            unit: OF_IMPORTS,
            definition: "自该伙伴的货物进口除以全部货物进口，税前",
            published: "同货物进口；份额无需剔除趋势",
        },
    ),
    (
        "duty_rate",
        Texts {
            name: "实际征收关税率",
            unit: OF_IMPORTS,
            definition: "对货物征收的关税除以税前货物进口",
            published: "应计关税除以消费进口的海关价值（美国普查局；美国国际贸易委员会 DataWeb）",
        },
    ),
    (
        "duty_revenue",
        Texts {
            name: "关税收入",
            unit: MONEY,
            definition: "对货物进口征收的关税",
            published: "关税（美国财政部月度报表）；入境后至多两个月缴纳",
        },
    ),
    (
        "exports",
        Texts {
            name: "货物出口",
            unit: MONEY,
            definition: "销往国外的货物的卖方收入，本币",
            published: "货物出口，经季节调整（美国普查局 FT-900）",
        },
    ),
    (
        "exports_index",
        Texts {
            name: "货物出口指数",
            unit: INDEX,
            definition: "货物出口除以首项措施之前的平均值",
            published: "同货物出口，单位不限，剔除趋势",
        },
    ),
    (
        "import_price",
        Texts {
            name: "税前进口价格",
            unit: INDEX,
            definition: "货物进口单位价值：税前价值除以按基年价格计算的数量（帕氏），进口方货币",
            published: "进口价格指数（美国劳工统计局，全部商品或按原产国），不含关税",
        },
    ),
    (
        "import_price_landed",
        Texts {
            name: "含税进口价格",
            unit: INDEX,
            definition: "含税货物进口单位价值：价值与关税之和除以按基年价格计算的数量（帕氏）",
            published: "进口价格指数乘以一加实际征收关税率",
        },
    ),
    (
        "consumer_price",
        Texts {
            name: "消费者价格",
            unit: INDEX,
            definition: "消费者价格指数，基年篮子的拉氏指数，含关税与加价；不含目标通胀",
            published: "消费者价格指数，经季节调整（美国劳工统计局 CPI-U），剔除目标通胀",
        },
    ),
    (
        "producer_price",
        Texts {
            name: "生产者价格",
            unit: INDEX,
            definition: "全部行业的生产者价格指数，以基年产出加权的拉氏指数；不含目标通胀",
            published: "生产者价格指数，经季节调整（美国劳工统计局 PPI 最终需求），剔除目标通胀",
        },
    ),
    (
        "manufacturing_employment",
        Texts {
            name: "制造业就业",
            unit: INDEX,
            definition: "制造业就业人数除以首项措施之前的平均值",
            published: "制造业雇员人数，经季节调整（美国劳工统计局 CES），剔除趋势",
        },
    ),
    (
        "employment",
        Texts {
            name: "就业",
            unit: INDEX,
            definition: "全部行业就业人数除以首项措施之前的平均值",
            published: "就业人数，经季节调整（美国劳工统计局 CES 或 CPS），剔除人口增长",
        },
    ),
    (
        "unemployment_rate",
        Texts {
            name: "失业率",
            unit: "占劳动力百分比",
            definition: "失业人数除以劳动力",
            published: "失业率，经季节调整（美国劳工统计局 CPS）",
        },
    ),
];

#[cfg(test)]
mod tests {
    use super::super::{Kind, SERIES};
    use super::*;

    #[test]
    fn every_series_is_told_in_chinese() {
        for series in SERIES {
            let (english, chinese) = (texts(series, Language::English), texts(series, Language::Chinese));
            assert_eq!(english.name, series.name);
            for (own, other) in [
                (chinese.name, english.name),
                (chinese.unit, english.unit),
                (chinese.definition, english.definition),
                (chinese.published, english.published),
            ] {
                assert!(own != other && own.chars().any(|letter| letter > '\u{2e80}'), "{}: {own}", series.id);
            }
            assert_eq!(series.kind == Kind::Index, chinese.unit == INDEX, "{}", series.id);
        }
        assert_eq!(CHINESE.len(), SERIES.len());
    }
}
