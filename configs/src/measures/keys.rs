//! The keys of a measure in a file.

use super::instruments::MeasureKind;
use crate::reading::keys::{Holds, Key, optional, required};

/// Keys of every measure.
const COMMON: &[Key] = &[
    required("label", Holds::Text, "name, unique in a scenario"),
    required("kind", Holds::Word(&MeasureKind::NAMES), "what it acts on"),
    optional("legal_basis", Holds::Text, "law or order it rests on"),
    optional("announced", Holds::Date, "first day on which it is known; the start unless given"),
    required("start", Holds::Date, "first day in force"),
    optional("end", Holds::Date, "first day no longer in force; for ever unless given"),
    optional("end_announced", Holds::Date, "first day on which the end is known; as announced unless given"),
    required("source", Holds::Text, "where it is written down"),
    optional("mark", Holds::Text, "S seen in a source, M from memory"),
    optional("note", Holds::Text, "remark"),
    optional("shared", Holds::Flag, "true: also in force in the world the run is compared with"),
];

/// Keys of measures with a rate.
const RATE: &[Key] = &[
    optional("rate", Holds::Rate, "the same rate for all, a fraction or { value = 25, unit = \"percent\" }"),
    optional("rates", Holds::Rates, "rates by exporter (region), or by exporter (region) and product (industry)"),
    optional("mode", Holds::Word(&["add", "replace"]), "adds to what is in force, or sets the total rate"),
];

/// Keys of measures on imports.
const IMPORTS: &[Key] = &[
    optional("importers", Holds::Codes, "regions that import: codes, \"all\", or { set = .., except = [..] }"),
    optional("exporters", Holds::Codes, "regions the goods come from"),
    optional("products", Holds::Codes, "codes, \"all\", \"all-goods\", \"all-services\" or \"manufacturing\""),
];

const REGIONS: Key = optional("regions", Holds::Codes, "regions concerned, of some kinds also areas of them");
const INDUSTRIES: Key = optional("industries", Holds::Codes, "codes, \"all\", \"all-goods\" or \"manufacturing\"");

/// The keys that a measure of a kind can have.
#[must_use]
pub fn keys(kind: MeasureKind) -> Vec<Key> {
    let mut known = COMMON.to_vec();
    if !kind.is_ban() {
        known.extend(RATE);
    }
    known.extend(kind.instrument().keys);
    match (kind.on_imports(), kind.on_regions()) {
        (true, _) => known.extend(IMPORTS),
        (_, true) => known.push(REGIONS),
        _ => known.extend([REGIONS, INDUSTRIES]),
    }
    known
}
