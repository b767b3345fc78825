//! Units and definitions of indicators in Chinese.

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
    ("percent of imports", "占进口百分比"),
    ("percent of persons", "占人口百分比"),
    ("percent of public debt", "占政府债务百分比"),
    ("percent of revenue", "占财政收入百分比"),
    ("percent of the poorest fifth", "占最贫穷五分之一的百分比"),
    ("percent of the labour force", "占劳动力百分比"),
    ("percent of unemployed persons a tick", "每期占失业人数百分比"),
    ("percent of value added", "占增加值百分比"),
    ("ratio", "比值"),
    ("vacancies an unemployed person", "每名失业者对应的空缺岗位"),
];

/// Indicators, and their definitions in Chinese.
const DEFINITIONS: &[(&str, &str)] = &[
    ("real_gdp", "变量 real_gdp"),
    ("real_consumption", "变量 real_household_consumption"),
    ("real_government", "变量 real_government_consumption"),
    ("real_investment", "变量 real_fixed_capital_formation"),
    ("real_exports", "变量 real_exports"),
    ("real_imports", "变量 real_imports"),
    (
        "gdp_deflator",
        "按基本价格计算的国内生产总值（不含产品税）除以实际国内生产总值；中间投入的关税只在分子中，因此基年最多比 1 低 2%",
    ),
    ("consumer_price", "变量 consumer_price：基年篮子的拉氏指数"),
    ("inflation", "消费者价格十二个月变化；模型已剔除趋势通胀"),
    ("producer_price", "变量 producer_price_index：以基年产出加权的出厂报价"),
    ("labour_share", "雇员报酬除以按基本价格计算的国内生产总值"),
    ("investment_share", "固定资本形成总额除以国内生产总值"),
    ("duty_revenue", "财政收到的进口关税"),
    ("duty_revenue_share", "进口关税除以全部财政收入"),
    ("budget_balance", "政府收入减支出（含来自国外的净转移）除以国内生产总值；赤字等于新发行国债"),
    ("debt_ratio", "未偿国债除以当期国内生产总值与全年期数之积"),
    ("debt_abroad", "外国央行持有的国债除以全部未偿国债"),
    ("trade_balance", "货物与服务出口减进口，除以国内生产总值"),
    ("openness", "出口与进口之和除以国内生产总值"),
    ("terms_of_trade", "出口价格除以税前进口价格，均为本币单位价值"),
    ("import_price", "变量 import_price：本币单位价值"),
    ("effective_duty", "实收关税除以税前货物进口额"),
    ("import_concentration", "各来源地进口份额的平方和"),
    ("largest_supplier", "最大来源地的进口额除以全部进口额"),
    ("manufacturing_import_ratio", "制成品进口除以国内制造业总产出；科尔尼只计 14 个亚洲来源地，此处计全部来源地"),
    ("reshoring_index", "一年前的制造业进口比率减当期比率；生产回流为正"),
    (
        "manufacturing_import_ratio_asia",
        "来自 CHN、TWN、IND、VNM 与 ASN 的制成品税前进口除以国内制造业总产出，均按当期价格；科尔尼所计 14 个来源地中，香港、孟加拉国、巴基斯坦与斯里兰卡属 ROW，未计入，而 ASN 另含文莱、老挝与缅甸；科尔尼的比率按全年计算",
    ),
    ("reshoring_index_asia", "一年前的 manufacturing_import_ratio_asia 减当期值；生产由亚洲低成本来源地回流为正"),
    ("relocated_capacity", "由他国迁入的在产工厂满负荷产出减迁往他国的，除以制造业实际产出；不含采购转移"),
    ("relocated_employment", "运行期间开设的工厂的就业人数（不论起因与来源）除以制造业就业"),
    ("import_penetration", "制成品进口除以其产出减出口加进口"),
    ("manufacturing_output", "`manufacturing` = 1 的行业的产出量"),
    ("manufacturing_share", "制造业增加值除以全部行业增加值"),
    ("exchange_rate", "变量 exchange_rate；上升为本币升值"),
    ("unemployment_rate", "期末失业人数除以就业与失业人数之和"),
    ("vacancy_rate", "匹配后仍空缺的岗位除以劳动力"),
    ("tightness", "空缺岗位除以失业人数"),
    ("employment", "全部行业的就业人数"),
    ("manufacturing_employment", "`manufacturing` = 1 的行业的就业人数"),
    ("manufacturing_employment_share", "制造业就业人数除以全部就业人数"),
    ("real_wage", "每效率单位工资除以消费者价格"),
    ("job_finding_rate", "当期雇用人数除以期末失业人数与雇用人数之和"),
    ("gini_income", "按十分位组计算，变量 disposable_income_decile"),
    ("gini_consumption", "按十分位组计算，变量 real_consumption_decile，各组以自身篮子价格平减"),
    ("gini_deposits", "按收入十分位组计算，变量 deposits_decile"),
    ("theil_income", "按十分位组计算，变量 disposable_income_decile"),
    ("palma_income", "最富有十分之一的收入除以最贫穷十分之四的收入"),
    ("polarization_income", "中间阶层变薄的程度，按十分位组计算"),
    ("poorest_half_income", "最贫穷五个十分位组的收入除以全部收入"),
    ("poorest_consumption", "变量 real_consumption_decile 的第一组"),
    ("richest_consumption", "变量 real_consumption_decile 的第十组"),
    ("welfare", "各组实际消费几何平均的十倍：若平均分享，要得到相同对数效用之和所需的总消费"),
    (
        "income_mobility",
        "10 减去各十分位组留在原组的比例之和，再除以 9，变量 income_transition；全部不变则为 0；最近一个完整年度",
    ),
    (
        "wealth_mobility",
        "10 减去各十分位组留在原组的比例之和，再除以 9，变量 wealth_transition；全部不变则为 0；最近一个完整年度",
    ),
    ("poorest_fifth_left", "最贫穷两个十分位组中一年后升入更高组的人，变量 income_transition；最近一个完整年度"),
    ("living_on_transfers", "失业金、养老金及其他转移超过工资和资本收入的人，变量 class_persons；最近一个完整年度"),
    ("living_on_capital", "红利和利息超过工资和转移收入的人，变量 class_persons；最近一个完整年度"),
];

/// A unit in Chinese, or as it is if it has no translation.
#[must_use]
pub fn unit(english: &str) -> &str {
    UNITS.iter().find(|x| x.0 == english).map_or(english, |x| x.1)
}

/// The definition of an indicator in Chinese.
#[must_use]
pub fn definition(id: &str) -> Option<&'static str> {
    DEFINITIONS.iter().find(|x| x.0 == id).map(|x| x.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::all;

    #[test]
    fn every_indicator_is_translated() {
        for indicator in all() {
            assert!(UNITS.iter().any(|x| x.0 == indicator.unit), "unit `{}`", indicator.unit);
            assert!(definition(indicator.id).is_some(), "definition of {}", indicator.id);
        }
        assert_eq!(DEFINITIONS.len(), all().count(), "a definition of something that is not there");
        assert!(UNITS.iter().all(|x| all().any(|indicator| indicator.unit == x.0)), "a unit that nothing has");
    }
}
