//! Contract: the static benchmark is shown beside the model, says what it left out, and explains bad input.

use crate::common::{Folder, SCENARIO, shown};

/// Two years with a duty of R01 from March.
fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("small.toml", SCENARIO.replace("ticks = 6", "ticks = 24"));
    folder
}

/// Cells of the row of a table that begins with a text.
fn row<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.starts_with(start));
    line.unwrap_or_else(|| panic!("no {start} in\n{text}")).split_whitespace().collect()
}

/// Last cells of a row as numbers.
fn numbers<const N: usize>(text: &str, start: &str) -> [f64; N] {
    let cells = row(text, start);
    let last = &cells[cells.len() - N..];
    std::array::from_fn(|at| last[at].parse().unwrap_or_else(|_| panic!("{} is no number: {cells:?}", last[at])))
}

#[test]
fn a_benchmark_alone() {
    let folder = prepared("benchmark");
    let text = folder.succeed("benchmark-static small.toml --seeds 0 --csv all.csv");
    assert!(text.contains("duties of 2025-12 against those of the base year"), "{text}");
    assert!(
        text.contains("R01 +10.00 points, on average on goods imports") && text.contains("left out   nothing"),
        "{text}"
    );
    // Imports and the real wage of who levies the duty fall; duties and the terms of trade rise.
    let [imports] = numbers(&text, "real imports");
    let [wage] = numbers(&text, "real wage");
    let [terms] = numbers(&text, "terms of trade");
    let [duties] = numbers(&text, "duties over GDP");
    assert!(imports < 0.0 && wage < 0.0 && terms > 0.0 && duties > 0.0, "{text}");
    assert!(!text.contains("Why they differ"), "there is nothing to explain without the model");
    // The same twice, and the same with deficits closed only if there are none.
    assert_eq!(text, folder.succeed("benchmark-static small.toml --seeds 0 --csv all.csv"));
    let closed = folder.succeed("benchmark-static small.toml --seeds 0 --close-deficits");
    assert!(closed.contains("deficits   closed"), "{closed}");
    // With larger elasticities trade gives way more.
    let elastic = folder.succeed("benchmark-static small.toml --seeds 0 --set trade.elasticity_scale=1");
    assert!(numbers::<1>(&elastic, "real imports")[0] < imports, "{elastic}");
    let table = String::from_utf8(folder.bytes("all.csv")).expect("text");
    // Measures, partners and products of three regions, the latter two in volume and value.
    assert_eq!(table.lines().count(), 1 + 3 * (17 + 2 * 2 + 2 * 5), "{table}");
}

#[test]
fn a_benchmark_beside_recorded_and_fresh_runs() {
    let folder = prepared("beside");
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    let text = folder.succeed("benchmark-static small.toml --run run.h5 --csv recorded.csv");
    for part in
        ["model 2024-03 to 2025-02", "model 2025-01 to 2025-12", "Why they differ, R01", "Unemployment:", "Capital:"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let [benchmark, first, last] = numbers(&text, "real imports");
    assert!(benchmark < 0.0 && first < 0.0 && last < first, "imports fall, and further with time: {text}");
    // The same pair run in memory gives the same numbers: seed 1 is the recording's when it is asked for.
    folder.succeed("run small.toml --seed 1 --seeds 1 --out one.h5");
    let recorded = folder.succeed("benchmark-static small.toml --run one.h5 --csv one.csv");
    let fresh = folder.succeed("benchmark-static small.toml --seeds 1 --households-per-region 300 --csv fresh.csv");
    assert!(fresh.contains("mean of 1 pair, 300 household agents a region"), "{fresh}");
    assert_eq!(row(&recorded, "real imports"), row(&fresh, "real imports"));
    assert!(folder.bytes("one.csv") == folder.bytes("fresh.csv"), "the tables differ");
    // Another region.
    assert!(folder.succeed("benchmark-static small.toml --run run.h5 --region R02").contains("Why they differ, R02"));
}

#[test]
fn what_is_left_out_is_named() {
    let folder = prepared("left-out");
    let measure = "\n[[measure]]\nlabel = \"a subsidy\"\nkind = \"production_subsidy\"\nsource = \"test\"\nregions = [\"R02\"]\n\
                   industries = \"all\"\nrate = 0.01\nstart = 2024-03-01\n";
    let text = SCENARIO.replace("ticks = 6", "ticks = 24");
    folder.put("both.toml", format!("{text}{measure}"));
    let found = folder.succeed("benchmark-static both.toml --seeds 0");
    assert!(found.contains("left out   a subsidy (production_subsidy, no duty)"), "{found}");
    // An embargo ends its flow.
    let forbidden =
        text.replace("\"tariff\"", "\"embargo\"").replace("rate = 0.1\n", "").replace("\"all-goods\"", "[\"G01\"]");
    folder.put("embargo.toml", forbidden);
    let found = folder.succeed("benchmark-static embargo.toml --seeds 0");
    assert!(found.contains("2 flows forbidden"), "{found}");
    let [value, volume] = numbers(&found, "G01");
    assert!((value + 100.0).abs() < 1e-9 && (volume + 100.0).abs() < 1e-9, "{found}");
    folder.put("subsidy.toml", format!("{}{measure}", text.split_once("[[measure]]").expect("a measure").0));
    folder.put("none.toml", text.split_once("[[measure]]").expect("a measure").0);
    folder.put("ended.toml", text.replace("start = 2024-03-01", "start = 2024-03-01\nend = 2025-03-01"));
    folder.put("other.toml", text.replace("rate = 0.1\n", "rate = 0.2\n"));
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    folder.succeed("run small.toml --out lone.h5 --against none");
    for (arguments, code, expected) in [
        ("subsidy.toml", 3, "its measures do not count: a subsidy (production_subsidy, no duty)"),
        ("none.toml", 3, "it has no measures"),
        ("ended.toml", 3, "duty of R01 (no longer in force)"),
        ("small.toml --ticks 2", 3, "duty of R01 (not yet in force)"),
        ("smal.toml", 5, "smal.toml"),
        ("us-unifrom-10", 3, "us-uniform-10"),
        ("small.toml --region R09", 3, "the world has R01, R02, R03"),
        ("small.toml --run gone.h5", 5, "gone.h5"),
        ("small.toml --run lone.h5", 5, "there is no baseline beside lone.h5"),
        ("other.toml --run run.h5", 3, "it has other measures"),
        ("us-uniform-10 --run run.h5", 3, "it has another world"),
        ("small.toml --run run.h5 --ticks 12", 2, "cannot be used with"),
        ("small.toml --against run.h5", 2, "--run"),
    ] {
        let output = folder.autarky(&format!("benchmark-static {arguments}"));
        let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {}", shown(&output));
        assert!(text.contains(expected), "{arguments}: {text}");
    }
    // A scenario whose duties end is looked at while they last.
    assert!(folder.succeed("benchmark-static ended.toml --seeds 0 --ticks 12").contains("duties of 2024-12"));
}
