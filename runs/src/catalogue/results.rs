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
            .fact("definition", x.definition[0])
            .fact("source", x.source)
            .fact("name_zh", x.name[1])
    };
    all().map(entry).collect()
}

/// The figures of a page.
pub(super) fn figures() -> Vec<Entry> {
    let entry = |x: analysis::report::Figure| {
        let [english, chinese] = x.title;
        let draw = format!("autarky plot {} FILE", x.id);
        // A sweep may have more factors than can be listed.
        let others = x.id.strip_prefix("dose-1-").map(|id| format!("dose-2-{id} of the second factor, and so on"));
        Entry::new(EntryKind::Figure, x.id, english)
            .fact("indicator", x.indicator.unwrap_or_default())
            .fact("draw", draw)
            .fact("other_factors", others.unwrap_or_default())
            .fact("title_zh", chinese)
    };
    drawn().into_iter().map(entry).collect()
}
