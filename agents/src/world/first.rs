//! The first people of a world: persons alone, or units of several.

use std::sync::Arc;

use super::base::Base;
use super::closing::{close, close_with};
use super::households::{Basis, Population, ability_wages, endow};
use super::layout::{Layout, Rows, Size};
use super::lives::{self, Folk, Founders, market};
use super::persons::{ZoneJobs, assign_jobs, create_persons};
use super::savings::Spread;
use super::table::Table;
use crate::components::{Household, Person};
use crate::geography::{Geography, Products};
use crate::households::lives::Lives;
use crate::parameters::{DutyRevenueUse, Parameters};
use crate::state::Settings;

/// What is known of people before there is a map.
pub struct Before {
    folks: Vec<Folk>,
    /// Whom rows of persons stand for, by region.
    pub rows: Vec<Rows>,
}

impl Before {
    /// The people of a calibration, and its closed base year.
    ///
    /// # Errors
    /// If people cannot live as they are to ([`check`]).
    pub fn of(
        (c, products): (&Table, &Products),
        size: &Size,
        p: &Parameters,
        settings: &Settings,
    ) -> Result<(Self, Base), String> {
        let ticks = settings.ticks_per_year;
        let rows = rows(c, p);
        check(p, settings)?;
        if !p.households.units {
            return Ok((Self { folks: vec![], rows }, close(c, products, p, ticks)));
        }
        let folks = lives::folks(c, size, &rows);
        let market = |(r, folk): (usize, &Folk)| market::at_rest(folk, c.unemployment_rate[r], &p.labour, settings);
        let markets = folks.iter().enumerate().map(market).collect();
        Ok((Self { folks, rows }, close_with(c, products, p, ticks, markets)))
    }
}

/// Whom the rows of persons stand for, by region.
#[must_use]
pub fn rows(c: &Table, p: &Parameters) -> Vec<Rows> {
    (0..c.region_count()).map(|r| if p.households.units { lives::rows(c, r) } else { Rows::ALONE }).collect()
}

/// Checks that people can live by the ticks of a world.
///
/// # Errors
/// If households are units and a tick is no month, or people are to be born and die or something is to be paid for children where households
/// have none.
pub fn check(p: &Parameters, settings: &Settings) -> Result<(), String> {
    let ticks = settings.ticks_per_year;
    if p.households.units && ticks != 12 {
        return Err(format!(
            "households.units is true and time.ticks_per_year {ticks}: units live by months, so give time.ticks_per_year = 12, or households.units = false"
        ));
    }
    if p.households.demography && !p.households.units {
        let text = "households.demography is true and households.units false: persons alone neither retire nor die, so give households.units = true";
        return Err(text.to_owned());
    }
    if !p.households.units && p.fiscal.duty_revenue_use == DutyRevenueUse::ChildBenefit {
        let text = "fiscal.duty_revenue_use is child_benefit and households.units false: persons alone have no children, so give households.units = true";
        return Err(text.to_owned());
    }
    Ok(())
}

/// The first people of a world, on their way to be endowed.
pub enum First {
    /// Households of one person.
    Alone {
        /// Persons.
        persons: Vec<Person>,
        /// Households.
        households: Vec<Household>,
        /// Savings at rest, once they are known.
        spreads: Vec<Vec<Arc<Spread>>>,
    },
    /// Units.
    Units {
        /// The people.
        founders: Founders,
        /// Whom they are taken from.
        folks: Vec<Folk>,
        /// What households and fund hold with banks, money.
        held: Vec<f64>,
    },
}

impl First {
    /// Puts people on a map.
    ///
    /// # Errors
    /// If a zone has no room for those who work in it.
    pub fn settle(
        before: Before,
        layout: &mut Layout,
        base: &Base,
        basis: (&Table, &Parameters, &Settings),
    ) -> Result<Self, String> {
        let (c, p, settings) = basis;
        let Layout { geography, zone_employed, .. } = layout;
        if before.folks.is_empty() {
            let (persons, households) = create_persons(geography, base, c, p, settings, zone_employed);
            return Ok(Self::Alone { persons, households, spreads: vec![] });
        }
        let founders = lives::settle(geography, base, &before.folks, settings, zone_employed)?;
        let held = base.regions.iter().map(|b| b.household_deposits).collect();
        Ok(Self::Units { founders, folks: before.folks, held })
    }

    /// The persons.
    pub fn persons(&mut self) -> &mut [Person] {
        match self {
            Self::Alone { persons, .. } => persons,
            Self::Units { founders, .. } => &mut founders.persons,
        }
    }

    /// Takes people back who are to be endowed again.
    pub fn retake(&mut self, population: Population) {
        match self {
            Self::Alone { persons, households, .. } => {
                (*persons, *households) = (population.persons, population.households);
            }
            Self::Units { founders, .. } => founders.persons = population.persons,
        }
    }

    /// Makes pay even over tenths, given the wage bill of every firm: persons alone have their tenth's pay anyway.
    pub fn even_out(&mut self, geography: &Geography, bills: &[f64], seed: u64) {
        if let Self::Units { founders, .. } = self {
            lives::endow::even_out(geography, founders, bills, seed);
        }
    }

    /// Wage of a unit of ability at every firm, given wage bills; of persons that have been handed over, or of those here.
    #[must_use]
    pub fn wages(&self, geography: &Geography, bills: &[f64], persons: Option<&[Person]>, seed: u64) -> Vec<f64> {
        match self {
            Self::Alone { persons: here, .. } => ability_wages(bills, persons.unwrap_or(here)),
            Self::Units { founders, .. } => {
                let persons = persons.unwrap_or(&founders.persons);
                lives::endow::wages(geography, &founders.posts, persons, bills, seed)
            }
        }
    }

    /// Gives the jobs of a map to people, given those of every zone and the industry of every firm.
    pub fn place(
        &mut self,
        geography: &Geography,
        base: &Base,
        settings: &Settings,
        (jobs, industry): (&[ZoneJobs], &[u16]),
    ) {
        let place = |persons: &mut [Person], climbed| {
            assign_jobs(geography, base, settings, (jobs, industry), climbed, persons);
        };
        match self {
            Self::Alone { persons, .. } => place(persons, None),
            Self::Units { founders: Founders { persons, posts, premiums, .. }, .. } => {
                place(persons, Some((&*posts, &*premiums)));
            }
        }
    }

    /// Endows people, who are handed over, given the wage of a unit of ability of every region and firm; the base year learns what tenths buy
    /// and what banks pay.
    pub fn endow(
        &mut self,
        geography: &Geography,
        base: &mut Base,
        (c, p, settings): (&Table, &Parameters, &Settings),
        wages: (&[f64], &[f64]),
    ) -> Population {
        match self {
            Self::Alone { persons, households, spreads } => {
                let deposits = base.household_deposits();
                let basis = Basis { geography, base, c, p, settings };
                endow(basis, &deposits, (std::mem::take(persons), std::mem::take(households)), wages.1, spreads)
            }
            Self::Units { founders, folks, held } => {
                let basis = Basis { geography, base, c, p, settings };
                let (mut population, careers, found) = lives::endow::endow(basis, folks, founders, held, wages);
                for (b, found) in base.regions.iter_mut().zip(&found) {
                    b.bank_dividends += b.deposit_interest - found.interest + found.debt_interest - b.debt_interest;
                    (b.deposit_interest, b.household_deposits) = (found.interest, found.deposits);
                    b.debt_interest = found.debt_interest;
                    b.consumption = found.consumption;
                    b.consumption_volume = found.volume.clone();
                }
                population.persons = std::mem::take(&mut founders.persons);
                population.careers = careers;
                population.lives = Lives { regions: found.into_iter().map(|x| x.life).collect() };
                population
            }
        }
    }
}
