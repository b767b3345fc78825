//! `autarky report` and `autarky plot`.

use std::path::{Path, PathBuf};

use analysis::cache::RunCache;
use analysis::chance::PLACEBO;
use analysis::ensemble::Ensemble;
use analysis::recording::Recording;
use analysis::report::{Dose, Language, Report, RunPair, Source, Swept, report};
use engine::files::{self, write_bytes_atomically};

use crate::arguments::{Lang, PlotArguments, ReportArguments, ReportSource};
use crate::config::{Overrides, load_scenario_text};
use crate::failure::Failure;
use crate::outputs;
use crate::pairing::{Differences, paired};
use crate::picture::png;
use crate::policy_words::{Words, names_of, title_in};
use crate::run::BASELINE;
use crate::session::{first_policy_tick, focus};
use crate::sources::{file_of, file_or_sweep, plan_of, region_of, single};
use crate::sweep::factor::Setting;
use crate::sweep::plan::{Bench, POLICY};
use crate::terminal::{alarm, say};

/// Arms that are named in a note.
const NAMED: usize = 8;

/// The baseline recorded beside a run, if there is one.
pub(crate) fn beside(path: &Path) -> Option<PathBuf> {
    let baseline = outputs::beside(path, BASELINE);
    baseline.is_file().then_some(baseline)
}

/// The language of a page.
pub(crate) fn language_of(asked: Lang) -> Language {
    if asked == Lang::Zh { Language::Chinese } else { Language::English }
}

/// Names of what a page is made from, in Chinese.
const WHENCE: [(&str, &str); 14] = [
    ("scenario", "情景"),
    ("seed", "种子"),
    ("world", "世界"),
    ("households", "家庭主体数"),
    ("firms", "企业主体数"),
    ("source", "程序"),
    ("commit", "提交"),
    ("source_digest", "源码摘要"),
    ("target", "平台"),
    ("calibration_digest", "校准数据摘要"),
    ("arm", "方案"),
    ("runs", "模拟次数"),
    ("plan_digest", "计划摘要"),
    ("observed", "观测值"),
];

/// Names of what a page is made from, in its language.
pub(crate) fn whence(found: Vec<(String, String)>, language: Language) -> Vec<(String, String)> {
    let name = |name: String| match WHENCE.iter().find(|x| language == Language::Chinese && x.0 == name) {
        Some(found) => found.1.to_owned(),
        None => name,
    };
    found.into_iter().map(|(key, value)| (name(key), value)).collect()
}

/// Attributes that say where a run comes from; old recordings lack some.
const OF_RUN: [&str; 10] = [
    "scenario",
    "seed",
    "world",
    "households",
    "firms",
    "source",
    "commit",
    "source_digest",
    "target",
    "calibration_digest",
];

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
    let mut recording = file_or_sweep(&from.file)?;
    if recording.is_ensemble()? {
        return of_ensemble(&recording, from);
    }
    if from.arm.is_some() {
        let message = format!("{} holds one run: leave --arm out", from.file.display());
        return Err(Failure::Configuration(message));
    }
    let against = if from.alone { None } else { from.against.clone().or_else(|| beside(&from.file)) };
    let mut baseline = against.as_ref().map(|path| single(path)).transpose()?;
    let differences = match &mut baseline {
        Some(baseline) => paired(&mut recording, baseline, from.force)?,
        None => Differences::default(),
    };
    alarm(&differences.warnings(Language::English));
    let language = language_of(from.lang);
    let configuration = |recording: &Recording<'_>| recording.document("configuration");
    let common = match &baseline {
        Some(baseline) => in_both(&configuration(&recording)?, &configuration(baseline)?),
        None => vec![],
    };
    // An old recording, or one of a world that is gone, is shown without the policy in words.
    let loaded =
        load_scenario_text(&recording.attribute("scenario")?, &configuration(&recording)?, &Overrides::default());
    let loaded = loaded.ok();
    let mut names = loaded.as_ref().map(|loaded| names_of(&loaded.calibration)).unwrap_or_default();
    for attribute in ["region_names", "industry_names"] {
        names.add_recorded(&recording.attribute(attribute).unwrap_or_default());
    }
    let config = loaded.map(|loaded| loaded.config);
    let words = Words { names: &names, language };
    let source = Source {
        title: title_in(&recording.attribute("title")?, language),
        answers: config.as_ref().map(|config| config.answers.clone()).unwrap_or_default(),
        runs: format!("{} {}", language.of(["seed", "种子"]), recording.attribute("seed")?),
        event: recording.attribute("first_policy_tick")?.parse().ok(),
        marks: config.as_ref().map(|config| words.marks(config)).unwrap_or_default(),
        policy: config.as_ref().map(|config| words.policy(config)),
        warnings: differences.warnings(language),
        placebo: vec![],
        swept: vec![],
        region: region_of(&recording, from.region.as_deref())?,
        language,
        notes: vec![],
        in_both: common,
        provenance: whence(provenance(&recording, &OF_RUN), language),
        names: names.clone(),
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
    let bench = plan_of(file, &file_of(&from.file))?;
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
    let language = language_of(from.lang);
    if pairs.is_empty() {
        return Err(Failure::Configuration(format!(
            "no run of arm {arm} {}: see `autarky sweep status` or variable `failure` of {}",
            if compared.is_empty() { "was done" } else { "and its baseline were both done" },
            from.file.display()
        )));
    }
    let notes = left_out(&known, planned - pairs.len(), planned, from.arm.is_none(), language);
    let place = bench.plan.arms.iter().position(|x| x.name == arm).unwrap_or(0);
    let config = bench.config(place, 0)?;
    let codes = file.labels("region")?;
    let region = match &from.region {
        Some(asked) => region_of(file, Some(asked))?,
        None => focus(&config, &codes).to_owned(),
    };
    let mut origin = vec![
        ("scenario".to_owned(), config.name.clone()),
        ("arm".to_owned(), arm.to_owned()),
        ("runs".to_owned(), ensemble.arms.len().to_string()),
    ];
    origin.extend(provenance(
        file,
        &["plan_digest", "world", "source", "commit", "source_digest", "target", "calibration_digest"],
    ));
    let base = bench.plan.arms[place].baseline.filter(|_| !compared.is_empty());
    let common = match base {
        Some(base) => in_both(&config.to_toml(), &bench.config(base, 0)?.to_toml()),
        None => vec![],
    };
    let mut names = names_of(bench.calibration(place));
    names.add_recorded(&file.attribute("region_names").unwrap_or_default());
    let words = Words { names: &names, language };
    let (placebo, _) = pairs_of(&cache, &ensemble, PLACEBO, !compared.is_empty() && arm != PLACEBO);
    let of = Shown { bench: &bench, ensemble: &ensemble, cache: &cache, place };
    let source = Source {
        title: title_in(&bench.plan.title, language),
        answers: config.answers.clone(),
        runs: runs_in_words(&of, arm, pairs.len(), language),
        event: first_policy_tick(&config).map(|tick| tick as usize),
        marks: words.marks(&config),
        policy: Some(words.policy(&config)),
        warnings: vec![],
        placebo: if arm == PLACEBO || compared.is_empty() { vec![] } else { placebo },
        swept: if compared.is_empty() { vec![] } else { of.swept() },
        names: names.clone(),
        region,
        language,
        notes,
        in_both: common,
        provenance: whence(origin, language),
        pairs,
    };
    Ok(report(&source)?)
}

/// What is left out of the report, in words: runs that are missing, and arms where none was asked for.
fn left_out(known: &[&str], missing: usize, planned: usize, unasked: bool, language: Language) -> Vec<String> {
    let mut notes = Vec::new();
    if missing > 0 {
        let text = language.of([
            "runs of this arm are left out: they, or their baselines, failed or are missing",
            "次模拟未计入：其自身或其基准失败或缺失",
        ]);
        notes.push(format!("{missing} / {planned} {text}"));
    }
    if known.iter().skip(1).any(|x| *x != PLACEBO) && unasked {
        let others: Vec<&str> = known.iter().skip(1).filter(|x| **x != PLACEBO).copied().collect();
        let more = if others.len() > NAMED { ", .." } else { "" };
        let others = &others[..others.len().min(NAMED)];
        let text = language.of(["other arms, for --arm", "其他方案（--arm）"]);
        notes.push(format!("{text}: {}{more}", others.join(", ")));
    }
    notes
}

/// The arm that is shown, and where its runs are.
struct Shown<'a> {
    bench: &'a Bench,
    ensemble: &'a Ensemble<'a>,
    cache: &'a RunCache<'a>,
    place: usize,
}

/// Which runs are shown: the arm, how many runs, and their seeds.
fn runs_in_words(of: &Shown<'_>, arm: &str, count: usize, language: Language) -> String {
    let plan = &of.bench.plan;
    let done = |run: &usize| {
        let base = of.ensemble.baselines[*run];
        plan.runs[*run].arm == of.place && of.ensemble.done[*run] && base.is_none_or(|base| of.ensemble.done[base])
    };
    let seeds: Vec<u64> = (0..plan.runs.len()).filter(done).map(|run| plan.seeds[plan.runs[run].replicate]).collect();
    let follow = seeds.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    let listed = match &seeds[..] {
        [first, .., last] if follow => format!("{first}-{last}"),
        few if few.len() <= NAMED => few.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
        many => format!("{}, ..", many[..NAMED].iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    };
    let arm = if arm == POLICY { language.of([POLICY, "有政策"]) } else { arm };
    format!("{arm}, {} {count} ({} {listed})", language.of(["runs:", "模拟次数："]), language.of(["seeds", "种子"]))
}

/// Values of a factor that are drawn at most.
const VALUES: usize = 40;

impl<'a> Shown<'a> {
    /// Factors that take several values while all others are what they are in the arm shown, with the runs of each value.
    fn swept(&self) -> Vec<Swept<'a>> {
        let plan = &self.bench.plan;
        let own = &plan.arms[self.place];
        let mut found = Vec::new();
        for (number, factor) in plan.factors.iter().enumerate() {
            let like = |other: &crate::sweep::plan::Arm| {
                let rest = own.values.iter().zip(&other.values).enumerate();
                other.scenario == own.scenario
                    && other.baseline.is_some()
                    && !other.placebo
                    && rest.filter(|x| x.0 != number).all(|(_, (a, b))| a == b)
            };
            let mut arms: Vec<(&Setting, &str)> = plan
                .arms
                .iter()
                .filter(|arm| like(arm))
                .filter_map(|arm| Some((arm.values.get(number)?.as_ref()?, arm.name.as_str())))
                .collect();
            let numbers = arms.iter().all(|arm| matches!(arm.0, Setting::Number(_)));
            if numbers {
                arms.sort_by(|a, b| as_number(a.0, 0).total_cmp(&as_number(b.0, 0)));
            }
            if arms.len() < 2 || arms.len() > VALUES {
                continue;
            }
            let dose = |(place, (value, arm)): (usize, (&Setting, &str))| {
                let (pairs, _) = pairs_of(self.cache, self.ensemble, arm, true);
                (!pairs.is_empty()).then(|| Dose { value: as_number(value, place), name: value.to_string(), pairs })
            };
            let doses: Vec<Dose<'a>> = arms.into_iter().enumerate().filter_map(dose).collect();
            if doses.len() > 1 {
                found.push(Swept { name: factor.name.clone(), unit: factor.unit.clone(), numbers, doses });
            }
        }
        found
    }
}

/// A value as a number; its place where it is none.
fn as_number(value: &Setting, place: usize) -> f64 {
    if let Setting::Number(number) = value { *number } else { place as f64 }
}

/// Writes a page.
///
/// # Errors
/// A file cannot be read or written, or two files do not belong together.
pub fn page(arguments: &ReportArguments) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| outputs::beside(&file_of(&arguments.from.file), "html"));
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
    let text = report.drawing(found);
    let bytes = if kind == "png" { png(&text, arguments.scale)? } else { text.into_bytes() };
    write_bytes_atomically(&out, &bytes)?;
    say(&format!("written: {} ({}, {})\n", out.display(), found.title, found.unit));
    Ok(())
}
