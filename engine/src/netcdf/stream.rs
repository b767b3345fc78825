//! Files larger than memory: some variables are fetched and stored block by block.

use std::ops::Range;
use std::path::Path;

use hdf5::{Error, File, ObjectReference1};
use serde::{Deserialize, Serialize};

use super::checksum::{Checksums, Sum};
use super::chunk;
use super::convention::{self, ReferenceListEntry};
use super::write::{compressed, create, link_dimensions, write_attributes};
use super::{Attributes, Content, NetcdfError, Values};
use crate::files::{self, FileError, Previous};

/// Type of the numbers of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Number {
    /// Double precision.
    F64,
    /// Single precision.
    F32,
    /// Integer.
    I64,
}

impl Number {
    /// Bytes of a value.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 => 4,
        }
    }
}

/// A variable that is written block by block along its first dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Streamed {
    /// The name.
    pub name: String,
    /// The dimensions, as places in [`Content::dimensions`]; at least one.
    pub dimensions: Vec<usize>,
    /// The type of its values.
    pub number: Number,
    /// The attributes, such as `long_name` and `units`.
    pub attributes: Attributes,
}

impl Values<'_> {
    /// The type of the numbers; `None` for texts.
    #[must_use]
    pub const fn number(&self) -> Option<Number> {
        match self {
            Self::F64(_) => Some(Number::F64),
            Self::F32(_) => Some(Number::F32),
            Self::I64(_) => Some(Number::I64),
            Self::Text(_) => None,
        }
    }

    /// The bytes of the numbers and their type; `None` for texts.
    pub(super) fn raw(&self) -> Option<(&[u8], Number)> {
        let bytes = match self {
            Self::F64(x) => bytemuck::cast_slice(x),
            Self::F32(x) => bytemuck::cast_slice(x),
            Self::I64(x) => bytemuck::cast_slice(x),
            Self::Text(_) => return None,
        };
        Some((bytes, self.number()?))
    }

    /// The numbers as compressed bytes; empty for texts.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        self.raw().map_or_else(Vec::new, |(bytes, number)| chunk::pack(bytes, number.bytes()))
    }

    /// The numbers of [`Values::pack`]; `None` if the bytes are damaged.
    #[must_use]
    pub fn unpack(bytes: &[u8], number: Number) -> Option<Values<'static>> {
        fn typed<T: bytemuck::Pod>(raw: &[u8]) -> Vec<T> {
            let mut values = vec![T::zeroed(); raw.len() / size_of::<T>()];
            bytemuck::cast_slice_mut(&mut values).copy_from_slice(raw);
            values
        }
        let raw = chunk::unpack(bytes, number.bytes())?;
        Some(match number {
            Number::F64 => Values::F64(typed(&raw).into()),
            Number::F32 => Values::F32(typed(&raw).into()),
            Number::I64 => Values::I64(typed(&raw).into()),
        })
    }
}

/// What went wrong while a file was filled.
enum Trouble<E> {
    Library(Error),
    Source(E),
}

impl<E> From<Error> for Trouble<E> {
    fn from(error: Error) -> Self {
        Self::Library(error)
    }
}

/// Writes a file of `content` and more variables whose values `source` gives: for the place of a variable in `streamed`
/// and a range of its first dimension. Every value is asked for once, variable by variable, in order. In memory is one
/// block at a time, about a quarter of a megabyte. Whatever happens, `path` is either the old file or the new one.
///
/// The same content and values give the same bytes.
///
/// # Errors
/// What `source` returns; [`NetcdfError::Invalid`] if names, dimensions and values do not fit together,
/// [`NetcdfError::Disk`] if the file cannot be written.
pub fn write_streamed<E: From<NetcdfError> + From<FileError>>(
    content: &Content<'_>,
    streamed: &[Streamed],
    path: &Path,
    mut source: impl FnMut(usize, Range<usize>) -> Result<Values<'static>, E>,
) -> Result<(), E> {
    content.check()?;
    check(content, streamed)?;
    files::write_atomically(path, Previous::Drop, |temporary| {
        let chunks = chunk::compress(content);
        let (name, _held) =
            convention::accepted(temporary, true).map_err(|error| FileError::new("write", path, error))?;
        let filled = hdf5::sync::sync(|| -> Result<(), Trouble<E>> {
            let file = create(&name, None)?;
            content.fill::<Trouble<E>>(&file, &chunks, |scales, uses, checksums| {
                for (place, variable) in streamed.iter().enumerate() {
                    write_variable(content, &file, variable, (scales, &mut *uses, &mut *checksums), |rows| {
                        source(place, rows)
                    })?;
                }
                Ok(())
            })?;
            file.flush()?;
            Ok(file.close()?)
        });
        filled.map_err(|trouble| match trouble {
            Trouble::Library(error) => E::from(NetcdfError::Disk { path: path.to_owned(), reason: error.to_string() }),
            Trouble::Source(error) => error,
        })
    })
}

fn check(content: &Content<'_>, streamed: &[Streamed]) -> Result<(), NetcdfError> {
    for variable in streamed {
        let taken = content.variables.iter().map(|x| &x.name).chain(content.dimensions.iter().map(|x| &x.name));
        let reason = if variable.dimensions.is_empty() {
            "a variable needs a dimension to be written in blocks"
        } else if variable.dimensions.iter().any(|&x| x >= content.dimensions.len()) {
            "it has a dimension that the file has not"
        } else if taken.chain(streamed.iter().map(|x| &x.name)).filter(|x| **x == variable.name).count() > 1 {
            "the name occurs twice"
        } else {
            continue;
        };
        return Err(NetcdfError::Invalid { name: variable.name.clone(), reason: reason.to_owned() });
    }
    Ok(())
}

fn write_variable<E: From<NetcdfError>>(
    content: &Content<'_>,
    file: &File,
    variable: &Streamed,
    (scales, uses, checksums): (&[ObjectReference1], &mut [Vec<ReferenceListEntry>], &mut Checksums),
    mut source: impl FnMut(Range<usize>) -> Result<Values<'static>, E>,
) -> Result<(), Trouble<E>> {
    let shape: Vec<usize> = variable.dimensions.iter().map(|&x| content.dimensions[x].size).collect();
    let extent = chunk::chunk_shape(&shape, variable.number.bytes());
    let name = variable.name.as_str();
    let dataset = match variable.number {
        Number::F64 => compressed::<f64>(file, name, &shape, &extent)?,
        Number::F32 => compressed::<f32>(file, name, &shape, &extent)?,
        Number::I64 => compressed::<i64>(file, name, &shape, &extent)?,
    };
    let row: usize = shape[1..].iter().product();
    let mut sum = Sum::new(name, &content.shape(&variable.dimensions), &variable.attributes);
    let mut first = 0;
    while first < shape[0] {
        let last = (first + extent[0]).min(shape[0]);
        let values = source(first..last).map_err(Trouble::Source)?;
        let right = values.raw().filter(|x| x.1 == variable.number && values.len() == (last - first) * row);
        let Some((bytes, number)) = right else {
            let reason = format!("a block has {} values of another type or number", values.len());
            return Err(Trouble::Source(NetcdfError::Invalid { name: variable.name.clone(), reason }.into()));
        };
        sum.values(&values);
        let mut block = shape.clone();
        block[0] = last - first;
        for chunk in chunk::cut_into(&block, &extent, number.bytes(), bytes) {
            let mut offset = chunk.offset;
            offset[0] += first as u64;
            convention::write_chunk(&dataset, &offset, &chunk.bytes)?;
        }
        first = last;
    }
    link_dimensions(file, &dataset, name, &variable.dimensions, scales, uses)?;
    write_attributes(&dataset, &variable.attributes)?;
    checksums.add(name, &sum);
    Ok(())
}
