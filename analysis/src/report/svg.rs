//! Drawing: elements of SVG, axes with round numbers, and colours.
//!
//! Charts take their colours from CSS variables, so that one drawing serves light and dark pages and print; a drawing that
//! stands alone brings a style with it.

use std::fmt::Write as _;

use super::palette::light;

/// What stands above a drawing that stands alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heading<'a> {
    /// Title.
    pub title: &'a str,
    /// Unit.
    pub unit: &'a str,
    /// What is seen, for those who do not see.
    pub description: &'a str,
    /// Names of the lines.
    pub keys: &'a [String],
    /// Whether the lines are parts of something, see [`super::Chart::parts`].
    pub parts: bool,
    /// What makes it doubtful: in red, below the title.
    pub warnings: &'a [String],
    /// What it is of: scenario, seeds and so on, a line each.
    pub context: &'a [String],
    /// What stands below: names of the marks, and what to beware of.
    pub foot: &'a [String],
}

/// A text in lines of about so many letters; wide letters count double.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    // Where there are no spaces a line may end after any wide letter.
    let mut words = Vec::new();
    for word in text.split_inclusive(' ') {
        words.extend(word.split_inclusive(|c: char| !c.is_ascii()));
    }
    for word in words {
        let length: usize = word.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        if used > 0 && used + length > width {
            lines.push(String::new());
            used = 0;
        }
        used += length;
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
}

/// Colours of lines: of the world with the measures, without them, and of parts.
const COLOURS: [&str; 7] = ["policy", "baseline", "part1", "part2", "part3", "part4", "part5"];

/// Place of the colour of a line: the first two are the world with and without the measures, unless they are parts.
fn key_place(number: usize, parts: bool) -> usize {
    if parts { number % (COLOURS.len() - 2) + 2 } else { number % COLOURS.len() }
}

/// Name of the colour of a line, a variable of CSS.
pub(super) fn key_colour(number: usize, parts: bool) -> &'static str {
    COLOURS[key_place(number, parts)]
}

/// Class of the colour of a line.
fn key_class(number: usize, parts: bool) -> String {
    format!("f{}", key_place(number, parts) + 1)
}

/// A style with the colours that its variables stand for in light: `var(--ink, #000)` becomes `#000`.
fn plain(style: &str) -> String {
    let mut text = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("var(") {
        let (inside, behind) = after.split_once(')').unwrap_or((after, ""));
        text.push_str(before);
        let (name, colour) = inside.split_once(',').unwrap_or((inside, ""));
        let colour = colour.trim();
        text.push_str(if colour.is_empty() { light(name.trim().trim_start_matches("--")) } else { colour });
        rest = behind;
    }
    text + rest
}

/// A drawing under construction.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    body: String,
}

/// Text with what XML reserves written out.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A coordinate to a tenth of a pixel.
fn at(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Where a text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its beginning.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

impl Drawing {
    /// A line from one point to another.
    pub fn line(&mut self, class: &str, from: [f64; 2], to: [f64; 2]) {
        let _ = write!(
            self.body,
            r#"<line class="{class}" x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            at(from[0]),
            at(from[1]),
            at(to[0]),
            at(to[1])
        );
    }

    /// A line through points; it is broken where one is not a number.
    pub fn path(&mut self, class: &str, points: &[[f64; 2]]) {
        let mut d = String::new();
        let mut pen = 'M';
        for [x, y] in points {
            if y.is_finite() {
                let _ = write!(d, "{pen}{} {}", at(*x), at(*y));
                pen = 'L';
            } else {
                pen = 'M';
            }
        }
        let _ = write!(self.body, r#"<path class="{class}" d="{d}"/>"#);
    }

    /// A dot.
    pub fn dot(&mut self, class: &str, [x, y]: [f64; 2]) {
        let _ = write!(self.body, r#"<circle class="{class}" cx="{}" cy="{}" r="2.6"/>"#, at(x), at(y));
    }

    /// The area between two lines over the same places.
    pub fn band(&mut self, class: &str, upper: &[[f64; 2]], lower: &[[f64; 2]]) {
        let there = |p: &&[f64; 2]| p[1].is_finite();
        let outline: Vec<&[f64; 2]> = upper.iter().filter(there).chain(lower.iter().rev().filter(there)).collect();
        let Some(first) = outline.first() else { return };
        let mut d = format!("M{} {}", at(first[0]), at(first[1]));
        for p in &outline[1..] {
            let _ = write!(d, "L{} {}", at(p[0]), at(p[1]));
        }
        let _ = write!(self.body, r#"<path class="{class}" d="{d}Z"/>"#);
    }

    /// A rectangle; `fill` is a colour where the class has none. `about` is shown when it is pointed at.
    pub fn rectangle(&mut self, class: &str, corner: [f64; 2], size: [f64; 2], fill: Option<&str>, about: &str) {
        let fill = fill.map_or_else(String::new, |fill| format!(r#" fill="{fill}""#));
        let _ = write!(
            self.body,
            r#"<rect class="{class}" x="{}" y="{}" width="{}" height="{}"{fill}><title>{}</title></rect>"#,
            at(corner[0]),
            at(corner[1]),
            at(size[0].max(0.0)),
            at(size[1].max(0.0)),
            escaped(about)
        );
    }

    /// A text; `height` is where its middle lies.
    pub fn text(&mut self, class: &str, place: [f64; 2], anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.body,
            r#"<text class="{class}" x="{}" y="{}" text-anchor="{anchor}">{}</text>"#,
            at(place[0]),
            // A third of the size of the letters below the middle: `dominant-baseline` is not known everywhere.
            at(place[1] + 4.0),
            escaped(text)
        );
    }

    /// A text that runs upwards from a point.
    pub fn upward(&mut self, class: &str, [x, y]: [f64; 2], text: &str) {
        let (x, y) = (at(x + 4.0), at(y));
        let _ = write!(
            self.body,
            r#"<text class="{class}" x="{x}" y="{y}" transform="rotate(-90 {x} {y})">{}</text>"#,
            escaped(text)
        );
    }

    /// The drawing as an element of a page.
    #[must_use]
    pub fn element(&self, size: [f64; 2], title: &str, description: &str) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>{}</svg>"#,
            at(size[0]),
            at(size[1]),
            escaped(title),
            escaped(title),
            escaped(description),
            self.body
        )
    }

    /// The drawing as a file of its own, on white, in plain colours that every program knows. The title, unit and keys of
    /// the lines stand above it.
    #[must_use]
    pub fn file(&self, size: [f64; 2], head: &Heading<'_>) -> String {
        let mut above = Self::default();
        let letters = ((size[0] - 16.0) / 6.0) as usize;
        let titles = wrapped(head.title, ((size[0] - 16.0) / 8.0) as usize);
        for (number, line) in titles.iter().enumerate() {
            above.text("title", [8.0, 14.0 + 16.0 * number as f64], Anchor::Start, line);
        }
        let mut top = 16.0 * (titles.len().max(1) - 1) as f64;
        for line in head.warnings.iter().flat_map(|text| wrapped(text, letters)) {
            above.text("alarm", [8.0, top + 31.0], Anchor::Start, &line);
            top += 14.0;
        }
        let mut lines = wrapped(head.unit, letters);
        lines.truncate(6);
        lines.extend(head.context.iter().flat_map(|text| wrapped(text, letters)));
        for (number, line) in lines.iter().enumerate() {
            above.text("number", [8.0, top + 31.0 + 14.0 * number as f64], Anchor::Start, line);
        }
        let mut below = top + 38.0 + 14.0 * lines.len() as f64;
        if head.keys.len() > 1 {
            let mut x = 8.0;
            for (number, key) in head.keys.iter().enumerate() {
                let wide = 30.0 + 6.6 * key.chars().map(|c| if c.is_ascii() { 1.0 } else { 1.8 }).sum::<f64>();
                if x > 8.0 && x + wide > size[0] {
                    x = 8.0;
                    below += 14.0;
                }
                above.rectangle(&key_class(number, head.parts), [x, below - 8.0], [14.0, 5.0], None, key);
                above.text("name", [x + 18.0, below - 6.0], Anchor::Start, key);
                x += wide;
            }
            below += 14.0;
        }
        let foot: Vec<String> = head.foot.iter().flat_map(|text| wrapped(text, letters)).collect();
        for (number, line) in foot.iter().enumerate() {
            above.text("number", [8.0, size[1] + below + 8.0 + 13.0 * number as f64], Anchor::Start, line);
        }
        let last = if foot.is_empty() { 0.0 } else { 10.0 + 13.0 * foot.len() as f64 };
        let whole = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img"><title>{2}</title><desc>{3}</desc><style>{4}</style><rect width="100%" height="100%" fill="white"/>{5}<g transform="translate(0 {6})">{7}</g></svg>"#,
            at(size[0]),
            at(size[1] + below + last),
            escaped(head.title),
            escaped(head.description),
            super::DRAWING_STYLE,
            above.body,
            at(below),
            self.body
        );
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", plain(&whole))
    }
}

/// An axis: where a value lies between two ends of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Lowest and highest value.
    pub range: [f64; 2],
    /// Where they lie.
    pub ends: [f64; 2],
    /// Round values between them.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// An axis that covers some values and, if asked to, zero. Its ends are round numbers.
    #[must_use]
    pub fn covering(values: impl Iterator<Item = f64>, zero: bool, ends: [f64; 2]) -> Self {
        let (mut low, mut high) = if zero { (0.0, 0.0) } else { (f64::INFINITY, f64::NEG_INFINITY) };
        for value in values.filter(|x| x.is_finite()) {
            (low, high) = (f64::min(low, value), f64::max(high, value));
        }
        if !(low.is_finite() && high.is_finite()) {
            (low, high) = (0.0, 1.0);
        }
        if high - low < 1e-9 * high.abs().max(low.abs()).max(1e-6) {
            let room = if high == 0.0 { 1.0 } else { high.abs() * 0.05 };
            (low, high) = (low - room, high + room);
        }
        let step = step(high - low, 5.0);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let ticks: Vec<f64> = (0..=(last - first) as usize).map(|k| (first + k as f64) * step).collect();
        Self { range: [first * step, last * step], ends, ticks }
    }

    /// Where a value lies.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        let share = (value - self.range[0]) / (self.range[1] - self.range[0]);
        self.ends[0] + share * (self.ends[1] - self.ends[0])
    }

    /// A tick with as many decimals as the steps need.
    #[must_use]
    pub fn label(&self, value: f64) -> String {
        let step = self.ticks.get(1).zip(self.ticks.first()).map_or(1.0, |(b, a)| b - a);
        let decimals = (0..8).find(|&d| {
            let scaled = step * 10_f64.powi(d);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1.0)
        });
        let text = format!("{value:.*}", decimals.unwrap_or(8) as usize);
        // No minus before zero.
        if text.trim_start_matches(['-', '0', '.']).is_empty() { text.trim_start_matches('-').to_owned() } else { text }
    }
}

/// The round number next above a part of a range: 1, 2 or 5 times a power of ten.
fn step(range: f64, parts: f64) -> f64 {
    let rough = range / parts;
    let mut power = 1.0;
    while power > rough {
        power /= 10.0;
    }
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    [1.0, 2.0, 5.0].into_iter().map(|x| x * power).find(|&x| x >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// Colour of a cell that is not told apart from chance, on any paper.
pub(super) const UNSURE_CELL: &str = "#b9bcc1";

/// A colour between two poles and a light middle that people with any colour vision can tell apart: blue for values below zero,
/// orange for those above; `share` from -1 to 1.
#[must_use]
pub fn diverging(share: f64) -> String {
    if !share.is_finite() {
        return "var(--gap, #d9d9d9)".to_owned();
    }
    let (middle, pole) = ([244.0, 241.0, 236.0], if share < 0.0 { [0.0, 90.0, 160.0] } else { [200.0, 90.0, 0.0] });
    let weight = share.abs().min(1.0).sqrt();
    let mixed: Vec<String> =
        middle.iter().zip(pole).map(|(a, b)| format!("{:02x}", (a + (b - a) * weight).round() as u8)).collect();
    format!("#{}", mixed.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_ends_and_labels() {
        let axis = Axis::covering([-0.31, 0.42, f64::NAN].into_iter(), true, [100.0, 0.0]);
        assert!((axis.range[0] + 0.4).abs() < 1e-12 && (axis.range[1] - 0.6).abs() < 1e-12, "{axis:?}");
        assert_eq!(
            axis.ticks.iter().map(|x| axis.label(*x)).collect::<Vec<_>>(),
            ["-0.4", "-0.2", "0.0", "0.2", "0.4", "0.6"]
        );
    }

    #[test]
    fn an_axis_of_nothing_or_of_one_value() {
        let axis = Axis::covering(std::iter::empty(), false, [0.0, 1.0]);
        assert!(axis.range[0].abs() < 1e-12 && (axis.range[1] - 1.0).abs() < 1e-12, "{axis:?}");
        let axis = Axis::covering([5.0, 5.0].into_iter(), false, [0.0, 1.0]);
        assert!(axis.range[0] < 5.0 && axis.range[1] > 5.0, "{axis:?}");
        assert!(axis.place(5.0) > 0.0 && axis.place(5.0) < 1.0);
    }

    #[test]
    fn lines_are_broken_where_there_is_no_number() {
        let mut drawing = Drawing::default();
        drawing.path("a", &[[0.0, 1.0], [1.0, f64::NAN], [2.0, 3.25], [3.0, 4.0]]);
        let text = drawing.element([10.0, 10.0], "a < b", "c");
        assert!(text.contains("M0 1M2 3.2L3 4") || text.contains("M0 1M2 3.3L3 4"), "{text}");
        assert!(text.contains("a &lt; b"), "{text}");
    }

    #[test]
    fn a_file_has_plain_colours_and_a_heading() {
        assert_eq!(plain("a { fill: var(--ink, #123456); b: var(--x, red) } c"), "a { fill: #123456; b: red } c");
        assert_eq!(plain("a { fill: var(--policy) }"), format!("a {{ fill: {} }}", light("policy")));
        assert_eq!(wrapped("one two three", 8), ["one two ", "three"]);
        assert_eq!(wrapped("一二三四", 4), ["一二", "三四"]);
        let mut drawing = Drawing::default();
        drawing.rectangle("cell", [0.0, 0.0], [1.0, 1.0], Some(&diverging(f64::NAN)), "none");
        let keys = ["a".to_owned(), "b".to_owned()];
        let head = Heading { title: "T < U", unit: "percent", description: "d", keys: &keys, ..Heading::default() };
        let file = drawing.file([300.0, 200.0], &head);
        assert!(!file.contains("var(") && file.contains("#d9d9d9") && file.contains("T &lt; U"), "{file}");
        assert!(file.contains(r#"viewBox="0 0 300 266""#) && file.contains("translate(0 66)"), "{file}");
    }

    #[test]
    fn a_file_says_what_it_is_of_and_names_its_marks() {
        let [context, foot] = [["a scenario; 8 seeds".to_owned()], ["1: a duty, 2024-03".to_owned()]];
        let head = Heading { title: "T", unit: "percent", context: &context, foot: &foot, ..Heading::default() };
        let file = Drawing::default().file([300.0, 200.0], &head);
        assert!(file.contains(">a scenario; 8 seeds</text>") && file.contains(">1: a duty, 2024-03</text>"), "{file}");
        // One line of context above, one line of marks below.
        assert!(file.contains(r#"viewBox="0 0 300 289""#) && file.contains("translate(0 66)"), "{file}");
    }

    #[test]
    fn colours_have_two_poles() {
        assert_eq!(diverging(0.0), "#f4f1ec");
        assert_eq!(diverging(-1.0), "#005aa0");
        assert_eq!(diverging(3.0), "#c85a00");
        assert_eq!(diverging(f64::NAN), "var(--gap, #d9d9d9)");
    }
}
