//! Columns whose names are known only when the program runs.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Content;
use crate::digest::{Digest, Scalar, is_zero};

/// Columns of equally many numbers, each with a name, such as the amounts of all accounts of a chart by unit.
///
/// They are for names that the program finds out what fields are to [`content!`](crate::content): those that hold nothing enter no digest.
/// They are not saved either, so that every byte which is saved is digested; [`Named::under`] brings them back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    columns: Vec<Column<T>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Column<T> {
    /// The digest of what it is called.
    name: u64,
    rows: Vec<T>,
}

impl<T: Scalar + Default> Named<T> {
    /// Columns of these names, whose `rows` numbers are zero.
    #[must_use]
    pub fn new(names: &[u64], rows: usize) -> Self {
        Self { columns: names.iter().map(|&name| Column { name, rows: vec![T::default(); rows] }).collect() }
    }

    /// The same columns among others: those of `names`, in their order, with `rows` numbers each. `None` if a column has another name or
    /// another number of rows, or stands there twice.
    #[must_use]
    pub fn under(self, names: &[u64], rows: usize) -> Option<Self> {
        let mut all = Self::new(names, rows);
        let mut set = vec![false; names.len()];
        for column in self.columns {
            let at = names.iter().position(|&name| name == column.name)?;
            if column.rows.len() != rows || std::mem::replace(&mut set[at], true) {
                return None;
            }
            all.columns[at] = column;
        }
        Some(all)
    }

    /// The numbers of the column at a place.
    ///
    /// # Panics
    /// If there is no such column.
    #[must_use]
    pub fn column(&self, place: usize) -> &[T] {
        &self.columns[place].rows
    }

    /// The numbers of the column at a place, to be changed.
    ///
    /// # Panics
    /// If there is no such column.
    pub fn column_mut(&mut self, place: usize) -> &mut [T] {
        &mut self.columns[place].rows
    }

    /// Columns that hold something.
    fn held(&self) -> impl Iterator<Item = &Column<T>> {
        self.columns.iter().filter(|column| !is_zero(&column.rows))
    }
}

impl<T: Scalar + Default + Content> Content for Named<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.held().count().pack(out);
        for Column { name, rows } in self.held() {
            name.pack(out);
            rows.pack(out);
        }
    }

    fn heap(&self) -> usize {
        let of = |column: &Column<T>| size_of::<Column<T>>() + column.rows.heap();
        self.columns.iter().map(of).sum()
    }

    fn feed(&self, digest: &mut Digest) {
        for Column { name, rows } in self.held() {
            digest.value(*name).slice(rows);
        }
    }
}

impl<T: Scalar + Default + Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.held().collect::<Vec<_>>().serialize(to)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { columns: Vec::deserialize(from)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    fn digest(named: &Named<i64>) -> u64 {
        let mut digest = Digest::new();
        named.feed(&mut digest);
        digest.finish()
    }

    fn named(names: &[u64], held: &[(usize, usize, i64)]) -> Named<i64> {
        let mut named = Named::new(names, 2);
        for &(place, row, amount) in held {
            named.column_mut(place)[row] = amount;
        }
        named
    }

    #[test]
    fn a_column_that_holds_nothing_is_not_there() {
        let some = named(&[7, 8], &[(0, 1, 5), (1, 0, -3)]);
        let more = named(&[6, 7, 1, 8], &[(1, 1, 5), (3, 0, -3)]);
        assert_eq!(digest(&some), digest(&more));
        assert_eq!(digest(&named(&[7, 8], &[])), Digest::new().finish());
        let bytes = codec::encode_to_vec(&some).expect("encoded");
        assert_eq!(bytes, codec::encode_to_vec(&more).expect("encoded"));
        let back: Named<i64> = codec::decode_from_slice(&bytes).expect("decoded");
        assert_eq!(digest(&back), digest(&some));
        assert_eq!(back.under(&[6, 7, 1, 8], 2), Some(more));
    }

    #[test]
    fn names_places_and_amounts_enter() {
        let before = digest(&named(&[7, 8], &[(0, 1, 5)]));
        for other in [&[(0, 1, 6)][..], &[(0, 0, 5)], &[(1, 1, 5)], &[(0, 1, 5), (1, 0, 1)]] {
            assert_ne!(digest(&named(&[7, 8], other)), before);
        }
        assert_ne!(digest(&named(&[9, 8], &[(0, 1, 5)])), before);
    }

    #[test]
    fn columns_of_another_chart_are_refused() {
        let one = || named(&[7], &[(0, 1, 5)]);
        assert_eq!(one().under(&[8], 2), None);
        assert_eq!(one().under(&[7], 3), None);
        let twice = Named { columns: [one().columns, one().columns].concat() };
        assert_eq!(twice.under(&[7], 2), None);
    }
}
