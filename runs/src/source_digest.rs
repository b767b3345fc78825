//! A digest of the sources a program is built from, for builds where no commit names them. The build script uses it too.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::meaning::{meaning, test_modules};

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
    digest_of(&found(root, paths)?, |_, bytes| bytes)
}

/// As [`source_digest`], but of what is compiled into the program: comments, white space and tests of Rust sources may change.
///
/// # Errors
/// As [`source_digest`].
pub fn meaning_digest(root: &Path, paths: &[&str]) -> io::Result<u64> {
    digest_of(&without_tests(found(root, paths)?), |path, bytes| {
        let text = std::str::from_utf8(&bytes).ok().filter(|_| is_rust(path));
        text.and_then(meaning).map_or(bytes, String::into_bytes)
    })
}

/// Whether a file is Rust, by its name.
#[must_use]
pub fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// Names, with `/` on every system, and places of the files at some paths, in the order of their names.
///
/// # Errors
/// A path is not there.
pub fn found(root: &Path, paths: &[&str]) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for path in paths {
        collect(root, Path::new(path), &mut files)?;
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// Those that are compiled for more than tests. A module is known to be for tests by the mark before its name in the source
/// that has it.
#[must_use]
pub fn without_tests(files: Vec<(String, PathBuf)>) -> Vec<(String, PathBuf)> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let tests: BTreeSet<PathBuf> =
        files.iter().filter(|file| is_rust(&file.1)).flat_map(|file| test_modules(&file.1, &read(&file.1))).collect();
    let is_test = |path: &Path| path.ancestors().any(|above| tests.contains(above));
    files.into_iter().filter(|file| !is_test(&file.1)).collect()
}

fn digest_of(files: &[(String, PathBuf)], kept: impl Fn(&Path, Vec<u8>) -> Vec<u8>) -> io::Result<u64> {
    let mut hash = Fnv::default();
    for (name, path) in files {
        let bytes = kept(path, fs::read(path)?);
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
    fn comments_and_tests_change_no_digest_of_the_meaning() {
        let files = [
            ("src/lib.rs", "mod a; #[cfg(test)] mod tests;\nfn f() {}"),
            ("src/a.rs", "fn g() { 1 }"),
            ("src/tests.rs", "fn t() {}"),
            ("src/tests/more.rs", ""),
            ("src/table.csv", "a,b"),
        ];
        let of = |number: usize, change: fn(&mut Vec<File>)| {
            let mut files = files.to_vec();
            change(&mut files);
            let folder = Folder::new(&format!("meaning-{number}"), &files);
            meaning_digest(&folder.0, &["src"]).expect("sources")
        };
        let base = of(0, |_| ());
        let same: [fn(&mut Vec<File>); 5] = [
            |files| files[0].1 = "//! All.\nmod a;\n\n#[cfg(test)]\nmod tests;\n\n/// Does nothing.\nfn f() {} // yet",
            |files| files[1].1 = "fn g() { /* one */ 1 }\n#[cfg(test)]\nmod tests { fn t() {} }",
            |files| files[2].1 = "fn t() { 2 }",
            |files| files[3].1 = "fn u() {}",
            |files| files.push(("src/tests/new.rs", "")),
        ];
        for (number, change) in same.into_iter().enumerate() {
            assert_eq!(of(10 + number, change), base, "change {number}");
        }
        let other: [fn(&mut Vec<File>); 4] = [
            |files| files[0].1 = "mod a; mod tests;\nfn f() {}",
            |files| files[1].1 = "fn g() { 2 }",
            |files| files[4].1 = "a, b",
            // Called so, but nobody marks it as a test.
            |files| files.push(("src/a/tests.rs", "")),
        ];
        for (number, change) in other.into_iter().enumerate() {
            assert_ne!(of(20 + number, change), base, "change {number}");
        }
    }

    #[test]
    fn the_sources_of_the_program_can_all_be_read_as_rust() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let files = without_tests(found(root, &WORLD_SOURCES).expect("sources"));
        for (name, path) in files.iter().filter(|file| is_rust(&file.1)) {
            assert!(!name.contains("/tests") && !name.ends_with("testing.rs"), "{name} is for tests only");
            let text = fs::read_to_string(path).expect("a source");
            let found = meaning(&text).unwrap_or_else(|| panic!("{name} is not read as Rust"));
            assert_eq!(meaning(&found), Some(found.clone()), "{name}: what is left is read otherwise");
        }
    }

    #[test]
    fn what_is_listed_is_there() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for paths in [&SOURCES[..], &WORLD_SOURCES, &TABLE_SOURCES] {
            source_digest(root, paths).expect("sources");
        }
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
