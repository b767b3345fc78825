//! Who gains and who loses from a policy, household by household: the same households in worlds with and without it.
//!
//! Households are grouped as they were in the year before the policy, which both worlds share. What happens to a group is the
//! difference between the two worlds in the same year, so what households of a tenth would have gone through anyway, such as the
//! return of the poorest to the mean, is in neither; it is shown apart ([`Sums::drift`]). Chance moves single households from one
//! world to the other even where a policy does nothing: the placebo, a duty of one basis point, shows how far.

pub mod channels;
pub mod figures;
pub mod groups;
pub mod page;
pub mod published;
pub mod purchases;
pub mod read;
pub mod uses;
pub mod words;

use self::channels::{Budget, CHANNELS, channels};
use self::groups::{By, Groups};
use self::published::STEPS;
use self::purchases::Bought;
use self::read::{Panel, Year};
use crate::paired::{Estimate, estimate, ratio};
use crate::placebo::Tested;
use crate::recording::{Recording, RecordingError};
use crate::report::{Language, Names};

/// A household loses or gains if its real income changes by more than this part of it.
pub const NOTABLE: f64 = 0.01;

/// What became of the households of a group in a year, in a world with the policy and in one without.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// Households.
    pub households: i64,
    /// Persons who live in them, agents.
    pub persons: i64,
    /// Real income without and with the policy, money.
    pub real: [i128; 2],
    /// Real consumption without and with it, money.
    pub consumption: [i128; 2],
    /// Change of real income by channel, money.
    pub channels: [i128; CHANNELS],
    /// Persons of households that lose, and of those that gain.
    pub moved: [i64; 2],
    /// What the losers lose, and what they would have without the policy, money.
    pub lost: [i128; 2],
    /// Persons by class of fixed thresholds in real terms (below, in and above the middle), without and with the policy.
    pub bands: [[i64; 3]; 2],
    /// Money that would make good the loss at the policy's prices.
    pub compensation: i128,
    /// Real income without the policy in the year before it, money.
    pub before: i128,
    /// Persons that a member stands for.
    pub persons_per_agent: f64,
    /// What the policy adds to the price of all that is bought without it, money at base-year prices.
    pub basket: i128,
    /// Consumption over income as in surveys; no number where they do not tell the group apart.
    pub surveyed: f64,
}

impl Sums {
    /// Change, percent of what there is without the policy.
    fn percent([without, with]: [i128; 2]) -> f64 {
        100.0 * (with - without) as f64 / without as f64
    }

    /// Part of the persons, percent.
    fn share(&self, persons: i64) -> f64 {
        100.0 * persons as f64 / self.persons as f64
    }

    /// What the group goes through without any policy: real income over that of the year before, percent.
    #[must_use]
    pub fn drift(&self) -> f64 {
        Self::percent([self.before, self.real[0]])
    }

    /// Loss of real income, percent of it.
    #[must_use]
    pub fn loss(&self) -> f64 {
        -Self::percent(self.real)
    }

    /// A figure.
    #[must_use]
    pub fn figure(&self, figure: Figure) -> f64 {
        match figure {
            Figure::Income => Self::percent(self.real),
            Figure::Consumption => Self::percent(self.consumption),
            Figure::Lose => self.share(self.moved[0]),
            Figure::Gain => self.share(self.moved[1]),
            // Where nobody loses, nothing is lost.
            Figure::LostByLosers => 100.0 * self.lost[0] as f64 / (self.lost[1] as f64).max(1.0),
            Figure::Compensation => {
                // Money is in hundredths.
                self.compensation as f64 / 100.0 / (self.persons as f64 * self.persons_per_agent)
            }
            Figure::Channel(k) => 100.0 * self.channels[k] as f64 / self.real[0] as f64,
            Figure::Step(k) => self.step(k),
            Figure::Band(k) => self.share(self.bands[1][k]) - self.share(self.bands[0][k]),
        }
    }
}

/// A figure of a group in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Real income, percent.
    Income,
    /// Real consumption, percent.
    Consumption,
    /// Persons of households whose real income is lower by more than [`NOTABLE`], percent.
    Lose,
    /// The same of those whose income is higher.
    Gain,
    /// What losers lose, percent of their income.
    LostByLosers,
    /// Compensating variation, own currency a person and year.
    Compensation,
    /// A channel's part in the change of real income, percent.
    Channel(usize),
    /// A step from what is published to the channel of prices, percent: see [`published`].
    Step(usize),
    /// Persons below (0), in (1) and above (2) the middle of fixed thresholds, change in points.
    Band(usize),
}

impl Figure {
    /// All, in the order of tables.
    #[must_use]
    pub fn each() -> Vec<Self> {
        let first = [Self::Income, Self::Consumption, Self::Lose, Self::Gain, Self::LostByLosers, Self::Compensation];
        let parts = (0..CHANNELS).map(Self::Channel).chain((0..STEPS).map(Self::Step));
        first.into_iter().chain(parts).chain((0..3).map(Self::Band)).collect()
    }

    /// Its name, and that in Chinese.
    #[must_use]
    pub const fn name(self) -> [&'static str; 2] {
        match self {
            Self::Income => ["real income, %", "实际收入，%"],
            Self::Consumption => ["real consumption, %", "实际消费，%"],
            Self::Lose => ["lose over 1%, % of persons", "损失超过 1% 者，占人口 %"],
            Self::Gain => ["gain over 1%, % of persons", "增加超过 1% 者，占人口 %"],
            Self::LostByLosers => ["losers lose, % of income", "受损者损失，占收入 %"],
            Self::Compensation => ["compensating variation a person and year", "补偿变化，每人每年"],
            Self::Channel(k) => channels::NAMES[k],
            Self::Step(k) => published::NAMES[k],
            Self::Band(0) => ["below the middle, points", "中间阶层以下，百分点"],
            Self::Band(1) => ["in the middle, points", "中间阶层，百分点"],
            Self::Band(_) => ["above the middle, points", "中间阶层以上，百分点"],
        }
    }

    /// Whether chance alone gives a number above zero: then it is what the placebo gives that an effect is measured from.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Lose | Self::Gain | Self::LostByLosers)
    }
}

/// The worlds of a seed in a region: without the policy, and with it or a placebo.
pub struct Worlds<'a> {
    /// Without.
    pub baseline: &'a Panel,
    /// With.
    pub policy: &'a Panel,
    /// Last year before anything of the policy is known.
    pub before: usize,
    /// Real income per equivalent adult in the middle in that year: what fixed thresholds are relative to.
    pub middle: f64,
    /// Consumption over income of each tenth in surveys, relative to that of all; none if it is not known.
    pub surveyed: &'a [f64],
}

/// Thresholds of the middle, relative to the middle income of the year before the policy. Source: OECD (2019), Under Pressure: The Squeezed Middle Class.
const MIDDLE: [f64; 2] = [0.75, 2.0];

/// Class of a household by fixed thresholds in real terms: below, in or above the middle.
fn band(real: i64, members: i64, middle: f64) -> usize {
    let income = real as f64 / engine::math::sqrt(members as f64);
    usize::from(income >= MIDDLE[0] * middle) + usize::from(income > MIDDLE[1] * middle)
}

/// What decides the channels of a household.
fn budget(panel: &Panel, year: &Year, at: usize) -> Budget {
    Budget {
        real: year.real[at],
        labour: year.labour[at],
        employed: year.employed[at],
        property: year.property[at],
        state: year.pensions[at] + year.transfers[at] - year.tax[at],
        price: year.prices[panel.tenth[at]],
    }
}

impl Worlds<'_> {
    /// Sums of every group in a year.
    ///
    /// # Panics
    /// If a world has no such year.
    #[must_use]
    pub fn sums(&self, groups: &Groups, year: usize) -> Vec<Sums> {
        let (without, with) = (&self.baseline.years[year], &self.policy.years[year]);
        let spent = sum(&without.real_consumption) as f64 / sum(&without.real) as f64;
        let surveyed = |group: usize| match groups.by {
            By::All => spent,
            By::Tenth => self.surveyed.get(group).map_or(f64::NAN, |relative| relative * spent),
            _ => f64::NAN,
        };
        let persons_per_agent = self.baseline.persons_per_agent;
        let empty = |group| Sums { persons_per_agent, surveyed: surveyed(group), ..Sums::default() };
        let mut sums: Vec<Sums> = (0..groups.names.len()).map(empty).collect();
        for (at, group) in groups.of.iter().enumerate() {
            let Some(group) = *group else { continue };
            if !same(without, with, at) {
                continue;
            }
            let (sum, persons) = (&mut sums[group], self.baseline.members[at]);
            let real = [without.real[at], with.real[at]];
            let change = real[1] - real[0];
            let line = NOTABLE * (real[0] as f64).abs();
            sum.households += 1;
            sum.persons += persons;
            sum.before += i128::from(self.baseline.years[self.before].real[at]);
            for k in 0..2 {
                let year = [without, with][k];
                sum.real[k] += i128::from(real[k]);
                sum.consumption[k] += i128::from(year.real_consumption[at]);
                sum.bands[k][band(real[k], persons, self.middle)] += persons;
            }
            if (change as f64) < -line {
                sum.moved[0] += persons;
                sum.lost[0] -= i128::from(change);
                sum.lost[1] += i128::from(real[0]);
            } else if change as f64 > line {
                sum.moved[1] += persons;
            }
            let [before, after] = [without, with].map(|year| year.prices[self.baseline.tenth[at]]);
            sum.basket += (without.real_consumption[at] as f64 * (after / before - 1.0)).round() as i128;
            // Equation: `CV = e(p', u) - y'`; with a basket of fixed weights `e(p', u) = p' y / p`, which leaves out that people turn to what
            // has become cheaper, so it is an upper bound. Source: Hicks (1942); Deaton and Muellbauer (1980), chapter 7.
            sum.compensation -= (change as f64 * after).round() as i128;
            let parts = channels(budget(self.baseline, without, at), budget(self.policy, with, at));
            sum.channels.iter_mut().zip(parts).for_each(|(sum, part)| *sum += i128::from(part));
        }
        sums
    }
}

/// Whether the same household lives there in both worlds: who has moved away in one of them is followed no longer.
fn same(without: &Year, with: &Year, at: usize) -> bool {
    let lived_in = [without, with].iter().all(|year| year.people.get(at).is_none_or(|&n| n > 0));
    lived_in && without.line.get(at) == with.line.get(at)
}

/// Sum of money.
fn sum(values: &[i64]) -> i128 {
    values.iter().map(|&x| i128::from(x)).sum()
}

/// Change of public debt at the end of each whole year, percent of the base year's output; recordings without and with a policy.
fn debts([baseline, policy]: [&Recording<'_>; 2], region: usize) -> Result<Vec<f64>, RecordingError> {
    let year = baseline.ticks_per_year()?;
    let output = baseline.array("base_real_gdp")?.values[region] * year as f64;
    let [without, with] = [baseline.array("government_debt")?, policy.array("government_debt")?];
    let change = |tick: usize| 100.0 * (with.at(tick, &[region]) - without.at(tick, &[region])) / output;
    Ok((0..without.ticks().min(with.ticks()) / year).map(|k| change((k + 1) * year - 1)).collect())
}

/// Whether a recording has a panel of units, once a year.
#[must_use]
pub fn of_units(recording: &Recording<'_>) -> bool {
    let by_year = recording.array("panel_real_income").is_ok_and(|x| x.dimensions.first().is_some_and(|x| x == "year"));
    by_year && recording.integers("panel_members", None).is_ok_and(|members| members.values.iter().any(|&n| n > 1))
}

/// Loss of real income of each tenth of permanent income of the year `before` a policy, in the year after it, a fraction of what it has without the
/// policy; recordings without and with it.
///
/// # Errors
/// If a recording has no panel, or no whole year after that.
pub fn losses(recordings: [&Recording<'_>; 2], region: usize, before: usize) -> Result<Vec<f64>, RecordingError> {
    let places = Panel::places(recordings[0], region, before)?;
    let [baseline, policy] = recordings.map(|recording| Panel::read(recording, region, (&places, before)));
    let (baseline, policy) = (baseline?, policy?);
    if baseline.years.len().min(policy.years.len()) < before + 2 {
        return Err(RecordingError::Mismatch("there is no whole year after the policy began".to_owned()));
    }
    let groups = Groups::of(By::Tenth, &baseline, &baseline.years[before], &[], &[]);
    let worlds = Worlds { baseline: &baseline, policy: &policy, before, middle: f64::NAN, surveyed: &[] };
    Ok(worlds.sums(&groups, before + 1).iter().map(|sums| sums.loss() / 100.0).collect())
}

/// Results of a policy and its placebo: by grouping, group and year, a value a seed.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Consumption over income of each tenth in the tables of the region, relative to that of all; none if it is not known.
    pub surveyed: Vec<f64>,
    /// What industries and areas are called; those that are not known have their codes.
    pub called: Names,
    /// Groupings with the names of their groups.
    pub groups: Vec<(By, Vec<[String; 2]>)>,
    /// Years after the policy begins, from 1.
    pub years: Vec<usize>,
    /// Change of public debt at the end of each year, percent of the base year's output, seed by seed: of the policy, and of the placebo.
    pub debt: Vec<[Vec<f64>; 2]>,
    /// Sums of each seed by grouping, group and year: of the policy, and of the placebo.
    pub seeds: Vec<[Vec<Vec<Vec<Sums>>>; 2]>,
    /// What households buy.
    pub bought: Bought,
}

impl Found {
    /// Adds a seed: the recordings without the policy, with it, and with its placebo, of a region; `before` is the last year before
    /// anything of the policy is known.
    ///
    /// # Errors
    /// If a recording has no panel, or the three do not follow the same households.
    pub fn add(&mut self, recordings: [&Recording<'_>; 3], region: usize, before: usize) -> Result<(), RecordingError> {
        let places = Panel::places(recordings[0], region, before)?;
        let [baseline, policy, placebo] = recordings.map(|recording| Panel::read(recording, region, (&places, before)));
        let (baseline, policy, placebo) = (baseline?, policy?, placebo?);
        let rows = |recording: &Recording<'_>| recording.integers("panel_household_row", None);
        if rows(recordings[0])? != rows(recordings[1])? || rows(recordings[0])? != rows(recordings[2])? {
            return Err(RecordingError::Mismatch("their panels follow different households".to_owned()));
        }
        let Some(year) = baseline.years.get(before).filter(|_| !baseline.is_empty()) else {
            return Err(RecordingError::Mismatch("there is no whole year, or nobody, before the policy".to_owned()));
        };
        let areas: Vec<String> = recordings[0].labels("area")?;
        let (industries, mut groups) = (recordings[0].labels("industry")?, Vec::new());
        for by in By::EACH {
            let mut of = Groups::of(by, &baseline, year, &industries, &areas);
            for name in of.names.iter_mut().filter(|name| name[0] == name[1]) {
                *name = [Language::English, Language::Chinese].map(|language| self.called.full(&name[0], language));
            }
            groups.push(of);
        }
        let middle = groups::median(&baseline.equivalised(&year.real), &baseline.members);
        let last = baseline.years.len().min(policy.years.len()).min(placebo.years.len());
        let years: Vec<usize> = (1..last - before).collect();
        let of = |world: &Panel| {
            let worlds = Worlds { baseline: &baseline, policy: world, before, middle, surveyed: &self.surveyed };
            let of_group = |groups: &Groups| {
                let by_year: Vec<Vec<Sums>> = years.iter().map(|year| worlds.sums(groups, before + year)).collect();
                (0..groups.names.len()).map(|group| by_year.iter().map(|sums| sums[group]).collect()).collect()
            };
            groups.iter().map(of_group).collect::<Vec<Vec<Vec<Sums>>>>()
        };
        let debt = |world| Ok::<_, RecordingError>(debts([recordings[0], world], region)?.split_off(before + 1));
        self.debt.push([debt(recordings[1])?, debt(recordings[2])?]);
        self.seeds.push([of(&policy), of(&placebo)]);
        self.groups = groups.into_iter().map(|groups| (groups.by, groups.names)).collect();
        self.years = years;
        Ok(())
    }

    /// A figure of a group in a year, seed by seed, of the policy (0) or its placebo (1).
    #[must_use]
    pub fn values(&self, which: usize, [by, group, year]: [usize; 3], figure: Figure) -> Vec<f64> {
        self.seeds.iter().map(|seed| seed[which][by][group][year].figure(figure)).collect()
    }

    /// A figure with what is needed to judge it; `None` where nobody is. Figures that count losers are judged by how far they lie from
    /// those of the placebo of the same seed.
    #[must_use]
    pub fn tested(&self, at: [usize; 3], figure: Figure) -> Option<Tested> {
        let (policy, placebo) = (self.values(0, at, figure), self.values(1, at, figure));
        if figure.counts() {
            let beyond: Vec<f64> = policy.iter().zip(&placebo).map(|(a, b)| a - b).collect();
            return Tested::of(&beyond, None);
        }
        Tested::of(&policy, Some(&placebo))
    }

    /// Change of public debt at the end of a year, percent of the base year's output.
    #[must_use]
    pub fn cost(&self, year: usize) -> Option<Tested> {
        let of = |which: usize| self.debt.iter().map(|seed| seed[which][year]).collect::<Vec<f64>>();
        Tested::of(&of(0), Some(&of(1)))
    }

    /// Mean over seeds of what a group goes through without any policy, percent of the year before it.
    #[must_use]
    pub fn drift(&self, [by, group, year]: [usize; 3]) -> f64 {
        let values: Vec<f64> = self.seeds.iter().map(|seed| seed[0][by][group][year].drift()).collect();
        estimate(&values).map_or(f64::NAN, |found| found.mean)
    }

    /// A figure of the poorest tenth over that of the richest in a year.
    #[must_use]
    pub fn poorest_over_richest(&self, year: usize, figure: Figure) -> Option<Estimate> {
        let by = self.groups.iter().position(|(by, _)| *by == By::Tenth)?;
        ratio(&self.values(0, [by, 0, year], figure), &self.values(0, [by, 9, year], figure))
    }
}

#[cfg(test)]
mod tests;
