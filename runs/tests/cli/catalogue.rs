//! Contract: everything that has a name is found from the program, and a first scenario is written that runs.

use runs::config::scenario_names;

use std::process::Command;

use crate::common::{DUTIES, Folder, shown, skipped};

/// What can be listed, and a name that is there.
const KINDS: [(&str, &str); 10] = [
    ("scenarios", "trade-war-2018"),
    ("worlds", "world-15x21"),
    ("policies", "friends-40"),
    ("parameters", "trade.elasticity_scale"),
    ("measures", "plant_subsidy"),
    ("regions", "VNM"),
    ("industries", "ELE"),
    ("variables", "imports_bilateral"),
    ("indicators", "gini_income"),
    ("figures", "imports-by-origin"),
];

fn entries(text: &str) -> Vec<serde_json::Value> {
    serde_json::from_str::<serde_json::Value>(text).expect("JSON").as_array().expect("a list").clone()
}

#[test]
fn everything_listed_can_be_shown() {
    let folder = Folder::new("catalogue");
    for (kind, name) in KINDS {
        let text = folder.succeed(&format!("list {kind}"));
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        assert!(line.is_some_and(|line| line.split_whitespace().count() > 2), "{name} in\n{text}");
        let listed = entries(&folder.succeed(&format!("list {kind} --json")));
        assert_eq!(listed.len() + 1, text.lines().count(), "{kind}: a heading and a line each");
        for entry in &listed {
            assert!(!entry["title"].as_str().expect("text").trim().is_empty(), "{entry}");
        }
        let shown = entries(&folder.succeed(&format!("show {name} --kind {kind} --json")));
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0]["name"], name);
        assert!(folder.succeed(&format!("show {name}")).contains(shown[0]["title"].as_str().expect("text")));
    }
}

#[test]
fn a_parameter_a_variable_and_a_scenario_say_what_they_are() {
    let folder = Folder::new("catalogue-facts");
    let text = folder.succeed("show smoothing");
    for part in ["parameter monetary.smoothing", "per month", "0 to 1", "government/monetary.rs", "percent per month"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let text = folder.succeed("show sector_output");
    for part in ["time, region, industry", "minor currency units per month"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let text = folder.succeed("show trade-war-2018 --kind scenario");
    assert!(text.contains("1. import duty") && text.contains("policies = ["), "{text}");
    let text = folder.succeed("show small.toml");
    assert!(text.contains("import duty on all goods") && text.contains("+10%, from 2024-03"), "{text}");
    let text = folder.succeed("show embargo-1y");
    assert!(text.starts_with("embargo-1y is the name of: scenario embargo-1y, policy embargo-1y"), "{text}");
    // A world of the user's own.
    let text = folder.succeed("list regions --world ./tiny");
    assert!(text.contains("R02"), "{text}");
}

#[test]
fn unknown_names_bring_the_nearest() {
    let folder = Folder::new("catalogue-unknown");
    for (command, near) in [
        ("show real_gpd", "did you mean `real_gdp`?"),
        ("show elasticty_scale", "did you mean `elasticity_scale`?"),
        ("show relocat", "did you mean"),
        ("show xqzxqzxqz", "see `autarky list"),
        ("show USA --kind industries", "there is no industry called `USA`"),
    ] {
        let told = shown(&folder.autarky(command));
        assert!(told.starts_with("exit code 3") && told.contains(near), "{command}: {told}");
    }
    let long = "x".repeat(10_000);
    let told = shown(&folder.autarky(&format!("show {long}")));
    assert!(told.starts_with("exit code 3") && told.len() < 1000, "{told}");
    assert!(shown(&folder.autarky("list everything")).starts_with("exit code 2"));
    assert!(shown(&folder.autarky("show gone.toml")).starts_with("exit code 5"));
}

#[test]
fn figures_are_those_that_are_drawn() {
    let folder = Folder::new("catalogue-figures");
    folder.succeed("run small.toml --seeds 1 --out run.h5");
    // Lines are broken anywhere, also within a name.
    let told = shown(&folder.autarky("plot nosuch run.h5")).replace([' ', '\n', '│'], "");
    let listed: Vec<String> = entries(&folder.succeed("list figures --json"))
        .iter()
        .map(|entry| entry["name"].as_str().expect("text").to_owned())
        .collect();
    let (_, drawn) = told.split_once("thereare").expect("the figures");
    let drawn: Vec<&str> = drawn.split(',').collect();
    assert!(drawn.len() > 20, "{told}");
    for name in drawn {
        assert!(listed.iter().any(|x| x == name), "{name} is drawn and not listed");
    }
    // Those of the factors of a sweep too.
    folder.put("duties.toml", format!("ticks = 3\n{}", DUTIES.replace("replicates = 3", "replicates = 1")));
    folder.succeed("sweep run duties.toml");
    let doses: Vec<&String> = listed.iter().filter(|name| name.starts_with("dose-")).collect();
    assert!(doses.len() >= 4, "{doses:?}");
    for name in doses.into_iter().take(2) {
        folder.succeed(&format!("plot {name} duties.sweep --out {name}.svg"));
        assert!(folder.succeed(&format!("show {name}")).contains("dose-2-"));
    }
}

#[test]
fn a_first_scenario_runs_and_replaces_nothing() {
    let folder = Folder::new("catalogue-new");
    folder.succeed("new mine.toml");
    assert!(String::from_utf8(folder.bytes("mine.toml")).expect("text").lines().count() <= 14);
    folder.succeed("check mine.toml");
    let run = folder.succeed("run mine.toml --seeds 1 --ticks 14 --households-per-region 300");
    assert!(run.contains("duty revenue"), "{run}");
    let before = folder.bytes("mine.toml");
    for command in [
        "new mine.toml",
        "new mine.toml --from baseline",
        "new small.toml --from mine.toml",
        "new tiny/regions.toml/x.toml",
    ] {
        let told = shown(&folder.autarky(command));
        assert!(told.starts_with("exit code 5"), "{command}: {told}");
    }
    assert_eq!(before, folder.bytes("mine.toml"));
    for name in scenario_names() {
        folder.succeed(&format!("new as-{name}.toml --from {name}"));
    }
    folder.succeed("new beside.toml --from small.toml");
    // Its world is not found from another folder: no file is left.
    let told = shown(&folder.autarky("new tiny/other.toml --from small.toml"));
    assert!(told.starts_with("exit code 5") && !folder.path("tiny/other.toml").exists(), "{told}");
    for (command, code) in [("new mine", 3), ("new x.toml --from us-unifrom-10", 3), ("new no/folder/x.toml", 5)] {
        let told = shown(&folder.autarky(command));
        assert!(told.starts_with(&format!("exit code {code}")), "{command}: {told}");
    }
}

#[test]
fn a_check_says_in_ten_lines_what_is_run() {
    let folder = Folder::new("catalogue-check");
    for name in scenario_names() {
        let text = folder.succeed(&format!("check {name}"));
        assert!(text.lines().count() <= 10, "{text}");
        for part in ["15 regions, 21 industries; 150000 household agents", "estimate", "--details"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
    let many = "--set trade.seller_rechoice_share=0.06 --set firms.demand_pull=0.1 --set firms.inventory_target=2";
    let text = folder.succeed(&format!(
        "check trade-war-2025 --ticks 30 {many} --set retail.stock_target=2 --set retail.pass_through=0.9"
    ));
    assert!(
        text.lines().count() <= 10 && text.contains("firms.demand_pull 0.1 (0.05)") && text.contains("and 1 more"),
        "{text}"
    );
    let text = folder.succeed("check small.toml");
    assert!(text.contains("measures    1, 1 of them in force in the run, the first from tick 3 on"), "{text}");
    let found: serde_json::Value = serde_json::from_str(&folder.succeed("check small.toml --json")).expect("JSON");
    assert_eq!((&found["measures"][0]["first_tick"], &found["households"]), (&3.into(), &900.into()));
    assert!(folder.succeed("check small.toml --details").contains("# Estimate"));
}

#[test]
fn no_test_is_a_reader_of_a_parameter() {
    let folder = Folder::new("catalogue-readers");
    let mut read = 0;
    let listed: serde_json::Value = serde_json::from_str(&folder.succeed("list parameters --json")).expect("JSON");
    for parameter in listed.as_array().expect("parameters") {
        let readers = parameter["facts"]["read_by"].as_str().unwrap_or_default();
        assert!(!readers.contains("/tests") && !readers.contains("testing.rs"), "{parameter}");
        read += usize::from(!readers.is_empty());
    }
    assert!(read > 100, "{read}");
    // One that only a test named beside these.
    assert!(
        folder
            .succeed("show location.enabled")
            .contains("agents/src/location/mod.rs, agents/src/world/layout.rs, configs")
    );
}

#[test]
fn an_estimate_is_of_all_that_is_run() {
    let folder = Folder::new("catalogue-estimate");
    let estimate = |what: &str| {
        let text = folder.succeed(&format!("check {what} --json"));
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["estimate"].clone()
    };
    let number = |found: &serde_json::Value, name: &str| found[name].as_f64().expect("a number");
    // Four seeds of three runs each where more are not asked for, of fewer agents than the scenario has; one without measures.
    let policy = estimate("us-uniform-10");
    for (name, wanted) in [("runs", 12.0), ("seeds", 4.0), ("households", 60_000.0)] {
        assert!((number(&policy, name) - wanted).abs() < 0.5, "{name} in {policy}");
    }
    assert!(
        folder
            .succeed("check us-uniform-10")
            .contains("estimate    12 runs (4 seeds: policy, baseline, placebo; 60000")
    );
    let alone = estimate("baseline");
    assert!(
        (number(&alone, "runs") - 1.0).abs() < 0.5
            && folder.succeed("check baseline").contains("estimate    1 run takes ")
    );
    // A founding takes longer than some ticks of a small world, and every seed has its own.
    let seconds = |ticks| {
        number(&estimate(&format!("us-uniform-10 --households-per-region 1000 --ticks {ticks}")), "core_seconds")
    };
    let (one, ten) = (seconds(1), seconds(10));
    assert!(one > 4.0 * 0.3 && ten > one && ten - one < one, "{one} {ten}");
    let run = |k: u32| {
        let begun = std::time::Instant::now();
        folder.succeed(&format!("run small.toml --out small-{k}.h5"));
        begun.elapsed().as_secs_f64()
    };
    // Other tests may be at work beside it: the fastest of some.
    let (took, told) = ((0..4).map(run).fold(f64::INFINITY, f64::min), number(&estimate("small.toml"), "seconds"));
    assert!(told < 4.0 * took && took < 10.0 * told, "{told} s were told, {took} s it took");
    // A sweep tells the same of its runs.
    let plan = "scenario = \"small.toml\"\nreplicates = 4\n[[factor]]\nname = \"share\"\npath = \"parameters.trade.seller_rechoice_share\"\nvalues = [0.02, 0.04]\n";
    std::fs::write(folder.path("e.toml"), plan).expect("written");
    let text = folder.succeed("sweep plan e.toml");
    let line = text.lines().find(|line| line.starts_with("estimate: ")).expect("an estimate");
    assert!(line.contains(" of it to found the world; all runs ") && !line.contains(" 0.00 s"), "{line}");
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = Folder::new("catalogue-shell");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = folder.succeed(&format!("completions {shell}"));
        assert!(text.contains("benchmark-static"), "{shell}");
    }
    // The generators for other shells leave out what stands without an option.
    for shell in ["bash", "zsh", "fish"] {
        let text = folder.succeed(&format!("completions {shell}"));
        for name in
            ["trade-war-2018", "imports-by-origin", "trade.elasticity_scale=", "real_gdp", "industry=ELE", "CHN"]
        {
            assert!(text.contains(name), "{name} for {shell}");
        }
        assert!(!text.contains("panic"), "{shell} completes a hidden command");
    }
    assert!(shown(&folder.autarky("completions csh")).starts_with("exit code 2"));
    assert!(folder.succeed("man").contains(".TH autarky 1"));
    folder.succeed("man pages");
    for name in ["autarky", "autarky-run", "autarky-sweep", "autarky-sweep-plan"] {
        let page = String::from_utf8(folder.bytes(&format!("pages/{name}.1"))).expect("text");
        assert!(page.contains(".SH SYNOPSIS"), "{name}");
    }
    assert!(!folder.path("pages/autarky-panic.1").exists());
    assert!(shown(&folder.autarky("man small.toml")).starts_with("exit code 5"));
}

#[test]
fn shipped_files_are_as_their_schemas_say() {
    let folder = Folder::new("catalogue-schema");
    folder.put("duties.toml", DUTIES);
    for kind in ["scenario", "policy", "experiment", "parameters", "world", "observed"] {
        let text = folder.succeed(&format!("schema {kind}"));
        folder.put(&format!("{kind}.json"), text);
    }
    let needs = Command::new("python3").args(["-c", "import jsonschema, tomllib"]).output();
    if !needs.is_ok_and(|output| output.status.success()) {
        return skipped("python3 with jsonschema is not there");
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let script = format!("{root}/tests/python/schemas.py");
    let output = Command::new("python3").args([&script, root]).current_dir(&folder.0).output().expect("python3");
    assert!(output.status.success(), "{}", shown(&output));
}

/// Beginnings of commands and what their last word becomes, each all that is to be offered.
const COMPLETED: &[(&str, &[&str])] = &[
    ("run us-un", &["us-uniform-10", "us-uniform-10-alike"]),
    ("check us-chi", &["us-china-60"]),
    ("new x.toml --from us-un", &["us-uniform-10", "us-uniform-10-alike"]),
    ("run baseline --set trade.elas", &["trade.elasticity_scale="]),
    ("facts --set credit.bank_capital_", &["credit.bank_capital_target=", "credit.bank_capital_ratio="]),
    ("report run.h5 --region CH", &["CHN"]),
    ("sweep effects x --region CH", &["CHN"]),
    ("sweep effects x --variable real_gdp", &["real_gdp", "real_gdp_expenditure"]),
    ("sweep indices x --at industry=EL", &["industry=ELE"]),
    ("export run.h5 --variables real_gdp", &["real_gdp", "real_gdp_expenditure"]),
    ("score --world world-15", &["world-15x21"]),
    ("plot real-g", &["real-gdp"]),
    ("show trade.elas", &["trade.elasticity_scale"]),
    ("show USA_no", &["USA_northeast"]),
    ("list scen", &["scenarios"]),
    ("schema exp", &["experiment"]),
    ("sweep eff", &["effects"]),
    ("qxz", &[]),
];

/// Completes as a shell does; `None` where there is no such shell.
fn completed(folder: &Folder, shell: &str, line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split(' ').collect();
    let script = match shell {
        "fish" => format!("source names.fish; complete -C 'autarky {line}' | string split -f 1 \\t"),
        _ => format!(
            "source names.bash; COMP_WORDS=(autarky {line}); COMP_CWORD={}; \
             _autarky_without_space autarky '{}' '{}' 2>/dev/null; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.len(),
            words.last()?,
            words.iter().rev().nth(1).unwrap_or(&"autarky"),
        ),
    };
    let output =
        Command::new(shell).args(["-c", &script]).env("HOME", &folder.0).current_dir(&folder.0).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

#[test]
fn shells_complete_the_names_of_what_there_is() {
    let folder = Folder::new("catalogue-completed");
    for shell in ["bash", "zsh", "fish"] {
        folder.put(&format!("names.{shell}"), folder.succeed(&format!("completions {shell}")));
        match Command::new(shell).args(["-n", &format!("names.{shell}")]).current_dir(&folder.0).output() {
            Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {}", shown(&output)),
            Err(_) => eprintln!("SKIPPED: {shell} is not there, so its script was not looked at"),
        }
    }
    for (line, expected) in COMPLETED {
        for shell in ["bash", "fish"] {
            let Some(mut found) = completed(&folder, shell, line) else { continue };
            let mut expected = expected.to_vec();
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "{shell}: autarky {line}");
        }
    }
    // What may be a path is completed from files too.
    if let Some(found) = completed(&folder, "fish", "run smal") {
        assert_eq!(found, ["small.toml"]);
    }
    let zsh = folder.succeed("completions zsh");
    let scenario = zsh.lines().find(|line| line.starts_with("':scenario -- ")).expect("an argument");
    assert!(scenario.ends_with("; _files}' \\"), "{scenario}");
}
