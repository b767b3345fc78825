//! The scoreboard as a page that opens anywhere, light and dark.

use std::fmt::Write as _;

use super::{Entry, Score, Verdict};
use crate::chance::MARK;
use crate::facts::Status;
use crate::report::{Axis, Drawing, escaped};

const STYLE: &str = include_str!("score.css");

/// Size of a strip, pixels.
const STRIP: [f64; 2] = [220.0, 34.0];

/// A strip: the band as a bar, the target as a bracket, ours as a dot with its interval.
fn strip(entry: &Entry) -> String {
    let Some(found) = entry.value else { return String::new() };
    let (band, target) = (entry.band(), entry.fact.target_range());
    if band.is_none() && target.is_none() {
        return String::new();
    }
    let ends = if found.half_width.is_finite() { vec![found.low(), found.high()] } else { Vec::new() };
    let values = band.iter().flat_map(|band| [band.low, band.high]).chain(target.into_iter().flatten());
    let axis = Axis::covering(values.chain(ends.clone()).chain([found.mean]), false, [12.0, STRIP[0] - 12.0]);
    let mut drawing = Drawing::default();
    let (middle, at) = (10.0, |value: f64| axis.place(value));
    drawing.line("axis", [axis.ends[0], 20.0], [axis.ends[1], 20.0]);
    for (value, anchor) in [(axis.range[0], crate::report::Anchor::Start), (axis.range[1], crate::report::Anchor::End)]
    {
        drawing.text("number", [at(value), 28.0], anchor, &axis.label(value));
    }
    if let Some(band) = band {
        let about = format!("band {band}");
        drawing.rectangle("band", [at(band.low), 4.0], [(at(band.high) - at(band.low)).max(2.0), 12.0], None, &about);
    }
    if let Some([low, high]) = target {
        drawing.rectangle(
            "target",
            [at(low) - 1.0, 2.0],
            [at(high) - at(low) + 2.0, 16.0],
            None,
            &format!("target {}", entry.fact.target),
        );
    }
    if let [low, high] = ends[..] {
        drawing.line("whisker", [at(low), middle], [at(high), middle]);
    }
    drawing.rectangle(
        "ours",
        [at(found.mean) - 3.0, middle - 3.0],
        [6.0, 6.0],
        None,
        &format!("ours {}", entry.ours()),
    );
    let description = format!("target {}, ours {}, {}", entry.fact.target, entry.ours(), entry.verdict.words());
    drawing.element(STRIP, &entry.fact.fact, &description)
}

fn row(entry: &Entry) -> String {
    let fact = &entry.fact;
    let band = entry.band().map_or_else(|| "none".to_owned(), |band| band.to_string());
    let class = entry.verdict.words().replace(' ', "-");
    let fitted = if matches!(fact.status, Status::Fitted(_)) { " (fitted)" } else { "" };
    let note = if entry.note.is_empty() { String::new() } else { format!("<p>{}</p>", escaped(&entry.note)) };
    let about = if fact.measure.is_empty() {
        String::new()
    } else {
        format!("<p>{}: {}</p>", escaped(&fact.horizon), escaped(&fact.measure))
    };
    let small = |what: &str, text: &str| {
        if text == "-" { String::new() } else { format!("<br><small>{what}{text}</small>") }
    };
    let mut interval = small("", &entry.interval());
    let (mut mark, mut class) = ("", class);
    if let Some(found) = &entry.tested {
        interval += &small("placebo ", &found.placebo());
        if entry.is_luck() {
            (mark, class) = (MARK, format!("{class} luck"));
            interval += &small("", &escaped(found.verdict().reason()[0]));
        }
    }
    format!(
        "<tr class=\"{class}\"><th scope=\"row\">{}</th><td class=\"fact\">{}<details><summary>how, source</summary>{about}<p>{}</p></details>{note}</td><td>{}<br><small>band {band}</small></td><td class=\"number\">{mark}{}{interval}</td><td>{}</td><td class=\"verdict\"><b aria-hidden=\"true\">{}</b> {}{fitted}</td></tr>\n",
        escaped(&fact.id),
        escaped(&fact.fact),
        escaped(&fact.source),
        if fact.target.is_empty() { "-".to_owned() } else { escaped(&fact.target) },
        entry.ours(),
        strip(entry),
        entry.verdict.sign(),
        entry.verdict.words(),
    )
}

/// The page; `about` says what was run.
#[must_use]
pub fn page(score: &Score, about: &str) -> String {
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n<title>Scoreboard of published facts</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>Scoreboard of published facts</h1>\n<p>{}</p>\n<p class=\"about\">{}</p>\n<ul class=\"counts\">",
        escaped(&score.headline()),
        escaped(about)
    );
    for verdict in Verdict::ALL {
        let class = verdict.words().replace(' ', "-");
        let _ = write!(
            text,
            "<li class=\"{class}\"><b>{}</b> <span class=\"verdict\">{} {}</span></li>",
            score.count(verdict),
            verdict.sign(),
            verdict.words()
        );
    }
    text += "</ul>\n";
    for line in score.chance().lines() {
        let _ = writeln!(text, "<p class=\"about\">{}</p>", escaped(line));
    }
    text += "<p class=\"about\">Strips: the wide bar is the published band, the upright frame the target, the square ours with its 95% interval. Grey, with ~: not told apart from chance.</p>\n<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">id</th><th scope=\"col\">fact</th><th scope=\"col\">target</th><th scope=\"col\">ours</th><th scope=\"col\">place</th><th scope=\"col\">verdict</th></tr></thead>\n<tbody>\n";
    for entry in &score.entries {
        text += &row(entry);
    }
    text + "</tbody>\n</table></div>\n</body>\n</html>\n"
}
