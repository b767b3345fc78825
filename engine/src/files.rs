//! Files that are either the old ones or the new ones, whatever happens while they are written.

mod target;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use target::{Claim, Together, check, check_recording, claim, protect, target, temporary_path};

/// A file operation that failed: which file, what was attempted, why, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {source}; {}", path.display(), remedy(source))]
pub struct FileError {
    /// The file or directory.
    pub path: PathBuf,
    /// What was attempted, as a verb ("write", "rename", "sync").
    pub action: &'static str,
    /// What the system said.
    pub source: io::Error,
}

impl FileError {
    /// A failure of `action` on `path`.
    #[must_use]
    pub fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), action, source }
    }
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "check the path and create its directory",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "choose a directory that you may write to"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "free some space or choose another disk, then run again"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory | io::ErrorKind::InvalidFilename => {
            "choose another path"
        }
        io::ErrorKind::ResourceBusy => "wait for it, or choose another path",
        _ => "check the disk and the path, then run again",
    }
}

/// The name under which the file before the present one is kept: `<path>.prev`.
#[must_use]
pub fn previous_path(path: &Path) -> PathBuf {
    with_suffix(path, ".prev")
}

/// A name with a suffix: `with_suffix("a/x.h5", ".json")` is `a/x.h5.json`. The name need not be UTF-8.
#[must_use]
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Whether [`write_atomically`] keeps the file it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Previous {
    /// The old file is gone once the new one is in place.
    Drop,
    /// The old file stays as [`previous_path`].
    Keep,
}

/// Lets `write` produce a file under a temporary name of its own, syncs it to disk, puts it in the place of `path` in one
/// step and syncs the directory. A symbolic link stays, and what it names is written. When anything fails, the temporary
/// file is removed and `path` is what it was before; a kill at any moment leaves at worst a stale temporary file, which
/// [`check`] removes later.
///
/// # Errors
/// Whatever `write` returns, or a [`FileError`] if `path` is an input, a device or a file of another kind ([`target`]), or
/// from syncing and renaming.
pub fn write_atomically<E: From<FileError>>(
    path: &Path,
    previous: Previous,
    write: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let place = target(path)?;
    let temporary = temporary_path(&place);
    let outcome = write(&temporary).and_then(|()| {
        target::may_replace(&temporary, &place, path)?;
        Ok(put_in_place(&temporary, &place, previous)?)
    });
    if outcome.is_err() {
        // The first error is the one to report; there may be nothing to remove.
        let _ = fs::remove_file(&temporary);
    }
    outcome
}

/// Writes `bytes` to `path` by [`write_atomically`].
///
/// # Errors
/// [`FileError`] if any step fails.
pub fn write_bytes_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_atomically(path, Previous::Drop, |temporary| {
        File::create(temporary)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(|error| FileError::new("write", path, error))
    })
}

fn put_in_place(temporary: &Path, path: &Path, previous: Previous) -> Result<(), FileError> {
    // Syncing through a second handle is enough: the kernel syncs the file, not the handle.
    File::open(temporary).and_then(|file| file.sync_all()).map_err(|error| FileError::new("write", path, error))?;
    if previous == Previous::Keep && path.exists() {
        keep(path)?;
    }
    fs::rename(temporary, path).map_err(|error| FileError::new("rename to", path, error))?;
    let directory = target::folder(path);
    File::open(directory)
        .and_then(|file| file.sync_all())
        .map_err(|error| FileError::new("sync the directory", directory, error))
}

/// Gives the present file its second name. By a hard link, so that `path` itself exists at every moment; file systems
/// without hard links get a rename, which leaves a moment with only the previous name.
fn keep(path: &Path) -> Result<(), FileError> {
    let kept = previous_path(path);
    let link = with_suffix(path, ".link");
    let _ = fs::remove_file(&link);
    if fs::hard_link(path, &link).is_ok() {
        fs::rename(&link, &kept).map_err(|error| FileError::new("rename to", &kept, error))?;
        // Renaming one hard link of a file onto another does nothing at all: remove what may be left over.
        let _ = fs::remove_file(&link);
        Ok(())
    } else {
        fs::rename(path, &kept).map_err(|error| FileError::new("rename to", &kept, error))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A directory of its own for one test, removed at the end.
    pub(crate) struct Scratch(pub(crate) PathBuf);

    impl Scratch {
        pub(crate) fn new() -> Self {
            static COUNT: AtomicU32 = AtomicU32::new(0);
            let name = format!("engine-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            fs::create_dir_all(&path).expect("a scratch directory");
            Self(path)
        }

        pub(crate) fn join(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }

        pub(crate) fn names(&self) -> Vec<String> {
            let mut names: Vec<String> = fs::read_dir(&self.0)
                .expect("the scratch directory")
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("utf-8"))
                .collect();
            names.sort();
            names
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let scratch = Scratch::new();
        let path = scratch.join("a");
        write_bytes_atomically(&path, b"old").expect("written");
        let failed: Result<(), FileError> = write_atomically(&path, Previous::Keep, |temporary| {
            fs::write(temporary, b"half").expect("written");
            Err(FileError::new("write", &path, io::Error::from(io::ErrorKind::StorageFull)))
        });
        let message = failed.expect_err("it failed").to_string();
        assert!(message.contains("cannot write") && message.contains("free some space"), "{message}");
        assert_eq!(fs::read(&path).expect("still there"), b"old");
        assert_eq!(scratch.names(), ["a"]);
    }

    #[test]
    fn the_previous_generation_is_kept() {
        let scratch = Scratch::new();
        let path = scratch.join("a");
        for text in ["1", "2", "3"] {
            write_atomically::<FileError>(&path, Previous::Keep, |temporary| {
                fs::write(temporary, text).map_err(|error| FileError::new("write", temporary, error))
            })
            .expect("written");
        }
        assert_eq!(fs::read(&path).expect("there"), b"3");
        assert_eq!(fs::read(previous_path(&path)).expect("there"), b"2");
        assert_eq!(scratch.names(), ["a", "a.prev"]);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let scratch = Scratch::new();
        let path = scratch.join("nowhere").join("a");
        let message = write_bytes_atomically(&path, b"x").expect_err("no directory").to_string();
        assert!(message.contains("nowhere") && message.contains("create its directory"), "{message}");
    }
}
