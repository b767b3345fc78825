//! Reading what a user gives: regular files of a sensible size, as text.

use std::io::Read as _;
use std::path::Path;

use engine::csv::decode;

/// Most bytes of a scenario, policy or experiment: a hundred thousand measures are a third of it.
pub const DOCUMENT: u64 = 64 << 20;

/// Most bytes of a table.
pub const TABLE: u64 = 2 << 30;

/// Why a file is not read.
#[derive(Debug)]
pub enum Unread {
    /// The system does not give it.
    System(std::io::Error),
    /// It is of a kind or size that is not read; what is wrong and what to do.
    Kind(String),
    /// It is not text in UTF-8; what is wrong and what to do.
    Text(String),
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System(error) => error.fmt(f),
            Self::Kind(message) | Self::Text(message) => f.write_str(message),
        }
    }
}

/// Reads a text of at most `limit` bytes. A byte-order mark at its start is left out.
///
/// # Errors
/// It cannot be opened, is no regular file, is larger, or is not UTF-8.
pub fn text(path: &Path, limit: u64) -> Result<String, Unread> {
    let mut text = decode(bytes(path, limit)?).map_err(Unread::Text)?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// Reads at most `limit` bytes of a regular file.
///
/// # Errors
/// As [`text`].
pub fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Unread> {
    let kind = std::fs::metadata(path).map_err(Unread::System)?;
    if !kind.is_file() {
        // Opening a pipe may wait for ever, and a device may have no end.
        let what = if kind.is_dir() { "a folder" } else { "a device, pipe or socket" };
        return Err(Unread::Kind(format!("it is {what}, not a regular file; give the path of a file")));
    }
    let file = std::fs::File::open(path).map_err(Unread::System)?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(Unread::System)?;
    if bytes.len() as u64 > limit {
        let large = kind.len().max(limit + 1).div_ceil(1 << 20);
        return Err(Unread::Kind(format!(
            "it has {large} MB, and at most {} MB are read: is it the right file?",
            limit >> 20
        )));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_sensible_size_are_read() {
        let folder = std::env::temp_dir().join(format!("autarky-input-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let said = |path: &Path, limit| text(path, limit).expect_err("not read").to_string();
        assert!(said(Path::new("/dev/zero"), 100).contains("device"));
        assert!(said(&folder, 100).contains("a folder"));
        let file = folder.join("x");
        for (bytes, limit, expected) in [
            (vec![b'a'; 101], 100, "at most 0 MB"),
            (b"title = \"M\xe9xico\"".to_vec(), 100, "Latin-1"),
            (vec![0xff, 0xfe, b'a', 0], 100, "UTF-16"),
        ] {
            std::fs::write(&file, bytes).expect("written");
            assert!(said(&file, limit).contains(expected), "{expected}");
        }
        std::fs::write(&file, "\u{feff}a").expect("written");
        assert_eq!(text(&file, 100).expect("read"), "a");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
