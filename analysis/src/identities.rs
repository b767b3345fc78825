//! Identities of the accounts that a recording must satisfy, computed anew from its integers.
//!
//! The audit checks agents against books in every tick of a run; here the numbers that were written are checked against
//! each other, by anybody who has the file. Source: System of National Accounts 2008.

use std::ops::Range;

use crate::recording::{Integers, Recording, RecordingError};

/// A variable in an identity.
#[derive(Clone, Copy, Debug)]
struct Term {
    sign: i128,
    name: &'static str,
    /// Dimension that stays besides time; all others are summed over.
    by: &'static str,
    /// Whether its change since the tick before is meant.
    change: bool,
}

/// A sum of variables that is zero at every place and tick.
struct Identity {
    name: &'static str,
    terms: Vec<Term>,
}

/// Reads `a + b - change(c) = d@partner`; a variable is summed over all dimensions but time and `region`, or the one named.
fn identity(name: &'static str, text: &'static str) -> Identity {
    let mut terms = Vec::new();
    let (mut side, mut sign) = (1, 1);
    for word in text.split_whitespace() {
        match word {
            "+" => sign = 1,
            "-" => sign = -1,
            "=" => (side, sign) = (-1, 1),
            _ => {
                let inner = word.strip_prefix("change(").and_then(|word| word.strip_suffix(')'));
                let (name, by) = inner.unwrap_or(word).split_once('@').unwrap_or((inner.unwrap_or(word), "region"));
                terms.push(Term { sign: side * sign, name, by, change: inner.is_some() });
            }
        }
    }
    Identity { name, terms }
}

/// Name and equation of every identity.
const IDENTITIES: [(&str, &str); 27] = [
    (
        "gdp = output - intermediate consumption + taxes",
        "gdp_production = output - intermediate_consumption + taxes_on_products",
    ),
    (
        "gdp = incomes",
        "gdp_income = compensation_of_employees + net_taxes_on_production + gross_operating_surplus + taxes_on_products",
    ),
    (
        "gdp = expenditures",
        "gdp_expenditure = household_consumption + government_consumption + fixed_capital_formation + inventory_change + exports - imports",
    ),
    ("gdp: production = income", "gdp_production = gdp_income"),
    ("gdp: production = expenditure", "gdp_production = gdp_expenditure"),
    (
        "real gdp = real expenditures",
        "real_gdp = real_household_consumption + real_government_consumption + real_fixed_capital_formation + real_inventory_change + real_exports - real_imports",
    ),
    ("real gdp: production = expenditure", "real_gdp = real_gdp_expenditure"),
    ("output = sum over industries", "output = sector_output"),
    ("gdp = value added + taxes on products", "gdp_production = sector_value_added + taxes_on_products"),
    ("operating surplus = sum over industries", "gross_operating_surplus = sector_surplus"),
    ("household consumption = sum over deciles", "household_consumption = consumption_decile"),
    ("government consumption = budget", "government_consumption = budget_consumption + budget_duties_own"),
    ("capital formation = investment of firms", "fixed_capital_formation = investment"),
    ("imports = sum over origins", "imports = imports_bilateral"),
    ("imports = sum over products", "imports = imports_product"),
    ("real imports = sum over origins", "real_imports = real_imports_bilateral"),
    ("real exports = real imports of the others", "real_exports@region = real_imports_bilateral@partner"),
    ("exports = sum over products", "exports = exports_product"),
    ("duties received = duties paid, by origin", "budget_duties = duties_bilateral"),
    ("duties received = duties paid, by product", "budget_duties = duties_product"),
    ("duties received = duties paid, by flow", "budget_duties = trade_duty"),
    ("subsidies paid = received", "budget_subsidies + budget_grants = subsidies_received"),
    ("deficit = bonds issued", "budget_bonds_issued + budget_external_transfers + budget_revenue = budget_expenditure"),
    ("bonds issued = held", "government_debt = debt_held_bank + debt_held_central_bank + debt_held_abroad"),
    ("debt: closing = opening + issued", "change(government_debt) = budget_bonds_issued"),
    ("deposits owed = held", "bank_deposits = deposits_decile + firm_deposits + fund_deposits"),
    ("bank: assets = liabilities", "bank_loans + debt_held_bank + bank_reserves = bank_deposits + bank_equity"),
];

/// The first place where an identity fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Identity.
    pub identity: &'static str,
    /// Place along `run`, in an ensemble.
    pub run: Option<usize>,
    /// Tick, from 0.
    pub tick: usize,
    /// Region, from 0.
    pub region: usize,
    /// Left side less right side, minor units.
    pub difference: i128,
    /// Number of places, ticks and runs where it fails.
    pub count: u64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Identities of which all variables are in the file.
    pub checked: usize,
    /// Identities that could not be checked.
    pub skipped: usize,
    /// Equations evaluated: one a tick, region and run.
    pub equations: u64,
    /// Identities that fail.
    pub breaches: Vec<Breach>,
}

/// Checks every identity in a recording or ensemble; runs that were not done are left out.
///
/// # Errors
/// If the file cannot be read.
pub fn check(recording: &Recording<'_>) -> Result<Findings, RecordingError> {
    let known = recording.variables()?;
    let status = if known.iter().any(|name| name == "status") { Some(recording.texts("status")?) } else { None };
    let mut findings = Findings::default();
    for (name, text) in IDENTITIES {
        let identity = identity(name, text);
        if !identity.terms.iter().all(|term| known.iter().any(|name| name == term.name)) {
            findings.skipped += 1;
            continue;
        }
        findings.checked += 1;
        let Some(status) = &status else {
            identity.evaluate(recording, None, &mut findings)?;
            continue;
        };
        let mut largest = 1;
        for term in &identity.terms {
            largest = recording.shape(term.name)?[1..].iter().product::<usize>().max(largest);
        }
        let step = (BLOCK / largest).max(1);
        for first in (0..status.len()).step_by(step) {
            let runs = first..(first + step).min(status.len());
            identity.evaluate(recording, Some((runs, status)), &mut findings)?;
        }
    }
    Ok(findings)
}

/// Values of a variable that are read at once from an ensemble.
const BLOCK: usize = 1 << 23;

impl Identity {
    fn evaluate(
        &self,
        recording: &Recording<'_>,
        runs: Option<(Range<usize>, &[String])>,
        findings: &mut Findings,
    ) -> Result<(), RecordingError> {
        let mut sums: Vec<Vec<i128>> = Vec::new();
        for term in &self.terms {
            let panel = term.panel(recording, runs.as_ref().map(|x| x.0.clone()))?;
            if sums.is_empty() {
                sums = panel;
                continue;
            }
            for (sum, row) in sums.iter_mut().flatten().zip(panel.into_iter().flatten()) {
                *sum += row;
            }
        }
        let ticks = sums.len() / runs.as_ref().map_or(1, |x| x.0.len()).max(1);
        // The change of the first tick is not known.
        let first = usize::from(self.terms.iter().any(|term| term.change));
        for (place, row) in sums.iter().enumerate() {
            let (run, tick) = (place / ticks, place % ticks);
            let run = runs.as_ref().map(|(range, _)| range.start + run);
            let done = runs.as_ref().zip(run).is_none_or(|((_, status), run)| status[run] == "done");
            if tick < first || !done {
                continue;
            }
            for (region, &difference) in row.iter().enumerate() {
                findings.equations += 1;
                if difference != 0 {
                    findings.breach(Breach { identity: self.name, run, tick, region, difference, count: 1 });
                }
            }
        }
        Ok(())
    }
}

impl Findings {
    /// Notes a breach; of those of one identity the first is kept.
    fn breach(&mut self, breach: Breach) {
        match self.breaches.iter_mut().find(|known| known.identity == breach.identity) {
            Some(known) => known.count += 1,
            None => self.breaches.push(breach),
        }
    }
}

impl Term {
    /// Its values with their sign, a row a tick, run after run.
    fn panel(&self, recording: &Recording<'_>, runs: Option<Range<usize>>) -> Result<Vec<Vec<i128>>, RecordingError> {
        let Integers { shape, values } = recording.integers(self.name, runs)?;
        let (ticks, places) = (shape[0].1, &shape[1..]);
        let kept = places.iter().position(|(name, _)| name == self.by);
        let width = kept.map_or(1, |kept| places[kept].1);
        let inner: usize = kept.map_or(1, |kept| places[kept + 1..].iter().map(|x| x.1).product());
        let size: usize = places.iter().map(|x| x.1).product();
        let row = |values: &[i64]| {
            let mut row = vec![0_i128; width];
            for (place, &value) in values.iter().enumerate() {
                let at = if kept.is_some() { place / inner % width } else { 0 };
                row[at] += self.sign * i128::from(value);
            }
            row
        };
        let mut panel: Vec<Vec<i128>> = values.chunks_exact(size.max(1)).map(row).collect();
        if self.change {
            for place in (0..panel.len()).rev().filter(|place| place % ticks > 0) {
                let (before, after) = panel.split_at_mut(place);
                for (value, before) in after[0].iter_mut().zip(&before[place - 1]) {
                    *value -= before;
                }
            }
        }
        Ok(panel)
    }
}

#[cfg(test)]
mod tests {
    use engine::netcdf::{Content, Dimension, Values, Variable};

    use super::*;

    fn content(change: impl Fn(&mut Vec<i64>, &mut Vec<i64>)) -> Content<'static> {
        let dimension =
            |name: &str, size| Dimension { name: name.to_owned(), size, coordinates: None, attributes: vec![] };
        let variable = |name: &str, dimensions: &[usize], values: Vec<i64>| Variable {
            name: name.to_owned(),
            dimensions: dimensions.to_vec(),
            values: Values::I64(values.into()),
            attributes: vec![],
        };
        // Two ticks, two regions: region 0 imports 3 from region 1, then 5; region 1 imports 7, then 9.
        let mut bilateral = vec![0, 3, 7, 0, 0, 5, 9, 0];
        let mut exports = vec![7, 3, 9, 5];
        change(&mut bilateral, &mut exports);
        Content {
            dimensions: vec![dimension("time", 2), dimension("region", 2), dimension("partner", 2)],
            variables: vec![
                variable("real_imports", &[0, 1], vec![3, 7, 5, 9]),
                variable("real_exports", &[0, 1], exports),
                variable("real_imports_bilateral", &[0, 1, 2], bilateral),
                variable("government_debt", &[0, 1], vec![10, 20, 13, 18]),
                variable("budget_bonds_issued", &[0, 1], vec![99, 99, 3, -2]),
            ],
            attributes: vec![],
        }
    }

    #[test]
    fn a_table_by_hand() {
        let content = content(|_, _| {});
        let found = check(&Recording::of(&content)).expect("checked");
        // Two identities of trade at four places each, and the change of debt in the second tick.
        assert_eq!((found.checked, found.skipped, found.equations), (3, IDENTITIES.len() - 3, 10));
        assert!(found.breaches.is_empty(), "{found:?}");
    }

    #[test]
    fn the_place_of_a_breach_is_named() {
        let content = content(|bilateral, _| bilateral[6] = 8);
        let found = check(&Recording::of(&content)).expect("checked");
        let names: Vec<&str> = found.breaches.iter().map(|breach| breach.identity).collect();
        assert_eq!(names, ["real imports = sum over origins", "real exports = real imports of the others"]);
        let Breach { tick, region, difference, count, .. } = found.breaches[0];
        assert_eq!((tick, region, difference, count), (1, 1, 1, 1));
        assert_eq!((found.breaches[1].tick, found.breaches[1].region), (1, 0));
    }
}
