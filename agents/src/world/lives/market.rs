//! The labour market of units at rest: as many posts stay open as it takes to hire those who leave.

use super::Folk;
use crate::geography::SKILLS;
use crate::households::alone::State;
use crate::households::attachment::Attachment;
use crate::households::lives::Life;
use crate::households::posts::Posts;
use crate::markets::careers::{Expected, Risks};
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
    let sample = &folk.sample;
    let life = Life {
        setting: sample.setting.clone(),
        curve: sample.curve,
        chances: sample.chances.clone(),
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
    };
    let risks = Risks::of(&life, settings, 0);
    let (mut sum, mut outside) = (Expected::default(), Expected::default());
    for unit in &sample.units {
        for person in sample.members(unit) {
            let (status, months) = match person.state {
                State::Employed => (Status::Employed, person.tenure),
                State::Unemployed => (Status::Unemployed, person.without),
                State::Inactive => (Status::Inactive, person.without),
            };
            let row = Person { status, skill: person.skill, tenure_ticks: months as u16, ..Person::default() };
            let attachment: Attachment = person.attachment;
            let career = Career { attachment, retired: unit.retired, ..Career::default() };
            let into = if status == Status::Inactive { &mut outside } else { &mut sum };
            risks.expect(&row, &career, into);
        }
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
