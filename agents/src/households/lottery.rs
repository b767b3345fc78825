//! Prizes by lot: what is spent of them shows what households spend of a windfall.

use engine::money::{Money, round_half_even};
use engine::rng::{Key, unit};

use crate::given::Given;
use crate::world::stream;

/// The draws of a tick, from 0 to 1 by household, in worlds with a lottery and without: who wins can be told in both.
#[derive(Clone, Copy, Debug)]
pub struct Draws(Key);

impl Draws {
    /// Of a tick.
    #[must_use]
    pub fn new(seed: u64, tick: u32) -> Self {
        Self(Key::new(seed, u64::from(tick) << 8 | u64::from(stream::LOTTERY.id())))
    }

    /// That of a household.
    #[must_use]
    pub fn of(&self, household: u64) -> f64 {
        unit(self.0.with(household))
    }
}

/// The lottery of a region in a tick.
#[derive(Clone, Copy, Debug)]
pub struct Lottery {
    /// Share of households that win.
    share: f64,
    draws: Draws,
    /// Months in a tick.
    months: f64,
}

impl Lottery {
    /// Of a region.
    #[must_use]
    pub fn of(given: &Given, region: usize) -> Self {
        let settings = &given.settings;
        Self {
            share: settings.monthly(given.measures().lottery[region]),
            draws: Draws::new(settings.seed, given.tick.0),
            months: settings.months_per_tick(),
        }
    }

    /// Prize of a household, money: a month of its permanent income a tick, if it wins.
    ///
    /// Equation: `y_p / m` for a uniform draw below the share of winners, with permanent income a tick `y_p` and months in a tick `m`.
    /// Source: Fagereng, Holm and Natvik (2021), who follow winners of prizes; the size is ours, a small prize there.
    #[must_use]
    pub fn prize(&self, household: u64, permanent: f64) -> Money {
        if self.share > 0.0 && self.draws.of(household) < self.share {
            round_half_even(permanent / self.months)
        } else {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prizes_go_by_lot_and_are_a_month_of_income() {
        let lottery = |share| Lottery { share, draws: Draws::new(7, 3), months: 3.0 };
        let prizes = |share| (0..4_000).map(|id| lottery(share).prize(id, 900.0)).collect::<Vec<_>>();
        let won = |share| prizes(share).iter().filter(|&&prize| prize == 300).count();
        assert_eq!((won(0.0), won(1.0)), (0, 4_000));
        assert!((won(0.1) as f64 - 400.0).abs() < 60.0, "{}", won(0.1));
        assert!(prizes(0.1).iter().all(|prize| [0, 300].contains(prize)));
    }
}
