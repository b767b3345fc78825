//! Tables of a replay: for programs, for the user to fill, and for the terminal.

use std::ops::Range;

use super::{COLUMNS, Compared, Errors, Frame, Item, Path, mean};
use crate::table::{Table, exact, parse_csv};

/// The cells that name a row.
fn names(frame: &Frame, tick: usize, item: &Item) -> [String; 4] {
    [frame.month(tick), item.series.id.to_owned(), frame.partner(item).to_owned(), item.series.unit.to_owned()]
}

/// Every month of every item: the model's mean with its interval, the mean of the baselines, and what was observed.
#[must_use]
pub fn replay_table(frame: &Frame, paths: &[Path], compared: &[Compared]) -> Table {
    let mut table =
        Table::new(["month", "series", "partner", "unit", "model", "model_low", "model_high", "baseline", "observed"]);
    for (place, path) in paths.iter().enumerate() {
        let observed = compared.iter().find(|x| x.place == place);
        for tick in 0..frame.dates.len() {
            let model = &path.model[tick];
            let seen = observed.map_or(f64::NAN, |x| x.observed[tick]);
            let numbers = [model.mean, model.low(), model.high(), path.baseline[tick], seen].map(exact);
            table.push(names(frame, tick, &path.item).into_iter().chain(numbers));
        }
    }
    table
}

/// The table that a user fills.
#[must_use]
pub fn template(frame: &Frame) -> Table {
    let mut table = Table::new(COLUMNS);
    for item in frame.items() {
        for tick in 0..frame.dates.len() {
            table.push(names(frame, tick, &item).into_iter().chain([String::new()]));
        }
    }
    table
}

/// Whether a user has filled in a table, so that it must not be written over. What is no such table counts as filled in.
#[must_use]
pub fn has_observations(text: &str) -> bool {
    let table = parse_csv(text);
    match table.head.iter().position(|name| name == COLUMNS[4]) {
        Some(column) => table.rows.iter().any(|row| !row[column].trim().is_empty()),
        None => !text.trim().is_empty(),
    }
}

/// Names and numbers of errors, in the order of their columns.
pub(super) fn measures(errors: &Errors) -> [(&'static str, Option<f64>); 8] {
    [
        ("months", Some(errors.count as f64)),
        ("rmse", Some(errors.root_mean_square)),
        ("bias", Some(errors.bias)),
        ("mean_absolute_error", Some(errors.mean_absolute)),
        ("change_correlation", errors.change_correlation),
        ("sign_agreement", errors.sign_agreement),
        ("u_no_change", errors.u_no_change),
        ("u_baseline", errors.u_baseline),
    ]
}

/// Errors of all items that were observed; `exactly`, or to three decimals.
#[must_use]
pub fn errors_table(frame: &Frame, compared: &[Compared], exactly: bool) -> Table {
    const HEAD: [&str; 11] = [
        "series",
        "partner",
        "unit",
        "months",
        "rmse",
        "bias",
        "mean_absolute_error",
        "change_correlation",
        "sign_agreement",
        "u_no_change",
        "u_baseline",
    ];
    let short = ["", "", "", "months", "RMSE", "bias", "MAE", "corr", "sign", "U same", "U base"];
    // On a terminal the units would take all the room.
    let keep = |cells: Vec<String>| cells.into_iter().enumerate().filter(move |x| exactly || x.0 != 2).map(|x| x.1);
    let head = HEAD.iter().zip(short).map(|(long, short)| if exactly || short.is_empty() { *long } else { short });
    let mut table = Table::new(keep(head.map(str::to_owned).collect()));
    for found in compared {
        let Some(errors) = &found.errors else { continue };
        let number = |(name, value): (&str, Option<f64>)| match value {
            Some(value) if exactly || name == "months" => value.to_string(),
            Some(value) => format!("{value:.3}"),
            None if exactly => String::new(),
            None => "-".to_owned(),
        };
        let item = &found.item;
        let names = [item.series.id, frame.partner(item), item.series.unit].map(str::to_owned);
        table.push(keep(names.into_iter().chain(measures(errors).map(number)).collect()));
    }
    table
}

/// Partners in the order of their share in goods imports before the first measure, the largest first.
pub(super) fn by_share(frame: &Frame, paths: &[Path]) -> Vec<usize> {
    let of = |path: &Path| Some((path.item.partner?, mean(&path.means()[frame.before()])));
    let shares = paths.iter().filter(|path| path.item.series.id == "import_share");
    let mut shares: Vec<(usize, f64)> = shares.filter_map(of).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    shares.into_iter().map(|x| x.0).collect()
}

/// The first and the last year since the first measure.
pub(super) fn years(frame: &Frame) -> [Range<usize>; 2] {
    let end = frame.dates.len();
    [frame.first..(frame.first + 12).min(end), end.saturating_sub(12).max(frame.first)..end]
}

/// Partners on the terminal.
const SHOWN: usize = 5;

/// Means before the first measure, in the first year since and in the last: all totals, and shares, imports and collected rates
/// of the largest partners.
#[must_use]
pub fn summary(frame: &Frame, paths: &[Path]) -> Table {
    let [first, last] = years(frame);
    let mut table = Table::new([
        "series".to_owned(),
        "partner".to_owned(),
        format!("from {}", frame.month(frame.before().start)),
        format!("from {}", frame.month(first.start)),
        format!("from {}", frame.month(last.start)),
        "baseline then".to_owned(),
    ]);
    let mut push = |path: &Path| {
        let model = path.means();
        let numbers = [
            mean(&model[frame.before()]),
            mean(&model[first.clone()]),
            mean(&model[last.clone()]),
            mean(&path.baseline[last.clone()]),
        ];
        let names = [path.item.series.id.to_owned(), frame.partner(&path.item).to_owned()];
        table.push(names.into_iter().chain(numbers.map(|x| format!("{x:.2}"))));
    };
    paths.iter().filter(|path| path.item.partner.is_none()).for_each(&mut push);
    let partners: Vec<usize> = by_share(frame, paths).into_iter().take(SHOWN).collect();
    for id in ["import_share", "import_volume", "duty_rate"] {
        for partner in &partners {
            paths.iter().filter(|x| x.item.series.id == id && x.item.partner == Some(*partner)).for_each(&mut push);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::tests::{frame, rising};
    use super::super::{Observed, Rebase};
    use super::*;

    #[test]
    fn a_filled_table_returns() {
        let frame = frame();
        let paths = rising(&frame);
        let blank = template(&frame).to_csv();
        assert!(blank.starts_with("month,series,partner,unit,observed\n2025-01,imports,all,billion a month,\n"));
        assert!(!has_observations(&blank) && has_observations("a user's own file") && !has_observations(""));
        // The model's own values as observations have no errors.
        let mut filled = template(&frame);
        let own = replay_table(&frame, &paths, &[]);
        for (row, own) in filled.rows.iter_mut().zip(&own.rows) {
            assert_eq!(row[..4], own[..4]);
            row[4].clone_from(&own[4]);
        }
        let text = filled.to_csv();
        assert!(has_observations(&text));
        let observed = Observed::parse(&text, &frame, Rebase::Index).expect("observations");
        let compared = observed.beside(&frame, &paths, Rebase::Index);
        assert_eq!(compared.len(), paths.len());
        let errors = errors_table(&frame, &compared, true);
        assert_eq!(errors.rows.len(), paths.len());
        for row in &errors.rows {
            assert_eq!(row[3..], ["4", "0", "0", "0", "1", "1", "0", "0"], "{row:?}");
        }
        let again = replay_table(&frame, &paths, &compared);
        assert!(again.rows.iter().all(|row| row[4] == row[8]));
        assert_eq!(errors_table(&frame, &compared, false).head.len(), 10);
    }

    #[test]
    fn a_summary_by_hand() {
        let frame = frame();
        let table = summary(&frame, &rising(&frame));
        assert_eq!(table.head[2..], ["from 2025-01", "from 2025-03", "from 2025-03", "baseline then"]);
        assert_eq!(table.rows[0], ["imports", "all", "10.00", "13.50", "13.50", "10.00"]);
        assert_eq!(table.rows.last().expect("rows")[..2], ["duty_rate", "B"]);
    }
}
