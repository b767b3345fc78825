//! Contract: the program alone is enough. It carries its worlds, scenarios and policies, and says what it was built from.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::common::shown;

/// An empty folder, removed at its end.
struct Empty(PathBuf);

impl Empty {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("autarky-empty-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a writable temporary folder");
        Self(path)
    }

    /// The program in this folder, with nothing from the environment: no home, no PATH, no language.
    fn autarky(&self, arguments: &str) -> Output {
        let mut command = Command::new(self.0.join("elsewhere"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).env_clear();
        command.output().expect("the program starts")
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// As `cargo install` leaves it: the file alone, in another place than it was built in.
#[test]
fn the_program_alone_is_enough() {
    let folder = Empty::new("alone");
    std::fs::copy(env!("CARGO_BIN_EXE_autarky"), folder.0.join("elsewhere")).expect("a copy");
    let succeed = |arguments: &str| {
        let output = folder.autarky(arguments);
        assert!(output.status.success(), "{arguments}: {}", shown(&output));
        String::from_utf8(output.stdout).expect("text")
    };
    let listed = succeed("list");
    assert!(listed.contains("us-uniform-10"), "{listed}");
    assert!(succeed("check trade-war-2025").contains("measure"));
    succeed("run us-uniform-10 --households-per-region 300 --ticks 2 --seeds 1 --against none --out run.h5");
    succeed("verify run.h5");
    succeed("report run.h5 --alone --lang zh");
    succeed("export run.h5 --csv run.csv");
    // What is not in it is an error that says what there is.
    let output = folder.autarky("run no-such-scenario");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && text.contains("no-such-scenario"), "{}", shown(&output));
    let output = folder.autarky("run ./us-uniform-10.toml");
    assert!(matches!(output.status.code(), Some(3 | 5)), "{}", shown(&output));
}

#[test]
fn the_program_says_what_it_was_built_from() {
    let folder = Empty::new("built");
    std::fs::copy(env!("CARGO_BIN_EXE_autarky"), folder.0.join("elsewhere")).expect("a copy");
    let said = String::from_utf8(folder.autarky("--version").stdout).expect("text");
    let after = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)).expect("a line").to_owned();
    let (commit, sources) = (after("commit "), after("sources "));
    let hexadecimal = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    assert!(sources.len() == 16 && hexadecimal(&sources), "{said}");
    assert!(commit == format!("sources-{sources}") || commit.len() == 40 && hexadecimal(&commit), "{said}");
    // The same stands in what it records, and beside it.
    let run = "run us-uniform-10 --households-per-region 300 --ticks 1 --seeds 1 --against none --out run.h5";
    assert!(folder.autarky(run).status.success());
    let reader = engine::netcdf::Reader::open(&folder.0.join("run.h5")).expect("a recording");
    let held = |name: &str| {
        reader.attributes().expect("attributes").into_iter().find(|x| x.0 == name).expect("an attribute").1
    };
    assert_eq!(held("source_digest"), sources.as_str().into());
    assert_eq!(held("commit"), commit.as_str().into());
    let beside = std::fs::read_to_string(folder.0.join("run.h5.json")).expect("facts");
    assert!(beside.contains(&format!("\"source_digest\": \"{sources}\"")), "{beside}");
    // The same sources give the same results, committed or not.
    let output = folder.autarky("reproduce run.h5");
    let text = shown(&output);
    assert!(output.status.success() && !text.contains("results may differ"), "{text}");
}

/// What builds HDF5 is found or brought by `.cargo/cmake`: nothing but sh, cc and python3 is asked for, with pip and without.
/// From a package index, so only where all tests are asked for.
#[test]
fn the_build_brings_cmake_and_ninja() {
    if std::env::var_os("AUTARKY_TEST_ALL").is_none() {
        eprintln!("SKIPPED: AUTARKY_TEST_ALL is not set, so nothing is installed");
        return;
    }
    let folder = Empty::new("tools");
    std::fs::create_dir_all(folder.0.join("bin")).expect("a folder");
    std::fs::create_dir_all(folder.0.join("project")).expect("a folder");
    let lists = "cmake_minimum_required(VERSION 3.20)\nproject(small C)\nadd_executable(small small.c)\n";
    std::fs::write(folder.0.join("project/CMakeLists.txt"), lists).expect("a file");
    std::fs::write(folder.0.join("project/small.c"), "int main(void) { return 0; }\n").expect("a file");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../.cargo/cmake");
    // All programs of this machine but those that are to be brought.
    let bare = "for p in /usr/bin/* /bin/*; do case ${p##*/} in *cmake*|*make|*ninja*|python*) ;; *) ln -sf \"$p\" bin/; esac; done";
    let run = |command: &str, path: &str| {
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-euc", command])
            .current_dir(&folder.0)
            .env("PATH", path)
            .env("CARGO_TARGET_DIR", folder.0.join("target"));
        let output = shell.env_remove("CMAKE_GENERATOR").output().expect("sh");
        assert!(output.status.success(), "{}", shown(&output));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let whole = std::env::var("PATH").expect("PATH");
    run(bare, &whole);
    let bin = folder.0.join("bin").display().to_string();
    for refused in ["-m nothing", "-m pip"] {
        let python = format!(
            "python=$(python3 -c 'import sys; print(sys.executable)'); \
             printf '#!/bin/sh\\n[ \"$1 $2\" != \"{refused}\" ] || exit 1\\nexec %s \"$@\"\\n' \"$python\" > bin/python3; \
             chmod +x bin/python3; rm -rf target build"
        );
        run(&python, &whole);
        let build = format!("{script} project -B build && {script} --build build --parallel 2 && build/small");
        let said = run(&build, &bin);
        for tool in ["cmake", "ninja"] {
            assert_eq!(said.matches(&format!("installing {tool} from PyPI")).count(), 1, "{said}");
        }
    }
}
