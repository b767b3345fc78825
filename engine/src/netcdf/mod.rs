//! NetCDF-4 files: named dimensions with coordinates, variables over them, and attributes.
//!
//! A file is described as a [`Content`] that borrows its data, built as HDF5 in memory ([`Content::encode`]) and put on
//! disk in one step ([`Content::write`]), so HDF5 never sees a full disk and a reader never sees half a file. The same
//! content gives the same bytes: no times are stored. [`Reader`] reads such files back, and those of other programs as
//! far as they use the same features (one group, fixed dimensions, numbers and texts).
//!
//! xarray (engines `h5netcdf` and `netcdf4`), netCDF4, h5py, `ncdump` and R read these files with names, coordinates and
//! attributes. Sizes of dimensions are fixed, because readers are slow on unlimited ones.

#[cfg(feature = "hdf5")]
mod checked;
#[cfg(feature = "hdf5")]
mod checksum;
#[cfg(feature = "hdf5")]
mod chunk;
#[cfg(feature = "hdf5")]
mod convention;
#[cfg(feature = "hdf5")]
mod heap;
#[cfg(feature = "hdf5")]
mod raw;
#[cfg(feature = "hdf5")]
mod read;
#[cfg(feature = "hdf5")]
mod stream;
#[cfg(feature = "hdf5")]
mod write;

use std::borrow::Cow;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cfg(feature = "hdf5")]
pub use checksum::{CHECKSUMS, Soundness};
#[cfg(feature = "hdf5")]
pub use read::{Reader, Storage, VariableInfo};
#[cfg(feature = "hdf5")]
pub use stream::{Number, Streamed, write_streamed};

use crate::files::FileError;

/// Longest text of an attribute, bytes: above this HDF5 would need another storage for the attributes of an object.
const LONGEST_TEXT: usize = 1 << 15;
/// The end of a text that was too long for an attribute.
const SHORTENED: &str = " [.. shortened]";

/// The value of an attribute of a file, dimension or variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// A text; at most 32,768 bytes (longer ones are shortened, and belong into a text variable as a whole).
    Text(String),
    /// An integer.
    Integer(i64),
    /// An integer without sign. R reads it as a double, so give its digits as a text too where all of them matter.
    Unsigned(u64),
    /// A number.
    Number(f64),
}

impl From<&str> for AttributeValue {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// A text that is too long for an attribute is shortened and says so, and zero bytes, which it cannot hold, are marked.
impl From<String> for AttributeValue {
    fn from(mut text: String) -> Self {
        if text.contains('\0') {
            text = text.replace('\0', "\u{fffd}");
        }
        if text.len() > LONGEST_TEXT {
            text.truncate(text.floor_char_boundary(LONGEST_TEXT - SHORTENED.len()));
            text.push_str(SHORTENED);
        }
        Self::Text(text)
    }
}

impl From<f64> for AttributeValue {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i64> for AttributeValue {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<u64> for AttributeValue {
    fn from(integer: u64) -> Self {
        Self::Unsigned(integer)
    }
}

/// Attributes by name, in the order in which they are written.
pub type Attributes = Vec<(String, AttributeValue)>;

/// The values of a variable or coordinate, the last dimension varying fastest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Values<'a> {
    /// Numbers in double precision.
    F64(Cow<'a, [f64]>),
    /// Numbers in single precision.
    F32(Cow<'a, [f32]>),
    /// Integers.
    I64(Cow<'a, [i64]>),
    /// Texts.
    Text(Cow<'a, [String]>),
}

impl Values<'_> {
    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::F64(values) => values.len(),
            Self::F32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// The values in double precision (integers are converted); `None` for texts.
    #[must_use]
    pub fn into_numbers(self) -> Option<Vec<f64>> {
        match self {
            Self::F64(values) => Some(values.into_owned()),
            Self::F32(values) => Some(values.iter().copied().map(f64::from).collect()),
            Self::I64(values) => Some(values.iter().map(|&value| value as f64).collect()),
            Self::Text(_) => None,
        }
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A named dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dimension<'a> {
    /// The name, shared with its coordinate variable.
    pub name: String,
    /// The number of points.
    pub size: usize,
    /// The coordinate of each point, or `None` for a dimension without coordinates.
    pub coordinates: Option<Values<'a>>,
    /// The attributes of the coordinate, such as `long_name` and `units`.
    pub attributes: Attributes,
}

/// A variable over some dimensions; without dimensions it is a single value.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable<'a> {
    /// The name.
    pub name: String,
    /// The dimensions, as places in [`Content::dimensions`].
    pub dimensions: Vec<usize>,
    /// The values.
    pub values: Values<'a>,
    /// The attributes, such as `long_name` and `units`.
    pub attributes: Attributes,
}

/// All that goes into a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Content<'a> {
    /// The dimensions.
    pub dimensions: Vec<Dimension<'a>>,
    /// The variables, coordinates apart.
    pub variables: Vec<Variable<'a>>,
    /// The attributes of the file as a whole.
    pub attributes: Attributes,
}

/// Why a NetCDF-4 file could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum NetcdfError {
    /// The disk refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// The content contradicts itself or the rules of the format. A bug of the caller.
    #[error("`{name}` cannot be stored: {reason}")]
    Invalid {
        /// The dimension, variable or attribute.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The HDF5 library failed while the file was built in memory.
    #[error("HDF5 could not build the file: {0}; this is a bug or a lack of memory")]
    Build(String),
    /// The HDF5 library could not write to disk.
    #[error("cannot write {} ({reason}): free some space or choose another disk, then run again", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What HDF5 said.
        reason: String,
    },
    /// The file is not a readable HDF5 file.
    #[error(
        "{} cannot be read as NetCDF-4 ({reason}): it is damaged, still being copied, or another kind of file",
        path.display()
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What HDF5 said.
        reason: String,
    },
    /// A part of the file is not what was written.
    #[error(
        "{} is damaged: {part}: {reason}; `autarky verify` lists all that is wrong; copy it again, or run again",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The variable, dimension, or `(file)` for the attributes of the file.
        part: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file has no such variable.
    #[error("{} has no variable `{name}`: it has {}", path.display(), known.join(", "))]
    NoVariable {
        /// The file.
        path: PathBuf,
        /// The name asked for.
        name: String,
        /// The names it has.
        known: Vec<String>,
    },
    /// The values are of another type than asked for.
    #[error("`{name}` in {} holds {found}, not {wanted}", path.display())]
    OtherType {
        /// The file.
        path: PathBuf,
        /// The variable.
        name: String,
        /// The type it has.
        found: String,
        /// The type asked for.
        wanted: &'static str,
    },
}

#[cfg(all(test, feature = "hdf5"))]
mod tests;
