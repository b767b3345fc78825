//! Trade, dependence and reshoring.

use super::{Data, Heading, Indicator, Theme, percent_of, sum, with};
use crate::distribution::{herfindahl, largest_share};
use crate::panel::Panel;
use crate::recording::RecordingError;
use crate::response::Scale::{Difference, Percent};

/// A variable by industry, of manufacturing only.
fn manufactured(data: &Data<'_>, name: &str) -> Result<Panel, RecordingError> {
    let manufacturing = data.manufacturing()?;
    data.summed(name, |product| manufacturing[product])
}

/// Regions that come near the 14 low-cost origins in Asia that Kearney counts.
const LOW_COST_ASIA: [&str; 5] = ["CHN", "TWN", "IND", "VNM", "ASN"];

/// Imports of manufactured goods over gross output of manufacturing at home, percent.
fn import_ratio(data: &Data<'_>) -> Result<Panel, RecordingError> {
    Ok(percent_of(&manufactured(data, "imports_product")?, &manufactured(data, "sector_output")?))
}

/// As [`import_ratio`], of imports from low-cost Asia; not a number in worlds without regions there.
fn import_ratio_asia(data: &Data<'_>) -> Result<Panel, RecordingError> {
    let asian = data.coded("partner", &LOW_COST_ASIA)?;
    let imports = if asian.contains(&true) {
        data.summed("imports_manufactured_bilateral", |partner| asian[partner])?
    } else {
        data.each("imports_manufactured_bilateral", |_| f64::NAN)?
    };
    Ok(percent_of(&imports, &manufactured(data, "sector_output")?))
}

/// Fall of each series of percentages against a year before, basis points.
fn falls(data: &Data<'_>, ratio: &Panel) -> Panel {
    ratio.iter().map(|row| fall_in_a_year(row, data.per_year).collect()).collect()
}

/// Fall of a percentage against a year before, basis points; unknown in the first year.
fn fall_in_a_year(row: &[f64], year: usize) -> impl Iterator<Item = f64> + '_ {
    (0..row.len()).map(move |t| if t < year { f64::NAN } else { 100.0 * (row[t - year] - row[t]) })
}

pub(super) const INDICATORS: &[Indicator] = &[
    Indicator {
        id: "trade_balance",
        theme: Theme::Trade,
        name: ["trade balance", "贸易差额"],
        unit: "percent of GDP",
        scale: Difference,
        definition: ["exports less imports of goods and services over GDP", "货物与服务出口减进口，除以国内生产总值"],
        source: "SNA 2008; BPM6",
        drawn: None,
        compute: |data| {
            let balance = sum(&[(1.0, data.region("exports")?), (-1.0, data.region("imports")?)]);
            Ok(percent_of(&balance, &data.region("gdp_production")?))
        },
    },
    Indicator {
        id: "openness",
        theme: Theme::Trade,
        name: ["trade openness", "贸易依存度"],
        unit: "percent of GDP",
        scale: Difference,
        definition: ["exports and imports over GDP", "出口与进口之和除以国内生产总值"],
        source: "World Bank, World Development Indicators",
        drawn: None,
        compute: |data| {
            let trade = sum(&[(1.0, data.region("exports")?), (1.0, data.region("imports")?)]);
            Ok(percent_of(&trade, &data.region("gdp_production")?))
        },
    },
    Indicator {
        id: "terms_of_trade",
        theme: Theme::Trade,
        name: ["terms of trade", "贸易条件"],
        unit: "1 in the base year",
        scale: Percent,
        definition: [
            "export price over import price before duty, unit values in own currency",
            "出口价格除以税前进口价格，均为本币单位价值",
        ],
        source: "IMF, Export and Import Price Index Manual (2009)",
        drawn: Some(Heading::Trade),
        compute: |data| Ok(with(&data.region("export_price")?, &data.region("import_price")?, |out, into| out / into)),
    },
    Indicator {
        id: "import_price",
        theme: Theme::Trade,
        name: ["import price before duty", "进口价格（税前）"],
        unit: "1 in the base year",
        scale: Percent,
        definition: ["variable import_price: unit value in own currency", "变量 import_price：本币单位价值"],
        source: "IMF, Export and Import Price Index Manual (2009)",
        drawn: None,
        compute: |data| data.region("import_price"),
    },
    Indicator {
        id: "effective_duty",
        theme: Theme::Trade,
        name: ["collected duty rate", "实际征收关税率"],
        unit: "percent of goods imports",
        scale: Difference,
        definition: ["duties collected over imports of goods before duty", "实收关税除以税前货物进口额"],
        source: "US Census Bureau: calculated duty over customs value",
        drawn: Some(Heading::Trade),
        compute: |data| {
            let goods = data.goods()?;
            Ok(percent_of(&data.summed("duties_product", |_| true)?, &data.summed("imports_product", |x| goods[x])?))
        },
    },
    Indicator {
        id: "import_concentration",
        theme: Theme::Trade,
        name: ["concentration of imports over origins", "进口来源集中度"],
        unit: "Herfindahl-Hirschman index, 0 to 1",
        scale: Difference,
        definition: ["sum of squared shares of origins in imports", "各来源地进口份额的平方和"],
        source: "Hirschman (1945)",
        drawn: None,
        compute: |data| data.each("imports_bilateral", |row| herfindahl(row).unwrap_or(f64::NAN)),
    },
    Indicator {
        id: "largest_supplier",
        theme: Theme::Trade,
        name: ["share of the largest origin in imports", "最大进口来源占比"],
        unit: "percent of imports",
        scale: Difference,
        definition: ["imports from the origin that sells most over all imports", "最大来源地的进口额除以全部进口额"],
        source: "UNCTAD, Handbook of Statistics",
        drawn: None,
        compute: |data| {
            data.each("imports_bilateral", |row| largest_share(row, 1).map_or(f64::NAN, |share| 100.0 * share))
        },
    },
    Indicator {
        id: "manufacturing_import_ratio",
        theme: Theme::Trade,
        name: ["manufacturing import ratio", "制造业进口比率"],
        unit: "percent of domestic manufacturing output",
        scale: Difference,
        definition: [
            "imports of manufactured goods over gross output of domestic manufacturing; Kearney counts 14 Asian origins only, here all count",
            "制成品进口除以国内制造业总产出；科尔尼只计 14 个亚洲来源地，此处计全部来源地",
        ],
        source: "Kearney, Reshoring Index",
        drawn: Some(Heading::Trade),
        compute: import_ratio,
    },
    Indicator {
        id: "reshoring_index",
        theme: Theme::Trade,
        name: ["reshoring index", "制造业回流指数"],
        unit: "basis points",
        scale: Difference,
        definition: [
            "manufacturing import ratio of a year before less that of the tick; positive where production comes home",
            "一年前的制造业进口比率减当期比率；生产回流为正",
        ],
        source: "Kearney, Reshoring Index",
        drawn: None,
        compute: |data| Ok(falls(data, &import_ratio(data)?)),
    },
    Indicator {
        id: "manufacturing_import_ratio_asia",
        theme: Theme::Trade,
        name: ["manufacturing import ratio, low-cost Asia", "制造业进口比率（亚洲低成本来源地）"],
        unit: "percent of domestic manufacturing output",
        scale: Difference,
        definition: [
            "imports of manufactured goods from CHN, TWN, IND, VNM and ASN before duty over gross output of domestic manufacturing, both at current prices of the tick; of Kearney's 14 origins Hong Kong, Bangladesh, Pakistan and Sri Lanka are not counted, as they are part of ROW, while ASN also holds Brunei, Laos and Myanmar; Kearney's ratio is one of whole years",
            "来自 CHN、TWN、IND、VNM 与 ASN 的制成品税前进口除以国内制造业总产出，均按当期价格；科尔尼所计 14 个来源地中，香港、孟加拉国、巴基斯坦与斯里兰卡属 ROW，未计入，而 ASN 另含文莱、老挝与缅甸；科尔尼的比率按全年计算",
        ],
        source: "Kearney, Reshoring Index",
        drawn: None,
        compute: import_ratio_asia,
    },
    Indicator {
        id: "reshoring_index_asia",
        theme: Theme::Trade,
        name: ["reshoring index, low-cost Asia", "制造业回流指数（亚洲低成本来源地）"],
        unit: "basis points",
        scale: Difference,
        definition: [
            "manufacturing_import_ratio_asia of a year before less that of the tick; positive where production comes home from low-cost Asia",
            "一年前的 manufacturing_import_ratio_asia 减当期值；生产由亚洲低成本来源地回流为正",
        ],
        source: "Kearney, Reshoring Index",
        drawn: None,
        compute: |data| Ok(falls(data, &import_ratio_asia(data)?)),
    },
    Indicator {
        id: "relocated_capacity",
        theme: Theme::Trade,
        name: ["capacity moved in less moved out", "净迁入产能"],
        unit: "percent of manufacturing output",
        scale: Difference,
        definition: [
            "output at full build of standing plants whose work came from other regions, less that of plants elsewhere whose work left, over real manufacturing output",
            "由他国迁入的在产工厂满负荷产出减迁往他国的，除以制造业实际产出；不含采购转移",
        ],
        source: "own; plant moves, apart from shifts of sourcing",
        drawn: Some(Heading::Trade),
        compute: |data| {
            let net = sum(&[
                (1.0, manufactured(data, "capacity_arrived")?),
                (-1.0, manufactured(data, "capacity_departed")?),
            ]);
            Ok(percent_of(&net, &manufactured(data, "sector_real_output")?))
        },
    },
    Indicator {
        id: "relocated_employment",
        theme: Theme::Trade,
        name: ["jobs in plants opened during the run", "新迁工厂就业占比"],
        unit: "percent of manufacturing employment",
        scale: Difference,
        definition: [
            "persons employed in plants opened during the run, by whatever cause and from wherever, over those employed in manufacturing",
            "运行期间开设的工厂的就业人数（不论起因与来源）除以制造业就业",
        ],
        source: "own",
        drawn: Some(Heading::Trade),
        compute: |data| {
            let (manufacturing, skills) = (data.manufacturing()?, data.shared("employment")?.shape[3]);
            let all = data.summed("employment", |place| manufacturing[place / skills])?;
            Ok(percent_of(&manufactured(data, "employment_relocated_industry")?, &all))
        },
    },
    Indicator {
        id: "import_penetration",
        theme: Theme::Trade,
        name: ["import penetration of manufactured goods", "制造业进口渗透率"],
        unit: "percent of domestic use",
        scale: Difference,
        definition: [
            "imports of manufactured goods over output less exports plus imports of them",
            "制成品进口除以其产出减出口加进口",
        ],
        source: "OECD, STAN indicators",
        drawn: None,
        compute: |data| {
            let imports = manufactured(data, "imports_product")?;
            let used = sum(&[
                (1.0, manufactured(data, "sector_output")?),
                (-1.0, manufactured(data, "exports_product")?),
                (1.0, imports.clone()),
            ]);
            Ok(percent_of(&imports, &used))
        },
    },
    Indicator {
        id: "manufacturing_output",
        theme: Theme::Trade,
        name: ["real manufacturing output", "制造业实际产出"],
        unit: "billion a year, base-year prices",
        scale: Percent,
        definition: ["volume of output of industries with `manufacturing` = 1", "`manufacturing` = 1 的行业的产出量"],
        source: "ISIC Rev. 4, section C",
        drawn: Some(Heading::Trade),
        compute: |data| Ok(data.billions(manufactured(data, "sector_real_output")?)),
    },
    Indicator {
        id: "manufacturing_share",
        theme: Theme::Trade,
        name: ["manufacturing share", "制造业占比"],
        unit: "percent of value added",
        scale: Difference,
        definition: ["value added of manufacturing over that of all industries", "制造业增加值除以全部行业增加值"],
        source: "ISIC Rev. 4, section C",
        drawn: None,
        compute: |data| {
            Ok(percent_of(&manufactured(data, "sector_value_added")?, &data.summed("sector_value_added", |_| true)?))
        },
    },
    Indicator {
        id: "exchange_rate",
        theme: Theme::Trade,
        name: ["exchange rate", "汇率"],
        unit: "numeraire a unit of own currency, 1 in the base year",
        scale: Percent,
        definition: ["variable exchange_rate; up is an appreciation", "变量 exchange_rate；上升为本币升值"],
        source: "BIS",
        drawn: None,
        compute: |data| data.region("exchange_rate"),
    },
];

#[cfg(test)]
mod tests {
    use super::super::tests::{BY_REGION, CELL, check, content};

    const PARTNER: &[&str] = &["time", "region", "partner"];

    #[test]
    fn balances_by_hand() {
        let variables = [
            ("exports", BY_REGION, &[30.0, 10.0, 20.0, 20.0][..]),
            ("imports", BY_REGION, &[20.0, 20.0, 20.0, 0.0][..]),
            ("gdp_production", BY_REGION, &[100.0, 50.0, 80.0, 40.0][..]),
        ];
        check("trade_balance", &variables, [[10.0, 0.0], [-20.0, 50.0]]);
        check("openness", &variables, [[50.0, 50.0], [60.0, 50.0]]);
        let prices = [
            ("export_price", BY_REGION, &[1.0, 1.2, 1.0, 0.9][..]),
            ("import_price", BY_REGION, &[1.0, 1.0, 0.8, 0.9][..]),
        ];
        check("terms_of_trade", &prices, [[1.0, 1.25], [1.2, 1.0]]);
        check("import_price", &prices, [[1.0, 0.8], [1.0, 0.9]]);
        check("exchange_rate", &[("exchange_rate", BY_REGION, &[1.0, 1.1, 0.9, 1.0])], [[1.0, 0.9], [1.1, 1.0]]);
    }

    #[test]
    fn dependence_by_hand() {
        let imports = [("imports_bilateral", PARTNER, &[0.0, 10.0, 10.0, 10.0, 30.0, 10.0, 0.0, 0.0][..])];
        check("import_concentration", &imports, [[1.0, 0.625], [0.5, f64::NAN]]);
        check("largest_supplier", &imports, [[100.0, 75.0], [50.0, f64::NAN]]);
    }

    #[test]
    fn manufacturing_by_hand() {
        let flags = ("manufacturing", &["industry"][..], &[1.0, 0.0][..]);
        let imports = ("imports_product", CELL, &[20.0, 80.0, 0.0, 5.0, 30.0, 10.0, 10.0, 0.0][..]);
        let output = ("sector_output", CELL, &[100.0, 300.0, 50.0, 10.0, 60.0, 40.0, 20.0, 20.0][..]);
        let exports = ("exports_product", CELL, &[40.0, 9.0, 50.0, 0.0, 10.0, 9.0, 10.0, 9.0][..]);
        check("manufacturing_import_ratio", &[flags, imports, output], [[20.0, 50.0], [0.0, 50.0]]);
        // Known from the second year on: a ratio that falls from 20 to 17.5 percent.
        check("reshoring_index", &[flags, imports, output], [[f64::NAN; 2]; 2]);
        let fall: Vec<f64> = super::fall_in_a_year(&[20.0, 21.0, 17.5], 2).collect();
        assert!(fall[0].is_nan() && fall[1].is_nan() && (fall[2] - 250.0).abs() < 1e-12);
        // Only what comes from China counts; without a region in Asia nothing is known.
        let origins = ("imports_manufactured_bilateral", PARTNER, &[0.0, 15.0, 10.0, 20.0, 0.0, 6.0, 4.0, 0.0][..]);
        check("manufacturing_import_ratio_asia", &[flags, origins, output], [[0.0, 0.0], [20.0, 20.0]]);
        check("reshoring_index_asia", &[flags, origins, output], [[f64::NAN; 2]; 2]);
        let mut elsewhere = content(&[flags, origins, output]);
        let partner = elsewhere.dimensions.iter_mut().find(|x| x.name == "partner").expect("a dimension");
        partner.coordinates = Some(engine::netcdf::Values::Text(["R01", "R02"].map(str::to_owned).to_vec().into()));
        let recording = crate::recording::Recording::of(&elsewhere);
        let data = super::Data::of(&recording).expect("data");
        let unknown = super::import_ratio_asia(&data).expect("its variables");
        assert!(unknown.iter().flatten().all(|x| x.is_nan()), "{unknown:?}");
        // A fall by half a point in the second year is 50 basis points.
        let year = super::Data { per_year: 1, ..super::Data::of(&recording).expect("data") };
        assert!((super::falls(&year, &vec![vec![3.0, 2.5]])[0][1] - 50.0).abs() < 1e-12);
        let moved = ("capacity_arrived", CELL, &[30.0, 9.0, 0.0, 9.0, 6.0, 9.0, 0.0, 9.0][..]);
        let left = ("capacity_departed", CELL, &[10.0, 9.0, 5.0, 9.0, 0.0, 9.0, 2.0, 9.0][..]);
        let made = ("sector_real_output", CELL, &[100.0, 1.0, 50.0, 1.0, 60.0, 1.0, 20.0, 1.0][..]);
        check("relocated_capacity", &[flags, moved, left, made], [[20.0, 10.0], [-10.0, -10.0]]);
        let new = ("employment_relocated_industry", CELL, &[1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 1.0, 0.0][..]);
        let persons: Vec<f64> = [2, 1, 1, 9, 9, 9, 5, 5, 0, 9, 9, 9, 4, 2, 2, 9, 9, 9, 1, 1, 0, 9, 9, 9]
            .iter()
            .map(|x| f64::from(*x))
            .collect();
        let jobs = ("employment", &["time", "region", "industry", "skill"][..], &persons[..]);
        check("relocated_employment", &[flags, new, jobs], [[25.0, 25.0], [0.0, 50.0]]);
        check("import_penetration", &[flags, imports, output, exports], [[25.0, 37.5], [f64::NAN, 50.0]]);
        let added = ("sector_value_added", CELL, &[30.0, 70.0, 10.0, 10.0, 20.0, 60.0, 0.0, 5.0][..]);
        check("manufacturing_share", &[flags, added], [[30.0, 25.0], [50.0, 0.0]]);
        let volume = ("sector_real_output", CELL, &[1e11, 1.0, 0.0, 1.0, 2e11, 1.0, 5e10, 1.0][..]);
        check("manufacturing_output", &[flags, volume], [[12.0, 24.0], [0.0, 6.0]]);
        // Duties on all products over imports of goods.
        let goods = ("goods", &["industry"][..], &[1.0, 0.0][..]);
        let duties = ("duties_product", CELL, &[2.0, 0.0, 0.0, 0.0, 6.0, 0.0, 1.0, 0.0][..]);
        check("effective_duty", &[goods, imports, duties], [[10.0, 20.0], [f64::NAN, 10.0]]);
    }
}
