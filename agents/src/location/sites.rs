//! Plants that were announced during the run, and what moved in a tick.

use std::collections::BTreeMap;

use bevy_ecs::prelude::Resource;
use engine::grid::Grid;
use engine::money::{Money, Volume};
use serde::{Deserialize, Serialize};

use crate::axes::{From, Host, Origin, Owner, To};

/// Reasons of a move: duties, subsidies, and costs (wages, inputs, exchange rates, a firm's own reasons).
pub const CAUSES: usize = 3;

/// How far a plant has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Stage {
    /// Announced: its owner plans it and decides at the end whether it is built.
    Planned,
    /// Under construction.
    Building,
    /// Producing.
    Open,
    /// At rest: a reserve, or mothballed until demand returns.
    Standby,
    /// Closed; its books are wound up in the next tick.
    Closing,
}
engine::content!(code Stage);

/// A plant announced during the run, on the site (firm row) it takes up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "what is true of a plant does not exclude the rest")]
pub struct Site {
    /// Row of the plant.
    pub firm: u32,
    /// Row whose work it takes over.
    pub from: u32,
    /// Region where that work was done.
    pub origin: u16,
    /// Region whose buyers it is to serve.
    pub market: u16,
    /// What these bought of `from` when the plant was announced, volume a tick.
    pub sales: f32,
    /// Whether all of the work of `from` moves and that plant then closes.
    pub whole: bool,
    /// Whether it was built as reserve capacity of a programme.
    pub reserve: bool,
    /// Ticks in a row in which an open reserve was not needed.
    pub rested: u32,
    /// Whether another firm bought it at rest, to open it.
    pub bought: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Tick of the announcement.
    pub announced: u32,
    /// Tick in which construction began, or was given its time again; that of the announcement until then.
    pub begun: u32,
    /// How hard its owner decides: it goes ahead while gain over cost less the hurdle is above this.
    pub resolve: f32,
    /// Tick of the opening, or of the announcement until then.
    pub opened: u32,
    /// Whether all of its capital has come.
    pub complete: bool,
    /// Whether it has counted as completed: once, however often it is laid out larger.
    pub counted: bool,
    /// Log advantage of the place in what the firm itself adds to its inputs, for reasons of its own.
    pub advantage: f32,
    /// Share of each cause in the saving that decided.
    pub causes: [f32; CAUSES],
    /// Capital of the finished plant, volume.
    pub capital: Volume,
    /// Output of the finished plant at normal use, volume a tick.
    pub output: f64,
    /// Orders handed over so far, volume a tick.
    pub handed: f64,
    /// Output so far, volume.
    pub made: f64,
    /// Staff that has learned its work, agents.
    pub trained: f64,
    /// Staff of the tick before, agents.
    pub staff: f64,
}
engine::content!(Site {
    firm,
    from,
    origin,
    market,
    sales,
    whole,
    reserve,
    rested,
    bought,
    stage,
    announced,
    begun,
    resolve,
    opened,
    complete,
    counted,
    advantage,
    causes,
    capital,
    output,
    handed,
    made,
    trained,
    staff,
});

impl Site {
    /// A plant announced at a tick on a row, for work done in `from`'s region, without size.
    #[must_use]
    pub fn new(firm: u32, from: u32, origin: u16, market: u16, tick: u32) -> Self {
        Self {
            firm,
            from,
            origin,
            market,
            sales: 0.0,
            whole: false,
            reserve: false,
            rested: 0,
            bought: false,
            stage: Stage::Planned,
            announced: tick,
            begun: tick,
            resolve: 0.0,
            opened: tick,
            complete: false,
            counted: false,
            advantage: 0.0,
            causes: [0.0; CAUSES],
            capital: Volume::ZERO,
            output: 0.0,
            handed: 0.0,
            made: 0.0,
            trained: 0.0,
            staff: 0.0,
        }
    }

    /// Whether it is in the making, or its owner still backs it and buyers of the work that moves are to change over to it.
    #[must_use]
    pub fn in_the_making(&self, backed: bool) -> bool {
        let going_on = match self.stage {
            Stage::Planned | Stage::Building => true,
            Stage::Open => backed,
            Stage::Standby | Stage::Closing => false,
        };
        going_on && !self.reserve && self.handed < 0.9 * self.output
    }
}

/// All plants announced during the run that stand, sorted by row, and what firms remember of policy.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sites {
    /// Plants, sorted by row.
    pub sites: Vec<Site>,
    /// Policy uncertainty by importing region, mean change of duty factors a year.
    pub uncertainty: Vec<f64>,
    /// Share of the unemployed of each region who have completed a course.
    pub schooled: Vec<f64>,
    /// Pots of subsidies with a budget by label of the measure.
    pub pots: BTreeMap<String, Pot>,
}
engine::content!(Sites { sites, uncertainty, schooled, pots });

/// Money left of a subsidy's budget.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pot {
    /// Money not yet spent.
    pub unspent: Money,
    /// Share of what was asked for that was paid the last time.
    pub share: f64,
}
engine::content!(Pot { unspent, share });

impl Sites {
    /// A world of so many regions in which nobody has moved.
    #[must_use]
    pub fn new(regions: usize) -> Self {
        Self { sites: vec![], uncertainty: vec![0.0; regions], schooled: vec![0.0; regions], pots: BTreeMap::new() }
    }

    /// Adds a plant at its place in the order of rows.
    ///
    /// # Panics
    /// If the row is taken.
    pub fn insert(&mut self, site: Site) {
        match self.sites.binary_search_by_key(&site.firm, |s| s.firm) {
            Ok(_) => panic!("row {} already holds a plant", site.firm),
            Err(at) => self.sites.insert(at, site),
        }
    }

    /// The plant on a row.
    #[must_use]
    pub fn of(&self, firm: usize) -> Option<&Site> {
        self.sites.binary_search_by_key(&(firm as u32), |s| s.firm).ok().map(|at| &self.sites[at])
    }
}

/// Counts by where a plant stands and where its work comes from.
pub type ByPlant = Grid<(Host, Origin), i64>;

/// What moved in a tick.
#[derive(Resource, Clone, Debug, PartialEq)]
pub struct Moves {
    /// Plants announced by place and origin of the work.
    pub announced: ByPlant,
    /// Plants opened.
    pub opened: ByPlant,
    /// Plants whose capital is complete.
    pub completed: ByPlant,
    /// Plants given up before they opened.
    pub cancelled: ByPlant,
    /// Plants closed that were opened during the run.
    pub closed: ByPlant,
    /// Lines of work for which a plant of the owner is laid out larger.
    pub expanded: ByPlant,
    /// Plants put to rest.
    pub mothballed: ByPlant,
    /// Plants that firms of their region bought.
    pub bought: ByPlant,
    /// Plants at rest that were opened again.
    pub woken: ByPlant,
    /// Plants that passed to owners of their region after insolvency.
    pub orphaned: ByPlant,
    /// Output of the plants announced, volume a tick.
    pub capacity_announced: Grid<(Host, Origin), Volume>,
    /// Output of the plants opened at full build, volume a tick.
    pub capacity_opened: Grid<(Host, Origin), Volume>,
    /// Orders that buyers handed over from the old to the new place, volume a tick.
    pub handed: Grid<(Host, Origin), Volume>,
    /// Equity paid by owner and place, owner's currency; withdrawals are negative.
    pub invested: Grid<(Owner, Host), Money>,
    /// Profits paid by place and owner, currency of the place.
    pub income: Grid<(Host, Owner), Money>,
    /// Capital shipped by place it left and place it went to, volume.
    pub shipped: Grid<(From, To), Volume>,
    /// Capital scrapped by region, volume.
    pub scrapped: Vec<Volume>,
    /// Firms that reviewed their locations by region.
    pub reviewed: Vec<i64>,
    /// Plants that found no vacant site by region.
    pub turned_away: Vec<i64>,
    /// Lines of work that would have moved but are too large a part of an industry, by place.
    pub too_coarse: Vec<i64>,
    /// Plants that policy uncertainty kept from being announced by place, expected number.
    pub deterred: Vec<f64>,
    /// Severance pay by region, money.
    pub severance: Vec<Money>,
    /// Subsidies paid to plants by region, money.
    pub plant_grants: Vec<Money>,
    /// What they would have been had budgets covered all, by region, money.
    pub plant_grants_asked: Vec<Money>,
    /// Grants for the building of reserves by region, money.
    pub reserve_grants: Vec<Money>,
    /// Payments for keeping reserves ready by region, money.
    pub reserve_upkeep: Vec<Money>,
}

impl Moves {
    /// Nothing moved.
    #[must_use]
    pub fn new(regions: usize) -> Self {
        let pairs = [regions, regions];
        let each = || vec![0; regions];
        Self {
            announced: Grid::filled(pairs, 0),
            opened: Grid::filled(pairs, 0),
            completed: Grid::filled(pairs, 0),
            cancelled: Grid::filled(pairs, 0),
            closed: Grid::filled(pairs, 0),
            expanded: Grid::filled(pairs, 0),
            mothballed: Grid::filled(pairs, 0),
            bought: Grid::filled(pairs, 0),
            woken: Grid::filled(pairs, 0),
            orphaned: Grid::filled(pairs, 0),
            capacity_announced: Grid::filled(pairs, Volume::ZERO),
            capacity_opened: Grid::filled(pairs, Volume::ZERO),
            handed: Grid::filled(pairs, Volume::ZERO),
            invested: Grid::filled(pairs, 0),
            income: Grid::filled(pairs, 0),
            shipped: Grid::filled(pairs, Volume::ZERO),
            scrapped: vec![Volume::ZERO; regions],
            reviewed: each(),
            turned_away: each(),
            too_coarse: each(),
            deterred: vec![0.0; regions],
            severance: each(),
            plant_grants: each(),
            plant_grants_asked: each(),
            reserve_grants: each(),
            reserve_upkeep: each(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_plant_in_the_making_or_buyers_to_come_is_busy() {
        let open = Site { stage: Stage::Open, output: 100.0, handed: 50.0, ..Site::new(7, 1, 0, 0, 0) };
        assert!(open.in_the_making(true));
        assert!(!open.in_the_making(false), "what was not handed over in the owner's time is not to come any more");
        assert!(!Site { handed: 95.0, ..open.clone() }.in_the_making(true));
        assert!(Site { stage: Stage::Planned, handed: 0.0, ..open.clone() }.in_the_making(false));
        for site in [Site { stage: Stage::Standby, ..open.clone() }, Site { stage: Stage::Closing, ..open.clone() }] {
            assert!(!site.in_the_making(true));
        }
        assert!(!Site { reserve: true, ..open }.in_the_making(true));
    }
}
