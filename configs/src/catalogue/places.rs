//! The regions, areas and industries of a world.

use super::About;
use crate::calibration::{AreaInfo, Calibration, IndustryInfo};

/// A number of persons, in millions.
fn millions(persons: f64) -> String {
    format!("{:.1} million", persons / 1e6)
}

/// The regions of a world, and the areas of those that have several.
#[must_use]
pub fn regions(world: &Calibration) -> Vec<About> {
    let mut found = Vec::new();
    for (place, region) in world.regions.iter().enumerate() {
        let figures = &world.macro_figures[place];
        let areas: Vec<&str> = world
            .areas
            .iter()
            .filter(|x| x.region == place && x.code != region.code)
            .map(|x| x.code.as_str())
            .collect();
        found.push(
            About::new(&region.code, &region.name)
                .fact("world", &world.name)
                .fact("currency", &region.currency)
                .fact("population", millions(figures.population))
                .fact("labour_force", millions(figures.labour_force))
                .fact("unemployment", format!("{:.1}% of the labour force", 100.0 * figures.unemployment_rate))
                .fact("areas", areas.join(", ")),
        );
    }
    found.extend(areas(world));
    found
}

/// The areas that are less than a region.
fn areas(world: &Calibration) -> Vec<About> {
    let parts = world.areas.iter().filter(|area| world.regions[area.region].code != area.code);
    let entry = |area: &AreaInfo| {
        About::new(&area.code, &area.name)
            .fact("world", &world.name)
            .fact("area_of", &world.regions[area.region].code)
            .fact("share_of_population", format!("{:.1}%", 100.0 * area.population))
            .fact("share_of_ports", format!("{:.1}%", 100.0 * area.port))
    };
    parts.map(entry).collect()
}

/// The industries of a world.
#[must_use]
pub fn industries(world: &Calibration) -> Vec<About> {
    let entry = |industry: &IndustryInfo| {
        let product = if industry.goods { "good" } else { "service" };
        About::new(&industry.code, &industry.name)
            .fact("world", &world.name)
            .fact("product", product)
            .fact("manufacturing", if industry.manufacturing { "yes" } else { "no" })
            .fact("trade_elasticity", industry.trade_elasticity.map_or_else(String::new, |x| x.to_string()))
    };
    world.industries.iter().map(entry).collect()
}
