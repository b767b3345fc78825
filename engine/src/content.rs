//! What a piece of state holds, declared once: every field enters the digest, or is named as scratch.
//!
//! [`content!`](crate::content) stands beside the declaration of a type and takes it apart completely, so that a field
//! that is added later does not compile until somebody has said whether it is state.
//!
//! ```
//! use engine::content::Content;
//! use engine::digest::Digest;
//!
//! struct Account {
//!     level: i64,
//!     history: Vec<f64>,
//!     seen: bool,
//! }
//! engine::content!(Account { level, history } scratch { seen });
//!
//! let digest = |account: &Account| {
//!     let mut digest = Digest::new();
//!     account.feed(&mut digest);
//!     digest.finish()
//! };
//! let mut account = Account { level: 5, history: vec![1.0], seen: false };
//! let before = digest(&account);
//! account.seen = true;
//! assert_eq!(digest(&account), before);
//! account.history[0] = 2.0;
//! assert_ne!(digest(&account), before);
//! assert_eq!(account.heap(), 8);
//! ```

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::money::Volume;

/// A value that can be digested whole.
pub trait Content: Sized + Sync {
    /// Appends the content as bytes: numbers in little-endian order, sequences after their length.
    fn pack(&self, out: &mut Vec<u8>);

    /// Bytes held outside the value itself.
    fn heap(&self) -> usize {
        0
    }

    /// Appends a row of values without their number.
    fn pack_all(items: &[Self], out: &mut Vec<u8>) {
        for item in items {
            item.pack(out);
        }
    }

    /// Feeds the value into a digest.
    fn feed(&self, digest: &mut Digest) {
        let mut out = Vec::new();
        self.pack(&mut out);
        digest.slice(&out);
    }

    /// Feeds a row of values into a digest, long ones in parallel.
    fn feed_all(items: &[Self], digest: &mut Digest) {
        digest.packed(items, Self::pack_all);
    }
}

macro_rules! numbers {
    ($($type:ty),*) => { $(
        impl Content for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(bytemuck::bytes_of(self));
            }

            fn pack_all(items: &[Self], out: &mut Vec<u8>) {
                out.extend_from_slice(bytemuck::cast_slice(items));
            }

            fn feed(&self, digest: &mut Digest) {
                digest.value(*self);
            }

            fn feed_all(items: &[Self], digest: &mut Digest) {
                digest.slice(items);
            }
        }
    )* };
}
numbers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64, bool, Volume);

impl Content for usize {
    fn pack(&self, out: &mut Vec<u8>) {
        (*self as u64).pack(out);
    }
}

impl Content for String {
    fn pack(&self, out: &mut Vec<u8>) {
        self.len().pack(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn heap(&self) -> usize {
        self.capacity()
    }
}

impl<T: Content, const N: usize> Content for [T; N] {
    fn pack(&self, out: &mut Vec<u8>) {
        T::pack_all(self, out);
    }

    fn heap(&self) -> usize {
        self.iter().map(T::heap).sum()
    }
}

impl<T: Content> Content for Vec<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.len().pack(out);
        T::pack_all(self, out);
    }

    fn heap(&self) -> usize {
        self.capacity() * size_of::<T>() + self.iter().map(T::heap).sum::<usize>()
    }

    fn feed(&self, digest: &mut Digest) {
        T::feed_all(self, digest);
    }
}

impl<T: Content> Content for Option<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.is_some().pack(out);
        if let Some(value) = self {
            value.pack(out);
        }
    }

    fn heap(&self) -> usize {
        self.as_ref().map_or(0, T::heap)
    }
}

impl<K: Content, V: Content> Content for BTreeMap<K, V> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.len().pack(out);
        for (key, value) in self {
            key.pack(out);
            value.pack(out);
        }
    }

    fn heap(&self) -> usize {
        self.iter().map(|(key, value)| size_of::<(K, V)>() + key.heap() + value.heap()).sum()
    }
}

/// Implements [`Content`](crate::content::Content).
///
/// * `content!(Name { a, b } scratch { c })`: a struct; all of its fields are named, those after `scratch` do not outlive
///   a tick and enter nothing.
/// * `content!(newtype Name)`: a struct of one unnamed field.
/// * `content!(code Name)`: an enumeration without fields in `u8`.
/// * `content!(plain Name)`: a row without padding (`bytemuck::NoUninit`), which enters as it lies in memory; the digest is
///   that of the same fields named in order.
/// * `content!(rows Name)`: the same, and a long column is cut into chunks of bytes and not of rows.
#[macro_export]
macro_rules! content {
    (newtype $type:ident) => {
        impl $crate::content::Content for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                $crate::content::Content::pack(&self.0, out);
            }

            fn heap(&self) -> usize {
                $crate::content::Content::heap(&self.0)
            }

            fn feed(&self, digest: &mut $crate::digest::Digest) {
                $crate::content::Content::feed(&self.0, digest);
            }
        }
    };
    (code $type:ident) => {
        impl $crate::content::Content for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                out.push(*self as u8);
            }
        }
    };
    (plain $type:ident) => {
        $crate::content!(@as_it_lies $type, plain);
    };
    (rows $type:ident) => {
        $crate::content!(@as_it_lies $type, rows);
    };
    (@as_it_lies $type:ident, $feed:ident) => {
        impl $crate::content::Content for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                $crate::digest::pack_rows(std::slice::from_ref(self), out);
            }

            fn pack_all(items: &[Self], out: &mut Vec<u8>) {
                $crate::digest::pack_rows(items, out);
            }

            fn feed_all(items: &[Self], digest: &mut $crate::digest::Digest) {
                digest.$feed(items);
            }
        }
    };
    ($type:ident { $($field:ident),* $(,)? } $(scratch { $($scratch:ident),* $(,)? })?) => {
        impl $crate::content::Content for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                let Self { $($field,)* $($($scratch: _,)*)? } = self;
                $($crate::content::Content::pack($field, out);)*
            }

            fn heap(&self) -> usize {
                let Self { $($field,)* $($($scratch: _,)*)? } = self;
                0 $(+ $crate::content::Content::heap($field))*
            }

            fn feed(&self, digest: &mut $crate::digest::Digest) {
                let Self { $($field,)* $($($scratch: _,)*)? } = self;
                $($crate::content::Content::feed($field, digest);)*
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row {
        id: u32,
        code: u8,
        wage: f64,
        history: Vec<u16>,
    }
    crate::content!(Row { id, code, wage, history });

    fn row(id: u32) -> Row {
        Row { id, code: 3, wage: 0.5, history: vec![1, 2] }
    }

    fn digest<T: Content>(value: &T) -> u64 {
        let mut digest = Digest::new();
        value.feed(&mut digest);
        digest.finish()
    }

    #[test]
    fn every_field_of_every_row_enters() {
        // Two rows are packed one after the other, 10,000 in parallel chunks.
        for n in [2, 10_000] {
            let rows = || (0..n).map(row).collect::<Vec<_>>();
            let before = digest(&rows());
            assert_eq!(before, digest(&rows()));
            for at in [0, n as usize - 1] {
                let changes: [fn(&mut Row); 4] =
                    [|r| r.id += 1, |r| r.code = 4, |r| r.wage = -0.0, |r| r.history[1] = 9];
                for change in changes {
                    let mut changed = rows();
                    change(&mut changed[at]);
                    assert_ne!(before, digest(&changed), "row {at} of {n}");
                }
            }
        }
    }

    #[derive(Clone, Copy, bytemuck::NoUninit)]
    #[repr(C)]
    struct Plain {
        deposits: i64,
        price: f64,
    }
    crate::content!(plain Plain);

    struct Named {
        deposits: i64,
        price: f64,
    }
    crate::content!(Named { deposits, price });

    #[test]
    fn plain_rows_have_the_digest_of_their_fields() {
        for n in [0, 1, 4_096, 4_097, 100_000] {
            let plain: Vec<Plain> = (0..n).map(|i| Plain { deposits: i, price: i as f64 / 7.0 }).collect();
            let named: Vec<Named> = plain.iter().map(|x| Named { deposits: x.deposits, price: x.price }).collect();
            assert_eq!(digest(&plain), digest(&named), "{n}");
            let packed = |pack: &dyn Fn(&mut Vec<u8>)| {
                let mut out = vec![];
                pack(&mut out);
                out
            };
            assert_eq!(packed(&|out| plain.pack(out)), packed(&|out| named.pack(out)));
        }
    }

    #[test]
    fn lengths_keep_neighbours_apart() {
        assert_ne!(digest(&vec![vec![1_u8], vec![2, 3]]), digest(&vec![vec![1_u8, 2], vec![3]]));
        assert_ne!(digest(&vec![String::from("ab"), String::new()]), digest(&vec![String::from("a"), "b".into()]));
        assert_ne!(digest(&Some(0_u8)), digest(&None::<u8>));
        assert_ne!(digest(&BTreeMap::from([(1_u8, 2_u8)])), digest(&BTreeMap::from([(2_u8, 1_u8)])));
    }

    #[test]
    fn the_heap_is_counted() {
        let mut rows = Vec::with_capacity(4);
        rows.push(row(1));
        assert_eq!(rows.heap(), 4 * size_of::<Row>() + 4);
    }
}
