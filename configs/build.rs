//! Lists the files of this folder that are compiled in: tables, parameters, policies and scenarios. A new file is one of them
//! by lying there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What is looked through, below this folder.
const PARTS: [&str; 5] = ["chinese.csv", "parameters.toml", "policies", "scenarios", "worlds"];

/// Adds the tables and documents at a path, by their names below `root`, with `/` on every system. Hidden files are of tools.
fn collect(root: &Path, name: &str, found: &mut Vec<String>) {
    let path = root.join(name);
    if path.is_dir() {
        let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for entry in entries.flatten() {
            let inner = entry.file_name().to_string_lossy().into_owned();
            if !inner.starts_with('.') {
                collect(root, &format!("{name}/{inner}"), found);
            }
        }
    } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "csv") {
        found.push(name.to_owned());
    }
}

fn main() {
    let folder = |name: &str| PathBuf::from(std::env::var_os(name).expect("set by cargo"));
    let root = folder("CARGO_MANIFEST_DIR");
    let mut found = Vec::new();
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        collect(&root, part, &mut found);
    }
    found.sort();
    let mut list = String::from("&[\n");
    for name in found {
        let _ = writeln!(list, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {name:?}))),");
    }
    std::fs::write(folder("OUT_DIR").join("files.rs"), list + "]\n").expect("the folder for builds can be written");
}
