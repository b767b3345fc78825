//! Digests of state: 64 bits that tell whether two states are the same, part by part.
//!
//! A part of the state (a column of components, a resource) is fed into a [`Digest`]; the digests of all parts at the
//! end of a tick form a [`TickDigest`], and [`TickDigest::first_difference`] names the part where two runs diverge.
//! A field or part to which nothing was fed does not enter the whole, not even by its name.
//! Values enter as little-endian bytes, floats by their bits, each slice with its length and element size. Slices of
//! more than 1 MiB are hashed in parallel as the digest of the digests of fixed 1 MiB chunks, so that the result does
//! not depend on threads. Not a cryptographic hash.

use std::fmt;
use std::io::{self, Write};

use bytemuck::NoUninit;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::Tick;
use crate::codec::{self, CodecError};
use crate::money::Volume;

const CHUNK_BYTES: usize = 1 << 20;
const CHUNK_ROWS: usize = 1 << 12;

mod sealed {
    pub trait Sealed {}
}

/// A number, or a small fixed array of numbers, that a digest accepts.
pub trait Scalar: NoUninit + Send + Sync + sealed::Sealed {}

macro_rules! scalars {
    ($($type:ty),*) => { $(impl sealed::Sealed for $type {} impl Scalar for $type {})* };
}
scalars!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64, bool, Volume);

impl<S: sealed::Sealed, const N: usize> sealed::Sealed for [S; N] {}
impl<S: Scalar, const N: usize> Scalar for [S; N] where [S; N]: NoUninit {}

/// A digest under construction.
#[derive(Clone, Default)]
pub struct Digest {
    state: Xxh3,
    fed: bool,
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({:016x})", self.state.digest())
    }
}

impl Digest {
    /// An empty digest.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Feeds one number.
    pub fn value<S: Scalar>(&mut self, value: S) -> &mut Self {
        self.slice(&[value])
    }

    /// Feeds a text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.slice(text.as_bytes())
    }

    /// Feeds a slice of numbers.
    pub fn slice<S: Scalar>(&mut self, values: &[S]) -> &mut Self {
        self.head::<S>(values.len());
        let chunk = chunk_items::<S>();
        if values.len() <= chunk {
            self.state.update(bytemuck::cast_slice(values));
        } else {
            let parts: Vec<u64> = values.par_chunks(chunk).map(|chunk| xxh3_64(bytemuck::cast_slice(chunk))).collect();
            self.slice(&parts);
        }
        self
    }

    /// Feeds a slice of numbers unless all of its bits are zero.
    pub fn held<S: Scalar>(&mut self, values: &[S]) -> &mut Self {
        if is_zero(values) { self } else { self.slice(values) }
    }

    /// Feeds what `feed` feeds, under a name; nothing if it feeds nothing.
    pub fn field(&mut self, name: &str, feed: impl FnOnce(&mut Self)) -> &mut Self {
        let mut field = Self::new();
        feed(&mut field);
        if field.is_empty() { self } else { self.text(name).value(field.finish()) }
    }

    /// Feeds what `feed` feeds of rows, long ones in parallel; nothing if it feeds nothing of any row.
    pub fn chunks<T: Sync>(&mut self, rows: &[T], feed: impl Fn(&[T], &mut Self) + Sync) -> &mut Self {
        let digest = |chunk: &[T]| {
            let mut digest = Self::new();
            feed(chunk, &mut digest);
            if digest.is_empty() { 0 } else { digest.finish() }
        };
        let parts: Vec<u64> = match rows.len() {
            0..=CHUNK_ROWS => rows.chunks(CHUNK_ROWS).map(digest).collect(),
            _ => rows.par_chunks(CHUNK_ROWS).map(digest).collect(),
        };
        if is_zero(&parts) { self } else { self.value(rows.len() as u64).slice(&parts) }
    }

    /// Feeds one number for each of `items`: the same digest as [`Digest::slice`] over the mapped values, without
    /// holding them all.
    pub fn column<T: Sync, S: Scalar>(&mut self, items: &[T], f: impl Fn(&T) -> S + Sync) -> &mut Self {
        self.head::<S>(items.len());
        let chunk = chunk_items::<S>();
        let mapped = |items: &[T]| items.iter().map(&f).collect::<Vec<S>>();
        if items.len() <= chunk {
            self.state.update(bytemuck::cast_slice(&mapped(items)));
        } else {
            let parts: Vec<u64> =
                items.par_chunks(chunk).map(|chunk| xxh3_64(bytemuck::cast_slice(&mapped(chunk)))).collect();
            self.slice(&parts);
        }
        self
    }

    /// Feeds the encoding of any serializable value; slower than a column, on one thread.
    ///
    /// # Errors
    /// [`CodecError`] if the value refuses to be encoded.
    pub fn serializable<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<&mut Self, CodecError> {
        let mut sink = io::BufWriter::with_capacity(1 << 16, Sink { state: &mut self.state, bytes: 0 });
        codec::encode_into(value, &mut sink)?;
        sink.flush()?;
        let bytes = sink.get_ref().bytes;
        drop(sink);
        Ok(self.value(bytes))
    }

    /// Whether nothing was fed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.fed
    }

    /// The digest of all that was fed.
    #[must_use]
    pub fn finish(&self) -> u64 {
        self.state.digest()
    }

    /// Length and element size keep `[1, 2]` and `[1], [2]` apart, and u8 zeros from u16 zeros.
    fn head<S>(&mut self, len: usize) {
        self.fed = true;
        self.state.update(&(len as u64).to_le_bytes());
        self.state.update(&(size_of::<S>() as u64).to_le_bytes());
    }
}

fn chunk_items<S>() -> usize {
    (CHUNK_BYTES / size_of::<S>().max(1)).max(1)
}

struct Sink<'a> {
    state: &'a mut Xxh3,
    bytes: u64,
}

impl Write for Sink<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.state.update(buffer);
        self.bytes += buffer.len() as u64;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether all bits of some numbers are zero.
#[must_use]
pub fn is_zero<S: Scalar>(values: &[S]) -> bool {
    const ZEROS: [u8; 1 << 12] = [0; 1 << 12];
    let bytes: &[u8] = bytemuck::cast_slice(values);
    bytes.chunks(ZEROS.len()).all(|chunk| chunk == &ZEROS[..chunk.len()])
}

/// The digest of some texts in order, for instance as the schema id of a checkpoint.
#[must_use]
pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut digest = Digest::new();
    for text in texts {
        digest.text(text);
    }
    digest.finish()
}

/// The digest of one named part of the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDigest {
    /// What was digested, such as `cells.temperature`.
    pub name: String,
    /// The digest.
    pub value: u64,
}

/// What the digest of the whole state is called among those of its parts.
pub const WHOLE: &str = "all";

/// The digests of all parts of the state at the end of a tick.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickDigest {
    /// The tick that has just ended.
    pub tick: Tick,
    /// The parts, in a fixed order.
    pub parts: Vec<PartDigest>,
}

impl TickDigest {
    /// An empty list for `tick`.
    #[must_use]
    pub const fn new(tick: Tick) -> Self {
        Self { tick, parts: Vec::new() }
    }

    /// Appends the part `name`, which `feed` describes.
    pub fn part(&mut self, name: impl Into<String>, feed: impl FnOnce(&mut Digest)) -> &mut Self {
        let mut digest = Digest::new();
        feed(&mut digest);
        self.parts.push(PartDigest { name: name.into(), value: digest.finish() });
        self
    }

    /// One digest of the tick: all names and all values, but of parts that hold nothing.
    #[must_use]
    pub fn combined(&self) -> u64 {
        let mut digest = Digest::new();
        digest.value(self.tick);
        let nothing = Digest::new().finish();
        for part in self.parts.iter().filter(|part| part.value != nothing) {
            digest.text(&part.name).value(part.value);
        }
        digest.finish()
    }

    /// Names of what a recording keeps of it: the whole, called `all`, then the parts.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        std::iter::once(WHOLE.to_owned()).chain(self.parts.iter().map(|part| part.name.clone())).collect()
    }

    /// The digests that go with [`TickDigest::names`].
    #[must_use]
    pub fn values(&self) -> Vec<u64> {
        std::iter::once(self.combined()).chain(self.parts.iter().map(|part| part.value)).collect()
    }

    /// The name of the first part that differs from `other` (or that only one of the two has), or `None` if they are
    /// equal. Different ticks differ in the part `tick`.
    #[must_use]
    pub fn first_difference<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        if self.tick != other.tick {
            return Some("tick");
        }
        let differing = self.parts.iter().zip(&other.parts).find(|(a, b)| a != b).map(|(a, _)| a);
        let longer = if self.parts.len() > other.parts.len() { self } else { other };
        let extra = longer.parts.get(self.parts.len().min(other.parts.len()));
        differing.or(extra).map(|part| part.name.as_str())
    }
}

impl fmt::Display for TickDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tick {}: {:016x}", self.tick, self.combined())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::hash;

    fn digest(feed: impl FnOnce(&mut Digest)) -> u64 {
        let mut digest = Digest::new();
        feed(&mut digest);
        digest.finish()
    }

    fn numbers(n: u64) -> Vec<i64> {
        (0..n).map(|i| hash(i, 0, 0) as i64).collect()
    }

    #[test]
    fn golden_digest() {
        // xxh3-64 of length, element size, 1 and 2 as little-endian i64, by the C library through Python's xxhash.
        assert_eq!(
            digest(|d| {
                d.slice(&[1_i64, 2]);
            }),
            0xa76f_a2ad_a562_0755
        );
    }

    #[test]
    fn columns_and_slices_agree_on_any_number_of_threads() {
        struct Deposits(i64);
        for n in [0, 1, 1000, 131_072, 131_073, 500_000] {
            let values = numbers(n);
            let items: Vec<Deposits> = values.iter().map(|&value| Deposits(value)).collect();
            let run = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
                pool.install(|| {
                    (
                        digest(|d| {
                            d.slice(&values);
                        }),
                        digest(|d| {
                            d.column(&items, |item| item.0);
                        }),
                    )
                })
            };
            let (slice, column) = run(1);
            assert_eq!(slice, column, "{n}");
            assert_eq!(run(2), (slice, slice), "{n}");
            assert_eq!(run(5), (slice, slice), "{n}");
        }
    }

    #[test]
    fn every_element_matters() {
        let mut values = numbers(300_000);
        let before = digest(|d| {
            d.slice(&values);
        });
        for index in [0, 1, 131_071, 131_072, 262_144, 299_999] {
            values[index] ^= 1 << 40;
            assert_ne!(
                digest(|d| {
                    d.slice(&values);
                }),
                before,
                "{index}"
            );
            values[index] ^= 1 << 40;
        }
        values.swap(0, 200_000);
        assert_ne!(
            digest(|d| {
                d.slice(&values);
            }),
            before
        );
    }

    #[test]
    fn boundaries_types_and_signs_matter() {
        let digests = [
            digest(|d| {
                d.slice(&[1_i64, 2]);
            }),
            digest(|d| {
                d.slice(&[1_i64]).slice(&[2_i64]);
            }),
            digest(|d| {
                d.slice(&[2_i64, 1]);
            }),
            digest(|d| {
                d.slice(&[[1_i64, 2]]);
            }),
            digest(|d| {
                d.slice(&[0.0_f64]);
            }),
            digest(|d| {
                d.slice(&[-0.0_f64]);
            }),
            digest(|d| {
                d.slice(&[0_u32; 2]);
            }),
            digest(|d| {
                d.slice(&[0_u8; 8]);
            }),
            digest(|d| {
                d.text("ab").text("c");
            }),
            digest(|d| {
                d.text("a").text("bc");
            }),
            digest(|_| {}),
        ];
        for (index, a) in digests.iter().enumerate() {
            assert!(!digests[..index].contains(a), "{index}");
        }
    }

    #[test]
    fn what_was_not_fed_has_no_name() {
        let some = || {
            digest(|d| {
                d.field("price", |d| {
                    d.held(&[0_i64, 1]);
                });
            })
        };
        let more = digest(|d| {
            d.field("loans", |d| {
                d.held(&[0_i64; 9]).chunks(&[1_u8; 10_000], |_, _| {});
            })
            .field("price", |d| {
                d.held(&[0_i64, 1]);
            });
        });
        assert_eq!(some(), more);
        assert!(Digest::new().is_empty() && !Digest::new().value(0_u8).is_empty());
        assert!(is_zero(&[0.0_f64; 3]) && is_zero::<u8>(&[]) && !is_zero(&[0.0, -0.0]));
        let last = [vec![0_u8; 8_191], vec![1]].concat();
        assert!(is_zero(&last[..8_191]) && !is_zero(&last));
    }

    #[test]
    fn serializable_values_digest_by_content() {
        let of = |value: &(Vec<u32>, Option<String>)| {
            digest(|d| {
                d.serializable(value).expect("encoded");
            })
        };
        let value = (vec![1; 100_000], Some("x".to_owned()));
        assert_eq!(of(&value), of(&value.clone()));
        assert_ne!(of(&value), of(&(vec![1; 100_000], None)));
    }

    #[test]
    fn ticks_name_their_first_difference() {
        let make = |deposits: i64, extra: bool| {
            let mut tick = TickDigest::new(4);
            tick.part("prices", |d| {
                d.value(1.5_f64);
            })
            .part("deposits", |d| {
                d.value(deposits);
            });
            if extra {
                tick.part("extra", |_| {});
            }
            tick
        };
        assert_eq!(make(1, false).first_difference(&make(1, false)), None);
        assert_eq!(make(1, false).combined(), make(1, false).combined());
        assert_eq!(make(1, false).first_difference(&make(2, true)), Some("deposits"));
        assert_eq!(make(1, true).first_difference(&make(1, false)), Some("extra"));
        assert_eq!(make(1, false).first_difference(&make(1, true)), Some("extra"));
        assert_ne!(make(1, false).combined(), make(2, false).combined());
        // A part that holds nothing is named, and does not enter the whole.
        assert_eq!(make(1, false).combined(), make(1, true).combined());
        assert_eq!(TickDigest::new(1).first_difference(&TickDigest::new(2)), Some("tick"));
    }
}
