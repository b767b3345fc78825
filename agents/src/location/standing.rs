//! What stands where: plants that their owners still back, and the firms of an industry that are left.

use engine::grid::Grid;

use super::frame::{Firms, Frame};
use super::sites::Site;
use crate::axes::Branch;

/// Years after the opening in which the owner backs a plant and buyers are handed over.
const BACKED_YEARS: f64 = 4.0;
/// Firms of a region and industry that stay whatever it costs: an industry does not vanish by the move of an agent.
pub(super) const FEWEST_LEFT: usize = 2;

/// Whether the owner still backs an open plant.
pub(super) fn backed(frame: Frame, site: &Site) -> bool {
    f64::from(frame.tick - site.opened) < BACKED_YEARS * f64::from(frame.settings.ticks_per_year)
}

/// Whether other firms of the region and industry produce beside those that close this tick, given by region and industry.
pub(super) fn others_run(frame: Frame, row: usize, firms: &Firms, closing: &Grid<Branch, usize>) -> bool {
    others(frame, row, firms) >= FEWEST_LEFT + closing[firms.firm[row].branch()]
}

/// Other firms of the region and industry that produce.
pub(super) fn others(frame: Frame, row: usize, firms: &Firms) -> usize {
    let running = |&&i: &&u32| i as usize != row && firms.firm[i as usize].produces();
    frame.geography.cells[firms.firm[row].branch()].iter().filter(running).count()
}
