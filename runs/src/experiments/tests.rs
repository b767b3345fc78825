//! Runs that are grown together are the runs done alone, and what is kept serves whom it should.

use std::collections::BTreeMap;
use std::path::PathBuf;

use agents::record::Detail;
use analysis::recording::Recording;
use clap::Parser as _;

use super::adopt::{adopt, noted};
use super::arm::Run;
use super::fork::{Fork, ticks};
use super::grow::Grower;
use super::interview::Question;
use super::kept::Kept;
use super::meter::Meter;
use super::runner::Missing;
use super::{planned, runs_of};
use crate::arguments::Cli;
use crate::checkpoint::Options;
use crate::failure::Panics;
use crate::session::Session;
use crate::signals::Interrupt;

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("autarky-experiments-{}-{name}", std::process::id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The runs of an experiment, cut off at a tick.
fn runs(command: &str, longest: u32) -> Vec<Run> {
    let words = std::iter::once("autarky").chain(command.split(' '));
    let cli = Cli::try_parse_from(words).expect("a command");
    let planned = planned(&cli.command).expect("it can be planned").expect("an experiment");
    let mut runs = runs_of(planned.experiment.arms());
    for run in &mut runs {
        run.config.ticks = run.config.ticks.min(longest);
    }
    runs
}

/// Does runs together.
fn grow(runs: &[Run], kept: &Kept) -> u64 {
    let mut families: Vec<u64> = runs.iter().map(|run| run.family).collect();
    families.sort_unstable();
    families.dedup();
    let interrupt = Interrupt::default();
    let mut all = 0;
    for family in families {
        let mut needed: BTreeMap<u64, Run> = BTreeMap::new();
        for run in runs.iter().filter(|run| run.family == family) {
            needed.entry(run.key).and_modify(|known| known.serve(run)).or_insert_with(|| run.clone());
        }
        let family: Vec<&Run> = needed.values().collect();
        all += ticks(&family, 0);
        let meter = Meter::begin(0, 0);
        Grower { kept, interrupt: &interrupt, meter: &meter }.grow(&family).expect("they run");
    }
    all
}

/// Every variable of a run that was grown with others is that of the run done alone, bit for bit.
fn assert_as_alone(run: &Run, kept: &Kept) {
    let options = Options { audit_stops: true, detail: run.detail, compare: false };
    let mut session = Session::begin(run.config.clone(), &run.calibration, options).expect("a world");
    while session.tick() < run.config.ticks {
        session.step().expect("it runs");
    }
    let recorder = session.into_recorder();
    let content = recorder.content();
    let (alone, grown) = (Recording::of(&content), kept.recording(run).expect("it is kept"));
    for name in alone.variables().expect("names") {
        let Ok(array) = alone.array(&name) else { continue };
        let same = grown.array(&name).expect("the same variables");
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert!(array.shape == same.shape && bits(&array.values) == bits(&same.values), "{}: {name}", run.name());
    }
}

#[test]
fn runs_grown_together_are_those_done_alone() {
    let folder = Folder::new("together");
    let kept = Kept::beside(&folder.0);
    // Shocks of `backup` come at tick 60, in worlds with and without a programme from tick 12 on.
    let mut all = runs("backup --seeds 1 --households-per-region 2500", 62);
    all.retain(|run| ["interior-backup", "embargo-with-and-without-backup"].contains(&run.config.name.as_str()));
    all.extend(runs("reshoring --seeds 1 --households-per-region 210", 19));
    all.extend(runs("score --seeds 1 --households-per-region 210", 16));
    all.extend(runs("stability --seeds 2 --households-per-region 210", 16));
    all.retain(|run| !run.config.name.starts_with("laffer") || run.config.name.ends_with(" 0.1"));
    let simulated = grow(&all, &kept);
    let asked: u64 = all.iter().map(|run| u64::from(run.config.ticks)).sum();
    assert!(simulated < asked * 3 / 4, "{simulated} of {asked} ticks");
    for run in &all {
        assert_as_alone(run, &kept);
    }
}

#[test]
fn runs_part_when_somebody_learns_of_a_measure() {
    let all = runs("stability --seeds 1 --households-per-region 300", 40);
    let group: Vec<&Run> = all.iter().collect();
    let fork = Fork::of(&group);
    assert!(fork.common.is_empty(), "the baseline has no measures");
    assert_eq!(fork.tick, Some(12), "all three policies begin in January 2025");
    assert_eq!(fork.groups.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 1]);
    assert!(fork.groups[3][0].config.measures.is_empty(), "what goes on as before comes last");
    // Twelve in common, then four times 28.
    assert_eq!(ticks(&group, 0), 12 + 4 * 28);
    let alone = Fork::of(&group[1..2]);
    assert_eq!((alone.tick, alone.common.len()), (None, all[1].config.measures.len()));
}

#[test]
fn runs_that_measures_do_not_reach_are_simulated_once() {
    let all = runs("stability --seeds 1 --households-per-region 300", 10);
    assert_eq!(ticks(&all.iter().collect::<Vec<_>>(), 0), 10);
}

#[test]
fn what_is_kept_serves_the_same_shorter_or_plainer_run_only() {
    let folder = Folder::new("kept");
    let kept = Kept::beside(&folder.0);
    let mut all = runs("facts --seeds 2 --households-per-region 300", 3);
    let run = all.remove(0);
    assert!(kept.find(&run).is_none());
    grow(std::slice::from_ref(&run), &kept);
    assert!(kept.find(&run).is_some());
    let plainer = Run { detail: Detail::Standard, ..run.clone() };
    assert!(kept.find(&plainer).is_some());
    let mut shorter = run.clone();
    shorter.config.ticks = 2;
    assert_eq!(kept.recording(&shorter).expect("it serves").dates().expect("dates").len(), 2);
    let mut longer = run.clone();
    longer.config.ticks = 4;
    assert!(kept.find(&longer).is_none());
    assert!(kept.find(&Run { asked: [Question::CrossSections].into(), ..run.clone() }).is_none());
    // Measures, seeds and parameters make another run; names and sources do not.
    assert!(all.iter().all(|other| other.key != run.key), "other measures or seeds");
    let other = runs("facts --seeds 1 --households-per-region 300 --set shocks.enabled=false", 3).remove(0);
    assert!(other.family != run.family);
    let same = runs("stability --seeds 1 --households-per-region 300", 3).remove(0);
    assert_eq!(same.key, run.key, "the baseline of another experiment");
    // Missing runs are those that are asked for and not kept, each once.
    let missing = Missing::of(&[same.clone(), run.clone(), all[0].clone(), all[0].clone()], &kept);
    assert_eq!((missing.runs, missing.ticks, missing.asked), (1, 3, 12));
}

/// Runs as another build named and kept them; `told` may change what it did.
fn kept_by(build: &str, runs: &[Run], folder: &Folder, told: impl Fn(&mut Run)) {
    let as_then = |run: &Run| {
        let mut then = Run { key: run.key_of(build), ..run.clone() };
        told(&mut then);
        then
    };
    grow(&runs.iter().map(as_then).collect::<Vec<_>>(), &Kept::of_build(&folder.0, build));
}

/// Names and bytes of the files of a build.
fn files(folder: &Folder, build: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(Kept::of_build(&folder.0, build).folder()).into_iter().flatten().flatten();
    files.map(|file| (file.path(), std::fs::read(file.path()).expect("a run"))).collect()
}

#[test]
fn runs_of_a_build_that_did_the_same_are_adopted() {
    const BUILD: &str = "0123456789abcdef";
    let folder = Folder::new("adopted");
    let panics = Panics::default();
    let mut all = runs("stability --seeds 2 --households-per-region 210", 14);
    // A run that was not asked for then is to be done.
    let new = all.pop().expect("runs");
    kept_by(BUILD, &all, &folder, |_| ());
    let before = files(&folder, BUILD);
    let experiments = [("stability", [all.clone(), vec![new.clone()]].concat())];
    let refused = |build: &str, text: &str| {
        let failure = adopt(build, &experiments, &folder.0, &panics).expect_err("it is refused");
        assert!(failure.to_string().contains(text), "{failure}");
        assert!(!Kept::beside(&folder.0).folder().exists(), "nothing is adopted");
        failure.code()
    };
    assert_eq!(refused("fedcba9876543210", "there are those of: 0123456789abcdef"), 5);
    assert_eq!(refused(crate::provenance::WORLD_SOURCES, "is this build"), 3);

    // A build with another rule, here another parameter that its names do not tell of.
    let other = "00000000000000aa";
    kept_by(other, &all, &folder, |run| run.config.parameters.values.shocks.enabled ^= true);
    assert_eq!(refused(other, "nothing was adopted"), 3);

    adopt(BUILD, &experiments, &folder.0, &panics).expect("the same");
    let kept = Kept::beside(&folder.0);
    assert!(noted(&kept).contains("7 runs of build 0123456789abcdef adopted after 2 of them"), "{}", noted(&kept));
    for run in &all {
        assert_as_alone(run, &kept);
    }
    assert_eq!(Missing::of(&experiments[0].1, &kept).runs, 1);
    assert!(kept.find(&new).is_none() && !folder.0.join(".adopting").exists());
    assert!(files(&folder, BUILD) == before, "what a build kept stays as it is");
}
