//! Comma-separated values as in RFC 4180, in UTF-8, and a description beside them.
//!
//! Numbers are written with as many digits as tell them from all others of their type; missing values are empty.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use engine::files::{Previous, write_atomically};
use engine::netcdf::Values;
use serde_json::json;

use super::{ExportError, Labels, Sheet, refused};

/// Bytes of values held at once, as far as a place along the first dimension has no more.
const BLOCK_BYTES: usize = 1 << 25;

/// The file that describes the table `path`: `<path>-metadata.json`, where CSV on the Web looks for it.
pub(super) fn description_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-metadata.json");
    PathBuf::from(name)
}

pub(super) fn write(sheet: &Sheet<'_>, path: &Path) -> Result<(), ExportError> {
    // The description waits under its temporary name for the table: either both are there at the end or none.
    let about = description_path(path);
    write_atomically(&about, Previous::Drop, |waiting| {
        File::create(waiting)
            .and_then(|mut file| {
                file.write_all(description(sheet, path).as_bytes())?;
                file.sync_all()
            })
            .map_err(|error| refused(&about, error))?;
        write_atomically(path, Previous::Drop, |temporary| {
            let file = File::create(temporary).map_err(|error| refused(path, error))?;
            pour(sheet, &mut BufWriter::with_capacity(1 << 16, file), path)
        })
    })
}

/// Writes the table alone; `path` stands for `out` in messages.
pub(super) fn pour(sheet: &Sheet<'_>, out: &mut impl Write, path: &Path) -> Result<(), ExportError> {
    let names: Vec<String> = sheet.described().iter().map(|(name, ..)| quoted(name)).collect();
    let mut line = names.join(",");
    line.push('\n');
    out.write_all(line.as_bytes()).map_err(|error| refused(path, error))?;
    let bytes: usize = sheet.columns.iter().map(|x| x.number.map_or(32, engine::netcdf::Number::bytes)).sum();
    for block in sheet.blocks(BLOCK_BYTES / (bytes * sheet.inner()).max(1)) {
        write_block(sheet, &block, out, path)?;
    }
    out.flush().map_err(|error| refused(path, error))
}

fn write_block(
    sheet: &Sheet<'_>,
    block: &std::ops::Range<usize>,
    out: &mut impl Write,
    path: &Path,
) -> Result<(), ExportError> {
    let values = sheet.columns.iter().map(|column| sheet.values(column, block)).collect::<Result<Vec<_>, _>>()?;
    // Labels are written many times, so they are made once.
    let labels: Vec<Vec<String>> = sheet.keys.iter().map(|key| cells(&key.labels)).collect();
    let inner = sheet.inner();
    let mut line = Vec::new();
    for (number, first) in sheet.kept(block).into_iter().enumerate() {
        for row in 0..inner {
            line.clear();
            for (key, labels) in sheet.keys.iter().zip(&labels) {
                line.extend_from_slice(labels[sheet.place(key.axis, first, row)].as_bytes());
                line.push(b',');
            }
            for values in &values {
                cell(&mut line, values, number * inner + row);
                line.push(b',');
            }
            // There is a key at least, so there is a comma too many.
            line.pop();
            line.push(b'\n');
            out.write_all(&line).map_err(|error| refused(path, error))?;
        }
    }
    Ok(())
}

fn cell(line: &mut Vec<u8>, values: &Values<'_>, at: usize) {
    // Writing to memory does not fail.
    let _ = match values {
        Values::I64(values) => write!(line, "{}", values[at]),
        Values::F64(values) if values[at].is_nan() => Ok(()),
        Values::F64(values) => write!(line, "{:?}", values[at]),
        Values::F32(values) if values[at].is_nan() => Ok(()),
        Values::F32(values) => write!(line, "{:?}", values[at]),
        Values::Text(values) => write!(line, "{}", quoted(&values[at])),
    };
}

fn cells(labels: &Labels) -> Vec<String> {
    match labels {
        Labels::Text(texts) => texts.iter().map(|text| quoted(text)).collect(),
        Labels::Integers(integers) => integers.iter().map(ToString::to_string).collect(),
        Labels::Numbers(numbers) => {
            let number = |x: &f64| if x.is_nan() { String::new() } else { format!("{x:?}") };
            numbers.iter().map(number).collect()
        }
        Labels::Dates(dates) => dates.iter().map(ToString::to_string).collect(),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// The description, as CSV on the Web (W3C 2015) has it.
fn description(sheet: &Sheet<'_>, path: &Path) -> String {
    let attributes: serde_json::Map<String, serde_json::Value> =
        sheet.about().map(|(name, text)| (name.to_owned(), text.into())).collect();
    let description = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "url": path.file_name().map(|name| name.to_string_lossy()),
        "notes": [attributes],
        "tableSchema": { "columns": sheet.columns_json(), "primaryKey": sheet.primary_key() },
    });
    format!("{description:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_return_and_missing_ones_are_empty() {
        let wild = [0.1 + 0.2, 1e300, -0.0, 5e-324, f64::INFINITY, 3.0];
        for (at, number) in wild.iter().enumerate() {
            let mut line = Vec::new();
            cell(&mut line, &Values::F64(wild.to_vec().into()), at);
            let text = String::from_utf8(line).expect("text");
            assert_eq!(text.parse::<f64>().expect("a number").to_bits(), number.to_bits(), "{text}");
        }
        let mut line = Vec::new();
        cell(&mut line, &Values::F64(vec![f64::NAN].into()), 0);
        assert!(line.is_empty());
        cell(&mut line, &Values::I64(vec![i64::MAX].into()), 0);
        assert_eq!(line, b"9223372036854775807");
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        assert_eq!(quoted("a b"), "a b");
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
    }
}
