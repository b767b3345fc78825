//! The population by age, where people are born, age and die; else nothing.

use crate::record::view::View;

super::fields! {
    "population", REGION, Persons, Number |v, [r, ..]| v.region(r).demography.now.iter().sum(),
        "population", "end of tick; 0 where households.demography is off, as all that follows about ages, births and deaths";
    "children", REGION, Persons, Number |v, [r, ..]| of_age(v, r, 0), "children", "persons under 15, end of tick";
    "working_age", REGION, Persons, Number |v, [r, ..]| of_age(v, r, 1), "persons of working age", "15 to 64 years, end of tick";
    "old_age", REGION, Persons, Number |v, [r, ..]| of_age(v, r, 2), "persons of old age", "65 years and older, end of tick";
    "old_age_dependency", REGION, Number, Number |v, [r, ..]| v.region(r).demography.dependency(),
        "old-age dependency ratio", "persons of 65 and older over persons of 15 to 64";
    "births", REGION, PersonsFlow, Number |v, [r, ..]| v.region(r).demography.births,
        "births", "the same in every tick of a year of the run";
    "deaths", REGION, PersonsFlow, Number |v, [r, ..]| v.region(r).demography.deaths,
        "deaths", "the same in every tick of a year of the run";
    "total_fertility_rate", REGION, Number, Number |v, [r, ..]| v.region(r).demography.fertility,
        "total fertility rate", "children a woman would have over her life at the rates by age of the year";
    "pensions_paid", REGION, MoneyFlow, Integer |v, [r, ..]| v.region(r).demography.pensions,
        "pensions paid", "to the retired of the households of the model, out of the budget; what measures top them up by apart";
    "adults_in_households", REGION, Persons, Number |v, [r, ..]| {
            let [working, retired, _] = v.region(r).demography.rows;
            v.persons(r, working + retired)
        },
        "adults who live in the households of the model", "they follow persons of 15 and older; after the moves of the tick";
    "vacant_places", REGION, Persons, Number |v, [r, ..]| v.persons(r, v.region(r).demography.rows[2]),
        "places in households that nobody lives in", "room for people who are still to come; after the moves of the tick";
}

fn of_age(v: &View<'_>, region: usize, group: usize) -> f64 {
    v.region(region).demography.now[group]
}
