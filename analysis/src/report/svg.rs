//! Drawing: elements of SVG, axes with round numbers, and colours.
//!
//! Charts take their colours from CSS variables, so that one drawing serves light and dark pages and print; a drawing that
//! stands alone brings a style with it.

use std::fmt::Write as _;

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

    /// The drawing as a file of its own, on white.
    #[must_use]
    pub fn file(&self, size: [f64; 2], title: &str, description: &str, style: &str) -> String {
        let whole = self.element(size, title, description);
        let head = whole.find("<title>").unwrap_or(0);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}<style>{style}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{}\n",
            &whole[..head],
            &whole[head..]
        )
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

/// A colour between two poles and a light middle that people with any colour vision can tell apart: blue for values below zero,
/// orange for those above; `share` from -1 to 1.
#[must_use]
pub fn diverging(share: f64) -> String {
    if !share.is_finite() {
        return "var(--gap)".to_owned();
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
    fn colours_have_two_poles() {
        assert_eq!(diverging(0.0), "#f4f1ec");
        assert_eq!(diverging(-1.0), "#005aa0");
        assert_eq!(diverging(3.0), "#c85a00");
        assert_eq!(diverging(f64::NAN), "var(--gap)");
    }
}
