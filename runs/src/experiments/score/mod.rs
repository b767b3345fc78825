//! `autarky score`: every published fact, what the model gives, and whether that lies in the published band.

mod arms;
mod meter;

use std::fmt::Write as _;

use agents::geography::Geography;
use agents::record::{Detail, survey};
use analysis::facts::{Case, Observation};
use analysis::recording::Recording;
use analysis::score::{
    FirmAnswer, HouseholdAnswer, Point, Score, Survey, consumption_shares, cycles, laffer, mean_elasticity, page,
    survey_facts,
};
use engine::recorder::Recorder;

use super::{IMPORTER, Laboratory, columns, maker, size, with};
use crate::arguments::ScoreArguments;
use crate::checkpoint::Options;
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::session::{Session, first_policy_tick};
use crate::terminal::say;

use super::facts::ORIGIN;
use arms::{Arm, BURN_IN, CURVE_SIZE, Calendar, DECADE, LONG, Plan, YEAR_2019};
use meter::Meter;

/// Years whose firms are asked at the end of the baseline.
const SURVEYED_YEARS: u32 = 2;

/// Ticks of years 7 to 10 of a measure that begins after the burn-in.
const LATE: std::ops::Range<usize> = (BURN_IN + 72) as usize..DECADE as usize;

/// Runs the experiments, prints and writes the scoreboard.
///
/// # Errors
/// If a run fails, a file cannot be written, or a fact that is asked for is unknown.
pub fn score(arguments: &ScoreArguments) -> Result<(), Failure> {
    check(&arguments.only)?;
    let laboratory = Laboratory::open(&arguments.ensemble, arguments.seeds, LONG)?;
    let plan = Plan::of(&laboratory, &arguments.world, &arguments.only)?;
    let curves = u64::from(arguments.seeds.div_ceil(2));
    let curve_of = |seed: u64| seed <= curves;
    let ticks = (1..=u64::from(arguments.seeds)).map(|seed| u64::from(plan.ticks(curve_of(seed)))).sum();
    let mut bench = Bench { laboratory: &laboratory, plan: &plan, meter: Meter::begin(ticks) };
    let mut seeds = Vec::new();
    if ticks > 0 {
        seeds = laboratory.each_seed(|seed| bench.seed(seed, curve_of(seed)))?;
    }
    bench.meter.end();
    let score = Score::of(&seeds.concat(), &arguments.only, &plan.absent);
    let about = about(&plan, seeds.len(), arguments);
    let table = score.table();
    let mut text = format!("# Scoreboard of published facts\n\n{}\n\n{about}\n\n", score.headline());
    text += &columns(&table, [0, 1, 2, 3, 4, 5, 6, 7]).to_markdown();
    text += "\nHow each is measured, with deviations from its source:\n\n";
    for row in &table.rows {
        let note = if row[11].is_empty() { String::new() } else { format!(" {}.", row[11]) };
        let measure = if row[10].is_empty() { String::new() } else { format!(" {}: {}.", row[8], row[10]) };
        let _ = writeln!(text, "- **{}**{measure}{note} Source: {}.", row[0], row[12]);
    }
    let (json, html) = (format!("{:#}\n", score.json(&about)), page(&score, &about));
    laboratory.publish(
        &[("score.md", &text), ("score.csv", &table.to_csv()), ("score.json", &json), ("score.html", &html)],
        &columns(&table, [0, 1, 2, 3, 4, 5, 6, 7]),
    )?;
    say(&format!("{}\n", score.headline()));
    Ok(())
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

/// What was run, in a few sentences.
fn about(plan: &Plan, seeds: usize, arguments: &ScoreArguments) -> String {
    let only = if arguments.only.is_empty() { String::new() } else { format!(" --only {}", arguments.only.join(",")) };
    format!(
        "World `{}`, {} (the longest; others end earlier). Means over seeds; effects of policies are differences from the baseline of the same \
         seed. The curve of revenue (T34) has a run a rate of every second seed with one household in {CURVE_SIZE}. Verdicts compare the mean with the published \
         band. Command: `autarky score --seeds {} --households-per-region {}{only}`. {}",
        arguments.world,
        size(&plan.modern.config, seeds),
        arguments.seeds,
        arguments.ensemble.households_per_region,
        maker("score")
    )
}

/// What is at hand for a seed.
struct Bench<'a> {
    laboratory: &'a Laboratory<'a>,
    plan: &'a Plan,
    meter: Meter,
}

/// The runs of a calendar: without measures, and of every arm.
struct Runs<'a> {
    calendar: &'a Calendar,
    baseline: Recorder,
    arms: Vec<Recorder>,
}

impl Bench<'_> {
    /// Runs everything of a seed; `None` if a signal arrived.
    fn seed(&mut self, seed: u64, curve: bool) -> Result<Option<Vec<Observation>>, Failure> {
        let mut found = Vec::new();
        let (plan, mut asked) = (self.plan, Survey::default());
        for calendar in plan.calendars() {
            let ticks = plan.baseline_ticks(calendar);
            if ticks == 0 {
                continue;
            }
            let Some(runs) = self.calendar(calendar, seed, ticks, &mut asked)? else { return Ok(None) };
            found.extend(runs.measure(plan)?);
        }
        found.extend(survey_facts(&asked, plan.modern.config.ticks_per_year as usize));
        if curve && !plan.curve.1.is_empty() {
            let Some(peaks) = self.curve(seed)? else { return Ok(None) };
            found.extend(peaks);
        }
        Ok(Some(found))
    }

    /// Runs a world without measures and the arms that branch off.
    fn calendar<'c>(
        &mut self,
        calendar: &'c Calendar,
        seed: u64,
        ticks: u32,
        asked: &mut Survey,
    ) -> Result<Option<Runs<'c>>, Failure> {
        let config = ResolvedConfig { ticks, ..with(&calendar.config, seed, &[]) };
        let Some(mut session) = self.burnt_in(config, Detail::Full)? else { return Ok(None) };
        let mut arms = Vec::new();
        for arm in &calendar.arms {
            let Arm { name, ticks, measures } = arm;
            let Some(run) = self.branch(&mut session, name, *ticks, measures)? else { return Ok(None) };
            arms.push(run);
        }
        self.meter.run("baseline");
        let surveyed = self.plan.has_baseline(calendar);
        if !self.go_on(&mut session, |session| {
            if surveyed && session.tick() + 12 * SURVEYED_YEARS > LONG {
                ask(session, asked);
            }
        })? {
            return Ok(None);
        }
        Ok(Some(Runs { calendar, baseline: session.into_recorder(), arms }))
    }

    /// Runs the curve of uniform duties; `None` if a signal arrived.
    fn curve(&mut self, seed: u64) -> Result<Option<Vec<Observation>>, Failure> {
        let (config, rates) = &self.plan.curve;
        let config = ResolvedConfig { ticks: DECADE, ..with(config, seed, &[]) };
        let Some(mut session) = self.burnt_in(config, Detail::Standard)? else { return Ok(None) };
        let read = |rate: f64, recorder: &Recorder| -> Result<Point, Failure> {
            let content = recorder.content();
            Ok(Point::read(rate, &Recording::of(&content), IMPORTER, LATE)?)
        };
        let mut points = [Vec::new(), Vec::new()];
        for rate in rates {
            let Some(run) = self.branch(&mut session, "curve of revenue", DECADE, &rate.measures)? else {
                return Ok(None);
            };
            points[usize::from(rate.answered)].push(read(rate.rate, &run)?);
        }
        if !self.go_on(&mut session, |_| ())? {
            return Ok(None);
        }
        let free = read(0.0, &session.into_recorder())?;
        for points in &mut points {
            points.insert(0, free);
        }
        let [alone, reciprocal] = points;
        Ok(Some(laffer(&alone, &reciprocal)))
    }

    /// A world after the burn-in; `None` if a signal arrived.
    fn burnt_in(&mut self, config: ResolvedConfig, detail: Detail) -> Result<Option<Session>, Failure> {
        self.meter.run("burn-in");
        let options = Options { audit_stops: true, detail, compare: false };
        let planned = config.ticks;
        let mut session = Session::begin(ResolvedConfig { ticks: BURN_IN, ..config }, &self.plan.calibration, options)?;
        let done = self.go_on(&mut session, |_| ())?;
        session.config.ticks = planned;
        Ok(done.then_some(session))
    }

    /// A run that branches off, to its end; `None` if a signal arrived.
    fn branch(
        &mut self,
        session: &mut Session,
        name: &str,
        ticks: u32,
        measures: &[agents::policy::Measure],
    ) -> Result<Option<Recorder>, Failure> {
        self.meter.run(name);
        let config = ResolvedConfig { ticks, measures: measures.to_vec(), ..session.config.clone() };
        let mut arm = session.branch(config, &self.plan.calibration)?;
        Ok(self.go_on(&mut arm, |_| ())?.then(|| arm.into_recorder()))
    }

    /// Goes on to the planned end, looking at the world after each tick; false if a signal arrived.
    fn go_on(&mut self, session: &mut Session, mut look: impl FnMut(&Session)) -> Result<bool, Failure> {
        while session.tick() < session.config.ticks {
            if self.laboratory.interrupt.requested() {
                return Ok(false);
            }
            session.step()?;
            self.meter.tick();
            look(session);
        }
        Ok(true)
    }
}

/// Asks the firms and unemployed of the region, and its households at the very end.
fn ask(session: &Session, asked: &mut Survey) {
    let world = session.world();
    let regions = &world.get::<Geography>().regions;
    let Some(region) = regions.iter().position(|region| region.code == IMPORTER) else { return };
    let firm = |found: survey::FirmFound| FirmAnswer {
        industry: found.industry,
        age_ticks: found.age_ticks,
        employees: found.employees,
        sold: found.sold,
        price: found.price,
    };
    asked.firms.push(survey::firms(world, region).into_iter().map(firm).collect());
    if session.tick() + 12 > LONG {
        asked.unemployed_months.extend(survey::unemployed_months(world, region));
    }
    if session.tick() == LONG {
        let household = |found: survey::HouseholdFound| HouseholdAnswer {
            wealth: found.wealth,
            liquidity: found.liquidity,
            windfall_spent: found.windfall_spent,
        };
        asked.households = survey::households(world, region).into_iter().map(household).collect();
    }
}

impl Runs<'_> {
    /// The facts of all arms and of the baseline.
    fn measure(&self, plan: &Plan) -> Result<Vec<Observation>, Failure> {
        let baseline = self.baseline.content();
        let baseline = Recording::of(&baseline);
        let contents: Vec<_> = self.arms.iter().map(Recorder::content).collect();
        let recordings: Vec<Recording<'_>> = contents.iter().map(Recording::of).collect();
        let of = |name: &str| self.calendar.arms.iter().position(|arm| arm.name == name).map(|at| &recordings[at]);
        let mut found = Vec::new();
        for (arm, policy) in self.calendar.arms.iter().zip(&recordings) {
            let config = with(&self.calendar.config, 1, &arm.measures);
            let case = |baseline, origins| Case {
                policy,
                baseline,
                importer: IMPORTER,
                origins,
                start: first_policy_tick(&config).unwrap_or(0) as usize,
                ticks_per_year: config.ticks_per_year as usize,
            };
            let all = case(&baseline, policy.labels("region")?);
            found.extend(match arm.name {
                "single" => case(&baseline, vec![ORIGIN.to_owned()]).single()?,
                "uniform" => all.uniform()?,
                "metals" => all.metals()?,
                "war-2025" => all.retail()?,
                "moving-2025" => all.announced_jobs()?,
                "war-2018" => {
                    let mut war = all.war(ORIGIN, YEAR_2019)?;
                    if let Some(unanswered) = of("war-2018-us") {
                        war.extend(case(unanswered, policy.labels("region")?).protection("T28-retaliation")?);
                    }
                    war
                }
                "war-2018-us" => all.protection("T28")?,
                _ => all.metal_jobs()?,
            });
        }
        if plan.has_baseline(self.calendar) {
            let year = self.calendar.config.ticks_per_year as usize;
            let elasticities: Vec<Option<f64>> =
                plan.calibration.industries.iter().map(|industry| industry.trade_elasticity).collect();
            found.extend(cycles(&baseline, IMPORTER, year)?);
            found.extend(consumption_shares(&baseline, IMPORTER, year)?);
            found.extend(mean_elasticity(&baseline, IMPORTER, &elasticities, year)?);
        }
        Ok(found)
    }
}
