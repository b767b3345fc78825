//! What a report of a run or pair shows.

use engine::clock::Date;

use super::chart::{Bar, Chart, Series, bars, heat, lines, tiles};
use super::page::{Answer, Report, Section};
use super::{Drawing, Language};
use crate::indicators::{Data, Indicator, named};
use crate::panel::Panel;
use crate::recording::{Array, Recording, RecordingError};
use crate::response::{Scale, effect};
use crate::summary::{Window, windows};
use crate::table::Table;

/// What a report is made from.
pub struct Source<'a> {
    /// The run.
    pub policy: &'a Recording<'a>,
    /// The run it is compared with.
    pub baseline: Option<&'a Recording<'a>>,
    /// Region it is about.
    pub region: String,
    /// Language.
    pub language: Language,
}

/// Indicators on the first screen.
const ANSWERS: [&str; 9] = [
    "real_gdp",
    "consumer_price",
    "employment",
    "manufacturing_employment",
    "real_imports",
    "duty_revenue",
    "manufacturing_import_ratio",
    "poorest_consumption",
    "richest_consumption",
];

/// Indicators drawn over time, by heading.
const OVER_TIME: [([&str; 2], &[&str]); 4] = [
    (
        ["output and prices", "产出与价格"],
        &["real_gdp", "real_consumption", "real_investment", "consumer_price", "inflation", "labour_share"],
    ),
    (["work", "劳动"], &["unemployment_rate", "manufacturing_employment", "real_wage"]),
    (
        ["trade and reshoring", "贸易与制造业回流"],
        &[
            "real_imports",
            "real_exports",
            "manufacturing_output",
            "manufacturing_import_ratio",
            "terms_of_trade",
            "effective_duty",
        ],
    ),
    (
        ["budget and distribution", "财政与分配"],
        &["duty_revenue", "budget_balance", "debt_ratio", "gini_consumption", "polarization_income", "welfare"],
    ),
];

const SMALL: [f64; 2] = [400.0, 230.0];

/// Everything that is needed to draw.
struct Drawer<'a> {
    source: &'a Source<'a>,
    policy: Data<'a>,
    baseline: Option<Data<'a>>,
    dates: Vec<Date>,
    codes: Vec<String>,
    place: usize,
    event: Option<usize>,
    last: Window,
}

/// Makes the report.
///
/// # Errors
/// If a recording lacks what is shown, or the two do not belong together.
pub fn report(source: &Source<'_>) -> Result<Report, RecordingError> {
    let policy = source.policy;
    let codes = policy.labels("region")?;
    let dates = policy.dates()?;
    if let Some(other) = source.baseline
        && (other.labels("region")? != codes || other.dates()? != dates)
    {
        return Err(RecordingError::Mismatch("they are of different worlds or cover different ticks".to_owned()));
    }
    let place = policy.place("region", &source.region)?;
    let data = Data::of(policy)?;
    let event = policy.attribute("first_policy_tick")?.parse::<usize>().ok().filter(|&tick| tick < dates.len());
    let quarter = (data.per_year / 4).max(1);
    let end = Window { name: String::new(), ticks: dates.len().saturating_sub(quarter)..dates.len() };
    let compared = windows(event.unwrap_or(0), dates.len(), data.per_year);
    let last = compared.last().cloned().unwrap_or(end);
    let baseline = source.baseline.map(Data::of).transpose()?;
    let drawer = Drawer { source, policy: data, baseline, dates, codes, place, event, last };
    let mut sections = drawer.over_time()?;
    sections.insert(1, drawer.partners()?);
    sections.push(drawer.everywhere()?);
    Ok(Report {
        language: source.language,
        title: policy.attribute("title")?,
        subtitle: drawer.subtitle()?,
        answers: drawer.answers(&compared)?,
        sections,
        provenance: drawer.provenance()?,
    })
}

impl Drawer<'_> {
    fn say<'b>(&self, texts: [&'b str; 2]) -> &'b str {
        self.source.language.of(texts)
    }

    fn subtitle(&self) -> Result<String, RecordingError> {
        let names = self.source.policy.attribute("region_names")?;
        let name = names
            .split("; ")
            .find_map(|part| part.strip_prefix(&format!("{}: ", self.source.region)))
            .unwrap_or(&self.source.region);
        let seed = self.source.policy.attribute("seed")?;
        let month = |date: &Date| date.to_string()[..7].to_owned();
        let span = format!(
            "{} – {}",
            self.dates.first().map_or_else(String::new, month),
            self.dates.last().map_or_else(String::new, month)
        );
        Ok(if self.baseline.is_some() {
            format!(
                "{name}; {} {seed}; {span}",
                self.say([
                    "change against the same world without the measures, seed",
                    "与无政策的同一世界相比的变化，种子"
                ])
            )
        } else {
            format!("{name}; {} {seed}; {span}", self.say(["one run, seed", "单次模拟，种子"]))
        })
    }

    /// Values of an indicator by region: changes if there is a baseline.
    fn values(&self, indicator: &Indicator) -> Result<Panel, RecordingError> {
        let values = indicator.values(&self.policy)?;
        let Some(baseline) = &self.baseline else { return Ok(values) };
        let base = indicator.values(baseline)?;
        Ok(values.iter().zip(&base).map(|(a, b)| effect(a, b, indicator.scale)).collect())
    }

    fn unit(&self, indicator: &Indicator) -> String {
        match (&self.baseline, indicator.scale) {
            (None, _) => indicator.unit.to_owned(),
            (Some(_), Scale::Percent) => self.say(["percent of the baseline", "相对基准的百分比"]).to_owned(),
            (Some(_), Scale::Difference) => {
                format!("{}: {}", self.say(["difference", "差值"]), indicator.unit)
            }
        }
    }

    fn answers(&self, compared: &[Window]) -> Result<Vec<Answer>, RecordingError> {
        let mut answers = Vec::new();
        for indicator in ANSWERS.iter().filter_map(|id| named(id)) {
            let series = &self.values(indicator)?[self.place];
            let mean = |window: &Window| series[window.ticks.clone()].iter().sum::<f64>() / window.ticks.len() as f64;
            let value = mean(&self.last);
            let shown = match (&self.baseline, indicator.scale) {
                (None, _) => format!("{value:.2}"),
                (Some(_), Scale::Percent) => format!("{value:+.2} %"),
                (Some(_), Scale::Difference) => format!("{value:+.2}"),
            };
            let mut note = self.say(["last quarter", "最后一季"]).to_owned();
            if let [first, _] = compared {
                let before = mean(first);
                note = format!("{note}; {} {before:+.2}", self.say(["after a year", "一年后"]));
            }
            if self.baseline.is_none() || indicator.scale == Scale::Difference {
                note = format!("{}; {note}", indicator.unit);
            }
            answers.push(Answer { name: self.say(indicator.name).to_owned(), value: shown, note });
        }
        Ok(answers)
    }

    fn months(&self) -> Vec<String> {
        self.dates.iter().map(|date| date.to_string()[..7].to_owned()).collect()
    }

    fn over_time(&self) -> Result<Vec<Section>, RecordingError> {
        let mut sections = Vec::new();
        for (title, ids) in OVER_TIME {
            let mut charts = Vec::new();
            for indicator in ids.iter().filter_map(|id| named(id)) {
                let values = self.values(indicator)?.swap_remove(self.place);
                let name = self.say(indicator.name).to_owned();
                let series = [Series { name: name.clone(), values: values.clone(), band: None }];
                let drawing = lines(&series, &self.dates, self.event, self.baseline.is_some(), SMALL);
                let mut data = Table::new(["month".to_owned(), name.clone()]);
                for (month, value) in self.months().into_iter().zip(&values) {
                    data.push([month, number(*value)]);
                }
                let end = values.last().copied().unwrap_or(f64::NAN);
                charts.push((
                    Chart {
                        id: indicator.id.replace('_', "-"),
                        description: format!("{name}, {}: {end:.2} at the end", self.unit(indicator)),
                        title: name,
                        unit: self.unit(indicator),
                        definition: format!("{}. {}", indicator.definition, indicator.source),
                        keys: vec![],
                        over_time: true,
                        drawing,
                        size: SMALL,
                        data,
                    },
                    false,
                ));
            }
            sections.push(Section { title: self.say(title).to_owned(), charts });
        }
        Ok(sections)
    }

    /// Mean over the last window of a cell of an array, less that of the baseline if there is one.
    fn change(&self, name: &str, of: impl Fn(&Array, usize) -> f64) -> Result<(f64, f64), RecordingError> {
        let mean = |array: &Array| {
            self.last.ticks.clone().map(|tick| of(array, tick)).sum::<f64>() / self.last.ticks.len() as f64
        };
        let policy = mean(&*self.policy.shared(name)?);
        let baseline = match &self.baseline {
            Some(data) => mean(&*data.shared(name)?),
            None => 0.0,
        };
        Ok((policy, baseline))
    }

    /// Bars with their data.
    fn bar_chart(&self, id: &str, title: [&str; 2], unit: &str, definition: &str, found: Vec<Bar>) -> Chart {
        let size = [400.0, 40.0 + 19.0 * found.len() as f64];
        let mut data = Table::new(["name", "value"]);
        for bar in &found {
            data.push([bar.name.clone(), number(bar.value)]);
        }
        let largest = found.iter().max_by(|a, b| a.value.abs().total_cmp(&b.value.abs()));
        let description = largest.map_or_else(String::new, |bar| format!("largest: {} {:+.2}", bar.name, bar.value));
        Chart {
            id: id.to_owned(),
            title: self.say(title).to_owned(),
            unit: unit.to_owned(),
            definition: definition.to_owned(),
            description,
            keys: vec![],
            over_time: false,
            drawing: bars(&found, size),
            size,
            data,
        }
    }

    /// Who sells more or less to the region, and who buys.
    fn partners(&self) -> Result<Section, RecordingError> {
        let billions = self.policy.per_year as f64 / 1e11;
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for (partner, code) in self.codes.iter().enumerate().filter(|x| x.0 != self.place) {
            let imports = self.change("imports_bilateral", |array, tick| array.at(tick, &[self.place, partner]))?;
            let exports = self.change("imports_bilateral", |array, tick| array.at(tick, &[partner, self.place]))?;
            let bar = |(policy, baseline): (f64, f64)| Bar {
                name: code.clone(),
                value: (policy - baseline) * billions,
                interval: None,
            };
            from.push(bar(imports));
            to.push(bar(exports));
        }
        from.sort_by(|a, b| a.value.total_cmp(&b.value));
        to.sort_by(|a, b| a.value.total_cmp(&b.value));
        let unit = self.say(["billion a year, last quarter", "十亿/年，最后一季"]);
        let definition =
            "variable imports_bilateral: purchases by country of origin before duty, in the importer's currency";
        let mut poor = Vec::new();
        for decile in 0..10 {
            let (policy, baseline) =
                self.change("real_consumption_decile", |array, tick| array.at(tick, &[self.place, decile]))?;
            let value = if self.baseline.is_some() { 100.0 * (policy / baseline - 1.0) } else { policy * billions };
            poor.push(Bar { name: (decile + 1).to_string(), value, interval: None });
        }
        let incidence = if self.baseline.is_some() {
            self.say([
                "percent of the baseline, last quarter; 1 is the poorest tenth",
                "相对基准的百分比，最后一季；1 为最贫穷十分之一",
            ])
        } else {
            unit
        };
        Ok(Section {
            title: self.say(["who gains, who loses", "谁得谁失"]).to_owned(),
            charts: vec![
                (self.bar_chart("imports-by-origin", ["imports by origin", "按来源地的进口"], unit, definition, from), false),
                (self.bar_chart("exports-by-buyer", ["exports by buyer", "按目的地的出口"], unit, definition, to), false),
                (
                    self.bar_chart(
                        "consumption-by-decile",
                        ["real consumption by tenth of income", "按收入十分位的实际消费"],
                        incidence,
                        "variable real_consumption_decile: deciles of base-year income, each at the prices of its own basket",
                        poor,
                    ),
                    false,
                ),
            ],
        })
    }

    /// All regions: a map, and output by industry.
    fn everywhere(&self) -> Result<Section, RecordingError> {
        let gdp = named("real_gdp").expect("an indicator");
        let panel = self.values(gdp)?;
        let mean =
            |series: &Vec<f64>| series[self.last.ticks.clone()].iter().sum::<f64>() / self.last.ticks.len() as f64;
        let found: Vec<(String, f64)> = self.codes.iter().cloned().zip(panel.iter().map(mean)).collect();
        let mut data = Table::new(["region", "value"]);
        for (code, value) in &found {
            data.push([code.clone(), number(*value)]);
        }
        let size = [640.0, 270.0];
        let map = Chart {
            id: "map".to_owned(),
            title: self.say(["real GDP, region by region", "各地区实际国内生产总值"]).to_owned(),
            unit: self.unit(gdp),
            definition: format!("{}. Tiles stand roughly as on a map.", gdp.definition),
            description: found.iter().map(|(code, value)| format!("{code} {value:+.2}")).collect::<Vec<_>>().join(", "),
            keys: vec![],
            over_time: false,
            drawing: tiles(&found, size),
            size,
            data,
        };
        let industries = self.source.policy.labels("industry")?;
        let mut values = Vec::new();
        let mut data = Table::new(std::iter::once("region".to_owned()).chain(industries.iter().cloned()));
        for (region, code) in self.codes.iter().enumerate() {
            let mut row = Vec::new();
            for industry in 0..industries.len() {
                let (policy, baseline) =
                    self.change("sector_real_output", |array, tick| array.at(tick, &[region, industry]))?;
                let base = if self.baseline.is_some() {
                    baseline
                } else {
                    self.first("sector_real_output", &[region, industry])?
                };
                row.push(100.0 * (policy / base - 1.0));
            }
            data.push(std::iter::once(code.clone()).chain(row.iter().map(|x| number(*x))));
            values.push(row);
        }
        let size = [1100.0, 24.0 + 22.0 * self.codes.len() as f64];
        let unit = if self.baseline.is_some() {
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
        let drawing: Drawing = heat(&self.codes, &industries, &values, size);
        let sectors = Chart {
            id: "sectors".to_owned(),
            title: self.say(["real output by region and industry", "各地区各行业实际产出"]).to_owned(),
            unit: self.say(unit).to_owned(),
            definition: "variable sector_real_output: volume at base-year prices".to_owned(),
            description: "a cell for every region and industry, coloured by the change of its output".to_owned(),
            keys: vec![],
            over_time: false,
            drawing,
            size,
            data,
        };
        Ok(Section { title: self.say(["the world", "世界"]).to_owned(), charts: vec![(map, true), (sectors, true)] })
    }

    /// Value of the first tick.
    fn first(&self, name: &str, place: &[usize]) -> Result<f64, RecordingError> {
        Ok(self.policy.shared(name)?.at(0, place))
    }

    fn provenance(&self) -> Result<Vec<(String, String)>, RecordingError> {
        let names =
            ["scenario", "seed", "world", "households", "firms", "source", "commit", "target", "calibration_digest"];
        names.iter().map(|name| Ok(((*name).to_owned(), self.source.policy.attribute(name)?))).collect()
    }
}

/// A number to six digits; nothing where there is none.
fn number(value: f64) -> String {
    if value.is_finite() {
        let text = format!("{value:.6}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        String::new()
    }
}
