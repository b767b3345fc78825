//! What holds in a region, for its people.

use configs::calibration::Calibration;
use engine::math::exp;

use crate::households::saving::Habits;

/// Numbers of a region, at base-year aggregates, a tick being a month.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Units of one, two and three persons, shares.
    pub sizes: [f64; 3],
    /// Persons by skill, shares.
    pub skills: [f64; 3],
    /// Log pay of a skill.
    pub premium: [f64; 3],
    /// Correlation of what is for life within a unit.
    pub assortment: f64,
    /// Persistence of ability a year.
    pub persistence: f64,
    /// Standard deviation of log ability that moves.
    pub ability_spread: f64,
    /// And of that for life.
    pub origin_spread: f64,
    /// Chance of retirement a month.
    pub retire: f64,
    /// Chance of death of the retired a month.
    pub die: f64,
    /// Correlation between generations.
    pub inherited: f64,
    /// Chance a month that attachment is drawn anew.
    pub attachment_anew: f64,
    /// Shares that stay out, by skill.
    pub out: [f64; 3],
    /// Shares that come and go, by skill.
    pub marginal: [f64; 3],
    /// Pay of those who come and go, relative.
    pub marginal_pay: f64,
    /// Pensioners who take a job, and leave it, a month; their pay, relative.
    pub pensioners: [f64; 3],
    /// Dismissals a month, by skill.
    pub dismissals: [f64; 3],
    /// Unemployment, by skill.
    pub unemployment: [f64; 3],
    /// From post to post a month.
    pub moves: f64,
    /// From work out of the labour force a month.
    pub leaving: f64,
    /// Labour force below retirement.
    pub participation: f64,
    /// Tenure risk: floor and extra.
    pub tenure_risk: [f64; 2],
    /// Call-backs: floor and rate.
    pub call_back: [f64; 2],
    /// Extra chance of those who have just left.
    pub coming_back: f64,
    /// Start of a search relative to entry into work, from outside.
    pub starts_search: f64,
    /// Chance a month of giving up the search, by attachment.
    pub gives_up: [f64; 3],
    /// Chance of leaving, relative, by attachment.
    pub leaves: [f64; 3],
    /// Chance of entering, relative, by attachment.
    pub enters: [f64; 3],
    /// Offers to those of more than two years of tenure, relative.
    pub settled: f64,
    /// Standard deviation of premiums of posts.
    pub premiums: f64,
    /// Standard deviation of pay noise of half a year.
    pub noise: f64,
    /// Scar: step at a separation after three years, erosion a month unemployed, healed a year, floor.
    pub scar: [f64; 4],
    /// Unemployment benefit: share of last pay, months.
    pub benefit: [f64; 2],
    /// Pension: fixed part, share of pay potential at retirement.
    pub pension: [f64; 2],
    /// Assistance: floor of a single person, share of income not counted.
    pub assistance: [f64; 2],
    /// How units spend and save.
    pub habits: Habits,
    /// Months over which permanent income is learnt.
    pub learning: f64,
    /// Overdraft at most, months of permanent income, and its rate a year.
    pub credit: [f64; 2],
    /// Rate on deposits a year.
    pub deposit_rate: f64,
    /// Fund: worth in years of income but from capital, dividends a year.
    pub fund: [f64; 2],
    /// Luck of a holding a year, spread of persistent returns, chance a month that these are drawn anew.
    pub returns: [f64; 3],
    /// Share of an estate that leaves the line.
    pub estate: f64,
    /// First fortunes: units that own more than a trifle, share; Pareto exponent.
    pub fortunes: [f64; 2],
    /// Homes: worth in years of permanent income, chance a month to buy, loan over value, months of repayment, owners at first, least
    /// log relative income of a buyer.
    pub homes: [f64; 6],
}

impl Setting {
    /// A region: what its tables say of its people, all else as in the United States.
    ///
    /// Unemployment is that of the region, by skill as far apart as where most have little schooling (chosen) or as in the United
    /// States; dismissals follow it and turnover. Who is over 65 lives on pensions; the labour force is the region's.
    #[must_use]
    pub fn of(world: &Calibration, region: usize) -> Self {
        let mut s = Self::united_states();
        let Some(known) = &world.people[region] else { return s };
        let figures = &world.macro_figures[region];
        s.sizes = sizes(known.members);
        s.skills = [known.low_skill, 1.0 - known.low_skill - known.high_skill, known.high_skill];
        s.retire = s.die * known.retired / (1.0 - known.retired);
        let few_at_school = known.low_skill > 0.4;
        let apart = if few_at_school { [1.1, 1.0, 0.85] } else { [1.93, 1.0, 0.61] };
        let mean: f64 = s.skills.iter().zip(apart).map(|(share, apart)| share * apart).sum();
        let lost_of_idle: [f64; 3] = std::array::from_fn(|k| s.dismissals[k] / s.unemployment[k]);
        s.unemployment = apart.map(|apart| figures.unemployment_rate * apart / mean);
        // Rule: where more move than in the United States, they move from post to post; dismissals follow unemployment.
        s.dismissals = std::array::from_fn(|k| known.turnover.min(1.0) * lost_of_idle[k] * s.unemployment[k]);
        s.moves *= known.turnover;
        // Rule: leaving the labour force varies less than jobs do; no study behind the bound.
        s.leaving *= known.turnover.max(0.7);
        // Of pensioners a fifth work: those who take a job, over those who take and leave one.
        let [takes, leaves, _] = s.pensioners;
        let force = figures.labour_force / (figures.population * known.adults);
        let of_working_age = (force - known.retired * takes / (takes + leaves)) / (1.0 - known.retired);
        // Bound of the rule: tables whose labour force and ages clash still give people who work and people who do not.
        s.participation = of_working_age.clamp(0.4, 0.95);
        s.benefit = [known.benefit, known.benefit_months];
        s.homes[4] = known.owners;
        (s.returns[0], s.habits.out_of_small) = (known.luck, known.small_fortunes);
        s
    }

    /// The United States: numbers under which published facts about people hold together (contract `people`). Chosen for them are
    /// attachment, tenure risk, pay noise, what is spent of small fortunes and luck; the others are measured elsewhere.
    #[must_use]
    pub fn united_states() -> Self {
        Self {
            sizes: [0.32, 0.48, 0.20],
            skills: [0.09, 0.53, 0.38],
            premium: [-0.30, 0.0, 0.40],
            assortment: 0.5,
            persistence: 0.95,
            ability_spread: 0.494,
            origin_spread: 0.13,
            retire: 1.0 / 480.0,
            die: 1.0 / 144.0,
            inherited: 0.5,
            attachment_anew: 0.0105,
            out: [0.16, 0.10, 0.06],
            marginal: [0.24, 0.18, 0.12],
            marginal_pay: 0.7,
            pensioners: [0.01, 0.04, 0.6],
            dismissals: [0.0207, 0.0103, 0.0063],
            unemployment: [0.085, 0.044, 0.027],
            moves: 0.023,
            leaving: 0.0138,
            participation: 0.775,
            tenure_risk: [0.13, 2.27],
            call_back: [0.4, 0.1],
            coming_back: 13.0,
            starts_search: 0.06,
            gives_up: [0.04, 0.15, 0.0],
            leaves: [0.12, 4.5, 1.0],
            enters: [2.5, 1.6, 0.0],
            settled: 0.30,
            premiums: 0.13,
            noise: 0.27,
            scar: [0.02, 0.008, 0.03, -0.6],
            benefit: [0.45, 6.0],
            pension: [0.14, 0.30],
            assistance: [0.10, 0.5],
            habits: Habits {
                at_once: 0.20,
                hand_to_mouth: 0.10,
                least: 0.60,
                run_down: 0.010,
                refill: 0.12,
                target: 0.32,
                target_spread: 1.5,
                target_elasticity: 0.8,
                target_floor: 0.08,
                shares_kept: 0.09,
                shares_bound: 48.0,
                saving: -0.15,
                saving_slope: 0.30,
                saving_most: 0.35,
                out_of_equity: 0.029,
                out_of_small: 0.15,
            },
            learning: 6.0,
            credit: [1.0, 0.11],
            deposit_rate: 0.01,
            fund: [3.8, 0.037],
            returns: [0.23, 0.4, 1.0 / 120.0],
            estate: 0.5,
            fortunes: [0.3, 1.45],
            homes: [1.7, 0.008, 0.9, 420.0, 0.62, -0.15],
        }
    }
}

/// Shares of units of one, two and three adults that have a mean size: those of the United States, tilted.
fn sizes(mean: f64) -> [f64; 3] {
    let tilted = |tilt: f64| {
        let weights = [0.32, 0.48 * exp(tilt), 0.20 * exp(2.0 * tilt)];
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| weight / sum)
    };
    let (mut low, mut high) = (-6.0, 6.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let [one, two, three] = tilted(middle);
        if one + 2.0 * two + 3.0 * three < mean { low = middle } else { high = middle }
    }
    tilted(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_their_mean() {
        for mean in [1.3, 1.88, 2.6] {
            let [one, two, three] = sizes(mean);
            assert!((one + two + three - 1.0).abs() < 1e-12 && (one + 2.0 * two + 3.0 * three - mean).abs() < 1e-9);
        }
    }
}
