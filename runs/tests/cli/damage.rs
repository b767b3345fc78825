//! Contract: no command makes anything of a damaged recording, ensemble, shard or checkpoint, nor of one that was made up
//! with right checksums. A command either ends with a reason and a documented exit code, or prints what it prints of the
//! sound file.

use std::process::Output;

use engine::netcdf::{AttributeValue, Content, Dimension, Reader, Values, Variable};
use engine::rng::hash;

use crate::common::{DUTIES, Folder, shown};
use crate::python::python;

/// What is done to a byte: one bit, all bits, another number.
const CHANGES: [fn(u8) -> u8; 3] = [|byte| byte ^ 4, |byte| !byte, |byte| byte.wrapping_add(64)];

/// What a command said, and the file it was to write, if it did.
fn told(folder: &Folder, command: &str) -> (Output, Option<Vec<u8>>) {
    let mut words = command.split_whitespace();
    let out = words.find(|word| ["--out", "--csv"].contains(word)).and_then(|_| words.next());
    let path = out.map(|out| folder.path(out));
    let _ = path.as_ref().map(std::fs::remove_file);
    let output = folder.autarky(command);
    (output, path.and_then(|path| std::fs::read(path).ok()))
}

/// A byte in each of `count` equal parts of a file, drawn from a seed; of those that are not zero, as most zeros were never
/// written for anything.
fn places(bytes: &[u8], count: usize) -> Vec<usize> {
    let ends: Vec<usize> = (0..=count).map(|part| part * bytes.len() / count).collect();
    let of = |part: usize| {
        let (first, last) = (ends[part], ends[part + 1]);
        let written: Vec<usize> = (first..last).filter(|&at| bytes[at] != 0).collect();
        let drawn = hash(7, part as u64, 1) as usize;
        if written.is_empty() { first + drawn % (last - first) } else { written[drawn % written.len()] }
    };
    (0..count).map(of).collect()
}

/// Runs `commands` on `file` with bytes of it changed all over it; at least `least` answers are refusals.
fn flipped(folder: &Folder, file: &str, count: usize, commands: &[&str], least: usize) {
    let sound = folder.bytes(file);
    let whole: Vec<_> = commands.iter().map(|command| told(folder, command)).collect();
    for (command, (output, _)) in commands.iter().zip(&whole) {
        assert_eq!(output.status.code(), Some(0), "{command}: {}", shown(output));
    }
    let mut refused = 0;
    for (place, at) in places(&sound, count).into_iter().enumerate() {
        let mut bytes = sound.clone();
        bytes[at] = CHANGES[place % CHANGES.len()](bytes[at]);
        folder.put(file, &bytes);
        for (command, (sound, made)) in commands.iter().zip(&whole) {
            let (output, found) = told(folder, command);
            match output.status.code() {
                Some(0) => {
                    assert!(output.stdout == sound.stdout, "{command}, byte {at}: another answer");
                    assert!(found == *made, "{command}, byte {at}: another page or table");
                }
                // What is found wrong, and what is refused.
                Some(1) if command.starts_with("verify") => refused += 1,
                Some(3..=6) => {
                    refused += 1;
                    assert!(!output.stderr.is_empty(), "{command}, byte {at}: not a word");
                    assert!(found.is_none(), "{command}, byte {at}: a page or table of what was refused");
                }
                code => panic!("{command}, byte {at}: exit {code:?}: {}", shown(&output)),
            }
        }
    }
    folder.put(file, &sound);
    assert!(refused >= least, "{refused} of {} were refused", count * commands.len());
}

#[test]
fn nothing_is_made_of_a_damaged_recording() {
    let folder = Folder::new("damaged-run");
    folder.succeed("run small.toml --ticks 3 --out x.h5 --against none");
    flipped(&folder, "x.h5", 12, &["verify x.h5", "indicators x.h5", "diff x.h5 x.h5"], 6);
    let sound = folder.bytes("x.h5");
    for kept in [0, 100, sound.len() / 2, sound.len() - 1] {
        folder.put("x.h5", &sound[..kept]);
        for command in ["report x.h5 --alone --out page.html", "verify x.h5", "diff x.h5 x.h5"] {
            let output = folder.autarky(command);
            assert_eq!(output.status.code(), Some(5), "{command} of {kept} bytes: {}", shown(&output));
        }
    }
    assert!(!folder.path("page.html").exists());
}

#[test]
fn nothing_is_made_of_a_damaged_checkpoint_or_shard() {
    let folder = Folder::new("damaged-parts");
    folder.succeed("run small.toml --ticks 2 --out y.h5 --against none --checkpoint-every 2");
    flipped(&folder, "y.ckpt", 10, &["verify y.ckpt"], 5);
    folder.put("duties.toml", format!("ticks = 3\n{}", DUTIES.replace("replicates = 3", "replicates = 2")));
    folder.succeed("sweep run duties.toml --threads 1");
    let shards: Vec<_> = std::fs::read_dir(folder.path("duties.sweep/shards")).expect("shards").collect();
    let name = shards[0].as_ref().expect("a shard").file_name().into_string().expect("text");
    let file = format!("duties.sweep/shards/{name}");
    // A record that is torn at the end is left out, so the count of runs may fall: only a merge says what is there.
    flipped(&folder, &file, 12, &["sweep merge duties.sweep --out again.h5"], 6);
    // The plan is text: nothing in it is there for nothing, so hardly any change of it means the same.
    flipped(&folder, "duties.sweep/plan.json", 12, &["sweep status duties.sweep", "verify duties.sweep"], 18);
    // A length that is too large hides the runs behind it: that is no torn end.
    let mut bytes = folder.bytes(&file);
    let record = bytes.windows(8).position(|x| x == b"RUNS\x03\0\0\0").expect("a run");
    bytes[record + 13] ^= 1;
    folder.put(&file, &bytes);
    for command in
        ["sweep status duties.sweep", "sweep merge duties.sweep --partial --out again.h5", "sweep run duties.toml"]
    {
        let output = folder.autarky(command);
        assert_eq!(output.status.code(), Some(5), "{command}: {}", shown(&output));
    }
    assert_eq!(folder.bytes(&file), bytes, "nothing was cut off");
}

/// What an ensemble is read with.
const OF_ENSEMBLES: [&str; 7] = [
    "verify x.h5",
    "report x.h5 --out p.html",
    "plot real-imports x.h5 --out p.svg",
    "indicators x.h5 --csv i.csv",
    "sweep effects x.h5 --json",
    "diff x.h5 x.h5",
    "export x.h5 --csv e.csv",
];

#[test]
fn nothing_is_made_of_a_damaged_ensemble() {
    let folder = Folder::new("damaged-ensemble");
    folder.succeed("run small.toml --ticks 3 --seeds 2 --out x.h5");
    flipped(&folder, "x.h5", 12, &OF_ENSEMBLES, 7);
}

#[test]
fn nothing_is_made_of_a_damaged_ensemble_of_a_sweep() {
    let folder = Folder::new("damaged-sweep");
    folder.put("duties.toml", format!("ticks = 3\n{}", DUTIES.replace("replicates = 3", "replicates = 2")));
    folder.succeed("sweep run duties.toml --threads 1");
    let commands = [
        "verify duties.sweep/ensemble.h5",
        "report duties.sweep --out p.html",
        "plot dose-1-real-imports duties.sweep --out p.svg",
        "indicators duties.sweep",
        "sweep effects duties.sweep --csv e.csv",
    ];
    flipped(&folder, "duties.sweep/ensemble.h5", 12, &commands, 7);
}

#[test]
fn texts_that_are_none_are_refused() {
    let folder = Folder::new("damaged-text");
    folder.succeed("run small.toml --ticks 3 --seeds 2 --out x.h5");
    let sound = folder.bytes("x.h5");
    let mut found = 0;
    // In the plan, a checksum, the name of a variable, that of a region, an attribute of the file.
    for (text, within) in
        [("all-goods", 1), ("real_imports ", 3), ("unemployment_rate\0", 2), ("R02\0", 1), ("autarky 0.", 2)]
    {
        let at: Vec<usize> =
            sound.windows(text.len()).enumerate().filter(|x| x.1 == text.as_bytes()).map(|x| x.0).collect();
        for &at in at.iter().take(3) {
            found += 1;
            let mut bytes = sound.clone();
            bytes[at + within] |= 0x80;
            folder.put("x.h5", &bytes);
            for command in OF_ENSEMBLES {
                let (output, made) = told(&folder, command);
                let code = output.status.code();
                let right = code == Some(5) || command.starts_with("verify") && code == Some(1);
                assert!(right && made.is_none(), "{text} at {at}, {command}: {}", shown(&output));
            }
        }
    }
    assert!(found >= 5, "{found} texts");
}

#[test]
fn python_makes_nothing_of_damaged_files() {
    let folder = Folder::new("damaged-python");
    folder.succeed("run small.toml --ticks 3 --seeds 2 --out x.h5");
    let sound = folder.bytes("x.h5");
    let mut names = vec!["x.h5".to_owned()];
    for (place, at) in places(&sound, 30).into_iter().enumerate() {
        let mut bytes = sound.clone();
        bytes[at] = CHANGES[place % CHANGES.len()](bytes[at]);
        names.push(format!("{at}.h5"));
        folder.put(&format!("{at}.h5"), &bytes);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(output) = python(&folder, "../../tests/python/damaged.py", &names) else { return };
    assert!(output.status.success(), "{}", shown(&output));
}

/// All that a file holds.
fn content(path: &std::path::Path) -> Content<'static> {
    let reader = Reader::open(path).expect("a recording");
    let dimensions = reader.dimensions().expect("dimensions");
    let place = |name: &String| dimensions.iter().position(|x| x.name == *name).expect("a dimension");
    let variables = reader.variables().expect("variables").into_iter().map(|info| Variable {
        values: reader.values(&info.name).expect("values"),
        dimensions: info.dimensions.iter().map(place).collect(),
        name: info.name,
        attributes: info.attributes,
    });
    let variables = variables.collect();
    Content { variables, attributes: reader.attributes().expect("attributes"), dimensions }
}

/// The variable `name`.
fn of<'a>(content: &'a mut Content<'static>, name: &str) -> &'a mut Variable<'static> {
    content.variables.iter_mut().find(|x| x.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn dimension<'a>(content: &'a mut Content<'static>, name: &str) -> &'a mut Dimension<'static> {
    content.dimensions.iter_mut().find(|x| x.name == name).unwrap_or_else(|| panic!("{name}"))
}

fn attribute(content: &mut Content<'static>, name: &str, value: impl Into<AttributeValue>) {
    content.attributes.iter_mut().find(|x| x.0 == name).unwrap_or_else(|| panic!("{name}")).1 = value.into();
}

/// A variable over its first dimensions only.
fn flattened(content: &mut Content<'static>, name: &str, kept: usize) {
    let sizes: Vec<usize> = content.dimensions.iter().map(|x| x.size).collect();
    let variable = of(content, name);
    variable.dimensions.truncate(kept);
    let size = variable.dimensions.iter().map(|&place| sizes[place]).product();
    variable.values = Values::F64(vec![1.5; size].into());
}

fn texts(content: &mut Content<'static>, name: &str) {
    let variable = of(content, name);
    variable.values = Values::Text(vec!["7".to_owned(); variable.values.len()].into());
}

fn integers(variable: &mut Variable<'static>, value: i64) {
    variable.values = Values::I64(vec![value; variable.values.len()].into());
}

/// A change of what a file holds, by name.
type Craft = (&'static str, fn(&mut Content<'static>));

/// Whether every command refuses every made-up file.
fn crafted(folder: &Folder, source: &str, crafts: &[Craft], commands: &[&str]) {
    for (what, craft) in crafts {
        let mut content = content(&folder.path(source));
        craft(&mut content);
        content.write(&folder.path("x.h5")).expect("a file");
        for command in commands {
            let output = folder.autarky(command);
            let code = output.status.code();
            let right = code == Some(5) || command.starts_with("verify") && code == Some(1);
            assert!(right, "{what}, {command}: {}", shown(&output));
        }
    }
}

#[test]
fn recordings_that_cannot_be_are_refused_whatever_their_checksums() {
    let folder = Folder::new("crafted-run");
    folder.succeed("run small.toml --ticks 3 --out sound.h5 --against none");
    let crafts: [Craft; 11] = [
        ("rank", |c| flattened(c, "real_gdp", 1)),
        ("no rank", |c| flattened(c, "consumer_price", 0)),
        ("constant", |c| flattened(c, "base_real_gdp", 0)),
        ("text", |c| texts(c, "real_gdp")),
        ("digests", |c| flattened(c, "digest_high", 1)),
        ("late", |c| dimension(c, "time").coordinates = Some(Values::I64(vec![0, 31, i64::MAX].into()))),
        ("backwards", |c| dimension(c, "time").coordinates = Some(Values::I64(vec![60, 31, 0].into()))),
        ("same place", |c| dimension(c, "region").coordinates = Some(Values::Text(vec!["R01".to_owned(); 3].into()))),
        ("no year", |c| attribute(c, "ticks_per_year", 0_i64)),
        ("long year", |c| attribute(c, "ticks_per_year", i64::MAX)),
        ("late policy", |c| attribute(c, "first_policy_tick", i64::MAX)),
    ];
    let commands = [
        "verify x.h5",
        "report x.h5 --alone --out p.html",
        "plot real-gdp x.h5 --alone --out p.svg",
        "indicators x.h5",
        "diff x.h5 x.h5",
        "export x.h5 --csv p.csv",
    ];
    crafted(&folder, "sound.h5", &crafts, &commands);
    // A layout of another version is called so, with what to do.
    for (digest, said) in [("0123", "the file is of another version (autarky"), ("", "it was changed since")] {
        let mut content = content(&folder.path("sound.h5"));
        flattened(&mut content, "real_gdp", 1);
        if !digest.is_empty() {
            attribute(&mut content, "source_digest", digest);
        }
        content.write(&folder.path("x.h5")).expect("a file");
        for command in commands {
            let output = folder.autarky(command);
            let text = shown(&output).replace(['\n', '│'], " ");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(said), "{command}: {text}");
            assert!(text.contains("record it anew with this one") || digest.is_empty(), "{command}: {text}");
        }
    }
}

#[test]
fn ensembles_that_cannot_be_are_refused_whatever_their_checksums() {
    let folder = Folder::new("crafted-ensemble");
    folder.succeed("run small.toml --ticks 3 --seeds 2 --out sound.h5");
    let crafts: [Craft; 8] = [
        ("beyond", |c| integers(of(c, "baseline"), 99)),
        ("before", |c| integers(of(c, "baseline"), i64::MIN)),
        ("own baseline", |c| integers(of(c, "baseline"), 0)),
        ("other seeds", |c| integers(of(c, "seed"), 8)),
        ("statuses", |c| flattened(c, "status", 0)),
        ("arms", |c| integers(of(c, "arm"), 1)),
        ("text", |c| texts(c, "real_gdp")),
        ("plan", |c| of(c, "plan").values = Values::Text(vec!["{}".to_owned()].into())),
    ];
    let commands =
        ["verify x.h5", "report x.h5 --out p.html", "indicators x.h5", "sweep effects x.h5", "diff x.h5 x.h5"];
    crafted(&folder, "sound.h5", &crafts, &commands);
}

/// An ensemble as a build made it that had not all parameters of this one: its configurations lack them, so the ids of its runs
/// are other digests.
fn of_an_earlier_build(content: &mut Content<'static>, commit: &str, digest: &str) {
    let plan = of(content, "plan");
    let Values::Text(texts) = &plan.values else { panic!("a plan is text") };
    let mut held: serde_json::Value = serde_json::from_str(&texts[0]).expect("a plan");
    held["commit"] = commit.into();
    for scenario in held["scenarios"].as_array_mut().expect("scenarios") {
        let configuration = scenario["configuration"].as_str().expect("a configuration");
        let kept = configuration.lines().filter(|line| !line.starts_with("seller_rechoice_share"));
        scenario["configuration"] = kept.collect::<Vec<_>>().join("\n").into();
    }
    let mut ids = Vec::new();
    for (number, run) in held["runs"].as_array_mut().expect("runs").iter_mut().enumerate() {
        ids.push(format!("r{:016x}", number + 7));
        run["id"] = ids[number].clone().into();
    }
    let text = serde_json::to_string_pretty(&held).expect("JSON") + "\n";
    attribute(content, "plan_digest", format!("{:016x}", engine::digest::of_texts([text.as_str()])));
    of(content, "plan").values = Values::Text(vec![text].into());
    dimension(content, "run").coordinates = Some(Values::Text(ids.into()));
    attribute(content, "commit", commit);
    attribute(content, "source_digest", digest);
}

#[test]
fn a_file_of_another_version_is_called_so_and_a_changed_one_changed() {
    let folder = Folder::new("other-version");
    folder.succeed("run small.toml --ticks 3 --seeds 2 --out sound.h5");
    let made = |craft: &dyn Fn(&mut Content<'static>)| {
        let mut content = content(&folder.path("sound.h5"));
        craft(&mut content);
        content.write(&folder.path("x.h5")).expect("a file");
        let output = folder.autarky("verify x.h5");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let here = content(&folder.path("sound.h5"));
    let of_here = |name: &str| match &here.attributes.iter().find(|x| x.0 == name).expect("an attribute").1 {
        AttributeValue::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    // Nothing more is said against it, and who made it.
    let (code, text) = made(&|content| of_an_earlier_build(content, "0ldc0mmit", "0123"));
    assert_eq!(code, Some(8), "{text}");
    assert!(
        text.contains("OTHER  plan: made by another version (autarky ") && text.contains("commit 0ldc0mmit;"),
        "{text}"
    );
    assert!(!text.contains("WRONG") && text.contains("x.h5: sound as far as this version can tell"), "{text}");
    let output = folder.autarky("verify x.h5 --json");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(found["sound"] == true && found["other_version"] == true, "{found:#}");
    // The same made by this build was changed.
    let (code, text) = made(&|content| of_an_earlier_build(content, &of_here("commit"), &of_here("source_digest")));
    assert!(code == Some(1) && text.contains("the plan was changed"), "{text}");
    // So was one whose configurations are as this version writes them, whoever made it.
    let (code, text) = made(&|content| {
        attribute(content, "source_digest", "0123");
        let Values::Text(texts) = &of(content, "plan").values else { panic!("a plan is text") };
        let text = texts[0].replace("seller_rechoice_share = { value = 0.05", "seller_rechoice_share = { value = 0.06");
        assert!(text != texts[0], "nothing was changed");
        attribute(content, "plan_digest", format!("{:016x}", engine::digest::of_texts([text.as_str()])));
        of(content, "plan").values = Values::Text(vec![text].into());
    });
    assert!(code == Some(1) && text.contains("the plan was changed"), "{text}");
    // So was one whose plan is not the one it names.
    let (code, text) = made(&|content| {
        of_an_earlier_build(content, "0ldc0mmit", "0123");
        attribute(content, "plan_digest", "0123456789abcdef");
    });
    assert!(code == Some(1) && text.contains("WRONG  digest of the plan"), "{text}");
    // A parameter that this version does not have.
    let (code, text) = made(&|content| {
        of_an_earlier_build(content, "0ldc0mmit", "0123");
        let Values::Text(texts) = &of(content, "plan").values else { panic!("a plan is text") };
        let text = texts[0].replace("inventory_target = ", "inventory_wanted = ");
        assert!(text != texts[0], "nothing was changed");
        attribute(content, "plan_digest", format!("{:016x}", engine::digest::of_texts([text.as_str()])));
        of(content, "plan").values = Values::Text(vec![text].into());
    });
    assert!(
        code == Some(8) && text.contains("this one cannot read its plan: ") && text.contains("inventory_wanted"),
        "{text}"
    );
}
