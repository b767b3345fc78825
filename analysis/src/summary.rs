//! What a policy changed against the baseline of the same seed, in a table a person can read.

use crate::chance::Judged;
use crate::paired::{Estimate, estimate};
use crate::recording::{Array, Recording, RecordingError};
use crate::table::Table;

/// A window of ticks with the name of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Name, such as `months 10-12`.
    pub name: String,
    /// Ticks averaged over.
    pub ticks: std::ops::Range<usize>,
}

/// The windows of a run: the last quarter of the first year of policy, and the last quarter of the run.
#[must_use]
pub fn windows(first_tick: usize, ticks: usize, ticks_per_year: usize) -> Vec<Window> {
    let quarter = (ticks_per_year / 4).max(1);
    let mut windows = Vec::new();
    let year = first_tick + ticks_per_year;
    if year < ticks {
        windows.push(Window { name: "after 12 months".to_owned(), ticks: year - quarter..year });
    }
    if first_tick < ticks {
        windows.push(Window {
            name: "at the end".to_owned(),
            ticks: ticks.saturating_sub(quarter).max(first_tick)..ticks,
        });
    }
    windows
}

/// A line of the summary: what it is called, and its change in a region over a window.
struct Line {
    name: &'static str,
    change: Change,
}

/// How a line compares two runs.
enum Change {
    /// Percent change of the sum of an array over some places of its second dimension (all if empty).
    Percent(Pair, Vec<usize>),
    /// Difference of yearly sums, billions of major units.
    Billions(Pair),
}

/// An array of the policy run and of the baseline.
struct Pair(Array, Array);

fn pair(policy: &Recording<'_>, baseline: &Recording<'_>, name: &str) -> Result<Pair, RecordingError> {
    let pair = Pair(policy.array(name)?, baseline.array(name)?);
    if pair.0.shape[1..] != pair.1.shape[1..] {
        return Err(RecordingError::Mismatch(format!("`{name}` has other dimensions in the baseline")));
    }
    Ok(pair)
}

/// Mean over the window of an array in a region, summed over `places` of what lies below the region.
fn level(array: &Array, region: usize, places: &[usize], window: &Window) -> f64 {
    let width: usize = array.shape[2..].iter().product();
    let sum = |tick: usize| -> f64 {
        let row = &array.tick(tick)[region * width..(region + 1) * width];
        if places.is_empty() { row.iter().sum() } else { places.iter().map(|&place| row[place]).sum() }
    };
    let ticks = window.ticks.clone();
    let count = ticks.len() as f64;
    ticks.map(sum).sum::<f64>() / count
}

impl Change {
    fn of(&self, region: usize, window: &Window, ticks_per_year: f64) -> f64 {
        match self {
            Self::Percent(pair, places) => {
                100.0 * (level(&pair.0, region, places, window) / level(&pair.1, region, places, window) - 1.0)
            }
            Self::Billions(pair) => {
                let difference = level(&pair.0, region, &[], window) - level(&pair.1, region, &[], window);
                // Minor units a tick to billions of major units a year.
                difference * ticks_per_year / 1e11
            }
        }
    }

    fn shown(&self, region: usize, window: &Window, ticks_per_year: f64) -> String {
        let value = self.of(region, window, ticks_per_year);
        match self {
            Self::Percent(..) => format!("{value:+.2} %"),
            Self::Billions(_) => format!("{value:+.1} bn/year"),
        }
    }
}

impl Change {
    /// Mean and interval over seeds.
    fn judged(&self, found: &Judged) -> String {
        match self {
            Self::Percent(..) => format!("{} %", with_half_width(found, 2)),
            Self::Billions(_) => format!("{} bn/year", with_half_width(found, 1)),
        }
    }
}

/// The value, or none where the recording lacks what it is asked for: not every model has all of it.
fn if_there<T>(found: Result<T, RecordingError>) -> Result<Option<T>, RecordingError> {
    match found {
        Err(error) if error.missing().is_some() => Ok(None),
        found => found.map(Some),
    }
}

/// Places of jobs of manufacturing in a row of a region.
fn manufacturing(recording: &Recording<'_>) -> Result<Vec<usize>, RecordingError> {
    let flags = recording.array("manufacturing")?.values;
    let skills = recording.labels("skill")?.len();
    Ok((0..flags.len() * skills).filter(|&at| flags[at / skills] > 0.5).collect())
}

/// How many people there are, where they are born, age and die.
fn counted(recording: &Recording<'_>) -> Result<Option<Array>, RecordingError> {
    Ok(if_there(recording.array("population"))?.filter(|people| people.values.iter().any(|&x| x > 0.0)))
}

/// The lines of what both recordings have.
fn lines(policy: &Recording<'_>, baseline: &Recording<'_>) -> Result<Vec<Line>, RecordingError> {
    let percent = |name, array, places| (name, array, Change::Percent as fn(Pair, Vec<usize>) -> Change, places);
    let billions = |pair, _| Change::Billions(pair);
    let mut all = vec![
        percent("real GDP", "real_gdp", Vec::new()),
        percent("consumer prices", "consumer_price", Vec::new()),
        percent("real imports", "real_imports", Vec::new()),
    ];
    if let Some(jobs) = if_there(manufacturing(policy))? {
        all.push(percent("manufacturing jobs", "employment", jobs));
    }
    all.push(("duty revenue", "budget_duties", billions, Vec::new()));
    all.push(percent("real consumption, poorest tenth", "real_consumption_decile", vec![0]));
    all.push(percent("real consumption, richest tenth", "real_consumption_decile", vec![9]));
    if counted(baseline)?.is_some() {
        for (name, array) in [("births", "births"), ("persons of working age", "working_age")] {
            all.push(percent(name, array, Vec::new()));
        }
    }
    let mut lines = Vec::new();
    for (name, array, change, places) in all {
        if let Some(pair) = if_there(pair(policy, baseline, array))? {
            lines.push(Line { name, change: change(pair, places) });
        }
    }
    if lines.is_empty() {
        let message = "neither has any of output, prices, imports, jobs, duties and consumption";
        return Err(RecordingError::Mismatch(message.to_owned()));
    }
    Ok(lines)
}

/// Heads of the table of all regions: the region, then one for each line.
fn heads(lines: &[Line]) -> Vec<&'static str> {
    let head = |line: &Line| LONG.iter().find(|(name, _)| *name == line.name).map_or(line.name, |found| found.1);
    std::iter::once("region").chain(lines.iter().map(head)).collect()
}

/// Heads of columns of the table of all regions, by line.
const LONG: [(&str, &str); 9] = [
    ("real GDP", "GDP %"),
    ("consumer prices", "prices %"),
    ("real imports", "imports %"),
    ("manufacturing jobs", "mfg jobs %"),
    ("duty revenue", "duties bn/y"),
    ("real consumption, poorest tenth", "poorest %"),
    ("real consumption, richest tenth", "richest %"),
    ("births", "births %"),
    ("persons of working age", "15-64 %"),
];

/// The tables: all lines for one region over all windows, then every region at the last window.
///
/// # Errors
/// If a recording lacks what is compared, or the two are of different worlds.
pub fn tables(
    policy: &Recording<'_>,
    baseline: &Recording<'_>,
    focus: &str,
    windows: &[Window],
    ticks_per_year: u32,
) -> Result<(Table, Table), RecordingError> {
    let regions = policy.labels("region")?;
    if regions != baseline.labels("region")? {
        return Err(RecordingError::Mismatch("they are of different worlds".to_owned()));
    }
    let lines = lines(policy, baseline)?;
    let per_year = f64::from(ticks_per_year);
    let place = policy.place("region", focus)?;
    let mut head = vec![focus.to_owned()];
    head.extend(windows.iter().map(|window| window.name.clone()));
    let mut short = Table::new(head);
    for line in &lines {
        let cells = windows.iter().map(|window| line.change.shown(place, window, per_year));
        short.push(std::iter::once(line.name.to_owned()).chain(cells));
    }
    let mut long = Table::new(heads(&lines));
    if let Some(last) = windows.last() {
        for (place, code) in regions.iter().enumerate() {
            let cells = lines.iter().map(|line| format!("{:+.2}", line.change.of(place, last, per_year)));
            long.push(std::iter::once(code.clone()).chain(cells));
        }
    }
    Ok((short, long))
}

/// A run and the run of the same seed it is compared with.
pub type RunPair<'a> = (Recording<'a>, Recording<'a>);

/// The changes of every line: by line, region and window.
type Changes = Vec<Vec<Vec<f64>>>;

fn changes(pair: &RunPair<'_>, windows: &[Window], per_year: f64) -> Result<Changes, RecordingError> {
    let regions = pair.0.labels("region")?.len();
    let lines = lines(&pair.0, &pair.1)?;
    let of = |line: &Line, region: usize| windows.iter().map(|x| line.change.of(region, x, per_year)).collect();
    Ok(lines.iter().map(|line| (0..regions).map(|region| of(line, region)).collect()).collect())
}

/// As [`tables`], over several seeds: means with 95% intervals. A cell that is not told apart from chance is marked.
///
/// # Errors
/// As [`tables`], and if there is no pair.
pub fn tables_of_seeds(
    pairs: &[RunPair<'_>],
    placebo: &[RunPair<'_>],
    focus: &str,
    windows: &[Window],
    ticks_per_year: u32,
) -> Result<(Table, Table), RecordingError> {
    let per_year = f64::from(ticks_per_year);
    let Some(first) = pairs.first() else {
        return Err(RecordingError::Mismatch("there is no pair of runs".to_owned()));
    };
    let lines = lines(&first.0, &first.1)?;
    let all = |pairs: &[RunPair<'_>]| -> Result<Vec<Changes>, RecordingError> {
        pairs.iter().map(|pair| changes(pair, windows, per_year)).collect()
    };
    let (policy, nothing) = (all(pairs)?, all(placebo)?);
    let judged = |line: usize, region: usize, window: usize| {
        let of = |runs: &[Changes]| estimate(&runs.iter().map(|x| x[line][region][window]).collect::<Vec<_>>());
        Some(Judged { change: of(&policy)?, placebo: of(&nothing) })
    };
    let regions = first.0.labels("region")?;
    let place = first.0.place("region", focus)?;
    let mut short =
        Table::new(std::iter::once(focus.to_owned()).chain(windows.iter().map(|window| window.name.clone())));
    for (number, line) in lines.iter().enumerate() {
        let cell = |window| judged(number, place, window).map_or_else(String::new, |found| line.change.judged(&found));
        short.push(std::iter::once(line.name.to_owned()).chain((0..windows.len()).map(cell)));
    }
    let mut long = Table::new(heads(&lines));
    for (place, code) in regions.iter().enumerate() {
        let last = windows.len() - 1;
        let cell = |line| judged(line, place, last).map_or_else(String::new, |found| with_half_width(&found, 2));
        long.push(std::iter::once(code.clone()).chain((0..lines.len()).map(cell)));
    }
    Ok((short, long))
}

/// Half the width of an interval after its mean, if there is one.
fn half_width(found: &Estimate, digits: usize) -> String {
    let half = found.half_width;
    if half.is_finite() { format!(" ±{half:.digits$}") } else { String::new() }
}

/// Mean and half the width of the interval, marked if it is not told apart from chance.
fn with_half_width(found: &Judged, digits: usize) -> String {
    found.marked(&format!("{:+.digits$}{}", found.change.mean, half_width(&found.change, digits)))
}

/// Columns of the table of a run without comparison, and whether they are changes.
const OUTCOME: [(&str, bool); 4] =
    [("GDP %", true), ("prices %", true), ("unemployment %", false), ("policy rate %", false)];

/// Columns that follow where people are born, age and die.
const PEOPLE: [(&str, bool); 3] = [("population %", true), ("15-64 %", true), ("65+ per 100 of 15-64", false)];

/// Where a run without comparison ended: a line a region, means of the last quarter against the base year; of people against their number
/// at the first tick.
///
/// # Errors
/// If the recording lacks what is shown.
pub fn outcome(recording: &Recording<'_>, ticks_per_year: u32) -> Result<Table, RecordingError> {
    outcome_of_seeds(std::slice::from_ref(recording), ticks_per_year)
}

/// As [`outcome`], over several seeds: means with 95% intervals.
///
/// # Errors
/// As [`outcome`].
pub fn outcome_of_seeds(recordings: &[Recording<'_>], ticks_per_year: u32) -> Result<Table, RecordingError> {
    let ends: Vec<Ends> = recordings.iter().map(|x| ends(x, ticks_per_year)).collect::<Result<_, _>>()?;
    let Some(first) = ends.first() else { return Ok(Table::default()) };
    let columns = OUTCOME.iter().chain(&PEOPLE).take(first.first().map_or(OUTCOME.len(), |region| region.1.len()));
    let columns: Vec<_> = columns.collect();
    let mut table = Table::new(std::iter::once("region").chain(columns.iter().map(|column| column.0)));
    for (place, (code, _)) in first.iter().enumerate() {
        let cell = |column: usize| {
            let values: Vec<f64> = ends.iter().map(|x| x[place].1[column]).collect();
            let found = estimate(&values).filter(|found| found.mean.is_finite());
            found.map_or_else(
                || "-".to_owned(),
                |found| {
                    let change = columns[column].1;
                    let mean = if change { format!("{:+.2}", found.mean) } else { format!("{:.2}", found.mean) };
                    mean + &half_width(&found, 2)
                },
            )
        };
        table.push(std::iter::once(code.clone()).chain((0..columns.len()).map(cell)));
    }
    Ok(table)
}

/// Regions with what the columns show at the end, percent.
type Ends = Vec<(String, Vec<f64>)>;

fn ends(recording: &Recording<'_>, ticks_per_year: u32) -> Result<Ends, RecordingError> {
    let (gdp, base) = (recording.array("real_gdp")?, recording.array("base_real_gdp")?.values);
    let prices = recording.array("consumer_price")?;
    // No number where a model has none.
    let (jobless, rate) = (if_there(recording.array("unemployment_rate"))?, if_there(recording.array("policy_rate"))?);
    let people = match counted(recording)? {
        Some(all) => Some([all, recording.array("working_age")?, recording.array("old_age_dependency")?]),
        None => None,
    };
    let quarter = (ticks_per_year / 4).max(1) as usize;
    let window = Window { name: String::new(), ticks: gdp.ticks().saturating_sub(quarter)..gdp.ticks() };
    let of = |place: usize| {
        let mean = |array: &Array| level(array, place, &[], &window);
        let [jobless, rate] = [&jobless, &rate].map(|array| array.as_ref().map_or(f64::NAN, mean));
        let mut all = vec![mean(&gdp) / base[place] - 1.0, mean(&prices) - 1.0, jobless, rate];
        if let Some([people, working, ratio]) = &people {
            let grown = |array: &Array| mean(array) / array.tick(0)[place] - 1.0;
            all.extend([grown(people), grown(working), mean(ratio)]);
        }
        all.into_iter().map(|x| 100.0 * x).collect()
    };
    Ok(recording.labels("region")?.into_iter().enumerate().map(|(place, code)| (code, of(place))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_the_last_quarters_of_the_first_year_and_of_the_run() {
        let found = windows(12, 60, 12);
        assert_eq!((found[0].ticks.clone(), found[1].ticks.clone()), (21..24, 57..60));
        assert_eq!(windows(12, 14, 12)[0].ticks, 12..14);
        assert!(windows(12, 12, 12).is_empty());
        assert_eq!(windows(4, 20, 4)[0].ticks, 7..8);
    }

    #[test]
    fn what_is_not_told_apart_is_marked() {
        let found = |mean, half_width, placebo: Option<f64>| Judged {
            change: crate::paired::Estimate { mean, half_width, count: 8 },
            placebo: placebo.map(|half_width| crate::paired::Estimate { mean: 0.0, half_width, count: 8 }),
        };
        assert_eq!(with_half_width(&found(-0.474, 0.12, None), 2), "-0.47 ±0.12");
        assert_eq!(with_half_width(&found(0.1, 0.12, None), 2), "~+0.10 ±0.12");
        assert_eq!(with_half_width(&found(-0.474, 0.12, Some(0.5)), 2), "~-0.47 ±0.12");
        assert_eq!(with_half_width(&found(1.0, f64::INFINITY, None), 1), "~+1.0");
    }

    #[test]
    fn people_are_shown_where_they_are_counted() {
        use engine::netcdf::{Content, Dimension, Values, Variable};
        let content = |people: f64| {
            let dimension = |name: &str, size, coordinates| Dimension {
                name: name.to_owned(),
                size,
                coordinates,
                attributes: vec![],
            };
            let labels = Values::Text(vec!["A".to_owned()].into());
            let numbers = |name: &str, dimensions: &[usize], values: Vec<f64>| Variable {
                name: name.to_owned(),
                dimensions: dimensions.to_vec(),
                values: Values::F64(values.into()),
                attributes: vec![],
            };
            let grows = |from: f64| (0..6).map(|tick| if tick < 3 { from } else { from * 1.1 }).collect();
            let variables = vec![
                numbers("real_gdp", &[0, 1], grows(100.0)),
                numbers("base_real_gdp", &[1], vec![100.0]),
                numbers("consumer_price", &[0, 1], vec![1.0; 6]),
                numbers("population", &[0, 1], grows(people)),
                numbers("working_age", &[0, 1], grows(people / 2.0)),
                numbers("old_age_dependency", &[0, 1], vec![0.3; 6]),
            ];
            let dimensions = vec![dimension("time", 6, None), dimension("region", 1, Some(labels))];
            Content { dimensions, variables, attributes: vec![] }
        };
        let shown = |people: f64| {
            let content = content(people);
            let table = outcome(&Recording::of(&content), 12).expect("a table");
            table.rows[0].clone()
        };
        assert_eq!(shown(1_000.0), ["A", "+10.00", "+0.00", "-", "-", "+10.00", "+10.00", "30.00"]);
        assert_eq!(shown(0.0), ["A", "+10.00", "+0.00", "-", "-"]);
    }

    #[test]
    fn levels_are_means_over_the_window_of_sums_over_places() {
        let array = Array {
            dimensions: vec!["time".into(), "region".into(), "decile".into()],
            shape: vec![2, 2, 2],
            values: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        };
        let window = Window { name: String::new(), ticks: 0..2 };
        assert!((level(&array, 1, &[], &window) - 11.0).abs() < 1e-12);
        assert!((level(&array, 1, &[1], &window) - 6.0).abs() < 1e-12);
        let doubled = Array { values: array.values.iter().map(|x| 2.0 * x).collect(), ..array.clone() };
        let change = Change::Percent(Pair(doubled, array), vec![0]);
        assert!((change.of(0, &window, 12.0) - 100.0).abs() < 1e-12);
    }
}
