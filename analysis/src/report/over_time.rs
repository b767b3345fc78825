//! Indicators over time: their changes against the baseline, and levels beside it.

use super::chart::{Chart, Look, Series, marked_lines};
use super::content::Drawer;
use super::gather::{band, range};
use super::number;
use super::page::Section;
use crate::indicators::{Heading, Indicator, named};
use crate::paired::Estimate;
use crate::response::response;
use crate::table::Table;

/// Indicators whose levels are drawn beside those of the baseline.
pub(super) const LEVELS: [&str; 4] = ["real_gdp", "consumer_price", "unemployment_rate", "real_imports"];

pub(super) const SMALL: [f64; 2] = [400.0, 230.0];

impl Drawer<'_> {
    fn months(&self) -> Vec<String> {
        self.dates.iter().map(|date| date.year_month()).collect()
    }

    pub(super) fn over_time(&self) -> Vec<Section> {
        let section = |heading: Heading| Section {
            title: self.say(heading.title()).to_owned(),
            charts: heading.indicators().filter_map(|x| Some((self.change_chart(x)?, false))).collect(),
        };
        Heading::ALL.into_iter().map(section).collect()
    }

    /// An indicator, or its change, over time.
    fn change_chart(&self, indicator: &Indicator) -> Option<Chart> {
        // What is switched off is no picture of zeros.
        let twins = self.found.series.get(indicator.id).filter(|twins| twins.has_something())?;
        let (estimates, runs) = twins.changes(indicator.scale);
        let placebo = self.placebo.series.get(indicator.id).map(|twins| twins.changes(indicator.scale).0);
        let judged = |(tick, change): (usize, &Estimate)| {
            self.is_apart(change, placebo.as_ref().and_then(|placebo| placebo.get(tick)))
        };
        let apart: Vec<bool> = estimates.iter().enumerate().map(judged).collect();
        let name = self.say(indicator.name).to_owned();
        let means: Vec<f64> = estimates.iter().map(|x| x.mean).collect();
        let (inner, outer) = (band(&estimates), range(&runs));
        let bands = outer.iter().chain(&inner).cloned().collect();
        let series = [Series { name: name.clone(), values: means.clone(), bands }];
        let look = Look { marks: &self.marks(), zero: self.paired, apart: &apart, parts: false };
        let drawing = marked_lines(&series, &self.dates, &look, SMALL);
        let mut data = self.table(&[(&name, &means)]);
        for (ends, label) in [(&inner, "95%"), (&outer, "10-90%")] {
            if let Some([low, high]) = ends {
                add(&mut data, &format!("{label} {}", self.say(["low", "下限"])), low);
                add(&mut data, &format!("{label} {}", self.say(["high", "上限"])), high);
            }
        }
        let end = means.last().copied().unwrap_or(f64::NAN);
        let ranges = if outer.is_some() {
            self.say(["; light: 10th to 90th percentile", "；浅色：10% 至 90% 分位"])
        } else {
            ""
        };
        Some(Chart {
            id: indicator.id.replace('_', "-"),
            description: format!(
                "{name}, {}: {end:.2} {}{}",
                self.unit(indicator),
                self.say(["at the end", "（期末）"]),
                self.uncertainty()
            ),
            title: name,
            unit: format!("{}{}{ranges}", self.unit(indicator), self.uncertainty()),
            definition: self.definition(indicator),
            over_time: true,
            drawing,
            size: SMALL,
            data,
            ..Chart::default()
        })
    }

    pub(super) fn definition(&self, indicator: &Indicator) -> String {
        format!("{}. {}", self.say(indicator.definition), indicator.source)
    }

    /// Months and some series beside them.
    pub(super) fn table(&self, series: &[(&str, &[f64])]) -> Table {
        let head = std::iter::once(self.say(["month", "月份"])).chain(series.iter().map(|x| x.0)).map(str::to_owned);
        let mut data = Table::new(head);
        for (tick, month) in self.months().into_iter().enumerate() {
            data.push(std::iter::once(month).chain(series.iter().map(|x| number(x.1[tick]))));
        }
        data
    }

    /// Levels of the runs and of their baselines, with the range of the runs.
    pub(super) fn levels(&self) -> Section {
        let chart = |indicator: &Indicator| {
            let twins = self
                .found
                .series
                .get(indicator.id)
                .filter(|twins| !twins.baseline.is_empty() && twins.has_something())?;
            let names = [self.with_measures(), self.say(["baseline", "基准"])];
            let [policy, baseline] = [&twins.policy, &twins.baseline].map(|runs| {
                let means: Vec<f64> = response(runs).iter().map(|x| x.mean).collect();
                (means, range(runs))
            });
            let line = |name: &str, (values, range): &(Vec<f64>, Option<[Vec<f64>; 2]>)| Series {
                name: name.to_owned(),
                values: values.clone(),
                bands: range.iter().cloned().collect(),
            };
            let series = [line(names[0], &policy), line(names[1], &baseline)];
            let look = Look { marks: &self.marks(), ..Look::default() };
            let drawing = marked_lines(&series, &self.dates, &look, SMALL);
            let mut data = self.table(&[(names[0], &policy.0), (names[1], &baseline.0)]);
            for (name, (_, range)) in names.iter().zip([&policy, &baseline]) {
                if let Some([low, high]) = range {
                    add(&mut data, &format!("{name} 10%"), low);
                    add(&mut data, &format!("{name} 90%"), high);
                }
            }
            let title = self.say(indicator.name).to_owned();
            let unit = self.own_unit(indicator);
            let ranges =
                self.say(["; shaded: 10th to 90th percentile of the runs", "；阴影：各次模拟的 10% 至 90% 分位"]);
            Some(Chart {
                id: format!("level-{}", indicator.id.replace('_', "-")),
                description: format!("{title}: {} / {}", names[0], names[1]),
                unit: if policy.1.is_some() { format!("{unit}{ranges}") } else { unit },
                title,
                definition: self.definition(indicator),
                keys: names.map(str::to_owned).to_vec(),
                over_time: true,
                drawing,
                size: SMALL,
                data,
                ..Chart::default()
            })
        };
        Section {
            title: self.say(["levels beside the baseline", "与基准对照的水平值"]).to_owned(),
            charts: LEVELS.iter().filter_map(|id| Some((chart(named(id)?)?, false))).collect(),
        }
    }
}

/// Adds a column to a table.
pub(super) fn add(table: &mut Table, name: &str, values: &[f64]) {
    table.head.push(name.to_owned());
    for (row, value) in table.rows.iter_mut().zip(values) {
        row.push(number(*value));
    }
}
