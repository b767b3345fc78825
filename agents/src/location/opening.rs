//! Opening of plants: technique and price of their industry, first staff, suppliers.

use engine::rng::{hash, unit};

use super::frame::{Firms, Frame, wanted};
use super::review::pick;
use super::sites::{Site, Stage};
use crate::axes::{Importer, Origin, Product};
use crate::components::Phase;
use crate::geography::SKILLS;
use crate::markets::sourcing::SellerChoice;
use crate::markets::suppliers::draw_seller;
use crate::policy::PolicyState;
use crate::purpose::Purpose;
use crate::state::{Sourcing, Supply};
use crate::world::stream;

/// Where new plants find their suppliers.
pub(super) struct Suppliers<'a> {
    pub(super) supply: &'a mut Supply,
    pub(super) sourcing: &'a Sourcing,
    pub(super) choice: &'a SellerChoice,
    pub(super) policy: &'a PolicyState,
}

/// Opens a plant: it works as the plants of its industry in the region do, asks their price, and finds suppliers.
pub(super) fn open(frame: Frame, site: &mut Site, opened: &[u32], firms: &mut Firms, suppliers: &mut Suppliers) {
    let row = site.firm as usize;
    let (k, j) = (firms.firm[row].region as usize, firms.firm[row].industry as usize);
    let (mut mix, mut ability, mut made) = ([0u32; SKILLS], 0.0, 0.0);
    let area = firms.firm[row].area;
    for &i in &frame.geography.cells[firms.firm[row].branch()] {
        let other = &firms.plants[i as usize];
        let staff: u32 = other.skill_mix.iter().sum();
        // Founding plants of the area only: those opened before have the sums of these as their mix.
        if staff > 0 && firms.firm[i as usize].area == area && opened.binary_search(&i).is_err() {
            (0..SKILLS).for_each(|s| mix[s] += other.skill_mix[s]);
            ability += other.ability;
            made += other.labour_productivity * (1.0 - other.automated) * f64::from(staff);
        }
    }
    // Without other staff all sums are zero, and so are the averages.
    let staff = f64::from(mix.iter().sum::<u32>()).max(1.0);
    let (plant, offer, p) = (&mut firms.plants[row], &mut firms.offer[row], frame.p);
    plant.skill_mix = mix;
    plant.ability = ability;
    plant.labour_productivity =
        if made > 0.0 { made / staff / (1.0 - plant.automated) } else { plant.labour_productivity };
    plant.learning = true;
    plant.efficiency = p.location.learning_start * p.location.untrained_productivity;
    offer.price = suppliers.sourcing.origin_price[(Origin(k), Product(j))];
    offer.markup = frame.base.regions[k].markup[j];
    (offer.service, offer.household_share) = (1.0, 0.0);
    offer.capacity = frame.capacity(&firms.firm[row], plant);
    firms.firm[row].phase = Phase::Running;
    firms.firm[row].age_ticks = 0;
    (site.stage, site.opened) = (Stage::Open, frame.tick);
    hire_ahead(frame, site, firms);
    find_suppliers(frame, row, k, j, suppliers);
}

/// Staff for the capital that stands, ahead of the orders that are handed over.
pub(super) fn hire_ahead(frame: Frame, site: &Site, firms: &mut Firms) {
    let row = site.firm as usize;
    let normal = frame.p.firms.capacity_utilisation * frame.capacity(&firms.firm[row], &firms.plants[row]);
    let plant = &mut firms.plants[row];
    // Rule: ahead of orders staff only grows; what orders ask beyond it is planned for as in any firm.
    plant.staff_planned = plant.staff_planned.max(normal.min(site.output) / plant.labour_productivity);
    plant.employees_desired = wanted(frame, row, plant.staff_planned, plant.region);
}

/// Draws the suppliers of a new plant: origins as the industry's at the base and the market's since, then sellers by size and price.
fn find_suppliers(frame: Frame, row: usize, k: usize, j: usize, suppliers: &mut Suppliers) {
    let Suppliers { supply, sourcing, choice, policy } = suppliers;
    let r = frame.geography.region_count();
    let key = hash(frame.settings.seed, u64::from(frame.tick), u64::from(stream::LOCATION.id()) << 8 | 2);
    let lines: Vec<_> = supply.lines.of(row).collect();
    for (line, item) in lines {
        let x = item.product as usize;
        let then = frame.base.origins(item.purpose, k, x);
        let now = sourcing.ordered.row(item.bought_by(k));
        let own = match item.purpose {
            Purpose::Intermediate => frame.base.input_origins(k, j, x),
            _ => then,
        };
        let banned = |o: usize| policy.banned((Importer(k), Origin(o), item.product()));
        let weights: Vec<f64> = (0..r)
            .map(|o| if then[o] > 0.0 && !banned(o) { own[o] * now[o].as_f64() / then[o] } else { 0.0 })
            .collect();
        for link in supply.lines.links_of(line) {
            if let Some(origin) = pick(&weights, unit(hash(key, link as u64, 1))) {
                supply.sellers[link] =
                    draw_seller(frame.geography, choice, item.makers_in(origin), hash(key, link as u64, 2));
            }
        }
    }
}
