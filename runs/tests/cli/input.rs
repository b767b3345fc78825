//! What is said of input before any work is done: tables as programs save them, names, sizes, dates and rates.

use crate::common::{DUTIES, Folder, SCENARIO, shown};

/// Runs the program and checks its exit code and what it says; gives all it said.
#[track_caller]
fn says(folder: &Folder, arguments: &str, code: i32, expected: &[&str]) -> String {
    let output = folder.autarky(arguments);
    let text = shown(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {text}");
    // Messages are wrapped for the terminal.
    let flat = text.replace("\n  │ ", " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for expected in expected {
        assert!(flat.contains(expected), "{arguments}: {expected} is not in {text}");
    }
    text
}

fn table(folder: &Folder, name: &str) -> String {
    String::from_utf8(folder.bytes(&format!("tiny/{name}"))).expect("text")
}

#[test]
fn tables_of_spreadsheets_are_read() {
    let folder = Folder::new("input-tables");
    let good = table(&folder, "tariffs.csv");
    let width = good.lines().next().expect("a header").matches(',').count();
    let trailing: String = good.lines().map(|line| [line, ",,\n"].concat()).collect();
    let variants = [
        format!("\u{feff}{}", good.replace('\n', "\r\n")),
        good.replace('\n', "\r"),
        format!("\n{good}\n{}\n{}\n", ",".repeat(width), " "),
        trailing,
        good.lines().map(|x| x.split(',').map(|x| format!("\"{x}\"")).collect::<Vec<_>>().join(",") + "\n").collect(),
    ];
    for text in variants {
        folder.put("tiny/tariffs.csv", &text);
        says(&folder, "check small.toml", 0, &[]);
    }
}

#[test]
fn tables_of_other_forms_are_named_once() {
    let folder = Folder::new("input-forms");
    let good = table(&folder, "tariffs.csv");
    let header = good.lines().next().expect("a header").to_owned();
    let first = good.lines().nth(1).expect("a row").to_owned();
    let at = first.rfind(',').expect("a cell");
    let with = |cell: &str| good.replacen(&first, &format!("{},{cell}", &first[..at]), 1).into_bytes();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(good.bytes().flat_map(|byte| [byte, 0])).collect();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (good.replace(',', ";").into_bytes(), "separated by semicolons"),
        (good.replace(',', "\t").into_bytes(), "separated by tabs"),
        (utf16, "UTF-16"),
        ([good.as_bytes(), b"M\xe9xico"].concat(), "Latin-1"),
        (with("\"0,25\""), "decimal comma"),
        (with("5%"), "percent sign"),
        (with("1e300"), "larger than any figure"),
        (with("25"), "fractions (5 percent is 0.05)"),
        (with("-0.1"), "cannot be"),
        (with("\"0.1"), "never closed"),
        (
            good.replacen(&header, &format!("{header},{}", header.rsplit(',').next().expect("a name")), 1).into_bytes(),
            "twice",
        ),
    ];
    for (bytes, expected) in cases {
        folder.put("tiny/tariffs.csv", bytes);
        let text = says(&folder, "check small.toml", 4, &[expected, "tariffs.csv"]);
        let errors = text.lines().filter(|line| line.trim_start().starts_with('×')).count();
        assert!(errors == 1 || expected == "twice", "{expected}: {text}");
    }
}

#[test]
fn documents_of_other_forms_are_read_or_named() {
    let folder = Folder::new("input-documents");
    folder.put("bom.toml", format!("\u{feff}{}", SCENARIO.replace('\n', "\r\n")));
    says(&folder, "check bom.toml", 0, &[]);
    folder.put("bom-duties.toml", format!("\u{feff}{DUTIES}"));
    says(&folder, "sweep plan bom-duties.toml", 0, &["written"]);
    let latin = [SCENARIO.as_bytes(), b"# M\xe9xico\n"].concat();
    folder.put("latin.toml", latin);
    says(&folder, "check latin.toml", 3, &["Latin-1", "line"]);
    says(&folder, "check /dev/zero", 5, &["device"]);
    says(&folder, "sweep plan /dev/zero", 5, &["device"]);
    folder.put("long.toml", format!("title = \"{}\" 5\n{SCENARIO}", "a".repeat(70_000)));
    let text = says(&folder, "check long.toml", 3, &["long.toml:1:70012"]);
    assert!(text.len() < 2000, "{text}");
}

#[test]
fn many_errors_are_few_lines() {
    let folder = Folder::new("input-many");
    let (head, measure) = SCENARIO.split_once("[[measure]]").expect("a measure");
    let many = |edit: &dyn Fn(usize) -> String| {
        let measures: String = (0..3000).map(|n| ["[[measure]]", &edit(n), "\n"].concat()).collect();
        format!("{head}{measures}")
    };
    let names: Vec<String> = (0..2000).map(|n| format!("\"policy-{n}\"")).collect();
    let policies = |names: &str| SCENARIO.replacen("[time]", &format!("policies = [{names}]\n[time]"), 1);
    let cases = [
        (many(&|_| measure.to_owned()), "second measure with the label"),
        (many(&|n| measure.replace("duty of R01", &n.to_string()).replace("0.1", "7")), "is 700 percent"),
        (many(&|n| measure.replace("duty of R01", &n.to_string()) + "mode = \"replace\"\n"), "both replace the rate"),
        (policies(&names.join(", ")), "no policy is called"),
        (policies(&vec!["\"us-uniform-10\""; 5000].join(", ")), "is named twice"),
    ];
    for (text, expected) in cases {
        folder.put("many.toml", text);
        let begun = std::time::Instant::now();
        let said = says(&folder, "check many.toml", 3, &[expected, "more errors"]);
        assert!(said.len() < 30_000, "{} bytes", said.len());
        assert!(begun.elapsed().as_secs() < 20, "{expected}: {:?}", begun.elapsed());
    }
}

#[test]
fn measures_that_never_act_are_named() {
    let folder = Folder::new("input-idle");
    for (to, place) in
        [("2042-03-01", "small.toml"), ("2024-08-01", "small.toml"), ("2010-01-01\nend = 2011-01-01", "")]
    {
        folder.put("small.toml", SCENARIO.replacen("2024-03-01", to, 1));
        says(
            &folder,
            "check small.toml",
            0,
            &["warning: measure `duty of R01`", "never in force", "Never in this run", place],
        );
        says(&folder, "run small.toml --against none --out x.h5 --overwrite", 0, &["never in force"]);
        folder.put("duties.toml", DUTIES);
        says(&folder, "sweep plan duties.toml", 0, &["never in force in 2 of 2 arms", "cannot differ"]);
    }
    let embargo = SCENARIO.replacen("\"tariff\"", "\"embargo\"", 1).replacen("rate = 0.1\n", "", 1).replacen(
        "2024-03-01",
        "2024-03-10\nend = 2024-03-20",
        1,
    );
    folder.put("embargo.toml", embargo);
    says(&folder, "check embargo.toml", 0, &["no more than half of any tick"]);
    folder.put("small.toml", SCENARIO);
    says(&folder, "check small.toml --details", 0, &["duty of R01: from tick 3 (2024-03) to tick 6 (2024-06) of 6"]);
}

/// Whoever plans, submits, runs or looks at the effects is told, as with a single run.
#[test]
fn sweeps_that_end_before_their_measures_begin_say_so() {
    let folder = Folder::new("input-early");
    let idle = "never in force in 2 of 2 arms";
    // Too few ticks, measures in a far year, and measures that ended before the first tick.
    for (from, to, ticks, end) in [
        ("2024-03-01", "2024-03-01", 2, "2024-02, 2 ticks"),
        ("2024-03-01", "2031-01-01", 6, "2024-06, 6 ticks"),
        ("2024-03-01", "2010-01-01\nend = 2011-01-01", 3, "2024-03, 3 ticks"),
    ] {
        folder.put("small.toml", SCENARIO.replacen(from, to, 1));
        folder.put("duties.toml", format!("ticks = {ticks}\n{DUTIES}"));
        let told = [idle, "cannot differ", end];
        for command in ["plan duties.toml", "run duties.toml", "run duties.sweep", "effects duties.sweep --csv e.csv"] {
            says(&folder, &format!("sweep {command}"), 0, &told);
        }
        std::fs::remove_dir_all(folder.path("duties.sweep")).expect("removed");
    }
    // Only some arms.
    folder.put("small.toml", SCENARIO);
    let dates = "[[factor]]\nname = \"start\"\npath = \"measure.duty of R01.start\"\nvalues = [\"2024-03-01\", \"2024-09-01\"]\n";
    folder.put("dates.toml", format!("scenario = \"small.toml\"\nseed = 7\nreplicates = 2\n\n{dates}"));
    let told = ["never in force in 1 of 2 arms", "in 1 of 2 arms no measure is in force before the runs end (2024-06"];
    for command in ["plan dates.toml", "run dates.toml", "effects dates.sweep"] {
        says(&folder, &format!("sweep {command}"), 0, &told);
    }
}

#[test]
fn rates_and_totals_that_cannot_be_are_refused() {
    let folder = Folder::new("input-rates");
    let rated = |kind: &str, rate: &str| {
        SCENARIO.replacen("\"tariff\"", kind, 1).replacen("rate = 0.1", &format!("rate = {rate}"), 1)
    };
    let regional = |kind: &str, rate: &str| {
        rated(kind, rate).replacen(
            "importers = [\"R01\"]\nexporters = \"all\"\nproducts = \"all-goods\"",
            "regions = [\"R01\"]",
            1,
        )
    };
    for (text, expected) in [
        (rated("\"tariff\"", "2.5"), "write 0.025 if 2.5 percent is meant"),
        (rated("\"tariff\"", "16.95"), "out of range"),
        (regional("\"income_tax\"", "2"), "200 percent"),
        (regional("\"income_tax\"", "{ value = 200, unit = \"percent\" }"), "no tax takes or gives more"),
        (regional("\"skills_programme\"", "-0.1"), "between 0 and 1"),
        (rated("\"tariff\"", "-1"), "-100 percent"),
        (regional("\"government_consumption\"", "-1.0"), "nothing would be left"),
    ] {
        folder.put("bad.toml", text);
        says(&folder, "check bad.toml", 3, &[expected]);
    }
    for rate in ["1.45", "{ value = 2.5, unit = \"ratio\" }", "{ value = 250, unit = \"percent\" }"] {
        folder.put("good.toml", rated("\"tariff\"", rate));
        let text = folder.succeed("check good.toml --details");
        folder.put("again.toml", text);
        folder.succeed("check again.toml");
    }
    // Two measures, each of which leaves something, at the same time; one after the other they do.
    let (_, measure) = SCENARIO.split_once("[[measure]]").expect("a measure");
    let cut = measure.replacen("rate = 0.1", "rate = -0.8", 1);
    let second = cut.replacen("duty of R01", "second", 1);
    let two = |end: &str| {
        format!("{}\n[[measure]]{second}", SCENARIO.replacen("rate = 0.1", &format!("rate = -0.8{end}"), 1))
    };
    folder.put("two.toml", two(""));
    says(&folder, "check two.toml", 3, &["`duty of R01` (two.toml:", "of R01 from"]);
    folder.put(
        "two.toml",
        two("\nend = 2024-05-01").replacen(&second, &second.replacen("2024-03-01", "2024-05-01", 1), 1),
    );
    folder.succeed("check two.toml");
    folder.put("late.toml", SCENARIO.replacen("2024-01", "9999-10", 1));
    says(&folder, "check late.toml", 3, &["after the year 9999"]);
}

#[test]
fn sweeps_say_what_is_wrong_before_they_begin() {
    let folder = Folder::new("input-sweeps");
    for (name, expected) in [
        ("real_gdp", "a variable that is recorded"),
        ("region", "a dimension"),
        ("run", "a dimension"),
        ("time", "a dimension"),
        ("factor_x", "kept for names"),
    ] {
        folder.put("duties.toml", DUTIES.replacen("\"duty\"", &format!("\"{name}\""), 1));
        says(&folder, "sweep plan duties.toml", 3, &[expected, "duties.toml:6:8", "give it another name"]);
    }
    folder.put("duties.toml", format!("{DUTIES}\n[outputs]\nvariables = [\"real_gpd\"]\n"));
    says(&folder, "sweep plan duties.toml", 3, &["no variable `real_gpd` is recorded", "did you mean `real_gdp`?"]);
    folder.put("duties.toml", DUTIES.replacen("[0.05, 0.2]", "[5, 10]", 1));
    says(&folder, "sweep plan duties.toml", 3, &["500 percent"]);
    let drawn = |kind: &str, samples: u32| {
        format!(
            "{}\n[design]\nkind = \"{kind}\"\nsamples = {samples}\n",
            DUTIES.replacen("values = [0.05, 0.2]", "range = [0.05, 0.2]", 1)
        )
    };
    folder.put("drawn.toml", drawn("saltelli", 24));
    says(&folder, "sweep plan drawn.toml", 3, &["no power of two", "write 16 or 32"]);
    folder.put("drawn.toml", drawn("sobol", 24));
    says(&folder, "sweep plan drawn.toml", 0, &["warning: 24 samples", "16 or 32"]);
    for kind in ["random", "latin-hypercube"] {
        folder.put("drawn.toml", drawn(kind, 40_000_000));
        let begun = std::time::Instant::now();
        says(&folder, "sweep plan drawn.toml", 3, &["too large", "core hours", "--max-runs 120000000"]);
        assert!(begun.elapsed().as_secs() < 10);
    }
    folder.put("drawn.toml", drawn("random", 4));
    says(&folder, "sweep plan drawn.toml --max-runs 11 --dir other", 3, &["are 12 runs"]);
    // A plan that nothing was done for is replaced; one with runs is not.
    folder.succeed("sweep plan drawn.toml");
    folder.put("drawn.toml", drawn("random", 2));
    says(&folder, "sweep plan drawn.toml", 0, &["written"]);
    folder.succeed("sweep run drawn.sweep");
    folder.put("drawn.toml", drawn("random", 3));
    says(&folder, "sweep plan drawn.toml", 5, &["holds another plan"]);
}
