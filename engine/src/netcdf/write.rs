//! From a [`Content`] to the bytes of a file.

use std::path::Path;

use hdf5::file::LibraryVersion;
use hdf5::plist::dataset_create::AttrCreationOrder;
use hdf5::plist::file_create::LinkCreationOrder;
use hdf5::types::{VarLenArray, VarLenUnicode};
use hdf5::{Dataset, Error, File, FileBuilder, H5Type, Location, ObjectReference1};

use super::checksum::{CHECKSUMS, Checksums};
use super::chunk::{self, Chunked};
use super::convention::{self, ReferenceListEntry};
use super::{AttributeValue, Attributes, Content, Dimension, LONGEST_TEXT, NetcdfError, Values, Variable};
use crate::files;

/// The size by which the file grows in memory while it is built.
const MEMORY_STEP: usize = 1 << 20;
/// Attributes are kept in the head of their object up to this number, which is far above any real one.
const COMPACT_ATTRIBUTES: u32 = 64;

impl Content<'_> {
    /// The bytes of the file.
    ///
    /// # Errors
    /// [`NetcdfError::Invalid`] if names, dimensions and values do not fit together, [`NetcdfError::Build`] if HDF5 fails.
    pub fn encode(&self) -> Result<Vec<u8>, NetcdfError> {
        self.check()?;
        let chunks = chunk::compress(self);
        // HDF5 knows a file in memory by its name only: no two may exist at the same time.
        hdf5::sync::sync(|| self.build(&chunks)).map_err(|error| NetcdfError::Build(error.to_string()))
    }

    /// Writes the file to `path` in one step: whatever happens, `path` is either the old file or the new one, and no
    /// temporary file stays behind a failure. Returns the size in bytes.
    ///
    /// # Errors
    /// As [`Content::encode`], or [`NetcdfError::File`] if the disk refuses.
    pub fn write(&self, path: &Path) -> Result<u64, NetcdfError> {
        let bytes = self.encode()?;
        files::write_bytes_atomically(path, &bytes)?;
        Ok(bytes.len() as u64)
    }

    pub(super) fn check(&self) -> Result<(), NetcdfError> {
        let mut names = std::collections::BTreeSet::from([CHECKSUMS]);
        check_attributes(&self.attributes)?;
        for dimension in &self.dimensions {
            check_name(&dimension.name, &mut names)?;
            check_attributes(&dimension.attributes)?;
            let points = dimension.coordinates.as_ref().map_or(dimension.size, Values::len);
            if dimension.size == 0 || points != dimension.size {
                let reason = format!("the dimension has size {} and {points} coordinates", dimension.size);
                return Err(NetcdfError::Invalid { name: dimension.name.clone(), reason });
            }
        }
        for variable in &self.variables {
            check_name(&variable.name, &mut names)?;
            check_attributes(&variable.attributes)?;
            let invalid = |reason| Err(NetcdfError::Invalid { name: variable.name.clone(), reason });
            let mut expected = 1;
            for (place, &dimension) in variable.dimensions.iter().enumerate() {
                if variable.dimensions[..place].contains(&dimension) {
                    return invalid("it has a dimension twice, which readers do not accept".to_owned());
                }
                match self.dimensions.get(dimension) {
                    Some(dimension) => expected *= dimension.size,
                    None => return invalid(format!("there is no dimension {dimension}")),
                }
            }
            if variable.values.len() != expected {
                return invalid(format!("it has {} values for a shape of {expected}", variable.values.len()));
            }
        }
        Ok(())
    }

    fn build(&self, chunks: &[Option<Chunked>]) -> Result<Vec<u8>, Error> {
        // The name is never on disk.
        let file = create(Path::new("in-memory.nc"), Some(MEMORY_STEP))?;
        self.fill::<Error>(&file, chunks, |_, _, _| Ok(()))?;
        file.flush()?;
        let bytes = convention::image(&file)?;
        file.close()?;
        Ok(bytes)
    }

    /// Names and sizes of some dimensions.
    pub(super) fn shape(&self, dimensions: &[usize]) -> Vec<(&str, usize)> {
        dimensions.iter().map(|&x| (self.dimensions[x].name.as_str(), self.dimensions[x].size)).collect()
    }

    /// Writes all into an empty file. `more` adds variables: it is given references to the dimensions, where to note
    /// which variables use them, and the checksums.
    pub(super) fn fill<E: From<Error>>(
        &self,
        file: &File,
        chunks: &[Option<Chunked>],
        more: impl FnOnce(&[ObjectReference1], &mut [Vec<ReferenceListEntry>], &mut Checksums) -> Result<(), E>,
    ) -> Result<(), E> {
        write_attributes(file, &self.attributes)?;
        let mut scales = Vec::with_capacity(self.dimensions.len());
        for (id, dimension) in self.dimensions.iter().enumerate() {
            scales.push(write_dimension(file, id, dimension)?);
        }
        let scale_references = self
            .dimensions
            .iter()
            .map(|dimension| file.reference::<ObjectReference1>(&dimension.name))
            .collect::<Result<Vec<_>, _>>()?;
        let mut uses: Vec<Vec<ReferenceListEntry>> = self.dimensions.iter().map(|_| Vec::new()).collect();
        for (variable, chunks) in self.variables.iter().zip(chunks) {
            self.write_variable(file, variable, chunks.as_ref(), &scale_references, &mut uses)?;
        }
        let mut checksums = Checksums::of(self);
        more(&scale_references, &mut uses, &mut checksums)?;
        checksums.write(file)?;
        for (scale, entries) in scales.iter().zip(&uses) {
            if !entries.is_empty() {
                // Packed: the padding of the compound in memory would bring chance bytes into the file.
                scale
                    .new_attr::<ReferenceListEntry>()
                    .packed(true)
                    .shape(entries.len())
                    .create(convention::REFERENCE_LIST)?
                    .write_raw(entries.as_slice())?;
            }
        }
        Ok(())
    }

    fn write_variable(
        &self,
        file: &File,
        variable: &Variable<'_>,
        chunks: Option<&Chunked>,
        scales: &[ObjectReference1],
        uses: &mut [Vec<ReferenceListEntry>],
    ) -> Result<(), Error> {
        let shape: Vec<usize> = variable.dimensions.iter().map(|&dimension| self.dimensions[dimension].size).collect();
        let dataset = write_values(file, &variable.name, &shape, &variable.values, chunks)?;
        if !shape.is_empty() {
            link_dimensions(file, &dataset, &variable.name, &variable.dimensions, scales, uses)?;
        }
        write_attributes(&dataset, &variable.attributes)
    }
}

/// Says which dimensions a variable has, and notes for each that the variable uses it.
pub(super) fn link_dimensions(
    file: &File,
    dataset: &Dataset,
    name: &str,
    dimensions: &[usize],
    scales: &[ObjectReference1],
    uses: &mut [Vec<ReferenceListEntry>],
) -> Result<(), Error> {
    let list: Vec<VarLenArray<ObjectReference1>> =
        dimensions.iter().map(|&dimension| VarLenArray::from_slice(&[scales[dimension]])).collect();
    dataset
        .new_attr::<VarLenArray<ObjectReference1>>()
        .shape(list.len())
        .create(convention::DIMENSION_LIST)?
        .write_raw(list.as_slice())?;
    let own = file.reference::<ObjectReference1>(name)?;
    for (place, &dimension) in dimensions.iter().enumerate() {
        uses[dimension].push(ReferenceListEntry { dataset: own, dimension: place as i32 });
    }
    Ok(())
}

/// A variable that is stored in compressed chunks, without its chunks.
pub(super) fn compressed<T: H5Type>(
    file: &File,
    name: &str,
    shape: &[usize],
    extent: &[usize],
) -> Result<Dataset, Error> {
    file.new_dataset::<T>()
        // On the builder, not in the property list, where the bindings replace it by a guess of theirs.
        .chunk(extent.to_vec())
        .with_dcpl(|list| with_order(list).shuffle().deflate(chunk::LEVEL))
        .shape(shape)
        .create(name)
}

/// An empty file on disk, or in memory where a step by which it grows is given.
pub(super) fn create(path: &Path, memory_step: Option<usize>) -> Result<File, Error> {
    FileBuilder::new()
        .with_fapl(|list| {
            if let Some(step) = memory_step {
                list.core_options(step, false);
            }
            list.libver_bounds(LibraryVersion::V18, LibraryVersion::V18)
        })
        .with_fcpl(|list| {
            list.obj_track_times(false)
                .link_creation_order(LinkCreationOrder::Indexed)
                .attr_creation_order(AttrCreationOrder::Indexed)
                .attr_phase_change(COMPACT_ATTRIBUTES, COMPACT_ATTRIBUTES / 2)
        })
        .create(path)
}

fn check_name<'a>(name: &'a str, names: &mut std::collections::BTreeSet<&'a str>) -> Result<(), NetcdfError> {
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let reason = if !begins_well || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
        "a name is made of letters, digits, `_`, `.` and `-` and begins with a letter or `_`"
    } else if !names.insert(name) {
        "the name occurs twice"
    } else {
        return Ok(());
    };
    Err(NetcdfError::Invalid { name: name.to_owned(), reason: reason.to_owned() })
}

fn check_attributes(attributes: &Attributes) -> Result<(), NetcdfError> {
    let mut names = std::collections::BTreeSet::new();
    for (name, value) in attributes {
        check_name(name, &mut names)?;
        let reason = match value {
            _ if convention::RESERVED.contains(&name.as_str()) => "the name is reserved by the format",
            AttributeValue::Text(text) if text.len() > LONGEST_TEXT => "the text is too long: make it a text variable",
            AttributeValue::Text(text) if text.contains('\0') => "the text contains a zero byte",
            _ => continue,
        };
        return Err(NetcdfError::Invalid { name: name.clone(), reason: reason.to_owned() });
    }
    Ok(())
}

fn write_dimension(file: &File, id: usize, dimension: &Dimension<'_>) -> Result<Dataset, Error> {
    let shape = [dimension.size];
    let (dataset, name) = if let Some(coordinates) = &dimension.coordinates {
        (write_values(file, &dimension.name, &shape, coordinates, None)?, dimension.name.clone())
    } else {
        // A placeholder that is never allocated on disk, as the NetCDF-4 C library makes it.
        let dataset =
            file.new_dataset::<f32>().with_dcpl(with_order).shape(shape.as_slice()).create(dimension.name.as_str())?;
        (dataset, format!("{}{:>10}", convention::NO_COORDINATES, dimension.size))
    };
    // CLASS must hold its terminating zero: 16 bytes.
    convention::write_text(&dataset, convention::CLASS, format!("{}\0", convention::DIMENSION_SCALE).as_bytes())?;
    convention::write_text(&dataset, convention::NAME, format!("{name}\0").as_bytes())?;
    dataset.new_attr::<i32>().create(convention::DIMENSION_ID)?.write_scalar(&(id as i32))?;
    write_attributes(&dataset, &dimension.attributes)?;
    Ok(dataset)
}

pub(super) fn write_attributes(location: &Location, attributes: &Attributes) -> Result<(), Error> {
    for (name, value) in attributes {
        let name = name.as_str();
        match value {
            AttributeValue::Text(text) => convention::write_text(location, name, text.as_bytes())?,
            AttributeValue::Integer(value) => location.new_attr::<i64>().create(name)?.write_scalar(value)?,
            AttributeValue::Unsigned(value) => location.new_attr::<u64>().create(name)?.write_scalar(value)?,
            AttributeValue::Number(value) => location.new_attr::<f64>().create(name)?.write_scalar(value)?,
        }
    }
    Ok(())
}

pub(super) fn write_values(
    file: &File,
    name: &str,
    shape: &[usize],
    values: &Values<'_>,
    chunks: Option<&Chunked>,
) -> Result<Dataset, Error> {
    match values {
        Values::F64(values) => write_numbers(file, name, shape, values, chunks),
        Values::F32(values) => write_numbers(file, name, shape, values, chunks),
        Values::I64(values) => write_numbers(file, name, shape, values, chunks),
        Values::Text(texts) => {
            let texts = texts
                .iter()
                .map(|text| text.parse::<VarLenUnicode>().map_err(|_| Error::from("a text contains a zero byte")))
                .collect::<Result<Vec<_>, _>>()?;
            let builder = file.new_dataset::<VarLenUnicode>().with_dcpl(with_order);
            if shape.is_empty() {
                let dataset = builder.shape(()).create(name)?;
                dataset.write_scalar(&texts[0])?;
                Ok(dataset)
            } else {
                let dataset = builder.shape(shape).create(name)?;
                dataset.write_raw(texts.as_slice())?;
                Ok(dataset)
            }
        }
    }
}

fn write_numbers<T: H5Type>(
    file: &File,
    name: &str,
    shape: &[usize],
    values: &[T],
    chunks: Option<&Chunked>,
) -> Result<Dataset, Error> {
    if let Some(Chunked { shape: extent, chunks }) = chunks {
        let dataset = compressed::<T>(file, name, shape, extent)?;
        chunks.iter().try_for_each(|chunk| convention::write_chunk(&dataset, &chunk.offset, &chunk.bytes))?;
        return Ok(dataset);
    }
    let builder = file.new_dataset::<T>().with_dcpl(with_order);
    if shape.is_empty() {
        let dataset = builder.shape(()).create(name)?;
        dataset.write_scalar(&values[0])?;
        Ok(dataset)
    } else {
        let dataset = builder.shape(shape).create(name)?;
        dataset.write_raw(values)?;
        Ok(dataset)
    }
}

fn with_order(list: &mut hdf5::plist::DatasetCreateBuilder) -> &mut hdf5::plist::DatasetCreateBuilder {
    list.obj_track_times(false)
        .attr_creation_order(AttrCreationOrder::Indexed)
        .attr_phase_change(COMPACT_ATTRIBUTES, COMPACT_ATTRIBUTES / 2)
}
