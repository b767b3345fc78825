use std::borrow::Cow;

use engine::math::{exp, pow, sin};
use engine::netcdf::{Content, Dimension, Values, Variable};

use super::people::{
    hill, median_and_mean, pareto, price_duration, richest_share, sales_growth, subbotin_shape, zipf_exponent,
};
use super::*;
use crate::facts::Case;

const REGIONS: [&str; 3] = ["USA", "CHN", "ROW"];
const INDUSTRIES: [&str; 3] = ["MET", "TEX", "PUB"];

/// A recording of three regions, three industries (two goods, both manufacturing), two skills and two deciles, `value` giving each
/// variable at a tick and place.
fn content(ticks: usize, value: impl Fn(&str, usize, &[usize]) -> f64) -> Content<'static> {
    let dimension = |name: &str, labels: &[&str]| Dimension {
        name: name.to_owned(),
        size: labels.len(),
        coordinates: Some(Values::Text(labels.iter().map(|&label| label.to_owned()).collect())),
        attributes: Vec::new(),
    };
    let dimensions = vec![
        Dimension { name: "time".into(), size: ticks, coordinates: None, attributes: Vec::new() },
        dimension("region", &REGIONS),
        dimension("partner", &REGIONS),
        dimension("industry", &INDUSTRIES),
        dimension("skill", &["low", "high"]),
        dimension("decile", &["1", "2"]),
    ];
    let sizes = [ticks, 3, 3, 3, 2, 2];
    let series = |name: &str, over: &[usize]| {
        let width: usize = over.iter().map(|&at| sizes[at]).product();
        let place = |mut at: usize| {
            let mut place: Vec<usize> = Vec::new();
            for &dimension in over.iter().rev() {
                place.insert(0, at % sizes[dimension]);
                at /= sizes[dimension];
            }
            place
        };
        let values = (0..ticks * width).map(|at| value(name, at / width, &place(at % width))).collect();
        Variable {
            name: name.to_owned(),
            dimensions: std::iter::once(0).chain(over.iter().copied()).collect(),
            values: Values::F64(Cow::Owned(values)),
            attributes: Vec::new(),
        }
    };
    let flags = |name: &str| Variable {
        name: name.to_owned(),
        dimensions: vec![3],
        values: Values::F64(Cow::Owned(vec![1.0, 1.0, 0.0])),
        attributes: Vec::new(),
    };
    let mut variables = vec![flags("goods"), flags("manufacturing"), series("employment", &[1, 3, 4])];
    for name in ["trade_value", "trade_volume", "trade_duty", "duty_rate_statutory"] {
        variables.push(series(name, &[1, 2, 3]));
    }
    variables.push(series("capacity_announced", &[1, 2]));
    for name in [
        "producer_price",
        "sector_real_output",
        "consumer_price_product",
        "household_spending_product",
        "imports_product",
    ] {
        variables.push(series(name, &[1, 3]));
    }
    for name in [
        "real_gdp",
        "real_household_consumption",
        "real_fixed_capital_formation",
        "real_exports",
        "real_imports",
        "unemployment_rate",
        "vacancy_rate",
        "budget_duties",
        "consumer_price",
    ] {
        variables.push(series(name, &[1]));
    }
    variables.push(series("consumption_decile", &[1, 5]));
    Content { dimensions, variables, attributes: Vec::new() }
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

#[track_caller]
fn check(found: &[Observation], id: &str, expected: f64) {
    near(found.iter().find(|(known, _)| *known == id).unwrap_or_else(|| panic!("no {id} in {found:?}")).1, expected);
}

/// A war from tick 12. Of metals the USA buy 100 from China and 300 from the rest, of textiles 100 and 100, and 500 and 200 at home. The duties on
/// China rise by 25 points on metals and by 5 on textiles; China answers with 10 points on textiles, of which it buys 50.
fn war(name: &str, tick: usize, place: &[usize], policy: bool) -> f64 {
    let on = policy && tick >= 12;
    let choose = |after: f64, before: f64| if on { after } else { before };
    match (name, place) {
        ("trade_value", [0, 1, 0]) => choose(60.0, 100.0),
        ("trade_value", [0, 2, 0]) => choose(320.0, 300.0),
        ("trade_value", [0, 1, 1]) => choose(95.0, 100.0),
        ("trade_value", [0, 2, 1]) => choose(105.0, 100.0),
        ("trade_value", [0, 0, 0]) => 500.0,
        ("trade_value", [0, 0, 1]) => 200.0,
        ("trade_value", [1, 0, 1]) => choose(40.0, 50.0),
        // China's price of metals falls to 0.96, so that 1.2 is paid.
        ("trade_volume", [0, 1, 0]) => choose(62.5, 100.0),
        ("trade_volume", place) => war("trade_value", tick, place, policy),
        ("trade_duty", [0, 1, 0]) => choose(15.0, 0.0),
        ("duty_rate_statutory", [0, 1, 0]) => choose(0.25, 0.0),
        ("duty_rate_statutory", [0, 1, 1]) => choose(0.05, 0.0),
        ("duty_rate_statutory", [1, 0, 1]) => choose(0.10, 0.0),
        // Thousands: metals gain one, textiles lose three in each of two skills.
        ("employment", [0, 0, _]) => choose(51_000.0, 50_000.0),
        ("employment", [0, 1, _]) => choose(97_000.0, 100_000.0),
        ("employment", _) => 1e6,
        // Outputs of 30 and 10: prices rise by 2 and 6 percent.
        ("producer_price", [0, 0]) => choose(1.02, 1.0),
        ("producer_price", [0, 1]) => choose(1.06, 1.0),
        ("sector_real_output", [0, 0]) => 30.0,
        ("sector_real_output", [0, 1]) => 10.0,
        ("sector_real_output", [0, 2]) => 1000.0,
        // Three and two units announced a month for work from China and the rest, one less without the war; seven at home.
        ("capacity_announced", [0, 1]) => choose(3.0, 2.0),
        ("capacity_announced", [0, 2]) => 2.0,
        ("capacity_announced", [0, 0]) => 7.0,
        ("consumer_price_product", [0, 0]) => choose(1.01, 1.0),
        ("consumer_price_product", [0, 1]) => choose(1.005, 1.0),
        ("consumer_price_product", _) => 1.0,
        ("household_spending_product", [0, 0]) => 20.0,
        ("household_spending_product", [0, 1]) => 80.0,
        _ => 0.0,
    }
}

#[test]
fn wars_by_hand() {
    let (after, before) = (content(48, |n, t, p| war(n, t, p, true)), content(60, |n, t, p| war(n, t, p, false)));
    let (policy, baseline) = (Recording::of(&after), Recording::of(&before));
    let origins = REGIONS.map(str::to_owned).to_vec();
    let case = Case {
        policy: &policy,
        baseline: &baseline,
        per: None,
        importer: "USA",
        origins,
        start: 12,
        ticks_per_year: 12,
    };
    let found = case.war("CHN", 24..36).expect("a complete recording");
    check(&found, "T9", -40.0);
    check(&found, "T10", -20.0);
    // From 200 of 600 to 155 of 580.
    check(&found, "T15", 100.0 * (155.0 / 580.0 - 200.0 / 600.0));
    // From 300 to 296 thousand.
    check(&found, "T26", -400.0 / 300.0);
    check(&found, "T27", (30.0 * 2.0 + 10.0 * 6.0) / 40.0);
    let found = case.metal_jobs().expect("a complete recording");
    check(&found, "T31", -6.0);
    check(&found, "T31-up", 2.0);
    check(&case.protection("T28").expect("a complete recording"), "T28", -400.0 / 300.0);
    // 300 thousand jobs in 40 of output a month: 7.5 thousand a unit, in twelve months.
    let found = case.announced_jobs().expect("a complete recording");
    check(&found, "T43", 5.0 * 12.0 * 7_500.0);
    check(&found, "T43-policy", 12.0 * 7_500.0);
    // Metals of all origins, weighted with base imports: only China's price and duty change.
    check(&case.metals().expect("a complete recording"), "T3", 1.2_f64.ln() / 1.25_f64.ln());
    // Metals: 400 of 900 are imported, a quarter of which pays. Textiles: 200 of 400, half of which pays.
    let due = 20.0 * (100.0 / 900.0) * 1.25_f64.ln() + 80.0 * (100.0 / 400.0) * 1.05_f64.ln();
    check(&case.retail().expect("a complete recording"), "T4", (20.0 * 1.01_f64.ln() + 80.0 * 1.005_f64.ln()) / due);
}

#[test]
fn short_runs_and_other_worlds_give_no_numbers() {
    let (after, before) = (content(20, |n, t, p| war(n, t, p, true)), content(20, |n, t, p| war(n, t, p, false)));
    let (policy, baseline) = (Recording::of(&after), Recording::of(&before));
    let of = |importer| {
        let origins = REGIONS.map(str::to_owned).to_vec();
        Case { policy: &policy, baseline: &baseline, per: None, importer, origins, start: 12, ticks_per_year: 12 }
    };
    assert_eq!(of("USA").war("CHN", 24..36).expect("a complete recording"), []);
    assert_eq!(of("USA").metals().expect("a complete recording"), []);
    assert_eq!(of("USA").announced_jobs().expect("a complete recording"), []);
    assert!(of("R01").metal_jobs().is_ok_and(|found| found.is_empty()), "too short before the region is looked for");
    assert!(of("USA").war("XXX", 0..12).is_err());
    assert_eq!(cycles(&baseline, "USA", 12).expect("a complete recording"), []);
}

/// Output swings around a trend of half a percent a month; the rest follows it with given elasticities.
fn swing(name: &str, tick: usize) -> f64 {
    let month = tick as f64;
    let wave = 0.03 * sin(month / 9.0) + 0.01 * sin(month / 4.0);
    let trend = 0.005 * month;
    match name {
        "real_gdp" => exp(trend + wave),
        "real_household_consumption" => exp(trend + 0.7 * wave),
        "real_fixed_capital_formation" => exp(trend + 3.0 * wave),
        "real_exports" => exp(trend - 2.0 * wave),
        "real_imports" | "employment" => exp(trend + 2.5 * wave),
        "unemployment_rate" => 0.05 * exp(-4.0 * wave),
        "vacancy_rate" => 0.03 * exp(5.0 * wave),
        _ => 1.0,
    }
}

#[test]
fn cycles_by_hand() {
    // Quarterly means of an exponential are not exactly one, hence a tolerance of a few thousandths.
    let content = content(240, |name, tick, _| swing(name, tick));
    let found = cycles(&Recording::of(&content), "USA", 12).expect("a complete recording");
    for (id, expected) in [
        ("A1", 0.7),
        ("A2", 3.0),
        ("A3", 2.0),
        ("A3-imports", 2.5),
        ("A5", 1.0),
        ("A5-investment", 1.0),
        ("A5-exports", -1.0),
        ("A5-imports", 1.0),
        ("A6", -1.0),
    ] {
        let value = found.iter().find(|x| x.0 == id).expect("measured").1;
        assert!((value - expected).abs() < 5e-3 * expected.abs(), "{id}: {value} is not {expected}");
    }
    let lags: Vec<f64> = ["A4", "A4-2", "A4-3"].map(|id| found.iter().find(|x| x.0 == id).expect("measured").1).into();
    assert!(lags[0] > lags[1] && lags[1] > lags[2] && lags[0] < 1.0, "{lags:?}");
}

#[test]
fn a_trend_is_no_cycle() {
    let found = cycle(&(0..240).map(|tick| exp(0.002 * f64::from(tick))).collect::<Vec<_>>(), 12);
    assert_eq!(found.len(), 76, "the first year is left out");
    assert!(found.iter().all(|deviation| deviation.abs() < 1e-9));
}

#[test]
fn okun_by_hand() {
    // Growth of 2, -1 and 3 percent; unemployment moves by -0.45 points a percent, after 0.1 a year of itself.
    let growth = [0.02, -0.01, 0.03];
    let (mut output, mut rate) = (vec![100.0], vec![0.05]);
    for (year, growth) in growth.iter().enumerate() {
        output.push(output[year] * exp(*growth));
        rate.push(rate[year] + 0.001 - 0.45 * growth);
    }
    let monthly = |years: &[f64]| years.iter().flat_map(|&x| [x; 12]).collect::<Vec<f64>>();
    near(okun(&monthly(&output), &monthly(&rate), 12), -0.45);
}

#[test]
fn tails_and_shapes_by_hand() {
    // On this line the log of rank less one half falls by 1.06 for each log of size.
    let sizes: Vec<f64> = (1..=50).map(|rank| pow(f64::from(rank) - 0.5, -1.0 / 1.06)).collect();
    near(zipf_exponent(&sizes), 1.06);
    near(hill(&[exp(2.0), 1.0, exp(1.0), 0.5], 2), 1.0 / 1.5);
    assert!(hill(&[1.0, 2.0], 2).is_nan() && hill(&[1.0, -2.0], 1).is_nan());
    assert!((hill(&pareto(1.5, 100_000), 5_000) - 1.5).abs() < 0.02);
    // Laplace: both sides exponential. Uniform: the flattest of the family.
    let side: Vec<f64> = pareto(1.0, 2_000).iter().map(|x| x.ln()).collect();
    let laplace: Vec<f64> = side.iter().map(|x| -x).chain([0.0]).chain(side.iter().copied()).collect();
    assert!((subbotin_shape(&laplace) - 1.0).abs() < 0.02, "{}", subbotin_shape(&laplace));
    let uniform: Vec<f64> = (-1000..=1000).map(f64::from).collect();
    assert!(subbotin_shape(&uniform) > 4.9);
}

#[test]
fn a_survey_by_hand() {
    near(richest_share(&[1.0, 2.0, 3.0, 14.0], 0.25), 70.0);
    let [median, mean] = median_and_mean(&[4.0, 1.0, 2.0, 9.0]);
    near(median, 3.0);
    near(mean, 4.0);
    assert!(median_and_mean(&[]).iter().all(|x| x.is_nan()));
    // Two years of two ticks. The first two firms double and halve, around no growth; the third is too young, the fourth alone in its industry.
    let answer = |industry, age_ticks, sold, price| FirmAnswer { industry, age_ticks, employees: 1.0, sold, price };
    let tick = |sold: [f64; 4], price: f64| {
        vec![
            answer(0, 9, sold[0], price),
            answer(0, 9, sold[1], 1.0),
            answer(0, 1, sold[2], 1.0),
            answer(1, 9, sold[3], price),
        ]
    };
    let firms = [
        tick([1.0, 6.0, 1.0, 3.0], 1.0),
        tick([2.0, 2.0, 1.0, 3.0], 1.1),
        tick([3.0, 2.0, 1.0, 9.0], 1.2),
        tick([3.0, 2.0, 9.0, 9.0], 1.3),
    ];
    let growth = sales_growth(&firms, 2);
    assert_eq!(growth.len(), 3);
    near(growth[0], 2.0_f64.ln());
    near(growth[1], -2.0_f64.ln());
    near(growth[2], 0.0);
    assert!(sales_growth(&firms, 3).is_empty());
    // Two of four prices change in each tick.
    near(price_duration(&firms, 1.0), 1.0 / 2.0_f64.ln());
}

#[test]
fn the_peak_of_a_parabola() {
    let parabola = |x: f64| (x, 5.0 - (x - 70.0) * (x - 70.0));
    near(peak(&[0.0, 20.0, 60.0, 100.0, 150.0].map(parabola)).expect("points"), 70.0);
    assert_eq!(peak(&[10.0, 30.0].map(parabola)), Some(30.0));
    assert_eq!(peak(&[]), None);
    let point = |rate, revenue, consumption| Point { rate, revenue, consumption };
    let alone = [point(0.0, 1.0, 9.0), point(0.5, 4.0, 8.0), point(1.0, 1.0, 7.0)];
    let found = laffer(&alone, &alone[..2]);
    check(&found, "T34", 50.0);
    check(&found, "T34-reciprocal", 50.0);
    check(&found, "T34-consumption", 0.0);
}

#[test]
fn points_inputs_and_shares_by_hand() {
    let content = content(24, |name, tick, place| match (name, place) {
        ("budget_duties", [0]) => 30.0,
        ("consumer_price", [0]) => 1.5,
        ("real_household_consumption", [0]) => {
            if tick < 12 {
                1.0
            } else {
                3.0
            }
        }
        ("imports_product", [0, 0]) => 1.0,
        ("imports_product", [0, 1]) => 3.0,
        ("consumption_decile", [0, decile]) => {
            if tick < 12 {
                1.0
            } else {
                [1.0, 3.0][*decile]
            }
        }
        _ => 0.0,
    });
    let run = Recording::of(&content);
    let point = Point::read(0.2, &run, "USA", 6..18).expect("a complete recording");
    near(point.revenue, 20.0);
    near(point.consumption, 2.0);
    let found = consumption_shares(&run, "USA", 12).expect("a complete recording");
    check(&found, "A11", 25.0);
    check(&found, "A11-10", 75.0);
    let elasticities = [Some(2.0), Some(6.0), None];
    check(&mean_elasticity(&run, "USA", &elasticities, 12).expect("a complete recording"), "T13", 5.0);
}

#[test]
fn no_miss_is_hidden() {
    let observed = [("T1", 0.95), ("T1", 0.97), ("T12", -5.0), ("A4", 0.5), ("A8", 1.3), ("T26", -1.0), ("T39", -9.0)];
    let absent = BTreeMap::from([("metals".to_owned(), "the world has no product `MET`".to_owned())]);
    let score = Score::of(&observed, &[], &[], &absent);
    let entry = |id: &str| score.entries.iter().find(|entry| entry.fact.id == id).expect("every fact has an entry");
    for (id, verdict) in [
        ("T1", Verdict::Inside),
        ("T12", Verdict::Outside),
        ("A4", Verdict::NoBand),
        ("A8", Verdict::Input),
        ("T14", Verdict::Input),
        ("T26", Verdict::NotComparable),
        ("T3", Verdict::NotMeasured),
        ("T6", Verdict::NotMeasured),
        ("T39", Verdict::NoBand),
    ] {
        assert_eq!(entry(id).verdict, verdict, "{id}");
    }
    assert_eq!(score.entries.len(), facts().len());
    assert_eq!(Verdict::ALL.iter().map(|&verdict| score.count(verdict)).sum::<usize>(), score.entries.len());
    let headline = score.headline();
    assert!(headline.contains("1 inside, 1 outside") && headline.ends_with("Outside: T12."), "{headline}");
    let table = score.table();
    let row = |id: &str| table.rows.iter().find(|row| row[0] == id).expect("a row");
    assert_eq!(row("T1")[2..8], ["1.0", "0.900 to 1.050", "0.960", "0.833 to 1.087", "2", "inside (fitted)"]);
    assert!(row("T3")[7].contains("the world has no product `MET`"), "{}", row("T3")[7]);
    assert!(row("T6")[7].contains("no mechanism: outlets"), "{}", row("T6")[7]);
    assert_eq!(row("T39")[3], "none", "a band of our own is not shown as published");
    let json = score.json("a test");
    assert_eq!(json["counts"]["outside"], 1);
    assert_eq!(json["facts"].as_array().map(Vec::len), Some(score.entries.len()));
    let page = page(&score, "a <test>");
    assert!(page.contains("✗") && page.contains("outside") && page.contains("a &lt;test&gt;"));
    assert!(page.contains("prefers-color-scheme: dark") && !page.contains("http://www.w3.org/1999"));
    for entry in &score.entries {
        assert!(page.contains(&format!("<th scope=\"row\">{}</th>", entry.fact.id)), "{}", entry.fact.id);
    }
}

#[test]
fn what_the_placebo_gives_too_is_no_success() {
    let seeds = |id, values: [f64; 4]| values.map(|value| (id, value));
    let found = [seeds("T1", [0.95, 0.97, 0.95, 0.97]), seeds("T38", [0.1, 0.11, 0.1, 0.11])].concat();
    let found = [found, seeds("T39-9", [-0.1, 0.3, -0.2, 0.1]).to_vec(), seeds("A1", [0.7, 0.71, 0.7, 0.71]).to_vec()];
    let chance = [seeds("T1", [0.01, -0.01, 0.01, -0.01]), seeds("T38", [0.1, -0.2, 0.2, -0.1])].concat();
    let chance = [chance, seeds("T39-9", [0.1, 0.2, -0.2, -0.1]).to_vec()].concat();
    let score = Score::of(&found.concat(), &chance, &[], &BTreeMap::new());
    let entry = |id: &str| score.entries.iter().find(|entry| entry.fact.id == id).expect("every fact has an entry");
    assert_eq!(entry("T1").verdict, Verdict::Inside);
    assert_eq!(entry("T38").verdict, Verdict::Unclear);
    // What is no effect of a policy is not asked.
    assert_eq!((entry("A1").verdict, entry("A1").tested), (Verdict::Inside, None));
    assert!(
        score.headline().contains("2 inside, 0 outside") && score.headline().contains(", 1 inside but not told apart"),
        "{}",
        score.headline()
    );
    let table = score.table();
    let row = |id: &str| &table.rows.iter().find(|row| row[0] == id).expect("a row")[7..];
    assert_eq!((row("T38")[0].as_str(), row("T38")[7].as_str()), ("inside but not told apart", "placebo"));
    assert_eq!((row("T1")[6].as_str(), row("T1")[7].as_str()), ("-0.018 to 0.018", "apart"));
    assert_eq!((row("T39-9")[7].as_str(), row("A1")[7].as_str()), ("interval", "-"));
    let lines = score.chance();
    assert!(lines.starts_with("placebo: 3 of 3 figures not told apart from nothing, as it should be"), "{lines}");
    assert!(lines.ends_with("effects: 1 of 3 told apart from chance (not: T38, T39-9)"), "{lines}");
    let json = score.json("a test");
    let of = |id: &str| json["facts"].as_array().expect("facts").iter().find(|fact| fact["id"] == id).expect("a fact");
    assert_eq!((&of("T38")["told_apart"], &of("A1")["told_apart"]), (&"placebo".into(), &Value::Null));
    assert!(of("T38")["placebo"][0].as_f64().is_some_and(|low| low < 0.0));
    let page = page(&score, "a test");
    assert!(page.contains("<tr class=\"inside-but-not-told-apart luck\"><th scope=\"row\">T38"), "{page}");
    assert!(page.contains("~0.105") && page.contains("the placebo moves as much") && page.contains("3 of 3 figures"));
}

#[test]
fn worlds_of_another_kind_stand_in_the_notes() {
    let found = [("P4", 61.0), ("P4", 63.0), ("A1", 0.7)];
    let score = Score::of(&found, &[], &["P4".into(), "A1".into()], &BTreeMap::new());
    let score = score.beside("without shocks", &[("P4", 60.0), ("P4", 60.0)]);
    let entry = |id: &str| score.entries.iter().find(|entry| entry.fact.id == id).expect("an entry");
    assert!(entry("P4").note.ends_with("; without shocks 60.000 (60.000 to 60.000)"), "{}", entry("P4").note);
    assert_eq!((entry("A1").note.as_str(), entry("P4").tested), ("", None));
}

/// What a placebo does by luck is counted by the duties of the policy, not by its own basis point.
#[test]
fn a_placebo_is_counted_by_the_duties_of_the_policy() {
    let tiny = |name: &str, tick: usize, place: &[usize]| {
        let on = tick >= 12;
        match (name, place) {
            ("duty_rate_statutory", _) if on && war(name, tick, place, true) > 0.0 => 0.0001,
            // By luck one percent less of the metals of China is bought, a tenth of a percent dearer.
            ("trade_value", [0, 1, 0]) if on => 99.0 * 1.001,
            ("trade_volume", [0, 1, 0]) if on => 99.0,
            (_, place) => war(name, tick, place, false),
        }
    };
    let (after, before) = (content(48, |n, t, p| war(n, t, p, true)), content(60, |n, t, p| war(n, t, p, false)));
    let placebo = content(60, tiny);
    let (policy, baseline, placebo) = (Recording::of(&after), Recording::of(&before), Recording::of(&placebo));
    let case = Case {
        policy: &placebo,
        baseline: &baseline,
        per: Some(&policy),
        importer: "USA",
        origins: REGIONS.map(str::to_owned).to_vec(),
        start: 12,
        ticks_per_year: 12,
    };
    // China's part of metals is a quarter.
    check(&case.metals().expect("a complete recording"), "T3", 1.001_f64.ln() / 1.25_f64.ln());
    let found = case.war("CHN", 24..36).expect("a complete recording");
    check(&found, "T9", 99.0 * 1.001 - 100.0);
    check(&found, "T10", 0.0);
}

#[test]
fn facts_can_be_asked_for_one_by_one() {
    let ids = |only: &[&str]| {
        let only: Vec<String> = only.iter().map(|&id| id.to_owned()).collect();
        Score::of(&[], &[], &only, &BTreeMap::new()).entries.into_iter().map(|entry| entry.fact.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["T28"]), ["T28", "T28-retaliation"]);
    assert_eq!(ids(&["A10-1", "T2"]), ["T2", "A10-1"]);
}
