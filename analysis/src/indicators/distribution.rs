//! Who gets what. Deciles are those of the base year, each a tenth of the persons; inequality within them is not seen.

use engine::math::{exp, ln};

use super::{Data, Heading, Indicator, Theme};
use crate::distribution::{Group, gini, palma, poorest_share, quantile_groups, theil, wolfson};
use crate::panel::Panel;
use crate::recording::RecordingError;
use crate::response::Scale::{Difference, Percent};

/// A measure of a variable by decile; not a number where it has none.
fn measured(data: &Data<'_>, name: &str, measure: fn(&[Group]) -> Option<f64>) -> Result<Panel, RecordingError> {
    data.each(name, |deciles| measure(&quantile_groups(deciles)).unwrap_or(f64::NAN))
}

/// Shorrocks' index of a table of moves: `(n - sum of the shares that stay) / (n - 1)`, over the rows that hold somebody.
fn shorrocks(table: &[f64]) -> f64 {
    let width = table.len().isqrt();
    let stay = |(place, row): (usize, &[f64])| {
        let all: f64 = row.iter().sum();
        (all > 0.0).then(|| row[place] / all)
    };
    let stays: Vec<f64> = table.chunks(width).enumerate().filter_map(stay).collect();
    (stays.len() as f64 - stays.iter().sum::<f64>()) / (stays.len() as f64 - 1.0)
}

/// Percent of the poorest fifth that is not in it a year later.
fn escape(table: &[f64]) -> f64 {
    let width = table.len().isqrt();
    let fifth = width / 5;
    let poor = &table[..fifth * width];
    let stayed: f64 = poor.chunks(width).flat_map(|row| &row[..fifth]).sum();
    100.0 * (1.0 - stayed / poor.iter().sum::<f64>())
}

/// Where labour, capital and transfers begin and end among the sources of income, as many as there are: those of units are more.
fn sources(count: usize) -> [std::ops::Range<usize>; 3] {
    if count > 3 { [0..4, 4..5, 5..count] } else { [0..1, 1..2, 2..3] }
}

/// Percent of persons whose main source of income is one of a kind: 0 labour, 1 capital, 2 transfers.
fn living_on(data: &Data<'_>, kind: usize) -> Result<Panel, RecordingError> {
    data.yearly("class_persons", |counts| {
        let ranks = 10;
        let places = sources(counts.len() / ranks)[kind].clone();
        100.0 * counts[places.start * ranks..places.end * ranks].iter().sum::<f64>() / counts.iter().sum::<f64>()
    })
}

/// Real consumption of a tenth, in billions a year.
fn tenth(data: &Data<'_>, decile: usize) -> Result<Panel, RecordingError> {
    Ok(data.billions(data.summed("real_consumption_decile", |place| place == decile)?))
}

macro_rules! inequality {
    ($id:literal, $name:literal, $chinese:literal, $unit:literal, $definition:expr, $source:literal, $variable:literal, $measure:expr, $drawn:expr) => {
        Indicator {
            id: $id,
            theme: Theme::Distribution,
            name: [$name, $chinese],
            unit: $unit,
            scale: Difference,
            definition: $definition,
            source: $source,
            drawn: $drawn,
            compute: |data| measured(data, $variable, $measure),
        }
    };
}

macro_rules! mobility {
    ($id:literal, $name:literal, $chinese:literal, $variable:literal) => {
        Indicator {
            id: $id,
            theme: Theme::Distribution,
            name: [$name, $chinese],
            unit: "0 and above",
            scale: Difference,
            definition: [
                concat!(
                    "ten less the sum of the shares that stay in their decile, over nine, from variable ",
                    $variable,
                    "; 0 if all stay; of the last whole year of the run"
                ),
                concat!(
                    "10 减去各十分位组留在原组的比例之和，再除以 9，变量 ",
                    $variable,
                    "；全部不变则为 0；最近一个完整年度"
                ),
            ],
            source: "Shorrocks (1978), trace index",
            drawn: None,
            compute: |data| data.yearly($variable, shorrocks),
        }
    };
}

pub(super) const INDICATORS: &[Indicator] = &[
    inequality!(
        "gini_income",
        "Gini coefficient of disposable income",
        "可支配收入基尼系数",
        "0 to 1",
        ["between deciles, from variable disposable_income_decile", "按十分位组计算，变量 disposable_income_decile"],
        "Gini (1912); Cowell (2011)",
        "disposable_income_decile",
        gini,
        None
    ),
    inequality!(
        "gini_consumption",
        "Gini coefficient of real consumption",
        "实际消费基尼系数",
        "0 to 1",
        [
            "between deciles, from variable real_consumption_decile, each decile at the prices of its own basket",
            "按十分位组计算，变量 real_consumption_decile，各组以自身篮子价格平减"
        ],
        "Gini (1912); Cowell (2011)",
        "real_consumption_decile",
        gini,
        Some(Heading::Budget)
    ),
    inequality!(
        "gini_deposits",
        "Gini coefficient of deposits",
        "存款基尼系数",
        "0 to 1",
        ["between deciles of income, from variable deposits_decile", "按收入十分位组计算，变量 deposits_decile"],
        "Gini (1912); Cowell (2011)",
        "deposits_decile",
        gini,
        None
    ),
    inequality!(
        "theil_income",
        "Theil index of disposable income",
        "可支配收入泰尔指数",
        "0 and above",
        ["between deciles, from variable disposable_income_decile", "按十分位组计算，变量 disposable_income_decile"],
        "Theil (1967)",
        "disposable_income_decile",
        theil,
        None
    ),
    inequality!(
        "palma_income",
        "Palma ratio of disposable income",
        "可支配收入帕尔马比值",
        "ratio",
        [
            "income of the richest tenth over that of the poorest four tenths",
            "最富有十分之一的收入除以最贫穷十分之四的收入"
        ],
        "Palma (2011)",
        "disposable_income_decile",
        palma,
        None
    ),
    inequality!(
        "polarization_income",
        "Wolfson's polarization of disposable income",
        "可支配收入沃尔夫森极化指数",
        "0 and above",
        ["how far the middle has thinned out, between deciles", "中间阶层变薄的程度，按十分位组计算"],
        "Wolfson (1994)",
        "disposable_income_decile",
        wolfson,
        Some(Heading::Budget)
    ),
    inequality!(
        "poorest_half_income",
        "share of the poorer half in disposable income",
        "较贫穷一半人口的收入占比",
        "0 to 1",
        ["income of the five poorest deciles over all", "最贫穷五个十分位组的收入除以全部收入"],
        "World Inequality Database",
        "disposable_income_decile",
        |groups| poorest_share(groups, 0.5),
        None
    ),
    Indicator {
        id: "poorest_consumption",
        theme: Theme::Distribution,
        name: ["real consumption of the poorest tenth", "最贫穷十分之一人口的实际消费"],
        unit: "billion a year, base-year prices",
        scale: Percent,
        definition: ["first decile of variable real_consumption_decile", "变量 real_consumption_decile 的第一组"],
        source: "Budget Lab at Yale, distributional tables",
        drawn: None,
        compute: |data| tenth(data, 0),
    },
    Indicator {
        id: "richest_consumption",
        theme: Theme::Distribution,
        name: ["real consumption of the richest tenth", "最富有十分之一人口的实际消费"],
        unit: "billion a year, base-year prices",
        scale: Percent,
        definition: ["tenth decile of variable real_consumption_decile", "变量 real_consumption_decile 的第十组"],
        source: "Budget Lab at Yale, distributional tables",
        drawn: None,
        compute: |data| tenth(data, 9),
    },
    Indicator {
        id: "welfare",
        theme: Theme::Distribution,
        name: ["welfare: equally distributed equivalent consumption", "福利：等分配等价消费"],
        unit: "billion a year, base-year prices",
        scale: Percent,
        definition: [
            "ten times the geometric mean of the deciles' real consumption: what all together would have to consume, shared equally, for the same sum of logarithmic utilities",
            "各组实际消费几何平均的十倍：若平均分享，要得到相同对数效用之和所需的总消费",
        ],
        source: "Atkinson (1970), inequality aversion 1",
        drawn: Some(Heading::Budget),
        compute: |data| {
            let equivalent = data.each("real_consumption_decile", |deciles| {
                if deciles.iter().any(|x| *x <= 0.0) {
                    return f64::NAN;
                }
                let n = deciles.len() as f64;
                n * exp(deciles.iter().map(|x| ln(*x)).sum::<f64>() / n)
            })?;
            Ok(data.billions(equivalent))
        },
    },
    mobility!(
        "income_mobility",
        "mobility between deciles of income in a year",
        "年度收入十分位流动性",
        "income_transition"
    ),
    mobility!(
        "wealth_mobility",
        "mobility between deciles of wealth in a year",
        "年度财富十分位流动性",
        "wealth_transition"
    ),
    Indicator {
        id: "poorest_fifth_left",
        theme: Theme::Distribution,
        name: ["left the poorest fifth within a year", "一年内脱离最贫穷五分之一的比例"],
        unit: "percent of the poorest fifth",
        scale: Difference,
        definition: [
            "persons in the two poorest deciles of income who are in a higher one a year later, from variable income_transition; of the last whole year of the run",
            "最贫穷两个十分位组中一年后升入更高组的人，变量 income_transition；最近一个完整年度",
        ],
        source: "OECD (2018), A Broken Social Elevator?",
        drawn: None,
        compute: |data| data.yearly("income_transition", escape),
    },
    Indicator {
        id: "living_on_transfers",
        theme: Theme::Distribution,
        name: ["persons who live mainly on transfers", "主要依靠转移收入生活的人"],
        unit: "percent of persons",
        scale: Difference,
        definition: [
            "persons whose benefits, pensions and other transfers exceed their wages and their capital income, from variable class_persons; of the last whole year of the run",
            "失业金、养老金及其他转移超过工资和资本收入的人，变量 class_persons；最近一个完整年度",
        ],
        source: "main source of livelihood, as in household surveys",
        drawn: None,
        compute: |data| living_on(data, 2),
    },
    Indicator {
        id: "living_on_capital",
        theme: Theme::Distribution,
        name: ["persons who live mainly on capital", "主要依靠资本收入生活的人"],
        unit: "percent of persons",
        scale: Difference,
        definition: [
            "persons whose dividends and interest exceed their wages and their transfers, from variable class_persons; of the last whole year of the run",
            "红利和利息超过工资和转移收入的人，变量 class_persons；最近一个完整年度",
        ],
        source: "main source of livelihood, as in household surveys",
        drawn: None,
        compute: |data| living_on(data, 1),
    },
];

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    const DECILE: &[&str] = &["time", "region", "decile"];

    /// Region 0 has 1 to 10, then all the same; region 1 all but one nothing, then two poles.
    fn deciles(factor: f64) -> Vec<f64> {
        let rows: [[f64; 10]; 4] = [
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
            [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
            [2.0; 10],
            [1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0],
        ];
        rows.iter().flatten().map(|x| factor * x).collect()
    }

    #[test]
    fn inequality_by_hand() {
        let values = deciles(7.0);
        let income = [("disposable_income_decile", DECILE, &values[..])];
        // Of 1 to n: (n - 1) / (3 n). Of one who has all: 1 - 1/n. Of two halves 1 and 3: 0.25.
        check("gini_income", &income, [[0.3, 0.0], [0.9, 0.25]]);
        check("palma_income", &income, [[1.0, 0.25], [f64::NAN, 0.75]]);
        check("poorest_half_income", &income, [[15.0 / 55.0, 0.5], [0.0, 0.25]]);
        // 2 (mean / median) (2 (1/2 - L) - G): for 1 to 10 median and mean are 5.5; for the poles both are 2.
        check("polarization_income", &income, [[2.0 * (1.0 - 30.0 / 55.0 - 0.3), 0.0], [f64::NAN, 0.5]]);
        let theil: f64 = (1..=10).map(|x| f64::from(x) / 5.5 * (f64::from(x) / 5.5).ln() / 10.0).sum();
        let poles = 0.5 * 0.5 * 0.5_f64.ln() + 0.5 * 1.5 * 1.5_f64.ln();
        check("theil_income", &income, [[theil, 0.0], [10.0_f64.ln(), poles]]);
        check("gini_deposits", &[("deposits_decile", DECILE, &values)], [[0.3, 0.0], [0.9, 0.25]]);
    }

    #[test]
    fn moves_by_hand() {
        // A year ends in the first tick. Region 0: all stay, but half of the first tenth rises to the third; region 1: nobody is
        // counted.
        let mut moves = vec![0.0; 400];
        for tenth in 0..10 {
            moves[tenth * 11] = 2.0;
        }
        (moves[0], moves[2]) = (1.0, 1.0);
        let table = |name| [(name, &["time", "region", "rank_before", "rank"][..], &moves[..])];
        let nobody = [f64::NAN; 2];
        // The next year does not end within the run.
        check("income_mobility", &table("income_transition"), [[0.5 / 9.0, f64::NAN], nobody]);
        check("wealth_mobility", &table("wealth_transition"), [[0.5 / 9.0, f64::NAN], nobody]);
        check("poorest_fifth_left", &table("income_transition"), [[25.0, f64::NAN], nobody]);
        // Ten live on labour, five on capital, five on transfers; in the second tick of region 1 all on transfers.
        let mut counts = vec![0.0; 120];
        counts[..10].fill(1.0);
        counts[12] = 5.0;
        counts[29] = 5.0;
        counts[115] = 7.0;
        let counts = [("class_persons", &["time", "region", "source", "rank"][..], &counts[..])];
        check("living_on_transfers", &counts, [[25.0, f64::NAN], [100.0; 2]]);
        check("living_on_capital", &counts, [[25.0, f64::NAN], [0.0; 2]]);
    }

    #[test]
    fn consumption_by_hand() {
        // 1e11 minor units a month are 12 billion a year.
        let values = deciles(1e11);
        let real = [("real_consumption_decile", DECILE, &values[..])];
        check("gini_consumption", &real, [[0.3, 0.0], [0.9, 0.25]]);
        check("poorest_consumption", &real, [[12.0, 24.0], [0.0, 12.0]]);
        check("richest_consumption", &real, [[120.0, 24.0], [12.0, 36.0]]);
        let factorial: f64 = (1..=10).map(f64::from).product();
        check("welfare", &real, [[120.0 * factorial.powf(0.1), 240.0], [f64::NAN, 120.0 * 3.0_f64.sqrt()]]);
    }
}
