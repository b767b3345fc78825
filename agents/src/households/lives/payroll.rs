//! The units of a zone: what their members earn and are entitled to, and what they do with it, some of them at a time.

use engine::money::Money;

use super::OfZone;
use super::benefits::Benefits;
use super::payday::{Earned, Market, Standing, post};
use crate::components::{Career, Household, Person, Status};
use crate::geography::{DECILES, Zone};
use crate::households::lottery::Lottery;
use crate::households::saving::Intent;
use crate::households::wages::PlantPayments;
use crate::panel::{Notes, Receipts};
use crate::paying::Sums;
use crate::state::RegionState;

/// Units that are paid, plan and spend together: what is known of them stays close, and nobody waits for another's sums.
const TOGETHER: usize = 32;

/// Sums of one zone.
#[derive(Clone, Default)]
pub struct ZoneSums<'a> {
    /// By reason, money.
    pub paid: Sums,
    /// Households that are followed.
    pub notes: Notes<'a>,
    /// Severance pay, money.
    pub severance: Money,
    /// Households whose income was below zero.
    pub below_zero: u32,
    /// Earned before tax by tenth, money.
    pub market: [i64; DECILES],
    /// Disposable income by tenth, money.
    pub disposable: [i64; DECILES],
    /// Pensions less contributions by tenth, money.
    pub pension: [i64; DECILES],
    /// Fund shares of units.
    pub shares: i64,
    /// These weighted by returns.
    pub weighted: f64,
    /// Homes bought less sold.
    pub homes: i64,
    /// Children for whom something is paid.
    pub children: i64,
    /// Pensions, money.
    pub pensions: Money,
}

/// What the units of a region face in a tick.
pub struct OfUnits<'a> {
    /// Prices, rates and rules.
    pub market: Market<'a>,
    /// What measures grant them.
    pub benefits: Benefits,
    /// Prizes by lot.
    pub lottery: Lottery,
    /// State of the region.
    pub state: &'a RegionState,
    /// Zones of the region.
    pub zones: i64,
}

impl OfUnits<'_> {
    /// Wages, benefits and pensions of a zone's units, what they mean to do with them and what they do.
    pub fn pay(&self, zone: &Zone, people: &mut OfZone, payments: &mut PlantPayments, sums: &mut ZoneSums) {
        let market = &self.market;
        // Rule: every zone has its part of the homes that are let.
        let for_sale = self.state.homes.let_out / self.zones;
        let OfZone { persons, careers, households, lineages } = people;
        let wages = payments.all(zone.persons.start, persons);
        let mut members = Members { first: zone.persons.start, from: 0, wages: &wages, persons, careers };
        let (mut standings, mut plans) = ([Standing::default(); TOGETHER], [Intent::default(); TOGETHER]);
        let (mut row, mut all) = (zone.households.start, Receipts::default());
        for (households, lineages) in households.chunks_mut(TOGETHER).zip(lineages.chunks_mut(TOGETHER)) {
            let mut living = 0;
            for (k, (household, lineage)) in households.iter_mut().zip(lineages.iter_mut()).enumerate() {
                if !household.members.live_here() {
                    members.from += household.members.rows();
                    continue;
                }
                let d = household.decile as usize;
                let index = self.state.treasury.transfer_index[d];
                let (earned, children) = members.next(row + k as u32, household, index, self, payments);
                sums.children += i64::from(children);
                let faced = (index, self.state.prices.decile_inflation[d]);
                let standing = &mut standings[living];
                living += 1;
                let [earned, disposable] =
                    market.take_in((household, lineage), earned, faced, &mut sums.paid, standing);
                sums.below_zero += u32::from(disposable < 0);
                sums.market[d] += earned;
                sums.disposable[d] += disposable;
                sums.pensions += standing.receipts.pensions;
                all.add(&standing.receipts);
            }
            if living > 0 {
                market.plan(&mut standings[..living], &mut plans);
            }
            living = 0;
            for (k, (household, lineage)) in households.iter_mut().zip(lineages.iter_mut()).enumerate() {
                let (id, left) = (row + k as u32, for_sale - sums.homes);
                if !household.members.live_here() {
                    sums.notes.take(id, &Receipts::default());
                    continue;
                }
                let (standing, plan) = (&mut standings[living], plans[living]);
                living += 1;
                let done = market.spend(id.into(), (household, lineage), (standing, plan), left, &mut sums.paid);
                sums.homes += done.homes;
                sums.weighted += done.weighted;
                sums.shares += household.fund_shares;
                standing.receipts.cash = household.deposits;
                sums.notes.take(id, &standing.receipts);
            }
            row += households.len() as u32;
        }
        post(&all, &mut sums.paid);
    }
}

/// The members of a zone's units, unit by unit.
struct Members<'a> {
    /// Id of the first person of the zone.
    first: u32,
    /// The next, persons of the zone.
    from: usize,
    /// Wages and severance pay, money.
    wages: &'a [Money],
    persons: &'a [Person],
    careers: &'a [Career],
}

impl Members<'_> {
    /// What the next unit earns and is entitled to, given the index of prices, and its children for whom something is paid.
    #[inline]
    fn next(
        &mut self,
        row: u32,
        household: &Household,
        index: f64,
        of: &OfUnits,
        payments: &mut PlantPayments,
    ) -> (Earned, u32) {
        let own = self.from..self.from + household.members.rows();
        let retired = self.careers[own.start].retired;
        let mut earned = Earned {
            wage: self.wages[own.clone()].iter().sum(),
            prize: of.lottery.prize(row.into(), household.income_permanent.into()),
            retired,
            ..Earned::default()
        };
        let careers = &self.careers[own.clone()];
        if retired {
            for career in careers {
                let pension = of.market.pension(career, index);
                earned.pension += pension;
                earned.pension_supplement += of.benefits.topped_up(career, pension, index);
            }
        } else {
            for (id, (person, career)) in own.clone().zip(self.persons[own.clone()].iter().zip(careers)) {
                if person.status == Status::Unemployed {
                    let allowance = payments.allowance(self.first + id as u32);
                    earned.benefit += of.market.benefit(person, career, allowance);
                }
            }
        }
        let children = of.benefits.children(row.into(), household.members.count(), retired);
        earned.child_benefit = of.benefits.of_children(children, index);
        self.from = own.end;
        (earned, children)
    }
}
