//! Contract: no text or file that a user can give makes the program panic, hang or take all memory.
//!
//! Good inputs are changed at random (bits, pieces, numbers, words, lengths) and read in this process. A short run belongs
//! to every test; a long one is `AUTARKY_FUZZ_SECONDS=3600 cargo test --release -p runs --test cli fuzz -- --nocapture`,
//! from another start with `AUTARKY_FUZZ_SEED`, of some kinds with `AUTARKY_FUZZ_KINDS=scenario,table`. An input that fails is
//! kept in the temporary folder, one that ends the process too; `AUTARKY_FUZZ_INPUT=recording=PATH` tries it again. Add it to [`KEPT`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use analysis::recording::Recording;
use analysis::replay::{Frame, Observed, Rebase};
use configs::calibration::{Calibration, CalibrationFiles, synthetic};
use configs::measures::parse_measures;
use engine::csv::decode;
use engine::rng::hash;
use runs::config::{Overrides, load_scenario_text};
use runs::sweep::experiment;

use crate::common::{DUTIES, Folder, SCENARIO};

/// Inputs that once failed, by kind.
const KEPT: [(&str, &[u8]); 5] = [
    ("scenario", b"title = \"x\"\nworld = \"./tiny\"\n[time]\nstart = \"9999-12\"\nticks = 2\n[size]\nhouseholds_per_region = 300\n"),
    ("table", b"region;name\n\"a"),
    ("table", b"\xef\xbb\xbf\"\r"),
    ("experiment", b"scenario = \"a\"\n[[factor]]\nname = \"f\"\npath = \"scenario\"\nrange = [1e308, 1e309]\n[design]\nkind = \"saltelli\"\nsamples = 4294967295"),
    ("policy", b"[[measure]]\nkind = \"tariff\"\nlabel = \"\xc3\xa9\"\nrate = -0.0\nstart = 0001-01-01"),
];

/// Longest that an input may take.
const SLOWEST: Duration = Duration::from_secs(20);

/// Most memory of an input, kB.
const MEMORY: u64 = 400_000;

/// Pieces that break readers more often than chance would.
const PIECES: [&str; 30] = [
    "\"",
    "\"\"\"",
    "'",
    "\\",
    "[",
    "]]",
    "{",
    "}",
    "=",
    ",",
    ";",
    "\t",
    "\r",
    "\n",
    "\u{feff}",
    "\u{0}",
    "\u{e9}",
    "nan",
    "inf",
    "-1",
    "1e308",
    "1e-320",
    "9223372036854775808",
    "-9223372036854775808",
    "0",
    "9999-12-31",
    "0001-01-01",
    "all",
    "true",
    "[[measure]]",
];

/// A stream of draws.
struct Draws(u64, u64);

impl Draws {
    fn below(&mut self, limit: usize) -> usize {
        self.1 += 1;
        (hash(self.0, self.1, 0) % limit.max(1) as u64) as usize
    }

    /// A range of a text, mostly short.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        let longest = if self.below(8) == 0 { length - from } else { (length - from).min(40) };
        from..from + self.below(longest + 1)
    }

    fn mutated(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(4) {
            let range = self.range(bytes.len());
            match self.below(8) {
                0 if !bytes.is_empty() => {
                    let at = self.below(bytes.len());
                    bytes[at] ^= 1 << self.below(8);
                }
                1 => {
                    bytes.drain(range);
                }
                2 => {
                    let piece = bytes[range.clone()].to_vec();
                    let times = if self.below(20) == 0 { 2000 } else { 2 };
                    bytes.splice(range, piece.repeat(times.min(1 + 200_000 / piece.len().max(1))));
                }
                3 | 4 => {
                    let piece = PIECES[self.below(PIECES.len())];
                    bytes.splice(range, piece.bytes());
                }
                5 => {
                    let other = &seeds[self.below(seeds.len())];
                    let piece = other[self.range(other.len())].to_vec();
                    bytes.splice(range, piece);
                }
                6 => self.number(&mut bytes),
                _ => bytes.truncate(range.start.max(bytes.len() / 2)),
            }
        }
        bytes
    }

    /// Puts another number in the place of one.
    fn number(&mut self, bytes: &mut Vec<u8>) {
        let from = self.below(bytes.len() + 1);
        let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|at| from + at) else { return };
        let end =
            bytes[start..].iter().position(|b| !b.is_ascii_digit() && *b != b'.').map_or(bytes.len(), |at| start + at);
        let numbers = ["0", "1", "-1", "2", "0.5", "1e9", "4294967296", "1e300", "0.0000001", "65536", "12", "100"];
        bytes.splice(start..end, numbers[self.below(numbers.len())].bytes());
    }
}

/// What reads mutated bytes of a kind of file.
type Reading<'a> = Box<dyn Fn(&[u8]) + 'a>;

/// One kind of input: its name, good ones, and what reads it.
struct Kind<'a> {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    read: Reading<'a>,
}

fn text(bytes: &[u8]) -> Option<String> {
    decode(bytes.to_vec()).ok()
}

fn scenario(folder: &Folder) -> Kind<'_> {
    let world = folder.path("tiny").display().to_string();
    let good = SCENARIO.replace("./tiny", &world);
    let full = load_scenario_text("seed", &good, &Overrides::default()).expect("good").config.to_toml();
    let read = |bytes: &[u8]| {
        let Some(text) = text(bytes) else { return };
        match load_scenario_text("fuzz", &text, &Overrides::default()) {
            Ok(loaded) => {
                // What a scenario resolves to is a scenario.
                let again = load_scenario_text("again", &loaded.config.to_toml(), &Overrides::default());
                assert!(again.is_ok(), "not read again: {:?}", again.err().map(|e| e.issues().next().cloned()));
                let _ = runs::measures::lines(&loaded.config);
                let _ = runs::measures::warnings(&loaded.config);
            }
            Err(error) => shown(error),
        }
    };
    Kind { name: "scenario", seeds: vec![good.into_bytes(), full.into_bytes()], read: Box::new(read) }
}

/// Draws an error as the program does.
fn shown(error: runs::config::ConfigError) {
    let failure = runs::failure::Failure::from(error);
    assert!(failure.text().len() < 200_000, "a message as long as a book");
}

fn kinds<'a>(folder: &'a Folder, world: &'a Calibration) -> Vec<Kind<'a>> {
    let measures = SCENARIO.split_once("[[measure]]").expect("a measure").1;
    let codes = world.codes();
    let policy = move |bytes: &[u8]| {
        if let Some(text) = text(bytes) {
            let _ = parse_measures("fuzz", &text, &codes);
        }
    };
    let experiment = |bytes: &[u8]| {
        if let Some(text) = text(bytes) {
            match experiment::parse("fuzz", &text) {
                Ok(experiment) => {
                    let _ = runs::sweep::ahead::arms(&experiment);
                }
                Err(error) => shown(error),
            }
        }
    };
    let files = world.to_files();
    let tables: Vec<Vec<u8>> = files.texts().iter().map(|text| text.as_bytes().to_vec()).collect();
    let table = move |bytes: &[u8]| {
        let Some(changed) = text(bytes) else { return };
        // The file that it is most like.
        let texts = files.texts();
        let place = texts.iter().position(|text| text.get(..8) == changed.get(..8)).unwrap_or(changed.len() % 10);
        let mut all = texts.map(str::to_owned);
        all[place] = changed;
        let _ = Calibration::parse(&CalibrationFiles::from_texts("fuzz", all));
    };
    let drawn = format!(
        "{}\n[design]\nkind = \"saltelli\"\nsamples = 8\n[outputs]\nvariables = [\"real_gdp\"]\nprecision = \"single\"\n",
        DUTIES.replacen("values = [0.05, 0.2]", "range = [0.05, 0.2]\nscale = \"log\"", 1)
    );
    vec![
        scenario(folder),
        Kind { name: "policy", seeds: vec![format!("[[measure]]{measures}").into_bytes()], read: Box::new(policy) },
        Kind {
            name: "experiment",
            seeds: vec![DUTIES.as_bytes().to_vec(), drawn.into_bytes()],
            read: Box::new(experiment),
        },
        Kind { name: "table", seeds: tables, read: Box::new(table) },
        observed(),
        on_disk(folder, "checkpoint", "small.ckpt", &|path| {
            let _ = runs::checkpoint::read(path);
        }),
        on_disk(folder, "recording", "small.h5", &|path| {
            let Ok(recording) = Recording::open(path) else { return };
            let _ = (recording.labels("region"), recording.dates(), recording.attributes(), recording.ticks_per_year());
            let _ = (recording.array("real_gdp"), recording.array("unemployment_rate"), recording.variables());
        }),
    ]
}

fn observed() -> Kind<'static> {
    let months = 1..=6;
    let frame = Frame {
        codes: vec!["R01".to_owned(), "R02".to_owned()],
        region: 0,
        dates: months.map(|month| format!("2024-{month:02}-01").parse().expect("a date")).collect(),
        first: 2,
    };
    let rows = "month,series,partner,unit,observed\n2024-03,imports,R02,billion a month,1.5\n2024-01,import_share,R02,percent of goods imports,12\n";
    let read = move |bytes: &[u8]| {
        if let Some(text) = text(bytes) {
            let _ = Observed::parse(&text, &frame, Rebase::Index);
        }
    };
    Kind { name: "observed", seeds: vec![rows.as_bytes().to_vec()], read: Box::new(read) }
}

/// A kind that is read from a file in the folder.
fn on_disk<'a>(folder: &'a Folder, name: &'static str, file: &str, read: &'a (dyn Fn(&Path) + 'a)) -> Kind<'a> {
    let path = folder.path(&format!("fuzzed-{file}"));
    let write_and_read = move |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("a writable folder");
        read(&path);
    };
    Kind { name, seeds: vec![folder.bytes(file)], read: Box::new(write_and_read) }
}

fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok()).unwrap_or(0)
}

/// Reads one input; what went wrong, if anything did.
fn tried(kind: &Kind<'_>, bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| (kind.read)(bytes)));
    let took = begun.elapsed();
    match outcome {
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            Some(text.or_else(|| panic.downcast_ref::<&str>().map(|x| (*x).to_owned())).unwrap_or_default())
        }
        Ok(()) if took > SLOWEST => Some(format!("took {took:?}")),
        Ok(()) => greedy(),
    }
}

/// That more memory was taken than any input is worth, since this was asked before.
fn greedy() -> Option<String> {
    let peak = peak_memory();
    if peak <= MEMORY {
        return None;
    }
    // The peak is counted anew.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    Some(format!("took {} MB of memory", peak / 1000))
}

#[test]
fn no_input_breaks_a_reader() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = setting("AUTARKY_FUZZ_SECONDS").unwrap_or(20);
    let start = setting("AUTARKY_FUZZ_SEED").unwrap_or(1);
    let folder = Folder::new("fuzz");
    folder.succeed("run small.toml --against none --ticks 2 --checkpoint-every 2 --out small.h5");
    let world = synthetic(3, 5, 7);
    let kinds = kinds(&folder, &world);
    let mut failures = Vec::new();
    for (kind, bytes) in KEPT {
        let kind = kinds.iter().find(|x| x.name == kind).expect("a kind");
        failures.extend(tried(kind, bytes).map(|what| format!("kept {}: {what}", kind.name)));
    }
    if let Some((name, path)) = std::env::var("AUTARKY_FUZZ_INPUT").ok().as_deref().and_then(|x| x.split_once('=')) {
        let kind = kinds.iter().find(|x| x.name == name).expect("AUTARKY_FUZZ_INPUT names a kind");
        let begun = Instant::now();
        let failed = tried(kind, &std::fs::read(path).expect("an input"));
        println!("{path}: {:?}, {failed:?}", begun.elapsed());
        return;
    }
    let begun = Instant::now();
    let mut draws = Draws(start, 0);
    let mut counts = vec![(0_u64, 0.0_f64); kinds.len()];
    let chosen = std::env::var("AUTARKY_FUZZ_KINDS").unwrap_or_default();
    let tried_kinds: Vec<usize> = (0..kinds.len())
        .filter(|&n| chosen.is_empty() || chosen.split(',').any(|name| name == kinds[n].name))
        .collect();
    // What overflows the stack or is killed for its memory cannot say so itself.
    let current = std::env::temp_dir().join(format!("autarky-fuzz-current-{}", std::process::id()));
    while begun.elapsed().as_secs() < seconds && failures.len() < 20 {
        // The kind that had the least time.
        let least = tried_kinds.iter().min_by(|&&a, &&b| counts[a].1.total_cmp(&counts[b].1));
        let n = *least.expect("AUTARKY_FUZZ_KINDS names a kind");
        let bytes = draws.mutated(&kinds[n].seeds);
        std::fs::write(&current, &bytes).expect("a writable folder");
        let at = Instant::now();
        if let Some(what) = tried(&kinds[n], &bytes) {
            let kept = std::env::temp_dir().join(format!("autarky-fuzz-{}-{start}-{}", kinds[n].name, draws.1));
            std::fs::write(&kept, &bytes).expect("a writable folder");
            failures.push(format!("{}: {what} ({})", kinds[n].name, kept.display()));
        }
        counts[n] = (counts[n].0 + 1, counts[n].1 + at.elapsed().as_secs_f64().max(1e-7));
    }
    for (kind, (count, seconds)) in kinds.iter().zip(&counts) {
        println!("{}: {count} inputs in {seconds:.1} s", kind.name);
    }
    let _ = std::fs::remove_file(&current);
    let all: u64 = counts.iter().map(|x| x.0).sum();
    println!("{all} inputs, peak memory {} MB, {} failures", peak_memory() / 1000, failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
