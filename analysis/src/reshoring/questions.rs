//! The questions of `autarky reshoring`: the sign that is expected, how it is measured, and its source.

use self::Value::{Between, Of, Per};
use super::{Case, Seed, World};
use crate::bars::Band;
use crate::placebo::Tested;

/// A question with the sign that is expected, how it is measured, and its source.
pub(super) struct Question {
    pub(super) id: &'static str,
    pub(super) claim: &'static str,
    pub(super) band: Band,
    pub(super) unit: &'static str,
    pub(super) value: Value,
    pub(super) measure: &'static str,
    pub(super) source: &'static str,
}

/// A number of a world.
type Level = fn(&World) -> f64;
/// What a world has more than another.
type Change = fn(&World, &World) -> f64;

/// How a question is answered.
pub(super) enum Value {
    /// A level of one world: nothing is compared, so there is nothing chance could feign.
    Of(Case, Level),
    /// A world against another.
    Between([Case; 2], Change),
    /// A change over another change between the same two.
    Per([Case; 2], Change, Change),
}

impl Value {
    /// The answer of a seed.
    pub(super) fn of(&self, seed: &Seed) -> f64 {
        match self {
            Of(case, level) => level(seed.of(*case)),
            Between([a, b], change) => change(seed.of(*a), seed.of(*b)),
            Per([a, b], change, by) => change(seed.of(*a), seed.of(*b)) / by(seed.of(*a), seed.of(*b)),
        }
    }

    /// How the answer stands against chance: the placebo less the baseline, whichever two worlds the question compares. `None` for
    /// a level.
    pub(super) fn tested(&self, seeds: &[Seed]) -> Option<Tested> {
        let each = |of: &dyn Fn(&Seed) -> f64| seeds.iter().map(of).collect::<Vec<f64>>();
        let luck = |change: &Change, s: &Seed| change(&s.placebo, s.of(Case::Baseline));
        match self {
            Of(..) => None,
            Between(_, change) => Tested::of(&each(&|s| self.of(s)), Some(&each(&|s| luck(change, s)))),
            Per([a, b], change, by) => {
                let unit = |s: &Seed| by(s.of(*a), s.of(*b));
                let ratio = Tested::of(&each(&|s| self.of(s)), Some(&each(&|s| luck(change, s) / unit(s))))?;
                Some(ratio.over(Tested::of(&each(&unit), Some(&each(&|s| luck(by, s))))))
            }
        }
    }
}

pub(super) const POSITIVE: Band = Band::at_least(0.0);
pub(super) const NEGATIVE: Band = Band::at_most(0.0);
pub(super) const ANY: Band = Band { low: f64::NEG_INFINITY, high: f64::INFINITY };

fn percent(policy: f64, baseline: f64) -> f64 {
    100.0 * (policy / baseline - 1.0)
}

/// What a rise of consumer prices costs consumers a year, thousands of major units.
fn dearer(policy: &World, baseline: &World) -> f64 {
    (policy.prices / baseline.prices - 1.0) * baseline.consumption / 1e5
}

/// Jobs for which the subsidy decided, by billion paid; none where nothing is paid.
fn jobs_by_money(world: &World) -> f64 {
    if world.plant_grants > 0.0 { world.jobs_subsidised / (world.plant_grants / BILLION) } else { 0.0 }
}

/// Minor units of a billion.
const BILLION: f64 = 1e11;

pub(super) const QUESTIONS: [Question; 32] = [
    Question {
        id: "output-duty",
        claim: "duties on final goods bring capacity of these goods",
        band: POSITIVE,
        unit: "% of base-year output",
        value: Between([Case::Duty, Case::Baseline], |a, b| a.final_goods - b.final_goods),
        measure: "capacity arrived less departed at the end, against the baseline",
        source: "Kouvelis, Rosenblatt and Munson 2004; shared model notes, section 6",
    },
    Question {
        id: "input-duty",
        claim: "duties on inputs drive capacity of final goods away",
        band: NEGATIVE,
        unit: "% of base-year output",
        value: Between([Case::InputDuty, Case::Baseline], |a, b| a.final_goods - b.final_goods),
        measure: "the same",
        source: "as above",
    },
    Question {
        id: "reversal",
        claim: "the same duties bring fewer plants if they are expected to be undone",
        band: NEGATIVE,
        unit: "plants",
        value: Between([Case::Doubted, Case::Duty], |a, b| a.opened - b.opened),
        measure: "plants opened, reversal rate of 1 a year against the parameter's",
        source: "Handley and Limao 2017; Dixit and Pindyck 1994",
    },
    Question {
        id: "reversal-capacity",
        claim: "and less capacity of final goods",
        band: NEGATIVE,
        unit: "% of base-year output",
        value: Between([Case::Doubted, Case::Duty], |a, b| a.final_goods - b.final_goods),
        measure: "capacity arrived less departed at the end",
        source: "as above",
    },
    Question {
        id: "uncertainty",
        claim: "duties that come and go bring fewer plants than lasting ones of the same mean",
        band: NEGATIVE,
        unit: "plants",
        value: Between([Case::OnOff, Case::Both], |a, b| a.opened - b.opened),
        measure: "plants opened, with subsidies and a reversal rate of 0.1 a year in both",
        source: "as above",
    },
    Question {
        id: "uncertainty-doubted",
        claim: "and fewer still if policy is expected to be undone",
        band: NEGATIVE,
        unit: "plants",
        value: Between([Case::Uncertain, Case::OnOff], |a, b| a.opened - b.opened),
        measure: "the same duties and subsidies, reversal rate of 1 a year against the parameter's",
        source: "as above",
    },
    Question {
        id: "deterred",
        claim: "plants that uncertainty deters",
        band: POSITIVE,
        unit: "plants, expected number",
        value: Of(Case::OnOff, |x| x.deterred),
        measure: "acceptance at the quiet hurdle less acceptance at the hurdle",
        source: "as above",
    },
    Question {
        id: "subsidy",
        claim: "subsidies to plants bring capacity",
        band: POSITIVE,
        unit: "% of base-year output",
        value: Between([Case::Subsidy, Case::Baseline], |a, b| a.arrived - b.arrived),
        measure: "capacity of manufacturing arrived at the end, against the baseline",
        source: "shared model notes, section 6",
    },
    Question {
        id: "concentration",
        claim: "a subsidy for one industry brings more than the same offer spread over all",
        band: POSITIVE,
        unit: "% of base-year output",
        value: Between([Case::Concentrated, Case::Thin], |a, b| a.arrived - b.arrived),
        measure: "60% of plants of one industry against 6% of plants of ten; capacity of manufacturing arrived",
        source: "Bacchiocchi, Bellocchi and Coveri 2024, Firms' location decisions, supply chain disruptions and government subsidies: many low subsidies bring little",
    },
    Question {
        id: "concentration-jobs",
        claim: "and more jobs for which the subsidy decided",
        band: POSITIVE,
        unit: "persons",
        value: Between([Case::Concentrated, Case::Thin], |a, b| a.jobs_subsidised - b.jobs_subsidised),
        measure: "persons in plants of the run by the share of subsidies in the saving that decided, last year",
        source: "as above",
    },
    Question {
        id: "concentration-money",
        claim: "the same offer, not the same money: subsidies paid to one industry less those paid to ten",
        band: ANY,
        unit: "bn USD",
        value: Between([Case::Concentrated, Case::Thin], |a, b| (a.plant_grants - b.plant_grants) / BILLION),
        measure: "subsidies to plants since the start",
        source: "-",
    },
    Question {
        id: "concentration-per-money",
        claim: "jobs for which the subsidy decided, by billion paid: one industry less ten",
        band: ANY,
        unit: "persons a bn USD",
        value: Between([Case::Concentrated, Case::Thin], |a, b| jobs_by_money(a) - jobs_by_money(b)),
        measure: "as above, over subsidies paid since the start",
        source: "-",
    },
    Question {
        id: "design",
        claim: "new plants run below their design",
        band: NEGATIVE,
        unit: "% of design",
        value: Of(Case::Both, |x| 100.0 * (x.efficiency - 1.0)),
        measure: "productivity of plants of the run over design, second and third year, duties and subsidies",
        source: "shared model notes, section 6",
    },
    Question {
        id: "skills",
        claim: "courses for the unemployed bring them closer to it",
        band: POSITIVE,
        unit: "% of design",
        value: Between([Case::Skilled, Case::Both], |a, b| 100.0 * (a.efficiency - b.efficiency)),
        measure: "the same, with a skills programme less without",
        source: "as above",
    },
    Question {
        id: "protection",
        claim: "protection adds jobs in the industries of final goods",
        band: POSITIVE,
        unit: "% of jobs",
        value: Between([Case::Duty, Case::Baseline], |a, b| percent(a.jobs_final, b.jobs_final)),
        measure: "jobs in industries of final goods in the second year, duties on final goods against the baseline",
        source: "Flaaen and Pierce 2019 (T26: +0.3, in another experiment)",
    },
    Question {
        id: "input-cost",
        claim: "dearer inputs take jobs away",
        band: NEGATIVE,
        unit: "% of jobs",
        value: Between([Case::InputDuty, Case::Baseline], |a, b| percent(a.jobs_final, b.jobs_final)),
        measure: "the same, duties on inputs",
        source: "Flaaen and Pierce 2019 (T26: -1.1)",
    },
    Question {
        id: "retaliation",
        claim: "retaliation takes jobs away",
        band: NEGATIVE,
        unit: "% of jobs",
        value: Between([Case::Retaliation, Case::Baseline], |a, b| percent(a.jobs_final, b.jobs_final)),
        measure: "the same, duties of all others",
        source: "Flaaen and Pierce 2019 (T26: -0.7)",
    },
    Question {
        id: "cost-per-job",
        claim: "consumers' cost of a job by duties on final goods",
        band: ANY,
        unit: "1000 USD a year",
        value: Per([Case::Duty, Case::Baseline], dearer, |a, b| a.jobs - b.jobs),
        measure: "rise of consumer prices times consumption over the change of manufacturing jobs, second year; four industries",
        source: "Flaaen, Hortacsu and Tintelnot 2020 (T30: 815 for washers)",
    },
    Question {
        id: "cost-per-job-narrow",
        claim: "consumers' cost of a job by duties on electrical and electronic goods only",
        band: ANY,
        unit: "1000 USD a year",
        value: Per([Case::Narrow, Case::Baseline], dearer, |a, b| a.jobs - b.jobs),
        measure: "the same, the narrowest goods the table has to which washers belong",
        source: "as above",
    },
    Question {
        id: "fiscal-cost",
        claim: "treasury's cost of a job by subsidies to plants",
        band: ANY,
        unit: "1000 USD a job at the end",
        value: Per([Case::Subsidy, Case::Baseline], |a, _| a.plant_grants / 1e5, |a, b| a.jobs_last - b.jobs_last),
        measure: "subsidies paid to plants since the start over the change of manufacturing jobs in the last year",
        source: "-",
    },
    Question {
        id: "budget",
        claim: "of the subsidies asked for, the budget does not cover",
        band: ANY,
        unit: "%",
        value: Of(Case::Subsidy, |x| x.uncovered),
        measure: "since the start, 50 billion a year for final goods",
        source: "-",
    },
    Question {
        id: "announced",
        claim: "announced plants exceed completed ones",
        band: POSITIVE,
        unit: "plants",
        value: Of(Case::Both, |x| x.announced - x.completed),
        measure: "since the start, duties and subsidies",
        source: "Reshoring Initiative: announcements (T43)",
    },
    Question {
        id: "given-up",
        claim: "not only since plants take time: some are given up",
        band: POSITIVE,
        unit: "% of plants",
        value: Of(Case::Both, |x| x.given_up),
        measure: "plants cancelled, of those cancelled or completed since the start, all regions, duties and subsidies",
        source: "-",
    },
    Question {
        id: "given-up-uncertain",
        claim: "the more so if duties come and go",
        band: POSITIVE,
        unit: "% of plants",
        value: Between([Case::OnOff, Case::Both], |a, b| a.given_up - b.given_up),
        measure: "the same, duties that come and go less lasting ones",
        source: "Handley and Limao 2017",
    },
    Question {
        id: "lag",
        claim: "ticks from announcement to opening or giving up",
        band: POSITIVE,
        unit: "ticks",
        value: Of(Case::Both, |x| x.construction_ticks),
        measure: "plants planned or under construction over those that opened or were given up a tick, all regions",
        source: "Little 1961",
    },
    Question {
        id: "automation",
        claim: "machines: jobs per unit of output in new plants of final goods",
        band: NEGATIVE,
        unit: "%",
        value: Between([Case::Automated, Case::Duty], |a, b| percent(a.staffing, b.staffing)),
        measure: "last year, with machines that get 3 percent cheaper a year against without, duties on final goods",
        source: "Acemoglu and Restrepo 2020",
    },
    Question {
        id: "automation-jobs",
        claim: "machines: jobs in manufacturing",
        band: ANY,
        unit: "% of jobs",
        value: Between([Case::Automated, Case::Duty], |a, b| percent(a.jobs_last, b.jobs_last)),
        measure: "last year, as above",
        source: "-",
    },
    Question {
        id: "substitution",
        claim: "duties on final goods: orders that change to suppliers at home",
        band: POSITIVE,
        unit: "% of output",
        value: Between([Case::Duty, Case::Baseline], |a, b| a.substituted - b.substituted),
        measure: "net, since the policy, of a month's base-year output of manufacturing; orders of firms and governments",
        source: "model notes, section 6: sourcing shifts and plant moves apart",
    },
    Question {
        id: "plant-moves",
        claim: "duties on final goods: orders that follow plants home",
        band: POSITIVE,
        unit: "% of output",
        value: Between([Case::Duty, Case::Baseline], |a, b| a.followed - b.followed),
        measure: "as above",
        source: "the same",
    },
    Question {
        id: "connectors",
        claim: "duties of the US on China: work of China that goes to Viet Nam, Mexico and the rest of Asia",
        band: POSITIVE,
        unit: "% of their output",
        value: Between([Case::Connector, Case::Baseline], |a, b| a.connected - b.connected),
        measure: "plants that stand at the end, of base-year output of manufacturing there, against the baseline",
        source: "Alfaro and Chor 2023, NBER Working Paper 31661; Freund et al. 2024, Journal of International Economics 152, 104011",
    },
    Question {
        id: "friends",
        claim: "duties of seven regions on China and Russia: work that leaves these for them",
        band: POSITIVE,
        unit: "% of the rivals' output",
        value: Between([Case::Friends, Case::Baseline], |a, b| a.befriended - b.befriended),
        measure: "plants that stand at the end less those the other way, of base-year output of manufacturing there",
        source: "Javorcik et al. 2024, Economic costs of friendshoring, first as CID Working Paper 422",
    },
    Question {
        id: "jobs",
        claim: "jobs in manufacturing by duties and subsidies together",
        band: ANY,
        unit: "% of jobs",
        value: Between([Case::Both, Case::Baseline], |a, b| percent(a.jobs_last, b.jobs_last)),
        measure: "last year, against the baseline",
        source: "-",
    },
];
