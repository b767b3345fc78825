//! What a piece of state holds, declared once: every field enters the digest by its name, or is named as scratch.
//!
//! [`content!`](crate::content) stands beside the declaration of a type and takes it apart completely, so that a field
//! that is added later does not compile until somebody has said whether it is state.
//!
//! **What holds nothing enters nothing**: zeros, `None` and what is empty, in a column of rows if that is so of all of them. So a field,
//! an account or a column of agents that nobody uses leaves every digest as it was, wherever it stands among the others.
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

mod named;

use std::collections::BTreeMap;

use crate::digest::Digest;
use crate::money::Volume;

pub use self::named::Named;

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
        Self::feed_column(std::slice::from_ref(self), |row| row, digest);
    }

    /// Feeds the values that some rows have of one thing, field by field.
    fn feed_column<R: Sync>(rows: &[R], of: impl Fn(&R) -> &Self + Copy + Sync, digest: &mut Digest) {
        let mut out = Vec::with_capacity(size_of::<Self>() * rows.len());
        for row in rows {
            of(row).pack(&mut out);
        }
        digest.held(&out);
    }

    /// Feeds a row of values into a digest, long ones in parallel.
    fn feed_all(items: &[Self], digest: &mut Digest) {
        digest.chunks(items, |rows, digest| Self::feed_column(rows, |row| row, digest));
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

            fn feed_column<R: Sync>(rows: &[R], of: impl Fn(&R) -> &Self + Copy + Sync, digest: &mut Digest) {
                digest.held(&rows.iter().map(|row| *of(row)).collect::<Vec<Self>>());
            }

            fn feed_all(items: &[Self], digest: &mut Digest) {
                digest.held(items);
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

/// An array is one value.
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
        digest.held(&[self.len() as u64]);
        T::feed_all(self, digest);
    }

    fn feed_column<R: Sync>(rows: &[R], of: impl Fn(&R) -> &Self + Copy + Sync, digest: &mut Digest) {
        digest.held(&rows.iter().map(|row| of(row).len() as u64).collect::<Vec<u64>>());
        let items: Vec<&T> = rows.iter().flat_map(of).collect();
        T::feed_column(&items, |item| *item, digest);
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

    fn feed_column<R: Sync>(rows: &[R], of: impl Fn(&R) -> &Self + Copy + Sync, digest: &mut Digest) {
        digest.held(&rows.iter().map(|row| of(row).len() as u64).collect::<Vec<u64>>());
        let entries: Vec<(&K, &V)> = rows.iter().flat_map(of).collect();
        digest.field("keys", |digest| K::feed_column(&entries, |entry| entry.0, digest));
        digest.field("values", |digest| V::feed_column(&entries, |entry| entry.1, digest));
    }
}

/// Implements [`Content`](crate::content::Content).
///
/// * `content!(Name { a, b } scratch { c })`: a struct; all of its fields are named, those after `scratch` do not outlive
///   a tick and enter nothing. `aside { d }` after that names fields that are saved and yet are no state of the world, such as a count of
///   what the program did: no digest asks for them.
/// * `content!(newtype Name)`: a struct of one unnamed field.
/// * `content!(code Name)`: an enumeration without fields in `u8`; the code 0 is nothing.
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

            fn feed_column<R: Sync>(
                rows: &[R],
                of: impl Fn(&R) -> &Self + Copy + Sync,
                digest: &mut $crate::digest::Digest,
            ) {
                $crate::content::Content::feed_column(rows, move |row| &of(row).0, digest);
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
    (
        $type:ident { $($field:ident),* $(,)? }
        $(scratch { $($scratch:ident),* $(,)? })?
        $(aside { $($aside:ident),* $(,)? })?
    ) => {
        impl $crate::content::Content for $type {
            fn pack(&self, out: &mut Vec<u8>) {
                let Self { $($field,)* $($($scratch: _,)*)? $($($aside: _,)*)? } = self;
                $($crate::content::Content::pack($field, out);)*
            }

            fn heap(&self) -> usize {
                let Self { $($field,)* $($($scratch: _,)*)? $($($aside,)*)? } = self;
                0 $(+ $crate::content::Content::heap($field))* $($(+ $crate::content::Content::heap($aside))*)?
            }

            fn feed(&self, digest: &mut $crate::digest::Digest) {
                let Self { $($field,)* $($($scratch: _,)*)? $($($aside: _,)*)? } = self;
                $(digest.field(stringify!($field), |digest| $crate::content::Content::feed($field, digest));)*
            }

            fn feed_column<R: Sync>(
                rows: &[R],
                of: impl Fn(&R) -> &Self + Copy + Sync,
                digest: &mut $crate::digest::Digest,
            ) {
                $(digest.field(stringify!($field), |digest| {
                    $crate::content::Content::feed_column(rows, move |row| &of(row).$field, digest);
                });)*
            }
        }
    };
}

#[cfg(test)]
mod tests;
