//! What is declared: parameters and kinds of measures.

use super::About;
use crate::measures::{MeasureKind, keys};
use crate::parameters::{PARAMETERS, ParameterInfo};
use crate::reading::keys::Key;
use crate::shipped;
use crate::units::accepted;

/// The parameters with their defaults.
#[must_use]
pub fn parameters() -> Vec<About> {
    let Some(shipped) = shipped::parameters() else { return Vec::new() };
    let entry = |(info, default): (&ParameterInfo, String)| {
        let path = info.path();
        let range = if info.min.is_finite() { format!("{} to {}", info.min, info.max) } else { String::new() };
        let words = if info.choices.is_empty() && info.unit.is_empty() {
            "true, false".to_owned()
        } else {
            info.choices.join(", ")
        };
        let units = if info.unit.is_empty() { String::new() } else { accepted(info.unit).join(", ") };
        About::new(&path, info.doc.trim())
            .fact("default", default)
            .fact("unit", info.unit)
            .fact("range", range)
            .fact("values", words)
            .fact("units_accepted", units)
            .fact("source", shipped.sources.get(&path).cloned().unwrap_or_default())
    };
    PARAMETERS.iter().zip(shipped.values.shown()).map(entry).collect()
}

/// The kinds of measures.
#[must_use]
pub fn measures() -> Vec<About> {
    let entry = |(word, kind): (&'static str, MeasureKind)| {
        let on = match (kind.on_imports(), kind.on_regions(), kind.by_area()) {
            (true, ..) => "imports: importers, exporters, products",
            (_, true, true) => "regions and areas",
            (_, true, false) => "regions",
            (_, _, true) => "industries of regions and areas",
            _ => "industries of regions",
        };
        let keys = keys(kind);
        let (must, may): (Vec<_>, Vec<_>) = keys.iter().partition(|key| key.required);
        let names = |keys: &[&Key]| keys.iter().map(|x| x.name).collect::<Vec<_>>().join(", ");
        let line = format!("kind = \"{word}\"");
        let users = shipped::policy_names().into_iter().filter(|name| {
            shipped::text(&format!("policies/{name}.toml")).is_some_and(|text| text.lines().any(|x| x.trim() == line))
        });
        let lines = keys.iter().map(|key| format!("  {:<16} {}", key.name, key.meaning));
        About::new(word, kind.instrument().names[0])
            .fact("meaning", kind.meaning().trim())
            .fact("acts_on", on)
            .fact("keys_required", names(&must))
            .fact("keys_optional", names(&may))
            .fact("policies", users.collect::<Vec<_>>().join(", "))
            .text(format!("Keys of [[measure]]\n{}\n", lines.collect::<Vec<_>>().join("\n")))
    };
    MeasureKind::WORDS.into_iter().map(entry).collect()
}
