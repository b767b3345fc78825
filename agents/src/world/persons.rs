//! The first persons: deciles, skills, who is in work and who is not, who works where.

use engine::money::round_half_even;
use engine::rng::{Streams, normal, unit};
use rayon::prelude::*;

use super::base::Base;
use super::households::apportion;
use super::stream;
use super::table::Table as Calibration;
use crate::components::{Household, Members, Person, Status};
use crate::geography::{DECILES, Geography, NONE, SKILLS, split_spans};
use crate::households::posts::Posts;
use crate::parameters::Parameters;
use crate::parameters::list::Labour;
use crate::state::Settings;

/// Scale of the logistic spread of log ability within a firm.
const ABILITY_SPREAD: f64 = 0.4;

/// Standard deviation of log ability that placement does not see: as sorted as hiring leaves it, so that turnover neither
/// raises nor lowers what a decile earns (with 0.3 the poor gained and rich lost in two years).
const PLACEMENT_NOISE: f64 = 1.0;

/// Jobs a zone offers: `(firm, staff)` for each firm of the zone in id order.
pub type ZoneJobs = Vec<(u32, u32)>;

/// Decile of the `index`-th household of a zone of `count`.
fn decile_of(index: usize, count: usize) -> usize {
    index * DECILES / count
}

/// Chances of low and high skill in a decile: skill follows income rank with uniform noise, so a chance is the part of the noise's
/// range beyond a threshold, cut off at zero and one. Without noise the threshold decides.
fn skill_chances(decile: usize, p: &Labour) -> [f64; SKILLS] {
    let (rank, noise) = ((decile as f64 + 0.5) / 10.0, p.skill_noise.max(1e-9));
    let low = ((p.low_skill_share - rank) / noise + 0.5).clamp(0.0, 1.0);
    let high = ((rank - 1.0 + p.high_skill_share) / noise + 0.5).clamp(0.0, 1.0);
    [low, (1.0 - low - high).max(0.0), high]
}

/// Weight of a decile in the labour force: participation rises with income.
fn participation(decile: usize) -> f64 {
    0.6 + 0.8 * (decile as f64 + 0.5) / 10.0
}

/// Labour force by skill, shares that sum to one.
#[must_use]
pub fn labour_force_by_skill(p: &Labour) -> [f64; SKILLS] {
    let mut force = [0.0; SKILLS];
    for d in 0..DECILES {
        for (sum, chance) in force.iter_mut().zip(skill_chances(d, p)) {
            *sum += participation(d) * chance;
        }
    }
    let total: f64 = force.iter().sum();
    force.map(|x| x / total)
}

/// Creates persons with skill, efficiency and labour status, and their households, one each, with a decile; jobs are given out
/// afterwards.
///
/// The labour force rises with the decile, skill follows the decile with noise, unemployment and its duration are those
/// of the region's labour market at rest; wages are proportional to the decile's income share per employed person.
#[must_use]
pub fn create_persons(
    geography: &Geography,
    base: &Base,
    c: &Calibration,
    p: &Parameters,
    settings: &Settings,
    zone_jobs: &[i64],
) -> (Vec<Person>, Vec<Household>) {
    let mut persons = vec![Person::default(); geography.persons];
    let alone = Household { members: Members::of(1), ..Household::default() };
    let mut households = vec![alone; geography.households];
    let streams = Streams::new(settings.seed);
    let pieces = split_spans(&mut persons, &geography.person_spans(), 1);
    let homes = split_spans(&mut households, &geography.household_spans(), 1);
    pieces.into_par_iter().zip(homes).enumerate().for_each(|(z, (piece, homes))| {
        let zone = &geography.zones[z];
        let region = zone.region as usize;
        let market = &base.regions[region].market;
        let count = piece.len();
        let u = base.regions[region].unemployment_rate;
        let unemployed = round_half_even(zone_jobs[z] as f64 * u / (1.0 - u));
        let mut sizes = [0; DECILES];
        (0..count).for_each(|i| sizes[decile_of(i, count)] += 1);
        let weights: Vec<f64> = (0..DECILES).map(|d| participation(d) * sizes[d] as f64).collect();
        let force = capped(zone_jobs[z] + unemployed, &weights, &sizes);
        let mut seen = [0usize; DECILES];
        let mut by_skill: [Vec<(u64, u32)>; SKILLS] = Default::default();
        for (i, person) in piece.iter_mut().enumerate() {
            let d = decile_of(i, count);
            let words = streams.draws::<4>(stream::POPULATION, 0, u64::from(zone.persons.start) + i as u64);
            let chances = skill_chances(d, &p.labour);
            let draw = unit(words[0]);
            homes[i].decile = d as u8;
            person.skill = if draw < chances[0] { 0 } else { 2 - u8::from(draw < chances[0] + chances[1]) };
            person.efficiency = engine::math::exp(p.labour.wage_dispersion * normal(words[1], words[2])) as f32;
            person.employer = NONE;
            if seen[d] < force[d] {
                by_skill[person.skill as usize].push((words[3], i as u32));
            }
            seen[d] += 1;
        }
        let idle = idle_by_skill(unemployed, &market.unemployment, &by_skill.each_ref().map(Vec::len));
        let mut jobs = [0u32; DECILES];
        for (s, people) in by_skill.iter_mut().enumerate() {
            people.sort_unstable();
            let idle = idle[s];
            for (rank, &(_, i)) in people.iter().enumerate() {
                let person = &mut piece[i as usize];
                if rank < idle {
                    person.status = Status::Unemployed;
                    person.tenure_ticks = quantile(&market.duration[s], (rank as f64 + 0.5) / idle as f64);
                } else {
                    person.status = Status::Employed;
                    let level = ((rank - idle) as f64 + 0.5) / (people.len() - idle) as f64;
                    person.post = s as u8 - u8::from(level < market.downgraded[s]);
                    jobs[homes[i as usize].decile as usize] += 1;
                }
            }
        }
        for (person, home) in piece.iter_mut().zip(homes) {
            let d = home.decile as usize;
            let share = c.income_share(region, d) * sizes[d] as f64 / f64::from(jobs[d].max(1));
            person.efficiency = (share * f64::from(person.efficiency)) as f32;
        }
    });
    (persons, households)
}

/// Unemployed by skill: in proportion to rate and number, but no more than there are of a skill, and by number alone where
/// no skill is at risk (nobody is dismissed, and yet some are unemployed in the base year).
fn idle_by_skill(unemployed: i64, rates: &[f64; SKILLS], people: &[usize; SKILLS]) -> Vec<usize> {
    let at_rate = |rate: &dyn Fn(usize) -> f64| (0..SKILLS).map(|s| rate(s) * people[s] as f64).collect::<Vec<f64>>();
    let mut risk = at_rate(&|s| rates[s]);
    if risk.iter().sum::<f64>() <= 0.0 {
        risk = at_rate(&|_| 1.0);
    }
    capped(unemployed, &risk, people)
}

/// First index at which the cumulated shares exceed `level`.
fn quantile(shares: &[f64], level: f64) -> u16 {
    let mut sum = 0.0;
    let below = shares.iter().take_while(|&&share| {
        sum += share;
        sum <= level
    });
    // Shares may add up to a little less than one: the last.
    below.count().min(shares.len() - 1) as u16
}

/// Apportions `total` by weights under caps.
fn capped(total: i64, weights: &[f64], room: &[usize]) -> Vec<usize> {
    let mut given: Vec<usize> =
        apportion(total, weights).iter().zip(room).map(|(w, r)| (*w as usize).min(*r)).collect();
    let mut left = total as usize - given.iter().sum::<usize>();
    for d in (0..given.len()).rev() {
        let extra = left.min(room[d] - given[d]);
        given[d] += extra;
        left -= extra;
    }
    assert!(left == 0, "a zone has a larger labour force than persons");
    given
}

/// Posts side by side among which those who have climbed are given the ones that pay more, where households are units. Chosen.
const LADDER: usize = 60;

/// Gives each job of a zone to a person: better-paid industries employ abler persons, and every firm a spread of ability
/// around its industry's, as [`crate::markets::labour`] keeps it when persons come and go.
///
/// # Panics
/// If a zone has another number of posts than of employed persons.
pub fn assign_jobs(
    geography: &Geography,
    base: &Base,
    settings: &Settings,
    (jobs, firm_industry): (&[ZoneJobs], &[u16]),
    ladder: Option<(&[Posts], &[f64])>,
    persons: &mut [Person],
) {
    let streams = Streams::new(settings.seed);
    let pieces = split_spans(persons, &geography.person_spans(), 1);
    pieces.into_par_iter().enumerate().for_each(|(z, piece)| {
        let zone = &geography.zones[z];
        let b = &base.regions[zone.region as usize];
        let mut posts: Vec<(f64, u32)> = Vec::new();
        for &(firm, staff) in &jobs[z] {
            let j = firm_industry[firm as usize] as usize;
            let wage = engine::math::ln(b.compensation[j] / b.employment[j]);
            for k in 0..staff {
                // Quantiles of a logistic distribution: a small firm has persons near the middle.
                let rank = (f64::from(k) + 0.5) / f64::from(staff);
                posts.push((wage + ABILITY_SPREAD * engine::math::ln(rank / (1.0 - rank)), firm));
            }
        }
        let mut people: Vec<(f64, u32)> = piece
            .iter()
            .enumerate()
            .filter(|(_, p)| p.status == Status::Employed)
            .map(|(i, p)| {
                let words = streams.draws::<2>(stream::PLACEMENT, 0, u64::from(zone.persons.start) + i as u64);
                (engine::math::ln(f64::from(p.efficiency)) + PLACEMENT_NOISE * normal(words[0], words[1]), i as u32)
            })
            .collect();
        posts.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        people.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        assert!(posts.len() == people.len(), "as many posts as employed persons");
        if let Some((ladders, held)) = ladder {
            let ladder = &ladders[zone.region as usize];
            let pays = |firm: u32| {
                let j = firm_industry[firm as usize] as usize;
                ladder.premium(firm, b.compensation[j] / b.employment[j], settings.seed)
            };
            let held = |i: u32| held[zone.persons.start as usize + i as usize];
            for (posts, people) in posts.chunks_mut(LADDER).zip(people.chunks_mut(LADDER)) {
                posts.sort_by(|a, b| pays(a.1).total_cmp(&pays(b.1)).then(a.1.cmp(&b.1)));
                people.sort_by(|a, b| held(a.1).total_cmp(&held(b.1)).then(a.1.cmp(&b.1)));
            }
        }
        for ((_, firm), (_, i)) in posts.iter().zip(&people) {
            piece[*i as usize].employer = *firm;
        }
    });
}

/// Scales abilities so that their sum over employed persons is the region's wage bill; returns the scale of every region.
#[must_use]
pub fn scale_abilities(geography: &Geography, base: &Base, p: &Parameters, persons: &mut [Person]) -> Vec<f64> {
    let one = |(r, region): (usize, &crate::geography::Region)| {
        let piece = &mut persons[region.persons.range()];
        let bill = base.regions[r].compensation.iter().sum::<f64>() / (1.0 + p.government.social_rate);
        let employed = piece.iter().filter(|x| x.status == Status::Employed);
        let scale = bill / employed.map(|x| f64::from(x.efficiency)).sum::<f64>();
        for x in piece.iter_mut() {
            x.efficiency = (f64::from(x.efficiency) * scale) as f32;
        }
        scale
    };
    geography.regions.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unemployed_are_as_many_whatever_the_rates() {
        for (unemployed, rates, people, expected) in [
            (6, [0.1, 0.05, 0.05], [20, 40, 40], [2, 2, 2]),
            // Nobody is at risk, or only a skill that few have.
            (6, [0.0, 0.0, 0.0], [20, 40, 0], [2, 4, 0]),
            (6, [0.0, 0.0, 0.5], [20, 40, 3], [0, 3, 3]),
            (6, [0.9, 0.0, 0.0], [2, 1, 40], [2, 0, 4]),
            (0, [0.0, 0.0, 0.0], [0, 0, 0], [0, 0, 0]),
        ] {
            let idle = idle_by_skill(unemployed, &rates, &people);
            assert_eq!(idle, expected, "{rates:?} {people:?}");
        }
    }
}
