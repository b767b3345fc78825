//! Dense tables of several axes whose places are named by typed indices.
//!
//! A table of three axes kept as a plain vector asks each reader to spell its layout, and two layouts look alike to the
//! compiler. A [`Grid`] knows its layout: cells are named by a tuple of indices of different types, so that two axes
//! cannot be taken for each other, and what it holds is still the plain row-major vector (the last axis runs fastest),
//! which is what digests and checkpoints see.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

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
    type Shape: Copy + PartialEq + fmt::Debug + Send + Sync;
    /// The places on all axes but the last: the name of a row.
    type Row: Copy;
    /// How many cells a grid of this shape has; `None` where the number is beyond counting.
    fn cells(shape: &Self::Shape) -> Option<usize>;
    /// Where the cell lies in the vector.
    fn offset(self, shape: &Self::Shape) -> usize;
    /// The cell that lies there.
    fn at(offset: usize, shape: &Self::Shape) -> Self;
    /// Where the row lies in the vector.
    fn row(row: Self::Row, shape: &Self::Shape) -> std::ops::Range<usize>;
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
            fn offset(self, &[$($size,)+ $last_size]: &Self::Shape) -> usize {
                let ($($value,)+ $last_value) = self;
                let mut offset = 0;
                $(
                    debug_assert!($value.number() < $size, "a place beyond its axis");
                    offset = offset * $size + $value.number();
                )+
                debug_assert!($last_value.number() < $last_size, "a place beyond its axis");
                offset * $last_size + $last_value.number()
            }

            #[inline]
            fn at(mut offset: usize, shape: &Self::Shape) -> Self {
                let mut places = [0; $count];
                for (place, size) in places.iter_mut().zip(shape).rev() {
                    *place = offset % size;
                    offset /= size;
                }
                let [$($value,)+ $last_value] = places;
                ($($axis::place($value),)+ $last::place($last_value))
            }

            #[inline]
            fn row(($($value,)+): Self::Row, &[$($size,)+ $last_size]: &Self::Shape) -> std::ops::Range<usize> {
                let mut row = 0;
                $(
                    debug_assert!($value.number() < $size, "a place beyond its axis");
                    row = row * $size + $value.number();
                )+
                row * $last_size..(row + 1) * $last_size
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

    /// The cells along the last axis.
    #[inline]
    pub fn row(&self, row: K::Row) -> &[T] {
        &self.cells[K::row(row, &self.shape)]
    }

    /// The cells along the last axis, to be changed.
    #[inline]
    pub fn row_mut(&mut self, row: K::Row) -> &mut [T] {
        &mut self.cells[K::row(row, &self.shape)]
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
        Layer,
        /// Places on the fourth axis.
        Sheet,
    }

    #[test]
    fn the_last_axis_runs_fastest() {
        let grid = Grid::from_fn([2, 3, 4], |(r, c, l): (Row, Column, Layer)| (r.0, c.0, l.0));
        for r in 0..2 {
            for c in 0..3 {
                for l in 0..4 {
                    assert_eq!(grid[(Row(r), Column(c), Layer(l))], (r, c, l));
                    assert_eq!(grid.as_slice()[(r * 3 + c) * 4 + l], (r, c, l));
                }
            }
        }
    }

    #[test]
    fn names_and_places_agree_for_every_number_of_axes() {
        let two = Grid::<(Row, Column), usize>::from_vec([3, 2], (0..6).collect()).unwrap();
        assert!(two.indices().enumerate().all(|(n, key)| two[key] == n));
        let four = Grid::<(Row, Column, Layer, Sheet), usize>::from_vec([2, 3, 2, 5], (0..60).collect()).unwrap();
        assert!(four.indices().enumerate().all(|(n, key)| four[key] == n));
        assert_eq!(four.indices().len(), 60);
    }

    #[test]
    fn a_row_is_the_last_axis() {
        let mut grid = Grid::<(Row, Column, Layer), usize>::from_vec([2, 2, 3], (0..12).collect()).unwrap();
        assert_eq!(grid.row((Row(1), Column(0))), [6, 7, 8]);
        grid.row_mut((Row(0), Column(1))).fill(0);
        grid[(Row(1), Column(1), Layer(2))] = 99;
        assert_eq!(grid.into_vec(), [0, 1, 2, 0, 0, 0, 6, 7, 8, 9, 10, 99]);
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
