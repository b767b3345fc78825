//! Contract: what a terminal shows as a table, a program can read as JSON, with the same figures and the same exit code.

use analysis::bars::shown as rounded;
use analysis::table::parse_csv;
use serde_json::Value;

use crate::common::{DUTIES, Folder, shown};

/// Standard output as JSON, and nothing but JSON.
fn json(folder: &Folder, command: &str, code: i32) -> Value {
    let output = folder.autarky(&format!("{command} --json"));
    assert_eq!(output.status.code(), Some(code), "{command}: {}", shown(&output));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{command}: {error}: {}", shown(&output)))
}

/// The row whose `keys` have these values.
fn row<'a>(document: &'a Value, keys: &[(&str, &str)]) -> &'a Value {
    let rows = document["rows"].as_array().expect("rows");
    let is = |row: &&Value| keys.iter().all(|(key, value)| row[key] == *value);
    rows.iter().find(is).unwrap_or_else(|| panic!("{keys:?} in {document:#}"))
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or_else(|| panic!("{key} in {row}"))
}

/// The words of the line of a text that begins with `name`.
fn cells(text: &str, name: &str) -> Vec<String> {
    let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in\n{text}"));
    line[name.len()..].split_whitespace().map(|cell| cell.trim_start_matches(['~', '±']).to_owned()).collect()
}

/// Whether rows are those of a table that was written for programs: every cell, and no number as a text.
fn are_those_of(document: &Value, folder: &Folder, csv: &str) {
    let table = parse_csv(&String::from_utf8(folder.bytes(csv)).expect("text"));
    let rows = document["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), table.rows.len());
    for (row, cells) in rows.iter().zip(&table.rows) {
        let keys: Vec<&String> = row.as_object().expect("an object").keys().collect();
        assert_eq!(keys.len(), cells.len(), "{row}");
        for (head, cell) in table.head.iter().zip(cells) {
            match &row[head] {
                Value::Number(number) => {
                    // This reader is off by the last digit now and then; what is written is exact.
                    let (here, there) = (number.as_f64().expect("a number"), cell.parse::<f64>().expect("a number"));
                    assert!((here - there).abs() <= 1e-15 * there.abs(), "{head}, {cell}: {row}");
                }
                Value::String(text) => assert_eq!(text, cell, "{head}: {row}"),
                Value::Null => assert!(cell.is_empty(), "{head}: {row}"),
                other => panic!("{head}: {other}"),
            }
        }
    }
}

#[test]
fn indicators_of_a_run_and_of_an_ensemble() {
    let folder = Folder::new("json-indicators");
    folder.succeed("run small.toml --ticks 26 --seeds 1 --out run.h5");
    let text = folder.succeed("indicators run.h5");
    let alone = json(&folder, "indicators run.h5", 0);
    let of = |month: &str| number(row(&alone, &[("indicator", "unemployment_rate"), ("month", month)]), "value");
    let shown: Vec<String> = ["2024-01", "2025-01", "2026-01"].map(|month| rounded(of(month))).to_vec();
    assert!(cells(&text, "unemployment").ends_with(&shown), "{shown:?} in\n{text}");
    assert_eq!((&alone["pairs"], &alone["chance"], &alone["against"]), (&0.into(), &Value::Null, &Value::Null));
    let first = row(&alone, &[]);
    assert!(first["change"].is_null() && first["baseline"].is_null() && first["change_unit"] == "", "{first}");

    let command = "indicators run.h5 --against run.baseline.h5 --region R01";
    let (text, pair) = (folder.succeed(command), json(&folder, command, 0));
    let found = row(&pair, &[("indicator", "duty_revenue"), ("month", "2025-01")]);
    assert!(number(found, "change").abs() > 0.0 && number(found, "value") > number(found, "baseline"), "{found}");
    let shown = rounded(number(found, "change"));
    let name = found["name"].as_str().expect("a name");
    assert!(cells(&text, name).contains(&shown), "{shown} in\n{text}");
    assert_eq!((&pair["region"], &pair["against"]), (&"R01".into(), &"run.baseline.h5".into()));
    assert!(pair["chance"].as_str().is_some_and(|text| text.starts_with("one seed")), "{pair:#}");

    folder.succeed("run small.toml --seeds 2 --out many.h5");
    let (text, many) = (folder.succeed("indicators many.h5"), json(&folder, "indicators many.h5 --csv many.csv", 0));
    assert_eq!((&many["arm"], &many["pairs"], &many["placebo"]), (&"policy".into(), &2.into(), &true.into()));
    let found = row(&many, &[("indicator", "real_imports"), ("month", "2024-01")]);
    assert!(number(found, "low") < number(found, "change") && number(found, "change") < number(found, "high"));
    let name = found["name"].as_str().expect("a name");
    assert!(cells(&text, name).contains(&rounded(number(found, "change"))), "{found} in\n{text}");
    assert!(folder.path("many.csv").exists(), "the file too, with a word about it elsewhere");

    // Without a file: what there is.
    assert_eq!(json(&folder, "indicators", 0), json(&folder, "list indicators", 0));
}

#[test]
fn a_forced_comparison_is_doubted_for_programs_too() {
    let folder = Folder::new("json-forced");
    folder.succeed("run small.toml --ticks 3 --seeds 1 --out run.h5");
    folder.succeed("run small.toml --ticks 3 --seed 4 --against none --out other.h5");
    let found = json(&folder, "indicators run.h5 --against other.h5 --force", 0);
    let warnings = found["warnings"].to_string();
    assert!(warnings.contains("NOT A PAIR") && warnings.contains("seed: 3 / 4"), "{warnings}");
    // An error is no JSON: nothing on standard output, a message and its code as ever.
    let output = folder.autarky("indicators run.h5 --against other.h5 --json");
    assert!(output.status.code() == Some(5) && output.stdout.is_empty(), "{}", shown(&output));
}

#[test]
fn effects_status_and_indices_of_a_sweep() {
    let folder = Folder::new("json-sweep");
    folder.put("duties.toml", DUTIES.replace("replicates = 3", "replicates = 2"));
    folder.succeed("sweep plan duties.toml");
    let planned = json(&folder, "sweep status duties.sweep", 0);
    assert_eq!((&planned["runs"], &planned["to_do"], &planned["done"]), (&6.into(), &6.into(), &0.into()));
    assert!(planned["seconds_per_run"].is_null() && planned["failures"] == Value::Array(vec![]), "{planned:#}");
    folder.succeed("sweep run duties.toml --threads 1");
    let done = json(&folder, "sweep status duties.sweep", 0);
    assert_eq!((&done["done"], &done["to_do"]), (&6.into(), &0.into()));
    assert!(number(&done, "seconds_per_run") > 0.0 && number(&done, "core_hours_left") < 1e-9, "{done:#}");

    let command = "sweep effects duties.sweep --region R01 --variable real_imports --variable unemployment_rate";
    let text = folder.succeed(command);
    let effects = json(&folder, &format!("{command} --csv e.csv"), 0);
    are_those_of(&effects, &folder, "e.csv");
    let arm = effects["rows"][0]["arm"].as_str().expect("an arm").to_owned();
    let found = row(&effects, &[("arm", &arm), ("variable", "real_imports")]);
    let line = text.lines().find(|line| line.contains("real_imports")).expect("a line");
    assert!(line.contains(&rounded(number(found, "change"))), "{found} in\n{text}");
    assert_eq!(
        (&effects["runs"]["done"], &effects["seeds"], &effects["region"]),
        (&6.into(), &2.into(), &"R01".into())
    );
    assert_eq!((&effects["first_tick"], &effects["last_tick"]), (&1.into(), &6.into()));

    for (kind, design, key) in
        [("saltelli", "samples = 4", "first"), ("morris", "trajectories = 2\nlevels = 4", "mu_star")]
    {
        let text = format!(
            "scenario = \"small.toml\"\nseed = 5\nticks = 4\n\n[design]\nkind = \"{kind}\"\n{design}\n
[[factor]]\nname = \"duty\"\npath = \"measure.duty of R01.rate\"\nrange = [0.0, 0.3]\n
[[factor]]\nname = \"rechoice\"\npath = \"parameters.trade.rechoice_share\"\nrange = [0.1, 0.6]\n"
        );
        folder.put(&format!("{kind}.toml"), text);
        folder.succeed(&format!("sweep run {kind}.toml --threads 1"));
        let command = format!("sweep indices {kind}.sweep --variable real_imports --region R01");
        let text = folder.succeed(&command);
        let found = json(&folder, &format!("{command} --csv i.csv"), 0);
        are_those_of(&found, &folder, "i.csv");
        let value = rounded(number(row(&found, &[("factor", "duty")]), key));
        assert!(cells(&text, "duty").contains(&value), "{value} in\n{text}");
        assert_eq!((&found["variable"], &found["unit"]), (&"real_imports".into(), &"%".into()));
        let level = json(&folder, &format!("{command} --level"), 0);
        assert!(level["change"] == false && level["unit"].is_null(), "{level:#}");
    }
}

#[test]
fn differences_and_findings_with_their_exit_codes() {
    let folder = Folder::new("json-diff");
    folder.succeed("run small.toml --ticks 4 --seeds 1 --out run.h5");
    let equal = json(&folder, "diff run.h5 run.h5", 0);
    assert_eq!((&equal["same"], &equal["kind"], &equal["ticks"]), (&true.into(), &"run".into(), &vec![4, 4].into()));
    assert!(equal["first_difference"].is_null() && equal["program"].is_null(), "{equal:#}");
    let found = json(&folder, "diff run.h5 run.baseline.h5", 1);
    let text = String::from_utf8(folder.autarky("diff run.h5 run.baseline.h5").stdout).expect("text");
    let first = &found["first_difference"];
    let tick = first["tick"].as_u64().expect("a tick");
    let parts: Vec<&str> = first["parts"].as_array().expect("parts").iter().filter_map(Value::as_str).collect();
    let month = first["month"].as_str().expect("a month");
    assert!(text.contains(&format!("first difference in tick {tick} ({month}): {}", parts.join(", "))), "{text}");
    let settings = found["configuration"].as_array().expect("settings");
    assert!(text.contains(&format!("configuration: {} lines differ", settings.len())), "{text}");
    let rate = settings.iter().find(|setting| setting["key"] == "measure[1].rate").expect("the rate");
    assert!(rate["first"] == "0.1" && rate["second"].is_null(), "{rate}");

    folder.put("duties.toml", format!("ticks = 3\n{}", DUTIES.replace("replicates = 3", "replicates = 1")));
    folder.put("others.toml", format!("ticks = 3\n{}", DUTIES.replace("replicates = 3", "replicates = 2")));
    folder.succeed("sweep run duties.toml");
    folder.succeed("sweep run others.toml");
    // Folders of sweeps are as good as the files in them.
    let same = json(&folder, "diff duties.sweep duties.sweep/ensemble.h5", 0);
    assert_eq!((&same["kind"], &same["in_both"], &same["equal"]), (&"ensemble".into(), &3.into(), &3.into()));
    let found = json(&folder, "diff duties.sweep others.sweep", 1);
    assert_eq!((&found["plan_equal"], &found["only_second"]), (&false.into(), &3.into()), "{found:#}");

    let sound = json(&folder, "verify run.h5", 0);
    assert!(sound["sound"] == true && sound["file"] == "run.h5", "{sound:#}");
    let lines = sound["found"].as_array().expect("lines");
    let text = folder.succeed("verify run.h5");
    assert_eq!(lines.len() + 1, text.lines().count());
    assert!(lines.iter().all(|line| text.contains(line["text"].as_str().expect("text"))), "{sound:#}");
    let mut bytes = folder.bytes("run.h5");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].iter_mut().for_each(|byte| *byte ^= 255);
    folder.put("bad.h5", &bytes);
    let damaged = json(&folder, "verify bad.h5", 1);
    assert_eq!(damaged["sound"], false);
    assert!(damaged["found"].as_array().is_some_and(|lines| lines.iter().any(|line| line["level"] == "wrong")));
}

#[test]
fn the_static_benchmark_for_programs() {
    let folder = Folder::new("json-benchmark");
    let command = "benchmark-static small.toml --seeds 1 --households-per-region 300 --ticks 24 --region R01";
    let (text, found) = (folder.succeed(command), json(&folder, &format!("{command} --csv b.csv"), 0));
    are_those_of(&found, &folder, "b.csv");
    assert_eq!(found["model_years"].as_array().map(Vec::len), Some(2), "{found:#}");
    let wanted = number(row(&found, &[("table", "region"), ("region", "R01"), ("item", "real_imports")]), "benchmark");
    assert!(text.contains(&format!("{wanted:+.2}")), "{wanted} in\n{text}");
}
