//! `autarky diff`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use analysis::recording::Recording;
use engine::netcdf::Content;

use crate::arguments::DiffArguments;
use crate::checkpoint;
use crate::failure::Failure;
use crate::session::Session;
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
    let (a, b) = (read(&arguments.a)?, read(&arguments.b)?);
    let (text, same) = compared(&a, &b);
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

/// The recorded digests of all parts, a row a tick; in an ensemble the ticks of one run after those of the other.
pub(crate) fn digests(recording: &Recording<'_>) -> Result<Vec<Vec<u64>>, Failure> {
    let (high, low) = (recording.array("digest_high")?, recording.array("digest_low")?);
    let words = high.values.iter().zip(&low.values).map(|(&high, &low)| (high as u64) << 32 | low as u64);
    let parts = high.shape.last().copied().unwrap_or(1);
    Ok(words.collect::<Vec<u64>>().chunks(parts).map(<[u64]>::to_vec).collect())
}

fn trace(recording: &Recording<'_>) -> Result<Trace, Failure> {
    let dates = recording.dates()?;
    Ok(Trace {
        configuration: recording.document("configuration")?,
        program: format!("{} commit {}", recording.attribute("source")?, recording.attribute("commit")?),
        ticks: dates.iter().map(|date| date.to_string()[..7].to_owned()).zip(digests(recording)?).collect(),
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

/// Lines of a TOML file as (section.key, value); a measure is known by its number.
fn keyed(text: &str) -> Vec<(String, String)> {
    let (mut section, mut measures, mut lines) = (String::new(), 0, Vec::new());
    for line in text.lines().map(str::trim) {
        if line.starts_with("[[") {
            measures += 1;
            section = format!("measure[{measures}].");
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
