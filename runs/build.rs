//! Notes what the program is built from (a commit, a digest of its sources), and a fingerprint of the sources that give
//! checkpoints their shape.

#[path = "build/readers.rs"]
mod readers;

use std::path::{Path, PathBuf};
use std::process::Command;

#[path = "src/source_digest.rs"]
mod source_digest;

use source_digest::{Fnv, SOURCES, TABLE_SOURCES, WORLD_SOURCES, meaning_digest, source_digest};

/// Sources whose types are part of a checkpoint.
const SHAPE: [&str; 17] = [
    "agents/src/components.rs",
    "agents/src/geography.rs",
    "agents/src/location/sites.rs",
    "agents/src/markets/routing.rs",
    "agents/src/multiplier.rs",
    "agents/src/policy",
    "agents/src/record",
    "agents/src/simulation.rs",
    "agents/src/state",
    "agents/src/state.rs",
    "agents/src/world/base.rs",
    "configs/src/calibration",
    "configs/src/date.rs",
    "configs/src/measures",
    "configs/src/parameters",
    "configs/src/scenario/mod.rs",
    "runs/src/checkpoint.rs",
];

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn sources(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| sources(&entry.path(), found));
    } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
        found.push(path.to_owned());
    }
}

/// Digest of the sources of [`SHAPE`].
fn fingerprint(root: &Path) -> u64 {
    let mut files = Vec::new();
    for path in SHAPE {
        sources(&root.join(path), &mut files);
    }
    files.sort();
    let mut hash = Fnv::default();
    for file in files {
        hash.add(&std::fs::read(file).unwrap_or_default());
    }
    hash.0
}

/// Writes which sources read which parameter, for `autarky show`.
fn write_readers(root: &Path) {
    let mut files = Vec::new();
    for path in ["agents/src", "configs/src", "runs/src/session.rs"] {
        sources(&root.join(path), &mut files);
    }
    files.retain(|file| !file.starts_with(root.join("configs/src/parameters")));
    files.sort();
    let list = std::fs::read_to_string(root.join("configs/src/parameters/list.rs")).unwrap_or_default();
    let table = readers::table(&list, &readers::texts(root, &files));
    let out = std::env::var("OUT_DIR").expect("set by cargo");
    std::fs::write(Path::new(&out).join("readers.rs"), table).expect("the folder for builds can be written");
}

fn main() {
    let root = Path::new("..");
    write_readers(root);
    // Sources may lie unpacked in a repository of something else, whose commit says nothing about them.
    let tracked = git(&["ls-files", "--error-unmatch", "build.rs"]).is_some();
    let commit = git(&["rev-parse", "HEAD"]).filter(|_| tracked);
    let dirty = git(&["status", "--porcelain"]).filter(|_| tracked).map(|changes| !changes.is_empty());
    let sources = source_digest(root, &SOURCES).map(|digest| format!("{digest:016x}"));
    let sources = sources.unwrap_or_else(|error| panic!("the sources of the program cannot be read: {error}"));
    println!("cargo:rustc-env=AUTARKY_SOURCES={sources}");
    for (name, paths) in [("AUTARKY_WORLD_SOURCES", &WORLD_SOURCES[..]), ("AUTARKY_TABLE_SOURCES", &TABLE_SOURCES[..])]
    {
        let digest = meaning_digest(root, paths);
        let digest = digest.unwrap_or_else(|error| panic!("the sources of the program cannot be read: {error}"));
        println!("cargo:rustc-env={name}={digest:016x}");
    }
    let named = commit.unwrap_or_else(|| format!("sources-{sources}"));
    println!("cargo:rustc-env=AUTARKY_COMMIT={named}");
    println!("cargo:rustc-env=AUTARKY_DIRTY={}", dirty.map_or("unknown".to_owned(), |dirty| dirty.to_string()));
    println!("cargo:rustc-env=AUTARKY_TARGET={}", std::env::var("TARGET").unwrap_or_default());
    println!("cargo:rustc-env=AUTARKY_SHAPE={:016x}", fingerprint(root));
    for path in SOURCES.iter().chain(&[".git/HEAD", ".git/index"]) {
        // A path that does not exist would make every build start over.
        if root.join(path).exists() {
            println!("cargo:rerun-if-changed=../{path}");
        }
    }
}
