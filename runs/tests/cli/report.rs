//! Reports: one file that opens anywhere, and drawings for papers.

use crate::common::{Folder, shown};

fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("small.toml", crate::common::SCENARIO.replace("ticks = 6", "ticks = 24"));
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    folder
}

fn text(folder: &Folder, name: &str) -> String {
    String::from_utf8(folder.bytes(name)).expect("text")
}

#[test]
fn a_page_stands_alone() {
    let folder = prepared("report");
    // The baseline beside a run is found.
    assert_eq!(folder.succeed("report run.h5"), "written: run.html\n");
    let page = text(&folder, "run.html");
    assert!(page.len() < 500_000, "{} bytes", page.len());
    assert!(!page.contains("data-id=\"plants-in\""), "nobody moves");
    for part in
        ["<html lang=\"en\">", "change against the same world", "data-id=\"real-gdp\"", "data-id=\"sectors\"", "R01"]
    {
        assert!(page.contains(part), "{part} is not in the page");
    }
    // Nothing is fetched: the only addresses are names of XML.
    let outside = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!outside.contains("http:") && !outside.contains("https:") && !outside.contains("src="), "an address");
    let figures = page.matches("<figure").count();
    assert!(figures >= 20 && page.matches("<desc>").count() == figures, "{figures} figures");
    // Alone there is nothing to compare with; in Chinese the same figures are there.
    folder.succeed("report run.h5 --alone --out alone.html");
    assert!(text(&folder, "alone.html").contains("one run, seed 3"));
    folder.succeed("report run.h5 --lang zh --out zh.html");
    let chinese = text(&folder, "zh.html");
    assert!(chinese.contains("实际国内生产总值") && chinese.matches("<figure").count() == figures);
    has_no_english(&chinese);
    // After two years it is known who moved.
    assert!(page.contains("data-id=\"class-moves\""));
    folder.succeed("run small.toml --ticks 23 --seeds 1 --out short.h5");
    folder.succeed("report short.h5");
    assert!(!text(&folder, "short.html").contains("data-id=\"class-moves\""));
    // The same files give the same page.
    folder.succeed("report run.h5 --out again.html");
    assert!(text(&folder, "again.html") == page);
}

fn has_no_english(page: &str) {
    for english in [
        "percent",
        "billion",
        "variable real_gdp",
        "base year",
        "last quarter",
        "at the end",
        "since the start",
        "in force",
    ] {
        assert!(!page.contains(english), "`{english}` is in the Chinese page");
    }
}

/// Settings with which many plants move within a year.
const RESTLESS: &str = r#"
[parameters.location]
enabled = { value = true, source = "test" }
review_share = { value = 0.5, unit = "per month", source = "test" }
match_sd = { value = 1.0, unit = "fraction", source = "test" }
hurdle = { value = 0.0, unit = "ratio", source = "test" }
fixed_cost = { value = 0.0, unit = "ratio", source = "test" }
building_time = { value = 4, unit = "months", source = "test" }
site_share = { value = 2.0, unit = "fraction", source = "test" }
"#;

#[test]
fn plants_are_shown_where_firms_move() {
    let folder = Folder::new("report-plants");
    folder.put("small.toml", crate::common::SCENARIO.replace("ticks = 6", "ticks = 24") + RESTLESS);
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    folder.succeed("report run.h5");
    let page = text(&folder, "run.html");
    let figures = [
        "plants-in",
        "plants-out",
        "plant-jobs",
        "plant-capacity-in",
        "plant-capacity-out",
        "direct-investment",
        "orders-changed",
    ];
    folder.succeed("report run.h5 --lang zh --out zh.html");
    let chinese = text(&folder, "zh.html");
    for figure in figures {
        let part = format!("data-id=\"{figure}\"");
        assert!(page.contains(&part) && chinese.contains(&part), "{figure} is not in both pages");
    }
    has_no_english(&chinese);
    // What is compared comes with its level.
    assert!(page.contains("difference: plants (agents)") && page.contains("\"announced, with the measures\""));
    folder.succeed("report run.h5 --alone --out alone.html");
    let alone = text(&folder, "alone.html");
    assert!(alone.contains("data-id=\"plants-in\"") && !alone.contains("difference: plants (agents)"));
    folder.succeed("plot plant-jobs run.h5");
}

#[test]
fn measures_in_force_in_both_worlds_are_named() {
    let folder = Folder::new("report-shared");
    let embargo = "\n[[measure]]\nlabel = \"embargo on R02\"\nkind = \"embargo\"\nsource = \"test\"\nimporters = [\"R01\"]\nexporters = [\"R02\"]\nproducts = \"all-goods\"\nstart = 2024-02-01\nshared = true\n";
    folder.put("both.toml", crate::common::SCENARIO.to_owned() + embargo);
    folder.put("both-sweep.toml", "scenario = \"both.toml\"\nseed = 7\nreplicates = 1\n");
    folder.succeed("run both.toml --seeds 1 --out run.h5");
    folder.succeed("sweep run both-sweep.toml --dir a");
    for file in ["run.h5", "a/ensemble.h5"] {
        folder.succeed(&format!("report {file} --out page.html"));
        let page = text(&folder, "page.html");
        for part in [
            "against the same world with part of the measures",
            "in force in the baseline too",
            "the other measures alone: embargo on R02</p>",
            "with all measures",
        ] {
            assert!(page.contains(part), "{part} is not in the page of {file}");
        }
        folder.succeed(&format!("report {file} --lang zh --out zh.html"));
        has_no_english(&text(&folder, "zh.html"));
        // Alone there is no other world.
        folder.succeed(&format!("report {file} --alone --out alone.html"));
        assert!(!text(&folder, "alone.html").contains("in force in the baseline too"));
    }
    folder.succeed("run small.toml --seeds 1 --out run.h5 --overwrite");
    folder.succeed("report run.h5");
    let page = text(&folder, "run.html");
    assert!(!page.contains("in force in the baseline too") && page.contains("against the same world in the baseline"));
}

/// The texts of a drawing one after another, whatever lines they stand on.
fn words(drawing: &str) -> String {
    let texts = drawing.split("<text").skip(1).filter_map(|x| x.split('>').nth(1)?.split('<').next());
    texts.map(str::trim).collect::<Vec<_>>().join(" ")
}

#[test]
fn figures_are_drawings_of_their_own() {
    let folder = prepared("plot");
    folder.succeed("plot consumer-price run.h5");
    let drawing = text(&folder, "consumer-price.svg");
    // Of one pair nothing is told apart from chance: the line is grey; compared with nothing, it is in its colour.
    assert!(
        drawing.starts_with("<?xml") && drawing.contains("<style>") && drawing.contains("class=\"l0\""),
        "{drawing}"
    );
    assert!(
        !drawing.contains("class=\"l1\"") && drawing.contains("one seed: no interval; this may be luck"),
        "{drawing}"
    );
    folder.succeed("plot consumer-price run.h5 --alone --out alone.svg");
    let alone = text(&folder, "alone.svg");
    assert!(
        alone.contains("class=\"l1\"") && !alone.contains("class=\"l0\"") && !alone.contains("one seed"),
        "{alone}"
    );
    // It stands alone: region, scenario, seed, change, and the measures that are marked.
    let words = words(&drawing);
    for part in [
        "consumer prices: Region 1 (R01)",
        "A duty in a small world",
        "seed 3",
        "change against baseline, percent",
        "1: duty of R01, from 2024-03",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    // Programs for drawings do not know variables of CSS.
    assert!(!drawing.contains("var("), "{drawing}");
    folder.succeed("plot map run.h5");
    assert!(!text(&folder, "map.svg").contains("var("));
    folder.succeed("plot incidence-channels run.h5 --out channels.png --scale 2");
    let picture = folder.bytes("channels.png");
    assert!(picture.starts_with(b"\x89PNG") && picture[16..20] == 800_u32.to_be_bytes(), "{:?}", &picture[..24]);
    let output = folder.autarky("plot map run.h5 --out map.pdf");
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    let output = folder.autarky("plot consumer-prices run.h5");
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("imports-by-origin"));
}

#[test]
fn indicators_are_shown_and_written() {
    let folder = prepared("indicators");
    let shown = folder.succeed("indicators run.h5 --against run.baseline.h5 --csv all.csv");
    assert!(shown.contains("R01, change against the baseline") && shown.contains("real GDP"), "{shown}");
    // Every indicator, region and month.
    let rows = text(&folder, "all.csv").lines().count() - 1;
    assert_eq!(rows % (3 * 24), 0, "{rows}");
    assert!(rows >= 40 * 3 * 24, "{rows}");
    assert!(folder.succeed("indicators").contains("welfare: "));
    // Less than a year is a part of one.
    folder.succeed("run small.toml --ticks 5 --out short.h5 --against none");
    let short = folder.succeed("indicators short.h5");
    assert!(short.lines().any(|line| line.starts_with("consumer prices") && line.contains("1.0")), "{short}");
    let standard = folder.succeed("run small.toml --out standard.h5 --record standard --against none");
    assert!(standard.contains("recorded"));
    folder.succeed("indicators standard.h5");
}

#[test]
fn what_cannot_be_compared_is_explained() {
    let folder = prepared("mismatch");
    folder.succeed("run small.toml --seed 4 --out other.h5 --against none");
    folder.succeed("run small.toml --ticks 12 --out short.h5 --against none");
    folder.succeed("run small.toml --households-per-region 400 --out large.h5 --against none");
    folder.put("e.toml", "scenario = \"small.toml\"\nticks = 6\n");
    folder.succeed("sweep run e.toml");
    let bytes = folder.bytes("run.h5");
    folder.put("half.h5", &bytes[..bytes.len() / 2]);
    for (arguments, code, expected) in [
        ("report run.h5 --against other.h5", 5, "different seeds"),
        ("report run.h5 --against short.h5", 5, "different ticks"),
        ("report run.h5 --region R09", 3, "the world has R01, R02, R03"),
        ("report run.h5 --against large.h5", 5, "different numbers of households"),
        ("report run.h5 --arm duty", 3, "leave --arm out"),
        ("report e.sweep/ensemble.h5 --arm duty", 3, "there are"),
        ("report e.sweep/ensemble.h5 --against run.h5", 3, "leave --against out"),
        ("indicators e.sweep/ensemble.h5 --against run.h5", 3, "leave --against out"),
        ("report half.h5", 5, "half.h5"),
        ("report gone.h5", 5, "gone.h5"),
        ("indicators run.h5 --region R09", 3, "R01, R02, R03"),
    ] {
        let output = folder.autarky(arguments);
        let text = String::from_utf8_lossy(&output.stderr).replace("│ ", "");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {text}");
        assert!(text.contains(expected), "{arguments}: {text}");
    }
    assert!(!folder.path("run.html").exists());
}

/// Variables that the figures need.
const KEPT: &str = r#"variables = ["real_gdp", "real_household_consumption", "consumer_price", "employment", "unemployed",
"real_imports", "budget_duties", "imports_bilateral", "exchange_rate", "real_consumption_decile", "market_income_decile",
"disposable_income_decile", "consumer_price_decile", "sector_real_output", "unemployment_rate", "labour_force"]"#;

/// An ensemble of ten seeds, two duties and the baseline.
fn ensemble(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put(
        "duties.toml",
        format!(
            "scenario = \"small.toml\"\nseed = 7\nticks = 18\nreplicates = 10\n\n[[factor]]\nname = \"duty\"\npath = \"measure.duty of R01.rate\"\nvalues = [0.05, 0.2]\n\n[outputs]\n{KEPT}\n"
        ),
    );
    folder.succeed("sweep run duties.toml --dir a");
    folder
}

#[test]
fn a_page_about_an_ensemble_has_intervals() {
    let folder = ensemble("report-ensemble");
    folder.succeed("report a/ensemble.h5 --arm duty=0.2 --out page.html");
    let page = text(&folder, "page.html");
    for part in [
        "duty=0.2, runs: 10",
        "95%: ",
        "mean and its 95% interval, 10 runs",
        "data-id=\"level-real-gdp\"",
        "data-id=\"incidence-channels\"",
        "class=\"whisker\"",
        "so what needs them is not drawn",
    ] {
        assert!(page.contains(part), "{part} is not in the page");
    }
    // The mean over pairs is the one of `sweep effects`.
    folder.succeed("sweep effects a --region R01 --ticks 16-18 --variable real_gdp --csv effects.csv");
    let effects = text(&folder, "effects.csv");
    let line = effects.lines().find(|line| line.starts_with("duty=0.2")).expect("an effect");
    let numbers: Vec<f64> = line.split(',').skip(3).take(3).map(|x| x.parse().expect("a number")).collect();
    let map = page.split("id=\"data-map\">").nth(1).and_then(|x| x.split("</script>").next()).expect("data");
    // The map averages changes, the table changes averages: the same to a thousandth of a percent.
    let row = map.split("[\"R01\",\"").nth(1).expect("a row");
    let found: f64 = row.split('"').next().expect("a value").parse().expect("a number");
    assert!((found - numbers[0]).abs() < 2e-3, "{found} is not {}", numbers[0]);
    // Without an arm the first is shown, and the others are named; alone there are levels.
    folder.succeed("report a/ensemble.h5 --out first.html");
    let page = text(&folder, "first.html");
    assert!(page.contains("duty=0.05, runs: 10") && page.contains("other arms, for --arm: duty=0.2"));
    folder.succeed("report a/ensemble.h5 --alone --out alone.html");
    assert!(text(&folder, "alone.html").contains("baseline, runs: 10"));
}

#[test]
fn runs_that_failed_are_left_out_and_counted() {
    let folder = Folder::new("report-failed");
    folder.put(
        "list.toml",
        "scenario = \"small.toml\"\nseed = 1\nreplicates = 2\n\n[[factor]]\nname = \"households\"\npath = \"size.households_per_region\"\n\n[[arm]]\nname = \"good\"\nhouseholds = 300\n\n[[arm]]\nname = \"too small\"\nhouseholds = 3\n",
    );
    folder.succeed("sweep run list.toml --dir a");
    let output = folder
        .command("report a/ensemble.h5 --out bad.html")
        .args(["--arm", "too small"])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("were both done"), "{}", shown(&output));
    assert!(!folder.path("bad.html").exists());
    // One of two seeds is missing.
    folder.succeed("sweep plan list.toml --dir b");
    folder.succeed("sweep run b --shard 1/2");
    folder.succeed("sweep merge b --partial");
    folder.succeed("report b/ensemble.h5 --arm good --out half.html");
    let page = text(&folder, "half.html");
    assert!(page.contains("1 / 2 runs of this arm are left out") && page.contains("good, runs: 1"), "no note");
    assert!(!page.contains("95%: "), "an interval of one run");
}

/// The page in a real browser: no errors, no requests, nothing wider than the window, keys and pointer answered.
#[test]
fn a_browser_shows_the_page() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/look.py");
    let ready = std::process::Command::new("python3").args(["-c", "import selenium"]).output();
    let browser = std::process::Command::new("chromedriver").arg("--version").output();
    if !ready.is_ok_and(|x| x.status.success()) || !browser.is_ok_and(|x| x.status.success()) {
        let wanted = std::env::var_os("AUTARKY_TEST_BROWSER").is_some();
        assert!(!wanted, "python3 with selenium, and chromedriver, are not there");
        eprintln!("SKIPPED: python3 with selenium, and chromedriver, are not there");
        return;
    }
    let folder = prepared("browser");
    folder.succeed("report run.h5");
    let many = ensemble("browser-ensemble");
    many.succeed("report a/ensemble.h5 --out run.html");
    for (folder, figures) in [(&folder, "25"), (&many, "15")] {
        let mut look = std::process::Command::new("python3");
        let output = look.arg(script).arg(folder.path("run.html")).arg(figures).output().expect("python3");
        assert!(output.status.success(), "{}", shown(&output));
    }
}

/// Text of a page without its style, script, data and drawings' definitions, and without what its author wrote.
fn seen(page: &str) -> String {
    let body = page.split("<body>").nth(1).expect("a body");
    let mut text = String::new();
    for part in body
        .split("<script")
        .enumerate()
        .map(|(k, part)| if k == 0 { part } else { part.split("</script>").nth(1).unwrap_or("") })
    {
        text.push_str(part);
    }
    text
}

#[test]
fn the_policy_comes_first_in_words_and_as_a_table() {
    let folder = Folder::new("report-policy");
    let more = "\n[[measure]]\nlabel = \"less abroad\"\nkind = \"tariff\"\nmode = \"replace\"\nsource = \"a law\"\nimporters = [\"R02\"]\nexporters = { set = \"all\", except = [\"R01\"] }\nproducts = \"all\"\nrate = 0.025\nannounced = 2024-02-01\nstart = 2024-04-01\nend = 2024-09-01\n\n[[measure]]\nlabel = \"wages\"\nkind = \"wage_subsidy\"\nsource = \"test\"\nregions = [\"R03\"]\nindustries = \"manufacturing\"\nrate = 0.05\nstart = 2024-03-01\n\n[parameters.location]\nhurdle = { value = 0.25, unit = \"ratio\", source = \"a guess\" }\n";
    let scenario = crate::common::SCENARIO.replace("ticks = 6", "ticks = 12");
    folder.put("three.toml", scenario + &more.replace("products = \"all\"", "products = \"all-goods\""));
    folder.succeed("run three.toml --seeds 1 --out run.h5");
    folder.succeed("report run.h5");
    let page = text(&folder, "run.html");
    let before = |a: &str, b: &str| page.find(a).expect(a) < page.find(b).unwrap_or_else(|| panic!("{b}"));
    for part in [
        "1. import duty on all goods from all regions into Region 1 (R01), +10%, from 2024-03.",
        "from all regions except Region 1 (R01) into Region 2 (R02), 2.5% in all, from 2024-04 until 2024-09.",
        "subsidy on wages on all manufactures in Region 3 (R03), +5%, from 2024-03.",
        "<td>less abroad</td>",
        "<td>2024-02-01</td><td>2024-04-01</td><td>2024-09-01</td><td>a law</td>",
        "<td>location.hurdle</td>",
        "<td>a guess</td>",
        // Two measures begin together and share a mark; one ends.
        ">1, 3</text>",
        ">2 ×</text>",
        "2: less abroad, from 2024-04",
        "2 ×: less abroad ends, 2024-09",
    ] {
        assert!(page.contains(part), "{part} is not in the page");
    }
    assert!(before("one seed: no interval; this may be luck", "1. import duty"));
    assert!(before("1. import duty", "Output and prices.") && before("Who pays.", "<figure"));
    // Without measures that are said there is a sentence; a parameter at its default is not in the table.
    assert!(!page.contains("<td>location.fixed_cost</td>"));
}

#[test]
fn pages_are_chinese_throughout() {
    let folder = prepared("report-chinese");
    folder.succeed("report run.h5 --lang zh --out zh.html");
    let page = text(&folder, "zh.html");
    assert!(page.contains("<html lang=\"zh-Hans\">") && page.contains("仅一个种子") && page.contains("进口关税"));
    assert!(page.contains("Region 1（R01）"), "a name that nobody translated stays, with its code");
    // Heads of tables, too.
    assert!(page.contains("\"head\":[\"月份\"") && page.contains("\"head\":[\"名称\",\"数值\""));
    for english in
        ["\"head\":[\"month", "with the measures", "Output and prices", "one seed", ">measures<", "household\"", "grey"]
    {
        assert!(!seen(&page).contains(english), "`{english}` is in the Chinese page");
    }
}

#[test]
fn what_is_not_told_apart_from_chance_is_grey() {
    let folder = Folder::new("report-chance");
    folder.put("small.toml", crate::common::SCENARIO.replace("ticks = 6", "ticks = 12"));
    // A duty that can do nothing beside one that does much.
    let tiny = crate::common::SCENARIO.replace("ticks = 6", "ticks = 12").replace("rate = 0.1", "rate = 0.00001");
    folder.put("tiny.toml", tiny);
    folder.succeed("run small.toml --seeds 4 --out run.h5");
    folder.succeed("run tiny.toml --seeds 4 --out tiny.h5");
    folder.succeed("report run.h5");
    folder.succeed("report tiny.h5");
    let (page, none) = (text(&folder, "run.html"), text(&folder, "tiny.html"));
    for part in ["(95%: ", "runs: 4 (seeds 3-6)", "grey: not told apart from chance"] {
        assert!(page.contains(part) && none.contains(part), "{part}");
    }
    // The placebo judges and is not offered as an arm of its own.
    assert!(!page.contains("other arms") && !page.contains("one seed"));
    let doubtful = |page: &str| page.matches("<div class=\"card doubt\">").count();
    assert!(doubtful(&page) < page.matches("<div class=\"card").count(), "a duty of ten percent does something");
    assert!(doubtful(&none) * 10 >= none.matches("<div class=\"card").count() * 9, "{} cards", doubtful(&none));
    assert!(none.contains("<span class=\"doubt\">real GDP ~"));
    // Figures say what a household is; the share is counted.
    assert!(
        page.contains("is a person-equivalent: ")
            && page.contains("% of them in this region")
            && page.contains("Gini of disposable income by tenths here")
    );
    assert!(page.contains("in one run, jobs move in steps of that size"));
    folder.succeed("plot consumption-by-decile run.h5");
    assert!(words(&text(&folder, "consumption-by-decile.svg")).contains("is a person-equivalent"));
}

#[test]
fn a_folder_is_shown_as_its_ensemble_with_the_effect_by_value_of_the_factor() {
    let folder = Folder::new("report-swept");
    folder.put("duties.toml", crate::common::DUTIES);
    folder.succeed("sweep run duties.toml --dir a");
    folder.succeed("report a");
    folder.succeed("report a/ensemble.h5 --out file.html");
    let page = text(&folder, "a/ensemble.html");
    assert!(page == text(&folder, "file.html"), "a folder is its file");
    for id in ["dose-1-real-gdp", "dose-1-consumer-price", "dose-1-real-imports"] {
        assert!(page.contains(&format!("data-id=\"{id}\"")), "{id}");
    }
    let data =
        page.split("id=\"data-dose-1-real-gdp\">").nth(1).and_then(|x| x.split("</script>").next()).expect("data");
    assert!(data.contains("[\"0.05\",") && data.contains("[\"0.2\","), "{data}");
    folder.succeed("plot dose-1-real-gdp a --lang zh");
    assert!(text(&folder, "dose-1-real-gdp.svg").matches("whisker").count() >= 2);
    for command in ["indicators a", "export a --csv table.csv --variables real_gdp", "sweep effects a --region R01"] {
        folder.succeed(command);
    }
    // A folder that is not merged yet is explained.
    folder.succeed("sweep plan duties.toml --dir b");
    let output = folder.autarky("report b");
    assert_eq!(output.status.code(), Some(5), "{}", shown(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("sweep run b"), "{}", shown(&output));
}

#[test]
fn what_is_switched_off_is_no_panel_of_zeros() {
    let folder = prepared("report-zeros");
    folder.succeed("report run.h5");
    let page = text(&folder, "run.html");
    // Plants do not move in this world.
    assert!(!page.contains("data-id=\"relocated-capacity\"") && !page.contains("data-id=\"relocated-employment\""));
    for part in page.split("<script type=\"application/json\" id=\"data-level-").skip(1) {
        let data = part.split("</script>").next().expect("data");
        assert!(data.matches("\",\"0\",\"0\"]").count() < 24, "{data}");
    }
}
