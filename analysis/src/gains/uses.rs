//! Policies beside each other, such as uses of the revenue of a duty: incidence of each in one table, and what it costs the government.

use super::groups::By;
use super::page::{cell, heading};
use super::{Figure, Found};
use crate::report::Language;
use crate::table::Table;

/// A policy, or a use of the revenue: its name, that in Chinese, and what it does.
pub struct Use {
    /// Names.
    pub name: [String; 2],
    /// Results.
    pub found: Found,
}

/// Real income of the groups of a grouping by policy, in a year after the policy began (from 0), percent.
#[must_use]
pub fn table(uses: &[Use], by: By, year: usize, language: Language) -> Table {
    let head = std::iter::once(language.of(by.name()).to_owned());
    let mut table = Table::new(head.chain(uses.iter().map(|x| language.of([&x.name[0], &x.name[1]]).to_owned())));
    let Some(first) = uses.first() else { return table };
    let Some(place) = first.found.groups.iter().position(|group| group.0 == by) else { return table };
    for (group, name) in first.found.groups[place].1.iter().enumerate() {
        let cell = |x: &Use| cell(x.found.tested([place, group, year], Figure::Income).as_ref(), language);
        let row: Vec<String> =
            std::iter::once(language.of([&name[0], &name[1]]).to_owned()).chain(uses.iter().map(cell)).collect();
        if row[1..].iter().any(|cell| cell != "-") {
            table.push(row);
        }
    }
    table
}

/// Public debt at the end of each year by policy against the world without it, percent of the base year's output.
#[must_use]
pub fn costs(uses: &[Use], language: Language) -> Table {
    let head = std::iter::once(language.of(["year", "年份"]).to_owned());
    let mut table = Table::new(head.chain(uses.iter().map(|x| language.of([&x.name[0], &x.name[1]]).to_owned())));
    let years = uses.iter().map(|x| x.found.years.len()).min().unwrap_or(0);
    for year in 0..years {
        let cells = uses.iter().map(|x| cell(x.found.cost(year).as_ref(), language));
        table.push(std::iter::once((year + 1).to_string()).chain(cells));
    }
    table
}

/// Tables of a year: all households with the tenths, sources and classes, each under its heading.
#[must_use]
pub fn sections(uses: &[Use], year: usize, language: Language) -> Vec<(String, Table)> {
    let of = |by: By| {
        let mut table = table(uses, by, year, language);
        if by == By::Tenth {
            table.rows.splice(0..0, self::table(uses, By::All, year, language).rows);
        }
        (heading(language.of(by.name()), Some(year), language), table)
    };
    [By::Tenth, By::Source, By::Class].map(of).into()
}
