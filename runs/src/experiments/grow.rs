//! One family of runs: a trunk of what they have in common, and the branches.

use std::collections::BTreeSet;

use agents::record::Detail;

use super::arm::Run;
use super::fork::{Fork, last};
use super::interview::{Interview, Question};
use super::kept::Kept;
use super::meter::Meter;
use crate::checkpoint::Options;
use crate::config::ResolvedConfig;
use crate::failure::Failure;
use crate::session::Session;
use crate::signals::Interrupt;

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
    asked: Vec<Interview>,
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
            None => begin(runs, &common, last, options)?,
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
            let branch = branch(&path, group)?;
            self.follow(Some(branch), group, options)?;
        }
        let same = Fork::of(end).common == common;
        let path = if same { path } else { branch(&path, end)? };
        self.follow(Some(path), end, options)
    }

    /// Goes on to a tick.
    fn walk(&self, path: &mut Path, runs: &[&Run], until: u32) -> Result<(), Failure> {
        while path.session.tick() < until {
            if self.interrupt.requested() {
                return Err(Failure::Stopped);
            }
            path.session.step()?;
            self.meter.tick();
            if !path.asked.is_empty() {
                let world = path.session.world()?;
                for interview in &mut path.asked {
                    interview.tick(world, &runs[0].calibration);
                }
            }
        }
        Ok(())
    }
}

/// What is asked of some runs.
fn asked_of(runs: &[&Run]) -> BTreeSet<Question> {
    runs.iter().flat_map(|run| run.asked.iter().copied()).collect()
}

/// A world before its first tick.
fn begin(
    runs: &[&Run],
    measures: &[configs::measures::Measure],
    ticks: u32,
    options: Options,
) -> Result<Path, Failure> {
    let config = ResolvedConfig { measures: measures.to_vec(), ticks, ..runs[0].config.clone() };
    let session = Session::begin(config, &runs[0].calibration, options)?;
    let questions = asked_of(runs);
    let asked = if questions.is_empty() {
        vec![]
    } else {
        let world = session.world()?;
        questions.into_iter().map(|question| Interview::begin(question, world)).collect()
    };
    Ok(Path { session, asked })
}

/// A world that goes on with what some runs have in common.
fn branch(path: &Path, runs: &[&Run]) -> Result<Path, Failure> {
    let config = ResolvedConfig { measures: Fork::of(runs).common, ticks: last(runs), ..runs[0].config.clone() };
    let session = path.session.branch(config, &runs[0].calibration)?;
    let questions = asked_of(runs);
    let asked = path.asked.iter().filter(|interview| questions.contains(&interview.question())).cloned().collect();
    Ok(Path { session, asked })
}
