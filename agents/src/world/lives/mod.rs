//! The first people where households are units: a sample of people alone at rest, put into the zones of the map.

pub mod closure;
pub mod endow;
pub mod fits;
pub mod market;
mod plans;
pub mod room;

use std::sync::Arc;

use engine::math::{exp, ln};
use engine::money::round_half_even;
use rayon::prelude::*;

use super::base::{Base, BaseRegion};
use super::layout::{Rows, Size};
use super::memo::{self, Packed};
use super::table::Table;
use crate::components::{Career, Deviation, Household, Lineage, Members, Person};
use crate::geography::{DECILES, Geography, NONE, Span};
use crate::households::alone::cast::{Family, Room, cast};
use crate::households::alone::fit::at_rest;
use crate::households::alone::setting::Setting;
use crate::households::alone::{People, State, Unit};
use crate::households::lives::homes::UNIT;
use crate::households::posts::Posts;
use crate::state::Settings;

/// Persons of the sample of a region at most: as many as the contract about people measures.
const SAMPLE: usize = 12_000;

/// In small worlds, so many for each of theirs: households are chosen from them evenly by income and wealth.
const EACH: usize = 4;

/// Seed of the sample. The first people are given, as a table is: the seed of a run says what befalls them.
const SAMPLE_SEED: u64 = 1;

/// People of a region before they have a place to live and work.
pub struct Folk {
    /// A sample of them, at rest.
    pub sample: Arc<People>,
}

/// Whom the rows of a region's persons stand for, where households are units.
#[must_use]
pub fn rows(c: &Table, region: usize) -> Rows {
    let [one, two, three] = Setting::of(c.source(), region).sizes;
    let share = c.source().people[region].as_ref().map_or(ADULTS, |known| known.adults);
    Rows { members: one + 2.0 * two + 3.0 * three, share }
}

/// Adults in the population of a region of which nothing is known. Chosen.
const ADULTS: f64 = 0.8;

/// The people of every region of a world of some size.
#[must_use]
pub fn folks(c: &Table, size: &Size, rows: &[Rows]) -> Vec<Folk> {
    let one = |r: usize| {
        let setting = Setting::of(c.source(), r);
        let tenths: [f64; DECILES] = std::array::from_fn(|d| c.income_share(r, d));
        let persons = ((EACH * size.households[r]) as f64 * rows[r].members) as usize;
        let persons = persons.min(SAMPLE);
        let known_by = format!("{setting:?} {tenths:?} {persons}");
        let of: &dyn Packed = &known_by;
        let sample = memo::PEOPLE.of(&[of], || {
            let fit = fits::of(&setting, &tenths);
            at_rest(setting, &fit, persons, SAMPLE_SEED, &tenths)
        });
        Folk { sample }
    };
    (0..c.region_count()).into_par_iter().map(one).collect()
}

/// The first people of a world, by id.
#[derive(Default)]
pub struct Founders {
    /// Persons; efficiency is the pay weight.
    pub persons: Vec<Person>,
    /// Careers; the last pay and pensions are pay weights.
    pub careers: Vec<Career>,
    /// Households: members and tenth.
    pub households: Vec<Household>,
    /// Lineages.
    pub lineages: Vec<Lineage>,
    /// What the households of the sample have, in units of mean pay.
    pub units: Vec<Unit>,
    /// Log premiums of the posts that persons of the sample hold or last held.
    pub premiums: Vec<f64>,
    /// Posts by region.
    pub posts: Vec<Posts>,
}

/// Posts of a region at the base.
fn posts(base: &BaseRegion, sample: &People) -> Posts {
    let (mut pay, mut ability) = (0.0, 0.0);
    for person in sample.persons.iter().filter(|x| x.state == State::Employed) {
        pay += person.pay;
        ability += person.pay * exp(-person.premium);
    }
    let industries: Vec<(f64, f64)> =
        base.employment.iter().zip(&base.compensation).map(|(workers, pay)| (*workers, pay / workers)).collect();
    Posts::of(sample.setting.premiums, ln(pay / ability), &industries)
}

/// Puts people into the zones of a map, which learns how many households they form.
///
/// # Errors
/// If a zone has no room for those who work in it.
pub fn settle(
    geography: &mut Geography,
    base: &Base,
    folks: &[Folk],
    settings: &Settings,
    zone_jobs: &[i64],
) -> Result<Founders, String> {
    let of_region = |(r, folk): (usize, &Folk)| {
        let idle = base.regions[r].unemployment_rate;
        let zones = geography.regions[r].zones.range();
        let room = |z: usize| Room {
            persons: geography.zones[z].persons.len(),
            employed: zone_jobs[z] as usize,
            unemployed: round_half_even(zone_jobs[z] as f64 * idle / (1.0 - idle)) as usize,
        };
        let rooms: Vec<Room> = zones.map(room).collect();
        cast(&folk.sample, &rooms).map_err(|error| format!("region {}: {error}", geography.regions[r].code))
    };
    let cast: Vec<Vec<Vec<Family>>> = folks.par_iter().enumerate().map(of_region).collect::<Result<_, String>>()?;
    let regions = folks.iter().zip(&base.regions);
    let posts = regions.map(|(folk, base)| posts(base, &folk.sample)).collect();
    let mut out = Founders { posts, ..Founders::default() };
    for (r, zones) in cast.into_iter().enumerate() {
        let first = out.households.len() as u32;
        let region_zones = geography.regions[r].zones.range();
        for (z, families) in region_zones.zip(zones) {
            let start = out.households.len() as u32;
            for family in families {
                out.take(family, r, &folks[r].sample.setting, settings);
            }
            geography.zones[z].households = Span { start, end: out.households.len() as u32 };
        }
        geography.regions[r].households = Span { start: first, end: out.households.len() as u32 };
    }
    geography.households = out.households.len();
    Ok(out)
}

impl Founders {
    fn take(&mut self, family: Family, region: usize, setting: &Setting, settings: &Settings) {
        let Family { unit, tenth, members } = family;
        let returns = exp(setting.returns.spread * unit.returns);
        self.households.push(Household { members: Members::of(unit.size), decile: tenth, ..Household::default() });
        self.lineages.push(Lineage {
            family: Deviation::of(unit.family),
            caution: Deviation::of(unit.caution),
            returns: returns as f32,
            generation: 0,
            homes: round_half_even(unit.home / UNIT) as u32,
            // What it owes is known with the money.
            debt: 0,
        });
        for person in members {
            self.premiums.push(person.premium);
            let months = match person.state {
                State::Employed => person.tenure,
                // A spell is a tick longer before anything is decided.
                State::Unemployed | State::Inactive => (person.without - 1.0).max(0.0),
            };
            self.persons.push(Person {
                employer: NONE,
                // What a post of the mean premium would pay.
                efficiency: (person.pay * exp(self.posts[region].level - person.premium)) as f32,
                // Rule: a spell is counted as far as the number goes.
                tenure_ticks: (months / settings.months_per_tick()).min(f64::from(u16::MAX)) as u16,
                status: person.state.into(),
                skill: person.skill,
                post: person.skill,
            });
            self.careers.push(Career {
                ability: person.ability as f32,
                origin: person.origin as f32,
                scar: person.scar as f32,
                last: if unit.retired { person.pension } else { person.last_pay } as f32,
                attachment: person.attachment,
                retired: unit.retired,
            });
        }
        self.units.push(unit);
    }
}
