//! A digest of the sources a program is built from, for builds where no commit names them. The build script uses it too, so
//! there is nothing here but the standard library.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What the program is made of, below the root of the workspace.
pub const SOURCES: [&str; 15] = [
    "Cargo.lock",
    "Cargo.toml",
    "agents/Cargo.toml",
    "agents/src",
    "analysis/Cargo.toml",
    "analysis/facts.csv",
    "analysis/python/autarky/colours.csv",
    "analysis/src",
    "configs",
    "engine/Cargo.toml",
    "engine/src",
    "runs/Cargo.toml",
    "runs/build",
    "runs/build.rs",
    "runs/src",
];

/// What a recording depends on besides its configuration and its world: with the same of these, the same bits.
pub const WORLD_SOURCES: [&str; 10] = [
    "Cargo.lock",
    "agents/src",
    "configs/src/calibration",
    "configs/src/date.rs",
    "configs/src/measures",
    "configs/src/parameters",
    "configs/src/reading",
    "configs/src/units.rs",
    "engine/src",
    "runs/src/session.rs",
];

/// What the tables of the experiments depend on besides recordings.
pub const TABLE_SOURCES: [&str; 3] = ["analysis/facts.csv", "analysis/src", "runs/src/experiments"];

/// Digest of all files at some paths below a folder: of their names and bytes, in the order of their names. It depends on
/// nothing else, such as times, or where the folder lies. Hidden files are left out: they are of tools.
///
/// # Errors
/// A path is not there, or a file cannot be read.
pub fn source_digest(root: &Path, paths: &[&str]) -> io::Result<u64> {
    digest_of(root, paths, |bytes| bytes)
}

/// As [`source_digest`], but of what is compiled into the program: comments that stand on their own lines, empty lines and
/// tests may change.
///
/// # Errors
/// As [`source_digest`].
pub fn meaning_digest(root: &Path, paths: &[&str]) -> io::Result<u64> {
    digest_of(root, paths, |bytes| match String::from_utf8(bytes) {
        Ok(text) => meaning(&text).into_bytes(),
        Err(other) => other.into_bytes(),
    })
}

/// A source without comments on their own lines, empty lines, and the tests at its end.
fn meaning(text: &str) -> String {
    let kept = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = kept.lines().map(str::trim_end);
    lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with("//")).fold(
        String::new(),
        |mut all, line| {
            all.push_str(line);
            all.push('\n');
            all
        },
    )
}

fn digest_of(root: &Path, paths: &[&str], kept: impl Fn(Vec<u8>) -> Vec<u8>) -> io::Result<u64> {
    let mut files = Vec::new();
    for path in paths {
        collect(root, Path::new(path), &mut files)?;
    }
    files.sort();
    files.dedup();
    let mut hash = Fnv::default();
    for (name, path) in files {
        let bytes = kept(fs::read(path)?);
        hash.add(name.as_bytes());
        // Lengths tell where a name or file ends.
        hash.add(&(name.len() as u64).to_le_bytes());
        hash.add(&bytes);
        hash.add(&(bytes.len() as u64).to_le_bytes());
    }
    Ok(hash.0)
}

/// Names, with `/` on every system, and places of the files at a path.
fn collect(root: &Path, path: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    let place = root.join(path);
    if !place.is_dir() {
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        files.push((parts.join("/"), place));
        return Ok(());
    }
    for entry in fs::read_dir(&place)? {
        let name = entry?.file_name();
        if !name.to_string_lossy().starts_with('.') {
            collect(root, &path.join(name), files)?;
        }
    }
    Ok(())
}

/// FNV-1a, 64 bits, of what was added so far.
pub struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with sources, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let folder = Self(std::env::temp_dir().join(format!("autarky-sources-{}-{name}", std::process::id())));
            for (name, text) in files {
                let path = folder.0.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a writable temporary folder");
                fs::write(path, text).expect("a writable temporary folder");
            }
            folder
        }

        fn digest(&self) -> u64 {
            source_digest(&self.0, &["Cargo.toml", "src"]).expect("sources")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Name and content.
    type File = (&'static str, &'static str);

    const FILES: [File; 4] =
        [("Cargo.toml", "[package]"), ("src/main.rs", "fn main() {}"), ("src/deep/a.rs", "x"), ("src/deep/b.css", "")];

    #[test]
    fn equal_sources_have_equal_digests_wherever_they_lie() {
        let one = Folder::new("one", &FILES);
        let mut turned = FILES;
        turned.reverse();
        let two = Folder::new("two", &turned);
        assert_eq!(one.digest(), two.digest());
        // What tools leave, and what is no source, changes nothing.
        fs::create_dir_all(two.0.join("target")).expect("a folder");
        fs::write(two.0.join("target/main.rs"), "x").expect("a file");
        fs::write(two.0.join("src/.main.rs.swp"), "x").expect("a file");
        fs::create_dir_all(two.0.join("src/.git")).expect("a folder");
        assert_eq!(one.digest(), two.digest());
        // A path named twice counts once.
        assert_eq!(source_digest(&one.0, &["src", "Cargo.toml", "src/main.rs"]).expect("sources"), two.digest());
    }

    #[test]
    fn any_change_of_a_name_or_byte_changes_the_digest() {
        let base = Folder::new("base", &FILES).digest();
        let changes: [fn(&mut Vec<File>); 7] = [
            |files| files[1].1 = "fn main() { }",
            |files| files[0].1 = "[package]\n",
            |files| files[2].0 = "src/deep/c.rs",
            |files| files[2].0 = "src/a.rs",
            |files| files.push(("src/deep/new.rs", "")),
            |files| files.truncate(3),
            // The same bytes in a row, cut elsewhere.
            |files| (files[2].1, files[3].1) = ("", "x"),
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut files = FILES.to_vec();
            change(&mut files);
            assert_ne!(Folder::new(&format!("changed-{number}"), &files).digest(), base, "change {number}");
        }
        assert!(source_digest(&std::env::temp_dir(), &["autarky-no-such-sources"]).is_err());
    }

    #[test]
    fn what_is_listed_is_there() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        source_digest(root, &SOURCES).expect("sources");
        // Whatever is compiled in lies below a path of the list.
        for package in ["engine", "agents", "analysis", "runs"] {
            for part in ["src", "Cargo.toml"] {
                assert!(SOURCES.contains(&format!("{package}/{part}").as_str()), "{package}/{part}");
            }
        }
        let built = env!("AUTARKY_SOURCES");
        assert!(built.len() == 16 && u64::from_str_radix(built, 16).is_ok(), "{built}");
    }
}
