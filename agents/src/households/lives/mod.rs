//! Households as units of several persons: careers, generations, what a unit receives, spends and owns.
//!
//! The rules are those of people alone ([`super::alone`]); here pay comes from plants, jobs are lost and found in the labour market,
//! what is spent is bought in shops, and what is owned is a share of the region's fund. A world either has such units or none.

pub mod ageing;
pub mod benefits;
pub mod careers;
pub mod generations;
pub mod homes;
pub mod moving;
pub mod payday;
pub mod payroll;
pub mod spending;

use bevy_ecs::prelude::{Query, Resource};
use bevy_ecs::system::SystemParam;
use engine::columns::{Block, rows_mut};
use serde::{Deserialize, Serialize};

use super::alone::Chances;
use super::alone::setting::Setting;
use super::demography::Vital;
use super::earnings::PayCurve;
use super::posts::Posts;
use crate::components::{Career, Household, Lineage, Person};
use crate::geography::{Geography, Region, Span, split_spans};

/// How people of a region live, as found at the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Life {
    /// What holds in the region.
    pub setting: Setting,
    /// How pay follows ability.
    pub curve: PayCurve,
    /// Chances that keep its flows.
    pub chances: Chances,
    /// What plants pay people of equal ability.
    pub posts: Posts,
    /// Wage of a unit of pay weight before tax, minor units a tick.
    pub wage: f64,
    /// What a unit of pay weight leaves after tax, mixed income included, minor units a tick: what benefits and pensions count in.
    pub net: f64,
    /// Rate of the tax on wages, mixed income and income from capital, a fraction.
    pub tax: f64,
    /// Share of the fund's dividends that goes to who works, by pay: mixed income, and rents of owners who live in what they own.
    pub mixed: f64,
    /// Worth of the fund, minor units.
    pub worth: f64,
    /// What the fund returns to its owners, at base-year prices: what they put into it at the base, minor units a tick.
    pub returned: f64,
    /// Permanent income per equivalent adult of the middle household at base-year wages, at the turn of the year, minor units a tick.
    pub median: f64,
    /// Consumption relative to plan at which households spend what they earn.
    pub spending: f64,
    /// What people are born, age and die by; nothing where all who die are followed by others.
    pub vital: Option<Vital>,
}

/// How people live in every region; none where households are persons alone.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lives {
    /// One entry a region, or none at all.
    pub regions: Vec<Life>,
}

/// The rows of all people.
#[derive(SystemParam)]
pub struct Folk<'w, 's> {
    persons: Query<'w, 's, &'static mut Block<Person>>,
    careers: Query<'w, 's, &'static mut Block<Career>>,
    households: Query<'w, 's, &'static mut Block<Household>>,
    lineages: Query<'w, 's, &'static mut Block<Lineage>>,
}

/// The people of a zone or region. Where households are persons alone, nobody has a career or a lineage.
pub struct OfZone<'a> {
    /// Persons, those of a household side by side.
    pub persons: &'a mut [Person],
    /// Careers, one a person.
    pub careers: &'a mut [Career],
    /// Households.
    pub households: &'a mut [Household],
    /// Lineages, one a household.
    pub lineages: &'a mut [Lineage],
}

impl Folk<'_, '_> {
    /// The people of every zone.
    pub fn by_zone(&mut self, geography: &Geography) -> Vec<OfZone<'_>> {
        self.by(&geography.person_spans(), &geography.household_spans())
    }

    /// The people of every region.
    pub fn by_region(&mut self, geography: &Geography) -> Vec<OfZone<'_>> {
        let spans = |of: fn(&Region) -> Span| geography.regions.iter().map(of).collect::<Vec<_>>();
        self.by(&spans(|region| region.persons), &spans(|region| region.households))
    }

    /// The people of pieces that tile the world, given their rows of persons and of households.
    fn by(&mut self, of_persons: &[Span], of_households: &[Span]) -> Vec<OfZone<'_>> {
        let persons = cut(rows_mut(&mut self.persons), of_persons);
        let careers = cut(rows_mut(&mut self.careers), of_persons);
        let households = cut(rows_mut(&mut self.households), of_households);
        let lineages = cut(rows_mut(&mut self.lineages), of_households);
        let zones = persons.into_iter().zip(careers).zip(households.into_iter().zip(lineages));
        zones
            .map(|((persons, careers), (households, lineages))| OfZone { persons, careers, households, lineages })
            .collect()
    }
}

/// Pieces of rows by zone; empty pieces of none.
fn cut<'a, T>(rows: &'a mut [T], spans: &[Span]) -> Vec<&'a mut [T]> {
    if rows.is_empty() { spans.iter().map(|_| <&mut [T]>::default()).collect() } else { split_spans(rows, spans, 1) }
}

/// Whether the turn of a row begins where rows take turns of so many ticks.
#[inline]
pub(crate) fn begins(tick: u64, id: u64, ticks: u64) -> bool {
    id % ticks == tick % ticks
}

/// What is drawn of persons and households in a tick, by name.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(crate) enum Draw {
    Ability,
    Noise,
    Attachment,
    Lineage,
    Heir,
    Birth,
    Luck,
    Returns,
    ReturnsAnew,
    Home,
    Child,
    Follow,
    Move,
    Place,
    Row,
}

impl Draw {
    /// The key of a draw of a tick.
    pub(crate) fn key(self, seed: u64, tick: u64) -> engine::rng::Key {
        engine::rng::Key::new(seed ^ (self as u64 + 1) << 56, tick << 8 | u64::from(crate::world::stream::LIVES.id()))
    }
}
