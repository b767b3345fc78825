//! The labour market of units at rest: as many posts stay open as it takes to hire those who leave.

use super::Folk;
use crate::geography::SKILLS;
use crate::households::alone::{self, Chances, State};
use crate::households::lives::Life;
use crate::households::posts::Posts;
use crate::markets::careers::{Expected, Risks, Turn};
use crate::markets::resting::{RestingMarket, matches};
use crate::parameters::list::Labour;
use crate::state::Settings;

use crate::components::{Career, Person, Status};

/// Vacancies per employed person above which none are tried, a ratio.
const MOST: f64 = 1.0;

/// Chance that a job ends in a tick, and the market at rest, given the unemployment rate of the table.
///
/// Equation: `sum_k m(S_k, L_k + v E_k) = sum_k L_k`, with matches `m` of [`matches`], by skill those who seek `S`, who leave work `L` and who are at
/// work `E`; the unemployed of the sample are made as many as the table has.
/// Source: flows of the labour market that leave stocks as they are; solved by bisection.
#[must_use]
pub fn at_rest(folk: &Folk, unemployment: f64, p: &Labour, settings: &Settings) -> (f64, RestingMarket) {
    let life = life(folk);
    let risks = Risks::of(&life, settings, 0);
    let (mut sum, mut outside) = (Expected::default(), Expected::default());
    for (row, career) in people(folk) {
        let into = if row.status == Status::Inactive { &mut outside } else { &mut sum };
        risks.expect(&row, &career, into);
    }
    let [employed, leave, idle] = [sum.employed, sum.leave, sum.seek].map(|x| x.iter().sum::<f64>());
    let more = unemployment / (1.0 - unemployment) * employed / idle.max(1.0);
    let seek: [f64; SKILLS] = std::array::from_fn(|k| more * sum.seek[k] + outside.seek[k]);
    let hired = |vacancies: f64| -> f64 {
        let posts = |k: usize| sum.leave[k] + vacancies * sum.employed[k];
        (0..SKILLS).map(|k| matches(seek[k], posts(k), p.matching_curvature)).sum()
    };
    let (mut low, mut high) = (0.0, MOST);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if hired(middle) < leave { low = middle } else { high = middle }
    }
    let market = RestingMarket {
        vacancy_rate: low,
        unemployment: std::array::from_fn(|k| more * sum.seek[k] / (more * sum.seek[k] + sum.employed[k]).max(1.0)),
        downgraded: [0.0; SKILLS],
        duration: Default::default(),
    };
    (leave / employed.max(1.0), market)
}

/// How the sample lives, of which nothing but careers is asked.
fn life(folk: &Folk) -> Life {
    Life {
        setting: folk.sample.setting.clone(),
        curve: folk.sample.curve,
        chances: folk.sample.chances.clone(),
        posts: Posts::default(),
        wage: 1.0,
        net: 1.0,
        tax: 0.0,
        mixed: 0.0,
        worth: 0.0,
        returned: 0.0,
        median: 1.0,
        spending: 1.0,
        vital: None,
    }
}

/// The people of the sample as those of a world, as far as careers are concerned.
fn people(folk: &Folk) -> impl Iterator<Item = (Person, Career)> {
    let of = |retired: bool, person: &alone::Person| {
        let months = if person.state == State::Employed { person.tenure } else { person.without };
        let (status, tenure_ticks) = (person.state.into(), months as u16);
        let row = Person { status, skill: person.skill, tenure_ticks, ..Person::default() };
        (row, Career { attachment: person.attachment, retired, ..Career::default() })
    };
    let sample = &folk.sample;
    sample.units.iter().flat_map(move |unit| sample.members(unit).iter().map(move |person| of(unit.retired, person)))
}

/// Chances of the region's people, with one to come in from outside at which as many come as leave where the labour force is the table's.
///
/// Equation: `f = (p* / p (l + g + r) - b) / ((1 - p*) / (1 - p) e)`, the factor on the chance to come in. Of the sample, whose labour force is
/// the share `p` of those of working age, leave work `l`, give up the search `g`, retire from either `r`, enter adult life meaning to work `b`
/// and come in from outside `e`; `p*` is the share of the table.
/// Source: flows that leave the labour force as it is; that of the sample, of few, is about the table's.
#[must_use]
pub fn chances(folk: &Folk, settings: &Settings) -> Chances {
    let life = life(folk);
    let (risks, s) = (Risks::of(&life, settings, 0), &life.setting);
    let (mut turn, mut born, mut inside, mut outside) = (Turn::default(), 0.0, 0.0, 0.0);
    for (row, career) in people(folk) {
        let k = row.skill as usize;
        if career.retired {
            born += s.die * (1.0 - s.out[k]);
            continue;
        }
        let of = risks.turn(&row, &career);
        (turn.leaves, turn.comes) = (turn.leaves + of.leaves, turn.comes + of.comes);
        let at = if row.status == Status::Inactive { &mut outside } else { &mut inside };
        *at += 1.0;
    }
    let share = inside / f64::max(inside + outside, 1.0);
    let leave = s.participation / share * (turn.leaves + s.retire * inside);
    let come = (1.0 - s.participation) / (1.0 - share) * turn.comes;
    let mut chances = life.chances;
    // Where nobody of the sample could come in, nothing is to be found.
    chances.enter *= if come > 0.0 { (leave - born) / come } else { 1.0 };
    chances
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::households::alone::People;
    use crate::households::alone::months::Shock;
    use crate::households::alone::setting::Setting;
    use crate::testing::near;

    #[test]
    fn as_many_come_in_as_leave() {
        let mut sample = People::new(Setting::united_states(), 3_000, 1);
        (0..48).for_each(|_| sample.step(Shock { adapting: true, ..Shock::default() }));
        let settings = Settings { seed: 1, ticks_per_year: 12, audit_stops: true, shocks: false };
        let folk = |sample: &People| Folk { sample: Arc::new(sample.clone()) };
        let found = chances(&folk(&sample), &settings);
        // Found once, nothing is to be found again.
        sample.chances = found.clone();
        near(chances(&folk(&sample), &settings).enter, found.enter);
        // The more are to be in the labour force, the more come in.
        sample.setting.participation += 0.02;
        assert!(chances(&folk(&sample), &settings).enter > 1.05 * found.enter);
    }
}
