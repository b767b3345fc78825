//! Dense tables of several axes whose places are named by typed indices.
//!
//! A table of three axes kept as a plain vector asks each reader to spell its layout, and two layouts look alike to the
//! compiler. A [`Grid`] knows its layout: cells are named by a tuple of indices of different types, so that two axes
//! cannot be taken for each other, and what it holds is still the plain row-major vector (the last axis runs fastest),
//! which is what digests and checkpoints see.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::content::Content;
use crate::digest::Digest;

/// A place on one axis: a number that cannot be taken for a place on another axis.
pub trait Axis: Copy {
    /// The place with this number.
    fn place(number: usize) -> Self;
    /// The number of this place.
    fn number(self) -> usize;
}

/// Declares places on axes: `axis! { /// Documentation. pub Name }`.
#[macro_export]
macro_rules! axis {
    ($($(#[$meta:meta])* $vis:vis $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(pub usize);

        impl $crate::grid::Axis for $name {
            #[inline]
            fn place(number: usize) -> Self {
                Self(number)
            }

            #[inline]
            fn number(self) -> usize {
                self.0
            }
        }
    )+};
}

/// The name of a cell: a tuple of places, one on each axis.
pub trait Key: Copy {
    /// How many places each axis has, in the order of the tuple.
    type Shape: Copy + Default + PartialEq + fmt::Debug + Send + Sync + Serialize + DeserializeOwned;
    /// The places on all axes but the last: the name of a row.
    type Row: Copy;
    /// How many cells a grid of this shape has; `None` where the number is beyond counting.
    fn cells(shape: &Self::Shape) -> Option<usize>;
    /// Where the cell lies in the vector.
    fn offset(self, shape: &Self::Shape) -> usize;
    /// The cell that lies there.
    fn at(offset: usize, shape: &Self::Shape) -> Self;
    /// The number of the row: its cells begin at that many times the width.
    fn row_number(row: Self::Row, shape: &Self::Shape) -> usize;
    /// The row with this number.
    fn row_at(number: usize, shape: &Self::Shape) -> Self::Row;
    /// How many cells a row has.
    fn width(shape: &Self::Shape) -> usize;
}

/// A key of three axes or more: the cells of one place on the first axis are a table themselves.
pub trait Layered: Key {
    /// The first axis.
    type First: Axis;
    /// The other axes.
    type Rest: Key;
    /// The shape of one layer.
    fn layer(shape: &Self::Shape) -> <Self::Rest as Key>::Shape;
}

/// Implements [`Key`] for tuples: the axes before the last, then the last.
macro_rules! key {
    ($count:literal: $($axis:ident $value:ident $size:ident),+; $last:ident $last_value:ident $last_size:ident) => {
        impl<$($axis: Axis,)+ $last: Axis> Key for ($($axis,)+ $last) {
            type Shape = [usize; $count];
            type Row = ($($axis,)+);

            fn cells(shape: &Self::Shape) -> Option<usize> {
                shape.iter().try_fold(1_usize, |cells, size| cells.checked_mul(*size))
            }

            #[inline]
            fn offset(self, shape: &Self::Shape) -> usize {
                let ($($value,)+ last) = self;
                debug_assert!(last.number() < shape[$count - 1], "a place beyond its axis");
                Self::row_number(($($value,)+), shape) * shape[$count - 1] + last.number()
            }

            #[inline]
            fn at(offset: usize, shape: &Self::Shape) -> Self {
                let width = shape[$count - 1];
                let ($($value,)+) = Self::row_at(offset / width, shape);
                ($($value,)+ $last::place(offset % width))
            }

            #[inline]
            fn row_number(($($value,)+): Self::Row, &[$($size,)+ _]: &Self::Shape) -> usize {
                let mut row = 0;
                $(
                    debug_assert!($value.number() < $size, "a place beyond its axis");
                    row = row * $size + $value.number();
                )+
                row
            }

            #[inline]
            fn row_at(mut number: usize, shape: &Self::Shape) -> Self::Row {
                let mut places = [0; $count - 1];
                for (place, size) in places.iter_mut().zip(shape).rev() {
                    *place = number % size;
                    number /= size;
                }
                let [$($value),+] = places;
                ($($axis::place($value),)+)
            }

            #[inline]
            fn width(shape: &Self::Shape) -> usize {
                shape[$count - 1]
            }
        }
    };
}

key!(2: A a size_a; Z z size_z);
key!(3: A a size_a, B b size_b; Z z size_z);
key!(4: A a size_a, B b size_b, C c size_c; Z z size_z);

impl<A: Axis, B: Axis, Z: Axis> Layered for (A, B, Z) {
    type First = A;
    type Rest = (B, Z);

    fn layer(&[_, b, z]: &[usize; 3]) -> [usize; 2] {
        [b, z]
    }
}

impl<A: Axis, B: Axis, C: Axis, Z: Axis> Layered for (A, B, C, Z) {
    type First = A;
    type Rest = (B, C, Z);

    fn layer(&[_, b, c, z]: &[usize; 4]) -> [usize; 3] {
        [b, c, z]
    }
}

/// A vector that does not have as many values as the shape has cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// The shape that was asked for.
    pub shape: String,
    /// How many values there were.
    pub values: usize,
}

impl fmt::Display for ShapeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} values do not fill a table of shape {}", self.values, self.shape)
    }
}

impl std::error::Error for ShapeError {}

/// A dense row-major table; `K` is the tuple of places that names a cell.
pub struct Grid<K: Key, T> {
    shape: K::Shape,
    cells: Vec<T>,
    key: PhantomData<fn() -> K>,
}

/// A part of a table, read: the cells of one place on its first axis.
pub struct Layer<'a, K: Key, T> {
    shape: K::Shape,
    cells: &'a [T],
    key: PhantomData<fn() -> K>,
}

impl<K: Key, T> Grid<K, T> {
    /// The table of this shape that holds these values.
    ///
    /// # Errors
    ///
    /// Where the number of values is not that of the shape's cells.
    pub fn from_vec(shape: K::Shape, cells: Vec<T>) -> Result<Self, ShapeError> {
        if K::cells(&shape) == Some(cells.len()) {
            Ok(Self { shape, cells, key: PhantomData })
        } else {
            Err(ShapeError { shape: format!("{shape:?}"), values: cells.len() })
        }
    }

    /// The table of this shape with the same value in every cell.
    ///
    /// # Panics
    ///
    /// As [`Grid::from_fn`].
    pub fn filled(shape: K::Shape, value: T) -> Self
    where
        T: Clone,
    {
        Self::from_fn(shape, |_| value.clone())
    }

    /// The table of this shape whose cells are worked out from their names.
    ///
    /// # Panics
    ///
    /// Where the shape has more cells than can be counted.
    pub fn from_fn(shape: K::Shape, mut cell: impl FnMut(K) -> T) -> Self {
        let count = K::cells(&shape).expect("a table has fewer cells than can be counted");
        let cells = (0..count).map(|offset| cell(K::at(offset, &shape))).collect();
        Self { shape, cells, key: PhantomData }
    }

    /// How many places each axis has.
    pub fn shape(&self) -> K::Shape {
        self.shape
    }

    /// The names of all cells, in the order of the vector.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = K> + use<K, T> {
        let shape = self.shape;
        (0..self.cells.len()).map(move |offset| K::at(offset, &shape))
    }

    #[inline]
    fn row_range(&self, row: K::Row) -> std::ops::Range<usize> {
        let (number, width) = (K::row_number(row, &self.shape), K::width(&self.shape));
        number * width..(number + 1) * width
    }

    /// The name of the row with this number, in the order of the vector.
    #[inline]
    pub fn row_name(&self, number: usize) -> K::Row {
        K::row_at(number, &self.shape)
    }

    /// The rows by name, in the order of the vector.
    pub fn rows(&self) -> impl Iterator<Item = (K::Row, &[T])> {
        let rows = self.cells.chunks_exact(K::width(&self.shape).max(1)).enumerate();
        rows.map(|(number, row)| (K::row_at(number, &self.shape), row))
    }

    /// The rows by name, to be changed, in the order of the vector.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = (K::Row, &mut [T])> {
        let rows = self.cells.chunks_exact_mut(K::width(&self.shape).max(1)).enumerate();
        rows.map(|(number, row)| (K::row_at(number, &self.shape), row))
    }

    /// A table of the same shape with what a function makes of every value.
    pub fn map<U>(&self, of: impl FnMut(&T) -> U) -> Grid<K, U> {
        Grid { shape: self.shape, cells: self.cells.iter().map(of).collect(), key: PhantomData }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The value of a cell; nothing where the table was left empty.
    #[inline]
    pub fn get(&self, key: K) -> Option<&T> {
        if self.cells.is_empty() { None } else { Some(&self[key]) }
    }

    /// The cells along the last axis.
    #[inline]
    pub fn row(&self, row: K::Row) -> &[T] {
        &self.cells[self.row_range(row)]
    }

    /// The cells along the last axis, to be changed.
    #[inline]
    pub fn row_mut(&mut self, row: K::Row) -> &mut [T] {
        let range = self.row_range(row);
        &mut self.cells[range]
    }

    /// The plain vector: what digests, checkpoints and sums over everything read.
    pub fn as_slice(&self) -> &[T] {
        &self.cells
    }

    /// The plain vector, to be changed; its length stays.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.cells
    }

    /// The plain vector.
    pub fn into_vec(self) -> Vec<T> {
        self.cells
    }
}

impl<K: Layered, T> Grid<K, T> {
    /// The cells of one place on the first axis, as a table of the others.
    #[inline]
    pub fn layer(&self, place: K::First) -> Layer<'_, K::Rest, T> {
        let shape = K::layer(&self.shape);
        let size = K::Rest::cells(&shape).unwrap_or_default();
        Layer { shape, cells: &self.cells[place.number() * size..(place.number() + 1) * size], key: PhantomData }
    }
}

impl<'a, K: Key, T> Layer<'a, K, T> {
    /// The plain row-major cells.
    pub fn as_slice(&self) -> &'a [T] {
        self.cells
    }

    /// The cells along the last axis.
    #[inline]
    pub fn row(&self, row: K::Row) -> &'a [T] {
        let (number, width) = (K::row_number(row, &self.shape), K::width(&self.shape));
        &self.cells[number * width..(number + 1) * width]
    }
}

impl<K: Key, T> Clone for Layer<'_, K, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Key, T> Copy for Layer<'_, K, T> {}

impl<K: Key, T> Index<K> for Layer<'_, K, T> {
    type Output = T;

    #[inline]
    fn index(&self, key: K) -> &T {
        &self.cells[key.offset(&self.shape)]
    }
}

impl<K: Key, T> Index<K> for Grid<K, T> {
    type Output = T;

    #[inline]
    fn index(&self, key: K) -> &T {
        &self.cells[key.offset(&self.shape)]
    }
}

impl<K: Key, T> IndexMut<K> for Grid<K, T> {
    #[inline]
    fn index_mut(&mut self, key: K) -> &mut T {
        &mut self.cells[key.offset(&self.shape)]
    }
}

/// What a table holds is its plain vector: its shape is that of the world, which is told elsewhere.
impl<K: Key, T: Content> Content for Grid<K, T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.cells.pack(out);
    }

    fn heap(&self) -> usize {
        self.cells.heap()
    }

    fn feed(&self, digest: &mut Digest) {
        self.cells.feed(digest);
    }
}

/// Without cells: what a table is before its world is built, or where what it tells of is switched off.
impl<K: Key, T> Default for Grid<K, T> {
    fn default() -> Self {
        Self { shape: K::Shape::default(), cells: Vec::new(), key: PhantomData }
    }
}

/// Shape, then cells.
impl<K: Key, T: Serialize> Serialize for Grid<K, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (&self.shape, &self.cells).serialize(to)
    }
}

impl<'de, K: Key, T: Deserialize<'de>> Deserialize<'de> for Grid<K, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (shape, cells) = Deserialize::deserialize(from)?;
        Self::from_vec(shape, cells).map_err(D::Error::custom)
    }
}

impl<K: Key, T: Clone> Clone for Grid<K, T> {
    fn clone(&self) -> Self {
        Self { shape: self.shape, cells: self.cells.clone(), key: PhantomData }
    }
}

impl<K: Key, T: PartialEq> PartialEq for Grid<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.cells == other.cells
    }
}

impl<K: Key, T: Eq> Eq for Grid<K, T> {}

impl<K: Key, T: fmt::Debug> fmt::Debug for Grid<K, T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Grid").field("shape", &self.shape).field("cells", &self.cells).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    axis! {
        /// Places on the first axis.
        Row,
        /// Places on the second axis.
        Column,
        /// Places on the third axis.
        Level,
        /// Places on the fourth axis.
        Sheet,
    }

    #[test]
    fn the_last_axis_runs_fastest() {
        let grid = Grid::from_fn([2, 3, 4], |(r, c, l): (Row, Column, Level)| (r.0, c.0, l.0));
        for r in 0..2 {
            for c in 0..3 {
                for l in 0..4 {
                    assert_eq!(grid[(Row(r), Column(c), Level(l))], (r, c, l));
                    assert_eq!(grid.as_slice()[(r * 3 + c) * 4 + l], (r, c, l));
                }
            }
        }
    }

    #[test]
    fn names_and_places_agree_for_every_number_of_axes() {
        let two = Grid::<(Row, Column), usize>::from_vec([3, 2], (0..6).collect()).unwrap();
        assert!(two.indices().enumerate().all(|(n, key)| two[key] == n));
        let four = Grid::<(Row, Column, Level, Sheet), usize>::from_vec([2, 3, 2, 5], (0..60).collect()).unwrap();
        assert!(four.indices().enumerate().all(|(n, key)| four[key] == n));
        assert_eq!(four.indices().len(), 60);
    }

    #[test]
    fn a_row_is_the_last_axis() {
        let mut grid = Grid::<(Row, Column, Level), usize>::from_vec([2, 2, 3], (0..12).collect()).unwrap();
        assert_eq!(grid.row((Row(1), Column(0))), [6, 7, 8]);
        grid.row_mut((Row(0), Column(1))).fill(0);
        grid[(Row(1), Column(1), Level(2))] = 99;
        assert_eq!(grid.into_vec(), [0, 1, 2, 0, 0, 0, 6, 7, 8, 9, 10, 99]);
    }

    #[test]
    fn rows_come_by_name() {
        let mut grid = Grid::from_fn([2, 2, 3], |(r, c, l): (Row, Column, Level)| 100 * r.0 + 10 * c.0 + l.0);
        let names: Vec<_> = grid.rows().map(|((r, c), row)| (r.0, c.0, row.to_vec())).collect();
        assert_eq!(names[1], (0, 1, vec![10, 11, 12]));
        assert_eq!(names[2], (1, 0, vec![100, 101, 102]));
        for ((_, column), row) in grid.rows_mut() {
            row[0] = column.0;
        }
        assert_eq!(grid.layer(Row(1)).as_slice(), [0, 101, 102, 1, 111, 112]);
        assert_eq!(grid.layer(Row(1))[(Column(1), Level(2))], 112);
        assert_eq!(grid.layer(Row(1)).row((Column(0),)), [0, 101, 102]);
        assert_eq!(grid.map(|x| x + 1)[(Row(1), Column(1), Level(1))], 112);
    }

    #[test]
    fn a_table_that_was_left_empty_has_no_values() {
        let grid = Grid::<(Row, Column), u8>::default();
        assert!(grid.is_empty());
        assert_eq!(grid.get((Row(1), Column(1))), None);
        let grid = Grid::<(Row, Column), u8>::filled([2, 2], 7);
        assert_eq!(grid.get((Row(1), Column(1))), Some(&7));
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let grid = Grid::<(Row, Column), i64>::from_vec([2, 3], (0..6).collect()).unwrap();
        let bytes = crate::codec::encode_to_vec(&grid).unwrap();
        assert_eq!(crate::codec::decode_from_slice::<Grid<(Row, Column), i64>>(&bytes).unwrap(), grid);
        let short = crate::codec::encode_to_vec(&([2_usize, 3], [0_i64, 1].to_vec())).unwrap();
        let error = crate::codec::decode_from_slice::<Grid<(Row, Column), i64>>(&short).unwrap_err();
        assert!(error.to_string().contains("2 values do not fill"), "{error}");
    }

    #[test]
    fn a_vector_of_another_length_is_refused() {
        let error = Grid::<(Row, Column), u8>::from_vec([2, 3], vec![0; 5]).unwrap_err();
        assert_eq!(error.to_string(), "5 values do not fill a table of shape [2, 3]");
        assert!(Grid::<(Row, Column), u8>::from_vec([usize::MAX, 2], Vec::new()).is_err());
    }

    #[test]
    fn the_digest_is_that_of_the_plain_vector() {
        let digest = |content: &dyn Fn(&mut Digest)| {
            let mut digest = Digest::new();
            content(&mut digest);
            digest.finish()
        };
        let plain: Vec<i64> = (0..6).collect();
        let grid = Grid::<(Row, Column), i64>::from_vec([2, 3], plain.clone()).unwrap();
        assert_eq!(digest(&|to| grid.feed(to)), digest(&|to| plain.feed(to)));
        assert_eq!(grid.heap(), plain.heap());
    }

    #[test]
    fn an_axis_without_places_makes_an_empty_table() {
        let grid = Grid::<(Row, Column), u8>::from_vec([0, 3], Vec::new()).unwrap();
        assert_eq!(grid.indices().count(), 0);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "a place beyond its axis")]
    fn a_place_beyond_its_axis_does_not_read_the_next_row() {
        let grid = Grid::<(Row, Column), u8>::from_vec([2, 3], vec![0; 6]).unwrap();
        let _ = grid[(Row(0), Column(3))];
    }
}
