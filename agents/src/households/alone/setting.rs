//! What holds in a region, for its people.

use configs::calibration::Calibration;
use engine::math::exp;
use serde::{Deserialize, Serialize};

use crate::households::attachment::Attachment;
use crate::households::earnings::PENSION_OF_THE_IDLE;
use crate::households::homes::Homes;
use crate::households::saving::Habits;

/// Numbers of a region, at base-year aggregates, a tick being a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Units of one, two and three persons, shares.
    pub sizes: [f64; 3],
    /// Children under 15 a person of working age.
    pub children: f64,
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
    /// Work of pensioners.
    pub pensioners: Pensioners,
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
    /// How dismissals fall with tenure.
    pub tenure_risk: TenureRisk,
    /// How finding a job falls with months without one.
    pub call_back: CallBack,
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
    /// What losing a job and being without one take of pay.
    pub scar: Scar,
    /// Unemployment benefit.
    pub benefit: Benefit,
    /// Pensions.
    pub pension: Pension,
    /// Assistance to units of little income.
    pub assistance: Assistance,
    /// How units spend and save.
    pub habits: Habits,
    /// Months over which permanent income is learnt.
    pub learning: f64,
    /// Overdrafts.
    pub credit: Credit,
    /// Rate on deposits a year.
    pub deposit_rate: f64,
    /// The fund that owns what firms there are.
    pub fund: Fund,
    /// How returns differ between units.
    pub returns: Returns,
    /// Share of an estate that leaves the line.
    pub estate: f64,
    /// Fortunes at first.
    pub fortunes: Fortunes,
    /// Homes of their own.
    pub homes: Homes,
}

/// Work of pensioners.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pensioners {
    /// Chance a month that one without a job takes one.
    pub takes: f64,
    /// Chance a month that one with a job leaves it.
    pub leaves: f64,
    /// Pay, relative to that of the same person before.
    pub pay: f64,
}

/// How much likelier a job is lost than at average tenure: see [`tenure_risk`](crate::households::attachment::tenure_risk).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TenureRisk {
    /// After many years.
    pub floor: f64,
    /// More at once after hiring.
    pub extra: f64,
}

/// How much rarer a job is found than at once: see [`call_back`](crate::households::attachment::call_back).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallBack {
    /// After many months.
    pub floor: f64,
    /// Fall a month, log.
    pub rate: f64,
}

/// What losing a job and being without one take of log pay: see [`scar`](crate::households::earnings::scar).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scar {
    /// At a dismissal after three years in the job.
    pub step: f64,
    /// A month of unemployment; a quarter of it outside the labour force.
    pub erosion: f64,
    /// Share that heals a year.
    pub heals: f64,
    /// Lowest log pay lost.
    pub floor: f64,
}

/// Unemployment benefit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Benefit {
    /// Share of the last pay.
    pub share: f64,
    /// Months for which it is paid.
    pub months: f64,
}

/// A pension, fixed at retirement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pension {
    /// What everybody gets, mean pays.
    pub fixed: f64,
    /// Share of what the person could earn.
    pub share: f64,
}

impl Pension {
    /// Of a person who could earn so much, mean pays.
    ///
    /// Equation: `p_0 + p_1 w`, with what everybody gets `p_0` and the share `p_1` of potential pay `w`; who never worked has two fifths of the
    /// second part.
    /// Source: a basic pension and one by earnings, the two parts of OECD, Pensions at a Glance; for those who never worked chosen.
    #[must_use]
    pub fn of(&self, attachment: Attachment, potential: f64) -> f64 {
        let worked = if attachment == Attachment::Out { PENSION_OF_THE_IDLE } else { 1.0 };
        self.fixed + self.share * potential * worked
    }
}

/// Assistance: see [`assistance`](crate::households::saving::assistance).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assistance {
    /// Income of a single person without any other, mean pays.
    pub floor: f64,
    /// Share of other income that is not counted.
    pub disregard: f64,
}

/// Overdrafts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// Debt at most, months of permanent income.
    pub most: f64,
    /// Interest, share a year.
    pub rate: f64,
}

/// The fund that owns what firms there are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fund {
    /// Worth, years of what units expect to have but from capital.
    pub worth: f64,
    /// Dividends, share of its worth a year.
    pub dividends: f64,
}

/// How returns differ between units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returns {
    /// Standard deviation of log luck of a holding over a year.
    pub luck: f64,
    /// Standard deviation of log dividends a share that persists.
    pub spread: f64,
    /// Chance a month that what persists is drawn anew.
    pub anew: f64,
}

/// Fortunes at first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fortunes {
    /// Units that own more than a trifle, share.
    pub owners: f64,
    /// Pareto exponent of what they own over income.
    pub exponent: f64,
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
        s.children = (1.0 - known.adults) / (known.adults * (1.0 - known.retired));
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
        // Who retires has no job at first: of pensioners those work who take one, over those who take one, leave one and die.
        let Pensioners { takes, leaves, .. } = s.pensioners;
        let force = figures.labour_force / (figures.population * known.adults);
        let of_working_age = (force - known.retired * takes / (takes + leaves + s.die)) / (1.0 - known.retired);
        // Bound of the rule: tables whose labour force and ages clash still give people who work and people who do not.
        s.participation = of_working_age.clamp(0.4, 0.95);
        s.benefit = Benefit { share: known.benefit, months: known.benefit_months };
        // Rule: where more own their homes, tenants buy at lower incomes, too.
        let odds = |share: f64| share / (1.0 - share);
        s.homes.owners = known.owners;
        // Bound of the rule: where nearly all own theirs, nobody is too poor to.
        s.homes.least -= 0.5 * engine::math::ln(odds(known.owners.min(0.97)) / odds(OWNERS));
        (s.returns.luck, s.habits.out_of_small) = (known.luck, known.small_fortunes);
        s
    }

    /// The United States.
    #[must_use]
    pub fn united_states() -> Self {
        UNITED_STATES
    }
}

/// The United States: numbers under which published facts about people hold together (contract `people`).
///
/// `Chosen` is what was set by hand so that they do; ids are those of the facts there.
const UNITED_STATES: Setting = Setting {
    // Chosen: 1.88 persons over 15 a household.
    sizes: [0.32, 0.48, 0.20],
    // UN World Population Prospects 2019 for 2025: 0.177 of the population over 0.823 x 0.774.
    children: 0.278,
    // Assumed, after attainment in OECD, Education at a Glance.
    skills: [0.09, 0.53, 0.38],
    // Chosen; the pay curve then follows the region's table of incomes.
    premium: [-0.30, 0.0, 0.40],
    assortment: 0.5,
    // Meghir and Pistaferri (2004), from memory: shocks of 0.12 a year that last by 0.97, which have a spread of 0.494 at rest. Chosen: 0.935, for P1
    // and P2.
    persistence: 0.935,
    ability_spread: 0.494,
    // Chosen, for P1 and P2.
    origin_spread: 0.11,
    // Chosen: forty years of work, twelve of retirement.
    retire: 1.0 / 480.0,
    die: 1.0 / 144.0,
    inherited: 0.5,
    // Chosen, for P3 together with L1 and L6: who comes and goes, how often that changes, what it pays.
    attachment_anew: 0.013,
    out: [0.16, 0.10, 0.06],
    marginal: [0.24, 0.18, 0.12],
    marginal_pay: 0.7,
    // Chosen: a fifth of them work.
    pensioners: Pensioners { takes: 0.026, leaves: 0.104, pay: 0.6 },
    // L3 and L4: HAFiscal (econ-ark), a third of what happens in a quarter.
    dismissals: [0.0207, 0.0103, 0.0063],
    unemployment: [0.085, 0.044, 0.027],
    // L2: Fallick and Fleischman (2004) and later, Current Population Survey.
    moves: 0.023,
    // With them, L1: Nagypal, and L6: gross flows of the Current Population Survey.
    leaving: 0.0150,
    // Chosen.
    participation: 0.775,
    // Chosen, for P3 and L5: the steeper, the more of those who lost a job lose the next, too.
    tenure_risk: TenureRisk { floor: 0.20, extra: 2.20 },
    // Kroft, Lange and Notowidigdo (2016).
    call_back: CallBack { floor: 0.4, rate: 0.1 },
    // Chosen, for L6, L7 and P3: spells outside are short or long, and most end in work.
    coming_back: 22.0,
    starts_search: 0.06,
    gives_up: [0.04, 0.15, 0.0],
    leaves: [0.12, 4.5, 1.0],
    enters: [2.5, 1.6, 0.0],
    // Chosen, for L2 and L5.
    settled: 0.30,
    premiums: 0.13,
    // Chosen, for P2 and P3.
    noise: 0.27,
    // Chosen, for L5. Ortego-Marti (2016), from memory: an erosion of 0.012 a month.
    scar: Scar { step: 0.02, erosion: 0.008, heals: 0.03, floor: -0.6 },
    // Assumed, orders of magnitude.
    benefit: Benefit { share: 0.45, months: 6.0 },
    // Chosen; the fixed part and the floor below are where the fit to the table of incomes begins.
    pension: Pension { fixed: 0.14, share: 0.30 },
    assistance: Assistance { floor: 0.10, disregard: 0.5 },
    habits: HABITS,
    // Chosen: half a year. Friedman (1957), as read by Carroll (2001), has three years; the longer, the more the middle holds in the bank (W1) and the
    // more of a windfall is spent (A12). With two months ten points of duty took 0.7% of output in the first year, published 0.2 to 0.4 (T39).
    learning: 6.0,
    // Chosen.
    credit: Credit { most: 1.0, rate: 0.11 },
    deposit_rate: 0.01,
    // Chosen: all wealth is some 5 years of income.
    fund: Fund { worth: 4.2, dividends: 0.048 },
    // Fagereng, Guiso, Malacrino and Pistaferri (2020) for their sign; size fitted to W2.
    returns: Returns { luck: 0.23, spread: 0.4, anew: 1.0 / 120.0 },
    // Chosen, for W2.
    estate: 0.95,
    // Distributional Financial Accounts, 2025: an exponent of 1.4 to 1.6. Who owns more than a trifle is chosen.
    fortunes: Fortunes { owners: 0.3, exponent: 1.45 },
    homes: HOMES,
};

/// Households of the United States that own their home, share: U.S. Census Bureau, Housing Vacancies and Homeownership, 2024.
const OWNERS: f64 = 0.657;

/// Homes in the United States.
const HOMES: Homes = Homes {
    // Chosen, for W2.
    worth: 2.0,
    // Where the search for it begins.
    bought: 0.013,
    // Chosen: a loan of 19 twentieths over 40 years, a third of income for interest and repayment; up to nine tenths can be borrowed again.
    loan: 0.95,
    again: 0.9,
    months: 480.0,
    burden: 0.35,
    owners: OWNERS,
    least: -0.05,
    // A long rate of 1% and what homes yield above it; a world has its own rates.
    rent: 0.04,
    // Mian, Rao and Sufi (2013), the lower end, since what the indebted spend comes on top.
    spent: 0.04,
    rate: 0.03,
};

/// How people of the United States spend and save.
const HABITS: Habits = Habits {
    // Fitted to A12: Fagereng, Holm and Natvik (2021).
    at_once: 0.07,
    hand_to_mouth: 0.08,
    // Chosen, the run-down for W3.
    least: 0.60,
    run_down: 0.006,
    refill: 0.30,
    // Fitted to W1: Survey of Consumer Finances 2004, in HAFiscal.
    target: 0.15,
    target_spread: 1.4,
    target_elasticity: 0.8,
    target_floor: 0.008,
    // Chosen.
    shares_kept: 0.09,
    shares_bound: 48.0,
    // Dynan, Skinner and Zeldes (2004) for the sign of the slope; sizes fitted to W2.
    saving: -0.16,
    saving_slope: 0.325,
    saving_most: 0.35,
    // Chodorow-Reich, Nenov and Simsek (2021): 0.028 of a rise of its price. The most for which W3 holds; what small fortunes
    // spend more is fitted to W2.
    out_of_equity: 0.028,
    out_of_small: 0.24,
    small: 0.25,
};

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
    fn pensions_have_two_parts() {
        let pension = Pension { fixed: 0.1, share: 0.5 };
        assert!((pension.of(Attachment::Core, 0.8) - 0.5).abs() < 1e-12);
        // 0.1 + 0.4 x 0.4
        assert!((pension.of(Attachment::Out, 0.8) - 0.26).abs() < 1e-12);
    }

    #[test]
    fn sizes_have_their_mean() {
        for mean in [1.3, 1.88, 2.6] {
            let [one, two, three] = sizes(mean);
            assert!((one + two + three - 1.0).abs() < 1e-12 && (one + 2.0 * two + 3.0 * three - mean).abs() < 1e-9);
        }
    }
}
