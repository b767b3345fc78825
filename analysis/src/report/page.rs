//! A page: answers first, then sections of charts, then where it all comes from.

use std::fmt::Write as _;

use super::Language;
use super::chart::Chart;
use super::svg::escaped;

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
#[derive(Clone, Debug)]
pub struct Report {
    /// Language.
    pub language: Language,
    /// Title.
    pub title: String,
    /// What was compared with what, where and when.
    pub subtitle: String,
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
        let lang = self.language.of(["en", "zh"]);
        let mut text = format!(
            "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>\n{STYLE}{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n<p class=\"sub\">{}</p>\n</header>\n<main>\n",
            escaped(&self.title),
            super::DRAWING_STYLE,
            escaped(&self.title),
            escaped(&self.subtitle)
        );
        for note in &self.notes {
            let _ = writeln!(text, "<p class=\"note\">{}</p>", escaped(note));
        }
        if !self.answers.is_empty() {
            text += "<div class=\"cards\">\n";
            for Answer { name, value, note } in &self.answers {
                let _ = writeln!(
                    text,
                    "<div class=\"card\"><span>{}</span><b>{}</b><span>{}</span></div>",
                    escaped(name),
                    escaped(value),
                    escaped(note)
                );
            }
            text += "</div>\n";
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
                let _ = write!(text, "<i style=\"background:var(--s{})\"></i>{}", number % 4 + 1, escaped(key));
            }
            text.push_str("</p>\n");
        }
        let _ = writeln!(text, "{}", chart.drawing.element(chart.size, &chart.title, &chart.description));
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
}
