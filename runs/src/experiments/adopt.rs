//! `autarky results --adopt DIGEST`: takes over the runs of a former build whose rules were not the same text but gave the same.
//!
//! The names of kept runs hold a digest of the sources, so that any change of a source puts all of them out of date. A sample is
//! simulated again and compared with what the former build kept, every variable of it bit for bit; only if all are equal are the
//! former runs linked under the names they have in this build. What was written down by a build is never changed.

use std::fs;
use std::path::{Path, PathBuf};

use analysis::recording::Recording;
use engine::digest::of_texts;
use engine::files::write_bytes_atomically;

use super::arm::Run;
use super::interview::Question;
use super::kept::Kept;
use super::runner::Missing;
use crate::failure::{Failure, Panics, file_error};
use crate::provenance::WORLD_SOURCES;
use crate::signals::Interrupt;
use crate::terminal::{note, say};

/// Runs of an experiment that are simulated again, of as many worlds.
const SAMPLE: usize = 2;

/// What sums up the state, which changes whenever it is declared anew, and how many identities the audit checked: they say
/// nothing about the world that its series do not say, and no table reads them.
const SUMS: [&str; 3] = ["digest_high", "digest_low", "identities_checked"];

/// File in the folder of this build's runs that says what was adopted.
const NOTE: &str = "adopted.txt";

/// Runs of a former build that this one can use, if it gives the same.
struct Former {
    /// The run, as this build names it.
    run: Run,
    /// The file of the former build.
    file: PathBuf,
    /// The files of its answers to what is asked.
    answers: Vec<(Question, PathBuf)>,
}

/// Adopts the runs of a build for some experiments, each with its runs. `out` is the folder of the tables.
///
/// # Errors
/// If there are none, or one differs: nothing is adopted then.
pub(super) fn adopt(
    digest: &str,
    experiments: &[(&str, Vec<Run>)],
    out: &Path,
    panics: &Panics,
) -> Result<(), Failure> {
    let (kept, former) = (Kept::beside(out), Kept::of_build(out, digest));
    if digest == WORLD_SOURCES {
        return Err(Failure::Configuration(format!("--adopt: {digest} is this build; its runs are used as they are")));
    }
    if !Kept::builds(out).iter().any(|known| known == digest) {
        return Err(Failure::File(format!(
            "--adopt: there are no runs of a build {digest} in {}; there are those of: {}",
            former.folder().parent().unwrap_or(out).display(),
            Kept::builds(out).join(", ")
        )));
    }
    let mut found: Vec<Former> = Vec::new();
    let mut sample: Vec<Run> = Vec::new();
    for (_, runs) in experiments {
        let own: Vec<Former> = runs.iter().filter_map(|run| find(&former, digest, run)).collect();
        sample.extend(chosen(&own));
        for one in own {
            if !found.iter().any(|known| known.run.key == one.run.key && known.run.asked.is_superset(&one.run.asked)) {
                found.push(one);
            }
        }
    }
    if found.is_empty() {
        return Err(Failure::Configuration(format!(
            "--adopt: none of the runs asked for is kept by build {digest}: its configuration, tables of the world or sizes were others"
        )));
    }
    sample.sort_by_key(|run| run.key);
    sample.dedup_by_key(|run| run.key);
    say(&format!("{} runs of build {digest} can be used; {} of them are repeated\n", found.len(), sample.len()));
    let proof = Kept::beside(&out.join(".adopting"));
    let done = repeat(&sample, &former, digest, &proof, panics);
    let removed = fs::remove_dir_all(out.join(".adopting"));
    let values = done?;
    removed.map_err(|error| file_error("remove", &out.join(".adopting"), error))?;
    let taken = take(&found, &kept)?;
    let text = format!(
        "{taken} runs of build {digest} adopted after {} of them were repeated: {values} recorded numbers equal bit for bit, all but digests and how many identities were checked",
        sample.len()
    );
    write_bytes_atomically(&kept.folder().join(NOTE), format!("{text}\n").as_bytes())?;
    say(&format!("{text}\n"));
    Ok(())
}

/// What was adopted by this build, in a sentence; nothing if nothing was.
pub(super) fn noted(kept: &Kept) -> String {
    fs::read_to_string(kept.folder().join(NOTE)).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// A run as the former build kept it.
fn find(former: &Kept, digest: &str, run: &Run) -> Option<Former> {
    let then = Run { key: run.key_of(digest), ..run.clone() };
    let file = former.find(&then)?;
    let answers = run.asked.iter().map(|&question| (question, former.answer_path(&then, question))).collect();
    Some(Former { run: run.clone(), file, answers })
}

/// Runs of different worlds: those whose keys, mixed with their seeds, come first, so that nobody picks.
fn chosen(found: &[Former]) -> Vec<Run> {
    let mut order: Vec<&Run> = found.iter().map(|one| &one.run).collect();
    let place = |run: &Run| {
        let texts = [run.key, run.config.seed].map(|number| number.to_string());
        of_texts(texts.iter().map(String::as_str))
    };
    order.sort_by_key(|run| (place(run), run.key));
    let mut sample: Vec<Run> = Vec::new();
    for &run in &order {
        if sample.len() < SAMPLE && !sample.iter().any(|known| world(known) == world(run)) {
            sample.push(run.clone());
        }
    }
    // Other seeds of an experiment with one world.
    for run in order {
        if sample.len() < SAMPLE && !sample.iter().any(|known| known.key == run.key) {
            sample.push(run.clone());
        }
    }
    sample
}

/// The same for all seeds of a world.
fn world(run: &Run) -> u64 {
    let mut any = run.clone();
    any.config.seed = 0;
    any.key_of(WORLD_SOURCES)
}

/// Simulates runs again and compares them; returns how many numbers were equal.
fn repeat(sample: &[Run], former: &Kept, digest: &str, proof: &Kept, panics: &Panics) -> Result<usize, Failure> {
    let missing = Missing::of(sample, proof);
    note(&missing.text(proof));
    missing.make(&Interrupt::listen()?, panics, proof)?;
    let mut values = 0;
    for run in sample {
        let then = Run { key: run.key_of(digest), ..run.clone() };
        values += compare(run, &former.recording(&then)?, &proof.recording(run)?)?;
        for &question in &run.asked {
            if former.answer(&then, question)? != proof.answer(run, question)? {
                return Err(differs(run, "what firms and households said"));
            }
        }
    }
    Ok(values)
}

/// A former run that this build does not repeat.
fn differs(run: &Run, what: &str) -> Failure {
    Failure::Configuration(format!(
        "--adopt: nothing was adopted: `{}` is not what that build kept, first in {what}; run without --adopt",
        run.name()
    ))
}

/// Compares all variables of a run; returns how many numbers there are.
fn compare(run: &Run, before: &Recording<'_>, now: &Recording<'_>) -> Result<usize, Failure> {
    let mut values = 0;
    // The former recording may have more detail than is asked for, but nothing may be new.
    let (known, names) = (before.variables()?, now.variables()?);
    if let Some(new) = names.iter().find(|name| !known.contains(name)) {
        return Err(differs(run, &format!("`{new}`, which it does not have")));
    }
    for name in names.into_iter().filter(|name| !SUMS.contains(&name.as_str())) {
        let (Ok(before), Ok(now)) = (before.array(&name), now.array(&name)) else { continue };
        let place = before.values.iter().zip(&now.values).position(|(a, b)| a.to_bits() != b.to_bits());
        if before.shape != now.shape {
            return Err(differs(run, &format!("the size of `{name}`")));
        }
        if let Some(at) = place {
            let width: usize = before.shape.iter().skip(1).product();
            return Err(differs(run, &format!("`{name}`, tick {}", at / width.max(1))));
        }
        values += before.values.len();
    }
    Ok(values)
}

/// Links the runs under the names of this build; copies them where links cannot be. Returns how many.
fn take(found: &[Former], kept: &Kept) -> Result<usize, Failure> {
    // Not as for new runs, which would remove those of other builds.
    kept.create()?;
    let mut taken = 0;
    for Former { run, file, answers } in found {
        if kept.find(run).is_some() {
            continue;
        }
        // The answers first: a recording serves who asks only with them.
        for (question, answer) in answers {
            link(answer, &kept.answer_path(run, *question))?;
        }
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let rest = name.split_once('-').map_or(name, |parts| parts.1);
        link(file, &kept.folder().join(format!("{:016x}-{rest}", run.key)))?;
        taken += 1;
    }
    Ok(taken)
}

fn link(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        return Ok(());
    }
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ())).map_err(|error| file_error("write", to, error))
}
