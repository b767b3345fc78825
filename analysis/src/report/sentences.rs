//! The answers in sentences: output and prices, jobs and reshoring, who pays; and what to beware of beside tenths and classes.

use super::Language;
use super::content::{Drawer, is_index};
use super::page::Sentence;
use crate::chance::{MARK, step_of_jobs};
use crate::indicators::named;
use crate::recording::{Recording, RecordingError};
use crate::response::Scale;

/// What a sentence is about, and the indicators in it.
const SENTENCES: [([&str; 2], &[&str]); 3] = [
    (["Output and prices.", "产出与价格。"], &["real_gdp", "consumer_price"]),
    (
        ["Jobs and reshoring.", "就业与回流。"],
        &["employment", "manufacturing_employment", "manufacturing_output", "manufacturing_import_ratio"],
    ),
    (["Who pays.", "谁承担代价。"], &["poorest_consumption", "richest_consumption", "duty_revenue"]),
];

/// What is known about the people behind the household agents of the region, from a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct People {
    /// Share outside the labour force, percent.
    pub(super) outside: Option<f64>,
    /// How much one agent moves the jobs of manufacturing, percent.
    pub(super) step: Option<f64>,
    /// Whether households are of several persons.
    pub(super) units: bool,
}

/// Nothing where a variable is not recorded.
fn known<T>(found: Result<T, RecordingError>) -> Result<Option<T>, RecordingError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.missing().is_some() => Ok(None),
        Err(error) => Err(error),
    }
}

impl People {
    /// Reads from a run what is recorded.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn of(run: &Recording<'_>, place: usize) -> Result<Self, RecordingError> {
        Ok(Self {
            outside: known(outside(run, place))?.flatten(),
            step: known(step_of_jobs(run, place))?.filter(|step| step.is_finite()),
            units: known(units(run, place))?.unwrap_or(false),
        })
    }
}

/// Share of the persons of a region who are outside the labour force, percent, in the last tick in which all were counted.
///
/// Equation: `100 (1 - labour force / persons of all classes)`.
fn outside(run: &Recording<'_>, place: usize) -> Result<Option<f64>, RecordingError> {
    let (force, classes) = (run.array("labour_force")?, run.array("class_persons")?);
    let width: usize = classes.shape[2..].iter().product();
    let persons = |tick: usize| classes.tick(tick)[place * width..][..width].iter().sum::<f64>();
    let counted = (0..classes.ticks()).rev().find(|&tick| persons(tick) > 0.0);
    Ok(counted.map(|tick| 100.0 * (1.0 - force.at(tick, &[place]) / persons(tick))))
}

/// Whether households are of several persons: only these own homes.
fn units(run: &Recording<'_>, place: usize) -> Result<bool, RecordingError> {
    Ok(run.array("home_price")?.at(0, &[place]) > 0.0)
}

impl Drawer<'_> {
    /// The answers in sentences; none where runs are compared with nothing.
    pub(super) fn sentences(&self) -> Vec<Sentence> {
        if !self.paired {
            return vec![];
        }
        let asked: Vec<&str> = self.source.answers.iter().map(String::as_str).collect();
        let first = self.sentence(["What is asked.", "所问。"], &asked);
        let usual = SENTENCES.iter().filter_map(|(about, ids)| self.sentence(*about, ids));
        let mut found: Vec<Sentence> = first.into_iter().chain(usual).collect();
        let jobs = found.iter_mut().find(|x| x.about == self.say(SENTENCES[1].0));
        if let (Some(step), Some(jobs)) = (self.people.step, jobs) {
            let text = match self.source.language {
                Language::English => format!(
                    " One person agent is {step:.2}% of the region's manufacturing jobs: in one run, jobs move in steps of that size."
                ),
                Language::Chinese => {
                    format!("一个个人主体相当于本地区制造业就业的 {step:.2}%：单次模拟中就业以此为步长变动。")
                }
            };
            jobs.parts.push((text, false));
        }
        let tenths = self.found.series.contains_key("poorest_consumption");
        if let Some(last) = found.last_mut().filter(|x| tenths && x.about == self.say(SENTENCES[2].0)) {
            let text = format!(
                "{}{}",
                self.say([" Simulated, not by construction; ", "为模拟结果，而非推算；"]),
                self.caveat()
            );
            last.parts.push((text, false));
        }
        found
    }

    fn sentence(&self, about: [&str; 2], ids: &[&str]) -> Option<Sentence> {
        let clauses: Vec<(String, bool)> = ids.iter().filter_map(|id| self.clause(id)).collect();
        if clauses.is_empty() {
            return None;
        }
        let region = self.source.names.full(&self.source.region, self.source.language);
        let lead = match self.source.language {
            Language::English => format!("In {region}, last quarter of the run against the baseline: "),
            Language::Chinese => format!("{region}，模拟最后一季与基准相比："),
        };
        let mut parts = vec![(lead, false)];
        let count = clauses.len();
        for (number, (text, doubt)) in clauses.into_iter().enumerate() {
            let end = if number + 1 == count { self.say([".", "。"]) } else { self.say(["; ", "；"]) };
            parts.push((text, doubt));
            parts.push((end.to_owned(), false));
        }
        Some(Sentence { about: self.say(about).to_owned(), parts })
    }

    /// An indicator in words, and whether it is not told apart from chance.
    fn clause(&self, id: &str) -> Option<(String, bool)> {
        let indicator = named(id)?;
        let change = self.mean_of(indicator, &self.last)?;
        let verdict = self.verdict_of(indicator, &self.last)?;
        let name = self.say(indicator.name);
        let unit = match indicator.scale {
            Scale::Percent => "%".to_owned(),
            Scale::Difference if is_index(indicator) => String::new(),
            Scale::Difference => format!(" {}", self.own_unit(indicator)),
        };
        let english = self.source.language == Language::English;
        let interval = if change.count > 1 {
            let ends = [change.low(), change.high()].map(|x| self.amount(indicator, x));
            if english {
                format!(" (95%: {} to {})", ends[0], ends[1])
            } else {
                format!("（95%：{} 至 {}）", ends[0], ends[1])
            }
        } else {
            self.say([" (one seed: no interval)", "（仅一个种子：没有区间）"]).to_owned()
        };
        let size = self.amount(indicator, change.mean) + &unit;
        if verdict.is_apart() {
            return Some((format!("{name} {size}{interval}"), false));
        }
        let reason = if change.count > 1 { format!(", {}", self.say(verdict.reason())) } else { String::new() };
        let reason = if english { reason } else { reason.replace(", ", "，") };
        Some((format!("{name} {MARK}{size}{interval}{reason}"), true))
    }

    /// What stands beside every figure of tenths or classes: what a household is in this version.
    pub(super) fn caveat(&self) -> String {
        if self.people.units {
            return self
                .say([
                    "a household is one to three adults who share what they have; tenths are those of the base year, and whoever was poorest then is on average less poor later, with and without the policy.",
                    "一户为一至三名成人，共享收入；十分位组为基年的分组，基年最穷的家庭此后平均而言不再那么穷，有无政策都是如此。",
                ])
                .to_owned();
        }
        let gini = named("gini_income").and_then(|x| self.level_of(x, &self.last)).filter(|x| x.is_finite());
        match self.source.language {
            Language::English => {
                let share = self.people.outside.map_or_else(
                    || "42 to 60%, by region,".to_owned(),
                    |share| format!("{share:.0}% of them in this region"),
                );
                let gini = gini
                    .map_or_else(String::new, |gini| format!(" (Gini of disposable income by tenths here: {gini:.2})"));
                format!(
                    "a \"household\" in this version is a person-equivalent: {share} are outside the labour force and share no income, so simulated inequality is too high{gini} and tenths mix workers and non-workers."
                )
            }
            Language::Chinese => {
                let share = self
                    .people
                    .outside
                    .map_or_else(|| "各地区 42% 至 60%".to_owned(), |share| format!("本地区 {share:.0}%"));
                let gini = gini
                    .map_or_else(String::new, |gini| format!("（此处按十分位组计的可支配收入基尼系数：{gini:.2}）"));
                format!(
                    "本版本中的“家庭”相当于一个人：{share} 的人不在劳动力中且不与他人共享收入，因此模拟的不平等程度偏高{gini}，十分位组中混有就业者与非就业者。"
                )
            }
        }
    }
}

/// Charts of tenths, classes or income ranks, which stand with the caveat.
const RANKED: [&str; 6] = [
    "consumption-by-decile",
    "incidence-channels",
    "class-moves",
    "gini-consumption",
    "polarization-income",
    "welfare",
];

/// Whether a chart is of tenths, classes or income ranks.
pub(super) fn is_ranked(id: &str) -> bool {
    RANKED.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::tests::{BY_REGION, content};

    #[test]
    fn people_by_hand() {
        // Region 1: 60 of 100 persons in the labour force in the first of two ticks, the last in which they were counted.
        let mut persons = vec![0.0; 2 * 2 * 30];
        persons[30..34].copy_from_slice(&[10.0, 20.0, 30.0, 40.0]);
        let classes: &[&str] = &["time", "region", "source", "rank"];
        let force = [9.0, 60.0, 9.0, 50.0];
        // Of two industries the first is manufacturing: 1 + 2 + 5 of its jobs are in region 1; an agent stands for 4 persons.
        let mut jobs = vec![0.0; 2 * 2 * 6];
        jobs[6..12].copy_from_slice(&[1.0, 2.0, 5.0, 70.0, 80.0, 90.0]);
        let own = content(&[
            ("labour_force", BY_REGION, &force),
            ("class_persons", classes, &persons),
            ("employment", &["time", "region", "industry", "skill"], &jobs),
            ("manufacturing", &["industry"], &[1.0, 0.0]),
            ("persons_per_agent", &["region"], &[9.0, 4.0]),
        ]);
        let found = People::of(&Recording::of(&own), 1).expect("all is recorded");
        assert_eq!(found, People { outside: Some(40.0), step: Some(50.0), units: false });
        // Nobody was counted in region 0, and it has no jobs.
        assert_eq!(People::of(&Recording::of(&own), 0).expect("read"), People::default());
        let nothing = crate::indicators::tests::content(&[]);
        assert_eq!(People::of(&Recording::of(&nothing), 0).expect("nothing"), People::default());
    }
}
