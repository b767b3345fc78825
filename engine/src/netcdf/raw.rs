//! Datasets and attributes of an HDF5 file as values: what types they have, what they are called, what is in them.

use std::borrow::Cow;
use std::ops::Range;

use hdf5::types::{FloatSize, IntSize, TypeDescriptor, VarLenArray, VarLenAscii, VarLenUnicode};
use hdf5::{
    Attribute, Dataset, Error, File, Hyperslab, IndexType, IterationOrder, Location, ObjectReference1,
    ReferencedObject, SliceOrIndex,
};

use super::convention;
use super::stream::Number;
use super::{AttributeValue, Attributes, Values};

/// Places along the first dimension in a chunk; one where there are no chunks.
pub(super) fn chunk_rows(dataset: &Dataset) -> usize {
    dataset.chunk().and_then(|chunk| chunk.first().copied()).unwrap_or(1).max(1)
}

pub(super) fn scale_name(dataset: &Dataset) -> Option<String> {
    dataset.attr(convention::NAME).and_then(|name| text(&name)).ok()
}

pub(super) fn is_dimension(dataset: &Dataset) -> bool {
    dataset
        .attr(convention::CLASS)
        .and_then(|class| text(&class))
        .is_ok_and(|class| class == convention::DIMENSION_SCALE)
}

pub(super) fn dimension_names(file: &File, dataset: &Dataset) -> Result<Vec<String>, Error> {
    if dataset.is_scalar() {
        return Ok(Vec::new());
    }
    let list = dataset.attr(convention::DIMENSION_LIST)?.read_raw::<VarLenArray<ObjectReference1>>()?;
    let sizes = dataset.shape();
    let named = list.iter().zip(sizes.iter().map(Some).chain(std::iter::repeat(None)));
    named
        .map(|(scales, size)| {
            let scale = scales.first().ok_or_else(|| Error::from("a dimension without a scale"))?;
            let (name, places) = match file.dereference(scale)? {
                ReferencedObject::Dataset(scale) => {
                    Ok((name_of(scale.name())?.trim_start_matches('/').to_owned(), scale.size()))
                }
                _ => Err(Error::from("a dimension scale that is not a dataset")),
            }?;
            match size {
                Some(size) if *size == places => Ok(name),
                _ => Err(Error::from(format!("`{}` is not as long as its dimension `{name}`", dataset.name()))),
            }
        })
        .collect()
}

pub(super) fn attributes(location: &Location) -> Result<Attributes, Error> {
    let names = location
        .attr_names_by(IndexType::CreationOrder, IterationOrder::Increasing)
        .or_else(|_| location.attr_names())?;
    let mut attributes = Vec::new();
    for name in names {
        let name = name_of(name)?;
        if convention::RESERVED.contains(&name.as_str()) {
            continue;
        }
        // Attributes of types that are not written here (arrays, say) are left out.
        if let Some(value) = attribute(&location.attr(&name)?)? {
            attributes.push((name, value));
        }
    }
    Ok(attributes)
}

fn attribute(attribute: &Attribute) -> Result<Option<AttributeValue>, Error> {
    if attribute.size() != 1 {
        return Ok(None);
    }
    // Other programs write single values as arrays of one.
    let value = match attribute.dtype()?.to_descriptor()? {
        TypeDescriptor::Unsigned(IntSize::U8) => {
            AttributeValue::Unsigned(*attribute.read_raw::<u64>()?.first().ok_or_else(nothing)?)
        }
        TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => {
            AttributeValue::Integer(*attribute.read_raw::<i64>()?.first().ok_or_else(nothing)?)
        }
        TypeDescriptor::Float(_) => AttributeValue::Number(*attribute.read_raw::<f64>()?.first().ok_or_else(nothing)?),
        TypeDescriptor::FixedAscii(_)
        | TypeDescriptor::FixedUnicode(_)
        | TypeDescriptor::VarLenAscii
        | TypeDescriptor::VarLenUnicode => AttributeValue::Text(text(attribute)?),
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// A text of a file. The bindings take every text for UTF-8, which one with a flipped bit is not.
fn utf8(bytes: &[u8]) -> Result<String, Error> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Error::from("a text is not UTF-8"))
}

/// A name from the bindings, which have not looked at its bytes either.
pub(super) fn name_of(name: String) -> Result<String, Error> {
    String::from_utf8(name.into_bytes()).map_err(|_| Error::from("a name is not UTF-8"))
}

fn nothing() -> Error {
    Error::from("an attribute without a value")
}

fn text(attribute: &Attribute) -> Result<String, Error> {
    match attribute.dtype()?.to_descriptor()? {
        TypeDescriptor::VarLenUnicode => {
            utf8(attribute.read_raw::<VarLenUnicode>()?.first().ok_or_else(nothing)?.as_bytes())
        }
        TypeDescriptor::VarLenAscii => {
            utf8(attribute.read_raw::<VarLenAscii>()?.first().ok_or_else(nothing)?.as_bytes())
        }
        _ => convention::read_fixed_text(attribute),
    }
}

/// The type of numbers in a dataset; `None` for texts.
pub(super) fn number(dataset: &Dataset) -> Result<Option<Number>, Error> {
    Ok(match dataset.dtype()?.to_descriptor()? {
        TypeDescriptor::Float(FloatSize::U4) => Some(Number::F32),
        TypeDescriptor::Float(_) => Some(Number::F64),
        TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => Some(Number::I64),
        _ => None,
    })
}

pub(super) fn cut<T: hdf5::H5Type>(dataset: &Dataset, rows: &Range<usize>) -> Result<Vec<T>, Error> {
    let mut places = vec![SliceOrIndex::from(rows.clone())];
    places.resize(dataset.ndim(), SliceOrIndex::from(..));
    let selection = Hyperslab::try_new(places)?;
    Ok(dataset.read_slice::<T, _, ndarray::IxDyn>(selection)?.into_raw_vec_and_offset().0)
}

pub(super) fn values(dataset: &Dataset) -> Result<Values<'static>, Error> {
    Ok(match dataset.dtype()?.to_descriptor()? {
        TypeDescriptor::Float(FloatSize::U4) => Values::F32(Cow::Owned(dataset.read_raw()?)),
        TypeDescriptor::Float(_) => Values::F64(Cow::Owned(dataset.read_raw()?)),
        TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) => Values::I64(Cow::Owned(dataset.read_raw()?)),
        TypeDescriptor::VarLenUnicode => {
            let texts = dataset.read_raw::<VarLenUnicode>()?;
            Values::Text(texts.iter().map(|text| utf8(text.as_bytes())).collect::<Result<_, _>>()?)
        }
        TypeDescriptor::VarLenAscii => {
            let texts = dataset.read_raw::<VarLenAscii>()?;
            Values::Text(texts.iter().map(|text| utf8(text.as_bytes())).collect::<Result<_, _>>()?)
        }
        other => return Err(Error::from(format!("a variable of type {other}"))),
    })
}
