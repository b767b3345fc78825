//! Contract: programs that read a table without being told its types read it right.

use std::process::Command;

use engine::netcdf::{Reader, Values};

use crate::common::{Folder, shown, skipped};
use crate::export::PAIRED;

/// Runs a script of `tests/python` in the folder; nothing is checked where Python lacks what it needs.
fn python(folder: &Folder, script: &str, needs: &str, arguments: &[&str]) -> Option<String> {
    let ready = Command::new("python3").args(["-c", &format!("import {needs}")]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        skipped(&format!("python3 with {needs} is not there"));
        return None;
    }
    let script = format!("{}/../tests/python/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3").arg(script).args(arguments).current_dir(&folder.0).output().expect("python3");
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
