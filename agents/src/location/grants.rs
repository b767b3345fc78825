//! Subsidies to plants that are being opened, within their budgets.

use engine::money::{Money, round_half_even};

use super::sites::{Pot, Sites, Stage};
use crate::components::{Firm, Flows, Plant};
use crate::policy::PolicyState;

/// Subsidies due to plants for the investment of the tick: row and money of its region, by row. Plants that have all
/// their capital get none, and none is paid for more than once: `paid` is the share of a row's investment that other grants
/// pay. Budgets grow by a tick's part first; one that does not cover what is asked pays all alike.
pub fn plant_grants(
    sites: &mut Sites,
    state: &PolicyState,
    ticks_per_year: u32,
    products: usize,
    (firm, plants, flows): (&[Firm], &[Plant], &[Flows]),
    paid: impl Fn(usize) -> f64,
) -> Vec<(u32, Money)> {
    if state.plant_subsidy.iter().chain(&state.reserve_grant).all(|&rate| rate <= 0.0) {
        return vec![];
    }
    let cell_of = |row: u32| firm[row as usize].area as usize * products + firm[row as usize].industry as usize;
    let mut due: Vec<(u32, f64)> = sites
        .sites
        .iter()
        .filter(|site| site.stage != Stage::Standby && plants[site.firm as usize].capital <= site.capital)
        .map(|site| {
            let flow = &flows[site.firm as usize];
            let rates = if site.reserve { &state.reserve_grant } else { &state.plant_subsidy };
            let rate = rates[cell_of(site.firm)].min(1.0 - paid(site.firm as usize)).max(0.0);
            (site.firm, rate * (flow.investment + flow.duties_capital) as f64)
        })
        .filter(|x| x.1 > 0.0)
        .collect();
    for budget in &state.budgets {
        let pot = sites.pots.entry(budget.label.clone()).or_insert(Pot { unspent: 0, share: 1.0 });
        pot.unspent += round_half_even(budget.per_year / f64::from(ticks_per_year));
        // A budget is that of a subsidy to plants; grants for reserves are paid beside it.
        let plants = &sites.sites;
        let at = |row: u32| plants.binary_search_by_key(&row, |s| s.firm);
        let reserve = |row: u32| at(row).is_ok_and(|at| plants[at].reserve);
        let within = |row: u32| budget.cells.binary_search(&(cell_of(row) as u32)).is_ok() && !reserve(row);
        let asked: f64 = due.iter().filter(|x| within(x.0)).map(|x| x.1).sum();
        if asked > 0.0 {
            // Rule: never more than was asked for.
            pot.share = (pot.unspent as f64 / asked).clamp(0.0, 1.0);
            for x in due.iter_mut().filter(|x| within(x.0)) {
                x.1 *= pot.share;
                pot.unspent -= x.1 as Money;
            }
        }
    }
    // Whole minor units, rounded down: the sum never exceeds the budget.
    due.into_iter().map(|(row, amount)| (row, amount as Money)).collect()
}

/// Payments due to reserve plants that stand ready, for the tick: row and money of its region, by row.
pub fn reserve_upkeep(
    sites: &Sites,
    state: &PolicyState,
    ticks_per_year: u32,
    products: usize,
    firm: &[Firm],
    plants: &[Plant],
    capital_price: impl Fn(usize) -> f64,
) -> Vec<(u32, Money)> {
    let ready = sites.sites.iter().filter(|s| s.reserve && s.stage == Stage::Standby);
    ready
        .map(|site| {
            let row = site.firm as usize;
            let rate = state.reserve_upkeep[firm[row].area as usize * products + firm[row].industry as usize];
            let worth = plants[row].capital as f64 * capital_price(row);
            (site.firm, round_half_even(rate / f64::from(ticks_per_year) * worth))
        })
        .collect()
}

impl Sites {
    /// Share of the plant subsidies of an area and industry that their budgets last paid.
    #[must_use]
    pub fn availability(&self, state: &PolicyState, cell: usize) -> f64 {
        let covers = |cells: &[u32]| cells.binary_search(&(cell as u32)).is_ok();
        let shares = state.budgets.iter().filter(|b| covers(&b.cells)).filter_map(|b| self.pots.get(&b.label));
        shares.map(|pot| pot.share).fold(1.0, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::synthetic;
    use crate::components::Phase;
    use crate::geography::NONE;
    use crate::location::sites::Site;
    use crate::policy::{CompiledSchedule, TickCalendar, parse_measures};

    #[test]
    fn a_budget_is_shared_alike_and_never_exceeded() {
        let world = synthetic(2, 3, 1);
        let text = "[[measure]]\nlabel = \"plants\"\nkind = \"plant_subsidy\"\nsource = \"test\"\nregions = [\"R01\"]\nindustries = [\"G02\"]\nrate = 0.5\nbudget_per_year = 0.0012\nannounced = 2024-01-01\nstart = 2024-01-01\n";
        let measures = parse_measures("test", text, &world.codes()).expect("valid");
        let calendar = TickCalendar::new("2024-01-01".parse().expect("a date"), 12).expect("a calendar");
        let schedule = CompiledSchedule::compile(measures, &world, calendar).expect("a schedule");
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
        let firms: Vec<Firm> = (0..3).map(firm).collect();
        let site = |row: u32| Site { capital: 1_000_000, output: 1.0, cost: 1.0, ..Site::new(row, 0, 1, 0, 0) };
        let mut sites = Sites::new(2);
        (1..3).for_each(|row| sites.insert(site(row)));
        let plants = vec![Plant::default(); 3];
        let flow = |investment| Flows { investment, ..Flows::default() };
        let flows = [flow(0), flow(15_000), flow(9_000)];
        // 0.0012 million units a year are 10,000 minor units a tick; half of 24,000 is asked: five sixths are paid.
        let paid = plant_grants(&mut sites, schedule.at(0), 12, 3, (&firms, &plants, &flows), |_| 0.0);
        assert_eq!(paid, vec![(1, 6_250), (2, 3_750)]);
        assert_eq!(sites.pots["plants"].unspent, 0);
        assert!((sites.availability(schedule.at(0), 1) - 10.0 / 12.0).abs() < 1e-12);
        assert!((sites.availability(schedule.at(0), 2) - 1.0).abs() < 1e-15);
        // A quiet tick leaves its part for later.
        let none = plant_grants(&mut sites, schedule.at(1), 12, 3, (&firms, &plants, &[Flows::default(); 3]), |_| 0.0);
        assert!(none.is_empty() && sites.pots["plants"].unspent == 10_000);
        // Seven tenths are paid by other grants: three tenths of 24,000 are left to pay, within the 20,000 of two ticks.
        let rest = plant_grants(&mut sites, schedule.at(2), 12, 3, (&firms, &plants, &flows), |_| 0.7);
        assert!(rest[0].1.abs_diff(4_500) <= 1 && rest[1].1.abs_diff(2_700) <= 1, "{rest:?}");
    }
}
