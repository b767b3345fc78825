//! Why the model's answer differs from the benchmark's, in numbers of the two.

use super::comparison::{Comparison, benchmark_value, place_of};

/// Changes below this, percent or points, are not divided by.
const SMALL: f64 = 0.05;

/// Why they differ, a sentence or two for each reason, for a region; nothing without runs.
///
/// `revenue_use` is what the model's government does with duties.
#[must_use]
pub fn explanations(comparison: &Comparison<'_>, region: usize, revenue_use: &str, rates: &str) -> Vec<String> {
    let [(first_name, first), .., (last_name, last)] = &comparison.model[..] else {
        return Vec::new();
    };
    let static_value = |id: &str| benchmark_value(id, &comparison.outcomes[region]).unwrap_or(f64::NAN);
    let early = |id: &str| first.measures[region][place_of(id)];
    let late = |id: &str| last.measures[region][place_of(id)];
    let labour = last.labour_share[region] / 100.0;
    let (jobs, capital) = (labour * late("employment"), (1.0 - labour) * late("capital"));
    let gap = late("real_spending") - static_value("real_spending");
    let output_gap = late("real_gdp") - static_value("real_gdp");
    vec![
        format!(
            "Adjustment takes time: imports change by {:+.2}% in {first_name} and {:+.2}% in {last_name}, the benchmark's long \
             run is {:+.2}%{}.",
            early("real_imports"),
            late("real_imports"),
            static_value("real_imports"),
            reached([early("real_imports"), late("real_imports")], static_value("real_imports"))
                + beyond(
                    late("real_imports") / static_value("real_imports"),
                    late("relative_wage"),
                    static_value("relative_wage")
                ),
        ),
        format!(
            "Sticky wages, exchange rates ({rates}): the benchmark moves wages against partners by {:+.2}% at once; the model has \
             moved them by {:+.2}% and then {:+.2}%, so its terms of trade change by {:+.2}% and then {:+.2}% instead of {:+.2}%.",
            static_value("relative_wage"),
            early("relative_wage"),
            late("relative_wage"),
            early("terms_of_trade"),
            late("terms_of_trade"),
            static_value("terms_of_trade"),
        ),
        format!(
            "Unemployment: the benchmark keeps everyone at work; in the model unemployment changes by {:+.2} points and then \
             {:+.2}. Employment of {:+.2}% at the end, at a labour share of {:.0}%, is {jobs:+.2}% of output.",
            early("unemployment_rate"),
            late("unemployment_rate"),
            late("employment"),
            100.0 * labour,
        ),
        format!(
            "Capital: fixed in the benchmark; the model's has changed by {:+.2}%, which is {capital:+.2}% of output. Jobs and \
             capital together make {:+.2} of the {:+.2}% by which the model's real GDP has changed; the rest, {:+.2}, is use of \
             both and composition. Moving between industries alone gives {:+.2}% in the benchmark.",
            late("capital"),
            jobs + capital,
            late("real_gdp"),
            late("real_gdp") - jobs - capital,
            static_value("real_gdp"),
        ),
        format!(
            "Use of duties: the benchmark hands {:+.2}% of GDP back to be spent; the model collects {:+.2}% and then {:+.2}%, \
             which is for {revenue_use}: its budget balance changes by {:+.2}% and then {:+.2}% of GDP.",
            static_value("duty_share"),
            early("duty_share"),
            late("duty_share"),
            early("budget_balance"),
            late("budget_balance"),
        ),
        format!(
            "Trade balance: held in the benchmark as a share of the world's value added ({:+.2} points of GDP); it moves by \
             {:+.2} points in {first_name} and {:+.2} in {last_name} in the model, and as much is spent less or more at home.",
            static_value("trade_balance"),
            early("trade_balance"),
            late("trade_balance"),
        ),
        format!(
            "Together: real final spending in {last_name} lies {gap:+.2} points from the benchmark's; {output_gap:+.2} of them are \
             output, {:+.2} what is bought abroad on balance (terms of trade, trade balance) or taken from stocks.",
            gap - output_gap,
        ),
        format!(
            "Distribution: the benchmark has one household ({:+.2}% of consumption); in the model consumption of the poorest \
             tenth changes by {:+.2}% and then {:+.2}%, of the richest by {:+.2}% and then {:+.2}%.",
            static_value("real_consumption"),
            early("poorest_consumption"),
            late("poorest_consumption"),
            early("richest_consumption"),
            late("richest_consumption"),
        ),
    ]
}

/// Shares of the benchmark's change that were reached.
fn reached([early, late]: [f64; 2], whole: f64) -> String {
    if whole.abs() < SMALL {
        return String::new();
    }
    format!(" ({:.0}% and {:.0}% of it)", 100.0 * early / whole, 100.0 * late / whole)
}

/// Why imports fell by more than in the benchmark, where they did.
fn beyond(share: f64, wage: f64, static_wage: f64) -> &'static str {
    if share > 1.0 && wage < static_wage - SMALL {
        "; it is passed because work at home has not become dearer, as in the benchmark, where that draws imports in"
    } else {
        ""
    }
}
