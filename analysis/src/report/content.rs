//! What a report shows: of one run, of a run and its baseline, or of all pairs of an arm of an ensemble.

use engine::clock::Date;

use super::chart::{Chart, Look, Mark, Series, marked_lines};
use super::chinese;
use super::doses::Swept;
use super::gather::{Gathered, Question, RunPair, band, gather, range};
use super::names::Names;
use super::page::{Answer, Policy, Report, Section};
use super::sentences::{People, is_ranked};
use super::{Language, number};
use crate::chance::{MARK, Verdict, verdict};
use crate::indicators::{Indicator, named};
use crate::paired::Estimate;
use crate::recording::RecordingError;
use crate::response::{Scale, response};
use crate::summary::{Window, windows};
use crate::table::Table;

/// What a report is made from.
pub struct Source<'a> {
    /// Runs, each with the run of the same seed it is compared with; all have one or none has.
    pub pairs: Vec<RunPair<'a>>,
    /// Title.
    pub title: String,
    /// Which runs these are, in words, such as `seed 3`.
    pub runs: String,
    /// Tick in which the policy begins.
    pub event: Option<usize>,
    /// Ticks in which measures begin and end.
    pub marks: Vec<Mark>,
    /// The policy in words and tables.
    pub policy: Option<Policy>,
    /// What makes the page doubtful, such as runs that do not belong together.
    pub warnings: Vec<String>,
    /// Names of regions and industries.
    pub names: Names,
    /// Pairs of the placebo, if there is one.
    pub placebo: Vec<RunPair<'a>>,
    /// Factors with several values, with the runs of each.
    pub swept: Vec<Swept<'a>>,
    /// Region it is about.
    pub region: String,
    /// Language.
    pub language: Language,
    /// What a reader should know, such as runs that failed.
    pub notes: Vec<String>,
    /// Measures that are in force in the baselines too.
    pub in_both: Vec<String>,
    /// Names and values of where the runs come from.
    pub provenance: Vec<(String, String)>,
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

/// Indicators that are said in words.
const OTHERS: [&str; 2] = ["gini_income", "manufacturing_output"];

/// Indicators whose levels are drawn beside those of the baseline.
pub(super) const LEVELS: [&str; 4] = ["real_gdp", "consumer_price", "unemployment_rate", "real_imports"];

/// Indicators drawn over time, by heading.
pub(super) const OVER_TIME: [([&str; 2], &[&str]); 4] = [
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
            "relocated_capacity",
            "relocated_employment",
            "terms_of_trade",
            "effective_duty",
        ],
    ),
    (
        ["budget and distribution", "财政与分配"],
        &["duty_revenue", "budget_balance", "debt_ratio", "gini_consumption", "polarization_income", "welfare"],
    ),
];

pub(super) const SMALL: [f64; 2] = [400.0, 230.0];

/// Everything that is needed to draw.
pub(super) struct Drawer<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) found: Gathered,
    pub(super) paired: bool,
    pub(super) codes: Vec<String>,
    pub(super) industries: Vec<String>,
    pub(super) place: usize,
    pub(super) dates: Vec<Date>,
    pub(super) last: Window,
    pub(super) placebo: Gathered,
    pub(super) people: People,
    compared: Vec<Window>,
}

/// Makes the report.
///
/// # Errors
/// If there is no run, a file is damaged, or the runs do not belong together. What is not recorded is left out and named.
pub fn report(source: &Source<'_>) -> Result<Report, RecordingError> {
    let mismatch = |what: &str| RecordingError::Mismatch(what.to_owned());
    let (policy, _) = source.pairs.first().ok_or_else(|| mismatch("there is no run"))?;
    let (codes, dates) = (policy.labels("region")?, policy.dates()?);
    let paired = source.pairs.iter().all(|pair| pair.1.is_some());
    for other in source.pairs.iter().filter_map(|pair| pair.1.as_ref()) {
        if !paired || other.labels("region")? != codes || other.dates()? != dates {
            return Err(mismatch("they are of different worlds or cover different ticks"));
        }
    }
    let place = policy.place("region", &source.region)?;
    let per_year = policy.ticks_per_year()?;
    let quarter = (per_year / 4).max(1);
    let end = Window { name: String::new(), ticks: dates.len().saturating_sub(quarter)..dates.len() };
    let event = source.event.filter(|&tick| tick < dates.len());
    let compared = windows(event.unwrap_or(0), dates.len(), per_year);
    let last = compared.last().cloned().unwrap_or(end);
    let wanted = ANSWERS.iter().chain(&LEVELS).chain(OVER_TIME.iter().flat_map(|x| x.1)).chain(&OTHERS).copied();
    let wanted: Vec<&'static str> = wanted.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let question = Question { place, last: &last, wanted: &wanted };
    let (found, placebo) = (gather(&source.pairs, &question)?, gather(&source.placebo, &question)?);
    let people = People::of(policy, place)?;
    let industries = policy.labels("industry").unwrap_or_default();
    let drawer = Drawer { source, found, paired, codes, industries, place, dates, last, placebo, people, compared };
    drawer.report()
}

impl Drawer<'_> {
    /// The page.
    fn report(&self) -> Result<Report, RecordingError> {
        let source = self.source;
        let mut sections = self.over_time();
        sections.insert(1.min(sections.len()), self.gains_and_losses());
        // Beside trade and reshoring.
        sections.insert(4.min(sections.len()), self.plants());
        sections.push(self.levels());
        sections.push(self.everywhere());
        if self.paired && !source.swept.is_empty() {
            sections.insert(0, self.swept()?);
        }
        sections.retain(|section| !section.charts.is_empty());
        for chart in sections.iter_mut().flat_map(|section| &mut section.charts).map(|x| &mut x.0) {
            if chart.over_time {
                chart.marks = self.named_marks();
            }
            if is_ranked(&chart.id) {
                chart.caveat = self.caveat();
            }
        }
        let subtitle = self.subtitle();
        let luck = self.paired && source.pairs.len() == 1;
        Ok(Report {
            language: source.language,
            title: source.title.clone(),
            warnings: source.warnings.clone(),
            luck: luck.then(|| self.say(Verdict::OneSeed.reason()).to_owned()),
            policy: source.policy.clone(),
            says: self.sentences(),
            region: source.names.full(&source.region, source.language),
            context: vec![source.title.clone(), subtitle.clone()],
            subtitle,
            notes: source.notes.iter().cloned().chain(self.in_both()).chain(self.left_out()).collect(),
            answers: self.answers(),
            sections,
            provenance: source.provenance.clone(),
        })
    }

    /// Marks of the charts over time, those that lie within the run.
    pub(super) fn marks(&self) -> Vec<Mark> {
        if self.source.marks.is_empty() {
            let event = self.source.event.filter(|&tick| tick < self.dates.len());
            return event.map(|tick| Mark { tick, ..Mark::default() }).into_iter().collect();
        }
        self.source.marks.iter().filter(|mark| mark.tick < self.dates.len()).cloned().collect()
    }

    /// Names of the marks, a line each, each once.
    fn named_marks(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.marks().into_iter().flat_map(|mark| mark.name.lines().map(str::to_owned).collect::<Vec<_>>()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// How many seeds something is of, in words.
    pub(super) fn seeds_in_words(&self, count: usize) -> String {
        match count {
            0 | 1 => self.say(Verdict::OneSeed.reason()).to_owned(),
            count => format!(
                "{}{count}{}",
                self.say(["mean and its 95% interval, ", "均值及 95% 置信区间，"]),
                self.say([" runs", " 次模拟"])
            ),
        }
    }

    /// Whether a change is told apart from chance; levels always are.
    pub(super) fn is_apart(&self, change: &Estimate, placebo: Option<&Estimate>) -> bool {
        !self.paired || verdict(change, placebo).is_apart()
    }

    pub(super) fn say<'b>(&self, texts: [&'b str; 2]) -> &'b str {
        self.source.language.of(texts)
    }

    fn subtitle(&self) -> String {
        let name = self.source.names.full(&self.source.region, self.source.language);
        let month = |date: Option<&Date>| date.map_or_else(String::new, |date| date.year_month());
        let span = format!("{} – {}", month(self.dates.first()), month(self.dates.last()));
        let what = match (self.paired, self.source.pairs.len()) {
            (true, _) if !self.source.in_both.is_empty() => [
                "change against the same world with part of the measures, ",
                "与同一世界仅有部分政策的情形相比的变化，",
            ],
            (true, _) => ["change against the same world in the baseline, ", "与同一世界基准情形相比的变化，"],
            (false, 1) => ["one run, ", "单次模拟，"],
            (false, _) => ["runs, ", "模拟，"],
        };
        format!("{name}; {}{}; {span}", self.say(what), self.source.runs)
    }

    /// Measures whose effect is not shown since they are in force in the baseline too.
    fn in_both(&self) -> Option<String> {
        (self.paired && !self.source.in_both.is_empty()).then(|| {
            let text = self.say([
                "in force in the baseline too, so that what is shown is the effect of the other measures alone",
                "以下政策在基准情形中同样有效，因此所示仅为其余政策的影响",
            ]);
            format!("{text}: {}", self.source.in_both.join(", "))
        })
    }

    /// What runs are called beside their baselines.
    pub(super) fn with_measures(&self) -> &str {
        if self.source.in_both.is_empty() {
            self.say(["with the measures", "有政策"])
        } else {
            self.say(["with all measures", "有全部政策"])
        }
    }

    /// What is not drawn since it is not recorded.
    fn left_out(&self) -> Option<String> {
        let missing: Vec<&str> = self.found.missing.iter().map(String::as_str).collect();
        (!missing.is_empty()).then(|| {
            let text = self.say([
                "not recorded, so what needs them is not drawn (name them in outputs.variables of a sweep, or record with --record full)",
                "未记录以下变量，相关图表未绘制（请在 outputs.variables 中列出，或使用 --record full）",
            ]);
            format!("{text}: {}", missing.join(", "))
        })
    }

    /// A unit with its currency. All currencies are worth one US dollar in the base year, so that amounts at base-year prices
    /// are in dollars in every region; others are in the region's own currency.
    pub(super) fn money(&self, unit: &str) -> String {
        let (own, dollars) = (["own currency", "本币"], self.say(["billion USD", "十亿美元"]));
        let billions = |unit: &str| unit.replace("billion", dollars).replace("十亿", dollars);
        if !own.iter().any(|own| unit.contains(own)) {
            return billions(unit);
        }
        let currency = self.source.names.currency(&self.source.region);
        if currency == Some("USD") && unit.contains(self.say(["billion", "十亿"])) {
            return billions(unit).replace(", own currency", "").replace("，本币", "");
        }
        let at_par = self.say(["worth 1 USD in the base year", "基年与美元等值"]);
        let currency = currency.unwrap_or_else(|| self.say(own));
        own.iter().fold(unit.to_owned(), |unit, own| unit.replace(own, &format!("{currency} ({at_par})")))
    }

    pub(super) fn own_unit(&self, indicator: &Indicator) -> String {
        self.money(match self.source.language {
            Language::English => indicator.unit,
            Language::Chinese => chinese::unit(indicator.unit),
        })
    }

    pub(super) fn unit(&self, indicator: &Indicator) -> String {
        match (self.paired, indicator.scale) {
            (false, _) => self.own_unit(indicator),
            (true, Scale::Percent) => {
                self.say(["change against baseline, percent", "相对基准的变化，百分比"]).to_owned()
            }
            (true, Scale::Difference) => {
                let text = self.say(["change against baseline, difference", "相对基准的变化，差值"]);
                format!("{text}: {}", self.own_unit(indicator))
            }
        }
    }

    /// What intervals, ranges and grey stand for; nothing where there are none.
    pub(super) fn uncertainty(&self) -> String {
        let grey = if self.paired {
            self.say(["; grey: not told apart from chance", "；灰色：与偶然无法区分"])
        } else {
            ""
        };
        match (self.source.pairs.len(), self.paired) {
            (0 | 1, false) => String::new(),
            (count, _) => format!("{}{}{grey}", self.say(["; ", "；"]), self.seeds_in_words(count)),
        }
    }

    fn answers(&self) -> Vec<Answer> {
        let indicators = ANSWERS.iter().filter_map(|id| named(id));
        indicators.filter_map(|indicator| Some(self.answer(indicator, &self.mean_of(indicator, &self.last)?))).collect()
    }

    /// Mean of an indicator over a window, and its interval over runs.
    pub(super) fn mean_of(&self, indicator: &Indicator, window: &Window) -> Option<Estimate> {
        mean_in(&self.found, indicator, window)
    }

    /// Mean level of an indicator over a window in the runs.
    pub(super) fn level_of(&self, indicator: &Indicator, window: &Window) -> Option<f64> {
        let runs = &self.found.series.get(indicator.id)?.policy;
        let mean = |run: &Vec<f64>| run[window.ticks.clone()].iter().sum::<f64>() / window.ticks.len() as f64;
        Some(runs.iter().map(mean).sum::<f64>() / runs.len() as f64)
    }

    /// Whether the change of an indicator over a window is told apart from chance.
    pub(super) fn verdict_of(&self, indicator: &Indicator, window: &Window) -> Option<Verdict> {
        let placebo = mean_in(&self.placebo, indicator, window);
        Some(verdict(&self.mean_of(indicator, window)?, placebo.as_ref()))
    }

    fn answer(&self, indicator: &Indicator, found: &Estimate) -> Answer {
        let value = match (self.paired, indicator.scale) {
            (false, _) => format!("{:.2}", found.mean),
            (true, Scale::Percent) => format!("{:+.2} %", found.mean),
            (true, Scale::Difference) => format!("{:+.2}", found.mean),
        };
        let verdict = self.verdict_of(indicator, &self.last).filter(|_| self.paired);
        let doubt = verdict.is_some_and(|verdict| !verdict.is_apart());
        let value = if doubt { format!("{MARK}{value}") } else { value };
        let mut notes = Vec::new();
        if let Some(verdict) = verdict.filter(|_| doubt) {
            notes.push(self.say(verdict.reason()).to_owned());
        }
        if !self.paired || indicator.scale == Scale::Difference {
            notes.push(self.own_unit(indicator));
        }
        if found.count > 1 {
            let interval = [found.low(), found.high()].map(|x| format!("{x:+.2}"));
            notes.push(format!("95%: {} {} {}", interval[0], self.say(["to", "至"]), interval[1]));
        }
        notes.push(self.say(["last quarter", "最后一季"]).to_owned());
        if let [first, _] = &self.compared[..]
            && let Some(before) = self.mean_of(indicator, first)
        {
            notes.push(format!("{} {:+.2}", self.say(["after a year", "一年后"]), before.mean));
        }
        Answer { name: self.say(indicator.name).to_owned(), value, note: notes.join(self.say(["; ", "；"])), doubt }
    }

    fn months(&self) -> Vec<String> {
        self.dates.iter().map(|date| date.year_month()).collect()
    }

    fn over_time(&self) -> Vec<Section> {
        let section = |(title, ids): ([&str; 2], &[&str])| Section {
            title: self.say(title).to_owned(),
            charts: ids.iter().filter_map(|id| Some((self.change_chart(named(id)?)?, false))).collect(),
        };
        OVER_TIME.into_iter().map(section).collect()
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
        let text = match self.source.language {
            Language::English => indicator.definition,
            Language::Chinese => chinese::definition(indicator.id).unwrap_or(indicator.definition),
        };
        format!("{text}. {}", indicator.source)
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
    fn levels(&self) -> Section {
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

/// Mean change of an indicator over a window in some runs, and its interval; nothing where it is zero throughout.
pub(super) fn mean_in(found: &Gathered, indicator: &Indicator, window: &Window) -> Option<Estimate> {
    let twins = found.series.get(indicator.id).filter(|twins| twins.has_something())?;
    let (_, runs) = twins.changes(indicator.scale);
    let mean = |run: &Vec<f64>| run[window.ticks.clone()].iter().sum::<f64>() / window.ticks.len() as f64;
    crate::paired::estimate(&runs.iter().map(mean).collect::<Vec<_>>())
}

/// Adds a column to a table.
pub(super) fn add(table: &mut Table, name: &str, values: &[f64]) {
    table.head.push(name.to_owned());
    for (row, value) in table.rows.iter_mut().zip(values) {
        row.push(number(*value));
    }
}
