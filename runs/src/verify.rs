//! `autarky verify`: whether a file is what was written, by whom, and whether its accounts balance, without running anything.

use std::path::Path;
use std::process::ExitCode;

use analysis::identities;
use analysis::recording::Recording;
use configs::shipped;
use engine::digest::of_texts;
use engine::netcdf::{CHECKSUMS, NetcdfError, Values};
use miette::Diagnostic as _;
use serde::Serialize;

use crate::arguments::VerifyArguments;
use crate::checkpoint;
use crate::config::{ErrorKind, Overrides, load_scenario_text};
use crate::failure::Failure;
use crate::layout;
use crate::provenance::{COMMIT, DIRTY, SOURCES, VERSION};
use crate::session::{Session, digest_of};
use crate::sources::plan_of;
use crate::sweep::merge;
use crate::sweep::plan::{Bench, Plan, Scenario, same_runs};
use crate::sweep::shard::{self, Shard};
use crate::terminal::{json, say};

/// Damaged parts and breaches that are listed.
const SHOWN: usize = 10;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    /// No error, but whoever relies on the file should know.
    Note,
    /// The file is of another version, and only that can tell.
    Other,
    Wrong,
}

/// A line of what was found.
#[derive(Debug, Serialize)]
struct Line {
    level: Level,
    text: String,
}

/// What was found, a line each.
#[derive(Debug, Default)]
struct Report {
    lines: Vec<Line>,
}

/// The same for programs.
#[derive(Debug, Serialize)]
struct Document<'a> {
    file: String,
    sound: bool,
    /// Something was left that only the version that made the file can tell.
    other_version: bool,
    found: &'a [Line],
}

impl Report {
    fn push(&mut self, level: Level, text: &str) {
        self.lines.push(Line { level, text: text.to_owned() });
    }

    fn fine(&mut self, line: &str) {
        self.push(Level::Ok, line);
    }

    fn note(&mut self, line: &str) {
        self.push(Level::Note, line);
    }

    fn wrong(&mut self, line: &str) {
        self.push(Level::Wrong, line);
    }

    fn other(&mut self, line: &str) {
        self.push(Level::Other, line);
    }

    fn has_other(&self) -> bool {
        self.lines.iter().any(|line| line.level == Level::Other)
    }

    fn is_sound(&self) -> bool {
        self.lines.iter().all(|line| line.level != Level::Wrong)
    }

    fn text(&self) -> String {
        let line = |line: &Line| {
            let level = match line.level {
                Level::Ok => "ok   ",
                Level::Note => "note ",
                Level::Other => "OTHER",
                Level::Wrong => "WRONG",
            };
            format!("{level}  {}\n", line.text)
        };
        self.lines.iter().map(line).collect()
    }

    fn equal(&mut self, what: &str, here: &str, there: &str) {
        if here == there {
            self.fine(&format!("{what}: {here}"));
        } else {
            self.wrong(&format!("{what}: {here}, but {there} elsewhere in the file"));
        }
    }
}

/// Exit code for a file in which nothing is wrong, but which another version made, which alone can check the rest.
const OTHER_VERSION: u8 = 8;

/// Who made a file or a plan.
struct Maker {
    /// Program and commit.
    name: String,
    /// Whether it was this very build.
    here: bool,
}

impl Maker {
    /// Of a plan, by what it says.
    fn of_plan(plan: &Plan) -> Self {
        let here = plan.version == VERSION && plan.commit == COMMIT && DIRTY != "true";
        Self { name: format!("autarky {}, commit {}", plan.version, plan.commit), here }
    }

    /// Of a recording: the digest of the sources tells changed builds of one commit apart.
    fn of_recording(recording: &Recording<'_>) -> Result<Self, Failure> {
        let name = format!("{}, commit {}", recording.attribute("source")?, recording.attribute("commit")?);
        Ok(Self { name, here: recording.attribute("source_digest").is_ok_and(|digest| digest == SOURCES) })
    }

    /// What only that build can tell.
    fn alone_can_tell(&self, what: &str) -> String {
        format!("made by another version ({}; this is autarky {VERSION}, commit {COMMIT}): {what}", self.name)
    }
}

/// Checks a file; the exit code is 0 if it is sound, 1 if not, and 8 if nothing is wrong but something was left that only the
/// version that made it can tell.
///
/// # Errors
/// The file cannot be read at all.
pub fn verify(arguments: &VerifyArguments) -> Result<ExitCode, Failure> {
    let path = &arguments.file;
    let mut report = Report::default();
    if path.is_dir() {
        folder(path, &mut report)?;
    } else if checkpoint::is_checkpoint(path) {
        let session = Session::resume(checkpoint::read(path)?, None)?;
        report.fine(&format!("checksum of the checkpoint, after tick {}", session.tick()));
    } else {
        file(path, &mut report)?;
    }
    let (sound, other_version) = (report.is_sound(), report.has_other());
    if arguments.json {
        json(&Document { file: path.display().to_string(), sound, other_version, found: &report.lines })?;
    } else {
        let verdict = match (sound, other_version) {
            (false, _) => "NOT sound",
            (true, true) => "sound as far as this version can tell",
            (true, false) => "sound",
        };
        say(&format!("{}{}: {verdict}\n", report.text(), path.display()));
    }
    Ok(ExitCode::from(match (sound, other_version) {
        (false, _) => 1,
        (true, true) => OTHER_VERSION,
        (true, false) => 0,
    }))
}

/// Checks plan and shards of a sweep.
fn folder(path: &Path, report: &mut Report) -> Result<(), Failure> {
    let bench = Bench::open(path)?;
    plan(&bench, &Maker::of_plan(&bench.plan), report);
    let mut shards = Vec::new();
    for file in shard::files(path)? {
        let shard = Shard::open(&file, bench.digest());
        match shard.and_then(|shard| shard.verify().map(|()| shard)) {
            Ok(shard) => {
                report.fine(&format!("{}: {} runs, by {}", file.display(), shard.entries.len(), shard.program));
                if shard.torn > 0 {
                    report.note(&format!(
                        "{}: the last {} bytes are torn, as a killed worker leaves them; the run is done again",
                        file.display(),
                        shard.torn
                    ));
                }
                shards.push(shard);
            }
            Err(failure) => report.wrong(&failure.to_string()),
        }
    }
    match merge::survey(&bench, &shards) {
        Ok(places) => {
            let ended = places.iter().flatten().count();
            report.fine(&format!("runs: {ended} of {} have ended, and can stand in one ensemble", places.len()));
        }
        Err(failure) => report.wrong(&failure.to_string()),
    }
    Ok(())
}

fn file(path: &Path, report: &mut Report) -> Result<(), Failure> {
    let recording = Recording::open_unchecked(path)?;
    if let Some(reader) = recording.reader() {
        match reader.verify() {
            Ok(found) => {
                if found.damaged.is_empty() {
                    report.fine(&format!("checksums: {} parts of the file are what was written", found.sound));
                }
                for part in found.damaged.iter().take(SHOWN) {
                    report.wrong(&format!("checksum of {part}"));
                }
                if found.damaged.len() > SHOWN {
                    report.wrong(&format!("checksums of {} more parts", found.damaged.len() - SHOWN));
                }
            }
            Err(NetcdfError::NoVariable { name, .. }) if name == CHECKSUMS => {
                report.wrong(
                    "checksums: there are none, so the file was not written by this program, or by an old version",
                );
            }
            Err(error) => report.wrong(&format!("checksums: {error}")),
        }
    }
    if let Err(error) = layout::check(&recording) {
        // What is not laid out as a recording has no accounts that could be read.
        report.wrong(&format!("layout: {error}"));
        return Ok(());
    }
    if let Err(error) = accounts(&recording, report) {
        report.wrong(&format!("accounts: {error}"));
    }
    let checked = match recording.is_ensemble() {
        Ok(true) => ensemble(&recording, path, report),
        Ok(false) => run(&recording, report),
        Err(error) => Err(error.into()),
    };
    if let Err(error) = checked.and_then(|()| program(&recording, report)) {
        report.wrong(&format!("provenance: {error}"));
    }
    Ok(())
}

/// The identities, computed anew, and what the audit of the run said.
fn accounts(recording: &Recording<'_>, report: &mut Report) -> Result<(), Failure> {
    let found = identities::check(recording)?;
    let labels = recording.labels("region")?;
    for breach in found.breaches.iter().take(SHOWN) {
        let run = breach.run.map_or_else(String::new, |run| format!("run {}, ", run + 1));
        report.wrong(&format!(
            "identity `{}`: {run}tick {}, {}: off by {} minor units, and in {} more places",
            breach.identity,
            breach.tick + 1,
            labels.get(breach.region).map_or("?", String::as_str),
            breach.difference,
            breach.count - 1
        ));
    }
    if found.checked == 0 {
        report.note("identities: the file does not hold all variables of any");
    } else if found.breaches.is_empty() {
        let rest = if found.skipped > 0 {
            format!(" ({} need variables that are not here)", found.skipped)
        } else {
            String::new()
        };
        report.fine(&format!("identities: {} hold in {} equations{rest}", found.checked, found.equations));
    }
    if recording.variables()?.iter().any(|name| name == "identities_failed") {
        let failed = recording.array("identities_failed")?.values;
        let worst = failed.iter().copied().filter(|x| *x > 0.0).fold(0.0, f64::max);
        if worst > 0.0 {
            report.wrong(&format!("audit during the run: {worst} identities failed"));
        } else {
            report.fine("audit during the run: no identity failed");
        }
    }
    Ok(())
}

/// Where a single run comes from.
fn run(recording: &Recording<'_>, report: &mut Report) -> Result<(), Failure> {
    let text = recording.document("configuration")?;
    let name = recording.attribute("scenario")?;
    let maker = Maker::of_recording(recording)?;
    let loaded = match load_scenario_text(&name, &text, &Overrides::default()).map_err(Failure::from) {
        Err(failure) if !maker.here && is_of_another_version(&failure) => {
            report.other(&format!("configuration: {}", maker.alone_can_tell(&unread("its configuration", &failure))));
            return Ok(());
        }
        loaded => loaded?,
    };
    report.fine(&format!("configuration: scenario {name}, {} ticks", loaded.config.ticks));
    report.equal("seed", &recording.attribute("seed")?, &loaded.config.seed.to_string());
    let ticks = recording.dates()?.len();
    if ticks == loaded.config.ticks as usize {
        report.fine(&format!("length: all {ticks} ticks"));
    } else {
        report.note(&format!("length: {ticks} of {} ticks: the run was not finished", loaded.config.ticks));
    }
    let digest = recording.attribute("calibration_digest")?;
    if digest == digest_of(&loaded.calibration) {
        report.fine(&format!("world: {} has digest {digest}", loaded.config.world));
    } else if !maker.here && shipped::world(&loaded.config.world).is_some() {
        let what = format!("its world {} has other tables here", loaded.config.world);
        report.other(&format!("world: {}", maker.alone_can_tell(&what)));
    } else {
        report.wrong(&format!("world: {} is not the one that was run: its tables have changed", loaded.config.world));
    }
    Ok(())
}

/// Where the runs of an ensemble come from.
fn ensemble(recording: &Recording<'_>, path: &Path, report: &mut Report) -> Result<(), Failure> {
    let (maker, text) = (Maker::of_recording(recording)?, recording.document("plan")?);
    let (digest, noted) = (format!("{:016x}", of_texts([text.as_str()])), recording.attribute("plan_digest")?);
    report.equal("digest of the plan", &digest, &noted);
    // That another version's plan cannot be read here says nothing about the file, as long as the plan is what was written.
    if !maker.here
        && digest == noted
        && let Err(failure) = Bench::parse(&text, "the plan")
        && (is_of_another_version(&failure) || only_shipped_worlds_changed(&text))
    {
        report.other(&format!("plan: {}", maker.alone_can_tell(&unread("its plan", &failure))));
        return Ok(());
    }
    let bench = plan_of(recording, path)?;
    plan(&bench, &maker, report);
    let runs = &bench.plan.runs;
    let ids = match recording.reader().map(|reader| reader.dimension("run")) {
        Some(Ok(dimension)) => match dimension.coordinates {
            Some(Values::Text(ids)) => ids.into_owned(),
            _ => vec![],
        },
        _ => vec![],
    };
    let seeds = recording.integers("seed", None)?.values;
    let right = |k: usize| ids[k] == runs[k].id && seeds[k] as u64 == bench.plan.seeds[runs[k].replicate];
    match (ids.len() == runs.len()).then(|| (0..runs.len()).find(|&k| !right(k))) {
        Some(None) => report.fine(&format!("runs: ids and seeds of all {} are those of the plan", runs.len())),
        Some(Some(k)) => report.wrong(&format!("runs: number {} is not run {} of the plan", k + 1, runs[k].id)),
        None => report.wrong(&format!("runs: {} in the file, {} in the plan", ids.len(), runs.len())),
    }
    let status = recording.texts("status")?;
    let count = |wanted: &str| status.iter().filter(|status| *status == wanted).count();
    let (failed, missing) = (count("failed"), count("missing"));
    if failed + missing == 0 {
        report.fine(&format!("runs: all {} are done", runs.len()));
    } else {
        report.note(&format!("runs: {} done, {failed} failed, {missing} missing", count("done")));
    }
    Ok(())
}

/// Whether what cannot be read may be the form of another version, and not a file that is missing or a world that changed.
fn is_of_another_version(failure: &Failure) -> bool {
    match failure {
        Failure::Input(error) => error.kind() == ErrorKind::Configuration,
        // The form of the plan itself.
        Failure::File(_) => true,
        _ => false,
    }
}

/// Whether all worlds of a plan that are not those that were run come with the program, so that it is the program that changed.
fn only_shipped_worlds_changed(text: &str) -> bool {
    let Ok(plan) = serde_json::from_str::<Plan>(text) else { return false };
    let same = |scenario: &Scenario| {
        let loaded = load_scenario_text(&scenario.name, &scenario.configuration, &Overrides::default());
        loaded.is_ok_and(|loaded| {
            shipped::world(&loaded.config.world).is_some()
                || digest_of(&loaded.calibration) == scenario.calibration_digest
        })
    };
    plan.scenarios.iter().all(same)
}

/// That something cannot be read, and the first reason.
fn unread(what: &str, failure: &Failure) -> String {
    let first = match failure {
        Failure::Input(error) => error.related().into_iter().flatten().next().map(ToString::to_string),
        _ => None,
    };
    format!("this one cannot read {what}: {}", first.unwrap_or_else(|| failure.to_string()))
}

/// That every run of a plan is what its id says, and no seed is used twice.
fn plan(bench: &Bench, maker: &Maker, report: &mut Report) {
    match bench.runs() {
        Ok(runs) if same_runs(&runs, &bench.plan.runs) => {
            report.fine("plan: the id of every run is the digest of its configuration, world and seed");
        }
        // A version with other parameters completes configurations otherwise, which gives their runs other digests.
        Ok(_) if !maker.here && !bench.is_as_written() => report.other(&format!(
            "plan: {}",
            maker.alone_can_tell(
                "its configurations have not all parameters of this one, so the ids of its runs cannot be checked here"
            )
        )),
        Ok(_) => report.wrong("plan: the ids are not the digests of the runs: the plan was changed"),
        Err(failure) => report.wrong(&format!("plan: {failure}")),
    }
    let mut seeds = bench.plan.seeds.clone();
    seeds.sort_unstable();
    seeds.dedup();
    if seeds.len() == bench.plan.seeds.len() {
        report.fine(&format!("seeds: {} replicates, no seed twice", seeds.len()));
    } else {
        report.wrong("seeds: one is used by two replicates");
    }
}

/// Which program wrote the file.
fn program(recording: &Recording<'_>, report: &mut Report) -> Result<(), Failure> {
    let (source, commit) = (recording.attribute("source")?, recording.attribute("commit")?);
    let target = recording.attribute("target")?;
    let line = format!("program: {source}, commit {commit}, for {target}");
    match recording.attribute("commit_changed")?.as_str() {
        "false" => report.fine(&line),
        "true" => {
            report.note(&format!("{line}: built from sources that differ from the commit, which nobody else has"));
        }
        // Outside a repository the digest of the sources stands for a commit, and cannot be of others.
        _ if commit.starts_with("sources-") => report.fine(&line),
        _ => report.note(&format!("{line}: it is not known whether the sources were those of the commit")),
    }
    Ok(())
}
