//! What the steps of location see: columns of firms, and what does not change meanwhile.

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use engine::columns::columns_mut;
use engine::grid::Grid;

use super::choice;
use super::outlook::Outlook;
use super::sites::{Moves, Sites};
use crate::axes::LocalBranch;
use crate::components::{Books, Firm, Flows, Offer, Plan, Plant};
use crate::firms::automation::Techniques;
use crate::firms::liquidity::liquidity_target;
use crate::firms::planning::firm_staff_wanted;
use crate::geography::Geography;
use crate::given::Given;
use crate::parameters::Parameters;
use crate::policy::PolicyState;
use crate::state::Settings;
use crate::world::base::Base;

/// Columns of firms.
pub(super) struct Firms<'a> {
    pub(super) firm: &'a mut [Firm],
    pub(super) offer: &'a mut [Offer],
    pub(super) plan: &'a mut [Plan],
    pub(super) books: &'a mut [Books],
    pub(super) flows: &'a mut [Flows],
    pub(super) plants: &'a mut [Plant],
}

/// What firms expect at the start of a tick's stages of location; nothing where they cannot move.
#[derive(Resource, Default)]
pub struct Prospects(pub(super) Option<Prospect>);

/// See [`Prospects`].
pub(super) struct Prospect {
    pub(super) outlook: Outlook,
    pub(super) techniques: Techniques,
    /// Share of the unemployed of each region who have completed a course.
    pub(super) schooled: Vec<f64>,
}

/// What stages of location find and change.
#[derive(SystemParam)]
pub struct Ground<'w, 's> {
    given: Given<'w>,
    prospects: Res<'w, Prospects>,
    sites: ResMut<'w, Sites>,
    moves: ResMut<'w, Moves>,
    firms: Query<'w, 's, FirmColumns>,
    plants: Query<'w, 's, &'static mut Plant>,
}

/// All that is told of a firm.
type FirmColumns = (&'static mut Firm, &'static mut Offer, &'static mut Plan, &'static mut Books, &'static mut Flows);

/// A [`Ground`] that is open.
pub(super) struct Open<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) policy: &'a PolicyState,
    pub(super) sites: &'a mut Sites,
    pub(super) moves: &'a mut Moves,
    pub(super) firms: Firms<'a>,
}

impl Ground<'_, '_> {
    /// Opens it for a stage; nothing where firms cannot move.
    pub(super) fn open(&mut self) -> Option<Open<'_>> {
        let Self { given, prospects, sites, moves, firms, plants } = self;
        let Prospect { outlook, techniques, schooled } = prospects.0.as_ref()?;
        let policy = given.measures();
        let Given { settings, tick, p, base, geography, .. } = &*given;
        let lost = &policy.lost_capacity;
        let frame = Frame { settings, tick: tick.0, p, base, geography, outlook, techniques, schooled, lost };
        let (firm, offer, plan, books, flows) = columns_mut(firms);
        let firms = Firms { firm, offer, plan, books, flows, plants: columns_mut(plants) };
        Some(Open { frame, policy, sites, moves, firms })
    }
}

/// What does not change while locations are reviewed.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) settings: &'a Settings,
    pub(super) tick: u32,
    pub(super) p: &'a Parameters,
    pub(super) base: &'a Base,
    pub(super) geography: &'a Geography,
    pub(super) outlook: &'a Outlook,
    pub(super) techniques: &'a Techniques,
    /// Share of the unemployed of each region who have completed a course.
    pub(super) schooled: &'a [f64],
    /// Share of the capacity of an area and industry that measures put out of use.
    pub(super) lost: &'a Grid<LocalBranch, f64>,
}

impl Frame<'_> {
    /// Whether firms review where they produce and buyers change over: once a quarter, since then all links are gone through.
    pub(super) fn quarter(&self) -> bool {
        self.tick.is_multiple_of(self.settings.ticks_per_year / 4)
    }

    /// Ticks in a number of months, at least one: nothing takes less than a tick.
    pub(super) fn ticks(&self, months: f64) -> f64 {
        (months / self.settings.months_per_tick()).max(1.0)
    }

    /// Output that the capital of a plant can make as far as it is in use, volume a tick.
    pub(super) fn capacity(&self, firm: &Firm, plant: &Plant) -> f64 {
        plant.capacity(self.lost_at(firm))
    }

    /// Deposits that a firm aims at, money.
    pub(super) fn liquidity_target(&self, offer: &Offer) -> f64 {
        liquidity_target(&self.p.firms, self.settings.months_per_tick(), offer.demand_expected, offer.price)
    }

    /// Gain over cost at which half of the firms act in a market of some policy uncertainty.
    pub(super) fn hurdle(&self, uncertainty: f64) -> f64 {
        choice::hurdle(self.p.location.hurdle, self.p.location.uncertainty_hurdle, uncertainty)
    }

    /// Share of the capacity of a firm's area and industry that is out of use.
    pub(super) fn lost_at(&self, firm: &Firm) -> f64 {
        self.lost[firm.local_branch()]
    }

    /// Whether a plant can be opened: most of its capacity is not out of use.
    pub(super) fn usable(&self, firm: &Firm) -> bool {
        self.lost_at(firm) <= 0.5
    }
}

/// Persons a plant wants for a planned staff, with the allowance for vacancies of its region.
pub(super) fn wanted(frame: Frame, row: usize, planned: f64, region: u16) -> u32 {
    let vacancy_rate = frame.base.regions[region as usize].market.vacancy_rate;
    firm_staff_wanted(frame.settings.seed, row, planned, vacancy_rate)
}
