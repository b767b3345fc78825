//! The benchmark beside the model: measures, tables and what explains the differences.

use super::recorded::WindowResponse;
use super::{Equilibrium, RegionOutcome, TradeEconomy, outcome, trade_volumes};
use crate::table::{Table, exact};

/// A measure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Identifier.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// Unit of its change.
    pub unit: &'static str,
}

const fn measure(id: &'static str, name: &'static str, unit: &'static str) -> Measure {
    Measure { id, name, unit }
}

/// The measures, in the order in which they are shown. Welfare is a number of the benchmark alone; employment and capital
/// are constant there, and deciles and a budget do not exist.
pub const MEASURES: [Measure; 17] = [
    measure("real_income", "real income (welfare)", "%"),
    measure("real_spending", "real final spending", "%"),
    measure("real_gdp", "real GDP", "%"),
    measure("real_consumption", "real household consumption", "%"),
    measure("real_wage", "real wage", "%"),
    measure("relative_wage", "wages against partners, one currency", "%"),
    measure("terms_of_trade", "terms of trade", "%"),
    measure("real_imports", "real imports", "%"),
    measure("real_exports", "real exports", "%"),
    measure("duty_share", "duties over GDP", "points"),
    measure("trade_balance", "trade balance over GDP", "points"),
    measure("budget_balance", "budget balance over GDP", "points"),
    measure("unemployment_rate", "unemployment rate", "points"),
    measure("employment", "employment", "%"),
    measure("capital", "capital", "%"),
    measure("poorest_consumption", "real consumption, poorest tenth", "%"),
    measure("richest_consumption", "real consumption, richest tenth", "%"),
];

/// Place of a measure in [`MEASURES`].
///
/// # Panics
/// If there is none of this name: names are literals of this module and its tests.
#[must_use]
pub fn place_of(id: &str) -> usize {
    MEASURES.iter().position(|measure| measure.id == id).expect("a measure of the list")
}

/// A measure of a region in the benchmark, percent or points; `None` where it has none.
#[must_use]
pub fn benchmark_value(id: &str, region: &RegionOutcome) -> Option<f64> {
    let fraction = match id {
        "real_income" => region.real_income,
        "real_spending" => region.real_spending,
        "real_gdp" => region.real_gdp,
        "real_consumption" => region.real_consumption,
        "real_wage" => region.real_wage,
        "relative_wage" => region.relative_factor_price,
        "terms_of_trade" => region.terms_of_trade,
        "real_imports" => region.real_imports,
        "real_exports" => region.real_exports,
        "duty_share" => region.duty_share_after - region.duty_share_before,
        "trade_balance" => region.trade_balance_after - region.trade_balance_before,
        "unemployment_rate" | "employment" | "capital" => 0.0,
        _ => return None,
    };
    Some(100.0 * fraction)
}

/// A benchmark and what the model did.
pub struct Comparison<'a> {
    /// Codes of regions.
    pub regions: &'a [String],
    /// Codes of industries.
    pub industries: &'a [String],
    /// The base year the benchmark starts from.
    pub base: &'a TradeEconomy,
    /// The benchmark.
    pub found: &'a Equilibrium,
    /// What it means for each region.
    pub outcomes: Vec<RegionOutcome>,
    /// The model's responses with the names of their windows, first and last; empty without runs.
    pub model: Vec<(String, WindowResponse)>,
}

/// Change of the volume and value of imports in the benchmark, percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImportChange {
    /// Volume at base-year prices.
    pub volume: f64,
    /// Value before duty, in shares of the world's value added.
    pub value: f64,
}

fn number(value: f64) -> String {
    if value.is_finite() { format!("{value:+.2}") } else { "-".to_owned() }
}

impl<'a> Comparison<'a> {
    /// Puts them side by side.
    #[must_use]
    pub fn new(
        (regions, industries): (&'a [String], &'a [String]),
        base: &'a TradeEconomy,
        found: &'a Equilibrium,
        model: Vec<(String, WindowResponse)>,
    ) -> Self {
        Self { regions, industries, base, found, outcomes: outcome(base, found), model }
    }

    /// Imports of a region summed over the products and partners that are kept (product, partner).
    #[must_use]
    pub fn imports(&self, region: usize, keep: impl Fn(usize, usize) -> bool) -> ImportChange {
        let (r, g) = (self.base.regions, self.base.industries);
        let volumes = trade_volumes(self.found);
        let (mut before, mut value, mut volume) = (0.0, 0.0, 0.0);
        for p in 0..g {
            for o in (0..r).filter(|&o| o != region && keep(p, o)) {
                before += self.base.bought(region, p, o);
                value += self.found.economy.bought(region, p, o);
                volume += volumes[(region * g + p) * r + o];
            }
        }
        let percent = |after: f64| if before > 0.0 { 100.0 * (after / before - 1.0) } else { f64::NAN };
        ImportChange { volume: percent(volume), value: percent(value) }
    }

    fn heads<'b>(&self, first: &[&'b str]) -> Vec<String> {
        let first = first.iter().map(|x: &&'b str| (*x).to_owned());
        first.chain(self.model.iter().map(|window| format!("model {}", window.0))).collect()
    }

    /// All measures of one region.
    #[must_use]
    pub fn measures(&self, region: usize) -> Table {
        let mut table = Table::new(self.heads(&[&self.regions[region], "unit", "benchmark"]));
        for (place, measure) in MEASURES.iter().enumerate() {
            let benchmark = benchmark_value(measure.id, &self.outcomes[region]);
            if benchmark.is_none() && self.model.is_empty() {
                continue;
            }
            let shown = benchmark.map_or_else(|| "-".to_owned(), number);
            let cells = self.model.iter().map(|window| number(window.1.measures[region][place]));
            table.push([measure.name.to_owned(), measure.unit.to_owned(), shown].into_iter().chain(cells));
        }
        table
    }

    /// Imports of one region by partner, percent, with the mean change of its duties on them.
    #[must_use]
    pub fn partners(&self, region: usize) -> Table {
        let head = ["imports from", "duty, points", "value %", "volume %"];
        let mut table = Table::new(self.heads(&head));
        for (partner, code) in self.regions.iter().enumerate().filter(|x| x.0 != region) {
            let found = self.imports(region, |_, o| o == partner);
            let duty = 100.0 * self.duty_change(region, |_, o| o == partner);
            let cells = self.model.iter().map(|window| number(window.1.imports_from[region][partner]));
            let first = [code.clone(), number(duty), number(found.value), number(found.volume)];
            table.push(first.into_iter().chain(cells));
        }
        table
    }

    /// Imports of one region by product, percent, with the mean change of its duties on them.
    #[must_use]
    pub fn products(&self, region: usize) -> Table {
        let head = ["imports of", "duty, points", "value %", "volume %"];
        let mut table = Table::new(self.heads(&head));
        for (product, code) in self.industries.iter().enumerate() {
            let found = self.imports(region, |p, _| p == product);
            if !found.volume.is_finite() {
                continue;
            }
            let duty = 100.0 * self.duty_change(region, |p, _| p == product);
            let cells = self.model.iter().map(|window| number(window.1.imports_of[region][product]));
            let first = [code.clone(), number(duty), number(found.value), number(found.volume)];
            table.push(first.into_iter().chain(cells));
        }
        table
    }

    /// Every region in the benchmark, and the model's real final spending at the end.
    #[must_use]
    pub fn all_regions(&self) -> Table {
        const SHOWN: [(&str, &str); 7] = [
            ("real_income", "real income %"),
            ("real_wage", "real wage %"),
            ("terms_of_trade", "terms of trade %"),
            ("real_imports", "imports %"),
            ("real_exports", "exports %"),
            ("duty_share", "duties, points of GDP"),
            ("real_spending", "final spending %"),
        ];
        let mut head = vec!["region".to_owned()];
        head.extend(SHOWN.iter().map(|column| column.1.to_owned()));
        let last = self.model.last();
        head.extend(last.map(|window| format!("model {}", window.0)));
        let mut table = Table::new(head);
        for (region, code) in self.regions.iter().enumerate() {
            let values =
                SHOWN.iter().map(|column| benchmark_value(column.0, &self.outcomes[region]).unwrap_or(f64::NAN));
            let model = last.map(|window| window.1.measures[region][place_of("real_spending")]);
            table.push(std::iter::once(code.clone()).chain(values.chain(model).map(number)));
        }
        table
    }

    /// Mean change of the duties of a region over base-year imports that are kept (product, partner), a fraction.
    #[must_use]
    pub fn duty_change(&self, region: usize, keep: impl Fn(usize, usize) -> bool) -> f64 {
        let (mut changed, mut bought) = (0.0, 0.0);
        for p in 0..self.base.industries {
            for o in (0..self.base.regions).filter(|&o| o != region && keep(p, o)) {
                let (at, value) = (self.base.pair(region, o, p), self.base.bought(region, p, o));
                changed += value * (self.found.economy.duty_rates[at] - self.base.duty_rates[at]);
                bought += value;
            }
        }
        if bought > 0.0 { changed / bought } else { 0.0 }
    }

    /// Everything, one number a row and column.
    #[must_use]
    pub fn everything(&self) -> Table {
        let mut table =
            Table::new(["table", "region", "item", "unit", "benchmark", "model_first_year", "model_last_year"]);
        let mut push = |name: &str, region: usize, item: &str, unit: &str, benchmark: f64, model: &[f64]| {
            let of = |place: usize| model.get(place).map_or_else(String::new, |x| exact(*x));
            table.push([
                name.to_owned(),
                self.regions[region].clone(),
                item.to_owned(),
                unit.to_owned(),
                exact(benchmark),
                of(0),
                of(1),
            ]);
        };
        for region in 0..self.regions.len() {
            let model = |of: &dyn Fn(&WindowResponse) -> f64| -> Vec<f64> {
                self.model.iter().map(|window| of(&window.1)).collect()
            };
            for (place, measure) in MEASURES.iter().enumerate() {
                let benchmark = benchmark_value(measure.id, &self.outcomes[region]).unwrap_or(f64::NAN);
                push("region", region, measure.id, measure.unit, benchmark, &model(&|x| x.measures[region][place]));
            }
            for (partner, code) in self.regions.iter().enumerate().filter(|x| x.0 != region) {
                let found = self.imports(region, |_, o| o == partner);
                let volumes = model(&|x| x.imports_from[region][partner]);
                push("import volume by partner", region, code, "%", found.volume, &volumes);
                push("import value by partner", region, code, "%", found.value, &[]);
            }
            for (product, code) in self.industries.iter().enumerate() {
                let found = self.imports(region, |p, _| p == product);
                let volumes = model(&|x| x.imports_of[region][product]);
                push("import volume by product", region, code, "%", found.volume, &volumes);
                push("import value by product", region, code, "%", found.value, &[]);
            }
        }
        table
    }
}
