//! Recordings and ensembles as plain tables: one row per run, time and place, one column per variable.
//!
//! A [`Book`] is what a file holds, sorted by dimensions; a [`Sheet`] is the table of variables that share theirs. Rows
//! are in the order of the recording. A sheet is written block by block along its first dimension, so memory does not grow
//! with the number of runs, and the same recording gives the same bytes.
//!
//! What every row of a sheet begins with are its keys: the label on each dimension and, in an ensemble, what tells its run
//! from others (arm, replicate, seed, run of the baseline, factors). Runs that were not done have no values and no rows,
//! except in the sheet of the runs themselves, where `status` and `failure` say what became of each.

mod csv;
mod parquet;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use engine::clock::Date;
use engine::files::FileError;
use engine::netcdf::{AttributeValue, Attributes, NetcdfError, Number, Reader, Values, VariableInfo};
use serde_json::{Map, json};

use crate::recording::{RUN, RecordingError};

/// Variables over the runs of an ensemble that are results and not keys.
const OUTCOMES: [&str; 2] = ["status", "failure"];

/// The run each run is compared with.
const BASELINE: &str = "baseline";

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The recording cannot be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The table cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<NetcdfError> for ExportError {
    fn from(error: NetcdfError) -> Self {
        Self::Recording(error.into())
    }
}

/// The sign before the decimals of numbers in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decimal {
    /// A point; values are separated by commas.
    #[default]
    Point,
    /// A comma, for spreadsheets of languages that write numbers so; values are separated by semicolons.
    Comma,
}

impl Decimal {
    /// What stands between two values.
    #[must_use]
    pub const fn separator(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => ';',
        }
    }
}

/// Kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, described by a file beside it.
    Csv(Decimal),
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// The files that are written for a table at `path`.
    #[must_use]
    pub fn files(self, path: &Path) -> Vec<PathBuf> {
        match self {
            Self::Csv(_) => vec![path.to_owned(), csv::description_path(path)],
            Self::Parquet => vec![path.to_owned()],
        }
    }

    /// Extension of its files.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// A table that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
}

/// The labels of a key, one for each place on its dimension.
#[derive(Clone, Debug, PartialEq)]
enum Labels {
    /// Texts; an empty one is a missing value.
    Text(Vec<String>),
    Integers(Vec<i64>),
    /// Numbers; one that is not a number is a missing value.
    Numbers(Vec<f64>),
    Dates(Vec<Date>),
}

/// A column that says which row it is.
struct Key {
    name: String,
    /// The dimension, as a place in the sheet's.
    axis: usize,
    labels: Labels,
    attributes: Attributes,
}

/// A column of values.
struct Column {
    info: VariableInfo,
    /// The type of its numbers; `None` for texts.
    number: Option<Number>,
}

/// What a file holds.
pub struct Book<'a> {
    reader: &'a Reader,
    variables: Vec<VariableInfo>,
    /// Names of the variables that tell runs apart; empty unless the file is an ensemble.
    keys: Vec<String>,
    /// Whether each run was done; empty unless the file is an ensemble.
    done: Vec<bool>,
}

impl<'a> Book<'a> {
    /// Reads what a recording or ensemble holds.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn open(reader: &'a Reader) -> Result<Self, RecordingError> {
        // Single values, such as the configuration, are no tables.
        let variables: Vec<VariableInfo> =
            reader.variables()?.into_iter().filter(|info| !info.dimensions.is_empty()).collect();
        let over_runs = |name: &str| variables.iter().any(|x| x.name == name && x.dimensions == [RUN]);
        let (mut keys, mut done) = (Vec::new(), Vec::new());
        if over_runs("status") {
            done = reader.texts("status")?.iter().map(|status| status == "done").collect();
            let listed = reader.attributes()?.into_iter().find(|(name, _)| name == "coordinates");
            if let Some((_, AttributeValue::Text(names))) = listed {
                let key = |name: &&str| over_runs(name) && !OUTCOMES.contains(name);
                keys = names.split_whitespace().filter(key).map(str::to_owned).collect();
            }
        }
        Ok(Self { reader, variables, keys, done })
    }

    /// Whether the file holds many runs.
    #[must_use]
    pub fn is_ensemble(&self) -> bool {
        !self.done.is_empty()
    }

    /// Numbers of runs that were done and of all; `None` unless the file is an ensemble.
    #[must_use]
    pub fn runs(&self) -> Option<(usize, usize)> {
        self.is_ensemble().then(|| (self.done.iter().filter(|done| **done).count(), self.done.len()))
    }

    /// Names of all variables that have a place in a table.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.variables.iter().map(|info| info.name.as_str()).collect()
    }

    /// Whether this is a label that tables begin with: a dimension, or what tells runs apart.
    #[must_use]
    pub fn is_key(&self, name: &str) -> bool {
        self.keys.iter().any(|key| key == name)
            || self.variables.iter().any(|info| info.dimensions.iter().any(|dimension| dimension == name))
    }

    /// The variables by the dimensions they share, in the order of the file.
    #[must_use]
    pub fn groups(&self) -> Vec<(Vec<&str>, Vec<&str>)> {
        let mut order: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        let mut places: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
        for info in &self.variables {
            let dimensions: Vec<&str> = info.dimensions.iter().map(String::as_str).collect();
            let place = *places.entry(dimensions.clone()).or_insert_with(|| {
                order.push((dimensions, Vec::new()));
                order.len() - 1
            });
            order[place].1.push(&info.name);
        }
        order
    }

    /// The table of variables that share their dimensions. What tells runs apart is a key of every table of an ensemble,
    /// whether it is named or not.
    ///
    /// # Errors
    /// If there is no such variable, or the file is damaged.
    ///
    /// # Panics
    /// If the variables do not share their dimensions, or none is given.
    pub fn sheet(&self, names: &[&str]) -> Result<Sheet<'a>, RecordingError> {
        let infos = names.iter().map(|name| self.reader.variable(name)).collect::<Result<Vec<_>, _>>()?;
        let (dimensions, shape) = (infos[0].dimensions.clone(), infos[0].shape.clone());
        assert!(infos.iter().all(|info| info.dimensions == dimensions), "variables of a table share their dimensions");
        let mut keys = Vec::new();
        for (axis, name) in dimensions.iter().enumerate() {
            keys.push(self.coordinate(axis, name)?);
            if name == RUN {
                for key in &self.keys {
                    keys.push(self.run_key(axis, key)?);
                }
            }
        }
        let mut columns = Vec::new();
        let mut rows = 1;
        for info in infos.into_iter().filter(|info| !self.keys.contains(&info.name)) {
            let storage = self.reader.storage(&info.name)?;
            rows = rows.max(storage.rows);
            columns.push(Column { info, number: storage.number });
        }
        let of_runs = self.is_ensemble() && dimensions[0] == RUN && dimensions.len() > 1;
        let kept = if of_runs { self.done.clone() } else { vec![true; shape[0]] };
        let attributes = self.reader.attributes()?;
        Ok(Sheet { reader: self.reader, dimensions, shape, keys, columns, kept, stored: rows, attributes })
    }

    /// The labels of a dimension; places counted from 0 where it has none.
    fn coordinate(&self, axis: usize, name: &str) -> Result<Key, RecordingError> {
        let dimension = self.reader.dimension(name)?;
        let labels = match dimension.coordinates {
            Some(_) if name == "time" => Labels::Dates(self.reader.dates()?),
            Some(values) => labels(values),
            None => Labels::Integers((0..dimension.size as i64).collect()),
        };
        // Dates need no units.
        let attributes = dimension.attributes.into_iter().filter(|(key, _)| name != "time" || key == "long_name");
        Ok(Key { name: name.to_owned(), axis, labels, attributes: attributes.collect() })
    }

    /// What tells runs apart. Places of runs mean nothing in a table, so a baseline is called by its name.
    fn run_key(&self, axis: usize, name: &str) -> Result<Key, RecordingError> {
        let mut attributes = self.reader.variable(name)?.attributes;
        let mut found = labels(self.reader.values(name)?);
        if let (BASELINE, Labels::Integers(places)) = (name, &found) {
            let ids = self.reader.texts(RUN)?;
            let id = |place: &i64| usize::try_from(*place).ok().and_then(|place| ids.get(place).cloned());
            found = Labels::Text(places.iter().map(|place| id(place).unwrap_or_default()).collect());
            let about = "run with the same seed it is compared with; empty if there is none";
            attributes = vec![("long_name".to_owned(), about.into())];
        }
        Ok(Key { name: name.to_owned(), axis, labels: found, attributes })
    }
}

fn labels(values: Values<'static>) -> Labels {
    match values {
        Values::Text(texts) => Labels::Text(texts.into_owned()),
        Values::I64(integers) => Labels::Integers(integers.into_owned()),
        Values::F64(numbers) => Labels::Numbers(numbers.into_owned()),
        Values::F32(numbers) => Labels::Numbers(numbers.iter().copied().map(f64::from).collect()),
    }
}

/// A table.
pub struct Sheet<'a> {
    reader: &'a Reader,
    dimensions: Vec<String>,
    shape: Vec<usize>,
    keys: Vec<Key>,
    columns: Vec<Column>,
    /// Whether each place along the first dimension has rows.
    kept: Vec<bool>,
    /// Places along the first dimension that are stored together.
    stored: usize,
    attributes: Attributes,
}

impl Sheet<'_> {
    /// Names of the dimensions, joined by `-`: what a file of this table may be called.
    #[must_use]
    pub fn name(&self) -> String {
        self.dimensions.join("-")
    }

    /// Writes the table; whatever happens, `path` is either the old file or the new one.
    ///
    /// # Errors
    /// If the recording cannot be read or the table cannot be written.
    pub fn write(&self, format: Format, path: &Path) -> Result<Written, ExportError> {
        match format {
            Format::Csv(decimal) => csv::write(self, path, decimal)?,
            Format::Parquet => parquet::write(self, path)?,
        }
        Ok(self.written(path))
    }

    /// Writes the table as values with separators to an open stream, such as standard output; `name` stands for it in
    /// messages.
    ///
    /// # Errors
    /// If the recording cannot be read or the stream refuses.
    pub fn pour(&self, decimal: Decimal, out: &mut impl io::Write, name: &Path) -> Result<Written, ExportError> {
        csv::pour(self, decimal, out, name)?;
        Ok(self.written(name))
    }

    fn written(&self, path: &Path) -> Written {
        let kept = self.kept.iter().filter(|kept| **kept).count();
        Written { path: path.to_owned(), rows: kept * self.inner(), columns: self.keys.len() + self.columns.len() }
    }

    /// Rows of a place along the first dimension.
    fn inner(&self) -> usize {
        self.shape[1..].iter().product()
    }

    /// Place on an axis of the row `row` among those of the place `first` along the first dimension.
    fn place(&self, axis: usize, first: usize, row: usize) -> usize {
        if axis == 0 {
            return first;
        }
        row / self.shape[axis + 1..].iter().product::<usize>() % self.shape[axis]
    }

    /// Places along the first dimension in blocks of about `most` places, of at least one; in whole chunks where a chunk
    /// is not larger.
    fn blocks(&self, most: usize) -> impl Iterator<Item = Range<usize>> {
        let step = if most > self.stored { most / self.stored * self.stored } else { most.max(1) };
        let size = self.shape[0];
        (0..size).step_by(step).map(move |first| first..(first + step).min(size))
    }

    /// The places of a block that have rows.
    fn kept(&self, block: &Range<usize>) -> Vec<usize> {
        block.clone().filter(|&place| self.kept[place]).collect()
    }

    /// The values of a column in the rows of a block.
    fn values(&self, column: &Column, block: &Range<usize>) -> Result<Values<'static>, ExportError> {
        let values = self.reader.rows(&column.info.name, block.clone())?;
        let keep: Vec<bool> = block.clone().map(|place| self.kept[place]).collect();
        if keep.iter().all(|keep| *keep) {
            return Ok(values);
        }
        Ok(match values {
            Values::F64(x) => Values::F64(select(&x, &keep).into()),
            Values::F32(x) => Values::F32(select(&x, &keep).into()),
            Values::I64(x) => Values::I64(select(&x, &keep).into()),
            Values::Text(x) => Values::Text(Cow::Owned(select(&x, &keep))),
        })
    }

    /// What is known about each column: name, type as XML Schema calls it, and attributes (`long_name`, `units`,
    /// `definition`).
    fn described(&self) -> Vec<(&str, &'static str, &Attributes)> {
        let keys = self.keys.iter().map(|key| {
            let datatype = match key.labels {
                Labels::Text(_) => "string",
                Labels::Integers(_) => "long",
                Labels::Numbers(_) => "double",
                Labels::Dates(_) => "date",
            };
            (key.name.as_str(), datatype, &key.attributes)
        });
        let columns = self.columns.iter().map(|column| {
            let datatype = match column.number {
                Some(Number::F64) => "double",
                Some(Number::F32) => "float",
                Some(Number::I64) => "long",
                None => "string",
            };
            (column.info.name.as_str(), datatype, &column.info.attributes)
        });
        keys.chain(columns).collect()
    }

    /// The names that together tell every row from all others.
    fn primary_key(&self) -> &[String] {
        &self.dimensions
    }

    /// The columns in the words of CSV on the Web (W3C 2015): `titles` is the long name, `dc:description` the definition,
    /// `schema:unitText` the unit.
    fn columns_json(&self) -> serde_json::Value {
        let column = |(name, datatype, attributes): (&str, &str, &Attributes)| {
            let mut about = Map::new();
            about.insert("name".to_owned(), name.into());
            about.insert("datatype".to_owned(), datatype.into());
            for (key, term) in [("long_name", "titles"), ("definition", "dc:description"), ("units", "schema:unitText")]
            {
                if let Some((_, AttributeValue::Text(text))) = attributes.iter().find(|(name, _)| name == key) {
                    about.insert(term.to_owned(), text.as_str().into());
                }
            }
            serde_json::Value::Object(about)
        };
        json!(self.described().into_iter().map(column).collect::<Vec<_>>())
    }

    /// The attributes of the recording, but for what concerns its own variables.
    fn about(&self) -> impl Iterator<Item = (&str, String)> {
        self.attributes.iter().filter(|(name, _)| name != "coordinates" && name != "Conventions").map(
            |(name, value)| {
                let text = match value {
                    AttributeValue::Text(text) => text.clone(),
                    AttributeValue::Integer(number) => number.to_string(),
                    AttributeValue::Unsigned(number) => number.to_string(),
                    AttributeValue::Number(number) => number.to_string(),
                };
                (name.as_str(), text)
            },
        )
    }
}

/// The rows of the places to keep.
fn select<T: Clone>(values: &[T], keep: &[bool]) -> Vec<T> {
    let rows = values.chunks_exact((values.len() / keep.len().max(1)).max(1));
    rows.zip(keep).filter(|(_, keep)| **keep).flat_map(|(row, _)| row.iter().cloned()).collect()
}

fn refused(path: &Path, error: io::Error) -> ExportError {
    FileError::new("write", path, error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_places_are_selected_whole() {
        assert_eq!(select(&[1, 2, 3, 4, 5, 6], &[true, false, true]), [1, 2, 5, 6]);
        assert_eq!(select::<i32>(&[], &[false]), [0; 0]);
    }
}
