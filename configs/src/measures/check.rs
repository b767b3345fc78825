//! Measures against each other: labels, replaced rates, and what their rates add up to.
//!
//! A schedule may have very many measures, so each check goes once through the measures sorted by what they could clash in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::instruments::MeasureKind;
use super::measure::{Codes, Measure, Mode};
use crate::calibration::Calibration;
use crate::date::Date;
use crate::parameters::Parameters;
use crate::reading::Issue;

/// A measure in a cell: kind, cell, first day, measure.
type InCell = (MeasureKind, u32, Date, usize);

/// Checks measures against each other, for example those of several files of one scenario.
///
/// # Errors
/// Measures with the same label; measures of mode `replace` that act on the same cell at the same time.
pub fn check_measures(measures: &[Measure]) -> Result<(), Vec<Issue>> {
    let mut clashes: BTreeMap<(usize, usize), Option<usize>> = BTreeMap::new();
    let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, measure) in measures.iter().enumerate() {
        match labels.entry(&measure.label) {
            Entry::Vacant(entry) => {
                entry.insert(place);
            }
            Entry::Occupied(entry) => {
                clashes.insert((place, *entry.get()), None);
            }
        }
    }
    for (later, earlier) in overlaps(measures) {
        if measures[earlier].label != measures[later].label {
            let cells = clashes.entry((later, earlier)).or_insert(Some(0));
            *cells = cells.map(|count| count + 1);
        }
    }
    let issue = |((later, earlier), cells): ((usize, usize), Option<usize>)| {
        let (later, earlier) = (&measures[later], &measures[earlier]);
        match cells {
            None => issue_at(
                later,
                format!("second measure with the label `{}` (first: {})", later.label, stands(earlier)),
                "give every measure its own label",
            ),
            Some(cells) => issue_at(
                later,
                format!(
                    "overlaps `{}` ({}): both replace the rate of {cells} cells at the same time",
                    earlier.label,
                    stands(earlier)
                ),
                "end the earlier one when the later one starts, or let one of them add",
            ),
        }
    };
    if clashes.is_empty() { Ok(()) } else { Err(clashes.into_iter().map(issue).collect()) }
}

/// Pairs of replacing measures, the later in the list first, for every cell that both set at the same time. Where more
/// than two meet, each is paired with the one before that lasts longest.
fn overlaps(measures: &[Measure]) -> Vec<(usize, usize)> {
    let replacing = |measure: &Measure| measure.mode == Mode::Replace;
    let mut found = Vec::new();
    // The one before that lasts longest, with its end.
    let mut open: Option<(InCell, Option<Date>)> = None;
    for entry in in_cells(measures, replacing) {
        let (kind, cell, start, place) = entry;
        let end = measures[place].end;
        match open {
            Some(((k, c, _, other), until)) if (k, c) == (kind, cell) => {
                if until.is_none_or(|until| start < until) {
                    found.push((place.max(other), place.min(other)));
                }
                if until.is_some_and(|until| end.is_none_or(|end| end > until)) {
                    open = Some((entry, end));
                }
            }
            _ => open = Some((entry, end)),
        }
    }
    found
}

/// Measures by kind, cell and first day.
fn in_cells(measures: &[Measure], wanted: impl Fn(&Measure) -> bool) -> Vec<InCell> {
    let wanted = measures.iter().enumerate().filter(|(_, measure)| wanted(measure));
    let mut cells: Vec<InCell> =
        wanted.flat_map(|(place, x)| x.cells.iter().map(move |(cell, _)| (x.kind, *cell, x.start, place))).collect();
    cells.sort_unstable();
    cells
}

fn stands(measure: &Measure) -> String {
    format!("{}:{}", measure.place.file, measure.place.line)
}

/// Checks that measures can have an effect under the parameters, and leave every currency a value.
///
/// # Errors
/// Every measure whose instrument needs what is switched off ([`super::instruments::Need`]), that names an area of a region
/// while `location.areas` is false, or with which the falls of a currency add up to all of its value.
pub fn check_needs(measures: &[Measure], p: &Parameters) -> Result<(), Vec<Issue>> {
    let mut issues = Vec::new();
    for measure in measures {
        if let (Some((code, _)), false) = (measure.areas.first(), p.location.areas) {
            let message = format!("`{code}` is an area of a region, but areas are not told apart");
            issues.push(issue_at(measure, message, "set `location.areas = true`, or name the region"));
        }
        if measure.kind == MeasureKind::Settlement && measure.areas.len() < measure.cells.len() {
            let message = "it moves people to an area of a region, and names a whole region".to_owned();
            issues.push(issue_at(measure, message, "name areas of `areas.csv`, such as CHN_coast"));
        }
        if let Some(need) = measure.kind.instrument().needs.filter(|need| !(need.met)(p)) {
            issues.push(issue_at(measure, need.why.to_owned(), need.remedy));
        }
    }
    issues.extend(worthless(measures));
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

/// Measures with which the falls of a currency add up to all of its value.
fn worthless(measures: &[Measure]) -> Vec<Issue> {
    let mut falls: BTreeMap<u32, f64> = BTreeMap::new();
    let mut issues = Vec::new();
    for measure in measures.iter().filter(|measure| measure.kind == MeasureKind::ExchangeRate) {
        for (region, rate) in &measure.cells {
            let fall = falls.entry(*region).or_default();
            *fall += rate.min(0.0);
            if *fall <= -1.0 {
                let message = "the falls of a currency add up to all of its value".to_owned();
                issues.push(issue_at(measure, message, "keep the sum of negative rates of a region above -1"));
                break;
            }
        }
    }
    issues
}

/// Checks that what is in force together, base-year duties included, leaves something of every price, income or volume.
///
/// # Errors
/// Every measure with which a total falls to -1 or below, with a cell and the measures that add up there.
pub fn check_totals(measures: &[Measure], world: &Calibration) -> Result<(), Vec<Issue>> {
    // Rates of the exchange rate are checked on their own, see `worthless`.
    let falls = |x: &Measure| !x.kind.instrument().checked_apart && x.cells.iter().any(|(_, rate)| *rate < 0.0);
    if !measures.iter().any(falls) {
        return Ok(());
    }
    // Only cells with a negative rate can add up to one.
    let mut negative: Vec<(MeasureKind, u32)> = measures
        .iter()
        .filter(|x| falls(x))
        .flat_map(|x| x.cells.iter().filter(|(_, rate)| *rate < 0.0).map(|(cell, _)| (x.kind, *cell)))
        .collect();
    negative.sort_unstable();
    negative.dedup();
    let entries = in_cells(measures, |x| negative.iter().any(|(kind, _)| *kind == x.kind));
    let mut blamed: BTreeMap<usize, (Total, usize)> = BTreeMap::new();
    for of_cell in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (kind, cell, ..) = of_cell[0];
        if negative.binary_search(&(kind, cell)).is_err() {
            continue;
        }
        let base = if kind.instrument().from_base { world.tariffs[cell as usize] } else { 0.0 };
        if let Some(total) = lowest(measures, of_cell, base)
            && total.sum <= -1.0 + 1e-9
        {
            blamed.entry(total.parts[0]).or_insert((total, 0)).1 += 1;
        }
    }
    let codes = world.codes();
    let issue = |(place, (total, cells)): (usize, (Total, usize))| total_issue(measures, place, &total, cells, &codes);
    let issues: Vec<Issue> = blamed.into_iter().map(issue).collect();
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

/// The lowest total of a cell.
struct Total {
    sum: f64,
    base: f64,
    cell: u32,
    day: Date,
    /// Measures in force then, the one with the lowest rate first.
    parts: Vec<usize>,
}

/// The lowest total of the measures of a cell at any time.
fn lowest(measures: &[Measure], of_cell: &[InCell], base: f64) -> Option<Total> {
    let cell = of_cell[0].1;
    let rate = |place: usize| {
        let cells = &measures[place].cells;
        cells.binary_search_by_key(&cell, |x| x.0).map_or(0.0, |at| cells[at].1)
    };
    let mut known: Vec<(Date, bool, usize, f64)> = Vec::with_capacity(2 * of_cell.len());
    for &(_, _, start, place) in of_cell {
        known.push((start, true, place, rate(place)));
        known.extend(measures[place].end.map(|end| (end, false, place, rate(place))));
    }
    // Ends before starts: the end is the first day that is out of force.
    known.sort_by_key(|x| (x.0, x.1, x.2));
    let (mut added, mut set) = (0.0, None);
    let mut lowest: Option<(f64, Date)> = None;
    for day in known.chunk_by(|a, b| a.0 == b.0) {
        for &(_, starts, place, rate) in day {
            match (measures[place].mode, starts) {
                (Mode::Add, true) => added += rate,
                (Mode::Add, false) => added -= rate,
                (Mode::Replace, true) => set = Some((place, rate)),
                (Mode::Replace, false) => set = set.filter(|x: &(usize, f64)| x.0 != place),
            }
        }
        let sum = set.map_or(base + added, |x| x.1);
        if lowest.is_none_or(|x| sum < x.0) {
            lowest = Some((sum, day[0].0));
        }
    }
    let (sum, day) = lowest?;
    let in_force = |place: usize| measures[place].start <= day && measures[place].end.is_none_or(|end| day < end);
    let mut parts: Vec<usize> = of_cell.iter().map(|x| x.3).filter(|&place| in_force(place)).collect();
    if parts.iter().any(|&place| measures[place].mode == Mode::Replace) {
        parts.retain(|&place| measures[place].mode == Mode::Replace);
    }
    parts.sort_by(|&a, &b| rate(a).total_cmp(&rate(b)).then(b.cmp(&a)));
    (!parts.is_empty()).then_some(Total { sum, base, cell, day, parts })
}

fn total_issue(measures: &[Measure], place: usize, total: &Total, cells: usize, codes: &Codes) -> Issue {
    let measure = &measures[place];
    let mut with: Vec<String> = total.parts[1..]
        .iter()
        .filter(|&&other| other != place)
        .take(3)
        .map(|&other| format!("`{}` ({})", measures[other].label, stands(&measures[other])))
        .collect();
    if total.parts.len() > 4 {
        with.push(format!("{} more", total.parts.len() - 4));
    }
    if total.base.abs() > 0.0 && measure.mode == Mode::Add {
        with.push(format!("the base-year duty of {:.4}", total.base));
    }
    let with = if with.is_empty() { String::new() } else { format!(", together with {}", with.join(", ")) };
    let others = if cells > 1 { format!(" (and in {} other cells)", cells - 1) } else { String::new() };
    let name = codes.cell_name(measure.kind, total.cell as usize);
    let message = format!(
        "the total for {name} falls to {:.0} percent on {}{with}{others}: nothing would be left",
        total.sum * 100.0,
        total.day
    );
    issue_at(measure, message, "keep the total of what is in force at the same time above -1 (-100 percent)")
}

/// An issue with a measure, at its place in its file.
#[must_use]
pub fn issue_at(measure: &Measure, message: String, remedy: &str) -> Issue {
    Issue {
        file: measure.place.file.clone(),
        span: measure.place.span.clone(),
        line: measure.place.line,
        column: measure.place.column,
        key: measure.label.clone(),
        message,
        remedy: remedy.to_owned(),
    }
}
