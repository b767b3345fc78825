//! What the model is made of: parameters and what reads them, recorded variables, models.

use agents::record::declarations;
use configs::catalogue::About;

use super::Entry;
use crate::arguments::EntryKind;
use crate::models::MODELS;

/// Every parameter, and the sources that read it.
const READERS: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/readers.rs"));

/// The parameters with their defaults, what reads them and how they are set.
pub(super) fn parameters() -> Vec<Entry> {
    let entry = |about: About| {
        let readers = READERS.iter().find(|reader| reader.0 == about.name).map_or(&[][..], |reader| reader.1);
        let default = about.facts.iter().find(|fact| fact.0 == "default").map_or("", |fact| &fact.1);
        let example = format!("autarky run SCENARIO --set {}={}", about.name, default.trim_matches('"'));
        Entry::of(EntryKind::Parameter, about).fact("read_by", readers.join(", ")).fact("set_by", example)
    };
    configs::catalogue::parameters().into_iter().map(entry).collect()
}

/// The variables of a recording.
pub(super) fn variables() -> Vec<Entry> {
    let entry = |x: agents::record::Declaration| {
        Entry::new(EntryKind::Variable, x.name, x.long_name)
            .fact("dimensions", x.dimensions.join(", "))
            .fact("unit", x.unit)
            .fact("definition", x.definition)
            .fact("recorded", x.recorded)
    };
    declarations().into_iter().map(entry).collect()
}

/// Models that a scenario can name.
pub(super) fn models() -> Vec<Entry> {
    MODELS.iter().map(|model| Entry::new(EntryKind::Model, model.name, model.title)).collect()
}

#[cfg(test)]
mod tests {
    use configs::parameters::PARAMETERS;

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
