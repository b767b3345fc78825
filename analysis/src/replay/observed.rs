//! What was observed, as a user fills it in, and how far the model lies from it.

use std::collections::BTreeMap;
use std::fmt;

use engine::csv::{Cell, Rows, no_number};

use super::errors::{Errors, errors};
use super::{ALL, Frame, Item, Kind, Path, SERIES, mean};

/// Columns of the table that a user fills, in any order; others are left alone.
pub const COLUMNS: [&str; 5] = ["month", "series", "partner", "unit", "observed"];

/// Which series are rebased on the months before the first measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rebase {
    /// Indices.
    Index,
    /// Indices and amounts of money, which are then only compared in their changes.
    Levels,
    /// None: observations are compared as they are.
    None,
}

impl Rebase {
    /// Whether a kind of series is rebased.
    #[must_use]
    pub fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Index => kind == Kind::Index,
            Self::Levels => kind != Kind::Rate,
            Self::None => false,
        }
    }
}

/// What is wrong with a table of observations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line of the file, from 1; 0 where it is about no single one.
    pub row: usize,
    /// Column.
    pub column: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column.as_str()) {
            (0, _) => f.write_str(&self.message),
            (row, "") => write!(f, "row {row}: {}", self.message),
            (row, column) => write!(f, "row {row}, column {column}: {}", self.message),
        }
    }
}

/// What was observed: by place among the items of the frame, then by tick; not a number where nothing was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed(pub BTreeMap<usize, Vec<f64>>);

/// An item beside what was observed of it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Place among the items.
    pub place: usize,
    /// The item.
    pub item: Item,
    /// What was observed, rebased if it is; by tick.
    pub observed: Vec<f64>,
    /// Errors of the model; none if no month since the first measure was observed.
    pub errors: Option<Errors>,
}

/// Places of the columns in a line.
struct Head {
    places: [usize; COLUMNS.len()],
    width: usize,
}

impl Head {
    fn read(names: &[Cell], row: usize) -> Result<Self, Problem> {
        let mut places = [0; COLUMNS.len()];
        let problem = |message: String| Problem { row, column: String::new(), message };
        for (place, column) in places.iter_mut().zip(COLUMNS) {
            let mut found = (0..names.len()).filter(|&at| names[at].text == column);
            *place = found.next().ok_or_else(|| {
                let wanted = COLUMNS.join(", ");
                problem(format!("there is no column `{column}`; the head must have {wanted}, separated by commas"))
            })?;
            if found.next().is_some() {
                return Err(problem(format!("column `{column}` appears twice; remove one")));
            }
        }
        Ok(Self { places, width: names.len() })
    }
}

impl Observed {
    /// Reads a table of observations; rows whose last column is empty are left out.
    ///
    /// # Errors
    /// Everything that is wrong with it, line by line.
    pub fn parse(text: &str, frame: &Frame, rebase: Rebase) -> Result<Self, Vec<Problem>> {
        let whole = |row: usize, message: String| vec![Problem { row, column: String::new(), message }];
        let table = Rows::parse(text).map_err(|flaw| {
            let row = text[..flaw.span.start].lines().count().max(1);
            whole(row, format!("{}; {}", flaw.message, flaw.remedy))
        })?;
        if table.is_empty() {
            return Err(whole(0, "the file is empty".to_owned()));
        }
        let lines = table.lines();
        let head = Head::read(&table.cells(0), lines[0]).map_err(|problem| vec![problem])?;
        let items = frame.items();
        let mut found = Self::default();
        let mut seen: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut problems = Vec::new();
        for (number, row) in lines.into_iter().enumerate().skip(1) {
            let cells = table.cells_of_width(number, head.width);
            let problem = |column: &str, message: String| Problem { row, column: column.to_owned(), message };
            match observation(&cells, &head, frame, &items) {
                Ok(None) => {}
                Ok(Some((place, tick, value))) => {
                    if let Some(earlier) = seen.insert((place, tick), row) {
                        let message = format!("the same month, series and partner stand in row {earlier} already");
                        problems.push(problem("", message));
                    }
                    found.0.entry(place).or_insert_with(|| vec![f64::NAN; frame.dates.len()])[tick] = value;
                }
                Err((column, message)) => problems.push(problem(column, message)),
            }
        }
        if problems.is_empty() && found.0.is_empty() {
            let message = "no row has a value in column observed".to_owned();
            problems.push(Problem { row: 0, column: String::new(), message });
        }
        if problems.is_empty() {
            problems = found.without_base(frame, rebase);
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }

    /// Series that are rebased but were not observed in the months they are rebased on.
    fn without_base(&self, frame: &Frame, rebase: Rebase) -> Vec<Problem> {
        let items = frame.items();
        let mut problems = Vec::new();
        for (&place, values) in &self.0 {
            let item = &items[place];
            let before: Vec<f64> = values[frame.before()].iter().copied().filter(|x| x.is_finite()).collect();
            if rebase.takes(item.series.kind) && (before.is_empty() || mean(&before) <= 0.0) {
                let message = format!(
                    "series {} of {} needs an observation above zero in {}, on which it is rebased; add one, or compare it as it is with --rebase none",
                    item.series.id,
                    frame.partner(item),
                    frame.months(&frame.before())
                );
                problems.push(Problem { row: 0, column: String::new(), message });
            }
        }
        problems
    }

    /// Lays observations beside paths. A rebased series gets the model's mean over those months before the first measure in which
    /// it was observed: 100 for an index that was observed in all of them.
    #[must_use]
    pub fn beside(&self, frame: &Frame, paths: &[Path], rebase: Rebase) -> Vec<Compared> {
        let compared = |(&place, values): (&usize, &Vec<f64>)| {
            let path = &paths[place];
            let model = path.means();
            let known: Vec<usize> = frame.before().filter(|&t| values[t].is_finite()).collect();
            let level = |values: &[f64]| mean(&known.iter().map(|&t| values[t]).collect::<Vec<_>>());
            let factor = if rebase.takes(path.item.series.kind) { level(&model) / level(values) } else { 1.0 };
            let observed: Vec<f64> = values.iter().map(|x| x * factor).collect();
            let errors = errors(&model, &observed, &path.baseline, frame.before(), frame.first);
            Compared { place, item: path.item, observed, errors }
        };
        self.0.iter().map(compared).collect()
    }
}

/// Largest index or amount that is taken for an observation.
const LARGEST: f64 = 1e9;

/// Whether a value can have been observed.
fn possible(kind: Kind, unit: &str, value: f64) -> Result<(), String> {
    let share = kind == Kind::Rate && unit.starts_with("percent of");
    match kind {
        _ if share && !(0.0..=100.0).contains(&value) => {
            Err(format!("{value} cannot be: a share lies between 0 and 100 percent"))
        }
        Kind::Rate if !(-1000.0..=1000.0).contains(&value) => {
            Err(format!("{value} cannot be: a rate lies between -1000 and 1000 percent"))
        }
        Kind::Rate => Ok(()),
        _ if !(0.0..=LARGEST).contains(&value) => {
            Err(format!("{value} cannot be: an amount or index is zero or more, and at most {LARGEST:e}"))
        }
        _ => Ok(()),
    }
}

/// Place among the items, tick and value.
type Observation = (usize, usize, f64);

/// What a line says; nothing if there is no value. Otherwise the column that is wrong, and how.
fn observation(
    cells: &[Cell],
    head: &Head,
    frame: &Frame,
    items: &[Item],
) -> Result<Option<Observation>, (&'static str, String)> {
    if cells.len() != head.width {
        return Err(("", format!("it has {} columns, and the head {}", cells.len(), head.width)));
    }
    let [month, id, partner, unit, value] = head.places.map(|place| cells[place].text.as_str());
    let series = SERIES.iter().find(|series| series.id == id).ok_or_else(|| {
        let known: Vec<&str> = SERIES.iter().map(|series| series.id).collect();
        ("series", format!("there is no series `{id}`; there are {}", known.join(", ")))
    })?;
    let place = items.iter().position(|item| item.series.id == id && frame.partner(item) == partner);
    let place = place.ok_or_else(|| {
        let of_series = items.iter().filter(|item| item.series.id == id);
        let known: Vec<&str> = of_series.map(|item| frame.partner(item)).collect();
        let empty = if partner.is_empty() { format!(" (`{ALL}` stands for all together)") } else { String::new() };
        ("partner", format!("series {id} has no partner `{partner}`{empty}; it has {}", known.join(", ")))
    })?;
    let tick = (0..frame.dates.len()).find(|&tick| frame.month(tick) == month).ok_or_else(|| {
        let span = frame.months(&(0..frame.dates.len()));
        ("month", format!("`{month}` is no month of the run; write YYYY-MM, from {span}"))
    })?;
    if unit != series.unit {
        return Err(("unit", format!("`{unit}` is not the unit of {id}, which is `{}`", series.unit)));
    }
    if value.is_empty() {
        return Ok(None);
    }
    let number = value.parse().ok().filter(|x: &f64| x.is_finite());
    let number = number.ok_or_else(|| {
        let (message, remedy) = no_number(value);
        ("observed", format!("{message}; {remedy}"))
    })?;
    possible(series.kind, series.unit, number).map_err(|message| ("observed", message))?;
    Ok(Some((place, tick, number)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, rising};
    use super::*;

    const HEAD: &str = "month,series,partner,unit,observed\n";
    const INDEX: &str = "\"index, months before the first measure = 100\"";

    #[track_caller]
    fn refused(text: &str, expected: &[&str]) {
        let problems = Observed::parse(text, &frame(), Rebase::Index).expect_err("a problem");
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{expected} is not in {found}");
        }
    }

    #[test]
    fn observations_are_read() {
        // A mark that Excel writes, other columns, another order, blank lines and rows.
        let text = format!(
            "\u{feff}note,observed,month,partner,series,unit\r\n\r\nx,12.5,2025-03,B,import_share,percent of goods imports\r\n\
             ,,2025-04,B,import_share,percent of goods imports\r\n,1e2,2025-01,all,consumer_price,{INDEX}\r\n"
        );
        let found = Observed::parse(&text, &frame(), Rebase::Index).expect("observations");
        assert_eq!(found.0.len(), 2);
        let items = frame().items();
        let share = items.iter().position(|item| item.series.id == "import_share").expect("a series");
        assert!((found.0[&share][2] - 12.5).abs() < 1e-12 && found.0[&share][3].is_nan());
    }

    #[test]
    fn what_is_wrong_is_named() {
        refused("", &["the file is empty"]);
        refused("month;series;partner;unit;observed\n", &["row 1: the columns are separated by semicolons"]);
        refused(HEAD, &["no row has a value"]);
        let rows = "2025-03,imports,B,billion a month,1.5\n\
                    2025-03,import,B,billion a month,1.5\n\
                    2025-03,imports,C,billion a month,1.5\n\
                    2025-03,import_share,,percent of goods imports,1.5\n\
                    2025-07,imports,B,billion a month,1.5\n\
                    2025-04,imports,B,million a month,1.5\n\
                    2025-04,imports,B,billion a month,\"1,5\"\n\
                    2025-05,imports,B,billion a month,inf\n\
                    2025-03,imports,B,billion a month,1.6\n\
                    2025-03,imports\n";
        refused(
            &format!("{HEAD}{rows}"),
            &[
                "row 3, column series: there is no series `import`",
                "row 4, column partner: series imports has no partner `C`; it has all, B",
                "row 5, column partner: series import_share has no partner `` (`all` stands for all together); it has B",
                "row 6, column month: `2025-07` is no month of the run; write YYYY-MM, from 2025-01 to 2025-06",
                "row 7, column unit: `million a month` is not the unit of imports",
                "row 8, column observed: `1,5` is not a number",
                "row 9, column observed: `inf` is not a number",
                "row 10: the same month, series and partner stand in row 2 already",
                "row 11: it has 2 columns, and the head 5",
            ],
        );
        let index = format!("{HEAD}2025-03,imports_index,B,{INDEX},104\n");
        refused(&index, &["series imports_index of B needs an observation above zero in 2025-01 to 2025-02"]);
        assert!(Observed::parse(&index, &frame(), Rebase::None).is_ok());
    }

    #[test]
    fn indices_are_rebased_and_rates_are_not() {
        let text = format!(
            "{HEAD}2025-02,imports_index,all,{INDEX},50\n2025-04,imports_index,all,{INDEX},60\n\
             2025-04,import_share,B,percent of goods imports,60\n2025-02,imports,all,billion a month,5\n"
        );
        let frame = frame();
        let check = |rebase: Rebase, expected: [f64; 3]| {
            let found = Observed::parse(&text, &frame, rebase).expect("observations");
            let compared = found.beside(&frame, &rising(&frame), rebase);
            let at = |id: &str, tick: usize| {
                let found = compared.iter().find(|x| x.item.series.id == id).expect("a series");
                found.observed[tick]
            };
            let found = [at("imports_index", 3), at("import_share", 3), at("imports", 1)];
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 1e-12, "{rebase:?}: {found} is not {expected}");
            }
        };
        // The paths are 10 in February.
        check(Rebase::Index, [12.0, 60.0, 5.0]);
        check(Rebase::Levels, [12.0, 60.0, 10.0]);
        check(Rebase::None, [60.0, 60.0, 5.0]);
    }
}
