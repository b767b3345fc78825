//! All that a world is made from, read without the program and its command line; what is embedded is what lies here.

use std::path::Path;

use crate::calibration::Calibration;
use crate::measures::{check_measures, check_needs, check_totals, parse_measures};
use crate::parameters::ParameterSet;
use crate::scenario::{ECONOMY, Known, Loaded, Overrides, load_scenario, load_scenario_text};
use crate::shipped;

/// What scenarios can name.
const KNOWN: Known<'_> = Known { models: &[ECONOMY], indicators: &["middle_class"] };

#[test]
fn the_inputs_of_a_world_are_read_without_the_program() {
    let tables = shipped::world("world-15x21").expect("shipped");
    let world = Calibration::parse(&tables).expect("tables");
    let text = shipped::text("parameters.toml").expect("shipped");
    let parameters = ParameterSet::parse("parameters.toml", text).expect("parameters");
    let mut measures = Vec::new();
    for name in shipped::policy_names() {
        let text = shipped::text(&format!("policies/{name}.toml")).expect("shipped");
        let read = parse_measures(name, text, &world.codes()).unwrap_or_else(|issues| panic!("{name}: {issues:?}"));
        check_totals(&read, &world).unwrap_or_else(|issues| panic!("{name}: {issues:?}"));
        check_measures(&read).unwrap_or_else(|issues| panic!("{name}: {issues:?}"));
        measures.extend(read);
    }
    assert!(measures.len() > shipped::policy_names().len());
    // Some need what the shipped parameters switch off: they say so.
    let needs = check_needs(&measures, &parameters.values).expect_err("plants are not told apart");
    assert!(needs.iter().all(|issue| !issue.remedy.is_empty()));
    assert_eq!(shipped::world("world-15x12"), None);
}

#[test]
fn a_scenario_is_read_with_all_it_refers_to_without_the_program() {
    let Loaded { raw, config, calibration } =
        load_scenario("us-uniform-10", &Overrides::default(), KNOWN).expect("a shipped scenario");
    assert_eq!((calibration.region_count(), config.model.as_str()), (15, ECONOMY));
    assert_eq!(raw.len(), 3, "the scenario, the parameters and a policy, as written");
    assert!(config.measures.iter().all(|measure| !measure.cells.is_empty()) && !config.measures.is_empty());
    let again = load_scenario_text("us-uniform-10", &config.to_toml(), &Overrides::default(), KNOWN);
    assert_eq!(again.expect("its resolved form").config.parameters, config.parameters);
    let text = config.to_toml().replace("seed = ", "model = \"econony\"\nsede = ");
    let refusal = load_scenario_text("mine", &text, &Overrides::default(), KNOWN).expect_err("two mistakes");
    let told = refusal.to_string();
    let asked = |answer: &str| {
        let text = config.to_toml().replace("seed = ", &format!("answers = [\"{answer}\"]\nseed = "));
        load_scenario_text("mine", &text, &Overrides::default(), KNOWN)
    };
    assert_eq!(asked("middle_class").expect("an indicator").config.answers, ["middle_class"]);
    let unknown = asked("midle_class").expect_err("none").to_string();
    assert!(
        unknown.contains("no indicator is called `midle_class`") && unknown.contains("`middle_class`?"),
        "{unknown}"
    );
    assert!(told.contains("no model is called `econony`") && told.contains("did you mean `seed`?"), "{told}");
    assert!(refusal.texts.contains_key("mine"));
}

#[test]
fn every_file_of_configs_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    let mut seen = 0;
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("configs is there") {
            let path = entry.expect("readable").path();
            let name = path.strip_prefix(root).expect("below configs").display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if name != "Cargo.toml" && path.extension().is_some_and(|end| end == "toml" || end == "csv") {
                seen += 1;
                let current = std::fs::read_to_string(&path).expect("readable");
                if shipped::text(&name) != Some(current.as_str()) {
                    missing.push(name);
                }
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert!(seen > 60, "{seen} files: not all were found");
}
