//! Charts: lines with bands, bars with intervals, heat maps and tile maps.

use engine::clock::Date;

use super::svg::{Anchor, Axis, Drawing, UNSURE_CELL, diverging};
use crate::chance::{MARK, Verdict};
use crate::paired::Estimate;

/// A chart and the numbers in it.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Name within the page, made of letters, digits and `-`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Unit of its values.
    pub unit: String,
    /// How the values are computed, and where that comes from.
    pub definition: String,
    /// What is seen, in a sentence.
    pub description: String,
    /// Names of its lines.
    pub keys: Vec<String>,
    /// Whether its lines are parts of something, in colours of their own, and not the world with and without the measures.
    pub parts: bool,
    /// Measures that are marked in it: number, name and date, a line each.
    pub marks: Vec<String>,
    /// What a reader of this chart must beware of.
    pub caveat: String,
    /// Whether it shows all regions and not the one of the page.
    pub world: bool,
    /// Whether it runs over time, a row of data a tick.
    pub over_time: bool,
    /// The drawing.
    pub drawing: Drawing,
    /// Its size, pixels.
    pub size: [f64; 2],
    /// The numbers, as a table.
    pub data: crate::table::Table,
}

/// A line over time.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Name.
    pub name: String,
    /// A value a tick.
    pub values: Vec<f64>,
    /// Lower and upper ends of intervals at each tick, from the widest to the narrowest.
    pub bands: Vec<[Vec<f64>; 2]>,
}

/// A bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Name.
    pub name: String,
    /// Length.
    pub value: f64,
    /// Interval, if there is one.
    pub interval: Option<[f64; 2]>,
    /// Whether it is told apart from chance.
    pub apart: bool,
}

/// A tick at which something begins or ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The tick.
    pub tick: usize,
    /// What stands at it, such as the numbers of measures; may be empty.
    pub label: String,
    /// What it is, in words.
    pub name: String,
    /// Whether something ends.
    pub ends: bool,
}

/// How lines over time are drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look<'a> {
    /// What is marked.
    pub marks: &'a [Mark],
    /// Whether the axis includes zero.
    pub zero: bool,
    /// Tick by tick, whether the first line is told apart from chance; empty if that is not asked.
    pub apart: &'a [bool],
    /// Whether the lines are parts, see [`Chart::parts`].
    pub parts: bool,
}

/// Room left of the plot for numbers, and around it.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
/// Room for the labels of marks, in two rows.
const MARKED: f64 = 12.0;
/// Width of a letter of a mark, and of letters of names.
const LETTER: f64 = 5.0;
const BOTTOM: f64 = 26.0;

/// Classes of lines and their bands, in turn.
const LINES: [&str; 7] = ["l1", "l2", "l3", "l4", "l5", "l6", "l7"];
const BANDS: [&str; 7] = ["b1", "b2", "b3", "b4", "b5", "b6", "b7"];
const FILLS: [&str; 5] = ["f3", "f4", "f5", "f6", "f7"];
/// As `FILLS`, of what is not told apart from chance.
const UNSURE: [&str; 5] = ["u3", "u4", "u5", "u6", "u7"];
const DOTS: [&str; 7] = ["d1", "d2", "d3", "d4", "d5", "d6", "d7"];

/// Width of a text in letters of one width.
fn letters(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 1.9 }).sum()
}

/// Room for the names at the left of bars and rows.
fn room<'a>(names: impl Iterator<Item = &'a String>) -> f64 {
    8.0 + 6.0 * names.map(|name| letters(name)).fold(0.0, f64::max)
}

/// Lines over time. `event` is the tick at which something begins, marked by a line.
#[must_use]
pub fn lines(series: &[Series], dates: &[Date], event: Option<usize>, zero: bool, size: [f64; 2]) -> Drawing {
    dotted_lines(series, &[], dates, event, zero, size)
}

/// As [`lines`], with dots at the ticks where `dots` are numbers, in the colour of the line after the last.
#[must_use]
pub fn dotted_lines(
    series: &[Series],
    dots: &[f64],
    dates: &[Date],
    event: Option<usize>,
    zero: bool,
    size: [f64; 2],
) -> Drawing {
    let marks: Vec<Mark> = event.map(|tick| Mark { tick, ..Mark::default() }).into_iter().collect();
    drawn(series, dots, dates, &Look { marks: &marks, zero, ..Look::default() }, size)
}

/// As [`lines`], with named marks, and grey where nothing is told apart from chance.
#[must_use]
pub fn marked_lines(series: &[Series], dates: &[Date], look: &Look<'_>, size: [f64; 2]) -> Drawing {
    drawn(series, &[], dates, look, size)
}

/// Axes of lines over time: a rule at every round number, a label at the beginning of years.
fn frame(drawing: &mut Drawing, y: &Axis, x: impl Fn(usize) -> f64, dates: &[Date], [width, height]: [f64; 2]) {
    for &tick in &y.ticks {
        let class = if tick == 0.0 { "zero" } else { "rule" };
        drawing.line(class, [LEFT, y.place(tick)], [width - RIGHT, y.place(tick)]);
        drawing.text("number", [LEFT - 6.0, y.place(tick)], Anchor::End, &y.label(tick));
    }
    // A label at the beginning of a year, as many as fit.
    let years: Vec<usize> = (0..dates.len()).filter(|&tick| dates[tick].month() == 1).collect();
    let every = years.len().div_ceil(((width - LEFT) / 48.0) as usize).max(1);
    for &tick in years.iter().step_by(every) {
        drawing.line("tick", [x(tick), height - BOTTOM], [x(tick), height - BOTTOM + 4.0]);
        drawing.text("number", [x(tick), height - BOTTOM + 14.0], Anchor::Middle, &dates[tick].year().to_string());
    }
}

/// Lines at marks, and their labels in two rows above the plot, where there is room.
fn marked(drawing: &mut Drawing, marks: &[Mark], x: impl Fn(usize) -> f64, top: f64, bottom: f64) {
    let mut free = [0.0; 2];
    for mark in marks {
        let at = x(mark.tick);
        drawing.line(if mark.ends { "ends" } else { "event" }, [at, top], [at, bottom]);
        let half = LETTER * letters(&mark.label) / 2.0;
        if let Some(row) = free.iter().position(|free| at - half >= *free)
            && !mark.label.is_empty()
        {
            drawing.text("mark", [at, 5.0 + 10.0 * row as f64], Anchor::Middle, &mark.label);
            free[row] = at + half + 3.0;
        }
    }
}

/// A line in its colour where it is told apart from chance, grey elsewhere.
fn judged_path(drawing: &mut Drawing, class: &str, points: &[[f64; 2]], apart: &[bool]) {
    if apart.is_empty() {
        return drawing.path(class, points);
    }
    if apart.contains(&false) {
        drawing.path("l0", points);
    }
    let own: Vec<[f64; 2]> =
        points.iter().zip(apart).map(|(&[x, y], &apart)| [x, if apart { y } else { f64::NAN }]).collect();
    if apart.contains(&true) {
        drawing.path(class, &own);
    }
}

fn drawn(series: &[Series], dots: &[f64], dates: &[Date], look: &Look<'_>, size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let values = series.iter().flat_map(|line| {
        let band = line.bands.iter().flatten().flatten();
        line.values.iter().chain(band).copied()
    });
    let values = values.chain(dots.iter().copied());
    let top = if look.marks.iter().any(|mark| !mark.label.is_empty()) { TOP + MARKED } else { TOP };
    let y = Axis::covering(values, look.zero, [height - BOTTOM, top]);
    let last = dates.len().saturating_sub(1).max(1) as f64;
    let x = |tick: usize| LEFT + tick as f64 / last * (width - LEFT - RIGHT);
    frame(&mut drawing, &y, x, dates, size);
    marked(&mut drawing, look.marks, x, top, height - BOTTOM);
    let points = |values: &[f64]| -> Vec<[f64; 2]> {
        values
            .iter()
            .enumerate()
            .map(|(tick, &value)| [x(tick), if value.is_finite() { y.place(value) } else { f64::NAN }])
            .collect()
    };
    let first = if look.parts { 2 } else { 0 };
    let nowhere = !look.apart.is_empty() && !look.apart.contains(&true);
    for (number, line) in series.iter().enumerate() {
        for [low, high] in &line.bands {
            let class = if nowhere && number == 0 { "b0" } else { BANDS[(number + first) % BANDS.len()] };
            drawing.band(class, &points(high), &points(low));
        }
    }
    // The first line is the one that matters: drawn last, it lies on top.
    for (number, line) in series.iter().enumerate().rev() {
        let apart = if number == 0 { look.apart } else { &[] };
        judged_path(&mut drawing, LINES[(number + first) % LINES.len()], &points(&line.values), apart);
    }
    for [x, y] in points(dots).into_iter().filter(|point| point[1].is_finite()) {
        drawing.dot(DOTS[(series.len() + first) % DOTS.len()], [x, y]);
    }
    drawing
}

/// Effects at values of a factor, with their intervals: `names` stand below where the values are no numbers.
#[must_use]
pub fn doses(values: &[f64], names: &[String], effects: &[(Estimate, Verdict)], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let ends = effects
        .iter()
        .flat_map(|(found, _)| if found.count > 1 { [found.low(), found.high()] } else { [found.mean, found.mean] });
    let y = Axis::covering(ends, true, [height - BOTTOM, TOP]);
    for &tick in &y.ticks {
        drawing.line(if tick == 0.0 { "zero" } else { "rule" }, [LEFT, y.place(tick)], [width - RIGHT, y.place(tick)]);
        drawing.text("number", [LEFT - 6.0, y.place(tick)], Anchor::End, &y.label(tick));
    }
    let x = Axis::covering(values.iter().copied(), false, [LEFT + 14.0, width - RIGHT - 14.0]);
    let labels: Vec<(f64, String)> = if names.is_empty() {
        x.ticks.iter().map(|&tick| (tick, x.label(tick))).collect()
    } else {
        values.iter().copied().zip(names.iter().cloned()).collect()
    };
    for (value, label) in labels {
        drawing.line("tick", [x.place(value), height - BOTTOM], [x.place(value), height - BOTTOM + 4.0]);
        drawing.text("number", [x.place(value), height - BOTTOM + 14.0], Anchor::Middle, &label);
    }
    let points: Vec<[f64; 2]> =
        values.iter().zip(effects).map(|(value, found)| [x.place(*value), y.place(found.0.mean)]).collect();
    if names.is_empty() {
        drawing.path("link", &points);
    }
    for ([at, place], (found, verdict)) in points.into_iter().zip(effects).filter(|x| x.0[1].is_finite()) {
        if found.count > 1 {
            drawing.line("whisker", [at, y.place(found.low())], [at, y.place(found.high())]);
        }
        drawing.dot(if verdict.is_apart() { "d1" } else { "d0" }, [at, place]);
    }
    drawing
}

/// Horizontal bars from zero, with their names at the left and values at the right.
#[must_use]
pub fn bars(bars: &[Bar], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let left = room(bars.iter().map(|bar| &bar.name));
    let values = bars.iter().flat_map(|bar| bar.interval.into_iter().flatten().chain([bar.value]));
    let x = Axis::covering(values, true, [left + 8.0, width - 54.0]);
    for &tick in &x.ticks {
        drawing.line(if tick == 0.0 { "zero" } else { "rule" }, [x.place(tick), 4.0], [x.place(tick), height - BOTTOM]);
        drawing.text("number", [x.place(tick), height - BOTTOM + 12.0], Anchor::Middle, &x.label(tick));
    }
    let row = (height - BOTTOM - 8.0) / bars.len().max(1) as f64;
    for (number, bar) in bars.iter().enumerate() {
        let middle = 4.0 + (number as f64 + 0.5) * row;
        drawing.text("name", [left, middle], Anchor::End, &bar.name);
        if !bar.value.is_finite() {
            continue;
        }
        let (from, to) = (x.place(bar.value.min(0.0)), x.place(bar.value.max(0.0)));
        let doubt = if bar.apart { "" } else { MARK };
        let about = format!("{}: {doubt}{:.3}", bar.name, bar.value);
        let class = match bar.apart {
            false => "unsure",
            true if bar.value < 0.0 => "below",
            true => "above",
        };
        drawing.rectangle(class, [from, middle - row * 0.35], [to - from, row * 0.7], None, &about);
        if let Some([low, high]) = bar.interval {
            drawing.line("whisker", [x.place(low), middle], [x.place(high), middle]);
        }
        let class = if bar.apart { "number" } else { "number unsure" };
        drawing.text(class, [width - 4.0, middle], Anchor::End, &format!("{doubt}{:+.2}", bar.value));
    }
    drawing
}

/// Horizontal bars made of parts side by side: what is above zero to the right of it, what is below to the left, and a mark
/// at the sum. `parts` are by part, then by bar, as is `apart`: whether they are told apart from chance.
#[must_use]
pub fn stacks(names: &[String], parts: &[Vec<f64>], apart: &[Vec<bool>], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let left = room(names.iter());
    let side = |bar: usize, sign: f64| -> f64 { parts.iter().map(|part| (part[bar] * sign).max(0.0) * sign).sum() };
    let ends = (0..names.len()).flat_map(|bar| [side(bar, 1.0), side(bar, -1.0)]);
    let x = Axis::covering(ends, true, [left + 8.0, width - 54.0]);
    for &tick in &x.ticks {
        drawing.line(if tick == 0.0 { "zero" } else { "rule" }, [x.place(tick), 4.0], [x.place(tick), height - BOTTOM]);
        drawing.text("number", [x.place(tick), height - BOTTOM + 12.0], Anchor::Middle, &x.label(tick));
    }
    let row = (height - BOTTOM - 8.0) / names.len().max(1) as f64;
    for (bar, name) in names.iter().enumerate() {
        let middle = 4.0 + (bar as f64 + 0.5) * row;
        drawing.text("name", [left, middle], Anchor::End, name);
        let mut ends = [0.0, 0.0];
        for (number, part) in parts.iter().enumerate().filter(|x| x.1[bar].is_finite()) {
            let end = &mut ends[usize::from(part[bar] < 0.0)];
            let (from, to) = (*end, *end + part[bar]);
            *end = to;
            let places = [x.place(from.min(to)), x.place(from.max(to))];
            let sure = apart.get(number).is_none_or(|apart| apart[bar]);
            let class = if sure { FILLS[number % FILLS.len()] } else { UNSURE[number % UNSURE.len()] };
            let about = format!("{name}: {}{:+.3}", if sure { "" } else { MARK }, part[bar]);
            drawing.rectangle(
                class,
                [places[0], middle - row * 0.35],
                [places[1] - places[0], row * 0.7],
                None,
                &about,
            );
        }
        let sum: f64 = parts.iter().map(|part| part[bar]).sum();
        drawing.line("whisker", [x.place(sum), middle - row * 0.45], [x.place(sum), middle + row * 0.45]);
        drawing.text("number", [width - 4.0, middle], Anchor::End, &format!("{sum:+.2}"));
    }
    drawing
}

/// What the strongest colour of a heat map stands for: the largest absolute value, but that of one cell in twenty at most.
#[must_use]
pub fn strongest(values: &[Vec<f64>]) -> f64 {
    let mut sizes: Vec<f64> = values.iter().flatten().map(|x| x.abs()).filter(|x| x.is_finite()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len().saturating_sub(1) * 19 / 20).copied().unwrap_or(1.0)
}

/// Room above a heat map for the names of its columns, and whether they run upwards.
#[must_use]
pub fn heading_of(columns: &[String], width: f64) -> (f64, bool) {
    let longest = columns.iter().map(|column| letters(column)).fold(0.0, f64::max);
    let upward = 6.0 * longest > width / columns.len().max(1) as f64;
    (if upward { 12.0 + 5.6 * longest } else { 24.0 }, upward)
}

/// Width and height of cells that have room for their number.
const ROOMY: [f64; 2] = [48.0, 18.0];

/// Cells by row and column, coloured by their sign and size, see [`strongest`]; grey where `apart` says that they are not
/// told apart from chance. Above them is the room that [`heading_of`] tells.
#[must_use]
pub fn heat(
    rows: &[String],
    columns: &[String],
    values: &[Vec<f64>],
    apart: Option<&[Vec<bool>]>,
    size: [f64; 2],
) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let strongest = strongest(values).max(1e-12);
    let left = room(rows.iter());
    let (above, upward) = heading_of(columns, width - left - 8.0);
    let (w, h) = ((width - left - 8.0) / columns.len().max(1) as f64, (height - above) / rows.len().max(1) as f64);
    for (number, column) in columns.iter().enumerate() {
        let middle = left + 4.0 + (number as f64 + 0.5) * w;
        if upward {
            drawing.upward("number", [middle, above - 8.0], column);
        } else {
            drawing.text("number", [middle, 10.0], Anchor::Middle, column);
        }
    }
    for (r, row) in rows.iter().enumerate() {
        let top = above - 2.0 + r as f64 * h;
        drawing.text("name", [left, top + h / 2.0], Anchor::End, row);
        for (c, column) in columns.iter().enumerate() {
            let value = values[r][c];
            let sure = apart.is_none_or(|apart| apart[r][c]) || !value.is_finite();
            let about = format!("{row}, {column}: {}{value:.2}", if sure { "" } else { MARK });
            let corner = [left + 4.0 + c as f64 * w, top];
            let colour = if sure { diverging(value / strongest) } else { UNSURE_CELL.to_owned() };
            drawing.rectangle("cell", corner, [w - 1.0, h - 1.0], Some(&colour), &about);
            if w >= ROOMY[0] && h >= ROOMY[1] && value.is_finite() {
                let ink = if sure && value.abs() / strongest > 0.45 { "light" } else { "dark" };
                let number = format!("{}{value:+.2}", if sure { "" } else { MARK });
                drawing.text(&format!("number {ink}"), [corner[0] + w / 2.0, top + h / 2.0], Anchor::Middle, &number);
            }
        }
    }
    drawing
}

/// Where a region stands on the tile map: column and row, roughly as on a map of the world.
const TILES: [(&str, [f64; 2]); 15] = [
    ("CAN", [0.0, 0.0]),
    ("USA", [0.0, 1.0]),
    ("MEX", [0.0, 2.0]),
    ("BRA", [1.0, 3.0]),
    ("GBR", [2.0, 0.0]),
    ("EUU", [3.0, 1.0]),
    ("RUS", [4.0, 0.0]),
    ("IND", [4.0, 2.0]),
    ("CHN", [5.0, 1.0]),
    ("KOR", [6.0, 1.0]),
    ("JPN", [7.0, 1.0]),
    ("TWN", [6.0, 2.0]),
    ("VNM", [5.0, 2.0]),
    ("ASN", [5.0, 3.0]),
    ("ROW", [3.0, 3.0]),
];

/// A region on the tile map.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Code.
    pub code: String,
    /// Name; empty if there is none.
    pub name: String,
    /// Value.
    pub value: f64,
    /// Whether it is told apart from chance.
    pub apart: bool,
}

/// Regions as tiles, coloured by a value. Regions whose place is not known stand in rows of their own.
#[must_use]
pub fn tiles(values: &[Tile], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let strongest = values.iter().map(|x| x.value.abs()).filter(|x| x.is_finite()).fold(1e-12, f64::max);
    let placed = values.iter().filter(|x| TILES.iter().any(|tile| tile.0 == x.code)).count();
    // Where none has a place there is no map to leave room for.
    let first = if placed > 0 { 4.0 } else { 0.0 };
    let rows = if placed < values.len() { first + ((values.len() - placed) as f64 / 8.0).ceil() } else { 4.0 };
    let (w, h) = (width / 8.0, (height / rows).min(height / 4.0));
    let mut unplaced = 0.0;
    for Tile { code, name, value, apart } in values {
        let [column, row] = TILES.iter().find(|tile| tile.0 == code).map_or_else(
            || {
                unplaced += 1.0;
                [(unplaced - 1.0) % 8.0, first + ((unplaced - 1.0) / 8.0_f64).floor()]
            },
            |tile| tile.1,
        );
        let doubt = if *apart { "" } else { MARK };
        let corner = [column * w, row * h];
        let about = format!("{name} {code}: {doubt}{value:+.2}");
        let colour = if *apart { diverging(value / strongest) } else { UNSURE_CELL.to_owned() };
        drawing.rectangle("cell", corner, [w - 3.0, h - 3.0], Some(&colour), about.trim_start());
        // Dark tiles need light letters.
        let ink = if *apart && value.abs() / strongest > 0.45 { "light" } else { "dark" };
        let middle = [corner[0] + w / 2.0 - 1.5, corner[1] + 14.0];
        drawing.text(&format!("tile {ink}"), middle, Anchor::Middle, code);
        let number = format!("{doubt}{value:+.2}");
        drawing.text(&format!("number {ink}"), [middle[0], middle[1] + 16.0], Anchor::Middle, &number);
        if letters(name) * 4.9 <= w - 4.0 {
            drawing.text(&format!("small {ink}"), [middle[0], middle[1] + 31.0], Anchor::Middle, name);
        } else if let Some((one, two)) = name.char_indices().rfind(|x| x.1 == ' ').map(|x| name.split_at(x.0)) {
            drawing.text(&format!("small {ink}"), [middle[0], middle[1] + 30.0], Anchor::Middle, one);
            drawing.text(&format!("small {ink}"), [middle[0], middle[1] + 40.0], Anchor::Middle, two.trim_start());
        }
    }
    drawing
}

#[cfg(test)]
mod tests;
