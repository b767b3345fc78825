//! The announced path of policy as firms see it: measures fade as they may be undone.

use engine::math::exp;

use super::choice::expected_rate;
use crate::axes::Border;
use crate::given::Given;
use crate::markets::landed::LandedPrice;
use crate::markets::routing::Routes;
use crate::policy::PolicyState;

/// The announced path of policy at yearly steps with the weight of each.
pub(super) struct Path {
    states: Vec<PolicyState>,
    /// What is charged at borders in each, with the routes of now; nothing where only measures at home are asked for.
    landed: Vec<LandedPrice>,
    /// Discount weight and expected persistence of each step; weights sum to one.
    steps: Vec<(f64, f64)>,
    /// Rate at which policy is expected to be undone, per year.
    reversal: f64,
}

impl Path {
    /// What is announced from a tick on, discounted at a rate per year. Shipping through a third region competes with moving there:
    /// duties are those that are expected to be paid.
    pub(super) fn new(given: &Given, routes: &Routes, rate: f64) -> Self {
        let (tick, p, policy) = (given.tick.0, &given.p.location, &given.policy.0);
        // Without measures every year is as this one.
        let years = if policy.measures().is_empty() { 1 } else { p.horizon_years.ceil() as u32 };
        let step = |k: u32| (1.0 / exp(rate * f64::from(k)), f64::from(k));
        let sum: f64 = (0..years).map(|k| step(k).0).sum();
        let persistence = |years: f64| expected_rate(0.0, 1.0, p.reversal_rate, years);
        let states: Vec<PolicyState> = (0..years)
            .map(|k| match k {
                0 => policy.at(tick).clone(),
                _ => policy.announced(tick, tick + k * given.settings.ticks_per_year),
            })
            .collect();
        let steps = (0..years).map(|k| (step(k).0 / sum, persistence(step(k).1))).collect();
        let under = |state| LandedPrice::under(state, routes, &given.p.routing);
        Self { landed: states.iter().map(under).collect(), states, steps, reversal: p.reversal_rate }
    }

    /// Mean of a rate that is zero at the base over some time from now, years: measures fade as they may be undone. Measures are
    /// known at yearly steps; the last one holds beyond.
    pub(super) fn during(&self, (from, to): (f64, f64), rate: impl Fn(&PolicyState) -> f64) -> f64 {
        let last = self.states.len() - 1;
        let part = |k: usize| {
            let end = if k == last { to.max(from) } else { (k + 1) as f64 };
            let (a, b) = (from.max(k as f64), end.min(to));
            if b <= a {
                0.0
            } else {
                (b - a) / (to - from) * expected_rate(0.0, 1.0, self.reversal, f64::midpoint(a, b))
            }
        };
        self.states.iter().enumerate().map(|(k, state)| part(k) * rate(state)).sum()
    }

    /// Mean of a rate over the horizon, each step moved towards the base-year rate as measures may be undone.
    pub(super) fn mean(&self, base: f64, rate: impl Fn(&PolicyState) -> f64) -> f64 {
        self.mean_of(base, |k| rate(&self.states[k]))
    }

    /// Mean of what is charged at a cell over the horizon, likewise, given what it is in a state that bans the cell, if that counts.
    pub(super) fn charge(&self, base: f64, cell: Border, banned: Option<f64>) -> f64 {
        self.mean_of(base, |k| match banned {
            Some(rate) if self.states[k].banned(cell) => rate,
            _ => self.landed[k].charge(cell),
        })
    }

    fn mean_of(&self, base: f64, rate: impl Fn(usize) -> f64) -> f64 {
        let steps = self.steps.iter().enumerate();
        base + steps.map(|(k, (weight, persistence))| weight * persistence * (rate(k) - base)).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axes::{AreaId, Industry};

    /// An announced subsidy of one half that starts in a year, seen today in yearly steps, undone at a tenth a year.
    fn path() -> Path {
        let world = crate::calibration::synthetic(2, 3, 1);
        let text = "[[measure]]\nlabel = \"subsidy\"\nkind = \"investment_subsidy\"\nsource = \"test\"\nregions = [\"R01\"]\nindustries = [\"G02\"]\nrate = 0.5\nannounced = 2024-01-01\nstart = 2025-01-01\n";
        let schedule = crate::policy::tests::compiled_for(&world, text);
        let states = (0..3).map(|k| schedule.announced(0, 12 * k)).collect();
        Path { states, landed: vec![], steps: vec![(1.0 / 3.0, 1.0); 3], reversal: 0.1 }
    }

    #[test]
    fn grants_count_as_they_are_announced_for_the_time_of_building() {
        let during = |from: f64, to: f64| path().during((from, to), |s| s.investment_subsidy[(AreaId(0), Industry(1))]);
        assert!(during(0.0, 1.0).abs() < 1e-15, "not yet");
        // Half of the time from a half to a year and a half, at a mean of a year and a quarter.
        assert!((during(0.5, 1.5) - 0.5 * 0.5 * exp(-0.125)).abs() < 1e-12);
        // Beyond the horizon the last step holds: two years and a half to five, in one piece.
        assert!((during(2.5, 5.0) - 0.5 * exp(-0.375)).abs() < 1e-12);
    }
}
