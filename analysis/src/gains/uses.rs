//! What becomes of the revenue of a duty: incidence of every use of it in one table.

use super::groups::By;
use super::{Figure, Found};
use crate::chance::MARK;
use crate::report::Language;
use crate::table::Table;

/// A use of the revenue: its name, that in Chinese, and what it does.
pub struct Use {
    /// Names.
    pub name: [&'static str; 2],
    /// Results.
    pub found: Found,
}

/// Real income of the groups of a grouping by use of the revenue, in a year after the policy began (from 0), percent.
#[must_use]
pub fn table(uses: &[Use], by: By, year: usize, language: Language) -> Table {
    let head = std::iter::once(language.of(by.name()).to_owned());
    let mut table = Table::new(head.chain(uses.iter().map(|x| language.of(x.name).to_owned())));
    let Some(first) = uses.first() else { return table };
    let Some(place) = first.found.groups.iter().position(|group| group.0 == by) else { return table };
    for (group, name) in first.found.groups[place].1.iter().enumerate() {
        let cell = |x: &Use| match x.found.tested([place, group, year], Figure::Income) {
            Some(tested) => {
                let mark = if tested.verdict().is_apart() { "" } else { MARK };
                let change = tested.judged.change;
                format!("{mark}{:.2} ({:.2} to {:.2})", change.mean, change.low(), change.high())
            }
            None => "-".to_owned(),
        };
        let row: Vec<String> =
            std::iter::once(language.of([&name[0], &name[1]]).to_owned()).chain(uses.iter().map(cell)).collect();
        if row[1..].iter().any(|cell| cell != "-") {
            table.push(row);
        }
    }
    table
}
