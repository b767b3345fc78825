//! JSON Schemas of the input files, from the declarations by which they are read.

use engine::csv::Rows;
use serde_json::{Map, Value, json};

use crate::calibration::{Calibration, CalibrationFiles};
use crate::measures::{MeasureKind, keys};
use crate::parameters::{PARAMETERS, ParameterInfo};
use crate::reading::keys::{Holds, Key};
use crate::scenario::KEYS;
use crate::units::accepted;

/// A schema as a whole: its title, and what is in it.
#[must_use]
pub fn document(title: &str, body: Value) -> Value {
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("title".to_owned(), json!(title));
    if let Value::Object(body) = body {
        whole.extend(body);
    }
    Value::Object(whole)
}

/// An object of keys, and no others.
#[must_use]
pub fn object(keys: &[Key]) -> Value {
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

/// A file of parameters: all of them, with unit and source.
#[must_use]
pub fn parameters() -> Value {
    sections(&stated)
}

/// A scenario.
#[must_use]
pub fn scenario() -> Value {
    let mut found = object(KEYS);
    found["properties"]["measure"] = measures();
    found["properties"]["parameters"] = sections(&given);
    found
}

/// A policy.
#[must_use]
pub fn policy() -> Value {
    let text = json!({ "type": "string" });
    let properties = json!({ "title": text, "description": text, "measure": measures() });
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// Rows of a table with these columns, and one of each of others.
#[must_use]
pub fn rows(columns: &[(String, Value)], others: &[String]) -> Value {
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
#[must_use]
pub fn tables(world: &Calibration) -> Value {
    let files = world.to_files();
    let mut properties = Map::new();
    for (name, text) in CalibrationFiles::NAMES.iter().zip(files.texts()) {
        let Ok(table) = Rows::parse(text) else { continue };
        let cells: Vec<Vec<String>> =
            (0..table.len()).map(|row| table.cells(row).into_iter().map(|cell| cell.text).collect()).collect();
        let Some((head, rows_of)) = cells.split_first() else { continue };
        let of = |row: &Vec<String>, at: usize| row.get(at).is_none_or(|x| x.is_empty() || x.parse::<f64>().is_ok());
        let number = |at: usize| rows_of.iter().all(|row| of(row, at));
        let (own, industries): (Vec<_>, Vec<_>) =
            head.iter().enumerate().partition(|(_, name)| !world.industries.iter().any(|x| x.code == **name));
        let kind = |at: usize| if number(at) { json!({ "type": "number" }) } else { json!({ "type": "string" }) };
        let own: Vec<(String, Value)> = own.into_iter().map(|(at, name)| (name.clone(), kind(at))).collect();
        let industries: Vec<String> = industries.into_iter().map(|x| x.1.clone()).collect();
        properties.insert((*name).to_owned(), rows(&own, &industries));
    }
    let must: Vec<&&str> = CalibrationFiles::NAMES.iter().filter(|name| !CalibrationFiles::is_optional(name)).collect();
    json!({ "type": "object", "properties": properties, "required": must })
}
