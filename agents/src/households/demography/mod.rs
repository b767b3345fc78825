//! A region's population by age: who is born, grows older and dies in a year, and what that asks of the rows of its households.
//!
//! Rows have no ages; the population has ([`Vital`], [`advance`]). Households come, retire and go so that rows follow it ([`rows`]).

pub mod births;
pub mod rows;

use configs::calibration::{AGE_GROUPS, RegionDemography};
use engine::math::exp;
use serde::{Deserialize, Serialize};

/// Single years of age, the last one and over.
pub const AGES: usize = 101;

/// Years of a group of ages in the table.
const GROUP: usize = 5;

/// Age from which people count as of working age, and age from which as old: those of the tables about people, where an adult is over 15 and
/// the retired are over 65.
pub const WORKING_FROM: usize = 15;
/// See [`WORKING_FROM`].
pub const OLD_FROM: usize = 65;

/// Ages at which women have children, the last excluded.
///
/// Source: reproductive ages of United Nations, World Population Prospects.
const MOTHERS: std::ops::Range<usize> = 15..50;

/// Years around the mean in which mothers have most of their children, a standard deviation. Chosen: rates by age of low-fertility countries
/// have 5 to 6.
const MOTHERS_SPREAD: f64 = 5.5;

/// Women of a population of an age at which they have children, share: 105 boys are born for 100 girls.
///
/// Source: United Nations, World Population Prospects, sex ratio at birth; in China and India it is higher, which makes births 2% too many.
const WOMEN: f64 = 100.0 / 205.0;

/// How fast mortality rises with age, a year, and what of it does not rise.
///
/// Chosen: after thirty mortality rises by some 10% a year of age in all populations; half a death a year in a thousand whatever the age.
const AGEING: f64 = 0.1;
/// See [`AGEING`].
const ACCIDENTS: f64 = 0.0005;

/// Age at which nobody is left for sure. Bound of the rule.
const OLDEST: usize = 130;

/// Years that are expected where nothing is known of a region. Chosen.
const EXPECTED: f64 = 80.0;

/// Mean age of mothers where nothing is known of a region. Chosen.
const MOTHERS_AGE: f64 = 29.0;

/// What a region's people are born, age and die by.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vital {
    /// Persons at the base by single year of age, the last of 100 and over.
    pub base: Vec<f64>,
    /// Share of those of an age who live a year later; of the last those who stay.
    pub survival: Vec<f64>,
    /// Share of the born of a year who live at its end.
    pub newborn: f64,
    /// Births of a woman in a year of her age.
    pub fertility: Vec<f64>,
}

/// Share of the born who live to an exact age.
///
/// Equation: `l(x) = exp(-c x - (a / b) (e^(b x) - 1))`, force of mortality `c + a e^(b x)`, with level `a`, rise `b` a year and accidents `c`.
/// Source: Gompertz (1825), Makeham (1860). Children die as often as young adults do: where many children die, adults die too early.
#[must_use]
pub fn alive(age: f64, level: f64) -> f64 {
    exp(-ACCIDENTS * age - level / AGEING * (exp(AGEING * age) - 1.0))
}

/// Years lived at every single age by those born in a year, given the level of mortality: halfway between one birthday and the next.
fn lived(level: f64) -> Vec<f64> {
    let at: Vec<f64> = (0..=OLDEST).map(|age| alive(age as f64, level)).collect();
    at.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect()
}

/// Level of mortality at which so many years are expected at birth, found by halving.
#[must_use]
pub fn level_of(expected: f64) -> f64 {
    // Bounds of the search: 40 to 95 years lie between.
    let (mut low, mut high) = (1e-8, 1e-2);
    for _ in 0..60 {
        let middle = engine::math::sqrt(low * high);
        if lived(middle).iter().sum::<f64>() > expected { low = middle } else { high = middle }
    }
    engine::math::sqrt(low * high)
}

/// Births of a woman in a year of age, which sum to a total over her life.
///
/// Equation: `f(x) = F k(x) / sum k`, `k(x) = exp(-((x + 1/2 - m) / s)^2 / 2)` from 15 to 49, with the total fertility rate `F`, the mean age
/// `m` and the spread `s`.
/// Source: shape of United Nations, World Population Prospects, fertility by age; the normal curve is chosen.
#[must_use]
pub fn fertility(total: f64, mean_age: f64) -> Vec<f64> {
    let weight = |age: usize| {
        let off = (age as f64 + 0.5 - mean_age) / MOTHERS_SPREAD;
        if MOTHERS.contains(&age) { exp(-0.5 * off * off) } else { 0.0 }
    };
    let all: f64 = MOTHERS.map(weight).sum();
    (0..AGES).map(|age| total * weight(age) / all).collect()
}

impl Vital {
    /// Of a region with so many persons, of whom something is known, or who else are at rest: as many are born as die.
    #[must_use]
    pub fn of(known: Option<&RegionDemography>, population: f64) -> Self {
        let lived = lived(level_of(known.map_or(EXPECTED, |x| x.life_expectancy)));
        let older: f64 = lived[AGES - 1..].iter().sum();
        let next = |age: usize| lived[age + 1] / lived[age];
        let mut survival: Vec<f64> = (0..AGES - 1).map(next).collect();
        survival.push((older - lived[AGES - 1]) / older);
        let ages = known.map_or_else(|| at_rest(&lived, older), |x| spread(&x.ages, &lived, older));
        let mut vital = Self {
            base: ages.into_iter().map(|share| share * population).collect(),
            survival,
            newborn: lived[0],
            fertility: fertility(known.map_or(1.0, |x| x.fertility), known.map_or(MOTHERS_AGE, |x| x.mother_age)),
        };
        if known.is_none() {
            let daughters = vital.births(&vital.base, &vital.base) * vital.newborn / vital.base[0];
            vital.fertility.iter_mut().for_each(|x| *x /= daughters);
        }
        vital
    }

    /// Births of a year, given the persons at its begin and at its end, who need no newborn among them.
    fn births(&self, before: &[f64], after: &[f64]) -> f64 {
        MOTHERS.map(|age| self.fertility[age] * WOMEN * f64::midpoint(before[age], after[age])).sum()
    }

    /// Children a woman has over her life.
    #[must_use]
    pub fn total_fertility(&self) -> f64 {
        self.fertility.iter().sum()
    }
}

/// Shares by age of a population at rest, given years lived at single ages and at 100 and over.
fn at_rest(lived: &[f64], older: f64) -> Vec<f64> {
    let all: f64 = lived.iter().sum();
    lived[..AGES - 1].iter().chain([&older]).map(|x| x / all).collect()
}

/// Shares by single age, given those of groups: within a group as many were born every year.
fn spread(groups: &[f64; AGE_GROUPS], lived: &[f64], older: f64) -> Vec<f64> {
    let mut out = vec![0.0; AGES];
    for (group, &share) in groups[..AGE_GROUPS - 1].iter().enumerate() {
        let ages = GROUP * group..GROUP * (group + 1);
        let all: f64 = lived[ages.clone()].iter().sum();
        ages.for_each(|age| out[age] = share * lived[age] / all);
    }
    // Bound of the rule: of the last group somebody is there who can die.
    out[AGES - 1] = if older > 0.0 { groups[AGE_GROUPS - 1] } else { 0.0 };
    out
}

/// Persons under 15, of working age and old.
#[must_use]
pub fn by_group(ages: &[f64]) -> [f64; 3] {
    let sum = |ages: &[f64]| ages.iter().sum();
    [sum(&ages[..WORKING_FROM]), sum(&ages[WORKING_FROM..OLD_FROM]), sum(&ages[OLD_FROM..])]
}

/// A year of a population.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year {
    /// Persons by single year of age at its end.
    pub ages: Vec<f64>,
    /// Births.
    pub births: f64,
    /// Deaths.
    pub deaths: f64,
    /// Chances to die in the year of those of working age and of the old.
    pub die: [f64; 2],
}

/// A year of a population, with births relative to those of the base year's rates.
///
/// Equation: `n'(x + 1) = s(x) n(x)`, and with them those of 100 and over who stay; births `B = g sum f(x) w (n(x) + n'(x)) / 2` of the women
/// among them, `n'(0) = B l`, and deaths are what is missing, `sum n + B - sum n'`; survival `s`, fertility `f`, share of women `w`, births
/// relative to the base `g`, share of the born who live at the end of the year `l`. Nobody moves.
/// Source: cohort-component method, Preston, Heuveline and Guillot (2001), Demography, chapter 6.
#[must_use]
pub fn advance(vital: &Vital, ages: &[f64], relative: f64) -> Year {
    let mut after = vec![0.0; AGES];
    for age in 0..AGES - 1 {
        after[age + 1] = vital.survival[age] * ages[age];
    }
    after[AGES - 1] += vital.survival[AGES - 1] * ages[AGES - 1];
    let births = relative * vital.births(ages, &after);
    after[0] = births * vital.newborn;
    let sum = |ages: &[f64]| ages.iter().sum::<f64>();
    let deaths = sum(ages) + births - sum(&after);
    let die = [WORKING_FROM..OLD_FROM, OLD_FROM..AGES].map(|group| {
        let gone: f64 = group.clone().map(|age| ages[age] * (1.0 - vital.survival[age])).sum();
        gone / sum(&ages[group]).max(f64::MIN_POSITIVE)
    });
    Year { ages: after, births, deaths, die }
}

#[cfg(test)]
mod tests;
