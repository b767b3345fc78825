//! Reports: one file that opens anywhere, and drawings for papers.

use crate::common::{Folder, shown};

fn prepared(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("small.toml", crate::common::SCENARIO.replace("ticks = 6", "ticks = 24"));
    folder.succeed("run small.toml --out run.h5");
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
    // The same files give the same page.
    folder.succeed("report run.h5 --out again.html");
    assert!(text(&folder, "again.html") == page);
}

#[test]
fn figures_are_drawings_of_their_own() {
    let folder = prepared("plot");
    folder.succeed("plot consumer-price run.h5");
    let drawing = text(&folder, "consumer-price.svg");
    assert!(
        drawing.starts_with("<?xml") && drawing.contains("<style>") && drawing.contains("class=\"l1\""),
        "{drawing}"
    );
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
    folder.put("e.toml", "scenario = \"small.toml\"\nticks = 6\n");
    folder.succeed("sweep run e.toml");
    let bytes = folder.bytes("run.h5");
    folder.put("half.h5", &bytes[..bytes.len() / 2]);
    for (arguments, code, expected) in [
        ("report run.h5 --against other.h5", 5, "different seeds"),
        ("report run.h5 --against short.h5", 5, "different ticks"),
        ("report run.h5 --region R09", 3, "the world has R01, R02, R03"),
        ("report e.sweep/ensemble.h5", 3, "sweep effects"),
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
    let output =
        std::process::Command::new("python3").arg(script).arg(folder.path("run.html")).output().expect("python3");
    assert!(output.status.success(), "{}", shown(&output));
}
