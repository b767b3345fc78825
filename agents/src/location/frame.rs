//! What the steps of location see: columns of firms, and what does not change meanwhile.

use super::choice;
use super::outlook::Outlook;
use crate::components::{Books, Firm, Flows, Offer, Plan, Plant};
use crate::firms::automation::Techniques;
use crate::firms::planning::firm_staff_wanted;
use crate::geography::Geography;
use crate::parameters::Parameters;
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

/// What does not change while locations are reviewed.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) settings: &'a Settings,
    pub(super) tick: u32,
    pub(super) p: &'a Parameters,
    pub(super) base: &'a Base,
    pub(super) geography: &'a Geography,
    pub(super) outlook: &'a Outlook,
    pub(super) techniques: &'a Techniques<'a>,
    /// Share of the unemployed of each region who have completed a course.
    pub(super) schooled: &'a [f64],
    /// Share of the capacity of an area and industry that measures put out of use `[a*G + g]`.
    pub(super) lost: &'a [f64],
}

impl Frame<'_> {
    /// Ticks in a number of months, at least one: nothing takes less than a tick.
    pub(super) fn ticks(&self, months: f64) -> f64 {
        (months / self.settings.months_per_tick()).max(1.0)
    }

    /// Output that the capital of a plant can make as far as it is in use, volume a tick.
    pub(super) fn capacity(&self, firm: &Firm, plant: &Plant) -> f64 {
        plant.capacity(self.lost_at(firm))
    }

    /// Gain over cost at which half of the firms act in a market of some policy uncertainty.
    pub(super) fn hurdle(&self, uncertainty: f64) -> f64 {
        choice::hurdle(self.p.location.hurdle, self.p.location.uncertainty_hurdle, uncertainty)
    }

    /// Index of a firm's region and industry.
    pub(super) fn cell(&self, firm: &Firm) -> usize {
        firm.region as usize * self.base.products + firm.industry as usize
    }

    /// Share of the capacity of a firm's area and industry that is out of use.
    pub(super) fn lost_at(&self, firm: &Firm) -> f64 {
        self.lost[firm.area as usize * self.base.products + firm.industry as usize]
    }

    /// Whether a plant can be opened: most of its capacity is not out of use.
    pub(super) fn usable(&self, firm: &Firm) -> bool {
        self.lost_at(firm) <= 0.5
    }

    /// Index of a pair of regions.
    pub(super) fn pair(&self, a: usize, b: usize) -> usize {
        a * self.geography.region_count() + b
    }
}

/// Persons a plant wants for a planned staff, with the allowance for vacancies of its region.
pub(super) fn wanted(frame: Frame, row: usize, planned: f64, region: u16) -> u32 {
    let vacancy_rate = frame.base.regions[region as usize].market.vacancy_rate;
    firm_staff_wanted(frame.settings.seed, row, planned, vacancy_rate)
}
