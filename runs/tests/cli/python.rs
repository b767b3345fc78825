//! Contract: the Python package `autarky` (`analysis/python`) opens what the program writes, and computes the same effects.

use std::process::{Command, Output};

use crate::common::{Folder, shown, skipped};

/// Two duties with baselines, three seeds, and an arm that cannot be built.
const EXPERIMENT: &str = r#"title = "Duties"
scenario = "small.toml"
seed = 7
replicates = 3

[[factor]]
name = "duty"
path = "measure.duty of R01.rate"

[[factor]]
name = "households"
path = "size.households_per_region"

[[arm]]
name = "low"
duty = 0.05
households = 300

[[arm]]
name = "high"
duty = 0.2
households = 300

[[arm]]
name = "too small"
duty = 0.2
households = 3
"#;

pub const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../analysis/python");

/// Runs a script with the package; `None` if Python lacks something.
pub fn python(folder: &Folder, script: &str, arguments: &[&str]) -> Option<Output> {
    let needs = "import xarray, h5netcdf, h5py, pandas, matplotlib, pyarrow, xxhash";
    let ready = Command::new("python3").args(["-c", needs]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        skipped("python3 with xarray, h5netcdf, h5py, pandas, matplotlib, pyarrow and xxhash is not there");
        return None;
    }
    let mut command = Command::new("python3");
    command.arg(format!("{PACKAGE}/{script}")).args(arguments).current_dir(&folder.0);
    // Figures need a folder for a cache, and sources stay as they are.
    command.env("PYTHONPATH", PACKAGE).env("MPLCONFIGDIR", &folder.0).env("PYTHONDONTWRITEBYTECODE", "1");
    Some(command.output().expect("python3"))
}

fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("duties.toml", EXPERIMENT);
    folder.succeed("run small.toml --ticks 24 --seeds 1 --out run.h5");
    let run = folder.succeed("sweep run duties.toml");
    assert!(run.contains("9 of 15 runs done, 6 failed"), "{run}");
    folder
}

#[test]
fn the_python_package_sees_what_the_program_sees() {
    let folder = prepared("python-companion");
    folder.succeed("sweep effects duties.sweep --region R01 --ticks 3-6 --csv effects.csv");
    folder.succeed("sweep effects duties.sweep --region R01 --ticks 3-6 --variable inventory_change --variable exits --csv signed.csv");
    folder.succeed("export duties.sweep --csv few.csv --parquet few.parquet --variables real_gdp,consumer_price");
    folder.succeed("export duties.sweep --csv comma.csv --decimal comma --variables real_gdp,consumer_price");
    let arguments = ["run.h5", "duties.sweep", "effects.csv", "."];
    let Some(output) = python(&folder, "../../tests/python/companion.py", &arguments) else { return };
    assert!(output.status.success(), "{}", shown(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let checks = said.split_whitespace().next().and_then(|word| word.parse::<usize>().ok());
    assert!(checks.is_some_and(|checks| checks >= 90), "{said}");
}

/// Into an empty environment, from a package index, so only where all tests are asked for.
#[test]
fn the_package_installs_alone() {
    if std::env::var_os("AUTARKY_TEST_ALL").is_none() {
        eprintln!("SKIPPED: AUTARKY_TEST_ALL is not set, so nothing is installed");
        return;
    }
    let folder = Folder::new("python-alone");
    folder.put("duties.toml", crate::common::DUTIES);
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    folder.succeed("sweep run duties.toml");
    folder.succeed("export run.h5 --csv t.csv --parquet t.parquet");
    // Building leaves files in the source folder.
    std::fs::create_dir_all(folder.path("package/autarky")).expect("a folder");
    for name in ["pyproject.toml", "autarky"] {
        let status = Command::new("cp").arg("-r").arg(format!("{PACKAGE}/{name}")).arg(folder.path("package")).status();
        assert!(status.is_ok_and(|status| status.success()), "{name} is not copied");
    }
    let python = folder.path("venv/bin/python");
    let step = |program: &std::path::Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&folder.0).env_remove("PYTHONPATH").env_remove("VIRTUAL_ENV");
        let output = command.output().expect("python3");
        assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    step("python3".as_ref(), &["-m", "venv", "venv"]);
    step(&python, &["-m", "pip", "install", "-q", "--disable-pip-version-check", "./package"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/alone.py");
    assert_eq!(step(&python, &[script, "run.h5", "duties.sweep", "t.csv", "t.parquet"]), "alone\n");
    // What is told to install brings what was missing, and nothing that pip does not know.
    let said = step(&python, &["-m", "pip", "install", "--dry-run", "-q", "--report", "-", "./package[plots,tables]"]);
    for name in ["matplotlib", "pyarrow"] {
        assert!(said.contains(&format!("\"name\": \"{name}\"")), "{name} is not installed with the extras");
    }
}

#[test]
fn the_example_draws_its_figures() {
    let folder = prepared("python-example");
    let Some(output) = python(&folder, "example.py", &["run.h5", "duties.sweep", "figures"]) else { return };
    assert!(output.status.success(), "{}", shown(&output));
    for name in ["response", "fan", "run", "partners", "deciles", "industries"] {
        for (kind, least) in [("png", 10_000), ("pdf", 5_000)] {
            let bytes = folder.bytes(&format!("figures/{name}.{kind}")).len();
            assert!(bytes > least, "{name}.{kind} has {bytes} bytes");
        }
    }
}

#[test]
fn python_runs_the_program_alone_in_sweeps_and_as_a_function() {
    let folder = Folder::new("python-running");
    folder.put("duties.toml", crate::common::DUTIES);
    let ready = Command::new("python3").args(["-c", "import SALib, xarray, h5netcdf"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        return skipped("python3 with SALib, xarray and h5netcdf is not there");
    }
    let script = format!("{PACKAGE}/../../tests/python/running.py");
    let mut command = Command::new("python3");
    command.args([&script, PACKAGE]).current_dir(&folder.0).env("PYTHONPATH", PACKAGE);
    command.env("AUTARKY", env!("CARGO_BIN_EXE_autarky")).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().expect("python3");
    assert!(output.status.success(), "{}", shown(&output));
}

/// Black-it wants a numpy of its own, so it may be in another Python, which the variable names.
#[test]
fn the_real_black_it_calibrates_the_program() {
    let named = std::env::var_os("AUTARKY_BLACK_IT_PYTHON");
    let python = named.clone().unwrap_or_else(|| "python3".into());
    let needs = "import black_it.calibrator, xarray, h5netcdf, xxhash";
    let ready = Command::new(&python).args(["-c", needs]).env_remove("PYTHONPATH").output();
    if !ready.is_ok_and(|output| output.status.success()) {
        assert!(named.is_none(), "the Python of AUTARKY_BLACK_IT_PYTHON has no black_it, xarray, h5netcdf or xxhash");
        eprintln!(
            "SKIPPED: python3 has no black-it and AUTARKY_BLACK_IT_PYTHON is not set; the example is run with a stub"
        );
        return;
    }
    let folder = Folder::new("python-calibration");
    let script = format!("{PACKAGE}/../../tests/python/calibration.py");
    let mut command = Command::new(python);
    command.args([&script, PACKAGE]).current_dir(&folder.0).env("PYTHONPATH", PACKAGE);
    command.env("AUTARKY", env!("CARGO_BIN_EXE_autarky")).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().expect("python");
    assert!(output.status.success(), "{}", shown(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("true 0.1, found") && said.ends_with("calibrated\n"), "{said}");
}
