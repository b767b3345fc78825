//! The rows of a run.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::schema::{Declared, Fold, Kind, Pace, Schema, VariableId};
use crate::Tick;
use crate::netcdf::{self, Values};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Column {
    F64(Vec<f64>),
    F32(Vec<f32>),
    I64(Vec<i64>),
}

impl Column {
    const fn new(kind: Kind) -> Self {
        match kind {
            Kind::F64 => Self::F64(Vec::new()),
            Kind::F32 => Self::F32(Vec::new()),
            Kind::I64 => Self::I64(Vec::new()),
        }
    }

    const fn kind(&self) -> Kind {
        match self {
            Self::F64(_) => Kind::F64,
            Self::F32(_) => Kind::F32,
            Self::I64(_) => Kind::I64,
        }
    }

    const fn len(&self) -> usize {
        match self {
            Self::F64(values) => values.len(),
            Self::F32(values) => values.len(),
            Self::I64(values) => values.len(),
        }
    }

    /// Makes one row of the rows from a place on.
    fn fold(&mut self, from: usize, size: usize, fold: Fold) {
        match self {
            Self::F64(values) => folded(values, from, size, fold),
            Self::F32(values) => folded(values, from, size, fold),
            Self::I64(values) => folded(values, from, size, fold),
        }
    }

    /// The first `len` values.
    fn values(&self, len: usize) -> Values<'_> {
        match self {
            Self::F64(values) => Values::F64(Cow::Borrowed(&values[..len])),
            Self::F32(values) => Values::F32(Cow::Borrowed(&values[..len])),
            Self::I64(values) => Values::I64(Cow::Borrowed(&values[..len])),
        }
    }
}

/// Makes one row of the rows from a place on.
fn folded<T: Copy + std::ops::AddAssign>(values: &mut Vec<T>, from: usize, size: usize, fold: Fold) {
    let last = values.len() - size;
    match fold {
        Fold::Last => values.copy_within(last.., from),
        Fold::Sum => {
            let (sum, rows) = values[from..].split_at_mut(size);
            for row in rows.chunks(size) {
                sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += value);
            }
        }
    }
    values.truncate(from + size);
}

/// The values of a row: from a slice, array or vector of `f64` (for [`Kind::F64`] and [`Kind::F32`]) or of `i64` (for
/// [`Kind::I64`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Row<'a> {
    /// Numbers.
    Numbers(&'a [f64]),
    /// Integers.
    Integers(&'a [i64]),
}

macro_rules! row_from {
    ($type:ty, $variant:ident) => {
        impl<'a> From<&'a [$type]> for Row<'a> {
            fn from(values: &'a [$type]) -> Self {
                Self::$variant(values)
            }
        }

        impl<'a, const N: usize> From<&'a [$type; N]> for Row<'a> {
            fn from(values: &'a [$type; N]) -> Self {
                Self::$variant(values)
            }
        }

        impl<'a> From<&'a Vec<$type>> for Row<'a> {
            fn from(values: &'a Vec<$type>) -> Self {
                Self::$variant(values)
            }
        }
    };
}
row_from!(f64, Numbers);
row_from!(i64, Integers);

impl Row<'_> {
    const fn len(self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Integers(values) => values.len(),
        }
    }

    /// Whether the types match, in which case the values are appended.
    fn append_to(self, column: &mut Column) -> bool {
        match (self, column) {
            (Self::Numbers(row), Column::F64(values)) => values.extend_from_slice(row),
            (Self::Numbers(row), Column::F32(values)) => values.extend(row.iter().map(|&value| value as f32)),
            (Self::Integers(row), Column::I64(values)) => values.extend_from_slice(row),
            _ => return false,
        }
        true
    }
}

/// The rows of a run, for the checkpoint. Filled through a [`Recorder`](super::Recorder).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    schema_id: u64,
    ticks: Vec<Tick>,
    columns: Vec<Column>,
}

impl Series {
    pub(super) fn new(schema: &Schema) -> Self {
        let columns = schema.variables().iter().map(|variable| Column::new(variable.kind())).collect();
        Self { schema_id: schema.id(), ticks: Vec::new(), columns }
    }

    /// The ticks recorded so far.
    #[must_use]
    pub fn ticks(&self) -> &[Tick] {
        &self.ticks
    }

    /// The first ticks of the years that have ended, whether or not all of their ticks were recorded.
    pub(super) fn years(&self, schema: &Schema) -> Vec<Tick> {
        let n = Tick::from(schema.clock().ticks_per_year());
        self.ticks.iter().filter(|&tick| (tick + 1).is_multiple_of(n)).map(|tick| tick + 1 - n).collect()
    }

    /// Rows that a variable has after the ticks that have ended: those of a year are one, of the year that goes on too.
    fn rows(&self, schema: &Schema, variable: &Declared) -> usize {
        match variable.pace {
            Pace::Constant => 0,
            Pace::Tick => self.ticks.len(),
            Pace::Year(_) => {
                let n = Tick::from(schema.clock().ticks_per_year());
                let open = self.ticks.last().is_some_and(|tick| !(tick + 1).is_multiple_of(n));
                self.years(schema).len() + usize::from(open)
            }
        }
    }

    pub(super) fn fits(&self, schema: &Schema) -> bool {
        self.schema_id == schema.id()
            && self.columns.len() == schema.variables().len()
            && self.columns.iter().zip(schema.variables()).all(|(column, variable)| {
                let least = self.rows(schema, variable) * variable.size;
                column.kind() == variable.kind() && column.len() >= least
            })
    }

    #[track_caller]
    pub(super) fn push_row(&mut self, schema: &Schema, id: VariableId, row: Row<'_>) {
        let variable = &schema.variables()[id.0 as usize];
        assert!(variable.pace != Pace::Constant, "`{}` is constant: set it once with set_constant", variable.name());
        let expected = self.rows(schema, variable) * variable.size;
        self.append(variable, id, expected, row);
    }

    #[track_caller]
    pub(super) fn set_constant(&mut self, schema: &Schema, id: VariableId, values: Row<'_>) {
        let variable = &schema.variables()[id.0 as usize];
        assert!(
            variable.pace == Pace::Constant,
            "`{}` is a series: give it a row per tick with push_row",
            variable.name()
        );
        self.append(variable, id, 0, values);
    }

    #[track_caller]
    fn append(&mut self, variable: &Declared, id: VariableId, before: usize, row: Row<'_>) {
        let column = &mut self.columns[id.0 as usize];
        assert_eq!(column.len(), before, "`{}` has its values already", variable.name());
        assert_eq!(row.len(), variable.size, "`{}` needs a row of another length", variable.name());
        assert!(
            row.append_to(column),
            "`{}` holds {:?}: give it values of that type",
            variable.name(),
            variable.kind()
        );
    }

    #[track_caller]
    pub(super) fn end_tick(&mut self, schema: &Schema, tick: Tick) {
        if let Some(&last) = self.ticks.last() {
            assert!(tick > last, "tick {tick} cannot be recorded after tick {last}");
        }
        for (column, variable) in self.columns.iter().zip(schema.variables()) {
            let complete =
                variable.pace == Pace::Constant || column.len() == (self.rows(schema, variable) + 1) * variable.size;
            assert!(complete, "`{}` has no row for tick {tick}", variable.name());
        }
        let years = self.years(schema).len();
        self.ticks.push(tick);
        for (column, variable) in self.columns.iter_mut().zip(schema.variables()) {
            if let Pace::Year(fold) = variable.pace {
                column.fold(years * variable.size, variable.size, fold);
            }
        }
    }

    /// The variables of the file. Rows of a tick or year that has not ended are left out, and so is what has no row yet.
    pub(super) fn variables<'a>(&'a self, schema: &Schema) -> Vec<netcdf::Variable<'a>> {
        let (ticks, years, year) = (self.ticks.len(), self.years(schema).len(), schema.dimensions().len() + 1);
        let present = |(column, variable): (&'a Column, &Declared)| {
            let rows = match variable.pace {
                Pace::Constant => 1,
                Pace::Tick => ticks,
                Pace::Year(_) => years,
            };
            let len = rows * variable.size;
            assert!(column.len() >= len, "constant `{}` has not been set", variable.name());
            (rows > 0).then(|| variable.as_netcdf(column.values(len), year))
        };
        self.columns.iter().zip(schema.variables()).filter_map(present).collect()
    }
}
