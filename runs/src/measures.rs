//! When measures are in force in a run, and which never are.

use std::fmt::Write as _;

use configs::measures::Measure;

use crate::config::ResolvedConfig;

/// Most measures that are listed one by one, and most warnings.
const LISTED: usize = 200;
const WARNED: usize = 10;

/// First and last tick of a run, from 0, in which a measure acts; nothing if there is none.
#[must_use]
pub fn in_force(config: &ResolvedConfig, measure: &Measure) -> Option<(u32, u32)> {
    let calendar = config.calendar();
    // Imports are forbidden or not: a tick counts if more than half of its days do.
    let least = if measure.kind.is_ban() { 0.5 } else { 0.0 };
    let acts = |tick: &u32| calendar.share_in_force(*tick, measure.start, measure.end) > least;
    let until = measure.end.map_or(config.ticks, |end| calendar.tick_of(end).saturating_add(1).min(config.ticks));
    let from = calendar.tick_of(measure.start);
    if from >= until || measure.end.is_some_and(|end| end <= config.start) {
        return None;
    }
    // Only the first and last tick of a measure are covered in part.
    let first = (from..until).take(3).find(acts)?;
    let last = (first..until).rev().take(3).find(acts)?;
    Some((first, last))
}

/// First tick that a measure can change: somebody knows of it, or it is in force.
#[must_use]
pub fn known_from(config: &ResolvedConfig, measure: &Measure) -> u32 {
    config.calendar().tick_of(measure.announced.min(measure.start))
}

/// What worlds that differ in their measures have in common: measures of all, in the order of the first, and the tick at whose
/// beginning the first of them gets to know of another one; none if there is no other.
#[must_use]
pub fn common(configs: &[&ResolvedConfig]) -> (Vec<Measure>, Option<u32>) {
    let everywhere = |measure: &Measure| configs.iter().all(|config| config.measures.contains(measure));
    let first = configs.first().map_or(&[][..], |config| &config.measures[..]);
    let measures = first.iter().filter(|measure| everywhere(measure)).cloned().collect();
    let others = |&config: &&ResolvedConfig| {
        config.measures.iter().filter(|measure| !everywhere(measure)).map(|measure| known_from(config, measure)).min()
    };
    (measures, configs.iter().filter_map(others).min())
}

fn month(config: &ResolvedConfig, tick: u32) -> String {
    config.calendar().first_day(tick).year_month()
}

/// A line a measure, as TOML comments: the first and the last tick in which it is in force.
#[must_use]
pub fn lines(config: &ResolvedConfig) -> String {
    if config.measures.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n# Measures in force\n");
    for measure in config.measures.iter().take(LISTED) {
        let label: String = measure.label.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = match in_force(config, measure) {
            None => writeln!(text, "#   {label}: never in this run"),
            Some((first, last)) => writeln!(
                text,
                "#   {label}: from tick {} ({}) to tick {} ({}) of {}",
                first + 1,
                month(config, first),
                last + 1,
                month(config, last),
                config.ticks
            ),
        };
    }
    if config.measures.len() > LISTED {
        let _ = writeln!(text, "#   and {} more", config.measures.len() - LISTED);
    }
    text
}

/// A warning for every measure that never acts in a run.
#[must_use]
pub fn warnings(config: &ResolvedConfig) -> Vec<String> {
    let idle: Vec<&Measure> = config.measures.iter().filter(|x| in_force(config, x).is_none()).collect();
    let mut warnings: Vec<String> = idle.iter().take(WARNED).map(|measure| never(config, measure)).collect();
    if idle.len() > WARNED {
        warnings.push(format!("{} more measures are never in force in this run", idle.len() - WARNED));
    }
    warnings
}

fn never(config: &ResolvedConfig, measure: &Measure) -> String {
    let until = measure.end.map_or_else(|| "on".to_owned(), |end| format!("to {end}"));
    let (label, start) = (&measure.label, measure.start);
    let (begins, ends) = (month(config, 0), month(config, config.ticks - 1));
    let place = if measure.place.file.is_empty() {
        String::new()
    } else {
        format!(" ({}:{})", measure.place.file, measure.place.line)
    };
    if measure.kind.is_ban() && measure.end.is_some_and(|end| start <= end && end > config.start) {
        return format!(
            "measure `{label}`{place} is never in force: it covers no more than half of any tick from {begins} to {ends} (it is dated {start} {until})"
        );
    }
    format!(
        "measure `{label}`{place} is never in force in this run: it is dated {start} {until}, the run goes from {begins} to {ends}; correct its dates, or the start and ticks of the run"
    )
}

/// Prints the warnings of a run on standard error.
pub fn warn(config: &ResolvedConfig) {
    for warning in warnings(config) {
        crate::terminal::warn(&warning);
    }
}
