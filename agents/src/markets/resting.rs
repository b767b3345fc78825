//! Matching of persons and posts, and the labour market at rest.

use engine::math::pow;
use serde::{Deserialize, Serialize};

use crate::geography::SKILLS;
use crate::parameters::list::Labour;

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
pub fn separation_factor(skill: u8, p: &Labour) -> f64 {
    match skill {
        0 => p.separation_low_skill,
        1 => 1.0,
        _ => p.separation_high_skill,
    }
}

/// Vacancies per employed person above which none are tried, a ratio.
const LARGEST_VACANCY_RATE: f64 = 4.0;

/// Vacancy rates tried at most; some fifteen are enough.
const SEARCH_LIMIT: usize = 60;

/// Unemployment rate within which the one asked for is met, a fraction.
const SEARCH_TOLERANCE: f64 = 1e-15;

/// A labour market at rest: the flows of a tick leave every stock where it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RestingMarket {
    /// Vacancies that stay open after matching, per employed person: what firms allow for unfilled posts.
    pub vacancy_rate: f64,
    /// Unemployment rate by skill, a fraction.
    pub unemployment: [f64; SKILLS],
    /// Share of the employed of each skill who hold a post one skill lower.
    pub downgraded: [f64; SKILLS],
    /// Unemployed persons by skill and ticks without a job, shares of the skill's unemployed; the last entry holds all
    /// who would also take a job one skill lower.
    pub duration: [Vec<f64>; SKILLS],
}

engine::content!(RestingMarket { vacancy_rate, unemployment, downgraded, duration });

/// What the flows of a labour market depend on.
#[derive(Clone, Copy, Debug)]
pub struct MarketRates {
    /// Separation probability a tick, by skill.
    separation: [f64; SKILLS],
    /// Labour force by skill, shares.
    labour_force: [f64; SKILLS],
    /// Ticks without a job from which on persons also take a job one skill lower.
    long: usize,
    /// Share of these who would take one.
    downgrade_acceptance: f64,
    /// Curvature of the matching function.
    curvature: f64,
}

engine::content!(MarketRates { separation, labour_force, long, downgrade_acceptance, curvature });

impl MarketRates {
    /// Of a labour market with an average separation probability a tick of so many months, and a labour force by skill.
    #[must_use]
    pub fn new(separation: f64, labour_force: [f64; SKILLS], months: f64, p: &Labour) -> Self {
        Self {
            // Rule: a probability.
            separation: std::array::from_fn(|s| (separation_factor(s as u8, p) * separation).min(1.0)),
            labour_force,
            long: (p.downgrade_after / months).ceil() as usize,
            downgrade_acceptance: p.downgrade_acceptance,
            curvature: p.matching_curvature,
        }
    }
}

impl RestingMarket {
    /// The resting market whose unemployment rate is the given one: the rules of the labour market in expectation,
    /// run to rest for trial vacancy rates. A market run to rest is dear, so the rate is sought by false position.
    ///
    /// Source: Dowell and Jarratt (1971), the Illinois form of false position: an end that stays a second time counts half.
    #[must_use]
    pub fn at(unemployment: f64, rates: MarketRates) -> Self {
        let excess = |vacancy_rate: f64| {
            let (rate, market) = Self::with(vacancy_rate, rates);
            (rate - unemployment, market)
        };
        let ((mut low, mut high), (mut above, market)) = ((0.0, LARGEST_VACANCY_RATE), excess(0.0));
        if above <= 0.0 {
            return market;
        }
        let (mut below, mut market) = excess(high);
        let mut stayed = 0;
        for _ in 0..SEARCH_LIMIT {
            let trial = high - below * (high - low) / (below - above);
            // Beyond reach of all vacancies (not below), or as near as numbers can tell.
            if below >= 0.0 || trial <= low || trial >= high {
                break;
            }
            let (gap, found) = excess(trial);
            market = found;
            if gap.abs() <= SEARCH_TOLERANCE {
                break;
            }
            let side = if gap > 0.0 { 1 } else { -1 };
            if gap > 0.0 {
                (low, above) = (trial, gap);
                below *= if stayed == side { 0.5 } else { 1.0 };
            } else {
                (high, below) = (trial, gap);
                above *= if stayed == side { 0.5 } else { 1.0 };
            }
            stayed = side;
        }
        market
    }

    /// Unemployment rate and market at rest under a vacancy rate.
    fn with(vacancy_rate: f64, rates: MarketRates) -> (f64, Self) {
        let MarketRates { separation, long, curvature, .. } = rates;
        let mut waiting: [Vec<f64>; SKILLS] = std::array::from_fn(|_| vec![0.0; long + 1]);
        // Employed persons by skill, in posts of their own skill and one lower.
        let (mut own, mut lower) = (rates.labour_force, [0.0; SKILLS]);
        for _ in 0..400 {
            let mut posts = [0.0; SKILLS];
            for s in 0..SKILLS {
                posts[s] += (vacancy_rate + separation[s]) * own[s];
                if s > 0 {
                    posts[s - 1] += (vacancy_rate + separation[s]) * lower[s];
                }
                let longest = waiting[s].pop().unwrap_or_default();
                waiting[s].insert(0, separation[s] * (own[s] + lower[s]));
                waiting[s][long] += longest;
            }
            for s in 0..SKILLS {
                let seekers: f64 = waiting[s].iter().sum();
                let found = matches(seekers, posts[s], curvature);
                posts[s] -= found;
                let stay = if seekers > 0.0 { 1.0 - found / seekers } else { 1.0 };
                waiting[s].iter_mut().for_each(|x| *x *= stay);
            }
            for s in (1..SKILLS).rev() {
                let found = matches(waiting[s][long] * rates.downgrade_acceptance, posts[s - 1], curvature);
                waiting[s][long] -= found;
                lower[s] = found / separation[s].max(f64::MIN_POSITIVE);
            }
            for s in 0..SKILLS {
                own[s] = rates.labour_force[s] - waiting[s].iter().sum::<f64>() - lower[s];
            }
        }
        let idle: [f64; SKILLS] = std::array::from_fn(|s| waiting[s].iter().sum());
        let market = Self {
            vacancy_rate,
            unemployment: std::array::from_fn(|s| idle[s] / rates.labour_force[s].max(f64::MIN_POSITIVE)),
            downgraded: std::array::from_fn(|s| lower[s] / (own[s] + lower[s]).max(f64::MIN_POSITIVE)),
            duration: std::array::from_fn(|s| waiting[s].iter().map(|x| x / idle[s].max(f64::MIN_POSITIVE)).collect()),
        };
        (idle.iter().sum::<f64>() / rates.labour_force.iter().sum::<f64>(), market)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> crate::parameters::list::Labour {
        crate::testing::parameters().labour
    }

    fn rates(labour: &Labour) -> MarketRates {
        MarketRates::new(0.02, [0.3, 0.4, 0.3], 1.0, labour)
    }

    #[test]
    fn a_resting_market_has_the_unemployment_asked_for() {
        let p = shipped();
        let market = RestingMarket::at(0.05, rates(&p));
        let mean: f64 = market.unemployment.iter().zip(rates(&p).labour_force).map(|(u, l)| u * l).sum();
        assert!((mean - 0.05).abs() < 1e-9, "{mean}");
        assert!(market.unemployment[0] > market.unemployment[1] && market.unemployment[1] > market.unemployment[2]);
    }

    #[test]
    fn the_search_ends_where_halving_would() {
        let p = shipped();
        for (unemployment, separation, months) in [(0.02, 0.005, 1.0), (0.05, 0.02, 1.0), (0.2, 0.1, 3.0)] {
            let rates = MarketRates::new(separation, [0.3, 0.4, 0.3], months, &p);
            let (mut low, mut high) = (0.0, LARGEST_VACANCY_RATE);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                let above = RestingMarket::with(middle, rates).0 > unemployment;
                (low, high) = if above { (middle, high) } else { (low, middle) };
            }
            let market = RestingMarket::at(unemployment, rates);
            assert!((market.vacancy_rate / low - 1.0).abs() < 1e-10, "{} {low}", market.vacancy_rate);
        }
    }

    #[test]
    fn a_rate_beyond_reach_gives_the_nearest_market() {
        let p = shipped();
        let lowest = RestingMarket::at(0.0, rates(&p));
        assert!((lowest.vacancy_rate - LARGEST_VACANCY_RATE).abs() < f64::EPSILON && lowest.unemployment[1] > 0.0);
        let highest = RestingMarket::at(1.0, rates(&p));
        assert!(highest.vacancy_rate.abs() < f64::EPSILON);
    }

    #[test]
    fn hires_replace_separations_at_rest() {
        let mut p = shipped();
        (p.downgrade_acceptance, p.separation_low_skill, p.separation_high_skill) = (0.0, 1.0, 1.0);
        let market = RestingMarket::at(0.05, rates(&p));
        let lost = 0.02 * 0.95;
        let found = matches(0.05 + lost, market.vacancy_rate * 0.95 + lost, p.matching_curvature);
        assert!((found - lost).abs() < 1e-9, "{found} {lost}");
    }
}
