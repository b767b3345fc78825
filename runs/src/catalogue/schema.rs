//! `autarky schema`: JSON Schemas of the input files, those of a world by `configs`.

use analysis::replay::COLUMNS;
use configs::schema::{document, object, parameters, policy, rows, scenario, tables};
use serde_json::{Value, json};

use crate::arguments::SchemaKind;
use crate::config::{load_world, world_names};
use crate::failure::Failure;
use crate::sweep::experiment::{ARM_KEYS, KEYS as EXPERIMENT_KEYS};
use crate::terminal;

/// Prints the schema of a kind of files.
///
/// # Errors
/// If the shipped world is broken.
pub fn schema(kind: SchemaKind) -> Result<(), Failure> {
    let (title, body) = match kind {
        SchemaKind::Scenario => ("Scenario", scenario()),
        SchemaKind::Policy => ("Policy", policy()),
        SchemaKind::Experiment => ("Experiment", experiment()),
        SchemaKind::Parameters => ("Parameters", parameters()),
        SchemaKind::World => {
            ("Tables of a world", tables(&load_world(world_names().first().copied().unwrap_or_default())?))
        }
        SchemaKind::Observed => ("Observations", rows(&COLUMNS.map(|name| (name.to_owned(), json!({}))), &[])),
    };
    terminal::json(&document(title, body))
}

fn experiment() -> Value {
    let mut found = object(EXPERIMENT_KEYS);
    // An arm names factors of the same file.
    let mut arm = object(ARM_KEYS);
    arm["additionalProperties"] = json!({ "type": ["number", "string", "boolean"] });
    found["properties"]["arm"] = json!({ "type": "array", "items": arm });
    found
}
