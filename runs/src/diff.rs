//! `autarky diff`.

mod found;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;

use analysis::recording::Recording;
use engine::netcdf::Content;

use crate::arguments::DiffArguments;
use crate::checkpoint;
use crate::failure::Failure;
use crate::session::Session;
use crate::sources::{merged_file_of, opened_whole, plan_of};
use crate::sweep::plan::{Plan, same_runs};
use crate::terminal::{json, say};
use found::{Differing, Found, Kind, Place, Setting};

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
    let found = match (ensemble(&arguments.a)?, ensemble(&arguments.b)?) {
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
    if arguments.json {
        json(&found)?;
    } else {
        say(&found.text());
    }
    Ok(ExitCode::from(u8::from(!found.same)))
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
    let path = merged_file_of(path)?;
    if checkpoint::is_checkpoint(&path) {
        return Ok(None);
    }
    let file = opened_whole(&path)?;
    if !file.is_ensemble()? {
        return Ok(None);
    }
    let plan = plan_of(&file, &path)?.plan;
    let status = file.texts("status")?;
    Ok(Some(Ensemble { file, plan, status }))
}

/// The differences of two ensembles: plans first, then run by run.
fn compared_ensembles(a: &Ensemble, b: &Ensemble) -> Result<Found, Failure> {
    let program = |x: &Ensemble| -> Result<String, Failure> {
        Ok(format!("{} commit {}", x.file.attribute("source")?, x.file.attribute("commit")?))
    };
    let (left, right) = (program(a)?, program(b)?);
    // Where nothing else is known, lines of the experiment and scenarios say what was meant to differ.
    let configuration = settings(&described(&a.plan), &described(&b.plan));
    let plan_equal = configuration.is_empty()
        && same_runs(&a.plan.runs, &b.plan.runs)
        && a.plan.arms == b.plan.arms
        && a.plan.variables == b.plan.variables;
    let places: BTreeMap<&str, usize> = b.plan.runs.iter().enumerate().map(|(n, run)| (run.digest(), n)).collect();
    let (mut in_both, mut equal, mut done_in_neither, mut differing) = (0, 0, 0, Vec::new());
    let parts = (a.file.labels("part")?, b.file.labels("part")?);
    let mut digests = (Digests::of(a), Digests::of(b));
    for (n, run) in a.plan.runs.iter().enumerate() {
        let Some(&m) = places.get(run.digest()) else { continue };
        in_both += 1;
        let mut differs = |what: String, place: Option<Place>| {
            let (arm, replicate) = (a.plan.arms[run.arm].name.clone(), run.replicate + 1);
            differing.push(Differing { run: run.id.clone(), arm, replicate, what, place });
        };
        if a.status[n] != b.status[m] {
            differs(format!("{} / {}", a.status[n], b.status[m]), None);
            continue;
        }
        if a.status[n] != "done" {
            done_in_neither += 1;
            continue;
        }
        let (left, right) = (digests.0.run(n)?, digests.1.run(m)?);
        match left.iter().zip(right).position(|(left, right)| left != right) {
            _ if parts.0 != parts.1 => differs("digested in other parts".to_owned(), None),
            None if left.len() == right.len() => equal += 1,
            None => differs(format!("{} / {} ticks", left.len(), right.len()), None),
            Some(tick) => {
                let place = Place::of(tick, &parts.0, &left[tick], &right[tick]);
                differs(format!("first difference in tick {}", tick + 1), Some(place));
            }
        }
    }
    let (only_first, only_second) = (a.plan.runs.len() - in_both, b.plan.runs.len() - in_both);
    Ok(Found {
        same: plan_equal && only_first + only_second == 0 && differing.is_empty(),
        program: (left != right).then_some([left, right]),
        configuration,
        of: Kind::Ensemble { plan_equal, in_both, only_first, only_second, equal, done_in_neither, differing },
    })
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

/// The differences of two runs; that of the number of ticks planned does not matter.
fn compared(a: &Trace, b: &Trace) -> Found {
    let configuration = settings(&keyed(&a.configuration), &keyed(&b.configuration));
    let comparable = a.parts == b.parts;
    let common_ticks = a.ticks.len().min(b.ticks.len());
    let first = (0..common_ticks).find(|&tick| a.ticks[tick] != b.ticks[tick]).filter(|_| comparable);
    let first_difference = first.map(|tick| {
        let ((month, left), (_, right)) = (&a.ticks[tick], &b.ticks[tick]);
        Place { month: Some(month.clone()), ..Place::of(tick, &a.parts, left, right) }
    });
    let ticks = [a.ticks.len(), b.ticks.len()];
    Found {
        same: comparable && first.is_none() && configuration.is_empty() && ticks[0] == ticks[1],
        program: (a.program != b.program).then(|| [a.program.clone(), b.program.clone()]),
        configuration,
        of: Kind::Run { comparable, common_ticks, ticks, first_difference },
    }
}

/// Differing entries of two configurations, key by key.
fn settings(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> Vec<Setting> {
    let of = |key: &String| Setting { key: key.clone(), first: a.get(key).cloned(), second: b.get(key).cloned() };
    let new = b.keys().filter(|key| !a.contains_key(*key));
    a.keys().chain(new).map(of).filter(|setting| setting.first != setting.second).collect()
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
        let found = compared(&sample(), &sample());
        let text = found.text();
        assert!(found.same && text == "configuration: equal\nstate: equal in all 2 common ticks\n", "{text}");
    }

    #[test]
    fn the_first_differing_tick_and_part_are_named() {
        let mut other = sample();
        other.ticks[1].1 = vec![9, 5, 7];
        other.configuration = "seed = 2\n[time]\nticks = 3\n[[measure]]\nrate = 1\n".to_owned();
        let found = compared(&sample(), &other);
        assert!(!found.same);
        assert_eq!(
            found.text(),
            "configuration: 2 lines differ\n  seed: 1 / 2\n  measure[1].rate: absent / 1\nstate: first difference in tick 2 (2024-02): books\n"
        );
    }

    #[test]
    fn the_same_configuration_written_otherwise_is_equal() {
        let a = keyed("rates=[1,2]\n[time]\nticks = 3 # three\n[[measure]]\nrate = 1\n");
        let b = keyed("rates = [\n  1,\n  2,\n]\ntime.ticks = 3\n[[measure]]\nrate=2\n");
        let told = |a, b| settings(a, b).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(told(&a, &b), ["measure[1].rate: 1 / 2"]);
        // What is no TOML is compared all the same.
        assert_eq!(told(&keyed("a b\nc"), &keyed("a b\nd")), ["line 2: c / d"]);
    }

    #[test]
    fn a_shorter_run_is_not_equal() {
        let mut other = sample();
        other.ticks.pop();
        let found = compared(&sample(), &other);
        let text = found.text();
        assert!(!found.same && text.ends_with("length: 2 and 1 ticks\n"), "{text}");
    }
}
