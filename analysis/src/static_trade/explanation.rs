//! Why the model's answer differs from the benchmark's, in numbers of the two.

use super::RegionOutcome;
use super::comparison::{Comparison, benchmark_value, place_of};

/// Changes below this, percent or points, are not divided by.
const SMALL: f64 = 0.05;

/// Changes of a region: what the benchmark says, and what the model has early and late.
struct Both<'a> {
    benchmark: &'a RegionOutcome,
    names: [&'a str; 2],
    early: &'a [f64],
    late: &'a [f64],
    /// Share of labour in output at the end, a fraction.
    labour: f64,
}

/// Why they differ, a sentence or two for each reason, for a region; nothing without runs.
///
/// `revenue_use` is what the model's government does with duties.
#[must_use]
pub fn explanations(comparison: &Comparison<'_>, region: usize, revenue_use: &str, rates: &str) -> Vec<String> {
    let [(first_name, first), .., (last_name, last)] = &comparison.model[..] else {
        return Vec::new();
    };
    let both = Both {
        benchmark: &comparison.outcomes[region],
        names: [first_name, last_name],
        early: &first.measures[region],
        late: &last.measures[region],
        labour: last.labour_share[region] / 100.0,
    };
    let mut sentences = both.adjustment(rates);
    sentences.extend(both.factors());
    sentences.extend(both.spending(revenue_use));
    sentences
}

impl Both<'_> {
    fn static_value(&self, id: &str) -> f64 {
        benchmark_value(id, self.benchmark).unwrap_or(f64::NAN)
    }

    fn early(&self, id: &str) -> f64 {
        self.early[place_of(id)]
    }

    fn late(&self, id: &str) -> f64 {
        self.late[place_of(id)]
    }

    /// Time, and prices that are slow to move.
    fn adjustment(&self, rates: &str) -> Vec<String> {
        let [first_name, last_name] = self.names;
        vec![
            format!(
                "Adjustment takes time: imports change by {:+.2}% in {first_name} and {:+.2}% in {last_name}, the benchmark's long \
             run is {:+.2}%{}.",
                self.early("real_imports"),
                self.late("real_imports"),
                self.static_value("real_imports"),
                reached([self.early("real_imports"), self.late("real_imports")], self.static_value("real_imports"))
                    + beyond(
                        self.late("real_imports") / self.static_value("real_imports"),
                        self.late("relative_wage"),
                        self.static_value("relative_wage")
                    ),
            ),
            format!(
                "Sticky wages, exchange rates ({rates}): the benchmark moves wages against partners by {:+.2}% at once; the model has \
             moved them by {:+.2}% and then {:+.2}%, so its terms of trade change by {:+.2}% and then {:+.2}% instead of {:+.2}%.",
                self.static_value("relative_wage"),
                self.early("relative_wage"),
                self.late("relative_wage"),
                self.early("terms_of_trade"),
                self.late("terms_of_trade"),
                self.static_value("terms_of_trade"),
            ),
        ]
    }

    /// Work and capital, which the benchmark holds fixed.
    fn factors(&self) -> Vec<String> {
        let labour = self.labour;
        let (jobs, capital) = (labour * self.late("employment"), (1.0 - labour) * self.late("capital"));
        vec![
            format!(
                "Unemployment: the benchmark keeps everyone at work; in the model unemployment changes by {:+.2} points and then \
             {:+.2}. Employment of {:+.2}% at the end, at a labour share of {:.0}%, is {jobs:+.2}% of output.",
                self.early("unemployment_rate"),
                self.late("unemployment_rate"),
                self.late("employment"),
                100.0 * labour,
            ),
            format!(
                "Capital: fixed in the benchmark; the model's has changed by {:+.2}%, which is {capital:+.2}% of output. Jobs and \
             capital together make {:+.2} of the {:+.2}% by which the model's real GDP has changed; the rest, {:+.2}, is use of \
             both and composition. Moving between industries alone gives {:+.2}% in the benchmark.",
                self.late("capital"),
                jobs + capital,
                self.late("real_gdp"),
                self.late("real_gdp") - jobs - capital,
                self.static_value("real_gdp"),
            ),
        ]
    }

    /// Who spends: the government, the rest of the world, households.
    fn spending(&self, revenue_use: &str) -> Vec<String> {
        let [first_name, last_name] = self.names;
        let gap = self.late("real_spending") - self.static_value("real_spending");
        let output_gap = self.late("real_gdp") - self.static_value("real_gdp");
        vec![
            format!(
                "Use of duties: the benchmark hands {:+.2}% of GDP back to be spent; the model collects {:+.2}% and then {:+.2}%, \
             which is for {revenue_use}: its budget balance changes by {:+.2}% and then {:+.2}% of GDP.",
                self.static_value("duty_share"),
                self.early("duty_share"),
                self.late("duty_share"),
                self.early("budget_balance"),
                self.late("budget_balance"),
            ),
            format!(
                "Trade balance: held in the benchmark as a share of the world's value added ({:+.2} points of GDP); it moves by \
             {:+.2} points in {first_name} and {:+.2} in {last_name} in the model, and as much is spent less or more at home.",
                self.static_value("trade_balance"),
                self.early("trade_balance"),
                self.late("trade_balance"),
            ),
            format!(
                "Together: real final spending in {last_name} lies {gap:+.2} points from the benchmark's; {output_gap:+.2} of them are \
             output, {:+.2} what is bought abroad on balance (terms of trade, trade balance) or taken from stocks.",
                gap - output_gap,
            ),
            format!(
                "Distribution: the benchmark has one household ({:+.2}% of consumption); in the model consumption of the poorest \
             tenth changes by {:+.2}% and then {:+.2}%, of the richest by {:+.2}% and then {:+.2}%.",
                self.static_value("real_consumption"),
                self.early("poorest_consumption"),
                self.late("poorest_consumption"),
                self.early("richest_consumption"),
                self.late("richest_consumption"),
            ),
        ]
    }
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
