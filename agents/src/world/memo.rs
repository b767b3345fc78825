//! What founding a world computes that other worlds of the process need again: the only state that outlives a world.
//!
//! The runs of a sweep, and the arms of a seed, found worlds that differ in little. Some results of pure functions are
//! dear and small, so they are kept: [`MARKETS`], [`SAVINGS`] and [`PEOPLE`]. Each is known by every bit of what it was computed from
//! (the seed among it only where it is drawn from), never by the name of a configuration, so it cannot be served where an
//! input differs, and a world is the same to the bit whether it was served or not.
//!
//! Worlds may be founded at once: who asks for what another computes waits for it. So what is computed must not start
//! parallel work of its own, in which a thread that waits could be asked for the same again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use engine::content::Content;

use super::savings::Spread;
use crate::households::alone::People;
use crate::markets::resting::RestingMarket;

/// Labour markets at rest, which no seed enters: one a region and set of parameters of the labour market.
pub static MARKETS: Memo<RestingMarket> = Memo::new(1 << 20, RestingMarket::heap);

/// Savings at rest of a decile, drawn from a seed: shared by the arms of a seed whose incomes in the base year are equal.
pub static SAVINGS: Memo<Spread> = Memo::new(16 << 20, Spread::heap);

/// People alone at rest, of a region of some tables.
pub static PEOPLE: Memo<People> = Memo::new(256 << 20, People::heap);

/// Results of a pure function by what they were computed from.
#[derive(Debug)]
pub struct Memo<V> {
    /// Bytes kept at most.
    limit: usize,
    /// Bytes that a result holds outside itself.
    heap: fn(&V) -> usize,
    kept: Mutex<Kept<V>>,
}

#[derive(Debug)]
struct Kept<V> {
    entries: BTreeMap<Vec<u8>, Entry<V>>,
    bytes: usize,
    /// Times that something was asked for.
    uses: u64,
}

#[derive(Debug)]
struct Entry<V> {
    /// Filled by the first who asked.
    value: Arc<OnceLock<Arc<V>>>,
    bytes: usize,
    /// When it was last asked for.
    used: u64,
}

impl<V> Memo<V> {
    /// Keeps so many bytes at most.
    #[must_use]
    pub const fn new(limit: usize, heap: fn(&V) -> usize) -> Self {
        Self { limit, heap, kept: Mutex::new(Kept { entries: BTreeMap::new(), bytes: 0, uses: 0 }) }
    }

    /// What was computed from the content of `inputs`, or is now. These must be all that `compute` depends on.
    pub fn of(&self, inputs: &[&dyn Packed], compute: impl FnOnce() -> V) -> Arc<V> {
        let mut key = Vec::new();
        for input in inputs {
            input.pack_into(&mut key);
        }
        let asked = self.kept().ask(&key);
        let mut computed = false;
        let value = asked.get_or_init(|| {
            computed = true;
            Arc::new(compute())
        });
        if computed {
            self.kept().weigh(&key, size_of::<V>() + (self.heap)(value), self.limit);
        }
        value.clone()
    }

    /// Forgets all.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.entries.clear();
        kept.bytes = 0;
    }

    /// Whoever panicked while computing held no lock, so what is kept is whole.
    fn kept(&self) -> MutexGuard<'_, Kept<V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Kept<V> {
    fn ask(&mut self, key: &[u8]) -> Arc<OnceLock<Arc<V>>> {
        self.uses += 1;
        if let Some(entry) = self.entries.get_mut(key) {
            entry.used = self.uses;
            return entry.value.clone();
        }
        let value = Arc::new(OnceLock::new());
        self.entries.insert(key.to_vec(), Entry { value: value.clone(), bytes: key.len(), used: self.uses });
        self.bytes += key.len();
        value
    }

    /// Counts what was computed, and drops what was not asked for the longest while there is too much.
    fn weigh(&mut self, key: &[u8], bytes: usize, limit: usize) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.bytes += bytes;
            self.bytes += bytes;
        }
        while self.bytes > limit {
            let Some(oldest) = self.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone())
            else {
                break;
            };
            self.bytes -= self.entries.remove(&oldest).map_or(0, |entry| entry.bytes);
        }
    }
}

/// [`Content`] of any type.
pub trait Packed {
    /// Appends the content as bytes.
    fn pack_into(&self, out: &mut Vec<u8>);
}

impl<T: Content> Packed for T {
    fn pack_into(&self, out: &mut Vec<u8>) {
        self.pack(out);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_same_inputs_are_computed_once_others_anew() {
        let (memo, count) = (Memo::<f64>::new(1000, f64::heap), AtomicUsize::new(0));
        let twice = |x: f64, of: u32| {
            *memo.of(&[&x, &of], || {
                count.fetch_add(1, Ordering::Relaxed);
                x * f64::from(of)
            })
        };
        for (x, of, computed) in [(1.5, 2, 1), (1.5, 2, 1), (1.5, 3, 2), (1.5_f64.next_up(), 2, 3), (1.5, 2, 3)] {
            assert!((twice(x, of) - x * f64::from(of)).abs() < 1e-15);
            assert_eq!(count.load(Ordering::Relaxed), computed, "{x} {of}");
        }
        memo.forget();
        twice(1.5, 2);
        assert_eq!(count.load(Ordering::Relaxed), 4);
    }

    #[test]
    fn who_asks_at_once_waits_for_the_first() {
        let (memo, count) = (Memo::<u64>::new(1000, u64::heap), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for key in 0..20_u64 {
                        let value = memo.of(&[&key], || {
                            count.fetch_add(1, Ordering::Relaxed);
                            std::thread::yield_now();
                            key + 1
                        });
                        assert_eq!(*value, key + 1);
                    }
                });
            }
        });
        assert_eq!(count.load(Ordering::Relaxed), 20);
    }

    #[test]
    fn a_computation_that_panics_is_done_by_the_next() {
        let memo = Memo::<u64>::new(1000, u64::heap);
        let failed =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| memo.of(&[&1_u8], || panic!("on purpose"))));
        assert!(failed.is_err());
        assert_eq!(*memo.of(&[&1_u8], || 7), 7);
    }

    #[test]
    fn what_was_not_asked_for_the_longest_is_dropped() {
        // A row of 8 numbers takes 64 bytes, 24 for itself and 1 for its key.
        let memo = Memo::<Vec<u64>>::new(3 * 89, Vec::heap);
        let ask = |key: u8| {
            let mut computed = false;
            memo.of(&[&key], || {
                computed = true;
                vec![u64::from(key); 8]
            });
            computed
        };
        let asked: Vec<bool> = [1, 2, 3, 1, 4, 1, 3, 2].into_iter().map(ask).collect();
        assert_eq!(asked, [true, true, true, false, true, false, false, true]);
        let kept = memo.kept();
        assert_eq!((kept.entries.len(), kept.bytes), (3, 3 * 89));
    }
}
