//! Where runs of one family part: what they have in common is simulated once.

use configs::measures::Measure;

use super::arm::Run;
use crate::measures::{self, known_from};

/// What some runs of a family have in common, and how they go on.
pub(super) struct Fork<'r> {
    /// Measures of all of them, in the order of the first.
    pub common: Vec<Measure>,
    /// Tick at whose beginning the first of them gets to know of a measure that not all have; none if they are one run.
    pub tick: Option<u32>,
    /// The runs by what they get to know then; those that go on as before come last.
    pub groups: Vec<Vec<&'r Run>>,
}

impl<'r> Fork<'r> {
    /// Finds where runs part.
    pub(super) fn of(runs: &[&'r Run]) -> Self {
        let (common, tick) = measures::common(&runs.iter().map(|run| &run.config).collect::<Vec<_>>());
        let own = |run: &'r Run| run.config.measures.iter().filter(|measure| !common.contains(measure));
        let mut groups: Vec<(Vec<&Measure>, Vec<&'r Run>)> = Vec::new();
        if let Some(tick) = tick {
            for &run in runs {
                let news: Vec<&Measure> = own(run).filter(|measure| known_from(&run.config, measure) == tick).collect();
                match groups.iter_mut().find(|group| group.0 == news) {
                    Some(group) => group.1.push(run),
                    None => groups.push((news, vec![run])),
                }
            }
            groups.sort_by_key(|group| group.0.is_empty());
        }
        Self { common, tick, groups: groups.into_iter().map(|group| group.1).collect() }
    }
}

/// Last tick that any of the runs needs.
pub(super) fn last(runs: &[&Run]) -> u32 {
    runs.iter().map(|run| run.config.ticks).max().unwrap_or(0)
}

/// Ticks that are simulated for some runs which are one up to a tick.
pub(super) fn ticks(runs: &[&Run], from: u32) -> u64 {
    let (fork, last) = (Fork::of(runs), last(runs));
    let until = fork.tick.unwrap_or(last).min(last).max(from);
    u64::from(until - from) + fork.groups.iter().map(|group| ticks(group, until)).sum::<u64>()
}
