//! `autarky score`: every published fact, what the model gives, and whether that lies in the published band.

mod arms;
mod people;

use std::fmt::Write as _;

use analysis::facts::{Case, Observation};
use analysis::placebo;
use analysis::recording::Recording;
use analysis::score::{Point, Score, consumption_shares, cycles, laffer, mean_elasticity, page, survey_facts};

use super::arm::Arm;
use super::facts::ORIGIN;
use super::interview::{Answer, Question};
use super::{Experiment, IMPORTER, Laboratory, Made, Tables, Worlds, columns, each_seed, maker, size};
use crate::arguments::ScoreArguments;
use crate::failure::Failure;
use crate::session::first_policy_tick;

use arms::{BURN_IN, CURVE_SIZE, Calendar, DECADE, Levy, Plan, YEAR_2019};

pub(super) use arms::LONG;

/// Ticks of years 7 to 10 of a measure that begins after the burn-in.
const LATE: std::ops::Range<usize> = (BURN_IN + 72) as usize..DECADE as usize;

/// Every fact, and the worlds that are asked.
pub(super) struct Scoreboard {
    plan: Plan,
    /// Facts that are asked for, and the world.
    only: Vec<String>,
    world: String,
    households_per_region: u64,
    seeds: u32,
}

impl Scoreboard {
    /// Plans it.
    pub(super) fn plan(laboratory: &Laboratory<'_>, arguments: &ScoreArguments) -> Made {
        check(&arguments.only)?;
        Ok(Box::new(Self {
            plan: Plan::of(laboratory, &arguments.world, &arguments.only)?,
            only: arguments.only.clone(),
            world: arguments.world.clone(),
            households_per_region: arguments.ensemble.households_per_region,
            seeds: arguments.seeds,
        }))
    }

    /// What was run, in a few sentences.
    fn about(&self) -> String {
        let only = if self.only.is_empty() { String::new() } else { format!(" --only {}", self.only.join(",")) };
        format!(
            "World `{}`, {} (the longest; others end earlier). Means over seeds; effects of policies are differences from the baseline of the same \
             seed. The curve of revenue (T34) has a run a rate of every second seed with one household in {CURVE_SIZE}. Verdicts compare the mean with the published \
             band. Command: `autarky score --seeds {} --households-per-region {}{only}`. {}",
            self.world,
            size(&self.plan.modern.world.config, self.seeds),
            self.seeds,
            self.households_per_region,
            maker("score")
        )
    }

    /// What a seed says.
    fn seed(&self, worlds: &Worlds<'_>, seed: u64) -> Result<Found, Failure> {
        let (plan, mut all) = (&self.plan, Found::default());
        for calendar in plan.calendars() {
            let Found { observed, chance, .. } = measure(plan, calendar, worlds, seed)?;
            all.observed.extend(observed);
            all.chance.extend(chance);
        }
        let found = &mut all.observed;
        if let Some(baseline) = plan.modern.baseline.filter(|&arm| !plan.arms[arm].asked.is_empty())
            && let Answer::CrossSections(asked) = worlds.answer(baseline, seed, Question::CrossSections)?
        {
            found.extend(survey_facts(&asked, plan.modern.world.config.ticks_per_year as usize));
        }
        if let Some(people) = &plan.people {
            found.extend(people.found(worlds, seed)?);
            all.calm = people.calm(worlds, seed)?;
        }
        let found = &mut all.observed;
        if let Some((displaced, first)) = &plan.displaced {
            found.extend(analysis::displaced::observations(&displaced.seed(worlds, *first, seed)?));
        }
        if let Some(free) = plan.curve.first().filter(|free| seed <= u64::from(plan.arms[free.arm].seeds)) {
            let read = |levy: &Levy| -> Result<Point, Failure> {
                Ok(Point::read(levy.rate, &worlds.recording(levy.arm, seed)?, IMPORTER, LATE)?)
            };
            let free = read(free)?;
            let curve = |answered: bool| -> Result<Vec<Point>, Failure> {
                let levies = plan.curve.iter().skip(1).filter(|levy| levy.answered == answered);
                std::iter::once(Ok(free)).chain(levies.map(read)).collect()
            };
            found.extend(laffer(&curve(false)?, &curve(true)?));
        }
        Ok(all)
    }
}

impl Experiment for Scoreboard {
    fn name(&self) -> &'static str {
        "score"
    }

    fn arms(&self) -> &[Arm] {
        &self.plan.arms
    }

    fn tables(&self, worlds: &Worlds<'_>) -> Result<Tables, Failure> {
        let measured = !self.plan.arms.is_empty();
        let seeds = each_seed(if measured { self.seeds } else { 0 }, |seed| self.seed(worlds, seed))?;
        let join = |of: fn(&Found) -> &Vec<Observation>| seeds.iter().flat_map(of).copied().collect::<Vec<_>>();
        let (observed, chance) = (join(|found| &found.observed), join(|found| &found.chance));
        let score = Score::of(&observed, &chance, &self.only, &self.plan.absent)
            .beside("without shocks", &join(|found| &found.calm));
        let (about, table) = (self.about(), score.table());
        let (shown, summary) = (placebo::marked(&table, "ours"), score.chance());
        let mut text = format!("# Scoreboard of published facts\n\n{}\n\n{about}\n\n", score.headline());
        let _ = writeln!(text, "{}\n\n{}\n", placebo::LEGEND, summary.replace('\n', "\n\n"));
        text += &columns(&shown, [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]).to_markdown();
        text += "\nHow each is measured, with deviations from its source:\n\n";
        for row in &table.rows {
            let note = if row[11].is_empty() { String::new() } else { format!(" {}.", row[11]) };
            let measure = if row[10].is_empty() { String::new() } else { format!(" {}: {}.", row[8], row[10]) };
            let _ = writeln!(text, "- **{}**{measure}{note} Source: {}.", row[0], row[12]);
        }
        let (json, html) = (format!("{:#}\n", score.json(&about)), page(&score, &about));
        Ok(Tables {
            files: vec![("score.md", text), ("score.csv", table.to_csv()), ("score.json", json), ("score.html", html)],
            short: columns(&shown, [0, 1, 2, 3, 4, 5, 13, 7]),
            last: format!("{summary}\n{}", score.headline()),
        })
    }
}

/// Refuses facts that are not in the list.
fn check(only: &[String]) -> Result<(), Failure> {
    let facts = analysis::facts::facts();
    for id in only {
        if !facts.iter().any(|fact| analysis::score::wanted(fact, std::slice::from_ref(id))) {
            let known: Vec<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
            return Err(Failure::Configuration(format!(
                "--only: there is no fact `{id}`; known are {}",
                known.join(", ")
            )));
        }
    }
    Ok(())
}

/// What a seed says: of the policies, and of their placebos.
#[derive(Default)]
struct Found {
    observed: Vec<Observation>,
    chance: Vec<Observation>,
    /// Of people in worlds without shocks.
    calm: Vec<Observation>,
}

/// The facts of an experiment; `origins` are all regions of the world, and `unanswered` the war of 2018 without an answer, if it is
/// at hand.
fn facts_of(name: &str, case: Case<'_>, unanswered: Option<&Recording<'_>>) -> Result<Vec<Observation>, Failure> {
    Ok(match name {
        "single" => Case { origins: vec![ORIGIN.to_owned()], ..case }.single()?,
        "uniform" => case.uniform()?,
        "metals" => case.metals()?,
        "war-2025" => case.retail()?,
        "moving-2025" => case.announced_jobs()?,
        "war-2018" => {
            let mut war = case.war(ORIGIN, YEAR_2019)?;
            if let Some(baseline) = unanswered {
                war.extend(Case { baseline, ..case }.protection("T28-retaliation")?);
            }
            war
        }
        "war-2018-us" => case.protection("T28")?,
        _ => case.metal_jobs()?,
    })
}

/// The facts of all arms of a calendar, and of its baseline.
fn measure(plan: &Plan, calendar: &Calendar, worlds: &Worlds<'_>, seed: u64) -> Result<Found, Failure> {
    let Some(baseline) = calendar.baseline else { return Ok(Found::default()) };
    let baseline_arm = &plan.arms[baseline];
    let baseline = worlds.recording(baseline, seed)?;
    let recordings = calendar.branches.iter().map(|branch| worlds.recording(branch.arm, seed));
    let recordings: Vec<Recording<'_>> = recordings.collect::<Result<_, _>>()?;
    let placebo = calendar.placebo.map(|arm| worlds.recording(arm, seed)).transpose()?;
    let of = |name: &str| calendar.branches.iter().position(|branch| branch.name == name).map(|at| &recordings[at]);
    let year = calendar.world.config.ticks_per_year as usize;
    let mut found = Found::default();
    for (branch, policy) in calendar.branches.iter().zip(&recordings) {
        let start = first_policy_tick(&plan.arms[branch.arm].config).unwrap_or(0) as usize;
        let origins = policy.labels("region")?;
        let case = |policy, per| Case {
            policy,
            baseline: &baseline,
            per,
            importer: IMPORTER,
            origins: origins.clone(),
            start,
            ticks_per_year: year,
        };
        let unanswered = of("war-2018-us");
        found.observed.extend(facts_of(branch.name, case(policy, None), unanswered)?);
        if let Some(placebo) = &placebo {
            // Two policies differ by luck as much as one of them and nothing.
            let unanswered = unanswered.map(|_| &baseline);
            found.chance.extend(facts_of(branch.name, case(placebo, Some(policy)), unanswered)?);
        }
    }
    if !baseline_arm.asked.is_empty() {
        let elasticities: Vec<Option<f64>> =
            calendar.world.calibration.industries.iter().map(|industry| industry.trade_elasticity).collect();
        found.observed.extend(cycles(&baseline, IMPORTER, year)?);
        found.observed.extend(consumption_shares(&baseline, IMPORTER, year)?);
        found.observed.extend(mean_elasticity(&baseline, IMPORTER, &elasticities, year)?);
    }
    Ok(found)
}
