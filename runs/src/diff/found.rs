//! What two files differ in, for people and for programs.

use std::fmt::{Display, Formatter, Result as Written, Write as _};

use serde::Serialize;

/// Lines of the configuration shown where they differ.
const SHOWN_LINES: usize = 10;

/// Differing runs that are listed.
const SHOWN_RUNS: usize = 10;

/// What two files differ in.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    /// Whether there is no difference that matters.
    pub same: bool,
    /// The programs that wrote them, if they differ.
    pub program: Option<[String; 2]>,
    /// Settings that differ.
    pub configuration: Vec<Setting>,
    /// What is told of their kind.
    #[serde(flatten)]
    pub of: Kind,
}

/// A setting that differs.
#[derive(Debug, Serialize)]
pub(super) struct Setting {
    pub key: String,
    /// Its values as in a TOML file; none where it is absent.
    pub first: Option<String>,
    pub second: Option<String>,
}

impl Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "absent".to_owned());
        write!(f, "{}: {} / {}", self.key, shown(&self.first), shown(&self.second))
    }
}

/// What is told of two files of a kind.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Kind {
    Run {
        /// Whether their states are digested in the same parts.
        comparable: bool,
        common_ticks: usize,
        /// Ticks of each.
        ticks: [usize; 2],
        first_difference: Option<Place>,
    },
    Ensemble {
        plan_equal: bool,
        /// Runs of both plans, and of one alone.
        in_both: usize,
        only_first: usize,
        only_second: usize,
        /// Runs of both plans that are the same.
        equal: usize,
        done_in_neither: usize,
        differing: Vec<Differing>,
    },
}

/// Where two runs first differ.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    /// From 1.
    pub tick: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// Parts of the world that differ.
    pub parts: Vec<String>,
}

impl Place {
    /// Of the digests of all parts after a tick, counted from 0; the first is that of the whole.
    pub fn of(tick: usize, parts: &[String], left: &[u64], right: &[u64]) -> Self {
        let rows = parts.iter().zip(left.iter().zip(right)).skip(1);
        let parts = rows.filter(|row| row.1.0 != row.1.1).map(|row| row.0.clone()).collect();
        Self { tick: tick + 1, month: None, parts }
    }
}

/// A run that differs.
#[derive(Debug, Serialize)]
pub(super) struct Differing {
    pub run: String,
    pub arm: String,
    pub replicate: usize,
    /// How it differs, in words.
    pub what: String,
    #[serde(flatten)]
    pub place: Option<Place>,
}

impl Found {
    /// The differences in words.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Some([left, right]) = &self.program {
            let _ = writeln!(text, "program: {left} / {right}");
        }
        let (name, equal) = match &self.of {
            Kind::Run { .. } => ("configuration", self.configuration.is_empty()),
            Kind::Ensemble { plan_equal, .. } => ("plan", *plan_equal),
        };
        if equal {
            let _ = writeln!(text, "{name}: equal");
        } else {
            let _ = writeln!(text, "{name}: {} lines differ", self.configuration.len());
            for setting in self.configuration.iter().take(SHOWN_LINES) {
                let _ = writeln!(text, "  {setting}");
            }
        }
        self.of.told(&mut text);
        text
    }
}

impl Kind {
    fn told(&self, text: &mut String) {
        let _ = match self {
            Self::Run { comparable: false, .. } => {
                writeln!(text, "state: digested in other parts, so it cannot be compared")
            }
            Self::Run { common_ticks, ticks, first_difference, .. } => {
                let _ = match first_difference {
                    None => writeln!(text, "state: equal in all {common_ticks} common ticks"),
                    Some(Place { tick, month, parts }) => {
                        let names = if parts.is_empty() { "the calendar".to_owned() } else { parts.join(", ") };
                        let month = month.as_ref().map_or_else(String::new, |month| format!(" ({month})"));
                        writeln!(text, "state: first difference in tick {tick}{month}: {names}")
                    }
                };
                if ticks[0] == ticks[1] {
                    Ok(())
                } else {
                    writeln!(text, "length: {} and {} ticks", ticks[0], ticks[1])
                }
            }
            Self::Ensemble { in_both, only_first, only_second, equal, done_in_neither, differing, .. } => {
                let _ = writeln!(
                    text,
                    "runs: {in_both} in both, {only_first} in the first only, {only_second} in the second only"
                );
                let neither =
                    if *done_in_neither > 0 { format!(", {done_in_neither} done in neither") } else { String::new() };
                let _ = writeln!(text, "runs in both: {equal} equal, {} differ{neither}", differing.len());
                differing.iter().take(SHOWN_RUNS).try_for_each(|of| {
                    let parts =
                        of.place.as_ref().map_or_else(String::new, |place| format!(": {}", place.parts.join(", ")));
                    writeln!(text, "  {} ({} #{}): {}{parts}", of.run, of.arm, of.replicate, of.what)
                })
            }
        };
    }
}
