//! Policies beside each other, such as uses of the revenue of a duty: incidence of each in one table, and what it costs the government.

use super::groups::By;
use super::{Figure, Found};
use crate::chance::MARK;
use crate::placebo::Tested;
use crate::report::Language;
use crate::table::Table;

/// A policy, or a use of the revenue: its name, that in Chinese, and what it does.
pub struct Use {
    /// Names.
    pub name: [String; 2],
    /// Results.
    pub found: Found,
}

/// A figure of the groups of a grouping by policy, in a year after the policy began (from 0), such as the change of real income.
#[must_use]
pub fn table(uses: &[Use], by: By, figure: Figure, year: usize, language: Language) -> Table {
    let head = std::iter::once(language.of(by.name()).to_owned());
    let mut table = Table::new(head.chain(uses.iter().map(|x| language.of([&x.name[0], &x.name[1]]).to_owned())));
    let Some(first) = uses.first() else { return table };
    let Some(place) = first.found.groups.iter().position(|group| group.0 == by) else { return table };
    for (group, name) in first.found.groups[place].1.iter().enumerate() {
        let cell = |x: &Use| told(x.found.tested([place, group, year], figure).as_ref());
        let row: Vec<String> =
            std::iter::once(language.of([&name[0], &name[1]]).to_owned()).chain(uses.iter().map(cell)).collect();
        if row[1..].iter().any(|cell| cell != "-") {
            table.push(row);
        }
    }
    table
}

/// A change with its interval, and the mark before what is not told apart from chance.
fn told(tested: Option<&Tested>) -> String {
    let Some(tested) = tested else { return "-".to_owned() };
    let mark = if tested.verdict().is_apart() { "" } else { MARK };
    let change = tested.judged.change;
    format!("{mark}{:.2} ({:.2} to {:.2})", change.mean, change.low(), change.high())
}

/// Public debt at the end of each year by policy against the world without it, percent of the base year's output.
#[must_use]
pub fn costs(uses: &[Use], language: Language) -> Table {
    let head = std::iter::once(language.of(["year", "年份"]).to_owned());
    let mut table = Table::new(head.chain(uses.iter().map(|x| language.of([&x.name[0], &x.name[1]]).to_owned())));
    let years = uses.iter().map(|x| x.found.years.len()).min().unwrap_or(0);
    for year in 0..years {
        let cells = uses.iter().map(|x| told(x.found.cost(year).as_ref()));
        table.push(std::iter::once((year + 1).to_string()).chain(cells));
    }
    table
}
