//! Contract: agents, without shocks, and the mean-field economy of the same tables answer a measure with the same sign and a
//! similar size and speed. The mean-field economy has the rules of an earlier model at the level of averages, without firms
//! that differ, so agreement says that what is found follows from the rules, not from how agents are drawn or counted.
//!
//! Its central bank answers consumer prices, duties and all, so `monetary.duty_look_through` is 0 here. Agents are one seed, so
//! bounds are wide and what that seed's draws may hide is not compared: output under duties beyond the first year and under a duty
//! on one origin; nor is an embargo's first year, in which firms that lack a supplier stop one by one.

use agents::simulation::Simulation;
use agents::state::Regions;
use agents::statistics::accounts::Accounts;
use engine::money::Volume;
use tests::mean_field::{Economy, Measure, Parameters, RegionMonth, Scenario};
use tests::worlds::{Case, mean_field_tables, shipped};

/// First tick of every measure, July 2024.
const START: usize = 6;
/// Months since the start: months 4 to 6, 7 to 12, 25 to 36.
const SPANS: [std::ops::Range<usize>; 3] = [3..6, 6..12, 24..36];
/// All spans, and the last.
const ALL: &[usize] = &[0, 1, 2];
const LAST: &[usize] = &[2];

/// What is compared: effects in percent, of the unemployment rate in points.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    Gdp,
    Imports,
    Exports,
    Prices,
    Consumption,
    Unemployment,
}
use Outcome::{Consumption, Exports, Gdp, Imports, Prices, Unemployment};

type Month = [f64; 6];

fn of_agents(sim: &Simulation, region: usize) -> Month {
    let (n, s) = (&sim.get::<Accounts>().national[region], &sim.get::<Regions>().states[region]);
    let [gdp, imports, exports, consumption] =
        [n.real_gdp, n.real_imports, n.real_exports, n.real_household_consumption].map(Volume::as_f64);
    [gdp, imports, exports, s.prices.consumer, consumption, s.labour.unemployment_rate]
}

fn of_averages(x: &RegionMonth) -> Month {
    // Before duties, imports and exports cost what producers ask, which hardly moves here.
    [x.gdp, x.imports, x.exports, x.consumer_price, x.consumption, x.unemployment]
}

/// Effect on an outcome in a span of months.
fn effect(policy: &[Month], baseline: &[Month], outcome: Outcome, span: &std::ops::Range<usize>) -> f64 {
    let mean = |path: &[Month]| {
        let months = &path[START + span.start..START + span.end];
        months.iter().map(|month| month[outcome as usize]).sum::<f64>() / months.len() as f64
    };
    let (with, without) = (mean(policy), mean(baseline));
    100.0 * if matches!(outcome, Unemployment) { with - without } else { with / without - 1.0 }
}

/// A measure in both forms, and what is compared: outcome, spans, and how many times larger one effect may be.
struct Shock {
    name: &'static str,
    averages: Vec<Measure>,
    agents: String,
    compared: Vec<(Outcome, &'static [usize], f64)>,
}

fn text(kind: &str, rest: &str) -> String {
    format!("[[measure]]\nlabel = \"shock\"\nkind = \"{kind}\"\nsource = \"test\"\nstart = 2024-07-01\n{rest}\n")
}

fn shocks() -> Vec<Shock> {
    let world = shipped();
    let region = |code: &str| world.regions.iter().position(|x| x.code == code).expect("a region");
    let electronics = world.industries.iter().position(|x| x.code == "ELE").expect("an industry");
    let (usa, chn, end) = (region("USA"), region("CHN"), usize::MAX);
    let tariff = |importer, exporters, points| Measure::Tariff {
        importer,
        exporters,
        products: Vec::new(),
        points,
        start: START,
        end,
    };
    let goods = "products = \"all-goods\"";
    vec![
        Shock {
            name: "ten points on all goods",
            averages: vec![tariff(usa, Vec::new(), 0.1)],
            agents: text("tariff", &format!("importers = [\"USA\"]\nexporters = \"all\"\n{goods}\nrate = 0.1")),
            compared: vec![
                (Imports, ALL, 1.5),
                (Prices, ALL, 1.5),
                (Consumption, ALL, 1.5),
                (Gdp, &[0, 1], 3.0),
                (Exports, LAST, 2.0),
            ],
        },
        Shock {
            name: "25 points on China",
            averages: vec![tariff(usa, vec![chn], 0.25)],
            agents: text("tariff", &format!("importers = [\"USA\"]\nexporters = [\"CHN\"]\n{goods}\nrate = 0.25")),
            compared: vec![(Imports, ALL, 1.5), (Prices, ALL, 1.5), (Consumption, ALL, 3.0)],
        },
        Shock {
            name: "ten points of all others on US goods",
            averages: (0..world.region_count()).filter(|&r| r != usa).map(|r| tariff(r, vec![usa], 0.1)).collect(),
            agents: text(
                "tariff",
                &format!(
                    "importers = {{ set = \"all\", except = [\"USA\"] }}\nexporters = [\"USA\"]\n{goods}\nrate = 0.1"
                ),
            ),
            compared: vec![(Gdp, ALL, 1.5), (Exports, ALL, 1.3), (Imports, LAST, 2.0), (Unemployment, LAST, 1.5)],
        },
        Shock {
            name: "a cut of purchases by 5 percent",
            averages: vec![Measure::Purchases { region: usa, factor: 0.95, start: START, end }],
            agents: text("government_consumption", "regions = [\"USA\"]\nrate = -0.05"),
            compared: vec![
                (Gdp, ALL, 1.5),
                (Imports, &[0, 1], 1.5),
                (Unemployment, ALL, 2.0),
                (Consumption, ALL, 2.0),
                (Prices, LAST, 1.5),
            ],
        },
        Shock {
            name: "no electronics from China",
            averages: vec![Measure::Embargo { importer: usa, exporter: chn, product: electronics, start: START, end }],
            agents: text("embargo", "importers = [\"USA\"]\nexporters = [\"CHN\"]\nproducts = [\"ELE\"]"),
            compared: vec![(Imports, ALL, 1.5), (Gdp, LAST, 2.5), (Unemployment, LAST, 2.5), (Exports, LAST, 2.5)],
        },
    ]
}

#[test]
fn agents_answer_measures_as_averages_do() {
    let (world, ticks) = (shipped(), START + SPANS[2].end);
    let usa = world.regions.iter().position(|x| x.code == "USA").expect("a region");
    // Of a seed alone an effect of half a percent is off by a third.
    let of_seed = |policy: &str, seed: u64| -> Vec<Month> {
        let parameters = "monetary = { duty_look_through = 0.0 }\n";
        let case = Case {
            calibration: shipped(),
            households: 2_000,
            shocks: false,
            policy,
            parameters,
            ..Case::random(2, 3, seed)
        };
        let mut sim = case.build(true);
        let month = |_| {
            sim.step().expect("balances");
            of_agents(&sim, usa)
        };
        (0..ticks).map(month).collect()
    };
    let agents = |policy: &str| [1, 2].map(|seed| of_seed(policy, seed));
    let averages = |measures: Vec<Measure>| -> Vec<Month> {
        let scenario = Scenario { measures, ..Scenario::default() };
        let mut economy = Economy::new(&mean_field_tables(&world), Parameters::default(), scenario);
        let record = economy.run(ticks);
        (0..ticks).map(|month| of_averages(record.at(month, usa))).collect()
    };
    let baselines = (agents(""), averages(Vec::new()));
    let mut wrong = Vec::new();
    for shock in shocks() {
        let (many, mean) = (agents(&shock.agents), averages(shock.averages));
        for (outcome, spans, times) in shock.compared {
            for &span in spans {
                let both = many.iter().zip(&baselines.0);
                let found: f64 = both.map(|(a, b)| effect(a, b, outcome, &SPANS[span]) / 2.0).sum();
                let expected = effect(&mean, &baselines.1, outcome, &SPANS[span]);
                let ratio = found / expected;
                let text =
                    format!("{}: {outcome:?}, span {span}: agents {found:.3}, averages {expected:.3}", shock.name);
                println!("{text}");
                if !(1.0 / times..=times).contains(&ratio) {
                    wrong.push(format!("{text}, allowed {times}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
