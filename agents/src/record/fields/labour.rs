//! Jobs, vacancies, wages and hours.

use crate::geography::{DECILES, SKILLS};
use crate::record::view::{View, ratio};

super::fields! {
    "employment", JOBS, Persons, Number |v, [r, g, s]| v.persons(r, v.cell(r, g).employees[s]),
        "persons employed", "at the end of the tick, by skill of the post (the own or one below)";
    "vacancies", JOBS, Persons, Number |v, [r, g, s]| v.persons(r, v.cell(r, g).vacancies[s]),
        "vacancies", "open after matching, by skill asked for";
    "unemployed", SKILL, Persons, Number |v, [r, s, _]| v.persons(r, v.people[r].unemployed_skill[s]),
        "persons unemployed", "by skill";
    "unemployment_rate", REGION, Number, Number |v, [r, ..]| rate(v, r, 0..DECILES),
        "unemployment rate", "unemployed over labour force, end of tick";
    "unemployment_rate_decile", DECILE, Number, Number |v, [r, d, _]| rate(v, r, d..d + 1),
        "unemployment rate by income decile", "unemployed over labour force of the base-year decile";
    "labour_force", REGION, Persons, Number |v, [r, ..]| v.persons(r, labour_force(v, r, 0..DECILES)),
        "labour force", "employed and unemployed persons";
    "vacancy_rate", REGION, Number, Number |v, [r, ..]| {
            let open = v.sum_cells(r, |cell| cell.vacancies.iter().sum());
            ratio(open as f64, labour_force(v, r, 0..DECILES) as f64)
        },
        "vacancies over labour force", "open after matching";
    "separations", REGION, PersonsFlow, Number |v, [r, ..]| v.persons(r, i64::from(v.tally.separations[r])),
        "separations", "jobs that ended in the tick";
    "hires", REGION, PersonsFlow, Number |v, [r, ..]| v.persons(r, i64::from(v.tally.hires[r])),
        "hires", "jobs that began in the tick, but for moves from one to another";
    "job_moves", REGION, PersonsFlow, Number |v, [r, ..]| v.persons(r, i64::from(v.tally.job_moves[r])),
        "moves from one job to another", "where households are units; else nobody does";
    "wage_index", REGION, Number, Number |v, [r, ..]| v.region(r).labour.wage_index,
        "wage index, 1 in the base year", "wage of an efficiency unit at normal hours";
    "wage_mean", CELL, Wage, Number |v, [r, g, _]| {
            let cell = v.cell(r, g);
            ratio(cell.wages as f64, v.persons(r, (0..SKILLS).map(|s| cell.employees[s]).sum()))
        },
        "mean wage", "wages paid over persons employed, in own currency";
    "wages", CELL, MoneyFlow, Integer |v, [r, g, _]| v.cell(r, g).wages, "wages paid by industry", "without social contributions";
    "hours", CELL, Number, Number |v, [r, g, _]| ratio(v.cell(r, g).worked, v.cell(r, g).labour),
        "hours worked relative to normal hours", "weighted with efficiency units of labour";
    "automated_tasks", CELL, Number, Number |v, [r, g, _]| ratio(v.cell(r, g).automated, v.cell(r, g).output),
        "share of tasks that machines have taken over since the base year", "weighted with output; 0 where automation is off";
    "employment_displaced", CELL, Persons, Number |v, [r, g, _]| v.cell(r, g).displaced * v.place(r).persons_per_agent,
        "persons whose work machines have taken over since the base year", "who would be employed for the output of the plants without them, less those who are";
}

fn labour_force(v: &View<'_>, region: usize, deciles: std::ops::Range<usize>) -> i64 {
    let people = &v.people[region];
    deciles.map(|d| people.employed[d] + people.unemployed[d]).sum()
}

fn rate(v: &View<'_>, region: usize, deciles: std::ops::Range<usize>) -> f64 {
    let unemployed: i64 = v.people[region].unemployed[deciles.clone()].iter().sum();
    ratio(unemployed as f64, labour_force(v, region, deciles) as f64)
}
