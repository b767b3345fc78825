//! Who loses a job because a measure says so: an experiment on what a lost job costs.

use engine::rng::{Key, unit};

use crate::components::{Person, Status};
use crate::given::Given;
use crate::state::Settings;
use crate::world::stream;

/// Draw of a person in a tick, from 0 to 1, in worlds with a displacement and without: who is struck can be told in both.
#[must_use]
pub fn drawn(seed: u64, tick: u32, person: u32) -> f64 {
    unit(Key::new(seed, u64::from(tick) << 8 | u64::from(stream::DISPLACEMENT.id())).with(person.into()))
}

/// Months that somebody at work has been in the job; none without one.
#[must_use]
pub fn tenure(person: &Person, settings: &Settings) -> Option<f64> {
    (person.status == Status::Employed).then(|| f64::from(person.tenure_ticks) * settings.months_per_tick())
}

/// What displaces people of a region in a tick.
#[derive(Clone, Copy, Debug)]
pub struct Displacement<'a> {
    /// Share of those it may strike that lose their job.
    share: f64,
    /// Months in the job from which on it may.
    from: f64,
    settings: &'a Settings,
    tick: u32,
}

impl<'a> Displacement<'a> {
    /// Of a region, if a measure displaces anybody.
    #[must_use]
    pub fn of(given: &'a Given, region: usize) -> Option<Self> {
        let (settings, measures) = (&*given.settings, given.measures());
        let share = settings.monthly(measures.displacement[region]);
        let from = measures.displaced_from[region];
        (share > 0.0).then_some(Self { share, from, settings, tick: given.tick.0 })
    }

    /// Whether a person is struck.
    ///
    /// Equation: `u < s` for tenure of at least `m` months, with the uniform draw `u` of the person and the share `s`.
    /// Source: Jacobson, `LaLonde` and Sullivan (1993), workers of long tenure who lose their job through no doing of theirs; drawn at random
    /// they are like all others.
    #[must_use]
    pub fn strikes(&self, id: u32, person: &Person) -> bool {
        tenure(person, self.settings).is_some_and(|months| months >= self.from)
            && drawn(self.settings.seed, self.tick, id) < self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_long_been_in_a_job_is_struck_by_lot() {
        let settings = Settings { seed: 7, ticks_per_year: 12, audit_stops: true, shocks: false };
        let displacement = Displacement { share: 0.25, from: 36.0, settings: &settings, tick: 5 };
        let at_work = |tenure_ticks| Person { status: Status::Employed, tenure_ticks, ..Person::default() };
        let struck = |person: Person| (0..4_000).filter(|&id| displacement.strikes(id, &person)).count();
        assert_eq!((struck(at_work(35)), struck(Person { status: Status::Unemployed, ..at_work(40) })), (0, 0));
        assert!((struck(at_work(36)) as f64 - 1_000.0).abs() < 90.0, "{}", struck(at_work(36)));
        assert_eq!(tenure(&at_work(12), &Settings { ticks_per_year: 4, ..settings }), Some(36.0));
    }
}
