//! Sums over the households of a region.

use bevy_ecs::prelude::World;
use rayon::prelude::*;

use crate::components::{Household, Person, Status};
use crate::geography::{DECILES, Geography, Region, SKILLS, Zone};
use crate::store::rows_of;

/// Sums over the households of one region.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Deposits by decile.
    pub deposits: [i64; DECILES],
    /// Fund shares by decile.
    pub fund_shares: [i64; DECILES],
    /// Employed agents by decile.
    pub employed: [i64; DECILES],
    /// Unemployed agents by decile.
    pub unemployed: [i64; DECILES],
    /// Unemployed agents by skill.
    pub unemployed_skill: [i64; SKILLS],
}

/// Adds up the households of every region.
pub(super) fn people(world: &World, geography: &Geography) -> Vec<People> {
    let (persons, households) = (rows_of::<Person>(world), rows_of::<Household>(world));
    let of_zone = |zone: &Zone| {
        let mut sum = People::default();
        let mut persons = persons[zone.persons.range()].iter();
        for household in &households[zone.households.range()] {
            let d = household.decile as usize;
            sum.deposits[d] += household.deposits;
            sum.fund_shares[d] += household.fund_shares;
            for person in persons.by_ref().take(household.members.rows()) {
                match person.status {
                    Status::Employed => sum.employed[d] += 1,
                    Status::Unemployed => {
                        sum.unemployed[d] += 1;
                        sum.unemployed_skill[person.skill as usize] += 1;
                    }
                    Status::Inactive | Status::Absent => {}
                }
            }
        }
        sum
    };
    let of_region = |region: &Region| {
        let zones = &geography.zones[region.zones.range()];
        zones.par_iter().map(of_zone).reduce(People::default, People::merged)
    };
    geography.regions.iter().map(of_region).collect()
}

impl People {
    /// Sums of two groups. Integers only, so that the order does not matter.
    #[expect(clippy::needless_pass_by_value, reason = "the form that a parallel reduction asks for")]
    fn merged(mut self, other: Self) -> Self {
        let add = |into: &mut [i64], other: &[i64]| into.iter_mut().zip(other).for_each(|(a, b)| *a += b);
        add(&mut self.deposits, &other.deposits);
        add(&mut self.fund_shares, &other.fund_shares);
        add(&mut self.employed, &other.employed);
        add(&mut self.unemployed, &other.unemployed);
        add(&mut self.unemployed_skill, &other.unemployed_skill);
        self
    }
}
