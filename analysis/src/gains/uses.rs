//! Policies beside each other, such as uses of the revenue of a duty: incidence of each in one table, and what it costs the government.

use super::groups::By;
use super::words::{Section, cell, heading, of_groups};
use super::{Figure, Found, purchases};
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
        let cell = |x: &Use| cell(x.found.tested([place, group, year], figure).as_ref(), language);
        let row: Vec<String> =
            std::iter::once(language.of([&name[0], &name[1]]).to_owned()).chain(uses.iter().map(cell)).collect();
        if row[1..].iter().any(|cell| cell != "-") {
            table.push(row);
        }
    }
    table
}

/// Every figure of every group in every year, by policy.
#[must_use]
pub fn all(uses: &[Use]) -> Table {
    let mut all = Table::default();
    for policy in uses {
        let table = policy.found.table();
        all.head = std::iter::once("policy".to_owned()).chain(table.head).collect();
        all.rows.extend(table.rows.into_iter().map(|row| std::iter::once(policy.name[0].clone()).chain(row).collect()));
    }
    all
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

/// Tables of a year: real income of all households with the tenths, of sources and classes, what households buy, and consumption by wealth.
#[must_use]
pub fn sections(uses: &[Use], year: usize, language: Language) -> Vec<Section> {
    let income = |by: By| {
        let mut found = table(uses, by, Figure::Income, year, language);
        if by == By::Tenth {
            found.rows.splice(0..0, table(uses, By::All, Figure::Income, year, language).rows);
        }
        (heading(by.name(), Some(year), language), found)
    };
    let names = uses.iter().map(|x| language.of([&x.name[0], &x.name[1]]));
    let bought: Vec<_> = names.zip(uses.iter().map(|x| &x.found.bought)).collect();
    let (by, figure) = (By::Wealth, Figure::Consumption);
    let [english, chinese] = of_groups(by.name(), figure.name());
    let mut sections: Vec<Section> = [By::Tenth, By::Source, By::Class].map(income).into();
    sections.push((heading(purchases::HEADING, Some(year), language), purchases::table(&bought, year, language)));
    let consumption = table(uses, by, figure, year, language);
    sections.push((heading([&english, &chinese], Some(year), language), consumption));
    sections
}
