//! Readers that check what they read: no value of a damaged file is passed on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::checksum::{BLOCK_BYTES, CHECKSUMS, FILE, Sum};
use super::{NetcdfError, Reader};

/// How many times larger than its file a variable may be: compression by zlib ends at about 1,000.
pub(super) const MOST_COMPRESSED: u64 = 4096;

/// The checksums in a file, and what has been compared with them.
#[derive(Debug)]
pub(super) struct Checks {
    sums: BTreeMap<String, String>,
    known: Mutex<BTreeSet<String>>,
}

impl Reader {
    /// Opens the file at `path` such that whatever is read from it is compared with its checksums first: the attributes
    /// and dimensions now, variables when they are first used.
    ///
    /// # Errors
    /// As [`Reader::open`]; [`NetcdfError::Damaged`] if the file has no checksums, parts are gone or were added, or its
    /// attributes or dimensions are not what was written.
    pub fn open_checked(path: &Path) -> Result<Self, NetcdfError> {
        let mut reader = Self::open(path)?;
        let text = match reader.texts(CHECKSUMS) {
            Ok(text) => text.concat(),
            Err(NetcdfError::NoVariable { .. }) => {
                let reason =
                    "there are none, so the file was written by another program, or by an old version: record it anew";
                return Err(reader.damaged(CHECKSUMS, reason));
            }
            Err(error) => {
                return Err(reader.damaged(CHECKSUMS, &format!("they cannot be read ({error})")));
            }
        };
        let sums: BTreeMap<String, String> =
            text.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        let there = reader.names()?;
        if let Some(gone) = sums.keys().find(|name| *name != FILE && !there.contains(*name)) {
            return Err(reader.damaged(gone, "it is gone"));
        }
        if let Some(added) = there.iter().find(|name| *name != CHECKSUMS && !sums.contains_key(*name)) {
            return Err(reader.damaged(added, "it has no checksum, so it was added later"));
        }
        let file = Sum::new(FILE, &[], &reader.attributes().map_err(|error| reader.damaged(FILE, &error.to_string()))?);
        reader.compare(&sums, FILE, &file)?;
        let mut known = BTreeSet::from([CHECKSUMS.to_owned()]);
        for dimension in reader.dimensions()? {
            let mut sum = Sum::new(&dimension.name, &[(&dimension.name, dimension.size)], &dimension.attributes);
            if let Some(coordinates) = &dimension.coordinates {
                sum.values(coordinates);
            }
            reader.compare(&sums, &dimension.name, &sum)?;
            known.insert(dimension.name);
        }
        reader.checks = Some(Checks { sums, known: Mutex::new(known) });
        Ok(reader)
    }

    /// Compares all that has not been compared yet with its checksum; does nothing for a reader that does not check.
    ///
    /// # Errors
    /// [`NetcdfError::Damaged`] for the first part that is not what was written.
    pub fn check_all(&self) -> Result<(), NetcdfError> {
        let Some(checks) = &self.checks else { return Ok(()) };
        checks.sums.keys().filter(|name| *name != FILE).try_for_each(|name| self.ensure(name))
    }

    /// Compares a variable with its checksum, if that was not done before.
    pub(super) fn ensure(&self, name: &str) -> Result<(), NetcdfError> {
        let Some(checks) = &self.checks else { return Ok(()) };
        let known = || checks.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Known before it is read, because reading asks again.
        if !checks.sums.contains_key(name) || !known().insert(name.to_owned()) {
            return Ok(());
        }
        let compared = self
            .sum(name)
            .map_err(|error| match error {
                error @ NetcdfError::Damaged { .. } => error,
                error => self.damaged(name, &error.to_string()),
            })
            .and_then(|sum| self.compare(&checks.sums, name, &sum));
        if compared.is_err() {
            known().remove(name);
        }
        compared
    }

    fn sum(&self, name: &str) -> Result<Sum, NetcdfError> {
        let info = self.variable(name)?;
        let shape: Vec<(&str, usize)> =
            info.dimensions.iter().map(String::as_str).zip(info.shape.iter().copied()).collect();
        let mut sum = Sum::new(name, &shape, &info.attributes);
        self.blocks(name, BLOCK_BYTES, |_, values| {
            sum.values(values);
            Ok::<(), NetcdfError>(())
        })?;
        Ok(sum)
    }

    fn compare(&self, sums: &BTreeMap<String, String>, name: &str, sum: &Sum) -> Result<(), NetcdfError> {
        if sums.get(name).is_some_and(|written| *written == sum.text_of()) {
            return Ok(());
        }
        Err(self.damaged(name, "it is not what was written"))
    }
}
