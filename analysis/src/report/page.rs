//! A page: answers first, then sections of charts, then where it all comes from.

use std::fmt::Write as _;

use super::Language;
use super::chart::Chart;
use super::palette;
use super::svg::{Heading, escaped, key_colour};
use crate::table::Table;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A number that answers a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it is.
    pub name: String,
    /// The number with its unit.
    pub value: String,
    /// When, and its interval if it has one.
    pub note: String,
    /// Whether it is a change that is not told apart from chance.
    pub doubt: bool,
}

/// The policy that a report is about.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Each measure in words, and when and where the world is.
    pub words: Vec<String>,
    /// The measures, a row each.
    pub measures: Table,
    /// Parameters that are not at their defaults, a row each.
    pub settings: Table,
}

/// A sentence that answers a question.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// Question.
    pub about: String,
    /// What is said, and whether each part is not told apart from chance.
    pub parts: Vec<(String, bool)>,
}

/// Charts that belong together.
#[derive(Clone, Debug)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Charts, and whether each takes the whole width.
    pub charts: Vec<(Chart, bool)>,
}

/// A report.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Language.
    pub language: Language,
    /// Title.
    pub title: String,
    /// What was compared with what, where and when.
    pub subtitle: String,
    /// What makes the page doubtful, such as runs that do not belong together: in red, at the top.
    pub warnings: Vec<String>,
    /// Said at the top where all is of one seed.
    pub luck: Option<String>,
    /// The policy.
    pub policy: Option<Policy>,
    /// Sentences that answer.
    pub says: Vec<Sentence>,
    /// The region, for drawings that stand alone.
    pub region: String,
    /// Scenario, runs and time, for drawings that stand alone.
    pub context: Vec<String>,
    /// What a reader should know first.
    pub notes: Vec<String>,
    /// The first screen.
    pub answers: Vec<Answer>,
    /// The rest.
    pub sections: Vec<Section>,
    /// Names and values of what the report is made from.
    pub provenance: Vec<(String, String)>,
}

impl Report {
    /// All charts.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.sections.iter().flat_map(|section| &section.charts).map(|x| &x.0)
    }

    /// The page.
    #[must_use]
    pub fn html(&self) -> String {
        let lang = self.language.of(["en", "zh-Hans"]);
        let mut text = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>\n{}{STYLE}{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n<p class=\"sub\">{}</p>\n</header>\n<main>\n",
            escaped(&self.title),
            palette::variables(),
            super::DRAWING_STYLE,
            escaped(&self.title),
            escaped(&self.subtitle)
        );
        for warning in &self.warnings {
            let _ = writeln!(text, "<p class=\"warning\" role=\"alert\">{}</p>", escaped(warning));
        }
        if let Some(luck) = &self.luck {
            let _ = writeln!(text, "<p class=\"luck\">{}</p>", escaped(luck));
        }
        if let Some(policy) = &self.policy {
            self.policy(&mut text, policy);
        }
        self.answers(&mut text);
        for note in &self.notes {
            let _ = writeln!(text, "<p class=\"note\">{}</p>", escaped(note));
        }
        for section in &self.sections {
            let _ = writeln!(text, "<section>\n<h2>{}</h2>\n<div class=\"grid\">", escaped(&section.title));
            for (chart, wide) in &section.charts {
                self.figure(&mut text, chart, *wide);
            }
            text += "</div>\n</section>\n";
        }
        let _ = writeln!(
            text,
            "<section>\n<h2>{}</h2>\n<table class=\"from\">",
            self.language.of(["where this comes from", "来源"])
        );
        for (name, value) in &self.provenance {
            let _ = writeln!(text, "<tr><td>{}</td><td>{}</td></tr>", escaped(name), escaped(value));
        }
        let _ = writeln!(text, "</table>\n</section>\n</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>");
        text
    }

    /// The policy in words and as a table.
    fn policy(&self, text: &mut String, policy: &Policy) {
        let _ = writeln!(text, "<section>\n<h2>{}</h2>", self.language.of(["the policy", "政策"]));
        for words in &policy.words {
            let _ = writeln!(text, "<p class=\"says\">{}</p>", escaped(words));
        }
        table(text, &policy.measures, self.language.of(["measures", "政策措施"]));
        let settings = ["parameters that differ from the defaults", "与默认值不同的参数"];
        table(text, &policy.settings, self.language.of(settings));
        text.push_str("</section>\n");
    }

    /// Sentences and numbers that answer.
    fn answers(&self, text: &mut String) {
        if !self.says.is_empty() {
            let _ = writeln!(text, "<section>\n<h2>{}</h2>", self.language.of(["what happened", "结果"]));
            for Sentence { about, parts } in &self.says {
                let _ = write!(text, "<p class=\"says\"><b>{}</b> ", escaped(about));
                for (part, doubt) in parts {
                    let part = escaped(part);
                    text.push_str(&if *doubt { format!("<span class=\"doubt\">{part}</span>") } else { part });
                }
                text.push_str("</p>\n");
            }
            text.push_str("</section>\n");
        }
        if self.answers.is_empty() {
            return;
        }
        text.push_str("<div class=\"cards\">\n");
        for Answer { name, value, note, doubt } in &self.answers {
            let _ = writeln!(
                text,
                "<div class=\"card{}\"><span>{}</span><b>{}</b><span>{}</span></div>",
                if *doubt { " doubt" } else { "" },
                escaped(name),
                escaped(value),
                escaped(note)
            );
        }
        text.push_str("</div>\n");
    }

    fn figure(&self, text: &mut String, chart: &Chart, wide: bool) {
        let class = if wide { " class=\"wide\"" } else { "" };
        // Charts over time can be read off tick by tick.
        let sides = if chart.over_time { " data-left=\"52\" data-right=\"12\"" } else { "" };
        let _ = writeln!(
            text,
            "<figure{class} data-id=\"{}\"{sides}>\n<figcaption><h3>{}</h3><p class=\"unit\">{}</p></figcaption>",
            chart.id,
            escaped(&chart.title),
            escaped(&chart.unit)
        );
        if chart.keys.len() > 1 {
            text.push_str("<p class=\"unit key\">");
            for (number, key) in chart.keys.iter().enumerate() {
                let colour = key_colour(number, chart.parts);
                let _ = write!(text, "<i style=\"background:var(--{colour})\"></i>{}", escaped(key));
            }
            text.push_str("</p>\n");
        }
        let _ = writeln!(text, "{}", chart.drawing.element(chart.size, &chart.title, &chart.description));
        self.below(text, chart);
        let _ = writeln!(
            text,
            "<p class=\"read\" aria-live=\"polite\"></p>\n<details><summary>{}</summary><p>{}</p><p><button type=\"button\">{}</button></p><div class=\"scroll\" tabindex=\"0\"></div></details>",
            self.language.of(["definition and data", "定义与数据"]),
            escaped(&chart.definition),
            self.language.of(["download CSV", "下载 CSV"])
        );
        let json = serde_json::json!({ "head": chart.data.head, "rows": chart.data.rows }).to_string();
        // Nothing in the data may end the element.
        let json = json.replace('<', "\\u003c");
        let _ = writeln!(text, "<script type=\"application/json\" id=\"data-{}\">{json}</script>\n</figure>", chart.id);
    }

    /// Names of the marks, and what to beware of.
    fn below(&self, text: &mut String, chart: &Chart) {
        match &chart.marks[..] {
            [] => {}
            marks if marks.len() <= NAMED => {
                let _ = writeln!(text, "<p class=\"unit marks\">{}</p>", escaped(&marks.join("; ")));
            }
            marks => {
                let all = self.language.of(["measures marked", "标记的政策措施"]);
                let named = escaped(&marks.join("; "));
                let count = marks.len();
                let _ = writeln!(
                    text,
                    "<details class=\"marks\"><summary>{all}: {count}</summary><p>{named}</p></details>"
                );
            }
        }
        if !chart.caveat.is_empty() {
            let _ = writeln!(text, "<p class=\"caveat\">{}</p>", escaped(&chart.caveat));
        }
    }

    /// A chart as a drawing that stands alone: it says of what region, scenario and runs it is.
    #[must_use]
    pub fn drawing(&self, chart: &Chart) -> String {
        let place = if chart.world { String::new() } else { self.region.clone() };
        let title = if place.is_empty() { chart.title.clone() } else { format!("{}: {place}", chart.title) };
        let mut foot = chart.marks.clone();
        if foot.len() > MOST {
            let rest = foot.len() - MOST;
            foot.truncate(MOST);
            foot.push(format!(
                "{} {rest}",
                self.language.of(["measures that are marked but not named here:", "另有已标记而未列出的政策措施："])
            ));
        }
        foot.extend(Some(chart.caveat.clone()).filter(|caveat| !caveat.is_empty()));
        let context: Vec<String> = self.warnings.iter().chain(&self.luck).chain(&self.context).cloned().collect();
        let head = Heading {
            title: &title,
            unit: &chart.unit,
            description: &chart.description,
            keys: &chart.keys,
            parts: chart.parts,
            context: &context,
            foot: &foot,
        };
        chart.drawing.file(chart.size, &head)
    }
}

/// Measures that are named below a chart; more are folded away.
const NAMED: usize = 4;

/// Measures that are named below a drawing that stands alone.
const MOST: usize = 40;

/// A table with a title; nothing if it has no rows.
fn table(text: &mut String, table: &Table, title: &str) {
    if table.rows.is_empty() {
        return;
    }
    let cells = |tag: &str, row: &[String]| {
        row.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect::<String>()
    };
    let _ = writeln!(text, "<div class=\"policy\" tabindex=\"0\"><table><caption>{}</caption>", escaped(title));
    let _ = writeln!(text, "<tr>{}</tr>", cells("th", &table.head));
    for row in &table.rows {
        let _ = writeln!(text, "<tr>{}</tr>", cells("td", row));
    }
    text.push_str("</table></div>\n");
}
