//! What is computed and drawn from recordings.

use analysis::indicators::all;
use analysis::report::figures as drawn;
use analysis::response::Scale;

use super::Entry;
use crate::arguments::EntryKind;

/// The indicators.
pub(super) fn indicators() -> Vec<Entry> {
    let entry = |x: &analysis::indicators::Indicator| {
        let change = if x.scale == Scale::Percent { "percent of the baseline" } else { "difference" };
        Entry::new(EntryKind::Indicator, x.id, x.name[0])
            .fact("theme", x.theme.name()[0])
            .fact("unit", x.unit)
            .fact("change", change)
            .fact("definition", x.definition)
            .fact("source", x.source)
            .fact("name_zh", x.name[1])
    };
    all().map(entry).collect()
}

/// The figures of a page.
pub(super) fn figures() -> Vec<Entry> {
    let entry = |x: analysis::report::Figure| {
        let draw = format!("autarky plot {} FILE", x.id);
        Entry::new(EntryKind::Figure, x.id, x.title[0])
            .fact("indicator", x.indicator.unwrap_or_default())
            .fact("draw", draw)
            .fact("title_zh", x.title[1])
    };
    drawn().into_iter().map(entry).collect()
}
