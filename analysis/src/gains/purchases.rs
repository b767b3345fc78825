//! What households of a region buy under a policy: how much, how much of it services, and what of it the region imports.

use super::words::{marked, year_in};
use crate::chance::Judged;
use crate::paired::{Estimate, ratio};
use crate::panel::yearly;
use crate::placebo::Tested;
use crate::recording::{Recording, RecordingError};
use crate::report::Language;
use crate::table::Table;

/// A year of a region's households.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Purchases {
    /// All they spend, money.
    pub spending: f64,
    /// At prices of the base year.
    pub real: f64,
    /// Spent on services; what shops add to goods counts as goods.
    pub services: f64,
    /// What the region imports, for whatever use, before duty, money.
    pub imports: f64,
}

/// Purchases of every year of a recording; `goods` says which industries make goods.
///
/// # Errors
/// If a variable is missing.
pub fn read(recording: &Recording<'_>, region: usize, goods: &[bool]) -> Result<Vec<Purchases>, RecordingError> {
    let series = |name: &str| Ok::<_, RecordingError>(recording.array(name)?.series(&[region]));
    let products = recording.array("household_spending_product")?;
    let spending = series("household_consumption")?;
    let on_goods =
        |tick: usize| -> f64 { (0..goods.len()).filter(|&g| goods[g]).map(|g| products.at(tick, &[region, g])).sum() };
    let services = spending.iter().enumerate().map(|(tick, all)| all - on_goods(tick)).collect();
    let all = [spending, series("real_household_consumption")?, services, series("imports")?];
    let years = yearly(&all, recording.ticks_per_year()?);
    let year =
        |k: usize| Purchases { spending: years[0][k], real: years[1][k], services: years[2][k], imports: years[3][k] };
    Ok((0..years[0].len()).map(year).collect())
}

/// A year without a policy and with it.
pub type Pair = [Purchases; 2];

/// What is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Change of real consumption, percent.
    Real,
    /// Change of the share of services in spending, points.
    Share,
    /// Change of imports, percent.
    Imports,
    /// Of what is spent more, what goes to services, percent.
    MoreServices,
    /// What is imported more, percent of what is spent more.
    MoreImports,
}

impl Said {
    /// All, in the order of tables.
    pub const EACH: [Self; 5] = [Self::Real, Self::Share, Self::Imports, Self::MoreServices, Self::MoreImports];

    /// Its name, and that in Chinese.
    #[must_use]
    pub const fn name(self) -> [&'static str; 2] {
        match self {
            Self::Real => ["real consumption, %", "实际消费，%"],
            Self::Share => ["share of services in spending, points", "服务占支出比重，百分点"],
            Self::Imports => ["imports, %", "进口，%"],
            Self::MoreServices => ["services in the change of spending, %", "支出变化中服务所占，%"],
            Self::MoreImports => ["change of imports over that of spending, %", "进口变化与支出变化之比，%"],
        }
    }

    fn of_seed(self, [without, with]: &Pair) -> f64 {
        let share = |x: &Purchases| x.services / x.spending;
        match self {
            Self::Real => 100.0 * (with.real / without.real - 1.0),
            Self::Share => 100.0 * (share(with) - share(without)),
            Self::Imports => 100.0 * (with.imports / without.imports - 1.0),
            Self::MoreServices | Self::MoreImports => f64::NAN,
        }
    }

    /// Numbers of seeds, those of the policy and of its placebo: what is found, and whether it is told apart from chance. Of a change of
    /// spending that is not told apart there are no parts.
    #[must_use]
    pub fn tested(self, policy: &[Pair], placebo: &[Pair]) -> Option<(Estimate, bool)> {
        let each = |pairs: &[Pair], of: &dyn Fn(&Pair) -> f64| pairs.iter().map(of).collect::<Vec<f64>>();
        let change = |part: fn(&Purchases) -> f64| move |pair: &Pair| part(&pair[1]) - part(&pair[0]);
        let part: fn(&Purchases) -> f64 = match self {
            Self::MoreServices => |x| x.services,
            Self::MoreImports => |x| x.imports,
            _ => {
                let of = |pair: &Pair| self.of_seed(pair);
                let tested = Tested::of(&each(policy, &of), Some(&each(placebo, &of)))?;
                return Some((tested.judged.change, tested.verdict().is_apart()));
            }
        };
        let spent = change(|x| x.spending);
        if !Tested::of(&each(policy, &spent), Some(&each(placebo, &spent)))?.verdict().is_apart() {
            return None;
        }
        let found = ratio(&each(policy, &change(part)), &each(policy, &spent))?;
        let scaled = Estimate { mean: 100.0 * found.mean, half_width: 100.0 * found.half_width, ..found };
        let alone = Judged { change: scaled, placebo: None };
        Some((scaled, alone.verdict().is_apart()))
    }
}

/// Purchases of a policy and of its placebo, each by seed and year.
#[derive(Clone, Debug, Default)]
pub struct Bought(pub Vec<[Vec<Pair>; 2]>);

impl Bought {
    /// Adds a seed: the recordings without the policy, with it and with its placebo; `before` is the last year before the policy.
    ///
    /// # Errors
    /// If a variable is missing.
    pub fn add(
        &mut self,
        recordings: [&Recording<'_>; 3],
        (region, goods): (usize, &[bool]),
        before: usize,
    ) -> Result<(), RecordingError> {
        let [without, policy, placebo] = recordings.map(|recording| read(recording, region, goods));
        let without = without?;
        let pairs =
            |with: Vec<Purchases>| without.iter().copied().zip(with).skip(before + 1).map(<[_; 2]>::from).collect();
        self.0.push([pairs(policy?), pairs(placebo?)]);
        Ok(())
    }

    /// What is said of a year after the policy began, from 0.
    #[must_use]
    pub fn said(&self, said: Said, year: usize) -> Option<(Estimate, bool)> {
        let of = |which: usize| self.0.iter().filter_map(|seed| seed[which].get(year).copied()).collect::<Vec<Pair>>();
        said.tested(&of(0), &of(1))
    }

    /// The same as a cell of a table.
    #[must_use]
    pub fn cell(&self, said: Said, year: usize, language: Language) -> String {
        self.said(said, year).map_or_else(|| "-".to_owned(), |(found, told)| marked(found, told, language))
    }

    /// Years after the policy began.
    #[must_use]
    pub fn years(&self) -> usize {
        self.0.iter().map(|seed| seed[0].len()).min().unwrap_or(0)
    }
}

/// Heading of the tables.
pub const HEADING: [&str; 2] = ["What households buy", "家庭购买什么"];

/// How they are to be read.
pub const NOTE: [&str; 2] = [
    "Services: what is spent less what goods cost in shops. Imports are those of the region, for whatever use, so under a duty their change is no part of what households spend.",
    "服务：总支出减去商店中货物支出。进口为该地区全部用途的进口，因此在加征关税时其变化并非家庭支出的一部分。",
];

/// Policies beside each other in a year after they began, from 0.
#[must_use]
pub fn table<'a>(policies: &[(&'a str, &'a Bought)], year: usize, language: Language) -> Table {
    let head = std::iter::once(language.of(["all households", "全部家庭"]).to_owned());
    let mut table = Table::new(head.chain(policies.iter().map(|x| x.0.to_owned())));
    for said in Said::EACH {
        let cells = policies.iter().map(|x| x.1.cell(said, year, language));
        table.push(std::iter::once(language.of(said.name()).to_owned()).chain(cells));
    }
    table
}

/// One policy over the years.
#[must_use]
pub fn over_years(bought: &Bought, language: Language) -> Table {
    let year = |year: usize| year_in(year, language);
    let head = std::iter::once(language.of(["all households", "全部家庭"]).to_owned());
    let mut table = Table::new(head.chain((0..bought.years()).map(year)));
    for said in Said::EACH.iter().filter(|_| bought.years() > 0) {
        let cells = (0..bought.years()).map(|year| bought.cell(*said, year, language));
        table.push(std::iter::once(language.of(said.name()).to_owned()).chain(cells));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_more_goes_to_services_and_abroad() {
        let without = Purchases { spending: 200.0, real: 100.0, services: 120.0, imports: 50.0 };
        let with = |more: f64| Purchases {
            spending: 200.0 + more,
            real: 100.0 + more / 2.0,
            services: 120.0 + 0.75 * more,
            imports: 50.0 + 0.1 * more,
        };
        let pairs = [9.0, 10.0, 11.0].map(|more| [without, with(more)]);
        let same = [[without, without]; 3];
        let found = |said: Said| said.tested(&pairs, &same).expect("three seeds");
        let near = |said: Said, by_hand: f64| {
            let (estimate, told) = found(said);
            assert!((estimate.mean - by_hand).abs() < 1e-9 && told, "{said:?}: {estimate:?}");
        };
        near(Said::Real, 5.0);
        near(Said::Imports, 2.0);
        near(Said::MoreServices, 75.0);
        near(Said::MoreImports, 10.0);
        // Of 210, 127.5 are services: 60.71% after 60.
        assert!((found(Said::Share).0.mean - 0.714).abs() < 0.001);
        // Spending that the placebo moves as much is not told apart: there is nothing to be a part of.
        assert!(Said::MoreServices.tested(&pairs, &pairs).is_none());
    }
}
