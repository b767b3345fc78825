//! Charts: lines with bands, bars with intervals, heat maps and tile maps.

use engine::clock::Date;

use super::svg::{Anchor, Axis, Drawing, diverging};

/// A chart and the numbers in it.
#[derive(Clone, Debug)]
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
}

/// Room left of the plot for numbers, and around it.
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;

/// Classes of lines and their bands, in turn.
const LINES: [&str; 4] = ["l1", "l2", "l3", "l4"];
const BANDS: [&str; 4] = ["b1", "b2", "b3", "b4"];
const FILLS: [&str; 4] = ["f1", "f2", "f3", "f4"];
const DOTS: [&str; 4] = ["d1", "d2", "d3", "d4"];

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
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let values = series.iter().flat_map(|line| {
        let band = line.bands.iter().flatten().flatten();
        line.values.iter().chain(band).copied()
    });
    let values = values.chain(dots.iter().copied());
    let y = Axis::covering(values, zero, [height - BOTTOM, TOP]);
    let last = dates.len().saturating_sub(1).max(1) as f64;
    let x = |tick: usize| LEFT + tick as f64 / last * (width - LEFT - RIGHT);
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
    if let Some(tick) = event {
        drawing.line("event", [x(tick), TOP], [x(tick), height - BOTTOM]);
    }
    let points = |values: &[f64]| -> Vec<[f64; 2]> {
        values
            .iter()
            .enumerate()
            .map(|(tick, &value)| [x(tick), if value.is_finite() { y.place(value) } else { f64::NAN }])
            .collect()
    };
    for (number, line) in series.iter().enumerate() {
        for [low, high] in &line.bands {
            drawing.band(BANDS[number % BANDS.len()], &points(high), &points(low));
        }
    }
    // The first line is the one that matters: drawn last, it lies on top.
    for (number, line) in series.iter().enumerate().rev() {
        drawing.path(LINES[number % LINES.len()], &points(&line.values));
    }
    for [x, y] in points(dots).into_iter().filter(|point| point[1].is_finite()) {
        drawing.dot(DOTS[series.len() % DOTS.len()], [x, y]);
    }
    drawing
}

/// Horizontal bars from zero, with their names at the left and values at the right.
#[must_use]
pub fn bars(bars: &[Bar], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let left = 8.0 + 6.6 * bars.iter().map(|bar| bar.name.chars().count()).max().unwrap_or(0) as f64;
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
        let about = format!("{}: {:.3}", bar.name, bar.value);
        let class = if bar.value < 0.0 { "below" } else { "above" };
        drawing.rectangle(class, [from, middle - row * 0.35], [to - from, row * 0.7], None, &about);
        if let Some([low, high]) = bar.interval {
            drawing.line("whisker", [x.place(low), middle], [x.place(high), middle]);
        }
        drawing.text("number", [width - 4.0, middle], Anchor::End, &format!("{:+.2}", bar.value));
    }
    drawing
}

/// Horizontal bars made of parts side by side: what is above zero to the right of it, what is below to the left, and a mark
/// at the sum. `parts` are by part, then by bar.
#[must_use]
pub fn stacks(names: &[String], parts: &[Vec<f64>], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let left = 8.0 + 6.6 * names.iter().map(|name| name.chars().count()).max().unwrap_or(0) as f64;
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
            let class = FILLS[number % FILLS.len()];
            let about = format!("{name}: {:+.3}", part[bar]);
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

/// Cells by row and column, coloured by their sign and size, see [`strongest`].
#[must_use]
pub fn heat(rows: &[String], columns: &[String], values: &[Vec<f64>], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let strongest = strongest(values).max(1e-12);
    let left = 8.0 + 6.6 * rows.iter().map(|row| row.chars().count()).max().unwrap_or(0) as f64;
    let (w, h) = ((width - left - 8.0) / columns.len().max(1) as f64, (height - 24.0) / rows.len().max(1) as f64);
    for (number, column) in columns.iter().enumerate() {
        drawing.text("number", [left + 4.0 + (number as f64 + 0.5) * w, 10.0], Anchor::Middle, column);
    }
    for (r, row) in rows.iter().enumerate() {
        let top = 22.0 + r as f64 * h;
        drawing.text("name", [left, top + h / 2.0], Anchor::End, row);
        for (c, column) in columns.iter().enumerate() {
            let value = values[r][c];
            let about = format!("{row}, {column}: {value:.2}");
            let corner = [left + 4.0 + c as f64 * w, top];
            drawing.rectangle("cell", corner, [w - 1.0, h - 1.0], Some(&diverging(value / strongest)), &about);
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

/// Regions as tiles, coloured by a value. Regions whose place is not known stand in rows of their own.
#[must_use]
pub fn tiles(values: &[(String, f64)], size: [f64; 2]) -> Drawing {
    let [width, height] = size;
    let mut drawing = Drawing::default();
    let strongest = values.iter().map(|x| x.1.abs()).filter(|x| x.is_finite()).fold(1e-12, f64::max);
    let placed = values.iter().filter(|x| TILES.iter().any(|tile| tile.0 == x.0)).count();
    let rows = if placed < values.len() { 4.0 + ((values.len() - placed) as f64 / 8.0).ceil() } else { 4.0 };
    let (w, h) = (width / 8.0, height / rows);
    let mut unplaced = 0.0;
    for (code, value) in values {
        let [column, row] = TILES.iter().find(|tile| tile.0 == code).map_or_else(
            || {
                unplaced += 1.0;
                [(unplaced - 1.0) % 8.0, 4.0 + ((unplaced - 1.0) / 8.0_f64).floor()]
            },
            |tile| tile.1,
        );
        let (corner, about) = ([column * w, row * h], format!("{code}: {value:+.2}"));
        drawing.rectangle("cell", corner, [w - 3.0, h - 3.0], Some(&diverging(value / strongest)), &about);
        // Dark tiles need light letters.
        let ink = if value.abs() / strongest > 0.45 { "light" } else { "dark" };
        let middle = [corner[0] + w / 2.0 - 1.5, corner[1] + h / 2.0 - 10.0];
        drawing.text(&format!("tile {ink}"), middle, Anchor::Middle, code);
        drawing.text(&format!("number {ink}"), [middle[0], middle[1] + 17.0], Anchor::Middle, &format!("{value:+.2}"));
    }
    drawing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(drawing: &Drawing) -> String {
        drawing.element([300.0, 200.0], "title", "description")
    }

    #[test]
    fn a_line_goes_from_end_to_end() {
        let dates: Vec<Date> = (0..3).map(|k| Date::new(2024 + k, 1, 1).expect("a date")).collect();
        let series = [Series { name: "a".to_owned(), values: vec![0.0, 1.0, 2.0], bands: vec![] }];
        let found = text(&lines(&series, &dates, Some(1), true, [300.0, 200.0]));
        // From the lower left corner to the upper right one.
        assert!(found.contains(r#"<path class="l1" d="M52 174L170 93L288 12"/>"#), "{found}");
        assert!(found.contains("2024") && found.contains("2026") && found.contains("class=\"event\""), "{found}");
    }

    #[test]
    fn dots_stand_where_there_are_numbers() {
        let dates: Vec<Date> = (0..3).map(|k| Date::new(2024 + k, 1, 1).expect("a date")).collect();
        let series = [Series { name: "a".to_owned(), values: vec![0.0, 1.0, 1.0], bands: vec![] }];
        let found = text(&dotted_lines(&series, &[f64::NAN, 2.0, f64::NAN], &dates, None, true, [300.0, 200.0]));
        // The axis covers the dot, which stands at its upper end in the middle.
        assert_eq!(found.matches("<circle").count(), 1);
        assert!(found.contains(r#"<circle class="d2" cx="170" cy="12" r="2.6"/>"#), "{found}");
    }

    #[test]
    fn bars_begin_at_zero() {
        let bar = |name: &str, value| Bar { name: name.to_owned(), value, interval: None };
        let found = text(&bars(&[bar("up", 2.0), bar("down", -2.0)], [300.0, 100.0]));
        assert!(found.contains("class=\"above\"") && found.contains("class=\"below\""), "{found}");
        assert!(found.contains("+2.00") && found.contains("-2.00"), "{found}");
    }

    #[test]
    fn parts_stand_side_by_side() {
        let parts = [vec![2.0], vec![-1.0], vec![1.0]];
        let found = text(&stacks(&["1".to_owned()], &parts, [300.0, 60.0]));
        // Two parts above zero, one below, and their sum.
        assert_eq!(found.matches("<rect").count(), 3);
        assert!(
            found.contains("1: +2.000") && found.contains("1: -1.000") && found.contains("+2.00</text>"),
            "{found}"
        );
        // The axis covers what stands side by side: 3, not 2.
        assert!(found.contains(">3</text>") && found.contains(">-1</text>"), "{found}");
    }

    #[test]
    fn cells_and_tiles_say_their_value() {
        let found = text(&heat(&["r".to_owned()], &["c".to_owned()], &[vec![-3.0]], [200.0, 60.0]));
        assert!(found.contains("r, c: -3.00") && found.contains("#005aa0"), "{found}");
        let found = text(&tiles(&[("USA".to_owned(), 1.5), ("R01".to_owned(), f64::NAN)], [400.0, 250.0]));
        assert!(found.contains("USA: +1.50") && found.contains("var(--gap, #d9d9d9)"), "{found}");
    }
}
