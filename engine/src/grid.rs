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
        Self { shape, cells: vec![value; Self::count(&shape)], key: PhantomData }
    }

    /// The table of this shape whose cells are worked out from their names.
    ///
    /// # Panics
    ///
    /// Where the shape has more cells than can be counted.
    pub fn from_fn(shape: K::Shape, mut cell: impl FnMut(K) -> T) -> Self {
        let cells = (0..Self::count(&shape)).map(|offset| cell(K::at(offset, &shape))).collect();
        Self { shape, cells, key: PhantomData }
    }

    fn count(shape: &K::Shape) -> usize {
        K::cells(shape).expect("a table has fewer cells than can be counted")
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

impl<A: Axis, B: Axis, Z: Axis, T> Grid<(A, B, Z), T> {
    #[inline]
    fn layer_range(&self, place: A) -> std::ops::Range<usize> {
        let [_, rows, width] = self.shape;
        let size = rows * width;
        place.number() * size..(place.number() + 1) * size
    }

    /// The plain cells of one place on the first axis, to be changed.
    #[inline]
    pub fn layer_mut(&mut self, place: A) -> &mut [T] {
        let range = self.layer_range(place);
        &mut self.cells[range]
    }

    /// The cells of one place on the first axis, as a table of the others.
    #[inline]
    pub fn layer(&self, place: A) -> Layer<'_, (B, Z), T> {
        let [_, rows, width] = self.shape;
        Layer { shape: [rows, width], cells: &self.cells[self.layer_range(place)], key: PhantomData }
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

/// What a table holds is in its cells: its shape is that of the world, which is told elsewhere.
impl<K: Key, T: Content> Content for Grid<K, T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.cells.pack(out);
    }

    fn heap(&self) -> usize {
        self.cells.heap()
    }

    fn feed(&self, digest: &mut Digest) {
        T::feed_all(&self.cells, digest);
    }

    fn feed_column<R: Sync>(rows: &[R], of: impl Fn(&R) -> &Self + Copy + Sync, digest: &mut Digest) {
        let cells: Vec<&T> = rows.iter().flat_map(|row| &of(row).cells).collect();
        T::feed_column(&cells, |cell| *cell, digest);
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
mod tests;
