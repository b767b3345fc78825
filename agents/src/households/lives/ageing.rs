//! A region's population grows a month older, and says what its households do.

use engine::range::out_of_range;

use super::Life;
use crate::given::Given;
use crate::households::demography::births::{a_year_later, in_the_end, payment};
use crate::households::demography::rows::{Chances, Rows};
use crate::households::demography::{Vital, advance, by_group};
use crate::parameters::list::Households;
use crate::state::{Demography, RegionState};

/// Months of a year.
const MONTHS: u32 = 12;

/// Persons of working age that rows may lack, share: beyond it a run without vacant rows stops. Bound of the rule: some noise of rows.
const LACKING: f64 = 0.02;

/// A month of a region's population: state takes note of it. Nothing where nobody is born or grows older.
pub fn age(given: &Given, life: &Life, state: &mut RegionState, region: usize) -> Option<Chances> {
    let vital = life.vital.as_ref()?;
    let (measures, treasury, prices) = (given.measures(), &state.treasury, &state.prices);
    let of_duties = treasury.child_benefit / (life.net * given.settings.months_per_tick());
    let index = (prices.consumer, state.labour.wage_index);
    let paid = payment(measures.child_benefit[region], of_duties, index, treasury.debt_transfers);
    let chances = a_month(vital, &mut state.demography, given.tick.0, paid, &given.p.households);
    if chances.short > 0.0 && lacking(vital, &state.demography) > LACKING {
        let code = &given.geography.regions[region].code;
        out_of_range(format!(
            "region {code} has more people of working age in tick {} than households can be founded for: give households.demography_years more than {}",
            given.tick.0, given.p.households.demography_years
        ));
    }
    Some(chances)
}

/// Rows of persons of working age and of the retired that a population asks for.
fn asked(vital: &Vital, demography: &Demography, now: [f64; 3]) -> [f64; 2] {
    let base = by_group(&vital.base);
    [0, 1].map(|k| demography.rows_base[k] as f64 * now[k + 1] / base[k + 1])
}

/// Persons of working age without a row, share of those whom the population has.
fn lacking(vital: &Vital, demography: &Demography) -> f64 {
    let asked = asked(vital, demography, demography.now)[0];
    1.0 - demography.rows[0] as f64 / asked
}

/// A month of a population with a payment for a child relative to pay. At the begin of a year all are a year older, and births of the year
/// follow what was paid in the year before.
fn a_month(vital: &Vital, population: &mut Demography, tick: u32, paid: f64, p: &Households) -> Chances {
    let month = tick % MONTHS;
    if month == 0 && tick > 0 {
        population.ages = advance(vital, &population.ages, population.relative).ages;
        let aim = in_the_end(population.payments_year / f64::from(MONTHS), p.births_response);
        population.relative = a_year_later(population.relative, aim, p.births_adjustment);
        population.payments_year = 0.0;
    }
    population.payments_year += paid;
    let year = advance(vital, &population.ages, population.relative);
    let (from, to) = (by_group(&population.ages), by_group(&year.ages));
    let at = |month: u32| {
        let part = f64::from(month) / f64::from(MONTHS);
        [0, 1, 2].map(|k| from[k] + part * (to[k] - from[k]))
    };
    let [working, retired, vacant] = population.rows.map(|x| x as f64);
    let asked = [month, month + 1].map(|month| asked(vital, population, at(month)));
    population.now = at(month + 1);
    population.fertility = population.relative * vital.total_fertility();
    (population.births, population.deaths) = (year.births / f64::from(MONTHS), year.deaths / f64::from(MONTHS));
    Chances::of(Rows { working, retired, vacant }, asked, year.die)
}

/// A population at the base, with its rows of persons of working age, of the retired and of vacant households.
#[must_use]
pub fn at_base(vital: &Vital, rows: [i64; 3]) -> Demography {
    Demography {
        ages: vital.base.clone(),
        base: vital.base.iter().sum(),
        relative: 1.0,
        now: by_group(&vital.base),
        rows,
        rows_base: [rows[0], rows[1]],
        ..Demography::default()
    }
}

/// Children a person of working age, relative to the base.
#[must_use]
pub fn more_children(life: &Life, state: &RegionState) -> f64 {
    let Some(vital) = &life.vital else { return 1.0 };
    let ([children, working, _], [base, workers, _]) = (state.demography.now, by_group(&vital.base));
    children / working * workers / base
}

/// Vacant persons that are founded, share of those there are: as many more adults as there will be at most within some years.
#[must_use]
pub fn spare(vital: &Vital, years: f64) -> f64 {
    let adults = |ages: &[f64]| {
        let [_, working, old] = by_group(ages);
        working + old
    };
    let (mut ages, mut most) = (vital.base.clone(), 1.0_f64);
    for _ in 0..years as usize {
        // Rule: as if births had risen long ago: nobody then waits for a household.
        ages = advance(vital, &ages, MOST_BORN).ages;
        most = most.max(adults(&ages) / adults(&vital.base));
    }
    most - 1.0 + LACKING
}

/// Births relative to the base for which households are founded. Bound of the rule: half as many again.
const MOST_BORN: f64 = 1.5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::near;

    fn years(vital: &Vital, population: &mut Demography, years: u32, paid: f64) {
        let mut p = crate::testing::parameters().households;
        (p.births_response, p.births_adjustment) = (3.0, 0.15);
        for tick in 0..years * MONTHS {
            a_month(vital, population, tick, paid, &p);
        }
    }

    #[test]
    fn a_year_of_months_is_a_year() {
        let vital = Vital::of(None, 1e6);
        let mut population = at_base(&vital, [500, 100, 0]);
        years(&vital, &mut population, 1, 0.0);
        near(population.births * 12.0, advance(&vital, &vital.base, 1.0).births);
        for (now, base) in population.now.iter().zip(by_group(&vital.base)) {
            assert!((now / base - 1.0).abs() < 1e-9);
        }
        near(asked(&vital, &population, population.now)[0], 500.0);
        near(population.growth(), 1.0);
        population.now = [0.2e6, 0.5e6, 0.1e6];
        near(population.growth(), 0.8);
        near(population.dependency(), 0.2);
        near(Demography::default().growth(), 1.0);
    }

    #[test]
    fn births_of_a_year_follow_payments_of_the_year_before() {
        let vital = Vital::of(None, 1e6);
        let mut population = at_base(&vital, [500, 100, 0]);
        let births = population_births(&vital, &mut population, 2);
        // Two percent of pay in the first year: 6.18% in the end, 15% of it in the second.
        assert!((births - 1.0 - 0.15 * (0.06_f64.exp() - 1.0)).abs() < 1e-9, "{births}");
        assert!((population_births(&vital, &mut at_base(&vital, [500, 100, 0]), 1) - 1.0).abs() < 1e-9);
        near(population.relative, 1.0 + 0.15 * (0.06_f64.exp() - 1.0));
    }

    /// Births of the last of some years in which two percent of pay are paid for a child, relative to the base.
    fn population_births(vital: &Vital, population: &mut Demography, last: u32) -> f64 {
        years(vital, population, last, 0.02);
        population.births * 12.0 / advance(vital, &vital.base, 1.0).births
    }

    #[test]
    fn room_is_there_for_as_many_as_will_grow_up() {
        let vital = Vital::of(None, 1e6);
        // Nobody more grows up for fifteen years, however many are born.
        near(spare(&vital, 15.0), LACKING);
        let more = spare(&vital, 25.0) - LACKING;
        // Ten years of half as many births again, 64 years of life lived after 15 of each: 0.5 x 10 / 65.
        assert!((0.06..0.09).contains(&more), "{more}");
    }
}
