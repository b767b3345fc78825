//! What brings factories home: signs and sizes over paired seeds.
//!
//! Every question compares two worlds of the same seed that differ in one measure or expectation. `autarky reshoring` runs
//! the worlds; here is what is read from their recordings.

mod questions;

use self::questions::{ANY, QUESTIONS, Question};
use crate::bars::{Band, interval, shown};
use crate::facts::jobs;
use crate::paired::estimate;
use crate::placebo::{self, Figure};
use crate::recording::{Array, Recording, RecordingError};
use crate::table::Table;

/// Industries whose products are sold to households and investors: those that the experiments protect.
pub const FINAL_GOODS: [&str; 4] = ["TEX", "OMF", "ELE", "VEH"];

/// Regions in which plants for buyers of the United States can replace those of China.
const CONNECTORS: [&str; 3] = ["VNM", "MEX", "ASN"];
/// Regions that raise their duties on China and Russia in `friend-shoring`.
const FRIENDS: [&str; 7] = ["USA", "EUU", "JPN", "KOR", "CAN", "GBR", "TWN"];

/// What is kept of a world of one seed: the region in question.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Capacity of final goods that came from abroad less what went abroad, percent of base-year output of these goods.
    pub final_goods: f64,
    /// Capacity of manufacturing that came from abroad, percent of base-year output of manufacturing.
    pub arrived: f64,
    /// Plants announced since the policy, of work from abroad.
    pub announced: f64,
    /// Plants opened since the policy, of work from abroad.
    pub opened: f64,
    /// Plants completed since the policy, of work from abroad.
    pub completed: f64,
    /// Mean ticks from announcement to opening or giving up (Little's law: plants planned or under construction over those that
    /// opened or were given up a tick).
    pub construction_ticks: f64,
    /// Plants given up before they opened, percent of those that were given up or completed since the policy, all regions.
    pub given_up: f64,
    /// Plants that uncertainty deterred since the policy, expected number.
    pub deterred: f64,
    /// Productivity of the plants of the run over design, mean of the second and third year of the policy.
    pub efficiency: f64,
    /// Persons in industries of final goods, mean of the second year of the policy.
    pub jobs_final: f64,
    /// Persons in manufacturing, mean of the second year of the policy.
    pub jobs: f64,
    /// Persons in manufacturing, mean of the last year.
    pub jobs_last: f64,
    /// Persons in plants opened during the run times the share of subsidies in what decided, mean of the last year.
    pub jobs_subsidised: f64,
    /// Consumer prices, mean of the second year of the policy.
    pub prices: f64,
    /// Household consumption, money in the second year of the policy.
    pub consumption: f64,
    /// Subsidies paid to plants since the policy, money.
    pub plant_grants: f64,
    /// What of the subsidies asked for budgets did not cover, percent.
    pub uncovered: f64,
    /// Standing plants in Viet Nam, Mexico and the rest of Asia whose work was done in China before, percent of these regions'
    /// base-year output of manufacturing.
    pub connected: f64,
    /// Standing plants in the United States, the European Union, Japan, Korea, Canada, Britain and Taiwan whose work was done in
    /// China or Russia before, less the other way, percent of the rivals' base-year output of manufacturing.
    pub befriended: f64,
    /// Persons per unit of output in plants of final goods opened during the run, mean of the last year.
    pub staffing: f64,
    /// Orders that changed from suppliers abroad to suppliers at home less the other way since the policy, percent of the
    /// base-year output of manufacturing.
    pub substituted: f64,
    /// Orders that followed plants home less those that followed plants abroad since the policy, same unit.
    pub followed: f64,
}

/// Sum of a row over some places of the last dimension.
fn pick(array: &Array, tick: usize, region: usize, keep: &[usize]) -> f64 {
    keep.iter().map(|&place| array.at(tick, &[region, place])).sum()
}

impl World {
    /// Reads a recording: `start` is the first tick of the policy.
    ///
    /// # Errors
    /// If it lacks a variable or the region.
    pub fn of(recording: &Recording<'_>, region: &str, start: usize) -> Result<Self, RecordingError> {
        let region = recording.place("region", region)?;
        let year = recording.ticks_per_year()?;
        let flags = recording.array("manufacturing")?.values;
        let all: Vec<usize> = (0..flags.len()).filter(|&g| flags[g] > 0.5).collect();
        let codes = recording.labels("industry")?;
        let goods: Vec<usize> = (0..codes.len()).filter(|&g| FINAL_GOODS.contains(&codes[g].as_str())).collect();
        let output = recording.array("sector_real_output")?;
        let (arrived, departed) = (recording.array("capacity_arrived")?, recording.array("capacity_departed")?);
        let last = output.ticks() - 1;
        let since = |name: &str| -> Result<f64, RecordingError> {
            let array = recording.array(name)?;
            let partners = array.shape[2];
            let from_abroad: Vec<usize> = (0..partners).filter(|&o| o != region).collect();
            Ok((start..=last).map(|tick| pick(&array, tick, region, &from_abroad)).sum())
        };
        let series = |name: &str| Ok::<_, RecordingError>(recording.array(name)?.series(&[region]));
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let second = (start + year).min(last)..(start + 2 * year).min(last + 1);
        let final_year = (last + 1).saturating_sub(year)..last + 1;
        let persons = jobs(recording, region, |g| all.contains(&g))?;
        let young = (start + year).min(last)..(start + 3 * year).min(last + 1);
        let efficiency: Vec<f64> =
            series("plant_efficiency")?[young].iter().copied().filter(|x| x.is_finite()).collect();
        let persons_final = jobs(recording, region, |g| goods.contains(&g))?;
        let anywhere = |name: &str| -> Result<f64, RecordingError> {
            let array = recording.array(name)?;
            Ok((start..=last).map(|tick| array.tick(tick).iter().sum::<f64>()).sum())
        };
        let stock = anywhere("plants_planned")? + anywhere("plants_under_construction")?;
        let (cancelled, completed) = (anywhere("plants_cancelled")?, anywhere("plants_completed")?);
        let design = recording.array("design_output_relocated")?;
        let places = |codes: &[&str]| -> Result<Vec<usize>, RecordingError> {
            codes.iter().map(|code| recording.place("region", code)).collect()
        };
        let (connectors, china) = (places(&CONNECTORS)?, places(&["CHN"])?);
        let (friends, rivals) = (places(&FRIENDS)?, places(&["CHN", "RUS"])?);
        let moved = |to: &[usize], from: &[usize]| to.iter().map(|&k| pick(&design, last, k, from)).sum::<f64>();
        let of_base = |of: &[usize]| of.iter().map(|&k| pick(&output, 0, k, &all)).sum::<f64>();
        let (staff, made) =
            (recording.array("employment_relocated_industry")?, recording.array("output_relocated_industry")?);
        let of_year = |array: &Array| final_year.clone().map(|tick| pick(array, tick, region, &goods)).sum::<f64>();
        let base = pick(&output, 0, region, &all) / 100.0;
        let (home, abroad) = (series("orders_to_home")?, series("orders_to_abroad")?);
        let relocated = recording.array("orders_relocated")?;
        let others = || (0..relocated.shape[2]).filter(|&o| o != region);
        let followed = |tick: usize| -> f64 {
            others().map(|o| relocated.at(tick, &[region, o]) - relocated.at(tick, &[o, region])).sum()
        };
        let causes = recording.array("employment_relocated_cause")?;
        let by_subsidy = recording.place("cause", "subsidies")?;
        let decided: Vec<f64> = final_year.clone().map(|tick| causes.at(tick, &[region, by_subsidy])).collect();
        let since_start = |name: &str| Ok::<_, RecordingError>(series(name)?[start..].iter().sum::<f64>());
        let (paid, asked) = (since_start("plant_grants")?, since_start("plant_grants_asked")?);
        Ok(Self {
            final_goods: 100.0 * (pick(&arrived, last, region, &goods) - pick(&departed, last, region, &goods))
                / pick(&output, 0, region, &goods),
            arrived: 100.0 * pick(&arrived, last, region, &all) / pick(&output, 0, region, &all),
            announced: since("plants_announced")?,
            opened: since("plants_opened")?,
            completed: since("plants_completed")?,
            construction_ticks: stock / (anywhere("plants_opened")? + cancelled),
            given_up: 100.0 * cancelled / (cancelled + completed),
            deterred: series("plants_deterred")?[start..].iter().sum(),
            efficiency: mean(&efficiency),
            jobs_final: mean(&persons_final[second.clone()]),
            jobs: mean(&persons[second.clone()]),
            jobs_last: mean(&persons[final_year.clone()]),
            jobs_subsidised: mean(&decided),
            prices: mean(&series("consumer_price")?[second.clone()]),
            consumption: series("household_consumption")?[second].iter().sum(),
            staffing: of_year(&staff) / of_year(&made),
            substituted: (start..=last).map(|tick| home[tick] - abroad[tick]).sum::<f64>() / base,
            followed: (start..=last).map(followed).sum::<f64>() / base,
            plant_grants: paid,
            uncovered: 100.0 * (1.0 - paid / asked),
            connected: 100.0 * moved(&connectors, &china) / of_base(&connectors),
            befriended: 100.0 * (moved(&friends, &rivals) - moved(&rivals, &friends)) / of_base(&rivals),
        })
    }
}

/// What moved in a world without policy, percent of base-year output of manufacturing, by region.
#[derive(Clone, Debug, PartialEq)]
pub struct Churn {
    /// Capacity that arrived, departed, and the balance at the end of each year.
    pub arrived: Vec<f64>,
    /// Capacity that departed by the end.
    pub departed: Vec<f64>,
    /// Arrived less departed at the end of each year.
    pub net: Vec<Vec<f64>>,
}

impl Churn {
    /// Reads a recording.
    ///
    /// # Errors
    /// If it lacks a variable.
    pub fn of(recording: &Recording<'_>) -> Result<Self, RecordingError> {
        let flags = recording.array("manufacturing")?.values;
        let keep: Vec<usize> = (0..flags.len()).filter(|&g| flags[g] > 0.5).collect();
        let output = recording.array("sector_real_output")?;
        let (arrived, departed) = (recording.array("capacity_arrived")?, recording.array("capacity_departed")?);
        let year = recording.ticks_per_year()?;
        let regions = output.shape[1];
        let last = output.ticks() - 1;
        let percent = |array: &Array, tick: usize, region: usize| {
            100.0 * pick(array, tick, region, &keep) / pick(&output, 0, region, &keep)
        };
        let all = |array: &Array| (0..regions).map(|r| percent(array, last, r)).collect();
        let net = |r: usize| {
            let balance = |tick: usize| percent(&arrived, tick, r) - percent(&departed, tick, r);
            (year - 1..=last).step_by(year).map(balance).collect()
        };
        Ok(Self { arrived: all(&arrived), departed: all(&departed), net: (0..regions).map(net).collect() })
    }
}

/// Net relocation of every region in worlds without policy, over seeds.
#[must_use]
pub fn churn_table(regions: &[String], seeds: &[Churn]) -> Table {
    let head =
        ["region", "arrived", "departed", "net, half of the years", "net, all years", "95% interval", "zero inside"];
    let mut table = Table::new(head);
    let mean = |values: Vec<f64>| estimate(&values).map_or_else(|| "-".to_owned(), |found| shown(found.mean));
    for (r, code) in regions.iter().enumerate() {
        let years = seeds.first().map_or(0, |seed| seed.net[r].len());
        let at = |year: usize| seeds.iter().filter_map(|seed| seed.net[r].get(year).copied()).collect::<Vec<f64>>();
        let end = estimate(&at(years.saturating_sub(1)));
        let (net, range, inside) = match &end {
            None => ("-".to_owned(), "-".to_owned(), "not run"),
            Some(x) => (shown(x.mean), interval(x), if x.low() <= 0.0 && x.high() >= 0.0 { "yes" } else { "no" }),
        };
        table.push([
            code,
            &mean(seeds.iter().map(|seed| seed.arrived[r]).collect()),
            &mean(seeds.iter().map(|seed| seed.departed[r]).collect()),
            &mean(at((years / 2).saturating_sub(1))),
            &net,
            &range,
            inside,
        ]);
    }
    table
}

/// What differs between the worlds of a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Without policy.
    Baseline,
    /// Duties on final goods.
    Duty,
    /// Duties on inputs.
    InputDuty,
    /// Duties on final goods that are expected to be undone.
    Doubted,
    /// Duties on manufactures of the region by all others.
    Retaliation,
    /// Subsidies to plants.
    Subsidy,
    /// A subsidy to plants of one industry.
    Concentrated,
    /// The same offer spread over all industries.
    Thin,
    /// Duties and subsidies.
    Both,
    /// The same with duties that come and go, of the same mean.
    OnOff,
    /// The same, and firms expect all of it to be undone.
    Uncertain,
    /// Duties, subsidies and courses for the unemployed.
    Skilled,
    /// Duties on final goods, with machines that take over tasks.
    Automated,
    /// Duties on the final goods of one industry.
    Narrow,
    /// Duties on China only.
    Connector,
    /// Duties of some regions on China and Russia.
    Friends,
}

impl Case {
    /// All cases, in the order of their numbers.
    pub const ALL: [Self; 16] = [
        Self::Baseline,
        Self::Duty,
        Self::InputDuty,
        Self::Doubted,
        Self::Retaliation,
        Self::Subsidy,
        Self::Concentrated,
        Self::Thin,
        Self::Both,
        Self::OnOff,
        Self::Uncertain,
        Self::Skilled,
        Self::Automated,
        Self::Narrow,
        Self::Connector,
        Self::Friends,
    ];

    /// Shipped scenario and settings of the world.
    #[must_use]
    pub fn scenario(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Baseline => ("baseline", &["location.enabled=true"]),
            Self::Duty => ("reshoring-tariff", &[]),
            Self::InputDuty => ("duties-on-inputs", &[]),
            Self::Doubted => ("reshoring-tariff", &["location.reversal_rate=1"]),
            Self::Retaliation => ("retaliation", &[]),
            Self::Subsidy => ("reshoring-subsidy", &[]),
            Self::Concentrated => ("subsidy-concentrated", &[]),
            Self::Thin => ("subsidy-thin", &[]),
            Self::Both => ("both", &[]),
            Self::OnOff => ("both-with-uncertainty", &["location.reversal_rate=0.1"]),
            Self::Uncertain => ("both-with-uncertainty", &[]),
            Self::Skilled => ("skills-programme", &[]),
            Self::Automated => ("reshoring-automated", &[]),
            Self::Narrow => ("duties-on-electricals", &[]),
            Self::Connector => ("connector-countries", &[]),
            Self::Friends => ("friend-shoring", &[]),
        }
    }
}

/// The worlds of one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Seed {
    /// In the order of [`Case::ALL`].
    worlds: [World; Case::ALL.len()],
    /// With a placebo in place of the duties on final goods.
    placebo: World,
}

impl Seed {
    /// The worlds of a seed, in the order of [`Case::ALL`], and that of the placebo.
    #[must_use]
    pub fn new(worlds: [World; Case::ALL.len()], placebo: World) -> Self {
        Self { worlds, placebo }
    }

    fn of(&self, case: Case) -> &World {
        &self.worlds[case as usize]
    }
}

/// Every question with its mean over seeds, interval, whether the sign is as expected, and how it stands against chance.
#[must_use]
pub fn table(seeds: &[Seed]) -> Table {
    let head = ["id", "question", "expected", "mean", "95% interval", "holds", "unit", "measure", "source"];
    let mut table = Table::new(head.into_iter().chain(placebo::HEAD));
    for q in &QUESTIONS {
        let values: Vec<f64> = seeds.iter().map(|seed| q.value.of(seed)).filter(|x| x.is_finite()).collect();
        let expected = match (q.band.low.is_finite(), q.band.high.is_finite()) {
            (true, _) => "above 0",
            (_, true) => "below 0",
            _ => "as found",
        };
        let tested = q.value.tested(seeds);
        let (mean, range, holds) = match estimate(&values) {
            None => ("-".to_owned(), "-".to_owned(), "not run".to_owned()),
            Some(x) => {
                let holds = verdict(&q.band, x.low(), x.high(), x.mean);
                (shown(x.mean), interval(&x), placebo::qualified(holds, tested.as_ref()))
            }
        };
        let chance = placebo::cells(tested.as_ref());
        let row = [q.id, q.claim, expected, &mean, &range, &holds, q.unit, q.measure, q.source];
        table.push(row.into_iter().chain(chance.each_ref().map(String::as_str)));
    }
    table
}

/// The questions about effects, and how they stand.
#[must_use]
pub fn figures(seeds: &[Seed]) -> Vec<Figure> {
    let figure = |q: &Question| Some(Figure { id: q.id.to_owned(), tested: q.value.tested(seeds)?, extreme: false });
    QUESTIONS.iter().filter_map(figure).collect()
}

/// A sign holds if the whole interval has it.
fn verdict(band: &Band, low: f64, high: f64, mean: f64) -> &'static str {
    if *band == ANY {
        "-"
    } else if band.contains(low) && band.contains(high) {
        "yes"
    } else if band.contains(mean) {
        "in the mean, not in the interval"
    } else {
        "no"
    }
}

#[cfg(test)]
mod tests;
