//! `autarky diff`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use analysis::recording::Recording;
use engine::netcdf::Content;

use crate::arguments::DiffArguments;
use crate::checkpoint;
use crate::failure::Failure;
use crate::session::Session;
use crate::sweep::plan::{Bench, Plan};
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
        trace(&Recording::open(path)?)
    }
}

/// The recorded digests of all parts, a row a tick, of a run or of the run at a place of an ensemble.
pub(crate) fn digests(recording: &Recording<'_>, run: Option<usize>) -> Result<Vec<Vec<u64>>, Failure> {
    let rows = run.map(|run| run..run + 1);
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

/// Opens an ensemble; `None` if the file is none.
fn ensemble(path: &Path) -> Result<Option<Ensemble>, Failure> {
    if checkpoint::is_checkpoint(path) {
        return Ok(None);
    }
    let file = Recording::open(path)?;
    if !file.variables()?.iter().any(|name| name == "plan") {
        return Ok(None);
    }
    let plan = Bench::parse(&file.document("plan")?, &format!("the plan in {}", path.display()))?.plan;
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
    let planned = a.plan.runs == b.plan.runs && a.plan.arms == b.plan.arms && a.plan.variables == b.plan.variables;
    if lines.is_empty() && planned {
        let _ = writeln!(text, "plan: equal");
    } else {
        let _ = writeln!(text, "plan: {} lines differ", lines.len());
        lines.iter().take(SHOWN_LINES).for_each(|line| text.push_str(line));
    }
    let places: BTreeMap<&str, usize> = b.plan.runs.iter().enumerate().map(|(n, run)| (run.id.as_str(), n)).collect();
    let (mut common, mut equal, mut differing) = (0, 0, Vec::new());
    let parts = (a.file.labels("part")?, b.file.labels("part")?);
    for (n, run) in a.plan.runs.iter().enumerate() {
        let Some(&m) = places.get(run.id.as_str()) else { continue };
        common += 1;
        let name = format!("{} ({} #{})", run.id, a.plan.arms[run.arm].name, run.replicate + 1);
        if a.status[n] != b.status[m] {
            differing.push(format!("{name}: {} / {}", a.status[n], b.status[m]));
            continue;
        }
        if a.status[n] != "done" {
            equal += 1;
            continue;
        }
        let (left, right) = (digests(&a.file, Some(n))?, digests(&b.file, Some(m))?);
        match left.iter().zip(&right).position(|(left, right)| left != right) {
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
    let _ = writeln!(text, "runs in both: {equal} equal, {} differ", differing.len());
    differing.iter().take(SHOWN_RUNS).for_each(|line| {
        let _ = writeln!(text, "  {line}");
    });
    let same = lines.is_empty() && planned && only_a + only_b == 0 && differing.is_empty();
    Ok((text, same))
}

/// The experiment and the scenarios of a plan as lines of a file.
fn described(plan: &Plan) -> String {
    let mut text = plan.experiment.clone();
    for scenario in &plan.scenarios {
        let name = &scenario.name;
        let _ = write!(text, "\n[scenario {name}]\ncalibration_digest = {}\n", scenario.calibration_digest);
        for (key, value) in keyed(&scenario.configuration) {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    text
}

fn trace(recording: &Recording<'_>) -> Result<Trace, Failure> {
    let dates = recording.dates()?;
    Ok(Trace {
        configuration: recording.document("configuration")?,
        program: format!("{} commit {}", recording.attribute("source")?, recording.attribute("commit")?),
        ticks: dates.iter().map(|date| date.to_string()[..7].to_owned()).zip(digests(recording, None)?).collect(),
        parts: recording.labels("part")?,
    })
}

/// The differences in words, and whether there is none that matters (the number of ticks planned does not).
fn compared(a: &Trace, b: &Trace) -> (String, bool) {
    let mut text = String::new();
    if a.program != b.program {
        let _ = writeln!(text, "program: {} / {}", a.program, b.program);
    }
    let lines = configuration(&a.configuration, &b.configuration);
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

/// Differing lines of two configurations, section by section.
fn configuration(a: &str, b: &str) -> Vec<String> {
    let (a, b) = (keyed(a), keyed(b));
    let mut lines = Vec::new();
    for (key, value) in &a {
        match b.iter().find(|(other, _)| other == key) {
            Some((_, other)) if other == value => {}
            Some((_, other)) => lines.push(format!("  {key}: {value} / {other}\n")),
            None => lines.push(format!("  {key}: {value} / absent\n")),
        }
    }
    let new = b.iter().filter(|(key, _)| !a.iter().any(|(known, _)| known == key));
    lines.extend(new.map(|(key, value)| format!("  {key}: absent / {value}\n")));
    lines
}

/// Lines of a TOML file as (section.key, value); a table of a list is known by its number.
fn keyed(text: &str) -> Vec<(String, String)> {
    let (mut section, mut lines) = (String::new(), Vec::new());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            let count = counts.entry(name.to_owned()).or_default();
            *count += 1;
            section = format!("{name}[{count}].");
        } else if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((key, value)) = line.split_once(" = ") {
            lines.push((format!("{section}{key}"), value.to_owned()));
        }
    }
    lines
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
    fn a_shorter_run_is_not_equal() {
        let mut other = sample();
        other.ticks.pop();
        let (text, same) = compared(&sample(), &other);
        assert!(!same && text.ends_with("length: 2 and 1 ticks\n"), "{text}");
    }
}
