//! `autarky report` and `autarky plot`.

use std::path::{Path, PathBuf};

use analysis::cache::RunCache;
use analysis::ensemble::Ensemble;
use analysis::recording::Recording;
use analysis::report::{Heading, Language, Report, RunPair, Source, report};
use engine::files::{self, write_bytes_atomically};

use crate::arguments::{Lang, PlotArguments, ReportArguments, ReportSource};
use crate::failure::Failure;
use crate::outputs;
use crate::picture::png;
use crate::run::BASELINE;
use crate::session::{first_policy_tick, focus};
use crate::sources::{paired, plan_of, region_of, single};
use crate::terminal::say;

/// Arms that are named in a note.
const NAMED: usize = 8;

/// The baseline recorded beside a run, if there is one.
pub(crate) fn beside(path: &Path) -> Option<PathBuf> {
    let baseline = outputs::beside(path, BASELINE);
    baseline.is_file().then_some(baseline)
}

fn language(from: &ReportSource) -> Language {
    if from.lang == Lang::Zh { Language::Chinese } else { Language::English }
}

/// Attributes that say where a run comes from; old recordings lack some.
const OF_RUN: [&str; 9] =
    ["scenario", "seed", "world", "households", "firms", "source", "commit", "target", "calibration_digest"];

fn provenance(recording: &Recording<'_>, names: &[&str]) -> Vec<(String, String)> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), recording.attribute(name).ok()?))).collect()
}

/// Labels of the measures that two configurations have in common.
fn in_both(configuration: &str, other: &str) -> Vec<String> {
    let measures = |text: &str| -> Vec<toml::Value> {
        let found = text.parse::<toml::Table>().ok().and_then(|mut table| table.remove("measure"));
        found.and_then(|found| found.as_array().cloned()).unwrap_or_default()
    };
    let others = measures(other);
    let common = measures(configuration).into_iter().filter(|measure| others.contains(measure));
    common.filter_map(|measure| Some(measure.get("label")?.as_str()?.to_owned())).collect()
}

fn made(from: &ReportSource) -> Result<Report, Failure> {
    let recording = Recording::open(&from.file)?;
    if recording.is_ensemble()? {
        return of_ensemble(&recording, from);
    }
    if from.arm.is_some() {
        let message = format!("{} holds one run: leave --arm out", from.file.display());
        return Err(Failure::Configuration(message));
    }
    let against = if from.alone { None } else { from.against.clone().or_else(|| beside(&from.file)) };
    let baseline = against.as_ref().map(|path| single(path)).transpose()?;
    if let Some(baseline) = &baseline {
        paired(&recording, baseline)?;
    }
    let language = language(from);
    let configuration = |recording: &Recording<'_>| recording.document("configuration");
    let common = match &baseline {
        Some(baseline) => in_both(&configuration(&recording)?, &configuration(baseline)?),
        None => vec![],
    };
    let source = Source {
        title: recording.attribute("title")?,
        runs: format!("{} {}", language.of(["seed", "种子"]), recording.attribute("seed")?),
        event: recording.attribute("first_policy_tick")?.parse().ok(),
        region: region_of(&recording, from.region.as_deref())?,
        language,
        notes: vec![],
        in_both: common,
        provenance: provenance(&recording, &OF_RUN),
        pairs: vec![(recording, baseline)],
    };
    Ok(report(&source)?)
}

/// The arm asked for, or else the first.
fn chosen<'a>(known: &[&'a str], asked: Option<&str>) -> Result<&'a str, Failure> {
    let Some(arm) = asked else {
        let none = || Failure::Configuration("the plan has no arm".to_owned());
        return known.first().copied().ok_or_else(none);
    };
    known.iter().find(|known| **known == arm).copied().ok_or_else(|| {
        let shown: Vec<&str> = known.iter().take(NAMED).copied().collect();
        let rest = known.len() - shown.len();
        let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        Failure::Configuration(format!("--arm {arm}: there is none to show; there are {}{rest}", shown.join(", ")))
    })
}

/// Runs of an arm that were done, with their baselines if they are `compared` and those were done too; and how many are planned.
fn pairs_of<'a>(
    cache: &'a RunCache<'a>,
    ensemble: &Ensemble<'_>,
    arm: &str,
    compared: bool,
) -> (Vec<RunPair<'a>>, usize) {
    let mut pairs = Vec::new();
    let mut planned = 0;
    for run in (0..ensemble.arms.len()).filter(|&run| ensemble.arms[run] == arm) {
        planned += 1;
        let base = ensemble.baselines[run].filter(|_| compared);
        if ensemble.done[run] && base.is_none_or(|base| ensemble.done[base]) {
            pairs.push((Recording::of_run(cache, run), base.map(|base| Recording::of_run(cache, base))));
        }
    }
    (pairs, planned)
}

/// An arm of an ensemble against its baselines, or by itself.
fn of_ensemble(file: &Recording<'static>, from: &ReportSource) -> Result<Report, Failure> {
    if from.against.is_some() {
        return Err(Failure::Configuration(format!(
            "{} is an ensemble and holds its own baselines: leave --against out",
            from.file.display()
        )));
    }
    let reader = file.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
    let bench = plan_of(file, &from.file)?;
    let ensemble = Ensemble::open(reader)?;
    let compared = if from.alone { vec![] } else { ensemble.compared() };
    let known: Vec<&str> = if compared.is_empty() {
        bench.plan.arms.iter().map(|arm| arm.name.as_str()).collect()
    } else {
        compared.clone()
    };
    let arm = chosen(&known, from.arm.as_deref())?;
    let cache = RunCache::new(reader);
    let (pairs, planned) = pairs_of(&cache, &ensemble, arm, !compared.is_empty());
    let language = language(from);
    let mut notes = Vec::new();
    if pairs.is_empty() {
        return Err(Failure::Configuration(format!(
            "no run of arm {arm} {}: see `autarky sweep status` or variable `failure` of {}",
            if compared.is_empty() { "was done" } else { "and its baseline were both done" },
            from.file.display()
        )));
    }
    if pairs.len() < planned {
        let left_out = planned - pairs.len();
        let text = language.of([
            "runs of this arm are left out: they, or their baselines, failed or are missing",
            "次模拟未计入：其自身或其基准失败或缺失",
        ]);
        notes.push(format!("{left_out} / {planned} {text}"));
    }
    if known.len() > 1 && from.arm.is_none() {
        let others: Vec<&str> = known.iter().skip(1).take(NAMED).copied().collect();
        let more = if known.len() > NAMED + 1 { ", .." } else { "" };
        let text = language.of(["other arms, for --arm", "其他方案（--arm）"]);
        notes.push(format!("{text}: {}{more}", others.join(", ")));
    }
    let place = bench.plan.arms.iter().position(|x| x.name == arm).unwrap_or(0);
    let config = bench.config(place, 0)?;
    let codes = file.labels("region")?;
    let region = match &from.region {
        Some(asked) => region_of(file, Some(asked))?,
        None => focus(&config, &codes).to_owned(),
    };
    let mut whence = vec![
        ("scenario".to_owned(), config.name.clone()),
        ("arm".to_owned(), arm.to_owned()),
        ("runs".to_owned(), ensemble.arms.len().to_string()),
    ];
    whence.extend(provenance(file, &["plan_digest", "world", "source", "commit", "target", "calibration_digest"]));
    let base = bench.plan.arms[place].baseline.filter(|_| !compared.is_empty());
    let common = match base {
        Some(base) => in_both(&config.to_toml(), &bench.config(base, 0)?.to_toml()),
        None => vec![],
    };
    let source = Source {
        title: bench.plan.title.clone(),
        runs: format!("{arm}, {} {}", language.of(["runs:", "模拟次数："]), pairs.len()),
        event: first_policy_tick(&config).map(|tick| tick as usize),
        region,
        language,
        notes,
        in_both: common,
        provenance: whence,
        pairs,
    };
    Ok(report(&source)?)
}

/// Writes a page.
///
/// # Errors
/// A file cannot be read or written, or two files do not belong together.
pub fn page(arguments: &ReportArguments) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| outputs::beside(&arguments.from.file, "html"));
    files::check(&out)?;
    let report = made(&arguments.from)?;
    write_bytes_atomically(&out, report.html().as_bytes())?;
    say(&format!("written: {}\n", out.display()));
    Ok(())
}

/// Writes a figure of the page as a drawing or picture of its own.
///
/// # Errors
/// As [`page`], and if there is no such figure.
pub fn plot(arguments: &PlotArguments) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.svg", arguments.figure)));
    let kind = out.extension().and_then(|kind| kind.to_str()).unwrap_or_default().to_ascii_lowercase();
    if kind != "svg" && kind != "png" {
        return Err(Failure::Configuration(format!("--out {}: write a file that ends in .svg or .png", out.display())));
    }
    files::check(&out)?;
    let report = made(&arguments.from)?;
    let found = report.charts().find(|chart| chart.id == arguments.figure).ok_or_else(|| {
        let known: Vec<&str> = report.charts().map(|chart| chart.id.as_str()).collect();
        Failure::Configuration(format!("there is no figure `{}`; there are {}", arguments.figure, known.join(", ")))
    })?;
    let head = Heading { title: &found.title, unit: &found.unit, description: &found.description, keys: &found.keys };
    let text = found.drawing.file(found.size, &head);
    let bytes = if kind == "png" { png(&text, arguments.scale)? } else { text.into_bytes() };
    write_bytes_atomically(&out, &bytes)?;
    say(&format!("written: {} ({}, {})\n", out.display(), found.title, found.unit));
    Ok(())
}
