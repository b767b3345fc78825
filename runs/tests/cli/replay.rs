//! Contract: a replay writes its tables and page, takes observations back without loss, measures errors, and explains bad input
//! without leaving anything half-written.

use analysis::table::{Table, parse_csv};

use crate::common::{Folder, SCENARIO, shown};

/// A year and a half with a duty of R01 from March.
fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("small.toml", SCENARIO.replace("ticks = 6", "ticks = 18"));
    folder
}

const SMALL: &str = "replay small.toml --seeds 2 --households-per-region 300";

fn table(folder: &Folder, name: &str) -> Table {
    parse_csv(&String::from_utf8(folder.bytes(name)).expect("text"))
}

/// The row of a table that begins with some cells.
fn row<'a>(table: &'a Table, start: &[&str]) -> &'a [String] {
    let found = table.rows.iter().find(|row| row.iter().zip(start).all(|(cell, start)| cell == start));
    found.unwrap_or_else(|| panic!("no {start:?}"))
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no number"))
}

/// Fills the template with the model's own values, changed month by month.
fn fill(folder: &Folder, name: &str, change: impl Fn(&[String], f64) -> Option<f64>) {
    let replay = table(folder, "replay-small/replay.csv");
    let mut filled = table(folder, "replay-small/observed-template.csv");
    for (row, own) in filled.rows.iter_mut().zip(&replay.rows) {
        assert_eq!(row[..4], own[..4], "the template has the rows of the replay");
        let value = change(own, number(&own[4]));
        row[4] = value.map_or_else(String::new, |value| value.to_string());
    }
    folder.put(name, filled.to_csv());
}

#[test]
fn a_replay_takes_its_own_values_back() {
    let folder = prepared("replay");
    let output = folder.autarky(SMALL);
    assert!(output.status.success() && output.stderr.is_empty(), "no terminal, no progress: {}", shown(&output));
    let text = String::from_utf8(output.stdout).expect("text");
    for part in ["R01, 2 pairs, 300 household agents a region", "indices are 100 over 2024-01 to 2024-02", "duty_rate"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let replay = table(&folder, "replay-small/replay.csv");
    // Eighteen months of 15 series: 14 of all together, seven of two partners.
    assert_eq!(replay.rows.len(), 18 * (14 + 7 * 2));
    let cells = |month: &str| row(&replay, &[month, "duty_rate", "all"]).to_vec();
    let [before, after] = [cells("2024-02"), cells("2024-03")];
    assert!(number(&after[4]) > number(&before[4]) + 5.0, "a duty of ten points: {before:?} {after:?}");
    assert!(number(&after[5]) <= number(&after[4]) && number(&after[6]) >= number(&after[4]), "{after:?}");
    assert!(number(&after[7]) < number(&after[4]) && after[8].is_empty(), "{after:?}");
    // Shares of the partners make a hundred, and collected duties are the rate times imports.
    let at = |series: &str, partner: &str| number(&row(&replay, &["2024-09", series, partner])[4]);
    assert!((at("import_share", "R02") + at("import_share", "R03") - 100.0).abs() < 1e-9);
    assert!((at("imports", "R02") + at("imports", "R03") - at("imports", "all")).abs() < 1e-9 * at("imports", "all"));
    let base = ["2024-01", "2024-02"].map(|month| number(&row(&replay, &[month, "imports_index", "R02"])[4]));
    assert!((base[0] + base[1] - 200.0).abs() < 1e-9, "{base:?}");
    // The model's own values as observations: no errors anywhere.
    fill(&folder, "own.csv", |_, value| Some(value));
    let text = folder.succeed(&format!("{SMALL} --observed own.csv --out own"));
    assert!(text.contains("U same") && text.contains("written: own/errors.csv"), "{text}");
    let errors = table(&folder, "own/errors.csv");
    assert_eq!(errors.rows.len() * 18, replay.rows.len());
    for found in &errors.rows {
        assert_eq!(found[3..7], ["16", "0", "0", "0"], "{found:?}");
        assert!(found[9] == "0" && found[10] == "0" && found[8] == "1", "{found:?}");
    }
    assert!(
        !folder.path("own/observed-template.csv").exists(),
        "what a user fills is written only when nothing is given"
    );
    let page = String::from_utf8(folder.bytes("own/replay.html")).expect("text");
    assert!(page.contains("class=\"d3\"") && page.contains("data-id=\"errors\""));
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!outside.contains("http:") && !outside.contains("https:") && !outside.contains("src="), "an address");
}

/// The page in Chinese, of a shipped world with its names; tables and terminal stay as they are.
#[test]
fn a_replay_speaks_chinese() {
    let folder = Folder::new("replay-chinese");
    let shipped = SCENARIO.replace("./tiny", "world-15x21").replace("R01", "USA").replace("ticks = 6", "ticks = 4");
    folder.put("shipped.toml", shipped);
    let english = "replay shipped.toml --seeds 2 --households-per-region 300";
    let said = folder.succeed(&format!("{english} --out en"));
    let mut observed = table(&folder, "en/observed-template.csv");
    for row in observed.rows.iter_mut().filter(|row| row[1] == "duty_rate") {
        "9.5".clone_into(&mut row[4]);
    }
    folder.put("seen.csv", observed.to_csv());
    let spoken = folder.succeed(&format!("{english} --lang zh --out zh"));
    assert_eq!(spoken, said.replace("en/", "zh/"));
    assert!(folder.bytes("en/replay.csv") == folder.bytes("zh/replay.csv"));
    folder.succeed(&format!("{english} --lang zh --out seen --observed seen.csv"));
    for page in ["zh/replay.html", "seen/replay.html"] {
        let page = String::from_utf8(folder.bytes(page)).expect("text");
        assert!(
            page.contains("<html lang=\"zh-Hans\">") && page.contains("美国（USA）") && page.contains("中国（CHN）")
        );
        assert!(page.contains("2 对模拟，每个区域 300 个家庭主体") && page.contains("源码摘要"));
        // What stands outside scripts and tags; errors keep the names that programs read, and authors write what they want.
        let visible: String = page.split("<script").map(|part| part.rsplit("</script>").next().unwrap_or("")).collect();
        let visible = visible.split("</style>").last().expect("a body");
        let visible: String = visible.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect();
        let visible = visible.replace("u_baseline", "").replace("A duty in a small", "");
        for word in [
            "baseline",
            "model",
            "imports",
            "interval",
            "observed",
            "before",
            "pairs",
            "household agents",
            "percent",
            "The ",
        ] {
            assert!(!visible.contains(word), "`{word}` is in the Chinese page");
        }
    }
}

#[test]
fn errors_are_what_was_added() {
    let folder = prepared("replay-errors");
    folder.succeed(SMALL);
    // Rates one point too low in even months and three in odd ones; an index on another base; imports three times too large.
    let change = |own: &[String], value: f64| {
        let even = own[0].ends_with(['0', '2', '4', '6', '8']);
        match own[1].as_str() {
            "duty_rate" if own[2] == "all" => Some(value - if even { 1.0 } else { 3.0 }),
            "consumer_price" => Some(2.5 * value),
            "imports" if own[2] == "R02" => Some(3.0 * value),
            "unemployment_rate" if own[0] == "2024-05" => Some(value + 0.5),
            _ => None,
        }
    };
    fill(&folder, "observed.csv", change);
    folder.succeed(&format!("{SMALL} --observed observed.csv --out index"));
    let errors = table(&folder, "index/errors.csv");
    assert_eq!(errors.rows.len(), 4);
    // Sixteen months, half of them even: mean square (1 + 9) / 2.
    let rate = row(&errors, &["duty_rate"]);
    assert!((number(&rate[4]) - 5.0_f64.sqrt()).abs() < 1e-9 && (number(&rate[5]) - 2.0).abs() < 1e-9, "{rate:?}");
    assert!((number(&rate[6]) - 2.0).abs() < 1e-9, "{rate:?}");
    // A rebased index forgets its base.
    assert!(number(&row(&errors, &["consumer_price"])[4]) < 1e-9);
    let one = row(&errors, &["unemployment_rate"]);
    assert!(one[3] == "1" && (number(&one[5]) + 0.5).abs() < 1e-9 && one[7].is_empty() && one[8].is_empty(), "{one:?}");
    // An amount is compared as it is, or rebased too.
    assert!(number(&row(&errors, &["imports"])[4]) > 0.0);
    folder.succeed(&format!("{SMALL} --observed observed.csv --out levels --rebase levels"));
    let errors = table(&folder, "levels/errors.csv");
    let imports = row(&errors, &["imports"]);
    assert!(
        number(&imports[4])
            < 1e-9 * number(&row(&table(&folder, "replay-small/replay.csv"), &["2024-03", "imports"])[4])
    );
    folder.succeed(&format!("{SMALL} --observed observed.csv --out given --rebase none"));
    assert!(number(&row(&table(&folder, "given/errors.csv"), &["consumer_price"])[4]) > 100.0);
    // A template that was filled in is kept.
    let filled = folder.bytes("observed.csv");
    folder.put("replay-small/observed-template.csv", &filled);
    assert!(folder.succeed(SMALL).contains("kept, as it is filled in: replay-small/observed-template.csv"));
    assert!(folder.bytes("replay-small/observed-template.csv") == filled);
}

#[test]
fn recorded_runs_are_replayed() {
    let folder = prepared("replay-recorded");
    folder.succeed("run small.toml --seed 1 --seeds 1 --out one.h5");
    let text = folder.succeed("replay small.toml --run one.h5 --out recorded --region R02");
    assert!(text.contains("R02, one.h5 and its baseline"), "{text}");
    folder.succeed("replay small.toml --seeds 1 --households-per-region 300 --out fresh --region R02");
    assert!(folder.bytes("recorded/replay.csv") == folder.bytes("fresh/replay.csv"), "the tables differ");
    folder.succeed("run small.toml --seed 1 --seeds 1 --out short.h5 --record standard");
    let output = folder.autarky("replay small.toml --run short.h5 --out short");
    assert!(output.status.code() == Some(5) && !folder.path("short").exists(), "{}", shown(&output));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("trade_value"), "{text}");
}

#[test]
fn bad_input_leaves_nothing() {
    let folder = prepared("replay-bad");
    let none = SCENARIO.split_once("[[measure]]").expect("a measure").0.to_owned();
    folder.put("none.toml", none);
    folder.put("early.toml", SCENARIO.replace("2024-03-01", "2024-01-01"));
    folder.put("quarters.toml", SCENARIO.replace("ticks = 6", "ticks = 6\nticks_per_year = 4"));
    let head = "month,series,partner,unit,observed\n";
    folder.put("series.csv", format!("{head}2024-03,import,R02,percent,1\n2024-03,duty_rate,R09,percent,1\n"));
    folder
        .put("index.csv", format!("{head}2024-03,employment,all,\"index, months before the first measure = 100\",1\n"));
    folder.put("latin.csv", b"month,series,partner,unit,observed\n\xe9");
    folder.put("file", "text");
    for (arguments, code, expected) in [
        ("none.toml", 3, "it has no measures"),
        ("early.toml", 3, "there is no month before the first measure"),
        ("quarters.toml", 3, "ticks_per_year = 12"),
        ("small.toml --ticks 2", 3, "the first measure is of 2024-03, and the run ends with 2024-02"),
        ("small.toml --region R09", 3, "the world has R01, R02, R03"),
        ("small.toml --run gone.h5", 5, "gone.h5"),
        ("small.toml --observed gone.csv", 5, "gone.csv"),
        ("small.toml --observed series.csv", 4, "series.csv: row 2, column series: there is no series `import`"),
        ("small.toml --observed series.csv", 4, "row 3, column partner: series duty_rate has no partner `R09`"),
        ("small.toml --observed index.csv", 4, "needs an observation above zero in 2024-01 to 2024-02"),
        ("small.toml --observed latin.csv", 4, "is not text in UTF-8"),
        ("small.toml --run a.h5 --seeds 3", 2, "cannot be used with"),
        ("small.toml --seeds 0", 2, "--seeds"),
    ] {
        let output = folder.autarky(&format!("replay {arguments} --out out"));
        let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {}", shown(&output));
        assert!(text.contains(expected), "{arguments}: {text}");
        assert!(!folder.path("out").exists(), "{arguments}: a folder was left");
    }
    let output = folder.autarky("replay small.toml --out file");
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    assert!(folder.bytes("file") == b"text");
}
