//! What came out of a sweep: paired effects of its arms, and which factors matter.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use analysis::bars::{interval, shown};
use analysis::ensemble::{Effect, Ensemble};
use analysis::recording::Recording;
use analysis::response::Scale;
use analysis::sensitivity::{morris, sobol};
use analysis::table::Table;
use engine::files::write_bytes_atomically;
use engine::netcdf::Reader;

use super::design::Design;
use super::plan::Bench;
use super::{ENSEMBLE, SHOWN, experiment};
use crate::arguments::{ResultArguments, SweepEffectsArguments, SweepIndicesArguments};
use crate::failure::Failure;
use crate::session::focus;
use crate::terminal::say;

/// Results that are shown where none is named.
const HEADLINES: [&str; 6] =
    ["real_gdp", "consumer_price", "real_household_consumption", "real_imports", "real_exports", "unemployment_rate"];

/// An ensemble, and what is asked of it.
struct Question<'a> {
    ensemble: Ensemble<'a>,
    bench: Bench,
    region: String,
    ticks: Range<usize>,
}

/// The ensemble of a sweep, given the file or the folder.
fn file_of(given: &Path) -> PathBuf {
    if given.is_dir() { given.join(ENSEMBLE) } else { given.to_owned() }
}

/// Opens a recording or ensemble, given the file or the folder of a sweep.
pub(crate) fn recording(given: &Path) -> Result<Recording<'static>, Failure> {
    let path = file_of(given);
    if given.is_dir() && !path.exists() {
        return Err(Failure::File(format!(
            "there is no {} yet: do all runs with `autarky sweep run {}`, or bring together what there is with `autarky sweep merge {} --partial`",
            path.display(),
            given.display(),
            given.display()
        )));
    }
    Ok(Recording::open(&path)?)
}

impl<'a> Question<'a> {
    fn open(recording: &'a Recording<'static>, reader: &'a Reader, given: &ResultArguments) -> Result<Self, Failure> {
        let path = file_of(&given.sweep);
        if !recording.variables()?.iter().any(|name| name == "plan") {
            return Err(Failure::Configuration(format!(
                "{} holds one run: this needs an ensemble, as `autarky sweep merge` writes it",
                path.display()
            )));
        }
        let bench = Bench::parse(&recording.document("plan")?, &format!("the plan in {}", path.display()))?;
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
        Ok(Self { ensemble: Ensemble::open(reader)?, bench, region, ticks })
    }

    /// What is shown, over which ticks, and how many runs there are.
    fn heading(&self, what: &str) -> String {
        let Ensemble { done, failures, .. } = &self.ensemble;
        let count = done.iter().filter(|done| **done).count();
        let failed = failures.iter().filter(|failure| !failure.is_empty()).count();
        let Range { start, end } = &self.ticks;
        format!(
            "{}\n{what} in {}, mean of ticks {} to {end}\n{} runs: {count} done, {failed} failed, {} missing\n\n",
            self.bench.plan.title,
            self.region,
            start + 1,
            done.len(),
            done.len() - count - failed
        )
    }
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

/// How the change of a result is expressed: its factor, scale and unit.
fn scale_of(variable: &str) -> (f64, Scale, &'static str) {
    if variable.ends_with("_rate") || variable.ends_with("_share") {
        (100.0, Scale::Difference, "points")
    } else {
        (1.0, Scale::Percent, "%")
    }
}

/// A number for other programs, to its last digit; nothing where there is none.
fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

fn publish(heading: &str, short: &Table, full: &Table, csv: Option<&PathBuf>) -> Result<(), Failure> {
    say(heading);
    say(&short.to_text());
    if short.rows.len() < full.rows.len() {
        say(&format!(".. and {} more rows: see --csv\n", full.rows.len() - short.rows.len()));
    }
    if let Some(path) = csv {
        write_bytes_atomically(path, full.to_csv().as_bytes())?;
        say(&format!("written: {}\n", path.display()));
    }
    Ok(())
}

/// Shows the paired effect of every arm.
///
/// # Errors
/// The ensemble cannot be read, or has no such variable, region or ticks.
pub fn effects(arguments: &SweepEffectsArguments) -> Result<(), Failure> {
    let given = &arguments.of;
    let recording = recording(&given.sweep)?;
    let reader = recording.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
    let question = Question::open(&recording, reader, given)?;
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
    let mut short = Table::new(["arm", "result", "change", "unit", "95% interval", "pairs", "pairing"]);
    let mut full = Table::new(["arm", "variable", "unit", "change", "low", "high", "pairs", "variance_reduction"]);
    let mut found = Vec::new();
    for variable in &variables {
        let results = question.ensemble.means(variable, &question.region, &question.ticks)?;
        let (factor, scale, unit) = scale_of(variable);
        let results: Vec<f64> = results.iter().map(|x| factor * x).collect();
        found.push(arms.iter().map(|arm| (unit, ensemble.effect(arm, &results, scale))).collect::<Vec<_>>());
    }
    // Arm by arm, as people read them.
    for (place, arm) in arms.iter().enumerate() {
        for (variable, effects) in variables.iter().zip(&found) {
            let (unit, effect) = effects[place];
            let Some(Effect { change, pairing }) = effect else {
                short.push([*arm, variable, "-", unit, "-", "0", "-"]);
                full.push([*arm, variable, unit, "", "", "", "0", ""]);
                continue;
            };
            let pairs = change.count.to_string();
            let times = if pairing.is_finite() { format!("{pairing:.1}") } else { "-".to_owned() };
            let head = || [(*arm).to_owned(), variable.clone()].into_iter();
            short.push(head().chain([shown(change.mean), unit.to_owned(), interval(&change), pairs.clone(), times]));
            let numbers = [change.mean, change.low(), change.high()].map(number);
            full.push(head().chain([unit.to_owned()]).chain(numbers).chain([pairs, number(pairing)]));
        }
    }
    short.rows.truncate(3 * SHOWN);
    let heading = question.heading("change against the same-seed baseline");
    publish(&heading, &short, &full, arguments.csv.as_ref())?;
    say("\npairing: variance of unpaired over paired differences, so many times fewer runs for the same interval\n");
    Ok(())
}

/// Shows Sobol indices of a Saltelli design or elementary effects of a Morris design.
///
/// # Errors
/// The ensemble cannot be read, has another design, or no such variable, region or ticks.
pub fn indices(arguments: &SweepIndicesArguments) -> Result<(), Failure> {
    let given = &arguments.of;
    let recording = recording(&given.sweep)?;
    let reader = recording.reader().ok_or_else(|| Failure::Internal("an ensemble that is no file".to_owned()))?;
    let question = Question::open(&recording, reader, given)?;
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
    let (factor, scale, unit) = scale_of(variable);
    let results = question.ensemble.means(variable, &question.region, &question.ticks)?;
    let paired = !arguments.level && question.ensemble.baselines.iter().any(Option::is_some);
    let of_run = |run: usize| match (paired, question.ensemble.baselines[run]) {
        (false, _) => results[run],
        (true, None) => f64::NAN,
        (true, Some(base)) => match scale {
            Scale::Percent => 100.0 * (results[run] / results[base] - 1.0),
            Scale::Difference => factor * (results[run] - results[base]),
        },
    };
    let arms = plan.arms.len();
    let mut kept = Vec::new();
    let mut values = Vec::new();
    for (number, block) in plan.points.chunks(block).enumerate() {
        // A replicate counts if it was done at all points of the block, so that noise is the same at all.
        let rows: Vec<Vec<f64>> = (0..plan.seeds.len())
            .map(|replicate| block.iter().map(|arm| of_run(replicate * arms + arm)).collect::<Vec<f64>>())
            .filter(|row: &Vec<f64>| row.iter().all(|x| x.is_finite()))
            .collect();
        if !rows.is_empty() {
            kept.push(number);
            let mean = |point: usize| rows.iter().map(|row| row[point]).sum::<f64>() / rows.len() as f64;
            values.extend((0..block.len()).map(mean));
        }
    }
    let blocks = plan.points.len() / block;
    let names: Vec<&str> = plan.factors.iter().map(|factor| factor.name.as_str()).collect();
    let nothing = || Failure::Configuration(format!("{variable} does not vary, or no block of points was done whole"));
    let (mut short, mut full);
    if let Design::Morris { .. } = plan.design {
        // The seed of the design is that of the experiment.
        let seed = experiment::parse("the experiment in the plan", &plan.experiment)?.seed;
        let points = plan.design.points(factors, super::plan::design_key(seed));
        let points: Vec<Vec<f64>> =
            kept.iter().flat_map(|&number| points[number * block..(number + 1) * block].to_vec()).collect();
        short = Table::new(["factor", "mu", "mu*", "95% interval", "sigma"]);
        full = Table::new(["factor", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma"]);
        for (name, found) in names.iter().zip(morris(&points, &values).ok_or_else(nothing)?) {
            let (mu, star, sigma) = (found.mean, found.absolute, found.deviation);
            short.push([(*name).to_owned(), shown(mu), shown(star.mean), interval(&star), shown(sigma)]);
            let numbers = [mu, star.mean, star.low(), star.high(), sigma].map(number);
            full.push(std::iter::once((*name).to_owned()).chain(numbers));
        }
    } else {
        short = Table::new(["factor", "first order", "95% interval", "total", "95% interval of the total"]);
        full = Table::new(["factor", "first", "first_low", "first_high", "total", "total_low", "total_high"]);
        for (name, found) in names.iter().zip(sobol(&values, factors).ok_or_else(nothing)?) {
            let (first, total) = (found.first, found.total);
            short.push([(*name).to_owned(), shown(first.mean), interval(&first), shown(total.mean), interval(&total)]);
            let numbers = [first.mean, first.low(), first.high(), total.mean, total.low(), total.high()].map(number);
            full.push(std::iter::once((*name).to_owned()).chain(numbers));
        }
    }
    let what =
        if paired { format!("change of {variable} against the same-seed baseline, {unit},") } else { variable.clone() };
    let left_out = blocks - kept.len();
    let mut heading = question.heading(&what);
    if left_out > 0 {
        let _ = write!(heading, "{left_out} of {blocks} blocks of points are left out: a run in them was not done\n\n");
    }
    publish(&heading, &short, &full, arguments.csv.as_ref())
}
