//! Contract: programs that read a table without being told its types read it right.

use std::process::Command;

use engine::netcdf::{Reader, Values};

use crate::common::{Folder, shown, skipped};
use crate::export::PAIRED;
use crate::python::PACKAGE;

/// Runs a script of `tests/python` in the folder; nothing is checked where Python lacks what it needs.
fn python(folder: &Folder, script: &str, needs: &str, arguments: &[&str]) -> Option<String> {
    let ready = Command::new("python3").args(["-c", &format!("import {needs}")]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        skipped(&format!("python3 with {needs} is not there"));
        return None;
    }
    let script = format!("{}/../tests/python/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new("python3");
    command.arg(script).args(arguments).current_dir(&folder.0);
    command.env("PYTHONPATH", PACKAGE).env("MPLCONFIGDIR", &folder.0).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().expect("python3");
    assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
    Some(String::from_utf8(output.stdout).expect("text"))
}

const READERS: &str = "pandas, polars, pyarrow, duckdb";

fn ids(folder: &Folder, ensemble: &str) -> Vec<String> {
    let reader = Reader::open(&folder.path(ensemble)).expect("an ensemble");
    match reader.dimension("run").expect("runs").coordinates {
        Some(Values::Text(ids)) => ids.into_owned(),
        _ => panic!("runs have no ids"),
    }
}

#[test]
fn ids_of_runs_are_no_numbers_and_seeds_come_back() {
    let folder = Folder::new("tables-ids");
    folder.put("duties.toml", PAIRED.replace("replicates = 3", "replicates = 8"));
    folder.succeed("sweep run duties.toml --dir duties");
    let found = ids(&folder, "duties/ensemble.h5");
    assert_eq!(found.len(), 6 * 8);
    for id in &found {
        assert!(id.len() == 17 && id.starts_with('r') && id.parse::<f64>().is_err(), "{id}");
    }
    let seeds = Reader::open(&folder.path("duties/ensemble.h5")).expect("an ensemble").integers("seed").expect("seeds");
    assert!(seeds.iter().all(|&seed| seed < 1 << 53 && (seed as f64) as i64 == seed), "{seeds:?}");
    folder.succeed("export duties --csv t.csv --parquet t.parquet --variables real_gdp");
    let seed = seeds[0].to_string();
    python(&folder, "tables.py", READERS, &["t", "32", &seed]);
    // A run is named by the same id in what is said about the sweep.
    let said = folder.succeed("sweep plan duties.toml --dir again");
    assert!(said.contains(&found[0]), "{said}");
    folder.succeed(&format!("reproduce duties/ensemble.h5 --run {}", found[5]));
}

#[test]
fn a_large_seed_is_a_text_too() {
    let folder = Folder::new("tables-seeds");
    for (first, inexact) in [(9_007_199_254_740_989_u64, false), (9_007_199_254_740_990, true), (1 << 62, true)] {
        let out = format!("run small.toml --ticks 3 --seeds 3 --seed {first} --out large.h5 --overwrite");
        folder.succeed(&out);
        folder.succeed("export large.h5 --csv t.csv --parquet t.parquet --variables real_gdp");
        let head = String::from_utf8(folder.bytes("t.csv")).expect("text");
        let head = head.lines().next().expect("a head");
        assert_eq!(head.contains("seed_text"), inexact, "{first}: {head}");
        let seeds: Vec<String> = (first..first + 3).map(|seed| seed.to_string()).collect();
        let mut arguments = vec!["t", "6"];
        arguments.extend(seeds.iter().map(String::as_str));
        python(&folder, "tables.py", READERS, &arguments);
        folder.succeed("verify large.h5");
    }
}

/// The seed is a coordinate, so recordings of several seeds become one dataset.
#[test]
fn recordings_of_several_seeds_open_together() {
    let folder = Folder::new("tables-together");
    let seeds = [3, 12, 7, 9_007_199_254_740_993_u64];
    let names: Vec<String> = (0..seeds.len()).map(|k| format!("{k}.h5")).collect();
    for (seed, name) in seeds.iter().zip(&names) {
        folder.succeed(&format!("run small.toml --ticks 3 --seeds 1 --against none --seed {seed} --out {name}"));
    }
    let files: Vec<&str> = names.iter().map(String::as_str).collect();
    python(&folder, "seeds_together.py", "xarray, h5netcdf, dask", &files);
    // A run that is resumed has it too, and an ensemble has the seeds of all its runs instead.
    folder.succeed("run small.toml --ticks 3 --against none --checkpoint-every 3 --out part.h5");
    folder.succeed("resume part.ckpt --ticks 4");
    let part = Reader::open(&folder.path("part.h5")).expect("a recording");
    assert_eq!(part.integers("seed").expect("a seed"), [3]);
    folder.succeed("run small.toml --ticks 3 --seeds 2 --out all.h5");
    let all = Reader::open(&folder.path("all.h5")).expect("an ensemble");
    assert_eq!(all.integers("seed").expect("seeds"), [3, 3, 3, 4, 4, 4]);
    let listed = all.attributes().expect("attributes").into_iter().filter(|x| x.0 == "coordinates").count();
    assert_eq!(listed, 1);
}

/// Spreadsheets of many languages take 0.065 for a text, or for 65.
#[test]
fn decimal_commas_are_read_back() {
    let folder = Folder::new("tables-commas");
    let arms =
        "\n[[arm]]\nname = \"low; 0.05, \\\"first\\\"\"\nduty = 0.05\n\n[[arm]]\nname = \"high\"\nduty = 1.5e-7\n";
    let factor = "\n[[factor]]\nname = \"duty\"\npath = \"measure.duty of R01.rate\"\n";
    folder.put("arms.toml", format!("scenario = \"small.toml\"\nseed = 5\nreplicates = 2\n{factor}{arms}"));
    folder.succeed("sweep run arms.toml --dir arms");
    let variables = "consumer_price,real_gdp,unemployment_rate";
    folder.succeed(&format!("export arms --csv c.csv --decimal comma --parquet p.parquet --variables {variables}"));
    let table = String::from_utf8(folder.bytes("c.csv")).expect("text");
    assert!(table.contains(";\"low; 0.05, \"\"first\"\"\";") && table.contains(";1,5e-7;"), "{table}");
    assert!(table.lines().all(|line| line.matches(';').count() >= 10), "{table}");
    let about = String::from_utf8(folder.bytes("c.csv-metadata.json")).expect("text");
    assert!(about.contains("\"delimiter\": \";\"") && about.contains("\"decimalChar\": \",\""), "{about}");
    python(
        &folder,
        "decimal_commas.py",
        "xarray, h5netcdf, matplotlib, pandas, polars, duckdb",
        &["c.csv", "p.parquet"],
    );
    // To standard output, to a folder, and said plainly where there are no decimals to write.
    let poured = folder.succeed(&format!("export arms --csv - --decimal comma --variables {variables}"));
    assert!(poured == table);
    folder.succeed("export arms --csv tables --decimal comma");
    assert!(String::from_utf8(folder.bytes("tables/run.csv")).expect("text").starts_with("run;arm;"));
    folder.succeed(&format!("export arms --csv point.csv --decimal point --variables {variables}"));
    folder.succeed(&format!("export arms --csv default.csv --variables {variables}"));
    assert!(folder.bytes("point.csv") == folder.bytes("default.csv"));
    let output = folder.autarky("export arms --parquet q.parquet --decimal comma");
    assert!(
        output.status.code() == Some(2) && String::from_utf8_lossy(&output.stderr).contains("--csv"),
        "{}",
        shown(&output)
    );
    r_reads(&folder, "c.csv", "p.csv", &format!("export arms --csv p.csv --variables {variables}"));
}

/// R's function for such tables gives the same numbers as its function for the others.
fn r_reads(folder: &Folder, commas: &str, points: &str, export: &str) {
    if !Command::new("Rscript").arg("--version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: Rscript is not there");
        return;
    }
    folder.succeed(export);
    let script = "a <- commandArgs(TRUE); x <- read.csv2(a[1]); y <- read.csv(a[2]); \
        stopifnot(identical(x, y), is.numeric(x$consumer_price), is.numeric(x$duty), is.character(x$run)); \
        pairs <- merge(x, y, by.x = c('baseline', 'time', 'region'), by.y = c('run', 'time', 'region')); \
        stopifnot(nrow(pairs) == sum(x$baseline != ''), nrow(pairs) > 0, all(pairs$seed.x == pairs$seed.y))";
    let output =
        Command::new("Rscript").args(["-e", script, commas, points]).current_dir(&folder.0).output().expect("R");
    assert!(output.status.success(), "{}", shown(&output));
}

/// Ensembles of versions whose ids were digests alone are still read, checked and compared.
#[test]
fn ids_of_earlier_versions_are_known() {
    let folder = Folder::new("tables-old");
    folder.put("duties.toml", crate::common::DUTIES);
    folder.succeed("sweep plan duties.toml --dir old");
    let plan = String::from_utf8(folder.bytes("old/plan.json")).expect("text");
    let old = plan.replace("\"id\": \"r", "\"id\": \"");
    assert_ne!(plan, old);
    folder.put("old/plan.json", &old);
    folder.succeed("sweep run old");
    folder.succeed("verify old/ensemble.h5");
    let id = &ids(&folder, "old/ensemble.h5")[1];
    assert_eq!(id.len(), 16);
    folder.succeed(&format!("reproduce old/ensemble.h5 --run {id}"));
    folder.succeed("sweep run duties.toml --dir new");
    let said = String::from_utf8(folder.autarky("diff old/ensemble.h5 new/ensemble.h5").stdout).expect("text");
    assert!(said.contains("plan: equal") && said.contains("runs in both: 9 equal, 0 differ"), "{said}");
    // It is another plan, so the two are not mixed in one folder.
    let output = folder.autarky("sweep run duties.toml --dir old");
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
}
