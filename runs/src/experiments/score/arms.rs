//! The experiments behind the facts: which world, which measures, how long.

use std::collections::{BTreeMap, BTreeSet};

use agents::record::Detail;
use analysis::facts::{Status, facts};
use analysis::score::wanted;
use configs::calibration::Calibration;
use configs::measures::{Measure, parse_measures};

use crate::config::{Loaded, Overrides, load_scenario_text};
use crate::failure::Failure;

use super::super::arm::Arm;
use super::super::displacement::Displaced;
use super::super::facts::{ORIGIN, SINGLE};
use super::super::interview::{Question, SURVEYED};
use super::super::{Experiment as _, IMPORTER, UNIFORM};
use super::Laboratory;
use super::people::People;

/// Ticks before any measure.
pub(super) const BURN_IN: u32 = 12;
/// Twenty years: the cycle, and the cross-sections at their end.
pub(in crate::experiments) const LONG: u32 = SURVEYED;
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

/// Households of a region that are followed where they are units: a run of twenty years then takes some 300 MB more.
const FOLLOWED: u32 = 4_000;

/// Product of the experiment with duties on metals.
const METALS: &str = "MET";

/// A world with measures.
pub(super) struct Branch {
    /// Experiment of `facts.csv` it belongs to.
    pub name: &'static str,
    /// Place among all arms.
    pub arm: usize,
}

/// Worlds of one calendar: the one without measures and those with some.
pub(super) struct Calendar {
    /// The world without measures.
    pub world: Arm,
    /// Shipped policy whose placebo stands beside all branches.
    policy: &'static str,
    /// Its place among all arms, if it is needed.
    pub baseline: Option<usize>,
    /// Place of the placebo among all arms, if there are branches.
    pub placebo: Option<usize>,
    /// Arms that are wanted.
    pub branches: Vec<Branch>,
}

/// A uniform duty of the curve; without one, the world at rest.
pub(super) struct Levy {
    /// Rate, a fraction.
    pub rate: f64,
    /// Whether the others answer in kind.
    pub answered: bool,
    /// Place among all arms.
    pub arm: usize,
}

/// Which measures of a policy an arm keeps.
type Keep = fn(&Measure) -> bool;

/// Everything that is to be run.
pub(super) struct Plan {
    /// All worlds.
    pub arms: Vec<Arm>,
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
    /// Uniform duties, from 2024 on, the world without one first; none if they are not wanted.
    pub curve: Vec<Levy>,
    /// Worlds whose households are units, if they are wanted.
    pub people: Option<People>,
    /// Those in which people are displaced, and the place of the first of them, if they are wanted.
    pub displaced: Option<(Displaced, usize)>,
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
        "title = \"Scoreboard\"\nworld = {world:?}\npolicies = [{policies}]\nseed = 1\n\n[time]\nstart = \"{start}\"\nticks = {LONG}\nticks_per_year = 12\n\n[size]\nhouseholds_per_region = 10000\nhouseholds_per_firm = 5\n"
    );
    let overrides = Overrides {
        households_per_region: Some(households),
        settings: laboratory.arguments.settings.clone(),
        ..Overrides::default()
    };
    let mut loaded = load_scenario_text("score", &text, &overrides)?;
    let values = &mut loaded.config.parameters.values;
    if values.households.units {
        // Losses by tenth (T35) are those of households followed one by one.
        values.output.panel_households = values.output.panel_households.max(FOLLOWED);
        values.output.panel_yearly = true;
    }
    Ok(loaded)
}

/// A permanent duty from 2025 on, as text.
fn duty(label: &str, importers: &str, exporters: &str, products: &str, rate: f64) -> String {
    format!(
        "[[measure]]\nlabel = \"{label}\"\nkind = \"tariff\"\nsource = \"experiment\"\nimporters = {importers}\nexporters = {exporters}\nproducts = {products}\nrate = {{ value = {rate}, unit = \"ratio\" }}\nstart = 2025-01-01\n"
    )
}

/// Reads measures written in this program.
pub(super) fn read(text: &str, calibration: &Calibration) -> Result<Vec<Measure>, Failure> {
    let problem = |issues: Vec<configs::reading::Issue>| {
        Failure::Internal(issues.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    };
    parse_measures("experiment", text, &calibration.codes()).map_err(problem)
}

/// A rate of the curve, with or without an answer.
fn levy(rate: f64, answered: bool, calibration: &Calibration) -> Result<Vec<Measure>, Failure> {
    let (home, goods) = (format!("[\"{IMPORTER}\"]"), "\"all-goods\"");
    let mut text = duty("experiment: uniform duty", &home, "\"all\"", goods, rate);
    if answered {
        let others = format!("{{ set = \"all\", except = [\"{IMPORTER}\"] }}");
        text += &duty("experiment: answer in kind", &others, &home, goods, rate);
    }
    read(&text, calibration)
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
        let (households, seeds) = (laboratory.arguments.households_per_region, laboratory.seeds);
        let arm = |start: &str| -> Result<Arm, Failure> {
            Ok(Arm::new(scenario(laboratory, world, start, "", households)?, Detail::Full, seeds))
        };
        let modern = arm("2024-01")?;
        let mut moving = modern.clone();
        moving.config.parameters.values.location.enabled = true;
        let asked = facts().into_iter().filter(|fact| wanted(fact, only) && !matches!(fact.status, Status::Lacking(_)));
        let mut experiments: BTreeSet<String> = asked.map(|fact| fact.experiment).collect();
        let calibration = &modern.calibration;
        let absent: BTreeMap<String, String> =
            experiments.iter().filter_map(|name| Some((name.clone(), lacking(name, calibration)?))).collect();
        experiments.retain(|name| !absent.contains_key(name));
        let calendar = |world, policy| Calendar { world, policy, baseline: None, placebo: None, branches: Vec::new() };
        let mut plan = Self {
            arms: Vec::new(),
            wanted: experiments,
            absent,
            earlier: calendar(arm("2017-01")?, "trade-war-2018"),
            moving: calendar(moving, "trade-war-2025"),
            modern: calendar(modern, UNIFORM),
            curve: Vec::new(),
            people: None,
            displaced: None,
        };
        plan.fill(laboratory, world)?;
        plan.add_curve(laboratory, world)?;
        plan.add_baselines();
        plan.add_placebos(laboratory, world)?;
        if plan.wanted.contains("people") {
            plan.people = Some(People::plan(&plan.modern.world, &mut plan.arms)?);
        }
        plan.add_displaced(laboratory, world)?;
        Ok(plan)
    }

    /// Adds the arms of all experiments that are wanted.
    fn fill(&mut self, laboratory: &Laboratory<'_>, world: &str) -> Result<(), Failure> {
        let metals =
            duty("experiment: 25 points on metals", &format!("[\"{IMPORTER}\"]"), "\"all\"", "[\"MET\"]", 0.25);
        for (name, ticks, text) in [("single", DECADE, SINGLE), ("metals", SHORT, metals.as_str())] {
            if self.wanted.contains(name) {
                let measures = read(text, &self.modern.world.calibration)?;
                self.modern.branches.push(Branch { name, arm: self.arms.len() });
                self.arms.push(self.modern.world.with(&measures, ticks).called(name));
            }
        }
        let households = laboratory.arguments.households_per_region;
        let all = |_: &Measure| true;
        let own = |measure: &Measure| measure.importers.base == [IMPORTER];
        let steel = |measure: &Measure| measure.legal_basis == "section 232";
        let shipped: [(&'static str, u32, &str, Keep); 6] = [
            ("uniform", DECADE, UNIFORM, all),
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
                    let measures: Vec<Measure> = loaded.config.measures.into_iter().filter(keep).collect();
                    let calendar = match name {
                        "moving-2025" => &mut self.moving,
                        _ if earlier => &mut self.earlier,
                        _ => &mut self.modern,
                    };
                    calendar.branches.push(Branch { name, arm: self.arms.len() });
                    self.arms.push(calendar.world.with(&measures, ticks).called(name));
                }
                Err(_) => self.give_up(name, format!("policy `{policy}` does not fit the world `{world}`")),
            }
        }
        Ok(())
    }

    /// Adds the worlds in which people are displaced, those of the shipped experiment, if they are wanted.
    fn add_displaced(&mut self, laboratory: &Laboratory<'_>, world: &str) -> Result<(), Failure> {
        if !self.wanted.contains("displacement") {
            return Ok(());
        }
        let ticks = super::super::displacement::TICKS;
        let displaced = Displaced::worlds(&Laboratory { ticks, ..*laboratory })?;
        if displaced.world() != world {
            self.give_up("displacement", format!("the shipped scenario is of the world `{}`", displaced.world()));
            return Ok(());
        }
        let first = self.arms.len();
        self.arms.extend_from_slice(displaced.arms());
        self.displaced = Some((displaced, first));
        Ok(())
    }

    /// Adds the curve of uniform duties, if it is wanted: every second seed, of smaller worlds.
    fn add_curve(&mut self, laboratory: &Laboratory<'_>, world: &str) -> Result<(), Failure> {
        if !self.wanted.contains("laffer") {
            return Ok(());
        }
        let households = laboratory.arguments.households_per_region;
        let fewer = (households / CURVE_SIZE).max(CURVE_LEAST.min(households));
        let loaded = scenario(laboratory, world, "2024-01", "", fewer)?;
        let free = Arm::new(loaded, Detail::Standard, laboratory.seeds.div_ceil(2));
        let rates = [false, true].into_iter().flat_map(|answered| RATES.map(|rate| (rate, answered)));
        for (rate, answered) in std::iter::once((0.0, false)).chain(rates) {
            let measures = if rate > 0.0 { levy(rate, answered, &free.calibration)? } else { Vec::new() };
            self.curve.push(Levy { rate, answered, arm: self.arms.len() });
            self.arms.push(free.with(&measures, DECADE).called(&format!("laffer {rate}")));
        }
        Ok(())
    }

    /// Adds the worlds without measures, as long as what is compared with them.
    fn add_baselines(&mut self) {
        let cycles = self.wanted.contains("baseline");
        for (calendar, long) in [(&mut self.modern, cycles), (&mut self.earlier, false), (&mut self.moving, false)] {
            let ticks = calendar.branches.iter().map(|branch| self.arms[branch.arm].config.ticks).max();
            let ticks = if long { Some(LONG) } else { ticks };
            if let Some(ticks) = ticks {
                calendar.baseline = Some(self.arms.len());
                let mut arm = calendar.world.with(&[], ticks).called("baseline");
                if long {
                    arm = arm.asked(Question::CrossSections);
                }
                self.arms.push(arm);
            }
        }
    }

    /// Adds the placebos, one for all branches of a calendar, as long as the longest of them. That of a shipped policy which does not
    /// fit the world is a basis point on all goods from 2025 on.
    fn add_placebos(&mut self, laboratory: &Laboratory<'_>, world: &str) -> Result<(), Failure> {
        let households = laboratory.arguments.households_per_region;
        for (calendar, start) in
            [(&mut self.modern, "2024-01"), (&mut self.earlier, "2017-01"), (&mut self.moving, "2024-01")]
        {
            let ticks = calendar.branches.iter().map(|branch| self.arms[branch.arm].config.ticks).max();
            let Some(ticks) = ticks else { continue };
            let policy = scenario(laboratory, world, start, &format!("{:?}", calendar.policy), households);
            let measures = match policy {
                Ok(loaded) => Arm::new(loaded, Detail::Full, laboratory.seeds).placebo()?.config.measures,
                Err(_) => levy(0.0001, false, &calendar.world.calibration)?,
            };
            calendar.placebo = Some(self.arms.len());
            self.arms.push(calendar.world.with(&measures, ticks).called("placebo"));
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_of_the_curve_is_read() {
        let calibration = configs::calibration::synthetic(2, 3, 1);
        for rate in RATES {
            let text = duty("duty", "[\"R01\"]", "\"all\"", "\"all-goods\"", rate);
            let measures = read(&text, &calibration).expect("a duty that can be read");
            assert_eq!(measures.len(), 1, "{rate}");
        }
    }
}
