//! From dated measures to dense tables a tick.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use configs::date::TickCalendar;
use configs::measures::instruments::{Instrument, RateKind};
use configs::measures::{Measure, MeasureKind, Mode, ReserveTerms, check_measures, issue_at};
use configs::reading::Issue;
use engine::grid::Grid;
use serde::{Deserialize, Serialize};

use super::rates::{RatesInForce, Size};
use crate::axes::{Border, Importer, LocalBranch, Origin, Product};
use crate::calibration::Calibration;
use crate::geography::Geography;

/// A pot from which a subsidy is paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubsidyBudget {
    /// Label of the measure.
    pub label: String,
    /// Share of investment it pays: part of the subsidy of the cell.
    pub rates: Grid<LocalBranch, f64>,
    /// Minor units a year.
    pub per_year: f64,
}

/// All that is in force in a tick: rates by instrument, and terms of some.
///
/// Duties include those of the base year; of an embargo the table says for what share of the tick's days it is in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyState {
    rates: RatesInForce,
    /// Share of the cost of building reserve capacity that is paid.
    pub reserve_grant: Grid<LocalBranch, f64>,
    /// Payment for keeping it ready, fraction of the value of capital a year.
    pub reserve_upkeep: Grid<LocalBranch, f64>,
    /// Months in a job from which on persons are displaced, by region.
    pub displaced_from: Vec<f64>,
    /// Budgets of subsidies in force that have one.
    pub budgets: Vec<SubsidyBudget>,
}

impl Deref for PolicyState {
    type Target = RatesInForce;

    fn deref(&self) -> &RatesInForce {
        &self.rates
    }
}

impl DerefMut for PolicyState {
    fn deref_mut(&mut self) -> &mut RatesInForce {
        &mut self.rates
    }
}

/// Last tick for which a change is compiled: twice the longest run.
const LAST_CHANGE: u32 = 4800;

/// The measures of a run, compiled to a table for every stretch of ticks without change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompiledSchedule {
    size: Size,
    calendar: TickCalendar,
    base_tariffs: Grid<Border, f64>,
    measures: Vec<Measure>,
    /// First tick of each stretch, ascending, the first one 0.
    change_ticks: Vec<u32>,
    states: Vec<PolicyState>,
}

impl PolicyState {
    fn base(size: Size, tariffs: &Grid<Border, f64>) -> Self {
        let mut rates = RatesInForce::new(size, |kind| if kind.is_factor() { 1.0 } else { 0.0 });
        for &kind in MeasureKind::ALL.iter().filter(|kind| kind.instrument().from_base) {
            rates.cells(kind).copy_from_slice(tariffs.as_slice());
        }
        let by_area = || Grid::filled([size.areas, size.industries], 0.0);
        Self {
            rates,
            reserve_grant: by_area(),
            reserve_upkeep: by_area(),
            displaced_from: vec![f64::INFINITY; size.regions],
            budgets: vec![],
        }
    }

    /// Whether these imports are forbidden: for more than half of the tick's days.
    #[must_use]
    #[inline]
    pub fn banned(&self, cell: Border) -> bool {
        self.rates.embargo[cell] > 0.5
    }

    /// Share of goods that passes ports between regions; empty where all ports are open.
    ///
    /// Equation: `(1 - c_d)(1 - c_o)` with the closed share of the trade of importer and origin, 1 at home.
    /// Source: chance of two independent ports both being open; no study behind it.
    #[must_use]
    pub fn passing(&self, geography: &Geography) -> Grid<(Importer, Origin), f64> {
        if self.ports_closed.iter().all(|&closed| closed <= 0.0) {
            return Grid::default();
        }
        let r = geography.region_count();
        // Rule: no less than nothing passes. Shares of ports add up to one but for rounding.
        let open: Vec<f64> = (0..r).map(|k| geography.passing(k, &self.ports_closed).max(0.0)).collect();
        Grid::from_fn([r, r], |(Importer(d), Origin(o))| if d == o { 1.0 } else { open[d] * open[o] })
    }

    /// Applies a measure that is in force for `share` of the tick.
    fn apply(&mut self, measure: &Measure, share: f64) {
        // What is left of earlier measures of the kind.
        let left = if measure.mode == Mode::Replace { 1.0 - share } else { 1.0 };
        if measure.kind == MeasureKind::PlantSubsidy {
            for (cell, _) in &measure.cells {
                for budget in &mut self.budgets {
                    budget.rates.as_mut_slice()[*cell as usize] *= left;
                }
            }
        }
        if let Some(budget) = measure.budget_per_year {
            let mut rates = self.plant_subsidy.map(|_| 0.0);
            for (cell, rate) in &measure.cells {
                rates.as_mut_slice()[*cell as usize] = share * rate;
            }
            let per_year = share * budget * 1e8;
            self.budgets.push(SubsidyBudget { label: measure.label.clone(), rates, per_year });
        }
        if let Some(ReserveTerms { grant, upkeep }) = measure.reserve {
            for (cell, rate) in &measure.cells {
                let cell = *cell as usize;
                // Several programmes for the same plants: terms in proportion to what each plans.
                let (had, new) = (left * self.rates.cells(measure.kind)[cell], share * rate);
                let mix =
                    |old: f64, terms: f64| if had > 0.0 { (had * old + new * terms) / (had + new) } else { terms };
                for (table, terms) in [(&mut self.reserve_grant, grant), (&mut self.reserve_upkeep, upkeep)] {
                    let old = &mut table.as_mut_slice()[cell];
                    *old = mix(*old, terms);
                }
            }
        }
        if let Some(months) = measure.tenure {
            for (region, _) in &measure.cells {
                // Rule: of several, the one that reaches furthest says who may be displaced.
                let from = &mut self.displaced_from[*region as usize];
                *from = from.min(months);
            }
        }
        let Instrument { rate: of, .. } = *measure.kind.instrument();
        let level = if of == RateKind::Factor { 1.0 } else { 0.0 };
        let table = self.rates.cells(measure.kind);
        for (cell, rate) in &measure.cells {
            let value = &mut table[*cell as usize];
            *value = match (of, measure.mode) {
                // Rule: shares of days of several embargoes are not added: each is in force or not.
                (RateKind::Ban, _) => value.max(share),
                // Rule: several measures take no more than all of it.
                (RateKind::Share, Mode::Add) => (*value + share * rate).min(1.0),
                (RateKind::Share, Mode::Replace) => (*value + share * (rate - *value)).min(1.0),
                (_, Mode::Add) => *value + share * rate,
                (_, Mode::Replace) => *value + share * (level + rate - *value),
            };
        }
    }
}

/// Duties of the base year, fractions of the value before duty.
#[must_use]
pub(crate) fn tariffs_of(world: &Calibration) -> Grid<Border, f64> {
    let shape = [world.region_count(), world.region_count(), world.industry_count()];
    Grid::from_fn(shape, |(Importer(d), Origin(o), Product(x))| world.tariff(d, o, x))
}

impl CompiledSchedule {
    /// Compiles measures for a world; its base-year tariffs are in force from the start.
    ///
    /// # Errors
    /// As [`check_measures`].
    pub fn compile(measures: Vec<Measure>, world: &Calibration, calendar: TickCalendar) -> Result<Self, Vec<Issue>> {
        check_measures(&measures)?;
        let mut schedule = Self {
            size: Size { regions: world.region_count(), areas: world.areas.len(), industries: world.industry_count() },
            calendar,
            base_tariffs: tariffs_of(world),
            measures,
            change_ticks: Vec::new(),
            states: Vec::new(),
        };
        schedule.tabulate(0);
        Ok(schedule)
    }

    /// Makes the tables of all stretches from a tick on.
    fn tabulate(&mut self, from: u32) {
        let mut ticks = BTreeSet::from([from]);
        for measure in &self.measures {
            for date in std::iter::once(measure.start).chain(measure.end) {
                let tick = self.calendar.tick_of(date);
                ticks.extend([tick, tick + 1]);
            }
        }
        // No run is that long, and a table of every later change would only take memory.
        ticks.retain(|tick| (from..=LAST_CHANGE).contains(tick));
        let known = self.change_ticks.partition_point(|tick| *tick < from);
        self.change_ticks.truncate(known);
        self.states.truncate(known);
        for tick in ticks {
            let state = self.state_with(tick, |_| true, |_| true);
            if self.states.last() != Some(&state) {
                self.change_ticks.push(tick);
                self.states.push(state);
            }
        }
    }

    /// Lets a measure come into being in tick `now` of a run: it must start in a later tick, and what was in force up to now stays
    /// as it was. The schedule is saved with the world, so that a run that is resumed knows the measure.
    ///
    /// # Errors
    /// If it starts too early, or as [`check_measures`] beside the measures that are there.
    pub fn enact(&mut self, measure: Measure, now: u32) -> Result<(), Vec<Issue>> {
        if self.calendar.tick_of(measure.start) <= now {
            let message = format!("starts on {}, not after the tick in which it is enacted", measure.start);
            return Err(vec![issue_at(&measure, message, "let it start in a later tick")]);
        }
        self.measures.push(measure);
        if let Err(issues) = check_measures(&self.measures) {
            self.measures.pop();
            return Err(issues);
        }
        self.tabulate(now + 1);
        Ok(())
    }

    /// Takes in measures that were checked elsewhere and start after tick `now`.
    pub(super) fn take_in(&mut self, measures: impl Iterator<Item = Measure>, now: u32) {
        self.measures.extend(measures);
        self.tabulate(now + 1);
    }

    /// The state of a tick under the measures (and the ends of measures) that are known.
    fn state_with(
        &self,
        tick: u32,
        known: impl Fn(&Measure) -> bool,
        end_known: impl Fn(&Measure) -> bool,
    ) -> PolicyState {
        let mut state = PolicyState::base(self.size, &self.base_tariffs);
        for mode in [Mode::Add, Mode::Replace] {
            for measure in self.measures.iter().filter(|measure| measure.mode == mode && known(measure)) {
                let end = measure.end.filter(|_| end_known(measure));
                let share = self.calendar.share_in_force(tick, measure.start, end);
                if share > 0.0 {
                    state.apply(measure, share);
                }
            }
        }
        state
    }

    /// What is in force in a tick.
    #[must_use]
    pub fn at(&self, tick: u32) -> &PolicyState {
        let place = self.change_ticks.partition_point(|first| *first <= tick);
        &self.states[place - 1]
    }

    /// Whether the tick's state differs from that of the tick before (tick 0 counts as a change).
    #[must_use]
    pub fn changes_at(&self, tick: u32) -> bool {
        self.change_ticks.binary_search(&tick).is_ok()
    }

    /// Ticks whose state differs from that of the tick before, tick 0 included.
    #[must_use]
    pub fn change_ticks(&self) -> &[u32] {
        &self.change_ticks
    }

    /// Duty on product `g` of `exporter` in `importer` in a tick, fraction of the pre-duty value.
    #[must_use]
    pub fn tariff(&self, tick: u32, importer: usize, exporter: usize, g: usize) -> f64 {
        self.at(tick).tariffs[(Importer(importer), Origin(exporter), Product(g))]
    }

    /// What someone in tick `seen_from` expects to be in force in `tick`: only measures announced by the end
    /// of `seen_from` count, and only ends announced by then.
    #[must_use]
    pub fn announced(&self, seen_from: u32, tick: u32) -> PolicyState {
        self.state_with(
            tick,
            |measure| self.calendar.tick_of(measure.announced) <= seen_from,
            |measure| self.calendar.tick_of(measure.end_announced) <= seen_from,
        )
    }

    /// The expected state of each of the `horizon` ticks after `seen_from` (see [`Self::announced`]).
    #[must_use]
    pub fn announced_path(&self, seen_from: u32, horizon: u32) -> Vec<PolicyState> {
        (1..=horizon).map(|ahead| self.announced(seen_from, seen_from + ahead)).collect()
    }

    /// Whether anything announced by `seen_from` starts or ends in the `horizon` ticks after it: without one,
    /// the expected path is the present state.
    #[must_use]
    pub fn has_announced_change(&self, seen_from: u32, horizon: u32) -> bool {
        let ahead = |date| (seen_from + 1..=seen_from + horizon).contains(&self.calendar.tick_of(date));
        self.measures.iter().filter(|measure| self.calendar.tick_of(measure.announced) <= seen_from).any(|measure| {
            let end = measure.end.filter(|_| self.calendar.tick_of(measure.end_announced) <= seen_from);
            // The tick after a start within a tick brings the measure to full force.
            [Some(measure.start), end].into_iter().flatten().any(|date| {
                let within = self.calendar.first_day(self.calendar.tick_of(date)) < date;
                ahead(date) || (within && self.calendar.tick_of(date) == seen_from)
            })
        })
    }

    /// Duties of the base year, fractions of the pre-duty value.
    #[must_use]
    pub fn base_tariffs(&self) -> &Grid<Border, f64> {
        &self.base_tariffs
    }

    /// The measures.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The calendar.
    #[must_use]
    pub fn calendar(&self) -> TickCalendar {
        self.calendar
    }
}
