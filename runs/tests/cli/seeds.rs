//! Contract: `autarky run` does paired seeds with a placebo, in one ensemble; what chance alone could have done is
//! marked; the ensemble depends on configuration and seeds alone.

use std::process::{Command, Stdio};

use analysis::cache::RunCache;
use analysis::chance::{Judged, PLACEBO};
use analysis::ensemble::Ensemble;
use analysis::paired::estimate;
use analysis::recording::Recording;
use analysis::response::{Scale, effect};

use crate::common::{Folder, SCENARIO, shown};

#[test]
fn seeds_are_recorded_in_one_ensemble_and_printed_with_intervals() {
    let folder = Folder::new("seeds");
    let found = folder.succeed("run small.toml");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/seeds.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(path, &found).expect("a writable snapshot");
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(found == expected, "found\n{found}\nexpected\n{expected}");
    let left: Vec<String> = std::fs::read_dir(&folder.0)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("small") && name != "small.toml")
        .collect();
    let mut left = left;
    left.sort();
    assert_eq!(left, ["small.h5", "small.h5.json"]);
    // What reads ensembles reads it.
    let effects = folder.succeed("sweep effects small.h5");
    assert!(effects.contains("policy") && effects.contains("12 runs: 12 done"), "{effects}");
    assert!(folder.autarky("report small.h5").status.success());
    assert!(folder.autarky("verify small.h5").status.success());
    assert!(
        folder.succeed("reproduce small.h5").contains("equal") || folder.autarky("reproduce small.h5").status.success()
    );
    // All variables of a recording are in it.
    folder.succeed("run small.toml --seeds 1 --out one.h5");
    let (one, all) = (
        Recording::open(&folder.path("one.h5")).expect("opens"),
        Recording::open(&folder.path("small.h5")).expect("opens"),
    );
    let known = all.variables().expect("names");
    let lacking: Vec<String> =
        one.variables().expect("names").into_iter().filter(|x| !known.contains(x) && x != "configuration").collect();
    assert!(lacking.iter().all(|name| name.contains("checksum")), "{lacking:?}");
    // The first seed is the run of one seed.
    let cache = RunCache::new(all.reader().expect("a file"));
    let ensemble = Ensemble::open(all.reader().expect("a file")).expect("an ensemble");
    let first = ensemble.arms.iter().position(|arm| arm == "policy").expect("an arm");
    let (a, b) = (Recording::of_run(&cache, first).array("real_gdp"), one.array("real_gdp"));
    assert_eq!(a.expect("recorded").values, b.expect("recorded").values);
}

#[test]
fn an_ensemble_is_the_same_at_any_number_of_jobs_and_threads() {
    let folder = Folder::new("seeds-jobs");
    folder.succeed("run small.toml --seeds 3 --jobs 1 --out one.h5");
    folder.succeed("run small.toml --seeds 3 --jobs 2 --out two.h5");
    folder.succeed("run small.toml --seeds 3 --jobs 1 --threads 2 --out threads.h5");
    assert!(folder.bytes("one.h5") == folder.bytes("two.h5") && folder.bytes("one.h5") == folder.bytes("threads.h5"));
}

#[test]
fn one_seed_gives_two_recordings_and_says_so() {
    let folder = Folder::new("seeds-one");
    let text = folder.succeed("run small.toml --seeds 1");
    assert!(folder.path("small-3.h5").is_file() && folder.path("small-3.baseline.h5").is_file());
    assert!(text.contains("one seed: no interval; this may be luck"), "{text}");
    let text = folder.succeed("run small.toml --against none --seed 5");
    assert!(folder.path("small-5.h5").is_file(), "{text}");
    // What is for one run goes with one seed, asked for or not, and not with more.
    folder.succeed("run small.toml --checkpoint-every 3 --out c.h5");
    assert!(folder.path("c.ckpt").is_file() && folder.path("c.baseline.h5").is_file());
    for option in ["--checkpoint-every 3", "--record standard", "--audit report"] {
        let output = folder.autarky(&format!("run small.toml --seeds 2 {option}"));
        assert_eq!(output.status.code(), Some(3), "{option}: {}", shown(&output));
    }
}

#[test]
fn interrupted_seeds_go_on() {
    for name in ["INT", "TERM"] {
        let folder = Folder::new(&format!("seeds-{name}"));
        let arguments = "run small.toml --ticks 120 --seeds 3 --jobs 1 --out run.h5";
        let mut child = folder
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        while std::fs::read_dir(folder.path("run.h5.parts/shards")).map_or(0, Iterator::count) == 0 {
            assert!(child.try_wait().expect("a child").is_none(), "the run ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().expect("kill");
        assert!(status.success());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(85), "{}", shown(&output));
        assert!(!folder.path("run.h5").exists());
        // Another configuration does not mix with what is there.
        let other = folder.autarky("run small.toml --ticks 119 --seeds 3 --out run.h5");
        assert_eq!(other.status.code(), Some(5), "{}", shown(&other));
        folder.succeed(arguments);
        assert!(!folder.path("run.h5.parts").exists());
        folder.succeed("run small.toml --ticks 120 --seeds 3 --out straight.h5");
        assert!(folder.bytes("run.h5") == folder.bytes("straight.h5"));
    }
}

/// A placebo has no effect: half of the seeds, judged by the other half, show nothing in 95% of all figures.
#[test]
fn a_placebo_is_not_told_apart_from_chance() {
    let folder = Folder::new("seeds-placebo");
    folder.put("longer.toml", SCENARIO.replace("ticks = 6", "ticks = 18"));
    folder.succeed("run longer.toml --seeds 16");
    let file = Recording::open(&folder.path("longer.h5")).expect("opens");
    let reader = file.reader().expect("a file");
    let (cache, ensemble) = (RunCache::new(reader), Ensemble::open(reader).expect("an ensemble"));
    let placebo: Vec<usize> = (0..ensemble.arms.len()).filter(|&run| ensemble.arms[run] == PLACEBO).collect();
    let (mut figures, mut apart) = (0, 0);
    let names = ["real_gdp", "consumer_price", "real_imports", "real_exports", "real_household_consumption"];
    let more = ["unemployment_rate", "real_consumption_decile", "sector_output", "employment", "imports_product"];
    for name in names.into_iter().chain(more) {
        let means = |run: usize| {
            let array = Recording::of_run(&cache, run).array(name).expect("recorded");
            let width: usize = array.shape[1..].iter().product();
            (0..width).map(|at| (12..18).map(|tick| array.tick(tick)[at]).sum::<f64>() / 6.0).collect::<Vec<_>>()
        };
        let changes: Vec<Vec<f64>> = placebo
            .iter()
            .map(|&run| effect(&means(run), &means(ensemble.baselines[run].expect("a pair")), Scale::Percent))
            .collect();
        for place in 0..changes[0].len() {
            let values: Vec<f64> = changes.iter().map(|run| run[place]).filter(|x| x.is_finite()).collect();
            if values.len() < 16 {
                continue;
            }
            let found = Judged { change: estimate(&values[..8]).expect("eight"), placebo: estimate(&values[8..]) };
            figures += 1;
            apart += usize::from(found.verdict().is_apart());
        }
    }
    assert!(figures >= 80, "{figures} figures");
    assert!(apart * 20 <= figures, "{apart} of {figures} figures");
}

#[test]
fn effects_over_any_dimension_and_indicators_have_intervals() {
    let folder = Folder::new("seeds-effects");
    folder.succeed("run small.toml --seeds 3");
    let at = folder.succeed("sweep effects small.h5 --variable sector_output --at industry=G02 --region R02");
    assert!(at.contains("sector_output industry=G02") && !at.contains("industry=G01"), "{at}");
    let all =
        folder.succeed("sweep effects small.h5 --variable employment --variable real_consumption_decile --csv e.csv");
    assert!(all.contains("placebo (a duty of one basis point)"), "{all}");
    for (arguments, expected) in [
        ("--variable sector_output --at industry=XX", "has no industry XX"),
        ("--variable real_gdp --at industry=G02", "is not over industry"),
        ("--at industry", "DIMENSION=LABEL"),
        ("--at region=R09", "the world has R01, R02, R03"),
    ] {
        let output = folder.autarky(&format!("sweep effects small.h5 {arguments}"));
        assert!(!output.status.success() && shown(&output).contains(expected), "{arguments}: {}", shown(&output));
    }
    let text = folder.succeed("indicators small.h5 --csv i.csv");
    for part in ["policy: change against", "3 seeds, mean and 95% interval", "±", "terms of trade"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    folder.succeed("run small.toml --seeds 1 --out one.h5");
    let text = folder.succeed("indicators one.h5 --against one.baseline.h5");
    assert!(text.contains("one seed: no interval; this may be luck"), "{text}");
    // Run by run, then paired: the mean over seeds is the mean of what single seeds say.
    let of_seed = |seed: u64| {
        folder.succeed(&format!("run small.toml --seeds 1 --seed {seed} --out s.h5 --overwrite"));
        folder.succeed("indicators s.h5 --against s.baseline.h5 --csv s.csv");
        column(&folder, "s.csv", "change")
    };
    let seeds: Vec<Vec<f64>> = (3..6).map(of_seed).collect();
    for (row, mean) in column(&folder, "i.csv", "change").iter().enumerate() {
        let expected = seeds.iter().map(|seed| seed[row]).sum::<f64>() / 3.0;
        assert!(!expected.is_finite() || (mean - expected).abs() < 1e-9 * expected.abs().max(1.0), "row {row}");
    }
}

/// A column of a table; not a number where it is empty.
fn column(folder: &Folder, file: &str, name: &str) -> Vec<f64> {
    let table = analysis::table::parse_csv(&String::from_utf8(folder.bytes(file)).expect("text"));
    let place = table.head.iter().position(|head| head == name).expect("a column");
    table.rows.iter().map(|row| row[place].parse().unwrap_or(f64::NAN)).collect()
}

#[test]
fn python_says_the_same() {
    let ready =
        Command::new("python3").args(["-c", "import xarray, h5netcdf, h5py, pandas, matplotlib, xxhash"]).output();
    if !ready.is_ok_and(|output| output.status.success()) {
        crate::common::skipped("python3 with xarray, h5netcdf, h5py, pandas, matplotlib and xxhash is not there");
        return;
    }
    let folder = Folder::new("seeds-python");
    folder.succeed("run small.toml --seeds 3");
    let variables = ["real_gdp", "unemployment_rate", "sector_output", "real_consumption_decile", "employment"];
    let variables: String = variables.iter().map(|name| [" --variable ", name].concat()).collect();
    folder.succeed(&format!("sweep effects small.h5 --region R01 --csv e.csv{variables}"));
    folder.succeed("indicators small.h5 --csv i.csv");
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/../analysis/python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python/chance.py");
    let output = Command::new("python3")
        .arg(script)
        .args(["small.h5", "e.csv", "i.csv", env!("CARGO_BIN_EXE_autarky"), "R01"])
        .current_dir(&folder.0)
        .env("PYTHONPATH", package)
        .env("MPLCONFIGDIR", &folder.0)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3");
    assert!(output.status.success(), "{}", shown(&output));
}

#[test]
fn seeds_without_a_baseline_end_in_a_table_of_their_means() {
    let folder = Folder::new("seeds-alone");
    let shown = folder.succeed("run small.toml --seeds 2 --against none --ticks 2 --out alone.h5");
    assert!(shown.contains("means of 2 seeds") && shown.contains("unemployment %"), "{shown}");
    assert!(shown.lines().any(|line| line.starts_with("R01") && line.contains('±')), "{shown}");
}

/// A duty makes no poor of other regions richer: what it changes abroad passes through work, prices and rates, which leave
/// none of them more than half a percent with an interval above zero.
#[test]
fn no_poorest_tenth_abroad_gains_by_a_duty() {
    let folder = Folder::new("seeds-who-pays");
    folder.succeed("run us-uniform-10 --seeds 8 --households-per-region 1000 --ticks 72 --out who.h5");
    let file = Recording::open(&folder.path("who.h5")).expect("opens");
    let reader = file.reader().expect("a file");
    let (cache, ensemble) = (RunCache::new(reader), Ensemble::open(reader).expect("an ensemble"));
    let policy: Vec<usize> = (0..ensemble.arms.len()).filter(|&run| ensemble.arms[run] == "policy").collect();
    let regions = Recording::of_run(&cache, 0).labels("region").expect("regions");
    // The sixth year, the poorest tenth of each region.
    let means = |run: usize| {
        let array = Recording::of_run(&cache, run).array("real_consumption_decile").expect("recorded");
        let of = |region: usize| (60..72).map(|tick| array.tick(tick)[region * array.shape[2]]).sum::<f64>() / 12.0;
        (0..regions.len()).map(of).collect::<Vec<_>>()
    };
    let changes: Vec<Vec<f64>> = policy
        .iter()
        .map(|&run| effect(&means(run), &means(ensemble.baselines[run].expect("a pair")), Scale::Percent))
        .collect();
    assert_eq!((changes.len(), regions.len()), (8, 15));
    for (place, region) in regions.iter().enumerate().filter(|(_, region)| *region != "USA") {
        let found = estimate(&changes.iter().map(|run| run[place]).collect::<Vec<_>>()).expect("eight seeds");
        assert!(found.mean < 0.5 || found.low() <= 0.0, "{region}: {found:?}");
    }
}
