//! Contract: the house rules that a test can check: the visible top level, dependency arrows, no orphan test file, and a
//! README that names only commands and scenarios that exist.

use std::fs;
use std::path::Path;

use tests::sources::{UNIT_TESTS, sources};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn the_visible_top_level_is_the_frame() {
    let allowed =
        ["Cargo.toml", "Cargo.lock", "engine", "agents", "configs", "runs", "analysis", "tests", "README.md", "target"];
    for entry in fs::read_dir(root()).expect("the root") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "`{name}` is outside the frame");
    }
}

#[test]
fn dependencies_point_one_way() {
    for (package, banned) in [
        ("engine", &["configs", "agents", "runs", "analysis", "tests"][..]),
        ("configs", &["agents", "runs", "analysis", "tests"]),
        ("agents", &["runs", "analysis", "tests"]),
        ("analysis", &["configs", "agents", "runs", "tests"]),
        ("runs", &["tests"]),
    ] {
        let manifest = read(&format!("{package}/Cargo.toml"));
        for name in banned {
            let named =
                manifest.lines().any(|l| l.starts_with(&format!("{name}.")) || l.starts_with(&format!("{name} ")));
            assert!(!named, "{package} must not depend on {name}");
        }
    }
}

#[test]
fn who_writes_no_files_builds_no_hdf5() {
    assert!(read("Cargo.toml").contains("\nengine = { path = \"engine\", default-features = false }"));
    for package in ["configs", "agents", "tests"] {
        let manifest = read(&format!("{package}/Cargo.toml"));
        let own = manifest.split("[dev-dependencies]").next().unwrap_or_default();
        assert!(
            !own.contains("hdf5"),
            "{package} asks for HDF5, which takes minutes to build, besides in its own tests"
        );
    }
}

#[test]
fn every_test_file_is_compiled() {
    for target in ["tests/tests/contracts", "runs/tests/cli"] {
        let main = read(&format!("{target}/main.rs"));
        for entry in fs::read_dir(root().join(target)).expect("tests") {
            let name = entry.expect("an entry").file_name().into_string().expect("a name");
            let module = name.trim_end_matches(".rs");
            assert!(module == "main" || main.contains(&format!("mod {module};")), "{target}/{name} is an orphan");
        }
    }
}

#[test]
fn the_readme_names_scenarios_that_exist() {
    let readme = read("README.md");
    let mut seen = 0;
    for command in ["autarky run ", "-- run "] {
        for text in readme.split(command).skip(1) {
            let name = text.split(|c: char| c.is_whitespace() || c == '`').next().unwrap_or_default();
            assert!(root().join(format!("configs/scenarios/{name}.toml")).exists(), "no scenario `{name}`");
            seen += 1;
        }
    }
    assert!(seen > 0, "the README shows how to run a scenario");
}

#[test]
fn the_engine_knows_no_economy() {
    // Beginnings of words. What a test plays with is no matter.
    let words = [
        "tariff",
        "dutie",
        "househol",
        "wage",
        "bank",
        "firm",
        "taxe",
        "consumption",
        "deposit",
        "loan",
        "gdp",
        "worker",
        "government",
        "unemploy",
        "inflation",
        "plant",
    ];
    let mut found = Vec::new();
    for (path, text) in sources(&["engine/src"]) {
        if path.ends_with("tests.rs") {
            continue;
        }
        let code = text.split(UNIT_TESTS).next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let mut parts = line.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
            if let Some(word) = parts.find(|part| words.iter().any(|word| part.starts_with(word))) {
                found.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    assert!(found.is_empty(), "words of the economy, which the engine must not know: {found:#?}");
}

/// Places in tables that somebody wrote out by hand, such as `(d * r + o) * g + x`, and rows cut by hand, such as `[k * g..(k + 1) * g]`,
/// by room: the numbers fall as tables become an [`engine::grid::Grid`], and never rise. What is left are columns of agents that are
/// cut into pieces for threads, and the kernels over the shelves of a zone. Lower a number when it has fallen.
const BY_HAND: &[(&str, usize)] = &[("firms", 1), ("location", 3), ("markets", 18), ("world", 7)];

/// What counts the places on an axis.
const SIZES: [&str; 13] = [
    "r",
    "g",
    "regions",
    "products",
    "industries",
    "slots",
    "all_slots",
    "markets",
    "width",
    "areas",
    "DECILES",
    "SEGMENTS",
    "SOURCES",
];

/// How many places of tables a line writes out: a product by a size, to which something is added or which begins or ends a row.
fn places_by_hand(line: &str) -> usize {
    let by_size = |(before, rest): (&str, &str)| {
        let size = rest.split(|c: char| !(c.is_alphanumeric() || "._".contains(c))).next().unwrap_or_default();
        let size = size.split("..").next().unwrap_or_default();
        let after = rest[size.len()..].trim_start_matches(')');
        // `2 * g + 1` is a length, and so is what `..` ends without a beginning.
        let counted = !before.ends_with(|c: char| c.is_ascii_digit()) || before.ends_with("1)");
        counted
            && SIZES.contains(&size.rsplit('.').next().unwrap_or_default())
            && (after.starts_with(" + ") || after.starts_with(".."))
    };
    line.match_indices(" * ").map(|(at, sign)| (&line[..at], &line[at + sign.len()..])).filter(|x| by_size(*x)).count()
}

#[test]
fn places_in_tables_are_not_written_by_hand_anew() {
    assert_eq!(places_by_hand("x[(d * r + o) * g + x]"), 2);
    assert_eq!(places_by_hand("x[row * self.products..(row + 1) * self.products]"), 1);
    assert_eq!(places_by_hand("sum.resize(2 * g + 1, 0); a * b + c; cells * g"), 0);
    let mut found = std::collections::BTreeMap::<String, usize>::new();
    for (path, text) in sources(&["agents/src"]) {
        let room = path.trim_start_matches("agents/src/").split('/').next().unwrap_or_default().to_owned();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        *found.entry(room).or_default() += code.map(places_by_hand).sum::<usize>();
    }
    let found: Vec<(&str, usize)> = found.iter().filter(|x| *x.1 > 0).map(|(room, n)| (room.as_str(), *n)).collect();
    assert_eq!(
        found, BY_HAND,
        "places in tables written by hand: more (use engine::grid), or fewer (lower the number)"
    );
}
