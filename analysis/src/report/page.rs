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
                    let _ = if *doubt {
                        write!(text, "<span class=\"doubt\">{part}</span>")
                    } else {
                        write!(text, "{part}")
                    };
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
            "<p class=\"read\" aria-live=\"polite\"></p>\n<details class=\"data\"><summary>{}</summary><p>{}</p><p><button type=\"button\">{}</button></p><div class=\"scroll\" tabindex=\"0\"></div></details>",
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
        let context: Vec<String> = self.luck.iter().chain(&self.context).cloned().collect();
        let head = Heading {
            title: &title,
            unit: &chart.unit,
            description: &chart.description,
            keys: &chart.keys,
            parts: chart.parts,
            warnings: &self.warnings,
            context: &context,
            foot: &foot,
        };
        chart.drawing.file(chart.size, &head)
    }
}

/// Rows of a table that is not folded away.
const OPEN: usize = 8;

/// Measures that are named below a chart; more are folded away.
const NAMED: usize = 6;

/// Measures that are named below a drawing that stands alone.
const MOST: usize = 40;

/// A table with a title; nothing if it has no rows.
fn table(text: &mut String, table: &Table, title: &str) {
    if table.rows.is_empty() {
        return;
    }
    let cells = |tag: &str, row: &[String]| {
        let cell = |cell: &String| format!("<{tag}>{}</{tag}>", escaped(cell));
        row.iter().map(cell).collect::<Vec<_>>().concat()
    };
    // A long table would push the answers off the first screens.
    let folded = table.rows.len() > OPEN;
    if folded {
        let _ = writeln!(text, "<details><summary>{}: {}</summary>", escaped(title), table.rows.len());
    }
    let _ = writeln!(text, "<div class=\"policy\" tabindex=\"0\"><table><caption>{}</caption>", escaped(title));
    let _ = writeln!(text, "<tr>{}</tr>", cells("th", &table.head));
    for row in &table.rows {
        let _ = writeln!(text, "<tr>{}</tr>", cells("td", row));
    }
    text.push_str(if folded { "</table></div></details>\n" } else { "</table></div>\n" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_stand_above_all_else_and_in_every_drawing() {
        let chart = Chart { id: "a".to_owned(), title: "T".to_owned(), size: [300.0, 100.0], ..Chart::default() };
        let report = Report {
            title: "A title".to_owned(),
            warnings: vec!["the runs differ: <households> 300 and 400".to_owned()],
            luck: Some("one seed".to_owned()),
            policy: Some(Policy { words: vec!["a duty".to_owned()], ..Policy::default() }),
            region: "Here (R01)".to_owned(),
            sections: vec![Section { title: "s".to_owned(), charts: vec![(chart.clone(), false)] }],
            ..Report::default()
        };
        let page = report.html();
        let place = |part: &str| page.find(part).unwrap_or_else(|| panic!("{part}: {page}"));
        let warning = "<p class=\"warning\" role=\"alert\">the runs differ: &lt;households&gt; 300 and 400</p>";
        assert!(
            place("<main>") < place(warning)
                && place(warning) < place("one seed")
                && place("one seed") < place("a duty")
        );
        let drawing = report.drawing(&chart);
        assert!(
            drawing.contains("T: Here (R01)") && drawing.contains("the runs differ: &lt;households&gt;"),
            "{drawing}"
        );
        assert!(drawing.contains("class=\"alarm\"") && drawing.contains(".alarm { fill: #b00020"), "{drawing}");
        let plain = Report { warnings: vec![], ..report };
        assert!(!plain.html().contains("role=\"alert\""));
        let chinese = Report { language: Language::Chinese, ..plain };
        assert!(chinese.html().contains("<html lang=\"zh-Hans\">"));
    }

    #[test]
    fn long_tables_and_many_marks_are_folded_away() {
        let mut long = Table::new(["a"]);
        (0..=OPEN).for_each(|row| long.push([row.to_string()]));
        let mut text = String::new();
        table(&mut text, &long, "t");
        assert!(text.starts_with("<details><summary>t: 9</summary>") && text.ends_with("</details>\n"), "{text}");
        let marks: Vec<String> = (0..=NAMED).map(|mark| format!("{mark}: m")).collect();
        let mut text = String::new();
        Report::default().below(&mut text, &Chart { marks: marks.clone(), ..Chart::default() });
        assert!(text.contains("<details class=\"marks\">") && text.contains("0: m; 1: m"), "{text}");
        // The data of a figure are found beside them.
        assert!(SCRIPT.contains("details.data"));
        let many = Chart {
            marks: marks.iter().cycle().take(MOST + 2).cloned().collect(),
            size: [900.0, 9.0],
            ..Chart::default()
        };
        assert!(Report::default().drawing(&many).contains("not named here: 2"));
    }
}
