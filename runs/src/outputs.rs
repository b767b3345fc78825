//! What a command reads is never replaced by what it writes, and a recording only by the same run.

use std::path::{Path, PathBuf};

use analysis::recording::Recording;
use engine::files;

use crate::arguments::{Command, SweepCommand};
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::run::BASELINE;
use crate::sources::file_of;
use crate::sweep::plan;

/// Ending of recordings that need not be said.
const USUAL: &str = "h5";
/// Other endings that recordings may have.
const OTHERS: [&str; 5] = ["nc", "nc4", "hdf5", "hdf", "cdf"];
/// Lines of a difference that are shown.
const SHOWN: usize = 4;

/// A file beside a recording: `x.h5` gives `x.<ending>`, and every other name all of itself, so that no two recordings
/// share a file (`x.nc` gives `x.nc.<ending>`). [`check_recording`] keeps `x` and `x.h5` apart.
#[must_use]
pub fn beside(recording: &Path, ending: &str) -> PathBuf {
    if recording.extension().is_some_and(|extension| extension == USUAL) {
        return recording.with_extension(ending);
    }
    files::with_suffix(recording, &format!(".{ending}"))
}

/// The recording a file beside it belongs to: the reverse of [`beside`].
#[must_use]
pub fn recording_of(file: &Path, ending: &str) -> Option<PathBuf> {
    let name = file.file_name()?;
    let stem = match name.to_str() {
        Some(text) => PathBuf::from(text.strip_suffix(ending)?.strip_suffix('.')?),
        None => PathBuf::from(Path::new(name).file_stem()?),
    };
    let named = stem.extension().and_then(|extension| extension.to_str()).is_some_and(|x| OTHERS.contains(&x));
    let recording = file.with_file_name(stem);
    Some(if named { recording } else { files::with_suffix(&recording, &format!(".{USUAL}")) })
}

/// Notes the files that a command is given to read. Those that a scenario names are noted when they are read.
pub fn protect_inputs(command: &Command) {
    let protect = |path: &Path| files::protect(path);
    let pair = |file: &Path, against: Option<&PathBuf>| {
        protect(&file_of(file));
        protect(&beside(file, BASELINE));
        if let Some(against) = against {
            protect(against);
        }
    };
    match command {
        Command::Run(x) => protect(Path::new(&x.scenario.scenario)),
        Command::Report(x) => pair(&x.from.file, x.from.against.as_ref()),
        Command::Plot(x) => pair(&x.from.file, x.from.against.as_ref()),
        Command::Indicators(x) => x.file.iter().for_each(|file| pair(file, x.against.as_ref())),
        Command::Export(x) => protect(&file_of(&x.file)),
        Command::BenchmarkStatic(x) => {
            protect(Path::new(&x.scenario));
            x.run.iter().for_each(|file| pair(file, x.against.as_ref()));
        }
        Command::Replay(x) => {
            protect(Path::new(&x.scenario));
            x.observed.iter().for_each(|path| protect(path));
            x.run.iter().for_each(|file| pair(file, x.against.as_ref()));
        }
        Command::Sweep { command } => match command {
            SweepCommand::Plan(x) => protect(&x.experiment),
            SweepCommand::Run(x) | SweepCommand::Retry(x) => protect(&x.sweep),
            SweepCommand::Submit(x) => protect(&x.sweep),
            SweepCommand::Merge(x) => protect(&x.dir.join(plan::FILE)),
            SweepCommand::Effects(x) => protect(&file_of(&x.of.sweep)),
            SweepCommand::Indices(x) => protect(&file_of(&x.of.sweep)),
            SweepCommand::Status(_) | SweepCommand::Cancel(_) => {}
        },
        _ => {}
    }
}

/// Checks before a run that a recording and the files beside it can be written: nothing there is an input, a device or
/// of another kind, and no name is too long.
///
/// # Errors
/// What keeps one of them from being written.
pub fn check_recording(out: &Path) -> Result<(), Failure> {
    if out.extension().is_some_and(|extension| extension == "ckpt" || extension == "json") {
        let message =
            format!("cannot record to {}: this ending is used for other files of the run; use .h5", out.display());
        return Err(Failure::File(message));
    }
    files::check(out)?;
    files::check_recording(out)?;
    let other = sibling(out);
    if other.is_file() && files::check_recording(&other).is_ok() {
        return Err(Failure::File(format!(
            "cannot write {}: {} is there, and both would have the same checkpoint and baseline; give another --out",
            out.display(),
            other.display()
        )));
    }
    for path in [files::with_suffix(out, ".json"), beside(out, "ckpt"), files::previous_path(&beside(out, "ckpt"))] {
        files::check(&path)?;
    }
    Ok(())
}

/// The one name whose files beside it are called as those of `out`: `x` for `x.h5`, `x.h5` for `x`.
fn sibling(out: &Path) -> PathBuf {
    if out.extension().is_some_and(|extension| extension == USUAL) {
        return out.with_extension("");
    }
    files::with_suffix(out, &format!(".{USUAL}"))
}

/// Checks that a recording may take the place of what is at `out`: nothing, or a recording of the same configuration and
/// world, for a run that goes on also a shorter one.
///
/// # Errors
/// What is there is of another configuration, and `overwrite` was not asked for; the message names the difference.
pub fn check_same(out: &Path, config: &ResolvedConfig, goes_on: bool, overwrite: bool) -> Result<(), Failure> {
    let there = std::fs::metadata(out).is_ok_and(|found| found.len() > 0);
    if overwrite || !there {
        return Ok(());
    }
    let refuse = |what: &str| {
        Err(Failure::File(format!(
            "cannot write {}: {what}; give another --out, or --overwrite to replace it",
            out.display()
        )))
    };
    let before = match Recording::open(out) {
        Ok(recording) => recording.document("configuration"),
        Err(error) => return refuse(&format!("the file there cannot be read ({error})")),
    };
    let Ok(before) = before else {
        return refuse("the file there is not the recording of a run (an ensemble, or of another program)");
    };
    let wanted = |line: &&str| !(line.trim().is_empty() || goes_on && line.starts_with("ticks = "));
    let now = config.to_toml();
    let (before, now): (Vec<&str>, Vec<&str>) =
        (before.lines().filter(wanted).collect(), now.lines().filter(wanted).collect());
    if before == now {
        return Ok(());
    }
    refuse(&format!("the recording there is of another configuration ({})", difference(&before, &now)))
}

/// The lines in which two configurations differ, in short.
fn difference(before: &[&str], now: &[&str]) -> String {
    let only = |a: &[&str], b: &[&str]| -> Vec<String> {
        a.iter().filter(|line| !b.contains(line)).map(|line| shortened(line)).collect()
    };
    let (there, here) = (only(before, now), only(now, before));
    let listed = |lines: &[String]| match lines {
        [] => "nothing more".to_owned(),
        lines if lines.len() > SHOWN => {
            format!("{} and {} more lines", lines[..SHOWN].join(", "), lines.len() - SHOWN)
        }
        lines => lines.join(", "),
    };
    if there.is_empty() && here.is_empty() {
        return "its lines are in another order".to_owned();
    }
    format!("there {}; here {}", listed(&there), listed(&here))
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 60;
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    line.chars().take(LONGEST).chain("..".chars()).collect()
}

/// Checks that an ensemble may take the place of what is at `out`: nothing, or an ensemble of the same plan.
///
/// # Errors
/// It is of another kind, an input, or of another plan.
pub fn check_ensemble(out: &Path, digest: u64) -> Result<(), Failure> {
    files::check(out)?;
    files::check_recording(out)?;
    if !std::fs::metadata(out).is_ok_and(|found| found.len() > 0) {
        return Ok(());
    }
    let found = Recording::open(out).and_then(|file| file.attribute("plan_digest"));
    if found.is_ok_and(|found| found == format!("{digest:016x}")) {
        return Ok(());
    }
    Err(Failure::File(format!(
        "cannot write {}: the file there is not an ensemble of this plan and is not replaced; give another --out, or move it away (`run` replaces it with --overwrite)",
        out.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_beside_recordings_never_collide() {
        let names = ["x.h5", "x.nc", "x.nc4", "x.v2.h5", "x.hdf5", "y", "y.dat"];
        for ending in ["ckpt", BASELINE, "html"] {
            let mut all: Vec<PathBuf> = names.iter().map(|name| beside(Path::new(name), ending)).collect();
            all.sort();
            all.dedup();
            assert_eq!(all.len(), names.len(), "{all:?}");
        }
        for name in ["x.h5", "x.nc", "a/x.v2.h5", "x.hdf5"] {
            let path = Path::new(name);
            assert_eq!(recording_of(&beside(path, "ckpt"), "ckpt").as_deref(), Some(path));
            assert_eq!(recording_of(&beside(path, BASELINE), BASELINE).as_deref(), Some(path));
        }
        assert_eq!(recording_of(Path::new("x.h5"), BASELINE), None);
    }

    #[test]
    fn a_difference_is_named_in_short() {
        assert_eq!(difference(&["a = 1", "b = 2"], &["a = 1", "b = 3"]), "there b = 2; here b = 3");
        let many: Vec<String> = (0..9).map(|n| format!("m{n} = 1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(difference(&many, &[]).contains("and 5 more lines; here nothing more"));
    }
}
