//! Jobs: separations, vacancies and matching by skill, person by person within each zone.

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns_mut;
use engine::math::pow;
use engine::rng::{Streams, hash, unit};
use rayon::prelude::*;

use crate::components::{Person, Plant, Status};
use crate::geography::{Geography, NONE, SKILLS, split_spans};
use crate::parameters::Parameters;
use crate::state::{Regions, Settings, Tick};
use crate::tally::Tally;
use crate::world::base::Base;
use crate::world::stream;

/// Matches of `seekers` with `vacancies`, persons.
///
/// Equation: `m = U V / (U^l + V^l)^(1/l)`, never more than either side.
/// Source: den Haan, Ramey and Watson (2000), matching function.
#[must_use]
pub fn matches(seekers: f64, vacancies: f64, curvature: f64) -> f64 {
    if seekers <= 0.0 || vacancies <= 0.0 {
        return 0.0;
    }
    seekers * vacancies / pow(pow(seekers, curvature) + pow(vacancies, curvature), 1.0 / curvature)
}

/// Separation rate at which a given unemployment rate is steady: `s = f u / (1 - u)`.
#[must_use]
pub fn steady_separation(unemployment: f64, job_finding: f64) -> f64 {
    job_finding * unemployment / (1.0 - unemployment)
}

/// Separation rate of a skill relative to the average.
#[must_use]
pub fn separation_factor(skill: u8, p: &crate::parameters::list::Labour) -> f64 {
    match skill {
        0 => p.separation_low_skill,
        1 => 1.0,
        _ => p.separation_high_skill,
    }
}

/// Vacancy rate at which hires equal separations: vacancies per employed person before matching less hires.
///
/// Solves `m(u + s e, v) = s e` for `v` and returns `(v - s e) / e`, the vacancies that stay open.
#[must_use]
pub fn steady_vacancy_rate(unemployment: f64, separation: f64, curvature: f64) -> f64 {
    let employed = 1.0 - unemployment;
    let hires = separation * employed;
    let seekers = unemployment + hires;
    // m = U V / (U^l + V^l)^(1/l) = h  <=>  V = h U / (U^l - h^l)^(1/l)
    let vacancies = hires * seekers / pow(pow(seekers, curvature) - pow(hires, curvature), 1.0 / curvature);
    (vacancies - hires) / employed
}

/// Persons to hire of each skill so that staff moves towards its mix, for `open` vacancies in all.
#[must_use]
pub fn vacancies_by_skill(employees: &[u32; SKILLS], mix: &[u32; SKILLS], desired: u32) -> [u32; SKILLS] {
    let present: u32 = employees.iter().sum();
    let mut open = desired.saturating_sub(present);
    let total: u32 = mix.iter().sum::<u32>().max(1);
    let mut out = [0; SKILLS];
    while open > 0 {
        let gap =
            |s: usize| f64::from(desired) * f64::from(mix[s]) / f64::from(total) - f64::from(employees[s] + out[s]);
        let most = (0..SKILLS).fold(0, |best, s| if gap(s) > gap(best) { s } else { best });
        out[most] += 1;
        open -= 1;
    }
    out
}

/// Counts of a zone's labour market in a tick.
#[derive(Clone, Copy, Default)]
struct Turnover {
    separations: u32,
    hires: u32,
    unemployed: u32,
    labour_force: u32,
    vacancies: u32,
}

/// System: separations, then matching by skill; persons and plants of a zone change together.
#[expect(clippy::too_many_arguments, reason = "a system lists what it reads")]
pub fn clear_labour_market(
    settings: Res<Settings>,
    tick: Res<Tick>,
    p: Res<Parameters>,
    base: Res<Base>,
    geography: Res<Geography>,
    mut regions: ResMut<Regions>,
    mut tally: ResMut<Tally>,
    mut households: Query<&mut Person>,
    mut plants: Query<&mut Plant>,
) {
    let persons = columns_mut(&mut households);
    let plants = columns_mut(&mut plants);
    let separation: Vec<f64> = base
        .regions
        .iter()
        .map(|b| settings.monthly(steady_separation(b.unemployment_rate, p.labour.job_finding_rate)))
        .collect();
    let factor: Vec<f64> = (0..SKILLS).map(|s| separation_factor(s as u8, &p.labour)).collect();
    let layoffs = settings.monthly(p.labour.layoff_speed);
    let turnover: Vec<Turnover> = split_spans(persons, &geography.household_spans(), 1)
        .into_par_iter()
        .zip(split_spans(plants, &geography.firm_spans(), 1))
        .enumerate()
        .map(|(z, (persons, plants))| {
            let zone = &geography.zones[z];
            let mut words = vec![0u64; persons.len()];
            Streams::new(settings.seed).fill_chunk(stream::SEPARATION, tick.0, z as u32, &mut words);
            for plant in plants.iter_mut() {
                let present: u32 = plant.employees.iter().sum();
                let excess = present.saturating_sub(plant.employees_desired);
                plant.layoff_rate =
                    if present > 0 { (layoffs * f64::from(excess) / f64::from(present)) as f32 } else { 0.0 };
            }
            let mut out = separate(
                persons,
                plants,
                zone.firms.start,
                &factor.iter().map(|f| f * separation[zone.region as usize]).collect::<Vec<_>>(),
                &words,
            );
            match_persons(
                persons,
                plants,
                zone.firms.start,
                &p,
                settings.months_per_tick(),
                hash(settings.seed, u64::from(tick.0), (z as u64) << 8 | u64::from(stream::MATCHING.id())),
                &mut out,
            );
            for person in persons.iter() {
                out.labour_force += u32::from(person.status != Status::Inactive);
                out.unemployed += u32::from(person.status == Status::Unemployed);
            }
            for plant in plants.iter_mut() {
                plant.labour = f64::from(plant.employees.iter().sum::<u32>());
            }
            out.vacancies = plants.iter().map(|x| x.vacancies.iter().sum::<u32>()).sum();
            out
        })
        .collect();
    for (r, region) in geography.regions.iter().enumerate() {
        let mut sum = Turnover::default();
        for t in &turnover[region.zones.range()] {
            sum.separations += t.separations;
            sum.hires += t.hires;
            sum.unemployed += t.unemployed;
            sum.labour_force += t.labour_force;
            sum.vacancies += t.vacancies;
        }
        tally.separations[r] = sum.separations;
        tally.hires[r] = sum.hires;
        regions.states[r].unemployment_rate = f64::from(sum.unemployed) / f64::from(sum.labour_force.max(1));
        regions.states[r].vacancy_rate = f64::from(sum.vacancies) / f64::from(sum.labour_force.max(1));
    }
}

/// Persons leave their jobs with the separation or layoff probability of their plant.
fn separate(persons: &mut [Person], plants: &mut [Plant], first: u32, separation: &[f64], words: &[u64]) -> Turnover {
    let mut out = Turnover::default();
    for (person, &word) in persons.iter_mut().zip(words) {
        person.tenure_ticks = person.tenure_ticks.saturating_add(1);
        if person.status != Status::Employed {
            continue;
        }
        let plant = &mut plants[(person.employer - first) as usize];
        if unit(word) < separation[person.skill as usize] + f64::from(plant.layoff_rate) {
            plant.employees[person.skill as usize] -= 1;
            person.employer = NONE;
            person.status = Status::Unemployed;
            person.tenure_ticks = 0;
            out.separations += 1;
        }
    }
    out
}

/// Pairs unemployed persons with vacancies skill by skill, then offers what is left one skill lower.
fn match_persons(
    persons: &mut [Person],
    plants: &mut [Plant],
    first: u32,
    p: &Parameters,
    months: f64,
    key: u64,
    out: &mut Turnover,
) {
    let mut seekers: [Vec<(u64, u32)>; SKILLS] = Default::default();
    for (i, person) in persons.iter().enumerate().filter(|(_, x)| x.status == Status::Unemployed) {
        seekers[person.skill as usize].push((hash(key, i as u64, 1), i as u32));
    }
    let mut posts: [Vec<(u64, u32)>; SKILLS] = Default::default();
    for (k, plant) in plants.iter_mut().enumerate() {
        plant.vacancies = vacancies_by_skill(&plant.employees, &plant.skill_mix, plant.employees_desired);
        for (s, posts) in posts.iter_mut().enumerate() {
            for n in 0..plant.vacancies[s] {
                posts.push((hash(key, k as u64, 2 + u64::from(n) * 8 + s as u64), k as u32));
            }
        }
    }
    for list in seekers.iter_mut().chain(posts.iter_mut()) {
        list.sort_unstable();
    }
    for s in 0..SKILLS {
        let count = matched(seekers[s].len(), posts[s].len(), 1.0, p, hash(key, s as u64, 3));
        hire(persons, plants, first, s, &mut seekers[s], &mut posts[s], count, out);
    }
    for s in (1..SKILLS).rev() {
        let long = |x: &(u64, u32)| f64::from(persons[x.1 as usize].tenure_ticks) * months >= p.labour.downgrade_after;
        let waiting: Vec<(u64, u32)> = std::mem::take(&mut seekers[s]).into_iter().filter(long).collect();
        let count =
            matched(waiting.len(), posts[s - 1].len(), p.labour.downgrade_acceptance, p, hash(key, s as u64, 4));
        let (mut from, mut to) = (waiting, std::mem::take(&mut posts[s - 1]));
        hire(persons, plants, first, s - 1, &mut from, &mut to, count, out);
        posts[s - 1] = to;
    }
}

/// Whole matches: the matching function with its fraction decided by a draw.
fn matched(seekers: usize, vacancies: usize, acceptance: f64, p: &Parameters, word: u64) -> usize {
    let expected = matches(seekers as f64 * acceptance, vacancies as f64, p.labour.matching_curvature);
    ((expected + unit(word)) as usize).min(seekers).min(vacancies)
}

#[expect(clippy::too_many_arguments, reason = "one kernel over the columns of a zone")]
fn hire(
    persons: &mut [Person],
    plants: &mut [Plant],
    first: u32,
    post_skill: usize,
    seekers: &mut Vec<(u64, u32)>,
    posts: &mut Vec<(u64, u32)>,
    count: usize,
    out: &mut Turnover,
) {
    for ((_, i), (_, k)) in seekers.drain(..count).zip(posts.drain(..count)) {
        let person = &mut persons[i as usize];
        let plant = &mut plants[k as usize];
        person.employer = first + k;
        person.status = Status::Employed;
        person.tenure_ticks = 0;
        plant.vacancies[post_skill] -= 1;
        plant.employees[person.skill as usize] += 1;
        out.hires += 1;
    }
}

/// Wage growth of a tick.
///
/// Equation: `g = slope (u* + c) ((u* + c) / (u + c) - 1) / ticks_per_year`: convex, so that tight markets raise wages
/// more than slack ones lower them.
/// Source: Blanchflower and Oswald (1994), wage curve; in trend units expected inflation is at target. The offset `c`
/// is ours: it bounds the slope where normal unemployment is very low.
#[must_use]
pub fn wage_growth(unemployment: f64, normal: f64, p: &crate::parameters::list::Labour, ticks_per_year: f64) -> f64 {
    let level = normal + p.wage_curve_offset;
    p.wage_curve_slope * level * (level / (unemployment + p.wage_curve_offset) - 1.0) / ticks_per_year
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_vacancies_replace_separations() {
        let (u, s, l) = (0.05, 0.02, 1.27);
        let open = steady_vacancy_rate(u, s, l);
        let hires = s * (1.0 - u);
        let found = matches(u + hires, open * (1.0 - u) + hires, l);
        assert!((found - hires).abs() < 1e-12, "{found} {hires}");
    }

    #[test]
    fn vacancies_follow_the_mix() {
        assert_eq!(vacancies_by_skill(&[1, 1, 0], &[2, 2, 1], 5), [1, 1, 1]);
        assert_eq!(vacancies_by_skill(&[5, 0, 0], &[1, 0, 0], 3), [0, 0, 0]);
    }
}
