//! What is recorded: dimensions and variables.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::digest::Digest;
use crate::netcdf::{self, Values};

/// A dimension of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DimensionId(u16);

/// A variable of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VariableId(pub(super) u32);

/// The labels of the points of a dimension.
#[derive(Clone, Debug, PartialEq)]
pub enum Labels {
    /// Texts, such as the codes of regions.
    Text(Vec<String>),
    /// Integers, such as deciles.
    Integer(Vec<i64>),
    /// Numbers, such as the edges of a histogram.
    Number(Vec<f64>),
    /// This many points without labels.
    None(usize),
}

impl Labels {
    /// Labels from texts.
    #[must_use]
    pub fn texts<S: Into<String>>(labels: impl IntoIterator<Item = S>) -> Self {
        Self::Text(labels.into_iter().map(Into::into).collect())
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(labels) => labels.len(),
            Self::Integer(labels) => labels.len(),
            Self::Number(labels) => labels.len(),
            Self::None(size) => *size,
        }
    }
}

/// How the values of a variable are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Double precision; rows are `f64`.
    F64,
    /// Single precision; rows are `f64` and rounded.
    F32,
    /// Integers; rows are `i64`.
    I64,
}

/// A declared dimension.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DimensionSpec {
    name: String,
    long_name: String,
    labels: Labels,
}

impl DimensionSpec {
    pub(super) fn as_netcdf(&self) -> netcdf::Dimension<'_> {
        let coordinates = match &self.labels {
            Labels::Text(labels) => Some(Values::Text(Cow::Borrowed(labels))),
            Labels::Integer(labels) => Some(Values::I64(Cow::Borrowed(labels))),
            Labels::Number(labels) => Some(Values::F64(Cow::Borrowed(labels))),
            Labels::None(_) => None,
        };
        netcdf::Dimension {
            name: self.name.clone(),
            size: self.labels.len(),
            coordinates,
            attributes: vec![("long_name".to_owned(), self.long_name.as_str().into())],
        }
    }
}

/// A variable to be declared by [`Schema::series`] or [`Schema::constant`].
#[derive(Clone, Debug, PartialEq)]
pub struct VariableSpec {
    name: String,
    dimensions: Vec<DimensionId>,
    kind: Kind,
    units: String,
    long_name: String,
    definition: String,
}

impl VariableSpec {
    /// The variable `name` over `dimensions` (besides time).
    #[must_use]
    pub fn new(name: impl Into<String>, kind: Kind, dimensions: &[DimensionId]) -> Self {
        Self {
            name: name.into(),
            dimensions: dimensions.to_vec(),
            kind,
            units: String::new(),
            long_name: String::new(),
            definition: String::new(),
        }
    }

    /// The unit, such as `cents per month` or `1` for a pure number. Required.
    #[must_use]
    pub fn units(mut self, units: impl Into<String>) -> Self {
        self.units = units.into();
        self
    }

    /// What the variable is, for a person, such as `gross domestic product`. Required.
    #[must_use]
    pub fn long_name(mut self, long_name: impl Into<String>) -> Self {
        self.long_name = long_name.into();
        self
    }

    /// How it is measured: the definition or the source that defines it.
    #[must_use]
    pub fn definition(mut self, definition: impl Into<String>) -> Self {
        self.definition = definition.into();
        self
    }
}

/// What the rows of a year become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Their sum.
    Sum,
    /// The last of them.
    Last,
}

/// How often a variable has a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// It does not change over time.
    Constant,
    /// Every tick.
    Tick,
    /// Every year of whole ticks.
    Year(Fold),
}

/// A declared variable.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Declared {
    pub(super) spec: VariableSpec,
    pub(super) pace: Pace,
    /// Values per row.
    pub(super) size: usize,
}

impl Declared {
    pub(super) fn name(&self) -> &str {
        &self.spec.name
    }

    pub(super) const fn kind(&self) -> Kind {
        self.spec.kind
    }

    /// The variable with its data, given that `time` is dimension 0 of the file and `year` has this place.
    pub(super) fn as_netcdf<'a>(&self, values: Values<'a>, year: usize) -> netcdf::Variable<'a> {
        let time = match self.pace {
            Pace::Constant => None,
            Pace::Tick => Some(0),
            Pace::Year(_) => Some(year),
        };
        let text = |name: &str, value: &str| (name.to_owned(), value.into());
        let mut attributes = vec![text("long_name", &self.spec.long_name), text("units", &self.spec.units)];
        if !self.spec.definition.is_empty() {
            attributes.push(text("definition", &self.spec.definition));
        }
        netcdf::Variable {
            name: self.spec.name.clone(),
            dimensions: time.into_iter().chain(self.spec.dimensions.iter().map(|id| usize::from(id.0) + 1)).collect(),
            values,
            attributes,
        }
    }
}

/// Why a schema was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A dimension or variable of this name exists already (`time` and `year` always do).
    #[error("`{0}` is declared twice: names of dimensions and variables must differ, and `time` and `year` are taken")]
    DuplicateName(String),
    /// The name is not one that the file format accepts.
    #[error("`{0}` is not a name: use letters, digits and `_`, beginning with a letter")]
    Name(String),
    /// A dimension without points.
    #[error("dimension `{0}` has no points")]
    EmptyDimension(String),
    /// A variable without unit or long name.
    #[error("variable `{0}` needs units (\"1\" for a pure number) and a long name")]
    Undocumented(String),
    /// A variable over a dimension that this schema does not have.
    #[error("variable `{0}` is over a dimension of another schema")]
    NoDimension(String),
    /// Saved rows belong to another schema.
    #[error("the saved rows are of another schema: resume with the program and configuration that wrote them")]
    OtherSchema,
}

/// What a run records.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    clock: Clock,
    dimensions: Vec<DimensionSpec>,
    variables: Vec<Declared>,
}

/// Variables of digests: name, which bits, and how far these are from the right.
pub(super) const DIGESTS: [(&str, &str, u32); 2] = [("digest_high", "upper", 32), ("digest_low", "lower", 0)];

impl Schema {
    /// A schema without variables, whose time follows `clock`.
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        Self { clock, dimensions: Vec::new(), variables: Vec::new() }
    }

    /// Declares a dimension besides time.
    ///
    /// # Errors
    /// [`SchemaError`] if the name is taken or not allowed, or there are no points.
    pub fn dimension(&mut self, name: &str, long_name: &str, labels: Labels) -> Result<DimensionId, SchemaError> {
        self.check_name(name)?;
        if labels.len() == 0 {
            return Err(SchemaError::EmptyDimension(name.to_owned()));
        }
        self.dimensions.push(DimensionSpec { name: name.to_owned(), long_name: long_name.to_owned(), labels });
        Ok(DimensionId(self.dimensions.len() as u16 - 1))
    }

    /// Declares a variable with a row per tick.
    ///
    /// # Errors
    /// [`SchemaError`] if the name is taken or not allowed, units or long name are missing, or a dimension is unknown.
    pub fn series(&mut self, spec: VariableSpec) -> Result<VariableId, SchemaError> {
        self.declare(spec, Pace::Tick)
    }

    /// Declares a variable with a row a year: it is given a row per tick, of which one a year is kept. A year is one of the run, and
    /// counts when its last tick has ended.
    ///
    /// # Errors
    /// As [`Schema::series`].
    pub fn yearly(&mut self, spec: VariableSpec, fold: Fold) -> Result<VariableId, SchemaError> {
        self.declare(spec, Pace::Year(fold))
    }

    /// Declares a variable that does not change over time.
    ///
    /// # Errors
    /// As [`Schema::series`].
    pub fn constant(&mut self, spec: VariableSpec) -> Result<VariableId, SchemaError> {
        self.declare(spec, Pace::Constant)
    }

    /// Declares the digests of the state by part ([`crate::digest::TickDigest::names`]), as two series of 32 bits each: there are
    /// readers that turn 64 bits into a float.
    ///
    /// # Errors
    /// As [`Schema::series`].
    pub fn digests(&mut self, parts: &[String]) -> Result<(), SchemaError> {
        let part = self.dimension("part", "digested part of the world", Labels::texts(parts.iter().cloned()))?;
        for (name, bits, _) in DIGESTS {
            let spec = VariableSpec::new(name, Kind::I64, &[part])
                .units("1")
                .long_name(format!("{bits} 32 bits of the digest of the state at the end of the tick"))
                .definition("xxh3-64 of every part of the state; equal digests mean equal worlds, bit for bit");
            self.series(spec)?;
        }
        Ok(())
    }

    fn declare(&mut self, spec: VariableSpec, pace: Pace) -> Result<VariableId, SchemaError> {
        self.check_name(&spec.name)?;
        if spec.units.is_empty() || spec.long_name.is_empty() {
            return Err(SchemaError::Undocumented(spec.name));
        }
        let mut size = 1;
        for id in &spec.dimensions {
            match self.dimensions.get(usize::from(id.0)) {
                Some(dimension) => size *= dimension.labels.len(),
                None => return Err(SchemaError::NoDimension(spec.name)),
            }
        }
        self.variables.push(Declared { spec, pace, size });
        Ok(VariableId(self.variables.len() as u32 - 1))
    }

    fn check_name(&self, name: &str) -> Result<(), SchemaError> {
        let letters = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !letters || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(SchemaError::Name(name.to_owned()));
        }
        let taken = ["time", "year"].contains(&name)
            || self.dimensions.iter().any(|dimension| dimension.name == name)
            || self.variables.iter().any(|variable| variable.spec.name == name);
        if taken { Err(SchemaError::DuplicateName(name.to_owned())) } else { Ok(()) }
    }

    /// The variable called `name`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<VariableId> {
        self.variables.iter().position(|variable| variable.spec.name == name).map(|place| VariableId(place as u32))
    }

    /// The names of all variables, in the order of declaration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(Declared::name)
    }

    /// The names of the variables with a row per tick, in the order of declaration.
    pub fn series_names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().filter(|variable| variable.pace == Pace::Tick).map(Declared::name)
    }

    /// Whether a variable has a row a year.
    pub(super) fn has_yearly(&self) -> bool {
        self.variables.iter().any(|variable| matches!(variable.pace, Pace::Year(_)))
    }

    /// The names of the dimensions besides time.
    pub fn dimension_names(&self) -> impl Iterator<Item = &str> {
        self.dimensions.iter().map(|dimension| dimension.name.as_str())
    }

    /// The labels of a dimension of texts.
    #[must_use]
    pub fn labels(&self, dimension: &str) -> Option<Vec<String>> {
        let found = self.dimensions.iter().find(|x| x.name == dimension)?;
        if let Labels::Text(labels) = &found.labels { Some(labels.clone()) } else { None }
    }

    /// The number of values in a row of `variable`.
    ///
    /// # Panics
    /// If the variable is of another schema.
    #[must_use]
    pub fn row_len(&self, variable: VariableId) -> usize {
        self.variables[variable.0 as usize].size
    }

    /// How the values of `variable` are stored.
    ///
    /// # Panics
    /// If the variable is of another schema.
    #[must_use]
    pub fn kind(&self, variable: VariableId) -> Kind {
        self.variables[variable.0 as usize].kind()
    }

    /// The clock.
    #[must_use]
    pub const fn clock(&self) -> Clock {
        self.clock
    }

    /// An id of names, types, dimensions and clock: rows recorded under one schema fit another if the ids are equal.
    /// Labels and descriptions may change.
    #[must_use]
    pub fn id(&self) -> u64 {
        let mut digest = Digest::new();
        digest.value(self.clock.start().days_since_1970()).value(self.clock.ticks_per_year());
        for dimension in &self.dimensions {
            digest.text(&dimension.name).value(dimension.labels.len() as u64);
        }
        for Declared { spec, pace, .. } in &self.variables {
            digest.text(&spec.name).value(spec.kind as u8).value(*pace != Pace::Constant);
            if let Pace::Year(fold) = pace {
                digest.value(*fold as u8);
            }
            digest.column(&spec.dimensions, |id| id.0);
        }
        digest.finish()
    }

    pub(super) fn dimensions(&self) -> &[DimensionSpec] {
        &self.dimensions
    }

    pub(super) fn variables(&self) -> &[Declared] {
        &self.variables
    }
}
