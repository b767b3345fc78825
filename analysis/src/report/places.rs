//! The parts of a report over places: partners, tenths of the people, regions and industries.

use super::chart::{Bar, Chart, bars, heat, stacks, strongest, tiles};
use super::content::Drawer;
use super::gather::{Level, over_pairs};
use super::number;
use super::page::Section;
use crate::indicators::named;
use crate::paired::Estimate;
use crate::table::Table;

/// Tenths of the people.
const TENTHS: usize = 10;

/// What a bar chart is called, and how it is described.
pub(super) struct Head<'a> {
    pub(super) id: &'a str,
    pub(super) title: [&'a str; 2],
    pub(super) unit: String,
    pub(super) definition: [&'a str; 2],
}

/// A place with its value, its interval, and its levels in the run and the baseline.
pub(super) struct Row {
    name: String,
    value: Estimate,
    pub(super) levels: [f64; 2],
}

impl Drawer<'_> {
    /// Bars, from the lowest to the highest if `sorted`, with their data.
    pub(super) fn bar_chart(&self, head: Head<'_>, mut rows: Vec<Row>, sorted: bool) -> Option<(Chart, bool)> {
        if rows.is_empty() {
            return None;
        }
        if sorted {
            rows.sort_by(|a, b| a.value.mean.total_cmp(&b.value.mean));
        }
        let names = ["name", "value", "95% low", "95% high", "with the measures", "baseline"];
        let mut data = Table::new(names);
        let mut found = Vec::new();
        for Row { name, value, levels } in rows {
            let interval = (value.count > 1).then(|| [value.low(), value.high()]);
            let ends = interval.map_or([String::new(), String::new()], |ends| ends.map(number));
            let baseline = if self.paired { number(levels[1]) } else { String::new() };
            let [low, high] = ends;
            data.push([name.clone(), number(value.mean), low, high, number(levels[0]), baseline]);
            found.push(Bar { name, value: value.mean, interval });
        }
        let size = [400.0, 40.0 + 19.0 * found.len() as f64];
        let largest = found.iter().max_by(|a, b| a.value.abs().total_cmp(&b.value.abs()));
        let description = largest.map_or_else(String::new, |bar| {
            format!("{}: {} {:+.2}", self.say(["largest", "最大"]), bar.name, bar.value)
        });
        let chart = Chart {
            id: head.id.to_owned(),
            title: self.say(head.title).to_owned(),
            unit: format!("{}{}", head.unit, self.uncertainty()),
            definition: self.say(head.definition).to_owned(),
            description,
            keys: vec![],
            over_time: false,
            drawing: bars(&found, size),
            size,
            data,
        };
        Some((chart, false))
    }

    /// Partners as rows: change of trade with each.
    pub(super) fn partners(&self, pairs: &[Vec<Level>]) -> Vec<Row> {
        let values = over_pairs(pairs, |level| level.difference());
        let (policy, baseline) = (over_pairs(pairs, |x| x.policy), over_pairs(pairs, |x| x.baseline));
        let rows = self.codes.iter().zip(values).zip(policy.iter().zip(&baseline)).enumerate();
        rows.filter(|x| x.0 != self.place)
            .map(|(_, ((code, value), (a, b)))| Row { name: code.clone(), value, levels: [a.mean, b.mean] })
            .collect()
    }

    /// Who sells more or less to the region, who buys, and which tenth of the people bears what.
    pub(super) fn gains_and_losses(&self) -> Section {
        let billions = self.say(["billion a year, own currency, last quarter", "十亿/年，本币，最后一季"]).to_owned();
        let from = Head {
            id: "imports-by-origin",
            title: ["imports by origin", "按来源地的进口"],
            unit: billions.clone(),
            definition: [
                "variable imports_bilateral: purchases by country of origin, before duty",
                "变量 imports_bilateral：按原产地的购买额，税前",
            ],
        };
        let to = Head {
            id: "exports-by-buyer",
            title: ["exports by buyer", "按目的地的出口"],
            unit: billions.clone(),
            definition: [
                "variable imports_bilateral of the buyers, before duty, at the exchange rates of the tick",
                "各买方的变量 imports_bilateral，税前，按当期汇率折算",
            ],
        };
        let tenths = ["; 1 is the poorest tenth", "；1 为最贫穷的十分之一"];
        let unit = if self.paired {
            self.say(["percent of the baseline, last quarter", "相对基准的百分比，最后一季"]).to_owned()
        } else {
            billions
        };
        let consumption = Head {
            id: "consumption-by-decile",
            title: ["real consumption by tenth of income", "按收入十分位的实际消费"],
            unit: format!("{unit}{}", self.say(tenths)),
            definition: [
                "variable real_consumption_decile: deciles of base-year income, each at the prices of its own basket",
                "变量 real_consumption_decile：基年收入十分位组，各以自身篮子价格平减",
            ],
        };
        let deciles = &self.found.deciles;
        let change = |level: &Level| if self.paired { level.percent() } else { level.policy };
        let levels = [over_pairs(deciles, |x| x.policy), over_pairs(deciles, |x| x.baseline)];
        let tenths = over_pairs(deciles, change).into_iter().enumerate().map(|(place, value)| Row {
            name: (place + 1).to_string(),
            value,
            levels: [levels[0][place].mean, levels[1][place].mean],
        });
        let charts = [
            self.bar_chart(from, self.partners(&self.found.imports), true),
            self.bar_chart(to, self.partners(&self.found.exports), true),
            self.bar_chart(consumption, tenths.collect(), false),
            self.channel_chart(),
            self.moves(),
        ];
        Section {
            title: self.say(["who gains, who loses", "谁得谁失"]).to_owned(),
            charts: charts.into_iter().flatten().collect(),
        }
    }

    /// Through which channels each tenth gains or loses.
    fn channel_chart(&self) -> Option<(Chart, bool)> {
        let pairs = &self.found.channels;
        let channels = [
            ["market income", "市场收入"],
            ["taxes and transfers", "税收与转移"],
            ["prices", "价格"],
            ["saving", "储蓄"],
        ];
        let parts: Vec<Vec<f64>> = (0..channels.len())
            .map(|channel| over_pairs(pairs, |x| x[channel]).iter().map(|x| x.mean).collect())
            .collect();
        if parts[0].is_empty() {
            return None;
        }
        let keys: Vec<String> = channels.iter().map(|names| self.say(*names).to_owned()).collect();
        let names: Vec<String> = (1..=parts[0].len()).map(|decile| decile.to_string()).collect();
        let mut data = Table::new(std::iter::once("decile".to_owned()).chain(keys.iter().cloned()));
        for (place, name) in names.iter().enumerate() {
            data.push(std::iter::once(name.clone()).chain(parts.iter().map(|part| number(part[place]))));
        }
        let size = [400.0, 40.0 + 19.0 * names.len() as f64];
        let unit = [
            "log points (about percent) of real consumption, last quarter; 1 is the poorest tenth",
            "实际消费的对数点（约为百分比），最后一季；1 为最贫穷的十分之一",
        ];
        let definition = [
            "change of the logarithm of real consumption: through market income, through taxes and transfers (both over the logarithmic mean of disposable income), through prices of the decile's own basket, and through the share of income consumed, which is the rest. Logarithmic mean Divisia decomposition, Ang (2004)",
            "实际消费对数的变化：市场收入、税收与转移（均除以可支配收入的对数平均）、该组自身篮子的价格，其余为消费占收入比重的变化。对数平均迪氏分解，Ang (2004)",
        ];
        let chart = Chart {
            id: "incidence-channels".to_owned(),
            title: self.say(["through which channels", "影响渠道"]).to_owned(),
            unit: self.say(unit).to_owned(),
            definition: self.say(definition).to_owned(),
            description: format!(
                "{}: {}",
                self.say(["poorest tenth", "最贫穷的十分之一"]),
                keys.iter()
                    .zip(&parts)
                    .map(|(key, part)| format!("{key} {:+.2}", part[0]))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            keys,
            over_time: false,
            drawing: stacks(&names, &parts, size),
            size,
            data,
        };
        Some((chart, false))
    }

    /// From which tenth of income to which people moved within a year.
    fn moves(&self) -> Option<(Chart, bool)> {
        let cells: Vec<f64> = over_pairs(&self.found.moves, |x| *x).iter().map(|x| x.mean).collect();
        if cells.is_empty() {
            return None;
        }
        let values: Vec<Vec<f64>> = cells.chunks(TENTHS).map(<[f64]>::to_vec).collect();
        let tenths: Vec<String> = (1..=TENTHS).map(|tenth| tenth.to_string()).collect();
        let from = self.say(["from", "原"]);
        let mut data = Table::new(std::iter::once(from.to_owned()).chain(tenths.iter().cloned()));
        for (tenth, row) in tenths.iter().zip(&values) {
            data.push(std::iter::once(tenth.clone()).chain(row.iter().map(|x| number(*x))));
        }
        let size = [400.0, 24.0 + 22.0 * TENTHS as f64];
        let unit = if self.paired {
            [
                "points more (orange) or less (blue) than in the baseline of those in the row's tenth who are in the column's a year later",
                "行所示十分位组中一年后位于列所示组的百分比，与基准之差（百分点）；橙色为多，蓝色为少",
            ]
        } else {
            [
                "percent of those in the row's tenth who are in the column's a year later",
                "行所示十分位组中一年后位于列所示组的百分比",
            ]
        };
        let stayed = (0..TENTHS).map(|tenth| values[tenth][tenth]).sum::<f64>() / TENTHS as f64;
        let chart = Chart {
            id: "class-moves".to_owned(),
            title: self.say(["moves between tenths of income in a year", "一年内在收入十分位组之间的流动"]).to_owned(),
            unit: format!("{}{}{}", self.say(unit), self.colours(&values), self.uncertainty()),
            definition: self
                .say([
                    "variable income_transition in the last whole year: tenths of the region's people by what they received in the year before tax; 1 is the poorest",
                    "变量 income_transition，最后一个完整年度：按当年税前收入划分的十分位组；1 为最贫穷",
                ])
                .to_owned(),
            description: format!("{}: {stayed:+.2}", self.say(["in the same tenth, on average", "平均留在原组"])),
            keys: vec![],
            over_time: false,
            drawing: heat(&tenths, &tenths, &values, size),
            size,
            data,
        };
        Some((chart, false))
    }

    /// What the colours of a heat map stand for.
    fn colours(&self, values: &[Vec<f64>]) -> String {
        format!("{} {:.1}", self.say(["; strongest colour:", "；最深色："]), strongest(values))
    }

    /// All regions: a map, and output by industry.
    pub(super) fn everywhere(&self) -> Section {
        let charts = [self.map(), self.sectors()];
        Section {
            title: self.say(["the world", "世界"]).to_owned(),
            charts: charts.into_iter().flatten().map(|chart| (chart, true)).collect(),
        }
    }

    fn map(&self) -> Option<Chart> {
        let gdp = named("real_gdp")?;
        let estimates = over_pairs(&self.found.map, |x| *x);
        if estimates.is_empty() {
            return None;
        }
        let found: Vec<(String, f64)> = self.codes.iter().cloned().zip(estimates.iter().map(|x| x.mean)).collect();
        let mut data = Table::new(["region", "value", "95% low", "95% high"]);
        for (code, found) in self.codes.iter().zip(&estimates) {
            data.push([code.clone(), number(found.mean), number(found.low()), number(found.high())]);
        }
        let size = [640.0, 270.0];
        Some(Chart {
            id: "map".to_owned(),
            title: self.say(["real GDP, region by region", "各地区实际国内生产总值"]).to_owned(),
            unit: format!("{}, {}", self.unit(gdp), self.say(["last quarter", "最后一季"])),
            definition: format!(
                "{} {}",
                self.definition(gdp),
                self.say(["Tiles stand roughly as on a map.", "方块大致按地图位置排列。"])
            ),
            description: found.iter().map(|(code, value)| format!("{code} {value:+.2}")).collect::<Vec<_>>().join(", "),
            keys: vec![],
            over_time: false,
            drawing: tiles(&found, size),
            size,
            data,
        })
    }

    fn sectors(&self) -> Option<Chart> {
        let cells: Vec<f64> = over_pairs(&self.found.sectors, |x| *x).iter().map(|x| x.mean).collect();
        if cells.is_empty() || self.industries.is_empty() {
            return None;
        }
        let values: Vec<Vec<f64>> = cells.chunks(self.industries.len()).map(<[f64]>::to_vec).collect();
        let mut data = Table::new(std::iter::once("region".to_owned()).chain(self.industries.iter().cloned()));
        for (code, row) in self.codes.iter().zip(&values) {
            data.push(std::iter::once(code.clone()).chain(row.iter().map(|x| number(*x))));
        }
        let size = [1100.0, 24.0 + 22.0 * self.codes.len() as f64];
        let unit = if self.paired {
            [
                "percent of the baseline, last quarter; blue is less, orange more",
                "相对基准的百分比，最后一季；蓝色为减少，橙色为增加",
            ]
        } else {
            [
                "percent of the first tick, last quarter; blue is less, orange more",
                "相对首期的百分比，最后一季；蓝色为减少，橙色为增加",
            ]
        };
        Some(Chart {
            id: "sectors".to_owned(),
            title: self.say(["real output by region and industry", "各地区各行业实际产出"]).to_owned(),
            unit: format!("{}{}", self.say(unit), self.colours(&values)),
            definition: self
                .say([
                    "variable sector_real_output: volume at base-year prices",
                    "变量 sector_real_output：按基年价格计算的产出量",
                ])
                .to_owned(),
            description: self
                .say([
                    "a cell for every region and industry, coloured by the change of its output",
                    "每个地区与行业一格，颜色表示产出变化",
                ])
                .to_owned(),
            keys: vec![],
            over_time: false,
            drawing: heat(&self.codes, &self.industries, &values, size),
            size,
            data,
        })
    }
}
