//! Time series of a run, held in memory and written as one NetCDF-4 file.
//!
//! A [`Schema`] declares dimensions and variables with units, long names and definitions; a [`Recorder`] takes one row
//! per variable and tick and the attributes of the run. The rows ([`Series`]) are part of the checkpoint, so a resumed
//! run writes the file that an uninterrupted one would have written, byte for byte.
//!
//! [`Recorder::write`] writes all rows so far as a complete file in one step. Called every so many ticks it leaves, after
//! a kill at any moment, a readable file up to the last call.

mod schema;
mod series;

use std::borrow::Cow;

pub use schema::{DimensionId, Fold, Kind, Labels, Schema, SchemaError, VariableId, VariableSpec};
pub use series::{Row, Series};

use crate::Tick;
use crate::clock::{Clock, Date};
use crate::digest::TickDigest;
use crate::netcdf::{self, Attributes, Content, Values};

/// Records one run.
#[derive(Clone, Debug, bevy_ecs::resource::Resource)]
pub struct Recorder {
    schema: Schema,
    series: Series,
    attributes: Attributes,
    documents: Vec<(String, String, String)>,
    marks: Vec<(String, String, i64)>,
}

impl Recorder {
    /// A recorder without rows.
    #[must_use]
    pub fn new(schema: Schema) -> Self {
        let series = Series::new(&schema);
        Self { schema, series, attributes: Vec::new(), documents: Vec::new(), marks: Vec::new() }
    }

    /// A recorder that continues the rows of a checkpoint.
    ///
    /// # Errors
    /// [`SchemaError::OtherSchema`] if the rows were recorded under another schema.
    pub fn resume(schema: Schema, series: Series) -> Result<Self, SchemaError> {
        if !series.fits(&schema) {
            return Err(SchemaError::OtherSchema);
        }
        Ok(Self { schema, series, attributes: Vec::new(), documents: Vec::new(), marks: Vec::new() })
    }

    /// Sets an attribute of the file, such as `title` or the version of the model. An unsigned number is written a second
    /// time as the text `<name>_text`, because some readers turn it into a double.
    #[must_use]
    pub fn attribute(mut self, name: &str, value: impl Into<netcdf::AttributeValue>) -> Self {
        let value = value.into();
        let digits = if let netcdf::AttributeValue::Unsigned(number) = value { Some(number.to_string()) } else { None };
        self.attributes.push((name.to_owned(), value));
        if let Some(digits) = digits {
            self.attributes.push((format!("{name}_text"), digits.into()));
        }
        self
    }

    /// Stores a text of any length, such as the resolved configuration, as a variable without dimensions.
    #[must_use]
    pub fn document(mut self, name: &str, long_name: &str, text: impl Into<String>) -> Self {
        self.documents.push((name.to_owned(), long_name.to_owned(), text.into()));
        self
    }

    /// Stores a number that tells this recording from others, such as the seed, as a coordinate without dimensions, so
    /// that programs can join recordings along it.
    #[must_use]
    pub fn mark(mut self, name: &str, long_name: &str, number: i64) -> Self {
        self.marks.push((name.to_owned(), long_name.to_owned(), number));
        self
    }

    /// The schema.
    #[must_use]
    pub const fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The rows so far: what a checkpoint must hold.
    #[must_use]
    pub const fn series(&self) -> &Series {
        &self.series
    }

    /// Adds the row of `variable` for the present tick: one value per combination of its dimensions, the last dimension
    /// varying fastest.
    ///
    /// # Panics
    /// If the row has another length or type than the variable, the variable is constant, or it has its row already.
    #[track_caller]
    pub fn push_row<'a>(&mut self, variable: VariableId, row: impl Into<Row<'a>>) {
        self.series.push_row(&self.schema, variable, row.into());
    }

    /// As [`Recorder::push_row`], of the variable called `name`.
    ///
    /// # Panics
    /// As [`Recorder::push_row`], and if there is no such variable.
    #[track_caller]
    pub fn push_named<'a>(&mut self, name: &str, row: impl Into<Row<'a>>) {
        let variable = self.schema.variable(name).expect("a declared variable");
        self.push_row(variable, row);
    }

    /// Adds the row of the digests that [`Schema::digests`] declared.
    ///
    /// # Panics
    /// As [`Recorder::push_row`], and if none were declared.
    #[track_caller]
    pub fn push_digest(&mut self, digest: &TickDigest) {
        let words = digest.values();
        for (name, _, shift) in schema::DIGESTS {
            let row: Vec<i64> = words.iter().map(|word| i64::from((word >> shift) as u32)).collect();
            self.push_named(name, &row);
        }
    }

    /// Sets the values of a constant variable.
    ///
    /// # Panics
    /// If the values have another length or type than the variable, the variable is not constant, or it is set already.
    #[track_caller]
    pub fn set_constant<'a>(&mut self, variable: VariableId, values: impl Into<Row<'a>>) {
        self.series.set_constant(&self.schema, variable, values.into());
    }

    /// Ends the row of `tick`.
    ///
    /// # Panics
    /// If a variable has no row for it, or `tick` does not come after the last one.
    #[track_caller]
    pub fn end_tick(&mut self, tick: Tick) {
        self.series.end_tick(&self.schema, tick);
    }

    /// The content of the file: all ticks ended so far.
    ///
    /// # Panics
    /// If a constant variable has not been set, or no tick has ended.
    #[must_use]
    pub fn content(&self) -> Content<'_> {
        assert!(!self.series.ticks().is_empty(), "nothing is recorded before the first tick ends");
        let clock = self.schema.clock();
        let mut dimensions = vec![time(&clock, "time", "first day of the period", self.series.ticks())];
        dimensions.extend(self.schema.dimensions().iter().map(schema::DimensionSpec::as_netcdf));
        let years = self.series.years(&self.schema);
        if !years.is_empty() && self.schema.has_yearly() {
            dimensions.push(time(&clock, "year", "first day of the year", &years));
        }
        let mut variables = self.series.variables(&self.schema);
        variables.extend(self.documents.iter().map(|(name, long_name, text)| netcdf::Variable {
            name: name.clone(),
            dimensions: Vec::new(),
            values: Values::Text(Cow::Owned(vec![text.clone()])),
            attributes: vec![("long_name".to_owned(), long_name.as_str().into())],
        }));
        variables.extend(self.marks.iter().map(|(name, long_name, number)| netcdf::Variable {
            name: name.clone(),
            dimensions: Vec::new(),
            values: Values::I64(Cow::Owned(vec![*number])),
            attributes: vec![("long_name".to_owned(), long_name.as_str().into()), ("units".to_owned(), "1".into())],
        }));
        // No `Conventions`: CF wants units that UDUNITS can parse, which knows no money.
        let mut attributes: Attributes = self.attributes.clone();
        if !self.marks.is_empty() {
            let names: Vec<&str> = self.marks.iter().map(|mark| mark.0.as_str()).collect();
            attributes.push(("coordinates".to_owned(), names.join(" ").into()));
        }
        Content { dimensions, variables, attributes }
    }

    /// Writes the file with all ticks ended so far, in one step; see [`Content::write`]. Returns its size in bytes.
    ///
    /// # Errors
    /// [`netcdf::NetcdfError`] if a name or attribute is not allowed, or the disk refuses; the old file is then left as it was.
    ///
    /// # Panics
    /// If a constant variable has not been set, or no tick has ended.
    #[cfg(feature = "hdf5")]
    pub fn write(&self, path: &std::path::Path) -> Result<u64, netcdf::NetcdfError> {
        self.content().write(path)
    }
}

/// A dimension of time: the first day of each tick or year, counted from the start of the clock, as in the CF conventions.
fn time(clock: &Clock, name: &str, long_name: &str, ticks: &[Tick]) -> netcdf::Dimension<'static> {
    let start: Date = clock.start();
    let days: Vec<i64> =
        ticks.iter().map(|&tick| clock.date_of(tick).days_since_1970() - start.days_since_1970()).collect();
    let text = |name: &str, value: String| (name.to_owned(), value.into());
    netcdf::Dimension {
        name: name.to_owned(),
        size: days.len(),
        coordinates: Some(Values::I64(Cow::Owned(days))),
        attributes: vec![
            text("standard_name", "time".to_owned()),
            text("long_name", long_name.to_owned()),
            text("units", format!("days since {start}")),
            text("calendar", "proleptic_gregorian".to_owned()),
            text("axis", "T".to_owned()),
        ],
    }
}

#[cfg(all(test, feature = "hdf5"))]
mod tests;
