//! Units of indicators in Chinese.

/// Units as the indicators have them, and in Chinese.
const UNITS: &[(&str, &str)] = &[
    ("0 and above", "不小于 0"),
    ("0 to 1", "0 至 1"),
    ("1 in the base year", "基年为 1"),
    ("about 1 in the base year", "基年约为 1"),
    ("Herfindahl-Hirschman index, 0 to 1", "赫芬达尔-赫希曼指数，0 至 1"),
    ("billion a year, base-year prices", "十亿/年，基年价格"),
    ("billion a year, own currency", "十亿/年，本币"),
    ("million persons", "百万人"),
    ("numeraire a unit of own currency, 1 in the base year", "每单位本币的计价单位数，基年为 1"),
    ("percent", "百分比"),
    ("percent of GDP", "占国内生产总值百分比"),
    ("percent of a year's GDP", "占全年国内生产总值百分比"),
    ("percent of domestic manufacturing output", "占国内制造业产出百分比"),
    ("percent of domestic use", "占国内使用百分比"),
    ("percent of employment", "占就业人数百分比"),
    ("percent of goods imports", "占货物进口百分比"),
    ("percent of manufacturing output", "占制造业产出百分比"),
    ("percent of manufacturing employment", "占制造业就业百分比"),
    ("basis points", "基点"),
    ("children a woman", "每名妇女的生育数"),
    ("thousand persons a year", "千人/年"),
    ("percent of imports", "占进口百分比"),
    ("percent of persons", "占人口百分比"),
    ("percent of public debt", "占政府债务百分比"),
    ("percent of revenue", "占财政收入百分比"),
    ("percent of the middle three fifths", "占中间五分之三的百分比"),
    ("percent of the poorest fifth", "占最贫穷五分之一的百分比"),
    ("percent of the labour force", "占劳动力百分比"),
    ("percent of unemployed persons a tick", "每期占失业人数百分比"),
    ("percent of value added", "占增加值百分比"),
    ("percent of wealth", "占财富百分比"),
    ("ratio", "比值"),
    ("vacancies an unemployed person", "每名失业者对应的空缺岗位"),
];

/// A unit in Chinese, or as it is if it has no translation.
#[must_use]
pub fn unit(english: &str) -> &str {
    UNITS.iter().find(|x| x.0 == english).map_or(english, |x| x.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::all;

    #[test]
    fn every_unit_is_translated() {
        for indicator in all() {
            assert!(UNITS.iter().any(|x| x.0 == indicator.unit), "unit `{}`", indicator.unit);
        }
        assert!(UNITS.iter().all(|x| all().any(|indicator| indicator.unit == x.0)), "a unit that nothing has");
    }
}
