//! Jobs: separations, vacancies and matching by skill, person by person within each zone.

use std::collections::VecDeque;

use bevy_ecs::prelude::{Query, Res, ResMut};
use engine::columns::columns_mut;
use engine::rng::{Streams, hash, unit};
use rayon::prelude::*;

use super::careers::Risks;
use super::courses;
use super::displacement::Displacement;
use super::resting::{matches, separation_factor};
use super::separations::{Job, Stock, Terms};
use crate::components::{Career, Person, Plant, Status};
use crate::geography::{NONE, SKILLS, split_spans};
use crate::given::Given;
use crate::households::lives::{Folk, Lives};
use crate::parameters::Parameters;
use crate::state::Regions;
use crate::tally::Tally;
use crate::world::stream;

/// Persons to hire of each skill, for a staff of `desired` persons in the proportions of `mix`.
///
/// The staff of each skill is rounded at a fixed point in [0, 1) of the firm, so that over many firms posts have the
/// mix's proportions. Where one skill is over its staff, the posts left go to the largest gaps.
#[must_use]
pub fn vacancies_by_skill(employees: &[u32; SKILLS], mix: &[u32; SKILLS], desired: u32, dither: f64) -> [u32; SKILLS] {
    let mut open = desired.saturating_sub(employees.iter().sum());
    let mut out = [0; SKILLS];
    if open == 0 {
        return out;
    }
    let scale = f64::from(desired) / f64::from(mix.iter().sum::<u32>().max(1));
    let (mut cumulative, mut below) = (0, dither as u32);
    let mut gap = [0i64; SKILLS];
    for s in 0..SKILLS {
        cumulative += mix[s];
        let upto = (scale * f64::from(cumulative) + dither) as u32;
        gap[s] = i64::from(upto - below) - i64::from(employees[s]);
        below = upto;
    }
    while open > 0 {
        let most = (0..SKILLS).fold(0, |best, s| if gap[s] > gap[best] { s } else { best });
        out[most] += 1;
        gap[most] -= 1;
        open -= 1;
    }
    out
}

/// Pay due to a person whose plant gave its work away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeverancePay {
    /// Household.
    pub person: u32,
    /// Plant that owes it.
    pub plant: u32,
    /// Amount at base-year wages, money.
    pub amount: f64,
}

/// What the labour market of the tick leaves to be paid, by household, ascending. Never saved: it is paid in the same tick.
#[derive(bevy_ecs::prelude::Resource, Clone, Debug, Default)]
pub struct DuePayments {
    /// Severance pay.
    pub severance: Vec<SeverancePay>,
    /// Households that completed a course, for which the government pays them an allowance.
    pub courses: Vec<u32>,
}

/// Counts of a zone's labour market in a tick.
#[derive(Clone, Copy, Default)]
struct Turnover {
    separations: u32,
    hires: u32,
    /// From post to post.
    moves: u32,
    unemployed: u32,
    labour_force: u32,
    /// Unemployed and labour force by skill.
    by_skill: [[u32; 2]; SKILLS],
    vacancies: u32,
}

/// System: separations, then matching by skill; persons and plants of a zone change together.
pub fn clear_labour_market(
    given: Given,
    mut regions: ResMut<Regions>,
    mut tally: ResMut<Tally>,
    lives: Res<Lives>,
    mut folk: Folk,
    mut plants: Query<&mut Plant>,
    mut due: ResMut<DuePayments>,
) {
    let geography = &given.geography;
    let plants = columns_mut(&mut plants);
    let risks: Vec<Risks> = lives
        .regions
        .iter()
        .zip(&regions.states)
        .map(|(life, state)| Risks::of(life, &given.settings, given.tick.0).among(&state.labour.by_skill))
        .collect();
    let turnover: Vec<(Turnover, DuePayments)> = folk
        .by_zone(geography)
        .into_par_iter()
        .zip(split_spans(plants, &geography.firm_spans(), 1))
        .enumerate()
        .map(|(z, (people, plants))| {
            let zone = &geography.zones[z];
            let market = Zone {
                persons: people.persons,
                units: risks.get(zone.region as usize).map(|risks| Units { risks, careers: people.careers }),
                plants,
                first: zone.firms.start,
                turnover: Turnover::default(),
                first_person: zone.persons.start,
                severance: vec![],
            };
            market.clear(&given, z)
        })
        .collect();
    *due = DuePayments::default();
    let turnover: Vec<Turnover> = turnover
        .into_iter()
        .map(|(turnover, zone)| {
            due.severance.extend(zone.severance);
            due.courses.extend(zone.courses);
            turnover
        })
        .collect();
    for (r, region) in geography.regions.iter().enumerate() {
        let mut sum = Turnover::default();
        for t in &turnover[region.zones.range()] {
            sum.separations += t.separations;
            sum.hires += t.hires;
            sum.moves += t.moves;
            sum.unemployed += t.unemployed;
            sum.labour_force += t.labour_force;
            sum.vacancies += t.vacancies;
            for (sum, of_zone) in sum.by_skill.iter_mut().flatten().zip(t.by_skill.iter().flatten()) {
                *sum += of_zone;
            }
        }
        tally.separations[r] = sum.separations;
        tally.hires[r] = sum.hires;
        tally.job_moves[r] = sum.moves;
        regions.states[r].labour.unemployment_rate = f64::from(sum.unemployed) / f64::from(sum.labour_force.max(1));
        if !lives.regions.is_empty() {
            let rate = |&[idle, all]: &[u32; 2]| f64::from(idle) / f64::from(all.max(1));
            regions.states[r].labour.by_skill = sum.by_skill.iter().map(rate).collect();
        }
        regions.states[r].labour.vacancy_rate = f64::from(sum.vacancies) / f64::from(sum.labour_force.max(1));
    }
}

/// The persons and plants of a zone while its labour market clears.
struct Zone<'a> {
    persons: &'a mut [Person],
    /// Careers, where households are units.
    units: Option<Units<'a>>,
    plants: &'a mut [Plant],
    /// Id of the first plant.
    first: u32,
    turnover: Turnover,
    /// Id of the first person.
    first_person: u32,
    severance: Vec<SeverancePay>,
}

/// Candidates or posts in drawn order: a random key and the position in the zone.
type Drawn = Vec<(u64, u32)>;

/// The careers of a zone's persons, and what changes them.
struct Units<'a> {
    risks: &'a Risks<'a>,
    careers: &'a mut [Career],
}

impl Zone<'_> {
    /// Separations and layoffs, matching, courses; what persons and plants are left with is counted.
    fn clear(mut self, given: &Given, z: usize) -> (Turnover, DuePayments) {
        let (settings, tick, p) = (&given.settings, given.tick.0, &given.p);
        let region = given.geography.zones[z].region as usize;
        let [word] = Streams::new(settings.seed).draws::<1>(stream::SEPARATION, tick, z as u64);
        self.plan_layoffs();
        let usual = given.base.regions[region].separation_rate;
        let Stock { mut jobs, idle } =
            self.take_stock(&std::array::from_fn(|s| separation_factor(s as u8, &p.labour) * usual));
        let (mut ability, mut gone) = self.separate(&mut jobs, word);
        if let Some(displacement) = Displacement::of(given, region) {
            self.displace(displacement, &jobs, &mut ability, &mut gone);
        }
        let key = hash(settings.seed, u64::from(tick), (z as u64) << 8 | u64::from(stream::MATCHING.id()));
        let outside = self.units.as_ref().map_or(vec![], |Units { risks, careers }| {
            risks.participate((self.first_person.into(), self.persons, careers), &idle, hash(key, 0, 6))
        });
        // Rule: whoever is a unit looks around for a month first.
        let just_gone = if self.units.is_some() { &[][..] } else { &gone };
        let searches = |&&i: &&u32| {
            let person = &self.persons[i as usize];
            person.status == Status::Unemployed && (self.units.is_none() || person.tenure_ticks > 0)
        };
        let seeking: Vec<u32> = idle.iter().filter(searches).chain(just_gone).chain(&outside).copied().collect();
        let months = settings.months_per_tick();
        self.match_persons((&ability, &seeking), p, months, key, settings.seed);
        let share = settings.monthly(given.measures().skills_programme[region]);
        let courses = if share > 0.0 {
            courses::complete(self.persons, self.first_person, share, settings.seed, tick)
        } else {
            vec![]
        };
        let mut out = self.turnover;
        let mut counts = [[0; SKILLS + 1]; 4];
        for person in self.persons.iter() {
            counts[person.status as usize][person.skill as usize] += 1;
        }
        for (k, of_skill) in out.by_skill.iter_mut().enumerate() {
            let idle = counts[Status::Unemployed as usize][k];
            *of_skill = [idle, idle + counts[Status::Employed as usize][k]];
        }
        out.unemployed = out.by_skill.iter().map(|x| x[0]).sum();
        out.labour_force = out.by_skill.iter().map(|x| x[1]).sum();
        for plant in self.plants.iter_mut() {
            plant.labour = f64::from(plant.employees.iter().sum::<u32>());
        }
        out.vacancies = self.plants.iter().map(|x| x.vacancies.iter().sum::<u32>()).sum();
        (out, DuePayments { severance: self.severance, courses })
    }

    /// Plants lay off the staff they have beyond what they desire, as a share of it.
    fn plan_layoffs(&mut self) {
        for plant in self.plants.iter_mut() {
            let present: u32 = plant.employees.iter().sum();
            let excess = present.saturating_sub(plant.employees_desired);
            plant.layoff_rate = if present > 0 { (f64::from(excess) / f64::from(present)) as f32 } else { 0.0 };
        }
    }

    /// Careers go on; then those with and without a job, with the chance of leaving it but for layoffs; everybody is a tick longer in it.
    fn take_stock(&mut self, separation: &[f64; SKILLS]) -> Stock {
        match &mut self.units {
            None => Stock::take(self.persons, self.first, |_, person| separation[person.skill as usize]),
            Some(Units { risks, careers }) => {
                risks.advance(self.first_person.into(), self.persons, careers);
                Stock::take(self.persons, self.first, |i, person| risks.ends_at_all(person, &careers[i]))
            }
        }
    }

    /// Persons leave their jobs with the separation or layoff probability of their plant ([`Terms::draw`]). Returns the ability of
    /// each plant's remaining staff, and who is gone, persons of the zone.
    fn separate(&mut self, jobs: &mut [Job], start: u64) -> (Vec<f64>, Vec<u32>) {
        let (terms, mut gone) = (Terms::of(self.plants), vec![]);
        let ability = match &self.units {
            None => terms.draw(jobs, unit(start), |job| gone.push((*job, false))),
            Some(Units { risks, careers }) => {
                let id = |job: &Job| u64::from(self.first_person + job.person);
                let leaving = |job: &Job, laid_off| {
                    let at = job.person as usize;
                    risks.leaving(id(job), laid_off, &self.persons[at], &careers[at])
                };
                let ending = |job: &Job| risks.ending(id(job), job.risk);
                terms.draw_the_same(jobs, start, (ending, leaving), |job, left| gone.push((*job, left)))
            }
        };
        for (job, left) in &gone {
            self.end_job(job, *left);
        }
        (ability, gone.into_iter().map(|(job, _)| job.person).collect())
    }

    /// The job of a person ends, who has left it for a life outside the labour force or lost it.
    fn end_job(&mut self, job: &Job, left: bool) {
        let person = &mut self.persons[job.person as usize];
        let plant = &mut self.plants[job.plant as usize];
        plant.employees[person.post as usize] -= 1;
        let id = self.first_person + job.person;
        if plant.severance > 0.0 {
            let amount = f64::from(plant.severance * person.efficiency);
            self.severance.push(SeverancePay { person: id, plant: person.employer, amount });
        }
        person.status = match &mut self.units {
            None => Status::Unemployed,
            Some(Units { risks, careers }) => risks.end(left, person, &mut careers[job.person as usize]),
        };
        (person.employer, person.tenure_ticks) = (NONE, 0);
        self.turnover.separations += 1;
    }

    /// Whoever a measure displaces loses the job; pensioners are not asked. What is left of the ability of staffs and who is gone follow.
    fn displace(&mut self, displacement: Displacement, jobs: &[Job], ability: &mut [f64], gone: &mut Vec<u32>) {
        for job in jobs {
            let at = job.person as usize;
            let retired = self.units.as_ref().is_some_and(|units| units.careers[at].retired);
            if !retired && displacement.strikes(self.first_person + job.person, &self.persons[at]) {
                self.end_job(job, false);
                ability[job.plant as usize] -= f64::from(job.ability);
                gone.push(job.person);
            }
        }
        self.severance.sort_unstable_by_key(|pay| pay.person);
    }

    /// Those at work who are offered a post that pays more move on; what they leave is open.
    fn climb(&mut self, posts: &mut [Drawn; SKILLS], seed: u64) {
        let Some(Units { risks, careers }) = &mut self.units else { return };
        let premiums = risks.premiums(self.first, self.plants, seed);
        let mut queues: [VecDeque<(u64, u32)>; SKILLS] = posts.each_mut().map(|list| std::mem::take(list).into());
        for (i, id) in (u64::from(self.first_person)..).take(self.persons.len()).enumerate() {
            // The draw first: of nearly all nothing else is asked.
            if !risks.may_be_offered(id) {
                continue;
            }
            let person = &mut self.persons[i];
            let (queue, post) = (&mut queues[person.post as usize], person.post as usize);
            if person.status != Status::Employed || queue.is_empty() || !risks.is_offered(id, person, &careers[i]) {
                continue;
            }
            let Some((key, to)) = queue.pop_front() else { continue };
            let from = person.employer - self.first;
            if premiums[to as usize] <= premiums[from as usize] {
                queue.push_back((key, to));
                continue;
            }
            for (plant, hired) in [(from, false), (to, true)] {
                let plant = &mut self.plants[plant as usize];
                if hired {
                    plant.employees[post] += 1;
                    plant.vacancies[post] -= 1;
                } else {
                    plant.employees[post] -= 1;
                    if plant.employees.iter().sum::<u32>() + plant.vacancies.iter().sum::<u32>()
                        < plant.employees_desired
                    {
                        plant.vacancies[post] += 1;
                        queue.push_back((key, from));
                    }
                }
            }
            risks.hire(id, person, &careers[i]);
            (person.employer, person.tenure_ticks) = (self.first + to, 0);
            self.turnover.moves += 1;
        }
        *posts = queues.map(Into::into);
    }

    /// Pairs unemployed persons with vacancies skill by skill, then offers what is left one skill lower. `key` is the
    /// tick's, `fixed` the run's; `ability` is that of each plant's present staff.
    fn match_persons(
        &mut self,
        (ability, seeking): (&[f64], &[u32]),
        p: &Parameters,
        months: f64,
        key: u64,
        fixed: u64,
    ) {
        let mut seekers: [Drawn; SKILLS] = Default::default();
        for &i in seeking {
            let person = &self.persons[i as usize];
            let place = match &self.units {
                None => hash(key, u64::from(i), 1),
                Some(units) => units.risks.place(u64::from(self.first_person + i), person),
            };
            seekers[person.skill as usize].push((place, i));
        }
        let [mut posts, mut urgent]: [[Drawn; SKILLS]; 2] = Default::default();
        let mut asked = vec![0.0; self.plants.len()];
        for (k, plant) in self.plants.iter_mut().enumerate() {
            let dither = unit(hash(fixed, u64::from(self.first) + k as u64, 78));
            plant.vacancies = vacancies_by_skill(&plant.employees, &plant.skill_mix, plant.employees_desired, dither);
            asked[k] = ability_asked(plant, ability[k]);
            let posts = if p.households.demography && is_urgent(plant) { &mut urgent } else { &mut posts };
            for (s, posts) in posts.iter_mut().enumerate() {
                for n in 0..plant.vacancies[s] {
                    posts.push((hash(key, k as u64, 2 + u64::from(n) * 8 + s as u64), k as u32));
                }
            }
        }
        for list in seekers.iter_mut().chain(posts.iter_mut()).chain(urgent.iter_mut()) {
            list.sort_unstable();
        }
        self.climb(&mut posts, fixed);
        for s in 0..SKILLS {
            posts[s].splice(..0, urgent[s].drain(..));
            let count = matched(seekers[s].len(), posts[s].len(), 1.0, p, hash(key, s as u64, 3));
            let (people, jobs) = (seekers[s].drain(..count).collect(), posts[s].drain(..count).collect());
            self.hire(s, people, jobs, &asked);
        }
        if let Some(units) = &self.units {
            // Rule: whoever comes in for a job and finds none goes on looking, but for pensioners.
            for &i in seeking.iter().filter(|&&i| !units.careers[i as usize].retired) {
                let person = &mut self.persons[i as usize];
                if person.status == Status::Inactive {
                    (person.status, person.tenure_ticks) = (Status::Unemployed, 0);
                }
            }
            // Rule: units take no post below their skill, as people alone do not.
            return;
        }
        for s in (1..SKILLS).rev() {
            let ready = |i: u32| f64::from(self.persons[i as usize].tenure_ticks) * months >= p.labour.downgrade_after;
            let waiting: Drawn = seekers[s].iter().copied().filter(|x| ready(x.1)).collect();
            let acceptance = p.labour.downgrade_acceptance;
            let count = matched(waiting.len(), posts[s - 1].len(), acceptance, p, hash(key, s as u64, 4));
            self.hire(s - 1, waiting[..count].to_vec(), posts[s - 1].drain(..count).collect(), &asked);
        }
    }

    /// Fills posts with as many persons: the abler go to the posts that ask for more.
    fn hire(&mut self, post_skill: usize, mut people: Drawn, mut jobs: Drawn, asked: &[f64]) {
        let persons = &*self.persons;
        let able = |i: u32| persons[i as usize].efficiency;
        people.sort_by(|a, b| able(a.1).total_cmp(&able(b.1)).then(a.cmp(b)));
        jobs.sort_by(|a, b| asked[a.1 as usize].total_cmp(&asked[b.1 as usize]).then(a.cmp(b)));
        for ((_, i), (_, k)) in people.into_iter().zip(jobs) {
            let person = &mut self.persons[i as usize];
            let plant = &mut self.plants[k as usize];
            person.employer = self.first + k;
            person.status = Status::Employed;
            person.tenure_ticks = 0;
            if let Some(Units { risks, careers }) = &mut self.units {
                risks.hire(u64::from(self.first_person + i), person, &careers[i as usize]);
            }
            person.post = post_skill as u8;
            plant.vacancies[post_skill] -= 1;
            plant.employees[post_skill] += 1;
            self.turnover.hires += 1;
        }
    }
}

/// Most worker agents of a plant at which one that is missing is filled first.
const FEW: u32 = 4;

/// Whether a plant of few worker agents lacks one.
///
/// Rule: where people are born and age, the post of an agent that is a quarter of the staff or more is filled before others. It stands for thousands
/// of persons, of whom only some would be missing; without the rule an industry of two agents stood at half for months when one retired, and all who
/// buy of it with it. Where nobody ages it is off: posts of larger plants wait the longer for it, and monthly output moved twice as much.
fn is_urgent(plant: &Plant) -> bool {
    plant.employees_desired <= FEW && plant.vacancies.iter().sum::<u32>() == 1
}

/// Ability a plant asks of a new worker so that its staff is as able per head as at the base, money a tick.
fn ability_asked(plant: &Plant, present: f64) -> f64 {
    let count = |x: &[u32; SKILLS]| f64::from(x.iter().sum::<u32>());
    let (staff, open) = (count(&plant.employees), count(&plant.vacancies));
    let wanted = plant.ability / count(&plant.skill_mix).max(1.0) * (staff + open);
    (wanted - present) / open.max(1.0)
}

/// Whole matches: the matching function with its fraction decided by a draw.
fn matched(seekers: usize, vacancies: usize, acceptance: f64, p: &Parameters, word: u64) -> usize {
    let expected = matches(seekers as f64 * acceptance, vacancies as f64, p.labour.matching_curvature);
    ((expected + unit(word)) as usize).min(seekers).min(vacancies)
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
mod tests;
