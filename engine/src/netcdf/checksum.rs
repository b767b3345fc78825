//! Checksums of all that a file holds, kept in the file, so that damage is found and named.
//!
//! The variable [`CHECKSUMS`] has a line for every dimension and variable, in order, and one for the attributes of the file:
//! the name and xxh3-64 of its description (name, dimensions, attributes) and values.

use std::fmt::Write as _;

use hdf5::{Error, File};
use xxhash_rust::xxh3::Xxh3;

use super::write::write_values;
use super::{AttributeValue, Attributes, Content, NetcdfError, Reader, Values, convention};

/// The name of the variable that holds the checksums.
pub const CHECKSUMS: &str = "checksums";

/// How the attributes of the file are called among the checksums: no variable can have this name.
pub(super) const FILE: &str = "(file)";

/// Bytes that are read at once where a checksum is checked.
pub(super) const BLOCK_BYTES: usize = 1 << 26;

/// The checksums of a file under construction, a line each.
#[derive(Debug, Default)]
pub(super) struct Checksums(String);

impl Checksums {
    /// Checksums of all that is in memory.
    pub(super) fn of(content: &Content<'_>) -> Self {
        let mut all = Self::default();
        all.add(FILE, &Sum::new(FILE, &[], &content.attributes));
        for dimension in &content.dimensions {
            let mut sum = Sum::new(&dimension.name, &[(&dimension.name, dimension.size)], &dimension.attributes);
            if let Some(coordinates) = &dimension.coordinates {
                sum.values(coordinates);
            }
            all.add(&dimension.name, &sum);
        }
        for variable in &content.variables {
            let mut sum = Sum::new(&variable.name, &content.shape(&variable.dimensions), &variable.attributes);
            sum.values(&variable.values);
            all.add(&variable.name, &sum);
        }
        all
    }

    pub(super) fn add(&mut self, name: &str, sum: &Sum) {
        let _ = writeln!(self.0, "{name} {:016x}", sum.0.digest());
    }

    pub(super) fn write(self, file: &File) -> Result<(), Error> {
        let dataset = write_values(file, CHECKSUMS, &[], &Values::Text(vec![self.0].into()), None)?;
        let about = "xxh3-64 of description and values of every dimension and variable; checked by `autarky verify`";
        convention::write_text(&dataset, "long_name", about.as_bytes())
    }
}

/// The checksum of a dimension or variable under construction.
pub(super) struct Sum(Xxh3);

impl Sum {
    pub(super) fn new(name: &str, shape: &[(&str, usize)], attributes: &Attributes) -> Self {
        let mut sum = Self(Xxh3::new());
        sum.text(name);
        for (name, size) in shape {
            sum.text(name);
            sum.0.update(&(*size as u64).to_le_bytes());
        }
        for (name, value) in attributes {
            sum.text(name);
            match value {
                AttributeValue::Text(text) => sum.text(text),
                AttributeValue::Integer(x) => sum.0.update(&x.to_le_bytes()),
                AttributeValue::Unsigned(x) => sum.0.update(&x.to_le_bytes()),
                AttributeValue::Number(x) => sum.0.update(&x.to_bits().to_le_bytes()),
            }
        }
        sum
    }

    /// As it stands in the file.
    pub(super) fn text_of(&self) -> String {
        format!("{:016x}", self.0.digest())
    }

    fn text(&mut self, text: &str) {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    /// Adds values; those of a variable may come in several blocks.
    pub(super) fn values(&mut self, values: &Values<'_>) {
        match (values.raw(), values) {
            (Some((bytes, _)), _) => self.0.update(bytes),
            (None, Values::Text(texts)) => texts.iter().for_each(|text| self.text(text)),
            (None, _) => {}
        }
    }
}

/// What was found when the checksums of a file were checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Soundness {
    /// Parts whose checksum is right.
    pub sound: usize,
    /// What is wrong: the part, and how.
    pub damaged: Vec<String>,
}

impl Reader {
    /// Reads everything in blocks and compares it with the checksums in the file.
    ///
    /// # Errors
    /// [`NetcdfError::NoVariable`] if the file has no checksums, [`NetcdfError::Unreadable`] if they cannot be read.
    pub fn verify(&self) -> Result<Soundness, NetcdfError> {
        let text = self.texts(CHECKSUMS)?.concat();
        let mut expected: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once(' ')).collect();
        let mut found = Soundness::default();
        let mut compare = |name: &str, sum: Result<Sum, NetcdfError>| {
            let place = expected.iter().position(|x| x.0 == name);
            match (place.map(|place| expected.remove(place).1), sum) {
                (None, _) => found.damaged.push(format!("{name}: it has no checksum, so it was added later")),
                (Some(_), Err(error)) => found.damaged.push(format!("{name}: {error}")),
                (Some(sum), Ok(now)) if sum == format!("{:016x}", now.0.digest()) => found.sound += 1,
                (Some(_), Ok(_)) => found.damaged.push(format!("{name}: it is not what was written")),
            }
        };
        compare(FILE, self.attributes().map(|attributes| Sum::new(FILE, &[], &attributes)));
        for dimension in self.dimensions()? {
            let mut sum = Sum::new(&dimension.name, &[(&dimension.name, dimension.size)], &dimension.attributes);
            if let Some(coordinates) = &dimension.coordinates {
                sum.values(coordinates);
            }
            compare(&dimension.name, Ok(sum));
        }
        for variable in self.variables()? {
            let shape: Vec<(&str, usize)> =
                variable.dimensions.iter().map(String::as_str).zip(variable.shape.iter().copied()).collect();
            let mut sum = Sum::new(&variable.name, &shape, &variable.attributes);
            let read = self.blocks(&variable.name, BLOCK_BYTES, |_, values| {
                sum.values(values);
                Ok(())
            });
            compare(&variable.name, read.map(|()| sum));
        }
        found.damaged.extend(expected.iter().map(|(name, _)| format!("{name}: it is gone")));
        Ok(found)
    }
}
