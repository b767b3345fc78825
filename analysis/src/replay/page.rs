//! The page of a replay: the model's paths, its baseline, and dots where something was observed.

use std::ops::Range;

use super::chinese::texts;
use super::errors::Errors;
use super::tables::{by_share, errors_table, years};
use super::{ALL, Compared, Frame, Item, Kind, Path, Rebase, mean};
use crate::report::{Bar, Chart, Language, Names, Report, Section, Series, bars, dotted_lines};
use crate::table::Table;

/// What stands at the head of a page.
#[derive(Clone, Debug)]
pub struct Heading {
    /// Title of the scenario.
    pub title: String,
    /// Which runs these are, in words.
    pub runs: String,
    /// What makes the page doubtful, such as runs that do not belong together.
    pub warnings: Vec<String>,
    /// Names and values of where they come from.
    pub provenance: Vec<(String, String)>,
    /// Language of the page.
    pub language: Language,
    /// Names of the regions, for a page that is not in English.
    pub names: Names,
}

const SMALL: [f64; 2] = [400.0, 230.0];

/// Series of all partners together, by heading.
const TOTALS: [([&str; 2], &[&str]); 4] = [
    (["trade in goods", "货物贸易"], &["imports", "imports_index", "import_volume", "exports", "exports_index"]),
    (["duties", "关税"], &["duty_rate", "duty_revenue"]),
    (["prices", "价格"], &["import_price", "import_price_landed", "consumer_price", "producer_price"]),
    (["work", "就业"], &["manufacturing_employment", "employment", "unemployment_rate"]),
];

/// Series by partner, each under a heading of its own.
const BY_PARTNER: [([&str; 2], &str); 6] = [
    (["shares in goods imports, by partner", "分伙伴的货物进口份额"], "import_share"),
    (["goods imports by partner", "分伙伴的货物进口"], "imports_index"),
    (["volume of goods imports by partner", "分伙伴的货物进口量"], "import_volume"),
    (["collected duty rate by partner", "分伙伴的实际征收关税率"], "duty_rate"),
    (["goods imports by partner, billion", "分伙伴的货物进口，十亿"], "imports"),
    (["import prices by partner", "分伙伴的进口价格"], "import_price"),
];

/// Series that are drawn for the largest partners even where nothing was observed.
const DRAWN: [&str; 4] = ["import_share", "imports_index", "import_volume", "duty_rate"];
/// Largest partners that are drawn.
const LARGEST: usize = 6;

/// Makes the page.
#[must_use]
pub fn page(frame: &Frame, paths: &[Path], compared: &[Compared], rebase: Rebase, heading: &Heading) -> Report {
    let language = heading.language;
    let drawer = Drawer { frame, paths, compared, language, names: &heading.names };
    let mut sections: Vec<Section> = Vec::new();
    sections.extend(drawer.errors());
    for (title, ids) in TOTALS {
        let find = |id: &&str| paths.iter().position(|x| x.item.series.id == *id && x.item.partner.is_none());
        let charts = ids.iter().filter_map(find).map(|place| (drawer.chart(place), false)).collect();
        sections.push(Section { title: language.of(title).to_owned(), charts });
    }
    let largest: Vec<usize> = by_share(frame, paths).into_iter().take(LARGEST).collect();
    for (title, id) in BY_PARTNER {
        let drawn = |place: &usize| {
            let item = &paths[*place].item;
            let large = DRAWN.contains(&id) && item.partner.is_some_and(|partner| largest.contains(&partner));
            item.series.id == id && item.partner.is_some() && (large || drawer.observed(*place).is_some())
        };
        let mut places: Vec<usize> = (0..paths.len()).filter(drawn).collect();
        places.sort_by_key(|&place| {
            largest.iter().position(|x| Some(*x) == paths[place].item.partner).unwrap_or(usize::MAX)
        });
        let charts = places.into_iter().map(|place| (drawer.chart(place), false)).collect();
        sections.push(Section { title: language.of(title).to_owned(), charts });
    }
    sections.retain(|section| !section.charts.is_empty());
    let (region, span) = (drawer.place(frame.region), drawer.months(&(0..frame.dates.len())));
    Report {
        language,
        title: format!("{}{}", language.of(["Replay: ", "历史重演："]), heading.title),
        subtitle: [region, heading.runs.clone(), span].join(language.of(["; ", "；"])),
        warnings: heading.warnings.clone(),
        notes: drawer.notes(rebase),
        answers: drawer.answers(),
        sections,
        provenance: heading.provenance.clone(),
        ..Report::default()
    }
}

struct Drawer<'a> {
    frame: &'a Frame,
    paths: &'a [Path],
    compared: &'a [Compared],
    language: Language,
    names: &'a Names,
}

impl Drawer<'_> {
    fn say<'b>(&self, texts: [&'b str; 2]) -> &'b str {
        self.language.of(texts)
    }

    /// A region by its code, in Chinese by its name too.
    fn place(&self, region: usize) -> String {
        let code = &self.frame.codes[region];
        if self.language == Language::English { code.clone() } else { self.names.full(code, self.language) }
    }

    /// The partner of an item.
    fn partner(&self, item: &Item) -> String {
        item.partner.map_or_else(|| self.say([ALL, "全部"]).to_owned(), |partner| self.place(partner))
    }

    /// First and last month of some.
    fn months(&self, ticks: &Range<usize>) -> String {
        match self.language {
            Language::English => self.frame.months(ticks),
            Language::Chinese => format!("{} 至 {}", self.frame.month(ticks.start), self.frame.month(ticks.end - 1)),
        }
    }

    fn observed(&self, place: usize) -> Option<&Compared> {
        self.compared.iter().find(|x| x.place == place)
    }

    fn notes(&self, rebase: Rebase) -> Vec<String> {
        let (before, first) = (self.months(&self.frame.before()), self.frame.month(self.frame.first));
        let mut notes = vec![match self.language {
            Language::English => format!(
                "The model is written in trend units: target inflation and trend growth are removed, and it begins from the trade of \
                 its base year. Shares and rates compare as they are; indices are 100 on average over {before}, before the first \
                 measure in {first}. Take the trend out of observed amounts and prices, and their seasons. All partners are in \
                 replay.csv; the {LARGEST} largest are drawn."
            ),
            Language::Chinese => format!(
                "模型以趋势单位表示：目标通胀与趋势增长已剔除，并从基年的贸易出发。份额与比率可直接比较；指数以 {before}（首项措施 {first} \
                 之前）的平均为 100。请从观测的金额与价格中剔除趋势与季节因素。全部伙伴见 replay.csv；图中为最大的 {LARGEST} 个。"
            ),
        }];
        if !self.compared.is_empty() {
            let rebased = self.say(match rebase {
                Rebase::Index => ["observed indices are rebased on the same months", "观测指数按相同月份重新定基"],
                Rebase::Levels => [
                    "observed indices and amounts are rebased on the same months, so that only changes compare",
                    "观测指数与金额均按相同月份重新定基，因此只比较变化",
                ],
                Rebase::None => ["observations are compared as given", "观测值按原样比较"],
            });
            notes.push(match self.language {
                Language::English => {
                    format!("Dots: observed, from the file given; {rebased}. Nothing is fitted to them here.")
                }
                Language::Chinese => format!("圆点：所给文件中的观测值；{rebased}。此处未对其作任何拟合。"),
            });
        }
        notes
    }

    fn answers(&self) -> Vec<crate::report::Answer> {
        let [first, last] = years(self.frame);
        let answer = |path: &Path, name: String| {
            let model = path.means();
            let (before, end) = (mean(&model[self.frame.before()]), mean(&model[last.clone()]));
            let unit = if path.item.series.kind == Kind::Index { "" } else { " %" };
            crate::report::Answer {
                name,
                value: format!("{end:.1}{unit}"),
                note: format!(
                    "{}{} {before:.1}{} {:.1}{} {:.1}",
                    self.months(&last),
                    self.say(["; before", "；之前"]),
                    self.say(["; first year", "；第一年"]),
                    mean(&model[first.clone()]),
                    self.say(["; baseline", "；基准"]),
                    mean(&path.baseline[last.clone()])
                ),
                doubt: false,
            }
        };
        let mut answers = Vec::new();
        for id in ["duty_rate", "import_volume", "consumer_price", "manufacturing_employment"] {
            let path = self.paths.iter().find(|x| x.item.series.id == id && x.item.partner.is_none());
            answers.extend(path.map(|path| answer(path, self.name(path).to_owned())));
        }
        // The partner whose share falls most against the baseline.
        let fall = |path: &&Path| mean(&path.means()[last.clone()]) - mean(&path.baseline[last.clone()]);
        let shares = self.paths.iter().filter(|x| x.item.series.id == "import_share" && fall(x).is_finite());
        if let Some(path) = shares.min_by(|a, b| fall(a).total_cmp(&fall(b))) {
            let name =
                [self.partner(&path.item).as_str(), self.say([" in goods imports", "在货物进口中的份额"])].concat();
            answers.insert(1, answer(path, name));
        }
        answers
    }

    /// Name of the series of a path.
    fn name(&self, path: &Path) -> &'static str {
        texts(path.item.series, self.language).name
    }

    /// What a chart shows month by month.
    fn data(&self, columns: &[(&str, &Vec<f64>)]) -> Table {
        let mut data = Table::new(std::iter::once(self.say(["month", "月份"])).chain(columns.iter().map(|x| x.0)));
        for tick in 0..self.frame.dates.len() {
            let numbers = columns.iter().map(|x| crate::report::number(x.1[tick]));
            data.push(std::iter::once(self.frame.month(tick)).chain(numbers));
        }
        data
    }

    fn chart(&self, place: usize) -> Chart {
        let (path, compared) = (&self.paths[place], self.observed(place));
        let series = path.item.series;
        let told = texts(series, self.language);
        let [own, base] = [self.say(["model", "模型"]), self.say(["baseline", "基准"])];
        let model = path.means();
        let band = path.band();
        let lines = [
            Series { name: own.to_owned(), values: model.clone(), bands: band.iter().cloned().collect() },
            Series { name: base.to_owned(), values: path.baseline.clone(), bands: vec![] },
        ];
        let dots: &[f64] = compared.map_or(&[], |x| &x.observed);
        let drawing = dotted_lines(&lines, dots, &self.frame.dates, Some(self.frame.first), false, SMALL);
        let mut keys = vec![own.to_owned(), base.to_owned()];
        let mut columns = vec![(own, &model), (base, &path.baseline)];
        if let Some([low, high]) = &band {
            columns.extend([(self.say(["95% low", "95% 下限"]), low), (self.say(["95% high", "95% 上限"]), high)]);
        }
        if let Some(compared) = compared {
            let observed = self.say(["observed", "观测"]);
            keys.push(observed.to_owned());
            columns.push((observed, &compared.observed));
        }
        let title = match path.item.partner {
            None => told.name.to_owned(),
            Some(partner) => [&self.place(partner), self.say([": ", "："]), told.name].concat(),
        };
        let unit = if series.kind == Kind::Index {
            format!("{} = 100", self.months(&self.frame.before()))
        } else {
            told.unit.to_owned()
        };
        let interval = match (&band, self.language) {
            (None, _) => String::new(),
            (_, Language::English) => format!("; mean and its 95% interval, {} runs", path.model[0].count),
            (_, Language::Chinese) => format!("；均值及其 95% 区间，{} 次模拟", path.model[0].count),
        };
        let found = compared.and_then(|x| x.errors.as_ref()).map_or_else(String::new, |x| in_words(x, self.language));
        let end = model.last().copied().unwrap_or(f64::NAN);
        let (definition, published) = (told.definition, told.published);
        let (description, definition) = match self.language {
            Language::English => (
                format!("{title}, {unit}: {end:.2} at the end{interval}{found}"),
                format!("{definition}. To lay beside it: {published}."),
            ),
            Language::Chinese => (
                format!("{title}，{unit}：期末 {end:.2}{interval}{found}"),
                format!("{definition}。可与之比较：{published}。"),
            ),
        };
        Chart {
            id: format!("{}-{}", series.id.replace('_', "-"), self.frame.partner(&path.item).to_ascii_lowercase()),
            description,
            unit: format!("{unit}{interval}{found}"),
            definition,
            title,
            keys,
            over_time: true,
            drawing,
            size: SMALL,
            data: self.data(&columns),
            ..Chart::default()
        }
    }

    /// Theil's U of everything that was observed.
    fn errors(&self) -> Option<Section> {
        let rows: Vec<(&Compared, &Errors)> =
            self.compared.iter().filter_map(|x| Some((x, x.errors.as_ref()?))).collect();
        if rows.is_empty() {
            return None;
        }
        let bar = |(compared, errors): &(&Compared, &Errors)| Bar {
            name: match self.language {
                Language::English => format!("{} ({})", compared.item.series.name, self.partner(&compared.item)),
                Language::Chinese => {
                    format!("{}：{}", texts(compared.item.series, self.language).name, self.partner(&compared.item))
                }
            },
            value: errors.u_no_change.unwrap_or(f64::NAN),
            interval: None,
            apart: true,
        };
        let all: Vec<Bar> = rows.iter().map(bar).collect();
        let size = [1180.0, 44.0 + 20.0 * all.len() as f64];
        let chart = Chart {
            id: "errors".to_owned(),
            title: self.say(THEIL[0]).to_owned(),
            unit: self.say(THEIL[1]).to_owned(),
            definition: self.say(THEIL[2]).to_owned(),
            description: self.say(["Theil's U by series", "各序列的泰尔 U 值"]).to_owned(),
            keys: vec![],
            over_time: false,
            drawing: bars(&all, size),
            size,
            data: errors_table(self.frame, self.compared, true),
            world: true,
            ..Chart::default()
        };
        let title = self.say(["how far from what was observed", "与观测的距离"]).to_owned();
        Some(Section { title, charts: vec![(chart, true)] })
    }
}

/// Title, unit and definition of the errors.
const THEIL: [[&str; 2]; 3] = [
    ["Theil's U against no change since before the first measure", "泰尔 U 值：与首项措施之前的水平不变相比"],
    [
        "ratio of root mean squared errors; below 1 the model is closer to what was observed than no change",
        "均方根误差之比；小于 1 表示模型比“不变”更接近观测",
    ],
    [
        "With e = model less observed over the months observed since the first measure: RMSE = sqrt(mean e²), bias = mean \
         e, mean absolute error = mean |e|; U = RMSE over that of a naive path: the mean observed before the first measure \
         (u_no_change), or the model's baseline (u_baseline); change_correlation is that of changes from month to month, \
         sign_agreement the share of months in which both have moved the same way since before. Theil (1966); Pesaran and \
         Timmermann (1992).",
        "设 e 为首项措施以来有观测的各月中模型减观测之差：RMSE 为 e² 均值的平方根，bias 为 e 的均值，mean_absolute_error 为 |e| 的均值；\
         U 为 RMSE 与朴素路径的 RMSE 之比，朴素路径为首项措施之前的观测均值（u_no_change）或模型的基准情形（u_baseline）；\
         change_correlation 为逐月变化的相关系数，sign_agreement 为二者自此前以来同向变动的月份所占比例。Theil (1966)；Pesaran 与 \
         Timmermann (1992)。",
    ],
];

/// The errors of a series, for its unit line.
fn in_words(errors: &Errors, language: Language) -> String {
    let u = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let Errors { count, root_mean_square: root, bias, .. } = errors;
    let (same, base) = (u(errors.u_no_change), u(errors.u_baseline));
    match language {
        Language::English => format!(
            "; {count} months observed: RMSE {root:.2}, bias {bias:+.2}, U {same} (no change), {base} (baseline)"
        ),
        Language::Chinese => {
            format!("；观测 {count} 个月：RMSE {root:.2}，偏差 {bias:+.2}，U 值 {same}（不变）、{base}（基准）")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, rising};
    use super::super::{Observed, template};
    use super::*;

    #[test]
    fn a_page_shows_what_was_observed() {
        let frame = frame();
        let paths = rising(&frame);
        let english = (Language::English, Names::default());
        let of = |(language, names): (Language, Names)| {
            let (title, runs) = ("T".to_owned(), "two pairs".to_owned());
            Heading { title, runs, warnings: vec![], provenance: vec![], language, names }
        };
        let heading = of(english);
        let alone = page(&frame, &paths, &[], Rebase::Index, &heading);
        let ids: Vec<&str> = alone.charts().map(|chart| chart.id.as_str()).collect();
        assert!(ids.contains(&"duty-rate-all") && ids.contains(&"import-share-b"), "{ids:?}");
        assert!(!ids.contains(&"import-price-b") && !ids.contains(&"errors"), "{ids:?}");
        assert!(!alone.html().contains("class=\"d3\"") && alone.notes.len() == 1);
        let mut filled = template(&frame);
        for row in filled.rows.iter_mut().filter(|row| row[1] == "import_price" && row[2] == "B") {
            "90".clone_into(&mut row[4]);
        }
        let observed = Observed::parse(&filled.to_csv(), &frame, Rebase::Index).expect("observations");
        let compared = observed.beside(&frame, &paths, Rebase::Index);
        let beside = page(&frame, &paths, &compared, Rebase::Index, &heading);
        let chart = beside.charts().find(|chart| chart.id == "import-price-b").expect("a chart");
        // Observed prices stay at 10, the model's mean before; it rises to 12, 13, 14, 15.
        assert!(chart.unit.contains("4 months observed: RMSE 3.67, bias +3.50, U - (no change)"), "{}", chart.unit);
        assert_eq!(chart.data.rows[5].last().map(String::as_str), Some("10"));
        assert!(chart.unit.starts_with("2025-01 to 2025-02 = 100") && chart.keys.len() == 3);
        assert_eq!(beside.html().matches("class=\"d3\"").count(), 6);
        assert_eq!(beside.charts().next().map(|chart| chart.id.as_str()), Some("errors"));
        // In Chinese the same charts, and no English but what programs are given.
        let mut names = Names::default();
        for (code, chinese) in [("A", "甲"), ("B", "乙")] {
            names.add(code, "English", Some(chinese), "");
        }
        let chinese = page(&frame, &paths, &compared, Rebase::Levels, &of((Language::Chinese, names)));
        assert!(chinese.charts().map(|chart| &chart.id).eq(beside.charts().map(|chart| &chart.id)));
        let chart = chinese.charts().find(|chart| chart.id == "import-price-b").expect("a chart");
        assert!(
            chart.title == "乙（B）：税前进口价格" && chart.unit.contains("观测 4 个月"),
            "{} {}",
            chart.title,
            chart.unit
        );
        let html = chinese.html();
        assert!(html.contains("<html lang=\"zh-Hans\">") && html.contains("历史重演"));
        for english in
            ["model", "baseline", "observed", "interval", "before", "partner:", "imports", "English", " to 2025"]
        {
            let seen =
                chinese.charts().find(|x| [&x.title, &x.unit, &x.description].iter().any(|x| x.contains(english)));
            assert!(seen.is_none(), "{english} is in {seen:?}");
        }
    }
}
