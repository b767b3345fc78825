//! Comma-separated values as in RFC 4180, in UTF-8, and a description beside them; with decimal commas semicolons separate.
//!
//! Numbers are written with as many digits as tell them from all others of their type; missing values are empty.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use engine::files::{Previous, with_suffix, write_atomically};
use engine::netcdf::Values;
use serde_json::json;

use super::{Decimal, ExportError, Labels, Sheet, refused};

/// Bytes of values held at once, as far as a place along the first dimension has no more.
const BLOCK_BYTES: usize = 1 << 25;

/// The file that describes the table `path`: `<path>-metadata.json`, where CSV on the Web looks for it.
pub(super) fn description_path(path: &Path) -> PathBuf {
    with_suffix(path, "-metadata.json")
}

pub(super) fn write(sheet: &Sheet<'_>, path: &Path, decimal: Decimal) -> Result<(), ExportError> {
    // The description waits under its temporary name for the table: either both are there at the end or none.
    let about = description_path(path);
    write_atomically(&about, Previous::Drop, |waiting| {
        File::create(waiting)
            .and_then(|mut file| {
                file.write_all(description(sheet, path, decimal).as_bytes())?;
                file.sync_all()
            })
            .map_err(|error| refused(&about, error))?;
        write_atomically(path, Previous::Drop, |temporary| {
            let file = File::create(temporary).map_err(|error| refused(path, error))?;
            pour(sheet, decimal, &mut BufWriter::with_capacity(1 << 16, file), path)
        })
    })
}

/// Writes the table alone; `path` stands for `out` in messages.
pub(super) fn pour(sheet: &Sheet<'_>, decimal: Decimal, out: &mut impl Write, path: &Path) -> Result<(), ExportError> {
    let names: Vec<String> = sheet.described().iter().map(|(name, ..)| quoted(name, decimal)).collect();
    let mut line = names.join(&decimal.separator().to_string());
    line.push('\n');
    out.write_all(line.as_bytes()).map_err(|error| refused(path, error))?;
    let bytes: usize = sheet.columns.iter().map(|x| x.number.map_or(32, engine::netcdf::Number::bytes)).sum();
    for block in sheet.blocks(BLOCK_BYTES / (bytes * sheet.inner()).max(1)) {
        write_block(sheet, decimal, &block, out, path)?;
    }
    out.flush().map_err(|error| refused(path, error))
}

fn write_block(
    sheet: &Sheet<'_>,
    decimal: Decimal,
    block: &std::ops::Range<usize>,
    out: &mut impl Write,
    path: &Path,
) -> Result<(), ExportError> {
    let values = sheet.columns.iter().map(|column| sheet.values(column, block)).collect::<Result<Vec<_>, _>>()?;
    // Labels are written many times, so they are made once.
    let labels: Vec<Vec<String>> = sheet.keys.iter().map(|key| cells(&key.labels, decimal)).collect();
    let separator = decimal.separator() as u8;
    let inner = sheet.inner();
    let mut line = Vec::new();
    for (number, first) in sheet.kept(block).into_iter().enumerate() {
        for row in 0..inner {
            line.clear();
            for (key, labels) in sheet.keys.iter().zip(&labels) {
                line.extend_from_slice(labels[sheet.place(key.axis, first, row)].as_bytes());
                line.push(separator);
            }
            for values in &values {
                cell(&mut line, values, number * inner + row, decimal);
                line.push(separator);
            }
            // There is a key at least, so there is a separator too many.
            line.pop();
            line.push(b'\n');
            out.write_all(&line).map_err(|error| refused(path, error))?;
        }
    }
    Ok(())
}

fn cell(line: &mut Vec<u8>, values: &Values<'_>, at: usize, decimal: Decimal) {
    // Writing to memory does not fail.
    let _ = match values {
        Values::I64(values) => write!(line, "{}", values[at]),
        Values::F64(values) if values[at].is_nan() => Ok(()),
        Values::F64(values) => number(line, values[at], decimal),
        Values::F32(values) if values[at].is_nan() => Ok(()),
        Values::F32(values) => number(line, values[at], decimal),
        Values::Text(values) => write!(line, "{}", quoted(&values[at], decimal)),
    };
}

/// A number with as many digits as tell it from all others of its type.
fn number(line: &mut Vec<u8>, number: impl Debug, decimal: Decimal) -> io::Result<()> {
    let start = line.len();
    write!(line, "{number:?}")?;
    if decimal == Decimal::Comma
        && let Some(point) = line[start..].iter_mut().find(|byte| **byte == b'.')
    {
        *point = b',';
    }
    Ok(())
}

fn cells(labels: &Labels, decimal: Decimal) -> Vec<String> {
    match labels {
        Labels::Text(texts) => texts.iter().map(|text| quoted(text, decimal)).collect(),
        Labels::Integers(integers) => integers.iter().map(ToString::to_string).collect(),
        Labels::Numbers(numbers) => {
            let values = Values::F64(numbers.as_slice().into());
            let text = |at: usize| {
                let mut line = Vec::new();
                cell(&mut line, &values, at, decimal);
                String::from_utf8_lossy(&line).into_owned()
            };
            (0..numbers.len()).map(text).collect()
        }
        Labels::Dates(dates) => dates.iter().map(ToString::to_string).collect(),
    }
}

fn quoted(text: &str, decimal: Decimal) -> String {
    if text.contains([decimal.separator(), '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The description, as CSV on the Web (W3C 2015) has it.
fn description(sheet: &Sheet<'_>, path: &Path, decimal: Decimal) -> String {
    let attributes: serde_json::Map<String, serde_json::Value> =
        sheet.about().map(|(name, text)| (name.to_owned(), text.into())).collect();
    let mut columns = sheet.columns_json();
    if decimal == Decimal::Comma {
        for column in columns.as_array_mut().into_iter().flatten() {
            let datatype = &mut column["datatype"];
            if *datatype == "double" || *datatype == "float" {
                *datatype = json!({ "base": datatype.take(), "format": { "decimalChar": "," } });
            }
        }
    }
    let mut description = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "url": path.file_name().map(|name| name.to_string_lossy()),
        "notes": [attributes],
        "tableSchema": { "columns": columns, "primaryKey": sheet.primary_key() },
    });
    if decimal == Decimal::Comma {
        description["dialect"] = json!({ "delimiter": decimal.separator().to_string() });
    }
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
            cell(&mut line, &Values::F64(wild.to_vec().into()), at, Decimal::Point);
            let text = String::from_utf8(line).expect("text");
            assert_eq!(text.parse::<f64>().expect("a number").to_bits(), number.to_bits(), "{text}");
        }
        let mut line = Vec::new();
        cell(&mut line, &Values::F64(vec![f64::NAN].into()), 0, Decimal::Point);
        assert!(line.is_empty());
        cell(&mut line, &Values::I64(vec![i64::MAX].into()), 0, Decimal::Point);
        assert_eq!(line, b"9223372036854775807");
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        assert_eq!(quoted("a b", Decimal::Point), "a b");
        assert_eq!(quoted("a, \"b\"", Decimal::Point), "\"a, \"\"b\"\"\"");
    }

    #[test]
    fn decimal_commas_stand_between_semicolons() {
        let wild = [0.1 + 0.2, 1e300, -0.0, 1.5e-7, f64::INFINITY, 1_234_567.875];
        let expected = ["0,30000000000000004", "1e300", "-0,0", "1,5e-7", "inf", "1234567,875"];
        for (at, expected) in expected.iter().enumerate() {
            let mut line = Vec::new();
            cell(&mut line, &Values::F64(wild.to_vec().into()), at, Decimal::Comma);
            assert_eq!(line, expected.as_bytes());
        }
        assert_eq!(cells(&Labels::Numbers(vec![0.5, f64::NAN]), Decimal::Comma), ["0,5", ""]);
        assert_eq!(cells(&Labels::Text(vec!["a, b; c".to_owned()]), Decimal::Comma), ["\"a, b; c\""]);
        // A point in a text is none of a number.
        assert_eq!(quoted("duty=0.05, all", Decimal::Comma), "duty=0.05, all");
    }
}
