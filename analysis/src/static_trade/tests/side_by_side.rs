//! The model's responses and the comparison, by hand.

use engine::netcdf::Content;

use super::*;
use crate::indicators::tests::content;
use crate::recording::Recording;

/// A recording of two regions, industries and ticks in which everything is 100, except what is given.
fn recording(changed: &[(&str, &[f64])]) -> Content<'static> {
    const REGION: [&str; 20] = [
        "real_gdp",
        "real_household_consumption",
        "real_government_consumption",
        "real_fixed_capital_formation",
        "wage_index",
        "consumer_price",
        "exchange_rate",
        "export_price",
        "import_price",
        "real_imports",
        "real_exports",
        "imports",
        "exports",
        "gdp_production",
        "taxes_on_products",
        "compensation_of_employees",
        "unemployment_rate",
        "budget_duties",
        "budget_revenue",
        "budget_expenditure",
    ];
    const MORE: [(&str, &[&str], usize); 8] = [
        ("budget_external_transfers", &["time", "region"], 4),
        ("capital", &["time", "region", "industry"], 8),
        ("real_imports_product", &["time", "region", "industry"], 8),
        ("imports_bilateral", &["time", "region", "partner"], 8),
        ("real_imports_bilateral", &["time", "region", "partner"], 8),
        ("real_consumption_decile", &["time", "region", "decile"], 40),
        ("employment", &["time", "region", "industry", "skill"], 24),
        ("manufacturing", &["industry"], 2),
    ];
    let region = REGION.iter().map(|name| (*name, &["time", "region"][..], 4));
    let values = |name: &str, size: usize| -> Vec<f64> {
        changed.iter().find(|x| x.0 == name).map_or_else(|| vec![100.0; size], |x| x.1.to_vec())
    };
    let all: Vec<(&str, &[&str], Vec<f64>)> =
        region.chain(MORE).map(|(name, over, size)| (name, over, values(name, size))).collect();
    let borrowed: Vec<(&str, &[&str], &[f64])> = all.iter().map(|x| (x.0, x.1, &x.2[..])).collect();
    content(&borrowed)
}

/// The response of the first region to changes, in the second tick.
fn respond(changed: &[(&str, &[f64])]) -> WindowResponse {
    let baseline = [("gdp_production", &[200.0; 4][..]), ("imports_bilateral", &[0.0, 50.0, 50.0, 0.0].repeat(2)[..])];
    let base = recording(&baseline);
    let all: Vec<(&str, &[f64])> = changed.iter().chain(&baseline).copied().collect();
    let policy = recording(&all);
    let found = responses(&Recording::of(&policy), &Recording::of(&base), &[0..2, 1..2]).expect("responses");
    assert_eq!(found.len(), 2);
    found[1].clone()
}

#[test]
fn responses_by_hand() {
    let found = respond(&[
        ("real_household_consumption", &[100.0, 100.0, 130.0, 100.0]),
        ("wage_index", &[100.0, 100.0, 110.0, 105.0]),
        ("consumer_price", &[100.0, 100.0, 104.0, 100.0]),
        ("exchange_rate", &[100.0, 100.0, 102.0, 100.0]),
        ("budget_duties", &[100.0, 100.0, 106.0, 100.0]),
        ("budget_revenue", &[100.0, 100.0, 106.0, 100.0]),
        ("exports", &[100.0, 100.0, 90.0, 100.0]),
        ("capital", &[100.0, 100.0, 100.0, 100.0, 98.0, 94.0, 100.0, 100.0]),
        ("real_imports_bilateral", &[100.0, 100.0, 100.0, 100.0, 100.0, 80.0, 100.0, 100.0]),
    ]);
    let of = |id: &str| found.measures[0][place_of(id)];
    near(of("real_spending"), 10.0, 1e-12);
    near(of("real_consumption"), 30.0, 1e-12);
    near(of("real_wage"), 100.0 * (1.1 / 1.04 - 1.0), 1e-12);
    near(of("relative_wage"), 100.0 * (1.1 * 1.02 / 1.05 - 1.0), 1e-12);
    near(of("duty_share"), 3.0, 1e-12);
    near(of("trade_balance"), -5.0, 1e-12);
    near(of("budget_balance"), 3.0, 1e-12);
    near(of("capital"), -4.0, 1e-12);
    near(of("real_gdp"), 0.0, 1e-12);
    assert!(of("real_income").is_nan(), "welfare is the benchmark's alone");
    near(found.imports_from[0][1], -20.0, 1e-12);
    // The other region has not changed, except towards the first.
    near(found.measures[1][place_of("real_spending")], 0.0, 1e-12);
    near(found.measures[1][place_of("relative_wage")], 100.0 * (1.05 / (1.1 * 1.02) - 1.0), 1e-12);
    // Compensation of 100 in value added of 200 less taxes of 100.
    near(found.labour_share[0], 100.0, 1e-12);
}

#[test]
fn means_over_seeds_by_hand() {
    let with = |gdp: f64| vec![respond(&[("real_gdp", &[100.0, 100.0, gdp, 100.0])])];
    let mean = mean_response(&[with(101.0), with(104.0)]);
    near(mean[0].measures[0][place_of("real_gdp")], 2.5, 1e-12);
    assert!(mean_response(&[]).is_empty());
}

#[test]
fn tables_and_reasons_hold_the_numbers() {
    let economy = random(2, 2, 3);
    let found = solve(&economy, &with_duty(&economy, 0, 0.4)).expect("an equilibrium");
    let names = ["AAA".to_owned(), "BBB".to_owned()];
    let response = respond(&[
        ("real_gdp", &[100.0, 100.0, 97.0, 100.0]),
        ("employment", &[&[100.0; 12][..], &[96.0; 6], &[100.0; 6]].concat()),
        ("capital", &[100.0, 100.0, 100.0, 100.0, 98.0, 98.0, 100.0, 100.0]),
    ]);
    let response = WindowResponse { labour_share: vec![60.0; 2], ..response };
    let model = vec![("early".to_owned(), response.clone()), ("late".to_owned(), response)];
    let comparison = Comparison::new((&names, &names), &economy, &found, model);
    // Jobs: 0.6 of -4%; capital: 0.4 of -2%; the rest of -3% is +0.2.
    let reasons = explanations(&comparison, 0, "less borrowing", "fixed").join("\n");
    for part in
        ["is -2.40% of output", "is -0.80% of output", "make -3.20 of the -3.00%", "the rest, +0.20", "less borrowing"]
    {
        assert!(reasons.contains(part), "{part} is not in\n{reasons}");
    }
    let measures = comparison.measures(0);
    assert_eq!(measures.rows.len(), MEASURES.len());
    assert_eq!(measures.rows[place_of("real_gdp")][3..], ["-3.00", "-3.00"]);
    assert_eq!(measures.rows[place_of("real_income")][3], "-");
    // Imports of all partners are all imports.
    let outcome = comparison.outcomes[0];
    near(comparison.imports(0, |_, _| true).volume, 100.0 * outcome.real_imports, 1e-12);
    let duty: f64 =
        (0..2).map(|p| economy.bought(0, p, 1) * (0.4 - economy.duty_rates[economy.pair(0, 1, p)])).sum::<f64>()
            / economy.imports()[0];
    near(comparison.duty_change(0, |_, _| true), duty, 1e-12);
    // Without runs there is nothing to explain, and only the benchmark is shown.
    let alone = Comparison::new((&names, &names), &economy, &found, Vec::new());
    assert!(explanations(&alone, 0, "", "").is_empty());
    assert_eq!(alone.measures(0).head.len(), 3);
    assert_eq!(alone.everything().rows.len(), comparison.everything().rows.len());
}
