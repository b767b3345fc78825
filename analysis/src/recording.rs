//! A recorded run, from a file or still in memory.

use std::ops::Range;
use std::path::Path;

use engine::clock::Date;
use engine::netcdf::{AttributeValue, Content, NetcdfError, Reader, Values, VariableInfo};

use crate::cache::RunCache;

/// Why a recording could not be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read, or lacks a variable.
    #[error(transparent)]
    Netcdf(#[from] NetcdfError),
    /// The recording lacks something.
    #[error("the recording has no {what} `{name}`; record it anew with this version and `--record full`")]
    Missing {
        /// Kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Two recordings do not belong together.
    #[error("the recordings cannot be compared: {0}")]
    Mismatch(String),
}

impl RecordingError {
    /// Name of the variable or other thing that the recording lacks, if that is what is wrong.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        match self {
            Self::Missing { name, .. } | Self::Netcdf(NetcdfError::NoVariable { name, .. }) => Some(name),
            _ => None,
        }
    }
}

/// Name of the dimension of an ensemble's runs.
pub const RUN: &str = "run";

/// Where the values come from.
enum Source<'a> {
    File(Reader),
    /// A run of an ensemble.
    Run(&'a RunCache<'a>, usize),
    Memory(&'a Content<'a>),
}

/// A recorded run.
pub struct Recording<'a> {
    source: Source<'a>,
    /// Ticks that are read; all if it is `None`.
    kept: Option<usize>,
}

/// The values of a variable over time and its other dimensions.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Names of the dimensions, `time` first for series.
    pub dimensions: Vec<String>,
    /// Their sizes.
    pub shape: Vec<usize>,
    /// Values, the last dimension varying fastest; integers as numbers (exact below 2^53).
    pub values: Vec<f64>,
}

/// The values of an integer variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integers {
    /// Names and sizes of its dimensions, `run` left out.
    pub shape: Vec<(String, usize)>,
    /// Values, the last dimension varying fastest, run after run.
    pub values: Vec<i64>,
}

impl Array {
    /// Number of ticks.
    #[must_use]
    pub fn ticks(&self) -> usize {
        self.shape.first().copied().unwrap_or(0)
    }

    /// The values of one tick.
    ///
    /// # Panics
    /// If there is no such tick.
    #[must_use]
    pub fn tick(&self, tick: usize) -> &[f64] {
        let width: usize = self.shape[1..].iter().product();
        &self.values[tick * width..(tick + 1) * width]
    }

    /// The value at a tick and place.
    ///
    /// # Panics
    /// If the place lies outside the dimensions.
    #[must_use]
    pub fn at(&self, tick: usize, place: &[usize]) -> f64 {
        assert_eq!(place.len() + 1, self.shape.len(), "one index for each dimension besides time");
        let offset = place.iter().zip(&self.shape[1..]).fold(0, |offset, (&index, &size)| {
            assert!(index < size, "place {index} of {size}");
            offset * size + index
        });
        self.tick(tick)[offset]
    }

    /// The series at a place, one value a tick.
    ///
    /// # Panics
    /// If the place lies outside the dimensions.
    #[must_use]
    pub fn series(&self, place: &[usize]) -> Vec<f64> {
        (0..self.ticks()).map(|tick| self.at(tick, place)).collect()
    }
}

impl Recording<'static> {
    /// Opens a recorded file. A run is compared with its checksums as a whole; of an ensemble, which may be large,
    /// attributes and dimensions are, and each variable when it is first used.
    ///
    /// # Errors
    /// If the file cannot be read, or is damaged.
    pub fn open(path: &Path) -> Result<Self, RecordingError> {
        let reader = Reader::open_checked(path)?;
        if !reader.dimensions()?.iter().any(|dimension| dimension.name == RUN) {
            reader.check_all()?;
        }
        Ok(Self { source: Source::File(reader), kept: None })
    }

    /// Opens a recorded file of any size and compares all of it with its checksums.
    ///
    /// # Errors
    /// As [`Recording::open`].
    pub fn open_whole(path: &Path) -> Result<Self, RecordingError> {
        let reader = Reader::open_checked(path)?;
        reader.check_all()?;
        Ok(Self { source: Source::File(reader), kept: None })
    }

    /// Opens a recorded file without comparing anything with its checksums: for whoever looks for damage.
    ///
    /// # Errors
    /// If the file cannot be read at all.
    pub fn open_unchecked(path: &Path) -> Result<Self, RecordingError> {
        Ok(Self { source: Source::File(Reader::open(path)?), kept: None })
    }
}

impl<'a> Recording<'a> {
    /// A recording that has not been written.
    #[must_use]
    pub fn of(content: &'a Content<'a>) -> Self {
        Self { source: Source::Memory(content), kept: None }
    }

    /// A run of an ensemble, as if it had been recorded alone.
    #[must_use]
    pub fn of_run(cache: &'a RunCache<'a>, run: usize) -> Self {
        Self { source: Source::Run(cache, run), kept: None }
    }

    /// From now on only the first ticks are read.
    pub const fn keep_ticks(&mut self, ticks: usize) {
        self.kept = Some(ticks);
    }

    /// A numeric variable.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn array(&self, name: &str) -> Result<Array, RecordingError> {
        let mut array = self.whole_array(name)?;
        if let (Some(kept), Some("time")) = (self.kept, array.dimensions.first().map(String::as_str))
            && kept < array.shape[0]
        {
            let width: usize = array.shape[1..].iter().product();
            array.shape[0] = kept;
            array.values.truncate(kept * width);
        }
        Ok(array)
    }

    fn whole_array(&self, name: &str) -> Result<Array, RecordingError> {
        match &self.source {
            Source::File(reader) => {
                let info = reader.variable(name)?;
                Ok(Array { dimensions: info.dimensions, shape: info.shape, values: reader.numbers(name)? })
            }
            Source::Run(cache, run) => {
                let (VariableInfo { dimensions, shape, .. }, values) = cache.of_run(name, *run)?;
                let values = values.into_numbers().ok_or_else(|| missing("numeric variable", name))?;
                Ok(Array { dimensions, shape, values })
            }
            Source::Memory(content) => {
                let variable = content.variables.iter().find(|variable| variable.name == name);
                let variable = variable.ok_or_else(|| missing("variable", name))?;
                let values = variable.values.clone().into_numbers();
                let values = values.ok_or_else(|| missing("numeric variable", name))?;
                let of = |&at: &usize| &content.dimensions[at];
                Ok(Array {
                    dimensions: variable.dimensions.iter().map(|at| of(at).name.clone()).collect(),
                    shape: variable.dimensions.iter().map(|at| of(at).size).collect(),
                    values,
                })
            }
        }
    }

    /// Sizes of the dimensions of a variable.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn shape(&self, name: &str) -> Result<Vec<usize>, RecordingError> {
        match &self.source {
            Source::File(reader) if self.kept.is_none() => Ok(reader.variable(name)?.shape),
            _ => Ok(self.array(name)?.shape),
        }
    }

    /// An integer variable, exact. `runs` are the places along `run` wanted, in an ensemble.
    ///
    /// # Errors
    /// If there is none of this name, or it is not made of integers.
    pub fn integers(&self, name: &str, runs: Option<Range<usize>>) -> Result<Integers, RecordingError> {
        let (dimensions, shape, values) = match &self.source {
            Source::Run(cache, run) => {
                let (info, values) = cache.of_run(name, *run)?;
                (info.dimensions, info.shape, values)
            }
            Source::File(reader) => {
                let info = reader.variable(name)?;
                let values = match runs.clone() {
                    Some(runs) => reader.rows(name, runs)?,
                    None => reader.values(name)?,
                };
                (info.dimensions, info.shape, values)
            }
            Source::Memory(content) => {
                let variable = content.variables.iter().find(|variable| variable.name == name);
                let variable = variable.ok_or_else(|| missing("variable", name))?;
                let of = |&at: &usize| &content.dimensions[at];
                let names = variable.dimensions.iter().map(|at| of(at).name.clone()).collect();
                (names, variable.dimensions.iter().map(|at| of(at).size).collect(), variable.values.clone())
            }
        };
        let Values::I64(values) = values else { return Err(missing("integer variable", name)) };
        let skipped = usize::from(runs.is_some());
        Ok(Integers { shape: dimensions.into_iter().zip(shape).skip(skipped).collect(), values: values.into_owned() })
    }

    /// Labels of a dimension, in order.
    ///
    /// # Errors
    /// If there is no such dimension.
    pub fn labels(&self, dimension: &str) -> Result<Vec<String>, RecordingError> {
        let coordinates = match &self.source {
            Source::File(reader) => reader.dimension(dimension)?.coordinates,
            Source::Run(cache, _) => cache.reader().dimension(dimension)?.coordinates,
            Source::Memory(content) => {
                let found = content.dimensions.iter().find(|found| found.name == dimension);
                found.ok_or_else(|| missing("dimension", dimension))?.coordinates.clone()
            }
        };
        Ok(match coordinates {
            Some(Values::Text(labels)) => labels.to_vec(),
            Some(Values::I64(labels)) => labels.iter().map(ToString::to_string).collect(),
            _ => return Err(missing("labelled dimension", dimension)),
        })
    }

    /// Place of a label in its dimension.
    ///
    /// # Errors
    /// If there is no such dimension or label.
    pub fn place(&self, dimension: &str, label: &str) -> Result<usize, RecordingError> {
        let labels = self.labels(dimension)?;
        labels.iter().position(|known| known == label).ok_or_else(|| missing("label", label))
    }

    /// First days of the recorded ticks.
    ///
    /// # Errors
    /// If the recording has no time.
    pub fn dates(&self) -> Result<Vec<Date>, RecordingError> {
        let mut dates = self.whole_dates()?;
        dates.truncate(self.kept.unwrap_or(usize::MAX));
        Ok(dates)
    }

    fn whole_dates(&self) -> Result<Vec<Date>, RecordingError> {
        match &self.source {
            Source::File(reader) => Ok(reader.dates()?),
            Source::Run(cache, _) => Ok(cache.reader().dates()?),
            Source::Memory(content) => {
                let time = content.dimensions.iter().find(|found| found.name == "time");
                let time = time.ok_or_else(|| missing("dimension", "time"))?;
                let origin: Option<Date> = time.attributes.iter().find_map(|(key, value)| match value {
                    AttributeValue::Text(text) if key == "units" => text.strip_prefix("days since ")?.parse().ok(),
                    _ => None,
                });
                let (Some(Values::I64(days)), Some(origin)) = (&time.coordinates, origin) else {
                    return Err(missing("dates of dimension", "time"));
                };
                let date = |day: &i64| origin.days_since_1970().checked_add(*day).and_then(Date::from_days_since_1970);
                days.iter().map(|day| date(day).ok_or_else(|| missing("date in", "time"))).collect()
            }
        }
    }

    /// A text variable.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, RecordingError> {
        match &self.source {
            Source::File(reader) => Ok(reader.texts(name)?),
            Source::Run(cache, _) => Ok(cache.reader().texts(name)?),
            Source::Memory(content) => {
                let variable = content.variables.iter().find(|variable| variable.name == name);
                match variable.map(|variable| &variable.values) {
                    Some(Values::Text(texts)) => Ok(texts.to_vec()),
                    _ => Err(missing("document", name)),
                }
            }
        }
    }

    /// A text variable without dimensions, such as `configuration`.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn document(&self, name: &str) -> Result<String, RecordingError> {
        self.texts(name)?.into_iter().next().ok_or_else(|| missing("document", name))
    }

    /// All attributes of the file.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn attributes(&self) -> Result<Vec<(String, AttributeValue)>, RecordingError> {
        match &self.source {
            Source::File(reader) => Ok(reader.attributes()?),
            Source::Run(cache, _) => Ok(cache.reader().attributes()?),
            Source::Memory(content) => Ok(content.attributes.clone()),
        }
    }

    /// An attribute as text; numbers are printed.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn attribute(&self, name: &str) -> Result<String, RecordingError> {
        let all = self.attributes()?;
        let value = all.into_iter().find(|(key, _)| key == name).ok_or_else(|| missing("attribute", name))?;
        Ok(match value.1 {
            AttributeValue::Text(text) => text,
            AttributeValue::Integer(number) => number.to_string(),
            AttributeValue::Unsigned(number) => number.to_string(),
            AttributeValue::Number(number) => number.to_string(),
        })
    }

    /// Ticks of a year.
    ///
    /// # Errors
    /// If it does not say how many there are.
    pub fn ticks_per_year(&self) -> Result<usize, RecordingError> {
        let text = self.attribute("ticks_per_year")?;
        text.parse().map_err(|_| RecordingError::Mismatch(format!("`{text}` is not a number of ticks a year")))
    }

    /// The file it is read from; `None` if it is still in memory.
    #[must_use]
    pub fn reader(&self) -> Option<&Reader> {
        match &self.source {
            Source::File(reader) => Some(reader),
            Source::Run(cache, _) => Some(cache.reader()),
            Source::Memory(_) => None,
        }
    }

    /// Whether this is an ensemble of many runs: it holds the plan of a sweep.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn is_ensemble(&self) -> Result<bool, RecordingError> {
        match &self.source {
            Source::Run(..) => Ok(false),
            Source::File(_) | Source::Memory(_) => Ok(self.variables()?.iter().any(|name| name == "plan")),
        }
    }

    /// Names of all variables besides coordinates.
    ///
    /// # Errors
    /// If the file is damaged.
    pub fn variables(&self) -> Result<Vec<String>, RecordingError> {
        match &self.source {
            Source::File(reader) => Ok(reader.variables()?.into_iter().map(|info| info.name).collect()),
            Source::Run(cache, _) => Ok(cache.reader().variables()?.into_iter().map(|info| info.name).collect()),
            Source::Memory(content) => Ok(content.variables.iter().map(|variable| variable.name.clone()).collect()),
        }
    }
}

fn missing(what: &'static str, name: &str) -> RecordingError {
    RecordingError::Missing { what, name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_the_last_dimension_fastest() {
        let array = Array {
            dimensions: vec!["time".into(), "region".into(), "industry".into()],
            shape: vec![2, 2, 3],
            values: (0..12).map(f64::from).collect(),
        };
        assert_eq!(array.at(1, &[1, 2]).to_bits(), 11_f64.to_bits());
        assert_eq!(array.series(&[1, 0]), [3.0, 9.0]);
        assert_eq!(array.tick(0), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    }
}
