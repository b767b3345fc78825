//! Apache Parquet. The only place that knows the crate.
//!
//! A row group is a block of runs, written column by column: in memory is one column of one row group. Dates are
//! timestamps without a zone, which all readers take for times (of a bare date pandas makes objects), integers have 64 bits, numbers that are not a number are missing values. Key-value metadata are the attributes of the
//! recording and, as JSON under `columns`, name, type, long name, unit and definition of every column.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use engine::files::{Previous, write_atomically};
use engine::netcdf::{Number, Values};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type};

use super::{Column, ExportError, Key, Labels, Sheet, refused};

/// Rows of a row group, as far as a place along the first dimension has no more.
const ROWS: usize = 1 << 18;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What went wrong: reading or writing.
enum Trouble {
    Export(ExportError),
    Parquet(ParquetError),
}

impl From<ExportError> for Trouble {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}

impl From<ParquetError> for Trouble {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(error)
    }
}

pub(super) fn write(sheet: &Sheet<'_>, path: &Path) -> Result<(), ExportError> {
    write_atomically(path, Previous::Drop, |temporary| {
        let file = File::create(temporary).map_err(|error| refused(path, error))?;
        fill(sheet, file).map_err(|trouble| match trouble {
            Trouble::Export(error) => error,
            Trouble::Parquet(error) => refused(path, cause(error)),
        })
    })
}

/// What the disk said, if it was the disk.
fn cause(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    }
}

fn fill(sheet: &Sheet<'_>, file: File) -> Result<(), Trouble> {
    let mut writer = SerializedFileWriter::new(file, schema(sheet)?, Arc::new(properties(sheet)))?;
    for block in sheet.blocks(ROWS / sheet.inner().max(1)) {
        let kept = sheet.kept(&block);
        if kept.is_empty() {
            continue;
        }
        let mut group = writer.next_row_group()?;
        for key in &sheet.keys {
            write_key(sheet, key, &kept, &mut next(&mut group)?)?;
        }
        for column in &sheet.columns {
            write_column(sheet, column, &block, &mut next(&mut group)?)?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

/// A column of the row group, which is closed with what is written to it.
struct Open<'a>(Option<SerializedColumnWriter<'a>>);

fn next<'a>(group: &'a mut SerializedRowGroupWriter<'_, File>) -> Result<Open<'a>, Trouble> {
    Ok(Open(group.next_column()?))
}

impl Open<'_> {
    /// Writes values that are all there.
    fn whole<T: parquet::data_type::DataType>(&mut self, values: &[T::T]) -> Result<(), Trouble> {
        self.put::<T>(values, None)
    }

    /// Writes values of which some are missing.
    fn partly<T: parquet::data_type::DataType>(
        &mut self,
        values: impl Iterator<Item = Option<T::T>>,
    ) -> Result<(), Trouble> {
        let (mut present, mut levels) = (Vec::new(), Vec::new());
        for value in values {
            levels.push(i16::from(value.is_some()));
            present.extend(value);
        }
        self.put::<T>(&present, Some(&levels))
    }

    fn put<T: parquet::data_type::DataType>(&mut self, values: &[T::T], levels: Option<&[i16]>) -> Result<(), Trouble> {
        let Some(mut column) = self.0.take() else {
            return Err(ParquetError::General("more columns than the schema has".to_owned()).into());
        };
        column.typed::<T>().write_batch(values, levels, None)?;
        Ok(column.close()?)
    }
}

/// An empty text is a missing value.
fn text(text: &str) -> Option<ByteArray> {
    (!text.is_empty()).then(|| ByteArray::from(text))
}

fn write_key(sheet: &Sheet<'_>, key: &Key, kept: &[usize], out: &mut Open<'_>) -> Result<(), Trouble> {
    let inner = sheet.inner();
    let places =
        kept.iter().flat_map(|&first| (0..inner).map(move |row| (first, row))).map(|x| sheet.place(key.axis, x.0, x.1));
    match &key.labels {
        Labels::Text(labels) => {
            // Shared, not copied, row by row.
            let labels: Vec<Option<ByteArray>> = labels.iter().map(|label| text(label)).collect();
            out.partly::<ByteArrayType>(places.map(|place| labels[place].clone()))
        }
        Labels::Integers(labels) => out.whole::<Int64Type>(&places.map(|place| labels[place]).collect::<Vec<_>>()),
        Labels::Numbers(labels) => {
            out.partly::<DoubleType>(places.map(|place| Some(labels[place]).filter(|x| !x.is_nan())))
        }
        Labels::Dates(labels) => {
            let moment = |place: usize| labels[place].days_since_1970() * DAY;
            out.whole::<Int64Type>(&places.map(moment).collect::<Vec<_>>())
        }
    }
}

fn write_column(sheet: &Sheet<'_>, column: &Column, block: &Range<usize>, out: &mut Open<'_>) -> Result<(), Trouble> {
    match sheet.values(column, block)? {
        Values::I64(values) => out.whole::<Int64Type>(&values),
        Values::F64(values) => out.partly::<DoubleType>(values.iter().map(|&x| Some(x).filter(|x| !x.is_nan()))),
        Values::F32(values) => out.partly::<FloatType>(values.iter().map(|&x| Some(x).filter(|x| !x.is_nan()))),
        Values::Text(values) => out.partly::<ByteArrayType>(values.iter().map(|x| text(x))),
    }
}

fn schema(sheet: &Sheet<'_>) -> Result<Arc<Type>, ParquetError> {
    let field = |(name, datatype, _): (&str, &'static str, _)| {
        // Numbers and texts may be missing; integers and dates are always there.
        let (physical, logical, repetition) = match datatype {
            "date" => (Physical::INT64, Some(LogicalType::timestamp(false, TimeUnit::MICROS)), Repetition::REQUIRED),
            "long" => (Physical::INT64, None, Repetition::REQUIRED),
            "double" => (Physical::DOUBLE, None, Repetition::OPTIONAL),
            "float" => (Physical::FLOAT, None, Repetition::OPTIONAL),
            _ => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
        };
        let built = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        built.with_logical_type(logical).build().map(Arc::new)
    };
    let fields = sheet.described().into_iter().map(field).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Type::group_type_builder("autarky").with_fields(fields).build()?))
}

fn properties(sheet: &Sheet<'_>) -> WriterProperties {
    let mut about: Vec<KeyValue> = sheet.about().map(|(name, text)| KeyValue::new(name.to_owned(), text)).collect();
    about.push(KeyValue::new("columns".to_owned(), sheet.columns_json().to_string()));
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_key_value_metadata(Some(about));
    for key in &sheet.keys {
        // Labels repeat, values hardly ever do.
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(vec![key.name.clone()]), true);
    }
    for column in &sheet.columns {
        // Exponents side by side compress; of numbers every reader knows this.
        if matches!(column.number, Some(Number::F64 | Number::F32)) {
            let path = ColumnPath::from(vec![column.info.name.clone()]);
            properties = properties.set_column_encoding(path, Encoding::BYTE_STREAM_SPLIT);
        }
    }
    properties.build()
}
