//! Sites that are cleared: plants given up, scrapped capital.

use engine::money::Volume;

use super::frame::Firms;
use super::sites::{Moves, Site, Stage};
use crate::axes::{Host, Origin};
use crate::components::Phase;

/// Gives up a plant before it opened.
pub(super) fn cancel(site: &mut Site, firms: &mut Firms, moves: &mut Moves) {
    let row = site.firm as usize;
    clear(site, firms, moves);
    moves.cancelled[(Host(firms.firm[row].region as usize), Origin(site.origin as usize))] += 1;
}

/// A site is cleared: what stands on it is scrapped, and its books are wound up in the next tick.
pub(super) fn clear(site: &mut Site, firms: &mut Firms, moves: &mut Moves) {
    let row = site.firm as usize;
    scrap(row, firms, moves);
    firms.firm[row].phase = Phase::Vacant;
    site.stage = Stage::Closing;
}

/// What stands on a site is scrapped.
pub(super) fn scrap(row: usize, firms: &mut Firms, moves: &mut Moves) {
    let plant = &mut firms.plants[row];
    moves.scrapped[plant.region as usize] += plant.capital;
    (plant.capital, plant.depreciation) = (Volume::ZERO, Volume::ZERO);
    firms.offer[row].capacity = 0.0;
}
