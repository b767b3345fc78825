//! The questions of `autarky reshoring`: the sign that is expected, how it is measured, and its source.

use super::{Case, Seed, World};
use crate::bars::Band;

/// A question with the sign that is expected, how it is measured, and its source.
pub(super) struct Question {
    pub(super) id: &'static str,
    pub(super) claim: &'static str,
    pub(super) band: Band,
    pub(super) unit: &'static str,
    pub(super) value: fn(&Seed) -> f64,
    pub(super) measure: &'static str,
    pub(super) source: &'static str,
}

pub(super) const POSITIVE: Band = Band::at_least(0.0);
pub(super) const NEGATIVE: Band = Band::at_most(0.0);
pub(super) const ANY: Band = Band { low: f64::NEG_INFINITY, high: f64::INFINITY };

fn percent(policy: f64, baseline: f64) -> f64 {
    100.0 * (policy / baseline - 1.0)
}

/// Minor units of a billion.
const BILLION: f64 = 1e11;

pub(super) const QUESTIONS: [Question; 32] = [
    Question {
        id: "output-duty",
        claim: "duties on final goods bring capacity of these goods",
        band: POSITIVE,
        unit: "% of base-year output",
        value: |s| s.of(Case::Duty).final_goods - s.of(Case::Baseline).final_goods,
        measure: "capacity arrived less departed at the end, against the baseline",
        source: "Kouvelis, Rosenblatt and Munson 2004; shared model notes, section 6",
    },
    Question {
        id: "input-duty",
        claim: "duties on inputs drive capacity of final goods away",
        band: NEGATIVE,
        unit: "% of base-year output",
        value: |s| s.of(Case::InputDuty).final_goods - s.of(Case::Baseline).final_goods,
        measure: "the same",
        source: "as above",
    },
    Question {
        id: "reversal",
        claim: "the same duties bring fewer plants if they are expected to be undone",
        band: NEGATIVE,
        unit: "plants",
        value: |s| s.of(Case::Doubted).opened - s.of(Case::Duty).opened,
        measure: "plants opened, reversal rate of 1 a year against the parameter's",
        source: "Handley and Limao 2017; Dixit and Pindyck 1994",
    },
    Question {
        id: "reversal-capacity",
        claim: "and less capacity of final goods",
        band: NEGATIVE,
        unit: "% of base-year output",
        value: |s| s.of(Case::Doubted).final_goods - s.of(Case::Duty).final_goods,
        measure: "capacity arrived less departed at the end",
        source: "as above",
    },
    Question {
        id: "uncertainty",
        claim: "duties that come and go bring fewer plants than lasting ones of the same mean",
        band: NEGATIVE,
        unit: "plants",
        value: |s| s.of(Case::OnOff).opened - s.of(Case::Both).opened,
        measure: "plants opened, with subsidies and a reversal rate of 0.1 a year in both",
        source: "as above",
    },
    Question {
        id: "uncertainty-doubted",
        claim: "and fewer still if policy is expected to be undone",
        band: NEGATIVE,
        unit: "plants",
        value: |s| s.of(Case::Uncertain).opened - s.of(Case::OnOff).opened,
        measure: "the same duties and subsidies, reversal rate of 1 a year against the parameter's",
        source: "as above",
    },
    Question {
        id: "deterred",
        claim: "plants that uncertainty deters",
        band: POSITIVE,
        unit: "plants, expected number",
        value: |s| s.of(Case::OnOff).deterred,
        measure: "acceptance at the quiet hurdle less acceptance at the hurdle",
        source: "as above",
    },
    Question {
        id: "subsidy",
        claim: "subsidies to plants bring capacity",
        band: POSITIVE,
        unit: "% of base-year output",
        value: |s| s.of(Case::Subsidy).arrived - s.of(Case::Baseline).arrived,
        measure: "capacity of manufacturing arrived at the end, against the baseline",
        source: "shared model notes, section 6",
    },
    Question {
        id: "concentration",
        claim: "a subsidy for one industry brings more than the same offer spread over all",
        band: POSITIVE,
        unit: "% of base-year output",
        value: |s| s.of(Case::Concentrated).arrived - s.of(Case::Thin).arrived,
        measure: "60% of plants of one industry against 6% of plants of ten; capacity of manufacturing arrived",
        source: "Bacchiocchi, Bellocchi and Coveri 2024, Firms' location decisions, supply chain disruptions and government subsidies: many low subsidies bring little",
    },
    Question {
        id: "concentration-jobs",
        claim: "and more jobs for which the subsidy decided",
        band: POSITIVE,
        unit: "persons",
        value: |s| s.of(Case::Concentrated).jobs_subsidised - s.of(Case::Thin).jobs_subsidised,
        measure: "persons in plants of the run by the share of subsidies in the saving that decided, last year",
        source: "as above",
    },
    Question {
        id: "concentration-money",
        claim: "the same offer, not the same money: subsidies paid to one industry less those paid to ten",
        band: ANY,
        unit: "bn USD",
        value: |s| (s.of(Case::Concentrated).plant_grants - s.of(Case::Thin).plant_grants) / BILLION,
        measure: "subsidies to plants since the start",
        source: "-",
    },
    Question {
        id: "concentration-per-money",
        claim: "jobs for which the subsidy decided, by billion paid: one industry less ten",
        band: ANY,
        unit: "persons a bn USD",
        value: |s| {
            let each = |x: &World| x.jobs_subsidised / (x.plant_grants / BILLION);
            each(s.of(Case::Concentrated)) - each(s.of(Case::Thin))
        },
        measure: "as above, over subsidies paid since the start",
        source: "-",
    },
    Question {
        id: "design",
        claim: "new plants run below their design",
        band: NEGATIVE,
        unit: "% of design",
        value: |s| 100.0 * (s.of(Case::Both).efficiency - 1.0),
        measure: "productivity of plants of the run over design, second and third year, duties and subsidies",
        source: "shared model notes, section 6",
    },
    Question {
        id: "skills",
        claim: "courses for the unemployed bring them closer to it",
        band: POSITIVE,
        unit: "% of design",
        value: |s| 100.0 * (s.of(Case::Skilled).efficiency - s.of(Case::Both).efficiency),
        measure: "the same, with a skills programme less without",
        source: "as above",
    },
    Question {
        id: "protection",
        claim: "protection adds jobs in the industries of final goods",
        band: POSITIVE,
        unit: "% of jobs",
        value: |s| percent(s.of(Case::Duty).jobs_final, s.of(Case::Baseline).jobs_final),
        measure: "jobs in industries of final goods in the second year, duties on final goods against the baseline",
        source: "Flaaen and Pierce 2019 (T26: +0.3, in another experiment)",
    },
    Question {
        id: "input-cost",
        claim: "dearer inputs take jobs away",
        band: NEGATIVE,
        unit: "% of jobs",
        value: |s| percent(s.of(Case::InputDuty).jobs_final, s.of(Case::Baseline).jobs_final),
        measure: "the same, duties on inputs",
        source: "Flaaen and Pierce 2019 (T26: -1.1)",
    },
    Question {
        id: "retaliation",
        claim: "retaliation takes jobs away",
        band: NEGATIVE,
        unit: "% of jobs",
        value: |s| percent(s.of(Case::Retaliation).jobs_final, s.of(Case::Baseline).jobs_final),
        measure: "the same, duties of all others",
        source: "Flaaen and Pierce 2019 (T26: -0.7)",
    },
    Question {
        id: "cost-per-job",
        claim: "consumers' cost of a job by duties on final goods",
        band: ANY,
        unit: "1000 USD a year",
        value: |s| {
            let cost = (s.of(Case::Duty).prices / s.of(Case::Baseline).prices - 1.0) * s.of(Case::Baseline).consumption;
            cost / 1e5 / (s.of(Case::Duty).jobs - s.of(Case::Baseline).jobs)
        },
        measure: "rise of consumer prices times consumption over the change of manufacturing jobs, second year; four industries",
        source: "Flaaen, Hortacsu and Tintelnot 2020 (T30: 815 for washers)",
    },
    Question {
        id: "cost-per-job-narrow",
        claim: "consumers' cost of a job by duties on electrical and electronic goods only",
        band: ANY,
        unit: "1000 USD a year",
        value: |s| {
            let dearer = s.of(Case::Narrow).prices / s.of(Case::Baseline).prices - 1.0;
            dearer * s.of(Case::Baseline).consumption / 1e5 / (s.of(Case::Narrow).jobs - s.of(Case::Baseline).jobs)
        },
        measure: "the same, the narrowest goods the table has to which washers belong",
        source: "as above",
    },
    Question {
        id: "fiscal-cost",
        claim: "treasury's cost of a job by subsidies to plants",
        band: ANY,
        unit: "1000 USD a job at the end",
        value: |s| {
            s.of(Case::Subsidy).plant_grants / 1e5 / (s.of(Case::Subsidy).jobs_last - s.of(Case::Baseline).jobs_last)
        },
        measure: "subsidies paid to plants since the start over the change of manufacturing jobs in the last year",
        source: "-",
    },
    Question {
        id: "budget",
        claim: "of the subsidies asked for, the budget does not cover",
        band: ANY,
        unit: "%",
        value: |s| s.of(Case::Subsidy).uncovered,
        measure: "since the start, 50 billion a year for final goods",
        source: "-",
    },
    Question {
        id: "announced",
        claim: "announced plants exceed completed ones",
        band: POSITIVE,
        unit: "plants",
        value: |s| s.of(Case::Both).announced - s.of(Case::Both).completed,
        measure: "since the start, duties and subsidies",
        source: "Reshoring Initiative: announcements (T43)",
    },
    Question {
        id: "given-up",
        claim: "not only since plants take time: some are given up",
        band: POSITIVE,
        unit: "% of plants",
        value: |s| s.of(Case::Both).given_up,
        measure: "plants cancelled, of those cancelled or completed since the start, all regions, duties and subsidies",
        source: "-",
    },
    Question {
        id: "given-up-uncertain",
        claim: "the more so if duties come and go",
        band: POSITIVE,
        unit: "% of plants",
        value: |s| s.of(Case::OnOff).given_up - s.of(Case::Both).given_up,
        measure: "the same, duties that come and go less lasting ones",
        source: "Handley and Limao 2017",
    },
    Question {
        id: "lag",
        claim: "ticks from announcement to opening or giving up",
        band: POSITIVE,
        unit: "ticks",
        value: |s| s.of(Case::Both).construction_ticks,
        measure: "plants planned or under construction over those that opened or were given up a tick, all regions",
        source: "Little 1961",
    },
    Question {
        id: "automation",
        claim: "machines: jobs per unit of output in new plants of final goods",
        band: NEGATIVE,
        unit: "%",
        value: |s| percent(s.of(Case::Automated).staffing, s.of(Case::Duty).staffing),
        measure: "last year, with machines that get 3 percent cheaper a year against without, duties on final goods",
        source: "Acemoglu and Restrepo 2020",
    },
    Question {
        id: "automation-jobs",
        claim: "machines: jobs in manufacturing",
        band: ANY,
        unit: "% of jobs",
        value: |s| percent(s.of(Case::Automated).jobs_last, s.of(Case::Duty).jobs_last),
        measure: "last year, as above",
        source: "-",
    },
    Question {
        id: "substitution",
        claim: "duties on final goods: orders that change to suppliers at home",
        band: POSITIVE,
        unit: "% of output",
        value: |s| s.of(Case::Duty).substituted - s.of(Case::Baseline).substituted,
        measure: "net, since the policy, of a month's base-year output of manufacturing; orders of firms and governments",
        source: "model notes, section 6: sourcing shifts and plant moves apart",
    },
    Question {
        id: "plant-moves",
        claim: "duties on final goods: orders that follow plants home",
        band: POSITIVE,
        unit: "% of output",
        value: |s| s.of(Case::Duty).followed - s.of(Case::Baseline).followed,
        measure: "as above",
        source: "the same",
    },
    Question {
        id: "connectors",
        claim: "duties of the US on China: work of China that goes to Viet Nam, Mexico and the rest of Asia",
        band: POSITIVE,
        unit: "% of their output",
        value: |s| s.of(Case::Connector).connected - s.of(Case::Baseline).connected,
        measure: "plants that stand at the end, of base-year output of manufacturing there, against the baseline",
        source: "Alfaro and Chor 2023, NBER Working Paper 31661; Freund et al. 2024, Journal of International Economics 152, 104011",
    },
    Question {
        id: "friends",
        claim: "duties of seven regions on China and Russia: work that leaves these for them",
        band: POSITIVE,
        unit: "% of the rivals' output",
        value: |s| s.of(Case::Friends).befriended - s.of(Case::Baseline).befriended,
        measure: "plants that stand at the end less those the other way, of base-year output of manufacturing there",
        source: "Javorcik et al. 2024, Economic costs of friendshoring, first as CID Working Paper 422",
    },
    Question {
        id: "jobs",
        claim: "jobs in manufacturing by duties and subsidies together",
        band: ANY,
        unit: "% of jobs",
        value: |s| percent(s.of(Case::Both).jobs_last, s.of(Case::Baseline).jobs_last),
        measure: "last year, against the baseline",
        source: "-",
    },
];
