//! Who leaves a job: those at work side by side, and the draw among them.

use engine::rng::{hash, unit};

use super::lots::{Lot, struck};
use crate::components::{Person, Plant, Status};

/// Somebody at work in a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Job {
    /// Chance to leave in the tick.
    pub risk: f64,
    /// Person of the zone.
    pub person: u32,
    /// Plant of the zone.
    pub plant: u32,
    /// Ability, money a tick.
    pub ability: f32,
}

/// The persons of a zone by whether they work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stock {
    /// Those at work.
    pub jobs: Vec<Job>,
    /// The others, persons of the zone.
    pub idle: Vec<u32>,
}

impl Stock {
    /// Of persons, given the id of the first plant and the chance of each to leave a job but for layoffs; then everybody is a tick longer in the
    /// job, or without one.
    ///
    /// Written to both lists whoever it is: a branch that goes either way for two in five costs more.
    #[must_use]
    pub fn take(persons: &mut [Person], first: u32, risk: impl Fn(usize, &Person) -> f64) -> Self {
        let (mut jobs, mut idle) = (vec![Job::default(); persons.len() + 1], vec![0; persons.len() + 1]);
        let (mut working, mut others) = (0, 0);
        for (i, person) in persons.iter_mut().enumerate() {
            let plant = person.employer.wrapping_sub(first);
            jobs[working] = Job { risk: risk(i, person), person: i as u32, plant, ability: person.efficiency };
            idle[others] = i as u32;
            let works = usize::from(person.status == Status::Employed);
            working += works;
            others += 1 - works;
            person.tenure_ticks = person.tenure_ticks.saturating_add(1);
        }
        jobs.truncate(working);
        idle.truncate(others);
        Self { jobs, idle }
    }
}

/// What plants make of the risk of their staff.
pub struct Terms {
    /// Nothing where a single agent works, else one.
    shared: Vec<f64>,
    /// Share of the staff laid off.
    laid_off: Vec<f64>,
}

impl Terms {
    /// Of the plants of a zone.
    #[must_use]
    pub fn of(plants: &[Plant]) -> Self {
        let several = |x: &Plant| x.employees.iter().sum::<u32>() != 1;
        Self {
            shared: plants.iter().map(|x| f64::from(u8::from(several(x)))).collect(),
            laid_off: plants.iter().map(|x| f64::from(x.layoff_rate)).collect(),
        }
    }

    /// Draws who leaves, and returns the ability of each plant's remaining staff.
    ///
    /// An agent stands for thousands of persons, so of a zone and of every plant as many leave as expected, to the nearest
    /// agent, and chance only says who: the probabilities are laid end to end, plant by plant, and those leave on whom a
    /// point at the whole numbers plus `start` falls (systematic sampling, Madow 1949). A plant with a single agent does not
    /// lose it to chance; the others of the zone leave as much oftener, so that the zone's expected number stays.
    pub fn draw(&self, jobs: &mut [Job], start: f64, mut leaves: impl FnMut(&Job)) -> Vec<f64> {
        self.load(jobs);
        let mut level = vec![0.0; self.shared.len() + 1];
        for job in jobs.iter() {
            level[job.plant as usize + 1] += job.risk;
        }
        for plant in 1..level.len() {
            level[plant] += level[plant - 1];
        }
        let mut ability = vec![0.0; self.shared.len()];
        let points = |upto: f64| (upto + 1.0 - start) as i64;
        for job in jobs.iter() {
            let at = job.plant as usize;
            let before = points(level[at]);
            level[at] += job.risk;
            if points(level[at]) > before {
                leaves(job);
            } else {
                ability[at] += f64::from(job.ability);
            }
        }
        ability
    }

    /// Draws who leaves where people have careers, and which of them for a life outside the labour force, given both lots of a person, the second
    /// by the share of the staff laid off: as [`Terms::draw`], but the same people in worlds that differ in little ([`struck`]). Plants that lay off
    /// lose as many as they lay off, the others of the zone as many as expected together. Returns the ability of each plant's remaining staff.
    pub fn draw_the_same(
        &self,
        jobs: &mut [Job],
        start: u64,
        (ending, leaving): (impl Fn(&Job) -> Lot, impl Fn(&Job, f64) -> Lot),
        mut leaves: impl FnMut(&Job, bool),
    ) -> Vec<f64> {
        self.load(jobs);
        let lays_off = |job: &Job| self.laid_off[job.plant as usize] > 0.0;
        // Among all the others, who works at a plant that lays off has no chance.
        let calm = jobs.iter().map(|job| if lays_off(job) { Lot::default() } else { ending(job) });
        let mut gone = struck(calm, unit(start));
        let mut shrinking: Vec<usize> = (0..jobs.len()).filter(|&k| lays_off(&jobs[k])).collect();
        shrinking.sort_by_key(|&k| jobs[k].plant);
        for staff in shrinking.chunk_by(|&a, &b| jobs[a].plant == jobs[b].plant) {
            let lots = staff.iter().map(|&k| ending(&jobs[k]));
            let struck = struck(lots, unit(hash(start, jobs[staff[0]].plant.into(), 1)));
            gone.extend(struck.into_iter().map(|at| staff[at]));
        }
        gone.sort_unstable();
        let lots = gone.iter().map(|&k| leaving(&jobs[k], self.laid_off[jobs[k].plant as usize]));
        let mut left = struck(lots, unit(hash(start, 0, 2))).into_iter().peekable();
        let (mut gone, mut ability) = (gone.into_iter().enumerate().peekable(), vec![0.0; self.shared.len()]);
        for (k, job) in jobs.iter().enumerate() {
            match gone.next_if(|&(_, of)| of == k) {
                Some((at, _)) => leaves(job, left.next_if_eq(&at).is_some()),
                None => ability[job.plant as usize] += f64::from(job.ability),
            }
        }
        ability
    }

    /// Makes chances those of a plant: where a single agent works none but to be laid off, at the others of the zone the greater.
    fn load(&self, jobs: &mut [Job]) {
        let (mut all, mut of_several) = (0.0, 0.0);
        for job in jobs.iter() {
            all += job.risk;
            of_several += self.shared[job.plant as usize] * job.risk;
        }
        let oftener = if of_several > 0.0 { all / of_several } else { 1.0 };
        for job in jobs.iter_mut() {
            let plant = job.plant as usize;
            job.risk = (self.shared[plant] * (oftener * job.risk) + self.laid_off[plant]).min(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geography::NONE;

    #[test]
    fn as_many_leave_as_expected_and_none_who_is_alone() {
        let person = |employer, status| Person { employer, status, efficiency: 2.0, ..Person::default() };
        let mut persons = vec![person(NONE, Status::Inactive), person(7, Status::Employed)];
        persons.extend(vec![person(8, Status::Employed); 40]);
        persons.push(person(NONE, Status::Unemployed));
        let mut stock = Stock::take(&mut persons, 7, |i, _| if i == 41 { 0.15 } else { 0.1 });
        assert_eq!((stock.jobs.len(), &stock.idle[..]), (41, &[0, 42][..]));
        let plant = |staff| Plant { employees: [staff, 0, 0], ..Plant::default() };
        let terms = Terms::of(&[plant(1), plant(40), plant(0)]);
        for start in [0.1, 0.6] {
            let (mut gone, mut jobs) = (vec![], stock.jobs.clone());
            let ability = terms.draw(&mut jobs, start, |job| gone.push(*job));
            // 4.15 are expected: four, and a fifth if a point falls on the rest.
            assert_eq!(gone.len(), 4 + usize::from(start < 0.15));
            assert!(gone.iter().all(|job| job.plant == 1));
            assert_eq!(ability, [2.0, 2.0 * (40 - gone.len()) as f64, 0.0]);
        }
        // All of a plant that lays off everybody.
        let terms = Terms::of(&[plant(1), Plant { layoff_rate: 1.0, ..plant(40) }]);
        let mut gone = 0;
        terms.draw(&mut stock.jobs, 0.5, |_| gone += 1);
        assert_eq!(gone, 40);
    }

    #[test]
    fn plants_that_lay_off_lose_as_many_as_they_lay_off() {
        let plant = |staff, layoff_rate| Plant { employees: [staff, 0, 0], layoff_rate, ..Plant::default() };
        let terms = Terms::of(&[plant(20, 0.25), plant(80, 0.0), plant(1, 0.0)]);
        let job = |k: u32| Job { risk: 0.05, person: k, plant: u32::from(k >= 20) + u32::from(k >= 100), ability: 1.0 };
        let ending = |job: &Job| Lot { chance: job.risk, drawn: unit(hash(4, job.person.into(), 0)) };
        // Of those laid off nobody leaves for another life, of the others half.
        let leaving = |_: &Job, laid_off: f64| Lot { chance: if laid_off > 0.0 { 0.0 } else { 0.5 }, drawn: 0.1 };
        let gone = |start| {
            let mut jobs: Vec<Job> = (0..101).map(job).collect();
            let mut gone: Vec<(Job, bool)> = vec![];
            let ability = terms.draw_the_same(&mut jobs, start, (ending, leaving), |job, left| gone.push((*job, left)));
            let count = |plant: u32| gone.iter().filter(|(job, _)| job.plant == plant).count();
            assert_eq!(ability, [20.0 - count(0) as f64, 80.0 - count(1) as f64, 1.0]);
            let left = gone.iter().filter(|x| x.1).count();
            assert!(left == 2 || left == 3 && count(1) == 5, "{left}");
            assert!(gone.iter().all(|(job, left)| !left || job.plant == 1));
            [0, 1, 2].map(count)
        };
        for start in 0..8 {
            // 20 (0.25 + 0.0505) are 6.01 and 80 x 0.0505 are 4.04; of the others as many as if there were no plant of a single agent.
            let [shrinking, calm, alone] = gone(start);
            assert!(
                (6..=7).contains(&shrinking) && (4..=5).contains(&calm) && alone == 0,
                "{shrinking} {calm} {alone}"
            );
        }
    }
}
