//! Contract: tables hold every value of a recording or ensemble exactly, for programs that know nothing of it.

use std::process::Command;

use crate::common::{Folder, shown, skipped};

/// An experiment whose second arm cannot be built.
const FAILING: &str = r#"title = "Sizes"
scenario = "small.toml"
seed = 1
replicates = 3
baseline = false

[[factor]]
name = "households"
path = "size.households_per_region"

[[factor]]
name = "duty"
path = "measure.duty of R01.rate"

[[arm]]
name = "good"
households = 300
duty = 0.1

[[arm]]
name = "too small, \"really\""
households = 3
duty = 0.2
"#;

/// A duty, its baseline, and three seeds.
pub const PAIRED: &str = r#"title = "Duties"
scenario = "small.toml"
seed = 7
replicates = 3

[[factor]]
name = "duty"
path = "measure.duty of R01.rate"
values = [0.05, 0.2]

[[factor]]
name = "rechoice"
path = "parameters.trade.rechoice_share"
values = [0.01, 0.05]
"#;

fn text(folder: &Folder, name: &str) -> String {
    String::from_utf8(folder.bytes(name)).expect("text")
}

#[test]
fn one_table_has_a_row_for_each_region_and_month() {
    let folder = Folder::new("export-one");
    folder.succeed("run small.toml --out run.h5 --against none");
    let said = folder.succeed("export run.h5 --csv all.csv");
    assert!(said.starts_with("written: all.csv (18 rows, "), "{said}");
    let said = folder.succeed("export run.h5 --csv few.csv --variables consumer_price,real_gdp");
    assert_eq!(said, "written: few.csv (18 rows, 4 columns)\n");
    let table = text(&folder, "few.csv");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 19);
    assert_eq!(lines[0], "time,region,consumer_price,real_gdp");
    assert!(lines[1].starts_with("2024-01-01,R01,") && lines[18].starts_with("2024-06-01,R03,"), "{table}");
    let about = text(&folder, "few.csv-metadata.json");
    for part in ["\"minor units at base-year prices per month\"", "\"url\": \"few.csv\"", "\"first day of the period\""]
    {
        assert!(about.contains(part), "{part} is not in {about}");
    }
    // The same input, the same bytes; a second format beside the first; nothing is left over.
    folder.succeed("export run.h5 --csv again.csv --parquet one.parquet");
    folder.succeed("export run.h5 --parquet two.parquet");
    assert!(folder.bytes("again.csv") == folder.bytes("all.csv"));
    assert!(folder.bytes("one.parquet") == folder.bytes("two.parquet"));
    let left = std::fs::read_dir(&folder.0).expect("a folder").filter_map(Result::ok);
    assert!(left.into_iter().all(|file| !file.file_name().to_string_lossy().ends_with(".tmp")));
}

#[test]
fn runs_that_were_not_done_have_no_rows_but_a_status() {
    let folder = Folder::new("export-failed");
    folder.put("list.toml", FAILING);
    folder.succeed("sweep run list.toml --dir a");
    let said = folder.succeed("export a --csv all.csv");
    // Three regions, six months, three of six runs.
    assert!(said.contains("written: all.csv (54 rows, "), "{said}");
    assert!(said.contains("3 of 6 runs were not done and have no rows; --variables status,failure says why"), "{said}");
    let table = text(&folder, "all.csv");
    let (head, rows) = table.split_once('\n').expect("lines");
    assert!(head.starts_with("run,arm,replicate,seed,baseline,households,duty,time,region,"), "{head}");
    assert!(rows.lines().all(|row| row.contains(",good,")) && !table.contains("-9223372036854775808"));
    let said = folder.succeed("export a/ensemble.h5 --csv runs.csv --variables run,status,failure,arm");
    assert!(said.starts_with("written: runs.csv (6 rows, 9 columns)\n"), "{said}");
    let runs = text(&folder, "runs.csv");
    assert_eq!(runs.matches(",done,").count(), 3, "{runs}");
    assert_eq!(runs.matches(",\"too small, \"\"really\"\"\",").count(), 3, "{runs}");
}

#[test]
fn what_cannot_be_exported_is_explained() {
    let folder = Folder::new("export-bad");
    folder.succeed("run small.toml --out run.h5 --against none --checkpoint-every 6");
    let bytes = folder.bytes("run.h5");
    folder.put("half.h5", &bytes[..bytes.len() / 2]);
    // A bit that flips inside a compressed variable, which HDF5 does not notice. The bytes that begin one can stand elsewhere
    // too: the first place that can be read and is found to be damaged is one.
    let flip = |at: usize| {
        let mut damaged = bytes.clone();
        damaged[at + 12] ^= 16;
        folder.put("damaged.h5", &damaged);
        let said = folder.autarky("export damaged.h5 --csv tables").stderr;
        String::from_utf8_lossy(&said).contains("damaged.h5 is damaged")
    };
    let mut places = (0..bytes.len() - 14).filter(|&at| bytes[at..at + 2] == [0x78, 0x01]);
    assert!(places.any(flip), "no compressed variable");
    for (arguments, code, expected) in [
        ("export run.h5", 2, "--csv"),
        ("export run.h5 --csv x.csv --variables real_gpd", 3, "did you mean `real_gdp`?"),
        (
            "export run.h5 --csv x.csv --variables real_gdp,trade_value",
            3,
            "by time, region, partner, industry: trade_value",
        ),
        ("export run.h5 --csv x.csv --variables time,region", 3, "labels only"),
        ("export run.h5 --csv run.h5", 3, "ends in .csv"),
        ("export run.h5 --csv x.parquet", 3, "ends in .csv"),
        ("export run.h5 --parquet x.csv", 3, "ends in .parquet"),
        ("export half.h5 --csv x.csv", 5, "half.h5"),
        ("export damaged.h5 --csv tables", 5, "damaged.h5 is damaged"),
        ("export run.ckpt --csv x.csv", 5, "another kind of file"),
        ("export small.toml --csv x.csv", 5, "another kind of file"),
        ("export gone.h5 --csv x.csv", 5, "gone.h5"),
        ("export run.h5 --csv gone/x.csv", 5, "create its directory"),
        ("export run.h5 --parquet gone/x.parquet", 5, "create its directory"),
        ("export run.h5 --parquet gone/tables", 5, "create its directory"),
    ] {
        let output = folder.autarky(arguments);
        let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {text}");
        assert!(text.contains(expected), "{arguments}: {text}");
    }
    assert!(folder.bytes("run.h5") == bytes);
    assert!(!folder.path("tables").exists() && !folder.path("x.csv").exists() && !folder.path("x.csv.tmp").exists());
}

/// Every value of a run, and of ensembles with and without runs that failed, against xarray.
#[test]
fn tables_hold_what_xarray_sees() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/export.py");
    let needs = "import xarray, h5netcdf, pandas, pyarrow, polars";
    let ready = Command::new("python3").args(["-c", needs]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        skipped("python3 with xarray, h5netcdf, pandas, pyarrow and polars is not there");
        return;
    }
    let folder = Folder::new("export-xarray");
    folder.succeed("run small.toml --out run.h5 --against none");
    folder.put("list.toml", FAILING);
    let single =
        "\n[outputs]\nvariables = [\"real_gdp\", \"consumer_price\", \"trade_volume\"]\nprecision = \"single\"\n";
    folder.put("single.toml", format!("{PAIRED}{single}"));
    folder.succeed("sweep run list.toml --dir list");
    folder.succeed("sweep run single.toml --dir single");
    for (name, least) in [("run.h5", 100), ("list/ensemble.h5", 70), ("single/ensemble.h5", 3)] {
        folder.succeed(&format!("export {name} --csv tables --parquet tables"));
        let output =
            Command::new("python3").args([script, name, "tables"]).current_dir(&folder.0).output().expect("python3");
        assert!(output.status.success(), "{name}: {}", shown(&output));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let variables = said.split_whitespace().nth(3).and_then(|word| word.parse::<usize>().ok());
        assert!(variables.is_some_and(|count| count >= least), "{name}: {said}");
        std::fs::remove_dir_all(folder.path("tables")).expect("removed");
    }
}

/// The table in base R; `.ci/run` does not install R, so this runs where it is at hand.
#[test]
fn r_reads_a_table() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/r/export.R");
    if !Command::new("Rscript").arg("--version").output().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: Rscript is not there");
        return;
    }
    let folder = Folder::new("export-r");
    folder.succeed("run small.toml --out run.h5 --against none");
    folder.succeed("export run.h5 --csv run.csv");
    let output =
        Command::new("Rscript").args([script, "run.h5", "run.csv"]).current_dir(&folder.0).output().expect("R");
    assert!(output.status.success(), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("18 rows\n"), "{}", shown(&output));
}
