//! What the model is made of: parameters, kinds of measures, recorded variables.

use agents::parameters::{PARAMETERS, accepted};
use agents::policy::{MeasureKind, keys};
use agents::record::declarations;

use super::Entry;
use crate::arguments::EntryKind;
use crate::config::{policy_names, shipped_parameters, shipped_text};
use crate::models::MODELS;

/// Every parameter, and the sources that read it.
const READERS: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/readers.rs"));

/// The parameters with their defaults.
pub(super) fn parameters() -> Vec<Entry> {
    let Some(shipped) = shipped_parameters() else { return Vec::new() };
    let entry = |(info, default): (&agents::parameters::ParameterInfo, String)| {
        let path = info.path();
        let range = if info.min.is_finite() { format!("{} to {}", info.min, info.max) } else { String::new() };
        let words = if info.choices.is_empty() && info.unit.is_empty() {
            "true, false".to_owned()
        } else {
            info.choices.join(", ")
        };
        let units = if info.unit.is_empty() { String::new() } else { accepted(info.unit).join(", ") };
        let readers = READERS.iter().find(|reader| reader.0 == path).map_or(&[][..], |reader| reader.1);
        let example = format!("autarky run SCENARIO --set {path}={}", default.trim_matches('"'));
        Entry::new(EntryKind::Parameter, &path, info.doc.trim())
            .fact("default", default)
            .fact("unit", info.unit)
            .fact("range", range)
            .fact("values", words)
            .fact("units_accepted", units)
            .fact("source", shipped.sources.get(&path).cloned().unwrap_or_default())
            .fact("read_by", readers.join(", "))
            .fact("set_by", example)
    };
    PARAMETERS.iter().zip(shipped.values.shown()).map(entry).collect()
}

/// The kinds of measures.
pub(super) fn measures() -> Vec<Entry> {
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
        let names =
            |keys: &[&agents::parameters::keys::Key]| keys.iter().map(|x| x.name).collect::<Vec<_>>().join(", ");
        let line = format!("kind = \"{word}\"");
        let users = policy_names().into_iter().filter(|name| {
            shipped_text(&format!("policies/{name}.toml")).is_some_and(|text| text.lines().any(|x| x.trim() == line))
        });
        let lines = keys.iter().map(|key| format!("  {:<16} {}", key.name, key.meaning));
        Entry::new(EntryKind::Measure, word, kind.instrument().names[0])
            .fact("meaning", kind.meaning().trim())
            .fact("acts_on", on)
            .fact("keys_required", names(&must))
            .fact("keys_optional", names(&may))
            .fact("policies", users.collect::<Vec<_>>().join(", "))
            .text(format!("Keys of [[measure]]\n{}\n", lines.collect::<Vec<_>>().join("\n")))
    };
    MeasureKind::WORDS.into_iter().map(entry).collect()
}

/// The variables of a recording.
pub(super) fn variables() -> Vec<Entry> {
    let entry = |x: agents::record::Declaration| {
        Entry::new(EntryKind::Variable, x.name, x.long_name)
            .fact("dimensions", x.dimensions.join(", "))
            .fact("unit", x.unit)
            .fact("definition", x.definition)
            .fact("recorded", if x.full_only { "with --record full" } else { "always" })
    };
    declarations().into_iter().map(entry).collect()
}

/// Models that a scenario can name.
pub(super) fn models() -> Vec<Entry> {
    MODELS.iter().map(|model| Entry::new(EntryKind::Model, model.name, model.title)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_read_somewhere() {
        assert_eq!(READERS.len(), PARAMETERS.len());
        for (info, (path, files)) in PARAMETERS.iter().zip(READERS) {
            assert_eq!(info.path(), *path);
            assert!(!files.is_empty(), "nothing reads {path}: is it needed?");
        }
    }
}
