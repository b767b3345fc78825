//! One family of runs: a trunk of what they have in common, and the branches.

use agents::geography::Geography;
use agents::record::{Detail, survey};
use analysis::score::{FirmAnswer, HouseholdAnswer, Survey};

use super::IMPORTER;
use super::arm::Run;
use super::fork::{Fork, last};
use super::kept::Kept;
use super::meter::Meter;
use crate::checkpoint::Options;
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::session::Session;
use crate::signals::Interrupt;

/// Tick after which households are asked: the end of twenty years.
pub(super) const SURVEYED: u32 = 240;
/// Years whose firms are asked, to this tick.
const SURVEYED_YEARS: u32 = 2;

/// What a worker has at hand for a family.
pub(super) struct Grower<'a> {
    /// Where runs that ended are kept.
    pub kept: &'a Kept,
    /// Signals.
    pub interrupt: &'a Interrupt,
    /// What is done.
    pub meter: &'a Meter,
}

/// A world on its way.
struct Path {
    session: Session,
    asked: Survey,
}

impl Grower<'_> {
    /// Does all runs of a family and keeps them.
    pub(super) fn grow(&self, family: &[&Run]) -> Result<(), Failure> {
        let full = family.iter().any(|run| run.detail == Detail::Full);
        let detail = if full { Detail::Full } else { Detail::Standard };
        self.follow(None, family, Options { audit_stops: true, detail, compare: false })
    }

    /// Goes on with some runs that are one so far; `None` before the first tick.
    fn follow(&self, path: Option<Path>, runs: &[&Run], options: Options) -> Result<(), Failure> {
        let Fork { common, tick, groups } = Fork::of(runs);
        let last = last(runs);
        let until = tick.unwrap_or(last).min(last);
        if until == 0 && tick.is_some() {
            return groups.iter().try_for_each(|group| self.follow(None, group, options));
        }
        let mut path = match path {
            Some(path) => path,
            None => begin(runs[0], &common, last, options)?,
        };
        self.walk(&mut path, runs, until)?;
        if tick.is_none() {
            return runs.iter().try_for_each(|run| {
                self.kept.keep(run, path.session.recorder(), &path.asked)?;
                self.meter.ended(&run.name());
                Ok(())
            });
        }
        let Some((end, before)) = groups.split_last() else { return Ok(()) };
        for group in before {
            let branch = branch(&mut path, group)?;
            self.follow(Some(branch), group, options)?;
        }
        let same = Fork::of(end).common == common;
        let path = if same { path } else { branch(&mut path, end)? };
        self.follow(Some(path), end, options)
    }

    /// Goes on to a tick.
    fn walk(&self, path: &mut Path, runs: &[&Run], until: u32) -> Result<(), Failure> {
        let surveyed = runs.iter().any(|run| run.surveyed);
        while path.session.tick() < until {
            if self.interrupt.requested() {
                return Err(Failure::Stopped);
            }
            path.session.step()?;
            self.meter.tick();
            if surveyed {
                ask(&path.session, &mut path.asked);
            }
        }
        Ok(())
    }
}

/// A world before its first tick.
fn begin(run: &Run, measures: &[configs::measures::Measure], ticks: u32, options: Options) -> Result<Path, Failure> {
    let config = ResolvedConfig { measures: measures.to_vec(), ticks, ..run.config.clone() };
    Ok(Path { session: Session::begin(config, &run.calibration, options)?, asked: Survey::default() })
}

/// A world that goes on with what some runs have in common.
fn branch(path: &mut Path, runs: &[&Run]) -> Result<Path, Failure> {
    let config = ResolvedConfig { measures: Fork::of(runs).common, ticks: last(runs), ..runs[0].config.clone() };
    let session = path.session.branch(config, &runs[0].calibration)?;
    Ok(Path { session, asked: path.asked.clone() })
}

/// Asks the firms and unemployed of the region for two years, and its households at the very end.
fn ask(session: &Session, asked: &mut Survey) {
    let tick = session.tick();
    if tick + 12 * SURVEYED_YEARS <= SURVEYED || tick > SURVEYED {
        return;
    }
    let Ok(world) = session.world() else { return };
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
    if tick + 12 > SURVEYED {
        asked.unemployed_months.extend(survey::unemployed_months(world, region));
    }
    if tick == SURVEYED {
        let household = |found: survey::HouseholdFound| HouseholdAnswer {
            wealth: found.wealth,
            liquidity: found.liquidity,
            windfall_spent: found.windfall_spent,
        };
        asked.households = survey::households(world, region).into_iter().map(household).collect();
    }
}
