//! Inequality and polarization between households, as the model measures them once a year; of the last whole year of the run.

use super::{Data, Heading, Indicator, Theme};
use crate::response::Scale::Difference;

/// What counts somebody in ticks that end a year.
const MEASURED: &str = "income_class_persons";
/// What counts somebody in ticks that end a year after the first.
const MOVED: &str = "income_transition";
/// The middle class among those of `income_class_persons`.
const MIDDLE: usize = 2;

macro_rules! yearly {
    ($id:literal, $name:expr, $unit:literal, $variable:literal, $definition:expr, $source:literal, $drawn:expr) => {
        yearly!($id, $name, $unit, $definition, $source, $drawn, |data| {
            data.measured_yearly($variable, MEASURED, |row| row[0])
        })
    };
    ($id:literal, $name:expr, $unit:literal, $definition:expr, $source:literal, $drawn:expr, $compute:expr) => {
        Indicator {
            id: $id,
            theme: Theme::Distribution,
            name: $name,
            unit: $unit,
            scale: Difference,
            definition: $definition,
            source: $source,
            drawn: $drawn,
            compute: $compute,
        }
    };
}

/// A share of one, in percent.
fn percent(
    data: &Data<'_>,
    name: &str,
    counted: &str,
) -> Result<crate::panel::Panel, crate::recording::RecordingError> {
    data.measured_yearly(name, counted, |row| 100.0 * row[0])
}

pub(super) const INDICATORS: &[Indicator] = &[
    yearly!(
        "gini_households",
        ["Gini coefficient of income between households", "家庭间收入基尼系数"],
        "0 to 1",
        "income_gini",
        [
            "income of the year per equivalent adult, after tax where households are units and before it where they are persons alone; from variable income_gini",
            "年度等值收入：住户为多人单位时为税后，为单人时为税前；变量 income_gini"
        ],
        "Gini (1912); Cowell (2011)",
        Some(Heading::Inequality)
    ),
    yearly!(
        "polarization_households",
        ["Wolfson's polarization of income between households", "家庭间收入沃尔夫森极化指数"],
        "0 and above",
        "polarization_wolfson",
        [
            "how far the middle has thinned out; income as for the Gini coefficient, from variable polarization_wolfson",
            "中间阶层变薄的程度；收入口径同基尼系数，变量 polarization_wolfson"
        ],
        "Wolfson (1994)",
        Some(Heading::Inequality)
    ),
    yearly!(
        "polarization_classes",
        ["Esteban and Ray's polarization between income classes", "收入阶层间埃斯特班-雷极化指数"],
        "0 and above",
        "polarization_esteban_ray",
        [
            "between classes of fixed real income, sensitivity 1, from variable polarization_esteban_ray",
            "按固定实际收入划分的阶层，敏感度 1，变量 polarization_esteban_ray"
        ],
        "Esteban and Ray (1994)",
        None
    ),
    yearly!(
        "polarization_alike",
        ["Esteban, Gradin and Ray's polarization between three groups", "三组间埃斯特班-格拉丁-雷极化指数"],
        "0 and above",
        "polarization_esteban_gradin_ray",
        [
            "between the three groups that are most alike, less inequality within them, sensitivity 1, from variable polarization_esteban_gradin_ray",
            "组内最相似的三组之间，减去组内不平等，敏感度 1，变量 polarization_esteban_gradin_ray"
        ],
        "Esteban, Gradin and Ray (2007)",
        None
    ),
    yearly!(
        "polarization_density",
        ["Duclos, Esteban and Ray's polarization of income", "迪克洛-埃斯特班-雷收入极化指数"],
        "0 and above",
        [
            "over the density of incomes, as for the Gini coefficient, sensitivity 0.5, from variable polarization_duclos_esteban_ray",
            "按收入密度计算，收入口径同基尼系数，敏感度 0.5，变量 polarization_duclos_esteban_ray"
        ],
        "Duclos, Esteban and Ray (2004)",
        Some(Heading::Inequality),
        |data| data.measured_yearly("polarization_duclos_esteban_ray", MEASURED, |row| row[1])
    ),
    yearly!(
        "middle_class",
        ["middle class", "中间阶层"],
        "percent of persons",
        [
            "persons with 75 to 200% of the real income of the base year in the middle, from variable income_class_persons",
            "实际收入为基年中间收入 75% 至 200% 的人，变量 income_class_persons"
        ],
        "OECD (2019), Under Pressure: The Squeezed Middle Class",
        Some(Heading::Inequality),
        |data| data.yearly(MEASURED, |row| 100.0 * row[MIDDLE] / row.iter().sum::<f64>())
    ),
    yearly!(
        "poverty_fixed",
        ["poverty by the line of the base year", "按基年贫困线的贫困率"],
        "percent of persons",
        [
            "persons with less than 60% of the real income of the base year in the middle, from variable poverty_fixed",
            "实际收入低于基年中间收入 60% 的人，变量 poverty_fixed"
        ],
        "Foster, Greer and Thorbecke (1984), head count",
        Some(Heading::Inequality),
        |data| percent(data, "poverty_fixed", MEASURED)
    ),
    yearly!(
        "poverty_relative",
        ["poverty by 60% of the median", "按中位数 60% 的贫困率"],
        "percent of persons",
        [
            "persons with less than 60% of the year's median income, from variable poverty_relative",
            "收入低于当年中位数 60% 的人，变量 poverty_relative"
        ],
        "Foster, Greer and Thorbecke (1984), head count; line of Eurostat",
        None,
        |data| percent(data, "poverty_relative", MEASURED)
    ),
    yearly!(
        "middle_fell",
        ["fell from the middle to the poorest fifth within a year", "一年内由中间落入最贫穷五分之一的比例"],
        "percent of the middle three fifths",
        [
            "persons of the third to eighth decile of income who are in the two poorest a year later, from variable middle_fell",
            "第三至第八十分位组中一年后落入最低两组的人，变量 middle_fell"
        ],
        "OECD (2019), Under Pressure: The Squeezed Middle Class",
        None,
        |data| percent(data, "middle_fell", MOVED)
    ),
    yearly!(
        "middle_rose",
        ["rose from the middle to the richest fifth within a year", "一年内由中间升入最富有五分之一的比例"],
        "percent of the middle three fifths",
        [
            "persons of the third to eighth decile of income who are in the two richest a year later, from variable middle_rose",
            "第三至第八十分位组中一年后升入最高两组的人，变量 middle_rose"
        ],
        "OECD (2019), Under Pressure: The Squeezed Middle Class",
        None,
        |data| percent(data, "middle_rose", MOVED)
    ),
    yearly!(
        "wealth_top1",
        ["share of the richest hundredth in wealth", "最富有百分之一的财富占比"],
        "percent of wealth",
        [
            "net worth: deposits and fund shares at their price, and where households are units homes less debts; from variable wealth_top1_share",
            "净财富：存款与按价格计的基金份额，住户为多人单位时另加住房并扣除债务；变量 wealth_top1_share"
        ],
        "World Inequality Database",
        Some(Heading::Inequality),
        |data| percent(data, "wealth_top1_share", MEASURED)
    ),
];

#[cfg(test)]
mod tests {
    use super::super::tests::{BY_REGION, check};

    const CLASSES: &[&str] = &["time", "region", "income_class"];

    /// Two regions are measured in the second tick only, of the second nobody.
    const COUNTS: [f64; 16] = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 5.0, 2.0, 0.0, 0.0, 0.0, 0.0];

    #[test]
    fn what_is_measured_at_its_end_is_of_the_year() {
        let values = [0.0, 0.0, 0.4, 0.3];
        let none = [f64::NAN; 2];
        for (id, variable, factor) in [
            ("gini_households", "income_gini", 1.0),
            ("polarization_households", "polarization_wolfson", 1.0),
            ("poverty_fixed", "poverty_fixed", 100.0),
            ("poverty_relative", "poverty_relative", 100.0),
            ("wealth_top1", "wealth_top1_share", 100.0),
        ] {
            let recorded = [("income_class_persons", CLASSES, &COUNTS[..]), (variable, BY_REGION, &values[..])];
            check(id, &recorded, [[factor * 0.4; 2], none]);
            // No poor are a number too.
            let recorded = [("income_class_persons", CLASSES, &COUNTS[..]), (variable, BY_REGION, &[0.0; 4][..])];
            check(id, &recorded, [[0.0; 2], none]);
        }
        check("middle_class", &[("income_class_persons", CLASSES, &COUNTS)], [[50.0; 2], none]);
    }

    #[test]
    fn sensitivities_are_the_first_and_the_middle() {
        let values = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 0.2, 0.1, 0.0, 0.0, 0.0];
        for (id, variable, over, value) in [
            ("polarization_classes", "polarization_esteban_ray", "sensitivity", 0.3),
            ("polarization_alike", "polarization_esteban_gradin_ray", "sensitivity", 0.3),
            ("polarization_density", "polarization_duclos_esteban_ray", "density_sensitivity", 0.2),
        ] {
            let over = &["time", "region", over][..];
            let recorded = [("income_class_persons", CLASSES, &COUNTS[..]), (variable, over, &values[..])];
            check(id, &recorded, [[value; 2], [f64::NAN; 2]]);
        }
    }

    #[test]
    fn moves_are_of_the_year_in_which_they_end() {
        let mut moves = vec![0.0; 400];
        moves[200] = 1.0;
        let over = &["time", "region", "rank_before", "rank"][..];
        for id in ["middle_fell", "middle_rose"] {
            let recorded = [("income_transition", over, &moves[..]), (id, BY_REGION, &[0.0, 0.0, 0.25, 0.0][..])];
            check(id, &recorded, [[25.0; 2], [f64::NAN; 2]]);
        }
    }
}
