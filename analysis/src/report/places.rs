//! The parts of a report over places: partners, tenths of the people, regions and industries.

use super::chart::{Bar, Chart, Tile, bars, heading_of, heat, stacks, strongest, tiles};
use super::content::Drawer;
use super::figures::{CHANNELS, CONSUMPTION, EXPORTS, IMPORTS, MAP, MOVES, SECTORS};
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
    /// The same of the placebo.
    placebo: Option<Estimate>,
    pub(super) levels: [f64; 2],
}

impl Drawer<'_> {
    /// Bars, from the lowest to the highest if `sorted`, with their data.
    pub(super) fn bar_chart(&self, head: Head<'_>, mut rows: Vec<Row>, sorted: bool) -> Option<(Chart, bool)> {
        // What is zero everywhere, in both worlds, is no picture.
        if rows.iter().all(|row| row.levels.iter().all(|level| *level == 0.0)) {
            return None;
        }
        if sorted {
            rows.sort_by(|a, b| a.value.mean.total_cmp(&b.value.mean));
        }
        let names = [
            self.say(["name", "名称"]),
            self.say(["value", "数值"]),
            self.say(["95% low", "95% 下限"]),
            self.say(["95% high", "95% 上限"]),
            self.with_measures(),
            self.say(["baseline", "基准"]),
        ];
        let mut data = Table::new(names);
        let mut found = Vec::new();
        for Row { name, value, placebo, levels } in rows {
            let interval = (value.count > 1).then(|| [value.low(), value.high()]);
            let ends = interval.map_or([String::new(), String::new()], |ends| ends.map(number));
            let baseline = if self.paired { number(levels[1]) } else { String::new() };
            let [low, high] = ends;
            data.push([name.clone(), number(value.mean), low, high, number(levels[0]), baseline]);
            let apart = self.is_apart(&value, placebo.as_ref());
            found.push(Bar { name, value: value.mean, interval, apart });
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
            drawing: bars(&found, size),
            size,
            data,
            ..Chart::default()
        };
        Some((chart, false))
    }

    /// Partners as rows: change of trade with each.
    pub(super) fn partners(&self, pairs: &[Vec<Level>], placebo: &[Vec<Level>]) -> Vec<Row> {
        let placebo = over_pairs(placebo, |level| level.difference());
        let values = over_pairs(pairs, |level| level.difference());
        let (policy, baseline) = (over_pairs(pairs, |x| x.policy), over_pairs(pairs, |x| x.baseline));
        let rows = self.codes.iter().zip(values).zip(policy.iter().zip(&baseline)).enumerate();
        rows.filter(|x| x.0 != self.place)
            .map(|(place, ((code, value), (a, b)))| Row {
                name: self.named(code),
                value,
                placebo: placebo.get(place).copied(),
                levels: [a.mean, b.mean],
            })
            .collect()
    }

    /// A region or industry with its name.
    pub(super) fn named(&self, code: &str) -> String {
        self.source.names.full(code, self.source.language)
    }

    /// Whether each cell is told apart from chance; not asked of one pair, of which a page says that it may be luck.
    fn apart(&self, cells: &[Estimate], placebo: &[Estimate]) -> Vec<bool> {
        let asked = self.paired && self.source.pairs.len() > 1;
        cells.iter().enumerate().map(|(place, cell)| !asked || self.is_apart(cell, placebo.get(place))).collect()
    }

    /// Who sells more or less to the region, who buys, and which tenth of the people bears what.
    pub(super) fn gains_and_losses(&self) -> Section {
        let billions = self.money(self.say(["billion a year, own currency, last quarter", "十亿/年，本币，最后一季"]));
        let change = if self.paired { self.say(["change against baseline, ", "相对基准的变化，"]) } else { "" };
        let traded = format!("{change}{billions}");
        let from = Head {
            id: IMPORTS.0,
            title: IMPORTS.1,
            unit: traded.clone(),
            definition: [
                "variable imports_bilateral: purchases by country of origin, before duty",
                "变量 imports_bilateral：按原产地的购买额，税前",
            ],
        };
        let to = Head {
            id: EXPORTS.0,
            title: EXPORTS.1,
            unit: traded,
            definition: [
                "variable imports_bilateral of the buyers, before duty, at the exchange rates of the tick",
                "各买方的变量 imports_bilateral，税前，按当期汇率折算",
            ],
        };
        let tenths = ["; 1 is the poorest tenth", "；1 为最贫穷的十分之一"];
        let unit = if self.paired {
            self.say(["change against baseline, percent, last quarter", "相对基准的变化，百分比，最后一季"]).to_owned()
        } else {
            billions
        };
        let consumption = Head {
            id: CONSUMPTION.0,
            title: CONSUMPTION.1,
            unit: format!("{unit}{}", self.say(tenths)),
            definition: [
                "simulated: variable real_consumption_decile, what the people of each tenth of base-year income bought in the runs, at the prices of the tenth's own basket",
                "模拟结果：变量 real_consumption_decile，基年收入各十分位组在模拟中的购买量，以各组自身篮子价格平减",
            ],
        };
        let deciles = &self.found.deciles;
        let change = |level: &Level| if self.paired { level.percent() } else { level.policy };
        let levels = [over_pairs(deciles, |x| x.policy), over_pairs(deciles, |x| x.baseline)];
        let placebo = over_pairs(&self.placebo.deciles, change);
        let tenths = over_pairs(deciles, change).into_iter().enumerate().map(|(place, value)| Row {
            placebo: placebo.get(place).copied(),
            name: (place + 1).to_string(),
            value,
            levels: [levels[0][place].mean, levels[1][place].mean],
        });
        let charts = [
            self.bar_chart(from, self.partners(&self.found.imports, &self.placebo.imports), true),
            self.bar_chart(to, self.partners(&self.found.exports, &self.placebo.exports), true),
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
        let found: Vec<Vec<Estimate>> = (0..channels.len()).map(|channel| over_pairs(pairs, |x| x[channel])).collect();
        let parts: Vec<Vec<f64>> = found.iter().map(|part| part.iter().map(|x| x.mean).collect()).collect();
        let placebo = |channel: usize| over_pairs(&self.placebo.channels, |x| x[channel]);
        let apart: Vec<Vec<bool>> =
            found.iter().enumerate().map(|(channel, part)| self.apart(part, &placebo(channel))).collect();
        if parts[0].is_empty() {
            return None;
        }
        let keys: Vec<String> = channels.iter().map(|names| self.say(*names).to_owned()).collect();
        let names: Vec<String> = (1..=parts[0].len()).map(|decile| decile.to_string()).collect();
        let mut data =
            Table::new(std::iter::once(self.say(["tenth", "十分位组"]).to_owned()).chain(keys.iter().cloned()));
        for (place, name) in names.iter().enumerate() {
            data.push(std::iter::once(name.clone()).chain(parts.iter().map(|part| number(part[place]))));
        }
        let size = [400.0, 40.0 + 19.0 * names.len() as f64];
        let unit = [
            "change against baseline, log points (about percent) of real consumption, last quarter; 1 is the poorest tenth",
            "相对基准的变化，实际消费的对数点（约为百分比），最后一季；1 为最贫穷的十分之一",
        ];
        let definition = [
            "simulated: change of the logarithm of real consumption: through market income, through taxes and transfers (both over the logarithmic mean of disposable income), through prices of the decile's own basket, and through the share of income consumed, which is the rest. Logarithmic mean Divisia decomposition, Ang (2004)",
            "模拟结果：实际消费对数的变化：市场收入、税收与转移（均除以可支配收入的对数平均）、该组自身篮子的价格，其余为消费占收入比重的变化。对数平均迪氏分解，Ang (2004)",
        ];
        let chart = Chart {
            id: CHANNELS.0.to_owned(),
            title: self.say(CHANNELS.1).to_owned(),
            unit: format!("{}{}", self.say(unit), self.uncertainty()),
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
            drawing: stacks(&names, &parts, &apart, size),
            parts: true,
            size,
            data,
            ..Chart::default()
        };
        Some((chart, false))
    }

    /// From which tenth of income to which people moved within a year.
    fn moves(&self) -> Option<(Chart, bool)> {
        let found = over_pairs(&self.found.moves, |x| *x);
        let apart = self.apart(&found, &over_pairs(&self.placebo.moves, |x| *x));
        let apart: Vec<Vec<bool>> = apart.chunks(TENTHS).map(<[bool]>::to_vec).collect();
        let cells: Vec<f64> = found.iter().map(|x| x.mean).collect();
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
            id: MOVES.0.to_owned(),
            title: self.say(MOVES.1).to_owned(),
            unit: format!("{}{}{}", self.say(unit), self.colours(&values), self.uncertainty()),
            definition: self
                .say([
                    "variable income_transition in the last whole year: tenths of the region's people by income of the year, after tax where households are units; 1 is the poorest",
                    "变量 income_transition，最后一个完整年度：按当年收入划分的十分位组，住户为多人单位时为税后；1 为最贫穷",
                ])
                .to_owned(),
            description: format!("{}: {stayed:+.2}", self.say(["in the same tenth, on average", "平均留在原组"])),
            drawing: heat(&tenths, &tenths, &values, Some(&apart), size),
            size,
            data,
            ..Chart::default()
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
        let apart = self.apart(&estimates, &over_pairs(&self.placebo.map, |x| *x));
        let tile = |((code, found), apart): ((&String, &Estimate), bool)| Tile {
            code: code.clone(),
            name: Some(self.source.names.name(code, self.source.language))
                .filter(|x| x != code)
                .unwrap_or_default()
                .to_owned(),
            value: found.mean,
            apart,
        };
        let found: Vec<Tile> = self.codes.iter().zip(&estimates).zip(apart).map(tile).collect();
        let head = [["region", "地区"], ["value", "数值"], ["95% low", "95% 下限"], ["95% high", "95% 上限"]];
        let mut data = Table::new(head.map(|texts| self.say(texts)));
        for (code, found) in self.codes.iter().zip(&estimates) {
            data.push([code.clone(), number(found.mean), number(found.low()), number(found.high())]);
        }
        let size = [640.0, 270.0];
        Some(Chart {
            id: MAP.0.to_owned(),
            title: self.say(MAP.1).to_owned(),
            unit: format!("{}, {}{}", self.unit(gdp), self.say(["last quarter", "最后一季"]), self.uncertainty()),
            definition: format!(
                "{} {}",
                self.definition(gdp),
                self.say(["Tiles stand roughly as on a map.", "方块大致按地图位置排列。"])
            ),
            description: found
                .iter()
                .map(|tile| format!("{} {:+.2}", self.named(&tile.code), tile.value))
                .collect::<Vec<_>>()
                .join(", "),
            drawing: tiles(&found, size),
            size,
            data,
            world: true,
            ..Chart::default()
        })
    }

    fn sectors(&self) -> Option<Chart> {
        let found = over_pairs(&self.found.sectors, |x| *x);
        let cells: Vec<f64> = found.iter().map(|x| x.mean).collect();
        if cells.is_empty() || self.industries.is_empty() {
            return None;
        }
        let values: Vec<Vec<f64>> = cells.chunks(self.industries.len()).map(<[f64]>::to_vec).collect();
        let apart = self.apart(&found, &over_pairs(&self.placebo.sectors, |x| *x));
        let apart: Vec<Vec<bool>> = apart.chunks(self.industries.len()).map(<[bool]>::to_vec).collect();
        let regions: Vec<String> = self.codes.iter().map(|code| self.named(code)).collect();
        let industries: Vec<String> = self.industries.iter().map(|code| self.named(code)).collect();
        let region = self.say(["region", "地区"]).to_owned();
        let mut data = Table::new(std::iter::once(region).chain(industries.iter().cloned()));
        for (name, row) in regions.iter().zip(&values) {
            data.push(std::iter::once(name.clone()).chain(row.iter().map(|x| number(*x))));
        }
        let size = [1100.0, heading_of(&industries, 900.0).0 + 22.0 * self.codes.len() as f64];
        let unit = if self.paired {
            [
                "change against baseline, percent, last quarter; blue is less, orange more",
                "相对基准的变化，百分比，最后一季；蓝色为减少，橙色为增加",
            ]
        } else {
            [
                "percent of the first tick, last quarter; blue is less, orange more",
                "相对首期的百分比，最后一季；蓝色为减少，橙色为增加",
            ]
        };
        Some(Chart {
            id: SECTORS.0.to_owned(),
            title: self.say(SECTORS.1).to_owned(),
            unit: format!("{}{}{}", self.say(unit), self.colours(&values), self.uncertainty()),
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
            drawing: heat(&regions, &industries, &values, Some(&apart), size),
            size,
            data,
            world: true,
            ..Chart::default()
        })
    }
}
