//! Subsidies to plants that are being opened, within their budgets.

use engine::money::{Money, round_half_even};

use super::sites::{Pot, Sites, Stage};
use crate::axes::LocalBranch;
use crate::components::{Firm, Flows, Plant};
use crate::policy::PolicyState;

/// A grant for a plant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grant {
    /// Row of the plant.
    pub row: u32,
    /// Whether it is reserve capacity.
    pub reserve: bool,
    /// Money paid, in that of its region.
    pub paid: Money,
    /// Money that would have been paid had budgets covered all.
    pub asked: Money,
}

/// Subsidies due to plants for the investment of the tick, by row. They pay for what is built, not for what is replaced: plants
/// that are complete get none. No part of an investment is paid for more than once: `paid` is the share of a row's investment that
/// other grants pay. Budgets grow by a tick's part first; one that does not cover what is asked of it pays all alike.
pub fn plant_grants(
    sites: &mut Sites,
    state: &PolicyState,
    ticks_per_year: u32,
    (firm, plants, flows): (&[Firm], &[Plant], &[Flows]),
    (paid, capital_price): (impl Fn(usize) -> f64, impl Fn(usize) -> f64),
) -> Vec<Grant> {
    if state.plant_subsidy.as_slice().iter().chain(state.reserve_grant.as_slice()).all(|&rate| rate <= 0.0) {
        return vec![];
    }
    // Cell of each plant that is being built, and the part of its spending that subsidies are a share of.
    let mut claims: Vec<(LocalBranch, f64)> = Vec::new();
    let mut grants: Vec<Grant> = Vec::new();
    for site in sites.sites.iter().filter(|s| !s.complete && matches!(s.stage, Stage::Building | Stage::Open)) {
        let row = site.firm as usize;
        let cell = firm[row].local_branch();
        let rate = if site.reserve { state.reserve_grant[cell] } else { state.plant_subsidy[cell] };
        let replaced = plants[row].depreciation.as_f64() * capital_price(row);
        let spent = (flows[row].investment + flows[row].duties_capital) as f64 - replaced;
        if rate <= 0.0 || spent <= 0.0 {
            continue;
        }
        let most = (1.0 - paid(row)).max(0.0);
        claims.push((cell, spent * (most / rate).min(1.0)));
        grants.push(Grant { row: site.firm, reserve: site.reserve, paid: 0, asked: (spent * rate.min(most)) as Money });
    }
    // Whole minor units, rounded down: what is paid never exceeds a budget.
    for (grant, (cell, spent)) in grants.iter_mut().zip(&claims) {
        let open = if grant.reserve { state.reserve_grant[*cell] } else { state.without_budget(*cell) };
        grant.paid = (spent * open) as Money;
    }
    for budget in &state.budgets {
        let pot = sites.pots.entry(budget.label.clone()).or_insert(Pot { unspent: 0, share: 1.0 });
        pot.unspent += round_half_even(budget.per_year / f64::from(ticks_per_year));
        // A budget is that of a subsidy to plants; grants for reserves are paid beside it.
        let asks = |grant: &Grant, (cell, spent): &(LocalBranch, f64)| {
            if grant.reserve { 0.0 } else { spent * budget.rates[*cell] }
        };
        let asked: f64 = grants.iter().zip(&claims).map(|(grant, claim)| asks(grant, claim)).sum();
        // Rule: never more than was asked for. Where nobody asks, a pot with money would pay all.
        pot.share = if asked > 0.0 { (pot.unspent as f64 / asked).clamp(0.0, 1.0) } else { 1.0 };
        for (grant, claim) in grants.iter_mut().zip(&claims) {
            let part = (pot.share * asks(grant, claim)) as Money;
            grant.paid += part;
            pot.unspent -= part;
        }
    }
    grants
}

/// Payments due to reserve plants that stand ready, for the tick: row and money of its region, by row.
pub fn reserve_upkeep(
    sites: &Sites,
    state: &PolicyState,
    ticks_per_year: u32,
    firm: &[Firm],
    plants: &[Plant],
    capital_price: impl Fn(usize) -> f64,
) -> Vec<(u32, Money)> {
    let ready = sites.sites.iter().filter(|s| s.reserve && s.stage == Stage::Standby);
    ready
        .map(|site| {
            let row = site.firm as usize;
            let rate = state.reserve_upkeep[firm[row].local_branch()];
            let worth = plants[row].capital.as_f64() * capital_price(row);
            (site.firm, round_half_even(rate / f64::from(ticks_per_year) * worth))
        })
        .collect()
}

impl PolicyState {
    /// Share of investment in plants of a cell that subsidies without a budget pay.
    fn without_budget(&self, cell: LocalBranch) -> f64 {
        let budgeted: f64 = self.budgets.iter().map(|b| b.rates[cell]).sum();
        // Rule: budgeted parts add up to no more than the whole but for rounding.
        (self.plant_subsidy[cell] - budgeted).max(0.0)
    }
}

impl Sites {
    /// Share of investment in plants of an area and industry that subsidies pay in a state of policy, with budgets as far as
    /// they last went.
    #[must_use]
    pub fn expected_subsidy(&self, state: &PolicyState, cell: LocalBranch) -> f64 {
        let from = |label: &str| self.pots.get(label).map_or(1.0, |pot| pot.share);
        state.without_budget(cell) + state.budgets.iter().map(|b| b.rates[cell] * from(&b.label)).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use engine::money::Volume;

    use super::*;
    use crate::axes::{AreaId, Industry};
    use crate::calibration::synthetic;
    use crate::components::Phase;
    use crate::geography::NONE;
    use crate::location::sites::Site;
    use crate::policy::CompiledSchedule;
    use crate::policy::tests::compiled_for;

    /// A schedule of two subsidies of one half and a quarter to the same plants, the first out of a budget.
    fn schedule(second: &str) -> CompiledSchedule {
        let world = synthetic(2, 3, 1);
        let measure = |label: &str, rate: f64, rest: &str| {
            format!(
                "[[measure]]\nlabel = \"{label}\"\nkind = \"plant_subsidy\"\nsource = \"test\"\nregions = [\"R01\"]\nindustries = [\"G02\"]\nrate = {rate}\n{rest}announced = 2024-01-01\nstart = 2024-01-01\n"
            )
        };
        // 0.0012 million units a year are 10,000 minor units a tick.
        let first = measure("plants", 0.5, "budget_per_year = 0.0012\n");
        let text = if second.is_empty() { first } else { first + &measure("more", 0.25, second) };
        compiled_for(&world, &text)
    }

    /// Two plants under construction on rows 1 and 2, which spend some money, and what is paid.
    struct Builders {
        sites: Sites,
        firms: Vec<Firm>,
        plants: Vec<Plant>,
    }

    impl Builders {
        fn new() -> Self {
            let firm = |_| Firm {
                region: 0,
                industry: 1,
                area: 0,
                zone: 0,
                outlet: NONE,
                plant: 0,
                age_ticks: 0,
                parent: 0,
                phase: Phase::Building,
            };
            let mut sites = Sites::new(2);
            let site = |row: u32| Site { stage: Stage::Building, output: 1.0, ..Site::new(row, 0, 1, 0, 0) };
            (1..3).for_each(|row| sites.insert(site(row)));
            Self { sites, firms: (0..3).map(firm).collect(), plants: vec![Plant::default(); 3] }
        }

        fn paid(&mut self, schedule: &CompiledSchedule, tick: u32, spent: [i64; 2], other: f64) -> Vec<(u32, Money)> {
            let flow = |investment| Flows { investment, ..Flows::default() };
            let flows = [flow(0), flow(spent[0]), flow(spent[1])];
            let columns = (&self.firms[..], &self.plants[..], &flows[..]);
            let state = schedule.at(tick);
            let grants = plant_grants(&mut self.sites, state, 12, columns, (|_| other, |_| 2.0));
            grants.into_iter().map(|x| (x.row, x.paid)).collect()
        }
    }

    #[test]
    fn a_budget_is_shared_alike_and_never_exceeded() {
        let (schedule, mut x) = (schedule(""), Builders::new());
        // Half of 24,000 is asked: five sixths are paid.
        assert_eq!(x.paid(&schedule, 0, [15_000, 9_000], 0.0), vec![(1, 6_250), (2, 3_750)]);
        assert_eq!(x.sites.pots["plants"].unspent, 0);
        assert!((x.sites.expected_subsidy(schedule.at(0), (AreaId(0), Industry(1))) - 0.5 * 10.0 / 12.0).abs() < 1e-12);
        assert!(x.sites.expected_subsidy(schedule.at(0), (AreaId(0), Industry(2))).abs() < 1e-15);
        // A quiet tick leaves its part for later, and the next who ask can expect to be paid.
        assert!(x.paid(&schedule, 1, [0, 0], 0.0).is_empty() && x.sites.pots["plants"].unspent == 10_000);
        assert!((x.sites.expected_subsidy(schedule.at(1), (AreaId(0), Industry(1))) - 0.5).abs() < 1e-15);
        // Seven tenths are paid by other grants: three tenths of 24,000 are left to pay, within the 20,000 of two ticks.
        let rest = x.paid(&schedule, 2, [15_000, 9_000], 0.7);
        assert!(rest[0].1.abs_diff(4_500) <= 1 && rest[1].1.abs_diff(2_700) <= 1, "{rest:?}");
    }

    #[test]
    fn each_subsidy_pays_its_part_from_its_own_budget() {
        // The second has no budget: a quarter is paid in full beside the five sixths of a half.
        let mut x = Builders::new();
        assert_eq!(x.paid(&schedule(""), 0, [15_000, 9_000], 0.0), vec![(1, 6_250), (2, 3_750)]);
        let mut x = Builders::new();
        assert_eq!(x.paid(&schedule("\n"), 0, [15_000, 9_000], 0.0), vec![(1, 10_000), (2, 6_000)]);
        // With a budget of 5,000 a tick it pays five sixths of its quarter: all that both budgets hold is paid.
        let (two, mut x) = (schedule("budget_per_year = 0.0006\n"), Builders::new());
        assert_eq!(x.paid(&two, 0, [15_000, 9_000], 0.0), vec![(1, 9_375), (2, 5_625)]);
        assert!(x.sites.pots.values().all(|pot| pot.unspent == 0));
        assert!((x.sites.expected_subsidy(two.at(0), (AreaId(0), Industry(1))) - 0.75 * 10.0 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_replaced_or_complete_is_not_paid_for() {
        let (schedule, mut x) = (schedule(""), Builders::new());
        x.plants[1].depreciation = Volume::new(2_000);
        x.sites.sites[1].complete = true;
        // Of 10,000 spent, 4,000 replace what wore out; the other plant is complete.
        assert_eq!(x.paid(&schedule, 0, [10_000, 9_000], 0.0), vec![(1, 3_000)]);
        x.sites.sites[0].stage = Stage::Standby;
        assert!(x.paid(&schedule, 1, [10_000, 9_000], 0.0).is_empty());
    }
}
