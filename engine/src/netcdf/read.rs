//! From a file back to dimensions, variables and attributes.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hdf5::{Dataset, Error, File, FileBuilder, IndexType, IterationOrder};

use super::checked::{Checks, MOST_COMPRESSED};
use super::checksum::CHECKSUMS;
use super::convention;
use super::heap::Heaps;
use super::raw::{attributes, chunk_rows, cut, dimension_names, is_dimension, name_of, number, scale_name, values};
use super::stream::Number;
use super::{AttributeValue, Attributes, Dimension, NetcdfError, Values};
use crate::clock::Date;
use crate::files::FileError;

/// What a file says about a variable without its values.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableInfo {
    /// The name.
    pub name: String,
    /// The names of its dimensions, the last one varying fastest; empty for a single value.
    pub dimensions: Vec<String>,
    /// The size of each dimension.
    pub shape: Vec<usize>,
    /// The attributes.
    pub attributes: Attributes,
}

impl VariableInfo {
    /// The text attribute `name`, such as `units`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).and_then(|(_, value)| match value {
            AttributeValue::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}

/// How the values of a variable are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Storage {
    /// The type of its numbers; `None` for texts.
    pub number: Option<Number>,
    /// Places along the first dimension that are unpacked together, at least 1: whoever reads [`Reader::rows`] in multiples
    /// of it unpacks nothing twice.
    pub rows: usize,
}

/// An open NetCDF-4 file.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    file: File,
    heaps: Heaps,
    /// Size of the file.
    pub(super) bytes: u64,
    /// What is read is compared with, if this reader checks.
    pub(super) checks: Option<Checks>,
}

impl Reader {
    /// Opens the file at `path`.
    ///
    /// # Errors
    /// [`NetcdfError::File`] if there is no such file, [`NetcdfError::Unreadable`] if it is not HDF5.
    pub fn open(path: &Path) -> Result<Self, NetcdfError> {
        // HDF5 says little about missing files, so ask the system first.
        let heaps = std::fs::File::open(path)
            .and_then(|file| {
                if file.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Heaps::new(file) }
            })
            .map_err(|error| FileError::new("read", path, error))?;
        let (name, _held) = convention::accepted(path, false).map_err(|error| FileError::new("read", path, error))?;
        // Without locks, which some network file systems refuse: files are only ever replaced as a whole.
        let file = FileBuilder::new()
            .with_fapl(|list| list.file_locking(false))
            .open(&*name)
            .map_err(|error| NetcdfError::Unreadable { path: path.to_owned(), reason: error.to_string() })?;
        let bytes = std::fs::metadata(path).map_or(u64::MAX, |metadata| metadata.len());
        Ok(Self { path: path.to_owned(), file, heaps, bytes, checks: None })
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The attributes of the file as a whole, in the order in which they were written.
    ///
    /// # Errors
    /// [`NetcdfError::Unreadable`] if the file is damaged.
    pub fn attributes(&self) -> Result<Attributes, NetcdfError> {
        self.heaps.attributes(&self.file).and_then(|()| attributes(&self.file)).map_err(|error| self.unreadable(&error))
    }

    /// The dimensions with their coordinates, in the order in which they were written.
    ///
    /// # Errors
    /// [`NetcdfError::Unreadable`] if the file is damaged.
    pub fn dimensions(&self) -> Result<Vec<Dimension<'static>>, NetcdfError> {
        let mut dimensions = Vec::new();
        for (name, dataset) in self.datasets()? {
            if !is_dimension(&dataset) {
                continue;
            }
            if dataset.ndim() != 1 {
                return Err(self.unreadable(&Error::from(format!("dimension `{name}` is no list"))));
            }
            let coordinates = if scale_name(&dataset).is_some_and(|name| name.starts_with(convention::NO_COORDINATES)) {
                None
            } else {
                Some(self.held(&name, &dataset)?)
            };
            let attributes = attributes(&dataset).map_err(|error| self.unreadable(&error))?;
            dimensions.push(Dimension { name, size: dataset.size(), coordinates, attributes });
        }
        Ok(dimensions)
    }

    /// The dimension `name` with its coordinates.
    ///
    /// # Errors
    /// [`NetcdfError::NoVariable`] if there is none, [`NetcdfError::Unreadable`] if the file is damaged.
    pub fn dimension(&self, name: &str) -> Result<Dimension<'static>, NetcdfError> {
        let mut dimensions = self.dimensions()?;
        match dimensions.iter().position(|dimension| dimension.name == name) {
            Some(place) => Ok(dimensions.swap_remove(place)),
            None => Err(NetcdfError::NoVariable {
                path: self.path.clone(),
                name: name.to_owned(),
                known: dimensions.into_iter().map(|dimension| dimension.name).collect(),
            }),
        }
    }

    /// All variables except coordinates and checksums, in the order in which they were written.
    ///
    /// # Errors
    /// [`NetcdfError::Unreadable`] if the file is damaged.
    pub fn variables(&self) -> Result<Vec<VariableInfo>, NetcdfError> {
        self.datasets()?
            .into_iter()
            .filter(|(name, dataset)| name != CHECKSUMS && !is_dimension(dataset))
            .map(|(name, dataset)| self.describe(name, &dataset))
            .collect()
    }

    /// What the file says about the variable or coordinate `name`.
    ///
    /// # Errors
    /// [`NetcdfError::NoVariable`] if there is none, [`NetcdfError::Unreadable`] if the file is damaged.
    pub fn variable(&self, name: &str) -> Result<VariableInfo, NetcdfError> {
        self.ensure(name)?;
        let dataset = self.dataset(name)?;
        self.describe(name.to_owned(), &dataset)
    }

    /// The values of the variable or coordinate `name`.
    ///
    /// # Errors
    /// [`NetcdfError::NoVariable`] if there is none, [`NetcdfError::Unreadable`] if the file is damaged or the type is
    /// unusual.
    pub fn values(&self, name: &str) -> Result<Values<'static>, NetcdfError> {
        self.ensure(name)?;
        self.held(name, &self.dataset(name)?)
    }

    /// The values of some places along the first dimension of the variable `name`.
    ///
    /// # Errors
    /// As [`Reader::values`]; also if the variable has no dimensions or not so many places.
    pub fn rows(&self, name: &str, rows: Range<usize>) -> Result<Values<'static>, NetcdfError> {
        self.ensure(name)?;
        let dataset = self.dataset(name)?;
        self.roomy(name, &dataset)?;
        let read = || -> Result<Values<'static>, Error> {
            if dataset.shape().first().is_none_or(|&size| rows.end > size) {
                return Err(Error::from(format!("`{name}` has no places {} to {}", rows.start, rows.end)));
            }
            Ok(match number(&dataset)? {
                Some(Number::F64) => Values::F64(cut::<f64>(&dataset, &rows)?.into()),
                Some(Number::F32) => Values::F32(cut::<f32>(&dataset, &rows)?.into()),
                Some(Number::I64) => Values::I64(cut::<i64>(&dataset, &rows)?.into()),
                None => match values(&dataset)? {
                    Values::Text(texts) => {
                        let row = texts.len() / dataset.shape()[0].max(1);
                        Values::Text(texts[rows.start * row..rows.end * row].to_vec().into())
                    }
                    other => other,
                },
            })
        };
        read().map_err(|error| self.unreadable(&error))
    }

    /// The type of the numbers of the variable or coordinate `name`, as the file says it; `None` for texts. Reads no values.
    ///
    /// # Errors
    /// [`NetcdfError::NoVariable`] if there is none, [`NetcdfError::Unreadable`] if the file is damaged.
    pub fn number(&self, name: &str) -> Result<Option<Number>, NetcdfError> {
        number(&self.dataset(name)?).map_err(|error| self.unreadable(&error))
    }

    /// All values of a dataset.
    fn held(&self, name: &str, dataset: &Dataset) -> Result<Values<'static>, NetcdfError> {
        self.roomy(name, dataset)?;
        values(dataset).map_err(|error| self.unreadable(&error))
    }

    /// Refuses a dataset whose shape or texts are larger than the file can hold: no memory is taken for it.
    fn roomy(&self, name: &str, dataset: &Dataset) -> Result<(), NetcdfError> {
        let shape = dataset.shape();
        let size = shape.iter().try_fold(1_u64, |all, &size| all.checked_mul(size as u64));
        if size.is_none_or(|size| size / MOST_COMPRESSED > self.bytes) {
            return Err(self.damaged(name, &format!("its shape {shape:?} is larger than the file can hold")));
        }
        let texts = || if number(dataset)?.is_none() { self.heaps.texts(dataset) } else { Ok(()) };
        texts().map_err(|error| self.unreadable(&error))
    }

    /// How the values of the variable or coordinate `name` are stored.
    ///
    /// # Errors
    /// As [`Reader::values`].
    pub fn storage(&self, name: &str) -> Result<Storage, NetcdfError> {
        self.ensure(name)?;
        let dataset = self.dataset(name)?;
        let number = number(&dataset).map_err(|error| self.unreadable(&error))?;
        Ok(Storage { number, rows: chunk_rows(&dataset) })
    }

    /// Reads the variable `name` in blocks of about so many bytes along its first dimension; `take` is given the places
    /// and their values. A variable without dimensions is one block.
    ///
    /// # Errors
    /// As [`Reader::values`], and whatever `take` returns.
    pub fn blocks<E: From<NetcdfError>>(
        &self,
        name: &str,
        bytes: usize,
        mut take: impl FnMut(Range<usize>, &Values<'static>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.ensure(name)?;
        let dataset = self.dataset(name)?;
        let shape = dataset.shape();
        let number = number(&dataset).map_err(|error| self.unreadable(&error))?;
        let (Some(&size), Some(_)) = (shape.first(), number) else {
            return take(0..shape.first().copied().unwrap_or(1), &self.values(name)?);
        };
        let step = self.block_rows(name, bytes)?;
        let mut first = 0;
        while first < size {
            let rows = first..(first + step).min(size);
            first = rows.end;
            let values = self.rows(name, rows.clone())?;
            take(rows, &values)?;
        }
        Ok(())
    }

    /// Places along the first dimension of the variable `name` that take about so many bytes and whole chunks, so that
    /// none is unpacked twice when they are read together.
    ///
    /// # Errors
    /// As [`Reader::values`].
    pub fn block_rows(&self, name: &str, bytes: usize) -> Result<usize, NetcdfError> {
        self.ensure(name)?;
        let dataset = self.dataset(name)?;
        let number = number(&dataset).map_err(|error| self.unreadable(&error))?;
        let places = dataset.shape().iter().skip(1).fold(1_usize, |all, &size| all.saturating_mul(size));
        let row = places.saturating_mul(number.map_or(8, Number::bytes));
        let chunk = chunk_rows(&dataset);
        Ok((bytes / row.max(1) / chunk).max(1) * chunk)
    }

    /// The values of the numeric variable `name` in double precision (integers are converted).
    ///
    /// # Errors
    /// As [`Reader::values`], and [`NetcdfError::OtherType`] if the variable holds texts.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, NetcdfError> {
        match self.values(name)? {
            found @ Values::Text(_) => Err(self.other_type(name, &found, "numbers")),
            found => Ok(found.into_numbers().unwrap_or_default()),
        }
    }

    /// The values of the integer variable `name`.
    ///
    /// # Errors
    /// As [`Reader::values`], and [`NetcdfError::OtherType`] if the variable holds anything else.
    pub fn integers(&self, name: &str) -> Result<Vec<i64>, NetcdfError> {
        match self.values(name)? {
            Values::I64(values) => Ok(values.into_owned()),
            found => Err(self.other_type(name, &found, "integers")),
        }
    }

    /// The values of the text variable or coordinate `name`; a single text gives one.
    ///
    /// # Errors
    /// As [`Reader::values`], and [`NetcdfError::OtherType`] if the variable holds numbers.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, NetcdfError> {
        match self.values(name)? {
            Values::Text(values) => Ok(values.into_owned()),
            found => Err(self.other_type(name, &found, "texts")),
        }
    }

    /// The dates of the coordinate `time`, whose units must be `days since <date>`.
    ///
    /// # Errors
    /// As [`Reader::integers`], and [`NetcdfError::Unreadable`] if the units are others.
    pub fn dates(&self) -> Result<Vec<Date>, NetcdfError> {
        let days = self.integers("time")?;
        let info = self.variable("time")?;
        let refused = || self.unreadable(&Error::from("`time` does not count days since a date"));
        let origin: Date = info
            .text("units")
            .and_then(|units| units.strip_prefix("days since "))
            .and_then(|date| date.get(..10)?.parse().ok())
            .ok_or_else(refused)?;
        days.into_iter()
            .map(|day| {
                origin.days_since_1970().checked_add(day).and_then(Date::from_days_since_1970).ok_or_else(refused)
            })
            .collect()
    }

    fn datasets(&self) -> Result<Vec<(String, Dataset)>, NetcdfError> {
        let names = self
            .file
            .member_names_by(IndexType::CreationOrder, IterationOrder::Increasing)
            // Files of programs that do not track the order of creation.
            .or_else(|_| self.file.member_names())
            .map_err(|error| self.unreadable(&error))?;
        let names =
            names.into_iter().map(name_of).collect::<Result<Vec<_>, _>>().map_err(|error| self.unreadable(&error))?;
        // Members that are no datasets are groups, which this reader leaves alone.
        let open = |name: String| self.file.dataset(&name).ok().map(|dataset| (name, dataset));
        names.into_iter().filter_map(open).map(|(name, dataset)| Ok((name, self.sound(dataset)?))).collect()
    }

    fn dataset(&self, name: &str) -> Result<Dataset, NetcdfError> {
        if let Ok(dataset) = self.file.dataset(name) {
            return self.sound(dataset);
        }
        let known = self.datasets()?.into_iter().map(|(name, _)| name).collect();
        Err(NetcdfError::NoVariable { path: self.path.clone(), name: name.to_owned(), known })
    }

    /// A dataset whose attributes can be read without harm.
    fn sound(&self, dataset: Dataset) -> Result<Dataset, NetcdfError> {
        self.heaps.attributes(&dataset).map_err(|error| self.unreadable(&error))?;
        Ok(dataset)
    }

    fn describe(&self, name: String, dataset: &Dataset) -> Result<VariableInfo, NetcdfError> {
        let dimensions = if is_dimension(dataset) {
            vec![name.clone()]
        } else {
            dimension_names(&self.file, dataset).map_err(|error| self.unreadable(&error))?
        };
        if dimensions.len() != dataset.ndim() {
            let text = format!("`{name}` has {} dimensions, but names {}", dataset.ndim(), dimensions.len());
            return Err(self.unreadable(&Error::from(text)));
        }
        let attributes = attributes(dataset).map_err(|error| self.unreadable(&error))?;
        Ok(VariableInfo { name, dimensions, shape: dataset.shape(), attributes })
    }

    /// Names of all datasets.
    pub(super) fn names(&self) -> Result<Vec<String>, NetcdfError> {
        Ok(self.datasets()?.into_iter().map(|(name, _)| name).collect())
    }

    pub(super) fn damaged(&self, part: &str, reason: &str) -> NetcdfError {
        NetcdfError::Damaged { path: self.path.clone(), part: part.to_owned(), reason: reason.to_owned() }
    }

    fn unreadable(&self, error: &Error) -> NetcdfError {
        NetcdfError::Unreadable { path: self.path.clone(), reason: error.to_string() }
    }

    fn other_type(&self, name: &str, found: &Values<'_>, wanted: &'static str) -> NetcdfError {
        let found = match found {
            Values::F64(_) | Values::F32(_) => "numbers",
            Values::I64(_) => "integers",
            Values::Text(_) => "texts",
        };
        NetcdfError::OtherType { path: self.path.clone(), name: name.to_owned(), found: found.to_owned(), wanted }
    }
}
