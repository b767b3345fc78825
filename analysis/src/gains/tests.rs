//! Hand-made panels.

use engine::netcdf::{Content, Dimension, Values, Variable};

use super::*;

/// Households of the region: two poor ones, eighteen others.
const HOUSEHOLDS: usize = 20;

/// A recording of three years in which real income of household `k` in year `y` is `income(y, k)`.
fn content(income: impl Fn(usize, usize) -> i64) -> Content<'static> {
    let labels = |names: &[&str]| Values::Text(names.iter().map(|&x| x.to_owned()).collect::<Vec<_>>().into());
    let dimension = |name: &str, size: usize, coordinates: Option<Values<'static>>| Dimension {
        name: name.to_owned(),
        size,
        coordinates,
        attributes: vec![],
    };
    let numbered = |size: usize| Some(Values::I64((1..=size as i64).collect()));
    let dimensions = vec![
        dimension("time", 36, numbered(36)),
        dimension("region", 1, Some(labels(&["A"]))),
        dimension("industry", 1, Some(labels(&["X"]))),
        dimension("area", 1, Some(labels(&["A"]))),
        dimension("decile", 10, numbered(10)),
        dimension("panel_household", HOUSEHOLDS, numbered(HOUSEHOLDS)),
        dimension("year", 3, numbered(3)),
    ];
    let variable = |name: &str, dimensions: &[usize], values: Values<'static>| Variable {
        name: name.to_owned(),
        dimensions: dimensions.to_vec(),
        values,
        attributes: vec![],
    };
    let fixed =
        |name: &str, value: fn(usize) -> i64| variable(name, &[5], Values::I64((0..HOUSEHOLDS).map(value).collect()));
    let by_year = |name: &str, value: &dyn Fn(usize, usize) -> i64| {
        let each = (0..3).flat_map(|year| (0..HOUSEHOLDS).map(move |k| (year, k)));
        variable(name, &[6, 5], Values::I64(each.map(|(year, k)| value(year, k)).collect()))
    };
    let nothing = |_: usize, _: usize| 0;
    let mut variables = vec![
        fixed("panel_household_row", |k| k as i64),
        fixed("panel_household_region", |_| 0),
        fixed("panel_household_area", |_| 0),
        variable("base_real_gdp", &[1], Values::F64(vec![100.0].into())),
        variable("government_debt", &[0, 1], Values::I64((0..36).map(|_| income(1, 0) / 10).collect())),
        variable("persons_per_agent", &[1], Values::F64(vec![10.0].into())),
        variable("consumer_price_decile", &[0, 1, 4], Values::F64(vec![1.0; 360].into())),
        by_year("panel_members", &|year, k| i64::from(income(year, k) > 0)),
        by_year("panel_decile", &|_, k| k as i64 / 2 + 1),
        by_year("panel_employed", &|_, _| 12),
        by_year("panel_permanent_income", &|year, k| income(year, k) / 12),
        by_year("panel_industry", &|_, _| 0),
    ];
    let incomes =
        ["panel_real_income", "panel_disposable_income", "panel_wages", "panel_consumption", "panel_real_consumption"];
    variables.extend(incomes.map(|name| by_year(name, &income)));
    for name in [
        "panel_mixed_income",
        "panel_dividends",
        "panel_fund_returns",
        "panel_housing_income",
        "panel_interest",
        "panel_housing_income",
        "panel_pensions",
        "panel_benefits",
        "panel_assistance",
        "panel_lump_sum",
        "panel_child_benefits",
        "panel_pension_supplements",
        "panel_income_tax",
        "panel_net_worth",
        "panel_skill",
        "panel_line",
    ] {
        variables.push(by_year(name, &nothing));
    }
    let attributes = vec![("ticks_per_year".to_owned(), 12_i64.into())];
    Content { dimensions, variables, attributes }
}

/// Incomes without policy: the two poorest earn twice as much in the year after, whatever is done.
fn path(year: usize, k: usize) -> i64 {
    let base = 1_000 * (k as i64 + 1);
    if k < 2 && year > 0 { 2 * base } else { base }
}

fn found(policy: impl Fn(usize, usize) -> i64, placebo: impl Fn(usize, usize) -> i64) -> Found {
    let contents = [content(path), content(policy), content(placebo)];
    let recordings = [0, 1, 2].map(|k| Recording::of(&contents[k]));
    let mut found = Found::default();
    for _ in 0..2 {
        found.add([&recordings[0], &recordings[1], &recordings[2]], 0, 0).expect("a panel");
    }
    found
}

fn at(found: &Found, by: By, group: usize) -> [usize; 3] {
    [found.groups.iter().position(|x| x.0 == by).expect("grouped"), group, 0]
}

#[test]
fn the_return_to_the_mean_is_no_effect_of_policy() {
    // Everybody loses two percent; nothing happens in the placebo.
    let found = found(|year, k| if year > 0 { path(year, k) * 98 / 100 } else { path(year, k) }, path);
    let poorest = at(&found, By::Tenth, 0);
    assert!((found.drift(poorest) - 100.0).abs() < 1e-9, "the poorest tenth doubles its income by itself");
    assert!(found.drift(at(&found, By::Tenth, 5)).abs() < 1e-9);
    for tenth in 0..10 {
        let place = at(&found, By::Tenth, tenth);
        assert!(found.values(0, place, Figure::Income).iter().all(|x| (x + 2.0).abs() < 1e-9));
        assert!(found.values(1, place, Figure::Income).iter().all(|x| x.abs() < 1e-12), "of the placebo nothing");
        assert!(found.tested(place, Figure::Income).expect("two seeds").verdict().is_apart());
    }
    assert_eq!(found.years, [1, 2]);
}

#[test]
fn who_has_moved_away_is_followed_no_longer() {
    // All earn as much, but the richest household has left in one of the worlds.
    let found = found(|year, k| if year > 0 && k == HOUSEHOLDS - 1 { 0 } else { path(year, k) }, path);
    let sums = found.seeds[0][0][at(&found, By::All, 0)[0]][0][0];
    assert_eq!((sums.households, sums.moved, sums.real[0]), (HOUSEHOLDS as i64 - 1, [0, 0], sums.real[1]));
}

#[test]
fn losers_are_counted_one_by_one_and_channels_add_up() {
    // Of the four poorest one loses a tenth, one gains a tenth, and two a little.
    let change = |k: usize| [-10, 10, 0, -10].get(k).copied().unwrap_or(0);
    let policy = |year, k| if year > 0 { path(year, k) * (100 + change(k)) / 100 } else { path(year, k) };
    let found = found(policy, path);
    let poorest = at(&found, By::Tenth, 0);
    let sums = found.seeds[0][0][poorest[0]][0][0];
    assert_eq!((sums.households, sums.persons, sums.moved), (2, 2, [1, 1]));
    // Incomes 2000 and 4000 become 1800 and 4400.
    assert_eq!((sums.real, sums.lost), ([6_000, 6_200], [200, 2_000]));
    assert_eq!((sums.channels.iter().sum::<i128>(), sums.channels[1]), (200, 200), "wages alone");
    assert_eq!(sums.compensation, -200);
    // Debt is 180 in place of 200 here, of an output of 1200 a year.
    assert!((found.debt[0][0][0] + 100.0 * 20.0 / 1_200.0).abs() < 1e-9 && found.debt[0][1][1].abs() < 1e-12);
    // 2.00 of money less over 2 members of 10 persons each.
    assert!((sums.figure(Figure::Compensation) + 0.1).abs() < 1e-12);
    assert!((sums.figure(Figure::Lose) - 50.0).abs() < 1e-12);
    assert!((sums.figure(Figure::LostByLosers) - 10.0).abs() < 1e-12);
    // The middle has 10,000 in the first year: the thresholds are 7,500 and 20,000.
    assert_eq!(sums.bands, [[2, 0, 0], [2, 0, 0]]);
    let all = at(&found, By::All, 0);
    assert_eq!(found.seeds[0][0][all[0]][0][0].bands[0], [7, 13, 0]);
    assert!((found.values(0, all, Figure::Lose)[0] - 10.0).abs() < 1e-12, "two of twenty");
    let table = found.table();
    assert!(table.rows.iter().any(|row| row[0] == "tenth of permanent income" && row[3] == "jobs"));
    let page = found.page("a test", "Two seeds.", crate::report::Language::Chinese);
    assert!(page.starts_with("# 谁受益，谁受损：a test"), "{page}");
}

#[test]
fn steps_lead_from_what_is_published_to_the_change_of_real_income() {
    // 1000 of income of which 800 are spent, in surveys 1200; prices of what is bought rise by 2%, of all income by 21 in all.
    let sums = Sums {
        real: [1_000, 965],
        consumption: [800, 800],
        channels: [-21, 4, -10, -8, 0],
        basket: 16,
        surveyed: 1.2,
        ..Sums::default()
    };
    let of = |figure| sums.figure(figure);
    let near = |found: f64, by_hand: f64| assert!((found - by_hand).abs() < 1e-12, "{found}, by hand {by_hand}");
    // 2% x 1.2; 2% x 0.8 less that; 2.1% less 2% x 0.8.
    near(of(Figure::Step(0)), -2.4);
    near(of(Figure::Step(1)), 0.8);
    near(of(Figure::Step(2)), -0.5);
    let all: Vec<f64> = published::figures().into_iter().map(of).collect();
    near(all[..all.len() - 1].iter().sum(), all[all.len() - 1]);
    near(all[all.len() - 1], -3.5);
}

#[test]
fn what_is_published_is_told_of_all_and_of_tenths() {
    // Prices of everybody rise by a tenth with the policy; the poorest tenth spends twice as much of its income in surveys as all do.
    let mut dear = content(path);
    for variable in dear.variables.iter_mut().filter(|x| x.name == "consumer_price_decile") {
        variable.values = Values::F64(vec![1.1; 360].into());
    }
    let plain = content(path);
    let recordings = [&plain, &dear, &plain].map(Recording::of);
    let mut found = Found { surveyed: vec![2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5], ..Found::default() };
    for _ in 0..2 {
        found.add([&recordings[0], &recordings[1], &recordings[2]], 0, 0).expect("a panel");
    }
    let step = |by, group| found.values(0, at(&found, by, group), Figure::Step(0))[0];
    for (found, by_hand) in [(step(By::Tenth, 0), -20.0), (step(By::Tenth, 9), -5.0), (step(By::All, 0), -10.0)] {
        assert!((found - by_hand).abs() < 1e-9, "{found}, by hand {by_hand}");
    }
    assert!(step(By::Wealth, 0).is_nan());
    let page = found.page("a test", "Two seeds.", crate::report::Language::English);
    assert!(page.contains("in surveys: year 1: 4.0") && page.contains("| 1 | 10.00 | 200 | 100 |"), "{page}");
}

#[test]
fn losses_by_tenth_for_the_scoreboard() {
    let (before, after) =
        (content(path), content(|year, k| if year > 0 && k < 2 { path(year, k) * 9 / 10 } else { path(year, k) }));
    let (before, after) = (Recording::of(&before), Recording::of(&after));
    assert!(!of_units(&before), "persons alone");
    let found = losses([&before, &after], 0, 0).expect("a panel");
    assert!((found[0] - 0.1).abs() < 1e-12 && found[1..].iter().all(|loss| loss.abs() < 1e-12), "{found:?}");
    assert!(losses([&before, &after], 0, 2).is_err());
}

#[test]
fn what_the_placebo_moves_too_is_not_told_apart() {
    let up = |year, k| if year > 0 { path(year, k) + 20 } else { path(year, k) };
    let found = found(up, up);
    let all = at(&found, By::All, 0);
    assert!(!found.tested(all, Figure::Income).expect("two seeds").verdict().is_apart());
    assert!(!found.tested(all, Figure::Gain).expect("two seeds").verdict().is_apart());
}

#[test]
fn other_households_are_refused() {
    let (one, mut other) = (content(path), content(path));
    for variable in other.variables.iter_mut().filter(|variable| variable.name == "panel_household_row") {
        variable.values = Values::I64((1..=HOUSEHOLDS as i64).collect());
    }
    let (one, other) = (Recording::of(&one), Recording::of(&other));
    let error = Found::default().add([&one, &other, &one], 0, 0).expect_err("other households").to_string();
    assert!(error.contains("different households"), "{error}");
}

#[test]
fn the_page_with_figures_says_what_the_tables_say() {
    use crate::report::Language;
    // Everybody loses two percent.
    let mut found = found(|year, k| if year > 0 { path(year, k) * 98 / 100 } else { path(year, k) }, path);
    let about =
        |language| figures::About { title: "a test", run: "Two `seeds`.", region: "A", maker: "`me`", language };
    let report = found.figures(&about(Language::English));
    assert!(report.charts().all(|chart| chart.data.rows.is_empty()), "too few households to say anything");
    for sums in found.seeds.iter_mut().flatten().flatten().flatten().flatten() {
        sums.households *= 20;
    }
    let report = found.figures(&about(Language::English));
    let first = report.charts().next().expect("channels");
    assert_eq!(first.data.rows.len(), 11, "all and the tenths");
    let row: Vec<f64> = first.data.rows[1][1..].iter().map(|cell| cell.parse().expect("a number")).collect();
    assert_eq!(row, [0.0, -2.0, 0.0, 0.0, 0.0], "wages");
    let answers: Vec<&str> = report.answers.iter().map(|x| x.value.as_str()).collect();
    assert_eq!(answers, ["-2.00%", "-2.00%", "-2.00%", "-2.00%", "+0.00 points"]);
    let said: String = report.says[0].parts.iter().map(|part| part.0.as_str()).collect();
    assert!(said.starts_with("year 1: all -2.00 (-2.00 to -2.00)%, the poorest tenth -2.00"), "{said}");
    assert!(report.subtitle == "Two seeds." && report.html().contains("Real income by income class, year 2"));
    // Of two policies there is a column each, with its number.
    let name = |text: &str| [text, text].map(str::to_owned);
    let uses: Vec<uses::Use> = ["one", "two"].map(|text| uses::Use { name: name(text), found: found.clone() }).into();
    let beside = figures::beside(&uses, ["Beside: ", "并列："], &about(Language::Chinese));
    let chart = beside.charts().next().expect("tenths");
    assert_eq!(chart.marks, ["1: one", "2: two"]);
    assert_eq!(chart.data.rows[0], ["全部", "-2", "-2"]);
    assert_eq!(beside.title, "并列：a test");
}
