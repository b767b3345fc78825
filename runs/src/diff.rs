//! `autarky diff`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

use analysis::recording::Recording;
use engine::netcdf::Content;

use crate::arguments::DiffArguments;
use crate::checkpoint;
use crate::failure::Failure;
use crate::session::Session;
use crate::sources::{opened_whole, plan_of};
use crate::sweep::plan::{Plan, same_runs};
use crate::terminal::say;

/// Lines of the configuration shown where they differ.
const SHOWN_LINES: usize = 10;

/// What two runs are compared by.
#[derive(Debug, PartialEq)]
struct Trace {
    configuration: String,
    program: String,
    /// First day and the digests of all parts, a row a tick.
    ticks: Vec<(String, Vec<u64>)>,
    parts: Vec<String>,
}

/// Compares two runs; the exit code is 0 if they are equal and 1 if not.
///
/// # Errors
/// If one of them cannot be read.
pub fn diff(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let (text, same) = match (ensemble(&arguments.a)?, ensemble(&arguments.b)?) {
        (Some(a), Some(b)) => compared_ensembles(&a, &b)?,
        (None, None) => compared(&read(&arguments.a)?, &read(&arguments.b)?),
        (a, _) => {
            let (ensemble, other) =
                if a.is_some() { (&arguments.a, &arguments.b) } else { (&arguments.b, &arguments.a) };
            return Err(Failure::Configuration(format!(
                "{} is an ensemble of many runs, {} holds one run: compare two of a kind, or see `autarky reproduce {} --run ID`",
                ensemble.display(),
                other.display(),
                ensemble.display()
            )));
        }
    };
    say(&text);
    Ok(ExitCode::from(u8::from(!same)))
}

fn read(path: &Path) -> Result<Trace, Failure> {
    if checkpoint::is_checkpoint(path) {
        let session = Session::resume(checkpoint::read(path)?, None)?;
        if session.recorder().series().ticks().is_empty() {
            return Err(Failure::Checkpoint(format!("{} has no tick recorded yet", path.display())));
        }
        let content: Content<'_> = session.recorder().content();
        trace(&Recording::of(&content))
    } else {
        trace(&opened_whole(path)?)
    }
}

/// The recorded digests of all parts, a row a tick, of a run or of runs of an ensemble, run after run.
pub(crate) fn digests(recording: &Recording<'_>, rows: Option<Range<usize>>) -> Result<Vec<Vec<u64>>, Failure> {
    let (high, low) = (recording.integers("digest_high", rows.clone())?, recording.integers("digest_low", rows)?);
    let words = high.values.iter().zip(&low.values).map(|(&high, &low)| (high as u64) << 32 | low as u64);
    let parts = high.shape.last().map_or(1, |x| x.1);
    Ok(words.collect::<Vec<u64>>().chunks(parts).map(<[u64]>::to_vec).collect())
}

/// An ensemble: its file, plan and what became of its runs.
struct Ensemble {
    file: Recording<'static>,
    plan: Plan,
    status: Vec<String>,
}

/// Runs of an ensemble whose digests are read at once.
const BLOCK: usize = 64;

/// The digests of an ensemble's runs, read block by block.
struct Digests<'a> {
    of: &'a Ensemble,
    block: Range<usize>,
    ticks: Vec<Vec<u64>>,
}

impl<'a> Digests<'a> {
    fn of(of: &'a Ensemble) -> Self {
        Self { of, block: 0..0, ticks: vec![] }
    }

    /// Digests of a run, a row a tick.
    fn run(&mut self, run: usize) -> Result<&[Vec<u64>], Failure> {
        if !self.block.contains(&run) {
            let first = run / BLOCK * BLOCK;
            self.block = first..(first + BLOCK).min(self.of.status.len());
            self.ticks = digests(&self.of.file, Some(self.block.clone()))?;
        }
        let length = self.ticks.len() / self.block.len();
        let at = run - self.block.start;
        Ok(&self.ticks[at * length..(at + 1) * length])
    }
}

/// Opens an ensemble; `None` if the file is none.
fn ensemble(path: &Path) -> Result<Option<Ensemble>, Failure> {
    if checkpoint::is_checkpoint(path) {
        return Ok(None);
    }
    let file = opened_whole(path)?;
    if !file.is_ensemble()? {
        return Ok(None);
    }
    let plan = plan_of(&file, path)?.plan;
    let status = file.texts("status")?;
    Ok(Some(Ensemble { file, plan, status }))
}

/// Differing runs that are listed.
const SHOWN_RUNS: usize = 10;

/// The differences of two ensembles in words, and whether there is none: plans first, then run by run.
fn compared_ensembles(a: &Ensemble, b: &Ensemble) -> Result<(String, bool), Failure> {
    let mut text = String::new();
    let program = |x: &Ensemble| -> Result<String, Failure> {
        Ok(format!("{} commit {}", x.file.attribute("source")?, x.file.attribute("commit")?))
    };
    let (left, right) = (program(a)?, program(b)?);
    if left != right {
        let _ = writeln!(text, "program: {left} / {right}");
    }
    // Where nothing else is known, lines of the experiment and scenarios say what was meant to differ.
    let lines = configuration(&described(&a.plan), &described(&b.plan));
    let planned =
        same_runs(&a.plan.runs, &b.plan.runs) && a.plan.arms == b.plan.arms && a.plan.variables == b.plan.variables;
    if lines.is_empty() && planned {
        let _ = writeln!(text, "plan: equal");
    } else {
        let _ = writeln!(text, "plan: {} lines differ", lines.len());
        lines.iter().take(SHOWN_LINES).for_each(|line| text.push_str(line));
    }
    let places: BTreeMap<&str, usize> = b.plan.runs.iter().enumerate().map(|(n, run)| (run.digest(), n)).collect();
    let (mut common, mut equal, mut differing) = (0, 0, Vec::new());
    let mut undone = 0;
    let parts = (a.file.labels("part")?, b.file.labels("part")?);
    let mut found = (Digests::of(a), Digests::of(b));
    for (n, run) in a.plan.runs.iter().enumerate() {
        let Some(&m) = places.get(run.digest()) else { continue };
        common += 1;
        let name = format!("{} ({} #{})", run.id, a.plan.arms[run.arm].name, run.replicate + 1);
        if a.status[n] != b.status[m] {
            differing.push(format!("{name}: {} / {}", a.status[n], b.status[m]));
            continue;
        }
        if a.status[n] != "done" {
            undone += 1;
            continue;
        }
        let (left, right) = (found.0.run(n)?, found.1.run(m)?);
        match left.iter().zip(right).position(|(left, right)| left != right) {
            _ if parts.0 != parts.1 => differing.push(format!("{name}: digested in other parts")),
            None if left.len() == right.len() => equal += 1,
            None => differing.push(format!("{name}: {} / {} ticks", left.len(), right.len())),
            Some(tick) => {
                let rows = parts.0.iter().zip(left[tick].iter().zip(&right[tick])).skip(1);
                let names: Vec<&str> = rows.filter(|x| x.1.0 != x.1.1).map(|x| x.0.as_str()).collect();
                differing.push(format!("{name}: first difference in tick {}: {}", tick + 1, names.join(", ")));
            }
        }
    }
    let (only_a, only_b) = (a.plan.runs.len() - common, b.plan.runs.len() - common);
    let _ = writeln!(text, "runs: {common} in both, {only_a} in the first only, {only_b} in the second only");
    let neither = if undone > 0 { format!(", {undone} done in neither") } else { String::new() };
    let _ = writeln!(text, "runs in both: {equal} equal, {} differ{neither}", differing.len());
    differing.iter().take(SHOWN_RUNS).for_each(|line| {
        let _ = writeln!(text, "  {line}");
    });
    let same = lines.is_empty() && planned && only_a + only_b == 0 && differing.is_empty();
    Ok((text, same))
}

/// The experiment and the scenarios of a plan, key by key.
fn described(plan: &Plan) -> BTreeMap<String, String> {
    let mut all = keyed(&plan.experiment);
    for scenario in &plan.scenarios {
        let name = &scenario.name;
        all.insert(format!("scenario {name}.calibration_digest"), scenario.calibration_digest.clone());
        all.extend(
            keyed(&scenario.configuration).into_iter().map(|(key, value)| (format!("scenario {name}.{key}"), value)),
        );
    }
    all
}

fn trace(recording: &Recording<'_>) -> Result<Trace, Failure> {
    let dates = recording.dates()?;
    Ok(Trace {
        configuration: recording.document("configuration")?,
        program: format!("{} commit {}", recording.attribute("source")?, recording.attribute("commit")?),
        ticks: dates.iter().map(|date| date.year_month()).zip(digests(recording, None)?).collect(),
        parts: recording.labels("part")?,
    })
}

/// The differences in words, and whether there is none that matters (the number of ticks planned does not).
fn compared(a: &Trace, b: &Trace) -> (String, bool) {
    let mut text = String::new();
    if a.program != b.program {
        let _ = writeln!(text, "program: {} / {}", a.program, b.program);
    }
    let lines = configuration(&keyed(&a.configuration), &keyed(&b.configuration));
    if lines.is_empty() {
        let _ = writeln!(text, "configuration: equal");
    } else {
        let _ = writeln!(text, "configuration: {} lines differ", lines.len());
        lines.iter().take(SHOWN_LINES).for_each(|line| text.push_str(line));
    }
    if a.parts != b.parts {
        let _ = writeln!(text, "state: digested in other parts, so it cannot be compared");
        return (text, false);
    }
    let common = a.ticks.len().min(b.ticks.len());
    let first = (0..common).find(|&tick| a.ticks[tick] != b.ticks[tick]);
    let same = match first {
        None => {
            let _ = writeln!(text, "state: equal in all {common} common ticks");
            true
        }
        Some(tick) => {
            let ((month, left), (_, right)) = (&a.ticks[tick], &b.ticks[tick]);
            let names: Vec<&str> =
                (1..a.parts.len()).filter(|&p| left[p] != right[p]).map(|p| a.parts[p].as_str()).collect();
            let names = if names.is_empty() { "the calendar".to_owned() } else { names.join(", ") };
            let _ = writeln!(text, "state: first difference in tick {} ({month}): {names}", tick + 1);
            false
        }
    };
    if a.ticks.len() != b.ticks.len() {
        let _ = writeln!(text, "length: {} and {} ticks", a.ticks.len(), b.ticks.len());
    }
    (text, same && lines.is_empty() && a.ticks.len() == b.ticks.len())
}

/// Differing entries of two configurations, key by key.
fn configuration(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in a {
        match b.get(key) {
            Some(other) if other == value => {}
            Some(other) => lines.push(format!("  {key}: {value} / {other}\n")),
            None => lines.push(format!("  {key}: {value} / absent\n")),
        }
    }
    let new = b.iter().filter(|(key, _)| !a.contains_key(*key));
    lines.extend(new.map(|(key, value)| format!("  {key}: absent / {value}\n")));
    lines
}

/// Entries of a TOML file by their whole keys, however they are written; a table of a list is known by its number. Text that
/// is no TOML is taken line by line.
fn keyed(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    match text.parse::<toml::Table>() {
        Ok(table) => flatten("", &toml::Value::Table(table), &mut found),
        Err(_) => found.extend(text.lines().enumerate().map(|(n, line)| (format!("line {}", n + 1), line.to_owned()))),
    }
    found
}

fn flatten(key: &str, value: &toml::Value, into: &mut BTreeMap<String, String>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(name, value)| flatten(&below(name), value, into)),
        toml::Value::Array(all) if all.iter().any(toml::Value::is_table) => {
            all.iter().enumerate().for_each(|(n, value)| flatten(&format!("{key}[{}]", n + 1), value, into));
        }
        value => {
            into.insert(key.to_owned(), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Trace {
        Trace {
            configuration: "seed = 1\n[time]\nticks = 3\n".to_owned(),
            program: "autarky".to_owned(),
            ticks: vec![("2024-01".into(), vec![1, 2, 3]), ("2024-02".into(), vec![4, 5, 6])],
            parts: vec!["all".into(), "persons".into(), "books".into()],
        }
    }

    #[test]
    fn equal_runs() {
        let (text, same) = compared(&sample(), &sample());
        assert!(same && text == "configuration: equal\nstate: equal in all 2 common ticks\n", "{text}");
    }

    #[test]
    fn the_first_differing_tick_and_part_are_named() {
        let mut other = sample();
        other.ticks[1].1 = vec![9, 5, 7];
        other.configuration = "seed = 2\n[time]\nticks = 3\n[[measure]]\nrate = 1\n".to_owned();
        let (text, same) = compared(&sample(), &other);
        assert!(!same);
        assert_eq!(
            text,
            "configuration: 2 lines differ\n  seed: 1 / 2\n  measure[1].rate: absent / 1\nstate: first difference in tick 2 (2024-02): books\n"
        );
    }

    #[test]
    fn the_same_configuration_written_otherwise_is_equal() {
        let a = keyed("rates=[1,2]\n[time]\nticks = 3 # three\n[[measure]]\nrate = 1\n");
        let b = keyed("rates = [\n  1,\n  2,\n]\ntime.ticks = 3\n[[measure]]\nrate=2\n");
        assert_eq!(configuration(&a, &b), ["  measure[1].rate: 1 / 2\n"]);
        // What is no TOML is compared all the same.
        assert_eq!(configuration(&keyed("a b\nc"), &keyed("a b\nd")), ["  line 2: c / d\n"]);
    }

    #[test]
    fn a_shorter_run_is_not_equal() {
        let mut other = sample();
        other.ticks.pop();
        let (text, same) = compared(&sample(), &other);
        assert!(!same && text.ends_with("length: 2 and 1 ticks\n"), "{text}");
    }
}
