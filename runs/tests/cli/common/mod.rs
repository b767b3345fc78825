//! A folder with a small world and scenario, and the program run in it.

#![allow(dead_code, reason = "every test target uses a part")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use configs::calibration::{CalibrationFiles, synthetic};

/// A world of 3 regions and 5 industries, and a duty between them.
pub const SCENARIO: &str = r#"title = "A duty in a small world"
world = "./tiny"
seed = 3
parameters.households.units = false
[time]
start = "2024-01"
ticks = 6

[size]
households_per_region = 300
households_per_firm = 10
[[measure]]
label = "duty of R01"
kind = "tariff"
source = "test"
importers = ["R01"]
exporters = "all"
products = "all-goods"
rate = 0.1
start = 2024-03-01
"#;

/// A sweep of a duty at two rates, three seeds, and the baseline.
pub const DUTIES: &str = r#"scenario = "small.toml"
seed = 7
replicates = 3

[[factor]]
name = "duty"
path = "measure.duty of R01.rate"
values = [0.05, 0.2]
"#;

/// A folder of its own for a test, removed at its end.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A folder with the world `tiny` and the scenario `small.toml`.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("autarky-{}-{name}", std::process::id()));
        std::fs::create_dir_all(path.join("tiny")).expect("a writable temporary folder");
        let folder = Self(path);
        for (name, text) in CalibrationFiles::NAMES.iter().zip(synthetic(3, 5, 7).to_files().texts()) {
            folder.put(&format!("tiny/{name}"), text);
        }
        folder.put("small.toml", SCENARIO);
        folder
    }

    /// Writes a file.
    pub fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).expect("a writable temporary folder");
    }

    /// Path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Bytes of a file.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program with arguments separated by spaces, in this folder.
    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autarky"));
        command
            .args(arguments.split_whitespace())
            .current_dir(&self.0)
            .env_remove("RUST_BACKTRACE")
            .env_remove("COLUMNS");
        command
    }

    /// Runs the program.
    pub fn autarky(&self, arguments: &str) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program, which must succeed, and returns its standard output.
    pub fn succeed(&self, arguments: &str) -> String {
        let output = self.autarky(arguments);
        assert!(output.status.success(), "{arguments}: {}", shown(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Compares exit code, standard output and standard error with `tests/snapshots/<name>.txt`; writes that file
    /// instead when `UPDATE_SNAPSHOTS` is set.
    pub fn snapshot(&self, name: &str, arguments: &str) {
        let found = format!("$ autarky {arguments}\n{}", shown(&self.autarky(arguments)));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.txt"));
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &found).expect("a writable snapshot");
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "{name}: found\n{found}\nexpected\n{expected}");
    }
}

/// Says that a test needs something that is not here; fails where `AUTARKY_TEST_ALL` asks for all tests, as `.ci/run` does.
pub fn skipped(missing: &str) {
    assert!(std::env::var_os("AUTARKY_TEST_ALL").is_none(), "{missing}");
    eprintln!("SKIPPED: {missing}");
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Exit code and output of a program.
pub fn shown(output: &Output) -> String {
    let code = output.status.code().map_or_else(|| "signal".to_owned(), |code| code.to_string());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("exit code {code}\n--- stdout\n{}--- stderr\n{}", text(&output.stdout), text(&output.stderr))
}
