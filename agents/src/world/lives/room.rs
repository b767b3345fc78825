//! Rows for people who are still to come: households that nobody lives in at first, behind those of every zone.

use engine::rng::{hash, normal, unit};

use crate::components::{Career, Deviation, Household, Lineage, Members};
use crate::geography::{DECILES, Geography, Span};
use crate::households::demography::Vital;
use crate::households::lives::ageing::{at_base, spare};
use crate::households::lives::generations::nobody;
use crate::households::lives::moving::moves_in;
use crate::parameters::Parameters;
use crate::state::{RegionState, Settings};
use crate::world::households::Population;
use crate::world::stream;
use crate::world::table::Table;

/// Founds households for people who are still to come: those who are born, where people are born, age and die from here on, and those who
/// move in from another area of the region.
pub fn begin(
    (c, p, settings): (&Table, &Parameters, &Settings),
    geography: &mut Geography,
    states: &mut [RegionState],
    people: &mut Population,
) {
    if people.lives.regions.is_empty() {
        return;
    }
    let mut share = vec![0.0; states.len()];
    for (r, share) in share.iter_mut().enumerate() {
        if moves_in(geography, r, &p.households) {
            *share += p.households.area_room;
        }
    }
    if p.households.demography {
        for (r, life) in people.lives.regions.iter_mut().enumerate() {
            let vital = Vital::of(c.source().demography[r].as_ref(), c.source().macro_figures[r].population);
            share[r] += spare(&vital, p.households.demography_years);
            life.vital = Some(vital);
        }
    } else if share.iter().all(|&share| share <= 0.0) {
        return;
    }
    make_room(geography, &share, settings.seed, people);
    for ((state, life), region) in states.iter_mut().zip(&people.lives.regions).zip(&geography.regions) {
        let mut rows = [0; 3];
        let mut first = region.persons.start as usize;
        for household in &people.households[region.households.range()] {
            let retired = people.careers[first].retired;
            let kind = if household.members.live_here() { usize::from(retired) } else { 2 };
            rows[kind] += household.members.rows() as i64;
            first += household.members.rows();
        }
        match &life.vital {
            Some(vital) => state.demography = at_base(vital, rows),
            None => state.demography.rows = rows,
        }
    }
}

/// Adds vacant households to every zone, for so much of its persons by region.
fn make_room(geography: &mut Geography, share: &[f64], seed: u64, people: &mut Population) {
    let (persons, careers) = (std::mem::take(&mut people.persons), std::mem::take(&mut people.careers));
    let (households, lineages) = (std::mem::take(&mut people.households), std::mem::take(&mut people.lineages));
    let mut spans = Vec::new();
    for zone in &geography.zones {
        let (old, homes) = (zone.persons.range(), zone.households.range());
        let first = (people.households.len() as u32, people.persons.len() as u32);
        people.persons.extend_from_slice(&persons[old.clone()]);
        people.careers.extend_from_slice(&careers[old.clone()]);
        people.households.extend_from_slice(&households[homes.clone()]);
        people.lineages.extend_from_slice(&lineages[homes]);
        let region = zone.region as usize;
        let sizes = people.lives.regions[region].setting.sizes;
        let room = people.persons.len() + (share[region] * old.len() as f64).ceil() as usize;
        for k in 0.. {
            if people.persons.len() >= room {
                break;
            }
            let drawn = Drawn::of(seed, people.households.len() as u64);
            let size = 1 + usize::from(drawn.size > sizes[0]) + usize::from(drawn.size > sizes[0] + sizes[1]);
            people.persons.extend(std::iter::repeat_n(nobody(), size));
            people.careers.extend(std::iter::repeat_n(Career::default(), size));
            let members = Members::of(size as u8).left();
            people.households.push(Household { members, decile: (k % DECILES) as u8, ..Household::default() });
            people.lineages.push(drawn.lineage);
        }
        let span = |start, end: usize| Span { start, end: end as u32 };
        spans.push((span(first.0, people.households.len()), span(first.1, people.persons.len())));
    }
    for (zone, (households, persons)) in geography.zones.iter_mut().zip(spans) {
        (zone.households, zone.persons) = (households, persons);
    }
    for region in &mut geography.regions {
        let zones = &geography.zones[region.zones.range()];
        let around = |of: fn(&crate::geography::Zone) -> Span| {
            let ends = zones.first().zip(zones.last());
            ends.map_or(Span::default(), |(first, last)| Span { start: of(first).start, end: of(last).end })
        };
        (region.households, region.persons) = (around(|zone| zone.households), around(|zone| zone.persons));
    }
    (geography.households, geography.persons) = (people.households.len(), people.persons.len());
}

/// What is drawn of a household to come.
struct Drawn {
    /// From 0 to 1, for how many live in it.
    size: f64,
    /// The family it comes of: one like others.
    lineage: Lineage,
}

impl Drawn {
    fn of(seed: u64, id: u64) -> Self {
        let word = |k: u64| hash(hash(seed, u64::from(stream::LIVES.id()), id), k, 1);
        let drawn = |k: u64| Deviation::of(normal(word(k), word(k + 1)));
        Self {
            size: unit(word(0)),
            lineage: Lineage { family: drawn(1), caution: drawn(3), returns: 1.0, ..Lineage::default() },
        }
    }
}
