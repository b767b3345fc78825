//! What came out of a sweep: paired effects of its arms, and which factors matter.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use analysis::bars::{interval, shown};
use analysis::chance::{Verdict, legend, reach};
use analysis::ensemble::{Cell, Ensemble, Measure};
use analysis::recording::Recording;
use analysis::sensitivity::{morris, sobol};
use analysis::table::{Table, exact};
use engine::files;
use serde::Serialize;

use super::ahead::idle_measures;
use super::design::Design;
use super::plan::Bench;
use super::{SHOWN, experiment};
use crate::arguments::{ResultArguments, SweepEffectsArguments, SweepIndicesArguments};
use crate::failure::Failure;
use crate::rows::{Rows, written};
use crate::session::focus;
use crate::sources::{file_of, file_or_sweep, place_of_region, plan_of};
use crate::terminal::{json, say, say_judged};

/// Results that are shown where none is named.
const HEADLINES: [&str; 6] =
    ["real_gdp", "consumer_price", "real_household_consumption", "real_imports", "real_exports", "unemployment_rate"];

/// An ensemble, and what is asked of it.
struct Question<'a> {
    ensemble: Ensemble<'a>,
    bench: Bench,
    region: String,
    /// Labels along some dimensions, the region among them.
    at: Vec<(String, String)>,
    ticks: Range<usize>,
}

/// Opens the ensemble of a sweep.
fn recording(given: &Path) -> Result<Recording<'static>, Failure> {
    let recording = file_or_sweep(given)?;
    if !recording.is_ensemble()? {
        return Err(Failure::Configuration(format!(
            "{} holds one run: this needs an ensemble, as `autarky sweep merge` writes it",
            file_of(given).display()
        )));
    }
    Ok(recording)
}

impl<'a> Question<'a> {
    fn open(recording: &'a Recording<'static>, given: &ResultArguments) -> Result<Self, Failure> {
        let reader = recording.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
        let bench = plan_of(recording, &file_of(&given.sweep))?;
        let codes = recording.labels("region")?;
        // What the measures are about; the first arm that can be built has them.
        let arms = (0..bench.plan.arms.len()).rev();
        let config = arms.map(|arm| bench.config(arm, 0)).find_map(Result::ok);
        let region = match (&given.region, &config) {
            (Some(region), _) => region.clone(),
            (None, Some(config)) => focus(config, &codes).to_owned(),
            (None, None) => codes.first().cloned().unwrap_or_default(),
        };
        let (all, year) = (bench.plan.ticks as usize, config.map_or(12, |x| x.ticks_per_year as usize));
        let ticks = match &given.ticks {
            None => all.saturating_sub(year)..all,
            Some(text) => window(text, all)?,
        };
        let mut at = places(&given.at)?;
        let region = match at.iter().find(|x| x.0 == "region") {
            Some((_, named)) => named.clone(),
            None => region,
        };
        place_of_region(&codes, &region)?;
        at.retain(|x| x.0 != "region");
        at.push(("region".to_owned(), region.clone()));
        Ok(Self { ensemble: Ensemble::open(reader)?, bench, region, at, ticks })
    }

    /// A variable run by run in every cell asked for, in the unit in which it is compared there.
    fn results(&self, variable: &str) -> Result<Vec<(Cell, Vec<f64>, Measure)>, Failure> {
        let cells = self.ensemble.cells(variable, &self.at)?;
        let means = self.ensemble.means(variable, &cells, &self.ticks)?;
        let of = |(cell, results): (Cell, Vec<f64>)| -> Result<(Cell, Vec<f64>, Measure), Failure> {
            let measure = self.ensemble.measure(variable, &results)?;
            Ok((cell, measure.scaled(&results), measure))
        };
        cells.into_iter().zip(means).map(of).collect()
    }

    /// Runs by what became of them.
    fn runs(&self) -> Runs {
        let Ensemble { done, failures, .. } = &self.ensemble;
        let count = done.iter().filter(|done| **done).count();
        let failed = failures.iter().filter(|failure| !failure.is_empty()).count();
        Runs { all: done.len(), done: count, failed, missing: done.len() - count - failed }
    }

    /// What is shown, over which ticks, and how many runs there are.
    fn heading(&self, what: &str) -> String {
        let Runs { all, done, failed, missing } = self.runs();
        let Range { start, end } = &self.ticks;
        format!(
            "{}\n{what} in {}, mean of ticks {} to {end}\n{all} runs: {done} done, {failed} failed, {missing} missing\n{}\n",
            self.bench.plan.title,
            self.region,
            start + 1,
            idle_measures(&self.bench).iter().map(|line| ["note: ", line, "\n"].concat()).collect::<String>()
        )
    }

    /// The same for programs, with rows and what else is to be said of them.
    fn document<T: Serialize>(&self, of: T, rows: Rows) -> Document<'_, T> {
        Document {
            title: &self.bench.plan.title,
            region: &self.region,
            first_tick: self.ticks.start + 1,
            last_tick: self.ticks.end,
            runs: self.runs(),
            notes: idle_measures(&self.bench),
            of,
            rows,
        }
    }
}

/// Runs by what became of them.
#[derive(Debug, Serialize)]
struct Runs {
    all: usize,
    done: usize,
    failed: usize,
    missing: usize,
}

/// Results for programs.
#[derive(Debug, Serialize)]
struct Document<'a, T: Serialize> {
    title: &'a str,
    region: &'a str,
    /// Ticks over which results are averaged, from 1.
    first_tick: usize,
    last_tick: usize,
    runs: Runs,
    /// Measures that never act.
    notes: Vec<String>,
    #[serde(flatten)]
    of: T,
    rows: Rows,
}

/// What is said of effects.
#[derive(Debug, Serialize)]
struct OfEffects {
    seeds: usize,
    placebo: bool,
    /// How chance is shown.
    chance: String,
}

/// What is said of indices.
#[derive(Debug, Serialize)]
struct OfIndices<'a> {
    variable: &'a str,
    /// Whether they are of its change against the baseline, not of its level.
    change: bool,
    /// Unit of the change.
    unit: Option<String>,
    /// Blocks of points of the design, and those that are left out.
    blocks: usize,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    reason: &'static str,
    blocks: usize,
}

/// Blocks of points of a design.
struct Blocks {
    /// Numbers of those that are whole.
    kept: Vec<usize>,
    /// Their values, means over replicates, block after block.
    values: Vec<f64>,
    /// Why others are left out, and how many.
    left_out: BTreeMap<&'static str, usize>,
}

impl Question<'_> {
    /// Indices of the factors for people and for programs, from the values at the blocks that are kept; `None` if there are none.
    fn index_tables(&self, block: usize, kept: &[usize], values: &[f64]) -> Result<Option<(Table, Table)>, Failure> {
        let plan = &self.bench.plan;
        let names = plan.factors.iter().map(|factor| factor.name.as_str());
        let (mut short, mut full);
        if let Design::Morris { .. } = plan.design {
            // The seed of the design is that of the experiment.
            let seed = experiment::parse("the experiment in the plan", &plan.experiment)?.seed;
            let points = plan.design.points(plan.factors.len(), super::plan::design_key(seed));
            if points.len() != plan.points.len() {
                return Err(Failure::File(
                    "the plan in the file has other points than its design: it is damaged".to_owned(),
                ));
            }
            let points: Vec<Vec<f64>> =
                kept.iter().flat_map(|&number| points[number * block..(number + 1) * block].to_vec()).collect();
            short = Table::new(["factor", "mu", "mu*", "95% interval", "sigma"]);
            full = Table::new(["factor", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"]);
            let Some(found) = morris(&points, values) else { return Ok(None) };
            for (name, found) in names.zip(found) {
                let (mu, star, sigma) = (found.mean, found.absolute, found.deviation);
                short.push([name.to_owned(), shown(mu), shown(star.mean), interval(&star), shown(sigma)]);
                let numbers = [mu, star.mean, star.low(), star.high(), sigma].map(exact);
                full.push(std::iter::once(name.to_owned()).chain(numbers));
            }
        } else {
            short = Table::new(["factor", "first order", "95% interval", "total", "95% interval of the total"]);
            full = Table::new(["factor", "first", "first_low", "first_high", "total", "total_low", "total_high"]);
            let Some(found) = sobol(values, plan.factors.len()) else { return Ok(None) };
            for (name, found) in names.zip(found) {
                let (first, total) = (found.first, found.total);
                short.push([name.to_owned(), shown(first.mean), interval(&first), shown(total.mean), interval(&total)]);
                let numbers = [first.mean, first.low(), first.high(), total.mean, total.low(), total.high()].map(exact);
                full.push(std::iter::once(name.to_owned()).chain(numbers));
            }
        }
        Ok(Some((short, full)))
    }

    /// Blocks of `size` points whose `values`, run by run, are all there in at least one replicate.
    fn blocks(&self, size: usize, values: &[f64], paired: bool) -> Blocks {
        let plan = &self.bench.plan;
        let arms = plan.arms.len();
        let mut blocks = Blocks { kept: vec![], values: vec![], left_out: BTreeMap::new() };
        for (number, block) in plan.points.chunks(size).enumerate() {
            let runs = |replicate: usize| block.iter().map(move |arm| replicate * arms + arm);
            // A replicate counts if it was done at all points of the block, so that noise is the same at all.
            let rows: Vec<Vec<f64>> = (0..plan.seeds.len())
                .map(|replicate| runs(replicate).map(|run| values[run]).collect::<Vec<f64>>())
                .filter(|row: &Vec<f64>| row.iter().all(|x| x.is_finite()))
                .collect();
            if !rows.is_empty() {
                blocks.kept.push(number);
                let mean = |point: usize| rows.iter().map(|row| row[point]).sum::<f64>() / rows.len() as f64;
                blocks.values.extend((0..block.len()).map(mean));
                continue;
            }
            let Ensemble { baselines, done, .. } = &self.ensemble;
            let all_done = |replicate: usize| {
                runs(replicate).all(|run| done[run] && baselines[run].is_none_or(|base| !paired || done[base]))
            };
            let reason = if paired && runs(0).any(|run| baselines[run].is_none()) {
                "an arm in them has no baseline (--level takes values instead of changes)"
            } else if (0..plan.seeds.len()).any(all_done) {
                "a result in them is not a number"
            } else {
                "a run in them was not done, in every replicate"
            };
            *blocks.left_out.entry(reason).or_default() += 1;
        }
        blocks
    }
}

/// Places `DIMENSION=LABEL`.
pub(crate) fn places(given: &[String]) -> Result<Vec<(String, String)>, Failure> {
    let of = |text: &String| {
        let (dimension, label) = text.split_once('=').ok_or_else(|| {
            Failure::Configuration(format!("--at {text}: write DIMENSION=LABEL, such as --at industry=ELE"))
        })?;
        Ok((dimension.trim().to_owned(), label.trim().to_owned()))
    };
    given.iter().map(of).collect()
}

/// Ticks `FIRST-LAST`, counted from 1.
fn window(text: &str, all: usize) -> Result<Range<usize>, Failure> {
    let ends = text.split_once('-').unwrap_or((text, text));
    match (ends.0.trim().parse::<usize>(), ends.1.trim().parse::<usize>()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= all => Ok(first - 1..last),
        _ => Err(Failure::Configuration(format!(
            "--ticks {text}: write FIRST-LAST with 1 <= FIRST <= LAST <= {all}, such as --ticks {}-{all}",
            all.saturating_sub(11).max(1)
        ))),
    }
}

fn publish(heading: &str, short: &Table, full: usize) {
    say(heading);
    say_judged(&short.to_text());
    if short.rows.len() < full {
        say(&format!(".. and {} more rows: see --csv\n", full - short.rows.len()));
    }
}

/// Shows the paired effect of every arm.
///
/// # Errors
/// The ensemble cannot be read, or has no such variable, region or ticks.
pub fn effects(arguments: &SweepEffectsArguments) -> Result<(), Failure> {
    arguments.csv.iter().try_for_each(|path| files::check(path))?;
    let given = &arguments.of;
    let recording = recording(&given.sweep)?;
    let question = Question::open(&recording, given)?;
    let ensemble = &question.ensemble;
    let arms = ensemble.compared();
    if arms.is_empty() {
        return Err(Failure::Configuration(format!(
            "no arm in {} has a baseline to be compared with: its scenarios have no measures, or the experiment says `baseline = false`",
            file_of(&given.sweep).display()
        )));
    }
    let known = recording.variables()?;
    let variables: Vec<String> = if arguments.variables.is_empty() {
        HEADLINES.map(str::to_owned).into_iter().filter(|name| known.contains(name)).collect()
    } else {
        arguments.variables.clone()
    };
    let (short, full) = tables(&question, &arms, &variables)?;
    let (seeds, placebo) = (question.bench.plan.seeds.len(), ensemble.has_placebo());
    let chance = legend(seeds, placebo);
    if arguments.json {
        written(arguments.csv.as_ref(), || full.clone(), true)?;
        let rows = Rows::of(full, &["change", "low", "high", "pairs", "variance_reduction", "placebo_reach"]);
        return json(&question.document(OfEffects { seeds, placebo, chance }, rows));
    }
    let heading = question.heading("change against the same-seed baseline");
    publish(&format!("{}\n{chance}\n\n", heading.trim_end()), &short, full.rows.len());
    written(arguments.csv.as_ref(), || full, false)?;
    say("\npairing: variance of unpaired over paired differences, so many times fewer runs for the same interval\n");
    Ok(())
}

/// Effects of the arms on the variables, for people and for programs.
fn tables(question: &Question<'_>, arms: &[&str], variables: &[String]) -> Result<(Table, Table), Failure> {
    let ensemble = &question.ensemble;
    let mut short = Table::new(["arm", "result", "change", "unit", "95% interval", "pairs", "pairing"]);
    let mut full = Table::new([
        "arm",
        "variable",
        "unit",
        "change",
        "low",
        "high",
        "pairs",
        "variance_reduction",
        "region",
        "at",
        "placebo_reach",
        "verdict",
    ]);
    let mut found = Vec::new();
    for variable in variables {
        for (cell, results, measure) in question.results(variable)? {
            let effects: Vec<_> = arms.iter().map(|arm| ensemble.judged(arm, &results, measure.scale)).collect();
            found.push((variable, cell.name(), measure.unit, effects));
        }
    }
    // Arm by arm, as people read them.
    for (place, arm) in arms.iter().enumerate() {
        for (variable, at, unit, effects) in &found {
            let result = if at.is_empty() { (*variable).clone() } else { format!("{variable} {at}") };
            let region = &question.region;
            let Some((judged, pairing)) = effects[place] else {
                short.push([*arm, &result, "-", unit, "-", "0", "-"]);
                full.push([*arm, variable, unit, "", "", "", "0", "", region, at, "", Verdict::Unknown.word()]);
                continue;
            };
            let change = judged.change;
            let pairs = change.count.to_string();
            let times = if pairing.is_finite() { format!("{pairing:.1}") } else { "-".to_owned() };
            let shown = judged.marked(&shown(change.mean));
            short.push([(*arm).to_owned(), result, shown, unit.clone(), interval(&change), pairs.clone(), times]);
            let numbers = [change.mean, change.low(), change.high()].map(exact);
            let head = [(*arm).to_owned(), (*variable).clone(), unit.clone()].into_iter().chain(numbers);
            let reach = judged.placebo.map_or_else(String::new, |placebo| exact(reach(&placebo)));
            let verdict = judged.verdict().word().to_owned();
            full.push(head.chain([pairs, exact(pairing), region.clone(), at.clone(), reach, verdict]));
        }
    }
    short.rows.truncate(3 * SHOWN);
    Ok((short, full))
}

/// Shows Sobol indices of a Saltelli design or elementary effects of a Morris design.
///
/// # Errors
/// The ensemble cannot be read, has another design, or no such variable, region or ticks.
pub fn indices(arguments: &SweepIndicesArguments) -> Result<(), Failure> {
    arguments.csv.iter().try_for_each(|path| files::check(path))?;
    let given = &arguments.of;
    let recording = recording(&given.sweep)?;
    let question = Question::open(&recording, given)?;
    let plan = &question.bench.plan;
    let factors = plan.factors.len();
    let block = match plan.design {
        Design::Saltelli { .. } => factors + 2,
        Design::Morris { .. } => factors + 1,
        _ => {
            return Err(Failure::Configuration(
                "indices need an experiment with the design saltelli or morris".to_owned(),
            ));
        }
    };
    let variable = &arguments.variable;
    let mut cells = question.results(variable)?;
    if cells.len() > 1 {
        let at: Vec<&str> = cells[0].0.at.iter().map(|x| x.0.as_str()).filter(|name| *name != "region").collect();
        let message = format!("{variable} is over {}: choose one place with --at {}=..", at.join(", "), at[0]);
        return Err(Failure::Configuration(message));
    }
    let nowhere = || Failure::Configuration(format!("{variable} has no place"));
    let (_, results, measure) = cells.pop().ok_or_else(nowhere)?;
    let paired = !arguments.level && question.ensemble.baselines.iter().any(Option::is_some);
    let values = if paired { question.ensemble.changes(&results, measure.scale) } else { results };
    let Blocks { kept, values, left_out } = question.blocks(block, &values, paired);
    let nothing = || {
        let reasons: Vec<String> =
            left_out.iter().map(|(reason, count)| format!("{count} blocks of points are left out: {reason}")).collect();
        let why = if reasons.is_empty() { "it does not vary".to_owned() } else { reasons.join("; ") };
        Failure::Configuration(format!("there are no indices of {variable}: {why}"))
    };
    let (short, full) = question.index_tables(block, &kept, &values)?.ok_or_else(nothing)?;
    let blocks = plan.points.len() / block;
    if arguments.json {
        let left_out = left_out.iter().map(|(&reason, &blocks)| LeftOut { reason, blocks }).collect();
        let of = OfIndices { variable, change: paired, unit: paired.then_some(measure.unit), blocks, left_out };
        written(arguments.csv.as_ref(), || full.clone(), true)?;
        let numbers = full.head[1..].to_vec();
        return json(&question.document(of, Rows::of(full, &numbers)));
    }
    let what = if paired {
        format!("change of {variable} against the same-seed baseline, {},", measure.unit)
    } else {
        variable.clone()
    };
    let mut heading = question.heading(&what);
    for (reason, count) in &left_out {
        let _ = writeln!(heading, "{count} of {blocks} blocks of points are left out: {reason}");
    }
    publish(&heading, &short, full.rows.len());
    written(arguments.csv.as_ref(), || full, false)
}
