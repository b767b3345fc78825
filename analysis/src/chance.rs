//! Whether an effect is told apart from chance.
//!
//! Two things must say so: the interval over seeds, and a placebo, the same runs with a measure so small that it can do
//! nothing (a duty of one basis point). What the placebo moves is what any change of the world moves, by luck alone.
//! Everything that shows an effect asks [`verdict`], so that page, terminal, figures and other programs agree.

use crate::paired::Estimate;
use crate::recording::{Recording, RecordingError};

/// Name of the arm of an ensemble in which the measures are replaced by a placebo.
pub const PLACEBO: &str = "placebo";

/// What stands before an effect that is not told apart from chance.
pub const MARK: &str = "~";

/// Said on the first screen of whatever shows one pair of runs.
pub const ONE_SEED: &str = "one seed: no interval; this may be luck";

/// Whether an effect is told apart from chance, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The interval excludes zero, and all of it lies beyond the reach of the placebo if there is one.
    Apart,
    /// One pair: there is no interval.
    OneSeed,
    /// The interval over seeds includes zero.
    Interval,
    /// The interval excludes zero, but the placebo moves as much.
    Placebo,
    /// There is no number.
    Unknown,
}

impl Verdict {
    /// Whether the effect is told apart from chance.
    #[must_use]
    pub const fn is_apart(self) -> bool {
        matches!(self, Self::Apart)
    }

    /// One word for other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Apart => "apart",
            Self::OneSeed => "one-seed",
            Self::Interval => "interval",
            Self::Placebo => "placebo",
            Self::Unknown => "unknown",
        }
    }

    /// The reason in English and Chinese.
    #[must_use]
    pub const fn reason(self) -> [&'static str; 2] {
        match self {
            Self::Apart => ["told apart from chance", "与偶然可区分"],
            Self::OneSeed => [ONE_SEED, "仅一个种子：没有区间，结果可能出于偶然"],
            Self::Interval => ["not told apart from chance: the interval includes zero", "与偶然无法区分：区间包含零"],
            Self::Placebo => {
                ["not told apart from chance: the placebo moves as much", "与偶然无法区分：安慰剂的变动同样大"]
            }
            Self::Unknown => ["no number", "无数值"],
        }
    }
}

/// How far a placebo reaches from zero: `|mean| + half width`, in the unit of the effect.
#[must_use]
pub fn reach(placebo: &Estimate) -> f64 {
    placebo.mean.abs() + placebo.half_width
}

/// Whether an effect is told apart from chance.
///
/// Rule: the 95% interval excludes zero, and `|mean| - half width > |mean of the placebo| + its half width`; without a placebo
/// the interval alone. A placebo that is no number tells nothing apart. The mean alone would not do: of two placebos, one
/// judged by the other went beyond its reach in an eighth of all figures.
#[must_use]
pub fn verdict(change: &Estimate, placebo: Option<&Estimate>) -> Verdict {
    if !change.mean.is_finite() {
        Verdict::Unknown
    } else if change.count < 2 {
        Verdict::OneSeed
    } else if change.mean.abs() <= change.half_width || !change.half_width.is_finite() {
        Verdict::Interval
    } else {
        let beyond = |placebo| change.mean.abs() - change.half_width > reach(placebo);
        if placebo.is_none_or(beyond) { Verdict::Apart } else { Verdict::Placebo }
    }
}

/// An effect with what is needed to judge it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Mean change and interval.
    pub change: Estimate,
    /// The same of the placebo, if there is one.
    pub placebo: Option<Estimate>,
}

impl Judged {
    /// Whether the effect is told apart from chance.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict(&self.change, self.placebo.as_ref())
    }

    /// A text about the effect, with the mark before it if it is not told apart from chance.
    #[must_use]
    pub fn marked(&self, text: &str) -> String {
        if self.verdict().is_apart() { text.to_owned() } else { format!("{MARK}{text}") }
    }
}

/// What the mark and the intervals mean, in a line.
#[must_use]
pub fn legend(pairs: usize, has_placebo: bool) -> String {
    if pairs < 2 {
        return ONE_SEED.to_owned();
    }
    let against = if has_placebo {
        "the interval or a placebo (a duty of one basis point)"
    } else {
        "the interval (there is no placebo)"
    };
    format!("{pairs} seeds, mean and 95% interval; {MARK} not told apart from chance by {against}")
}

/// How much one person agent moves the manufacturing jobs of a region in the first tick, percent: see [`resolution`].
///
/// # Errors
/// If jobs or what an agent stands for were not recorded.
pub fn step_of_jobs(run: &Recording<'_>, place: usize) -> Result<f64, RecordingError> {
    Ok(resolution(run.array("persons_per_agent")?.values[place], manufacturing_jobs(run, place)?))
}

/// Manufacturing jobs of a region in the first tick, persons.
fn manufacturing_jobs(run: &Recording<'_>, place: usize) -> Result<f64, RecordingError> {
    let (jobs, flags) = (run.array("employment")?, run.array("manufacturing")?.values);
    let skills = jobs.shape[jobs.shape.len() - 1];
    let width = flags.len() * skills;
    let row = jobs.tick(0)[place * width..][..width].iter().enumerate();
    Ok(row.filter(|x| flags[x.0 / skills] > 0.5).map(|x| x.1).sum())
}

/// How much one agent moves a count, percent: the step below which a change cannot be seen in one run.
///
/// Equation: `100 persons_per_agent / persons counted`.
#[must_use]
fn resolution(persons_per_agent: f64, counted: f64) -> f64 {
    100.0 * persons_per_agent / counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::estimate;

    fn of(mean: f64, half_width: f64, count: usize) -> Estimate {
        Estimate { mean, half_width, count }
    }

    #[test]
    fn an_effect_must_leave_zero_and_the_placebo_behind() {
        let cases = [
            // The interval: 1 +- 0.5 excludes zero, 1 +- 1 touches it, as does a change that is nothing in all pairs.
            (of(1.0, 0.5, 8), None, Verdict::Apart),
            (of(-1.0, 0.5, 8), None, Verdict::Apart),
            (of(1.0, 1.0, 8), None, Verdict::Interval),
            (of(0.0, 0.0, 8), None, Verdict::Interval),
            (of(0.3, 0.0, 8), None, Verdict::Apart),
            // The placebo reaches |-0.4| + 0.6 = 1: what is no farther from zero, on either side, is not told apart.
            (of(1.0, 0.5, 8), Some(of(-0.4, 0.6, 8)), Verdict::Placebo),
            (of(-1.0, 0.5, 8), Some(of(-0.4, 0.6, 8)), Verdict::Placebo),
            // All of the interval must lie beyond: 1.4 +- 0.5 begins at 0.9, 1.51 +- 0.5 at 1.01.
            (of(1.4, 0.5, 8), Some(of(-0.4, 0.6, 8)), Verdict::Placebo),
            (of(1.51, 0.5, 8), Some(of(-0.4, 0.6, 8)), Verdict::Apart),
            (of(0.3, 0.0, 8), Some(of(0.0, 0.0, 8)), Verdict::Apart),
            // One pair, of the effect or of the placebo.
            (of(9.0, f64::INFINITY, 1), None, Verdict::OneSeed),
            (of(9.0, f64::INFINITY, 1), Some(of(0.0, 0.1, 8)), Verdict::OneSeed),
            (of(9.0, 1.0, 8), Some(of(0.0, f64::INFINITY, 1)), Verdict::Placebo),
            (of(9.0, 1.0, 8), Some(of(f64::NAN, f64::NAN, 8)), Verdict::Placebo),
            (of(f64::NAN, f64::NAN, 8), None, Verdict::Unknown),
            (of(f64::INFINITY, f64::NAN, 8), None, Verdict::Unknown),
            (of(2.0, f64::NAN, 8), None, Verdict::Interval),
        ];
        for (change, placebo, expected) in cases {
            let judged = Judged { change, placebo };
            assert_eq!(judged.verdict(), expected, "{judged:?}");
            assert_eq!(judged.marked("1 %"), if expected == Verdict::Apart { "1 %" } else { "~1 %" });
        }
    }

    #[test]
    fn four_pairs_by_hand() {
        // Changes 1, 2, 3, 6: mean 3, half width 3.182 sqrt(14 / 12) = 3.437. Changes 2, 2, 3, 3: 2.5 +- 0.919.
        let wide = estimate(&[1.0, 2.0, 3.0, 6.0]).expect("four");
        let narrow = estimate(&[2.0, 2.0, 3.0, 3.0]).expect("four");
        assert_eq!(verdict(&wide, None), Verdict::Interval);
        assert_eq!(verdict(&narrow, None), Verdict::Apart);
        assert!((reach(&narrow) - 2.5 - 3.182 * (1.0_f64 / 12.0).sqrt()).abs() < 1e-12);
        assert_eq!(verdict(&narrow, Some(&narrow)), Verdict::Placebo);
    }

    #[test]
    fn one_agent_of_three_hundred() {
        assert!((resolution(80_000.0, 24e6) - 0.333_333).abs() < 1e-6);
    }

    #[test]
    fn the_legend_says_what_there_is() {
        assert_eq!(legend(1, true), ONE_SEED);
        assert!(legend(8, true).starts_with("8 seeds") && legend(8, true).contains("placebo (a duty"));
        assert!(legend(8, false).contains("no placebo"));
    }
}
