//! `autarky schema`: JSON Schemas of the input files, from the declarations by which they are read.

use agents::calibration::CalibrationFiles;
use agents::parameters::keys::{Holds, Key};
use agents::parameters::{PARAMETERS, ParameterInfo, accepted};
use agents::policy::{MeasureKind, keys};
use analysis::replay::COLUMNS;
use serde_json::{Map, Value, json};

use crate::arguments::SchemaKind;
use crate::config::{SCENARIO_KEYS, load_world, world_names};
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
        SchemaKind::Parameters => ("Parameters", sections(&stated)),
        SchemaKind::World => ("Tables of a world", world()?),
        SchemaKind::Observed => ("Observations", rows(&COLUMNS.map(|name| (name.to_owned(), json!({}))), &[])),
    };
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("title".to_owned(), json!(title));
    if let Value::Object(body) = body {
        whole.extend(body);
    }
    terminal::json(&Value::Object(whole))
}

/// An object of keys, and no others.
fn object(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let must: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": must, "additionalProperties": false })
}

fn described(key: &Key) -> Value {
    let mut found = value(&key.holds);
    if let Value::Object(map) = &mut found {
        map.insert("description".to_owned(), json!(key.meaning));
    }
    found
}

/// What a key holds. Dates of TOML are texts in JSON.
fn value(holds: &Holds) -> Value {
    match holds {
        Holds::Text => json!({ "type": "string" }),
        Holds::Word(words) => json!({ "enum": words }),
        Holds::Date => json!({ "type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$" }),
        Holds::Flag => json!({ "type": "boolean" }),
        Holds::Number => json!({ "type": "number" }),
        Holds::Count(low, high) => json!({ "type": "integer", "minimum": low, "maximum": high }),
        Holds::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Holds::Codes => codes(),
        Holds::Rate => rate(),
        Holds::Rates => {
            let inner = json!({ "type": "object", "additionalProperties": rate() });
            json!({ "type": "object", "additionalProperties": { "anyOf": [rate(), inner] } })
        }
        Holds::Anything => json!({}),
        Holds::List(item) => json!({ "type": "array", "items": value(item) }),
        Holds::Table(keys) => object(keys),
    }
}

/// Codes, or a set of them with exceptions.
fn codes() -> Value {
    let list = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] });
    let set = json!({ "type": "object", "properties": { "set": list, "except": list }, "additionalProperties": false });
    json!({ "anyOf": [list, set] })
}

/// A number, or a number with its unit.
fn rate() -> Value {
    let units = accepted("fraction");
    let with_unit = json!({
        "type": "object",
        "properties": { "value": { "type": "number" }, "unit": { "enum": units } },
        "required": ["value", "unit"],
        "additionalProperties": false
    });
    json!({ "anyOf": [{ "type": "number" }, with_unit] })
}

/// The measures of a file, each with the keys of its kind.
fn measures() -> Value {
    let one = |(word, kind): (&str, MeasureKind)| {
        let mut then = object(&keys(kind));
        then["description"] = json!(kind.meaning().trim());
        json!({ "if": { "properties": { "kind": { "const": word } }, "required": ["kind"] }, "then": then })
    };
    let kinds: Vec<Value> = MeasureKind::WORDS.into_iter().map(one).collect();
    let kind = json!({ "kind": { "enum": MeasureKind::NAMES } });
    json!({ "type": "array", "items": { "type": "object", "properties": kind, "required": ["kind"], "allOf": kinds } })
}

/// The sections of parameters, each described by `one`.
fn sections(one: &dyn Fn(&ParameterInfo) -> Value) -> Value {
    let mut found = Map::new();
    for info in PARAMETERS {
        let section = found
            .entry(info.section)
            .or_insert_with(|| json!({ "type": "object", "properties": {}, "additionalProperties": false }));
        let mut about = one(info);
        about["description"] = json!(format!("{} Unit: {}.", info.doc.trim(), info.unit));
        section["properties"][info.key] = about;
    }
    json!({ "type": "object", "properties": found, "additionalProperties": false })
}

/// What the value of a parameter can be, in its own unit.
fn bare(info: &ParameterInfo) -> Value {
    match (info.unit, info.choices) {
        ("", []) => json!({ "type": "boolean" }),
        ("", words) => json!({ "enum": words }),
        _ => json!({ "type": "number", "minimum": info.min, "maximum": info.max }),
    }
}

/// A parameter with its unit and source.
fn stated(info: &ParameterInfo) -> Value {
    let number = if info.unit.is_empty() { bare(info) } else { json!({ "type": "number" }) };
    let mut properties = json!({ "value": number, "source": { "type": "string" } });
    if !info.unit.is_empty() {
        properties["unit"] = json!({ "enum": accepted(info.unit) });
    }
    json!({ "type": "object", "properties": properties, "required": ["value"], "additionalProperties": false })
}

/// A parameter in a scenario: its value, or that with unit and source.
fn given(info: &ParameterInfo) -> Value {
    json!({ "anyOf": [bare(info), stated(info)] })
}

fn scenario() -> Value {
    let mut found = object(SCENARIO_KEYS);
    found["properties"]["measure"] = measures();
    found["properties"]["parameters"] = sections(&given);
    found
}

fn policy() -> Value {
    let text = json!({ "type": "string" });
    let properties = json!({ "title": text, "description": text, "measure": measures() });
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn experiment() -> Value {
    let mut found = object(EXPERIMENT_KEYS);
    // An arm names factors of the same file.
    let mut arm = object(ARM_KEYS);
    arm["additionalProperties"] = json!({ "type": ["number", "string", "boolean"] });
    found["properties"]["arm"] = json!({ "type": "array", "items": arm });
    found
}

/// Rows of a table with these columns, and one of each of others.
fn rows(columns: &[(String, Value)], others: &[String]) -> Value {
    let properties: Map<String, Value> = columns.iter().cloned().collect();
    let must: Vec<&String> = columns.iter().map(|column| &column.0).collect();
    let mut row = json!({ "type": "object", "properties": properties, "required": must });
    if !others.is_empty() {
        row["additionalProperties"] =
            json!({ "type": "number", "description": format!("a column of every industry, as {}", others[0]) });
    }
    json!({ "type": "array", "items": row })
}

/// The tables of a world as the program writes them; columns named by industries stand for those of any world.
fn world() -> Result<Value, Failure> {
    let world = load_world(world_names().first().copied().unwrap_or_default())?;
    let files = world.to_files();
    let mut properties = Map::new();
    for (name, text) in CalibrationFiles::NAMES.iter().zip(files.texts()) {
        let table = analysis::table::parse_csv(text);
        let number = |at: usize| table.rows.iter().all(|row| row[at].is_empty() || row[at].parse::<f64>().is_ok());
        let (own, industries): (Vec<_>, Vec<_>) =
            table.head.iter().enumerate().partition(|(_, name)| !world.industries.iter().any(|x| x.code == **name));
        let kind = |at: usize| if number(at) { json!({ "type": "number" }) } else { json!({ "type": "string" }) };
        let own: Vec<(String, Value)> = own.into_iter().map(|(at, name)| (name.clone(), kind(at))).collect();
        let industries: Vec<String> = industries.into_iter().map(|x| x.1.clone()).collect();
        properties.insert((*name).to_owned(), rows(&own, &industries));
    }
    let must: Vec<&&str> = CalibrationFiles::NAMES.iter().filter(|name| **name != CalibrationFiles::AREAS).collect();
    Ok(json!({ "type": "object", "properties": properties, "required": must }))
}
