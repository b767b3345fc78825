//! Bars: a measured value, the band it should fall into, and whether it does.

use std::fmt;

use crate::paired::Estimate;
use crate::table::Table;

/// A closed range; either end may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Band {
    /// Everything as far from zero as `distance`, on both sides.
    #[must_use]
    pub const fn around_zero(distance: f64) -> Self {
        Self { low: -distance, high: distance }
    }

    /// Everything up to `high`.
    #[must_use]
    pub const fn at_most(high: f64) -> Self {
        Self { low: f64::NEG_INFINITY, high }
    }

    /// Everything from `low`.
    #[must_use]
    pub const fn at_least(low: f64) -> Self {
        Self { low, high: f64::INFINITY }
    }

    /// Whether a value lies in the band.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Whether a mean lies in the band, or at least its interval reaches it.
    #[must_use]
    pub fn verdict(&self, found: &Estimate) -> &'static str {
        match self.contains(found.mean) {
            true => "yes",
            false if found.half_width.is_finite() && found.low() <= self.high && found.high() >= self.low => {
                "no, but the interval reaches the band"
            }
            false => "no",
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => write!(f, "{} to {}", shown(self.low), shown(self.high)),
            (true, false) => write!(f, "at least {}", shown(self.low)),
            (false, true) => write!(f, "at most {}", shown(self.high)),
            (false, false) => f.write_str("none"),
        }
    }
}

/// What was measured for a bar: the worst place and time, or nothing if the run was too short for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is asked for.
    pub bar: String,
    /// Where it is worst.
    pub place: String,
    /// When it is worst.
    pub when: String,
    /// The value there.
    pub value: Option<Estimate>,
    /// Where it should be.
    pub band: Band,
    /// How it is measured, with its unit.
    pub measure: String,
}

impl Finding {
    /// Whether something was measured and lies in the band. The interval does not count: the worst of many places and
    /// times is no draw of its own.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.value.is_some_and(|value| self.band.contains(value.mean))
    }
}

/// Headings of a table of findings.
const HEAD: [&str; 8] = ["bar", "worst place", "when", "value", "95% interval", "band", "holds", "measure"];

/// The findings as a table.
#[must_use]
pub fn table(findings: &[Finding]) -> Table {
    let mut table = Table::new(HEAD);
    for finding in findings {
        let (value, interval, verdict) = match &finding.value {
            None => ("-".to_owned(), "-".to_owned(), "not run"),
            Some(found) => (shown(found.mean), interval(found), if finding.holds() { "yes" } else { "no" }),
        };
        let band = finding.band.to_string();
        table.push([&finding.bar, &finding.place, &finding.when, &value, &interval, &band, verdict, &finding.measure]);
    }
    table
}

/// An interval, or a dash for a single observation.
#[must_use]
pub fn interval(found: &Estimate) -> String {
    if found.half_width.is_finite() {
        format!("{} to {}", shown(found.low()), shown(found.high()))
    } else {
        "-".to_owned()
    }
}

/// Three decimals, or powers of ten for what would vanish.
#[must_use]
pub fn shown(value: f64) -> String {
    if value != 0.0 && value.abs() < 5e-4 { format!("{value:.1e}") } else { format!("{value:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(mean: f64, half_width: f64) -> Estimate {
        Estimate { mean, half_width, count: 4 }
    }

    #[test]
    fn verdicts_follow_the_band() {
        let band = Band::around_zero(3.0);
        assert_eq!(band.verdict(&found(-3.0, 1.0)), "yes");
        assert_eq!(band.verdict(&found(-3.5, 1.0)), "no, but the interval reaches the band");
        assert_eq!(band.verdict(&found(4.5, 1.0)), "no");
        assert_eq!(band.verdict(&found(f64::NAN, 1.0)), "no");
        // A single observation has no interval that could reach anything.
        assert_eq!(band.verdict(&found(3.1, f64::INFINITY)), "no");
    }

    #[test]
    fn bands_are_told_in_words() {
        assert_eq!(Band::around_zero(0.5).to_string(), "-0.500 to 0.500");
        assert_eq!(Band::at_most(2.0).to_string(), "at most 2.000");
        assert_eq!(Band::at_least(0.1).to_string(), "at least 0.100");
    }

    #[test]
    fn what_was_not_run_is_said() {
        let finding = Finding {
            bar: "settles".into(),
            place: "-".into(),
            when: "-".into(),
            value: None,
            band: Band::at_most(2.0),
            measure: "%".into(),
        };
        assert!(!finding.holds());
        assert_eq!(table(std::slice::from_ref(&finding)).rows[0][3..7], ["-", "-", "at most 2.000", "not run"]);
        let run = Finding { value: Some(found(2.5, 1.0)), ..finding };
        assert_eq!(table(&[run]).rows[0][3..7], ["2.500", "1.500 to 3.500", "at most 2.000", "no"]);
    }
}
