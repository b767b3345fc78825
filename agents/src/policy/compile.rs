//! From dated measures to dense tables a tick.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::check::{check_measures, issue_at};
use super::date::TickCalendar;
use super::measure::{Measure, MeasureKind, Mode, ReserveTerms};
use crate::calibration::Calibration;
use crate::geography::Geography;
use crate::parameters::Issue;
use crate::parameters::list::Location;

/// A pot from which a subsidy is paid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubsidyBudget {
    /// Label of the measure.
    pub label: String,
    /// Cells it pays in, `a*G + g`, ascending, with the share of investment it pays: part of the subsidy of the cell.
    pub cells: Vec<(u32, f64)>,
    /// Minor units a year.
    pub per_year: f64,
}

impl SubsidyBudget {
    /// Share of investment in a cell that is paid from it as far as it goes.
    #[must_use]
    pub fn rate(&self, cell: usize) -> f64 {
        self.cells.binary_search_by_key(&(cell as u32), |x| x.0).map_or(0.0, |at| self.cells[at].1)
    }
}

/// All rates in force in a tick. R regions, G industries; `a` is the place of an area.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyState {
    /// Ad valorem duty including the base-year rate `[(importer*R + exporter)*G + g]`, fraction of the pre-duty value.
    pub tariffs: Vec<f64>,
    /// Duty on goods found to be declared as made elsewhere, on top of that on goods of their true origin
    /// `[(importer*R + exporter)*G + g]`, fraction of the pre-duty value.
    pub transshipment: Vec<f64>,
    /// Whether imports are forbidden (for more than half of the tick's days) `[(importer*R + exporter)*G + g]`.
    pub embargo: Vec<bool>,
    /// Fraction of the value of output `[a*G + g]`.
    pub production_subsidy: Vec<f64>,
    /// Fraction of the wage bill `[a*G + g]`.
    pub wage_subsidy: Vec<f64>,
    /// Fraction of the value of investment `[a*G + g]`.
    pub investment_subsidy: Vec<f64>,
    /// Fraction of the value of investment of plants that are being opened `[a*G + g]`.
    pub plant_subsidy: Vec<f64>,
    /// Reserve capacity, fraction of the base-year output of an area's industry `[a*G + g]`.
    pub reserve: Vec<f64>,
    /// Share of the cost of building it that is paid `[a*G + g]`.
    pub reserve_grant: Vec<f64>,
    /// Payment for keeping it ready, fraction of the value of capital a year `[a*G + g]`.
    pub reserve_upkeep: Vec<f64>,
    /// Share of the trade of an area that cannot pass `[a]`.
    pub ports_closed: Vec<f64>,
    /// Share of capital out of use `[a*G + g]`.
    pub lost_capacity: Vec<f64>,
    /// Budgets of such subsidies in force.
    pub budgets: Vec<SubsidyBudget>,
    /// Share of the unemployed below high skill who rise by a level of skill, per month `[r]`.
    pub skills_programme: Vec<f64>,
    /// Change of the production tax, fraction of the value of output `[r*G + g]`.
    pub production_tax: Vec<f64>,
    /// Change of the consumption tax, fraction of the duty-inclusive value `[r*G + g]`.
    pub consumption_tax: Vec<f64>,
    /// Change of the income-tax rate, fraction of income `[r]`.
    pub income_tax: Vec<f64>,
    /// Change of the corporate-tax rate, fraction of profit `[r]`.
    pub corporate_tax: Vec<f64>,
    /// Volume of government purchases relative to the baseline `[r]`; 1 without measures.
    pub government_volume: Vec<f64>,
    /// Value of the currency relative to the base year on a given path `[r]`; 1 without measures.
    pub exchange_rate: Vec<f64>,
}

/// Last tick for which a change is compiled: twice the longest run.
const LAST_CHANGE: u32 = 4800;

/// The measures of a run, compiled to a table for every stretch of ticks without change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompiledSchedule {
    regions: usize,
    areas: usize,
    industries: usize,
    calendar: TickCalendar,
    base_tariffs: Vec<f64>,
    measures: Vec<Measure>,
    /// First tick of each stretch, ascending, the first one 0.
    change_ticks: Vec<u32>,
    states: Vec<PolicyState>,
}

/// Checks the measures of kind `exchange_rate`: they need the regime `path`, and leave every currency a value.
///
/// # Errors
/// Every such measure under another regime, or one with which the falls of a currency add up to all of its value.
pub fn check_exchange_rates(measures: &[Measure], follows_path: bool) -> Result<(), Vec<Issue>> {
    let mut issues = Vec::new();
    let mut falls: std::collections::BTreeMap<u32, f64> = std::collections::BTreeMap::new();
    for measure in measures.iter().filter(|measure| measure.kind == MeasureKind::ExchangeRate) {
        if !follows_path {
            let message = "an exchange-rate measure has no effect under this regime".to_owned();
            issues.push(issue_at(measure, message, "set `external.regime = \"path\"`, or remove the measure"));
        }
        for (region, rate) in &measure.cells {
            let fall = falls.entry(*region).or_default();
            *fall += rate.min(0.0);
            if *fall <= -1.0 {
                let message = "the falls of a currency add up to all of its value".to_owned();
                issues.push(issue_at(measure, message, "keep the sum of negative rates of a region above -1"));
                break;
            }
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

/// Checks measures that need firms that can move, or areas that are told apart.
///
/// # Errors
/// Every measure that names an area of a region while `location.areas` is false, or of kind `reserve_capacity` or
/// `plant_subsidy` while `location.enabled` is false.
pub fn check_location(measures: &[Measure], location: &Location) -> Result<(), Vec<Issue>> {
    let mut issues = Vec::new();
    for measure in measures {
        if let (Some(code), false) = (measure.areas.first(), location.areas) {
            let message = format!("`{code}` is an area of a region, but areas are not told apart");
            issues.push(issue_at(measure, message, "set `location.areas = true`, or name the region"));
        }
        let why = match measure.kind {
            MeasureKind::ReserveCapacity => "reserve capacity is built on vacant sites, and there are none",
            MeasureKind::PlantSubsidy => "a plant subsidy has no effect where firms cannot move: no plants are opened",
            _ => continue,
        };
        if !location.enabled {
            issues.push(issue_at(measure, why.to_owned(), "set `location.enabled = true`, or remove the measure"));
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

/// Checks the measures of kind `transshipment_duty`: they need goods to be shipped through third regions.
///
/// # Errors
/// Every such measure where nothing is.
pub fn check_transshipment(measures: &[Measure], ships_through: bool) -> Result<(), Vec<Issue>> {
    let issue = |measure: &Measure| {
        let message = "a transshipment duty has no effect where nothing is shipped through third regions".to_owned();
        issue_at(measure, message, "set `routing.enabled = true`, or remove the measure")
    };
    let concerned = measures.iter().filter(|measure| measure.kind == MeasureKind::TransshipmentDuty);
    let issues: Vec<Issue> = if ships_through { vec![] } else { concerned.map(issue).collect() };
    if issues.is_empty() { Ok(()) } else { Err(issues) }
}

impl PolicyState {
    fn base(regions: usize, areas: usize, industries: usize, tariffs: &[f64]) -> Self {
        let by_industry = || vec![0.0; regions * industries];
        let by_area = || vec![0.0; areas * industries];
        Self {
            tariffs: tariffs.to_vec(),
            transshipment: vec![0.0; tariffs.len()],
            embargo: vec![false; regions * regions * industries],
            production_subsidy: by_area(),
            wage_subsidy: by_area(),
            investment_subsidy: by_area(),
            plant_subsidy: by_area(),
            reserve: by_area(),
            reserve_grant: by_area(),
            reserve_upkeep: by_area(),
            ports_closed: vec![0.0; areas],
            lost_capacity: by_area(),
            budgets: vec![],
            skills_programme: vec![0.0; regions],
            production_tax: by_industry(),
            consumption_tax: by_industry(),
            income_tax: vec![0.0; regions],
            corporate_tax: vec![0.0; regions],
            government_volume: vec![1.0; regions],
            exchange_rate: vec![1.0; regions],
        }
    }

    /// Share of goods that passes ports between regions, `importer*R + origin`; empty where all ports are open.
    ///
    /// Equation: `(1 - c_d)(1 - c_o)` with the closed share of the trade of importer and origin, 1 at home.
    #[must_use]
    pub fn passing(&self, geography: &Geography) -> Vec<f64> {
        if self.ports_closed.iter().all(|&closed| closed <= 0.0) {
            return vec![];
        }
        let r = geography.region_count();
        // Rule: no less than nothing passes. Shares of ports add up to one but for rounding.
        let open: Vec<f64> = (0..r).map(|k| geography.passing(k, &self.ports_closed).max(0.0)).collect();
        (0..r * r).map(|at| if at / r == at % r { 1.0 } else { open[at / r] * open[at % r] }).collect()
    }

    fn table(&mut self, kind: MeasureKind) -> Option<&mut Vec<f64>> {
        match kind {
            MeasureKind::Tariff => Some(&mut self.tariffs),
            MeasureKind::Embargo => None,
            MeasureKind::TransshipmentDuty => Some(&mut self.transshipment),
            MeasureKind::ProductionSubsidy => Some(&mut self.production_subsidy),
            MeasureKind::WageSubsidy => Some(&mut self.wage_subsidy),
            MeasureKind::InvestmentSubsidy => Some(&mut self.investment_subsidy),
            MeasureKind::PlantSubsidy => Some(&mut self.plant_subsidy),
            MeasureKind::ReserveCapacity => Some(&mut self.reserve),
            MeasureKind::PortClosure => Some(&mut self.ports_closed),
            MeasureKind::LostCapacity => Some(&mut self.lost_capacity),
            MeasureKind::SkillsProgramme => Some(&mut self.skills_programme),
            MeasureKind::ProductionTax => Some(&mut self.production_tax),
            MeasureKind::ConsumptionTax => Some(&mut self.consumption_tax),
            MeasureKind::IncomeTax => Some(&mut self.income_tax),
            MeasureKind::CorporateTax => Some(&mut self.corporate_tax),
            MeasureKind::GovernmentConsumption => Some(&mut self.government_volume),
            MeasureKind::ExchangeRate => Some(&mut self.exchange_rate),
        }
    }

    /// Applies a measure that is in force for `share` of the tick.
    fn apply(&mut self, measure: &Measure, share: f64) {
        // What is left of earlier measures of the kind.
        let left = if measure.mode == Mode::Replace { 1.0 - share } else { 1.0 };
        if measure.kind == MeasureKind::PlantSubsidy {
            for (cell, _) in &measure.cells {
                for budget in &mut self.budgets {
                    if let Ok(at) = budget.cells.binary_search_by_key(cell, |x| x.0) {
                        budget.cells[at].1 *= left;
                    }
                }
            }
        }
        if let Some(budget) = measure.budget_per_year {
            let cells = measure.cells.iter().map(|(cell, rate)| (*cell, share * rate)).collect();
            let per_year = share * budget * 1e8;
            self.budgets.push(SubsidyBudget { label: measure.label.clone(), cells, per_year });
        }
        if let Some(ReserveTerms { grant, upkeep }) = measure.reserve {
            for (cell, rate) in &measure.cells {
                let cell = *cell as usize;
                // Several programmes for the same plants: terms in proportion to what each plans.
                let (had, new) = (left * self.reserve[cell], share * rate);
                let mix =
                    |old: f64, terms: f64| if had > 0.0 { (had * old + new * terms) / (had + new) } else { terms };
                self.reserve_grant[cell] = mix(self.reserve_grant[cell], grant);
                self.reserve_upkeep[cell] = mix(self.reserve_upkeep[cell], upkeep);
            }
        }
        let is_share = measure.kind.is_share();
        let level = if measure.kind.is_factor() { 1.0 } else { 0.0 };
        let Some(table) = self.table(measure.kind) else {
            for (cell, _) in &measure.cells {
                self.embargo[*cell as usize] |= share > 0.5;
            }
            return;
        };
        for (cell, rate) in &measure.cells {
            let value = &mut table[*cell as usize];
            *value = match measure.mode {
                Mode::Add => *value + share * rate,
                Mode::Replace => *value + share * (level + rate - *value),
            };
            if is_share {
                // Rule: several measures take no more than all of it.
                *value = value.min(1.0);
            }
        }
    }
}

impl CompiledSchedule {
    /// Compiles measures for a world; its base-year tariffs are in force from the start.
    ///
    /// # Errors
    /// As [`check_measures`].
    pub fn compile(measures: Vec<Measure>, world: &Calibration, calendar: TickCalendar) -> Result<Self, Vec<Issue>> {
        check_measures(&measures)?;
        let mut schedule = Self {
            regions: world.region_count(),
            areas: world.areas.len(),
            industries: world.industry_count(),
            calendar,
            base_tariffs: world.tariffs.clone(),
            measures,
            change_ticks: Vec::new(),
            states: Vec::new(),
        };
        let mut ticks = BTreeSet::from([0]);
        for measure in &schedule.measures {
            for date in std::iter::once(measure.start).chain(measure.end) {
                let tick = calendar.tick_of(date);
                ticks.extend([tick, tick + 1]);
            }
        }
        // No run is that long, and a table of every later change would only take memory.
        ticks.retain(|tick| *tick <= LAST_CHANGE);
        for tick in ticks {
            let state = schedule.state_with(tick, |_| true, |_| true);
            if schedule.states.last() != Some(&state) {
                schedule.change_ticks.push(tick);
                schedule.states.push(state);
            }
        }
        Ok(schedule)
    }

    /// The state of a tick under the measures (and the ends of measures) that are known.
    fn state_with(
        &self,
        tick: u32,
        known: impl Fn(&Measure) -> bool,
        end_known: impl Fn(&Measure) -> bool,
    ) -> PolicyState {
        let mut state = PolicyState::base(self.regions, self.areas, self.industries, &self.base_tariffs);
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
        self.at(tick).tariffs[(importer * self.regions + exporter) * self.industries + g]
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
