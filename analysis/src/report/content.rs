//! What a report shows: of one run, of a run and its baseline, or of all pairs of an arm of an ensemble.

use engine::clock::Date;

use super::Language;
use super::chart::Mark;
use super::chinese;
use super::doses::Swept;
use super::gather::{Gathered, Question, RunPair, gather};
use super::names::Names;
use super::over_time::LEVELS;
use super::page::{Answer, Policy, Report};
use super::sentences::{People, is_ranked};
use crate::chance::{MARK, Verdict, verdict};
use crate::indicators::{Heading, Indicator, named};
use crate::paired::Estimate;
use crate::recording::RecordingError;
use crate::response::Scale;
use crate::summary::{Window, windows};

/// What a report is made from.
pub struct Source<'a> {
    /// Runs, each with the run of the same seed it is compared with; all have one or none has.
    pub pairs: Vec<RunPair<'a>>,
    /// Title.
    pub title: String,
    /// Indicators that answer its question, said and shown first.
    pub answers: Vec<String>,
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
    let drawn = Heading::ALL.into_iter().flat_map(|heading| heading.indicators().map(|x| x.id));
    let asked = source.answers.iter().filter_map(|id| Some(named(id)?.id));
    let wanted = ANSWERS.iter().chain(&LEVELS).chain(&OTHERS).copied().chain(drawn).chain(asked);
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
        let asked = &self.source.answers;
        let usual = ANSWERS.into_iter().filter(|id| !asked.iter().any(|x| x == id));
        let indicators = asked.iter().map(String::as_str).chain(usual).filter_map(named);
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

    /// A value of an indicator, or a change, which has a sign; of an index from nothing to about one with more digits.
    pub(super) fn amount(&self, indicator: &Indicator, value: f64) -> String {
        let digits = if is_index(indicator) { 4 } else { 2 };
        if self.paired { format!("{value:+.digits$}") } else { format!("{value:.digits$}") }
    }

    fn answer(&self, indicator: &Indicator, found: &Estimate) -> Answer {
        let value = match (self.paired, indicator.scale) {
            (true, Scale::Percent) => self.amount(indicator, found.mean) + " %",
            _ => self.amount(indicator, found.mean),
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
            let interval = [found.low(), found.high()].map(|x| self.amount(indicator, x));
            notes.push(format!("95%: {} {} {}", interval[0], self.say(["to", "至"]), interval[1]));
        }
        notes.push(self.say(["last quarter", "最后一季"]).to_owned());
        if let [first, _] = &self.compared[..]
            && let Some(before) = self.mean_of(indicator, first)
        {
            notes.push([self.say(["after a year", "一年后"]), " ", &self.amount(indicator, before.mean)].concat());
        }
        Answer { name: self.say(indicator.name).to_owned(), value, note: notes.join(self.say(["; ", "；"])), doubt }
    }
}

/// Whether an indicator is a number without a unit, from nothing to about one.
pub(super) fn is_index(indicator: &Indicator) -> bool {
    indicator.unit.starts_with("0 ")
}

/// Mean change of an indicator over a window in some runs, and its interval; nothing where it is zero throughout.
pub(super) fn mean_in(found: &Gathered, indicator: &Indicator, window: &Window) -> Option<Estimate> {
    let twins = found.series.get(indicator.id).filter(|twins| twins.has_something())?;
    let (_, runs) = twins.changes(indicator.scale);
    let mean = |run: &Vec<f64>| run[window.ticks.clone()].iter().sum::<f64>() / window.ticks.len() as f64;
    crate::paired::estimate(&runs.iter().map(mean).collect::<Vec<_>>())
}
