//! The sources of the project, for contracts on how it is written.

use std::fs;
use std::path::{Path, PathBuf};

/// Where unit tests begin in a file.
pub const UNIT_TESTS: &str = "#[cfg(test)]\nmod tests {";

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, out);
        } else if path.extension().is_some_and(|x| x == "rs") {
            out.push(path);
        }
    }
}

/// All Rust sources below some folders of the project: path from its root, and text, in the order of paths.
///
/// # Panics
/// If one cannot be read.
#[must_use]
pub fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root.join(folder), &mut paths);
    }
    paths.sort();
    let name = |path: &PathBuf| path.strip_prefix(root).expect("below the root").display().to_string();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("a source"))).collect()
}
