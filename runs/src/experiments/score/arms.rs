//! The experiments behind the facts: which world, which measures, how long.

use std::collections::{BTreeMap, BTreeSet};

use agents::calibration::Calibration;
use agents::policy::{Measure, parse_measures};
use analysis::facts::{Status, facts};
use analysis::score::wanted;

use crate::config::{Loaded, Overrides, ResolvedConfig, load_scenario_text};
use crate::failure::Failure;

use super::super::IMPORTER;
use super::super::facts::{ORIGIN, SINGLE};
use super::Laboratory;

/// Ticks before any measure, which all arms of a calendar share.
pub(super) const BURN_IN: u32 = 12;
/// Twenty years: the cycle, and the cross-sections at their end.
pub(super) const LONG: u32 = 240;
/// Ten years after the burn-in.
pub(super) const DECADE: u32 = 132;
/// Two years and some months after the burn-in.
pub(super) const SHORT: u32 = 40;

/// Ticks of the year 2019 in a run that begins in 2017.
pub(super) const YEAR_2019: std::ops::Range<usize> = 24..36;

/// Uniform duties of the curve of revenue, fractions.
pub(super) const RATES: [f64; 9] = [0.1, 0.25, 0.4, 0.55, 0.7, 0.9, 1.2, 1.6, 2.2];
/// The curve takes two runs a rate: its worlds have this part of the households,
pub(super) const CURVE_SIZE: u64 = 4;
/// but not fewer than this, a region.
const CURVE_LEAST: u64 = 400;

/// Product of the experiment with duties on metals.
const METALS: &str = "MET";

/// A run that branches off after the burn-in.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    /// Experiment of `facts.csv` it belongs to.
    pub name: &'static str,
    /// Ticks, the burn-in included.
    pub ticks: u32,
    /// Measures.
    pub measures: Vec<Measure>,
}

/// Worlds of one calendar: the one without measures and those that branch off.
pub(super) struct Calendar {
    /// Configuration without measures.
    pub config: ResolvedConfig,
    /// Arms that are wanted.
    pub arms: Vec<Arm>,
}

/// A uniform duty of the curve.
pub(super) struct Levy {
    /// Rate, a fraction.
    pub rate: f64,
    /// Whether the others answer in kind.
    pub answered: bool,
    /// Measures.
    pub measures: Vec<Measure>,
}

/// Which measures of a policy an arm keeps.
type Keep = fn(&Measure) -> bool;

/// Everything that is to be run.
pub(super) struct Plan {
    /// The world.
    pub calibration: Calibration,
    /// Experiments with facts that are wanted and can be run.
    pub wanted: BTreeSet<String>,
    /// Why an experiment cannot be run in this world.
    pub absent: BTreeMap<String, String>,
    /// From 2024 on.
    pub modern: Calendar,
    /// From 2017 on.
    pub earlier: Calendar,
    /// From 2024 on, in a world whose firms move.
    pub moving: Calendar,
    /// Uniform duties, from 2024 on.
    pub curve: (ResolvedConfig, Vec<Levy>),
}

/// A scenario in a world with shipped policies.
fn scenario(
    laboratory: &Laboratory<'_>,
    world: &str,
    start: &str,
    policies: &str,
    households: u64,
) -> Result<Loaded, Failure> {
    let text = format!(
        "title = \"Scoreboard\"\nworld = {world:?}\npolicies = [{policies}]\nseed = 1\n\n[time]\nstart = \"{start}\"\nticks = {LONG}\nticks_per_year = 12\n\n[size]\nhouseholds_per_region = 20000\nhouseholds_per_firm = 10\n"
    );
    let overrides = Overrides {
        households_per_region: Some(households),
        settings: laboratory.arguments.settings.clone(),
        ..Overrides::default()
    };
    Ok(load_scenario_text("score", &text, &overrides)?)
}

/// A permanent duty from 2025 on, as text.
fn duty(label: &str, importers: &str, exporters: &str, products: &str, rate: f64) -> String {
    format!(
        "[[measure]]\nlabel = \"{label}\"\nkind = \"tariff\"\nsource = \"experiment\"\nimporters = {importers}\nexporters = {exporters}\nproducts = {products}\nrate = {{ value = {rate}, unit = \"ratio\" }}\nstart = 2025-01-01\n"
    )
}

/// Reads measures written in this program.
fn read(text: &str, calibration: &Calibration) -> Result<Vec<Measure>, Failure> {
    let problem = |issues: Vec<agents::parameters::Issue>| {
        Failure::Internal(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    };
    parse_measures("experiment", text, &calibration.codes()).map_err(problem)
}

/// A rate of the curve, with or without an answer.
fn rate(rate: f64, answered: bool, calibration: &Calibration) -> Result<Levy, Failure> {
    let (home, goods) = (format!("[\"{IMPORTER}\"]"), "\"all-goods\"");
    let mut text = duty("experiment: uniform duty", &home, "\"all\"", goods, rate);
    if answered {
        let others = format!("{{ set = \"all\", except = [\"{IMPORTER}\"] }}");
        text += &duty("experiment: answer in kind", &others, &home, goods, rate);
    }
    Ok(Levy { rate, answered, measures: read(&text, calibration)? })
}

/// What an experiment needs that the world does not have.
fn lacking(experiment: &str, calibration: &Calibration) -> Option<String> {
    let codes = calibration.codes();
    let regions: &[&str] = match experiment {
        "single" | "war-2018" | "war-2018-us" | "war-2025" | "moving-2025" => &[IMPORTER, ORIGIN],
        _ => &[IMPORTER],
    };
    if let Some(region) = regions.iter().find(|code| !codes.regions.iter().any(|known| known == *code)) {
        return Some(format!("the world has no region `{region}`"));
    }
    let metals =
        ["metals", "steel-2018"].contains(&experiment) && !codes.industries.iter().any(|known| known == METALS);
    metals.then(|| format!("the world has no industry `{METALS}`"))
}

impl Plan {
    /// Plans what the facts that are asked for need.
    pub(super) fn of(laboratory: &Laboratory<'_>, world: &str, only: &[String]) -> Result<Self, Failure> {
        let households = laboratory.arguments.households_per_region;
        let Loaded { config, calibration, .. } = scenario(laboratory, world, "2024-01", "", households)?;
        let earlier = scenario(laboratory, world, "2017-01", "", households)?.config;
        let mut moving = config.clone();
        moving.parameters.values.location.enabled = true;
        let fewer = (households / CURVE_SIZE).max(CURVE_LEAST.min(households));
        let curve = scenario(laboratory, world, "2024-01", "", fewer)?.config;
        let asked = facts().into_iter().filter(|fact| wanted(fact, only) && !matches!(fact.status, Status::Lacking(_)));
        let mut experiments: BTreeSet<String> = asked.map(|fact| fact.experiment).collect();
        let absent: BTreeMap<String, String> =
            experiments.iter().filter_map(|name| Some((name.clone(), lacking(name, &calibration)?))).collect();
        experiments.retain(|name| !absent.contains_key(name));
        let mut plan = Self {
            calibration,
            wanted: experiments,
            absent,
            modern: Calendar { config, arms: Vec::new() },
            earlier: Calendar { config: earlier, arms: Vec::new() },
            moving: Calendar { config: moving, arms: Vec::new() },
            curve: (curve, Vec::new()),
        };
        plan.fill(laboratory, world)?;
        Ok(plan)
    }

    /// Adds the arms of all experiments that are wanted.
    fn fill(&mut self, laboratory: &Laboratory<'_>, world: &str) -> Result<(), Failure> {
        let metals =
            duty("experiment: 25 points on metals", &format!("[\"{IMPORTER}\"]"), "\"all\"", "[\"MET\"]", 0.25);
        for (name, ticks, text) in [("single", DECADE, SINGLE), ("metals", SHORT, metals.as_str())] {
            if self.wanted.contains(name) {
                let measures = read(text, &self.calibration)?;
                self.modern.arms.push(Arm { name, ticks, measures });
            }
        }
        let households = laboratory.arguments.households_per_region;
        let all = |_: &Measure| true;
        let own = |measure: &Measure| measure.importers.base == [IMPORTER];
        let steel = |measure: &Measure| measure.legal_basis == "section 232";
        let shipped: [(&'static str, u32, &str, Keep); 6] = [
            ("uniform", DECADE, "us-uniform-10", all),
            ("war-2025", SHORT, "trade-war-2025", all),
            ("moving-2025", SHORT, "trade-war-2025", all),
            ("war-2018", SHORT, "trade-war-2018", all),
            ("war-2018-us", SHORT, "trade-war-2018", own),
            ("steel-2018", SHORT, "trade-war-2018", steel),
        ];
        for (name, ticks, policy, keep) in shipped {
            if !self.needs(name) {
                continue;
            }
            let earlier = policy == "trade-war-2018";
            let start = if earlier { "2017-01" } else { "2024-01" };
            match scenario(laboratory, world, start, &format!("{policy:?}"), households) {
                Ok(loaded) => {
                    let measures = loaded.config.measures.into_iter().filter(keep).collect();
                    let calendar = match name {
                        "moving-2025" => &mut self.moving,
                        _ if earlier => &mut self.earlier,
                        _ => &mut self.modern,
                    };
                    calendar.arms.push(Arm { name, ticks, measures });
                }
                Err(_) => self.give_up(name, format!("policy `{policy}` does not fit the world `{world}`")),
            }
        }
        if self.wanted.contains("laffer") {
            for answered in [false, true] {
                for part in RATES {
                    self.curve.1.push(rate(part, answered, &self.calibration)?);
                }
            }
        }
        Ok(())
    }

    /// Whether an arm is run: retaliation is measured against the arm without it, so facts of that arm need both.
    fn needs(&self, name: &str) -> bool {
        self.wanted.contains(name) || name == "war-2018" && self.wanted.contains("war-2018-us")
    }

    fn give_up(&mut self, name: &str, why: String) {
        self.wanted.remove(name);
        self.absent.insert(name.to_owned(), why);
    }

    /// The calendars, that of the baseline first.
    pub(super) fn calendars(&self) -> [&Calendar; 3] {
        [&self.modern, &self.earlier, &self.moving]
    }

    /// Whether the facts of the baseline are measured in the world without measures of a calendar.
    pub(super) fn has_baseline(&self, calendar: &Calendar) -> bool {
        std::ptr::eq(calendar, &raw const self.modern) && self.wanted.contains("baseline")
    }

    /// Ticks of the world without measures of a calendar.
    pub(super) fn baseline_ticks(&self, calendar: &Calendar) -> u32 {
        let arms = calendar.arms.iter().map(|arm| arm.ticks).max().unwrap_or(0);
        let long = self.has_baseline(calendar);
        if long { LONG } else { arms }
    }

    /// Ticks of all runs of a seed; `curve` if it has those of the curve too.
    pub(super) fn ticks(&self, curve: bool) -> u32 {
        let of = |calendar: &Calendar| {
            self.baseline_ticks(calendar) + calendar.arms.iter().map(|arm| arm.ticks - BURN_IN).sum::<u32>()
        };
        let rates = self.curve.1.len() as u32;
        let points = if curve && rates > 0 { DECADE + rates * (DECADE - BURN_IN) } else { 0 };
        self.calendars().map(of).iter().sum::<u32>() + points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_of_the_curve_is_read() {
        let calibration = agents::calibration::synthetic(2, 3, 1);
        for rate in RATES {
            let text = duty("duty", "[\"R01\"]", "\"all\"", "\"all-goods\"", rate);
            let measures = read(&text, &calibration).expect("a duty that can be read");
            assert_eq!(measures.len(), 1, "{rate}");
        }
    }
}
