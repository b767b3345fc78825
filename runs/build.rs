//! Notes what the program is built from (a commit, a digest of its sources), and a fingerprint of the sources that give
//! checkpoints their shape.

#[path = "build/readers.rs"]
mod readers;

use std::path::Path;
use std::process::Command;

#[path = "src/meaning.rs"]
mod meaning;

#[path = "src/source_digest.rs"]
mod source_digest;

use source_digest::{
    SOURCES, TABLE_SOURCES, WORLD_SOURCES, found, is_rust, meaning_digest, source_digest, without_tests,
};

/// Sources whose types are part of a checkpoint.
const SHAPE: [&str; 33] = [
    "agents/src/accounts.rs",
    "agents/src/components",
    "agents/src/components.rs",
    "agents/src/geography.rs",
    "agents/src/households/alone/mod.rs",
    "agents/src/households/alone/setting.rs",
    "agents/src/households/attachment.rs",
    "agents/src/households/demography",
    "agents/src/households/earnings.rs",
    "agents/src/households/lives/mod.rs",
    "agents/src/households/saving.rs",
    "agents/src/location/sites.rs",
    "agents/src/markets/routing.rs",
    "agents/src/multiplier.rs",
    "agents/src/policy",
    "agents/src/purpose.rs",
    "agents/src/record",
    "agents/src/simulation.rs",
    "agents/src/state",
    "agents/src/state.rs",
    "agents/src/statistics/audit.rs",
    "agents/src/store.rs",
    "agents/src/world/base.rs",
    "configs/src/calibration",
    "configs/src/date.rs",
    "configs/src/measures",
    "configs/src/parameters",
    "configs/src/scenario/mod.rs",
    "engine/src/content/named.rs",
    "engine/src/grid.rs",
    "engine/src/ledger.rs",
    "engine/src/money/volume.rs",
    "runs/src/checkpoint.rs",
];

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Writes which sources read which parameter, for `autarky show`.
fn write_readers(root: &Path) {
    let files = found(root, &["agents/src", "configs/src", "runs/src/session.rs"]).unwrap_or_default();
    let mut files = without_tests(files);
    files.retain(|(name, path)| is_rust(path) && !name.starts_with("configs/src/parameters/"));
    let list = std::fs::read_to_string(root.join("configs/src/parameters/list.rs")).unwrap_or_default();
    let table = readers::table(&list, &readers::texts(&files));
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
    for (name, paths) in [
        ("AUTARKY_WORLD_SOURCES", &WORLD_SOURCES[..]),
        ("AUTARKY_TABLE_SOURCES", &TABLE_SOURCES[..]),
        ("AUTARKY_SHAPE", &SHAPE[..]),
    ] {
        let digest = meaning_digest(root, paths);
        let digest = digest.unwrap_or_else(|error| panic!("the sources of the program cannot be read: {error}"));
        println!("cargo:rustc-env={name}={digest:016x}");
    }
    let named = commit.unwrap_or_else(|| format!("sources-{sources}"));
    println!("cargo:rustc-env=AUTARKY_COMMIT={named}");
    println!("cargo:rustc-env=AUTARKY_DIRTY={}", dirty.map_or("unknown".to_owned(), |dirty| dirty.to_string()));
    println!("cargo:rustc-env=AUTARKY_TARGET={}", std::env::var("TARGET").unwrap_or_default());
    for path in SOURCES.iter().chain(&[".git/HEAD", ".git/index"]) {
        // A path that does not exist would make every build start over.
        if root.join(path).exists() {
            println!("cargo:rerun-if-changed=../{path}");
        }
    }
}
