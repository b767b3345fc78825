//! Births, ages and deaths, and what they cost. Not numbers where nobody is born or grows older.

use super::{Data, Indicator, Theme, percent_of, with};
use crate::panel::Panel;
use crate::recording::RecordingError;
use crate::response::Scale::{self, Difference, Percent};

/// A variable by region, scaled; not a number where there is no population.
fn scaled(data: &Data<'_>, name: &str, factor: f64) -> Result<Panel, RecordingError> {
    let counted = data.region("population")?;
    Ok(with(&data.region(name)?, &counted, |x, people| if people > 0.0 { factor * x } else { f64::NAN }))
}

/// A payment over output, percent.
fn of_output(data: &Data<'_>, name: &str) -> Result<Panel, RecordingError> {
    Ok(percent_of(&scaled(data, name, 1.0)?, &data.region("gdp_production")?))
}

/// Source of counts of people.
const UNITED_NATIONS: &str = "United Nations, World Population Prospects";

const fn counted(
    id: &'static str,
    (name, unit): ([&'static str; 2], &'static str),
    scale: Scale,
    definition: [&'static str; 2],
    compute: fn(&Data<'_>) -> Result<Panel, RecordingError>,
) -> Indicator {
    let theme = Theme::Population;
    Indicator { id, theme, name, unit, scale, definition, source: UNITED_NATIONS, drawn: None, compute }
}

pub(super) const INDICATORS: &[Indicator] = &[
    counted(
        "population",
        (["population", "人口"], "million persons"),
        Percent,
        ["persons at the end of the tick, where people are born, age and die", "期末人口（开启人口变动时）"],
        |data| scaled(data, "population", 1e-6),
    ),
    counted(
        "births",
        (["births", "出生人数"], "thousand persons a year"),
        Percent,
        ["births of the tick as a rate of a year", "当期出生人数，折合年率"],
        |data| scaled(data, "births", 1e-3 * data.per_year as f64),
    ),
    counted(
        "total_fertility_rate",
        (["total fertility rate", "总和生育率"], "children a woman"),
        Difference,
        [
            "children of a woman over her life at the rates by age of the year",
            "按当年分年龄生育率，一名妇女一生的生育数",
        ],
        |data| scaled(data, "total_fertility_rate", 1.0),
    ),
    counted(
        "children",
        (["children", "儿童人口"], "million persons"),
        Percent,
        ["persons under 15", "15 岁以下人口"],
        |data| scaled(data, "children", 1e-6),
    ),
    counted(
        "working_age",
        (["persons of working age", "劳动年龄人口"], "million persons"),
        Percent,
        ["persons of 15 to 64", "15 至 64 岁人口"],
        |data| scaled(data, "working_age", 1e-6),
    ),
    counted(
        "old_age_dependency",
        (["old-age dependency ratio", "老年抚养比"], "percent"),
        Difference,
        ["persons of 65 and older over persons of 15 to 64", "65 岁及以上人口除以 15 至 64 岁人口"],
        |data| scaled(data, "old_age_dependency", 100.0),
    ),
    counted(
        "child_benefits_ratio",
        (["child benefits over output", "儿童津贴占产出比重"], "percent of GDP"),
        Difference,
        ["child benefits paid out of the budget over gross domestic product", "财政支付的儿童津贴除以国内生产总值"],
        |data| of_output(data, "budget_child_benefits"),
    ),
    counted(
        "pensions_ratio",
        (["pensions over output", "养老金占产出比重"], "percent of GDP"),
        Difference,
        ["pensions paid out of the budget over gross domestic product", "财政支付的养老金除以国内生产总值"],
        |data| of_output(data, "pensions_paid"),
    ),
];

#[cfg(test)]
mod tests {
    use super::super::tests::{BY_REGION, check};

    #[test]
    fn people_are_counted_where_they_age() {
        // Nobody ages in the second region.
        let population: (&str, &[&str], &[f64]) = ("population", BY_REGION, &[2e6, 0.0, 3e6, 0.0]);
        let nobody = [f64::NAN; 2];
        check("population", &[population], [[2.0, 3.0], nobody]);
        let births: (&str, &[&str], &[f64]) = ("births", BY_REGION, &[1_000.0, 0.0, 2_000.0, 0.0]);
        check("births", &[population, births], [[12.0, 24.0], nobody]);
        for name in ["children", "working_age"] {
            check(name, &[population, (name, BY_REGION, &[5e5, 0.0, 6e5, 0.0])], [[0.5, 0.6], nobody]);
        }
        let rates: (&str, &[&str], &[f64]) = ("total_fertility_rate", BY_REGION, &[1.5, 0.0, 1.6, 0.0]);
        check("total_fertility_rate", &[population, rates], [[1.5, 1.6], nobody]);
        let ratio: (&str, &[&str], &[f64]) = ("old_age_dependency", BY_REGION, &[0.2, 0.0, 0.25, 0.0]);
        check("old_age_dependency", &[population, ratio], [[20.0, 25.0], nobody]);
        let output: (&str, &[&str], &[f64]) = ("gdp_production", BY_REGION, &[400.0, 9.0, 500.0, 9.0]);
        for (id, name) in [("child_benefits_ratio", "budget_child_benefits"), ("pensions_ratio", "pensions_paid")] {
            let paid: (&str, &[&str], &[f64]) = (name, BY_REGION, &[4.0, 0.0, 10.0, 0.0]);
            check(id, &[population, output, paid], [[1.0, 2.0], nobody]);
        }
    }
}
