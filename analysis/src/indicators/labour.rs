//! Work and wages.

use super::{Data, Heading, Indicator, Theme, percent_of, with};
use crate::panel::Panel;
use crate::recording::RecordingError;
use crate::response::Scale::{Difference, Percent};

/// Persons in millions, of industries that are kept.
fn millions(data: &Data<'_>, keep: impl Fn(bool) -> bool) -> Result<Panel, RecordingError> {
    let manufacturing = data.manufacturing()?;
    let skills = data.array("employment")?.shape[3];
    let persons = data.summed("employment", |place| keep(manufacturing[place / skills]))?;
    Ok(persons.into_iter().map(|series| series.into_iter().map(|x| x / 1e6).collect()).collect())
}

/// A rate recorded as a fraction, in percent.
fn rate(data: &Data<'_>, name: &str) -> Result<Panel, RecordingError> {
    Ok(data.region(name)?.into_iter().map(|series| series.into_iter().map(|x| 100.0 * x).collect()).collect())
}

pub(super) const INDICATORS: &[Indicator] = &[
    Indicator {
        id: "unemployment_rate",
        theme: Theme::Labour,
        name: ["unemployment rate", "失业率"],
        unit: "percent of the labour force",
        scale: Difference,
        definition: [
            "unemployed over employed and unemployed persons, end of tick",
            "期末失业人数除以就业与失业人数之和",
        ],
        source: "ILO, resolution of 1982",
        drawn: Some(Heading::Work),
        compute: |data| rate(data, "unemployment_rate"),
    },
    Indicator {
        id: "vacancy_rate",
        theme: Theme::Labour,
        name: ["vacancy rate", "职位空缺率"],
        unit: "percent of the labour force",
        scale: Difference,
        definition: ["vacancies over labour force, open after matching", "匹配后仍空缺的岗位除以劳动力"],
        source: "Pissarides (2000), the vacancy rate of the Beveridge curve",
        drawn: None,
        compute: |data| rate(data, "vacancy_rate"),
    },
    Indicator {
        id: "tightness",
        theme: Theme::Labour,
        name: ["labour market tightness", "劳动力市场紧张度"],
        unit: "vacancies an unemployed person",
        scale: Difference,
        definition: ["vacancies over unemployed persons", "空缺岗位除以失业人数"],
        source: "Pissarides (2000)",
        drawn: None,
        compute: |data| {
            let (open, idle) = (data.summed("vacancies", |_| true)?, data.summed("unemployed", |_| true)?);
            Ok(with(&open, &idle, |open, idle| if idle > 0.0 { open / idle } else { f64::NAN }))
        },
    },
    Indicator {
        id: "employment",
        theme: Theme::Labour,
        name: ["employment", "就业"],
        unit: "million persons",
        scale: Percent,
        definition: ["persons employed in all industries", "全部行业的就业人数"],
        source: "ILO, resolution of 1982",
        drawn: None,
        compute: |data| millions(data, |_| true),
    },
    Indicator {
        id: "manufacturing_employment",
        theme: Theme::Labour,
        name: ["manufacturing employment", "制造业就业"],
        unit: "million persons",
        scale: Percent,
        definition: ["persons employed in industries with `manufacturing` = 1", "`manufacturing` = 1 的行业的就业人数"],
        source: "ISIC Rev. 4, section C",
        drawn: Some(Heading::Work),
        compute: |data| millions(data, |manufacturing| manufacturing),
    },
    Indicator {
        id: "manufacturing_employment_share",
        theme: Theme::Labour,
        name: ["manufacturing employment share", "制造业就业占比"],
        unit: "percent of employment",
        scale: Difference,
        definition: ["persons employed in manufacturing over all employed", "制造业就业人数除以全部就业人数"],
        source: "ISIC Rev. 4, section C",
        drawn: None,
        compute: |data| Ok(percent_of(&millions(data, |manufacturing| manufacturing)?, &millions(data, |_| true)?)),
    },
    Indicator {
        id: "real_wage",
        theme: Theme::Labour,
        name: ["real wage", "实际工资"],
        unit: "1 in the base year",
        scale: Percent,
        definition: ["wage of an efficiency unit over consumer prices", "每效率单位工资除以消费者价格"],
        source: "ILO, Global Wage Report",
        drawn: Some(Heading::Work),
        compute: |data| {
            Ok(with(&data.region("wage_index")?, &data.region("consumer_price")?, |wage, price| wage / price))
        },
    },
    Indicator {
        id: "job_finding_rate",
        theme: Theme::Labour,
        name: ["job finding rate", "就业找到率"],
        unit: "percent of unemployed persons a tick",
        scale: Difference,
        definition: [
            "hires of the tick over unemployed persons at its end and hires",
            "当期雇用人数除以期末失业人数与雇用人数之和",
        ],
        source: "Shimer (2005)",
        drawn: None,
        compute: |data| {
            let (hires, idle) = (data.region("hires")?, data.summed("unemployed", |_| true)?);
            Ok(percent_of(&hires, &with(&hires, &idle, |hires, idle| hires + idle)))
        },
    },
];

#[cfg(test)]
mod tests {
    use super::super::tests::{BY_REGION, check};

    const JOBS: &[&str] = &["time", "region", "industry", "skill"];
    const SKILL: &[&str] = &["time", "region", "skill"];

    #[test]
    fn jobs_by_hand() {
        // Two ticks, two regions, manufacturing then services, three skills; millions of persons.
        let jobs: Vec<f64> = [1, 2, 1, 3, 2, 1, 0, 0, 0, 5, 0, 0, 1, 1, 0, 4, 2, 0, 1, 0, 0, 3, 0, 0]
            .iter()
            .map(|x| 1e6 * f64::from(*x))
            .collect();
        let variables = [("employment", JOBS, &jobs[..]), ("manufacturing", &["industry"][..], &[1.0, 0.0][..])];
        check("employment", &variables, [[10.0, 8.0], [5.0, 4.0]]);
        check("manufacturing_employment", &variables, [[4.0, 2.0], [0.0, 1.0]]);
        check("manufacturing_employment_share", &variables, [[40.0, 25.0], [0.0, 25.0]]);
    }

    #[test]
    fn rates_by_hand() {
        check(
            "unemployment_rate",
            &[("unemployment_rate", BY_REGION, &[0.05, 0.1, 0.04, 0.0])],
            [[5.0, 4.0], [10.0, 0.0]],
        );
        check("vacancy_rate", &[("vacancy_rate", BY_REGION, &[0.02, 0.0, 0.03, 0.01])], [[2.0, 3.0], [0.0, 1.0]]);
        let idle: &[f64] = &[2.0, 1.0, 1.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0];
        let mut open = [0.0; 24];
        (open[0], open[3], open[6], open[18]) = (1.0, 1.0, 5.0, 3.0);
        check("tightness", &[("unemployed", SKILL, idle), ("vacancies", JOBS, &open)], [[0.5, f64::NAN], [0.5, 0.5]]);
        check(
            "job_finding_rate",
            &[("unemployed", SKILL, idle), ("hires", BY_REGION, &[1.0, 10.0, 3.0, 2.0])],
            [[20.0, 100.0], [50.0, 25.0]],
        );
        check(
            "real_wage",
            &[("wage_index", BY_REGION, &[1.0, 1.1, 0.9, 1.0]), ("consumer_price", BY_REGION, &[1.0, 1.1, 1.2, 0.8])],
            [[1.0, 0.75], [1.0, 1.25]],
        );
    }
}
