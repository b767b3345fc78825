//! Sellers as buyers meet them.

use std::sync::atomic::{AtomicI64, Ordering};

use engine::money::{Money, Volume, ratio_q32};
use rayon::prelude::*;

use crate::axes::Origin;
use crate::components::{Firm, Offer};

pub(super) const FULL: u64 = engine::money::ONE_Q32;

/// A seller as its buyers meet it: what they read and write of it lies together.
#[derive(Default)]
#[repr(align(32))]
pub(super) struct Counter {
    /// Price, own currency.
    pub(super) price: f64,
    /// Share of its orders it can serve this round (Q32, in the low 48 bits) and its region (in the high 16).
    pub(super) ratio_and_region: u64,
    /// Volume sold this round: at first all that was asked.
    sold: AtomicI64,
    /// Receipts of this round, own currency.
    receipts: AtomicI64,
}

impl Counter {
    pub(super) fn open(price: f64, region: u16) -> Self {
        Self { price, ratio_and_region: FULL | u64::from(region) << 48, ..Self::default() }
    }

    pub(super) fn ratio(&self) -> u64 {
        self.ratio_and_region & ((1 << 48) - 1)
    }

    pub(super) fn origin(&self) -> Origin {
        Origin((self.ratio_and_region >> 48) as usize)
    }

    /// Volume sold this round, or asked before sellers ration.
    pub(super) fn sold(&mut self) -> Volume {
        Volume::new(*self.sold.get_mut())
    }

    /// Receipts of this round, own currency.
    pub(super) fn receipts(&mut self) -> Money {
        *self.receipts.get_mut()
    }

    /// Notes that a volume is asked of it.
    pub(super) fn ask(&self, volume: Volume) {
        self.sold.fetch_add(volume.count(), Ordering::Relaxed);
    }

    /// Forgets what was sold and received.
    pub(super) fn reset(&mut self) {
        (*self.sold.get_mut(), *self.receipts.get_mut()) = (0, 0);
    }

    /// Sets the ratio from what the seller has, and returns it.
    pub(super) fn ration(&mut self, available: Volume) -> u64 {
        let asked = self.sold();
        let ratio = if asked > available { ratio_q32(available, asked) } else { FULL };
        self.ratio_and_region = ratio | (self.origin().0 as u64) << 48;
        ratio
    }

    pub(super) fn add(&self, volume: Volume, receipts: Money) {
        self.ask(volume);
        self.receipts.fetch_add(receipts, Ordering::Relaxed);
    }

    /// As [`Counter::add`], where no other thread writes: a locked addition takes several times as long, and what follows
    /// waits for it.
    #[inline]
    fn add_alone(&self, volume: Volume, receipts: Money) {
        self.sold.store(self.sold.load(Ordering::Relaxed) + volume.count(), Ordering::Relaxed);
        self.receipts.store(self.receipts.load(Ordering::Relaxed) + receipts, Ordering::Relaxed);
    }
}

/// Threads that get counters of their own, at most: those of a thread take about 1% of what firms and households do.
const OWN_ROWS: usize = 4;

/// The counters of all sellers. While orders come in there is a row of them for each thread, if these are few, so that
/// none writes what another reads. Sums are integers: they are the same however many rows there are.
#[derive(Default)]
pub(super) struct Counters {
    /// All rows, one after the other.
    rows: Vec<Counter>,
    sellers: usize,
}

impl Counters {
    /// Opens all counters, given what sellers offer and where they are.
    pub(super) fn open(&mut self, offer: &[Offer], firm: &[Firm]) {
        let threads = rayon::current_num_threads();
        let rows = if threads <= OWN_ROWS { threads } else { 1 };
        self.sellers = offer.len();
        let rows = (0..rows * offer.len()).into_par_iter();
        let counter = |at: usize| Counter::open(offer[at % offer.len()].price, firm[at % offer.len()].region);
        rows.map(counter).collect_into_vec(&mut self.rows);
    }

    /// The row of this thread.
    pub(super) fn row(&self) -> Row<'_> {
        let alone = self.rows.len() == rayon::current_num_threads() * self.sellers;
        let row = if alone { rayon::current_thread_index().unwrap_or_default() } else { 0 };
        Row { counters: &self.rows[row * self.sellers..][..self.sellers], alone }
    }

    /// The counters of all orders: all sums are in one row from now on.
    pub(super) fn gather(&mut self) -> &mut [Counter] {
        let (first, others) = self.rows.split_at_mut(self.sellers);
        for row in others.chunks(self.sellers.max(1)) {
            first.par_iter_mut().zip(row).for_each(|(sum, counter)| {
                let sold = Volume::new(counter.sold.load(Ordering::Relaxed));
                sum.add_alone(sold, counter.receipts.load(Ordering::Relaxed));
            });
        }
        self.rows.truncate(self.sellers);
        &mut self.rows
    }
}

/// The counters that a thread meets.
pub(super) struct Row<'a> {
    counters: &'a [Counter],
    /// Whether no other thread meets them.
    alone: bool,
}

impl Row<'_> {
    /// Price and region of a seller.
    #[inline]
    pub(super) fn meet(&self, seller: u32) -> (f64, Origin) {
        let counter = &self.counters[seller as usize];
        (counter.price, counter.origin())
    }

    /// Adds an order of a seller.
    #[inline]
    pub(super) fn add(&self, seller: u32, volume: Volume, receipts: Money) {
        let counter = &self.counters[seller as usize];
        if self.alone {
            counter.add_alone(volume, receipts);
        } else {
            counter.add(volume, receipts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::Phase;
    use crate::geography::NONE;

    /// Volume and receipts of three sellers of which many buyers order, on so many threads.
    fn ordered(threads: usize) -> Vec<(Volume, Money)> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| {
            let firm = Firm {
                region: 0,
                industry: 0,
                area: 0,
                zone: 0,
                outlet: NONE,
                plant: 0,
                age_ticks: 0,
                parent: NONE,
                phase: Phase::Running,
            };
            let mut counters = Counters::default();
            counters.open(&vec![Offer::default(); 3], &[firm; 3]);
            (0..10_000_u32).into_par_iter().for_each(|k| {
                let volume = i64::from(k % 7);
                counters.row().add(k % 3, Volume::new(volume), 2 * volume - 5);
            });
            counters.gather().iter_mut().map(|x| (x.sold(), x.receipts())).collect()
        })
    }

    #[test]
    fn sums_are_the_same_however_many_threads_order() {
        let volume = |seller: u32| (0..10_000_u32).filter(|k| k % 3 == seller).map(|k| i64::from(k % 7)).sum::<i64>();
        let buyers = |seller: u32| (0..10_000_u32).filter(|k| k % 3 == seller).count() as i64;
        let expected: Vec<_> = (0..3).map(|x| (Volume::new(volume(x)), 2 * volume(x) - 5 * buyers(x))).collect();
        for threads in [1, 2, 4, 7] {
            assert_eq!(ordered(threads), expected, "{threads} threads");
        }
    }
}
